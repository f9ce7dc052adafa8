"""Figures as SVG: small, the same each time, with marks that link and speak, and text that is never markup."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from wockit.show.canvas import OUTLINE, canvas
from wockit.show.drawing import Mark, drawing, link
from wockit.show.marks import product_marks, week_marks
from wockit.show.plots import plot_cover, plot_matrix, plot_weeks

HOSTILE = "</title><script>alert(1)</script> 'q' & \x1b[31m $x$"


@pytest.fixture(scope="module")
def matrix(week):
    return drawing(plot_matrix(week, canvas(8, 5)), "The matrix", "matrix", product_marks(week))


def parsed(found):
    return ElementTree.fromstring(found.html.removeprefix('<div class="drawing">').removesuffix("</div>"))


def test_every_placed_asin_is_a_mark_that_links_to_its_row(week, matrix):
    marks = parsed(matrix).iter("a")
    placed = week.positions[week.positions["segment"].notna() & week.positions["own_roas"].notna()]
    assert sorted(mark.get("href") for mark in marks) == sorted(map(link, placed.index))


def test_a_mark_says_product_place_numbers_and_advice(week, matrix):
    (mark,) = (each for each in parsed(matrix).iter("a") if each.get("href") == "#B0CLEAR100")
    lines = mark.find("title").text.split("\n")
    assert lines[:2] == ["Ceramic Knife Block Set", "B0CLEAR100 · Lift conversion"]
    assert lines[2].startswith("WOC 14.0 · ROAS 1.25 · stock value USD ")
    assert lines[3] == week.advice.loc["B0CLEAR100", "says"]
    assert mark.get("data-group") == "Lift conversion"


def test_text_stays_text_without_a_font_of_its_own(matrix):
    words = [each.text for each in parsed(matrix).iter("text")]
    assert {"Weeks of coverage (log scale)", "Protect", "B0X9L4RCZP"} <= set(words)
    assert "DejaVu" not in matrix.html
    assert len(matrix.html) < 60_000


def test_nothing_is_defined_twice_or_missing_and_nothing_loaded(week, matrix):
    other = drawing(plot_cover(week, canvas(8, 5)), "Cover", "cover", product_marks(week))
    html = matrix.html + other.html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'(?:url\(|<use[^>]* href=")#([^)"]+)', html))
    assert used <= set(ids)
    assert not re.search(r'<style|<image|xlink|(?:href|src)="[^#]', html)


def test_the_same_figure_gives_the_same_bytes(week, matrix):
    assert drawing(plot_matrix(week, canvas(8, 5)), "The matrix", "matrix", product_marks(week)) == matrix


def test_no_text_becomes_markup():
    ax = canvas(4, 3, layout=None)
    ax.text(0.1, 0.5, HOSTILE, path_effects=[OUTLINE])
    ax.scatter([0.2, 0.4], [0.1, 0.1], urls=[link(HOSTILE), link("B")])
    found = drawing(ax, HOSTILE, "hostile", {HOSTILE: Mark(HOSTILE, HOSTILE), "B": Mark("b")})
    root = parsed(found)
    assert "<script" not in found.html
    seen = HOSTILE.replace("\x1b", "")
    assert root.get("aria-label") == seen
    assert [each.text for each in root.iter("title")] == [seen, "b"]
    assert seen in [each.text for each in root.iter("text")]


def test_a_week_says_its_sums():
    sums = {"stock_value": [1000.0], "excess_value": [250.0], "weeks_of_coverage": [8.0]}
    totals = pd.DataFrame(sums, index=[pd.Timestamp("2026-11-23")])
    found = drawing(plot_weeks(totals, "USD", canvas(6, 3)), "Weeks", "weeks", week_marks(totals, "USD"))
    titles = [each.text for each in parsed(found).iter("title")]
    assert titles[0].startswith("2026-11-23\nStock USD 1,000 · above healthy cover 250 · WOC 8.0")


def test_beyond_a_thousand_only_the_largest_are_drawn(week, monkeypatch):
    monkeypatch.setattr("wockit.show.plots.MOST_MARKS", 5)
    root = parsed(drawing(plot_matrix(week, canvas(8, 5)), "The matrix", "matrix", product_marks(week)))
    placed = week.positions[week.positions["segment"].notna() & week.positions["own_roas"].notna()]
    largest = placed.nlargest(5, "stock_value").index
    assert sorted(each.get("href") for each in root.iter("a")) == sorted(map(link, largest))
    assert np.all(placed.loc[largest, "stock_value"] > 0)

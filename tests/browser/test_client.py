"""In a real browser: the client's pages are two, and the overview of a fleet sorts and searches."""

import json
import re
from datetime import date

import pytest

from wockit.analysis.history import history_of
from wockit.fleet.orders import Outcome
from wockit.fleet.overview import Fleet, write_overview
from wockit.fleet.rates import Rates
from wockit.language import speak
from wockit.show.client import client_pages, with_client_pages
from wockit.show.page import document

SHEETS = {"letter": (725, 950), "A4": (703, 1016)}  # CSS pixels between the margins of page.css


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_clients_pages_are_two(browser, week, tmp_path, language, sheet):
    speak(language)
    history = history_of(week, tmp_path)
    ledger = week.advice.assign(
        place="scale", advised=week.advice["do"], did="spend_down", followed=True, cash=9.0, decision="later"
    )
    moves = week.positions.assign(place_before="exit", place="scale", moved_by="demand")
    twice = history.totals.loc[history.totals.index.repeat(2)]
    full = type(history)(**{**vars(history), "ledger": ledger, "moves": moves, "totals": twice})
    pages = with_client_pages(document("report", "t"), client_pages(week, full))
    (tmp_path / "page.html").write_text(pages.replace("size: letter", f"size: {sheet}"), encoding="utf-8")
    page = browser.new_page(viewport={"width": SHEETS[sheet][0], "height": SHEETS[sheet][1]})
    page.goto((tmp_path / "page.html").as_uri())
    page.emulate_media(media="print")
    heights = page.locator(".client").evaluate_all("all => all.map(each => each.scrollHeight)")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(heights) == 2
    assert max(heights) <= SHEETS[sheet][1]
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 3  # the third is the report


@pytest.fixture(scope="module")
def overview(browser, tmp_path_factory):
    """The overview of three accounts, open."""
    home = tmp_path_factory.mktemp("fleet")
    outcomes = [Outcome("broken", "broken", "failed", "no reports.")]
    for name, currency, gain in (("alpha", "USD", 100), ("beta", "JPY", 9000), ("gamma", "EUR", 80)):
        folder = home / name / "2026-11-23"
        folder.mkdir(parents=True)
        summary = {"account": f"Shop {name}", "currency": currency, "snapshot": "2026-11-23", "gain_a_week": gain}
        (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
        (folder / "positions.csv").write_text("asin,segment,weeks_of_coverage,roas\nB0,scale,2,4\n", encoding="utf-8")
        outcomes.append(Outcome(name, name, "done", folder=str(folder)))
    rates = Rates("USD", {"USD": 1.0, "EUR": 1.5, "JPY": 0.01})
    path = write_overview(outcomes, home, Fleet(rates, ("zeta",), date(2026, 11, 25)))
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path.as_uri())
    yield page
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


def order(page):
    names = page.locator("tbody tr:visible th").evaluate_all("all => all.map(each => each.textContent)")
    return [re.search("broken|alpha|beta|gamma", name)[0] for name in names]


def test_it_is_sorted_by_a_heading_in_one_currency_and_by_the_keyboard(overview):
    gain = overview.get_by_role("button", name="Gain per week")
    assert order(overview) == ["broken", "gamma", "alpha", "beta"]
    gain.click()
    assert order(overview) == ["gamma", "alpha", "beta", "broken"]  # 120, 100, 90 USD; unknown last
    gain.press("Enter")
    assert order(overview) == ["beta", "alpha", "gamma", "broken"]
    assert gain.locator("..").get_attribute("aria-sort") == "ascending"


def test_it_is_searched(overview):
    search = overview.get_by_role("searchbox", name="Search")
    search.fill("shop B")
    assert order(overview) == ["beta"]
    assert overview.get_by_role("status").text_content() == "Accounts shown: 1 of 4"
    search.fill("")
    assert len(order(overview)) == 4

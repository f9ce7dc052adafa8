"""The opening of the page: what to read first, the tiles with their change, and the sentences of its parts."""

from dataclasses import replace

import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.history import History
from wockit.analysis.movement import totals
from wockit.analysis.scenario import Scenario
from wockit.notes import Note
from wockit.show import captions, opening

EMPTY = pd.DataFrame()


@pytest.fixture(scope="module")
def shop(build, outlook):
    """Two ASINs: 900 units of 90 sold in 30 days, 40 weeks; 40 units of 40, 4 weeks. All at 10 each."""
    stock = {asin: {"title": asin, "units_available": units, "price": 10.0, "units_shipped_30_days": sold}
             for asin, units, sold in (("A", 900.0, 90.0), ("B", 40.0, 40.0))}  # fmt: skip
    ads = [{"asin": asin, "ad_clicks": 100.0, "ad_spend": 100.0, "ad_sales": 300.0, "ad_orders": 10.0,
            "ad_units": 10.0} for asin in stock]  # fmt: skip
    costs = {asin: {"landed_cost": 4.0, "fulfilment_fee": 3.0} for asin in stock}
    return analyse(build(stock, ads=ads, costs=costs, **outlook({"A": 21.0, "B": 10.0})))


def past(shop, **changes):
    """A history of one earlier week in which each of `changes` was so much."""
    now = pd.DataFrame([totals(shop.positions)], index=[pd.Timestamp(shop.account.snapshot)])
    before = now.assign(**{name: now[name] + more for name, more in changes.items()})
    before.index = before.index - pd.Timedelta(days=7)
    kept = shop.positions.join(shop.advice[["gain_a_week"]])
    return History(kept, pd.concat([before, now]), EMPTY, EMPTY, EMPTY)


def test_the_masthead_says_day_and_band(week):
    line = opening.masthead(week).text
    assert "23 November 2026 · US · amounts in USD · healthy cover 3 to 6 weeks (article 2023)" in line


def test_the_first_thing_to_read_is_what_makes_the_numbers_weaker(week):
    found = [Note("warning", "a.csv", f"finding {k}.", "different_days") for k in range(4)]
    other = Note("warning", "b.csv", "says nothing of the numbers.")
    html = opening.masthead(replace(week, notes=(*found, other))).html
    assert '<p class="first"><b>Read first:</b> a.csv: finding 0. a.csv: finding 1. 2 more findings are' in html
    assert "b.csv" not in html
    assert "Read first" not in opening.masthead(replace(week, notes=())).html


def test_a_what_if_is_named_above_everything_else(week):
    tried = replace(week, scenario=Scenario(name="{0} <b>"))
    assert '<p class="accepted"><b>What-if: {0} &lt;b&gt;. This is not the report' in opening.masthead(tried).html
    other = replace(week, settings=week.settings.change(low_weeks=4.0))
    assert "What-if: low_weeks = 4.0. This is not the report" in opening.masthead(other).text
    assert "What-if" not in opening.masthead(replace(week, settings=week.settings.change(language="zh-CN"))).text


def test_the_headline_has_the_cut_of_the_matrix_and_counts_uncertain_of_placed(week):
    uncertain, placed = int(week.positions["uncertain"].sum()), int(week.positions["segment"].notna().sum())
    text = opening.headline(week).text
    assert f"Account ROAS, own sales: {week.positions['roas_cut'].iloc[0]:.2f} (settled days)" in text
    assert f"Uncertain: {uncertain} (of {placed} ASINs in the matrix)" in text
    assert f"The advice is worth USD {week.advice['gain'].sum():,.0f} over the year." in text


def test_each_tile_tells_its_change_since_the_week_before(shop):
    text = opening.headline(shop, past(shop, stock_value=-500.0, excess_value=200.0)).text
    assert "Stock value: 3,760 (USD, 2 ASINs, +500 since last time)" in text
    assert "above healthy cover, -200 since last time)" in text
    assert "(settled days, unchanged since last time)" in text
    assert "since last time" not in opening.headline(shop).text


def test_the_week_in_a_sentence_says_how_much_is_too_much_and_who_holds_it(shop):
    """940 units at 4 each; A sells 3 a day and needs 126 for six weeks, so 774 of its 900 are too many."""
    share = shop.positions["excess_value"].sum() / 3760
    assert captions.week(shop).startswith(f"{share:.0%} of the stock value is too much. 1 ASIN holds half of it. ")


@pytest.mark.parametrize(("values", "count"), [([6.0, 3.0, 1.0], 1), ([4.0, 4.0, 4.0, 4.0], 2), ([], 0), ([0.0], 0)])
def test_half_of_a_sum_is_held_by_the_largest(values, count):
    assert captions.half_of(pd.Series(values, dtype=float)) == count


def test_the_matrix_says_how_many_have_too_much_and_too_little(shop):
    text = captions.matrix(shop).text
    assert text.startswith("Too much stock: 1 of 2 ASINs. Too little: 0. ROAS below the cut: 0.")


def test_a_first_week_has_not_moved(shop):
    history = History(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY)
    assert captions.moved(history, "USD").text == "No ASIN changed place, or there is no earlier snapshot."
    assert captions.became(history, "USD").text == "There is no earlier snapshot to compare with."

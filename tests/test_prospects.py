"""What the paths need of each ASIN: clicks as they are now, and how likely it is bought again."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.circumstances import clicks_now
from wockit.analysis.prospects import likely_again, prospects_of
from wockit.analysis.reported import reported_of
from wockit.formulas.quick_ways import QUICK, Goods, best_quick
from wockit.formulas.rates import fee_table

ENDS = pd.date_range(end="2026-11-22", periods=8, freq="7D")


@pytest.mark.parametrize(
    ("weeks", "more", "expected"),
    [
        (6.0, False, 1.0),  # healthy: surely
        (22.0, False, 0.55),  # as likely as not, of the nine in ten that stock says something of
        (1000.0, False, 0.1),  # much stock alone makes nobody sure
        (22.0, True, 5 * 0.55 / (5 * 0.55 + 0.45)),  # what is on its way was bought: five times the odds
    ],
)
def test_how_long_the_stock_lasts_and_what_is_on_its_way_tell_how_likely_it_is_bought_again(weeks, more, expected):
    found = likely_again(np.array([weeks]), np.array([1.0]), np.array([more]), np.array([52.0]))
    assert found == pytest.approx([expected], abs=1e-3)


def test_what_has_a_date_is_not_bought_again():
    assert likely_again(np.array([6.0]), np.array([1.0]), np.array([True]), np.array([10.0])) == [0.0]


def test_weeks_without_stock_do_not_make_clicks_fewer(build, outlook):
    def clicks(sold):
        days = [day for end, week in zip(ENDS, sold, strict=True) if week for day in pd.date_range(end=end, periods=7)]
        account = build(
            stock={"A": {"units_available": 100.0}}, sales={"A": {"units_ordered": 30.0, "sales": 600.0}},
            ads=[{"asin": "A", "date": day, "first_day": day, "ad_clicks": 10.0, "ad_spend": 5.0} for day in days],
            **outlook({"A": 7.0}, sold=sold),
        )  # fmt: skip
        return clicks_now(reported_of(account, account.settings)[0], account)["A"]

    assert clicks([7.0] * 8) == clicks([7.0] * 4 + [0.0] * 3 + [7.0]) == 10.0


def test_a_summary_without_days_tells_of_all_its_days(build, outlook):
    summed = {"asin": "A", "date": "2026-11-20", "first_day": "2026-10-22", "ad_clicks": 300.0, "ad_spend": 150.0}
    account = build(
        stock={"A": {"units_available": 100.0}}, sales={"A": {"units_ordered": 30.0, "sales": 600.0}}, ads=[summed],
        **outlook({"A": 7.0}),
    )  # fmt: skip
    assert clicks_now(reported_of(account, account.settings)[0], account)["A"] == 10.0


def test_ladder_and_advice_value_a_unit_that_leaves_alike(week):
    """Amazon pays 75 days after the order."""
    asins = list(week.budgets.index)
    known = prospects_of(week.details.loc[asins], week.settings, week.account)
    quick = week.clearance[week.clearance["way"].isin([way.key for way in QUICK])]["unit_value"]
    paid = (1 + week.settings.capital_rate) ** (-75 / 365)
    assert known.items.exit_value == pytest.approx(quick.groupby(level=0).max()[asins].fillna(0.0) * paid)


def test_units_that_bring_nothing_elsewhere_are_disposed_of():
    """The fee is the same. Without a price, liquidators pay nobody knows what."""
    rates = (fee_table(), "US", date(2026, 11, 23))
    value, left = best_quick(Goods(np.full(3, np.nan), np.array([5.0, 0.0, np.nan]), "small_standard", 0.4, rates))
    assert value.round(2).tolist() == [4.16, -0.84, -0.84]
    assert left.tolist() == ["removed", "disposed", "disposed"]

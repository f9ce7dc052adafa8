"""The ladder: what a unit is worth by each way out, how many units each takes, and why a way is closed."""

import numpy as np
import pandas as pd
import pytest

from wockit.formulas.advertising import unit_proceeds
from wockit.formulas.selling_ways import Terms, carry_until_sold, demand_lift, outlet_eligible
from wockit.formulas.ways_out import (
    ADVERTISE,
    KEYS,
    REASONS,
    clearing_break_even_roas,
    highest_cost_per_order,
    ways_out,
)
from wockit.notes import WockitError

ARTICLE = {
    "excess_units": 100,
    "price": 60,
    "referral_rate": 0.15,
    "fulfilment_fee": 6,
    "organic_weekly_demand": 7,
    "monthly_carry": 0,
    "clicks_a_day": 40,
    "conversion_rate": 0.05,
    "cost_per_click": 2,
    "clear_days": 30,
}
QUICK = {"liquidate": 3, "remove": -2, "dispose": -1}


def ladder(quick=QUICK, **changes):
    """Value, limit, reason and last day of each way of one item."""
    ways = ways_out(Terms(**{**ARTICLE, **changes}), quick)
    columns = {name: getattr(ways, name)[0] for name in ("value", "limit", "reason", "last_day")}
    return pd.DataFrame(columns, index=list(KEYS))


PRICES = [
    (30, -20.50, 1.54, 1.68),
    (40, -12.00, 1.43, 1.55),
    (50, -3.50, 1.37, 1.49),
    (55, 0.75, 1.35, 1.46),
    (60, 5.00, 1.33, 1.45),
    (80, 22.00, 1.29, 1.40),
]


@pytest.mark.parametrize(("price", "unit", "against_nothing", "against_liquidation"), PRICES)
def test_what_an_advertised_unit_is_worth_and_must_return(price, unit, against_nothing, against_liquidation):
    proceeds, liquidation = unit_proceeds(price, 0.15, 6), 0.85 * 0.075 * price - 0.30
    found = ways_out(Terms(**{**ARTICLE, "price": price, "clear_days": 60}), {"liquidate": liquidation})
    assert found.value[0, ADVERTISE] == pytest.approx(unit)
    assert round(clearing_break_even_roas(price, proceeds, 0, 0), 2) == against_nothing
    assert round(clearing_break_even_roas(price, proceeds, 0, liquidation), 2) == against_liquidation


def test_advertising_pays_only_above_a_price_and_against_liquidation_a_higher_one():
    price = np.array([54.11, 54.13, 58.11, 58.13])
    proceeds = unit_proceeds(price, 0.15, 6)
    assert (highest_cost_per_order(proceeds, 0, 0) > 40).tolist() == [False, True, True, True]
    assert (highest_cost_per_order(proceeds, 0, 0.06375 * price - 0.3) > 40).tolist() == [False, False, False, True]


def test_an_order_of_two_units_may_cost_twice_as_much():
    assert highest_cost_per_order(20, 1, 4, units_per_order=2) == 30


def test_where_another_way_brings_more_no_roas_is_enough():
    assert clearing_break_even_roas(50, 10, 0, 12) == np.inf


def test_the_ladder_of_an_item():
    found = ladder(excess_units=30, elasticity=2)
    assert found["value"].round(2).tolist()[:3] == [45, 5, 39.9]
    assert found["limit"].tolist() == [30, 60, 37, 0, np.inf, np.inf, np.inf]
    assert found["reason"].tolist() == ["", "", "", "outlet_unknown", "", "", ""]


def test_what_a_unit_once_cost_is_no_input():
    assert not {name for name in Terms.__annotations__ if "landed" in name}


def test_carry_is_charged_for_the_wait_and_a_faster_way_waits_less():
    found = ladder(monthly_carry=2, clear_days=60)
    assert 45 - found["value"]["hold"] == pytest.approx(2)
    assert 5 - found["value"]["advertise"] == pytest.approx(100 / 3 / 30 / 2 * 2)


def test_carry_of_dearer_months_to_come_is_a_mean_over_the_units():
    assert carry_until_sold([[1, 3]], [[15, 30, 60, 90, 0]])[0] == pytest.approx([0.25, 0.5, 1.5, 8.5 / 3, 0])


def test_a_missing_month_of_carry_closes_the_ways_that_wait():
    found = ladder(monthly_carry=np.nan)
    assert set(found["reason"][:3]) == {"missing"}
    assert found["value"]["dispose"] == -1


@pytest.mark.parametrize(
    ("days", "units", "sold", "eligible"),
    [(90, 11, 1, 1), (89, 11, 1, 0), (90, 10, 1, 0), (90, 11, 0, 0), (np.nan, 11, 1, np.nan), (90, 11, np.nan, np.nan)],
)
def test_who_may_have_an_outlet_deal(days, units, sold, eligible):
    np.testing.assert_equal(outlet_eligible(days, units, sold), eligible)


@pytest.mark.parametrize(("flag", "reason"), [(1, ""), (0, "outlet_not_eligible"), (np.nan, "outlet_unknown")])
def test_an_outlet_deal_needs_a_known_yes(flag, reason):
    assert ladder(outlet_eligible=flag)["reason"]["outlet"] == reason


def test_an_outlet_deal_takes_a_fifth_off_and_sells_for_two_weeks():
    found = ladder(outlet_eligible=1, elasticity=2, clear_days=300).loc["outlet"]
    assert found["value"] == pytest.approx(unit_proceeds(48, 0.15, 6))
    assert found["limit"] == np.floor(14 / 0.8**2)


@pytest.mark.parametrize(
    ("change", "way", "reason"),
    [
        ({"conversion_rate": 0}, "advertise", "no_conversion"),
        ({"conversion_rate": 5}, "advertise", "impossible_conversion"),
        ({"conversion_rate": np.nan}, "advertise", "unknown_conversion"),
        ({"cost_per_click": 0}, "advertise", "no_click_cost"),
        ({"cost_per_click": np.nan}, "advertise", "no_click_cost"),
        ({"clicks_a_day": 0}, "advertise", "no_clicks"),
        ({"clicks_a_day": np.nan}, "advertise", "no_clicks"),
        ({"price": np.nan}, "hold", "missing"),
        ({"organic_weekly_demand": np.nan}, "hold", "missing"),
        ({"organic_weekly_demand": 0}, "hold", "no_demand"),
        ({"organic_weekly_demand": 0}, "markdown", "no_demand"),
        ({"quick": {"liquidate": np.nan}}, "liquidate", "no_rate"),
        ({"quick": {}}, "remove", "no_rate"),
        ({"clear_days": 0}, "remove", "too_late"),
        ({"clear_days": -3}, "dispose", "too_late"),
        ({"clear_days": -3}, "hold", "too_late"),
    ],
)
def test_a_closed_way_says_why_and_takes_nothing(change, way, reason):
    found = ladder(**change).loc[way]
    assert (found["reason"], found["limit"]) == (reason, 0)
    assert np.isnan(found["value"]) and reason in REASONS


def test_a_price_below_the_fees_leaves_a_loss_and_not_a_gap():
    assert ladder(price=5)["value"]["hold"] == pytest.approx(-1.75)


def test_a_higher_elasticity_sells_more():
    assert demand_lift(0.1, 2) > demand_lift(0.1, 1.5)


def test_the_last_day_leaves_each_way_the_time_it_takes_and_fees_stop_when_units_are_ordered_to_leave():
    found = ladder(excess_units=30, clear_days=120)["last_day"]
    assert found[["hold", "advertise", "liquidate", "remove", "dispose"]].tolist() == [90, 110, 120, 120, 120]


def test_a_way_is_left_when_the_carry_has_eaten_what_it_brings_above_the_quick_ones():
    dear = ladder(excess_units=1, monthly_carry=[[6, 30]], clear_days=np.nan)["last_day"]
    assert dear["hold"] == np.floor(30 + (45 - 0.1 - 3 - 6))
    assert ladder({"liquidate": 50}, clear_days=np.nan)["last_day"][["hold"]].isna().all()


def test_without_a_date_and_without_carry_there_is_no_last_day():
    assert ladder(clear_days=np.nan)["last_day"]["hold"] == np.inf


def test_what_cannot_mean_anything_is_refused_all_at_once():
    with pytest.raises(WockitError) as caught:
        ways_out(Terms(**{**ARTICLE, "excess_units": [5, -1], "price": -2, "markdown_discount": 1}), QUICK)
    assert str(caught.value).splitlines() == [
        "excess_units, row 1: expected 0 or more, found -1.",
        "price: expected 0 or more, found -2.",
        "markdown_discount: expected 0 to 0.99, found 1.",
    ]

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.formulas.advertising import unit_proceeds
from wockit.formulas.mix import best_mix
from wockit.formulas.ways_out import (
    ADVERTISE,
    HOLD,
    KEYS,
    LIQUIDATE,
    MARKDOWN,
    OUTLET,
    PLANS,
    REASONS,
    WaysOut,
    carry_until_sold,
    clearing_break_even_roas,
    demand_lift,
    highest_cost_per_order,
    outlet_eligible,
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
    "liquidation_value": 3,
    "removal_value": -2,
    "disposal_value": -1,
    "clear_days": 30,
}


def ladder(**changes):
    """Value, limit, reason and last day of each way of one item."""
    ways = ways_out(**{**ARTICLE, **changes})
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
    found = ways_out(**{**ARTICLE, "price": price, "liquidation_value": liquidation, "clear_days": 60})
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
    assert not {name for name in ways_out.__annotations__ if "landed" in name}


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
        ({"liquidation_value": np.nan}, "liquidate", "no_rate"),
        ({"removal_value": np.nan, "clear_days": 100}, "remove", "no_rate"),
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


def test_the_last_day_leaves_the_time_that_selling_takes_and_what_leaves_may_wait_for_the_day_itself():
    found = ladder(excess_units=30, clear_days=120)["last_day"]
    assert found[["hold", "advertise", "liquidate", "remove", "dispose"]].tolist() == [90, 110, 120, 120, 120]


def test_a_way_is_left_when_the_carry_has_eaten_what_it_brings_above_the_quick_ones():
    dear = ladder(excess_units=1, monthly_carry=[[6, 30]], clear_days=np.nan)["last_day"]
    assert dear["hold"] == np.floor(30 + (45 - 0.1 - 3 - 6))
    assert ladder(liquidation_value=50, clear_days=np.nan)["last_day"][["hold"]].isna().all()


def test_without_a_date_and_without_carry_there_is_no_last_day():
    assert ladder(clear_days=np.nan)["last_day"]["hold"] == np.inf


def test_what_cannot_mean_anything_is_refused_all_at_once():
    with pytest.raises(WockitError) as caught:
        ways_out(**{**ARTICLE, "excess_units": [5, -1], "price": -2, "markdown_discount": 1})
    assert str(caught.value).splitlines() == [
        "excess_units, row 1: expected 0 or more, found -1.",
        "price: expected 0 or more, found -2.",
        "markdown_discount: expected 0 to 0.99, found 1.",
    ]


@pytest.mark.parametrize("budget", [-1, np.nan])
def test_a_budget_below_nothing_is_refused(budget):
    with pytest.raises(WockitError, match="ad_budget: .* is not an amount\\. Enter 0 or more."):
        best_mix(ways_out(**ARTICLE), [100], budget)


def test_more_units_than_all_ways_take_are_named_with_every_limit():
    given = {**ARTICLE, "excess_units": [2000], "liquidation_value": np.nan}
    given |= {"removal_value": np.nan, "disposal_value": np.nan}
    mix = best_mix(ways_out(**given), pd.Series([2000], index=["B0X"]), 1000)
    assert mix.unplaced.tolist() == [2000 - 57]
    assert str(mix.problems[0]) == (
        "item 'B0X': 2,000 units, but all ways out together can take only 57 before the deadline: hold 30, "
        "advertise 60, markdown 35, outlet 0 (Outlet eligibility is unknown), liquidate 0 (the fee rate is "
        "unknown), remove 0 (the fee rate is unknown), dispose 0 (the fee rate is unknown). The ad "
        "budget for all items is 1,000.00. Set a later deadline, or add the rate or number that a closed way out "
        "is missing."
    )


def test_missing_units_stay_missing_and_leave_the_others_alone():
    given = {**ARTICLE, "excess_units": [np.nan, 100]}
    mix = best_mix(ways_out(**given), given["excess_units"], 1000)
    assert np.isnan(mix.units[0]).all() and np.isnan(mix.unplaced[0])
    assert (mix.units[1].sum(), mix.problems) == (100, ())


def test_nothing_to_clear_needs_no_mix():
    mix = best_mix(ways_out(**{**ARTICLE, "excess_units": 0}), [0], 1000)
    assert (mix.units.sum(), mix.spend, mix.total_value) == (0, 0, 0)


def test_the_best_single_way_must_take_every_unit():
    given = {**ARTICLE, "excess_units": [20, 100]}
    mix = best_mix(ways_out(**given), given["excess_units"], 0)
    assert (mix.best_way.tolist(), mix.best_way_value.tolist()) == (["hold", "liquidate"], [900, 300])


def test_the_price_of_the_budget_is_what_the_next_unit_of_money_brings():
    ways = ways_out(**{**ARTICLE, "elasticity": 1})
    assert best_mix(ways, [100], 400).budget_price == pytest.approx((5 - 3) / 40)
    assert best_mix(ways, [100], 0).budget_price == pytest.approx((5 - 3) / 40)
    assert best_mix(ways, [100], np.inf).budget_price == 0


def test_one_item_has_one_price_at_a_time():
    given = {**ARTICLE, "excess_units": 1000, "elasticity": 3, "clicks_a_day": 0, "disposal_value": -40}
    ways = ways_out(**{**given, "liquidation_value": np.nan})
    units = best_mix(ways, [1000], 0).units[0]
    assert units[HOLD] / ways.limit[0, HOLD] + units[MARKDOWN] / ways.limit[0, MARKDOWN] <= 1


def test_an_outlet_deal_takes_two_weeks_from_the_other_prices():
    given = {**ARTICLE, "excess_units": 1000, "outlet_eligible": 1, "clear_days": 60, "elasticity": 3}
    units = best_mix(ways_out(**given), [1000], 0).units[0]
    assert units[OUTLET] == 27
    assert units[HOLD] <= 46 or units[MARKDOWN] > 0


MONEY = st.integers(-20, 60)
COUNT = st.integers(0, 6)
ITEMS = st.integers(1, 8)


def made(values, limits, spend):
    """Ways out as given by hand: nothing but values, limits and spend counts in a mix."""
    limits = np.array(limits, dtype=float)
    value = np.where(limits > 0, np.array(values, dtype=float), np.nan)
    spend = np.where(limits[:, ADVERTISE] > 0, np.array(spend, dtype=float), np.nan)
    after = limits.copy()
    after[:, [HOLD, ADVERTISE, MARKDOWN]] = np.floor(limits[:, [HOLD, ADVERTISE, MARKDOWN]] / 2)
    empty = {field.name: np.full(len(value), np.nan) for field in fields(WaysOut)}
    reason = np.where(limits > 0, "", "missing").astype(object)
    return WaysOut(
        **{**empty, "value": value, "limit": limits, "limit_after_outlet": after, "reason": reason, "spend": spend}
    )


@st.composite
def cases(draw, items=ITEMS, count=COUNT, closable=True):
    n = draw(items)
    rows = lambda kind: [[draw(kind) for _ in KEYS] for _ in range(n)]  # noqa: E731
    limits = rows(count)
    if not closable:
        for row in limits:
            row[-1] = 99
    spend = [draw(st.integers(1, 40)) / 4 for _ in range(n)]
    units = [draw(count) for _ in range(n)]
    return made(rows(MONEY), limits, spend), np.array(units, dtype=float), draw(st.integers(0, 150))


def part(ways, rows):
    return replace(ways, **{field.name: getattr(ways, field.name)[rows] for field in fields(WaysOut)})


@given(case=cases())
def test_spend_stays_in_the_budget_and_every_way_in_its_limit_and_the_units_add_up(case):
    ways, units, budget = case
    mix = best_mix(ways, units, budget)
    assert mix.spend <= budget + 1e-6
    assert (mix.units <= ways.limit).all() and (mix.units >= 0).all()
    assert (mix.units.sum(axis=1) + mix.unplaced).tolist() == units.tolist()
    assert (mix.units == np.rint(mix.units)).all()
    assert len(mix.problems) == (mix.unplaced > 0).sum()


@given(case=cases(closable=False), more=st.integers(0, 50))
def test_more_budget_never_gives_less(case, more):
    ways, units, budget = case
    less, richer = best_mix(ways, units, budget), best_mix(ways, units, budget + more)
    assert richer.total_value >= less.total_value - 1e-6


@given(case=cases(), more=st.integers(0, 50))
def test_more_budget_never_leaves_more_units_without_a_way(case, more):
    ways, units, budget = case
    assert best_mix(ways, units, budget + more).unplaced.sum() <= best_mix(ways, units, budget).unplaced.sum()


@given(case=cases(), seed=st.randoms())
def test_reordering_the_items_reorders_the_result(case, seed):
    ways, units, budget = case
    order = list(range(len(units)))
    seed.shuffle(order)
    mix, again = best_mix(ways, units, budget), best_mix(part(ways, order), units[order], budget)
    assert (again.total_value, again.spend, again.budget_price) == (mix.total_value, mix.spend, mix.budget_price)
    rows = np.column_stack([units, np.nan_to_num(ways.value), ways.limit, np.nan_to_num(ways.spend)])
    if len(np.unique(rows, axis=0)) == len(rows):
        assert again.units.tolist() == mix.units[order].tolist()


@given(case=cases(closable=False))
def test_the_mix_is_never_worse_than_the_best_single_way_of_each_item(case):
    ways, units, _ = case
    mix = best_mix(ways, units, np.inf)
    assert mix.total_value >= np.nansum(mix.best_way_value) - 1e-6


def fills(take, units):
    """Every way to send so many units along ways that take so many."""
    if not len(take):
        return [()] if units == 0 else []
    return [(n, *rest) for n in range(int(min(take[0], units)) + 1) for rest in fills(take[1:], units - n)]


def brute_force(ways, units, budget):
    """The best total of every possible mix, where all units can go some way and no item changes its price."""
    choices = []
    for row, count in enumerate(units):
        seen = set()
        for plan in PLANS:
            limit = ways.limit_after_outlet[row] if plan[OUTLET] else ways.limit[row]
            seen |= set(fills(np.where(plan, limit, 0), count))
        worth = np.nan_to_num(ways.value[row])
        choices.append([(sum(worth * fill), fill[ADVERTISE] * np.nan_to_num(ways.spend[row])) for fill in seen])
    totals = [
        sum(value for value, _ in mix) for mix in product(*choices) if sum(spend for _, spend in mix) <= budget + 1e-9
    ]
    return max(totals, default=None)


@st.composite
def small_cases(draw, open_ways):
    ways, units, budget = draw(cases(items=st.just(2), count=st.integers(0, 5)))
    closed = ~np.isin(np.arange(len(KEYS)), open_ways)
    limits = np.where(closed, 0, ways.limit)
    return made(np.nan_to_num(ways.value), limits, np.nan_to_num(ways.spend, nan=1.0)), units, budget


@given(case=small_cases([HOLD, ADVERTISE, LIQUIDATE]))
@settings(max_examples=200)
def test_small_mixes_are_the_best_of_all_possible_ones(case):
    ways, units, budget = case
    mix, best = best_mix(ways, units, budget), brute_force(ways, units, budget)
    assert (mix.unplaced.sum() > 0) == (best is None)
    assert best is None or mix.total_value == pytest.approx(best, abs=1e-6)


@given(case=small_cases([HOLD, ADVERTISE, MARKDOWN, OUTLET, LIQUIDATE]))
def test_a_mix_that_changes_its_price_on_the_way_is_at_least_as_good_as_any_that_does_not(case):
    ways, units, budget = case
    mix, best = best_mix(ways, units, budget), brute_force(ways, units, budget)
    assert best is None or mix.total_value >= best - 1e-6


def test_many_items_are_solved_to_within_a_hundred_thousandth_of_the_bound():
    rng = np.random.default_rng(3)
    n = 120
    limits = np.column_stack([rng.integers(0, 300, (n, 3)), np.zeros((n, 1)), np.full((n, 3), 1e4)])
    ways = made(rng.uniform(-5, 40, (n, 7)).round(2), limits, rng.uniform(2, 30, n).round(2))
    units = rng.integers(1, 500, n)
    cheap, dear = best_mix(ways, units, 3000), best_mix(ways, units, 3100)
    moved = np.nansum(np.abs(cheap.units * np.nan_to_num(ways.value)))
    assert cheap.spend <= 3000 and dear.spend <= 3100
    assert dear.total_value - cheap.total_value <= 100 * cheap.budget_price + 1e-5 * moved

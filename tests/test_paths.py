"""The cash of a path, with numbers that a reader can check in the head."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.formulas.cash import cash, cash_by_week
from wockit.formulas.holding import holding_rates
from wockit.formulas.paths import AS_TODAY, YEAR, Items, Paths, crossed_cases, paths_of
from wockit.formulas.rates import fee_table
from wockit.formulas.year import EDGES

WEEKS = np.ones((1, YEAR))
CERTAIN = crossed_cases((1, 1, 1), (1, 1, 1), (0, 0, 0))


def item(units=(10.0,), pace=1.0, ads=0.0, spend=0.0, price=10.0, **changes):
    """One item that pays no fees; `pace` and what ads sell of it [unit/week], `spend` [money/week]."""
    units = np.array([units], dtype=float)
    made = Items(
        units=units,
        arriving=0 * WEEKS,
        demand=np.full((1, 3, YEAR), float(pace)),
        ad_units=ads * WEEKS,
        ad_spend=spend * WEEKS,
        answers=np.ones((1, 3)),
        price=np.array([price]),
        referral_rate=np.zeros(1),
        fulfilment_fee=np.zeros(1),
        again=np.zeros(1),
        replacement=np.zeros(1),
        refill_week=np.zeros(1),
        storage=0 * WEEKS,
        aged_fee=np.zeros((1, units.shape[1], YEAR)),
        exit_value=np.zeros(1),
        last_week=np.array([52.0]),
        short_fee=0 * WEEKS,
    )
    return replace(made, **changes)


def money(items, *path, cases=CERTAIN, capital_rate=0.0):
    """What one path brings on average."""
    return float(cash(items, paths_of(path or AS_TODAY), cases, capital_rate).money[0, 0] @ items.weights(cases)[0])


def test_ten_units_are_sold_in_ten_weeks_and_never_more():
    found = cash(item(), paths_of(AS_TODAY), CERTAIN, 0.0)
    assert found.money[0, 0].tolist() == pytest.approx([100.0] * 18)
    assert found.sold[0, 0].tolist() == pytest.approx([10.0] * 18)
    assert found.left[0, 0].tolist() == [0.0] * 18


def test_without_ads_their_units_are_not_sold_and_nothing_is_spent():
    # 100 units, 2 a week of which ads bring 1: 52 are sold, 26 more in the half-year after, and 22 leave for nothing
    known = item([100.0], pace=2.0, ads=1.0, spend=3.0)
    assert money(known, 0.0, 0.0, 0.0, 52.0, 0.0) == pytest.approx(780.0)
    # as today all 100 are sold after 50 weeks, and ads cost 3 a week while there is stock
    assert money(known) == pytest.approx(1000.0 - 150.0)


def test_orders_that_come_anyway_are_not_lost_without_ads():
    known, anyway = item([40.0], pace=2.0, ads=1.0, spend=3.0), crossed_cases((1, 1, 1), (0, 0, 0), (0, 0, 0))
    assert money(known, cases=anyway) == pytest.approx(400.0 - 60.0)
    assert money(known, 0.0, 0.0, 0.0, 52.0, 0.0, cases=anyway) == pytest.approx(400.0)


def test_more_clicks_get_dearer():
    # twice the clicks at an exponent of 1 cost four times as much; nothing sells more at an incremental share of 0
    cases = crossed_cases((1, 1, 1), (0, 0, 0), (1, 1, 1))
    known = item([10.0], ads=1.0, spend=3.0)
    assert money(known, cases=cases) - money(known, 2.0, 0.0, 0.0, 52.0, 1.0, cases=cases) == pytest.approx(90.0)


def test_a_price_cut_of_a_half_sells_twice_as_much_at_an_elasticity_of_one():
    found = cash(item([500.0], pace=2.0), paths_of((1.0, 0.5, 0.0, 10.0, 1.0)), CERTAIN, 0.0)
    assert found.sold[0, 0, 0] == pytest.approx(10 * 4 + 42 * 2)


def test_the_oldest_units_leave_first_and_pay_no_more_fees():
    # ten young and ten old units; only an old unit pays 1 a month, on the 15th, which falls into every fifth week
    fee = np.zeros((1, 2, YEAR))
    fee[0, 1, 1::5] = 1.0
    known = item([10.0, 10.0], pace=0.0, aged_fee=fee, exit_value=np.array([2.0]))
    assert money(known, 1.0, 0.0, 0.5, 52.0, 1.0) == pytest.approx(20.0 + 20.0)
    assert money(known) == pytest.approx(40.0 - 10 * fee[0, 1].sum())


def test_what_is_left_on_its_date_leaves_then():
    found = cash(item([10.0], last_week=np.array([4.0]), exit_value=np.array([3.0])), paths_of(AS_TODAY), CERTAIN, 0.0)
    assert found.money[0, 0, 0] == pytest.approx(4 * 10 + 6 * 3)
    assert found.left[0, 0, 0] == pytest.approx(6.0)


def test_a_unit_that_is_bought_again_costs_its_replacement_and_never_runs_out_after_the_lead_time():
    known = item([2.0], again=np.ones(1), replacement=np.array([4.0]), refill_week=np.array([4.0]))
    assert money(known) == pytest.approx((2 + 48) * 6.0)


def test_where_nobody_knows_whether_it_is_bought_again_both_answers_count_by_how_likely_they_are():
    # bought again every unit earns 6, and there are always more; if not, two units earn 10 each
    known = item([2.0], again=np.array([0.25]), replacement=np.array([4.0]), refill_week=np.array([4.0]))
    assert money(known) == pytest.approx(0.25 * 50 * 6.0 + 0.75 * 20.0)


def test_what_is_sure_is_played_once_and_what_is_not_beside_it_twice():
    both = {"again": np.array([0.0, 0.5, 1.0]), "replacement": np.full(3, 4.0), "refill_week": np.full(3, 4.0)}
    three = replace(
        item([2.0]),
        **{each.name: np.repeat(getattr(item([2.0]), each.name), 3, axis=0) for each in fields(Items)} | both,
    )
    its = cash(three, paths_of(AS_TODAY), CERTAIN, 0.0)
    means = (its.money[:, 0] * three.weights(CERTAIN)).sum(axis=1)
    assert means.tolist() == pytest.approx([20.0, 160.0, 300.0])


def test_units_on_their_way_are_sold_from_their_week_on():
    arriving = 0 * WEEKS
    arriving[0, 8] = 5.0
    assert money(item([3.0], arriving=arriving)) == pytest.approx(80.0)


def test_capital_makes_later_cash_worth_less():
    assert money(item(), capital_rate=0.1) == pytest.approx(100 * 1.1 ** (-5 / 52), rel=1e-3)


def test_nine_cases_pair_every_value_with_every_other_once():
    cases = crossed_cases((1, 2, 3), (0.1, 0.2, 0.3), (1, 2, 3)).half(again=True)
    columns = [cases.course, cases.elasticity, cases.incremental_share, cases.answer]
    for first in columns:
        for other in columns:
            if first is not other:
                assert len({*zip(first.tolist(), other.tolist(), strict=True)}) == 9


SHARES = st.floats(0, 1)
PATHS = st.tuples(st.floats(0, 3), st.floats(0, 0.4), SHARES, st.sampled_from([4.0, 10.0, 22.0, 52.0]), st.floats(0, 1))


@st.composite
def known(draw):
    """An item of any kind."""
    numbers = draw(st.lists(st.floats(0, 100), min_size=10, max_size=10))
    units, pace, ads, spend, storage, fee, exit_value, arrives = *numbers[:2], *numbers[2:8]
    arriving = 0 * WEEKS
    arriving[0, draw(st.integers(0, 51))] = arrives
    return item(
        [units, numbers[8]],
        pace=pace,
        ads=min(ads, pace),
        spend=spend,
        storage=WEEKS * storage / 100,
        aged_fee=np.full((1, 2, YEAR), fee / 100),
        exit_value=np.array([exit_value / 10 - 2]),
        arriving=arriving,
        last_week=np.array([draw(st.sampled_from([7.0, 30.5, 52.0]))]),
    )


@given(known(), PATHS)
def test_a_path_never_sells_what_is_not_there(items, path):
    found = cash(items, paths_of(path), crossed_cases((1, 1.5, 2), (0.4, 0.7, 0.9), (0, 0.2, 0.4)), 0.1)
    there = items.units.sum() * (1 - path[2]) + items.arriving.sum()
    assert (found.sold >= 0).all()
    assert (found.sold + found.left <= there + 1e-6).all()


@given(known(), st.floats(0.01, 1))
def test_higher_storage_never_makes_keeping_all_worth_more_beside_letting_a_part_leave(items, more):
    dear = replace(items, storage=items.storage + more)
    paths = paths_of(AS_TODAY, (1.0, 0.0, 0.5, 52.0, 1.0))
    lead = [np.subtract(*cash(each, paths, CERTAIN, 0.1).money[0, :, 0]) for each in (items, dear)]
    assert lead[1] <= lead[0] + 1e-6


@settings(max_examples=40)
@given(st.lists(known(), min_size=2, max_size=4), PATHS)
def test_the_items_do_not_touch_each_other(several, path):
    together = Items(*(np.concatenate(parts) for parts in zip(*(vars(one).values() for one in several), strict=True)))
    found = cash(together, paths_of(path), CERTAIN, 0.1).money[:, 0, 0]
    alone = [cash(one, paths_of(path), CERTAIN, 0.1).money[0, 0, 0] for one in several]
    assert found.tolist() == pytest.approx(alone)


def test_while_stock_is_low_each_unit_costs_a_fee():
    """One a week for 10 each; in the first four weeks 2 less."""
    fee = 2.0 * (np.arange(YEAR) < 4)[None]
    assert money(item([10.0])) - money(item([10.0], short_fee=fee)) == pytest.approx(8.0)


def test_a_missing_price_makes_all_money_of_its_item_missing():
    assert np.isnan(money(item(price=np.nan)))


def test_paths_of_each_item_stand_beside_those_of_all():
    both = Paths(*(np.full((2, 1), 0.5) for _ in range(5))).beside(paths_of(AS_TODAY))
    assert both.ads.tolist() == [[0.5, 1.0], [0.5, 1.0]]
    assert both.take(np.array([1, 0])).ads.tolist() == [[1.0], [0.5]]


def test_the_steps_cover_the_year_and_hold_the_ends_of_paths():
    assert EDGES[0] == 0
    assert EDGES[-1] == YEAR
    assert {4, 10, 22} <= {*EDGES.tolist()}


def test_a_unit_of_360_days_pays_the_surcharge_of_the_fifteenth_by_its_age_then():
    terms = {"table": fee_table(), "marketplace": "US", "start": date(2026, 1, 12), "size": ["standard", ""]}
    storage, aged = holding_rates([10.0, 360.0], unit_volume=[1.0, np.nan], **terms)
    assert (storage[0, 0] * 365.25 / 12 / 7).round(6) == 0.78
    assert aged[0, 1, [0, 1, 4]].tolist() == [5.9, 0.0, 6.9]
    assert aged[0, 0, :20].sum() == 0.0
    assert np.isnan(storage[1]).all()


def test_paths_that_come_to_the_same_are_worth_the_same_as_if_each_were_played():
    # three items, one without ads, one bought again, and paths of which some change nothing: each is played by the week
    plain, again = item([30.0, 20.0]), item([5.0], ads=0.4, spend=0.3, again=np.ones(1), replacement=np.full(1, 4.0))
    both = replace(item([50.0], ads=0.4, spend=0.3), again=np.full(1, 0.5), refill_week=np.full(1, 9.0))
    fees = np.linspace(0.0, 0.3, YEAR)[None, None]
    wide = [replace(each, units=np.pad(each.units, ((0, 0), (0, 2 - each.units.shape[1]))),
                    aged_fee=np.repeat(fees, 2, axis=1)) for each in (plain, again, both)]  # fmt: skip
    its = Items(*(np.concatenate([getattr(each, field.name) for each in wide]) for field in fields(Items)))
    rows = [AS_TODAY, (1, 0, 0, 52, 0), (1, 0, 0, 10, 1), (0, 0, 0, 10, 1), (0, 0.2, 0, 22, 0), (2, 0.2, 0.5, 52, 1)]
    paths, cases = paths_of(*rows), crossed_cases((1, 1.5, 2), (0.5, 0.7, 0.9), (0.4, 0.25, 0.1))
    by_week = cash_by_week(its, paths, cases, 0.1)[1][..., -1]
    found = cash(its, paths, cases, 0.1).money
    may_be = np.broadcast_to(its.weights(cases)[:, None] > 0, found.shape)
    assert found[may_be] == pytest.approx(by_week[may_be])
    assert (found[:, 1] == found[:, 0]).all()
    assert len({*found[0, :4, 0].tolist()}) == 1

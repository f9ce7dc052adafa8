"""Which path is the best: for one item, and for many under one budget."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wockit.formulas import choice
from wockit.formulas.cash import cash
from wockit.formulas.choice import EXACT, Search, search, under_budget
from wockit.formulas.paths import YEAR, Items, Paths, crossed_cases, paths_of

CASES = crossed_cases((0.8, 1.6, 2.8), (0.4, 0.7, 0.9), (0.5, 0.25, 0.1))


def items(count=1, units=100.0, pace=2.0, ads=1.0, spend=3.0, **changes):
    """Items that pay no fees; what ads sell of their pace [unit/week] and cost [money/week]."""
    weeks, one = np.ones((count, YEAR)), np.ones(count)
    numbers = {
        "units": np.broadcast_to(np.asarray(units, dtype=float), (count, 1)).copy(),
        "arriving": 0 * weeks,
        "demand": np.full((count, 3, YEAR), pace) * np.array([0.8, 1.0, 1.25])[:, None],
        "ad_units": ads * weeks,
        "ad_spend": spend * weeks,
        "answers": np.ones((count, 3)),
        "price": 10 * one,
        "referral_rate": 0 * one,
        "fulfilment_fee": 0 * one,
        "again": 0 * one,
        "replacement": 0 * one,
        "refill_week": 0 * one,
        "storage": 0 * weeks,
        "aged_fee": np.zeros((count, 1, YEAR)),
        "exit_value": 0 * one,
        "last_week": 52 * one,
        "short_fee": np.zeros((count, YEAR)),
    }
    return Items(**numbers | changes)


def tried(known, most_ads=2.0, may_leave=True, short_until=0.0):
    """Every path that is tried of each item."""
    limits = (np.full(len(known.price), each) for each in (most_ads, may_leave, short_until))
    return search(known, CASES, 0.1, *limits)


def best(known, **limits):
    """The best path of the first item, as ads, cut, leaves, until and after, and its gain."""
    found = tried(known, **limits)
    chosen = np.nan_to_num(found.score, nan=-np.inf).argmax(axis=1)
    path = found.paths.take(chosen)
    return [float(each[0, 0]) for each in path.columns()], float(found.gain[0, chosen[0]])


def test_as_today_is_the_first_path_and_gains_nothing():
    found = tried(items())
    assert found.gain[0, 0] == 0
    assert found.doubt[0, 0] == 0
    assert [each[0, 0] for each in found.paths.columns()] == [1, 0, 0, 52, 1]


def test_clicks_that_cost_more_than_they_bring_are_turned_off():
    # ads bring at most 1 unit a week for 10, and cost 30
    (ads, *_), gain = best(items(spend=30.0))
    assert ads == 0
    assert gain > 0


def test_clicks_that_cost_next_to_nothing_are_raised_as_far_as_they_can_be_had():
    (ads, *_), _ = best(items(units=1000.0, spend=0.01))
    assert ads == 2


def test_stock_that_nobody_wants_and_that_costs_storage_leaves_at_once():
    dear = items(pace=0.01, ads=0.0, spend=0.0, storage=np.full((1, YEAR), 0.5), exit_value=np.ones(1))
    (_, _, leaves, *_), _ = best(dear)
    assert leaves == 1
    assert best(dear, may_leave=False)[0][2] == 0


def test_while_stock_is_short_fewer_buyers_pay_more():
    # 8 units at 2 a week are gone in four weeks, and a new order comes in the eighth
    short = items(
        units=8.0, ads=0.0, spend=0.0, again=np.ones(1), replacement=np.full(1, 4.0), refill_week=np.full(1, 8.0)
    )
    (_, cut, leaves, until, after), gain = best(short, short_until=8.0)
    assert (cut, leaves, until, after) == (-0.1, 0, 8, 1)
    assert 0 < gain < 8 * 10 * 0.1
    assert best(short)[0][1] >= 0


@given(st.floats(1, 400), st.floats(1, 30), st.floats(0.1, 60))
@settings(max_examples=20)
def test_no_price_rises_for_longer_than_the_stock_is_short(units, until, spend):
    known = items(
        2, units=units, spend=spend, again=np.ones(2), replacement=np.full(2, 4.0), refill_week=np.full(2, until)
    )
    paths = tried(known, short_until=np.array([until, 0.0])).paths
    rises = paths.cut < 0
    assert rises[0].any()
    assert not rises[1].any()
    assert (paths.until[rises] <= until).all()
    assert (paths.cut >= -0.1).all()


def test_ads_that_pay_rest_while_stock_is_short_and_rise_when_more_has_come():
    """20 units at 10 a week are gone in two weeks, new ones come in six. Ads sell 4 a week, and each earns 2."""
    again = {"again": np.ones(1), "replacement": np.full(1, 8.0), "refill_week": np.full(1, 6.0)}
    (ads, cut, _, until, after), _ = best(items(units=20.0, pace=10.0, ads=4.0, spend=1.0, **again), short_until=6.0)
    assert (ads, cut < 0, until, after) == (0, True, 6, 2)
    (ads, *_, after), _ = best(items(units=20.0, pace=10.0, ads=4.0, spend=9.0, **again), short_until=6.0)
    assert (ads, after <= 1) == (0, True)


def test_what_cannot_be_undone_must_be_surer():
    ads_off, all_leaves = (0.0, 0.0, 0.0, 52.0, 0.0), (1.0, 0.0, 1.0, 52.0, 1.0)
    even = Search(
        paths_of(ads_off, all_leaves), *np.array([[[100.0, 100.0]], [[80.0, 80.0]], [[0.0, 0.0]]]), np.zeros((1, 2))
    )
    assert even.score.tolist() == [[80.0, 60.0]]


def test_the_order_of_the_items_changes_nothing():
    two = items(2, spend=np.array([[3.0], [30.0]]))
    turned = two.some([1, 0])
    found, other = map(tried, (two, turned))
    assert np.array_equal(found.gain, other.gain[::-1])


def test_knowing_is_worth_nothing_where_one_path_is_best_in_every_case():
    free = tried(items(ads=0.0, spend=0.0, units=1.0))
    assert free.worth_knowing[0, 0] == pytest.approx(0.0, abs=1e-9)


SIZES = st.tuples(st.integers(1, 4), st.integers(2, 4))


@st.composite
def choices(draw):
    """Gains and spends of a few paths of a few items; the first path gains and spends nothing."""
    shape = draw(SIZES)
    gain, spend = (draw(arrays(float, shape, elements=st.integers(low, 20).map(float))) for low in (-5, 0))
    gain[:, 0] = spend[:, 0] = 0.0
    return gain, spend


@given(choices(), st.integers(0, 60))
def test_few_items_get_the_best_there_is_under_the_budget(made, budget):
    gain, spend = made
    rows = np.arange(len(gain))
    chosen = under_budget(gain, spend, budget).columns
    assert spend[rows, chosen].sum() <= budget
    every = [np.array(picks) for picks in product(range(gain.shape[1]), repeat=len(gain))]
    most = max(gain[rows, picks].sum() for picks in every if spend[rows, picks].sum() <= budget)
    assert gain[rows, chosen].sum() == pytest.approx(most)


@given(st.integers(0, 2**32 - 1), st.floats(0, 500), st.floats(0, 500))
def test_more_budget_never_gains_less(seed, budget, more):
    random = np.random.default_rng(seed)
    count = EXACT + 5
    gain, spend = random.normal(0, 10, (count, 6)), random.uniform(0, 20, (count, 6))
    gain[:, 0] = spend[:, 0] = 0.0
    rows = np.arange(count)
    least, most = (gain[rows, under_budget(gain, spend, each).columns].sum() for each in (budget, budget + more))
    assert most >= least - 1e-9


def test_without_a_cap_each_item_takes_its_best_and_the_budget_has_no_price():
    found = under_budget(np.array([[0.0, 5.0, np.nan]]), np.array([[0.0, 9.0, 0.0]]), np.inf)
    assert found.columns.tolist() == [1]
    assert found.price == 0


def test_without_any_budget_each_item_takes_the_best_that_costs_nothing():
    found = under_budget(np.array([[0.0, 3.0, 9.0], [0.0, -1.0, 2.0]]), np.array([[0.0, 0.0, 1.0]] * 2), 0.0)
    assert found.columns.tolist() == [1, 0]


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_a_search_whose_time_is_up_keeps_the_budget_and_says_so(monkeypatch, seconds):
    monkeypatch.setattr(choice, "SOLVER_SECONDS", seconds)
    random = np.random.default_rng(1)
    gain, spend = random.uniform(0, 10, (30, 40)), random.uniform(1, 20, (30, 40))
    gain[:, 0] = spend[:, 0] = 0.0
    found = under_budget(gain, spend, 60.0)
    rows = np.arange(30)
    assert found.stopped == (seconds == 0)
    assert spend[rows, found.columns].sum() <= 60
    assert gain[rows, found.columns].sum() > 0


@given(st.integers(33, 400), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_units_in_are_units_out_whatever_path_each_item_takes(count, seed):
    random = np.random.default_rng(seed)
    year = np.ones((count, YEAR))
    known = items(
        count,
        units=random.integers(0, 5000, count)[:, None].astype(float),
        arriving=random.integers(0, 40, (count, YEAR)) * (random.random((count, YEAR)) < 0.05),
        demand=random.uniform(0, 60, (count, 1, 1)) * year[:, None] * np.array([0.8, 1.0, 1.25])[:, None],
        ad_units=random.uniform(0, 5, (count, 1)) * year,
        last_week=random.choice([12.0, 52.0], count),
    )
    ways = Paths(*(random.uniform(low, high, (count, 1)) for low, high in ((0, 2), (0, 0.4), (0, 1), (1, 52), (0, 1))))
    found = cash(known, ways, CASES, 0.1)
    stock = known.units.sum(axis=1)
    units_in = (stock + known.arriving.sum(axis=1))[:, None]
    units_out = (ways.leaves[:, 0] * stock)[:, None] + found.sold[:, 0] + found.left[:, 0]
    assert np.allclose(units_out, np.broadcast_to(units_in, units_out.shape))
    assert (found.sold >= 0).all()
    assert (found.left >= -1e-9).all()

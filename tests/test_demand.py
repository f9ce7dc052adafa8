"""Exact properties of the expected demand and of forward cover."""

import dataclasses
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from wockit.formulas.cover import forward_cover
from wockit.formulas.demand import Demand, before_its_season, weekly_demand

place = Path(__file__).parent / "benchmarks" / "cover_of_kinds.py"
spec = importlib.util.spec_from_file_location("cover_of_kinds", place)
cover_of_kinds = importlib.util.module_from_spec(spec)
sys.modules["cover_of_kinds"] = cover_of_kinds
spec.loader.exec_module(cover_of_kinds)


def constant(items: int, weeks: int, rate: float = 10.0) -> np.ndarray:
    return np.full((items, weeks), rate)


def noisy(items: int, weeks: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    level = np.exp(random.uniform(-2, 4, (items, 1)) + np.cumsum(random.normal(0, 0.1, (items, weeks)), axis=1))
    return random.poisson(level).astype(float)


@pytest.mark.parametrize("weeks", [1, 2, 5, 12, 30, 52, 60, 104, 160])
@pytest.mark.parametrize("items", [1, 30])
def test_constant_demand_is_the_simple_formula(items: int, weeks: int) -> None:
    rate = np.linspace(0.5, 90, items)
    units = rate * np.linspace(0.1, 120, items)
    demand = weekly_demand(np.repeat(rate[:, None], weeks, axis=1))
    np.testing.assert_allclose(demand.expected, np.repeat(rate[:, None], 52, axis=1), rtol=1e-9)
    forward, low, high = forward_cover(units, demand)
    np.testing.assert_allclose(forward, units / rate, rtol=1e-9)
    assert (low <= forward).all() and (forward <= high).all()


@pytest.mark.parametrize("rate", [1.0, 10.0, 400.0])
@pytest.mark.parametrize("weeks", [30, 52, 104])
@pytest.mark.parametrize("items", [1, 3, 30])
def test_one_tripled_week_hardly_moves_the_rate(items: int, weeks: int, rate: float) -> None:
    for week in (1, 2, 4, 6, 10, 20):
        history = constant(items, weeks, rate)
        history[0, -week] *= 3
        units = np.full(items, 13 * rate)
        forward = forward_cover(units, weekly_demand(history))[0]
        np.testing.assert_allclose(units / forward, rate, rtol=0.1)


@pytest.mark.parametrize("weeks", [30, 52, 104])
@pytest.mark.parametrize("items", [1, 3, 30])
def test_eight_tripled_weeks_are_believed(items: int, weeks: int) -> None:
    history = constant(items, weeks)
    history[0, -8:] *= 3
    units = np.full(items, 130.0)
    demand = weekly_demand(history)
    forward = forward_cover(units, demand)[0]
    assert units[0] / forward[0] >= 27
    np.testing.assert_allclose(units[1:] / forward[1:], 10, rtol=0.1)


def test_launches_that_fade_say_nothing_of_what_the_record_knows_from_its_start() -> None:
    """Every week one launch, 20 a week for six weeks and then 10, beside 40 that have sold 10 from the first week."""
    age = np.arange(40) - np.arange(38)[:, None]
    launches = np.where(age < 0, np.nan, np.where(age < 6, 20.0, 10.0))
    expected = weekly_demand(np.concatenate([constant(40, 40), launches])).expected[:40]
    np.testing.assert_allclose(expected, 10, rtol=0.03)


def test_a_fall_of_the_whole_account_is_believed_sooner_than_that_of_an_asin() -> None:
    """50 a week, four weeks ago 30 % less: 35, for all 100 ASINs or for one of them."""
    history = np.random.default_rng(0).poisson(50, (100, 60)).astype(float)
    alone = history.copy()
    history[:, -4:] = np.round(0.7 * history[:, -4:])
    alone[0] = history[0]
    together = weekly_demand(history).expected[:, :13].mean()
    single = weekly_demand(alone).expected[0, :13].mean()
    assert 35 < together < 40.5 < single


@pytest.mark.parametrize("weeks", [0.5, 1, 2, 4, 8])
def test_eight_in_ten_stocks_last_as_long_as_their_range_says(weeks: float) -> None:
    """Known demand with noise from week to week (standard deviation 0.7 of the mean): the stock of some weeks."""
    random = np.random.default_rng(0)
    mean = np.exp(random.uniform(0, 4, (600, 1)))
    units = random.poisson(mean * random.gamma(2, 0.5, (600, 132))).astype(float)
    _, low, high = forward_cover(weeks * mean[:, 0], weekly_demand(units[:, :80]))
    sold = np.concatenate([np.zeros((600, 1)), np.cumsum(units[:, 80:], axis=1)], axis=1)
    lasted = np.array(
        [np.interp(stock, row, np.arange(53)) for stock, row in zip(weeks * mean[:, 0], sold, strict=True)]
    )
    assert 0.74 < ((lasted >= low) & (lasted <= high)).mean() < 0.84


def test_a_jump_is_the_less_sure_the_less_past_there_is() -> None:
    """Ten ASINs at 10 a week, the first three times as fast in the last four weeks."""

    def widths(weeks: int) -> np.ndarray:
        history = constant(10, weeks)
        history[0, -4:] *= 3
        demand = weekly_demand(history)
        return np.log(demand.fast[:, :13].sum(axis=1) / demand.slow[:, :13].sum(axis=1))

    short, long = widths(30), widths(120)
    assert short[0] > 2 * short[1]
    assert short[0] - short[1] > 1.1 * (long[0] - long[1])


def test_the_longer_an_account_is_calm_the_surer_its_year_is() -> None:
    short, long = (weekly_demand(np.full((30, weeks), 7.0)) for weeks in (52, 104))
    assert short.fast[0].sum() > 1.15 * 364
    assert 1.05 * 364 < long.fast[0].sum() < 1.12 * 364
    assert 0.9 * 364 < long.slow[0].sum() < 0.95 * 364


def test_more_stock_never_shortens_cover() -> None:
    demand = weekly_demand(noisy(200, 90))
    units = np.geomspace(0.01, 1e5, 200)
    for once, twice in zip(forward_cover(units, demand), forward_cover(2 * units, demand), strict=True):
        assert (twice >= once).all()


@pytest.mark.parametrize("items", [40, 4000])
def test_order_does_not_matter(items: int) -> None:
    history = noisy(items, 70)
    order = np.random.default_rng(1).permutation(items)
    there, back = weekly_demand(history), weekly_demand(history[order])
    for field in dataclasses.fields(Demand):
        before, after = getattr(there, field.name)[order], getattr(back, field.name)
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("history", [constant(5, 60, 20.0), noisy(80, 100)])
def test_a_stock_out_month_does_not_halve_the_rate(history: np.ndarray) -> None:
    without = history.copy()
    without[::2, -4:] = np.nan
    pace, before = weekly_demand(without).expected[:, :8].mean(axis=1), weekly_demand(history[:, :-4]).expected
    sold = history[:, -17:-4].sum(axis=1) > 40
    assert (pace[sold] > 0.5 * before[sold, :8].mean(axis=1)).all()
    assert np.isfinite(weekly_demand(without).expected).all()


def test_nothing_sold_in_a_year_is_infinite_cover() -> None:
    history = np.zeros((4, 80))
    history[0, :20] = 5
    history[1, -1] = 1
    history[3] = np.nan
    cover = forward_cover(np.full(4, 7.0), weekly_demand(history))
    assert np.isinf(cover[0]).tolist() == np.isinf(cover[2]).tolist() == [True, False, True, False]
    assert np.isfinite(cover[1][:3]).all()
    assert np.isnan(cover).all(axis=0).tolist() == [False, False, False, True]


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 2), (30, 9), (30, 40), (1, 104), (500, 120), (0, 20)])
def test_any_account_gives_an_ordered_range(shape: tuple[int, int]) -> None:
    history = noisy(*shape, seed=4)
    history[np.random.default_rng(2).random(shape) < 0.1] = np.nan
    demand = weekly_demand(history)
    assert demand.expected.shape == (shape[0], 52)
    for units in (0.0, 0.3, 40.0, 1e6):
        forward, low, high = forward_cover(np.full(shape[0], units), demand)
        assert ((low <= forward) & (forward <= high) | np.isnan(forward)).all()
        assert (forward[~np.isnan(forward)] == 0).all() or units > 0


def test_inbound_units_extend_the_cover() -> None:
    demand = weekly_demand(constant(3, 30), horizon=20)
    inbound = np.zeros((3, 20))
    inbound[1, 3] = 50
    inbound[2, 12] = 50
    np.testing.assert_allclose(forward_cover(np.full(3, 100.0), demand, inbound)[0], [10, 15, 10])
    np.testing.assert_allclose(forward_cover(np.full(3, 1000.0), demand)[0], 100)


def test_a_season_seen_a_year_ago_is_expected_again() -> None:
    week = np.arange(104)
    history = np.repeat(20 * np.exp(0.7 * np.cos(2 * np.pi * (week - 8) / 52))[None], 40, axis=0)
    expected = weekly_demand(np.random.default_rng(0).poisson(history).astype(float)).expected.mean(axis=0)
    assert expected[2:13].mean() > 1.4 * expected[26:39].mean()


@pytest.mark.parametrize(("sold", "comes"), [
    ([1.0] * 16 + [80.0] * 4 + [1.0] * 36, True),  # a season, and weeks before it
    ([0.0] * 16 + [80.0] * 4 + [1.0] * 36, False),  # a launch whose first weeks were its best
    ([1.0] * 16 + [9.0] * 4 + [1.0] * 36, False),  # a good month
    ([1.0] * 48 + [80.0] * 4 + [1.0] * 4, False),  # it has only just ended
    ([1.0] * 8 + [80.0] * 4 + [1.0] * 36, False),  # no year is known
])  # fmt: skip
def test_the_one_season_of_a_year_is_expected_again(sold: list[float], comes: bool) -> None:
    """Of 56 weeks, those from the 17th to the 20th come again in 12 to 15 weeks."""
    demand = before_its_season(weekly_demand(np.array([sold])), np.array([sold]))
    assert (demand.expected[0, 12:16].sum() == 320) == comes
    assert demand.slow[0, 12:16].sum() < 100


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_expected_to_sell_faster_than_in_its_best_week(seed: int) -> None:
    week, random = np.arange(70), np.random.default_rng(seed)
    season = 5 * np.exp(1.5 * np.cos(2 * np.pi * (week - 66) / 52))  # the record ends at the height of the season
    history = random.poisson(np.repeat(season[None], 20, axis=0)).astype(float)
    history[:, :10] = np.nan
    assert (weekly_demand(history).expected <= np.nanmax(history, axis=1)[:, None] + 1e-9).all()


def test_stock_that_sold_nothing_for_a_quarter_may_still_sell_now_and_then() -> None:
    demand = weekly_demand(np.zeros((1, 13)))
    assert demand.expected.max() == 0
    # at 0.177 a week 13 weeks without a sale come once in ten times: exp(-13 x 0.177) = 0.1
    np.testing.assert_allclose(demand.fast, 0.177, atol=0.001)
    middle, low, high = forward_cover(np.array([12.0]), demand)
    assert (middle, high) == (np.inf, np.inf)
    np.testing.assert_allclose(low, 12 / 0.1771, rtol=0.01)


def launched(sold: list[float], weeks: int = 60) -> Demand:
    """What one launch is expected to sell, last in an account of thirty calm ASINs."""
    calm = np.random.default_rng(2).poisson(10.0, (30, weeks)).astype(float)
    new = np.full((1, weeks), np.nan)
    new[0, -len(sold) :] = sold
    demand = weekly_demand(np.vstack([calm, new]))
    return Demand(**{name: values[-1:] for name, values in dataclasses.asdict(demand).items()})


def width(demand: Demand) -> float:
    """How far apart the ends of the range of the first quarter lie [ratio]."""
    return float(demand.fast[0, :13].sum() / demand.slow[0, :13].sum())


def test_a_launch_is_less_sure_than_what_has_sold_the_same_for_a_year() -> None:
    assert width(launched([10.0] * 6)) > 1.2 * width(launched([10.0] * 60))


def test_a_launch_is_one_in_a_short_record_too() -> None:
    """The record knows 20 weeks; it would have shown a sale of 10 a week in the 14 before the launch."""
    assert width(launched([10.0] * 6, weeks=20)) > 1.1 * width(launched([10.0] * 20, weeks=20))


def test_what_sells_too_little_to_be_missed_before_its_first_sale_is_no_launch() -> None:
    """One unit in four weeks: five silent weeks before are no news. Of ten times as much they make it a launch."""
    slow, brisk = ([each, 0.0, 0.0, 0.0] * 3 for each in (1.0, 10.0))
    assert width(launched(slow, weeks=17)) / width(launched(slow, weeks=12)) < 1.1
    assert width(launched(brisk, weeks=17)) / width(launched(brisk, weeks=12)) > 1.1


def test_without_any_week_nothing_is_expected() -> None:
    assert np.isnan(weekly_demand(np.empty((2, 0)), horizon=3).expected).all()


def test_the_last_week_of_a_launch_that_rises_is_no_passing_peak() -> None:
    """2, 5 and 9 a day since it went on sale: 112 in three weeks. A year-old ASIN with such a last week had a peak."""
    rising, old = launched([14.0, 35.0, 63.0]), launched([35.0] * 59 + [63.0])
    assert rising.expected[-1, :4].mean() == pytest.approx(112 / 3, rel=0.1)
    assert old.expected[-1, :4].mean() == pytest.approx(35, rel=0.1)


def test_a_launch_that_rises_may_go_on_at_the_pace_of_its_last_week() -> None:
    rising = launched([2.0, 4.0, 6.0, 8.0, 10.0, 12.0])
    assert rising.fast[0, :13].mean() > 12 > rising.slow[0, :13].mean()


def test_a_launch_that_falls_may_go_on_falling() -> None:
    falling = launched([12.0, 10.0, 8.0, 6.0, 4.0, 2.0])
    assert falling.slow[0, :13].mean() < 3


@pytest.mark.parametrize("way", ["up", "down"])
def test_what_rose_or_fell_in_less_than_a_year_may_be_a_season(way: str) -> None:
    seen = np.linspace(5, 20, 39) if way == "up" else np.linspace(20, 5, 39)
    steady = np.full((20, 39), 10.0)
    demand = weekly_demand(np.vstack([steady, np.repeat(seen[None], 5, axis=0)]))
    spread = demand.fast[:, :26].sum(axis=1) / demand.slow[:, :26].sum(axis=1)
    assert spread[-1] > 1.3 * spread[0]


@pytest.mark.parametrize("kind", ["seasons, 26 and 34 weeks", "4 to 10 weeks old"])
def test_a_range_of_cover_holds_as_often_as_it_says_where_that_is_hardest_to_tell(kind: str) -> None:
    """Eight in ten stocks last as long as told, give or take four in a hundred and the luck of the draw."""
    for scores in cover_of_kinds.coverage(kind, seeds=1).values():
        assert 0.77 < scores["coverage"] < 0.855


def test_what_rose_in_less_than_a_year_may_turn_back_farther_than_go_on() -> None:
    """Beside 20 steady ASINs of 30 weeks five have sold three times as much in the last quarter."""
    history = constant(25, 30)
    history[20:, -13:] *= 3
    demand = weekly_demand(history)
    slow, expected, fast = (np.log(course[-1, :26].sum()) for course in (demand.slow, demand.expected, demand.fast))
    assert expected - slow > 1.2 * (fast - expected)

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.formulas.cover import (
    excess_units,
    forward_cover,
    is_peak,
    is_slump,
    is_volatile,
    low_cut,
    scatter,
    stock_ahead,
    weeks_in_period,
    weeks_of_coverage,
)
from wockit.formulas.demand import Demand

UNITS = st.integers(0, 1_000_000)
PACES = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1000)), min_size=20, max_size=20)


def demand(expected, fast=None, slow=None):
    """Expected demand of one ASIN, week by week; without a range unless it is given."""
    found = np.array([expected], dtype=float)
    fast, slow = (found if pace is None else np.array([pace], dtype=float) for pace in (fast, slow))
    one = np.ones(1)
    return Demand(expected=found, slow=slow, fast=fast, recent=found[:, 0], level=found[:, 0], season=one, jump=one)


def ahead(stock, *args, inbound=0.0):
    """Forward cover of one ASIN with its low and its high end."""
    return tuple(float(found[0]) for found in forward_cover([stock], demand(*args), inbound))


def test_the_article_s_example_covers_eight_weeks():
    assert weeks_of_coverage(2000, 1000) == 8.0


def test_exact_days_give_a_little_more_than_the_month_of_four_weeks():
    assert weeks_of_coverage(2000, 1000, weeks=30 / 7) == pytest.approx(8.571, abs=0.0005)


def test_numbers_give_a_plain_number():
    assert type(weeks_of_coverage(2000, 1000)) is float


def test_an_array_is_covered_element_by_element():
    assert weeks_of_coverage(np.array([100, 200]), np.array([100, 100])).tolist() == [4.0, 8.0]


@pytest.mark.parametrize(
    ("found", "numbers"),
    [
        (weeks_of_coverage(pd.Series([2, 4], index=["A", "B"]), 2), [4, 8]),
        (excess_units(pd.Series([8, 10], index=["A", "B"]), 4, 4), [4, 6]),
        (excess_units(10, pd.Series([8, 10], index=["A", "B"]), 4), [2, 0]),
        (weeks_in_period(pd.Series([28, 56], index=["A", "B"])), [4, 8]),
        (is_peak(pd.Series([150, 9], index=["A", "B"]), pd.Series([350, 9], index=["A", "B"])), [True, False]),
    ],
)
def test_a_series_keeps_its_index(found, numbers):
    assert found.to_dict() == dict(zip(["A", "B"], numbers, strict=True))


def test_stock_without_sales_lasts_for_ever():
    assert weeks_of_coverage(10, 0) == np.inf


def test_neither_stock_nor_sales_is_missing():
    assert np.isnan(weeks_of_coverage(0, 0))


@pytest.mark.parametrize(("stock", "sold"), [(np.nan, 10), (10, np.nan), (np.nan, np.nan)])
def test_missing_stock_or_sales_stay_missing(stock, sold):
    assert np.isnan(weeks_of_coverage(stock, sold))


def test_no_stock_covers_no_week():
    assert weeks_of_coverage(0, 10) == 0.0


@pytest.mark.parametrize(
    ("days", "weeks"), [(28, 4), (29, 4), (30, 4), (31, 4), (7, 1), (14, 2), (27, 27 / 7), (32, 32 / 7), (70, 10)]
)
def test_a_month_counts_as_four_weeks_and_any_other_period_exactly(days, weeks):
    assert weeks_in_period(days) == weeks


def test_a_quarter_of_ninety_days_is_counted_exactly():
    assert weeks_in_period(90) == pytest.approx(12.86, abs=0.005)


@pytest.mark.parametrize(
    ("stock", "sold", "healthy", "excess"),
    [
        (175, 50, 6, 100),
        (75, 50, 6, 0),
        (20, 50, 6, 0),
        (80, 0, 6, 80),
        (0, 0, 6, 0),
        (10, 3, 2, 8),
    ],
    ids=["above", "just healthy", "below", "no sales", "nothing", "whole units"],
)
def test_excess_is_the_stock_above_healthy_cover(stock, sold, healthy, excess):
    assert excess_units(stock, sold, healthy_weeks=healthy) == excess


def test_excess_of_a_fortnight_uses_its_two_weeks():
    assert excess_units(100, 20, healthy_weeks=6, weeks=2) == 40


@pytest.mark.parametrize(("stock", "sold"), [(np.nan, 10), (10, np.nan)])
def test_excess_of_unknown_stock_or_sales_is_missing(stock, sold):
    assert np.isnan(excess_units(stock, sold, healthy_weeks=6))


@pytest.mark.parametrize(
    ("last_30", "last_90", "peak"),
    [(150, 350, True), (149, 349, False), (10, 10, True), (9, 9, False), (0, 0, False)],
    ids=["1.5 times", "just under", "ten units", "nine units", "none"],
)
def test_a_peak_sells_one_and_a_half_times_the_pace_before(last_30, last_90, peak):
    assert is_peak(last_30, last_90) is peak


@pytest.mark.parametrize(
    ("last_30", "last_90", "slump"),
    [(50, 250, True), (51, 251, False), (0, 10, True), (0, 9, False), (100, 300, False)],
    ids=["half", "just over", "ten before", "nine before", "steady"],
)
def test_a_slump_sells_half_the_pace_before(last_30, last_90, slump):
    assert is_slump(last_30, last_90) is slump


@pytest.mark.parametrize("judge", [is_peak, is_slump])
@pytest.mark.parametrize(("last_30", "last_90"), [(np.nan, 100), (100, np.nan), (np.nan, np.nan)])
def test_missing_units_are_neither_peak_nor_slump(judge, last_30, last_90):
    assert judge(last_30, last_90) is False


@given(stock=UNITS, sold=st.integers(1, 1_000_000))
def test_twice_the_stock_lasts_twice_as_long(stock, sold):
    assert weeks_of_coverage(2 * stock, sold) == pytest.approx(2 * weeks_of_coverage(stock, sold))


@given(stock=UNITS, sold=UNITS, healthy=st.floats(0, 100), weeks=st.floats(0.5, 60))
def test_excess_is_never_negative_and_never_more_than_the_stock(stock, sold, healthy, weeks):
    assert 0 <= excess_units(stock, sold, healthy, weeks) <= stock


@pytest.mark.parametrize(
    ("stock", "weekly", "weeks"),
    [
        (25, [10, 10, 10, 10], 2.5),
        (25, [10, 20, 20, 20], 1.75),
        (30, [10, 20, 20, 20], 2),
        (5, [10, 20, 20, 20], 0.5),
        (10, [10, 0, 10, 10], 1),
        (15, [10, 0, 10, 10], 2.5),
    ],
    ids=["steady", "doubling", "at a week's end", "within the first", "nothing after it", "over a pause"],
)
def test_stock_runs_down_week_by_week(stock, weekly, weeks):
    assert ahead(stock, weekly) == (weeks, weeks, weeks)


@pytest.mark.parametrize("stock", [7.0, 70.0, 364.0, 3640.0])
def test_at_a_constant_pace_forward_cover_is_the_exact_simple_formula(stock):
    assert ahead(stock, [7.0] * 52)[0] == pytest.approx(weeks_of_coverage(stock, 30, weeks=30 / 7))


def test_the_ends_of_the_range_are_the_fast_and_the_slow_pace():
    assert ahead(40, [10] * 20, [20] * 20, [5] * 20) == (4, 2, 8)


def test_paces_that_cross_still_give_a_range_around_the_middle():
    assert ahead(40, [10] * 20, [5] * 20, [20] * 20) == (4, 4, 4)


@pytest.mark.parametrize(
    ("arrives", "weeks"), [(0, 4.5), (1, 4.5), (2, 4.5), (3, 2.5)], ids=["now", "in time", "at the last", "too late"]
)
def test_inbound_units_count_if_they_arrive_before_the_stock_is_gone(arrives, weeks):
    inbound = np.zeros((1, 8))
    inbound[0, arrives] = 20
    assert ahead(25, [10] * 8, inbound=inbound)[0] == weeks


def test_inbound_units_beyond_the_last_week_of_demand_last_on():
    assert ahead(25, [10] * 4, inbound=np.array([[0, 0, 55, 0]]))[0] == 8


def test_beyond_the_last_week_the_pace_is_that_of_the_last_quarter():
    """230 units sell in the 14 weeks, the last 13 of them 10 a week; 20 units are left."""
    assert ahead(250, [100, *[10] * 13])[0] == 16


@pytest.mark.parametrize("pace", [10, 0])
def test_without_stock_forward_cover_is_zero(pace):
    assert ahead(0, [pace] * 4) == (0, 0, 0)


def test_without_demand_forward_cover_has_no_end():
    assert ahead(10, [0] * 20) == (np.inf, np.inf, np.inf)


def test_demand_that_pauses_goes_on_as_in_the_whole_year():
    """20 of 25 units sell in two weeks of twenty: the rest goes at one a week."""
    assert ahead(25, [10, 10, *[0] * 18])[0] == 25


@pytest.mark.parametrize(("stock", "weekly"), [(np.nan, 10), (10, np.nan)], ids=["stock", "demand"])
def test_forward_cover_of_what_is_unknown_is_missing(stock, weekly):
    assert np.isnan(ahead(stock, [weekly] * 4)).all()


def test_each_asin_runs_down_by_itself():
    many = Demand(*[np.array([[10.0] * 4, [0.0] * 4, [5.0] * 4])] * 3, *[np.ones(3)] * 4)
    assert forward_cover([20, 20, 20], many)[0].tolist() == [2, np.inf, 4]


@given(stock=st.floats(0, 10_000), paces=st.tuples(PACES, PACES, PACES), week=st.integers(0, 19), more=UNITS)
def test_the_middle_lies_in_its_range_and_nothing_is_below_zero(stock, paces, week, more):
    inbound = np.zeros((1, 20))
    inbound[0, week] = more
    middle, low, high = ahead(stock, *paces, inbound=inbound)
    assert 0 <= low <= middle <= high


@given(stock=st.floats(0.01, 10_000), weekly=PACES)
def test_twice_the_stock_never_shortens_forward_cover(stock, weekly):
    assert ahead(2 * stock, weekly)[0] >= ahead(stock, weekly)[0] * (1 - 1e-9)


@given(stock=st.floats(0.01, 10_000), weekly=PACES, week=st.integers(0, 19), more=UNITS)
def test_inbound_units_never_shorten_forward_cover(stock, weekly, week, more):
    inbound = np.zeros((1, 20))
    inbound[0, week] = more
    assert ahead(stock, weekly, inbound=inbound)[0] >= ahead(stock, weekly)[0] * (1 - 1e-9)


@given(stock=st.floats(0.01, 10_000), weekly=st.lists(st.floats(0.1, 1000), min_size=20, max_size=20))
def test_what_sells_within_forward_cover_is_the_stock(stock, weekly):
    weeks = ahead(stock, weekly)[0]
    whole = min(int(weeks), 20)
    pace = weekly[whole] if whole < 20 else np.mean(weekly[-13:])
    assert sum(weekly[:whole]) + (weeks - whole) * pace == pytest.approx(stock)


def test_the_stock_ahead_begins_now_and_ends_at_none():
    assert stock_ahead(25, [10, 5, 20, 10]).tolist() == [25, 15, 10, 0, 0]


def test_the_stock_ahead_without_demand_stays():
    assert stock_ahead(25, [0, 0]).tolist() == [25, 25, 25]


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([5, 5, 5, 5], 0),
        ([0, 0, 0, 8], 2),
        ([10, np.nan, 10, 10, np.nan, 10], 0),
        ([np.nan, 0, 0, np.nan, 0, 8], 2),
        ([1, 2, 3], np.nan),
        ([1, 2, 3, np.nan], np.nan),
        ([0, 0, 0, 0], np.nan),
        ([1000, *[5] * 26], 0),
    ],
    ids=["steady", "one week", "gaps", "a week and gaps", "three weeks", "three known", "no sale", "long ago"],
)
def test_scatter_is_the_deviation_of_the_last_known_weeks_over_their_mean(history, found):
    assert scatter([history]).tolist() == pytest.approx([found], nan_ok=True)


def test_scatter_looks_back_as_far_as_it_is_asked_to():
    assert scatter([[9, 5, 5, 5, 5]], weeks=4).tolist() == [0]


@pytest.mark.parametrize(
    ("swing", "mean", "volatile"),
    [
        (0.5, np.inf, True),
        (0.49, np.inf, False),
        (0.6, 10, True),
        (0.6, 9, False),
        (5, 0, False),
        (np.nan, 100, False),
        (0.9, np.nan, False),
    ],
    ids=["half", "under half", "beyond counting", "by counting", "no sale", "unknown swing", "unknown mean"],
)
def test_volatile_is_a_swing_of_half_beyond_the_counting_of_single_units(swing, mean, volatile):
    assert is_volatile(swing, mean) is volatile


@pytest.mark.parametrize(
    ("lead", "inbound", "weeks"),
    [(56, 0, 9), (56, 2, 7), (56, np.nan, 9), (7, 0, 3), (14, 0, 3), (21, 0, 4), (56, 20, 3), (np.nan, 0, 3)],
    ids=["eight weeks", "two are coming", "unknown inbound", "short", "just three", "four", "enough", "unknown"],
)
def test_the_low_cut_off_is_the_lead_time_and_a_review_less_what_is_coming(lead, inbound, weeks):
    assert low_cut(3, lead, review_days=7, scatter=0, service_level=0.9, inbound_weeks=inbound) == weeks


@pytest.mark.parametrize(("level", "safety"), [(0.5, 0), (0.9, 1.2816), (0.99, 2.3263)])
def test_what_scatters_gets_safety_stock_for_the_service_level(level, safety):
    """Nine weeks, a scatter of a third: their deviation is 1/3 x sqrt(9), one week."""
    assert low_cut(3, 56, 7, 1 / 3, level) == pytest.approx(9 + safety, abs=5e-4)


def test_an_unknown_scatter_gets_no_safety_stock():
    assert low_cut(3, 56, 7, np.nan, 0.9) == 9


@given(lead=st.floats(0, 1000), swing=st.floats(0, 3), coming=st.floats(0, 500), level=st.floats(0.5, 0.999))
def test_the_low_cut_off_is_never_below_the_usual_one_and_never_raised_by_what_is_coming(lead, swing, coming, level):
    alone = low_cut(3, lead, 7, swing, level)
    assert 3 <= low_cut(3, lead, 7, swing, level, coming) <= alone

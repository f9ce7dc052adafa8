import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.cover import excess_units, is_peak, is_slump, weeks_in_period, weeks_of_coverage

UNITS = st.integers(0, 1_000_000)


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

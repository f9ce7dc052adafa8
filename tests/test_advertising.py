import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.formulas.advertising import (
    acos,
    ad_share,
    break_even_roas,
    clicks_a_week,
    conversion_rate,
    cost_per_click,
    is_settled,
    ratio,
    roas,
    tacos,
    unit_proceeds,
)
from wockit.formulas.evidence import conversion_interval, high_roas_probability, order_value_scatter, roas_interval

NAN = np.nan
MEASURES = [ratio, roas, acos, tacos, conversion_rate, cost_per_click]


@pytest.mark.parametrize(
    ("measure", "first", "second", "expected"),
    [
        (roas, 300, 100, 3.0),
        (acos, 400, 100, 0.25),
        (tacos, 100, 1000, 0.1),
        (conversion_rate, 20, 400, 0.05),
        (cost_per_click, 800, 400, 2.0),
    ],
)
def test_each_measure_of_round_sums(measure, first, second, expected):
    assert measure(first, second) == expected


def test_a_measure_of_two_asins_is_of_their_sums_and_not_the_mean_of_their_ratios():
    orders, clicks = np.array([5, 40]), np.array([10, 890])
    assert conversion_rate(orders.sum(), clicks.sum()) == 0.05
    assert conversion_rate(orders, clicks).mean() > 0.25


@pytest.mark.parametrize(
    ("clicks", "units", "expected"),
    [
        ([90, 70, 70, 70, 70], [9, 7, 7, 7, 7], 70),  # four weeks tell what is now
        ([70, 70, 70, 0, 0, 70], [7, 7, 7, 0, 0, 7], 70),  # no stock: neither sale nor click
        ([70, 70, 70, 0, 0, 70], [7, 7, 7, NAN, NAN, 7], 70),  # no stock, as the inventory report tells
        ([70, 70, 70, 0, 0], [7, 7, 7, 7, 7], 35),  # paused: it went on selling
        ([70, 70, 70, 0, 0, 0, 0], [7, 7, 7, 7, 7, 7, 7], 0),
        ([4, 0, 0, 4, 0], [0, 0, 0, 0, 0], 1),  # so few that none comes by chance
        ([NAN, NAN, 60, 80, NAN], [7, 7, 7, 7, 7], 70),  # the report has two whole weeks
        ([NAN, NAN], [7, 7], NAN),
    ],
)
def test_clicks_are_those_of_the_last_four_weeks_on_sale(clicks, units, expected):
    found = clicks_a_week(np.array([clicks], dtype=float), np.array([units], dtype=float))
    assert found == pytest.approx([expected], nan_ok=True)


def test_roas_without_spend_is_missing():
    assert np.isnan(roas(0, 0))


def test_roas_of_spend_without_sales_is_zero():
    assert roas(0, 100) == 0.0


def test_acos_without_ad_sales_is_missing():
    assert np.isnan(acos(0, 100))


def test_tacos_without_sales_is_missing():
    assert np.isnan(tacos(100, 0))


def test_conversion_without_clicks_is_missing():
    assert np.isnan(conversion_rate(0, 0))


def test_conversion_of_clicks_without_orders_is_zero():
    assert conversion_rate(0, 50) == 0.0


def test_cost_per_click_without_clicks_is_missing():
    assert np.isnan(cost_per_click(0, 0))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("first", "second"), [(np.nan, 1), (1, np.nan)])
def test_what_is_missing_stays_missing(measure, first, second):
    assert np.isnan(measure(first, second))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_series_keeps_its_index(measure):
    found = measure(pd.Series([6.0, 0.0], index=["A", "B"]), pd.Series([3.0, 0.0], index=["A", "B"]))
    assert found.index.tolist() == ["A", "B"]


@given(sales=st.floats(0.01, 1e6), spend=st.floats(0.01, 1e6))
def test_acos_is_the_inverse_of_roas(sales, spend):
    assert acos(sales, spend) * roas(sales, spend) == pytest.approx(1.0)


def test_ad_share_over_equal_days_is_a_share_of_units():
    assert ad_share(20, 30, 50, 30) == 0.4


def test_ad_share_of_different_periods_is_a_share_of_the_pace():
    assert ad_share(10, 10, 60, 30) == 0.5


def test_ad_share_is_never_more_than_all():
    assert ad_share(80, 30, 50, 30) == 1.0


@pytest.mark.parametrize("units_sold", [0, np.nan])
def test_ad_share_without_sales_is_missing(units_sold):
    assert np.isnan(ad_share(20, 30, units_sold, 30))


def test_a_unit_brings_its_price_less_referral_and_fulfilment():
    assert unit_proceeds(100, 0.15, 5) == 80.0


def test_a_unit_that_brings_half_its_price_breaks_even_at_two():
    assert break_even_roas(50, 25) == 2.0


@pytest.mark.parametrize("unit_margin", [0, -1])
def test_break_even_is_out_of_reach_where_a_unit_earns_nothing(unit_margin):
    assert break_even_roas(50, unit_margin) == np.inf


def test_break_even_of_an_unknown_margin_is_missing():
    assert np.isnan(break_even_roas(50, np.nan))


@pytest.mark.parametrize(
    ("orders", "clicks", "low", "high"),
    [
        (5, 100, 2.2, 11.2),
        (10, 200, 2.7, 9.0),
        (25, 500, 3.4, 7.3),
        (50, 1000, 3.8, 6.5),
        (100, 2000, 4.1, 6.0),
        (250, 5000, 4.4, 5.6),
    ],
)
def test_the_same_five_percent_grow_surer_with_clicks(orders, clicks, low, high):
    found = conversion_interval(orders, clicks, 0.95)
    assert [round(100 * end, 1) for end in found] == [low, high]


def test_the_interval_without_clicks_is_missing():
    assert np.isnan(conversion_interval(0, 0, 0.95)).all()


def test_the_interval_without_orders_begins_at_zero():
    low, high = conversion_interval(0, 100, 0.95)
    assert low == 0.0
    assert 0.03 < high < 0.04


def test_more_orders_than_clicks_count_as_an_order_a_click():
    assert conversion_interval(150, 100, 0.95) == conversion_interval(100, 100, 0.95)


@given(orders=st.integers(0, 5000), clicks=st.integers(1, 5000), probability=st.floats(0.01, 0.998))
def test_the_interval_holds_the_rate_and_stays_between_none_and_all(orders, clicks, probability):
    low, high = conversion_interval(orders, clicks, probability)
    rate = min(orders / clicks, 1)
    assert -1e-12 <= low <= rate + 1e-9
    assert rate - 1e-9 <= high <= 1 + 1e-12


def test_the_range_of_roas_is_the_range_of_conversion_in_money():
    low, high = roas_interval(20, 400, order_value=50, cost_per_click=2, probability=0.95)
    rate_low, rate_high = conversion_interval(20, 400, 0.95)
    assert (low, high) == pytest.approx((rate_low * 25, rate_high * 25))


def test_the_range_of_roas_is_missing_where_a_click_costs_nothing():
    assert np.isnan(roas_interval(20, 400, order_value=50, cost_per_click=0, probability=0.95)).all()


@pytest.mark.parametrize(
    ("day", "attribution_days", "settled"),
    [
        ("2026-11-15", 7, True),
        ("2026-11-16", 7, False),
        ("2026-11-23", 7, False),
        ("2026-11-08", 14, True),
        ("2026-11-09", 14, False),
    ],
)
def test_a_day_is_settled_once_its_window_closed_before_the_download(day, attribution_days, settled):
    days = np.array([day], dtype="datetime64[D]")
    assert is_settled(days, np.datetime64("2026-11-23"), attribution_days).tolist() == [settled]


def above_three(orders, clicks, value=60, scatter=0.0, cut=3):
    """How probable a true ROAS of 3 or more is, at 1 a click: an order of 60 needs a conversion rate of 5 %."""
    return high_roas_probability(orders, clicks, value, 1, cut, scatter)


def test_at_the_cut_either_side_is_as_probable():
    assert above_three(500, 10_000) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("clicks", [100, 1000, 10_000])
def test_few_clicks_tell_less_than_many(clicks):
    """6 % where 5 % is needed, then 4 %: ten times the clicks make either surer."""
    high, low = (above_three(share * clicks, clicks) for share in (0.06, 0.04))
    assert 0.5 < high < above_three(0.6 * clicks, 10 * clicks)
    assert 0.5 > low > above_three(0.4 * clicks, 10 * clicks)


@given(orders=st.integers(10, 999))
def test_one_more_order_never_makes_a_high_roas_less_probable(orders):
    assert 0 <= above_three(orders, 1000) <= above_three(orders + 1, 1000) <= 1


def test_orders_whose_values_differ_make_it_less_sure():
    assert above_three(60, 1000) > above_three(60, 1000, scatter=1.0) > above_three(60, 1000, scatter=3.0) > 0.5


def test_no_order_after_many_clicks_is_a_low_roas():
    assert above_three(0, 1000) < 0.01


def test_more_orders_than_clicks_tell_as_much_as_an_order_a_click():
    assert above_three(15, 10, value=3) == above_three(10, 10, value=3)


@pytest.mark.parametrize(
    "numbers",
    [(0, 0), (5, np.nan), (5, 100, np.nan), (5, 100, 60, 0.0, np.nan)],
    ids=["no clicks", "unknown clicks", "no order value", "no cut"],
)
def test_without_clicks_order_value_or_cut_nothing_is_said_of_a_high_roas(numbers):
    assert np.isnan(above_three(*numbers))


def test_each_asin_has_its_own_probability_of_a_high_roas():
    orders = pd.Series([0.0, 50.0, 500.0], index=["A", "B", "C"])
    assert above_three(orders, 1000).round(1).to_dict() == {"A": 0.0, "B": 0.5, "C": 1.0}


@pytest.mark.parametrize(
    ("asins", "sales", "orders", "found"),
    [
        ("AA", [10, 30], [1, 1], 0.5**0.5),
        ("AA", [40, 120], [4, 4], 2**0.5),
        ("AA", [20, 60], [1, 3], 0),
        ("AABB", [10, 30, 5, 5], [1, 1, 1, 1], 0.5),
        ("AB", [10, 30], [1, 1], 0),
        ("AAA", [10, 30, 0], [1, 1, 0], 0.5**0.5),
        ("", [], [], 0),
    ],
    ids=["two days", "four orders a day", "equal orders", "pooled", "one day each", "a day without orders", "none"],
)
def test_order_values_scatter_around_each_asin_s_own_mean(asins, sales, orders, found):
    """Orders of 10 and 30 around 20 lie half of it away; where days of four orders swing so, single orders do twice."""
    assert order_value_scatter(list(asins), sales, orders) == pytest.approx(found)


@given(scale=st.floats(0.01, 100))
def test_another_currency_scatters_order_values_no_more(scale):
    assert order_value_scatter(["A"] * 3, [10 * scale, 20 * scale, 60 * scale], [1, 2, 1]) == pytest.approx(
        order_value_scatter(["A"] * 3, [10, 20, 60], [1, 2, 1])
    )


@pytest.mark.parametrize("clicks", [50, 300, 1000])
def test_a_range_of_roas_holds_as_many_truths_as_it_says(clicks):
    """Rates, drift and order values are drawn; six in ten true ROAS lie inside, give or take four in a hundred."""
    random = np.random.default_rng(3)
    rate, moved = random.beta(3, 40, 4000), np.exp(random.normal(0, 0.15, 4000))
    orders = random.binomial(clicks, rate)
    value = 25 * np.where(orders > 0, random.gamma(np.maximum(orders, 1) / 0.36, 0.36 / np.maximum(orders, 1)), 1.0)
    low, high = roas_interval(orders, clicks, value, 1.0, 0.6, order_value_scatter=0.6, drift=0.15)
    truth = 25 * rate * moved
    assert 0.56 < ((truth >= low) & (truth <= high)).mean() < 0.64

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.formulas.advertising import break_even_roas, unit_proceeds
from wockit.formulas.budget import (
    ad_units_needed,
    already_spent,
    budget_by_cover,
    budget_lower,
    budget_upper,
    clearance_budget,
    clicks_needed,
    cost_per_order,
    order_gain,
)
from wockit.formulas.evidence import (
    DRIFT,
    clicks_at,
    clicks_for_a_verdict,
    conversion_evidence,
    conversion_interval,
    pays_probability,
    rate_spread,
)
from wockit.notes import SettingsError

UNITS = st.integers(0, 100_000)
RATE = st.floats(0.001, 1)
COST = st.floats(0, 100)
SHARE = st.floats(0, 1)
DAYS = st.integers(1, 730)
CASE = st.fixed_dictionaries(
    {"units": UNITS, "conversion_rate": RATE, "cost_per_click": COST, "ad_share": SHARE, "units_sold": UNITS}
)
ARTICLE = {"units": 100, "conversion_rate": 0.05, "cost_per_click": 2, "ad_share": 0.4}


def test_the_article_needs_two_thousand_clicks():
    assert clicks_needed(100, 0.05) == 2000


def test_the_article_s_upper_bound():
    assert budget_upper(2000, 2) == 4000


def test_the_article_s_lower_bound():
    assert budget_lower(4000, 0.4) == 1600


MONTHS = [
    (0, 0, 4000),
    (25, 15, 3400),
    (50, 30, 2800),
    (200 / 3, 40, 2400),
    (75, 45, 2200),
    (100, 60, 1600),
]


@pytest.mark.parametrize(("sold", "organic", "corrected"), MONTHS)
def test_organic_sales_are_a_share_of_what_sells_now(sold, organic, corrected):
    assert 100 - ad_units_needed(100, 0.4, sold, 30, 30) == pytest.approx(organic)


@pytest.mark.parametrize(("sold", "organic", "corrected"), MONTHS)
def test_the_corrected_budget_pays_for_what_organic_sales_leave(sold, organic, corrected):
    assert clearance_budget(**ARTICLE, units_sold=sold).corrected == pytest.approx(corrected)


@pytest.mark.parametrize(
    ("sold", "spent", "extra"),
    [(0, 0, 4000), (25, 400, 3000), (50, 800, 2000), (200 / 3, 1067, 1333), (75, 1200, 1000), (100, 1600, 0)],
)
def test_what_is_spent_anyway_is_no_extra(sold, spent, extra):
    assert already_spent(0.4, sold, 30, 30, cost_per_order=40) == pytest.approx(spent, abs=0.5)
    assert clearance_budget(**ARTICLE, units_sold=sold).extra == pytest.approx(extra, abs=0.5)


def test_where_nothing_sells_advertising_must_sell_every_unit():
    found = clearance_budget(**{**ARTICLE, "ad_share": np.nan}, units_sold=0)
    assert (found.ad_units_needed, found.corrected, found.extra) == (100, 4000, 4000)


@pytest.mark.parametrize(("sold", "organic", "corrected"), MONTHS)
def test_the_corrected_budget_of_a_month_can_be_read_off_the_cover(sold, organic, corrected):
    weeks = 400 / sold if sold else np.inf
    assert budget_by_cover(weeks, 0.4, 4000) == pytest.approx(corrected)


@given(sold=st.integers(1, 100_000), share=SHARE, units=st.integers(1, 100_000))
def test_both_ways_to_the_corrected_budget_agree(sold, share, units):
    found = clearance_budget(units=units, conversion_rate=0.05, cost_per_click=2, ad_share=share, units_sold=sold)
    by_cover = budget_by_cover(units / sold * 4, share, found.upper)
    assert by_cover == pytest.approx(found.corrected, rel=1e-6, abs=1e-6 * found.upper)


PRICES = [
    (30, 19.50, -20.50, 1.54),
    (40, 28.00, -12.00, 1.43),
    (50, 36.50, -3.50, 1.37),
    (55, 40.75, 0.75, 1.35),
    (60, 45.00, 5.00, 1.33),
    (80, 62.00, 22.00, 1.29),
]


@pytest.mark.parametrize(("price", "proceeds", "gain", "break_even"), PRICES)
def test_what_a_unit_brings_at_a_price(price, proceeds, gain, break_even):
    assert unit_proceeds(price, 0.15, 6) == pytest.approx(proceeds)


@pytest.mark.parametrize(("price", "proceeds", "gain", "break_even"), PRICES)
def test_what_an_order_that_cost_forty_leaves(price, proceeds, gain, break_even):
    assert order_gain(proceeds, 1, 40) == pytest.approx(gain)


@pytest.mark.parametrize(("price", "proceeds", "gain", "break_even"), PRICES)
def test_the_roas_at_which_clearing_earns_nothing(price, proceeds, gain, break_even):
    assert round(break_even_roas(price, proceeds), 2) == break_even


def test_an_order_costs_a_click_s_price_for_each_click_it_takes():
    assert cost_per_order(2, 0.05) == 40


def test_an_order_costs_without_end_where_clicks_bring_none():
    assert cost_per_order(2, 0) == np.inf


def test_an_order_of_two_units_leaves_twice_the_proceeds():
    assert order_gain(20, 2, 30) == 10


def test_more_units_an_order_need_fewer_clicks():
    found = clearance_budget(**ARTICLE, units_sold=50, units_per_order=1.2)
    assert (round(found.upper), round(found.lower)) == (3333, 1333)


def test_clicks_a_day_spread_over_the_days_to_clear():
    assert clearance_budget(**ARTICLE, units_sold=50, clear_days=20).clicks_a_day == 100


def test_twice_the_time_lets_organic_sales_do_twice_as_much():
    assert clearance_budget(**ARTICLE, units_sold=50, clear_days=60).ad_units_needed == pytest.approx(40)


def test_a_longer_sales_period_means_a_slower_pace():
    assert clearance_budget(**ARTICLE, units_sold=50, sales_days=60).ad_units_needed == pytest.approx(85)


def test_no_conversion_needs_clicks_without_end():
    assert clicks_needed(100, 0) == np.inf


@pytest.mark.parametrize("rate", [0.05, 0, np.nan])
def test_nothing_to_clear_needs_no_click(rate):
    assert clicks_needed(0, rate) == 0


def test_units_that_organic_sales_clear_cost_nothing_even_without_conversion():
    found = clearance_budget(units=10, conversion_rate=0, cost_per_click=2, ad_share=0, units_sold=50)
    assert found.corrected == 0


@pytest.mark.parametrize(("units", "rate"), [(100, np.nan), (np.nan, 0.05)])
def test_clicks_for_unknown_units_or_conversion_are_missing(units, rate):
    assert np.isnan(clicks_needed(units, rate))


@pytest.mark.parametrize("name", ["units", "conversion_rate", "cost_per_click", "ad_share", "units_sold"])
def test_a_missing_value_leaves_the_corrected_budget_missing(name):
    values = {**ARTICLE, "units_sold": 50, name: np.nan}
    assert np.isnan(clearance_budget(**values).corrected)


def test_a_series_keeps_its_index():
    found = clicks_needed(pd.Series([100, 0], index=["A", "B"]), 0.05)
    pd.testing.assert_series_equal(found, pd.Series([2000.0, 0.0], index=["A", "B"]))


def test_a_share_of_nothing_of_a_budget_without_end_is_missing():
    assert np.isnan(budget_lower(np.inf, 0))


@given(case=CASE)
def test_the_lower_bound_is_never_above_the_upper(case):
    found = clearance_budget(**case)
    assert 0 <= found.lower <= found.upper


@given(case=CASE, clear_days=DAYS, sales_days=DAYS)
def test_the_corrected_budget_lies_between_nothing_and_the_upper_bound(case, clear_days, sales_days):
    found = clearance_budget(**case, clear_days=clear_days, sales_days=sales_days)
    assert 0 <= found.corrected <= found.upper


@given(case=CASE, days=DAYS, more=DAYS)
def test_more_time_never_costs_more(case, days, more):
    short, long = (clearance_budget(**case, clear_days=d).corrected for d in (days, days + more))
    assert long <= short


@settings(max_examples=30)
@given(cases=st.lists(CASE, min_size=2, max_size=6))
def test_each_row_is_reckoned_by_itself_in_any_order(cases):
    table = pd.DataFrame(cases)
    forward, backward = (clearance_budget(**frame).corrected for frame in (table, table.iloc[::-1]))
    pd.testing.assert_series_equal(forward, backward.sort_index())


@pytest.mark.parametrize(
    ("changes", "upper", "lower"),
    [
        ({}, 4000, 1600),
        ({"units_per_order": 1.2}, 3333, 1333),
        ({"conversion_rate": 0.05 * 0.75}, 5333, 2133),
        ({"conversion_rate": 0.05 * 0.6}, 6667, 2667),
        ({"units": 100 / 0.9}, 4444, 1778),
    ],
)
def test_what_units_halo_and_returns_do_to_the_bounds(changes, upper, lower):
    example = {"units": 100, "conversion_rate": 0.05, "cost_per_click": 2, "ad_share": 0.4, "units_sold": 50}
    found = clearance_budget(**{**example, **changes})
    assert [round(float(found.upper)), round(float(found.lower))] == [upper, lower]


EXAMPLE = {"units": 100, "conversion_rate": 0.05, "cost_per_click": 2, "ad_share": 0.4, "units_sold": 0}


@pytest.mark.parametrize(
    ("changes", "corrected"),
    [
        ({"own_conversion_rate": 0.0375}, 5333),
        ({"return_rate": 0.1}, 4444),
        ({"lift": 0.25}, 3200),
        ({"dearer_clicks": 1.5}, 6000),
        ({"units_sold": 50, "dearer_clicks": 1.5}, 800 + 2000 * 1.5),
    ],
)
def test_what_is_added_moves_the_corrected_budget_and_never_the_bounds(changes, corrected):
    found = clearance_budget(**{**EXAMPLE, **changes})
    assert float(found.corrected) == pytest.approx(corrected, abs=0.5)
    assert (found.clicks, found.upper, found.lower) == (2000, 4000, 1600)


def test_a_lift_of_three_quarters_brings_a_slow_product_to_the_lower_bound():
    found = clearance_budget(**{**EXAMPLE, "units_sold": 50, "lift": 0.75})
    assert float(found.corrected) == pytest.approx(1600)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conversion_rate": 5}, r"conversion_rate: expected 0 to 1, found 5. For 5% write 0.05."),
        ({"units": -1}, "units: expected 0 or more, found -1"),
        ({"cost_per_click": -2}, "cost_per_click"),
        ({"clear_days": 0}, "clear_days: expected 1 or more, found 0"),
        ({"ad_share": [0.2, 40]}, "For 40% write 0.4"),
        ({"return_rate": 1.0}, "return_rate"),
        ({"dearer_clicks": 0.5}, "dearer_clicks"),
    ],
)
def test_what_cannot_be_is_refused(changes, said):
    with pytest.raises(SettingsError, match=said):
        clearance_budget(**{**EXAMPLE, **changes})


def test_a_missing_value_stays_missing():
    found = clearance_budget(**{**EXAMPLE, "conversion_rate": [0.05, np.nan]})
    assert np.isnan(found.upper[1]) and found.upper[0] == 4000


@pytest.mark.parametrize(("chance", "clicks"), [(0.8, 2162), (0.9, 2254), (0.95, 2331)])
def test_a_known_rate_still_needs_more_clicks_than_the_mean(chance, clicks):
    found = clicks_at(100, 1, hits=0.05e9, misses=0.95e9, probability=chance)
    assert found == pytest.approx(clicks, rel=0.02)


def test_three_over_the_break_even_rate_is_a_verdict():
    assert clicks_for_a_verdict(40, 1, 2) == 60


def test_an_asin_with_few_clicks_is_drawn_to_the_account_and_one_with_many_is_not():
    clicks = np.array([20.0, 5000.0] + [400.0] * 30)
    orders = np.array([4.0, 1000.0] + [20.0, 40.0] * 15)
    hits, misses = conversion_evidence(orders, clicks)
    rate = hits / (hits + misses)
    assert 0.08 < rate[0] < 0.18
    assert rate[1] == pytest.approx(0.2, rel=0.01)


def test_a_single_asin_borrows_nothing():
    hits, misses = conversion_evidence([5.0], [100.0])
    assert (hits[0], misses[0]) == (5.5, 95.5)


def test_order_of_asins_does_not_matter():
    orders, clicks = np.array([1.0, 9.0, 30.0]), np.array([50.0, 200.0, 300.0])
    hits, misses = conversion_evidence(orders, clicks)
    turned = conversion_evidence(orders[::-1], clicks[::-1])
    assert hits == pytest.approx(turned[0][::-1]) and misses == pytest.approx(turned[1][::-1])


@pytest.mark.parametrize("asins", [20, 300])
@pytest.mark.parametrize(("clicks", "units"), [(50, 100), (200, 50), (5000, 400)])
def test_the_budget_at_eighty_percent_clears_in_eighty_percent_of_cases(asins, clicks, units):
    random = np.random.default_rng(clicks + asins)
    cleared = []
    for _ in range(6000 // asins):
        true = random.beta(3, 57, asins)
        hits, misses = conversion_evidence(random.binomial(clicks, true), np.full(asins, clicks))
        needed = np.ceil(clicks_at(np.full(asins, units), 1.0, hits, misses, 0.8)).astype(int)
        cleared += list(random.binomial(needed, true) >= units)
    assert 0.76 <= np.mean(cleared) <= 0.84


def test_where_the_rate_drifts_the_budget_allows_for_it():
    """5,000 clicks tell the rate to within 6 %, but by next month it has moved by 15 %."""
    random = np.random.default_rng(11)
    true = random.beta(3, 57, 6000)
    hits, misses = conversion_evidence(random.binomial(5000, true), np.full(6000, 5000))
    later = np.minimum(true * np.exp(random.normal(0, DRIFT, 6000)), 1.0)
    cleared = [
        np.mean(
            random.binomial(np.ceil(clicks_at(np.full(6000, 400), 1.0, hits, misses, 0.8, drift)).astype(int), later)
            >= 400
        )
        for drift in (0.0, DRIFT)
    ]
    assert cleared[0] < 0.7
    assert 0.76 <= cleared[1] <= 0.84


@given(orders=st.integers(0, 40), clicks=st.integers(40, 4000), others=st.integers(0, 200))
def test_what_is_expected_of_an_asin_lies_within_its_range(orders, clicks, others):
    """Its own rate and the account's, however far apart, give one budget inside one range."""
    hits, misses = (each[0] for each in conversion_evidence([orders, others, 90], [clicks, 2000, 1000]))
    expected = 100 * (hits + misses) / hits
    low, high = (clicks_at(100, 1.0, hits, misses, chance, DRIFT) for chance in (0.2, 0.8))
    assert low <= expected <= high


def test_a_click_pays_the_more_surely_the_less_it_costs_and_the_more_is_known():
    few, many = rate_spread(5, 95, DRIFT), rate_spread(500, 9500, DRIFT)
    assert pays_probability(1.0, 1.0, few) == 0.5
    assert 0.5 < pays_probability(1.5, 1.0, few) < pays_probability(1.5, 1.0, many) < 1
    assert pays_probability(0.0, 1.0, few) == 0
    assert np.isnan(pays_probability(np.nan, 1.0, few))


def test_the_budget_of_the_shrunk_rate_errs_far_less_than_the_raw_one_at_fifty_clicks():
    """ASINs whose true rate is 5 %, in an account whose rates scatter around it."""
    random = np.random.default_rng(5)
    true = np.concatenate([np.full(300, 0.05), random.beta(5, 95, 300)])
    orders = random.binomial(50, true)
    hits, misses = conversion_evidence(orders, np.full(600, 50))
    with np.errstate(divide="ignore"):
        raw = np.abs(np.log(orders / 50 / true))[:300]
    shrunk = np.abs(np.log(hits / (hits + misses) / true))[:300]
    assert np.median(shrunk) <= 0.7 * np.median(raw)


@pytest.mark.parametrize("dearer", [1.0, 1.5])
def test_without_conversion_no_budget_is_enough(dearer):
    found = clearance_budget(**{**EXAMPLE, "units_sold": 50, "conversion_rate": 0, "dearer_clicks": dearer})
    assert (found.corrected, found.extra) == (np.inf, np.inf)


@pytest.mark.parametrize(
    ("orders", "clicks", "low", "high"),
    [(5, 100, 1790, 9283), (10, 200, 2233, 7304), (25, 500, 2748, 5866), (50, 1000, 3062, 5245),
     (100, 2000, 3309, 4845), (250, 5000, 3546, 4515)],
)  # fmt: skip
def test_how_sure_five_percent_is(orders, clicks, low, high):
    ends = conversion_interval(orders, clicks, 0.95)
    assert [round(100 / float(rate) * 2) for rate in reversed(ends)] == [low, high]


@pytest.mark.parametrize(("orders", "clicks", "budget"), [(10, 200, 6080), (50, 1000, 4960), (100, 2000, 4750)])
def test_the_budget_that_suffices_in_nine_of_ten_cases(orders, clicks, budget):
    found = clicks_at(100, 1, orders + 0.5, clicks - orders + 0.5, 0.9) * 2
    assert found == pytest.approx(budget, rel=0.01)

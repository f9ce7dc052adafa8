"""What pauses of ads and price changes tell, with numbers that can be checked in the head."""

import numpy as np
import pandas as pd
import pytest

from wockit.analysis import analyse
from wockit.analysis.prospects import ELASTICITIES, INCREMENTAL, cases_of
from wockit.formulas.learning import (
    Estimate,
    dearer_from_bids,
    drift_from_months,
    elasticity_from_prices,
    narrowed,
    share_from_pauses,
)
from wockit.reading.lessons import Lessons, lessons_of
from wockit.reading.sales_record import Past
from wockit.settings import Settings

ENDS = pd.date_range(end="2026-11-22", periods=6, freq="7D")
ON, OFF = [10.0] * 6, [10.0, 10.0, 10.0, 0.0, 0.0, 10.0]
CLICKS = [100.0, 100.0, 100.0, 0.0, 0.0, 100.0]


def rows(*weeks):
    return np.array(weeks, dtype=float)


def past(units, prices=None):
    index = pd.Index(["A"], name="asin", dtype="str")
    weeks = pd.DataFrame([units], index=index, columns=ENDS, dtype=float)
    listed = weeks * np.nan if prices is None else pd.DataFrame([prices], index=index, columns=ENDS, dtype=float)
    none = pd.Series(0.0, index=index)
    return Past(weeks=weeks, source=none.astype(str), events=none.astype(bool), stock_outs=none, prices=listed)


def ads(clicks, orders, cost=(1.0,) * 6):
    """A report by day: a seventh of each week's clicks and orders, each click at its week's cost."""
    days = [day for end in ENDS for day in pd.date_range(end=end, periods=7)]
    table = pd.DataFrame({"asin": "A", "date": days, "ad_clicks": np.repeat(clicks, 7) / 7.0})
    table["ad_spend"] = table["ad_clicks"] * np.repeat(cost, 7)
    units = np.repeat(orders, 7) / 7.0
    table = table.assign(first_day=table["date"], ad_units=np.nan, ad_units_same_sku=units, ad_orders=units)
    return table[table["ad_clicks"].gt(0)]  # the console lists no day without impressions


def test_what_is_missing_while_ads_are_paused_are_the_orders_that_need_them():
    lesson = share_from_pauses(rows([30, 30, 30, 26, 26, 30]), rows(OFF), rows(CLICKS))
    assert lesson.value == pytest.approx(0.4)
    assert lesson.count == 1
    assert 0.1 < lesson.error < 1


@pytest.mark.parametrize(
    ("units", "ad_units", "clicks"),
    [
        ([30, 30, 30, 0, 0, 30], OFF, CLICKS),  # no sale at all: perhaps no stock
        ([30, 30, 30, np.nan, np.nan, 30], OFF, CLICKS),
        ([30] * 6, ON, [100, 100, 100, 60, 60, 100]),  # fewer clicks, no pause
        ([30, 30, 30, 26, 26, 30], OFF, [4, 4, 4, 0, 0, 4]),
        ([30, 30, 30, 26, 26, 30], [np.nan] * 6, CLICKS),
    ],
)
def test_what_is_no_pause_tells_nothing(units, ad_units, clicks):
    assert share_from_pauses(rows(units), rows(ad_units), rows(clicks)) == Estimate()


def test_more_pauses_are_surer_and_the_surest_counts_most():
    one = share_from_pauses(rows([30, 30, 30, 26, 26, 30]), rows(OFF), rows(CLICKS))
    four = share_from_pauses(*(np.repeat(rows(each), 4, axis=0) for each in ([30, 30, 30, 26, 26, 30], OFF, CLICKS)))
    assert (four.count, four.value) == (4, pytest.approx(0.4))
    assert four.error < one.error
    unsure = rows([30, 30, 30, 26, 26, 30], [10, 50, 30, 28, 28, 10])
    assert abs(share_from_pauses(unsure, rows(OFF, OFF), rows(CLICKS, CLICKS)).value - 0.4) < 0.1


def test_a_new_price_tells_how_sales_answer_it():
    lesson = elasticity_from_prices(rows([10, 10, 10, 40, 40, 40]), rows([20, 20, 20, 10, 10, 10]))
    assert lesson.value == pytest.approx(2.0)
    assert lesson.count == 1


@pytest.mark.parametrize(
    ("units", "prices"),
    [
        ([10, 10, 10, 40, 40, 40], [20.0] * 6),
        ([10, 10, 10, 40, 40, 40], [20, 20, 20, 19.5, 19.5, 19.5]),
        ([10, 10, 10, 0, 0, 0], [20, 20, 20, 10, 10, 10]),
        ([10, 10, 10, 40, 40, 40], [np.nan] * 6),
        ([10, 10, 10, 10, 10, 40], [20, 20, 20, 20, 20, 10]),  # one week is too short
    ],
)
def test_where_no_price_changed_or_nothing_is_known_nothing_is_learnt(units, prices):
    assert elasticity_from_prices(rows(units), rows(prices)) == Estimate()


def test_what_is_assumed_moves_by_how_sure_the_lesson_is():
    assert narrowed(INCREMENTAL, Estimate(), 0.05, 1.0) == INCREMENTAL
    sure = narrowed(INCREMENTAL, Estimate(0.4, 0.001, 5), 0.05, 1.0)
    assert sure == pytest.approx((0.4, 0.4, 0.4), abs=0.01)
    vague = narrowed(INCREMENTAL, Estimate(0.0, 10.0, 1), 0.05, 1.0)
    assert vague == pytest.approx((0.29, 0.64, 0.99), abs=0.05)
    assert narrowed(INCREMENTAL, Estimate(5.0, 0.001, 1), 0.05, 1.0) == (1.0, 1.0, 1.0)


def test_the_weeks_of_an_account_tell_it_and_settings_say_more():
    lessons = lessons_of(past([30, 30, 30, 26, 26, 30], [20.0] * 6), ads(CLICKS, OFF))
    assert lessons.incremental_share.value == pytest.approx(0.4)
    assert lessons.elasticity == Estimate()
    mean = cases_of(Settings(), lessons).half(again=True)
    before = cases_of(Settings(), Lessons()).half(again=True)
    assert mean.incremental_share @ mean.weight < before.incremental_share @ before.weight
    assert np.ptp(mean.incremental_share) < np.ptp(before.incremental_share)
    assert set(mean.elasticity) == set(ELASTICITIES)
    assert set(cases_of(Settings(incremental_share=0.8), lessons).incremental_share) == {0.8}


def test_a_report_that_is_not_by_day_tells_of_no_pause():
    summed = ads(CLICKS, OFF).assign(first_day=pd.Timestamp("2026-10-12"))
    assert lessons_of(past([30, 30, 30, 26, 26, 30]), summed).incremental_share == Estimate()


def test_a_pause_is_told_in_a_note(build, outlook):
    account = build(
        stock={"A": {"units_available": 100.0}}, sales={"A": {"units_ordered": 30.0, "sales": 600.0}}, costs={"A": {}},
        **outlook({"A": 10.0}),
    )  # fmt: skip
    account.__dict__["lessons"] = Lessons(Estimate(0.4, 0.15, 3), Estimate(2.0, 0.5, 2), Estimate(0.2, 0.05, 4))
    said = [str(note) for note in analyse(account, Settings(sales_days=30)).notes]
    assert any("3 pauses of ads suggest that 40% of the advertised orders need the ads" in text for text in said)
    assert any("2 price changes suggest an elasticity of 2.0" in text for text in said)
    assert any("4 bid changes suggest that with 10% more clicks each costs 2.0% more" in text for text in said)


@pytest.mark.parametrize(
    ("clicks", "cost", "dearer"),
    [
        ([100, 100, 400, 400], [1, 1, 2, 2], 0.5),  # 4 times the clicks at twice the cost
        ([400, 400, 100, 100], [2, 2, 1, 1], 0.5),
        ([100, 100, 400, 400], [1, 1, 1.05, 1.05], None),  # the same bids, more buyers
        ([100, 100, 100, 100], [1, 1, 2, 2], None),  # dearer, and no more clicks: others bid more as well
        ([10, 10, 40, 40], [1, 1, 2, 2], None),  # few clicks
    ],
)
def test_higher_bids_tell_how_much_dearer_more_clicks_are(clicks, cost, dearer):
    found = dearer_from_bids(np.array([clicks], dtype=float), np.array([cost], dtype=float))
    assert (found.count, found.value) == ((1, pytest.approx(dearer)) if dearer else (0, 0.0))


def test_the_weeks_of_an_account_tell_how_dear_more_clicks_are_and_a_setting_says_more():
    lessons = lessons_of(past([30] * 6), ads([100] * 3 + [400] * 3, ON, cost=[1] * 3 + [2] * 3))
    assert lessons.dearer.value == pytest.approx(0.5, abs=0.01)
    told = cases_of(Settings(), lessons).half(again=True)
    before = cases_of(Settings(), Lessons()).half(again=True)
    assert told.dearer @ told.weight > before.dearer @ before.weight + 0.05
    assert set(cases_of(Settings(dearer_clicks=3.0), lessons).dearer) == {1.0}


def months(*rates, items=20, orders=50):
    """Orders and clicks of items by week: months of four weeks, each with its conversion rate."""
    by_week = np.repeat(rates, 4)
    return np.full((items, len(by_week)), float(orders)), np.full((items, len(by_week)), orders / by_week)


def test_a_rate_that_stays_drifts_less_than_is_assumed_and_one_that_moves_more():
    assert drift_from_months(*months(0.1), 0.15) == 0.15
    assert drift_from_months(*months(0.1, 0.1), 0.15) == pytest.approx(0.096, abs=0.005)
    assert drift_from_months(*months(0.1, 0.1, 0.1, 0.1), 0.15) < drift_from_months(*months(0.1, 0.1), 0.15)
    assert drift_from_months(*months(0.1, 0.2), 0.15) > 0.4
    assert drift_from_months(*months(0.1, 0.1, orders=1), 0.15) == 0.15  # 4 orders a month tell nothing


def test_the_drift_of_made_up_accounts_is_found():
    """Forty ASINs with 200 orders a month, whose rates move by 30 or by 5 % a month, each by itself."""
    random, found = np.random.default_rng(5), {}
    for drift in (0.3, 0.05):
        rate = 0.1 * np.exp(random.normal(0, drift, (40, 12)).cumsum(axis=1))
        clicks = np.full((40, 48), 500)
        orders = random.binomial(clicks, np.repeat(np.minimum(rate, 1.0), 4, axis=1))
        found[drift] = drift_from_months(orders.astype(float), clicks.astype(float), 0.15)
    assert 0.25 < found[0.3] < 0.35
    assert found[0.05] < 0.08


def test_weeks_before_ads_began_are_no_pause():
    new = [0, 0, 100, 100, 100, 100]
    assert share_from_pauses(rows([5, 9, 30, 30, 30, 30]), rows([0, 0, 10, 10, 10, 10]), rows(new)) == Estimate()


@pytest.mark.parametrize(("lesson", "told"), [
    (Estimate(2.4, 2.1, 1), None),  # it says next to nothing
    (Estimate(1.3, 0.2, 1), "1 pause of ads suggests that 100% of the advertised orders need the ads"),
])  # fmt: skip
def test_a_pause_that_tells_little_is_not_told_and_none_of_more_orders_than_there_are(build, outlook, lesson, told):
    account = build(
        stock={"A": {"units_available": 100.0}}, sales={"A": {"units_ordered": 30.0}}, costs={"A": {}},
        **outlook({"A": 10.0}),
    )  # fmt: skip
    account.__dict__["lessons"] = Lessons(lesson)
    said = [note.text for note in analyse(account, Settings(sales_days=30)).notes if " of ads suggest" in note.text]
    assert [text[: len(told)] for text in said] == [told] if told else not said

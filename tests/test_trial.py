"""Trying out: paths by hand, what several ASINs come to together, and that it is what `analyse` says."""

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.scenario import Scenario

CLEAR, LIQUIDATED, DATED = "B0CLEAR100", "B0P2X4GCYK", "B0H6D1TZKS"
FIVE = [CLEAR, LIQUIDATED, DATED, "B0WOC8CASE", "B0G1S8XVLY"]


@pytest.fixture(scope="module")
def trial(week):
    return week.trial(FIVE)


def by_hand(**path):
    return Scenario(asins={CLEAR: path})


def test_nothing_tried_out_is_the_report(trial, week):
    now, report, carry_on = trial.of(Scenario()).outcomes.values()
    for name in ("spend", "gain", "units_left", "sold_out"):
        assert getattr(now, name) == pytest.approx(getattr(report, name))
    assert now.gain == pytest.approx(week.advice.loc[FIVE, "gain"].sum())
    assert now.units_left == pytest.approx(week.advice.loc[FIVE, "units_left"].sum())
    assert carry_on.gain == 0
    pd.testing.assert_series_equal(now.cash, report.cash)


def test_carrying_on_spends_what_the_ads_cost_now(trial, week):
    four_weeks = 28 * (week.details["ad_spend"] / week.details["ad_days"]).loc[FIVE].sum()
    assert trial.of(Scenario()).outcomes["carry_on"].spend == pytest.approx(four_weeks, rel=0.35)  # with the season


def test_as_today_by_hand_gains_nothing_and_spends_what_carrying_on_spends(week):
    tried = week.try_out(by_hand(ads_level=1.0), [CLEAR])
    now, carry_on = tried.outcomes["now"], tried.outcomes["carry_on"]
    assert now.gain == pytest.approx(0)
    assert now.spend == pytest.approx(carry_on.spend)
    assert tried.advised.table.loc[CLEAR, "do"] == "carry_on"


def test_ads_off_by_hand_cost_nothing_and_leave_more(week):
    tried = week.try_out(by_hand(ads_level=0.0, ads_after=0.0), [CLEAR])
    now, carry_on = tried.outcomes["now"], tried.outcomes["carry_on"]
    assert (now.spend, tried.advised.table.loc[CLEAR, "do"]) == (0, "ads_off")
    assert now.units_left >= carry_on.units_left
    assert now.sold_out >= carry_on.sold_out


def test_a_path_by_hand_is_told_in_words(week):
    path = {"ads_level": 0.0, "price_cut": 0.2, "until_days": 70}
    row = week.try_out(by_hand(**path), [CLEAR]).advised.table.loc[CLEAR]
    assert row["says"] == "Cut the price by 20%. Turn ads off until 2027-02-01, then carry on as today."


def test_units_out_at_once_are_gone_at_once(week):
    units = int(week.details.loc[LIQUIDATED, "units_at_amazon"])
    tried = week.try_out(Scenario(asins={LIQUIDATED: {"units_leaving": units, "ads_level": 0.0}}), [LIQUIDATED])
    assert tried.advised.table.loc[LIQUIDATED, "units_liquidated"] == units
    assert tried.outcomes["now"].sold_out < tried.outcomes["carry_on"].sold_out


def test_no_path_by_hand_gains_more_than_the_advised_one_by_far(week):
    best = week.advice.loc[CLEAR, "gain"]
    levels = [week.try_out(by_hand(ads_level=level), [CLEAR]).outcomes["now"].gain for level in (0.0, 0.5, 1.5, 3.0)]
    assert max(levels) <= 1.05 * best


def test_bought_again_is_an_answer_that_moves_the_advice(week):
    yes, no = (week.try_out(by_hand(bought_again=answer), [CLEAR]) for answer in (1, 0))
    assert [tried.advised.table.loc[CLEAR, "reordered"] for tried in (yes, no)] == [True, False]
    assert yes.outcomes["now"].gain != no.outcomes["now"].gain


@pytest.mark.parametrize(
    "scenario",
    [
        by_hand(ads_level=0.5, price_cut=0.1, until_days=70, ads_after=0.0),
        by_hand(bought_again=1),
        by_hand(units_leaving=40.0, cost_per_click=1.0),
        Scenario(settings={"elasticity": 3.0}),
        Scenario(settings={"incremental_share": 0.9}, asins={DATED: {"price_cut": 0.3}}),
    ],
)
def test_what_is_tried_out_on_five_is_what_the_report_would_say(trial, sample, week, scenario):
    tried = trial.of(scenario)
    report = analyse(sample, week.settings, scenario)
    pd.testing.assert_frame_equal(tried.advised.table.loc[FIVE], report.advice.loc[FIVE])
    assert tried.outcomes["now"].gain == pytest.approx(report.advice.loc[FIVE, "gain"].sum())


def test_with_all_asins_a_cap_is_that_of_the_report(sample, week):
    scenario = Scenario(settings={"ad_budget": 1000.0}, asins={CLEAR: {"ads_level": 0.2}})
    tried, report = week.try_out(scenario), analyse(sample, week.settings, scenario)
    pd.testing.assert_frame_equal(tried.advised.table, report.advice)
    assert tried.outcomes["now"].spend == pytest.approx(report.sums["spend"])
    assert report.sums["spend"] <= 1000
    assert report.advice.loc[CLEAR, "ads_level"] == 0.2


def test_the_curve_ends_a_gain_above_carrying_on(trial):
    outcomes = trial.of(by_hand(ads_level=0.0)).outcomes
    gained = outcomes["now"].cash.iloc[-1] - outcomes["carry_on"].cash.iloc[-1]
    assert gained >= outcomes["now"].gain > 0  # the stated gain is held back for what is not known


def test_an_asin_without_stock_has_nothing_to_sell_out(week):
    empty = week.details.index[week.details["gate"].eq("out_of_stock") & week.details["units_inbound"].fillna(0).eq(0)]
    tried = week.try_out(Scenario(), list(empty[:1]))
    assert tried.outcomes["now"].sold_out == 0
    assert np.isfinite(tried.outcomes["now"].units_left)

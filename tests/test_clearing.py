"""Budgets, ways out and the best mix of an account: limits, dates, and what the absence of a rate does."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.scenario import Scenario
from wockit.formulas.ways_out import KEYS
from wockit.reading.account import load_account

CLEAR = "B0CLEAR100"


def way(found, asin, key):
    rows = found.clearance.loc[asin]
    return rows[rows["way"].eq(key)].iloc[0]


def test_every_asin_with_excess_has_every_way_in_its_order(week):
    assert list(week.clearance.index.unique()) == list(week.budgets.index)
    assert week.clearance.loc[CLEAR, "way"].tolist() == list(KEYS)


def test_an_advertised_unit_of_the_example_loses_what_the_article_does_not_say(week):
    """36.50 a unit less 40 for the clicks, less some cents of storage."""
    assert -4.0 < way(week, CLEAR, "advertise")["unit_value"] < -3.5


def test_no_unit_is_lost_and_no_way_goes_beyond_its_limit(week):
    ways = week.clearance
    placed = ways.groupby("asin")["mix_units"].sum()
    short = week.budgets["excess_units"] - placed.reindex(week.budgets.index)
    assert (short >= 0).all()
    assert short.sum() == week.clearing.mix["unplaced"]
    assert (ways["mix_units"] <= ways["unit_limit"]).all()


def test_the_mix_is_no_worse_than_the_best_single_ways(week):
    assert week.clearing.mix["mix_value"] >= week.clearing.mix["alone"]


@pytest.mark.parametrize("cap", [0.0, 500.0, 2000.0])
def test_advertising_never_spends_more_than_its_cap(sample, week, cap):
    found = analyse(sample, sample.settings.change(ad_budget=cap)).clearing.mix
    assert found["spend"] <= cap + 1e-6
    assert found["mix_value"] <= week.clearing.mix["mix_value"] + 1e-6


def test_more_budget_brings_no_less(sample):
    found = [analyse(sample, sample.settings.change(ad_budget=cap)).clearing.mix for cap in (0.0, 300.0, 900.0, 3000.0)]
    value = [mix["mix_value"] - 1e6 * mix["unplaced"] for mix in found]
    assert value == sorted(value)


def test_the_report_s_own_storage_cost_wins_over_the_rates(sample, week):
    stated = sample.stock["amazon_storage_cost_next_month"]
    dearer = replace(sample, stock=sample.stock.assign(amazon_storage_cost_next_month=stated + 1000))
    held = week.clearing.holding.total[:, 0]
    assert analyse(dearer).clearing.holding.total[:, 0] == pytest.approx(held + 1000)


def test_a_year_old_unit_has_a_date_for_its_next_fee(week):
    assert week.budgets.loc["B0P2X4GCYK", "next_fee_date"] == pd.Timestamp(2026, 12, 15)
    assert week.budgets.loc["B0P2X4GCYK", "next_fee"] > 500
    assert pd.isna(week.budgets.loc[CLEAR, "next_fee_date"])


def test_without_rates_ways_are_closed_and_the_notes_say_what_is_missing(sample):
    found = analyse(replace(sample, marketplace="JP"))
    assert way(found, CLEAR, "dispose")["why_not"] == "no_rate"
    assert np.isnan(way(found, CLEAR, "liquidate")["unit_value"])
    assert any("JP" in note.text and "fees.csv" in note.text for note in found.notes)


def test_rates_of_the_account_s_own_are_used(sample, week, tmp_path):
    folder = shutil.copytree(Path(__file__).parent.parent / "data" / "sample", tmp_path / "shop")
    row = {
        "marketplace": "US", "fee": "removal", "size": "standard", "category": "all", "tier_from": "1",
        "tier_to": "2", "tier_unit": "lb", "basis": "per_unit", "rate": "9.00", "currency": "USD",
        "from": "2026-01-15", "certainty": "H", "source": "my contract",
    }  # fmt: skip
    pd.DataFrame([row]).reindex(columns=week.account.fees.columns).to_csv(folder / "fees.csv", index=False)
    found = analyse(load_account(folder))
    before, after = (way(each, CLEAR, "dispose")["unit_value"] for each in (week, found))
    assert (before, after) == (pytest.approx(-2.27), pytest.approx(-9.0))


def test_a_date_limits_what_can_be_held(sample, week):
    soon = sample.costs.assign(clear_by=pd.Timestamp(2026, 12, 7))
    found = analyse(replace(sample, costs=soon))
    assert way(found, CLEAR, "hold")["unit_limit"] < 20 < way(week, CLEAR, "hold")["unit_limit"]
    assert way(found, CLEAR, "remove")["last_day"] == pd.Timestamp(2026, 12, 7)


def test_a_given_elasticity_moves_the_markdown(sample, week):
    found = analyse(sample, sample.settings.change(elasticity=3.0))
    assert way(found, CLEAR, "markdown")["unit_limit"] > way(week, CLEAR, "markdown")["unit_limit"]


def test_trying_out_nothing_gives_the_report(week):
    again = week.try_out(Scenario())
    pd.testing.assert_frame_equal(again.ways, week.clearance)
    assert again.mix == week.clearing.mix


def test_too_few_clicks_withhold_the_budget_and_say_how_many_it_takes(week):
    few = week.budgets[week.budgets["withheld"]]
    assert len(few) == 2
    assert few[["budget_upper", "budget_lower", "budget_corrected", "budget_high"]].isna().all(axis=None)
    assert (few["verdict_clicks"] > week.positions.loc[few.index, "ad_clicks"]).all()


def test_too_few_clicks_are_no_reason_to_buy_more(week):
    few = week.budgets.index[week.budgets["withheld"]]
    assert {way(week, asin, "advertise")["why_not"] for asin in few} == {"unknown_conversion"}
    by_hand = week.try_out(Scenario(asins={asin: {"conversion_rate": 0.05} for asin in few}))
    assert "unknown_conversion" not in by_hand.ways["why_not"].tolist()


def test_what_the_mix_spends_is_spent_on_advertised_units(week):
    ways = week.clearance
    assert ways["mix_spend"].sum() == pytest.approx(week.clearing.mix["spend"])
    bought = ways[ways["mix_spend"].gt(0)]
    assert set(bought["way"]) == {"advertise"}
    each = bought["mix_units"] * week.budgets.loc[bought.index, "cost_per_order"]
    assert bought["mix_spend"].tolist() == pytest.approx(each.tolist())


def test_the_day_of_the_snapshot_chooses_the_rates(sample, week):
    then = analyse(replace(sample, snapshot=date(2026, 2, 1)))
    winter, autumn = (np.nansum(each.clearing.holding.total[:, 1]) for each in (then, week))
    assert winter < autumn


def test_an_unknown_size_closes_the_ways_that_wait_instead_of_being_guessed(sample):
    found = analyse(replace(sample, costs=sample.costs.assign(size_tier=None)))
    assert way(found, CLEAR, "hold")["why_not"] == "missing"


def test_without_ages_it_is_not_known_whether_an_outlet_deal_may_be_had(sample):
    ages = [name for name in sample.stock if name.startswith("units_aged")]
    found = analyse(replace(sample, stock=sample.stock.assign(**dict.fromkeys(ages, np.nan))))
    assert way(found, CLEAR, "outlet")["why_not"] == "outlet_unknown"


def test_a_date_that_is_tried_out_limits_the_ways(week):
    tried = week.try_out(Scenario(asins={CLEAR: {"clear_days": 14}}), [CLEAR])
    rows = tried.ways.loc[CLEAR].set_index("way")
    assert rows.loc["hold", "unit_limit"] < 20
    assert rows.loc["remove", "last_day"] == pd.Timestamp(2026, 12, 7)


def test_what_no_way_takes_and_what_is_assumed_are_one_note_each(sample):
    found = analyse(replace(sample, costs=sample.costs.drop(index="B0E0V6LNXB")))
    texts = [note.text for note in found.notes if note.where == "clearing"]
    assert len(texts) == 2
    assert any("elasticity 1.5" in text for text in texts)
    assert any("more units than the ways out can take: B0E0V6LNXB" in text for text in texts)


def test_a_faster_sale_saves_more_the_earlier_it_ends(sample):
    dates = [sample.costs.assign(clear_by=pd.Timestamp(day)) for day in ("2026-12-10", "2027-03-10")]
    early, late = (analyse(replace(sample, costs=costs)).budgets["faster_sale_saves"].dropna() for costs in dates)
    assert (early >= late - 1e-9).all()
    assert early.sum() > late.sum()


def test_a_way_that_takes_no_unit_brings_nothing_and_not_minus_nothing(week):
    unused = week.clearance[week.clearance["mix_units"].eq(0)]
    assert not np.signbit(unused["mix_value"]).any()

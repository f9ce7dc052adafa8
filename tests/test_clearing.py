"""Budgets and ways out of an account: limits, dates, one conversion rate, and what the absence of a rate does."""

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


def test_an_advertised_unit_is_worth_what_is_left_of_an_order_less_storage(week):
    """Some cents of storage less than the profit of an order."""
    found = way(week, CLEAR, "advertise")["unit_value"] - week.budgets.loc[CLEAR, "order_gain"]
    assert -0.5 < found < 0


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
    pd.testing.assert_frame_equal(again.clearing.ways, week.clearance)
    pd.testing.assert_frame_equal(again.advised.table, week.advice)
    assert again.advised.sums == week.sums


def test_too_few_clicks_withhold_the_budget_and_say_how_many_it_takes(week):
    few = week.budgets[week.budgets["withheld"] & ~week.budgets["cautions"].str.contains("price_changed")]
    assert len(few) == 2
    assert few[["budget_upper", "budget_lower", "budget_corrected", "budget_high"]].isna().all(axis=None)
    assert (few["verdict_clicks"] > week.positions.loc[few.index, "ad_clicks"]).all()


def test_too_few_clicks_are_no_reason_to_buy_more(week):
    few = week.budgets.index[week.budgets["withheld"]]
    assert {way(week, asin, "advertise")["why_not"] for asin in few} == {"unknown_conversion"}
    by_hand = week.try_out(Scenario(asins={asin: {"conversion_rate": 0.05} for asin in few}))
    assert "unknown_conversion" not in by_hand.clearing.ways.loc[few, "why_not"].tolist()


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
    rows = tried.clearing.ways.loc[CLEAR].set_index("way")
    assert rows.loc["hold", "unit_limit"] < 20
    assert tried.advised.table.loc[CLEAR, "until"] <= pd.Timestamp(2026, 12, 7)
    assert rows.loc["remove", "last_day"] == pd.Timestamp(2026, 12, 7)


def test_what_is_assumed_is_one_note(week):
    texts = [note.text for note in week.notes if note.where == "clearing"]
    assert len(texts) == 1
    assert "elasticity 1.5" in texts[0]


def test_the_corrected_budget_is_the_centre_of_its_range_and_the_verdict_uses_the_same_rate(week):
    found = week.budgets[week.budgets["budget_corrected"].gt(0)]
    assert len(found) > 10
    assert found["budget_low"].lt(found["budget_corrected"]).all()
    assert found["budget_corrected"].lt(found["budget_high"]).all()
    per_order = found["cost_per_click"] / found["expected_conversion_rate"]
    assert found["cost_per_order"].tolist() == pytest.approx(per_order.tolist())
    judged = week.budgets[week.budgets["pays_probability"].notna()]
    assert judged["click_pays"].eq("yes").equals(judged["highest_cpc"].gt(judged["cost_per_click"]))
    assert judged["click_pays"].eq("yes").equals(judged["pays_probability"].gt(0.5))


def test_dearer_clicks_keep_the_corrected_budget_inside_its_range(sample):
    found = analyse(sample, sample.settings.change(dearer_clicks=1.5)).budgets
    found = found[found["budget_corrected"].gt(0)]
    assert found["budget_low"].le(found["budget_corrected"]).all()
    assert found["budget_corrected"].le(found["budget_high"]).all()


def test_three_orders_of_140_clicks_do_not_overrule_the_account(build):
    """One ASIN with 3 orders of 140 clicks among eight with 62 of 620: its rate lies between 2 and 10 %."""
    stock = {"units_available": 400.0, "units_shipped_30_days": 20.0, "price": 40.0}
    many = {"ad_clicks": 620.0, "ad_spend": 496.0, "ad_sales": 2480.0, "ad_orders": 62.0, "ad_units": 62.0}
    few = {"ad_clicks": 140.0, "ad_spend": 112.0, "ad_sales": 120.0, "ad_orders": 3.0, "ad_units": 3.0}
    asins = [f"B{k}" for k in range(8)]
    terms = {"referral_rate": 0.15, "fulfilment_fee": 5.0, "landed_cost": 8.0, "size_tier": "standard"}
    ads = [{"asin": "A", **few}, *({"asin": asin, **many} for asin in asins)]
    account = build(dict.fromkeys(["A", *asins], stock), ads=ads, costs=dict.fromkeys(["A", *asins], terms))
    row = analyse(account).budgets.loc["A"]
    assert row["own_conversion_rate"] == pytest.approx(3 / 140)
    assert 0.03 < row["expected_conversion_rate"] < 0.1
    assert row["budget_low"] < row["budget_corrected"] < row["budget_high"] < row["budget_upper"]


def test_a_faster_sale_saves_more_the_earlier_it_ends(sample):
    dates = [sample.costs.assign(clear_by=pd.Timestamp(day)) for day in ("2026-12-10", "2027-03-10")]
    early, late = (analyse(replace(sample, costs=costs)).budgets["faster_sale_saves"].dropna() for costs in dates)
    early, late = early.align(late, join="inner")
    assert (early >= late - 1e-9).all()
    assert early.sum() > late.sum()

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.circumstances import siblings
from wockit.analysis.positions import doubts_of, positions_of
from wockit.columns import BUDGETS, LABELS, POSITIONS
from wockit.formulas.matrix import segment
from wockit.formulas.playbook import playbook

AD = {"asin": "A", "ad_clicks": 100.0, "ad_spend": 100.0, "ad_sales": 300.0, "ad_orders": 10.0, "ad_units": 10.0}
FIGURES = ["positions", "segments", "budgets"]
SUMS = ["units_available", "stock_value", "excess_value", "ad_spend", "ad_sales", "money_at_stake"]


@pytest.fixture
def one(build):
    """The position of one ASIN: 200 units, 100 sold, ROAS 3, unless something is changed."""

    def position(stock=None, settings=None, ads=(AD,), **changes):
        account = build(
            {"A": {"units_available": 200.0, "units_shipped_30_days": 100.0, "price": 10.0, **(stock or {})}},
            ads=ads,
            **changes,
        )
        changed = account.settings.change(sales_days=None, **(settings or {}))
        return positions_of(account, changed, []).loc["A"]  # without what is made of positions: half the time

    return position


@pytest.mark.parametrize("key", playbook().segments)
def test_every_segment_occurs_on_the_sample(week, key):
    assert week.segments.loc[key, "asins"] > 0


@pytest.mark.parametrize("key", sorted({*playbook().gates} - {"no_ad_report"}))
def test_every_gate_occurs_on_the_sample(week, key):
    assert week.positions["gate"].eq(key).any()


@pytest.mark.parametrize("key", sorted({*playbook().cautions} - {"aged", "halo", "sold_by_sibling"}))
def test_every_caution_occurs_on_the_sample(week, key):
    assert week.positions["cautions"].str.split("; ").explode().eq(key).any()


def test_each_asin_has_either_a_segment_or_a_gate(week):
    assert (week.positions["segment"].notna() ^ week.positions["gate"].notna()).all()


def test_every_asin_of_the_reports_has_one_row(sample, week):
    known = sample.stock.index.union(sample.sales.index).union(pd.Index(sample.ads["asin"]))
    assert sorted(week.positions.index) == sorted(known.unique())


def test_the_article_s_example_of_cover(week):
    assert week.positions.loc["B0WOC8CASE", "weeks_of_coverage"] == 8.0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("excess_units", 100),
        ("conversion_rate", 0.05),
        ("cost_per_click", 2),
        ("ad_share", 0.4),
        ("clicks", 2000),
        ("budget_upper", 4000),
        ("budget_lower", 1600),
        ("ad_units_needed", 70),
        ("own_conversion_rate", 0.05),
        ("unit_proceeds", 36.5),
    ],
)
def test_the_article_s_example_of_a_budget(week, column, value):
    assert week.budgets.loc["B0CLEAR100", column] == pytest.approx(value)


def test_what_stands_beside_the_article_s_bounds_uses_the_expected_rate(week):
    """400 clicks tell less than the account: 70 units at somewhat more than 5 %, at 2 a click."""
    found = week.budgets.loc["B0CLEAR100"]
    assert 0.05 < found["expected_conversion_rate"] < 0.065
    assert found["budget_corrected"] == pytest.approx(70 / found["expected_conversion_rate"] * 2)
    assert found["order_gain"] == pytest.approx(36.5 - 2 / found["expected_conversion_rate"])


def test_clicks_needed_are_held_against_the_best_week(week):
    """70 units in 30 days; the best week had 19 clicks a day."""
    found = week.budgets.loc["B0CLEAR100"]
    assert found["clicks_over_best"] == pytest.approx(70 / found["expected_conversion_rate"] / 30 / 19)


def test_a_click_does_not_pay_in_the_article_s_example(week):
    assert week.budgets.loc["B0CLEAR100", "click_pays"] == "no"


@pytest.mark.parametrize(("name", "columns"), [("positions", POSITIONS), ("budgets", BUDGETS)])
def test_the_columns_are_those_that_are_declared(week, name, columns):
    assert getattr(week, name).columns.tolist() == columns


@pytest.mark.parametrize("name", FIGURES)
def test_every_column_has_a_label(week, name):
    frame = getattr(week, name)
    assert {frame.index.name, *frame.columns} <= set(LABELS)


def test_the_segments_count_every_asin_once(week):
    assert week.segments["asins"].sum() == len(week.positions)


@pytest.mark.parametrize("column", SUMS)
def test_the_segments_add_up_to_the_positions(week, column):
    assert week.segments[column].sum() == pytest.approx(week.positions[column].sum())


def test_the_roas_of_a_segment_is_sum_over_sum(week):
    scale = week.positions[week.positions["segment"] == "scale"]
    assert week.segments.loc["scale", "roas"] == pytest.approx(scale["ad_sales"].sum() / scale["ad_spend"].sum())


def test_the_budgets_are_of_all_asins_with_excess_that_can_be_judged_and_of_no_other(week):
    judged = ~week.details["gate"].isin(["new", "not_sellable", "missing_data"])
    assert set(week.budgets.index) == set(week.details.index[(week.details["excess_at_amazon"] > 0) & judged])


def test_those_with_the_most_at_stake_come_first(week):
    assert week.positions["stake_a_week"].dropna().is_monotonic_decreasing


def test_the_money_at_stake_is_last_where_it_is_unknown(week):
    known = week.positions["money_at_stake"].notna().tolist()
    assert known == sorted(known, reverse=True)


@pytest.mark.parametrize("name", ["stock", "sales", "ads", "costs"])
def test_the_order_of_rows_does_not_matter(sample, week, name):
    found = analyse(replace(sample, **{name: getattr(sample, name).sample(frac=1, random_state=1)}))
    for figure in FIGURES:
        pd.testing.assert_frame_equal(getattr(found, figure), getattr(week, figure))


def test_other_settings_leave_the_account_as_it_was(sample):
    before = {name: getattr(sample, name).copy() for name in ("stock", "sales", "ads", "costs")}
    analyse(sample, sample.settings.change(preset="us_fee_aware_2026", roas_cut="break_even", sales_days=60))
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(sample, name), table)


def test_other_cut_offs_move_asins_to_other_places(one):
    stock = {"units_available": 175.0}
    assert [one(stock, {"preset": name})["segment"] for name in ("article_2023", "us_fee_aware_2026")] == [
        "push_traffic",
        "scale",
    ]


def test_the_account_s_own_settings_are_the_default(sample, week):
    assert week.settings == sample.settings


@pytest.mark.parametrize(("target", "segment"), [(3.0, "push_traffic"), (3.01, "lift_conversion")])
def test_the_cut_can_be_a_target(one, target, segment):
    assert one(settings={"roas_cut": "target", "target_roas": target})["segment"] == segment


def test_the_cut_can_be_the_break_even_of_each_asin(one):
    costs = {"A": {"price": 100.0, "referral_rate": 0.1, "fulfilment_fee": 10.0, "landed_cost": 40.0}}
    found = one(settings={"roas_cut": "break_even"}, costs=costs)
    assert (found["roas_cut"], found["segment"]) == (2.5, "push_traffic")


def test_a_break_even_without_costs_is_missing_data(one):
    assert one(settings={"roas_cut": "break_even"})["gate"] == "missing_data"


def test_the_account_s_benchmark_is_sum_over_sum(build):
    ads = [AD, {**AD, "asin": "B", "ad_spend": 900.0, "ad_sales": 700.0}]
    found = analyse(build({name: {"units_shipped_30_days": 9.0} for name in "AB"}, ads=ads))
    assert found.positions["roas_cut"].tolist() == [1.0, 1.0]


def test_advertising_that_sold_nothing_is_no_benchmark(build):
    found = analyse(build({"A": {"units_shipped_30_days": 9.0}}, ads=[{**AD, "ad_sales": 0.0}]))
    assert found.positions.loc["A", "gate"] == "missing_data"
    assert any("the account has no ROAS benchmark" in note.text for note in found.notes)


def test_days_are_summed_before_they_are_divided(one):
    other = {**AD, "date": "2026-11-02", "ad_spend": 900.0, "ad_sales": 700.0}
    assert one(ads=[AD, other])["roas"] == 1.0


@pytest.mark.parametrize(("day", "roas"), [("2026-11-22", 3.0), ("2026-11-16", 3.0), ("2026-11-15", 5.0)])
def test_days_whose_sales_still_grow_are_set_aside(one, day, roas):
    assert one(ads=[AD, {**AD, "date": day, "ad_sales": 700.0}])["roas"] == roas


def test_the_days_set_aside_are_noted(build):
    account = build({"A": {"units_shipped_30_days": 9.0}}, ads=[AD, {**AD, "date": "2026-11-22"}])
    text = "the last day was left out: Amazon is still attributing sales to it. ROAS uses 1 settled day."
    assert ("info", text) in [(note.level, note.text) for note in analyse(account).notes]


def test_young_days_alone_are_used_with_a_warning(build):
    account = build({"A": {"units_shipped_30_days": 9.0}}, ads=[{**AD, "date": "2026-11-22"}])
    found = analyse(account)
    assert found.positions.loc["A", "roas"] == 3.0
    text = "no day is older than 7 days, so ROAS uses days that Amazon is still attributing sales to."
    assert ("warning", text) in [(note.level, note.text) for note in found.notes]


def test_a_longer_attribution_window_sets_more_days_aside(one):
    ads = [{**AD, "date": "2026-11-08"}, {**AD, "date": "2026-11-09", "ad_sales": 700.0}]
    assert [one(ads=ads, attribution_days=days)["roas"] for days in (7, 14)] == [5.0, 3.0]


@pytest.fixture(scope="module")
def unadvertised(sample):
    return analyse(replace(sample, ads=sample.ads.iloc[:0]))


def test_without_any_advertising_only_the_exit_lane_has_asins_placed(unadvertised):
    assert unadvertised.positions["segment"].dropna().unique().tolist() == ["exit"]


def test_without_any_advertising_no_asin_has_a_roas(unadvertised):
    assert unadvertised.positions["roas"].isna().all()


def test_without_any_advertising_the_account_has_no_roas(unadvertised):
    assert unadvertised.summary()["account_roas"] is None


def test_without_any_advertising_no_budget_is_made_up(unadvertised):
    assert unadvertised.budgets["budget_corrected"].isna().all()


@pytest.fixture(scope="module")
def without(sample, unadvertised):
    """The sample analysed without one of its reports."""
    left = {name: analyse(replace(sample, **{name: getattr(sample, name).iloc[:0]})) for name in ("sales", "costs")}
    return {**left, "ads": unadvertised}


@pytest.mark.parametrize("name", ["sales", "ads", "costs"])
def test_a_report_that_is_not_there_leaves_every_column_its_type(without, week, name):
    found = without[name]
    pd.testing.assert_series_equal(found.positions.dtypes, week.positions.dtypes)


def test_without_costs_stock_is_valued_at_its_price(without):
    found = without["costs"]
    row = found.positions.loc["B0WOC8CASE"]
    assert row["stock_value"] == pytest.approx(row["units_available"] * row["price"])
    assert (found.summary()["gain"], found.summary()["gain_a_week"]) == (None, None)


def test_without_a_business_report_units_shipped_count(without):
    assert without["sales"].positions["units_source"].dropna().unique().tolist() == ["units shipped"]


def test_an_asin_that_only_advertising_knows_is_missing_data(build):
    found = analyse(build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}}, ads=[{**AD, "asin": "B"}]))
    assert found.positions.loc["B", "gate"] == "missing_data"


def test_what_a_report_leaves_out_is_missing_and_not_zero(build):
    found = analyse(build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}}, ads=[{**AD, "asin": "B"}]))
    assert found.positions.loc["A", ["ad_spend", "ad_clicks", "roas"]].isna().all()


@pytest.mark.parametrize(("days", "weeks"), [(30, 4.0), (14, 2.0), (7, 1.0), (70, 10.0)])
def test_cover_counts_the_weeks_of_the_sales_period(build, days, weeks):
    account = build({"A": {"units_available": 50.0}}, {"A": {"units_ordered": 50.0}})
    found = positions_of(account, account.settings.change(sales_days=days), []).loc["A"]
    assert found["weeks_of_coverage"] == weeks


def test_exact_cover_counts_the_days_of_the_sales_period(one):
    assert one()["weeks_of_coverage_exact"] == pytest.approx(2 * 30 / 7)


BUCKETS = {
    "units_aged_91_to_180": {91},
    "units_aged_181_to_270": {91, 92, 181},
    "units_aged_271_to_365": {91, 92, 181, 182, 271},
    "units_aged_over_365": {91, 92, 181, 182, 271, 272, 365, 366},
}


@pytest.mark.parametrize("days", sorted(BUCKETS["units_aged_over_365"]))
def test_the_exit_age_counts_in_the_steps_of_the_report(build, days):
    """One ASIN for each step of age: 150 of its 200 units are that old."""
    stock = {"units_available": 200.0, "units_shipped_30_days": 100.0, "price": 10.0}
    account = build({bucket: {**stock, bucket: 150.0} for bucket in BUCKETS})
    places = positions_of(account, account.settings.change(sales_days=None, exit_age_days=days), [])["segment"]
    assert {*places.index[places == "exit"]} == {bucket for bucket, ends in BUCKETS.items() if days in ends}


def test_a_few_old_units_of_a_product_that_sells_are_a_caution_and_no_exit(one):
    found = one({"units_aged_over_365": 1.0})
    assert found["segment"] != "exit"
    assert "aged" in found["cautions"].split("; ")


def test_units_over_180_days_are_those_of_three_steps(one):
    assert one(dict.fromkeys(BUCKETS, 1.0))["units_aged_over_180"] == 3


@pytest.mark.parametrize(("clear_by", "days"), [("2026-12-03", 10), ("2026-11-23", 30), ("2026-11-01", 30)])
def test_the_days_to_clear_run_to_a_date_that_has_not_passed(build, clear_by, days):
    account = build(
        {"A": {"units_available": 900.0, "units_shipped_30_days": 9.0}}, costs={"A": {"clear_by": clear_by}}
    )
    assert analyse(account).budgets.loc["A", "clear_days"] == days


def test_the_referral_rate_of_the_settings_fills_a_missing_one(one):
    assert one(settings={"referral_rate": 0.08})["referral_rate"] == 0.08


def test_only_placed_asins_are_uncertain(week):
    assert week.positions.loc[week.positions["uncertain"], "segment"].notna().all()


def test_the_exit_lane_is_never_uncertain(week):
    assert not week.positions.loc[week.positions["segment"] == "exit", "uncertain"].any()


@pytest.mark.parametrize(("clicks", "uncertain"), [(10.0, True), (10_000.0, False)])
def test_few_clicks_near_the_cut_make_a_place_uncertain(one, clicks, uncertain):
    ads = [{**AD, "ad_clicks": clicks, "ad_orders": clicks / 10}]
    assert one(settings={"roas_cut": "target", "target_roas": 2.5}, ads=ads)["uncertain"] == uncertain


def test_a_seasonal_asin_is_uncertain(one):
    assert one({"seasonal": 1.0}, {"roas_cut": "target", "target_roas": 0.1})["uncertain"]


@pytest.mark.parametrize(("marketplace", "told"), [("US", True), ("DE", True), ("JP", False)])
def test_the_low_inventory_fee_is_told_where_amazon_charges_one(one, marketplace, told):
    assert ("fee_zone" in one({"units_available": 50.0}, marketplace=marketplace)["cautions"]) == told


@pytest.mark.parametrize(("inbound", "told"), [(50.0, True), (49.0, False)])
def test_inbound_of_a_quarter_of_the_stock_is_told(one, inbound, told):
    assert ("inbound" in one({"units_inbound": inbound})["cautions"]) == told


@pytest.mark.parametrize(("own", "share"), [({}, 0.4), ({"ad_units_same_sku": 10.0}, 0.2)], ids=["all", "own"])
def test_the_ad_share_counts_units_of_the_asin_itself_where_the_report_has_them(one, own, share):
    ads = [{**AD, **own, "ad_units": 20.0, "date": day} for day in ("2026-10-17", "2026-11-15")]
    assert one(ads=ads)["ad_share"] == pytest.approx(share)


def test_an_offer_without_featured_offer_that_people_see_is_not_sellable(build):
    sales = {"A": {"featured_offer_share": 0.0, "page_views": 9.0, "units_ordered": 0.0}}
    assert analyse(build({"A": {"units_available": 9.0}}, sales)).positions.loc["A", "gate"] == "not_sellable"


def test_the_summary_can_be_written_as_json(week):
    assert json.loads(json.dumps(week.summary(), allow_nan=False)) == week.summary()


def test_the_numbers_of_the_summary_are_finite(week):
    numbers = [value for value in week.summary().values() if isinstance(value, (int, float))]
    assert len(numbers) > 10
    assert all(math.isfinite(number) for number in numbers)


@pytest.mark.parametrize(
    "name", ["units_available", "stock_value", "excess_units", "excess_value", "ad_spend", "ad_sales"]
)
def test_the_summary_holds_the_sums_of_the_positions(week, name):
    assert week.summary()[name] == pytest.approx(week.positions[name].sum(), abs=0.005)


def test_the_summary_counts_the_positions(week):
    found = week.summary()
    assert (found["asins"], found["asins_placed"]) == (60, 44)
    assert sum(found["by_place"].values()) == 60


def test_the_account_s_roas_in_the_summary_is_sum_over_sum(week):
    found = week.summary()
    assert found["account_roas"] == pytest.approx(week.positions["roas_cut"].iloc[0], abs=5e-5)


def test_sales_at_risk_are_of_asins_that_run_short(week):
    short = week.positions[week.positions["weeks_of_coverage"] < week.positions["low_weeks"]]
    assert week.summary()["sales_at_risk"] == pytest.approx(short["sales_at_risk"].sum(), abs=0.005)


def test_where_stock_is_too_low_running_out_comes_before_the_advertising(one):
    found = one({"units_available": 50.0, "price": 10.0}, {"roas_cut": "target", "target_roas": 9.0})
    assert (found["plan"], found["stake"]) == ("refine", "sales_at_risk")
    assert found["money_at_stake"] == 250


def test_without_an_advertising_report_low_stock_is_still_ranked(unadvertised):
    row = unadvertised.positions.loc["B0E9V3HCJQ"]
    assert (row["gate"], row["stake"]) == ("no_ad_report", "sales_at_risk")
    assert row["money_at_stake"] > 0


def test_an_asin_that_the_advertising_report_leaves_out_is_not_advertised(week):
    assert week.positions.loc["B0K7X5QGZV", "gate"] == "no_ads"


def test_unknown_stock_makes_unknown_totals(sample):
    stock = sample.stock.assign(units_available=np.nan)
    found = analyse(replace(sample, stock=stock)).summary()
    assert (found["stock_value"], found["units_available"], found["sales_at_risk"]) == (None, None, None)


def test_advertising_that_ran_a_few_days_only_is_still_counted_over_the_whole_period(one):
    ads = [{**AD, "date": "2026-10-17"}, {**AD, "date": "2026-10-21"}]
    assert one(ads=ads)["ad_share"] == pytest.approx(20 / 100)


def test_a_business_report_of_unknown_period_gives_no_tacos(sample):
    found = analyse(replace(sample, settings=sample.settings.change(sales_days=None)))
    assert found.positions["tacos"].isna().all()


@pytest.mark.parametrize(("price", "pays"), [(30.0, "yes"), (9.0, "no"), (np.nan, "unknown")])
def test_a_click_pays_where_it_is_worth_more_than_it_costs(build, outlook, price, pays):
    """A click of 1 brings a tenth of an order, some two thirds of which would not come otherwise."""
    costs = {"A": {"price": price, "referral_rate": 0.0, "fulfilment_fee": 0.0, "landed_cost": 1.0}}
    stock = {"A": {"units_available": 900.0, "units_shipped_30_days": 9.0}}
    account = build(stock, ads=[AD], costs=costs, **outlook({"A": 2.1}))
    assert analyse(account).budgets.loc["A", "click_pays"] == pays


def test_two_units_an_order_halve_the_budget(sample, week):
    found = analyse(sample, sample.settings.change(units_per_order=2.0))
    assert found.budgets.loc["B0CLEAR100", "budget_upper"] == week.budgets.loc["B0CLEAR100", "budget_upper"] / 2


def test_the_worst_notes_come_first(sample):
    levels = [note.level for note in analyse(replace(sample, notes=tuple(reversed(sample.notes)))).notes]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_analysing_twice_notes_nothing_twice(sample, week):
    assert analyse(sample).notes == week.notes


STEADY = {"units_available": 70.0, "units_shipped_30_days": 30.0}
RANGE = ["forward_cover", "forward_cover_low", "forward_cover_high"]
BY_COUNT = ["by_available", "by_exact_days", "by_90_days", "by_amazon", "by_forward_cover", "by_account_roas",
            "by_break_even", "by_all_sales", "by_all_days"]  # fmt: skip


@pytest.fixture
def seen(one, outlook):
    """The position of an ASIN of 70 units that sells and will sell 7 a week, unless something is changed."""

    def position(stock=None, pace=7.0, costs=None, settings=None, **ahead):
        given = {**STEADY, **(stock or {})}
        costs = {"A": costs} if costs else None
        return one(given, settings, costs=costs, **outlook({"A": pace}, **ahead))

    return position


def test_forward_cover_and_its_range_stand_right_after_weeks_of_coverage():
    place = POSITIONS.index("weeks_of_coverage")
    assert POSITIONS[place + 1 : place + 4] == RANGE


def test_at_a_steady_pace_forward_cover_is_the_exact_simple_one(seen):
    found = seen()
    assert found["forward_cover"] == pytest.approx(found["weeks_of_coverage_exact"]) == pytest.approx(10)
    assert found["reasons"] == ""


def test_the_ends_of_forward_cover_are_the_fast_and_the_slow_demand(seen):
    assert seen()[RANGE].tolist() == pytest.approx([10, 8, 12.5])


def test_expected_demand_stands_beside_the_reports_that_it_comes_from(seen):
    assert seen(pace=14)[["weekly_demand", "demand_source"]].tolist() == [14, "orders"]


def test_an_asin_without_a_past_has_no_forward_cover_and_no_reason(one, outlook):
    found = one(STEADY, **outlook({"B": 7.0}))
    assert found[RANGE].isna().all()
    assert (found["reasons"], found["weeks_of_coverage"]) == ("", pytest.approx(28 / 3))


def test_forward_cover_lies_in_its_range_for_every_asin_of_the_sample(week):
    assert week.positions[RANGE].notna().all(axis=1).equals(week.positions["units_available"].notna())
    found = week.positions[RANGE].dropna()
    assert (found["forward_cover_low"] <= found["forward_cover"]).all()
    assert (found["forward_cover"] <= found["forward_cover_high"]).all()


@pytest.mark.parametrize("certainty", [0.6, 0.8, 0.95])
def test_uncertain_is_a_probability_below_the_certainty_asked_for(sample, certainty):
    found = positions_of(sample, sample.settings.change(certainty=certainty), [])
    assert found["uncertain"].tolist() == (found["probability"] < certainty).tolist()
    assert 0 < found["uncertain"].sum() < found["segment"].notna().sum()


def test_placed_asins_have_a_probability_and_no_others(week):
    assert week.positions["probability"].notna().tolist() == week.positions["segment"].notna().tolist()
    assert week.positions["probability"].dropna().between(0, 1).all()


def test_more_demand_on_the_way_makes_a_healthy_place_less_sure(seen):
    """20 weeks of 7 a week are far above the healthy band; expected to sell 30 a week, the same units are within it."""
    settings = {"roas_cut": "target", "target_roas": 1.0}
    stock = {"units_available": 140.0}
    assert seen(stock, settings=settings)["probability"] > 0.95
    assert seen(stock, pace=30, settings=settings)["probability"] < 0.3


@pytest.mark.parametrize(
    ("reason", "ahead"),
    [
        ("passing_peak", {"pace": 7 / 2, "recent": 7}),
        ("passing_slump", {"pace": 14, "recent": 7}),
        ("season_begins", {"pace": 14, "recent": 7, "season": 2.0}),
        ("season_ends", {"pace": 7 / 2, "recent": 7, "season": 0.5}),
        ("stock_out", {"pace": 14, "stock_outs": 2.0}),
        ("event", {"pace": 7 / 2, "events": True}),
        ("other_count", {"pace": 14, "recent": 14}),
    ],
)
def test_the_reason_why_forward_cover_differs_is_named(seen, reason, ahead):
    assert reason in seen(**ahead)["reasons"].split("; ")


def test_a_season_alone_is_no_passing_peak_and_no_slump(seen):
    assert seen(pace=14, recent=7, season=2.0)["reasons"] == "season_begins"
    assert seen(pace=7 / 2, recent=7, season=0.5)["reasons"] == "season_ends"


def test_without_another_reason_the_weeks_before_sold_at_another_pace(seen):
    """Forward cover is 70 / 8, a seventh below 10; the last four weeks sold 7.7, near to both."""
    assert seen(pace=8.05, recent=7.7)["reasons"] == "uneven"


@pytest.mark.parametrize(("pace", "told"), [(6.2, False), (6.1, True), (7.9, False), (8.1, True)])
def test_a_reason_is_given_from_a_seventh_of_difference_on(seen, pace, told):
    assert ("stock_out" in seen(pace=pace, stock_outs=1.0)["reasons"].split("; ")) == told


def test_cover_without_end_needs_no_reason(seen):
    found = seen(pace=0, recent=0, stock_outs=1.0)
    assert found["forward_cover"] == math.inf
    assert found["reasons"] == ""


@pytest.mark.parametrize(
    ("arrives", "weeks", "reason"),
    [
        ("2026-11-30", 20, "arriving"),
        ("2027-01-31", 20, "arriving"),
        ("2027-03-01", 10, ""),
        ("2026-11-22", 10, ""),
        (pd.NaT, 10, ""),
    ],
    ids=["next week", "just in time", "after the stock is gone", "yesterday", "no date"],
)
def test_inbound_units_count_forward_once_their_day_is_known(seen, arrives, weeks, reason):
    found = seen({"units_inbound": 70.0}, costs={"inbound_arrives": arrives})
    assert found["forward_cover"] == pytest.approx(weeks)
    assert found["reasons"] == reason
    assert found["weeks_of_coverage"] == pytest.approx(28 / 3)


def test_a_lead_time_raises_both_ends_of_the_healthy_band_alike(seen):
    """56 days and a review of 7 are 9 weeks, 6 above the usual 3."""
    found = seen(costs={"lead_time_days": 56.0})
    assert found[["low_weeks", "healthy_weeks", "own_band"]].tolist() == [9, 12, "slow_to_make"]


def test_inbound_units_lower_the_cut_off_that_a_lead_time_raised(seen):
    """15 units are two weeks of sales, by the article's month of 4 weeks."""
    found = seen({"units_inbound": 15.0}, costs={"lead_time_days": 56.0})
    assert found[["low_weeks", "healthy_weeks"]].tolist() == [7, 12]  # what is inbound is in the supply itself


@pytest.mark.parametrize("lead", [np.nan, 7.0, 14.0])
def test_a_short_or_unknown_lead_time_changes_nothing(seen, lead):
    found = seen(costs={"lead_time_days": lead, "price": 10.0})
    assert found[["low_weeks", "healthy_weeks", "own_band"]].tolist() == [3, 6, ""]


def test_a_longer_review_raises_the_cut_off(seen):
    assert seen(costs={"lead_time_days": 56.0}, settings={"review_days": 28})["low_weeks"] == 12


def test_sales_that_scatter_need_more_safety_at_a_higher_service_level(seen):
    ahead = {"costs": {"lead_time_days": 56.0}, "sold": [5.0, 9.0] * 7}
    found = [seen(settings={"service_level": level}, **ahead)["low_weeks"] for level in (0.5, 0.9, 0.99)]
    assert found[0] == pytest.approx(9)
    assert found[0] < found[1] < found[2]


def test_a_seasonal_product_gets_the_higher_healthy_band(seen):
    found = seen({"seasonal": 1.0})
    assert found[["low_weeks", "healthy_weeks", "own_band"]].tolist() == [3, 8, "seasonal"]


def test_a_volatile_product_gets_the_higher_healthy_band(seen):
    found = seen(sold=[0.0, 40.0] * 7, pace=20)
    assert found[["low_weeks", "healthy_weeks", "own_band"]].tolist() == [3, 8, "volatile"]


def test_a_seasonal_product_that_is_slow_to_make_gets_both(seen):
    found = seen({"seasonal": 1.0}, costs={"lead_time_days": 56.0})
    assert found[["low_weeks", "healthy_weeks", "own_band"]].tolist() == [9, 14, "slow_to_make; seasonal"]


def test_an_own_band_decides_the_segment_and_the_excess(seen):
    """WOC is 28 / 3: above the usual 6 weeks, within 9 to 12."""
    usual, own = seen(), seen(costs={"lead_time_days": 56.0})
    assert (usual["segment"], own["segment"]) == ("push_traffic", "scale")
    assert (usual["excess_units"], own["excess_units"]) == (25, 0)


def test_an_own_band_decides_how_sure_a_place_is(seen):
    """WOC 9.3 is far above 6 weeks, but just above the 9 at which a band of its own begins."""
    settings = {"roas_cut": "target", "target_roas": 1.0}
    assert seen(settings=settings)["probability"] > 0.95
    assert seen(settings=settings, costs={"lead_time_days": 56.0})["probability"] == pytest.approx(0.51, abs=0.01)


def test_what_lies_ahead_leaves_the_simple_formula_as_it_was(one, seen):
    before = one(STEADY)
    after = seen(
        {"units_inbound": 70.0, "seasonal": 1.0},
        pace=30,
        costs={"lead_time_days": 90.0, "inbound_arrives": "2026-11-30"},
    )
    for name in ("weeks_of_coverage", "weeks_of_coverage_exact"):
        assert after[name] == before[name]


def test_weeks_of_coverage_is_stock_over_last_month_times_four_for_every_asin_of_the_sample(week):
    found = week.positions[week.positions["units_sold"] > 0]
    simple = found["units_available"] / found["units_sold"] * 4
    assert found["weeks_of_coverage"].tolist() == pytest.approx(simple.tolist(), nan_ok=True)


@pytest.mark.parametrize(("known", "told"), [(7, True), (8, False)])
def test_a_record_of_less_than_eight_weeks_is_a_caution(seen, known, told):
    sold = [*[np.nan] * (13 - known), *[7.0] * known]
    assert ("short_record" in seen(sold=sold)["cautions"].split("; ")) == told


@pytest.fixture
def doubted(build, outlook):
    """What is in doubt of an ASIN of 177 units and 120 sold: WOC 5.9 is healthy, 6.3 by exact days is above."""

    def doubts(stock=None, ads=(AD,), costs=None, settings=None, pace=28.0):
        given = {"units_available": 177.0, "units_shipped_30_days": 120.0, **(stock or {})}
        account = build({"A": given}, ads=ads, costs={"A": costs} if costs else None, **outlook({"A": pace}))
        changed = account.settings.change(sales_days=None, **(settings or {}))
        found = doubts_of(positions_of(account, changed, []), changed)
        return {} if found.empty else found.loc["A", BY_COUNT].dropna().to_dict()

    return doubts


def test_an_asin_that_every_count_places_alike_is_in_no_doubt(doubted):
    assert doubted({"units_available": 700.0}) == {}


def test_a_segment_that_changes_by_exact_days_is_in_doubt(doubted):
    assert doubted(pace=40) == {"by_exact_days": "push_traffic"}


@pytest.mark.parametrize(
    ("changes", "name", "other"),
    [
        ({"stock": {"units_shipped_90_days": 900.0}}, "by_90_days", "protect"),
        ({"stock": {"units_inbound": 123.0}}, "by_available", "scale"),
        ({"stock": {"amazon_weeks_of_cover_t30": 7.0}}, "by_amazon", "push_traffic"),
        ({"pace": 100.0}, "by_forward_cover", "protect"),
        ({"settings": {"roas_cut": "target", "target_roas": 4.0}}, "by_account_roas", "scale"),
        ({"costs": {"price": 10.0, "referral_rate": 0.1, "fulfilment_fee": 2.0, "landed_cost": 5.0}},
         "by_break_even", "refine"),
        ({"ads": (AD, {**AD, "asin": "B"}, {**AD, "date": "2026-11-22", "ad_sales": 0.0})}, "by_all_days", "refine"),
    ],
)  # fmt: skip
def test_another_count_of_cover_or_roas_names_the_other_segment(doubted, changes, name, other):
    assert doubted(**{"pace": 40.0, **changes})[name] == other


def test_an_unknown_other_count_raises_no_doubt(doubted):
    assert "by_90_days" not in doubted()
    assert "by_amazon" not in doubted()


def test_the_doubts_are_of_the_placed_asins_that_another_count_would_place_elsewhere(week):
    placed = week.positions[week.positions["segment"].notna()]
    others = week.doubts[BY_COUNT]
    assert set(week.doubts.index) <= set(placed.index)
    assert 0 < len(week.doubts) < len(placed)
    assert others.notna().any(axis=1).all()
    assert not others.eq(week.doubts["segment"], axis=0).any(axis=None)
    assert set(others.stack().dropna()) <= set(playbook().segments)


@pytest.mark.parametrize("name", ["by_exact_days", "by_forward_cover"])
def test_no_other_asin_changes_its_segment_by_another_count(week, name):
    table = week.details.assign(
        by_exact_days=week.details["weeks_decided"] * week.details["sales_days"] / 7 / week.details["weeks"],
        by_forward_cover=week.details["forward_cover"],
    )
    found = table[table["segment"].notna() & table[name].notna() & ~table["aged_out"]]
    other = segment(
        found[name],
        found["own_roas"],
        found["roas_cut"],
        False,
        week.settings,
        found["low_weeks"],
        found["healthy_weeks"],
    )
    changed = {
        asin: key for asin, key, was in zip(found.index, other, found["segment"], strict=True) if key and key != was
    }
    assert week.doubts[name].dropna().to_dict() == changed


def test_of_a_large_family_ten_siblings_are_named():
    asins = [f"B0FAMILY{number:02}" for number in range(14)]
    parents = pd.Series(["B0PARENT01"] * 12 + ["B0PARENT02"] * 2, index=asins)
    found = siblings(parents, pd.Series([1.0, *[0.0] * 11, 1.0, 0.0], index=asins))
    assert found.loc[asins[0], "sells_siblings"] == ", ".join(asins[1:11]) + ", …"
    assert found.loc[asins[1], "sold_by_siblings"] == asins[0]
    assert found.loc[asins[12]].tolist() == [asins[13], ""]

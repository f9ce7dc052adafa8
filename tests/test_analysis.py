import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wockit.analysis import BUDGETS, POSITIONS, analyse
from wockit.matrix import playbook
from wockit.tables import LABELS

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
        return analyse(account, account.settings.change(sales_days=None, **(settings or {}))).positions.loc["A"]

    return position


@pytest.mark.parametrize("key", playbook().segments)
def test_every_segment_occurs_on_the_sample(week, key):
    assert week.segments.loc[key, "asins"] > 0


@pytest.mark.parametrize("key", sorted({*playbook().gates} - {"no_ad_report"}))
def test_every_gate_occurs_on_the_sample(week, key):
    assert week.positions["gate"].eq(key).any()


@pytest.mark.parametrize("key", sorted({*playbook().cautions} - {"aged"}))
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
        ("budget_corrected", 2800),
        ("cost_per_order", 40),
        ("unit_proceeds", 36.5),
        ("order_gain", -3.5),
    ],
)
def test_the_article_s_example_of_a_budget(week, column, value):
    assert week.budgets.loc["B0CLEAR100", column] == pytest.approx(value)


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
    judged = ~week.positions["gate"].isin(["new", "not_sellable", "missing_data"])
    assert set(week.budgets.index) == set(week.positions.index[(week.positions["excess_units"] > 0) & judged])


def test_those_with_the_most_at_stake_come_first(week):
    assert week.positions["money_at_stake"].dropna().is_monotonic_decreasing


def test_the_money_at_stake_is_last_where_it_is_unknown(week):
    known = week.positions["money_at_stake"].notna().tolist()
    assert known == sorted(known, reverse=True)


@pytest.mark.parametrize("name", ["stock", "sales", "ads", "costs"])
@pytest.mark.parametrize("figure", FIGURES)
def test_the_order_of_rows_does_not_matter(sample, week, name, figure):
    shuffled = replace(sample, **{name: getattr(sample, name).sample(frac=1, random_state=1)})
    pd.testing.assert_frame_equal(getattr(analyse(shuffled), figure), getattr(week, figure))


@pytest.mark.parametrize("name", ["stock", "sales", "ads", "costs"])
def test_other_settings_leave_the_account_as_it_was(sample, name):
    before = getattr(sample, name).copy()
    analyse(sample, sample.settings.change(preset="us_fee_aware_2026", roas_cut="break_even", sales_days=60))
    pd.testing.assert_frame_equal(getattr(sample, name), before)


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
    assert any("the account has no benchmark" in note.text for note in found.notes)


def test_days_are_summed_before_they_are_divided(one):
    other = {**AD, "date": "2026-11-02", "ad_spend": 900.0, "ad_sales": 700.0}
    assert one(ads=[AD, other])["roas"] == 1.0


@pytest.mark.parametrize(("day", "roas"), [("2026-11-22", 3.0), ("2026-11-16", 3.0), ("2026-11-15", 5.0)])
def test_days_whose_sales_still_grow_are_set_aside(one, day, roas):
    assert one(ads=[AD, {**AD, "date": day, "ad_sales": 700.0}])["roas"] == roas


def test_the_days_set_aside_are_noted(build):
    account = build({"A": {"units_shipped_30_days": 9.0}}, ads=[AD, {**AD, "date": "2026-11-22"}])
    text = "1 days whose sales still grow were set aside; ROAS rests on 1 settled days."
    assert ("info", text) in [(note.level, note.text) for note in analyse(account).notes]


def test_young_days_alone_are_used_with_a_warning(build):
    account = build({"A": {"units_shipped_30_days": 9.0}}, ads=[{**AD, "date": "2026-11-22"}])
    found = analyse(account)
    assert found.positions.loc["A", "roas"] == 3.0
    text = "no day is older than 7 days: ROAS rests on days whose sales still grow."
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


@pytest.mark.parametrize("name", ["sales", "ads", "costs"])
def test_a_report_that_is_not_there_leaves_every_column_its_type(sample, week, name):
    found = analyse(replace(sample, **{name: getattr(sample, name).iloc[:0]}))
    pd.testing.assert_series_equal(found.positions.dtypes, week.positions.dtypes)


def test_without_costs_stock_is_valued_at_its_price(sample):
    found = analyse(replace(sample, costs=sample.costs.iloc[:0]))
    row = found.positions.loc["B0WOC8CASE"]
    assert row["stock_value"] == pytest.approx(row["units_available"] * row["price"])


def test_without_a_business_report_units_shipped_count(sample):
    found = analyse(replace(sample, sales=sample.sales.iloc[:0]))
    assert found.positions["units_source"].dropna().unique().tolist() == ["units shipped"]


def test_an_asin_that_only_advertising_knows_is_missing_data(build):
    found = analyse(build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}}, ads=[{**AD, "asin": "B"}]))
    assert found.positions.loc["B", "gate"] == "missing_data"


def test_what_a_report_leaves_out_is_missing_and_not_zero(build):
    found = analyse(build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}}, ads=[{**AD, "asin": "B"}]))
    assert found.positions.loc["A", ["ad_spend", "ad_clicks", "roas"]].isna().all()


@pytest.mark.parametrize(("days", "weeks"), [(30, 4.0), (14, 2.0), (7, 1.0), (70, 10.0)])
def test_cover_counts_the_weeks_of_the_sales_period(build, days, weeks):
    account = build({"A": {"units_available": 50.0}}, {"A": {"units_ordered": 50.0}})
    found = analyse(account, account.settings.change(sales_days=days)).positions.loc["A"]
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
@pytest.mark.parametrize("bucket", BUCKETS)
def test_the_exit_age_counts_in_the_steps_of_the_report(one, bucket, days):
    exits = one({bucket: 150.0}, {"exit_age_days": days})["segment"] == "exit"
    assert exits == (days in BUCKETS[bucket])


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


def test_a_date_that_has_passed_is_noted(build):
    account = build({"A": {"units_shipped_30_days": 9.0}}, costs={"A": {"clear_by": "2026-11-01"}})
    text = "the clear_by date of 1 ASINs has passed; 30 days are used."
    assert ("warning", text) in [(note.level, note.text) for note in analyse(account).notes]


def test_the_referral_rate_of_the_settings_fills_a_missing_one(one):
    assert one(settings={"referral_rate": 0.08})["referral_rate"] == 0.08


def test_only_placed_asins_are_uncertain(week):
    assert week.positions.loc[week.positions["uncertain"], "segment"].notna().all()


def test_the_exit_lane_is_never_uncertain(week):
    assert not week.positions.loc[week.positions["segment"] == "exit", "uncertain"].any()


@pytest.mark.parametrize(("clicks", "uncertain"), [(10.0, True), (10_000.0, False)])
def test_few_clicks_near_the_cut_make_a_place_uncertain(one, clicks, uncertain):
    ads = [{**AD, "ad_clicks": clicks, "ad_orders": clicks / 10}]
    assert one(settings={"roas_cut": "target", "target_roas": 2.8}, ads=ads)["uncertain"] == uncertain


def test_a_seasonal_asin_is_uncertain(one):
    assert one({"seasonal": 1.0}, {"roas_cut": "target", "target_roas": 0.1})["uncertain"]


@pytest.mark.parametrize(("marketplace", "told"), [("US", True), ("DE", False)])
def test_the_low_inventory_fee_is_told_only_in_the_us(one, marketplace, told):
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
    assert found["account_roas"] == pytest.approx(found["ad_sales"] / found["ad_spend"], abs=5e-5)


def test_the_budget_that_pays_is_of_asins_where_a_click_pays(week):
    pays = week.budgets[week.budgets["click_pays"] == "yes"]
    assert week.summary()["budget_that_pays"] == pytest.approx(pays["budget_extra"].sum(), abs=0.005)


def test_sales_at_risk_are_of_asins_that_run_short(week):
    short = week.positions[week.positions["weeks_of_coverage"] < 3]
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


@pytest.mark.parametrize(("price", "pays"), [(20.0, "yes"), (10.0, "no"), (np.nan, "unknown")])
def test_a_click_pays_where_an_order_leaves_money(build, price, pays):
    costs = {"A": {"price": price, "referral_rate": 0.0, "fulfilment_fee": 0.0}}
    account = build({"A": {"units_available": 900.0, "units_shipped_30_days": 9.0}}, ads=[AD], costs=costs)
    assert analyse(account).budgets.loc["A", "click_pays"] == pays


def test_two_units_an_order_halve_the_budget(sample, week):
    found = analyse(sample, sample.settings.change(units_per_order=2.0))
    assert found.budgets.loc["B0CLEAR100", "budget_upper"] == week.budgets.loc["B0CLEAR100", "budget_upper"] / 2


def test_the_worst_notes_come_first(sample):
    levels = [note.level for note in analyse(replace(sample, notes=tuple(reversed(sample.notes)))).notes]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_analysing_twice_notes_nothing_twice(sample):
    assert analyse(sample).notes == analyse(sample).notes

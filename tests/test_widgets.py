import json
from dataclasses import replace
from threading import Thread

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.analysis.analyse import analyse
from wockit.analysis.scenario import Scenario, read_scenario, save_scenario
from wockit.formulas.budget import clearance_budget
from wockit.language import speak
from wockit.notes import WockitError
from wockit.show.canvas import canvas
from wockit.show.cockpit import Cockpit
from wockit.show.labels import shown
from wockit.show.levers import CHANGED
from wockit.show.what_if import WhatIf, what_if

NAMES = ["units", "conversion_rate", "cost_per_click", "ad_share", "units_sold", "clear_days", "price"]
STEPS = {
    "clicks": "clicks",
    "clicks_a_day": "clicks_a_day",
    "upper": "budget_upper",
    "lower": "budget_lower",
    "ad_units_needed": "ad_units_needed",
    "corrected": "budget_corrected",
    "cost_per_order": "cost_per_order",
}


@pytest.fixture(scope="module")
def panel():
    return what_if()


def within(name):
    slider = what_if().controls[name]
    whole = isinstance(slider.value, int)
    return (st.integers if whole else st.floats)(slider.min, slider.max)


def test_controls_have_the_names_of_the_budget(panel):
    assert list(panel.controls) == NAMES


def test_the_panel_starts_at_the_article_s_example():
    found = what_if().budget()
    assert (found.clicks, found.upper, found.lower, found.corrected) == (2000, 4000, 1600, 2800)


def test_moving_a_slider_changes_the_budget():
    panel = what_if()
    panel.controls["ad_share"].value = 0.5
    assert panel.budget().lower == 2000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", 200),
        ("conversion_rate", 0.1),
        ("cost_per_click", 1.0),
        ("ad_share", 0.5),
        ("units_sold", 100),
        ("clear_days", 60),
        ("price", 80.0),
    ],
)
def test_moving_any_slider_changes_what_is_shown(name, value):
    panel = what_if()
    before = panel.result.value
    panel.controls[name].value = value
    assert panel.result.value != before
    assert panel.result.value == panel.table().html


@settings(max_examples=40)
@given(values=st.fixed_dictionaries({name: within(name) for name in NAMES}))
def test_the_panel_says_what_the_function_says(panel, values):
    for name, value in values.items():
        panel.controls[name].value = value
    values.pop("price")
    assert panel.budget() == clearance_budget(**values)


def test_the_table_shows_what_an_order_leaves(panel):
    text = what_if(price=50, referral_rate=0.15, fulfilment_fee=6).table().text
    assert "36.50" in text
    assert "-3.50" in text


def test_a_value_beyond_the_slider_widens_it():
    panel = what_if(units=90_000, price=900)
    assert panel.budget().clicks == 1_800_000
    assert panel.controls["price"].value == 900


def test_an_error_in_a_callback_is_not_swallowed(monkeypatch):
    panel = what_if()

    def fail(self):
        raise ArithmeticError("no table today")

    monkeypatch.setattr(WhatIf, "table", fail)
    with pytest.raises(ArithmeticError, match="no table today"):
        panel.controls["units"].value = 200


def test_the_box_holds_every_control_and_the_result(panel):
    sliders, result = panel.box.children
    assert list(sliders.children) == list(panel.controls.values())
    assert result is panel.result


CLEAR, LAST, LIQUIDATED = "B0CLEAR100", "B0K2W6FNYT", "B0P2X4GCYK"
MONEY = ["budget_upper", "budget_lower", "budget_corrected", "budget_low", "budget_high", "budget_extra"]


@pytest.fixture
def cockpit(week, tmp_path):
    panel = Cockpit(week, tmp_path)
    panel.picker.chosen = [CLEAR, LAST]
    return panel


def figure(panel, name, side="now"):
    return getattr(panel.forecast().outcomes[side], name)


def test_the_panel_speaks_the_language_that_is_spoken(week, tmp_path):
    speak("zh-CN")
    try:
        panel = Cockpit(week, tmp_path)
        save_scenario(tmp_path, Scenario("kept", week.account.name))
        panel.controls["saved"].options = ["", "kept"]
        panel.controls["saved"].value = "kept"
    finally:
        speak("en")
    assert panel.controls["price_cut"].description == "降价幅度"
    assert panel.controls["name"].placeholder == "保存用的名称"
    assert panel.picker.words["search"] == "搜索"
    assert ">当前</th>" in panel.result.value


def in_another_thread(action):
    thread = Thread(target=action)
    thread.start()
    thread.join()


def test_a_panel_keeps_its_language_whichever_thread_calls(week, tmp_path):
    speak("zh-CN")
    panel, small = Cockpit(week, tmp_path), what_if()
    in_another_thread(lambda: setattr(panel.controls["ads_level"], "value", 1.5))
    in_another_thread(lambda: setattr(small.controls["ad_share"], "value", 0.5))
    assert "售完日期" in panel.result.value
    assert panel.controls["ads_level"].description == "● 广告（现在为 100%）"
    assert "上限" in small.result.value


def test_a_new_cockpit_shows_the_first_asin_that_has_a_budget(week, tmp_path):
    panel = Cockpit(week, tmp_path)
    first = next(asin for asin in week.advice.index if asin in week.budgets.index)
    assert panel.picker.chosen == [first]
    assert panel.controls["focus"].value == first
    assert panel.controls["price"].value == week.details.loc[first, "price"]
    assert first in panel.result.value


def test_the_picker_knows_every_asin_by_its_name_and_place(week, cockpit):
    points = cockpit.picker.points
    assert points["asin"] == list(week.advice.index)
    place = points["asin"].index(CLEAR)
    assert points["title"][place] == week.positions.loc[CLEAR, "title"]
    assert points["weeks"][place] == pytest.approx(week.positions.loc[CLEAR, "weeks_of_coverage"], abs=1e-3)
    assert points["roas"][place] == pytest.approx(week.positions.loc[CLEAR, "own_roas"], abs=1e-3)
    assert points["place"][place] in cockpit.picker.places
    gated = points["asin"].index(week.positions.index[week.positions["gate"].notna()][0])
    assert points["weeks"][gated] is None  # it is in the list only
    json.dumps(points, allow_nan=False)


def test_the_cockpit_starts_at_the_report(cockpit, week):
    assert cockpit.scenario() == Scenario("", week.account.name)
    for name in ("spend", "gain", "units_left", "sold_out"):
        assert figure(cockpit, name) == pytest.approx(figure(cockpit, name, "report"))
    assert figure(cockpit, "gain") == pytest.approx(week.advice.loc[[CLEAR, LAST], "gain"].sum())
    budgets = cockpit.forecast().clearing.budgets.loc[[CLEAR, LAST], MONEY]
    pd.testing.assert_frame_equal(budgets, week.budgets.loc[[CLEAR, LAST], MONEY])
    assert not [name for name, control in cockpit.controls.items() if control.description.startswith(CHANGED)]


@settings(max_examples=3)
@given(
    path=st.fixed_dictionaries({
        "ads_level": st.sampled_from([0.0, 0.5, 1.5]),
        "price_cut": st.sampled_from([0.0, 0.2]),
        "leaves": st.sampled_from([0.0, 0.5]),
        "until_days": st.sampled_from([28, 154, 364]),
    }),
    again=st.sampled_from(["", 0, 1]),
    elasticity=st.sampled_from(["", 1.0, 3.0]),
    share=st.sampled_from(["", 0.9]),
)  # fmt: skip
def test_panel_and_analysis_give_the_same_figures(week, tmp_path_factory, path, again, elasticity, share):
    panel = Cockpit(week, tmp_path_factory.mktemp("account"))
    panel.picker.chosen = [CLEAR, LIQUIDATED]
    settings = {"elasticity": elasticity, "incremental_share": share}
    for name, value in {**settings, "bought_again": again, **path}.items():
        panel.controls[name].value = value
    report = analyse(week.account, week.settings, panel.scenario())
    both = [CLEAR, LIQUIDATED]
    pd.testing.assert_frame_equal(panel.forecast().advised.table.loc[both], report.advice.loc[both])
    assert figure(panel, "gain") == pytest.approx(report.advice.loc[both, "gain"].sum())
    assert shown("gain", figure(panel, "gain")) in panel.result.value


def test_settings_moved_on_the_panel_are_settings_of_the_analysis(cockpit, sample, week):
    cockpit.controls["elasticity"].value = 3.0
    cockpit.controls["incremental_share"].value = 0.5
    report = analyse(sample, week.settings.change(elasticity=3.0, incremental_share=0.5))
    assert figure(cockpit, "gain") == pytest.approx(report.advice.loc[[CLEAR, LAST], "gain"].sum())


def test_numbers_of_one_asin_are_those_of_a_scenario(cockpit, week):
    cockpit.controls["cost_per_click"].value = 1.0
    cockpit.controls["clear_days"].value = 40
    assert cockpit.changes == {CLEAR: {"cost_per_click": 1.0, "clear_days": 40}}
    report = analyse(week.account, week.settings, cockpit.scenario())
    budgets = cockpit.forecast().clearing.budgets
    pd.testing.assert_series_equal(budgets.loc[CLEAR, MONEY], report.budgets.loc[CLEAR, MONEY])
    assert cockpit.controls["cost_per_click"].description == CHANGED + "Cost per click"


def test_a_lever_moves_all_chosen_asins_and_what_is_shown(cockpit):
    before = cockpit.result.value
    cockpit.controls["ads_level"].value = 1.5
    assert {asin: changes["ads_level"] for asin, changes in cockpit.changes.items()} == {CLEAR: 1.5, LAST: 1.5}
    assert cockpit.result.value != before
    assert cockpit.forecast().advised.table.loc[[CLEAR, LAST], "ads_level"].tolist() == [1.5, 1.5]
    assert figure(cockpit, "spend") > figure(cockpit, "spend", "carry_on") > figure(cockpit, "spend", "report")
    assert cockpit.controls["ads_level"].description == CHANGED + "Ads (now: 100%)"
    assert "<svg" in cockpit.result.value


def test_a_lever_leaves_the_rest_of_each_path_as_it_was(week, tmp_path):
    panel = Cockpit(week, tmp_path)
    panel.picker.chosen = [CLEAR, LIQUIDATED]
    leaving = panel.forecast().advised.table.loc[[CLEAR, LIQUIDATED], "units_liquidated"].tolist()
    assert leaving[0] == 0 < leaving[1]
    panel.controls["price_cut"].value = 0.1
    assert panel.forecast().advised.table.loc[[CLEAR, LIQUIDATED], "units_liquidated"].tolist() == leaving
    assert "Not the same for all" in panel.reasons.value


def test_sliders_show_the_path_that_an_assumption_makes_best(cockpit, week):
    assert cockpit.controls["ads_level"].value == week.paths.loc[CLEAR, "ads"]
    cockpit.controls["incremental_share"].value = 1.0
    assert cockpit.controls["ads_level"].value == cockpit.forecast().advised.paths.loc[CLEAR, "ads"]
    assert cockpit.changes == {}


def test_scales_fit_the_asin_and_are_half_to_one_and_a_half_times_what_is_now(cockpit, week):
    price = week.details.loc[CLEAR, "price"]
    control = cockpit.controls["price"]
    assert (control.min, control.value, control.max) == (0.5 * price, price, 1.5 * price)
    cockpit.controls["focus"].value = LAST
    assert control.value == week.details.loc[LAST, "price"] != price
    assert cockpit.controls["ad_share"].max <= 1


def test_the_levers_of_one_asin_remember_what_was_tried(cockpit, week):
    cockpit.controls["cost_per_click"].value = 1.0
    cockpit.controls["focus"].value = LAST
    assert cockpit.controls["cost_per_click"].value == pytest.approx(week.budgets.loc[LAST, "cost_per_click"])
    cockpit.controls["focus"].value = CLEAR
    assert cockpit.controls["cost_per_click"].value == 1.0


def test_what_is_unknown_is_disabled_and_says_why(build, outlook, tmp_path):
    stock = {"units_available": 400.0, "units_shipped_30_days": 20.0, "price": 40.0}
    panel = Cockpit(analyse(build({"A": stock}, **outlook({"A": 5.0}))), tmp_path)
    assert all(panel.controls[name].disabled for name in ("ads_level", "price_cut", "leaves", "bought_again"))
    assert "missing in costs.csv" in panel.reasons.value
    assert panel.controls["conversion_rate"].disabled
    assert "Conversion rate" in panel.missing.value
    assert not panel.controls["price"].disabled


def test_without_clicks_only_the_ads_are_disabled(week, tmp_path):
    panel = Cockpit(week, tmp_path)
    quiet = week.details.index[
        week.details["gate"].eq("no_ads") & week.advice["gain"].reindex(week.details.index).notna()
    ]
    panel.picker.chosen = list(quiet[:1])
    assert panel.controls["ads_level"].disabled
    assert not panel.controls["price_cut"].disabled
    assert "no ad clicks on record" in panel.reasons.value


def test_reset_goes_back_to_the_report(cockpit):
    before = cockpit.result.value
    cockpit.controls["ads_level"].value = 1.5
    cockpit.controls["elasticity"].value = 3.0
    cockpit.controls["ad_budget"].value = 100.0
    cockpit.controls["reset"].click()
    assert cockpit.changes == {}
    assert cockpit.result.value == before


def test_a_scenario_is_saved_compared_loaded_and_handed_to_the_weekly_run(cockpit, week, tmp_path):
    cockpit.controls["ads_level"].value = 0.5
    cockpit.controls["incremental_share"].value = 0.9
    gain, spend = figure(cockpit, "gain"), figure(cockpit, "spend")
    cockpit.controls["name"].value = "half ads"
    cockpit.controls["save"].click()
    assert "--scenario &quot;half ads&quot;" in cockpit.message.value
    kept = read_scenario(tmp_path, "half ads", week.account.name)
    assert kept == cockpit.scenario()
    assert analyse(week.account, scenario=kept).advice.loc[[CLEAR, LAST], "gain"].sum() == pytest.approx(gain)
    cockpit.controls["reset"].click()
    cockpit.controls["saved"].value = "half ads"
    table = cockpit.result.value
    assert [text in table for text in (">report</th>", ">now</th>", ">half ads</th>", ">difference</th>")] == [True] * 4
    apart = figure(cockpit, "spend") - spend
    assert f">{apart:+,.0f}</td>" in table
    cockpit.controls["load"].click()
    assert (cockpit.controls["ads_level"].value, cockpit.controls["incremental_share"].value) == (0.5, 0.9)
    assert figure(cockpit, "gain") == pytest.approx(gain)
    assert cockpit.picker.chosen == [CLEAR, LAST]


def test_a_cap_is_shared_by_the_chosen_asins(week, tmp_path):
    panel = Cockpit(week, tmp_path)
    panel.picker.chosen = [asin for asin in week.advice.index if week.paths.loc[asin, "ads"] > 0.9][:5]
    cap = figure(panel, "spend") / 2
    panel.controls["ad_budget"].value = cap
    assert panel.scenario().settings == {"ad_budget": cap}
    assert 0 < figure(panel, "spend") <= cap + 1e-6


def test_a_cap_of_the_report_can_be_lifted(sample, tmp_path):
    capped = Cockpit(analyse(sample, sample.settings.change(ad_budget=100.0)), tmp_path)
    assert capped.controls["ad_budget"].value == 100
    assert capped.scenario().settings == {}
    capped.controls["ad_budget"].value = 0
    assert capped.scenario().settings == {"ad_budget": None}
    assert capped.forecast().advised.sums["ad_budget"] == float("inf")


def test_a_name_that_cannot_be_is_a_message(cockpit):
    cockpit.controls["name"].value = "../<b>"
    cockpit.controls["save"].click()
    assert "a name of letters" in cockpit.message.value
    assert "<b>" not in cockpit.message.value
    cockpit.controls["cost_per_click"].value = 1.5
    assert cockpit.message.value == ""


def test_what_cannot_be_fails_a_headless_run(cockpit, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "odd.json").write_text("{")
    cockpit.controls["saved"].options = ["", "odd"]
    with pytest.raises(WockitError, match="cannot be read as JSON"):
        cockpit.controls["saved"].value = "odd"
    assert "cannot be read as JSON" in cockpit.message.value


@pytest.mark.parametrize("chosen", [[], ["B0NONE0000"]])
def test_with_nothing_chosen_it_says_what_to_do(cockpit, chosen):
    cockpit.picker.chosen = chosen
    assert cockpit.result.value == "<p>Choose ASINs in the matrix or in the list.</p>"
    assert cockpit.controls["ads_level"].disabled
    cockpit.controls["ads_level"].value = 1.5
    assert cockpit.changes == {}


def test_an_account_without_an_asin_has_an_empty_cockpit(week, tmp_path):
    panel = Cockpit(replace(week, advice=week.advice.iloc[:0]), tmp_path)
    assert panel.picker.points["asin"] == []
    assert "Choose ASINs" in panel.result.value


def test_the_budget_of_an_asin_is_worked_out_where_someone_looks(cockpit, week):
    assert cockpit.details.value == ""
    cockpit.folded.selected_index = 0
    assert shown("budget_upper", week.budgets.loc[CLEAR, "budget_upper"]) in cockpit.details.value
    cockpit.controls["cost_per_click"].value = 1.0
    assert shown("budget_upper", 2000.0) in cockpit.details.value


def test_the_figure_for_pages_without_widgets_has_the_same_three_lines(cockpit):
    lines = cockpit.plot(canvas()).lines
    outcomes = cockpit.forecast().outcomes
    assert [line.get_ydata()[-1] for line in lines] == [
        pytest.approx(outcomes[side].cash.iloc[-1]) for side in ("carry_on", "report", "now")
    ]


def test_a_scenario_keeps_settings_that_the_panel_does_not_show(cockpit, week, tmp_path):
    save_scenario(tmp_path, Scenario("steep", week.account.name, {"markdown_discount": 0.3}))
    cockpit.controls["saved"].options = ["", "steep"]
    cockpit.controls["saved"].value = "steep"
    cockpit.controls["load"].click()
    assert cockpit.scenario().settings == {"markdown_discount": 0.3}
    cockpit.controls["reset"].click()
    assert cockpit.scenario().settings == {}


def test_a_title_is_text_whatever_it_holds(week, tmp_path):
    hostile = week.details.assign(title="<img src=x onerror=alert(1)>")
    panel = Cockpit(replace(week, details=hostile, positions=week.positions.assign(title="<img src=x>")), tmp_path)
    assert "<img" not in panel.result.value


def test_a_slider_that_rounds_what_it_is_set_to_changes_nothing(cockpit):
    cockpit.picker.chosen = [CLEAR]
    report = cockpit.controls["conversion_rate"].value
    cockpit.controls["conversion_rate"].value = report + 1e-6
    cockpit.controls["ads_level"].value += 1e-6
    assert not any(cockpit.changes.values())
    cockpit.controls["conversion_rate"].value = report * 1.2
    assert cockpit.changes[CLEAR].keys() == {"conversion_rate"}
    cockpit.controls["conversion_rate"].value = report
    assert not any(cockpit.changes.values())

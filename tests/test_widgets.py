from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.analysis.analyse import analyse
from wockit.analysis.scenario import FIELDS, Scenario, read_scenario, save_scenario
from wockit.formulas.budget import clearance_budget
from wockit.language import speak
from wockit.notes import WockitError
from wockit.show.canvas import canvas
from wockit.show.cockpit import Cockpit
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


CLEAR, LAST = "B0CLEAR100", "B0K2W6FNYT"
MONEY = ["budget_upper", "budget_lower", "budget_corrected", "budget_low", "budget_high", "budget_extra"]


@pytest.fixture
def cockpit(week, tmp_path):
    found = Cockpit(week, tmp_path)
    found.controls["asins"].value = (CLEAR, LAST)
    found.controls["focus"].value = CLEAR
    return found


def test_the_panel_speaks_the_language_that_is_spoken(week, tmp_path):
    speak("zh-CN")
    try:
        found = Cockpit(week, tmp_path)
        save_scenario(tmp_path, Scenario("kept", week.account.name))
        found.controls["compare"].options = ["", "kept"]
        found.controls["compare"].value = "kept"
    finally:
        speak("en")
    assert found.controls["place"].options[0] == ("全部", "")
    assert found.controls["name"].placeholder == "保存用的名称"
    assert ">当前</th>" in found.result.value


def test_a_new_cockpit_shows_the_first_asin_that_has_a_budget(week, tmp_path):
    found = Cockpit(week, tmp_path)
    first = next(asin for asin in week.advice.index if asin in week.budgets.index)
    assert found.controls["focus"].value == first
    assert found.controls["price"].value == week.details.loc[first, "price"]
    assert first in found.result.value


def test_the_cockpit_starts_at_the_numbers_of_the_report(cockpit, week):
    for name in FIELDS:
        assert cockpit.controls[name].value == pytest.approx(week.budgets.loc[CLEAR, name])
    found = cockpit.tried().clearing.budgets.loc[[CLEAR, LAST], MONEY]
    pd.testing.assert_frame_equal(found, week.budgets.loc[[CLEAR, LAST], MONEY])


@settings(max_examples=15)
@given(
    excess_units=st.integers(0, 400),
    clear_days=st.integers(7, 180),
    price=st.integers(10, 100),
    conversion_rate=st.sampled_from([0.02, 0.05, 0.2]),
    cost_per_click=st.sampled_from([0.5, 2.0, 4.0]),
    ad_share=st.sampled_from([0.0, 0.4, 1.0]),
    lift=st.sampled_from([0.0, 0.5]),
    ad_budget=st.sampled_from([0.0, 50.0, 1000.0]),
)
def test_panel_analysis_and_scenario_give_the_same_figures(week, tmp_path_factory, lift, ad_budget, **values):
    panel = Cockpit(week, tmp_path_factory.mktemp("account"))
    panel.controls["asins"].value = (CLEAR,)
    for name, value in {**values, "lift": lift, "ad_budget": ad_budget}.items():
        panel.controls[name].value = value
    scenario = panel.scenario()
    report = analyse(week.account, week.settings, scenario)
    pd.testing.assert_frame_equal(
        panel.tried().clearing.budgets[MONEY], report.budgets.loc[[CLEAR], MONEY], check_names=False
    )
    assert report.budgets.loc[CLEAR, "excess_units"] == values["excess_units"]
    if ad_budget:
        assert panel.tried().advised.sums["spend"] <= ad_budget + 1e-6
    else:
        pd.testing.assert_series_equal(panel.tried().advised.table.loc[CLEAR], report.advice.loc[CLEAR])


def test_moving_a_slider_changes_one_asin_and_what_is_shown(cockpit):
    before = cockpit.result.value
    cockpit.controls["cost_per_click"].value = 1.0
    assert cockpit.changes == {CLEAR: {"cost_per_click": 1.0}}
    assert cockpit.result.value != before
    assert cockpit.tried().clearing.budgets.loc[CLEAR, "budget_upper"] == 2000
    assert cockpit.result.value == cockpit.table().html
    assert bytes(cockpit.curve.value[:4]) == b"\x89PNG"


def test_the_curve_goes_through_the_budget_of_the_table(cockpit):
    cockpit.controls["lift"].value = 0.5
    cockpit.controls["clear_days"].value = 45
    line = cockpit.plot(canvas()).lines[0]
    curve = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert curve[45] == pytest.approx(cockpit.tried().clearing.budgets.loc[CLEAR, "budget_corrected"])


def test_the_sliders_follow_the_asin_in_focus_and_remember_what_was_tried(cockpit, week):
    cockpit.controls["cost_per_click"].value = 1.0
    cockpit.controls["focus"].value = LAST
    assert cockpit.controls["cost_per_click"].value == pytest.approx(week.budgets.loc[LAST, "cost_per_click"])
    assert cockpit.changes == {CLEAR: {"cost_per_click": 1.0}}
    cockpit.controls["focus"].value = CLEAR
    assert cockpit.controls["cost_per_click"].value == 1.0


def test_reset_goes_back_to_the_report(cockpit, week):
    before = cockpit.result.value
    cockpit.controls["cost_per_click"].value = 1.0
    cockpit.controls["lift"].value = 0.5
    cockpit.controls["reset"].click()
    assert cockpit.changes == {}
    assert cockpit.result.value == before


def test_a_scenario_is_saved_loaded_and_compared(cockpit, tmp_path):
    cockpit.controls["cost_per_click"].value = 1.0
    cockpit.controls["ad_budget"].value = 300.0
    cockpit.controls["name"].value = "half price"
    cockpit.controls["save"].click()
    kept = read_scenario(tmp_path, "half price", cockpit.analysis.account.name)
    assert kept.asins == {CLEAR: {"cost_per_click": 1.0}}
    assert kept.settings == {"ad_budget": 300.0}
    cockpit.controls["reset"].click()
    cockpit.controls["compare"].value = "half price"
    assert "half price" in cockpit.result.value
    cockpit.controls["saved"].value = "half price"
    cockpit.controls["load"].click()
    assert cockpit.controls["cost_per_click"].value == 1.0
    assert cockpit.controls["ad_budget"].value == 300.0


def test_a_place_chooses_its_asins(cockpit, week):
    cockpit.controls["place"].value = "exit"
    chosen = set(cockpit.controls["asins"].value)
    assert chosen == set(week.advice.index[week.advice["place_article"].eq("exit")])


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
    cockpit.controls["compare"].options = ["", "odd"]
    with pytest.raises(WockitError, match="cannot be read as JSON"):
        cockpit.controls["compare"].value = "odd"
    assert "cannot be read as JSON" in cockpit.message.value


def test_an_account_without_an_asin_has_an_empty_cockpit(week, tmp_path):
    assert Cockpit(replace(week, advice=week.advice.iloc[:0]), tmp_path).controls["asins"].options == ()


def test_the_panel_says_what_the_advice_says_and_follows_the_sliders(cockpit, week):
    assert f"{CLEAR}: {week.advice.loc[CLEAR, 'says']}" in cockpit.table().text
    cockpit.controls["cost_per_click"].value = 0.05
    assert cockpit.tried().advised.table.loc[CLEAR, "ads_level"] > 1
    assert f"{CLEAR}: Raise ads" in cockpit.table().text


def test_a_scenario_keeps_settings_that_the_panel_does_not_show(cockpit, tmp_path):
    save_scenario(tmp_path, Scenario("steep", cockpit.analysis.account.name, {"elasticity": 3.0}))
    cockpit.controls["saved"].options = ["", "steep"]
    cockpit.controls["saved"].value = "steep"
    cockpit.controls["load"].click()
    assert cockpit.scenario().settings == {"elasticity": 3.0}
    cockpit.controls["reset"].click()
    assert cockpit.scenario().settings == {}


def test_a_cap_of_the_report_can_be_lifted(sample, tmp_path):
    capped = Cockpit(analyse(sample, sample.settings.change(ad_budget=100.0)), tmp_path)
    assert capped.controls["ad_budget"].value == 100
    assert capped.scenario().settings == {}
    capped.controls["ad_budget"].value = 0
    assert capped.scenario().settings == {"ad_budget": None}
    assert capped.tried().advised.sums["ad_budget"] == float("inf")


def test_with_nothing_chosen_the_asin_in_focus_counts(cockpit):
    cockpit.controls["asins"].value = ()
    cockpit.controls["lift"].value = 0.5
    assert CLEAR in cockpit.result.value

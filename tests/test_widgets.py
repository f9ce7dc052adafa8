from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.analysis import analyse
from wockit.budget import clearance_budget
from wockit.widgets import WhatIf, what_if, what_if_for

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


@settings(max_examples=40, deadline=None)
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


@pytest.mark.parametrize(
    "changes",
    [{}, {"clear_days": 45}, {"sales_days": 45}, {"sales_days": 60}, {"units_per_order": 1.2}],
    ids=["sample", "45 days", "45 days of sales", "60 days of sales", "1.2 units an order"],
)
@pytest.mark.parametrize("asin", ["B0CLEAR100", "B0X9L4RCZP", "B0K8C3HDQL", "B0P2X4GCYK"])
def test_the_panel_of_an_asin_starts_at_its_budget(sample, asin, changes):
    found = analyse(sample, sample.settings.change(**changes))
    panel = asdict(what_if_for(found, asin).budget())
    expected = found.budgets.loc[asin]
    assert [panel[step] for step in STEPS] == pytest.approx([expected[name] for name in STEPS.values()], nan_ok=True)


@pytest.mark.parametrize("units_per_order", [1.0, 2.0])
def test_the_panel_of_an_asin_shows_what_its_orders_leave(sample, units_per_order):
    found = analyse(sample, sample.settings.change(units_per_order=units_per_order))
    shown = f"{found.budgets.loc['B0CLEAR100', 'order_gain']:,.2f}"
    assert shown in what_if_for(found, "B0CLEAR100").table().html


def test_an_asin_without_excess_has_no_panel_but_a_list_of_those_that_have(week):
    with pytest.raises(KeyError, match=r"'B0NONE' has no excess units; ASINs that have: B0X9L4RCZP, "):
        what_if_for(week, "B0NONE")


def test_an_asin_without_a_needed_value_has_no_panel_but_the_name_of_the_value(week):
    with pytest.raises(KeyError, match="'B0E0V6LNXB' has no fulfilment_fee: see its row in the positions"):
        what_if_for(week, "B0E0V6LNXB")


def test_an_asin_without_advertising_names_all_that_it_lacks(week):
    with pytest.raises(KeyError, match="'B0O6H3CFLS' has no conversion_rate, cost_per_click, ad_share: see"):
        what_if_for(week, "B0O6H3CFLS")


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

"""Scenarios: kept and read back, refused with a sentence, and what they change in an analysis."""

import json

import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.scenario import Scenario, read_scenario, save_scenario, scenarios
from wockit.notes import SettingsError

CLEAR = "B0CLEAR100"


@pytest.fixture
def kept(tmp_path):
    found = Scenario("less bid", "Shop", {"clear_days": 60}, {CLEAR: {"cost_per_click": 1.5, "price": 45.0}})
    save_scenario(tmp_path, found)
    return tmp_path, found


def mended(folder, **changes):
    path = folder / "scenarios" / "less bid.json"
    content = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))


def test_what_is_kept_is_read_back(kept):
    folder, scenario = kept
    assert read_scenario(folder, "less bid", "Shop") == scenario
    assert scenarios(folder) == ["less bid"]


def test_a_scenario_of_the_same_name_is_replaced(kept):
    folder, _ = kept
    save_scenario(folder, Scenario("less bid", "Shop"))
    assert read_scenario(folder, "less bid", "Shop").asins == {}
    assert [path.name for path in (folder / "scenarios").iterdir()] == ["less bid.json"]


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 70, "a\nb", "con:"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(SettingsError, match="a name of letters, digits, spaces and hyphens"):
        save_scenario(tmp_path, Scenario(name, "Shop"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"account": "Other"}, "it belongs to account 'Other'; this is 'Shop'"),
        ({"version": 2}, "its version is not 1"),
        ({"version": None}, "it is not a scenario: expected account, asins, name, settings, version"),
        ({"more": 1}, "it is not a scenario"),
        ({"asins": [1]}, "expected tables of settings and of ASINs"),
        ({"asins": {CLEAR: 5}}, "expected a table of numbers for each ASIN"),
        ({"asins": {CLEAR: {"conversion_rate": 5}}}, r"expected 1e-06 to 1 \[fraction\], found 5. For 5% write 0.05."),
        ({"asins": {CLEAR: {"conversion_rate": 0}}}, "expected 1e-06 to 1"),
        ({"asins": {CLEAR: {"cost_per_click": 0}}}, "expected 0.001"),
        ({"asins": {CLEAR: {"excess_units": -1}}}, "expected 0 to"),
        ({"asins": {CLEAR: {"price": "9"}}}, "found '9'"),
        ({"asins": {CLEAR: {"prize": 9}}}, "Did you mean 'price'"),
        ({"settings": {"clear_day": 9}}, "Did you mean 'clear_days'"),
    ],
)
def test_a_file_mended_by_hand_into_nonsense_is_refused(kept, changes, said):
    folder, _ = kept
    mended(folder, **changes)
    with pytest.raises(SettingsError, match=said):
        read_scenario(folder, "less bid", "Shop")


def test_a_file_that_is_no_json_is_refused(kept):
    folder, _ = kept
    (folder / "scenarios" / "less bid.json").write_text("{")
    with pytest.raises(SettingsError, match="cannot be read as JSON"):
        read_scenario(folder, "less bid", "Shop")


def test_an_unknown_scenario_names_the_nearest(kept):
    folder, _ = kept
    with pytest.raises(SettingsError, match="Did you mean 'less bid'"):
        read_scenario(folder, "les bid", "Shop")


def test_a_scenario_moves_the_budget_of_its_asin_and_no_other(sample, week):
    scenario = Scenario("half", sample.name, {}, {CLEAR: {"cost_per_click": 1.0, "conversion_rate": 0.1}})
    tried = analyse(sample, scenario=scenario)
    assert tried.budgets.loc[CLEAR, ["clicks", "budget_upper", "budget_lower"]].tolist() == [1000, 1000, 400]
    others = week.budgets.index != CLEAR
    assert tried.budgets[others].equals(week.budgets[others])
    assert tried.positions.equals(week.positions)
    assert "changed numbers of 1 ASIN" in next(note.text for note in tried.notes if note.where.startswith("scenario"))


def test_a_scenario_may_clear_units_that_are_no_excess(sample, week):
    asin = week.positions.index[week.positions["excess_units"].eq(0) & week.positions["segment"].eq("scale")][0]
    tried = analyse(sample, scenario=Scenario("more", sample.name, {}, {asin: {"excess_units": 40}}))
    assert tried.budgets.loc[asin, "excess_units"] == 40


def test_a_price_below_the_fees_leaves_a_loss(sample):
    tried = analyse(sample, scenario=Scenario("cheap", sample.name, {}, {CLEAR: {"price": 5.0}}))
    assert tried.budgets.loc[CLEAR, "unit_proceeds"] == pytest.approx(5 * 0.85 - 6)
    assert tried.budgets.loc[CLEAR, "click_pays"] == "no"


def test_asins_that_are_gone_are_noted(sample):
    tried = analyse(sample, scenario=Scenario("old", sample.name, {}, {"B0GONE0000": {"price": 5.0}}))
    assert any("1 of its ASINs is not in the account: B0GONE0000" in note.text for note in tried.notes)

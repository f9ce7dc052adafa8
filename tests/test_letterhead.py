"""The head of page, workbook and the client's pages: a what-if is never taken for the report."""

import json
from dataclasses import replace

import nbformat
import pytest

import wockit.weekly.run
from wockit import analyse
from wockit.analysis.scenario import Scenario, save_scenario
from wockit.language import speak
from wockit.settings import Settings
from wockit.show.letterhead import what_if_band
from wockit.show.opening import masthead
from wockit.weekly.place import place_of
from wockit.weekly.run import run_weekly

DAY = "2026-11-23"


@pytest.fixture(scope="module")
def account(build):
    return build({"B000000001": {"units_available": 90.0, "units_shipped_30_days": 30.0, "price": 10.0}})


@pytest.fixture(scope="module")
def usual(account):
    return analyse(account)


@pytest.mark.parametrize(
    ("changes", "scenario", "place"),
    [
        ({}, Scenario(), DAY),
        ({"low_weeks": 3.0}, Scenario(), DAY),
        ({"low_weeks": 2.5}, Scenario(), f"{DAY} what-if low_weeks 2.5"),
        ({}, Scenario("half price"), f"{DAY} what-if half price"),
        ({"low_weeks": 2.5}, Scenario("half", "", {"clear_days": 60}), f"{DAY} what-if half low_weeks 2.5"),
        ({"preset": "us_fee_aware_2026"}, Scenario(), f"{DAY} what-if preset us_fee_aware_2026"),
        ({"language": "zh-CN"}, Scenario(), DAY),
    ],
)
def test_a_what_if_has_a_folder_of_its_own(usual, changes, scenario, place):
    settings = usual.settings.change(**{**changes, **scenario.settings})
    found = replace(usual, settings=settings, scenario=scenario)
    assert place_of(found) == place
    assert bool(what_if_band(found)) == (place != DAY)


def test_many_settings_make_a_name_that_any_file_system_takes(usual):
    changes = {"units_per_order": 1.25, "return_rate": 0.125, "capital_rate": 0.2, "service_level": 0.95}
    names = [
        place_of(replace(usual, settings=replace(usual.settings, **changes, clear_days=days, review_days=14)))
        for days in (40, 41)
    ]
    assert len({*names}) == 2
    assert max(map(len, names)) < 120


@pytest.mark.parametrize(
    ("language", "band"),
    [
        ("en", "What-if: half. This is not the report: its numbers are tried out."),
        ("zh-CN", "试算：half。这不是正式报告，其中的数字仅为试算。"),
    ],
)
def test_the_band_stands_right_under_the_title(account, language, band):
    found = analyse(account, scenario=Scenario("half"))
    speak(language)
    assert [line for line in masthead(found).text.splitlines() if line][1] == band
    html = masthead(found).html
    assert html.index("</h1>") < html.index(band) < html.index("2026")
    assert band not in masthead(analyse(account)).html


def test_a_what_if_never_replaces_the_report(small, tmp_path, monkeypatch):
    def execute(source, work, parameters, progress):
        (work / "summary.json").write_text(json.dumps(parameters["changes"]), encoding="utf-8")
        return nbformat.v4.new_notebook()

    monkeypatch.setattr(wockit.weekly.run, "execute", execute)
    report = run_weekly(small, tmp_path, progress=False)
    before = (report / "run.json").read_bytes()
    for _ in range(2):
        tried = run_weekly(small, tmp_path, {"low_weeks": 2.0}, progress=False)
        assert tried.name == f"{DAY} what-if low_weeks 2.0"
    assert (report / "run.json").read_bytes() == before
    assert sorted(path.name for path in report.parent.iterdir()) == [DAY, tried.name]


def test_the_name_of_a_saved_scenario_names_its_folder(account, tmp_path):
    save_scenario(tmp_path, Scenario("Singles day", account.name))
    assert place_of(analyse(account, Settings(sales_days=30), Scenario("Singles day"))) == f"{DAY} what-if Singles day"

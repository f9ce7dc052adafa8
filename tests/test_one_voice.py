"""No part of an advice contradicts another: on the sample, week by week, and on twenty made-up sellers."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from wockit import analyse, load_account

spec = importlib.util.spec_from_file_location("market", Path(__file__).parent / "benchmarks" / "market.py")
market = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
spec.loader.exec_module(market)
SAMPLE = Path(__file__).parents[1] / "data" / "sample"
WORLDS = {
    name: market.Laws() if k < 2 else market.OTHER for k, name in enumerate(("first", "second", "third", "fourth"))
}


@pytest.fixture(scope="module", params=WORLDS)
def account(request, tmp_path_factory):
    """Five small sellers as one account, analysed once."""
    number = 3000 + 10 * list(WORLDS).index(request.param)
    sellers = [market.made(number + k, WORLDS[request.param], items=5) for k in range(5)]
    return analyse(load_account(market.written(market.joined(sellers), tmp_path_factory.mktemp("made") / "up", number)))


def test_no_made_up_seller_is_told_two_things_that_contradict_each_other(account):
    assert len(account.advice) == 25
    assert market.contradictions(account) == []


def test_the_sample_is_not_told_two_things_that_contradict_each_other(week):
    assert market.contradictions(week) == []


@pytest.mark.parametrize("day", ["2026-11-09", "2026-11-16"])
def test_nor_was_it_in_an_earlier_week(day):
    assert market.contradictions(analyse(load_account(SAMPLE, day))) == []


@pytest.mark.parametrize(
    "settings", [{"ad_budget": 300.0}, {"roas_cut": "break_even"}, {"preset": "us_fee_aware_2026"}]
)
def test_nor_is_it_under_other_settings(sample, settings):
    assert market.contradictions(analyse(sample, sample.settings.change(**settings))) == []


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("says", "Raise traffic.", "raises and lowers"),
        ("says", "Turn ads off.", "turns ads off for how long"),
        ("ads_level", 1.5, "raises and lowers"),
        ("act_by", pd.Timestamp("2026-12-15"), "acts after the day before the fee"),
        ("probability", 0.4, "gives away below half"),
        ("says", "Turn ads off until 2027-01-01, then without ads.", "ads off, then off"),
        ("reason", "A click costs 0.42 and is worth 0.42.", "costs what it is worth"),
        ("highest_cpc", 9.0, "dear clicks are worth it"),
    ],
)
def test_the_rules_find_what_contradicts(week, column, value, rule):
    """One cell of the ASIN that is to be liquidated with its ads off."""
    changed = week.advice.copy()
    changed.loc["B0P2X4GCYK", column] = value
    assert ("B0P2X4GCYK", rule) in market.contradictions(replace(week, advice=changed))

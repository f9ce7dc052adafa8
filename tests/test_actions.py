"""What to do this week, as the advice has it: ranked by what it gains a week, with its reason and its dates."""

from dataclasses import replace

import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.language import speak
from wockit.show.actions import actions

TODAY = pd.Timestamp(2026, 11, 23)
AD = {"ad_clicks": 1000.0, "ad_spend": 100.0, "ad_sales": 400.0, "ad_orders": 40.0, "ad_units": 40.0}
SHORT = {"units_available": 28.0, "units_shipped_30_days": 60.0, "price": 10.0, "units_inbound": 0.0}
"""28 units at 14 a week: gone in 14 days."""
EXCESS = {"units_available": 800.0, "units_shipped_30_days": 400.0, "price": 10.0, "units_inbound": 0.0}


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en")


@pytest.fixture(scope="module")
def one(build, outlook):
    """The analysis of one ASIN that is expected to sell 14 units a week."""

    def made(stock, costs=None, ads=(), pace=14.0, **settings):
        costs = {"A": costs} if costs else None
        account = build({"A": stock}, ads=[{"asin": "A", **AD, **dict(each)} for each in ads], costs=costs,
                        **outlook({"A": pace}))  # fmt: skip
        return analyse(account, account.settings.change(**settings))

    return made


def test_the_actions_of_the_sample_are_its_advice_but_for_carrying_on_without_a_date(week):
    found, advice = actions(week), week.advice
    assert found.index.tolist() == advice.index[advice["do"].ne("carry_on") | advice["act_by"].notna()].tolist()
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["gain_a_week"].dropna().is_monotonic_decreasing
    assert found["first"].tolist() == advice.loc[found.index, "says"].tolist()
    assert found["gain"].to_dict() == pytest.approx(advice.loc[found.index, "gain"].to_dict(), nan_ok=True)


def test_an_asin_that_should_carry_on_is_no_action(one):
    analysis = one({**EXCESS, "units_available": 56.0})
    assert analysis.advice.loc["A", "do"] in {"carry_on", "supply_costs"}
    kept = replace(analysis, advice=analysis.advice.assign(do="carry_on"))
    assert actions(kept).empty


def test_no_day_of_the_sample_is_before_today_or_after_the_next_fee(week):
    found = actions(week)
    assert found["act_by"].dropna().ge(TODAY).all()
    leaving = found[found["do"].eq("liquidate")]
    assert leaving["act_by"].lt(leaving["next_fee_date"]).all()


def test_both_places_are_told_where_they_differ(week):
    why, advice = actions(week)["why"], week.advice
    other = advice["place_probable"].ne(advice["place_article"])
    told = why.str.startswith("By the article: ")
    assert told.any()
    assert told.index[told].tolist() == [asin for asin in why.index if other[asin]]


def test_what_a_click_costs_and_is_worth_is_the_reason_of_fewer_clicks(week):
    assert "A click costs 2.00 and is worth 0." in actions(week).loc["B0CLEAR100", "why"]


COSTS = {"price": 10.0, "landed_cost": 2.0, "referral_rate": 0.15, "fulfilment_fee": 3.0}


def test_the_reason_names_the_numbers_that_placed_it(one):
    stock, terms = {**EXCESS, "units_aged_over_365": 7.0}, {"roas_cut": "target", "target_roas": 5.0}
    why = actions(one(stock, costs=COSTS, ads=[{"ad_spend": 900.0}], **terms)).loc["A", "why"]
    assert "WOC 8.0, " in why
    assert "ROAS 0.44 < 5.00, 200 excess units, 7 units over a year old" in why


def test_units_in_transfer_are_named(one):
    found = actions(one({**EXCESS, "units_fc_transfer": 1.0}, costs=COSTS, ads=[{"ad_spend": 900.0}]))
    assert "1 unit in transfer" in found.loc["A", "why"]


def test_inbound_units_are_named(one):
    found = actions(one({**SHORT, "units_inbound": 50.0}, costs={"landed_cost": 2.0}))
    assert "50 units inbound" in found.loc["A", "why"]


def test_the_words_are_in_the_language_spoken_and_the_title_is_not(one):
    analysis = one({**EXCESS, "title": "Stock value"}, costs=COSTS, ads=[{"ad_spend": 900.0}])
    english = actions(analysis).loc["A"]
    speak("zh-CN")
    chinese = actions(analysis).loc["A"]
    assert english["title"] == chinese["title"] == "Stock value"
    assert english["first"].isascii() and not chinese["first"].isascii()
    assert "200 excess units" in english["why"]
    assert "200" in chinese["why"] and "units" not in chinese["why"]


def test_an_account_without_anything_to_do_has_no_actions(week):
    none = replace(week, advice=week.advice.iloc[:0])
    assert actions(none).empty
    assert actions(none).columns.tolist() == actions(week).columns.tolist()

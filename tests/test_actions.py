"""What to do this week: ranked by money a week, with the day from which it is too late."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.language import speak
from wockit.show.actions import TO_CLEAR, actions

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


def do_by(analysis):
    found = actions(analysis).loc["A", "do_by"]
    return None if pd.isna(found) else (found - TODAY).days


def test_the_money_of_a_week_ranks_and_not_the_money_in_all(build):
    """SHORT: (3 - 28 / 60 x 4) weeks of 15 units at 10, over 3 weeks: 56.67. EXCESS: 200 units at 10 over 70 days."""
    account = build({"E": EXCESS, "S": SHORT})
    found = actions(analyse(account, account.settings.change(clear_days=350)))
    assert found.index.tolist() == ["S", "E"]
    assert found["rank"].tolist() == [1, 2]
    assert found["money_at_stake"].tolist() == pytest.approx([170, 2000])
    assert found["stake_a_week"].tolist() == pytest.approx([170 / 3, 40])
    assert actions(analyse(account, account.settings.change(clear_days=70))).index.tolist() == ["E", "S"]


def test_the_ranks_of_the_sample_go_down_by_money_a_week(week):
    found = actions(week)
    assert found["stake_a_week"].is_monotonic_decreasing
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert sorted(found.index) == sorted(week.positions.index[week.positions["stake_a_week"].gt(0)])
    assert found["stake_a_week"].to_dict() == week.positions["stake_a_week"][found.index].to_dict()


def test_an_asin_with_nothing_at_stake_is_no_action(one):
    stock = {**EXCESS, "units_available": 500.0}
    assert actions(one(stock)).empty


def test_excess_is_to_be_cleared_within_the_days_there_are(one):
    assert do_by(one(EXCESS)) == 30
    assert do_by(one(EXCESS, clear_days=90)) == 90


def test_a_date_of_its_own_comes_before_the_days_of_all(one):
    assert do_by(one(EXCESS, costs={"clear_by": pd.Timestamp(2026, 12, 3)})) == 10


def with_ways(analysis, *ways):
    """The same analysis with ways out made by hand: units of the best mix, and days until the last day to begin."""
    rows = [
        {"asin": "A", "way": "hold", "mix_units": units, "mix_spend": 0.0, "last_day": TODAY + pd.Timedelta(days=days)}
        for units, days in ways
    ]
    return replace(analysis, clearing=replace(analysis.clearing, ways=pd.DataFrame(rows).set_index("asin")))


@pytest.mark.parametrize(
    ("ways", "days"),
    [
        ([(100.0, 4), (100.0, 12)], 4),
        ([(100.0, 12), (100.0, 4)], 4),
        ([(0.0, 4), (200.0, 12)], 12),
        ([(200.0, 50)], 30),
        ([(200.0, 0)], 0),
        ([(0.0, 4)], 30),
        ([(np.nan, 4)], 30),
    ],
    ids=["first", "any order", "unused", "later than the time", "today", "none used", "unknown"],
)
def test_a_way_of_the_mix_that_has_to_begin_earlier_is_the_day(one, ways, days):
    assert do_by(with_ways(one(EXCESS), *ways)) == days


def test_what_runs_out_is_to_be_ordered_a_lead_time_before(one):
    found = one(SHORT, costs={"lead_time_days": 5.0})
    assert found.positions.loc["A", "forward_cover"] == pytest.approx(2)
    assert do_by(found) == 9


@pytest.mark.parametrize(("lead", "days"), [(14.0, 0), (30.0, 0), (13.0, 1), (0.0, 14)])
def test_the_day_to_order_is_never_before_today(one, lead, days):
    assert do_by(one(SHORT, costs={"lead_time_days": lead})) == days


def test_without_a_lead_time_it_is_the_day_on_which_the_stock_is_gone(one):
    assert do_by(one(SHORT)) == 14
    assert do_by(one({**SHORT, "units_available": 29.0})) == 14


def test_what_is_out_of_stock_is_to_be_ordered_today(one):
    assert do_by(one({**SHORT, "units_available": 0.0})) == 0


def test_the_ways_out_do_not_move_the_day_to_order(one):
    assert do_by(with_ways(one(SHORT), (50.0, 3))) == 14


def test_stock_that_is_never_used_up_and_stock_of_unknown_demand_have_no_day_to_order(one, build):
    found = one(SHORT, pace=0.0)
    assert found.positions.loc["A", ["stake", "forward_cover"]].tolist() == ["sales_at_risk", np.inf]
    assert do_by(found) is None
    unknown = analyse(build({"A": SHORT}))
    assert np.isnan(unknown.positions.loc["A", "forward_cover"])
    assert do_by(unknown) is None


def test_where_spend_alone_is_at_stake_there_is_no_day(one):
    found = one({**EXCESS, "units_available": 400.0}, ads=[{}], roas_cut="target", target_roas=5.0)
    assert found.positions.loc["A", "stake"] == "ad_overspend"
    assert do_by(found) is None


def test_no_day_of_the_sample_is_before_today_or_after_the_time_there_is(week):
    found = actions(week)
    assert found["do_by"].dropna().ge(TODAY).all()
    assert found["do_by"].notna().sum() > 20
    clear = found[found["stake"].isin(TO_CLEAR)]
    ends = TODAY + pd.to_timedelta(week.positions.loc[clear.index, "clear_days"], unit="D")
    assert clear["do_by"].le(ends).all()
    assert clear["do_by"].lt(ends).any()


def test_a_budget_is_told_only_where_a_click_pays(week):
    found, budgets = actions(week), week.budgets
    pays = found.index.isin(budgets.index[budgets["click_pays"].eq("yes")])
    assert found.loc["B0CLEAR100", ["budget_low", "budget_high"]].isna().all()
    assert found.loc[~pays, ["budget_low", "budget_high"]].isna().all(axis=None)
    kept = ["budget_low", "budget_high"]
    pd.testing.assert_frame_equal(found.loc[pays, kept], budgets.loc[found.index[pays], kept])
    assert found.loc[pays, "budget_low"].gt(0).any()


def test_the_best_mix_is_told_by_way_with_what_it_spends(week):
    found = actions(week)["best_mix"]
    assert found["B0CLEAR100"] == "hold 100"
    assert found["B0X9L4RCZP"] == "hold 591, advertise 118 (USD 1,127), liquidate 571"
    assert found[week.positions.loc[found.index, "excess_units"].eq(0)].eq("").all()


def test_the_reason_names_the_numbers_that_placed_it(one):
    found = actions(one({**EXCESS, "units_aged_over_365": 7.0}, ads=[{}], roas_cut="target", target_roas=5.0))
    why = found.loc["A", "why"]
    assert why.startswith("WOC 8.0, ")
    assert "ROAS 4.00 < 5.00, 200 units excess, 7 over a year old" in why


def test_inbound_units_are_named_where_stock_is_short(one):
    assert "50 units inbound" in actions(one({**SHORT, "units_inbound": 50.0})).loc["A", "why"]


def test_the_words_are_in_the_language_spoken_and_the_title_is_not(one):
    analysis = one({**EXCESS, "title": "Stock value"})
    english = actions(analysis).loc["A"]
    speak("zh-CN")
    chinese = actions(analysis).loc["A"]
    assert english["title"] == chinese["title"] == "Stock value"
    assert english["first"].isascii() and not chinese["first"].isascii()
    assert "200 units excess" in english["why"]
    assert "200" in chinese["why"] and "units" not in chinese["why"]
    assert (english["place"], english["do_by"]) == (chinese["place"], chinese["do_by"])


def test_an_account_without_anything_to_do_has_no_actions(week):
    none = replace(week, positions=week.positions.iloc[:0])
    assert actions(none).empty
    assert actions(none).columns.tolist() == actions(week).columns.tolist()

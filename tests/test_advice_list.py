"""What to do this week, row by row: every ASIN once, each row with its reason, what it is worth and how sure it is."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.courses import against_today
from wockit.analysis.history import History
from wockit.show import advice_list as rows
from wockit.show.advice_list import advice_list


@pytest.fixture(scope="module")
def shown(week):
    return advice_list(week).html


def row(html, asin):
    return re.search(rf'<li id="{asin}".*?</li>', html, re.DOTALL)[0]


def facts(html, asin):
    return dict(re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", row(html, asin)))


def test_every_asin_has_one_row_in_the_order_of_the_advice(week, shown):
    assert re.findall('<li id="(.*?)"', shown) == list(week.advice.index)


def test_the_first_eight_are_in_sight_and_the_others_folded(week, shown):
    first, _, rest = shown.partition('<details class="others">')
    assert first.count("<li ") == 8
    assert rest.startswith(f"<summary>{len(week.advice) - 8} more ASINs</summary>")


def test_a_row_says_what_to_do_by_when_what_it_is_worth_and_how_sure_that_is(week, shown):
    advice = week.advice.loc["B0P2X4GCYK"]
    html = row(shown, "B0P2X4GCYK")
    assert f"<b>{advice['says']}</b>" in html
    assert f'<span class="amount">USD {advice["gain_a_week"]:,.0f} per week</span>' in html
    assert f'<span class="by">act by {advice["act_by"]:%Y-%m-%d}</span>' in html
    ends = f"({advice['gain_low']:,.0f} to {advice['gain_high']:,.0f})"
    assert f"USD {advice['gain']:,.0f} in a year <small>{ends}</small>" in html
    assert '<span class="sure">&gt;99% sure</span>' in html


def test_a_row_opens_to_its_reason(week, shown):
    told = facts(shown, "B0P2X4GCYK")
    advice = week.advice.loc["B0P2X4GCYK"]
    assert told["Why"].startswith(advice["reason"])
    assert told["Place"].startswith("by the article Exit lane; most likely Exit lane (")
    assert told["Cover"].startswith("WOC 76.9; at the expected demand ")
    fee = week.budgets.loc["B0P2X4GCYK", "next_fee"]
    assert f"The next aged fee is USD {fee:,.0f} on 2026-12-15." in told["If you carry on"]
    assert told["If you carry on"].startswith(f"You earn USD {advice['gain']:,.0f} less within a year. ")
    assert re.match(r"no ads [-+][\d,]+; 20% off", told["Other choices against carrying on"])
    assert "Last week" not in told


def test_an_order_says_what_waiting_costs(week, shown):
    costs = week.advice.loc["B0G5H9WKTP", "waiting_costs"]
    assert f'<span class="gain">waiting loses USD {costs:,.0f}' in row(shown, "B0G5H9WKTP")


def test_a_path_is_compared_as_the_advice_is(week):
    """Where the advice is to turn ads off for the year, that is the path without ads: both gain the same."""
    off = week.advice[week.advice["do"].eq("ads_off") & week.advice["until"].eq(week.advice["until"].max())]
    found = against_today(week, list(off.index))
    assert len(off) > 3
    assert np.allclose(found["no ads"], off["gain"])


def test_how_sure_is_the_weight_of_the_cases_that_gain(week):
    found = against_today(week, list(week.advice.index))
    assert found.loc[week.advice["gain_low"].gt(0), "sure"].min() >= 0.85
    assert found.loc[week.advice["do"].isin(["carry_on", "test", "fix_listing"]), "sure"].isna().all()
    assert found["sure"].dropna().between(0, 1 + 1e-9).all()


def test_the_decision_of_last_week_stands_in_its_row(week):
    ledger = pd.DataFrame(
        {"advised": "ads_off", "did": "spend_down; stock_up", "followed": True, "decision": "<b>yes</b>"},
        index=pd.Index(["B0WOC8CASE"], name="asin"),
    )
    nothing = pd.DataFrame()
    html = advice_list(week, History(nothing, nothing, nothing, ledger, nothing)).html
    told = "advised: ads off; decided: &lt;b&gt;yes&lt;/b&gt;; done: spend down, stock up"
    assert facts(html, "B0WOC8CASE")["Last week"] == told
    assert "Last week" not in facts(html, "B0CLEAR100")


def test_of_very_many_rows_the_later_ones_are_a_line_only(week, monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    monkeypatch.setattr(rows, "PICTURES", 2)
    html = advice_list(week).html
    assert html.count("<dl>") == 3
    assert html.count("<svg") == 2
    assert html.count("<li ") == len(week.advice)


def test_of_more_asins_than_anybody_reads_only_the_first_are_listed_and_the_file_with_all_is_named(week, monkeypatch):
    monkeypatch.setattr(rows, "MOST_LINES", 30)
    html = advice_list(week).html
    assert re.findall('<li id="(.*?)"', html) == list(week.advice.index[:30])
    assert "Only the 30 ASINs with the most to gain are listed. All are in advice.csv." in html


def test_without_a_known_gain_the_list_says_its_order(week):
    unknown = replace(week, advice=week.advice.assign(gain=np.nan, gain_a_week=np.nan))
    assert advice_list(unknown).text.startswith(rows.BY_STAKE)


def test_what_ads_cost_under_the_advice_and_under_a_cap_stands_below(week, shown):
    spend = f"Ads cost USD {week.sums['spend']:,.0f} in the next four weeks under the advice."
    assert f'<p class="below">{spend} Sure: the probability' in shown
    capped = advice_list(replace(week, sums={**week.sums, "ad_budget": 900.0, "budget_price": 0.5}))
    assert "The budget cap is USD 900; 1 more of it would gain 0.50." in capped.text

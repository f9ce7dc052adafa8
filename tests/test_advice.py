"""One advice per ASIN: what it says, that no part of it contradicts another, and what bad input does."""

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wockit.analysis import analyse
from wockit.analysis.advice import ends
from wockit.columns import ADVICE
from wockit.notes import SettingsError
from wockit.reading.account import load_account
from wockit.settings import Settings

spec = importlib.util.spec_from_file_location("market", Path(__file__).parent / "benchmarks" / "market.py")
market = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
spec.loader.exec_module(market)
TODAY = pd.Timestamp("2026-11-23")
STOCK = {
    "units_available": 100, "units_aged_0_to_90": 100, "units_aged_91_to_180": 0, "units_aged_181_to_270": 0,
    "units_aged_271_to_365": 0, "units_aged_over_365": 0, "units_aged_366_to_455": 0, "units_aged_over_455": 0,
    "units_shipped_30_days": 43, "units_shipped_60_days": 86, "units_shipped_90_days": 129, "item_volume": 0.1,
}  # fmt: skip
COSTS = {
    "price": 20.0, "landed_cost": 4.0, "referral_rate": 0.15, "fulfilment_fee": 4.0, "size_tier": "standard",
    "unit_weight": 0.4,
}  # fmt: skip
CLICKS = {"ad_clicks": 300.0, "ad_spend": 300.0, "ad_sales": 400.0, "ad_orders": 20.0, "ad_units": 20.0}


@pytest.fixture
def advised(build, outlook):
    """The advice on one ASIN "A": its stock, its pace [unit/week], and what is known of its ads and costs."""

    def made(stock=None, pace=10.0, ads=CLICKS, costs=None, settings=None, sold=None, **changes):
        account = build(
            {"A": STOCK | (stock or {})},
            sales={"A": {"units_ordered": 43.0, "sales": 860.0}},
            ads=[{"asin": "A", **ads}] if ads else (),
            costs={"A": COSTS | (costs or {})},
            **outlook({"A": pace}, sold),
            **changes,
        )
        chosen = Settings(sales_days=30, **(settings or {}))
        return analyse(replace(account, settings=chosen)).advice.loc["A"]

    return made


def test_every_asin_has_one_advice_and_the_first_gains_most_a_week(week):
    assert list(week.advice.columns) == ADVICE
    assert set(week.advice.index) == set(week.positions.index)
    assert week.advice["gain_a_week"].dropna().is_monotonic_decreasing


def test_stock_that_costs_more_to_hold_than_it_brings_is_liquidated_before_the_next_fee(week):
    hamster = week.advice.loc["B0P2X4GCYK"]
    assert hamster["do"] == "liquidate"
    assert hamster["act_by"] == pd.Timestamp("2026-12-14")
    assert 250 <= hamster["units_liquidated"] <= 461


def test_clicks_that_cost_more_than_they_bring_are_turned_off(advised):
    # 300 clicks of 1 each bring 20 orders, 13 of them would not have come: at most 11 each are left of 20
    found = advised(costs={"fulfilment_fee": 4.5})
    assert found["do"] == "ads_off"
    assert found["says"] == f"Turn ads off until a click costs {found['highest_cpc']:.2f} or less."
    assert found["gain"] > 0
    assert found["highest_cpc"] < 1


def test_clicks_that_pay_by_far_are_raised(advised):
    cheap = CLICKS | {"ad_spend": 15.0}
    found = advised(ads=cheap, costs={"lead_time_days": 7.0}, settings={"roas_cut": "break_even"})
    assert found["ads_level"] > 1
    assert found["clicks_a_day"] > 300 / 15


def test_carrying_on_gains_nothing_and_is_said_in_one_line(advised):
    found = advised(ads=())
    assert (
        found["says"] in {"Carry on as today.", "Test: offer a coupon of 10% for two weeks"} or "Test" in found["says"]
    )
    assert found[["gain", "gain_low", "gain_high"]].tolist() == [0, 0, 0]


def test_units_that_bring_more_elsewhere_are_sent_back(advised):
    """2,000 units at 10 a week; elsewhere one brings 12: more than liquidators pay, less than it nets here."""
    many = {"units_available": 2000, "units_aged_0_to_90": 2000}
    here, back = (
        advised(stock=many, ads=(), costs={"bought_again": 0.0} | more) for more in ({}, {"value_elsewhere": 12.0})
    )
    assert here["units_removed"] == 0
    assert back["do"] == "remove"
    assert back["units_removed"] > here["units_liquidated"] > back["units_liquidated"] == 0
    assert f"Remove {back['units_removed']:,.0f} units" in back["says"]
    assert back["gain"] > here["gain"]
    assert "worth more outside Amazon" in back["reason"]


def test_what_is_left_of_a_dated_asin_leaves_as_its_units_do(advised):
    dated = {"stock": {"units_available": 1000, "units_aged_0_to_90": 1000}, "ads": ()}
    until = {"clear_by": pd.Timestamp("2026-12-21")}
    assert "then liquidate the " in advised(**dated, costs=until)["says"]
    assert "then remove the " in advised(**dated, costs=until | {"value_elsewhere": 6.0})["says"]


def test_a_dated_asin_keeps_nothing_after_its_date(advised):
    found = advised(
        stock={"units_available": 1000, "units_aged_0_to_90": 1000},
        costs={"clear_by": pd.Timestamp("2026-12-21")},
        ads=(),
    )
    assert found["units_left"] > 0
    assert "then liquidate" in found["says"] or found["units_liquidated"] > 0
    assert not found["until"] > pd.Timestamp("2026-12-21")


def test_a_cut_of_a_fifth_on_old_stock_may_run_as_an_outlet_deal(advised):
    """Amazon asks for stock of 90 days, more than 10 units, a sale before, and a fifth off.

    20 units in two weeks at the old price, at 20 to 40 % off 20 / 0.8² = 31 to 20 / 0.6² = 55.
    """
    many = {"units_available": 900, "item_volume": 0.1}
    old, young = many | {"units_aged_0_to_90": 0, "units_aged_91_to_180": 900}, many | {"units_aged_0_to_90": 900}
    terms = {"ads": (), "costs": {"bought_again": 0.0}, "settings": {"elasticity": 2.0}}
    for stock, says in ((old, True), (young, False)):
        found = advised(stock=stock, **terms)
        assert (found["do"], found["price_cut"] >= 0.2) == ("price_down", True)
        assert ("The first two weeks may run as an Outlet deal" in found["reason"]) is says
        assert bool(found["units_outlet"] > 0) is says
        if says:
            assert found["units_outlet"] == pytest.approx(20 / (1 - found["price_cut"]) ** 2, abs=2)


def test_stock_that_will_run_out_before_new_stock_arrives_is_ordered_now(advised):
    found = advised(ads=(), costs={"lead_time_days": 90.0, "bought_again": 1.0})
    assert found["do"] == "refill"
    assert found["order_by"] == TODAY
    assert found["order_units"] > 0


def test_the_price_rises_until_the_order_that_is_on_its_way_arrives(advised):
    """20 units at 10 a week are gone in two weeks, and an order takes six."""
    few = {"units_available": 20, "units_aged_0_to_90": 20}
    found = advised(stock=few, ads=(), costs={"lead_time_days": 42.0, "bought_again": 1.0})
    assert found["price_cut"] == -0.1
    assert found["until"] == TODAY + pd.Timedelta(days=42)
    assert "Raise the price by 10% until 2027-01-04, then carry on as today." in found["says"]
    assert 0 < found["gain"] < 20 * 20 * 0.1
    assert advised(stock=few, ads=(), costs={"bought_again": 1.0})["price_cut"] == 0  # nobody knows when more comes


def test_what_amazon_recommends_stands_beside_the_order(advised):
    few = {"units_available": 20, "units_aged_0_to_90": 20, "recommended_replenishment_units": 150.0}
    found = advised(stock=few, ads=(), costs={"lead_time_days": 42.0, "bought_again": 1.0})
    assert found["recommended_replenishment_units"] == 150
    assert "Amazon recommends sending in 150 units." in found["reason"]
    enough = {"recommended_replenishment_units": 0.0}
    assert "Amazon recommends" not in advised(stock=enough, ads=())["reason"]


def test_ads_that_pay_rest_until_more_stock_comes_and_then_rise(advised):
    """20 units at 10 a week are gone in two weeks, and an order takes six. An order by ads costs 0.75 and earns 5."""
    few = {"units_available": 20, "units_aged_0_to_90": 20}
    cheap = CLICKS | {"ad_spend": 15.0}
    found = advised(stock=few, ads=cheap, costs={"lead_time_days": 42.0, "bought_again": 1.0, "landed_cost": 8.0})
    assert found["ads_level"] < 1 < found["ads_after"]
    assert " until 2027-01-04, then " in found["says"]
    assert " ad clicks per day (USD " in found["says"].split(", then ")[1]


def test_a_launch_that_speeds_up_is_ordered_by_its_last_week(advised):
    """350 units last 5.6 weeks at last week's 63; what is expected, 15 a week, would make them last 23."""
    young = {"units_shipped_7_days": 63.0, "units_shipped_30_days": 90.0, "units_shipped_60_days": 90.0}
    stock = {"units_available": 350, "units_aged_0_to_90": 350, "units_shipped_90_days": 90.0, **young}
    found = advised(
        stock=stock, pace=15.0, costs={"lead_time_days": 60.0, "bought_again": 1.0}, sold=[0] * 9 + [20, 35, 63]
    )
    assert found["place_article"] == "new"
    assert (found["do"], found["order_by"]) == ("refill", TODAY)
    assert found["order_units"] > 0
    assert "Its ads cost " in found["reason"]


def test_an_order_that_is_not_due_yet_has_its_day_and_no_units(advised):
    """100 units last ten weeks, a new order takes one."""
    found = advised(ads=(), costs={"lead_time_days": 7.0, "bought_again": 1.0})
    assert pd.isna(found["order_units"])
    assert TODAY + pd.Timedelta(weeks=7) <= found["order_by"] <= TODAY + pd.Timedelta(weeks=10)


def test_a_short_budget_is_the_reason_of_fewer_clicks(advised):
    found = advised(ads=CLICKS | {"ad_spend": 15.0}, settings={"ad_budget": 10.0})
    assert found["ads_level"] < 1
    assert "The ad budget is short: 1 more of it would gain " in found["reason"]


def test_both_places_are_said_where_they_differ_and_one_where_they_agree(week):
    halloween, example = (str(week.advice.loc[asin, "reason"]) for asin in ("B0H6D1TZKS", "B0CLEAR100"))
    assert halloween.startswith("By the article: Scale. Most likely: too much stock (")
    assert "because the last weeks sold more than the forecast" in halloween
    assert example.startswith("Lift conversion: cover above the healthy band, ROAS below the cut. A click costs 2.00")


def test_what_will_not_sell_by_its_date_is_excess_and_all_of_it_is_to_be_cleared(build, outlook):
    """Of 1,000 units 40 sell in four weeks."""
    stock = {"A": STOCK | {"units_available": 1000, "units_aged_0_to_90": 1000}}
    costs = {"A": COSTS | {"clear_by": pd.Timestamp("2026-12-21")}}
    found = analyse(build(stock, costs=costs, **outlook({"A": 10.0})))
    assert found.positions.loc["A", "excess_units"] == 960
    assert found.budgets.loc["A", "excess_units"] == 1000


def test_what_is_left_on_a_date_is_the_excess_in_every_place_that_tells_it(week):
    later = week.advice["act_by"] > pd.Timestamp(week.account.snapshot)  # today is to be checked what is on its way
    dated = week.advice[week.advice["do"].eq("carry_on") & later]
    excess = week.positions.loc[dated.index, "excess_units"]
    assert len(dated)
    assert dated["units_left"].tolist() == pytest.approx(excess.tolist(), abs=1)
    assert all(
        f"the {left:,.0f} units left" in says for left, says in zip(dated["units_left"], dated["says"], strict=True)
    )


def test_without_a_lead_time_there_is_no_order_date(advised):
    found = advised(ads=(), costs={"bought_again": 1.0})
    assert pd.isna(found["order_by"])
    assert pd.isna(found["order_units"])


def test_far_too_much_on_the_way_is_stopped(advised):
    found = advised(stock={"units_inbound": 3000.0}, ads=(), costs={"inbound_arrives": pd.Timestamp("2026-12-14")})
    assert found["do"] == "stop_refill"
    assert "of the inbound units" in found["says"]
    assert pd.isna(found["order_units"])


def test_without_landed_cost_no_advice_rests_on_it(advised):
    found = advised(costs={"landed_cost": np.nan, "bought_again": 1.0})
    assert found["do"] == "supply_costs"
    assert pd.isna(found["gain"])


def test_without_ads_nothing_is_said_of_ads(advised):
    found = advised(ads=(), stock={"units_available": 5000, "units_aged_0_to_90": 5000})
    assert "ads" not in found["says"]
    assert found["ads_level"] == 1


def test_a_budget_caps_what_ads_may_cost(build, outlook):
    cheap = CLICKS | {"ad_spend": 15.0}
    account = build(
        {"A": STOCK, "B": STOCK},
        sales={name: {"units_ordered": 43.0, "sales": 860.0} for name in "AB"},
        ads=[{"asin": name, **cheap} for name in "AB"],
        costs=dict.fromkeys("AB", COSTS),
        **outlook({"A": 10.0, "B": 10.0}),
    )
    free, capped = (analyse(account, Settings(sales_days=30, ad_budget=each)).advice for each in (None, 40.0))
    assert 28 * capped["ad_spend_a_day"].sum() <= 40.0 * 1.05
    assert capped["gain"].sum() < free["gain"].sum()


def test_a_worse_case_never_raises_the_low_end():
    random, weight = np.random.default_rng(3), np.full((200, 9), 1 / 9)
    gains = random.normal(0, 10, (200, 9))
    worse = gains - random.exponential(5, gains.shape) * (random.random(gains.shape) < 0.3)
    assert (ends(worse, weight)[0] <= ends(gains, weight)[0] + 1e-9).all()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("incremental_share", 1.2, "expected 0 to 1 [fraction], found 1.2. For 1.2% write 0.012."),
        ("elasticity", -1.0, "expected 0 to 10 [ratio], found -1."),
        ("capital_rate", 10.0, "expected 0 to 1 [fraction], found 10. For 10% write 0.1."),
        ("act_threshold", 5, "expected 0 to 1 [fraction], found 5. For 5% write 0.05."),
    ],
)
def test_shares_that_cannot_be_are_refused_with_what_was_meant(name, value, said):
    with pytest.raises(SettingsError) as caught:
        Settings(**{name: value})
    assert str(caught.value) == f"setting {name!r}: {said}"


def test_bought_again_is_yes_or_no_and_anything_else_is_told(tmp_path):
    (tmp_path / "account.toml").write_text('marketplace = "US"\nsales_days = 30\n')
    (tmp_path / "costs.csv").write_text("asin,landed_cost,bought_again\nB0AAAAAAAA,4,maybe\n")
    (tmp_path / "2026-11-23").mkdir()
    lines = "snapshot-date,sku,fnsku,asin,available,inv-age-0-to-90-days,units-shipped-t30\n"
    (tmp_path / "2026-11-23" / "inventory.csv").write_text(lines + "2026-11-23,S,F,B0AAAAAAAA,9,9,3\n")
    account = load_account(tmp_path)
    assert np.isnan(account.costs.loc["B0AAAAAAAA", "bought_again"])
    text = "1 cell of 'bought_again' could not be read and counts as missing, row 2: expected Yes or No, "
    assert any(note.text.startswith(text + "found 'maybe'.") for note in account.notes)


def test_an_order_is_in_whole_cartons_and_at_least_the_minimum(advised):
    due = {"lead_time_days": 90.0, "bought_again": 1.0}
    plain = advised(ads=(), costs=due)["order_units"]
    packed = advised(ads=(), costs=due | {"case_pack": 24.0})
    assert packed["order_units"] == 24 * np.ceil(plain / 24)
    assert packed["order_cash"] == 4 * packed["order_units"]
    assert advised(ads=(), costs=due | {"minimum_order": 5000.0})["order_units"] == 5000


def test_a_rise_before_the_end_of_a_season_is_no_peak_that_passes(written):
    """500 of 590 in a quarter sold last month: until 24 December 125 a week, of a thousand 446 are left."""
    shipped = {"units-shipped-t7": 133, "units-shipped-t30": 500, "units-shipped-t60": 560, "units-shipped-t90": 590}
    calendar = {"asin": "B0MADEUP01", "sku": "A", "available": 1000, **shipped}
    season = analyse(written(inventory=[calendar | {"season-end-date": "2026-12-24"}])).details.loc["B0MADEUP01"]
    assert season["sold_by_date"] == pytest.approx(125 / 7 * 31, rel=0.02)  # 117 a week, of late 133
    assert "passing_peak" not in season["reasons"]
    other = analyse(written(inventory=[calendar])).details.loc["B0MADEUP01"]
    assert "passing_peak" in other["reasons"]


def test_the_end_of_a_season_that_amazon_names_is_the_date_of_its_stock(written):
    season = {"asin": "B0MADEUP01", "sku": "A", "available": 500, "units-shipped-t30": 60}
    costs = [{"asin": "B0MADEUP01", "landed_cost": 4, "fulfilment_fee": 4, "referral_rate": 0.15}]
    account = written(inventory=[season | {"season-end-date": "2026-12-31"}], costs=costs)
    found = analyse(account)
    assert found.details.loc["B0MADEUP01", "clear_by"] == pd.Timestamp("2026-12-31")
    assert not found.advice.loc["B0MADEUP01", "reordered"]
    assert any("the season of 1 ASIN ends" in note.text for note in found.notes)
    later = analyse(written(inventory=[season | {"season-end-date": "2027-12-31"}], costs=costs))
    assert pd.isna(later.details.loc["B0MADEUP01", "clear_by"])
    own = analyse(
        written(inventory=[season | {"season-end-date": "2026-12-31"}], costs=[costs[0] | {"clear_by": "2027-02-01"}])
    )
    assert own.details.loc["B0MADEUP01", "clear_by"] == pd.Timestamp("2027-02-01")


def test_units_that_leave_at_once_do_so_now_and_the_rest_on_its_day(written):
    """The price changed since the ad days, so that nothing is said of ads."""
    stock = {"asin": "B0MADEUP01", "sku": "A", "available": 300, "units-shipped-t7": 14, "units-shipped-t30": 60,
             "units-shipped-t60": 120, "units-shipped-t90": 180, "your-price": 15}  # fmt: skip
    cost = {"asin": "B0MADEUP01", "landed_cost": 5, "fulfilment_fee": 4, "size_tier": "small_standard",
            "unit_volume": 0.1, "unit_weight": 0.7, "clear_by": "2027-01-15"}  # fmt: skip
    found = analyse(written(inventory=[stock], ads=[{"Advertised ASIN": "B0MADEUP01"}], costs=[cost]))
    says = found.advice.loc["B0MADEUP01", "says"]
    assert re.fullmatch(r"Liquidate \d+ units now, then liquidate the rest on 2027-01-15\.", says)


def test_what_is_gone_need_not_be_gone(written):
    stock = {"asin": "B0MADEUP01", "sku": "A", "available": 0, "units-shipped-t30": 60}
    found = analyse(
        written(inventory=[stock], costs=[{"asin": "B0MADEUP01", "landed_cost": 5, "clear_by": "2027-01-15"}])
    )
    assert "It must be gone" not in found.advice.loc["B0MADEUP01", "reason"]

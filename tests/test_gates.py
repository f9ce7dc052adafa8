"""What an ASIN is judged by: its own ad sales, its pace where it sells little, launches, suppressed listings."""

import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.positions import positions_of
from wockit.analysis.prospects import prospects_of
from wockit.show.actions import numbers_of

A, B = "B0MADEUP01", "B0MADEUP02"
STEPS = ("units-shipped-t7", "units-shipped-t30", "units-shipped-t60", "units-shipped-t90")
AGES = ("0-to-90", "91-to-180", "181-to-270", "271-to-365", "366-to-455", "456-plus")


def stock(units, *shipped, asin=A, old=0, **cells):
    ages = {**{f"inv-age-{age}-days": 0 for age in AGES}, "inv-age-0-to-90-days": units - old}
    sold = dict(zip(STEPS, shipped, strict=True))
    return {"sku": asin, "fnsku": f"X{asin}", "asin": asin, "available": units, **ages, "inv-age-91-to-180-days": old,
            **sold, **cells}  # fmt: skip


def visited(asin=A, views=150, share="95%", units=0, parent=""):
    return {"(Parent) ASIN": parent, "(Child) ASIN": asin, "Page Views - Total": views, "Units Ordered": units,
            "Featured Offer (Buy Box) percentage": share}  # fmt: skip


def advertised(own, other, asin=A, spend=100, **cells):
    return {"Advertised ASIN": asin, "Spend": spend, "7 Day Total Sales ": own + other,
            "7 Day Advertised SKU Sales ": own, "7 Day Advertised SKU Units (#)": own // 20,
            "7 Day Other SKU Sales ": other, **cells}  # fmt: skip


def positions(account):
    return positions_of(account, account.settings, [])


def test_an_asin_is_placed_by_what_it_sold_itself_and_its_sibling_is_named(written):
    found = positions(written(
        inventory=[stock(600, 14, 60, 120, 180, old=200), stock(180, 63, 270, 540, 810, asin=B, old=20)],
        business=[visited(units=60, parent="B0PARENT00"), visited(B, units=270, parent="B0PARENT00")],
        ads=[advertised(50, 350), advertised(400, 0, asin="B0OTHER001")],
    ))  # fmt: skip
    assert (found.loc[A, "roas"], found.loc[A, "own_roas"]) == (4.0, 0.5)
    assert found.loc[A, "segment"] == "lift_conversion"
    assert "halo" in found.loc[A, "cautions"].split("; ")
    assert "sold_by_sibling" in found.loc[B, "cautions"].split("; ")
    assert found.loc[A, "roas_cut"] == 450 / 200
    assert found.loc[[A, B], "sells_siblings"].tolist() == [B, ""]
    assert found.loc[[A, B], "sold_by_siblings"].tolist() == ["", A]


def test_where_only_units_are_split_they_tell_what_an_asin_sold_itself(written):
    split = {"7 Day Advertised SKU Units (#)": 2, "7 Day Advertised SKU Sales ": "", "7 Day Other SKU Sales ": ""}
    found = positions(written(
        inventory=[stock(600, 14, 60, 120, 180, old=200)],
        ads=[advertised(0, 0) | {"7 Day Total Sales ": 400} | split, advertised(400, 0, asin="B0OTHER001")],
    )).loc[A]  # fmt: skip
    assert (found["roas"], found["own_roas"], found["halo_share"]) == (4.0, pytest.approx(0.8), pytest.approx(0.8))
    assert found["segment"] == "lift_conversion"


def test_an_asin_that_sells_its_siblings_is_not_its_own_benchmark(written):
    found = positions(written(inventory=[stock(600, 14, 60, 120, 180, old=200)], ads=[advertised(50, 350)]))
    assert found.loc[A, ["own_roas", "roas_cut", "segment"]].tolist() == [0.5, 4.0, "lift_conversion"]


def test_the_decision_names_the_share_of_other_products_and_the_parent(written):
    found = analyse(written(
        inventory=[stock(600, 14, 60, 120, 180, old=200), stock(180, 63, 270, 540, 810, asin=B, old=20)],
        business=[visited(units=60, parent="B0PARENT00"), visited(B, units=270, parent="B0PARENT00")],
        ads=[advertised(50, 350), advertised(400, 0, asin="B0OTHER001")],
        costs=[{"asin": asin, "landed_cost": 5, "fulfilment_fee": 4, "bought_again": "yes"} for asin in (A, B)],
    ))  # fmt: skip
    told = {asin: numbers_of(row) for asin, row in found.positions.to_dict("index").items()}
    text = f"87.5% of its ad sales are other products: its clicks sell other ASINs of parent B0PARENT00 ({B})"
    assert text in told[A]
    assert f"advertised through {A}, of the same parent B0PARENT00" in told[B]
    assert found.advice.loc[B, "do"] == "refill"  # 180 of 270 a month: below 3 weeks


@pytest.mark.parametrize(("other", "ads_go"), [(350, False), (60, True)])
def test_ads_that_pay_by_siblings_are_not_turned_off_for_want_of_own_sales(written, other, ads_go):
    """100 are spent to sell 40 of the ASIN itself. Break-even is 20 / (17 - 4 - 5) = 2.5: 390 are above it, 100 not."""
    days = [{**advertised(40, other), "Date": f"2026-11-{day:02}"} for day in range(1, 15)]
    found = analyse(written(
        inventory=[stock(600, 14, 60, 120, 180, old=200)], ads=days,
        costs=[{"asin": A, "landed_cost": 5, "fulfilment_fee": 4, "bought_again": "yes"}],
    )).advice.loc[A]  # fmt: skip
    assert (found["ads_level"] < 1) == ads_go
    assert not found["says"].startswith("Test: turn ads off")
    assert ("Its ads stay, because they pay by the other products that they sell." in found["reason"]) != ads_go


def test_what_rests_on_another_price_is_withheld(written):
    cells = {"7 Day Advertised SKU Units (#)": 10, "7 Day Total Orders (#)": 10}
    for price, changed in ((200 / 10, False), (15, True)):
        found = analyse(written(
            inventory=[stock(600, 14, 60, 120, 180, old=200, **{"your-price": price})],
            ads=[{**advertised(200, 0), **cells}], costs=[{"asin": A, "landed_cost": 2, "fulfilment_fee": 3}],
        ))  # fmt: skip
        place, budget, advice = found.details.loc[A], found.budgets.loc[A], found.advice.loc[A]
        assert ("price_changed" in place["cautions"]) == changed
        assert (place["gate"] == "price_changed") == changed
        assert pd.isna(place["segment"]) == changed
        assert pd.isna(budget["budget_corrected"]) == budget["withheld"] == changed
        assert pd.isna(advice["highest_cpc"]) == changed
        assert (advice["ads_level"] == 1 and "ads off" not in advice["says"]) or not changed
        assert place["roas"] == 2  # said as it was


def test_display_beside_products_is_no_other_price(written):
    """Display tells no units of the ASIN itself: its 2 of 40 are as much its own as the 10 of 200 of products."""
    display = {
        "Date": "2026-11-01", "Currency": "USD", "Campaign Name": "D", "Cost Type": "CPC", "Ad Group Name": "G",
        "Advertised SKU": "S", "Advertised ASIN": A, "Impressions": 100, "Viewable Impressions": 80, "Clicks": 10,
        "14 Day Detail Page Views (DPV)": 3, "Spend": 5, "14 Day Total Orders (#)": 2, "14 Day Total Units (#)": 2,
        "14 Day Total Sales ": 40,
    }  # fmt: skip
    products = {**advertised(200, 0), "7 Day Advertised SKU Units (#)": 10, "7 Day Total Units (#)": 10}
    account = written(inventory=[stock(600, 14, 60, 120, 180)], ads=[products], display=[display])
    found = positions(account).loc[A]
    assert (found["ad_sales"], found["ad_units"], found["ad_units_same_sku"]) == (240, 12, 12)
    assert "price_changed" not in found["cautions"]


def campaign(name, sales, day="2026-11-01", **cells):
    return {**advertised(sales, 0), "Date": day, "Campaign Name": name, **cells}


def test_downloads_of_other_campaigns_add_up(written):
    account = written(
        inventory=[stock(600, 14, 60, 120, 180)], ads=[campaign("One", 400)], ads_2=[campaign("Two", 200)]
    )
    assert positions(account).loc[A, ["ad_spend", "ad_sales", "roas"]].tolist() == [200, 600, 3]


def test_a_newer_download_of_the_same_campaigns_replaces_and_a_further_campaign_adds_up(written):
    older = [campaign("One", 100), campaign("Three", 50, Spend=10)]
    newer = [campaign("One", 400), campaign("One", 400, day="2026-11-02")]
    account = written(inventory=[stock(600, 14, 60, 120, 180)], ads=older, ads_2=newer)
    assert positions(account).loc[A, ["ad_spend", "ad_sales"]].tolist() == [210, 850]


@pytest.mark.parametrize(("shipped", "views", "action", "gate"), [
    ((0, 0, 100, 220), 0, "Edit listing", "not_sellable"),
    ((0, 0, 100, 220), 2, "", "not_sellable"),
    ((0, 0, 100, 220), 0, "", "not_sellable"),
    ((0, 0, 0, 0), 0, "", "no_sales"),  # nobody ever saw or bought it
    ((0, 0, 0, 0), 0, "Edit listing", "not_sellable"),
])  # fmt: skip
def test_a_suppressed_listing_is_known_without_visitors(written, shipped, views, action, gate):
    rows = [stock(300, *shipped, old=200, **{"recommended-action": action})]
    account = written(inventory=rows, business=[visited(views=views, share="0%")])
    assert positions(account).loc[A, "gate"] == gate


@pytest.mark.parametrize(("beside", "gate"), [(visited(B), "not_sellable"), (visited(B, units=5), "no_sales")])
def test_an_asin_that_sold_and_that_a_report_of_all_visits_leaves_out_is_suppressed(written, beside, gate):
    """A report that lists an ASIN without a sale lists all that had visitors; one by SKU lists only what sold."""
    rows = [stock(300, 0, 0, 100, 220), stock(300, 14, 60, 120, 180, asin=B)]
    assert positions(written(inventory=rows, business=[beside])).loc[A, "gate"] == gate


@pytest.mark.parametrize("lead_time", ["", 20, 200])
def test_what_must_be_gone_by_a_day_needs_no_cover_beyond_it(written, lead_time):
    """1,000 units, 6 a day, gone by 14 February, 83 days from now: half are too many, and no order comes in time."""
    cost = {"asin": A, "landed_cost": 5, "clear_by": "2027-02-14", "lead_time_days": lead_time}
    account = written(inventory=[stock(1000, 42, 180, 360, 540)], ads=[advertised(400, 0)], costs=[cost])
    found = positions(account).loc[A]
    assert found["excess_units"] == 502
    assert found["sales_at_risk"] == 0
    assert found["low_weeks"] <= 83 / 7
    assert (found["segment"], found["cover_probable"]) == ("push_traffic", "too_much")
    assert "lead_time" not in found["cautions"].split("; ")
    assert pd.isna(found["order_by"]) == (lead_time != 20)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-27", "2026-12-03"])
def test_the_advice_names_the_day_by_which_it_must_be_gone(written, day):
    cost = {"asin": A, "landed_cost": 5, "clear_by": day, "referral_rate": 0.15, "fulfilment_fee": 4,
            "size_tier": "small_standard", "unit_volume": 0.1, "unit_weight": 0.5}  # fmt: skip
    account = written(inventory=[stock(100, 14, 60, 120, 180)], ads=[advertised(400, 0)], costs=[cost])
    found = analyse(account).advice.loc[A]
    assert f"It must be gone by {day}." in found["reason"]
    assert pd.isna(found["act_by"]) or found["act_by"] <= pd.Timestamp(day)
    assert pd.isna(found["until"]) or found["until"] <= pd.Timestamp(day)


def test_a_page_that_nobody_can_see_is_suppressed_where_no_share_is_told(written):
    account = written(inventory=[stock(300, 0, 0, 100, 220, old=200)], business=[visited(views=0, share="")])
    assert positions(account).loc[A, "gate"] == "not_sellable"


@pytest.mark.parametrize("shipped", [(1, 2, 4, 6), (0, 0, 3, 5), (0, 1, 4, 6)])
def test_a_slow_mover_keeps_its_place_whatever_one_month_brought(written, shipped):
    found = positions(written(inventory=[stock(12, *shipped, old=8)], ads=[advertised(300, 0)])).loc[A]
    assert found["segment"] in ("scale", "refine")
    assert found["excess_units"] == 0
    assert "slow" in found["cautions"]


def test_what_sells_in_one_season_is_held_until_it(written):
    """12 a day from 18 January to 14 February of this year, one a month else: 336 of the 350 go by February."""
    days = pd.date_range("2025-10-15", "2026-11-22")
    orders = [
        {"amazon-order-id": f"{day:%y%m%d}", "purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "sku": A, "asin": A,
         "quantity": 12 if pd.Timestamp("2026-01-18") <= day <= pd.Timestamp("2026-02-14") else 1}
        for day in days if day.day == 15 or "2026-01-18" <= f"{day:%Y-%m-%d}" <= "2026-02-14"
    ]  # fmt: skip
    old = {"inv-age-0-to-90-days": 0, "inv-age-91-to-180-days": 0, "inv-age-181-to-270-days": 350}
    cost = {"asin": A, "landed_cost": 5, "fulfilment_fee": 4, "unit_weight": 1, "size_tier": "small_standard"}
    found = analyse(written("", inventory=[{**stock(350, 0, 1, 2, 3), **old}], orders=orders, costs=[cost]))
    assert found.advice.loc[A, "units_liquidated"] == 0
    assert found.details.loc[A, "gate"] != "exit"
    assert found.details.loc[A, "forward_cover"] < 26


def test_of_a_slow_mover_more_than_a_dozen_and_than_ninety_days_sell_is_excess(written):
    found = positions(written(inventory=[stock(40, 1, 2, 4, 6, old=20)])).loc[A]
    assert found["excess_units"] == 28


def test_a_launch_is_judged_by_its_last_week_and_its_lead_time(written):
    account = written(
        inventory=[stock(350, 63, 112, 112, 112)], costs=[{"asin": A, "landed_cost": 7, "lead_time_days": 60}]
    )
    found = positions(account).loc[A]
    assert found["gate"] == "new"
    assert found["weeks_of_in_time"] == pytest.approx(350 / 63)
    assert found["forward_cover_low"] <= 350 / 63
    assert found["sales_at_risk"] == pytest.approx((67 / 7 - 350 / 63) * 63 * 20)
    assert found["stake"] == "sales_at_risk"
    assert f"{found['order_by']:%Y-%m-%d}" == "2026-11-23"  # today: the lead time is longer than the stock lasts


def test_empty_cells_of_older_units_are_none_where_all_that_is_there_is_young(written):
    """A launch that sold nothing yet: nothing of it is given away. Of 100 older units nobody knows that."""
    older = {f"inv-age-{age}-days": "" for age in AGES if age != "0-to-90"}
    for young, gate in ((100, "new"), (0, "no_sales")):
        rows = [{**stock(100, 0, 0, 0, 0), **older, "inv-age-0-to-90-days": young}]
        assert positions(written(inventory=rows)).loc[A, "gate"] == gate


def test_nothing_of_a_launch_is_given_away_before_it_sold(written):
    """100 units came last month, and its ads began last week."""
    none = {"Clicks": 10, "7 Day Total Orders (#)": 0, "7 Day Total Units (#)": 0}
    shown = [{**advertised(0, 0, spend=5), **none, "Date": f"2026-11-{day}"} for day in range(16, 23)]
    cost = {"asin": A, "landed_cost": 5, "fulfilment_fee": 4, "unit_weight": 1, "size_tier": "small_standard"}
    found = analyse(written(inventory=[stock(100, 0, 0, 0, 0)], ads=shown, costs=[{**cost, "unit_volume": 0.1}]))
    assert found.details.loc[A, "gate"] == "new"
    advice = found.advice.loc[A]
    assert (advice["do"], advice["units_liquidated"], advice["ads_level"]) == ("carry_on", 0, 1)
    assert "Its ads cost " in advice["reason"]


def test_a_launch_counts_its_days_on_sale(written):
    # 60 sold in 15 days are 4 a day, though 30 days of them would be 2; its last week sold 14
    shown = [{**advertised(0, 0), "Date": f"2026-11-{day:02}"} for day in range(8, 23)]
    for ads, days, pace in ((shown, 15, 28), ([], 30, 14)):
        found = positions(written(inventory=[stock(350, 14, 60, 60, 60)], ads=ads)).loc[A]
        assert (found["gate"], found["days_on_sale"]) == ("new", days)
        assert found["units_judged"] / 4 == pytest.approx(pace)


@pytest.mark.parametrize(("units", "shipped", "place"), [
    (12, (1, 3, 3, 3), "no_ads"),  # fresh stock of a slow mover: judged by what is expected
    (20, (1, 2, 4, 4), "no_ads"),
    (20, (1, 3, 3, 3), "new"),  # a launch that sold three in its first month
    (200, (1, 2, 4, 4), "new"),
    (12, (4, 4, 4, 4), "new"),
])  # fmt: skip
def test_fresh_stock_of_a_slow_mover_is_no_launch(written, units, shipped, place):
    rows = [stock(units, *shipped), stock(900, 70, 300, 600, 900, asin=B, old=5)]
    found = positions(written(inventory=rows, ads=[advertised(300, 0, asin=B)])).loc[A]
    assert found["gate"] == place
    assert found["slow"] == (place != "new")


def test_the_order_date_leaves_the_lead_time(written):
    # 60 a month are 14 a week: 280 last 20 weeks, a new order must be there after (42 + 7) / 7 = 7: 13 weeks to wait
    account = written(
        inventory=[stock(280, 14, 60, 120, 180, old=20)], costs=[{"asin": A, "landed_cost": 7, "lead_time_days": 42}]
    )
    assert (positions(account).loc[A, "order_by"] - account.past.weeks.columns[-1]).days == pytest.approx(92, abs=8)


def test_what_running_short_costs_lowers_what_selling_brings(written):
    """60 of 240 a month: each unit sold until more comes costs the fee besides."""
    cost = {"asin": A, "landed_cost": 5, "fulfilment_fee": 4, "size_tier": "small_standard", "unit_weight": 0.5}
    cost |= {"lead_time_days": 30, "bought_again": "yes"}
    sold = (56, 240, 480, 720)
    found = {}
    for exempt in ("No", "Yes"):
        row = stock(60, *sold, **{"Exempted from Low-Inventory-Level fee?": exempt}, **{"your-price": 20})
        week = analyse(written(inventory=[row], ads=[advertised(400, 0)], costs=[cost]))
        known = prospects_of(week.details, week.settings, week.account)
        found[exempt] = week.details.loc[A, "low_inventory_fee"], known.items.short_fee[0, :6].round(2).tolist()
    assert found["No"][0] > 0
    assert found["No"][1] == [round(found["No"][0], 2)] * 5 + [0.0]  # thirty days
    assert found["Yes"] == (0.0, [0.0] * 6)


def test_after_its_season_an_asin_is_expected_to_sell_what_it_sold_since(written):
    """20 a week until four weeks ago and 4 since: what was before counts again only after half a year."""
    demand = {
        ended: positions(written(inventory=[stock(400, 4, 18, 100, 186, **{"season-end-date": ended})])).loc[A]
        for ended in ("2026-10-25", "")
    }
    assert demand["2026-10-25"]["weekly_demand"] == pytest.approx(4, rel=0.15)
    assert demand["2026-10-25"]["forward_cover"] > 26
    assert demand[""]["weekly_demand"] > 1.5 * demand["2026-10-25"]["weekly_demand"]


LAUNCH = stock(200, 42, 90, 90, 90)
BY_SEA = {"asin": A, "landed_cost": 7, "fulfilment_fee": 4, "lead_time_days": 75}


@pytest.mark.parametrize(("arrives", "weeks", "lost_days"), [("2026-12-05", 800 / 42, 0), ("2027-01-20", 200 / 42, 25)])
def test_what_comes_to_a_launch_counts_at_the_pace_of_its_last_week(written, arrives, weeks, lost_days):
    """200 units last 33 days at 6 a day: 600 come in 12 days, or in 58, when nothing has been left for 25."""
    comes = [{"asin": A, "where": "AWD", "units": 600, "arrives": arrives}]
    found = positions(written(inventory=[LAUNCH], costs=[BY_SEA], stock=comes)).loc[A]
    assert found["weeks_of_in_time"] == pytest.approx(weeks)
    assert found["sales_at_risk"] == pytest.approx(lost_days * 6 * 20, abs=6 * 20)


def test_a_launch_with_enough_at_the_pace_of_its_last_week_orders_nothing_yet(written):
    comes = [{"asin": A, "where": "AWD", "units": 600, "arrives": "2026-12-05"}]
    found = analyse(written(inventory=[LAUNCH], costs=[BY_SEA], stock=comes)).advice.loc[A]
    assert pd.isna(found["order_units"])
    assert pd.Timestamp("2027-01-10") < found["order_by"] < pd.Timestamp("2027-01-25")  # 19 weeks less 75 days


def test_a_launch_orders_no_more_than_its_last_week_sold(written):
    """350 units last 5.6 weeks at 63 a week, an order 8.6: it must last that, a review and six weeks."""
    cost = BY_SEA | {"lead_time_days": 60, "bought_again": "yes"}
    found = analyse(written(inventory=[stock(350, 63, 112, 112, 112)], costs=[cost])).advice.loc[A]
    assert 0 < found["order_units"] <= 63 * (60 / 7 + 1 + 6) - 350
    assert "the stock lasts about 5.6 weeks" in found["reason"]


@pytest.mark.parametrize("day", ["clear_by", "season-end-date"])
def test_what_nears_its_day_and_falls_does_not_recover(written, day):
    """100 a week were sold, 7 in the last one: 28 in the four weeks that are left."""
    row = stock(300, 7, 307, 735, 1163, **{day: "2026-12-21"})
    cost = {"asin": A, "landed_cost": 5, **({"clear_by": "2026-12-21"} if day == "clear_by" else {})}
    found = positions(written(inventory=[row], costs=[cost])).loc[A]
    assert (found["weekly_demand"], found["excess_units"]) == (pytest.approx(7), 272)
    assert found["forward_cover_low"] > 10
    undated = positions(written(inventory=[stock(300, 7, 307, 735, 1163)], costs=[cost | {"clear_by": ""}])).loc[A]
    assert undated["weekly_demand"] > 40  # most slumps pass


def test_what_nears_its_day_and_rises_keeps_its_pace(written):
    """84 in the last week, 20 in each before, 36 in the mean of four: 60 a week are 240 until then."""
    row = stock(300, 84, 150, 230, 310, old=50)
    dated, undated = (
        positions(written(inventory=[row], costs=[{"asin": A, "landed_cost": 5, "clear_by": day}])).loc[A]
        for day in ("2026-12-21", "")
    )
    assert dated["sold_by_date"] == pytest.approx(240, rel=0.02)
    assert "passing_peak" not in dated["reasons"]
    assert undated["weekly_demand"] < 30  # most peaks pass


def test_after_its_season_stock_is_too_much_by_what_it_sells_since(written):
    """12 in the week since its end, 26 a week in the month, 100 before: 300 last 11 weeks or, from now on, 25."""
    row = stock(300, 12, 112, 540, 970, **{"season-end-date": "2026-11-15"})
    found = positions(written(inventory=[row], costs=[{"asin": A, "landed_cost": 5, "lead_time_days": 90}])).loc[A]
    assert (found["weekly_demand"], found["forward_cover"]) == (pytest.approx(12), pytest.approx(25))
    assert found["excess_units"] == pytest.approx(300 - found["healthy_weeks"] * 12, abs=1)
    assert found["sales_at_risk"] == 0
    assert found["reasons"].split("; ")[0] == "season_ends"
    assert found["forward_cover_high"] > 25 > found["forward_cover_low"] > 5


@pytest.mark.parametrize(("shipped", "action", "suppressed"), [
    ((0, 30, 100, 170), "Edit listing", True),
    ((0, 5, 80, 150), "Fix listing issues", True),
    ((0, 30, 100, 170), "", False),  # a slow week, or a rival: Amazon says nothing
    ((2, 30, 100, 170), "Edit listing", False),
    ((0, 3, 8, 12), "Edit listing", False),  # a week without a sale is usual
])  # fmt: skip
def test_a_listing_that_amazon_says_to_mend_is_suppressed_from_its_first_week_without_a_sale(
    written, shipped, action, suppressed
):
    """It still had visitors, orders and its featured offer on some of the thirty days."""
    rows = [stock(300, *shipped, old=200, **{"recommended-action": action})]
    ads = [advertised(400, 0, asin=B)]
    account = written(inventory=rows, business=[visited(views=300, share="60%", units=shipped[1])], ads=ads)
    assert (positions(account).loc[A, "gate"] == "not_sellable") == suppressed


@pytest.mark.parametrize(("day", "gate"), [("2026-12-24", None), ("2027-06-30", "new"), ("", "new")])
def test_what_must_be_gone_soon_is_no_launch_however_new(written, day, gate):
    cost = {"asin": A, "landed_cost": 5, "clear_by": day}
    found = positions(written(inventory=[stock(900, 84, 200, 200, 200)], ads=[advertised(400, 0)], costs=[cost])).loc[A]
    assert (found["gate"] or None) == gate
    assert (found["stake"] == "excess_value") == (gate is None)

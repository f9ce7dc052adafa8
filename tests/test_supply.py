"""What counts as stock: the parts of supply, each report's way to tell them, and what is decided by them."""

import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.positions import positions_of
from wockit.analysis.prospects import prospects_of
from wockit.reading.account import load_account

SOLD = {"units-shipped-t7": 14, "units-shipped-t30": 60, "units-shipped-t60": 120, "units-shipped-t90": 180}


def row(**cells):
    """60 units of A are sold a month; the rest is given."""
    return {"sku": "S", "fnsku": "X1", "asin": "B0MADEUP01", **SOLD, **cells}


def position(account, asin="B0MADEUP01"):
    return positions_of(account, account.settings, []).loc[asin]


def parts(account, asin="B0MADEUP01"):
    found = account.supply.loc[[asin]]
    return dict(zip(found["part"], found["units"], strict=True))


def texts(account):
    return [note.text for note in account.notes]


def test_the_parts_of_supply_stand_side_by_side(written):
    account = written(inventory=[row(**{
        "available": 10, "Total Reserved Quantity": 66, "Reserved FC Transfer": 40, "Reserved FC Processing": 20,
        "Reserved Customer Order": 6, "unfulfillable-quantity": 3, "inbound-quantity": 100, "inbound-working": 50,
        "inbound-shipped": 30, "inbound-received": 15,
    })])  # fmt: skip
    assert parts(account) == {
        "available": 10, "fc_transfer": 40, "fc_processing": 20, "inbound_working": 50, "inbound_shipped": 30,
        "inbound_receiving": 15, "inbound": 5, "customer_orders": 6, "unsellable": 3,
    }  # fmt: skip


@pytest.mark.parametrize("cells", [
    {"Total Reserved Quantity": 95, "Reserved FC Transfer": 60, "Reserved FC Processing": 30},
    {"fc-transfer": 60, "Total Reserved Quantity": 30, "Reserved FC Processing": 30},
    {"fc-transfer": 90},
])  # fmt: skip
def test_units_in_transfer_are_stock_and_the_first_column_stays_the_article_s(written, cells):
    found = position(written(inventory=[row(available=0, **cells)]))
    assert found["weeks_of_coverage"] == 0
    assert found["weeks_of_supply"] == 6  # 90 / 60 x 4
    assert found["gate"] != "out_of_stock"
    assert found["sales_at_risk"] == 0
    assert "transfer" in found["cautions"]


def test_units_in_transfer_are_why_the_covers_differ(written):
    assert position(written(inventory=[row(available=30, **{"fc-transfer": 60})]))["reasons"] == "in_transfer"


def test_units_in_transfer_of_manage_fba_inventory_are_those_that_can_be_bought_beyond_the_available(written):
    rows = [{
        "sku": "S", "fnsku": "X1", "asin": "B0MADEUP01", "afn-fulfillable-quantity": 10,
        "afn-onhand-buyable-quantity": 45,
    }]  # fmt: skip
    business = [{"(Child) ASIN": "B0MADEUP01", "Units Ordered": 60}]
    assert parts(written(manage=rows, business=business)) == {"available": 10, "fc_transfer": 35}


def test_a_fact_of_a_sku_that_only_a_weaker_report_gives_comes_from_there(written):
    """FBA Inventory downloaded without its columns for transfer and inbound, and Manage FBA Inventory beside it."""
    inventory = [row(available=0), row(sku="T", fnsku="X2", asin="B0MADEUP02", available=10, **{"inbound-quantity": 0})]
    manage = [
        {"sku": "S", "fnsku": "X1", "asin": "B0MADEUP01", "afn-fulfillable-quantity": 5,
         "afn-fc-transfer-quantity": 240, "afn-inbound-shipped-quantity": 100},
        {"sku": "T", "fnsku": "X2", "asin": "B0MADEUP02", "afn-fulfillable-quantity": 10,
         "afn-inbound-shipped-quantity": 900},
    ]  # fmt: skip
    account = written(inventory=inventory, manage=manage)
    assert parts(account) == {"fc_transfer": 240, "inbound_shipped": 100}
    assert parts(account, "B0MADEUP02") == {"available": 10}  # the better report says that none is inbound
    assert account.stock.loc["B0MADEUP01", "units_inbound"] == 100
    assert account.past.stock_outs["B0MADEUP01"] == 0
    assert any(
        text.startswith("this file supplies units in transfer, inbound units, reserved units that")
        for text in texts(account)
    )


@pytest.mark.parametrize(("other", "transfer", "inbound"), [(50, 240, 50), (0, 240, 50), (30, 240, 80)])
def test_what_two_skus_of_one_fnsku_have_in_transfer_is_one_pile(written, other, transfer, inbound):
    rows = [
        row(sku=sku, available=0, **{"fc-transfer": 240, "inbound-quantity": units})
        for sku, units in (("S", 50), ("T", other))
    ]
    found = parts(written(inventory=rows))
    assert (found["fc_transfer"], found["inbound"]) == (transfer, inbound)


def test_reserved_units_of_which_nothing_is_told_are_named(written):
    rows = [{"sku": "S", "fnsku": "X1", "asin": "B0MADEUP01", "afn-reserved-quantity": 300}]
    account = written(manage=rows, business=[{"(Child) ASIN": "B0MADEUP01", "Units Ordered": 60}])
    assert any(text.startswith("1 ASIN has more units reserved than available: B0MADEUP01.") for text in texts(account))


def test_what_is_reserved_for_customers_is_no_supply(written):
    found = position(written(inventory=[row(**{"available": 0, "Reserved Customer Order": 60})]))
    assert (found["gate"], found["units_supply"]) == ("out_of_stock", 0)


def test_what_is_on_its_way_makes_too_much_and_cannot_be_cleared(written):
    # 60 a month: healthy to 6 weeks are 90 units; 75 are there and 400 come
    account = written(inventory=[row(**{"available": 75, "inbound-quantity": 400})])
    found = position(account)
    assert (found["excess_units"], found["excess_at_amazon"]) == (385, 0)
    assert analyse(account).budgets.empty


def test_what_is_on_its_way_sends_nothing_into_the_exit_lane(written):
    account = written(
        inventory=[row(**{"available": 75, "inbound-quantity": 4000})], ads=[{"Advertised ASIN": "B0MADEUP01"}]
    )
    assert position(account)["segment"] == "push_traffic"


def test_what_has_no_date_does_not_end_a_shortage(written):
    found = position(written(inventory=[row(**{"available": 15, "inbound-quantity": 400})]))
    assert found["weeks_of_in_time"] == 1
    assert found["sales_at_risk"] == 2 * 15 * 20  # two weeks short at 15 a week and 20 each


COSTS = {"asin": "B0MADEUP01", "landed_cost": 5, "fulfilment_fee": 4, "lead_time_days": 30}


@pytest.fixture(scope="module")
def undated(tmp_path_factory, writer):
    """60 a month are sold, 75 are there, and 900 come on a day that nobody knows: 65 weeks."""
    folder = tmp_path_factory.mktemp("undated") / "account"
    stock = row(**{"available": 75, "inbound-quantity": 900})
    writer(folder, inventory=[stock], costs=[COSTS], ads=[{"Advertised ASIN": "B0MADEUP01"}])
    return analyse(load_account(folder))


def test_much_without_a_date_is_too_much_in_every_place_that_tells_it(undated):
    found = undated.details.loc["B0MADEUP01"]
    assert (found["segment"], found["cover_probable"]) == ("push_traffic", "too_much")
    assert found["place_probable"] != "exit"


def test_much_without_a_date_is_stopped_where_its_storage_is_unknown(undated):
    found = undated.advice.loc["B0MADEUP01"]
    assert found["do"] == "stop_refill"
    assert found["says"].startswith("Stop, split or delay ")


def test_inbound_units_without_a_date_are_noted_with_what_they_count_for(undated):
    (note,) = (note for note in undated.notes if "arrival date" in note.text)
    assert note.text.startswith("1 ASIN has inbound units without an arrival date: B0MADEUP01.")


def test_much_that_comes_is_stopped_although_costs_are_unknown(written):
    found = analyse(written(inventory=[row(**{"available": 75, "inbound-quantity": 900})])).advice.loc["B0MADEUP01"]
    assert found["do"] == "stop_refill"


def test_an_arrival_to_a_short_item_without_a_date_leaves_it_short(written):
    account = written(
        inventory=[row(**{"available": 30, "inbound-quantity": 40})], ads=[{"Advertised ASIN": "B0MADEUP01"}]
    )
    assert position(account)["cover_probable"] == "too_little"


@pytest.mark.parametrize(("day", "weeks"), [("2026-11-27", 2), ("2026-12-15", 1)])
def test_what_arrives_counts_only_where_it_comes_before_the_stock_is_gone(written, day, weeks):
    # 15 units last 7.5 days at 2 a day
    account = written(
        inventory=[row(**{"available": 15, "inbound-quantity": 15})],
        costs=[{"asin": "B0MADEUP01", "landed_cost": 5, "inbound_arrives": day}],
    )
    assert position(account)["weeks_of_in_time"] == weeks


def test_used_units_stand_apart(written):
    rows = [row(available=5), row(**{
        "sku": "amzn.gr.S-x", "fnsku": "X2", "available": 45, "condition": "Used - Like New", "your-price": "11.00",
        "units-shipped-t30": 1,
    })]  # fmt: skip
    found = position(written(inventory=rows))
    assert (found["units_available"], found["units_used"], found["price"], found["units_sold"]) == (5, 45, 20, 60)


@pytest.mark.parametrize(
    "condition", ["Refurbished", "CollectibleLikeNew", "Gebraucht - Sehr gut", "Gebruikt", "Używany", "中古品 - 良い"]
)
def test_units_that_are_not_new_stand_apart_in_every_language(written, condition):
    rows = [{"asin": "B0MADEUP01", "sku": "A", "available": 10, "units-shipped-t30": 40}]
    rows += [{"asin": "B0MADEUP01", "sku": "B", "available": 45, "condition": condition}]
    stock = written(inventory=rows).stock.loc["B0MADEUP01"]
    assert (stock["units_available"], stock["units_used"]) == (10, 45)


def test_used_units_are_the_stock_of_who_sells_nothing_else(written):
    found = position(written(inventory=[row(available=9, condition="Used - Good")]))
    assert (found["units_available"], found["units_used"] > 0) == (9, False)


def test_skus_that_share_an_fnsku_and_its_units_count_once(written):
    account = written(inventory=[row(available=100), row(sku="OLD", available=100, **dict.fromkeys(SOLD, 0))])
    assert position(account)["units_available"] == 100
    assert any("1 SKU shares its FNSKU" in text and "'OLD'" in text for text in texts(account))


@pytest.mark.parametrize(("shipped", "sold"), [(60, 60), (20, 80)])
def test_what_such_skus_shipped_is_of_the_pile_where_it_is_the_same(written, shipped, sold):
    other = row(**{"sku": "T", "available": 100, "units-shipped-t30": shipped})
    assert position(written(inventory=[row(available=100), other]))["units_sold"] == sold


def test_skus_of_their_own_fnsku_add_up(written):
    account = written(inventory=[row(available=100), row(sku="OLD", fnsku="X2", available=100)])
    assert position(account)["units_available"] == 200


@pytest.mark.parametrize("sku", ["123", "00123", "s-00123", "other"])
def test_the_same_stock_in_a_second_report_counts_once(written, sku):
    manage = [{"sku": sku, "fnsku": "X1", "asin": "B0MADEUP01", "afn-fulfillable-quantity": 100}]
    account = written(inventory=[row(sku="00123", available=100)], manage=manage)
    assert position(account)["units_available"] == 100
    assert any("spelled differently" in text for text in texts(account)) == (sku != "00123")


def test_a_further_sku_of_a_second_report_is_further_stock(written):
    manage = [{"sku": "T", "fnsku": "X2", "asin": "B0MADEUP01", "afn-fulfillable-quantity": 7}]
    assert position(written(inventory=[row(available=100)], manage=manage))["units_available"] == 107


@pytest.mark.parametrize("listed", ["No", ""])
def test_a_closed_offer_with_units_at_fba_is_stock(written, listed):
    manage = [
        {"sku": "A", "fnsku": "X1", "asin": "B0MADEUP01", "afn-listing-exists": listed, "afn-fulfillable-quantity": 80},
        {"sku": "B", "fnsku": "X2", "asin": "B0MADEUP02", "afn-listing-exists": "", "afn-inbound-shipped-quantity": 9},
        {"sku": "C", "fnsku": "X3", "asin": "B0MADEUP03", "afn-listing-exists": listed},
    ]
    account = written(manage=manage, business=[{"(Child) ASIN": "B0MADEUP01", "Units Ordered": 20}])
    assert account.stock.index.tolist() == ["B0MADEUP01", "B0MADEUP02"]
    assert account.stock["units_inbound"].tolist() == [0, 9]


def test_a_note_says_what_is_true_of_asins_that_a_report_leaves_out(written):
    manage = [{"sku": f"S{number}", "fnsku": f"X{number}", "asin": f"B0MADEUP0{number}", "afn-fulfillable-quantity": 60}
              for number in (1, 2)]  # fmt: skip
    business = [{"(Child) ASIN": f"B0NOSALE{number:02}"} for number in range(40)]
    business += [
        {"(Child) ASIN": "B0MADEUP01", "Units Ordered": 40},
        {"(Child) ASIN": "B0SOLD0001", "Units Ordered": 3},
    ]
    found = texts(written(manage=manage, business=business))
    assert any("units sold are unknown" in text and "B0MADEUP02" in text for text in found)
    assert any(text.startswith("1 ASIN with sales or advertising") and "B0SOLD0001" in text for text in found)
    assert any(text.startswith("40 ASINs of the sales report that sold nothing") for text in found)
    assert not any("are used as units sold" in text for text in found)


def test_without_costs_the_gain_is_unknown_and_not_nothing(written):
    assert pd.isna(analyse(written(inventory=[row(available=900)])).sums["gain"])


COSTS = {"asin": "B0MADEUP01", "landed_cost": 5, "fulfilment_fee": 4, "size_tier": "small_standard"}


@pytest.mark.parametrize(("units", "cells", "fee"), [
    (30, {"units-shipped-t7": 30}, 0.63),  # 15 days at 60 a month: 14 to 21
    (57, {"units-shipped-t7": 30}, 0.0),  # 28.5 days
    (30, {"units-shipped-t7": 19}, 0.0),  # fewer than 20 in a week are exempt
    (30, {"units-shipped-t7": 30, "Exempted from Low-Inventory-Level fee?": "Yes"}, 0.0),
    (30, {"units-shipped-t7": 30, "Low-Inventory-Level fee applied in current week?": "No"}, 0.0),
    (30, {"units-shipped-t7": 30, "Short term historical days of supply": 10,
          "Long term historical days of supply": 22}, 0.32),  # the longer one counts
    (300, {"units-shipped-t7": 30, "weeks-of-cover-t30": 1, "weeks-of-cover-t90": 1}, 0.89),  # on average it was short
])  # fmt: skip
def test_running_short_costs_a_fee_on_each_unit(written, units, cells, fee):
    found = position(written(inventory=[row(available=units, **cells)], costs=[COSTS]))
    assert found["low_inventory_fee"] == fee
    assert found["break_even_roas"] == pytest.approx(20 / (20 * 0.85 - 4 - fee - 5))
    near = units < 56 and cells["units-shipped-t7"] == 30 and "Exempted from Low-Inventory-Level fee?" not in cells
    assert ("fee_zone" in found["cautions"]) == (near or fee > 0)


def test_without_a_size_the_fee_of_running_short_is_unknown(written):
    found = position(written(inventory=[row(available=30, **{"units-shipped-t7": 30})]))
    assert pd.isna(found["low_inventory_fee"])
    assert "fee_zone" in found["cautions"]


def test_a_launch_pays_no_fee_for_running_short(written):
    ages = {"inv-age-0-to-90-days": 30, "inv-age-91-to-180-days": 0}
    shipped = {f"units-shipped-t{days}": 60 for days in (7, 30, 60, 90)}
    found = position(written(inventory=[row(available=30, **ages, **shipped)], costs=[COSTS]))
    assert (found["gate"], found["low_inventory_fee"]) == ("new", 0)


def test_units_in_transfer_count_toward_the_days_of_supply(written):
    # 20 available and 40 in transfer last 30 days at 60 a month
    cells = {"available": 20, "Reserved FC Transfer": 40, "units-shipped-t7": 30}
    assert "fee_zone" not in position(written(inventory=[row(**cells)], costs=[COSTS]))["cautions"]


@pytest.mark.parametrize(("days", "lost"), [(3, 3), (14, 14), (60, 21)])
def test_what_is_out_of_stock_loses_sales_until_more_arrives(written, days, lost):
    """2 a day, at 20 each, are asked for; three weeks are looked ahead."""
    arrives = f"{pd.Timestamp('2026-11-23') + pd.Timedelta(days=days):%Y-%m-%d}"
    cost = {"asin": "B0MADEUP01", "landed_cost": 5, "inbound_arrives": arrives}
    account = written(inventory=[row(available=0, **{"inbound-quantity": 400})], costs=[cost])
    assert position(account)["sales_at_risk"] == pytest.approx(lost / 7 * 15 * 20)


def test_what_is_out_of_stock_and_comes_later_is_waited_for_and_not_ordered_again(written):
    """400 on their way last 28 weeks at 14 a week; an order takes six: it is due in about 22."""
    cost = COSTS | {"lead_time_days": 42}
    week = analyse(written(inventory=[row(available=0, **{"inbound-quantity": 400})], costs=[cost]))
    found, place = (table.loc["B0MADEUP01"] for table in (week.advice, week.details))
    assert found["says"] == "Wait for the 400 units on their way, and check when they arrive."
    assert pd.Timestamp("2027-03-15") < found["order_by"] < pd.Timestamp("2027-05-10")
    assert (place["cover_probable"], place["cover_probability"]) == ("too_little", 1)


def test_a_few_units_on_their_way_do_not_refill_what_is_out_of_stock(written):
    found = analyse(written(inventory=[row(available=0, **{"inbound-quantity": 10})])).advice.loc["B0MADEUP01"]
    assert found["do"] == "refill"


LATER = {"asin": "B0MADEUP01", "where": "AWD", "arrives": ""}


@pytest.mark.parametrize("lead", [30, ""])
def test_units_elsewhere_are_sent_in_before_any_are_ordered(written, lead):
    """14 a week: 15 are there, 900 lie elsewhere on no known day."""
    cost = COSTS | {"lead_time_days": lead, "bought_again": "yes"}
    found = analyse(written(inventory=[row(available=15)], costs=[cost], stock=[LATER | {"units": 900}]))
    found = found.advice.loc["B0MADEUP01"]
    assert found["says"].startswith("Send ")
    assert "Order " not in found["says"]
    assert pd.isna(found["order_units"])
    assert f"{found['act_by']:%Y-%m-%d}" == "2026-11-23"


def test_units_elsewhere_fill_the_weeks_until_an_order_arrives(written):
    """14 a week: 28 last two weeks, 300 more come in the twelfth. Ten weeks of 14 lie elsewhere."""
    lines = [LATER | {"units": 500}, LATER | {"where": "order 7", "units": 300, "arrives": "2027-02-15"}]
    cost = COSTS | {"bought_again": "yes", "lead_time_days": 90}
    found = analyse(written(inventory=[row(available=28)], costs=[cost], stock=lines)).advice.loc["B0MADEUP01"]
    assert 126 < int(found["says"].split()[1]) < 154


def test_what_lies_elsewhere_is_not_ordered_again(written):
    cost, orders = COSTS | {"bought_again": "yes", "lead_time_days": 30}, []
    for units in (0, 50):
        lines = [LATER | {"units": units}]
        found = analyse(written(inventory=[row(available=15)], costs=[cost], stock=lines)).advice.loc["B0MADEUP01"]
        orders.append(found["order_units"])
    assert found["says"].startswith("Send 50 of the units elsewhere to Amazon. Order ")
    assert orders[0] - orders[1] == 50


def test_a_smallest_order_that_lasts_for_years_is_named(written):
    """Three a month, and a supplier that sells 120 at once."""
    few = {"units-shipped-t7": 1, "units-shipped-t30": 3, "units-shipped-t60": 6, "units-shipped-t90": 9}
    cost = COSTS | {"minimum_order": 120, "bought_again": "yes", "lead_time_days": 30}
    found = analyse(written(inventory=[row(available=2, **few)], costs=[cost])).advice.loc["B0MADEUP01"]
    assert found["order_units"] == 120
    assert "The order alone lasts 1" in found["reason"]  # about 170 weeks


def test_only_what_is_unknown_of_a_unit_is_asked_for(written):
    found = analyse(written(inventory=[row(available=300)])).advice.loc["B0MADEUP01"]
    assert found["says"] == "Add fulfilment_fee, landed_cost to costs.csv to compare the choices."


def test_what_comes_after_the_day_by_which_it_must_be_gone_is_stopped(written):
    """14 a week: 120 last beyond that day, and 300 arrive a fortnight later."""
    cost = COSTS | {"clear_by": "2026-12-24", "inbound_arrives": "2027-01-07"}
    week = analyse(written(inventory=[row(**{"available": 120, "inbound-quantity": 300})], costs=[cost]))
    found = week.advice.loc["B0MADEUP01"]
    assert found["says"].startswith("Stop, split or delay 300 of the inbound units.")
    assert "It must be gone by 2026-12-24. Sales until then need fewer units." in found["reason"]


def test_what_comes_before_a_new_order_would_is_not_ordered_again_and_has_no_day_of_today(written):
    """14 a week: 15 are there and 120 come in three weeks. A new order takes six: it is due in three and a half."""
    cost = COSTS | {"lead_time_days": 42, "bought_again": "yes", "inbound_arrives": "2026-12-14"}
    found = analyse(written(inventory=[row(**{"available": 15, "inbound-quantity": 120})], costs=[cost]))
    found = found.advice.loc["B0MADEUP01"]
    assert pd.isna(found["order_units"])
    assert pd.Timestamp("2026-12-10") < found["order_by"] < pd.Timestamp("2026-12-25")


def test_what_amazon_is_receiving_is_for_sale_within_days(written):
    """Of 200 units that nobody gives a day for, 50 are at the warehouse door."""
    parts = {"inbound-quantity": 200, "inbound-shipped": 150, "inbound-received": 50}
    week = analyse(written(inventory=[row(**{"available": 16, **parts})]))
    coming = prospects_of(week.details, week.settings, week.account).items.arriving[0]
    assert (coming[1], coming[4], coming.sum()) == (50, 150, 200)


def test_what_amazon_is_receiving_ends_a_shortage(written):
    """20 units last ten days, 40 more three weeks; 40 on the road without a day do not."""
    weeks = {}
    for step in ("inbound-received", "inbound-shipped"):
        account = written(inventory=[row(**{"available": 20, "inbound-quantity": 40, step: 40})])
        found = position(account)
        weeks[step] = (found["weeks_of_in_time"], found["sales_at_risk"] > 0)
        assert any("without an arrival date" in text for text in texts(account)) == (step == "inbound-shipped")
    assert weeks == {"inbound-received": (4, False), "inbound-shipped": (pytest.approx(4 / 3), True)}


@pytest.mark.parametrize("landed_cost", [5, ""])
@pytest.mark.parametrize(("step", "says"), [
    ("inbound-working", "Wait for the 300 units on their way, and check when they arrive."),
    ("inbound-shipped", "Wait for the 300 units on their way, and check when they arrive."),
    ("inbound-received", "Wait for the 300 units on their way."),
])  # fmt: skip
def test_what_is_short_and_has_more_on_its_way_is_waited_for_and_never_tested(written, landed_cost, step, says):
    """15 units last a week: a coupon would only end them sooner. When the others arrive is to be checked today."""
    many = {name: 4 * units for name, units in SOLD.items()}
    cost = COSTS | {"landed_cost": landed_cost, "lead_time_days": ""}
    rows = [row(**{"available": 15, "inbound-quantity": 300, step: 300, **many})]
    found = analyse(written(inventory=rows, costs=[cost])).advice.loc["B0MADEUP01"]
    assert (found["do"], found["says"]) == ("carry_on", says)
    assert pd.notna(found["act_by"]) == ("check" in says)


def test_what_cannot_be_sold_has_no_order_date(written):
    stopped = {"units-shipped-t7": 0, "units-shipped-t30": 30, "recommended-action": "Fix listing"}
    cost = COSTS | {"lead_time_days": 42, "bought_again": "yes"}
    found = analyse(written(inventory=[row(available=20, **stopped)], costs=[cost])).advice.loc["B0MADEUP01"]
    assert found["do"] == "fix_listing"
    assert pd.isna(found["order_by"])


@pytest.mark.parametrize(("units", "stopped"), [(150, False), (400, False), (640, True), (900, True)])
def test_units_on_their_way_are_stopped_beyond_half_a_year(written, units, stopped):
    """14 a week are 364 in half a year: 75 are there, and a quarter of what comes must be spare."""
    rows = [row(**{"available": 75, "inbound-quantity": units})]
    cost = COSTS | {"inbound_arrives": "2026-12-10"}
    found = analyse(written(inventory=rows, costs=[cost])).advice.loc["B0MADEUP01"]
    assert (found["do"] == "stop_refill") == stopped


@pytest.mark.parametrize(("lead", "says"), [
    ("", "Order stock, because too little is left. The order date is unknown without lead_time_days in costs.csv."),
    (30, "Order stock by 2026-11-23."),
])  # fmt: skip
def test_what_runs_out_is_ordered_although_its_costs_are_unknown(written, lead, says):
    """15 units last a week."""
    cost = {"asin": "B0MADEUP01", "landed_cost": "", "lead_time_days": lead}
    found = analyse(written(inventory=[row(available=15)], costs=[cost])).advice.loc["B0MADEUP01"]
    assert (found["do"], found["says"]) == ("refill", says)
    assert pd.isna(found["order_units"])


def test_the_day_of_an_order_to_come_is_known_without_its_costs(written):
    """150 units last 10 weeks and a half, a new order takes six: four and a half are left."""
    cost = {"asin": "B0MADEUP01", "landed_cost": "", "lead_time_days": 42}
    found = analyse(written(inventory=[row(available=150)], costs=[cost])).advice.loc["B0MADEUP01"]
    assert found["do"] == "supply_costs"
    assert pd.Timestamp("2026-12-18") < found["order_by"] < pd.Timestamp("2027-01-02")


def test_what_must_be_gone_by_a_day_is_ordered_for_the_sales_until_then_if_it_comes_before(written):
    """Its day is eight weeks off. An order of 30 days leaves four of these, one of 90 comes too late."""
    orders = {}
    for day, lead in (("", 30), ("2027-01-18", 30), ("2027-01-18", 90)):
        cost = COSTS | {"bought_again": "yes", "lead_time_days": lead, "clear_by": day}
        found = analyse(written(inventory=[row(available=15)], costs=[cost])).advice.loc["B0MADEUP01"]
        orders[day, lead] = found["order_units"]
    assert 0 < orders["2027-01-18", 30] < orders["", 30]
    assert pd.isna(orders["2027-01-18", 90])


def test_an_order_lasts_half_a_year_at_most_behind_its_lead_time(written):
    """14 a week, or many more after such a month: 26 weeks and 13 of lead time are 546."""
    wild = {"units-shipped-t7": 2, "units-shipped-t30": 60, "units-shipped-t60": 61, "units-shipped-t90": 180}
    cost = COSTS | {"landed_cost": 0.5, "bought_again": "yes", "lead_time_days": 91}
    week = analyse(written(inventory=[row(available=15, **wild)], costs=[cost]))
    order, expected = week.advice.loc["B0MADEUP01", "order_units"], week.details.loc["B0MADEUP01", "weekly_demand"]
    assert 0 < order <= 39 * expected


def test_what_runs_out_before_more_comes_is_neither_pushed_nor_made_cheaper(written):
    """A click costs 0.05 and every 10th sells a unit at 20. 20 a day are sold, and a new order takes 60 days."""
    names = ("Total Orders (#)", "Total Units (#)", "Advertised SKU Units (#)")
    sold = {f"7 Day {name}": 10 for name in names} | {"7 Day Total Sales ": 200, "7 Day Advertised SKU Sales ": 200}
    days = [{"Advertised ASIN": "B0MADEUP01", "Date": f"2026-11-{day:02}", **sold} for day in range(1, 23)]
    ads = [{**day, "Clicks": 100, "Spend": 5} for day in days]
    ads += [{**day, "Advertised ASIN": "B0OTHER001", "Clicks": 100, "Spend": 100} for day in days]
    many = {name: 10 * units for name, units in SOLD.items()}
    found = {}
    for units in (150, 2400):
        cost = COSTS | {"bought_again": "yes", "lead_time_days": 60}
        week = analyse(written(inventory=[row(available=units, **many)], ads=ads, costs=[cost]))
        found[units] = week.advice.loc["B0MADEUP01"]
    assert found[2400]["ads_level"] > 1
    assert found[150]["ads_level"] <= 1
    assert found[150]["price_cut"] <= 0


def test_what_leaves_beside_a_stopped_shipment_leaves_before_its_fee(written):
    """500 old units of which 14 a month sell, and 900 more that come after the next count of old units."""
    few = {"units-shipped-t7": 3, "units-shipped-t30": 14, "units-shipped-t60": 28, "units-shipped-t90": 42}
    old = {"inv-age-0-to-90-days": 0, "inv-age-366-to-455-days": 500}
    cost = COSTS | {"unit_volume": 0.5, "unit_weight": 1, "inbound_arrives": "2027-01-20"}
    rows = [row(available=500, **few, **old, **{"inbound-quantity": 900})]
    found = analyse(written(inventory=rows, costs=[cost])).advice.loc["B0MADEUP01"]
    assert found["do"] == "stop_refill"
    assert found["units_liquidated"] > 0
    assert f"{found['act_by']:%Y-%m-%d}" == "2026-12-14"

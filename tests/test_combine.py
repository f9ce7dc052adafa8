"""Several reports as one table: what adds up, what must never count twice, and which source wins."""

import json
from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.columns import AD_SUMS
from wockit.notes import AccountError
from wockit.reading import ads as advertising
from wockit.reading.ads import ads_by_day
from wockit.reading.own_tables import costs_by_asin
from wockit.reading.reports import Report, read_report
from wockit.reading.sales import of_last_days, sales_by_asin
from wockit.reading.schemas import schemas
from wockit.reading.stock import skus_of, stock_by_asin
from wockit.reading.stores import of_marketplace

A, B, C = "B000000001", "B000000002", "B000000003"


def report(kind, *rows, file="report.csv"):
    """A report with these rows; whatever a row leaves out is missing, of the type that reading gives it."""
    schema = schemas()[kind]
    types = {"date": "datetime64[s]", "text": "str", "asin": "str", "marketplace": "str"}
    table = pd.DataFrame(list(rows)).reindex(columns=list(schema.columns))
    table = table.astype({name: types.get(column.kind, "float64") for name, column in schema.columns.items()})
    return Report(schema, file, table, len(rows), {}, (), "en", {}, schema.attribution_default)


def with_rows(*reports):
    return [(each, each.table) for each in reports]


def stock_of(*reports):
    return stock_by_asin(with_rows(*reports))


def read(tmp_path, name, *lines):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_report(path)


# Stock


def test_several_skus_of_an_asin_add_up():
    stock, notes = stock_of(
        report(
            "fba_inventory",
            {"asin": A, "sku": "2", "units_available": 150, "units_shipped_30_days": 10, "price": 9, "title": "small"},
            {"asin": A, "sku": "1", "units_available": 300, "units_shipped_30_days": 20, "price": 8, "title": "large"},
            {"asin": B, "sku": "3", "units_available": 7},
        )
    )
    assert stock["units_available"].to_dict() == {A: 450, B: 7}
    assert stock["units_shipped_30_days"].fillna(-1).to_dict() == {A: 30, B: -1}
    assert stock.loc[A, ["skus", "price", "title"]].tolist() == ["1, 2", 8, "large"]
    assert notes == []


def test_what_amazon_states_of_one_sku_holds_for_no_asin_with_two():
    rows = [{"asin": asin, "sku": sku, "amazon_weeks_of_cover_t30": 5} for asin, sku in ((A, "1"), (A, "2"), (B, "3"))]
    assert stock_of(report("fba_inventory", *rows))[0]["amazon_weeks_of_cover_t30"].fillna(-1).to_dict() == {
        A: -1,
        B: 5,
    }


def test_a_sku_that_the_better_inventory_report_leaves_out_adds_up():
    better = report("fba_inventory", {"asin": A, "sku": "1", "units_available": 10}, file="better.csv")
    skus = [("1", 10), ("2", 500), ("3", 0)]
    rows = [{"asin": A, "sku": sku, "units_available": units} for sku, units in skus]
    stock, notes = stock_of(better, report("manage_fba_inventory", *rows, file="weaker.csv"))
    assert stock.loc[A, ["units_available", "skus"]].tolist() == [510, "1, 2"]
    text = "1 SKU is missing in the better inventory report and comes from this file: '2'."
    assert [(note.where, note.text) for note in notes] == [("weaker.csv", text)]


def test_units_that_are_repeated_for_marketplaces_without_saying_so_count_once():
    row = {"asin": A, "sku": "1", "condition": "New", "units_available": 100, "units_shipped_30_days": 30}
    repeated = report("fba_inventory", *[row] * 4, {**row, "sku": "2"})
    rows, notes = of_marketplace(repeated, "DE")
    stock, _ = stock_by_asin([(repeated, rows)])
    assert stock.loc[A, ["units_available", "units_shipped_30_days"]].tolist() == [200, 60]
    assert [(note.level, note.code) for note in notes] == [("warning", "marketplaces_mixed")]


def test_missing_stock_is_not_zero():
    stock, _ = stock_of(report("fba_inventory", {"asin": A}, {"asin": B, "units_available": 0}))
    assert stock["units_available"].fillna(-1).to_dict() == {A: -1, B: 0}


@pytest.mark.parametrize(
    ("ours", "stated"),
    [
        ("DE", ["DE", "FR", "IT"]),
        ("DE", ["Amazon.de", "Amazon.fr", "Amazon.it"]),
        ("DE", ["Germany", "France", "Italy"]),
        ("DE", ["Deutschland", "France", "Italia"]),
        ("UK", ["GB", "DE", "FR"]),
        ("UK", ["Amazon.co.uk", "Amazon.de", "Amazon.fr"]),
        ("UK", ["United Kingdom", "Germany", "France"]),
        ("FR", ["法国", "德国", "西班牙"]),
    ],
)
def test_a_unit_repeated_for_each_marketplace_counts_once(tmp_path, ours, stated):
    header = "snapshot-date,sku,fnsku,asin,available,inv-age-0-to-90-days,marketplace"
    lines = [f"2026-11-23,S-{asin},X1,{asin},{40 + n},1,{site}" for n, asin in enumerate((A, B)) for site in stated]
    found = read(tmp_path, "eu.csv", header, *lines)
    rows, notes = of_marketplace(found, ours)
    stock, _ = stock_by_asin([(found, rows)])
    assert stock["units_available"].to_dict() == {A: 40, B: 41}
    assert [(note.level, note.code) for note in notes] == [("warning", "marketplaces_mixed")]
    assert notes[0].text.startswith("4 rows of other marketplaces (")


def test_rows_that_state_no_marketplace_are_the_accounts():
    found = report("fba_inventory", {"asin": A}, {"asin": B, "marketplace": "US"})
    rows, notes = of_marketplace(found, "US")
    assert rows["asin"].tolist() == [A, B]
    assert notes == []


@pytest.mark.parametrize(
    ("ids", "outcome"),
    [
        (["A1PA6795UKMFR9"], "rows"),
        (["ATVPDKIKX0DER"], "its marketplace is US, but the account's is DE."),
        (["AUNKNOWN"], "its marketplace is AUNKNOWN, but the account's is DE."),
        (["A1PA6795UKMFR9", "A13V1IB3VIYZZH"], "its sums cover the marketplaces DE, FR together"),
        (None, "rows"),
        ("A1PA6795UKMFR9", "rows"),
    ],
)
def test_a_document_of_sales_says_of_which_marketplace_it_is(tmp_path, ids, outcome):
    sold = {"unitsOrdered": 3, "orderedProductSales": {"amount": 30.0, "currencyCode": "EUR"}}
    each = {"parentAsin": A, "childAsin": A, "salesByAsin": sold, "trafficByAsin": {"sessions": 9}}
    path = tmp_path / "sales.json"
    path.write_text(json.dumps({"reportSpecification": {"marketplaceIds": ids}, "salesAndTrafficByAsin": [each]}))
    document = read_report(path)
    try:
        rows, notes = of_marketplace(document, "DE")
    except AccountError as error:
        assert error.problems[0].found == outcome
    else:
        assert len(rows) == 1
        texts = [note.text for note in (*document.notes, *notes)]
        assert not texts if outcome == "rows" else texts[0].startswith(outcome)


def test_a_report_of_another_marketplace_is_refused():
    found = report("restock_inventory", {"asin": A, "marketplace": "DE"}, {"asin": B, "marketplace": "FR"})
    with pytest.raises(AccountError, match="its marketplace is DE, FR, but the account's is UK"):
        of_marketplace(found, "UK")


def test_a_weaker_inventory_report_gives_only_asins_that_the_better_leaves_out():
    better = report("fba_inventory", {"asin": A, "units_available": 5}, {"asin": B})
    weaker = report(
        "manage_fba_inventory",
        *({"asin": asin, "units_available": 100, "price": 3} for asin in (A, B, C)),
        file="myi.csv",
    )
    stock, notes = stock_of(better, weaker)
    assert stock["units_available"].fillna(-1).to_dict() == {A: 5, B: -1, C: 100}
    assert stock["price"].fillna(-1).to_dict() == {A: -1, B: -1, C: 3}
    text = f"1 ASIN is missing in the better inventory report and comes from this file: {C}."
    assert [(note.level, note.where, note.text) for note in notes] == [("info", "myi.csv", text)]


def test_a_weaker_inventory_report_that_adds_nothing_is_silent():
    rows = {"asin": A, "units_available": 5}
    assert stock_of(report("fba_inventory", rows), report("manage_fba_inventory", rows))[1] == []


@pytest.mark.parametrize("kind", [key for key, schema in schemas().items() if schema.role == "stock"])
def test_every_inventory_report_gives_the_same_columns_and_types(kind):
    whole, _ = stock_of(report("fba_inventory", {"asin": A}))
    dated = {"snapshot_date": "2026-11-23"} if "snapshot_date" in schemas()[kind].columns else {}
    for rows in ([{"asin": A, **dated}], []):
        found, _ = stock_of(report(kind, *rows))
        pd.testing.assert_frame_equal(found.iloc[:0], whole.iloc[:0])


def test_inbound_parts_add_up(tmp_path):
    header = (
        "sku,asin,afn-listing-exists,afn-warehouse-quantity,afn-fulfillable-quantity,afn-inbound-working-quantity,"
        "afn-inbound-shipped-quantity,afn-inbound-receiving-quantity"
    )
    lines = [f"1,{A},Yes,9,9,1,20,300", f"2,{A},Yes,9,9,4000,,", f"3,{B},Yes,9,9,,,", f"4,{B},No,9,9,7,7,7"]
    stock, _ = stock_of(read(tmp_path, "myi.csv", header, *lines))
    assert stock["units_inbound"].fillna(-1).to_dict() == {A: 4321, B: 21}


def test_a_sum_of_inbound_units_that_is_stated_wins_over_its_parts():
    found = report("fba_inventory", {"asin": A, "units_inbound": 5})
    parts = found.table.assign(units_inbound_working=1.0, units_inbound_shipped=1.0)
    assert stock_by_asin([(found, parts)])[0]["units_inbound"].tolist() == [5]


def ledger(tmp_path, *rows):
    header = "Date,FNSKU,ASIN,MSKU,Disposition,Starting Warehouse Balance,Customer Shipments,Ending Warehouse Balance"
    lines = [f"{day},X1,{asin},{sku},{state},9,{out},{end}" for day, asin, sku, state, out, end in rows]
    return stock_of(read(tmp_path, "ledger.csv", header + ",Location", *(f"{line},US" for line in lines)))[0]


def test_a_ledger_gives_sellable_stock_of_its_last_day_over_all_locations(tmp_path):
    stock = ledger(
        tmp_path,
        ("11/21/2026", A, "1", "SELLABLE", -1, 1000),
        ("11/22/2026", A, "1", "SELLABLE", -1, 50),
        ("11/22/2026", A, "1", "SELLABLE", -1, 7),
        ("11/22/2026", A, "2", "SELLABLE", -1, 1),
        ("11/22/2026", A, "1", "CUSTOMER_DAMAGED", 0, 400),
        ("11/21/2026", B, "3", "SELLABLE", -1, 9),
    )
    assert stock["units_available"].to_dict() == {A: 58}
    assert stock["units_shipped_30_days"].isna().all()


@pytest.mark.parametrize(("first", "shipped"), [("10/24/2026", 31.0), ("10/25/2026", None), ("9/1/2026", 30.0)])
def test_a_ledger_gives_shipments_of_its_last_30_days_where_it_covers_them(tmp_path, first, shipped):
    stock = ledger(
        tmp_path,
        (first, A, "1", "SELLABLE", -1, 90),
        ("11/10/2026", A, "1", "SELLABLE", -20, 70),
        ("11/10/2026", A, "1", "UNSELLABLE", -500, 70),
        ("11/22/2026", A, "1", "SELLABLE", -4, 30),
        ("11/22/2026", A, "1", "SELLABLE", -3, 30),
        ("11/22/2026", A, "2", "SELLABLE", -3, 6),
    )
    assert stock["units_available"].to_dict() == {A: 66}
    found = stock["units_shipped_30_days"][A]
    assert pd.isna(found) if shipped is None else found == shipped


# Sales


def test_skus_and_parents_of_a_child_add_up_but_shares_and_repeated_visits_do_not():
    common = {"asin": A, "sales": 10, "featured_offer_share": 0.9, "title": "Cup"}
    sales = sales_by_asin(
        report(
            "business_report_child",
            {**common, "parent_asin": B, "sku": "1", "units_ordered": 3, "sessions": 70, "page_views": 90},
            {**common, "parent_asin": B, "sku": "2", "units_ordered": 4, "sessions": 70, "page_views": 90},
            {**common, "parent_asin": C, "sku": "1", "units_ordered": 5, "sessions": 8, "page_views": 9},
            {"asin": B, "units_ordered": 0},
        ).table
    )
    assert sales["units_ordered"].to_dict() == {A: 12, B: 0}
    assert sales["sales"].fillna(-1).to_dict() == {A: 30, B: -1}
    assert sales.loc[A, ["sessions", "page_views", "featured_offer_share", "title"]].tolist() == [78, 99, 0.9, "Cup"]


def orders(tmp_path, *rows):
    header = "amazon-order-id\tpurchase-date\torder-status\titem-status\tsku\tasin\tquantity\titem-price"
    lines = [f"1\t{day}\t{status}\t{item}\ts\t{A}\t{units}\t{units * 10}" for day, status, item, units in rows]
    return read(tmp_path, "orders.txt", header, *lines)


def test_cancelled_orders_are_dropped_and_counted(tmp_path):
    found = orders(
        tmp_path,
        ("2026-11-20T10:00:00+00:00", "Shipped", "Shipped", 1),
        ("2026-11-20T10:00:00+00:00", "Shipped", "Shipped", 1),
        ("2026-11-20T10:00:00+00:00", "Cancelled", "Cancelled", 20),
        ("2026-11-20T10:00:00+00:00", "Shipped", "Canceled", 300),
    )
    assert sum(found.dropped.values()) == 2
    assert found.table["units_ordered"].tolist() == [1, 1]


def test_orders_count_for_the_30_full_days_before_the_snapshot(tmp_path):
    days = [("2026-10-23", 1), ("2026-10-24", 20), ("2026-11-22", 300), ("2026-11-23", 4000), ("2026-11-24", 50000)]
    table = orders(tmp_path, *((day + "T00:00:00+00:00", "Shipped", "", units) for day, units in days)).table
    rows, period = of_last_days(table, date(2026, 11, 23))
    assert (rows["units_ordered"].sum(), period) == (320, 30)
    assert sales_by_asin(rows)["sales"].to_dict() == {A: 3200}


@pytest.mark.parametrize(("first", "days"), [("2026-11-13", 10), ("2026-11-22", 1), ("2026-10-24", 30)])
def test_the_period_of_orders_begins_with_the_file(tmp_path, first, days):
    table = orders(tmp_path, (first, "Shipped", "", 7), ("2026-11-22", "Shipped", "", 1)).table
    rows, period = of_last_days(table, date(2026, 11, 23))
    assert (rows["units_ordered"].sum(), period) == (8, days)


def test_an_order_that_was_left_out_begins_the_file_all_the_same(tmp_path):
    found = orders(tmp_path, ("2026-10-24", "Cancelled", "", 7), ("2026-11-20", "Shipped", "", 5))
    rows, period = of_last_days(found.table, date(2026, 11, 23), since=found.since)
    assert (rows["units_ordered"].sum(), period) == (5, 28)


@pytest.mark.parametrize(("zone", "units"), [("UTC", 4), ("America/Los_Angeles", 6), ("Asia/Tokyo", 1)])
def test_days_of_orders_are_cut_by_the_clock_of_the_marketplace(tmp_path, zone, units):
    times = [("2026-11-22T14:00:00+00:00", 1), ("2026-11-22T16:00:00+00:00", 3), ("2026-11-23T06:00:00+00:00", 2)]
    table = orders(tmp_path, *((time, "Shipped", "", number) for time, number in times)).table
    assert of_last_days(table, date(2026, 11, 23), zone=zone)[0]["units_ordered"].sum() == units


@pytest.mark.parametrize("rows", [[], [("2026-11-23", "Shipped", "", 1)], [("2026-12-24", "Shipped", "", 1)]])
def test_orders_without_a_day_before_the_snapshot_are_no_sales(tmp_path, rows):
    found, period = of_last_days(orders(tmp_path, *rows).table, date(2026, 11, 23))
    assert sales_by_asin(found).empty
    assert period >= 1


# Advertising


def ads(kind, days, file="ads.csv", **values):
    """One row a day of November 2026."""
    return report(kind, *({"asin": A, "date": f"2026-11-{day:02}", "ad_spend": 1, **values} for day in days), file=file)


def together(*reports):
    return ads_by_day(with_rows(*reports))


def spent(table):
    return {day.day: value for day, value in zip(table["date"], table["ad_spend"], strict=True)}


SP, SD, ALL = "sp_advertised_product", "sd_advertised_product", "unified_advertised_product"


def test_campaigns_and_skus_of_a_day_add_up():
    rows = [{"asin": A, "date": "2026-11-01", "sku": sku, "campaign": c, "ad_spend": 2} for sku in "12" for c in "xy"]
    table, notes = together(report(SP, *rows))
    assert (table["ad_spend"].tolist(), notes) == ([8], [])
    assert table["ad_sales"].isna().all()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 4), st.integers(0, 99)), min_size=12, max_size=40))
def test_days_add_up_block_by_block_as_groupby_adds_them_up(rows):
    each = report(SP, *({"asin": a, "date": f"2026-11-0{day}", "ad_spend": spend} for a, day, spend in rows))
    expected = each.table.groupby(["asin", "date"], as_index=False)["ad_spend"].sum()
    shared = replace(each, table=each.table.astype({"asin": "category"}))
    with patch.object(advertising, "_BLOCK", 5), patch.object(pd.DataFrame, "groupby", side_effect=AssertionError):
        table, _ = together(shared)
    pd.testing.assert_frame_equal(table[["asin", "date", "ad_spend"]], expected)


@pytest.mark.parametrize("column", ["asin", "date"])
def test_a_row_that_says_of_no_asin_or_no_day_spoils_no_other(column):
    rows = [{"asin": A, "date": "2026-11-01", "ad_spend": 1} for _ in range(4)]
    each = report(SP, *rows, {**rows[0], column: None, "ad_spend": 100})
    table, notes = together(replace(each, table=each.table.astype({"asin": "category"})))
    assert (table["asin"].tolist(), spent(table), notes) == ([A], {1: 4}, [])


@pytest.mark.parametrize(("asin", "day"), [("--", "2026-11-02"), (A, "--"), ("N/A", "2026-11-02")])
def test_a_row_that_names_no_asin_or_no_day_in_words_is_counted_as_left_out(tmp_path, asin, day):
    header = "Date,Campaign Name,Advertised ASIN,Impressions,Clicks,Spend,7 Day Total Sales"
    found = read(tmp_path, "a.csv", header, f"2026-11-01,x,{A},9,1,2,0", f"{day},x,{asin},9,1,100,0")
    assert spent(together(found)[0]) == {1: 2}
    assert sum(found.dropped.values()) == 1


def test_a_few_rows_of_far_days_take_no_room_for_the_days_between():
    rows = [{"asin": A, "date": day, "ad_spend": 1} for day in ("1990-01-01", "2026-11-01", "2026-11-01")]
    each = report(SP, *rows)
    table, _ = together(replace(each, table=each.table.astype({"asin": "category"})))
    assert table["ad_spend"].tolist() == [1, 2]


@pytest.mark.parametrize("backwards", [False, True])
def test_overlapping_downloads_never_count_a_day_twice_and_the_newer_wins(backwards):
    old, new = ads(SP, range(1, 21), "old.csv", ad_spend=1), ads(SP, range(11, 26), "new.csv", ad_spend=5)
    table, notes = together(*((new, old) if backwards else (old, new)))
    assert spent(table) == {day: 1 if day < 11 else 5 for day in range(1, 26)}
    text = "10 rows were left out, because a newer report covers their days."
    assert [(note.where, note.text) for note in notes] == [("old.csv", text)]


def test_of_two_downloads_that_end_on_the_same_day_the_one_that_the_browser_numbered_later_wins():
    names = ["ads.csv", "ads (1).csv", "ads (2).csv", "ads (10).csv"]
    table, _ = together(*(ads(SP, [1], name, ad_spend=spend) for spend, name in enumerate(names)))
    assert spent(table) == {1: 3}


def test_asins_that_only_the_older_of_two_downloads_has_are_told():
    kitchen = report(SP, {"asin": A, "date": "2026-11-01", "ad_spend": 300}, file="kitchen.csv")
    pets = report(SP, {"asin": B, "date": "2026-11-02", "ad_spend": 3}, {"asin": B, "date": "2026-11-01"}, file="p.csv")
    table, notes = together(kitchen, pets)
    assert table["ad_spend"].sum() == 3
    (note,) = [note for note in notes if note.level == "warning"]
    assert note.where == "kitchen.csv"
    assert note.text == f"1 ASIN is advertised in this report but not in the newer one of the same days: {A}. " + (
        "If it covers other campaigns, download one report of all campaigns."
    )


def test_downloads_that_do_not_overlap_are_joined():
    table, notes = together(ads(SP, range(1, 6), "a.csv"), ads(SP, range(6, 11), "b.csv"), ads(SP, [12], "c.csv"))
    assert (spent(table), notes) == (dict.fromkeys([*range(1, 11), 12], 1), [])


def test_a_unified_report_covers_only_the_ad_products_it_holds():
    days = [f"2026-11-{day:02}" for day in range(1, 6)]
    rows = [{"asin": A, "date": day, "ad_product": "Sponsored Products", "ad_spend": 10} for day in days]
    whole = report(ALL, *rows, file="all.csv")
    assert together(whole, ads(SD, range(1, 6), "sd.csv", ad_spend=7))[0]["ad_spend"].sum() == 5 * 17
    rows += [{"asin": A, "date": day, "ad_product": "Sponsored Display", "ad_spend": 7} for day in days]
    both = report(ALL, *rows, file="all.csv")
    assert together(both, ads(SP, range(1, 7), "sp.csv", ad_spend=10))[0]["ad_spend"].sum() == 5 * 17 + 10


def test_a_summary_that_reaches_into_the_days_of_a_newer_report_is_left_out_whole():
    rows = [{"asin": asin, "date": f"2026-11-{day}", "ad_spend": 1} for asin in (A, B) for day in (20, 21)]
    daily = report(SP, *rows, file="daily.csv")
    spans = [(A, "2026-11-20", 280), (B, "2026-11-15", 230)]
    rows = [{"asin": a, "start_date": "2026-10-24", "end_date": last, "ad_spend": spend} for a, last, spend in spans]
    table, notes = together(daily, report(SP, *rows, file="summary.csv"))
    assert table.groupby("asin")["ad_spend"].sum().to_dict() == {A: 2, B: 2}
    assert [(note.level, note.where) for note in notes] == [("warning", "summary.csv")]


def test_the_same_download_twice_counts_once():
    assert spent(together(ads(SP, [1, 2], "a.csv"), ads(SP, [1, 2], "b.csv"))[0]) == {1: 1, 2: 1}


def test_a_download_with_no_row_changes_nothing():
    whole = [ads(SP, range(1, 21), "b.csv"), ads(SP, range(11, 26), "c.csv", ad_spend=5)]
    for place in range(3):
        table, _ = together(*whole[:place], report(SP, file="a.csv"), *whole[place:])
        assert spent(table) == {day: 1 if day < 11 else 5 for day in range(1, 26)}
    assert together(report(SP))[0].empty


def test_sponsored_products_and_display_add_up():
    table, notes = together(ads(SP, [1, 2], "sp.csv", ad_spend=1), ads(SD, [2, 3], "sd.csv", ad_spend=10))
    assert (spent(table), notes) == ({1: 1, 2: 11, 3: 10}, [])


@pytest.mark.parametrize("kind", ["ads_api_v2", "ads_api_v3_sponsored_products"])
def test_the_same_days_from_the_console_and_the_api_count_once(kind):
    assert spent(together(ads(SP, [1, 2], "a.csv"), ads(kind, [1, 2], "b.json"))[0]) == {1: 1, 2: 1}


def test_campaigns_that_were_renamed_between_two_downloads_count_once(tmp_path):
    header = "Date,Campaign Name,Advertised ASIN,Impressions,Clicks,Spend,7 Day Total Sales"
    old, new = (
        read(tmp_path, name, header, *(f"2026-11-0{day},{campaign},{A},9,1,1,0" for day in (1, 2, 3)))
        for name, campaign in {"a.csv": "Bowls", "b.csv": "US | Bowls"}.items()
    )
    assert spent(together(old, new)[0]) == dict.fromkeys((1, 2, 3), 1)


def test_a_unified_file_beside_the_files_of_its_ad_products_does_not_double():
    files = [ads(SP, range(1, 11), "sp.csv"), ads(SD, range(1, 11), "sd.csv", ad_spend=10)]
    unified = ads(ALL, range(6, 13), "unified.csv", ad_spend=11)
    assert spent(together(*files, unified)[0]) == dict.fromkeys(range(1, 13), 11)


def test_an_older_unified_file_gives_the_days_before_those_of_its_ad_products():
    files = [ads(SP, range(6, 13), "sp.csv"), ads(SD, range(6, 13), "sd.csv", ad_spend=10)]
    unified = ads(ALL, range(1, 11), "unified.csv", ad_spend=11)
    table, notes = together(*files, unified)
    assert spent(table) == dict.fromkeys(range(1, 13), 11)
    assert [note.where for note in notes] == ["unified.csv"]


def summary(first, last, file="summary.xlsx", **values):
    days = {"start_date": f"2026-11-{first:02}", "end_date": f"2026-11-{last:02}"}
    return report(SP, {"asin": A, "ad_spend": 1, **days, **values}, file=file)


def test_a_summary_report_keeps_its_first_and_last_day():
    table, _ = together(summary(1, 20, ad_spend=40, ad_sales=90))
    (row,) = table.to_dict("records")
    assert (row["first_day"].day, row["date"].day, row["ad_spend"], row["ad_sales"]) == (1, 20, 40, 90)


def test_the_order_of_the_rows_of_a_summary_does_not_matter():
    rows = [
        {"asin": A, "ad_spend": day, "start_date": f"2026-11-0{day}", "end_date": "2026-11-20"} for day in (1, 5, 3)
    ]
    there, back = (together(report(SP, *order, file="summary.xlsx"))[0] for order in (rows, rows[::-1]))
    pd.testing.assert_frame_equal(there, back)
    assert there["ad_spend"].tolist() == [1, 3, 5]


def test_a_newer_summary_report_replaces_the_days_it_covers():
    table, notes = together(ads(SP, range(1, 16), "daily.csv"), summary(11, 20, ad_spend=40))
    assert spent(table) == dict.fromkeys(range(1, 11), 1) | {20: 40}
    assert notes[0].text.startswith("5 rows were left out, because a newer report")


def test_an_older_summary_report_that_overlaps_is_left_out_whole():
    table, notes = together(ads(SP, range(11, 21), "daily.csv"), summary(1, 12))
    assert spent(table) == dict.fromkeys(range(11, 21), 1)
    assert notes[0].where == "summary.xlsx"


def test_sales_of_other_products_are_kept_apart():
    own, other = {"ad_units_same_sku": 7}, {"ad_sales_other_sku": 30}
    (row,) = together(ads(SP, [1], ad_sales=100, **own, **other))[0].to_dict("records")
    assert {name: row[name] for name in ("ad_sales", *own, *other)} == {"ad_sales": 100, **own, **other}


AMOUNTS = st.integers(0, 1000)
ROWS = st.fixed_dictionaries(
    {
        "asin": st.sampled_from([A, B, C]),
        "day": st.integers(1, 28),
        "campaign": st.sampled_from("xy"),
        **dict.fromkeys(AD_SUMS, AMOUNTS),
    }
)


@given(rows=st.lists(ROWS, min_size=1, max_size=40), cuts=st.lists(st.integers(1, 28), max_size=4), overlap=AMOUNTS)
@settings(max_examples=25)
def test_a_table_split_into_overlapping_downloads_has_the_same_sums(rows, cuts, overlap):
    rows = [{**row, "date": f"2026-11-{row['day']:02}"} for row in rows]
    ends = [*sorted(set(cuts)), 28]
    parts = []
    for number, end in enumerate(ends):
        begin = 1 if number == 0 else max(1, ends[number - 1] + 1 - overlap % 9)
        inside = [row for row in rows if begin <= row["day"] <= end]
        if inside:
            parts.append(report(SP, *inside, file=f"{number}.csv"))
    whole, _ = together(report(SP, *rows))
    again, _ = together(*parts)
    pd.testing.assert_frame_equal(again, whole)
    assert whole[AD_SUMS].sum().to_dict() == {name: sum(row[name] for row in rows) for name in AD_SUMS}


@given(rows=st.lists(ROWS, min_size=1, max_size=20))
@settings(max_examples=10)
def test_the_order_of_rows_does_not_matter(rows):
    rows = [{**row, "date": f"2026-11-{row['day']:02}"} for row in rows]
    pd.testing.assert_frame_equal(together(report(SP, *rows))[0], together(report(SP, *reversed(rows)))[0])


# Costs


def test_a_cost_line_that_names_a_sku_is_led_to_its_asin():
    skus = skus_of([report("fba_inventory", {"asin": A, "sku": "0012"}, {"asin": B, "sku": "12"}).table])
    found = report(
        "costs",
        {"sku": "0012", "landed_cost": 5},
        {"asin": B, "sku": "0012", "landed_cost": 6},
        {"sku": "none", "landed_cost": 7},
        {"landed_cost": 8},
    )
    costs, notes = costs_by_asin(found, skus)
    assert costs["landed_cost"].to_dict() == {A: 5, B: 6}
    assert [note.text for note in notes] == [
        "1 line has neither an ASIN nor a SKU and was left out.",
        "SKUs without an inventory row: 'none'.",
    ]


def test_the_first_inventory_report_that_names_a_sku_tells_its_asin():
    tables = [report("fba_inventory", {"asin": asin, "sku": "1"}).table for asin in (A, B)]
    assert skus_of(tables) == {"1": A}


def test_a_sku_that_looks_like_one_of_our_words_stands_in_quotes(tmp_path):
    (tmp_path / "costs.csv").write_text("sku,landed_cost\nNew,5\n")
    _, (note,) = costs_by_asin(read_report(tmp_path / "costs.csv"), {})
    assert note.text == "SKUs without an inventory row: 'New'."

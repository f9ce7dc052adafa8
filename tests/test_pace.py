"""What sells the stock: units shipped or ordered, every store of one pool, orders that are no sales, periods."""

import json

import pandas as pd
import pytest

from wockit.analysis.positions import positions_of
from wockit.reading.account import load_account

A = "B0MADEUP01"
STEPS = ("units-shipped-t7", "units-shipped-t30", "units-shipped-t60", "units-shipped-t90")


def stock(units, *shipped, **cells):
    return {
        "sku": "S",
        "fnsku": "X1",
        "asin": A,
        "available": units,
        **dict(zip(STEPS, shipped, strict=False)),
        **cells,
    }


def ordered(units):
    return [{"(Child) ASIN": A, "Units Ordered": units, "Ordered Product Sales": f"${units * 20}"}]


def position(account):
    return positions_of(account, account.settings, []).loc[A]


@pytest.mark.parametrize(("units", "weeks"), [(300, 20), (20, 20), (60, 20)])
def test_cover_counts_what_leaves_the_stock_at_fba(written, units, weeks):
    # 300 units last 20 weeks at 60 a month, whether the seller sends more himself or a bundle takes some
    found = position(written(inventory=[stock(300, 14, 60, 120, 180)], business=ordered(units)))
    assert found["weeks_of_coverage"] == weeks
    assert found["weekly_demand"] == pytest.approx(14)
    assert ("two_paces" in found["cautions"]) == (units != 60)


def test_a_file_of_another_marketplace_tells_what_that_sells_of_the_same_stock(written):
    """Germany ships 120 a month of 400, France 90: 400 / 210 x 4. Another 10 lie in France alone."""
    own = stock(400, 28, 120, 240, 360, marketplace="DE", currency="EUR")
    theirs = [stock(400, 21, 90, 180, 270, marketplace="Frankreich", currency="EUR"),
              stock(10, 7, 30, 60, 90, sku="T", marketplace="FR", currency="EUR")]  # fmt: skip
    account = written("", "DE", inventory=[own], inventory_fr=theirs)
    found = position(account)
    assert (found["units_sold"], found["units_available"]) == (210, 400)
    assert found["weeks_of_coverage"] == pytest.approx(400 / 210 * 4)
    note = "it is of FR. What that sells counts where it shares its stock with DE."
    assert [each.text for each in account.notes if each.where.endswith("inventory_fr.csv")] == [note]


def test_the_share_of_advertising_is_one_of_units_ordered(written):
    account = written(
        inventory=[stock(300, 14, 60, 120, 180)], business=ordered(30),
        ads=[{"Date": f"2026-11-{day:02}", "Advertised ASIN": A, "7 Day Total Units (#)": 1,
              "7 Day Advertised SKU Units (#)": 1} for day in range(1, 16)],
    )  # fmt: skip
    assert position(account)["ad_share"] == pytest.approx(1.0)  # 1 a day of 1 a day


@pytest.mark.parametrize(("first", "last", "days"), [
    ("2026-10-01", "2026-10-31", 31), ("2026-10-24", "2026-11-22", 30), ("2026-10-01", "2026-11-10", 41),
])  # fmt: skip
def test_a_summary_of_ads_covers_its_own_days(written, first, last, days):
    ads = [{"Advertised ASIN": A, "Start Date": first, "End Date": last, "Date": ""}]
    assert position(written(inventory=[stock(300, 14, 60)], ads=ads))["ad_days"] == days


@pytest.mark.parametrize(("shipped", "units", "source"), [
    ((0, -1, -1, -1), 20, "units ordered"), ((5,), 20, "units ordered"), ((5, 30), 30, "units shipped"),
    ((5, "", 70), 30, "units shipped"),
])  # fmt: skip
def test_a_week_of_units_shipped_is_no_month(written, shipped, units, source):
    """Where the month is not told, the business report of 30 days tells more: 5 + 23/53 of 65 less 5 lies between."""
    found = position(written(inventory=[stock(300, *shipped)], business=ordered(20)))
    assert found["units_source"] == source
    assert found["units_sold"] == pytest.approx(units, abs=4)
    assert found["weekly_demand"] > 2


def test_units_of_a_sku_that_the_seller_sends_himself_leave_no_stock_at_fba(written):
    """300 in stock at FBA; 60 ordered of the FBA SKU, 240 of the own one."""
    own = {"sku": "OWN", "asin": A, "afn-listing-exists": "No", "mfn-listing-exists": "Yes"}
    business = [
        {"(Child) ASIN": A, "SKU": sku, "Units Ordered": units, "Ordered Product Sales": f"${units * 20}"}
        for sku, units in (("S", 60), ("OWN", 240))
    ]
    account = written(manage=[{"sku": "S", "asin": A, "afn-fulfillable-quantity": 300}, own], business=business)
    found = position(account)
    assert (found["units_sold"], found["weeks_of_coverage"]) == (60, 20)
    assert found["forward_cover"] == pytest.approx(300 / 14)
    assert "two_paces" in found["cautions"]
    assert account.sales.loc[A, "sales"] == 6000


def test_an_asin_that_only_the_seller_sends_has_no_unknown_stock_at_fba(written):
    rows = [{"sku": "S", "asin": A, "afn-fulfillable-quantity": 300},
            {"sku": "OWN", "asin": "B0MADEUP02", "afn-listing-exists": "No", "mfn-listing-exists": "Yes"}]  # fmt: skip
    sold = [{"(Child) ASIN": asin, "Units Ordered": 240} for asin in (A, "B0MADEUP02")]
    account = written(manage=rows, business=sold, ads=[{"Advertised ASIN": "B0MADEUP02"}])
    said = [each.text for each in account.notes if "B0MADEUP02" in each.text]
    assert said == ["1 ASIN is not at FBA, because you send it yourself. It has no cover: B0MADEUP02."]


@pytest.mark.parametrize("kind", ["inventory", "manage"])
def test_without_units_shipped_the_orders_tell_what_fba_sends(written, kind):
    """300 ordered, 60 of them sent by FBA from 300 in stock: 20 weeks, whatever the business report adds."""
    stock = {"inventory": {"available": 300}, "manage": {"afn-fulfillable-quantity": 300}}[kind]
    lines = [
        {"asin": "B0MADEUP01", "purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "quantity": units} | way
        for day in pd.date_range("2026-10-24", "2026-11-22")
        for units, way in ((2, {}), (8, {"fulfillment-channel": "Merchant"}))
    ]
    row = {"asin": "B0MADEUP01", "sku": "A"} | stock
    business = [{"(Parent) ASIN": "B0MADEUP01", "(Child) ASIN": "B0MADEUP01", "Units Ordered": 300}]
    week = position(written(**{kind: [row]}, orders=lines, business=business))
    assert (week["units_sold"], week["units_ordered"], week["weeks_of_coverage"]) == (60, 300, 20)
    assert "two_paces" in week["cautions"]


def test_forward_cover_rests_on_what_fba_sends_as_well(written):
    """22 days of orders, 2 a day by FBA and 8 a day by the seller: 300 in stock last 21 weeks, not 5."""
    lines = [
        {"asin": "B0MADEUP01", "purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "quantity": units} | way
        for day in pd.date_range("2026-11-01", "2026-11-22")
        for units, way in ((2, {}), (8, {"fulfillment-channel": "Merchant"}))
    ]
    sold = [{"(Child) ASIN": "B0MADEUP01", "Units Ordered": 300}, {"(Child) ASIN": "B0MADEUP02", "Units Ordered": 90}]
    stock = [{"asin": asin, "sku": asin, "afn-fulfillable-quantity": 300} for asin in ("B0MADEUP01", "B0MADEUP02")]
    account = written(manage=stock, orders=lines, business=sold)
    assert position(account)["weekly_demand"] == pytest.approx(14, rel=0.05)
    assert position(account)["forward_cover"] == pytest.approx(21, rel=0.1)


@pytest.mark.parametrize("gap", [1, 4, 7])
def test_the_days_after_the_last_order_are_unknown(written, gap):
    days = pd.date_range(end=pd.Timestamp("2026-11-23") - pd.Timedelta(days=gap), periods=7)
    orders = [{"purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "asin": A, "quantity": 10} for day in days]
    found = position(written(about="", inventory=[stock(300)], orders=orders))
    assert (found["units_sold"], found["sales_days"]) == (70, 7)


def test_removals_and_orders_of_other_shops_are_no_sales(written):
    order = {"purchase-date": "2026-11-18T18:00:00+00:00", "asin": A}
    orders = [{**order, "quantity": 5}, {**order, "quantity": 200, "sales-channel": "Non-Amazon", "item-price": ""}]
    account = written(about="", inventory=[stock(400)], orders=orders)
    assert account.sales.loc[A, "units_ordered"] == 5
    assert any("200 units of 1 order outside Amazon" in note.text for note in account.notes)


STORES = [("DE", 120), ("FR", 90), ("IT", 70), ("ES", 50)]


def pool(units, *stores):
    return [stock(units, 0, sold, 2 * sold, 3 * sold, marketplace=store, currency="EUR") for store, sold in stores]


def test_every_store_of_one_pool_takes_from_its_stock(written):
    account = written(marketplace="DE", inventory=pool(400, *STORES), about="")
    found = position(account)
    assert (found["units_available"], found["units_sold"]) == (400, 330)
    assert found["weekly_demand"] == pytest.approx(77, rel=0.02)
    assert any("1 SKU shares its stock with ES, FR, IT" in note.text for note in account.notes)


@pytest.mark.parametrize("country", ["Country", "Country/Region Code"])
def test_a_restock_report_tells_what_one_store_sold(written, tmp_path, country):
    header = [country, "FNSKU", "Merchant SKU", "ASIN", "Condition", "Currency code", "Price",
              "Units Sold Last 30 Days", "Available", "Fulfilled by", "Recommended replenishment qty"]  # fmt: skip
    rows = [[store, "X1", "S", A, "New", "EUR", "20", str(sold), "300", "Amazon", "0"] for store, sold in STORES]
    written(marketplace="DE", inventory=[stock(300, 0, 1, currency="EUR")], about="")
    day = tmp_path / "account" / "2026-11-23"
    (day / "inventory.csv").unlink()
    (day / "restock.txt").write_text("\n".join("\t".join(row) for row in [header, *rows]), encoding="utf-8")
    account = load_account(tmp_path / "account")
    found = position(account)
    assert (found["units_available"], found["units_sold"], found["weeks_of_coverage"]) == (300, 120, 10)
    assert "marketplaces_mixed" in [note.code for note in account.notes]
    assert any("shows the same stock for ES, FR, IT. Only units sold in DE count" in text for text in texts(account))


def test_a_store_with_stock_of_its_own_does_not(written):
    rows = [*pool(400, ("DE", 120)), *pool(30, ("UK", 90))]
    assert position(written(marketplace="DE", inventory=rows, about=""))["units_sold"] == 120


@pytest.mark.parametrize(("cells", "others"), [
    ({"fc-transfer": 40}, {"fc-transfer": 40}),
    ({"Total Reserved Quantity": 40, "Reserved FC Transfer": 40}, {"Total Reserved Quantity": 40}),
    ({"inbound-quantity": 500}, {"inbound-quantity": 500}),
])  # fmt: skip
def test_a_pool_of_which_nothing_is_available_is_known_by_what_is_in_transfer_or_on_its_way(written, cells, others):
    """A store that tells other units in transfer has stock of its own."""
    rows = [row | cells for row in pool(0, ("ES", 10))] + [row | others for row in pool(0, ("DE", 60), ("IT", 30))]
    assert position(written(marketplace="ES", inventory=rows, about=""))["units_sold"] == (
        100 if cells == others else 10
    )


def test_the_same_units_shipped_at_every_store_are_told_twice(written):
    rows = pool(400, ("DE", 120), ("FR", 120))
    assert position(written(marketplace="DE", inventory=rows, about=""))["units_sold"] == 120


def test_a_pool_is_known_without_its_column_of_stores(written):
    rows = [{name: cell for name, cell in row.items() if name != "marketplace"} for row in pool(400, *STORES)]
    found = position(written(marketplace="DE", inventory=rows, about=""))
    assert (found["units_available"], found["units_sold"]) == (400, 330)


@pytest.mark.parametrize(("granularity", "asked", "days"), [
    ("DAY", ("2026-10-10", "2026-10-16"), 7),
    ("WEEK", ("2026-10-14", "2026-10-20"), 14),  # two weeks of Sunday to Saturday
    ("MONTH", ("2026-10-10", "2026-10-16"), 31),
    ("MONTH", ("2026-11-01", "2026-11-10"), 22),  # not over: up to the day before the snapshot
])  # fmt: skip
def test_a_document_covers_whole_weeks_or_months(written, tmp_path, granularity, asked, days):
    asin = {"childAsin": A, "parentAsin": A, "salesByAsin": {
        "unitsOrdered": 31, "orderedProductSales": {"amount": 1.0, "currencyCode": "USD"}}}  # fmt: skip
    document = {
        "reportSpecification": {
            "reportOptions": {"dateGranularity": granularity}, "dataStartTime": asked[0], "dataEndTime": asked[1]
        },
        "salesAndTrafficByAsin": [asin],
    }  # fmt: skip
    written(about="", inventory=[stock(100, 7, 31)])
    (tmp_path / "account" / "2026-11-23" / "sales.json").write_text(json.dumps(document), encoding="utf-8")
    assert load_account(tmp_path / "account").sales_days == days


@pytest.mark.parametrize("cells", [{"business": ordered(-2)}, {"inventory": [stock(100, -1, -1, -1, -1)]}])
def test_negative_units_count_as_none_sold_or_as_unknown(written, cells):
    account = written(**{"inventory": [stock(100)], "business": ordered(8), **cells})
    assert position(account)["units_sold"] == (0 if "business" in cells else 8)


def test_the_share_of_advertising_is_over_the_days_of_the_advertising(written):
    # 10 a day are sold in the ad days, 30 a day afterwards; ads sell 4 a day
    days = pd.date_range("2026-08-31", "2026-11-22")
    orders = [
        {"purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "asin": A, "quantity": 30 if day.month == 11 else 10}
        for day in days
    ]
    sold = {"Advertised ASIN": A, "7 Day Total Units (#)": 4, "7 Day Advertised SKU Units (#)": 4}
    october = days[(days >= "2026-10-05") & (days <= "2026-10-31")]
    ads = [{"Date": f"{day:%Y-%m-%d}", **sold} for day in october]
    found = position(written(about="", inventory=[stock(3000)], orders=orders, ads=ads))
    assert found["ad_share"] == pytest.approx(4 * 27 / (27 * 10 + 15 * 30))  # the days to 15 November are settled


def test_without_sales_of_these_days_the_pace_of_the_period_stands_for_them(written):
    ads = [
        {"Date": "2026-11-15", "Advertised ASIN": A, "7 Day Total Units (#)": 1, "7 Day Advertised SKU Units (#)": 1}
    ]
    assert position(written(inventory=[stock(300)], business=ordered(60), ads=ads))["ad_share"] == pytest.approx(0.5)


def document(first, last, units, by="DAY"):
    """A sales-and-traffic document of one period."""
    asin = {"childAsin": A, "parentAsin": A, "trafficByAsin": {"sessions": 2 * units}, "salesByAsin": {
        "unitsOrdered": units, "orderedProductSales": {"amount": 20.0 * units, "currencyCode": "USD"}}}  # fmt: skip
    asked = {"reportOptions": {"dateGranularity": by}, "dataStartTime": first, "dataEndTime": last}
    return json.dumps({"reportSpecification": asked, "salesAndTrafficByAsin": [asin]})


@pytest.fixture
def documents(writer, tmp_path):
    """Read an account of one ASIN with such documents beside its stock."""

    def read(*contents, **files):
        folder = writer(tmp_path / "account", **{"about": "", "inventory": [stock(300)], **files})
        for number, content in enumerate(contents):
            (folder / "2026-11-23" / f"sales {number}.json").write_text(content, encoding="utf-8")
        return load_account(folder)

    return read


def texts(account):
    return [str(note.text) for note in account.notes]


def test_of_documents_of_two_months_the_newer_gives_the_pace_and_both_the_record(documents):
    account = documents(document("2026-10-01", "2026-10-31", 310), document("2026-11-01", "2026-11-22", 110))
    found = position(account)
    assert (found["units_sold"], found["sales_days"]) == (110, 22)
    assert account.past.weeks.loc[A].iloc[[0, -1]].tolist() == pytest.approx([70, 35])
    assert (
        "units sold are those of 22 days, 2026-11-01 to 2026-11-22. Other days of these reports count in the sales "
        "record only."
    ) in texts(account)


def test_documents_of_four_weeks_add_up_to_a_month(documents):
    weeks = [document(f"2026-{first}", f"2026-{last}", units) for first, last, units in (
        ("10-19", "10-25", 90), ("10-26", "11-01", 10), ("11-02", "11-08", 20), ("11-09", "11-15", 30),
        ("11-16", "11-22", 40),
    )]  # fmt: skip
    account = documents(*weeks)
    assert (account.sales.loc[A, "units_ordered"], account.sales_days) == (100, 28)
    assert account.sales.loc[A, "sessions"] == 200
    assert account.past.weeks.loc[A].tolist() == pytest.approx([90, 10, 20, 30, 40])


@pytest.mark.parametrize(("asked", "warned"), [
    (("2026-11-01", "2026-11-10"), False),  # a month that is not over
    (("2026-12-01", "2026-12-10"), True),
    (("2026-10-01", "2026-10-10"), True),
])  # fmt: skip
def test_a_document_of_other_days_than_those_before_the_snapshot_is_said(documents, asked, warned):
    account = documents(document(*asked, 100, by="MONTH"))
    assert any("its period ends on" in text for text in texts(account)) == warned


def test_a_month_that_has_just_begun_takes_the_one_before(documents):
    account = documents(document("2026-10-01", "2026-11-17", 480), document("2026-11-18", "2026-11-22", 50))
    assert (account.sales.loc[A, "units_ordered"], account.sales_days) == (530, 53)


def test_documents_of_months_that_do_not_touch_do_not_add_up(documents):
    account = documents(document("2026-08-01", "2026-08-31", 310), document("2026-11-18", "2026-11-22", 50))
    assert (account.sales.loc[A, "units_ordered"], account.sales_days) == (50, 5)


def test_of_documents_that_end_on_one_day_the_month_counts(documents):
    account = documents(document("2026-11-16", "2026-11-22", 70), document("2026-10-24", "2026-11-22", 240))
    assert (account.sales.loc[A, "units_ordered"], account.sales_days) == (240, 30)


def test_months_of_the_same_numbers_are_no_copies(documents):
    account = documents(document("2026-10-01", "2026-10-31", 110), document("2026-11-01", "2026-11-22", 110))
    assert not [text for text in texts(account) if "same content" in text]


def test_records_of_single_weeks_in_one_file_are_told_apart(documents):
    record = {"childAsin": A, "sales": {"orderedProductSales": {"amount": 1.0, "currencyCode": "USD"}}}
    ends = pd.date_range(end="2026-11-22", periods=10, freq="7D")
    lines = [
        json.dumps(record | {"startDate": f"{end - pd.Timedelta(days=6):%Y-%m-%d}", "endDate": f"{end:%Y-%m-%d}"}
                   | {"sales": record["sales"] | {"unitsOrdered": 10 * (place + 1)}})
        for place, end in enumerate(ends)
    ]  # fmt: skip
    account = documents("\n".join(lines))
    assert (account.sales.loc[A, "units_ordered"], account.sales_days) == (70 + 80 + 90 + 100, 28)
    assert account.past.weeks.loc[A].tolist() == pytest.approx([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])


def of_days(first, last, units):
    return [
        {"purchase-date": f"{day:%Y-%m-%d}T18:00:00+00:00", "asin": A, "quantity": units}
        for day in pd.date_range(first, last)
    ]


def test_orders_of_several_months_are_one_record(written):
    account = written(
        about="", inventory=[stock(300)], orders_1=of_days("2026-08-31", "2026-09-27", 1),
        orders_2=of_days("2026-09-28", "2026-11-01", 2), orders_3=of_days("2026-11-02", "2026-11-22", 3),
    )  # fmt: skip
    assert account.past.weeks.loc[A].tolist() == pytest.approx([7] * 4 + [14] * 5 + [21] * 3)
    found = position(account)
    assert (found["units_sold"], found["sales_days"]) == (9 * 2 + 21 * 3, 30)


def test_days_that_two_files_of_orders_have_count_once(written):
    account = written(
        about="", inventory=[stock(300)], orders_1=of_days("2026-10-01", "2026-11-10", 1),
        orders_2=of_days("2026-11-01", "2026-11-22", 1),
    )  # fmt: skip
    assert position(account)["units_sold"] == 30
    assert account.past.weeks.loc[A].tolist() == pytest.approx([7] * 8)
    assert "10 rows were left out, because a newer report covers their days." in texts(account)


def test_days_between_two_files_of_orders_are_unknown(written):
    account = written(
        about="", inventory=[stock(300)], orders_1=of_days("2026-10-01", "2026-10-25", 9),
        orders_2=of_days("2026-11-09", "2026-11-22", 1),
    )  # fmt: skip
    found = position(account)
    assert (found["units_sold"], found["sales_days"]) == (14, 14)
    assert account.past.weeks.loc[A].isna().tolist() == [False] * 4 + [True] * 2 + [False] * 2


def test_several_files_of_orders_have_not_fewer_rows_than_one_of_the_week_before(writer, tmp_path):
    folder = writer(tmp_path / "account", about="", day="2026-11-16", inventory=[stock(300)],
                    orders=of_days("2026-10-01", "2026-11-15", 1))  # fmt: skip
    writer(folder, about="", inventory=[stock(300)], orders_1=of_days("2026-10-01", "2026-10-31", 1),
           orders_2=of_days("2026-11-01", "2026-11-22", 1))  # fmt: skip
    assert not [note for note in load_account(folder).notes if note.code == "fewer_rows"]


@pytest.mark.parametrize("shipped", [(), (28, 120)])
def test_orders_of_other_stores_for_the_same_stock_are_named_where_nothing_tells_what_it_ships(written, shipped):
    days = pd.date_range("2026-10-24", "2026-11-22")
    orders = [
        {"purchase-date": f"{day:%Y-%m-%d}T12:00:00+00:00", "sku": "S", "asin": A, "sales-channel": store,
         "currency": "EUR", "amazon-order-id": f"{store}{day}"}
        for day in days for store in ("Amazon.de", "Amazon.fr")
    ]  # fmt: skip
    account = written("", "DE", inventory=[stock(400, *shipped, currency="EUR")], orders=orders)
    said = any(each.text.startswith("1 SKU is sold in FR too.") for each in account.notes)
    assert said == (not shipped)


def ordered_on(day, units=4, **cells):
    number = cells.pop("number", day)
    return {
        "amazon-order-id": f"111-{number}", "purchase-date": f"{day}T18:00:00+00:00", "sku": "S", "asin": A,
        "last-updated-date": f"{cells.pop('updated', day)}T20:00:00+00:00", "quantity": units, **cells,
    }  # fmt: skip


def days_between(first, last):
    return [f"{day:%Y-%m-%d}" for day in pd.date_range(first, last)]


def test_orders_by_their_last_update_count_from_their_first_update_on(written):
    """8 days of 4 units, and one order of weeks before that was updated in them: 400 / 32 x 8 / 7."""
    rows = [ordered_on(day) for day in days_between("2026-11-15", "2026-11-22")]
    account = written("", orders=[ordered_on("2026-10-01", updated="2026-11-16"), *rows], inventory=[stock(400)])
    found = position(account)
    assert (found["units_sold"], found["sales_days"]) == (32, 8)
    assert found["weeks_of_coverage_exact"] == pytest.approx(400 / 28)
    assert any(each.text.startswith("it lists orders by their last update") for each in account.notes)


def test_orders_by_day_and_by_last_update_are_one_and_the_newest_state_counts(written):
    """30 days of 4 units. Three orders of one unit were pending: two were sent since, one was cancelled."""
    days = days_between("2026-10-24", "2026-11-22")
    pending = [ordered_on("2026-11-21", 1, number=n, **{"order-status": "Pending"}) for n in range(3)]
    states = [
        ordered_on("2026-11-21", 1, number=n, updated="2026-11-22", **{"order-status": state})
        for n, state in enumerate(("Shipped", "Shipped", "Cancelled"))
    ]
    old = ordered_on("2026-10-01", updated="2026-11-16")
    account = written(
        "", inventory=[stock(400)], orders_by_day=[*map(ordered_on, days[:-1]), *pending],
        orders_by_update=[old, *map(ordered_on, days[-8:]), *states],
    )  # fmt: skip
    found = position(account)
    assert (found["units_sold"], found["sales_days"]) == (122, 30)
    assert account.past.weeks.loc[A].sum() == 122 - 8  # whole weeks begin on 26 October
    assert not any("111-" in str(each) for each in account.notes)


def test_a_file_of_orders_reaches_as_far_as_its_last_order_of_any_kind(written):
    """10 days of 10 units, and three days of which every order was cancelled or is of Canada: 13 days are known."""
    sold = [ordered_on(day, 10) for day in days_between("2026-11-10", "2026-11-19")]
    rest = days_between("2026-11-20", "2026-11-22")
    for number, cells in enumerate(({"order-status": "Cancelled"}, {"sales-channel": "Amazon.ca", "currency": "CAD"})):
        rows = [*sold, *(ordered_on(day, 1, **cells) for day in rest)]
        found = position(written("", inventory=[stock(400)], orders=rows))
        assert (found["units_sold"], found["sales_days"]) == (100, 13), number
        assert found["weeks_of_coverage_exact"] == pytest.approx(400 / 100 * 13 / 7)


@pytest.mark.parametrize(("parts", "level"), [(2, "info"), (1, "error")])
def test_a_bundle_that_sells_best_needs_no_stock_of_its_own(written, parts, level):
    """300 bundles were ordered; its parts shipped 310 and 360, of which 0 and 50 were ordered alone."""
    shipped = {"B0MADEUP01": (310, 0), "B0MADEUP02": (360, 50)}
    rows = [
        {"sku": asin, "fnsku": f"X{asin}", "asin": asin, "available": 500, "units-shipped-t30": units}
        for asin, (units, _) in [*shipped.items()][:parts]
    ]
    business = [{"(Child) ASIN": asin, "Units Ordered": units} for asin, (_, units) in shipped.items()]
    account = written(
        inventory=rows, business=[*business[:parts], {"(Child) ASIN": "B0BUNDLE01", "Units Ordered": 300}]
    )
    (found,) = (note for note in account.notes if "best sellers" in note.text)
    assert (found.level, "B0BUNDLE01" in found.text) == (level, True)

import csv
import io
import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.analysis.analyse import analyse
from wockit.notes import AccountError, SettingsError
from wockit.reading import files
from wockit.reading.account import load_account
from wockit.reading.folder import snapshots
from wockit.reading.sales import sales_in_period

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
NEWEST = SAMPLE / "2026-11-23"
INVENTORY = "302451020781.csv"
BUSINESS = "BusinessReport-11-23-26.csv"
ADVERTISING = "Sponsored_Products_Advertised_product_report.xlsx"
SHIPPED = [f"units-shipped-t{days}" for days in (7, 30, 60, 90)]
ENCODINGS = {INVENTORY: "cp1252", BUSINESS: "utf-8-sig", "costs.csv": "utf-8"}


def account_folder(tmp_path, dated="", leave_out=(), **files):
    """The newest snapshot of the sample, flat or in a dated folder, without some files and with others beside."""
    folder = tmp_path / "account"
    reports = folder / dated
    reports.mkdir(parents=True)
    sources = [(SAMPLE / name, folder) for name in ("account.toml", "costs.csv")]
    sources += [(NEWEST / name, reports) for name in (INVENTORY, BUSINESS, ADVERTISING)]
    for source, target in sources:
        if source.name not in leave_out:
            shutil.copy(source, target)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def edited(folder, name, change, leave_out=()):
    """Rewrite a report: `change` alters each row in place, or gives False to drop it."""
    (path,) = folder.rglob(name)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(ENCODINGS[name]))))
    header = [column for column in rows[0] if column not in leave_out]
    with path.open("w", encoding=ENCODINGS[name], newline="") as target:
        writer = csv.DictWriter(target, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(row for row in rows if change(row) is not False)
    return folder


def unchanged(row):
    return row


def notes_about(account, where):
    return [note.text for note in account.notes if note.where.endswith(where)]


@pytest.fixture(scope="module")
def sample():
    return load_account(SAMPLE)


def sample_rows(name, column, asin):
    text = (NEWEST / name).read_bytes().decode(ENCODINGS[name])
    return [row for row in csv.DictReader(io.StringIO(text)) if row[column] == asin]


def test_the_sample_is_an_account_of_its_newest_day(sample):
    assert (sample.name, sample.marketplace, sample.currency) == ("Sample account", "US", "USD")
    assert sample.snapshot == date(2026, 11, 23)
    assert sample.settings.sales_days == 30
    assert sample.attribution_days == 7


def test_the_sample_has_one_row_an_asin(sample):
    assert (len(sample.stock), len(sample.sales), sample.ads["asin"].nunique(), len(sample.costs)) == (57, 57, 52, 60)
    assert all(table.index.is_unique for table in (sample.stock, sample.sales, sample.costs))


def test_advertising_has_one_row_an_asin_and_day(sample):
    assert not sample.ads.duplicated(["asin", "date"]).any()
    assert sample.ads["date"].nunique() == 38


def test_advertising_adds_up_over_campaigns(sample):
    assert len(sample.ads) < sample.files.set_index("report")["rows"]["Sponsored Products Advertised product"]
    assert sample.ads["ad_clicks"].sum() == sum_of_workbook("Clicks")


def sum_of_workbook(column):
    return int(pd.read_excel(NEWEST / ADVERTISING, engine="calamine")[column].sum())


def test_several_skus_of_an_asin_add_up(sample):
    rows = sample_rows(INVENTORY, "asin", "B0P8S4XMGH")
    assert [(row["sku"], row["available"], row["units-shipped-t30"]) for row in rows] == [
        ("FLT-8", "300", "267"),
        ("FLT-8-NEW", "150", "133"),
    ]
    found = sample.stock.loc["B0P8S4XMGH"]
    assert (found["units_available"], found["units_shipped_30_days"]) == (450, 400)
    assert found["skus"] == "FLT-8, FLT-8-NEW"


def test_what_amazon_states_for_a_sku_is_left_out_for_several(sample):
    amazon = sample.stock["amazon_weeks_of_cover_t30"]
    assert amazon["B0WOC8CASE"] > 0
    assert pd.isna(amazon["B0P8S4XMGH"])


def test_an_asin_under_two_parents_adds_up(sample):
    rows = sample_rows(BUSINESS, "(Child) ASIN", "B0E2T8PVGY")
    assert [(row["Units ordered"], row["Ordered Product Sales"]) for row in rows] == [
        ("364", "$7,261.80"),
        ("156", "$3,112.20"),
    ]
    found = sample.sales.loc["B0E2T8PVGY"]
    assert found["units_ordered"] == 520
    assert found["sales"] == pytest.approx(10374)


def test_a_chinese_title_comes_from_the_business_report(sample):
    assert sample.sales["title"]["B0K3N9PDWE"] == "不锈钢保温杯 500ml"
    assert sample.stock["title"]["B0K3N9PDWE"] == "?????? 500ml"


def test_the_older_age_columns_are_put_together(sample):
    (row,) = sample_rows(INVENTORY, "asin", "B0P2X4GCYK")
    over = int(row["inv-age-366-to-455-days"]) + int(row["inv-age-456-plus-days"])
    assert sample.stock["units_aged_over_365"]["B0P2X4GCYK"] == over > 0


def test_the_files_are_listed_with_their_rows_and_dates(sample):
    listed = sample.files.set_index("file")
    assert listed["rows"][f"2026-11-23/{INVENTORY}"] == 62
    assert listed["rows"]["costs.csv"] == 55
    assert listed["from"][f"2026-11-23/{ADVERTISING}"] == date(2026, 10, 17)
    assert listed["to"][f"2026-11-23/{ADVERTISING}"] == date(2026, 11, 23)


def test_asins_that_a_report_leaves_out_are_noted(sample):
    assert notes_about(sample, INVENTORY) == [
        "3 ASINs with sales or advertising have no row, so their stock is unknown: B0O9L5ZVJR, B0P0C9WDHM, B0T6S2QYKF.",
        "10 ASINs have inbound units without an arrival date: B0E6K4YFQH, B0E8G5NKZM, B0E9V3HCJQ, B0K3N9PDWE, "
        "B0K7M2QXRA and 5 more. They count as too much stock, but do not end a shortage. Write inbound_arrives in "
        "costs.csv.",
        "3 advertised ASINs have no stock row: B0O9L5ZVJR, B0P0C9WDHM, B0T6S2QYKF.",
    ]
    assert notes_about(sample, BUSINESS) == [
        "2 ASINs in stock have no row. Units shipped by FBA are used as units sold: B0E0V6LNXB, B0K6J8PRTG.",
        "2 advertised ASINs have no sales row: B0E0V6LNXB, B0O9L5ZVJR.",
    ]
    assert notes_about(sample, "costs.csv") == [
        "4 ASINs have no landed cost, so their stock is valued at its selling price: B0E0V6LNXB, B0G8R4JMYQ, "
        "B0K9B5GXNM, B0P5G1CQXM."
    ]


def test_snapshots_are_the_dated_folders_oldest_first():
    assert [path.name for path in snapshots(SAMPLE)] == ["2026-11-09", "2026-11-16", "2026-11-23"]


def test_a_folder_that_is_no_date_is_no_snapshot(tmp_path):
    for name in ("2026-11-23", "2026-13-01", "20261124", "old"):
        (tmp_path / name).mkdir()
    (tmp_path / "2026-11-25").write_text("a file")
    assert [path.name for path in snapshots(tmp_path)] == ["2026-11-23"]


def test_a_folder_without_dates_is_its_own_snapshot(tmp_path):
    assert snapshots(tmp_path) == [tmp_path]


def test_a_chosen_snapshot_is_loaded():
    assert load_account(SAMPLE, "2026-11-16").snapshot == date(2026, 11, 16)


def test_an_unknown_snapshot_names_those_there_are():
    message = (
        "sample: there is no snapshot '2026-11-17'; found '2026-11-09', '2026-11-16', '2026-11-23'. "
        "Did you mean '2026-11-1"
    )
    with pytest.raises(AccountError, match="^" + re.escape(message)):
        load_account(SAMPLE, "2026-11-17")


def test_a_flat_folder_is_dated_by_its_inventory(tmp_path):
    assert load_account(account_folder(tmp_path)).snapshot == date(2026, 11, 23)


def test_flat_and_dated_folders_hold_the_same_account(tmp_path, sample):
    flat = load_account(account_folder(tmp_path))
    for table in ("stock", "sales", "ads"):
        pd.testing.assert_frame_equal(getattr(flat, table), getattr(sample, table))


def test_a_folder_may_be_given_as_text(tmp_path):
    assert load_account(str(account_folder(tmp_path))).name == "Sample account"


def test_a_missing_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = r"^'nowhere': the folder does not exist\. Name the account's folder\.$"
    with pytest.raises(AccountError, match=message):
        load_account("nowhere")


def test_a_folder_without_account_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"the account has no account\.toml"):
        load_account(account_folder(tmp_path, leave_out=["account.toml"]))


def test_a_folder_without_reports_is_refused(tmp_path):
    folder = account_folder(tmp_path, leave_out=[INVENTORY, BUSINESS, ADVERTISING, "costs.csv"])
    message = (
        r"^account: there is no FBA Inventory report; found no reports\. Download it into a folder named by its "
        r"date, such as 2026-11-23: Seller Central > Reports"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_an_empty_folder_of_today_does_not_hide_the_downloads_of_yesterday(tmp_path):
    folder = account_folder(tmp_path, dated="2026-11-23")
    (folder / "2026-11-24").mkdir()
    (folder / "2026-11-24" / ".DS_Store").touch()
    assert load_account(folder).snapshot == date(2026, 11, 23)


def test_an_account_without_inventory_is_refused(tmp_path):
    folder = account_folder(tmp_path, dated="2026-11-23", leave_out=[INVENTORY, ADVERTISING])
    message = (
        r"^2026-11-23: there is no FBA Inventory report; "
        r"found Detail Page Sales and Traffic by Child Item\. Download it"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_an_inventory_without_rows_is_refused(tmp_path):
    folder = edited(account_folder(tmp_path), INVENTORY, lambda row: False)
    message = f"^{INVENTORY}: it has no rows below its header\\. Download it again\\.$"
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_two_inventory_files_of_one_day_are_refused(tmp_path):
    folder = account_folder(tmp_path, dated="2026-11-23")
    edited(folder, INVENTORY, lambda row: row["asin"] != "B0K7X5QGZV")
    shutil.copy(NEWEST / INVENTORY, folder / "2026-11-23" / "again.csv")
    message = (
        f"^2026-11-23: 2 files of this snapshot are the same report \\(FBA Inventory\\): 2026-11-23/{INVENTORY}, "
        "2026-11-23/again\\.csv\\. Keep only the newest in the folder\\.$"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_a_file_of_an_unknown_kind_is_left_out_and_named(tmp_path):
    account = load_account(account_folder(tmp_path, orders_txt="order-id\tbuyer\n1\tx\n"))
    (note,) = notes_about(account, "orders.txt")
    assert note.startswith("ignored: its header matches no known report.")


def test_several_broken_files_are_named_at_once(tmp_path):
    folder = account_folder(tmp_path, orders_txt="order-id\tbuyer\n1\tx\n", empty_csv="", named_xlsx="asin")
    (folder / "named.xlsx").write_text("asin")
    (business,) = folder.rglob(BUSINESS)
    (folder / "again.csv").write_bytes(business.read_bytes().replace(b",364,", b",365,"))
    with pytest.raises(AccountError) as caught:
        load_account(folder)
    assert [problem.where for problem in caught.value.problems] == ["account"]
    assert [note.where for note in caught.value.notes] == ["orders.txt", "empty.csv", "named.xlsx"]


def test_a_broken_inventory_is_not_also_called_missing(tmp_path):
    folder = account_folder(tmp_path)
    (folder / INVENTORY).write_bytes(b"")
    with pytest.raises(AccountError) as caught:
        load_account(folder)
    assert str(caught.value) == f"{INVENTORY}: the file is empty. Download it again."


def test_a_file_that_cannot_be_opened_is_named(tmp_path, monkeypatch):
    folder = account_folder(tmp_path)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("wockit.reading.folder.read_report", refuse)
    with pytest.raises(AccountError, match=rf"^'{INVENTORY}': cannot be opened: Permission denied\.\n"):
        load_account(folder)


def test_other_files_are_left_alone_and_noted(tmp_path):
    account = load_account(account_folder(tmp_path, photo_png="x"))
    assert notes_about(account, "photo.png") == ["ignored: not a report file type."]


def test_hidden_and_lock_files_are_passed_over(tmp_path):
    folder = account_folder(tmp_path)
    for name in (".hidden.csv", "~$report.xlsx"):
        (folder / name).write_text("x")
    assert [note for note in load_account(folder).notes if "hidden" in note.where or "~" in note.where] == []


def test_a_hostile_file_name_never_reaches_a_note_raw(tmp_path):
    folder = account_folder(tmp_path)
    (folder / "a\x1b[31m\nb.png").write_text("x")
    assert all(str(note).isprintable() for note in load_account(folder).notes)


def test_no_period_and_no_shipped_units_name_sales_days(tmp_path):
    folder = account_folder(tmp_path, account_toml='marketplace = "US"\n')
    edited(folder, INVENTORY, unchanged, leave_out=SHIPPED)
    message = (
        "account.toml, 'sales_days': the sales period is unknown, because the business report does not say how "
        "many days it covers. Write sales_days = 30 (or the number of days you downloaded it for) in account.toml, "
        "and add the business report."
    )
    with pytest.raises(AccountError, match="^" + re.escape(message) + "$"):
        load_account(folder)


def test_no_business_report_and_no_shipped_units_are_refused(tmp_path):
    folder = edited(account_folder(tmp_path, leave_out=[BUSINESS]), INVENTORY, unchanged, SHIPPED)
    message = (
        r"^account\.toml, 'sales_days': there are no sales: no rows of a business report or of orders, and no "
        r"column 'units-shipped-t30' in the inventory report\. Write sales_days = 30"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_without_sales_days_the_units_shipped_in_thirty_days_count(tmp_path):
    account = load_account(account_folder(tmp_path, account_toml='marketplace = "US"\n'))
    table, days = sales_in_period(account.stock, account.sales, account.settings.sales_days)
    assert days == 30
    assert table.loc["B0WOC8CASE"].tolist() == [1000, "units shipped"]


def test_without_a_business_report_the_units_shipped_count(tmp_path):
    account = load_account(account_folder(tmp_path, leave_out=[BUSINESS]))
    table, days = sales_in_period(account.stock, account.sales, account.settings.sales_days)
    assert days == 30
    assert set(table["units_source"]) == {"units shipped"}
    assert notes_about(account, "business report") == ["there is none. Units shipped by FBA are used as units sold."]


def period_tables():
    stock = pd.DataFrame({"units_shipped_30_days": [30.0, 60.0, None]}, index=["A", "B", "C"])
    sales = pd.DataFrame({"units_ordered": [7.0, 8.0]}, index=["A", "D"])
    return stock, sales


def test_units_shipped_count_over_the_days_of_the_business_report_and_units_ordered_where_they_are_unknown():
    table, days = sales_in_period(*period_tables(), 15)
    assert days == 15
    assert table["units_sold"].fillna(-1).to_dict() == {"A": 15, "B": 30, "C": -1, "D": 8}
    assert table["units_source"].to_dict() == {
        "A": "units shipped",
        "B": "units shipped",
        "C": "unknown",
        "D": "units ordered",
    }


def test_without_a_period_an_asin_not_in_stock_has_unknown_sales():
    table, days = sales_in_period(*period_tables(), None)
    assert days == 30
    assert table["units_sold"].fillna(-1).to_dict() == {"A": 30, "B": 60, "C": -1, "D": -1}
    assert table["units_source"]["D"] == "unknown"


def test_zero_units_shipped_are_zero_and_not_replaced():
    stock, sales = period_tables()
    stock.loc["A", "units_shipped_30_days"] = 0
    assert sales_in_period(stock, sales, 30)[0].loc["A"].tolist() == [0, "units shipped"]


def test_rows_of_other_marketplaces_are_left_out_with_a_note(tmp_path):
    def move(row):
        if row["asin"] in ("B0WOC8CASE", "B0CLEAR100"):
            row["marketplace"], row["currency"] = "CA", "CAD"

    account = load_account(edited(account_folder(tmp_path), INVENTORY, move))
    assert len(account.stock) == 55
    assert "2 rows of other marketplaces (CA) were left out." in notes_about(account, INVENTORY)


def test_the_same_stock_repeated_for_another_marketplace_counts_once(tmp_path, sample):
    folder = account_folder(tmp_path)
    text = (folder / INVENTORY).read_bytes().decode("cp1252")
    header, *rows = text.splitlines()
    repeated = [row.replace('"US"', '"MX"').replace('"USD"', '"MXN"') for row in rows]
    (folder / INVENTORY).write_bytes("\n".join([header, *rows, *repeated]).encode("cp1252"))
    assert load_account(folder).stock["units_available"].equals(sample.stock["units_available"])


def test_an_inventory_of_other_marketplaces_alone_is_refused(tmp_path):
    folder = edited(account_folder(tmp_path), INVENTORY, lambda row: row.update(marketplace="CA"))
    message = (
        f"^{INVENTORY}: its marketplace is CA, but the account's is US\\. Correct the marketplace in "
        "account\\.toml, or use another file\\.$"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_a_row_that_states_no_marketplace_belongs_to_the_account(tmp_path, sample):
    folder = edited(account_folder(tmp_path), INVENTORY, lambda row: row.update(marketplace=""))
    assert len(load_account(folder).stock) == len(sample.stock)


def test_a_date_on_rows_of_another_marketplace_alone_still_dates_the_folder(tmp_path):
    def move(row):
        if row["asin"] == "B0WOC8CASE":
            row["marketplace"] = "CA"
        else:
            row["snapshot-date"] = ""

    assert load_account(edited(account_folder(tmp_path), INVENTORY, move)).snapshot == date(2026, 11, 23)


@pytest.mark.parametrize("stated", ["GB", "UK", "gb"])
def test_gb_means_uk(tmp_path, stated):
    without = [ADVERTISING, BUSINESS]
    folder = account_folder(tmp_path, leave_out=without, account_toml='marketplace = "UK"\nsales_days = 30\n')
    edited(folder, INVENTORY, lambda row: row.update(marketplace=stated, currency="GBP"))
    account = load_account(folder)
    assert (len(account.stock), account.currency) == (57, "GBP")


def test_another_currency_is_refused(tmp_path):
    folder = edited(account_folder(tmp_path), INVENTORY, lambda row: row.update(currency="CAD"))
    message = (
        f"^{INVENTORY}, column 'currency': amounts are in CAD, but the account's marketplace US uses USD\\. "
        "Download it for one marketplace only\\.$"
    )
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def test_another_currency_beside_the_amounts_is_refused(tmp_path):
    def pounds(row):
        row["Ordered Product Sales"] = row["Ordered Product Sales"].replace("$", "£")

    message = (
        f"^{BUSINESS}: amounts are in '£', but the account's marketplace US uses USD\\. Download it in the "
        "account's own currency\\.$"
    )
    with pytest.raises(AccountError, match=message):
        load_account(edited(account_folder(tmp_path), BUSINESS, pounds))


def test_another_currency_is_refused_in_every_report_at_once(tmp_path):
    folder = account_folder(tmp_path, account_toml='marketplace = "CA"\nsales_days = 30\n')
    edited(folder, INVENTORY, lambda row: row.update(marketplace="CA"))
    with pytest.raises(AccountError) as caught:
        load_account(folder)
    assert [problem.where for problem in caught.value.problems] == [
        f"{INVENTORY}, column 'currency'",
        f"{ADVERTISING}, column 'currency'",
    ]


@pytest.mark.parametrize(("sku", "asin"), [("0012", "B0K6T2BLQY"), ("1E5", "B0E4W9LDTC")])
def test_a_cost_line_may_name_a_sku(tmp_path, sku, asin):
    account = load_account(account_folder(tmp_path, costs_csv=f"sku,landed_cost\n{sku},5\n"))
    assert account.costs["landed_cost"].to_dict() == {asin: 5}


def test_a_cost_line_of_an_unknown_sku_is_noted(tmp_path):
    account = load_account(account_folder(tmp_path, costs_csv="sku,landed_cost\n0012,5\n12,6\n"))
    assert notes_about(account, "costs.csv")[0] == "SKUs without an inventory row: '12'."
    assert len(account.costs) == 1


def test_costs_under_other_names_are_told_how_to_name_them(tmp_path):
    with pytest.raises(AccountError) as caught:
        load_account(account_folder(tmp_path, costs_csv="SKU,Landed cost EUR,Price\n0012,5,9\n"))
    assert str(caught.value) == (
        "costs.csv: it has no column landed_cost. Columns found: 'SKU', 'Landed cost EUR', 'Price'. Possible "
        "columns: asin, sku, landed_cost, price, referral_rate, fulfilment_fee, size_tier, unit_weight, "
        "unit_volume, lead_time_days, clear_by, inbound_arrives, minimum_order, case_pack, bought_again, "
        "value_elsewhere. Or add your "
        'column names to account.toml: columns.costs = { landed_cost = "Landed cost EUR" }'
    )


def test_several_cost_lines_of_an_asin_are_noted_and_the_first_is_used(tmp_path):
    costs = "asin,sku,landed_cost\nB0K6T2BLQY,,5\n,0012,6\nB0WOC8CASE,,7\n"
    account = load_account(account_folder(tmp_path, costs_csv=costs))
    assert account.costs["landed_cost"].to_dict() == {"B0K6T2BLQY": 5, "B0WOC8CASE": 7}
    assert notes_about(account, "costs.csv")[0] == "several lines for B0K6T2BLQY; the first one is used."


def test_many_names_are_cut(tmp_path):
    lines = "".join(f"none-{number},5\n" for number in range(7))
    account = load_account(account_folder(tmp_path, costs_csv="sku,landed_cost\n" + lines))
    note = notes_about(account, "costs.csv")[0]
    assert note.endswith(": 'none-0', 'none-1', 'none-2', 'none-3', 'none-4' and 2 more.")


def test_a_missing_cost_file_is_noted(tmp_path):
    account = load_account(account_folder(tmp_path, leave_out=["costs.csv"]))
    assert account.costs.empty
    assert notes_about(account, "costs.csv") == [
        "there is no costs.csv. Unit costs and net per unit are unknown, so stock is valued at its selling price."
    ]


def test_a_missing_advertising_report_is_noted(tmp_path):
    account = load_account(account_folder(tmp_path, leave_out=[ADVERTISING]))
    assert account.ads.empty
    assert notes_about(account, "advertising report") == [
        "there is none. No ASIN has a ROAS, so none has a place in the matrix."
    ]


@pytest.mark.parametrize(("day", "noted"), [("2026-11-26", False), ("2026-11-27", True), ("2026-11-19", True)])
def test_an_inventory_more_than_three_days_from_the_snapshot_is_noted(tmp_path, day, noted):
    account = load_account(account_folder(tmp_path, dated=day))
    text = f"the inventory report is dated 2026-11-23, the snapshot {day}. Stock and sales may not match."
    assert (text in notes_about(account, INVENTORY)) is noted
    assert account.snapshot == date.fromisoformat(day)


def test_the_notes_of_a_report_reach_the_account(tmp_path):
    folder = edited(account_folder(tmp_path), INVENTORY, lambda row: row.update({"item-volume": "x"}))
    assert notes_about(load_account(folder), INVENTORY)[0].startswith("62 cells of 'item_volume' could not be read")


def test_the_sale_price_counts_where_there_is_one(tmp_path):
    def discount(row):
        row["sales-price"] = "19.99" if row["asin"] == "B0WOC8CASE" else ""

    account = load_account(edited(account_folder(tmp_path), INVENTORY, discount))
    assert account.stock["price"][["B0WOC8CASE", "B0CLEAR100"]].tolist() == [19.99, 50]


def test_unknown_stock_of_one_sku_does_not_hide_the_other(tmp_path):
    def forget(row):
        if row["sku"] == "FLT-8":
            row["available"] = ""

    account = load_account(edited(account_folder(tmp_path), INVENTORY, forget))
    assert account.stock["units_available"]["B0P8S4XMGH"] == 150


def test_unknown_stock_stays_unknown(tmp_path):
    def forget(row):
        if row["asin"] == "B0WOC8CASE":
            row["available"] = ""

    account = load_account(edited(account_folder(tmp_path), INVENTORY, forget))
    assert pd.isna(account.stock["units_available"]["B0WOC8CASE"])


def test_a_referral_rate_of_15_is_refused_rather_than_taken_as_1500_percent(tmp_path):
    folder = account_folder(tmp_path, costs_csv="asin,landed_cost,referral_rate\nB0WOC8CASE,7,15\n")
    with pytest.raises(AccountError, match=r"'referral_rate': 1 rate above 0.99: 15. For 15% write 0.15 or 15%."):
        load_account(folder)


def test_a_referral_rate_that_takes_the_whole_price_is_refused_by_its_file(tmp_path):
    folder = account_folder(tmp_path, costs_csv="asin,landed_cost,referral_rate\nB0WOC8CASE,7,100%\n")
    with pytest.raises(AccountError, match=r"costs.csv, column 'referral_rate': 1 rate above 0.99: 1\."):
        load_account(folder)


def test_a_referral_rate_may_be_written_as_a_percentage(tmp_path):
    folder = account_folder(tmp_path, costs_csv="asin,landed_cost,referral_rate\nB0WOC8CASE,7,15%\n")
    assert load_account(folder).costs["referral_rate"].tolist() == [0.15]


def test_a_cost_line_without_a_name_is_noted(tmp_path):
    account = load_account(account_folder(tmp_path, costs_csv="asin,sku,landed_cost\nB0WOC8CASE,,7\n,,8\n"))
    assert notes_about(account, "costs.csv")[0] == "1 line has neither an ASIN nor a SKU and was left out."


@pytest.mark.parametrize(
    ("table", "file"),
    [("sales", BUSINESS), ("ads", ADVERTISING), ("costs", "costs.csv")],
    ids=["sales", "ads", "costs"],
)
def test_the_table_of_a_report_that_is_not_there_has_the_same_columns_and_types(tmp_path, sample, table, file):
    found = load_account(account_folder(tmp_path, leave_out=[file]))
    pd.testing.assert_frame_equal(getattr(found, table), getattr(sample, table).iloc[:0])


def test_a_price_of_zero_is_no_price(tmp_path):
    def without_sale_price(row):
        row["sales-price"] = "0.00"

    folder = edited(account_folder(tmp_path), INVENTORY, without_sale_price)
    assert load_account(folder).stock.loc["B0CLEAR100", "price"] == 50


def test_costs_in_the_folder_of_the_snapshot_are_pointed_out(tmp_path):
    folder = account_folder(tmp_path, dated="2026-11-23", leave_out=["costs.csv"])
    shutil.copy(SAMPLE / "costs.csv", folder / "2026-11-23")
    assert notes_about(load_account(folder), "2026-11-23/costs.csv")[0].endswith(
        "move it from the snapshot's folder to the account's folder."
    )


def test_a_flat_folder_has_no_snapshot_to_choose(tmp_path):
    folder = account_folder(tmp_path)
    with pytest.raises(AccountError, match="the files are not in a folder named by a date. Do not name a snapshot\\."):
        load_account(folder, folder.name)


def test_a_business_report_of_unknown_period_is_pointed_out(tmp_path):
    folder = account_folder(tmp_path, account_toml='marketplace = "US"')
    found = [note for note in load_account(folder).notes if note.code == "period_unknown"]
    assert [(note.level, note.where) for note in found] == [("warning", BUSINESS)]
    assert found[0].text.startswith("sales_days is not set")


# Which source wins, and its period


KINDS = SAMPLE / "kinds"


def with_kinds(tmp_path, *names, leave_out=(), account_toml='marketplace = "US"\n'):
    """The newest snapshot without some files, and with files of the sample of every kind."""
    folder = account_folder(tmp_path, dated="2026-11-23", leave_out=leave_out, account_toml=account_toml)
    for name in names:
        shutil.copy(KINDS / name, folder / "2026-11-23" / name.replace("/", "-"))
    return folder


def test_orders_state_their_own_period(tmp_path):
    account = load_account(with_kinds(tmp_path, "all_orders/us.txt.zip", leave_out=[BUSINESS]))
    assert account.sales_days == 1  # its orders are all of one day; what it says of others is unknown
    assert sales_in_period(account.stock, account.sales, account.sales_days)[1] == 1


def test_a_sales_and_traffic_document_states_its_own_period(tmp_path):
    account = load_account(with_kinds(tmp_path, "sales_and_traffic/us.json", leave_out=[BUSINESS]))
    assert account.sales_days == 30
    assert account.sales["units_ordered"]["B0WOC8CASE"] == 1000


@pytest.mark.parametrize(("settings", "winner"), [("sales_days = 30\n", BUSINESS), ("", "sales_and_traffic-us.json")])
def test_the_best_sales_report_whose_period_is_known_wins(tmp_path, settings, winner):
    files = ["all_orders/us.txt.zip", "sales_and_traffic/us.json"]
    account = load_account(with_kinds(tmp_path, *files, account_toml='marketplace = "US"\n' + settings))
    (note,) = (note for note in account.notes if note.text.startswith("units sold come from this file, not from "))
    assert note.where == f"2026-11-23/{winner}"
    assert "all_orders-us.txt.zip" in note.text


def test_a_file_of_orders_without_orders_leaves_units_shipped(tmp_path):
    folder = account_folder(tmp_path, leave_out=[BUSINESS], account_toml='marketplace = "US"\n')
    (folder / "orders.txt").write_text("purchase-date\torder-status\tasin\tquantity\titem-price\n", encoding="utf-8")
    account = load_account(folder)
    table, days = sales_in_period(account.stock, account.sales, account.sales_days)
    assert (days, set(table["units_source"])) == (30, {"units shipped"})


def test_a_weaker_inventory_report_fills_in_and_says_so(tmp_path):
    folder = with_kinds(tmp_path, "manage_fba_inventory/us.csv")
    edited(folder, INVENTORY, lambda row: row["asin"] != "B0WOC8CASE")
    account = load_account(folder)
    assert account.stock["units_available"]["B0WOC8CASE"] == 2000
    texts = notes_about(account, "manage_fba_inventory-us.csv")
    assert any(text.endswith("comes from this file: B0WOC8CASE.") for text in texts)


def test_a_pan_eu_inventory_is_one_account_for_each_marketplace(tmp_path):
    leave_out = [INVENTORY, BUSINESS, ADVERTISING, "costs.csv"]
    for marketplace in ("DE", "FR"):
        about = f'marketplace = "{marketplace}"\n'
        folder = with_kinds(tmp_path / marketplace, "fba_inventory/eu.txt", leave_out=leave_out, account_toml=about)
        account = load_account(folder)
        assert (account.currency, account.stock["units_available"]["B0WOC8CASE"]) == ("EUR", 2000)


def test_a_folder_whose_inventory_names_no_day_needs_a_date(tmp_path):
    folder = account_folder(tmp_path, leave_out=[INVENTORY], account_toml='marketplace = "US"\nsales_days = 30\n')
    shutil.copy(KINDS / "manage_fba_inventory" / "us.csv", folder)
    message = r"^account: no file contains its date\. Put the downloads into a folder named by the date\.$"
    with pytest.raises(AccountError, match=message):
        load_account(folder)


def with_earlier(folder, *days):
    """A folder with the sample's own snapshots of earlier days beside it."""
    for day in days:
        shutil.copytree(SAMPLE / day, folder / day)
    return folder


def test_earlier_snapshots_lengthen_the_record_and_tell_their_weeks_apart(sample):
    found = sample.past.weeks.loc["B0K7M2QXRA"]
    assert (len(found), found.index[-1]) == (15, pd.Timestamp("2026-11-22"))
    shipped = []
    for day in ("2026-11-09", "2026-11-16", "2026-11-23"):
        (path,) = (SAMPLE / day).glob("30*.csv")
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="cp1252")))
        shipped += [float(row["units-shipped-t7"]) for row in rows if row["asin"] == "B0K7M2QXRA"]
    assert shipped[-1] == 91
    assert found.iloc[-3:].tolist() == shipped


def test_a_first_snapshot_tells_of_thirteen_weeks(tmp_path):
    assert load_account(account_folder(tmp_path)).past.weeks.shape == (59, 13)


def test_what_came_after_a_chosen_snapshot_is_not_known_then():
    found = load_account(SAMPLE, "2026-11-09").past.weeks
    assert (found.shape[1], found.columns[-1]) == (13, pd.Timestamp("2026-11-08"))


def test_expected_demand_has_one_row_for_each_asin_of_the_record(sample):
    assert sample.past.weeks.index.tolist() == sample.stock.index.union(sample.sales.index).tolist()
    assert len(sample.demand.expected) == len(sample.past.weeks)


def test_an_asin_of_an_earlier_snapshot_alone_is_noted_and_gets_no_row(tmp_path):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-16")
    edited(folder, INVENTORY, lambda row: row["asin"] != "B0K7X5QGZV")
    edited(folder, BUSINESS, lambda row: row["(Child) ASIN"] != "B0K7X5QGZV")
    account = load_account(folder)
    text = "1 ASIN that sold before is now in neither the inventory nor the sales report: B0K7X5QGZV."
    assert text in notes_about(account, "sales record")
    assert "B0K7X5QGZV" not in account.past.weeks.index
    assert "B0K7X5QGZV" not in analyse(account).positions.index


def test_an_earlier_snapshot_that_cannot_be_read_stops_nothing(tmp_path):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-16")
    for path in (folder / "2026-11-16").glob("*.csv"):
        path.write_bytes(b"no report")
    assert load_account(folder).past.weeks.shape[1] == 13


def as_workbook(path):
    """The same report as XLSX, as a person saves it, in place of the text file."""
    rows = csv.reader(io.StringIO(path.read_text(encoding="cp1252")))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    path.unlink()


def test_an_earlier_inventory_that_is_a_workbook_tells_as_much_as_a_text_file(tmp_path):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-09")
    expected = load_account(folder).past.weeks
    as_workbook(next((folder / "2026-11-09").glob("30*.csv")))
    found = load_account(folder).past.weeks
    assert found.shape[1] == 15
    pd.testing.assert_frame_equal(found, expected)


def test_an_advertising_workbook_of_an_earlier_snapshot_is_not_laid_out(tmp_path, monkeypatch):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-16")
    opened = []
    monkeypatch.setattr(files, "check_workbook", lambda archive, *_: opened.append(Path(archive.filename or "")))
    load_account(folder)
    assert len(opened) == 1


def test_every_file_of_an_earlier_snapshot_that_cannot_be_read_is_named(tmp_path):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-16")
    earlier = folder / "2026-11-16"
    (earlier / "levels.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (earlier / "folder.csv").mkdir()
    left_out = [note.where for note in load_account(folder).notes if "left out of the sales record" in note.text]
    assert sorted(left_out) == ["2026-11-16/folder.csv", "2026-11-16/levels.xlsx"]


def test_an_earlier_snapshot_of_another_marketplace_is_not_counted(tmp_path):
    folder = with_earlier(account_folder(tmp_path, "2026-11-23"), "2026-11-09")
    (path,) = (folder / "2026-11-09").glob("30*.csv")
    assert load_account(folder).past.weeks.shape[1] == 15
    path.write_bytes(path.read_bytes().replace(b'"US"', b'"CA"'))
    assert load_account(folder).past.weeks.shape[1] == 13


def test_an_event_of_the_account_file_is_left_out_of_the_record(tmp_path):
    event = '[[events]]\nname = "Deal"\nfirst = 2026-11-16\nlast = 2026-11-22\nasins = ["B0K7M2QXRA"]'
    folder = account_folder(tmp_path, account_toml=f'marketplace = "US"\nsales_days = 30\n{event}')
    past = load_account(folder).past
    assert past.events[past.events].index.tolist() == ["B0K7M2QXRA"]
    assert past.weeks.loc["B0K7M2QXRA"].isna().tolist() == [False] * 12 + [True]


@pytest.fixture
def no_weeks(tmp_path):
    """An account whose reports tell of 90 days as a whole and of no shorter span."""
    folder = account_folder(tmp_path, account_toml='marketplace = "US"\nsales_days = 90')
    shipped = [f"units-shipped-t{days}" for days in (7, 30, 60, 90)]
    return edited(folder, INVENTORY, unchanged, leave_out=shipped)


def test_an_account_without_any_history_has_cover_but_no_forward_cover(no_weeks):
    account = load_account(no_weeks)
    found = analyse(account).positions
    assert notes_about(account, "sales record") == ["no report shows weekly sales, so there is no forward cover."]
    assert found[["forward_cover", "forward_cover_low", "forward_cover_high"]].isna().all(axis=None)
    assert found["weeks_of_coverage"].notna().sum() > 50
    assert found["reasons"].eq("").all()


def test_an_account_without_any_history_still_says_how_sure_its_places_are(no_weeks):
    found = analyse(load_account(no_weeks)).positions
    assert found.loc[found["segment"].notna(), "probability"].between(0, 1).all()


SMALL_HEADER = [
    "snapshot-date", "sku", "fnsku", "asin", "product-name", "available", "inv-age-0-to-90-days", "units-shipped-t7",
    "units-shipped-t30", "units-shipped-t60", "units-shipped-t90", "your-price",
]  # fmt: skip
SMALL = [
    ["2026-11-23", "SKU-1", "X1", "B000000001", "Mat", 300, 270, 50, 200, 400, 600, 9.99],
    ["2026-11-23", "SKU-2", "X2", "B000000001", "Mat, new", 40, 40, 10, 30, 30, 30, 8.99],
    ["2026-11-23", "SKU-3", "X3", "B000000002", "Cup", 0, 0, 0, 20, 90, 100, 5.00],
    ["2026-11-23", "SKU-4", "X4", "B000000003", "Box", 120, 20, 7, 30, 60, 90, 20.00],
    ["2026-11-23", "SKU-5", "X5", "B000000004", "Pen", 120, 20, 7, 30, 60, 90, 20.00],
]


def small_account(folder, rows):
    folder.mkdir(exist_ok=True)
    (folder / "account.toml").write_text('marketplace = "US"', encoding="utf-8")
    with (folder / "inventory.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([SMALL_HEADER, *rows])
    return analyse(load_account(folder)).positions


@pytest.fixture(scope="module")
def small_positions(tmp_path_factory):
    return small_account(tmp_path_factory.mktemp("as_written"), SMALL)


@settings(max_examples=4)
@given(rows=st.permutations(SMALL))
def test_the_order_of_rows_in_the_inventory_changes_no_position(tmp_path_factory, small_positions, rows):
    found = small_account(tmp_path_factory.getbasetemp() / "small", rows)
    pd.testing.assert_frame_equal(found, small_positions)
    assert found["units_available"].to_dict() == {
        "B000000001": 340, "B000000002": 0, "B000000003": 120, "B000000004": 120
    }  # fmt: skip
    assert found["forward_cover"].notna().all()

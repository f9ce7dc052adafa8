"""Files that people have: a wrong one costs no account, and what stops a run is said by `check` too."""

import csv
import errno
import gzip
import io
import json
import tempfile
import zipfile

import openpyxl
import pytest

import wockit.reading.folder
from wockit.analysis.analyse import analyse
from wockit.cli import main
from wockit.notes import AccountError, ReportError
from wockit.reading.account import load_account
from wockit.reading.reports import read_report

DAY = "2026-11-23"
INVENTORY = {
    "snapshot-date": DAY, "sku": "MUG", "fnsku": "X000000001", "asin": "B000000001", "product-name": "Mug",
    "available": "100", "inv-age-0-to-90-days": "100", "currency": "USD", "units-shipped-t30": "40",
    "your-price": "20.00", "marketplace": "US",
}  # fmt: skip
BUSINESS = {
    "(Parent) ASIN": "B000000001", "(Child) ASIN": "B000000001", "Title": "Mug", "Sessions - Total": "100",
    "Units Ordered": "40", "Ordered Product Sales": "$800.00",
}  # fmt: skip
ADS = {
    "Date": "2026-11-22", "Campaign Name": "Mugs", "Currency": "USD", "Advertised ASIN": "B000000001",
    "Impressions": "1000", "Clicks": "100", "Spend": "50.00", "7 Day Total Sales ": "200.00",
    "7 Day Total Orders (#)": "10", "7 Day Total Units (#)": "10",
}  # fmt: skip
RETURNS = "return-date,order-id,sku,asin,quantity,status\n2026-11-01,1-1,MUG,B000000001,1,Unit returned to inventory\n"
PLATE = INVENTORY | {"asin": "B000000002", "sku": "PLATE", "fnsku": "X000000002"}


def text(*rows, delimiter=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def workbook(*sheets):
    """A workbook of sheets, each with the rows of a report and whether it is shown."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows, state in sheets:
        sheet = book.create_sheet()
        sheet.sheet_state = state
        for row in (list(rows[0]), *(list(row.values()) for row in rows)):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def account(tmp_path):
    """A folder with `account.toml` and the files given: in its snapshot, or with a slash before them in the folder."""

    def made(files, about="sales_days = 30", marketplace="US", day=DAY):
        folder = tmp_path / "shop"
        (folder / day).mkdir(parents=True, exist_ok=True)
        (folder / "account.toml").write_text(f'marketplace = "{marketplace}"\n{about}\n', encoding="utf-8")
        for name, content in files.items():
            path = folder / name[1:] if name.startswith("/") else folder / day / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return made


def whole(**more):
    """The files of an account without a fault."""
    return {"inventory.csv": text(INVENTORY, PLATE), "business.csv": text(BUSINESS), "ads.csv": text(ADS)} | {
        name.replace("_", "."): content for name, content in more.items()
    }


def warnings(account):
    return {note.where.rpartition("/")[2]: note.text for note in account.notes if note.code == "file_left_out"}


def refused(folder, snapshot=""):
    with pytest.raises(AccountError) as caught:
        load_account(folder, snapshot)
    return str(caught.value)


def check(folder, capsys):
    code = main(["check", str(folder)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_wrong_files_are_named_with_what_to_do_and_cost_nothing(account):
    strays = {
        "returns_csv": RETURNS,
        "login_csv": "<!DOCTYPE html><html><title>Amazon Sign-In</title></html>",
        "vendor_json": json.dumps({"reportSpecification": {}, "salesByAsin": [{"asin": "B1", "shippedUnits": 3}]}),
        "notes_txt": "call the forwarder\nnext week\n",
        "search_csv": "Campaign Name,Customer Search Term,Clicks\nMugs,cup,3\n",
        "readme": "these are the files of november",
    }
    found = load_account(account(whole(**strays)))
    without = load_account(account(whole()))
    assert found.stock.equals(without.stock)
    assert found.ads.equals(without.ads)
    said = warnings(found)
    assert set(said) == {"returns.csv", "login.csv", "vendor.json", "notes.txt", "search.csv", "readme"}
    assert "FBA Customer Returns" in said["returns.csv"]
    assert "Log in to Seller Central" in said["login.csv"]
    assert "Vendor Sales" in said["vendor.json"]
    assert "Search term" in said["search.csv"]


def test_a_wrong_file_stands_beside_what_is_missing(account):
    message = refused(account({"returns.csv": RETURNS, "photo.png": "x", "2026/more.csv": text(INVENTORY)}))
    assert "it is the FBA Customer Returns report" in message
    assert "there is no FBA Inventory report; found no reports." in message
    assert "photo.png: ignored: not a report file type" in message
    assert "2026: ignored: files in subfolders are not read" in message


@pytest.mark.parametrize(("name", "content"), [
    ("ads (1).xlsx", workbook(([ADS], "visible"))[:-400]),
    ("ads (1).xlsx", b"PK\x03\x04"),
    ("report.xlsx", text(BUSINESS).encode()),
    ("old.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600),
    ("empty.csv", b"\n"),
    ("two.zip", b"PK\x03\x04 no archive"),
    ("cut.json", b'[{"asin": "B000000001", "cl'),
    ("cut.gz", b"\x1f\x8b\x08\x00\x00"),
    ("manage.csv", b"sku,fnsku,asin,afn-fulfillable-quantity\nMUG,X1,B000000001,many\n"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_costs_nothing_where_the_others_suffice(account, name, content):
    found = load_account(account(whole() | {name: content}))
    assert name in warnings(found)
    assert found.stock.equals(load_account(account(whole(), day="2026-11-24")).stock)


@pytest.mark.parametrize("missing", ["inventory.csv", "business.csv", "ads.csv"])
def test_a_file_that_cannot_be_read_stops_where_it_may_be_what_is_missing(account, missing):
    files = {name: content for name, content in whole().items() if name != missing}
    assert "cut.xlsx" in refused(account(files | {"cut.xlsx": workbook(([ADS], "visible"))[:-400]}))


def test_a_part_of_the_advertising_that_cannot_be_read_stops(account):
    broken = text(*[ADS | {"Spend": "none"} for _ in range(3)])
    assert "expected" in refused(account(whole() | {"ads 2.csv": broken}))


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), FileNotFoundError(errno.ENOENT, "None")])
def test_no_room_to_unpack_a_file_is_not_the_files_fault(account, monkeypatch, error):
    folder = account(whole() | {"more.csv.gz": gzip.compress(text(BUSINESS).encode())})

    def full():
        raise error

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert "more.csv.gz: there is no room to unpack it" in refused(folder)
    assert "TMPDIR" in refused(folder)


CHILDREN = {
    "it": ("ASIN padre", "ASIN figlio", "Unità ordinate", "Vendite prodotti ordinati"),
    "nl": ("(Bovenliggende) ASIN", "(Onderliggende) ASIN", "Bestelde eenheden", "Verkoop bestelde producten"),
    "pt": ("(Pai) ASIN", "(Filho) ASIN", "Unidades pedidas", "Vendas de produtos pedidos"),
}
"""How a business report may spell its columns in languages of which no file was seen."""


@pytest.mark.parametrize("language", CHILDREN)
def test_the_line_for_a_business_report_in_another_language_makes_it_readable(account, language):
    names = ("(Parent) ASIN", "(Child) ASIN", "Units Ordered", "Ordered Product Sales")
    head = dict(zip(names, CHILDREN[language], strict=True)) | {"Title": "?", "Sessions - Total": "??"}
    sold = [BUSINESS | {"(Child) ASIN": asin} for asin in ("B000000001", "B000000002")]
    rows = [{head[name]: cell for name, cell in row.items()} for row in sold]
    folder = account({"inventory.csv": text(INVENTORY, PLATE), "business.csv": text(*rows)})
    line = refused(folder).rpartition("add its column names to account.toml: ")[2]
    about = folder / "account.toml"
    about.write_text(f"{line}\n{about.read_text()}", encoding="utf-8")
    assert load_account(folder).sales["units_ordered"].to_dict() == {"B000000001": 40, "B000000002": 40}


def test_a_report_of_ads_by_product_in_unknown_words_is_not_called_one_of_campaigns(account):
    row = {"Datum": "2026-11-01", "Kampagnenname": "Mugs", "Nummer": "B000000001", "Impressionen": 9, "Gesamt": "5,00"}
    message = warnings(load_account(account(whole() | {"ads.csv": text(row)})))["ads.csv"]
    assert "looks like the Advertised product (all ad products) report with other column names" in message
    without = {name: cell for name, cell in row.items() if name != "Nummer"}
    assert (
        "it is the Campaign report" in warnings(load_account(account(whole() | {"ads.csv": text(without)})))["ads.csv"]
    )


def test_a_business_report_whose_words_are_like_no_others_is_named(account):
    names = ("ASIN (nadrzędny)", "ASIN (podrzędny)", "Tytuł", "Sesje", "Zamówione", "Sprzedaż")
    row = dict(zip(names, BUSINESS.values(), strict=True))
    message = warnings(load_account(account({"inventory.csv": text(INVENTORY), "business.csv": text(row)})))[
        "business.csv"
    ]
    assert "looks like the Detail Page Sales and Traffic by Child Item report" in message
    assert "Download it in English" in message


@pytest.mark.parametrize("header", [
    ("Product", "ASIN", "SKU", "Units", "Refunds", "Sales", "Ads", "Refund cost", "Amazon fees", "Margin", "ROI"),
    ("Product", "ASIN", "Parent ASIN", "Price", "Sales Rank", "Monthly Units Sold", "Monthly Revenue"),
])  # fmt: skip
def test_a_table_of_another_programme_gets_no_line_that_leads_astray(account, header):
    row = dict.fromkeys(header, "5") | {"Product": "Mug", "ASIN": "B000000001"}
    said = warnings(load_account(account(whole(tool_csv=text(row)))))["tool.csv"]
    assert "account.toml" not in said


@pytest.mark.parametrize(("header", "title"), [
    ("Datum/Uhrzeit,Abrechnungsnummer,Typ,Bestellnummer,SKU,Menge,Umsätze,Gesamt", "Date Range Transaction"),
    ("date/heure,numéro de versement,type,numéro de la commande,sku,quantité,total", "Date Range Transaction"),
    ("fecha y hora,identificador de pago,tipo,número de pedido,sku,cantidad,total", "Date Range Transaction"),
    ("Data/Ora:,Numero pagamento,Tipo,Numero ordine,SKU,Quantità,totale", "Date Range Transaction"),
    ("日付/時間,決済番号,トランザクションの種類,注文番号,SKU,数量,合計", "Date Range Transaction"),
    ("商品名,出品ID,出品者SKU,価格,数量,出品日,フルフィルメント・チャンネル", "Active Listings or All Listings"),
    ("搜索查询,搜索查询分数,搜索查询数量,报告日期", "Brand Analytics"),
    ("snapshot-date,sku,asin,week-1-start-date,sns-units-shipped-week-1", "Subscribe & Save"),
    ("Date,Impressions,Clicks,Cost Per Click (CPC),Spend,7 Day Total Sales", "Performance over time"),
    ("Product,ASIN,SKU,Units,Refunds,Sales,Sponsored products (PPC),Net profit", "third-party (ERP)"),
    ("店铺,国家,MSKU,ASIN,FBA可售,销量", "third-party (ERP)"),
    ("Merchant ID,Order Date,ASIN,SKU,Quantity,Tax Calculation Date,Tax Rate", "VAT Transactions or Tax Calculation"),
    ("Low-inventory-level fee charge week,msku,fnsku,asin,fee per unit", "FBA service fees"),
])  # fmt: skip
def test_what_sellers_download_besides_is_refused_by_name_in_any_language(account, header, title):
    rows = f"{header}\n" + ",".join("5" for _ in header.split(",")) + "\n"
    assert warnings(load_account(account(whole(more_csv=rows))))["more.csv"].startswith(f"ignored: it is the {title} ")


def test_advertising_by_product_in_unknown_words_is_asked_for_in_english(account):
    row = {
        "Datum": "2026-11-22", "Anzeigengruppenname": "Mugs", "ID des beworbenen Produkts": "B000000001",
        "Impressionen": 900, "Klicks": 90, "Gesamtkosten": "50,00", "Umsatz": "200,00",
    }  # fmt: skip
    message = warnings(load_account(account(whole() | {"ads.csv": text(row)})))["ads.csv"]
    assert "looks like the Sponsored Products Advertised product report with other column names" in message
    assert "Download it in English: Advertising console >" in message


def test_a_table_of_days_and_products_is_not_called_one_of_days(account):
    row = {"ASIN": "B000000001", "Date": "2026-11-22", "Ordered units": 4, "Sessions": 100}
    assert "matches no known report" in warnings(load_account(account(whole(own_csv=text(row)))))["own.csv"]


def test_no_line_to_paste_takes_units_of_one_age_for_units_of_another(account):
    row = {name: cell for name, cell in INVENTORY.items() if name != "inv-age-0-to-90-days"}
    folder = account({"inventory.csv": text(row | {"inv-age-181-to-210-days": 4}), "business.csv": text(BUSINESS)})
    assert 'inv-age-181-to-210-days"' not in refused(folder)


def test_an_archive_that_a_mac_made_is_read(account):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("__MACOSX/._inventory.csv", ".DS_Store"):
            archive.writestr(name, "x")
        archive.writestr("inventory.csv", text(INVENTORY))
    assert len(load_account(account({"inventory.zip": out.getvalue()}, about="")).stock) == 1


@pytest.mark.parametrize("name", ["report", "report.dms", "report.xls"])
def test_a_report_is_known_by_what_it_holds_whatever_its_ending(account, name):
    assert len(load_account(account({name: text(INVENTORY, delimiter="\t")}, about="")).stock) == 1


def test_check_shows_the_good_files_beside_a_bad_one_and_ends_as_weekly_does(account, tmp_path, capsys):
    files = {name: content for name, content in whole(cut_csv="PK\x03\x04").items() if name != "ads.csv"}
    folder = account(files)
    code, out, err = check(folder, capsys)
    assert code == 2
    assert "2026-11-23/inventory.csv FBA Inventory" in " ".join(out.split())
    assert "cut.csv" in err
    assert main(["weekly", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == err


def test_check_ends_with_2_on_a_finding_that_stops_the_run(account, tmp_path, capsys):
    rows = [BUSINESS | {"(Child) ASIN": f"B00000001{n}"} for n in range(9)]
    folder = account({"inventory.csv": text(INVENTORY), "business.csv": text(*rows)})
    code, _, err = check(folder, capsys)
    assert (code, "--accept best_sellers_missing" in err) == (2, True)
    assert main(["weekly", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == err


def test_more_returns_than_sales_count_as_none_sold_and_name_the_asin(account):
    files = whole() | {"business.csv": text(BUSINESS | {"Units Ordered": "-2", "Ordered Product Sales": "-$40.00"})}
    loaded = load_account(account(files))
    assert loaded.sales.loc["B000000001", ["units_ordered", "sales"]].tolist() == [0, 0]
    assert [note.text for note in loaded.notes if "below 0" in note.text] == [
        "1 ASIN has a total below 0 (returns or corrections). It counts as 0: B000000001."
    ]
    assert len(analyse(loaded).positions) == 2


@pytest.mark.parametrize(
    ("bad", "asins"),
    [
        ({"asin": "UNKNOW"}, {"B000000001"}),
        ({"available": "-1"}, {"B000000001", "B000000002"}),
        ({"item-volume": "-0.5"}, {"B000000001", "B000000002"}),
        ({"units-shipped-t30": "-1"}, {"B000000001", "B000000002"}),
        ({"available": "4006381333931"}, {"B000000001", "B000000002"}),
    ],
)
def test_a_bad_row_of_the_inventory_is_named_and_the_rest_is_read(account, bad, asins):
    rows = [{"item-volume": "0.1"} | row for row in (INVENTORY, PLATE | bad)]
    loaded = load_account(account(whole() | {"inventory.csv": text(*rows)}))
    assert set(loaded.stock.index) == asins
    (said,) = (note.text for note in loaded.notes if "row 3" in note.text)
    assert next(iter(bad.values())) in said
    analyse(loaded)


@pytest.mark.parametrize(("asin", "spoilt"), [
    ("3.06406E+08", True), ("9,79015E+09", True), ("306406153", True), ("UNKNOW", False),
])  # fmt: skip
def test_an_asin_that_a_spreadsheet_took_for_a_number_asks_for_a_file_that_it_has_not_opened(account, asin, spoilt):
    files = whole() | {"inventory.csv": text(INVENTORY, PLATE, PLATE | {"asin": asin})}
    (note,) = [note.text for note in load_account(account(files)).notes if "'asin' cannot be read" in note.text]
    assert note.endswith("Do not open it in Excel before you put it into the folder.") == spoilt


def test_a_second_download_of_the_same_report_counts_once(account):
    loaded = load_account(account(whole(**{"business (1)_csv": text(BUSINESS)})))
    assert loaded.sales.loc["B000000001", "units_ordered"] == 40
    assert "ignored: same content as 2026-11-23/business (1).csv." in [note.text for note in loaded.notes]


def test_two_business_reports_of_other_periods_are_told_by_their_days(account):
    message = refused(account(whole(older_csv=text(BUSINESS | {"Units Ordered": "9"}))))
    assert message.endswith("Keep the one that covers the 30 days before the snapshot.")


def test_a_report_of_another_currency_beside_a_right_one_is_left_out(account):
    euros = text(BUSINESS | {"Units Ordered": "9", "Ordered Product Sales": "180,00 €"})
    loaded = load_account(account(whole(german_csv=euros)))
    assert loaded.sales.loc["B000000001", "units_ordered"] == 40
    assert "amounts are in '€'" in warnings(loaded)["german.csv"]


def test_a_few_rows_in_another_currency_are_left_out_and_said(account):
    rows = [ADS | {"Date": f"2026-11-{day}"} for day in (20, 21, 22)] + [ADS | {"Currency": "CAD", "Spend": "999"}]
    loaded = load_account(account(whole() | {"ads.csv": text(*rows)}))
    assert loaded.ads["ad_spend"].sum() == 150
    assert any(note.text == "1 row in another currency (CAD) was left out." for note in loaded.notes)


def test_a_report_of_another_currency_alone_stops(account):
    euros = text(BUSINESS | {"Ordered Product Sales": "800,00 €"})
    assert "amounts are in '€'" in refused(account(whole() | {"business.csv": euros}))


def test_records_of_the_data_kiosk_one_a_line_state_their_period(account):
    record = {"startDate": "2026-10-24", "endDate": "2026-11-22", "parentAsin": "B000000001", "sku": None}
    sales = {"orderedProductSales": {"amount": 800.0, "currencyCode": "USD"}, "unitsOrdered": 40}
    lines = [
        json.dumps(record | {"childAsin": asin, "sales": sales, "traffic": {"sessions": 250}})
        for asin in ("B000000001", "B000000002")
    ]
    loaded = load_account(account({"inventory.csv": text(INVENTORY, PLATE), "kiosk.jsonl": "\n".join(lines)}, about=""))
    assert (loaded.sales_days, loaded.sales["units_ordered"].tolist()) == (30, [40, 40])


def test_the_answer_to_a_query_is_unwrapped(account):
    sales = {"orderedProductSales": {"amount": 800.0, "currencyCode": "USD"}, "unitsOrdered": 40}
    record = {"startDate": "2026-10-24", "endDate": "2026-11-22", "childAsin": "B000000001", "sales": sales}
    document = json.dumps({"data": {"analytics": {"salesAndTrafficByAsin": [record]}}})
    loaded = load_account(account({"inventory.csv": text(INVENTORY), "kiosk.json": document}, about=""))
    assert (loaded.sales_days, loaded.sales["units_ordered"].tolist()) == (30, [40])


def test_a_document_by_parent_gets_no_line_that_takes_the_parent_for_the_child(account):
    record = {
        "parentAsin": "B000000001", "trafficByAsin": {"sessions": 9},
        "salesByAsin": {"unitsOrdered": 4, "orderedProductSales": {"amount": 80.0, "currencyCode": "USD"}},
    }  # fmt: skip
    document = json.dumps({"reportSpecification": {}, "salesAndTrafficByAsin": [record]})
    message = warnings(load_account(account({"inventory.csv": text(INVENTORY), "sales.json": document}, about="")))
    assert "by Parent Item report, which cannot be used here" in message["sales.json"]
    assert "asinGranularity CHILD" in message["sales.json"]


def test_a_document_without_records_says_so(account):
    document = json.dumps({"reportSpecification": {}, "salesAndTrafficByAsin": []})
    message = warnings(load_account(account({"inventory.csv": text(INVENTORY), "sales.json": document}, about="")))
    assert message["sales.json"] == "ignored: it has no records. Request it again, for days with sales."


def test_a_json_line_that_is_cut_off_is_named(account):
    message = refused(
        account({"inventory.csv": text(INVENTORY)} | {"kiosk.json": '{"childAsin": "B000000001"}\n{"childAsin": "B0\n'})
    )
    assert "kiosk.json, line 2: this JSON record cannot be read" in message


def test_a_date_range_is_a_summary_from_its_first_to_its_last_day(account):
    row = {
        "Date range": "Oct 24, 2026 - Nov 22, 2026", "Ad product": "Sponsored Products", "Campaign name": "Mugs",
        "Advertised product ID": "B000000001", "Clicks": "100", "Total cost": "50.00", "Purchases": "5",
        "Sales": "200.00",
    }  # fmt: skip
    later = row | {"Date range": "Nov 01, 2026 - Nov 10, 2026"}
    (first, second) = load_account(account(whole() | {"ads.csv": text(row, later)})).ads.to_dict("records")
    assert [str(each.date()) for each in (first["first_day"], first["date"])] == ["2026-11-01", "2026-11-10"]
    assert [str(each.date()) for each in (second["first_day"], second["date"])] == ["2026-10-24", "2026-11-22"]
    assert first["ad_spend"] + second["ad_spend"] == 100


@pytest.mark.parametrize("spelled", [
    *("21-Nov-26", "21/11/2026", "11-21-2026", "46347", "46347.0", "21 nov. 2026", "21/nov/2026", "Nov-21-26"),
    *("21 de noviembre de 2026", "21.11.26", "2026.11.21", "20261121", "21 lis 2026", "21.Kas.2026", "21-nov-26"),
    *("Saturday, November 21, 2026", "Nov 21, 2026 12:00 AM", "2026年11月21日"),
])  # fmt: skip
def test_days_as_a_spreadsheet_saves_them(account, spelled):
    ads = load_account(account(whole() | {"ads.csv": text(ADS | {"Date": spelled})})).ads
    assert [str(day.date()) for day in ads["date"]] == ["2026-11-21"]


def test_the_day_of_the_folder_tells_day_from_month(account):
    rows = [ADS | {"Date": f"{day:02}/11/2026"} for day in (10, 11, 12)]  # the twelfth of October, November, December?
    ads = load_account(account(whole() | {"ads.csv": text(*rows)}, day="2026-11-13")).ads
    assert [str(day.date()) for day in ads["date"]] == ["2026-11-10", "2026-11-11", "2026-11-12"]


def test_a_day_that_may_be_either_says_not_to_use_a_spreadsheet(account):
    message = refused(account(whole() | {"ads.csv": text(ADS | {"Date": "04/07/2026"})}))
    assert "Do not open it in Excel" in message


@pytest.mark.parametrize(
    ("title", "encoding", "about", "marketplace"),
    [
        ("不锈钢水杯 红色", "gb18030", "", "US"),
        ("红", "gb18030", 'language = "zh-CN"', "US"),
        ("カップ", "cp932", "", "JP"),
        ("不鏽鋼保溫杯 紅色", "cp950", "", "US"),
        ("不鏽鋼保溫杯 紅色", "cp950", 'language = "zh-CN"', "US"),
        ("瑜伽垫", "gb18030", 'language = "zh-CN"', "US"),
        ("Größe: 5 cm – rouge", "cp1252", 'language = "zh-CN"', "DE"),
        ("Café ½", "cp1252", "", "US"),
    ],
)
def test_titles_in_the_encoding_of_a_spreadsheet(account, title, encoding, about, marketplace):
    row = INVENTORY | {"product-name": title, "marketplace": marketplace, "currency": ""}
    content = text(row).encode(encoding)
    loaded = load_account(account({"inventory.csv": content}, about=about, marketplace=marketplace))
    assert loaded.stock["title"].tolist() == [title]
    assert not [note for note in loaded.notes if "GBK" in str(note.text)]


def test_titles_of_which_nothing_tells_the_encoding_are_said_to_be_uncertain(account):
    files = {"inventory.csv": text(INVENTORY | {"product-name": "花盆"}).encode("gb18030")}
    (note,) = [note for note in load_account(account(files)).notes if "GBK" in str(note.text)]
    assert note.text == (
        "its text was read as GBK, but may be Big5. If titles or SKUs look wrong, save the file as CSV UTF-8."
    )


def test_a_cost_line_finds_its_chinese_sku(account):
    costs = "sku,landed_cost\n水杯-红,4.5\n"
    files = {"inventory.csv": text(INVENTORY | {"sku": "水杯-红"}).encode("gb18030"), "/costs.csv": costs}
    assert load_account(account(files)).costs["landed_cost"].tolist() == [4.5]


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("23-11-2026", "Rename it to 2026-11-23."),
        ("2026_11_23", "Rename it to 2026-11-23."),
        ("20261123", "Rename it to 2026-11-23."),
        ("23 Nov 2026", "Rename it to 2026-11-23."),
        ("11-12-2026", "Rename it to 2026-12-11 / 2026-11-12."),
        ("26-11-23", "Rename it to 2026-11-23 / 2023-11-26."),
        ("23.11.26", "Rename it to 2026-11-23."),
        ("11-23-26", "Rename it to 2026-11-23."),
        ("261130", "Rename it to 2026-11-30."),
    ],
)
def test_a_folder_whose_name_is_no_day_is_answered_with_the_right_name(account, name, renamed):
    folder = account({f"/{name}/inventory.csv": text(INVENTORY)}, day="2026-11-16")
    assert f"{name}: ignored: its name is not a date of the form year-month-day. {renamed}" in refused(folder)


def test_a_folder_whose_name_is_no_day_is_answered_so_where_it_is_the_only_one(account):
    folder = account({"/23-11-2026/inventory.csv": text(INVENTORY)}, day="gone")
    message = refused(folder)
    assert "23-11-2026: ignored: its name is not a date of the form year-month-day. Rename it to 2026-11-23." in message
    assert "subfolders" not in message


def test_a_folder_of_a_day_that_there_is_not_is_named_once(account):
    message = refused(account({"/2026-11-31/inventory.csv": text(INVENTORY)}, day="2026-11-16"))
    assert "2026-11-31: ignored: there is no such day. Rename it" in message
    assert "files in subfolders" not in message


def test_a_folder_of_another_name_beside_a_snapshot_is_noted(account):
    loaded = load_account(account(whole() | {"/24-11-2026/inventory.csv": text(INVENTORY)}))
    assert [note.level for note in loaded.notes if note.where == "24-11-2026"] == ["warning"]


def test_one_snapshot_in_place_of_the_account_is_answered_with_the_account(account):
    folder = account(whole())
    message = refused(folder / DAY)
    assert "it is a snapshot, not the account's folder." in message
    assert f"{folder}'. For this snapshot, add --snapshot {DAY}." in message


@pytest.mark.parametrize("name", ["ads.csv", "business.csv", "orders.txt", "manage.csv"])
def test_a_report_without_rows_is_said_and_the_others_are_read(account, name):
    header = {
        "ads.csv": text(ADS).splitlines()[0], "business.csv": text(BUSINESS).splitlines()[0],
        "orders.txt": "purchase-date\torder-status\tasin\tquantity\titem-price",
        "manage.csv": "sku,fnsku,asin,condition,afn-listing-exists,afn-warehouse-quantity,afn-fulfillable-quantity,"
        "afn-reserved-quantity,afn-inbound-shipped-quantity",
    }[name]  # fmt: skip
    stock = text(INVENTORY | {"units-shipped-t30": "40"})
    loaded = load_account(account({"inventory.csv": stock, name: header + "\n"}))
    said = [note.text for note in loaded.notes if note.where.endswith(name)]
    assert "it has no rows below its header." in said
    assert loaded.stock["units_available"].tolist() == [100]


def test_a_report_beside_the_snapshots_is_said(account):
    loaded = load_account(account(whole(**{"/new_csv": text(BUSINESS)})))
    assert [note.text for note in loaded.notes if note.where == "new.csv"] == [
        "ignored: not in a snapshot's folder. Put it into the folder of its day."
    ]


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-10-24 - 2026-11-22",
        "Oct 24, 2026 – Nov 22, 2026",
        "24/10/2026 - 22/11/2026",
        "2026/10/24~2026/11/22",
        "10/24/2026-11/22/2026",
        "2026-10-24/2026-11-22",
        "Oct 24, 2026-Nov 22, 2026",
        "20261024-20261122",
        "2026/10/24-2026/11/22",
        "Oct 24 - Nov 22, 2026",
        "24 Oct - 22 Nov 2026",
        "24 oct. – 22 nov. 2026",
    ],
)
def test_a_range_of_days_in_any_form(account, spelled):
    row = {
        "Date range": spelled, "Ad product": "Sponsored Products", "Campaign name": "Mugs", "Clicks": "100",
        "Advertised product ID": "B000000001", "Total cost": "50.00", "Purchases": "5", "Sales": "200.00",
    }  # fmt: skip
    ads = load_account(account(whole() | {"ads.csv": text(row)})).ads
    assert [str(ads[name].iloc[0].date()) for name in ("first_day", "date")] == ["2026-10-24", "2026-11-22"]


def test_a_ledger_by_month_is_asked_for_by_day(account):
    names = ("FNSKU", "ASIN", "MSKU", "Disposition", "Starting Warehouse Balance", "Ending Warehouse Balance")
    row = {"Date": "10/2026", **dict(zip(names, ("X1", "B000000001", "A", "SELLABLE", "9", "5"), strict=True))}
    with pytest.raises(AccountError) as error:
        load_account(account({"ledger.csv": text(row)}))
    assert "'10/2026' is a month, not a day. Download it again by day, not by month." in str(error.value)


def test_numbers_that_cannot_be_never_refuse_a_file_however_many(account):
    rows = [INVENTORY | {"available": "-3"}, PLATE | {"available": "-1"}]
    loaded = load_account(account(whole() | {"inventory.csv": text(*rows)}))
    assert loaded.stock["units_available"].isna().tolist() == [True, True]


@pytest.mark.parametrize(
    ("spends", "total"),
    [
        (["5.125", "5.1250"], 10.25),
        (["1,234", "1.50"], 1235.5),
        (["$5.125", "$5.1"], 10.225),
        (["1,234", "5,678"], 6912),
        (["5.125", "4.250", "0"], 9.375),
        (["$5.125"], 5.125),
        (["5.125", "999"], 1004.125),
        (["0,512", "1,234"], 1.746),
        ([",512", "1,234"], 1.746),
        (["1,234.500", "5.125"], 1239.625),
        (["1.234,500", "5,125"], 1239.625),
        (["1", "1.250"], 2.25),
    ],
)
def test_three_decimals_are_told_from_thousands_by_the_other_amounts(account, spends, total):
    ads = text(*[ADS | {"Spend": spend} for spend in spends])
    assert load_account(account(whole() | {"ads.csv": ads})).ads["ad_spend"].sum() == pytest.approx(total)


def test_the_mark_of_decimals_may_show_itself_far_down(account):
    rows = [
        ADS | {"Date": f"2026-11-{1 + n % 22:02}", "Spend": f"{1 + n / 1000:.3f}".replace(".", ",")}
        for n in range(1100)
    ]
    ads = text(*rows, ADS | {"Spend": "1,5"})
    assert load_account(account(whole() | {"ads.csv": ads})).ads["ad_spend"].sum() == pytest.approx(1705.95)


@pytest.mark.parametrize(
    ("costs", "first"), [(["1.234", "12,50"], 1234), (["1.234", "12.50"], 1.234), (["2,875", "12,50"], 2.875)]
)
def test_a_cost_is_read_as_the_other_costs_of_its_column(account, costs, first):
    lines = ["asin;landed_cost", *(f"B00000000{number};{cost}" for number, cost in enumerate(costs, 1))]
    loaded = load_account(account(whole() | {"/costs.csv": "\n".join(lines) + "\n"}))
    assert loaded.costs["landed_cost"].iloc[0] == first


def test_a_day_of_another_age_is_left_out(account):
    ads = text(ADS, ADS | {"Date": "2099-11-22"})
    loaded = load_account(account(whole() | {"ads.csv": ads}))
    assert loaded.ads["ad_spend"].sum() == 50
    assert any("row 3: 2099-11-22 lies far ahead of the snapshot." in note.text for note in loaded.notes)


def test_advertising_of_next_year_is_left_out(account):
    loaded = load_account(account(whole() | {"ads.csv": text(ADS, ADS | {"Date": "2027-11-01"})}))
    assert loaded.ads["ad_spend"].sum() == 50
    assert any("row 3: 2027-11-01 lies far ahead of the snapshot." in note.text for note in loaded.notes)


def test_a_file_that_takes_more_memory_than_there_is_costs_nothing_where_the_others_suffice(account, monkeypatch):
    read = wockit.reading.folder.read_report

    def short(path, *rest, **named):
        if path.name == "more.csv":
            raise MemoryError
        return read(path, *rest, **named)

    monkeypatch.setattr(wockit.reading.folder, "read_report", short)
    loaded = load_account(account(whole() | {"more.csv": RETURNS}))
    assert "not enough memory" in warnings(loaded)["more.csv"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_passed_over(account, state):
    book = workbook(([ADS | {"Spend": "500.00"}], state), ([ADS], "visible"))
    files = {name: content for name, content in whole().items() if name != "ads.csv"}
    assert load_account(account(files | {"ads.xlsx": book})).ads["ad_spend"].tolist() == [50]


def test_two_sheets_that_are_reports_are_refused_by_name(account):
    book = workbook(([ADS], "visible"), ([ADS | {"Advertised ASIN": "B000000002"}], "visible"))
    files = {name: content for name, content in whole().items() if name != "ads.csv"}
    assert "its sheets 'Sheet' and 'Sheet1' are both reports." in refused(account(files | {"ads.xlsx": book}))


def test_a_new_empty_snapshot_is_said(account):
    folder = account(whole())
    (folder / "2026-11-30").mkdir()
    notes = {note.where: note.text for note in load_account(folder).notes}
    assert notes["2026-11-30"] == "the snapshot is empty, so the snapshot of 2026-11-23 is used."
    assert refused(folder, "2026-11-30").startswith("2026-11-30: the snapshot is empty.")


def test_a_line_of_the_own_column_map_that_takes_one_column_twice_is_a_plain_refusal(account):
    about = 'columns.all_orders = { purchase_date = "return-date", order_status = "status", sales = "status" }'
    message = refused(account(whole(returns_csv=RETURNS), about=about))
    assert message == (
        "account.toml, [columns.all_orders]: column 'status' is used as 'order_status', 'sales'. Keep one of them, "
        "because a column can have only one meaning."
    )


def test_notes_on_what_a_report_leaves_out_are_true(account):
    manage = {
        "sku": "MUG", "asin": "B000000001", "afn-listing-exists": "Yes", "afn-warehouse-quantity": "100",
        "afn-fulfillable-quantity": "100",
    }  # fmt: skip
    plate = manage | {"sku": "PLATE", "asin": "B000000002"}
    idle = [BUSINESS | {"(Child) ASIN": f"B0000001{n:02}", "Units Ordered": "0"} for n in range(40)]
    sold = BUSINESS | {"(Child) ASIN": "B000000200", "Units Ordered": "1"}
    files = {"manage.csv": text(manage, plate), "business.csv": text(BUSINESS, sold, *idle)}
    texts = [note.text for note in load_account(account(files)).notes]
    assert "1 ASIN with sales or advertising has no row, so its stock is unknown: B000000200." in texts
    assert [each for each in texts if each.startswith("40 ASINs ")], texts
    assert any("unknown" in each and "B000000002" in each for each in texts)
    assert not any("Units shipped by FBA are used as" in each for each in texts)


def test_a_target_that_is_not_used_is_said(account):
    notes = [note.text for note in load_account(account(whole(), about="sales_days = 30\ntarget_roas = 3")).notes]
    assert any(each.startswith("target_roas is not used, because roas_cut is 'account_benchmark'.") for each in notes)


def test_a_landed_cost_above_the_price_is_said(account):
    notes = load_account(account(whole(**{"/costs_csv": "asin,landed_cost\nB000000001,240\nB000000002,4\n"}))).notes
    (note,) = (note for note in notes if note.code == "cost_above_price")
    assert note.text == "the landed cost of 1 ASIN is above its price: B000000001. Is it the cost of one unit?"


def test_days_of_sales_that_double_the_cover_stop_the_run_like_missing_rows(account, capsys):
    rows = [
        INVENTORY | {"asin": f"B00000001{n}", "sku": f"S{n}", "weeks-of-cover-t30": "10", "fnsku": f"X{n}"}
        for n in range(6)
    ]
    sold = [BUSINESS | {"(Child) ASIN": f"B00000001{n}"} for n in range(6)]
    files = {"inventory.csv": text(*rows), "business.csv": text(*sold)}
    code, _, err = check(account(files, about="sales_days = 90"), capsys)  # 100 / 40 x 90 / 7 = 32 weeks, not 10
    assert (code, "--accept cover_far_from_amazon" in err) == (2, True)
    assert check(account(files), capsys)[0] == 0


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("marketplace = US", 'Write marketplace = "US"'),
        ("ad_budget = $1000", "Write ad_budget = 1000"),
        ("ad_budget = $1,000.50", "Write ad_budget = 1000.50"),
        ("name = “My shop”", 'Write name = "My shop"'),
        ("referral_rate = 15%", "Write referral_rate = 0.15"),
        ("low_weeks = 3,5", "Write low_weeks = 3.5"),
        ("low_weeks =", "Line 2 is 'low_weeks ='. Correct it."),
    ],
)
def test_a_slip_in_the_account_file_shows_its_line_and_the_mend(account, capsys, line, mend):
    folder = account(whole())
    (folder / "account.toml").write_text(f"sales_days = 30\n{line}\n", encoding="utf-8")
    code, _, err = check(folder, capsys)
    assert (code, mend in err, "line 2" in err) == (2, True, True)


def test_the_header_of_a_transaction_report_is_found_below_its_seven_lines(account):
    above = "\n".join(["Includes Amazon Marketplace transactions"] * 7)
    header = "date/time,settlement id,type,order id,sku,description,quantity,total"
    row = "Nov 1, 2026 1:00:00 AM PST,1,Order,1,MUG,Mug,1,20"
    found = load_account(account(whole(transactions_csv=f"{above}\n{header}\n{row}\n")))
    assert "Transaction" in warnings(found)["transactions.csv"]


def sheet_of_faults(cells):
    """An advertising workbook whose second row has these cells in the place of its spend."""
    header = ["Date", "Currency", "Campaign Name", "Advertised SKU", "Advertised ASIN", "Clicks", "Spend",
              "7 Day Total Sales ", "7 Day Total Orders (#)", "7 Day Total Units (#)"]  # fmt: skip
    book = openpyxl.Workbook()
    book.active.append(header)
    for number, cell in enumerate(cells):
        book.active.append([f"2026-11-0{number + 1}", "USD", "C", "S", "B0MADEUP01", 10, cell, 40, 1, 1])
    return book


@pytest.mark.parametrize(("cell", "said"), [
    ("#REF!", "'ad_spend' cannot be read, row 3: expected an amount, found '#REF!'. ASIN: B0MADEUP01."),
    ("=1+4", "'ad_spend' cannot be read, row 3: expected an amount, found '=1+4'. ASIN: B0MADEUP01."),
    (None, "'ad_spend' is blank. ASIN: B0MADEUP01."),
])  # fmt: skip
def test_a_row_of_advertising_without_its_spend_is_left_out_counted_and_named(tmp_path, cell, said):
    sheet_of_faults([10, cell, 10]).save(tmp_path / "ads.xlsx")
    report = read_report(tmp_path / "ads.xlsx")
    assert report.table[["ad_spend", "ad_sales"]].sum().tolist() == [20, 80]
    assert sum(report.dropped.values()) == 1
    assert report.notes[0].text.endswith(said)


def test_a_needed_column_of_errors_or_of_nothing_is_refused(tmp_path):
    for cell, said in (("#REF!", "expected an amount, found '#REF!'"), (None, "'ad_spend' is blank in all rows")):
        sheet_of_faults([cell, cell]).save(tmp_path / "ads.xlsx")
        with pytest.raises(ReportError, match=said):
            read_report(tmp_path / "ads.xlsx")


def test_an_error_is_found_where_the_table_begins_further_to_the_right(tmp_path):
    book = sheet_of_faults([10, "#N/A", 10])
    book.active.insert_cols(1, 2)
    book.active.title = "Ads & co"
    book.create_sheet("Nothing", 0)
    book.save(tmp_path / "ads.xlsx")
    assert "row 3: expected an amount, found '#N/A'" in read_report(tmp_path / "ads.xlsx").notes[0].text


def test_a_formula_that_gives_an_empty_text_is_a_blank(tmp_path):
    book = sheet_of_faults([10, 10])
    book.active["C3"] = '=""'
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "ads.xlsx", "w") as target:
        for name in plain.namelist():
            content = plain.read(name).replace(b'<c r="C3">', b'<c r="C3" t="str">')
            target.writestr(name, content)
    assert not read_report(tmp_path / "ads.xlsx").notes

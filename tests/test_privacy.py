"""Buyers' names and addresses, which order files hold: never loaded, never shown, never written."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from wockit import analyse, load_account
from wockit.analysis.history import history_of
from wockit.notes import WockitError
from wockit.reading.reports import read_report
from wockit.reading.schemas import schemas
from wockit.weekly.outputs import write_results
from wockit.weekly.run import run_weekly

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
DAY = "2026-11-23"
BUYER = {
    "buyer-name": "Quirinius Zabelthau",
    "buyer-email": "q7zabelthau@marketplace.example",
    "buyer-phone-number": "+49 30 5557731",
    "recipient-name": "Wilhelmine Xanthopoulou",
    "ship-address-1": "Kreuzwegallee 4711",
    "ship-address-2": "Hinterhaus Quadriga",
    "ship-city": "Zwiebelkirchen",
    "ship-state": "Oberzwackl",
    "ship-postal-code": "ZK99 7QX",
    "ship-phone-number": "030-5557732",
    "purchase-order-number": "PO-ZZ-886655",
    "cpf": "123.456.789-09",
    "gift-message-text": "Alles Gute, Tante Ottilie",
}
WORDS = re.compile(r"buyer|recipient|phone|e-?mail|address|gift|cpf|purchase-order|ship-(?:city|state|postal|country)")


@pytest.fixture(scope="module")
def orders():
    """The sample's file of orders with every column about buyers that is known to occur, all of them filled."""
    with zipfile.ZipFile(SAMPLE / "kinds" / "all_orders" / "us.txt.zip") as archive:
        text = archive.read(archive.namelist()[0]).decode("cp1252")
    header, *lines = (line.split("\t") for line in text.splitlines())
    columns = [*header, *(name for name in BUYER if name not in header)]
    rows = [dict(zip(header, line, strict=True)) | BUYER for line in lines]
    return "\n".join(["\t".join(columns), *("\t".join(row[name] for name in columns) for row in rows)]) + "\n"


@pytest.fixture(scope="module")
def account(tmp_path_factory, orders):
    """The sample with that file in the place of the business report."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    ignored = shutil.ignore_patterns("2026-11-09", "2026-11-16", "kinds", "*.py", "BusinessReport*")
    shutil.copytree(SAMPLE, folder, ignore=ignored)
    (folder / DAY / "orders.txt").write_text(orders, encoding="cp1252")
    return folder


def private(text):
    """Every value of a buyer that a text holds, in whatever case and whole or word by word."""
    words = {word for value in BUYER.values() for word in (value, *value.split()) if len(word) > 4}
    return sorted(word for word in words if word.casefold() in text.casefold())


def texts(path):
    """All that a file holds as text; a workbook part by part."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
            return [book.read(name).decode("utf-8") for name in book.namelist()]
    return [path.read_text(encoding="utf-8")]


def shown(account):
    tables = [account.stock, account.sales, account.ads, account.costs, account.files]
    return "\n".join([*(table.reset_index().to_csv() for table in tables), *map(str, account.notes), repr(account)])


def test_the_search_finds_what_is_there(orders):
    assert len(private(orders)) > len(BUYER)


def test_the_orders_are_read_and_their_buyers_are_not(account):
    found = read_report(account / DAY / "orders.txt")
    assert found.schema.key == "all_orders"
    assert len(found.table) > 5
    assert set(found.table) == set(schemas()["all_orders"].columns)
    assert [name for name in found.table if WORDS.search(name)] == []
    assert [cell for cell in found.header.values() if WORDS.search(cell)] == []
    assert private(found.table.to_csv() + repr(found)) == []


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_no_report_has_a_column_about_buyers(schema):
    spelled = [*schema.columns, *(spelling for column in schema.columns.values() for spelling in column.spellings)]
    assert [spelling for spelling in spelled if WORDS.search(spelling.casefold())] == []


def test_no_table_and_no_note_of_the_account_holds_them(account):
    loaded = load_account(account)
    assert loaded.sales["units_ordered"].sum() > 0
    assert private(shown(loaded)) == []


def test_no_file_that_is_written_holds_them(account, tmp_path):
    analysis = analyse(load_account(account))
    write_results(analysis, history_of(analysis, account, tmp_path), tmp_path, tmp_path)
    written = sorted(path for path in tmp_path.iterdir())
    assert [path.name for path in written] == ["advice.csv", "plan.xlsx", "positions.csv", "summary.json"]
    assert {path.name: private(text) for path in written for text in texts(path) if private(text)} == {}


@pytest.mark.end_to_end
def test_no_file_of_a_weekly_run_holds_them(account, tmp_path, forked):
    folder = run_weekly(account, tmp_path / "out", progress=False)
    written = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert {path.parent for path in written} == {folder}
    assert {path.name: private(text) for path in written for text in texts(path) if private(text)} == {}


BROKEN = {
    "a number that is none": lambda text: text.replace("\t29.99\t", "\ttwenty\t"),
    "a date that is none": lambda text: text.replace("2026-11-20T18:04:05+00:00", "yesterday"),
    "a needed column is renamed": lambda text: text.replace("\tquantity\t", "\tmany\t", 1),
    "no column that tells the report": lambda text: text.replace("purchase-date", "day", 1).replace(
        "order-status", "s"
    ),
    "a cell too many": lambda text: text.replace("\tShipped\t", "\tShipped\t\t", 1),
    "cells are missing": lambda text: text.rsplit("\t", 9)[0],
    "a column twice": lambda text: text.replace("\tbuyer-phone-number\t", "\tASIN\t", 1),
    "a quotation mark": lambda text: text.replace("Zwiebelkirchen", '"Zwiebelkirchen'),
    "NUL bytes": lambda text: text.replace("\t", "\t\0"),
}


@pytest.mark.parametrize("ruin", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("suffix", ["txt", "csv"])
def test_no_message_about_a_broken_file_of_orders_holds_them(tmp_path, orders, ruin, suffix):
    path = tmp_path / f"orders.{suffix}"
    path.write_text(ruin(orders), encoding="utf-8")
    try:
        said = repr(read_report(path))
    except WockitError as error:
        said = str(error)
    assert private(said) == []


def test_no_message_about_a_file_of_orders_without_its_header_holds_them(tmp_path, orders):
    path = tmp_path / "orders.txt"
    path.write_text(orders.partition("\n")[2], encoding="utf-8")
    with pytest.raises(WockitError) as caught:
        read_report(path)
    assert private(str(caught.value)) == []


def test_buyers_in_a_report_that_is_refused_are_not_shown(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(",".join(BUYER) + "\n" + ",".join(f'"{value}"' for value in BUYER.values()) + "\n")
    with pytest.raises(WockitError) as caught:
        read_report(path)
    assert private(str(caught.value)) == []


SHIPMENTS = ["114-1", "114-1", "2026-11-01T00:00:00+00:00", BUYER["buyer-email"], BUYER["buyer-name"], "USD", "Amazon"]


def test_a_row_of_data_in_the_place_of_a_header_is_counted_and_not_shown(tmp_path):
    path = tmp_path / "shipments.txt"
    path.write_text("\t".join(SHIPMENTS) + "\n", encoding="utf-8")
    with pytest.raises(WockitError, match="Columns found: 7 that are not shown") as caught:
        read_report(path)
    assert private(str(caught.value)) == []


@pytest.mark.parametrize("name", ["shipments.txt", "costs.csv", "stock.csv"])
@pytest.mark.parametrize("words", [["Shipped", "Other"], ["Shipped", "Total", "Product", "State"]])
def test_a_row_of_data_is_no_header_although_some_of_its_words_are_known(tmp_path, name, words):
    path = tmp_path / name
    path.write_text("\t".join([*SHIPMENTS, *words]) + "\n", encoding="utf-8")
    with pytest.raises(WockitError, match="that are not shown") as caught:
        read_report(path)
    assert private(str(caught.value)) == []


def test_a_text_that_is_named_a_workbook_is_refused_without_its_first_words(tmp_path):
    path = tmp_path / "orders.xlsx"
    path.write_text("Quirinius Zabelthau,q7zabelthau@marketplace.example\n", encoding="utf-8")
    with pytest.raises(WockitError, match="not a workbook") as caught:
        read_report(path)
    assert "Quirinius" not in str(caught.value)


def test_an_odd_row_of_orders_that_begins_with_the_buyer_is_not_shown(tmp_path, orders):
    header, *lines = orders.splitlines()
    rows = [f"buyer-name\t{header}", *(f"{BUYER['buyer-name']}\t{line}" for line in lines)]
    path = tmp_path / "orders.txt"
    path.write_text("\n".join([*rows, rows[1] + "\tmore"]) + "\n", encoding="utf-8")
    with pytest.raises(WockitError, match="the row has") as caught:
        read_report(path)
    assert private(str(caught.value)) == []


@pytest.mark.parametrize(
    "name", ["quantity", "item-price", "purchase-date", "asin", "sales-channel", "currency", "sku", "order-status"]
)
def test_a_buyer_in_another_column_of_orders_is_not_shown(account, orders, name, tmp_path):
    header, *lines = [line.split("\t") for line in orders.splitlines()]
    for line in lines:
        line[header.index(name)] = BUYER["buyer-name"]
    folder = shutil.copytree(account, tmp_path / "shop")
    (folder / DAY / "orders.txt").write_text("\n".join(map("\t".join, [header, *lines])), encoding="cp1252")
    try:
        said = shown(load_account(folder))
    except WockitError as error:
        said = str(error)
    assert private(said) == []


@pytest.mark.parametrize("cell", ["buyer-email", "Recipient_Name", "ship-address-1", "买家姓名", "E-Mail des Käufers"])
def test_a_column_map_cannot_reach_a_column_about_buyers(account, tmp_path, cell):
    folder = shutil.copytree(account, tmp_path / "shop")
    with (folder / "account.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[columns.all_orders]\ntitle = "{cell}"\n')
    with pytest.raises(WockitError, match="may hold data about buyers, which is never read"):
        load_account(folder)

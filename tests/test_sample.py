import csv
import io
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from wockit.analysis.analyse import analyse
from wockit.reading.account import load_account

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
NEWEST = SAMPLE / "2026-11-23"
FILES = sorted(
    path.relative_to(SAMPLE).as_posix()
    for path in SAMPLE.rglob("*")
    if path.suffix in (".csv", ".toml", ".txt", ".xlsx") and "kinds" not in path.relative_to(SAMPLE).parts
)
INVENTORIES = sorted(SAMPLE.glob("*/30*.csv"))
BUSINESS_REPORTS = sorted(SAMPLE.glob("*/BusinessReport-*.csv"))
WORKBOOKS = sorted(SAMPLE.glob("*/Sponsored*.xlsx"))


def table(path, encoding):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding))))


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def worksheet(path):
    with path.open("rb") as file, pytest.warns(UserWarning, match="no default style"):
        rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
        header, *cells = list(rows)
    return [dict(zip(header, row, strict=True)) for row in cells]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    target = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, str(SAMPLE / "make_sample.py"), str(target)], check=True)
    return target


@pytest.fixture(scope="module")
def advertising():
    return worksheet(next(NEWEST.glob("Sponsored*.xlsx")))


def test_the_script_makes_these_files_and_no_others(made):
    assert sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()) == FILES
    assert len(FILES) == 14


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".xlsx")])
def test_the_script_makes_the_same_text(made, name):
    assert (made / name).read_bytes() == (SAMPLE / name).read_bytes()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".xlsx")])
def test_the_script_makes_the_same_workbook(made, name):
    assert members(made / name) == members(SAMPLE / name)


def test_the_first_case_of_the_article_has_2000_in_stock_and_1000_ordered():
    stock = [row["available"] for row in table(INVENTORIES[-1], "cp1252") if row["asin"] == "B0WOC8CASE"]
    ordered = [
        row["Units ordered"] for row in table(BUSINESS_REPORTS[-1], "utf-8-sig") if row["(Child) ASIN"] == "B0WOC8CASE"
    ]
    assert (stock, ordered) == (["2000"], ["1,000"])


def test_the_second_case_of_the_article_has_400_clicks_for_800_and_20_orders_in_the_settled_days(advertising):
    settled = [
        row
        for row in advertising
        if row["Advertised ASIN"] == "B0CLEAR100" and datetime(2026, 10, 17) <= row["Date"] <= datetime(2026, 11, 15)
    ]
    clicks, spend, orders = (
        sum(row[name] for row in settled) for name in ("Clicks", "Spend", "7 Day Total Orders (#)")
    )
    assert len({row["Date"] for row in settled}) == 30
    assert (clicks, round(spend, 2), orders) == (400, 800.00, 20)


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.name)
def test_an_inventory_is_cp1252_without_a_mark_and_all_quoted(path):
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\x96" in content
    assert b"\xa0" in content
    assert content.startswith(b'"snapshot-date","sku"')
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.name)
def test_an_inventory_is_of_the_day_of_its_folder(path):
    assert {row["snapshot-date"] for row in table(path, "cp1252")} == {path.parent.name}


@pytest.mark.parametrize("path", BUSINESS_REPORTS, ids=lambda path: path.name)
def test_a_business_report_has_a_mark_en_dashes_and_no_final_newline(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf(Parent) ASIN,")
    assert "Sessions – Total – B2B" in content.decode("utf-8-sig").splitlines()[0]
    assert b"\r" not in content
    assert not content.endswith(b"\n")


def test_a_business_report_repeats_a_child_under_two_parents():
    parents = [
        row["(Parent) ASIN"] for row in table(BUSINESS_REPORTS[-1], "utf-8-sig") if row["(Child) ASIN"] == "B0E2T8PVGY"
    ]
    assert parents == ["B0PARNT01E", "B0PARNT02E"]


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.parent.name)
def test_a_workbook_claims_to_be_one_cell(path):
    sheet = members(path)["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1"/>' in sheet
    assert sheet.count(b"<row ") > 1000


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.parent.name)
def test_headers_of_a_workbook_end_in_spaces(path):
    strings = members(path)["xl/sharedStrings.xml"].decode()
    headers = ["7 Day Total Sales ", "Total Advertising Cost of Sales (ACoS) ", "7 Day Advertised SKU Sales "]
    assert [header for header in headers if f">{header}<" not in strings] == []


def test_dates_of_a_workbook_are_dates_and_reach_the_day_of_download(advertising):
    days = {row["Date"] for row in advertising}
    assert (min(days), max(days), len(days)) == (datetime(2026, 10, 17), datetime(2026, 11, 23), 38)


def test_the_second_account_is_made_by_its_script(tmp_path):
    home = SAMPLE.parent / "pan_eu"
    subprocess.run([sys.executable, str(home / "make_pan_eu.py"), str(tmp_path)], check=True)
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert len(names) == 5
    assert [name for name in names if (tmp_path / name).read_bytes() != (home / name).read_bytes()] == []


def test_the_stores_of_the_second_account_sell_one_stock(tmp_path):
    account = load_account(SAMPLE.parent / "pan_eu")
    found = analyse(account).details.sort_index()
    assert found["units_available"].tolist() == [110, 400, 900, 90]
    assert found["units_sold"].tolist() == [100, 120 + 90 + 70 + 50, 150, 160]  # without the British 45
    assert found["weeks_of_coverage"].round(2).tolist() == [4.4, 4.85, 24, 2.25]
    assert found["low_inventory_fee"].tolist() == [0, 0, 0, 0.35]  # 16.9 days of supply
    assert any("3 SKUs share their stock with ES, FR, IT." in note.text for note in account.notes)

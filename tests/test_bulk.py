"""A bulk download: every sheet by its header, ids as text for ever, words in English; what is damaged is left out."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.campaigns import dead_spend, main_campaigns
from wockit.cli import main
from wockit.notes import WrongFile
from wockit.reading.account import load_account
from wockit.reading.reports import read_report
from wockit.show.actions import actions

DAY = "2026-11-23"
STOCK = [
    {"asin": "B0MADEUP01", "sku": "A", "available": 900, "units-shipped-t30": 30},
    {"asin": "B0MADEUP02", "sku": "B", "available": 0, "units-shipped-t30": 30},
]
HEAD = ["Product", "Entity", "Operation", "Campaign ID", "Ad Group ID", "Ad ID", "Campaign Name", "State", "SKU"]
HEAD += ["ASIN (Informational only)", "Portfolio ID", "End Date", "Spend"]
SP = "Sponsored Products"
AD = {"Product": SP, "Entity": "Product Ad", "State": "enabled", "SKU": "A", "ASIN (Informational only)": "B0MADEUP01"}
ROWS = [
    {"Product": SP, "Entity": "Campaign", "Campaign ID": "900719925474099312", "Campaign Name": "Cubes - Auto",
     "State": "enabled", "End Date": "20271231"},
    {**AD, "Campaign ID": "900719925474099312", "Ad Group ID": "22", "Ad ID": "333", "Spend": 72.0},
    {"Product": SP, "Entity": "Campaign", "Campaign ID": "8", "Campaign Name": "Rest", "State": "enabled"},
    {**AD, "Campaign ID": "8", "Ad Group ID": "9", "Ad ID": "10", "Spend": 28.0},
]  # fmt: skip


def workbook(path, **sheets):
    """A workbook of sheets by name, each a header and its rows."""
    book = openpyxl.Workbook()
    for number, (name, (header, rows)) in enumerate(sheets.items()):
        sheet = book.active if not number else book.create_sheet()
        sheet.title = name
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(cell) for cell in header])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def shop(writer, tmp_path):
    def made(**sheets):
        folder = writer(tmp_path / "shop", inventory=STOCK)
        if sheets:
            workbook(folder / DAY / "bulk.xlsx", **sheets)
        return folder

    return made


def test_ids_stay_text_and_the_rows_of_all_sheets_are_read(shop):
    terms = (["Product", "Campaign ID", "Customer Search Term", "Impressions", "Clicks", "Spend"], [])
    display = [{"Product": "Sponsored Display", "Entity": "Campaign", "Campaign ID": "77", "State": "paused"}]
    bulk = load_account(shop(First=(HEAD, ROWS), Second=(HEAD[:8], display), Terms=terms)).bulk
    assert bulk.rows["campaign_id"].tolist() == ["900719925474099312"] * 2 + ["8"] * 2 + ["77"]
    assert (bulk.sheet, bulk.header) == ("First", tuple(HEAD))
    assert bulk.rows["row"].tolist() == [2, 3, 4, 5, 2]


def test_it_is_a_kind_of_its_own_that_check_lists(shop, capsys):
    assert main(["check", str(shop(S=(HEAD, ROWS)))]) == 0
    assert "Bulk operations" in capsys.readouterr().out


def test_without_one_everything_is_as_with_one(shop):
    folder = shop()
    without = analyse(load_account(folder))
    assert without.account.bulk is None
    workbook(folder / DAY / "bulk.xlsx", S=(HEAD, ROWS))
    with_one = analyse(load_account(folder))
    assert with_one.account.bulk is not None
    assert with_one.advice.equals(without.advice)
    assert with_one.positions.equals(without.positions)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Campaign ID": 900719925474099312.0}, "1 id was changed into a number and lost digits"),
        ({"Campaign ID": "9.00720E+17"}, "1 id was changed into a number and lost digits: 9.00720E+17."),
        ({"Campaign ID": "8"}, "duplicate ids: 8."),
        ({"Operation": "Update"}, "it is a bulk upload, not a download"),
    ],
)
def test_a_damaged_one_is_left_out_and_named_while_the_report_is_made(shop, change, message):
    account = load_account(shop(S=(HEAD, [ROWS[0] | change, *ROWS[1:]])))
    assert account.bulk is None
    assert [message in note.text for note in account.notes if note.code == "file_left_out"] == [True]


def test_a_number_that_lost_nothing_is_an_id(shop):
    assert load_account(shop(S=(HEAD, [ROWS[0] | {"Campaign ID": 123456789012345.0}]))).bulk.rows[
        "campaign_id"
    ].tolist() == ["123456789012345"]


def test_a_column_that_stands_there_twice_is_refused(tmp_path):
    path = workbook(tmp_path / "bulk.xlsx", S=([*HEAD, "state"], ROWS))
    with pytest.raises(WrongFile, match="duplicate columns: 'state'"):
        read_report(path)


def test_an_end_date_that_a_spreadsheet_took_for_a_day_is_repeated_as_the_console_writes_it(shop):
    bulk = load_account(shop(S=(HEAD, [ROWS[0] | {"End Date": date(2027, 12, 31)}]))).bulk
    assert bulk.cells[bulk.places["ends"]].tolist() == ["20271231"]


def test_the_campaigns_of_an_asin_and_its_share_of_spend(shop):
    account = load_account(shop(S=(HEAD, ROWS)))
    found = main_campaigns(account)["B0MADEUP01"]
    assert (found.campaigns, found.campaign, found.share) == (2, "Cubes - Auto", 0.72)
    assert "2 campaigns, 72% of its spend in Cubes - Auto" in actions(analyse(account))["why"]["B0MADEUP01"]


def test_an_asin_is_known_by_its_sku_where_the_download_has_none(shop):
    rows = [{k: v for k, v in row.items() if "ASIN" not in k} for row in ROWS]
    assert [*main_campaigns(load_account(shop(S=(HEAD, rows))))] == ["B0MADEUP01"]


def test_brand_and_display_ads_that_still_spend_without_stock_are_listed(shop):
    head = [*HEAD, "Creative ASINs"]
    whole = {"Entity": "Campaign", "State": "enabled", "Campaign Name": "Video", "Campaign ID": "5", "Spend": 50.0}
    ad = {"Entity": "Video Ad", "State": "enabled", "Campaign ID": "5", "Creative ASINs": "B0MADEUP01, B0MADEUP02"}
    rows = [{"Product": "Sponsored Brands", **each} for each in (whole, ad)]
    still = {"Product": "Sponsored Display", "Campaign ID": "6", "ASIN (Informational only)": "B0MADEUP02"}
    paused = [still | {"Entity": "Campaign", "State": "paused"}, still | {"Entity": "Product Ad", "State": "enabled"}]
    found = dead_spend(load_account(shop(S=(HEAD, ROWS), B=(head, rows), D=(HEAD, paused))))
    assert found.to_numpy().tolist() == [["Sponsored Brands", "Video", "B0MADEUP02", 50.0]]


def test_the_sample_has_one_in_the_exact_form(sample):
    assert len(sample.bulk.header) == 53
    assert sample.bulk.day == date(2026, 11, 23)
    assert sample.bulk.file == f"{DAY}/{next((Path(__file__).parents[1] / 'data/sample' / DAY).glob('bulk*')).name}"
    assert sample.bulk.products["campaign_id"].str.fullmatch(r"\d{15,18}").all()

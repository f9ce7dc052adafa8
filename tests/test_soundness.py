"""Rows that stand twice, and days that do not belong together."""

import pytest

from wockit.reading.reports import read_report

ADS = "Date,Campaign Name,Advertised ASIN,Impressions,Clicks,Spend,7 Day Total Sales"
ADS += ",7 Day Total Orders (#),7 Day Total Units (#)"
DAYS = [f"2026-11-0{day},C,B00000000{asin},9,2,5,20,1,1" for day in (1, 2) for asin in (1, 2)]
INVENTORY = "snapshot-date,sku,fnsku,asin,available,inv-age-0-to-90-days,units-shipped-t30,your-price"


def read(tmp_path, header, *rows):
    path = tmp_path / "report.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_report(path)


def texts(report):
    return [note.text for note in report.notes]


@pytest.mark.parametrize("between", [[], [ADS]], ids=["rows", "with the header"])
def test_a_table_that_was_pasted_twice_counts_once_and_says_so(tmp_path, between):
    report = read(tmp_path, ADS, *DAYS, *between, *DAYS)
    assert report.table["ad_spend"].sum() == 20
    assert report.dropped.get("repeated rows") == 4
    assert texts(report) == ["the table is repeated; it was counted once."]


@pytest.mark.parametrize("times", [3, 4])
def test_a_table_that_was_pasted_several_times_counts_once(tmp_path, times):
    report = read(tmp_path, ADS, *DAYS * times)
    assert report.table["ad_spend"].sum() == 20
    assert report.dropped.get("repeated rows") == 4 * (times - 1)


def test_lines_that_are_all_the_same_are_no_copies(tmp_path):
    report = read(tmp_path, ADS, *DAYS[:1] * 8)
    assert report.table["ad_spend"].sum() == 40


def test_a_table_that_was_pasted_twice_and_sorted_counts_once(tmp_path):
    report = read(tmp_path, ADS, *sorted(DAYS * 2))
    assert report.table["ad_spend"].sum() == 20
    assert report.dropped.get("repeated rows") == 4


def test_days_that_two_downloads_in_one_file_share_count_once_and_are_said(tmp_path):
    days = [f"2026-11-0{day},C,B00000000{asin},9,2,5,20,1,1" for day in range(1, 6) for asin in (1, 2, 3)]
    report = read(tmp_path, ADS, *days[:9], *days[6:])
    assert report.table["ad_spend"].sum() == 75
    assert texts(report) == ["3 duplicate rows were left out."]


def test_two_rows_of_a_day_that_are_alike_are_two_where_the_others_stand_once(tmp_path):
    report = read(tmp_path, ADS, *DAYS, DAYS[0])
    assert report.table["ad_spend"].sum() == 25


def test_rows_that_differ_in_a_column_that_is_not_read_are_two(tmp_path):
    other = [row.replace(",C,", ",D,") for row in DAYS]
    report = read(tmp_path, ADS, *DAYS, *other)
    assert report.table["ad_spend"].sum() == 40
    assert texts(report) == []


def test_an_inventory_of_two_days_counts_the_last_day_of_each_sku(tmp_path):
    report = read(
        tmp_path,
        INVENTORY,
        "2026-11-16,A,X1,B000000001,90,90,40,20",
        "2026-11-16,C,X3,B000000003,7,7,1,20",
        "2026-11-23,A,X1,B000000001,50,50,40,20",
        "2026-11-23,B,X2,B000000002,30,30,9,20",
    )
    assert report.table["units_available"].tolist() == [7, 50, 30]
    assert texts(report) == [
        "1 row of an earlier day was left out, because a later day has its SKU too. The rows are of 2 days, the last "
        "is 2026-11-23."
    ]


def test_a_business_report_of_few_products_that_was_pasted_twice_counts_once(written):
    row = {"(Parent) ASIN": "B0MADEUP01", "(Child) ASIN": "B0MADEUP01", "Units Ordered": 40}
    stock = [{"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 40}]
    assert written(inventory=stock, business=[row, row]).sales.loc["B0MADEUP01", "units_ordered"] == 40

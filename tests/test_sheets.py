import gzip
import io
import json
import os
import resource
import zipfile
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from wockit.notes import ReportError
from wockit.reading.files import read_sheets
from wockit.reading.reports import read_report
from wockit.reading.texts import LONGEST_HEADER_LINE

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "2026-11-23"
WORKBOOK = SAMPLE / "Sponsored_Products_Advertised_product_report.xlsx"
HEADER = "asin,sku,landed_cost\n"
ADVERTISING = ["Date", "Campaign Name", "Advertised ASIN", "Impressions", "Clicks", "Spend"]
ADVERTISING += ["7 Day Total Sales", "7 Day Total Orders (#)", "7 Day Total Units (#)"]


def saved(tmp_path, content, name="report.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def business_report(title, delimiter=","):
    header = ["(Parent) ASIN", "(Child) ASIN", "Title", "Page Views", "Units Ordered", "Ordered Product Sales"]
    row = ["B000000001", "B000000001", title, "30", "3", "$60.00"]
    return "\n".join(delimiter.join(cells) for cells in (header, row))


def workbook(*rows, sheet_before=None):
    book = openpyxl.Workbook()
    if sheet_before:
        book.active.append(sheet_before)
        book.create_sheet()
    for row in rows:
        book.worksheets[-1].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def advertising_row(clicks=2):
    return ["2026-11-01", "Auto", "B000000001", 100, clicks, 1.5, 30, 1, 1]


def column_of(path, place):
    for sheet in read_sheets(path, "report.csv"):
        (cells,) = sheet.read([place])
        return [cells.distinct[code] if code >= 0 else None for code in cells.codes]


def headers_of(path):
    return [sheet.header for sheet in read_sheets(path, "report.csv")]


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def tampered(content, old, new):
    """A workbook whose sheet has one text for another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if "worksheets/" in name:
                assert old in part
                part = part.replace(old, new, 1)
            after.writestr(name, part)
    return out.getvalue()


@contextmanager
def bounded(megabytes=300, seconds=60):
    """No more than so much memory beyond what the process ever had, and so much work, however busy the machine is."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    yield
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - before.ru_maxrss < megabytes * 1024
    assert after.ru_utime - before.ru_utime < seconds


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-8", "Dog Bowl – 2 Pack 不锈钢"),
        ("utf-8-sig", "Dog Bowl – 2 Pack 不锈钢"),
        ("utf-16", "Dog Bowl – 2 Pack 不锈钢"),
        ("cp1252", "Dog Bowl – 2\xa0Pack"),
    ],
)
def test_a_title_comes_out_as_written(tmp_path, encoding, title):
    report = read_report(saved(tmp_path, business_report(title).encode(encoding)))
    assert report.table["title"].tolist() == [title]


def test_cp1252_is_told_by_its_bytes(tmp_path):
    content = business_report("Bowl – 2\xa0Pack").encode("cp1252")
    assert b"\x96" in content
    assert b"\xa0" in content
    assert read_report(saved(tmp_path, content)).table["title"].tolist() == ["Bowl – 2\xa0Pack"]


@pytest.mark.parametrize(("encoding", "title"), [("cp932", "弁当箱 カップ ソ表"), ("gb18030", "不锈钢保温杯")])
def test_east_asian_bytes_cost_no_more_than_the_title(tmp_path, encoding, title):
    report = read_report(saved(tmp_path, business_report(title).encode(encoding)))
    assert report.table["asin"].tolist() == ["B000000001"]
    assert report.table["sales"].tolist() == [60]


@pytest.mark.parametrize(
    ("encoding", "header"), [("cp932", "出品者SKU,asin,販売できる数量"), ("gb18030", "不锈钢,asin,可用")]
)
def test_each_encoding_that_fits_is_a_candidate(tmp_path, encoding, header):
    assert tuple(header.split(",")) in headers_of(saved(tmp_path, f"{header}\n".encode(encoding)))


def test_a_japanese_header_is_recognised(tmp_path):
    header = "snapshot-date,出品者SKU,fnsku,asin,販売できる数量,inv-age-0-to-90-days"
    path = saved(tmp_path, f"{header}\n2026-11-23,A-1,X1,B000000001,7,7".encode("cp932"))
    assert read_report(path).table["units_available"].tolist() == [7]


def test_bytes_in_no_encoding_are_refused(tmp_path):
    path = saved(tmp_path, b"asin\xff\x81,sku\n\x81\xff")
    with pytest.raises(
        ReportError, match=r"^here: its text encoding is not one that Amazon uses\. Download it again\.$"
    ):
        list(read_sheets(path, "here"))


def test_half_a_utf_16_character_is_refused(tmp_path):
    path = saved(tmp_path, "asin".encode("utf-16")[:-1])
    with pytest.raises(ReportError, match=r"its text encoding is not one"):
        list(read_sheets(path, "here"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["report.csv", "report.txt", "report.tsv"])
def test_the_header_tells_the_delimiter(tmp_path, delimiter, name):
    path = saved(tmp_path, business_report("Bowl", delimiter), name)
    assert read_report(path).table["title"].tolist() == ["Bowl"]


def test_delimiters_inside_quotes_do_not_count(tmp_path):
    path = saved(tmp_path, '"a;b;c;d",asin\nx,B000000001\n')
    assert headers_of(path)[0] == ("a;b;c;d", "asin")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(tmp_path, newline):
    path = saved(tmp_path, newline.join(["asin,landed_cost", "B000000001,5", "B000000002,6", ""]))
    assert read_report(path).table["landed_cost"].tolist() == [5, 6]


def test_quotes_are_data_in_tab_separated_text(tmp_path):
    path = saved(tmp_path, 'asin\tsku\tlanded_cost\nB000000001\t8" bowl\t5\nB000000002\t"q\t6\n', "report.txt")
    assert read_report(path).table["sku"].tolist() == ['8" bowl', '"q']


def test_tab_separated_text_with_a_quoted_header_is_unquoted(tmp_path):
    path = saved(tmp_path, '"asin"\t"sku"\t"landed_cost"\n"B000000001"\t"8"" bowl"\t"5"\n', "report.txt")
    assert read_report(path).table["sku"].tolist() == ['8" bowl']


def test_a_quoted_cell_may_hold_delimiters_quotes_and_newlines(tmp_path):
    path = saved(tmp_path, HEADER + 'B000000001,"a, 8"" b\nc",5\nB000000002,d,6\n')
    report = read_report(path)
    assert report.table["sku"].tolist() == ['a, 8" b\nc', "d"]
    assert report.rows == 2


@pytest.mark.parametrize("blank", ["\n", ",,\n", '"","",""\n'])
def test_blank_rows_are_dropped_and_counted(tmp_path, blank):
    report = read_report(saved(tmp_path, HEADER + "B000000001,a,5\n" + blank * 2 + "B000000002,b,6\n" + blank))
    assert report.table["sku"].tolist() == ["a", "b"]
    assert dict(report.dropped) == {"blank rows": 3}
    assert report.rows == 5


def test_rows_after_a_blank_line_keep_their_number(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,\n\n\nB000000002,b,x\n")
    with pytest.raises(ReportError, match=r"^report\.csv, row 5, column 'landed_cost'"):
        read_report(path)


@pytest.mark.parametrize("content", [HEADER, HEADER.strip()])
def test_a_header_alone_is_a_report_without_rows(tmp_path, content):
    report = read_report(saved(tmp_path, content))
    assert report.rows == 0
    assert report.table.empty


def test_a_row_cut_short_says_which_and_what(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5\n\nB000000002,b")
    message = (
        r"^report\.csv, row 4: the row has 2 cells, the header has 3\. The file looks truncated or "
        r"edited\. Download it again\.$"
    )
    with pytest.raises(ReportError, match=message):
        read_report(path)


def test_three_odd_rows_are_shown_and_the_rest_counted(tmp_path):
    path = saved(tmp_path, HEADER + "x\n" * 5)
    with pytest.raises(ReportError) as caught:
        read_report(path)
    assert [p.where for p in caught.value.problems[:3]] == [f"report.csv, row {row}" for row in (2, 3, 4)]
    assert str(caught.value.problems[3]) == "report.csv: and 2 more rows like these."


def test_a_row_too_long_is_refused(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5,6\n")
    with pytest.raises(ReportError, match=r"row 2: the row has 4 cells, the header has 3"):
        read_report(path)


def test_an_odd_row_is_named_by_its_number_and_never_quoted(tmp_path):
    path = saved(tmp_path, HEADER + "Quirinius,5\n")
    with pytest.raises(ReportError, match="row 2: the row has 2 cells") as caught:
        read_report(path)
    assert "Quirinius" not in str(caught.value)


def test_a_quotation_mark_never_closed_means_a_file_cut_off(tmp_path):
    path = saved(tmp_path, HEADER + 'B000000001,"a,5\nB000000002,b,6\n')
    message = r"^report\.csv: a quotation mark is never closed: the file is truncated\. Download it again\.$"
    with pytest.raises(ReportError, match=message):
        read_report(path)


@pytest.mark.parametrize("file", sorted(SAMPLE.glob("*.csv")), ids=lambda path: path.name)
def test_a_sample_file_cut_in_the_middle_of_a_row_is_refused(tmp_path, file):
    content = file.read_bytes()
    cut = content[: content.rindex(b",", 0, len(content) // 2)]
    with pytest.raises(ReportError, match="truncated"):
        read_report(saved(tmp_path, cut))


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"  \t", b"\x00\x00"])
@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_an_empty_file_is_refused(tmp_path, content, name):
    with pytest.raises(ReportError, match=r"^here: the file is empty\. Download it again\.$"):
        list(read_sheets(saved(tmp_path, content, name), "here"))


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_a_protected_workbook_is_refused(tmp_path, name):
    path = saved(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, name)
    message = (
        r"^here: the workbook has a password, or it is an old \.xls file\. Open it, save it as \.xlsx without a "
        r"password, and try again\.$"
    )
    with pytest.raises(ReportError, match=message):
        list(read_sheets(path, "here"))


def test_text_named_xlsx_is_refused(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5\n", "report.xlsx")
    message = (
        r"^here: it is named \.xlsx but is not a workbook\. Download it again\. "
        r"If it is a text file, rename it to \.csv\.$"
    )
    with pytest.raises(ReportError, match=message):
        list(read_sheets(path, "here"))


def test_a_workbook_named_csv_is_read(tmp_path):
    path = saved(tmp_path, workbook(ADVERTISING, advertising_row()), "report.csv")
    assert read_report(path).table["ad_clicks"].tolist() == [2]


@pytest.mark.parametrize("kept", [0.001, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_a_workbook_cut_in_the_middle_is_refused(tmp_path, kept):
    content = WORKBOOK.read_bytes()
    path = saved(tmp_path, content[: int(len(content) * kept)], "report.xlsx")
    message = r"^here: it cannot be unpacked \('.*'\)\. It may be truncated or have a password\. Download it again\.$"
    with pytest.raises(ReportError, match=message):
        list(read_sheets(path, "here"))


def test_a_sheet_that_claims_to_be_one_cell_is_read_whole():
    with zipfile.ZipFile(WORKBOOK) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'<dimension ref="A1"/>' in sheet
    report = read_report(WORKBOOK)
    assert report.rows == sheet.count(b"<row ") - 1
    assert len(report.table) == report.rows > 1000


def test_the_sheet_with_a_known_header_is_taken(tmp_path):
    path = saved(tmp_path, workbook(ADVERTISING, advertising_row(), sheet_before=["About"]), "report.xlsx")
    assert read_report(path).rows == 1


def test_blank_rows_of_a_workbook_are_dropped_and_counted(tmp_path):
    rows = [ADVERTISING, advertising_row(2), [None] * 9, [None] * 9, advertising_row(3)]
    report = read_report(saved(tmp_path, workbook(*rows), "report.xlsx"))
    assert report.table["ad_clicks"].tolist() == [2, 3]
    assert dict(report.dropped) == {"blank rows": 2}


def test_a_workbook_without_rows_is_a_report_without_rows(tmp_path):
    assert read_report(saved(tmp_path, workbook(ADVERTISING), "report.xlsx")).table.empty


def test_a_workbook_without_a_cell_is_no_known_report(tmp_path):
    with pytest.raises(ReportError, match=r"Columns found: none\."):
        read_report(saved(tmp_path, workbook(), "report.xlsx"))


@pytest.mark.parametrize("line", ["x" * 200_000, "x," * LONGEST_HEADER_LINE, '"' + "x" * 200_000])
def test_an_endless_first_line_is_no_known_report(tmp_path, line):
    with pytest.raises(ReportError, match="its header matches no known report. Columns found: 1 that is not shown"):
        read_report(saved(tmp_path, line))


def test_a_cell_of_two_million_characters_is_read(tmp_path):
    path = saved(tmp_path, HEADER + f"B000000001,{'y' * 2_000_000},5\n")
    assert read_report(path).table["sku"].str.len().tolist() == [2_000_000]


def test_texts_of_a_column_beyond_all_reason_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.reading.texts.LARGEST_TEXTS", 50_000)
    rows = [f"B{number:09},{'y' * 100},5\n" for number in range(1000)]
    assert len(read_report(saved(tmp_path, HEADER + "".join(rows))).table) == 1000  # each text is held once
    path = saved(tmp_path, HEADER + "".join(row.replace("yy", f"y{n}", 1) for n, row in enumerate(rows)))
    with pytest.raises(ReportError, match="the texts of one column have more than 50,000 bytes"):
        read_report(path)


def test_a_report_of_stock_has_a_bounded_number_of_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.reading.reports.MOST_SKUS", 10)
    sample = (SAMPLE / "302451020781.csv").read_bytes()
    with pytest.raises(ReportError, match=r"it has \d+ rows, more than 10"):
        read_report(saved(tmp_path, sample))


def test_a_title_without_end_is_cut(tmp_path):
    path = saved(tmp_path, business_report("T" * 5000))
    assert read_report(path).table["title"].str.len().tolist() == [2000]


def test_only_the_wanted_columns_are_read(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5\nB000000002,,6\nB000000001,b,6\n")
    assert column_of(path, 2) == ["5", "6", "6"]
    assert column_of(path, 1) == ["a", None, "b"]


def test_each_distinct_cell_is_held_once(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5\n" * 50_000 + "B000000001,a,6\n")
    for sheet in read_sheets(path, "report.csv"):
        (cells,) = sheet.read([2])
        assert cells.distinct == ["5", "6"]
        assert cells.codes.tolist() == [0] * 50_000 + [1]
        assert cells.codes.itemsize == 1
        break


def test_a_character_may_lie_across_the_pieces_in_which_a_file_is_read(tmp_path):
    content = HEADER + "".join(f"B000000001,{'不' * 1000}{n},5\n" for n in range(2000))
    assert len(content.encode()) > 5_000_000
    assert read_report(saved(tmp_path, content)).table["sku"].tolist() == [f"{'不' * 1000}{n}" for n in range(2000)]
    table = read_report(saved(tmp_path, content.encode("utf-16"))).table
    assert table["sku"].tolist() == [f"{'不' * 1000}{n}" for n in range(2000)]


def test_quoted_newlines_may_lie_across_the_blocks_that_are_parsed(tmp_path):
    content = HEADER + "".join(f'B000000001,"{"x" * 500}\n{n}",5\n' for n in range(20_000))
    table = read_report(saved(tmp_path, content)).table
    assert table["sku"].str[501:].tolist() == [str(n) for n in range(20_000)]


def test_an_odd_row_far_down_has_its_number(tmp_path):
    content = HEADER + "B000000001,a,5\n" * 600_000 + "x"
    with pytest.raises(ReportError, match=r"^report\.csv, row 600002: the row has 1 cell, the header has 3\."):
        read_report(saved(tmp_path, content))


def test_odd_rows_without_end_are_not_counted_to_the_end(tmp_path):
    path = saved(tmp_path, HEADER + "x\n" * 1_000_000)
    with bounded(), pytest.raises(ReportError, match=r"and at least 997 more rows like these\."):
        read_report(path)


def test_a_gzipped_report_is_read(tmp_path):
    path = saved(tmp_path, gzip.compress((HEADER + "B000000001,a,5\n").encode()), "report.csv.gz")
    assert read_report(path).table["landed_cost"].tolist() == [5]


@pytest.mark.parametrize("kept", [11, 25, -1])
def test_a_gzipped_report_cut_off_is_refused(tmp_path, kept):
    path = saved(tmp_path, gzip.compress((HEADER + "B000000001,a,5\n").encode())[:kept], "report.csv.gz")
    with pytest.raises(ReportError, match=r"it cannot be unpacked"):
        read_report(path)


@pytest.mark.parametrize("opened_by", ["Arrow", "Python"])
def test_a_file_is_read_as_it_was_when_it_was_opened(tmp_path, monkeypatch, opened_by):
    if opened_by == "Python":  # as where the system gives open files no names
        monkeypatch.setattr("pathlib.Path.exists", lambda path: False)
    path = saved(tmp_path, HEADER + "B000000001,a,5\n")
    for sheet in read_sheets(path, "report.csv"):
        saved(tmp_path, '\xff,"\n' * 100, "newer.csv").replace(path)
        assert [cells.distinct for cells in sheet.read([0, 2])] == [["B000000001"], ["5"]]
        break


def test_a_zipped_report_is_read(tmp_path):
    text = saved(tmp_path, zipped(report_csv=HEADER + "B000000001,a,5\n"), "report.zip")
    assert read_report(text).table["landed_cost"].tolist() == [5]
    book = saved(tmp_path, zipped(report_xlsx=workbook(ADVERTISING, advertising_row())), "report.zip")
    assert read_report(book).table["ad_clicks"].tolist() == [2]


def test_an_archive_of_several_files_is_refused(tmp_path):
    path = saved(tmp_path, zipped(a_csv=HEADER, b_csv=HEADER), "report.zip")
    with pytest.raises(ReportError, match=r"the archive contains 2 files\. Unpack it"):
        read_report(path)


@pytest.mark.parametrize("name", ["report.zip", "report.xlsx"])
def test_an_archive_whose_file_has_no_name_is_read(tmp_path, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x", HEADER + "B000000001,a,5\n")
    assert column_of(saved(tmp_path, out.getvalue().replace(b"x", b"\0"), name), 2) == ["5"]


@pytest.mark.parametrize("name", ["report.zip", "report.gz"])
def test_an_archive_inside_of_an_archive_stays_closed(tmp_path, name):
    inner = zipped(a_csv=HEADER)
    path = saved(tmp_path, gzip.compress(inner) if name == "report.gz" else zipped(a_zip=inner), name)
    with pytest.raises(ReportError, match=r"it is an archive inside an archive\."):
        read_report(path)


def test_records_of_a_json_document_are_rows_and_nested_keys_joined_by_dots(tmp_path):
    records = [{"asin": "B000000001", "cost": {"amount": 5.10, "unit": None}}, {"asin": "007", "more": 1e5}]
    path = saved(tmp_path, json.dumps(records), "report.json")
    assert headers_of(path) == [("asin", "cost.amount", "cost.unit", "more")]
    assert column_of(path, 0) == ["B000000001", "007"]
    assert column_of(path, 1) == [5.1, None]
    assert column_of(path, 2) == [None, None]
    assert column_of(path, 3) == [None, 100000.0]


@pytest.mark.parametrize("content", ['[{"asin": "B0', "[" * 100_000, "[1, 2]"])
def test_a_json_document_that_is_no_list_of_records_is_refused(tmp_path, content):
    with pytest.raises(ReportError, match=r"it begins as JSON but cannot be read|its JSON is not a list of records"):
        read_report(saved(tmp_path, content, "report.json"))


@pytest.mark.parametrize(("depth", "length"), [(900, 10_000), (1, 1001), (600, 2)])
def test_keys_of_a_json_document_that_grow_with_each_level_are_refused(tmp_path, depth, length):
    path = tmp_path / "x.json"
    path.write_text("[" + f'{{"{"k" * length}":' * depth + "1" + "}" * depth + "]")
    with pytest.raises(ReportError, match="its JSON is nested too deeply"):
        list(read_sheets(path, "x.json"))


def test_a_column_of_a_json_document_has_a_cell_where_its_records_have_the_key(tmp_path):
    records = [{"asin": f"B{number:09}", f"key {number}": number % 2} for number in range(1000)]
    (sheet,) = read_sheets(saved(tmp_path, json.dumps(records), "report.json"), "report.json")
    assert sheet.header == ("asin", *(f"key {number}" for number in range(1000)))
    asins, first, last = sheet.read([0, 1, 1000])
    assert len(asins.distinct) == 1000
    assert first.codes.tolist() == [0] + [-1] * 999
    assert first.distinct == ["0"]
    assert last.codes.tolist() == [-1] * 999 + [0]
    assert last.distinct == ["1"]


def test_half_a_character_in_a_json_document_is_replaced(tmp_path):
    path = saved(tmp_path, r'[{"asin": "B000000001", "sku": "a\ud800", "landed_cost": "5"}]', "report.json")
    assert read_report(path).table["sku"].tolist() == ["a?"]


def test_a_header_below_a_preamble_is_found_and_rows_keep_their_number(tmp_path):
    path = saved(tmp_path, "Cost list\n\nMade on,2026-11-23\n" + HEADER + "B000000001,a,5\n")
    assert read_report(path).table["landed_cost"].tolist() == [5]
    path = saved(tmp_path, "Cost list\n\nMade on,2026-11-23\n" + HEADER + "B000000001,a,\n\nB000000002,b,x\n")
    with pytest.raises(ReportError, match=r"^report\.csv, row 7, column 'landed_cost'"):
        read_report(path)


@pytest.mark.parametrize("last", ["Made on 2026-11-23\n", '\n"Made on Monday, 8:00"\n\n', "End\r\nof report\r\n"])
def test_lines_around_the_table_are_left_out_and_counted(tmp_path, last):
    report = read_report(saved(tmp_path, f"Cost list\n{HEADER}B000000001,a,5\n{last}", "report.csv"))
    assert report.table["landed_cost"].tolist() == [5]
    assert report.dropped["lines above the header"] == 1
    assert report.dropped["lines below the table"] == len(last.split("\r\n")[:-1] or [last])


@pytest.mark.parametrize("rest", ["B0000000", "Made on Monday\nB000000002,b,5\n"])
def test_a_line_of_one_cell_that_ends_no_table_means_a_damaged_file(tmp_path, rest):
    with pytest.raises(ReportError, match="row 3: the row has 1 cell, the header has 3"):
        read_report(saved(tmp_path, f"{HEADER}B000000001,a,5\n{rest}"))


def test_a_header_below_a_preamble_is_found_in_a_workbook(tmp_path):
    rows = [["Report"], [], ["Made on", "2026-11-23"], ADVERTISING, advertising_row(None), advertising_row("soon")]
    with pytest.raises(ReportError, match=r"^report\.xlsx, row 6, column 'ad_clicks'"):
        read_report(saved(tmp_path, workbook(*rows), "report.xlsx"))
    rows[-2:] = [advertising_row(2)]
    assert read_report(saved(tmp_path, workbook(*rows), "report.xlsx")).table["ad_clicks"].tolist() == [2]


def test_cells_of_several_kinds_in_a_column_of_a_workbook(tmp_path):
    rows = [advertising_row(2), advertising_row(None), advertising_row("3"), advertising_row("1,000")]
    path = saved(tmp_path, workbook(ADVERTISING, *rows), "report.xlsx")
    assert read_report(path).table["ad_clicks"].tolist() == [2, 3, 1000]  # without clicks a row of ads tells nothing


@pytest.mark.parametrize("cells", [(1, True, 5), (True, 1, 5)])
def test_a_boolean_in_a_column_of_numbers_is_no_number(tmp_path, cells):
    path = saved(tmp_path, workbook(ADVERTISING, *map(advertising_row, cells)), "report.xlsx")
    report = read_report(path)
    assert report.table["ad_clicks"].tolist() == [1, 5]
    assert "1 row was left out, because 'ad_clicks' cannot be read" in report.notes[0].text


@pytest.mark.parametrize("name", ["report.csv.gz", "report.zip", "report.xlsx"])
def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch, name):
    for module in ("cells", "files", "workbooks"):
        monkeypatch.setattr(f"wockit.reading.{module}.LARGEST_UNPACKED", 100_000_000)
    zeros = b"0" * 100_000_001
    if name == "report.csv.gz":
        content = gzip.compress(zeros, 1)
    elif name == "report.zip":
        content = zipped(a_csv=zeros)
    else:
        content = tampered(workbook(ADVERTISING), b"<sheetData>", b"<!--" + zeros + b"--><sheetData>")
    del zeros
    with bounded(), pytest.raises(ReportError, match=r"^report.*: it unpacks to more than 100,000,000 bytes\."):
        read_report(saved(tmp_path, content, name))


@pytest.mark.parametrize("reference", ["A1048576", "XFD2", "FA2", "A99999999999", "EZ1048576"])
@pytest.mark.parametrize("cell", ['<c r="{}"><v>1</v></c>', "<c\ts='0'\nr = '{}'><v>1</v></c>"])
def test_a_workbook_with_a_cell_far_out_is_refused(tmp_path, reference, cell):
    end = b"</sheetData>"
    content = tampered(workbook(ADVERTISING), end, b"<row>" + cell.format(reference).encode() + b"</row>" + end)
    with bounded(), pytest.raises(ReportError, match=r"it has cells beyond column 156 or row 99,999, but few before"):
        read_report(saved(tmp_path, content, "report.xlsx"))


def long_workbook(rows, *references):
    """Two columns of so many rows, and more cells at these references."""
    lines = [b'<row><c r="A%d"/><c r="B%d"/></row>' % (row, row) for row in range(2, rows + 2)]
    lines += [f'<row><c r="{reference}"/></row>'.encode() for reference in references]
    return tampered(workbook(ADVERTISING), b"</sheetData>", b"".join(lines) + b"</sheetData>")


@pytest.mark.parametrize(
    ("rows", "references", "found"),
    [
        (200_000, ["EZ200000"], "it has cells beyond column 30 and beyond row 199,999: the grid is too large"),
        (200_000, ["AE2", "A999999"], "it has cells beyond column 30 and beyond row 199,999"),
        (200_000, ["A1100000"], "it has cells beyond column 156 or row 999,999, but few before them"),
        (1_000_000, ["A1100000"], "it has cells beyond column 156 or row 1,048,576, but few before them"),
    ],
)
def test_a_workbook_whose_grid_would_be_too_large_is_refused(tmp_path, rows, references, found):
    path = saved(tmp_path, long_workbook(rows, *references), "report.xlsx")
    with bounded(), pytest.raises(ReportError, match=found):
        read_report(path)


@pytest.mark.parametrize("references", [["AD200000"], ["A200000"], ["AE3", "EZ2", "A199999"]])
def test_a_long_or_a_wide_workbook_is_read(tmp_path, references):
    assert read_report(saved(tmp_path, long_workbook(150_000, *references), "report.xlsx")).table.empty


def test_entities_of_a_workbook_are_not_expanded(tmp_path):
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    entities = f'<!DOCTYPE worksheet [<!ENTITY e0 "{"x" * 1000}">{layers}]><worksheet '.encode()
    content = tampered(workbook(ADVERTISING), b"<worksheet ", entities)
    cell = b'<c r="A2" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData>'
    content = tampered(content, b"</sheetData>", b'<row r="2">' + cell)
    with bounded(), pytest.raises(ReportError, match=r"the workbook cannot be read .*entity"):
        read_report(saved(tmp_path, content, "report.xlsx"))


def test_a_workbook_with_a_sheet_under_one_name_twice_is_refused(tmp_path):
    out = io.BytesIO(workbook(ADVERTISING))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", archive.read("xl/worksheets/sheet1.xml"))
    with pytest.raises(ReportError, match=r"one of its parts is in it twice\. Open it, save it as \.xlsx"):
        read_report(saved(tmp_path, out.getvalue(), "report.xlsx"))


def test_a_workbook_in_another_form_is_refused(tmp_path):
    out = io.BytesIO(workbook(ADVERTISING))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/_rels/workbook.bin.rels", "")
    with pytest.raises(ReportError, match=r"the workbook is not an \.xlsx file"):
        read_report(saved(tmp_path, out.getvalue(), "report.xlsx"))


@pytest.mark.parametrize("where", ["header", "rows"])
def test_ten_million_columns_are_refused(tmp_path, where):
    header, row = HEADER[:-1], "B000000001,a,5"
    content = f"{header}{',x' * 10_000_000 if where == 'header' else ''}\n{row}{',1' * 10_000_000}\n"
    path = saved(tmp_path, content)
    del content
    with bounded(), pytest.raises(ReportError, match=r"no known report|it cannot be split into rows"):
        read_report(path)


@pytest.mark.parametrize("start", ["", HEADER + "B000000001,", HEADER + 'B000000001,"'])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_line_of_fifty_million_characters_is_refused(tmp_path, start, encoding):
    path = saved(tmp_path, (start + "é" + "x" * 50_000_000 + '",5\n' * start.endswith('"')).encode(encoding))
    with (
        bounded(),
        pytest.raises(ReportError, match=r"no known report|it cannot be split into rows|cells where"),
    ):
        read_report(path)


@pytest.mark.parametrize("content", [HEADER + "B000000001,a\0b,5\n", HEADER + "\0" * 5000, HEADER + "\n\0"])
def test_zero_bytes_are_refused(tmp_path, content):
    with pytest.raises(ReportError, match=r"^report\.csv: it contains bytes that are not text: the file is damaged\."):
        read_report(saved(tmp_path, content))


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "x.csv").mkdir()
    os.mkfifo(tmp_path / "y.csv")
    for name in ("x.csv", "y.csv"):
        with pytest.raises(ReportError, match=r"it is not a file\."):
            read_report(tmp_path / name)

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from wockit.notes import ReportError
from wockit.reports import read_report
from wockit.sheets import LONGEST_HEADER, read_sheets

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


def sheet_of(path):
    return read_sheets(path, "report.csv")[0]


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
    sheets = read_sheets(saved(tmp_path, f"{header}\n".encode(encoding)), "report.csv")
    assert tuple(header.split(",")) in [sheet.header for sheet in sheets]


def test_a_japanese_header_is_recognised(tmp_path):
    header = "snapshot-date,出品者SKU,fnsku,asin,販売できる数量,inv-age-0-to-90-days"
    path = saved(tmp_path, f"{header}\n2026-11-23,A-1,X1,B000000001,7,7".encode("cp932"))
    assert read_report(path).table["units_available"].tolist() == [7]


def test_bytes_in_no_encoding_are_refused(tmp_path):
    path = saved(tmp_path, b"asin\xff\x81,sku\n\x81\xff")
    with pytest.raises(ReportError, match=r"^here: its text is in no encoding that Amazon uses\. Download it again\.$"):
        read_sheets(path, "here")


def test_half_a_utf_16_character_is_refused(tmp_path):
    path = saved(tmp_path, "asin".encode("utf-16")[:-1])
    with pytest.raises(ReportError, match=r"its text is in no encoding"):
        read_sheets(path, "here")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["report.csv", "report.txt", "report.tsv"])
def test_the_header_tells_the_delimiter(tmp_path, delimiter, name):
    path = saved(tmp_path, business_report("Bowl", delimiter), name)
    assert read_report(path).table["title"].tolist() == ["Bowl"]


def test_delimiters_inside_quotes_do_not_count(tmp_path):
    path = saved(tmp_path, '"a;b;c;d",asin\nx,B000000001\n')
    assert sheet_of(path).header == ("a;b;c;d", "asin")


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
    path = saved(tmp_path, HEADER + "B000000001,a,5\n\n\nB000000002,b,x\n")
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
        r"^report\.csv, row 4: 2 cells where the header has 3: 'B000000002,b'\. "
        r"The file looks cut off or edited: download it again\.$"
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
    with pytest.raises(ReportError, match=r"row 2: 4 cells where the header has 3"):
        read_report(path)


def test_an_odd_row_reaches_the_message_escaped(tmp_path):
    path = saved(tmp_path, HEADER + "\x1b[31m,5\n")
    with pytest.raises(ReportError, match=r"'\\x1b\[31m,5'"):
        read_report(path)


def test_a_quotation_mark_never_closed_means_a_file_cut_off(tmp_path):
    path = saved(tmp_path, HEADER + 'B000000001,"a,5\nB000000002,b,6\n')
    message = r"^report\.csv: a quotation mark is opened and never closed: the file is cut off\. Download it again\.$"
    with pytest.raises(ReportError, match=message):
        read_report(path)


@pytest.mark.parametrize("file", sorted(SAMPLE.glob("*.csv")), ids=lambda path: path.name)
def test_a_sample_file_cut_in_the_middle_of_a_row_is_refused(tmp_path, file):
    content = file.read_bytes()
    cut = content[: content.rindex(b",", 0, len(content) // 2)]
    with pytest.raises(ReportError, match="cut off"):
        read_report(saved(tmp_path, cut))


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"  \t", b"\x00\x00"])
@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_an_empty_file_is_refused(tmp_path, content, name):
    with pytest.raises(ReportError, match=r"^here: the file is empty\. Download it again\.$"):
        read_sheets(saved(tmp_path, content, name), "here")


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_a_protected_workbook_is_refused(tmp_path, name):
    path = saved(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, name)
    message = (
        r"^here: the workbook is protected by a password, or is in the old \.xls form\. "
        r"Open it, save it as \.xlsx without a password, and try again\.$"
    )
    with pytest.raises(ReportError, match=message):
        read_sheets(path, "here")


def test_text_named_xlsx_is_refused(tmp_path):
    path = saved(tmp_path, HEADER + "B000000001,a,5\n", "report.xlsx")
    message = (
        r"^here: it is named \.xlsx but is no workbook; it begins with 'asin,sku,landed_'\. "
        r"Download it again, or give a text file its own ending, \.csv\.$"
    )
    with pytest.raises(ReportError, match=message):
        read_sheets(path, "here")


def test_a_workbook_named_csv_is_read(tmp_path):
    path = saved(tmp_path, workbook(ADVERTISING, advertising_row()), "report.csv")
    assert read_report(path).table["ad_clicks"].tolist() == [2]


@pytest.mark.parametrize("kept", [0.001, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_a_workbook_cut_in_the_middle_is_refused(tmp_path, kept):
    content = WORKBOOK.read_bytes()
    path = saved(tmp_path, content[: int(len(content) * kept)], "report.xlsx")
    message = r"^here: the workbook cannot be read \('.*'\); it may be cut off\. Download it again\.$"
    with pytest.raises(ReportError, match=message):
        read_sheets(path, "here")


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


@pytest.mark.parametrize("line", ["x" * 200_000, "x," * LONGEST_HEADER, '"' + "x" * 200_000])
def test_an_endless_first_line_is_no_known_report(tmp_path, line):
    with pytest.raises(ReportError, match=r"its header is that of no report wockit knows\. Columns found: 'x"):
        read_report(saved(tmp_path, line))


def test_a_cell_of_two_million_characters_is_read(tmp_path):
    path = saved(tmp_path, HEADER + f"B000000001,{'y' * 2_000_000},5\n")
    assert read_report(path).table["sku"].str.len().tolist() == [2_000_000]


def test_only_the_wanted_columns_are_read(tmp_path):
    frame = sheet_of(saved(tmp_path, HEADER + "B000000001,a,5\nB000000002,b,6\n")).read([2, 0])
    assert frame.to_numpy().tolist() == [["5", "B000000001"], ["6", "B000000002"]]
    assert frame.index.tolist() == [2, 3]

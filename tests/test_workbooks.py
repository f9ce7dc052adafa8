"""Workbooks whose cells have no position, no value, or one text without end."""

import io
import zipfile

import openpyxl
import pytest

import wockit.reading.grids
import wockit.reading.workbooks
from wockit.notes import ReportError
from wockit.reading.reports import read_report

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": (
        f'<workbook {MAIN} xmlns:r="{KIND}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
}
HEADER = ["Date", "Campaign Name", "Advertised ASIN", "Impressions", "Clicks", "Spend", "7 Day Total Sales"]
HEADER += ["7 Day Total Orders (#)", "7 Day Total Units (#)"]


def book(tmp_path, cells, shared="", prefix=""):
    path = tmp_path / "report.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        about = f'xmlns:{prefix[:-1]}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' if prefix else MAIN
        data = f"<{prefix}sheetData>{cells}</{prefix}sheetData>"
        archive.writestr("xl/worksheets/sheet1.xml", f"<{prefix}worksheet {about}>{data}</{prefix}worksheet>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
    return path


@pytest.mark.parametrize(
    ("cells", "prefix"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999">' + "<c><v>1</v></c>" * 400 + "</row>", ""),
        ('<row r="999999">' + '<c t="n"><v>1</v></c>' * 60 + "</row>", ""),
        ('<row r="1"><c r="A1"/></row><row r="999999">' + "<c/>" * 60 + "</row>", ""),
        ('<x:row r="999999">' + "<x:c><x:v>1</x:v></x:c>" * 60 + "</x:row>", "x:"),
        ('<x:row r="1"><x:c r="ZZZ1"><x:v>1</x:v></x:c></x:row>', "x:"),
    ],
    ids=["wide", "deep", "empty", "prefixed", "prefixed far out"],
)
def test_cells_that_do_not_say_where_they_are_span_no_endless_grid(tmp_path, cells, prefix):
    with pytest.raises(ReportError, match="the grid is too large|few before them"):
        read_report(book(tmp_path, cells, prefix=prefix))


def test_few_cells_that_do_not_say_where_they_are_are_read(tmp_path):
    rows = [HEADER, ["2026-11-01", "C", "B000000001", 9, 2, 1.5, 3, 1, 1]]
    cells = "".join("<row>" + "".join(f'<c t="str"><v>{cell}</v></c>' for cell in row) + "</row>" for row in rows)
    assert read_report(book(tmp_path, cells)).table["ad_spend"].tolist() == [1.5]


@pytest.mark.parametrize(
    "shared", ["<si><t>" + "A" * 1000 + "</t></si>", "<si>" + "<r><t>AAAAAAAAAA</t></r>" * 100 + "</si>"]
)
def test_a_long_text_in_many_cells_is_refused_before_it_is_unpacked(tmp_path, monkeypatch, shared):
    for module in (wockit.reading.grids, wockit.reading.workbooks):
        monkeypatch.setattr(module, "LARGEST_UNPACKED", 300_000)
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 400))
    with pytest.raises(ReportError, match="its texts are larger than 300,000 bytes"):
        read_report(book(tmp_path, cells, shared))


def test_more_shared_texts_than_the_bytes_can_hold_are_refused_before_memory_is_taken_for_them(tmp_path):
    path = book(tmp_path, '<row r="1"><c r="A1"/></row>', "<si/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/SharedStrings.xml", f'<sst {MAIN} uniqueCount="4000000000"/>')
    with pytest.raises(ReportError, match="it announces 4,000,000,000 texts"):
        read_report(path)


def test_a_workbook_of_endless_parts_is_refused(tmp_path):
    path = book(tmp_path, "")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(11_000):
            archive.writestr(f"x/{number}", "")
    with pytest.raises(ReportError, match="parts, more than 10,000"):
        read_report(path)


def test_a_header_without_end_is_no_header_and_takes_no_time(tmp_path):
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    with pytest.raises(ReportError, match="matches no known report"):
        read_report(book(tmp_path, cells, "<si>" + f"<r><t>{'A' * 10_000}</t></r>" * 300 + "</si>"))


def test_one_long_text_among_many_short_ones_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(wockit.reading.workbooks, "LARGEST_UNPACKED", 100_000)
    rows = [HEADER, *(["2026-11-01", "C" * (5000 if n == 3 else 1), "B000000001", 9, 2, 1, 3, 1, 1] for n in range(50))]
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(tmp_path / "report.xlsx")
    assert len(read_report(tmp_path / "report.xlsx").table) == 50


def advertising(*rows):
    made = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def row(number, spend):
    return [f"2026-11-{number:02}", "C", f"B00000000{number}", 9, 2, spend, 3, 1, 1]


def test_a_formula_that_was_never_calculated_is_named_with_its_row(tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(advertising(row(1, 5.0), row(2, "=1+4"), row(3, 5.0), row(4, 5.0)))
    report = read_report(path)
    (note,) = report.notes
    assert note.text == (
        "1 row was left out, because 'ad_spend' cannot be read, row 3: expected an amount, found '=1+4'. "
        "ASIN: B000000002."
    )


def test_a_column_of_formulas_that_were_never_calculated_is_refused(tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(advertising(row(1, "=1+4"), row(2, "=1+4")))
    with pytest.raises(
        ReportError, match="row 2, column 'ad_spend': expected an amount, found '=1.4'. Open the file in Excel"
    ):
        read_report(path)


def test_error_cells_are_named_as_in_a_text_file(tmp_path):
    cells = "".join(f'<c r="{"ABCDEFGHI"[at]}1" t="str"><v>{name}</v></c>' for at, name in enumerate(HEADER))
    rows = [f'<row r="1">{cells}</row>']
    for number in (2, 3, 4):
        values = ["2026-11-01", "C", "B000000001", 9, 2, 5, 3, 1, 1]
        kinds = ["str"] * 3 + ["n"] * 6
        if number == 3:
            values[5], kinds[5] = "#REF!", "e"
        if number == 4:
            values[2], kinds[2] = "#N/A", "e"
        each = zip("ABCDEFGHI", kinds, values, strict=True)
        rows.append(
            f'<row r="{number}">' + "".join(f'<c r="{a}{number}" t="{k}"><v>{v}</v></c>' for a, k, v in each) + "</row>"
        )
    report = read_report(book(tmp_path, "".join(rows)))
    texts = [note.text for note in report.notes]
    assert any(
        "'asin' cannot be read, row 4: expected an ASIN (ten letters or digits), found '#N/A'" in text for text in texts
    )
    assert any("'ad_spend' cannot be read, row 3: expected an amount, found '#REF!'" in text for text in texts)


def test_a_formula_that_gave_a_value_or_an_empty_text_is_read(tmp_path):
    cells = "".join(f'<c r="{"ABCDEFGHI"[at]}1" t="str"><v>{name}</v></c>' for at, name in enumerate(HEADER))
    values = ["2026-11-01", "C", "B000000001", 9, 2, 5, 3, 1, 1]
    line = "".join(f'<c r="{a}2" t="str"><f>1</f><v>{v}</v></c>' for a, v in zip("ABCDEFGHI", values, strict=True))
    report = read_report(
        book(tmp_path, f'<row r="1">{cells}</row><row r="2">{line}<c r="J2" t="str"><f>1</f><v></v></c></row>')
    )
    assert (report.table["ad_spend"].tolist(), report.notes) == ([5.0], ())


def test_a_table_that_does_not_begin_in_the_first_cell_has_its_holes_where_they_are(tmp_path):
    made = openpyxl.Workbook()
    for number, each in enumerate([HEADER, row(1, 5.0), row(2, "=1+4"), row(3, 5.0)]):
        for place, cell in enumerate(each):
            made.active.cell(number + 3, place + 2, cell)
    made.save(tmp_path / "report.xlsx")
    report = read_report(tmp_path / "report.xlsx")
    assert report.table["asin"].tolist() == ["B000000001", "B000000003"]
    assert "row 5:" in report.notes[-1].text


def rows_of(cells, prefix="", quote='"'):
    """A report with the raw cell given as its Spend, in a sheet of two rows."""
    values = ["2026-11-22", "C", "B000000001", 9, 2, None, 20, 1, 1]

    def cell(place, row, value):
        where = f"{prefix}c r={quote}{chr(65 + place)}{row}{quote}"
        if value is None:
            return cells
        if isinstance(value, int):
            return f"<{where}><{prefix}v>{value}</{prefix}v></{prefix}c>"
        text = f"<{prefix}is><{prefix}t>{value}</{prefix}t></{prefix}is>"
        return f"<{where} t={quote}inlineStr{quote}>{text}</{prefix}c>"

    return "".join(
        f"<{prefix}row r={quote}{number}{quote}>"
        + "".join(cell(place, number, value) for place, value in enumerate(row))
        + f"</{prefix}row>"
        for number, row in enumerate((HEADER, values), 1)
    )


@pytest.mark.parametrize(
    ("cell", "prefix", "quote", "said"),
    [
        ("<c r='F2' t='e'><v>#REF!</v></c>", "", "'", "'#REF!'"),
        ('<x:c r="F2" t="e"><x:v>#N/A</x:v></x:c>', "x:", '"', "'#N/A'"),
        ('<x:c r="F2"><x:f>1+1</x:f></x:c>', "x:", '"', "'=1[+]1'"),
        ('<c r="F2"><f t="shared" si="0"/></c>', "", '"', "'='"),
        ('<c r="F2"><f>A1</f><v xml:space="preserve"></v></c>', "", '"', "'=A1'"),
    ],
)
def test_an_error_is_seen_however_a_program_writes_it(tmp_path, cell, prefix, quote, said):
    with pytest.raises(ReportError, match=f"column 'ad_spend': expected an amount, found {said}"):
        read_report(book(tmp_path, rows_of(cell, prefix, quote), prefix=prefix))


def changed(path, **parts):
    """The same workbook with other parts."""
    with zipfile.ZipFile(path) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (whole | {f"xl/{name}.xml": content for name, content in parts.items()}).items():
            archive.writestr(name, content)
    return path


def sheets(*entries):
    return PARTS["xl/workbook.xml"].replace('<sheet name="a" sheetId="1" r:id="r1"/>', "".join(entries))


@pytest.mark.parametrize("number", [2, 101, 20_000])
def test_one_sheet_under_many_names_is_refused(tmp_path, number):
    names = [f'<sheet name="s{each}" sheetId="{each}" r:id="r1"/>' for each in range(1, number + 1)]
    with pytest.raises(ReportError, match="sheets, more than 100|one sheet is listed under several names"):
        read_report(changed(book(tmp_path, rows_of("<c/>")), workbook=sheets(*names)))


@pytest.mark.parametrize(("part", "size"), [("workbook", 6_000_000), ("styles", 51_000_000)])
def test_what_a_workbook_says_of_itself_is_bounded(tmp_path, part, size):
    with pytest.raises(ReportError, match=f"its part xl/{part}.xml is too large"):
        read_report(changed(book(tmp_path, rows_of("<c/>")), **{part: "<a>" + " " * size + "</a>"}))


def test_a_workbook_whose_list_of_sheets_is_no_xml_is_refused(tmp_path):
    path = changed(book(tmp_path, rows_of('<c r="F2" t="e"><v>#REF!</v></c>')), workbook=sheets("<q:odd/>"))
    with pytest.raises(ReportError, match="the workbook cannot be read"):
        read_report(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_of_an_odd_compression_is_not_unpacked(tmp_path, method):
    path = tmp_path / "ads.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("ads.csv", "a,b\n1,2\n")
    with pytest.raises(ReportError, match="its compression is not that of usual archives"):
        read_report(path)


def test_first_rows_of_very_many_sheets_are_not_looked_at(tmp_path):
    path = book(tmp_path, rows_of("<c/>"))
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2, 102):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", "<worksheet/>")
    with path.open("rb") as file:
        assert wockit.reading.workbooks.first_lines(file) is None


def test_only_the_first_cells_of_a_first_row_are_held(tmp_path):
    with book(tmp_path, "<row>" + "<c/>" * 1000 + "</row>").open("rb") as file:
        assert list(map(len, wockit.reading.workbooks.first_lines(file))) == [156]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="F2" t="e"><v>Quirinius</v></c>',
        '<c r="F2" t="Quirinius"><v>1</v></c>',
        '<c r="F2" t="b"><v>Quirinius</v></c>',
        '<c r="F2" t="str"><v>&Quirinius;</v></c>',
    ],
)
def test_no_message_about_a_damaged_workbook_shows_a_cell(tmp_path, cell):
    with pytest.raises(ReportError, match="the workbook cannot be read") as caught:
        read_report(book(tmp_path, rows_of(cell)))
    assert "Quirinius" not in str(caught.value)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_in_an_encoding_that_nobody_knows_is_a_sentence(tmp_path, part):
    path = tmp_path / "ads.xlsx"
    openpyxl.Workbook().save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w") as odd:
        for name in whole.namelist():
            head = b'<?xml version="1.0" encoding="nonsense"?>' if name == part else b""
            odd.writestr(name, head + whole.read(name))
    with pytest.raises(ReportError, match="the workbook cannot be read"):
        read_report(path, path.name)

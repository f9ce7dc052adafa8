"""What people write into the decision column comes back, by ASIN, whatever they write and in whatever language."""

import gzip
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.decisions import decision_of
from wockit.analysis.history import history_of
from wockit.analysis.plans import PLAN, last_plan, plan_in, read_decisions
from wockit.language import LANGUAGES, speak
from wockit.notes import ReportError
from wockit.show.actions import actions
from wockit.show.labels import heading
from wockit.show.workbook import write_workbook

ASINS = [f"B0DECIDE0{place}" for place in range(8)]
WRITTEN = {
    "formula": '=HYPERLINK("http://example.com","x")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+1",
    "at": "@x",
    "markup": "<b>&amp;</b>",
    "chinese": "不清仓，等圣诞节后再看 🙂",
    "lines": "first\nsecond",
    "quotes": 'she said "no", twice; ok',
}


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en")


@pytest.fixture(scope="module")
def analysis(build):
    row = {"units_available": 900.0, "units_shipped_30_days": 90.0, "price": 10.0, "title": "=1+1"}
    return analyse(build(dict.fromkeys(ASINS, row)))


def plan(analysis, folder, decided=(), history=None, **options):
    """A workbook of the analysis, with texts written into its decision column by ASIN."""
    path = Path(folder) / PLAN
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(analysis, path, history, **options)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    asin, decision = (head.index(heading(name)) for name in ("asin", "decision"))
    for row in sheet.iter_rows(min_row=2):
        if (text := dict(decided).get(row[asin].value)) is not None:
            row[decision].value = text
            if isinstance(text, str):
                row[decision].data_type = "s"
    book.save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_read_back_by_asin(analysis, tmp_path, language):
    speak(language)
    decided = dict(zip(ASINS, WRITTEN.values(), strict=True))
    path = plan(analysis, tmp_path, decided)
    for spoken in LANGUAGES:
        speak(spoken)
        assert read_decisions(path) == decided


def test_a_formula_that_was_never_calculated_is_no_decision(analysis, tmp_path):
    path = plan(analysis, tmp_path, {ASINS[1]: "go"})
    book = openpyxl.load_workbook(path)
    head = [cell.value for cell in book.worksheets[0][1]]
    asins = [row[head.index("ASIN")].value for row in book.worksheets[0].iter_rows(min_row=2)]
    book.worksheets[0].cell(asins.index(ASINS[0]) + 2, head.index("Decision") + 1).value = "=1+1"
    book.save(path)
    assert read_decisions(path) == {ASINS[1]: "go"}


def test_an_empty_column_is_no_decision(analysis, tmp_path):
    assert read_decisions(plan(analysis, tmp_path)) == {}


def test_only_the_rows_that_were_filled_in_count(analysis, tmp_path):
    assert read_decisions(plan(analysis, tmp_path, {ASINS[3]: "wait"})) == {ASINS[3]: "wait"}


def test_blanks_are_no_decision(analysis, tmp_path):
    assert read_decisions(plan(analysis, tmp_path, {ASINS[0]: "   ", ASINS[1]: " go "})) == {ASINS[1]: "go"}


def test_a_very_long_text_is_cut(analysis, tmp_path):
    found = read_decisions(plan(analysis, tmp_path, {ASINS[0]: "x" * 10_000, ASINS[1]: "short"}))
    assert found == {ASINS[0]: "x" * 500, ASINS[1]: "short"}


@pytest.mark.parametrize(("value", "text"), [(True, "True"), (2.5, "2.5"), (20, "20")])
def test_a_number_is_read_as_it_was_typed(analysis, tmp_path, value, text):
    assert read_decisions(plan(analysis, tmp_path, {ASINS[0]: value, ASINS[1]: "go"})) == {
        ASINS[0]: text,
        ASINS[1]: "go",
    }


def test_what_is_read_is_written_into_the_next_workbook_as_text(analysis, tmp_path):
    decided = dict(zip(ASINS, WRITTEN.values(), strict=True))
    path = tmp_path / PLAN
    write_workbook(analysis, path, decisions={**decided, "B0NOTTHERE": "x"})
    sheet = openpyxl.load_workbook(path).worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Decision") + 1
    cells = [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}
    assert [cell.value for cell in cells] == [decided[asin] for asin in actions(analysis).index]
    assert read_decisions(path) == decided


def test_a_sheet_that_was_sorted_is_read_by_asin(analysis, tmp_path):
    path = plan(analysis, tmp_path, {asin: f"about {asin}" for asin in ASINS})
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for place, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(place, column).value = value
    book.save(path)
    assert read_decisions(path) == {asin: f"about {asin}" for asin in ASINS}


def test_the_decisions_of_the_actions_count_and_not_those_of_the_week_before(analysis, tmp_path):
    history = history_of(analysis, tmp_path)
    row = {"title": "Cup", "place": "exit", "advised": "price_down", "did": "", "followed": False,
           "gain_a_week": 1.0, "cash": 1.0, "decision": "older"}  # fmt: skip
    ledger = pd.DataFrame([row], index=pd.Index(ASINS[:1], name="asin"))
    told = type(history)(**{**vars(history), "ledger": ledger})
    assert read_decisions(plan(analysis, tmp_path, {ASINS[0]: "newer"}, told)) == {ASINS[0]: "newer"}


def test_a_workbook_that_is_not_there_has_no_decisions(tmp_path):
    assert read_decisions(tmp_path / PLAN) == {}
    (tmp_path / PLAN).mkdir()
    assert read_decisions(tmp_path / PLAN) == {}


def test_a_workbook_without_asins_has_no_decisions(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Product", "Decision"])
    book.active.append([ASINS[0], "go"])
    book.save(tmp_path / PLAN)
    assert read_decisions(tmp_path / PLAN) == {}


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 locked"])
def test_a_damaged_workbook_is_refused(tmp_path, content):
    (tmp_path / PLAN).write_bytes(content)
    with pytest.raises(ReportError, match=PLAN):
        read_decisions(tmp_path / PLAN)


def reports(folder, *names):
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / PLAN).touch()
    return folder


def test_the_last_plan_is_that_of_the_last_report_before_the_day(tmp_path):
    home = reports(tmp_path, "2026-11-02", "2026-11-16", "2026-11-09", "2026-11-23", "2026-11-30")
    assert last_plan(home, date(2026, 11, 23)) == home / "2026-11-16" / PLAN
    assert last_plan(home, date(2027, 1, 1)) == home / "2026-11-30" / PLAN
    assert last_plan(home, date(2026, 11, 2)) is None


def test_other_folders_and_reports_without_a_plan_are_left_alone(tmp_path):
    home = reports(tmp_path, "2026-11-02", "failed/2026-11-16-1", "2026-11-16-old", ".running-1", "latest")
    (home / "2026-11-16").mkdir()
    assert last_plan(home, date(2026, 11, 23)) == home / "2026-11-02" / PLAN


@pytest.mark.parametrize("form", ["csv", "ods"])
def test_a_plan_saved_in_another_form_is_the_last_one_and_not_that_of_the_week_before_it(tmp_path, form):
    home = reports(tmp_path, "2026-11-09", "2026-11-16")
    (home / "2026-11-16" / PLAN).rename(home / "2026-11-16" / f"plan.{form}")
    assert last_plan(home, date(2026, 11, 23)) == home / "2026-11-16" / f"plan.{form}"
    (home / "2026-11-16" / PLAN).touch()
    assert last_plan(home, date(2026, 11, 23)) == home / "2026-11-16" / PLAN


def test_a_plan_that_was_saved_as_text_is_read(tmp_path):
    (tmp_path / "plan.csv").write_text(f"ASIN,Decision\n{ASINS[0]},yes\n", encoding="utf-8")
    assert read_decisions(plan_in(tmp_path)) == {ASINS[0]: "yes"}


def test_without_reports_there_is_no_last_plan(tmp_path):
    (tmp_path / "file").touch()
    assert [last_plan(home, date(2026, 11, 23)) for home in ("", tmp_path, tmp_path / "none", tmp_path / "file")] == [
        None
    ] * 4


def test_no_other_language_calls_the_asin_by_another_name():
    for language in LANGUAGES:
        speak(language)
        assert heading("asin") == "ASIN"


def test_a_whole_number_comes_back_as_it_was_written(analysis, tmp_path):
    path = plan(analysis, tmp_path, {ASINS[0]: 1234567, ASINS[1]: 0.25})
    assert read_decisions(path) == {ASINS[0]: "1234567", ASINS[1]: "0.25"}


def test_a_plan_whose_column_of_decisions_was_renamed_is_said(analysis, tmp_path):
    path = plan(analysis, tmp_path / "2026-11-16", {ASINS[0]: "keep"})
    book = openpyxl.load_workbook(path)
    cell = next(cell for cell in book.worksheets[0][1] if cell.value == heading("decision"))
    cell.value = "What we do"
    book.save(path)
    with pytest.raises(ReportError, match=r"plan\.xlsx: no column is named 'Decision'"):
        read_decisions(path)


def shown_as(analysis, tmp_path, value, form):
    """What is read back of a cell with a number format of its own, in a sheet with an empty column before it."""
    path = plan(analysis, tmp_path, {ASINS[0]: value})
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Decision") + 1
    row = next(each for each in range(2, sheet.max_row + 1) if sheet.cell(each, place).value is not None)
    sheet.cell(row, place).number_format = form
    book.save(path)
    return read_decisions(path)[ASINS[0]]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.5, "0%", "50%"),
        (-0.2, "0.00%", "-20%"),
        (0.125, '0.0" "%', "12.5%"),
        (0.5, "0.00", "0.5"),
        (12.5, "$0", "12.5"),
    ],
)
def test_a_cell_that_shows_a_percentage_is_read_as_it_shows(analysis, tmp_path, value, form, text):
    assert shown_as(analysis, tmp_path, value, form) == text


def test_an_asin_that_stands_twice_with_two_decisions_decides_nothing(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["ASIN", "Decision"],
        [ASINS[0], "yes"],
        [ASINS[0], "no"],
        [ASINS[1], "yes"],
        [ASINS[1].lower(), "yes"],
    ):
        book.active.append(row)
    book.save(tmp_path / PLAN)
    assert read_decisions(tmp_path / PLAN) == {ASINS[0]: "yes / no", ASINS[1]: "yes"}
    assert decision_of("yes / no").kind == "text"


@pytest.mark.parametrize("archived", [True, False], ids=["zip", "gzip"])
def test_a_table_that_is_named_a_plan_is_read_or_refused(tmp_path, archived):
    path, text = tmp_path / PLAN, f"ASIN,Decision\n{ASINS[0]},yes\n"
    if archived:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("plan.csv", text)
    else:
        path.write_bytes(gzip.compress(text.encode()))
    assert read_decisions(path) == {ASINS[0]: "yes"}


@pytest.mark.parametrize("part", ["content.xml", "Index/Document.iwa"])
def test_a_plan_saved_by_another_program_in_its_own_form_says_what_to_do(tmp_path, part):
    with zipfile.ZipFile(tmp_path / PLAN, "w") as archive:
        for name in ("mimetype", part):
            archive.writestr(name, "x")
    with pytest.raises(ReportError, match=r"the workbook is not an \.xlsx file\. Open it, save it as \.xlsx"):
        read_decisions(tmp_path / PLAN)


def test_an_amount_whose_dot_may_be_either_decides_nothing():
    assert [decision_of(text).kind for text in ("9²", "1.234", "$1.234", "1,234", "1.5")] == [
        "text",
        "text",
        "text",
        "value",
        "value",
    ]


DECIDED = {ASINS[0]: "yes", ASINS[1]: "no", ASINS[2]: "12.5"}


@pytest.fixture
def edited(analysis, tmp_path):
    """What is read of a plan whose workbook somebody edited; on another sheet it has a decision of the week before."""

    def read(edit):
        history = history_of(analysis, tmp_path)
        row = {"title": "Cup", "place": "exit", "advised": "price_down", "did": "", "followed": False,
               "gain_a_week": 1.0, "cash": 1.0, "decision": "older"}  # fmt: skip
        ledger = pd.DataFrame([row], index=pd.Index(ASINS[:1], name="asin"))
        told = type(history)(**{**vars(history), "ledger": ledger})
        path = plan(analysis, tmp_path, DECIDED, told)
        book = openpyxl.load_workbook(path)
        edit(book, book["Actions"])
        book.save(path)
        return read_decisions(path)

    return read


def named(sheet, heading):
    return next(cell for cell in sheet[1] if cell.value == heading)


def copied(book, sheet, approved):
    """A copy of the actions before them, with another text beside the first ASIN."""
    copy = book.copy_worksheet(sheet)
    book.move_sheet(copy, -len(book.worksheets))
    row = next(cell.row for cell in copy[named(sheet, "ASIN").column_letter] if cell.value == ASINS[0])
    copy.cell(row, named(sheet, "Decision").column).value = approved


@pytest.mark.parametrize(
    "edit",
    [
        lambda book, sheet: book.move_sheet(sheet, len(book.worksheets)),
        lambda book, sheet: setattr(sheet, "title", "My list"),
        lambda book, sheet: setattr(named(sheet, "Decision"), "value", " DECISION "),
        lambda book, sheet: setattr(named(sheet, "ASIN"), "value", "Asin"),
        lambda book, sheet: sheet.insert_rows(1, 3),
        lambda book, sheet: copied(book, sheet, "yes"),
        lambda book, sheet: setattr(sheet.cell(1, sheet.max_column + 1), "value", "Advised"),
    ],
    ids=["moved", "renamed", "capitals", "asin", "rows above", "copied", "own column"],
)
def test_the_actions_are_found_however_their_sheet_was_moved(edited, edit):
    assert edited(edit) == DECIDED


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda book, sheet: setattr(named(sheet, "Decision"), "value", "What we do"), "no column is named 'Decision'"),
        (lambda book, sheet: setattr(named(sheet, "ASIN"), "value", "Item"), "no column is named 'ASIN'"),
        (lambda book, sheet: book.remove(sheet), "no column is named 'Decision'"),
        (lambda book, sheet: setattr(sheet, "sheet_state", "hidden"), "no column is named 'Decision'"),
        (lambda book, sheet: sheet.insert_rows(1, 12), "in one of the first 10 rows"),
        (lambda book, sheet: copied(book, sheet, "no"), "its sheets '.*', '.*' have different decisions"),
    ],
    ids=["decision", "asin", "removed", "hidden", "far down", "copied"],
)
def test_no_decision_of_another_sheet_stands_in_for_those_of_the_actions(edited, edit, said):
    with pytest.raises(ReportError, match=said):
        edited(edit)


def test_a_decision_in_merged_cells_is_that_of_each_row(edited):
    def merge(book, sheet):
        column = named(sheet, "Decision").column_letter
        for row in range(2, 6):
            sheet[f"{column}{row}"].value = None
        sheet[f"{column}2"].value = "later"
        sheet.merge_cells(f"{column}2:{column}4")

    assert [*edited(merge).values()].count("later") == 3


@pytest.mark.parametrize("cell", ["'{}", " {}\u200b", "{}\u00a0"])
def test_an_asin_is_known_although_a_sign_that_nobody_sees_stands_beside_it(tmp_path, cell):
    book = openpyxl.Workbook()
    for row in (["ASIN", "Decision"], [cell.format(ASINS[0]), "yes"], [306406152, "no"]):
        book.active.append(row)
    book.save(tmp_path / PLAN)
    assert read_decisions(tmp_path / PLAN) == {ASINS[0]: "yes", "0306406152": "no"}


@pytest.mark.parametrize(
    "styles",
    [
        b'<styleSheet><numFmts><numFmt numFmtId="x" formatCode="0%"/></numFmts></styleSheet>',
        b"<styleSheet>",
        b"<styleSheet x14ac:knownFonts='1'/>",
        b"<?xml version='1.0' encoding='nonsense'?><styleSheet/>",
        b"<styleSheet>&nbsp;</styleSheet>",
    ],
)
def test_formats_that_cannot_be_read_are_a_sentence_or_none(tmp_path, styles):
    path = tmp_path / PLAN
    book = openpyxl.Workbook()
    for row in (["ASIN", "Decision"], [ASINS[0], 0.5]):
        book.active.append(row)
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w") as odd:
        for name in whole.namelist():
            odd.writestr(name, styles if name == "xl/styles.xml" else whole.read(name))
    try:
        assert read_decisions(path) == {ASINS[0]: "0.5"}
    except ReportError as error:
        assert "the workbook cannot be read" in str(error)

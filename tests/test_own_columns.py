"""Columns that people add to the actions come back in the next workbook, by ASIN."""

from datetime import date, datetime

import openpyxl
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.own_columns import ACTIONS, MOST_COLUMNS, OwnColumn, own_columns, read_own_columns
from wockit.analysis.plans import PLAN, YOURS
from wockit.language import speak
from wockit.show.actions import actions
from wockit.show.labels import heading
from wockit.show.workbook import write_workbook

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def week(build):
    row = {"units_available": 900.0, "units_shipped_30_days": 9.0, "price": 10.0, "title": "Cup"}
    return analyse(build(dict.fromkeys(("B000000001", "B000000002", "B000000003"), row)))


@pytest.fixture(scope="module")
def asins(week):
    return actions(week).index.tolist()


def plan(week, folder, own=(), change=None):
    """A workbook of an analysis, as somebody changed it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_workbook(week, folder / PLAN, own=own)
    if change:
        book = openpyxl.load_workbook(folder / PLAN)
        change(book.worksheets[0])
        book.save(folder / PLAN)
    return folder / PLAN


def with_column(heading, cells, before=None):
    """Write a column of cells by row, at the end or before another."""

    def change(sheet):
        place = sheet.max_column + 1
        if before:
            place = before
            sheet.insert_cols(before)
        for row, cell in ({1: heading} | cells).items():
            sheet.cell(row, place).value = cell

    return change


def test_a_column_comes_back_with_what_was_written_into_it(week, asins, tmp_path):
    cells = {2: "Li", 3: 3.5, 4: datetime(2026, 12, 1)}
    path = plan(week, tmp_path / "a", change=with_column("Who", cells))
    (column,) = read_own_columns(path)
    assert (column.heading, column.cells) == ("Who", dict(zip(asins, ["Li", 3.5, date(2026, 12, 1)], strict=True)))
    sheet = openpyxl.load_workbook(plan(week, tmp_path / "b", [column]))["Actions"]
    assert [cell.value for cell in sheet[1]][-1] == "Who"
    assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Li", 3.5, datetime(2026, 12, 1)]
    assert read_own_columns(tmp_path / "b" / PLAN) == [column]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_is_known_by_its_heading_wherever_it_stands_and_in_either_language(week, asins, tmp_path, language):
    speak(language)
    path = plan(week, tmp_path, change=with_column("Decision by", {2: "Kim"}, before=3))
    speak("en")
    assert read_own_columns(path) == [OwnColumn("Decision by", {asins[0]: "Kim"})]


def test_what_wockit_writes_itself_is_known(week, tmp_path):
    headings = [cell.value for cell in openpyxl.load_workbook(plan(week, tmp_path)).worksheets[0][1]]
    assert sorted(headings) == sorted(heading(name, "USD") for name in ACTIONS)


def test_without_columns_of_somebody_there_are_none(week, tmp_path):
    assert read_own_columns(plan(week, tmp_path)) == []


def test_a_second_column_of_a_name_of_ours_and_one_without_a_heading_are_theirs(week, asins, tmp_path):
    def change(sheet):
        with_column("Why", {2: "because"})(sheet)
        with_column(None, {3: "?"})(sheet)

    found = read_own_columns(plan(week, tmp_path, change=change))
    assert found == [OwnColumn("Why", {asins[0]: "because"}), OwnColumn("", {asins[1]: "?"})]


def test_what_is_written_about_an_asin_without_an_action_waits_on_a_sheet_of_its_own(week, asins, tmp_path):
    own = [OwnColumn("Who", {asins[0]: "Li", "B0GONE0000": "Kim"}), OwnColumn("=1+1", {"B0GONE0000": "=2+2"})]
    path = plan(week, tmp_path, own)
    book = openpyxl.load_workbook(path)
    assert list(book[YOURS].values) == [("ASIN", "Who", "=1+1"), ("B0GONE0000", "Kim", "=2+2")]
    assert {cell.data_type for row in book[YOURS] for cell in row} == {"s"}
    assert read_own_columns(path) == own


@pytest.mark.parametrize(
    ("places", "taken"),
    [
        (["2026-11-09", "2026-11-16"], "2026-11-16"),
        (["2026-11-16", "2026-11-23"], "2026-11-23"),
        (["2026-11-23", "2026-11-23 what-if half"], "2026-11-23 what-if half"),
    ],
)
def test_they_come_from_the_plan_that_is_replaced_or_else_from_the_last(week, asins, tmp_path, places, taken):
    for place in places:
        plan(week, tmp_path / place, [OwnColumn("From", {asins[0]: place})])
    (column,), notes = own_columns(tmp_path, places[-1], DAY)
    assert (column.cells, notes) == ({asins[0]: taken}, [])


def test_what_does_not_come_back_is_said(week, asins, tmp_path):
    plan(week, tmp_path / "2026-11-16", [OwnColumn(f"Column {n}", {asins[0]: "x"}) for n in range(MOST_COLUMNS + 2)])
    columns, (note,) = own_columns(tmp_path, "2026-11-23", DAY)
    assert len(columns) == MOST_COLUMNS
    assert note.text == "only the first 30 of the 32 columns that you added to the plan came back."


def test_a_last_plan_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "2026-11-16").mkdir()
    (tmp_path / "2026-11-16" / PLAN).write_bytes(b"no workbook")
    columns, (note,) = own_columns(tmp_path, "2026-11-23", DAY)
    assert columns == []
    assert note.text.startswith("the columns that you added to the last plan could not be read: it is named .xlsx")


def test_without_reports_nothing_is_read(tmp_path):
    assert own_columns("", "2026-11-23", DAY) == own_columns(tmp_path, "2026-11-23", DAY) == ([], [])

import math
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.analysis.decisions import WORDS, decision_of
from wockit.analysis.history import history_of, keep
from wockit.analysis.plans import read_decisions
from wockit.columns import LABELS
from wockit.formulas.budget import clearance_budget
from wockit.formulas.ways_out import REASONS
from wockit.language import LANGUAGES, say, speak
from wockit.notes import Note
from wockit.show import workbook
from wockit.show.actions import acting, actions
from wockit.show.labels import heading, shown
from wockit.show.sheets import LAYOUTS, PAGE_FILE, layout
from wockit.show.workbook import FORMULAS, write_workbook

SHEETS = ["Actions", "Positions", "Budgets", "Rates", "Ways out", "Notes"]
TABLES = [name for name in SHEETS if name != "Rates"]
HOSTILE = [
    '=HYPERLINK("http://example.com","x")',
    "+1",
    "-1",
    "@x",
    "http://example.com",
    "0012",
    "1e5",
    "{=1+1}",
    "mailto:a@example.com",
    "<b>&",
    "=",
]
NUMBER_FORMATS = {
    "units_available": "#,##0",
    "ad_spend": "#,##0.00",
    "stock_value": "#,##0",
    "roas": "0.00",
    "weeks_of_coverage": "#,##0.0",
    "conversion_rate": "0.0%",
}


def written(analysis, folder):
    path = folder / "plan.xlsx"
    write_workbook(analysis, path)
    return openpyxl.load_workbook(path, data_only=True)


def column(sheet, name, currency="USD", top=1):
    place = [cell.value for cell in sheet[top]].index(heading(name, currency))
    return [row[place] for row in sheet.iter_rows(min_row=top + 1)]


@pytest.fixture(scope="module")
def book(week, tmp_path_factory):
    return written(week, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def hostile(build, tmp_path_factory):
    row = {"units_available": 900.0, "units_shipped_30_days": 9.0, "price": 10.0}
    stock = {f"A{place:02}": {**row, "title": text, "skus": text, "alert": text} for place, text in enumerate(HOSTILE)}
    account = replace(build(stock), notes=tuple(Note("info", text, text) for text in HOSTILE))
    folder = tmp_path_factory.mktemp("hostile")
    written(analyse(account), folder)
    return openpyxl.load_workbook(folder / "plan.xlsx")


def test_there_is_a_sheet_for_each_purpose(book):
    assert book.sheetnames == SHEETS


@pytest.mark.parametrize(("name", "figure"), [("Positions", "positions"), ("Budgets", "budgets")])
def test_the_head_is_every_column_with_its_unit(book, week, name, figure):
    frame = getattr(week, figure)
    headings = [cell.value for cell in book[name][1]]
    assert sorted(headings) == sorted(heading(each, "USD") for each in ["asin", *frame.columns])
    first = layout(name).first
    assert headings[: len(first)] == [heading(each, "USD") for each in first]


@pytest.mark.parametrize(("name", "figure"), [("Positions", "positions"), ("Budgets", "budgets")])
def test_there_is_one_row_an_asin_in_the_same_order(book, week, name, figure):
    assert [cell.value for cell in column(book[name], "asin")] == getattr(week, figure).index.tolist()


def test_the_actions_are_those_of_the_report(book, week):
    assert [cell.value for cell in column(book["Actions"], "asin")] == actions(week).index.tolist()


def test_every_note_has_its_row(book, week):
    assert [cell.value for cell in column(book["Notes"], "text")] == [note.text for note in week.notes]


@pytest.mark.parametrize("name", TABLES)
def test_the_filter_spans_all_rows_and_columns(book, name):
    assert book[name].auto_filter.ref == book[name].dimensions


@pytest.mark.parametrize("name", TABLES)
def test_the_head_stays_in_sight(book, name):
    assert book[name].freeze_panes[1:] == "2"


@pytest.mark.parametrize("name", TABLES)
def test_no_column_is_too_narrow_or_too_wide(book, name):
    groups = book[name].column_dimensions.values()
    widths = [each.width for each in groups for _ in range(each.min, each.max + 1)]
    assert len(widths) == book[name].max_column
    assert 5 <= min(widths) <= max(widths) <= 101


@pytest.mark.parametrize("name", NUMBER_FORMATS)
def test_numbers_are_numbers_in_their_format(book, name):
    cells = [cell for cell in column(book["Positions"], name) if isinstance(cell.value, (int, float))]
    assert len(cells) > 10
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("n", NUMBER_FORMATS[name])}


@pytest.mark.parametrize(("name", "figure"), [("Positions", "positions"), ("Budgets", "budgets")])
def test_every_number_is_the_number_of_the_analysis(book, week, name, figure):
    frame = getattr(week, figure)
    for each in [each for each in frame if LABELS[each].is_number]:
        for cell, value in zip(column(book[name], each), frame[each], strict=True):
            if math.isfinite(value):
                assert cell.value == pytest.approx(value)


def test_dates_are_dates(book, week):
    cells = [cell for cell in column(book["Budgets"], "clear_by") if cell.value is not None]
    assert len(cells) == week.budgets["clear_by"].notna().sum() > 0
    assert all(cell.is_date and cell.number_format == "yyyy-mm-dd" for cell in cells)


@pytest.mark.parametrize(("name", "figure"), [("Positions", "positions"), ("Budgets", "budgets")])
def test_what_is_missing_is_an_empty_cell(book, week, name, figure):
    frame = getattr(week, figure)
    for each in frame:
        empty = [cell.value is None for cell in column(book[name], each)]
        assert empty == [pd.isna(value) or value == "" for value in frame[each]]


def test_what_has_no_end_is_text(book, week):
    endless = week.positions["weeks_of_coverage"].eq(math.inf).tolist()
    cells = column(book["Positions"], "weeks_of_coverage")
    assert [cell.value == "∞" for cell in cells] == endless
    assert any(endless)


def test_an_advice_is_written_in_words(book, week):
    said = {key.replace("_", " ") for key in week.advice["do"]}
    assert {cell.value for cell in column(book["Actions"], "do")} <= said


def test_signs_that_no_xml_holds_leave_a_workbook_whole(build, tmp_path):
    signs = [chr(code) for code in (*range(1, 32), 0x7F, 0x85, 0x2028, 0xFFFE, 0xFFFF)]
    row = {"units_available": 900.0, "units_shipped_30_days": 90.0, "price": 10.0}
    named = {f"B{n:09}": row | {"title": f"a{sign}b", "skus": f"s{sign}"} for n, sign in enumerate(signs)}
    write_workbook(analyse(build(named)), tmp_path / "plan.xlsx")
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    assert "a b" in [cell.value for cell in openpyxl.load_workbook(tmp_path / "plan.xlsx")["Positions"]["B"]]


@pytest.mark.parametrize("name", SHEETS)
def test_no_text_becomes_a_formula_a_link_or_a_number(hostile, name):
    cells = [cell for row in hostile[name].iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert {link.target for link in links} <= {None, "report.html"}
    places = "|".join(["[A-Z0-9]+", *(f"'{sheet}'!A[0-9]+" for sheet in SHEETS)])
    assert all(re.fullmatch(places, link.location) for link in links)
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [("Actions", ["title"]), ("Positions", ["title", "skus", "alert"]), ("Budgets", ["title"]),
     ("Notes", ["where", "text"])],
)  # fmt: skip
def test_hostile_text_is_kept_as_it_was_written(hostile, name, texts):
    for each in texts:
        assert set(HOSTILE) <= {cell.value for cell in column(hostile[name], each)}


def test_the_same_analysis_twice_is_the_same_workbook(week, book, tmp_path):
    again = written(week, tmp_path)
    for name in SHEETS:
        assert list(again[name].values) == list(book[name].values)


def test_an_account_without_excess_has_an_empty_budgets_sheet(build, tmp_path):
    account = build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}})
    assert written(analyse(account), tmp_path)["Budgets"].max_row == 1


def test_only_the_budgets_have_formulas_and_only_ours(week, tmp_path):
    written(week, tmp_path)
    live = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    for sheet in live:
        for cell in [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.data_type == "f"]:
            assert sheet.title == "Budgets"
            assert sheet.cell(1, cell.column).value in {heading(name, "USD") for name in FORMULAS}


def test_the_formulas_of_a_chinese_workbook_answer_in_chinese(week, tmp_path):
    speak("zh-CN")
    try:
        cached = column(written(week, tmp_path)["预算"], "click_pays")
        live = column(openpyxl.load_workbook(tmp_path / "plan.xlsx")["预算"], "click_pays")
    finally:
        speak("en")
    said = {"yes": "是", "no": "否", "unknown": "未知"}
    assert [cell.value for cell in cached] == [said[value] for value in week.budgets["click_pays"]]
    formulas = [cell.value for cell in live if cell.data_type == "f"]
    assert formulas
    assert all(formula.endswith(',"是","否")') for formula in formulas)


def test_why_a_way_is_closed_is_told_by_its_sentence(book, week):
    told = [cell.value for cell in column(book["Ways out"], "why_not")]
    assert told == [REASONS.get(key) for key in week.clearance["why_not"]]


@pytest.mark.skipif(not (shutil.which("soffice") or os.environ.get("CI")), reason="needs LibreOffice")
@pytest.mark.end_to_end
def test_a_colleague_who_changes_cvr_and_cpc_sees_our_numbers(sample, tmp_path):
    settings = sample.settings.change(units_per_order=1.2, lift=0.5, return_rate=0.1, dearer_clicks=1.3)
    found = analyse(sample, settings)
    written(found, tmp_path)
    live = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    known = found.budgets[found.budgets[["budget_corrected", "budget_upper"]].lt(1e9).all(axis=1)]
    assert len(known) > 15
    for asin, cvr, cpc in zip(
        column(live["Budgets"], "asin", top=2),  # other settings are a what-if, which the first row says
        column(live["Budgets"], "expected_conversion_rate", top=2),
        column(live["Budgets"], "cost_per_click", top=2),
        strict=True,
    ):
        if asin.value in known.index:
            cvr.value, cpc.value = cvr.value * 1.5, cpc.value + 0.25
    live.save(tmp_path / "changed.xlsx")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / "changed.xlsx"], check=True, capture_output=True)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "changed.xlsx", data_only=True)["Budgets"]
    ours = clearance_budget(
        units=known["excess_units"],
        conversion_rate=known["conversion_rate"],
        cost_per_click=known["cost_per_click"] + 0.25,
        ad_share=known["ad_share"],
        units_sold=known["units_sold"],
        sales_days=known["sales_days"],
        clear_days=known["clear_days"],
        units_per_order=1.2,
        own_conversion_rate=known["expected_conversion_rate"] * 1.5,
        lift=0.5,
        return_rate=0.1,
        dearer_clicks=1.3,
    )
    asins = [cell.value for cell in column(sheet, "asin", top=2)]
    for name, expected in (
        ("clicks", ours.clicks),
        ("budget_upper", ours.upper),
        ("budget_lower", ours.lower),
        ("ad_units_needed", ours.ad_units_needed),
        ("budget_corrected", ours.corrected),
        ("budget_extra", ours.extra),
        ("cost_per_order", ours.cost_per_order),
    ):
        shown = dict(zip(asins, (cell.value for cell in column(sheet, name, top=2)), strict=True))
        assert [shown[asin] for asin in known.index] == pytest.approx(expected.tolist(), abs=0.005)


@pytest.fixture(scope="module")
def moved(build, tmp_path_factory):
    """An analysis, its history and its workbook: A sold out and B is gone."""
    folder = tmp_path_factory.mktemp("moved")
    row = {"units_available": 400.0, "units_shipped_30_days": 20.0, "price": 10.0, "title": "=1+1"}
    keep(analyse(build({"A": row, "B": {**row, "title": "@x"}}, snapshot=date(2026, 11, 16))), folder)
    analysis = analyse(build({"A": {**row, "units_available": 0.0, "units_inbound": 5.0}}))
    history = history_of(analysis, folder)
    analysis = replace(analysis, advice=analysis.advice.assign(do="refill"))
    history = replace(history, ledger=history.ledger.assign(decision=["wait", "+1"]))
    write_workbook(analysis, folder / "plan.xlsx", history, {"A": "=2+2"})
    return analysis, history, openpyxl.load_workbook(folder / "plan.xlsx")


def test_with_a_past_there_are_sheets_on_movement(moved):
    assert moved[2].sheetnames == [*SHEETS[:-1], "Movement", "Advice results", "Weeks", "Notes"]


@pytest.mark.parametrize(("name", "figure"), [("Movement", "moves"), ("Advice results", "ledger"), ("Weeks", "totals")])
def test_the_sheets_on_movement_are_the_tables_of_history(moved, name, figure):
    _, history, book = moved
    frame = getattr(history, figure).reset_index()
    assert len(frame) == 2
    assert [cell.value for cell in book[name][1]] == [heading(each, "USD") for each in frame]
    for each in frame:
        found = [cell.value for cell in column(book[name], each)]
        numbers = LABELS[each].is_number
        for cell, value in zip(found, frame[each], strict=True):
            if pd.isna(value) or value == "":
                assert cell is None
            elif numbers and math.isfinite(value):
                assert cell == pytest.approx(value)
            else:
                assert cell == (value if LABELS[each].format == "date" else shown(each, value))


def test_what_people_wrote_stays_text(moved):
    _, _, book = moved
    cells = [*column(book["Actions"], "decision"), *column(book["Advice results"], "decision")]
    assert {(cell.value, cell.data_type) for cell in cells if cell.value} == {("=2+2", "s"), ("wait", "s"), ("+1", "s")}
    for sheet in ("Movement", "Advice results"):
        assert {cell.data_type for cell in column(book[sheet], "title")} == {"s"}


def test_the_column_for_decisions_is_empty_at_first(book):
    assert {cell.value for cell in column(book["Actions"], "decision")} == {None}


@pytest.fixture(scope="module")
def cut(week, tmp_path_factory):
    """The workbook of an account with more ASINs than its sheets list, and the tables that are written beside it."""
    path = tmp_path_factory.mktemp("cut") / "plan.xlsx"
    with pytest.MonkeyPatch.context() as few:
        few.setattr(workbook, "layout", lambda name: replace(layout(name), most=min(layout(name).most, 20)))
        whole = write_workbook(week, path)
    return openpyxl.load_workbook(path), whole


def test_what_explains_is_listed_as_far_as_a_person_reads_it_and_says_where_the_rest_is(cut, week):
    book, whole = cut
    assert [cell.value for cell in column(book["Positions"], "asin", top=2)] == [
        asin for asin in week.positions.index if asin in week.advice.index[:20]
    ]
    text = "Only the 20 ASINs with the most to gain, 20 of 60 rows. All are in positions.csv."
    assert book["Positions"]["A1"].value == text
    assert book["Positions"].auto_filter.ref.startswith("A2:")
    assert whole["positions.csv"]["asin"].tolist() == week.positions.index.tolist()
    assert len(whole["ways_out.csv"]) == len(week.clearance)
    live = [cell.value for cell in column(book["Budgets"], "budget_upper", top=2) if cell.data_type == "f"]
    assert all(re.search(r"[A-Z]3\b", formula) for formula in live[:1])


def test_few_actions_are_all_listed_whatever_others_gain(week, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "layout", lambda name: replace(layout(name), most=min(layout(name).most, 20)))
    asins = week.advice.index
    goes_on = week.advice.assign(do=week.advice["do"].mask(asins.isin(asins[:45]), "carry_on"), act_by=pd.NaT)
    write_workbook(replace(week, advice=goes_on), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert [cell.value for cell in column(book["Actions"], "asin")] == list(acting(replace(week, advice=goes_on)).index)


def test_links_lead_to_the_row_of_the_asin_wherever_it_is(cut):
    book, _ = cut
    followed = 0
    for cell in column(book["Budgets"], "title", top=2):
        if cell.hyperlink:
            sheet, _, place = cell.hyperlink.location.partition("!")
            assert book[sheet.strip("'")][place].value == book["Budgets"].cell(cell.row, 1).value
            followed += 1
    assert followed > 5


def test_days_to_act_by_are_dates(book, week):
    found = [cell.value for cell in column(book["Actions"], "act_by")]
    assert found == [None if pd.isna(day) else day for day in actions(week)["act_by"]]
    assert any(found)


def test_an_account_without_a_past_has_empty_sheets_on_movement(week, tmp_path):
    write_workbook(week, tmp_path / "plan.xlsx", history_of(week, tmp_path))
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert [book[name].max_row for name in ("Movement", "Advice results", "Weeks")] == [1, 1, 2]


def test_a_decision_is_written_right_after_what_to_do_from_a_list_that_takes_other_words(book):
    sheet = book["Actions"]
    headings = [cell.value for cell in sheet[1]]
    assert headings.index("Decision") == headings.index("Do first") + 1
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1 == '"yes,no,later"'
    assert not offered.showErrorMessage
    assert str(offered.sqref) == f"E2:E{sheet.max_row}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_decision_that_is_offered_is_understood(language):
    speak(language)
    assert [decision_of(say(word)).kind for word in WORDS] == list(WORDS)


def test_a_chinese_list_of_decisions_is_chinese(week, tmp_path):
    speak("zh-CN")
    (offered,) = written(week, tmp_path)["操作清单"].data_validations.dataValidation
    assert offered.formula1 == '"是,否,以后"'


@pytest.mark.parametrize("name", TABLES)
def test_a_sheet_prints_one_landscape_page_wide_with_its_head_on_each(book, name):
    sheet = book[name]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # it is 1 where nothing is said
    assert sheet.print_title_rows == "$1:$1"
    wide = len(layout(name).first) or sheet.max_column
    assert sheet.print_area == f"'{name}'!$A$1:${openpyxl.utils.get_column_letter(wide)}${sheet.max_row}"


@pytest.mark.parametrize("name", TABLES)
def test_every_heading_says_what_the_column_means(book, name):
    for cell in book[name][1]:
        meanings = [each.meaning for each in LABELS.values() if heading(each.name, "USD") == cell.value]
        assert cell.comment.text in meanings


@pytest.mark.parametrize(("name", "bars"), [(name, plan.bars) for name, plan in LAYOUTS.items() if plan.bars])
def test_cover_and_gain_have_bars(week, tmp_path, name, bars):
    write_workbook(week, tmp_path / "plan.xlsx", history_of(week, tmp_path))
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")[name]
    placed = {str(each.sqref) for each in sheet.conditional_formatting}
    headings = [cell.value for cell in sheet[1]]
    if sheet.max_row > 1:
        letters = [openpyxl.utils.get_column_letter(headings.index(heading(each, "USD")) + 1) for each, _ in bars]
        assert placed == {f"{letter}2:{letter}{sheet.max_row}" for letter in letters}


def test_an_asin_leads_to_its_place_on_the_page_and_a_title_to_its_positions(book):
    row = book["Actions"][2]
    asin, title = row[1], row[2]
    assert (asin.hyperlink.target, asin.hyperlink.location) == (PAGE_FILE, asin.value)
    sheet, _, place = title.hyperlink.location.partition("!")
    assert sheet == "'Positions'"
    assert book["Positions"][place].value == asin.value


def test_a_what_if_says_so_on_every_sheet(week, sample, tmp_path):
    path = tmp_path / "plan.xlsx"
    write_workbook(analyse(sample, sample.settings.change(low_weeks=2.5)), path)
    book = openpyxl.load_workbook(path)
    for name in ("Actions", "Positions", "Budgets"):
        assert book[name]["A1"].value == "What-if: low_weeks = 2.5. This is not the report: its numbers are tried out."
        assert book[name].freeze_panes.endswith("3")
    assert read_decisions(path) == {}


@pytest.mark.skipif(not (shutil.which("soffice") or os.environ.get("CI")), reason="needs LibreOffice")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.end_to_end
def test_the_actions_of_the_sample_print_on_at_most_four_pages(week, tmp_path, language):
    speak(language)
    write_workbook(week, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    for name in book.sheetnames[1:]:
        del book[name]
    book.save(tmp_path / "actions.xlsx")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "actions.xlsx"], check=True, capture_output=True)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "actions.pdf").read_bytes())
    assert 1 <= len(pages) <= 4

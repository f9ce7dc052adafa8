"""Decisions that people wrote into a plan, by ASIN, wherever they moved its sheets and columns.

What a decision says is in `decisions`. Columns that people added are in `own_columns`.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd

from wockit.analysis.decisions import decision_of
from wockit.columns import LABELS
from wockit.language import LANGUAGES, Text, catalogue, say
from wockit.notes import Problem, ReportError, quoted
from wockit.reading.cells import BROKEN, Cells, Sheet
from wockit.reading.faults import column_number, faults_of, parts_of_sheets
from wockit.reading.files import read_sheets
from wockit.reading.percents import percents_of
from wockit.reading.values import asin, text

PLAN = "plan.xlsx"


YOURS = "Your columns"
"""The sheet where the cells of ASINs stand that have no action this week."""


_FORMS = (".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".numbers")
"""Endings of a workbook that programs save."""


_LONGEST = 500


_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})[\"']")
"""Cells that were merged: the column of the first, its row, and the row of the last."""


def last_plan(reports: str | Path, before: date) -> Path | None:
    """The workbook of the last report before a day, in the folder of an account's reports; none if there is none."""
    folder = Path(reports)
    places = sorted(folder.glob("????-??-??")) if str(reports) and folder.is_dir() else []
    earlier = [plan_in(place) for place in places if place.name < before.isoformat()]
    return next((plan for plan in reversed(earlier) if plan.is_file()), None)


def plan_in(report: Path) -> Path:
    """The plan in the folder of a report: `plan.xlsx`, or where that is gone what somebody saved in another form."""
    plan = report / PLAN
    others = [plan.with_suffix(suffix) for suffix in _FORMS]
    return next((path for path in (plan, *others) if path.is_file()), plan)


def approvals_of_other_advice(plan: Path, advice: pd.DataFrame) -> list[str]:
    """ASINs whose approval stands beside other advice than theirs: it is another by now, or rows were moved apart."""
    approved = [key for key, decision in read_decisions(plan).items() if decision_of(decision).approves]
    then = read_decisions(plan, "first") if approved else {}
    now = {key: say(says) for key, says in advice["says"].items()}
    return [key for key in approved if key not in now or not then.get(key, "").startswith(now[key][:_LONGEST])]


def decisions_that_hold(plan: Path, advice: pd.DataFrame) -> dict[str, str]:
    """The decisions of a workbook that is made again, without approvals of advice that says something else by now."""
    other = approvals_of_other_advice(plan, advice)
    return {key: decision for key, decision in read_decisions(plan).items() if key not in other}


def read_decisions(plan: Path, column: str = "decision") -> dict[str, str]:
    """Decisions in a workbook, by ASIN; none where there is no workbook.

    Sheets may be moved, renamed and copied. The decisions of the week before, which stand on another sheet, are none.

    Parameters
    ----------
    plan
        The workbook.
    column
        Another column of the actions to read in its place.

    Raises
    ------
    ReportError
        If the file cannot be read as a workbook, has no such column any more, or two of its sheets differ.
    """
    if not plan.is_file():
        return {}
    written: dict[str, dict[str, str]] = {}
    named: set[str] = set()
    for sheet in read_sheets(plan, plan.name):
        headings = list(map(plain, sheet.header))
        if is_of_another_kind(sheet):
            continue
        there = {
            name: headings.index(heading)
            for name in ("asin", column)
            for heading in headings
            if heading in spoken(name)
        }
        named |= {*there}
        if len(there) == 2:
            keys, cells = sheet.read([*there.values()])
            written[sheet.name] = _by_asin(plan, sheet, keys, cells, there[column])
    if not written and "asin" in named:
        missing = "asin" if column in named else column
        message = Text("no column is named {0}, so no decision can be read.", repr(LABELS[missing].heading))
        do = "Give the column its name again, in one of the first 10 rows of a sheet that is shown."
        raise ReportError([Problem(plan.name, message, do)])
    (_, first), *others = [*written.items()] or [("", {})]
    if different := [name for name, texts in others if texts != first]:
        names = ", ".join(map(quoted, [next(iter(written)), *different]))
        message = Text("its sheets {0} have different decisions.", names)
        raise ReportError([Problem(plan.name, message, "Keep one of these sheets and delete the others.")])
    return first


def is_of_another_kind(sheet: Sheet) -> bool:
    """True for a sheet with decisions of the week before, or cells of ASINs without an action."""
    headings = {*map(plain, sheet.header)}
    return is_of_yours(sheet) or (not spoken("advised").isdisjoint(headings) and spoken("first").isdisjoint(headings))


def is_of_yours(sheet: Sheet) -> bool:
    """True for a sheet with the cells of people's own columns beside ASINs without an action."""
    return sheet.name in {catalogue(language).get(YOURS, YOURS) for language in LANGUAGES}


def spoken(name: str) -> set[str]:
    """A heading in every language, as `plain` gives it."""
    english = LABELS[name].heading
    return {plain(catalogue(language).get(english, english)) for language in LANGUAGES}


def plain(heading: str) -> str:
    """A heading without its unit, as people may write it again.

    Examples
    --------
    >>> plain(" Gain per  week [USD]"), plain("DECISION")
    ('gain per week', 'decision')
    """
    return re.sub(r" \[[^\]]*\]$", "", " ".join(unicodedata.normalize("NFKC", heading).split())).casefold()


def asins_of(cells: Cells) -> list[str]:
    """The ASIN of each row, as it is spelled rightly; the cell itself where it is none."""
    distinct = [_asin(cell) for cell in cells.distinct]
    return [distinct[code] if code >= 0 else "" for code in cells.codes]


def _asin(cell: object) -> str:
    written = (text(cell) or "").strip("'\u200b\ufeff \u00a0")  # type: ignore[arg-type]
    try:
        return asin(written) or ""
    except ValueError:
        return written


def _by_asin(plan: Path, sheet: Sheet, keys: Cells, cells: Cells, place: int) -> dict[str, str]:
    """The texts of a column of a workbook by ASIN; an ASIN with two that differ has both, which decides nothing."""
    numbers = any(isinstance(cell, float) for cell in cells.distinct)
    column = place + sheet.first_column
    never, shares, merged = _odd_cells(plan, sheet.name, column, numbers)
    written: dict[str, str] = {}
    top = sheet.first_row - 1
    for row, key in enumerate(asins_of(keys), start=top):
        above = merged.get(row, row)
        code = cells.codes[above - top] if above >= top else -1
        if not key or code < 0 or above in never:
            continue
        cell = cells.distinct[code]
        decision = f"{_text(100 * cell)}%" if above in shares and isinstance(cell, float) else _text(cell)
        if decision:
            written[key] = decision if written.get(key, decision) == decision else f"{written[key]} / {decision}"
    return {key: decision[:_LONGEST] for key, decision in written.items()}


def _odd_cells(plan: Path, sheet: str, column: int, numbers: bool) -> tuple[set[int], set[int], Mapping[int, int]]:
    """Rows of a column with an error or a formula without a value, and those whose numbers are percentages.

    And for each row that is merged with those above, the first of these.
    """
    if not zipfile.is_zipfile(plan):
        return set(), set(), {}
    try:
        with zipfile.ZipFile(plan) as archive:
            kinds = faults_of(archive, sheet), percents_of(archive, sheet) if numbers else ()
            merged = dict(_merged(archive, sheet, column))
    except (*BROKEN, ParseError) as error:
        message = Text("the workbook cannot be read ({0}). It may be truncated.", quoted(error))
        raise ReportError([Problem(plan.name, message, "Open it, save it as .xlsx, and try again.")]) from None
    never, shares = ({row for row, place in cells if place == column} for cells in kinds)
    return never, shares, merged


def _merged(archive: zipfile.ZipFile, sheet: str, column: int) -> Iterator[tuple[int, int]]:
    """The rows of a column that are merged, each with the first of those that it is merged with."""
    part = parts_of_sheets(archive).get(sheet, "")
    ranges = _MERGED.findall(archive.read(part)) if part in archive.namelist() else []
    rows = sorted((int(top) - 1, int(below)) for name, top, below in ranges if column_number(name) == column)
    end = 0
    for first, last in rows:
        yield from ((row, first) for row in range(max(first, end), last))
        end = max(end, last)


def _text(value: object) -> str:
    return (f"{value:.15g}" if isinstance(value, float) else str(value)).strip()

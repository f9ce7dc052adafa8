"""Columns that people add to the actions of a workbook: they come back in the next one, by ASIN.

What wockit writes there itself is known by its heading. Decisions are read in `history`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wockit.analysis.history import PLAN, last_plan
from wockit.columns import LABELS
from wockit.language import LANGUAGES, Text, catalogue
from wockit.notes import Note, WockitError
from wockit.reading.cells import Sheet
from wockit.reading.files import read_sheets

SHEET = "Your columns"
"""Where the cells of ASINs stand that have no action this week."""


ACTIONS = (
    *("rank", "asin", "title", "first", "decision", "act_by", "gain_a_week", "gain", "gain_low", "gain_high", "why"),
    *("place", "do", "place_probable", "wrong_if", "order_cash", "waiting_costs", "next_fee_date", "next_fee"),
    *("uncertain",),
)
"""What wockit itself writes there."""


MOST_COLUMNS, LONGEST_OWN_CELL = 30, 2000
"""Columns, and characters of a cell, that come back."""


@dataclass(frozen=True)
class OwnColumn:
    """A column that somebody added: its heading as it was written, and its cells by ASIN."""

    heading: str
    cells: Mapping[str, object]


def own_columns(reports: str | Path, place: str, day: date) -> tuple[list[OwnColumn], list[Note]]:
    """Columns of people in the plan that is replaced, or else in the last one.

    Parameters
    ----------
    reports
        The folder of the account's reports; nothing is read where it is empty.
    place
        The name of the folder of the report that is made.
    day
        Its snapshot.
    """
    if not str(reports):
        return [], []
    candidates = [Path(reports) / name / PLAN for name in (place, day.isoformat())]
    plan = next((path for path in candidates if path.is_file()), last_plan(reports, day))
    try:
        columns = read_own_columns(plan) if plan else []
    except (WockitError, OSError) as error:
        reason = error.problems[0].found if isinstance(error, WockitError) else f"{error.strerror}."
        text = Text("the columns that you added to the last plan could not be read: {0}", reason)
        return [], [Note("warning", PLAN, text)]
    if len(columns) <= MOST_COLUMNS:
        return columns, []
    most, count = MOST_COLUMNS, len(columns)
    text = Text("only the first {0} of the {1} columns that you added to the plan came back.", most, count)
    return columns[:MOST_COLUMNS], [Note("warning", PLAN, text)]


def read_own_columns(plan: Path) -> list[OwnColumn]:
    """Each column of a workbook's actions that is not wockit's, with its cells that are not empty.

    Raises
    ------
    ReportError
        If the file cannot be read as a workbook.
    """
    decision = _spoken("decision")
    names = {catalogue(language).get(SHEET, SHEET) for language in LANGUAGES}
    actions_read = False
    columns: dict[tuple[str, int], dict[str, object]] = {}
    for sheet in read_sheets(plan, plan.name):
        if "ASIN" not in sheet.header:
            continue
        is_actions = not actions_read and not decision.isdisjoint(map(_plain, sheet.header))
        if is_actions or sheet.name in names:
            for key, cells in _of_sheet(sheet).items():
                columns[key] = {**cells, **columns.get(key, {})}
        actions_read |= is_actions
    return [OwnColumn(heading, cells) for (heading, _), cells in columns.items() if cells]


def _of_sheet(sheet: Sheet) -> dict[tuple[str, int], dict[str, object]]:
    """The cells of each column that is not ours, by its heading and how many have the same heading before it."""
    ours = {text for name in ACTIONS for text in _spoken(name)}
    places = []
    for place, cell in enumerate(sheet.header):
        if (name := _plain(cell)) in ours:
            ours = ours - {name}  # a second column of this name is somebody's
        else:
            places.append(place)
    asins, *columns = sheet.read([sheet.header.index("ASIN"), *places])
    cells_by_heading: dict[tuple[str, int], dict[str, object]] = {}
    number: Counter[str] = Counter()
    for heading, column in zip((sheet.header[place] for place in places), columns, strict=True):
        pairs = zip(asins.codes, column.codes, strict=True)
        cells = {str(asins.distinct[row]): column.distinct[cell] for row, cell in pairs if row >= 0 and cell >= 0}
        cells_by_heading[heading[:LONGEST_OWN_CELL], number[heading]] = {
            asin: _bounded(cell) for asin, cell in cells.items()
        }
        number[heading] += 1
    return cells_by_heading


def _spoken(name: str) -> set[str]:
    """A heading in every language."""
    english = LABELS[name].heading
    return {catalogue(language).get(english, english) for language in LANGUAGES}


def _plain(heading: str) -> str:
    """A heading without its unit."""
    return re.sub(r" \[[^\]]*\]$", "", heading)


def _bounded(cell: object) -> object:
    return cell[:LONGEST_OWN_CELL] if isinstance(cell, str) else cell


def split(columns: Sequence[OwnColumn], asins: Iterable[str]) -> tuple[list[OwnColumn], list[OwnColumn]]:
    """The cells of some ASINs, and those of all others.

    Examples
    --------
    >>> here, elsewhere = split([OwnColumn("Who", {"A": "Li", "B": "Kim"})], ["A"])
    >>> here[0].cells, elsewhere[0].cells
    ({'A': 'Li'}, {'B': 'Kim'})
    """
    named = set(asins)
    other_asins = {asin for column in columns for asin in column.cells} - named
    parts = [
        [
            OwnColumn(column.heading, {asin: cell for asin, cell in column.cells.items() if asin in part})
            for column in columns
        ]
        for part in (named, other_asins)
    ]
    return parts[0], parts[1]

"""Columns that people add to the actions of a workbook: they come back in the next one, by ASIN.

What wockit writes there itself is known by its heading. Decisions are read in `plans`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wockit.analysis.plans import PLAN, asins_of, is_of_another_kind, is_of_yours, last_plan, plain, plan_in, spoken
from wockit.language import Text
from wockit.notes import Note, WockitError
from wockit.reading.cells import Sheet
from wockit.reading.files import read_sheets

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
    candidates = [plan_in(Path(reports) / name) for name in (place, day.isoformat())]
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
    columns: dict[tuple[str, int], dict[str, object]] = {}
    for sheet in read_sheets(plan, plan.name):
        headings = {*map(plain, sheet.header)}
        is_actions = not (is_of_another_kind(sheet) or spoken("decision").isdisjoint(headings))
        if "asin" in headings and (is_actions or is_of_yours(sheet)):
            for key, cells in _of_sheet(sheet).items():
                columns[key] = {**cells, **columns.get(key, {})}
    return [OwnColumn(heading, cells) for (heading, _), cells in columns.items() if cells]


def _of_sheet(sheet: Sheet) -> dict[tuple[str, int], dict[str, object]]:
    """The cells of each column that is not ours, by its heading and how many have the same heading before it."""
    ours = {text for name in ACTIONS for text in spoken(name)}
    places = []
    for place, cell in enumerate(sheet.header):
        if (name := plain(cell)) in ours:
            ours = ours - {name}  # a second column of this name is somebody's
        else:
            places.append(place)
    keys, *columns = sheet.read([[*map(plain, sheet.header)].index("asin"), *places])
    asins = asins_of(keys)
    cells_by_heading: dict[tuple[str, int], dict[str, object]] = {}
    number: Counter[str] = Counter()
    for heading, column in zip((sheet.header[place] for place in places), columns, strict=True):
        pairs = zip(asins, column.codes, strict=True)
        cells = {asin: column.distinct[cell] for asin, cell in pairs if asin and cell >= 0}
        cells_by_heading[heading[:LONGEST_OWN_CELL], number[heading]] = {
            asin: _bounded(cell) for asin, cell in cells.items()
        }
        number[heading] += 1
    return cells_by_heading


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

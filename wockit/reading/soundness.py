"""Rows that stand twice in a file, days that do not belong together, and blanks where a number is needed.

None of these can be seen in one cell. What a cell says is read in `values`, and what a report is in `reports`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from wockit.language import Text
from wockit.notes import Note, Problem, ReportError, some
from wockit.reading.cells import Cells, Sheet
from wockit.reading.schemas import BLANKS, Schema
from wockit.reading.values import PARSERS

ADD_UP = frozenset({"ads", "sales", "other_stock", "fees"})
"""Roles of reports in which a row that stands twice counts twice; of inventory and costs each SKU counts once."""


_TRAFFIC, _COUNTED = frozenset({"ads", "sales"}), frozenset({"ads", "sales", "stock"})
"""Roles of reports whose needed numbers may not be blank in every row, and not in rows that have other numbers."""


_TIMES, _FEWEST = (2, 3, 4), 3
"""How often a table may stand in a file, and the fewest rows of one that is told to be repeated."""


def missing(cells: Cells) -> Any:
    """Which rows say nothing in a column: an empty cell, or one of the words for it."""
    return (cells.codes < 0) | holds(cells, BLANKS)


def holds(cells: Cells, words: Any) -> Any:
    """Which rows have one of these texts in a column."""
    wanted = [code for code, cell in enumerate(cells.distinct) if str(cell).strip().casefold() in words]
    return np.isin(cells.codes, wanted)


def header_again(raw: Mapping[str, Cells], header: Mapping[str, str]) -> Any:
    """Which rows repeat the header line, as where two downloads were pasted into one file."""
    named = {name: cell.strip().casefold() for name, cell in header.items() if name in raw}
    return np.logical_and.reduce([holds(raw[name], {cell}) for name, cell in named.items()])


def repeats(raw: Mapping[str, Cells], kept: Any, sheet: Sheet, schema: Schema, places: Sequence[int]) -> Any:
    """Which rows belong to a second copy of the whole table; none unless every cell of it is the same.

    Parameters
    ----------
    raw, kept
        The columns that are read, and which rows of them count.
    sheet, schema
        Where the other columns are, and what the report is.
    places
        Those that are in `raw`.
    """
    none = np.zeros(len(kept), dtype=bool)
    rows = np.flatnonzero(kept)
    if schema.role not in ADD_UP:
        return none
    for times in _TIMES:
        length = len(rows) // times
        if length < _FEWEST or len(rows) % times:
            continue
        if not all(_is_repeated(cells, rows, times) for cells in raw.values()):
            continue
        others = [place for place in range(len(sheet.header)) if place not in places]
        if all(_is_repeated(cells, rows, times) for cells in sheet.read(others)):
            none[rows[length:]] = True
            return none
    return none


def _is_repeated(cells: Cells, rows: Any, times: int) -> bool:
    parts = cells.codes[rows].reshape(times, -1)
    return bool((parts == parts[0]).all())


def of_one_day(table: pd.DataFrame, schema: Schema, where: str) -> tuple[pd.DataFrame, list[Note]]:
    """The rows of an inventory report of several days, without those of SKUs that a later day has too."""
    if schema.role != "stock" or schema.key == "inventory_ledger" or "snapshot_date" not in table:
        return table, []
    days = table["snapshot_date"]
    if days.nunique() < 2:
        return table, []
    keys = [table[name].astype("str").fillna("") for name in ("sku", "asin", "marketplace") if name in table]
    older = days.lt(days.groupby(keys).transform("max"))
    text = Text(
        "its rows are of {0} days, the last is {1}. {2} rows of earlier days were left out, because a later day has "
        "their SKUs too.",
        days.nunique(),
        f"{days.max():%Y-%m-%d}",
        int(older.sum()),
    )
    return table[~older].reset_index(drop=True), [Note("warning", where, text)]


def blanks(raw: Mapping[str, Cells], kept: Any, schema: Schema, first_row: int, where: str) -> Iterator[Note]:
    """A note on each needed number that is blank in rows which show that something happened.

    Raises
    ------
    ReportError
        If such a column is blank in every row.
    """
    if schema.role not in _COUNTED or schema.buyers or not kept.any():
        return
    numbers = [name for name in raw if schema.columns[name].kind in ("count", "money")]
    empty = {name: missing(raw[name]) & kept for name in numbers if schema.columns[name].required}
    for name in [name for name, rows in empty.items() if schema.role in _TRAFFIC and rows[kept].all()]:
        found = Text("column {0} is blank in every row.", repr(name))
        raise ReportError([Problem(where, found, "Download it again, with this column.")])
    for name, rows in empty.items():
        active = rows & _positive([raw[other] for other in numbers if other != name]) if rows.any() else rows
        if not active.any():
            continue
        text = Text(
            "{0} cells of {1} are blank in rows that have other numbers, e.g. row {2}. They count as missing",
            int(active.sum()),
            repr(name),
            int(np.flatnonzero(active)[0]) + first_row,
        )
        asins = raw["asin"] if "asin" in raw else Cells(np.empty(0, dtype=int), [])
        named = (
            [str(asins.distinct[code]) for code in np.unique(asins.codes[active]) if code >= 0]
            if len(asins.codes)
            else []
        )
        yield Note("warning", where, Text("{0}. ASINs: {1}.", text, some(named)) if named else Text("{0}.", text))


def _positive(columns: Sequence[Cells]) -> Any:
    """Which rows have a number above 0 in one of these columns."""
    found = np.zeros(len(columns[0].codes) if columns else 0, dtype=bool)
    for cells in columns:
        above = [code for code, cell in enumerate(cells.distinct) if _is_positive(cell)]
        found |= np.isin(cells.codes, above)
    return found


def _is_positive(cell: Any) -> bool:
    with suppress(ValueError):
        value = PARSERS["money"](cell)
        return isinstance(value, float) and value > 0
    return False

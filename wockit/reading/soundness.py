"""Rows that stand twice in a file, and days that do not belong together.

Neither can be seen in one cell. What a cell says is read in `values`, and what a report is in `reports`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wockit.language import Text
from wockit.notes import Note
from wockit.reading.cells import Cells, Sheet
from wockit.reading.schemas import BLANKS, Schema

ADD_UP = frozenset({"ads", "sales", "other_stock", "fees"})
"""Roles of reports in which a row that stands twice counts twice; of inventory and costs each SKU counts once."""


_TIMES, _FEWEST = (4, 3, 2), 3
"""How often a table may stand in a file, most often first, and the fewest rows of one that is told to be repeated."""


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
    named = schema.role == "sales" and "purchase_date" not in raw  # each row is a product of its own
    fewest = 1 if named else _FEWEST
    likely = [
        times
        for times in _TIMES
        if len(rows) >= times * fewest
        and len(rows) % times == 0
        and all(_is_repeated(cells, rows, times) for cells in raw.values())
    ]
    if likely and not named and all(_is_repeated(cells, rows, len(rows)) for cells in raw.values()):
        return none  # one line again and again: nothing tells how long the table is
    others = sheet.read([place for place in range(len(sheet.header)) if place not in places]) if likely else []
    for times in likely:
        if all(_is_repeated(cells, rows, times) for cells in others):
            none[rows[len(rows) // times :]] = True
            break
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
        "{0} rows of earlier days were left out, because a later day has their SKUs too. The rows are of {1} days, the "
        "last is {2}.",
        int(older.sum()),
        days.nunique(),
        f"{days.max():%Y-%m-%d}",
    )
    return table[~older].reset_index(drop=True), [Note("warning", where, text)]

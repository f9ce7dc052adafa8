"""Rows that stand twice in a file, and days that do not belong together.

Neither can be seen in one cell. What a cell says is read in `values`, and what a report is in `reports`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wockit.language import Text
from wockit.notes import Note
from wockit.reading.cells import Cells, Sheet
from wockit.reading.schemas import BLANKS, Schema

ADD_UP = frozenset({"ads", "sales", "other_stock", "fees"})
"""Roles of reports in which a row that stands twice counts twice; of inventory and costs each SKU counts once."""


_FEWEST = 3
"""The fewest different rows of a table, or of a day, that are told to be repeated."""


MOST_PASTED = 1_048_576
"""Rows that a spreadsheet holds: longer files are pasted by nobody, and are looked through as a whole only."""


_SPREAD = 0x9E3779B97F4A7C15
"""An odd number that spreads others over 64 bits."""


def missing(cells: Cells) -> Any:
    """Rows with nothing in a column: an empty cell, or one of the words for it."""
    return (cells.codes < 0) | holds(cells, BLANKS)


def holds(cells: Cells, words: Any) -> Any:
    """Rows with one of these texts in a column."""
    wanted = [code for code, cell in enumerate(cells.distinct) if str(cell).strip().casefold() in words]
    return np.isin(cells.codes, wanted)


def header_again(raw: Mapping[str, Cells], header: Mapping[str, str]) -> Any:
    """Rows that repeat the header line, as where two downloads were pasted into one file."""
    named = {name: cell.strip().casefold() for name, cell in header.items() if name in raw}
    return np.logical_and.reduce([holds(raw[name], {cell}) for name, cell in named.items()])


def repeats(raw: Mapping[str, Cells], counted: Any, sheet: Sheet, schema: Schema, places: Sequence[int]) -> Any:
    """Rows of a further copy of the whole table, or of a day of it; none unless all their cells are alike.

    Parameters
    ----------
    raw, counted
        The columns that are read, and which rows of them count.
    sheet, schema
        Where the other columns are, and what the report is.
    places
        Those that are in `raw`.
    """
    again = np.zeros(len(counted), dtype=bool)
    rows = np.flatnonzero(counted)
    if schema.role not in ADD_UP or len(rows) < 2:
        return again
    fewest = 1 if schema.role == "sales" and "purchase_date" not in raw else _FEWEST  # each row a product of its own
    columns = [cells.codes[rows] for cells in raw.values()]
    days = raw["date"].codes[rows] if "date" in raw and len(rows) <= MOST_PASTED else np.zeros(len(rows), dtype=int)
    for groups in _groups(columns, days):
        if (_times(_same(columns), groups, fewest) > 1).any():
            other_columns = sheet.read([place for place in range(len(sheet.header)) if place not in places])
            same = _same([*columns, *(cells.codes[rows] for cells in other_columns)])
            times = _times(same, groups, fewest)
            again[rows] = _number(same) >= np.bincount(same)[same] // times
            break
    return again


def _groups(columns: Sequence[Any], days: Any) -> Iterator[Any]:
    """Groups in which rows may be repeated: the whole table if every row is there several times, and each day."""
    if np.gcd.reduce([np.gcd.reduce(np.bincount(codes + 1)) for codes in columns]) > 1:
        yield np.zeros(len(days), dtype=int)
    if days.any():
        yield days


def _same(columns: Sequence[Any]) -> Any:
    """A number for each row that equal rows share."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for codes in columns:  # a product of two 64-bit numbers spreads each column over all bits
        mixed = (mixed ^ codes.astype(np.int64).astype(np.uint64)) * np.uint64(_SPREAD)
        mixed ^= mixed >> np.uint64(29)
    return pd.factorize(mixed)[0]


def _times(same: Any, groups: Any, fewest: int) -> Any:
    """Number of copies of each row's group: 1 where there is one, or where too few differ to tell."""
    counts = np.bincount(same)
    order = np.lexsort((same, groups))
    starts = np.flatnonzero(np.diff(groups[order], prepend=-2))
    first = np.diff(same[order], prepend=-1) != 0
    first[starts] = True
    times = np.gcd.reduceat(counts[same][order], starts)
    times[np.add.reduceat(first.astype(int), starts) < fewest] = 1
    return times[np.searchsorted(np.unique(groups), groups)]


def _number(same: Any) -> Any:
    """Number of equal rows above each row."""
    return pd.Series(same).groupby(same).cumcount().to_numpy()


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

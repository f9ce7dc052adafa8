"""A bulk upload: the rows that change, in the header of the account's own download, and their old values to restore.

Every text is written as text, ids above all. What changes is decided in `analysis.changes`.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from wockit.analysis.bids_and_budgets import Change
from wockit.reading.bulk import PRODUCTS, Bulk

_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no sheet may have in its name."""


_LONGEST_NAME = 62
"""Bytes of a sheet's name in UTF-16, by which Excel counts."""


UPDATE = "Update"
"""The only operation that is ever written: nothing is created, nothing is archived."""


def upload_rows(bulk: Bulk, changes: Sequence[Change], *, restore: bool = False) -> list[dict[int, Any]]:
    """One row for each object that changes: its cells by their place in the header.

    Parameters
    ----------
    bulk
        The account's own download.
    changes
        What changes.
    restore
        Write the old values instead of the new ones.
    """
    states = bulk.products.set_index("row")["state"]
    rows: dict[float, dict[int, Any]] = {}
    for change in changes:
        cells = rows.setdefault(change.row, _as_it_is(bulk, change, states[change.row]))
        value = change.old if restore else change.new
        cells[bulk.places[change.field]] = value if change.field == "state" else float(value)
    return [rows[number] for number in sorted(rows)]


def _as_it_is(bulk: Bulk, change: Change, state: str) -> dict[int, Any]:
    """Cells that every row repeats: ids, portfolio, end date, state and unknown columns, all as they are."""
    cells = {int(place): cell for place, cell in bulk.cells.loc[int(change.row)].items() if isinstance(cell, str)}
    words = {"product": PRODUCTS, "entity": change.entity, "operation": UPDATE, "state": state}
    return cells | {bulk.places[name]: word for name, word in words.items()}


def write_upload(bulk: Bulk, rows: Sequence[dict[int, Any]], path: Path, day: Any) -> None:
    """Write rows under the header of the download, into a sheet of the same name; the same rows give the same bytes."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": pd.Timestamp(day).to_pydatetime()})
        sheet = book.add_worksheet(_name(bulk.sheet))
        for place, cell in enumerate(bulk.header):
            sheet.write_string(0, place, cell)
        for number, cells in enumerate(rows, 1):
            for place, cell in sorted(cells.items()):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write_number(number, place, cell)


def _name(sheet: str) -> str:
    """A sheet's name as a workbook can have it."""
    cut = _NO_NAME.sub(" ", sheet).encode("utf-16-le")[:_LONGEST_NAME]
    return cut.decode("utf-16-le", errors="ignore").strip("' ") or PRODUCTS

"""Rows of a file that count, and the number left out for each reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

import numpy as np

from wockit.language import Text
from wockit.reading.cells import Cells, Sheet
from wockit.reading.schemas import Schema, dated_columns
from wockit.reading.soundness import header_again, holds, missing

TOTALS = frozenset({"total", "totals", "grand total", "summe", "gesamt", "totale", "合计", "总计", "合計", "総計"})


@dataclass
class Rows:
    """The rows of a file: which of them count, and how many were `dropped`, by reason."""

    counting: Any
    dropped: dict[str, int]

    def leave_out(self, reason: str, rows: Any) -> None:
        """Count these rows no longer."""
        self.dropped[reason] = self.dropped.get(reason, 0) + int((self.counting & rows).sum())
        self.counting = self.counting & ~rows


def rows_that_count(
    raw: Mapping[str, Cells], header: Mapping[str, str], sheet: Sheet, schema: Schema, whole: bool
) -> Rows:
    """The rows of a file without what is no row of the report; `whole` keeps those that a report of this kind drops."""
    around = {"lines above the header": max(sheet.first_row - 2, 0), "lines below the table": sheet.footer}
    rows = Rows(np.full(len(next(iter(raw.values())).codes), True), around)
    for reason, left_out in _rules(raw, header, schema, whole):
        rows.leave_out(reason, left_out)
    return rows


def _rules(
    raw: Mapping[str, Cells], header: Mapping[str, str], schema: Schema, whole: bool
) -> Iterator[tuple[str, Any]]:
    """Reasons to leave rows out, with their rows, in this order: a row counts for the first reason only."""
    yield Text("blank rows"), reduce(and_, (cells.codes < 0 for cells in raw.values()))
    for name in {"asin", next(iter(raw))} & set(raw):
        yield Text("total rows"), holds(raw[name], TOTALS)
    for name, wanted in schema.keep.items():
        if name in raw:
            yield Text("rows whose {0} is not {1}", name, repr(wanted)), ~holds(raw[name], {wanted.casefold()})
    for name, unwanted in schema.drop.items():
        if name in raw and not whole:
            reason = Text("rows whose {0} is {1}", name, " or ".join(unwanted))
            yield reason, holds(raw[name], {word.casefold() for word in unwanted})
    if "asin" in raw and schema.columns["asin"].required:
        yield Text("rows without an ASIN"), missing(raw["asin"])
    if dated := dated_columns(raw, schema):
        yield Text("rows without a date"), np.all([missing(raw[name]) for name in dated], axis=0)
    yield Text("repeated header lines"), header_again(raw, header)

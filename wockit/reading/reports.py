"""One file: which report it is, told by its header alone, and what it says as a tidy table.

What each report looks like is data in `schema/*.toml`. Bytes become cells in `sheets`, cells become values in
`values`, and several files become an account in `account`.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wockit.language import Text
from wockit.notes import Note, Problem, ReportError, quoted, some
from wockit.reading.cells import SEVERAL, Cells, Sheet
from wockit.reading.files import read_sheets
from wockit.reading.schemas import (
    BLANKS,
    TEXT_KINDS,
    Column,
    Schema,
    attribution_days_of,
    column_places,
    dated_columns,
    header_language,
    recognise,
    schemas,
    unknown_report,
    with_column_map,
)
from wockit.reading.values import PARSERS, dates, instant, marketplace, sign

TOTALS = frozenset({"total", "totals", "grand total", "summe", "gesamt", "totale", "合计", "总计", "合計", "総計"})


_NO_MAP: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Report:
    """What one file says.

    `table` has our columns only, one row for each row of the file that was kept; `rows` counts those read and
    `dropped` those left out, by reason. `attribution_days` is the window of an advertising report, `sales_days` the
    period that the file itself states and `sales_last` its last day, `header` the cells that were matched, by our
    column. `since` is the earliest moment of an order file, of rows that are left out too. `signs` are the currency
    signs beside its amounts, in headers and, where it has no column for marketplaces, in cells.
    """

    schema: Schema
    file: str
    table: pd.DataFrame
    rows: int
    dropped: Mapping[str, int]
    notes: tuple[Note, ...]
    language: str
    header: Mapping[str, str]
    attribution_days: int
    sales_days: int | None = None
    sales_last: date | None = None
    since: datetime | None = None
    signs: frozenset[str] = frozenset()


def read_report(path: Path, name: str = "", columns: Mapping[str, Mapping[str, str]] = _NO_MAP) -> Report:
    """Read one downloaded file: recognise it by its header, and give its table in our words.

    Parameters
    ----------
    path
        A file as downloaded: CSV, tab-separated text, XLSX or JSON, in any of its encodings, gzipped or zipped.
    name
        What to call it in messages; the file's name if left out.
    columns
        Spellings of the account's own: for a kind of report, our column -> the header cell in the file.

    Returns
    -------
    Report
        Text stays text (leading zeros, `1E5`), numbers are floats, what is blank is missing and never 0.

    Raises
    ------
    ReportError
        With every problem of the file: its kind is unknown or of no use here, a column is missing or found twice, a
        cell of a column that is needed cannot be read, or the file is cut off, protected or too large.
    """
    where = quoted(name or path.name)[1:-1]
    known = [with_column_map(schema, columns.get(schema.key, {})) for schema in schemas().values()]
    first = None
    for sheet in read_sheets(path, where):
        first = first or sheet
        if schema := recognise(sheet.header, known):
            if schema.role == "refused":
                found = Text("it is a {0} report, which cannot be used here.", schema.title)
                raise ReportError([Problem(where, found, schema.instead)])
            places, problems = column_places(sheet.header, schema, where)
            if problems:
                raise ReportError(problems)
            return _tidy(sheet, schema, places, where)
    raise ReportError([unknown_report(where, first.header if first else (), known)])


def _tidy(sheet: Sheet, schema: Schema, places: Mapping[str, int], where: str) -> Report:
    wanted_places = {name: place for name, place in places.items() if schema.columns[name].read}
    raw = dict(zip(wanted_places, sheet.read(list(wanted_places.values())), strict=True))
    rows = len(next(iter(raw.values())).codes)
    kept = np.full(rows, True)
    dropped = {"lines above the header": max(sheet.first_row - 2, 0), "lines below the table": sheet.footer}

    def leave_out(reason: str, these: Any) -> None:
        nonlocal kept
        dropped[reason] = dropped.get(reason, 0) + int((kept & these).sum())
        kept = kept & ~these

    leave_out(Text("blank rows"), reduce(and_, (cells.codes < 0 for cells in raw.values())))
    for name in {"asin", next(iter(raw))} & set(raw):
        leave_out(Text("total rows"), _holds(raw[name], TOTALS))
    for name, wanted in schema.keep.items():
        if name in raw:
            leave_out(Text("rows whose {0} is not {1}", name, repr(wanted)), ~_holds(raw[name], {wanted.casefold()}))
    for name, unwanted in schema.drop.items():
        if name in raw:
            leave_out(
                Text("rows whose {0} is {1}", name, " or ".join(unwanted)),
                _holds(raw[name], {w.casefold() for w in unwanted}),
            )
    if "asin" in raw and schema.columns["asin"].required:
        leave_out(Text("rows without an ASIN"), _missing(raw["asin"]))
    if dated := dated_columns(raw, schema):
        leave_out(Text("rows without a date"), np.all([_missing(raw[name]) for name in dated], axis=0))
    since = _earliest(raw["purchase_date"].distinct) if "purchase_date" in raw else None
    amounts = [name for name in raw if schema.columns[name].kind == "money"]
    beside = [sheet.header[places[name]] for name in amounts]
    if "marketplace" not in raw:
        beside += [cell for name in amounts for cell in raw[name].distinct]
    signs = frozenset(map(sign, beside)) - {""}
    table, notes = _table(raw, kept, schema, sheet.first_row, where)
    header = {name: sheet.header[place] for name, place in places.items()}
    asked = _asked(sheet.about)
    first, last = _stated_days(asked)
    named = _stated_marketplaces(asked)
    if len(named) == 1:
        table["marketplace"] = pd.array(named * len(table), dtype="str")
    elif named:
        text = Text("its sums are of marketplaces {0} together: ask for one of them at a time.", some(named))
        notes.append(Note("warning", where, text, "marketplaces_mixed"))
    return Report(
        schema=schema,
        file=where,
        table=table,
        rows=rows + dropped["lines above the header"] + dropped["lines below the table"],
        dropped={reason: number for reason, number in dropped.items() if number},
        notes=tuple(notes),
        language=header_language(header, schema),
        header=header,
        attribution_days=attribution_days_of(header.get("ad_sales", ""), schema),
        sales_days=(last - first).days + 1 if first and last else None,
        sales_last=last,
        since=since,
        signs=signs,
    )


def _missing(cells: Cells) -> Any:
    """Which rows say nothing in a column: an empty cell, or one of the words for it."""
    return (cells.codes < 0) | _holds(cells, BLANKS)


def _holds(cells: Cells, words: Any) -> Any:
    """Which rows have one of these texts in a column."""
    wanted = [code for code, cell in enumerate(cells.distinct) if str(cell).strip().casefold() in words]
    return np.isin(cells.codes, wanted)


def _table(
    raw: dict[str, Cells], kept: Any, schema: Schema, first_row: int, where: str
) -> tuple[pd.DataFrame, list[Note]]:
    problems: list[Problem] = []
    notes: list[Note] = []
    dated = dated_columns(raw, schema)
    rows = slice(None) if kept.all() else np.flatnonzero(kept)
    shared = schema.role == "ads"  # where few texts stand in very many rows
    no_text = _texts(np.broadcast_to(np.int8(-1), int(kept.sum())), [], shared)

    def read(column: Column) -> tuple[Any, Any, list[tuple[int, str]]]:
        """The values of a column, the places of the cells that cannot be read, and what is wrong with the first."""
        if column.name not in raw:  # takes no memory: texts are shared, and the others one value that stands for all
            nothing = np.datetime64("NaT", "s") if column.kind in ("date", "instant") else np.nan
            return no_text.view() if column.kind in TEXT_KINDS else np.broadcast_to(nothing, len(no_text)), [], []
        cells = raw.pop(column.name)
        values, wrong = _values(cells.codes[rows], cells.distinct, column.kind, shared)
        bad = np.flatnonzero(np.isin(cells.codes, list(wrong)) & kept) if wrong else np.empty(0, dtype=int)
        return values, bad, [(place + first_row, wrong[cells.codes[place]]) for place in bad[:SEVERAL].tolist()]

    with ThreadPoolExecutor(2) as pool:  # most of the time goes into the first touch of memory
        columns = dict(zip(schema.columns, pool.map(read, schema.columns.values()), strict=True))
    for name, (_, bad, shown) in columns.items():
        if shown and (schema.columns[name].required or name in dated):
            problems += [
                Problem(Text("{0}, row {1}, column {2}", where, row, repr(name)), found) for row, found in shown
            ]
            if len(bad) > SEVERAL:
                more = Text("and {0} more rows like these.", f"{len(bad) - SEVERAL:,}")
                problems.append(Problem(Text("{0}, column {1}", where, repr(name)), more))
        elif shown:
            row, found = shown[0]
            text = Text(
                "{0} cells of {1} could not be read and are taken as missing, e.g. row {2}: {3}",
                len(bad),
                repr(name),
                row,
                found,
            )
            notes.append(Note("warning", where, text))
    if problems:
        raise ReportError(problems)
    return pd.DataFrame({name: values for name, (values, _, _) in columns.items()}, copy=False), notes


def _texts(codes: Any, distinct: Sequence[str | None], shared: bool) -> Any:
    """A column of texts; those that are shared are categories, each held once however many rows it stands in."""
    if not shared:
        texts = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(distinct, pa.large_string()))
        return pd.array(texts.cast(pa.large_string()), dtype="str")
    found = pd.Categorical(pd.array(distinct, dtype="str"))
    inner = np.append(found.codes, -1).astype(codes.dtype)[codes] if len(found) else codes
    return pd.Categorical.from_codes(inner, dtype=found.dtype)


def _values(codes: Any, distinct: Sequence[Any], kind: str, shared: bool) -> tuple[Any, dict[int, str]]:
    """A column of values, each distinct cell parsed once; and what is wrong with the cells that cannot be read."""
    wrong: dict[int, str] = {}
    values: list[Any] = []
    if kind == "date":
        try:
            values = dates(distinct)
        except ValueError as error:
            values, wrong = [None] * len(distinct), dict.fromkeys(range(len(distinct)), *error.args)
    else:
        for number, cell in enumerate(distinct):
            try:
                values.append(PARSERS[kind](cell))
            except ValueError as error:
                values.append(None)
                wrong[number] = Text("expected {0}, found {1}.", *error.args, quoted(cell))
    if kind in ("date", "instant"):
        return np.array([*values, None], dtype="datetime64[s]")[codes], wrong
    if kind in TEXT_KINDS:
        return _texts(codes, values, shared), wrong
    return np.array([*values, np.nan], dtype="float64")[codes], wrong


def _earliest(cells: Sequence[Any]) -> datetime | None:
    moments = []
    for cell in cells:
        with suppress(ValueError):
            moments.append(instant(cell))
    return min((moment for moment in moments if moment), default=None)


def _asked(about: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What a sales-and-traffic document says that it was asked for."""
    asked = (about or {}).get("reportSpecification")
    return asked if isinstance(asked, dict) else {}


def _stated_days(asked: Mapping[str, Any]) -> tuple[date, date] | tuple[None, None]:
    """First and last day of the period that was asked for."""
    try:
        first, last = dates([asked.get("dataStartTime"), asked.get("dataEndTime")])
    except (ValueError, TypeError):
        return None, None
    return (first, last) if first and last and last >= first else (None, None)


def _stated_marketplaces(asked: Mapping[str, Any]) -> list[str]:
    """The marketplaces that were asked for, by code; an id that is not known stays as it is."""
    ids = asked.get("marketplaceIds")
    found = [marketplace(each) for each in ids if isinstance(each, str)] if isinstance(ids, list) else []
    return sorted({code for code in found if code})

"""The cells of a report as a table of values, and what of them cannot be read.

One cell becomes a value in `values`, a column of days in `days`. Which rows count is settled in `reports`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wockit.language import Text
from wockit.marketplaces import CURRENCIES
from wockit.notes import Note, Problem, ReportError, quoted, some
from wockit.reading.cells import SEVERAL, Cells
from wockit.reading.days import EitherOrder, dates, has_either_order
from wockit.reading.schemas import TEXT_KINDS, Column, Schema, dated_columns
from wockit.reading.values import PARSERS, cost, decimal_mark, marketplace, money
from wockit.reading.values import text as text_of

UNSIGNED = frozenset({"stock", "ads", "costs", "other_stock"})
"""Roles of reports whose numbers are never below 0, but for columns that are `signed`."""


LARGEST_VALUE = 1_000_000_000
"""What no count and no amount is above: more is a barcode or a slip."""
MOST_UNITS = 9_999_999
"""What no count of an inventory is above: the shortest barcode has one digit more."""


AHEAD = MappingProxyType({"ads": timedelta(days=31), "sales": timedelta(days=31)})
LONGEST_AHEAD = timedelta(days=3 * 366)
"""How far ahead of its download a day in a report may lie: in most as planned, in some only a period not over yet."""


LONGEST_TITLE = 2000
"""Characters of a title that are kept: Amazon allows 500."""


UNKNOWN = "UNKNOWN"
"""What stands in the place of a code that is not known, in a file that may hold buyers."""


_FORMULA = "Open the file in Excel and save it, so that it contains the results of its formulas."


BY_DAY_TEXT = Text("Download it again by day, not by month.")


UNOPENED = Text("Download it again. Do not open it in Excel before you put it into the folder.")


def table_of(
    raw: dict[str, Cells],
    row_mask: Any,
    schema: Schema,
    first_row: int,
    where: str,
    day: date | None,
    newest: date | None,
    decimal: str = "",
) -> tuple[pd.DataFrame, list[Note], dict[str, int]]:
    """The rows that are kept as values, notes on cells that cannot be read, and how many rows these cost.

    `decimal` is the mark of decimals in the language of the report.
    """
    dated = dated_columns(raw, schema)
    rows = slice(None) if row_mask.all() else np.flatnonzero(row_mask)
    shared = schema.role == "ads"  # where few texts stand in very many rows
    no_text = _texts(np.broadcast_to(np.int8(-1), int(row_mask.sum())), [], shared)

    def read(column: Column) -> tuple[Any, _Unreadable]:
        if column.name not in raw:  # takes no memory: texts are shared, and the others one value that stands for all
            nothing = np.datetime64("NaT", "s") if column.kind in ("date", "days", "instant") else np.nan
            return no_text.view() if column.kind in TEXT_KINDS else np.broadcast_to(nothing, len(no_text)), _READABLE
        cells = raw.pop(column.name)
        codes = cells.codes[rows]
        bounds = _bounds(column, schema, newest)
        distinct = _without_words(cells.distinct, column) if schema.buyers else cells.distinct
        if column.name == "title":
            distinct = [cell[:LONGEST_TITLE] if isinstance(cell, str) else cell for cell in distinct]
        values, wrong = _values(codes, distinct, column.kind, shared, bounds, day, decimal)
        if schema.buyers:
            wrong = {code: Text("the cell is of another kind than its column") for code in wrong}
        if not wrong:
            return values, _READABLE
        places = np.flatnonzero(np.isin(codes, list(wrong)))
        shown = [wrong[code] for code in codes[places[:SEVERAL]].tolist()]
        foreign = [code for code, message in wrong.items() if not isinstance(message, _Beyond)]
        mostly = 2 * np.count_nonzero(np.isin(codes, foreign)) > np.count_nonzero(codes >= 0)
        return values, _Unreadable(places, shown, bool(mostly))

    with ThreadPoolExecutor(2) as pool:  # most of the time goes into the first touch of memory
        columns = dict(zip(schema.columns, pool.map(read, schema.columns.values()), strict=True))
    numbers = np.flatnonzero(row_mask) + first_row
    problems: list[Problem] = []
    notes: list[Note] = []
    lost = np.full(len(no_text), False)
    unreadable: dict[str, int] = {}
    for name, (_, bad) in columns.items():
        needed = schema.columns[name].required or name in dated
        if not len(bad.places):
            continue
        if needed and bad.mostly:
            problems += _problems(bad, numbers, where, schema.columns[name])
        elif needed and (name == "asin" or name in dated or _is_needed_number(name, schema)):
            lost[bad.places] = True
            unreadable[Text("rows whose {0} cannot be read", name)] = len(bad.places)
            text = "{0} rows were left out, because {1} cannot be read, e.g. row {2}: {3}"
            notes.append(Note("warning", where, _with_asins(text, bad, name, numbers, columns.get("asin"))))
        else:
            text = "{0} cells of {1} could not be read and count as missing, e.g. row {2}: {3}"
            notes.append(Note("warning", where, _with_asins(text, bad, name, numbers, columns.get("asin"))))
    if problems:
        raise ReportError(problems)
    for name, blank in _blanks({name: values for name, (values, _) in columns.items()}, lost, schema):
        notes.append(_without_number(name, blank, lost, columns["asin"][0], where))
        unreadable[Text("rows without {0}", name)] = int(blank.sum())
        lost |= blank
    tidy = {name: values for name, (values, _) in columns.items() if schema.columns[name].kind != "days"}
    table = pd.DataFrame(tidy, copy=False)
    return table[~lost].reset_index(drop=True) if lost.any() else table, notes, unreadable


def _is_needed_number(name: str, schema: Schema) -> bool:
    """True if a row of advertising is of no use without this number: the other sums would not fit."""
    column = schema.columns[name]
    return schema.role == "ads" and column.required and column.kind in ("money", "count")


def _blanks(values: Mapping[str, Any], lost: Any, schema: Schema) -> Iterator[tuple[str, Any]]:
    """Needed numbers that are blank in rows with clicks or sales, and which rows those are."""
    needed = [name for name in schema.columns if _is_needed_number(name, schema)]
    active = reduce(or_, (np.asarray(values[name]) > 0 for name in needed), np.False_)
    for name in needed:
        blank = np.isnan(values[name]) & active & ~lost
        if blank.any():
            yield name, blank


def _without_number(name: str, blank: Any, lost: Any, asins: Any, where: str) -> Note:
    """Note on rows that are left out; a column without any value is refused."""
    if (blank | lost).all():
        message = Text("the column {0} is blank in all rows.", repr(name))
        raise ReportError([Problem(where, message, "Download it again.")])
    text = "{0} rows with clicks or sales were left out, because {1} is blank."
    sentence = Text(text, f"{int(blank.sum()):,}", repr(name))
    return Note("warning", where, _and_asins(sentence, pd.Series(asins)[np.flatnonzero(blank)]))


@dataclass(frozen=True)
class _Unreadable:
    """The cells of a column that cannot be read: their rows, what is wrong with the first, whether most are such."""

    places: Any
    shown: Sequence[str]
    mostly: bool

    def summary(self, name: str, numbers: Any) -> tuple[Any, ...]:
        """Number of faulty cells, their column, and the first faulty row."""
        return len(self.places), repr(name), numbers[self.places[0]], self.shown[0]


_READABLE = _Unreadable(np.empty(0, dtype=int), (), False)


class _Beyond(Text):
    """Fault of a number that is impossible, though its cell can be read."""


def _with_asins(text: str, bad: _Unreadable, name: str, numbers: Any, asins: tuple[Any, _Unreadable] | None) -> Text:
    """Note on cells that cannot be read, and the ASINs of their rows."""
    sentence = Text(text, *bad.summary(name, numbers))
    if name == "asin" and any(map(_is_number, bad.shown)):
        return Text("{0} {1}", sentence, UNOPENED)
    return _and_asins(sentence, pd.Series(asins[0])[bad.places]) if asins else sentence


def _and_asins(sentence: Text, asins: pd.Series) -> Text:
    """Note on some rows, with their ASINs where these are known."""
    named = asins.dropna().unique().tolist()
    if not named:
        return sentence
    return Text("{0} ASIN: {1}." if len(named) == 1 else "{0} ASINs: {1}.", sentence, some(named))


def _problems(bad: _Unreadable, numbers: Any, where: str, column: Column) -> Iterator[Problem]:
    name = column.name
    for place, message in zip(bad.places, bad.shown, strict=False):
        formula = any(str(value).startswith("'=") for value in getattr(message, "values", ()))
        by_month = getattr(message, "template", "") == "{0} is a month, not a day."
        unopened = column.kind == "date" or (column.kind == "asin" and _is_number(message))
        do = BY_DAY_TEXT if by_month else UNOPENED if unopened else _FORMULA if formula else ""
        yield Problem(Text("{0}, row {1}, column {2}", where, numbers[place], repr(name)), message, do)
    if len(bad.places) > SEVERAL:
        more = Text("and {0} more rows like these.", f"{len(bad.places) - SEVERAL:,}")
        yield Problem(Text("{0}, column {1}", where, repr(name)), more)


def _is_number(message: str) -> bool:
    """True if the cell of a fault is a number as a spreadsheet writes it, which an ASIN of digits may have become."""
    return any(re.fullmatch(r"'\d+([.,]\d+)?(E\+\d+)?'", str(value)) for value in getattr(message, "values", ()))


def _texts(codes: Any, distinct: Sequence[str | None], shared: bool) -> Any:
    """A column of texts; those that are shared are categories, each held once however many rows it stands in."""
    if not shared:
        texts = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(distinct, pa.large_string()))
        return pd.array(texts.cast(pa.large_string()), dtype="str")
    categories = pd.Categorical(pd.array(distinct, dtype="str"))
    inner = np.append(categories.codes, -1).astype(codes.dtype)[codes] if len(categories) else codes
    return pd.Categorical.from_codes(inner, dtype=categories.dtype)


@dataclass(frozen=True)
class _Bounds:
    """Limits of a column: may it be below 0, its highest value, and its last possible day."""

    signed: bool
    most: float
    day: date | None


def _bounds(column: Column, schema: Schema, newest: date | None) -> _Bounds:
    counted = column.kind == "count" and schema.role in ("stock", "other_stock")
    return _Bounds(
        column.signed or schema.role not in UNSIGNED,
        column.most or (MOST_UNITS if counted else LARGEST_VALUE),
        newest and newest + AHEAD.get(schema.role, LONGEST_AHEAD),
    )


def _values(
    codes: Any,
    distinct: Sequence[Any],
    kind: str,
    shared: bool,
    bounds: _Bounds,
    day: date | None,
    decimal: str,
) -> tuple[Any, dict[int, str]]:
    """The values of the cells of a column, and what is wrong with the cells that cannot be read."""
    wrong: dict[int, str] = {}
    values: list[Any] = []
    if kind == "date":
        values, wrong = _dates(distinct, day)
    else:
        parse = PARSERS[kind]
        if kind == "money":
            parse = partial(money, decimal=decimal_mark(distinct, decimal))
        elif kind == "cost":
            parse = partial(cost, decimal=decimal_mark(distinct))
        for number, cell in enumerate(distinct):
            try:
                values.append(parse(cell))
            except ValueError as error:
                values.append(None)
                wrong[number] = Text("expected {0}, found {1}.", *error.args, quoted(cell))
    if kind in ("date", "instant"):
        last = bounds.day and (datetime.combine(bounds.day, time.max) if kind == "instant" else bounds.day)
        for number, value in enumerate(values):
            if last and value and value > last:
                message = _Beyond("{0} lies far ahead of the snapshot.", f"{value:%Y-%m-%d}")
                values[number], wrong[number] = None, message
        return np.array([*values, None], dtype="datetime64[s]")[codes], wrong
    if kind in TEXT_KINDS:
        return _texts(codes, values, shared), wrong
    numbers = np.array([*values, np.nan], dtype="float64")
    below = np.zeros(len(numbers), dtype=bool) if bounds.signed else numbers < 0
    above = (np.abs(numbers) > bounds.most) & np.isfinite(numbers)
    for number in np.flatnonzero(below | above).tolist():
        cell = quoted(distinct[number])
        most = _Beyond("expected at most {0}, found {1}.", f"{bounds.most:,}", cell)
        wrong[number] = _Beyond("expected 0 or more, found {0}.", cell) if below[number] else most
    numbers[below | above] = np.nan
    return numbers[codes], wrong


def _dates(distinct: Sequence[Any], day: date | None) -> tuple[list[date | None], dict[int, str]]:
    """Days, the readable ones beside others that are none; what may be read two ways is no day at all."""
    with suppress(ValueError):
        return dates(distinct, day), {}
    wrong: dict[int, str] = {}
    for number, cell in enumerate(distinct):
        try:
            dates([cell], day)
        except EitherOrder:
            continue
        except ValueError as error:
            wrong[number] = error.args[0]
    values: list[date | None] = [None] * len(distinct)
    rest = [number for number in range(len(distinct)) if number not in wrong]
    try:
        read = dates([distinct[number] for number in rest], day)
    except ValueError as error:
        wrong |= {number: error.args[0] for number in rest if has_either_order(distinct[number])}
        rest = [number for number in rest if number not in wrong]
        read = dates([distinct[number] for number in rest], day)
    for number, value in zip(rest, read, strict=True):
        values[number] = value
    return values, wrong


def _without_words(distinct: Sequence[Any], column: Column) -> Sequence[Any]:
    """The cells of a column of codes that messages name, with a mark where one is no code that is known."""
    allowed = {"marketplace": CURRENCIES, "currency": CURRENCIES.values()}.get(column.name)
    if allowed is None:
        return distinct
    read = marketplace if column.kind == "marketplace" else text_of
    return [cell if (code := read(cell)) is None or code.upper() in allowed else UNKNOWN for cell in distinct]

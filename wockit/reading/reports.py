"""One file: which report it is, by its header alone, and its content as a tidy table.

What each report looks like is data in `schema/*.toml`. Bytes become cells in `files`, cells become values in
`values`, and several files become an account in `account`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial, reduce
from itertools import chain
from operator import and_, or_
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wockit.language import Text
from wockit.marketplaces import CURRENCIES
from wockit.notes import Note, Problem, ReportError, WrongFile, quoted, some
from wockit.reading.bulk import Bulk, read_bulk
from wockit.reading.cells import SEVERAL, Cells, Sheet
from wockit.reading.files import headers, read_sheets
from wockit.reading.schemas import (
    TEXT_KINDS,
    Column,
    Schema,
    attribution_days_of,
    column_map,
    column_places,
    dated_columns,
    header_language,
    reading_too,
    recognise,
    schemas,
    unknown_report,
    with_column_map,
)
from wockit.reading.soundness import header_again, holds, missing, of_one_day, repeats
from wockit.reading.values import LONGEST, PARSERS, EitherOrder, dates, decimal_mark, instant, marketplace, money, sign
from wockit.reading.values import text as text_of

TOTALS = frozenset({"total", "totals", "grand total", "summe", "gesamt", "totale", "合计", "总计", "合計", "総計"})


UNSIGNED = frozenset({"stock", "ads", "costs", "other_stock"})
"""Roles of reports whose numbers are never below 0, but for columns that are `signed`."""


MOST = 1_000_000_000
"""What no count and no amount is above: more is a barcode or a slip."""


MOST_UNITS = 9_999_999
"""What no count of an inventory is above: the shortest barcode has one digit more."""


LONGEST_AHEAD = timedelta(days=3 * 366)
"""How far ahead of its download a day in a report may lie."""


UNKNOWN = "UNKNOWN"
"""What stands in the place of a code that is not known, in a file that may hold buyers."""


_BETWEEN = re.compile(r"\s+(?:[-–—]|to|bis|à|al?|do|till|tot)\s+|\s*[–—~～至]\s*")
"""What stands between the first and the last day of a range."""


_AS_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII)
"""A SKU of many digits as a spreadsheet writes it."""


UNOPENED = Text("Download it again. Do not open it in Excel before you put it into the folder.")


_NO_MAP: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Report:
    """What one file says.

    `table` has our columns only, one row for each row of the file that was kept; `rows` counts those read and
    `dropped` those left out, by reason. `attribution_days` is the window of an advertising report, `sales_days` the
    period that the file itself states and `sales_last` its last day, `header` the cells that were matched, by our
    column. `since` is the earliest moment of an order file, of rows that are left out too. `signs` are the currency
    signs beside its amounts, in headers and, where it has no column for marketplaces, in cells. `bulk` is what a bulk
    download holds, of all its sheets.
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
    bulk: Bulk | None = None


def read_report(
    path: Path,
    name: str = "",
    columns: Mapping[str, Mapping[str, str]] = _NO_MAP,
    day: date | None = None,
    encodings: Sequence[str] = (),
    also: Sequence[str] = (),
    newest: date | None = None,
) -> Report:
    """Read one downloaded file: recognise it by its header, and give its table in our words.

    Parameters
    ----------
    path
        A file as downloaded: CSV, tab-separated text, XLSX, JSON or JSON lines, in any of its encodings, gzipped or
        zipped.
    name
        What to call it in messages; the file's name if left out.
    columns
        Spellings of the account's own: for a kind of report, our column -> the header cell in the file.
    day
        When it was downloaded, which may tell day from month.
    encodings
        Those in which the account's own language is written, the likelier first.
    also
        Columns to read that otherwise only help to recognise a report.
    newest
        The newest day that a file was downloaded which belongs to it; `day` if left out.

    Returns
    -------
    Report
        Text stays text (leading zeros, `1E5`), numbers are floats, what is blank is missing and never 0. A cell that
        cannot be read is missing too, and a row without a readable ASIN or day is left out; both are noted.

    Raises
    ------
    WrongFile
        If it is whole but of a kind that is unknown or of no use here.
    ReportError
        With every problem of the file: a column is missing or found twice, most cells of a column that is needed
        cannot be read, or the file is cut off, protected or too large.
    """
    where = quoted(name or path.name)[1:-1]
    known = _known(columns)
    widest: tuple[str, ...] = ()
    sheets = read_sheets(path, where, encodings)
    for sheet in sheets:
        if schema := recognise(sheet.header, known):
            if schema.role == "refused":
                raise _refused(sheet, schema, known, where)
            if schema.role == "bulk":
                return _bulk_report(chain([sheet], sheets), schema, where)
            schema = reading_too(schema, also)
            places, problems = column_places(sheet, schema, where)
            if problems:
                raise ReportError(problems)
            report = _tidy(sheet, schema, places, where, day, newest or day)
            _check_other_sheets(sheet, sheets, known, where)
            return report
        widest = max(widest, sheet.header, key=len)
    again = (sheet for sheet in read_sheets(path, where, encodings) if sheet.header == widest)
    raise WrongFile([unknown_report(where, next(again, None), known)])


def _bulk_report(sheets: Iterable[Sheet], schema: Schema, where: str) -> Report:
    """A bulk download, whose sheets belong together."""
    bulk, notes, currency = read_bulk(sheets, schema, where)
    stated = pd.array([currency or None] * len(bulk.rows), dtype="str")
    return Report(
        schema=schema,
        file=where,
        table=bulk.rows.assign(currency=stated),
        rows=len(bulk.rows),
        dropped={},
        notes=tuple(notes),
        language=header_language({name: bulk.header[place] for name, place in bulk.places.items()}, schema),
        header={name: bulk.header[place] for name, place in bulk.places.items()},
        attribution_days=schema.attribution_default,
        bulk=bulk,
    )


def _check_other_sheets(sheet: Sheet, others: Iterator[Sheet], known: Sequence[Schema], where: str) -> None:
    """Refuse a workbook of which a second sheet is a report too: whether one of them counts or both do is unknown."""
    for other in others if sheet.name else ():
        if other.name != sheet.name and recognise(other.header, known):
            found = Text("its sheets {0} and {1} are both reports.", quoted(sheet.name), quoted(other.name))
            raise ReportError([Problem(where, found, "Save each as a file of its own, or delete one.")])


def _refused(sheet: Sheet, schema: Schema, known: Sequence[Schema], where: str) -> ReportError:
    perhaps = next((each for each in known if each.key == schema.perhaps), None)
    if perhaps:
        spelled, _ = column_places(sheet, perhaps, where)
        missing = [column for column in perhaps.columns.values() if column.required and column.name not in spelled]
        if line := column_map(sheet, perhaps, missing):
            found = Text("it looks like a {0} report whose columns have other names.", perhaps.title)
            return ReportError(
                [Problem(where, found, Text("If it is, add its column names to account.toml: {0}", line))]
            )
    found = Text("it is a {0} report, which cannot be used here.", schema.title)
    return WrongFile([Problem(where, found, schema.instead)])


def role_of(path: Path, columns: Mapping[str, Mapping[str, str]] = _NO_MAP) -> str:
    """What a file is for (`"stock"`, `"ads"` ...), told by its header without its rows; nothing where it is unknown."""
    known = _known(columns)
    schemas_found = (recognise(header, known) for header in headers(path, path.name))
    try:
        return next((schema.role for schema in schemas_found if schema), "")
    except (ReportError, OSError):  # `read_report` says what is wrong
        return ""


def _known(columns: Mapping[str, Mapping[str, str]]) -> list[Schema]:
    return [with_column_map(schema, columns.get(schema.key, {})) for schema in schemas().values()]


def _tidy(
    sheet: Sheet, schema: Schema, places: Mapping[str, int], where: str, day: date | None, newest: date | None
) -> Report:
    wanted_places = {name: place for name, place in places.items() if schema.columns[name].read}
    raw = dict(zip(wanted_places, sheet.read(list(wanted_places.values())), strict=True))
    if "date_range" in raw:
        raw |= _ends(raw.pop("date_range"))
    rows = len(next(iter(raw.values())).codes)
    row_mask = np.full(rows, True)
    dropped = {"lines above the header": max(sheet.first_row - 2, 0), "lines below the table": sheet.footer}

    def leave_out(reason: str, these: Any) -> None:
        nonlocal row_mask
        dropped[reason] = dropped.get(reason, 0) + int((row_mask & these).sum())
        row_mask = row_mask & ~these

    leave_out(Text("blank rows"), reduce(and_, (cells.codes < 0 for cells in raw.values())))
    for name in {"asin", next(iter(raw))} & set(raw):
        leave_out(Text("total rows"), holds(raw[name], TOTALS))
    for name, wanted in schema.keep.items():
        if name in raw:
            leave_out(Text("rows whose {0} is not {1}", name, repr(wanted)), ~holds(raw[name], {wanted.casefold()}))
    for name, unwanted in schema.drop.items():
        if name in raw:
            leave_out(
                Text("rows whose {0} is {1}", name, " or ".join(unwanted)),
                holds(raw[name], {w.casefold() for w in unwanted}),
            )
    if "asin" in raw and schema.columns["asin"].required:
        leave_out(Text("rows without an ASIN"), missing(raw["asin"]))
    if dated := dated_columns(raw, schema):
        leave_out(Text("rows without a date"), np.all([missing(raw[name]) for name in dated], axis=0))
    header = {name: sheet.header[place] for name, place in places.items()}
    leave_out(Text("repeated header lines"), header_again(raw, header))
    again = repeats(raw, row_mask, sheet, schema, [*wanted_places.values()])
    copies = (
        [Note("warning", where, "its whole table stands in it several times and was counted once.")]
        if again.any()
        else []
    )
    leave_out(Text("repeated rows"), again)
    since = _earliest(raw["purchase_date"].distinct) if "purchase_date" in raw else None
    amounts = [name for name in raw if schema.columns[name].kind == "money"]
    beside = [sheet.header[places[name]] for name in amounts]
    if "marketplace" not in raw:
        beside += [cell for name in amounts for cell in raw[name].distinct]
    signs = frozenset(map(sign, beside)) - {""}
    lost_digits = [] if schema.buyers else list(_lost_digits(raw.get("sku"), where))
    table, notes, unreadable = _table(raw, row_mask, schema, sheet.first_row, where, day, newest)
    dropped |= unreadable
    table, several = of_one_day(table, schema, where)
    notes += [*lost_digits, *copies, *several]
    asked = _asked(sheet.about)
    first, last = _stated_days(asked)
    if first is None and schema.role == "sales" and "start_date" in places and len(table):
        first, last = _covered_days(table)
    named = _stated_marketplaces(asked)
    if len(named) == 1:
        table["marketplace"] = pd.array(named * len(table), dtype="str")
    elif named:
        text = Text("its sums cover the marketplaces {0} together. Request one marketplace at a time.", some(named))
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


def _without_words(distinct: Sequence[Any], column: Column) -> Sequence[Any]:
    """The cells of a column of codes that messages name, with a mark where one is no code that is known."""
    known = {"marketplace": CURRENCIES, "currency": CURRENCIES.values()}.get(column.name)
    if known is None:
        return distinct
    read = marketplace if column.kind == "marketplace" else text_of
    return [cell if (code := read(cell)) is None or code.upper() in known else UNKNOWN for cell in distinct]


def _lost_digits(skus: Cells | None, where: str) -> Iterator[Note]:
    """A note on SKUs that a spreadsheet took for numbers."""
    numbers = [cell for cell in skus.distinct if _AS_NUMBER.fullmatch(str(cell))] if skus else []
    if numbers:
        text = Text(
            "{0} SKUs were changed into numbers and lost digits: {1}. {2}", len(numbers), some(numbers), UNOPENED
        )
        yield Note("warning", where, text)


def _ends(cells: Cells) -> dict[str, Cells]:
    """First and last days of ranges such as `Oct 24, 2026 - Nov 22, 2026`."""
    pairs = [_BETWEEN.split(str(cell)[:LONGEST].strip(), maxsplit=1) for cell in cells.distinct]
    return {
        "start_date": Cells(cells.codes, [pair[0] for pair in pairs]),
        "end_date": Cells(cells.codes, [pair[-1] for pair in pairs]),
    }


def _table(
    raw: dict[str, Cells],
    row_mask: Any,
    schema: Schema,
    first_row: int,
    where: str,
    day: date | None,
    newest: date | None,
) -> tuple[pd.DataFrame, list[Note], dict[str, int]]:
    """The rows that are kept as values, notes on cells that cannot be read, and how many rows these cost."""
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
        values, wrong = _values(codes, distinct, column.kind, shared, bounds, day)
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
    """Whether a row of advertising tells nothing without this number: the sums of the others would not fit."""
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
    """A note on the rows that are left out; a column of which nothing is left is refused."""
    if (blank | lost).all():
        found = Text("the column {0} is blank in all rows.", repr(name))
        raise ReportError([Problem(where, found, "Download it again.")])
    named = some(pd.Series(asins)[np.flatnonzero(blank)].dropna().unique().tolist())
    text = "{0} rows with clicks or sales were left out, because {1} is blank. ASINs: {2}."
    return Note("warning", where, Text(text, f"{int(blank.sum()):,}", repr(name), named))


@dataclass(frozen=True)
class _Unreadable:
    """The cells of a column that cannot be read: their rows, what is wrong with the first, whether most are such."""

    places: Any
    shown: Sequence[str]
    mostly: bool

    def said(self, name: str, numbers: Any) -> tuple[Any, ...]:
        """How many, of which column, and the number of the first row with what is wrong there."""
        return len(self.places), repr(name), numbers[self.places[0]], self.shown[0]


_READABLE = _Unreadable(np.empty(0, dtype=int), (), False)


class _Beyond(Text):
    """What is wrong with a number that cannot be, though its cell can be read."""


def _with_asins(text: str, bad: _Unreadable, name: str, numbers: Any, asins: tuple[Any, _Unreadable] | None) -> Text:
    """What was done with cells that cannot be read, and the ASINs of their rows."""
    said = Text(text, *bad.said(name, numbers))
    named = pd.Series(asins[0])[bad.places].dropna().unique().tolist() if asins else []
    return Text("{0} ASINs: {1}.", said, some(named)) if named else said


def _problems(bad: _Unreadable, numbers: Any, where: str, column: Column) -> Iterator[Problem]:
    name = column.name
    for place, found in zip(bad.places, bad.shown, strict=False):
        do = UNOPENED if column.kind == "date" else ""
        yield Problem(Text("{0}, row {1}, column {2}", where, numbers[place], repr(name)), found, do)
    if len(bad.places) > SEVERAL:
        more = Text("and {0} more rows like these.", f"{len(bad.places) - SEVERAL:,}")
        yield Problem(Text("{0}, column {1}", where, repr(name)), more)


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
    """Whether a column's numbers may be below 0, what none is above, and the last day that may stand in it."""

    signed: bool
    most: float
    day: date | None


def _bounds(column: Column, schema: Schema, newest: date | None) -> _Bounds:
    counted = column.kind == "count" and schema.role in ("stock", "other_stock")
    return _Bounds(
        column.signed or schema.role not in UNSIGNED,
        column.most or (MOST_UNITS if counted else MOST),
        newest and newest + LONGEST_AHEAD,
    )


def _values(
    codes: Any, distinct: Sequence[Any], kind: str, shared: bool, bounds: _Bounds, day: date | None
) -> tuple[Any, dict[int, str]]:
    """The values of the cells of a column, and what is wrong with the cells that cannot be read."""
    wrong: dict[int, str] = {}
    values: list[Any] = []
    if kind == "date":
        values, wrong = _dates(distinct, day)
        for number, value in enumerate(values):
            if bounds.day and value and value > bounds.day:
                values[number], wrong[number] = None, _Beyond("{0} lies years ahead.", value)
    else:
        parse = partial(money, decimal=decimal_mark(distinct)) if kind == "money" else PARSERS[kind]
        for number, cell in enumerate(distinct):
            try:
                values.append(parse(cell))
            except ValueError as error:
                values.append(None)
                wrong[number] = Text("expected {0}, found {1}.", *error.args, quoted(cell))
    if kind in ("date", "instant"):
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
        for number, value in zip(rest, dates([distinct[number] for number in rest], day), strict=True):
            values[number] = value
    except ValueError as error:
        return [None] * len(distinct), dict.fromkeys(range(len(distinct)), error.args[0])
    return values, wrong


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
    """First and last day of the period that a document covers, from what was asked for."""
    try:
        first, last = dates([asked.get("dataStartTime"), asked.get("dataEndTime")])
    except (ValueError, TypeError):
        return None, None
    if not (first and last and last >= first):
        return None, None
    options = asked.get("reportOptions")
    return _widened(first, last, options.get("dateGranularity") if isinstance(options, dict) else None)


def _widened(first: date, last: date, granularity: Any) -> tuple[date, date]:
    """The days that Amazon answers for: by WEEK whole weeks from Sunday on, by MONTH whole months.

    Examples
    --------
    >>> [day.isoformat() for day in _widened(date(2021, 6, 11), date(2021, 6, 14), "WEEK")]
    ['2021-06-06', '2021-06-19']
    """
    if granularity == "WEEK":
        return first - timedelta(days=first.isoweekday() % 7), last + timedelta(days=6 - last.isoweekday() % 7)
    if granularity == "MONTH":
        return first.replace(day=1), (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, last


def _covered_days(table: pd.DataFrame) -> tuple[date, date] | tuple[None, None]:
    """First and last day of the periods that the records themselves name."""
    first, last = table["start_date"].min(), table["end_date"].max()
    return (None, None) if pd.isna(first) or pd.isna(last) or last < first else (first.date(), last.date())


def _stated_marketplaces(asked: Mapping[str, Any]) -> list[str]:
    """The marketplaces that were asked for, by code; an id that is not known stays as it is."""
    ids = asked.get("marketplaceIds")
    codes = [marketplace(each) for each in ids if isinstance(each, str)] if isinstance(ids, list) else []
    return sorted({code for code in codes if code})

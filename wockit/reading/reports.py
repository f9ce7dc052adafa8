"""One file: which report it is, by its header alone, and its content as a tidy table.

What each report looks like is data in `schema/*.toml`. Bytes become cells in `files`, cells become a table
of values in `report_table`, and several files become an account in `account`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from wockit.language import Text
from wockit.notes import Note, Problem, ReportError, WrongFile, quoted, some
from wockit.reading.asked import covered_days, stated_days, stated_marketplaces
from wockit.reading.bulk import Bulk, read_bulk
from wockit.reading.cells import Cells, Sheet
from wockit.reading.days import dates
from wockit.reading.files import headers, read_sheets
from wockit.reading.orders import Covered, covered
from wockit.reading.report_table import UNOPENED, table_of
from wockit.reading.row_rules import rows_that_count
from wockit.reading.schemas import (
    Schema,
    asin_places,
    attribution_days_of,
    column_map,
    column_places,
    header_language,
    matched_cells,
    reading_too,
    recognise,
    schemas,
    with_column_map,
)
from wockit.reading.soundness import of_one_day, repeats
from wockit.reading.strangers import slips, unknown_file
from wockit.reading.values import LONGEST, sign

DECIMAL_DOT = frozenset({"en", "api", "zh", "ja"})
"""Languages of reports whose amounts have a decimal dot."""


MOST_SKUS = 1_000_000
"""Rows that a report of stock may have."""


_BETWEEN = re.compile(
    r"\s+(?:[-–—]|to|bis|à|al?|do|till|tot)\s+|\s*[–—~～至]\s*"
    r"|(?<=\d{4})-(?=\d{1,2}/|[^\W\d])|(?<=/\d\d)-(?=\d{4}/)|(?<=-\d\d)/(?=\d{4}-)|(?<=\d{8})-(?=\d{8})"
)
"""What stands between the first and the last day of a range."""


_AS_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII)
"""A SKU of many digits as a spreadsheet writes it."""


_NO_MAP: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Report:
    """Content of one file.

    `table` has our columns only, one row for each row of the file that was kept; `rows` counts those read and
    `dropped` those left out, by reason. `attribution_days` is the window of an advertising report, `sales_days` the
    period that the file itself states and `sales_last` its last day, `header` the cells that were matched, by our
    column. `since` and `until` are the moments between which a file of orders has all of them, by rows that are left
    out too; `united` says that it has no order of which another file has a newer state. `signs` are the currency
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
    until: datetime | None = None
    united: bool = False
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
    whole: bool = False,
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
    whole
        Whether rows are kept that a report of this kind drops.

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
    widest: Sheet | None = None
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
            report = _tidy(sheet, schema, places, where, day, newest or day, whole)
            _check_other_sheets(sheet, sheets, known, where)
            return report
        if widest is None or len(sheet.header) > len(widest.header):
            widest = sheet
    again = read_sheets(path, where, encodings)  # a text or a workbook can be read only before its next sheet
    if widest and widest.about is None:
        header = widest.header
        widest = next((each for each in again if each.header == header), None)
    raise unknown_file(where, widest, known)


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
    """Refuse a workbook whose second sheet is a report too: whether one of them counts or both is unknown."""
    for other in others if sheet.name else ():
        if other.name != sheet.name and recognise(other.header, known):
            found = Text("its sheets {0} and {1} are both reports.", quoted(sheet.name), quoted(other.name))
            raise ReportError([Problem(where, found, "Save each as a file of its own, or delete one.")])


def _refused(sheet: Sheet, schema: Schema, known: Sequence[Schema], where: str) -> ReportError:
    perhaps = next((each for each in known if each.key == schema.perhaps), None)
    if perhaps:
        spelled, _ = column_places(sheet, perhaps, where)
        missing = [column for column in perhaps.columns.values() if column.required and column.name not in spelled]
        others = {place for _, place in matched_cells(sheet.header, schema)}
        line = column_map(sheet, perhaps, missing, others)
        free = [place for place in range(len(sheet.header)) if place not in others]
        if line or asin_places(sheet, free):
            found = Text("it looks like the {0} report with other column names.", perhaps.title)
            do = Text("If it is, add its column names to account.toml: {0}", line)
            in_english = Text("Download it in English: {0}.", perhaps.download)
            return ReportError([Problem(where, found, do)]) if line else WrongFile([Problem(where, found, in_english)])
    found = Text("it is the {0} report, which cannot be used here.", schema.title)
    return WrongFile([Problem(where, found, schema.instead)])


def role_of(path: Path, columns: Mapping[str, Mapping[str, str]] = _NO_MAP) -> str:
    """Role of a file (`"stock"`, `"ads"` ...) by its header, without its rows; nothing where it is unknown."""
    known = _known(columns)
    schemas_found = (recognise(header, known) for header in headers(path, path.name))
    try:
        return next((schema.role for schema in schemas_found if schema), "")
    except (ReportError, OSError):  # `read_report` says what is wrong
        return ""


def _known(columns: Mapping[str, Mapping[str, str]]) -> list[Schema]:
    return [with_column_map(schema, columns.get(schema.key, {})) for schema in schemas().values()]


def _tidy(
    sheet: Sheet,
    schema: Schema,
    places: Mapping[str, int],
    where: str,
    day: date | None,
    newest: date | None,
    whole: bool,
) -> Report:
    read = {name: place for name, place in places.items() if schema.columns[name].read or name == "last_update"}
    raw = dict(zip(read, sheet.read([*read.values()]), strict=True))
    days = _days_covered(raw, schema)
    read_places = [place for name, place in read.items() if name in raw]
    if "date_range" in raw:
        raw |= _ends(raw.pop("date_range"))
    number = len(next(iter(raw.values())).codes)
    if schema.role == "stock" and number > MOST_SKUS:
        text = Text("it has {0} rows, more than {1}.", f"{number:,}", f"{MOST_SKUS:,}")
        raise ReportError([Problem(where, text, "Is it the right file?")])
    header = {name: sheet.header[place] for name, place in places.items()}
    rows = rows_that_count(raw, header, sheet, schema, whole)
    again = repeats(raw, rows.counting, sheet, schema, read_places)
    copies = _counted_once(int(again.sum()), int(rows.counting.sum()), where)
    rows.leave_out(Text("repeated rows"), again)
    lost_digits = [] if schema.buyers else list(_lost_digits(raw.get("sku"), where))
    signs = _signs(raw, header, schema)
    language = header_language(header, schema)
    decimal = "." if language in DECIMAL_DOT else ""
    table, notes, unreadable = table_of(raw, rows.counting, schema, sheet.first_row, where, day, newest, decimal)
    table, several = of_one_day(table, schema, where)
    doubts = [Note("warning", where, sheet.doubt)] if sheet.doubt else []
    notes += [*doubts, *lost_digits, *copies, *several, *days.notes(where), *slips(sheet, schema, where)]
    first, last = stated_days(sheet.about)
    if first is None and schema.role == "sales" and "start_date" in places and len(table):
        first, last = covered_days(table)
    named = stated_marketplaces(sheet.about)
    if len(named) == 1:
        table["marketplace"] = pd.array(named * len(table), dtype="str")
    elif named:
        text = Text("its sums cover the marketplaces {0} together. Request one marketplace at a time.", some(named))
        notes.append(Note("warning", where, text, "marketplaces_mixed"))
    return Report(
        schema=schema,
        file=where,
        table=table,
        rows=len(rows.counting) + max(sheet.first_row - 2, 0) + sheet.footer,
        dropped={reason: number for reason, number in (rows.dropped | unreadable).items() if number},
        notes=tuple(notes),
        language=language,
        header=header,
        attribution_days=attribution_days_of(header.get("ad_sales", ""), schema),
        sales_days=(last - first).days + 1 if first and last else None,
        sales_last=last,
        since=days.since,
        until=days.until,
        signs=signs,
    )


def _signs(raw: Mapping[str, Cells], header: Mapping[str, str], schema: Schema) -> frozenset[str]:
    """Signs of currencies in the columns of money: in their headings, and in the cells of a report of one store."""
    amounts = [name for name in raw if schema.columns[name].kind == "money"]
    beside = [header[name] for name in amounts]
    if "marketplace" not in raw:
        beside += [cell for name in amounts for cell in raw[name].distinct]
    return frozenset(map(sign, beside)) - {""}


def _counted_once(again: int, rows: int, where: str) -> list[Note]:
    """A note on rows that stand several times in a file."""
    text = Text("{0} duplicate rows were left out.", f"{again:,}")
    if 2 * again >= rows:
        text = Text("the table is repeated; it was counted once.")
    return [Note("warning", where, text)] if again else []


def _lost_digits(skus: Cells | None, where: str) -> Iterator[Note]:
    """A note on SKUs that a spreadsheet took for numbers."""
    numbers = [cell for cell in skus.distinct if _AS_NUMBER.fullmatch(str(cell))] if skus else []
    if numbers:
        text = Text(
            "{0} SKUs were changed into numbers and lost digits: {1}. {2}", len(numbers), some(numbers), UNOPENED
        )
        yield Note("warning", where, text)


def _with_year(first: str, last: str) -> str:
    """The first day of a range, with the year that only its last day names, as in `Oct 24 - Nov 22, 2026`."""
    year = re.search(r"(?<!\d)20\d\d(?!\d)", last)
    if not year or re.search(r"\d{3}|\d\D+\d", first):
        return first
    with suppress(ValueError):
        start, end = dates([f"{first}, {year[0]}", last])
        return (start if start <= end else start.replace(year=start.year - 1)).isoformat() if start and end else first
    return first


def _ends(cells: Cells) -> dict[str, Cells]:
    """First and last days of ranges such as `Oct 24, 2026 - Nov 22, 2026`."""
    pairs = [_BETWEEN.split(str(cell)[:LONGEST].strip(), maxsplit=1) for cell in cells.distinct]
    return {
        "start_date": Cells(cells.codes, [_with_year(pair[0], pair[-1]) for pair in pairs]),
        "end_date": Cells(cells.codes, [pair[-1] for pair in pairs]),
    }


def _days_covered(raw: dict[str, Cells], schema: Schema) -> Covered:
    """Days that a file of orders covers; the column of updates, which helps, is dropped where it is not read."""
    updates = raw.get("last_update")
    if updates and not schema.columns["last_update"].read:
        del raw["last_update"]
    return covered(raw["purchase_date"], updates) if "purchase_date" in raw else Covered()

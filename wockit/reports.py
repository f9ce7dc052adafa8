"""One file: which report it is, told by its header alone, and what it says as a tidy table.

What each report looks like is data in `schema/*.toml`. Bytes become cells in `sheets`, cells become values in
`values`, and several files become an account in `account`.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from wockit.notes import Note, Problem, ReportError, nearest, quoted
from wockit.sheets import SEVERAL, Sheet, read_sheets
from wockit.values import PARSERS, dates

_CURRENCY = re.compile(r"\s*\((?:[^\w\s()]|[a-z]{3})\)$")


@dataclass(frozen=True)
class Column:
    """One of our columns, and every way in which a report spells it."""

    name: str
    kind: str
    spellings: MappingProxyType[str, str]
    required: bool = False
    first_wins: bool = False


@dataclass(frozen=True)
class Schema:
    """One kind of report: what it is for, where to download it, how it is recognised, and its columns."""

    key: str
    title: str
    role: str
    download: str
    recognised_by: tuple[str, ...]
    columns: MappingProxyType[str, Column]
    attribution_days: MappingProxyType[str, int]


@dataclass(frozen=True)
class Report:
    """What one file says.

    `table` has our columns only, one row for each row of the file that was kept; `rows` counts those read and
    `dropped` those left out, by reason. `attribution_days` is the window that an advertising report names.
    """

    schema: Schema
    file: str
    table: pd.DataFrame
    rows: int
    dropped: MappingProxyType[str, int]
    notes: tuple[Note, ...]
    attribution_days: int | None = None


@cache
def schemas() -> MappingProxyType[str, Schema]:
    """Every kind of report that wockit knows, by key.

    Examples
    --------
    >>> schemas()["fba_inventory"].title
    'FBA Inventory'
    """
    folder = Path(__file__).parent / "schema"
    found = {}
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = {
            name: Column(name, **{**entry, "spellings": MappingProxyType(entry["spellings"])})
            for name, entry in content["columns"].items()
        }
        found[path.stem] = Schema(
            key=path.stem,
            title=content["title"],
            role=content["role"],
            download=content["download"],
            recognised_by=tuple(content["recognised_by"]),
            columns=MappingProxyType(columns),
            attribution_days=MappingProxyType(content.get("attribution_days", {})),
        )
    return MappingProxyType(found)


def normalised(header: str) -> str:
    """A header cell as it is compared: one form for dashes, spaces, case, full-width signs and currency suffixes.

    Examples
    --------
    >>> normalised("Sessions – Total"), normalised("7 Day Total Sales (₹)"), normalised("（子）ASIN")
    ('sessions-total', '7 day total sales', '(子)asin')
    """
    found = unicodedata.normalize("NFKC", header).lstrip("\ufeff").casefold()
    found = re.sub(r"[–—−_]", "-", found)
    found = re.sub(r"\s+", " ", found).strip()
    found = re.sub(r"\s*-\s*", "-", _CURRENCY.sub("", found))
    return found.replace(" ", "") if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", found) else found


def read_report(path: Path, name: str = "") -> Report:
    """Read one downloaded file: recognise it by its header, and give its table in our words.

    Parameters
    ----------
    path
        A CSV, tab-separated or XLSX file as downloaded, in any of its encodings.
    name
        What to call it in messages; the file's name if left out.

    Returns
    -------
    Report
        Text stays text (leading zeros, `1E5`), numbers are floats, what is blank is missing and never 0.

    Raises
    ------
    ReportError
        With every problem of the file: its kind is unknown, a column is missing or found twice, a cell of a column
        that is needed cannot be read, or the file is cut off, protected or no workbook.
    """
    where = quoted(name or path.name)[1:-1]
    sheets = read_sheets(path, where)
    recognised = [(sheet, schema) for sheet in sheets if (schema := _recognise(sheet.header))]
    if not recognised:
        raise ReportError([_unknown(where, sheets)])
    sheet, schema = recognised[0]
    places, problems = _places(sheet.header, schema, where)
    if problems:
        raise ReportError(problems)
    return _tidy(sheet, schema, places, where)


def _recognise(header: Sequence[str]) -> Schema | None:
    found = Counter(
        {
            schema.key: len(names)
            for schema in schemas().values()
            if set(schema.recognised_by) <= (names := {name for name, _ in _matches(header, schema)})
        }
    )
    return schemas()[found.most_common(1)[0][0]] if found else None


def _matches(header: Sequence[str], schema: Schema) -> Iterator[tuple[str, int]]:
    """Our column and the place of each header cell that spells it, in the order of the schema's spellings."""
    seen: dict[str, list[int]] = {}
    for place, cell in enumerate(header):
        seen.setdefault(normalised(cell), []).append(place)
    for column in schema.columns.values():
        for spelling in dict.fromkeys(map(normalised, column.spellings)):
            for place in seen.get(spelling, ()):
                yield column.name, place


def _places(header: Sequence[str], schema: Schema, where: str) -> tuple[dict[str, int], list[Problem]]:
    places: dict[str, int] = {}
    problems = []
    for name, place in _matches(header, schema):
        if name in places and not schema.columns[name].first_wins:
            found = f"the columns {quoted(header[places[name]])} and {quoted(header[place])} both mean {name!r}."
            problems.append(Problem(f"{where}, header", found, "Keep one of them."))
        places.setdefault(name, place)
    for column in schema.columns.values():
        if column.required and column.name not in places:
            tried = ", ".join(map(repr, column.spellings))
            seen = ", ".join(map(quoted, header))
            closest = nearest(next(iter(column.spellings)), header)
            found = (
                f"no column for {column.name!r} in this {schema.title} report (tried {tried}). Columns found: {seen}."
            )
            problems.append(
                Problem(f"{where}, header", found, f"{closest} Download it again: {schema.download}.".strip())
            )
    return places, problems


def _unknown(where: str, sheets: Sequence[Sheet]) -> Problem:
    header = sheets[0].header if sheets else ()
    seen = ", ".join(map(quoted, header[:12])) + (", ..." if len(header) > 12 else "")
    known = "; ".join(schema.title for schema in schemas().values())
    found = f"its header is that of no report wockit knows. Columns found: {seen or 'none'}."
    return Problem(where, found, f"Known reports: {known}. Move other files out of the folder.")


def _tidy(sheet: Sheet, schema: Schema, places: dict[str, int], where: str) -> Report:
    raw = sheet.read(list(places.values()))
    raw.columns = list(places)
    blank = (raw.isna() | raw.eq("")).all(axis=1)
    dropped = {"blank rows": int(blank.sum())}
    raw = raw[~blank]
    problems: list[Problem] = []
    notes: list[Note] = []
    table = {}
    for name in places:
        column = schema.columns[name]
        values, bad = _parsed(raw[name], column.kind)
        if bad and column.required:
            problems += [Problem(f"{where}, row {row}, column {name!r}", found) for row, found in bad[:SEVERAL]]
            if len(bad) > SEVERAL:
                problems.append(
                    Problem(f"{where}, column {name!r}", f"and {len(bad) - SEVERAL:,} more rows like these.")
                )
        elif bad:
            text = f"{len(bad)} cells of {name!r} could not be read and are taken as missing, e.g. row {bad[0][0]}:"
            notes.append(Note("warning", where, f"{text} {bad[0][1]}"))
        table[name] = values
    if problems:
        raise ReportError(problems)
    frame = pd.DataFrame(table, index=raw.index)
    for column in schema.columns.values():
        if column.name not in frame:
            frame[column.name] = _parsed(pd.Series("", index=frame.index), column.kind)[0]
    frame = frame[list(schema.columns)]
    if schema.columns.get("asin") and schema.columns["asin"].required:
        nameless = frame["asin"].isna()
        dropped["rows without an ASIN"] = int(nameless.sum())
        frame = frame[~nameless]
    matched = [normalised(sheet.header[place]) for place in places.values()]
    windows = {
        days for words, days in schema.attribution_days.items() if any(m.startswith(words.casefold()) for m in matched)
    }
    if len(windows) > 1:
        found = f"attribution windows of {sorted(windows)} days are mixed in one file."
        raise ReportError([Problem(f"{where}, header", found, "Download it again with one window.")])
    return Report(
        schema=schema,
        file=where,
        table=frame.reset_index(drop=True),
        rows=len(blank),
        dropped=MappingProxyType({reason: rows for reason, rows in dropped.items() if rows}),
        notes=tuple(notes),
        attribution_days=windows.pop() if windows else None,
    )


def _parsed(raw: pd.Series, kind: str) -> tuple[pd.Series, list[tuple[int, str]]]:
    """Values of a column, and (row in the file, what is wrong) of each cell that cannot be read."""
    codes, distinct = pd.factorize(raw, use_na_sentinel=True)
    cells = [None if cell == "" else cell for cell in distinct]
    wrong: dict[int, str] = {}
    values: list[Any] = []
    if kind == "date":
        try:
            values = dates(cells)
        except ValueError as error:
            values, wrong = [None] * len(cells), dict.fromkeys(range(len(cells)), f"{error}.")
    else:
        for number, cell in enumerate(cells):
            try:
                values.append(PARSERS[kind](cell))
            except ValueError as error:
                values.append(None)
                wrong[number] = f"expected {error}, found {quoted(cell)}."
    dtype = {"date": "datetime64[s]", "text": "str", "asin": "str"}.get(kind, "float64")
    column = pd.Series([*values, None], dtype=dtype).take(codes).set_axis(raw.index)
    bad = [(int(raw.index[place]), wrong[code]) for place, code in enumerate(codes) if code in wrong] if wrong else []
    return column, bad

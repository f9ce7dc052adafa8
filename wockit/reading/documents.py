"""JSON documents as sheets: nested keys are joined by dots, whole numbers stay as written.

A document is one value, or one record a line. Which report it is, is decided in `reports`.
"""

import codecs
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from wockit.language import Text
from wockit.notes import Problem, ReportError, WrongFile, quoted
from wockit.reading.cells import Cells, Sheet, as_cells

LARGEST_DOCUMENT = 100_000_000
"""Bytes of a JSON document; a larger one needs several times its size in memory."""


MOST_TABLES, MOST_VALUES, MOST_KEYS = 2_000_000, 15_000_000, 2_000
"""Records and lists of a JSON document, values, and different keys of its records."""


LONGEST_KEY = 1_000
"""Characters of a key with those above it."""


_DECODER = json.JSONDecoder(parse_int=str, parse_constant=str)


@dataclass(frozen=True)
class _Column:
    """The values of a key, and the numbers of the records that have it."""

    records: "array[int]" = field(default_factory=lambda: array("q"))
    values: list[Any] = field(default_factory=list)


def document_sheet(file: IO[bytes], where: str) -> Sheet:
    """The records of a JSON document as a table, whose columns may be read at any time.

    Raises
    ------
    ReportError
        If it is too large, cut off or nested too deeply.
    WrongFile
        If it is no list of records.
    """
    data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        text: str = Text("it is a JSON document of more than {0} bytes.", f"{LARGEST_DOCUMENT:,}")
        raise ReportError([Problem(where, text, "Request fewer days, or request the report as a CSV file.")])
    if data.count(b"{") + data.count(b"[") > MOST_TABLES or data.count(b",") > MOST_VALUES:
        text = Text(
            "it is a JSON document of more than {0} records or {1} values.", f"{MOST_TABLES:,}", f"{MOST_VALUES:,}"
        )
        raise ReportError([Problem(where, text, "Request fewer days, or request the report as a CSV file.")])
    records, about = _records(_parsed(data, where))
    if records == []:
        text = "it has no records."
        raise WrongFile([Problem(where, text, "Request it again, for days with sales.")])
    if not isinstance(records, list) or {*map(type, records)} != {dict} or not any(records):
        text = "its JSON is not a list of records."
        raise WrongFile([Problem(where, text, "Use the report document itself, as the API returns it.")])
    try:
        by_key, about = _by_key(records, where), _cleaned(about)
    except RecursionError:
        raise _too_deep(where) from None
    columns, length = list(by_key.values()), len(records)

    def read(places: Sequence[int]) -> list[Cells]:
        return [_cells(columns[place], length) for place in places]

    return Sheet(tuple(map(_writable, by_key)), read, 1, about=about)


def _by_key(records: Sequence[Mapping[str, Any]], where: str) -> dict[str, _Column]:
    """The values of records by key, without levels."""
    columns: dict[str, _Column] = {}

    def put(number: int, record: Mapping[str, Any], prefix: str = "") -> None:
        for name, value in record.items():
            key = prefix + name
            if len(key) > LONGEST_KEY:
                raise _too_deep(where)
            if isinstance(value, dict):
                put(number, value, f"{key}.")
                continue
            if key not in columns:
                if len(columns) == MOST_KEYS:
                    text = Text("its records have more than {0} different keys.", f"{MOST_KEYS:,}")
                    do = "Use the report document itself, as the API returns it."
                    raise WrongFile([Problem(where, text, do)])
                columns[key] = _Column()
            column = columns[key]
            column.records.append(number)
            column.values.append(value)

    for number, record in enumerate(records):
        if record:
            put(number, record)
    return columns


def _too_deep(where: str) -> ReportError:
    return ReportError([Problem(where, "its JSON is nested too deeply.", "Download it again.")])


def _cells(column: _Column, length: int) -> Cells:
    """Cells of a column of a table; a record without its key has an empty one."""
    cells = as_cells([_cell(value) for value in column.values])
    codes = np.full(length, -1, dtype=cells.codes.dtype)
    codes[np.frombuffer(column.records, dtype=np.int64)] = cells.codes
    return Cells(codes, cells.distinct)


def _cell(value: Any) -> Any:
    """A value as a cell: a float stays one, because its dot groups no thousands."""
    if isinstance(value, float):
        return value
    return "" if value is None else _writable(str(value))


def _cleaned(value: Any) -> Any:
    """The same value with texts that a file can hold."""
    if isinstance(value, dict):
        return {_writable(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return _writable(value) if isinstance(value, str) else value


def _writable(text: str) -> str:
    """A text without the halves of signs that no file can hold."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _parsed(data: bytes, where: str) -> Any:
    """Content of a JSON document; one record per line, as the Data Kiosk writes them, is a list of these."""
    try:
        return _decoded(data)
    except (ValueError, RecursionError) as error:
        lines = [line for line in data.removeprefix(codecs.BOM_UTF8).splitlines() if line.strip()]
        if len(lines) > 1 and _is_record(lines[0]):
            return [_line(line, number, where) for number, line in enumerate(lines, 1)]
        text = Text("it begins as JSON but cannot be read ({0}). It may be truncated.", quoted(str(error)))
        raise ReportError([Problem(where, text, "Download it again.")]) from None


def _decoded(data: bytes) -> Any:
    return _DECODER.decode(data.decode(json.detect_encoding(data), "surrogatepass").removeprefix("\ufeff"))


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(_decoded(line), dict)
    except (ValueError, RecursionError):
        return False


def _line(line: bytes, number: int, where: str) -> Any:
    try:
        return _decoded(line)
    except (ValueError, RecursionError) as error:
        text = Text("this JSON record cannot be read ({0}). The file may be truncated.", quoted(str(error)))
        raise ReportError([Problem(Text("{0}, line {1}", where, number), text, "Download it again.")]) from None


def _records(content: Any) -> tuple[Any, dict[str, Any]]:
    """The records of a document by ASIN, or its only list of records; and what it says of itself beside them."""
    while isinstance(content, dict) and len(content) == 1 and isinstance(inner := next(iter(content.values())), dict):
        content = inner  # the answer to a query, as it was received
    if not isinstance(content, dict):
        return content, {}
    lists = [key for key, value in content.items() if isinstance(value, list)]
    if content and not lists:  # a document of one record a line that has one line
        return [content], {}
    by_asin = [key for key in lists if key.endswith("ByAsin")]
    named = by_asin or lists
    if len(named) != 1:
        return None, {}
    return content[named[0]], {key: value for key, value in content.items() if key != named[0]}

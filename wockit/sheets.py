"""From the bytes of a file to a header and cells of text: encodings, delimiters, quoting and workbooks.

Nothing here knows which report it is; that is `reports`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from python_calamine import CalamineWorkbook

from wockit.notes import Problem, ReportError, quoted

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx")
ENCODINGS = ("utf-8", "cp1252", "cp932", "gb18030")
SEVERAL = 3
"""How many rows of one trouble are shown; the rest are counted."""
LONGEST_HEADER = 20_000
"""Characters of a first line that are looked at; no report comes near."""

Reader = Callable[[list[int]], pd.DataFrame]


@dataclass(frozen=True)
class Sheet:
    """A header and, when asked for, the cells of some of its columns.

    `read(places)` gives a column of cells for each place in the header, indexed by row number in the file.
    """

    header: tuple[str, ...]
    read: Reader


def read_sheets(path: Path, where: str) -> list[Sheet]:
    """Every candidate table of a file: a text file in each encoding that fits, or the sheets of a workbook.

    Parameters
    ----------
    path
        The file.
    where
        What to call it in messages.

    Raises
    ------
    ReportError
        If it is empty, protected by a password, no workbook though named so, or in no known encoding.
    """
    data = path.read_bytes()
    if not data.strip(b"\x00\r\n\t "):
        raise ReportError([Problem(where, "the file is empty.", "Download it again.")])
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        found = "the workbook is protected by a password, or is in the old .xls form."
        raise ReportError([Problem(where, found, "Open it, save it as .xlsx without a password, and try again.")])
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, where)
    if path.suffix.lower() == ".xlsx":
        found = f"it is named .xlsx but is no workbook; it begins with {quoted(data[:16].decode('latin-1'))}."
        raise ReportError([Problem(where, found, "Download it again, or give a text file its own ending, .csv.")])
    return list(_text_sheets(data, where))


def _workbook(data: bytes, where: str) -> list[Sheet]:
    sheets = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if rows:
                    sheets.append(Sheet(tuple(map(str, rows[0])), _rows_reader(rows[1:])))
    except Exception as error:
        found = f"the workbook cannot be read ({quoted(str(error))}); it may be cut off."
        raise ReportError([Problem(where, found, "Download it again.")]) from None
    return sheets


def _rows_reader(rows: list[list[Any]]) -> Reader:
    def read(places: list[int]) -> pd.DataFrame:
        columns = [pd.Series([row[place] for row in rows], dtype=object) for place in places]
        return pd.concat(columns, axis=1).set_axis(range(2, len(rows) + 2)) if rows else pd.DataFrame(columns=places)

    return read


def _text_sheets(data: bytes, where: str) -> Iterator[Sheet]:
    fits = False
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        fits = True
        line, *rest = re.split(r"\r\n?|\n", text, maxsplit=1)
        delimiter, quoting, header = _header(line[:LONGEST_HEADER])
        yield Sheet(tuple(header), _text_reader("".join(rest), delimiter, quoting, len(header), where))
    if not fits:
        raise ReportError([Problem(where, "its text is in no encoding that Amazon uses.", "Download it again.")])


def _encodings(data: bytes) -> Sequence[str]:
    if data.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ENCODINGS


def _header(line: str) -> tuple[str, bool, list[str]]:
    """The delimiter, whether cells are quoted, and the cells of the first line."""
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = max("\t;,", key=bare.count)
    cells = next(csv.reader([line], delimiter=delimiter), [])
    quoting = delimiter != "\t" or line.startswith('"')
    return delimiter, quoting, cells if quoting else line.split(delimiter)


def _text_reader(body: str, delimiter: str, quoting: bool, width: int, where: str) -> Reader:
    def read(places: list[int]) -> pd.DataFrame:
        if quoting and body.count('"') % 2:
            found = "a quotation mark is opened and never closed: the file is cut off."
            raise ReportError([Problem(where, found, "Download it again.")])
        if not body:
            return pd.DataFrame(columns=places, dtype="str")
        data = b"\n" + body.encode("utf-8", "surrogatepass")
        odd: list[Any] = []

        def skip(row: Any) -> str:
            odd.append(row)
            return "skip"

        names = [str(place) for place in range(width)]
        table = pa.csv.read_csv(
            pa.BufferReader(data),
            read_options=pa.csv.ReadOptions(
                column_names=names, skip_rows=1, use_threads=False, block_size=len(data) + 1
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoting else False,
                newlines_in_values=quoting,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pa.csv.ConvertOptions(
                include_columns=[names[place] for place in places],
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
        if odd:
            raise ReportError(_odd_rows(odd, where))
        frame = table.to_pandas()
        return frame.set_axis(range(2, len(frame) + 2))

    return read


def _odd_rows(odd: Sequence[Any], where: str) -> Iterator[Problem]:
    for row in odd[:SEVERAL]:
        found = f"{row.actual_columns} cells where the header has {row.expected_columns}: {quoted(row.text)}."
        yield Problem(f"{where}, row {row.number}", found, "The file looks cut off or edited: download it again.")
    if len(odd) > SEVERAL:
        yield Problem(where, f"and {len(odd) - SEVERAL:,} more rows like these.")

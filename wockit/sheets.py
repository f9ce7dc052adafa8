"""From the bytes of a file to a header and cells: encodings, delimiters, quoting, workbooks, JSON, archives.

Nothing here knows which report it is; that is `reports`. Nothing here trusts a file: sizes are bounded before
anything is unpacked or laid out.
"""

import codecs
import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from itertools import islice, takewhile
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from wockit.notes import Problem, ReportError, quoted

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".json", ".gz", ".zip")
ENCODINGS = ("utf-8", "cp1252", "cp932", "gb18030")
SEVERAL = 3
"""How many rows of one trouble are shown; the rest are counted."""
MOST_ODD = 1000
"""Rows of another width than the header's after which no more are counted."""
LONGEST_HEADER = 20_000
"""Characters of a header line; a longer line is none."""
DEEPEST_FOOTER = 3
"""Lines below a table that are no damage."""
LONGEST_FOOTER = 2_000
"""Bytes at the end of a file in which lines below its table are looked for."""
DEEPEST_HEADER = 6
"""Lines in which a header is looked for."""
LARGEST_UNPACKED = 800_000_000
"""Bytes that a compressed file may unpack to."""
LARGEST_DOCUMENT = 100_000_000
"""Bytes of a JSON document; a larger one needs several times its size in memory."""
SPARSEST = 2
"""Cells that a workbook holds at least for each of its rows, from row 100,000 on."""
_CHUNK = 1 << 20
_BLOCK = 1 << 21
"""Bytes that are parsed at once; no row may be longer."""
_ROWS = 200
"""Rows of a workbook that are laid out at once; few, so that they stay close to the processor."""
_ARROW: dict[Any, Any] = {float: pa.float64(), str: pa.string()}
_AHEAD = 2
"""Pieces of a workbook that wait to be searched."""
_ENOUGH = SPARSEST * 10**6
"""Cells after which a workbook may have as many rows as Excel."""
_REFERENCE, _LIKE_A_REFERENCE = r"\sr\s*=\s*[\"']", r"r\s*=\s*[\"']"
"""An attribute `r`, and what the end of another one may look like too: found sooner, as it begins with a letter."""
_FAR_COLUMN = "(?:[F-Z][A-Z]|[A-Z]{3})"
_NO_ROW = r"(?:1[1-9]|[2-9]\d)\d{5}"
_LAST_ROW = 1_048_576
_DEEP = r"[A-Z]*(?:[2-9]\d{5}|\d{7})"
"""Cells from row 200,000 on."""
_WIDE = r"(?:A[E-Z]|[B-Z][A-Z])\d"
"""Cells beyond column 30. A grid of 200,000 x 156 or 1,048,576 x 30 cells takes 1 GB; one deep and wide more."""
_LINE_END = re.compile(rb"\r\n?|\n")
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)

Reader = Callable[[Sequence[int]], "list[Cells]"]


@dataclass(frozen=True)
class Cells:
    """A column: each distinct cell once, and for each row which one it is (-1 for an empty cell)."""

    codes: npt.NDArray[Any]
    distinct: list[Any]


@dataclass(frozen=True)
class Sheet:
    """A header and, when asked for, the cells of some of its columns.

    `read(places)` gives a column for each place in the header, as long as no further sheet was asked for. `first_row`
    is the number in the file of the first row below the header, `footer` counts the lines below the table; `about`
    holds what a JSON document says of itself.
    """

    header: tuple[str, ...]
    read: Reader
    first_row: int = 2
    footer: int = 0
    about: dict[str, Any] | None = None


def read_sheets(path: Path, where: str) -> Iterator[Sheet]:
    """Every candidate table of a file, the likeliest first: each encoding, sheet and header line that may be meant.

    Parameters
    ----------
    path
        The file.
    where
        What to call it in messages.

    Raises
    ------
    ReportError
        If it is empty, protected by a password, no workbook though named so, too large when unpacked, cut off, or in
        no known encoding.
    """
    if not path.is_file():
        raise ReportError([Problem(where, "it is no file.", "Move it out of the folder.")])
    with path.open("rb") as file:
        yield from _of_file(file, path.suffix.lower(), where)


def _of_file(file: IO[bytes], suffix: str, where: str, packed: bool = False) -> Iterator[Sheet]:
    head = file.read(1024)
    file.seek(0)
    if not head.strip(b"\x00\r\n\t "):
        raise ReportError([Problem(where, "the file is empty.", "Download it again.")])
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        found = "the workbook is protected by a password, or is in the old .xls form."
        raise ReportError([Problem(where, found, "Open it, save it as .xlsx without a password, and try again.")])
    if head.startswith(b"\x1f\x8b") and not packed:
        yield from _packed(gzip.GzipFile(fileobj=file), "", where)
    elif head.startswith(b"PK\x03\x04"):
        yield from _archive(file, where, packed)
    elif suffix == ".xlsx":
        found = f"it is named .xlsx but is no workbook; it begins with {quoted(head[:16].decode('latin-1'))}."
        raise ReportError([Problem(where, found, "Download it again, or give a text file its own ending, .csv.")])
    elif head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] in (b"{", b"["):
        yield _document(file, where)
    else:
        yield from _text_sheets(file, where)


def _packed(stream: IO[bytes] | gzip.GzipFile, suffix: str, where: str) -> Iterator[Sheet]:
    """What a compressed stream holds, as far as it is not too large; archives inside of archives stay closed."""
    with tempfile.TemporaryFile() as file:
        for chunk in _chunks(stream, LARGEST_UNPACKED, where):
            file.write(chunk)
        file.seek(0)
        yield from _of_file(file, suffix, where, packed=True)


def _chunks(stream: IO[bytes] | gzip.GzipFile, left: int, where: str) -> Iterator[bytes]:
    def read() -> bytes:
        try:
            return stream.read(_CHUNK)
        except _BROKEN as error:
            raise _unreadable(error, where) from None

    for chunk in iter(read, b""):
        left -= len(chunk)
        if left < 0:
            text = f"it unpacks to more than {LARGEST_UNPACKED:,} bytes."
            raise ReportError([Problem(where, text, "Download the report for fewer days.")])
        yield chunk


def _unreadable(error: Exception, where: str) -> ReportError:
    text = f"it cannot be unpacked ({quoted(str(error))}); it may be cut off or protected by a password."
    return ReportError([Problem(where, text, "Download it again.")])


def _archive(file: IO[bytes], where: str, packed: bool) -> Iterator[Sheet]:
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        streams = [archive.open(member) for member in members[:1]]
    except _BROKEN as error:
        raise _unreadable(error, where) from None
    if any(member.filename == "[Content_Types].xml" for member in members):
        _check_workbook(archive, members, where)
        yield from _workbook(file, where)
    elif len(members) == 1 and not packed:
        yield from _packed(streams[0], Path(members[0].filename).suffix.lower(), where)
    else:
        text = "it is an archive inside of an archive." if packed else f"the archive holds {len(members)} files."
        raise ReportError([Problem(where, text, "Unpack it and put the reports themselves into the folder.")])


def _check_workbook(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Refuse a workbook that unpacks to too much, or whose cells lie so far apart that the grid between them would."""
    left = LARGEST_UNPACKED
    for member in members:
        if member.filename.endswith((".bin.rels", "content.xml")):
            text = "the workbook is in another form than .xlsx."
            raise ReportError([Problem(where, text, "Open it, save it as .xlsx, and try again.")])
        try:
            stream = archive.open(member)
        except _BROKEN as error:
            raise _unreadable(error, where) from None
        part = _Part(where)
        found: set[str] = set()
        searches: deque[Future[set[str]]] = deque()
        with ThreadPoolExecutor(1) as pool:  # the next piece is unpacked while one is searched
            for chunk in _chunks(stream, left, where):
                left -= len(chunk)
                searches.append(pool.submit(part.search, chunk))
                if len(searches) > _AHEAD:
                    found |= searches.popleft().result()
            for search in searches:
                found |= search.result()
        if found == {_DEEP, _WIDE}:
            text = "it has cells beyond column 30 and cells beyond row 199,999: its grid is too large."
            raise ReportError([Problem(where, text, "Delete what lies outside the table, or download fewer days.")])


@dataclass
class _Part:
    """What was seen so far of one part of a workbook."""

    where: str
    cells: int = 0
    tail: bytes = b""

    def search(self, chunk: bytes) -> set[str]:
        """Refuse cells far to the right or far below the rows so far; tell whether there are deep or wide ones."""
        piece, self.tail = self.tail + chunk, chunk[-100:]
        self.cells += chunk.count(b"<c ") if self.cells < _ENOUGH else 0
        digits = max(5, len(str(self.cells // SPARSEST)))
        far = f"{_FAR_COLUMN}|[A-Z]*(?:\\d{{{digits + 1}}}|{_NO_ROW})"
        if not _refers(piece, f"{far}|{_DEEP}|{_WIDE}", _LIKE_A_REFERENCE):  # is enough for nearly every piece
            return set()
        if _refers(piece, far):
            found = f"it has cells beyond column 156 or row {min(10**digits - 1, _LAST_ROW):,}, and few before them."
            raise ReportError([Problem(self.where, found, "Delete what lies outside the table, or download it again.")])
        return {cells for cells in (_DEEP, _WIDE) if _refers(piece, cells)}


def _refers(piece: bytes, cells: str, reference: str = _REFERENCE) -> bool:
    """Whether some XML has a reference to such cells; Arrow searches several times as fast as `re`."""
    ends = pa.py_buffer(np.array([0, len(piece)], dtype=np.int64))
    text = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(piece)])
    found: bool = pa.compute.match_substring_regex(text, pattern=f"{reference}(?i:{cells})")[0].as_py()
    return found


def _workbook(file: IO[bytes], where: str) -> Iterator[Sheet]:
    file.seek(0)
    try:
        opened = _name_of_open(file)
        book = CalamineWorkbook.from_path(opened) if opened.exists() else CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            for above, row in enumerate(islice(sheet.iter_rows(), DEEPEST_HEADER)):
                yield Sheet(tuple(map(str, row)), _rows_reader(sheet, above + 1), first_row=above + 2)
    except CalamineError as error:
        found = f"the workbook cannot be read ({quoted(str(error))}); it may be cut off."
        raise ReportError([Problem(where, found, "Download it again.")]) from None


def _rows_reader(sheet: CalamineSheet, start: int) -> Reader:
    def read(places: Sequence[int]) -> list[Cells]:
        columns: list[list[Any]] = [[] for _ in places]
        pick = itemgetter(*places, 0)  # of one place alone it would give no tuple
        rows = map(pick, islice(sheet.iter_rows(), start, None))
        while some := list(islice(rows, _ROWS)):
            for column, cells in zip(columns, zip(*some, strict=True), strict=False):
                column.extend(cells)
        return list(map(_cells, columns))

    return read


def _cells(values: list[Any]) -> Cells:
    kinds = set(map(type, values))
    if len(kinds) < 2:
        kind = _ARROW.get(next(iter(kinds), None))
        return _dictionary(pa.chunked_array([pa.array(values, kind)]).dictionary_encode())
    told_apart = [str(value) if isinstance(value, bool) else value for value in values]  # to Python, True is 1
    codes, distinct = pd.factorize(pd.Series(told_apart, dtype=object))
    return _without_blanks(codes, list(distinct))


def _document(file: IO[bytes], where: str) -> Sheet:
    """The records of a JSON document as a table: nested keys are joined by dots, whole numbers stay as written."""
    data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        text = f"it is a JSON document of more than {LARGEST_DOCUMENT:,} bytes."
        raise ReportError([Problem(where, text, "Ask for fewer days, or for the report as a CSV file.")])
    try:
        content = json.loads(data, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError, UnicodeDecodeError) as error:
        text = f"it begins as JSON but cannot be read ({quoted(str(error))}); it may be cut off."
        raise ReportError([Problem(where, text, "Download it again.")]) from None
    about = (
        {key: value for key, value in content.items() if key != "salesAndTrafficByAsin"}
        if isinstance(content, dict)
        else {}
    )
    records = content.get("salesAndTrafficByAsin") if isinstance(content, dict) else content
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        text = "its JSON is no list of records."
        raise ReportError([Problem(where, text, "Give the report document itself, as the API returns it.")])
    flat = [dict(_flattened(record)) for record in records]
    header = tuple(dict.fromkeys(key for record in flat for key in record))

    def read(places: Sequence[int]) -> list[Cells]:
        return [_cells([record.get(header[place], "") for record in flat]) for place in places]

    return Sheet(header, read, 1, about=about)


def _flattened(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{key}.")
        elif isinstance(value, float):  # its dot groups no thousands
            yield prefix + key, value
        else:
            yield prefix + key, "" if value is None else str(value).encode(errors="replace").decode()


def _text_sheets(file: IO[bytes], where: str) -> Iterator[Sheet]:
    fits = False
    for encoding in _encodings(file.read(4)):
        with nullcontext(file) if encoding == "utf-8" else tempfile.TemporaryFile() as body:
            try:
                quotes = _to_utf8(file, encoding, body, where)
            except UnicodeError:
                continue
            fits = True
            yield from _header_lines(body, quotes, where)
        if encoding == "utf-8":
            return
    if not fits:
        raise ReportError([Problem(where, "its text is in no encoding that Amazon uses.", "Download it again.")])


def _encodings(start: bytes) -> Sequence[str]:
    if start.startswith(b"\xef\xbb\xbf"):
        return ("utf-8",)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ENCODINGS


def _to_utf8(file: IO[bytes], encoding: str, body: IO[bytes], where: str) -> int:
    """Write the same text to `body` in UTF-8, unless it is in that already, and count its quotation marks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    quotes = 0
    file.seek(0)
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        text = decoder.decode(chunk)
        if "\x00" in text:
            raise ReportError([Problem(where, "it holds bytes that are no text: it is damaged.", "Download it again.")])
        quotes += text.count('"') if '"' in text else 0
        if body is not file:
            body.write(text.encode())
    decoder.decode(b"", final=True)
    return quotes


def _header_lines(body: IO[bytes], quotes: int, where: str) -> Iterator[Sheet]:
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    top = body.read(LONGEST_HEADER * DEEPEST_HEADER)
    start = 0
    for number in range(1, DEEPEST_HEADER + 1):
        ending = _LINE_END.search(top, start)
        stop, following = ending.span() if ending else (len(top), size)
        line = top[start:stop].decode("utf-8", "replace").removeprefix("\ufeff")
        too_long = len(line) > LONGEST_HEADER or (not ending and len(top) < size)
        delimiter, quoting, header = (",", True, (line[:LONGEST_HEADER],)) if too_long else _header(line)
        marks = quotes - top[:following].count(b'"') if quoting else 0
        footer = _footer(body, max(following, size - LONGEST_FOOTER), delimiter) if len(header) > 1 else []
        read = _text_reader(body, following, delimiter, marks, len(header), footer, number + 1, where)
        yield Sheet(header, read, number + 1, len(footer))
        start = following
        if start >= size:
            break


def _header(line: str) -> tuple[str, bool, tuple[str, ...]]:
    """The delimiter, whether cells are quoted, and the cells of a line."""
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = max("\t;,", key=bare.count)
    quoting = delimiter != "\t" or line.startswith('"')
    cells = next(csv.reader([line], delimiter=delimiter), []) if quoting else line.split(delimiter)
    return delimiter, quoting, tuple(cells)


def _footer(body: IO[bytes], start: int, delimiter: str) -> list[str]:
    """The last lines of a file if they hold one cell each; the last of all is one only if it is whole."""
    body.seek(start)
    *lines, unended = _LINE_END.split(body.read())
    bare = re.compile(rb'"[^"]*"')
    below = takewhile(lambda line: delimiter.encode() not in bare.sub(b"", line), reversed([] if unended else lines))
    found = [line.decode("utf-8", "replace") for line in below if line]
    return found if len(found) <= DEEPEST_FOOTER else []


def _text_reader(
    body: IO[bytes],
    start: int,
    delimiter: str,
    quotes: int,
    width: int,
    footer: Sequence[str],
    first_row: int,
    where: str,
) -> Reader:
    def read(places: Sequence[int]) -> list[Cells]:
        if quotes % 2:
            found = "a quotation mark is opened and never closed: the file is cut off."
            raise ReportError([Problem(where, found, "Download it again.")])
        odd: list[Any] = []

        def skip(row: Any) -> str:
            if row.actual_columns == 1 and row.text in footer:
                return "skip"
            odd.append(row if len(odd) < SEVERAL else None)
            return "skip" if len(odd) < MOST_ODD else "error"

        names = [str(place) for place in range(width)]
        wanted = [names[place] for place in places]
        parse = pa.csv.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if quotes else False,
            newlines_in_values=quotes > 0,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        )
        convert = pa.csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.dictionary(pa.int32(), pa.string())),
            strings_can_be_null=False,
            auto_dict_max_cardinality=2**31 - 1,
            check_utf8=False,
        )

        def table(use_threads: bool) -> Any:
            options = pa.csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=use_threads)
            with _opened_by_arrow(body) as file:
                file.seek(start)
                return pa.csv.read_csv(file, options, parse, convert)

        if start == body.seek(0, io.SEEK_END):
            return [_cells([]) for _ in places]
        try:
            cells = table(use_threads=True)
        except pa.ArrowInvalid as error:
            if not odd:
                found = f"it cannot be laid out in rows ({quoted(str(error))})."
                raise ReportError([Problem(where, found, "It looks cut off or edited: download it again.")]) from None
        if odd:
            odd.clear()
            with suppress(pa.ArrowInvalid):
                table(use_threads=False)  # a single thread knows the numbers of the rows
            raise ReportError(_odd_rows(odd, first_row, where))
        with ThreadPoolExecutor(2) as pool:
            columns = list(pool.map(_dictionary, map(cells.column, wanted)))
        del cells
        pa.default_memory_pool().release_unused()  # else Arrow keeps it beside what the values take
        return columns

    return read


def _opened_by_arrow(body: IO[bytes]) -> Any:
    name = _name_of_open(body)
    return pa.OSFile(str(name)) if name.exists() else nullcontext(pa.PythonFile(body))


def _name_of_open(file: IO[bytes]) -> Path:
    """The very file that is open, not the one that may by now have its name, for readers without Python between."""
    return Path(f"/dev/fd/{file.fileno()}")


def _dictionary(column: Any) -> Cells:
    """The cells of a chunked Arrow dictionary array; codes take no more bytes than they need."""
    if not len(column):
        return Cells(np.empty(0, dtype=np.int8), [])
    chunks = column.unify_dictionaries().chunks
    distinct = chunks[0].dictionary.to_pylist()
    smallest = np.min_scalar_type(-len(distinct) - 1)
    codes = np.concatenate([chunk.indices for chunk in chunks], dtype=smallest, casting="unsafe")
    return _without_blanks(codes, distinct)


def _without_blanks(codes: npt.NDArray[Any], distinct: list[Any]) -> Cells:
    return Cells(np.where(codes == distinct.index(""), -1, codes) if "" in distinct else codes, distinct)


def _odd_rows(odd: Sequence[Any], first_row: int, where: str) -> Iterator[Problem]:
    for row in odd[:SEVERAL]:
        found = f"{row.actual_columns} cells where the header has {row.expected_columns}: {quoted(row.text)}."
        place = f"{where}, row {row.number + first_row - 1}"
        yield Problem(place, found, "The file looks cut off or edited: download it again.")
    if len(odd) > SEVERAL:
        least = "at least " if len(odd) >= MOST_ODD else ""
        yield Problem(where, f"and {least}{len(odd) - SEVERAL:,} more rows like these.")

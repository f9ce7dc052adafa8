"""Sheets of XLSX files, checked for size before they are opened."""

import re
import zipfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from types import MappingProxyType
from typing import IO, Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.compute
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from wockit.language import Text
from wockit.notes import Problem, ReportError, quoted
from wockit.reading.cells import (
    BROKEN,
    CHUNK,
    DEEPEST_HEADER,
    LARGEST_UNPACKED,
    LONGEST_HEADER,
    Cells,
    Reader,
    Sheet,
    as_cells,
    name_of_open,
    unpacked_chunks,
    unreadable,
)
from wockit.reading.faults import are_in, faults_of, parts_of_sheets
from wockit.reading.grids import WIDEST, check_grid, check_texts

SPARSEST = 2
"""Cells that a workbook holds at least for each of its rows, from row 100,000 on."""


_ROWS = 200
"""Rows of a workbook that are laid out at once; few, so that they stay close to the processor."""


_AHEAD = 2
"""Pieces of a workbook that wait to be searched."""


_ENOUGH = SPARSEST * 10**6
"""Cells after which a workbook may have as many rows as Excel."""


_LOOSE = (b"<c>", b":c>", b":c ", b"<c/", b"<c\n", b"<c\t")
"""How a cell may begin that is not followed by its reference."""


_UNUSUAL, _PREFIXED = r"<(?:f|c(?:[^ ]| (?:[^r]|r(?:[^=]|=[^\"]))))", ":[cf]"
"""A formula, and how a cell may begin but for `<c r="`; names with a prefix."""


_ERROR = "t=[\"']e[\"']"
"""A cell that holds an error."""


_TEXTS = "xl/sharedStrings.xml"


MOST_PARTS, MOST_TEXTS = 10_000, 1_000_000
"""Parts of a workbook, and shared texts that it may announce beyond those that fit into its bytes."""


MOST_SHEETS = 100
"""Sheets that a workbook may have; a bulk download has about ten."""


_LARGEST_BESIDE = MappingProxyType(
    {"xl/workbook.xml": 5_000_000, "xl/_rels/workbook.xml.rels": 5_000_000, "xl/styles.xml": 50_000_000}
)
"""Bytes of what a workbook says about its sheets and formats, which is held in memory as a whole."""


_KIND = re.compile(r"(?:at \d+\.\.\d+: )?([^'\"`&:]*)")
"""What a reader of workbooks says is wrong: what follows may be a cell with a buyer in it."""


_ANNOUNCED = re.compile(rb"uniqueCount\s*=\s*[\"']\s*(\d+)")


_FIRST_CHUNKS = 16
"""Pieces of 64 kB of a part of a workbook in which its first rows are looked for."""


_REFERENCE, _LIKE_A_REFERENCE = r"\sr\s*=\s*[\"']", r"r\s*=\s*[\"']"
"""An attribute `r`, and what the end of another one may look like too: found sooner, as it begins with a letter."""


_FAR_COLUMN = "(?:[F-Z][A-Z]|[A-Z]{3})"


_NO_ROW = r"(?:1[1-9]|[2-9]\d)\d{5}"


_LAST_ROW = 1_048_576


_DEEP = r"[A-Z]*(?:[2-9]\d{5}|\d{7})"
"""Cells from row 200,000 on."""


_WIDE = r"(?:A[E-Z]|[B-Z][A-Z])\d"
"""Cells beyond column 30. A grid of 200,000 x 156 or 1,048,576 x 30 cells takes 1 GB; one deep and wide more."""


def check_workbook(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], where: str) -> bool:
    """Refuse a workbook that unpacks to too much, or whose cells lie so far apart that the grid between them would.

    So would a long text that stands in very many cells. Tells whether it may hold errors or formulas without a value.
    """
    _check_parts(members, where)
    left = LARGEST_UNPACKED
    parts: dict[str, _Part] = {}
    for member in members:
        if member.filename.endswith((".bin.rels", "content.xml")):
            text = "the workbook is not an .xlsx file."
            raise ReportError([Problem(where, text, "Open it, save it as .xlsx, and try again.")])
        try:
            stream = archive.open(member)
        except BROKEN as error:
            raise unreadable(error, where) from None
        part = parts[member.filename] = _Part(where, member.filename.lower() == _TEXTS.lower())
        patterns: set[str] = set()
        searches: deque[Future[set[str]]] = deque()
        with ThreadPoolExecutor(1) as pool:  # the next piece is unpacked while one is searched
            for chunk in unpacked_chunks(stream, left, where):
                left -= len(chunk)
                searches.append(pool.submit(part.search, chunk))
                if len(searches) > _AHEAD:
                    patterns |= searches.popleft().result()
            for search in searches:
                patterns |= search.result()
        if part.size > _LARGEST_BESIDE.get(member.filename.lower(), LARGEST_UNPACKED):
            message = Text("its part {0} is too large.", member.filename)
            raise ReportError([Problem(where, message, "Open it, save it as .xlsx, and try again.")])
        if patterns == {_DEEP, _WIDE}:
            text = "it has cells beyond column 30 and beyond row 199,999: the grid is too large."
            raise ReportError([Problem(where, text, "Delete everything outside the table, or download fewer days.")])
        if part.announced > part.size // len("<si/>") + MOST_TEXTS:  # memory would be taken for all of them
            message = Text("it announces {0} texts, but holds fewer. It may be truncated.", f"{part.announced:,}")
            raise ReportError([Problem(where, message, "Download it again.")])
        if part.loose and member.filename.lower().endswith(".xml"):
            check_grid(archive, member.filename, where)
    cells = sum(part.cells for part in parts.values())
    longest = max((part.longest for part in parts.values()), default=0)
    if longest * cells > LARGEST_UNPACKED or any(part.rich for part in parts.values()):
        check_texts(archive, [name for name, part in parts.items() if part.cells], where)
    return any(part.faulty for part in parts.values())


def _check_parts(members: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Refuse a workbook of very many parts, or with one twice: each reader would take another one."""
    message: str = ""
    if len(members) > MOST_PARTS:
        message = Text("it has {0} parts, more than {1}.", f"{len(members):,}", f"{MOST_PARTS:,}")
    elif len({member.filename for member in members}) < len(members):
        message = "one of its parts is in it twice."
    if message:
        raise ReportError([Problem(where, message, "Open it, save it as .xlsx, and try again.")])


@dataclass
class _Part:
    """State of one part of a workbook while it is read."""

    where: str
    shared: bool = False
    cells: int = 0
    tail: bytes = b""
    loose: bool = False
    """Are there cells that do not say where they are, or elements that may be such?"""
    longest: int = 0
    """Bytes of its longest shared text."""
    since: int = 0
    size: int = 0
    announced: int = 0
    """Shared texts that it says it has."""
    rich: bool = False
    faulty: bool = False

    def search(self, chunk: bytes) -> set[str]:
        """Refuse cells far to the right or far below the rows so far; tell whether there are deep or wide ones."""
        piece, self.tail = self.tail + chunk, chunk[-100:]
        self.size += len(chunk)
        whole = piece[: piece.rfind(b"<")]
        plain = not _holds(piece, _UNUSUAL) and not _holds(piece, _PREFIXED)  # is so for nearly every piece
        self.cells += chunk.count(b"<c ") + (0 if plain else chunk.count(b"<c>"))
        self.loose |= not plain and (
            whole.count(b"<c ") != whole.count(b'<c r="') or any(mark in whole for mark in _LOOSE)
        )
        if self.shared:
            self._measure(chunk)
            self.announced = max([self.announced, *(int(count[:12]) for count in _ANNOUNCED.findall(piece))])
        self.faulty = self.faulty or ((not plain or _holds(piece, _ERROR)) and are_in(piece))
        digits = max(5, len(str(min(self.cells, _ENOUGH) // SPARSEST)))
        far = f"{_FAR_COLUMN}|[A-Z]*(?:\\d{{{digits + 1}}}|{_NO_ROW})"
        if not _refers(piece, f"{far}|{_DEEP}|{_WIDE}", _LIKE_A_REFERENCE):  # is enough for nearly every piece
            return set()
        if _refers(piece, far):
            message = Text(
                "it has cells beyond column 156 or row {0}, but few before them.", f"{min(10**digits - 1, _LAST_ROW):,}"
            )
            raise ReportError(
                [Problem(self.where, message, "Delete everything outside the table, or download it again.")]
            )
        return {cells for cells in (_DEEP, _WIDE) if _refers(piece, cells)}

    def _measure(self, chunk: bytes) -> None:
        """Measure the distance between marks in this part: no text is longer, unless it has several pieces."""
        marks = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == ord("<"))
        gaps = np.diff(marks, prepend=-self.since, append=len(chunk))
        self.longest = max(self.longest, int(gaps.max()))
        self.since = int(gaps[-1])
        self.rich |= chunk.count(b"<t") > chunk.count(b"<si>") + 1 or b":si" in chunk


def _refers(piece: bytes, cells: str, reference: str = _REFERENCE) -> bool:
    """True if XML has a reference to such cells."""
    return _holds(piece, f"{reference}(?i:{cells})")


def _holds(piece: bytes, pattern: str) -> bool:
    """True if the pattern is somewhere in a piece; Arrow searches several times as fast as `re`."""
    ends = pa.py_buffer(np.array([0, len(piece)], dtype=np.int64))
    text = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(piece)])
    answer: bool = pa.compute.match_substring_regex(text, pattern=pattern)[0].as_py()
    return answer


def workbook_sheets(file: IO[bytes], where: str, archive: zipfile.ZipFile, faulty: bool) -> Iterator[Sheet]:
    """Every candidate table of an XLSX file: each sheet that is shown and header line that may be meant.

    Of a `faulty` one, errors and formulas without a value are read as they stand.
    """
    file.seek(0)
    try:
        opened = name_of_open(file)
        book = CalamineWorkbook.from_path(opened) if opened.exists() else CalamineWorkbook.from_filelike(file)
        _check_sheets(len(book.sheets_metadata), parts_of_sheets(archive), where)
        for about in book.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            faults = faults_of(archive, about.name) if faulty else {}
            for above, row in enumerate(islice(sheet.iter_rows(), DEEPEST_HEADER)):
                header, first = tuple(map(str, row)), sheet.start[1] if sheet.start else 0
                read = _rows_reader(sheet, above + 1, first, faults)
                yield Sheet(header, read, first_row=above + 2, name=about.name, first_column=first)
    except (CalamineError, ElementTree.ParseError) as error:
        kind = _KIND.match(str(error))[1].strip()  # type: ignore[index]
        message = Text("the workbook cannot be read ({0}). It may be truncated.", quoted(kind))
        raise ReportError([Problem(where, message, "Download it again.")]) from None


def _check_sheets(number: int, parts: Mapping[str, str], where: str) -> None:
    """Refuse a workbook with very many sheets, or with one that stands in it under several names."""
    message: str = ""
    if number > MOST_SHEETS:
        message = Text("it has {0} sheets, more than {1}.", f"{number:,}", MOST_SHEETS)
    elif len({*parts.values()}) < len(parts):
        message = "one sheet is listed under several names."
    if message:
        raise ReportError([Problem(where, message, "Open it, save it as .xlsx, and try again.")])


def first_lines(file: IO[bytes]) -> list[tuple[str, ...]] | None:
    """The texts of the first rows of every sheet, told without unpacking the rest; None where they cannot be told.

    Enough to tell which report it is: a sheet of 50,000 rows takes half a second to lay out, its first rows a hundredth
    of that.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
            if len(sheets) > MOST_SHEETS:
                return None
            rows = [_cells(row) for name in sheets for row in islice(_elements(archive, name, "row"), DEEPEST_HEADER)]
            wanted = {int(text) for row in rows for kind, text in row if kind == "s"}
            shared = [
                "".join(element.itertext())[:LONGEST_HEADER]
                for element in islice(_elements(archive, _TEXTS, "si"), max(wanted) + 1 if wanted else 0)
            ]
            return [tuple(shared[int(text)] if kind == "s" else text for kind, text in row) for row in rows]
    except (*BROKEN, LookupError, ElementTree.ParseError):
        return None


def _cells(row: Any) -> list[tuple[str | None, str]]:
    """Kind and text of the first cells of a row."""
    return [(cell.get("t"), "".join(cell.itertext())[:LONGEST_HEADER]) for cell in islice(row, WIDEST)]


def _elements(archive: zipfile.ZipFile, member: str, tag: str) -> Iterator[Any]:
    """The elements of one name in the first bytes of a part of a workbook, in order."""
    parser: Any = ElementTree.XMLPullParser(["end"])
    with archive.open(member) as stream:
        for _ in range(_FIRST_CHUNKS):
            parser.feed(stream.read(CHUNK // 16))
            yield from (element for _, element in parser.read_events() if element.tag.rpartition("}")[2] == tag)


def _rows_reader(sheet: CalamineSheet, start: int, first_column: int, faults: Mapping[tuple[int, int], str]) -> Reader:
    def read(places: Sequence[int]) -> list[Cells]:
        columns: list[list[Any]] = [[] for _ in places]
        pick = itemgetter(*places, 0)  # of one place alone it would give no tuple
        rows = map(pick, islice(sheet.iter_rows(), start, None))
        while some := list(islice(rows, _ROWS)):
            for column, cells in zip(columns, zip(*some, strict=True), strict=False):
                column.extend(cells)
        for (row, column_number), text in faults.items():
            for place, column in zip(places, columns, strict=True):
                if place == column_number - first_column and 0 <= row - start < len(column):
                    column[row - start] = text
        return list(map(as_cells, columns))

    return read

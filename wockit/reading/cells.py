"""The cells of a sheet as they come from a file, whatever its format, and what every format needs to read them."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from wockit.language import Text
from wockit.notes import Problem, ReportError, quoted

SEVERAL = 3
"""How many rows of one trouble are shown; the rest are counted."""


DEEPEST_HEADER = 10
"""Lines in which a header is looked for; that of the Transaction report is the eighth."""


LARGEST_UNPACKED = 800_000_000
"""Bytes that a compressed file may unpack to."""


CHUNK = 1 << 20


_ARROW: dict[Any, Any] = {float: pa.float64(), str: pa.string()}


BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


Reader = Callable[[Sequence[int]], "list[Cells]"]


@dataclass(frozen=True)
class Cells:
    """A column: each distinct cell once, and for each row which one it is (-1 for an empty cell)."""

    codes: npt.NDArray[Any]
    distinct: list[Any]


LONGEST_HEADER = 1000
"""Characters of a header cell that are looked at: a longer one is no header."""


@dataclass(frozen=True)
class Sheet:
    """A header and, when asked for, the cells of some of its columns.

    `read(places)` gives a column for each place in the header, as long as no further sheet was asked for, and of a JSON
    document at any time. `first_row` is the number in the file of the first row below the header, `footer` counts the
    lines below the table, `first_column` the empty columns of a workbook before it; `about` holds what a JSON document
    says of itself, `name` what a sheet of a workbook is called, `doubt` what is not certain of its text.
    """

    header: tuple[str, ...]
    read: Reader
    first_row: int = 2
    footer: int = 0
    about: dict[str, Any] | None = None
    name: str = ""
    doubt: str = ""
    first_column: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", tuple(cell[:LONGEST_HEADER] for cell in self.header))


def unpacked_chunks(stream: IO[bytes] | gzip.GzipFile, left: int, where: str) -> Iterator[bytes]:
    """The bytes of a compressed stream, chunk by chunk, at most `left` of them."""

    def read() -> bytes:
        try:
            return stream.read(CHUNK)
        except BROKEN as error:
            raise unreadable(error, where) from None

    for chunk in iter(read, b""):
        left -= len(chunk)
        if left < 0:
            text = Text("it unpacks to more than {0} bytes.", f"{LARGEST_UNPACKED:,}")
            raise ReportError([Problem(where, text, "Download the report for fewer days.")])
        yield chunk


def unreadable(error: Exception, where: str) -> ReportError:
    """The error for a file that cannot be unpacked."""
    text = Text("it cannot be unpacked ({0}). It may be truncated or have a password.", quoted(str(error)))
    return ReportError([Problem(where, text, "Download it again.")])


def as_cells(values: list[Any]) -> Cells:
    """A column of Python values as distinct cells and codes."""
    kinds = set(map(type, values))
    if len(kinds) < 2:
        kind = _ARROW.get(next(iter(kinds), None))
        return from_dictionary(pa.chunked_array([pa.array(values, kind)]).dictionary_encode())
    told_apart = [str(value) if isinstance(value, bool) else value for value in values]  # to Python, True is 1
    codes, distinct = pd.factorize(pd.Series(told_apart, dtype=object))
    return _without_blanks(codes, list(distinct))


def name_of_open(file: IO[bytes]) -> Path:
    """The very file that is open, not the one that may by now have its name, for readers without Python between."""
    return Path(f"/dev/fd/{file.fileno()}")


def from_dictionary(column: Any) -> Cells:
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

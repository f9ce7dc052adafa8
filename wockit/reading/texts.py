"""Sheets of CSV and tab-separated files: their encoding, delimiter, header and footer."""

import codecs
import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv

from wockit.language import Text
from wockit.notes import Problem, ReportError, quoted
from wockit.reading.cells import (
    CHUNK,
    DEEPEST_HEADER,
    SEVERAL,
    Cells,
    Reader,
    Sheet,
    as_cells,
    from_dictionary,
    name_of_open,
)

ENCODINGS = ("utf-8", "cp1252", "cp932", "gb18030", "cp950")


_SAMPLE, _SAMPLE_LINES = 1 << 20, 2000
"""Bytes of a text, and lines with foreign letters among them, by which its encoding is told."""


_CLOSE = 0.1
"""How far apart the shares of odd letters are of two encodings between which they do not decide."""


ASIAN = MappingProxyType({"cp932": "Shift-JIS", "gb18030": "GBK", "cp950": "Big5"})
"""Encodings of Chinese and Japanese, in which the same bytes may be other words, and what people call them."""


_LATIN_SIGNS = frozenset("–—‘’“”•…™®©°²³½¼¾£€¥«»·±×¿¡\xa0´ºª§µ")


_BASIC = {"gb18030": "gb2312", "cp932": "shift_jis", "cp950": "big5"}
"""The oldest form of an encoding: what only later forms have is hardly ever used."""


_USUAL = {
    "gb18030": ((0xA1, 0xA1), (0xA3, 0xA3), (0xB0, 0xD7)),
    "cp932": ((0x81, 0x83), (0x88, 0x98)),
    "cp950": ((0xA1, 0xA2), (0xA4, 0xC6)),
}
"""First bytes of the usual characters and signs: the first levels of GB 2312, of JIS X 0208 and of Big5."""


MOST_ODD = 1000
"""Rows of another width than the header's after which no more are counted."""


LONGEST_HEADER_LINE = 20_000
"""Characters of a header line; a longer line is none."""


DEEPEST_FOOTER = 3
"""Lines below a table that are no damage."""


LONGEST_FOOTER = 2_000
"""Bytes at the end of a file in which lines below its table are looked for."""


_BLOCK = 1 << 21
"""Bytes that are parsed at once; no row may be longer."""


LARGEST_TEXTS = 200_000_000
"""Bytes that the different cells of one column may take, each counted once in a block."""


_LINE_END = re.compile(rb"\r\n?|\n")


def text_sheets(file: IO[bytes], where: str, likely: Sequence[str] = ()) -> Iterator[Sheet]:
    """Every candidate table of a text file: each encoding and header line that may be meant.

    `likely` are the encodings of the account's own language.
    """
    fits = False
    for encoding, doubt in _encodings(file, likely):
        with nullcontext(file) if encoding == "utf-8" else tempfile.TemporaryFile() as body:
            try:
                quotes = _to_utf8(file, encoding, body, where)
            except UnicodeError:
                continue
            fits = True
            yield from (replace(sheet, doubt=doubt) for sheet in _header_lines(body, quotes, where))
        if encoding == "utf-8":
            return
    if not fits:
        raise ReportError([Problem(where, "its text encoding is not one that Amazon uses.", "Download it again.")])


def _encodings(file: IO[bytes], likely: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The encodings that a text may be in, the likeliest first, each with what makes it doubtful.

    Nothing but UTF-8 where it is that. Of encodings that are as likely the account's own comes first.
    """
    start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16", ""
        return
    yield "utf-8", ""
    if start.startswith(b"\xef\xbb\xbf"):
        return
    file.seek(0)
    *lines, _ = [*_LINE_END.split(file.read(_SAMPLE)), b""]
    foreign = b"\n".join([line for line in lines if not line.isascii()][:_SAMPLE_LINES])
    oddness = {encoding: _oddness(foreign, encoding) for encoding in ENCODINGS[1:]}
    close = [encoding for encoding in oddness if oddness[encoding] <= min(oddness.values()) + _CLOSE]
    own = [encoding for encoding in likely if encoding in close]
    order = list(dict.fromkeys([*own, *sorted(oddness, key=oddness.__getitem__)]))
    rivals = [encoding for encoding in close if encoding in ASIAN and encoding != order[0]]
    doubt = "" if own or not foreign or not rivals or order[0] not in ASIAN else _doubt(order[0], rivals[0])
    yield from ((encoding, "" if place else doubt) for place, encoding in enumerate(order))


def _doubt(first: str, second: str) -> Text:
    """Note on a text that may be in two encodings of Chinese and Japanese."""
    return Text(
        "its text was read as {0}, but may be {1}. If titles or SKUs look wrong, save the file as CSV UTF-8.",
        ASIAN[first],
        ASIAN[second],
    )


def _oddness(lines: bytes, encoding: str) -> float:
    """The share of the foreign letters of some lines that hardly occur in titles; above 1 where it cannot be."""
    try:
        text = lines.decode(encoding)
    except UnicodeError:
        return 2.0
    runs = re.findall(r"[^\x00-\x7f]+", text)
    odd = sum(sum(not _is_usual(letter, encoding, len(run)) for letter in run) for run in runs)
    return odd / max(len("".join(runs)), 1)


def _is_usual(letter: str, encoding: str, beside: int) -> bool:
    """True for a usual letter of an encoding; in Latin text three foreign ones `beside` one another are not."""
    if encoding == "cp1252":
        return beside < 3 and (letter in _LATIN_SIGNS or (letter.isalpha() and letter != "ƒ"))
    if encoding == "cp932" and "\u3040" <= letter <= "\u30ff":  # kana
        return True
    code = letter.encode(_BASIC[encoding], "ignore")
    return len(code) == 2 and any(low <= code[0] <= high for low, high in _USUAL[encoding])


def _to_utf8(file: IO[bytes], encoding: str, body: IO[bytes], where: str) -> int:
    """Write the same text to `body` in UTF-8, unless it is in that already, and count its quotation marks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    quotes = 0
    file.seek(0)
    for chunk in iter(lambda: file.read(CHUNK), b""):
        plain = body is file and chunk.isascii() and not decoder.getstate()[0]  # needs no decoder, which takes long
        text = "" if plain else decoder.decode(chunk)
        same = chunk if body is file else text.encode()
        if b"\x00" in same:
            raise ReportError(
                [Problem(where, "it contains bytes that are not text: the file is damaged.", "Download it again.")]
            )
        quotes += same.count(b'"') if b'"' in same else 0
        if body is not file:
            body.write(same)
    decoder.decode(b"", final=True)
    return quotes


def _header_lines(body: IO[bytes], quotes: int, where: str) -> Iterator[Sheet]:
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    top = body.read(LONGEST_HEADER_LINE * DEEPEST_HEADER)
    start = 0
    for number in range(1, DEEPEST_HEADER + 1):
        ending = _LINE_END.search(top, start)
        stop, following = ending.span() if ending else (len(top), size)
        line = top[start:stop].decode("utf-8", "replace").removeprefix("\ufeff")
        too_long = len(line) > LONGEST_HEADER_LINE or (not ending and len(top) < size)
        delimiter, quoting, header = (",", True, (line[:LONGEST_HEADER_LINE],)) if too_long else _header(line)
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
    footer = [line.decode("utf-8", "replace") for line in below if line]
    return footer if len(footer) <= DEEPEST_FOOTER else []


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
            message = "a quotation mark is never closed: the file is truncated."
            raise ReportError([Problem(where, message, "Download it again.")])
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

        if not places or start == body.seek(0, io.SEEK_END):  # of no column Arrow would read all
            return [as_cells([]) for _ in places]
        try:
            cells = table(use_threads=True)
        except pa.ArrowInvalid as error:
            if not odd:
                message = Text("it cannot be split into rows ({0}).", quoted(str(error).partition(":")[0]))
                raise ReportError(
                    [Problem(where, message, "It looks truncated or edited. Download it again.")]
                ) from None
        except pa.ArrowException as error:  # no thread, or no memory for one
            raise MemoryError(str(error)) from None
        if odd:
            odd.clear()
            with suppress(pa.ArrowInvalid):
                table(use_threads=False)  # a single thread knows the numbers of the rows
            raise ReportError(_odd_rows(odd, first_row, where))
        if any(sum(chunk.dictionary.nbytes for chunk in column.chunks) > LARGEST_TEXTS for column in cells.columns):
            message = Text("the texts of one column have more than {0} bytes.", f"{LARGEST_TEXTS:,}")
            raise ReportError([Problem(where, message, "Is it the right file?")])
        with ThreadPoolExecutor(2) as pool:
            columns = list(pool.map(from_dictionary, map(cells.column, wanted)))
        del cells
        pa.default_memory_pool().release_unused()  # else Arrow keeps it beside what the values take
        return columns

    return read


def _opened_by_arrow(body: IO[bytes]) -> Any:
    name = name_of_open(body)
    return pa.OSFile(str(name)) if name.exists() else nullcontext(pa.PythonFile(body))


def _odd_rows(odd: Sequence[Any], first_row: int, where: str) -> Iterator[Problem]:
    for row in odd[:SEVERAL]:
        message = Text("the row has {0} cells, the header has {1}.", row.actual_columns, row.expected_columns)
        place = Text("{0}, row {1}", where, row.number + first_row - 1)
        yield Problem(place, message, "The file looks truncated or edited. Download it again.")
    if len(odd) > SEVERAL:
        text = "and at least {0} more rows like these." if len(odd) >= MOST_ODD else "and {0} more rows like these."
        yield Problem(where, Text(text, f"{len(odd) - SEVERAL:,}"))

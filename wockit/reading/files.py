"""From the bytes of a file to a header and cells: encodings, delimiters, quoting, workbooks, JSON, archives.

Which report it is, is decided in `reports`. No file is trusted: sizes are limited before anything is unpacked.
"""

import codecs
import gzip
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from wockit.language import Text
from wockit.notes import Problem, ReportError, WrongFile, quoted
from wockit.reading.cells import BROKEN, LARGEST_UNPACKED, Cells, Sheet, as_cells, unpacked_chunks, unreadable
from wockit.reading.texts import text_sheets
from wockit.reading.workbooks import check_workbook, first_lines, workbook_sheets

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".gz", ".zip", ".dms", "")
"""Endings of files that may be reports; browsers save downloads of the API as .dms or without an ending."""


_COMMENT = re.compile(rb"\s*<!--.*?-->", re.DOTALL)
_WEB_PAGE = re.compile(rb"(?i)\s*<(!doctype html|html|head|body|table)\b")


LARGEST_DOCUMENT = 100_000_000
"""Bytes of a JSON document; a larger one needs several times its size in memory."""


MOST_TABLES, MOST_VALUES, MOST_KEYS = 2_000_000, 15_000_000, 2_000
"""Records and lists of a JSON document, values, and different keys of its records."""


def read_sheets(path: Path, where: str, encodings: Sequence[str] = ()) -> Iterator[Sheet]:
    """Every candidate table of a file, the likeliest first: each encoding, sheet and header line that may be meant.

    Parameters
    ----------
    path
        The file.
    where
        What to call it in messages.
    encodings
        Those in which the account's own language is written, the likelier first.

    Raises
    ------
    ReportError
        If it is empty, protected by a password, no workbook though named so, too large when unpacked, cut off, or in
        no known encoding.
    """
    if not path.is_file():
        raise ReportError([Problem(where, "it is not a file.", "Move it out of the folder.")])
    with path.open("rb") as file:
        yield from _of_file(file, path.suffix.lower(), where, encodings)


def headers(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Every line of a file that may be its header, as `read_sheets` gives them, but without the rows of a workbook."""
    with path.open("rb") as file:
        lines = first_lines(file) if file.read(4) == b"PK\x03\x04" else None
    yield from (sheet.header for sheet in read_sheets(path, where)) if lines is None else lines


def _of_file(
    file: IO[bytes], suffix: str, where: str, encodings: Sequence[str], packed: bool = False
) -> Iterator[Sheet]:
    head = file.read(1024)
    file.seek(0)
    if not head.strip(b"\x00\r\n\t "):
        raise ReportError([Problem(where, "the file is empty.", "Download it again.")])
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        found = "the workbook has a password, or it is an old .xls file."
        raise ReportError([Problem(where, found, "Open it, save it as .xlsx without a password, and try again.")])
    if head.startswith(b"\x1f\x8b") and not packed:
        yield from _packed(gzip.GzipFile(fileobj=file), "", where, encodings)
    elif head.startswith(b"PK\x03\x04"):
        yield from _archive(file, where, encodings, packed)
    elif suffix == ".xlsx":
        found = "it is named .xlsx but is not a workbook."
        raise ReportError([Problem(where, found, "Download it again. If it is a text file, rename it to .csv.")])
    elif head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] in (b"{", b"["):
        yield _document(file, where)
    elif _is_web_page(head):
        found = "it is a web page, not a report. The login had expired when it was saved."
        raise WrongFile([Problem(where, found, "Log in to Seller Central and download the report again.")])
    else:
        yield from text_sheets(file, where, encodings)


def _is_web_page(head: bytes) -> bool:
    head = head.removeprefix(codecs.BOM_UTF8)
    while comment := _COMMENT.match(head):
        head = head[comment.end() :]
    return bool(_WEB_PAGE.match(head))


def _packed(stream: IO[bytes] | gzip.GzipFile, suffix: str, where: str, encodings: Sequence[str]) -> Iterator[Sheet]:
    """What a compressed stream holds, as far as it is not too large; archives inside of archives stay closed."""
    with tempfile.TemporaryFile() as file:
        for chunk in unpacked_chunks(stream, LARGEST_UNPACKED, where):
            file.write(chunk)
        file.seek(0)
        yield from _of_file(file, suffix, where, encodings, packed=True)


def _archive(file: IO[bytes], where: str, encodings: Sequence[str], packed: bool) -> Iterator[Sheet]:
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not _is_of_a_system(member.filename)]
        streams = [archive.open(member) for member in members[:1]]
    except BROKEN as error:
        raise unreadable(error, where) from None
    if any(member.filename == "[Content_Types].xml" for member in members):
        faulty = check_workbook(archive, members, where)
        yield from workbook_sheets(file, where, archive if faulty else None)
    elif len(members) == 1 and not packed:
        yield from _packed(streams[0], Path(members[0].filename).suffix.lower(), where, encodings)
    else:
        text = (
            "it is an archive inside an archive." if packed else Text("the archive contains {0} files.", len(members))
        )
        raise ReportError([Problem(where, text, "Unpack it and put the reports themselves into the folder.")])


def _is_of_a_system(name: str) -> bool:
    """Whether a member of an archive is a folder, or a file that a Mac adds beside each of a person's."""
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _document(file: IO[bytes], where: str) -> Sheet:
    """The records of a JSON document as a table: nested keys are joined by dots, whole numbers stay as written."""
    data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        text: str = Text("it is a JSON document of more than {0} bytes.", f"{LARGEST_DOCUMENT:,}")
        raise ReportError([Problem(where, text, "Request fewer days, or request the report as a CSV file.")])
    if data.count(b"{") + data.count(b"[") > MOST_TABLES or data.count(b",") > MOST_VALUES:
        text = Text(
            "it is a JSON document of more than {0} records or {1} values.", f"{MOST_TABLES:,}", f"{MOST_VALUES:,}"
        )
        raise ReportError([Problem(where, text, "Request fewer days, or request the report as a CSV file.")])
    content = _parsed(data, where)
    records, about = _records(content)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records) or not any(records):
        text = "its JSON is not a list of records."
        raise WrongFile([Problem(where, text, "Use the report document itself, as the API returns it.")])
    try:
        flat, header, about = *_flat(records, where), _cleaned(about)
    except RecursionError:
        raise ReportError([Problem(where, "its JSON is nested too deeply.", "Download it again.")]) from None

    def read(places: Sequence[int]) -> list[Cells]:
        return [as_cells([record.get(header[place], "") for record in flat]) for place in places]

    return Sheet(header, read, 1, about=about)


def _flat(records: Sequence[dict[str, Any]], where: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Records without levels, and every key that one of them has."""
    flat: list[dict[str, Any]] = []
    keys: dict[str, None] = {}
    for record in records:
        flat.append(dict(_flattened(record)))
        keys.update(dict.fromkeys(flat[-1]))
        if len(keys) > MOST_KEYS:
            text = Text("its records have more than {0} different keys.", f"{MOST_KEYS:,}")
            raise WrongFile([Problem(where, text, "Use the report document itself, as the API returns it.")])
    return flat, tuple(keys)


def _cleaned(value: Any) -> Any:
    """The same value with texts that a file can hold."""
    if isinstance(value, dict):
        return {_writable(key): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return _writable(value) if isinstance(value, str) else value


def _parsed(data: bytes, where: str) -> Any:
    """What a JSON document says; one record a line, as the Data Kiosk writes them, is a list of these."""
    try:
        return json.loads(data, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        lines = [line for line in data.removeprefix(codecs.BOM_UTF8).splitlines() if line.strip()]
        if len(lines) > 1 and _is_record(lines[0]):
            return [_line(line, number, where) for number, line in enumerate(lines, 1)]
        text = Text("it begins as JSON but cannot be read ({0}). It may be truncated.", quoted(str(error)))
        raise ReportError([Problem(where, text, "Download it again.")]) from None


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _line(line: bytes, number: int, where: str) -> Any:
    try:
        return json.loads(line, parse_int=str, parse_constant=str)
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


def _flattened(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{key}.")
        elif isinstance(value, float):  # its dot groups no thousands
            yield _writable(prefix + key), value
        else:
            yield _writable(prefix + key), "" if value is None else _writable(str(value))


def _writable(text: str) -> str:
    """A text without the halves of signs that no file can hold."""
    return text.encode(errors="replace").decode()

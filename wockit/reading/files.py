"""From the bytes of a file to a header and cells: which kind of file it is, and what is in an archive.

Which report it is, is decided in `reports`. No file is trusted: sizes are limited before anything is unpacked.
"""

import codecs
import gzip
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from wockit.language import Text
from wockit.notes import Problem, ReportError, WrongFile
from wockit.reading.cells import BROKEN, LARGEST_UNPACKED, Sheet, unpacked_chunks, unreadable
from wockit.reading.documents import document_sheet
from wockit.reading.texts import text_sheets
from wockit.reading.workbooks import check_workbook, first_lines, workbook_sheets

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".gz", ".zip", ".dms", "")
"""Endings of files that may be reports; browsers save downloads of the API as .dms or without an ending."""


_PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


_OTHER_WORKBOOK = re.compile(r"content\.xml|(?:Index/.*\.iwa|Index\.zip)")
"""A part of a workbook of LibreOffice, or of Numbers."""


_COMMENT = re.compile(rb"\s*<!--.*?-->", re.DOTALL)
_WEB_PAGE = re.compile(rb"(?i)\s*<(!doctype html|html|head|body|table)\b")


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
        message = "the workbook has a password, or it is an old .xls file."
        raise ReportError([Problem(where, message, "Open it, save it as .xlsx without a password, and try again.")])
    if head.startswith(b"\x1f\x8b") and not packed:
        yield from _packed(gzip.GzipFile(fileobj=file), "", where, encodings)
    elif head.startswith(b"PK\x03\x04"):
        yield from _archive(file, where, encodings, packed)
    elif suffix == ".xlsx":
        message = "it is named .xlsx but is not a workbook."
        raise ReportError([Problem(where, message, "Download it again. If it is a text file, rename it to .csv.")])
    elif head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] in (b"{", b"["):
        yield document_sheet(file, where)
    elif _is_web_page(head):
        message = "it is a web page, not a report. The login had expired when it was saved."
        raise WrongFile([Problem(where, message, "Log in to Seller Central and download the report again.")])
    else:
        yield from text_sheets(file, where, encodings)


def _is_web_page(head: bytes) -> bool:
    head = head.removeprefix(codecs.BOM_UTF8)
    while comment := _COMMENT.match(head):
        head = head[comment.end() :]
    return bool(_WEB_PAGE.match(head))


def _packed(stream: IO[bytes] | gzip.GzipFile, suffix: str, where: str, encodings: Sequence[str]) -> Iterator[Sheet]:
    """Content of a compressed stream, up to a limit; archives inside archives stay closed."""
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
    if any(member.compress_type not in _PACKED_AS for member in members):  # others may ask for any memory
        message = "its compression is not that of usual archives."
        raise ReportError([Problem(where, message, "Unpack it and put the reports themselves into the folder.")])
    if any(_OTHER_WORKBOOK.fullmatch(member.filename) for member in members):
        message = "the workbook is not an .xlsx file."
        raise ReportError([Problem(where, message, "Open it, save it as .xlsx, and try again.")])
    if any(member.filename == "[Content_Types].xml" for member in members):
        faulty = check_workbook(archive, members, where)
        yield from workbook_sheets(file, where, archive, faulty)
    elif len(members) == 1 and not packed:
        yield from _packed(streams[0], Path(members[0].filename).suffix.lower(), where, encodings)
    else:
        text = (
            "it is an archive inside an archive." if packed else Text("the archive contains {0} files.", len(members))
        )
        raise ReportError([Problem(where, text, "Unpack it and put the reports themselves into the folder.")])


def _is_of_a_system(name: str) -> bool:
    """True for a folder in an archive, or a file that a Mac adds beside each of a person's."""
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"

"""Cells of a workbook that hold an error or a formula without a value, which readers of workbooks give as blank.

Where in a sheet they are and what stands there; how a sheet is read is in `workbooks`.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping

from wockit.reading.cells import CHUNK
from wockit.reading.door import own_xml

_ERRORS = (b't="e"', b"t='e'")
"""What the XML of a sheet has where an error is."""


_FORMULAS = (b"<f", b":f")
"""What it has where a formula may be."""


_PREFIX = rb"(?:\w+:)?"
_NO_VALUE = re.compile(
    rb"(?:</P?f>|<P?f\b[^>]*/>)\s*(?:<P?v\b[^>]*/>|<P?v\b[^>]*>\s*</P?v>|</P?c>)".replace(b"P?", _PREFIX)
)
"""A formula without a value, with or without a prefix before each name, as some programs write it."""


_CELL = re.compile(rb"<(P?)c\s([^>]*[^>/])>(.*?)</\1c>".replace(b"P?", _PREFIX), re.DOTALL)


_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")


_KIND = re.compile(rb"(?:^|\s)t\s*=\s*[\"'](\w+)[\"']")


_VALUE, _FORMULA = (
    re.compile(rb"<P?N(?:\s[^>]*)?>([^<]*)</".replace(b"P?", _PREFIX).replace(b"N", name)) for name in (b"v", b"f")
)


_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def are_in(piece: bytes) -> bool:
    """True if XML of a sheet may hold such cells."""
    if any(mark in piece for mark in _ERRORS):
        return True
    return any(mark in piece for mark in _FORMULAS) and bool(_NO_VALUE.search(piece))


def faults_of(archive: zipfile.ZipFile, sheet: str) -> Mapping[tuple[int, int], str]:
    """Faulty cells of a sheet, by row and column from 0: an error, or a formula after its `=`."""
    part = parts_of_sheets(archive).get(sheet, "")
    return dict(_faults(archive, part)) if part in archive.namelist() else {}


def parts_of_sheets(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The part of a workbook's archive that holds each sheet, by the sheet's name; nothing where it is no workbook.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        If what says so is no XML.
    """
    names = {name.lower(): name for name in archive.namelist()}
    if _BOOK not in names or _LINKS not in names:
        return {}
    book, links = (own_xml(archive.read(names[name])) for name in (_BOOK, _LINKS))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts: dict[str, str] = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            ids = [value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"]
            target = targets.get(ids[0], "") if ids else ""
            parts.setdefault(element.get("name", ""), posixpath.normpath(posixpath.join("/xl", target))[1:])
    return parts


def _faults(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            piece, end = rest + chunk, 0
            for cell in _CELL.finditer(piece):
                end = cell.end()
                place, fault = _PLACE.search(cell[2]), _fault(cell[2], cell[3])
                if place and fault:
                    yield (int(place[2]) - 1, column_number(place[1])), fault
            rest = piece[max(end, len(piece) - CHUNK) :]


def _fault(about: bytes, content: bytes) -> str:
    value, formula, kind = _VALUE.search(content), _FORMULA.search(content), _KIND.search(about)
    if kind and kind[1] == b"e":
        return (value[1] if value else b"#ERROR").decode("utf-8", "replace")
    if any(mark in content for mark in _FORMULAS) and not (value and value[1]) and not (kind and kind[1] == b"str"):
        return "=" + (formula[1].decode("utf-8", "replace") if formula else "")
    return ""


def column_number(letters: bytes) -> int:
    """The number of a column from 0.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1

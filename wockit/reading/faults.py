"""Cells of a workbook that hold an error or a formula without a value, which readers of workbooks give as blank.

Where in a sheet they are and what stands there; how a sheet is read is in `workbooks`.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from wockit.reading.cells import CHUNK

ERROR, FORMULA = b't="e"', b"</f>"
"""What the XML of a sheet has where an error or a formula is."""


NO_VALUE = (b"</f><v></v>", b"</f><v/>", b"</f><v />", b"</f></c>")
"""What it has where a formula may be without a value."""


_CELL = re.compile(rb"<c\s([^>]*[^>/])>(.*?)</c>", re.DOTALL)


_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


_VALUE, _FORMULA = re.compile(rb"<v[^>]*>([^<]*)</v>"), re.compile(rb"<f[^>]*>([^<]*)</f>")


def are_in(piece: bytes) -> bool:
    """Whether some XML of a sheet may hold such cells."""
    return ERROR in piece or (FORMULA in piece and any(mark in piece for mark in NO_VALUE))


def faults_of(archive: zipfile.ZipFile, sheet: str) -> Mapping[tuple[int, int], str]:
    """What stands in the faulty cells of a sheet, by row and column from 0: an error, or a formula after its `=`."""
    part = _part_of(archive, sheet)
    return dict(_faults(archive, part)) if part in archive.namelist() else {}


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that holds a sheet."""
    book, links = (
        ElementTree.fromstring(archive.read(name)) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            names = [value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"]
            return posixpath.normpath(posixpath.join("/xl", targets.get(names[0], "")))[1:] if names else ""
    return ""


def _faults(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            piece, end = rest + chunk, 0
            for cell in _CELL.finditer(piece):
                end = cell.end()
                place, fault = _PLACE.search(cell[1]), _fault(cell[1], cell[2])
                if place and fault:
                    yield (int(place[2]) - 1, _column(place[1])), fault
            rest = piece[max(end, len(piece) - CHUNK) :]


def _fault(about: bytes, content: bytes) -> str:
    value, formula = _VALUE.search(content), _FORMULA.search(content)
    if ERROR in about:
        return (value[1] if value else b"#ERROR").decode("utf-8", "replace")
    if b"<f" in content and not (value and value[1]) and b't="str"' not in about:
        return "=" + (formula[1].decode("utf-8", "replace") if formula else "")
    return ""


def _column(letters: bytes) -> int:
    """The number of a column from 0.

    Examples
    --------
    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1

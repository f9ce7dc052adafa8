"""Cells of a workbook that are shown as percentages: readers of workbooks give 0.5 for what a person sees as 50%.

What is wrong with other cells is told in `faults`.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from wockit.reading.door import own_xml
from wockit.reading.faults import column_number, parts_of_sheets

_BUILT_IN = frozenset({"9", "10"})
"""Numbers of the formats 0% and 0.00%, which stand in no file."""


_STYLES = "xl/styles.xml"


_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_STYLE = re.compile(rb"(?:^|\s)s\s*=\s*[\"'](\d{1,6})[\"']")


def percents_of(archive: zipfile.ZipFile, sheet: str) -> Collection[tuple[int, int]]:
    """Cells of a sheet that are shown as percentages: by row and column from 0.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        If what says so is no XML.
    """
    part, names = parts_of_sheets(archive).get(sheet, ""), archive.namelist()
    if part not in names or _STYLES not in names:
        return ()
    shown = set(_percentages(own_xml(archive.read(_STYLES))))
    return {place for place, style in _styled(archive.read(part)) if style in shown}


def _percentages(styles: Element) -> Iterator[int]:
    """The numbers of the cell styles whose format is a percentage."""
    own = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in styles.iter()
        if element.tag.rpartition("}")[2] == "numFmt"
    }
    formats = next((element for element in styles.iter() if element.tag.rpartition("}")[2] == "cellXfs"), ())
    for number, element in enumerate(formats):
        form = element.get("numFmtId", "")
        if form in _BUILT_IN or "%" in own.get(form, ""):
            yield number


def _styled(content: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    for cell in _CELL.finditer(content):
        place, style = _PLACE.search(cell[1]), _STYLE.search(cell[1])
        if place and style:
            yield (int(place[2]) - 1, column_number(place[1])), int(style[1])

"""Size of a workbook in memory: cells without a position, and texts that repeat in many cells.

Each is looked for only in a workbook that may have it, in a second pass over its bytes.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.parsers import expat

import numpy as np

from wockit.language import Text
from wockit.notes import Problem, ReportError
from wockit.reading.cells import CHUNK, LARGEST_UNPACKED

WIDEST, LARGEST_GRID, MOST_LOOSE = 156, 32_000_000, 5_000_000
"""Columns of a sheet, cells of the grid that it spans, and cells without a position, that are read."""


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        yield from iter(lambda: stream.read(CHUNK), b"")


def _parse(archive: zipfile.ZipFile, name: str, parser: Any) -> None:
    """Let a parser see a part of a workbook; what is no XML, `python_calamine` refuses."""
    try:
        for chunk in _chunks(archive, name):
            parser.Parse(chunk)
    except expat.ExpatError:
        return


def check_grid(archive: zipfile.ZipFile, name: str, where: str) -> None:
    """Refuse a sheet whose cells span too large a grid, counting those that do not say where they are."""
    at = {"row": 0, "column": 0, "deepest": 1, "widest": 1, "loose": 0}

    def begins(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        digits = re.sub(r"\D", "", attributes.get("r", ""))[:8]
        if kind == "row":
            at["row"], at["column"] = int(digits) if digits else at["row"] + 1, 0
        elif kind == "c":
            letters = re.sub("[^A-Za-z]", "", attributes.get("r", "")).upper()[:4]
            number = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
            at["column"] = number or at["column"] + 1
            at["row"] = int(digits) if digits else at["row"]
            at["loose"] += not letters
        at["deepest"], at["widest"] = max(at["deepest"], at["row"]), max(at["widest"], at["column"])
        large = at["deepest"] * at["widest"] > LARGEST_GRID or at["loose"] > MOST_LOOSE
        if large or at["widest"] > WIDEST:
            text = Text(
                "its cells reach to row {0} and column {1}: the grid is too large.", at["deepest"], at["widest"]
            )
            raise ReportError([Problem(where, text, "Delete everything outside the table, or download fewer days.")])

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    _parse(archive, name, parser)


def check_texts(archive: zipfile.ZipFile, sheets: Sequence[str], where: str) -> None:
    """Refuse a workbook whose shared texts, each as often as it stands in a cell, take too much memory."""
    lengths: list[int] = []

    def begins(tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = begins, text
    for name in archive.namelist():
        if name.lower() == "xl/sharedstrings.xml":
            _parse(archive, name, parser)
    size = np.array([*lengths, 0], dtype=np.int64)
    total = 0
    for name in sheets:
        tail = b""
        for chunk in _chunks(archive, name):
            piece = tail + chunk
            cut = piece.rfind(b"<", 0, piece.rfind(b">")) if b">" in piece else 0
            numbers = np.array(re.findall(rb"v>\s*(\d{1,9})\s*<", piece[:cut]), dtype=np.int64)
            total += int(size[np.minimum(numbers, len(size) - 1)].sum())
            tail = piece[cut:] if len(piece) - cut < CHUNK else b""
            if total > LARGEST_UNPACKED:
                message = Text(
                    "its texts are larger than {0} bytes: long texts repeat in many cells.", f"{LARGEST_UNPACKED:,}"
                )
                raise ReportError([Problem(where, message, "Download the report for fewer days.")])

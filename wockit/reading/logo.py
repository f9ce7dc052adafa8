"""The logo that an account names in `account.toml`: a small PNG or SVG that lies in its folder.

It is shown as a picture from a data address, in which nothing runs and which loads nothing.
"""

import struct
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from wockit.language import Text
from wockit.notes import Problem, WockitError
from wockit.reading.door import fault

LARGEST_LOGO = 500_000
"""Bytes of a logo: it is in every page."""


MOST_PIXELS = 4_000
"""Of a PNG, across and down."""


MOST_REPEATED = 20
"""Parts of an SVG that draw others again: each may double what the others draw."""


_REPEATING = frozenset({"use", "pattern", "mask", "filter", "marker"})
_PNG = b"\x89PNG\r\n\x1a\n"
_DO = "Use a PNG or SVG of at most 500 kB that lies in the account's folder."


@dataclass(frozen=True)
class Logo:
    """A picture: what kind it is, and its bytes."""

    kind: str
    data: bytes

    @property
    def address(self) -> str:
        """The picture as an address that a page can hold."""
        return f"data:image/{self.kind};base64,{b64encode(self.data).decode()}"


def read_logo(folder: Path, name: str) -> Logo:
    """The logo of an account.

    Raises
    ------
    WockitError
        If it is not there, lies elsewhere, is too large, or is neither a PNG nor an SVG.
    """
    path, where = folder / name, Text("{0}, {1}", "account.toml", repr("logo"))
    if not path.exists():
        raise WockitError([Problem(where, Text("there is no file {0}.", repr(name)), _DO)])
    if problem := fault(path, folder, where, LARGEST_LOGO):
        raise WockitError([Problem(where, problem.found, _DO)])
    data = path.read_bytes()
    kind = "png" if _is_png(data) else "svg+xml" if _is_svg(data) else ""
    if not kind:
        raise WockitError([Problem(where, "it is neither a PNG nor a plain SVG, or it is damaged.", _DO)])
    return Logo(kind, data)


def _is_png(data: bytes) -> bool:
    """True for a PNG that a browser can hold."""
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or len(data) < 33:
        return False
    return all(0 < side <= MOST_PIXELS for side in struct.unpack(">II", data[16:24]))


def _is_svg(data: bytes) -> bool:
    """True for a whole SVG without entities and with few repeated parts, as both may grow beyond measure."""
    try:
        text = data.decode("utf-8-sig")
        if "<!doctype" in text.lower() or "<!entity" in text.lower():
            return False
        names = [
            each.tag.rpartition("}")[2] for each in ElementTree.fromstring(text).iter() if isinstance(each.tag, str)
        ]
        return names[0] == "svg" and sum(name in _REPEATING for name in names) <= MOST_REPEATED
    except (ValueError, ElementTree.ParseError, RecursionError):
        return False

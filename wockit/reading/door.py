"""The one door for what an account brings: a plain file inside the account, of a bounded size and depth.

What the bytes say is read elsewhere: reports in `files`, settings in `account_file`, past weeks in `analysis.history`.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from wockit.language import Text
from wockit.notes import Problem, WockitError

LARGEST_FILE = 4_000_000_000
"""Bytes that a report may have."""


LARGEST_OWN = 5_000_000
"""Bytes that a file may have which people write by hand, or wockit for itself."""


DEEPEST, LONGEST_TOML, LARGEST_TOML = 200, 10_000, 500_000
"""Dots in a line of a file of settings, lines that it may have besides comments, and characters."""


def fault(path: Path, folder: Path, where: str, most: int = LARGEST_OWN) -> Problem | None:
    """Reason not to open a file of an account: outside it, no plain file, or too large; else nothing.

    Parameters
    ----------
    path
        The file.
    folder
        The account's folder: a link may lead to another place in it, and to none outside.
    where
        What to call the file.
    most
        Bytes that it may have.
    """
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return Problem(where, "it is a link to a place outside the account.", "Put the file itself there.")
    if not path.is_file():
        return Problem(where, "it is not a file, although it is named like one.", "Move it elsewhere.")
    if path.stat().st_size > most:
        return Problem(where, Text("it has more than {0} bytes.", f"{most:,}"), "Is it the right file?")
    return None


def own_text(path: Path, folder: Path, where: str) -> str:
    """The text of a file that people write by hand.

    Raises
    ------
    WockitError
        If it is not to be opened.
    OSError, UnicodeError
        If it is not there, cannot be read, or is not UTF-8.
    """
    if os.path.lexists(path) and (problem := fault(path, folder, where)):
        raise WockitError([problem])
    return path.read_text(encoding="utf-8-sig")


def own_toml(text: str) -> dict[str, Any]:
    """Content of a text in TOML; a `ValueError` where it is none, or too deep or too long."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if max((line.count(".") for line in lines), default=0) > DEEPEST:  # a key of so many parts takes minutes
        raise ValueError(Text("it is nested too deeply"))
    if len(lines) > LONGEST_TOML:
        raise ValueError(Text("it has more than {0} lines", f"{LONGEST_TOML:,}"))
    if len(text) > LARGEST_TOML:
        raise ValueError(Text("it has more than {0} characters", f"{LARGEST_TOML:,}"))
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(Text("it is nested too deeply")) from None


def file_json(path: Path) -> Any:
    """What a file in JSON says that wockit wrote; a `ValueError` where it is none, no plain file, or too large."""
    if not path.is_file() or path.stat().st_size > LARGEST_OWN:
        raise ValueError(Text("it is not a file, although it is named like one."))
    return own_json(path.read_text(encoding="utf-8"))


def own_json(text: str) -> Any:
    """Content of a text in JSON; a `ValueError` where it is none, or too deep."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(Text("it is nested too deeply")) from None


def own_xml(content: bytes) -> ElementTree.Element:
    """Content of bytes in XML; a `ParseError` where it is none, or in an encoding that nobody knows."""
    try:
        return ElementTree.fromstring(content)
    except LookupError as error:
        raise ElementTree.ParseError(str(error)) from None

"""Notes and errors: notes do not stop the work, errors do.

A `Problem` says where, what was found, what was expected and what to do. A `WockitError` carries every
problem of a file or a folder at once. A `Note` goes to the notebook and the report. Nothing here reads a file.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from wockit.language import Text, say

LEVELS = ("error", "warning", "info")


def quoted(value: object, limit: int = 80) -> str:
    """Text from a report, made safe for a terminal, a log or a page: quoted, escaped and cut.

    >>> quoted("a\\x1b[31m")
    "'a\\\\x1b[31m'"
    """
    try:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or of brackets
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 4] + "..." + text[-1]


def some(names: Sequence[str], *, words: bool = False, most: int = 5) -> str:
    """The first few names of a list, made safe for a message, and how many more there are.

    Parameters
    ----------
    names
        ASINs or other codes.
    words
        Are they any words of a report? Then they stand in quotes, or some would be taken for words of ours.
    most
        How many are named.

    Examples
    --------
    >>> some(["A", "B"]), some(["New"], words=True)
    ('A, B', "'New'")
    """
    safe = [quoted(name) for name in names[:most]]
    first = ", ".join(safe if words else [name[1:-1] for name in safe])
    return Text("{0} and {1} more", first, f"{len(names) - most:,}") if len(names) > most else first


def nearest(word: str, known: Iterable[str]) -> str:
    """`"Did you mean 'x'?"` for the nearest known word, or nothing.

    >>> nearest("low_week", ["low_weeks", "preset"])
    "Did you mean 'low_weeks'?"
    """
    matches = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return Text("Did you mean {0}?", repr(matches[0])) if matches else ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, what was found and expected, and what to do about it."""

    where: str
    found: str
    do: str = ""

    def __str__(self) -> str:
        sentence = Text("{0}: {1}", say(self.where), say(self.found))
        return say(sentence) + (f" {say(self.do)}" if self.do else "")


def out_of_range(where: str, value: object, low: float, high: float, unit: str = "") -> Problem | None:
    """The problem of a value that is no number from `low` to `high`; none if it is one, both ends included.

    Examples
    --------
    >>> print(out_of_range("referral_rate", 15, 0, 1, "fraction"))
    referral_rate: expected 0 to 1 [fraction], found 15. For 15% write 0.15.
    """
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and low <= value <= high:  # type: ignore[operator]
        return None
    limits = Text("{0} or more", f"{low:g}") if high == math.inf else Text("{0} to {1}", f"{low:g}", f"{high:g}")
    in_unit = Text(" [{0}]", Text(unit)) if unit else ""
    hint = (
        Text(" For {0}% write {1}.", f"{value:g}", f"{value / 100:g}")  # type: ignore[operator]
        if number and high <= 1 < value <= 100  # type: ignore[operator]
        else ""
    )
    value_text = f"{value:g}" if isinstance(value, float) else quoted(value)
    return Problem(where, Text("expected {0}{1}, found {2}.{3}", limits, in_unit, value_text, hint))


class WockitError(ValueError):
    """Everything that is wrong with one input, collected and raised once."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class SettingsError(WockitError):
    """A setting that is unknown, of the wrong type or out of range."""


class ReportError(WockitError):
    """A file that cannot be read as one of the known reports."""


class WrongFile(ReportError):
    """A file that is whole and of no use: of another kind than those that are read."""


class AccountError(WockitError):
    """A folder that cannot be analysed as an account.

    `files` is the table of the files that were read, as an `Account` has it, and `notes` what else there is to know.
    """

    def __init__(self, problems: Iterable[Problem], files: Any = (), notes: Sequence["Note"] = ()):
        super().__init__(problems)
        self.files, self.notes = files, notes


@dataclass(frozen=True, order=True)
class Note:
    """Something to know before trusting a number.

    `level` is one of `LEVELS`, `where` a file or a table, `text` one sentence, `code` the name of a finding of the
    referee.
    """

    level: str
    where: str
    text: str
    code: str = ""

    def __str__(self) -> str:
        where = Text("{0}: {1}", say(self.level), say(self.where))
        sentence = say(Text("{0}: {1}", where, say(self.text)))
        return sentence + (f" ({self.code})" if self.code else "")


class RunError(WockitError):
    """A run that began and failed; what it left is kept."""

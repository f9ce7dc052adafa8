"""The language that is spoken: texts stand in English where they are used, and a catalogue says them in another.

A catalogue (`language/zh-CN.toml`) is a table `"English" = "translation"`. Where a text is filled in, its English has
`{0}`, `{1}` ... in the order of the filling, and the translation puts them where that language wants them. Nothing that
comes out of a report is ever translated: it stands in quotes, or where no text can be meant.
"""

import re
import threading
import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh-CN")


_GAP = re.compile(r"\{\d\}")


_NUMBER = re.compile(r"[\d.,:%∞–-]*")


_QUOTES = "'\""


DEEPEST = 3
"""Texts within texts that are said; what a report says might look like one without end."""


class _Spoken(threading.local):
    language = "en"


_SPOKEN = _Spoken()


def speak(language: str) -> None:
    """Say everything from now on, in this thread, in one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"expected one of {LANGUAGES}, found {language!r}.")
    _SPOKEN.language = language


def spoken() -> str:
    """The language that is spoken, `"en"` at first."""
    return _SPOKEN.language


def say(text: str) -> str:
    """A text in the language that is spoken; one that the catalogue does not have stays English.

    Examples
    --------
    >>> speak("zh-CN")
    >>> say("Stock value"), say("2 of 60 ASINs"), say("Ceramic cup")
    ('库存价值', '60 个 ASIN 中的 2 个', 'Ceramic cup')
    >>> speak("en")
    >>> say("Stock value")
    'Stock value'
    """
    texts = catalogue(spoken())
    if not text or not texts:
        return text
    return texts[text] if text in texts else _filled(text, spoken())


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of a language by its English; none for English itself."""
    path = Path(__file__).parent / "language" / f"{language}.toml"
    return {} if language == "en" else tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _templates(language: str) -> list[tuple[list[str], bool, str]]:
    """The texts with gaps: their fixed pieces, whether these tell it by words, and the translation; the longest first.

    Pieces as short as "to" or "low" tell nothing: only numbers may stand in their gaps, or the name of a file would be
    a text.
    """
    found = []
    for english, translation in catalogue(language).items():
        pieces = _GAP.split(english)
        if len(pieces) > 1:
            found.append((pieces, sum(map(str.isalpha, "".join(pieces))) > 3, translation))
    return sorted(found, key=lambda entry: -len("".join(entry[0])))


def _filled(text: str, language: str, depth: int = DEEPEST) -> str:
    if text[0] in _QUOTES and text[-1] in _QUOTES:  # what a report says
        return text
    texts = catalogue(language)
    for pieces, telling, translation in _templates(language):
        gaps = _gaps(text, pieces)
        if gaps is not None and (telling or all(map(_NUMBER.fullmatch, gaps))):
            said = [texts.get(gap) or (_filled(gap, language, depth - 1) if gap and depth else gap) for gap in gaps]
            return translation.format(*said)
    return text


def _gaps(text: str, pieces: list[str]) -> list[str] | None:
    """What stands between the pieces, or None where they are not in the text in this order, one at each end."""
    first, *between, last = pieces
    place, end = len(first), len(text) - len(last)
    if place > end or not (text.startswith(first) and text.endswith(last)):
        return None
    found = []
    for piece in between:
        stop = text.find(piece, place, end)
        if stop < 0:
            return None
        found.append(text[place:stop])
        place = stop + len(piece)
    return [*found, text[place:end]]

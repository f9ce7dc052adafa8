"""The language that is spoken: texts stand in English where they are used, and a catalogue says them in another.

A catalogue (`language/zh-CN.toml`) is a table `"English" = "translation"`. Where a text is filled in, its English has
`{0}`, `{1}` ... in the order of the filling, and the translation puts them where that language wants them. Nothing that
comes out of a report is ever translated.
"""

import re
import threading
import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh-CN")
_GAP = re.compile(r"\{\d\}")


class _Spoken(threading.local):
    language = "en"


_SPOKEN = _Spoken()


def speak(language: str) -> None:
    """Say everything from now on, in this thread, in one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"expected one of {LANGUAGES}, found {language!r}")
    _SPOKEN.language = language


def spoken() -> str:
    """The language that is spoken, `"en"` at first."""
    return _SPOKEN.language


def say(text: str) -> str:
    """A text in the language that is spoken; one that the catalogue does not have stays English.

    Examples
    --------
    >>> speak("zh-CN")
    >>> say("Stock value"), say("2 of 60"), say("Ceramic cup")
    ('库存价值', '60 个中的 2 个', 'Ceramic cup')
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
def _templates(language: str) -> list[tuple[list[str], re.Pattern[str], str]]:
    """The texts with gaps: their fixed pieces, what recognises them, their translation; the most telling first."""
    found = []
    for english, translation in catalogue(language).items():
        pieces = _GAP.split(english)
        if len(pieces) > 1:
            pattern = re.compile("(.*?)".join(map(re.escape, pieces)), flags=re.DOTALL)
            found.append((pieces, pattern, translation))
    return sorted(found, key=lambda entry: -len("".join(entry[0])))


def _filled(text: str, language: str) -> str:
    for pieces, pattern, translation in _templates(language):
        if all(piece in text for piece in pieces) and (match := pattern.fullmatch(text)):
            return translation.format(*map(say, match.groups()))
    return text

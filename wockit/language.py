"""Languages: texts are written in English where they are used, and a catalogue translates them.

A catalogue (`language/zh-CN.toml`) is a table `"English" = "translation"`. A text with values is a `Text`: its English
has `{0}`, `{1}` ... for the values, and the translation puts them where that language wants them. A value is translated
only where it is a `Text` itself, so nothing that comes out of a report ever is.

English that counts one is another sentence: `language/en.toml` has it, by the sentence that counts many.
"""

import threading
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh-CN")


class Text(str):
    """A text of ours with the values that fill it in: English as a string, and what it takes to say it otherwise.

    Parameters
    ----------
    template
        English with `{0}`, `{1}` ... for the values; none for a text without values that is itself a value.
    values
        What fills it in. One that is a `Text` is said in the language spoken, any other stays as it is.

    Examples
    --------
    >>> Text("ASINs chosen: {0} of {1}.", 2, 60)
    'ASINs chosen: 2 of 60.'
    """

    template: str
    values: tuple[Any, ...]

    def __new__(cls, template: str, *values: Any) -> "Text":
        """Fill in the English."""
        self = super().__new__(cls, _english(template, values).format(*values))
        self.template, self.values = template, values
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Arguments to make it again in another process."""
        return (self.template, *self.values)


_MARKS = {"zh-CN": {"; ": "；", ". ": "。", ", ": "，", " ": ""}}
"""What stands between texts where a language has another mark than English."""


class _Listed(Text):
    between: str


def listed(parts: Iterable[str], between: str = ", ") -> Text:
    """Several texts as one, so that each is still said in the language spoken.

    Examples
    --------
    >>> listed(["stock", "sales"])
    'stock, sales'
    """
    texts = tuple(parts)
    text = _Listed(between.join(f"{{{place}}}" for place in range(len(texts))), *texts)
    text.between = between
    return text


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
    >>> say("Stock value"), say(Text("{0} ASINs", 60)), say("Ceramic cup")
    ('库存价值', '60 个 ASIN', 'Ceramic cup')
    >>> speak("en")
    >>> say("Stock value")
    'Stock value'
    """
    if spoken() == "en":
        return str(text)
    texts = catalogue(spoken())
    if not isinstance(text, Text):
        return texts.get(text, text)
    values = [say(value) if isinstance(value, Text) else value for value in text.values]
    if isinstance(text, _Listed):
        return _MARKS.get(spoken(), {}).get(text.between, text.between).join(map(str, values))
    return texts.get(text.template, _english(text.template, values)).format(*values)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of a language by its English; none for English itself."""
    return {} if language == "en" else _read(language)


def _english(template: str, values: Sequence[Any]) -> str:
    """The English of a text that counts with its first value: of one it is another."""
    return singular().get(template, template) if values and values[0] in (1, "1") else template


@cache
def singular() -> dict[str, str]:
    """English texts that count one, by the text that counts many."""
    return _read("en")


def _read(language: str) -> dict[str, str]:
    path = Path(__file__).parent / "language" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))

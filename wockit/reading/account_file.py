"""Reading of `account.toml` and the text of a new one. The settings themselves are in `wockit.settings`."""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wockit.language import LANGUAGES, Text, say
from wockit.marketplaces import CURRENCIES
from wockit.notes import Problem, SettingsError, WockitError, quoted
from wockit.reading.door import own_text, own_toml
from wockit.reading.logo import Logo, read_logo
from wockit.settings import Settings

_SLIPS = (
    (r"[“”„‟″＂«»]", '"'),
    (r"[‘’‚‛′＇]", "'"),
    (r"=\s*(?:[$€£¥₹]|[A-Z]{3})\s*(\d+)(?:[,\s](\d{3}))?(\.\d+)?\s*$", r"= \1\2\3"),
    (r"=\s*(\d+)[,\s](\d{3})(\.\d+)?\s*(?:[$€£¥₹]|[A-Z]{3})?\s*$", r"= \1\2\3"),
    (r"=\s*(\d+)(\.\d+)?\s*(?:[$€£¥₹]|[A-Z]{3})\s*$", r"= \1\2"),
    (r"=\s*(\d)\s*%\s*$", r"= 0.0\1"),
    (r"=\s*(\d\d)\s*%\s*$", r"= 0.\1"),
    (r"=\s*(\d+),(\d+)\s*$", r"= \1.\2"),
    (r"=\s*([^\s\"'\[\]{}=#][^\"'\[\]{}=#]*?)\s*$", r'= "\1"'),
    (r":\s*", " = "),
)
"""Slips of the pen in a line of TOML, and what stands there when it is right."""


MOST_SETTINGS = 200
"""Entries that the file may have."""


_LONGEST_LINE = 300
"""Characters of a line in which slips are looked for."""


EXAMPLES = MappingProxyType(
    {"sales_days": 30, "target_roas": 3.0, "ad_budget": 1000.0, "elasticity": 1.5, "incremental_share": 0.7}
)
"""What a new account file shows for settings that are not set."""


@dataclass(frozen=True)
class Event:
    """Days that say nothing of usual demand (a deal, a launch): from `first` to `last`, for some ASINs or for all."""

    name: str
    first: date
    last: date
    asins: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountFile:
    """Content of `account.toml`: name, settings, events of the past, own title and logo."""

    name: str
    marketplace: str
    settings: Settings
    columns: Mapping[str, Mapping[str, str]]
    events: tuple[Event, ...] = ()
    title: str = ""
    logo: Logo | None = None


def language_of(folder: Path, changes: Mapping[str, Any] | None = None) -> str:
    """The language that is asked for by changes or else by the `account.toml` of a folder; English where neither does.

    What is wrong with the file is left for `read_account_file` to say, in this language.
    """
    language = {**_content(folder), **(changes or {})}.get("language")
    return language if isinstance(language, str) and language in LANGUAGES else "en"


def logo_file(folder: Path) -> Path | None:
    """The file of the logo that an `account.toml` names; nothing where it names none of the folder."""
    name = _content(folder).get("logo")
    return folder / name if isinstance(name, str) and name and not Path(name).is_absolute() else None


def _content(folder: Path) -> dict[str, Any]:
    try:
        return own_toml(own_text(folder / "account.toml", folder, "account.toml"))
    except (OSError, ValueError):
        return {}


def read_account_file(path: Path) -> AccountFile:
    """Read an `account.toml`; everything in it is optional but the marketplace.

    Raises
    ------
    SettingsError
        If the file is missing, is no TOML, names no known marketplace, or holds an unknown or bad setting.
    """
    where = path.name
    try:
        content = own_toml(own_text(path, path.parent, where))
    except WockitError as error:
        raise SettingsError(error.problems) from None
    except FileNotFoundError:
        folder = quoted(str(path.parent))
        do: str = Text("Create one with 'wockit new {0} --marketplace US', or add the file by hand.", folder)
        raise SettingsError([Problem(where, "the account has no account.toml.", do)]) from None
    except UnicodeDecodeError as error:
        message: str = Text("cannot be read as TOML: {0}.", error)
        raise SettingsError([Problem(where, message, "Save it as UTF-8, or correct that line.")]) from None
    except OSError as error:
        raise SettingsError([Problem(where, Text("cannot be opened: {0}.", error.strerror))]) from None
    except ValueError as error:
        message = Text("cannot be read as TOML: {0}.", error)
        raise SettingsError([Problem(where, message, _mend(path, str(error)))]) from None
    if len(content) > MOST_SETTINGS:
        message = Text("it has {0} entries, more than {1}.", f"{len(content):,}", MOST_SETTINGS)
        raise SettingsError([Problem(where, message, "Write settings only.")])
    marketplace = content.pop("marketplace", None)
    columns = content.pop("columns", {})
    events = content.pop("events", [])
    head, of_head = _head(content, path.parent, where)
    problems = []
    if not isinstance(marketplace, str) or marketplace not in CURRENCIES:
        message = "the marketplace is missing." if marketplace is None else Text("found {0}.", quoted(marketplace))
        do = Text('Write marketplace = "US" or another of {0}.', ", ".join(CURRENCIES))
        problems.append(Problem(Text("{0}, 'marketplace'", where), message, do))
    mapped = columns.values() if isinstance(columns, dict) else [None]
    if not all(isinstance(table, dict) and all(isinstance(cell, str) for cell in table.values()) for table in mapped):
        message = Text('expected tables of the form column = "header cell"; found {0}.', quoted(columns))
        problems.append(Problem(Text("{0}, 'columns'", where), message))
    if not isinstance(events, list) or not all(map(_is_event, events)):
        do = 'Write [[events]], below it name = "Prime Day", first = 2026-07-08, last = 2026-07-11 (and asins = [...]).'
        problems.append(
            Problem(Text("{0}, 'events'", where), Text("expected events with dates; found {0}.", quoted(events)), do)
        )
    problems += of_head
    try:
        settings = Settings().change(**content)
    except SettingsError as error:
        problems += [Problem(Text("{0}, {1}", where, p.where), p.found, p.do) for p in error.problems]
    if problems:
        raise SettingsError(problems)
    dated = tuple(Event(**{**event, "asins": tuple(event.get("asins", ()))}) for event in events)
    return AccountFile(head.name, marketplace, settings, columns, dated, head.title, head.logo)


@dataclass(frozen=True)
class _Head:
    """Title and logo at the head of a report."""

    name: str
    title: str
    logo: Logo | None


def _head(content: dict[str, Any], folder: Path, where: str) -> tuple[_Head, list[Problem]]:
    """Take name, title and logo out of a file's content, and tell what is wrong with them."""
    texts = {key: content.pop(key, "") for key in ("title", "logo")}
    texts["name"] = content.pop("name", folder.resolve().name)
    problems = [
        Problem(Text("{0}, {1}", where, repr(key)), Text("expected text, found {0}.", quoted(text)))
        for key, text in texts.items()
        if not isinstance(text, str)
    ]
    logo = None
    try:
        logo = read_logo(folder, texts["logo"]) if texts["logo"] and not problems else None
    except WockitError as error:
        problems += error.problems
    return _Head(texts["name"], texts["title"], logo), problems


def _mend(path: Path, error: str) -> str:
    """Advice on a line that is no TOML: the line, and its text without one of the usual slips."""
    number = re.search(r"line\s(\d+)", error)
    lines = path.read_text(encoding="utf-8-sig").splitlines() if number else []
    if not number or int(number[1]) > len(lines):
        return "Correct that line."
    line = lines[int(number[1]) - 1].strip()[:_LONGEST_LINE]
    for slip, right in _SLIPS:
        mended = re.sub(slip, right, line)
        with suppress(ValueError):
            if mended != line and tomllib.loads(mended):
                return Text("Line {0} is {1}. Write {2}", number[1], quoted(line), mended)
    return Text("Line {0} is {1}. Correct it.", number[1], quoted(line))


def _is_event(entry: Any) -> bool:
    if not isinstance(entry, dict) or not {"name", "first", "last"} <= set(entry) <= {"name", "first", "last", "asins"}:
        return False
    first, last, asins = entry["first"], entry["last"], entry.get("asins", [])
    days = type(first) is date and type(last) is date and first <= last
    return days and isinstance(asins, list) and all(isinstance(text, str) for text in [entry["name"], *asins])


def account_file_text(name: str, marketplace: str, language: str = "en") -> str:
    """The `account.toml` of a new account: every setting with its meaning in the language spoken, commented out.

    Examples
    --------
    >>> print(account_file_text("My shop", "US").splitlines()[1])
    marketplace = "US"
    """
    lines = [f"name = {_toml(name)}", f"marketplace = {_toml(marketplace)}"]
    lines += [f"language = {_toml(language)}", ""] if language != "en" else [""]
    for key, meaning, example in (
        ("title", "title of the report; not set: made of the name", name),
        ("logo", "logo above the title: a PNG or SVG in this folder, e.g. logo.png", ""),
    ):
        lines += [f"# {say(meaning)}", f"# {key} = {_toml(example)}", ""]
    for setting in fields(Settings):
        unit = f" [{say(setting.metadata['unit'])}]" if setting.metadata["unit"] else ""
        default = EXAMPLES.get(setting.name, setting.default)
        unset = say("; not set. For example:") if setting.name in EXAMPLES else ""
        lines += [f"# {say(setting.metadata['help'])}{unit}{unset}", f"# {setting.name} = {_toml(default)}", ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if not isinstance(value, str):
        return str(value)
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in value) + '"'

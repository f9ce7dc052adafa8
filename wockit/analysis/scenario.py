"""Scenarios: what a person tried out in the cockpit, saved under a name in the account's folder.

A scenario changes settings and numbers of single ASINs. It is a small JSON file that can be read and edited by hand.
What follows from the numbers is worked out in `clearing` and `advice`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from wockit.language import Text
from wockit.notes import Problem, SettingsError, WockitError, nearest, out_of_range, quoted
from wockit.reading.door import own_json, own_text
from wockit.settings import Settings

VERSION = 1


SCENARIOS_FOLDER = "scenarios"


FIELDS: Mapping[str, tuple[float, float, str]] = {
    "excess_units": (0, 1e9, "unit"),
    "clear_days": (1, 730, "day"),
    "price": (0.01, 1e6, "money"),
    "conversion_rate": (1e-6, 1, "fraction"),
    "cost_per_click": (0.001, 1e4, "money"),
    "ad_share": (0, 1, "fraction"),
    "bought_again": (0, 1, "ratio"),
    "ads_level": (0, 10, "ratio"),
    "price_cut": (-0.5, 0.9, "fraction"),
    "units_leaving": (0, 1e9, "unit"),
    "until_days": (7, 364, "day"),
    "ads_after": (0, 10, "ratio"),
}
"""What may be changed for one ASIN: its lowest and highest value, and its unit."""
PATH: Mapping[str, float] = {
    "ads_level": 1.0,
    "price_cut": 0.0,
    "units_leaving": 0.0,
    "until_days": 364.0,
    "ads_after": 1.0,
}
"""Those that make a path by hand, in the place of the advised one: what is not named stays as today."""


@dataclass(frozen=True)
class Scenario:
    """Settings to change, and for some ASINs numbers to change."""

    name: str = ""
    account: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    asins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Settings().change(**self.settings)
        if problems := list(_problems(self.asins)):
            raise SettingsError(problems)


def _problems(asins: Mapping[str, Mapping[str, float]]) -> Any:
    for asin, changes in asins.items():
        for name, value in changes.items():
            where = Text("scenario, {0}, {1}", quoted(asin), quoted(name))
            if name not in FIELDS:
                yield Problem(where, "this number cannot be changed.", nearest(name, FIELDS))
                continue
            if problem := out_of_range(where, value, *FIELDS[name]):
                yield problem


def tried_out(details: pd.DataFrame, scenario: Scenario, today: date) -> pd.DataFrame:
    """Positions with the numbers that a scenario changes.

    Days to clear become the ASIN's clear-by date. A conversion rate takes the place of the evidence, with as many
    clicks behind it; `by_hand` tells where.
    """
    table = details.copy().assign(by_hand=False)  # the copy is in one piece, and takes a column without a warning
    for asin in details.index.intersection(list(scenario.asins)):
        changes = {name: value for name, value in scenario.asins[asin].items() if name not in PATH}
        if not changes:
            continue
        table.loc[asin, list(changes)] = list(changes.values())
        if "clear_days" in changes:
            table.loc[asin, "clear_by"] = pd.Timestamp(today) + pd.Timedelta(days=round(changes["clear_days"]))
        if "conversion_rate" in changes:
            rate, weight = (
                changes["conversion_rate"] * table.loc[asin, "own_share"],
                table.loc[asin, ["hits", "misses"]],
            )
            table.loc[asin, ["hits", "misses"]] = [rate * weight.sum(), (1 - rate) * weight.sum()]
            table.loc[asin, "by_hand"] = True
    return table


def what_if_name(own: Settings, settings: Settings, scenario: Scenario) -> str:
    """Name of a what-if: the scenario, and each setting that differs from the account's own.

    Another language is no what-if: it changes no number.

    Parameters
    ----------
    own
        The account's settings.
    settings
        Those that are used.
    scenario
        The one that is used, if any.

    Examples
    --------
    >>> what_if_name(Settings(), Settings(low_weeks=4.0), Scenario("half"))
    'half, low_weeks = 4.0'
    >>> what_if_name(Settings(), Settings(), Scenario())
    ''
    """
    expected, changes = own.change(**scenario.settings), {}
    if settings.preset != expected.preset:  # it brings its cut-offs
        changes["preset"] = settings.preset
        expected = expected.change(preset=settings.preset)
    used = {setting.name: getattr(settings, setting.name) for setting in fields(Settings) if setting.name != "language"}
    changes |= {name: value for name, value in used.items() if value != getattr(expected, name)}
    names = [scenario.name or "scenario"] if scenario != Scenario() else []
    return ", ".join([*names, *(f"{name} = {value}" for name, value in changes.items())])


def save_scenario(folder: str | Path, scenario: Scenario) -> Path:
    """Keep a scenario in the account's folder; one of the same name is replaced.

    Raises
    ------
    SettingsError
        If its name cannot be the name of a file on every system.
    """
    path = _path(folder, scenario.name)
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps({"version": VERSION, **asdict(scenario)}, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)
    return path


def scenarios(folder: str | Path) -> list[str]:
    """The names of the scenarios of an account, in alphabetical order."""
    return sorted(path.stem for path in (Path(folder) / SCENARIOS_FOLDER).glob("*.json"))


def read_scenario(folder: str | Path, name: str, account: str) -> Scenario:
    """A scenario of this account; without a name one that changes nothing.

    Raises
    ------
    SettingsError
        If there is none of this name, or its file is no scenario, of another version or account, or holds a number
        that cannot be.
    """
    if not name:
        return Scenario()
    path = _path(folder, name)
    where = f"{SCENARIOS_FOLDER}/{path.name}"
    try:
        content = own_json(own_text(path, Path(folder), where))
    except WockitError as error:
        raise SettingsError(error.problems) from None
    except FileNotFoundError:
        do = nearest(name, scenarios(folder))
        raise SettingsError([Problem(where, "unknown scenario.", do)]) from None
    except (OSError, ValueError) as error:
        raise SettingsError([Problem(where, Text("cannot be read as JSON: {0}.", quoted(str(error))))]) from None
    expected = {"version", "name", "account", "settings", "asins"}
    if not isinstance(content, dict) or set(content) != expected:
        raise SettingsError([Problem(where, Text("it is not a scenario: expected {0}.", ", ".join(sorted(expected))))])
    if content.pop("version") != VERSION:
        raise SettingsError([Problem(where, Text("its version is not {0}.", VERSION), "Save it again.")])
    if content["account"] != account:
        text = Text("it belongs to account {0}; this is {1}.", quoted(content["account"]), quoted(account))
        raise SettingsError([Problem(where, text, "Use a scenario of this account.")])
    if not isinstance(content["settings"], dict) or not isinstance(content["asins"], dict):
        raise SettingsError([Problem(where, "expected tables of settings and of ASINs.")])
    if not all(isinstance(changes, dict) for changes in content["asins"].values()):
        raise SettingsError([Problem(where, "expected a table of numbers for each ASIN.")])
    return Scenario(**content)


def _path(folder: str | Path, name: str) -> Path:
    if not re.fullmatch(r"\w[\w -]{0,60}", name):
        message = Text("expected a name of letters, digits, spaces and hyphens; found {0}.", quoted(name))
        raise SettingsError([Problem("scenario", message)])
    return Path(folder) / SCENARIOS_FOLDER / f"{name}.json"

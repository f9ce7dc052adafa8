"""The plans of `playbook.toml`: what each segment and gate means. Where an ASIN belongs is decided in `matrix`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wockit.language import Text
from wockit.notes import Problem, WockitError, nearest, quoted
from wockit.settings import CUT_OFFS

ENDS = ("nothing", *CUT_OFFS, "for_ever")
"""Where the cover of a segment may begin and end."""


ROAS_SIDES = ("high", "low", "any")
"""On which side of the cut its ROAS may lie."""


@dataclass(frozen=True)
class Action:
    """One thing to do, and where the advice comes from."""

    do: str
    source: str


@dataclass(frozen=True)
class Plan:
    """Plan for the ASINs of one segment, or for those that one gate keeps out of the matrix."""

    key: str
    label: str
    place: str
    goal: str
    objective: str
    metrics: tuple[str, ...]
    stake: str
    actions: tuple[Action, ...]
    cover: tuple[str, str] = ("", "")
    roas: str = ""
    colour: str = "#8a8a8a"
    marker: str = "."


@dataclass(frozen=True)
class Playbook:
    """All plans by key, and the sentences for cautions, for reasons, for own healthy bands and for urgency."""

    segments: MappingProxyType[str, Plan]
    gates: MappingProxyType[str, Plan]
    cautions: MappingProxyType[str, str]
    reasons: MappingProxyType[str, str]
    own_band: MappingProxyType[str, str]
    urgency: MappingProxyType[str, str]

    def plan(self, key: str) -> Plan:
        """The plan of a segment or a gate."""
        return self.segments.get(key) or self.gates[key]


@cache
def playbook() -> Playbook:
    """The playbook that comes with wockit.

    Examples
    --------
    >>> playbook().plan("scale").objective
    'More orders at the same return.'
    """
    return read_playbook((Path(__file__).parent / "playbook.toml").read_text(encoding="utf-8"))


def read_playbook(text: str) -> Playbook:
    """The plans that a text in the form of `playbook.toml` holds.

    Raises
    ------
    WockitError
        Naming every segment whose cover or ROAS is bounded by what is no cut-off.
    """
    content = tomllib.loads(text)
    if problems := [problem for key, entry in content["segments"].items() for problem in _problems(key, entry)]:
        raise WockitError(problems)
    groups: dict[str, Any] = {
        group: MappingProxyType({key: _plan(key, entry) for key, entry in content[group].items()})
        for group in ("segments", "gates")
    }
    return Playbook(
        **groups,
        **{name: MappingProxyType(content[name]) for name in ("cautions", "reasons", "own_band", "urgency")},
    )


def _problems(key: str, entry: dict[str, Any]) -> Iterator[Problem]:
    """Faults in the place of a segment in the matrix."""
    cover = entry.get("cover", [])
    if len(cover) != 2:
        message = Text("expected 2 names, found {0}.", len(cover))
        yield Problem(f"playbook.toml:segments.{key}.cover", message, "Write both ends of its cover range.")
    bounds = [*(("cover", end, ENDS) for end in cover), ("roas", entry.get("roas", ""), ROAS_SIDES)]
    for trait, name, allowed in bounds:
        if name not in allowed:
            message = Text("expected one of {0}, found {1}.", allowed, quoted(name))
            yield Problem(f"playbook.toml:segments.{key}.{trait}", message, nearest(name, allowed))


def _plan(key: str, entry: dict[str, Any]) -> Plan:
    lists: dict[str, Any] = {
        "metrics": tuple(entry.pop("metrics")),
        "actions": tuple(Action(**action) for action in entry.pop("actions")),
        "cover": tuple(entry.pop("cover", ("", ""))),
    }
    return Plan(key=key, **lists, **entry)

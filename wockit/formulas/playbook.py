"""The plans of `playbook.toml`: what each segment and gate advises. Where an ASIN belongs is decided in `matrix`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Action:
    """One thing to do, and where the advice comes from."""

    do: str
    source: str


@dataclass(frozen=True)
class Plan:
    """What to do with the ASINs of one segment, or with those that one gate keeps out of the matrix."""

    key: str
    label: str
    place: str
    goal: str
    objective: str
    metrics: tuple[str, ...]
    stake: str
    actions: tuple[Action, ...]
    advises: tuple[str, ...] = ()
    cover: tuple[str, str] = ("", "")
    roas: str = ""
    colour: str = "#8a8a8a"
    marker: str = "."


@dataclass(frozen=True)
class Playbook:
    """All plans by key, and the sentences for cautions, for reasons, for own healthy bands and for urgency."""

    segments: MappingProxyType[str, Plan]
    gates: MappingProxyType[str, Plan]
    low_stock: Action
    low_stock_advises: tuple[str, ...]
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
    'More orders while the return holds.'
    """
    content = tomllib.loads((Path(__file__).parent / "playbook.toml").read_text(encoding="utf-8"))
    groups: dict[str, Any] = {
        group: MappingProxyType({key: _plan(key, entry) for key, entry in content[group].items()})
        for group in ("segments", "gates")
    }
    return Playbook(
        **groups,
        low_stock=Action(content["low_stock"]["do"], content["low_stock"]["source"]),
        low_stock_advises=tuple(content["low_stock"]["advises"]),
        **{name: MappingProxyType(content[name]) for name in ("cautions", "reasons", "own_band", "urgency")},
    )


def _plan(key: str, entry: dict[str, Any]) -> Plan:
    lists: dict[str, Any] = {
        "metrics": tuple(entry.pop("metrics")),
        "actions": tuple(Action(**action) for action in entry.pop("actions")),
        "advises": tuple(entry.pop("advises", ())),
        "cover": tuple(entry.pop("cover", ("", ""))),
    }
    return Plan(key=key, **lists, **entry)

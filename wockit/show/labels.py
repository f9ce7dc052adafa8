"""Headings and values as people read them, in the chosen language.

Tables, figures, the workbook and the cockpit all take their words for numbers from here.
"""

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import FORMATS, LABELS, chance
from wockit.formulas.playbook import Plan, playbook
from wockit.formulas.ways_out import REASONS
from wockit.language import Text, say

STAKES = MappingProxyType(
    {
        "excess_value": "value of stock above healthy cover",
        "stock_value": "value of stock that does not sell",
        "sales_at_risk": "sales you may lose before restock",
        "ad_overspend": "ad spend above what the ROAS cut allows",
        "ad_headroom": "room for more ad spend",
        "": "",
    }
)


_SENTENCES = MappingProxyType({"stake": STAKES, "why_not": REASONS})
"""What stands for the keys of a column."""


def shown(name: str, value: Any) -> str:
    """One value as it is read: formatted by its column, a dash where it is missing.

    Examples
    --------
    >>> shown("weeks_of_coverage", 8.0), shown("roas", float("nan")), shown("conversion_rate", 0.05)
    ('8.0', '–', '5.0%')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return "–"
    if isinstance(value, (float, np.floating)) and np.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, (bool, np.bool_)):
        return say("yes" if value else "no")
    plan = _plan(name, value)
    if plan or isinstance(value, Text):
        return say(plan.label if plan else value)
    form = LABELS[name].format
    if form == "words":
        return ", ".join(_words(name, value))
    write: Any = chance if form == "chance" else FORMATS[form].format
    return str(write(say(_SENTENCES[name][value]) if name in _SENTENCES else value))


def signed(name: str, value: Any) -> str:
    """A value as it is read, with its sign.

    Examples
    --------
    >>> signed("cash", 45.2), signed("cash", -297.0), signed("cash", 0.0)
    ('+45', '-297', '0')
    """
    text = shown(name, value)
    return text if text == "–" or text == shown(name, 0.0) or value <= 0 else f"+{text}"


def _words(name: str, value: Any) -> list[str]:
    """Words of a cell, one by one: its keys, or the number of rows left out and why."""
    if name == "dropped":
        return [say(value)]
    return [say(key.replace("_", " ")) for key in str(value).split("; ")]


def _plan(name: str, value: Any) -> Plan | None:
    """The plan of the playbook that a key stands for, in the columns that hold such keys."""
    book = playbook()
    named = name in (
        "segment",
        "gate",
        "plan",
        "place",
        "place_before",
        "place_article",
        "place_probable",
    ) or name.startswith("by_")
    return (book.segments.get(value) or book.gates.get(value)) if named else None


def heading(name: str, currency: str = "") -> str:
    """A column's heading with its unit.

    Examples
    --------
    >>> heading("ad_spend", "USD"), heading("weeks_of_coverage")
    ('Ad spend [USD]', 'WOC [week]')
    """
    label = LABELS[name]
    unit = currency if label.unit == "money" else say(label.unit)
    return f"{say(label.heading)} [{unit}]" if unit else say(label.heading)


def short(text: Any, length: int = 48) -> Any:
    """A title cut to a length that fits a table; what is missing stays missing.

    Examples
    --------
    >>> short("A very long title", 8)
    'A very …'
    """
    return text if not isinstance(text, str) or len(text) <= length else text[: length - 1].rstrip() + " …"

"""Choosing ASINs for the cockpit: the matrix to click or to draw around, and a list to search beside it.

What happens in the browser is in `picker.js`. Without a browser `chosen` is set as any other trait.
"""

from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from wockit.analysis.analyse import Analysis
from wockit.formulas.playbook import playbook
from wockit.language import Text, say
from wockit.show.labels import heading, short, shown

_HERE = Path(__file__).parent
_NUMBERS = ("weeks_of_coverage", "own_roas", "stock_value")


class Picker(anywidget.AnyWidget):  # type: ignore[misc]
    """The ASINs of an analysis to choose from, those with the most to gain a week first; `chosen` holds theirs."""

    _esm = (_HERE / "picker.js").read_text(encoding="utf-8")
    _css = (_HERE / "picker.css").read_text(encoding="utf-8")
    points = traitlets.Dict().tag(sync=True)
    places = traitlets.Dict().tag(sync=True)
    axes = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    chosen = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __repr__(self) -> str:
        return f"Picker(chosen={self.chosen})"


def picker(analysis: Analysis) -> Picker:
    """The picker of an analysis, with nothing chosen."""
    currency = analysis.account.currency
    rows = analysis.positions.reindex(analysis.advice.index).join(analysis.advice[["place_article", "gain"]])
    settings, book = analysis.settings, playbook()
    own_cut = settings.roas_cut == "break_even"
    height = rows["own_roas"] / rows["roas_cut"] if own_cut else rows["own_roas"]
    cut = 1.0 if own_cut else rows["roas_cut"].max()
    heads = [heading(name, currency) for name in _NUMBERS]
    points = {
        "asin": list(rows.index),
        "title": [short(title, 80) if isinstance(title, str) else "" for title in rows["title"]],
        "place": list(rows["place_article"]),
        "weeks": _numbers(rows["weeks_of_coverage"].where(rows["segment"].notna()).clip(0.5, 120)),
        "roas": _numbers(height),
        "value": _numbers(rows["stock_value"]),
        "gain": [say(Text("gain {0}", shown("gain", gain))) for gain in rows["gain"]],
        "numbers": [_point_text(row, heads) for row in rows[list(_NUMBERS)].itertuples(index=False)],
    }
    cuts = (settings.low_weeks, settings.healthy_weeks, settings.exit_weeks)
    words = {
        "map": say("The matrix. The list beside it has the same ASINs."),
        "help": say("Click a bubble, or draw around several. Hold Shift to add."),
        "list": say("ASINs"),
        "search": say("Search"),
        "places": say("All places"),
        "all": say("Choose these"),
        "none": say("Choose none"),
        "count": say("ASINs chosen: {0} of {1}."),
        "more": say("Not shown: {0}. Search for them."),
        "weeks": say("Weeks of coverage (log scale)"),
        "roas": say("ROAS / break-even ROAS") if own_cut else "ROAS",
    }
    keys = [key for key in (*book.segments, *book.gates) if key in set(rows["place_article"])]
    return Picker(
        points=points,
        places={key: (say(book.plan(key).label), book.plan(key).colour) for key in keys},
        axes={
            "cut": 0.0 if pd.isna(cut) else float(cut),
            "name": "" if pd.isna(cut) else f"{cut:.2f}",
            "lines": [(week, f"{week:g}") for week in cuts],
        },
        words=words,
    )


def _point_text(values: Any, heads: list[str]) -> str:
    pairs = zip(heads, _NUMBERS, values, strict=True)
    return "\n".join(f"{head}: {shown(name, value)}" for head, name, value in pairs)


def _numbers(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else round(float(value), 3) for value in column]

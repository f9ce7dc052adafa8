"""What the marks of figures say: product, place, numbers and advice, or the name and value of a bar, a point or a line.

In the language spoken.
"""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from wockit.analysis.analyse import Analysis
from wockit.language import Text, say
from wockit.show.drawing import MOST_MARKS, Mark, link
from wockit.show.labels import short, shown


def product_marks(analysis: Analysis) -> dict[str, Mark]:
    """What a mark says of each ASIN that a figure can show, by ASIN; its group is its place."""
    rows = analysis.positions.nlargest(MOST_MARKS, "stock_value")
    says, currency = analysis.advice["says"], analysis.account.currency
    marks = {}
    for row in rows.reset_index().to_dict("records"):
        place = shown("place", row["gate"] if pd.isna(row["segment"]) else row["segment"])
        numbers = Text(
            "WOC {0} · ROAS {1} · stock value {2} {3}",
            shown("weeks_of_coverage", row["weeks_of_coverage"]),
            shown("roas", row["own_roas"]),
            currency,
            shown("stock_value", row["stock_value"]),
        )
        lines = [shown("title", short(row["title"])), f"{row['asin']} · {place}", say(numbers), say(says[row["asin"]])]
        marks[row["asin"]] = Mark("\n".join(lines), place)
    return marks


def week_marks(totals: pd.DataFrame, currency: str) -> dict[str, Mark]:
    """What the column of each snapshot says, by its day."""
    names = ("stock_value", "excess_value", "weeks_of_coverage")
    text = "Stock {0} {1} · above healthy cover {2} · WOC {3}"
    return {
        f"{day:%Y-%m-%d}": Mark(
            "\n".join([f"{day:%Y-%m-%d}", say(Text(text, currency, *(shown(name, row[name]) for name in names)))])
        )
        for day, row in totals.iterrows()
    }


def own_marks(ax: Axes) -> dict[str, Mark]:
    """What bars, points and named lines of a figure say by themselves; each is linked to its mark.

    Examples
    --------
    >>> from wockit.show.canvas import canvas
    >>> ax = canvas(4, 3)
    >>> _ = ax.barh(["Hold", "Remove"], [36.04, -2.27])
    >>> [mark.words for mark in own_marks(ax).values()]
    ['Hold: 36.04', 'Remove: -2.27']
    """
    marks: dict[str, Mark] = {}

    def name(words: str) -> str:
        marks[f"mark-{len(marks)}"] = Mark(words)
        return link(f"mark-{len(marks) - 1}")

    for bars in ax.containers:
        across: Any = ax.yaxis if getattr(bars, "orientation", "") == "horizontal" else ax.xaxis
        names = [label.get_text() for label in across.get_ticklabels()]
        series = bars.get_label() or ""
        for place, (bar, value) in enumerate(zip(bars, getattr(bars, "datavalues", ()), strict=False)):
            parts = [names[place] if place < len(names) else "", "" if series.startswith("_") else series]
            bar.set_url(name(f"{', '.join(filter(None, parts))}: {_number(value)}"))
    for points in (each for each in ax.collections if isinstance(each, PathCollection)):
        places: Any = points.get_offsets()
        points.set_urls([name(f"{ax.get_xlabel()}: {_number(x)}\n{ax.get_ylabel()}: {_number(y)}") for x, y in places])
    for line in ax.lines:
        if not str(line.get_label()).startswith("_"):
            line.set_url(name(str(line.get_label())))
    return marks


def _number(value: float) -> str:
    return (
        f"{value:,.0f}" if math.isfinite(value) and (value == round(value) or abs(value) >= 1000) else f"{value:,.2f}"
    )

"""A figure as a small inline SVG whose marks can be pointed at, reached by the keyboard and followed to their rows.

matplotlib's own writer draws it. A mark is an artist with a link (`urls`); here it gets its words, the markup becomes
small, and text stays text, so that it is read, searched and set in the page's font. Reports' texts enter as text nodes
only.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category
from urllib.parse import quote
from xml.etree import ElementTree

import matplotlib
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.text import Text as Label

from wockit.language import say
from wockit.show.html import Html, render
from wockit.show.svg import INK, make_small

MOST_MARKS = 1000
"""Most marks of a figure: the largest."""
_POINTS = 100 / 72


@dataclass(frozen=True)
class Mark:
    """Text of one mark, line by line, and the group by which it can be filtered."""

    words: str
    group: str = ""


def link(name: str) -> str:
    """The address of a row on the page, such as of an ASIN.

    Examples
    --------
    >>> link("B0WOC8CASE"), link("a b")
    ('#B0WOC8CASE', '#a%20b')
    """
    return f"#{quote(name, safe='')}"


def drawing(ax: Axes, alt: str, key: str, marks: Mapping[str, Mark] | None = None, narrow: Axes | None = None) -> Html:
    """The figure of some axes as an inline SVG.

    Parameters
    ----------
    ax
        What a `plot_*` gave back.
    alt
        What it shows, in a sentence.
    key
        A word that no other figure of the page has: it keeps their parts apart.
    marks
        What the marks say, by the name that they link to.
    narrow
        The same on narrower axes, which a phone shows instead.

    Examples
    --------
    >>> from wockit.show.canvas import canvas
    >>> drawing(canvas(4, 3), "Nothing yet", "empty").html[:41]
    '<div class="drawing"><svg role="group" ar'
    """
    wide = _svg(ax, alt, key, marks or {})
    if narrow is None:
        return Html(render("drawing", wide=Html(wide, ""), narrow=""), say(alt))
    small = _svg(narrow, alt, f"{key}-narrow", marks or {})
    return Html(render("drawing", wide=Html(wide, ""), narrow=Html(small, "")), say(alt))


def _svg(ax: Axes, alt: str, key: str, marks: Mapping[str, Mark]) -> str:
    root = _written(ax, key)
    make_small(root, key)
    words = {link(name): mark for name, mark in marks.items()}
    for each in root.iter("a"):
        _worded(each, words.get(each.attrib["href"]))
    width, height = (float(each) for each in root.attrib["viewBox"].split()[2:])
    root.attrib = {
        "role": "group",
        "aria-label": _printable(say(alt)),
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": f"{width * _POINTS:.0f}",
        "style": "max-width:100%;height:auto",
        "stroke-linejoin": "round",
        "fill": INK,
    }
    return ElementTree.tostring(root, encoding="unicode")


def own_marks(ax: Axes) -> dict[str, Mark]:
    """Texts of bars, points and named lines of a figure; each is linked to its mark.

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


def _printable(text: str) -> str:
    """A text without signs that nobody sees, which no XML holds or which turn its neighbours round."""
    return "".join(sign for sign in text if category(sign)[0] != "C" or sign == "\n")


def _written(ax: Axes, key: str) -> ElementTree.Element:
    """matplotlib's SVG, without background; the same figure gives the same bytes."""
    figure: Any = ax.figure
    for each in (figure, *figure.get_axes()):
        each.patch.set_visible(False)
    for legend in filter(None, (each.get_legend() for each in figure.get_axes())):
        legend.set_gid("legend")
    for label in figure.findobj(Label):
        label.set_parse_math(False)
        label.set_text(_printable(label.get_text()))
        if label.get_path_effects():  # they would turn the text into outlines
            label.set_path_effects([])
            label.set_gid(label.get_gid() or "halo")
    written = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": key}):
        figure.savefig(written, format="svg", facecolor="none", metadata={"Date": None})
    return ElementTree.fromstring(written.getvalue())


def _worded(each: ElementTree.Element, mark: Mark | None) -> None:
    """A mark says what it is: as a title, which every browser shows and every screen reader reads."""
    each.attrib = {"class": "mark", "href": each.attrib["href"]}
    if mark:
        title = ElementTree.Element("title")
        title.text = _printable(mark.words)
        each.insert(0, title)
        if mark.group:
            each.attrib["data-group"] = _printable(mark.group)

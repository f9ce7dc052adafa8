"""HTML from the templates in `templates/`, which escape every text: the one place where markup is made.

Also tables and paragraphs, of which most pieces of a page are put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from wockit.columns import LABELS
from wockit.language import Text, say
from wockit.show.labels import heading, short, shown

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_ROWS = 1000
"""Rows of a table that a page can hold; the workbook has all."""


MOST_NAMES = 200
"""ASINs that are named in one cell."""


LONGEST_TITLE = 250
"""Characters of a title that can be searched; Amazon takes 200."""


_WIDE = frozenset({
    "cautions", "reasons", "why", "first", "objective", "text", "reasoning", "action", "supply_said", "pace_said",
    "traffic",
})  # fmt: skip


@dataclass(frozen=True)
class Html:
    """A piece of a page, shown by Jupyter as HTML and elsewhere as text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __html__(self) -> str:
        """Markup for a template, which escapes any other value."""
        return self.html

    def __repr__(self) -> str:
        return self.text


def render(template: str, **values: Any) -> str:
    """Fill in a template of `templates/`: `Html` stays as it is, any other value is escaped.

    Examples
    --------
    >>> render("paragraph", text="<b> 'A' & B", alarm=False)
    '<p>&lt;b&gt; &#x27;A&#x27; &amp; B</p>'
    """
    return _templates().get_template(f"{template}.html.j2").render(values)


@cache
def _templates() -> "Environment":
    """One for all pages of a process: each template is compiled once."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("wockit.show"),
        autoescape=True,
        auto_reload=False,
        finalize=_with_quotes,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def _with_quotes(value: Any) -> Any:
    """Quotes are written as in `html.escape`, so that a page stays the same byte by byte; Jinja2 escapes all else."""
    quoted = isinstance(value, str) and ("'" in value or '"' in value) and not hasattr(value, "__html__")
    return Html(escape(value), value) if quoted else value


def table(frame: pd.DataFrame, *columns: str, currency: str = "", caption: str = "") -> Html:
    """Some columns of a frame as a table to read, its index first where that has a name.

    Text is escaped, numbers stand at the right, and what is missing is a dash. Titles are cut; of very many rows the
    first are shown.
    """
    listed = frame.head(MOST_ROWS)
    flat = listed.reset_index() if frame.index.name else listed
    first = [frame.index.name] if frame.index.name and frame.index.name not in columns else []
    names = [*first, *(columns or frame.columns)]
    sides = [_side(name) for name in names]
    heads = [heading(name, currency) for name in names]
    texts, wholes = _texts(flat, names)
    cells = [
        zip([side] * len(flat), texts[name], wholes.get(name, [""] * len(flat)), strict=True)
        for name, side in zip(names, sides, strict=True)
    ]
    html = render(
        "table",
        caption=caption,
        columns=list(zip(names, sides, heads, strict=True)),
        rows=zip(*cells, strict=True),
    )
    plain = pd.DataFrame(list(zip(*texts.values(), strict=True)), columns=heads)
    return Html(html + more_rows(len(frame) - len(listed)), plain.to_string(index=False, max_rows=12))


def _side(name: str) -> str:
    """Classes of a column's cells: numbers at the right, dates on one line, long words wide."""
    label = LABELS[name]
    return "number" if label.is_number else "date" if label.format == "date" else "wide" if name in _WIDE else "text"


def _texts(frame: pd.DataFrame, names: list[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Cells of each column, and the whole texts of those that were cut, to point at and search."""
    texts = {name: [shown(name, value) for value in frame[name].astype(object)] for name in names}
    wholes = {}
    if "title" in texts:
        wholes["title"] = texts["title"]
        texts["title"] = [short(title) for title in wholes["title"]]
    if "skus" in frame and "skus" not in texts and "asin" in texts:  # an ASIN can be searched by its SKUs
        skus = frame["skus"].fillna("")
        wholes["asin"] = [f"{asin} {each}".rstrip() for asin, each in zip(texts["asin"], skus, strict=True)]
    for name, column in wholes.items():
        pairs = zip(texts[name], column, strict=True)
        wholes[name] = [short(whole, LONGEST_TITLE) if whole != text else "" for text, whole in pairs]
    return texts, wholes


def more_rows(rows: int) -> str:
    """The line below a table that was cut; nothing where it was not."""
    return paragraph(Text("{0} more rows are in the workbook.", f"{rows:,}")).html if rows else ""


def plain_table(frame: pd.DataFrame) -> Html:
    """A frame of texts, each column under its own name."""
    return Html(render("plain_table", names=list(frame), rows=_rows(frame)), frame.to_string(index=False))


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.astype(object).itertuples(index=False, name=None))


def paragraph(text: str, alarm: bool = False) -> Html:
    """A sentence in place of a table; an alarm is red."""
    return Html(render("paragraph", text=say(text), alarm=alarm), say(text))


def together(parts: Sequence[Html]) -> Html:
    """Several pieces as one, below each other."""
    return Html("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))

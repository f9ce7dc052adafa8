"""Tables and paragraphs as HTML. Text from reports is always escaped."""

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from wockit.columns import LABELS
from wockit.language import Text, say
from wockit.show.labels import heading, short, shown

_NUMBER, _TEXT = ' class="n"', ' style="text-align:left"'


LINE = ' style="display:block"'
"""A line of its own where no style sheet says so, as in a notebook."""


_REGION = '<div class="wockit" tabindex="0">'


_WIDE_TEXT = ' class="w"' + _TEXT


MOST_ROWS = 2000
"""How many rows of a table a page can hold; the workbook has all."""


MOST_NAMES = 200
"""How many ASINs are named in one cell."""


LONGEST_TITLE = 250
"""Characters of a title that can be searched; Amazon takes 200."""


_WIDE = frozenset({"cautions", "reasons", "why", "first", "objective", "text", "reasoning", "action"})


@dataclass(frozen=True)
class Html:
    """A piece of a page, shown by Jupyter as HTML and elsewhere as text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def table(frame: pd.DataFrame, *columns: str, currency: str = "", caption: str = "") -> Html:
    """Some columns of a frame as a table to read, its index first where that has a name.

    Text is escaped, numbers stand at the right, and what is missing is a dash. Titles are cut; of very many rows the
    first are shown.
    """
    listed = frame.head(MOST_ROWS)
    flat = listed.reset_index() if frame.index.name else listed
    first = [frame.index.name] if frame.index.name and frame.index.name not in columns else []
    names = [*first, *(columns or frame.columns)]
    numeric = {name for name in names if LABELS[name].is_number}
    rows = [[shown(name, value) for name, value in zip(names, row, strict=True)] for row in _rows(flat[names])]
    cut = [[short(cell) if name == "title" else cell for name, cell in zip(names, row, strict=True)] for row in rows]
    if "skus" in flat and "skus" not in names and "asin" in names:  # an ASIN can be searched by its SKUs
        for row, skus in zip(rows, flat["skus"].fillna(""), strict=True):
            row[names.index("asin")] += f" {skus}".rstrip()
    heads = [heading(name, currency) for name in names]
    classes = [_NUMBER if name in numeric else _WIDE_TEXT if name in _WIDE else _TEXT for name in names]
    body = "\n".join(
        "<tr>" + "".join(_cell(*cell) for cell in zip(classes, row, whole, strict=True)) + "</tr>"
        for row, whole in zip(cut, rows, strict=True)
    )
    head = "".join(
        f'<th scope="col" data-name="{name}"{c}>{escape(text)}</th>'
        for name, c, text in zip(names, classes, heads, strict=True)
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    html = f"{_REGION}<table>{title}<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    return Html(
        html + more_rows(len(frame) - len(listed)), pd.DataFrame(cut, columns=heads).to_string(index=False, max_rows=12)
    )


def more_rows(rows: int) -> str:
    """The line below a table that was cut; nothing where it was not."""
    return paragraph(Text("{0} more rows, in the workbook.", f"{rows:,}")).html if rows else ""


def _cell(css: str, text: str, whole: str) -> str:
    """A cell of a table; what was cut can be pointed at and searched."""
    title = f' title="{escape(short(whole, LONGEST_TITLE))}"' if whole != text else ""
    return f"<td{css}{title}>{escape(text)}</td>"


def plain_table(frame: pd.DataFrame) -> Html:
    """A frame of texts, each column under its own name."""
    head = "".join(f'<th scope="col"{_TEXT}>{escape(name)}</th>' for name in frame)
    body = "".join(
        "<tr>" + "".join(f"<td{_TEXT}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(frame)
    )
    html = f"{_REGION}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    return Html(html, frame.to_string(index=False))


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.astype(object).itertuples(index=False, name=None))


def paragraph(text: str) -> Html:
    """A sentence in place of a table."""
    return Html(f"<p>{escape(say(text))}</p>", say(text))

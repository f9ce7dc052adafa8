"""Writing one sheet of the workbook: cells, links, bars, comments, what is printed.

What a sheet lists is decided in `workbook`, how it is laid out in `sheets`.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype
from xlsxwriter.utility import xl_col_to_name

from wockit.analysis.own_columns import OwnColumn
from wockit.columns import LABELS
from wockit.language import say
from wockit.reading.account import Account
from wockit.show.labels import heading, short, shown
from wockit.show.sheets import ANCHOR, LETTER, OWN_WIDTH, PAGE_FILE, RANK_WIDTH, WRAPPED, layout

_NUMBER_FORMATS = {
    "units": "#,##0",
    "money": "#,##0.00",
    "whole_money": "#,##0",
    "ratio": "0.00",
    "one_decimal": "#,##0.0",
    "percent": "0.0%",
    "chance": "0%",
    "date": "yyyy-mm-dd",
}


_COMMENT = MappingProxyType({"x_scale": 2, "font_size": 9})
"""How what a column means hangs on its heading."""


_NARROWEST, _WIDEST = 8, 60
"""Widths of a column [character]."""


_LINE, _DEEPEST = 15, 4
"""The height of a line [point], and how many lines a heading may take."""


_WIDE, _LOST = frozenset("WF"), 1.15
"""Signs as wide as two of ours, and how much longer a text is for what is lost at the ends of lines."""


_DAY = "2026-11-23"
"""As wide as any."""


_BRAND, _LINK, _BAR, _ALARM = "#1B3A57", "#1B5E9E", "#9CC4EA", "#B3261E"


_MOST_LINKS = 60_000
"""Of a sheet; Excel takes 65,530."""


_LETTER, _A4 = 1, 9


_NO_SIGN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML holds: XlsxWriter writes it as a code in the text of a cell, and as it stands in that of a link."""


_PRINTED_TOO = 0
"""Lines between the cells: on the screen and on paper."""


@dataclass(frozen=True)
class Table:
    """The rows of a sheet in their order, and a line above them where there is something to know first."""

    frame: pd.DataFrame
    band: str = ""

    @property
    def top(self) -> int:
        """The row of the heads, counted from 0."""
        return 1 if self.band else 0

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each ASIN, its first, counted from 1 as a spreadsheet does."""
        asins = list(self.frame.get("asin", ()))
        return {asin: row for row, asin in reversed(list(enumerate(asins, start=self.top + 2)))}


class Style:
    """The formats of a workbook, made once, and what all of its sheets share."""

    def __init__(self, book: Any, account: Account, decisions: Sequence[str]) -> None:
        self.book, self.currency, self.decisions = book, account.currency, list(decisions)
        self.paper = _LETTER if account.marketplace in LETTER else _A4
        self.header = f"&L{short(account.title or account.name, 80).replace('&', '&&')} · {account.snapshot}&R&A"
        text = {"valign": "top", "align": "left", "indent": 1}
        number = {"valign": "top", "align": "right", "indent": 1}
        self.head = book.add_format({**text, "bold": True, "text_wrap": True, "bg_color": _BRAND, "color": "#FFFFFF"})
        self.band = book.add_format({"bold": True, "color": _ALARM})
        self.text = book.add_format(text)
        self.wrapped = book.add_format({**text, "text_wrap": True})
        self.link = book.add_format({**text, "text_wrap": True, "color": _LINK, "underline": 1})
        self.numbers = {
            kind: book.add_format({**number, "num_format": pattern}) for kind, pattern in _NUMBER_FORMATS.items()
        }
        self.plain = book.add_format(number)
        self.typed = book.add_format({**text, "text_wrap": True, "num_format": "@"})


@dataclass(frozen=True)
class _Column:
    """A column ready to be written."""

    cells: list[Any]
    width: int
    number: Any
    text: Any
    wraps: bool
    links: list[str] | None = None


@dataclass(frozen=True)
class _Reckoned:
    """The present value of a formula, shown in its cell until somebody changes a cell that it uses."""

    now: float | str


def write_sheet(
    style: Style,
    name: str,
    table: Table,
    tables: Mapping[str, Table],
    formulas: Mapping[str, str],
    own: Sequence[OwnColumn] = (),
) -> None:
    """Write one sheet, row by row, so that only one row is held in the form that is written.

    Parameters
    ----------
    style
        Of the workbook.
    name
        The English name of the sheet.
    table
        What it lists.
    tables
        Those of all sheets, by their English names, so that cells can lead there.
    formulas
        Columns that are formulas, each over the other columns of its row.
    own
        Columns that somebody added; they stand last.
    """
    frame, top, plan = table.frame, table.top, layout(name)
    sheet = style.book.add_worksheet(say(name))
    if table.band:
        sheet.write_string(0, 0, table.band, style.band)
    titles = [*(heading(column, style.currency) for column in frame.columns), *(added.heading for added in own)]
    columns = [*_columns(style, table, tables, dict(plan.links), formulas), *_own_columns(style, frame, own)]
    heights = (_lines(title, column.width) for title, column in zip(titles, columns, strict=True))
    sheet.set_row(top, _LINE * min(max(heights), _DEEPEST))
    for place, (title, column) in enumerate(zip(titles, columns, strict=True)):
        sheet.write_string(top, place, title, style.head)
        sheet.set_column(place, place, column.width)
    for place, name_of_column in enumerate(frame.columns):
        if meaning := LABELS[name_of_column].meaning:
            sheet.write_comment(top, place, say(meaning), _COMMENT)
    _write_rows(style, sheet, columns, _templates(frame, formulas), top + 1)
    _arrange(style, sheet, name, table, len(columns))


def _columns(
    style: Style, table: Table, tables: Mapping[str, Table], leads: Mapping[str, str], formulas: Mapping[str, str]
) -> Iterator[_Column]:
    frame = table.frame
    for name in frame.columns:
        cells = _cells(frame[name], name)
        width = _width(name, heading(name, style.currency), cells)
        wraps = name in WRAPPED
        words = style.wrapped if wraps else style.text
        number = style.numbers.get(LABELS[name].format, words)
        links = _links(frame, leads[name], tables) if name in leads else None
        cells = _reckoned(cells) if name in formulas else cells
        yield _Column(cells, width, number, number if LABELS[name].is_number else words, wraps, links)


def _own_columns(style: Style, frame: pd.DataFrame, own: Sequence[OwnColumn]) -> Iterator[_Column]:
    for column in own:
        cells = [_own(column.cells.get(asin)) for asin in frame["asin"]]
        yield _Column(cells, OWN_WIDTH, style.plain, style.wrapped, wraps=True)


def _write_rows(style: Style, sheet: Any, columns: Sequence[_Column], templates: Mapping[int, str], first: int) -> None:
    wrapped = [column for column in columns if column.wraps]
    for row, across in enumerate(zip(*(column.cells for column in columns), strict=True)):
        lines = max((_lines(column.cells[row], column.width) for column in wrapped), default=1)
        if lines > 1:
            sheet.set_row(first + row, _LINE * lines)
        for place, cell in enumerate(across):
            column, at = columns[place], (first + row, place)
            if isinstance(cell, float):
                sheet.write_number(*at, cell, column.number)
            elif isinstance(cell, str):
                if link := column.links[row] if column.links else "":
                    sheet.write_url(*at, link, style.link, _NO_SIGN.sub(" ", cell))
                else:
                    sheet.write_string(*at, cell, column.text)
            elif isinstance(cell, date):
                sheet.write_datetime(*at, cell, style.numbers["date"])
            elif cell is not None:
                sheet.write_formula(*at, templates[place].format(first + row + 1), column.number, cell.now)


def _arrange(style: Style, sheet: Any, name: str, table: Table, columns: int) -> None:
    """Frozen rows, filter, bars, the list of decisions, and print: one page wide."""
    frame, top, plan = table.frame, table.top, layout(name)
    names, last = list(frame.columns), top + len(frame)
    sheet.freeze_panes(top + 1, names.index("title") + 1 if "title" in names[:3] else 1)
    if len(frame):
        sheet.autofilter(top, 0, last, columns - 1)
        for column, full in plan.bars:
            if column in names:
                place = names.index(column)
                sheet.conditional_format(top + 1, place, last, place, _bar(full))
        if "decision" in plan.first:
            place = names.index("decision")
            hint = "yes, no, later; beside advice on ads also the ad spend per day, such as 24 or -20 %"
            offered = {"validate": "list", "source": style.decisions, "show_error": False, "input_message": say(hint)}
            sheet.data_validation(top + 1, place, last, place, offered)
            sheet.set_column(place, place, WRAPPED["decision"], style.typed)
    sheet.set_landscape()
    sheet.set_paper(style.paper)
    sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.45)
    sheet.set_header(style.header, {"margin": 0.2})
    sheet.set_footer("&R&P / &N", {"margin": 0.2})
    sheet.hide_gridlines(_PRINTED_TOO)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, max(last, top), (len([name for name in plan.first if name in names]) or columns) - 1)


def _bar(full: float | None) -> dict[str, Any]:
    ends = {"max_type": "num", "max_value": full} if full else {}
    return {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": _BAR, "min_type": "num",
            "min_value": 0, **ends}  # fmt: skip


def _links(frame: pd.DataFrame, target: str, tables: Mapping[str, Table]) -> list[str] | None:
    """Targets of a column's cells: the place of the ASIN on the page, or its row on another sheet."""
    if 2 * len(frame) > _MOST_LINKS:
        return None
    if target == PAGE_FILE:
        plain = frame["asin"].str.fullmatch(r"[A-Za-z0-9]+")
        return [
            f"external:{PAGE_FILE}#{ANCHOR.format(asin)}" if fits else ""
            for asin, fits in zip(frame["asin"], plain, strict=True)
        ]
    rows = tables[target].rows if target in tables else {}
    return [f"internal:'{say(target)}'!A{rows[asin]}" if asin in rows else "" for asin in frame["asin"]]


def _templates(frame: pd.DataFrame, formulas: Mapping[str, str]) -> dict[int, str]:
    """The formula of each column that has one, by its place; the number of the row is left open."""
    letters = {column: f"{xl_col_to_name(place)}{{0}}" for place, column in enumerate(frame.columns)}
    words = {word: say(word) for word in ("yes", "no")}
    places = {column: place for place, column in enumerate(frame.columns)}
    return {places[column]: "=" + formula.format(**letters, **words) for column, formula in formulas.items()}


def _cells(values: pd.Series, column: str) -> list[Any]:
    """Cells of a column: a number, a day, or a text as it is read; nothing where there is none."""
    form = LABELS[column].format

    def cell(value: Any) -> Any:
        if pd.isna(value) or value == "":
            return None
        if form == "date":
            return value.to_pydatetime()
        plain = isinstance(value, (bool, np.bool_, str)) or form not in _NUMBER_FORMATS or math.isinf(value)
        return shown(column, value) if plain else float(value)

    if form in _NUMBER_FORMATS and is_float_dtype(values):
        numbers = values.to_numpy()
        odd = {place: cell(numbers[place]) for place in np.flatnonzero(~np.isfinite(numbers)).tolist()}
        return [odd.get(place, number) for place, number in enumerate(numbers.tolist())]
    codes, distinct = pd.factorize(values)
    cells = [*map(cell, distinct), None]
    return [cells[code] for code in codes]


def _own(cell: object) -> Any:
    """A cell that somebody filled in, as it came from the older workbook."""
    if cell is None or isinstance(cell, (str, date)):
        return cell
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell)


def _reckoned(cells: list[Any]) -> list[Any]:
    words = (say("unknown"), "∞", "-∞")
    return [cell if cell is None or cell in words else _Reckoned(cell) for cell in cells]


def _width(column: str, title: str, cells: list[Any]) -> int:
    """Width of a column: words wrap, numbers fit; no wider than a screen."""
    if column in WRAPPED:
        return WRAPPED[column]
    if column == "rank":
        return RANK_WIDTH
    word = max(map(len, title.split()))
    return min(max(_longest(cells, column) + 3, word + 3, _NARROWEST), _WIDEST)


def _lines(cell: Any, width: int) -> int:
    """Number of lines of a text in a column."""
    if not isinstance(cell, str):
        return 1
    return max(1, math.ceil(_signs(cell) * _LOST / (width - 2)))


def _signs(text: str) -> int:
    """Width of a text, in letters of English."""
    wide = 0 if text.isascii() else sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))
    return len(text) + wide


def _longest(cells: list[Any], column: str) -> int:
    """Characters of the longest cell; of numbers the smallest or the largest is."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    texts = {cell for cell in cells if isinstance(cell, str)}
    days = [_DAY for cell in cells if isinstance(cell, datetime)][:1]
    ends = [shown(column, end(numbers)) for end in (min, max) if numbers]
    return max(map(_signs, [*texts, *ends, *days]), default=1)

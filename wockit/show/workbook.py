"""The workbook `plan.xlsx`: actions, positions, budgets and notes for people who live in a spreadsheet.

Every text is written as text, so that no title can become a formula or a link; the only formulas are `FORMULAS`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from pandas.api.types import is_float_dtype
from xlsxwriter.utility import xl_col_to_name

from wockit.analysis.analyse import Analysis
from wockit.analysis.history import History
from wockit.columns import LABELS
from wockit.language import Text, say
from wockit.settings import Settings
from wockit.show.actions import actions
from wockit.show.labels import heading, shown

_NUMBER_FORMATS = {
    "units": "#,##0",
    "money": "#,##0.00",
    "whole_money": "#,##0",
    "ratio": "0.00",
    "weeks": "#,##0.0",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
}


_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}


MOST_ROWS = 1_048_575
"""Rows of a sheet below its head, in Excel."""


RATES = ("units_per_order", "lift", "return_rate", "dearer_clicks")


_AD_SALES_IN_TIME = "{ad_share}*{units_sold}*{clear_days}/{sales_days}"


_PLAIN = "{ad_units_needed}/units_per_order*{cost_per_click}/{expected_conversion_rate}"


_SPENT = f"{_AD_SALES_IN_TIME}/units_per_order*{{cost_per_click}}/{{expected_conversion_rate}}"


FORMULAS: Mapping[str, str] = {
    "own_conversion_rate": "{conversion_rate}*{own_share}",
    "clicks": "{excess_units}/units_per_order/{conversion_rate}",
    "clicks_a_day": "{clicks}/{clear_days}",
    "budget_upper": "{clicks}*{cost_per_click}",
    "budget_lower": "{budget_upper}*{ad_share}",
    "ad_units_needed": "MAX(0,{excess_units}/(1-return_rate)-(1-{ad_share})*{units_sold}*{clear_days}/{sales_days})"
    "/(1+lift)",
    "budget_extra": f"MAX(0,{_PLAIN}-{_SPENT})*dearer_clicks",
    "budget_corrected": f"MIN({_PLAIN},{_SPENT})+{{budget_extra}}",
    "cost_per_order": "{cost_per_click}/{expected_conversion_rate}*dearer_clicks",
    "order_gain": "{unit_proceeds}*units_per_order-{cost_per_order}",
    "click_pays": 'IF({highest_cpc}>{cost_per_click},"{yes}","{no}")',
}
"""How the budgets follow from the cells beside them, as in `budget`; a colleague changes a CVR and sees them move."""


_NO_FORMULAS: Mapping[str, str] = {}


_COMMENT = MappingProxyType({"x_scale": 2, "font_size": 9})
"""How what a column means hangs on its heading."""


_NARROWEST, _WIDEST, _FITS_A_PAGE = 8, 100, 20


_DAY = "2026-11-23"
"""As wide as any."""


def write_workbook(
    analysis: Analysis, path: Path, history: History | None = None, decisions: Mapping[str, str] | None = None
) -> None:
    """Write the workbook of an analysis: actions, positions, budgets with live formulas, ways out, movement, notes.

    Parameters
    ----------
    analysis
        From `analyse`.
    path
        Where to write it.
    history
        What the past weeks say; without it there are no sheets on movement.
    decisions
        What stands in the decision column of the actions, by ASIN; it is empty for all others.
    """
    currency = analysis.account.currency
    action_rows = actions(analysis)
    action_rows = action_rows.assign(decision=[(decisions or {}).get(asin, "") for asin in action_rows.index])
    sheets = {
        "Actions": action_rows.reset_index().set_index("rank").reset_index(),
        "Positions": analysis.positions.reset_index(),
        "Budgets": analysis.budgets.reset_index(),
        "Ways out": analysis.clearance.reset_index(),
    }
    if history is not None:
        past = {"Movement": history.moves, "Advice results": history.ledger, "Weeks": history.totals}
        sheets |= {name: frame.reset_index() for name, frame in past.items()}
    rows = [(say(note.level), note.code, say(note.where), say(note.text)) for note in analysis.notes]
    for name, frame in sheets.items():
        if len(frame) > MOST_ROWS:
            text = Text(
                "only the first {0} of {1} rows are shown, because a sheet holds no more.",
                f"{MOST_ROWS:,}",
                f"{len(frame):,}",
            )
            rows.append((say("warning"), "", say(name), say(text)))
    notes = pd.DataFrame(rows, columns=["level", "code", "where", "text"])
    with xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": str(path.parent)}) as book:
        book.set_properties(
            {"title": Text("wockit plan {0}", analysis.account.snapshot), "created": analysis.account.snapshot}
        )
        for name, frame in sheets.items():
            _sheet(book, say(name), frame.head(MOST_ROWS), currency, FORMULAS if name == "Budgets" else _NO_FORMULAS)
            if name == "Budgets":
                _rates(book, analysis.settings)
        _sheet(book, say("Notes"), notes, currency)


def _rates(book: Any, settings: Settings) -> None:
    """The settings that the formulas of the budgets use, each cell under the setting's name."""
    sheet = book.add_worksheet(say("Rates"))
    for row, name in enumerate(RATES):
        sheet.write_string(row, 0, name)
        sheet.write_number(row, 1, getattr(settings, name))
        sheet.write_string(row, 2, say(next(each.metadata["help"] for each in fields(settings) if each.name == name)))
        book.define_name(name, f"='{say('Rates')}'!$B${row + 1}")
    sheet.set_column(0, 0, 20)


@dataclass(frozen=True)
class _Reckoned:
    """The present value of a formula, shown in its cell until somebody changes a cell that it uses."""

    now: float | str


def _sheet(
    book: Any, name: str, frame: pd.DataFrame, currency: str, formulas: Mapping[str, str] = _NO_FORMULAS
) -> None:
    """One sheet, row by row, so that only one row is held in the form that is written."""
    sheet = book.add_worksheet(name)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "indent": 1, "bg_color": "#1B3A57", "color": "#FFFFFF"}
    )
    text = book.add_format({"indent": 1})
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _NUMBER_FORMATS.items()}
    letters = {column: f"{xl_col_to_name(place)}{{0}}" for place, column in enumerate(frame.columns)}
    words = {word: say(word) for word in ("yes", "no")}
    templates = {column: "=" + formula.format(**letters, **words) for column, formula in formulas.items()}
    sheet.set_row(0, 48)
    columns, numbers = [], []
    for place, column in enumerate(frame.columns):
        sheet.write_string(0, place, heading(column, currency), head)
        if meaning := LABELS[column].meaning:
            sheet.write_comment(0, place, say(meaning), _COMMENT)
        cells = _cells(frame[column], column)
        title = max(len(word) for word in heading(column, currency).split())
        sheet.set_column(place, place, min(max(_longest(cells, column) + 3, title + 3, _NARROWEST), _WIDEST))
        columns.append(_reckoned(cells) if column in formulas else cells)
        numbers.append(formats.get(LABELS[column].format))
    for row, across in enumerate(zip(*columns, strict=True), start=1):
        for place, cell in enumerate(across):
            if isinstance(cell, float):
                sheet.write_number(row, place, cell, numbers[place])
            elif isinstance(cell, str):
                sheet.write_string(row, place, cell, text)
            elif isinstance(cell, datetime):
                sheet.write_datetime(row, place, cell, numbers[place])
            elif cell is not None:
                formula = templates[frame.columns[place]].format(row + 1)
                sheet.write_formula(row, place, formula, numbers[place], cell.now)
    sheet.freeze_panes(1, 2 if "asin" in frame.columns[:2] else 1)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    sheet.set_landscape()
    if len(frame.columns) <= _FITS_A_PAGE:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cells(values: pd.Series, column: str) -> list[Any]:
    """What stands in each cell of a column: a number, a day, or a text as it is read; nothing where there is none."""
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


def _reckoned(cells: list[Any]) -> list[Any]:
    words = (say("unknown"), "∞", "-∞")
    return [cell if cell is None or cell in words else _Reckoned(cell) for cell in cells]


def _longest(cells: list[Any], column: str) -> int:
    """Characters of the longest cell; of numbers the smallest or the largest is."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    texts = {cell for cell in cells if isinstance(cell, str)}
    days = [_DAY for cell in cells if isinstance(cell, datetime)][:1]
    ends = [shown(column, end(numbers)) for end in (min, max) if numbers]
    return max(map(len, [*texts, *ends, *days]), default=1)

"""The workbook `plan.xlsx`: actions, positions, budgets and notes for people who live in a spreadsheet.

Every text is written as text, so that no title can become a formula or an address; the only formulas are `FORMULAS`.
It lists as many ASINs as a person reads, those with the most to gain; the files beside it hold all. How a sheet looks
is in `sheets`, how it is written in `sheet_writer`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from wockit.analysis.analyse import Analysis
from wockit.analysis.decisions import WORDS
from wockit.analysis.history import History
from wockit.analysis.own_columns import OwnColumn, split
from wockit.analysis.plans import YOURS
from wockit.language import Text, say
from wockit.notes import Note
from wockit.settings import Settings
from wockit.show.actions import acting, actions
from wockit.show.labels import short
from wockit.show.letterhead import what_if_band
from wockit.show.sheet_writer import Style, Table, write_sheet
from wockit.show.sheets import layout

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}


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


def write_workbook(
    analysis: Analysis,
    path: Path,
    history: History | None = None,
    decisions: Mapping[str, str] | None = None,
    own: Sequence[OwnColumn] = (),
    notes: Sequence[Note] = (),
) -> dict[str, pd.DataFrame]:
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
    own
        Columns that somebody added to the actions of an earlier workbook.
    notes
        Notes besides those of the analysis.

    Returns
    -------
    dict
        Each table of which the workbook lists only a part, whole, by the file that the sheet names for it.
    """
    frames = _frames(analysis, history)
    tables = {name: _listed(name, frame, analysis, decisions or {}) for name, frame in frames.items()}
    here, elsewhere = split(own, tables["Actions"].frame["asin"])
    with xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": str(path.parent)}) as book:
        book.set_properties(
            {"title": Text("wockit plan {0}", analysis.account.snapshot), "created": analysis.account.snapshot}
        )
        style = Style(book, analysis.account, [say(word) for word in WORDS])
        for name, table in tables.items():
            added = here if name == "Actions" else ()
            write_sheet(style, name, table, tables, FORMULAS if name == "Budgets" else _NO_FORMULAS, added)
            if name == "Budgets":
                _rates(book, analysis.settings)
        if any(column.cells for column in elsewhere):
            asins = dict.fromkeys(asin for column in elsewhere for asin in column.cells)
            write_sheet(style, YOURS, Table(pd.DataFrame({"asin": list(asins)})), tables, _NO_FORMULAS, elsewhere)
        rows = [(say(note.level), note.code, say(note.where), say(note.text)) for note in [*analysis.notes, *notes]]
        texts = pd.DataFrame(rows, columns=["level", "code", "where", "text"])
        write_sheet(style, "Notes", Table(texts), tables, _NO_FORMULAS)
    cut = [name for name, table in tables.items() if len(table.frame) < len(frames[name])]
    return {layout(name).rest: frames[name] for name in cut}


def _frames(analysis: Analysis, history: History | None) -> dict[str, pd.DataFrame]:
    """The whole table of each sheet, by its English name; of the actions their advice."""
    frames = {"Actions": acting(analysis), "Positions": analysis.positions, "Budgets": analysis.budgets}
    frames["Ways out"] = analysis.clearance
    if history is not None:
        frames |= {"Movement": history.moves, "Advice results": history.ledger, "Weeks": history.totals}
    return {name: frame.reset_index() for name, frame in frames.items()}


def _listed(name: str, frame: pd.DataFrame, analysis: Analysis, decisions: Mapping[str, str]) -> Table:
    """The rows that a sheet lists, its first columns first, and what to know of it; only Positions has whole titles."""
    plan = layout(name)
    lines = list(filter(None, [what_if_band(analysis)]))
    rows = frame
    if len(frame) > plan.most and "asin" in frame:
        rows = frame[frame["asin"].isin(analysis.advice.index[: plan.most])]
        text = Text(
            "Only the {0} ASINs with the most to gain, {1} of {2} rows. All are in {3}.",
            *(f"{number:,}" for number in (plan.most, len(rows), len(frame))),
            plan.rest,
        )
        lines.append(say(text))
    if name == "Actions":
        rows = actions(analysis, rows["asin"]).reset_index()
        rows = rows.assign(decision=[decisions.get(asin, "") for asin in rows["asin"]])
    if name != "Positions" and "title" in rows:
        rows = rows.assign(title=rows["title"].map(short))
    first = [column for column in plan.first if column in rows]
    return Table(rows[[*first, *(column for column in rows if column not in first)]], " ".join(lines))


def _rates(book: Any, settings: Settings) -> None:
    """The settings that the formulas of the budgets use, each cell under the setting's name."""
    sheet = book.add_worksheet(say("Rates"))
    for row, name in enumerate(RATES):
        sheet.write_string(row, 0, name)
        sheet.write_number(row, 1, getattr(settings, name))
        sheet.write_string(
            row, 2, say(next(setting.metadata["help"] for setting in fields(settings) if setting.name == name))
        )
        book.define_name(name, f"='{say('Rates')}'!$B${row + 1}")
    sheet.set_column(0, 0, 20)
    sheet.set_column(2, 2, 80)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)

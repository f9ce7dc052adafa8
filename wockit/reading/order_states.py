"""The newest state of each order that stands in several files, and none of those that were cancelled.

Which days a file of orders covers is in `orders`, which of them tell the pace in `periods`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from wockit.language import Text
from wockit.notes import Note
from wockit.reading.reports import Report

ORDER_STATE = ("order_id", "last_update")
"""Columns that are read only of several files of orders, and dropped once each order has one state."""


def united(reports: Sequence[Report]) -> list[Report]:
    """Files of orders with the newest state of each line, and without cancelled orders.

    A line is known by its order and its SKU.

    Parameters
    ----------
    reports
        Of one kind, read whole and with the columns of `ORDER_STATE`.
    """
    by_age = sorted(range(len(reports)), key=lambda number: (reports[number].until or datetime.min, number))
    lines = pd.concat(
        [reports[number].table[["order_id", "sku", "last_update"]].assign(file=number) for number in by_age]
    )
    lines = lines.rename_axis("row").reset_index().dropna(subset="order_id").fillna({"sku": ""})
    states = lines.groupby(["order_id", "sku", "file"], sort=False, as_index=False)["last_update"].max()
    newest = states.sort_values("last_update", kind="stable", na_position="first")
    newest = newest.drop_duplicates(["order_id", "sku"], keep="last")
    older = lines.merge(newest, on=["order_id", "sku"], suffixes=("", "_newest"))
    older = older[older["file"].ne(older["file_newest"])]
    return [_counted(report, older.loc[older["file"].eq(number), "row"]) for number, report in enumerate(reports)]


def _counted(report: Report, older: pd.Series) -> Report:
    """A file without its older states and its cancelled orders."""
    table, dropped, notes = report.table.drop(index=older), dict(report.dropped), report.notes
    if len(older):
        text = Text(
            "{0} rows were left out, because a newer report has a newer state of their orders.", f"{len(older):,}"
        )
        dropped[Text("older states of orders")] = len(older)
        notes = (*notes, Note("info", report.file, text))
    for name, unwanted in report.schema.drop.items():
        unwanted_rows = table[name].astype("str").str.casefold().isin(unwanted)
        if unwanted_rows.any():
            dropped[Text("rows whose {0} is {1}", name, " or ".join(unwanted))] = int(unwanted_rows.sum())
        table = table[~unwanted_rows]
    missing = {"order_id": pd.array([None] * len(table), dtype="str"), "last_update": pd.NaT}
    return replace(
        report, table=table.assign(**missing).reset_index(drop=True), dropped=dropped, notes=notes, united=True
    )

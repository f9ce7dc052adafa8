"""Which sales report tells today's pace, and what FBA sends where no inventory report tells it.

Periods are told apart in `periods`, rows become one per ASIN in `sales`.
"""

from collections.abc import Sequence, Set
from datetime import date

import pandas as pd

from wockit import columns
from wockit.language import Text
from wockit.marketplaces import ZONES
from wockit.notes import Note
from wockit.reading.account_file import AccountFile
from wockit.reading.periods import Sold, kinds, newest
from wockit.reading.reports import Report
from wockit.reading.sales import none_below_zero, of_last_days, sales_of_periods, sent_by_fba, sent_by_fba_alone


def sales_of_pace(sold: Sequence[Sold], day: date, about: AccountFile) -> tuple[pd.DataFrame, int | None, list[Note]]:
    """Sales by ASIN of the best report whose period is known, the period that it states itself, and notes."""
    candidates = []
    for parts in kinds(sold):
        report, rows = parts[0]
        pace = newest(parts, day)
        tables = [table for _, table in pace.parts]
        stated = pace.days
        if "purchase_date" in rows:
            orders, stated = _last_orders(report, rows, day, about)
            tables = [orders]
        unknown = stated is None and about.settings.sales_days is None
        candidates.append((unknown, report, tables, stated, list(pace.notes(parts))))
    if not candidates:
        return columns.nothing(columns.SALES), None, []
    _, report, tables, stated, notes = min(candidates, key=lambda each: (each[0], each[1].schema.rank))
    others = dict.fromkeys(other.file for other, _ in sold if other.schema.key != report.schema.key)
    if others:
        text = Text("units sold come from this file, not from {0}.", ", ".join(others))
        notes = [Note("info", report.file, text), *notes]
    sales, below = none_below_zero(sales_of_periods(tables), report.file)
    return sales, stated, [*notes, *below]


def _last_orders(report: Report, rows: pd.DataFrame, day: date, about: AccountFile) -> tuple[pd.DataFrame, int]:
    """The orders of the last full days before a snapshot, and how many days those are."""
    return of_last_days(rows, day, zone=ZONES[about.marketplace], since=report.since, until=report.until)


def with_units_sent(
    sold: Sequence[Sold],
    stock: pd.DataFrame,
    sales_days: int | None,
    day: date,
    about: AccountFile,
    own_skus: Set[str],
) -> tuple[pd.DataFrame, list[Note]]:
    """Stock with what FBA sends by the orders beside a business report, or by its SKUs, where nothing else tells it."""
    orders, others = ([each for each in sold if ("purchase_date" in each[1]) == dated] for dated in (True, False))
    notes: list[Note] = []
    if orders and others:
        report, rows = orders[0]
        table, days = _last_orders(report, rows, day, about)
        stock, notes = sent_by_fba(stock, table, days, sales_days, report.file)
    if others:
        report, rows = others[0]
        stock, more = sent_by_fba_alone(stock, rows, own_skus, report.sales_days or sales_days, report.file)
        notes += more
    return stock, notes

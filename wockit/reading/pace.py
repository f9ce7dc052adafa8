"""The sales report that gives today's pace, and the units that FBA sends where no inventory report states them.

Periods are told apart in `periods`, rows become one per ASIN in `sales`.
"""

from collections.abc import Iterator, Sequence, Set
from datetime import date

import pandas as pd

from wockit import columns
from wockit.language import Text
from wockit.marketplaces import ZONES
from wockit.notes import Note, some
from wockit.reading.account_file import AccountFile
from wockit.reading.periods import Sold, kinds, newest
from wockit.reading.reports import Report
from wockit.reading.sales import none_below_zero, of_last_days, sales_of_periods, sent_by_fba, sent_by_fba_alone
from wockit.reading.stock import SHIPPED


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
    _, report, tables, stated, notes = min(candidates, key=lambda candidate: (candidate[0], candidate[1].schema.rank))
    other_files = dict.fromkeys(other.file for other, _ in sold if other.schema.key != report.schema.key)
    if other_files:
        text = Text("units sold come from this file, not from {0}.", ", ".join(other_files))
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
    orders, business = ([part for part in sold if ("purchase_date" in part[1]) == dated] for dated in (True, False))
    notes = [note for report, rows in orders[:1] for note in _sold_elsewhere(report, rows, stock, about.marketplace)]
    if orders and business:
        report, rows = orders[0]
        table, days = _last_orders(report, rows, day, about)
        stock, more = sent_by_fba(stock, table, days, sales_days, report.file)
        notes += more
    if business:
        report, rows = business[0]
        stock, more = sent_by_fba_alone(stock, rows, own_skus, report.sales_days or sales_days, report.file)
        notes += more
    return stock, notes


def _sold_elsewhere(report: Report, rows: pd.DataFrame, stock: pd.DataFrame, marketplace: str) -> Iterator[Note]:
    """Note on SKUs that other marketplaces sell and whose shipped units no inventory report states."""
    if "sku" not in rows:
        return
    unknown = stock.index[stock[list(SHIPPED)].isna().all(axis=1)]
    every = report.table
    elsewhere = every[every["marketplace"].ne(marketplace) & every["marketplace"].notna() & every["asin"].isin(unknown)]
    shared = elsewhere[elsewhere["sku"].isin(set(rows["sku"].dropna()))]
    if len(shared):
        text = Text(
            "{0} SKUs are sold in {1} too. If these share the stock of {2}, it lasts less long than shown, "
            "because only units sold there count. Download FBA Inventory, which contains what all of them ship.",
            shared["sku"].nunique(),
            some(sorted(shared["marketplace"].unique())),
            marketplace,
        )
        yield Note("warning", report.file, text)

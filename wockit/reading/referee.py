"""The referee: what is wrong with a set of reports although each can be read, the most harmful first.

Findings are notes with a code. An `error` stops the weekly run until it is fixed or accepted by its code. Nothing is
changed here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd

from wockit.columns import among
from wockit.formulas.cover import weeks_of_coverage
from wockit.language import Text
from wockit.notes import LEVELS, Note, some
from wockit.reading.reports import Report
from wockit.reading.stock import units_shipped_in

CODES = MappingProxyType(
    {
        "period_unknown": "the days that a business report covers are unknown",
        "different_days": "one snapshot contains files of different days",
        "marketplaces_mixed": "a file contains several marketplaces",
        "file_left_out": "a file cannot be used and was ignored",
        "fewer_rows": "a report has far fewer rows than the week before",
        "best_sellers_missing": "best sellers are missing in the inventory report",
        "cost_above_price": "a landed cost is above the price",
        "cover_far_from_amazon": "our cover is far from Amazon's own for most products",
        "column_gone": "a column of the week before is missing",
        "advertised_without_stock": "advertised products have no row in the inventory report",
        "advertised_without_sales": "advertised products have no row in the sales report",
    }
)
"""Every finding by its code, the most harmful first."""


BEST_SELLERS = 10


FEWEST_PARTS, PART_OF = 2, 0.8
"""A bundle has parts, each of which ships beyond its own orders at least so much of what the bundle sells [ratio]."""


MANY_FEWER, SOME_FEWER = 0.5, 0.8


FAR = 2.0


def order_of_harm(notes: Sequence[Note]) -> list[Note]:
    """Notes as they are read: errors first, then warnings, then information; within each the most harmful first."""
    harm = {code: place for place, code in enumerate(CODES)}
    return sorted(notes, key=lambda note: (LEVELS.index(note.level), harm.get(note.code, len(harm))))


def findings(
    *,
    snapshot: date,
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    ads: pd.DataFrame,
    sales_days: int | None,
    reports: Mapping[str, Sequence[Report]],
    before: Sequence[Report] = (),
) -> list[Note]:
    """All findings on one snapshot.

    Parameters
    ----------
    snapshot
        Its day.
    stock, sales, ads
        The account's tables.
    sales_days
        Days of the sales report [day], None where they are not known.
    reports
        Its reports by role, best first.
    before
        The reports of the snapshot before, to compare with.
    """
    notes = [
        *_period(reports, sales, sales_days),
        *_days(reports, ads, snapshot),
        *_rows(reports, before),
        *_best_sellers(stock, sales, sales_days, reports),
        *_cover(stock, sales, sales_days, reports),
        *_columns(reports, before),
        *_advertised(stock, sales, ads, reports),
    ]
    return order_of_harm(notes)


def _period(reports: Mapping[str, Sequence[Report]], sales: pd.DataFrame, sales_days: int | None) -> Iterator[Note]:
    if len(sales) and sales_days is None:
        text = (
            "sales_days is not set, so the units and sales of this report are not used. Units shipped by FBA in 30 "
            "days are used instead. Write the days that the report covers into account.toml."
        )
        yield Note("warning", reports["sales"][0].file, text, "period_unknown")


def _days(reports: Mapping[str, Sequence[Report]], ads: pd.DataFrame, snapshot: date) -> Iterator[Note]:
    for report in reports["stock"]:
        taken = _last_day(report, "snapshot_date")
        apart = abs((taken - snapshot).days) if taken else 0
        if apart > 3:
            text = Text(
                "the inventory report is dated {0}, the snapshot {1}. Stock and sales may not match.", taken, snapshot
            )
            yield Note("error" if apart > 14 else "warning", report.file, text, "different_days")
    for report in _newest_of_kind(reports["sales"]):
        last = _last_day(report, "purchase_date")
        if last and (snapshot - last).days > 4:
            text = Text(
                "its last order is dated {0}, the snapshot {1}. The pace of the days before is used.", last, snapshot
            )
            yield Note("warning", report.file, text, "different_days")
        early = report.sales_last and snapshot <= report.sales_last - timedelta(days=report.sales_days or 0)
        if report.sales_last and ((snapshot - report.sales_last).days > 4 or early):  # one that is not over is right
            text = Text("its period ends on {0}, the snapshot is of {1}.", report.sales_last, snapshot)
            yield Note("warning", report.file, text, "different_days")
    if len(ads) and not -4 <= (snapshot - ads["date"].max().date()).days <= 14:
        text = Text("its last day is {0}, the snapshot's day is {1}.", ads["date"].max().date(), snapshot)
        yield Note("warning", reports["ads"][0].file, text, "different_days")


def _newest_of_kind(reports: Sequence[Report]) -> list[Report]:
    """The report of each kind that reaches furthest."""
    last = sorted(reports, key=lambda report: report.sales_last or _last_day(report, "purchase_date") or date.min)
    return list({report.schema.key: report for report in last}.values())


def _last_day(report: Report, name: str) -> date | None:
    last = report.table[name].max() if name in report.table else pd.NaT
    return None if pd.isna(last) else date(last.year, last.month, last.day)


def _rows(reports: Mapping[str, Sequence[Report]], before: Sequence[Report]) -> Iterator[Note]:
    counted = [report for role in ("stock", "sales") for report in reports.get(role, ())]
    now, then = _rows_by_kind(counted), _rows_by_kind(before)
    files = {report.schema.key: report.file for report in reversed(counted)}
    for kind in now.keys() & then.keys():
        if now[kind] < SOME_FEWER * then[kind]:
            level = "error" if now[kind] < MANY_FEWER * then[kind] else "warning"
            text = Text(
                "it has {0} rows; the week before it had {1}. Products may be missing.",
                f"{now[kind]:,}",
                f"{then[kind]:,}",
            )
            yield Note(level, files[kind], text, "fewer_rows")


def _rows_by_kind(reports: Sequence[Report]) -> Counter[str]:
    rows = Counter[str]()
    for report in reports:
        rows[report.schema.key] += len(report.table)
    return rows


def _best_sellers(
    stock: pd.DataFrame, sales: pd.DataFrame, sales_days: int | None, reports: Mapping[str, Sequence[Report]]
) -> Iterator[Note]:
    best = sales["units_ordered"].nlargest(BEST_SELLERS)
    missing = best[best.gt(0) & ~among(best.index, stock.index)].sort_index()
    ordered = sales["units_ordered"].reindex(stock.index).fillna(0.0)
    beyond = units_shipped_in(stock, sales_days or 30) - ordered
    bundled = missing.map(lambda units: beyond.ge(PART_OF * units).sum() >= FEWEST_PARTS).astype(bool)
    lost, bundles, file = missing.index[~bundled].tolist(), missing.index[bundled].tolist(), reports["stock"][0].file
    if lost:
        text = "{0} of the best sellers have no row, so their stock is unknown: {1}."
        yield Note("error", file, Text(text, len(lost), some(lost)), "best_sellers_missing")
    if bundles:
        text = (
            "{0} of the best sellers have no row, and others ship as many units more than were ordered: probably "
            "bundles of these: {1}."
        )
        yield Note("info", file, Text(text, len(bundles), some(bundles)))


def _cover(
    stock: pd.DataFrame, sales: pd.DataFrame, sales_days: int | None, reports: Mapping[str, Sequence[Report]]
) -> Iterator[Note]:
    if sales_days is None or sales.empty:
        return
    sold = sales["units_ordered"].reindex(stock.index)
    ours = weeks_of_coverage(stock["units_available"], sold, sales_days / 7)
    ratio = (ours / stock["amazon_weeks_of_cover_t30"])[stock["units_available"].gt(0) & sold.gt(10)]
    ratio = ratio[np.isfinite(ratio) & ratio.gt(0)]
    if len(ratio) >= 5 and not 1 / FAR <= float(ratio.median()) <= FAR:
        text = Text(
            "for most of {0} products our cover is {1} times Amazon's own. Was the report really downloaded for {2}?",
            len(ratio),
            f"{ratio.median():.1f}",
            Text("{0} days", sales_days),
        )
        level = "error" if ratio.median() > FAR else "warning"
        yield Note(level, reports["sales"][0].file, text, "cover_far_from_amazon")


def _columns(reports: Mapping[str, Sequence[Report]], before: Sequence[Report]) -> Iterator[Note]:
    for report, old in _pairs(reports, before):
        if gone := [cell for name, cell in old.header.items() if name not in report.header]:
            text = Text("columns of the week before are missing or renamed: {0}.", some(gone, words=True))
            yield Note("warning", report.file, text, "column_gone")


def _advertised(
    stock: pd.DataFrame, sales: pd.DataFrame, ads: pd.DataFrame, reports: Mapping[str, Sequence[Report]]
) -> Iterator[Note]:
    spent = ads.groupby("asin")["ad_spend"].sum()
    advertised = spent[spent > 0].index
    if missing := advertised.difference(stock.index).tolist():
        text = Text("{0} advertised ASINs have no stock row: {1}.", len(missing), some(missing))
        yield Note("warning", reports["stock"][0].file, text, "advertised_without_stock")
    if len(sales) and (missing := advertised.difference(sales.index).tolist()):
        text = Text("{0} advertised ASINs have no sales row: {1}.", len(missing), some(missing))
        yield Note("warning", reports["sales"][0].file, text, "advertised_without_sales")


def _pairs(reports: Mapping[str, Sequence[Report]], before: Sequence[Report]) -> Iterator[tuple[Report, Report]]:
    """Each report and the one of the same kind of the snapshot before."""
    old = {report.schema.key: report for report in before}
    for report in (report for some_of_role in reports.values() for report in some_of_role):
        if report.schema.key in old:
            yield report, old[report.schema.key]

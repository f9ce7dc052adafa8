"""Sales of each ASIN in each week before a snapshot, from all reports in the account.

Every report covers a span of days. If two cover the same day, the shorter span counts; orders by day come first. Sales
of a longer span beyond its known days are spread over its other days. Future weeks are estimated in `demand`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wockit.columns import among
from wockit.language import Text
from wockit.marketplaces import local_day, local_days
from wockit.notes import Note, some
from wockit.reading.account_file import Event
from wockit.reading.periods import kinds, newest
from wockit.reading.price_record import price_record
from wockit.reading.reports import Report
from wockit.reading.stock import days_shipped, in_fc_transfer, units_shipped_in

LONGEST_RECORD = 156
"""Weeks that are looked back at."""


FEWEST_DAYS = 4
"""Known days that a week needs."""


SHORTEST = 8
"""Weeks of history below which the account is told that it has little."""


STEPS = (7, 30, 60, 90)


SOURCES = ("", "business reports", "units shipped", "orders", "inventory ledger")
"""What tells of single weeks, the weakest first."""


BY_DAY = SOURCES[-2:]
"""What tells of single days."""


APART = 0.2
"""Share by which units ordered and units shipped lie apart where the two do not count the same sales."""


FEWEST_APART = 5
"""Units by which they lie apart at least."""


LEAST = 1e-6
"""Units of a longer span beyond its shorter ones, up to which it has none left to share out."""

LONGEST_SPAN = 31
"""Days of a business report above which it says nothing of single weeks."""


@dataclass(frozen=True)
class Past:
    """The sales record of an account.

    Attributes
    ----------
    weeks : pandas.DataFrame
        Units sold: rows are ASINs (index `asin`), columns are weeks named by their last day, oldest first [unit/week].
        Missing where no report covers the week, where there was no stock, or where an event is left out.
    source : pandas.Series
        The reports that most of it comes from.
    events : pandas.Series
        Whether days of an event were left out.
    stock_outs : pandas.Series
        Weeks of the last 13 without stock [week].
    prices : pandas.DataFrame
        The price in the same weeks [money]; missing before the first that is known.
    """

    weeks: pd.DataFrame
    source: pd.Series
    events: pd.Series
    stock_outs: pd.Series
    prices: pd.DataFrame


@dataclass(frozen=True)
class Span:
    """Units of each ASIN in the days from `first` to before `end`; by day where `units` has a second level.

    Of the ASINs in `silent` it says nothing.
    """

    units: pd.Series
    first: date
    end: date
    source: str
    silent: frozenset[str] = frozenset()

    @property
    def by_day(self) -> bool:
        """Does it tell each day?"""
        return isinstance(self.units.index, pd.MultiIndex)


def sales_record(
    snapshots: Sequence[tuple[date, Sequence[Report], Sequence[pd.DataFrame]]],
    *,
    asins: pd.Index,
    sales_days: int | None,
    zone: str,
    events: Sequence[Event] = (),
) -> tuple[Past, list[Note]]:
    """Units of each ASIN and week before the last snapshot.

    Parameters
    ----------
    snapshots
        Each snapshot with its day, its reports and their rows of the account's marketplace, oldest first.
    asins
        The ASINs asked for; others that sold are named in a note.
    sales_days
        Days that a business report covers where it does not say so itself [day].
    zone
        The marketplace's clock, by which the days of orders are cut.
    events
        Days that are left out.
    """
    today = snapshots[-1][0]
    spans = [span for day, reports, tables in snapshots for span in _spans(day, reports, tables, sales_days, zone)]
    earliest = min((span.first for span in spans), default=today)
    weeks = min(-(-(today - earliest).days // 7), LONGEST_RECORD)
    start = today - timedelta(days=7 * weeks)
    units, sources = _laid_out(spans, asins, start, today)
    selling = np.flatnonzero((units > 0).any(axis=0))
    lasting = -(-(units.shape[1] - selling[0]) // 7) if len(selling) else 0
    notes = list(_remarks(spans, asins, today, lasting))
    if gaps := int(np.isnan(units).all(axis=0)[selling[0] :].sum()) if len(selling) else 0:
        notes.append(
            Note("info", "sales record", Text("{0} days are in no report. Their sales are unknown, not zero.", gaps))
        )
    if strangers := sorted({asin for event in events for asin in event.asins if asin not in asins}):
        text = Text("its events list ASINs that are not in the account: {0}.", some(strangers))
        notes.append(Note("warning", "account.toml", text))
    without_stock = np.full(units.shape, False)
    for day, reports, tables in snapshots:
        _mark_stock_outs(without_stock, reports, tables, asins, day, start)
    left_out = _of_events(events, asins, start, units.shape)
    units[without_stock | left_out] = np.nan
    days = units.reshape(len(asins), weeks, 7)
    known_days = np.isfinite(days).sum(axis=2)
    sums = np.nansum(days, axis=2) / np.maximum(known_days, 1) * 7
    ends = pd.DatetimeIndex([start + timedelta(days=7 * (week + 1) - 1) for week in range(weeks)])
    short = without_stock.reshape(days.shape).mean(axis=2)[:, -13:].sum(axis=1)
    by_week = pd.DataFrame(np.where(known_days >= FEWEST_DAYS, sums, np.nan), index=asins, columns=ends)
    past = Past(
        weeks=by_week,
        source=pd.Series(sources, index=asins),
        events=pd.Series(left_out.any(axis=1), index=asins),
        stock_outs=pd.Series(short, index=asins),
        prices=price_record(snapshots, by_week, zone),
    )
    return past, notes


def _spans(
    day: date, reports: Sequence[Report], tables: Sequence[pd.DataFrame], sales_days: int | None, zone: str
) -> Iterator[Span]:
    left = _left_stock(reports, tables)
    if left.empty:
        left = _sent_by_orders(day, reports, tables, sales_days, zone)
    sold = [(report, table) for report, table in zip(reports, tables, strict=True) if report.schema.role == "sales"]
    silent = {
        parts[0][0].schema.key: _other_sales(*_lately_sold(parts, day, sales_days), left)
        for parts in kinds(sold)
        if "purchase_date" not in parts[0][1]
    }
    for report, table in zip(reports, tables, strict=True):
        key = report.schema.key
        if "customer_shipments" in table and table["customer_shipments"].notna().any():
            yield from _by_day(table, table["snapshot_date"], -table["customer_shipments"], "inventory ledger", day)
        elif report.schema.role == "stock":
            yield from _steps(table, day)
        elif "purchase_date" in table:
            for span in _of_orders(report, table, day, zone):
                if key not in silent:  # by the newest orders, which come first
                    silent[key] = _other_sales(*_last_month(span), left)
                yield replace(span, silent=silent[key])
        elif report.schema.role == "sales" and (days := report.sales_days or sales_days or LONGEST_SPAN + 1):
            units = table["units_ordered"].groupby(table["asin"]).sum(min_count=1)
            if days <= LONGEST_SPAN:
                last = report.sales_last or day - timedelta(days=1)
                first, end = last - timedelta(days=days - 1), min(last + timedelta(days=1), day)
                if first < end:
                    yield Span(units[~among(units.index, silent[key])], first, end, "business reports")


def _lately_sold(
    parts: Sequence[tuple[Report, pd.DataFrame]], day: date, sales_days: int | None
) -> tuple[pd.Series, int]:
    """Units of the newest periods of one kind of sales report, and how many days these cover."""
    pace = newest(parts, day)
    sold = pd.concat([rows for _, rows in pace.parts])
    return sold["units_ordered"].groupby(sold["asin"]).sum(min_count=1), pace.days or sales_days or LONGEST_SPAN + 1


def _of_orders(report: Report, table: pd.DataFrame, day: date, zone: str) -> Iterator[Span]:
    local = local_days(table["purchase_date"], zone)
    ends = (local_day(moment, zone) for moment in (report.since, report.until))
    yield from _by_day(table, local, table["units_ordered"], "orders", day, *ends)


def _last_month(span: Span) -> tuple[pd.Series, int]:
    """Units of the last 30 days of a span by day, and how many of these it has."""
    recent = span.units.index.get_level_values(1) >= pd.Timestamp(span.end) - pd.Timedelta(days=30)
    return span.units[recent].groupby(level=0).sum(), min((span.end - span.first).days, 30)


def _sent_by_orders(
    day: date, reports: Sequence[Report], tables: Sequence[pd.DataFrame], sales_days: int | None, zone: str
) -> pd.DataFrame:
    """The units that FBA sends by the orders, in 30 days, where these cover half of the days of other sales reports."""
    sold = [table for report, table in zip(reports, tables, strict=True) if report.schema.role == "sales"]
    asins = pd.concat([table["asin"] for table in sold]).unique() if sold else []
    for report, table in zip(reports, tables, strict=True):
        for span in _of_orders(report, table, day, zone) if "purchase_date" in table else ():
            sums, days = _last_month(span)
            if days >= (sales_days or days) / 2:
                return pd.DataFrame({"units_shipped_30_days": sums.reindex(asins, fill_value=0.0) * 30 / days})
    return pd.DataFrame()


def _left_stock(reports: Sequence[Report], tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The units shipped that the best inventory report of a snapshot tells, by ASIN."""
    for report, table in zip(reports, tables, strict=True):
        steps = [name for name in table if name.startswith("units_shipped_")]
        if report.schema.role == "stock" and steps and table[steps].notna().any(axis=None):
            return table.groupby("asin")[steps].sum(min_count=1)
    return pd.DataFrame()


def _other_sales(units: pd.Series, days: int, left: pd.DataFrame) -> frozenset[str]:
    """ASINs whose units ordered are not what left FBA's stock: bundles, own shipments, other stores and shops."""
    left = left[days_shipped(left) >= days / 2] if len(left) else left
    shipped = units_shipped_in(left, days) if len(left) else pd.Series(dtype=float)
    ordered = units.reindex(shipped.index).fillna(0.0)
    return frozenset(shipped.index[are_apart(ordered, shipped)])


def are_apart(ordered: pd.Series, shipped: pd.Series) -> pd.Series:
    """True if units ordered and units shipped in the same days are too far apart to count the same sales."""
    apart = (ordered - shipped).abs()
    most = pd.concat([ordered, shipped], axis=1).max(axis=1)
    return apart.ge(APART * most) & apart.ge(FEWEST_APART)


def _steps(table: pd.DataFrame, day: date) -> Iterator[Span]:
    """Units shipped in the last 7, 30, 60 and 90 days; the longer ones share out what the shorter ones leave."""
    for step in STEPS:
        column = f"units_shipped_{step}_days"
        if column in table and table[column].notna().any():
            units = table[column].astype(float).groupby(table["asin"]).sum(min_count=1)
            yield Span(units, day - timedelta(days=step), day, "units shipped")


def _by_day(
    table: pd.DataFrame,
    moments: pd.Series,
    units: pd.Series,
    source: str,
    day: date,
    since: pd.Timestamp = pd.NaT,
    until: pd.Timestamp = pd.NaT,
) -> Iterator[Span]:
    """Units by day; the day of the download is not over, and counts only as far as a later file knows it."""
    days = moments.dt.normalize()
    if days.notna().any():
        sums = units.astype(float).groupby([table["asin"], days]).sum(min_count=1)
        first = days.min() if pd.isna(since) else since
        last = days.max() if pd.isna(until) else until
        yield Span(sums, first.date(), min(last.date() + timedelta(days=1), day), source)


def _laid_out(spans: Iterable[Span], asins: pd.Index, start: date, today: date) -> tuple[np.ndarray, np.ndarray]:
    """Units of each ASIN and day, and where most of them come from: short spans first, long ones share out the rest."""
    days = (today - start).days
    units = np.full((len(asins), days), np.nan)
    origin = np.zeros(units.shape, dtype=np.int8)

    def order(span: Span) -> tuple[int, int, int]:
        length = 1 if span.by_day else (span.end - span.first).days
        return length, -SOURCES.index(span.source), -span.end.toordinal()

    for span in sorted(spans, key=order):
        first, end = max((span.first - start).days, 0), min((span.end - start).days, days)
        if first >= end:
            continue
        rows = asins.get_indexer(span.units.index.get_level_values(0))
        if span.by_day:
            sales = np.zeros((len(asins), end - first))
            places = (span.units.index.get_level_values(1) - pd.Timestamp(start)).days.to_numpy() - first
            inside = (rows >= 0) & (places >= 0) & (places < end - first)
            np.add.at(sales, (rows[inside], places[inside]), np.nan_to_num(span.units.to_numpy()[inside]))
            asin_rows = np.unique(rows[rows >= 0]) if span.source == "inventory ledger" else np.arange(len(asins))
            rows = asin_rows[~among(asins[asin_rows], span.silent)]
            sales = np.maximum(sales[rows], 0.0)
        else:
            total = span.units.to_numpy(dtype=float) * (end - first) / (span.end - span.first).days
            known = (rows >= 0) & np.isfinite(total)
            rows, total = rows[known], total[known]
            there = np.isfinite(units[rows, first:end])
            rest = total - np.nansum(units[rows, first:end], axis=1)
            rest = np.where(rest > LEAST, rest, 0.0)  # sums of fractions of a unit leave a trace where nothing was sold
            sales = np.broadcast_to((rest / np.maximum((~there).sum(axis=1), 1))[:, None], there.shape)
        free = np.isnan(units[rows, first:end])
        units[rows, first:end] = np.where(free, sales, units[rows, first:end])
        origin[rows, first:end] = np.where(free, SOURCES.index(span.source), origin[rows, first:end])
    counts = np.stack([(origin == code).sum(axis=1) for code in range(len(SOURCES))])
    counts[0] = 0
    best = np.where(counts.any(axis=0), counts.argmax(axis=0), 0)
    return np.maximum(units, 0.0), np.array(SOURCES, dtype=object)[best]


def _mark_stock_outs(
    without_stock: np.ndarray,
    reports: Sequence[Report],
    tables: Sequence[pd.DataFrame],
    asins: pd.Index,
    day: date,
    start: date,
) -> None:
    """Mark days on which a ledger ends without stock, and the week before a snapshot without any stock."""
    snapshots = []
    for report, table in zip(reports, tables, strict=True):
        if report.schema.role != "stock" or "units_available" not in table:
            continue
        units = table["units_available"].astype(float) + in_fc_transfer(table).fillna(0.0)
        if "customer_shipments" not in table:
            snapshots.append(units.groupby(table["asin"]).sum(min_count=1))
            continue
        ends = units.groupby([table["asin"], table["snapshot_date"].dt.normalize()]).sum(min_count=1)
        empty = ends[ends <= 0].index
        rows = asins.get_indexer(empty.get_level_values(0))
        places = (empty.get_level_values(1) - pd.Timestamp(start)).days.to_numpy()
        inside = (rows >= 0) & (places >= 0) & (places < without_stock.shape[1])
        without_stock[rows[inside], places[inside]] = True
    end = (day - start).days
    if snapshots and end > 0:
        stock = pd.concat(snapshots).groupby(level=0).max()
        rows = asins.get_indexer(stock[stock <= 0].index)
        without_stock[rows[rows >= 0], max(end - 7, 0) : end] = True


def _of_events(events: Iterable[Event], asins: pd.Index, start: date, shape: tuple[int, int]) -> np.ndarray:
    left_out = np.full(shape, False)
    for event in events:
        rows = asins.get_indexer(list(event.asins)) if event.asins else np.arange(len(asins))
        first, end = max((event.first - start).days, 0), max((event.last - start).days + 1, 0)
        left_out[rows[rows >= 0], first:end] = True
    return left_out


def _remarks(spans: Sequence[Span], asins: pd.Index, today: date, weeks: int) -> Iterator[Note]:
    where = "sales record"
    if not spans:
        yield Note("warning", where, "no report shows weekly sales, so there is no forward cover.")
        return
    if not weeks:
        yield Note("warning", where, "it shows no sale, so there is no forward cover.", "little_history")
    elif weeks < SHORTEST:
        text = Text(
            "it begins only {0} weeks before the snapshot, so forward cover is a rough estimate with a wide range.",
            weeks,
        )
        yield Note("warning", where, text, "little_history")
    sold = (span.units.index.get_level_values(0)[span.units.to_numpy() > 0] for span in spans)
    if gone := sorted({asin for index in sold for asin in index.unique().difference(asins)}):
        named = some(gone)
        text = Text(
            "{0} ASINs that sold before are now in neither the inventory nor the sales report: {1}.", len(gone), named
        )
        yield Note("info", where, text)
    if returned := sum(int((span.units < 0).sum()) for span in spans):
        text = Text("{0} unit totals are negative (returns or corrections by Amazon) and count as 0 sold.", returned)
        yield Note("info", where, text)
    late = sum(
        float(span.units[span.units.index.get_level_values(1) >= pd.Timestamp(today)].sum())
        for span in spans
        if span.by_day
    )
    if late > 0:
        yield Note("info", where, Text("{0} units sold on the snapshot's day or later were left out.", f"{late:,.0f}"))

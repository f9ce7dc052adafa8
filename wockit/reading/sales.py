"""Sales of each ASIN in a period, from a business report or orders.

Single weeks are in `sales_record`.
"""

from collections.abc import Sequence, Set
from datetime import date, datetime

import numpy as np
import pandas as pd

from wockit.columns import (
    SALES,
    SALES_SUMS,
    VISITS,
)
from wockit.language import Text
from wockit.marketplaces import local_day, local_days
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.stock import SHIPPED, days_shipped, units_shipped_in


def sales_by_asin(rows: pd.DataFrame) -> pd.DataFrame:
    """Sales of each child ASIN: SKUs and parents of one child add up; shares never do, nor visits, told at each SKU."""
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *SALES]))
    groups = rows.groupby("asin", sort=True)
    sales = groups[SALES_SUMS].sum(min_count=1)
    visits = rows.groupby(["asin", "parent_asin"], dropna=False)[VISITS].max()
    sales[VISITS] = visits.groupby(level="asin").sum(min_count=1)
    sales[["title", "parent_asin"]] = groups[["title", "parent_asin"]].first()
    sales["featured_offer_share"] = groups["featured_offer_share"].max()
    return sales[[*SALES]].astype(SALES)


def sales_of_periods(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Sales of each child ASIN over several periods, the newest first: sales and visits add up."""
    first, *older = map(sales_by_asin, tables)
    if not older:
        return first
    groups = pd.concat([first, *older]).groupby(level="asin", sort=True)
    sales = groups.first()
    sales[[*SALES_SUMS, *VISITS]] = groups[[*SALES_SUMS, *VISITS]].sum(min_count=1)
    return sales[[*SALES]].astype(SALES)


def none_below_zero(sales: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Note]]:
    """Sales with 0 where more came back than was sold: no pace and no price follows from less than none."""
    below = sales[SALES_SUMS].lt(0)
    if not below.any(axis=None):
        return sales, []
    asins = sales.index[below.any(axis=1)].tolist()
    text = Text(
        "{0} ASINs have totals below 0 (returns or corrections). They count as 0: {1}.", len(asins), some(asins)
    )
    return sales.assign(**sales[SALES_SUMS].mask(below, 0.0)), [Note("warning", file, text)]


def of_last_days(
    rows: pd.DataFrame,
    snapshot: date,
    days: int = 30,
    zone: str = "UTC",
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[pd.DataFrame, int]:
    """Orders of the last full days before the snapshot, and how many days those are.

    All days from the file's first to its last, or to the day before the snapshot, at most `days`; reports give times in
    UTC, days are cut by the marketplace's clock. The file begins at `since`, which may be an order of another
    marketplace or one that was cancelled, and ends at `until`; where these are not given, with `rows`. Days before the
    first order and after the last one are unknown, not without sales.
    """
    dates = local_days(rows["purchase_date"], zone)
    last = local_day(until, zone) if until else dates.max()
    end = pd.Timestamp(snapshot)
    end = end if pd.isna(last) else min(last + pd.Timedelta(days=1), end)
    start = end - pd.Timedelta(days=days)
    first = local_day(since, zone) if since else dates.min()
    start = start if pd.isna(first) else max(first, start)
    return rows[(dates >= start) & (dates < end)], max((end - start).days, 1)


def sent_by_fba(
    stock: pd.DataFrame, orders: pd.DataFrame, days: int, sales_days: int | None, file: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Stock with the units that FBA sent by its orders, where the inventory report tells no units shipped.

    A business report counts what the seller sends himself as well; orders name who sends. Orders of less than half of
    its days tell too little.

    Parameters
    ----------
    stock
        By ASIN.
    orders
        Those that FBA sends, of the last days.
    days, sales_days
        How many days the orders and the business report cover [day].
    file
        Of the orders.
    """
    unknown = stock[list(SHIPPED)].isna().all(axis=1)
    if orders.empty or not unknown.any() or days < (sales_days or days) / 2:
        return stock, []
    sent = orders.groupby("asin")["units_ordered"].sum(min_count=1) * 30 / days
    filled = stock["units_shipped_30_days"].mask(unknown, sent.reindex(stock.index, fill_value=0.0))
    text = Text("units shipped of {0} ASINs come from this file.", int(unknown.sum()))
    return stock.assign(units_shipped_30_days=filled), [Note("info", file, text)]


def sent_by_fba_alone(
    stock: pd.DataFrame, rows: pd.DataFrame, own_skus: Set[str], sales_days: int | None, file: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Stock with what a business report by SKU says FBA sent, for ASINs that the seller sends under SKUs of his own.

    Parameters
    ----------
    stock
        By ASIN; one whose units shipped are known keeps them.
    rows
        Of the business report.
    own_skus
        SKUs that the seller sends himself.
    sales_days
        How many days the business report covers [day].
    file
        Of the business report.
    """
    if not own_skus or not sales_days or "sku" not in rows:
        return stock, []
    own = rows["sku"].isin(own_skus) & rows["units_ordered"].gt(0)
    unknown = stock[list(SHIPPED)].isna().all(axis=1) & stock.index.isin(rows.loc[own, "asin"])
    if not unknown.any():
        return stock, []
    sent = rows[~own].groupby("asin")["units_ordered"].sum(min_count=1) * 30 / sales_days
    filled = stock["units_shipped_30_days"].mask(unknown, sent.reindex(stock.index, fill_value=0.0))
    text = Text(
        "{0} ASINs sell under SKUs that you send yourself too. Only units of their FBA SKUs count toward cover: {1}.",
        int(unknown.sum()),
        some(stock.index[unknown].tolist()),
    )
    return stock.assign(units_shipped_30_days=filled), [Note("info", file, text)]


def sales_in_period(stock: pd.DataFrame, sales: pd.DataFrame, sales_days: int | None) -> tuple[pd.DataFrame, int]:
    """Units sold of each ASIN, the report they come from, and the length of the period.

    What left FBA's stock counts: the units shipped of the inventory report, over as many days as the business report
    covers (`sales_days`), or over 30 where that is not known. They hold what bundles, other stores and other shops take
    from the stock, and leave out what the seller sends himself. An ASIN whose units shipped are not known, or of less
    than half of the period, takes the units ordered of the business report. The period is never guessed.

    Returns
    -------
    tuple
        A table (`units_sold` [unit], `units_source`) indexed by ASIN, and the days of the period [day].

    Raises
    ------
    AccountError
        If neither gives a period.
    """
    if (sales_days is None or sales.empty) and units_shipped_in(stock, 30).isna().all():
        message = "the sales period is unknown, because the business report does not say how many days it covers."
        if sales.empty:
            message = (
                "there are no sales: no rows of a business report or of orders, and no column 'units-shipped-t30' in "
                "the inventory report."
            )
        do = (
            "Write sales_days = 30 (or the number of days you downloaded it for) in account.toml, and add the "
            "business report."
        )
        raise AccountError([Problem("account.toml, 'sales_days'", message, do)])
    index = stock.index.union(sales.index)
    days = 30 if sales_days is None or sales.empty else sales_days
    ordered = sales["units_ordered"].reindex(index) if sales_days is not None else pd.Series(np.nan, index=index)
    left = units_shipped_in(stock, days).reindex(index)
    short = days_shipped(stock).reindex(index, fill_value=0.0) < days / 2
    left = left.mask(short & ordered.notna())
    units = left.fillna(ordered.clip(lower=0.0))
    source = pd.Series(np.where(left.notna(), "units shipped", "units ordered"), index=index)
    return pd.DataFrame({"units_sold": units, "units_source": source.where(units.notna(), "unknown")}), days

"""Price of each ASIN in each week before a snapshot: as paid in orders, else as in the inventory reports."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from wockit.marketplaces import local_days
from wockit.reading.reports import Report


def price_record(
    snapshots: Sequence[tuple[date, Sequence[Report], Sequence[pd.DataFrame]]], weeks: pd.DataFrame, zone: str
) -> pd.DataFrame:
    """The price of each ASIN and week [money], as the weeks of the sales record are laid out.

    A price stays until another is known; missing before the first one. Where orders tell prices the list is not asked,
    since coupons lie between the two.
    """
    paid, listed = pd.DataFrame(index=weeks.index, columns=weeks.columns, dtype=float), []
    for day, reports, tables in snapshots:
        for report, table in zip(reports, tables, strict=True):
            if "purchase_date" in table and "sales" in table:
                paid = _paid(table, weeks.columns, zone).reindex(weeks.index).fillna(paid)
            elif report.schema.role == "stock" and "price" in table:
                listed.append(table.groupby("asin")["price"].median().rename(pd.Timestamp(day)))
    paid = paid.where(paid.notna().any(axis=1), _by_week(listed, weeks))
    return paid.astype(float).ffill(axis=1)


def _paid(table: pd.DataFrame, weeks: pd.Index, zone: str) -> pd.DataFrame:
    """The mean price paid for a unit in each week, less what coupons and promotions take off."""
    if "promotion_discount" in table:
        table = table.assign(sales=table["sales"] - table["promotion_discount"].fillna(0.0))
    sold = table.loc[table["units_ordered"].gt(0) & table["sales"].gt(0)]  # what is given away has no price
    week = weeks.searchsorted(local_days(sold["purchase_date"], zone))
    inside = week < len(weeks)
    sums = sold.loc[inside, ["sales", "units_ordered"]].astype(float)
    sums = sums.groupby([sold.loc[inside, "asin"], weeks[week[inside]]]).sum()
    return (sums["sales"] / sums["units_ordered"]).unstack().reindex(columns=weeks)


def _by_week(listed: Sequence[pd.Series], weeks: pd.DataFrame) -> pd.DataFrame:
    """The price listed on the last day of each week or on the day after; a snapshot tells of the week before it."""
    table = pd.DataFrame(np.nan, index=weeks.index, columns=weeks.columns)
    for prices in listed:
        week = weeks.columns.searchsorted(prices.name) - 1
        if week >= 0:
            table.iloc[:, week] = prices.reindex(weeks.index).to_numpy(dtype=float)
    return table

"""Lessons of an account's record for assumptions: the weeks of sales, ads and prices side by side."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.evidence import DRIFT
from wockit.formulas.learning import (
    Estimate,
    dearer_from_bids,
    drift_from_months,
    elasticity_from_prices,
    share_from_pauses,
)
from wockit.reading.sales_record import Past


@dataclass(frozen=True)
class Lessons:
    """The share of advertised orders that would not have come otherwise, how sales answer the price, how much dearer
    more clicks are, and how far a conversion rate moves in a month."""

    incremental_share: Estimate = field(default_factory=Estimate)
    elasticity: Estimate = field(default_factory=Estimate)
    dearer: Estimate = field(default_factory=Estimate)
    conversion_drift: float = DRIFT


def lessons_of(past: Past, ads: pd.DataFrame) -> Lessons:
    """Lessons of pauses of ads, of price and bid changes and of conversion, from the weeks before the snapshot."""
    weeks = past.weeks
    units = weeks.to_numpy(dtype=float)
    ad_units = ads["ad_units_same_sku"].fillna(ads["ad_units"]).fillna(ads["ad_orders"])
    names = ("ad_clicks", "ad_spend", "ad_units", "ad_orders")
    clicks, spend, by_ads, orders = ads_by_week(ads.assign(ad_units=ad_units), weeks, *names)
    return Lessons(
        share_from_pauses(units, by_ads, clicks),
        elasticity_from_prices(units, past.prices.to_numpy(dtype=float)),
        dearer_from_bids(clicks, spend / np.where(clicks > 0, clicks, np.nan)),
        drift_from_months(orders, clicks, DRIFT),
    )


def ads_by_week(ads: pd.DataFrame, weeks: pd.DataFrame, *names: str) -> list[Any]:
    """Columns of the ads of each ASIN and week; missing where the report has no whole week, or is not by day."""
    numbers = np.full((len(names), *weeks.shape), np.nan)
    by_day = ads["date"].eq(ads["first_day"])
    if weeks.empty or not by_day.all() or ads.empty:
        return [*numbers]
    ends = weeks.columns
    whole = (ends - pd.Timedelta(days=6) >= ads["date"].min()) & (ends <= ads["date"].max())
    numbers[:, :, whole] = 0.0
    rows, week = weeks.index.get_indexer(ads["asin"]), ends.searchsorted(ads["date"])
    inside = (rows >= 0) & (week < len(ends))
    for table, name in zip(numbers, names, strict=True):
        np.add.at(table, (rows[inside], week[inside]), ads[name].to_numpy(dtype=float)[inside])
    return [*numbers]

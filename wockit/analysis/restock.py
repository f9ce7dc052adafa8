"""Too little stock and too much on the way: how many units to order and by when, and which shipments to stop.

Here columns meet formulas; what else to do with an ASIN is decided in `advice`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.prospects import Prospects
from wockit.formulas.cover import SMALLEST_ORDER
from wockit.formulas.paths import YEAR
from wockit.reading.account import Account
from wockit.settings import Settings

SURE = 0.5
"""Advice to spend more, reorder or give away stock needs a place with at least this probability."""
ENOUGH_WEEKS = 26.0
"""Units on their way are too many beyond what so many weeks of brisk demand need [week]."""
BRISK, BRISK_LAUNCH = 0.6, 0.9
"""How brisk demand is taken before units on their way count as too many, and that of a launch, which may yet grow."""


def refill_of(details: pd.DataFrame, prospects: Prospects, settings: Settings, account: Account) -> dict[str, Any]:
    """Units to order and the last day for it, where an ASIN is bought again and its lead time is known.

    Units only where the order is due before the next review; the day also where it is still to come. A launch orders at
    the pace of its last week at most, or at the one expected. What must be gone by a day is ordered for what sells
    until then, if it comes before; what is left of it then is lost. Nothing is ordered into the exit lane, and no more
    than what half a year behind the lead time is expected to need. Units elsewhere without a day are sent in first
    (`send_units`), whatever the lead time, and fill the weeks until what is on its way arrives.
    """
    items, today = prospects.items, pd.Timestamp(account.snapshot)
    lead = details["lead_time_days"].to_numpy(dtype=float) / 7
    review = settings.review_days / 7
    margin = items.price * (1 - items.referral_rate) - items.fulfilment_fee - items.replacement
    keeping = items.storage.mean(axis=1) * 4 + items.replacement * settings.capital_rate / 12
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(items.last_week < YEAR, items.replacement - items.exit_value, 6 * keeping)  # of one too many
        quantile = np.clip(margin / (margin + np.maximum(lost, 0.0)), SURE, settings.service_level)
    quantile = np.where(np.isnan(quantile), SURE, quantile)
    supply = items.units.sum(axis=1) + items.arriving.sum(axis=1)
    demand, new = items.demand, details["gate"].eq("new")
    last_week = details["units_shipped_7_days"].where(new).to_numpy(dtype=float)
    brisk = np.where(new.to_numpy()[:, None], np.fmax(demand[:, 1], last_week[:, None]), demand[:, 2])
    demand = np.stack([demand[:, 0], demand[:, 1], brisk], axis=1)
    aim = demand_until(demand, np.minimum(lead + review + settings.healthy_weeks, items.last_week), quantile)
    aim = np.minimum(aim, demand_until(demand, lead + ENOUGH_WEEKS, np.full(len(details), SURE)))
    short = demand_until(demand, lead + 2 * review, quantile) - np.maximum(
        demand_until(demand, lead + review, quantile), supply
    )
    cover = cover_to_order(details)
    lasts = cover.where(cover.lt(520)).to_numpy(dtype=float)
    lacking, elsewhere = np.maximum(aim - supply, 0.0), details["units_other_undated"].to_numpy()
    pace = np.where(new.to_numpy()[:, None], brisk, demand[:, 1])
    sooner = np.where(np.arange(YEAR) < lead[:, None], items.arriving, 0.0).sum(axis=1)  # than a new order
    ahead = np.fmax(lasts, _weeks_of(pace, items.units.sum(axis=1) + sooner)) - lead
    sure = ~(details["place_probability"].lt(SURE) | details["place_probable"].eq("exit")).to_numpy()
    open_ = prospects.bought_again & (lead < items.last_week) & sure & details["gate"].ne("not_sellable").to_numpy()
    open_ &= ~(margin <= 0)  # the day of an order does not rest on its costs, the units do
    due = open_ & (ahead < review)
    units = np.where(due & (margin > 0), _in_cartons(np.maximum(lacking - elsewhere, 0.0), details), np.nan)
    low = (due | details["low_stock"] | details["gate"].eq("out_of_stock")) & details["place_probable"].ne("exit")
    soon = np.minimum(np.nan_to_num(lead) + review + settings.healthy_weeks, items.last_week)
    gap = unserved(pace, items.units.sum(axis=1), items.arriving, soon)
    missing = np.ceil(np.fmax(demand_until(demand, soon, quantile) - supply, gap))
    send = np.where(low & details["gate"].ne("not_sellable"), np.minimum(missing, elsewhere), 0.0)
    by = today + pd.to_timedelta(np.floor(np.clip(np.nan_to_num(7 * ahead), 0, None)), unit="D")
    return {
        "order_units": np.where(units > 0, units, np.nan),
        "order_due": due & (lacking > elsewhere),
        "send_units": np.where(send > 0, send, np.nan),
        "order_by": pd.Series(by, index=details.index).where(open_ & np.isfinite(ahead)),
        "order_cash": np.where(units > 0, units * details["landed_cost"].to_numpy(dtype=float), np.nan),
        "waiting_costs": np.where((units > 0) | (send > 0), np.maximum(short, 0.0) * np.maximum(margin, 0.0), np.nan),
    }


def cover_to_order(details: pd.DataFrame) -> pd.Series:
    """How long the stock lasts before a new order must be there; a launch at its last week's pace if brisker [week]."""
    launch = np.fmin(details["forward_cover"], details["weeks_of_in_time"])
    return details["forward_cover"].mask(details["gate"].eq("new"), launch)


def _weeks_of(pace: Any, units: Any) -> Any:
    """In how many weeks so many units are sold; a year where they last longer [week].

    Examples
    --------
    >>> _weeks_of(np.array([[4.0, 4.0, 8.0]]), np.array([10.0])).tolist()
    [2.25]
    """
    sold = np.minimum(np.cumsum(pace, axis=1), units[:, None])
    each = np.diff(sold, axis=1, prepend=0.0)
    return (each / np.where(pace > 0, pace, np.inf)).sum(axis=1)


def unserved(pace: Any, units: Any, arriving: Any, until: Any) -> Any:
    """Units that buyers ask for in some weeks, and that are gone before more arrives [unit].

    Examples
    --------
    10 a week: 15 last a week and a half. Of the four weeks, those from there to the end of the third are not served.

    >>> arriving = np.array([[0.0, 0.0, 0.0, 50.0]])
    >>> unserved(np.full((1, 4), 10.0), np.array([15.0]), arriving, np.array([4.0])).tolist()
    [15.0]
    """
    wanted = pace * np.clip(np.nan_to_num(until)[:, None] - np.arange(pace.shape[1]), 0.0, 1.0)
    there, missing = np.asarray(units, dtype=float), np.zeros(len(wanted))
    for asked, more in zip(wanted.T, arriving.T, strict=True):
        there = there + more - asked
        missing, there = missing + np.clip(-there, 0.0, None), np.clip(there, 0.0, None)
    return missing


def _in_cartons(units: Any, details: pd.DataFrame) -> Any:
    """Units as whole cartons, and no fewer than the supplier's minimum; 0 stays 0 [unit]."""
    least, pack = (details[name].fillna(1.0).clip(lower=1.0).to_numpy() for name in ("minimum_order", "case_pack"))
    return np.where(units > 0, np.ceil(np.maximum(units, least) / pack) * pack, 0.0)


def stop_of(details: pd.DataFrame, prospects: Prospects, settings: Settings) -> dict[str, Any]:
    """Units on their way that half a year of brisk demand does not need, and what it saves to put them off.

    Of what must be gone by a day, those that are not needed until then.
    What is saved is held against the value of the stock at Amazon. Where a part of it is unknown, the units decide.
    """
    items = prospects.items
    coming = items.arriving.sum(axis=1)
    brisk = np.where(details["gate"].eq("new"), BRISK_LAUNCH, BRISK)
    needed = demand_until(items.demand, np.minimum(ENOUGH_WEEKS, items.last_week), brisk)
    spare = np.floor(np.clip(items.units.sum(axis=1) + coming - needed, 0.0, coming))
    late = YEAR - (items.arriving > 0).argmax(axis=1)
    cost = items.storage.mean(axis=1) + details["landed_cost"].fillna(0.0).to_numpy() * settings.capital_rate / YEAR
    saved = spare * cost * late / 2
    value = details["landed_cost"].to_numpy(dtype=float) * items.units.sum(axis=1)
    unknown = np.isnan(value) | (items.storage.sum(axis=1) <= 0)
    worth = (saved > settings.act_threshold * np.nan_to_num(value)) | (unknown & (spare >= SMALLEST_ORDER))
    many = np.where(worth & (spare >= coming / 4) & (coming > 0), spare, np.nan)
    return {"units_too_many": many, "saved": np.where(np.isfinite(many), saved, 0.0)}


def demand_until(demand: Any, weeks: Any, quantile: Any) -> Any:
    """Demand over some weeks, at a quantile between the expected and the fast course [unit].

    Parameters
    ----------
    demand
        Slow, expected and fast (items x 3 x weeks) [unit/week].
    weeks, quantile
        Of each item [week], [fraction].

    Examples
    --------
    >>> demand_until(np.full((1, 3, 52), [[2.0], [4.0], [6.0]]), np.array([2.5]), np.array([0.5])).tolist()
    [10.0]
    """
    share = np.clip((quantile - 0.5) / 0.4, 0.0, 1.0)[:, None]
    weekly = demand[:, 1] + share * (demand[:, 2] - demand[:, 1])
    inside = np.clip(np.nan_to_num(weeks)[:, None] - np.arange(YEAR), 0.0, 1.0)
    return (weekly * inside).sum(axis=1)

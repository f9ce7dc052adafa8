"""Weeks of coverage: how long the stock lasts at the pace of the last month, where that number misleads, and forward.

Quantities in, quantities out: each function takes numbers, arrays or Series. Files, reports and figures live
elsewhere.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from wockit.formulas.demand import Demand
from wockit.formulas.quantity import ARTICLE_MONTH_WEEKS, Quantity, formula


@formula
def weeks_in_period(sales_days: Quantity) -> Quantity:
    """Weeks that the simple formula counts for a sales period.

    A period of 28 to 31 days is the article's month and counts as 4 weeks; any other is `sales_days / 7`.

    Parameters
    ----------
    sales_days
        Length of the sales period [day].

    Examples
    --------
    >>> weeks_in_period(30), weeks_in_period(14)
    (4.0, 2.0)
    """
    month = (np.asarray(sales_days) >= 28) & (np.asarray(sales_days) <= 31)
    return np.where(month, ARTICLE_MONTH_WEEKS, np.asarray(sales_days) / 7.0)


@formula
def weeks_of_coverage(
    units_available: Quantity, units_sold: Quantity, weeks: Quantity = ARTICLE_MONTH_WEEKS
) -> Quantity:
    """Weeks that the stock lasts at the pace of the sales period (WOC).

    `units_available / units_sold x weeks`

    Parameters
    ----------
    units_available
        Sellable stock at FBA now [unit].
    units_sold
        Units sold in the sales period [unit].
    weeks
        Weeks in that period [week]: 4 for a month, as the article has it, or exactly `sales_days / 7`.

    Returns
    -------
    Quantity
        [week]. Infinite for stock that did not sell, missing where there is neither stock nor sale.

    Examples
    --------
    >>> weeks_of_coverage(2000, 1000)
    8.0
    >>> round(weeks_of_coverage(2000, 1000, weeks=30 / 7), 2)
    8.57
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.true_divide(units_available, units_sold) * weeks


@formula
def deciding_cover(
    at_amazon: Quantity, in_time: Quantity, in_all: Quantity, low_weeks: Quantity, exit_weeks: float
) -> Quantity:
    """The cover by which an ASIN is placed: what comes in time where stock is short, else all that is on its way.

    Stock on its way makes too much, and never sends an ASIN into the exit lane: it can still be stopped.

    Parameters
    ----------
    at_amazon, in_time, in_all
        Cover of what is at Amazon, with what arrives before that is gone, and with all that is on its way [week].
    low_weeks, exit_weeks
        Below the first, stock is short; from the second on, it leaves the matrix [week].

    Examples
    --------
    >>> deciding_cover([5, 1, 2, 70], [5, 1, 6, 70], [8, 40, 6, 90], 3.0, 52.0).tolist()
    [8.0, 1.0, 6.0, 70.0]
    """
    most = np.maximum(at_amazon, np.minimum(in_all, np.nextafter(exit_weeks, 0.0)))
    return np.where(np.less(in_time, low_weeks), in_time, np.fmax(most, at_amazon))


SLOW_UNITS = 5
"""Who sells fewer in 30 days is a slow mover: one month says little of its pace [unit]."""


SLOW_WEEKS = 90 / 7
"""Cover up to which a slow mover is no excess: where Amazon's own line is [week]."""


SMALLEST_ORDER = 12
"""Units that are worth ordering at once; this many of a slow mover are no excess [unit]."""


def is_slow(units_sold: Quantity, sales_days: Quantity, weekly_demand: Quantity) -> Any:
    """Does an ASIN sell so little that its expected demand says more than last month?

    One that is expected to sell more than twice as much has stopped or awaits its season, and one that is expected to
    sell nothing is dead: neither is slow. Missing gives False.

    Examples
    --------
    >>> is_slow([4, 0, 50, 0, 0], 30, [0.9, 0.4, 11.0, np.nan, 11.0]).tolist()
    [True, True, False, False, False]
    """
    expected = np.asarray(weekly_demand, dtype=float) * 30 / 7
    return (np.true_divide(units_sold, sales_days) * 30 < SLOW_UNITS) & (expected > 0) & (expected < 2 * SLOW_UNITS)


def units_in_time(at_amazon: Quantity, a_day: Quantity, arriving: Sequence[tuple[float, Any]]) -> Any:
    """Units at Amazon and those that arrive before these are gone [unit].

    Parameters
    ----------
    at_amazon, a_day
        Stock [unit] and pace [unit/day] of each ASIN.
    arriving
        Days from now and the units of each ASIN that arrive then [unit], the earliest first.

    Examples
    --------
    >>> units_in_time([100.0, 100.0], [10.0, 5.0], [(12, [50.0, 50.0])]).tolist()
    [100.0, 150.0]
    """
    units = np.asarray(at_amazon, dtype=float)
    for days, more in arriving:
        units = units + np.where(units >= np.multiply(a_day, days), np.nan_to_num(more), 0.0)
    return units


def weeks_served(at_amazon: Quantity, a_week: Quantity, arriving: Sequence[tuple[float, Any]], until: Quantity) -> Any:
    """How many of the next weeks the stock serves, with what arrives in them [week].

    Stock that runs out before more arrives serves again from that day on.

    Parameters
    ----------
    at_amazon, a_week, until
        Stock [unit], pace [unit/week] and how far is looked ahead [week], of each ASIN.
    arriving
        As for `units_in_time`.

    Examples
    --------
    70 a week: 10 last one day. 700 that arrive on the third day leave two without stock; on the 40th, 20 of the 21.

    >>> (weeks_served([10.0, 10.0], 70.0, [(3, [700.0, 0.0]), (40, [0.0, 700.0])], 3.0) * 7).tolist()
    [19.0, 1.0]
    """
    stock, pace, end = (np.asarray(each, dtype=float) for each in (at_amazon, a_week, until))
    served, now = np.zeros(np.broadcast_shapes(stock.shape, pace.shape, end.shape)), 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        for days, more in [*arriving, (np.inf, 0.0)]:
            ahead = np.minimum(days / 7, end) - now
            lasts = np.where(pace > 0, np.minimum(stock / pace, ahead), ahead)
            served, now = served + lasts, now + ahead
            stock = np.where(pace > 0, stock - lasts * pace, stock) + np.nan_to_num(more)
    return np.where(np.isnan(at_amazon) | np.isnan(pace), np.nan, served)


@formula
def excess_units(
    units_available: Quantity,
    units_sold: Quantity,
    healthy_weeks: Quantity,
    weeks: Quantity = ARTICLE_MONTH_WEEKS,
) -> Quantity:
    """Stock above what the healthy cover needs: the units to clear.

    `units_available - healthy_weeks x units_sold / weeks`, whole units, never below 0.

    Parameters
    ----------
    units_available, units_sold, weeks
        As for `weeks_of_coverage`.
    healthy_weeks
        Upper end of the healthy band [week].

    Returns
    -------
    Quantity
        [unit]. Without sales all of the stock; missing where stock or sales are missing.

    Examples
    --------
    >>> excess_units(175, 50, healthy_weeks=6)
    100.0
    """
    above = np.subtract(units_available, np.true_divide(np.multiply(healthy_weeks, units_sold), weeks))
    return np.maximum(np.floor(np.round(above, 6)), 0.0)


@formula
def is_peak(units_last_30_days: Quantity, units_last_90_days: Quantity, ratio: float = 1.5) -> Quantity:
    """Did the last 30 days sell far faster than the 60 before, so that WOC reads too low after a passing peak?

    `units_last_30_days / 30 >= ratio x (units_last_90_days - units_last_30_days) / 60`, for at least 10 units.

    Missing units give False.

    Examples
    --------
    >>> is_peak(300, 500), is_peak(100, 300)
    (True, False)
    """
    before = np.subtract(units_last_90_days, units_last_30_days)
    return (np.asarray(units_last_30_days) >= 10) & (np.asarray(units_last_30_days) * 2 >= ratio * before)


@formula
def is_slump(units_last_30_days: Quantity, units_last_90_days: Quantity, ratio: float = 0.5) -> Quantity:
    """Did the last 30 days sell far slower than the 60 before (a stock-out, a season's end), so that WOC reads high?

    `units_last_30_days / 30 <= ratio x (units_last_90_days - units_last_30_days) / 60`, where the 60 days sold at
    least 10 units. Missing units give False.

    Examples
    --------
    >>> is_slump(50, 350), is_slump(100, 300)
    (True, False)
    """
    before = np.subtract(units_last_90_days, units_last_30_days)
    return (before >= 10) & (np.asarray(units_last_30_days) * 2 <= ratio * before)


def forward_cover(units_available: Quantity, demand: Demand, inbound: Quantity = 0.0) -> tuple[Any, Any, Any]:
    """Weeks until the stock is used up by the demand that is expected from now on, and the ends of its 80 % range.

    The stock is walked down week by week along `demand.expected`, `demand.fast` and `demand.slow`.

    Parameters
    ----------
    units_available
        Sellable stock now, one number an ASIN [unit].
    demand
        From `wockit.formulas.demand.weekly_demand`, one row per ASIN; after its last week it goes on as in its last 13,
        or as in all of them where nothing is expected in those.
    inbound
        Units that arrive at the start of each coming week, shaped as `demand.expected` [unit].

    Returns
    -------
    tuple of numpy.ndarray
        The cover, its low and its high end [week]. 0 without stock, infinite where nothing sold for a year, missing
        where nothing is known.

    Examples
    --------
    >>> from wockit.formulas.demand import weekly_demand
    >>> forward_cover([70.0], weekly_demand(np.full((1, 30), 7.0)))[0].round(6).tolist()
    [10.0]
    """
    units = np.asarray(units_available, dtype=float)
    paces = (demand.expected, demand.fast, demand.slow)
    middle, low, high = (_weeks_until_gone(units, pace, inbound) for pace in paces)
    return middle, np.minimum(low, middle), np.maximum(high, middle)


def _weeks_until_gone(units: Any, weekly: Any, inbound: Quantity) -> Any:
    supply = units[:, None] + np.cumsum(np.broadcast_to(inbound, weekly.shape), axis=1)
    sold = np.cumsum(weekly, axis=1)
    gone = (sold >= supply * (1.0 - 1e-12)) & (weekly > 0)
    ends, last = gone.any(axis=1), weekly.shape[1]
    week = np.where(ends, gone.argmax(axis=1), last - 1)
    row = np.arange(len(units))
    tail = weekly[:, -13:].mean(axis=1)
    pace = np.where(ends, weekly[row, week], np.where(tail > 0, tail, weekly.mean(axis=1)))
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = week + np.maximum(supply[row, week] - (sold - weekly)[row, week], 0.0) / pace
        beyond = last + (supply[:, -1] - sold[:, -1]) / pace
    weeks = np.where(ends, inside, np.where(pace > 0, beyond, np.inf))
    weeks = np.where(supply[:, 0] <= 0, 0.0, weeks)
    return np.where(np.isnan(weekly[:, 0]) | np.isnan(units), np.nan, weeks)


def stock_ahead(units_available: Quantity, weekly: Quantity) -> Any:
    """The stock now and after each coming week at such a weekly demand, never below 0 [unit].

    Examples
    --------
    >>> stock_ahead(25, [10, 10, 10]).tolist()
    [25.0, 15.0, 5.0, 0.0]
    """
    return np.maximum(np.subtract(units_available, np.concatenate([[0.0], np.cumsum(weekly)])), 0.0)


def scatter(history: Any, weeks: int = 26) -> Any:
    """Scatter of weekly sales: standard deviation / mean of the last known weeks [ratio].

    Parameters
    ----------
    history
        Units of each ASIN (row) and week (column), missing where unknown [unit/week].
    weeks
        How many weeks to look back [week].

    Returns
    -------
    numpy.ndarray
        One number an ASIN; missing with fewer than four known weeks or without sales.

    Examples
    --------
    >>> scatter([[10, 20, 10, 20], [5, 5, 5, 5]]).round(2).tolist()
    [0.38, 0.0]
    """
    recent = np.asarray(history, dtype=float)[:, -weeks:]
    known = np.isfinite(recent)
    count = np.where(known.sum(axis=1) >= 4, known.sum(axis=1), np.nan)
    mean = np.where(known, recent, 0.0).sum(axis=1) / count
    spread = np.where(known, (recent - mean[:, None]) ** 2, 0.0).sum(axis=1) / (count - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean > 0, np.sqrt(spread) / mean, np.nan)


@formula
def is_volatile(scatter: Quantity, weekly_mean: Quantity) -> Quantity:
    """Do sales swing by half or more from week to week, beyond what counting single units explains?

    `scatter^2 - 1 / weekly_mean >= 0.25`. Missing gives False.

    Examples
    --------
    >>> is_volatile(0.6, 100), is_volatile(0.6, 4)
    (True, False)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.square(scatter) - np.true_divide(1.0, weekly_mean) >= 0.25


@formula
def low_cut(
    low_weeks: Quantity,
    lead_time_days: Quantity,
    review_days: Quantity,
    scatter: Quantity,
    service_level: float,
    inbound_weeks: Quantity = 0.0,
) -> Quantity:
    """The cover below which an ASIN runs out before what is ordered today can arrive.

    `(lead_time_days + review_days) / 7 + z x scatter x sqrt of the same - inbound_weeks`, never below `low_weeks`,
    where z is the normal quantile of the service level.

    Parameters
    ----------
    low_weeks
        The usual low cut-off [week].
    lead_time_days, review_days
        From order to arrival, and between two orders [day]; a missing lead time gives `low_weeks`.
    scatter
        Of the weekly sales [ratio]; missing counts as 0.
    service_level
        How often the stock should last [fraction].
    inbound_weeks
        Weeks that units on their way will last [week]; missing counts as 0.

    Examples
    --------
    >>> low_cut(3, lead_time_days=56, review_days=7, scatter=0, service_level=0.9, inbound_weeks=2)
    7.0
    """
    weeks = np.true_divide(np.add(lead_time_days, review_days), 7.0)
    safety = NormalDist().inv_cdf(service_level) * np.nan_to_num(scatter) * np.sqrt(weeks)
    return np.fmax(low_weeks, weeks + safety - np.nan_to_num(inbound_weeks))

"""Numbers learned from the account's past, which the advice must assume otherwise.

Pauses of ads tell which share of the advertised orders would not have come without them; price changes tell how sales
answer the price. Days on which more or fewer clicks came by chance tell neither: who clicks and buys counts among the
sales of that day in any case. Months that follow each other tell how far a conversion rate moves. Each lesson narrows
the assumption by how sure it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wockit.formulas.paths import Three

Array = NDArray[Any]

PAUSED_RATIO, RUNNING_RATIO = 0.2, 0.5
"""Shares of the usual clicks up to which ads of a week count as paused, and from which as running [ratio]."""
FEWEST_CLICKS = 5.0
"""Clicks of a usual week below which a pause tells nothing [click/week]."""
MONTH = 4
"""Weeks of a month that conversion is compared by [week]."""
FEWEST_ORDERS = 10.0
"""Orders of a month below which its conversion rate tells nothing of its drift [count]."""
TOGETHER = 0.5
"""The part of the drift that may move all items of an account at once [fraction]."""
NEAR = 4
"""Weeks before and after a pause or a price change that are compared [week]."""
CHANGE, BID_CHANGE = 0.05, 0.1
"""The least change of a price, and of the cost of a click, that is looked at [fraction]."""
MANY_CLICKS = 20.0
"""Clicks of a week below which their cost tells nothing of a change of bids [click/week]."""
SCATTER = 0.15
"""How far sales of a week lie from their mean at least, besides chance [fraction]."""
DIFFERENT = {"share": 0.1, "elasticity": 0.3, "clicks": 1.0}
"""How far the items of one account lie apart [fraction], [ratio], [ratio]."""
TENTH = 1.2816
"""Standard deviations between the mean of a normal distribution and its 10 and 90 %."""


@dataclass(frozen=True)
class Estimate:
    """One number as the past tells it: `value`, its standard `error`, and from how many changes (`count`)."""

    value: float = 0.0
    error: float = np.inf
    count: int = 0


def share_from_pauses(units: Array, ad_units: Array, clicks: Array) -> Estimate:
    """Share of advertised units that needed the ads, from sales lost while ads were paused.

    `(units with ads - units without) / (advertised units with ads - without)`, in the weeks next to each pause.

    Parameters
    ----------
    units, ad_units, clicks
        Items x weeks [unit/week], [unit/week], [click/week]; missing where not known. A week without any sale tells
        nothing, since there may have been no stock, nor do weeks before the ads began, when the item may have been new.

    Examples
    --------
    Ads sell 10 of 30 units a week. In the week without them 23 are sold: 7 of 10 would not have come otherwise.

    >>> lesson = share_from_pauses(np.array([[30, 30, 23, 30.0]]), np.array([[10, 10, 0, 10.0]]),
    ...     np.array([[100, 100, 0, 100.0]]))
    >>> round(lesson.value, 3), lesson.count
    (0.7, 1)
    """
    return _pooled(_of_pauses(units, ad_units, clicks), DIFFERENT["share"])


def _of_pauses(units: Array, ad_units: Array, clicks: Array) -> Iterator[tuple[float, float]]:
    known = (units > 0) & np.isfinite(ad_units) & np.isfinite(clicks)
    usual = pd.DataFrame(np.where(known & (clicks > 0), clicks, np.nan)).median(axis=1).fillna(0.0).to_numpy()[:, None]
    often = known & (usual >= FEWEST_CLICKS)
    running = often & (clicks >= RUNNING_RATIO * usual)
    paused = often & (clicks <= PAUSED_RATIO * usual) & np.logical_or.accumulate(running, axis=1)
    for item in np.flatnonzero(paused.any(axis=1)):
        off = np.flatnonzero(paused[item])
        on = np.flatnonzero(running[item])
        on = on[(np.abs(on[:, None] - off) <= NEAR).any(axis=1)]
        if len(on) < 2:
            continue
        fewer = ad_units[item, on].mean() - ad_units[item, off].mean()
        if fewer > 0:
            missing = units[item, on].mean() - units[item, off].mean()
            error = _scatter(units[item, on]) * np.sqrt(1 / len(on) + 1 / len(off))
            yield missing / fewer, error / fewer


def elasticity_from_prices(units: Array, prices: Array) -> Estimate:
    """Sales increase in % for a price cut of 1%, from changes of sales at each new price.

    `-ln(units after / units before) / ln(price after / price before)`, over up to four weeks on either side.

    Parameters
    ----------
    units, prices
        Items x weeks [unit/week], [money]; missing where not known.

    Examples
    --------
    At 20 sells 10 a week, at 10 it sells 40: half the price, four times the units.

    >>> lesson = elasticity_from_prices(np.array([[10, 10, 40, 40.0]]), np.array([[20, 20, 10, 10.0]]))
    >>> round(lesson.value, 3), lesson.count
    (2.0, 1)
    """
    return _pooled(_of_steps(units, prices, CHANGE), DIFFERENT["elasticity"])


def dearer_from_bids(clicks: Array, cost_per_click: Array) -> Estimate:
    """Rise of the cost of a click in % for 1% more clicks, from changes of clicks at each new cost.

    `ln(cost after / cost before) / ln(clicks after / clicks before)`, over up to four weeks on either side. Nothing is
    learnt where clicks do not answer higher bids.

    Parameters
    ----------
    clicks, cost_per_click
        Items x weeks [click/week], [money]; missing where not known. Weeks of few clicks tell nothing.

    Examples
    --------
    Twice as many clicks at 1.20 as at 1.00: about a quarter of a per cent for each per cent.

    >>> clicks, cost = np.array([[100, 100, 200, 200.0]]), np.array([[1, 1, 1.2, 1.2]])
    >>> lesson = dearer_from_bids(clicks, cost)
    >>> round(lesson.value, 2), lesson.count
    (0.26, 1)
    """
    steps = _of_steps(clicks, np.where(clicks >= MANY_CLICKS, cost_per_click, np.nan), BID_CHANGE)
    answer = _pooled(steps, DIFFERENT["clicks"])
    more = -answer.value
    return Estimate(1 / more, answer.error / more**2, answer.count) if more > answer.error else Estimate()


def _of_steps(units: Array, prices: Array, least: float) -> Iterator[tuple[float, float]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(np.diff(np.log(prices), axis=1)) >= least
    for item in np.flatnonzero(change.any(axis=1)):
        turns = np.flatnonzero(change[item]) + 1
        ends = np.concatenate([[0], turns, [prices.shape[1]]])
        for first, turn, end in zip(ends[:-2], turns, ends[2:], strict=True):
            before, after = (units[item, max(first, turn - NEAR) : turn], units[item, turn : min(end, turn + NEAR)])
            sold = [side[side > 0] for side in (before, after)]
            if min(len(side) for side in sold) < 2:
                continue
            step = np.log(prices[item, turn] / prices[item, turn - 1])
            answer = np.log(sold[1].mean() / sold[0].mean())
            error = np.sqrt(sum((_scatter(side) / side.mean()) ** 2 / len(side) for side in sold))
            yield -answer / step, error / abs(step)


def drift_from_months(orders: Array, clicks: Array, guess: float) -> float:
    """How far a conversion rate moves in a month: a guess, moved by what the account's months show [ratio].

    The rates of an ASIN in two months that follow each other lie apart by chance and by the drift. The more orders and
    months there are, the less the guess counts.

    Parameters
    ----------
    orders, clicks
        Items x weeks [count/week]; missing where not known. A month is four weeks; one of few orders tells nothing.
    guess
        What is assumed without any month [ratio].

    Examples
    --------
    Two months in which the rate did not move leave two thirds of the guess. One month tells nothing.

    >>> weeks = np.full((10, 8), 100.0)
    >>> round(drift_from_months(weeks, 10 * weeks, 0.15), 2), drift_from_months(weeks[:, :4], weeks[:, :4], 0.15)
    (0.1, 0.15)
    """
    months = orders.shape[1] // MONTH
    shape = (len(orders), months, MONTH)
    recent = slice(orders.shape[1] - months * MONTH, None)
    ordered, clicked = (numbers[:, recent].reshape(shape).sum(axis=2) for numbers in (orders, clicks))
    ordered = np.where((ordered >= FEWEST_ORDERS) & (clicked > ordered), ordered, np.nan)
    apart = np.diff(np.log(ordered / clicked), axis=1)
    by_chance = 1 / ordered - 1 / np.where(ordered > 0, clicked, np.nan)
    by_chance = by_chance[:, 1:] + by_chance[:, :-1]
    known = np.isfinite(apart)
    if not known.any():
        return guess
    weight = (by_chance[known] + guess**2) ** -2.0
    drift = max(float((weight * (apart[known] ** 2 - by_chance[known])).sum() / weight.sum()), 0.0)
    error = 2 / weight.sum() + 2 * (TOGETHER * guess**2) ** 2 / known.any(axis=0).sum()
    trust = guess**4 / (guess**4 + error)
    return float(np.sqrt(guess**2 + trust * (drift - guess**2)))


def _scatter(units: Array) -> float:
    """Scatter of a week's units around their mean: by chance, by a part of it, or as observed."""
    mean = units.mean()
    return float(np.sqrt(max(mean, (SCATTER * mean) ** 2, units.var(ddof=1))))


def _pooled(lessons: Iterator[tuple[float, float]], apart: float) -> Estimate:
    """The mean of several, each by how sure it is."""
    pairs = np.array(list(lessons)).reshape(-1, 2)
    if not len(pairs):
        return Estimate()
    weight = pairs[:, 1] ** -2.0
    value = float((pairs[:, 0] * weight).sum() / weight.sum())
    return Estimate(value, float(np.sqrt(1 / weight.sum() + apart**2)), len(pairs))


def trust_in(estimate: Estimate, guess: Three) -> float:
    """Weight of an estimate beside what is assumed (10, 50 and 90 %) [fraction].

    Examples
    --------
    >>> round(trust_in(Estimate(0.9, 0.2 / TENTH, 3), (0.3, 0.5, 0.7)), 9)
    0.5
    """
    return _spread(guess) ** 2 / (_spread(guess) ** 2 + estimate.error**2)


def _spread(guess: Three) -> float:
    return (guess[2] - guess[0]) / 2 / TENTH


def narrowed(guess: Three, estimate: Estimate, least: float, most: float) -> Three:
    """Assumed values (10, 50 and 90 %), moved toward the estimate by its weight; unchanged without one.

    Examples
    --------
    As sure as the guess, which lies at 0.5: halfway.

    >>> low, middle, high = narrowed((0.3, 0.5, 0.7), Estimate(0.9, 0.2 / TENTH, 3), 0, 1)
    >>> round(middle, 9), round(high - middle, 3)
    (0.7, 0.141)
    """
    if not estimate.count:
        return guess
    mean, spread = 0.3 * guess[0] + 0.4 * guess[1] + 0.3 * guess[2], _spread(guess)
    trust = trust_in(estimate, guess)
    middle, error = mean + trust * (estimate.value - mean), spread * np.sqrt(1 - trust)
    low, middle, high = np.clip([middle - TENTH * error, middle, middle + TENTH * error], least, most).tolist()
    return low, middle, high

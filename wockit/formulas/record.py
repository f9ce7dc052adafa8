"""Features of a record before a given week: windows beside the long level, scatter, and seasons.

Any week can be the origin, so that the past can be replayed (`replay`) as the future is expected (`demand`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

YEAR = 52
LEVEL_MEMORY = 0.05
"""How much of the long level each new week makes up [fraction]."""
NOISY, NOISY_HALF = 0.5, 0.5
"""squared scatter at which a record is half noise, and the noise at which the slopes of noisy items hold as they are"""
LAUNCHED = 8
"""weeks since the first sale, up to which the mean of the weeks tells more than the best of them brought down"""
SEASON_TRUST = 0.75
"""How much of the account's season is expected again [fraction]."""
QUESTIONS = 13
"""year, half, quarter, month, week, middle, jump, young; half, quarter and month of noisy items; own season ahead, own
season of the last quarter"""
CARRIED_SEASON = np.zeros((3, QUESTIONS))
CARRIED_SEASON[[0, 1, 2, 2], [2, 1, 3, 4]] = 1.0
CARRIED_SEASON[[0, 2], 5] = 0.5
"""which past season (quarter, half, month: rows) each recent level carries; the middle carries half and half"""


@dataclass(frozen=True)
class Record:
    """Weeks as rows, items as columns; `sold` and `seen` are running sums of units and of known weeks."""

    units: Array
    known: Array
    sold: Array
    seen: Array
    level: Array

    def window(self, first: int, last: int) -> tuple[Array, Array]:
        """Units sold and weeks known from one week up to another: none before the record begins."""
        first, last = max(first, 0), max(last, 0)
        return self.sold[last] - self.sold[first], self.seen[last] - self.seen[first]


def record_of(history: Array) -> Record:
    """The record of some items; weeks before the first sale count as not known.

    Parameters
    ----------
    history
        Units per item (row) and week (column), missing where not known [unit/week].

    Examples
    --------
    >>> sold, seen = record_of(np.array([[0.0, 3, np.nan, 5]])).window(0, 4)
    >>> sold.tolist(), seen.tolist()
    ([8.0], [2.0])
    """
    units = np.maximum(np.nan_to_num(history.T), 0.0)
    known = np.isfinite(history.T) & (np.cumsum(units, axis=0) > 0)
    weeks, items = units.shape
    level, total, weight = np.zeros((weeks + 1, items)), np.zeros(items), np.zeros(items)
    for week in range(weeks):
        cap = np.where(weight > 0.2, np.maximum(2.0 * level[week], 1.0), np.inf)
        step = np.where(known[week], LEVEL_MEMORY, 0.0)
        total += step * (np.minimum(units[week], cap) - total)
        weight += step * (1.0 - weight)
        level[week + 1] = total / np.maximum(weight, 1e-12)
    start = np.zeros((1, items))
    seen = np.concatenate([start, np.cumsum(known, axis=0, dtype=float)])
    return Record(units, known, np.concatenate([start, np.cumsum(units, axis=0)]), seen, level)


def log_ratio(sold: Array, seen: Array, level: Array, pseudo_units: float = 1.0) -> Array:
    """Logarithm of units sold over the usual units, drawn toward 0 where both are few [ratio].

    Examples
    --------
    >>> log_ratio(np.array([7.0]), np.array([3.0]), np.array([1.0])).round(3).tolist()
    [0.693]
    """
    return np.asarray(np.log((sold + pseudo_units) / (seen * level + pseudo_units)))


def levels_at(record: Record, origin: int, squared_scatter: Array) -> Array:
    """Levels of the windows before `origin` against the long level, one column per question.

    An ASIN is young beside the record, up to a year of it: in a short record all are known for a short time, which is
    no launch and says nothing of what launches do next. The best week of a launch that rises is no passing peak.

    Examples
    --------
    Every window of a steady item is as long as ever; none is young.

    >>> steady = record_of(np.full((1, 60), 7.0))
    >>> bool(np.abs(levels_at(steady, 60, squared_scatter_at(steady, 60))).max() < 1e-9)
    True
    """
    level = record.level[origin]
    year, half, quarter, month, week = (
        log_ratio(*record.window(origin - size, origin), level) for size in (YEAR, 26, 13, 4, 1)
    )
    before = log_ratio(*record.window(origin - 8, origin - 4), level)
    usual = log_ratio(*_without_top(record, origin), level)
    middle = np.maximum(np.minimum(usual, before), np.minimum(np.maximum(usual, before), 0.0))
    seen, month_units = record.seen[origin], record.units[max(origin - 4, 0) : origin]
    best_last = month_units[-1:].sum(axis=0) >= month_units.max(axis=0, initial=0.0)
    rising = (seen <= LAUNCHED) & (2 * seen <= origin) & best_last
    middle = np.where(rising, month, middle)
    young = 1.0 - np.minimum(seen, YEAR) / min(max(origin, 1), YEAR)
    noise = squared_scatter / (squared_scatter + NOISY) - NOISY_HALF
    jump = np.maximum(month - quarter, 0.0)
    windows = [year, half, quarter, month, week, middle, jump, young]
    return np.column_stack([*windows, half * noise, quarter * noise, month * noise])


def squared_scatter_at(record: Record, origin: int) -> Array:
    """Variance of the last half-year's weeks over their squared mean [ratio], at least that of counting single units.

    Examples
    --------
    Four a week, as evenly as counting allows: 4 / 16.

    >>> squared_scatter_at(record_of(np.full((1, 30), 4.0)), 30).tolist()
    [0.25]
    """
    first = max(origin - 26, 0)
    sold, seen = record.window(first, origin)
    mean = sold / np.maximum(seen, 1.0)
    squares = np.where(record.known[first:origin], (record.units[first:origin] - mean) ** 2, 0.0).sum(axis=0)
    variance = np.maximum(squares / np.maximum(seen - 1.0, 1.0), mean)
    return np.asarray(variance / np.maximum(mean, 1e-9) ** 2)


def _without_top(record: Record, origin: int) -> tuple[Array, Array]:
    """The last four weeks with the best of them brought down to the second best."""
    first = max(origin - 4, 0)
    sold, seen = record.window(first, origin)
    top = np.sort(record.units[first:origin], axis=0)
    return (sold - top[-1] + top[-2] if len(top) > 1 else sold), seen


def usable_at(record: Record, origin: int) -> Array:
    """Items with eight weeks by then, and two units in the last quarter.

    Examples
    --------
    >>> usable_at(record_of(np.ones((1, 8))), 8).tolist()
    [True]
    """
    return np.asarray((record.seen[origin] >= 8) & (record.window(origin - 13, origin)[0] >= 2))


def seasons_at(
    record: Record, origin: int, horizon: int, logs_by_year: list[Array] | None
) -> tuple[Array, Array, list[Array]]:
    """Seasonal logs: of the account (ahead, last quarter, half, month) and of each item beyond it (ahead, quarter).

    The same weeks one to three years ago against their year, freed of the growth from year to year. The third value
    are the account's logs by year, to be given as `logs_by_year` when only some of its items are at hand.
    """
    items = record.level.shape[1]
    common, own, weight, own_weight = np.zeros(4), np.zeros((2, items)), 0.0, np.zeros(items)
    lead = 0.5 - np.array([horizon / 2, -6.5, -13.0, -2.0]) / YEAR
    account: list[Array] = []
    for then in range(origin - YEAR, max(origin - 3 * YEAR, 4) - 1, -YEAR):
        size = min(13, then)
        sold, seen = record.window(then, then + YEAR)
        mean = sold / np.maximum(seen, 1.0)
        usable = (record.window(then - size, then)[1] >= size / 2) & (sold >= 4)
        ends = (then, then + horizon), (then - size, then), (then + YEAR - size, then + YEAR), (then - 26, then)
        windows = [record.window(*end) for end in (*ends, (then - 4, then))]
        sold, seen = (np.stack(part) for part in zip(*windows, strict=True))
        account.append(logs_by_year[len(account)] if logs_by_year else _common(sold, seen * mean, usable))
        logs = account[-1]
        own_logs = np.where(usable, log_ratio(sold[:3], seen[:3], mean * np.exp(logs[:3, None]), 10.0), 0.0)
        share = min(size / 8, 1.0)
        common += share * (logs[[0, 1, 3, 4]] + (logs[2] - logs[1]) * lead)
        own += share * (own_logs[:2] + (own_logs[2] - own_logs[1]) * lead[:2, None])
        weight += share
        own_weight += share * usable
    return common / max(weight, 1.0), (own / np.maximum(own_weight, 1.0)).T, account


def _common(sold: Array, usual: Array, usable: Array) -> Array:
    """Log of how the usable items as a whole stood against what is usual for them, one value a row."""
    counts = usable & (usual > 0)
    ratio = np.where(counts, np.minimum(sold / np.where(counts, usual, 1.0), 4.0), 0.0)
    number = counts.sum(axis=1)
    return np.where(number, np.log(np.maximum(ratio.sum(axis=1) / np.maximum(number, 1), 0.05)), 0.0)


def season_effect(common: Array, slopes: Array) -> float:
    """Effect of the account's season (log): the weeks ahead, less the part that recent weeks already contain.

    Examples
    --------
    Nothing recent counts: three quarters of the season ahead.

    >>> round(season_effect(np.array([0.4, 0.1, 0.1, 0.1]), np.zeros(QUESTIONS)), 9)
    0.3
    """
    return float(SEASON_TRUST * (common[0] - SEASON_TRUST * common[1:] @ (CARRIED_SEASON @ slopes)))


def unsure_at(record: Record, origin: int, horizon: int, levels: Array, squared_scatter: Array) -> Array:
    """Sources of doubt in a forecast, one column each: time, scatter, jump, trend, short history."""
    scatter = np.minimum(np.sqrt(squared_scatter / horizon), 2.0)
    jump, trend = np.abs(levels[:, 3] - levels[:, 2]), np.abs(levels[:, 2] - levels[:, 0])
    short = 1.0 - np.minimum(record.seen[origin], YEAR) / YEAR
    return np.column_stack([np.full(len(scatter), np.sqrt(horizon / YEAR)), scatter, jump, trend, short])

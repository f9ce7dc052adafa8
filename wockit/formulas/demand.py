"""Expected weekly demand of each ASIN, and its 80 % range.

The account's own past decides how far a jump is believed. At every fourth week of the past the method asks what an
ASIN's recent weeks said and what it then sold over the next 1 to 52 weeks; one robust regression per horizon, pooled
over the account, turns that into a weight per question ("are the last four weeks above the last thirteen?"). With
little past the weights stay at a neutral start: the middle one of the long level, the last four weeks (their best week
brought down to the second best) and the four before. No model is fitted per ASIN and no fitted weight is shipped.
Windows of noisy items have weights beside those of calm ones, and the less past there is, the less sure it is how far
a jump lasts: the range of an ASIN that jumped is the wider. Nothing is expected to sell faster than in the best week
that it ever had.
Quantities in, quantities out; how long a stock lasts on it is reckoned in `cover`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


YEAR = 52


HORIZONS = (1, 2, 4, 8, 13, 26, 39, 52)


FIRST_ORIGIN, ORIGIN_STEP, ORIGINS = 8, 4, 30


LEARNING_ITEMS = 2500


BLOCK_ITEMS = 20_000


LEVEL_MEMORY = 0.05


RIDGE_ROWS, SPREAD_ROWS = 30.0, 10.0


SEASON_TRUST = 0.75
NONE_SOLD = float(-np.log(0.1))
"""Units expected in a time without a sale, at most: of more, one would have been seen in 90 of 100 cases."""


NOISY, NOISY_HALF = 0.5, 0.5
"""squared scatter at which a record is half noise, and the noise at which the slopes below hold as they are"""


JUMP_DOUBT, JUMP_FREE = 0.8, 0.15
"""how unsure one quarter of the past leaves how far jumps last, and the jump that is no jump yet"""


GROWN, LAUNCH_SOON, LAUNCH_DOUBT, LAUNCH_SLOPE = 0.65, 0.6, 0.6, 3.5
"""how new beside the record an ASIN is no launch any more; how much of its doubt holds at once, its size (log), and how
far a rise or fall may go on"""


LAUNCHED = 8
"""weeks since the first sale, up to which the mean of the weeks tells more than the best of them brought down"""


SEASON_DOUBT, SEEN_WEEKS = 2.2, 65
"""how far a change may be a season's in a record that is no year long, and weeks of record that show a season"""


SLOPES_START = np.array([0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 0, 0.5, -0.3])
"""year, half, quarter, month, week, middle, jump, young; half, quarter and month of noisy items; own season ahead, own
season of the last quarter"""


LEVELS = len(SLOPES_START) - 2


SPREAD_START = np.array([0.25, 1.1, 0.3, 0.2, 0.2])
"""drift, scatter, jump, trend, short history"""


COMMON_START, COMMON_RIDGE = np.array([0.0, 0.7]), np.array([100.0, 0.5])
"""the account's own shift and the share of its momentum that lasts, and how firmly both are held (1 / variance)"""


CARRIED_SEASON = np.zeros((3, len(SLOPES_START)))


CARRIED_SEASON[[0, 1, 2, 2], [2, 1, 3, 4]] = 1.0


CARRIED_SEASON[[0, 2], 5] = 0.5
"""which past season (quarter, half, month: rows) each recent level carries; the middle carries half and half"""


@dataclass(frozen=True)
class Demand:
    """Expected demand and its range: one row per item, one column per coming week [unit/week].

    The running sums of `slow` and `fast` are the 10 % and 90 % quantiles of what will be sold. `level` is the long
    level with capped peaks, `recent` the mean of the last four weeks; over the coming quarter the expected pace is
    `level x season x jump`, where `jump` is what the account's past believes of the recent weeks.
    """

    expected: Array
    slow: Array
    fast: Array
    recent: Array
    level: Array
    season: Array
    jump: Array


@dataclass(frozen=True)
class _Record:
    """Weeks as rows, items as columns; `sold` and `seen` are running sums of units and of known weeks."""

    units: Array
    known: Array
    sold: Array
    seen: Array
    level: Array

    def window(self, first: int, last: int) -> tuple[Array, Array]:
        first, last = max(first, 0), max(last, 0)
        return self.sold[last] - self.sold[first], self.seen[last] - self.seen[first]


@dataclass(frozen=True)
class _Lesson:
    """What the account's past says about one horizon."""

    season: list[Array]
    slopes: Array
    shift: float
    doubt: float
    jump_doubt: float
    low: Array
    high: Array


def _record(history: Array) -> _Record:
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
    return _Record(units, known, np.concatenate([start, np.cumsum(units, axis=0)]), seen, level)


def _log_ratio(sold: Array, seen: Array, level: Array, pseudo_units: float = 1.0) -> Array:
    return np.asarray(np.log((sold + pseudo_units) / (seen * level + pseudo_units)))


def _levels(record: _Record, origin: int, squared_scatter: Array) -> Array:
    """How the windows before `origin` compare with the long level, one column per question.

    An ASIN is young beside the record, up to a year of it: in a short record all are known for a short time, which is
    no launch and says nothing of what launches do next. The best week of a launch that rises is no passing peak.
    """
    level = record.level[origin]
    year, half, quarter, month, week = (
        _log_ratio(*record.window(origin - size, origin), level) for size in (YEAR, 26, 13, 4, 1)
    )
    before = _log_ratio(*record.window(origin - 8, origin - 4), level)
    usual = _log_ratio(*_without_top(record, origin), level)
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


def _squared_scatter(record: _Record, origin: int) -> Array:
    """Variance of the last half-year's weeks over their squared mean, at least what counting single units gives."""
    first = max(origin - 26, 0)
    sold, seen = record.window(first, origin)
    mean = sold / np.maximum(seen, 1.0)
    squares = np.where(record.known[first:origin], (record.units[first:origin] - mean) ** 2, 0.0).sum(axis=0)
    variance = np.maximum(squares / np.maximum(seen - 1.0, 1.0), mean)
    return np.asarray(variance / np.maximum(mean, 1e-9) ** 2)


def _launch_doubt(levels: Array, horizon: int) -> tuple[Array, Array]:
    """How far below and above what is expected an ASIN may sell that is new beside the record (logs).

    Nobody knows yet where a launch settles. One that still rises or falls may go on, so the range reaches that way.
    """
    quarter, month, week, young = levels[:, 2], levels[:, 3], levels[:, 4], levels[:, 7]
    youth = np.clip((young - GROWN) / (1.0 - GROWN), 0.0, 1.0) * min(LAUNCH_SOON + horizon / 26, 1.0)
    slope = np.clip((month + week) / 2.0 - quarter, -1.0, 1.0)
    down, up = (youth * (LAUNCH_DOUBT + LAUNCH_SLOPE * np.maximum(each, 0.0)) for each in (-slope, slope))
    return down, up


def _unseen_season(weeks: int, horizon: int) -> float:
    """How far what rose or fell in a record of under a year may turn with a season that nobody has seen (ratio)."""
    return SEASON_DOUBT * float(np.sqrt(max(1.0 - weeks / SEEN_WEEKS, 0.0))) * min(horizon / 13, 1.0)


def _without_top(record: _Record, origin: int) -> tuple[Array, Array]:
    """The last four weeks with the best of them brought down to the second best."""
    first = max(origin - 4, 0)
    sold, seen = record.window(first, origin)
    top = np.sort(record.units[first:origin], axis=0)
    return (sold - top[-1] + top[-2] if len(top) > 1 else sold), seen


def _season(record: _Record, origin: int, horizon: int, known: list[Array] | None) -> tuple[Array, Array, list[Array]]:
    """Seasonal logs: of the account (ahead, last quarter, half, month) and of each item beyond it (ahead, quarter).

    The same weeks one to three years ago against their year, freed of the growth from year to year. The third value
    are the account's logs by year, to be given as `known` when only some of its items are at hand.
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
        account.append(known[len(account)] if known else _common(sold, seen * mean, usable))
        logs = account[-1]
        own_logs = np.where(usable, _log_ratio(sold[:3], seen[:3], mean * np.exp(logs[:3, None]), 10.0), 0.0)
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


def _season_effect(common: Array, slopes: Array) -> float:
    """What the account's season adds: the weeks ahead, less what the recent weeks already carry of it."""
    return float(SEASON_TRUST * (common[0] - SEASON_TRUST * common[1:] @ (CARRIED_SEASON @ slopes)))


def _unsure(record: _Record, origin: int, horizon: int, levels: Array, squared_scatter: Array) -> Array:
    """What makes a forecast unsure, one column per entry of SPREAD_START."""
    scatter = np.minimum(np.sqrt(squared_scatter / horizon), 2.0)
    jump, trend = np.abs(levels[:, 3] - levels[:, 2]), np.abs(levels[:, 2] - levels[:, 0])
    short = 1.0 - np.minimum(record.seen[origin], YEAR) / YEAR
    return np.column_stack([np.full(len(scatter), np.sqrt(horizon / YEAR)), scatter, jump, trend, short])


def _fit(rows: Array, target: Array, start: Array, ridge: float, share: float, group: Array | None = None) -> Array:
    """Regression for the quantile `share` (reweighted least squares) with a ridge toward `start`.

    With `group` (the origin of each row, numbered from 0, rows of one side by side) every origin has its own free
    mean: what moved the whole account at once teaches nothing about the differences between its items.
    """
    slopes, free, softness = start, np.zeros(len(target)), 0.05 if group is None else 0.2
    first = np.empty(0, dtype=int) if group is None else np.flatnonzero(np.diff(group, prepend=-1))
    for _ in range(10):
        miss = target - rows @ slopes - free
        pull = np.where(miss > 0, share, 1.0 - share) / np.maximum(np.abs(miss), softness) * 2.0
        centred, aim = rows, target
        if group is not None:
            mass = np.add.reduceat(pull, first)
            means = np.add.reduceat(pull[:, None] * rows, first) / mass[:, None]
            aims = np.add.reduceat(pull * target, first) / mass
            centred, aim = rows - means[group], target - aims[group]
        pulled = (centred * pull[:, None]).T
        square = pulled @ centred + ridge * np.eye(len(start))
        slopes = start + np.linalg.solve(square, pulled @ (aim - centred @ start))
        if group is not None:
            free = (aims - means @ slopes)[group]
    return slopes


def _learn(record: _Record) -> list[_Lesson]:
    """Replay the account's past and learn, horizon by horizon, how far its jumps, levels and seasons last."""
    weeks, items = record.units.shape
    lessons: list[_Lesson] = []
    slopes, common, moved, low, high = SLOPES_START, COMMON_START, np.zeros(1), -SPREAD_START, SPREAD_START
    squared = {origin: _squared_scatter(record, origin) for origin in {weeks, *range(FIRST_ORIGIN, weeks)}}
    levels = {origin: _levels(record, origin, squared[origin]) for origin in squared}
    for horizon in HORIZONS:
        now, now_season, season = _rows(record, weeks, horizon, levels[weeks])
        origins = list(range(weeks - horizon, FIRST_ORIGIN - 1, -ORIGIN_STEP))[:ORIGINS]
        parts = []
        for origin in origins:
            rows, its_season, _ = _rows(record, origin, horizon, levels[origin])
            sold, seen = record.window(origin, origin + horizon)
            future = sold * horizon / np.maximum(seen, 1.0)
            target = _log_ratio(future, np.full(len(rows), horizon), record.level[origin])
            unsure = _unsure(record, origin, horizon, levels[origin], squared[origin])
            usable = (seen >= horizon / 2) & _usable(record, origin)
            parts += [(rows[usable], target[usable], unsure[usable], its_season)] if usable.any() else []
        if sum(len(part[1]) for part in parts) > 20:
            rows, target, unsure = (np.concatenate([part[i] for part in parts]) for i in range(3))
            group = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
            span = origins[0] - origins[-1]
            ridge = (1.0 + 10.0 / items) * len(origins) / max(span / horizon, 1.0)
            slopes = _fit(rows, target, slopes, RIDGE_ROWS * ridge, 0.5, group)
            left = target - rows @ slopes - np.array([_season_effect(part[3], slopes) for part in parts])[group]
            pull = 1.0 / np.maximum(np.abs(left), 0.2)
            moved = np.bincount(group, pull * left) / np.bincount(group, pull)
            signs = np.array([[1.0, _momentum(part[0], part[3], slopes)] for part in parts])
            common = _common_fit(signs, moved, common, (left.var() + 0.25) / len(left), span + horizon, horizon)
            moved, left = moved - signs @ common, left - (signs @ common)[group]
            low = _fit(unsure, left, -SPREAD_START, SPREAD_ROWS * ridge, 0.1)
            high = _fit(unsure, left, SPREAD_START, SPREAD_ROWS * ridge, 0.9)
        windows = max((weeks - FIRST_ORIGIN) / max(horizon, 13), 1.0)
        doubt = 1.28 * float(np.sqrt((moved.var() + 0.1**2 * horizon / 13) / windows))
        jump_doubt = 1.28 * JUMP_DOUBT / float(np.sqrt(windows))
        shift = float(common @ (1.0, _momentum(now[_usable(record, weeks)], now_season, slopes)))
        lessons.append(_Lesson(season, slopes, shift, doubt, jump_doubt, low, high))
    return lessons


def _rows(record: _Record, origin: int, horizon: int, levels: Array) -> tuple[Array, Array, list[Array]]:
    """The regression's rows at one origin, with the account's season there."""
    common, own, season = _season(record, origin, horizon, None)
    return np.column_stack([levels, own]), common, season


def _usable(record: _Record, origin: int) -> Array:
    return np.asarray((record.seen[origin] >= 8) & (record.window(origin - 13, origin)[0] >= 2))


def _momentum(rows: Array, season: Array, slopes: Array) -> float:
    """How far the account's last month as a whole, freed of season, stands above what its items are believed."""
    seasonal = SEASON_TRUST * (season[3] - season[1:] @ (CARRIED_SEASON @ slopes))
    return float(np.sum(rows[:, 3] - rows @ slopes - seasonal) / (len(rows) + 10.0))


def _common_fit(signs: Array, moved: Array, start: Array, item_noise: float, span: int, horizon: int) -> Array:
    """What moves the whole account: a lasting shift and its momentum, with a ridge toward `start`.

    Believed by the half-years seen, by how well they agree, and less while a part of the year is unseen. An origin
    that missed by more than the median counts the less, so that one break does not decide what all others say.
    """
    windows = max(span / max(horizon, 26), 1.0)
    rest = moved - signs @ start
    unseen = 0.3**2 * max(1.0 - span / YEAR, 0.0) * min(horizon / YEAR, 1.0)
    noise = rest.var() * windows / max(windows - 1.0, 0.5) + item_noise * len(moved) + unseen
    pull = windows / len(moved) / max(noise, 1e-9)
    common = start
    for _ in range(5):
        miss = np.abs(moved - signs @ common)
        pulled = signs.T * (pull * np.minimum((np.median(miss) + 1e-6) / np.maximum(miss, 1e-6), 1.0))
        common = start + np.linalg.solve(pulled @ signs + np.diag(COMMON_RIDGE), pulled @ rest)
    return np.asarray(common)


def _sample(history: Array) -> Array:
    """The items to learn from, picked by what they sold, so that their order does not matter."""
    sold = np.nan_to_num(history)
    chosen = np.flatnonzero(sold.sum(axis=1) > 0)
    if len(chosen) <= LEARNING_ITEMS:
        return chosen
    key = np.modf(sold[chosen] @ np.sqrt(np.arange(2.0, history.shape[1] + 2.0)))[0]
    return np.asarray(chosen[key <= np.partition(key, LEARNING_ITEMS)[LEARNING_ITEMS]])


def weekly_demand(history: Array, horizon: int = YEAR) -> Demand:
    """Demand of the coming weeks from weekly units.

    Parameters
    ----------
    history
        Units per item (row) and week (column), oldest week first: 0 for a week without a sale; missing for a week
        without stock, before launch or to be left out [unit/week].
    horizon
        Coming weeks to return [week].

    Returns
    -------
    Demand
        Missing for an item of which no week is known. For one that sold nothing in 52 weeks zero is expected, and the
        fast end is the pace at which a sale would have been seen in 90 of 100 cases.

    Examples
    --------
    >>> weekly_demand(np.full((1, 30), 7.0), horizon=2).expected.round(9)
    array([[7., 7.]])
    """
    history = np.asarray(history, dtype=float)
    lessons = _learn(_record(history[_sample(history)]))
    blocks = [history[first : first + BLOCK_ITEMS] for first in range(0, max(len(history), 1), BLOCK_ITEMS)]
    parts = [_predict(block, lessons, horizon) for block in blocks]
    return Demand(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _predict(history: Array, lessons: list[_Lesson], horizon: int) -> tuple[Array, ...]:
    record = _record(history)
    weeks, items = record.units.shape
    squared, level = _squared_scatter(record, weeks), record.level[weeks]
    levels = _levels(record, weeks, squared)
    sold = np.zeros((3, len(HORIZONS) + 1, items))
    season, jump = np.ones(items), np.ones(items)
    for column, (ahead, lesson) in enumerate(zip(HORIZONS, lessons, strict=True), start=1):
        common, own, _ = _season(record, weeks, ahead, lesson.season)
        seasonal = _season_effect(common, lesson.slopes) + own @ lesson.slopes[LEVELS:]
        believed = levels @ lesson.slopes[:LEVELS] + lesson.shift
        unsure = _unsure(record, weeks, ahead, levels, squared)
        doubt = np.hypot(lesson.doubt, lesson.jump_doubt * np.maximum(unsure[:, 2] - JUMP_FREE, 0.0))
        doubt = np.hypot(doubt, _unseen_season(weeks, ahead) * np.maximum(unsure[:, 3] - JUMP_FREE, 0.0))
        down, up = _launch_doubt(levels, ahead)
        slower = np.hypot(np.hypot(np.minimum(unsure @ lesson.low, 0.0), doubt), down)
        faster = np.hypot(np.hypot(np.maximum(unsure @ lesson.high, 0.0), doubt), up)
        moves = seasonal + believed + np.stack([np.zeros(items), -slower, faster])
        sold[:, column] = np.maximum((ahead * level + 1.0) * np.exp(moves) - 1.0, 0.0)
        if ahead == 13:
            season, jump = np.exp(seasonal), np.exp(believed)
    sold = np.maximum.accumulate(sold, axis=1)
    still, looked = record.window(weeks - YEAR, weeks)[0] <= 0, np.isfinite(history[:, -YEAR:]).sum(axis=1)
    sold[:, :, still] = 0.0
    sold[:, :, ~np.isfinite(history).any(axis=1)] = np.nan
    pace = np.diff(sold, axis=1) / np.diff((0, *HORIZONS))[:, None]
    best = np.where(record.known, record.units, 0.0).max(axis=0, initial=0.0)
    pace *= np.minimum(best / np.maximum(pace[0], 1e-12), 1.0)
    pace[2] = np.where(still & (looked > 0), NONE_SOLD / np.maximum(looked, 1), pace[2])
    segment = np.minimum(np.searchsorted(HORIZONS, np.arange(horizon), side="right"), len(HORIZONS) - 1)
    month, seen = record.window(weeks - 4, weeks)
    recent = np.where(seen > 0, month / np.maximum(seen, 1.0), np.nan)
    return (*(part[segment].T for part in pace), recent, level, season, jump)

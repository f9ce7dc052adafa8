"""Expected weekly demand of each ASIN, and its 80 % range.

The account's own past decides how far a jump is believed: what the record says (`record`) counts by what the account's
past makes of it (`replay`). With little past that is the middle one of the long level, the last four weeks (their best
week brought down to the second best) and the four before. No model is fitted per ASIN and no fitted weight is shipped.
Windows of noisy items have weights beside those of calm ones, and the less past there is, the less sure it is how far
a jump lasts: the range of an ASIN that jumped is the wider. Nothing is expected to sell faster than in the best week
that it ever had.
Quantities in, quantities out; how long a stock lasts on it is reckoned in `cover`.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wockit.formulas.record import (
    QUESTIONS,
    YEAR,
    Record,
    levels_at,
    record_of,
    season_effect,
    seasons_at,
    squared_scatter_at,
    unsure_at,
)
from wockit.formulas.replay import HORIZONS, Lesson, learn

Array = NDArray[Any]

LEARNING_ITEMS, BLOCK_ITEMS = 2500, 20_000
"""Items of an account to learn from, and items that are forecast at once."""
LEVELS = QUESTIONS - 2
"""Questions that are no season."""
NONE_SOLD = float(-np.log(0.1))
"""Units expected in a time without a sale, at most: of more, one would have been seen in 90 of 100 cases."""
JUMP_FREE = 0.15
"""the jump that is no jump yet"""
LAUNCH_WEEKS, LAUNCH_SOON, LAUNCH_DOUBT, LAUNCH_SLOPE = 26.0, 0.6, 0.2, 2.75
"""weeks since its first sale after which an ASIN is no launch any more; how much of its doubt holds at once, its size
(log), and how far a rise or fall may go on"""
SEASON_WEEKS, SEASON_SHARE, SEASON_UNITS = 8, 0.7, 30
"""weeks of a season, the share of a year's units that an item of one season sells in it, and how many at least"""
HALF_YEAR = 26
"""weeks after a season in which it does not come back"""
FALLS = 0.6
"""up to which share of the last month's pace the last week tells of a fall"""
SEASON_BACK, SEASON_ON, SEEN_WEEKS = 4.5, 2.0, 60
"""how far a trend may turn back or go on where it may be a season's (ratio), and weeks of record that show a season"""


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
    lessons = learn(record_of(history[_sample(history)]))
    blocks = [history[first : first + BLOCK_ITEMS] for first in range(0, max(len(history), 1), BLOCK_ITEMS)]
    parts = [_predict(block, lessons, horizon) for block in blocks]
    return Demand(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def in_season(demand: Demand, history: Array, weeks: Array) -> Demand:
    """Demand of items in season: until its end they keep at least the pace of the last four weeks.

    A rise before the end of a known season is the season's, not a peak that passes: where the last week sold more than
    that, they keep half of it besides, for a week of deals is one too. The slow end stays what it is: a season may be
    over before its last day.

    Examples
    --------
    >>> passing = np.array([[40.0, 20.0, 20.0]])
    >>> known, one, sold = np.array([100.0]), np.ones(1), np.array([[80.0, 90.0, 90.0, 140.0]])
    >>> in_season(Demand(passing, passing / 2, passing * 3, known, one, one, one), sold, np.array([2])).expected
    array([[120., 120.,  20.]])
    """
    lasts = np.arange(demand.expected.shape[1]) < weeks[:, None]
    month = np.nan_to_num(demand.recent)
    pace = np.fmax(month, (month + _last_week(history)) / 2)
    least = np.where(lasts, pace[:, None], 0.0)
    expected, fast = np.maximum(demand.expected, least), np.maximum(demand.fast, least)
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = np.where(demand.expected[:, 0] > 0, expected[:, 0] / demand.expected[:, 0], 1.0)
    return replace(demand, expected=expected, fast=fast, season=demand.season * rise)


def _last_week(history: Array) -> Array:
    return history[:, -1] if history.shape[1] else np.full(len(history), np.nan)


def before_its_season(demand: Demand, history: Array) -> Demand:
    """Demand of items that sell in one season of the year: what they sold in it is expected again a year later.

    Of such an item most of a year's units went within some weeks, after weeks in which it was for sale and sold few.
    The slow end stays what it is: a season may have been a fashion.

    Examples
    --------
    One a week, and 30 in each of four weeks, which come again in two weeks.

    >>> sold, course, one = np.ones((1, 60)), np.ones((1, 8)), np.ones(1)
    >>> sold[:, 10:14] = 30
    >>> before_its_season(Demand(course, course, course, one, one, one, one), sold).expected.tolist()
    [[1.0, 1.0, 30.0, 30.0, 30.0, 30.0, 1.0, 1.0]]
    """
    units, known = np.nan_to_num(history), np.isfinite(history) & (np.cumsum(np.nan_to_num(history), axis=1) > 0)
    if history.shape[1] <= YEAR:
        return demand
    year, before = units[:, -YEAR:], np.cumsum(known, axis=1)[:, -YEAR - 1 : -1]
    sold = np.lib.stride_tricks.sliding_window_view(year, SEASON_WEEKS, axis=1).sum(axis=2)
    first = sold.argmax(axis=1)[:, None]
    peak, months_before = sold.max(axis=1), np.take_along_axis(before, first, axis=1)[:, 0]
    ends = first[:, 0] + SEASON_WEEKS <= YEAR - SEASON_WEEKS
    seasonal = ends & (peak >= SEASON_SHARE * year.sum(axis=1)) & (months_before >= SEASON_WEEKS / 2)
    seasonal &= peak >= SEASON_UNITS
    again = np.where(seasonal[:, None], year, 0.0)[:, : demand.expected.shape[1]]
    return replace(demand, expected=np.maximum(demand.expected, again), fast=np.maximum(demand.fast, again))


def after_season(demand: Demand, history: Array, weeks: Array) -> Demand:
    """Demand of items after their season: for half a year at most the pace since its end.

    Both ends of the range fall with what is expected.

    Parameters
    ----------
    demand
        As `weekly_demand` gives it [unit/week].
    history
        Weekly units, as for `weekly_demand` [unit/week].
    weeks
        Whole weeks since the end of the season [week]; 0 where none ended.

    Examples
    --------
    >>> course, one = np.full((1, 30), 20.0), np.ones(1)
    >>> past = after_season(Demand(course, course / 2, course * 2, one, one, one, one), np.array([[90.0, 4.0]]), [1])
    >>> past.expected[0, [0, 25, 26]].tolist(), past.slow[0, 0].item(), past.fast[0, 0].item(), past.season.item()
    ([4.0, 4.0, 20.0], 2.0, 8.0, 0.2)
    """
    ended = np.asarray(weeks)[:, None]
    since = np.where(np.arange(history.shape[1])[::-1] < ended, history, np.nan)
    known_weeks = np.isfinite(since).sum(axis=1)
    pace = np.maximum(np.nansum(since, axis=1), 1.0) / np.maximum(known_weeks, 1)  # of none sold, fewer than one
    return _no_more_than(demand, np.where(known_weeks > 0, pace, np.inf))


def before_its_day(demand: Demand, history: Array, weeks: Array) -> Demand:
    """Demand of items that must be gone in so many weeks: what the last week tells goes on until then.

    Of other items a peak and a slump are taken to pass, as most do. What nears its day does not recover from a fall,
    and a rise that goes on is its season's.

    Parameters
    ----------
    demand, history
        As for `after_season`.
    weeks
        Until the day [week]; 0 where there is none.

    Examples
    --------
    7 after 70, 70 and 40 a week are a fall, 90 after 20, 30 and 60 a rise; 22 after 30, 24 and 28 are neither.

    >>> course, months, one = np.full((3, 1), 40.0), np.array([47.0, 50.0, 26.0]), np.ones(3)
    >>> sold = np.array([[70.0, 70.0, 40.0, 7.0], [20.0, 30.0, 60.0, 90.0], [30.0, 24.0, 28.0, 22.0]])
    >>> before_its_day(Demand(course, course, course, months, one, one, one), sold, np.full(3, 4)).expected.tolist()
    [[7.0], [70.0], [40.0]]
    """
    month, weeks, last = np.nan_to_num(demand.recent), np.asarray(weeks), _last_week(history)
    falls = (weeks > 0) & (last <= FALLS * month) & (last < month - 2.0 * np.sqrt(month))
    rising = in_season(demand, history, np.where(last >= month, weeks, 0))
    return _no_more_than(rising, np.where(falls, np.maximum(last, 1.0), np.inf))


def _no_more_than(demand: Demand, pace: Array) -> Demand:
    """Demand that half a year long is at most so much; the range keeps its width beside it, and it is the season's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.fmin(pace[:, None] / demand.expected, 1.0)
    share = np.where(np.arange(demand.expected.shape[1]) < HALF_YEAR, share, 1.0)
    courses = {name: getattr(demand, name) * share for name in ("expected", "slow", "fast")}
    return replace(demand, **courses, season=demand.season * share[:, 0])


def _sample(history: Array) -> Array:
    """The items to learn from, picked by what they sold, so that their order does not matter."""
    sold = np.nan_to_num(history)
    chosen = np.flatnonzero(sold.sum(axis=1) > 0)
    if len(chosen) <= LEARNING_ITEMS:
        return chosen
    key = np.modf(sold[chosen] @ np.sqrt(np.arange(2.0, history.shape[1] + 2.0)))[0]
    return np.asarray(chosen[key <= np.partition(key, LEARNING_ITEMS)[LEARNING_ITEMS]])


def _predict(history: Array, lessons: list[Lesson], horizon: int) -> tuple[Array, ...]:
    record = record_of(history)
    weeks, items = record.units.shape
    squared, level = squared_scatter_at(record, weeks), record.level[weeks]
    levels, youth = levels_at(record, weeks, squared), _youth(record)
    sold = np.zeros((3, len(HORIZONS) + 1, items))
    season, jump = np.ones(items), np.ones(items)
    for column, (ahead, lesson) in enumerate(zip(HORIZONS, lessons, strict=True), start=1):
        common, own, _ = seasons_at(record, weeks, ahead, lesson.season)
        seasonal = season_effect(common, lesson.slopes) + own @ lesson.slopes[LEVELS:]
        believed = levels @ lesson.slopes[:LEVELS] + lesson.shift
        unsure = unsure_at(record, weeks, ahead, levels, squared)
        doubt = np.hypot(lesson.doubt, lesson.jump_doubt * np.maximum(unsure[:, 2] - JUMP_FREE, 0.0))
        unseen = _unseen_season(weeks, ahead, levels[:, 2] - levels[:, 0])
        down, up = np.hypot(unseen, _launch_doubt(levels, youth, ahead))
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


def _youth(record: Record) -> Array:
    """Youth of an ASIN: 1 on its first day, 0 for one that is no launch [ratio].

    A launch is one that the record would have known before: its silent weeks would have shown a sale at its pace.
    """
    weeks = len(record.units)
    silent = (np.cumsum(record.known, axis=0) == 0).sum(axis=0)
    young = np.clip(1.0 - (weeks - silent) / LAUNCH_WEEKS, 0.0, 1.0)
    return np.where(silent * record.level[weeks] >= NONE_SOLD, young, 0.0)


def _launch_doubt(levels: Array, youth: Array, horizon: int) -> tuple[Array, Array]:
    """Range of a launch's sales below and above the expected (logs).

    Nobody knows yet where a launch settles. One that still rises or falls may go on, so the range reaches that way.
    """
    quarter, month, week = levels[:, 2], levels[:, 3], levels[:, 4]
    youth = youth * min(LAUNCH_SOON + horizon / 26, 1.0)
    slope = np.clip((month + week) / 2.0 - quarter, -1.0, 1.0)
    down, up = (youth * (LAUNCH_DOUBT + LAUNCH_SLOPE * np.maximum(each, 0.0)) for each in (-slope, slope))
    return down, up


def _unseen_season(weeks: int, horizon: int, trend: Array) -> tuple[Array, Array]:
    """Range below and above the expected where a trend may be a season's, in a record of under a year (logs).

    A season turns back, so that the range reaches farther that way.

    Examples
    --------
    Twice the usual pace, in a record of 15 weeks.

    >>> [round(float(each), 2) for each in _unseen_season(15, 26, np.log(2))]
    [2.12, 0.94]
    """
    possible = float(np.sqrt(max(1.0 - weeks / SEEN_WEEKS, 0.0))) * min(horizon / 13, 1.0)
    beyond = possible * np.maximum(np.abs(trend) - JUMP_FREE, 0.0)
    back, on = SEASON_BACK * beyond, SEASON_ON * beyond
    return np.where(trend > 0, back, on), np.where(trend > 0, on, back)

"""The account's past replayed: how far its jumps, levels and seasons lasted, and how sure that is.

At every fourth week of the past: what did an ASIN's recent weeks say, and what did it then sell over the next 1 to 52
weeks? One robust regression per horizon, pooled over the account, turns that into a weight per question ("are the last
four weeks above the last thirteen?"). With little past the weights stay at a neutral start.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wockit.formulas.record import (
    CARRIED_SEASON,
    SEASON_TRUST,
    YEAR,
    Record,
    levels_at,
    log_ratio,
    season_effect,
    seasons_at,
    squared_scatter_at,
    unsure_at,
    usable_at,
)

Array = NDArray[Any]

HORIZONS = (1, 2, 4, 8, 13, 26, 39, 52)
FIRST_ORIGIN, ORIGIN_STEP, ORIGINS = 8, 4, 30
RIDGE_ROWS, SPREAD_ROWS = 30.0, 10.0
"""How many rows of the past the start of the slopes, and that of the spread, count for."""
JUMP_DOUBT = 0.8
"""how unsure one quarter of the past leaves how far jumps last"""
SLOPES_START = np.array([0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 0, 0.5, -0.3])
"""one a question of the record: the middle, half of the own season ahead, less some of the last quarter's"""
SPREAD_START = np.array([0.25, 1.1, 0.3, 0.2, 0.2])
"""drift, scatter, jump, trend, short history"""
COMMON_SPREAD, SPREAD_QUARTERS = 0.1, 2.0
"""how far an account moves as a whole in a quarter (log), and how many quarters of the past that counts for"""
COMMON_START, COMMON_RIDGE = np.array([0.0, 0.7]), np.array([100.0, 0.5])
"""the account's own shift and the share of its momentum that lasts, and how firmly both are held (1 / variance)"""


@dataclass(frozen=True)
class Lesson:
    """Lesson of the account's past about one horizon."""

    season: list[Array]
    slopes: Array
    shift: float
    doubt: float
    jump_doubt: float
    low: Array
    high: Array


def learn(record: Record) -> list[Lesson]:
    """Replay the account's past and learn, horizon by horizon, how far its jumps, levels and seasons last."""
    weeks, items = record.units.shape
    lessons: list[Lesson] = []
    slopes, common, moved, low, high = SLOPES_START, COMMON_START, np.zeros(1), -SPREAD_START, SPREAD_START
    quarterly = COMMON_SPREAD**2
    squared = {origin: squared_scatter_at(record, origin) for origin in {weeks, *range(FIRST_ORIGIN, weeks)}}
    levels = {origin: levels_at(record, origin, squared[origin]) for origin in squared}
    for horizon in HORIZONS:
        now, now_season, season = _rows(record, weeks, horizon, levels[weeks])
        origins = list(range(weeks - horizon, FIRST_ORIGIN - 1, -ORIGIN_STEP))[:ORIGINS]
        parts = []
        for origin in origins:
            rows, its_season, _ = _rows(record, origin, horizon, levels[origin])
            sold, seen = record.window(origin, origin + horizon)
            future = sold * horizon / np.maximum(seen, 1.0)
            target = log_ratio(future, np.full(len(rows), horizon), record.level[origin])
            unsure = unsure_at(record, origin, horizon, levels[origin], squared[origin])
            usable = (seen >= horizon / 2) & usable_at(record, origin)
            parts += [(rows[usable], target[usable], unsure[usable], its_season)] if usable.any() else []
        if sum(len(part[1]) for part in parts) > 20:
            rows, target, unsure = (np.concatenate([part[i] for part in parts]) for i in range(3))
            group = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
            span = origins[0] - origins[-1]
            ridge = (1.0 + 10.0 / items) * len(origins) / max(span / horizon, 1.0)
            slopes = _fit(rows, target, slopes, RIDGE_ROWS * ridge, 0.5, group)
            left = target - rows @ slopes - np.array([season_effect(part[3], slopes) for part in parts])[group]
            pull = 1.0 / np.maximum(np.abs(left), 0.2)
            moved = np.bincount(group, pull * left) / np.bincount(group, pull)
            signs = np.array([[1.0, _momentum(part[0], part[3], slopes)] for part in parts])
            common = _common_fit(signs, moved, common, (left.var() + 0.25) / len(left), span + horizon, horizon)
            moved, left = moved - signs @ common, left - (signs @ common)[group]
            low = _fit(unsure, left, -SPREAD_START, SPREAD_ROWS * ridge, 0.1)
            high = _fit(unsure, left, SPREAD_START, SPREAD_ROWS * ridge, 0.9)
        windows = max((weeks - FIRST_ORIGIN) / max(horizon, 13), 1.0)
        if horizon == 13:  # what is usual, and less the longer the account was calm as a whole
            quarters = (len(moved) - 1) * ORIGIN_STEP / horizon
            together = SPREAD_QUARTERS * quarterly + quarters * float(moved.var())
            quarterly = together / (SPREAD_QUARTERS + quarters)
        doubt = 1.28 * float(np.sqrt((moved.var() + quarterly * horizon / 13) / windows))
        jump_doubt = 1.28 * JUMP_DOUBT / float(np.sqrt(windows))
        shift = float(common @ (1.0, _momentum(now[usable_at(record, weeks)], now_season, slopes)))
        lessons.append(Lesson(season, slopes, shift, doubt, jump_doubt, low, high))
    return lessons


def _rows(record: Record, origin: int, horizon: int, levels: Array) -> tuple[Array, Array, list[Array]]:
    """The regression's rows at one origin, with the account's season there."""
    common, own, season = seasons_at(record, origin, horizon, None)
    return np.column_stack([levels, own]), common, season


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


def _momentum(rows: Array, season: Array, slopes: Array) -> float:
    """Account's last month as a whole, without season, over the believed levels of its items."""
    seasonal = SEASON_TRUST * (season[3] - season[1:] @ (CARRIED_SEASON @ slopes))
    return float(np.sum(rows[:, 3] - rows @ slopes - seasonal) / (len(rows) + 10.0))


def _common_fit(signs: Array, moved: Array, start: Array, item_noise: float, span: int, horizon: int) -> Array:
    """Movement of the whole account: a lasting shift and its momentum, with a ridge toward `start`.

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

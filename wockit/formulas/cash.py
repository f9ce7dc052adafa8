"""The cash of whole paths: every path of every item is played through the year, in every case.

What a path, a case and an item are is in `paths`; which path is the best is decided elsewhere. Only what differs is
played: without ads all advertising levels are the same path, and at today's price every elasticity is the same case.
Quantities in, quantities out.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wockit.formulas.paths import NOW, YEAR, Cases, Items, Paths
from wockit.formulas.year import EDGES, Course, Plays, demand_in_steps, in_steps, played

Array = NDArray[Any]

ROOM = 2_000
"""Items whose paths are laid out at once, so that memory is bounded."""
BLOCK = 9_000
"""Plays x cases that are played at once: as many as stay in the processor's cache."""


@dataclass(frozen=True)
class Cash:
    """Cash of each path: items x paths x cases.

    `money` from today on, discounted [money]; `spend` on advertising in the first four weeks [money]; `sold` in the
    year and `left` at its end or on the item's clear-by date [unit].
    """

    money: Array
    spend: Array
    sold: Array
    left: Array


def cash(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> Cash:
    """Cash of every path in every case.

    Week by week the demand is served while there is stock; the oldest units go first. Advertising sells its
    incremental share beside the organic demand; a lower price raises both by `(1 - cut) ** -elasticity`. Clicks end
    with the stock. What is left after a year goes on selling by itself for half a year, and the rest leaves; what is
    left on the item's clear-by date leaves then.

    Parameters
    ----------
    items, paths, cases
        Quantities by item, ways of acting, and what is not known.
    capital_rate
        Cost of capital a year [fraction].

    Examples
    --------
    One item of 10 units sells 1 a week for 10 each and pays no fees: after ten weeks all are gone.

    >>> from wockit.formulas.paths import AS_TODAY, crossed_cases, paths_of
    >>> weeks = np.ones((1, YEAR))
    >>> item = Items(np.array([[10.0]]), 0 * weeks, np.ones((1, 3, YEAR)), 0 * weeks, 0 * weeks, np.ones((1, 3)),
    ...     np.array([10.0]), *np.zeros((5, 1)), 0 * weeks, np.zeros((1, 1, YEAR)),
    ...     *np.zeros((1, 1)), np.array([52.0]), 0 * weeks)
    >>> its = cash(item, paths_of(AS_TODAY), crossed_cases((1, 1, 1), (1, 1, 1), (0, 0, 0)), 0.0)
    >>> {*its.money[0, 0].tolist()}
    {100.0}
    """
    count = len(items.price)
    numbers = np.empty((4, count, paths.ads.shape[1], len(cases.weight)))
    for at in range(0, count, ROOM):
        rows = slice(at, at + ROOM)
        _either_way(numbers[:, rows], items.some(rows), paths.rows(rows), cases, capital_rate)
    return Cash(*numbers)


def _either_way(numbers: Array, items: Items, paths: Paths, cases: Cases, capital_rate: float) -> None:
    """The paths played in all cases. An item that is surely bought again, or surely not, is played only so.

    Cases that cannot be of such an item have the numbers of those that can. Written to `numbers`.
    """
    again, once = cases.half(True), cases.half(False)
    halves = numbers[..., : len(again.weight)], numbers[..., len(again.weight) :]
    ways = ((items, again, items.again > 0), (items.once(), once, items.again < 1))
    for half, (variant, few, rows) in zip(halves, ways, strict=True):
        which = slice(None) if rows.all() else np.flatnonzero(rows)
        half[:, which] = _every(variant.some(which), paths.rows(which), few, capital_rate)
    for half, other, (_, _, rows) in zip(halves, halves[::-1], ways, strict=True):
        half[:, ~rows] = other[:, ~rows]


def cash_by_week(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> tuple[Array, Array, Array]:
    """Cash and stock of every path by week of the year, for a few items.

    The last week stands twice: before and after what is left is valued. Parameters as for `cash`.

    Returns
    -------
    tuple of numpy.ndarray
        Weeks [week]; items x paths x cases x weeks: the money until each [money] and the stock then [unit].

    Examples
    --------
    >>> from wockit.formulas.paths import AS_TODAY, crossed_cases, paths_of
    >>> weeks = np.ones((1, YEAR))
    >>> item = Items(np.array([[10.0]]), 0 * weeks, np.ones((1, 3, YEAR)), 0 * weeks, 0 * weeks, np.ones((1, 3)),
    ...     np.array([10.0]), *np.zeros((5, 1)), 0 * weeks, np.zeros((1, 1, YEAR)),
    ...     *np.zeros((1, 1)), np.array([52.0]), 0 * weeks)
    >>> as_today, steady = paths_of(AS_TODAY), crossed_cases((1, 1, 1), (1, 1, 1), (0, 0, 0))
    >>> week, money, stock = cash_by_week(item, as_today, steady, 0.0)
    >>> at = week.tolist().index(4)
    >>> float(money[0, 0, 0, at]), float(stock[0, 0, 0, at])
    (40.0, 6.0)
    """
    shape = (len(items.price), paths.ads.shape[1])
    columns = (np.broadcast_to(column, shape).reshape(-1) for column in paths.columns())
    plays = Plays(np.repeat(np.arange(shape[0]), shape[1]), *columns)
    halves = []
    for variant, half in ((items, cases.half(True)), (items.once(), cases.half(False))):
        course: Course = []
        steps = in_steps(variant)
        total = played(steps, demand_in_steps(steps, half, ads=True), plays, half, capital_rate, course)[0]
        money, stock = zip(*course, strict=True)
        halves.append((np.stack([*money, total], axis=-1), np.stack([*stock, stock[-1]], axis=-1)))
    by_week = [np.concatenate(pair) for pair in zip(*halves, strict=True)]
    laid_out = [np.moveaxis(numbers, 0, 1).reshape(*shape, len(cases.weight), -1) for numbers in by_week]
    return np.append(EDGES, YEAR), laid_out[0], laid_out[1]


def _every(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> Array:
    """Money, spend, units sold and left, one after another: items x paths x cases. Only what differs is played."""
    plays, place = _different(items, paths)
    numbers = np.empty((4, len(plays.item), len(cases.weight)))
    by_ages = np.argsort((items.units > 0).sum(axis=1)[plays.item], kind="stable")  # stock of few ages is quickly done
    for ads, rows in ((True, _is_advertised(items)), (False, ~_is_advertised(items))):
        if not rows.any():
            continue
        steps, number_of = in_steps(items.some(rows)), np.cumsum(rows) - 1
        for cut in (False, True):
            which = by_ages[(rows[plays.item] & ((plays.cut != 0) == cut))[by_ages]]
            few, place_of_case = _different_cases(cases, ads, cut)
            demand = demand_in_steps(steps, few, ads)
            for at in range(0, len(which), BLOCK // len(few.weight)):
                block = which[at : at + BLOCK // len(few.weight)]
                some = plays.some(block)
                parts = played(steps, demand, replace(some, item=number_of[some.item]), few, capital_rate)
                for number, part in zip(numbers, parts, strict=True):
                    number[block] = part.T[:, place_of_case]
    return np.take(numbers, place, axis=1)


def _is_advertised(items: Items) -> Array:
    return np.asarray(items.ad_units.any(axis=1) | items.ad_spend.any(axis=1))


def _different(items: Items, paths: Paths) -> tuple[Plays, Array]:
    """The paths of each item that differ from each other, and which of them each path is (items x paths)."""
    advertised = _is_advertised(items)
    shared = all(len(column) == 1 for column in paths.columns())
    rows = np.array([False, True]) if shared else advertised
    columns = [np.broadcast_to(column, (len(rows), column.shape[1])) for column in _comparable(paths, rows[:, None])]
    alike = np.logical_and.reduce([column[:, :, None] == column[:, None, :] for column in columns])
    first = alike.argmax(axis=2)
    if shared:
        first, columns = first[advertised.astype(int)], [column[advertised.astype(int)] for column in columns]
    different = first == np.arange(first.shape[1])
    number = np.cumsum(different).reshape(first.shape) - 1
    plays = Plays(np.nonzero(different)[0], *(column[different] for column in columns))
    return plays, np.take_along_axis(number, first, axis=1)


def _comparable(paths: Paths, advertised: Array) -> tuple[Array, ...]:
    """The numbers of each path, those that change nothing set to the same."""
    ads, cut, leaves, until, after = paths.columns()
    ads, after = (np.where(advertised, level, NOW) for level in (ads, after))
    after = np.where(until >= YEAR, ads, after)
    return ads, cut, leaves, np.where((cut == 0) & (ads == after), float(YEAR), until), after


def _different_cases(cases: Cases, ads: bool, cut: bool) -> tuple[Cases, Array]:
    """The cases that differ, without or with advertising and a price cut, and which of them each case is."""
    names = ["course"] + cut * ["elasticity"] + ads * ["incremental_share", "answer", "dearer"]
    values = [*zip(*(getattr(cases, name).tolist() for name in names), strict=True)]
    different = [*dict.fromkeys(values)]
    first = [*map(values.index, different)]
    return Cases(*(column[first] for column in vars(cases).values())), np.array([*map(different.index, values)])

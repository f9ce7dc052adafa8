"""The cash of whole paths: what a way of acting on an item's whole stock brings over the coming year.

A path is an advertising level, a price cut and a share of the stock that leaves at once, until a week; afterwards the
price is as today and advertising as said. A case is one set of what is not known: demand, elasticity, and the share of
advertised orders that would not have come otherwise. Every path is played in every case; which path is the best is
decided elsewhere. Quantities in, quantities out.
"""

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]

YEAR = 52
EDGES = np.array([0, 1, 2, 3, 4, 6, 8, 10, 13, 16, 19, 22, 26, 30, 34, 39, 43, 48, YEAR])
"""Where the steps of the year begin and end [week]: single weeks at first, months later."""
STEPS = len(EDGES) - 1
MONTH = 4
"""Weeks whose spend counts against a budget [week]."""
BLOCK = 40_000
"""Paths x cases x items that are played at once: as many as stay in the processor's cache."""
TAIL_WEEKS = 26
"""How long what is left at the end goes on selling by itself before the rest is liquidated [week]."""
NOW, OFF = 1.0, 0.0
TINY = 1e-12


@dataclass(frozen=True)
class Cases:
    """What is not known, as a few values; one entry a case.

    `again` says whether the item is bought again. The `weight` of the cases in which it is adds up to 1, and so does
    that of the cases in which it is not: how likely it is belongs to the item (`Items.weights`). `course` is the column
    of the demand (slow, expected, fast); `elasticity` [ratio]; `incremental_share` [fraction]; `answer` is the column
    of what a click brings (little, expected, much); `dearer`, by how many per cent the cost of a click rises if there
    are one per cent more of them [ratio].
    """

    again: Array
    course: Array
    elasticity: Array
    incremental_share: Array
    answer: Array
    dearer: Array
    weight: Array

    def half(self, again: bool) -> "Cases":
        """The cases in which the item is bought again, or those in which it is not."""
        return Cases(*(getattr(self, each.name)[self.again == again] for each in fields(Cases)))


THIRDS = np.array([0.3, 0.4, 0.3])
"""Weights of the 10 %, 50 % and 90 % quantiles that keep mean and variance (Swanson's rule)."""


Three = tuple[float, float, float]


def crossed_cases(elasticity: Three, incremental_share: Three, dearer: Three) -> Cases:
    """Three courses of demand, elasticities, incremental shares and answers to a click, in nine cases, twice.

    An orthogonal array (Taguchi's L9): every pair of values of two unknowns meets once, so that nine cases do for 81.
    Where a click brings little, more of them get dearer the fastest. First the nine in which the item is bought again,
    then the same nine in which it is not.

    Examples
    --------
    >>> cases = crossed_cases((1, 1.5, 2), (0.5, 0.7, 0.9), (0.4, 0.25, 0.1)).half(again=True)
    >>> len(cases.weight), round(float(cases.weight.sum()), 9), round(float(cases.weight @ cases.elasticity), 9)
    (9, 1.0, 1.5)
    """
    course, price = (each.ravel() for each in np.meshgrid(np.arange(3), np.arange(3), indexing="ij"))
    answer = (course + price + 1) % 3
    nine = (
        course,
        np.array(elasticity, dtype=float)[price],
        np.array(incremental_share, dtype=float)[(course + 2 * price + 1) % 3],
        answer,
        np.array(dearer, dtype=float)[answer],
        THIRDS[course] * THIRDS[price],
    )
    return Cases(np.repeat([True, False], len(course)), *(np.tile(each, 2) for each in nine))


@dataclass(frozen=True)
class Items:
    """What is known of each item (row). Weeks count from today; a missing value makes all money of its item missing.

    Attributes
    ----------
    units : NDArray
        Stock by age, the youngest first (items x ages) [unit].
    arriving : NDArray
        Units on their way, by the week in which they arrive (items x weeks) [unit].
    demand : NDArray
        With advertising and price as today: slow, expected, fast (items x 3 x weeks) [unit/week].
    ad_units, ad_spend : NDArray
        What advertising as today sells and costs (items x weeks) [unit/week], [money/week].
    answers : NDArray
        What a click brings over what is expected: little, expected, much (items x 3) [ratio].
    price, referral_rate, fulfilment_fee : NDArray
        [money], [fraction], [money/unit]
    again : NDArray
        How likely it is that the item is bought again [fraction].
    replacement : NDArray
        What it then costs to buy a unit again [money/unit].
    refill_week : NDArray
        From when on the stock is then replenished as it sells [week].
    storage : NDArray
        What holding a unit costs (items x weeks) [money/unit].
    aged_fee : NDArray
        What holding a unit costs besides, by its age today and week (items x ages x weeks) [money/unit].
    exit_value : NDArray
        What a unit brings that leaves at once, when it is paid [money/unit].
    last_week : NDArray
        The item's own date [week], after which nothing sells and what is left leaves; at most a year.
    short_fee : NDArray
        What Amazon adds to each unit sold while stock is low (items x weeks) [money/unit].
    """

    units: Array
    arriving: Array
    demand: Array
    ad_units: Array
    ad_spend: Array
    answers: Array
    price: Array
    referral_rate: Array
    fulfilment_fee: Array
    again: Array
    replacement: Array
    refill_week: Array
    storage: Array
    aged_fee: Array
    exit_value: Array
    last_week: Array
    short_fee: Array

    def some(self, rows: Any) -> "Items":
        """Some of the items."""
        return Items(**{each.name: getattr(self, each.name)[rows] for each in fields(Items)})

    def once(self) -> "Items":
        """The same items, not bought again."""
        return replace(self, replacement=np.zeros_like(self.replacement), refill_week=np.full(len(self.price), np.inf))

    def weights(self, cases: Cases) -> Array:
        """How much each case counts for each item (items x cases); a row adds up to 1 [fraction]."""
        return np.where(cases.again, self.again[:, None], 1.0 - self.again[:, None]) * cases.weight


@dataclass(frozen=True)
class Paths:
    """Ways of acting on an item's whole stock: items (rows) or one row for all, and paths (columns).

    `ads` is the clicks over those of today [ratio], `cut` the price cut [fraction], `leaves` the share of the stock
    that leaves at once [fraction], all until week `until` [week]; `after` is advertising then [ratio].
    """

    ads: Array
    cut: Array
    leaves: Array
    until: Array
    after: Array

    def rows(self, rows: Any) -> "Paths":
        """The paths of some items."""
        return Paths(*(each if len(each) == 1 else each[rows] for each in self.columns()))

    def columns(self) -> tuple[Array, ...]:
        """The five numbers of a path, one array each."""
        return tuple(getattr(self, each.name) for each in fields(Paths))

    def take(self, chosen: Any) -> "Paths":
        """One path an item, by its column: arrays of one column."""
        items = np.arange(len(chosen))
        return Paths(*(np.broadcast_to(e, (len(chosen), e.shape[1]))[items, chosen][:, None] for e in self.columns()))

    def as_table(self, index: pd.Index) -> pd.DataFrame:
        """One path an item (the first column) as a table."""
        return pd.DataFrame({each.name: getattr(self, each.name)[:, 0] for each in fields(Paths)}, index=index)

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> "Paths":
        """One path an item, from such a table."""
        return cls(*(table[each.name].to_numpy()[:, None] for each in fields(cls)))

    def beside(self, *others: "Paths") -> "Paths":
        """These paths and others, side by side."""
        all_ = (self, *others)
        items = max(len(each.ads) for each in all_)
        parts = zip(*(each.columns() for each in all_), strict=True)
        return Paths(*(np.hstack([np.broadcast_to(e, (items, e.shape[1])) for e in part]) for part in parts))


def paths_of(*rows: tuple[float, float, float, float, float]) -> Paths:
    """The same paths for all items, from rows of ads, cut, leaves, until and after.

    Examples
    --------
    >>> paths_of(AS_TODAY).ads.tolist()
    [[1.0]]
    """
    return Paths(*(np.array([each], dtype=float) for each in zip(*rows, strict=True)))


AS_TODAY = (NOW, 0.0, 0.0, float(YEAR), NOW)


@dataclass(frozen=True)
class Cash:
    """What each path brings: items x paths x cases.

    `money` from today on, discounted [money]; `spend` on advertising in the first four weeks [money]; `sold` in the
    year and `left` at its end or on the item's own date [unit].
    """

    money: Array
    spend: Array
    sold: Array
    left: Array


def cash(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> Cash:
    """What every path brings in every case.

    Week by week the demand is served while there is stock; the oldest units go first. Advertising sells its
    incremental share beside the organic demand; a lower price raises both by `(1 - cut) ** -elasticity`. Clicks end
    with the stock. What is left after a year goes on selling by itself for half a year, and the rest leaves; what is
    left on the item's own date leaves then.

    Parameters
    ----------
    items, paths, cases
        Quantities by item, ways of acting, and what is not known.
    capital_rate
        Cost of capital a year [fraction].

    Examples
    --------
    One item of 10 units sells 1 a week for 10 each and pays no fees: after ten weeks all are gone.

    >>> weeks = np.ones((1, YEAR))
    >>> item = Items(np.array([[10.0]]), 0 * weeks, np.ones((1, 3, YEAR)), 0 * weeks, 0 * weeks, np.ones((1, 3)),
    ...     np.array([10.0]), *np.zeros((5, 1)), 0 * weeks, np.zeros((1, 1, YEAR)),
    ...     *np.zeros((1, 1)), np.array([52.0]), 0 * weeks)
    >>> its = cash(item, paths_of(AS_TODAY), crossed_cases((1, 1, 1), (1, 1, 1), (0, 0, 0)), 0.0)
    >>> {*its.money[0, 0].tolist()}
    {100.0}
    """
    count = len(items.price)
    size = max(BLOCK // (paths.ads.shape[1] * len(cases.weight)), 1)
    starts = range(0, max(count, 1), size)
    parts = [
        _either_way(items.some(slice(at, at + size)), paths.rows(slice(at, at + size)), cases, capital_rate)
        for at in starts
    ]
    return Cash(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _either_way(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> tuple[Array, ...]:
    """The paths played in all cases. An item that is surely bought again, or surely not, is played only so.

    Cases that cannot be of such an item have the numbers of those that can.
    """
    ways = ((True, items, items.again > 0), (False, items.once(), items.again < 1))
    played = [_played(each.some(rows), paths.rows(rows), cases.half(way), capital_rate) for way, each, rows in ways]
    again, once = (rows for _, _, rows in ways)
    pairs = zip(*played, strict=True)
    return tuple(np.concatenate([_filled(a, again, b, once), _filled(b, once, a, again)], axis=2) for a, b in pairs)


def _filled(numbers: Array, rows: Array, others: Array, other_rows: Array) -> Array:
    """Numbers of some rows, and of the rest those that others have."""
    if rows.all():
        return numbers
    every = np.empty((len(rows), *numbers.shape[1:]))
    every[rows], every[~rows] = numbers, others[~rows[other_rows]]
    return every


def cash_by_week(items: Items, paths: Paths, cases: Cases, capital_rate: float) -> tuple[Array, Array, Array]:
    """How the cash of every path adds up over the year, and its stock runs down, for a few items.

    The last week stands twice: before and after what is left is valued. Parameters as for `cash`.

    Returns
    -------
    tuple of numpy.ndarray
        Weeks [week]; items x paths x cases x weeks: the money until each [money] and the stock then [unit].

    Examples
    --------
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
    halves = []
    for each, half in ((items, cases.half(True)), (items.once(), cases.half(False))):
        course: list[tuple[Array, Array]] = []
        total = _played(each, paths, half, capital_rate, course)[0]
        money, stock = zip(*course, strict=True)
        halves.append((np.stack([*money, total], axis=-1), np.stack([*stock, stock[-1]], axis=-1)))
    both = [np.concatenate(pair, axis=2) for pair in zip(*halves, strict=True)]
    return np.append(EDGES, YEAR), both[0], both[1]


@dataclass(frozen=True)
class _Year:
    """The year in steps: what is asked for without and by advertising, what clicks and stock cost, what arrives."""

    organic: Array
    advertised: Array
    spend: Array
    arriving: Array
    storage: Array
    aged_fee: Array
    short_fee: Array


def _year(items: Items, cases: Cases) -> _Year:
    share = (items.answers[:, cases.answer] * cases.incremental_share)[:, None, :]
    demand = np.moveaxis(_by_step(items.demand)[:, cases.course], 2, 0)[:, :, None, :]
    by_ads, spend, arriving, storage, short = (
        np.moveaxis(_by_step(each), 1, 0)[:, :, None, None]
        for each in (items.ad_units, items.ad_spend, items.arriving, items.storage, items.short_fee)
    )
    aged = np.moveaxis(_by_step(items.aged_fee), 2, 0)[..., None, None]
    organic = np.maximum(demand - share * by_ads, 0.0)
    short = short / np.diff(EDGES)[:, None, None, None]
    return _Year(organic, demand - organic, spend, arriving, storage, aged, short)


def _by_step(weekly: Array) -> Array:
    """Sums of the weeks (last axis) in each step."""
    return np.asarray(np.add.reduceat(weekly[..., :YEAR], EDGES[:-1], axis=-1))


def _played(
    items: Items,
    paths: Paths,
    cases: Cases,
    capital_rate: float,
    course: list[tuple[Array, Array]] | None = None,
) -> tuple[Array, ...]:
    """Money, spend, units sold and left; money and stock before and after each step are added to a `course`."""
    ads, cut, leaves, until, after = (each[:, :, None] for each in paths.columns())
    year, dearer, lift = _year(items, cases), 1.0 + cases.dearer, (1.0 - cut) ** -cases.elasticity
    last, refill, held = (each[:, None, None] for each in (items.last_week, items.refill_week, items.units.sum(axis=1)))
    net, net_cut = (
        items.price[:, None, None] * (1.0 - off) * (1.0 - items.referral_rate[:, None, None])
        - (items.fulfilment_fee + items.replacement)[:, None, None]
        for off in (0.0, cut)
    )
    leave = (items.exit_value - items.replacement)[:, None, None]
    shape = np.broadcast_shapes(lift.shape, year.organic.shape[1:], held.shape, ads.shape)
    stock, first, money = np.empty((3, *shape))
    stock[...] = first[...] = held * (1.0 - leaves)
    money[...] = np.where(leaves > 0, leaves * held * leave, 0.0)
    spent, sold_in_all, left = np.zeros((3, *shape))
    before = None
    for step, (begins, ends) in enumerate(pairwise(EDGES)):
        _noted(course, money, stock)
        discount = (1.0 + capital_rate) ** (-(begins + ends) / 2 / YEAR)
        on, open_ = (np.clip((end - begins) / (ends - begins), 0.0, 1.0) for end in (until, last))
        if before is None or (on != before).any():
            before, price = on, on * net_cut + (1.0 - on) * net
            raised, clicks = on * lift + (1.0 - on), on * ads * lift + (1.0 - on) * after
            costs = on * ads**dearer + (1.0 - on) * after**dearer
        stock += year.arriving[step]
        wanted = raised * (year.organic[step] * open_)
        wanted += clicks * (year.advertised[step] * open_)
        sold = np.minimum(wanted, stock + np.where(ends > refill, np.inf, 0.0))
        stock -= sold
        np.maximum(stock, 0.0, out=stock)
        spend = np.divide(sold, np.maximum(wanted, TINY, out=wanted), out=wanted)
        spend *= costs
        spend *= year.spend[step] * open_
        money += sold * (discount * (price - year.short_fee[step]))
        money -= discount * spend
        mean = sold * 0.5
        mean += stock
        mean *= discount * open_ * year.storage[step]
        money -= mean
        if year.aged_fee[step].any():
            there = np.maximum(first - sold_in_all - sold / 2, 0.0)
            money -= discount * open_ * _aged(there, items.units, year.aged_fee[step])
        sold_in_all += sold
        spent += spend if ends <= MONTH else 0.0
        due = (last > begins) & (last <= ends)
        if due.any():
            rest = np.where(due, stock, 0.0)
            left += rest
            money += np.where(rest > 0, discount * rest * leave, 0.0) if ends < YEAR else 0.0
            stock -= rest if ends < YEAR else 0.0
    _noted(course, money, stock)
    pace = np.where((last < YEAR) | np.isfinite(refill), 0.0, year.organic.sum(axis=0) / YEAR)
    rest = np.where(np.isfinite(refill), 0.0, stock)
    storage = year.storage[-1] / (EDGES[-1] - EDGES[-2])
    money += _rest_value(rest, pace, net, storage, leave) / (1.0 + capital_rate)
    # what arrived after the item's own date is left too
    return money, spent, sold_in_all, left + np.where(last < YEAR, stock, 0.0)


def _noted(course: list[tuple[Array, Array]] | None, money: Array, stock: Array) -> None:
    if course is not None:
        course.append((money.copy(), stock.copy()))


def _aged(there: Array, units: Array, fee: Array) -> Array:
    """The aged surcharge of what is left of the first stock: the youngest stay the longest."""
    younger, total = np.cumsum(units, axis=1) - units, np.zeros_like(there)
    for age in np.flatnonzero(fee.any(axis=(0, 2, 3))):
        old = there - younger[:, age, None, None]
        np.maximum(old, 0.0, out=old)
        np.minimum(old, units[:, age, None, None], out=old)
        old *= fee[:, age]
        total += old
    return total


def _rest_value(stock: Array, pace: Array, net: Array, storage: Array, leave: Array) -> Array:
    """What the stock is worth after the year: what sells by itself in half a year, and the rest as it leaves."""
    going = np.minimum(stock, TAIL_WEEKS * pace)
    wait = storage * going / np.where(pace > 0, 2 * pace, np.inf)
    by_itself = np.maximum(going * (net - wait), going * leave)
    return np.where(stock > 0, by_itself + (stock - going) * leave, 0.0)

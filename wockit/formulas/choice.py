"""Choice of the best path of each item, on average over the cases, and under one advertising budget for all.

What a path brings comes from `paths`. Paths are tried in two rounds: the same coarse ones for all items, then finer
ones around the best of each. Carrying on as today is always among them, and its gain is 0.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wockit.formulas.cash import cash
from wockit.formulas.paths import AS_TODAY, NOW, OFF, YEAR, Cases, Items, Paths, paths_of

Array = NDArray[Any]

ROOM = 1000
"""Items that are searched at once."""
AD_LEVELS, CUTS = (0.0, 0.5, 1.0, 1.5, 2.0), (0.0, 0.1, 0.2, 0.3)
RAISED = tuple(level for level in AD_LEVELS if level > NOW)
"""More clicks that may come afterwards, over those of today [ratio]."""
LEAVING, PATH_WEEKS = (0.0, 0.35, 0.7, 1.0), (4.0, 10.0, 22.0)
MOST_CUT = 0.4
RISES = (0.0, 0.05, 0.1)
"""Price rises that are tried while stock is short [fraction]. More of one can cost an offer its place on the page."""
CAUTION, BOLD = 0.25, 0.5
"""How much of its own doubt is held back from a path's gain: the best of many is best partly by its errors. More where
units leave or more is spent on ads, which is gone; fewer clicks and a price can be changed back next week."""
EXACT, SOLVER_SECONDS = 40, 5.0
"""Items up to which the choice under a budget is exact, and seconds that HiGHS has for more."""


_TIME_IS_UP = 1
"""What `milp` says of itself where its time is used up."""


@dataclass(frozen=True)
class Search:
    """Paths that were tried: items x paths. As today is the first, and its gain is 0.

    `gain` over as today, on average over the cases, and its `doubt`, how far the cases lie apart (standard deviation)
    [money]; missing where units cannot leave. `spend` on advertising in the budget's weeks, on average [money].
    `worth_knowing` is what it would bring to know the incremental share, and the elasticity (items x 2) [money].
    """

    paths: Paths
    gain: Array
    doubt: Array
    spend: Array
    worth_knowing: Array

    @property
    def score(self) -> Array:
        """The gain less a part of its doubt: by this the paths are compared [money]."""
        return _score(self.paths, self.gain, self.doubt)


def _score(paths: Paths, gain: Array, doubt: Array) -> Array:
    bold = (paths.leaves > 0) | (np.maximum(paths.ads, paths.after) > NOW)
    return np.asarray(gain - np.where(bold, BOLD, CAUTION) * doubt)


def cautious(by_case: Array, weights: Array) -> Array:
    """The mean over the cases (columns) less a quarter of their spread, which pays for having picked the best path.

    Examples
    --------
    >>> cautious(np.array([[1.0, 3.0]]), np.array([[0.5, 0.5]])).tolist()
    [1.75]
    """
    mean = (by_case * weights).sum(axis=1)
    return np.asarray(mean - CAUTION * np.sqrt(np.maximum((by_case**2 * weights).sum(axis=1) - mean**2, 0.0)))


def _coarse() -> Paths:
    year = float(YEAR)
    rows = [AS_TODAY]
    rows += [(ads, cut, 0.0, year, OFF) for ads, cut in product(AD_LEVELS, CUTS)]
    rows += [(ads, cut, 0.0, 10.0, after) for ads, cut, after in product(AD_LEVELS, CUTS, (OFF, NOW))]
    rows += [(ads, cut, part, year, OFF) for ads, cut, part in product((OFF, NOW), (0.0, 0.2), LEAVING[1:])]
    return paths_of(*dict.fromkeys(rows))


def search(
    items: Items, cases: Cases, capital_rate: float, most_ads: Array, may_leave: Array, short_until: Array
) -> Search:
    """Try the paths of every item.

    Parameters
    ----------
    items, cases, capital_rate
        As for `cash.cash`.
    most_ads
        The most clicks that can be had, over those of today [ratio].
    may_leave
        Whether units may leave at once: false where their value is unknown.
    short_until
        Until when there is too little stock [week]; 0 where there is enough.
    """
    blocks = [slice(at, at + ROOM) for at in range(0, max(len(items.price), 1), ROOM)]
    limits = (most_ads, may_leave, short_until)
    parts = [_searched(items.some(block), cases, capital_rate, *(of[block] for of in limits)) for block in blocks]
    columns = zip(*(part.paths.columns() for part in parts), strict=True)
    numbers = ("gain", "doubt", "spend", "worth_knowing")
    return Search(
        Paths(*(np.concatenate(column) for column in columns)),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in numbers},
    )


def _searched(
    items: Items, cases: Cases, capital_rate: float, most_ads: Array, may_leave: Array, short_until: Array
) -> Search:
    base = cash(items, paths_of(AS_TODAY), cases, capital_rate).money
    paths = _coarse()
    values = _valued(items, paths, cases, capital_rate, may_leave, base)
    for _ in range(2):
        score = _score(paths, *values[:2])
        best = paths.take(np.nan_to_num(score, nan=-np.inf).argmax(axis=1))
        short = short_until[:, None]
        finer = _around(best, most_ads[:, None], short).beside(_while_short(best, short))
        more = _valued(items, finer, cases, capital_rate, may_leave, base)
        paths = paths.beside(finer)
        values = tuple(np.concatenate(pair, axis=1) for pair in zip(values, more, strict=True))
    gain, doubt, spend, by_share, by_price = values
    best = np.nanmax(np.nan_to_num(gain, nan=-np.inf), axis=1)
    knowing = [_knowing(gains, best) for gains in (by_share, by_price)]
    return Search(paths, gain, doubt, spend, np.stack(knowing, axis=1))


def _valued(
    items: Items, paths: Paths, cases: Cases, capital_rate: float, may_leave: Array, base: Array
) -> tuple[Array, ...]:
    """Mean and spread of each path's gain over the cases, its spend, and its gain for each share and elasticity."""
    outcome = cash(items, paths, cases, capital_rate)
    gain = np.where(((paths.leaves > 0) & ~may_leave[:, None])[:, :, None], np.nan, outcome.money - base)
    weights = items.weights(cases)[:, :, None]
    mean, square, spend = ((amounts @ weights)[:, :, 0] for amounts in (gain, gain**2, outcome.spend))
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    groups = [weights * (unknown[:, None] == np.unique(unknown)) for unknown in _unknown(cases)]
    return mean, spread, spend, *(gain @ group for group in groups)


def _unknown(cases: Cases) -> tuple[Array, Array]:
    return cases.incremental_share, cases.elasticity


def _knowing(gain: Array, best: Array) -> Array:
    """Gain of choosing the best path for each value over the one path that is best for all: never below 0."""
    best_by_value = np.nan_to_num(gain, nan=-np.inf).max(axis=1).sum(axis=1)
    return np.where(np.isfinite(best), np.maximum(best_by_value - np.where(np.isfinite(best), best, 0.0), 0.0), 0.0)


def _around(best: Paths, most: Array, short_until: Array) -> Paths:
    """Finer paths around one path an item: another week, a bit more or less of one thing. No price rises for longer.

    More clicks afterwards only where stock is short until then: elsewhere more of them now is worth as much.
    """
    zero, rise, comes = np.zeros_like(best.ads), best.cut < 0, (short_until > 0) & (best.until < YEAR)
    longest, least_cut = np.where(rise, best.until, float(YEAR)), np.where(rise, -RISES[-1], 0.0)
    steps: list[dict[str, Array]] = [
        {"until": np.minimum(longest, week), "after": zero + after}
        for week, after in product((*PATH_WEEKS, float(YEAR)), (OFF, NOW))
    ]
    steps += [{"ads": np.clip(best.ads + step, 0.0, most)} for step in (-0.25, 0.25)] + [{"ads": most}]
    steps += [{"after": np.where(comes, level, best.after)} for level in RAISED]
    steps += [{"cut": np.clip(best.cut + step, least_cut, MOST_CUT)} for step in (-0.05, 0.05)]
    steps += [{"leaves": np.clip(best.leaves + step, 0.0, 1.0)} for step in (-0.15, 0.15)]
    names = ("ads", "cut", "leaves", "until", "after")
    finer = [Paths(*(step.get(name, getattr(best, name)) for name in names)) for step in steps]
    return finer[0].beside(*finer[1:])


def _while_short(best: Paths, short_until: Array) -> Paths:
    """Fewer clicks and a higher price until more stock comes, then more clicks where they pay with enough stock.

    Where there is enough today, the path that is there already.
    """
    afterwards = np.maximum(np.where(best.until < YEAR, best.after, best.ads), NOW)
    rows = [(ads, -rise, 0.0, short_until, afterwards) for ads, rise in product((OFF, 0.5, NOW), RISES)]
    columns = (np.hstack([np.broadcast_to(row[at], best.ads.shape) for row in rows]) for at in range(5))
    held = zip(columns, best.columns(), strict=True)
    return Paths(*(np.where(short_until > 0, of_short, of_best) for of_short, of_best in held))


@dataclass(frozen=True)
class Choice:
    """The column of each item, and how it was found.

    `price` is what one more unit of budget would bring [money/money]. `stopped` says that HiGHS used up its time: the
    choice keeps the budget, and another may gain a bit more.
    """

    columns: Array
    price: float = 0.0
    stopped: bool = False


def under_budget(gain: Array, spend: Array, budget: float) -> Choice:
    """The path of each item that together gain most while their advertising stays within the budget.

    A multiple-choice knapsack. Up to 40 items it is solved exactly, by HiGHS. For more every item takes what is best at
    one price of the budget, the lowest at which the budget holds: that is the optimum but for less than the last item's
    step. Either way more budget never gains less.

    Parameters
    ----------
    gain, spend
        Items x paths [money]; a missing gain is no choice.
    budget
        [money]; infinite for no cap.

    Examples
    --------
    >>> under_budget(np.array([[0.0, 5.0], [0.0, 4.0]]), np.array([[0.0, 10.0], [0.0, 4.0]]), 10.0).columns.tolist()
    [1, 0]
    """
    worth = np.where(np.isfinite(gain), gain, -np.inf)
    free = worth.argmax(axis=1)
    rows = np.arange(len(worth))
    if not len(worth) or spend[rows, free].sum() <= budget:
        return Choice(free)
    costs = np.where(np.isfinite(worth), spend, np.inf)
    least = np.where(costs <= costs.min(axis=1, keepdims=True), worth, -np.inf).argmax(axis=1)
    if spend[rows, least].sum() >= budget:
        return Choice(least, np.inf)
    low, high = 0.0, 1.0
    while spend[rows, _at(worth, spend, high)].sum() > budget:
        low, high = high, 2.0 * high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if spend[rows, _at(worth, spend, middle)].sum() <= budget else (middle, high)
    at_price = _at(worth, spend, high)
    if len(worth) > EXACT:
        return Choice(at_price, high)
    exact, stopped = _exact(worth, spend, budget)
    gained = [worth[rows, columns].sum() for columns in (exact, at_price)]
    return Choice(exact if gained[0] >= gained[1] else at_price, high, stopped)


def _at(worth: Array, spend: Array, price: float) -> Array:
    """The best path of each item at a price of the budget."""
    return np.asarray((worth - price * spend).argmax(axis=1))


def _exact(worth: Array, spend: Array, budget: float) -> tuple[Array, bool]:
    """The best choice that HiGHS finds in its time, as today where it finds none, and whether its time was used up."""
    from scipy import sparse  # here, because it takes a fifth of a second, and few accounts have a budget
    from scipy.optimize import Bounds, LinearConstraint, milp

    item, path = np.nonzero(np.isfinite(worth))
    count = len(item)
    one = sparse.csr_array((np.ones(count), (item, np.arange(count))), shape=(len(worth), count))
    solution = milp(
        -worth[item, path],
        constraints=[LinearConstraint(one, 1, 1), LinearConstraint(spend[item, path][None, :], -np.inf, budget)],
        integrality=np.ones(count, dtype=int),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": SOLVER_SECONDS},
    )
    chosen = np.zeros(len(worth), dtype=int)
    if solution.x is not None:
        taken = np.asarray(solution.x) > 0.5
        chosen[item[taken]] = path[taken]
    return chosen, bool(solution.status == _TIME_IS_UP)

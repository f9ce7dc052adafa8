"""The best mix: assign units to ways out for the highest total value within the ad budget.

A mixed-integer programme, solved by HiGHS. The value per unit and the limit of each way come from `ways_out`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from wockit.formulas.quantity import Quantity, check_ranges
from wockit.formulas.ways_out import ADVERTISE, KEYS, MARKDOWN, OUTLET, PLANS, REASONS, WAYS, WaysOut
from wockit.language import Text
from wockit.notes import Problem, WockitError

CENT = 0.01


CORE = 32
"""Items whose whole units are solved together at first; up to so many the optimum is exact."""


PRECISION = 1e-5
"""Share of all money within which the mix of more items is the best."""


@dataclass(frozen=True)
class Mix:
    """Units to ways under one budget: items are rows, `WAYS` columns.

    `units` [unit], missing where the units to clear are; `spend` on advertising [money]; `total_value` of all units
    that go some way [money]; `budget_price`, what one more unit of budget would bring [money/money]; `unplaced` units
    by item that no way can take, and why in `problems`; by item the `best_way` that takes all its units alone (its key,
    or "" where none does) and what that brings, `best_way_value` [money].
    """

    units: Any
    spend: float
    total_value: float
    budget_price: float
    unplaced: Any
    problems: tuple[Problem, ...]
    best_way: Any
    best_way_value: Any


def best_mix(ways: WaysOut, excess_units: Quantity, ad_budget: float) -> Mix:
    """Send every unit some way so that all bring the most (or lose the least) and advertising stays in its budget.

    An item has one price at a time: it is held and advertised at the full price or marked down, either of them after an
    Outlet deal or without (`PLANS`); plans may share the time. As few units as possible stay unplaced, then value
    counts. Solved with HiGHS: the relaxation, where units may be split, exactly; whole units exactly up to 32 items,
    beyond that to within a hundred-thousandth of the money that moves. The order of the items does not matter.

    `budget_price` is the dual of the budget in the relaxation, at one cent more than the budget. Whole units come in
    steps: a bit more budget may bring nothing until it pays for the next unit, and then more than its price.

    Parameters
    ----------
    ways
        From `ways_out`.
    excess_units
        Units to clear [unit], whole; an item where they are missing is left out.
    ad_budget
        Most that advertising may cost [money]; infinite for no cap.

    Examples
    --------
    >>> from wockit.formulas.ways_out import ways_out
    >>> ways = ways_out(excess_units=[100], price=60, referral_rate=0.15, fulfilment_fee=6, organic_weekly_demand=0,
    ...     monthly_carry=0, clicks_a_day=40, conversion_rate=0.05, cost_per_click=2, disposal_value=-1, clear_days=30)
    >>> mix = best_mix(ways, [100], ad_budget=1000)
    >>> mix.units.tolist(), mix.spend, mix.total_value, round(mix.budget_price, 3)
    ([[0.0, 25.0, 0.0, 0.0, 0.0, 0.0, 75.0]], 1000.0, 50.0, 0.15)
    """
    check_ranges(("excess_units", excess_units, 0, np.inf))
    if not ad_budget >= 0:
        raise WockitError([Problem("ad_budget", Text("{0} is not an amount.", repr(ad_budget)), "Enter 0 or more.")])
    wanted = np.floor(np.asarray(excess_units, dtype=float).reshape(-1))
    sort_keys = np.column_stack([wanted, ways.spend, ways.value, ways.limit, ways.limit_after_outlet])
    order = np.lexsort(sort_keys.T)
    order = order[np.isfinite(wanted[order])]
    value, limit, after, spend = (a[order] for a in (ways.value, ways.limit, ways.limit_after_outlet, ways.spend))
    found, budget_price = _solve(wanted[order], value, limit, after, spend, ad_budget)
    units, unplaced = np.full(ways.value.shape, np.nan), np.full(len(wanted), np.nan)
    units[order], unplaced[order] = found[:, :-1], found[:, -1]
    alone = ways.value * wanted[:, None]
    alone[ways.limit < wanted[:, None]] = np.nan
    alone[ways.spend * wanted > ad_budget, ADVERTISE] = np.nan
    best = np.where(np.isnan(alone), -np.inf, alone).argmax(axis=1)
    best_value = alone[np.arange(len(alone)), best]
    names = excess_units.index if isinstance(excess_units, pd.Series) else range(len(wanted))
    return Mix(
        units=units,
        spend=float((found[:, ADVERTISE] * np.nan_to_num(spend)).sum()),
        total_value=float((found[:, :-1] * np.nan_to_num(value)).sum()),
        budget_price=budget_price,
        unplaced=unplaced,
        problems=tuple(
            _unplaced_problem(names[row], ways, row, wanted[row], unplaced[row], ad_budget)
            for row in np.flatnonzero(unplaced > 0).tolist()
        ),
        best_way=np.where(np.isnan(best_value), "", np.array(KEYS, dtype=object)[best]),
        best_way_value=best_value,
    )


def _unplaced_problem(name: object, ways: WaysOut, row: int, units: float, left: float, ad_budget: float) -> Problem:
    limits = ", ".join(
        f"{way.key} {ways.limit[row, column]:,.0f}" if not key else f"{way.key} 0 ({REASONS[key]})"
        for column, (way, key) in enumerate(zip(WAYS, ways.reason[row], strict=True))
    )
    found = Text(
        "{0} units, but all ways out together can take only {1} before the deadline: {2}.",
        f"{units:,.0f}",
        f"{units - left:,.0f}",
        limits,
    )
    if ways.limit[row, ADVERTISE] > 0 and np.isfinite(ad_budget):
        found = Text(
            "{0} units, but all ways out together can take only {1} before the deadline: {2}. The ad budget for "
            "all items is {3}.",
            f"{units:,.0f}",
            f"{units - left:,.0f}",
            limits,
            f"{ad_budget:,.2f}",
        )
    return Problem(
        Text("item {0}", repr(name)),
        found,
        "Set a later deadline, or add the rate or number that a closed way out is missing.",
    )


def _solve(units: Any, value: Any, limit: Any, after: Any, spend: Any, ad_budget: float) -> tuple[Any, float]:
    """Units by item and way, the unplaced ones in a last column, and the price of the budget."""
    if not len(units):
        return np.zeros((0, len(WAYS) + 1)), 0.0
    take = np.where(PLANS, np.where(PLANS[:, [OUTLET]], after[:, None], limit[:, None]), 0.0)
    take = np.minimum(take, units[:, None, None])
    short = np.delete(take, ADVERTISE, axis=2).sum(axis=2).max(axis=1) < units
    take = np.append(take, np.where(short, units, 0.0)[:, None, None].repeat(len(PLANS), axis=1), axis=2)
    item, plan = np.nonzero((~PLANS | (take[:, :, :-1] > 0))[:, :, [MARKDOWN, OUTLET]].all(axis=2))
    take = take[item, plan]
    uses = np.zeros((2, *take.shape))
    uses[0, :, ADVERTISE], uses[1, :, -1] = np.nan_to_num(spend)[item], 1.0
    budget = min(ad_budget, 1.0 + float((uses[0] * take).sum()))
    fewest = 0.0
    if short.any():
        fewest = _optimum(-uses[1], take, item, units, uses, np.array([budget, units.sum()]))[0][:, -1].sum()
    worth = np.nan_to_num(np.column_stack([value, np.zeros(len(units))]))[item]
    best, price = _optimum(worth, take, item, units, uses, np.array([budget, fewest]))
    found = np.zeros((len(units), len(WAYS) + 1))
    np.add.at(found, item, best)
    return found, price


def _optimum(worth: Any, take: Any, item: Any, units: Any, uses: Any, caps: Any) -> tuple[Any, float]:
    """The whole units (plans x ways) that are worth most, and the price of the first cap.

    At the prices of the caps every item has a best plan and fill of its own, and together they bound what is possible.
    Whole units are solved for the `CORE` items that lose least by another choice, the rest keep their own; then for
    twice as many, until what the result misses of the bound is less than any other item loses by its first step,
    or less than `PRECISION` of all money that moves. Up to `CORE` items that is the exact optimum.
    """
    prices = _programme(worth, take, item, units, uses, caps + np.array([CENT, 0.0]))[1]
    priced = worth - np.tensordot(prices, uses, axes=1)
    falling = np.argsort(-priced, axis=1, kind="stable")
    filled = np.minimum(np.cumsum(np.take_along_axis(take, falling, axis=1), axis=1), units[item][:, None])
    own = np.empty_like(take)
    np.put_along_axis(own, falling, np.diff(filled, axis=1, prepend=0.0), axis=1)
    gain = (own * priced).sum(axis=1)
    ranked = np.lexsort([-gain, item])
    best = ranked[np.unique(item[ranked], return_index=True)[1]]
    step = np.full(len(item), np.inf)
    for way in (ADVERTISE, len(WAYS)):
        others = np.arange(len(WAYS) + 1) != way
        room, used = (own < take) & others, (own > 0) & others
        less = priced[:, way] - np.where(room, priced, -np.inf).max(axis=1)
        more = np.where(used, priced, np.inf).min(axis=1) - priced[:, way]
        step = np.minimum(step, np.where(own[:, way] > 0, less, np.inf))
        step = np.minimum(step, np.where(own[:, way] < take[:, way], more, np.inf))
    behind = (gain[best][item] - gain) / np.maximum(units[item], 1.0)
    behind[best] = step[best]
    distance = np.full(len(units), np.inf)
    np.minimum.at(distance, item, behind)
    nearest, bound, size = np.argsort(distance, kind="stable"), gain[best].sum() + prices @ caps, CORE
    moves = np.abs(worth * own).sum(axis=1)
    while True:
        found = np.zeros_like(take)
        kept, open_ = best[nearest[size:]], np.isin(item, nearest[:size])
        found[kept], open_moves = own[kept], moves[best[nearest[:size]]].sum()
        gap = 0.0 if len(units) <= CORE else PRECISION / 4 * moves[best].sum() / max(open_moves, CENT)
        left = caps - (uses * found).sum(axis=(1, 2))
        part = _programme(worth[open_], take[open_], item[open_], units, uses[:, open_], left, gap)[0]
        if part is not None:
            found[open_] = part
            missed = bound - (worth * found).sum()
            if size >= len(units) or missed <= max(distance[nearest[size]], PRECISION * np.abs(worth * found).sum()):
                return found, float(prices[0])
        size *= 2


def _programme(
    worth: Any, take: Any, item: Any, units: Any, uses: Any, caps: Any, gap: float | None = None
) -> tuple[Any, Any]:
    """HiGHS on these plans (rows) and ways: units, or None where the caps cannot be kept, and the prices of the caps.

    Without a `gap` the relaxation, with one whole units to within it [fraction]. With a share of 0 to 1 for each plan,
    which scales its limits, the programme is the tightest there is: only what the items have in common, the caps,
    splits an item in the relaxation.
    """
    if not len(take):
        return (take if (caps >= -1e-6).all() else None), None
    row, way = np.nonzero(take)
    upper, plans, pairs = take[row, way], np.arange(len(take)), np.arange(len(row))
    items, place = np.unique(item, return_inverse=True)
    tight = np.flatnonzero(upper < units[item[row]])

    def rows(how_many: int, *parts: tuple[Any, Any, Any]) -> Any:
        data, at, to = (np.concatenate([np.broadcast_to(part[k], len(part[2])) for part in parts]) for k in range(3))
        return sparse.csr_array((data.astype(float), (at, to)), shape=(how_many, len(pairs) + len(plans)))

    equal = [
        rows(len(plans), (1, row, pairs), (-units[item], plans, len(pairs) + plans)),
        rows(len(items), (1, place, len(pairs) + plans)),
    ]
    within = [rows(1, (use[row, way], 0, pairs)) for use in uses]
    line = np.arange(len(tight))
    limits = rows(len(tight), (1, line, tight), (-upper[tight], line, len(pairs) + row[tight]))
    programme: dict[str, Any] = {
        "c": np.append(-worth[row, way], np.zeros(len(plans))),
        "A_ub": sparse.vstack([*within, limits]),
        "b_ub": np.append(caps, np.zeros(len(tight))),
        "A_eq": sparse.vstack(equal),
        "b_eq": np.append(np.zeros(len(plans)), np.ones(len(items))),
        "bounds": np.column_stack([np.zeros(len(pairs) + len(plans)), np.append(upper, np.ones(len(plans)))]),
    }
    if gap is not None:
        programme["integrality"] = np.append(np.ones(len(pairs)), np.zeros(len(plans)))
        programme["options"] = {"mip_rel_gap": gap}
    done = linprog(**programme)
    if done.x is None:
        return None, None
    found = np.zeros_like(take)
    found[row, way] = np.rint(done.x[: len(pairs)])
    return found, None if gap is not None else np.maximum(-done.ineqlin.marginals[:2], 0.0)

"""The coming year, step by step: what is asked for, sold, paid and left of each item on its path, in every case.

Which paths are played for which items is settled in `cash`. Arrays have the cases first and the plays last, and are
worked on in place, because fresh memory takes ten times longer than what is done with it.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wockit.formulas.paths import TINY, YEAR, Cases, Items

Array = NDArray[Any]
Course = list[tuple[Array, Array]]

EDGES = np.array([0, 1, 2, 3, 4, 6, 8, 10, 13, 16, 19, 22, 26, 30, 34, 39, 43, 48, YEAR])
"""Where the steps of the year begin and end [week]: single weeks at first, months later."""
BUDGET_WEEKS = 4
"""Weeks whose spend counts against a budget [week]."""
TAIL_WEEKS = 26
"""How long what is left at the end goes on selling by itself before the rest is liquidated [week]."""


@dataclass(frozen=True)
class Plays:
    """One path of one item each: the item's row, and the five numbers of the path."""

    item: Array
    ads: Array
    cut: Array
    leaves: Array
    until: Array
    after: Array

    def some(self, which: Any) -> "Plays":
        """Some of the plays."""
        return Plays(*(column[which] for column in vars(self).values()))


@dataclass(frozen=True)
class Ages:
    """Age layers of each item (rows), the youngest first: its `units`, and how many are `younger`.

    `fee` is the aged surcharge of a unit by step. Items that have fewer ages have no units and no fee in the last rows.
    """

    units: Array
    younger: Array
    fee: Array


@dataclass(frozen=True)
class Steps:
    """Facts about some items, summed up for each step of the year: steps first, items last."""

    items: Items
    demand: Array
    ad_units: Array
    ad_spend: Array
    arriving: Array
    storage: Array
    short_fee: Array
    ages: Ages


def in_steps(items: Items) -> Steps:
    """Facts about the items, in steps."""
    names = ("demand", "ad_units", "ad_spend", "arriving", "storage")
    sums = {name: _sums(getattr(items, name)) for name in names}
    return Steps(items, **sums, short_fee=_sums(items.short_fee) / np.diff(EDGES)[:, None], ages=_ages(items))


def _sums(weekly: Array) -> Array:
    """Sums of the weeks (last axis) in each step."""
    return np.ascontiguousarray(np.add.reduceat(weekly[..., :YEAR], EDGES[:-1], axis=-1).T)


def _ages(items: Items) -> Ages:
    units = items.units.T
    most = (units > 0).sum(axis=0).max(initial=0)
    order = np.argsort(units <= 0, axis=0, kind="stable")[:most]
    fee = np.where(units > 0, _sums(items.aged_fee), 0.0)
    units, younger = (np.take_along_axis(by_age, order, axis=0) for by_age in (units, np.cumsum(units, axis=0) - units))
    return Ages(units, younger, np.take_along_axis(fee, order[None], axis=1))


@dataclass(frozen=True)
class StepDemand:
    """Units that are asked for in each step: steps x cases x items [unit].

    By `organic` demand, and by advertising as today; that is None where no item is advertised.
    """

    organic: Array
    advertised: Array | None


def demand_in_steps(steps: Steps, cases: Cases, ads: bool) -> StepDemand:
    """Demand in each case; `ads` is false where no item is advertised."""
    demand = steps.demand[:, cases.course]
    if not ads:
        return StepDemand(demand, None)
    share = steps.items.answers.T[cases.answer] * cases.incremental_share[:, None]
    organic = np.maximum(demand - share * steps.ad_units[:, None], 0.0)
    return StepDemand(organic, demand - organic)


@dataclass(frozen=True)
class _Terms:
    """Terms of each play, by step (rows).

    Whether the path is `on`, and the item still sold (`open_`), for how much of a step [fraction]; `arrives` [unit];
    what a unit `earns` that is sold, `holds`, what one costs that is held, and what one brings that `leaves` [money],
    discounted by `discount`; `clicks`, what those of today cost [money]; whether there is a new order by its end
    (`refilled`), whether the first stock pays an aged surcharge then (`aged`), and whether the item's clear-by date
    falls into it (`due`).
    """

    on: Array
    open_: Array
    discount: Array
    arrives: Array
    earns: Array
    holds: Array
    leaves: Array
    clicks: Array
    refilled: Array
    aged: Array
    due: Array


def _terms(steps: Steps, plays: Plays, capital_rate: float) -> _Terms:
    items, item = steps.items, plays.item
    begins, ends = EDGES[:-1, None], EDGES[1:, None]
    last = items.last_week[item]
    discount = np.array([(1.0 + capital_rate) ** (-(begin + end) / 2 / YEAR) for begin, end in pairwise(EDGES)])
    discount = discount[:, None]
    on, open_ = (np.clip((end - begins) / (ends - begins), 0.0, 1.0) for end in (plays.until, last))
    net = on * _net(items, item, plays.cut) + (1.0 - on) * _net(items, item, 0.0)
    return _Terms(
        on=on,
        open_=open_,
        discount=discount,
        arrives=steps.arriving[:, item],
        earns=discount * (net - steps.short_fee[:, item]),
        holds=discount * open_ * steps.storage[:, item],
        leaves=discount * (items.exit_value - items.replacement)[item],
        clicks=steps.ad_spend[:, item] * open_,
        refilled=ends > items.refill_week[item],
        aged=np.asarray(steps.ages.fee.any(axis=1))[:, item],
        due=(last > begins) & (last <= ends),
    )


def _net(items: Items, item: Array, cut: Any) -> Array:
    """Net of a unit sold at a price cut, before advertising, less its replacement if bought again [money/unit]."""
    sale = items.price[item] * (1.0 - cut) * (1.0 - items.referral_rate[item])
    return np.asarray(sale - (items.fulfilment_fee + items.replacement)[item])


@dataclass(frozen=True)
class _Effects:
    """Effects of a path: demand lift by its price, its clicks, their cost then and afterwards [ratio]."""

    lift: Array
    ads: Array
    after: Array
    costs: Array
    costs_after: Array

    def at(self, on: Array) -> tuple[Array, Array, Array]:
        """Demand, clicks and their cost over those of today, while the path is on for a share of a step."""
        off = 1.0 - on
        clicks = on * self.ads * self.lift + off * self.after
        return on * self.lift + off, clicks, on * self.costs + off * self.costs_after


def _effects(plays: Plays, cases: Cases, ads: bool) -> _Effects:
    lift, dearer = (1.0 - plays.cut) ** -cases.elasticity[:, None], 1.0 + cases.dearer[:, None]
    costs, costs_after = (clicks**dearer if ads else clicks for clicks in (plays.ads, plays.after))
    return _Effects(lift, plays.ads, plays.after, costs, costs_after)


def played(
    steps: Steps, demand: StepDemand, plays: Plays, cases: Cases, capital_rate: float, course: Course | None = None
) -> tuple[Array, ...]:
    """Money, spend, units sold and left: cases x plays; money and stock before and after each step join a `course`."""
    items, item, terms = steps.items, plays.item, _terms(steps, plays, capital_rate)
    leave, held = (items.exit_value - items.replacement)[item], items.units.sum(axis=1)[item]
    first = held * (1.0 - plays.leaves)
    stock, money, wanted, sold, spare = np.empty((5, len(cases.weight), len(item)))
    stock[...], money[...] = first, np.where(plays.leaves > 0, plays.leaves * held * leave, 0.0)
    spent, sold_in_all, left = np.zeros((3, *stock.shape))
    effects = _effects(plays, cases, demand.advertised is not None)
    turns = [True, *_anyone(terms.on[1:] != terms.on[:-1])]
    refilled, aged, dated = (_anyone(flags) for flags in (terms.refilled, terms.aged, terms.open_ < 1))
    for step, end in enumerate(EDGES[1:].tolist()):
        _noted(course, money, stock)
        if turns[step]:
            raised, clicks, costs = effects.at(terms.on[step])
        open_ = terms.open_[step] if dated[step] else None
        stock += terms.arrives[step]
        _demand_of_plays(wanted, demand.organic[step], item, raised, open_)
        if demand.advertised is not None:
            wanted += _demand_of_plays(spare, demand.advertised[step], item, clicks, open_)
        served = np.add(stock, np.where(terms.refilled[step], np.inf, 0.0), out=spare) if refilled[step] else stock
        np.minimum(wanted, served, out=sold)
        stock -= sold
        np.maximum(stock, 0.0, out=stock)
        money += np.multiply(sold, terms.earns[step], out=spare)
        if demand.advertised is not None:
            spend = np.divide(sold, np.maximum(wanted, TINY, out=wanted), out=wanted)
            spend *= costs
            spend *= terms.clicks[step]
            if end <= BUDGET_WEEKS:
                spent += spend
            money -= np.multiply(spend, terms.discount[step], out=spend)
        mean = np.add(np.multiply(sold, 0.5, out=spare), stock, out=spare)
        money -= np.multiply(mean, terms.holds[step], out=spare)
        if aged[step]:
            old = np.flatnonzero(terms.aged[step] & (sold_in_all.min(axis=0) < first))
            there = np.maximum(first[old] - sold_in_all[:, old] - sold[:, old] / 2, 0.0)
            money[:, old] -= terms.discount[step] * terms.open_[step][old] * _aged(there, steps.ages, step, item[old])
        sold_in_all += sold
        if terms.due[step].any():
            rest = np.where(terms.due[step], stock, 0.0)
            left += rest
            if end < YEAR:
                money += np.where(rest > 0, rest * terms.leaves[step], 0.0)
                stock -= rest
    _noted(course, money, stock)
    money += _rest(steps, demand, item, stock) / (1.0 + capital_rate)
    # what arrived after the item's clear-by date is left too
    return money, spent, sold_in_all, left + np.where(items.last_week[item] < YEAR, stock, 0.0)


def _anyone(of: Array) -> list[bool]:
    """Steps in which something holds for any play."""
    return [bool(flag) for flag in np.asarray(of.any(axis=1))]


def _noted(course: Course | None, money: Array, stock: Array) -> None:
    if course is not None:
        course.append((money.copy(), stock.copy()))


def _demand_of_plays(units: Array, by_item: Array, item: Array, times: Array, open_: Array | None) -> Array:
    """Units asked for in a step: the items' demand times a factor, while they are in stock. Written to `units`."""
    np.take(by_item, item, axis=1, out=units, mode="clip")
    if open_ is not None:
        units *= open_
    units *= times
    return units


def _aged(there: Array, ages: Ages, step: int, item: Array) -> Array:
    """The aged surcharge of what is left of the first stock: the youngest stay the longest."""
    total, spare = np.zeros_like(there), np.empty_like(there)
    for units, younger, fee in zip(ages.units, ages.younger, ages.fee[step], strict=True):
        if fee[item].any():
            np.subtract(there, younger[item], out=spare)
            np.maximum(spare, 0.0, out=spare)
            np.minimum(spare, units[item], out=spare)
            spare *= fee[item]
            total += spare
    return total


def _rest(steps: Steps, demand: StepDemand, item: Array, stock: Array) -> Array:
    """Value of the stock after the year: half a year of organic sales, and the rest as it leaves.

    Nothing where it is bought again as it sells; what has a date of its own has left by then.
    """
    items = steps.items
    again, dated = np.isfinite(items.refill_week[item]), items.last_week[item] < YEAR
    rest = np.where(again, 0.0, stock)
    if not rest.any():
        return rest
    leave, net = (items.exit_value - items.replacement)[item], _net(items, item, 0.0)
    pace = np.where(dated | again, 0.0, demand.organic.sum(axis=0)[:, item] / YEAR)
    storage = steps.storage[-1][item] / (EDGES[-1] - EDGES[-2])
    going = np.minimum(rest, TAIL_WEEKS * pace)
    wait = storage * going / np.where(pace > 0, 2 * pace, np.inf)
    by_itself = np.maximum(going * (net - wait), going * leave)
    return np.where(rest > 0, by_itself + (rest - going) * leave, 0.0)

"""Worth of a unit by every way out, in money from today on: the ladder that explains an advice.

Quantities in, quantities out, as in `cover`. The ways are those of `selling_ways` and `quick_ways`. The landed cost is
sunk and counts nowhere. A missing value closes a way; it never counts as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from wockit.formulas.advertising import break_even_roas
from wockit.formulas.quantity import Quantity, check_ranges, formula
from wockit.formulas.quick_ways import QUICK
from wockit.formulas.selling_ways import MONTH_DAYS, POSSIBLE, SELLING, Rules, Selling, Terms

WAYS = (*SELLING, *QUICK)
KEYS = tuple(way.key for way in WAYS)
ADVERTISE = KEYS.index("advertise")


REASONS = MappingProxyType({
    "missing": "price, fee, demand or holding cost is missing",
    "too_late": "cannot be done before the clear-by date",
    "no_demand": "less than one unit would sell in time",
    "no_clicks": "no ad clicks on record",
    "no_conversion": "clicks bring no orders",
    "impossible_conversion": "conversion rate above 1: write 5% as 0.05",
    "no_click_cost": "CPC is 0 or unknown",
    "unknown_conversion": "conversion rate unknown: too few clicks, or clicks at another price",
    "outlet_not_eligible": "not eligible for an Outlet deal",
    "outlet_unknown": "Outlet eligibility is unknown",
    "no_rate": "the fee rate is unknown",
})  # fmt: skip


@formula
def highest_cost_per_order(
    unit_proceeds: Quantity, carry: Quantity, best_other: Quantity, units_per_order: Quantity = 1.0
) -> Quantity:
    """The most that an order may cost before another way out is better.

    `(unit_proceeds - carry - best_other) x units_per_order` [money/order]. Below 0 no order is worth a click.

    Parameters
    ----------
    unit_proceeds, carry
        Of a unit sold by advertising [money/unit].
    best_other
        What a unit is worth by the best other way out [money/unit].

    Examples
    --------
    >>> highest_cost_per_order(36.5, carry=0, best_other=3)
    33.5
    """
    return np.multiply(np.subtract(np.subtract(unit_proceeds, carry), best_other), units_per_order)


@formula
def clearing_break_even_roas(
    price: Quantity, unit_proceeds: Quantity, carry: Quantity, best_other: Quantity
) -> Quantity:
    """The ROAS at which advertising clears a unit as well as the best other way: `price / highest cost of a unit`.

    Parameters are those of `highest_cost_per_order`. [ratio]; infinite where no order is worth a click.

    Examples
    --------
    >>> round(clearing_break_even_roas(50, 36.5, carry=0, best_other=2.8875), 2)
    1.49
    """
    return break_even_roas(price, highest_cost_per_order(unit_proceeds, carry, best_other))


@dataclass(frozen=True)
class WaysOut:
    """The ladder: items are rows, `WAYS` columns.

    `value` [money/unit], missing for a closed way; `limit` [unit], 0 for a closed way; `reason` why a way is closed
    (key of `REASONS`) or ""; `last_day`, days from today until which a start still clears all units by the date and,
    for the ways that wait for buyers, until the carry has eaten what they bring above the best of the quick ways
    (missing where they bring less). Fees stop when a unit is ordered to leave, so that the quick ways may wait for the
    date itself. By item: `highest_cost_per_order`, `clearing_break_even_roas`.
    """

    value: Any
    limit: Any
    reason: Any
    last_day: Any
    highest_cost_per_order: Any
    clearing_break_even_roas: Any


def ways_out(terms: Terms, quick: Mapping[str, Quantity]) -> WaysOut:
    """Worth of a unit of each item by each way out, and the units that each way takes.

    With `net` = `unit_proceeds`: hold `net(price) - carry`, as many as sell organically in the time, so that what
    would not sell is not held; advertise `net(price) - cost_per_order / units_per_order - carry`, as many as the
    clicks bring; markdown and Outlet `net(price x (1 - discount)) - carry`, as many as `demand_lift` lets sell. The
    carry is that of waiting until the way has sold all it can; advertised units leave beside organic sales.

    Parameters
    ----------
    terms
        What is known of each item.
    quick
        From `quick_values`; a way that is not in it is closed.

    Examples
    --------
    >>> terms = Terms(excess_units=100, price=50, referral_rate=0.15, fulfilment_fee=6, clear_days=30,
    ...     organic_weekly_demand=7, monthly_carry=0, clicks_a_day=40, conversion_rate=0.05, cost_per_click=2)
    >>> ways = ways_out(terms, {"dispose": -1})
    >>> dict(zip(KEYS, ways.value[0].round(2).tolist()))["advertise"], ways.limit[0, :3].tolist()
    (-3.5, [30.0, 60.0, 35.0])
    """
    check_ranges(*((name, getattr(terms, name), *ends) for name, ends in POSSIBLE.items()))
    its = terms.by_item()
    rows = [_selling(way, its) for way in SELLING] + [_quick(quick.get(way.key, np.nan), its) for way in QUICK]
    value, limit, wait, reason = (np.stack(each, axis=1) for each in zip(*rows, strict=True))
    closed = reason != ""
    value[closed] = np.nan

    waits = slice(len(SELLING))
    fallback = np.fmax.reduce(value[:, len(SELLING) :], axis=1)[:, None]
    above = value[:, waits] - np.where(np.isnan(fallback), -np.inf, fallback)
    last_day = np.maximum(its.clear_days[:, None] - wait, 0.0)
    last_day[:, waits] = np.minimum(last_day[:, waits], _days_eaten(its.monthly_carry, above))
    others = np.fmax.reduce(np.delete(value, ADVERTISE, axis=1), axis=1)
    ad_terms = (SELLING[ADVERTISE].before_spend(its), 0.0, others)
    return WaysOut(
        value=value,
        limit=np.where(closed, 0.0, limit),
        reason=reason,
        last_day=np.where(closed, np.nan, np.floor(last_day)),
        highest_cost_per_order=highest_cost_per_order(*ad_terms, its.units_per_order),
        clearing_break_even_roas=clearing_break_even_roas(its.price, *ad_terms),
    )


def _days_eaten(carry: Any, lead: Any) -> Any:
    """Days until the carry of a waiting unit has used up its lead [day]; missing for a lead below 0."""
    paid = np.cumsum(carry, axis=1)
    month = (paid[:, None, :-1] <= lead[:, :, None]).sum(axis=2)
    row = np.arange(len(carry))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (lead - paid[row, month] + carry[row, month]) / carry[row, month]
    return np.where(lead < 0, np.nan, MONTH_DAYS * (month + np.where(carry[row, month] == 0, np.inf, part)))


def _selling(way: Selling, its: Terms) -> tuple[Any, ...]:
    value, limit = way.before_spend(its) - way.spends(its), way.limit(its)
    rules = (("too_late", its.clear_days <= 0), ("missing", np.isnan(value + limit)), ("no_demand", limit < 1))
    return value, limit, way.wait(its), _first((*way.closed(its), *rules))


def _quick(value: Quantity, its: Terms) -> tuple[Any, ...]:
    value = np.broadcast_to(np.asarray(value, dtype=float), its.clear_days.shape)
    rules = (("no_rate", np.isnan(value)), ("too_late", its.clear_days <= 0))
    return value, np.full(value.shape, np.inf), np.zeros(value.shape), _first(rules)


def _first(rules: Rules) -> Any:
    """The key of the first rule that holds for each item, or ""."""
    keys, holds = zip(*rules, strict=True)
    return np.select(holds, keys, "").astype(object)

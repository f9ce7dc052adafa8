"""What a unit is worth by every way out, in money from today on: the ladder that explains an advice.

Quantities in, quantities out, as in `cover`. The landed cost is sunk and counts nowhere. Fees and carry
come in as plain arrays; `rates` decides which rate applies. A missing value closes a way; it never counts as 0.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from wockit.formulas.advertising import break_even_roas, unit_proceeds
from wockit.formulas.budget import cost_per_order
from wockit.formulas.quantity import Quantity, check_ranges, formula


@dataclass(frozen=True)
class Way:
    """One way out; it runs for `most_days` at most [day]. Fees of units that leave stop when the order is submitted."""

    key: str
    label: str
    most_days: float = 365.0


WAYS = (
    Way("hold", "Hold"),
    Way("advertise", "Advertise"),
    Way("markdown", "Mark down"),
    Way("outlet", "Outlet deal", most_days=14),
    Way("liquidate", "Liquidate"),
    Way("remove", "Remove"),
    Way("dispose", "Dispose"),
)


KEYS = tuple(way.key for way in WAYS)


HOLD, ADVERTISE, OUTLET, LIQUIDATE = map(KEYS.index, ("hold", "advertise", "outlet", "liquidate"))


SELLING, QUICK = slice(HOLD, LIQUIDATE), slice(LIQUIDATE, None)


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


ASSUMED_ELASTICITY = 1.5
"""Used if none is given. Cautious: surveys find means of about 1.8 (Tellis 1988) and 2.6 (Bijmolt et al. 2005)."""


OUTLET_DISCOUNT, MONTH_DAYS = 0.2, 30.0


@formula
def demand_lift(discount: Quantity, elasticity: Quantity) -> Quantity:
    """By how much a price cut multiplies what sells: `(1 - discount) ^ -elasticity` [ratio].

    Examples
    --------
    >>> round(demand_lift(0.2, 2), 4)
    1.5625
    """
    return np.power(np.subtract(1.0, discount), np.negative(elasticity))


@formula
def outlet_eligible(days_in_centre: Quantity, units_available: Quantity, units_ever_sold: Quantity) -> Quantity:
    """May an item have an Outlet deal: 90 days in the centre, more than 10 units, and sold before? 1, 0, or missing.

    Examples
    --------
    >>> outlet_eligible(90, 11, 1), outlet_eligible(90, 10, 1)
    (1.0, 0.0)
    """
    known = np.add(np.add(days_in_centre, units_available), units_ever_sold)
    meets = np.greater_equal(days_in_centre, 90) & np.greater(units_available, 10) & np.greater(units_ever_sold, 0)
    return np.where(np.isnan(known), np.nan, np.where(meets, 1.0, 0.0))


def carry_until_sold(monthly_carry: Quantity, wait_days: Quantity) -> Any:
    """What a unit costs to keep, on the mean over units that leave evenly from today until the last one goes.

    Parameters
    ----------
    monthly_carry
        Of each item (row) and coming month of 30 days (column) [money/unit]; the last one goes on for ever.
    wait_days
        Of each item (row) and way (column), until the last unit is gone [day].

    Returns
    -------
    numpy.ndarray
        [money/unit], items x ways. Missing where a month's carry is.

    Examples
    --------
    >>> carry_until_sold([[1, 3]], [[30, 60]]).tolist()
    [[0.5, 1.5]]
    """
    carry = np.asarray(monthly_carry, dtype=float)
    ahead = np.asarray(wait_days, dtype=float)[:, :, None] / MONTH_DAYS - np.arange(carry.shape[1] + 1.0)
    begun = np.maximum(ahead, 0.0) ** 2 / 2
    begun[:, :, -1] = 0.0
    return (-np.diff(begun, axis=2) / np.maximum(ahead[:, :, :1], 1e-9) * carry[:, None, :]).sum(axis=2)


def _days_eaten(carry: Any, lead: Any) -> Any:
    """Days until the carry of a waiting unit has used up its lead [day]; missing for a lead below 0."""
    paid = np.cumsum(carry, axis=1)
    month = (paid[:, None, :-1] <= lead[:, :, None]).sum(axis=2)
    row = np.arange(len(carry))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (lead - paid[row, month] + carry[row, month]) / carry[row, month]
    return np.where(lead < 0, np.nan, MONTH_DAYS * (month + np.where(carry[row, month] == 0, np.inf, part)))


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


def ways_out(
    *,
    excess_units: Quantity, price: Quantity, referral_rate: Quantity, fulfilment_fee: Quantity,
    organic_weekly_demand: Quantity, monthly_carry: Quantity,
    clicks_a_day: Quantity = np.nan, conversion_rate: Quantity = np.nan, cost_per_click: Quantity = np.nan,
    units_per_order: Quantity = 1.0, markdown_discount: Quantity = 0.1, elasticity: Quantity = np.nan,
    outlet_eligible: Quantity = np.nan,
    liquidation_value: Quantity = np.nan,
    removal_value: Quantity = np.nan, disposal_value: Quantity = np.nan, clear_days: Quantity = np.nan,
) -> WaysOut:  # fmt: skip
    """What a unit of each item is worth by each way out, and how many units each way takes.

    With `net` = `unit_proceeds`: hold `net(price) - carry`, as many as sell organically in the time, so that what
    would not sell is not held; advertise `net(price) - cost_per_order / units_per_order - carry`, as many as the
    clicks bring; markdown and Outlet `net(price x (1 - discount)) - carry`, as many as `demand_lift` lets sell. The
    carry is that of waiting until the way has sold all it can; advertised units leave beside organic sales.

    Parameters
    ----------
    excess_units
        Units to clear [unit], whole; a fraction is left out.
    price, referral_rate, fulfilment_fee
        [money/unit], [fraction], [money/unit], the fuel surcharge included.
    organic_weekly_demand
        Expected without advertising, `(1 - ad_share) x weekly_demand` [unit/week].
    monthly_carry
        One number an item, or items x coming months, as for `carry_until_sold` [money/unit].
    clicks_a_day, conversion_rate, cost_per_click, units_per_order
        Clicks that can be had [click/day], and what they bring and cost. A CVR of 0, above 1 or missing and
        a CPC of 0 close the way.
    markdown_discount, elasticity
        [fraction], [ratio]; a missing elasticity is `ASSUMED_ELASTICITY`.
    outlet_eligible
        As from `outlet_eligible`; missing closes the way.
    liquidation_value, removal_value, disposal_value
        What a unit brings after fees [money/unit], below 0 for a cost.
    clear_days
        Days until the units must be gone [day]; missing: no date, a year counts. A date in the past closes every way.

    Examples
    --------
    >>> ways = ways_out(excess_units=100, price=50, referral_rate=0.15, fulfilment_fee=6, organic_weekly_demand=7,
    ...     monthly_carry=0, clicks_a_day=40, conversion_rate=0.05, cost_per_click=2, disposal_value=-1, clear_days=30)
    >>> dict(zip(KEYS, ways.value[0].round(2).tolist()))["advertise"], ways.limit[0, :3].tolist()
    (-3.5, [30.0, 60.0, 35.0])
    """
    check_ranges(
        ("excess_units", excess_units, 0, np.inf), ("price", price, 0, np.inf),
        ("referral_rate", referral_rate, 0, 0.99), ("organic_weekly_demand", organic_weekly_demand, 0, np.inf),
        ("clicks_a_day", clicks_a_day, 0, np.inf), ("cost_per_click", cost_per_click, 0, np.inf),
        ("conversion_rate", conversion_rate, 0, np.inf), ("units_per_order", units_per_order, 1e-9, np.inf),
        ("markdown_discount", markdown_discount, 0, 0.99),
        ("elasticity", elasticity, 0, np.inf), ("monthly_carry", monthly_carry, 0, np.inf),
    )  # fmt: skip
    items = np.size(excess_units)

    def column(values: Quantity) -> Any:
        return np.broadcast_to(np.asarray(values, dtype=float).reshape(-1, 1), (items, 1))

    units, price, weekly, clicks = (column(v) for v in (excess_units, price, organic_weekly_demand, clicks_a_day))
    rate, click_cost, per_order = (column(v) for v in (conversion_rate, cost_per_click, units_per_order))
    date = np.maximum(np.nan_to_num(column(clear_days), nan=np.inf), 0.0)
    carry = np.asarray(monthly_carry, dtype=float)
    carry = np.broadcast_to(carry, (items, carry.shape[1])) if carry.ndim == 2 else column(carry)
    none, given = np.zeros((items, 1)), column(elasticity)
    most = np.array([way.most_days for way in WAYS])

    cut = np.hstack([none, none, column(markdown_discount), none + OUTLET_DISCOUNT])
    pace = weekly / 7 * demand_lift(cut, np.where(np.isnan(given), ASSUMED_ELASTICITY, given))
    together = pace.copy()
    pace[:, [ADVERTISE]] = clicks * rate * per_order
    together[:, [ADVERTISE]] += np.nan_to_num(pace[:, [ADVERTISE]])
    with np.errstate(divide="ignore", invalid="ignore"):
        takes = np.where(units > 0, np.fmin(units / together, most[SELLING]), 0.0)
    proceeds = unit_proceeds(price * (1 - cut), column(referral_rate), column(fulfilment_fee))
    before_ads = proceeds - carry_until_sold(carry, np.minimum(takes, date))
    spend = cost_per_order(click_cost, rate) / per_order
    quick = np.hstack([column(v) for v in (liquidation_value, removal_value, disposal_value)])
    value = np.hstack([before_ads - np.hstack([none, spend, none, none]), quick])
    days = np.minimum(date, most[SELLING])
    sells = np.floor(pace * days + 1e-9)

    eligible = column(outlet_eligible)
    rules: tuple[tuple[int | slice, str, Any], ...] = (
        (ADVERTISE, "impossible_conversion", rate > 1),
        (ADVERTISE, "no_conversion", rate == 0),
        (ADVERTISE, "no_click_cost", ~(click_cost > 0)),
        (ADVERTISE, "no_clicks", ~(clicks > 0)),
        (ADVERTISE, "unknown_conversion", np.isnan(rate)),
        (OUTLET, "outlet_unknown", np.isnan(eligible)),
        (OUTLET, "outlet_not_eligible", eligible == 0),
        (QUICK, "no_rate", np.isnan(quick)),
        (slice(None), "too_late", date <= 0),
        (SELLING, "missing", np.isnan(value[:, SELLING] + sells)),
        (SELLING, "no_demand", sells < 1),
    )
    reason = np.full((items, len(WAYS)), "", dtype=object)
    for ways, key, holds in reversed(rules):
        columns = np.arange(len(WAYS))[ways].reshape(1, -1)
        reason[:, columns[0]] = np.where(holds, key, reason[:, columns[0]])
    closed, far = reason != "", np.full(quick.shape, np.inf)
    value[closed] = np.nan

    others = np.fmax.reduce(np.delete(value, ADVERTISE, axis=1), axis=1)
    fallback = np.fmax.reduce(value[:, QUICK], axis=1)[:, None]
    above = value[:, SELLING] - np.where(np.isnan(fallback), -np.inf, fallback)
    by_date = np.maximum(date - np.hstack([takes, np.zeros(far.shape)]), 0.0)
    by_carry = np.hstack([_days_eaten(carry, above), far])
    ad_terms = (before_ads[:, ADVERTISE], 0.0, others)
    return WaysOut(
        value=value,
        limit=np.where(closed, 0.0, np.hstack([sells, far])),
        reason=reason,
        last_day=np.where(closed, np.nan, np.floor(np.minimum(by_date, by_carry))),
        highest_cost_per_order=highest_cost_per_order(*ad_terms, per_order[:, 0]),
        clearing_break_even_roas=clearing_break_even_roas(price[:, 0], *ad_terms),
    )

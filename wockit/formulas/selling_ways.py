"""The ways out that wait for buyers: at what pace each sells, what it spends and keeps of the price, why it is closed.

Quantities in, quantities out, as in `cover`. Carry comes in as a plain array; `rates` decides which rate applies.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from wockit.formulas.advertising import unit_proceeds
from wockit.formulas.budget import cost_per_order
from wockit.formulas.quantity import Quantity, formula

ASSUMED_ELASTICITY = 1.5
"""Used if none is given. Cautious: surveys find means of about 1.8 (Tellis 1988) and 2.6 (Bijmolt et al. 2005)."""


OUTLET_DISCOUNT, OUTLET_WEEKS = 0.2, 2
"""The least discount of an Outlet deal [fraction], and how long it runs [week]."""
MONTH_DAYS = 30.0


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
    """Cost of keeping a unit: the mean over units that leave evenly from today until the last one goes.

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


@dataclass(frozen=True)
class Terms:
    """Inputs of the ladder for each item: an array of one number each, or one number for all.

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
    clear_days
        Days until the units must be gone [day]; missing: no date, a year counts. A date in the past closes every way.
    """

    excess_units: Quantity
    price: Quantity
    referral_rate: Quantity
    fulfilment_fee: Quantity
    organic_weekly_demand: Quantity
    monthly_carry: Quantity
    clicks_a_day: Quantity = np.nan
    conversion_rate: Quantity = np.nan
    cost_per_click: Quantity = np.nan
    units_per_order: Quantity = 1.0
    markdown_discount: Quantity = 0.1
    elasticity: Quantity = np.nan
    outlet_eligible: Quantity = np.nan
    clear_days: Quantity = np.nan

    def by_item(self) -> "Terms":
        """The same with an array for each number; carry as items x months, and no date infinitely far away."""
        items = np.size(self.excess_units)
        given = {each.name: np.asarray(getattr(self, each.name), dtype=float) for each in fields(self)}
        carry = given.pop("monthly_carry")
        carry = carry if carry.ndim == 2 else carry.reshape(-1, 1)
        its = {name: np.broadcast_to(values, items) for name, values in given.items()}
        its["elasticity"] = np.where(np.isnan(its["elasticity"]), ASSUMED_ELASTICITY, its["elasticity"])
        its["clear_days"] = np.maximum(np.nan_to_num(its["clear_days"], nan=np.inf), 0.0)
        return Terms(**its, monthly_carry=np.broadcast_to(carry, (items, carry.shape[1])))


POSSIBLE = MappingProxyType({
    "excess_units": (0, np.inf), "price": (0, np.inf), "referral_rate": (0, 0.99),
    "organic_weekly_demand": (0, np.inf), "clicks_a_day": (0, np.inf), "cost_per_click": (0, np.inf),
    "conversion_rate": (0, np.inf), "units_per_order": (1e-9, np.inf), "markdown_discount": (0, 0.99),
    "elasticity": (0, np.inf), "monthly_carry": (0, np.inf),
})  # fmt: skip
"""Between which values some of the terms must lie."""


Rules = tuple[tuple[str, Any], ...]
"""Why a way may be closed (`ways_out.REASONS`), and for which items each reason holds; the first one counts."""


def _organic(its: Terms, cut: Quantity) -> Any:
    return its.organic_weekly_demand / 7 * demand_lift(cut, its.elasticity)


def _by_clicks(its: Terms, _: Quantity) -> Any:
    return its.clicks_a_day * its.conversion_rate * its.units_per_order


def _spent_on_clicks(its: Terms) -> Any:
    return cost_per_order(its.cost_per_click, its.conversion_rate) / its.units_per_order


def _why_no_ads(its: Terms) -> Rules:
    return (
        ("impossible_conversion", its.conversion_rate > 1),
        ("no_conversion", its.conversion_rate == 0),
        ("no_click_cost", ~(its.cost_per_click > 0)),
        ("no_clicks", ~(its.clicks_a_day > 0)),
        ("unknown_conversion", np.isnan(its.conversion_rate)),
    )


def _why_no_outlet(its: Terms) -> Rules:
    return ("outlet_unknown", np.isnan(its.outlet_eligible)), ("outlet_not_eligible", its.outlet_eligible == 0)


@dataclass(frozen=True)
class Selling:
    """A way that waits for buyers; it runs for `most_days` at most [day].

    Of each item: the price `cut` [fraction]; what it `sells` at that cut and what sells `beside` it [unit/day]; what it
    `spends` on a unit [money/unit]; why it may be `closed`, of which the first reason counts.
    """

    key: str
    label: str
    most_days: float = 365.0
    cut: Callable[[Terms], Quantity] = lambda its: 0.0
    sells: Callable[[Terms, Quantity], Any] = _organic
    beside: Callable[[Terms, Quantity], Any] = lambda its, cut: 0.0
    spends: Callable[[Terms], Quantity] = lambda its: 0.0
    closed: Callable[[Terms], Rules] = lambda its: ()

    def wait(self, its: Terms) -> Any:
        """Until it has sold all that it can [day]."""
        cut = self.cut(its)
        together = self.beside(its, cut) + np.nan_to_num(self.sells(its, cut))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(its.excess_units > 0, np.fmin(its.excess_units / together, self.most_days), 0.0)

    def before_spend(self, its: Terms) -> Any:
        """Proceeds of a unit, less the cost of keeping it until it is sold [money/unit]."""
        proceeds = unit_proceeds(its.price * (1 - self.cut(its)), its.referral_rate, its.fulfilment_fee)
        days = np.minimum(self.wait(its), its.clear_days)
        return proceeds - carry_until_sold(its.monthly_carry, days[:, None])[:, 0]

    def limit(self, its: Terms) -> Any:
        """Sales within its time, in whole units [unit]."""
        days = np.minimum(its.clear_days, self.most_days)
        return np.floor(self.sells(its, self.cut(its)) * days + 1e-9)


SELLING = (
    Selling("hold", "Hold"),
    Selling("advertise", "Advertise", sells=_by_clicks, beside=_organic, spends=_spent_on_clicks, closed=_why_no_ads),
    Selling("markdown", "Mark down", cut=lambda its: its.markdown_discount),
    Selling(
        "outlet", "Outlet deal", most_days=7 * OUTLET_WEEKS, cut=lambda its: OUTLET_DISCOUNT, closed=_why_no_outlet
    ),
)

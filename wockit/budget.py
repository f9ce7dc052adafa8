"""The clearance budget: what advertising would cost to clear a number of units, and whether a click pays.

Quantities in, quantities out, as in `cover`. The article's two bounds are kept exactly as it gives them; the
corrected figure stands beside them.
"""

from dataclasses import dataclass

import numpy as np

from wockit.cover import ARTICLE_MONTH_WEEKS, Quantity, formula


@formula
def clicks_needed(units: Quantity, conversion_rate: Quantity, units_per_order: Quantity = 1.0) -> Quantity:
    """Clicks that bring enough orders to sell so many units.

    `units / units_per_order / conversion_rate`

    Parameters
    ----------
    units
        Units to clear [unit].
    conversion_rate
        Orders a click [fraction]; 5 % is 0.05.
    units_per_order
        Units that one order brings [unit]; the article has 1.

    Returns
    -------
    Quantity
        [click]. Infinite at a conversion of 0, missing where the conversion is missing, 0 for nothing to clear.

    Examples
    --------
    >>> clicks_needed(100, 0.05)
    2000.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        clicks = np.true_divide(np.true_divide(units, units_per_order), conversion_rate)
    return np.where(np.equal(units, 0), 0.0, clicks)


@formula
def budget_upper(clicks: Quantity, cost_per_click: Quantity) -> Quantity:
    """The article's upper bound: every unit is sold by advertising. `clicks x cost_per_click` [money].

    Examples
    --------
    >>> budget_upper(2000.0, 2)
    4000.0
    """
    with np.errstate(invalid="ignore"):
        return np.multiply(clicks, cost_per_click)


@formula
def budget_lower(upper: Quantity, ad_share: Quantity) -> Quantity:
    """The article's lower bound: advertising sells only its past share of orders. `upper x ad_share` [money].

    It supposes that organic sales bring the rest, which holds only where that many units sell already: see
    `ad_units_needed`. Missing where the upper bound is infinite and the share 0.

    Examples
    --------
    >>> budget_lower(4000, 0.4)
    1600.0
    """
    with np.errstate(invalid="ignore"):
        return np.multiply(upper, ad_share)


@formula
def ad_units_needed(
    units: Quantity, ad_share: Quantity, units_sold: Quantity, sales_days: Quantity, clear_days: Quantity
) -> Quantity:
    """Units that advertising itself must sell, with organic sales going on as they are now.

    `units - (1 - ad_share) x units_sold / sales_days x clear_days`, never below 0: organic sales are a share of what
    sells now, not of what one wishes to sell.

    Parameters
    ----------
    units
        Units to clear [unit].
    ad_share
        Share of today's sales that advertising brings [fraction].
    units_sold, sales_days
        Units sold in the sales period [unit] and its length [day].
    clear_days
        Days until the units are to be gone [day].

    Returns
    -------
    Quantity
        [unit]. All of them where nothing sells; missing where the share or the sales are missing.

    Examples
    --------
    >>> ad_units_needed(100, 0.4, units_sold=50, sales_days=30, clear_days=30)
    70.0
    """
    by_itself = np.where(np.equal(units_sold, 0), 0.0, np.multiply(np.subtract(1.0, ad_share), units_sold))
    organic = by_itself * np.true_divide(clear_days, sales_days)
    return np.maximum(np.subtract(units, organic), 0.0)


@formula
def already_spent(
    ad_share: Quantity,
    units_sold: Quantity,
    sales_days: Quantity,
    clear_days: Quantity,
    cost_per_order: Quantity,
    units_per_order: Quantity = 1.0,
) -> Quantity:
    """What today's advertising would spend in the same days anyway: the part of a budget that is not extra.

    `ad_share x units_sold / sales_days x clear_days / units_per_order x cost_per_order` [money]; 0 where nothing sells.

    Examples
    --------
    >>> already_spent(0.4, units_sold=50, sales_days=30, clear_days=30, cost_per_order=40)
    800.0
    """
    orders = np.multiply(ad_share, units_sold) * np.true_divide(clear_days, sales_days) / units_per_order
    with np.errstate(invalid="ignore"):
        return np.where(np.equal(units_sold, 0), 0.0, orders * cost_per_order)


@formula
def cost_per_order(cost_per_click: Quantity, conversion_rate: Quantity) -> Quantity:
    """What one more order costs in clicks: `cost_per_click / conversion_rate` [money/order].

    Infinite where clicks bring no order.

    Examples
    --------
    >>> cost_per_order(2, 0.05)
    40.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.true_divide(cost_per_click, conversion_rate)


@formula
def order_gain(unit_proceeds: Quantity, units_per_order: Quantity, cost_per_order: Quantity) -> Quantity:
    """What one more advertised order leaves: `unit_proceeds x units_per_order - cost_per_order` [money/order].

    Below 0 a click loses money, whatever the blended figure says. Landed cost is sunk and does not count.

    Examples
    --------
    >>> order_gain(36.5, 1, 40)
    -3.5
    """
    return np.subtract(np.multiply(unit_proceeds, units_per_order), cost_per_order)


@formula
def budget_by_cover(weeks_of_coverage: Quantity, ad_share: Quantity, upper: Quantity) -> Quantity:
    """The corrected budget of one month, read off the cover of the units to clear.

    `upper x max(0, 1 - 4 x (1 - ad_share) / weeks_of_coverage)` [money]. At a cover of 4 weeks it is the article's
    lower bound, without sales (infinite cover) its upper bound.

    Examples
    --------
    >>> [round(budget_by_cover(w, 0.4, 4000)) for w in (4, 8, 26)]
    [1600, 2800, 3631]
    """
    organic = np.true_divide(ARTICLE_MONTH_WEEKS * np.subtract(1.0, ad_share), weeks_of_coverage)
    return np.multiply(upper, np.maximum(np.subtract(1.0, organic), 0.0))


@dataclass(frozen=True)
class Budget:
    """Every step of a clearance budget, in the order in which it is reasoned.

    `clicks` [click] and `clicks_a_day`; the article's `upper` and `lower` bound [money]; `ad_units_needed` [unit] and
    the `corrected` budget [money] with organic sales as they are now, and how much of it is `extra` to today's
    spend [money]; `cost_per_order` [money/order].
    """

    clicks: Quantity
    clicks_a_day: Quantity
    upper: Quantity
    lower: Quantity
    ad_units_needed: Quantity
    corrected: Quantity
    extra: Quantity
    cost_per_order: Quantity


def clearance_budget(
    *,
    units: Quantity,
    conversion_rate: Quantity,
    cost_per_click: Quantity,
    ad_share: Quantity,
    units_sold: Quantity,
    sales_days: Quantity = 30,
    clear_days: Quantity = 30,
    units_per_order: Quantity = 1.0,
) -> Budget:
    """The whole reasoning in one call: what advertising costs to clear so many units by a date.

    Parameters are those of `clicks_needed`, `budget_upper` and `ad_units_needed`.

    Examples
    --------
    >>> found = clearance_budget(units=100, conversion_rate=0.05, cost_per_click=2, ad_share=0.4, units_sold=50)
    >>> [float(x) for x in (found.clicks, found.upper, found.lower, found.corrected)]
    [2000.0, 4000.0, 1600.0, 2800.0]
    >>> float(found.extra)
    2000.0
    """
    clicks = clicks_needed(units, conversion_rate, units_per_order)
    upper = budget_upper(clicks, cost_per_click)
    by_ads = ad_units_needed(units, ad_share, units_sold, sales_days, clear_days)
    corrected = budget_upper(clicks_needed(by_ads, conversion_rate, units_per_order), cost_per_click)
    per_order = cost_per_order(cost_per_click, conversion_rate)
    spent = already_spent(ad_share, units_sold, sales_days, clear_days, per_order, units_per_order)
    return Budget(
        clicks=clicks,
        clicks_a_day=np.true_divide(clicks, clear_days),
        upper=upper,
        lower=budget_lower(upper, ad_share),
        ad_units_needed=by_ads,
        corrected=corrected,
        extra=np.maximum(np.subtract(corrected, spent), 0.0),
        cost_per_order=per_order,
    )

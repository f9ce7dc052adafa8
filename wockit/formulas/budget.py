"""The clearance budget: what advertising would cost to clear a number of units, and whether a click pays.

Quantities in, quantities out, as in `cover`. The article's two bounds are kept exactly as it gives them; the
corrected figure stands beside them.
"""

from dataclasses import dataclass

import numpy as np

from wockit.formulas.quantity import ARTICLE_MONTH_WEEKS, Quantity, check_ranges, formula


@formula
def clicks_needed(units: Quantity, conversion_rate: Quantity, units_per_order: Quantity = 1.0) -> Quantity:
    """Clicks for enough orders to sell the units.

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
    units: Quantity,
    ad_share: Quantity,
    units_sold: Quantity,
    sales_days: Quantity,
    clear_days: Quantity,
    lift: Quantity = 0.0,
    return_rate: Quantity = 0.0,
) -> Quantity:
    """Units that advertising itself must sell, with organic sales going on as they are now.

    `(units / (1 - return_rate) - (1 - ad_share) x units_sold / sales_days x clear_days) / (1 + lift)`, never below 0:
    organic sales are a share of what sells now, not of what one wishes to sell.

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
    lift
        Organic units that each advertised unit brings besides [ratio].
    return_rate
        Share of units that comes back and must be sold again [fraction].

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
    gross = np.true_divide(units, np.subtract(1.0, return_rate))
    return np.maximum(np.subtract(gross, organic), 0.0) / np.add(1.0, lift)


@formula
def already_spent(
    ad_share: Quantity,
    units_sold: Quantity,
    sales_days: Quantity,
    clear_days: Quantity,
    cost_per_order: Quantity,
    units_per_order: Quantity = 1.0,
) -> Quantity:
    """Ad spend of today's advertising over the same days: the part of a budget that is not extra.

    `ad_share x units_sold / sales_days x clear_days / units_per_order x cost_per_order` [money]; 0 where nothing sells.

    Examples
    --------
    >>> already_spent(0.4, units_sold=50, sales_days=30, clear_days=30, cost_per_order=40)
    800.0
    """
    orders = np.multiply(ad_share, units_sold) * np.true_divide(clear_days, sales_days) / units_per_order
    with np.errstate(invalid="ignore"):
        return np.where(np.equal(units_sold, 0) | np.equal(orders, 0), 0.0, orders * cost_per_order)


@formula
def cost_per_order(cost_per_click: Quantity, conversion_rate: Quantity) -> Quantity:
    """Ad cost of one more order: `cost_per_click / conversion_rate` [money/order].

    Infinite where clicks bring no orders.

    Examples
    --------
    >>> cost_per_order(2, 0.05)
    40.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.true_divide(cost_per_click, conversion_rate)


@formula
def order_gain(unit_proceeds: Quantity, units_per_order: Quantity, cost_per_order: Quantity) -> Quantity:
    """Profit of one more ad order: `unit_proceeds x units_per_order - cost_per_order` [money/order].

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
    spend [money]; `cost_per_order` of one more order [money/order].
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
    own_conversion_rate: Quantity | None = None,
    lift: Quantity = 0.0,
    return_rate: Quantity = 0.0,
    dearer_clicks: Quantity = 1.0,
) -> Budget:
    """Ad budget to clear units by a date: all steps in one call.

    The article's bounds rest on the plain conversion rate and on nothing else; what is added here moves the corrected
    figure and what follows from it.

    Parameters
    ----------
    units, conversion_rate, cost_per_click, ad_share, units_sold, sales_days, clear_days, units_per_order, lift, \
return_rate
        As for `clicks_needed`, `budget_upper` and `ad_units_needed`.
    own_conversion_rate
        Orders of the ASIN itself a click, without those of other products [fraction]; the plain rate if left out.
    dearer_clicks
        What a click beyond today's costs, over what a click costs today [ratio].

    Raises
    ------
    SettingsError
        Where a value cannot be what it is called: units, prices or days below 0, a share or rate above 1.

    Examples
    --------
    >>> found = clearance_budget(units=100, conversion_rate=0.05, cost_per_click=2, ad_share=0.4, units_sold=50)
    >>> [float(x) for x in (found.clicks, found.upper, found.lower, found.corrected)]
    [2000.0, 4000.0, 1600.0, 2800.0]
    >>> float(found.extra)
    2000.0
    """
    check_ranges(
        ("units", units, 0, np.inf), ("conversion_rate", conversion_rate, 0, 1),
        ("cost_per_click", cost_per_click, 0, np.inf), ("ad_share", ad_share, 0, 1),
        ("units_sold", units_sold, 0, np.inf), ("clear_days", clear_days, 1, np.inf),
        ("own_conversion_rate", own_conversion_rate, 0, 1), ("lift", lift, 0, np.inf),
        ("return_rate", return_rate, 0, 0.99), ("dearer_clicks", dearer_clicks, 1, np.inf),
    )  # fmt: skip
    own = conversion_rate if own_conversion_rate is None else own_conversion_rate
    clicks = clicks_needed(units, conversion_rate, units_per_order)
    upper = budget_upper(clicks, cost_per_click)
    by_ads = ad_units_needed(units, ad_share, units_sold, sales_days, clear_days, lift, return_rate)
    per_order = cost_per_order(cost_per_click, own)
    spent = already_spent(ad_share, units_sold, sales_days, clear_days, per_order, units_per_order)
    plain = budget_upper(clicks_needed(by_ads, own, units_per_order), cost_per_click)
    return Budget(
        clicks=clicks,
        clicks_a_day=np.true_divide(clicks, clear_days),
        upper=upper,
        lower=budget_lower(upper, ad_share),
        ad_units_needed=by_ads,
        corrected=with_dearer_clicks(plain, spent, dearer_clicks),
        extra=np.multiply(_beyond(plain, spent), dearer_clicks),
        cost_per_order=np.multiply(per_order, dearer_clicks),
    )


@formula
def _beyond(plain: Quantity, spent: Quantity) -> Quantity:
    """Budget above today's spend; an infinite budget stays infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(plain), np.inf, np.maximum(np.subtract(plain, spent), 0.0))


@formula
def with_dearer_clicks(plain: Quantity, spent: Quantity, dearer_clicks: Quantity) -> Quantity:
    """A budget whose part beyond today's spend is dearer: `plain + (plain - spent) x (dearer_clicks - 1)` [money].

    Examples
    --------
    >>> with_dearer_clicks(2800, 800, 1.5)
    3800.0
    """
    with np.errstate(invalid="ignore"):
        more = np.multiply(_beyond(plain, spent), np.subtract(dearer_clicks, 1.0))
    return np.where(np.equal(dearer_clicks, 1), plain, np.add(plain, more))

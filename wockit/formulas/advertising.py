"""Advertising measures of one ASIN or of a whole account, always from sums and never from averaged rows.

Quantities in, quantities out, as in `cover`. Which days and which rows are added up is decided in `analysis`.
"""

from typing import Any

import numpy as np

from wockit.formulas.quantity import Quantity, formula

WEEKS_NOW = 4
"""Weeks on sale that tell what clicks are now, as many as tell recent sales [week]."""
USUAL = 3.0
"""Usual sales or clicks of a week from which a week with none is a chance of 1 in 20 [count]."""


@formula
def ratio(numerator: Quantity, denominator: Quantity) -> Quantity:
    """`numerator / denominator`, missing where the denominator is 0 or missing.

    Examples
    --------
    >>> ratio(6, 3), ratio(6, 0)
    (2.0, nan)
    """
    return np.true_divide(numerator, np.where(np.equal(denominator, 0), np.nan, denominator))


@formula
def roas(ad_sales: Quantity, ad_spend: Quantity) -> Quantity:
    """Sales per unit of ad spend (ROAS).

    `ad_sales / ad_spend` [ratio], both summed over the same settled days. Missing without spend; 0 for spend
    without sales.

    Examples
    --------
    >>> roas(300, 100), roas(0, 100), roas(0, 0)
    (3.0, 0.0, nan)
    """
    return ratio(ad_sales, ad_spend)


@formula
def acos(ad_sales: Quantity, ad_spend: Quantity) -> Quantity:
    """Advertising cost of sales: `ad_spend / ad_sales` [fraction], the inverse of ROAS. Missing without ad sales.

    Examples
    --------
    >>> acos(400, 100)
    0.25
    """
    return ratio(ad_spend, ad_sales)


@formula
def tacos(ad_spend: Quantity, sales: Quantity) -> Quantity:
    """Total advertising cost of sales: `ad_spend / sales`, where `sales` is all sales, organic included [fraction].

    Both must cover the same number of days. Missing without sales.

    Examples
    --------
    >>> tacos(100, 1000)
    0.1
    """
    return ratio(ad_spend, sales)


@formula
def conversion_rate(ad_orders: Quantity, ad_clicks: Quantity) -> Quantity:
    """Share of advertising clicks that became an order (CVR): `ad_orders / ad_clicks` [fraction].

    Missing without clicks; 0 for clicks without orders.

    Examples
    --------
    >>> conversion_rate(20, 400)
    0.05
    """
    return ratio(ad_orders, ad_clicks)


@formula
def cost_per_click(ad_spend: Quantity, ad_clicks: Quantity) -> Quantity:
    """Ad spend per click (CPC): `ad_spend / ad_clicks` [money/click]. Missing without clicks.

    Examples
    --------
    >>> cost_per_click(800, 400)
    2.0
    """
    return ratio(ad_spend, ad_clicks)


def clicks_a_week(clicks: Any, units: Any) -> Any:
    """Clicks a week as things are: the mean of the last four weeks on sale.

    A week without stock has no clicks, and says nothing of what ads bring and cost once there is stock again: a week
    whose sales are missing, or one with neither sale nor click where three of them are usual.

    Parameters
    ----------
    clicks, units
        Items x weeks, the oldest first [click/week], [unit/week]; missing where not known.

    Returns
    -------
    numpy.ndarray
        [click/week]. Missing where the clicks of no such week are known.

    Examples
    --------
    >>> clicks_a_week(np.array([[90.0, 70, 70, 0, 0, 70, 70]]), np.array([[9.0, 7, 7, 0, 0, 7, 7]])).tolist()
    [70.0]
    """
    known_weeks = np.isfinite(clicks) & np.isfinite(units)
    events = np.where(known_weeks, np.nan_to_num(clicks) + np.nan_to_num(units), 0.0)
    usual = events.sum(axis=1, keepdims=True) / np.maximum(known_weeks.sum(axis=1, keepdims=True), 1)
    on_sale = known_weeks & ((events > 0) | (usual < USUAL))
    last = on_sale & (np.cumsum(on_sale[:, ::-1], axis=1)[:, ::-1] <= WEEKS_NOW)
    return ratio(np.where(last, np.nan_to_num(clicks), 0.0).sum(axis=1), last.sum(axis=1))


@formula
def ad_share(ad_units: Quantity, ad_days: Quantity, units_sold: Quantity, sales_days: Quantity) -> Quantity:
    """Share of the ASIN's sales that its own advertising brought, by units.

    `(ad_units / ad_days) / (units_sold / sales_days)`: a pace against a pace, because the two reports seldom
    cover the same days.

    Parameters
    ----------
    ad_units
        Units of the advertised SKU itself, so that sales of other products do not count [unit].
    ad_days, sales_days
        Days that each report covers [day].
    units_sold
        All units sold, organic included [unit].

    Returns
    -------
    Quantity
        [fraction], at most 1. Missing without sales.

    Examples
    --------
    >>> ad_share(20, 30, 50, 30)
    0.4
    """
    return np.minimum(ratio(np.multiply(ad_units, sales_days), np.multiply(units_sold, ad_days)), 1.0)


@formula
def unit_proceeds(price: Quantity, referral_rate: Quantity, fulfilment_fee: Quantity) -> Quantity:
    """Cash from the sale of one unit, before advertising; its landed cost is sunk.

    `price x (1 - referral_rate) - fulfilment_fee` [money/unit].

    Examples
    --------
    >>> unit_proceeds(50, 0.15, 6)
    36.5
    """
    return np.subtract(np.multiply(price, np.subtract(1.0, referral_rate)), fulfilment_fee)


@formula
def break_even_roas(price: Quantity, unit_margin: Quantity) -> Quantity:
    """The ROAS at which an advertised unit earns nothing: `price / unit_margin`.

    Parameters
    ----------
    price
        Selling price [money/unit].
    unit_margin
        What a unit brings before advertising [money/unit]: for trading `unit_proceeds - landed_cost`, for clearing
        `unit_proceeds`, because landed cost is then sunk.

    Returns
    -------
    Quantity
        [ratio]. Infinite where a unit earns nothing even without advertising.

    Examples
    --------
    >>> round(break_even_roas(50, 36.5), 2)
    1.37
    """
    earns = np.where(np.less_equal(unit_margin, 0), 0.0, unit_margin)
    with np.errstate(divide="ignore"):
        return np.true_divide(price, earns)


@formula
def is_settled(dates: Quantity, downloaded: Quantity, attribution_days: int) -> Quantity:
    """Was a click day's attribution window closed before the report was downloaded?

    `date + attribution_days < downloaded`. Amazon books a sale to the day of the click for 7 days (vendors 14), so
    the days after that still grow, and the day of the download is not over.

    Examples
    --------
    >>> import numpy as np
    >>> days = np.array(["2026-11-15", "2026-11-16"], dtype="datetime64[D]")
    >>> is_settled(days, np.datetime64("2026-11-23"), 7).tolist()
    [True, False]
    """
    return dates + np.timedelta64(attribution_days, "D") < downloaded

"""Advertising measures of one ASIN or of a whole account, always from sums and never from averaged rows.

Quantities in, quantities out, as in `cover`. Which days and which rows are added up is decided in `analysis`.
"""

from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import digamma, ndtr, polygamma

from wockit.cover import Quantity, formula


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
    """What one unit of money spent on advertising brought back in sales (ROAS).

    `ad_sales / ad_spend`, both summed over the same settled days [money]. Missing without spend; 0 for spend
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
    """What one click costs (CPC): `ad_spend / ad_clicks` [money/click]. Missing without clicks.

    Examples
    --------
    >>> cost_per_click(800, 400)
    2.0
    """
    return ratio(ad_spend, ad_clicks)


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
    """What the sale of one unit brings in cash, before advertising; what it once cost is sunk.

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


def conversion_interval(ad_orders: Quantity, ad_clicks: Quantity, probability: float) -> tuple[Quantity, Quantity]:
    """Low and high end of the conversion rate that so many clicks can support (Wilson's interval).

    Parameters
    ----------
    ad_orders, ad_clicks
        Orders and clicks [count]. More orders than clicks count as an order a click.
    probability
        Share of cases in which the true rate lies between the two [fraction].

    Returns
    -------
    tuple of Quantity
        [fraction]. Missing without clicks.

    References
    ----------
    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference".

    Examples
    --------
    >>> [round(float(rate), 3) for rate in conversion_interval(5, 100, 0.95)]
    [0.022, 0.112]
    """
    z = NormalDist().inv_cdf((1 + probability) / 2)
    rate = np.minimum(ratio(ad_orders, ad_clicks), 1.0)
    clicks = np.where(np.equal(ad_clicks, 0), np.nan, ad_clicks)
    centre = (rate + z**2 / (2 * clicks)) / (1 + z**2 / clicks)
    spread = z / (1 + z**2 / clicks) * np.sqrt(rate * (1 - rate) / clicks + z**2 / (4 * clicks**2))
    return np.maximum(centre - spread, 0.0), centre + spread


def roas_interval(
    ad_orders: Quantity,
    ad_clicks: Quantity,
    order_value: Quantity,
    cost_per_click: Quantity,
    probability: float,
) -> tuple[Quantity, Quantity]:
    """Low and high end of ROAS from the noise in conversion alone: `CVR x order_value / CPC` at both ends of CVR.

    Parameters
    ----------
    order_value
        Ad sales of one ad order [money]; the price where no order came.

    Other parameters are those of `conversion_interval` and `advertising.cost_per_click`.

    Examples
    --------
    >>> [round(float(x), 2) for x in roas_interval(20, 400, order_value=50, cost_per_click=2, probability=0.6)]
    [1.04, 1.5]
    """
    low, high = conversion_interval(ad_orders, ad_clicks, probability)
    value = ratio(order_value, cost_per_click)
    return low * value, high * value


def order_value_scatter(asin: Any, ad_sales: Any, ad_orders: Any) -> float:
    """How far the values of single orders of one ASIN differ: standard deviation / mean, over the whole account.

    Read off the value of an order on each day, which swings the less the more orders a day has.

    Parameters
    ----------
    asin, ad_sales, ad_orders
        One row an ASIN and day.

    Returns
    -------
    float
        [ratio]. 0 where no ASIN has two days with orders.

    Examples
    --------
    >>> round(order_value_scatter(["A", "A"], [10, 30], [1, 1]), 2)
    0.71
    """
    days = pd.DataFrame({"asin": asin, "sales": ad_sales, "orders": ad_orders})
    days = days[days["orders"].gt(0) & days["sales"].gt(0)]
    sums = days.groupby("asin")[["sales", "orders"]].transform("sum")
    away = days["sales"] / days["orders"] / (sums["sales"] / sums["orders"]) - 1
    freedom = len(days) - days["asin"].nunique()
    return float(np.sqrt((days["orders"] * away**2).sum() / freedom)) if freedom > 0 else 0.0


@formula
def high_roas_probability(
    ad_orders: Quantity,
    ad_clicks: Quantity,
    order_value: Quantity,
    cost_per_click: Quantity,
    roas_cut: Quantity,
    order_value_scatter: float = 0.0,
) -> Quantity:
    """How probable it is that the true ROAS is at or above the cut.

    The conversion rate follows a beta distribution (orders + 1/2, clicks - orders + 1/2), the mean value of an order
    is known to within `order_value_scatter / sqrt(orders)`; the logarithm of their product is taken as normal.

    Parameters
    ----------
    ad_orders, ad_clicks
        Orders and clicks [count]. More orders than clicks count as an order a click.
    order_value
        Ad sales of one ad order [money]; the price where no order came.
    cost_per_click, roas_cut
        [money], [ratio]
    order_value_scatter
        Of single orders [ratio].

    Returns
    -------
    Quantity
        [fraction]. Missing without clicks, without an order value or without a cut.

    Examples
    --------
    >>> round(high_roas_probability(50, 1000, order_value=60, cost_per_click=1, roas_cut=3), 2)
    0.5
    >>> round(high_roas_probability(80, 1000, order_value=60, cost_per_click=1, roas_cut=3), 2)
    1.0
    """
    orders = np.minimum(np.asarray(ad_orders, dtype=float), ad_clicks)
    hits, misses = orders + 0.5, np.subtract(ad_clicks, orders) + 0.5
    centre = digamma(hits) - digamma(hits + misses)
    variance = polygamma(1, hits) - polygamma(1, hits + misses) + order_value_scatter**2 / np.maximum(orders, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        aim = np.log(np.true_divide(np.multiply(roas_cut, cost_per_click), order_value))
        found = ndtr((centre - aim) / np.sqrt(variance))
    return np.where(np.greater(ad_clicks, 0), found, np.nan)


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

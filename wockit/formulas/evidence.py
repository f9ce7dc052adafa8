"""Ranges of conversion and ROAS from few clicks, whether a click pays, and when a verdict is possible.

`conversion_evidence` is the one source: verdict, budget, its range and the paths take their rate from it. Quantities
in, quantities out, as in `cover`.
"""

from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betaincinv, chdtri, digamma, ndtr, ndtri, polygamma

from wockit.formulas.advertising import ratio
from wockit.formulas.quantity import Quantity, formula


def conversion_interval(ad_orders: Quantity, ad_clicks: Quantity, probability: float) -> tuple[Quantity, Quantity]:
    """Low and high end of the conversion rate, from the number of clicks (Wilson's interval).

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
    *,
    order_value_scatter: float = 0.0,
    drift: float = 0.0,
) -> tuple[Quantity, Quantity]:
    """Low and high end of ROAS: `CVR x order_value / CPC` by the noise in conversion, in order values, and the drift.

    Parameters
    ----------
    order_value
        Ad sales of one ad order [money]; the price where no order came.
    order_value_scatter
        Of single orders, from the function of that name [ratio].
    drift
        How far the rate moves besides, such as `DRIFT` [ratio].

    Other parameters are those of `conversion_interval` and `advertising.cost_per_click`.

    Returns
    -------
    tuple of Quantity
        [ratio]. Missing without clicks. The three kinds of noise add up as independent ones, on a log scale.

    Examples
    --------
    >>> [round(float(x), 2) for x in roas_interval(20, 400, order_value=50, cost_per_click=2, probability=0.6)]
    [1.04, 1.5]
    """
    low, high = conversion_interval(ad_orders, ad_clicks, probability)
    value = ratio(order_value, cost_per_click)
    middle = np.true_divide(np.add(np.minimum(ad_orders, ad_clicks), 0.5), np.add(ad_clicks, 1.0))
    z = NormalDist().inv_cdf((1 + probability) / 2)
    besides = z * np.hypot(order_value_scatter / np.sqrt(np.maximum(ad_orders, 1.0)), drift)
    with np.errstate(divide="ignore"):
        below, above = (np.maximum(np.log(factor), 0.0) for factor in (middle / low, high / middle))
    lowest, highest = middle * np.exp(-np.hypot(below, besides)), middle * np.exp(np.hypot(above, besides))
    return np.minimum(low, lowest) * value, np.maximum(high, highest) * value


def order_value_scatter(asin: Any, ad_sales: Any, ad_orders: Any) -> float:
    """Scatter of order values of one ASIN: standard deviation / mean, over the whole account.

    Read off the value of an order on each day, which swings the less the more orders a day has.

    Parameters
    ----------
    asin, ad_sales, ad_orders
        One row per ASIN and day.

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
    drift: float = 0.0,
) -> Quantity:
    """Probability that the true ROAS is at or above the cut.

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
    drift
        How far the rate moves besides, such as `DRIFT` [ratio].

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
    variance = polygamma(1, hits) - polygamma(1, hits + misses)
    variance += order_value_scatter**2 / np.maximum(orders, 1.0) + drift**2
    with np.errstate(divide="ignore", invalid="ignore"):
        aim = np.log(np.true_divide(np.multiply(roas_cut, cost_per_click), order_value))
        probability = ndtr((centre - aim) / np.sqrt(variance))
    return np.where(np.greater(ad_clicks, 0), probability, np.nan)


DRIFT = 0.15
"""How far a conversion rate moves in a month, unless the account's own months say more: the spread of its logarithm
[ratio]."""
_FEW_ASINS = 0.35
"""Quantile of the scatter of rates that few ASINs may show by chance; it keeps them from borrowing too much."""


def conversion_evidence(ad_orders: Quantity, ad_clicks: Quantity) -> tuple[Any, Any]:
    """Conversion rate of each ASIN by the account's clicks, as a beta distribution of hits and misses.

    The rates of an account's ASINs scatter around its mean. How far is read off the account itself (by moments, with a
    margin for few ASINs and for the mean's own noise), so that an ASIN with few clicks is drawn toward the mean, and
    one with many keeps its own rate: `hits = orders + k x mean`, `misses = clicks - orders + k x (1 - mean)`. Half a
    hit is borrowed at least.

    Parameters
    ----------
    ad_orders, ad_clicks
        Orders and clicks of all ASINs of the account [count]. More orders than clicks count as an order a click.

    Returns
    -------
    tuple of numpy.ndarray
        Hits and misses [count]. Without a second ASIN with clicks nothing is borrowed (Jeffreys' half a hit and half a
        miss); missing where no ASIN has clicks.

    References
    ----------
    Empirical Bayes for binomial rates; R. DerSimonian, N. Laird (1986) for the moments.

    Examples
    --------
    >>> hits, misses = conversion_evidence([5, 50, 0], [100, 1000, 20])
    >>> (hits / (hits + misses)).round(3).tolist()
    [0.05, 0.05, 0.046]
    """
    clicks = np.nan_to_num(np.asarray(ad_clicks, dtype=float))
    orders = np.minimum(np.nan_to_num(np.asarray(ad_orders, dtype=float)), clicks)
    shown = clicks > 0
    freedom = int(shown.sum()) - 1
    if freedom < 1:
        return (orders + 0.5, clicks - orders + 0.5) if freedom == 0 else (clicks * np.nan, clicks * np.nan)
    mean = (orders.sum() + 0.5) / (clicks.sum() + 1.0)
    weight = clicks[shown] / (mean * (1.0 - mean))
    apart = float((weight * (orders[shown] / clicks[shown] - mean) ** 2).sum())
    margin = freedom / chdtri(freedom, 1.0 - _FEW_ASINS)
    between = max((apart * margin - freedom) / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    of_the_mean = 1.0 / (1.0 / (between + 1.0 / weight)).sum()
    borrowed = max(mean * (1.0 - mean) / (between + of_the_mean) - 1.0, 0.5 / mean)
    return orders + borrowed * mean, clicks - orders + borrowed * (1.0 - mean)


@formula
def rate_spread(hits: Quantity, misses: Quantity, drift: float = 0.0) -> Quantity:
    """Standard deviation of the logarithm of a conversion rate around the expected one [ratio].

    Parameters
    ----------
    hits, misses
        From `conversion_evidence` [count].
    drift
        How far the rate moves besides until it counts, such as `DRIFT` [ratio].

    Examples
    --------
    >>> round(rate_spread(100, 1900), 2), round(rate_spread(100, 1900, drift=0.15), 2)
    (0.1, 0.18)
    """
    variance = polygamma(1, hits) - polygamma(1, np.add(hits, misses))
    return np.hypot(np.sqrt(np.maximum(variance, 0.0)), drift)


@formula
def pays_probability(highest_cpc: Quantity, cost_per_click: Quantity, spread: Quantity) -> Quantity:
    """Probability that a click brings more than it costs, given the doubt about its conversion rate.

    Parameters
    ----------
    highest_cpc
        The most that a click may cost at the expected conversion rate [money/click].
    cost_per_click
        [money/click]
    spread
        Of the rate, from `rate_spread` [ratio].

    Returns
    -------
    Quantity
        [fraction]. A half where a click costs exactly what it may; 0 where it may cost nothing.

    Examples
    --------
    >>> round(pays_probability(1.2, 1.0, 0.18), 2), pays_probability(1.0, 1.0, 0.18)
    (0.84, 0.5)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return ndtr(np.log(np.true_divide(highest_cpc, cost_per_click)) / spread)


@formula
def clicks_at(
    units: Quantity,
    units_per_order: Quantity,
    hits: Quantity,
    misses: Quantity,
    probability: float,
    drift: float = 0.0,
) -> Quantity:
    """Clicks that sell the units in a given share of cases.

    The conversion rate is taken at its own quantile; how far it drifts and the luck of single clicks are added to it,
    so that this is what is needed in fact and not on average.

    Parameters
    ----------
    units, units_per_order
        As for `clicks_needed`.
    hits, misses
        From `conversion_evidence` [count].
    probability
        Share of cases in which the clicks suffice [fraction].
    drift
        As for `rate_spread` [ratio].

    Returns
    -------
    Quantity
        [click]. 0 for nothing to sell.

    Examples
    --------
    >>> round(clicks_at(100, 1, hits=1e9 * 0.05, misses=1e9 * 0.95, probability=0.8), -1)
    2170.0
    """
    orders = np.true_divide(units, units_per_order)
    middle = betaincinv(hits, misses, 0.5)
    away = np.log(middle / betaincinv(hits, misses, 1.0 - probability))
    with np.errstate(divide="ignore", invalid="ignore"):
        more = ndtri(probability) ** 2 * ((1.0 - middle) / orders + drift**2)
        clicks = orders / middle * np.exp(np.sign(probability - 0.5) * np.sqrt(away**2 + more))
    return np.where(np.equal(orders, 0), 0.0, clicks)


@formula
def clicks_for_a_verdict(unit_proceeds: Quantity, units_per_order: Quantity, cost_per_click: Quantity) -> Quantity:
    """Clicks after which it is known whether advertising pays: `3 / break-even conversion rate`.

    With that many clicks and no order the rate is below break-even in 95 of 100 cases (the rule of three). The
    break-even rate is `cost_per_click / (unit_proceeds x units_per_order)`.

    Returns
    -------
    Quantity
        [click]. Missing where a unit brings nothing, or where costs are missing.

    Examples
    --------
    >>> clicks_for_a_verdict(40, 1, 2)
    60.0
    """
    brings = np.multiply(unit_proceeds, units_per_order)
    return 3.0 * np.where(np.greater(brings, 0), brings, np.nan) / cost_per_click

"""Weeks of coverage: how long the stock lasts at the pace of the last month, and where that number misleads.

Quantities in, quantities out: each function takes numbers, arrays or Series. Files, reports and figures live
elsewhere.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import pandas as pd

Quantity = Any
"""A number, a NumPy array or a pandas Series."""

ARTICLE_MONTH_WEEKS = 4.0
_Arguments = ParamSpec("_Arguments")


def formula(function: Callable[_Arguments, Quantity]) -> Callable[_Arguments, Quantity]:
    """A formula over quantities: numbers in give a plain number out, arrays and Series give arrays and Series."""

    @wraps(function)
    def plain(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Quantity:
        result = function(*args, **kwargs)
        if np.ndim(result) == 0:
            return np.asarray(result).item()
        series = [value for value in (*args, *kwargs.values()) if isinstance(value, pd.Series)]
        return pd.Series(result, index=series[0].index) if series and isinstance(result, np.ndarray) else result

    return plain


@formula
def weeks_in_period(sales_days: Quantity) -> Quantity:
    """Weeks that the simple formula counts for a sales period.

    A period of 28 to 31 days is the article's month and counts as 4 weeks; any other is `sales_days / 7`.

    Parameters
    ----------
    sales_days
        Length of the sales period [day].

    Examples
    --------
    >>> weeks_in_period(30), weeks_in_period(14)
    (4.0, 2.0)
    """
    month = (np.asarray(sales_days) >= 28) & (np.asarray(sales_days) <= 31)
    return np.where(month, ARTICLE_MONTH_WEEKS, np.asarray(sales_days) / 7.0)


@formula
def weeks_of_coverage(
    units_available: Quantity, units_sold: Quantity, weeks: Quantity = ARTICLE_MONTH_WEEKS
) -> Quantity:
    """How many weeks the stock lasts if it goes on selling as in the sales period (WOC).

    `units_available / units_sold x weeks`

    Parameters
    ----------
    units_available
        Sellable stock at FBA now [unit].
    units_sold
        Units sold in the sales period [unit].
    weeks
        Weeks in that period [week]: 4 for a month, as the article has it, or exactly `sales_days / 7`.

    Returns
    -------
    Quantity
        [week]. Infinite for stock that did not sell, missing where there is neither stock nor sale.

    Examples
    --------
    >>> weeks_of_coverage(2000, 1000)
    8.0
    >>> round(weeks_of_coverage(2000, 1000, weeks=30 / 7), 2)
    8.57
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.true_divide(units_available, units_sold) * weeks


@formula
def excess_units(
    units_available: Quantity,
    units_sold: Quantity,
    healthy_weeks: Quantity,
    weeks: Quantity = ARTICLE_MONTH_WEEKS,
) -> Quantity:
    """Stock above what the healthy cover needs: the units to clear.

    `units_available - healthy_weeks x units_sold / weeks`, whole units, never below 0.

    Parameters
    ----------
    units_available, units_sold, weeks
        As for `weeks_of_coverage`.
    healthy_weeks
        Upper end of the healthy band [week].

    Returns
    -------
    Quantity
        [unit]. Without sales all of the stock; missing where stock or sales are missing.

    Examples
    --------
    >>> excess_units(175, 50, healthy_weeks=6)
    100.0
    """
    above = np.subtract(units_available, np.true_divide(np.multiply(healthy_weeks, units_sold), weeks))
    return np.maximum(np.floor(np.round(above, 6)), 0.0)


@formula
def is_peak(units_last_30_days: Quantity, units_last_90_days: Quantity, ratio: float = 1.5) -> Quantity:
    """Did the last 30 days sell far faster than the 60 before, so that WOC reads too low after a passing peak?

    `units_last_30_days / 30 >= ratio x (units_last_90_days - units_last_30_days) / 60`, for at least 10 units.

    Missing units give False.

    Examples
    --------
    >>> is_peak(300, 500), is_peak(100, 300)
    (True, False)
    """
    before = np.subtract(units_last_90_days, units_last_30_days)
    return (np.asarray(units_last_30_days) >= 10) & (np.asarray(units_last_30_days) * 2 >= ratio * before)


@formula
def is_slump(units_last_30_days: Quantity, units_last_90_days: Quantity, ratio: float = 0.5) -> Quantity:
    """Did the last 30 days sell far slower than the 60 before (a stock-out, a season's end), so that WOC reads high?

    `units_last_30_days / 30 <= ratio x (units_last_90_days - units_last_30_days) / 60`, where the 60 days sold at
    least 10 units. Missing units give False.

    Examples
    --------
    >>> is_slump(50, 350), is_slump(100, 300)
    (True, False)
    """
    before = np.subtract(units_last_90_days, units_last_30_days)
    return (before >= 10) & (np.asarray(units_last_30_days) * 2 <= ratio * before)

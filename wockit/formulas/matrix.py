"""The matrix: the gates before it, its five segments and the exit lane.

The map of segments, the plans and their texts are data in `playbook.toml`. Quantities in, quantities out, as in
`cover`; reports and figures live elsewhere.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.advertising import roas
from wockit.formulas.playbook import playbook
from wockit.formulas.quantity import Quantity, formula
from wockit.settings import CUT_OFFS, Settings


def account_roas(ad_sales: Quantity, ad_spend: Quantity) -> float:
    """The account benchmark: all ad sales over all ad spend, never the mean of the ASINs' ratios.

    Missing values count as nothing spent and nothing sold. Missing without spend.

    Examples
    --------
    >>> account_roas([300, 0], [50, 50])
    3.0
    """
    return float(roas(np.nansum(ad_sales), np.nansum(ad_spend)))


def gate(
    *,
    units_available: Quantity,
    units_sold: Quantity,
    ad_spend: Quantity,
    roas_cut: Quantity,
    sellable: Quantity,
    new: Quantity,
    exits: Quantity,
    other_price: Quantity = False,
) -> Any:
    """The reason why an ASIN has no place in the matrix, or missing where it has one. The first that holds counts.

    Parameters
    ----------
    units_available, units_sold
        Stock now and units sold in the period [unit]; either one missing gives `missing_data`.
    ad_spend
        Spend over the settled days [money]; 0 gives `no_ads`, missing (no advertising report) `no_ad_report`.
    roas_cut
        The cut that ROAS is held against [ratio]; missing (a break-even without costs) gives `missing_data`.
    sellable, new, exits, other_price
        True where the offer can be bought, where it is too new to judge, where it is in the exit lane
        whatever its advertising does, and where its advertising is of another price than today's.

    Returns
    -------
    numpy.ndarray
        Keys of `playbook().gates`, or None.

    Examples
    --------
    >>> gate(units_available=[0, 9, 9], units_sold=[5, 0, 5], ad_spend=[1, 1, 0], roas_cut=3.0,
    ...      sellable=[True] * 3, new=[False] * 3, exits=[False] * 3).tolist()
    ['out_of_stock', 'no_sales', 'no_ads']
    """
    stock, sold, spend, cut, exits = np.broadcast_arrays(units_available, units_sold, ad_spend, roas_cut, exits)
    rules = (
        ("missing_data", np.isnan(stock) | np.isnan(sold)),
        ("out_of_stock", stock <= 0),
        ("not_sellable", ~np.asarray(sellable, dtype=bool)),
        ("new", np.asarray(new, dtype=bool)),
        ("no_sales", sold <= 0),
        (None, exits),
        ("no_ad_report", np.isnan(spend)),
        ("no_ads", spend <= 0),
        ("price_changed", np.asarray(other_price, dtype=bool)),
        ("missing_data", np.isnan(cut)),
    )
    gates = np.full(stock.shape, None, dtype=object)
    for name, holds in reversed(rules):
        gates[holds] = name
    return gates


def plan(segment: Quantity, gate: Quantity, units_aged_over_180: Quantity) -> Any:
    """Key of the plan in the playbook: the segment's, or the gate's where there is one.

    Stock that does not sell is treated as for lifting conversion, and as for the exit lane once units are older than
    180 days, when Amazon may remove them by itself.

    Examples
    --------
    >>> plan(["scale", None, None], [None, "new", "no_sales"], [0, 0, 10]).tolist()
    ['scale', 'new', 'exit']
    """
    unsold = np.where(np.greater(units_aged_over_180, 0), "exit", "lift_conversion")
    placed = np.where(pd.isna(gate), np.asarray(segment, dtype=object), np.asarray(gate, dtype=object))
    return np.where(placed == "no_sales", unsold, placed)


def segment(
    weeks_of_coverage: Quantity,
    roas: Quantity,
    roas_cut: Quantity,
    aged_out: Quantity,
    settings: Settings,
    low_weeks: Quantity | None = None,
    healthy_weeks: Quantity | None = None,
) -> Any:
    """The segment of each ASIN: its place by weeks of coverage and ROAS.

    A cut-off belongs to the upper side: 6 weeks is above the healthy band, a ROAS equal to the cut is high. Units of
    `exit_age_days` or older send an ASIN to the exit lane whatever its cover.

    Parameters
    ----------
    weeks_of_coverage
        [week]
    roas, roas_cut
        [ratio]
    aged_out
        True where units are too old.
    settings
        The cut-offs.
    low_weeks, healthy_weeks
        Those of each ASIN, where it has its own [week].

    Returns
    -------
    numpy.ndarray
        Keys of `playbook().segments`; None where cover or ROAS is missing.

    Examples
    --------
    >>> segment([2, 4.5, 5, 8, 20, 65], [5, 4, 2, 4, 1, 2], 3.0, False, Settings()).tolist()
    ['protect', 'scale', 'refine', 'push_traffic', 'lift_conversion', 'exit']
    """
    weeks, ratio, cut, old = np.broadcast_arrays(weeks_of_coverage, roas, roas_cut, aged_out)
    sides = {"high": ratio >= cut, "low": ratio < cut, "any": np.full(weeks.shape, True)}
    keys = np.full(weeks.shape, None, dtype=object)
    for key, (low, high) in segment_ends(settings, low_weeks, healthy_weeks).items():
        inside = (weeks >= low) & ((weeks < high) | np.isinf(high))
        keys[inside & sides[playbook().segments[key].roas]] = key
    keys[old.astype(bool) & ~np.isnan(weeks)] = "exit"
    return keys


def segment_ends(
    settings: Settings, low_weeks: Quantity | None, healthy_weeks: Quantity | None
) -> dict[str, tuple[Any, Any]]:
    """Limits of cover of each segment; own cut-offs never go beyond the exit."""
    own: dict[str, Any] = {"low_weeks": low_weeks, "healthy_weeks": healthy_weeks}
    weeks = {name: getattr(settings, name) if own.get(name) is None else own[name] for name in CUT_OFFS}
    cuts = {name: np.minimum(cut, settings.exit_weeks) for name, cut in weeks.items()}
    ends = {"nothing": 0.0, **cuts, "for_ever": np.inf}
    return {key: (ends[plan.cover[0]], ends[plan.cover[1]]) for key, plan in playbook().segments.items()}


def urgency(weeks_of_coverage: Quantity, settings: Settings, healthy_weeks: Quantity | None = None) -> Any:
    """Urgency of stock above the healthy band: watch, act or urgent; None within the band.

    Parameters
    ----------
    weeks_of_coverage
        The cover that is judged [week]; missing counts as within the band.
    settings
        The cut-offs.
    healthy_weeks
        The upper end of each ASIN's own band [week]; the settings' if left out. Nothing within it is pressing.

    Examples
    --------
    >>> urgency([5, 7, 8, 30], Settings()).tolist()
    [None, 'watch', 'act', 'urgent']
    >>> urgency([8, 12], Settings(), healthy_weeks=10).tolist()
    [None, 'act']
    """
    weeks = np.nan_to_num(np.asarray(weeks_of_coverage, dtype=float), nan=0.0)
    own = settings.healthy_weeks if healthy_weeks is None else np.asarray(healthy_weeks, dtype=float)
    steps = (own, np.maximum(own, settings.act_weeks), np.maximum(own, settings.urgent_weeks))
    names = np.array([None, *playbook().urgency], dtype=object)
    return names[sum(weeks >= step for step in steps)]


@formula
def is_aged_out(units_aged: Quantity, units_sold: Quantity, sales_days: Quantity) -> Quantity:
    """Are there more old units than four weeks sell, so that they will not go by themselves?

    `units_aged > units_sold / sales_days x 28`. Amazon sells the oldest units first, so that fewer than that are gone
    within a month. Missing gives False.

    Examples
    --------
    >>> is_aged_out(33, 30, 30), is_aged_out(1, 900, 30)
    (True, False)
    """
    return np.greater(units_aged, np.true_divide(units_sold, sales_days) * 28)


@formula
def is_new(units_aged_over_90: Quantity, units_last_60_days: Quantity, units_last_90_days: Quantity) -> Quantity:
    """Does an ASIN look new: no unit older than 90 days, and none shipped before the last 60 days?

    The inventory report gives no first day, so this is read off its ages and its units shipped. Missing gives False.

    Examples
    --------
    >>> is_new(0, 40, 40), is_new(0, 40, 55), is_new(10, 0, 0)
    (True, False, False)
    """
    return np.equal(units_aged_over_90, 0) & np.equal(units_last_60_days, units_last_90_days)


@formula
def has_stopped(units_last_30_days: Quantity, units_last_90_days: Quantity) -> Quantity:
    """Did an ASIN sell steadily and then nothing in 30 days, which chance alone would hardly do?

    Nothing in the last 30 days, and at least 10 units in the 60 before: at that pace a month without a sale happens
    once in 150. Missing gives False.

    Examples
    --------
    >>> has_stopped(0, 120), has_stopped(0, 5), has_stopped(3, 120)
    (True, False, False)
    """
    return np.equal(units_last_30_days, 0) & np.greater_equal(units_last_90_days, 10)


@formula
def sales_at_risk(
    weeks_of_coverage: Quantity, low_weeks: float, units_sold: Quantity, weeks: Quantity, price: Quantity
) -> Quantity:
    """Sales that the stock cannot serve until the low cut-off: what being short may cost.

    `(low_weeks - weeks_of_coverage) x units_sold / weeks x price` [money], never below 0. Inbound units do not count.

    Examples
    --------
    >>> sales_at_risk(2, 3, units_sold=400, weeks=4, price=20)
    2000.0
    """
    short = np.maximum(np.subtract(low_weeks, weeks_of_coverage), 0.0)
    return short * np.true_divide(units_sold, weeks) * price


@formula
def ad_overspend(ad_spend: Quantity, ad_sales: Quantity, roas_cut: Quantity) -> Quantity:
    """Spend beyond what these ad sales would have cost at the cut: `ad_spend - ad_sales / roas_cut`, never below 0.

    [money], over the settled days of the report.

    Examples
    --------
    >>> ad_overspend(200, 300, 3)
    100.0
    """
    return np.maximum(np.subtract(ad_spend, np.true_divide(ad_sales, roas_cut)), 0.0)


@formula
def ad_headroom(ad_spend: Quantity, ad_sales: Quantity, roas_cut: Quantity) -> Quantity:
    """Ad spend that could be added before ROAS falls to the cut, if the extra clicks sold nothing.

    `ad_sales / roas_cut - ad_spend` [money], never below 0, over the settled days of the report.

    Examples
    --------
    >>> ad_headroom(100, 600, 3)
    100.0
    """
    return np.maximum(np.subtract(np.true_divide(ad_sales, roas_cut), ad_spend), 0.0)


def stake(plan: Quantity, low_stock: Quantity) -> Any:
    """Column that says how much money is at stake, by the plan of each ASIN.

    Where stock is too low, running out comes first, whatever the plan: `sales_at_risk`. Empty where a plan names none.

    Examples
    --------
    >>> stake(["refine", "refine", "missing_data"], [False, True, True]).tolist()
    ['ad_overspend', 'sales_at_risk', '']
    """
    named = np.array([playbook().plan(key).stake for key in plan], dtype=object)
    return np.where(np.asarray(low_stock, dtype=bool) & (named != ""), "sales_at_risk", named)


def stake_a_week(stake: Quantity, money: Quantity, low_weeks: Quantity, clear_days: Quantity, ad_days: Quantity) -> Any:
    """Money at stake in a week [money/week], so that stocks and sales and spends can be ranked together.

    Sales at risk over the weeks that stock should last, ad spend over the days it was counted in, and what has to be
    cleared over the days that there are to clear it. Missing where nothing is at stake.

    Examples
    --------
    >>> stake_a_week(["sales_at_risk", "ad_overspend", "excess_value"], [300, 60, 900], 3, 63, 42).tolist()
    [100.0, 10.0, 100.0]
    """
    by_stake = {"sales_at_risk": low_weeks, "ad_overspend": np.true_divide(ad_days, 7)}
    by_stake["ad_headroom"] = by_stake["ad_overspend"]
    weeks = np.true_divide(clear_days, 7) * np.ones(np.shape(money))
    for name, other in by_stake.items():
        weeks = np.where(np.asarray(stake) == name, other, weeks)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weeks > 0, np.true_divide(money, weeks), np.nan)


def money_at_stake(stake: pd.Series, stakes: pd.DataFrame) -> pd.Series:
    """The sum that stands in the column that `stake` names for each ASIN; missing where it names none."""
    result = pd.Series(np.nan, index=stake.index, dtype=float)
    for name in stake[stake != ""].unique():
        result = result.where(stake != name, stakes[name])
    return result

"""Amazon's charges for holding and removing stock; stock ages first in, first out.

Quantities in, quantities out, as in `cover`; a month is 30 days here. The rates are in `rates`; the best way out is
decided in `ways_out`.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.quantity import Quantity, formula
from wockit.formulas.rates import alike, groups, plain_size, price_at, priced, rates, tiers_in, tiers_of

MONTH_DAYS = 30


AGE_STEPS = (0, 91, 181, 271, 366, 456)
"""Where the age steps of the inventory report begin; the last one has no end [day]."""


LOW_INVENTORY_UNITS = 20
"""An item that sells fewer units in 7 days is exempt from the low-inventory-level fee [unit]."""


@dataclass(frozen=True)
class AgedStock:
    """Units of each item (row) by age (column) [unit], and those ages, the youngest first [day]."""

    units: Any
    ages: Any


def aged_stock(units_by_step: Quantity, starts: tuple[int, ...] = AGE_STEPS) -> AgedStock:
    """The age steps of an inventory report, each spread evenly over parts of 30 days or so and put at their middles.

    The last step, which has no end, is put at its beginning. A row with a missing step is missing.

    Examples
    --------
    >>> stock = aged_stock([[0, 0, 90, 0, 0, 5]])
    >>> stock.units[0, 6:9].tolist(), stock.ages[6:9].tolist()
    ([30.0, 30.0, 30.0], [196.0, 226.0, 256.0])
    """
    units, widths = np.asarray(units_by_step, dtype=float), np.diff(starts)
    parts = np.append(np.maximum(np.round(widths / MONTH_DAYS).astype(int), 1), 1)
    steps = zip(starts, parts, np.append(widths, 0) / parts, strict=True)
    ages = [start + width * (np.arange(count) + 0.5) for start, count, width in steps]
    whole = np.where(np.isnan(units).any(axis=1, keepdims=True), np.nan, units)
    return AgedStock(np.repeat(whole / parts, parts, axis=1), np.concatenate(ages))


def age_ahead(stock: AgedStock, weekly: Quantity, months: int = 12) -> Any:
    """The units left of each age now and at the end of each coming month of 30 days, the oldest sold first.

    Gives items x months + 1 x ages [unit]: what has an age now is that many months older then, and what is gone was
    sold. The weekly demand (items x weeks) [unit/week] goes on after its last week as in its last 13.

    Examples
    --------
    >>> age_ahead(AgedStock(np.array([[10.0, 10.0]]), np.array([0.0, 91.0])), np.full((1, 52), 3.5), 1)[0].tolist()
    [[10.0, 10.0], [5.0, 0.0]]
    """
    return _left(stock, _sold(weekly, MONTH_DAYS * np.arange(months + 1)))


def _sold(weekly: Quantity, days: Any) -> Any:
    """Units sold up to some days, for all items the same or each item's own (items x days) [unit].

    After its last week it goes on as in its last 13.
    """
    pace = np.asarray(weekly, dtype=float)
    row, later = np.arange(len(pace))[:, None], pace[:, -13:].mean(axis=1, keepdims=True)
    inside = np.minimum(days, 7 * pace.shape[1])
    week = np.minimum(inside // 7, pace.shape[1] - 1)
    begun = (np.cumsum(pace, axis=1) - pace)[row, week] + pace[row, week] * (inside - 7 * week) / 7
    return begun + later * (days - inside) / 7


def _left(stock: AgedStock, sold: Any) -> Any:
    as_old = np.cumsum(stock.units[:, ::-1], axis=1)[:, ::-1]
    return np.clip(as_old[:, None] - sold[:, :, None], 0.0, stock.units[:, None])


@dataclass(frozen=True)
class Carry:
    """Cost of holding the stock, by item and coming month [money].

    `total` is the sum of `storage`, `aged_surcharge` and `utilisation_surcharge`. `next_date` and `next_amount` are
    the next aged surcharge: no date and 0 where none is coming. `per_unit` is the total of all months for each unit
    held today [money/unit], missing without stock.
    """

    storage: Any
    aged_surcharge: Any
    utilisation_surcharge: Any
    total: Any
    next_date: Any
    next_amount: Any
    per_unit: Any


def carrying_cost(
    stock: AgedStock,
    weekly: Quantity,
    *,
    table: pd.DataFrame,
    marketplace: str,
    start: date,
    unit_volume: Quantity,
    size: Quantity,
    category: Quantity = "all",
    utilisation_weeks: Quantity | None = None,
    extra_units: Quantity = 0.0,
    extra_days: Quantity = MONTH_DAYS,
    months: int = 12,
) -> Carry:
    """Cost of holding stock that sells as expected, by month of 30 days [money].

    Storage is paid on the mean of the units at both ends of a month, by the season in which its middle falls; the aged
    surcharge on the units of the 15th, by volume or by unit, whichever is more; the utilisation surcharge on units
    older than 30 days, by the weeks of an account's stock of that size [week], which stay as they are (none: 0). Extra
    units are sold besides the demand, evenly over the first `extra_days` [day]. A month without rates, and an item
    without units or volume [cubic foot], is missing.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> held = carrying_cost(AgedStock(np.array([[10.0]]), np.array([366.0])), np.zeros((1, 52)), table=fee_table(),
    ...                      marketplace="US", start=date(2026, 7, 15), unit_volume=0.1, size="standard", months=1)
    >>> held.total.round(2).tolist(), held.next_date.tolist(), held.next_amount.round(2).tolist()
    ([[7.68]], [datetime.date(2026, 7, 15)], [6.9])
    """
    items, months_on = len(stock.units), MONTH_DAYS * np.arange(months + 1)
    today, fifteenth = np.datetime64(start, "D"), _fifteenths(start, months)
    counted_on = int((fifteenth[0] - today).astype(int)) + months_on[:-1]
    within, extra = (np.broadcast_to(each, items)[:, None] for each in (extra_days, extra_units))
    sold, due = (_sold(weekly, days) + extra * np.minimum(days / within, 1.0) for days in (months_on, counted_on))
    mean, old = _means(stock, sold)
    volume = np.broadcast_to(np.asarray(unit_volume, dtype=float), items)
    ratio = np.broadcast_to(np.asarray(0.0 if utilisation_weeks is None else utilisation_weeks, dtype=float), items)
    storage, aged, used = np.full((3, items, months), np.nan)
    look, table = tiers_in(table, marketplace), table[table["marketplace"] == marketplace]
    middles, snapshots = (alike(table, days) for days in (today + months_on[:-1] + MONTH_DAYS // 2, fifteenth))
    for here, name, kind in groups(size, category, (items,)):
        for step in range(months):
            base = price_at(look("storage", middles[step], name, kind), 0.0)[0]
            more = price_at(look("utilisation_surcharge", middles[step], name, kind), ratio[here])[0]
            rate, least = price_at(look("aged_surcharge", snapshots[step], name, kind), stock.ages + counted_on[step])
            storage[here, step] = mean[here, step] * volume[here] * base
            used[here, step] = old[here, step] * volume[here] * more
            counted = _left(AgedStock(stock.units[here], stock.ages), due[here, step, None])[:, 0]
            aged[here, step] = (counted * np.maximum(volume[here, None] * rate, least)).sum(axis=1)
    used = np.zeros_like(used) if utilisation_weeks is None else used
    return _carry(storage, aged, used, storage + aged + used, stock, fifteenth)


def _means(stock: AgedStock, sold: Any) -> tuple[Any, Any]:
    """The mean of the units at both ends of each month, of all and of those older than 30 days [unit].

    Month by month, because all months of a large account at once take gigabytes.
    """
    of_all, of_old = np.empty((2, len(sold), sold.shape[1] - 1))
    ends = (_left(stock, units[:, None])[:, 0] for units in sold.T)
    for step, (first, last) in enumerate(pairwise(ends)):
        over_30 = stock.ages + MONTH_DAYS * step > 30, stock.ages + MONTH_DAYS * (step + 1) > 30
        of_all[:, step] = (first + last).sum(axis=1) / 2
        of_old[:, step] = (first * over_30[0] + last * over_30[1]).sum(axis=1) / 2
    return of_all, of_old


def _carry(storage: Any, aged: Any, used: Any, total: Any, stock: AgedStock, fifteenth: Any) -> Carry:
    row, coming = np.arange(len(total)), (aged > 0).argmax(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        per_unit = total.sum(axis=1) / stock.units.sum(axis=1)
    amount = aged[row, coming]
    next_date = np.where(amount > 0, fifteenth[coming], np.datetime64("NaT", "D"))
    return Carry(storage, aged, used, total, next_date, amount, per_unit)


def _fifteenths(start: date, months: int) -> Any:
    """The next days on which Amazon counts units for the aged surcharge."""
    month = np.datetime64(start, "M") + int(start.day > 15) + np.arange(months)
    return month.astype("M8[D]") + 14


@dataclass(frozen=True)
class Stated:
    """Amazon's own statements on each item, which override any table; missing where there is none.

    `storage_a_unit` is what it charged to store a unit in a month, and `storage_rate` what the table would have charged
    then [money/unit]; `aged_surcharge` is the next one, and `next_month` all of the next month's storage [money].
    """

    storage_a_unit: Any
    storage_rate: Any
    aged_surcharge: Any
    next_month: Any


def as_stated(carry: Carry, stated: Stated, stock: AgedStock, weekly: Quantity, start: date) -> Carry:
    """Holding cost by the table, corrected by Amazon's statements.

    Storage of every month follows the rate that was charged, over the table's of that month; where the table has none,
    each unit costs what was charged. A surcharge that no table knows is the stated one in every month.

    Examples
    --------
    >>> stock = AgedStock(np.array([[10.0]]), np.array([0.0]))
    >>> nothing = np.full((1, 1), np.nan)
    >>> carry = Carry(nothing, np.zeros((1, 1)), np.zeros((1, 1)), nothing, None, None, None)
    >>> stated = Stated(np.array([0.5]), np.array([np.nan]), np.array([np.nan]), np.array([np.nan]))
    >>> as_stated(carry, stated, stock, np.zeros((1, 52)), date(2026, 11, 23)).total.tolist()
    [[5.0]]
    """
    months = carry.total.shape[1]
    units = age_ahead(stock, weekly, months).sum(axis=2)
    mean = (units[:, :-1] + units[:, 1:]) / 2
    a_unit, rate, next_aged, next_month = (
        np.asarray(amounts, dtype=float)[:, None]
        for amounts in (stated.storage_a_unit, stated.storage_rate, stated.aged_surcharge, stated.next_month)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        by_charge = np.where(np.isfinite(rate) & (rate > 0), carry.storage * a_unit / rate, mean * a_unit)
    storage = np.where(np.isnan(a_unit), carry.storage, by_charge)
    aged = np.where(np.isnan(carry.aged_surcharge), next_aged, carry.aged_surcharge)
    first = np.arange(months) == 0
    aged = np.where(first & ~np.isnan(next_aged), next_aged, aged)
    used = np.where(np.isnan(carry.utilisation_surcharge), 0.0, carry.utilisation_surcharge)
    total = np.where(first & ~np.isnan(next_month), next_month, storage + aged + used)
    return _carry(storage, aged, carry.utilisation_surcharge, total, stock, _fifteenths(start, months))


def saved_by_selling(
    stock: AgedStock, weekly: Quantity, units: Quantity, days: Quantity, slow: Carry | None = None, **terms: Any
) -> Any:
    """Carrying cost saved by selling units within some whole days instead of at the expected pace.

    What the expected demand leaves of the units by then is sold evenly over the days, besides the demand itself, which
    then goes on [money, over all months of `carrying_cost`, whose `terms` are the same]; 0 where it sells them anyway.
    `slow` is the carrying cost at the expected pace where it is known already.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> stock = AgedStock(np.array([[10.0]]), np.array([0.0]))
    >>> saved_by_selling(stock, np.zeros((1, 52)), 10, 30, table=fee_table(), marketplace="US", months=2,
    ...                  start=date(2026, 1, 15), unit_volume=1.0, size="standard").round(2).tolist()
    [11.7]
    """
    held, within = stock.units.sum(axis=1), np.broadcast_to(days, len(stock.units)).astype(int)
    extra = np.maximum(np.minimum(units, held) - np.minimum(_sold(weekly, within[:, None])[:, 0], held), 0.0)
    slow = slow or carrying_cost(stock, weekly, **terms)
    return (slow.total - carrying_cost(stock, weekly, extra_units=extra, extra_days=within, **terms).total).sum(axis=1)


@formula
def low_inventory_fee(
    table: pd.DataFrame,
    marketplace: str,
    day: date,
    size: Quantity,
    supply_30: Quantity,
    supply_90: Quantity,
    units_7_days: Quantity,
    weight: Quantity = np.nan,
) -> Quantity:
    """The low-inventory-level fee of each unit shipped [money/unit].

    The greater of the historical days of supply over 30 and over 90 days [day] sets the band; 28 or more are free, and
    so is an item that sold fewer than 20 units in 7 days. Missing where a figure, the rate, or the weight [lb] that
    tells large standard sizes apart is.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> low_inventory_fee(fee_table(), "US", date(2026, 11, 23), "small_standard", 10, 20, units_7_days=50)
    0.63
    """
    split = np.where(np.isnan(weight), "unknown", np.where(np.greater(weight, 3), "over_3_lb", "to_3_lb"))
    plain = np.vectorize(plain_size, otypes=[object])(size)
    named = np.where(plain == "large_standard", "large_standard_" + split.astype(object), plain)
    fee = priced(table, marketplace, "low_inventory", day, named, np.fmax(supply_30, supply_90))
    known = np.isfinite(np.add(supply_30, supply_90)) & np.isfinite(units_7_days)
    exempt = np.less(units_7_days, LOW_INVENTORY_UNITS) & (not rates(table, marketplace, "low_inventory", day).empty)
    return np.where(exempt, 0.0, np.where(known | np.equal(fee, 0), fee, np.nan))


@formula
def removal_fee(table: pd.DataFrame, marketplace: str, day: date, size: Quantity, weight: Quantity) -> Quantity:
    """Amazon's fee for returning or disposing of a unit [money/unit].

    The weight is that of a packed unit, in lb or kg as the marketplace counts; missing or 0 gives missing.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> removal_fee(fee_table(), "US", date(2026, 11, 23), "small_standard", [0.4, 3.0]).round(2).tolist()
    [0.84, 3.95]
    """
    return priced(table, marketplace, "removal", day, size, np.where(np.greater(weight, 0), weight, np.nan))


@formula
def liquidation_value(
    table: pd.DataFrame,
    marketplace: str,
    day: date,
    price: Quantity,
    size: Quantity,
    weight: Quantity,
    recovery: Quantity = 0.075,
) -> Quantity:
    """Net payment of FBA Liquidations for a unit, after 60 to 90 days [money/unit]; it may be below 0.

    `(1 - liquidation_referral) x recovery x price - liquidation_processing`; Amazon names a recovery of 5 to 10 % of
    the price [fraction]. The weight is that of `removal_fee`.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> liquidation_value(fee_table(), "US", date(2026, 11, 23), 20, "small_standard", 0.4)
    1.025
    """
    weight = np.where(np.greater(weight, 0), weight, np.nan)
    processing = priced(table, marketplace, "liquidation_processing", day, size, weight)
    referral = price_at(tiers_of(rates(table, marketplace, "liquidation_referral", day)), 0.0)[0]
    return (1.0 - referral) * np.multiply(recovery, price) - processing


@formula
def fulfilment_fee(table: pd.DataFrame, marketplace: str, day: date, size: Quantity, weight: Quantity) -> Quantity:
    """FBA fulfillment fee of a unit by the table, with fuel and peak surcharges [money/unit].

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> table = fee_table()
    >>> low, peak = (fulfilment_fee(table, "DE", day, "standard_parcel", 0.2)
    ...              for day in (date(2026, 9, 1), date(2026, 11, 23)))
    >>> bool(0 < low <= peak)
    True
    """
    base, peak = (priced(table, marketplace, fee, day, size, weight) for fee in ("fulfilment", "peak_fulfilment"))
    return base * (1.0 + np.nan_to_num(fuel_surcharge(table, marketplace, day))) + np.nan_to_num(peak)


def fuel_surcharge(table: pd.DataFrame, marketplace: str, day: date) -> float:
    """The fuel and logistics surcharge as a share of the fulfilment fee [fraction]; missing where none is known.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> fuel_surcharge(fee_table(), "US", date(2026, 11, 23))
    0.035
    """
    return float(price_at(tiers_of(rates(table, marketplace, "fuel_surcharge", day)), 0.0)[0])

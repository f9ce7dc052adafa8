"""The measures of every ASIN: what its ads bring, what a unit earns, and how much stock is too much.

Here columns meet formulas. Each ASIN's place, which follows from them, is worked out in `positions`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import HALO, aged, clicks_now, season_is_over
from wockit.analysis.reported import by_day
from wockit.formulas import advertising, cover, evidence, matrix
from wockit.reading.account import Account
from wockit.reading.sales_record import are_apart
from wockit.settings import Settings

PRICE_CHANGE, FEW_UNITS = 0.1, 5
"""Share by which the price of advertised units lies off today's, and of how many units at least."""


def advertising_of(reported: pd.DataFrame, scatter: float, account: Account, settings: Settings) -> pd.DataFrame:
    """Costs and sales of advertising, of the ASIN itself and in all, and the evidence of its clicks."""
    spend, sales, clicks, orders = (reported[name] for name in ("ad_spend", "ad_sales", "ad_clicks", "ad_orders"))
    price, ad_days, sold = reported["price"], reported["ad_days"], reported["units_sold"]
    known = sales_known(account, settings)
    ordered = reported["units_ordered"].clip(lower=0.0).fillna(sold) if known else sold
    same_days = reported["sold_in_ad_days"].mask(are_apart(ordered, sold))
    sold_beside_ads = same_days.fillna(ordered * ad_days / reported["sales_days"])
    period_spend = spend * reported["sales_days"] / ad_days.replace(0, np.nan)
    own_units = reported["ad_units_same_sku"].fillna(reported["ad_units"])
    own_share = _own_share(reported)
    own_sales = sales - _other_sales(reported).fillna(0.0)
    cost_per_click = advertising.cost_per_click(spend, clicks)
    order_value = advertising.ratio(own_sales, orders).fillna(price)
    clicks_tell = (orders, clicks, order_value, cost_per_click, 2 * settings.certainty - 1)
    roas_range = evidence.roas_interval(
        *clicks_tell, order_value_scatter=scatter, drift=account.lessons.conversion_drift
    )
    paid = advertising.ratio(sales - reported["ad_sales_other_sku"], reported["ad_units_same_sku"])
    measures = {
        "price_changed": (paid / price - 1).abs().gt(PRICE_CHANGE) & reported["ad_units_same_sku"].ge(FEW_UNITS),
        "roas": advertising.roas(sales, spend),
        "own_roas": advertising.roas(own_sales, spend),
        "acos": advertising.acos(sales, spend),
        "halo_share": advertising.ratio(_other_sales(reported), sales),
        "tacos": advertising.tacos(period_spend, reported["sales"] if known else np.nan),
        "conversion_rate": advertising.conversion_rate(orders, clicks),
        "cost_per_click": cost_per_click,
        "own_share": own_share,
        "clicks_a_day_now": clicks_now(reported, account),
        "clicks_a_day_best": _best_week(account.ads).reindex(reported.index) / 7,
        "own_orders": orders * own_share,
        **dict(zip(("hits", "misses"), evidence.conversion_evidence(orders * own_share, clicks), strict=True)),
        "ad_share": advertising.ad_share(own_units, ad_days, sold_beside_ads, ad_days),
        **dict(zip(("roas_low", "roas_high"), roas_range, strict=True)),
        "order_value": order_value,
    }
    return pd.DataFrame(measures, index=reported.index)


def sales_known(account: Account, settings: Settings) -> bool:
    """Whether the days of the sales report are known; else units sold come from the inventory report."""
    return (account.sales_days or settings.sales_days) is not None


def _own_share(reported: pd.DataFrame) -> pd.Series:
    """The share of the advertised units that are of the ASIN itself; all of them where no report tells."""
    own_units = reported["ad_units_same_sku"].fillna(reported["ad_units"])
    return advertising.ratio(own_units, reported["ad_units"]).fillna(1.0).clip(0.0, 1.0)


def _other_sales(reported: pd.DataFrame) -> pd.Series:
    """Ad sales of other ASINs, told or by the units that are of the ASIN itself; missing where no report tells."""
    by_units = (reported["ad_sales"] * (1.0 - _own_share(reported))).where(reported["ad_units_same_sku"].notna())
    return reported["ad_sales_other_sku"].fillna(by_units)


def excess_of(
    reported: pd.DataFrame, outlook: pd.DataFrame, pace: pd.DataFrame, band: pd.DataFrame, account: Account
) -> pd.DataFrame:
    """Excess in units and money, and sales at risk for want of stock."""
    supply, weeks = reported["units_supply"], reported["weeks"]
    expected = outlook["weekly_demand"] * weeks
    judged = pace["units_judged"].mask(season_is_over(reported, account) & expected.lt(pace["units_judged"]), expected)
    enough, dated = pace["few_units"] * cover.SMALLEST_ORDER, outlook["sold_by_date"].notna()
    excess, excess_at_amazon = (
        np.minimum(
            cover.excess_units(units, judged, band["healthy_weeks"], weeks), (units - enough).clip(lower=0.0)
        ).mask(dated, (units - outlook["sold_by_date"]).round().clip(lower=0.0))
        for units in (supply, reported["units_at_amazon"])
    )
    value = reported["landed_cost"].fillna(reported["price"])
    comes_on = by_day(account.supply, account.snapshot, reported.index)
    served = cover.weeks_served(reported["units_at_amazon"], judged / weeks, comes_on, band["low_weeks"])
    measures = {
        "excess_units": excess,
        "excess_at_amazon": excess_at_amazon,
        "units_aged_over_180": aged(reported, 180),
        "stock_value": supply * value,
        "excess_value": excess * value,
        "sales_at_risk": matrix.sales_at_risk(served, band["low_weeks"], judged, weeks, reported["price"]),
    }
    return pd.DataFrame(measures, index=reported.index)


def margin_of(reported: pd.DataFrame, short: pd.DataFrame) -> pd.DataFrame:
    """Earnings of a unit, and its break-even ROAS."""
    price = reported["price"]
    proceeds = advertising.unit_proceeds(price, reported["referral_rate"], reported["fulfilment_fee"])
    margin = proceeds - short["low_inventory_fee"].fillna(0.0) - reported["landed_cost"]
    measures = {
        "unit_proceeds": proceeds,
        "break_even_roas": advertising.break_even_roas(price, margin),
        "clearing_break_even_roas": advertising.break_even_roas(price, proceeds),
    }
    return pd.DataFrame(measures, index=reported.index)


def against_the_cut(reported: pd.DataFrame, margin: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """ROAS cut of each ASIN, and the spend that is too much or could be more."""
    spend, sales = reported["ad_spend"], reported["ad_sales"]
    own_sales = sales - _other_sales(reported).fillna(0.0)
    cut = _roas_cut(own_sales, sales, spend, margin["break_even_roas"], settings)
    measures = {
        "roas_cut": cut,
        "ad_overspend": matrix.ad_overspend(spend, own_sales, cut),
        "ad_headroom": matrix.ad_headroom(spend, own_sales, cut),
    }
    return pd.DataFrame(measures, index=reported.index)


def _best_week(ads: pd.DataFrame) -> pd.Series:
    """The most clicks that each ASIN has had in seven days running [click]."""
    days = ads.groupby(["date", "asin"])["ad_clicks"].sum().unstack()
    if days.empty:
        return pd.Series(dtype=float)
    until = days.asfreq("D").fillna(0.0).to_numpy().cumsum(axis=0)
    weeks = until.copy()
    weeks[7:] -= until[:-7]
    return pd.Series(weeks.max(axis=0), index=days.columns)


def _roas_cut(own: pd.Series, sales: pd.Series, spend: pd.Series, break_even: Any, settings: Settings) -> Any:
    """ROAS cut of each ASIN.

    An ASIN whose clicks sell others may be most of the account, so that its own little is the benchmark; then all ad
    sales of the account are.
    """
    benchmark, whole = (matrix.account_roas(each, spend) for each in (own, sales))
    reaches = advertising.ratio(sales - own, sales).ge(HALO) & advertising.roas(own, spend).ge(benchmark)
    cut = pd.Series(benchmark, index=own.index).mask(reaches, np.fmax(benchmark, whole))
    return {
        "account_benchmark": cut.where(cut.gt(0)),
        "target": settings.target_roas,
        "break_even": break_even,
    }[settings.roas_cut]

"""The position of every ASIN: its cover, its measures and its place in the matrix.

Here columns meet formulas; the formulas are in `cover`, `advertising` and `matrix`. What the reports say of each ASIN
is in `reported`, the cost of clearing an excess in `clearing`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import (
    HALO,
    aged,
    clicks_now,
    days_on_sale,
    is_launch,
    is_suppressed,
    running_short,
    season_is_over,
    siblings,
    sold_by_date,
    weeks_to_date,
)
from wockit.analysis.places import chances_of
from wockit.analysis.reported import arriving, by_day, reported_of, supply_columns
from wockit.columns import FORWARD, ON_HAND
from wockit.formulas import advertising, cover, evidence, matrix
from wockit.formulas.rates import rates
from wockit.notes import Note
from wockit.reading.account import LONGEST_SEASON, Account
from wockit.reading.sales_record import are_apart
from wockit.settings import Settings

SEASON_WEEKS = LONGEST_SEASON / 7
"""What must be gone so soon is no launch, however new it is [week]."""
PRICE_CHANGE, FEW_UNITS = 0.1, 5
"""Share by which the price of advertised units lies off today's, and of how many units at least."""


def positions_of(account: Account, settings: Settings, notes: list[Note]) -> pd.DataFrame:
    """One row per ASIN, those with the most money at stake a week first; with more columns than `POSITIONS`.

    Each step takes the tables that it needs and gives one with the columns that it adds. What there is to know before
    trusting a number is added to `notes`.
    """
    reported, more = reported_of(account, settings)
    notes += more
    reported = reported.join(supply_columns(reported, account))
    outlook = _outlook(reported, account)
    pace = _pace(reported, outlook, account)
    band = _band(reported, outlook, pace, account, settings)
    short = running_short(reported, outlook, account)
    scatter = evidence.order_value_scatter(*(account.ads[name] for name in ("asin", "ad_sales", "ad_orders")))
    measures = _measures(reported, outlook, pace, band, short, scatter, account, settings)
    family = siblings(reported["parent_asin"], measures["halo_share"])
    known = pd.concat([reported, outlook, pace, band, short, measures, family], axis=1)
    table = pd.concat([known, _places(known, scatter, account, settings)], axis=1)
    return table.sort_values(["stake_a_week", "stock_value"], ascending=False, kind="stable", na_position="last")


def _outlook(reported: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Cover by last month and by what is expected to sell, what that rests on, and why the two differ."""
    past, demand = account.past, account.demand
    stock, sold = reported["units_available"], reported["units_sold"]
    known = past.weeks.index
    coming = arriving(account.supply, account.snapshot)
    weeks = coming["days"].floordiv(7)
    inbound = np.zeros_like(demand.expected)
    rows = known.get_indexer(coming.index)
    inside = (rows >= 0) & weeks.lt(demand.expected.shape[1]).to_numpy()
    np.add.at(inbound, (rows[inside], weeks.to_numpy(dtype=int)[inside]), coming["units"].to_numpy()[inside])
    stock_now = reported["units_at_amazon"].reindex(known)
    ahead = {
        **dict(zip(FORWARD, cover.forward_cover(stock_now, demand, inbound), strict=True)),
        **dict(zip(ON_HAND, cover.forward_cover(stock_now, demand), strict=True)),
        "weekly_demand": demand.expected[:, :4].mean(axis=1),
        "recent": demand.recent,
        "season": demand.season,
        "scatter": cover.scatter(past.weeks.to_numpy()),
        "weeks_known": (past.weeks.gt(0).cummax(axis=1) & past.weeks.notna()).sum(axis=1),
        "demand_source": past.source,
        "stock_outs": past.stock_outs,
        "events": past.events,
    }
    outlook = pd.DataFrame(ahead, index=known).reindex(reported.index)
    outlook.insert(0, "weeks_of_coverage", cover.weeks_of_coverage(stock, sold, reported["weeks"]))
    outlook.insert(1, "weeks_of_coverage_exact", cover.weeks_of_coverage(stock, sold, reported["sales_days"] / 7))
    outlook["weeks_to_date"] = weeks_to_date(reported, account)
    outlook["sold_by_date"] = sold_by_date(outlook["weeks_to_date"], account)
    outlook["new"] = is_launch(reported, outlook["weekly_demand"], account) & ~outlook["weeks_to_date"].le(SEASON_WEEKS)
    a_day, last_days = sold / reported["sales_days"], reported["units_shipped_7_days"] / 7
    comes_on = by_day(account.supply, account.snapshot, reported.index)
    outlook["units_in_time"] = cover.units_in_time(
        reported["units_at_amazon"], a_day.mask(outlook["new"], np.fmax(a_day, last_days)), comes_on
    )
    last_week = cover.weeks_of_coverage(outlook["units_in_time"], reported["units_shipped_7_days"], 1.0)
    sooner = outlook["new"] & last_week.lt(outlook["forward_cover_low"])
    outlook["forward_cover_low"] = outlook["forward_cover_low"].mask(sooner, last_week)
    comes = pd.Series(reported.index.isin(coming.index), index=reported.index)
    return outlook.assign(reasons=_reasons(reported, outlook, comes))


def _pace(reported: pd.DataFrame, outlook: pd.DataFrame, account: Account) -> pd.DataFrame:
    """The units by which each ASIN is judged, and the cover that they give.

    Those sold in the period; of a slow mover what is expected to sell, and of a launch its days on sale or, where that
    is brisker, its last week.
    """
    sold, days, weeks = reported["units_sold"], reported["sales_days"], reported["weeks"]
    new, few = outlook["new"], cover.is_slow(sold, days, outlook["weekly_demand"])
    slow = few & ~new
    on_sale = days_on_sale(reported, new, account)
    launched = np.fmax(reported["units_shipped_7_days"], sold / np.minimum(on_sale, days) * 7) * weeks
    units = sold.mask(slow, outlook["weekly_demand"] * weeks).mask(new, launched)
    pace = {"slow": slow, "few_units": few, "units_judged": units, "days_on_sale": on_sale}
    stocks = {"at_amazon": reported, "in_time": outlook, "supply": reported}
    for name, table in stocks.items():
        pace[f"weeks_of_{name}"] = cover.weeks_of_coverage(table[f"units_{name}"], units, weeks)
    return pd.DataFrame(pace, index=reported.index)


def _band(
    reported: pd.DataFrame, outlook: pd.DataFrame, pace: pd.DataFrame, account: Account, settings: Settings
) -> pd.DataFrame:
    """The healthy band of each ASIN, why it has one of its own, and by when to order.

    What must be gone by a day needs no cover beyond it, and no order that comes after it.
    """
    most = max(settings.healthy_weeks, cover.SLOW_WEEKS)
    volatile = cover.is_volatile(outlook["scatter"], outlook["recent"])
    swings = outlook["scatter"].mask(outlook["new"])  # a launch that grows does not swing
    inbound = reported["units_inbound"]
    inbound_weeks = cover.weeks_of_coverage(inbound, reported["units_sold"], reported["weeks"]).where(inbound.gt(0))
    terms = (settings.low_weeks, reported["lead_time_days"], settings.review_days, swings)
    low, ordering = (
        pd.Series(cover.low_cut(*terms, settings.service_level, weeks), index=reported.index)
        for weeks in (inbound_weeks, 0.0)
    )
    low, ordering = (np.fmin(weeks, outlook["weeks_to_date"]) for weeks in (low, ordering))
    exact = (reported["sales_days"] / 7 / reported["weeks"]).where(~(pace["slow"] | outlook["new"]), 1.0)
    due = (pace["weeks_of_in_time"] * exact - ordering) * 7
    comes = reported["lead_time_days"].lt(np.fmin(np.inf, outlook["weeks_to_date"] * 7))
    due = due.where(comes & np.isfinite(due)).clip(lower=0.0, upper=3650.0)
    seasonal = reported["seasonal"].eq(1)
    top = np.where(volatile | seasonal, settings.act_weeks, settings.healthy_weeks)
    ordering = ordering.clip(lower=settings.low_weeks)
    own = {"slow_to_make": ordering.gt(settings.low_weeks), "volatile": volatile, "seasonal": seasonal}
    band = {
        "low_weeks": low,
        "healthy_weeks": (top + ordering - settings.low_weeks).where(
            ~pace["slow"], lambda weeks: weeks.clip(lower=most)
        ),
        "own_band": _keys(own, reported.index),
        "order_by": pd.Timestamp(account.snapshot) + pd.to_timedelta(due.round(), unit="D"),
    }
    return pd.DataFrame(band, index=reported.index)


def _reasons(reported: pd.DataFrame, outlook: pd.DataFrame, arriving: pd.Series) -> pd.Series:
    """Why forward cover is not the simple one, where they lie apart by a seventh or more."""
    change = outlook["forward_cover"] / outlook["weeks_of_coverage_exact"]
    apart = (change.ge(8 / 7) | change.le(7 / 8)) & np.isfinite(change)
    last_month = reported["units_sold"] / reported["sales_days"] * 7
    expected = outlook["weekly_demand"] / outlook["season"]
    flags = {
        "passing_peak": outlook["recent"].gt(expected * 8 / 7) & outlook["recent"].gt(outlook["weekly_demand"]),
        "passing_slump": outlook["recent"].lt(expected * 7 / 8) & outlook["recent"].lt(outlook["weekly_demand"]),
        "season_begins": outlook["season"].ge(8 / 7),
        "season_ends": outlook["season"].le(7 / 8),
        "stock_out": outlook["stock_outs"].gt(0),
        "event": outlook["events"].eq(True),
        "arriving": arriving,
        "in_transfer": reported["units_in_transfer"].gt(0),
        "other_count": (outlook["recent"] / last_month).ge(8 / 7) | (outlook["recent"] / last_month).le(7 / 8),
    }
    reasons = _keys({name: flag & apart for name, flag in flags.items()}, outlook.index)
    return reasons.where(reasons.ne("") | ~apart, "uneven")


def _keys(flags: dict[str, Any], index: pd.Index) -> pd.Series:
    """The names of the flags that hold for each ASIN, joined."""
    table = pd.DataFrame(flags, index=index).fillna(False).astype(bool).to_numpy()
    codes, which = np.unique(table @ (1 << np.arange(len(flags))), return_inverse=True)
    names = ["; ".join(name for place, name in enumerate(flags) if code >> place & 1) for code in codes.tolist()]
    return pd.Series(np.array(names, dtype=object)[which], index=index, dtype="str")


def _measures(
    reported: pd.DataFrame,
    outlook: pd.DataFrame,
    pace: pd.DataFrame,
    band: pd.DataFrame,
    short: pd.DataFrame,
    scatter: float,
    account: Account,
    settings: Settings,
) -> pd.DataFrame:
    """What advertising brings and a unit earns, the cut that ROAS is held against, and the money of each plan."""
    sales_known = (account.sales_days or settings.sales_days) is not None
    supply, sold, weeks = reported["units_supply"], reported["units_sold"], reported["weeks"]
    expected = outlook["weekly_demand"] * weeks
    judged = pace["units_judged"].mask(season_is_over(reported, account) & expected.lt(pace["units_judged"]), expected)
    enough = pace["few_units"] * cover.SMALLEST_ORDER
    spend, sales, clicks, orders = (reported[name] for name in ("ad_spend", "ad_sales", "ad_clicks", "ad_orders"))
    price, ad_days = reported["price"], reported["ad_days"]
    ordered = reported["units_ordered"].clip(lower=0.0).fillna(sold) if sales_known else sold
    dated = outlook["sold_by_date"].notna()
    same_days = reported["sold_in_ad_days"].mask(are_apart(ordered, sold))
    sold_beside_ads = same_days.fillna(ordered * ad_days / reported["sales_days"])
    excess, excess_at_amazon = (
        np.minimum(
            cover.excess_units(units, judged, band["healthy_weeks"], weeks), (units - enough).clip(lower=0.0)
        ).mask(dated, (units - outlook["sold_by_date"]).round().clip(lower=0.0))
        for units in (supply, reported["units_at_amazon"])
    )
    period_spend = spend * reported["sales_days"] / ad_days.replace(0, np.nan)
    cost_per_click = advertising.cost_per_click(spend, clicks)
    own_units = reported["ad_units_same_sku"].fillna(reported["ad_units"])
    own_share = advertising.ratio(own_units, reported["ad_units"]).fillna(1.0).clip(0.0, 1.0)
    by_units = (sales * (1.0 - own_share)).where(reported["ad_units_same_sku"].notna())
    other_sales = reported["ad_sales_other_sku"].fillna(by_units)
    own_sales = sales - other_sales.fillna(0.0)
    order_value = advertising.ratio(own_sales, orders).fillna(price)
    roas_low, roas_high = evidence.roas_interval(
        orders,
        clicks,
        order_value,
        cost_per_click,
        2 * settings.certainty - 1,
        order_value_scatter=scatter,
        drift=evidence.DRIFT,
    )
    proceeds = advertising.unit_proceeds(price, reported["referral_rate"], reported["fulfilment_fee"])
    margin = proceeds - short["low_inventory_fee"].fillna(0.0) - reported["landed_cost"]
    break_even = advertising.break_even_roas(price, margin)
    cut = _roas_cut(own_sales, sales, spend, break_even, settings)
    value = reported["landed_cost"].fillna(price)
    comes_on = by_day(account.supply, account.snapshot, reported.index)
    served = cover.weeks_served(reported["units_at_amazon"], judged / weeks, comes_on, band["low_weeks"])
    paid = advertising.ratio(sales - reported["ad_sales_other_sku"], reported["ad_units_same_sku"])
    enough_paid = reported["ad_units_same_sku"].ge(FEW_UNITS)
    measures = {
        "price_changed": (paid / price - 1).abs().gt(PRICE_CHANGE) & enough_paid,
        "excess_units": excess,
        "excess_at_amazon": excess_at_amazon,
        "roas": advertising.roas(sales, spend),
        "own_roas": advertising.roas(own_sales, spend),
        "acos": advertising.acos(sales, spend),
        "halo_share": advertising.ratio(other_sales, sales),
        "tacos": advertising.tacos(period_spend, reported["sales"] if sales_known else np.nan),
        "conversion_rate": advertising.conversion_rate(orders, clicks),
        "cost_per_click": cost_per_click,
        "own_share": own_share,
        "clicks_a_day_now": clicks_now(reported, account),
        "clicks_a_day_best": _best_week(account.ads).reindex(reported.index) / 7,
        "own_orders": orders * own_share,
        **dict(zip(("hits", "misses"), evidence.conversion_evidence(orders * own_share, clicks), strict=True)),
        "ad_share": advertising.ad_share(own_units, ad_days, sold_beside_ads, ad_days),
        "roas_low": roas_low,
        "roas_high": roas_high,
        "order_value": order_value,
        "unit_proceeds": proceeds,
        "break_even_roas": break_even,
        "clearing_break_even_roas": advertising.break_even_roas(price, proceeds),
        "units_aged_over_180": aged(reported, 180),
        "roas_cut": cut,
        "stock_value": supply * value,
        "excess_value": excess * value,
        "sales_at_risk": matrix.sales_at_risk(served, band["low_weeks"], judged, weeks, price),
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
    """What ROAS is held against.

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


def _places(known: pd.DataFrame, scatter: float, account: Account, settings: Settings) -> pd.DataFrame:
    """The gate or the segment of each ASIN, how sure that is, and the money at stake."""
    sold, stock, exits = known["units_judged"], known["units_at_amazon"], settings.exit_weeks
    at_amazon, in_time, in_all = (known[f"weeks_of_{name}"] for name in ("at_amazon", "in_time", "supply"))
    weeks = pd.Series(cover.deciding_cover(at_amazon, in_time, in_all, known["low_weeks"], exits), index=known.index)
    enough = known["slow"] & known["excess_units"].eq(0)
    weeks = weeks.mask(enough & weeks.ge(known["healthy_weeks"]), np.nextafter(known["healthy_weeks"], 0.0))
    aged_out = matrix.is_aged_out(aged(known, settings.exit_age_days), sold, known["sales_days"])
    gate = matrix.gate(
        units_available=stock,
        units_sold=sold,
        ad_spend=known["ad_spend"] if account.ads.empty else known["ad_spend"].fillna(0.0),
        roas_cut=known["roas_cut"],
        sellable=~is_suppressed(known, account.sales),
        new=known["new"],
        exits=weeks.ge(exits) | aged_out,
        other_price=known["price_changed"],
    )
    own = (known["low_weeks"], known["healthy_weeks"])
    placed = matrix.segment(weeks, known["own_roas"], known["roas_cut"], aged_out, settings, *own)
    places = pd.DataFrame({"gate": gate, "segment": np.where(pd.isna(gate), placed, None)}, index=known.index)
    places["aged_out"] = aged_out.astype(bool)
    plan = pd.Series(matrix.plan(places["segment"], places["gate"], known["units_aged_over_180"]), index=known.index)
    unjudged = places["gate"].isin(["missing_data", "out_of_stock", "new"])
    chances = chances_of(known, weeks, places, settings, scatter)
    low_stock = weeks.lt(known["low_weeks"]) & stock.gt(0)
    stake = pd.Series(matrix.stake(plan, low_stock), index=known.index)
    at_stake = matrix.money_at_stake(stake, known)
    made = {
        "gate": places["gate"],
        "segment": places["segment"],
        "plan": plan,
        "urgency": np.where(unjudged, None, matrix.urgency(weeks, settings, known["healthy_weeks"])),
        "cautions": _keys(_caution_flags(known, plan, settings, account), known.index),
        "aged_out": places["aged_out"],
        **chances,
        "exit_weeks": exits,
        "weeks_decided": weeks,
        "uncertain": np.less(chances["probability"], settings.certainty),
        "low_stock": low_stock,
        "stake": stake,
        "money_at_stake": at_stake,
        "stake_a_week": matrix.stake_a_week(stake, at_stake, known["low_weeks"], known["clear_days"], known["ad_days"]),
    }
    return pd.DataFrame(made, index=known.index)


def _caution_flags(table: pd.DataFrame, plan: pd.Series, settings: Settings, account: Account) -> dict[str, Any]:
    exact = table["weeks_of_coverage_exact"]
    known_period = (account.sales_days or settings.sales_days) is not None
    last_30, last_90 = table["units_shipped_30_days"], table["units_shipped_90_days"]
    days_left = table["units_at_amazon"] / table["units_sold"] * table["sales_days"]
    charges = not rates(account.fees, account.marketplace, "low_inventory", account.snapshot).empty
    return {
        "peak": cover.is_peak(last_30, last_90),
        "slump": cover.is_slump(last_30, last_90),
        "seasonal": table["seasonal"].eq(1),
        "lead_time": table["lead_time_days"].gt(exact * 7)
        & table["weeks_of_in_time"].ge(table["low_weeks"])
        & table["weeks_to_date"].isna(),
        "inbound": table["units_inbound"].ge(table["units_available"] / 4) & table["units_inbound"].gt(0),
        "transfer": table["units_in_transfer"].ge(table["units_at_amazon"] / 4) & table["units_in_transfer"].gt(0),
        "fee_zone": (table["low_inventory_fee"].gt(0) | (days_left.lt(28) & charges & ~table["low_inventory_spared"]))
        & table["units_available"].gt(0),
        "aged": aged(table, settings.exit_age_days).gt(0) & plan.ne("exit"),
        "few_clicks": table["roas_low"].lt(table["roas_cut"]) & table["roas_high"].ge(table["roas_cut"]),
        "stopped": table["units_available"].gt(0) & matrix.has_stopped(last_30, last_90),
        "slow": table["slow"],
        "halo": table["halo_share"].ge(HALO),
        "sold_by_sibling": table["sold_by_siblings"].ne(""),
        "price_changed": table["price_changed"],
        "two_paces": known_period & are_apart(table["units_ordered"], table["units_sold"]),
        "short_record": table["weeks_known"].lt(8),
    }


def doubts_of(positions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The segments that other counts of cover and of ROAS would give, where they differ."""
    rows = positions[positions["segment"].notna()]
    weeks, roas, cut = rows["weeks_decided"], rows["own_roas"], rows["roas_cut"]
    own_sales = positions["own_roas"] * positions["ad_spend"]
    benchmark = matrix.account_roas(own_sales, positions["ad_spend"])
    by_count = {
        "by_available": (rows["weeks_of_coverage"], roas, cut),
        "by_exact_days": (weeks * rows["sales_days"] / 7 / rows["weeks"], roas, cut),
        "by_90_days": (weeks * rows["units_sold"] / rows["weeks"] / rows["units_shipped_90_days"] * 12.0, roas, cut),
        "by_amazon": (rows["amazon_weeks_of_cover_t30"], roas, cut),
        "by_forward_cover": (rows["forward_cover"], roas, cut),
        "by_account_roas": (weeks, roas, benchmark),
        "by_break_even": (weeks, roas, rows["break_even_roas"]),
        "by_all_sales": (weeks, rows["roas"], matrix.account_roas(positions["ad_sales"], positions["ad_spend"])),
        "by_all_days": (weeks, rows["roas_all_days"], cut),
    }
    table = rows[["title", "segment", "probability"]].copy()
    for name, (cover_by, roas_by, cut_by) in by_count.items():
        own = (rows["low_weeks"], rows["healthy_weeks"])
        other = matrix.segment(cover_by, roas_by, cut_by, rows["aged_out"], settings, *own)
        unknown = np.isnan(np.broadcast_to(cut_by, len(rows)).astype(float)) | pd.isna(other)
        table[name] = np.where(unknown | (other == rows["segment"]), None, other)
    return table[table[[*by_count]].notna().any(axis=1)]

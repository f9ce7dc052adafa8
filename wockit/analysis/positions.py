"""The position of every ASIN: its cover, its measures and its place in the matrix.

Here columns meet formulas; the formulas are in `cover` and `matrix`. What the reports say of each ASIN is in
`reported`, its measures in `measures`, the cost of clearing an excess in `clearing`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import (
    HALO,
    aged,
    days_on_sale,
    is_launch,
    is_suppressed,
    running_short,
    siblings,
    sold_by_date,
    weeks_to_date,
)
from wockit.analysis.measures import advertising_of, against_the_cut, excess_of, margin_of, sales_known
from wockit.analysis.places import chances_of
from wockit.analysis.reported import arriving, arriving_by_week, by_day, reported_of, supply_columns
from wockit.columns import FORWARD, ON_HAND
from wockit.formulas import cover, evidence, matrix
from wockit.formulas.rates import rates
from wockit.notes import Note
from wockit.reading.account import LONGEST_SEASON, Account
from wockit.reading.sales_record import are_apart
from wockit.settings import Settings

SEASON_WEEKS = LONGEST_SEASON / 7
"""What must be gone so soon is no launch, however new it is [week]."""


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
    band = _band(reported, outlook, pace, settings)
    order_by = _order_by(reported, outlook, pace, account, settings)
    short = running_short(reported, outlook, account)
    scatter = evidence.order_value_scatter(*(account.ads[name] for name in ("asin", "ad_sales", "ad_orders")))
    ads = advertising_of(reported, scatter, account, settings)
    excess = excess_of(reported, outlook, pace, band, account)
    margin = margin_of(reported, short)
    roas_cut = against_the_cut(reported, margin, settings)
    family = siblings(reported["parent_asin"], ads["halo_share"])
    known = pd.concat([reported, outlook, pace, band, order_by, short, ads, excess, margin, roas_cut, family], axis=1)
    table = pd.concat([known, _places(known, scatter, account, settings)], axis=1)
    return table.sort_values(["stake_a_week", "stock_value"], ascending=False, kind="stable", na_position="last")


def _outlook(reported: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Cover by last month and by what is expected to sell, what that rests on, and why the two differ."""
    past, demand = account.past, account.demand
    stock, sold = reported["units_available"], reported["units_sold"]
    known = past.weeks.index
    inbound = arriving_by_week(account, known, demand.expected.shape[1])
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
    coming = arriving(account.supply, account.snapshot).index
    comes = pd.Series(reported.index.isin(coming), index=reported.index)
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


def _low_cut(reported: pd.DataFrame, outlook: pd.DataFrame, settings: Settings, inbound_weeks: Any) -> pd.Series:
    """Below how much cover stock is too low [week]. What must be gone by a day needs no cover beyond it."""
    swings = outlook["scatter"].mask(outlook["new"])  # a launch that grows does not swing
    terms = (settings.low_weeks, reported["lead_time_days"], settings.review_days, swings, settings.service_level)
    return np.fmin(pd.Series(cover.low_cut(*terms, inbound_weeks), index=reported.index), outlook["weeks_to_date"])


def _band(reported: pd.DataFrame, outlook: pd.DataFrame, pace: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The healthy band of each ASIN, and why it has one of its own."""
    inbound = reported["units_inbound"]
    inbound_weeks = cover.weeks_of_coverage(inbound, reported["units_sold"], reported["weeks"]).where(inbound.gt(0))
    ordering = _low_cut(reported, outlook, settings, 0.0).clip(lower=settings.low_weeks)
    volatile, seasonal = cover.is_volatile(outlook["scatter"], outlook["recent"]), reported["seasonal"].eq(1)
    top = np.where(volatile | seasonal, settings.act_weeks, settings.healthy_weeks) + ordering - settings.low_weeks
    most = max(settings.healthy_weeks, cover.SLOW_WEEKS)
    own = {"slow_to_make": ordering.gt(settings.low_weeks), "volatile": volatile, "seasonal": seasonal}
    band = {
        "low_weeks": _low_cut(reported, outlook, settings, inbound_weeks),
        "healthy_weeks": top.mask(pace["slow"], top.clip(lower=most)),
        "own_band": _keys(own, reported.index),
    }
    return pd.DataFrame(band, index=reported.index)


def _order_by(
    reported: pd.DataFrame, outlook: pd.DataFrame, pace: pd.DataFrame, account: Account, settings: Settings
) -> pd.Series:
    """By when to order. What must be gone by a day needs no order that comes after it."""
    exact = (reported["sales_days"] / 7 / reported["weeks"]).where(~(pace["slow"] | outlook["new"]), 1.0)
    due = (pace["weeks_of_in_time"] * exact - _low_cut(reported, outlook, settings, 0.0)) * 7
    comes = reported["lead_time_days"].lt(np.fmin(np.inf, outlook["weeks_to_date"] * 7))
    due = due.where(comes & np.isfinite(due)).clip(lower=0.0, upper=3650.0)
    return (pd.Timestamp(account.snapshot) + pd.to_timedelta(due.round(), unit="D")).rename("order_by")


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


def _weeks_decided(known: pd.DataFrame, settings: Settings) -> pd.Series:
    """The cover by which an ASIN is placed [week]; a few units of a slow mover are not too many."""
    at_amazon, in_time, in_all = (known[f"weeks_of_{name}"] for name in ("at_amazon", "in_time", "supply"))
    deciding = cover.deciding_cover(at_amazon, in_time, in_all, known["low_weeks"], settings.exit_weeks)
    weeks, enough = pd.Series(deciding, index=known.index), known["slow"] & known["excess_units"].eq(0)
    return weeks.mask(enough & weeks.ge(known["healthy_weeks"]), np.nextafter(known["healthy_weeks"], 0.0))


def _gates_and_segments(known: pd.DataFrame, weeks: pd.Series, account: Account, settings: Settings) -> pd.DataFrame:
    """Where each ASIN stands by the article: the gate that holds it back, or its segment."""
    aged_out = matrix.is_aged_out(aged(known, settings.exit_age_days), known["units_judged"], known["sales_days"])
    gate = matrix.gate(
        units_available=known["units_at_amazon"],
        units_sold=known["units_judged"],
        ad_spend=known["ad_spend"] if account.ads.empty else known["ad_spend"].fillna(0.0),
        roas_cut=known["roas_cut"],
        sellable=~is_suppressed(known, account.sales),
        new=known["new"],
        exits=weeks.ge(settings.exit_weeks) | aged_out,
        other_price=known["price_changed"],
    )
    own = (known["low_weeks"], known["healthy_weeks"])
    placed = matrix.segment(weeks, known["own_roas"], known["roas_cut"], aged_out, settings, *own)
    places = pd.DataFrame({"gate": gate, "segment": np.where(pd.isna(gate), placed, None)}, index=known.index)
    return places.assign(aged_out=aged_out.astype(bool))


def _places(known: pd.DataFrame, scatter: float, account: Account, settings: Settings) -> pd.DataFrame:
    """The gate or the segment of each ASIN, how sure that is, and the money at stake."""
    weeks = _weeks_decided(known, settings)
    places = _gates_and_segments(known, weeks, account, settings)
    plan = pd.Series(matrix.plan(places["segment"], places["gate"], known["units_aged_over_180"]), index=known.index)
    unjudged = places["gate"].isin(["missing_data", "out_of_stock", "new"])
    chances = chances_of(known, weeks, places, settings, scatter, account.lessons.conversion_drift)
    low_stock = weeks.lt(known["low_weeks"]) & known["units_at_amazon"].gt(0)
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
        "exit_weeks": settings.exit_weeks,
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
        "two_paces": sales_known(account, settings) & are_apart(table["units_ordered"], table["units_sold"]),
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

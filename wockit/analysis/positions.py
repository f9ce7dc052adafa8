"""The position of every ASIN: all that the reports say of it, its cover, its measures and its place in the matrix.

Here columns meet formulas; the formulas themselves live in `cover`, `advertising` and `matrix`. What clearing an excess
costs is in `clearing`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import AD_SUMS, FORWARD, ON_HAND
from wockit.formulas import advertising, cover, evidence, matrix
from wockit.language import Text
from wockit.notes import Note
from wockit.reading.account import Account
from wockit.reading.combine import sales_in_period
from wockit.settings import Settings

_AGES = {
    91: "units_aged_91_to_180", 181: "units_aged_181_to_270", 271: "units_aged_271_to_365", 366: "units_aged_over_365",
}  # fmt: skip


def positions_of(account: Account, settings: Settings, notes: list[Note]) -> pd.DataFrame:
    """One row an ASIN, those with the most money at stake a week first; with more columns than `POSITIONS`.

    What there is to know before trusting a number is added to `notes`.
    """
    table = _quantities(account, settings, notes)
    table = _outlook(table, settings, account)
    table = _measures(table, settings, account)
    table = _places(table.copy(), settings, account)  # columns side by side again
    return table.sort_values(["stake_a_week", "stock_value"], ascending=False, kind="stable", na_position="last")


def _quantities(account: Account, settings: Settings, notes: list[Note]) -> pd.DataFrame:
    """All that the reports say of each ASIN, side by side; an ASIN that a report leaves out is missing there."""
    sold, sales_days = sales_in_period(account.stock, account.sales, account.sales_days or settings.sales_days)
    ads, ad_days = _settled(account, notes)
    index = sold.index.union(ads.index).rename("asin")
    costs, sales = account.costs.drop(columns="price"), account.sales.drop(columns="title")
    table = account.stock.reindex(index).join([sold, sales, ads, costs])
    table["price"] = account.costs["price"].reindex(index).fillna(table["price"])
    table["title"] = account.sales["title"].reindex(index).fillna(table["title"])
    table["sales_days"] = sales_days
    table["weeks"] = float(cover.weeks_in_period(sales_days))
    table["ad_days"] = ad_days
    due = (table["clear_by"] - pd.Timestamp(account.snapshot)).dt.days
    table["clear_days"] = due.where(due > 0, settings.clear_days).fillna(settings.clear_days)
    if passed := int((due <= 0).sum()):
        text: str = Text("the clear_by date of {0} ASINs has passed; {1} days are used.", passed, settings.clear_days)
        notes.append(Note("warning", "costs.csv", text))
    if table["ad_spend"].sum() > 0 and not table["ad_sales"].sum() > 0 and settings.roas_cut == "account_benchmark":
        text = "advertising sold nothing, so the account has no benchmark: choose roas_cut = 'target' or 'break_even'."
        notes.append(Note("warning", "advertising report", text))
    stated = table["referral_rate"].notna()
    table["referral_rate"] = table["referral_rate"].fillna(settings.referral_rate)
    if not stated.all():
        text = Text(
            "the referral rate of {0} ASINs is taken as {1}.", int((~stated).sum()), f"{settings.referral_rate:.0%}"
        )
        notes.append(Note("info", "costs.csv", text))
    return table


def _settled(account: Account, notes: list[Note]) -> tuple[pd.DataFrame, int]:
    """Advertising of each ASIN summed over settled days, and how many days those are."""
    dates = account.ads["date"].to_numpy(dtype="datetime64[D]")
    summed = account.ads["first_day"].lt(account.ads["date"]).to_numpy()
    settled = advertising.is_settled(dates, np.datetime64(account.snapshot), account.attribution_days) | summed
    if summed.any():
        text = "a summary report has no days: those whose sales still grow could not be set aside."
        notes.append(Note("warning", "advertising report", text))
    if len(dates) and not settled.any():
        text = Text(
            "no day is older than {0} days: ROAS rests on days whose sales still grow.", account.attribution_days
        )
        notes.append(Note("warning", "advertising report", text))
        settled = np.full(len(dates), True)
    elif (~settled).any():
        young, old = (len(np.unique(dates[chosen])) for chosen in (~settled, settled))
        text = Text("{0} days whose sales still grow were set aside; ROAS rests on {1} settled days.", young, old)
        notes.append(Note("info", "advertising report", text))
    kept = account.ads[settled]
    last = np.datetime64(account.snapshot) - np.timedelta64(account.attribution_days + 1, "D")
    first = account.ads["first_day"].fillna(account.ads["date"]).to_numpy(dtype="datetime64[D]")
    days = int((max(last, dates[settled].max()) - first[settled].min()).astype(int)) + 1 if settled.any() else 0
    sums = kept.groupby("asin")[AD_SUMS].sum(min_count=1)
    every = account.ads.groupby("asin")[["ad_sales", "ad_spend"]].sum(min_count=1)
    sums = sums.reindex(every.index).assign(roas_all_days=advertising.roas(every["ad_sales"], every["ad_spend"]))
    return sums, days


def _outlook(table: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    """Cover by last month and by what is expected to sell, why they differ, and the healthy band of each ASIN."""
    past, demand = account.past, account.demand
    stock, sold, weeks = table["units_available"], table["units_sold"], table["weeks"]
    table["weeks_of_coverage"] = cover.weeks_of_coverage(stock, sold, weeks)
    table["weeks_of_coverage_exact"] = cover.weeks_of_coverage(stock, sold, table["sales_days"] / 7)
    known = past.weeks.index
    arrives = (table["inbound_arrives"] - pd.Timestamp(account.snapshot)).dt.days.floordiv(7)
    dated = arrives.ge(0) & arrives.lt(demand.expected.shape[1])
    inbound = pd.DataFrame(0.0, index=known, columns=range(demand.expected.shape[1]))
    for week in arrives[dated].unique():
        inbound[int(week)] = table["units_inbound"].where(dated & arrives.eq(week)).reindex(known).fillna(0.0)
    for names, arriving in ((FORWARD, inbound.to_numpy()), (ON_HAND, 0.0)):
        found = cover.forward_cover(stock.reindex(known), demand, arriving)
        table[names] = pd.DataFrame(dict(zip(names, found, strict=True)), index=known)
    ahead = {
        "weekly_demand": demand.expected[:, :4].mean(axis=1),
        "recent": demand.recent,
        "season": demand.season,
        "scatter": cover.scatter(past.weeks.to_numpy()),
        "weeks_known": (past.weeks.gt(0).cummax(axis=1) & past.weeks.notna()).sum(axis=1),
        "demand_source": past.source,
        "stock_outs": past.stock_outs,
        "events": past.events,
    }
    table[list(ahead)] = pd.DataFrame(ahead, index=known)
    volatile = cover.is_volatile(table["scatter"], table["recent"])
    inbound_weeks = cover.weeks_of_coverage(table["units_inbound"], sold, weeks).where(table["units_inbound"].gt(0))
    low = cover.low_cut(
        settings.low_weeks,
        table["lead_time_days"],
        settings.review_days,
        table["scatter"],
        settings.service_level,
        inbound_weeks,
    )
    table["low_weeks"] = pd.Series(low, index=table.index)
    swings = volatile | table["seasonal"].eq(1)
    top = np.where(swings, settings.act_weeks, settings.healthy_weeks)
    table["healthy_weeks"] = top + table["low_weeks"] - settings.low_weeks
    table["own_band"] = _keys({
        "slow_to_make": table["low_weeks"].gt(settings.low_weeks),
        "volatile": volatile,
        "seasonal": table["seasonal"].eq(1),
    }, table.index)  # fmt: skip
    table["reasons"] = _reasons(table, dated & table["units_inbound"].gt(0))
    return table


def _reasons(table: pd.DataFrame, arriving: pd.Series) -> pd.Series:
    """Why forward cover is not the simple one, where they lie apart by a seventh or more."""
    change = table["forward_cover"] / table["weeks_of_coverage_exact"]
    apart = (change.ge(8 / 7) | change.le(7 / 8)) & np.isfinite(change)
    last_month = table["units_sold"] / table["sales_days"] * 7
    expected = table["weekly_demand"] / table["season"]
    flags = {
        "passing_peak": table["recent"].gt(expected * 8 / 7),
        "passing_slump": table["recent"].lt(expected * 7 / 8),
        "season_begins": table["season"].ge(8 / 7),
        "season_ends": table["season"].le(7 / 8),
        "stock_out": table["stock_outs"].gt(0),
        "event": table["events"].eq(True),
        "arriving": arriving,
        "other_count": (table["recent"] / last_month).ge(8 / 7) | (table["recent"] / last_month).le(7 / 8),
    }
    found = _keys({name: flag & apart for name, flag in flags.items()}, table.index)
    return found.where(found.ne("") | ~apart, "uneven")


def _keys(flags: dict[str, Any], index: pd.Index) -> pd.Series:
    """The names of the flags that hold for each ASIN, joined."""
    table = pd.DataFrame(flags, index=index).fillna(False).astype(bool)
    return pd.Series(["; ".join(table.columns[row]) for row in table.to_numpy()], index=index, dtype="str")


def _measures(table: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    stock, sold, weeks = table["units_available"], table["units_sold"], table["weeks"]
    spend, sales, clicks, orders = (table[name] for name in ("ad_spend", "ad_sales", "ad_clicks", "ad_orders"))
    table["excess_units"] = cover.excess_units(stock, sold, table["healthy_weeks"], weeks)
    table["roas"] = advertising.roas(sales, spend)
    table["acos"] = advertising.acos(sales, spend)
    table["halo_share"] = advertising.ratio(table["ad_sales_other_sku"], sales)
    period_spend = spend * table["sales_days"] / table["ad_days"].replace(0, np.nan)
    sales_known = (account.sales_days or settings.sales_days) is not None
    table["tacos"] = advertising.tacos(period_spend, table["sales"] if sales_known else np.nan)
    table["conversion_rate"] = advertising.conversion_rate(orders, clicks)
    table["cost_per_click"] = advertising.cost_per_click(spend, clicks)
    own_units = table["ad_units_same_sku"].fillna(table["ad_units"])
    own_share = advertising.ratio(own_units, table["ad_units"]).fillna(1.0).clip(0.0, 1.0)
    table["own_share"] = own_share
    table["clicks_a_day_best"] = _best_week(account.ads).reindex(table.index) / 7
    table["own_orders"] = orders * own_share
    table["ad_share"] = advertising.ad_share(own_units, table["ad_days"], sold, table["sales_days"])
    order_value = advertising.ratio(sales, orders).fillna(table["price"])
    within = 2 * settings.certainty - 1
    table["roas_low"], table["roas_high"] = evidence.roas_interval(
        orders, clicks, order_value, table["cost_per_click"], within
    )
    table["order_value"] = order_value
    proceeds = advertising.unit_proceeds(table["price"], table["referral_rate"], table["fulfilment_fee"])
    table["unit_proceeds"] = proceeds
    table["break_even_roas"] = advertising.break_even_roas(table["price"], proceeds - table["landed_cost"])
    table["clearing_break_even_roas"] = advertising.break_even_roas(table["price"], proceeds)
    table["units_aged_over_180"] = _aged(table, 180)
    table["roas_cut"] = _roas_cut(table, settings)
    value = table["landed_cost"].fillna(table["price"])
    table["stock_value"] = stock * value
    table["excess_value"] = table["excess_units"] * value
    cover_now = table["weeks_of_coverage"].fillna(0).where(stock.notna())
    table["sales_at_risk"] = matrix.sales_at_risk(cover_now, table["low_weeks"], sold, weeks, table["price"])
    table["ad_overspend"] = matrix.ad_overspend(spend, sales, table["roas_cut"])
    table["ad_headroom"] = matrix.ad_headroom(spend, sales, table["roas_cut"])
    return table


def _best_week(ads: pd.DataFrame) -> pd.Series:
    """The most clicks that each ASIN has had in seven days running [click]."""
    days = ads.pivot_table(index="date", columns="asin", values="ad_clicks", aggfunc="sum")
    return days.asfreq("D").fillna(0.0).rolling(7, min_periods=1).sum().max() if len(days) else pd.Series(dtype=float)


def _aged(table: pd.DataFrame, days: int) -> pd.Series:
    """Units in the age steps of the inventory report that begin after so many days."""
    return table[[name for start, name in _AGES.items() if start >= days]].sum(axis=1, min_count=1)


def _roas_cut(table: pd.DataFrame, settings: Settings) -> Any:
    benchmark = matrix.account_roas(table["ad_sales"], table["ad_spend"])
    return {
        "account_benchmark": benchmark if benchmark > 0 else np.nan,
        "target": settings.target_roas,
        "break_even": table["break_even_roas"],
    }[settings.roas_cut]


def _places(table: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    weeks = table["weeks_of_coverage"]
    aged_out = matrix.is_aged_out(_aged(table, settings.exit_age_days), table["units_sold"], table["sales_days"])
    spend = table["ad_spend"] if account.ads.empty else table["ad_spend"].fillna(0.0)
    table["gate"] = matrix.gate(
        units_available=table["units_available"],
        units_sold=table["units_sold"],
        ad_spend=spend,
        roas_cut=table["roas_cut"],
        sellable=~(table["featured_offer_share"].eq(0) & table["page_views"].gt(0) & table["units_sold"].eq(0)),
        new=matrix.is_new(_aged(table, 90), table["units_shipped_60_days"], table["units_shipped_90_days"]),
        exits=weeks.ge(settings.exit_weeks) | aged_out,
    )
    own = (table["low_weeks"], table["healthy_weeks"])
    placed = matrix.segment(weeks, table["roas"], table["roas_cut"], aged_out, settings, *own)
    table["segment"] = np.where(table["gate"].isna(), placed, None)
    table["plan"] = matrix.plan(table["segment"], table["gate"], table["units_aged_over_180"])
    table["urgency"] = np.where(
        table["gate"].isin(["missing_data", "out_of_stock", "new"]), None, matrix.urgency(weeks, settings)
    )
    table["cautions"] = _keys(_caution_flags(table, settings, account), table.index)
    old = np.asarray(aged_out, dtype=bool)
    on_hand = _evidence(table, settings, account, ON_HAND, "ad_orders")
    table["probability"] = matrix.segment_probability(table["segment"], aged_out=old, **on_hand)
    table["place_probable"], table["place_probability"] = _most_probable(table, settings, account, old)
    table["aged_out"] = aged_out.astype(bool)
    table["exit_weeks"] = settings.exit_weeks
    table["uncertain"] = table["probability"].lt(settings.certainty)
    table["low_stock"] = weeks.lt(table["low_weeks"]) & table["units_available"].gt(0)
    table["stake"] = matrix.stake(table["plan"], table["low_stock"])
    table["money_at_stake"] = matrix.money_at_stake(table["stake"], table)
    table["stake_a_week"] = matrix.stake_a_week(
        table["stake"], table["money_at_stake"], table["low_weeks"], table["clear_days"], table["ad_days"]
    )
    return table


def _evidence(
    table: pd.DataFrame, settings: Settings, account: Account, names: list[str], orders: str
) -> dict[str, Any]:
    """What the probability of a segment rests on, by one count of cover and of orders.

    Where nothing is known of single weeks, the noise is that of counting last month.
    """
    weeks = table["weeks_of_coverage"]
    as_counted = table["weeks"] * 7 / table["sales_days"]
    noise = np.exp(1.28 / np.sqrt(table["units_sold"].where(table["units_sold"].gt(0))))
    middle, low, high = (table[name] * as_counted for name in names)
    scatter = evidence.order_value_scatter(*(account.ads[name] for name in ("asin", "ad_sales", "ad_orders")))
    return {
        "cover": (middle.fillna(weeks), low.fillna(weeks / noise), high.fillna(weeks * noise)),
        "roas_high": evidence.high_roas_probability(
            table[orders], table["ad_clicks"], table["order_value"], table["cost_per_click"], table["roas_cut"], scatter
        ),
        "settings": settings,
        "low_weeks": table["low_weeks"].to_numpy(),
        "healthy_weeks": table["healthy_weeks"].to_numpy(),
    }


def _most_probable(table: pd.DataFrame, settings: Settings, account: Account, aged_out: Any) -> tuple[Any, Any]:
    """The place that is most probable by forward cover, inbound included, and same-SKU orders, and how probable it is.

    Only of an ASIN that has a place by the article; the others keep the gate that holds them back.
    """
    chances = matrix.segment_probabilities(**_evidence(table, settings, account, FORWARD, "own_orders"))
    keys, placed = np.array([*chances], dtype=object), table["segment"].notna().to_numpy()
    values = np.where(placed, np.stack([*chances.values()]), np.nan)
    values[:, aged_out] = np.where((keys == "exit")[:, None] & placed[aged_out], 1.0, np.nan)
    best = np.nan_to_num(values, nan=-1.0).argmax(axis=0)
    return np.where(placed, keys[best], table["gate"]), values[best, np.arange(len(table))]


def _caution_flags(table: pd.DataFrame, settings: Settings, account: Account) -> dict[str, Any]:
    weeks, exact = table["weeks_of_coverage"], table["weeks_of_coverage_exact"]
    last_30, last_90 = table["units_shipped_30_days"], table["units_shipped_90_days"]
    return {
        "peak": cover.is_peak(last_30, last_90),
        "slump": cover.is_slump(last_30, last_90),
        "seasonal": table["seasonal"].eq(1),
        "lead_time": table["lead_time_days"].gt(exact * 7) & weeks.ge(table["low_weeks"]),
        "inbound": table["units_inbound"].ge(table["units_available"] / 4) & table["units_inbound"].gt(0),
        "fee_zone": exact.lt(4) & table["units_available"].gt(0) & (account.marketplace == "US"),
        "aged": _aged(table, settings.exit_age_days).gt(0) & table["plan"].ne("exit"),
        "few_clicks": table["roas_low"].lt(table["roas_cut"]) & table["roas_high"].ge(table["roas_cut"]),
        "short_record": table["weeks_known"].lt(8),
    }


def doubts_of(positions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The segments that other counts of cover and of ROAS would give, where they differ."""
    found = positions[positions["segment"].notna()]
    weeks, roas, cut = found["weeks_of_coverage"], found["roas"], found["roas_cut"]
    stock, inbound = found["units_available"], found["units_inbound"].fillna(0.0)
    benchmark = matrix.account_roas(positions["ad_sales"], positions["ad_spend"])
    by_count = {
        "by_exact_days": (found["weeks_of_coverage_exact"], roas, cut),
        "by_90_days": (cover.weeks_of_coverage(stock, found["units_shipped_90_days"], 12.0), roas, cut),
        "by_inbound": (cover.weeks_of_coverage(stock + inbound, found["units_sold"], found["weeks"]), roas, cut),
        "by_amazon": (found["amazon_weeks_of_cover_t30"], roas, cut),
        "by_forward_cover": (found["forward_cover"], roas, cut),
        "by_account_roas": (weeks, roas, benchmark),
        "by_break_even": (weeks, roas, found["break_even_roas"]),
        "by_all_days": (weeks, found["roas_all_days"], cut),
    }
    table = found[["title", "segment", "probability"]].copy()
    for name, (cover_by, roas_by, cut_by) in by_count.items():
        own = (found["low_weeks"], found["healthy_weeks"])
        other = matrix.segment(cover_by, roas_by, cut_by, found["aged_out"], settings, *own)
        unknown = np.isnan(np.broadcast_to(cut_by, len(found)).astype(float)) | pd.isna(other)
        table[name] = np.where(unknown | (other == found["segment"]), None, other)
    return table[table[[*by_count]].notna().any(axis=1)]

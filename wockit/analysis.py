"""`analyse`: the one road from an account to its positions, segments and budgets.

Here columns meet formulas; the formulas themselves live in `cover`, `advertising`, `matrix` and `budget`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wockit import advertising, budget, cover, matrix
from wockit.account import Account, sales_in_period
from wockit.combine import AD_SUMS
from wockit.notes import Note
from wockit.referee import order_of_harm
from wockit.settings import Settings

_AGES = {
    91: "units_aged_91_to_180", 181: "units_aged_181_to_270", 271: "units_aged_271_to_365", 366: "units_aged_over_365",
}  # fmt: skip
POSITIONS = [
    "title", "skus", "gate", "segment", "plan", "urgency", "uncertain", "cautions", "money_at_stake", "stake",
    "low_stock", "units_available", "units_inbound", "units_reserved", "units_sold", "units_source", "sales_days",
    "weeks_of_coverage", "weeks_of_coverage_exact", "amazon_weeks_of_cover_t30", "amazon_weeks_of_cover_t90",
    "amazon_days_of_supply", "units_aged_over_180", "units_aged_over_365", "excess_units", "stock_value",
    "excess_value", "sales_at_risk", "ad_spend", "ad_sales", "ad_clicks", "ad_orders", "ad_units", "halo_share", "roas",
    "roas_low", "roas_high", "roas_all_days", "roas_cut", "acos", "tacos", "conversion_rate", "cost_per_click",
    "ad_share", "price", "landed_cost", "referral_rate", "fulfilment_fee", "unit_proceeds", "break_even_roas",
    "clearing_break_even_roas", "lead_time_days", "alert",
]  # fmt: skip
BUDGETS = [
    "title", "plan", "cautions", "excess_units", "clear_by", "clear_days", "conversion_rate", "cost_per_click",
    "ad_share", "clicks", "clicks_a_day", "clicks_a_day_now", "budget_upper", "budget_lower", "ad_units_needed",
    "budget_corrected", "budget_extra", "cost_per_order", "unit_proceeds", "order_gain", "click_pays",
]  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """What is known of an account under given settings.

    Attributes
    ----------
    positions : pandas.DataFrame
        One row an ASIN, those with the most money at stake first.
    segments : pandas.DataFrame
        One row a segment or gate that occurs: ASINs, units, money.
    budgets : pandas.DataFrame
        One row an ASIN with excess units: what advertising would cost to clear them.
    notes : tuple of Note
        What to know before trusting a number.
    """

    account: Account
    settings: Settings
    positions: pd.DataFrame
    segments: pd.DataFrame
    budgets: pd.DataFrame
    notes: tuple[Note, ...]

    def summary(self) -> dict[str, Any]:
        """The headline numbers, ready for JSON; a missing number is None."""
        found = self.positions
        placed = found["segment"].notna()
        counts = found["segment"].fillna(found["gate"]).value_counts()
        numbers = {
            "account": self.account.name,
            "marketplace": self.account.marketplace,
            "currency": self.account.currency,
            "snapshot": self.account.snapshot.isoformat(),
            "asins": len(found),
            "asins_placed": int(placed.sum()),
            "asins_uncertain": int(found["uncertain"].sum()),
            "units_available": _number(found["units_available"].sum(min_count=1)),
            "stock_value": _money(found["stock_value"].sum(min_count=1)),
            "excess_units": _number(found["excess_units"].sum(min_count=1)),
            "excess_value": _money(found["excess_value"].sum(min_count=1)),
            "sales_at_risk": _money(found["sales_at_risk"].sum(min_count=1)),
            "ad_spend": _money(found["ad_spend"].sum(min_count=1)),
            "ad_sales": _money(found["ad_sales"].sum(min_count=1)),
            "account_roas": _number(matrix.account_roas(found["ad_sales"], found["ad_spend"])),
            "budget_that_pays": _money(self.budgets.loc[self.budgets["click_pays"] == "yes", "budget_extra"].sum()),
            "by_place": {key: int(counts.get(key, 0)) for key in self.segments.index},
            "warnings": sum(note.level != "info" for note in self.notes),
        }
        return numbers


def analyse(account: Account, settings: Settings | None = None) -> Analysis:
    """Place every ASIN of an account and reckon what to do about it. Every notebook, slider and report ends here.

    Parameters
    ----------
    account
        From `wockit.account.load_account`.
    settings
        The account's own if left out.

    Raises
    ------
    AccountError
        If these settings leave the sales period unknown.
    """
    settings = settings or account.settings
    notes = list(account.notes)
    table = _quantities(account, settings, notes)
    table = _measures(table, settings, account)
    table = _places(table, settings, account)
    positions = table.sort_values(["money_at_stake", "stock_value"], ascending=False, kind="stable", na_position="last")
    budgets = _budgets(positions, settings, account)
    return Analysis(
        account=account,
        settings=settings,
        positions=positions[POSITIONS],
        segments=_segments(positions),
        budgets=budgets,
        notes=tuple(order_of_harm(notes)),
    )


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
    if passed := int((table["clear_by"] <= pd.Timestamp(account.snapshot)).sum()):
        text = f"the clear_by date of {passed} ASINs has passed; {settings.clear_days} days are used."
        notes.append(Note("warning", "costs.csv", text))
    if table["ad_spend"].sum() > 0 and not table["ad_sales"].sum() > 0 and settings.roas_cut == "account_benchmark":
        text = "advertising sold nothing, so the account has no benchmark: choose roas_cut = 'target' or 'break_even'."
        notes.append(Note("warning", "advertising report", text))
    stated = table["referral_rate"].notna()
    table["referral_rate"] = table["referral_rate"].fillna(settings.referral_rate)
    if not stated.all():
        text = f"the referral rate of {int((~stated).sum())} ASINs is taken as {settings.referral_rate:.0%}."
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
        text = f"no day is older than {account.attribution_days} days: ROAS rests on days whose sales still grow."
        notes.append(Note("warning", "advertising report", text))
        settled = np.full(len(dates), True)
    elif (~settled).any():
        young, old = (len(np.unique(dates[chosen])) for chosen in (~settled, settled))
        text = f"{young} days whose sales still grow were set aside; ROAS rests on {old} settled days."
        notes.append(Note("info", "advertising report", text))
    kept = account.ads[settled]
    last = np.datetime64(account.snapshot) - np.timedelta64(account.attribution_days + 1, "D")
    first = account.ads["first_day"].fillna(account.ads["date"]).to_numpy(dtype="datetime64[D]")
    days = int((max(last, dates[settled].max()) - first[settled].min()).astype(int)) + 1 if settled.any() else 0
    sums = kept.groupby("asin")[AD_SUMS].sum(min_count=1)
    every = account.ads.groupby("asin")[["ad_sales", "ad_spend"]].sum(min_count=1)
    sums = sums.reindex(every.index).assign(roas_all_days=advertising.roas(every["ad_sales"], every["ad_spend"]))
    return sums, days


def _measures(table: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    stock, sold, weeks = table["units_available"], table["units_sold"], table["weeks"]
    spend, sales, clicks, orders = (table[name] for name in ("ad_spend", "ad_sales", "ad_clicks", "ad_orders"))
    table["weeks_of_coverage"] = cover.weeks_of_coverage(stock, sold, weeks)
    table["weeks_of_coverage_exact"] = cover.weeks_of_coverage(stock, sold, table["sales_days"] / 7)
    table["excess_units"] = cover.excess_units(stock, sold, settings.healthy_weeks, weeks)
    table["roas"] = advertising.roas(sales, spend)
    table["acos"] = advertising.acos(sales, spend)
    table["halo_share"] = advertising.ratio(table["ad_sales_other_sku"], sales)
    period_spend = spend * table["sales_days"] / table["ad_days"].replace(0, np.nan)
    sales_known = (account.sales_days or settings.sales_days) is not None
    table["tacos"] = advertising.tacos(period_spend, table["sales"] if sales_known else np.nan)
    table["conversion_rate"] = advertising.conversion_rate(orders, clicks)
    table["cost_per_click"] = advertising.cost_per_click(spend, clicks)
    own_units = table["ad_units_same_sku"].fillna(table["ad_units"])
    table["ad_share"] = advertising.ad_share(own_units, table["ad_days"], sold, table["sales_days"])
    order_value = advertising.ratio(sales, orders).fillna(table["price"])
    within = 2 * settings.certainty - 1
    table["roas_low"], table["roas_high"] = advertising.roas_interval(
        orders, clicks, order_value, table["cost_per_click"], within
    )
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
    table["sales_at_risk"] = matrix.sales_at_risk(cover_now, settings.low_weeks, sold, weeks, table["price"])
    table["ad_overspend"] = matrix.ad_overspend(spend, sales, table["roas_cut"])
    table["ad_headroom"] = matrix.ad_headroom(spend, sales, table["roas_cut"])
    return table


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
    placed = matrix.segment(weeks, table["roas"], table["roas_cut"], aged_out, settings)
    table["segment"] = np.where(table["gate"].isna(), placed, None)
    table["plan"] = matrix.plan(table["segment"], table["gate"], table["units_aged_over_180"])
    table["urgency"] = np.where(
        table["gate"].isin(["missing_data", "out_of_stock", "new"]), None, matrix.urgency(weeks, settings)
    )
    flags = _caution_flags(table, settings, account)
    table["cautions"] = ["; ".join(flags.columns[row.astype(bool)]) for row in flags.to_numpy()]
    table["uncertain"] = (
        table["segment"].notna() & table["segment"].ne("exit") & (flags["few_clicks"] | flags["seasonal"])
    )
    table["low_stock"] = weeks.lt(settings.low_weeks) & table["units_available"].gt(0)
    table["stake"] = matrix.stake(table["plan"], table["low_stock"])
    table["money_at_stake"] = matrix.money_at_stake(table["stake"], table)
    return table


def _caution_flags(table: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    weeks, exact = table["weeks_of_coverage"], table["weeks_of_coverage_exact"]
    last_30, last_90 = table["units_shipped_30_days"], table["units_shipped_90_days"]
    flags = {
        "peak": cover.is_peak(last_30, last_90),
        "slump": cover.is_slump(last_30, last_90),
        "seasonal": table["seasonal"].eq(1),
        "lead_time": table["lead_time_days"].gt(exact * 7) & weeks.ge(settings.low_weeks),
        "inbound": table["units_inbound"].ge(table["units_available"] / 4) & table["units_inbound"].gt(0),
        "fee_zone": exact.lt(4) & table["units_available"].gt(0) & (account.marketplace == "US"),
        "aged": _aged(table, settings.exit_age_days).gt(0) & table["plan"].ne("exit"),
        "few_clicks": matrix.is_uncertain(table["roas_low"], table["roas_high"], table["roas_cut"]),
    }
    return pd.DataFrame(flags, index=table.index)


def _budgets(positions: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    judged = ~positions["gate"].isin(["missing_data", "new", "not_sellable"])
    table = positions[positions["excess_units"].gt(0) & judged].copy()
    due = (table["clear_by"] - pd.Timestamp(account.snapshot)).dt.days
    table["clear_days"] = due.where(due > 0, settings.clear_days).fillna(settings.clear_days)
    found = budget.clearance_budget(
        units=table["excess_units"],
        conversion_rate=table["conversion_rate"],
        cost_per_click=table["cost_per_click"],
        ad_share=table["ad_share"],
        units_sold=table["units_sold"],
        sales_days=table["sales_days"],
        clear_days=table["clear_days"],
        units_per_order=settings.units_per_order,
    )
    table = table.assign(
        clicks=found.clicks,
        clicks_a_day=found.clicks_a_day,
        clicks_a_day_now=table["ad_clicks"] / table["ad_days"].replace(0, np.nan),
        budget_upper=found.upper,
        budget_lower=found.lower,
        ad_units_needed=found.ad_units_needed,
        budget_corrected=found.corrected,
        budget_extra=found.extra,
        cost_per_order=found.cost_per_order,
    )
    table["order_gain"] = budget.order_gain(table["unit_proceeds"], settings.units_per_order, table["cost_per_order"])
    table["click_pays"] = np.where(
        table["order_gain"].isna(), "unknown", np.where(table["order_gain"] > 0, "yes", "no")
    )
    return table[BUDGETS]


def _segments(positions: pd.DataFrame) -> pd.DataFrame:
    book = matrix.playbook()
    place = positions["segment"].fillna(positions["gate"])
    groups = positions.groupby(place)
    sums = groups[["units_available", "stock_value", "excess_value", "ad_spend", "ad_sales", "money_at_stake"]].sum(
        min_count=1
    )
    table = sums.assign(asins=groups.size(), roas=advertising.roas(sums["ad_sales"], sums["ad_spend"]))
    order = [key for key in (*book.segments, *book.gates) if key in table.index]
    table = table.reindex(order).rename_axis("place")
    table.insert(0, "label", [book.plan(key).label for key in order])
    table["objective"] = [book.plan(key).objective for key in order]
    return table[["label", "asins", *sums.columns, "roas", "objective"]]


def _number(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def _money(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 2)

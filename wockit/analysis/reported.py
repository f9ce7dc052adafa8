"""Data from the reports on every ASIN, side by side: stock, sales, settled advertising, costs and supply.

What follows from it, and each ASIN's place in the matrix, is in `positions`.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import sold_in_days
from wockit.columns import AD_SUMS
from wockit.formulas import advertising, cover
from wockit.formulas.fees import fulfilment_fee
from wockit.language import Text
from wockit.notes import Note
from wockit.reading.account import Account
from wockit.reading.sales import sales_in_period
from wockit.reading.supply import AT_AMAZON, INBOUND, OTHER
from wockit.settings import Settings

SEASON_DAYS = 182
"""How far ahead the end of a season counts as the date of its stock [day]."""
RECEIVING_DAYS = 7
"""In how many days units are for sale that Amazon is receiving [day]."""


def reported_of(account: Account, settings: Settings) -> tuple[pd.DataFrame, list[Note]]:
    """All that the reports say of each ASIN, side by side; an ASIN that a report leaves out is missing there."""
    sold, sales_days = sales_in_period(account.stock, account.sales, account.sales_days or settings.sales_days)
    ads, first_ad_day, ad_days, notes = _settled(account)
    index = sold.index.union(ads.index).rename("asin")
    costs, sales = account.costs.drop(columns=["price", "product_group"]), account.sales.drop(columns="title")
    table = account.stock.reindex(index).join([sold, sales, ads, costs])
    table["price"] = account.costs["price"].reindex(index).fillna(table["price"])
    table["product_group"] = table["product_group"].fillna(account.costs["product_group"].reindex(index))
    table["title"] = account.sales["title"].reindex(index).fillna(table["title"])
    table["sales_days"] = sales_days
    table["weeks"] = float(cover.weeks_in_period(sales_days))
    table["ad_days"] = ad_days
    table["sold_in_ad_days"] = sold_in_days(account, first_ad_day, ad_days).reindex(index)
    season = _season_ends(table, account)
    table["clear_by"] = table["clear_by"].fillna(season)
    if count := int(season.notna().sum()):
        text: str = Text(
            "the season of {0} ASINs ends within half a year by Amazon's dates, so they are cleared by then. Write "
            "clear_by in costs.csv for another day.",
            count,
        )
        notes.append(Note("info", "inventory report", text))
    due = (table["clear_by"] - pd.Timestamp(account.snapshot)).dt.days
    table["clear_days"] = due.where(due > 0, settings.clear_days).fillna(settings.clear_days)
    if table["ad_spend"].sum() > 0 and not table["ad_sales"].sum() > 0 and settings.roas_cut == "account_benchmark":
        text = (
            "advertising sold nothing, so the account has no ROAS benchmark. Choose roas_cut = 'target' or "
            "'break_even'."
        )
        notes.append(Note("warning", "advertising report", text))
    by_table = fulfilment_fee(
        account.fees, account.marketplace, account.snapshot, table["size_tier"].fillna(""), table["unit_weight"]
    )
    table["fulfilment_fee"] = table["fulfilment_fee"].fillna(pd.Series(by_table, index=index))
    stated = table["referral_rate"].notna()
    table["referral_rate"] = table["referral_rate"].fillna(settings.referral_rate)
    if not stated.all():
        text = Text(
            "the referral rate of {0} ASINs is unknown; {1} is used.",
            int((~stated).sum()),
            f"{settings.referral_rate:.0%}",
        )
        notes.append(Note("info", "costs.csv", text))
    return table, notes


def _season_ends(table: pd.DataFrame, account: Account) -> pd.Series:
    """The last day of the season of an ASIN that has no date of its own: one that Amazon names within half a year."""
    today = pd.Timestamp(account.snapshot)
    soon = table["season_end"].gt(today) & table["season_end"].le(today + pd.Timedelta(days=SEASON_DAYS))
    return table["season_end"].where(soon & table["clear_by"].isna())


def _settled(account: Account) -> tuple[pd.DataFrame, Any, int, list[Note]]:
    """Advertising of each ASIN summed over settled days, the first of them and how many they are, and notes."""
    notes: list[Note] = []
    dates = account.ads["date"].to_numpy(dtype="datetime64[D]")
    summed = account.ads["first_day"].lt(account.ads["date"]).to_numpy()
    settled = advertising.is_settled(dates, np.datetime64(account.snapshot), account.attribution_days) | summed
    if summed.any():
        text = "a summary report has no days, so days that Amazon is still attributing sales to could not be left out."
        notes.append(Note("warning", "advertising report", text))
    if len(dates) and not settled.any():
        text = Text(
            "no day is older than {0} days, so ROAS uses days that Amazon is still attributing sales to.",
            account.attribution_days,
        )
        notes.append(Note("warning", "advertising report", text))
        settled = np.full(len(dates), True)
    elif (~settled).any():
        young, old = (len(np.unique(dates[chosen])) for chosen in (~settled, settled))
        text = Text(
            "the last {0} days were left out: Amazon is still attributing sales to them. ROAS uses {1}.",
            young,
            Text("{0} settled days", old),
        )
        notes.append(Note("info", "advertising report", text))
    settled_ads = account.ads[settled]
    last = np.datetime64(account.snapshot) - np.timedelta64(account.attribution_days + 1, "D")
    first = account.ads["first_day"].fillna(account.ads["date"]).to_numpy(dtype="datetime64[D]")
    begin = first[settled].min() if settled.any() else np.datetime64("NaT", "D")
    end = dates[settled].max() if settled.any() else begin
    end = end if summed.all() else max(end, last)  # days without a row are days without ads; a summary has none
    days = int((end - begin).astype(int)) + 1 if settled.any() else 0
    sums = settled_ads.groupby("asin")[AD_SUMS].sum(min_count=1)
    every = account.ads.groupby("asin")[["ad_sales", "ad_sales_other_sku", "ad_spend"]].sum(min_count=1)
    own = every["ad_sales"] - every["ad_sales_other_sku"].fillna(0.0)
    sums = sums.reindex(every.index).assign(roas_all_days=advertising.roas(own, every["ad_spend"]))
    return sums, begin, days, notes


def supply_columns(reported: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Stock at Amazon, and all units on their way.

    Stock elsewhere counts by its date, and not without one.
    """
    index = reported.index
    parts = account.supply
    sums = parts.groupby([parts.index, "part"])["units"].sum().unstack().reindex(index)
    transfer = sums.reindex(columns=AT_AMAZON[1:]).sum(axis=1)
    at_amazon = reported["units_available"] + transfer
    coming = arriving(parts, account.snapshot)
    elsewhere = coming[coming["part"].eq(OTHER)]["units"].groupby(level=0).sum().reindex(index).fillna(0.0)
    dated = coming[coming["part"].ne(OTHER)]["units"].groupby(level=0).sum().reindex(index).fillna(0.0)
    supply = {
        "units_in_transfer": transfer.where(reported["units_available"].notna()),
        "units_at_amazon": at_amazon,
        "units_other": elsewhere,
        "units_other_undated": (sums.get(OTHER, pd.Series(0.0, index=index)).fillna(0.0) - elsewhere).clip(lower=0.0),
        "units_undated": (reported["units_inbound"].fillna(0.0) - dated).clip(lower=0.0),
        "units_supply": at_amazon + reported["units_inbound"].fillna(0.0) + elsewhere,
    }
    return pd.DataFrame(supply, index=index)


def by_day(parts: pd.DataFrame, snapshot: date, index: pd.Index) -> list[tuple[Any, pd.Series]]:
    """In how many days units arrive, and how many of each ASIN [unit], the earliest first."""
    coming = arriving(parts, snapshot)
    return [*coming.groupby([coming.index, "days"])["units"].sum().unstack().reindex(index).items()]


def arriving(parts: pd.DataFrame, snapshot: date) -> pd.DataFrame:
    """The parts of supply that arrive on a known day from now on, and in how many days that is.

    What Amazon is receiving is for sale within days, whether its day is known or not.
    """
    days = (parts["arrives"] - pd.Timestamp(snapshot)).dt.days
    days = days.mask(days.isna() & parts["part"].eq("inbound_receiving"), RECEIVING_DAYS)
    return parts.assign(days=days)[days.ge(0) & parts["part"].isin([*INBOUND, OTHER])]


def arriving_by_week(account: Account, asins: pd.Index, weeks: int) -> Any:
    """The units of those parts in each of so many coming weeks (ASINs x weeks) [unit]; what comes later is left out."""
    coming = arriving(account.supply, account.snapshot)
    units = np.zeros((len(asins), weeks))
    rows, week = asins.get_indexer(coming.index), coming["days"].floordiv(7).to_numpy(dtype=int)
    inside = (rows >= 0) & (week < weeks)
    np.add.at(units, (rows[inside], week[inside]), coming["units"].to_numpy(dtype=float)[inside])
    return units

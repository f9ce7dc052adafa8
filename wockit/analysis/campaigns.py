"""Campaigns of an ASIN: its ads by the bulk download, their states, and their share of its spend.

What to change about them is decided in `changes`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wockit.reading.account import Account
from wockit.reading.bulk import AD, AD_GROUP, CAMPAIGN, PRODUCTS, Bulk

ENABLED, PAUSED, ARCHIVED = "enabled", "paused", "archived"
BRANDS, DISPLAY = "Sponsored Brands", "Sponsored Display"
_ASIN = re.compile(r"B0[A-Z0-9]{8}")


@dataclass(frozen=True)
class Main:
    """Number of campaigns of an ASIN, the one with the highest spend, and its share of the spend [fraction].

    The share is missing where the download tells no spend.
    """

    campaigns: int
    campaign: str
    share: float


def ads_of(account: Account) -> pd.DataFrame:
    """Every ad of Sponsored Products that is not archived, one row each; none without a bulk download.

    Its columns: `asin`, the ids, `campaign`, `ad_group`, `row` and `state` of the download; whether it is `live`, that
    is, enabled in an enabled ad group and a campaign that is enabled and not over; `campaign_state` and `group_state`;
    `share` of the ASIN's spend [fraction].
    """
    bulk = account.bulk
    if bulk is None or not bulk.sheet:
        return pd.DataFrame()
    rows = bulk.rows[bulk.rows["product"].eq(PRODUCTS)]
    ads = rows[rows["entity"].eq(AD) & rows["state"].ne(ARCHIVED)]
    campaigns, groups = parents(bulk, CAMPAIGN, "campaign_id"), parents(bulk, AD_GROUP, "ad_group_id")
    campaign_state = ads["campaign_id"].map(campaigns["state"]).fillna(ENABLED)
    group_state = ads["ad_group_id"].map(groups["state"]).fillna(ENABLED)
    over = ads["campaign_id"].map(campaigns["ends"]).fillna("9").lt(f"{account.snapshot:%Y%m%d}")
    ads = ads.assign(
        asin=_asins(ads, account),
        campaign=ads["campaign_id"].map(campaigns["campaign"]).fillna(ads["campaign_shown"]).fillna(ads["campaign_id"]),
        ad_group=ads["ad_group_id"].map(groups["ad_group"]).fillna(ads["ad_group_shown"]).fillna(ads["ad_group_id"]),
        campaign_state=campaign_state,
        group_state=group_state,
        live=ads["state"].eq(ENABLED) & campaign_state.eq(ENABLED) & group_state.eq(ENABLED) & ~over,
    )
    spend = ads["ad_spend"].fillna(0.0)
    if not spend.sum():
        spend = ads["live"].astype(float)  # nothing better is known
    whole = spend.groupby(ads["asin"]).transform("sum")
    return ads.assign(share=(spend / whole.where(whole.gt(0))).fillna(0.0))


def parents(bulk: Bulk, entity: str, name: str) -> pd.DataFrame:
    """Campaigns or ad groups of Sponsored Products by their ids."""
    rows = bulk.rows[bulk.rows["product"].eq(PRODUCTS) & bulk.rows["entity"].eq(entity)]
    return rows.dropna(subset=[name]).drop_duplicates(name).set_index(name)


def _asins(ads: pd.DataFrame, account: Account) -> pd.Series:
    """The ASIN of each ad: by the download, else by its SKU in the inventory report.

    An ASIN in the column of SKUs counts as one.
    """
    skus = account.stock["skus"].dropna()
    by_sku = {sku: asin for asin, joined in skus.items() for sku in joined.split(", ")}
    written = ads["sku"].where(ads["sku"].str.fullmatch(_ASIN, na=False))
    return ads["asin"].fillna(ads["sku"].map(by_sku)).fillna(written).astype("str")


def main_campaigns(account: Account) -> Mapping[str, Main]:
    """Campaigns of each ASIN, by ASIN; empty without a bulk download.

    Campaigns count that run or that spent.
    """
    ads = ads_of(account)
    if ads.empty:
        return {}
    has_spend = ads["ad_spend"].fillna(0.0).sum() > 0
    ads = ads[(ads["live"] | ads["ad_spend"].gt(0)) & ads["asin"].notna()]
    by_campaign = ads.groupby(["asin", "campaign_id"], sort=False).agg(
        share=("share", "sum"), name=("campaign", "first")
    )
    first = by_campaign.sort_values("share", ascending=False, kind="stable").groupby(level="asin", sort=False).first()
    counts = by_campaign.groupby(level="asin").size()
    return {
        str(asin): Main(int(counts[asin]), row["name"], row["share"] if has_spend else np.nan)
        for asin, row in first.iterrows()
    }


def dead_spend(account: Account) -> pd.DataFrame:
    """Ads of Sponsored Brands and Display that still run on ASINs without stock, those that spend most first.

    One row per campaign and ASIN: `product`, `campaign`, `asin`, `ad_spend` of the download's period [money]. Sponsored
    Brands keep running without stock; Sponsored Products and Display stop by themselves, but spend until they do.
    """
    columns = ["product", "campaign", "asin", "ad_spend"]
    if account.bulk is None:
        return pd.DataFrame(columns=columns)
    rows = account.bulk.rows
    rows = rows[rows["product"].isin([BRANDS, DISPLAY])]
    whole = rows[rows["entity"].eq(CAMPAIGN)].drop_duplicates("campaign_id").set_index("campaign_id")
    ads = rows[rows["state"].eq(ENABLED) & rows["campaign_id"].map(whole["state"]).fillna(ENABLED).eq(ENABLED)]
    named = ads["asin"].fillna(ads["creative_asins"]).dropna().str.upper().str.findall(r"[A-Z0-9]{10}").explode()
    ads = ads.loc[named.index].assign(asin=named.to_numpy())
    out = account.stock.index[account.stock["units_available"].fillna(0.0).le(0)]
    ads = ads[ads["asin"].isin(out)]
    campaign = ads["campaign_id"].map(whole["campaign"]).fillna(ads["campaign_shown"]).fillna(ads["campaign_id"])
    spend = ads["ad_spend"].fillna(ads["campaign_id"].map(whole["ad_spend"]))
    table = ads.assign(campaign=campaign, ad_spend=spend)[columns]
    return table.sort_values("ad_spend", ascending=False, kind="stable").reset_index(drop=True)

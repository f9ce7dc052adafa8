"""The levers of a campaign: which bids and which budget move, and by how much, so that its ads reach their clicks.

Which ads are to have how many clicks, which are paused and which come back is decided in `changes`; amounts and limits
are worked out in `formulas.bids`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.campaigns import ENABLED, parents
from wockit.analysis.prospects import cases_of
from wockit.analysis.sentences import CLICKS
from wockit.formulas.bids import Limits, bid_for, bounded, clicks_at_bid, limits, written
from wockit.language import Text
from wockit.reading.bulk import AD, AD_GROUP, CAMPAIGN, KEYWORD, TARGETING, Bulk

OFF, DOWN, UP = CLICKS[0][2], CLICKS[1][2], CLICKS[2][1]
"""Clicks over those of today: below the first ads are off, between the last two nothing changes."""
BINDS = 0.8
"""A budget holds the spend back if this share of it is spent [fraction]."""
STATE, BUDGET, DEFAULT, BID = "state", "daily_budget", "default_bid", "bid"


@dataclass(frozen=True)
class Change:
    """One cell to change: what it is now and then, why, and what that is expected to bring a day.

    `held` says what keeps it smaller than advised. `row` is its row in the bulk download.
    """

    advised_asins: tuple[str, ...]
    entity: str
    campaign: str
    ad_group: str
    target: str
    field: str
    old: str
    new: str
    held: str
    clicks_change: float
    spend_change: float
    because: Text
    row: float
    campaign_id: str
    ad_group_id: str
    object_id: str


@dataclass(frozen=True)
class Blocked:
    """A campaign whose live ads do not have one approved advice, so that nothing of it but single ads can be changed.

    `split` says that the advice itself differs; else some of it only waits for approval.
    """

    campaign: str
    asins: tuple[str, ...]
    others: tuple[str, ...]
    split: bool

    @property
    def says(self) -> Text:
        """Sentence: what to do about it."""
        names = (self.campaign, ", ".join(self.asins), ", ".join(self.others))
        if self.split:
            return Text("Split the campaign {0}: {1} need other ads than {2}.", *names)
        return Text("Campaign {0} is unchanged: {1} approved, {2} not.", *names)


@dataclass(frozen=True)
class Work:
    """Input of every step: clicks wanted over today's by ASIN, those a person wrote, ads, amounts of a week ago."""

    analysis: Analysis
    bulk: Bulk
    levels: Mapping[str, float]
    own: frozenset[str]
    ads: pd.DataFrame
    bases: Mapping[tuple[str, str], float]

    @cached_property
    def dearer(self) -> float:
        """Increase of the price of a click in % for 1% more clicks [ratio]."""
        cases = cases_of(self.analysis.settings, self.analysis.account.lessons).half(again=True)
        return max(float(cases.dearer @ cases.weight), 0.05)

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """Campaigns by id."""
        return parents(self.bulk, CAMPAIGN, "campaign_id")

    @cached_property
    def bidding(self) -> Mapping[str, pd.DataFrame]:
        """The enabled rows of each ad group that may have a bid: itself and its targets."""
        rows = self.bulk.products
        rows = rows[rows["state"].eq(ENABLED) & rows["entity"].isin([AD_GROUP, KEYWORD, TARGETING])]
        return {str(group): own for group, own in rows.groupby("ad_group_id", sort=False)}

    @cached_property
    def paces(self) -> Mapping[str, pd.Series]:
        """Clicks and spend a day of each ASIN."""
        details = self.analysis.details
        return {name: details[name] / details["ad_days"] for name in ("ad_clicks", "ad_spend")}

    def a_day(self, ads: pd.DataFrame, what: str) -> pd.Series:
        """Clicks or spend a day of each ad, by its share of its ASIN's."""
        return by_asin(ads, self.paces[what]).fillna(0.0) * ads["share"]

    def limit(self, what: str) -> Limits | None:
        """Amazon's limits in the account's currency; none where unknown."""
        return limits().get((self.analysis.account.currency, what))

    def amount(self, old: float, wanted: float, key: tuple[str, str], what: str) -> tuple[float, str]:
        """The amount to set and what held it back; the old one where the currency's limits are unknown."""
        limit = self.limit(what)
        if limit is None or not old > 0:
            return old, ""
        return bounded(old, wanted, self.bases.get(key, old), self.analysis.settings.change_limit, limit)


def of_ad(ad: pd.Series, state: str, clicks: float, spend: float, because: Text) -> Change:
    """One ad that is paused or enabled, with the clicks and the spend a day that this is expected to change."""
    return Change(
        advised_asins=(ad["asin"],),
        entity=AD,
        campaign=ad["campaign"],
        ad_group=ad["ad_group"],
        target="",
        field=STATE,
        old=ad["state"],
        new=state,
        held="",
        clicks_change=clicks,
        spend_change=spend,
        because=because,
        row=ad["row"],
        campaign_id=ad["campaign_id"],
        ad_group_id=ad["ad_group_id"],
        object_id=ad["ad_id"],
    )


def of_campaign(work: Work, name: str, ads: pd.DataFrame) -> tuple[list[Change], list[Blocked]]:
    """The changes of one campaign: of its budget if that holds the spend back, else of the bids of its ad groups."""
    way = _way(work, ads)
    spend = work.a_day(ads, "ad_spend")
    level = float((spend * by_asin(ads, work.levels)).sum() / spend.sum()) if spend.sum() > 0 else np.nan
    budget = work.campaigns["daily_budget"].get(name, np.nan)
    binds = spend.sum() >= BINDS * budget
    if way and binds and (way > 0 or _pays(work, ads)):
        return [*budget_of(work, name, ads, level)], []
    changes: list[Change] = []
    for group, own in ads.groupby("ad_group_id", sort=False):
        if _way(work, own):
            changes += _bids(work, str(group), own)
    if way > 0 and level * spend.sum() > budget:  # or the clicks that the bids bring could not be paid
        changes += [_silent(change) for change in budget_of(work, name, ads, level)]
    return changes, [] if way else [*_split(work, ads, changes)]


def _way(work: Work, ads: pd.DataFrame) -> int:
    """1 where every ad is to have more clicks, -1 where every ad fewer, 0 where they disagree."""
    levels = by_asin(ads, work.levels).fillna(1.0)
    return int(levels.gt(UP).all()) - int(levels.lt(DOWN).all())


def _pays(work: Work, ads: pd.DataFrame) -> bool:
    """True for an ad whose clicks are worth what they cost."""
    cost, most = work.analysis.details["cost_per_click"], work.analysis.advice["highest_cpc"]
    return bool(by_asin(ads, cost).le(by_asin(ads, most)).all())


def _split(work: Work, ads: pd.DataFrame, changes: list[Change]) -> Iterator[Blocked]:
    """Conflict between the ads of a campaign, unless the ad groups of all approved ads could move alone."""
    moved = {asin for change in changes for asin in change.advised_asins}
    wanting = [asin for asin in ads["asin"].unique() if asin in work.levels and asin not in moved]
    if wanting:
        other_asins = [asin for asin in ads["asin"].dropna().unique() if asin not in wanting]
        advice = work.analysis.advice["ads_level"].reindex(ads["asin"]).fillna(1.0)
        split = not (advice.lt(DOWN).all() or advice.gt(UP).all())
        yield Blocked(ads["campaign"].iloc[0], tuple(wanting), tuple(other_asins), split)


def budget_of(work: Work, name: str, ads: pd.DataFrame, level: float) -> Iterator[Change]:
    """Daily budget of a campaign as a multiple of today's; none where the download does not state it."""
    if name not in work.campaigns.index:
        return
    row = work.campaigns.loc[name]
    old = float(row["daily_budget"])
    new, held = work.amount(old, old * level, (name, BUDGET), "budget")
    if new == old:
        return
    because = Text(
        "All its ads need {0} of today's clicks, and the campaign uses its whole budget.", f"{100 * level:.0f}%"
    )
    yield Change(
        advised_asins=tuple(ads["asin"].unique()),
        entity=CAMPAIGN,
        campaign=ads["campaign"].iloc[0],
        ad_group="",
        target="",
        field=BUDGET,
        old=written(old),
        new=written(new),
        held=held,
        clicks_change=float(work.a_day(ads, "ad_clicks").sum()) * (new / old - 1),
        spend_change=float(work.a_day(ads, "ad_spend").sum()) * (new / old - 1),
        because=because,
        row=row["row"],
        campaign_id=name,
        ad_group_id="",
        object_id=name,
    )


def _silent(change: Change) -> Change:
    """A change that only makes room for others, whose effect is told there."""
    return replace(change, clicks_change=0.0, spend_change=0.0)


def _bids(work: Work, group: str, ads: pd.DataFrame) -> Iterator[Change]:
    """The bids of an ad group: of targets with a bid of their own, and its default bid if others use it."""
    own = work.bidding.get(group, work.bulk.rows.iloc[:0])
    targets = own[own["entity"].isin([KEYWORD, TARGETING])]
    bidding = targets[targets["bid"].gt(0)]
    default = own[own["entity"].eq(AD_GROUP) & own["default_bid"].gt(0)]
    needed = default if len(bidding) < len(targets) or targets.empty else default.iloc[:0]
    moves = [move for _, row in pd.concat([needed, bidding]).iterrows() if (move := _move(work, row, ads))]
    weight = [row["ad_spend"] if row["entity"] != AD_GROUP and row["ad_spend"] > 0 else 0.0 for row, *_ in moves]
    shares = np.array(weight) / sum(weight) if sum(weight) else np.full(len(moves), 1 / max(len(moves), 1))
    clicks, spend = (float(work.a_day(ads, name).sum()) for name in ("ad_clicks", "ad_spend"))
    for (row, old, new, held), share in zip(moves, shares, strict=True):
        fewer = clicks_at_bid(new, old, work.dearer)
        whole = row["entity"] == AD_GROUP
        yield Change(
            advised_asins=tuple(ads["asin"].unique()),
            entity=row["entity"],
            campaign=ads["campaign"].iloc[0],
            ad_group=ads["ad_group"].iloc[0],
            target="" if whole else _target(row),
            field=DEFAULT if whole else BID,
            old=written(old),
            new=written(new),
            held=held,
            clicks_change=share * clicks * (fewer - 1),
            spend_change=share * spend * (fewer * new / old - 1),
            because=_worth(work, ads),
            row=row["row"],
            campaign_id=row["campaign_id"],
            ad_group_id=group,
            object_id=_own_id(row),
        )


def _move(work: Work, row: pd.Series, ads: pd.DataFrame) -> tuple[pd.Series, float, float, str] | None:
    """A bid toward what the clicks wanted take, never above the max CPC that pays; nothing where it stays."""
    field = DEFAULT if row["entity"] == AD_GROUP else BID
    old, most = float(row[field]), by_asin(ads, work.analysis.advice["highest_cpc"])
    levels = by_asin(ads, work.levels)
    up = bool(levels.gt(1).all())
    level, worth = (levels.min(), most.min()) if up else (levels.max(), most.max())  # what changes least
    wanted = bid_for(old, max(level, OFF), work.dearer)
    if not np.isnan(worth) and not work.own & {*ads["asin"]}:  # whoever writes a value knows better
        wanted = min(wanted, worth)
    if (wanted - old) * (1 if up else -1) <= 0:
        return None
    new, held = work.amount(old, wanted, (_own_id(row), field), "bid")
    return None if new == old else (row, old, new, held)


def _worth(work: Work, ads: pd.DataFrame) -> Text:
    asin = ads["asin"].iloc[0]
    if asin in work.own:
        return Text("Decided: {0} of today's clicks.", f"{100 * work.levels[asin]:.0f}%")
    cost, most = work.analysis.details["cost_per_click"][asin], work.analysis.advice["highest_cpc"][asin]
    if cost <= most and work.levels[asin] < DOWN:
        return Text("The stock sells with fewer clicks.")
    return Text("A click costs {0} and is worth {1}.", f"{cost:,.2f}", f"{most:,.2f}")


def _own_id(row: pd.Series) -> str:
    name = {KEYWORD: "keyword_id", TARGETING: "target_id", AD_GROUP: "ad_group_id"}[row["entity"]]
    return str(row[name])


def _target(row: pd.Series) -> str:
    """A keyword with its match type, or the products that are targeted."""
    names = ("keyword", "match_type") if isinstance(row["keyword"], str) else ("expression",)
    return ", ".join(row[name] for name in names if isinstance(row[name], str))


def by_asin(ads: pd.DataFrame, numbers: Any) -> pd.Series:
    """The number of each ad's ASIN; missing where it has none."""
    return ads["asin"].map(numbers).astype(float)

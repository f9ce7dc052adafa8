"""From approved advice to changes of the advertising: the smallest set of rows that makes its path.

An ad is paused or enabled. A daily budget moves only if every live ad of the campaign has the same advice, the bids of
an ad group only if every live ad in it has (`bids_and_budgets`); else the campaign is named as one to split. What no
file can do is a list for people, in `checklist`; files are written in `weekly`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.bids_and_budgets import (
    DOWN,
    OFF,
    STATE,
    UP,
    Blocked,
    Change,
    Work,
    budget_of,
    by_asin,
    of_ad,
    of_campaign,
)
from wockit.analysis.campaigns import ENABLED, PAUSED, ads_of
from wockit.analysis.decisions import Decision
from wockit.analysis.sentences import CLICKS
from wockit.columns import CHANGES
from wockit.language import Text

RETURNS = MappingProxyType({28: 1.0, 14: 0.5})
"""Days of supply from which paused ads come back, and the share of their budget; with fewer days they stay paused."""


@dataclass(frozen=True)
class Changes:
    """Changes from approved advice.

    Attributes
    ----------
    changes : tuple of Change
        One for each cell to change.
    blocked : tuple of Blocked
        Campaigns that cannot be changed as a whole.
    waiting : dict
        By ASIN, why nothing of it changes, or not yet.
    spend_now : float
        Ad spend of the account a day [money].
    """

    changes: tuple[Change, ...]
    blocked: tuple[Blocked, ...]
    waiting: Mapping[str, Text]
    spend_now: float

    @property
    def table(self) -> pd.DataFrame:
        """The changes as a table (`CHANGES`)."""
        rows = [asdict(change) | {"advised_asins": ", ".join(change.advised_asins)} for change in self.changes]
        return pd.DataFrame(rows, columns=[*CHANGES]).astype({**CHANGES, "because": object})

    @property
    def spend_change(self) -> float:
        """Expected change of ad spend per day by all changes together [money]."""
        return float(np.nansum([change.spend_change for change in self.changes]))


NONE = pd.DataFrame(
    {"object_id": pd.Series(dtype="str"), "field": pd.Series(dtype="str"), "old": pd.Series(dtype="str")}
)
"""What was changed in the week before: nothing."""


def changes_of(analysis: Analysis, decisions: Mapping[str, Decision], this_week: pd.DataFrame = NONE) -> Changes:
    """The changes that make the paths of approved advice; none without a bulk download.

    Parameters
    ----------
    analysis
        From `analyse`.
    decisions
        What was decided, by ASIN; what has no decision stays as it is.
    this_week
        What was changed in the week before already, oldest first: `object_id`, `field`, `old`. The limit of a week
        counts from there.
    """
    account = analysis.account
    spend = analysis.details["ad_spend"] / analysis.details["ad_days"]
    now = float(spend.sum())
    ads = ads_of(account)
    if account.bulk is None or ads.empty:
        return Changes((), (), {}, now)
    decisions = of_use(analysis, decisions)
    own = frozenset(asin for asin, decision in decisions.items() if decision.own)
    work = Work(analysis, account.bulk, _levels(analysis, decisions), own, ads, _bases(this_week))
    off = [*_paused(work)]
    gone = {change.object_id for change in off}
    left = ads[ads["live"] & ~ads["ad_id"].isin(gone)]
    moved, blocked = [], []
    for name, campaign in left.groupby("campaign_id", sort=False):
        if by_asin(campaign, work.levels).notna().any():
            some, split = of_campaign(work, str(name), campaign)
            moved += some
            blocked += split
    back, waiting = _back(work, decisions)
    handled = {asin for change in (*off, *moved, *back) for asin in change.advised_asins}
    handled |= {asin for block in blocked for asin in block.asins}
    unmoved = {asin: _why_unmoved(work, asin) for asin in work.levels if asin not in handled}
    return Changes((*off, *moved, *back), tuple(blocked), {**unmoved, **waiting}, now)


def _why_unmoved(work: Work, asin: str) -> Text:
    """Reason why nothing is changed for an ASIN whose ads were to change."""
    if not work.ads.loc[work.ads["live"], "asin"].eq(asin).any():
        return Text("None of its ads runs in the bulk download, so there is nothing to change.")
    if not (work.limit("bid") and work.limit("budget")):
        currency = work.analysis.account.currency
        return Text("Set its bids and budgets by hand, because Amazon's limits in {0} are not known here.", currency)
    return Text("Its bids and budgets stay: they are unknown, at a limit, or already at the max CPC that pays.")


def _levels(analysis: Analysis, decisions: Mapping[str, Decision]) -> dict[str, float]:
    """The clicks that approved advice wants over those of today, where it wants others than today's [ratio]."""
    details, advice, levels = analysis.details, analysis.advice, {}
    spend = details["ad_spend"] / details["ad_days"]
    for asin, decision in decisions.items():
        if asin not in advice.index or not (details["ad_clicks"][asin] > 0 and spend[asin] > 0):
            continue
        level = advice["ads_level"][asin]
        if decision.own:
            level = decision.value if decision.kind == "share" else decision.value / spend[asin]
        if decision.approves and not DOWN <= level <= UP:
            levels[asin] = float(level)
    return levels


def of_use(analysis: Analysis, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """Decisions as they count for an analysis: a number beside advice that is not about ads may mean anything."""
    ads, do = {name for name, _, _ in CLICKS}, analysis.advice["do"]
    return {
        asin: Decision("text") if decision.own and do.get(asin) not in ads else decision
        for asin, decision in decisions.items()
    }


def _bases(this_week: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Amount of a week ago, for each amount that was changed since."""
    amounts = this_week[this_week["field"].ne(STATE)].drop_duplicates(["object_id", "field"])
    return {(str(row["object_id"]), str(row["field"])): float(row["old"]) for row in amounts.to_dict("records")}


def _paused(work: Work) -> Iterator[Change]:
    """The live ads of ASINs whose ads go off."""
    ads = work.ads[work.ads["live"]]
    ads = ads[by_asin(ads, work.levels).lt(OFF)]
    clicks, spend = work.a_day(ads, "ad_clicks"), work.a_day(ads, "ad_spend")
    for number, ad in ads.iterrows():
        says = work.analysis.advice["says"][ad["asin"]]
        yield of_ad(ad, PAUSED, -clicks[number], -spend[number], says)


def _back(work: Work, decisions: Mapping[str, Decision]) -> tuple[list[Change], dict[str, Text]]:
    """The paused ads of approved ASINs that had no stock and have some again, and why those of others wait."""
    changes: list[Change] = []
    waiting: dict[str, Text] = {}
    approved = {asin for asin, decision in decisions.items() if decision.kind == "yes"}
    for asin, days in returning(work.analysis).items():
        share = next((part for least, part in RETURNS.items() if days >= least), 0.0)
        ads = work.ads[work.ads["asin"].eq(asin) & _may_return(work.ads)]
        if not share:
            waiting[asin] = Text("Its ads stay paused: stock for {0} days, {1} needed.", f"{days:.0f}", min(RETURNS))
        elif asin in approved:
            because = Text("It was out of stock; the stock now lasts {0} days.", f"{days:.0f}")
            for _, ad in ads.iterrows():
                changes.append(of_ad(ad, ENABLED, np.nan, np.nan, because))
                if share < 1:
                    changes += _gently(work, ad, share)
    return changes, waiting


def _may_return(ads: pd.DataFrame) -> pd.Series:
    """Paused ads whose campaign and ad group run: enabling a parent would start other ads too."""
    return ads["state"].eq(PAUSED) & ads["campaign_state"].eq(ENABLED) & ads["group_state"].eq(ENABLED)


def _gently(work: Work, ad: pd.Series, share: float) -> Iterator[Change]:
    """A part of the budget of a campaign that no other live ad shares."""
    other_ads = work.ads[
        work.ads["campaign_id"].eq(ad["campaign_id"]) & work.ads["live"] & work.ads["asin"].ne(ad["asin"])
    ]
    if other_ads.empty:
        for change in budget_of(work, ad["campaign_id"], ad.to_frame().T, share):
            yield replace(change, because=Text("Little stock: its ads begin with part of the budget."))


def to_split(analysis: Analysis) -> dict[str, list[str]]:
    """Campaigns whose live ads have different advice, by each ASIN that is to have more or fewer clicks."""
    ads = ads_of(analysis.account)
    campaigns: dict[str, list[str]] = {}
    if ads.empty:
        return campaigns
    level = by_asin(ads, analysis.advice["ads_level"]).fillna(1.0)
    ads = ads.assign(way=level.gt(UP).astype(int) - level.lt(DOWN).astype(int))[ads["live"]]
    for _, campaign in ads.groupby("campaign_id", sort=False):
        if campaign["way"].nunique() > 1:
            for asin in campaign.loc[campaign["way"].ne(0), "asin"].unique():
                campaigns.setdefault(asin, []).append(campaign["campaign"].iloc[0])
    return campaigns


def returning(analysis: Analysis) -> dict[str, float]:
    """ASINs with paused ads that were out of stock in the last weeks and have stock again, and how long it lasts [day].

    Units on their way count by the day they arrive. ASINs whose advice turns ads down stay out.
    """
    ads = ads_of(analysis.account)
    if ads.empty:
        return {}
    details, level = analysis.details, analysis.advice["ads_level"]
    paused = set(ads.loc[_may_return(ads), "asin"].dropna())
    again = details["stock_outs"].gt(0) & details["units_available"].gt(0)
    wanted = level.reindex(details.index).ge(DOWN)
    days = (7 * details["forward_cover"]).where(again & wanted)
    return {asin: float(lasting) for asin, lasting in days.dropna().items() if asin in paused}

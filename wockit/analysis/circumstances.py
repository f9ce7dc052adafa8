"""The circumstances of an ASIN: age, days on sale, clear-by date, siblings, clicks, running short, suppression.

The position that follows from them is worked out in `positions`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import AGES, among, joined_by
from wockit.formulas import advertising, cover, matrix
from wockit.formulas.fees import AGE_STEPS, LOW_INVENTORY_UNITS, low_inventory_fee
from wockit.formulas.selling_ways import outlet_eligible
from wockit.reading.account import LONGEST_SEASON, Account
from wockit.reading.lessons import ads_by_week
from wockit.reading.sales_record import BY_DAY

MOST_SIBLINGS = 10
"""ASINs of one parent that are named beside an ASIN: all of a large family beside each would take its square."""
HALO = 0.5
"""Share of an ASIN's ad sales that other products make, from which its clicks are said to sell those."""

SOME_A_WEEK = 3.0
"""Units of a usual week, of which a week without any comes by chance once in 20 [unit/week]."""


def by_age(table: pd.DataFrame) -> Any:
    """Units in the age steps of the inventory report (ASINs x steps); an older form has one step from 366 days on."""
    steps = table[AGES].copy()
    steps[AGES[4]] = steps[AGES[4]].fillna(table["units_aged_over_365"])
    steps[AGES[5]] = steps[AGES[5]].fillna(0.0)
    return steps.to_numpy(dtype=float)


def aged(table: pd.DataFrame, days: int) -> pd.Series:
    """Units in the age steps of the inventory report that begin after a number of days.

    Empty cells are none where all that is available stands in the youngest step.
    """
    steps = zip(AGE_STEPS[1:], [*AGES[1:4], "units_aged_over_365"], strict=False)
    units = table[[name for start, name in steps if start >= days]].sum(axis=1, min_count=1)
    return units.mask(units.isna() & table[AGES[0]].ge(table["units_available"]), 0.0)


def may_go_to_outlet(details: pd.DataFrame) -> pd.Series:
    """May an ASIN have an Outlet deal, by what the report tells of its ages: 1, 0, or missing."""
    older = aged(details, 91)
    days = (older.gt(0) * 91.0).where(older.notna())
    return outlet_eligible(days, details["units_available"], details["units_sold"])


def sold_in_days(account: Account, first: Any, days: int) -> pd.Series:
    """Units that each ASIN sold in some days [unit]; missing where no report tells its sales of all of them by day."""
    weeks = account.past.weeks
    ends = weeks.columns.to_numpy(dtype="datetime64[D]")
    begin, end = np.maximum(first, ends - 6), np.minimum(first + days - 1, ends)
    inside = np.clip((end - begin).astype(float) + 1, 0, 7) if days else np.zeros(len(ends))
    within = weeks.loc[:, inside > 0]
    units = (within * inside[inside > 0] / 7).sum(axis=1, skipna=False)
    by_day = account.past.source.isin(BY_DAY).reindex(weeks.index, fill_value=False)
    return units.where(by_day & within.notna().all(axis=1) & (days > 0) & (inside.sum() == days))


def weeks_to_date(reported: pd.DataFrame, account: Account) -> pd.Series:
    """Weeks to the clear-by date of an ASIN; missing without a future date [week]."""
    days = (reported["clear_by"] - pd.Timestamp(account.snapshot)).dt.days
    return days.where(days.gt(0)) / 7


def sold_by_date(weeks_left: pd.Series, account: Account) -> pd.Series:
    """Expected sales up to the clear-by date of an ASIN; missing without a future date [unit]."""
    demand = account.demand.expected
    weeks = weeks_left.reindex(account.past.weeks.index).to_numpy(dtype=float)
    inside = np.clip(weeks[:, None] - np.arange(demand.shape[1]), 0.0, 1.0)
    return pd.Series((demand * inside).sum(axis=1), index=account.past.weeks.index).reindex(weeks_left.index)


def season_is_over(reported: pd.DataFrame, account: Account) -> pd.Series:
    """Whether the season that Amazon names ended a while ago: last month still counts what it sold in it."""
    since = (pd.Timestamp(account.snapshot) - reported["season_end"]).dt.days
    return since.between(1, LONGEST_SEASON)


def clicks_now(reported: pd.DataFrame, account: Account) -> pd.Series:
    """Clicks of a day as things are; over all settled days where no report tells them by day [click/day]."""
    weeks = account.past.weeks
    (clicks,) = ads_by_week(account.ads, weeks, "ad_clicks")
    a_week = pd.Series(advertising.clicks_a_week(clicks, weeks.to_numpy(dtype=float)), index=weeks.index)
    of_all_days = reported["ad_clicks"] / reported["ad_days"].replace(0, np.nan)
    return (a_week.reindex(reported.index) / 7).fillna(of_all_days).where(of_all_days.notna())


def is_launch(reported: pd.DataFrame, weekly_demand: pd.Series, account: Account) -> pd.Series:
    """True for a launch whose sales record knows of no sale more than nine weeks ago.

    Fresh stock of a slow mover is none: a dozen units or, once it has sold for more than a month, those of a year.
    """
    new = matrix.is_new(aged(reported, 90), reported["units_shipped_60_days"], reported["units_shipped_90_days"])
    past = account.past.weeks
    before = past.loc[:, past.columns < pd.Timestamp(account.snapshot) - pd.Timedelta(weeks=9)].gt(0).any(axis=1)
    slow = cover.is_slow(reported["units_sold"], reported["sales_days"], weekly_demand)
    slow &= cover.is_slow(reported["units_shipped_7_days"], 7, weekly_demand)
    for_a_year = (52 * weekly_demand).where(reported["units_shipped_60_days"].gt(reported["units_shipped_30_days"]))
    restocked = reported["units_at_amazon"].le(np.fmax(for_a_year, cover.SMALLEST_ORDER))
    launches = pd.Series(new, index=reported.index) & ~before.reindex(reported.index, fill_value=False)
    return launches & ~(slow & restocked)


def is_suppressed(table: pd.DataFrame, sales: pd.DataFrame) -> pd.Series:
    """True if an ASIN cannot be bought: no featured offer, no sale, but visitors, a past, or Amazon's own word.

    An ASIN that a report leaves out which lists others without a sale had no visitor. Where Amazon says so, a week
    without any unit is enough of one that shipped some each week before.
    """
    no_offer, unsold = table["featured_offer_share"].eq(0), table["units_sold"].eq(0)
    action = table["recommended_action"].astype("str").str.casefold()
    edit = action.str.contains(r"(?:edit|fix|repair).*listing", na=False)
    stopped = matrix.has_stopped(table["units_shipped_30_days"], table["units_shipped_90_days"])
    word = no_offer | table["featured_offer_share"].isna()
    lists_unsold = bool((sales["units_ordered"].eq(0) & sales["page_views"].gt(0)).any())
    unseen = table["page_views"].eq(0) | (lists_unsold & ~among(table.index, sales.index))
    for_long = (no_offer & (table["page_views"].gt(0) | edit | stopped)) | (word & (edit | unseen) & stopped)
    a_week = np.fmax(table["units_shipped_30_days"] / 30, table["units_shipped_90_days"] / 90) * 7
    of_late = edit & table["units_shipped_7_days"].eq(0) & a_week.ge(SOME_A_WEEK)
    return (unsold & for_long) | of_late


def days_on_sale(reported: pd.DataFrame, new: pd.Series, account: Account) -> pd.Series:
    """Days since each launch was first sold or advertised, by orders, ads or else the steps of units shipped [day]."""
    shipped = [reported[f"units_shipped_{days}_days"][new] for days in (7, 30, 60)]
    by_steps = pd.Series(60.0, index=new.index[new]).mask(shipped[1].eq(shipped[2]), 30.0)
    by_steps = by_steps.mask(shipped[0].eq(shipped[1]), 7.0)
    by_day = account.past.source[account.past.source.isin(BY_DAY)].index.intersection(by_steps.index)
    weeks = account.past.weeks.loc[by_day].stack()
    sold = weeks[weeks.gt(0)].reset_index(level=1).iloc[:, 0] - pd.Timedelta(days=6)
    shown = account.ads[
        account.ads["asin"].isin(by_steps.index) & account.ads[["impressions", "ad_clicks"]].gt(0).any(axis=1)
    ]
    first = pd.concat([sold, shown.set_index("asin")["first_day"]]).groupby(level=0).min()
    days = (pd.Timestamp(account.snapshot) - first).dt.days.reindex(by_steps.index)
    return days.fillna(by_steps).clip(lower=1.0).reindex(reported.index)


def running_short(reported: pd.DataFrame, outlook: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Amazon's surcharge per unit shipped while an ASIN has too few days of supply; 0 where none is due.

    Days that Amazon does not state are those of its weeks of cover, or of what is in stock now.
    """
    short, long = (
        reported[f"amazon_days_of_supply_{span}"]
        .fillna(reported[f"amazon_weeks_of_cover_t{span}"] * 7)
        .fillna(reported["units_at_amazon"] / reported[f"units_shipped_{span}_days"] * span)
        for span in (30, 90)
    )
    by_table = low_inventory_fee(
        account.fees,
        account.marketplace,
        account.snapshot,
        size=reported["size_tier"].fillna(""),
        supply_30=short,
        supply_90=long,
        units_7_days=reported["units_shipped_7_days"],
        weight=reported["unit_weight"],
    )
    fee = pd.Series(by_table, index=reported.index)
    stated, spared = (
        reported[f"low_inventory_{name}"].astype("str").str.casefold().eq(word)
        for name, word in (("exempt", "yes"), ("charged", "no"))
    )
    exempt = stated | outlook["new"] | reported["units_shipped_7_days"].lt(LOW_INVENTORY_UNITS)
    return pd.DataFrame({"low_inventory_fee": fee.mask(exempt | spared, 0.0), "low_inventory_spared": exempt})


def _named(family: pd.Series) -> pd.Series:
    """The ASINs of each family in a line, the first ten of more."""
    place = family.groupby(family).cumcount()
    first = family[place < MOST_SIBLINGS]
    lines = joined_by(pd.Series(first.index, index=first.index), first)
    return lines.mask(among(lines.index, family[place >= MOST_SIBLINGS]), lines + ", …")


def siblings(parent: pd.Series, halo_share: pd.Series) -> pd.DataFrame:
    """The ASINs of one parent that the ads of each sell, and those whose ads sell it, by where most ad sales go.

    Of a large family the first are named.
    """
    family = parent.where(parent.ne(""))
    halo = halo_share.ge(HALO)
    sold, sellers = (_named(family[flag]) for flag in (~halo, halo))
    return pd.DataFrame({
        "sells_siblings": family.map(sold).where(halo).astype("str").fillna(""),
        "sold_by_siblings": family.map(sellers).where(~halo).astype("str").fillna(""),
    })  # fmt: skip

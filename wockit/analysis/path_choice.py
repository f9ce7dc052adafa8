"""Path of each ASIN: the one with the highest gain that is sure enough, within the budget, or one set by hand.

Here columns meet formulas: paths are searched in `formulas.choice`. What a path comes to in columns and words is in
`advice`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.prospects import Prospects, Standing, cases_of, prospects_of
from wockit.analysis.restock import SURE, stop_of
from wockit.analysis.scenario import PATH, Scenario, tried_out
from wockit.formulas.cash import cash
from wockit.formulas.choice import Choice, Search, search, under_budget
from wockit.formulas.paths import NOW, YEAR, Cases, Paths
from wockit.reading.account import Account
from wockit.settings import Settings

AT_ONCE = 0.5
"""Stock that lasts for less than this part of the low cut-off is neither pushed nor made cheaper: it is gone before a
change tells anything [ratio]."""
NO_DATA = ("missing_data", "out_of_stock", "not_sellable")


@dataclass(frozen=True)
class PathChoice:
    """The path of each ASIN (`path`, one column), whether it was set by hand, and what it was chosen by.

    `details` are the positions with what a scenario changes; `choice` and `worth_knowing` are those of the search. It
    leaves out what was set by hand, and ASINs whose money is unknown: they go on as today.
    """

    details: pd.DataFrame
    prospects: Prospects
    cases: Cases
    path: Paths
    by_hand: Any
    choice: Choice
    worth_knowing: Any


def choose_paths(
    details: pd.DataFrame, settings: Settings, account: Account, scenario: Scenario, standing: Standing | None = None
) -> PathChoice:
    """Choose the path of each ASIN, of all or of some.

    Parameters
    ----------
    details
        The positions with every number behind them.
    settings, account, scenario
        As for `analyse`.
    standing
        What no scenario changes, of the same ASINs, if it is known already.
    """
    details = tried_out(details, scenario, account.snapshot)
    prospects, cases = prospects_of(details, settings, account, standing), cases_of(settings, account.lessons)
    by_hand, path = _by_hand(details, scenario)
    free, spent = ~by_hand & prospects.items.complete(), 0.0  # without costs nothing is worth more than carrying on
    if not free.all() and settings.ad_budget is not None:
        fixed_cash = cash(prospects.items.some(~free), path.rows(~free), cases, settings.capital_rate)
        spent = float(np.nansum(fixed_cash.spend[:, 0] * prospects.items.some(~free).weights(cases)))
    choice, worth_knowing = Choice(np.zeros(0, dtype=int)), np.zeros((len(details), 2))
    if free.any():
        items = prospects.items if free.all() else prospects.items.some(free)
        limits = (limit[free] for limit in (prospects.most_ads, prospects.may_leave, prospects.short_until))
        options = search(items, cases, settings.capital_rate, *limits)
        stops = np.isfinite(stop_of(details, prospects, settings)["units_too_many"])
        runs_out = (prospects.short_until > 0) | (details["low_stock"] & details["lead_time_days"].isna())
        short = (runs_out & details["forward_cover"].lt(settings.low_weeks * AT_ONCE)).to_numpy()
        choice = _chosen(details[free], options, short[free], stops[free], settings, spent)
        worth_knowing[free] = options.worth_knowing
        for column, chosen in zip(path.columns(), options.paths.take(choice.columns).columns(), strict=True):
            column[free] = chosen
    return PathChoice(details, prospects, cases, path, by_hand, choice, worth_knowing)


def _by_hand(details: pd.DataFrame, scenario: Scenario) -> tuple[Any, Paths]:
    """Paths that a scenario sets, and where; as today elsewhere."""
    rows = details.index.get_indexer([asin for asin in scenario.asins if scenario.asins[asin].keys() & PATH.keys()])
    rows = rows[rows >= 0]
    by_hand = np.isin(np.arange(len(details)), rows)
    values = {name: np.full((len(details), 1), usual) for name, usual in PATH.items()}
    for row in rows:
        changes = scenario.asins[details.index[row]]
        for name in PATH:
            values[name][row] = changes.get(name, PATH[name])
    units = details["units_at_amazon"].fillna(0.0).to_numpy()[:, None]
    leaves = np.clip(values["units_leaving"] / np.where(units > 0, units, np.inf), 0.0, 1.0)
    until = np.minimum(values["until_days"] / 7, float(YEAR))
    return by_hand, Paths(values["ads_level"], values["price_cut"], leaves, until, values["ads_after"])


def _chosen(details: pd.DataFrame, options: Search, short: Any, stops: Any, settings: Settings, spent: float) -> Choice:
    """The column of each ASIN's path: as today unless another gains enough, is sure enough, and fits the budget.

    What runs out before more comes (`short`) is neither pushed nor made cheaper. Of what is on its way and is to be
    stopped (`stops`), nothing is to be cleared at Amazon unless there is too much there as well, and no price rises.
    `spent` is the part of the budget that paths by hand take already [money].
    """
    paths, capped = options.paths, settings.ad_budget is not None
    likely, gate = (details[name].to_numpy()[:, None] for name in ("place_probability", "gate"))
    will_sell = (details["sold_by_date"] / details["units_at_amazon"]).clip(upper=1.0).fillna(1.0)
    value = (
        (details["stock_value"] * will_sell).fillna(0.0).to_numpy()[:, None]
    )  # what is left on a date is lost anyway
    priced_anew = details["price_changed"].to_numpy()[:, None]
    same_ads = (paths.ads == NOW) & ((paths.after == NOW) | (paths.until >= YEAR))
    bold = (np.maximum(paths.ads, paths.after) > NOW) | (paths.leaves > 0)
    barred = np.isin(gate.astype(object), NO_DATA) | (np.less(likely, SURE) & bold) | (priced_anew & ~same_ads)
    enough = details["excess_at_amazon"].le(0).to_numpy()[:, None]
    clears = (paths.cut > 0) | (paths.leaves > 0)
    barred |= short[:, None] & ((paths.ads > NOW) | (paths.cut > 0))
    barred |= stops[:, None] & ((paths.cut < 0) | (enough & clears))
    barred |= (paths.ads == NOW) & (paths.cut == 0) & (paths.leaves == 0)  # nothing is done about it today
    worth = (options.gain > settings.act_threshold * value) & (options.score > 0)
    cheaper = (options.spend < options.spend[:, :1]) & (paths.cut == 0) & ~bold & capped
    score = np.where((worth & ~barred) | cheaper, options.score, np.nan)
    score[:, 0] = 0.0
    budget = np.inf if settings.ad_budget is None else settings.ad_budget - spent
    return under_budget(score, np.nan_to_num(options.spend), budget)

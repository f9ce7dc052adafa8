"""What clearing the excess of each ASIN takes: the budget of advertising, every way out, and the best mix of them.

Here columns meet formulas; the formulas themselves live in `budget`, `fees` and `clearance`.
"""

import numpy as np
import pandas as pd

from wockit import advertising, budget
from wockit.account import Account
from wockit.scenario import Scenario
from wockit.settings import Settings

BUDGETS = [
    "title", "plan", "cautions", "excess_units", "clear_by", "clear_days", "conversion_rate", "cost_per_click",
    "own_share", "own_conversion_rate", "ad_share", "units_sold", "sales_days", "clicks", "clicks_a_day",
    "clicks_a_day_now", "clicks_a_day_best", "budget_upper", "budget_lower", "ad_units_needed", "budget_corrected",
    "budget_low", "budget_high", "budget_extra", "cost_per_order", "unit_proceeds", "order_gain", "click_pays",
    "verdict_clicks", "withheld",
]  # fmt: skip
WITHHELD = ["clicks", "clicks_a_day", "budget_upper", "budget_lower", "ad_units_needed", "budget_corrected",
            "budget_low", "budget_high", "budget_extra", "cost_per_order"]  # fmt: skip
"""What rests on the conversion rate, and is not told where there are too few clicks to know it."""


def budgets_of(positions: pd.DataFrame, settings: Settings, account: Account, scenario: Scenario) -> pd.DataFrame:
    """The clearance budget of every ASIN with excess units, with the numbers that a scenario changes.

    Where too few clicks tell of the conversion rate, what rests on it is withheld; a rate given by hand is taken.
    """
    table = _to_clear(positions, settings, account, scenario)
    found = budget.clearance_budget(
        units=table["excess_units"],
        conversion_rate=table["conversion_rate"],
        cost_per_click=table["cost_per_click"],
        ad_share=table["ad_share"],
        units_sold=table["units_sold"],
        sales_days=table["sales_days"],
        clear_days=table["clear_days"],
        units_per_order=settings.units_per_order,
        own_conversion_rate=table["own_conversion_rate"],
        lift=settings.lift,
        return_rate=settings.return_rate,
        dearer_clicks=settings.dearer_clicks,
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
    counts = budget.conversion_evidence(positions["own_orders"], positions["ad_clicks"])
    hits, misses = (pd.Series(count, index=positions.index).reindex(table.index) for count in counts)
    evidence = hits + misses
    by_hand = table.index.isin([asin for asin, changes in scenario.asins.items() if "conversion_rate" in changes])
    hits = hits.mask(by_hand, table["own_conversion_rate"] * evidence)
    for name, chance in (("budget_low", 1 - settings.certainty), ("budget_high", settings.certainty)):
        clicks = budget.clicks_at(table["ad_units_needed"], settings.units_per_order, hits, evidence - hits, chance)
        table[name] = budget.budget_upper(clicks, table["cost_per_click"])
    account_rate = advertising.conversion_rate(positions["ad_orders"].sum(), positions["ad_clicks"].sum())
    verdict = budget.clicks_for_a_verdict(table["unit_proceeds"], settings.units_per_order, table["cost_per_click"])
    table["verdict_clicks"] = np.ceil(verdict.fillna(3 / account_rate if account_rate > 0 else np.nan))
    table["withheld"] = table["ad_clicks"].lt(table["verdict_clicks"]) & ~by_hand
    table["clicks_a_day_best"] = _best_week(account.ads).reindex(table.index) / 7
    table[WITHHELD] = table[WITHHELD].mask(table["withheld"])
    table["order_gain"] = budget.order_gain(table["unit_proceeds"], settings.units_per_order, table["cost_per_order"])
    table["click_pays"] = np.where(
        table["order_gain"].isna(), "unknown", np.where(table["order_gain"] > 0, "yes", "no")
    )
    return table[BUDGETS]


def _to_clear(positions: pd.DataFrame, settings: Settings, account: Account, scenario: Scenario) -> pd.DataFrame:
    judged = ~positions["gate"].isin(["missing_data", "new", "not_sellable"])
    chosen = (positions["excess_units"].gt(0) & judged) | positions.index.isin(list(scenario.asins))
    table = positions[chosen].copy()
    due = (table["clear_by"] - pd.Timestamp(account.snapshot)).dt.days
    table["clear_days"] = due.where(due > 0, settings.clear_days).fillna(settings.clear_days)
    for asin in table.index.intersection(list(scenario.asins)):
        table.loc[asin, list(scenario.asins[asin])] = list(scenario.asins[asin].values())
    table["unit_proceeds"] = advertising.unit_proceeds(table["price"], table["referral_rate"], table["fulfilment_fee"])
    table["own_conversion_rate"] = table["conversion_rate"] * table["own_share"]
    return table


def _best_week(ads: pd.DataFrame) -> pd.Series:
    """The most clicks that each ASIN has had in seven days running [click]."""
    days = ads.pivot_table(index="date", columns="asin", values="ad_clicks", aggfunc="sum")
    return days.asfreq("D").fillna(0.0).rolling(7, min_periods=1).sum().max() if len(days) else pd.Series(dtype=float)

"""Clearing the excess of each ASIN: the article's budget, and the worth of a unit by each way out.

Here columns meet formulas; the formulas are in `budget`, `evidence`, `fees` and `ways_out`. It explains; what to do is
decided in `advice`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import by_age, may_go_to_outlet
from wockit.analysis.prospects import goods_of
from wockit.analysis.scenario import Scenario, tried_out
from wockit.columns import BUDGETS, WAYS_OUT, WITHHELD
from wockit.formulas import advertising, budget, evidence
from wockit.formulas.fees import (
    Carry,
    Stated,
    aged_stock,
    as_stated,
    carrying_cost,
    saved_by_selling,
)
from wockit.formulas.quick_ways import quick_values
from wockit.formulas.rates import category, fee_notes, priced, rates
from wockit.formulas.selling_ways import ASSUMED_ELASTICITY, Terms
from wockit.formulas.ways_out import WAYS, WaysOut, ways_out
from wockit.language import Text
from wockit.notes import Note
from wockit.reading.account import Account
from wockit.settings import Settings

A_CENTURY = 36_525
"""A last day so far away is none [day]."""


@dataclass(frozen=True)
class Clearing:
    """Budgets and ways out of each ASIN.

    `budgets` has one row per ASIN, `ways` one row per ASIN and way out (`WAYS_OUT`). `holding` is what keeping the
    stock costs, one row for each of the budgets.
    """

    budgets: pd.DataFrame
    ways: pd.DataFrame
    notes: tuple[Note, ...]
    holding: Carry


def clearing_of(
    positions: pd.DataFrame,
    settings: Settings,
    account: Account,
    scenario: Scenario,
    highest_cpc: pd.Series,
    asins: Sequence[str] | None = None,
    known: Clearing | None = None,
) -> Clearing:
    """The budget and the ways out of every ASIN with excess units, or of some of them.

    Advertising is held against the clicks of an ASIN's best week, and is closed where too few clicks tell what they
    bring. A rate that no table and no report knows closes its
    way; it is never guessed.

    Parameters
    ----------
    positions, settings, account
        From `wockit.analysis.analyse`.
    scenario
        What is tried out.
    highest_cpc
        The most that a click may cost, from the advice [money/click].
    asins
        Those that are asked for; all if left out.
    known
        An earlier result of the same account: what does not depend on the scenario is taken from it.
    """
    table = budgets_of(positions, settings, account, scenario, highest_cpc, asins)
    rates, day = account.fees, account.snapshot
    notes: list[Note] = []
    if known is None:
        terms = _terms(table, account)
        by_rates = carrying_cost(**terms)
        units, days = (table[name].to_numpy() for name in ("excess_units", "clear_days"))
        carry = _as_stated(table, by_rates, terms)
        saved = saved_by_selling(units=units, days=days, slow=by_rates, **terms)
        notes += fee_notes(rates, account.marketplace, day, table["unit_weight"])
    else:
        carry, saved = _known(table, known, account), np.nan
    if settings.elasticity is None:
        text = Text(
            "the effect of a lower price on sales is assumed (elasticity {0}). Set elasticity if you know it.",
            f"{ASSUMED_ELASTICITY:g}",
        )
        notes.append(Note("info", "clearing", text))
    selling = Terms(
        excess_units=table["excess_units"],
        price=table["price"],
        referral_rate=table["referral_rate"],
        fulfilment_fee=table["fulfilment_fee"],
        organic_weekly_demand=table["weekly_demand"] * (1 - table["ad_share"].fillna(0.0)),
        monthly_carry=carry.total / table["units_at_amazon"].replace(0, np.nan).to_numpy()[:, None],
        clicks_a_day=table["clicks_a_day_best"].fillna(0.0),
        conversion_rate=table["expected_conversion_rate"].mask(table["withheld"]),
        cost_per_click=table["cost_per_click"],
        units_per_order=settings.units_per_order,
        markdown_discount=settings.markdown_discount,
        elasticity=np.nan if settings.elasticity is None else settings.elasticity,
        outlet_eligible=may_go_to_outlet(table),
        clear_days=table["clear_days"].where(table["clear_by"].notna()),
    )
    ways = ways_out(selling, quick_values(goods_of(table, account)))
    table = table.assign(
        highest_cost_per_order=ways.highest_cost_per_order,
        clearing_break_even_roas=ways.clearing_break_even_roas,
        carry_per_unit=carry.per_unit,
        next_fee_date=pd.to_datetime(carry.next_date),
        next_fee=carry.next_amount,
        faster_sale_saves=saved,
    )
    return Clearing(table[BUDGETS], _ladder(table, ways, account), tuple(notes), carry)


def _terms(table: pd.DataFrame, account: Account) -> dict[str, Any]:
    rows = account.past.weeks.index.get_indexer(table.index)
    used = table["utilisation_weeks"]
    known = used.notna().any() and len(
        rates(account.fees, account.marketplace, "utilisation_surcharge", account.snapshot)
    )
    kinds = map(category, table["product_group"], table["dangerous_goods"])
    return {
        "category": np.array(list(kinds), dtype=object),
        "utilisation_weeks": used.fillna(0.0).to_numpy() if known else None,
        "stock": aged_stock(by_age(table)),
        "weekly": account.demand.expected[rows],
        "table": account.fees,
        "marketplace": account.marketplace,
        "start": account.snapshot,
        "unit_volume": table["item_volume"].fillna(table["unit_volume"]).to_numpy(),
        "size": table["size_tier"].fillna("").to_numpy(),
    }


def _as_stated(table: pd.DataFrame, carry: Carry, terms: Mapping[str, Any]) -> Carry:
    """Cost of holding, month by month; Amazon's reports win over the rates."""
    month, volume, size = table["storage_month"], terms["unit_volume"], terms["size"]
    rate = np.full(len(table), np.nan)
    for day in month.dropna().unique():
        here = month.eq(day).to_numpy()
        by_size = priced(terms["table"], terms["marketplace"], "storage", day.date(), size[here], 0.0)
        rate[here] = by_size * volume[here]
    stated = Stated(
        storage_a_unit=table["storage_a_unit"].to_numpy(),
        storage_rate=rate,
        aged_surcharge=table["amazon_aged_surcharge"].fillna(table["aged_charge"]).to_numpy(),
        next_month=table["amazon_storage_cost_next_month"].to_numpy(),
    )
    return as_stated(carry, stated, terms["stock"], terms["weekly"], terms["start"])


def _known(table: pd.DataFrame, known: Clearing, account: Account) -> Carry:
    """Cost of holding as calculated before; ASINs that only a scenario clears are calculated now."""
    rows = known.budgets.index.get_indexer(table.index)
    if (rows < 0).any():
        terms = _terms(table, account)
        return _as_stated(table, carrying_cost(**terms), terms)
    return _some_rows(known.holding, rows)


def _some_rows(carry: Carry, rows: Any) -> Carry:
    return Carry(**{each.name: getattr(carry, each.name)[rows] for each in fields(Carry)})


def _ladder(table: pd.DataFrame, ways: WaysOut, account: Account) -> pd.DataFrame:
    count = len(WAYS)
    rows = pd.DataFrame(
        {
            "asin": np.repeat(table.index, count),
            "title": np.repeat(table["title"].to_numpy(), count),
            "way": np.tile([way.key for way in WAYS], len(table)),
            "unit_value": ways.value.ravel(),
            "unit_limit": ways.limit.ravel(),
            "why_not": ways.reason.ravel(),
        }
    )
    days = pd.to_timedelta(np.where(ways.last_day < A_CENTURY, ways.last_day, np.nan).ravel(), unit="D")
    rows["last_day"] = pd.Timestamp(account.snapshot) + days
    return rows.set_index("asin")[WAYS_OUT]


def budgets_of(
    positions: pd.DataFrame,
    settings: Settings,
    account: Account,
    scenario: Scenario,
    highest_cpc: pd.Series,
    asins: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The clearance budget of every ASIN with excess units, or of some, with the numbers that a scenario changes.

    The bounds are the article's, by the plain conversion rate. All that stands beside them rests on the expected rate,
    and is withheld where too few clicks tell of it, or clicks at another price than today's; a rate given by hand is
    taken.
    """
    table = _to_clear(positions, account, scenario, asins)
    hits, misses = table["hits"], table["misses"]
    table["expected_conversion_rate"] = (hits / (hits + misses)).where(table["ad_clicks"].gt(0) | table["by_hand"])
    budgets = budget.clearance_budget(
        units=table["excess_units"],
        conversion_rate=table["conversion_rate"],
        cost_per_click=table["cost_per_click"],
        ad_share=table["ad_share"],
        units_sold=table["units_sold"],
        sales_days=table["sales_days"],
        clear_days=table["clear_days"],
        units_per_order=settings.units_per_order,
        own_conversion_rate=table["expected_conversion_rate"],
        lift=settings.lift,
        return_rate=settings.return_rate,
        dearer_clicks=settings.dearer_clicks,
    )
    table = table.assign(
        clicks=budgets.clicks,
        clicks_a_day=budgets.clicks_a_day,
        budget_upper=budgets.upper,
        budget_lower=budgets.lower,
        ad_units_needed=budgets.ad_units_needed,
        budget_corrected=budgets.corrected,
        budget_extra=budgets.extra,
        cost_per_order=budgets.cost_per_order,
    )
    orders, dearer = (table["ad_units_needed"], settings.units_per_order), settings.dearer_clicks
    needed = budget.clicks_needed(*orders, table["expected_conversion_rate"]) / table["clear_days"]
    table["clicks_over_best"] = needed / table["clicks_a_day_best"].where(table["clicks_a_day_best"].gt(0))
    spent = budget.already_spent(
        table["ad_share"],
        table["units_sold"],
        table["sales_days"],
        table["clear_days"],
        table["cost_per_order"] / dearer,
        settings.units_per_order,
    )
    for name, chance in (("budget_low", 1 - settings.certainty), ("budget_high", settings.certainty)):
        clicks = evidence.clicks_at(*orders, hits, misses, chance, account.lessons.conversion_drift)
        plain = budget.budget_upper(clicks, table["cost_per_click"])
        table[name] = budget.with_dearer_clicks(plain, spent, dearer)
    account_rate = advertising.conversion_rate(positions["ad_orders"].sum(), positions["ad_clicks"].sum())
    verdict = evidence.clicks_for_a_verdict(table["unit_proceeds"], settings.units_per_order, table["cost_per_click"])
    table["verdict_clicks"] = np.ceil(verdict.fillna(3 / account_rate if account_rate > 0 else np.nan))
    unsure = table["ad_clicks"].lt(table["verdict_clicks"]) | table["price_changed"]
    table["withheld"] = unsure & ~table["by_hand"]
    table[WITHHELD] = table[WITHHELD].mask(table["withheld"])
    table["order_gain"] = budget.order_gain(table["unit_proceeds"], settings.units_per_order, table["cost_per_order"])
    table["highest_cpc"] = highest_cpc.reindex(table.index).where(table["order_gain"].notna())
    spread = evidence.rate_spread(hits, misses, account.lessons.conversion_drift)
    chance = evidence.pays_probability(table["highest_cpc"], table["cost_per_click"], spread)
    table["pays_probability"] = chance
    table["click_pays"] = np.where(chance.isna(), "unknown", np.where(chance > 0.5, "yes", "no"))
    return table


def _to_clear(
    positions: pd.DataFrame, account: Account, scenario: Scenario, asins: Sequence[str] | None
) -> pd.DataFrame:
    """Those that are asked for, or the ASINs with units to clear and those of a scenario.

    What is on its way can be stopped, not cleared, and by a date all units must go.
    """
    judged = ~positions["gate"].isin(["missing_data", "new", "not_sellable"])
    chosen = (positions["excess_at_amazon"].gt(0) & judged) | positions.index.isin(list(scenario.asins))
    positions = positions[chosen] if asins is None else positions.loc[list(asins)]
    dated = positions["sold_by_date"].notna()
    units = positions["excess_at_amazon"].mask(dated, positions["units_at_amazon"])
    table = tried_out(positions.assign(excess_units=units), scenario, account.snapshot)
    table["unit_proceeds"] = advertising.unit_proceeds(table["price"], table["referral_rate"], table["fulfilment_fee"])
    table["own_conversion_rate"] = table["conversion_rate"] * table["own_share"]
    return table

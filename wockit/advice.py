"""The advice: one row an ASIN, what to do with its whole stock and what that is worth next to carrying on as today.

Here columns meet formulas: the cash of the paths is in `formulas.paths`, which of them is worth most in
`formulas.choice`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import polygamma

from wockit.account import Account
from wockit.advertising import unit_proceeds
from wockit.budget import conversion_evidence
from wockit.fees import fuel_surcharge, liquidation_value, removal_fee
from wockit.formulas import choice
from wockit.formulas.choice import search, under_budget
from wockit.formulas.holding import holding_rates
from wockit.formulas.paths import Cases, Items, cash, nine_cases, paths_of, AS_TODAY
from wockit.settings import Settings

ADVICE = [
    "title", "do", "says", "ads_level", "clicks_a_day", "ad_spend_a_day", "highest_cpc", "price_cut",
    "units_liquidated", "units_removed", "units_outlet", "units_disposed", "until", "ads_after", "gain", "gain_low",
    "gain_high", "gain_a_week", "act_by", "wrong_if", "place_article", "place_probable", "probability", "units_left",
    "order_units", "order_by",
]  # fmt: skip
ELASTICITIES, INCREMENTAL = (0.8, 1.6, 2.8), (0.35, 0.7, 0.95)
"""What is assumed where nobody says: 10, 50 and 90 % quantiles."""
DEARER, TRAFFIC, DRIFT = (0.5, 0.25, 0.1), 0.5, 0.15
PAYMENT_DAYS = 75
ONCE = 26.0
"""Cover above which an ASIN is not taken to be bought again [week]."""
AGES = np.array([45.0, 135.0, 225.0, 318.0, 410.0, 500.0])
STEPS = [
    "units_aged_0_to_90", "units_aged_91_to_180", "units_aged_181_to_270", "units_aged_271_to_365",
    "units_aged_366_to_455", "units_aged_over_455",
]  # fmt: skip
TAIL_SHARE = 0.25


def advice_of(details: pd.DataFrame, settings: Settings, account: Account) -> pd.DataFrame:
    """What to do with each ASIN, those with the most to gain a week first."""
    items, most_ads, may_leave, rate, table = quantities(details, settings, account)
    cases = cases_of(settings)
    weights = np.broadcast_to(cases.weight, (len(details), len(cases.weight)))
    found = search(items, cases, settings.capital_rate, most_ads, may_leave, weights)
    budget = np.inf if settings.ad_budget is None else settings.ad_budget
    value = (table["units_available"] * table["landed_cost"].fillna(0.4 * table["price"])).fillna(0.0).to_numpy()
    score = found.gain - choice.CAUTION * found.doubt
    clear = (found.gain > settings.act_threshold * value[:, None]) & (score > 0)
    gain = np.where(clear, score, np.nan)
    gain[:, 0] = 0.0
    chosen, _ = under_budget(gain, np.nan_to_num(found.spend), budget)
    path = found.paths.take(chosen)
    its = cash(items, path, cases, settings.capital_rate)
    base = cash(items, paths_of(AS_TODAY), cases, settings.capital_rate)
    by_case = its.money[:, 0] - base.money[:, 0]
    low, high = ends(by_case, weights)
    today = pd.Timestamp(account.snapshot)
    return pd.DataFrame({
        "do": np.where(chosen == 0, "carry_on", "act"),
        "ads_level": path.ads[:, 0], "price_cut": path.cut[:, 0],
        "units_liquidated": np.round(path.leaves[:, 0] * items.units.sum(axis=1)),
        "units_removed": 0.0, "units_outlet": 0.0, "units_disposed": 0.0,
        "until": today + pd.to_timedelta(7 * path.until[:, 0], unit="D"), "ads_after": path.after[:, 0],
        "gain": np.where(np.isfinite(base.money[:, 0, 0]), (by_case * weights).sum(axis=1), np.nan), "gain_low": low, "gain_high": high,
    }, index=details.index)  # fmt: skip


def cases_of(settings: Settings) -> Cases:
    """What is not known, narrowed by what the settings say."""
    elasticity = ELASTICITIES if settings.elasticity is None else (settings.elasticity,) * 3
    share = INCREMENTAL if settings.incremental_share is None else (settings.incremental_share,) * 3
    return nine_cases(elasticity, share, DEARER)


def ends(by_case: Any, weights: Any) -> tuple[Any, Any]:
    """Mean of the worst and of the best quarter of the cases: for a normal spread the ends of its 80 % range."""
    order = np.argsort(by_case, axis=1)
    sorted_, weight = (np.take_along_axis(each, order, axis=1) for each in (by_case, weights))
    begun = np.cumsum(weight, axis=1) - weight
    low = np.clip(TAIL_SHARE - begun, 0.0, weight)
    high = np.clip(weight - np.maximum(1.0 - TAIL_SHARE - begun, 0.0), 0.0, weight)
    return tuple((sorted_ * part).sum(axis=1) / TAIL_SHARE for part in (low, high))


def quantities(details: pd.DataFrame, settings: Settings, account: Account) -> tuple[Items, Any, Any, Any, pd.DataFrame]:
    """What the paths need of each ASIN; the most clicks that can be had, and whether units may leave."""
    table = details
    number = lambda name: table[name].to_numpy(dtype=float)  # noqa: E731
    rows = account.past.weeks.index.get_indexer(table.index)
    demand = np.stack([getattr(account.demand, name)[rows] for name in ("slow", "expected", "fast")], axis=1)
    units = np.nan_to_num(number("units_available"))
    ages = table[STEPS].copy()
    ages[STEPS[4]] = ages[STEPS[4]].fillna(table["units_aged_over_365"])
    ages = np.nan_to_num(ages.to_numpy(dtype=float))
    ages[:, 0] += np.where(ages.sum(axis=1) > 0, 0.0, 1.0)
    ages = ages / ages.sum(axis=1, keepdims=True) * units[:, None]
    due = (table["clear_by"] - pd.Timestamp(account.snapshot)).dt.days.to_numpy() / 7
    last_week = np.clip(np.where(np.isnan(due) | (due <= 0), 52.0, due), 1.0, 52.0)
    inbound = np.nan_to_num(number("units_inbound"))
    arrives = (table["inbound_arrives"] - pd.Timestamp(account.snapshot)).dt.days.floordiv(7).fillna(4).clip(0, 51)
    arriving = np.zeros((len(table), 52))
    arriving[np.arange(len(table)), arrives.astype(int)] = inbound
    hits, misses = conversion_evidence(table["own_orders"], table["ad_clicks"])
    rate = hits / (hits + misses)
    spread = np.hypot(np.sqrt(polygamma(1, hits) - polygamma(1, hits + misses)), DRIFT)
    spread = 1.28 * np.nan_to_num(spread) * (settings.incremental_share is None)
    answers = np.exp(np.stack([-spread, 0 * spread, spread], axis=1))
    answers /= answers.mean(axis=1, keepdims=True)
    clicks = np.nan_to_num(7 * number("ad_clicks") / np.where(table["ad_days"] > 0, table["ad_days"], np.nan))
    pace = demand[:, 1]
    traffic = np.clip(pace / np.maximum(np.nan_to_num(number("recent")), 0.2)[:, None], 0.05, 6.0) ** TRAFFIC
    ad_units = clicks[:, None] * np.nan_to_num(rate)[:, None] * settings.units_per_order * traffic
    ad_spend = np.where(clicks > 0, clicks * number("cost_per_click"), 0.0)[:, None] * traffic
    landed = number("landed_cost")
    cover = np.where(pace.mean(axis=1) > 0, (units + inbound) / np.maximum(pace[:, :26].mean(axis=1), 1e-9), np.inf)
    again = (cover <= ONCE) & (last_week >= 52)
    if "bought_again" in table:
        again = np.where(table["bought_again"].isna(), again, table["bought_again"].eq(1))
    day, fees, size = account.snapshot, account.fees, table["size_tier"].fillna("")
    fuel = np.nan_to_num(fuel_surcharge(fees, account.marketplace, day))
    weight = table["unit_weight"]
    quick = np.fmax(
        liquidation_value(fees, account.marketplace, day, table["price"], size, weight),
        -removal_fee(fees, account.marketplace, day, size, weight),
    )
    quick = np.asarray(quick) * (1 + settings.capital_rate) ** (-PAYMENT_DAYS / 365)
    storage, aged = holding_rates(
        AGES, table=fees, marketplace=account.marketplace, start=day,
        unit_volume=table["item_volume"].fillna(table["unit_volume"]), size=size,
    )  # fmt: skip
    items = Items(
        units=ages, arriving=arriving, demand=demand[:, :, :52], ad_units=ad_units, ad_spend=ad_spend,
        price=number("price"), referral_rate=number("referral_rate"),
        fulfilment_fee=number("fulfilment_fee") * (1 + fuel), replacement=np.where(again, landed, 0.0),
        refill_week=np.where(again, np.nan_to_num(number("lead_time_days") / 7, nan=4.0), np.inf),
        storage=np.nan_to_num(storage), aged_fee=np.nan_to_num(aged), exit_value=np.nan_to_num(quick),
        last_week=last_week, answers=answers,
    )  # fmt: skip
    best = np.nan_to_num(number("clicks_a_day_best") * 7 / np.where(clicks > 0, clicks, np.nan), nan=1.0)
    return items, np.clip(best, 1.0, 3.0), np.isfinite(quick), rate, table

"""Inputs of the paths for each ASIN: stock, demand, advertising, prices and fees as quantities, and assumptions.

Here columns meet formulas; what a path brings is worked out in `formulas.cash`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import by_age
from wockit.analysis.reported import arriving_by_week
from wockit.formulas.evidence import rate_spread
from wockit.formulas.fees import aged_stock, fuel_surcharge
from wockit.formulas.holding import holding_rates
from wockit.formulas.learning import narrowed
from wockit.formulas.paths import TINY, YEAR, Cases, Items, crossed_cases
from wockit.formulas.quick_ways import Goods, best_quick
from wockit.reading.account import Account
from wockit.reading.lessons import Lessons
from wockit.settings import Settings

ELASTICITIES, INCREMENTAL, DEARER = (0.8, 1.6, 2.8), (0.25, 0.7, 0.95), (0.5, 0.25, 0.1)
"""Assumed where no setting says more: 10, 50 and 90 % of products and accounts lie below. Ads on a brand's own
name bring next to nothing (Blake, Nosko and Tadelis 2015), so that the share may be low."""
TRAFFIC = 0.5
"""How clicks follow the season: by the root of demand, between a fixed budget and all that shoppers would bring."""
PAYMENT_DAYS = 75
"""From an order to liquidate until Amazon pays [day]."""
ONCE_WEEKS, SURER = 22.0, 4.0
"""With so much stock an ASIN is as likely bought again as not where costs.csv says nothing [week]. With twice as much
the odds are one to two to the power of the second number."""
AT_LEAST, COMING = 0.1, 5.0
"""However much stock there is, so many are bought again all the same [fraction]; units on their way raise the odds by
so much [ratio]."""
SURE_ENOUGH = 0.95
"""So likely an ASIN counts as surely bought again [fraction]."""
UNDATED_WEEKS = 4
"""When units arrive whose day is not known [week]."""
MOST_CLICKS = 2.0
"""The most clicks that are tried where the best week had fewer, over those of today [ratio]."""
ROOM = 2_000
"""ASINs whose rates by fine ages are laid out at once, so that memory is bounded."""
MIDDLES = np.array([45.0, 135.0, 225.0, 318.0, 410.0, 500.0])
"""The ages that the steps of the inventory report stand for [day]."""


@dataclass(frozen=True)
class Prospects:
    """Inputs of the paths, one row per ASIN.

    `items` for the paths; `most_ads`, the most clicks that are tried over those of today [ratio]; `may_leave`, whether
    it is known what a unit brings that leaves at once; `short_until`, when more stock comes if there is too little
    until then, else 0 [week]; `conversion` [fraction]; `clicks` [click/week]; `leave_as`, how units leave that
    leave at once (`QuickWay.left`); `bought_again`, and whether that is stated (`again_stated`);
    `fee_week`, in which the next aged surcharge falls, infinite where none does [week].
    """

    items: Items
    most_ads: Any
    may_leave: Any
    short_until: Any
    leave_as: Any
    conversion: Any
    clicks: Any
    bought_again: Any
    again_stated: Any
    fee_week: Any

    def some(self, rows: slice) -> "Prospects":
        """Those of some ASINs."""
        return Prospects(
            **{name: of.some(rows) if isinstance(of, Items) else of[rows] for name, of in vars(self).items()}
        )


@dataclass(frozen=True)
class Standing:
    """Inputs that no scenario changes, one row per ASIN; calculated once.

    Stock `by_age` and units `arriving` [unit], `demand` [unit/week], what holding a unit costs (`storage`, `aged_fee`)
    [money/unit], and the week of the next aged surcharge.
    """

    by_age: Any
    arriving: Any
    demand: Any
    storage: Any
    aged_fee: Any
    fee_week: Any


def cases_of(settings: Settings, lessons: Lessons) -> Cases:
    """Unknowns as cases, narrowed by the settings, else by the account's past.

    Examples
    --------
    >>> set(cases_of(Settings(incremental_share=0.6), Lessons()).incremental_share.tolist())
    {0.6}
    """
    elasticity, share = narrowed(ELASTICITIES, lessons.elasticity, 0.1, 5.0), INCREMENTAL
    share = narrowed(share, lessons.incremental_share, 0.05, 1.0)
    elasticity = elasticity if settings.elasticity is None else (settings.elasticity,) * 3
    share = share if settings.incremental_share is None else (settings.incremental_share,) * 3
    dearer = narrowed(DEARER, lessons.dearer, 0.0, 2.0)
    if settings.dearer_clicks != 1:
        dearer = (np.log1p(settings.dearer_clicks) / np.log(2) - 1,) * 3
    return crossed_cases(elasticity, share, dearer)


def standing_of(details: pd.DataFrame, account: Account) -> Standing:
    """Calculate the inputs that no scenario changes."""
    rows = account.past.weeks.index.get_indexer(details.index)
    demand = np.stack([getattr(account.demand, name)[rows, :YEAR] for name in ("slow", "expected", "fast")], axis=1)
    demand[rows < 0] = np.nan
    size = details["size_tier"].fillna("")
    volume = details["item_volume"].fillna(details["unit_volume"])
    by_age = _by_age(details, np.nan_to_num(_numbers(details, "units_at_amazon")))
    storage, aged_fee, fee_week = (np.empty((len(details), *more)) for more in ((YEAR,), (len(MIDDLES), YEAR), ()))
    for at in range(0, len(details), ROOM):
        rows = slice(at, at + ROOM)
        storage[rows], aged_fee[rows], fee_week[rows] = _holding(
            by_age[rows], volume.iloc[rows], size.iloc[rows], account
        )
    return Standing(
        by_age=by_age,
        arriving=_arriving(details, account),
        demand=demand,
        storage=storage,
        aged_fee=aged_fee,
        fee_week=fee_week,
    )


def _holding(by_age: Any, volume: pd.Series, size: pd.Series, account: Account) -> tuple[Any, Any, Any]:
    """Cost of holding a unit, in storage and by age, and the week of the next aged surcharge."""
    finer = aged_stock(by_age)
    ages = np.concatenate([MIDDLES, finer.ages])
    terms = {"table": account.fees, "marketplace": account.marketplace, "start": account.snapshot}
    storage, aged = holding_rates(ages, unit_volume=volume, size=size, **terms)
    charged = ((finer.units[:, :, None] > 0) & (aged[:, len(MIDDLES) :] > 0)).any(axis=1)
    fee_week = np.where(charged.any(axis=1), charged.argmax(axis=1), np.inf)
    return np.nan_to_num(storage), np.nan_to_num(aged[:, : len(MIDDLES)]), fee_week


def prospects_of(
    details: pd.DataFrame, settings: Settings, account: Account, standing: Standing | None = None
) -> Prospects:
    """Inputs of the paths, from the positions with every number behind them."""
    its = standing or standing_of(details, account)
    demand, coming, units = its.demand, its.arriving, np.nan_to_num(_numbers(details, "units_at_amazon"))
    due = (details["clear_by"] - pd.Timestamp(account.snapshot)).dt.days.to_numpy(dtype=float) / 7
    last_week = np.clip(np.where(due > 0, due, YEAR), 1.0, float(YEAR))
    hits, misses = (_numbers(details, name) for name in ("hits", "misses"))
    rate = np.nan_to_num(hits / (hits + misses))
    clicks = np.nan_to_num(7 * _numbers(details, "clicks_a_day_now"))
    recent = np.maximum(np.nan_to_num(_numbers(details, "recent")), 0.2)
    traffic = np.clip(demand[:, 1] / recent[:, None], 0.05, 6.0) ** TRAFFIC
    cost = np.where(clicks > 0, clicks * _numbers(details, "cost_per_click"), 0.0)
    supply, pace = units + coming.sum(axis=1), demand[:, 1, :26].mean(axis=1)
    stated = details["bought_again"].notna().to_numpy()
    landed = _numbers(details, "landed_cost")
    again = np.where(stated, details["bought_again"].eq(1), likely_again(supply, pace, coming.any(axis=1), last_week))
    again = np.where(np.isfinite(landed), again, np.round(again))  # both answers need the cost only where it is known
    goods = goods_of(details, account)
    quick, leave_as = best_quick(goods)
    lead = _numbers(details, "lead_time_days") / 7
    items = Items(
        units=its.by_age,
        arriving=coming,
        demand=demand,
        ad_units=(clicks * rate * settings.units_per_order)[:, None] * traffic,
        ad_spend=cost[:, None] * traffic,
        answers=_answers(hits, misses, account.lessons.conversion_drift),
        price=_numbers(details, "price"),
        referral_rate=_numbers(details, "referral_rate"),
        fulfilment_fee=_fees_with_fuel(details, account),
        again=again,
        replacement=np.where(again > 0, landed, 0.0),
        refill_week=np.nan_to_num(lead, nan=UNDATED_WEEKS),
        storage=its.storage,
        aged_fee=its.aged_fee,
        exit_value=np.nan_to_num(quick) * (1 + settings.capital_rate) ** (-PAYMENT_DAYS / 365),
        last_week=last_week,
        short_fee=_short_fee(details, coming, np.where(again > 0, np.nan_to_num(lead, nan=UNDATED_WEEKS), YEAR)),
    )
    best = np.nan_to_num(7 * _numbers(details, "clicks_a_day_best") / np.where(clicks > 0, clicks, np.nan))
    return Prospects(
        items=items,
        most_ads=np.clip(best, MOST_CLICKS, 3.0),
        may_leave=np.isfinite(quick),
        short_until=_short_until(units, demand[:, 1], _next_stock(coming, np.where(again >= 0.5, lead, np.inf))),
        leave_as=leave_as,
        conversion=rate,
        clicks=clicks,
        bought_again=again >= 0.5,
        again_stated=stated,
        fee_week=its.fee_week,
    )


def _fees_with_fuel(details: pd.DataFrame, account: Account) -> Any:
    """The fulfilment fee of a unit: fuel comes on top of a fee in costs.csv, which is that of Amazon's rate card.

    A Fee Preview and the table of rates hold it already.
    """
    fee, written = _numbers(details, "fulfilment_fee"), account.costs["fulfilment_fee"].reindex(details.index)
    fuel = np.nan_to_num(fuel_surcharge(account.fees, account.marketplace, account.snapshot))
    by_rate_card = (written.notna() & details["previewed_fee"].isna()).to_numpy()
    return fee * np.where(by_rate_card, 1.0 + fuel, 1.0)


def likely_again(supply: Any, pace: Any, more: Any, last_week: Any) -> Any:
    """Probability that an ASIN is bought again, by how long its supply lasts and whether more is on its way [fraction].

    Never where it has a date. Much stock alone does not make it sure that no more is bought.
    """
    weeks = supply / np.maximum(np.nan_to_num(pace), TINY)
    likely = AT_LEAST + (1.0 - AT_LEAST) / (1.0 + (weeks / ONCE_WEEKS) ** SURER)
    likely = np.where(more, COMING * likely / (1.0 + (COMING - 1.0) * likely), likely)
    return np.where(last_week < YEAR, 0.0, np.where(likely > SURE_ENOUGH, 1.0, likely))


def _next_stock(coming: Any, refill: Any) -> Any:
    """When more stock comes: what is on its way, or what is ordered today; infinite where neither is known [week]."""
    first = np.where(coming.any(axis=1), (coming > 0).argmax(axis=1), np.inf)
    return np.fmin(first, refill)


def _short_until(units: Any, pace: Any, week: Any) -> Any:
    """The week of the next stock where the expected pace sells more until then; 0 where the stock lasts [week].

    Examples
    --------
    Three a week are asked for. In four weeks 10 units are gone, 12 are not.

    >>> _short_until(np.array([10.0, 12.0]), np.full((2, 52), 3.0), np.array([4.0, 4.0])).tolist()
    [4.0, 0.0]
    """
    known = np.isfinite(week)
    before = np.clip(np.where(known, week, 0.0)[:, None] - np.arange(YEAR), 0.0, 1.0)
    return np.where(known & (units > 0) & ((pace * before).sum(axis=1) > units), np.clip(week, 1.0, YEAR), 0.0)


def _short_fee(details: pd.DataFrame, coming: Any, refill: Any) -> Any:
    """The low-inventory fee of each unit, by week: as it is due today, until more stock comes [money/unit]."""
    weeks = np.arange(YEAR) < _next_stock(coming, refill)[:, None]
    return np.nan_to_num(_numbers(details, "low_inventory_fee"))[:, None] * weeks


def _numbers(details: pd.DataFrame, name: str) -> Any:
    return details[name].to_numpy(dtype=float)


def _arriving(details: pd.DataFrame, account: Account) -> Any:
    """Units on their way by week; those that arrive later than in a year are left out."""
    units = arriving_by_week(account, details.index, YEAR)
    undated = np.nan_to_num(_numbers(details, "units_inbound") + _numbers(details, "units_other")) - units.sum(axis=1)
    units[:, UNDATED_WEEKS] += np.maximum(undated, 0.0)
    return units


def _by_age(details: pd.DataFrame, units: Any) -> Any:
    """The stock by the ages of the report; all of it young where the report tells no ages."""
    shares = np.nan_to_num(by_age(details))
    shares[:, 0] += shares.sum(axis=1) <= 0
    return shares / shares.sum(axis=1, keepdims=True) * units[:, None]


def goods_of(details: pd.DataFrame, account: Account) -> Goods:
    """The stock of each ASIN as the quick ways out see it."""
    return Goods(
        price=_numbers(details, "price"),
        value_elsewhere=_numbers(details, "value_elsewhere"),
        size=details["size_tier"].fillna("").to_numpy(),
        weight=_numbers(details, "unit_weight"),
        rates=(account.fees, account.marketplace, account.snapshot),
    )


def _answers(hits: Any, misses: Any, drift: float) -> Any:
    """Orders of a click over their mean: by the evidence for the conversion rate, and by its drift."""
    spread = 1.2816 * rate_spread(hits, misses, drift)
    factors = np.exp(np.nan_to_num(spread)[:, None] * np.array([-1.0, 0.0, 1.0]))
    return factors / factors.mean(axis=1, keepdims=True)

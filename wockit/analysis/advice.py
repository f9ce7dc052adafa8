"""The advice: one row per ASIN, what to do with its whole stock and what that is worth next to carrying on as today.

Here columns meet formulas and words: what each path brings is worked out in `formulas.cash`, which one is worth most
in `formulas.choice`, and which one is taken in `path_choice`. Orders and shipments are in `restock`, the words in
`sentences`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.circumstances import may_go_to_outlet
from wockit.analysis.path_choice import PathChoice, choose_paths, pay_by_others
from wockit.analysis.prospects import DEARER, ELASTICITIES, INCREMENTAL, Prospects
from wockit.analysis.restock import cover_to_order, refill_of, stop_of
from wockit.analysis.scenario import Scenario
from wockit.analysis.sentences import CLICKS, COSTS, TESTS, reason_of, says_of
from wockit.columns import ADVICE, rows_of
from wockit.formulas.cash import cash, cash_by_week
from wockit.formulas.choice import Choice, cautious
from wockit.formulas.learning import trust_in
from wockit.formulas.paths import AS_TODAY, NOW, OFF, THIRDS, TINY, YEAR, Cases, Paths, paths_of
from wockit.formulas.quick_ways import QUICK
from wockit.formulas.selling_ways import OUTLET_DISCOUNT, OUTLET_WEEKS
from wockit.language import Text
from wockit.notes import Note
from wockit.reading.account import Account
from wockit.reading.lessons import Lessons
from wockit.settings import Settings

ROWS = 20_000
"""ASINs whose advice is laid out at once, so that memory is bounded."""
TAIL = 0.15
"""The mean of the worst and of the best 15 % of the cases are the ends of the range, which holds 8 in 10 outcomes."""
LEEWAY = 0.03
"""How much farther each end is taken, for what no case varies, such as fees and the luck of a week [fraction]."""
EXPECTED = 1
"""The course of demand by which units are told that will be left, as for the excess of an ASIN with a date."""
PROBE = 0.1
"""The share of the stock by which the worth of its last units is measured."""
TELLING = 0.25
"""How far what the past tells must count beside what is assumed to be told [fraction]."""
TEST_UNITS = 10.0
"""Units per week that a test needs to tell."""
UNKNOWNS = (
    ("again", ("not_bought_again", "", "bought_again")),
    ("course", ("slow_demand", "", "fast_demand")),
    ("elasticity", ("price_cuts_work_less", "", "price_cuts_work_more")),
    ("incremental_share", ("orders_come_anyway", "", "orders_need_ads")),
    ("answer", ("clicks_convert_less", "", "clicks_convert_more")),
)
"""What the cases differ in, and what it is called where it is low and where it is high."""


@dataclass(frozen=True)
class Advised:
    """Advice on each ASIN, with its sums and notes.

    `table` (`ADVICE`), those with the most to gain a week first. `sums` of all of them: `ad_budget`, the most that ads
    may cost in the next four weeks, and the `spend` that is advised [money]; `gain` [money], `gain_a_week`
    [money/week]; `budget_price`, what one more unit of budget would bring [money/money]. `paths` has the five numbers
    of each ASIN's path (`formulas.paths.Paths`). `notes` on what was taken for granted.
    """

    table: pd.DataFrame
    paths: pd.DataFrame
    sums: Mapping[str, float]
    notes: tuple[Note, ...]


def advice_of(details: pd.DataFrame, settings: Settings, account: Account, scenario: Scenario) -> Advised:
    """Advice on each ASIN.

    Parameters
    ----------
    details
        The positions with every number behind them, of all ASINs or of some.
    settings, account, scenario
        As for `analyse`.
    """
    return advised(choose_paths(details, settings, account, scenario), settings, account)


def advised(chosen: PathChoice, settings: Settings, account: Account) -> Advised:
    """Results of the chosen paths, in columns and words."""
    blocks = [slice(at, at + ROWS) for at in range(0, max(len(chosen.details), 1), ROWS)]
    table = pd.concat([_rows_of_advice(chosen.some(block), settings, account) for block in blocks])
    sums = {
        "ad_budget": np.inf if settings.ad_budget is None else settings.ad_budget,
        "spend": float(table["spend"].sum()),
        **{name: float(table[name].sum(min_count=1)) for name in ("gain", "gain_a_week")},
        "budget_price": chosen.choice.price,
    }
    order = table.sort_values("gain_a_week", ascending=False, kind="stable", na_position="last")
    return Advised(
        order[ADVICE],
        chosen.path.as_table(chosen.details.index),
        MappingProxyType(sums),
        (*_taken(chosen.prospects), *_learnt(account.lessons, settings), *_stopped(chosen.choice)),
    )


def _rows_of_advice(chosen: PathChoice, settings: Settings, account: Account) -> pd.DataFrame:
    """The advice on some ASINs, in their order, and what its ads cost in the budget's weeks (`spend`)."""
    details, prospects, cases, path = (getattr(chosen, name) for name in ("details", "prospects", "cases", "path"))
    budget_price = chosen.choice.price
    both = cash(prospects.items, path.beside(paths_of(AS_TODAY)), cases, settings.capital_rate)
    weights = prospects.items.weights(cases)
    by_case = both.money[:, 0] - both.money[:, 1]
    table = _money(details, by_case, both.left[:, 0], weights, cases)
    table["spend"] = np.nansum(both.spend[:, 0] * weights, axis=1)
    table["wrong_if"] = _wrong_if(by_case, weights, cases)
    more = {
        **_columns(details, prospects, path, cases, settings, account),
        **refill_of(details, prospects, settings, account),
        **stop_of(details, prospects, settings),
        **_tests(chosen, settings),
    }
    table = pd.concat([table, pd.DataFrame(more, index=table.index)], axis=1)  # one by one they take a tenth of it all
    table["highest_cpc"] /= 1.0 + budget_price  # where the budget is short, a click must beat those of other ASINs
    going = (path.leaves[:, 0] > 0) | table["units_too_many"].gt(0)
    for name in ("order_units", "send_units", "order_by", "order_cash", "waiting_costs"):
        table[name] = table[name].mask(going)
    table["order_due"] &= ~going
    table["do"] = _do(details, prospects, path, table)
    table["recommended_replenishment_units"] = details["recommended_replenishment_units"]
    saved = table["saved"].where(table["do"].eq("stop_refill"), 0.0)
    for name in ("gain", "gain_low", "gain_high"):
        table[name] += saved
    weeks = (table["until"] - pd.Timestamp(account.snapshot)).dt.days / 7
    ordering = table["waiting_costs"].where(table["do"].eq("refill"), 0.0) * 7 / max(settings.review_days, 1)
    table["gain_a_week"] = table["gain"] / weeks.fillna(YEAR).clip(lower=1) + ordering
    table["to_check"] = _is_short(details) & details["units_undated"].gt(0)
    table["act_by"] = _act_by(prospects, table, account)
    known_facts = ["reasons", "cost_per_click", "lead_time_days", "units_inbound", "units_undated", *COSTS]
    facts = table.join(details[known_facts]).assign(
        there=details["units_supply"].gt(0),
        units_coming=details["units_supply"] - details["units_at_amazon"],
        short=_is_short(details),
        pays_by_others=pay_by_others(details),
        order_lasts=table["order_units"] / prospects.items.demand[:, 1].mean(axis=1),
    )
    rows = rows_of(facts.assign(budget_price=budget_price, leave_as=prospects.leave_as))
    sentences = [(says_of(row, account.currency), reason_of(row)) for row in rows]
    return table.join(pd.DataFrame(sentences, index=table.index, columns=["says", "reason"], dtype=object))


def _money(details: pd.DataFrame, by_case: Any, left: Any, weights: Any, cases: Cases) -> pd.DataFrame:
    low, high = ends(by_case, weights)
    expected = weights * (cases.course == EXPECTED) / THIRDS[EXPECTED]
    return pd.DataFrame(
        {
            "title": details["title"],
            "gain": cautious(by_case, weights),
            "gain_low": low,
            "gain_high": high,
            "units_left": (left * expected).sum(axis=1),
        },
        index=details.index,
    )


def ends(by_case: Any, weights: Any) -> tuple[Any, Any]:
    """Low and high end of what the cases bring: the mean of the worst and of the best of them, and a little farther.

    A worse case never raises the low end.

    Examples
    --------
    >>> low, high = ends(np.array([[4.0, 0.0, 2.0, 2.0]]), np.full((1, 4), 0.25))
    >>> round(low[0], 9), round(high[0], 9)
    (np.float64(0.0), np.float64(4.12))
    """
    order = np.argsort(by_case, axis=1)
    rising, share = (np.take_along_axis(numbers, order, axis=1) for numbers in (by_case, weights))
    before = np.cumsum(share, axis=1) - share
    worst = np.clip(TAIL - before, 0.0, share)
    best = np.clip(before + share - (1.0 - TAIL), 0.0, share)
    low, high = ((rising * part).sum(axis=1) / TAIL for part in (worst, best))
    return low - LEEWAY * np.abs(low), high + LEEWAY * np.abs(high)


def _columns(
    details: pd.DataFrame, prospects: Prospects, path: Paths, cases: Cases, settings: Settings, account: Account
) -> dict[str, Any]:
    """Clicks, money, units and days of a path."""
    ads, cut, leaves, until, after = (column[:, 0] for column in path.columns())
    leaving = np.round(leaves * prospects.items.units.sum(axis=1))
    cut = np.where(leaves < 1, cut, 0.0)
    last_week, today = prospects.items.last_week, pd.Timestamp(account.snapshot)
    acts = ((ads != NOW) & (prospects.clicks > 0)) | (cut != 0) | (leaves > 0)
    due = pd.Series(today + pd.to_timedelta(np.round(7 * last_week), unit="D"), index=details.index)
    due = due.mask((last_week < YEAR) & details["clear_by"].gt(today), details["clear_by"])
    day = today + pd.to_timedelta(np.round(7 * until), unit="D")
    dearer = 1.0 + prospects.items.weights(cases) @ cases.dearer
    spend = prospects.clicks * details["cost_per_click"].fillna(0.0).to_numpy() / 7
    return {
        "ads_level": np.where(prospects.clicks > 0, ads, NOW),
        "clicks_a_day": prospects.clicks * ads / 7,
        "ad_spend_a_day": spend * ads**dearer,
        "clicks_after": prospects.clicks * after / 7,
        "spend_after": spend * after**dearer,
        "highest_cpc": np.where(details["price_changed"], np.nan, _highest_cpc(prospects, path, cases, settings)),
        "price_cut": cut,
        **{f"units_{way.left}": np.where(prospects.leave_as == way.left, leaving, 0.0) for way in QUICK},
        "units_outlet": _units_to_outlet(details, prospects, path, cases, settings),
        "until": np.minimum(pd.Series(day, index=details.index), due).where(acts),
        "ads_after": after,
        "reordered": prospects.bought_again,
        "place_article": details["segment"].fillna(details["gate"]),
        "place_probable": details["place_probable"],
        "probability": details["place_probability"],
        "cover_probable": details["cover_probable"],
        "cover_probability": details["cover_probability"],
        "cover_judged": cover_to_order(details),
        "launch_cost_a_week": np.where(details["gate"].eq("new"), _lost_on_ads(details, prospects, settings), 0.0),
        "clicks_now": prospects.clicks,
        "last_click": details["cost_per_click"] * dearer,
        "year": today + pd.Timedelta(weeks=YEAR),
        "dated": last_week < YEAR,
        "due": due,
    }


def _units_to_outlet(details: pd.DataFrame, prospects: Prospects, path: Paths, cases: Cases, settings: Settings) -> Any:
    """Units that a price cut sells in the weeks of an Outlet deal, where it is deep and the stock old enough for one.

    What more buyers the deal brings is not known, so none are counted.
    """
    units = np.zeros(len(details))
    deep = (path.cut[:, 0] >= OUTLET_DISCOUNT - TINY) & (path.leaves[:, 0] < 1)
    may = deep & may_go_to_outlet(details).eq(1).to_numpy()
    if may.any():
        items = prospects.items.some(may).once()
        weeks, _, stock = cash_by_week(items, path.rows(may), cases, settings.capital_rate)
        kept = stock[:, 0, :, weeks.tolist().index(OUTLET_WEEKS)]
        there = stock[:, 0, :, 0] + items.arriving[:, :OUTLET_WEEKS].sum(axis=1, keepdims=True)
        units[may] = np.floor(((there - kept) * items.weights(cases)).sum(axis=1))
    return units


def _lost_on_ads(details: pd.DataFrame, prospects: Prospects, settings: Settings) -> Any:
    """Ad spend of a week beyond the profit of its orders after landed cost [money/week]."""
    margin = details["unit_proceeds"] - details["landed_cost"]
    earned = prospects.conversion * settings.units_per_order * margin
    return prospects.clicks * (details["cost_per_click"] - earned).fillna(0.0)


def _highest_cpc(prospects: Prospects, path: Paths, cases: Cases, settings: Settings) -> Any:
    """The most that a click may cost: incremental share x conversion rate x (net - what a unit is worth without it).

    Judged by the last units of the stock that the path keeps.
    """
    items = prospects.items
    net = items.price * (1 - items.referral_rate) - items.fulfilment_fee
    without = paths_of((OFF, 0.0, 0.0, float(YEAR), OFF), (OFF, 0.0, 0.0, float(YEAR), OFF))
    share = PROBE * (1.0 - path.leaves)
    probe = replace(without, leaves=path.leaves + np.hstack([np.zeros_like(share), share]))
    once = replace(items.once(), again=np.zeros_like(items.again))
    weights = once.weights(cases)
    money = (cash(once, probe, cases, settings.capital_rate).money * weights[:, None]).sum(axis=2)
    some = share[:, 0] * items.units.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        last = (money[:, 0] - money[:, 1]) / some + items.exit_value
    worth = np.where(some > 0, np.clip(last, 0.0, net), 0.0)
    worth = items.again * items.replacement + (1.0 - items.again) * worth
    share = weights @ cases.incremental_share
    return np.maximum(share * prospects.conversion * settings.units_per_order * (net - worth), 0.0)


def _do(details: pd.DataFrame, prospects: Prospects, path: Paths, table: pd.DataFrame) -> pd.Series:
    """The key of what to do; the first rule that holds counts."""
    ads, cut, leaves = (column[:, 0] for column in path.columns()[:3])
    lacks = prospects.bought_again & ~details["weeks_of_supply"].ge(details["low_weeks"])  # with all that is on its way
    lacks_undated, unknown = lacks & details["lead_time_days"].isna(), table["gain"].isna()
    short, more_comes = _is_short(details), details["units_supply"].gt(details["units_at_amazon"])
    runs_low = short & details["low_stock"] & lacks_undated
    rules = (
        ("fix_listing", details["gate"].eq("not_sellable")),
        ("stop_refill", unknown & table["units_too_many"].gt(0)),  # it can be stopped now, and not later
        ("refill", table["send_units"].gt(0)),
        ("refill", unknown & (table["order_due"] | runs_low)),
        ("carry_on", unknown & short & more_comes & ~lacks),
        ("supply_costs", unknown & details["units_at_amazon"].gt(0) & details[[*COSTS]].isna().any(axis=1)),
        ("refill", table["order_units"].gt(0) & table["waiting_costs"].ge(table["gain"].fillna(0.0) / YEAR)),
        ("refill", details["gate"].eq("out_of_stock") & lacks_undated),
        ("stop_refill", table["units_too_many"].gt(0)),
        *((way.key, (leaves > 0) & (prospects.leave_as == way.left)) for way in QUICK),
        ("price_down", cut > 0),
        ("price_up", cut < 0),
        *((name, (ads >= low) & (ads < high) & (prospects.clicks > 0)) for name, low, high in CLICKS),
        ("refill", runs_low),
        ("test", table["test"].ne("") & ~short),
    )
    keys = [name for name, _ in rules]
    return pd.Series(np.select([np.asarray(holds) for _, holds in rules], keys, "carry_on"), index=details.index)


def _is_short(details: pd.DataFrame) -> pd.Series:
    """Whether an ASIN is out of stock or has, by every count, too little of it."""
    too_little = details["low_stock"] & details["cover_probable"].eq("too_little")
    return details["gate"].eq("out_of_stock") | too_little


def _tests(chosen: PathChoice, settings: Settings) -> dict[str, Any]:
    """Two-week test that is worth most where nothing else gains, and the possible worth of its answer."""
    prospects, details = chosen.prospects, chosen.details
    by_ads = prospects.clicks * prospects.conversion * settings.units_per_order
    enough = np.stack([by_ads, prospects.items.demand[:, 1, :2].mean(axis=1)], axis=1) >= TEST_UNITS
    enough &= ((prospects.items.units.sum(axis=1) > 0) & ~chosen.by_hand)[:, None]
    worth = np.where(enough, np.nan_to_num(chosen.worth_knowing), 0.0) / 2
    most = settings.act_threshold * details["stock_value"].fillna(np.inf).to_numpy()
    best = worth.max(axis=1)
    return {"test": np.where(best > most, np.array([*TESTS])[worth.argmax(axis=1)], ""), "test_worth": best}


def _wrong_if(gains: Any, weights: Any, cases: Cases) -> Any:
    """The value of one unknown at which the path loses most: if it holds, carrying on may be better."""
    means, names = [], []
    for field, (low, _, high) in UNKNOWNS:
        values = getattr(cases, field)
        for name, value in ((low, values.min()), (high, values.max())):
            case_weights = weights * (values == value)
            share, gain = case_weights.sum(axis=1), (gains * case_weights).sum(axis=1)
            means.append(np.where((share > 0) & (share < 1), gain / np.maximum(share, TINY), np.inf))
            names.append(name)
    worst = np.where(weights > 0, gains, np.inf).min(axis=1)
    return np.where(worst < 0, np.array(names, dtype=object)[np.argmin(means, axis=0)], "")


def _act_by(prospects: Prospects, table: pd.DataFrame, account: Account) -> pd.Series:
    """The last day on which acting late costs nothing; missing where no day matters, or where every day does."""
    items, today = prospects.items, np.datetime64(account.snapshot, "D")
    never = np.datetime64("NaT", "D")
    charged = np.isfinite(prospects.fee_week)
    fee = np.full(len(table), never)
    fee[charged] = _fifteenths(today + 7 * prospects.fee_week[charged].astype(int))
    fee = np.maximum(fee - 1, today)
    due = np.where(table["dated"], table["due"].to_numpy().astype("M8[D]"), never)
    left = table["units_left"].to_numpy(dtype=float) >= 1
    soon, leaving = np.fmin(fee, due), table[[f"units_{way.left}" for way in QUICK]].gt(0).any(axis=1)
    by = {
        "refill": np.where(table["send_units"].gt(0), today, table["order_by"].to_numpy().astype("M8[D]")),
        "stop_refill": np.fmin(today + 7 * (items.arriving > 0).argmax(axis=1), np.where(leaving, soon, never)),
        **dict.fromkeys((way.key for way in QUICK), soon),
        "carry_on": np.where(table["to_check"], today, np.where(left, due, never)),
    }
    do = table["do"].to_numpy(dtype=object)
    days = np.select([do == key for key in by], list(by.values()), never)
    return pd.Series(days.astype("M8[s]"), index=table.index)


def _fifteenths(days: Any) -> Any:
    """The next 15th of a month of each day, which may be the day itself."""
    months = days.astype("M8[M]")
    own = months.astype("M8[D]") + 14
    return np.where(days <= own, own, (months + 1).astype("M8[D]") + 14)


def _learnt(lessons: Lessons, settings: Settings) -> Iterator[Note]:
    """Notes on the account's own pauses, price and bid changes, where they count for much beside what is assumed."""
    share, elasticity, dearer = lessons.incremental_share, lessons.elasticity, lessons.dearer
    where = "sales record"
    if trust_in(share, INCREMENTAL) >= TELLING and settings.incremental_share is None:
        text = "{0} pauses of ads suggest that {1} of the advertised orders need the ads, give or take {2}."
        yield Note("info", where, Text(text, share.count, f"{np.clip(share.value, 0, 1):.0%}", f"{share.error:.0%}"))
    if trust_in(elasticity, ELASTICITIES) >= TELLING and settings.elasticity is None:
        text = "{0} price changes suggest an elasticity of {1}, give or take {2}."
        yield Note(
            "info", where, Text(text, elasticity.count, f"{max(elasticity.value, 0.0):.1f}", f"{elasticity.error:.1f}")
        )
    if trust_in(dearer, DEARER) >= TELLING and settings.dearer_clicks == 1:
        text = "{0} bid changes suggest that with 10% more clicks each costs {1} more, give or take {2}."
        yield Note("info", where, Text(text, dearer.count, f"{dearer.value / 10:.1%}", f"{dearer.error / 10:.1%}"))


def _stopped(choice: Choice) -> Iterator[Note]:
    """Note that the search for the best choice ended early."""
    if choice.stopped:
        text = "the choice under ad_budget took too long to complete. It keeps the budget, but another may gain more."
        yield Note("info", "advice", text)


def _taken(prospects: Prospects) -> Iterator[Note]:
    """Notes on assumptions."""
    guessed = ~prospects.again_stated
    if guessed.any():
        yes, no = int((guessed & prospects.bought_again).sum()), int((guessed & ~prospects.bought_again).sum())
        text = (
            "whether an ASIN will be bought again is estimated from its cover: "
            "likely for {0}, unlikely for {1}. Both are weighed. {2}"
        )
        yield Note("info", "costs.csv", Text(text, yes, no, Text("Write bought_again in costs.csv.")))

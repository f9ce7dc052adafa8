"""The advice: one row per ASIN, what to do with its whole stock and what that is worth next to carrying on as today.

Here columns meet formulas and words: what each path brings is worked out in `formulas.paths`, which one is worth most
in `formulas.choice`, and what is known of each ASIN comes from `prospects`.
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.prospects import ONCE_WEEKS, Prospects, cases_of, prospects_of
from wockit.columns import ADVICE, FORWARD
from wockit.formulas import evidence, matrix
from wockit.formulas.choice import Choice, Search, search, under_budget
from wockit.formulas.paths import AS_TODAY, NOW, OFF, YEAR, Cases, Cash, Items, Paths, cash, paths_of
from wockit.language import Text, listed
from wockit.notes import Note
from wockit.reading.account import Account
from wockit.settings import Settings

TAIL = 0.25
"""The mean of the worst and of the best quarter of the cases are the ends of the range: 80 % of a normal spread."""
SURE = 0.5
"""Nobody is told to spend more, to reorder or to give stock away for a place that is less probable than that."""
PROBE = 0.1
"""The share of the stock by which the worth of its last units is measured."""
BRISK, TEST_UNITS = 0.9, 10.0
"""How brisk demand is taken before units on their way count as too many; units per week that a test needs to tell."""
TESTS = MappingProxyType({
    "ads_off": "Test: turn ads off for two weeks",
    "coupon": "Test: offer a coupon of 10 % for two weeks",
})  # fmt: skip
"""The tests that tell the unknowns of `Search.worth_knowing`, in its order."""
FIXED = MappingProxyType({
    "carry_on": "Carry on as today.",
    "fix_listing": "Fix the listing first. Nobody can buy the product, so nothing sells.",
    "supply_costs": "Add price, fulfilment_fee and landed_cost to costs.csv to compare the choices.",
    "refill": "Order stock, because there is none. The order date is unknown without lead_time_days in costs.csv.",
})  # fmt: skip
REDUCE = "Reduce ads to {0} clicks per day ({1} {2} per day)"
NO_DATA = ("missing_data", "out_of_stock", "not_sellable")
CLICKS = (("ads_off", 0.0, 0.05), ("ads_down", 0.05, 0.95), ("ads_up", 1.05, np.inf))
"""What to do with clicks over those of today from and below such a ratio."""
UNKNOWNS = (
    ("course", ("slow_demand", "", "fast_demand")),
    ("elasticity", ("price_cuts_work_less", "", "price_cuts_work_more")),
    ("incremental_share", ("orders_come_anyway", "", "orders_need_ads")),
    ("answer", ("clicks_convert_less", "", "clicks_convert_more")),
)
"""What the cases differ in, and what it is called where it is low and where it is high."""


def advice_of(details: pd.DataFrame, settings: Settings, account: Account) -> tuple[pd.DataFrame, list[Note]]:
    """What to do with each ASIN, those with the most to gain a week first.

    Parameters
    ----------
    details
        The positions with every number behind them.
    settings, account
        As for `analyse`.

    Returns
    -------
    tuple
        A table (`ADVICE`) indexed by ASIN, and notes on what was taken for granted.
    """
    details = details.assign(**_most_probable(details, settings, account))
    known, cases = prospects_of(details, settings, account), cases_of(settings)
    found = search(known.items, cases, settings.capital_rate, known.most_ads, known.may_leave)
    choice = _chosen(details, found, settings)
    path = found.paths.take(choice.columns)
    its, today = (cash(known.items, each, cases, settings.capital_rate) for each in (path, paths_of(AS_TODAY)))
    table = _money(details, its, today, cases)
    table["wrong_if"] = _wrong_if(its.money[:, 0] - today.money[:, 0], cases)
    table = table.assign(
        **_columns(details, known, path, cases, settings, account),
        **_refill(details, known, settings, account),
        **_stop(details, known, settings),
        **_tests(details, known, found, settings),
    )
    going = (path.leaves[:, 0] > 0) | table["units_too_many"].gt(0)
    table["order_units"], table["order_by"] = table["order_units"].mask(going), table["order_by"].mask(going)
    table["do"] = _do(details, known, path, table)
    saved = table["saved"].where(table["do"].eq("stop_refill"), 0.0)
    for name in ("gain", "gain_low", "gain_high"):
        table[name] += saved
    weeks = (table["until"] - pd.Timestamp(account.snapshot)).dt.days / 7
    ordering = table["refill_gain"].where(table["do"].eq("refill"), 0.0) * 7 / max(settings.review_days, 1)
    table["gain_a_week"] = table["gain"] / weeks.fillna(YEAR).clip(lower=1) + ordering
    table["act_by"] = _act_by(known, table, account)
    said = [_says(row, account.currency) for row in table.to_dict("records")]
    table["says"] = pd.Series(said, index=table.index, dtype=object)
    order = table.sort_values("gain_a_week", ascending=False, kind="stable", na_position="last")
    return order[ADVICE], [*_taken(known), *_stopped(choice)]


def _most_probable(details: pd.DataFrame, settings: Settings, account: Account) -> dict[str, Any]:
    """The place that is most probable by forward cover, inbound included, and same-SKU orders, and how probable it is.

    Only of an ASIN that has a place by the article; the others keep the gate that holds them back. Where nothing is
    known of single weeks, the noise is that of counting last month.
    """
    weeks, sold = details["weeks_of_coverage"], details["units_sold"]
    noise = np.exp(1.28 / np.sqrt(sold.where(sold.gt(0))))
    as_counted = details["weeks"] * 7 / details["sales_days"]
    cover = zip(FORWARD, (weeks, weeks / noise, weeks * noise), strict=True)
    scatter = evidence.order_value_scatter(*(account.ads[name] for name in ("asin", "ad_sales", "ad_orders")))
    chances = matrix.segment_probabilities(
        cover=tuple((details[name] * as_counted).fillna(other) for name, other in cover),
        roas_high=evidence.high_roas_probability(
            details["own_orders"],
            details["ad_clicks"],
            details["order_value"],
            details["cost_per_click"],
            details["roas_cut"],
            scatter,
        ),
        settings=settings,
        low_weeks=details["low_weeks"].to_numpy(),
        healthy_weeks=details["healthy_weeks"].to_numpy(),
    )
    keys, placed = np.array([*chances], dtype=object), details["segment"].notna().to_numpy()
    old = details["aged_out"].to_numpy(dtype=bool)
    values = np.where(placed, np.stack([*chances.values()]), np.nan)
    values[:, old] = np.where((keys == "exit")[:, None] & placed[old], 1.0, np.nan)
    best = np.nan_to_num(values, nan=-1.0).argmax(axis=0)
    probable = np.where(placed, keys[best], details["gate"])
    return {"place_probable": probable, "place_probability": values[best, np.arange(len(details))]}


def _chosen(details: pd.DataFrame, found: Search, settings: Settings) -> Choice:
    """The path of each ASIN's path: as today unless another gains enough, is sure enough, and fits the budget."""
    value = details["stock_value"].fillna(0.0).to_numpy()[:, None]
    worth = (found.gain > settings.act_threshold * value) & (found.score > 0)
    doubtful = details["place_probability"].lt(SURE).to_numpy()[:, None]
    bold = (found.paths.ads > NOW) | (found.paths.leaves > 0)
    frozen = details["gate"].isin(NO_DATA).to_numpy()[:, None]
    cheaper = (found.spend < found.spend[:, :1]) & (found.paths.cut == 0) & ~bold & (settings.ad_budget is not None)
    score = np.where((worth & ~(doubtful & bold) & ~frozen) | cheaper, found.score, np.nan)
    score[:, 0] = 0.0
    budget = np.inf if settings.ad_budget is None else settings.ad_budget
    return under_budget(score, np.nan_to_num(found.spend), budget)


def _money(details: pd.DataFrame, its: Cash, today: Cash, cases: Cases) -> pd.DataFrame:
    by_case = its.money[:, 0] - today.money[:, 0]
    low, high = ends(by_case, cases.weight)
    return pd.DataFrame(
        {
            "title": details["title"],
            "gain": by_case @ cases.weight,
            "gain_low": low,
            "gain_high": high,
            "units_left": its.left[:, 0] @ cases.weight,
        },
        index=details.index,
    )


def ends(by_case: Any, weight: Any) -> tuple[Any, Any]:
    """Low and high end of what the cases bring: the mean of the worst and of the best quarter of them.

    A worse case never raises the low end.

    Examples
    --------
    >>> ends(np.array([[4.0, 0.0, 2.0, 2.0]]), np.full(4, 0.25))
    (array([0.]), array([4.]))
    """
    order = np.argsort(by_case, axis=1)
    rising, share = np.take_along_axis(by_case, order, axis=1), weight[order]
    before = np.cumsum(share, axis=1) - share
    worst = np.clip(TAIL - before, 0.0, share)
    best = np.clip(before + share - (1.0 - TAIL), 0.0, share)
    return (rising * worst).sum(axis=1) / TAIL, (rising * best).sum(axis=1) / TAIL


def _columns(
    details: pd.DataFrame, known: Prospects, path: Paths, cases: Cases, settings: Settings, account: Account
) -> dict[str, Any]:
    """What a path comes to in clicks, money, units and days."""
    ads, cut, leaves, until, after = (each[:, 0] for each in path.columns())
    leaving = np.round(leaves * known.items.units.sum(axis=1))
    cut = np.where(leaves < 1, cut, 0.0)
    last_week, today = known.items.last_week, pd.Timestamp(account.snapshot)
    acts = ((ads != NOW) & (known.clicks > 0)) | (cut > 0) | (leaves > 0)
    day = today + pd.to_timedelta(np.round(7 * np.minimum(until, last_week)), unit="D")
    dearer = 1.0 + cases.dearer @ cases.weight
    return {
        "ads_level": np.where(known.clicks > 0, ads, NOW),
        "clicks_a_day": known.clicks * ads / 7,
        "ad_spend_a_day": known.clicks * details["cost_per_click"].fillna(0.0).to_numpy() * ads**dearer / 7,
        "highest_cpc": _highest_cpc(known, cases, settings),
        "price_cut": cut,
        "units_liquidated": np.where(known.sold_off, leaving, 0.0),
        "units_removed": 0.0,
        "units_outlet": 0.0,
        "units_disposed": np.where(known.sold_off, 0.0, leaving),
        "until": pd.Series(day, index=details.index).where(acts),
        "ads_after": after,
        "place_article": details["segment"].fillna(details["gate"]),
        "place_probable": details["place_probable"],
        "probability": details["place_probability"],
        "clicks_now": known.clicks,
        "year": today + pd.Timedelta(weeks=YEAR),
        "dated": last_week < YEAR,
        "due": today + pd.to_timedelta(np.round(7 * last_week), unit="D"),
    }


def _highest_cpc(known: Prospects, cases: Cases, settings: Settings) -> Any:
    """The most that a click may cost: incremental share x conversion rate x (net - what a unit is worth without it)."""
    items = known.items
    net = items.price * (1 - items.referral_rate) - items.fulfilment_fee
    probe = paths_of((OFF, 0.0, 0.0, float(YEAR), OFF), (OFF, 0.0, PROBE, float(YEAR), OFF))
    money = cash(items, probe, cases, settings.capital_rate).money @ cases.weight
    some = PROBE * items.units.sum(axis=1)
    leave = items.exit_value - items.replacement
    with np.errstate(divide="ignore", invalid="ignore"):
        last = (money[:, 0] - money[:, 1]) / some + leave
    worth = np.where(known.bought_again, items.replacement, np.where(some > 0, np.clip(last, 0.0, net), 0.0))
    share = cases.incremental_share @ cases.weight
    return np.maximum(share * known.conversion * settings.units_per_order * (net - worth), 0.0)


def _refill(details: pd.DataFrame, known: Prospects, settings: Settings, account: Account) -> dict[str, Any]:
    """How many units to order and by when, where an ASIN is bought again and its lead time is known."""
    items, today = known.items, pd.Timestamp(account.snapshot)
    lead = details["lead_time_days"].to_numpy(dtype=float) / 7
    review = settings.review_days / 7
    margin = items.price * (1 - items.referral_rate) - items.fulfilment_fee - items.replacement
    keeping = items.storage.mean(axis=1) * 4 + items.replacement * settings.capital_rate / 12
    with np.errstate(divide="ignore", invalid="ignore"):
        quantile = np.clip(margin / (margin + 6 * keeping), SURE, settings.service_level)
    supply = items.units.sum(axis=1) + items.arriving.sum(axis=1)
    aim = _demand_until(items, lead + review + settings.healthy_weeks, quantile)
    short = _demand_until(items, lead + 2 * review, quantile) - np.maximum(
        _demand_until(items, lead + review, quantile), supply
    )
    ahead = details["forward_cover"].where(details["forward_cover"].lt(520)).to_numpy(dtype=float) - lead
    open_ = known.bought_again & np.isfinite(lead) & ~(details["place_probability"].lt(SURE).to_numpy())
    due = open_ & (ahead < review) & (margin > 0)
    units = np.where(due, np.ceil(np.maximum(aim - supply, 0.0)), np.nan)
    by = today + pd.to_timedelta(np.floor(np.clip(np.nan_to_num(7 * ahead), 0, None)), unit="D")
    return {
        "order_units": np.where(units > 0, units, np.nan),
        "order_by": pd.Series(by, index=details.index).where(units > 0),
        "refill_gain": np.where(units > 0, np.maximum(short, 0.0) * np.maximum(margin, 0.0), np.nan),
    }


def _demand_until(items: Items, weeks: Any, quantile: Any) -> Any:
    """What is asked for in so many weeks, at a quantile between the expected and the fast course [unit]."""
    share = np.clip((quantile - 0.5) / 0.4, 0.0, 1.0)[:, None]
    weekly = items.demand[:, 1] + share * (items.demand[:, 2] - items.demand[:, 1])
    inside = np.clip(np.nan_to_num(weeks)[:, None] - np.arange(YEAR), 0.0, 1.0)
    return (weekly * inside).sum(axis=1)


def _do(details: pd.DataFrame, known: Prospects, path: Paths, table: pd.DataFrame) -> pd.Series:
    """The key of what to do; the first rule that holds counts."""
    ads, cut, leaves = (each[:, 0] for each in path.columns()[:3])
    rules = (
        ("fix_listing", details["gate"].eq("not_sellable")),
        ("supply_costs", table["gain"].isna() & details["units_at_amazon"].gt(0)),
        ("refill", table["order_units"].gt(0) & table["refill_gain"].ge(table["gain"].fillna(0.0) / YEAR)),
        (
            "refill",
            details["gate"].eq("out_of_stock") & known.bought_again & details["units_inbound"].fillna(0.0).le(0),
        ),
        ("stop_refill", table["units_too_many"].gt(0)),
        ("liquidate", (leaves > 0) & known.sold_off),
        ("dispose", leaves > 0),
        ("price_down", cut > 0),
        *((name, (ads >= low) & (ads < high) & (known.clicks > 0)) for name, low, high in CLICKS),
        ("test", table["test"].ne("")),
    )
    keys = [name for name, _ in rules]
    return pd.Series(np.select([np.asarray(holds) for _, holds in rules], keys, "carry_on"), index=details.index)


def _stop(details: pd.DataFrame, known: Prospects, settings: Settings) -> dict[str, Any]:
    """Units on their way that half a year of brisk demand does not need, and what it saves to put them off."""
    items, count = known.items, len(details)
    coming = items.arriving.sum(axis=1)
    needed = _demand_until(items, np.full(count, ONCE_WEEKS), np.full(count, BRISK))
    spare = np.floor(np.clip(items.units.sum(axis=1) + coming - needed, 0.0, coming))
    late = YEAR - (items.arriving > 0).argmax(axis=1)
    cost = items.storage.mean(axis=1) + details["landed_cost"].fillna(0.0).to_numpy() * settings.capital_rate / YEAR
    saved = spare * cost * late / 2
    worth = saved > settings.act_threshold * details["stock_value"].fillna(0.0).to_numpy()
    many = np.where(worth & (spare >= coming / 4) & (coming > 0), spare, np.nan)
    return {"units_too_many": many, "saved": np.where(np.isfinite(many), saved, 0.0)}


def _tests(details: pd.DataFrame, known: Prospects, found: Search, settings: Settings) -> dict[str, Any]:
    """Which test of two weeks is worth most where nothing else is, and what its answer may bring."""
    by_ads = known.clicks * known.conversion * settings.units_per_order
    enough = np.stack([by_ads, known.items.demand[:, 1, :2].mean(axis=1)], axis=1) >= TEST_UNITS
    enough &= (known.items.units.sum(axis=1) > 0)[:, None]
    worth = np.where(enough, np.nan_to_num(found.worth_knowing), 0.0) / 2
    most = settings.act_threshold * details["stock_value"].fillna(np.inf).to_numpy()
    best = worth.max(axis=1)
    return {"test": np.where(best > most, np.array([*TESTS])[worth.argmax(axis=1)], ""), "test_worth": best}


def _wrong_if(gains: Any, cases: Cases) -> Any:
    """The value of one unknown at which the path loses most: if it holds, carrying on may be better."""
    means, names = [], []
    for field, (low, _, high) in UNKNOWNS:
        values = getattr(cases, field)
        for name, value in ((low, values.min()), (high, values.max())):
            weight = cases.weight * (values == value) * (values.min() < values.max())
            means.append(gains @ weight / weight.sum() if weight.sum() > 0 else np.full(len(gains), np.inf))
            names.append(name)
    return np.where(gains.min(axis=1) < 0, np.array(names, dtype=object)[np.argmin(means, axis=0)], "")


def _act_by(known: Prospects, table: pd.DataFrame, account: Account) -> pd.Series:
    """The last day on which acting late costs nothing; missing where no day matters, or where every day does."""
    items, today = known.items, pd.Timestamp(account.snapshot)
    charged = np.isfinite(known.fee_week)
    week = pd.to_timedelta(7 * np.where(charged, known.fee_week, 0), unit="D")
    fifteenth = [_fifteenth(day) for day in (today + week)]
    fee = pd.Series(fifteenth, index=table.index).where(charged) - pd.Timedelta(days=1)
    fee = fee.clip(lower=today)
    due = pd.Series(today + pd.to_timedelta(7 * items.last_week, unit="D"), index=table.index)
    due = due.where(items.last_week < YEAR)
    arrives = pd.Series(today + pd.to_timedelta(7 * (items.arriving > 0).argmax(axis=1), unit="D"), index=table.index)
    leaving = pd.concat([fee, due], axis=1).min(axis=1)
    by = {"refill": table["order_by"], "stop_refill": arrives, "liquidate": leaving, "dispose": leaving}
    found = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    for key, days in by.items():
        found = found.where(table["do"].ne(key), days)
    return found


def _fifteenth(day: pd.Timestamp) -> pd.Timestamp:
    """The 15th of a month that falls on a day or on one of the six after it."""
    return (day if day.day <= 15 else day + pd.offsets.MonthBegin()).replace(day=15)


def _says(row: dict[str, Any], currency: str) -> Text:
    """The advice as a sentence: what to do, how much, until when."""
    if row["do"] == "test":
        return Text(
            "{0}. The answer may be worth {1} {2}.", Text(TESTS[row["test"]]), currency, f"{row['test_worth']:,.0f}"
        )
    if row["do"] == "carry_on" and row["dated"] and row["units_left"] >= 1:
        left = f"{row['units_left']:,.0f}"
        return Text("Carry on as today until {0}, then liquidate the {1} units left.", _day(row["due"]), left)
    if row["do"] in FIXED and not row["order_units"] > 0:
        return Text(FIXED[row["do"]])
    parts = listed(_parts(row, currency), ". ")
    if pd.isna(row["until"]) or row["until"] >= row["year"]:
        return Text("{0}.", parts)
    return Text("{0} until {1}, {2}.", parts, _day(row["until"]), Text(_afterwards(row)))


def _parts(row: dict[str, Any], currency: str) -> Iterator[Text]:
    def units(name: str) -> str:
        return f"{row[name]:,.0f}"

    if row["do"] == "refill":
        yield Text("Order {0} units by {1}", units("order_units"), _day(row["order_by"]))
    if row["do"] == "stop_refill":
        yield Text("Stop, split or delay {0} of the inbound units", units("units_too_many"))
    if row["units_liquidated"] > 0:
        yield Text("Liquidate {0} units", units("units_liquidated"))
    if row["units_disposed"] > 0:
        yield Text("Dispose of {0} units", units("units_disposed"))
    if row["price_cut"] > 0:
        yield Text("Cut the price by {0} %", f"{100 * row['price_cut']:.0f}")
    level = row["ads_level"]
    if row["clicks_now"] > 0 and level < CLICKS[0][2]:
        yield Text("Turn ads off")
    elif row["clicks_now"] > 0 and not CLICKS[1][2] <= level <= CLICKS[2][1]:
        text = "Raise ads to {0} clicks per day ({1} {2} per day)" if level > NOW else REDUCE
        yield Text(text, f"{row['clicks_a_day']:,.1f}", currency, f"{row['ad_spend_a_day']:,.2f}")


def _day(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m-%d}"


def _afterwards(row: dict[str, Any]) -> str:
    """What comes after the path's last day."""
    if row["dated"] and row["until"] >= row["due"]:
        return "then liquidate the rest"
    if row["clicks_now"] == 0:
        return "then carry on as today"
    return "then without ads" if row["ads_after"] == OFF else "then carry on as today"


def _stopped(choice: Choice) -> Iterator[Note]:
    """That the search for the best choice ended before it was done."""
    if choice.stopped:
        text = "the choice under ad_budget took too long to complete. It keeps the budget, but another may gain more."
        yield Note("info", "advice", text)


def _taken(known: Prospects) -> Iterator[Note]:
    """What was taken for granted."""
    guessed = ~known.told
    if guessed.any():
        yes, no = int((guessed & known.bought_again).sum()), int((guessed & ~known.bought_again).sum())
        text = "whether an ASIN will be reordered is estimated from its cover: yes for {0}, no for {1}. {2}"
        yield Note("info", "costs.csv", Text(text, yes, no, Text("Write bought_again in costs.csv.")))

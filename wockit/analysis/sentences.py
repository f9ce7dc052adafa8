"""The words of an advice: what to do in one sentence, and its reason in the words of the segment.

What is said is decided in `advice`; nothing is computed here.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from wockit.columns import chance
from wockit.formulas.paths import NOW, OFF, YEAR
from wockit.formulas.playbook import Plan, playbook
from wockit.formulas.quick_ways import QUICK
from wockit.language import Text, listed

TESTS = MappingProxyType({
    "ads_off": "Test: turn ads off for two weeks",
    "coupon": "Test: offer a coupon of 10% for two weeks",
})  # fmt: skip
"""The tests that tell the unknowns of `Search.worth_knowing`, in its order."""
FIXED = MappingProxyType({
    "carry_on": "Carry on as today.",
    "fix_listing": "Fix the listing first. Nobody can buy the product, so nothing sells.",
    "refill": "Order stock, because too little is left. The order date is unknown without lead_time_days in costs.csv.",
})  # fmt: skip
REDUCE = "Reduce ads to {0} clicks per day ({1} {2} per day)"
CLICKS = (("ads_off", 0.0, 0.05), ("ads_down", 0.05, 0.95), ("ads_up", 1.05, float("inf")))
"""What to do with clicks over those of today from and below such a ratio."""
BECAUSE = MappingProxyType({
    "liquidate": "The last units cost more to hold than they bring.",
    "remove": "The last units are worth more outside Amazon.",
    "dispose": "The last units cost more to hold than they bring.",
    "price_down": "At a lower price it sells before holding costs exceed its value.",
    "price_up": "The stock is sold out before more comes. At a higher price, fewer buyers still take all units.",
    "refill": "A new order takes {0} days; the stock lasts about {1} weeks.",
    "stop_refill": "Even fast sales would not use these units in half a year.",
    "test": "The result depends on an unknown. A two-week test would show it.",
})  # fmt: skip
"""Why a path is worth more than carrying on, in one sentence."""
LEAVING = MappingProxyType({
    "liquidated": "Liquidate {0} units", "removed": "Remove {0} units", "disposed": "Dispose of {0} units",
})  # fmt: skip
"""What is said of units that leave at once, by how they are called then (`QuickWay.left`)."""
WAIT = "Wait for the {0} units on their way, and check when they arrive."
COSTS = ("price", "fulfilment_fee", "landed_cost")
"""What of each unit must be known to compare the choices."""
LEFT = MappingProxyType({
    "liquidated": "Carry on as today until {0}, then liquidate the {1} left.",
    "removed": "Carry on as today until {0}, then remove the {1} left.",
    "disposed": "Carry on as today until {0}, then dispose of the {1} left.",
})  # fmt: skip
REST = MappingProxyType({
    "liquidated": "then liquidate the rest", "removed": "then remove the rest", "disposed": "then dispose of the rest",
})  # fmt: skip
"""What comes after the clear-by date, by how units leave: all of them, and a rest."""
OUTLET_TEXT = (
    "The first two weeks may run as an Outlet deal of {0} units, if Amazon offers it: "
    "the stock is old enough, and the cut is 20% or more."
)
COVERS = MappingProxyType({
    "too_little": "too little stock", "healthy": "healthy cover", "too_much": "too much stock",
})  # fmt: skip


def says_of(row: Mapping[str, Any], currency: str) -> Text:
    """The advice as a sentence: what to do, how much, until when."""
    if row["do"] == "test":
        return Text(
            "{0}. The answer may be worth {1} {2}.", Text(TESTS[row["test"]]), currency, f"{row['test_worth']:,.0f}"
        )
    if whole := _whole(row):
        return whole
    parts = listed(_parts(row, currency), ". ")
    at_once = row["ads_level"] == NOW and row["price_cut"] == 0
    if pd.isna(row["until"]) or (at_once and not row["dated"]):
        return Text("{0}.", parts)
    if at_once:
        return Text("{0} now, {1} on {2}.", parts, Text(REST[row["leave_as"]]), _day(row["due"]))
    if row["until"] >= row["year"]:
        return _for_a_year(row, parts)
    return Text("{0} until {1}, {2}.", parts, _day(row["until"]), _afterwards(row, currency))


def _whole(row: Mapping[str, Any]) -> Text | None:
    """The sentence where nothing is to be done that has an amount."""
    do, coming = row["do"], f"{row['units_coming']:,.0f}"
    if do == "supply_costs":
        return Text(
            "Add {0} to costs.csv to compare the choices.", listed(name for name in COSTS if pd.isna(row[name]))
        )
    if do == "carry_on" and row["short"] and row["units_coming"] > 0:
        return Text(WAIT if row["units_undated"] > 0 else "Wait for the {0} units on their way.", coming)
    if do == "carry_on" and row["dated"] and row["units_left"] >= 1:
        left = f"{row['units_left']:,.0f}"
        return Text(LEFT[row["leave_as"]], _day(row["due"]), Text("{0} units", left))
    orders = row["order_units"] > 0 or row["send_units"] > 0 or row["order_due"]
    return Text(FIXED[do]) if do in FIXED and not orders else None


def _for_a_year(row: Mapping[str, Any], parts: Text) -> Text:
    """A path without an earlier end: until a click is worth its price, where one ever is."""
    most = f"{row['highest_cpc']:,.2f}"
    if row["ads_level"] < CLICKS[0][2] and 0.01 <= row["highest_cpc"] < row["cost_per_click"] and row["price_cut"] == 0:
        return Text("{0} until a click costs {1} or less.", parts, most)
    return Text("{0} for a year.", parts)


def _parts(row: Mapping[str, Any], currency: str) -> Iterator[Text]:
    def units(name: str) -> str:
        return f"{row[name]:,.0f}"

    if row["do"] == "refill" and row["send_units"] > 0:
        yield Text("Send {0} of the units elsewhere to Amazon", units("send_units"))
    if row["do"] == "refill" and row["order_units"] > 0:
        yield Text("Order {0} units by {1}", units("order_units"), _day(row["order_by"]))
    elif row["do"] == "refill" and row["order_due"]:
        yield Text("Order stock by {0}", _day(row["order_by"]))
    if row["do"] == "stop_refill":
        text = "Stop, split or delay {0} of the inbound units"
        yield Text(
            text if row["units_inbound"] > 0 else "Hold back {0} of the units elsewhere", units("units_too_many")
        )
    for way in QUICK:
        if row[f"units_{way.left}"] > 0:
            yield Text(LEAVING[way.left], units(f"units_{way.left}"))
    if row["price_cut"] > 0:
        yield Text("Cut the price by {0}%", f"{100 * row['price_cut']:.0f}")
    if row["price_cut"] < 0:
        yield Text("Raise the price by {0}%", f"{-100 * row['price_cut']:.0f}")
    level = row["ads_level"]
    if row["clicks_now"] > 0 and level < CLICKS[0][2]:
        yield Text("Turn ads off")
    elif row["clicks_now"] > 0 and not CLICKS[1][2] <= level <= CLICKS[2][1]:
        text = "Raise ads to {0} clicks per day ({1} {2} per day)" if level > NOW else REDUCE
        clicks = row["clicks_a_day"]
        yield Text(
            text, f"{clicks:,.1f}" if clicks >= 0.1 else f"{clicks:,.2f}", currency, f"{row['ad_spend_a_day']:,.2f}"
        )


def _day(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m-%d}"


def _afterwards(row: Mapping[str, Any], currency: str) -> Text:
    """Words for what comes after the path's last day."""
    if row["dated"] and row["until"] >= row["due"]:
        return Text(REST[row["leave_as"]])
    if row["clicks_now"] > 0 and row["ads_after"] > NOW:
        amounts = f"{row['clicks_after']:,.1f}", currency, f"{row['spend_after']:,.2f}"
        return Text("then {0} ad clicks per day ({1} {2} per day)", *amounts)
    if row["clicks_now"] == 0 or row["ads_after"] != OFF:
        return Text("then carry on as today")
    stay_off = row["ads_level"] < CLICKS[0][2] and row["price_cut"] != 0
    return Text("then set the price back and leave ads off" if stay_off else "then without ads")


def reason_of(row: Mapping[str, Any]) -> Text:
    """Reason: the ASIN's place by the article, its most probable place, and why its path is worth more."""
    return listed([*_places(row), *_because(row)], " ")


def _places(row: Mapping[str, Any]) -> Iterator[Text]:
    book, side = playbook(), row["cover_probable"]
    plan, likely = book.plan(row["place_article"]), book.plan(row["place_probable"])
    if plan.key == likely.key:
        yield _one_place(plan.key)
    elif side in _covers(plan):
        yield _two_places(plan.key, likely.label, chance(row["probability"]))
    else:
        faster = FASTER if row["dated"] and side == "too_much" else ()  # what lasts beyond its day, even so
        first = next((key for key in row["reasons"].split("; ") if key not in faster), "")
        yield _two_places(plan.key, COVERS[side], chance(row["cover_probability"]), first)
    if row["dated"] and row["there"]:
        yield Text("It must be gone by {0}.", _day(row["due"]))


@cache
def _one_place(key: str) -> Text:
    plan = playbook().plan(key)
    return Text("{0}: {1}.", Text(plan.label), Text(plan.place))


@cache
def _two_places(key: str, likely: str, sure: str, because: str = "") -> Text:
    both = (Text(playbook().plan(key).label), Text(likely), sure)
    if not because:
        return Text("By the article: {0}. Most likely: {1} ({2}).", *both)
    why = Text(playbook().reasons[because])
    return Text("By the article: {0}. Most likely: {1} ({2}), because {3}.", *both, why)


FASTER = ("passing_slump", "season_begins", "stock_out")
"""Reasons why a stock lasts less long than last month's sales say."""


def _covers(plan: Plan) -> set[str]:
    """On which sides of the healthy band a place lies; a gate lies on all of them."""
    if not plan.cover[0]:
        return set(COVERS)
    sides = {"too_little"} if plan.cover[0] == "nothing" else set()
    return (
        sides
        | ({"healthy"} if plan.cover[1] == "healthy_weeks" else set())
        | ({"too_much"} if plan.cover[1] in ("exit_weeks", "for_ever") else set())
    )


def _of_what_to_do(row: Mapping[str, Any]) -> Iterator[Text]:
    do, orders = row["do"], row["do"] == "refill" and row["order_due"]
    weeks = "–" if pd.isna(row["cover_judged"]) else f"{row['cover_judged']:,.1f}"
    lead = "–" if pd.isna(row["lead_time_days"]) else f"{row['lead_time_days']:,.0f}"
    if do == "refill" and row["send_units"] > 0 and not orders:
        yield Text("The stock at Amazon lasts about {0} weeks.", weeks)
    elif do == "stop_refill" and row["dated"]:
        yield Text("Sales until then need fewer units.")
    elif do == "price_down" and row["cover_probable"] != "too_much":
        yield Text("A lower price brings more from more buyers.")
    elif do in BECAUSE and (do != "refill" or orders):
        yield Text(BECAUSE[do], lead, weeks)
    if do == "refill" and row["recommended_replenishment_units"] > 0:
        yield Text("Amazon recommends sending in {0} units.", f"{row['recommended_replenishment_units']:,.0f}")
    if orders and row["order_lasts"] > YEAR:
        yield Text("The order alone lasts {0} weeks: ask for less.", f"{row['order_lasts']:,.0f}")


def _because(row: Mapping[str, Any]) -> Iterator[Text]:
    yield from _of_what_to_do(row)
    if row["do"] == "refill" and not row["order_due"]:
        return
    if row["units_outlet"] > 0:
        yield Text(OUTLET_TEXT, f"{row['units_outlet']:,.0f}")
    if row["launch_cost_a_week"] > 0:
        yield Text("Its ads cost {0} per week more than their orders bring.", f"{row['launch_cost_a_week']:,.0f}")
    if row["ads_level"] == NOW:
        if row["pays_by_others"]:
            yield Text("Its ads stay, because they pay by the other products that they sell.")
        return
    if row["ads_level"] < NOW and row["budget_price"] > 0:
        yield Text("The ad budget is short: 1 more of it would gain {0}.", f"{row['budget_price']:,.2f}")
    now, last, most = (round(row[name], 2) for name in ("cost_per_click", "last_click", "highest_cpc"))
    if now != most and (row["ads_level"] < NOW) == (now > most):
        yield Text("A click costs {0} and is worth {1}.", f"{now:,.2f}", f"{most:,.2f}")
    elif now <= most < last:
        yield Text("The last click of a day costs {0} and is worth {1}.", f"{last:,.2f}", f"{most:,.2f}")
    elif row["ads_level"] < NOW and row["budget_price"] == 0:
        yield Text("The stock sells with fewer clicks.")

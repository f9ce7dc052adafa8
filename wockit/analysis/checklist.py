"""Tasks that no file can do, as a list for people: how much, by when, and where in Seller Central.

What goes into a bulk upload is decided in `changes`.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.bids_and_budgets import DOWN, UP
from wockit.analysis.changes import Changes
from wockit.analysis.sentences import LEAVING
from wockit.columns import TODO
from wockit.formulas.paths import YEAR
from wockit.language import Text

REMOVAL_ORDER = "Seller Central > Inventory > FBA Inventory > Create removal order"
HAND_STEPS = MappingProxyType({
    "price_cut": ("Cut the price by {0}%", "Seller Central > Inventory > Manage All Inventory"),
    "price_rise": ("Raise the price by {0}%", "Seller Central > Inventory > Manage All Inventory"),
    **{f"units_{left}": (text, REMOVAL_ORDER) for left, text in LEAVING.items()},
    "units_outlet": (
        "If Amazon offers an Outlet deal, put {0} units into it for the first two weeks of the price cut",
        "Seller Central > Advertising > Deals",
    ),
    "order_units": ("Order {0} units", "your supplier, then Seller Central > Inventory > Send to Amazon"),
})  # fmt: skip
"""Columns of the advice with an amount that people act on, the words for it, and where. A rise is a cut below 0."""
PERCENT = ("price_cut", "price_rise")
HAND_PLACES = MappingProxyType({
    "stop_refill": "Seller Central > Inventory > Shipments",
    "fix_listing": "Seller Central > Inventory > Manage All Inventory > Fix your listing",
    "test": "Seller Central > Advertising > Coupons",
    "supply_costs": "costs.csv",
})  # fmt: skip
"""Advice that is a task as a whole, and where it is done."""
CONSOLE = "Advertising console > Campaign manager"


def checklist(analysis: Analysis, asins: Iterable[str], changes: Changes) -> pd.DataFrame:
    """Tasks by hand for some ASINs, and about campaigns that no file can change (`TODO`).

    Parameters
    ----------
    analysis
        From `analyse`.
    asins
        Those whose advice was approved.
    changes
        From `changes_of`.
    """
    rows = [*_of_advice(analysis, asins), *_of_campaigns(changes)]
    table = pd.DataFrame(rows, columns=TODO)
    return table.assign(act_by=pd.to_datetime(table["act_by"])).sort_values("act_by", kind="stable", ignore_index=True)


def _of_advice(analysis: Analysis, asins: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    advice, end = analysis.advice, pd.Timestamp(analysis.account.snapshot) + pd.Timedelta(weeks=YEAR - 1)
    for asin in asins:
        if asin not in advice.index:
            continue
        row = {**advice.loc[asin], "price_rise": -advice.loc[asin, "price_cut"]}
        for name, (text, place) in HAND_STEPS.items():
            if row[name] > 0:
                amount = f"{100 * row[name]:.0f}" if name in PERCENT else f"{row[name]:,.0f}"
                day = row["order_by"] if name == "order_units" else row["act_by"]
                yield asin, Text(text, amount), day, Text(place)
        if row["do"] in HAND_PLACES:
            yield asin, row["says"], row["act_by"], Text(HAND_PLACES[row["do"]])
        if not DOWN <= row["ads_level"] <= UP and row["until"] < end:
            yield asin, Text("Set its ads back as they were, or as the advice then says"), row["until"], Text(CONSOLE)
        if row["price_cut"] != 0 and row["until"] < end:
            text = "Set its price back as it was, or as the advice then says"
            yield asin, Text(text), row["until"], Text(HAND_STEPS["price_cut"][1])


def _of_campaigns(changes: Changes) -> Iterator[tuple[Any, ...]]:
    for blocked in changes.blocked:
        yield ", ".join(blocked.asins), blocked.says, pd.NaT, Text(CONSOLE)
    for asin, why in changes.waiting.items():
        yield asin, why, pd.NaT, Text(CONSOLE)

"""Supply and pace of each ASIN in words: which units are where and when they arrive, and which sales count."""

from types import MappingProxyType
from typing import Any

import pandas as pd

from wockit.language import Text, listed, say
from wockit.reading.account import Account
from wockit.reading.sales import sales_in_period
from wockit.reading.sales_record import are_apart
from wockit.reading.supply import AT_AMAZON, INBOUND, OTHER
from wockit.show.html import Html, table
from wockit.show.labels import short

PART_TEXTS = MappingProxyType({
    "available": "available",
    "fc_transfer": "in transfer between fulfillment centers",
    "fc_processing": "in processing at a fulfillment center",
    "inbound_working": "inbound, not shipped yet",
    "inbound_shipped": "inbound, shipped",
    "inbound_receiving": "inbound, being received",
    "inbound": "inbound",
    "customer_orders": "reserved for customers, no supply",
    "unsellable": "unsellable, no supply",
    "used": "used, no supply",
})  # fmt: skip
"""What each part of the supply is called."""


def supply_table(account: Account, top: int = 10) -> Html:
    """Supply and pace, one row per ASIN: those with stock in several places or with two paces first.

    Units elsewhere without a day of arrival are named and not counted.
    """
    sold, _ = sales_in_period(account.stock, account.sales, account.sales_days or account.settings.sales_days)
    parts = account.supply
    counted = parts["part"].isin([*AT_AMAZON, *INBOUND]) | (parts["part"].eq(OTHER) & parts["arrives"].notna())
    index = account.stock.index
    ordered = account.sales["units_ordered"].reindex(index)
    frame = sold.reindex(index).assign(
        title=account.sales["title"].reindex(index).fillna(account.stock["title"]),
        units_supply=parts["units"].where(counted, 0.0).groupby(level=0).sum().reindex(index, fill_value=0.0),
        places=parts.groupby(level=0).size().reindex(index, fill_value=0),
        apart=are_apart(ordered, sold["units_sold"].reindex(index)),
        ordered=ordered,
    )
    first = frame.sort_values(["apart", "places", "units_supply"], ascending=False, kind="stable").head(top)
    listed_parts = parts.loc[parts.index.isin(first.index)]
    by_asin = {asin: rows.to_dict("records") for asin, rows in listed_parts.groupby(level=0)}
    supply = [say(listed(map(_part, by_asin.get(asin, [])), "; ")) for asin in first.index]
    pace = [say(_why(row)) for row in first.to_dict("records")]
    return table(first.assign(supply_said=supply, pace_said=pace), "title", "units_supply", "supply_said", "units_sold",
                 "pace_said")  # fmt: skip


def _part(row: dict[str, Any]) -> Text:
    """One part of the supply: units, where they are, and when they arrive."""
    place = Text(short(row["place"])) if row["part"] == OTHER else Text(PART_TEXTS[str(row["part"])])
    units = f"{row['units']:,.0f}"
    if not pd.isna(row["arrives"]):
        return Text("{0} {1}, arrives {2}", units, place, f"{row['arrives']:%Y-%m-%d}")
    return (
        Text("{0} {1}, without a date: not counted", units, place)
        if row["part"] == OTHER
        else Text("{0} {1}", units, place)
    )


def _why(row: dict[str, Any]) -> Text:
    """The sales that count toward cover, and why."""
    ordered = f"{row['ordered']:,.0f}"
    if row["units_source"] == "unknown":
        return Text("unknown: no report tells its sales")
    if row["units_source"] == "units ordered":
        return Text("units ordered, because units shipped are unknown")
    if pd.isna(row["ordered"]):
        return Text("units shipped by FBA, because the business report has no row")
    if not row["apart"]:
        return Text("units shipped by FBA; the {0} units ordered agree", ordered)
    if row["ordered"] > row["units_sold"]:
        return Text("units shipped by FBA; of {0} units ordered you send the rest yourself", ordered)
    return Text(
        "units shipped by FBA; only {0} were ordered here, so bundles, other stores or shops took the rest", ordered
    )

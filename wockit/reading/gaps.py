"""ASINs that one report has and another leaves out: unknown there, not zero; and costs that cannot be.

Findings on the set of files as a whole are in `referee`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

import pandas as pd

from wockit.language import Text
from wockit.notes import Note, some
from wockit.reading.reports import Report
from wockit.reading.stock import units_shipped_in


def gaps(
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    ads: pd.DataFrame,
    costs: pd.DataFrame,
    roles: Mapping[str, Sequence[Report]],
    day: date,
) -> Iterator[Note]:
    """Notes on unknown data of ASINs, by the tables of an account and the reports of each role."""
    files = {role: reports[0].file for role, reports in roles.items() if reports}
    yield from _of_stock(stock, sales, ads, files["stock"])
    yield from _reserved(stock, files["stock"])
    yield from _undated(stock, costs, files["stock"])
    if "sales" in files:
        yield from _of_sales(stock, sales, files["sales"])
    else:
        yield Note("warning", "business report", "there is none. Units shipped by FBA are used as units sold.")
    if "ads" not in files:
        text = "there is none. No ASIN has a ROAS, so none has a place in the matrix."
        yield Note("warning", "advertising report", text)
    if "costs" in files:
        yield from _of_costs(stock, costs, files["costs"], day)


def of_seller(sales: pd.DataFrame, asins: Set[str], roles: Mapping[str, Sequence[Report]]) -> Iterator[Note]:
    """A note on ASINs that sold and that only the seller sends: an inventory report says that they are not at FBA."""
    sold = sales.index[sales["units_ordered"].gt(0) & sales.index.isin(asins)]
    text = "{0} ASINs are not at FBA, because you send them yourself. They have no cover: {1}."
    yield from _named("info", roles["stock"][0].file, text, sold)


def _of_stock(stock: pd.DataFrame, sales: pd.DataFrame, ads: pd.DataFrame, file: str) -> Iterator[Note]:
    spent = ads.groupby("asin")[["ad_spend", "ad_clicks"]].sum()
    active = sales.index[sales["units_ordered"].gt(0)].union(spent.index[spent.gt(0).any(axis=1)])
    idle = sales.index.union(spent.index).difference(stock.index).difference(active)
    text = "{0} ASINs with sales or advertising have no row, so their stock is unknown: {1}."
    yield from _named("warning", file, text, active.difference(stock.index))
    yield from _named("info", file, "{0} ASINs of the sales report that sold nothing have no row.", idle)


def _reserved(stock: pd.DataFrame, file: str) -> Iterator[Note]:
    """Units that may be in transfer, so that they can be sold, or reserved for customers: the report does not say."""
    many = stock["units_reserved"].gt(stock["units_available"]) & stock["units_fc_transfer"].isna()
    text = (
        "{0} ASINs have more units reserved than available: {1}. This report does not say how many of these are in "
        "transfer and can be sold, so none count as stock. Download FBA Inventory, which says it."
    )
    yield from _named("warning", file, text, stock.index[many])


def _undated(stock: pd.DataFrame, costs: pd.DataFrame, file: str) -> Iterator[Note]:
    day = costs["inbound_arrives"].reindex(stock.index)
    text = (
        "{0} ASINs have inbound units without an arrival date: {1}. They count as too much stock, but do not end a "
        "shortage. Write inbound_arrives in costs.csv."
    )
    coming = stock["units_inbound"] - stock["units_inbound_receiving"].fillna(0.0)
    yield from _named("info", file, text, stock.index[coming.gt(0) & day.isna()])


def _of_sales(stock: pd.DataFrame, sales: pd.DataFrame, file: str) -> Iterator[Note]:
    missing = stock.index.difference(sales.index)
    shipped = units_shipped_in(stock, 30).reindex(missing).notna()
    text = "{0} ASINs in stock have no row. Units shipped by FBA are used as units sold: {1}."
    yield from _named("info", file, text, missing[shipped])
    text = (
        "{0} ASINs in stock have no row, so their units sold are unknown: {1}. Add FBA Inventory, or a business report "
        "that lists them."
    )
    yield from _named("warning", file, text, missing[~shipped])


def _of_costs(stock: pd.DataFrame, costs: pd.DataFrame, file: str, day: date) -> Iterator[Note]:
    price = costs["price"].fillna(stock["price"].reindex(costs.index))
    text = "the landed cost of {0} ASINs is above their price: {1}. Is it the cost of one unit?"
    yield from _named("warning", file, text, costs.index[costs["landed_cost"].gt(price)], "cost_above_price")
    text = "the fulfilment fee of {0} ASINs is above their price: {1}. Is it the fee for one unit?"
    yield from _named("warning", file, text, costs.index[costs["fulfilment_fee"].gt(price)])
    text = "value_elsewhere of {0} ASINs is above their price: {1}. Is it the value of one unit?"
    yield from _named("warning", file, text, costs.index[costs["value_elsewhere"].gt(price)])
    text = "the clear_by date of {0} ASINs has passed, so clear_days is used instead: {1}."
    yield from _named("warning", file, text, costs.index[costs["clear_by"].le(pd.Timestamp(day))])
    text = "{0} ASINs have no landed cost, so their stock is valued at its selling price: {1}."
    yield from _named("info", file, text, stock.index.difference(costs.index[costs["landed_cost"].notna()]))


def _named(level: str, file: str, text: str, asins: pd.Index, code: str = "") -> Iterator[Note]:
    """A note that counts and names ASINs; none where there are none."""
    if len(asins):
        yield Note(level, file, Text(text, len(asins), some(asins.tolist())), code)

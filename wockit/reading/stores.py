"""The rows of one store in a report: its marketplace, what shares its stock, and its units of measure.

How several reports become one table is in `stock`, `sales` and `ads`.
"""

import pandas as pd

from wockit.columns import (
    STOCK_SUMS,
)
from wockit.formulas import units
from wockit.language import Text
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.reports import Report
from wockit.reading.stock import SHIPPED, with_sums

SOLD_BY_STORE = frozenset({"restock_inventory"})
"""Inventory reports that tell what a marketplace sold, not what its stock shipped."""


def of_marketplace(report: Report, marketplace: str) -> tuple[pd.DataFrame, list[Note]]:
    """The rows of one marketplace; a pan-EU file repeats the same units for each of them.

    Raises
    ------
    AccountError
        If all rows are of other marketplaces.
    """
    rows = report.table
    stated = rows["marketplace"] if "marketplace" in rows else pd.Series(None, index=rows.index, dtype="str")
    other = stated.notna() & (stated != marketplace)
    if report.schema.role == "fees":
        return rows[~other], []
    if len(rows) and other.all():
        message = Text("its marketplace is {0}, but the account's is {1}.", some(sorted(stated.unique())), marketplace)
        raise AccountError(
            [Problem(report.file, message, "Correct the marketplace in account.toml, or use another file.")]
        )
    return own_rows(report, marketplace)


def own_rows(report: Report, marketplace: str) -> tuple[pd.DataFrame, list[Note]]:
    """The rows of one marketplace, with what other marketplaces sell from the same stock; none where all are of others.

    Orders of no marketplace are Amazon's own for removals and those of other shops that FBA sends: a file does not tell
    them apart, so they are no sales. What FBA shipped holds the latter.
    """
    rows, notes = report.table, []
    stated = rows["marketplace"] if "marketplace" in rows else pd.Series(None, index=rows.index, dtype="str")
    if "purchase_date" in rows and "marketplace" in report.header and (outside := stated.isna()).any():
        text = Text(
            "{0} of {1} outside Amazon (removals or multi-channel, which the file does not tell apart) are not counted "
            "as sales. Units shipped in FBA Inventory contain what went to customers.",
            Text("{0} units", f"{rows.loc[outside, 'units_ordered'].sum():,.0f}"),
            Text("{0} orders", int(outside.sum())),
        )
        notes.append(Note("info", report.file, text))
        rows, stated = rows[~outside], stated[~outside]
    other = stated.notna() & (stated != marketplace)
    if not other.any():
        own, more = once(report, rows)
        return own, [*notes, *more]
    own, pooled, stores = _pooled(rows[~other], rows[other]) if report.schema.role == "stock" else (rows[~other], 0, [])
    named = some(sorted(stated[other].unique()))
    text = Text("{0} rows of other marketplaces ({1}) were left out.", int(other.sum()), named)
    notes.append(Note("warning", report.file, text, "marketplaces_mixed"))
    if pooled and report.schema.key in SOLD_BY_STORE:
        text = Text(
            "{0} SKUs show the same stock for {1}. Only units sold in {2} count toward cover. To count what all of "
            "them ship, download FBA Inventory.",
            pooled,
            some(stores),
            marketplace,
        )
        return rows[~other], [*notes, Note("warning", report.file, text)]
    if pooled:
        text = Text(
            "{0} SKUs share their stock with {1}. The units that all of them ship count toward cover.",
            pooled,
            some(stores),
        )
        notes.append(Note("info", report.file, text))
    return own, notes


def _pooled(own: pd.DataFrame, other_rows: pd.DataFrame) -> tuple[pd.DataFrame, int, list[str]]:
    """Rows with what other marketplaces ship of the same stock, of how many SKUs that is, and those marketplaces.

    A marketplace shares the stock where at least half of the SKUs that both have show the same units in both: at
    Amazon or, where nothing is there, on their way. A row whose units shipped are those of the own row says the same
    thing twice, and adds nothing.
    """
    steps = [name for name in SHIPPED if name in own]
    at_amazon, coming = "units_at_amazon", "units_inbound"
    groups = _with_piles(other_rows).groupby("marketplace", sort=True)
    first = _with_piles(own).drop_duplicates("sku").set_index("sku")
    units = dict.fromkeys(steps, 0.0)
    shared: set[str] = set()
    stores: list[str] = []
    for store, rows in groups:
        theirs = rows.dropna(subset="sku").groupby("sku").first().reindex(first.index.dropna())
        there = first[at_amazon].gt(0) | theirs[at_amazon].gt(0)
        same = theirs[at_amazon].eq(first[at_amazon]) & (there | theirs[coming].eq(first[coming]))
        stocked = there | first[coming].gt(0) | theirs[coming].gt(0)
        if not (both := theirs[at_amazon].notna() & stocked).any() or same[both].mean() < 1 / 2:
            continue
        repeats = (theirs[steps].eq(first[steps]) | (theirs[steps].isna() & first[steps].isna())).all(axis=1)
        more = theirs[steps].where(same & ~repeats, 0.0).fillna(0.0)
        if ships := set(more.index[more.gt(0).any(axis=1)]):
            shared |= ships
            stores.append(str(store))
        units = {name: units[name] + more[name] for name in steps}
    if not shared:
        return own, 0, []
    first_of_sku = ~own["sku"].duplicated()
    added = {name: own[name] + own["sku"].map(units[name]).where(first_of_sku).fillna(0.0) for name in steps}
    return own.assign(**added), len(shared), stores


def _with_piles(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their units at Amazon, those in transfer and in processing included, and those on their way."""
    rows = with_sums(rows)
    parts = [rows[name].fillna(0.0) for name in ("units_fc_transfer", "units_fc_processing") if name in rows]
    return rows.assign(units_at_amazon=sum(parts, rows["units_available"]))


def in_our_units(report: Report, rows: pd.DataFrame, marketplace: str) -> tuple[pd.DataFrame, list[Note]]:
    """Rows with volumes in cubic feet and weights as the rates count them; an unknown unit leaves none, with a note."""
    notes = []
    for column, unit, convert in (
        ("item_volume", "volume_unit", units.cubic_feet),
        ("unit_weight", "weight_unit", units.weights),
    ):
        if column not in rows or report.schema.role == "costs" or rows[column].isna().all():
            continue
        stated = rows[unit] if unit in rows else pd.Series(None, index=rows.index, dtype="str")
        converted = convert(rows[column].astype(float), stated, marketplace)
        if (lost := rows[column].notna() & converted.isna()).any():
            words = sorted(set(stated[lost].dropna()))
            text = Text(
                "{0} values of {1} have no known unit of measure ({2}) and are not used: the fees that rest on them "
                "are unknown.",
                int(lost.sum()),
                repr(column),
                some(words, words=True) if words else Text("none stated"),
            )
            notes.append(Note("warning", report.file, text))
        rows = rows.assign(**{column: converted})
    return rows, notes


def once(report: Report, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Rows of an inventory report without those that it repeats for each marketplace without saying so."""
    stated = "marketplace" in rows and rows["marketplace"].notna().any()
    if report.schema.role != "stock" or report.schema.key == "inventory_ledger" or stated:
        return rows, []
    same = [name for name in ("asin", "sku", "condition", *STOCK_SUMS) if name in rows and name not in SHIPPED]
    again = rows["sku"].notna() & rows.duplicated(same)
    if not again.any():
        return rows, []
    once, _, _ = _pooled(
        rows[~again], rows[again].assign(marketplace=rows[again].groupby("sku").cumcount().astype(str))
    )
    text = Text(
        "{0} rows repeat a SKU with the same units and were counted once, as in a pan-EU report without a "
        "marketplace column.",
        int(again.sum()),
    )
    return once, [Note("warning", report.file, text, "marketplaces_mixed")]

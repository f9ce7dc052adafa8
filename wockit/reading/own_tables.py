"""The seller's own files, by ASIN: costs.csv, and stock.csv beside Amazon's AWD report."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from wockit.columns import (
    COSTS,
    OTHER_STOCK,
    nothing,
)
from wockit.language import Text
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.reports import Report
from wockit.reading.stock import plain_sku

HIGHEST_RATE = 0.99
"""The highest referral rate: with all of the price gone, nothing can be calculated."""


def costs_by_asin(report: Report, skus: Mapping[str, str]) -> tuple[pd.DataFrame, list[Note]]:
    """Cost and proceeds of a unit, by ASIN; a line with only a SKU counts for its ASIN.

    Raises
    ------
    AccountError
        If a referral rate is above 0.99.
    """
    table = report.table
    if (beyond := table["referral_rate"].gt(HIGHEST_RATE)).any():
        rate = table["referral_rate"][beyond].iloc[0]
        message = Text("{0} rates above {2}, e.g. {1}.", int(beyond.sum()), f"{rate:g}", HIGHEST_RATE)
        raise AccountError(
            [Problem(Text("{0}, column 'referral_rate'", report.file), message, "For 15% write 0.15 or 15%.")]
        )
    asin, notes = _named(table, skus, report.file)
    costs = table.assign(asin=asin).dropna(subset=["asin"]).reindex(columns=["asin", *COSTS])
    if twice := costs["asin"][costs["asin"].duplicated()].unique().tolist():
        notes.append(Note("warning", report.file, Text("several lines for {0}; the first one is used.", some(twice))))
    if free := costs["asin"][costs["price"].eq(0)].unique().tolist():
        text = Text("the price of {0} ASINs is 0 and counts as missing: {1}.", len(free), some(free))
        notes.append(Note("warning", report.file, text))
    costs["price"] = costs["price"].where(costs["price"].gt(0))
    return costs.drop_duplicates("asin").set_index("asin").sort_index()[[*COSTS]].astype(COSTS), notes


def other_stock_by_asin(
    reports: Sequence[tuple[Report, pd.DataFrame]], skus: Mapping[str, str], day: date
) -> tuple[pd.DataFrame, list[Note]]:
    """Stock that is not at Amazon's fulfillment centers: where, units and the day of arrival, by ASIN.

    A day before `day` has passed: what was to arrive then counts as undated.
    """
    notes, tables = [], []
    for report, rows in reports:
        if report.schema.key == "awd_inventory":
            units = rows[["units_in_awd", "units_to_awd"]].sum(axis=1, min_count=1)
            table = rows[["asin"]].assign(place="AWD", units=units, arrives=pd.NaT)
        else:
            asin, more = _named(rows, skus, report.file)
            notes += more
            table = rows.assign(asin=asin)
            passed = table["arrives"].lt(pd.Timestamp(day))
            if passed.any():
                text = Text("{0} arrival dates have passed. Their units count as undated.", int(passed.sum()))
                notes.append(Note("warning", report.file, text))
            table = table.assign(arrives=table["arrives"].mask(passed))
        tables.append(table[table["units"].gt(0)].dropna(subset=["asin"]))
    if not tables:
        return nothing(OTHER_STOCK), notes
    whole = pd.concat(tables)
    if undated := whole.loc[whole["arrives"].isna(), "asin"].unique().tolist():
        text = Text(
            "{0} ASINs have stock elsewhere without an arrival date: {1}. Send it in before you order more; without a "
            "date it does not end a shortage.",
            len(undated),
            some(undated),
        )
        notes.append(Note("info", reports[-1][0].file, text))
    return whole.set_index("asin")[[*OTHER_STOCK]].astype(OTHER_STOCK).sort_index(kind="stable"), notes


def _named(rows: pd.DataFrame, skus: Mapping[str, str], file: str) -> tuple[pd.Series, list[Note]]:
    """The ASIN of each line, by its SKU where it names none; lines that name no product that is known are noted.

    A SKU that a spreadsheet made a number is that of the only product it may have been, unless a line names that one.
    """
    named = rows["sku"].dropna().unique()
    there = {plain_sku(sku) for sku in named if sku in skus}
    plain: dict[str, set[str]] = {}
    for sku, asin in skus.items():
        plain.setdefault(plain_sku(sku), set()).add(asin)
    alike = {sku: next(iter(asins)) for sku, asins in plain.items() if len(asins) == 1 and sku not in there}
    by_name = {sku: skus.get(sku) or alike.get(plain_sku(sku)) for sku in named}
    by_sku = pd.Series([by_name.get(sku) for sku in rows["sku"]], index=rows.index, dtype="str")
    asin, notes = rows["asin"].fillna(by_sku), []
    if nameless := int((rows["asin"].isna() & rows["sku"].isna()).sum()):
        text = Text("{0} lines have neither an ASIN nor a SKU and were left out.", nameless)
        notes.append(Note("warning", file, text))
    if unknown := rows["sku"][asin.isna()].dropna().tolist():
        notes.append(Note("warning", file, Text("SKUs without an inventory row: {0}.", some(unknown, words=True))))
    return asin, notes

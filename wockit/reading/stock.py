"""Several inventory reports as one table: the stock of each ASIN, and what was shipped of it.

SKUs add up, the better report wins, and no unit counts twice.
"""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from wockit.columns import (
    AMAZON,
    STOCK,
    STOCK_FIRST,
    STOCK_SUMS,
    among,
    joined_by,
    nothing,
)
from wockit.language import Text, listed
from wockit.notes import Note, some
from wockit.reading.reports import Report

LEDGER_DAYS = 30


_HERE = (
    "units_available", "units_reserved", "units_unfulfillable", "units_fc_transfer", "units_fc_processing",
    "units_customer_order", "units_in_warehouse",
)  # fmt: skip
_COMING = ("units_inbound", "units_inbound_working", "units_inbound_shipped", "units_inbound_receiving")
_UNITS = (*_HERE, *_COMING, "units_in_all")
"""Columns of an inventory report that tell units in stock, on their way, or both."""


_STEPS = (7, 30, 60, 90)


SHIPPED = tuple(f"units_shipped_{days}_days" for days in _STEPS)


FACTS = MappingProxyType(
    {
        "units shipped": SHIPPED,
        "units available": ("units_available",),
        "units in transfer": ("units_fc_transfer",),
        "units in processing": ("units_fc_processing",),
        "inbound units": _COMING,
        "reserved units": ("units_reserved", "units_customer_order"),
        "unsellable units": ("units_unfulfillable",),
        "prices": ("price", "sale_price"),
        "quantities that Amazon recommends": ("recommended_replenishment_units",),
    }
)
"""What a weaker inventory report tells of a SKU where the better one says nothing, and its columns.

They are taken together: parts of two downloads do not add up.
"""


GRADED = "amzn.gr."
"""How the SKUs begin under which Amazon sells returned units as used."""
NOT_NEW = (
    *("used", "refurbished", "renewed", "collectible", "open", "gebraucht", "generalüberholt"),
    *("occasion", "d'occasion", "d’occasion", "reconditionné", "usato", "ricondizionato", "usado", "usada"),
    *("reacondicionado", "gebruikt", "używan", "begagna", "ikinci", "中古", "再生", "二手", "翻新"),
)
"""How the conditions begin of units that are not new, in the languages of the reports."""


def stock_by_asin(reports: Sequence[tuple[Report, pd.DataFrame]]) -> tuple[pd.DataFrame, list[Note]]:
    """Stock of each ASIN from the best report that has it; several SKUs add up.

    Parameters
    ----------
    reports
        Inventory reports with their rows, best first. A weaker one only gives ASINs, SKUs with stock, and facts of a
        SKU that the better ones leave out.
    """
    whole, notes = _completed([(report, with_sums(_stocked(report, every))) for report, every in reports])
    taken: list[pd.DataFrame] = []
    asins: set[str] = set()
    skus: set[str] = set()
    piles: set[str] = set()
    for report, every in whole:
        rows, more = _one_pile(report, every)
        notes += more
        added = ~rows["asin"].isin(asins)
        stranger = ~added & rows["sku"].notna() & ~rows["sku"].isin(skus) & rows["units_available"].gt(0)
        same = _fnskus(rows).isin(piles) | rows["sku"].map(plain_sku, na_action="ignore").isin(map(plain_sku, skus))
        further = stranger & ~same
        for name, left in (("asin", added), ("sku", further)):
            if taken and left.any():
                names = sorted(set(rows.loc[left, name]))
                named = some(names, words=name == "sku")
                text = Text(
                    "{0} {1}s are missing in the better inventory report and come from this file: {2}.",
                    len(names),
                    name.upper(),
                    named,
                )
                notes.append(Note("info", report.file, text))
        if (again := stranger & same).any():
            named = some(sorted(set(rows.loc[again, "sku"])), words=True)
            text = Text(
                "{0} SKUs are spelled differently in the better inventory report. Their units are counted once: "
                "{1}. Download the file again, and do not save it in Excel.",
                int(again.sum()),
                named,
            )
            notes.append(Note("warning", report.file, text))
        taken.append(rows[added | further])
        asins |= set(rows["asin"])
        skus |= set(rows["sku"].dropna())
        piles |= set(_fnskus(rows).dropna())
    parts = [part for part in taken if len(part)]
    return (_stock_of(pd.concat(parts)) if parts else nothing(STOCK)), notes


def plain_sku(sku: str) -> str:
    """A SKU as Excel and other programs may leave it: without leading zeros, in small letters.

    Examples
    --------
    >>> plain_sku("00123-A"), plain_sku("123-a")
    ('123-a', '123-a')
    """
    return sku.casefold().lstrip("0")


def _fnskus(rows: pd.DataFrame) -> pd.Series:
    return rows.get("fnsku", pd.Series(None, index=rows.index, dtype="str"))


def _stocked(report: Report, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that tell stock: the last day of a ledger, and no listing without any unit at FBA."""
    if report.schema.key == "inventory_ledger":
        return _last_day(rows)
    if "fba_listing_exists" not in rows:
        return rows
    listed = rows["fba_listing_exists"].astype("str").str.casefold().eq("yes")
    return rows[listed | _has_units(rows)]


def _has_units(rows: pd.DataFrame) -> pd.Series:
    return rows[[name for name in _UNITS if name in rows]].gt(0).any(axis=1)


def with_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their units in transfer and inbound, in whichever form a report gives them."""
    split = rows[[name for name in rows.columns if name.startswith("units_inbound_")]].sum(axis=1, min_count=1)
    inbound = rows["units_inbound"].astype(float).fillna(split) if "units_inbound" in rows else split
    return rows.assign(units_fc_transfer=in_fc_transfer(rows), units_inbound=inbound)


def _completed(
    reports: Sequence[tuple[Report, pd.DataFrame]],
) -> tuple[list[tuple[Report, pd.DataFrame]], list[Note]]:
    """Reports with the facts of their SKUs that only a weaker one has."""
    completed = []
    facts: dict[str, list[str]] = {report.file: [] for report, _ in reports}
    for number, (report, own) in enumerate(reports):
        rows = own
        for weaker, weaker_rows in reports[number + 1 :]:
            rows, more = _with_facts(rows, weaker_rows)
            facts[weaker.file] += more
        completed.append((report, rows))
    text = "this file supplies {0} that the better inventory report lacks for some SKUs."
    named = {file: listed(map(Text, dict.fromkeys(several))) for file, several in facts.items() if several}
    return completed, [Note("info", file, Text(text, several)) for file, several in named.items()]


def _with_facts(rows: pd.DataFrame, other_rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Rows with the facts of their SKUs that only other rows have, and which facts those are."""
    keys, other_keys = (
        [table["asin"], table["sku"].map(plain_sku, na_action="ignore")] for table in (rows, other_rows)
    )
    index = pd.MultiIndex.from_arrays(keys)
    once = rows["sku"].notna() & ~index.duplicated()
    filled: dict[str, pd.Series] = {}
    facts = []
    for fact, names in FACTS.items():
        own, others_own = ([name for name in names if name in table] for table in (rows, other_rows))
        silent = once & rows[own].isna().all(axis=1)
        if not others_own or not silent.any():
            continue
        groups = other_rows[others_own].astype(float).groupby(other_keys)
        values = groups.max() if fact == "prices" else groups.sum(min_count=1)
        values = values.reindex(index).set_axis(rows.index).where(silent)
        if values.isna().all(axis=None):
            continue
        facts.append(fact)
        for name in others_own:
            before = rows[name].astype(float) if name in rows else pd.Series(np.nan, index=rows.index)
            filled[name] = before.fillna(values[name])
    return rows.assign(**filled), facts


def _one_pile(report: Report, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Rows without the units that stand at several SKUs of one FNSKU: these share one pile.

    What is inbound belongs to the pile too where it is the same at each SKU, and so are the units shipped.
    """
    here, coming = ([name for name in names if name in rows] for names in (_HERE, _COMING))
    in_stock = _fnskus(rows).notna() & rows[here].gt(0).any(axis=1)
    again = in_stock & rows.duplicated(["asin", "fnsku", *here]) if in_stock.any() else in_stock
    if report.schema.key == "inventory_ledger" or not again.any():
        return rows, []
    text = Text(
        "{0} SKUs share their FNSKU and units with another SKU. These units are counted once: {1}.",
        int(again.sum()),
        some(sorted(set(rows.loc[again, "sku"].dropna())), words=True),
    )
    steps = [name for name in SHIPPED if name in rows]
    same_coming, same_steps = (again & rows.duplicated(["asin", "fnsku", *here, *names]) for names in (coming, steps))
    rows = rows.copy()
    rows.loc[again, here] = np.nan
    rows.loc[again, "units_available"] = 0.0
    rows.loc[same_coming, coming] = np.nan
    rows.loc[same_steps, steps] = np.nan
    return rows, [Note("warning", report.file, text)]


def _stock_of(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *STOCK, "sale_price"]))
    surcharges = rows[[name for name in rows if name.startswith("amazon_aged_surcharge_")]]
    rows["amazon_aged_surcharge"] = surcharges.sum(axis=1, min_count=1)
    rows["price"] = rows["sale_price"].where(rows["sale_price"].gt(0), rows["price"].where(rows["price"].gt(0)))
    used = _are_used(rows)
    rows["units_used"] = rows["units_available"].where(used)
    if used.any():
        rows.loc[used, [*set(STOCK_SUMS) - {"units_used"}, "price"]] = np.nan
        rows.loc[used, "units_available"] = 0.0
    rows = rows.assign(used=used).sort_values(
        ["used", "units_available"], ascending=[True, False], kind="stable", na_position="last"
    )
    groups = rows.groupby("asin", sort=True)
    stock = groups[STOCK_SUMS].sum(min_count=1)
    stock[STOCK_FIRST] = groups[STOCK_FIRST].first()
    stock[AMAZON] = groups[AMAZON].first().where((~rows["used"]).groupby(rows["asin"]).sum() == 1)
    pairs = rows[["asin", "sku"]].dropna().drop_duplicates().sort_values(["asin", "sku"])
    stock["skus"] = joined_by(pairs["sku"], pairs["asin"]).reindex(stock.index, fill_value="")
    older = stock[["units_aged_366_to_455", "units_aged_over_455"]].sum(axis=1, min_count=1)
    stock["units_aged_over_365"] = stock["units_aged_over_365"].fillna(older)
    return stock[[*STOCK]].astype(STOCK)


_TRANSFER = ("units_reserved_fc_transfer", "units_buyable", "units_in_transit")


def in_fc_transfer(rows: pd.DataFrame) -> pd.Series:
    """Units on their way between fulfillment centers, as each form of each inventory report tells them [unit].

    Amazon sells them, and ships them later. Missing where a report does not tell them apart from what is reserved.
    """
    column = {name: rows[name].astype(float) for name in ("units_fc_transfer", *_TRANSFER) if name in rows}
    units = pd.Series(np.nan, index=rows.index)
    for name in ("units_fc_transfer", "units_reserved_fc_transfer", "units_in_transit"):
        units = units.fillna(column.get(name, units))
    if "units_buyable" in column:
        units = units.fillna((column["units_buyable"] - rows["units_available"]).clip(lower=0.0))
    return units


def _are_used(rows: pd.DataFrame) -> pd.Series:
    """Rows of used units that are not what the offer sells: those Amazon graded, and used ones beside new ones."""
    graded = rows["sku"].astype("str").str.casefold().str.startswith(GRADED).fillna(False).astype(bool)
    condition = rows["condition"].astype("str").str.casefold().str.strip()
    used = condition.str.startswith(NOT_NEW).fillna(False).astype(bool) & ~graded
    return graded | (used & among(rows["asin"], rows.loc[~graded & ~used, "asin"]))


def _last_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Stock on the last day of a daily ledger, and the units shipped in its last 30 days where it covers them."""
    last = rows["snapshot_date"].max()
    month = rows[rows["snapshot_date"] > last - pd.Timedelta(days=LEDGER_DAYS)]
    days = (last - rows["snapshot_date"].min()).days + 1
    shipped = -month.groupby("asin")["customer_shipments"].sum(min_count=1)
    today = rows[rows["snapshot_date"] == last]
    first = ~today["asin"].duplicated()
    units_shipped = today["asin"].map(shipped) if days >= LEDGER_DAYS else np.nan
    return today.assign(units_shipped_30_days=pd.Series(units_shipped, index=today.index).where(first))


def skus_of(tables: Iterable[pd.DataFrame]) -> dict[str, str]:
    """The ASIN of each SKU that an inventory report names."""
    rows = pd.concat([table[["sku", "asin"]] for table in tables]).dropna().drop_duplicates("sku")
    return dict(zip(rows["sku"], rows["asin"], strict=True))


def sent_by_seller(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The `sku` and `asin` of each listing that an inventory report says is not at FBA."""
    listings = []
    for table in (table for table in tables if "fba_listing_exists" in table):
        absent = table["fba_listing_exists"].astype("str").str.casefold().eq("no")
        listings.append(table.loc[absent & ~_has_units(table), ["sku", "asin"]].dropna())
    return pd.concat(listings) if listings else pd.DataFrame({"sku": [], "asin": []}, dtype="str")


def days_shipped(stock: pd.DataFrame) -> pd.Series:
    """The longest step of units shipped that is known of each ASIN; 0 where none is [day]."""
    by_step = {step: stock[name].ge(0) for step, name in zip(_STEPS, SHIPPED, strict=True) if name in stock}
    return pd.DataFrame({step: flags * step for step, flags in by_step.items()}, index=stock.index).max(axis=1)


def units_shipped_in(stock: pd.DataFrame, days: int) -> pd.Series:
    """Units shipped in a number of last days, between the steps that an inventory report states [unit].

    A negative count says that Amazon knows nothing. Beyond the last known step the pace goes on.

    Examples
    --------
    >>> stock = pd.DataFrame({"units_shipped_7_days": [7.0], "units_shipped_30_days": [53.0]})
    >>> units_shipped_in(stock, 7).tolist(), units_shipped_in(stock, 14).tolist(), units_shipped_in(stock, 60).tolist()
    ([7.0], [21.0], [106.0])
    """
    low, high = np.zeros(len(stock)), np.full(len(stock), np.nan)
    low_day, high_day = low, high
    for step, name in zip(_STEPS, SHIPPED, strict=True):
        if name not in stock:
            continue
        units = stock[name].to_numpy(dtype=float, na_value=np.nan)
        before, after = (units >= 0) & (step <= days), (units >= 0) & np.isnan(high) & (step >= days)
        low, low_day = np.where(before, units, low), np.where(before, step, low_day)
        high, high_day = np.where(after, units, high), np.where(after, step, high_day)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(high_day > low_day, (days - low_day) / (high_day - low_day), 0.0)
        inside = low + np.maximum(high - low, 0.0) * share
        beyond = np.where(low_day > 0, low * days / low_day, np.nan)
    return pd.Series(np.where(np.isnan(inside), beyond, inside), index=stock.index)

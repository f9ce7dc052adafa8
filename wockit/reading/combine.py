"""Several reports of one kind as one table: stock, sales, advertising and costs, one row per ASIN.

It adds up SKUs, chooses between sources, and counts nothing twice. `folder` finds the files, `reports` reads one file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import (
    AD_SUMS,
    ADS,
    AMAZON,
    COSTS,
    OTHER_STOCK,
    SALES,
    SALES_SUMS,
    STOCK,
    STOCK_SUMS,
    STOCK_TEXTS,
    VISITS,
    nothing,
)
from wockit.formulas import units
from wockit.language import Text
from wockit.marketplaces import local_day, local_days
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.reports import Report

LEDGER_DAYS = 30


_DAY = np.timedelta64(24 * 60 * 60, "s")


_BLOCK = 1 << 17
"""Rows that are added up at once: few, so that they stay close to the processor."""


_UNITS = (
    "units_available", "units_inbound", "units_inbound_working", "units_inbound_shipped", "units_inbound_receiving",
    "units_reserved", "units_unfulfillable", "units_fc_transfer", "units_in_warehouse", "units_in_all",
)  # fmt: skip
"""Columns of an inventory report that tell units in stock or on their way."""


_STEPS = (7, 30, 60, 90)


_SHIPPED = tuple(f"units_shipped_{days}_days" for days in _STEPS)


GRADED = "amzn.gr."
"""How the SKUs begin under which Amazon sells returned units as used."""


DISPLAY = "display|展示|ディスプレイ"
"""How an ad product is called that is Sponsored Display."""


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
        found = Text("its marketplace is {0}, but the account's is {1}.", some(sorted(stated.unique())), marketplace)
        raise AccountError(
            [Problem(report.file, found, "Correct the marketplace in account.toml, or use another file.")]
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
            "{0} units of {1} orders outside Amazon (removals, multi-channel) are no sales: units shipped by FBA "
            "count what went to customers.",
            f"{rows.loc[outside, 'units_ordered'].sum():,.0f}",
            int(outside.sum()),
        )
        notes.append(Note("info", report.file, text))
        rows, stated = rows[~outside], stated[~outside]
    other = stated.notna() & (stated != marketplace)
    if not other.any():
        own, more = once(report, rows)
        return own, [*notes, *more]
    own, pooled = _pooled(rows[~other], rows[other]) if report.schema.role == "stock" else (rows[~other], 0)
    named = some(sorted(stated[other].unique()))
    text = Text("{0} rows of other marketplaces ({1}) were left out.", int(other.sum()), named)
    notes.append(Note("warning", report.file, text, "marketplaces_mixed"))
    if pooled:
        text = Text(
            "{0} SKUs share their stock with {1}. The units that all of them ship count toward cover.", pooled, named
        )
        notes.append(Note("info", report.file, text))
    return own, notes


def _pooled(own: pd.DataFrame, others: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Rows with what other marketplaces ship of the same stock, and of how many SKUs that is.

    A marketplace shares the stock where at least half of the SKUs that both have show the same units in both. A row
    whose units shipped are those of the own row says the same thing twice, and adds nothing.
    """
    steps = [name for name in _SHIPPED if name in own]
    groups = others.groupby("marketplace", sort=True)
    first = own.drop_duplicates("sku").set_index("sku")
    units = dict.fromkeys(steps, 0.0)
    shared: set[str] = set()
    for _, rows in groups:
        theirs = rows.dropna(subset="sku").groupby("sku").first().reindex(first.index.dropna())
        same = theirs["units_available"].eq(first["units_available"])
        stocked = first["units_available"].gt(0) | theirs["units_available"].gt(0)
        if not (both := theirs["units_available"].notna() & stocked).any() or same[both].mean() < 1 / 2:
            continue
        repeats = (theirs[steps].eq(first[steps]) | (theirs[steps].isna() & first[steps].isna())).all(axis=1)
        more = theirs[steps].where(same & ~repeats, 0.0).fillna(0.0)
        shared |= set(more.index[more.gt(0).any(axis=1)])
        units = {name: units[name] + more[name] for name in steps}
    if not shared:
        return own, 0
    first_of_sku = ~own["sku"].duplicated()
    added = {name: own[name] + own["sku"].map(units[name]).where(first_of_sku).fillna(0.0) for name in steps}
    return own.assign(**added), len(shared)


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


def stock_by_asin(reports: Sequence[tuple[Report, pd.DataFrame]]) -> tuple[pd.DataFrame, list[Note]]:
    """Stock of each ASIN from the best report that has it; several SKUs add up.

    Parameters
    ----------
    reports
        Inventory reports with their rows, best first. A weaker one only gives ASINs, and SKUs with stock, that the
        better ones leave out.
    """
    notes: list[Note] = []
    taken: list[pd.DataFrame] = []
    asins: set[str] = set()
    skus: set[str] = set()
    piles: set[str] = set()
    for report, every in reports:
        rows, more = _one_pile(report, _stocked(report, every))
        notes += more
        added = ~rows["asin"].isin(asins)
        stranger = ~added & rows["sku"].notna() & ~rows["sku"].isin(skus) & rows["units_available"].gt(0)
        same = _fnskus(rows).isin(piles) | rows["sku"].map(_plain_sku, na_action="ignore").isin(map(_plain_sku, skus))
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
    found = [part for part in taken if len(part)]
    return (_stock_of(pd.concat(found)) if found else nothing(STOCK)), notes


def _plain_sku(sku: str) -> str:
    """A SKU as Excel and other programs may leave it: without leading zeros, in small letters."""
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
    return rows[listed | rows[[name for name in _UNITS if name in rows]].gt(0).any(axis=1)]


def _one_pile(report: Report, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Rows without the units that stand at several SKUs of one FNSKU: these share one pile."""
    pile = [name for name in _UNITS if name in rows]
    known = _fnskus(rows).notna() & rows["units_available"].gt(0)
    again = known & rows.duplicated(["asin", "fnsku", *pile]) if known.any() else known
    if report.schema.key == "inventory_ledger" or not again.any():
        return rows, []
    text = Text(
        "{0} SKUs share their FNSKU and units with another SKU. These units are counted once: {1}.",
        int(again.sum()),
        some(sorted(set(rows.loc[again, "sku"].dropna())), words=True),
    )
    rows = rows.copy()
    rows.loc[again, pile] = np.nan
    rows.loc[again, "units_available"] = 0.0
    return rows, [Note("warning", report.file, text)]


def once(report: Report, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Rows of an inventory report without those that it repeats for each marketplace without saying so."""
    stated = "marketplace" in rows and rows["marketplace"].notna().any()
    if report.schema.role != "stock" or report.schema.key == "inventory_ledger" or stated:
        return rows, []
    same = [name for name in ("asin", "sku", "condition", *STOCK_SUMS) if name in rows and name not in _SHIPPED]
    again = rows["sku"].notna() & rows.duplicated(same)
    if not again.any():
        return rows, []
    once, _ = _pooled(rows[~again], rows[again].assign(marketplace=rows[again].groupby("sku").cumcount().astype(str)))
    text = Text(
        "{0} rows repeat a SKU with the same units and were counted once, as in a pan-EU report without a "
        "marketplace column.",
        int(again.sum()),
    )
    return once, [Note("warning", report.file, text, "marketplaces_mixed")]


def _stock_of(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *STOCK, *_TRANSFER, "sale_price"]))
    rows["units_fc_transfer"] = in_fc_transfer(rows)
    surcharges = rows[[name for name in rows if name.startswith("amazon_aged_surcharge_")]]
    rows["amazon_aged_surcharge"] = surcharges.sum(axis=1, min_count=1)
    rows["price"] = rows["sale_price"].where(rows["sale_price"].gt(0), rows["price"])
    split = rows[[name for name in rows.columns if name.startswith("units_inbound_")]]
    rows["units_inbound"] = rows["units_inbound"].astype(float).fillna(split.sum(axis=1, min_count=1))
    used = _are_used(rows)
    rows["units_used"] = rows["units_available"].where(used)
    rows.loc[used, [*set(STOCK_SUMS) - {"units_used"}, "price"]] = np.nan
    rows.loc[used, "units_available"] = 0.0
    rows = rows.assign(used=used).sort_values(
        ["used", "units_available"], ascending=[True, False], kind="stable", na_position="last"
    )
    groups = rows.groupby("asin", sort=True)
    stock = groups[STOCK_SUMS].sum(min_count=1)
    of_first = [*STOCK_TEXTS[:-1], "item_volume", "seasonal", "price"]
    stock[of_first] = groups[of_first].first()
    stock[AMAZON] = groups[AMAZON].first().where((~rows["used"]).groupby(rows["asin"]).sum() == 1)
    pairs = rows[["asin", "sku"]].dropna().drop_duplicates().sort_values(["asin", "sku"])
    stock["skus"] = pairs.groupby("asin")["sku"].agg(", ".join).reindex(stock.index, fill_value="")
    older = stock[["units_aged_366_to_455", "units_aged_over_455"]].sum(axis=1, min_count=1)
    stock["units_aged_over_365"] = stock["units_aged_over_365"].fillna(older)
    return stock[[*STOCK]].astype(STOCK)


_TRANSFER = ("units_reserved_fc_transfer", "units_buyable", "units_in_transit")


def in_fc_transfer(rows: pd.DataFrame) -> pd.Series:
    """Units on their way between fulfilment centres, as each form of each inventory report tells them [unit].

    Amazon sells them, and ships them later. Missing where a report does not tell them apart from what is reserved.
    """
    column = {name: rows[name].astype(float) for name in ("units_fc_transfer", *_TRANSFER) if name in rows}
    found = pd.Series(np.nan, index=rows.index)
    for name in ("units_fc_transfer", "units_reserved_fc_transfer", "units_in_transit"):
        found = found.fillna(column.get(name, found))
    if "units_buyable" in column:
        found = found.fillna((column["units_buyable"] - rows["units_available"]).clip(lower=0.0))
    return found


def _are_used(rows: pd.DataFrame) -> pd.Series:
    """Rows of used units that are not what the offer sells: those Amazon graded, and used ones beside new ones."""
    graded = rows["sku"].astype("str").str.casefold().str.startswith(GRADED).fillna(False).astype(bool)
    used = rows["condition"].astype("str").str.casefold().str.startswith("used").fillna(False).astype(bool) & ~graded
    offered = set(rows.loc[~graded & ~used, "asin"])
    return graded | (used & rows["asin"].isin(offered))


def _last_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Stock on the last day of a daily ledger, and the units shipped in its last 30 days where it covers them."""
    last = rows["snapshot_date"].max()
    month = rows[rows["snapshot_date"] > last - pd.Timedelta(days=LEDGER_DAYS)]
    days = (last - rows["snapshot_date"].min()).days + 1
    shipped = -month.groupby("asin")["customer_shipments"].sum(min_count=1)
    today = rows[rows["snapshot_date"] == last]
    first = ~today["asin"].duplicated()
    known = today["asin"].map(shipped) if days >= LEDGER_DAYS else np.nan
    return today.assign(units_shipped_30_days=pd.Series(known, index=today.index).where(first))


def sales_by_asin(rows: pd.DataFrame) -> pd.DataFrame:
    """Sales of each child ASIN: SKUs and parents of one child add up; shares never do, nor visits, told at each SKU."""
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *SALES]))
    groups = rows.groupby("asin", sort=True)
    sales = groups[SALES_SUMS].sum(min_count=1)
    visits = rows.groupby(["asin", "parent_asin"], dropna=False)[VISITS].max()
    sales[VISITS] = visits.groupby(level="asin").sum(min_count=1)
    sales[["title", "parent_asin"]] = groups[["title", "parent_asin"]].first()
    sales["featured_offer_share"] = groups["featured_offer_share"].max()
    return sales[[*SALES]].astype(SALES)


def none_below_zero(sales: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Note]]:
    """Sales with 0 where more came back than was sold: no pace and no price follows from less than none."""
    below = sales[SALES_SUMS].lt(0)
    if not below.any(axis=None):
        return sales, []
    asins = sales.index[below.any(axis=1)].tolist()
    text = Text(
        "{0} ASINs have totals below 0 (returns or corrections). They count as 0: {1}.", len(asins), some(asins)
    )
    return sales.assign(**sales[SALES_SUMS].mask(below, 0.0)), [Note("warning", file, text)]


def of_last_days(
    rows: pd.DataFrame,
    snapshot: date,
    days: int = 30,
    zone: str = "UTC",
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[pd.DataFrame, int]:
    """Orders of the last full days before the snapshot, and how many days those are.

    All days from the file's first to its last, or to the day before the snapshot, at most `days`; reports give times in
    UTC, days are cut by the marketplace's clock. The file begins at `since`, which may be an order of another
    marketplace or one that was cancelled, and ends at `until`; where these are not given, with `rows`. Days before the
    first order and after the last one are unknown, not without sales.
    """
    dates = local_days(rows["purchase_date"], zone)
    last = local_day(until, zone) if until else dates.max()
    end = pd.Timestamp(snapshot)
    end = end if pd.isna(last) else min(last + pd.Timedelta(days=1), end)
    start = end - pd.Timedelta(days=days)
    first = local_day(since, zone) if since else dates.min()
    start = start if pd.isna(first) else max(first, start)
    return rows[(dates >= start) & (dates < end)], max((end - start).days, 1)


def ads_by_day(reports: Sequence[tuple[Report, pd.DataFrame]]) -> tuple[pd.DataFrame, list[Note]]:
    """Advertising of each ASIN and day, over campaigns, SKUs and ad products; no day of a product counts twice.

    Parameters
    ----------
    reports
        Advertising reports with their rows. Of two that cover the same days of one ad product the newer wins, because
        its last days have settled further; of two that end on one day the one named later, as browsers number them.
        Campaigns that only one of them has add up.
        A summary that reaches into such days is left out whole: which of its sums are of other days, it does not say.
    """
    tables, notes = [], []
    known: dict[str, set[str]] = {}
    limits: dict[str, pd.Series] = {}
    parts = [(report, *part) for report, rows in reports if len(rows) for part in _by_ad_product(report, rows)]
    for report, products, rows in sorted(parts, key=_newness, reverse=True):
        newer = [limits.get(product, _NO_LIMIT) for product in products]
        limit = pd.concat(newer).groupby(level=0).min()
        by_row = _by_campaign(rows, limit) if _names_campaigns(rows) else limit.min()
        last = _last_days(rows)
        again = last.ge(by_row)
        summary = rows["start_date"].lt(last) if "start_date" in rows else pd.Series(False, index=rows.index)
        if (again & summary).any():
            again = by_row.notna() if isinstance(by_row, pd.Series) else pd.Series(True, index=rows.index)
            text = Text("ignored: this summary covers days that a newer report covers too.")
            notes.append(Note("warning", report.file, text))
        elif again.any():
            text = Text("{0} rows were left out, because a newer report covers their days.", f"{int(again.sum()):,}")
            notes.append(Note("info", report.file, text))
        if _names_campaigns(rows) and len(limit) and (others := int((by_row.isna() & last.ge(limit.min())).sum())):
            text = Text(
                (
                    "{0} rows belong to campaigns that are missing in the newer report of the same days. Both "
                    "reports count."
                ),
                f"{others:,}",
            )
            notes.append(Note("info", report.file, text))
        lost = set(rows.loc[again, "asin"].dropna()).difference(*(known.get(product, ()) for product in products))
        if lost:
            text = Text(
                "{0} ASINs are advertised in this report but not in the newer one of the same days: {1}. If it "
                "covers other campaigns, download one report of all campaigns.",
                len(lost),
                some(sorted(lost)),
            )
            notes.append(Note("warning", report.file, text))
        if not again.all():
            table = _by_day(rows[~again] if again.any() else rows)
            tables.append(table)
            names = rows["campaign"].astype("str").unique() if _names_campaigns(rows) else [""]
            first = pd.Series(table["first_day"].min(), index=pd.Index(names, dtype="str"))
            for product in products:
                limits[product] = pd.concat([limits.get(product, _NO_LIMIT), first]).groupby(level=0).min()
                known[product] = {*table["asin"].unique(), *known.get(product, ())}
    if not tables:
        return nothing(ADS), notes
    whole = pd.concat(tables)
    if len(tables) > 1:
        whole = whole.groupby(["asin", "date", "first_day"], as_index=False)[AD_SUMS].sum(min_count=1)
    return whole[[*ADS]].astype(ADS), notes


def _newness(part: tuple[Report, Sequence[str], pd.DataFrame]) -> tuple[pd.Timestamp, int, str]:
    report, _, rows = part
    days = [rows[name].max() for name in ("date", "end_date") if name in rows]
    return max((day for day in days if not pd.isna(day)), default=pd.Timestamp.min), len(report.file), report.file


_NO_LIMIT = pd.Series([], dtype="datetime64[s]", index=pd.Index([], dtype="str"))
"""The first day that newer reports cover, by campaign."""


def _names_campaigns(rows: pd.DataFrame) -> bool:
    """Whether every row says of which campaign it is."""
    return "campaign" in rows and bool(rows["campaign"].notna().all())


def _by_campaign(rows: pd.DataFrame, limit: pd.Series) -> pd.Series:
    """The first day of each row's campaign that a newer report covers; missing where none has it."""
    found = pd.Series(limit.reindex(rows["campaign"].astype("str")).to_numpy(), index=rows.index)
    whole = limit.get("")  # of reports that name no campaign
    return found if whole is None else found.fillna(whole).clip(upper=whole)


def _last_days(rows: pd.DataFrame) -> pd.Series:
    """The day of each row, of a summary its last."""
    missing = pd.Series(np.broadcast_to(np.datetime64("NaT", "s"), len(rows)), index=rows.index, copy=False)
    date = rows.get("date", missing)
    return date if date.notna().all() else date.fillna(rows.get("end_date", missing))


def _by_ad_product(report: Report, rows: pd.DataFrame) -> list[tuple[Sequence[str], pd.DataFrame]]:
    """The ad products whose days a report covers, each with its rows; the unified one may not tell them apart."""
    if not report.schema.key.startswith("unified"):
        return [(("display",) if "display" in report.schema.title.casefold() else ("products",), rows)]
    if "ad_product" not in rows or rows["ad_product"].isna().any():
        return [(("products", "display"), rows)]
    display = rows["ad_product"].astype("str").str.contains(DISPLAY, case=False)
    return [((name,), part) for name, part in (("display", rows[display]), ("products", rows[~display])) if len(part)]


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    missing = pd.Series(np.broadcast_to(np.datetime64("NaT", "s"), len(rows)), index=rows.index, copy=False)
    date, first = (rows.get(name, missing) for name in ("date", "start_date"))
    last = date if date.notna().all() else date.fillna(rows.get("end_date", missing))
    known = {name: rows[name].count() for name in AD_SUMS if name in rows}
    sums = [name for name, number in known.items() if number]
    daily = first.isna().all()
    if daily and all(known[name] == len(rows) for name in sums) and _are_dense(rows["asin"], last):
        table = _sums(rows["asin"].array, last.to_numpy(), {name: rows[name].to_numpy() for name in sums})
    else:
        keys = {"asin": rows["asin"], "date": last} | ({} if daily else {"first_day": first.fillna(last)})
        days = rows.groupby(list(keys.values()), observed=True)[sums].sum(min_count=1)
        table = days.rename_axis(list(keys)).reset_index()
    table = table.reindex(columns=[*ADS]).astype({"asin": "str"})
    return table.assign(first_day=table["date"]) if daily else table


def _are_dense(asin: pd.Series, date: pd.Series) -> bool:
    """Whether every row has an ASIN and a day, and there are not more pairs of these than rows."""
    if not isinstance(asin.dtype, pd.CategoricalDtype) or asin.isna().any() or date.isna().any():
        return False
    pairs: int = len(asin.cat.categories) * ((date.max() - date.min()).days + 1)
    return pairs <= len(asin)


def _sums(asin: pd.Categorical, date: Any, columns: Mapping[str, Any]) -> pd.DataFrame:
    """What `groupby` gives for each ASIN and day where none is missing, block by block: it needs no copy of the rows.

    In the order of the categories, which `reports` sorts.
    """
    first, days = date.min(), (date.max() - date.min()) // _DAY + 1
    pairs = len(asin.categories) * days
    rows = np.zeros(pairs, dtype=np.int64)
    sums = {name: np.zeros(pairs) for name in columns}
    for start in range(0, len(date), _BLOCK):
        block = slice(start, start + _BLOCK)
        pair = asin.codes[block] * days + (date[block] - first) // _DAY
        low, high = pair.min(), pair.max() + 1
        rows[low:high] += np.bincount(pair - low)
        for name, values in columns.items():
            sums[name][low:high] += np.bincount(pair - low, values[block])
    there = np.flatnonzero(rows)
    keys = {"asin": asin.categories[there // days], "date": first + there % days * _DAY}
    return pd.DataFrame({**keys, **{name: values[there] for name, values in sums.items()}})


def costs_by_asin(report: Report, skus: Mapping[str, str]) -> tuple[pd.DataFrame, list[Note]]:
    """What a unit costs and brings, by ASIN; lines that name a SKU only are led to its ASIN.

    Raises
    ------
    AccountError
        If a referral rate is above 1.
    """
    table = report.table
    if (beyond := table["referral_rate"].gt(1)).any():
        rate = table["referral_rate"][beyond].iloc[0]
        found = Text("{0} rates above 1, e.g. {1}.", int(beyond.sum()), f"{rate:g}")
        raise AccountError(
            [Problem(Text("{0}, column 'referral_rate'", report.file), found, "For 15 % write 0.15 or 15%.")]
        )
    asin = table["asin"].fillna(table["sku"].map(skus).astype("str"))
    notes = []
    if nameless := int((table["asin"].isna() & table["sku"].isna()).sum()):
        notes.append(
            Note("warning", report.file, Text("{0} lines have neither an ASIN nor a SKU and were left out.", nameless))
        )
    if unknown := table["sku"][asin.isna()].dropna().tolist():
        text = Text("SKUs without an inventory row: {0}.", some(unknown, words=True))
        notes.append(Note("warning", report.file, text))
    costs = table.assign(asin=asin).dropna(subset=["asin"]).reindex(columns=["asin", *COSTS])
    if twice := costs["asin"][costs["asin"].duplicated()].unique().tolist():
        notes.append(Note("warning", report.file, Text("several lines for {0}; the first one is used.", some(twice))))
    return costs.drop_duplicates("asin").set_index("asin").sort_index()[[*COSTS]].astype(COSTS), notes


def other_stock_by_asin(
    reports: Sequence[tuple[Report, pd.DataFrame]], skus: Mapping[str, str], day: date
) -> tuple[pd.DataFrame, list[Note]]:
    """Stock that is not at Amazon's fulfilment centres: where, units and the day of arrival, by ASIN.

    A day before `day` has passed: what was to arrive then counts as undated.
    """
    notes, tables = [], []
    for report, rows in reports:
        if report.schema.key == "awd_inventory":
            units = rows[["units_in_awd", "units_to_awd"]].sum(axis=1, min_count=1)
            table = rows[["asin"]].assign(place="AWD", units=units, arrives=pd.NaT)
        else:
            table = rows.assign(asin=rows["asin"].fillna(rows["sku"].map(skus).astype("str")))
            if unknown := rows["sku"][table["asin"].isna()].dropna().tolist():
                text = Text("SKUs without an inventory row: {0}.", some(unknown, words=True))
                notes.append(Note("warning", report.file, text))
            if nameless := int((rows["asin"].isna() & rows["sku"].isna()).sum()):
                text = Text("{0} lines have neither an ASIN nor a SKU and were left out.", nameless)
                notes.append(Note("warning", report.file, text))
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
            "{0} ASINs have stock elsewhere without an arrival date. It is not counted: {1}.",
            len(undated),
            some(undated),
        )
        notes.append(Note("info", reports[-1][0].file, text))
    return whole.set_index("asin")[[*OTHER_STOCK]].astype(OTHER_STOCK).sort_index(kind="stable"), notes


def skus_of(tables: Iterable[pd.DataFrame]) -> dict[str, str]:
    """The ASIN of each SKU that an inventory report names."""
    rows = pd.concat([table[["sku", "asin"]] for table in tables]).dropna().drop_duplicates("sku")
    return dict(zip(rows["sku"], rows["asin"], strict=True))


def sales_in_period(stock: pd.DataFrame, sales: pd.DataFrame, sales_days: int | None) -> tuple[pd.DataFrame, int]:
    """Units sold of each ASIN, the report they come from, and the length of the period.

    What left FBA's stock counts: the units shipped of the inventory report, over as many days as the business report
    covers (`sales_days`), or over 30 where that is not known. They hold what bundles, other stores and other shops take
    from the stock, and leave out what the seller sends himself. An ASIN whose units shipped are not known takes the
    units ordered of the business report. The period is never guessed.

    Returns
    -------
    tuple
        A table (`units_sold` [unit], `units_source`) indexed by ASIN, and the days of the period [day].

    Raises
    ------
    AccountError
        If neither gives a period.
    """
    if (sales_days is None or sales.empty) and units_shipped_in(stock, 30).isna().all():
        found = "the sales period is unknown, because the business report does not say how many days it covers."
        if sales.empty:
            found = "there are no sales: no business report, and no column 'units-shipped-t30' in the inventory report."
        do = (
            "Write sales_days = 30 (or the number of days you downloaded it for) in account.toml, and add the "
            "business report."
        )
        raise AccountError([Problem("account.toml, 'sales_days'", found, do)])
    index = stock.index.union(sales.index)
    days = 30 if sales_days is None or sales.empty else sales_days
    ordered = sales["units_ordered"].reindex(index) if sales_days is not None else pd.Series(np.nan, index=index)
    left = units_shipped_in(stock, days).reindex(index)
    units = left.fillna(ordered.clip(lower=0.0))
    source = pd.Series(np.where(left.notna(), "units shipped", "units ordered"), index=index)
    return pd.DataFrame({"units_sold": units, "units_source": source.where(units.notna(), "unknown")}), days


def units_shipped_in(stock: pd.DataFrame, days: int) -> pd.Series:
    """Units shipped in the last so many days, between the steps that an inventory report tells [unit].

    A negative count says that Amazon knows nothing. Beyond the last known step the pace goes on.

    Examples
    --------
    >>> stock = pd.DataFrame({"units_shipped_7_days": [7.0], "units_shipped_30_days": [53.0]})
    >>> units_shipped_in(stock, 7).tolist(), units_shipped_in(stock, 14).tolist(), units_shipped_in(stock, 60).tolist()
    ([7.0], [21.0], [106.0])
    """
    low, high = np.zeros(len(stock)), np.full(len(stock), np.nan)
    low_day, high_day = low, high
    for step, name in zip(_STEPS, _SHIPPED, strict=True):
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

"""Several reports of one kind of thing as one table: stock, sales, advertising and costs, one row an ASIN.

How SKUs add up, which source wins, and what must never count twice is settled here. Which files an account has is
settled in `account`; what one file says comes from `reports`.
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
    SALES,
    SALES_SUMS,
    STOCK,
    STOCK_SUMS,
    STOCK_TEXTS,
    VISITS,
    nothing,
)
from wockit.language import Text
from wockit.marketplaces import local_day, local_days
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.reports import Report

LEDGER_DAYS = 30


_DAY = np.timedelta64(24 * 60 * 60, "s")


_BLOCK = 1 << 17
"""Rows that are added up at once: few, so that they stay close to the processor."""


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
    if len(rows) and other.all():
        found = Text("it holds marketplace {0}, the account is {1}.", some(sorted(stated.unique())), marketplace)
        raise AccountError([Problem(report.file, found, "Correct the marketplace in account.toml, or the file.")])
    if not other.any():
        return once(report, rows)
    text = Text(
        "{0} rows of other marketplaces ({1}) were left out.", int(other.sum()), some(sorted(stated[other].unique()))
    )
    return rows[~other], [Note("warning", report.file, text, "marketplaces_mixed")]


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
    for report, every in reports:
        rows = _last_day(every) if report.schema.key == "inventory_ledger" else every
        added = ~rows["asin"].isin(asins)
        further = ~added & rows["sku"].notna() & ~rows["sku"].isin(skus) & rows["units_available"].gt(0)
        for name, left in (("asin", added), ("sku", further)):
            if taken and left.any():
                names = sorted(set(rows.loc[left, name]))
                named = some(names, words=name == "sku")
                text = Text(
                    "{0} {1}s that the better inventory report leaves out are taken from here: {2}.",
                    len(names),
                    name.upper(),
                    named,
                )
                notes.append(Note("info", report.file, text))
        taken.append(rows[added | further])
        asins |= set(rows["asin"])
        skus |= set(rows["sku"].dropna())
    found = [part for part in taken if len(part)]
    return (_stock_of(pd.concat(found)) if found else nothing(STOCK)), notes


def once(report: Report, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Rows of an inventory report without those that it repeats for each marketplace without saying so."""
    stated = "marketplace" in rows and rows["marketplace"].notna().any()
    if report.schema.role != "stock" or report.schema.key == "inventory_ledger" or stated:
        return rows, []
    same = [name for name in ("asin", "sku", "condition", *STOCK_SUMS) if name in rows]
    again = rows["sku"].notna() & rows.duplicated(same)
    if not again.any():
        return rows, []
    text = Text(
        "{0} rows repeat a SKU with the same units and count once, as in a pan-EU report without "
        "its marketplace column.",
        int(again.sum()),
    )
    return rows[~again], [Note("warning", report.file, text, "marketplaces_mixed")]


def _stock_of(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *STOCK, "sale_price"])).sort_values(
        "units_available", ascending=False, kind="stable"
    )
    parts = [name for name in rows.columns if name.startswith("units_inbound_")]
    if parts:
        rows["units_inbound"] = rows["units_inbound"].astype(float).fillna(rows[parts].sum(axis=1, min_count=1))
    rows["price"] = rows["sale_price"].where(rows["sale_price"].gt(0), rows["price"])
    groups = rows.groupby("asin", sort=True)
    stock = groups[STOCK_SUMS].sum(min_count=1)
    of_first = [*STOCK_TEXTS[:-1], "item_volume", "seasonal", "price"]
    stock[of_first] = groups[of_first].first()
    stock[AMAZON] = groups[AMAZON].first().where(groups.size() == 1)
    pairs = rows[["asin", "sku"]].dropna().drop_duplicates().sort_values(["asin", "sku"])
    stock["skus"] = pairs.groupby("asin")["sku"].agg(", ".join).reindex(stock.index, fill_value="")
    older = stock[["units_aged_366_to_455", "units_aged_over_455"]].sum(axis=1, min_count=1)
    stock["units_aged_over_365"] = stock["units_aged_over_365"].fillna(older)
    return stock[[*STOCK]].astype(STOCK)


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
    rows = rows.reindex(columns=dict.fromkeys([*rows.columns, *SALES, "parent_asin"]))
    groups = rows.groupby("asin", sort=True)
    sales = groups[SALES_SUMS].sum(min_count=1)
    visits = rows.groupby(["asin", "parent_asin"], dropna=False)[VISITS].max()
    sales[VISITS] = visits.groupby(level="asin").sum(min_count=1)
    sales["title"] = groups["title"].first()
    sales["featured_offer_share"] = groups["featured_offer_share"].max()
    return sales[[*SALES]].astype(SALES)


def none_below_zero(sales: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Note]]:
    """Sales with 0 where more came back than was sold: no pace and no price follows from less than none."""
    below = sales[SALES_SUMS].lt(0)
    if not below.any(axis=None):
        return sales, []
    asins = sales.index[below.any(axis=1)].tolist()
    text = Text("{0} ASINs have sums below 0 (returns, corrections), which count as 0: {1}.", len(asins), some(asins))
    return sales.assign(**sales[SALES_SUMS].mask(below, 0.0)), [Note("warning", file, text)]


def of_last_days(
    rows: pd.DataFrame, snapshot: date, days: int = 30, zone: str = "UTC", since: datetime | None = None
) -> tuple[pd.DataFrame, int]:
    """Orders of the last full days before the snapshot, and how many days those are.

    All days from the file's first to the day before the snapshot, at most `days`; reports give times in UTC, days are
    cut by the marketplace's clock. The file begins at `since`, which may be an order of another marketplace or one that
    was cancelled; where that is not given, at the first of `rows`.
    """
    dates = local_days(rows["purchase_date"], zone)
    end = pd.Timestamp(snapshot)
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
        A summary that reaches into such days is left out whole: which of its sums are of other days, it does not say.
    """
    tables, notes = [], []
    taken: dict[str, pd.Timestamp] = {}
    known: dict[str, set[str]] = {}
    parts = [(report, *part) for report, rows in reports if len(rows) for part in _by_ad_product(report, rows)]
    dated = [(report, products, _by_day(rows)) for report, products, rows in parts]
    newest_first = sorted(dated, key=_newness, reverse=True)
    for report, products, days in newest_first:
        earlier = days["date"] < min(taken.get(product, pd.Timestamp.max) for product in products)
        if not earlier.all() and (days["first_day"] < days["date"]).any():
            text = "it is a summary that reaches into days which a newer report covers, and was left out whole."
            notes.append(Note("warning", report.file, text))
            earlier &= False
        elif not earlier.all():
            text = Text("{0} rows of days that a newer report covers were left out.", f"{int((~earlier).sum()):,}")
            notes.append(Note("info", report.file, text))
        if lost := set(days.loc[~earlier, "asin"]).difference(*(known.get(product, ()) for product in products)):
            text = Text(
                "{0} ASINs are advertised in it and not in the newer report of the same days: {1}. If "
                "that is of other campaigns, download one report of all of them.",
                len(lost),
                some(sorted(lost)),
            )
            notes.append(Note("warning", report.file, text))
        table = days[earlier]
        if len(table):
            first = table["first_day"].min()
            taken |= {product: min(first, taken.get(product, first)) for product in products}
            known |= {product: {*table["asin"].unique(), *known.get(product, ())} for product in products}
            tables.append(table)
    if not tables:
        return nothing(ADS), notes
    whole = pd.concat(tables)
    if len(tables) > 1:
        whole = whole.groupby(["asin", "date", "first_day"], as_index=False)[AD_SUMS].sum(min_count=1)
    return whole[[*ADS]].astype(ADS), notes


def _newness(dated: tuple[Report, Sequence[str], pd.DataFrame]) -> tuple[pd.Timestamp, int, str]:
    report, _, days = dated
    return days["date"].max(), len(report.file), report.file


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
            Note("warning", report.file, Text("{0} lines name neither an ASIN nor a SKU and were left out.", nameless))
        )
    if unknown := table["sku"][asin.isna()].dropna().tolist():
        text = Text("SKUs that are in no inventory row: {0}.", some(unknown, words=True))
        notes.append(Note("warning", report.file, text))
    costs = table.assign(asin=asin).dropna(subset=["asin"])
    if twice := costs["asin"][costs["asin"].duplicated()].unique().tolist():
        notes.append(Note("warning", report.file, Text("several lines for {0}: the first is used.", some(twice))))
    return costs.drop_duplicates("asin").set_index("asin").sort_index()[[*COSTS]].astype(COSTS), notes


def skus_of(tables: Iterable[pd.DataFrame]) -> dict[str, str]:
    """The ASIN of each SKU that an inventory report names."""
    rows = pd.concat([table[["sku", "asin"]] for table in tables]).dropna().drop_duplicates("sku")
    return dict(zip(rows["sku"], rows["asin"], strict=True))


def sales_in_period(stock: pd.DataFrame, sales: pd.DataFrame, sales_days: int | None) -> tuple[pd.DataFrame, int]:
    """Units sold of each ASIN, the report they come from, and the length of the period.

    With `sales_days` the units ordered of the business report count, over that many days; an ASIN that it leaves out
    takes the inventory report's units shipped in 30 days, at the same pace. Without `sales_days`, whose absence the
    business report cannot make good, all take the inventory report's 30 days. The period is never guessed.

    Returns
    -------
    tuple
        A table (`units_sold` [unit], `units_source`) indexed by ASIN, and the days of the period [day].

    Raises
    ------
    AccountError
        If neither gives a period.
    """
    shipped = stock["units_shipped_30_days"]
    if (sales_days is None or sales.empty) and shipped.isna().all():
        found = "the length of the sales period is unknown: the business report does not say how many days it covers."
        if sales.empty:
            found = (
                "there are no sales: no business report, and the inventory report has no 'units-shipped-t30' column."
            )
        do = "Write sales_days = 30 (or the days you downloaded it for) in account.toml and add the business report."
        raise AccountError([Problem("account.toml, 'sales_days'", found, do)])
    index = stock.index.union(sales.index)
    if sales_days is None or sales.empty:
        units, days = shipped.reindex(index), 30
        source = pd.Series("units shipped", index=index)
    else:
        ordered, days = sales["units_ordered"].reindex(index), sales_days
        units = ordered.fillna((shipped * sales_days / 30).reindex(index))
        source = pd.Series(np.where(ordered.notna(), "units ordered", "units shipped"), index=index)
    return pd.DataFrame({"units_sold": units, "units_source": source.where(units.notna(), "unknown")}), days

"""Several advertising reports as one table: each ASIN and day, over campaigns, SKUs and ad products.

No day of a campaign counts twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import (
    AD_SUMS,
    ADS,
    nothing,
)
from wockit.language import Text
from wockit.notes import Note, some
from wockit.reading.reports import Report

_SECONDS = 24 * 60 * 60
_DAY = np.timedelta64(_SECONDS, "s")


_BLOCK = 1 << 17
"""Rows that are added up at once: few, so that they stay close to the processor."""


DISPLAY_WORDS = "display|展示|ディスプレイ"
"""How an ad product is called that is Sponsored Display."""


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
    newer_asins: dict[str, set[str]] = {}
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
        if _names_campaigns(rows) and len(limit) and (other_rows := int((by_row.isna() & last.ge(limit.min())).sum())):
            text = Text(
                (
                    "{0} rows belong to campaigns that are missing in the newer report of the same days. Both "
                    "reports count."
                ),
                f"{other_rows:,}",
            )
            notes.append(Note("info", report.file, text))
        lost = set(rows.loc[again, "asin"].dropna()).difference(*(newer_asins.get(product, ()) for product in products))
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
                newer_asins[product] = {*table["asin"].unique(), *newer_asins.get(product, ())}
    if not tables:
        return nothing(ADS), notes
    whole = pd.concat(_all_split(tables))
    if len(tables) > 1:
        whole = whole.groupby(["asin", "date", "first_day"], as_index=False)[AD_SUMS].sum(min_count=1)
    return whole[[*ADS]].astype(ADS), notes


def _all_split(tables: Sequence[pd.DataFrame]) -> Sequence[pd.DataFrame]:
    """Tables that all state the ASIN's own units, if one does; if none does, all units are its own.

    So they are counted with the sales, of which only those of other products are told.
    """
    split = [bool(table["ad_units_same_sku"].notna().any()) for table in tables]
    if all(split) or not any(split):
        return tables
    return [
        table if own else table.assign(ad_units_same_sku=table["ad_units"])
        for table, own in zip(tables, split, strict=True)
    ]


def _newness(part: tuple[Report, Sequence[str], pd.DataFrame]) -> tuple[pd.Timestamp, int, str]:
    report, _, rows = part
    days = [rows[name].max() for name in ("date", "end_date") if name in rows]
    return max((day for day in days if not pd.isna(day)), default=pd.Timestamp.min), len(report.file), report.file


_NO_LIMIT = pd.Series([], dtype="datetime64[s]", index=pd.Index([], dtype="str"))
"""The first day that newer reports cover, by campaign."""


def _names_campaigns(rows: pd.DataFrame) -> bool:
    """True if every row names its campaign."""
    return "campaign" in rows and bool(rows["campaign"].notna().all())


def _by_campaign(rows: pd.DataFrame, limit: pd.Series) -> pd.Series:
    """The first day of each row's campaign that a newer report covers; missing where none has it."""
    first_days = pd.Series(limit.reindex(rows["campaign"].astype("str")).to_numpy(), index=rows.index)
    whole = limit.get("")  # of reports that name no campaign
    return first_days if whole is None else first_days.fillna(whole).clip(upper=whole)


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
    display = rows["ad_product"].astype("str").str.contains(DISPLAY_WORDS, case=False)
    return [((name,), part) for name, part in (("display", rows[display]), ("products", rows[~display])) if len(part)]


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    missing = pd.Series(np.broadcast_to(np.datetime64("NaT", "s"), len(rows)), index=rows.index, copy=False)
    date, first = (rows.get(name, missing) for name in ("date", "start_date"))
    last = date if date.notna().all() else date.fillna(rows.get("end_date", missing))
    counts = {name: rows[name].count() for name in AD_SUMS if name in rows}
    sums = [name for name, number in counts.items() if number]
    daily = first.isna().all()
    if daily and all(counts[name] == len(rows) for name in sums) and _are_dense(rows["asin"], last):
        table = _sums(rows["asin"].array, last.to_numpy(), {name: rows[name].to_numpy() for name in sums})
    else:
        keys = {"asin": rows["asin"], "date": last} | ({} if daily else {"first_day": first.fillna(last)})
        days = rows.groupby(list(keys.values()), observed=True)[sums].sum(min_count=1)
        table = days.rename_axis(list(keys)).reset_index()
    table = table.reindex(columns=[*ADS]).astype({"asin": "str"})
    return table.assign(first_day=table["date"]) if daily else table


def _are_dense(asin: pd.Series, date: pd.Series) -> bool:
    """True if every row has an ASIN and a day, and there are no more pairs of these than rows."""
    if not isinstance(asin.dtype, pd.CategoricalDtype) or asin.isna().any() or date.isna().any():
        return False
    pairs: int = len(asin.cat.categories) * ((date.max() - date.min()).days + 1)
    return pairs <= len(asin)


def _sums(asin: pd.Categorical, date: Any, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Sums by ASIN and day, as `groupby` gives them where none is missing, block by block: no copy of the rows.

    In the order of the categories, which `reports` sorts.
    """
    first, days = date.min(), (date.max() - date.min()) // _DAY + 1
    pairs = len(asin.categories) * days
    rows = np.zeros(pairs, dtype=np.int64)
    sums = {name: np.zeros(pairs) for name in columns}
    for start in range(0, len(date), _BLOCK):
        block = slice(start, start + _BLOCK)
        day = (date[block] - first).astype("timedelta64[s]").view(np.int64) // _SECONDS  # numbers divide faster
        pair = asin.codes[block] * days + day
        low, high = pair.min(), pair.max() + 1
        pair -= low
        rows[low:high] += np.bincount(pair)
        for name, values in columns.items():
            sums[name][low:high] += np.bincount(pair, values[block])
    there = np.flatnonzero(rows)
    keys = {"asin": asin.categories[there // days], "date": first + there % days * _DAY}
    return pd.DataFrame({**keys, **{name: values[there] for name, values in sums.items()}}, copy=False)

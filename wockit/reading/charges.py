"""Statements of Amazon's fee reports on each ASIN: referral rate, fulfillment, size, storage, surcharges.

What a report states wins over any table of rates; what the seller writes in `costs.csv` wins over both.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

import pandas as pd

from wockit.columns import COSTS
from wockit.formulas.units import volume_of_sides
from wockit.reading.days import dates
from wockit.reading.reports import Report


def charges_by_asin(reports: Sequence[tuple[Report, pd.DataFrame]]) -> pd.DataFrame:
    """Statements of fee reports, one row per ASIN, with the columns of `COSTS`; the more exact report first."""
    kinds = dict.fromkeys(report.schema.key for report, rows in reports if len(rows))
    tables = [_READ[kind](pd.concat([rows for report, rows in reports if report.schema.key == kind])) for kind in kinds]
    if not tables:
        return pd.DataFrame(columns=[*COSTS]).astype(COSTS)
    rows = pd.concat([table.reindex(columns=[*COSTS]).astype(COSTS) for table in tables])
    return rows.groupby(level="asin", sort=True).first()[[*COSTS]].astype(COSTS)


def with_charges(costs: pd.DataFrame, charges: pd.DataFrame) -> pd.DataFrame:
    """Cost and proceeds of a unit, with Amazon's statements where the seller wrote nothing."""
    if charges.empty:
        return costs
    index = costs.index.union(charges.index).rename("asin")
    own, stated = costs.reindex(index), charges.reindex(index)
    return own.where(own.notna(), stated).astype(COSTS)


def _preview(rows: pd.DataFrame) -> pd.DataFrame:
    price = rows["sale_price"].where(rows["sale_price"].gt(0), rows["price"])
    parts = rows["pick_pack_fee"] + rows["weight_handling_fee"]
    volume = volume_of_sides(rows[["longest_side", "median_side", "shortest_side"]], rows["length_unit"])
    fee = rows["fulfilment_fee"].fillna(parts)
    charges = rows.assign(
        referral_rate=(rows["referral_fee"] / price.where(price.gt(0))).clip(upper=1.0),
        fulfilment_fee=fee,
        previewed_fee=fee,
        unit_volume=volume,
    )
    return charges.drop(columns="price").sort_values("fulfilment_fee", kind="stable").groupby("asin").first()


def _storage(rows: pd.DataFrame) -> pd.DataFrame:
    """Storage of the latest month in the files, over all fulfillment centers; of all months if none can be read."""
    months = {cell: _month(cell) for cell in rows["month"].dropna().unique()}
    month = rows["month"].map(months).astype("datetime64[s]")
    newest = month.groupby(rows["asin"]).transform("max")
    latest = rows.assign(month=month)[month.eq(newest) | newest.isna()]
    groups = latest.groupby("asin")
    sums = groups[["storage_fee", "base_storage_fee", "average_units"]].sum(min_count=1)
    table = groups[["size_tier", "unit_weight"]].first().assign(unit_volume=groups["item_volume"].first())
    base = sums["base_storage_fee"].fillna(sums["storage_fee"])  # without the base, the whole holds the surcharge
    table["storage_a_unit"] = base / sums["average_units"].where(sums["average_units"].gt(0))
    table["storage_month"] = groups["month"].first()
    table["dangerous_goods"] = groups["dangerous_goods"].first()
    ratio = latest["utilisation_ratio"].astype("str").str.extract(r"(\d+(?:\.\d+)?)", expand=False).astype(float)
    weeks = ratio.groupby(latest["asin"]).max().where(sums["base_storage_fee"].notna())
    return table.assign(utilisation_weeks=weeks)


def _month(cell: str) -> pd.Timestamp:
    """The first day of a month, as a report or a spreadsheet spells it: `2026-10`, `10/2026`, `Oct-26`."""
    if spelled := re.match(r"(20\d\d)[-/.年 ]?(\d{1,2})(?!\d)|(\d{1,2})[-/. ](20\d\d)\Z", cell.strip()):
        year, number = (spelled[1], spelled[2]) if spelled[1] else (spelled[4], spelled[3])
        return pd.Timestamp(int(year), int(number), 1) if 1 <= int(number) <= 12 else pd.NaT
    with suppress(ValueError):
        return pd.Timestamp(dates([f"1 {re.sub(r'[-./, ]+', ' ', cell.strip())}"])[0])
    return pd.NaT


def _aged(rows: pd.DataFrame) -> pd.DataFrame:
    """Aged surcharge on the last day in the files, over all tiers."""
    day = rows["snapshot_date"]
    last = rows[day.isna() | day.eq(day.max())]
    charged = last["aged_charge"].add(last["aged_charge_6_months"], fill_value=0.0)
    return pd.DataFrame({
        "unit_volume": last.groupby("asin")["item_volume"].first(),
        "aged_charge": charged.groupby(last["asin"]).sum(min_count=1),
    })  # fmt: skip


_READ = {"fee_preview": _preview, "fee_storage": _storage, "fee_aged": _aged}

"""One folder of downloaded reports as an account: stock, sales, advertising and costs, one row an ASIN.

Which files there are, how rows of several SKUs add up, and what no report can tell are settled here. What one file
says comes from `reports`; no measure is computed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from wockit.notes import AccountError, Note, Problem, ReportError, nearest, quoted
from wockit.reports import Report, read_report, schemas
from wockit.settings import CURRENCIES, AccountFile, Settings, read_account_file
from wockit.sheets import SUFFIXES

_FIRST = ["title", "condition", "alert", "recommended_action"]
_AMAZON = ["amazon_weeks_of_cover_t30", "amazon_weeks_of_cover_t90", "amazon_days_of_supply"]
_FIRST_NUMBERS = ["item_volume"]
_SUMS = [
    "units_available", "units_inbound", "units_reserved", "units_unfulfillable", "units_shipped_7_days",
    "units_shipped_30_days", "units_shipped_60_days", "units_shipped_90_days", "units_aged_0_to_90",
    "units_aged_91_to_180", "units_aged_181_to_270", "units_aged_271_to_365", "units_aged_over_365",
    "units_aged_366_to_455", "units_aged_over_455", "amazon_excess_units", "amazon_storage_cost_next_month",
]  # fmt: skip
_SHOWN = 5
_OURS = ("account.toml", "costs.csv")


@dataclass(frozen=True)
class Account:
    """One account on one day.

    Attributes
    ----------
    stock, sales, costs : pandas.DataFrame
        One row an ASIN, indexed by `asin`. An ASIN that a report leaves out is not in its table.
    ads : pandas.DataFrame
        One row an ASIN and day (`asin`, `date`), summed over campaigns and SKUs.
    attribution_days
        Days after a click in which a sale still counts for it [day].
    files : pandas.DataFrame
        What each file is and how much of it was read.
    notes
        What to know before trusting a number.
    """

    name: str
    marketplace: str
    currency: str
    snapshot: date
    settings: Settings
    stock: pd.DataFrame
    sales: pd.DataFrame
    ads: pd.DataFrame
    costs: pd.DataFrame
    attribution_days: int
    files: pd.DataFrame
    notes: tuple[Note, ...]


def snapshots(folder: Path) -> list[Path]:
    """The dated folders of an account, oldest first; the folder itself where its files carry no dates."""
    dated = sorted(path for path in folder.iterdir() if path.is_dir() and _is_date(path.name))
    return dated or [folder]


def load_account(folder: str | Path, snapshot: str = "") -> Account:
    """Read an account: its `account.toml`, its `costs.csv`, and the reports of one snapshot.

    Parameters
    ----------
    folder
        The account's folder.
    snapshot
        Date of the snapshot, e.g. `"2026-11-23"`; the newest if left out.

    Raises
    ------
    SettingsError
        If `account.toml` cannot be used.
    AccountError
        With every problem of the folder and its files: a file that is no known report, two of a kind, no inventory,
        no sales period, another marketplace's rows or currency.

    Examples
    --------
    >>> load_account("data/sample").snapshot
    datetime.date(2026, 11, 23)
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise AccountError([Problem(quoted(str(folder)), "there is no such folder.", "Give the account's folder.")])
    about = read_account_file(folder / "account.toml")
    chosen = _choose(folder, snapshot)
    paths, notes = _report_files(folder, chosen)
    reports, problems = _read_all(paths, folder)
    problems += _problems_of_the_set(reports, chosen, unread=bool(problems))
    if problems:
        raise AccountError(problems)
    by_role = {report.schema.role: report for report in reports}
    notes += [note for report in reports for note in report.notes]
    return _assemble(about, chosen, by_role, reports, notes)


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
        found = "the length of the sales period is unknown: the business report does not say how many days it covers"
        if sales.empty:
            found = "there are no sales: no business report, and the inventory report has no 'units-shipped-t30' column"
        do = "Write sales_days = 30 (or the days you downloaded it for) in account.toml and add the business report."
        raise AccountError([Problem("account.toml, 'sales_days'", f"{found}.", do)])
    index = stock.index.union(sales.index)
    if sales_days is None or sales.empty:
        units, days = shipped.reindex(index), 30
        source = pd.Series("units shipped", index=index)
    else:
        ordered, days = sales["units_ordered"].reindex(index), sales_days
        units = ordered.fillna((shipped * sales_days / 30).reindex(index))
        source = pd.Series(np.where(ordered.notna(), "units ordered", "units shipped"), index=index)
    return pd.DataFrame({"units_sold": units, "units_source": source.where(units.notna(), "unknown")}), days


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _choose(folder: Path, snapshot: str) -> Path:
    known = {path.name: path for path in snapshots(folder)}
    if snapshot and folder in known.values():
        found = f"there is no snapshot {quoted(snapshot)}: its files lie in no dated folder."
        raise AccountError([Problem(quoted(folder.name)[1:-1], found, "Leave the snapshot out.")])
    if not snapshot:
        return list(known.values())[-1]
    if snapshot not in known:
        found = f"there is no snapshot {quoted(snapshot)}; found {', '.join(map(quoted, known))}."
        raise AccountError([Problem(quoted(folder.name)[1:-1], found, nearest(snapshot, known).strip())])
    return known[snapshot]


def _report_files(folder: Path, chosen: Path) -> tuple[list[Path], list[Note]]:
    paths, notes = [], []
    for path in sorted(chosen.iterdir()):
        if path.name.startswith((".", "~$")) or path.is_dir() or (path.parent == folder and path.name in _OURS):
            continue
        if path.name == "costs.csv":
            text = "it lies in the snapshot's folder and was left alone: it belongs into the account's folder."
            notes.append(Note("warning", f"{chosen.name}/costs.csv", text))
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            paths.append(path)
        else:
            notes.append(Note("info", quoted(path.name)[1:-1], "is no report by its ending and was left alone."))
    costs = folder / "costs.csv"
    return paths + ([costs] if costs.is_file() else []), notes


def _read_all(paths: Sequence[Path], folder: Path) -> tuple[list[Report], list[Problem]]:
    reports: list[Report] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            reports.append(read_report(path, path.relative_to(folder).as_posix()))
        except ReportError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(quoted(path.name), f"cannot be opened: {error.strerror}."))
    return reports, problems


def _problems_of_the_set(reports: Sequence[Report], chosen: Path, unread: bool) -> list[Problem]:
    problems = []
    where = quoted(chosen.name)[1:-1]
    roles: dict[str, list[Report]] = {}
    for report in reports:
        roles.setdefault(report.schema.role, []).append(report)
    for found in roles.values():
        if len(found) > 1:
            files = ", ".join(report.file for report in found)
            text = f"{len(found)} files of one snapshot are the {found[0].schema.title} report: {files}."
            problems.append(Problem(where, text, "Keep the newest in the folder."))
    if "stock" not in roles and not unread:
        schema = schemas()["fba_inventory"]
        kinds = (
            ", ".join(report.schema.title for report in reports if report.schema.role != "costs") or "no report at all"
        )
        text = f"there is no {schema.title} report; found {kinds}."
        problems.append(Problem(where, text, f"Download it into this folder: {schema.download}."))
    for report in roles.get("stock", []):
        if report.table["snapshot_date"].isna().all():
            problems.append(Problem(report.file, "it has no row with a snapshot date.", "Download it again."))
    return problems


def _assemble(
    about: AccountFile, chosen: Path, by_role: dict[str, Report], reports: Sequence[Report], notes: list[Note]
) -> Account:
    rows, dropped = _of_marketplace(by_role["stock"], about.marketplace)
    notes += dropped
    _check_currency((by_role | {"stock": replace(by_role["stock"], table=rows)}).values(), about.marketplace)
    taken = by_role["stock"].table["snapshot_date"].max().date()
    day = date.fromisoformat(chosen.name) if _is_date(chosen.name) else taken
    if abs((day - taken).days) > 3:
        text = f"the inventory report is of {taken}, the snapshot of {day}: stock and sales may not match."
        notes.append(Note("warning", by_role["stock"].file, text))
    stock = _stock_by_asin(rows)
    sales = (
        _sales_by_asin(by_role["sales"].table) if "sales" in by_role else _nothing({"asin": "str", **_SALES}, "asin")
    )
    sales_in_period(stock, sales, about.settings.sales_days)
    ads = (
        _ads_by_day(by_role["ads"].table)
        if "ads" in by_role
        else _nothing({"asin": "str", "date": "datetime64[s]", **dict.fromkeys(_ADS, "float64")})
    )
    costs, cost_notes = _costs_by_asin(by_role.get("costs"), rows)
    notes += cost_notes + list(_left_out(stock, sales, ads, costs, by_role, about.settings.sales_days))
    return Account(
        name=about.name,
        marketplace=about.marketplace,
        currency=CURRENCIES[about.marketplace],
        snapshot=day,
        settings=about.settings,
        stock=stock,
        sales=sales,
        ads=ads,
        costs=costs,
        attribution_days=(by_role["ads"].attribution_days or 7) if "ads" in by_role else 7,
        files=pd.DataFrame(map(_file_row, reports)),
        notes=tuple(notes),
    )


_SALES = {
    "title": "str", "sessions": "float64", "page_views": "float64", "featured_offer_share": "float64",
    "units_ordered": "float64", "sales": "float64", "orders": "float64",
}  # fmt: skip
_ADS = [
    "impressions", "ad_clicks", "ad_spend", "ad_sales", "ad_orders", "ad_units", "ad_units_same_sku",
    "ad_sales_same_sku",
]  # fmt: skip
_COSTS = {
    "landed_cost": "float64", "price": "float64", "referral_rate": "float64", "fulfilment_fee": "float64",
    "size_tier": "str", "unit_volume": "float64", "lead_time_days": "float64", "clear_by": "datetime64[s]",
}  # fmt: skip


def _nothing(columns: Mapping[str, str], *names: str) -> pd.DataFrame:
    """The table of a report that is not there: the columns, typed, and no row; `names` become its index."""
    table = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})
    return table.set_index(list(names)).rename_axis(list(names)) if names else table


def _of_marketplace(report: Report, marketplace: str) -> tuple[pd.DataFrame, list[Note]]:
    rows = report.table
    stated = rows["marketplace"].str.upper().replace({"GB": "UK"})
    other = stated.notna() & (stated != marketplace)
    if other.all():
        found = f"it holds marketplace {', '.join(map(quoted, stated.unique()))}, the account is {marketplace}."
        raise AccountError([Problem(report.file, found, "Correct the marketplace in account.toml, or the file.")])
    text = f"{int(other.sum())} rows of other marketplaces ({_some(sorted(stated[other].unique()))}) were left out."
    return rows[~other], [Note("warning", report.file, text)] if other.any() else []


def _check_currency(reports: Iterable[Report], marketplace: str) -> None:
    expected = CURRENCIES[marketplace]
    problems = []
    for report in reports:
        stated = report.table["currency"] if "currency" in report.table else pd.Series([], dtype="str")
        if found := set(stated.dropna().str.upper()) - {expected}:
            amounts = ", ".join(map(quoted, sorted(found)))
            text = f"amounts in {amounts}, the account's marketplace {marketplace} has {expected}."
            problems.append(Problem(f"{report.file}, column 'currency'", text, "Download it for one marketplace only."))
    if problems:
        raise AccountError(problems)


def _stock_by_asin(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values("units_available", ascending=False, kind="stable")
    groups = rows.groupby("asin", sort=True)
    stock = groups[_SUMS].sum(min_count=1)
    stock[[*_FIRST, *_FIRST_NUMBERS, "seasonal"]] = groups[[*_FIRST, *_FIRST_NUMBERS, "seasonal"]].first()
    stock["price"] = (
        rows.assign(price=rows["sale_price"].where(rows["sale_price"].gt(0), rows["price"]))
        .groupby("asin")["price"]
        .first()
    )
    stock[_AMAZON] = groups[_AMAZON].first().where(groups.size() == 1)
    stock["skus"] = groups["sku"].agg(lambda skus: ", ".join(sorted(skus.dropna())))
    older = stock["units_aged_366_to_455"].fillna(0) + stock["units_aged_over_455"].fillna(0)
    stated = stock[["units_aged_366_to_455", "units_aged_over_455"]].notna().any(axis=1)
    stock["units_aged_over_365"] = stock["units_aged_over_365"].fillna(older.where(stated))
    return stock


def _sales_by_asin(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby("asin", sort=True)
    sales = groups[["sessions", "page_views", "units_ordered", "sales", "orders"]].sum(min_count=1)
    sales["title"] = groups["title"].first()
    sales["featured_offer_share"] = groups["featured_offer_share"].max()
    return sales[[*_SALES]]


def _ads_by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(["asin", "date"], sort=True, as_index=False)[_ADS].sum(min_count=1)


def _costs_by_asin(report: Report | None, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    if report is None:
        text = "there is no costs.csv: what a unit costs and brings is unknown, so stock is valued at its price."
        return _nothing({"asin": "str", **_COSTS}, "asin"), [Note("warning", "costs.csv", text)]
    table = report.table
    by_sku = rows.dropna(subset=["sku"]).drop_duplicates("sku").set_index("sku")["asin"]
    asin = table["asin"].fillna(table["sku"].map(by_sku))
    notes = []
    if (beyond := table["referral_rate"].gt(1)).any():
        rate = table["referral_rate"][beyond].iloc[0]
        found = f"{int(beyond.sum())} rates above 1, e.g. {rate:g}."
        raise AccountError([Problem(f"{report.file}, column 'referral_rate'", found, "For 15 % write 0.15 or 15%.")])
    if nameless := int((table["asin"].isna() & table["sku"].isna()).sum()):
        notes.append(
            Note("warning", report.file, f"{nameless} lines name neither an ASIN nor a SKU and were left out.")
        )
    if unknown := table["sku"][asin.isna()].dropna().tolist():
        notes.append(Note("warning", report.file, f"SKUs that are in no inventory row: {_some(unknown)}."))
    costs = table.assign(asin=asin).dropna(subset=["asin"])
    if twice := costs["asin"][costs["asin"].duplicated()].unique().tolist():
        notes.append(Note("warning", report.file, f"several lines for {_some(twice)}: the first is used."))
    return costs.drop_duplicates("asin").set_index("asin").sort_index()[[*_COSTS]], notes


def _left_out(
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    ads: pd.DataFrame,
    costs: pd.DataFrame,
    by_role: dict[str, Report],
    sales_days: int | None,
) -> Iterable[Note]:
    """Notes on ASINs that one report has and another leaves out: unknown there, not zero."""
    advertised = pd.Index(ads["asin"].unique())
    elsewhere = sales.index.union(advertised)
    if missing := elsewhere.difference(stock.index).tolist():
        text = (
            f"{len(missing)} ASINs with sales or advertising have no row, so their stock is unknown: {_some(missing)}."
        )
        yield Note("warning", by_role["stock"].file, text)
    if "sales" in by_role and sales_days is None:
        text = "sales_days is not given, so its units and sales are not used: units shipped by FBA in 30 days are."
        yield Note("warning", by_role["sales"].file, f"{text} Write the days it covers into account.toml.")
    if "sales" not in by_role:
        yield Note("warning", "business report", "there is none: units shipped by FBA stand for units sold.")
    elif missing := stock.index.difference(sales.index).tolist():
        text = (
            f"{len(missing)} ASINs in stock have no row: units shipped by FBA stand for units sold: {_some(missing)}."
        )
        yield Note("info", by_role["sales"].file, text)
    if "ads" not in by_role:
        yield Note("warning", "advertising report", "there is none: no ASIN has a ROAS, so none has a segment by it.")
    if "costs" in by_role and (missing := stock.index.difference(costs.index).tolist()):
        text = f"{len(missing)} ASINs have no line, so they are valued at their price: {_some(missing)}."
        yield Note("info", by_role["costs"].file, text)


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(quoted(name)[1:-1] for name in names[:_SHOWN]) + rest


def _file_row(report: Report) -> dict[str, object]:
    days = report.table.get("date", report.table.get("snapshot_date"))
    dated = days is not None and days.notna().any()
    return {
        "file": report.file,
        "report": report.schema.title,
        "rows": report.rows,
        "dropped": ", ".join(f"{rows} {reason}" for reason, rows in report.dropped.items()),
        "from": days.min().date() if dated else None,
        "to": days.max().date() if dated else None,
    }

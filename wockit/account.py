"""One folder of downloaded reports as an account: stock, sales, advertising and costs, one row an ASIN.

Which files there are, of which day, and what no report can tell are settled here. What one file says comes from
`reports`, how several become one table from `combine`, what is wrong with the set from `referee`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from wockit import combine, referee
from wockit.answers import kept
from wockit.demand import Demand, weekly_demand
from wockit.language import say
from wockit.notes import AccountError, Note, Problem, ReportError, nearest, quoted, some
from wockit.past import Past, sales_record
from wockit.rates import fee_table
from wockit.reports import Report, read_report, schemas
from wockit.settings import CURRENCIES, ZONES, AccountFile, Settings, read_account_file
from wockit.sheets import SUFFIXES
from wockit.values import SIGNS


@dataclass(frozen=True)
class Account:
    """One account on one day.

    Attributes
    ----------
    stock, sales, costs : pandas.DataFrame
        One row an ASIN, indexed by `asin`. An ASIN that a report leaves out is not in its table.
    ads : pandas.DataFrame
        One row an ASIN and day (`asin`, `date`), summed over campaigns and SKUs; a row of a summary report begins on
        its `first_day`.
    sales_days
        The length of the sales period where a report states it itself [day].
    attribution_days
        Days after a click in which a sale still counts for it [day].
    fees : pandas.DataFrame
        The rates that Amazon charges, the account's own `fees.csv` laid over those that come with wockit.
    past : wockit.past.Past
        What sold in each week before the snapshot.
    demand : wockit.demand.Demand
        What is expected to sell from now on, one row for each of `past.weeks`.
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
    sales_days: int | None
    attribution_days: int
    fees: pd.DataFrame
    past: Past
    demand: Demand
    files: pd.DataFrame
    notes: tuple[Note, ...]


def snapshots(folder: Path) -> list[Path]:
    """The dated folders of an account, oldest first; the folder itself where its files carry no dates.

    Empty ones, such as that of today which `wockit new` makes, count only where all are empty.
    """
    dated = sorted(path for path in folder.iterdir() if path.is_dir() and is_date(path.name))
    filled = [path for path in dated if any(not each.name.startswith(".") for each in path.iterdir())]
    return filled or dated or [folder]


@kept
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
    _check_columns(about.columns)
    chosen = _choose(folder, snapshot)
    fees = folder / "fees.csv"
    table = fee_table(fees if fees.is_file() else None)
    paths, notes, problems = _report_files(folder, chosen)
    reports, unread = _read_all(paths, folder, about.columns)
    problems += [*unread, *_problems_of_the_set(reports, chosen, bool(problems or unread))]
    if problems:
        raise AccountError(problems)
    return _assemble(about, chosen, reports, notes, list(_earlier(folder, chosen, about.columns)), table)


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


def is_date(text: str) -> bool:
    """Whether a text is a day, such as `2026-11-23`."""
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
        raise AccountError([Problem(quoted(folder.name)[1:-1], found, nearest(snapshot, known))])
    return known[snapshot]


def _check_columns(columns: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a column map of `account.toml` that names no known report or none of its columns."""
    problems = []
    for kind, mapped in columns.items():
        schema = schemas().get(kind)
        known: Iterable[str] = schema.columns if schema else schemas()
        for name in [kind] if schema is None else [name for name in mapped if name not in schema.columns]:
            where = f"account.toml, [columns.{quoted(kind)[1:-1]}]"
            problems.append(Problem(where, f"there is no {quoted(name)}.", nearest(name, known)))
    if problems:
        raise AccountError(problems)


def _report_files(folder: Path, chosen: Path) -> tuple[list[Path], list[Note], list[Problem]]:
    paths, notes, problems = [], [], []
    costs = [path for path in folder.iterdir() if path.name == "costs.csv"]
    for path in dict.fromkeys([*sorted(chosen.iterdir()), *costs]):
        shown = quoted(path.name)[1:-1]
        if path.name.startswith((".", "~$")) or path in (folder / "account.toml", folder / "fees.csv"):
            continue
        if path.suffix.lower() not in SUFFIXES:
            if not path.is_dir():
                notes.append(Note("info", shown, "is no report by its ending and was left alone."))
        elif not path.name.isprintable():
            problems.append(Problem(shown, "its name has characters that no text file can hold.", "Rename it."))
        elif not Path(os.path.realpath(path)).is_relative_to(folder.resolve()):
            problems.append(Problem(shown, "it is a link to outside of the account.", "Put the file itself there."))
        elif not path.is_file():
            problems.append(Problem(shown, "it is no file, though named like a report.", "Move it elsewhere."))
        elif path.name == "costs.csv" and path not in costs:
            text = "it lies in the snapshot's folder and was left alone: it belongs into the account's folder."
            notes.append(Note("warning", f"{chosen.name}/costs.csv", text))
        else:
            paths.append(path)
    return paths, notes, problems


def _read_all(
    paths: Sequence[Path], folder: Path, columns: Mapping[str, Mapping[str, str]]
) -> tuple[list[Report], list[Problem]]:
    reports: list[Report] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            reports.append(read_report(path, path.relative_to(folder).as_posix(), columns))
        except ReportError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(quoted(path.name), f"cannot be opened: {error.strerror}."))
    return reports, problems


def _earlier(
    folder: Path, chosen: Path, columns: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[date, list[Report], list[Problem]]]:
    """The inventory and sales reports of earlier snapshots, oldest first, and why others cannot be read."""
    for earlier in snapshots(folder):
        if earlier == folder or earlier.name >= chosen.name:
            return
        paths = [path for path in _report_files(folder, earlier)[0] if path.suffix.lower() != ".xlsx"]
        reports, problems = _read_all([path for path in paths if path.parent == earlier], folder, columns)
        useful = [report for report in reports if report.schema.role in ("stock", "sales")]
        yield date.fromisoformat(earlier.name), useful, problems


def _problems_of_the_set(reports: Sequence[Report], chosen: Path, unread: bool) -> list[Problem]:
    problems = []
    where = quoted(chosen.name)[1:-1]
    for kind, found in _by(reports, lambda report: report.schema.key).items():
        if len(found) > 1 and schemas()[kind].role != "ads":
            files = ", ".join(report.file for report in found)
            text = f"{len(found)} files of one snapshot are the {found[0].schema.title} report: {files}."
            problems.append(Problem(where, text, "Keep the newest in the folder."))
    stock = [report for report in reports if report.schema.role == "stock"]
    if not stock and not unread:
        schema = schemas()["fba_inventory"]
        kinds = ", ".join(say(report.schema.title) for report in reports if report.schema.role != "costs")
        text = f"there is no {schema.title} report; found {kinds or 'no report at all'}."
        do = f"Download it into this folder: {schema.download}."
        if not reports and not is_date(chosen.name):
            do = f"Download it into a folder that is named by its day, such as 2026-11-23: {schema.download}."
        problems.append(Problem(where, text, do))
    for report in stock:
        dated = report.schema.columns.get("snapshot_date")
        if dated and dated.required and report.table["snapshot_date"].isna().all():
            problems.append(Problem(report.file, "it has no row with a snapshot date.", "Download it again."))
    if stock and not is_date(chosen.name) and not any("snapshot_date" in report.table for report in stock):
        text = "no file says of which day it is."
        problems.append(Problem(where, text, "Put the downloads into a folder named by their date."))
    return problems


def _by(reports: Iterable[Report], key: Callable[[Report], str]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.schema.rank):
        found.setdefault(key(report), []).append(report)
    return found


def _assemble(
    about: AccountFile,
    chosen: Path,
    reports: Sequence[Report],
    notes: list[Note],
    earlier: Sequence[tuple[date, Sequence[Report], Sequence[Problem]]],
    fees: pd.DataFrame,
) -> Account:
    roles = {"sales": [], "ads": [], "costs": [], **_by(reports, lambda report: report.schema.role)}
    notes += [note for report in reports for note in report.notes]
    rows: dict[str, pd.DataFrame] = {}
    for report in reports:
        rows[report.file], left_out = combine.of_marketplace(report, about.marketplace)
        notes += left_out
    _check_currency(reports, rows, about.marketplace)
    stock, more = combine.stock_by_asin([(report, rows[report.file]) for report in roles["stock"]])
    notes += more
    day = date.fromisoformat(chosen.name) if is_date(chosen.name) else _day_of(roles["stock"])
    sales, stated, more = _sales(roles["sales"], rows, day, about)
    notes += more
    sales_days = stated or about.settings.sales_days
    sales_in_period(stock, sales, sales_days)
    ads, more = combine.ads_by_day([(report, rows[report.file]) for report in roles["ads"]])
    notes += more
    costs, more = _costs(roles, rows)
    notes += [*more, *_left_out(stock, sales, ads, costs, roles)]
    before = earlier[-1][1] if earlier else ()
    notes += referee.findings(
        snapshot=day, stock=stock, sales=sales, ads=ads, sales_days=sales_days, reports=roles, before=before
    )
    kept = [(then, old, [_rows(report, about.marketplace) for report in old]) for then, old, _ in earlier]
    unread = [problem for _, _, problems in earlier for problem in problems]
    notes += [Note("warning", problem.where, f"is left out of the sales record: {problem.found}") for problem in unread]
    now = [*roles["stock"], *roles["sales"]]
    past, more = sales_record(
        [*kept, (day, now, [rows[report.file] for report in now])],
        asins=stock.index.union(sales.index),
        sales_days=about.settings.sales_days,
        zone=ZONES[about.marketplace],
        events=about.events,
    )
    notes += more
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
        sales_days=stated,
        attribution_days=max((report.attribution_days for report in roles["ads"]), default=7),
        fees=fees,
        past=past,
        demand=weekly_demand(past.weeks.to_numpy()),
        files=pd.DataFrame(map(_file_row, reports)),
        notes=tuple(notes),
    )


def _rows(report: Report, marketplace: str) -> pd.DataFrame:
    """The rows of a marketplace; of a file that holds only others none."""
    stated = report.table.get("marketplace")
    own = report.table if stated is None else report.table[stated.isna() | stated.eq(marketplace)]
    return combine.once(report, own)[0]


def _day_of(stock: Sequence[Report]) -> date:
    days = [report.table["snapshot_date"].max() for report in stock if "snapshot_date" in report.table]
    found: date = max(day.date() for day in days if not pd.isna(day))
    return found


def _sales(
    reports: Sequence[Report], rows: Mapping[str, pd.DataFrame], day: date, about: AccountFile
) -> tuple[pd.DataFrame, int | None, list[Note]]:
    """Sales by ASIN of the best report whose period is known, the period that it states itself, and notes."""
    found = []
    for report in reports:
        table, stated = rows[report.file], report.sales_days
        if "purchase_date" in table:
            table, stated = combine.of_last_days(table, day, zone=ZONES[about.marketplace], since=report.since)
        found.append((stated is None and about.settings.sales_days is None, report, table, stated))
    if not found:
        return combine.nothing(combine.SALES), None, []
    _, report, table, stated = min(found, key=lambda each: (each[0], each[1].schema.rank))
    others = [other.file for _, other, _, _ in found if other is not report]
    notes = (
        [Note("info", report.file, f"units sold are taken from here, not from {', '.join(others)}.")] if others else []
    )
    return combine.sales_by_asin(table), stated, notes


def _check_currency(reports: Iterable[Report], rows: Mapping[str, pd.DataFrame], marketplace: str) -> None:
    expected = CURRENCIES[marketplace]
    problems = []
    for report in reports:
        table = rows[report.file]
        stated = table["currency"] if "currency" in table else pd.Series([], dtype="str")
        if found := set(stated.dropna().str.upper()) - {expected}:
            text = f"amounts in {some(sorted(found))}, the account's marketplace {marketplace} has {expected}."
            problems.append(Problem(f"{report.file}, column 'currency'", text, "Download it for one marketplace only."))
        if others := sorted(sign for sign in report.signs if expected not in SIGNS[sign]):
            text = f"amounts in {some(others, words=True)}, the account's marketplace {marketplace} has {expected}."
            problems.append(Problem(report.file, text, "Download it in the account's own currency."))
    if problems:
        raise AccountError(problems)


def _costs(roles: Mapping[str, Sequence[Report]], rows: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[Note]]:
    if not roles["costs"]:
        text = "there is no costs.csv: what a unit costs and brings is unknown, so stock is valued at its price."
        return combine.nothing(combine.COSTS), [Note("warning", "costs.csv", text)]
    return combine.costs_by_asin(roles["costs"][0], combine.skus_of(rows[report.file] for report in roles["stock"]))


def _left_out(
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    ads: pd.DataFrame,
    costs: pd.DataFrame,
    roles: Mapping[str, Sequence[Report]],
) -> Iterable[Note]:
    """Notes on ASINs that one report has and another leaves out: unknown there, not zero."""
    elsewhere = sales.index.union(pd.Index(ads["asin"].unique()))
    if missing := elsewhere.difference(stock.index).tolist():
        named = some(missing)
        text = f"{len(missing)} ASINs with sales or advertising have no row, so their stock is unknown: {named}."
        yield Note("warning", roles["stock"][0].file, text)
    if not roles["sales"]:
        yield Note("warning", "business report", "there is none: units shipped by FBA stand for units sold.")
    elif missing := stock.index.difference(sales.index).tolist():
        named = some(missing)
        text = f"{len(missing)} ASINs in stock have no row: units shipped by FBA stand for units sold: {named}."
        yield Note("info", roles["sales"][0].file, text)
    if not roles["ads"]:
        yield Note("warning", "advertising report", "there is none: no ASIN has a ROAS, so none has a segment by it.")
    if roles["costs"] and (missing := stock.index.difference(costs.index).tolist()):
        text = f"{len(missing)} ASINs have no line, so they are valued at their price: {some(missing)}."
        yield Note("info", roles["costs"][0].file, text)


def _file_row(report: Report) -> dict[str, object]:
    names = ("date", "start_date", "end_date", "snapshot_date", "purchase_date")
    days = [
        day for name in names if name in report.table for day in (report.table[name].min(), report.table[name].max())
    ]
    dated = [day.date() for day in days if not pd.isna(day)]
    return {
        "file": report.file,
        "report": report.schema.title,
        "language": report.language,
        "rows": report.rows,
        "dropped": ", ".join(f"{rows} {reason}" for reason, rows in report.dropped.items()),
        "from": min(dated, default=None),
        "to": max(dated, default=None),
    }

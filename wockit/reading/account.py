"""One folder of downloaded reports as an account: stock, sales, advertising and costs, one row an ASIN.

Which files there are, of which day, and what no report can tell are settled here. What one file says comes from
`reports`, how several become one table from `combine`, what is wrong with the set from `referee`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from wockit import columns
from wockit.answers import kept
from wockit.formulas.demand import Demand, weekly_demand
from wockit.formulas.rates import fee_table
from wockit.language import Text, listed
from wockit.marketplaces import CURRENCIES, ZONES
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading import combine, referee
from wockit.reading.account_file import AccountFile, read_account_file
from wockit.reading.combine import sales_in_period
from wockit.reading.folder import (
    check_folder,
    chosen_snapshot,
    earlier_reports,
    grouped,
    is_date,
    left_out,
    overlooked,
    problems_of_the_set,
    read_all,
    report_files,
    sound_columns,
    without_copies,
)
from wockit.reading.reports import Report
from wockit.reading.sales_record import Past, sales_record
from wockit.reading.values import SIGNS
from wockit.settings import Settings, unused


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
    past : wockit.reading.sales_record.Past
        What sold in each week before the snapshot.
    demand : wockit.formulas.demand.Demand
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
    check_folder(folder)
    about, unsound = sound_columns(read_account_file(folder / "account.toml"))
    chosen = chosen_snapshot(folder, snapshot)
    fees = folder / "fees.csv"
    table = fee_table(fees if fees.is_file() else None)
    paths, skipped, problems = report_files(folder, chosen)
    read = read_all(paths, folder, about)
    fitting, strangers, foreign = _of_account(read.reports, about.marketplace)
    reports, copies = without_copies(fitting)
    problems = [*unsound, *problems, *read.broken, *foreign]
    problems += problems_of_the_set(reports, chosen, bool(problems), about.settings.sales_days)
    skipped += overlooked(folder, chosen)
    if not any(report.schema.role == "stock" for report in reports):  # one of these may be what is missing
        problems = [*read.of_no_use, *problems, *(Problem(note.where, note.text) for note in skipped)]
        skipped = []
    else:
        skipped += left_out(read.of_no_use)
    notes = [*skipped, *strangers, *copies, *unused(about.settings)]
    try:
        if problems:
            raise AccountError(problems)
        return _assemble(about, chosen, reports, notes, list(earlier_reports(folder, chosen, about)), table)
    except AccountError as error:
        raise AccountError(error.problems, _file_rows(read.reports), notes) from None


def _of_account(reports: Sequence[Report], marketplace: str) -> tuple[list[Report], list[Note], list[Problem]]:
    """The reports of the account's marketplace and currency; others are left out where their role has one besides."""
    fitting: list[Report] = []
    strangers: list[tuple[Report, Sequence[Problem]]] = []
    for report in reports:
        try:
            rows, _ = combine.of_marketplace(report, marketplace)
            _check_currency([report], {report.file: rows}, marketplace)
            fitting.append(report)
        except AccountError as error:
            strangers.append((report, error.problems))
    roles = {report.schema.role for report in fitting}
    beside = [problem for report, problems in strangers if report.schema.role in roles for problem in problems]
    alone = [problem for report, problems in strangers if report.schema.role not in roles for problem in problems]
    return fitting, left_out(beside), alone


def _assemble(
    about: AccountFile,
    chosen: Path,
    reports: Sequence[Report],
    notes: list[Note],
    earlier: Sequence[tuple[date, Sequence[Report], Sequence[Problem]]],
    fees: pd.DataFrame,
) -> Account:
    roles = {"sales": [], "ads": [], "costs": [], **grouped(reports, lambda report: report.schema.role)}
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
    notes += [
        Note("warning", problem.where, Text("is left out of the sales record: {0}", problem.found))
        for problem in unread
    ]
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
        files=_file_rows(reports),
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
        return columns.nothing(columns.SALES), None, []
    _, report, table, stated = min(found, key=lambda each: (each[0], each[1].schema.rank))
    others = [other.file for _, other, _, _ in found if other is not report]
    notes = (
        [Note("info", report.file, Text("units sold are taken from here, not from {0}.", ", ".join(others)))]
        if others
        else []
    )
    sales, below = combine.none_below_zero(combine.sales_by_asin(table), report.file)
    return sales, stated, [*notes, *below]


def _check_currency(reports: Iterable[Report], rows: Mapping[str, pd.DataFrame], marketplace: str) -> None:
    expected = CURRENCIES[marketplace]
    problems = []
    for report in reports:
        table = rows[report.file]
        stated = table["currency"] if "currency" in table else pd.Series([], dtype="str")
        if found := set(stated.dropna().str.upper()) - {expected}:
            text = Text(
                "amounts in {0}, the account's marketplace {1} has {2}.", some(sorted(found)), marketplace, expected
            )
            problems.append(
                Problem(Text("{0}, column 'currency'", report.file), text, "Download it for one marketplace only.")
            )
        if others := sorted(sign for sign in report.signs if expected not in SIGNS[sign]):
            text = Text(
                "amounts in {0}, the account's marketplace {1} has {2}.",
                some(others, words=True),
                marketplace,
                expected,
            )
            problems.append(Problem(report.file, text, "Download it in the account's own currency."))
    if problems:
        raise AccountError(problems)


def _costs(roles: Mapping[str, Sequence[Report]], rows: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[Note]]:
    if not roles["costs"]:
        text = "there is no costs.csv: what a unit costs and brings is unknown, so stock is valued at its price."
        return columns.nothing(columns.COSTS), [Note("warning", "costs.csv", text)]
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
    active = sales.index[sales["units_ordered"].gt(0)].union(pd.Index(ads["asin"].unique()))
    missing = elsewhere.difference(stock.index)
    if selling := missing.intersection(active).tolist():
        text = Text(
            "{0} ASINs with sales or advertising have no row, so their stock is unknown: {1}.",
            len(selling),
            some(selling),
        )
        yield Note("warning", roles["stock"][0].file, text)
    if idle := missing.difference(active).tolist():
        text = Text("{0} ASINs of the sales report that sold nothing have no row.", len(idle))
        yield Note("info", roles["stock"][0].file, text)
    unsold = stock.index.difference(sales.index)
    shipped = stock["units_shipped_30_days"].notna()
    if not roles["sales"]:
        yield Note("warning", "business report", "there is none: units shipped by FBA stand for units sold.")
    elif instead := unsold.intersection(stock.index[shipped]).tolist():
        text = Text(
            "{0} ASINs in stock have no row: units shipped by FBA stand for units sold: {1}.",
            len(instead),
            some(instead),
        )
        yield Note("info", roles["sales"][0].file, text)
    if roles["sales"] and (unknown := unsold.difference(stock.index[shipped]).tolist()):
        text = Text(
            "{0} ASINs in stock have no row, so their units sold are unknown: {1}. Add FBA Inventory, or a business "
            "report that lists them.",
            len(unknown),
            some(unknown),
        )
        yield Note("warning", roles["sales"][0].file, text)
    if not roles["ads"]:
        yield Note("warning", "advertising report", "there is none: no ASIN has a ROAS, so none has a segment by it.")
    price = costs["price"].fillna(stock["price"].reindex(costs.index))
    if dear := costs.index[costs["landed_cost"].gt(price)].tolist():
        text = Text(
            "{0} ASINs cost more to land than they sell for: {1}. Is it the cost of one unit?", len(dear), some(dear)
        )
        yield Note("warning", roles["costs"][0].file, text, "cost_above_price")
    if roles["costs"] and (missing := stock.index.difference(costs.index).tolist()):
        text = Text("{0} ASINs have no line, so they are valued at their price: {1}.", len(missing), some(missing))
        yield Note("info", roles["costs"][0].file, text)


def _file_rows(reports: Sequence[Report]) -> pd.DataFrame:
    return pd.DataFrame(map(_file_row, reports)).assign(dropped=pd.Series(map(_dropped, reports), dtype=object))


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
        "dropped": "",
        "from": min(dated, default=None),
        "to": max(dated, default=None),
    }


def _dropped(report: Report) -> Text:
    """How many rows of a report were left out and why; a text of ours, which a column of strings would not keep."""
    return listed(Text("{0} {1}", rows, reason) for reason, rows in report.dropped.items())

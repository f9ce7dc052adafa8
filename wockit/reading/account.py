"""One folder of downloaded reports as an account: stock, sales, advertising and costs, one row per ASIN.

This module puts the parts together: `folder` finds the files, `reports` reads one file, `stock`, `sales` and `ads` make
one table of several, `referee` checks the set.
"""

import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path

import pandas as pd

from wockit import columns
from wockit.answers import kept
from wockit.formulas.demand import Demand, after_season, before_its_day, in_season, weekly_demand
from wockit.formulas.rates import fee_table
from wockit.language import Text
from wockit.marketplaces import CURRENCIES, ZONES
from wockit.notes import AccountError, Note, Problem
from wockit.reading import referee
from wockit.reading.account_file import AccountFile, read_account_file
from wockit.reading.ads import ads_by_day
from wockit.reading.belonging import ReportsOfStore, of_account, of_store
from wockit.reading.bulk import Bulk
from wockit.reading.charges import charges_by_asin, with_charges
from wockit.reading.door import fault
from wockit.reading.folder import (
    check_folder,
    chosen_snapshot,
    earlier_reports,
    in_newest_state,
    is_date,
    left_out,
    overlooked,
    read_all,
    report_files,
    sound_columns,
)
from wockit.reading.gaps import gaps, of_seller
from wockit.reading.lessons import Lessons, lessons_of
from wockit.reading.logo import Logo
from wockit.reading.own_tables import costs_by_asin, other_stock_by_asin
from wockit.reading.pace import sales_of_pace, with_units_sent
from wockit.reading.periods import Sold, by_period
from wockit.reading.report_set import of_no_rows, problems_of_the_set, read_files, without_copies
from wockit.reading.reports import Report
from wockit.reading.sales import sales_in_period
from wockit.reading.sales_record import Past, sales_record
from wockit.reading.stock import sent_by_seller, skus_of, stock_by_asin
from wockit.reading.stores import own_rows
from wockit.reading.supply import supply_of
from wockit.settings import Settings, unused


@dataclass(frozen=True)
class Account:
    """One account on one day.

    Attributes
    ----------
    stock, sales, costs : pandas.DataFrame
        One row per ASIN, indexed by `asin`. An ASIN that a report leaves out is not in its table.
    other_stock : pandas.DataFrame
        Stock that is not at Amazon's fulfillment centers, by ASIN: where it is, units, the day it arrives.
    ads : pandas.DataFrame
        One row per ASIN and day (`asin`, `date`), summed over campaigns and SKUs; a row of a summary report begins on
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
    bulk : wockit.reading.bulk.Bulk or None
        Campaigns, ads and bids with their ids, where there is a bulk download.
    files : pandas.DataFrame
        What each file is and how much of it was read.
    notes
        What to know before trusting a number.
    title, logo
        What the account wants at the head of its reports, if anything.
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
    other_stock: pd.DataFrame = field(default_factory=lambda: columns.nothing(columns.OTHER_STOCK))
    bulk: Bulk | None = None
    title: str = ""
    logo: Logo | None = None

    @cached_property
    def supply(self) -> pd.DataFrame:
        """The parts of each ASIN's supply: what can be sold, what is on its way, what is neither."""
        return supply_of(self.stock, self.costs, self.other_stock)

    @cached_property
    def lessons(self) -> Lessons:
        """Lessons of its pauses of ads, its price and bid changes and its conversion."""
        return lessons_of(self.past, self.ads)


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
    table = fee_table(_own_rates(folder))
    paths, skipped, problems = report_files(folder, chosen)
    read = read_all(paths, folder, about)
    fitting, strangers, foreign = of_account(read.reports, about.marketplace)
    originals, copies = without_copies(fitting)
    reports = in_newest_state(originals, folder, about)
    problems = [*unsound, *problems, *read.broken, *foreign]
    problems += problems_of_the_set(reports, chosen, bool(problems), about.settings.sales_days)
    skipped += overlooked(folder, chosen)
    if not any(report.schema.role == "stock" for report in reports):  # one of these may be what is missing
        problems = [*read.of_no_use, *problems, *(Problem(note.where, note.text) for note in skipped)]
        skipped = []
    else:
        skipped += left_out(read.of_no_use)
    notes = [*skipped, *strangers, *copies, *of_no_rows(reports), *unused(about.settings)]
    try:
        if problems:
            raise AccountError(problems)
        return _assemble(about, chosen, reports, notes, list(earlier_reports(folder, chosen, about)), table)
    except AccountError as error:
        raise AccountError(error.problems, read_files(read.reports), notes) from None


def _own_rates(folder: Path) -> Path | None:
    """The account's own `fees.csv`; none where there is none."""
    path = folder / "fees.csv"
    if not os.path.lexists(path):
        return None
    if problem := fault(path, folder, path.name):
        raise AccountError([problem])
    return path


LONGEST_SEASON = 91
"""How far the end of a season or a day of the seller's may lie ahead, or the end of a season behind, for what sold last
to tell of it: of longer ones a month tells too little [day]."""
Kept = Sequence[tuple[date, Sequence[Report], Sequence[Problem]]]
"""Each earlier snapshot: its day, its reports, and what could not be read of it."""


@dataclass(frozen=True)
class _Counted:
    """Stock and sales, one row an ASIN, and what they were counted from.

    `sold` are the documents of sales, one of each period; `stated_days` is the sales period that one of them states
    [day]. `own_skus` and `own_asins` are what the seller sends himself.
    """

    stock: pd.DataFrame
    sales: pd.DataFrame
    sold: Sequence[Sold]
    stated_days: int | None
    own_skus: Set[str]
    own_asins: Set[str]
    notes: Sequence[Note]

    def at_fba(self, table: pd.DataFrame, asins: pd.Index | pd.Series) -> pd.DataFrame:
        """The rows of a table but for ASINs that the seller sends himself."""
        return table[~asins.isin(self.own_asins)]


def _assemble(
    about: AccountFile,
    chosen: Path,
    reports: Sequence[Report],
    notes: Sequence[Note],
    earlier: Kept,
    fees: pd.DataFrame,
) -> Account:
    files, of_files = of_store(reports, about.marketplace)
    day = date.fromisoformat(chosen.name) if is_date(chosen.name) else _day_of(files.by_role["stock"])
    counted = _counted(files, about, day)
    stock, sales = counted.stock, counted.sales
    ads, of_ads = ads_by_day(files.of("ads"))
    skus = skus_of(rows for _, rows in files.of("stock"))
    costs, of_costs = _costs(files, skus)
    other_stock, of_other_stock = other_stock_by_asin(files.of("other_stock"), skus, day)
    past, of_past = _record(counted, files, earlier, about, day)
    sales_at_fba, ads_at_fba = counted.at_fba(sales, sales.index), counted.at_fba(ads, ads["asin"])
    findings = referee.findings(
        snapshot=day,
        stock=stock,
        sales=sales_at_fba,
        ads=ads_at_fba,
        sales_days=counted.stated_days or about.settings.sales_days,
        reports=files.by_role,
        before=earlier[-1][1] if earlier else (),
    )
    of_reports = [note for report in reports for note in report.notes]
    of_gaps = [
        *gaps(stock, sales_at_fba, ads_at_fba, costs, files.by_role, day),
        *of_seller(sales, counted.own_asins, files.by_role),
    ]
    return Account(
        name=about.name,
        marketplace=about.marketplace,
        currency=CURRENCIES[about.marketplace],
        snapshot=day,
        settings=about.settings,
        title=about.title,
        logo=about.logo,
        stock=stock,
        sales=sales,
        ads=ads,
        costs=costs,
        other_stock=other_stock,
        bulk=next((report.bulk for report, _ in files.of("bulk")), None),
        sales_days=counted.stated_days,
        attribution_days=max((report.attribution_days for report in files.by_role["ads"]), default=7),
        fees=fees,
        past=past,
        demand=_demand(stock, costs, past.weeks, day),
        files=read_files(reports),
        notes=tuple(
            chain(
                notes, of_reports, of_files, counted.notes, of_ads, of_costs, of_other_stock, of_gaps, findings, of_past
            )
        ),
    )


def _counted(files: ReportsOfStore, about: AccountFile, day: date) -> _Counted:
    """Stock as the inventory reports count it, and the sales that left it: neither counts what the seller sends."""
    stock, of_stock = stock_by_asin(files.of("stock"))
    sold, of_periods = by_period(files.of("sales"), ZONES[about.marketplace])
    sales, stated_days, of_sales = sales_of_pace(sold, day, about)
    sales_days = stated_days or about.settings.sales_days
    by_seller = sent_by_seller(rows for _, rows in files.of("stock"))
    own_skus, own_asins = set(by_seller["sku"]), set(by_seller["asin"]) - set(stock.index)
    stock, of_orders = with_units_sent(sold, stock, sales_days, day, about, own_skus)
    sales_in_period(stock, sales, sales_days)
    notes = [*of_stock, *of_sales, *of_periods, *of_orders]
    return _Counted(stock, sales, sold, stated_days, own_skus, own_asins, notes)


def _demand(stock: pd.DataFrame, costs: pd.DataFrame, weeks: pd.DataFrame, day: date) -> Demand:
    """Expected sales, where Amazon names a season that ends soon or has ended, or the seller names a day."""
    history, today = weeks.to_numpy(), pd.Timestamp(day)
    left = (stock["season_end"] - today).dt.days.reindex(weeks.index)
    to_date = (costs["clear_by"] - today).dt.days.reindex(weeks.index).fillna(left)
    lasts, dated = (days.where(days.between(1, LONGEST_SEASON), 0).to_numpy() / 7 for days in (left, to_date))
    ended = -left.where(left.between(-LONGEST_SEASON, -1), 0).to_numpy() - 1
    until = before_its_day(in_season(weekly_demand(history), history, lasts), history, dated)
    return after_season(until, history, ended // 7)


def _record(
    counted: _Counted, files: ReportsOfStore, earlier: Kept, about: AccountFile, day: date
) -> tuple[Past, list[Note]]:
    """Sales in each week before the snapshot, from its own reports and those of earlier ones.

    Without what the seller sends himself.
    """
    unread = [problem for _, _, problems in earlier for problem in problems]
    notes = [
        Note("warning", problem.where, Text("left out of the sales record: {0}", problem.found)) for problem in unread
    ]
    zone = ZONES[about.marketplace]
    snapshots = [(then, _of_then(reports, about.marketplace, zone)) for then, reports, _ in earlier]
    now = [*files.of("stock"), *counted.sold]
    past, more = sales_record(
        [
            (then, [report for report, _ in known], [_without_skus(rows, counted.own_skus) for _, rows in known])
            for then, known in [*snapshots, (day, now)]
        ],
        asins=counted.stock.index.union(counted.sales.index),
        sales_days=about.settings.sales_days,
        zone=zone,
        events=about.events,
    )
    return past, [*notes, *more]


def _without_skus(rows: pd.DataFrame, skus: Set[str]) -> pd.DataFrame:
    return rows[~rows["sku"].isin(skus)] if skus and "sku" in rows else rows


def _of_then(reports: Sequence[Report], marketplace: str, zone: str) -> Sequence[Sold]:
    """The inventory and sales reports of an earlier snapshot, each of one period."""
    known = [(report, own_rows(report, marketplace)[0]) for report in reports]
    sold, _ = by_period([(report, rows) for report, rows in known if report.schema.role == "sales"], zone)
    return [*((report, rows) for report, rows in known if report.schema.role != "sales"), *sold]


def _day_of(stock: Sequence[Report]) -> date:
    days = [report.table["snapshot_date"].max() for report in stock if "snapshot_date" in report.table]
    latest: date = max(day.date() for day in days if not pd.isna(day))
    return latest


def _costs(files: ReportsOfStore, skus: Mapping[str, str]) -> tuple[pd.DataFrame, list[Note]]:
    """Cost and proceeds of a unit, by ASIN: as the seller wrote, then as Amazon's fee reports state."""
    charges = charges_by_asin(files.of("fees"))
    if files.by_role["costs"]:
        costs, notes = costs_by_asin(files.by_role["costs"][0], skus)
        return with_charges(costs, charges), notes
    text = "there is no costs.csv. Unit costs and net per unit are unknown, so stock is valued at its selling price."
    if len(charges):
        text = "there is no costs.csv. Unit costs are unknown, so stock is valued at its selling price."
    return with_charges(columns.nothing(columns.COSTS), charges), [Note("warning", "costs.csv", text)]

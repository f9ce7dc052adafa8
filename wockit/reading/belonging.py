"""The reports of a snapshot that belong to the account: to its marketplace, its currency and its store.

Which files there are is in `folder`, the rows of one store and its units of measure in `stores`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from wockit.language import Text
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.folder import left_out
from wockit.reading.report_set import grouped
from wockit.reading.reports import Report
from wockit.reading.stores import in_our_units, of_marketplace
from wockit.reading.values import SIGNS


@dataclass(frozen=True)
class ReportsOfStore:
    """The reports of one snapshot by role, best first, each with its rows of the account's store."""

    by_role: Mapping[str, Sequence[Report]]
    rows: Mapping[str, pd.DataFrame]

    def of(self, role: str) -> list[tuple[Report, pd.DataFrame]]:
        """The reports of a role with their rows."""
        return [(report, self.rows[report.file]) for report in self.by_role.get(role, ())]


def of_account(reports: Sequence[Report], marketplace: str) -> tuple[list[Report], list[Note], list[Problem]]:
    """The reports of the account's marketplace and currency; others are left out where their role has one besides.

    An inventory report of another marketplace tells what that one ships of the same stock: its rows join those of the
    account's own.
    """
    fitting: list[Report] = []
    strangers: list[tuple[Report, Sequence[Problem]]] = []
    for report in reports:
        if report.schema.role == "fees":  # one file holds every store of an account
            fitting.append(report)
            continue
        try:
            rows, _ = _in_currency(report, of_marketplace(report, marketplace)[0], marketplace)
            _check_currency([report], {report.file: rows}, marketplace)
            fitting.append(report)
        except AccountError as error:
            strangers.append((report, error.problems))
    fitting, strangers, joined = _with_other_stores(fitting, strangers, marketplace)
    roles = {"bulk", *(report.schema.role for report in fitting)}  # nobody needs a bulk download
    beside = [problem for report, problems in strangers if report.schema.role in roles for problem in problems]
    alone = [problem for report, problems in strangers if report.schema.role not in roles for problem in problems]
    return fitting, [*joined, *left_out(beside)], alone


Stranger = tuple[Report, Sequence[Problem]]
"""A report of another store or currency, and what is wrong with it."""


def _with_other_stores(
    fitting: Sequence[Report], strangers: Sequence[Stranger], marketplace: str
) -> tuple[list[Report], list[Stranger], list[Note]]:
    """The own inventory reports with the rows of the same kind that are of other marketplaces, and what stays strange.

    A pan-EU stock can be downloaded for each marketplace, as a file of its own.
    """
    own = {report.schema.key: number for number, report in enumerate(fitting) if report.schema.role == "stock"}
    joined, left = list(fitting), []
    notes: list[Note] = []
    for report, problems in strangers:
        number = own.get(report.schema.key)
        if number is None or not all("marketplace" in inventory.table for inventory in (report, joined[number])):
            left.append((report, problems))
            continue
        stated, rows = report.table["marketplace"], joined[number].table
        if stated.isna().any() or stated.eq(marketplace).any():  # its currency is strange, not its store
            left.append((report, problems))
            continue
        rows = rows.assign(marketplace=rows["marketplace"].fillna(marketplace))
        joined[number] = replace(joined[number], table=pd.concat([rows, report.table], ignore_index=True))
        text = Text(
            "it is of {0}. What that sells counts where it shares its stock with {1}.",
            some(sorted(stated.unique())),
            marketplace,
        )
        notes.append(Note("info", report.file, text))
    return joined, left, notes


def of_store(reports: Sequence[Report], marketplace: str) -> tuple[ReportsOfStore, list[Note]]:
    """The reports of a snapshot with their rows of one marketplace; amounts in another currency are refused."""
    rows: dict[str, pd.DataFrame] = {}
    notes: list[Note] = []
    for report in reports:
        own, store_notes = of_marketplace(report, marketplace)
        own, foreign = _in_currency(report, own, marketplace)
        rows[report.file], unknown = in_our_units(report, own, marketplace)
        notes += [*store_notes, *foreign, *unknown]
    _check_currency(reports, rows, marketplace)
    roles = {"sales": [], "ads": [], "costs": [], **grouped(reports, lambda report: report.schema.role)}
    return ReportsOfStore(roles, rows), notes


def _in_currency(report: Report, rows: pd.DataFrame, marketplace: str) -> tuple[pd.DataFrame, list[Note]]:
    """Rows without those in other currencies where these are fewer than half: they cannot be added to the others.

    A report of fees holds every store of an account, so that nobody needs to know of them.
    """
    if "currency" not in rows:
        return rows, []
    other = rows["currency"].notna() & rows["currency"].str.upper().ne(CURRENCIES[marketplace])
    if report.schema.role == "fees":
        return rows[~other], []
    if not other.any() or 2 * other.sum() >= rows["currency"].notna().sum():
        return rows, []
    codes = some(sorted(set(rows.loc[other, "currency"].str.upper())))
    text = Text("{0} rows in other currencies ({1}) were left out.", int(other.sum()), codes)
    return rows[~other], [Note("warning", report.file, text, "marketplaces_mixed")]


def _check_currency(reports: Iterable[Report], rows: Mapping[str, pd.DataFrame], marketplace: str) -> None:
    expected = CURRENCIES[marketplace]
    problems = []
    for report in reports:
        table = rows[report.file]
        stated = table["currency"] if "currency" in table else pd.Series([], dtype="str")
        if currencies := {code.upper() for code in stated.dropna().unique()} - {expected}:
            text = Text(
                "amounts are in {0}, but the account's marketplace {1} uses {2}.",
                some(sorted(currencies)),
                marketplace,
                expected,
            )
            problems.append(
                Problem(Text("{0}, column 'currency'", report.file), text, "Download it for one marketplace only.")
            )
        if foreign_signs := sorted(sign for sign in report.signs if expected not in SIGNS[sign]):
            text = Text(
                "amounts are in {0}, but the account's marketplace {1} uses {2}.",
                some(foreign_signs, words=True),
                marketplace,
                expected,
            )
            problems.append(Problem(report.file, text, "Download it in the account's own currency."))
    if problems:
        raise AccountError(problems)

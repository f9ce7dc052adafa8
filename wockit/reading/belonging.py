"""The reports of a snapshot that belong to the account: to its marketplace, its currency and its store.

Which files there are is in `folder`, the rows of one store and its units of measure in `stores`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from wockit.language import Text
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note, Problem, some
from wockit.reading.folder import grouped, left_out
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
    """The reports of the account's marketplace and currency; others are left out where their role has one besides."""
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
    roles = {"bulk", *(report.schema.role for report in fitting)}  # nobody needs a bulk download
    beside = [problem for report, problems in strangers if report.schema.role in roles for problem in problems]
    alone = [problem for report, problems in strangers if report.schema.role not in roles for problem in problems]
    return fitting, left_out(beside), alone


def of_store(reports: Sequence[Report], marketplace: str) -> tuple[ReportsOfStore, list[Note]]:
    """The reports of a snapshot with their rows of one marketplace; amounts in another currency are refused."""
    rows: dict[str, pd.DataFrame] = {}
    notes: list[Note] = []
    for report in reports:
        own, others = of_marketplace(report, marketplace)
        own, foreign = _in_currency(report, own, marketplace)
        rows[report.file], unknown = in_our_units(report, own, marketplace)
        notes += [*others, *foreign, *unknown]
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
        if currencies := {each.upper() for each in stated.dropna().unique()} - {expected}:
            text = Text(
                "amounts are in {0}, but the account's marketplace {1} uses {2}.",
                some(sorted(currencies)),
                marketplace,
                expected,
            )
            problems.append(
                Problem(Text("{0}, column 'currency'", report.file), text, "Download it for one marketplace only.")
            )
        if others := sorted(sign for sign in report.signs if expected not in SIGNS[sign]):
            text = Text(
                "amounts are in {0}, but the account's marketplace {1} uses {2}.",
                some(others, words=True),
                marketplace,
                expected,
            )
            problems.append(Problem(report.file, text, "Download it in the account's own currency."))
    if problems:
        raise AccountError(problems)

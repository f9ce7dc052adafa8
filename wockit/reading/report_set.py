"""The reports of one snapshot taken together: copies, what is missing, what is there twice, what has no rows."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from wockit.language import Text, listed, say
from wockit.notes import Note, Problem, quoted
from wockit.reading.folder import is_date
from wockit.reading.reports import Report
from wockit.reading.schemas import OWN_FILES, schemas

_ADD_UP = frozenset({"ads", "fees"})
"""Roles of which several files of one kind are right."""


def without_copies(reports: Sequence[Report]) -> tuple[list[Report], list[Note]]:
    """The reports without those that say the same as another one, as a second download does."""
    originals: list[Report] = []
    notes = []
    for report in reports:
        same = [
            other
            for other in originals
            if (other.schema.key, other.rows, other.sales_last, other.sales_days)
            == (report.schema.key, report.rows, report.sales_last, report.sales_days)
            and other.table.equals(report.table)
        ]
        if same:
            notes.append(Note("info", report.file, Text("ignored: same content as {0}.", same[0].file)))
        else:
            originals.append(report)
    return originals, notes


def problems_of_the_set(reports: Sequence[Report], chosen: Path, unread: bool, sales_days: int | None) -> list[Problem]:
    """Problems of the reports of a snapshot taken together."""
    problems = []
    where = quoted(chosen.name)[1:-1]
    for kind, group in grouped(reports, lambda report: report.schema.key).items():
        if len(group) > 1 and schemas()[kind].role not in _ADD_UP and not all(map(_names_its_days, group)):
            files = ", ".join(report.file for report in group)
            text: str = Text(
                "{0} files of this snapshot are the same report ({1}): {2}.", len(group), group[0].schema.title, files
            )
            do: str = "Keep only the newest in the folder."
            if schemas()[kind].role == "sales":
                do = Text("Keep the one that covers the {0} days before the snapshot.", sales_days or 30)
            problems.append(Problem(where, text, do))
    stock = [report for report in reports if report.schema.role == "stock"]
    if not stock and not unread:
        schema = schemas()["fba_inventory"]
        kinds = ", ".join(say(report.schema.title) for report in reports if report.file not in OWN_FILES)
        text = Text("there is no {0} report; found {1}.", schema.title, kinds or Text("no reports"))
        do = Text("Download it into this folder: {0}.", schema.download)
        if not reports and not is_date(chosen.name):
            do = Text("Download it into a folder named by its date, such as 2026-11-23: {0}.", schema.download)
        problems.append(Problem(where, text, do))
    if stock and all(report.table.empty for report in stock):
        problems += [Problem(report.file, _without_rows(report), "Download it again.") for report in stock]
    for report in (report for report in stock if len(report.table)):
        dated = report.schema.columns.get("snapshot_date")
        if dated and dated.required and report.table["snapshot_date"].isna().all():
            problems.append(Problem(report.file, "no row has a snapshot date.", "Download it again."))
    if stock and not is_date(chosen.name) and not any("snapshot_date" in report.table for report in stock):
        text = "no file contains its date."
        problems.append(Problem(where, text, "Put the downloads into a folder named by the date."))
    return problems


def of_no_rows(reports: Iterable[Report]) -> list[Note]:
    """Notes on reports without a row that counts; what the seller writes himself may be blank."""
    return [
        Note("warning", report.file, _without_rows(report))
        for report in reports
        if report.table.empty and report.file not in OWN_FILES and not report.united
    ]


def _without_rows(report: Report) -> Text:
    if not report.dropped:
        return Text("it has no rows below its header.")
    return Text("it has no row that counts: all {0} were left out.", f"{report.rows:,}")


def _names_its_days(report: Report) -> bool:
    """True if a sales report states its days, so that several of one kind count no day twice."""
    return bool(report.since or report.sales_last)


def grouped(reports: Iterable[Report], key: Callable[[Report], str]) -> dict[str, list[Report]]:
    """Reports by a key, each group best first."""
    groups: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.schema.rank):
        groups.setdefault(key(report), []).append(report)
    return groups


def read_files(reports: Sequence[Report]) -> pd.DataFrame:
    """Table of the files: kind, language and rows of each, a row a file."""
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
    """Number of rows of a report that were left out, and why, as a `Text`."""
    return listed(Text("{0}: {1}", reason, rows) for reason, rows in report.dropped.items())

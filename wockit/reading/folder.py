"""Which files an account has and of which day; reading them all, and what is wrong with the set."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from wockit.language import Text, say
from wockit.notes import AccountError, Note, Problem, ReportError, nearest, quoted
from wockit.reading.files import SUFFIXES
from wockit.reading.reports import Report, read_report
from wockit.reading.schemas import schemas


def snapshots(folder: Path) -> list[Path]:
    """The dated folders of an account, oldest first; the folder itself where its files carry no dates.

    Empty ones, such as that of today which `wockit new` makes, count only where all are empty.
    """
    dated = sorted(path for path in folder.iterdir() if path.is_dir() and is_date(path.name))
    filled = [path for path in dated if any(not each.name.startswith(".") for each in path.iterdir())]
    return filled or dated or [folder]


def is_date(text: str) -> bool:
    """Whether a text is a day, such as `2026-11-23`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def chosen_snapshot(folder: Path, snapshot: str) -> Path:
    """The folder of the snapshot that is asked for, the newest where none is."""
    known = {path.name: path for path in snapshots(folder)}
    if snapshot and folder in known.values():
        found = Text("there is no snapshot {0}: its files lie in no dated folder.", quoted(snapshot))
        raise AccountError([Problem(quoted(folder.name)[1:-1], found, "Leave the snapshot out.")])
    if not snapshot:
        return list(known.values())[-1]
    if snapshot not in known:
        found = Text("there is no snapshot {0}; found {1}.", quoted(snapshot), ", ".join(map(quoted, known)))
        raise AccountError([Problem(quoted(folder.name)[1:-1], found, nearest(snapshot, known))])
    return known[snapshot]


def check_columns(columns: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a column map of `account.toml` that names no known report or none of its columns."""
    problems = []
    for kind, mapped in columns.items():
        schema = schemas().get(kind)
        known: Iterable[str] = schema.columns if schema else schemas()
        for name in [kind] if schema is None else [name for name in mapped if name not in schema.columns]:
            where = Text("account.toml, [columns.{0}]", quoted(kind)[1:-1])
            problems.append(Problem(where, Text("there is no {0}.", quoted(name)), nearest(name, known)))
    if problems:
        raise AccountError(problems)


def report_files(folder: Path, chosen: Path) -> tuple[list[Path], list[Note], list[Problem]]:
    """The files of a snapshot that may be reports, with `costs.csv`, and what is wrong with the others."""
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


def read_all(
    paths: Sequence[Path], folder: Path, columns: Mapping[str, Mapping[str, str]]
) -> tuple[list[Report], list[Problem]]:
    """Read every file that can be read, and say what is wrong with the others."""
    reports: list[Report] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            reports.append(read_report(path, path.relative_to(folder).as_posix(), columns))
        except ReportError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(quoted(path.name), Text("cannot be opened: {0}.", error.strerror)))
    return reports, problems


def earlier_reports(
    folder: Path, chosen: Path, columns: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[date, list[Report], list[Problem]]]:
    """The inventory and sales reports of earlier snapshots, oldest first, and why others cannot be read."""
    for earlier in snapshots(folder):
        if earlier == folder or earlier.name >= chosen.name:
            return
        paths = [path for path in report_files(folder, earlier)[0] if path.suffix.lower() != ".xlsx"]
        reports, problems = read_all([path for path in paths if path.parent == earlier], folder, columns)
        useful = [report for report in reports if report.schema.role in ("stock", "sales")]
        yield date.fromisoformat(earlier.name), useful, problems


def problems_of_the_set(reports: Sequence[Report], chosen: Path, unread: bool) -> list[Problem]:
    """What is wrong with the reports of a snapshot taken together."""
    problems = []
    where = quoted(chosen.name)[1:-1]
    for kind, found in grouped(reports, lambda report: report.schema.key).items():
        if len(found) > 1 and schemas()[kind].role != "ads":
            files = ", ".join(report.file for report in found)
            text: str = Text(
                "{0} files of one snapshot are the {1} report: {2}.", len(found), found[0].schema.title, files
            )
            problems.append(Problem(where, text, "Keep the newest in the folder."))
    stock = [report for report in reports if report.schema.role == "stock"]
    if not stock and not unread:
        schema = schemas()["fba_inventory"]
        kinds = ", ".join(say(report.schema.title) for report in reports if report.schema.role != "costs")
        text = Text("there is no {0} report; found {1}.", schema.title, kinds or Text("no report at all"))
        do = Text("Download it into this folder: {0}.", schema.download)
        if not reports and not is_date(chosen.name):
            do = Text("Download it into a folder that is named by its day, such as 2026-11-23: {0}.", schema.download)
        problems.append(Problem(where, text, do))
    for report in stock:
        dated = report.schema.columns.get("snapshot_date")
        if dated and dated.required and report.table["snapshot_date"].isna().all():
            problems.append(Problem(report.file, "it has no row with a snapshot date.", "Download it again."))
    if stock and not is_date(chosen.name) and not any("snapshot_date" in report.table for report in stock):
        text = "no file says of which day it is."
        problems.append(Problem(where, text, "Put the downloads into a folder named by their date."))
    return problems


def grouped(reports: Iterable[Report], key: Callable[[Report], str]) -> dict[str, list[Report]]:
    """Reports by a key, each group best first."""
    found: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.schema.rank):
        found.setdefault(key(report), []).append(report)
    return found

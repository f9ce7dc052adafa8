"""Files of an account and their days; it reads them all. Faults of the set are in `report_set`."""

import errno
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from wockit.language import Text, listed
from wockit.notes import AccountError, Note, Problem, ReportError, WrongFile, nearest, quoted
from wockit.reading.account_file import AccountFile
from wockit.reading.days import dates
from wockit.reading.door import LARGEST_FILE, fault
from wockit.reading.files import SUFFIXES
from wockit.reading.order_states import ORDER_STATE, united
from wockit.reading.reports import Report, read_report, role_of
from wockit.reading.schemas import OWN_FILES, about_buyers, normalised, schemas
from wockit.reading.values import of_our_time

OWN_FOLDERS = ("history", "scenarios", "notebooks", "actions", "reports")


WRITTEN_IN = {"zh-CN": "gb18030", "JP": "cp932"}
"""The encoding in which spreadsheets save text in a language, or in a marketplace."""


MOST_FILES = 500
"""Files that a snapshot may have."""


_NEEDED = frozenset({"stock", "sales", "ads"})
"""Roles that an account must have before a file that cannot be read is no loss."""


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""How a system refuses to write a temporary file."""


_NO_SALES = frozenset({"ads", "bulk", "costs", "fees", "other_stock"})
"""Roles of reports that tell nothing of what sold."""


def snapshots(folder: Path) -> list[Path]:
    """The dated folders of an account, oldest first; the folder itself where its files carry no dates.

    Empty ones, such as that of today which `wockit new` makes, count only where all are empty.
    """
    dated = [path for path in entries(folder) if path.is_dir() and is_date(path.name)]
    filled = [path for path in dated if not _is_empty(path)]
    return filled or dated or [folder]


def entries(folder: Path) -> list[Path]:
    """Entries of a folder, by name.

    Raises
    ------
    AccountError
        If the folder cannot be opened.
    """
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        text = Text("the folder cannot be opened: {0}.", error.strerror)
        raise AccountError([Problem(quoted(folder.name)[1:-1], text, "Allow reading it, or move it away.")]) from None


def _is_empty(folder: Path) -> bool:
    """True if a folder holds nothing but hidden files of a system; one that cannot be opened may hold something."""
    try:
        return all(path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return False


def is_date(text: str) -> bool:
    """True if a text is a day of our time, such as `2026-11-23`."""
    try:
        return of_our_time(date.fromisoformat(text)).isoformat() == text
    except ValueError:
        return False


def chosen_snapshot(folder: Path, snapshot: str) -> Path:
    """The folder of the snapshot that is asked for, the newest where none is."""
    by_name = {path.name: path for path in snapshots(folder)}
    if snapshot and folder in by_name.values():
        message = Text("there is no snapshot {0}: the files are not in a folder named by a date.", quoted(snapshot))
        raise AccountError([Problem(quoted(folder.name)[1:-1], message, "Do not name a snapshot.")])
    if not snapshot:
        return list(by_name.values())[-1]
    if snapshot not in by_name and is_date(snapshot) and (folder / snapshot).is_dir():
        raise AccountError(
            [Problem(snapshot, "the snapshot is empty.", "Put the downloads of that day into this folder.")]
        )
    if snapshot not in by_name:
        message = Text("there is no snapshot {0}; found {1}.", quoted(snapshot), ", ".join(map(quoted, by_name)))
        raise AccountError([Problem(quoted(folder.name)[1:-1], message, nearest(snapshot, by_name))])
    return by_name[snapshot]


def check_folder(folder: Path) -> None:
    """Refuse what is no folder, and one snapshot in place of the account."""
    if not folder.is_dir():
        raise AccountError([Problem(quoted(str(folder)), "the folder does not exist.", "Name the account's folder.")])
    whole = folder.resolve()
    if is_date(whole.name) and not (whole / "account.toml").exists() and (whole.parent / "account.toml").is_file():
        do = Text(
            "Name the account's folder: {0}. For this snapshot, add --snapshot {1}.",
            quoted(str(whole.parent)),
            whole.name,
        )
        raise AccountError([Problem(quoted(str(folder)), "it is a snapshot, not the account's folder.", do)])


def overlooked(folder: Path, chosen: Path) -> list[Note]:
    """Files and folders of an account that a person may have meant as its newest snapshot and that are not read."""
    notes = []
    if chosen != folder:
        text: str = "ignored: not in a snapshot's folder. Put it into the folder of its day."
        loose = [path for path in entries(folder) if path.suffix and path.suffix.lower() in SUFFIXES]
        notes = [
            Note("warning", quoted(path.name)[1:-1], text)
            for path in loose
            if path.name != "fees.csv" and not _meant(path) and path.is_file()
        ]
    for path in (path for path in entries(folder) if path.name not in OWN_FILES and path.is_file()):
        if names := _meant(path):
            text = Text("ignored: save it as {0}.", " / ".join(names))
            notes.append(Note("warning", quoted(path.name)[1:-1], text))
    for path in (path for path in entries(folder) if path.name.isprintable() and path.is_dir()):
        if is_date(path.name):
            if path.name > chosen.name and is_date(chosen.name):
                text = Text("the snapshot is empty, so the snapshot of {0} is used.", chosen.name)
                notes.append(Note("warning", path.name, text))
        elif days := _days_named(path.name):
            text = Text(
                "ignored: its name is not a date of the form year-month-day. Rename it to {0}.",
                listed([day.isoformat() for day in days], " / "),
            )
            notes.append(Note("warning", quoted(path.name)[1:-1], text))
        elif _means_a_day(path.name):
            text = "ignored: there is no such day. Rename it to the day of its downloads."
            notes.append(Note("warning", path.name, text))
    return notes


def _meant(path: Path) -> list[str]:
    """Name of the seller's own file that a name means, such as `Costs.csv.csv` and `costs (2).csv`."""
    named = re.fullmatch(r"([a-z]+)(?: ?\(\d+\)| - copy)?(?:\.\w+)*", path.name.casefold())
    return [name for name in OWN_FILES if named and Path(name).stem == named[1]]


def _means_a_day(name: str) -> bool:
    """True if the name of a folder is spelled as a day, even one that there is not."""
    return bool(_days_named(name) or re.fullmatch(r"\d{4}-\d\d-\d\d", name, re.ASCII))


def _days_named(name: str) -> list[date]:
    """The days that the name of a folder may mean: none, one, or one by each order of day and month."""
    short = re.fullmatch(r"(\d\d)([-_ ]?)(\d\d)\2(\d\d)", name, re.ASCII)
    year_first = f"20{short[1]}-{short[3]}-{short[4]}" if short else ""
    first = [date.fromisoformat(year_first)] if is_date(year_first) else []
    return [*dict.fromkeys(first + _days_spelled(name))]


def _days_spelled(name: str) -> list[date]:
    """The days that a name may mean whose year has four digits or stands last."""
    for spelled in (name, re.sub(r"[_.\s]+", "-", name), re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", name)):
        with suppress(ValueError):
            return [day for day in dates([spelled]) if day and not re.fullmatch(r"\d{5}", spelled)]
        if either := re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D(\d{4})", spelled):
            first, second, year = map(int, either.groups())
            return [date(year, second, first), date(year, first, second)] if max(first, second) <= 12 else []
    return []


def sound_columns(about: AccountFile) -> tuple[AccountFile, list[Problem]]:
    """An account with the tables of its column map that can be used, and what is wrong with the others.

    A table may name no known report, none of its columns, or take one cell for two columns.
    """
    sound: dict[str, Mapping[str, str]] = {}
    problems = []
    for kind, mapped in about.columns.items():
        schema = schemas().get(kind)
        expected: Iterable[str] = schema.columns if schema else schemas()
        where = Text("account.toml, [columns.{0}]", quoted(kind)[1:-1])
        unknown = [kind] if schema is None else [name for name in mapped if name not in schema.columns]
        wrong = [Problem(where, Text("there is no {0}.", quoted(name)), nearest(name, expected)) for name in unknown]
        for cell in filter(about_buyers, mapped.values()):
            message = Text("column {0} may hold data about buyers, which is never read.", quoted(cell))
            wrong.append(Problem(where, message, "Delete this line."))
        for cell, names in _by_cell(mapped).items():
            if len(names) > 1:
                message = Text("column {0} is used as {1}.", quoted(cell), ", ".join(map(quoted, names)))
                wrong.append(Problem(where, message, "Keep one of them, because a column can have only one meaning."))
        problems += wrong
        if not wrong:
            sound[kind] = mapped
    return replace(about, columns=sound), problems


def _by_cell(mapped: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, cell in mapped.items():
        if cell.strip():
            names.setdefault(normalised(cell), []).append(name)
    return names


def report_files(folder: Path, chosen: Path) -> tuple[list[Path], list[Note], list[Problem]]:
    """The files of a snapshot that may be reports, with those of the account, and what is wrong with the others."""
    paths, notes, problems = [], [], []
    own = [path for path in entries(folder) if path.name in OWN_FILES]
    if (number := sum(map(_may_be_report, entries(chosen)))) > MOST_FILES:
        message = Text("it has {0} files, more than {1}.", f"{number:,}", MOST_FILES)
        raise AccountError([Problem(quoted(chosen.name)[1:-1], message, "Keep only the downloads of that day in it.")])
    for path in dict.fromkeys([*entries(chosen), *own]):
        shown = quoted(path.name)[1:-1]
        if path.name.startswith((".", "~$")) or path in (folder / "account.toml", folder / "fees.csv"):
            continue
        if path.suffix.lower() not in SUFFIXES or not (path.suffix or _is_report_file(path, folder)):
            if not path.is_dir():
                notes.append(Note("info", shown, "ignored: not a report file type."))
            elif _holds_reports(path, folder) and not _means_a_day(path.name):  # else `overlooked` says its right name
                text = "ignored: files in subfolders are not read. Move the reports into the folder above."
                notes.append(Note("warning", shown, text))
        elif not path.name.isprintable():
            problems.append(
                Problem(shown, "its name contains characters that cannot be written to a text file.", "Rename it.")
            )
        elif problem := fault(path, folder, shown, LARGEST_FILE):
            problems.append(problem)
        elif path.name in OWN_FILES and path not in own:
            text = "ignored: move it from the snapshot's folder to the account's folder."
            notes.append(Note("warning", f"{chosen.name}/{path.name}", text))
        else:
            paths.append(path)
    return paths, notes, problems


def _may_be_report(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.is_dir()


def _is_report_file(path: Path, folder: Path) -> bool:
    """True if a file without an ending may be a report; it must be a plain file."""
    return path.name.isprintable() and fault(path, folder, path.name, LARGEST_FILE) is None


def _holds_reports(path: Path, folder: Path) -> bool:
    """True if a folder that is not wockit's own has files that are named like reports."""
    if path.is_symlink() or (path.parent == folder and (path.name in OWN_FOLDERS or is_date(path.name))):
        return False
    with suppress(AccountError):  # what cannot be opened cannot be told
        return any(entry.suffix and entry.suffix.lower() in SUFFIXES for entry in entries(path))
    return True


@dataclass(frozen=True)
class FilesRead:
    """Files of a snapshot as they were read: reports, files of no use here, and faults of broken ones.

    A broken file is of no use where the others have all that is needed. One of advertising never is, because several of
    these add up, nor is one that the seller wrote himself.
    """

    reports: Sequence[Report]
    of_no_use: Sequence[Problem]
    broken: Sequence[Problem]


def read_all(paths: Sequence[Path], folder: Path, about: AccountFile) -> FilesRead:
    """Read every file of one day that can be read, and say what is wrong with the others.

    Of several advertising reports of one kind the campaigns are read too: they tell parts from repetitions.
    """
    reports: list[Report] = []
    of_no_use: list[Problem] = []
    broken: list[Problem] = []
    perhaps: list[Problem] = []
    read = _reader(paths, about)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            reports.append(read(path, name, day=_day_of(path)))
        except WrongFile as error:
            (broken if name in OWN_FILES else of_no_use).extend(error.problems)
        except ReportError as error:
            (broken if name in OWN_FILES or role_of(path, about.columns) == "ads" else perhaps).extend(error.problems)
        except MemoryError:
            message = "there is not enough memory to read it."
            perhaps.append(Problem(name, message, "Download it for fewer days, or use a machine with more memory."))
        except OSError as error:
            if error.errno in _NO_ROOM or (error.errno == errno.ENOENT and error.filename is None):
                raise AccountError([_no_room(name, error)]) from None
            perhaps.append(Problem(quoted(path.name), Text("cannot be opened: {0}.", error.strerror)))
    complete = {report.schema.role for report in reports} >= _NEEDED
    (of_no_use if complete else broken).extend(perhaps)
    kinds = Counter(report.schema.key for report in reports)
    for number, report in enumerate(reports):
        if kinds[report.schema.key] > 1 and report.schema.role == "ads":
            path = folder / report.file
            reports[number] = read(path, report.file, day=_day_of(path), also=("campaign",))
    return FilesRead(reports, of_no_use, broken)


def _reader(paths: Iterable[Path], about: AccountFile) -> Callable[..., Report]:
    """`read_report` for files of one day, in the account's spellings and encodings."""
    encodings = [WRITTEN_IN[word] for word in (about.settings.language, about.marketplace) if word in WRITTEN_IN]
    newest = max(filter(None, map(_day_of, paths)), default=None)
    return partial(read_report, columns=about.columns, encodings=encodings, newest=newest)


def in_newest_state(reports: Sequence[Report], folder: Path, about: AccountFile) -> list[Report]:
    """Reports of one day, in which no two give an order different states."""
    several = [number for number, report in enumerate(reports) if set(ORDER_STATE) <= set(report.header)]
    if len(several) < 2:
        return list(reports)
    paths = [folder / reports[number].file for number in several]
    read = _reader(paths, about)
    whole = [
        read(path, path.relative_to(folder).as_posix(), day=_day_of(path), also=ORDER_STATE, whole=True)
        for path in paths
    ]
    newest = dict(zip(several, united(whole), strict=True))
    return [newest.get(number, report) for number, report in enumerate(reports)]


def _no_room(name: str, error: OSError) -> Problem:
    """Error: no room to unpack a file; the file itself may be good."""
    message = Text("there is no room to unpack it in the folder for temporary files: {0}.", error.strerror)
    return Problem(name, message, "Free some disk space, or set TMPDIR to a folder with more.")


def _day_of(path: Path) -> date | None:
    """The day of the snapshot that a file lies in."""
    return date.fromisoformat(path.parent.name) if is_date(path.parent.name) else None


def left_out(problems: Iterable[Problem]) -> list[Note]:
    """Notes on files that were left out while the work goes on without them."""
    return [
        Note("warning", problem.where, Text("ignored: {0} {1}", problem.found, problem.do), "file_left_out")
        for problem in problems
    ]


def earlier_reports(
    folder: Path, chosen: Path, about: AccountFile
) -> Iterator[tuple[date, list[Report], list[Problem]]]:
    """The inventory and sales reports of earlier snapshots, oldest first, and why others cannot be read.

    Reports of advertising and costs are told by their header alone, which takes little time however large they are.
    """
    for earlier in snapshots(folder):
        if earlier == folder or earlier.name >= chosen.name:
            return
        try:
            paths, _, odd = report_files(folder, earlier)
        except AccountError as error:
            yield date.fromisoformat(earlier.name), [], list(error.problems)
            continue
        own = [path for path in paths if path.parent == earlier]
        read = read_all([path for path in own if role_of(path, about.columns) not in _NO_SALES], folder, about)
        odd = [replace(problem, where=f"{earlier.name}/{problem.where}") for problem in odd]
        reports = in_newest_state(read.reports, folder, about)
        yield date.fromisoformat(earlier.name), reports, [*odd, *read.of_no_use, *read.broken]

"""The place of a report: it belongs to one account, and nothing but an older report of that account is replaced there.

Whose place it is stands in `run.json` of each report in it, as hashes of where the account lies: no path is sent on.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from wockit.analysis.analyse import Analysis
from wockit.language import Text
from wockit.notes import Problem, WockitError, quoted
from wockit.reading.door import file_json

OWNER = "belongs_to"
"""The key in `run.json` under which the hashes of an account stand."""


WHAT_IF = "what-if"
"""What follows the day in the name of a folder where something is tried out."""


_LONGEST = 80
"""Characters that tell in the name of a folder what is tried out."""


def place_of(analysis: Analysis) -> str:
    """The name of a report's folder: the day, and for a what-if what is tried out, so that it replaces no report.

    Examples
    --------
    `2026-11-23`, `2026-11-23 what-if half`, `2026-11-23 what-if low_weeks 4.0`
    """
    day, what_if = analysis.account.snapshot.isoformat(), analysis.what_if
    if not what_if:
        return day
    name = " ".join(re.findall(r"[\w.-]+", what_if))
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST].rstrip(' .')} {hashlib.sha256(what_if.encode()).hexdigest()[:6]}"
    return " ".join([day, WHAT_IF, name]).rstrip(" .")


def owner(account: str | Path, home: Path) -> list[str]:
    """Hashes of where an account lies: on this machine, and as seen from the place of its reports.

    Either tells it again: the reports may move, or account and reports together.

    Parameters
    ----------
    account
        Its folder, or the address that it was fetched from.
    home
        The folder of its reports.
    """
    places = [str(account)]
    if "://" not in places[0]:
        with suppress(ValueError):  # another drive has no path from here
            places.append(Path(os.path.relpath(account, home)).as_posix())
    return [hashlib.sha256(place.encode(errors="surrogateescape")).hexdigest()[:16] for place in places]


def check_links(folder: Path, *places: Path) -> None:
    """Never follow a link out of a folder that others send: reports would land wherever it leads.

    Parameters
    ----------
    folder
        The account's folder, or that of all accounts.
    places
        Where something is to be written, links in it not followed yet.

    Raises
    ------
    WockitError
        If a link that lies in the folder is on the way there and leads out of it.
    """
    whole = folder.resolve()
    for link in (path for place in places for path in (place, *place.parents) if path.is_symlink()):
        if link.parent.resolve().is_relative_to(whole) and not link.resolve().is_relative_to(whole):
            do = Text("Delete the link, or name the place itself: --out {0}.", quoted(str(link.resolve()), 400))
            raise WockitError([Problem(quoted(str(link), 400), "it is a link to a place outside the account.", do)])


def home_of(account: Path, home: Path, *names: str) -> Path:
    """The folder of an account's reports, with links followed as far as they may be.

    Parameters
    ----------
    account
        The account's folder.
    home
        Where its reports are.
    names
        Folders in it that are written.
    """
    check_links(account, *(home / name for name in names))
    return home.resolve()


def check_place(account: Path, home: Path, final: Path, own: list[str]) -> None:
    """Never write where anything but an older report of this very account lies.

    Raises
    ------
    WockitError
        If another account has its reports there, or what is there is no report.
    """
    if home == account or (final.exists() and not (final / "run.json").is_file()):
        message: str = "a report would replace what is there, and that is not a report of wockit."
        raise WockitError([Problem(quoted(str(final)), message, "Choose another folder with --out.")])
    if not (str(account).isprintable() and str(final).isprintable()):
        message = "the path contains characters that cannot be written to a text file."
        raise WockitError([Problem(quoted(str(account)), message, "Rename the folder.")])
    for day, owners in _owners(home):
        if owners is None:
            message = Text("its {0} is damaged: the owner of the report of {1} is unknown.", "run.json", day)
            do = Text("Move the folder {0} elsewhere, then run again.", repr(day))
            raise WockitError([Problem(quoted(str(home), 400), message, do)])
        if not set(owners) & set(own):
            message = Text("the report of {0} in this folder belongs to another account.", day)
            do = Text(
                "Choose another folder with --out. If it is the same account and was moved, delete the entry {0} in "
                "the run.json of each of its reports.",
                repr(OWNER),
            )
            raise WockitError([Problem(quoted(str(home), 400), message, do)])


def has_reports_of(home: Path, own: list[str]) -> bool:
    """True if a report in a place is of an account with these hashes."""
    return any(others and set(others) & set(own) for _, others in _owners(home))


def _owners(home: Path) -> Iterator[tuple[str, list[Any] | None]]:
    """The day of each report in a place, and whose it is where that is known; nothing where its file is damaged."""
    for path in sorted(home.glob("????-??-??*/run.json")):
        try:
            owners = file_json(path).get(OWNER)
        except (OSError, ValueError, AttributeError):
            yield path.parent.name, None
            continue
        if isinstance(owners, list) and all(isinstance(name, str) for name in owners):
            yield path.parent.name, owners

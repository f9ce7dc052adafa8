"""Files that people keep beside a report: their own, and a plan that they have changed or have open.

`run.json` names every file that wockit wrote, with its hash. Whatever else lies in a report's folder is somebody's.
"""

import filecmp
import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from wockit.language import Text
from wockit.notes import Problem, quoted
from wockit.reading.door import file_json

FILES = ("report.html", "plan.xlsx", "positions.csv", "advice.csv", "summary.json", "weekly_report.ipynb", "run.json")
"""The files of every report."""


PDF = "report.pdf"
"""The file that is made where it is asked for."""


LOCKS = ("~${}", ".~lock.{}#", ".~{}")
"""What Excel, LibreOffice and WPS put beside a workbook while it is open."""


_ABOUT = "run.json"


def files_with_hashes(folder: Path) -> dict[str, str]:
    """Files that a run wrote, by name with their hashes, for `run.json`; a changed one is somebody's."""
    return {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name != _ABOUT}


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_plan(plan: Path) -> Problem | None:
    """Reason why a workbook cannot be replaced now: somebody has it open; nothing where nobody has."""
    for lock in (plan.with_name(name.format(plan.name)) for name in LOCKS):
        if os.path.lexists(lock):
            do = Text("Save and close it, then run again. If no program has it open, delete {0}.", quoted(lock.name))
            return Problem(quoted(str(plan), 400), "it is open in another program.", do)
    return None


def is_as_written(plan: Path) -> bool:
    """True if a plan is just as its run wrote it, so that nobody's work is in it."""
    return plan.is_file() and _written_by_wockit(plan.parent).get(plan.name) == digest(plan)


def carry_over(old: Path, new: Path) -> None:
    """Put what people left in the folder of a report into the folder of the one that takes its place.

    A file that wockit did not write keeps its name. One that wockit wrote and somebody changed gets the time of that
    change in its name. Nothing is taken from the old folder.

    Raises
    ------
    OSError
        If a file cannot be linked or copied.
    """
    ours = _written_by_wockit(old)
    for entry in sorted(old.iterdir()):
        if entry.name != _ABOUT and not _is_unchanged(entry, ours):
            target = next(path for path in _names(entry, new) if not os.path.lexists(path) or _same(entry, path))
            if not os.path.lexists(target):
                _put(entry, target)


def _written_by_wockit(folder: Path) -> Mapping[str, str]:
    """The files of a report with their hashes; without hashes if an older wockit made it."""
    with suppress(OSError, ValueError, AttributeError):
        files = file_json(folder / _ABOUT).get("files")
        if isinstance(files, dict):
            return files
    return dict.fromkeys(FILES, "")


def _is_unchanged(entry: Path, ours: Mapping[str, str]) -> bool:
    """True if wockit wrote a file and nobody changed it since, as far as is known."""
    if entry.name not in ours or entry.is_symlink() or not entry.is_file():
        return False
    return ours[entry.name] in ("", digest(entry))


def _names(entry: Path, folder: Path) -> Iterator[Path]:
    """Under which names a file may be kept in a folder: its own, and that with the time when it was changed."""
    yield folder / entry.name
    changed = time.strftime("%Y-%m-%d %H%M%S", time.localtime(entry.lstat().st_mtime))
    yield folder / f"{entry.stem} {changed}{entry.suffix}"
    number = 2
    while True:
        yield folder / f"{entry.stem} {changed} {number}{entry.suffix}"
        number += 1


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and os.readlink(one) == os.readlink(other)
    if one.is_dir() and other.is_dir():
        names = os.listdir(one)
        return sorted(names) == sorted(os.listdir(other)) and all(_same(one / name, other / name) for name in names)
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def _put(entry: Path, target: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.copytree(entry, target, symlinks=True, copy_function=_link)
    else:
        _link(entry, target)


def _link(source: str | Path, target: str | Path) -> None:
    """The same file under another name, or a copy where the file system knows no such thing."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)

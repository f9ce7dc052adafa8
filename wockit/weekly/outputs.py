"""The files of a report: how they are written, and how all of them appear together or none.

What lies in a report's folder besides them is in `keep`.
"""

import contextlib
import importlib.metadata
import json
import platform
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.history import History
from wockit.analysis.own_columns import own_columns
from wockit.analysis.plans import PLAN, approvals_of_other_advice, decisions_that_hold, plan_in
from wockit.language import Text, say
from wockit.notes import AccountError, Note, Problem, RunError, quoted, some
from wockit.reading.account_file import logo_file
from wockit.reading.door import LARGEST_FILE, fault
from wockit.reading.files import SUFFIXES
from wockit.reading.folder import entries, snapshots
from wockit.reading.own_files import MAY_BEGIN, inert_text
from wockit.reading.schemas import OWN_FILES
from wockit.show.workbook import write_workbook
from wockit.weekly.csv_file import write_csv
from wockit.weekly.keep import FILES, carry_over, digest
from wockit.weekly.place import place_of

_TRIES, _DAY = 10, 86_400


RUNNING, _REPLACED = ".running-", ".replaced-"
"""How the folder of a run that has not ended begins (its process follows), and that of a report moved aside."""


FAILED = "failed"
"""The folder, beside the reports, of what failed runs left."""


_PACKAGES = ("wockit", "pandas", "numpy", "matplotlib", "papermill", "nbconvert")


def write_results(analysis: Analysis, history: History, out: str | Path, reports: str | Path = "") -> None:
    """Write `positions.csv`, `advice.csv`, `plan.xlsx` and, last, `summary.json`.

    That the last one is there says that the run reached its end.

    Parameters
    ----------
    analysis, history
        From `analyse` and `history_of`.
    out
        An existing folder; nothing is written where it is empty, as when the notebook is stepped through.
    reports
        The folder of the account's reports: decisions that stand in the report which this one replaces are kept.
    """
    if not str(out):
        return
    folder = Path(out)
    spoken = analysis.advice.assign(**{name: analysis.advice[name].map(say) for name in ("says", "reason")})
    for name, table in (("positions.csv", analysis.positions), ("advice.csv", spoken)):
        write_csv(inert(table.reset_index()), folder / name)
    place = place_of(analysis)
    own, notes = own_columns(reports, place, analysis.account.snapshot)
    decisions: dict[str, str] = {}
    if str(reports):
        before = plan_in(Path(reports) / place)
        decisions = decisions_that_hold(before, analysis.advice)
        if other := approvals_of_other_advice(before, analysis.advice):
            text = Text("what was approved for {0} is left out: its advice is no longer the same.", some(other))
            notes.append(Note("warning", PLAN, text))
    whole = write_workbook(analysis, folder / PLAN, history, decisions, own, [*history.notes, *notes])
    for name, table in whole.items():
        if name not in FILES:
            write_csv(inert(table), folder / name)
    write_json(folder / "summary.json", analysis.summary() | {"moved": len(history.moves)})


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose texts no spreadsheet takes for a formula (an apostrophe stands before them), numbers to 6 decimals.

    Nor does one that splits lines at semicolons or tabs, as Excel does in many countries.

    Examples
    --------
    >>> inert(pd.DataFrame({"title": ["=1+1", "Cup"]}))["title"].tolist()
    ["'=1+1", 'Cup']
    """
    result = frame.copy()
    for name in result.columns:
        if pd.api.types.is_float_dtype(result[name]):
            result[name] = result[name].round(6)
        elif not pd.api.types.is_numeric_dtype(result[name]) and not pd.api.types.is_datetime64_any_dtype(result[name]):
            result[name] = _inert(result[name])
    return result


def _inert(column: pd.Series) -> pd.Series:
    """A column whose texts no spreadsheet takes for a formula."""
    risky = column.astype("str").str.contains(MAY_BEGIN, na=False).to_numpy()
    if not risky.any():
        return column
    cells = column.astype(object)
    cells[risky] = [inert_text(cell) if isinstance(cell, str) else cell for cell in cells[risky]]
    return cells


def record(account: Path, snapshot: str, scenario: str = "") -> dict[str, Any]:
    """Inputs of a run: its files with their hashes, and versions.

    Parameters
    ----------
    account
        The account's folder.
    snapshot
        Date of the snapshot; empty where the files carry no dates.
    scenario
        Name of the scenario that is tried out; empty for none.
    """
    folders = [path for path in snapshots(account) if path.name <= snapshot] if snapshot else [account]
    own = [account / name for name in ("account.toml", "fees.csv", *OWN_FILES, f"scenarios/{scenario}.json")]
    if logo := logo_file(account):
        own.append(logo)
    inputs = dict.fromkeys([*own, *(path for folder in folders for path in _files_of(folder))])
    return {
        "inputs": {
            path.relative_to(account).as_posix(): digest(path)
            for path in inputs
            if path.suffix.lower() in (*SUFFIXES, ".toml", ".png", ".svg")
            and fault(path, account, path.name, LARGEST_FILE) is None
        },
        "versions": {name: importlib.metadata.version(name) for name in _PACKAGES}
        | {"python": platform.python_version()},
    }


def _files_of(folder: Path) -> list[Path]:
    """The entries of a snapshot; none of one that cannot be opened, which the notes then name."""
    with contextlib.suppress(AccountError):
        return entries(folder)
    return []


def put_in_place(work: Path, final: Path) -> Path:
    """Move a finished run to its place; the report it replaces goes only when the new one stands.

    What people left beside the older report goes with it. Where two runs of one account end at the same moment, the
    later one stands.
    """
    replaced = [final.with_name(f"{_REPLACED}{final.name}-{uuid.uuid4().hex[:8]}") for _ in range(_TRIES)]
    for old in replaced:
        with contextlib.suppress(OSError):  # none is there, or it is in use
            final.rename(old)
        try:
            if old.is_dir():
                carry_over(old, work)
        except OSError:  # the disk may be full
            break
        with contextlib.suppress(OSError):  # another run has put its report there in between
            work.rename(final)
            for aside in replaced:
                shutil.rmtree(aside, ignore_errors=True)
            return final
    bring_back(final.parent)
    folder = keep_failed(work, final.parent, final.name)
    message = "the report could not be moved to its final place."
    do = Text("Is one of its files open in another program? The new report is in {0}.", quoted(str(folder), 400))
    raise RunError([Problem(quoted(str(final), 400), message, do)])


def bring_back(home: Path) -> None:
    """Undo what a run left that was killed: its own folder is kept as failed, the report it had moved aside goes back.

    Of several that were moved aside the newest goes back. A run may still be going on for as long as a day.
    """
    for old in sorted(home.glob(f"{_REPLACED}*"), key=_written, reverse=True):
        final = home / old.name.removeprefix(_REPLACED).rpartition("-")[0]
        with contextlib.suppress(OSError):  # another run was quicker
            if final.exists():
                carry_over(old, final)
                shutil.rmtree(old)
            else:
                old.rename(final)
    for left in home.glob(f"{RUNNING}*"):
        with contextlib.suppress(OSError):
            if time.time() - _written(left) > _DAY:
                keep_failed(left, home, "killed")


def _written(folder: Path) -> float:
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime
    return time.time()


def keep_failed(work: Path, home: Path, name: str) -> Path:
    """Move what a failed run left to `failed/`."""
    destination = home / FAILED / f"{name}-{time.strftime('%H%M%S')}-{work.name[-4:]}"
    destination.parent.mkdir(exist_ok=True)
    work.rename(destination)
    return destination


def slug(name: str) -> str:
    """A name that any file system takes for a folder.

    >>> slug("my shop")
    'my-shop'
    """
    return re.sub(r"[^\w.-]+", "-", name).strip(".-") or "account"


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file as people read it."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)

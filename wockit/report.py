"""The weekly run: papermill executes the notebook, and page, workbook and data files appear together or not at all.

The only module that imports papermill, and only when a run begins. What the page says is in
`notebooks/weekly_report.ipynb`, how it is dressed in `page`.
"""

import contextlib
import csv
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wockit.account import load_account, snapshots
from wockit.analysis import Analysis, analyse
from wockit.decisions import PLAN, read_decisions
from wockit.history import History
from wockit.language import say, speak, spoken
from wockit.notes import AccountError, Note, Problem, WockitError, nearest, quoted
from wockit.page import page
from wockit.referee import CODES
from wockit.scenario import read_scenario
from wockit.settings import language_of
from wockit.sheets import SUFFIXES
from wockit.workbook import write_workbook

FILES = ("report.html", "plan.xlsx", "positions.csv", "summary.json", "weekly_report.ipynb", "run.json")
CELL_SECONDS = 600
_TRIES, _DAY = 10, 86_400
RUNNING, _REPLACED = ".running-", ".replaced-"
"""How the folder of a run that has not ended begins (its process follows), and that of a report moved aside."""
_PACKAGES = ("wockit", "pandas", "numpy", "matplotlib", "papermill", "nbconvert")


class RunError(WockitError):
    """A run that began and failed; what it left is kept."""


def shipped(name: str) -> Path:
    """A folder that comes with wockit, installed or in a checkout: `"notebooks"` or `"sample"`."""
    package = Path(__file__).parent
    installed, checkout = package / name, package.parent / {"notebooks": "notebooks", "sample": "data/sample"}[name]
    return checkout if checkout.is_dir() else installed


def write_results(analysis: Analysis, history: History, out: str | Path, reports: str | Path = "") -> None:
    """Write `positions.csv`, `plan.xlsx` and, last, `summary.json`: that it is there says that the run reached its end.

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
    inert(analysis.positions).to_csv(
        folder / "positions.csv", encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )
    replaced = Path(reports) / analysis.account.snapshot.isoformat() / PLAN
    write_workbook(analysis, folder / PLAN, history, read_decisions(replaced) if str(reports) else {})
    _write_json(folder / "summary.json", analysis.summary() | {"moved": len(history.moves)})


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose texts no spreadsheet takes for a formula (an apostrophe stands before them), numbers to 6 decimals.

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
            text = result[name].astype(object)
            result[name] = text.where(~text.astype(str).str.match(r"[=+\-@\t\r\n]"), "'" + text.astype(str))
    return result


def run_weekly(
    account: str | Path,
    out: str | Path = "reports",
    changes: Mapping[str, Any] | None = None,
    snapshot: str = "",
    progress: bool = True,
    accept: Collection[str] = (),
    scenario: str = "",
    name: str = "",
) -> Path:
    """Run the weekly report of an account.

    Parameters
    ----------
    account
        The account's folder.
    out
        Where reports go; the files land in `out/<account>/<snapshot>/`, in place of an older report of that day.
    changes
        Settings that differ from the account's own, by name.
    snapshot
        Date of the snapshot; the newest if left out.
    progress
        Show a bar of the notebook's cells on the terminal.
    accept
        Codes of findings of the referee that are to pass although they are errors; the page then says so at its top.
    scenario
        Name of a scenario of the account whose numbers are tried out.
    name
        What stands for `<account>` in the place of the report; the name of the account's folder if left out.

    Returns
    -------
    pathlib.Path
        The folder with `FILES`.

    Raises
    ------
    SettingsError, AccountError
        Before anything is written.
    RunError
        If the notebook fails or does not reach its end; what it left lies under `out/<account>/failed/`.
    """
    account, out, changes = Path(account).resolve(), Path(out).resolve(), dict(changes or {})
    speak(language_of(account, changes))
    started = time.time()
    parameters = {"account": str(account), "snapshot": snapshot, "changes": changes, "scenario": scenario}
    try:
        rests_on = record(account, snapshot, parameters)  # before a file is read: one that changes later is found out
    except OSError:
        rests_on = {}  # load_account says what is wrong
    loaded = load_account(account, snapshot)
    _check_findings(loaded.notes, accept)
    analysis = analyse(loaded, loaded.settings.change(**changes), read_scenario(account, scenario, loaded.name))
    speak(analysis.settings.language)
    home = out / (name or slug(account.name))
    final = home / loaded.snapshot.isoformat()
    _check_place(account, home, final)
    bring_back(home)
    work = home / f"{RUNNING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise WockitError([Problem(quoted(str(out)), f"no report can be written there: {error.strerror}.")]) from None
    try:
        parameters |= {"out": str(work), "reports": str(home)}
        notebook = _execute(shipped("notebooks") / "weekly_report.ipynb", work, parameters, progress)
        (work / "report.html").write_text(page(notebook, f"{loaded.name}, {loaded.snapshot}"), encoding="utf-8")
        _write_json(work / "run.json", rests_on | _told(analysis, accept, started))
    except (RunError, OSError) as error:
        kept = _keep_failed(work, home, final.name)
        problems = error.problems if isinstance(error, RunError) else [_refused(error, out)]
        where = Problem("kept", str(kept), "Open the notebook there to see the cell.")
        raise RunError([*problems, where]) from None
    except BaseException:
        _keep_failed(work, home, final.name)
        raise
    return _put_in_place(work, final)


def _told(analysis: Analysis, accept: Collection[str], started: float) -> dict[str, Any]:
    """What a run was made with and what it found, for `run.json`."""
    return {
        "settings": asdict(analysis.settings),
        "accepted": sorted(accept),
        "findings": [asdict(note) for note in analysis.notes],
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 1),
    }


def _refused(error: OSError, out: Path) -> Problem:
    """What the system would not do, such as to write on a full disk."""
    name = quoted(str(error.filename or out), 400)
    return Problem(name, f"the system refused: {error.strerror}.", "Is the disk full?")


def _check_findings(notes: Iterable[Note], accept: Collection[str]) -> None:
    """Refuse to run on findings that are errors, unless each is accepted by its code."""
    unknown = [code for code in accept if code not in CODES]
    problems = [
        Problem(f"--accept {quoted(code)}", "there is no such finding.", nearest(code, CODES)) for code in unknown
    ]
    problems += [
        Problem(note.where, note.text, f"Mend it, or let it pass with --accept {note.code}.")
        for note in notes
        if note.level == "error" and note.code not in accept
    ]
    if problems:
        raise AccountError(problems)


def _check_place(account: Path, home: Path, final: Path) -> None:
    """Never write where anything but an older report lies."""
    if home == account or (final.exists() and not (final / "run.json").is_file()):
        found = "reports would take the place of what lies there, which is no report of wockit's."
        raise WockitError([Problem(quoted(str(final)), found, "Give another folder with --out.")])
    if not (str(account).isprintable() and str(final).isprintable()):
        found = "the path has characters that no text file can hold."
        raise WockitError([Problem(quoted(str(account)), found, "Rename the folder.")])


def check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that the notebook does not have, lacks, or holds with another type.

    papermill itself only warns of a misspelt name, and then runs with the default.

    Raises
    ------
    RunError
        Naming every parameter that does not fit, with the nearest known one.
    """
    import papermill

    known = papermill.inspect_notebook(str(notebook))
    problems = [
        Problem(
            f"{notebook.name}, parameter {quoted(name)}",
            "the notebook has none of that name.",
            nearest(name, known),
        )
        for name in parameters
        if name not in known
    ]
    for name, entry in known.items():
        kind = entry["inferred_type_name"]
        if name not in parameters:
            problems.append(Problem(f"{notebook.name}, parameter {name!r}", "no value is given."))
        elif type(parameters[name]).__name__ != kind:
            found = f"expected {kind}, found {quoted(parameters[name])}."
            problems.append(Problem(f"{notebook.name}, parameter {name!r}", found))
    if not known:
        problems.append(Problem(notebook.name, "no cell is tagged 'parameters'.", "Tag the cell with the defaults."))
    if problems:
        raise RunError(problems)


def _execute(source: Path, work: Path, parameters: dict[str, Any], progress: bool) -> Any:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    check_parameters(source, parameters)
    bar: Any = {"desc": say("Weekly report"), "unit": "cell", "file": sys.stderr} if progress else False
    try:
        notebook = papermill.execute_notebook(
            str(_translated(source, work)),
            str(work / "weekly_report.ipynb"),
            engine_name=_engine(),
            parameters=parameters,
            progress_bar=bar,
            cwd=str(work),
            kernel_name="python3",
            kernel_manager_class="wockit.kernels.PromptManager",
            execution_timeout=CELL_SECONDS,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            shutdown_kernel="immediate",  # it has nothing more to say
            iopub_timeout=CELL_SECONDS,  # of a busy machine, or for a long table
        )
    except papermill.PapermillExecutionError as error:
        found = f"it failed with {error.ename}: {quoted(str(error.evalue), 400)}."
        raise RunError([Problem(f"weekly_report.ipynb, cell [{error.exec_count}]", found)]) from None
    except (CellTimeoutError, DeadKernelError) as error:
        found = f"the kernel died or a cell ran longer than {CELL_SECONDS} seconds: {quoted(str(error), 400)}."
        raise RunError([Problem("weekly_report.ipynb", found, "Is there enough memory for this account?")]) from None
    if hidden := hidden_errors(notebook):
        raise RunError(hidden)
    if not (work / "summary.json").is_file():
        found = "it ended without an error but left no summary.json, which its last cell writes."
        raise RunError([Problem("weekly_report.ipynb", found, "Is the last cell still there?")])
    return notebook


def _translated(source: Path, work: Path) -> Path:
    """The notebook with its prose in the language spoken: itself where that is English."""
    import nbformat

    if spoken() == "en":
        return source
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = say(cell.source)
    nbformat.write(notebook, work / source.name)
    return work / source.name


@cache
def _engine() -> str:
    """Name of papermill's engine that writes the notebook once, at its end or where it breaks, not at every cell."""
    from papermill.engines import NBClientEngine, papermill_engines

    class WrittenOnce(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
            path, nb_man.output_path = nb_man.output_path, None
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
            finally:
                nb_man.output_path = path

    papermill_engines.register("wockit", WrittenOnce)
    return "wockit"


def hidden_errors(notebook: Any) -> list[Problem]:
    """Errors that papermill lets pass: a widget swallowed them, or a cell ended the run with `sys.exit()`."""
    widgets = [
        ("widget", output)
        for state in notebook.metadata.get("widgets", {}).values()
        for model in state.get("state", {}).values()
        for output in model.get("state", {}).get("outputs") or ()
    ]
    cells = [
        (f"cell [{cell.execution_count}]", output)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    return [
        Problem(f"weekly_report.ipynb, {where}", f"it failed with {output['ename']}: {quoted(output['evalue'], 400)}.")
        for where, output in widgets + cells
        if output["output_type"] == "error"
    ]


def record(account: Path, snapshot: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What a run rests on: its parameters, its input files with their hashes, and versions.

    Parameters
    ----------
    account
        The account's folder.
    snapshot
        Date of the snapshot; the newest if empty.
    parameters
        Those of the notebook, but the folder for what it leaves.
    """
    chosen = account / snapshot if snapshot else snapshots(account)[-1]
    kept = [path for path in snapshots(account) if path.name <= chosen.name]
    tried = account / "scenarios" / f"{parameters['scenario']}.json"
    own = [account / name for name in ("account.toml", "costs.csv", "fees.csv")]
    inputs = dict.fromkeys([*own, tried, *(path for folder in kept for path in sorted(folder.iterdir()))])
    return {
        "parameters": dict(parameters),
        "inputs": {
            path.relative_to(account).as_posix(): _digest(path)
            for path in inputs
            if path.is_file() and path.suffix.lower() in (*SUFFIXES, ".toml")
        },
        "versions": {name: importlib.metadata.version(name) for name in _PACKAGES}
        | {"python": platform.python_version()},
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_in_place(work: Path, final: Path) -> Path:
    """Move a finished run to its place; the report it replaces goes only when the new one stands.

    Where two runs of one account end at the same moment, the later one stands.
    """
    replaced = [final.with_name(f"{_REPLACED}{final.name}-{uuid.uuid4().hex[:8]}") for _ in range(_TRIES)]
    for old in replaced:
        with contextlib.suppress(OSError):  # none is there, or it is in use
            final.rename(old)
        with contextlib.suppress(OSError):  # another run has put its report there in between
            work.rename(final)
            for aside in replaced:
                shutil.rmtree(aside, ignore_errors=True)
            return final
    bring_back(final.parent)
    kept = _keep_failed(work, final.parent, final.name)
    found = "the report could not be moved to its place."
    do = f"Is something in it open in another program? The new report is kept in {quoted(str(kept), 400)}."
    raise RunError([Problem(quoted(str(final), 400), found, do)])


def bring_back(home: Path) -> None:
    """Undo what a run left that was killed: its own folder is kept as failed, the report it had moved aside goes back.

    Of several that were moved aside the newest goes back. A run may still be going on for as long as a day.
    """
    for old in sorted(home.glob(f"{_REPLACED}*"), key=_written, reverse=True):
        final = home / old.name.removeprefix(_REPLACED)[:10]
        with contextlib.suppress(OSError):  # another run was quicker
            if final.exists():
                shutil.rmtree(old)
            else:
                old.rename(final)
    for left in home.glob(f"{RUNNING}*"):
        with contextlib.suppress(OSError):
            if time.time() - _written(left) > _DAY:
                _keep_failed(left, home, "killed")


def _written(folder: Path) -> float:
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime
    return time.time()


def _keep_failed(work: Path, home: Path, name: str) -> Path:
    kept = home / "failed" / f"{name}-{time.strftime('%H%M%S')}-{work.name[-4:]}"
    kept.parent.mkdir(exist_ok=True)
    work.rename(kept)
    return kept


def slug(name: str) -> str:
    """A name that any file system takes for a folder.

    >>> slug("my shop")
    'my-shop'
    """
    return re.sub(r"[^\w.-]+", "-", name).strip(".-") or "account"


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)

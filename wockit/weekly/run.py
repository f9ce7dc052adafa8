"""The weekly run: papermill executes the notebook, and page, workbook and data files appear together or not at all.

The content of the page is in `notebooks/weekly_report.ipynb`, its style in `show/page.css`.
"""

import os
import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wockit.analysis.analyse import Analysis, analyse
from wockit.analysis.decisions import decisions_of
from wockit.analysis.history import history_of
from wockit.analysis.plans import PLAN, plan_in, read_decisions
from wockit.analysis.scenario import read_scenario
from wockit.language import Text, speak
from wockit.notes import AccountError, Note, Problem, ReportError, RunError, WockitError, nearest, quoted
from wockit.reading.account import load_account
from wockit.reading.account_file import language_of
from wockit.reading.folder import check_folder, chosen_snapshot
from wockit.reading.referee import CODES
from wockit.show.client import client_pages, with_client_pages
from wockit.show.html import Html
from wockit.show.page import page
from wockit.weekly.keep import PDF, digest, files_with_hashes, is_as_written, open_plan
from wockit.weekly.notebook import allow_files, execute
from wockit.weekly.outputs import FAILED, RUNNING, bring_back, keep_failed, put_in_place, record, slug, write_json
from wockit.weekly.pdf import find_browser, print_page
from wockit.weekly.place import OWNER, check_place, home_of, owner, place_of

ASKED = "asked"
"""The key in `run.json` of what a report was asked for with."""


def shipped(name: str) -> Path:
    """A folder that comes with wockit, installed or in a checkout: `"notebooks"` or `"sample"`."""
    package = Path(__file__).parents[1]
    installed, checkout = package / name, package.parent / {"notebooks": "notebooks", "sample": "data/sample"}[name]
    return checkout if checkout.is_dir() else installed


def run_weekly(
    account: str | Path,
    out: str | Path = "reports",
    changes: Mapping[str, Any] | None = None,
    snapshot: str = "",
    progress: bool = True,
    accept: Collection[str] = (),
    scenario: str = "",
    name: str = "",
    address: str = "",
    pdf: bool = False,
    asked: str = "",
) -> Path:
    """Run the weekly report of an account.

    Parameters
    ----------
    account
        The account's folder.
    out
        Where reports go; the files land in `out/<account>/<snapshot>/`, in place of an older report of that day, and
        those of a what-if in `out/<account>/<snapshot> what-if <name>/`.
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
    address
        Where the account comes from, if its folder is a copy.
    pdf
        Also print the page, with two pages for a client before it, to `report.pdf`.
    asked
        A word of whoever asks, to know this report again; it stands in `run.json`.

    Returns
    -------
    pathlib.Path
        The folder with `FILES`.

    Raises
    ------
    SettingsError, AccountError
        Before anything is written.
    RunError
        If the notebook fails, does not reach its end, or a file of the account changed meanwhile; what it left lies
        under `out/<account>/failed/`.
    """
    account, out, changes = Path(account).resolve(), Path(out).absolute(), dict(changes or {})
    speak(language_of(account, changes))
    started = time.time()
    allow_files()
    browser = find_browser() if pdf else None
    check_folder(account)
    day = chosen_snapshot(account, snapshot).relative_to(account).name
    rests_on = record(account, day, scenario)  # before a file is read: one that changes later is found out
    loaded = load_account(account, day)
    check_findings(loaded.notes, accept)
    analysis = analyse(loaded, loaded.settings.change(**changes), read_scenario(account, scenario, loaded.name))
    speak(analysis.settings.language)
    home = home_of(account, out / (name or slug(account.name)), place_of(analysis), FAILED)
    final = home / place_of(analysis)
    whose = owner(address or account, home)
    check_place(account, home, final, whose)
    bring_back(home)
    plan = final / PLAN
    _check_plan(plan_in(final))
    decided = _digest_of(plan)
    work = home / f"{RUNNING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise WockitError(
            [Problem(quoted(str(out)), Text("the report cannot be written there: {0}.", error.strerror))]
        ) from None
    try:
        choices = {"snapshot": day, "changes": changes, "scenario": scenario}
        parameters = {"account": str(account), **choices, "out": str(work), "reports": str(home)}
        notebook = execute(shipped("notebooks") / "weekly_report.ipynb", work, parameters, progress)
        if changed := _changed(rests_on["inputs"], record(account, day, scenario)["inputs"]):
            raise RunError([Problem(file, "it changed during the run.", "Run again.") for file in changed])
        if problem := _touched(plan, decided):
            raise RunError([problem])
        text = page(notebook, f"{loaded.title or loaded.name}, {loaded.snapshot}")
        (work / "report.html").write_text(text, encoding="utf-8")
        if browser:
            _print(browser, text, client_pages(analysis, history_of(analysis, account, home)), work)
        about = {OWNER: whose, "parameters": {"account": account.name, **choices}, "files": files_with_hashes(work)}
        about |= {ASKED: asked} if asked else {}
        write_json(work / "run.json", about | rests_on | _run_facts(analysis, accept, started))
    except (RunError, OSError) as error:
        folder = keep_failed(work, home, final.name)
        problems = error.problems if isinstance(error, RunError) else [_refused(error, out)]
        where = Problem("kept", str(folder), "Open the notebook in that folder to see the cell.")
        raise RunError([*problems, where]) from None
    except BaseException:
        keep_failed(work, home, final.name)
        raise
    return put_in_place(work, final)


def _print(browser: Path, page: str, pages: Html, work: Path) -> None:
    """Print a page with the client's pages before it."""
    both = work / ".client.html"
    both.write_text(with_client_pages(page, pages), encoding="utf-8")
    print_page(browser, both, work / PDF)
    both.unlink()


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The files that a run rests on and that came, went or changed during it."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _digest_of(plan: Path) -> str:
    """The hash of the plan that a run would replace; empty where there is none."""
    return digest(plan) if plan.is_file() else ""


def _touched(plan: Path, decided: str) -> Problem | None:
    """Why a plan that had a hash before the work cannot be replaced after it; nothing where it can."""
    if problem := open_plan(plan):
        return problem
    if _digest_of(plan) != decided and not is_as_written(plan):  # another run's is as good as the one it replaced
        return Problem(PLAN, "it changed during the run.", "Run again.")
    return None


def _check_plan(plan: Path) -> None:
    """Refuse to replace a plan that is open, or whose decisions cannot be read: they would be lost."""
    if problem := open_plan(plan):
        raise WockitError([problem])
    try:
        if any(decision.approves for decision in decisions_of(read_decisions(plan)).values()):
            read_decisions(plan, "first")  # what was approved holds only for the advice that it was written beside
    except (ReportError, OSError) as error:
        where = quoted(str(plan), 400)
        message = (
            error.problems[0].found
            if isinstance(error, ReportError)
            else Text("cannot be opened: {0}.", error.strerror)
        )
        do = "Repair it to keep its decisions, or move it elsewhere."
        raise WockitError([Problem(where, message, do)]) from None


def _run_facts(analysis: Analysis, accept: Collection[str], started: float) -> dict[str, Any]:
    """Settings and findings of a run, for `run.json`."""
    return {
        "settings": asdict(analysis.settings),
        "accepted": sorted(accept),
        "findings": [asdict(note) for note in analysis.notes],
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 1),
    }


def _refused(error: OSError, out: Path) -> Problem:
    """Error of the system, such as a full disk."""
    name = quoted(str(error.filename or out), 400)
    return Problem(name, Text("the system refused: {0}.", error.strerror), "Is the disk full?")


def check_findings(notes: Iterable[Note], accept: Collection[str]) -> None:
    """Refuse to run on findings that are errors, unless each is accepted by its code."""
    unknown = [code for code in accept if code not in CODES]
    problems = [
        Problem(Text("--accept {0}", quoted(code)), "unknown finding.", nearest(code, CODES)) for code in unknown
    ]
    problems += [
        Problem(note.where, note.text, Text("Fix it, or accept it with --accept {0}.", note.code))
        for note in notes
        if note.level == "error" and note.code not in accept
    ]
    if problems:
        raise AccountError(problems)

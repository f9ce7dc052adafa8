"""From an approved plan to a bulk upload: `bulk_upload.xlsx`, `restore.xlsx`, and a line in the account's journal.

What changes is decided in `analysis.changes`, what must hold before it is written in `guards`. Nothing is sent: a
person uploads the file in the advertising console.
"""

import filecmp
import os
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis, analyse
from wockit.analysis.campaigns import dead_spend
from wockit.analysis.changes import Changes, changes_of, of_use
from wockit.analysis.checklist import checklist
from wockit.analysis.decisions import decisions_of
from wockit.analysis.journal import followed_up, read_journal, this_week, write_run
from wockit.analysis.plans import PLAN, approvals_of_other_advice, read_decisions
from wockit.analysis.scenario import read_scenario
from wockit.language import Text, speak
from wockit.notes import Problem, ReportError, WockitError, quoted, some
from wockit.reading.account import load_account
from wockit.reading.account_file import language_of
from wockit.reading.bulk import Bulk
from wockit.reading.door import file_json
from wockit.reading.folder import check_folder, chosen_snapshot
from wockit.show.removal import removal_files
from wockit.show.upload import upload_rows, write_upload
from wockit.weekly.guards import WHOLE, author_of, of_download, of_limits, share_of_spend
from wockit.weekly.keep import digest
from wockit.weekly.outputs import record, slug
from wockit.weekly.place import OWNER, WHAT_IF, home_of, owner

FOLDER = "upload"
"""The folder, beside the reports, of what is written for an account."""


UPLOAD, RESTORE = "bulk_upload.xlsx", "restore.xlsx"
AGAIN = "Run 'wockit weekly' again and approve its plan."


@dataclass(frozen=True)
class Approved:
    """Content of an approved plan, before anything is written.

    `todo` is what people do themselves (`TODO`), `dead` the ads that still spend on stock that is out, `unread` what
    stands beside an advice and decides nothing, by ASIN, `warnings` what to know before agreeing, `removals` the texts
    of removal orders by file.
    """

    analysis: Analysis
    bulk: Bulk
    changes: Changes
    todo: pd.DataFrame
    dead: pd.DataFrame
    unread: Mapping[str, str]
    warnings: tuple[Text, ...]
    removals: Mapping[str, str]

    @property
    def empty(self) -> bool:
        """True if there is nothing to write."""
        return not self.changes.changes and not self.removals


def run_apply(
    account: str | Path,
    out: str | Path = "reports",
    scenario: str = "",
    name: str = "",
    ask: Callable[[Approved], bool] = lambda _: True,
    now: date | None = None,
) -> Path | None:
    """Write the bulk upload of what was approved in the newest plan of an account, and the file that takes it back.

    Parameters
    ----------
    account
        The account's folder.
    out
        Where its reports are.
    scenario
        Name of the scenario that the plan was made with; without it, the plan of a what-if is refused.
    name
        What stands for the account in the place of its reports; the name of its folder if left out.
    ask
        Shown what would be written; nothing is unless it agrees.
    now
        The day, where nobody is asked: the bulk download must be fresh on it.

    Returns
    -------
    pathlib.Path or None
        The folder with `bulk_upload.xlsx`, `restore.xlsx` and removal orders, as far as they are needed; that of an
        earlier run, if it has the same files. None where nothing was approved, nothing has to change, or `ask` did not
        agree.

    Raises
    ------
    WockitError
        If the plan or the bulk download cannot be trusted, or more is asked for than the limits allow.
    """
    account, out = Path(account).resolve(), Path(out).absolute()
    speak(language_of(account))
    check_folder(account)
    home = home_of(account, out / (name or slug(account.name)), FOLDER)
    plan = newest_plan(home, scenario)
    day = _checked(plan, account, home, scenario)
    texts = read_decisions(plan)
    if not any(decision.approves for decision in decisions_of(texts).values()):
        return None
    approved = _approved(account, plan, day, scenario, texts, now)
    if not ask(approved) or approved.empty:
        return None
    bulk = approved.bulk
    about = {
        "download": bulk.file,
        "download_day": (bulk.day or approved.analysis.account.snapshot).isoformat(),
        "download_hash": digest(account / bulk.file),
        "scenario": scenario,
        "approved_by": author_of(plan),
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    journal = partial(write_run, account, approved.analysis.account.snapshot, approved.changes.table, **about)
    return _written(home / FOLDER, approved, journal)


def _approved(
    account: Path, plan: Path, day: str, scenario: str, texts: Mapping[str, str], now: date | None
) -> Approved:
    """Changes and tasks from the decisions, if the download can be trusted and the limits allow it."""
    loaded = load_account(account, day)
    journal, _ = read_journal(account)
    share = share_of_spend(loaded, account)
    problems = [*of_download(loaded, account, journal, share, now)]
    if problems or loaded.bulk is None:
        raise WockitError(problems)
    analysis = analyse(loaded, scenario=read_scenario(account, scenario, loaded.name))
    _check_rows(plan, analysis)
    decisions = of_use(analysis, decisions_of(texts, loaded.currency))
    journal = followed_up(journal, loaded.bulk, loaded.snapshot)
    changes = changes_of(analysis, decisions, this_week(journal, loaded.snapshot))
    if problems := [*of_limits(changes, decisions, analysis.settings)]:
        raise WockitError(problems)
    asins = [asin for asin, decision in decisions.items() if decision.approves]
    todo, dead = checklist(analysis, asins, changes), dead_spend(loaded)
    unread = {asin: texts[asin] for asin, decision in decisions.items() if decision.kind == "text"}
    some = "Its campaigns have only {0} of the spend in the advertising report. What it leaves out is not changed."
    warnings = (Text(some, f"{100 * share:.0f}%"),) if share < WHOLE else ()
    removals = removal_files(analysis.advice.reindex(asins), loaded.stock["skus"], loaded.snapshot)
    return Approved(analysis, loaded.bulk, changes, todo, dead, unread, warnings, removals)


def _check_rows(plan: Path, analysis: Analysis) -> None:
    """Refuse a plan whose rows were moved apart: what was approved is not what stands beside it."""
    with suppress(ReportError):  # the column of the advice was deleted
        if other := approvals_of_other_advice(plan, analysis.advice):
            message = Text("other advice stands beside the approval of {0}: rows were moved apart.", some(other))
            raise WockitError([Problem(quoted(str(plan), 400), message, AGAIN)])


def unread_decisions(account: str | Path, out: str | Path = "reports", scenario: str = "") -> dict[str, str]:
    """Texts beside the advice of the newest plan that are not decisions, by ASIN."""
    texts = read_decisions(newest_plan(Path(out).resolve() / slug(Path(account).resolve().name), scenario))
    return {asin: texts[asin] for asin, decision in decisions_of(texts).items() if decision.kind == "text"}


def newest_plan(home: Path, scenario: str = "") -> Path:
    """The plan of the newest report in a place, or of the newest what-if with a scenario.

    Raises
    ------
    WockitError
        If there is none.
    """
    plans = sorted(home.glob(f"????-??-??{f' {WHAT_IF} *' if scenario else ''}/{PLAN}"))
    if scenario:
        plans = [plan for plan in plans if _run_of(plan).get("parameters", {}).get("scenario") == scenario]
    if not plans:
        message = "there is no plan to approve."
        raise WockitError(
            [Problem(quoted(str(home), 400), message, "Run 'wockit weekly' first, or give its --out folder.")]
        )
    return plans[-1]


def _checked(plan: Path, account: Path, home: Path, scenario: str) -> str:
    """The snapshot of a plan that is this account's, of its newest files as they are now, and no unnamed what-if."""
    run, where = _run_of(plan), quoted(str(plan), 400)
    if not {*run.get(OWNER, ())} & {*owner(account, home)}:
        raise WockitError(
            [Problem(where, "the plan belongs to another account.", "Give the --out folder of this account.")]
        )
    parameters = run.get("parameters", {})
    if parameters.get("changes"):
        message = Text("it was made with other settings: {0}.", ", ".join(sorted(parameters["changes"])))
        raise WockitError([Problem(where, message, "Write them to account.toml, or save them as a scenario.")])
    if (used := str(parameters.get("scenario", ""))) != scenario:
        message = (
            Text("it was made with the scenario {0}.", quoted(used))
            if used
            else Text("it was made without a scenario.")
        )
        do = Text("To apply a what-if, name it: --scenario {0}.", quoted(used)) if used else AGAIN
        raise WockitError([Problem(where, message, do)])
    day = str(parameters.get("snapshot", ""))
    newest = chosen_snapshot(account, "").relative_to(account).name
    if day != newest:
        message = Text("the plan is of {0}, and there are downloads of {1}.", day or "–", newest)
        raise WockitError([Problem(where, message, AGAIN)])
    now, then = record(account, day, scenario), run.get("inputs", {})
    names = sorted(name for name in {*now["inputs"], *then} if now["inputs"].get(name) != then.get(name))
    if names:
        raise WockitError([Problem(name, "it changed since the plan was made.", AGAIN) for name in names])
    if run.get("versions", {}).get("wockit") != now["versions"]["wockit"]:
        raise WockitError([Problem(where, "another version of wockit made it.", AGAIN)])
    return day


def _run_of(plan: Path) -> dict[str, Any]:
    """Inputs of the run of a plan."""
    try:
        run = file_json(plan.parent / "run.json")
    except (OSError, ValueError):
        run = None
    if not isinstance(run, dict) or not isinstance(run.get("parameters", {}), dict):
        raise WockitError([Problem(quoted(str(plan.parent / "run.json"), 400), "it cannot be read.", AGAIN)])
    return run


def _written(home: Path, approved: Approved, journal: Callable[[], Path]) -> Path:
    """A new folder with the files, which appears whole and only with its line in the journal; none is replaced.

    Where an earlier run of the day has written the same, that stands, and there is no second line.
    """
    bulk, day = approved.bulk, approved.analysis.account.snapshot
    work = home / f".{uuid.uuid4().hex}.part"
    try:
        work.mkdir(parents=True)
        for file, restore in ((UPLOAD, False), (RESTORE, True)) if approved.changes.changes else ():
            write_upload(bulk, upload_rows(bulk, approved.changes.changes, restore=restore), work / file, day)
        for file, text in approved.removals.items():
            (work / file).write_text(text, encoding="utf-8", newline="")
        names = sorted(path.name for path in work.iterdir())
        for earlier in sorted(home.glob(f"{day}-*")):
            there = sorted(path.name for path in earlier.iterdir())
            if there == names == filecmp.cmpfiles(work, earlier, names, shallow=False)[0]:
                return earlier
        final = next(candidate for k in count(1) if not (candidate := home / f"{day}-{k}").exists())
        if approved.changes.changes:
            journal()
        os.rename(work, final)
    except OSError as error:
        raise WockitError([Problem(quoted(str(home), 400), Text("cannot be written: {0}.", error.strerror))]) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)  # nothing is left where the files did not appear
    return final

"""One report of a fleet: the order, how it is made, and its outcome.

An account may be anywhere that fsspec can open. A report of the same inputs is not made again. Every failure becomes a
sentence. The process that makes it is in `server`.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from wockit.language import Text, say
from wockit.notes import Problem, RunError, WockitError, quoted
from wockit.reading.door import file_json
from wockit.reading.folder import check_folder, chosen_snapshot
from wockit.weekly import guards
from wockit.weekly.apply import run_apply
from wockit.weekly.keep import FILES, PDF
from wockit.weekly.outputs import bring_back, record
from wockit.weekly.place import OWNER, owner
from wockit.weekly.run import ASKED, run_weekly


@dataclass(frozen=True)
class Order:
    """One report to be made.

    Attributes
    ----------
    account
        The account's folder, or an address that fsspec knows.
    out, name
        The report goes to `out/name/<snapshot>/`.
    force
        Make it even if it is there.
    seconds, memory
        What the run may take [s], [byte].
    apply
        Write the bulk upload of a plan that was approved.
    pdf
        Print the report for a client too.
    asked
        What all orders of one fleet have in common. A report that was made for it is done, however often it is asked
        for: an answer may be lost on its way.
    """

    account: str
    out: str
    name: str
    force: bool
    seconds: float
    memory: int
    apply: bool = False
    pdf: bool = False
    asked: str = ""


@dataclass(frozen=True)
class Outcome:
    """Outcome of an order.

    `state` is `"done"`, `"there"` (it was made before, of the same inputs), `"refused"`, `"failed"`, or `"lost"`: its
    process was killed from outside. `upload` is the folder of its bulk upload, `not_applied` why there is none although
    it was asked for.
    """

    name: str
    account: str
    state: str
    text: str = ""
    folder: str = ""
    seconds: float = 0.0
    upload: str = ""
    not_applied: str = ""

    @property
    def good(self) -> bool:
        """True if the report is there."""
        return self.state in ("done", "there")


def make_report(order: Order, folder: Path) -> Outcome:
    """Make one report in this process.

    Parameters
    ----------
    order
        What to make; its limits are not watched here.
    folder
        An empty folder of the run's own.
    """
    began = time.monotonic()
    state, final, text = _report_state(order, folder)
    if "MemoryError" in text:
        text += "\n" + say("It needs more memory than a run is allowed. Allow more with --memory-limit.")
    upload, why = _applied(order, state) if order.apply else ("", "")
    return Outcome(order.name, order.account, state, text, final, round(time.monotonic() - began, 1), upload, why)


def _report_state(order: Order, folder: Path) -> tuple[str, str, str]:
    """State, folder of the report, and what to tell the account's owner."""
    try:
        account, home = _fetched(order.account, folder), Path(order.out) / order.name
        address = order.account if "://" in order.account else str(account.resolve())
        files = [*FILES, *[PDF] * order.pdf]
        report, asked = _made_before(account, home, owner(address, home), files)
        for_this_fleet = asked != "" and asked == order.asked
        if report and (for_this_fleet or not order.force):
            return "done" if for_this_fleet else "there", str(report), ""
        how: Any = {"name": order.name, "address": address, "pdf": order.pdf, "asked": order.asked}
        return "done", str(run_weekly(account, order.out, progress=False, **how)), ""
    except RunError as error:
        return "failed", "", str(error)
    except WockitError as error:
        return "refused", "", str(error)
    except OSError as error:
        where = f", {quoted(str(error.filename), 400)}" if error.filename else ""
        return "failed", "", say(Text("the system refused: {0}.", f"{error.strerror or error}{where}"))
    except Exception as error:  # what nobody thought of must not stop the other accounts
        return "failed", "", say(Text("it failed with {0}: {1}.", type(error).__name__, quoted(str(error), 400)))


def _applied(order: Order, state: str) -> tuple[str, str]:
    """The folder of the bulk upload of an account whose plan was approved, and why there is none.

    A plan that this very run made anew was approved by nobody.
    """
    if state != "there":
        why = say("its plan was made just now. Approve it, then run the same command again.")
        return "", why if state == "done" else ""
    if "://" in order.account:
        return "", say("uploads are written only for accounts on this machine.")
    try:
        return str(run_apply(order.account, order.out, name=order.name, now=guards.today()) or ""), ""
    except WockitError as error:
        return "", str(error)


def _fetched(address: str, folder: Path) -> Path:
    """The account as a folder of this machine."""
    if "://" not in address:
        return Path(address)
    files, path = fsspec.url_to_fs(address)
    if not files.isdir(path):
        message = say("the folder does not exist.")
        raise WockitError([Problem(quoted(address, 400), message, say("Was it moved while the fleet was running?"))])
    copy = folder / Path(path).name
    files.get(path.rstrip("/") + "/", str(copy) + "/", recursive=True)
    return copy


def _made_before(account: Path, home: Path, whose: list[str], files: Sequence[str]) -> tuple[Path | None, str]:
    """The report that was made of the same inputs under the same settings by the same wockit, if all of it is there.

    And what it was asked for with.
    """
    try:
        check_folder(account)
        day = chosen_snapshot(account, "").relative_to(account).name
        now = _identity(record(account, day) | {"parameters": {"changes": {}, "snapshot": day, "scenario": ""}})
    except (OSError, WockitError):
        return None, ""  # run_weekly says what is wrong
    bring_back(home)
    for path in home.glob("????-??-??/run.json"):
        try:
            run = file_json(path)
            same = _identity(run) == now and bool({*run[OWNER]} & {*whose})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if same and all((path.parent / name).is_file() for name in files):
            return path.parent, str(run.get(ASKED, ""))
    return None, ""


def _identity(run: dict[str, Any]) -> tuple[Any, ...]:
    parameters = {name: value for name, value in run["parameters"].items() if name != "account"}
    return run["inputs"], parameters, run["versions"]["wockit"]

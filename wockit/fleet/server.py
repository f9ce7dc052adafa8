"""The process that makes a report of a fleet: forked from a warmed server, limited in time and memory.

A worker asks a `Server` for one run after another. The server is a process that has imported everything and made one
report. Each run is forked from it and forks its own kernel. The server cleans up afterwards and returns the outcome.
Where processes cannot be forked, every run starts a new process. The report itself is made in `orders`.

The standard library's forkserver is no faster, and hands the caller's import path and main program to every run: what
lies in the folder that a fleet was started in could be imported, and a script without a guard would begin a fleet anew.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wockit.analysis.analyse import analyse
from wockit.analysis.history import history_of
from wockit.fleet.orders import Order, Outcome, make_report
from wockit.language import Text, say
from wockit.notes import Problem, RunError
from wockit.reading.account import load_account
from wockit.show.page import page
from wockit.weekly.kernels import CAN_FORK, Forked, forking
from wockit.weekly.outputs import RUNNING, write_results
from wockit.weekly.run import shipped

GRACE = 5.0
"""How long a run may take to end after its time limit [s]."""


COMMAND, HOME = (sys.executable, "-P", "-m", "wockit.fleet.server"), Path(__file__).parent
"""How a server is started, and where: nothing that lies in the working directory can be imported or set it up."""


_LONGER = "If the account is that large, allow more time with --time-limit."


_NEEDED = (
    *("papermill.execute", "nbformat", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger"),
    *("ipykernel.kernelspec", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger"),
    *("IPython.core.oinspect", "IPython.extensions.storemagic", "matplotlib_inline.backend_inline"),
    *("tornado.platform.asyncio", "tornado.queues", "psutil", "sqlite3", "wockit.show.captions", "wockit.show.marks"),
)
"""What every run imports."""


_ENVIRONMENT = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "PYTHONSAFEPATH": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger, which a kernel imports, would complain on the terminal
}


class ServerGone(RuntimeError):
    """The server or the run was killed, and not by us: it is worth another try."""


class Server:
    """A warmed process that makes one report after another."""

    def __init__(self) -> None:
        pipe: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        self.process = subprocess.Popen(COMMAND, env=os.environ | _ENVIRONMENT, cwd=HOME, **pipe)

    def make(self, order: Order) -> Outcome:
        """Have a report made, and wait for it.

        Raises
        ------
        ServerGone
            If it came to nothing through no fault of the account.
        """
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(json.dumps(asdict(order)) + "\n")
            self.process.stdin.flush()
            outcome = Outcome(**json.loads(self.process.stdout.readline()))
        except (OSError, ValueError):
            raise ServerGone(say("the process that makes the reports was killed.")) from None
        if outcome.state == "lost":
            raise ServerGone(outcome.text)
        return outcome

    def stop(self) -> None:
        """End the server, and with it what it is making; whoever waits for that gets no answer."""
        assert self.process.stdin
        with contextlib.suppress(OSError):  # it has gone
            self.process.stdin.close()
        self.process.wait()


def serve() -> None:
    """Be a server: read orders from the standard input, a line each, and answer each with a line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides
    answers = os.dup(1)
    os.dup2(2, 1)
    if CAN_FORK:
        _warm()
    with contextlib.suppress(BrokenPipeError):  # the worker has gone while its last order was being made
        for line in iter(sys.stdin.readline, ""):
            os.write(answers, json.dumps(asdict(_watched_run(Order(**json.loads(line)), answers))).encode() + b"\n")


def _watched_run(order: Order, answers: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="wockit-", ignore_cleanup_errors=True) as name:
        folder, end = Path(name), time.monotonic() + order.seconds + GRACE
        run: Any = Forked(lambda: _forked(order, folder, answers)) if CAN_FORK else _started(order, folder)
        while run.poll() is None and time.monotonic() < end and not _worker_gone():
            pass
        stopped = run.poll() is None
        _end(run)
        for left in (Path(order.out) / order.name).glob(f"{RUNNING}{run.pid}-*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            return Outcome(**json.loads((folder / "outcome.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return _of_the_dead(order, run.poll(), stopped)


def _of_the_dead(order: Order, code: int, stopped: bool) -> Outcome:
    killed = not stopped and code in (-signal.SIGTERM, -9)
    text = say(Text("it took longer than {0} seconds.", f"{order.seconds:g}")) + " " + say(_LONGER)
    if not stopped:
        text = say(Text("its process died with code {0}. Is there enough memory for this account?", code))
    return Outcome(order.name, order.account, "lost" if killed else "failed", text)


def _forked(order: Order, folder: Path, answers: int) -> None:
    """In the forked process: cut what ties it to the server, set the limits, do the run."""
    os.setsid()
    os.close(answers)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    _limit(order)
    with forking():
        _run(order, folder)


def _run(order: Order, folder: Path) -> None:
    """Make the report, with the run's own folder for everything temporary, and leave the outcome there."""
    places = {"TMPDIR": folder, "JUPYTER_RUNTIME_DIR": folder / "jupyter", "IPYTHONDIR": folder / "ipython"}
    os.environ.update({name: str(path) for name, path in places.items()})
    tempfile.tempdir = str(folder)
    outcome = json.dumps(asdict(make_report(order, folder)))
    (folder / "outcome.part").write_text(outcome, encoding="utf-8")
    (folder / "outcome.part").rename(folder / "outcome.json")


def _limit(order: Order) -> None:
    import resource

    import psutil

    def over(*_: object) -> None:
        message = Text("it took longer than {0} seconds.", f"{order.seconds:g}")
        raise RunError([Problem("weekly_report.ipynb", message, _LONGER)])

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, order.seconds)
    most = psutil.Process().memory_info().data + order.memory  # beyond what it shares with the server
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _started(order: Order, folder: Path) -> Any:
    """The same without a fork."""
    run = subprocess.Popen([*COMMAND, str(folder)], stdin=subprocess.PIPE, encoding="utf-8", cwd=HOME)
    assert run.stdin
    run.stdin.write(json.dumps(asdict(order)))
    run.stdin.close()
    return run


def _worker_gone() -> bool:
    """True if nobody waits for the answer any more; it takes a moment to look."""
    if CAN_FORK:
        return bool(select.select([0], [], [], 0.01)[0])
    time.sleep(0.05)
    return False


def _end(run: Any) -> None:
    """End a run with all that it started."""
    if CAN_FORK:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    else:
        run.kill()
    run.wait()


def _warm() -> None:
    """Import what every run needs, and do once, with the sample account, what takes longer the first time."""
    for name in _NEEDED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Exception):  # what fails will fail in a run
        _rehearse(Path(folder))
    gc.collect()
    gc.freeze()  # what is there now is never looked through again, so that its memory stays shared


def _rehearse(folder: Path) -> None:
    import nbformat

    from wockit.show import advice_list, opening, tables

    account = shutil.copytree(shipped("sample"), folder / "sample", ignore=shutil.ignore_patterns("kinds"))
    analysis = analyse(load_account(account))
    history = history_of(analysis, account, folder)
    opening.headline(analysis, history)
    advice_list.advice_list(analysis, history)  # with figures
    tables.positions_table(analysis)
    write_results(analysis, history, folder)
    page(nbformat.read(shipped("notebooks") / "weekly_report.ipynb", as_version=4), "")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _run(Order(**json.loads(sys.stdin.readline())), Path(sys.argv[1]))
    else:
        serve()

"""Many accounts: one report each, made by the workers of a Dask cluster. The only module that imports dask.

It starts the workers and tracks what is done. The accounts are found in `accounts`, one report is made in `orders` and
`server`, `overview` shows all of them.
"""

import asyncio
import logging
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dask
import distributed
from dask.system import CPU_COUNT
from dask.utils import parse_bytes
from distributed.core import connect
from distributed.system import MEMORY_LIMIT

from wockit.fleet.accounts import find_accounts, in_their_places, outside
from wockit.fleet.orders import Order, Outcome
from wockit.fleet.overview import Fleet, write_overview
from wockit.fleet.rates import read_rates
from wockit.fleet.server import Server, ServerGone
from wockit.language import Text, say
from wockit.notes import Problem, WockitError, quoted
from wockit.weekly.pdf import find_browser
from wockit.weekly.place import check_links

SECONDS = 900.0


PATIENCE = 60
"""How long to wait for a lost scheduler to come back [s]."""


KNOCK = 3
"""How long one attempt to reach it lasts [s]."""


ANSWER = 10
"""How long to wait for a finished answer, because its worker may be gone [s]."""


ASKS = 3
"""How many attempts are made."""


_LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado.application")
"""What Dask writes to, each with a level of its own."""


_idle: list[Server] = []
"""The servers of this worker that have nothing to do."""


_busy: list[Server] = []
"""Those that are making a report."""


def run_fleet(
    folder: str,
    out: str | Path = "reports",
    workers: int = 0,
    scheduler: str = "",
    force: bool = False,
    seconds: float = SECONDS,
    memory: str = "",
    apply: bool = False,
    pdf: bool = False,
) -> list[Outcome]:
    """Make the weekly report of every account below a folder, and the overview of all of them.

    Parameters
    ----------
    folder
        A folder, or an address that fsspec knows and every worker can open.
    out
        Where reports go, a folder that every worker can write: `out/<path of the account below folder>/<snapshot>/`.
    workers
        Processes of the local cluster; as many as the machine has cores if 0.
    scheduler
        Address of a cluster that runs already; a local one is started if empty.
    force
        Make reports too that are there already, of the same inputs and settings by the same wockit.
    seconds
        What one run may take [s].
    memory
        What one run may take, e.g. `"4GB"`; the worker's own share if empty.
    apply
        Write the bulk uploads of accounts whose plan was approved.
    pdf
        Also print each report for a client, to `report.pdf`.

    Returns
    -------
    list of Outcome
        One an account, by name; those that were not reached have the state `"left"`.

    Raises
    ------
    WockitError
        If there is nothing to do, or no cluster or browser to do it.
    """
    most = _limits(workers, seconds, memory)
    if pdf and not scheduler:
        find_browser()
    for name in _LOGGERS:  # what matters of it becomes a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    below = find_accounts(folder)
    for whole in () if "://" in folder else (folder, *below.accounts.values()):
        check_links(Path(whole), Path(out).absolute())
    place = str(Path(out).resolve())
    rates = read_rates(folder)
    accounts = in_their_places(below.accounts, Path(place))
    how = (force, seconds, most, apply, pdf, uuid.uuid4().hex)
    orders = [Order(address, place, name, *how) for name, address in accounts.items()]
    ended: dict[str, Outcome] = {}
    stopped = say("not done: the fleet was stopped. Run the same command for the rest.")
    with _stoppable():
        try:
            with _cluster(min(workers or CPU_COUNT, len(orders)), scheduler) as address:
                for outcome in _shown(_outcomes(address, orders), len(orders)) if orders else ():
                    ended[outcome.name] = outcome
        except KeyboardInterrupt:
            print(say("Stopped."), file=sys.stderr)
        except TimeoutError:
            stopped = say("not done: the scheduler disappeared. Run the same command for the rest.")
    left = [Outcome(order.name, order.account, "left", stopped) for order in orders if order.name not in ended]
    outcomes = sorted([*ended.values(), *left, *below.unusable], key=lambda outcome: outcome.name)
    try:
        write_overview(outcomes, place, Fleet(rates, outside(below.without, folder, place), date.today()))
    except OSError as error:
        print(say(Text("There is no overview: the system refused: {0}.", error.strerror or error)), file=sys.stderr)
    return outcomes


def _limits(workers: int, seconds: float, memory: str) -> int:
    """The limit of memory as a number [byte], 0 if there is none; what makes no sense is refused."""
    problems = []
    try:
        most = parse_bytes(memory or "0")
    except ValueError:
        most = -1
    if most < 0:
        message = Text("expected a size such as 4GB, found {0}.", quoted(memory))
        problems.append(Problem("--memory-limit", message))
    if not seconds > 0:
        problems.append(Problem("--time-limit", Text("expected more than 0 seconds, found {0}.", f"{seconds:g}")))
    if workers < 0:
        problems.append(Problem("--workers", Text("expected 1 or more, found {0}.", workers)))
    if problems:
        raise WockitError(problems)
    return int(most)


def make(order: Order) -> Outcome:
    """Have one report made by a server of this worker; what a dask task does.

    Raises
    ------
    ServerGone
        If the server was killed. dask then tries again.
    """
    if not order.memory:
        worker = distributed.get_worker()
        limit = worker.memory_manager.memory_limit or MEMORY_LIMIT
        order = replace(order, memory=int(limit / worker.state.nthreads))
    server = _idle.pop() if _idle else Server()
    _busy.append(server)
    try:
        outcome = server.make(order)
    except ServerGone:
        server.process.kill()
        raise
    finally:
        _busy.remove(server)
    _idle.append(server)
    return outcome


class _NoWeb:
    """A part of a cluster that serves no pages: nothing listens."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Start none."""


class _Scheduler(_NoWeb, distributed.Scheduler):  # type: ignore[misc]
    pass


class _Worker(_NoWeb, distributed.Worker):  # type: ignore[misc]
    pass


@contextmanager
def _cluster(workers: int, scheduler: str) -> Iterator[str]:
    """The address of a scheduler: the one that was given, or that of a local cluster, which ends with the block.

    The local one lives in this process, and its workers only wait for their servers: it opens no socket, so that nobody
    else on this machine can send it work.
    """
    if scheduler:
        yield scheduler
        return
    # a worker only waits: nobody need look 100 times a second what it does, 50 times whether it still does, or 10 times
    # how large it is
    often = ("distributed.admin.tick.interval", "distributed.worker.memory.monitor-interval")
    dask.config.set({"distributed.worker.profile.enabled": False, **dict.fromkeys(often, "1s")})
    options = {"nthreads": 1, "memory_limit": MEMORY_LIMIT // max(workers, 1)}
    cluster = distributed.SpecCluster(
        {number: {"cls": _Worker, "options": options} for number in range(workers)},
        {"cls": _Scheduler, "options": {"protocol": "inproc://"}},
        silence_logs="CRITICAL",
    )
    with cluster:
        try:
            yield cluster.scheduler_address
        finally:
            for server in [*_idle, *_busy]:  # one that is making a report ends it
                server.stop()
            _idle.clear()


def _outcomes(scheduler: str, orders: Sequence[Order]) -> Iterator[Outcome]:
    """Each outcome as it comes. Where a scheduler is started anew, what it has forgotten is asked for again."""
    left = {order.name: order for order in orders}
    lost: Counter[str] = Counter()
    while left:
        try:
            client = _client(scheduler)
        except (OSError, ValueError) as error:
            if len(left) < len(orders):
                raise TimeoutError from error
            message = Text("no scheduler answers there: {0}.", str(error) or type(error).__name__)
            raise WockitError([Problem(quoted(scheduler), message, "Is it running?")]) from None
        with client, dask.config.set({"distributed.comm.timeouts.connect": PATIENCE}):
            futures = {client.submit(make, order, retries=2, pure=False): order for order in left.values()}
            for future in distributed.as_completed(futures, loop=client.loop):
                order = futures.pop(future)
                lost[order.name] += future.status == "finished"
                outcome = _outcome(future, order)
                if lost[order.name] >= ASKS and not outcome:
                    text = "its result cannot be fetched from the worker."
                    outcome = Outcome(order.name, order.account, "failed", text)
                if outcome:
                    del left[order.name]
                    yield outcome
                future.release()


def _client(scheduler: str) -> distributed.Client:
    """A client of a scheduler that may be on its way.

    It is asked again and again for a short time, as a single long attempt waits ever longer between its knocks.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            _knock(scheduler)
            return distributed.Client(scheduler, timeout=min(KNOCK, PATIENCE), set_as_default=False)
        except OSError:
            if time.monotonic() >= end:
                raise


def _knock(scheduler: str) -> None:
    """See whether something answers that speaks as a scheduler does: behind an open port may be anything.

    Raises
    ------
    OSError
        If nothing does in time; a client would wait for ever.
    """
    if scheduler.startswith("inproc://"):
        return

    async def greet() -> None:
        comm = await asyncio.wait_for(connect(scheduler, timeout=min(KNOCK, PATIENCE)), min(KNOCK, PATIENCE) + 1)
        await comm.close()

    with ThreadPoolExecutor(1) as pool:  # a notebook has a loop of its own
        pool.submit(asyncio.run, greet()).result()


def _outcome(future: Any, order: Order) -> Outcome | None:
    """Outcome of an order; None where it could not be fetched and is to be asked for again."""
    if future.status == "finished":
        with suppress(Exception):  # the worker or the scheduler went while it was on its way
            outcome: Outcome = future.result(ANSWER)
            return outcome
    if future.status == "error":
        text = Text("its worker died several times: {0}", quoted(str(future.exception()), 400))
        return Outcome(order.name, order.account, "failed", text)
    return None


def _shown(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Show what is done, failed and left: a bar on a terminal, elsewhere a line an account."""
    from tqdm import tqdm

    failed = 0
    began = time.monotonic()
    with tqdm(total=total, unit="account", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        for done, outcome in enumerate(outcomes, 1):
            failed += not outcome.good
            bar.set_description(say(Text("{0} done, {1} failed, {2} left", done - failed, failed, total - done)))
            bar.update()
            if bar.disable:
                ahead = (time.monotonic() - began) / done * (total - done)
                parts = (done, total, outcome.name, outcome.state, outcome.seconds, failed, round(ahead))
                line = Text("{0}/{1} {2}: {3}, {4} s; {5} failed, {6} s left", *parts)
                print(say(line), file=sys.stderr, flush=True)
            yield outcome


@contextmanager
def _stoppable() -> Iterator[None]:
    """A polite request to end counts as Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

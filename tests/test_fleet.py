"""Many accounts on a real cluster of separate processes, with everything that goes wrong on a Monday."""

import errno
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import fsspec
import nbformat
import pandas as pd
import psutil
import pytest
from distributed import Client, Future
from distributed.comm.core import CommClosedError

import wockit.fleet.fleet
from wockit import cli
from wockit.fleet import server
from wockit.fleet.accounts import Below, find_accounts, in_their_places
from wockit.fleet.fleet import run_fleet
from wockit.fleet.orders import Order, Outcome, make_report
from wockit.fleet.overview import OVERVIEW_LABELS, read_row, write_overview
from wockit.notes import WockitError
from wockit.weekly.keep import FILES
from wockit.weekly.place import OWNER, owner
from wockit.weekly.run import run_weekly, shipped

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
DAY = "2026-11-23"
pytestmark = pytest.mark.end_to_end
PATIENCE = 300
"""How long a busy machine may take for anything [s]; only what hangs is waited for so long."""
HELD = """
import psutil
pathlib.Path(account, "began").write_text(" ".join(str(process.pid) for process in psutil.Process().parents()))
while not pathlib.Path(account, "go").exists():
    time.sleep(0.02)
"""
"""A run that stops until it is let go, and says which processes it hangs from: its run, server and worker first."""


ESSENTIAL = ("parameters", "import ", "load_account(", "analyse(", "history_of(", "write_results(")
"""What a cell of the notebook holds that a report cannot do without: figures and tables are tested elsewhere."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory, small):
    """An installed wockit whose notebook draws nothing, and does whatever an account's `trouble.py` says."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "wockit", site / "wockit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(small, site / "wockit" / "sample")
    notebook = nbformat.read(shipped("notebooks") / "weekly_report.ipynb", as_version=4)
    code = "import os, pathlib, time\ntrouble = pathlib.Path(account, 'trouble.py')\nexec(trouble.read_text())"
    parameters, *cells = notebook.cells
    cells = [cell for cell in cells if cell.cell_type == "code" and any(part in cell.source for part in ESSENTIAL)]
    notebook.cells = [parameters, nbformat.v4.new_code_cell(code), *cells]
    (site / "wockit" / "notebooks").mkdir()
    nbformat.write(notebook, site / "wockit" / "notebooks" / "weekly_report.ipynb")
    paths = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, environment, workers=2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self.environment = f"tcp://127.0.0.1:{self.port}", environment
        self.start(workers)

    def start(self, workers):
        self.scheduler = self._run("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        self.workers = [self._run("worker", self.address, "--nthreads", "1", "--no-nanny") for _ in range(workers)]
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def add_worker(self):
        self.workers.append(self._run("worker", self.address, "--nthreads", "1", "--no-nanny"))

    def stop(self):
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()

    def _run(self, *arguments):
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.environment, stdout=quiet, stderr=quiet, cwd="/")


@pytest.fixture(scope="module")
def cluster(environment):
    made = Cluster(environment)
    yield made
    made.stop()


@pytest.fixture
def fleet(tmp_path, small):
    """Make accounts below a folder, each with what is to go wrong in it."""

    def made(**troubles):
        for name, trouble in troubles.items():
            account = tmp_path / "accounts" / name
            account.mkdir(parents=True)
            shutil.copy(small / "account.toml", account)
            (account / "costs.csv").write_text("asin,landed_cost\nB0MADEUP01,5\n", encoding="utf-8")
            shutil.copytree(small / DAY, account / DAY)
            (account / "trouble.py").write_text(trouble, encoding="utf-8")
        return str(tmp_path / "accounts")

    return made


def states(outcomes):
    print(*(f"{outcome.name}: {outcome.state} {outcome.text}" for outcome in outcomes), sep="\n")  # seen where it fails
    return {outcome.name: outcome.state for outcome in outcomes}


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def left_over(out):
    return list(Path(out).rglob(".*"))


def test_reports_are_those_of_a_plain_run_and_are_made_once(cluster, fleet, tmp_path):
    folder, out = fleet(**{"a/us": "", "b/us": "", "c": ""}), tmp_path / "out"

    def again(**how):
        return states(run_fleet(folder, out, scheduler=cluster.address, **how))

    assert again() == {"a/us": "done", "b/us": "done", "c": "done"}
    plain = run_weekly(Path(folder) / "a" / "us", tmp_path / "plain", progress=False)
    for name in ("a/us", "b/us", "c"):
        made = out / name / DAY
        assert sorted(path.name for path in made.iterdir()) == sorted(FILES)
        assert (made / "positions.csv").read_bytes() == (plain / "positions.csv").read_bytes()
        assert json.loads((made / "run.json").read_text())["parameters"]["account"] == Path(name).name
    assert (out / "a" / "us" / DAY / "summary.json").read_bytes() == (plain / "summary.json").read_bytes()
    links = re.findall(r'href="([^"]+)"', (out / "overview.html").read_text(encoding="utf-8"))
    assert all((out / link).is_file() for link in links)
    assert len(links) == 6

    (Path(folder) / "b" / "us" / "costs.csv").unlink()
    (out / "c" / DAY / "plan.xlsx").unlink()
    assert again() == {"a/us": "there", "b/us": "done", "c": "done"}
    assert again(force=True) == {"a/us": "done", "b/us": "done", "c": "done"}
    assert left_over(out) == []


def test_what_goes_wrong_in_one_account_stays_there(cluster, fleet, tmp_path, capsys):
    full = "os.symlink('/dev/full', pathlib.Path(out, '{}'))"
    folder, out = (
        fleet(
            crash="os._exit(0)", memory="blob = bytearray(9 * 10**9)", good="",
            disk_of_kernel=full.format("positions.csv"), disk=full.format("weekly_report.ipynb"),
            killed="import signal; os.kill(os.getppid(), signal.SIGKILL)", refused="",
        ),
        tmp_path / "out",
    )  # fmt: skip
    (Path(folder) / "refused" / "account.toml").write_text("marketplace = 'US'\nname = '<b>\\u001b[31m=1+1'\nlow = 1\n")
    where = ["--out", str(out), "--scheduler", cluster.address]
    code = cli.main(["fleet", folder, *where, "--memory-limit", "1GB"])
    said = capsys.readouterr()
    assert code == 1
    assert "1 report made, 0 unchanged, not rebuilt, 6 accounts without a report" in said.out
    for name, sentence in {
        "crash": "the kernel died",
        "memory": "Allow more with --memory-limit",
        "disk_of_kernel": "No space left on device",
        "disk": "No space left on device",
        "killed": "killed",
        "refused": "Did you mean 'low_weeks'",
    }.items():
        assert re.search(rf"(?s){name}: .*{re.escape(sentence)}", said.err), (name, said.err)
    assert sorted(path.name for path in (out / "good" / DAY).iterdir()) == sorted(FILES)
    assert not any((out / name / DAY).exists() for name in ("crash", "memory", "disk", "killed", "refused"))
    assert left_over(out) == []


def test_a_run_that_hangs_ends_when_its_time_is_over_and_its_worker_makes_the_next(cluster, fleet, tmp_path, capsys):
    folder, out = fleet(hang="while True: pass"), tmp_path / "out"
    command = ["fleet", folder, "--out", str(out), "--scheduler", cluster.address]
    assert cli.main([*command, "--time-limit", "2"]) == 1
    assert re.search(r"(?s)hang: .*took longer than 2 seconds", capsys.readouterr().err)
    assert not (out / "hang" / DAY).exists()
    assert left_over(out) == []
    (Path(folder) / "hang" / "trouble.py").write_text("", encoding="utf-8")
    assert cli.main(command) == 0


def test_a_worker_that_is_killed_in_mid_run_loses_no_report(cluster, fleet, tmp_path):
    folder, out = fleet(held=HELD, other=""), tmp_path / "out"
    began = Path(folder) / "held" / "began"
    with ThreadPoolExecutor() as pool:
        found = pool.submit(run_fleet, folder, out, scheduler=cluster.address)
        until(lambda: began.exists() and began.read_text())
        run, _, worker = [int(pid) for pid in began.read_text().split()[:3]]
        began.unlink()
        os.kill(worker, signal.SIGKILL)
        cluster.add_worker()
        until(lambda: began.exists() and not psutil.pid_exists(run))
        (Path(folder) / "held" / "go").touch()
        assert states(found.result(PATIENCE)) == {"held": "done", "other": "done"}
    assert left_over(out) == []


def test_a_folder_that_goes_away_is_one_failure(cluster, fleet, tmp_path, monkeypatch):
    folder, out = fleet(gone="", late=""), tmp_path / "out"

    def found_before_it_goes(below):
        accounts = find_accounts(below)
        shutil.rmtree(Path(folder) / "gone")
        return accounts

    monkeypatch.setattr("wockit.fleet.fleet.find_accounts", found_before_it_goes)
    outcomes = run_fleet(folder, out, scheduler=cluster.address)
    assert states(outcomes) == {"gone": "refused", "late": "done"}
    assert "the folder does not exist" in next(outcome.text for outcome in outcomes if outcome.name == "gone")


def test_two_fleets_at_once_leave_one_whole_report_an_account(cluster, fleet, tmp_path):
    folder, out = fleet(a="", b=""), tmp_path / "out"
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(run_fleet, folder, out, scheduler=cluster.address, force=True) for _ in range(2)]
        assert [states(one.result(PATIENCE)) for one in both] == [{"a": "done", "b": "done"}] * 2
    for name in ("a", "b"):
        assert [path.name for path in (out / name).iterdir()] == [DAY]
        assert sorted(path.name for path in (out / name / DAY).iterdir()) == sorted(FILES)
    assert left_over(out) == []


def test_a_scheduler_that_is_started_anew_is_asked_again(cluster, fleet, tmp_path):
    folder, out = fleet(held=HELD, other=""), tmp_path / "out"
    began = Path(folder) / "held" / "began"
    with ThreadPoolExecutor() as pool:
        found = pool.submit(run_fleet, folder, out, scheduler=cluster.address)
        until(lambda: began.exists() and (out / "other" / DAY).exists())
        cluster.stop()
        began.unlink()
        cluster.start(1)
        until(began.exists)
        (Path(folder) / "held" / "go").touch()
        assert states(found.result(PATIENCE)) == {"held": "done", "other": "done"}
    assert left_over(out) == []


@pytest.mark.parametrize("error", [TimeoutError, CancelledError, CommClosedError])
def test_an_answer_that_went_with_its_worker_is_asked_for_again(cluster, fleet, tmp_path, monkeypatch, error):
    lost, result = [], Future.result

    def first_lost(future, timeout=None):
        if not lost:
            lost.append(timeout)
            raise error
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", first_lost)
    folder, out = fleet(a=""), tmp_path / "out"
    assert states(run_fleet(folder, out, scheduler=cluster.address, force=True)) == {"a": "done"}
    assert lost == [wockit.fleet.fleet.ANSWER]


@pytest.mark.parametrize("force", [False, True])
def test_a_report_that_its_own_fleet_asks_for_again_is_done_and_is_not_made_twice(small, tmp_path, forked, force):
    account = shutil.copytree(small, tmp_path / "shop")
    order = Order(str(account), str(tmp_path / "out"), "shop", force, 600, 2**33, apply=True, asked="one fleet")
    first = make_report(order, tmp_path)
    made = (Path(first.folder) / "run.json").read_bytes()
    again = make_report(order, tmp_path)
    assert (first.state, again.state, again.folder) == ("done", "done", first.folder)
    assert "its plan was made just now" in again.not_applied
    assert (Path(first.folder) / "run.json").read_bytes() == made
    assert make_report(replace(order, asked="another"), tmp_path).state == ("done" if force else "there")


def test_nothing_that_dask_writes_to_reaches_the_lines_of_a_fleet(fleet, tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.fleet.fleet.PATIENCE", 0.2)
    with pytest.raises(WockitError):
        run_fleet(fleet(us=""), tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    names = [name for name in logging.root.manager.loggerDict if name.startswith(("distributed", "tornado"))]
    assert names
    assert not [name for name in names if logging.getLogger(name).isEnabledFor(logging.ERROR)]


def test_an_answer_that_never_comes_is_asked_for_three_times(cluster, fleet, tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.fleet.fleet._outcome", lambda future, order: None)
    (outcome,) = run_fleet(fleet(a=""), tmp_path / "out", scheduler=cluster.address)
    assert (outcome.state, "cannot be fetched" in outcome.text) == ("failed", True)
    assert (tmp_path / "out" / "a" / DAY / "report.html").is_file()


def test_a_linked_account_is_an_account_too(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "elsewhere" / "shop")
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "link").symlink_to(tmp_path / "elsewhere" / "shop", target_is_directory=True)
    assert find_accounts(str(tmp_path / "clients")).accounts == {"link": str(tmp_path / "clients" / "link")}


def test_what_a_run_left_half_moved_is_no_report_that_is_there(report, tmp_path):
    made = shutil.copytree(report("en"), tmp_path / "out" / "sample" / DAY)
    made.rename(made.with_name(f".replaced-{made.name}-aa"))
    account = report("en").parents[2] / "sample"
    again = make_report(Order(str(account), str(tmp_path / "out"), "sample", False, 600, 2**33), tmp_path / "own")
    assert (again.state, again.folder, made.is_dir()) == ("there", str(made), True)


def test_a_title_without_end_reaches_the_overview(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "summary.json").write_text("{}", encoding="utf-8")
    row = f"{'x' * 200_000},4,2,scale"
    (folder / "positions.csv").write_text(f"title,weeks_of_coverage,roas,segment\n{row}\n", encoding="utf-8")
    assert read_row(Outcome("a", "a", "done", folder=str(folder))).points == ((4.0, 2.0, "scale"),)


def test_a_report_that_is_no_report_any_more_is_said(tmp_path):
    (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    (tmp_path / "positions.csv").write_text("title\nx\n", encoding="utf-8")
    assert not read_row(Outcome("a", "a", "done", folder=str(tmp_path))).outcome.good


def test_where_no_overview_can_be_written_the_outcomes_are_told_all_the_same(cluster, fleet, tmp_path, capsys):
    (tmp_path / "out").write_text("no folder", encoding="utf-8")
    assert cli.main(["fleet", fleet(a=""), "--out", str(tmp_path / "out"), "--scheduler", cluster.address]) == 1
    said = capsys.readouterr().err
    assert "There is no overview: the system refused" in said
    assert "a: " in said


@pytest.mark.parametrize("address", ["localhost", "foo://h:1", "localhost:port"])
def test_an_address_that_is_none_is_refused(fleet, tmp_path, address):
    with pytest.raises(WockitError, match="no scheduler answers there"):
        run_fleet(fleet(us=""), tmp_path / "out", scheduler=address)


def test_a_scheduler_that_is_slow_to_come_back_is_asked_in_short_attempts(monkeypatch):
    asked = []

    def client(address, timeout, **_):
        asked.append(timeout)
        if len(asked) < 4:
            raise OSError("not yet")
        return address

    monkeypatch.setattr("wockit.fleet.fleet._knock", lambda address: None)
    monkeypatch.setattr("wockit.fleet.fleet.distributed.Client", client)
    assert wockit.fleet.fleet._client("tcp://here:1") == "tcp://here:1"
    assert asked == [3] * 4


def test_a_fleet_that_is_asked_to_end_says_what_is_done_and_leaves_nothing_running(environment, fleet, tmp_path):
    folder, out = fleet(held=HELD, other=""), tmp_path / "out"
    command = [sys.executable, "-m", "wockit.cli", "fleet", folder, "--out", str(out), "--workers", "2"]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd="/")
    assert "1/2 other: done" in next(line for line in running.stderr if "other" in line)
    until((Path(folder) / "held" / "began").exists)
    below = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert "held: not done: the fleet was stopped" in said
    assert "Traceback" not in said
    assert (out / "overview.html").is_file()
    _, alive = psutil.wait_procs(below, timeout=PATIENCE)
    assert not alive
    until(lambda: left_over(out) == [])


def test_every_account_has_a_name_of_its_own(fleet, tmp_path):
    folder = fleet(**{"a/us": "", "b/us": "", "b/my shop": "", "b/my-shop": "", "b/MY-shop": ""})
    found = find_accounts(folder).accounts
    assert {Path(path).relative_to(folder).as_posix() for path in found.values()} == {
        "a/us", "b/us", "b/my shop", "b/my-shop", "b/MY-shop"
    }  # fmt: skip
    assert len({name.casefold() for name in found}) == 5
    assert "a/us" in found


def test_an_account_keeps_its_place_when_another_comes_with_a_name_like_its_own(fleet, tmp_path):
    folder, out = fleet(**{"my shop": "", "b": ""}), tmp_path / "out"
    first = in_their_places(find_accounts(folder).accounts, out)
    assert [*first] == ["b", "my-shop"]
    report = out / "my-shop" / DAY
    report.mkdir(parents=True)
    about = {OWNER: owner(str(Path(first["my-shop"]).resolve()), out / "my-shop")}
    (report / "run.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.copytree(Path(folder) / "my shop", Path(folder) / "My-shop")
    then = in_their_places(find_accounts(folder).accounts, out)
    assert then["my-shop"] == first["my-shop"]
    assert len(then) == 3


def test_a_snapshot_is_no_account_of_its_own_whatever_lies_in_it(fleet):
    folder = fleet(**{"a/us": "", "a/us/2026-11-16": "", "2026-11-16": ""})
    assert sorted(find_accounts(folder).accounts) == ["2026-11-16", "a/us"]


def test_a_folder_that_cannot_be_listed_is_named_and_stops_no_other(fleet, tmp_path, monkeypatch):
    folder, scandir = fleet(**{"good": "", "locked/acme": ""}), os.scandir

    def refused(path):
        if os.path.basename(path) == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    found = find_accounts(folder)
    assert list(found.accounts) == ["good"]
    assert [(each.name, each.good, each.text) for each in found.unusable] == [
        ("locked", False, "the folder cannot be listed: Permission denied.")
    ]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="every name is text there")
def test_a_folder_whose_name_is_no_utf_8_is_named_and_stops_no_other(fleet):
    folder = fleet(good="")
    shutil.copytree(
        os.path.join(folder, "good"), os.path.join(os.fsencode(folder), b"\xb5\xea").decode(errors="surrogateescape")
    )
    found = find_accounts(folder)
    assert list(found.accounts) == ["good"]
    assert [(each.name, each.state) for each in found.unusable] == [("\\udcb5\\udcea", "refused")]


def test_accounts_that_cannot_be_used_stand_in_the_overview_beside_the_others(tmp_path, monkeypatch, capsys):
    below = Below({"a": "a"}, (Outcome("locked", "", "refused", "the folder cannot be listed: no."),))
    monkeypatch.setattr("wockit.fleet.fleet.find_accounts", lambda folder: below)
    done = [Outcome("a", "a", "failed", "late")]
    monkeypatch.setattr("wockit.fleet.fleet._outcomes", lambda address, orders: iter(done))
    assert cli.main(["fleet", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "locked: the folder cannot be listed: no." in capsys.readouterr().err
    assert "cannot be listed" in (tmp_path / "out" / "overview.html").read_text(encoding="utf-8")


def test_a_local_fleet_opens_no_socket():
    with wockit.fleet.fleet._cluster(2, "") as address:
        assert address.startswith("inproc://")
        assert [each for each in psutil.Process().net_connections() if each.status == "LISTEN"] == []


@pytest.mark.parametrize("address", ["zip://::clients.zip", "tar://x::clients.tar", "nothing://x"])
def test_an_address_inside_an_archive_or_of_no_kind_is_refused(tmp_path, address):
    with pytest.raises(WockitError, match="Unpack it|cannot be opened"):
        run_fleet(address, tmp_path / "out")


@pytest.mark.parametrize("where", [".", "shop"])
def test_a_link_among_the_accounts_takes_no_report_elsewhere(fleet, tmp_path, where):
    folder = Path(fleet(shop=""))
    elsewhere = tmp_path if where == "." else folder / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    (folder / where / "reports").symlink_to(elsewhere)
    with pytest.raises(WockitError, match="reports.*it is a link to a place outside the account.*--out"):
        run_fleet(str(folder), folder / where / "reports")
    assert not (elsewhere / "overview.html").exists()


def test_nothing_in_the_working_directory_is_imported(tmp_path, monkeypatch):
    for name in ("psutil", "wockit", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('foreign')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "COMMAND", (*server.COMMAND[:2], "-c", "import json, psutil, wockit, os; print(1)"))
    started = server.Server()
    assert started.process.stdout.readline() == "1\n"
    started.stop()


def test_accounts_are_found_and_read_at_an_address(fleet, tmp_path, forked):
    memory = fsspec.filesystem("memory")
    memory.put(fleet(us="") + "/", "/agency/", recursive=True)
    assert find_accounts("memory://agency").accounts == {"us": "memory:///agency/us"}
    order = Order("memory:///agency/us", str(tmp_path / "out"), "us", False, 600, 2**33)
    (tmp_path / "own").mkdir()
    assert make_report(order, tmp_path / "own").state == "done"
    assert (tmp_path / "out" / "us" / DAY / "report.html").is_file()
    memory.rm("/agency", recursive=True)
    assert "the folder does not exist" in make_report(order, tmp_path / "own").text


def test_where_processes_cannot_be_forked_each_run_is_started_anew(environment, fleet, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "CAN_FORK", False)
    monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])
    order = Order(str(Path(fleet(us="")) / "us"), str(tmp_path), "us", False, 600, 2**33)
    assert server._watched_run(order, answers=-1).state == "done"
    assert (tmp_path / "us" / DAY / "report.html").is_file()


def test_where_processes_cannot_be_forked_a_run_ends_when_its_time_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "CAN_FORK", False)
    monkeypatch.setattr(server, "GRACE", 0.0)
    outcome = server._watched_run(Order(str(SAMPLE), str(tmp_path), "sample", False, 0.5, 2**33), answers=-1)
    assert (outcome.state, "it took longer than 0.5 seconds" in outcome.text) == ("failed", True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there is no account in it"),
        (["--memory-limit", "much"], "--memory-limit: expected a size such as 4GB, found 'much'"),
        (["--time-limit", "0"], "--time-limit: expected more than 0 seconds, found 0"),
        (["--workers", "-1"], "--workers: expected 1 or more, found -1"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_begins(tmp_path, capsys, arguments, message):
    assert cli.main(["fleet", str(tmp_path), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_does_not_answer_is_refused(fleet, tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.fleet.fleet.PATIENCE", 0.5)
    with pytest.raises(WockitError, match="no scheduler answers there"):
        run_fleet(fleet(us=""), tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def test_an_address_behind_which_something_keeps_silent_is_refused(fleet, tmp_path, monkeypatch):
    monkeypatch.setattr("wockit.fleet.fleet.PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WockitError, match="no scheduler answers there"):
            run_fleet(fleet(us=""), tmp_path / "out", scheduler=address)


@pytest.fixture
def overview(tmp_path):
    """An overview of made-up reports: the summary and the text of each."""

    def write(*accounts):
        outcomes = []
        for number, (summary, text) in enumerate(accounts):
            folder = tmp_path / f"a{number}" / DAY
            folder.mkdir(parents=True)
            (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
            rows = "asin,segment,weeks_of_coverage,roas\nB0,protect,2,4\nB1,,,\nB2,exit,inf,0\n"
            (folder / "positions.csv").write_text(rows, encoding="utf-8")
            state = "failed" if text else "done"
            outcomes.append(Outcome(f"a{number}", f"a{number}", state, text, "" if text else str(folder)))
        page = write_overview(outcomes, tmp_path)
        return page.read_text(encoding="utf-8"), pd.read_csv(tmp_path / "overview.csv", encoding="utf-8-sig")

    return write


def test_the_overview_shows_first_who_needs_attention(overview):
    text, table = overview(
        ({"currency": "USD", "gain_a_week": 5.0, "stock_value": 1234.0, "moved": 3}, ""),
        ({"currency": "JPY", "gain_a_week": 900.0}, ""),
        ({"currency": "USD", "gain_a_week": 50.0, "stock_out_days": 2}, ""),
        ({}, "it took longer than 9 seconds."),
    )
    assert table["account"].tolist() == ["a3", "a1", "a2", "a0"]
    assert table.loc[3, ["stock_value", "moved"]].tolist() == [1234.0, 3]
    assert set(OVERVIEW_LABELS) <= set(table)
    places = [text.index(part) for part in ("took longer than 9", "900 JPY", "50 USD", "1,234 USD")]
    assert places == sorted(places)
    assert text.count("<svg") == 3
    assert "2 ASINs" in text


def test_the_overview_is_offline_and_takes_hostile_text_for_text(overview):
    hostile = "<script>alert(1)</script>"
    text, table = overview(
        ({"account": hostile, "currency": "<b>", "stock_value": 1, "moved": hostile}, ""),
        ({}, f"=1+1 {hostile}"),
    )
    assert "<script>alert" not in text
    assert text.count("<script") == 1
    assert "default-src 'none'" in text
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?:\w+:|//)""", text)
    assert table.loc[0, "what_to_do"].startswith("'=1+1")
    assert "<caption>" in text
    assert text.count('scope="row"') == 2

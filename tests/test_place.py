"""The place of a report belongs to one account, and a run rests on the files that it began with."""

import json
import os
import resource
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pytest

import wockit.weekly.run
from wockit import load_account
from wockit.fleet.orders import Order, make_report
from wockit.notes import RunError, WockitError
from wockit.weekly.keep import FILES
from wockit.weekly.notebook import allow_files
from wockit.weekly.outputs import record
from wockit.weekly.place import OWNER, check_place, owner
from wockit.weekly.run import run_weekly

DAY = "2026-11-23"
INVENTORY = (
    "snapshot-date,sku,fnsku,asin,available,inv-age-0-to-90-days,units-shipped-t30,your-price\n"
    f"{DAY},A,X000000001,B000000001,100,100,40,20.00\n"
)


pytestmark = [pytest.mark.end_to_end, pytest.mark.usefixtures("forked")]


def shop(folder):
    (folder / DAY).mkdir(parents=True)
    (folder / "account.toml").write_text('marketplace = "US"\n', encoding="utf-8")
    (folder / DAY / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    return folder


@pytest.fixture
def does(monkeypatch):
    """Let the notebook of the weekly run do something with the account's folder and the snapshot, and end well."""

    def write(action=lambda account, snapshot: None):
        def execute(source, work, parameters, progress):
            action(Path(parameters["account"]), parameters["snapshot"])
            return nbformat.v4.new_notebook()

        monkeypatch.setattr(wockit.weekly.run, "execute", execute)

    return write


def report(home, whose, day=DAY):
    (home / day).mkdir(parents=True)
    for name in FILES:
        (home / day / name).write_text(json.dumps({OWNER: whose}), encoding="utf-8")
    return home / day


@pytest.mark.parametrize("other", ["zeta/us", "acme/u s", "acme-us"])
def test_another_account_is_refused_before_anything_is_done(tmp_path, other):
    acme = shop(tmp_path / "acme" / "us")
    home = tmp_path / "out" / "us"
    final = report(home, owner(acme, home))
    with pytest.raises(WockitError, match=rf"the report of {DAY} in this folder belongs to another account.*--out"):
        run_weekly(shop(tmp_path / other), tmp_path / "out", progress=False, name="us")
    assert json.loads((final / "plan.xlsx").read_text())[OWNER] == owner(acme, home)


def test_an_earlier_report_of_another_account_is_enough(tmp_path):
    report(tmp_path / "out" / "us", owner("/acme/us", tmp_path / "out" / "us"), "2026-11-16")
    with pytest.raises(WockitError, match="2026-11-16 in this folder belongs to another"):
        run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)


def test_a_report_of_which_nobody_knows_whose_it_is_is_not_replaced(tmp_path):
    home = tmp_path / "out" / "us"
    about = report(home, owner("/acme/us", home)) / "run.json"
    about.write_text('{"belongs_to": [', encoding="utf-8")
    with pytest.raises(WockitError, match=f"run.json is damaged.*Move the folder '{DAY}' elsewhere"):
        run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)
    assert about.read_text(encoding="utf-8") == '{"belongs_to": ['


@pytest.mark.parametrize("odd", ["pipe", "endless"])
def test_a_report_whose_run_json_has_no_end_is_refused_at_once(tmp_path, odd):
    home = tmp_path / "out" / "us"
    (home / DAY).mkdir(parents=True)
    about = home / DAY / "run.json"
    if odd == "pipe":
        os.mkfifo(about)
    else:
        about.symlink_to("/dev/zero")
    order = Order(str(shop(tmp_path / "us")), str(tmp_path / "out"), "us", False, 600, 2**33)
    outcome = make_report(order, tmp_path)
    assert (outcome.state, "that is not a report of wockit" in outcome.text) == ("refused", True)


def test_a_fleet_takes_no_report_of_another_account_for_its_own(tmp_path):
    report(tmp_path / "out" / "us", owner("s3://zeta/us", tmp_path / "out" / "us"))
    order = Order(str(shop(tmp_path / "us")), str(tmp_path / "out"), "us", False, 600, 2**33)
    outcome = make_report(order, tmp_path)
    assert (outcome.state, "belongs to another account" in outcome.text) == ("refused", True)


@pytest.mark.parametrize("moved", ["account", "both", "reports"])
def test_an_account_is_known_again_where_its_reports_move_or_both_do(tmp_path, moved):
    account, home = tmp_path / "a" / "us", tmp_path / "a" / "out" / "us"
    report(home, owner(account, home))
    now = [tmp_path / ("b" if moved in (name, "both") else "a") for name in ("account", "reports")]
    if now[1].name == "b":
        shutil.move(tmp_path / "a", tmp_path / "b")
    account, home = now[0] / "us", now[1] / "out" / "us"
    if moved == "account":
        with pytest.raises(WockitError, match="was moved, delete the entry 'belongs_to'"):
            check_place(account, home, home / DAY, owner(account, home))
    else:
        check_place(account, home, home / DAY, owner(account, home))


def test_what_is_sent_on_names_no_path_of_the_machine(tmp_path, does):
    does()
    final = run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)
    assert str(tmp_path) not in (final / "run.json").read_text(encoding="utf-8")
    assert json.loads((final / "run.json").read_text())["parameters"]["account"] == "us"


def test_a_snapshot_that_arrives_during_a_run_is_not_in_it(tmp_path, does):
    found = []

    def arrives(account, snapshot):
        shutil.copytree(account / DAY, account / "2026-11-30")
        found.append(load_account(account, snapshot).snapshot.isoformat())

    does(arrives)
    assert run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False).name == DAY
    assert found == [DAY]


@pytest.mark.parametrize("name", [f"{DAY}/inventory.csv", f"{DAY}/more.csv", "costs.csv", "account.toml"])
def test_a_file_that_changes_during_a_run_is_never_in_its_report(tmp_path, does, name):
    def changes(account, snapshot):
        with (account / name).open("a") as file:
            file.write("\n")

    does(changes)
    with pytest.raises(RunError, match=f"{name}: it changed during the run. Run again."):
        run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)
    assert not (tmp_path / "out" / "us" / DAY).exists()
    assert (tmp_path / "out" / "us" / "failed").is_dir()


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0 locked", b"no workbook"])
def test_a_plan_whose_decisions_cannot_be_read_is_found_before_the_work(tmp_path, does, content):
    does(lambda account, snapshot: pytest.fail("the work began"))
    account, home = shop(tmp_path / "us"), tmp_path / "out" / "us"
    plan = report(home, owner(account, home)) / "plan.xlsx"
    plan.write_bytes(content)
    with pytest.raises(WockitError, match="plan.xlsx.*Repair it to keep its decisions") as caught:
        run_weekly(account, tmp_path / "out", progress=False)
    assert not isinstance(caught.value, RunError)
    assert plan.read_bytes() == content
    assert not (home / "failed").exists()


def test_a_plan_that_was_saved_in_a_form_that_is_not_read_is_found_before_the_work(tmp_path, does):
    does(lambda account, snapshot: pytest.fail("the work began"))
    account, home = shop(tmp_path / "us"), tmp_path / "out" / "us"
    plan = report(home, owner(account, home)) / "plan.xlsx"
    plan.unlink()
    plan.with_suffix(".xls").write_bytes(b"\xd0\xcf\x11\xe0 old")
    with pytest.raises(WockitError, match=r"plan\.xls.*Repair it to keep its decisions"):
        run_weekly(account, tmp_path / "out", progress=False)


def test_an_approval_whose_advice_is_gone_is_found_before_the_work(tmp_path, does):
    does(lambda account, snapshot: pytest.fail("the work began"))
    account, home = shop(tmp_path / "us"), tmp_path / "out" / "us"
    plan, book = report(home, owner(account, home)) / "plan.xlsx", openpyxl.Workbook()
    for row in (["ASIN", "Decision"], ["B000000001", "yes"]):
        book.active.append(row)
    book.save(plan)
    with pytest.raises(WockitError, match="no column is named 'Do first'"):
        run_weekly(account, tmp_path / "out", progress=False)
    assert not (home / "failed").exists()


@pytest.mark.parametrize("link", ["/dev/zero", "/proc/kmsg"])
@pytest.mark.parametrize("name", [f"{DAY}/more.csv", "fees.csv", "scenarios/x.json"])
def test_no_link_out_of_the_account_is_hashed(tmp_path, link, name):
    account = shop(tmp_path / "us")
    (account / name).parent.mkdir(exist_ok=True)
    (account / name).symlink_to(link)
    assert name not in record(account, DAY, "x")["inputs"]


def test_a_link_in_the_account_takes_no_report_out_of_it(tmp_path, does):
    does(lambda account, snapshot: pytest.fail("the work began"))
    account, elsewhere = shop(tmp_path / "us"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (account / "reports").symlink_to(elsewhere)
    with pytest.raises(WockitError, match="reports.*it is a link to a place outside the account.*--out '.*elsewhere'"):
        run_weekly(account, account / "reports", progress=False)
    (account / "reports").unlink()
    for place in ("us", f"us/{DAY}", "us/failed"):
        link = account / "reports" / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(elsewhere)
        with pytest.raises(WockitError, match="it is a link to a place outside the account"):
            run_weekly(account, account / "reports", progress=False)
        link.unlink()
    assert not [*elsewhere.iterdir()]


def test_a_link_that_lies_beside_the_account_is_followed(tmp_path, does):
    does()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    run_weekly(shop(tmp_path / "us"), tmp_path / "reports", progress=False)
    assert (tmp_path / "elsewhere" / "us" / DAY / "run.json").is_file()


def test_too_few_open_files_are_a_sentence_before_the_work(tmp_path, does, monkeypatch):
    does(lambda account, snapshot: pytest.fail("the work began"))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    with pytest.raises(WockitError, match="only 64 files may be open at once, and a run needs 128. Raise the limit"):
        run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)


def test_as_many_files_are_opened_as_the_system_allows(monkeypatch):
    limits = [(64, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))
    allow_files()
    assert limits[-1] == (128, 4096)


def test_a_kernel_that_cannot_start_is_a_sentence(tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise RuntimeError("the kernel died or did not answer")

    monkeypatch.setattr("papermill.execute_notebook", stopped)
    with pytest.raises(RunError, match="weekly_report.ipynb: its kernel could not start: 'the kernel died"):
        run_weekly(shop(tmp_path / "us"), tmp_path / "out", progress=False)

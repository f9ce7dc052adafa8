"""Odd files and folders in an account: each is refused or noted at once, nothing hangs and nothing outside is read."""

import errno
import os
import shutil
import signal
import socket
import zipfile
from pathlib import Path

import pytest

from wockit.cli import main
from wockit.notes import AccountError, WockitError
from wockit.reading.account import load_account

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, sockets and such names are those of Unix")
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
DAY = "2026-11-23"
SECONDS = 10.0


@pytest.fixture
def account(tmp_path):
    """The newest snapshot of the sample, without its slow workbook."""
    ignored = shutil.ignore_patterns("2026-11-09", "2026-11-16", "kinds", "*.py", "*.xlsx")
    return shutil.copytree(SAMPLE, tmp_path / "shop", ignore=ignored)


@pytest.fixture
def outside(tmp_path):
    """A folder beside the account with a report of its own."""
    folder = tmp_path / "private"
    folder.mkdir()
    shutil.copy(next((SAMPLE / DAY).glob("30*.csv")), folder / "secret.csv")
    return folder


@pytest.fixture(autouse=True)
def in_a_second():
    """Whatever takes longer fails, even where it waits for another program."""

    def stop(*_):
        raise TimeoutError(f"it took longer than {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def load(account, snapshot=""):
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return load_account(account, snapshot)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def problems(account, snapshot=""):
    with pytest.raises(WockitError) as caught:
        load(account, snapshot)
    assert all(str(problem).isprintable() for problem in caught.value.problems)
    return [(problem.where, problem.found) for problem in caught.value.problems]


def pipe(path):
    os.mkfifo(path)


def folder(path):
    path.mkdir()


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may have no more than some hundred characters
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def link_to_itself(path):
    path.symlink_to(path.name)


def link_to_nothing(path):
    path.symlink_to("nothing.csv")


def link_to_a_device(path):
    path.symlink_to("/dev/zero")


NO_FILE = "it is not a file, although it is named like one."
LINK = "it is a link to a place outside the account."
ODD = {
    pipe: NO_FILE,
    folder: NO_FILE,
    unix_socket: NO_FILE,
    link_to_itself: NO_FILE,
    link_to_nothing: NO_FILE,
    link_to_a_device: LINK,
}


@pytest.mark.parametrize("suffix", ["csv", "XLSX", "txt", "zip", "json", "gz"])
@pytest.mark.parametrize(("make", "found"), ODD.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_what_is_no_file_is_refused_by_name(account, make, found, suffix):
    make(account / DAY / f"x.{suffix}")
    assert problems(account) == [(f"x.{suffix}", found)]


@pytest.mark.parametrize(("make", "found"), ODD.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_a_cost_file_that_is_no_file_is_refused(account, make, found):
    (account / "costs.csv").unlink()
    make(account / "costs.csv")
    assert problems(account) == [("costs.csv", found)]


@pytest.mark.parametrize("make", ODD, ids=lambda case: case.__name__)
def test_an_account_file_that_is_no_file_is_refused(account, make):
    (account / "account.toml").unlink()
    make(account / "account.toml")
    ((where, _),) = problems(account)
    assert where == "account.toml"


@pytest.mark.parametrize("make", [pipe, unix_socket, link_to_itself, link_to_nothing], ids=lambda case: case.__name__)
def test_what_is_no_folder_is_no_snapshot(account, make):
    make(account / "2026-11-30")
    assert str(load(account).snapshot) == DAY


@pytest.mark.parametrize("make", ODD, ids=lambda case: case.__name__)
def test_what_is_not_named_like_a_report_is_never_opened(account, make):
    make(account / DAY / "photo")
    load(account)


def test_a_snapshot_of_very_many_files_is_refused_before_they_are_read(account):
    for number in range(501):
        (account / DAY / f"inventory ({number}).csv").touch()
    with pytest.raises(AccountError, match=f"{DAY}: it has 50[0-9] files, more than 500. Keep only the downloads"):
        load_account(account)


def test_several_odd_entries_are_named_at_once(account):
    pipe(account / DAY / "a.csv")
    folder(account / DAY / "b.csv")
    link_to_a_device(account / DAY / "c.csv")
    assert [where for where, _ in problems(account)] == ["a.csv", "b.csv", "c.csv"]


def test_a_link_out_of_the_folder_is_refused_and_not_read(account, outside):
    (account / DAY / "link.csv").symlink_to(outside / "secret.csv")
    assert problems(account) == [("link.csv", LINK)]


def test_a_relative_link_out_of_the_folder_is_refused(account, outside):
    (account / DAY / "link.csv").symlink_to("../../private/secret.csv")
    assert problems(account) == [("link.csv", LINK)]


def test_costs_that_are_a_link_out_of_the_folder_are_refused(account, outside):
    shutil.move(account / "costs.csv", outside / "costs.csv")
    (account / "costs.csv").symlink_to(outside / "costs.csv")
    assert problems(account) == [("costs.csv", LINK)]


def test_a_snapshot_that_is_a_link_out_of_the_folder_is_refused(account, outside):
    (account / "2026-11-30").symlink_to(outside)
    assert ("secret.csv", LINK) in problems(account)


def test_a_link_within_the_account_is_as_good_as_its_file(account):
    path = next((account / DAY).glob("30*.csv"))
    path.rename(account / "kept.csv")
    path.symlink_to(account / "kept.csv")
    assert len(load(account).stock) == 57


def test_an_account_folder_that_is_a_link_is_read(account, tmp_path):
    (tmp_path / "link").symlink_to(account)
    assert len(load(tmp_path / "link").stock) == 57


@pytest.mark.parametrize("name", ["a\nb.csv", "a\rb.csv", "\x1b[2J.csv", "a\u202eb.csv", "a\udcffb.csv"])
def test_a_name_that_no_text_can_hold_is_refused_and_shown_escaped(account, name):
    path = next((account / DAY).glob("30*.csv"))
    path.rename(account / DAY / name)
    ((where, found),) = problems(account)
    assert where == ascii(name)[1:-1]
    assert found == "its name contains characters that cannot be written to a text file."


@pytest.mark.parametrize(
    "name", ["a..\\..\\up.csv", "a.csv.csv", "%2e%2e%2fup.csv", "-rf.csv", "$(x).csv", "é" * 120 + ".csv"]
)
def test_a_name_that_is_only_odd_is_read_as_any_other(account, name):
    path = next((account / DAY).glob("30*.csv"))
    path.rename(account / DAY / name)
    found = load(account)
    assert len(found.stock) == 57
    assert all(str(note).isprintable() for note in found.notes)


def test_a_folder_that_no_text_can_name_does_not_matter_to_the_files_in_it(account, tmp_path):
    elsewhere = tmp_path / "b\udcffc"
    elsewhere.mkdir()
    account.rename(elsewhere / "account")
    assert load_account(elsewhere / "account").stock["units_available"].sum() > 0


@pytest.mark.parametrize("name", ["../../up.csv", "/up.csv", "a\nb.csv", "..\\up.csv"])
def test_the_names_inside_an_archive_are_never_used(account, tmp_path, name):
    path = next((account / DAY).glob("30*.csv"))
    with zipfile.ZipFile(account / DAY / "report.zip", "w") as archive:
        archive.writestr(name, path.read_bytes())
    path.unlink()
    before = sorted(tmp_path.rglob("*"))
    assert len(load(account).stock) == 57
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/up.csv").exists()


@pytest.mark.parametrize("snapshot", ["../private", "..", "/", f"{DAY}/../../private", "a\nb", "x" * 10_000])
def test_a_snapshot_is_never_a_path(account, outside, snapshot):
    ((where, found),) = problems(account, snapshot)
    assert where == "shop"
    assert found.startswith("there is no snapshot ")


@pytest.mark.parametrize("make", [pipe, unix_socket, link_to_itself, link_to_nothing], ids=lambda case: case.__name__)
def test_an_account_that_is_no_folder_is_refused(tmp_path, make):
    make(tmp_path / "shop")
    assert problems(tmp_path / "shop")[0][1] == "the folder does not exist."


@pytest.mark.parametrize("command", ["check", "weekly"])
def test_the_commands_refuse_them_too_and_write_nothing(account, tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    pipe(account / DAY / "x.csv")
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    assert main([command, str(account)]) == 2
    assert capsys.readouterr().err == f"x.csv: {NO_FILE} Move it elsewhere.\n"
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2206-11-23", "2026-11-31"])
def test_a_day_that_cannot_be_is_no_snapshot_and_is_said(account, day):
    shutil.copytree(account / DAY, account / day)
    loaded = load(account)
    assert str(loaded.snapshot) == DAY
    assert (day, "ignored: there is no such day. Rename it to the day of its downloads.") in [
        (note.where, note.text) for note in loaded.notes
    ]


def test_odd_entries_of_the_week_before_are_passed_over(account):
    (account / "2026-11-16").mkdir()
    pipe(account / "2026-11-16" / "x.csv")
    folder(account / "2026-11-16" / "y.csv")
    assert str(load(account).snapshot) == DAY


def test_a_refusal_is_one_error_with_all_its_problems(account):
    pipe(account / DAY / "x.csv")
    with pytest.raises(AccountError):
        load(account)


def test_a_fee_file_that_is_a_link_to_outside_or_no_file_is_refused_and_not_shown(account, outside):
    (account / "fees.csv").symlink_to(outside / "secret.csv")
    assert problems(account) == [("fees.csv", LINK)]
    (account / "fees.csv").unlink()
    pipe(account / "fees.csv")
    assert problems(account) == [("fees.csv", NO_FILE)]


def test_an_account_file_that_is_a_link_to_outside_is_refused(account, outside):
    shutil.move(account / "account.toml", outside / "account.toml")
    (account / "account.toml").symlink_to(outside / "account.toml")
    assert problems(account) == [("account.toml", LINK)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("low_weeks = " + "[" * 20_000, "nested too deeply"),
        ("low_weeks = 0x" + "f" * 20_000, "expected 0.1 to 520"),
        ("\n".join(f"a{n} = 1" for n in range(1000)), "it has 1,001 entries, more than 200."),
        ("#" * 6_000_000, "it has more than 5,000,000 bytes."),
        ("x" + ".y" * 300 + " = 1", "nested too deeply"),
        ("".join(f"a{n} = 1\n" for n in range(11_000)), "more than 10,000 lines"),
        ("x = [" + "1," * 300_000 + "]", "more than 500,000 characters"),
    ],
    ids=["deep", "digits", "keys", "large", "dots", "lines", "letters"],
)
def test_an_account_file_without_end_is_a_sentence(account, text, found):
    (account / "account.toml").write_text(f'marketplace = "US"\n{text}\n', encoding="utf-8")
    assert found in problems(account)[0][1]


@pytest.mark.parametrize("where", ["day", "account", "older"])
def test_a_folder_that_cannot_be_opened_is_named_and_an_older_one_stops_nothing(account, monkeypatch, where):
    older = account / "2026-11-16"
    older.mkdir()
    closed = {"day": account / DAY, "account": account, "older": older}[where]
    iterdir = Path.iterdir

    def refused(path):
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    if where == "older":
        notes = [note for note in load(account).notes if note.where == "2026-11-16"]
        assert "the folder cannot be opened: Permission denied." in notes[0].text
    else:
        assert problems(account)[0] == (closed.name, "the folder cannot be opened: Permission denied.")

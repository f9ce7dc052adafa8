"""A rerun loses nothing: files of other people, an open plan, a plan that was changed."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest

import wockit.weekly.run
from wockit.fleet.orders import Order, make_report
from wockit.notes import RunError, WockitError
from wockit.weekly.keep import FILES, LOCKS, files_with_hashes, open_plan
from wockit.weekly.outputs import bring_back, put_in_place
from wockit.weekly.run import run_weekly

DAY = "2026-11-23"
FOREIGN = {"my plan.xlsx": b"PK\x03\x04 mine", "notes.docx": b"\x00\xff", ".DS_Store": b"", "mail/first.eml": b"dear"}


@pytest.fixture
def runs(small, tmp_path, monkeypatch):
    """Make the report of a small account with a notebook that only writes its files; `during` happens in between."""
    account = shutil.copytree(small, tmp_path / "shop")

    def run(text="new", during=lambda: None):
        def execute(source, work, parameters, progress):
            for name in FILES:
                (work / name).write_text(text, encoding="utf-8")
            (work / "plan.xlsx").unlink()  # a plan that no one can read is never replaced
            during()
            return nbformat.v4.new_notebook()

        monkeypatch.setattr(wockit.weekly.run, "execute", execute)
        return run_weekly(account, tmp_path / "out", progress=False)

    return run


def put(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_of_other_people_stay_where_they_are_byte_by_byte(runs):
    final = runs()
    put(final, FOREIGN)
    os.utime(final / "notes.docx", (1000, 1000))
    for text in ("again", "once more"):
        assert runs(text) == final
        assert {name: data for name, data in content(final).items() if name in FOREIGN} == FOREIGN
        assert (final / "positions.csv").read_text() == text
    assert (final / "notes.docx").stat().st_mtime == 1000
    assert sorted(path.name for path in final.iterdir()) == sorted(
        [*({*FILES} - {"plan.xlsx"}), "my plan.xlsx", "notes.docx", ".DS_Store", "mail"]
    )
    assert [path.name for path in final.parent.iterdir()] == [DAY]


def test_a_file_of_wockit_that_somebody_changed_is_kept_beside_the_new_one(runs):
    final = runs("old")
    (final / "report.html").write_text("with my remarks", encoding="utf-8")
    os.utime(final / "report.html", (1_800_000_000, 1_800_000_000))
    runs("new")
    runs("new")
    (kept,) = final.glob("report ????-??-?? ??????.html")
    assert kept.read_text(encoding="utf-8") == "with my remarks"
    assert "with my remarks" not in (final / "report.html").read_text(encoding="utf-8")
    assert len(list(final.iterdir())) == len(FILES)


def test_a_link_and_a_name_that_wockit_now_needs_itself_are_kept_too(runs, tmp_path):
    final = runs()
    (final / "there").symlink_to(tmp_path / "nowhere")
    about = json.loads((final / "run.json").read_text())
    del about["files"]["advice.csv"]
    (final / "run.json").write_text(json.dumps(about))
    (final / "advice.csv").write_text("mine, not wockit's")
    runs()
    assert os.readlink(final / "there") == str(tmp_path / "nowhere")
    assert [path.read_text() for path in final.glob("advice *.csv")] == ["mine, not wockit's"]


@pytest.mark.parametrize("lock", LOCKS)
def test_each_program_shows_that_it_has_a_plan_open(tmp_path, lock):
    assert open_plan(tmp_path / "plan.xlsx") is None
    put(tmp_path, {lock.format("plan.xlsx"): b"me"})
    assert lock.format("plan.xlsx") in open_plan(tmp_path / "plan.xlsx").do


def test_an_open_plan_is_answered_before_the_work_and_not_overwritten(runs):
    final = runs("old")
    put(final, {"plan.xlsx": b"", "~$plan.xlsx": b"me"})
    (final / "plan.xlsx").unlink()
    before = content(final)
    with pytest.raises(WockitError, match=r"plan\.xlsx.*open in another program.*Save and close it") as caught:
        runs("new", lambda: pytest.fail("the work began"))
    assert not isinstance(caught.value, RunError)
    assert "delete '~$plan.xlsx'" in str(caught.value)
    assert content(final) == before


def test_a_plan_that_is_opened_during_the_run_is_not_overwritten_either(runs):
    final = runs("old")
    before = content(final)
    with pytest.raises(RunError, match=r"open in another program(?s:.)*kept"):
        runs("new", lambda: put(final, {"~$plan.xlsx": b"me"}))
    assert content(final) == {**before, "~$plan.xlsx": b"me"}


def test_a_plan_that_is_saved_during_the_run_is_not_overwritten_either(runs):
    final = runs("old")
    with pytest.raises(RunError, match=r"plan\.xlsx: it changed during the run"):
        runs("new", lambda: put(final, {"plan.xlsx": b"yes, yes, no"}))
    assert (final / "plan.xlsx").read_bytes() == b"yes, yes, no"


def test_a_report_that_another_run_made_meanwhile_is_replaced(runs):
    def another():
        final = runs()
        put(final, {"plan.xlsx": b"as it was made"})
        about = json.loads((final / "run.json").read_text())
        about["files"] = files_with_hashes(final)
        put(final, {"run.json": json.dumps(about).encode()})

    assert (runs("new", another) / "report.html").is_file()


def test_a_fleet_says_that_a_plan_is_open(runs, tmp_path):
    final = runs()
    put(final, {".~lock.plan.xlsx#": b"me"})
    order = Order(str(tmp_path / "shop"), str(tmp_path / "out"), "shop", True, 600, 2**33)
    outcome = make_report(order, tmp_path)
    assert (outcome.state, "open in another program" in outcome.text) == ("refused", True)


def report(folder, text, **more):
    put(folder, {**{name: text.encode() for name in FILES}, **{name: data.encode() for name, data in more.items()}})
    names = {"run.json": json.dumps({"files": files_with_hashes(folder)}).encode()} if not more else {}
    put(folder, names or {"run.json": b"{}"})
    return folder


def test_a_run_killed_while_it_moved_its_report_loses_no_file_of_other_people(tmp_path):
    put(report(tmp_path / f".replaced-{DAY}-0123abcd", "old"), FOREIGN)
    report(tmp_path / DAY, "new")
    bring_back(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [DAY]
    found = content(tmp_path / DAY)
    assert {name: found[name] for name in FOREIGN} == FOREIGN
    assert found["positions.csv"] == b"new"


def test_what_was_carried_over_already_is_not_doubled(tmp_path):
    for name in (f".replaced-{DAY}-0123abcd", DAY):
        put(report(tmp_path / name, "same"), FOREIGN)
    bring_back(tmp_path)
    assert set(content(tmp_path / DAY)) == {*FILES, *FOREIGN}


def test_a_disk_that_cannot_take_the_files_of_other_people_leaves_the_old_report(tmp_path, monkeypatch):
    final = report(tmp_path / DAY, "old")
    put(final, FOREIGN)
    work = report(tmp_path / ".running-1", "new")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wockit.weekly.keep.os.link", full)
    monkeypatch.setattr("wockit.weekly.keep.shutil.copy2", full)
    before = content(final)
    with pytest.raises(RunError, match="could not be moved to its final place"):
        put_in_place(work, final)
    assert content(final) == before
    assert not list(tmp_path.glob(".*"))


def test_where_files_cannot_be_linked_they_are_copied(tmp_path, monkeypatch):
    def unknown(*_, **__):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("wockit.weekly.keep.os.link", unknown)
    final = report(tmp_path / DAY, "old")
    put(final, FOREIGN)
    put_in_place(report(tmp_path / ".running-1", "new"), final)
    assert {name: content(final)[name] for name in FOREIGN} == FOREIGN


def test_run_json_names_each_file_with_its_hash(runs):
    final = runs()
    files = json.loads((final / "run.json").read_text())["files"]
    assert set(files) == {*FILES} - {"plan.xlsx", "run.json"}
    assert Path(final / "run.json").is_file()

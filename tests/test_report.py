"""The weekly run: what it leaves, that it can be trusted, and that papermill's silent failures are loud here."""

import base64
import errno
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

import wockit.show.page
import wockit.weekly.notebook
import wockit.weekly.outputs
import wockit.weekly.run
from wockit import analyse, load_account
from wockit.analysis.history import history_of
from wockit.analysis.plans import read_decisions
from wockit.language import LANGUAGES
from wockit.notes import AccountError, RunError, SettingsError, WockitError, quoted
from wockit.show.page import page
from wockit.show.workbook import write_workbook
from wockit.weekly.keep import FILES
from wockit.weekly.notebook import check_parameters
from wockit.weekly.run import run_weekly, shipped

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
LEFT_OUT = shutil.ignore_patterns("history", "kinds")
TEXTS = ("account", "snapshot", "scenario", "out", "reports")
DEFAULTS = "\n".join(["changes: dict = {}", *(f'{name}: str = ""' for name in TEXTS)])
FINISH = "import pathlib; _ = pathlib.Path(out, 'summary.json').write_text('{}')"


pytestmark = [pytest.mark.end_to_end, pytest.mark.usefixtures("forked")]


@pytest.fixture(scope="module")
def finished(report):
    return report("en")


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Write the cells of another weekly notebook, which the runner then takes."""

    def write(*cells, parameters=DEFAULTS):
        tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        found = nbformat.v4.new_notebook(cells=[tagged, *map(nbformat.v4.new_code_cell, cells)])
        found.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        path = tmp_path / "notebooks" / "weekly_report.ipynb"
        nbformat.write(found, path)
        monkeypatch.setattr(wockit.weekly.run, "shipped", lambda name: path.parent)
        return path

    return write


def test_it_leaves_the_six_files_in_a_folder_of_the_account_and_the_day(finished):
    assert finished.parts[-2:] == ("sample", "2026-11-23")
    assert sorted(path.name for path in finished.iterdir()) == sorted(FILES)
    assert [path.name for path in finished.parent.iterdir()] == ["2026-11-23"]
    assert os.name == "nt" or stat.S_IMODE(finished.stat().st_mode) & stat.S_IROTH


def test_the_headless_run_says_the_same_as_a_direct_call(finished):
    account = finished.parents[2] / "sample"
    direct = analyse(load_account(account))
    moved = len(history_of(direct, account).moves)
    assert json.loads((finished / "summary.json").read_text(encoding="utf-8")) == direct.summary() | {"moved": moved}
    written = pd.read_csv(finished / "positions.csv", index_col="asin", dtype={"skus": str})
    assert written.index.tolist() == direct.positions.index.tolist()
    pd.testing.assert_series_equal(
        written["weeks_of_coverage"], direct.positions["weeks_of_coverage"], rtol=1e-6, check_index_type=False
    )


def test_a_newer_run_gives_the_same_bytes_and_takes_the_place_of_the_older(finished, tmp_path):
    older = shutil.copytree(finished, tmp_path / "sample" / finished.name)
    (older / "report.html").write_text("old", encoding="utf-8")
    again = run_weekly(finished.parents[2] / "sample", tmp_path, progress=False)
    assert again == older
    assert (again / "report.html").read_text(encoding="utf-8") != "old"
    assert [path.name for path in again.parent.iterdir()] == ["2026-11-23"]
    for name in ("positions.csv", "summary.json"):
        assert (again / name).read_bytes() == (finished / name).read_bytes()


def test_the_page_loads_nothing_and_hides_the_code(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    own = (Path(wockit.show.page.__file__).with_name("page.js")).read_text(encoding="utf-8")
    rest = text.replace(f"<script>{own}</script>", "")
    assert len(rest) < len(text)
    assert "<script" not in rest
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", rest)
    assert not re.search(r"url\((?!#)", rest)
    assert "load_account" not in rest
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in rest


def test_the_page_begins_with_what_to_do(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    places = [
        text.index(part)
        for part in ("Sample account", "Excess value", "<h2>What to do this week", "<h2>The matrix", "<h2>All ASINs")
    ]
    assert places == sorted(places)


def test_hostile_titles_are_text_on_the_page_and_in_the_csv(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    assert "alert(" not in text.replace("&lt;script&gt;alert(", "")
    assert re.search(r"=HYPERLINK\((?:\"|&quot;)http", text)
    lines = (finished / "positions.csv").read_text(encoding="utf-8-sig")
    assert """'=HYPERLINK""" in lines
    assert not re.search(r'[,\n]"?[=+@]', lines)


def test_pictures_are_there_whatever_backend_the_server_sets_and_described(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    named = re.findall(r'<svg role="group" aria-label="([^"]*)"', text)
    assert [name.split()[0] for name in named if name != "How the stock runs down"] == [
        *("Every", "Weeks", "Weeks", "Stock", "Stock")  # the last two charts also in a narrow form, for phones
    ]


def test_each_link_of_the_workbook_leads_to_a_place_on_the_page(finished):
    ids = set(re.findall(r' id="([^"]+)"', (finished / "report.html").read_text(encoding="utf-8")))
    cells = [cell for row in openpyxl.load_workbook(finished / "plan.xlsx")["Actions"].iter_rows() for cell in row]
    places = {cell.hyperlink.location for cell in cells if cell.hyperlink and cell.hyperlink.target == "report.html"}
    assert len(places) > 40
    assert places <= ids


def test_run_json_names_inputs_with_their_hashes_and_the_parameters(finished):
    found = json.loads((finished / "run.json").read_text(encoding="utf-8"))
    assert found["parameters"]["account"] == "sample"
    assert set(found["inputs"]) >= {"account.toml", "costs.csv", "2026-11-23/BusinessReport-11-23-26.csv"}
    assert all(len(digest) == 64 for digest in found["inputs"].values())
    assert found["versions"]["papermill"]
    assert found["settings"]["low_weeks"] == 3.0
    assert {"level", "where", "text", "code"} == set(found["findings"][0])
    assert found["started"] <= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def test_it_runs_from_any_folder(tmp_path, monkeypatch, notebook, small):
    notebook("import pathlib\nassert (pathlib.Path(account) / 'account.toml').is_file()", FINISH)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(small, tmp_path / "my shop")
    assert run_weekly("my shop", progress=False) == tmp_path / "reports" / "my-shop" / "2026-11-23"


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"low_week": 2.0}, SettingsError, "Did you mean 'low_weeks'"),
        ({"low_weeks": "2"}, SettingsError, "expected a number"),
        ({"roas_cut": "target"}, SettingsError, "target_roas is not set"),
    ],
)
def test_a_bad_setting_stops_before_anything_is_written(tmp_path, changes, error, message, small):
    with pytest.raises(error, match=message):
        run_weekly(small, tmp_path / "out", changes, progress=False)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_account_stops_before_anything_is_written(tmp_path):
    with pytest.raises(AccountError, match="the folder does not exist"):
        run_weekly(tmp_path / "nowhere", tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


def test_a_failing_cell_is_named_and_the_run_is_kept_beside_the_older_report(tmp_path, notebook, small):
    older = tmp_path / "out" / "sample" / "2026-11-23"
    older.mkdir(parents=True)
    (older / "report.html").write_text("last week", encoding="utf-8")
    (older / "run.json").write_text("{}", encoding="utf-8")
    notebook("1 + 1", "1 / 0", FINISH)
    with pytest.raises(RunError, match=r"(?s)cell \[4\].*ZeroDivisionError.*kept") as caught:
        run_weekly(small, tmp_path / "out", progress=False)
    (kept,) = (tmp_path / "out" / "sample" / "failed").iterdir()
    assert str(kept) in str(caught.value)
    assert "ZeroDivisionError" in (kept / "weekly_report.ipynb").read_text(encoding="utf-8")
    assert (older / "report.html").read_text(encoding="utf-8") == "last week"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import sys; sys.exit(0)", r"cell \[3\]: it failed with SystemExit"),
        ("import os; os._exit(0)", "the kernel died"),
        ("1 + 1", "did not write summary.json"),
    ],
)
def test_a_run_that_ends_early_without_an_exception_is_a_failure(tmp_path, notebook, cell, message, small):
    last = "2 + 2" if cell == "1 + 1" else FINISH
    notebook(cell, last)
    with pytest.raises(RunError, match=message):
        run_weekly(small, tmp_path / "out", progress=False)


def test_a_cell_that_hangs_ends_at_the_time_limit(tmp_path, notebook, monkeypatch, small):
    monkeypatch.setattr(wockit.weekly.notebook, "CELL_SECONDS", 1)
    notebook("import time; time.sleep(60)", FINISH)
    with pytest.raises(RunError, match="ran longer than 1 seconds"):
        run_weekly(small, tmp_path / "out", progress=False)


def test_an_error_that_a_widget_swallows_is_a_failure(tmp_path, notebook, small):
    swallow = "import ipywidgets\nshown = ipywidgets.Output()\nwith shown:\n    1 / 0\nshown"
    notebook(swallow, FINISH)
    with pytest.raises(RunError, match=r"widget.*ZeroDivisionError"):
        run_weekly(small, tmp_path / "out", progress=False)


def test_a_report_never_takes_the_place_of_the_downloads(tmp_path, small):
    shutil.copytree(small, tmp_path / "shop")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WockitError, match="that is not a report of wockit. Choose another folder with --out\\."):
        run_weekly(tmp_path / "shop", tmp_path, progress=False)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_report_never_takes_the_place_of_anything_but_a_report(tmp_path, small):
    mine = tmp_path / "out" / "sample" / "2026-11-23"
    mine.mkdir(parents=True)
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WockitError, match="not a report of wockit"):
        run_weekly(small, tmp_path / "out", progress=False)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path, small):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WockitError, match="the report cannot be written there"):
        run_weekly(small, tmp_path / "file", progress=False)


def test_a_folder_whose_name_no_file_can_hold_is_refused(tmp_path, small):
    shutil.copytree(small, tmp_path / "sh\nop")
    with pytest.raises(WockitError, match="Rename the folder"):
        run_weekly(tmp_path / "sh\nop", tmp_path / "out", progress=False)


PARAMETERS = {"account": "a", "snapshot": "", "changes": {}, "scenario": "", "out": "", "reports": ""}


def test_the_runner_and_the_shipped_notebook_agree_on_the_parameters():
    check_parameters(shipped("notebooks") / "weekly_report.ipynb", PARAMETERS)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({**PARAMETERS, "acount": "a"}, "'acount': the notebook has no parameter of that name. Did you mean 'account'"),
        ({"account": "a"}, "'changes': the value is missing"),
        ({**PARAMETERS, "account": 306406152}, "'account': expected str, found 306406152"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(parameters, message):
    with pytest.raises(RunError, match=re.escape(message)):
        check_parameters(shipped("notebooks") / "weekly_report.ipynb", parameters)


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("account = 1")]), path)
    with pytest.raises(RunError, match="no cell is tagged 'parameters'"):
        check_parameters(path, {})


def test_a_text_that_looks_like_a_number_reaches_the_notebook_as_text(tmp_path, notebook, small):
    notebook(f"assert snapshot == '2026-11-16'\n{FINISH}")
    run_weekly(small, tmp_path / "out", snapshot="2026-11-16", progress=False)


SCRIPTS = [
    "<script src='x.js'></script>",
    "<SCRIPT src='x.js'></script  >",
    "<script src='x.js'></script bar='>",
    "<scr<script></script>ipt src='x.js'></scr<script></script>ipt>",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_in_an_output_never_reaches_the_page(script):
    output = nbformat.v4.new_output("display_data", {"text/html": f"{script}<b>kept</b>"})
    cell = nbformat.v4.new_code_cell("secret = 1", outputs=[output])
    text = page(nbformat.v4.new_notebook(cells=[cell]), "a <title>")
    assert text.lower().count("<script") == 1  # page.js
    assert "secret = 1" not in text
    assert "<b>kept</b>" in text
    assert "a &lt;title&gt;" in text


def test_prose_and_page_are_in_the_language_of_the_account(report):
    text = (report("zh-CN") / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in text
    assert "What to do this week" not in text
    assert "本周" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_writes_on_standard_output_or_error(report, language):
    notebook = nbformat.read(report(language) / "weekly_report.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.output_type == "stream"] == []


def test_what_was_decided_stands_in_later_reports_and_what_is_tried_out_is_not_kept(tmp_path, small):
    shop = shutil.copytree(small, tmp_path / "shop", ignore=LEFT_OUT)
    plan = older_report(tmp_path / "out", "shop/2026-11-16") / "plan.xlsx"
    write_workbook(analyse(load_account(shop, "2026-11-16")), plan)
    book = openpyxl.load_workbook(plan)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[head.index("ASIN")].value == "B0MADEUP01")
    row[head.index("Decision")].value = "-20 % from Friday"
    book.save(plan)
    again = run_weekly(shop, tmp_path / "out", snapshot="2026-11-16", progress=False)
    assert again == plan.parent
    assert read_decisions(again / "plan.xlsx") == {"B0MADEUP01": "-20 % from Friday"}

    tried = run_weekly(shop, tmp_path / "out", {"low_weeks": 2.0}, progress=False)
    account = load_account(shop)
    direct = analyse(account, account.settings.change(low_weeks=2.0)).summary()
    assert json.loads((tried / "summary.json").read_text(encoding="utf-8")).items() >= direct.items()
    assert json.loads((tried / "run.json").read_text(encoding="utf-8"))["parameters"]["changes"] == {"low_weeks": 2.0}
    assert sorted(path.stem for path in (shop / "history").iterdir()) == ["2026-11-16"]

    later = run_weekly(shop, tmp_path / "out", progress=False)
    assert "-20 % from Friday" in (later / "report.html").read_text(encoding="utf-8")
    assert sorted(path.stem for path in (shop / "history").iterdir())[-1] == "2026-11-23"


def test_a_kernel_that_is_killed_as_for_memory_is_a_failure_that_says_so(tmp_path, notebook, small):
    notebook("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", FINISH)
    with pytest.raises(RunError, match="the kernel died.*Is there enough memory"):
        run_weekly(small, tmp_path / "out", progress=False)


OLDER = [name for name in FILES if name != "plan.xlsx"]
"""The files of an older report: one whose plan cannot be read is never replaced."""


def older_report(home, place="sample/2026-11-23"):
    folder = home / place
    folder.mkdir(parents=True)
    for name in OLDER:
        (folder / name).write_text("{}" if name == "run.json" else "last week", encoding="utf-8")
    return folder


def test_two_runs_that_end_at_the_same_moment_leave_one_whole_report(tmp_path, notebook):
    notebook(FINISH)
    ends = threading.Barrier(3)
    ended = []

    def put(folder):
        work = tmp_path / f".running-{folder}"
        work.mkdir()
        for name in FILES:
            (work / name).write_text(folder, encoding="utf-8")
        ends.wait()
        ended.append(wockit.weekly.outputs.put_in_place(work, tmp_path / "2026-11-23"))

    threads = [threading.Thread(target=put, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == 3
    texts = {(tmp_path / "2026-11-23" / name).read_text(encoding="utf-8") for name in FILES}
    assert len(texts) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name[:2] == ".r"] == []


def test_a_run_that_finds_another_report_between_its_two_moves_moves_that_one_aside_too(tmp_path, monkeypatch):
    work, final = tmp_path / ".running-mine", tmp_path / "2026-11-23"
    others = iter(["another", "a third"])

    def folder(path, text):
        path.mkdir()
        (path / "run.json").write_text(text, encoding="utf-8")

    def rename(path, target, rename=Path.rename):
        if path == work and (text := next(others, None)):
            folder(final, text)
        return rename(path, target)

    folder(work, "mine")
    folder(final, "last week")
    monkeypatch.setattr(Path, "rename", rename)
    assert wockit.weekly.outputs.put_in_place(work, final) == final
    assert (final / "run.json").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11-23"]


def test_a_report_that_a_killed_run_had_moved_aside_comes_back(tmp_path, notebook, small):
    older = older_report(tmp_path)
    older.rename(older.with_name(".replaced-2026-11-23-0123abcd"))
    notebook("1 / 0", FINISH)
    with pytest.raises(RunError, match="ZeroDivisionError"):
        run_weekly(small, tmp_path, progress=False)
    assert (older / "report.html").read_text(encoding="utf-8") == "last week"


def test_of_two_reports_that_were_moved_aside_the_newer_comes_back(tmp_path, notebook, small):
    home = tmp_path / "sample"
    for age, name in enumerate("abcdef"):
        older = older_report(tmp_path)
        (older / "report.html").write_text(name, encoding="utf-8")
        aside = older.rename(home / f".replaced-2026-11-23-{'badcfe'[age] * 8}")
        os.utime(aside, (1000 + age, 1000 + age))
    notebook("1 / 0", FINISH)
    with pytest.raises(RunError, match="ZeroDivisionError"):
        run_weekly(small, tmp_path, progress=False)
    assert (home / "2026-11-23" / "report.html").read_text(encoding="utf-8") == "f"
    assert not list(home.glob(".replaced*"))


def test_a_report_that_cannot_be_moved_to_its_place_is_kept(tmp_path, notebook, monkeypatch, small):
    older = older_report(tmp_path)

    def rename(path, target, rename=Path.rename):
        if target == older:
            raise PermissionError("in use")
        return rename(path, target)

    notebook(FINISH)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(RunError, match="could not be moved to its final place") as caught:
        run_weekly(small, tmp_path, progress=False)
    (kept,) = (tmp_path / "sample" / "failed").iterdir()
    assert quoted(str(kept), 400) in str(caught.value)
    assert (kept / "report.html").is_file()


def test_what_a_run_left_that_was_killed_long_ago_is_kept_as_failed(tmp_path, notebook, small):
    left = tmp_path / "sample" / ".running-1-0123abcd"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    notebook(FINISH)
    run_weekly(small, tmp_path, progress=False)
    assert not left.exists()
    assert len(list((tmp_path / "sample" / "failed").iterdir())) == 1


def test_a_run_that_is_killed_leaves_the_older_report_whole(tmp_path, small):
    older = older_report(tmp_path)
    command = [sys.executable, "-m", "wockit.cli", "weekly", str(small), "--out", str(tmp_path)]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(older.parent.glob(".running-*")):
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert {(older / name).read_text(encoding="utf-8") for name in OLDER} == {"{}", "last week"}


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX can limit the size of files")
def test_a_disk_that_takes_no_more_is_a_failure_that_leaves_the_older_report(tmp_path, small):
    import resource

    older = older_report(tmp_path)
    command = [sys.executable, "-m", "wockit.cli", "weekly", str(small), "--out", str(tmp_path)]
    end = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
    )
    assert end.returncode == 1
    assert "File too large" in end.stderr
    assert "Traceback" not in end.stderr
    assert (older / "report.html").read_text(encoding="utf-8") == "last week"


def test_a_full_disk_says_so(tmp_path, monkeypatch, notebook, small):
    notebook(FINISH)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "report.html")

    monkeypatch.setattr(wockit.weekly.run, "page", full)
    with pytest.raises(RunError, match=r"(?s)report.html.*No space left on device.*Is the disk full\?.*kept"):
        run_weekly(small, tmp_path, progress=False)


def test_no_secret_of_the_environment_reaches_an_output(finished):
    for path in finished.iterdir():
        data = path.read_bytes()
        parts = zipfile.ZipFile(path) if path.suffix == ".xlsx" else None
        texts = [data] if parts is None else [parts.read(name) for name in parts.namelist()]
        assert not any(b"s3cr3t" in text for text in texts)

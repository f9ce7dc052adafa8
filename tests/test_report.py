"""The weekly run: what it leaves, that it can be trusted, and that papermill's silent failures are loud here."""

import json
import os
import re
import shutil
import stat
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import wockit.report
from wockit import analyse, load_account
from wockit.notes import AccountError, SettingsError, WockitError
from wockit.page import page
from wockit.report import FILES, RunError, check_parameters, run_weekly, shipped

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
DEFAULTS = 'account: str = ""\nsnapshot: str = ""\nchanges: dict = {}\nscenario: str = ""\nout: str = ""'
FINISH = "import pathlib; _ = pathlib.Path(out, 'summary.json').write_text('{}')"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    return run_weekly(SAMPLE, out, {"low_weeks": 2.0}, progress=False)


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
        monkeypatch.setattr(wockit.report, "shipped", lambda name: path.parent)
        return path

    return write


def test_it_leaves_the_six_files_in_a_folder_of_the_account_and_the_day(finished):
    assert finished.parts[-2:] == ("sample", "2026-11-23")
    assert sorted(path.name for path in finished.iterdir()) == sorted(FILES)
    assert [path.name for path in finished.parent.iterdir()] == ["2026-11-23"]
    assert os.name == "nt" or stat.S_IMODE(finished.stat().st_mode) & stat.S_IROTH


def test_the_headless_run_says_the_same_as_a_direct_call_with_the_same_settings(finished):
    account = load_account(SAMPLE)
    direct = analyse(account, account.settings.change(low_weeks=2.0))
    assert json.loads((finished / "summary.json").read_text(encoding="utf-8")) == direct.summary()
    written = pd.read_csv(finished / "positions.csv", index_col="asin", dtype={"skus": str})
    assert written.index.tolist() == direct.positions.index.tolist()
    pd.testing.assert_series_equal(
        written["weeks_of_coverage"], direct.positions["weeks_of_coverage"], rtol=1e-6, check_index_type=False
    )


def test_two_runs_give_the_same_bytes_and_the_newer_takes_the_place_of_the_older(finished, tmp_path):
    first = run_weekly(SAMPLE, tmp_path, {"low_weeks": 2.0}, progress=False)
    (first / "report.html").write_text("old", encoding="utf-8")
    again = run_weekly(SAMPLE, tmp_path, {"low_weeks": 2.0}, progress=False)
    assert again == first
    assert (again / "report.html").read_text(encoding="utf-8") != "old"
    assert [path.name for path in again.parent.iterdir()] == ["2026-11-23"]
    for name in ("positions.csv", "summary.json"):
        assert (again / name).read_bytes() == (finished / name).read_bytes()


def test_the_page_loads_nothing_and_hides_the_code(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:)""", text)
    assert "<script" not in text
    assert "url(" not in text
    assert "load_account" not in text
    assert "default-src 'none'" in text


def test_the_page_begins_with_what_to_do(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    places = [text.index(part) for part in ("Sample account", "Excess value", "What to do this week", "The matrix")]
    assert places == sorted(places)


def test_hostile_titles_are_text_on_the_page_and_in_the_csv(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    assert "alert(" not in text.replace("&lt;script&gt;alert(", "")
    assert re.search(r"=HYPERLINK\((?:\"|&quot;)http", text)
    lines = (finished / "positions.csv").read_text(encoding="utf-8-sig")
    assert """'=HYPERLINK""" in lines
    assert not re.search(r'[,\n]"?[=+@]', lines)


def test_pictures_are_described(finished):
    text = (finished / "report.html").read_text(encoding="utf-8")
    alts = re.findall(r'<img[^>]*alt="([^"]*)"', text)
    assert [alt.split()[0] for alt in alts] == ["Every", "Weeks"]


def test_run_json_names_inputs_with_their_hashes_and_the_parameters(finished):
    found = json.loads((finished / "run.json").read_text(encoding="utf-8"))
    assert found["parameters"]["changes"] == {"low_weeks": 2.0}
    assert set(found["inputs"]) >= {"account.toml", "costs.csv", "2026-11-23/BusinessReport-11-23-26.csv"}
    assert all(len(digest) == 64 for digest in found["inputs"].values())
    assert found["versions"]["papermill"]


def test_it_runs_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLE, tmp_path / "my shop")
    assert run_weekly("my shop", progress=False) == tmp_path / "reports" / "my-shop" / "2026-11-23"


def test_an_older_snapshot_can_be_chosen(tmp_path):
    assert run_weekly(SAMPLE, tmp_path, snapshot="2026-11-16", progress=False).name == "2026-11-16"


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"low_week": 2.0}, SettingsError, "Did you mean 'low_weeks'"),
        ({"low_weeks": "2"}, SettingsError, "expected float"),
        ({"roas_cut": "target"}, SettingsError, "no target_roas"),
    ],
)
def test_a_bad_setting_stops_before_anything_is_written(tmp_path, changes, error, message):
    with pytest.raises(error, match=message):
        run_weekly(SAMPLE, tmp_path / "out", changes, progress=False)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_account_stops_before_anything_is_written(tmp_path):
    with pytest.raises(AccountError, match="there is no such folder"):
        run_weekly(tmp_path / "nowhere", tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


def test_a_failing_cell_is_named_and_the_run_is_kept_beside_the_older_report(tmp_path, notebook):
    older = tmp_path / "out" / "sample" / "2026-11-23"
    older.mkdir(parents=True)
    (older / "report.html").write_text("last week", encoding="utf-8")
    (older / "run.json").write_text("{}", encoding="utf-8")
    notebook("1 + 1", "1 / 0", FINISH)
    with pytest.raises(RunError, match=r"(?s)cell \[4\].*ZeroDivisionError.*kept") as caught:
        run_weekly(SAMPLE, tmp_path / "out", progress=False)
    (kept,) = (tmp_path / "out" / "sample" / "failed").iterdir()
    assert str(kept) in str(caught.value)
    assert "ZeroDivisionError" in (kept / "weekly_report.ipynb").read_text(encoding="utf-8")
    assert (older / "report.html").read_text(encoding="utf-8") == "last week"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import sys; sys.exit(0)", r"cell \[3\]: it failed with SystemExit"),
        ("import os; os._exit(0)", "the kernel died"),
        ("1 + 1", "left no summary.json"),
    ],
)
def test_a_run_that_ends_early_without_an_exception_is_a_failure(tmp_path, notebook, cell, message):
    last = "2 + 2" if cell == "1 + 1" else FINISH
    notebook(cell, last)
    with pytest.raises(RunError, match=message):
        run_weekly(SAMPLE, tmp_path / "out", progress=False)


def test_a_cell_that_hangs_ends_at_the_time_limit(tmp_path, notebook, monkeypatch):
    monkeypatch.setattr(wockit.report, "CELL_SECONDS", 1)
    notebook("import time; time.sleep(60)", FINISH)
    with pytest.raises(RunError, match="ran longer than 1 seconds"):
        run_weekly(SAMPLE, tmp_path / "out", progress=False)


def test_an_error_that_a_widget_swallows_is_a_failure(tmp_path, notebook):
    swallow = "import ipywidgets\nshown = ipywidgets.Output()\nwith shown:\n    1 / 0\nshown"
    notebook(swallow, FINISH)
    with pytest.raises(RunError, match=r"widget.*ZeroDivisionError"):
        run_weekly(SAMPLE, tmp_path / "out", progress=False)


def test_figures_are_there_whatever_backend_the_server_sets(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    text = (run_weekly(SAMPLE, tmp_path, progress=False) / "report.html").read_text(encoding="utf-8")
    assert text.count("<img") == 2


def test_a_report_never_takes_the_place_of_the_downloads(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "shop")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WockitError, match="which is no report of wockit's. Give another folder with --out."):
        run_weekly(tmp_path / "shop", tmp_path, progress=False)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_report_never_takes_the_place_of_anything_but_a_report(tmp_path):
    mine = tmp_path / "out" / "sample" / "2026-11-23"
    mine.mkdir(parents=True)
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WockitError, match="no report of wockit's"):
        run_weekly(SAMPLE, tmp_path / "out", progress=False)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WockitError, match="no report can be written there"):
        run_weekly(SAMPLE, tmp_path / "file", progress=False)


def test_a_folder_whose_name_no_file_can_hold_is_refused(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "sh\nop")
    with pytest.raises(WockitError, match="Rename the folder"):
        run_weekly(tmp_path / "sh\nop", tmp_path / "out", progress=False)


PARAMETERS = {"account": "a", "snapshot": "", "changes": {}, "scenario": "", "out": ""}


def test_the_runner_and_the_shipped_notebook_agree_on_the_parameters():
    check_parameters(shipped("notebooks") / "weekly_report.ipynb", PARAMETERS)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({**PARAMETERS, "acount": "a"}, "'acount': the notebook has none of that name. Did you mean 'account'"),
        ({"account": "a"}, "'changes': no value is given"),
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


def test_a_text_that_looks_like_a_number_reaches_the_notebook_as_text(tmp_path, notebook):
    notebook(f"assert snapshot == '2026-11-16'\n{FINISH}")
    run_weekly(SAMPLE, tmp_path / "out", snapshot="2026-11-16", progress=False)


def test_a_script_in_an_output_never_reaches_the_page():
    output = nbformat.v4.new_output("display_data", {"text/html": "<script src='x.js'></script><b>kept</b>"})
    cell = nbformat.v4.new_code_cell("secret = 1", outputs=[output])
    text = page(nbformat.v4.new_notebook(cells=[cell]), "a <title>")
    assert "x.js" not in text
    assert "secret" not in text
    assert "<b>kept</b>" in text
    assert "a &lt;title&gt;" in text

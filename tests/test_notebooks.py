"""Every notebook is a tagged, typed, small and executed narrative, and nbval really compares its numbers."""

import ast
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from wockit.weekly.copies import copy_notebooks

ROOT = Path(__file__).parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = [pytest.param(nbformat.read(path, as_version=4), id=path.stem) for path in PATHS]
LARGEST = {"weekly_report": 400_000}
"""It is the whole page: a row for each ASIN with its reason, and figures whose every mark speaks [byte]."""
WALKS = [case for case in NOTEBOOKS if case.id != "weekly_report"]


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(notebook):
    """What its cells wrote on standard output and standard error, such as a library's warning."""
    return [output.text for cell in code(notebook) for output in cell.outputs if output.output_type == "stream"]


def parameters(notebook):
    return [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]


def test_the_notebooks_of_the_kit_are_there():
    assert [path.stem for path in PATHS] == [
        "01_load_reports",
        "02_weeks_of_coverage",
        "03_quadrant_matrix",
        "04_clearance_budget",
        "weekly_report",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_one_cell_holds_the_parameters_each_typed_and_commented(notebook):
    (cell,) = parameters(notebook)
    for line in cell.source.splitlines():
        (statement,) = ast.parse(line).body
        assert isinstance(statement, ast.AnnAssign)
        assert "  # " in line


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_logic_and_at_most_eight_lines_a_cell(notebook):
    logic = (
        ast.FunctionDef,
        ast.ClassDef,
        ast.For,
        ast.While,
        ast.If,
        ast.IfExp,
        ast.Lambda,
        ast.comprehension,
        ast.Try,
    )
    for cell in code(notebook):
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, logic)], cell.source
        if cell not in parameters(notebook):
            assert len(cell.source.splitlines()) <= 8, cell.source


@pytest.mark.parametrize("notebook", WALKS)
def test_prose_stands_before_each_code_cell(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert ("code", "code") not in list(pairwise(kinds))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_it_was_executed_in_order_and_shows_something(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    assert sum(bool(cell.outputs) for cell in code(notebook)) >= 0.7 * len(code(notebook))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_outputs_hold_no_path_error_or_warning(notebook):
    for output in (output for cell in code(notebook) for output in cell.outputs):
        assert output.output_type in ("execute_result", "display_data")
        assert not re.search(r"(?:/(?:home|root|tmp|Users)/|[A-Z]:\\)", str(output.data.get("text/plain")))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_output_is_the_address_of_an_object(notebook):
    shown = [str(output.data.get("text/plain")) for cell in code(notebook) for output in cell.outputs]
    assert not [text for text in shown if re.search(r" at 0x[0-9a-f]{6,}>", text)]
    assert not [cell.source for cell in code(notebook) if cell.source.rstrip().endswith(";")]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_is_small(path):
    assert path.stat().st_size <= LARGEST.get(path.stem, 300_000)


@pytest.mark.end_to_end
def test_nbval_fails_at_the_one_cell_whose_stored_number_is_changed_by_hand(tmp_path):
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data" / "sample")
    (tmp_path / "notebooks").mkdir()
    copy = tmp_path / "notebooks" / "copy.ipynb"
    text = (ROOT / "notebooks" / "01_load_reports.ipynb").read_text(encoding="utf-8")
    assert "2,671" in text
    copy.write_text(text.replace("2,671", "2,672"), encoding="utf-8")
    sanitize = ROOT / "tests" / "notebooks" / "sanitize.cfg"
    options = ["-o", "addopts=", "-p", "no:cacheprovider", "-q", "--nbval", f"--nbval-sanitize-with={sanitize}"]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(copy)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert re.search(r"^1 failed, \d+ passed", found.stdout, re.MULTILINE), found.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The walk-through notebooks as `wockit lab` sets them to an account with ASINs and reports of its own."""
    account = tmp_path_factory.mktemp("own") / "shop"
    (account / "2026-11-23").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "sample" / "account.toml", account)
    for path in (ROOT / "data" / "sample" / "2026-11-23").glob("*.csv"):
        (account / "2026-11-23" / path.name).write_bytes(path.read_bytes().replace(b"B0", b"B9"))
    with pytest.MonkeyPatch.context() as home:
        home.setattr(Path, "home", lambda: account.parent)
        return copy_notebooks(account)[0]


def execute(notebook, folder):
    how = {"timeout": None, "startup_timeout": 600, "kernel_manager_class": "wockit.weekly.kernels.PromptManager"}
    NotebookClient(notebook, **how, resources={"metadata": {"path": str(folder)}}).execute()


@pytest.mark.end_to_end
@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("name", [case.id for case in WALKS])
def test_the_notebooks_can_be_stepped_through_on_another_account_and_in_chinese(elsewhere, name):
    """In English nbval runs them."""
    notebook = nbformat.read(elsewhere / f"{name}.ipynb", as_version=4)
    assert not any(cell.outputs for cell in code(notebook))
    notebook.cells.insert(0, nbformat.v4.new_code_cell("from wockit.language import speak\nspeak('zh-CN')"))
    execute(notebook, elsewhere)
    assert any(cell.outputs for cell in code(notebook))
    assert printed(notebook) == []

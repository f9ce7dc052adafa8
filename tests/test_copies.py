"""Copies of the notebooks in an account's folder."""

import json
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

import wockit.show
import wockit.weekly.copies
from wockit.weekly.copies import copy_notebooks

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    (tmp_path / "shop").mkdir()
    shutil.copy(SAMPLE / "account.toml", tmp_path / "shop")
    return tmp_path / "shop"


def changed(path, change):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    change(cells)
    nbformat.write(notebook, path)


def test_a_copy_is_set_to_the_account_and_has_no_outputs(shop):
    folder, notes = copy_notebooks(shop)
    notebook = nbformat.read(folder / "01_load_reports.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert any(json.dumps(str(shop)) in cell.source for cell in cells)
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert notes == []


def test_a_copy_of_this_version_is_kept_as_it_was_changed(shop):
    copy = copy_notebooks(shop)[0] / "01_load_reports.ipynb"
    changed(copy, lambda cells: cells[0].update(source="mine = 1"))
    before = copy.read_bytes()
    folder, notes = copy_notebooks(shop)
    assert notes == []
    assert copy.read_bytes() == before
    assert list(folder.glob("*-fresh.ipynb")) == []


def test_a_copy_that_was_not_changed_follows_wockit(shop, monkeypatch, tmp_path):
    copy = copy_notebooks(shop)[0] / "01_load_reports.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("newer = 1")])
    (tmp_path / "newer").mkdir()
    nbformat.write(notebook, tmp_path / "newer" / copy.name)
    monkeypatch.setattr(wockit.weekly.copies, "shipped", lambda name: tmp_path / "newer")
    copy_notebooks(shop)
    assert "newer = 1" in copy.read_text(encoding="utf-8")


def test_accounts_of_one_name_have_copies_of_their_own(shop, tmp_path):
    (tmp_path / "other" / "shop").mkdir(parents=True)
    assert copy_notebooks(shop)[0] != copy_notebooks(tmp_path / "other" / "shop")[0]


def test_a_copy_of_an_older_version_is_kept_and_named_with_its_cells_and_a_fresh_one_beside_it(shop):
    copy = copy_notebooks(shop)[0] / "02_weeks_of_coverage.ipynb"
    changed(copy, lambda cells: cells[1].update(source="from wockit.plots import canvas\nfrom wockit import analyse"))
    before = copy.read_bytes()
    folder, (note,) = copy_notebooks(shop)
    assert copy.read_bytes() == before
    assert str(note) == (
        "warning: 02_weeks_of_coverage.ipynb: an older version of wockit made this copy. Update "
        "cell 2 (wockit.plots.canvas), or use the new copy 02_weeks_of_coverage-fresh.ipynb."
    )
    fresh = nbformat.read(folder / "02_weeks_of_coverage-fresh.ipynb", as_version=4)
    assert not any("wockit.plots" in cell.source for cell in fresh.cells)


def named(shop, *sources):
    """What is said of a copy whose first code cells are these."""
    copy = copy_notebooks(shop)[0] / "02_weeks_of_coverage.ipynb"
    changed(copy, lambda cells: [cell.update(source=source) for cell, source in zip(cells, sources, strict=False)])
    return [re.findall(r"\((.*?)\)", str(note)) for note in copy_notebooks(shop)[1]]


def test_a_module_that_nobody_imported_yet_is_not_gone(shop, monkeypatch):
    monkeypatch.delitem(sys.modules, "wockit.show.tables", raising=False)
    monkeypatch.delattr(wockit.show, "tables", raising=False)
    assert named(shop, "from wockit.show import tables\ntables.positions_table", "import wockit.show.tables") == []


def test_what_a_module_or_an_analysis_no_longer_has_is_named(shop):
    cells = (
        "from wockit import analyse, load_account\nfrom wockit.show import tables as shown",
        "analysis = analyse(load_account('shop'))\nshown.mix_table(analysis.mix), analysis.positions, analysis.budgets",
    )
    assert named(shop, *cells) == [["shown.mix_table, analysis.mix"]]


def test_a_name_of_your_own_may_have_what_it_likes(shop):
    assert named(shop, "from wockit.show import tables\ntables = {}\ntables.mine") == []


def test_a_cell_that_is_no_plain_python_is_no_reason_to_renew(shop):
    copy = copy_notebooks(shop)[0] / "01_load_reports.ipynb"
    changed(copy, lambda cells: cells[0].update(source="%matplotlib inline\n!ls"))
    assert copy_notebooks(shop)[1] == []

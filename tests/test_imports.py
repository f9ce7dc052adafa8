import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wockit

FOLDER = Path(wockit.__file__).parent
LEVELS = {
    "answers": 0,
    "kernels": 0,
    "language": 0,
    "notes": 1,
    "settings": 2,
    "demand": 3,
    "cover": 4,
    "advertising": 5,
    "budget": 6,
    "rates": 6,
    "fees": 7,
    "clearance": 7,
    "mix": 8,
    "matrix": 6,
    "values": 7,
    "sheets": 7,
    "reports": 8,
    "combine": 9,
    "referee": 10,
    "past": 10,
    "account": 11,
    "movement": 12,
    "scenario": 12,
    "positions": 12,
    "clearing": 13,
    "analysis": 14,
    "labels": 15,
    "actions": 16,
    "decisions": 16,
    "history": 17,
    "page": 18,
    "tables": 18,
    "plots": 18,
    "workbook": 19,
    "widgets": 19,
    "report": 20,
    "runs": 21,
    "overview": 22,
    "server": 22,
    "fleet": 23,
    "cli": 24,
}
FORMULAS = ["demand", "cover", "advertising", "matrix", "budget", "rates", "fees", "clearance", "mix"]
OWNERS = {
    "ipywidgets": {"widgets"},
    "papermill": {"report"},
    "dask": {"fleet"},
    "distributed": {"fleet"},
    "jupyter_client": {"kernels"},
    "nbconvert": {"page"},
    "xlsxwriter": {"workbook"},
    "matplotlib": {"plots", "server"},
    "seaborn": {"plots"},
}


def imports(name):
    """Every module that a module of wockit imports, anywhere in its text, with its full name."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}.py has a relative import"
            parts = [f"wockit.{alias.name}" for alias in node.names if (FOLDER / f"{alias.name}.py").exists()]
            found |= set(parts) if node.module == "wockit" else {node.module}
    return found


def siblings(name):
    return {module.split(".")[1] for module in imports(name) if module.startswith("wockit.")}


def packages(name):
    return {module.split(".")[0] for module in imports(name)}


def test_every_module_has_its_level():
    assert {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "__main__"} == set(LEVELS)


@pytest.mark.parametrize("name", LEVELS)
def test_a_module_imports_only_from_the_levels_below(name):
    assert {other for other in siblings(name) if LEVELS[other] >= LEVELS[name]} == set()


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_rest_on_nothing_but_numbers_and_settings(name):
    assert siblings(name) <= {*FORMULAS, "settings", "notes"}
    assert packages(name) - sys.stdlib_module_names <= {"numpy", "pandas", "scipy", "wockit"}


@pytest.mark.parametrize(("package", "owners"), OWNERS.items())
def test_each_heavy_package_has_one_owner(package, owners):
    assert {name for name in LEVELS if package in packages(name)} == owners


def test_importing_wockit_loads_no_notebook_and_no_figure_package():
    heavy = [*OWNERS, "IPython"]
    code = f"import sys, wockit; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wockit

FOLDER = Path(wockit.__file__).parent
LEVELS = {
    "notes": 0,
    "settings": 1,
    "demand": 2,
    "cover": 3,
    "advertising": 4,
    "budget": 5,
    "rates": 5,
    "fees": 6,
    "clearance": 6,
    "mix": 7,
    "matrix": 5,
    "values": 6,
    "sheets": 6,
    "reports": 7,
    "combine": 8,
    "referee": 9,
    "past": 9,
    "account": 10,
    "scenario": 11,
    "positions": 11,
    "clearing": 12,
    "analysis": 13,
    "tables": 14,
    "plots": 14,
    "workbook": 15,
    "widgets": 15,
    "report": 16,
    "cli": 17,
}
FORMULAS = ["demand", "cover", "advertising", "matrix", "budget", "rates", "fees", "clearance", "mix"]
OWNERS = {
    "ipywidgets": {"widgets"},
    "papermill": {"report"},
    "nbconvert": {"report"},
    "xlsxwriter": {"workbook"},
    "matplotlib": {"plots"},
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
    heavy = [*OWNERS, "IPython", "dask"]
    code = f"import sys, wockit; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import wockit

FOLDER = Path(wockit.__file__).parent
FLOORS = [
    {"cli"},
    {"arguments"},
    {"fleet"},
    {"weekly"},
    {"show"},
    {"analysis"},
    {"reading"},
    {"formulas"},
    {"settings"},
    {"notes"},
    {"language"},
    {"columns", "marketplaces", "answers"},
]
"""What may use what: each floor those below it, and a wing itself."""
OWNERS = {
    "ipywidgets": {"show.cockpit", "show.levers", "show.what_if"},
    "anywidget": {"show.picker"},
    "papermill": {"weekly.notebook"},
    "dask": {"fleet.fleet"},
    "distributed": {"fleet.fleet"},
    "jupyter_client": {"weekly.kernels"},
    "nbconvert": {"show.page"},
    "jinja2": {"show.html"},
    "xlsxwriter": {"show.workbook", "show.sheet_writer", "show.upload"},
    "matplotlib": {"show.plots", "show.advice_plots", "show.canvas", "show.drawing"},
    "seaborn": {"show.plots"},
}


def name_of(path):
    """A module's name below wockit, and a wing's own for its `__init__`."""
    parts = path.relative_to(FOLDER).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(FOLDER.rglob("*.py")) if path != FOLDER / "__init__.py"}


@cache
def imports(name):
    """Every module that a module of wockit imports, anywhere in its text, with its full name."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {each for each in below if each.removeprefix("wockit.") in MODULES}
            found |= modules or {node.module}
    return found


def siblings(name):
    return {module.removeprefix("wockit.") for module in imports(name) if module.startswith("wockit.")}


def packages(name):
    return {module.split(".")[0] for module in imports(name)}


def floor(name):
    return next(number for number, rooms in enumerate(FLOORS) if name.split(".")[0] in rooms)


def test_every_module_has_its_floor():
    assert {name.split(".")[0] for name in MODULES} == set().union(*FLOORS)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_its_own_wing_and_the_floors_below(name):
    above = {other for other in siblings(name) if floor(other) <= floor(name)}
    assert {other for other in above if other.split(".")[0] != name.split(".")[0]} == set()


def test_no_modules_import_each_other_in_a_circle():
    # a wing's `__init__` hands on what lives in its modules; they never import it
    order = list(TopologicalSorter({name: siblings(name) - {name} for name in MODULES}).static_order())
    assert len(order) == len(MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("formulas.")])
def test_formulas_rest_on_nothing_but_numbers_and_settings(name):
    assert {other.split(".")[0] for other in siblings(name)} <= {
        "formulas",
        "settings",
        "notes",
        "language",
        "marketplaces",
    }
    assert packages(name) - sys.stdlib_module_names <= {"numpy", "pandas", "scipy", "wockit"}


@pytest.mark.parametrize("name", ["columns", "marketplaces"])
def test_the_ground_imports_nothing_of_wockit(name):
    assert siblings(name) == set()


@pytest.mark.parametrize(("package", "owners"), OWNERS.items())
def test_each_heavy_package_has_one_owner(package, owners):
    assert {name for name in MODULES if package in packages(name)} == owners


def test_markup_is_made_and_escaped_in_one_place():
    assert {name for name in MODULES if {"html", "markupsafe"} & packages(name)} == {"show.html"}


def on_the_map(text):
    """The modules that a map names: a line has one or two times a name, or several, and after a gap what it is."""
    cells = [re.split(" {2,}", line) for line in text.splitlines()]
    names = [name for line in cells if len(line) % 2 == 0 for cell in line[::2] for name in cell.split(", ")]
    assert len(names) == len(set(names))
    return {name.removesuffix("/") for name in names}


@pytest.mark.parametrize("wing", [name for name in MODULES if (FOLDER / name / "__init__.py").is_file()])
def test_the_map_of_a_wing_names_each_of_its_modules(wing):
    text = ast.get_docstring(ast.parse(MODULES[wing].read_text(encoding="utf-8")))
    assert on_the_map(text) == {name.split(".")[1] for name in MODULES if name.startswith(f"{wing}.")}


def test_the_map_of_the_whole_names_every_room():
    assert on_the_map(wockit.__doc__) == {name.split(".")[0] for name in MODULES}


def test_a_word_of_the_prose_is_no_name_on_a_map():
    assert on_the_map("The supply of a week.\n\nplots  the figures    what_if  one budget") == {"plots", "what_if"}


def test_importing_wockit_loads_no_notebook_and_no_figure_package():
    heavy = [*OWNERS, "IPython"]
    code = f"import sys, wockit; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

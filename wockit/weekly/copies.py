"""Copies of the notebooks in an account's folder: made once, kept as they were changed, checked against this version.

A copy imports names of the package. Those that an older version made may import names that are gone; which cells these
are is said here, and a fresh copy is put beside the old one.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from wockit.language import Text, listed
from wockit.notes import Note
from wockit.weekly.run import shipped

FRESH = "-fresh"
"""What follows the name of a fresh copy."""


def copy_notebooks(account: Path) -> tuple[Path, list[Note]]:
    """Copy the notebooks into `<account>/notebooks/`, set to that account and without the sample's outputs.

    A copy that is there already is kept. If it imports what this version no longer has, a fresh copy is put beside it.

    Returns
    -------
    tuple
        That folder, and a note on each copy whose cells have to be renewed.
    """
    import nbformat

    folder, notes = account / "notebooks", []
    folder.mkdir(exist_ok=True)
    for source in sorted(shipped("notebooks").glob("*.ipynb")):
        copy = folder / source.name
        if not copy.exists():
            nbformat.write(_set_to_account(nbformat.read(source, as_version=4)), copy)
        elif outdated := list(_outdated(copy)):
            fresh = copy.with_stem(copy.stem + FRESH)
            nbformat.write(_set_to_account(nbformat.read(source, as_version=4)), fresh)
            text = Text(
                "an older version of wockit made this copy. Update the imports of {0}, or use the new copy {1}.",
                listed(Text("cell {0} ({1})", number, names) for number, names in outdated),
                fresh.name,
            )
            notes.append(Note("warning", f"notebooks/{copy.name}", text))
    return folder, notes


def _set_to_account(notebook: Any) -> Any:
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.source = cell.source.replace('"../data/sample"', '".."')
        cell.outputs, cell.execution_count = [], None
    return notebook


def _outdated(copy: Path) -> Iterator[tuple[int, str]]:
    """The number of each code cell, counted from 1, that imports what wockit does not have, and what that is."""
    import nbformat

    try:
        cells = [cell for cell in nbformat.read(copy, as_version=4).cells if cell.cell_type == "code"]
    except (OSError, ValueError):  # no notebook any more: JupyterLab says what is wrong with it
        return
    for number, cell in enumerate(cells, start=1):
        if gone := ", ".join(name for name in _imported(cell.source) if not _is_there(name)):
            yield number, gone


def _imported(source: str) -> Iterator[str]:
    """The full names that a cell imports from wockit; none where it is no plain Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "wockit":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "wockit")


def _is_there(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(import_module(module or name), attribute) if module else bool(import_module(name))
    except ImportError:
        return False

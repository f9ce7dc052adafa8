"""Copies of the notebooks for one account: in a folder of your own, kept as they were changed, checked against wockit.

They never lie in the account's folder: whoever sends that could put code beside them. A copy that was not changed is
known by its hash and follows wockit. One that was changed is kept. If an older version made it, the cells that import
names which are gone are named, and a fresh copy is put beside it.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from wockit.language import Text, listed
from wockit.notes import Note, Problem, WockitError, quoted
from wockit.weekly.outputs import slug
from wockit.weekly.run import shipped

NOTEBOOKS_FOLDER = "wockit-notebooks"
"""Where the copies are, in your home folder: one folder for each account."""


FRESH_SUFFIX = "-fresh"
"""What follows the name of a fresh copy."""


_DIGESTS = ".made.json"
"""The hashes of the copies as wockit made them."""


def copy_notebooks(account: Path) -> tuple[Path, list[Note]]:
    """Copy the notebooks into a folder of your own, set to that account and without the sample's outputs.

    A copy that was changed is kept. If it imports what this version no longer has, a fresh copy is put beside it.

    Returns
    -------
    tuple
        That folder, and a note on each copy whose cells have to be renewed.

    Raises
    ------
    WockitError
        If the folder cannot be written.
    """
    account = account.resolve()
    own = hashlib.sha256(str(account).encode(errors="surrogateescape")).hexdigest()[:6]
    folder = Path.home() / NOTEBOOKS_FOLDER / f"{slug(account.name)}-{own}"
    notes = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digests = _digests_of_copies(folder)
        for source in sorted(shipped("notebooks").glob("*.ipynb")):
            fresh, copy = _set_to_account(source, account), folder / source.name
            if not copy.exists() or digests.get(copy.name) == _digest(copy):
                copy.write_bytes(fresh)
                digests[copy.name] = _digest(copy)
            elif outdated := list(_outdated(copy)):
                beside = copy.with_stem(copy.stem + FRESH_SUFFIX)
                beside.write_bytes(fresh)
                text = Text(
                    "an older version of wockit made this copy. Update the imports of {0}, or use the new copy {1}.",
                    listed(Text("cell {0} ({1})", number, names) for number, names in outdated),
                    beside.name,
                )
                notes.append(Note("warning", copy.name, text))
        (folder / _DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
    except OSError as error:
        text = Text("cannot be written: {0}.", error.strerror)
        raise WockitError([Problem(quoted(str(folder), 400), text)]) from None
    if any((account / "notebooks").glob("*.ipynb")):
        text = Text("notebooks in the account's folder are not opened. Copy what you changed to {0}.", folder)
        notes.append(Note("warning", "wockit lab", text))
    return folder, notes


def _digests_of_copies(folder: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        return dict(json.loads((folder / _DIGESTS).read_text(encoding="utf-8")))
    return {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _set_to_account(source: Path, account: Path) -> bytes:
    import nbformat

    notebook = nbformat.read(source, as_version=4)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.source = cell.source.replace('"../data/sample"', json.dumps(str(account)))
        cell.outputs, cell.execution_count = [], None
    return str(nbformat.writes(notebook)).encode()


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

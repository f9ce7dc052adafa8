"""Copies of the notebooks for one account: in a folder of your own, kept as they were changed, checked against wockit.

They never lie in the account's folder: whoever sends that could put code beside them. A copy that was not changed is
known by its hash and follows wockit. One that was changed is kept. If an older version made it, the cells that use
what is gone are named, and a fresh copy is put beside it.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import get_type_hints

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

    A copy that was changed is kept. If it uses what this version no longer has, a fresh copy is put beside it.

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
                    "an older version of wockit made this copy. Update {0}, or use the new copy {1}.",
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
    """The number of each code cell, counted from 1, that uses what wockit does not have, and what that is."""
    import nbformat

    try:
        cells = [cell for cell in nbformat.read(copy, as_version=4).cells if cell.cell_type == "code"]
    except (OSError, ValueError):  # no notebook any more: JupyterLab says what is wrong with it
        return
    known: dict[str, str] = {}
    for number, cell in enumerate(cells, start=1):
        if gone := ", ".join(said for said, name in _used(cell.source, known) if not _is_there(name)):
            yield number, gone


def _used(source: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What a cell uses of wockit, as it stands there and by its full name; none where it is no plain Python.

    `known` has the full names of what the cells before have imported, and of the classes of what they were given.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] == "wockit":
                for alias in node.names:
                    known[alias.asname or alias.name] = name = f"{module}.{alias.name}"
                    yield name, name
            case ast.Import():
                yield from ((alias.name, alias.name) for alias in node.names if alias.name.split(".")[0] == "wockit")
            case ast.Assign(targets=[ast.Name(id=mine)], value=ast.Call(func=ast.Name(id=given))) if given in known:
                known[mine] = _given_by(known[given])
            case ast.Assign(targets=[ast.Name(id=mine)]):
                known.pop(mine, None)
            case ast.Attribute(value=ast.Name(id=owner)) if known.get(owner):
                yield ast.unparse(node), f"{known[owner]}.{node.attr}"


def _given_by(function: str) -> str:
    """The full name of the class of what a function of wockit gives; "" where that is not told."""
    with suppress(ImportError, AttributeError, TypeError, NameError):
        given = get_type_hints(resolve_name(function)).get("return")
        return f"{given.__module__}.{given.__qualname__}" if isinstance(given, type) else ""
    return ""


def _is_there(name: str) -> bool:
    with suppress(ImportError, AttributeError):
        owner, _, last = name.rpartition(".")
        if last not in getattr(resolve_name(owner or name), "__annotations__", ()):  # a field has no value in its class
            resolve_name(name)
        return True
    return False

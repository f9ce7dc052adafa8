"""Accounts below a folder, each with a unique name, and folders that are no account.

A folder may be an address that fsspec can open.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import fsspec

from wockit.fleet.orders import Outcome
from wockit.language import Text
from wockit.notes import Problem, WockitError, quoted
from wockit.reading.folder import is_date
from wockit.weekly.outputs import slug
from wockit.weekly.place import has_reports_of, owner

PACKED = ("zip", "tar", "libarchive")
"""Addresses that name no place of their own: they cut or lose what lies inside."""


_SUFFIX = re.compile(r"-[0-9a-f]{6}$")
"""What follows a name that two accounts would have."""


@dataclass(frozen=True)
class Below:
    """Content of a folder: accounts by unique names, and unusable ones as outcomes.

    `without` are folders with files in them that have no `account.toml` and belong to no account.
    """

    accounts: Mapping[str, str]
    unusable: Sequence[Outcome] = ()
    without: Sequence[str] = ()


def find_accounts(folder: str) -> Below:
    """Every account below a folder or an fsspec address, by a name that is its own.

    The name is the path below the folder, as any file system takes it; where two would be the same, both get a suffix.
    A folder that cannot be listed, and an account whose name is not UTF-8, stop no other.

    Raises
    ------
    WockitError
        If there is none, or the address cannot be opened.

    Examples
    --------
    >>> list(find_accounts("data").accounts)
    ['pan_eu', 'sample']
    """
    protocol = folder.partition("://")[0] if "://" in folder else ""
    if protocol in PACKED:
        message = Text("accounts cannot be read from inside an archive ({0}).", protocol)
        raise WockitError([Problem(quoted(folder, 400), message, "Unpack it, and name the folder.")])
    try:
        files, root = fsspec.url_to_fs(folder)
    except (OSError, ValueError, ImportError) as error:
        message = Text("the address cannot be opened: {0}.", error)
        raise WockitError([Problem(quoted(folder, 400), message, "Name a folder.")]) from None
    local = not protocol or isinstance(files, fsspec.get_filesystem_class("file"))
    unreadable: list[OSError] = []
    walk = os.walk(root, onerror=unreadable.append) if local else files.walk(root, on_error=unreadable.append)
    below: dict[str, str] = {}
    filled: set[str] = set()
    for path, folders, names in walk:
        if names:
            filled.add(path.rstrip("/")[len(root.rstrip("/")) + 1 :].replace(os.sep, "/"))
        inside = [path] if "account.toml" in names else []
        if local:  # a link to a folder is not walked into
            linked = [os.path.join(path, name) for name in folders]
            inside += [link for link in linked if os.path.islink(link) and os.path.isfile(f"{link}/account.toml")]
        for account in (account for account in inside if account.rstrip("/") != root.rstrip("/")):
            name = account.rstrip("/")[len(root.rstrip("/")) + 1 :].replace(os.sep, "/")
            below[name] = os.path.join(root, name) if local else files.unstrip_protocol(account)
    parents = {name: str(PurePosixPath(name).parent) for name in below}
    below = {name: path for name, path in below.items() if not (is_date(name[-10:]) and parents[name] in below)}
    unusable = [_unlisted(error, root) for error in unreadable]
    if not below:
        empty = "there is no account in it: no folder has an account.toml."
        raise WockitError(
            [Problem(quoted(outcome.name, 400), outcome.text) for outcome in unusable]
            or [Problem(quoted(folder, 400), empty, "Create one: wockit new DIR --marketplace US")]
        )
    named = {name: path for name, path in below.items() if _is_text(name)}
    for name in below.keys() - named.keys():
        text = "its name contains characters that cannot be written to a text file. Rename the folder."
        unusable.append(Outcome(ascii(name)[1:-1], "", "refused", text))
    accounts = {name: named[path] for path, name in _names(named).items()}
    return Below(accounts, tuple(sorted(unusable, key=lambda outcome: outcome.name)), _without_account(filled, below))


def _without_account(filled: Iterable[str], accounts: Iterable[str]) -> tuple[str, ...]:
    """The topmost folders that hold files, no account, and are in none: somebody forgot the `account.toml`.

    Examples
    --------
    >>> _without_account(["a/us/2026-11-23", "a/uk/2026-11-23", "zeta", "zeta/2026-11-23"], ["a/us"])
    ('a/uk', 'zeta')
    """
    account_folders = {PurePosixPath(name) for name in accounts}
    above = {parent for name in account_folders for parent in name.parents}
    topmost = set()
    for path in map(PurePosixPath, filter(None, filled)):
        line = [*reversed(path.parents), path]
        if account_folders.isdisjoint(line) and not any(part.startswith(".") for part in path.parts):
            topmost.add(next((folder for folder in line if folder not in above), path))
    return tuple(sorted(str(folder) for folder in topmost if folder not in above and _is_text(str(folder))))


def _unlisted(error: OSError, root: str) -> Outcome:
    """The outcome of a folder that cannot be listed, be it an account or hold some."""
    path = str(error.filename or root)
    name = path[len(root.rstrip("/")) + 1 :] or path
    text = Text("the folder cannot be listed: {0}.", error.strerror or error)
    return Outcome(name if _is_text(name) else ascii(name)[1:-1], "", "refused", text)


def _is_text(name: str) -> bool:
    """True if a name can be written to a text file."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _names(paths: Iterable[str]) -> dict[str, str]:
    """A name for each path that any file system takes for a folder, and that no other path has, be it in capitals."""
    names = {path: "/".join(map(slug, PurePosixPath(path).parts)) for path in sorted(paths)}
    count = Counter(name.casefold() for name in names.values())
    own = {path: hashlib.sha256(path.encode()).hexdigest()[:6] for path in names}
    return {path: name if count[name.casefold()] == 1 else f"{name}-{own[path]}" for path, name in names.items()}


def in_their_places(accounts: Mapping[str, str], place: Path) -> dict[str, str]:
    """Accounts by name, each under the one of its reports so far: whoever comes later with the like takes none away.

    Parameters
    ----------
    accounts
        From `find_accounts`.
    place
        Where reports go.
    """
    kept = {}
    for name, address in accounts.items():
        plain = _SUFFIX.sub("", name)
        lies = address if "://" in address else str(Path(address).resolve())
        known = plain not in accounts and has_reports_of(place / plain, owner(lies, place / plain))
        kept[plain if known else name] = address
    return kept


def outside(folders: Iterable[str], root: str, place: str) -> tuple[str, ...]:
    """Folders that neither hold the reports nor are in their place."""
    if "://" in root:
        return tuple(folders)
    reports, base = Path(place), Path(root).resolve()
    return tuple(name for name in folders if not (base / name == reports or reports in (base / name).parents))

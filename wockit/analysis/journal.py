"""The journal of an account: what was approved and written into bulk uploads, and what the next downloads say of it.

One Parquet file a run in the account's folder `actions/`; `pandas.read_parquet("my-shop/actions")` reads them all. What
is changed is decided in `changes`, the upload is written in `weekly.apply`.
"""

import os
import uuid
from datetime import date
from itertools import count
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from wockit.analysis.bids_and_budgets import BID, BUDGET, DEFAULT, STATE
from wockit.analysis.weeks import length_of_texts
from wockit.columns import CHANGES
from wockit.formulas.bids import written
from wockit.language import Text
from wockit.notes import Note, Problem, WockitError
from wockit.reading.bulk import ID, PRODUCTS, Bulk
from wockit.reading.door import LARGEST_OWN, fault

ACTIONS_FOLDER = "actions"
ABOUT = ("run", "snapshot", "download", "download_day", "download_hash", "scenario", "approved_by", "written")
FOUND = ("outcome", "found", "found_on")
JOURNAL_COLUMNS = (*ABOUT, *(name for name in CHANGES if name != "row"), *FOUND)
"""The columns of the journal: of the run, of each change, and what a later download shows."""
_TYPES = {name: pa.float64() if CHANGES.get(name) == "float64" else pa.string() for name in JOURNAL_COLUMNS}
JOURNAL_SCHEMA = pa.schema(_TYPES)
MADE, DIFFERENTLY, UNDONE, NOT_MADE, GONE = "made", "made_differently", "undone", "not_made", "gone"
_DONE = (MADE, DIFFERENTLY)
_MOST_ROWS, _LARGEST = 200_000, 200_000_000
_DID = MappingProxyType({
    (STATE, False): "ads_paused", (STATE, True): "ads_enabled",
    (BUDGET, False): "budget_down", (BUDGET, True): "budget_up",
})  # fmt: skip
"""What a change of a field did, up or not; any other field is a bid."""


def read_journal(folder: str | Path) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Every change of every run of an account, oldest first, and notes on files of no use.

    Examples
    --------
    >>> read_journal("data/sample")[0].empty
    True
    """
    tables, notes, rows, size = [], [], 0, 0
    for path in reversed(_paths(Path(folder))):
        where = f"{ACTIONS_FOLDER}/{path.name}"
        try:
            problem = fault(path, Path(folder), where, LARGEST_OWN)
            table = None if problem else _table(path)
        except (OSError, ValueError, pa.ArrowException):
            table = None
        if table is None:
            notes.append(Note("warning", where, "ignored: the file is damaged."))
            continue
        rows, size = rows + len(table), size + int(table.memory_usage(deep=True).sum())
        if rows > _MOST_ROWS or size > _LARGEST:
            notes.append(Note("warning", where, "ignored, with all before it: together they are too large."))
            break
        tables.append(table.assign(run=path.stem))
    whole = pd.concat(tables[::-1], ignore_index=True) if tables else JOURNAL_SCHEMA.empty_table().to_pandas()
    return whole[[*JOURNAL_COLUMNS]], tuple(notes)


def _paths(folder: Path) -> list[Path]:
    """The files of the journal, the oldest run first."""

    def order(path: Path) -> tuple[str, int]:
        number = path.stem[11:]
        return path.stem[:10], int(number) if number.isdecimal() else 0

    return sorted((folder / ACTIONS_FOLDER).glob("????-??-??-*.parquet"), key=order)


def _table(path: Path) -> pd.DataFrame | None:
    """One file, unless it is of another kind or says that it takes too much memory."""
    names = [field.name for field in JOURNAL_SCHEMA if field.type == pa.string()]
    with pq.ParquetFile(path, read_dictionary=names) as file:
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
        if (
            file.metadata.num_rows > _MOST_ROWS
            or size > _LARGEST
            or not {*JOURNAL_COLUMNS} <= {*file.schema_arrow.names}
        ):
            return None
        table = file.read([*JOURNAL_COLUMNS])
        if sum(map(length_of_texts, table.columns)) > _LARGEST:
            return None
        return table.cast(JOURNAL_SCHEMA).to_pandas()


def write_run(folder: Path, day: date, rows: pd.DataFrame, **about: str) -> Path:
    """Write what one run changed; the file is new and whole.

    Parameters
    ----------
    folder
        The account's folder.
    day
        The day of the data.
    rows
        The changes, as `Changes.table`.
    about
        What is known of the run, by the names of `ABOUT`.

    Raises
    ------
    WockitError
        If it cannot be written.
    """
    table = rows.assign(**{name: about.get(name, "") for name in ABOUT}, **dict.fromkeys(FOUND, ""))
    table = table.assign(because=table["because"].map(str), snapshot=day.isoformat())
    home = folder / ACTIONS_FOLDER
    if not Path(os.path.realpath(home)).is_relative_to(os.path.realpath(folder)):
        raise WockitError(
            [Problem(ACTIONS_FOLDER, "it is a link to a place outside the account.", "Put the folder itself there.")]
        )
    try:
        home.mkdir(exist_ok=True)
        path = next(candidate for k in count(1) if not (candidate := home / f"{day}-{k}.parquet").exists())
        _write(path, table.assign(run=path.stem))
    except OSError as error:
        raise WockitError([Problem(ACTIONS_FOLDER, Text("cannot be written: {0}.", error.strerror))]) from None
    return path


def _write(path: Path, table: pd.DataFrame) -> None:
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        arrow = pa.Table.from_pandas(table[[*JOURNAL_COLUMNS]], schema=JOURNAL_SCHEMA, preserve_index=False)
        pq.write_table(arrow.replace_schema_metadata({}), part)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def followed_up(journal: pd.DataFrame, bulk: Bulk | None, snapshot: date) -> pd.DataFrame:
    """The journal with what a download shows of changes that were written before it.

    `outcome` is made, made_differently, not_made, undone (it was made and is as before again) or gone; `found` is the
    value in the download, `found_on` its day. What has no later download is as before.
    """
    if bulk is None or journal.empty:
        return journal
    later = journal["snapshot"].lt(snapshot.isoformat())
    if bulk.day is not None:
        later &= journal["download_day"].lt(bulk.day.isoformat())
    values = values_of(bulk)
    table = journal.copy()
    for number, row in journal[later].iterrows():
        value = values.get((row["object_id"], row["field"]), "")
        table.loc[number, [*FOUND]] = [_outcome(row, value), value, snapshot.isoformat()]
    return table


def values_of(bulk: Bulk) -> dict[tuple[str, str], str]:
    """Value of each field of each object in a download, as it is written."""
    rows = bulk.rows[bulk.rows["product"].eq(PRODUCTS)]
    values: dict[tuple[str, str], str] = {}
    for entity, name in ID.items():
        for field in (STATE, BUDGET, DEFAULT, BID):
            own = rows[rows["entity"].eq(entity)].dropna(subset=[name, field])
            texts = own[field] if field == STATE else own[field].map(written)
            values |= {(object_id, field): text for object_id, text in zip(own[name], texts, strict=True)}
    return values


def _outcome(row: pd.Series, value: str) -> str:
    if not value:
        return GONE
    if value == row["new"]:
        return MADE
    if value == row["old"]:
        return UNDONE if row["outcome"] in (*_DONE, UNDONE) else NOT_MADE
    return DIFFERENTLY


def keep_outcomes(folder: Path, before: pd.DataFrame, after: pd.DataFrame) -> tuple[Note, ...]:
    """Write back what a download shows, of runs where that is new; a place that cannot be written is a note."""
    changed = after[(before[[*FOUND]] != after[[*FOUND]]).any(axis=1)]
    try:
        for run in changed["run"].unique():
            _write(folder / ACTIONS_FOLDER / f"{run}.parquet", after[after["run"].eq(run)])
    except OSError as error:
        text = Text("what became of the changes could not be saved: {0}.", error.strerror)
        return (Note("warning", ACTIONS_FOLDER, text),)
    return ()


def really_done(journal: pd.DataFrame, day: date, after: date) -> pd.DataFrame:
    """Actions really taken from one snapshot to before the next, by ASIN, as far as a download shows them.

    `did` names it, `followed` says whether one of the approved changes was made and stayed.
    """
    checked = (
        journal["outcome"].ne("") & journal["snapshot"].ge(day.isoformat()) & journal["snapshot"].lt(after.isoformat())
    )
    rows = journal[checked]
    named = rows.assign(
        asin=rows["advised_asins"].str.split(", "),
        key=[*map(_did, rows.to_dict("records"))],
        done=rows["outcome"].eq(MADE) | (rows["outcome"].eq(DIFFERENTLY) & _sameway_of(rows)),
    ).explode("asin")
    groups = named.groupby("asin", sort=True)
    table = pd.DataFrame(
        {"did": groups["key"].agg(lambda keys: "; ".join(dict.fromkeys(keys))), "followed": groups["done"].any()}
    )
    return table.astype({"did": "str", "followed": bool}) if len(table) else pd.DataFrame(columns=["did", "followed"])


def way_of(old: object, new: object) -> float:
    """1 where a value goes up or is enabled, -1 where it goes down or is paused."""
    states = {"archived": 0.0, "paused": 0.0, "enabled": 1.0}
    try:
        before, then = (states[str(value)] if str(value) in states else float(str(value)) for value in (old, new))
    except ValueError:
        return 0.0
    return float(np.sign(then - before))


def _sameway_of(rows: pd.DataFrame) -> pd.Series:
    pairs = zip(rows["old"], rows["new"], rows["found"], strict=True)
    return pd.Series(
        [way_of(old, new) == way_of(old, later) for old, new, later in pairs], index=rows.index, dtype=bool
    )


def _did(row: dict[str, str]) -> str:
    if row["outcome"] not in _DONE:
        return row["outcome"]
    return key_of(row["field"], row["old"], row["found"])


def key_of(field: str, old: str, new: str) -> str:
    """Key of the effect of a field's change.

    Examples
    --------
    >>> key_of("state", "enabled", "archived"), key_of("bid", "0.5", "0.6")
    ('ads_paused', 'bids_up')
    """
    up = way_of(old, new) > 0
    return _DID.get((field, up), "bids_up" if up else "bids_down")


def this_week(journal: pd.DataFrame, snapshot: date) -> pd.DataFrame:
    """The changes of the seven days before a snapshot that may have been made, oldest first."""
    first = date.fromordinal(snapshot.toordinal() - 6).isoformat()
    return journal[journal["snapshot"].ge(first) & ~journal["outcome"].isin([NOT_MADE, GONE])]

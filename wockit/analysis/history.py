"""Past weeks of an account: one Parquet file per snapshot, read back beside this one.

A file holds the positions and the advice of one snapshot as they were reported, under the account's own settings of
that day. It is written whole or not at all. A what-if never changes it. A missing file is rebuilt from the snapshot.
`pandas.read_parquet("my-shop/history")` reads them all. Two snapshots are compared in `movement`.
"""

import json
import os
import uuid
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from wockit.analysis.analyse import Analysis, analyse
from wockit.analysis.by_hand import bulk_before, by_hand_notes, made_by_hand, with_by_hand
from wockit.analysis.journal import followed_up, keep_outcomes, read_journal, really_done
from wockit.analysis.movement import (
    advice_score,
    demand_score,
    ledger,
    moves,
    sold_between,
    spent_between,
    totals,
)
from wockit.analysis.plans import PLAN, last_plan, read_decisions
from wockit.analysis.weeks import ANOTHER_VERSION, SCHEMA, read_week
from wockit.columns import KEPT, POSITIONS, SCORES
from wockit.language import Text
from wockit.notes import Note, WockitError
from wockit.reading.account import load_account
from wockit.reading.folder import is_date, snapshots

WEEKS = 26
"""Snapshots before this one that are looked back at."""


@dataclass(frozen=True)
class History:
    """Past weeks of an account beside this one.

    Attributes
    ----------
    before : pandas.DataFrame
        The positions of the snapshot before this one; empty for a first snapshot.
    totals : pandas.DataFrame
        One row a snapshot, this one last: stock, excess, aged units, days without stock ahead.
    moves : pandas.DataFrame
        One row per ASIN that has another place than in `before`, with the reason.
    ledger : pandas.DataFrame
        One row per ASIN with something to do in `before`: what was advised, what the account did, and the cash since.
    scores : pandas.DataFrame
        One row a week since a snapshot: how the advice and the expected demand did.
    notes : tuple of Note
        Snapshots that could not be read again.
    """

    before: pd.DataFrame
    totals: pd.DataFrame
    moves: pd.DataFrame
    ledger: pd.DataFrame
    scores: pd.DataFrame
    notes: tuple[Note, ...] = ()


def history_of(analysis: Analysis, folder: str | Path, reports: str | Path = "") -> History:
    """Past weeks of an account beside an analysis of it.

    Parameters
    ----------
    analysis
        Of the account's snapshot.
    folder
        The account's folder. Snapshots of it that have no file under `history/` yet are analysed and get one.
    reports
        The folder of the account's reports: what was decided after the last one is read back from its workbook, and
        this week is kept for the next. If empty, neither.
    """
    elsewhere = _without_reports(Path(folder), str(reports), analysis)
    past, notes = _past(Path(folder), analysis)
    notes += elsewhere
    written, unread_runs = read_journal(folder)
    journal = followed_up(written, analysis.account.bulk, analysis.account.snapshot)
    notes += unread_runs
    decided: dict[str, str] = {}
    if str(reports):
        notes += [*keep(analysis, folder), *keep_outcomes(Path(folder), written, journal)]
        decided, unread = _decided(reports, analysis)
        notes += unread
    weeks = {**past, pd.Timestamp(analysis.account.snapshot): _flat(analysis)}
    days = list(weeks)
    pairs = [(day, weeks[day], weeks[after]) for day, after in pairwise(days)]
    before = pairs[-1][1] if pairs else weeks[days[-1]].iloc[:0]
    sold, ads = analysis.account.past.weeks, analysis.account.ads
    done = [really_done(journal, day.date(), after.date()) for day, after in pairwise(days)]
    if pairs:
        last_day, last_advice = pairs[-1][0].date(), pairs[-1][1]["do"]
        earlier = bulk_before(Path(folder), last_day) if analysis.account.bulk is not None else None
        by_hand = made_by_hand(earlier, analysis.account, journal, last_day)
        done[-1] = with_by_hand(done[-1], by_hand, last_advice)
        notes += by_hand_notes(by_hand, last_day, analysis.account.bulk.file if analysis.account.bulk else "")
    ledgers = [
        ledger(
            *(then, now, sold_between(sold, day, after, days[-1]), spent_between(ads, day, after)),
            done=known,
        )
        for (day, then, now), after, known in zip(pairs, days[1:], done, strict=True)
    ]
    nothing = pd.Series(dtype=float)
    last = ledgers[-1] if pairs else ledger(before, before, nothing, nothing)
    scores = [
        {"snapshot": after, **advice_score(entries), **demand_score(then, sold, day, after, days[-1])}
        for (day, then, _), entries, after in zip(pairs, ledgers, days[1:], strict=True)
    ]
    return History(
        before=before,
        totals=pd.DataFrame([totals(table) for table in weeks.values()], index=pd.Index(days, name="snapshot")),
        moves=moves(before, weeks[days[-1]]),
        ledger=last.assign(decision=[decided.get(asin, "") for asin in last.index]),
        scores=pd.DataFrame(scores, columns=SCORES).set_index("snapshot"),
        notes=tuple(notes),
    )


def _without_reports(folder: Path, reports: str, analysis: Analysis) -> list[Note]:
    """A note where earlier weeks were reported, and no report lies where this one will: people wrote into them."""
    kept_before = any(day < analysis.account.snapshot.isoformat() for day in _stored_days(folder))
    if not reports or analysis.what_if or not kept_before or any(Path(reports).glob("????-??-??*")):
        return []
    text = (
        "no earlier report lies beside this one, so decisions and columns of earlier plans are not in it. "
        "If the account was renamed, or --out is another folder, they are in the old place."
    )
    return [Note("warning", PLAN, text)]


def _stored_days(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "history").glob("????-??-??.parquet") if is_date(path.stem)}


def _decided(reports: str | Path, analysis: Analysis) -> tuple[dict[str, str], list[Note]]:
    plan = last_plan(reports, analysis.account.snapshot)
    try:
        return (read_decisions(plan) if plan else {}), []
    except (WockitError, OSError) as error:
        problem_text = error.problems[0].found if isinstance(error, WockitError) else f"{error.strerror}."
        text = Text("the decisions of the last report could not be read: {0}", problem_text)
        return {}, [Note("warning", "history", text)]


def keep(analysis: Analysis, folder: str | Path) -> tuple[Note, ...]:
    """Write the positions of an analysis to `history/` of the account; a place that cannot be written is a note.

    The same analysis gives the same bytes; an interrupted write leaves the older file. What is only tried out, by
    other settings than the account's own or by a scenario, is not kept.
    """
    if analysis.what_if:
        return (
            Note(
                "info",
                "history",
                "this run is not saved to history, because settings or a scenario are being tried out.",
            ),
        )
    path = _path(Path(folder), analysis.account.snapshot.isoformat())
    about = {"snapshot": path.stem, "settings": json.dumps(asdict(analysis.settings), sort_keys=True)}
    table = pa.Table.from_pandas(_flat(analysis).reset_index(), schema=SCHEMA, preserve_index=False)
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return (
            Note("warning", "history", "this week could not be saved to history: it is a link out of the account."),
        )
    try:
        path.parent.mkdir(exist_ok=True)
        with open(path.parent / f".{uuid.uuid4().hex}.part", "xb") as part:
            try:
                pq.write_table(table.replace_schema_metadata(about), part)
                part.close()
                os.replace(part.name, path)
            except BaseException:
                os.unlink(part.name)
                raise
    except OSError as error:
        return (Note("warning", "history", Text("this week could not be saved to history: {0}.", error.strerror)),)
    return ()


def _path(folder: Path, day: str) -> Path:
    return folder / "history" / f"{day}.parquet"


def _flat(analysis: Analysis) -> pd.DataFrame:
    """Positions and advice as they are kept: one row per ASIN, plain columns."""
    table = analysis.positions.join(analysis.advice[KEPT]).sort_index()
    return table.assign(snapshot=pd.Timestamp(analysis.account.snapshot))[["snapshot", *POSITIONS, *KEPT]]


def _past(folder: Path, analysis: Analysis) -> tuple[dict[pd.Timestamp, pd.DataFrame], list[Note]]:
    """The kept positions of every snapshot before this one, oldest first; those that are missing are made again.

    One that another version wrote stays as it is: that version can read it.
    """
    today = analysis.account.snapshot.isoformat()
    dated = {path.name for path in snapshots(folder) if path != folder}
    stored_days = _stored_days(folder)
    weeks, notes = {}, []
    for day in sorted(day for day in dated | stored_days if day < today)[-WEEKS:]:
        table, unread = read_week(_path(folder, day), folder)
        if table is None and day in dated:
            try:
                made_again = analyse(load_account(folder, day))
            except WockitError as error:
                text = Text("this snapshot cannot be compared: {0}", error.problems[0])
                notes.append(Note("warning", day, text))
                continue
            if all(note.text != ANOTHER_VERSION for note in unread):
                unread = keep(made_again, folder)
            table = _flat(made_again)
        notes += unread
        if table is not None:
            weeks[pd.Timestamp(day)] = table
    return weeks, notes

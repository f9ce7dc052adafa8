"""Past weeks of an account: one Parquet file per snapshot, read back beside this one.

A file holds the positions and the advice of one snapshot as they were reported, under the account's own settings of
that day. It is written whole or not at all. A what-if never changes it. A missing file is rebuilt from the snapshot.
`pandas.read_parquet("my-shop/history")` reads them all. Two snapshots are compared in `movement`.
"""

import json
import os
import uuid
import zipfile
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from wockit.analysis.analyse import Analysis, analyse
from wockit.analysis.by_hand import bulk_before, by_hand_notes, made_by_hand, with_by_hand
from wockit.analysis.decisions import decision_of
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
from wockit.analysis.weeks import SCHEMA, read_week
from wockit.columns import KEPT, LABELS, POSITIONS, SCORES
from wockit.language import LANGUAGES, Text, catalogue, say
from wockit.notes import Note, Problem, ReportError, WockitError
from wockit.reading.account import load_account
from wockit.reading.cells import Cells, Sheet
from wockit.reading.faults import faults_of
from wockit.reading.files import read_sheets
from wockit.reading.folder import is_date, snapshots
from wockit.reading.percents import percents_of

WEEKS = 26
"""So many snapshots before this one are looked back at."""


@dataclass(frozen=True)
class History:
    """What an account's past weeks say beside this one.

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
    """What the past weeks of an account say beside an analysis of it.

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
    past, notes = _past(Path(folder), analysis)
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
    """The kept positions of every snapshot before this one, oldest first; those that are missing are made again."""
    today = analysis.account.snapshot.isoformat()
    dated = {path.name for path in snapshots(folder) if path != folder}
    stored_days = {path.stem for path in (folder / "history").glob("????-??-??.parquet") if is_date(path.stem)}
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
            unread = keep(made_again, folder)
            table = _flat(made_again)
        notes += unread
        if table is not None:
            weeks[pd.Timestamp(day)] = table
    return weeks, notes


PLAN = "plan.xlsx"


_LONGEST = 500


def last_plan(reports: str | Path, before: date) -> Path | None:
    """The workbook of the last report before a day, in the folder of an account's reports; none if there is none."""
    folder = Path(reports)
    plans = sorted(folder.glob(f"????-??-??/{PLAN}")) if str(reports) and folder.is_dir() else []
    earlier = [plan for plan in plans if plan.parent.name < before.isoformat()]
    return earlier[-1] if earlier else None


def decisions_that_hold(plan: Path, advice: pd.DataFrame) -> dict[str, str]:
    """The decisions of a workbook that is made again, without approvals of advice that says something else by now."""
    decisions = read_decisions(plan)
    if not any(decision_of(text).approves for text in decisions.values()):
        return decisions
    then = read_decisions(plan, "first")
    now = {asin: say(text) for asin, text in advice["says"].items()}

    def holds(asin: str) -> bool:
        return asin in now and then.get(asin, "").startswith(now[asin][:_LONGEST])

    return {asin: text for asin, text in decisions.items() if not decision_of(text).approves or holds(asin)}


def read_decisions(plan: Path, column: str = "decision") -> dict[str, str]:
    """What was written into the decision column of a workbook, by ASIN; nothing where the workbook is not there.

    Parameters
    ----------
    plan
        The workbook.
    column
        Another column of the actions to read in its place.

    Raises
    ------
    ReportError
        If the file cannot be read as a workbook, or has no such column any more.
    """
    if not plan.is_file():
        return {}
    english = LABELS[column].heading
    headings = {english, *(catalogue(language).get(english, english) for language in LANGUAGES)}
    named = False
    for sheet in read_sheets(plan, plan.name):
        named |= "ASIN" in sheet.header
        places = [place for place, cell in enumerate(sheet.header) if cell in headings]
        if places and "ASIN" in sheet.header:
            asins, texts = sheet.read([sheet.header.index("ASIN"), places[0]])
            return _by_asin(plan, sheet, asins, texts, places[0])
    if named:
        found = Text("no column is named {0}, so no decision can be read.", repr(english))
        raise ReportError([Problem(plan.name, found, "Give the column its name again.")])
    return {}


def _by_asin(plan: Path, sheet: Sheet, asins: Cells, texts: Cells, place: int) -> dict[str, str]:
    """The texts of a column of a workbook by ASIN; an ASIN with two that differ has both, which decides nothing."""
    numbers = any(isinstance(cell, float) for cell in texts.distinct)
    never, shares = _odd_cells(plan, sheet.name, place + sheet.first_column, numbers)
    written: dict[str, str] = {}
    for row, (asin, text) in enumerate(zip(asins.codes, texts.codes, strict=True), start=sheet.first_row - 1):
        if asin < 0 or text < 0 or row in never:
            continue
        name, cell = str(asins.distinct[asin]).strip().upper(), texts.distinct[text]
        said = f"{_text(100 * cell)}%" if row in shares and isinstance(cell, float) else _text(cell)
        written[name] = said if written.get(name, said) == said else f"{written[name]} / {said}"
    return {asin: text[:_LONGEST] for asin, text in written.items()}


def _odd_cells(plan: Path, sheet: str, column: int, numbers: bool) -> tuple[set[int], set[int]]:
    """Rows of a column with an error or a formula without a value, and those whose numbers are percentages."""
    if not zipfile.is_zipfile(plan):
        return set(), set()
    with zipfile.ZipFile(plan) as archive:
        kinds = faults_of(archive, sheet), percents_of(archive, sheet) if numbers else ()
    never, shares = ({row for row, place in cells if place == column} for cells in kinds)
    return never, shares


def _text(value: object) -> str:
    return (f"{value:.15g}" if isinstance(value, float) else str(value)).strip()

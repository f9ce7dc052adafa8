"""All accounts side by side: `overview.html` and `overview.csv`, those with the most to gain first.

It uses the files of the reports (`summary.json`, `positions.csv`) and the messages of those that failed. They are
made in `fleet`.
"""

import csv
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from wockit.analysis.plans import PLAN
from wockit.fleet.orders import Outcome
from wockit.fleet.rates import Rates
from wockit.formulas.playbook import playbook
from wockit.language import LANGUAGES, Text, listed, say, speak, spoken
from wockit.notes import some
from wockit.show.html import Html, render
from wockit.show.page import document
from wockit.weekly.keep import PDF
from wockit.weekly.outputs import inert

OVERVIEW_FILES = ("overview.html", "overview.csv")


POINTS = 100
"""So many ASINs are drawn in the small picture of an account, at most."""


MONEY = ("stock_value", "excess_value", "gain_a_week", "gain")


OVERVIEW_LABELS: Mapping[str, str] = {
    "stock_value": "Stock value",
    "excess_value": "Excess value",
    "gain_a_week": "Gain per week",
    "gain": "Gain in a year",
    "stock_out_days": "Days without stock, next 4 weeks [day]",
    "warnings": "Findings",
    "moved": "Moved",
}
"""The columns of numbers, by their keys in `summary.json`; one that a summary lacks stays empty."""


_WIDTH, _HEIGHT = 120, 60


MOST_FOLDERS = 20
"""Folders without an account file that are named."""


@dataclass(frozen=True)
class Fleet:
    """Data of an overview besides its reports.

    Attributes
    ----------
    rates
        For sums in one currency; without them there is a sum for each.
    without
        Folders among the accounts that have no `account.toml`.
    today
        The day on which it is made: it tells which snapshots are old.
    """

    rates: Rates | None = None
    without: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class Row:
    """One account: what became of its run, its headline numbers, its points in the matrix, its report before.

    Attributes
    ----------
    before
        The folder of the account's report before this one; empty where there is none.
    language
        The language of its report; empty where that is unknown.
    """

    outcome: Outcome
    summary: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[tuple[float, float, str], ...] = ()
    before: str = ""
    language: str = ""

    @property
    def gain(self) -> float:
        """The gain to sort by, 0 where it is unknown [money/week]."""
        gain = self.summary.get("gain_a_week")
        return float(gain) if isinstance(gain, (int, float)) else 0.0


LONGEST_CELL = 1 << 30
"""Characters; a title may be as long as a report makes it."""


STALE_DAYS = 7
"""From this age on a snapshot is marked: reports are weekly."""


def write_overview(outcomes: Iterable[Outcome], out: str | Path, fleet: Fleet | None = None) -> Path:
    """Write `OVERVIEW_FILES` into the folder that holds the reports; each appears whole.

    It speaks the language of the accounts where all have the same, else the one that is spoken.

    Returns
    -------
    pathlib.Path
        The page.
    """
    out, fleet = Path(out), fleet or Fleet()
    rows = by_need([read_row(outcome) for outcome in outcomes], fleet.rates)
    frame = inert(table(rows, out, fleet)).to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    out.mkdir(parents=True, exist_ok=True)
    before, languages = spoken(), {row.language for row in rows if row.language}
    speak(languages.pop() if len(languages) == 1 else before)
    try:
        text = page(rows, out, fleet)
    finally:
        speak(before)
    for name, content in zip(OVERVIEW_FILES, (text, "\ufeff" + frame), strict=True):
        part = out / f".{name}-{os.getpid()}"
        part.write_text(content, encoding="utf-8", newline="")
        part.replace(out / name)
    return out / OVERVIEW_FILES[0]


def read_row(outcome: Outcome) -> Row:
    """Row of an account from its report; nothing where there is no report or it went away since."""
    if not outcome.good:
        return Row(outcome)
    folder = Path(outcome.folder)
    csv.field_size_limit(LONGEST_CELL)
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        with (folder / "positions.csv").open(encoding="utf-8-sig", newline="") as file:
            placed = (line for line in csv.DictReader(file) if line["segment"] and line["roas"])
            points = [(float(p["weeks_of_coverage"]), float(p["roas"]), p["segment"]) for p in islice(placed, POINTS)]
    except (OSError, ValueError, TypeError, KeyError, csv.Error) as error:
        gone = Outcome(outcome.name, outcome.account, "failed", Text("its report cannot be read: {0}.", error))
        return Row(gone)
    return Row(outcome, summary, tuple(points), _before(folder), _language(folder))


def _before(folder: Path) -> str:
    """The account's report before this one."""
    days = sorted(path.parent for path in folder.parent.glob("????-??-??/report.html"))
    earlier = [day for day in days if day.name < folder.name]
    return str(earlier[-1]) if earlier else ""


def _language(folder: Path) -> str:
    """The language that a report was made in."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        language = json.loads((folder / "run.json").read_text(encoding="utf-8"))["settings"]["language"]
        return language if language in LANGUAGES else ""
    return ""


def by_need(rows: Iterable[Row], rates: Rates | None = None) -> list[Row]:
    """Those without a report first, then by what their advice gains: in one currency, if there are rates for all.

    Without rates each gain counts against the most in its own currency.

    Examples
    --------
    >>> def row(name, currency, gain):
    ...     return Row(Outcome(name, name, "done"), {"currency": currency, "gain_a_week": gain})
    >>> rows = [row("a", "USD", 900), row("b", "JPY", 90_000), row("c", "USD", 1000), Row(Outcome("d", "d", "failed"))]
    >>> [row.outcome.name for row in by_need(rows)]
    ['d', 'b', 'c', 'a']
    >>> [row.outcome.name for row in by_need(rows, Rates("USD", {"USD": 1.0, "JPY": 0.0066}))]
    ['d', 'c', 'a', 'b']
    """
    rows = list(rows)
    most: dict[Any, float] = {}
    for row in rows:
        currency = row.summary.get("currency")
        most[currency] = max(most.get(currency, 0.0), row.gain)
    if rates and all(rates.convert(1, row.summary.get("currency")) for row in rows if row.outcome.good):
        most = {currency: 1 / (rates.convert(1, currency) or 1) for currency in most}

    def need(row: Row) -> tuple[bool, float, str]:
        return row.outcome.good, -row.gain / (most[row.summary.get("currency")] or 1), row.outcome.name

    return sorted(rows, key=need)


def marks(row: Row, today: date | None) -> list[str]:
    """Marks of an account whose numbers are weaker: no costs, an old snapshot."""
    weaknesses = []
    if row.summary.get("asins_with_costs") == 0:
        weaknesses.append(say("no costs"))
    with suppress(ValueError, TypeError):
        days = (today - date.fromisoformat(str(row.summary.get("snapshot")))).days if today else 0
        if days >= STALE_DAYS:
            weaknesses.append(say(Text("{0} days old", days)))
    return weaknesses


def table(rows: Sequence[Row], out: Path, fleet: Fleet) -> pd.DataFrame:
    """One row per account, as `overview.csv` has it before it is made inert."""
    return pd.DataFrame(
        [
            {
                "account": row.outcome.name,
                "name": row.summary.get("account"),
                "marketplace": row.summary.get("marketplace"),
                "snapshot": row.summary.get("snapshot"),
                "currency": row.summary.get("currency"),
                **{key: row.summary.get(key) for key in OVERVIEW_LABELS},
                "state": row.outcome.state,
                "what_to_do": say(row.outcome.text),
                "marks": "; ".join(marks(row, fleet.today)),
                "report": _link(row.outcome.folder if row.outcome.good else "", "report.html", out),
            }
            for row in rows
        ]
    )


def page(rows: Sequence[Row], out: Path, fleet: Fleet) -> str:
    """The page: one table, links and a small picture for each account."""
    failed = sum(not row.outcome.good for row in rows)
    title = say("All accounts")
    currencies = {row.summary.get("currency") for row in rows if row.outcome.good}
    order = "Ranked by gain per week."
    if len(currencies) > 1 and not fleet.rates:
        order = "Ranked by gain per week, relative to the largest amount in the same currency."
    counts = [Text("{0} accounts.", len(rows))]
    counts += [Text("{0} of them have no report and come first.", failed)] if failed else []
    body = render(
        "overview",
        title=title,
        count=say(listed([*counts, Text(order)], " ")),
        total=_total(rows, fleet.rates),
        remarks=list(_remarks(rows, fleet)),
        search=say("Search"),
        shown=say("Accounts shown: {0} of {1}"),
        caption=say("One row per account"),
        account=say("Account"),
        snapshot=say("Snapshot"),
        numbers=[say(name) for name in OVERVIEW_LABELS.values()],
        matrix=say("Matrix"),
        no_report=say("No report."),
        rows=[_line(row, out, fleet) for row in rows],
    )
    return document(body, title, Path(__file__).with_name("overview.js"))


def _total(rows: Sequence[Row], rates: Rates | None) -> str:
    """Gain of the advice on all accounts in a year: in one currency where there are rates, or else in each."""
    sums: dict[str, float] = {}
    for row in rows:
        if isinstance(gain := row.summary.get("gain"), (int, float)):
            currency = str(row.summary.get("currency", ""))
            converted = rates.convert(gain, currency) if rates else None
            if rates and converted is not None:
                currency, gain = rates.currency, converted
            sums[currency] = sums.get(currency, 0.0) + gain
    amounts = ", ".join(f"{gain:,.0f} {currency}" for currency, gain in sorted(sums.items()))
    return say(Text("Total gain in a year: {0}.", amounts)) if amounts else ""


def _remarks(rows: Sequence[Row], fleet: Fleet) -> Iterator[str]:
    """Remarks on missing rates and account files."""
    if fleet.rates:
        currencies = {str(row.summary["currency"]) for row in rows if row.summary.get("currency")}
        if unknown := sorted(currencies - set(fleet.rates.values)):
            yield say(Text("rates.csv has no rate for {0}: these gains have a total of their own.", ", ".join(unknown)))
    if fleet.without:
        text = Text(
            "{0} folders have no account.toml: {1}. Create one with: wockit new DIR --marketplace US",
            len(fleet.without),
            some(fleet.without, most=MOST_FOLDERS),
        )
        yield say(text)


def _line(row: Row, out: Path, fleet: Fleet) -> dict[str, Any]:
    """Texts of one account on the page, by the names in its template."""
    name = str(row.summary.get("account") or row.outcome.name)
    this, before = row.outcome.folder if row.outcome.good else "", row.before
    links = [
        ("workbook", this, PLAN),
        ("PDF", this if (Path(this) / PDF).is_file() else "", PDF),
        ("report before", before, "report.html"),
        ("workbook before", before, PLAN),
    ]
    return {
        "good": row.outcome.good,
        "name": name,
        "folder": row.outcome.name,
        "lines": say(row.outcome.text).splitlines(),
        "link": _link(this, "report.html", out),
        "links": [(say(words), _link(folder, file, out)) for words, folder, file in links if folder],
        "snapshot": str(row.summary.get("snapshot", "")),
        "marks": marks(row, fleet.today),
        "numbers": [(_shown(row.summary, key), _value(row.summary, key, fleet.rates)) for key in OVERVIEW_LABELS],
        "picture": picture(row.points, name),
    }


def _value(summary: Mapping[str, Any], key: str, rates: Rates | None) -> str:
    """The number by which a cell is sorted: money in one currency, where there are rates."""
    value = summary.get(key)
    if not isinstance(value, (int, float)):
        return ""
    converted = rates.convert(value, summary.get("currency")) if rates and key in MONEY else None
    return f"{value if converted is None else converted:.6g}"


def _shown(summary: Mapping[str, Any], key: str) -> str:
    value = summary.get(key)
    if value is None:
        return "–"
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,.0f} {summary.get('currency', '')}" if key in MONEY else f"{value:,.0f}"


def _link(folder: str, file: str, out: Path) -> str:
    return quote(Path(os.path.relpath(Path(folder) / file, out)).as_posix()) if folder else ""


def picture(points: Sequence[tuple[float, float, str]], name: str) -> Html:
    """Cover (to the right, log scale) against ROAS (upward), a dot an ASIN in the colour of its segment, as SVG.

    Parameters
    ----------
    points
        Weeks of coverage, ROAS, segment.
    name
        The account's name.
    """
    top = max((roas for _, roas, _ in points), default=1.0) or 1.0
    dots: dict[str, list[str]] = {}
    for weeks, roas, segment in points:
        right = math.log(min(max(weeks, 0.5), 120) / 0.5) / math.log(240)
        x, y = 4 + right * (_WIDTH - 8), _HEIGHT - 4 - roas / top * (_HEIGHT - 8)
        dots.setdefault(segment, []).append(f"M{x:.0f} {y:.0f}h0")
    paths = [(playbook().plan(segment).colour, "".join(dict.fromkeys(dot))) for segment, dot in dots.items()]
    words = say(
        Text("Matrix of {0}: weeks of coverage (across) and ROAS (up), {1}", name, Text("{0} ASINs", len(points)))
    )
    return Html(render("picture", words=words, width=_WIDTH, height=_HEIGHT, paths=paths), words)

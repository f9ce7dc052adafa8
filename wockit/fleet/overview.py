"""All accounts side by side: `overview.html` and `overview.csv`, those with the most to gain first.

It uses the files of the reports (`summary.json`, `positions.csv`) and the messages of those that failed. They are
made in `fleet`.
"""

import csv
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from wockit.fleet.orders import Outcome
from wockit.formulas.playbook import playbook
from wockit.language import say
from wockit.show.html import Html, render
from wockit.show.page import document
from wockit.weekly.outputs import inert

FILES = ("overview.html", "overview.csv")


POINTS = 100
"""So many ASINs are drawn in the small picture of an account, at most."""


MONEY = ("stock_value", "excess_value", "gain_a_week", "gain")


LABELS: Mapping[str, str] = {
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


@dataclass(frozen=True)
class Row:
    """One account: what became of its run, its headline numbers, its points in the matrix."""

    outcome: Outcome
    summary: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[tuple[float, float, str], ...] = ()

    @property
    def gain(self) -> float:
        """The gain to sort by, 0 where it is unknown [money/week]."""
        gain = self.summary.get("gain_a_week")
        return float(gain) if isinstance(gain, (int, float)) else 0.0


LONGEST_CELL = 1 << 30
"""Characters; a title may be as long as a report makes it."""


def write_overview(outcomes: Iterable[Outcome], out: str | Path) -> Path:
    """Write `FILES` into the folder that holds the reports; each appears whole.

    Returns
    -------
    pathlib.Path
        The page.
    """
    out = Path(out)
    rows = by_need([read_row(outcome) for outcome in outcomes])
    frame = inert(table(rows, out)).to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in zip(FILES, (page(rows, out), "\ufeff" + frame), strict=True):
        part = out / f".{name}-{os.getpid()}"
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(out / name)
    return out / FILES[0]


def read_row(outcome: Outcome) -> Row:
    """What the report of an account says about it; nothing where there is no report or it went away since."""
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
        gone = Outcome(outcome.name, outcome.account, "failed", say("its report cannot be read: {0}.").format(error))
        return Row(gone)
    return Row(outcome, summary, tuple(points))


def by_need(rows: Iterable[Row]) -> list[Row]:
    """Those without a report first, then by what their advice gains, each against the most in its own currency.

    Examples
    --------
    >>> def row(name, currency, gain):
    ...     return Row(Outcome(name, name, "done"), {"currency": currency, "gain_a_week": gain})
    >>> rows = [row("a", "USD", 900), row("b", "JPY", 90_000), row("c", "USD", 1000), Row(Outcome("d", "d", "failed"))]
    >>> [row.outcome.name for row in by_need(rows)]
    ['d', 'b', 'c', 'a']
    """
    rows = list(rows)
    most: dict[Any, float] = {}
    for row in rows:
        currency = row.summary.get("currency")
        most[currency] = max(most.get(currency, 0.0), row.gain)

    def need(row: Row) -> tuple[bool, float, str]:
        return row.outcome.good, -row.gain / (most[row.summary.get("currency")] or 1), row.outcome.name

    return sorted(rows, key=need)


def table(rows: Sequence[Row], out: Path) -> pd.DataFrame:
    """One row per account, as `overview.csv` has it before it is made inert."""
    return pd.DataFrame(
        [
            {
                "account": row.outcome.name,
                "name": row.summary.get("account"),
                "marketplace": row.summary.get("marketplace"),
                "snapshot": row.summary.get("snapshot"),
                "currency": row.summary.get("currency"),
                **{key: row.summary.get(key) for key in LABELS},
                "state": row.outcome.state,
                "what_to_do": row.outcome.text,
                "report": _link(row, out),
            }
            for row in rows
        ]
    )


def page(rows: Sequence[Row], out: Path) -> str:
    """The page: one table, a link and a small picture for each account."""
    failed = sum(not row.outcome.good for row in rows)
    title = say("All accounts")
    body = render(
        "overview",
        title=title,
        count=say("{0} accounts, {1} without a report.").format(len(rows), failed),
        order=say(
            "Accounts without a report come first. The others are ranked by gain per week, relative to the "
            "largest amount in the same currency."
        ),
        total=_total(rows),
        caption=say("One row per account"),
        account=say("Account"),
        snapshot=say("Snapshot"),
        numbers=[say(name) for name in LABELS.values()],
        matrix=say("Matrix"),
        no_report=say("No report."),
        rows=[_line(row, out) for row in rows],
    )
    return document(body, title)


def _total(rows: Sequence[Row]) -> str:
    """What the advice on all accounts gains in a year, by currency."""
    sums: dict[str, float] = {}
    for row in rows:
        if isinstance(gain := row.summary.get("gain"), (int, float)):
            sums[str(row.summary.get("currency", ""))] = sums.get(str(row.summary.get("currency", "")), 0.0) + gain
    amounts = ", ".join(f"{gain:,.0f} {currency}" for currency, gain in sorted(sums.items()))
    return say("Total gain in a year: {0}.").format(amounts) if amounts else ""


def _line(row: Row, out: Path) -> dict[str, Any]:
    """What the page says of one account, by the names in its template."""
    name = str(row.summary.get("account") or row.outcome.name)
    return {
        "good": row.outcome.good,
        "name": name,
        "folder": row.outcome.name,
        "lines": row.outcome.text.splitlines(),
        "link": _link(row, out),
        "snapshot": str(row.summary.get("snapshot", "")),
        "numbers": [_shown(row.summary, key) for key in LABELS],
        "picture": picture(row.points, name),
    }


def _shown(summary: Mapping[str, Any], key: str) -> str:
    value = summary.get(key)
    if value is None:
        return "–"
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,.0f} {summary.get('currency', '')}" if key in MONEY else f"{value:,g}"


def _link(row: Row, out: Path) -> str:
    if not row.outcome.good:
        return ""
    return quote(Path(os.path.relpath(Path(row.outcome.folder) / "report.html", out)).as_posix())


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
    paths = [(playbook().plan(segment).colour, "".join(dict.fromkeys(each))) for segment, each in dots.items()]
    words = say("Matrix of {0}: weeks of coverage (across) and ROAS (up), {1} ASINs").format(name, len(points))
    return Html(render("picture", words=words, width=_WIDTH, height=_HEIGHT, paths=paths), words)

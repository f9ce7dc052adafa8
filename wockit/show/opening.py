"""The opening of the page: whose report it is, what to read first, the six numbers of the week with their change."""

from collections.abc import Iterator

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.history import History
from wockit.language import Text, listed, say
from wockit.notes import Note
from wockit.reading.referee import CODES
from wockit.show import captions
from wockit.show.html import Html, render
from wockit.show.labels import shown
from wockit.show.letterhead import logo_of, title_of, what_if_band

FIRST_RUN = (
    "Stock is valued at selling prices and the ways out are not worked out, because no costs are known. Write "
    "landed_cost and fulfilment_fee of each ASIN into costs.csv; wockit check makes the file."
)
MOST_FINDINGS = 2
"""Findings of the referee that are named before all others; the notes have every one."""


def masthead(analysis: Analysis) -> Html:
    """Head of the report: account, day, cut-offs, and anything that makes its numbers weaker."""
    account, settings = analysis.account, analysis.settings
    parts = [
        f"{account.snapshot:{say('%d %B %Y')}}",
        account.marketplace,
        say(Text("amounts in {0}", account.currency)),
        say(
            Text(
                "healthy cover {0} to {1} weeks ({2})",
                f"{settings.low_weeks:g}",
                f"{settings.healthy_weeks:g}",
                settings.preset.replace("_", " "),
            )
        ),
    ]
    line = " · ".join(parts)
    title, band = title_of(account), what_if_band(analysis)
    accepted = [
        f"{say('Accepted findings')}: {say(note.text)} ({say(note.where)}, {note.code})"
        for note in analysis.notes
        if note.level == "error"
    ]
    costs = say(without_costs(analysis))
    findings = list(map(say, _findings(analysis.notes, f"{account.snapshot}/")))
    html = render(
        "masthead", logo=logo_of(account), title=title, band=band, line=line, costs=costs, accepted=accepted,
        findings=findings, read_first=say("Read first:"),
    )  # fmt: skip
    return Html(html, "\n".join(filter(None, [title, band, line, *accepted, costs, *findings])))


def without_costs(analysis: Analysis) -> str:
    """Note on numbers that are unknown without costs, and on what to add; nothing where some are known."""
    if analysis.details["landed_cost"].notna().any():
        return ""
    if analysis.details["unit_proceeds"].notna().any():
        return "Stock is valued at selling prices. Write the landed_cost of each ASIN into costs.csv to see its cost."
    return FIRST_RUN


def _findings(notes: tuple[Note, ...], folder: str) -> Iterator[Text]:
    """Findings that make numbers weaker, the most harmful first; files without the snapshot's folder."""
    weaker = [note for note in notes if note.level == "warning" and note.code in CODES]
    for note in weaker[:MOST_FINDINGS]:
        yield Text("{0}: {1}", say(note.where).removeprefix(folder), say(note.text))
    if len(weaker) > MOST_FINDINGS:
        yield Text("{0} more findings are in the notes.", len(weaker) - MOST_FINDINGS)


def headline(analysis: Analysis, history: History | None = None) -> Html:
    """The six numbers of the week as tiles, each with its change since the snapshot before, and what it is about."""
    summary, currency = analysis.summary(), analysis.account.currency
    before = _before(history)
    tiles = [
        ("Stock value", "stock_value", listed([currency, Text("{0} ASINs", summary["asins"])])),
        ("Excess value", "excess_value", Text("{0} above healthy cover", currency)),
        ("Sales at risk", "sales_at_risk", Text("{0}, may be lost before restock", currency)),
        ("Account ROAS, own sales", "account_roas", "settled days"),
        ("Gain per week", "gain_a_week", Text("{0}, while the advice lasts", currency)),
        ("Uncertain", "asins_uncertain", _placed(summary["asins_placed"])),
    ]
    cards = [
        (say(name), shown(key, summary[key]), say(unit), _change(key, summary[key], before.get(key)))
        for name, key, unit in tiles
    ]
    about = captions.week(analysis)
    text = [f"{name}: {value} ({', '.join(filter(None, [unit, change]))})" for name, value, unit, change in cards]
    return Html(render("headline", cards=cards, about=about), "\n".join(filter(None, [*text, about])))


def _placed(count: int) -> Text:
    return Text("of {0} ASINs in the matrix", count) if count else Text("no ASIN is in the matrix")


def _before(history: History | None) -> dict[str, float]:
    """The same numbers of the snapshot before; none where there was none."""
    if history is None or history.before.empty:
        return {}
    sums = history.totals.iloc[-2].to_dict()
    gain = history.before["gain_a_week"].sum(min_count=1)
    return {**sums, "gain_a_week": gain, "asins_uncertain": float(history.before["uncertain"].sum())}


def _change(key: str, now: float | None, before: float | None) -> str:
    """Change of a number since the snapshot before, in its own format."""
    if now is None or before is None or pd.isna(before):
        return ""
    change = now - before
    text = shown(key, abs(change))
    if text == shown(key, 0.0):
        return say("unchanged since last time")
    return say(Text("{0} since last time", f"{'+' if change > 0 else '-'}{text}"))

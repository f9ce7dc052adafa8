"""Content of an upload: the changes, tasks by hand, ads on no stock; as text and as tables.

Nothing that a report says can move a cursor or look like a line of ours.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.changes import Changes
from wockit.columns import CHANGES, LABELS
from wockit.language import Text, say
from wockit.notes import quoted
from wockit.reading.account import Account
from wockit.show.html import Html, paragraph, table, together
from wockit.show.labels import heading, shown

SHOWN = [name for name in CHANGES if name in LABELS and name != "ad_group"]
_WIDEST = 32


def approval_text(
    account: Account,
    changes: Changes,
    todo: pd.DataFrame,
    dead: pd.DataFrame,
    unread: Mapping[str, str] = MappingProxyType({}),
    warnings: Sequence[Text] = (),
) -> str:
    """Summary of an upload, for a person to agree to.

    Parameters
    ----------
    account
        Whose it is.
    changes, todo, dead
        From `changes_of`, `checklist` and `dead_spend`.
    unread
        What stands beside an advice and decides nothing, by ASIN.
    warnings
        What to know before agreeing.
    """
    whose = f"{quoted(account.name)[1:-1]}, {account.marketplace}, {say(Text('snapshot {0}', account.snapshot))}"
    parts = [whose]
    if changes.changes:
        parts.append(_text(changes.table[SHOWN], account.currency))
    else:
        parts.append(say("No bid, budget or ad has to change."))
    if not todo.empty:
        parts += [say("To do by hand"), _text(todo, account.currency)]
    if not dead.empty:
        parts += [say("Ads that still run on ASINs without stock"), _text(dead, account.currency)]
    if unread:
        parts.append(unread_text(unread))
    parts += map(say, warnings)
    if changes.changes:
        parts.append(say(_sum(changes, account.currency)))
    return "\n\n".join(parts)


def unread_text(unread: Mapping[str, str]) -> str:
    """Texts beside an advice that are not decisions, and the valid ones."""
    beside = ", ".join(f"{asin} {quoted(text)}" for asin, text in unread.items())
    do = "Valid decisions: yes, no, later; beside advice on ads also the ad spend per day, such as 24 or -20 %."
    return f"{say(Text('Not understood as decisions: {0}.', beside))} {say(do)}"


def changes_view(analysis: Analysis, changes: Changes) -> Html:
    """The changes as a table, and what they are expected to bring."""
    if analysis.account.bulk is None:
        return paragraph("Without a bulk download no change can be written into a file.")
    if not changes.changes:
        return paragraph("No bid, budget or ad has to change.")
    currency = analysis.account.currency
    shown_columns = [name for name in SHOWN if name != "advised_asins"]
    return together([table(changes.table, *shown_columns, currency=currency), paragraph(_sum(changes, currency))])


def effect_view(analysis: Analysis, changes: Changes, asin: str) -> Html:
    """Clicks and ad spend a day of one ASIN: now, after the changes, and as its advice has them."""
    if asin not in analysis.advice.index:
        return paragraph("No bid, budget or ad has to change.")
    details, advice = analysis.details.loc[asin], analysis.advice.loc[asin]
    now = [details[name] / details["ad_days"] for name in ("ad_clicks", "ad_spend")]
    own = [change for change in changes.changes if asin in change.advised_asins]
    after = [now[0] + sum(change.clicks_change for change in own), now[1] + sum(change.spend_change for change in own)]
    rows = [now, after, [advice["clicks_a_day"], advice["ad_spend_a_day"]]]
    frame = pd.DataFrame(rows, columns=["clicks_a_day", "ad_spend_a_day"])
    frame.insert(0, "step", [Text("Today"), Text("After the changes"), Text("As advised")])
    return table(frame, currency=analysis.account.currency)


def _sum(changes: Changes, currency: str) -> Text:
    return Text(
        "Changes: {0}. Ad spend per day: {1} {2} now, {3} expected.",
        *(len(changes.changes), currency, f"{changes.spend_now:,.2f}"),
        f"{changes.spend_now + changes.spend_change:,.2f}",
    )


def _text(rows: pd.DataFrame, currency: str) -> str:
    cells = {heading(name, currency): [_cell(name, value) for value in rows[name]] for name in rows}
    return str(pd.DataFrame(cells).to_string(index=False))


def _cell(name: str, value: Any) -> str:
    """A value as it is read; a text of a report without signs that steer a terminal, and cut."""
    if isinstance(value, Text):
        value = say(value)
    elif LABELS[name].format != "text":
        return shown(name, value)
    text = quoted(str(value), 400)[1:-1] if isinstance(value, str) else shown(name, value)
    return text if len(text) <= _WIDEST or name in ("because", "todo", "place_to_go") else text[: _WIDEST - 1] + "…"

"""What an upload would change, as text for a terminal: the changes, what is left to people, what spends on no stock.

Nothing that a report says can move a cursor or look like a line of ours.
"""

from typing import Any

import pandas as pd

from wockit.analysis.changes import Changes
from wockit.columns import CHANGES, LABELS
from wockit.language import Text, say
from wockit.notes import quoted
from wockit.reading.account import Account
from wockit.show.labels import heading, shown

SHOWN = [name for name in CHANGES if name in LABELS and name != "ad_group"]
_WIDEST = 32


def approval_text(account: Account, changes: Changes, todo: pd.DataFrame, dead: pd.DataFrame) -> str:
    """What is going to happen, for a person to agree to.

    Parameters
    ----------
    account
        Whose it is.
    changes, todo, dead
        From `changes_of`, `checklist` and `dead_spend`.
    """
    whose = f"{quoted(account.name)[1:-1]}, {account.marketplace}, {say(Text('snapshot {0}', account.snapshot))}"
    parts = [whose]
    if changes.changes:
        parts.append(_table(changes.table[SHOWN], account.currency))
    else:
        parts.append(say("No bid, budget or ad has to change."))
    if not todo.empty:
        parts += [say("To do by hand"), _table(todo, account.currency)]
    if not dead.empty:
        parts += [say("Ads that still run on ASINs without stock"), _table(dead, account.currency)]
    if changes.changes:
        rise = Text(
            "{0} changes; ad spend per day {1} {2} now, {3} expected.",
            *(len(changes.changes), account.currency, f"{changes.spend_now:,.2f}"),
            f"{changes.spend_now + changes.spend_change:,.2f}",
        )
        parts.append(say(rise))
    return "\n\n".join(parts)


def _table(table: pd.DataFrame, currency: str) -> str:
    cells = {heading(name, currency): [_cell(name, value) for value in table[name]] for name in table}
    return str(pd.DataFrame(cells).to_string(index=False))


def _cell(name: str, value: Any) -> str:
    """A value as it is read; a text of a report without signs that steer a terminal, and cut."""
    if isinstance(value, Text):
        value = say(value)
    elif LABELS[name].format != "text":
        return shown(name, value)
    text = quoted(str(value), 400)[1:-1] if isinstance(value, str) else shown(name, value)
    return text if len(text) <= _WIDEST or name in ("because", "todo", "place_to_go") else text[: _WIDEST - 1] + "…"

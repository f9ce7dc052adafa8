"""Days that a file of orders covers: Amazon lists orders by their day or by their last update.

What several files say of one order is settled in `order_states`, which days tell the pace in `periods`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wockit.language import Text
from wockit.notes import Note
from wockit.reading.cells import Cells
from wockit.reading.values import instant

LATE = timedelta(days=7)
"""How long after the first order of a file its first update may be, if it lists orders by their day."""


@dataclass(frozen=True)
class Covered:
    """The first and the last moment that a file of orders covers, and whether it lists orders by their last update."""

    since: datetime | None = None
    until: datetime | None = None
    by_update: bool = False

    def notes(self, where: str) -> list[Note]:
        """Note that a file lacks orders of the days before it, if it does."""
        if not self.by_update or self.since is None:
            return []
        text = (
            "it lists orders by their last update, so it lacks orders from before {0}, and those days do not count. "
            "Download it by order date."
        )
        return [Note("info", where, Text(text, self.since.date()))]


def covered(purchases: Cells, updates: Cells | None) -> Covered:
    """Days that a file of orders covers, by all its rows, also those that are left out.

    A file by last update has few orders from before its first update, and all of those after it.
    """
    moments = _moments(purchases)
    first, last = _end(moments, min), _end(moments, max)
    started = _moments(updates) if updates else []
    update = _end(started, min)
    if not (first and last and update and first + LATE < update < last):
        return Covered(first, last)
    begin = min(started)
    before = sum(moment < begin for moment in moments)
    fewer = 2 * before / (update - first).total_seconds() < (len(moments) - before) / (last - update).total_seconds()
    return Covered(update if fewer else first, last, by_update=fewer)


def _moments(cells: Cells) -> list[str]:
    """The moments of a column as texts, whose order is that of time: to read all of them takes much longer."""
    texts = (cell if isinstance(cell, str) else _text(cell) for cell in cells.distinct)
    return [text for text in texts if text[:2] == "20"]


def _text(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, datetime) else ""


def _end(moments: Sequence[str], which: Callable[..., Any]) -> datetime | None:
    """The first or the last of several moments; those that cannot be read do not count."""
    with suppress(ValueError):
        return instant(which(moments, default=None))
    return which(filter(None, map(_readable, moments)), default=None)  # type: ignore[no-any-return]


def _readable(moment: str) -> datetime | None:
    with suppress(ValueError):
        return instant(moment)
    return None

"""Which days a file of orders covers: Amazon lists orders by their day or by their last update.

What several files say of one order is settled in `order_states`, which days tell the pace in `periods`.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

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
        """That a file lacks orders of the days before it, if it does."""
        if not self.by_update or self.since is None:
            return []
        text = (
            "it lists orders by their last update, so it lacks orders from before {0}, and those days do not count. "
            "Download it by order date."
        )
        return [Note("info", where, Text(text, self.since.date()))]


def covered(purchases: Cells, updates: Cells | None) -> Covered:
    """What a file of orders covers, of all its rows, those that are left out too.

    A file by last update has few orders from before its first update, and all of those after it.
    """
    moments = np.array(sorted(filter(None, map(_moment, purchases.distinct))), dtype="datetime64[s]")
    if not len(moments):
        return Covered()
    first, last = moments[0].item(), moments[-1].item()
    update = _moment(min(map(str, filter(None, updates.distinct)), default="")) if updates else None
    if update is None or not first + LATE < update < last:
        return Covered(first, last)
    before = int(np.searchsorted(moments, np.datetime64(update, "s")))
    fewer = 2 * before / (update - first).total_seconds() < (len(moments) - before) / (last - update).total_seconds()
    return Covered(update if fewer else first, last, by_update=fewer)


def _moment(cell: object) -> datetime | None:
    with suppress(ValueError):
        return instant(cell)  # type: ignore[arg-type]
    return None

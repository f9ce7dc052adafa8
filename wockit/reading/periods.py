"""Sales reports of several periods: which of them tell today's pace.

Orders name their day, and documents of the API the days that they cover. Single weeks of all of them are in
`sales_record`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd

from wockit.language import Text
from wockit.marketplaces import local_day
from wockit.notes import Note
from wockit.reading.reports import Report

Sold = tuple[Report, pd.DataFrame]
"""A sales report and its rows of the account's store."""


LONGEST_MONTH = 31
"""Days up to which periods add up."""


FEW_DAYS = 14
"""Days that are too few for a pace: the period before them is added, however long it is."""


QUIET = 2
"""Days without an order between two files of orders that have no gap."""


def by_period(sold: Sequence[Sold], zone: str) -> tuple[list[Sold], list[Note]]:
    """Sales reports, each of one period, the newest of its kind first: files of orders that follow one another are one.

    Records that name their own days are one report for each period.

    Parameters
    ----------
    sold
        Sales reports, the best kind first.
    zone
        The marketplace's clock.
    """
    single = [part for report, rows in sold for part in _of_single_periods(report, rows)]
    parts: list[Sold] = []
    notes: list[Note] = []
    for several in kinds(single):
        if "purchase_date" in several[0][1]:
            joined, more = _joined(several, zone)
            parts += joined
            notes += more
        else:
            parts += sorted(several, key=_newness, reverse=True)
    return parts, notes


def kinds(sold: Sequence[Sold]) -> list[list[Sold]]:
    """Sales reports by kind, in each kind as they come."""
    by_key: dict[str, list[Sold]] = {}
    for report, rows in sold:
        by_key.setdefault(report.schema.key, []).append((report, rows))
    return list(by_key.values())


def _of_single_periods(report: Report, rows: pd.DataFrame) -> Iterator[Sold]:
    """The records of each period that they name; all of them where they name one, or not all name theirs."""
    names = ["start_date", "end_date"]
    periods = rows[names].drop_duplicates() if "start_date" in rows else pd.DataFrame()
    if len(periods) < 2 or not periods["start_date"].le(periods["end_date"]).all():
        yield report, rows
        return
    for (first, last), part in rows.groupby(names):
        yield replace(report, sales_days=(last - first).days + 1, sales_last=last.date()), part


def _newness(sold: Sold) -> tuple[date, bool, int, int, str]:
    """Order of periods: by the last day, then by length up to a month."""
    report, _ = sold
    days = report.sales_days or 0
    return report.sales_last or date.min, days <= LONGEST_MONTH, days, len(report.file), report.file


def _joined(files: Sequence[Sold], zone: str) -> tuple[list[Sold], list[Note]]:
    """Files of orders that follow one another as one, the newest first; moments that a newer file covers count once."""
    joined: list[Sold] = []
    notes: list[Note] = []
    for report, rows in sorted(files, key=_last_moment, reverse=True):
        if not joined or report.since is None or (newer := joined[-1][0]).since is None:
            joined.append((report, rows))
            continue
        again = rows["purchase_date"].ge(newer.since) & (not (newer.united and report.united))
        if again.any():
            text = Text("{0} rows were left out, because a newer report covers their days.", f"{int(again.sum()):,}")
            notes.append(Note("info", report.file, text))
        apart = local_day(newer.since, zone) - local_day(report.until, zone)
        if apart > pd.Timedelta(days=QUIET + 1):
            joined.append((report, rows))
            continue
        whole = pd.concat([joined[-1][1], rows[~again]], ignore_index=True)
        joined[-1] = (replace(newer, since=min(newer.since, report.since)), whole)
    return joined, notes


def _last_moment(sold: Sold) -> tuple[datetime, int, str]:
    report = sold[0]
    return report.until or datetime.min, len(report.file), report.file


def _first_day(report: Report) -> date | None:
    """The first day of the period that a report states."""
    if not report.sales_days or not report.sales_last:
        return None
    return report.sales_last - timedelta(days=report.sales_days - 1)


@dataclass(frozen=True)
class Pace:
    """The newest periods of one kind of report, which follow one another, and the days that they cover."""

    parts: Sequence[Sold]
    days: int | None
    last: date | None = None

    def notes(self, every: Sequence[Sold]) -> Iterator[Note]:
        """Notes on a report, if there are several periods of its kind."""
        if self.days and self.last and len(every) > 1:
            text = Text(
                "units sold are those of {0} days, {1} to {2}. Other days of these reports count in the sales record "
                "only.",
                self.days,
                self.last - timedelta(days=self.days - 1),
                self.last,
            )
            yield Note("info", self.parts[0][0].file, text)


def newest(parts: Sequence[Sold], day: date) -> Pace:
    """The periods of one kind that tell the pace before a day: a month of them, or more where the last is short.

    Parameters
    ----------
    parts
        Of one kind, the newest first, as `by_period` gives them.
    day
        The snapshot's: a period that is not over ends on the day before. One that begins later is taken only where
        there is no other, and whole.
    """
    begun = [part for part in parts if (_first_day(part[0]) or day) < day] or parts[:1]
    report, _ = begun[0]
    first = _first_day(report)
    if not first or not report.sales_last:
        return Pace(parts[:1], parts[0][0].sales_days)
    last = report.sales_last if first >= day else min(report.sales_last, day - timedelta(days=1))
    taken = [begun[0]]
    for part, rows in begun[1:]:
        days = part.sales_days or 0
        follows = part.sales_last == first - timedelta(days=1)
        covered = (last - first).days + 1
        if follows and days and (covered + days <= LONGEST_MONTH or covered < FEW_DAYS):
            taken.append((part, rows))
            first -= timedelta(days=days)
    return Pace(taken, max((last - first).days + 1, 1), last)

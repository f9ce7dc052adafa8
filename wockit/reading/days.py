"""A column of days, in any order of day and month and in any language of Amazon's reports.

Which of two numbers is the day is told by the column as a whole. Single cells of other kinds live in `values`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from types import MappingProxyType

from wockit.language import Text
from wockit.reading.values import LONGEST, MISSING, Cell, of_our_time, text

MONTHS = MappingProxyType(
    {
        start: number
        for number, starts in enumerate(
            [
                ("jan", "ene", "gen", "sty", "oca"), ("feb", "fev", "lut", "sub"), ("mar", "maa", "mrt", "mrz"),
                ("apr", "abr", "avr", "kwi", "nis"), ("may", "mai", "mag", "mei", "maj"),
                ("jun", "juin", "giu", "cze", "haz"), ("jul", "juil", "lug", "lip", "tem"),
                ("aug", "ago", "aou", "sie", "agu"), ("sep", "set", "wrz", "eyl"),
                ("oct", "okt", "ott", "out", "paz", "eki"), ("nov", "lis", "kas"), ("dec", "dez", "dic", "gru", "ara"),
            ],
            1,
        )
        for start in starts
    }
)  # fmt: skip
"""How the name of a month begins in the languages of Amazon's reports, without accents."""


_EITHER_ORDER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ].*)?\Z")
"""A date of which the first or the second number may be the day."""


_WEEKDAY, _TIME = r"(?:[^\W\d]{3,}[.,]{1,2} )?", r"(?:,? \d.*)?"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:[T ].*)?",
        r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        _WEEKDAY + r"(?P<month>[^\W\d]{3,})\.?[- ](?P<day>\d{1,2}),?[- ](?P<year>\d{4}|\d{2})" + _TIME,
        _WEEKDAY + r"(?P<day>\d{1,2})(?:\.|er|º)?[-/. ](?:de )?(?P<month>[^\W\d]{3,})\.?,?[-/. ](?:de )?"
        r"(?P<year>\d{4}|\d{2})" + _TIME,
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})" + _TIME,
    )
)


_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[-/.]20\d\d|20\d\d[-/.](?:0?[1-9]|1[0-2])")


_FIRST_SERIAL = date(1899, 12, 30)
"""The day that a spreadsheet counts its days from."""


_SERIALS = range(36526, 73051)
"""The days of 2000 to 2099 by their numbers in a spreadsheet."""


_FRESH = 7
"""Days before a download in which its last day lies."""


class EitherOrder(ValueError):
    """A column of dates that does not show whether the day or the month comes first."""


def dates(cells: Iterable[Cell], day: date | None = None) -> list[date | None]:
    """A column of dates; which of two numbers is the day is read off the column as a whole and never guessed.

    Parameters
    ----------
    cells
        The column, each different cell once.
    day
        The day on which the file was downloaded. Where the column itself leaves both orders, the one counts whose
        dates do not lie ahead of this day, whose dates follow one another, or which ends in the week before it.

    Raises
    ------
    ValueError
        With the text that is not a date.
    EitherOrder
        With the first one that could be read both ways.

    Examples
    --------
    >>> dates(["2026-11-23", "Feb 1, 2020", "3-Nov-26"])
    [datetime.date(2026, 11, 23), datetime.date(2020, 2, 1), datetime.date(2026, 11, 3)]
    >>> dates(["04/07/2026", "24/07/2026"])[0]
    datetime.date(2026, 7, 4)
    >>> dates(["04/07/2026"], day=date(2026, 7, 5))
    [datetime.date(2026, 7, 4)]
    """
    cells = list(cells)
    either = [m for cell in cells if isinstance(cell, str) and (m := _EITHER_ORDER.match(text(cell) or ""))]
    if not either:
        return [_date(cell) for cell in cells]
    orders: list[tuple[bool, list[date]]] = []
    for day_first in (True, False):
        with suppress(ValueError):
            days = [_date(match[0], day_first) for match in either]
            orders.append((day_first, sorted({each for each in days if each})))
    if not orders or (len(orders) == 2 and orders[0][1] != orders[1][1] and not (orders := _likely(orders, day))):
        raise EitherOrder(
            Text(
                "{0} may be day/month or month/day; the other dates do not show which.",
                repr(re.split("[T ]", either[0][0])[0]),
            )
        )
    return [_date(cell, orders[0][0]) for cell in cells]


def has_either_order(cell: Cell) -> bool:
    """True if a date may have its day first or second, so that only its column decides.

    Examples
    --------
    >>> has_either_order("04/07/2026"), has_either_order("2026-07-04")
    (True, False)
    """
    return isinstance(cell, str) and bool(_EITHER_ORDER.match(text(cell) or ""))


def _likely(orders: list[tuple[bool, list[date]]], day: date | None) -> list[tuple[bool, list[date]]]:
    """The one of two orders of day and month that can be meant; none where neither or both can."""
    tests: list[Callable[[list[date]], bool]] = [_in_a_row]
    if day:
        tests = [
            lambda days: days[-1] <= day + timedelta(days=1),
            *tests,
            lambda days: -1 <= (day - days[-1]).days <= _FRESH,
        ]
    for test in tests:
        left = [order for order in orders if test(order[1])]
        if len(left) == 1:
            return left
    return []


def _in_a_row(days: Sequence[date]) -> bool:
    return len(days) > 2 and (days[-1] - days[0]).days == len(days) - 1


def _date(cell: Cell, day_first: bool = False) -> date | None:
    content = text(cell)
    if content is None or content in MISSING:
        return None
    with suppress(ValueError, KeyError):
        if len(content) > LONGEST:
            raise ValueError
        if isinstance(cell, date):
            return of_our_time(cell.date() if isinstance(cell, datetime) else cell)
        if (m := re.fullmatch(r"(\d{5})(?:\.0+)?", content, re.ASCII)) and int(m[1]) in _SERIALS:
            return _FIRST_SERIAL + timedelta(days=int(m[1]))
        return of_our_time(date(*_parts(content, day_first)))
    if _MONTH.fullmatch(content):
        raise ValueError(Text("{0} is a month, not a day.", repr(content)))
    raise ValueError(Text("{0} is not a date.", repr(content[:40])))


def _parts(content: str, day_first: bool) -> tuple[int, int, int]:
    """Year, month and day of a text."""
    if m := _EITHER_ORDER.match(content):
        first, second = int(m[1]), int(m[3])
        return _year(m[4]), *((second, first) if day_first else (first, second))
    parts = next((m for form in _FORMS if (m := form.fullmatch(content))), None)
    if parts is None:
        raise ValueError
    return _year(parts["year"]), _month(parts["month"]), int(parts["day"])


def _month(name: str) -> int:
    """The number of a month, from its digits or its name, whole or short."""
    if name.isdecimal():
        return int(name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalpha())
    return MONTHS[bare[:4]] if bare[:4] in MONTHS else MONTHS[bare[:3]]


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)

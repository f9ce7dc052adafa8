"""One cell of a report: what a text, a count, an amount, a share or a moment looks like in any marketplace.

Every parser takes one cell (text, or the value a spreadsheet holds) and returns the value, or `None` if the cell is
empty, or raises `ValueError`. The decimal mark is decided cell by cell. Days, whose order a whole column tells, live in
`days`; columns and files in `report_table` and `reports`.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

from wockit.language import Text
from wockit.marketplaces import CURRENCIES, SITES

Cell = str | float | int | bool | date | datetime | time | timedelta | None


_Day = TypeVar("_Day", date, datetime)


LONGEST = 200
"""Characters of a cell that may be a number or a day; patterns take too long on a longer one."""


MISSING = frozenset({"", "-", "--", "–", "—", "None", "N/A", "<5%"})


YES = frozenset({"yes", "true", "y", "1", "ja", "oui", "sí", "si", "sì", "tak", "是", "はい"})
NO = frozenset({"no", "false", "n", "0", "nein", "non", "nee", "nej", "nie", "否", "いいえ"})
"""How people write yes and no, in the languages of Amazon's marketplaces."""


_DOLLARS = frozenset({"USD", "CAD", "MXN", "AUD", "SGD"})


SIGNS: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {code: frozenset({code}) for code in CURRENCIES.values()}
    | {"$": _DOLLARS, "¥": frozenset({"JPY"}), "円": frozenset({"JPY"}), "€": frozenset({"EUR"})}
    | {"£": frozenset({"GBP"}), "₹": frozenset({"INR"}), "RS": frozenset({"INR"}), "ZŁ": frozenset({"PLN"})}
    | {"KR": frozenset({"SEK"}), "R$": frozenset({"BRL"}), "TL": frozenset({"TRY"}), "₺": frozenset({"TRY"})}
)
"""Signs and codes that stand beside an amount, and the currencies that each may mean."""


_CURRENCY_WORDS = frozenset({*CURRENCIES.values(), "KR", "R", "RS", "TL", "ZŁ", "円"})


_OUR_TIME = range(1990, 2200)


_GROUPED = re.compile(r"\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}\Z")


_THOUSANDTHS = re.compile(r"[-(]?(?:US\$|[$£₹]|Rs\.?)?\s?-?\d{1,3}\.\d{3}\)?")
"""An amount as those write it who have a decimal dot."""


_DECIMALS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d([.,])(?:\d{1,2}|\d{4,})(?!\d|[.,]\d)",
        r"(?<![\w.,])0?([.,])\d{3}(?!\d|[.,]\d)",
        r"\d,\d{3}(\.)\d{3}(?!\d|[.,]\d)",
        r"\d\.\d{3}(,)\d{3}(?!\d|[.,]\d)",
    )
)
"""A decimal mark: before other than three digits, behind a single 0 or nothing, or the other one behind thousands."""


_ENOUGH = 1000
"""Different amounts of a column that are looked at first."""


_PLAIN = re.compile(r"\d*(?:[.,]\d*)?(?:[eE][+-]?\d+)?\Z")


def text(cell: Cell) -> str | None:
    """Text exactly as it stands, without the spaces around it or Excel's `="..."` wrapping.

    Examples
    --------
    >>> text(' ="0012" '), text(12.0), text("  ")
    ('0012', '12', None)
    """
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    content = str(cell).strip()
    if wrapped := re.fullmatch(r'="(.*)"', content, re.DOTALL):
        content = wrapped[1]
    return content or None


def asin(cell: Cell) -> str | None:
    """An ASIN: ten capitals or digits, ISBNs of books included, with the zeros that a spreadsheet took from these.

    Examples
    --------
    >>> asin("b000000001"), asin('="9788015328"'), asin("306406152")
    ('B000000001', '9788015328', '0306406152')
    """
    code = text(cell)
    if code is None or code in MISSING:
        return None
    if re.fullmatch(r"\d{6,8}[\dXx]", code, re.ASCII) and _is_isbn(code.rjust(10, "0").upper()):
        return code.rjust(10, "0").upper()
    if not re.fullmatch(r"[A-Z0-9]{10}", code.upper(), re.ASCII):
        raise ValueError(Text("an ASIN (ten letters or digits)"))
    return code.upper()


def _is_isbn(digits: str) -> bool:
    """True if the last of ten digits is that of an ISBN."""
    return sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits)) % 11 == 0


def count(cell: Cell) -> float | None:
    """A whole number; a single mark before three digits groups thousands.

    Examples
    --------
    >>> count("3,200"), count("1.234.567"), count("--")
    (3200.0, 1234567.0, None)
    """
    number = _number(cell, groups_of_three=True)
    if number is not None and not number.is_integer():
        raise ValueError(Text("a whole number"))
    return number


def money(cell: Cell, decimal: str = "") -> float | None:
    """An amount with or without its currency; brackets or a minus make it negative.

    A single mark before three digits groups thousands, unless it is the column's `decimal` mark.

    Examples
    --------
    >>> money("€1.234,56"), money("Rs.15.5138462"), money("(12.00)"), money("£1,234"), money("5.125", decimal=".")
    (1234.56, 15.5138462, -12.0, 1234.0, 5.125)
    """
    return _number(cell, groups_of_three=not (decimal and isinstance(cell, str) and decimal in cell), currency=True)


def decimal_mark(cells: Iterable[Cell], usual: str = "") -> str:
    """The decimal mark of a column of amounts, as those of its amounts show it that can be read one way only.

    Where every amount has a dot and three digits these are decimals: a column of thousands has amounts below it too.

    Parameters
    ----------
    cells
        The different amounts of a column.
    usual
        The mark in the language of the report, which counts where no amount shows one.

    Examples
    --------
    >>> decimal_mark(["5.125", "5.1250"]), decimal_mark(["1.234", "12,50 €"]), decimal_mark(["1.234", "1,234"])
    ('.', ',', '')
    >>> decimal_mark(["5.125", "4.250", "0"]), decimal_mark(["5.125", "999"]), decimal_mark(["5.125 €"])
    ('.', '', '')
    >>> decimal_mark(["1,234", "0,512"]), decimal_mark(["5.125", "1,234.500"]), decimal_mark(["5.125", "999"], ".")
    (',', '.', '.')
    """
    texts = (cell for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST)
    first = list(islice(texts, _ENOUGH))
    if marks := _marks(first):
        return marks.pop() if len(marks) == 1 else ""
    rest = list(texts)
    if marks := _marks(rest):
        return marks.pop() if len(marks) == 1 else ""
    amounts = [cell for cell in (*first, *rest) if any(digit in cell for digit in "123456789")]
    return "." if amounts and all(map(_THOUSANDTHS.fullmatch, amounts)) else usual


def _marks(texts: Iterable[str]) -> set[str]:
    """The decimal marks of amounts that can be read one way only."""
    return {match[1] for text in texts for pattern in _DECIMALS if (match := pattern.search(text))}


def sign(cell: Cell) -> str:
    """The currency sign or code beside an amount, in capitals; nothing where none of `SIGNS` stands there.

    Examples
    --------
    >>> sign("£1,234.00"), sign("Rs.15.51"), sign("127.156,00 €"), sign("12"), sign("7 Day Total Sales (EUR)")
    ('£', 'RS', '€', '', 'EUR')
    """
    if not isinstance(cell, str) or len(cell) > LONGEST or cell.replace(".", "", 1).isdigit():
        return ""
    symbol = unicodedata.normalize("NFKC", cell).replace("\\", "¥").upper().strip()
    if bracketed := re.search(r"\(([^()]*)\)$", symbol):
        symbol = bracketed[1]
    symbol = re.sub(r"[^\w$¥€£₹₺]|[\d_]", "", symbol)
    return symbol if symbol in SIGNS else ""


def cost(cell: Cell, decimal: str = "") -> float | None:
    """An amount that a person wrote: a single dot is its decimal mark, whatever follows, unless the column has another.

    Examples
    --------
    >>> cost("2.875"), cost("1,234.50"), cost("2,75 €"), cost("1.234", decimal=",")
    (2.875, 1234.5, 2.75, 1234.0)
    >>> cost("2,875")
    Traceback (most recent call last):
    ValueError: an amount such as 2875 or 2.875 (the comma is ambiguous)
    """
    if decimal == ",":
        return money(cell, decimal)
    if not decimal and isinstance(cell, str) and re.fullmatch(r"\D*[1-9]\d{0,2},\d{3}\D*", cell):
        raise ValueError(Text("an amount such as 2875 or 2.875 (the comma is ambiguous)"))
    return money(cell, ".")


def rate(cell: Cell) -> float | None:
    """A plain number that may have any number of decimals; never grouped by a single mark. `Infinite` is infinite.

    Examples
    --------
    >>> rate("4,286"), rate("Infinite")
    (4.286, inf)
    """
    if isinstance(cell, str) and cell.strip().casefold() in ("infinite", "infinity", "∞"):
        return float("inf")
    return _number(cell, groups_of_three=False)


def percent(cell: Cell) -> float | None:
    """A share, as a fraction: `12.5%` and 0.125 are the same.

    Examples
    --------
    >>> percent("12,5 %"), percent(0.125)
    (0.125, 0.125)
    """
    if isinstance(cell, str) and cell.strip() not in MISSING and (bare := cell.strip()).endswith(("%", "％")):
        number = _number(bare[:-1], groups_of_three=False)
        return None if number is None else number / 100
    return _number(cell, groups_of_three=False)


def flag(cell: Cell) -> float | None:
    """Yes or no, as 1 or 0.

    Examples
    --------
    >>> flag("Yes"), flag("no")
    (1.0, 0.0)
    """
    word = text(cell)
    if word is None or word in MISSING:
        return None
    word = word.casefold()
    if word in YES:
        return 1.0
    if word in NO:
        return 0.0
    raise ValueError(Text("Yes or No"))


def marketplace(cell: Cell) -> str | None:
    """A marketplace's two-letter code, from the code itself or the site's name; other text is kept in capitals.

    `Non-Amazon` (orders of other shops that FBA ships) is none.

    Examples
    --------
    >>> marketplace("Amazon.co.uk"), marketplace("AMAZON_US"), marketplace("GB"), marketplace("us")
    ('UK', 'US', 'UK', 'US')
    """
    site = (text(cell) or "").casefold().replace("_", ".")
    if site.startswith("non-amazon"):
        return None
    bare = site.removeprefix("amazon.")
    code = bare if bare.upper() in CURRENCIES else site
    return SITES.get(site) or SITES.get("amazon." + bare) or code.upper() or None


def instant(cell: Cell) -> datetime | None:
    """A moment with its offset, as UTC; without an offset it is UTC already, and a bare day is its noon.

    Examples
    --------
    >>> instant("2026-11-20T23:30:00-08:00")
    datetime.datetime(2026, 11, 21, 7, 30)
    """
    if isinstance(cell, datetime):
        return of_our_time(cell)
    timestamp = text(cell)
    if timestamp is None or timestamp in MISSING:
        return None
    try:
        moment = of_our_time(datetime.fromisoformat(timestamp))
        if len(timestamp) == len("2026-11-20"):
            moment += timedelta(hours=12)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise ValueError(Text("a time such as 2026-11-20T23:30:00+00:00")) from None


def of_our_time(day: _Day) -> _Day:
    """Refuse an impossible year, which exporters write for an empty date."""
    if day.year not in _OUR_TIME:
        raise ValueError(Text("a plausible date"))
    return day


def _number(cell: Cell, groups_of_three: bool, currency: bool = False) -> float | None:
    if cell is None:
        return None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _finite(float(cell))
    if not isinstance(cell, str) or len(cell) > LONGEST or (not cell.isascii() and any(map(is_exponent, cell))):
        raise ValueError(Text("a number"))
    content = unicodedata.normalize("NFKC", cell).replace("−", "-").replace("’", "'").strip()
    content = f"¥{content[1:]}" if content.startswith("\\") else content  # how Shift-JIS writes the yen sign
    if content in MISSING or content.upper() in MISSING:
        return None
    content = re.sub(r"^([^\d.,]*[^\W\d_])\.", r"\1", content)  # the dot of Rs. is no decimal mark
    body = re.sub(r"^[^\d.,]+|[^\d.,]+$", "", content)
    lead, _, tail = content.partition(body) if body else (content, "", "")
    sign = re.sub(r"[^-+()]", "", lead) + "0" + re.sub(r"[^-+()]", "", tail)
    unit = re.sub(r"[-+()\s]", "", lead + tail)
    if not re.search(r"\d", body) or sign not in ("0", "+0", "-0", "0-", "(0)") or not _is_unit(unit, currency):
        raise ValueError(Text("an amount") if currency else Text("a number"))
    value = _finite(float(_with_point(body, groups_of_three)))
    return value if sign in ("0", "+0") else -value


def is_exponent(sign: str) -> bool:
    """True for a sign that looks like a digit and is none: the one above in 9², the one in a circle."""
    return sign.isdigit() and not sign.isdecimal()


def _is_unit(unit: str, currency: bool) -> bool:
    symbol = len(unit) <= 3 and any(unicodedata.category(sign) == "Sc" for sign in unit)
    return not unit or (currency and (symbol or unit.upper() in _CURRENCY_WORDS))


def _with_point(body: str, groups_of_three: bool) -> str:
    marks = [mark for mark in body if mark in ".,"]
    if len(set(marks)) == 2:
        whole, _, decimals = body.rpartition(marks[-1])
        if marks[-1] in whole or not _GROUPED.match(whole):
            raise ValueError(Text("a number"))
        return re.sub(r"\D", "", whole) + "." + _digits(decimals)
    body = re.sub(r"(?<=\d)[ '](?=\d{3}(?!\d))", "", body)
    single_group = len(marks) == 1 and groups_of_three and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body)
    if len(marks) > 1 or single_group:
        if not _GROUPED.match(body):
            raise ValueError(Text("a number"))
        return re.sub(r"\D", "", body)
    if not _PLAIN.match(body):
        raise ValueError(Text("a number"))
    return body.replace(",", ".")


def _digits(decimals: str) -> str:
    if not re.fullmatch(r"\d*", decimals, re.ASCII):
        raise ValueError(Text("a number"))
    return decimals or "0"


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(Text("a number"))
    return value


PARSERS: MappingProxyType[str, Callable[[Cell], str | float | datetime | None]] = MappingProxyType(
    {
        "text": text,
        "asin": asin,
        "count": count,
        "money": money,
        "cost": cost,
        "rate": rate,
        "percent": percent,
        "flag": flag,
        "marketplace": marketplace,
        "instant": instant,
    }
)

"""`rates.csv`: exchange rates that an agency keeps beside its accounts, so that sums can be told in one currency.

    currency,rate
    USD,1
    EUR,1.09

A rate is what one unit of the currency is worth in the currency whose rate is 1.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from wockit.language import Text
from wockit.notes import Problem, WockitError, quoted
from wockit.reading.door import LARGEST_OWN, own_text

RATES_FILE = "rates.csv"


LARGEST_EXCHANGE_RATE = 1_000_000
"""What no rate is above, and one over what none is below: no two currencies of Amazon's stores lie so far apart."""


@dataclass(frozen=True)
class Rates:
    """Rates of all currencies in one of them.

    Examples
    --------
    >>> rates = Rates("USD", {"USD": 1.0, "EUR": 1.1})
    >>> round(rates.convert(100, "EUR"), 2), rates.convert(100, "GBP")
    (110.0, None)
    """

    currency: str
    values: Mapping[str, float]

    def convert(self, amount: float, currency: object) -> float | None:
        """An amount in the currency of the sums; nothing where its own currency has no rate."""
        rate = self.values.get(str(currency))
        return None if rate is None else amount * rate


def read_rates(folder: str) -> Rates | None:
    """The rates of a folder of accounts, or of an address that fsspec can open; nothing where it has none.

    Raises
    ------
    WockitError
        With every row that is no currency with a rate.
    """
    try:
        text = _text(folder)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        message = Text("cannot be read: {0}.", quoted(str(error), 200))
        raise WockitError([Problem(RATES_FILE, message, "Save it as CSV UTF-8.")]) from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
    try:
        names, rows = reader.fieldnames or (), [(row, reader.line_num) for row in reader]
    except csv.Error as error:
        message = Text("cannot be read: {0}.", quoted(str(error), 200))
        raise WockitError([Problem(RATES_FILE, message, "Its first row must be: currency,rate")]) from None
    if missing := {"currency", "rate"} - {name.strip().lower() for name in names}:
        message = Text("missing columns: {0}.", ", ".join(sorted(missing)))
        raise WockitError([Problem(RATES_FILE, message, "Its first row must be: currency,rate")])
    values: dict[str, float] = {}
    problems = []
    for row, number in rows:
        cells = {str(name).strip().lower(): cell for name, cell in row.items()}
        currency, rate = str(cells["currency"] or "").strip().upper(), _number(cells["rate"], delimiter)
        where = Text("{0}, row {1}", RATES_FILE, number)
        if len(currency) != 3 or not currency.isalpha():
            problems.append(Problem(where, Text("expected a currency such as EUR, found {0}.", quoted(currency))))
        elif rate is None:
            message = Text(
                "expected a rate above 0 and up to {0}, found {1}.", f"{LARGEST_EXCHANGE_RATE:,}", quoted(cells["rate"])
            )
            problems.append(Problem(where, message, "Write what one unit is worth, e.g. 1.09"))
        elif currency in values:
            problems.append(Problem(where, Text("{0} has two rates.", currency), "Delete one of them."))
        else:
            values[currency] = rate
    base = next((currency for currency, rate in values.items() if rate == 1), "")
    if not problems and not base:
        problems.append(Problem(RATES_FILE, "no currency has the rate 1.", "Write 1 for the currency of the sums."))
    if problems:
        raise WockitError(problems)
    return Rates(base, values)


def _text(folder: str) -> str:
    if "://" not in folder:
        return own_text(Path(folder) / RATES_FILE, Path(folder), RATES_FILE)
    files, root = fsspec.url_to_fs(folder)
    with files.open(f"{root.rstrip('/')}/{RATES_FILE}", "rb") as file:
        content: bytes = file.read(LARGEST_OWN)
    return content.decode("utf-8-sig")


def _number(cell: Any, delimiter: str) -> float | None:
    """A rate that can be; a decimal comma is taken where columns are split at semicolons."""
    text = str(cell or "").strip()
    try:
        rate = float(text.replace(",", ".") if delimiter == ";" else text)
    except ValueError:
        return None
    return rate if 1 / LARGEST_EXCHANGE_RATE <= rate <= LARGEST_EXCHANGE_RATE else None

"""The file of costs that a seller fills in, made with what his reports say already; one that is there is left alone."""

import csv
import re
from pathlib import Path

import pandas as pd

from wockit.language import Text
from wockit.notes import AccountError, Problem
from wockit.reading.account import Account

_SIGNS = "=+-@＝＋－＠"
"""What a formula begins with; spreadsheets take the full-width signs too."""


_BLANKS = " \u00a0\u200b\ufeff"
"""What may stand before a formula unseen."""


_INSIDE = re.compile(rf"([;\t\r\n][{_BLANKS}]*)(?=[{re.escape(_SIGNS)}])")
"""Where a formula may begin inside of a text: behind what a spreadsheet may split at."""


_FIRST = rf"^(?:[\t\r\n]|[{_BLANKS}]*[{re.escape(_SIGNS)}])"


MAY_BEGIN = rf"{_FIRST}|[;\t\r\n]"
"""Where a formula may begin at all; few texts have such a place."""


_MAY_BEGIN, _AT_FIRST = re.compile(MAY_BEGIN), re.compile(_FIRST)


KNOWN = {
    "price_reported": "price", "referral_rate_reported": "referral_rate", "fulfilment_fee_reported": "fulfilment_fee",
    "size_tier_reported": "size_tier",
}  # fmt: skip
"""Columns that show what reports say; they are not read."""


TO_FILL = ("landed_cost", "lead_time_days", "referral_rate", "fulfilment_fee", "size_tier", "unit_weight", "clear_by")
"""Columns that are left blank."""


def costs_to_fill_in(account: Account) -> pd.DataFrame:
    """One row per ASIN: title, what reports say of its price and fees, and blank columns to fill in."""
    index = account.stock.index
    reported = account.costs.reindex(index).assign(price=account.stock["price"])
    table = pd.DataFrame({"title": account.stock["title"].fillna(account.sales["title"].reindex(index))}, index=index)
    table = table.assign(**{shown: reported[name] for shown, name in KNOWN.items()}).dropna(axis=1, how="all")
    return table.reindex(columns=[*table.columns, *TO_FILL])


def write_costs(account: Account, folder: Path) -> Path | None:
    """Write `costs.csv` for Excel, unless the account has one; its path, or nothing.

    Raises
    ------
    AccountError
        If it cannot be written.
    """
    path = folder / "costs.csv"
    if path.exists() or path.with_suffix(".xlsx").exists():
        return None
    table = costs_to_fill_in(account).reset_index()
    rows = [[_plain(cell) for cell in row] for row in table.astype(object).to_numpy()]
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([[*table.columns], *rows])
    except OSError as error:
        raise AccountError([Problem("costs.csv", Text("cannot be written: {0}.", error.strerror))]) from None
    return path


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; nothing where it is missing."""
    if cell is None or pd.isna(cell):
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return inert_text(str(cell))


def inert_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, be it split at semicolons or tabs, as in many countries.

    Examples
    --------
    >>> inert_text("=1+1"), inert_text("Cup; +1"), inert_text("Cup, -20 %")
    ("'=1+1", "Cup; '+1", 'Cup, -20 %')
    """
    if not _MAY_BEGIN.search(text):
        return str(text)
    inside = _INSIDE.sub(r"\1'", text)
    return f"'{inside}" if _AT_FIRST.match(inside) else inside

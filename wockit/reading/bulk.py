"""The bulk download of the advertising console: portfolios, campaigns, ads and targets, ids as text for ever.

Its columns are data in `schema/bulk_operations.toml`, the words in its cells in `bulk_words.toml`. What to change in it
is decided in `analysis.changes`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import BULK
from wockit.language import Text
from wockit.notes import Note, Problem, WrongFile, quoted, some
from wockit.reading.cells import Cells, Sheet
from wockit.reading.days import dates
from wockit.reading.schemas import Schema, normalised, recognise
from wockit.reading.values import PARSERS, decimal_mark, money, text

PRODUCTS = "Sponsored Products"
CAMPAIGN, AD_GROUP, AD, KEYWORD, TARGETING = "Campaign", "Ad Group", "Product Ad", "Keyword", "Product Targeting"
ID = MappingProxyType(
    {CAMPAIGN: "campaign_id", AD_GROUP: "ad_group_id", AD: "ad_id", KEYWORD: "keyword_id", TARGETING: "target_id"}
)
"""What can be changed, and the column with its own id."""
IDS = ("campaign_id", "ad_group_id", "portfolio_id", "ad_id", "keyword_id", "target_id")
INFORMATION = ("campaign_shown", "ad_group_shown", "portfolio", "campaign_state", "ad_group_state", "asin")
"""What the console ignores in an upload: it is copied for people."""
COPIED = (*IDS, "ends", *INFORMATION)
"""Columns that an upload repeats. A blank portfolio or end date would take it away from a campaign."""
MOST_DIGITS = 10**15
"""From here on a number in a spreadsheet has lost digits."""
_AS_NUMBER = re.compile(r"[\d.,]+E\+\d+", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{8}", re.ASCII)
_NAME = re.compile(r"bulk-.*-\d{8}-(\d{8})-(\d{13})", re.ASCII | re.IGNORECASE)
"""How the console names a download: last day of its period, and when it was made [ms]."""
DAMAGED = "Download it again. Do not open it in Excel before you put it into the folder."


@dataclass(frozen=True)
class Bulk:
    """A bulk download.

    Attributes
    ----------
    file, sheet
        The file in the account, and its sheet of Sponsored Products; empty if it has none.
    day
        When it was downloaded, as far as its name tells.
    header
        The header row of that sheet as it stands, which an upload repeats.
    places : dict
        Our column -> its place in that header.
    rows : pandas.DataFrame
        The rows of all sheets (`BULK`); `row` is the number in the sheet.
    cells : pandas.DataFrame
        What an upload repeats of the sheet of Sponsored Products: texts by place in the header and number of the row.
    """

    file: str
    sheet: str
    day: date | None
    header: tuple[str, ...]
    places: Mapping[str, int]
    rows: pd.DataFrame
    cells: pd.DataFrame

    @property
    def products(self) -> pd.DataFrame:
        """The rows of Sponsored Products that can be changed."""
        rows = self.rows
        return rows[rows["product"].eq(PRODUCTS) & rows["entity"].isin([*ID])]


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The English of what stands in a cell, by column, for each way of writing it in lower case.

    Examples
    --------
    >>> words()["state"]["已暂停"], words()["entity"]["product ad"]
    ('paused', 'Product Ad')
    """
    content = tomllib.loads((Path(__file__).parent / "bulk_words.toml").read_text(encoding="utf-8"))
    return {
        column: {normalised(word): english for english, spellings in table.items() for word in (english, *spellings)}
        for column, table in content.items()
    }


def day_of(file: str) -> date | None:
    """The day on which a bulk download was made, as the console names such files.

    Examples
    --------
    >>> day_of("2026-11-23/bulk-a1b2c3-20261024-20261122-1795420800000.xlsx")
    datetime.date(2026, 11, 23)
    """
    if not (named := _NAME.search(file)):
        return None
    try:
        return datetime.fromtimestamp(int(named[2]) / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def read_bulk(sheets: Iterable[Sheet], schema: Schema, where: str) -> tuple[Bulk, list[Note], str]:
    """Every sheet of a bulk download that can be used, notes, and the currency that it states.

    Parameters
    ----------
    sheets
        The candidate tables of the file, one after another.
    schema
        Its layout, with the account's own spellings.
    where
        What to call the file.

    Raises
    ------
    WrongFile
        If ids have lost digits, or a column stands there twice.
    """
    tables, notes, read = [], [], set()
    currencies: list[str] = []
    sheet_name, of_products = "", pd.DataFrame()
    header: tuple[str, ...] = ()
    places: Mapping[str, int] = {}
    for sheet in sheets:
        if sheet.name in read or not recognise(sheet.header, [schema]):
            continue
        read.add(sheet.name)
        own = _places(sheet, schema, where)
        unknown = [place for place, cell in enumerate(sheet.header) if cell and place not in own.values()]
        wanted = [own[name] for name in own if schema.columns[name].read]
        columns = dict(zip([*wanted, *unknown], sheet.read([*wanted, *unknown]), strict=True))
        table, more = _table({name: columns[place] for name, place in own.items() if place in columns}, schema, where)
        notes += more
        rows = np.arange(len(table["product"])) + sheet.first_row
        table["row"] = rows.astype(object)
        currencies += filter(None, table["currency"])
        of_sheet = table["product"] == PRODUCTS
        if not sheet_name and of_sheet.any():
            sheet_name, header, places = sheet.name or PRODUCTS, sheet.header, own
            copied = [*(own[name] for name in COPIED if name in own), *unknown]
            of_products = pd.DataFrame({place: _texts(columns[place], _written) for place in copied}, index=rows)
            if "ends" in own:
                of_products[own["ends"]] = table["ends"]
        elif of_sheet.any():
            second = quoted(sheet.name)
            warning = Text(
                "{0} rows of Sponsored Products on a second sheet, {1}, are left out.", of_sheet.sum(), second
            )
            notes.append(Note("warning", where, warning))
            table = {name: cells[~of_sheet] for name, cells in table.items()}
        tables.append(table)
        if not sheet.name:
            break
    whole = pd.DataFrame({name: np.concatenate([table[name] for table in tables]) for name in BULK}).astype(BULK)
    _check_ids(whole, where)
    bulk = Bulk(where, sheet_name, day_of(where), tuple(header), MappingProxyType(dict(places)), whole, of_products)
    return bulk, notes, next(iter(dict.fromkeys(currencies)), "")


def _places(sheet: Sheet, schema: Schema, where: str) -> dict[str, int]:
    """Place of each of our columns, by name alone, because every account has another order."""
    folded = [normalised(cell) for cell in sheet.header]
    twice = [cell for cell, number in Counter(filter(None, folded)).items() if number > 1]
    spellings = {spelling for _, spelling in schema.spelled}
    if odd := [cell for cell in twice if cell in spellings]:
        message = Text("duplicate columns: {0}.", some(odd, words=True))
        raise WrongFile([Problem(where, message, DAMAGED)])
    places: dict[str, int] = {}
    for name, spelling in schema.spelled:
        if name not in places and spelling in folded:
            places[name] = folded.index(spelling)
    return places


def _table(raw: Mapping[str, Cells], schema: Schema, where: str) -> tuple[dict[str, Any], list[Note]]:
    """The columns of a sheet as values, words in English; a cell that cannot be read is missing and noted."""
    rows = len(next(iter(raw.values())).codes)
    columns: dict[str, Any] = {}
    notes = []
    for name in BULK:
        if name not in raw:
            columns[name] = np.full(rows, None)
            continue
        cells, kind = raw[name], schema.columns[name].kind
        if name == "ends":
            columns[name] = _days(cells, where)
            continue
        lost: list[Any] = []
        parse = partial(money, decimal=decimal_mark(cells.distinct)) if kind == "money" else PARSERS[kind]
        if name in words():
            parse = partial(_word, name)
        elif name in IDS:
            parse = _id
        columns[name] = _values(cells, parse, lost)
        if name == "state" and (strange := {*filter(None, columns[name])} - {*words()["state"].values()}):
            warning = Text("Unknown states, where nothing is changed: {0}.", some(sorted(strange), words=True))
            notes.append(Note("warning", where, warning))
        if lost:
            warning = Text(
                "{0} cells of {1} could not be read and count as missing, e.g. {2}.", len(lost), name, lost[0]
            )
            notes.append(Note("warning", where, warning))
    return columns, notes


def _values(cells: Cells, parse: Any, lost: list[Any]) -> Any:
    """The values of a column; what cannot be read is missing and goes to `lost`."""
    values = []
    for cell in cells.distinct:
        try:
            values.append(parse(cell))
        except ValueError:
            values.append(None)
            lost.append(quoted(cell))
    return np.array([*values, None], dtype=object)[cells.codes]


def _texts(cells: Cells, parse: Any) -> Any:
    """The cells of a column as they stand; no row is lost."""
    return np.array([*map(parse, cells.distinct), None], dtype=object)[cells.codes]


def _days(cells: Cells, where: str) -> Any:
    """Days as the console writes them, `20261231`, also where a spreadsheet has written them in another way."""
    texts = [*map(_written, cells.distinct)]
    odd = [cell for cell in texts if cell and not _DAY.fullmatch(cell)]
    try:
        days = dict(zip(odd, dates(odd), strict=True))
    except ValueError:
        message = Text("a spreadsheet has changed its end dates, e.g. {0}.", quoted(odd[0]))
        raise WrongFile([Problem(where, message, DAMAGED)]) from None
    restored = [_written(days[cell]) if cell in days else cell for cell in texts]
    return np.array([*restored, None], dtype=object)[cells.codes]


def _written(cell: Any) -> str | None:
    """A cell as an upload repeats it; a day as the console writes days.

    Examples
    --------
    >>> _written(date(2026, 12, 31)), _written(20261231.0), _written(" ")
    ('20261231', '20261231', None)
    """
    return f"{cell:%Y%m%d}" if isinstance(cell, date) else text(cell)


def _word(column: str, cell: Any) -> str | None:
    """English of a cell; an unknown word stays as it is."""
    word = text(cell)
    return word and words()[column].get(normalised(word), word)


def _id(cell: Any) -> str | None:
    """An id as text; one that a spreadsheet took for a number is marked if it has lost digits."""
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if number and abs(cell) >= MOST_DIGITS:
        return f"{cell:.5E}"
    return text(cell)


def _check_ids(rows: pd.DataFrame, where: str) -> None:
    """Refuse a file whose ids have lost digits: an upload would change other campaigns, or none."""
    if rows["operation"].notna().any():
        message = "it is a bulk upload, not a download: its column Operation is filled in."
        raise WrongFile([Problem(where, message, "Put the download itself into the folder.")])
    lost = [object_id for name in IDS for object_id in rows[name].dropna().unique() if _AS_NUMBER.fullmatch(object_id)]
    if lost:
        message = Text("{0} ids were changed into numbers and lost digits: {1}.", len(lost), some(lost))
        raise WrongFile([Problem(where, message, DAMAGED)])
    if twice := _twice(rows):
        message = Text("duplicate ids: {0}.", some(twice))
        raise WrongFile([Problem(where, message, DAMAGED)])


def _twice(rows: pd.DataFrame) -> list[str]:
    """Ids that two rows claim; the right one is unknown."""
    own = [rows.loc[rows["product"].eq(PRODUCTS) & rows["entity"].eq(entity), name] for entity, name in ID.items()]
    return [object_id for ids in own for object_id in ids[ids.notna() & ids.duplicated()].unique()]

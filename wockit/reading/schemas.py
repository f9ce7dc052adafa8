"""Layout of each report, from `schema/`: its columns, their spellings, and the report of a header."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from wockit.language import Text
from wockit.notes import Problem, ReportError, nearest, quoted, some
from wockit.reading.cells import Sheet
from wockit.reading.days import dates
from wockit.reading.values import MISSING, PARSERS

YOURS = "yours -"
"""Language and grade of a spelling that an account's own column map adds."""


OWN_FILES = MappingProxyType(
    {"costs.csv": "costs", "costs.xlsx": "costs", "stock.csv": "own_stock", "stock.xlsx": "own_stock"}
)
"""What the seller writes himself, and its kind."""


LIKE = 0.5
"""How like to a spelling a header cell must be to be offered in its place."""


_TRIED = 50
"""Different cells of a column that are tried before it is offered."""


_NO_AMOUNT = frozenset({"id", "rank", "rate", "%", "percentage", "share", "currency", "code", "type", "status", "date"})
"""Words in the header of a column that is neither a count nor an amount of money."""


_SURE = 2
"""Known cells from which on a line is a header."""


_DATA = re.compile(r"@|\d{4}|^\W*\d[\W\d]*$")
"""What a cell of data holds and a header cell hardly ever does: an address, a long number, or a number alone."""


MOST_CELLS = 12
"""Cells of a header that is not understood which are shown."""


_BUYERS = re.compile(
    r"buyer|recipient|phone|e-?mail|address|gift|\bcpf\b|purchase-order|ship-?(to|city|state|postal|zip|country)|"
    r"(customer|client|contact|first|last|full)[ -]?(name|id|comments?)|vat-?(id|number)|tax-?id|käufer|empfänger|"
    r"telefon|anschrift|adresse|postleitzahl|acheteur|destinataire|comprador|destinatario|acquirente|indirizzo|"
    r"买家(?!访问)|买方|收件|收货|电话|手机|邮箱|邮件|地址|邮编|姓名|購入者|受取人|電話|住所|郵便|メール|宛"
)
"""How the header of a column about buyers is spelled, in the languages of Amazon's and of ERP exports."""


_CURRENCY = re.compile(r"\s*\((?:[^\w\s()]|[a-z]{3})\)$")


TEXT_KINDS = ("text", "asin", "marketplace")


BLANKS = frozenset(word.casefold() for word in MISSING)


@dataclass(frozen=True)
class Column:
    """One of our columns, and every way in which a report spells it: spelling -> language and grade.

    A column that only helps to recognise the report has `read = false`: it stays empty in the table. One that may be
    below 0 in a report where others may not is `signed`. `most` is what none of its numbers is above, where that is
    less than for its kind.
    """

    name: str
    kind: str
    spellings: Mapping[str, str]
    required: bool = False
    first_wins: bool = False
    read: bool = True
    signed: bool = False
    most: float | None = None


@dataclass(frozen=True)
class Schema:
    """One kind of report: what it is for, where to download it, how it is recognised, and its columns.

    `rank` orders the sources of one role, 1 first. `keep` and `drop` choose rows by the text of a column. A kind whose
    role is `refused` says in `instead` what to download, and in `perhaps` which kind it may be where a column that is
    not known holds ASINs. No cell of a kind that may hold `buyers` is ever quoted.
    """

    key: str
    title: str
    role: str
    download: str
    recognised_by: tuple[str, ...]
    columns: Mapping[str, Column]
    recognised_without: tuple[str, ...] = ()
    rank: int = 1
    instead: str = ""
    perhaps: str = ""
    attribution_days: Mapping[str, int] = field(default_factory=dict)
    attribution_default: int = 7
    buyers: bool = False
    keep: Mapping[str, str] = field(default_factory=dict)
    drop: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def spelled(self) -> tuple[tuple[str, str], ...]:
        """Our columns and their spellings as header cells are compared, in the order in which they count."""
        return tuple(
            (column.name, spelling)
            for column in self.columns.values()
            for spelling in dict.fromkeys(map(normalised, column.spellings))
        )


@cache
def schemas() -> MappingProxyType[str, Schema]:
    """Every kind of report that wockit knows, by key.

    Examples
    --------
    >>> schemas()["fba_inventory"].title
    'FBA Inventory'
    """
    return MappingProxyType(
        {path.stem: _schema(path) for path in sorted((Path(__file__).parent / "schema").glob("*.toml"))}
    )


def _schema(path: Path) -> Schema:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = {name: Column(name, **entry) for name, entry in content.pop("columns").items()}
    lists = {name: tuple(content.pop(name, ())) for name in ("recognised_by", "recognised_without")}
    texts = {name: Text(content.pop(name, "")) for name in ("title", "download", "instead")}
    return Schema(key=path.stem, columns=columns, **{**content, **lists, **texts})


_MARK = "\ufeff".encode().decode("cp1252")
"""The mark of order at the beginning of a file, as a program shows it that takes UTF-8 for Western European."""


@lru_cache(8192)
def normalised(header: str) -> str:
    """A header cell as it is compared: one form for dashes, spaces, case, full-width signs and currency suffixes.

    Examples
    --------
    >>> normalised("Sessions – Total"), normalised("7 Day Total Sales (₹)"), normalised("（子）ASIN")
    ('sessions-total', '7 day total sales', '(子)asin')
    """
    spelling = unicodedata.normalize("NFKC", header).lstrip("\ufeff").removeprefix(_MARK).casefold()
    spelling = re.sub(r"[–—−_]", "-", spelling)
    spelling = re.sub(r"\s+", " ", spelling).strip()
    spelling = re.sub(r"\s*-\s*", "-", _CURRENCY.sub("", spelling))
    return spelling.replace(" ", "") if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", spelling) else spelling


def about_buyers(cell: str) -> bool:
    """True for a header cell of a column about buyers, which is never read.

    Examples
    --------
    >>> about_buyers("Buyer_Name"), about_buyers("收件人地址"), about_buyers("Units Ordered")
    (True, True, False)
    """
    return bool(_BUYERS.search(normalised(cell)))


@cache
def _spellings() -> frozenset[str]:
    """Every spelling that is known."""
    columns = [column for schema in schemas().values() for column in schema.columns.values()]
    return frozenset(normalised(spelling) for column in columns for spelling in column.spellings)


def is_header(cells: Sequence[str]) -> bool:
    """True for a header, even an unknown one: some of its cells are in known headers, none is data.

    Examples
    --------
    >>> is_header(["sku", "price", "colour"]), is_header(["Shipped", "Other", "Jane Doe", "2026-11-01"])
    (True, False)
    """
    return len({*map(normalised, cells)} & _spellings()) >= _SURE and not holds_data(cells)


def holds_data(cells: Iterable[str]) -> bool:
    """True if a line has a cell that no header has, except cells of known headers such as `inv-age-0-to-90-days`."""
    return any(_DATA.search(cell) and normalised(cell) not in _spellings() for cell in cells)


def shown_cells(line: Sequence[str]) -> str:
    """The cells of a line that should be a header, for a message.

    One that is hardly a header may be a row of an order, with the buyer's name: of this one only cells of known headers
    are shown, and the others are counted.
    """
    filled = [cell for cell in line if cell.strip()]
    cells = filled if is_header(line) else [cell for cell in filled if normalised(cell) in _spellings()]
    named = some(cells, words=True, most=MOST_CELLS) if cells else ""
    hidden = len(filled) - len(cells)
    if not hidden:
        return named or Text("none")
    hidden_cells = Text("{0} that are not shown, because they may be data", hidden)
    return Text("{0} and {1}", named, hidden_cells) if named else hidden_cells


def with_column_map(schema: Schema, yours: Mapping[str, str]) -> Schema:
    """A schema with the account's own spellings, which come first."""
    added = {
        name: replace(column, spellings={yours[name]: YOURS, **column.spellings}, first_wins=True)
        for name, column in schema.columns.items()
        if yours.get(name)
    }
    return replace(schema, columns={**schema.columns, **added}) if added else schema


def reading_too(schema: Schema, names: Iterable[str]) -> Schema:
    """A schema some of whose columns are read although they only help to recognise the report."""
    more = {name: replace(schema.columns[name], read=True) for name in names if name in schema.columns}
    return replace(schema, columns={**schema.columns, **more}) if more else schema


def recognise(header: Sequence[str], known_schemas: Sequence[Schema]) -> Schema | None:
    """The schema whose telling columns are all there; of several, the one that knows most of the header."""
    cells, matches = {*map(normalised, header)}, Counter[int]()
    for number, schema in enumerate(known_schemas):
        names = {name for name, spelling in schema.spelled if spelling in cells}
        if set(schema.recognised_by) <= names and not names & set(schema.recognised_without):
            matches[number] = len(names)
    return known_schemas[matches.most_common(1)[0][0]] if matches else None


def matched_cells(header: Sequence[str], schema: Schema) -> Iterator[tuple[str, int]]:
    """Our column and the place of each header cell that spells it, in the order of the schema's spellings."""
    seen: dict[str, list[int]] = {}
    for place, cell in enumerate(header):
        seen.setdefault(normalised(cell), []).append(place)
    return ((name, place) for name, spelling in schema.spelled for place in seen.get(spelling, ()))


def column_places(sheet: Sheet, schema: Schema, where: str) -> tuple[dict[str, int], list[Problem]]:
    """Place of each column of a schema in a sheet, and the columns that are missing or found twice."""
    header = sheet.header
    places: dict[str, int] = {}
    problems = []
    for name, place in matched_cells(header, schema):
        if name in places and not schema.columns[name].first_wins:
            message = Text(
                "columns {0} and {1} both mean {2}.",
                quoted(header[places[name]]),
                quoted(header[place]),
                repr(name),
            )
            problems.append(Problem(Text("{0}, header", where), message, "Keep one of them."))
        places.setdefault(name, place)
    for place, names in _shared(places).items():
        message = Text("column {0} is used as {1}.", quoted(header[place]), ", ".join(map(repr, names)))
        do = Text("Correct [columns.{0}] in account.toml, because a column can have only one meaning.", schema.key)
        problems.append(Problem(Text("{0}, header", where), message, do))
    missing = [column for column in schema.columns.values() if column.required and column.name not in places]
    if schema.role == "ads" and not dated_columns(places, schema):
        missing.append(schema.columns["date"])
    for column in missing:
        spellings = ", ".join(map(repr, column.spellings))
        found_columns = ", ".join(map(quoted, header))
        closest = nearest(next(iter(column.spellings)), [cell for cell in header if "b2b" not in normalised(cell)])
        message = Text(
            "no column for {0} in this {1} report (tried {2}). Columns found: {3}.",
            repr(column.name),
            schema.title,
            spellings,
            found_columns,
        )
        do = Text("Download it again: {0}.", schema.download)
        if closest:
            do = Text("{0} Download it again: {1}.", closest, schema.download)
        problems.append(Problem(Text("{0}, header", where), message, do))
    if missing and (line := column_map(sheet, schema, missing)):
        message = Text("if the columns have other names, add them to account.toml: {0}", line)
        problems.append(Problem(Text("{0}, header", where), message))
    return places, problems


def _shared(places: Mapping[str, int]) -> dict[int, list[str]]:
    """The places that stand for several of our columns, with these."""
    names: dict[int, list[str]] = {}
    for name, place in places.items():
        names.setdefault(place, []).append(name)
    return {place: several for place, several in names.items() if len(several) > 1}


def column_map(sheet: Sheet, schema: Schema, missing: Sequence[Column], excluded: Set[int] = frozenset()) -> str:
    """Line to paste into `account.toml` where a report has column names that wockit does not know.

    Nothing, unless for each of the columns there is one whose header is like it and whose cells are of its kind, and
    whose place is not in `excluded`, which are known to mean something else.
    """
    taken = {*excluded, *(place for _, place in matched_cells(sheet.header, schema))}
    free = [
        place
        for place, cell in enumerate(sheet.header)
        if place not in taken and cell.isprintable() and "b2b" not in normalised(cell) and not about_buyers(cell)
    ]
    guesses = []
    for column in missing:
        likeness = {place: _likeness(sheet.header[place], column) for place in free}
        likely = [place for place in sorted(free, key=likeness.__getitem__, reverse=True) if likeness[place] >= LIKE]
        if column.kind == "asin":  # its cells tell it, whatever its header
            likely += asin_places(sheet, [place for place in free if place not in likely])
        place = next((place for place in likely if _holds_such(sheet, place, column.kind)), None)
        if place is None:
            return ""
        free.remove(place)
        guesses.append(f"{column.name} = {_toml(sheet.header[place])}")
    return f"columns.{schema.key} = {{ {', '.join(guesses)} }}"


def asin_places(sheet: Sheet, places: Iterable[int]) -> list[int]:
    """Columns whose first cells are nearly all ASINs of products, none of them an ISBN or blank."""
    return [place for place in places if _holds_such(sheet, place, "asin", _ASIN)]


_ASIN = re.compile(r"B0[A-Z0-9]{8}")


def _likeness(cell: str, column: Column) -> float:
    """Likeness of a header cell to a column's spellings [fraction]; 0 where it is not, or its words deny an amount."""
    header = normalised(cell)
    if column.kind in ("count", "money") and _NO_AMOUNT & set(re.findall(r"\w+|%", header)):
        return 0.0
    matcher = SequenceMatcher(None, b=header)
    best = 0.0
    for word in {column.name.replace("_", " "), *map(normalised, column.spellings)}:
        if _other_numbers(header, word):  # units of other ages, sales of other days
            continue
        matcher.set_seq1(word)
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) > max(best, LIKE):  # the exact one takes long
            best = max(best, matcher.ratio())
    return best


def _other_numbers(header: str, word: str) -> bool:
    """True if two headers name numbers and neither has all of the other's."""
    here, there = ({*re.findall(r"\d+", text)} for text in (header, word))
    return bool(here and there) and not (here <= there or there <= here)


def _holds_such(sheet: Sheet, place: int, kind: str, form: re.Pattern[str] | None = None) -> bool:
    """True if nearly all of the first cells of a column are of a kind, and in one form where there is one."""
    try:
        (cells,) = sheet.read([place])
    except ReportError:
        return False
    filled = [cell for cell in cells.distinct if str(cell).strip().casefold() not in BLANKS][:_TRIED]
    if form and not (filled and all(form.fullmatch(str(cell).strip()) for cell in filled)):
        return False
    fits = 0
    for cell in filled:
        with suppress(ValueError):
            fits += bool(dates([cell]) if kind in ("date", "days") else PARSERS[kind](cell) is not None)
    return fits >= 0.8 * len(filled)


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def required_columns(schema: Schema) -> list[str]:
    """Our columns that a report of this kind must have."""
    return [column.name for column in schema.columns.values() if column.required]


def dated_columns(names: Iterable[str], schema: Schema) -> list[str]:
    """The date columns of a report whose rows are useless without a date."""
    columns = [schema.columns[name] for name in names if schema.columns[name].kind in ("date", "days", "instant")]
    return [column.name for column in columns if schema.role == "ads" or (schema.role == "sales" and column.required)]


def header_language(header: Mapping[str, str], schema: Schema) -> str:
    """The language that most of the matched spellings are of."""
    languages: Counter[str] = Counter()
    for name, cell in header.items():
        for spelling, source in schema.columns[name].spellings.items():
            if normalised(spelling) == normalised(cell):
                languages[source.split()[0]] += 1
    return languages.most_common(1)[0][0] if languages else ""


def attribution_days_of(header: str, schema: Schema) -> int:
    """Days after a click in which a sale counts, as the header of ad sales says [day]."""
    spelled = normalised(header)
    return next(
        (days for words, days in schema.attribution_days.items() if words in spelled), schema.attribution_default
    )

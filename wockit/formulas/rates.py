"""Amazon's rates by day, marketplace and size: the table, a user's file that overrides it, and what is missing.

The rates are data in `fees.csv`. An unknown rate is missing and noted, never guessed. What a report of Amazon's
states overrides every table. The fees of a stock are calculated in `fees`.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.quantity import Quantity
from wockit.language import Text
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note, Problem, nearest, quoted

STALE_MONTHS = 18


FEWEST, MOST_UNKNOWN = 3, 20
"""Known columns from which on a file is one of rates, and unknown ones that are named."""


NEEDED_FEES = (
    *("storage", "aged_surcharge", "utilisation_surcharge", "low_inventory"),
    *("removal", "liquidation_processing", "liquidation_referral", "fuel_surcharge"),
)


VOLUME_BASES = {"per_cubic_foot_month": 1.0, "per_cubic_metre_month": 0.028316846592, "per_litre_month": 28.316846592}
"""Bases by volume, and how many of each make a cubic foot."""


SEASONS = {"": range(1, 13), "jan-sep": range(1, 10), "oct-dec": range(10, 13)}


_STANDARD = (
    "standard small_standard large_standard large_standard_to_3_lb large_standard_over_3_lb envelope light_envelope "
    "small_envelope standard_envelope large_envelope extra_large_envelope small_parcel standard_parcel"
)


_LARGE = (
    "large small_bulky large_bulky extra_large oversize small_oversize medium_oversize standard_oversize "
    "standard_oversize_light standard_oversize_heavy standard_oversize_large large_oversize bulky_oversize "
    "heavy_oversize special_oversize"
)


SIZES = MappingProxyType(
    {"all": "all", **dict.fromkeys(_STANDARD.split(), "standard"), **dict.fromkeys(_LARGE.split(), "large")}
)
"""Every size, and the group whose rates it has where there are none of its own."""


_KEY = ["marketplace", "fee", "size", "category", "tier_from", "season"]


_NUMBERS, _DAYS = ["tier_from", "tier_to", "rate", "extra_rate", "least_per_unit"], ["from", "to"]


_TIER = ["basis", "tier_unit", "tier_to", "rate", "extra_rate", "least_per_unit"]


_FIRST, _LAST, _DAY = pd.Timestamp(1900, 1, 1), pd.Timestamp(2200, 1, 1), pd.Timedelta(days=1)


_WEIGHTS = ("lb", "kg")


_APPAREL = ("apparel", "cloth", "shoe", "luggage", "handbag")
"""Words in the names of the groups that have the rates of clothing, which Amazon gives shoes and bags too."""


LARGEST_RATE = 1e9
"""What no rate and no limit of a tier is above."""


def fee_table(overlay: Path | None = None) -> pd.DataFrame:
    """The rates that come with wockit, with a user's CSV of the same columns laid over them.

    A user's row takes the place of a shipped one of the same marketplace, fee, size, category, tier and season on the
    days that it covers; on the days before and after, the shipped row stands. Raises `AccountError` with everything
    that is wrong with the user's file.

    Examples
    --------
    >>> rates(fee_table(), "US", "storage", date(2026, 11, 23), "standard")["rate"].tolist()
    [2.4]
    """
    table = _shipped()
    if overlay is None:
        return table.copy()
    lines = _lines(overlay)
    problems = list(_problems(lines, overlay.name))
    own = _typed(lines) if not problems else table.head(0)
    for row in overlapping(own):
        message = "two rates apply to the same days."
        problems.append(
            Problem(Text("{0}, row {1}", overlay.name, row + 2), message, "End one row before the next begins.")
        )
    if problems:
        raise AccountError(problems)
    taken: dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
    for key, first, last in zip(_keys(own), own["from"].fillna(_FIRST), own["to"].fillna(_LAST), strict=True):
        taken.setdefault(key, []).append((first, last))
    shipped = zip(_keys(table), table["from"].fillna(_FIRST), table["to"].fillna(_LAST), strict=True)
    left = [
        (row, *span)
        for row, (key, begin, end) in enumerate(shipped)
        for span in _without(begin, end, sorted(taken.get(key, ())))
    ]
    spans = pd.DataFrame(left, columns=["row", "from", "to"])
    days = {name: spans[name].mask(spans[name].isin([_FIRST, _LAST])).to_numpy() for name in _DAYS}
    return pd.concat([table.iloc[spans["row"]].assign(**days).astype(table.dtypes), own], ignore_index=True)


def _without(
    begin: pd.Timestamp, end: pd.Timestamp, taken: Sequence[tuple[pd.Timestamp, pd.Timestamp]]
) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    """Rest of a span of days without other spans, which are in order and lie apart."""
    for first, last in taken:
        if last < begin or first > end:
            continue
        if first > begin:
            yield begin, first - _DAY
        begin = last + _DAY
    if begin <= end:
        yield begin, end


@cache
def _shipped() -> pd.DataFrame:
    return _typed(_lines(Path(__file__).parent / "fees.csv"))


def _lines(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, restval="", restkey="cells beyond the header", strict=True))
    except (OSError, ValueError, csv.Error) as error:
        message = Text("cannot be read as CSV: {0}.", error)
        raise AccountError([Problem(path.name, message, "Save it as CSV in UTF-8.")]) from None


def _typed(lines: list[dict[str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(lines, dtype=object)  # is looked through many times
    table[["size", "category"]] = table[["size", "category"]].replace("", "all")
    days = {name: pd.to_datetime(table[name].replace("", None)).astype("datetime64[us]") for name in _DAYS}
    return table.assign(**{name: table[name].replace("", "nan").astype("float64") for name in _NUMBERS}, **days)


def _keys(table: pd.DataFrame) -> Any:
    return np.array(["|".join(map(str, key)) for key in table[_KEY].to_numpy()], dtype=object)


def overlapping(table: pd.DataFrame) -> list[int]:
    """The rows, counted from 0, that begin before an earlier one of the same key has ended."""
    spans = {"key": _keys(table), "from": table["from"].fillna(_FIRST), "to": table["to"].fillna(_LAST)}
    order = pd.DataFrame(spans).reset_index(drop=True).sort_values(["key", "from"])
    return sorted(order.index[order["from"] <= order.groupby("key")["to"].shift(fill_value=_FIRST - _DAY)])


def _problems(lines: list[dict[str, str]], where: str) -> Iterator[Problem]:
    shipped, columns = _shipped(), [*dict.fromkeys(name for line in lines for name in line)]
    if missing := [name for name in shipped if name not in columns]:
        matches = [name for name in columns if name in shipped]
        seen = ", ".join(map(quoted, matches)) or (Text("none of them") if columns else Text("no rows"))
        yield Problem(where, Text("missing columns {0}; found {1}.", ", ".join(map(repr, missing)), seen))
        if len(matches) < FEWEST:  # it may be any file
            return
    for name in [name for name in columns if name not in shipped][:MOST_UNKNOWN]:
        yield Problem(where, Text("unknown column {0}.", quoted(name)), nearest(name, shipped))
    allowed = {"marketplace": [*CURRENCIES], "fee": [*shipped["fee"].unique()], "size": ["", *SIZES]}
    allowed |= {"season": [*SEASONS], "tier_unit": [*shipped["tier_unit"].unique()], "certainty": ["H", "M", "L"]}
    by_fee = {str(fee): [*bases.unique()] for fee, bases in shipped.groupby("fee")["basis"]}
    for row, line in enumerate(lines if {*columns} == {*shipped} else [], start=2):
        bases = by_fee.get(line["fee"], [line["basis"]])
        own = {"basis": [*VOLUME_BASES] if {*bases} & {*VOLUME_BASES} else bases}
        own |= {"currency": [CURRENCIES.get(line["marketplace"], line["currency"])]}
        for name, words in (allowed | own).items():
            if line[name] not in words:
                message = Text("expected {0}, found {1}.", " / ".join(filter(None, words)), quoted(line[name]))
                yield Problem(Text("{0}, row {1}, {2}", where, row, repr(name)), message, nearest(line[name], words))
        for name in _NUMBERS + _DAYS:
            if (line[name] or name == "rate") and _value(name, line[name]) is None:
                wanted = Text("a day such as 2026-01-15") if name in _DAYS else Text("a number of 0 or more")
                yield Problem(
                    Text("{0}, row {1}, {2}", where, row, repr(name)),
                    Text("expected {0}, found {1}.", wanted, quoted(line[name])),
                )
        for name, last in (("from", "to"), ("tier_from", "tier_to")):
            low, high = _value(name, line[name]), _value(last, line[last])
            if low is not None and high is not None and low > high:
                message = Text("must not be greater than {0} ({1}); found {2}.", repr(last), line[last], line[name])
                yield Problem(Text("{0}, row {1}, {2}", where, row, repr(name)), message)


def _value(name: str, text: str) -> Any:
    try:
        value: Any = date.fromisoformat(text) if name in _DAYS else float(text)
    except ValueError:
        return None
    fits = _FIRST <= pd.Timestamp(value) <= _LAST if name in _DAYS else 0 <= value <= LARGEST_RATE
    return value if fits else None


def rates(
    table: pd.DataFrame, marketplace: str, fee: str, day: date, size: str = "", category: str = "all"
) -> pd.DataFrame:
    """The rows of a fee that are in force on a day, by tier; none where the fee rate is unknown.

    Rows of the category itself go before those of all, then rows of the size before those of its group and of all
    sizes; without a size, rows of every size are given.

    Examples
    --------
    >>> rates(fee_table(), "US", "aged_surcharge", date(2026, 11, 15), category="apparel")["rate"].tolist()
    [0.0, 0.0, 0.0, 5.45, 5.7, 5.9, 6.9, 7.9]
    """
    return table.iloc[_in_force(_sought(table), marketplace, fee, day, size, category)]


def _sought(table: pd.DataFrame) -> dict[str, Any]:
    """The columns by which rows are looked for."""
    return {name: table[name].to_numpy() for name in [*_KEY, *_DAYS]}


def tiers_in(table: pd.DataFrame, marketplace: str) -> Callable[..., tuple[Any, ...]]:
    """Look up the tiers of a marketplace many times: by fee, day, size and category, each looked for once.

    Examples
    --------
    >>> price_at(tiers_in(fee_table(), "US")("storage", date(2026, 11, 23), "standard"), 0.0)[0].item()
    2.4
    """
    here = table["marketplace"].to_numpy() == marketplace
    columns = {name: table[name].to_numpy()[here] for name in [*_KEY, *_DAYS, *_TIER]}

    @cache
    def looked_up(*key: Any) -> tuple[Any, ...]:
        rows = _in_force(columns, marketplace, *key)
        return tiers_of({name: values[rows] for name, values in columns.items()})

    return looked_up


def _in_force(
    columns: Mapping[str, Any], marketplace: str, fee: str, day: date, size: str = "", category: str = "all"
) -> list[int]:
    """The places of the rows that `rates` gives, by tier."""
    now = pd.Timestamp(day).to_datetime64()
    sizes, tiers, kinds, seasons = (columns[name] for name in ("size", "tier_from", "category", "season"))
    fits = (columns["marketplace"] == marketplace) & (columns["fee"] == fee)
    fits &= ~(columns["from"] > now) & ~(columns["to"] < now)
    near = {"all": 0, SIZES.get(size, size): 1, size: 2} if size else dict.fromkeys(sizes[fits], 0)
    rows = [
        row
        for row in np.flatnonzero(fits).tolist()
        if sizes[row] in near and kinds[row] in ("all", category) and day.month in SEASONS[seasons[row]]
    ]
    rows.sort(key=lambda row: (kinds[row] != "all", near[sizes[row]]))
    best = {("" if size else sizes[row], np.nan_to_num(tiers[row])): row for row in rows}
    return [int(best[tier]) for tier in sorted(best)]


def fee_notes(table: pd.DataFrame, marketplace: str, day: date, weight: Quantity = ()) -> list[Note]:
    """Notes on the rates of a marketplace on a day: missing ones, and those that may be out of date.

    That is a rate without an end that began 18 months ago or earlier or on a day that is not known, and one of low
    certainty. Weights that are missing [lb or kg] are counted.

    Examples
    --------
    >>> [note.text for note in fee_notes(fee_table(), "DE", date(2026, 11, 23))][0]
    'no utilisation_surcharge rates are known for DE: add them in fees.csv'
    """
    columns = _sought(table)
    rows_by_fee = {fee: _in_force(columns, marketplace, fee, day) for fee in NEEDED_FEES}
    old = (pd.Timestamp(day) - pd.DateOffset(months=STALE_MONTHS)).to_datetime64()
    begin, end = (columns[name] for name in _DAYS)
    doubtful = (np.isnat(end) & ~(begin > old)) | (table["certainty"].to_numpy() == "L")
    missing = ", ".join(fee for fee, rows in rows_by_fee.items() if not rows)
    stale = ", ".join(fee for fee, rows in rows_by_fee.items() if doubtful[rows].any())
    unknown = int(np.isnan(np.asarray(weight, dtype=float)).sum())
    weights = Text(
        "{0} weights are unknown, so these units have no removal fee and no liquidation value",
        unknown,
    )
    texts = {
        "fees_missing": Text("no {0} rates are known for {1}: add them in fees.csv", missing, marketplace)
        if missing
        else "",
        "fees_stale": Text("some {0} rates for {1} are old or uncertain", stale, marketplace) if stale else "",
        "weight_missing": weights if unknown else "",
    }
    levels = {"fees_missing": "warning"}
    return [Note(levels.get(code, "info"), "fees.csv", text, code) for code, text in texts.items() if text]


def tiers_of(rows: Mapping[str, Any] | pd.DataFrame) -> tuple[Any, ...]:
    """The columns of such rows as arrays, for `price_at`; rates by volume for a cubic foot."""
    factor = np.array([VOLUME_BASES.get(basis, 1.0) for basis in rows["basis"]])
    begin, end = (np.nan_to_num(rows[f"tier_{end}"], nan=none) for end, none in (("from", -np.inf), ("to", np.inf)))
    extra, least = (np.nan_to_num(rows[name]) for name in ("extra_rate", "least_per_unit"))
    return begin, end, np.asarray(rows["rate"]) * factor, extra, least, rows["tier_unit"].tolist()[:1]


def price_at(tiers: tuple[Any, ...], amount: Any) -> tuple[Any, Any]:
    """Rate and least rate at each amount (age, weight, ...): missing without rows, 0 outside every tier.

    A weight belongs to the tier that it ends, any other amount to the tier that it begins. Above the last tier a
    weight counts by the whole unit begun.
    """
    begin, end, rate, extra, least, unit = tiers
    amount = np.asarray(amount, dtype=float)
    if not unit:
        return np.full(amount.shape, np.nan), np.full(amount.shape, np.nan)
    weighed = unit[0] in _WEIGHTS
    at = np.maximum(np.searchsorted(begin, amount, "left" if weighed else "right") - 1, 0)
    inside = (amount >= begin[at]) & (amount <= end[at] if weighed else amount < end[at] + (unit[0] == "day"))
    outside = np.where(np.isnan(amount), np.nan, 0.0)
    more = extra[at] * np.ceil(np.round(np.where(extra[at] > 0, amount - begin[at], 0.0), 6))
    return np.where(inside, rate[at] + more, outside), np.where(inside, least[at], outside)


@lru_cache(1000)  # few sizes stand in very many rows
def plain_size(size: Any) -> str:
    """A size as `SIZES` has it, also from Amazon's spelling ("Small standard-size")."""
    words = size.lower().replace("-", " ").replace("_", " ").split() if isinstance(size, str) else []
    return "_".join(words).removesuffix("_size") or "unknown"


def category(product_group: Any, dangerous_goods: Any) -> str:
    """The category whose rates a product has, from Amazon's words for its group and for dangerous goods.

    Examples
    --------
    >>> category("gl_apparel", None), category("gl_home", "Flammable"), category("gl_home", "--")
    ('apparel', 'dangerous_goods', 'all')
    """
    words = (str(word or "").strip().casefold() for word in (product_group, dangerous_goods))
    group, danger = words
    if danger and danger not in ("--", "nan", "none", "no") and not danger.startswith("non"):
        return "dangerous_goods"
    return "apparel" if any(word in group for word in _APPAREL) else "all"


def groups(size: Quantity, category: Quantity, shape: tuple[int, ...]) -> Iterator[tuple[Any, str, str]]:
    """Each size and category that occurs, and where."""
    names = (np.broadcast_to(np.vectorize(plain_size, otypes=[object])(labels), shape) for labels in (size, category))
    sizes, categories = names
    for name, kind in sorted({*zip(sizes.ravel(), categories.ravel(), strict=True)}):
        yield (sizes == name) & (categories == kind), name, kind


def priced(table: pd.DataFrame, marketplace: str, fee: str, day: date, size: Quantity, amount: Quantity) -> Any:
    """The rate of a fee for each item, by its size and the amount that decides the tier."""
    amount, size = np.broadcast_arrays(np.asarray(amount, dtype=float), np.asarray(size, dtype=object))
    prices, look = np.full(amount.shape, np.nan), tiers_in(table, marketplace)
    for here, name, _ in groups(size, "all", amount.shape):
        prices[here] = price_at(look(fee, day, name), amount[here])[0]
    return prices


def alike(table: pd.DataFrame, days: Any) -> list[date]:
    """Each day, or the first of those days on which the same rows are in force."""
    begin, end = (table[name].to_numpy() for name in _DAYS)
    edges = np.sort(np.concatenate([begin[~np.isnat(begin)], end[~np.isnat(end)] + np.timedelta64(1, "D")]))
    timestamps = [pd.Timestamp(day) for day in days]
    kinds = [(np.searchsorted(edges, day, "right"), *(day.month in m for m in SEASONS.values())) for day in timestamps]
    return [timestamps[kinds.index(kind)] for kind in kinds]

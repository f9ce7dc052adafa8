"""Every threshold and rate that a person may change, with presets.

The names are the keys of `account.toml`, the names after `wockit weekly --set`, and the arguments of
`dataclasses.replace`. No formula and no report lives here.
"""

from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from wockit.language import LANGUAGES, Text, listed, say
from wockit.notes import Note, Problem, SettingsError, nearest, out_of_range, quoted

PRESETS = MappingProxyType(
    {
        "article_2023": MappingProxyType(
            {"low_weeks": 3.0, "healthy_weeks": 6.0, "act_weeks": 8.0, "urgent_weeks": 13.0}
        ),
        "us_fee_aware_2026": MappingProxyType(
            {"low_weeks": 4.0, "healthy_weeks": 8.0, "act_weeks": 13.0, "urgent_weeks": 26.0}
        ),
    }
)


CUT_OFFS = ("low_weeks", "healthy_weeks", "act_weeks", "urgent_weeks", "exit_weeks")
"""On weeks of coverage, in the order in which they must rise."""


_DEFAULT = "article_2023"


_CUTS = PRESETS[_DEFAULT]


_KINDS = MappingProxyType({float: "a number", int: "a whole number", str: "text"})


ROAS_CUTS = ("account_benchmark", "target", "break_even")


def _help(default: Any, text: str, unit: str = "", low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"help": text, "unit": unit, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The thresholds and rates of one analysis.

    A preset gives the cut-offs on weeks of coverage; any of them may be set beside it. Weeks are in [week],
    shares are fractions, money is in the account's currency.

    Examples
    --------
    >>> Settings().change(preset="us_fee_aware_2026", low_weeks=5).healthy_weeks
    8.0
    """

    language: str = _help("en", "language of page, workbook, figures and command line: " + " or ".join(LANGUAGES))
    preset: str = _help(_DEFAULT, "preset of the cut-offs: " + " or ".join(PRESETS))
    low_weeks: float = _help(_CUTS["low_weeks"], "below this, stock is too low", "week", 0.1, 520)
    healthy_weeks: float = _help(
        _CUTS["healthy_weeks"], "upper end of the healthy band; stock above it is excess", "week", 0, 520
    )
    act_weeks: float = _help(_CUTS["act_weeks"], "from this value, excess stock needs action", "week", 0, 520)
    urgent_weeks: float = _help(_CUTS["urgent_weeks"], "from this value, excess stock is urgent", "week", 0, 520)
    exit_weeks: float = _help(52.0, "from this value, stock moves from the matrix to the exit lane", "week", 0, 5200)
    exit_age_days: int = _help(
        365,
        "age of units at which an ASIN moves to the exit lane; the report counts age in steps (91, 181, 271, 366)",
        "day",
        1,
        366,
    )
    roas_cut: str = _help("account_benchmark", "how the cut for a high ROAS is set: " + ", ".join(ROAS_CUTS))
    target_roas: float | None = _help(None, 'ROAS cut, used if roas_cut = "target"', "ratio", 0, 1000)
    sales_days: int | None = _help(
        None, "days that the business report covers, as chosen for the download; the file does not say", "day", 1, 366
    )
    referral_rate: float = _help(
        0.15, "Amazon's referral fee as a share of the price, used if costs.csv gives none", "fraction", 0, 1
    )
    units_per_order: float = _help(1.0, "units per order", "unit", 0.01, 1000)
    lift: float = _help(0.0, "organic units that each advertised unit adds", "ratio", 0, 5)
    return_rate: float = _help(0.0, "share of units that are returned and sold again", "fraction", 0, 0.9)
    dearer_clicks: float = _help(1.0, "price of an extra click relative to today's CPC", "ratio", 1, 5)
    ad_budget: float | None = _help(
        None, "most that the ads of all ASINs may cost in the next four weeks; not set: no cap", "money", 0, 1e12
    )
    markdown_discount: float = _help(0.2, "price cut of a markdown", "fraction", 0.01, 0.9)
    elasticity: float | None = _help(
        None, "sales increase in % for a price cut of 1%; not set: assumed", "ratio", 0, 10
    )
    incremental_share: float | None = _help(
        None, "share of ad orders that would not have come without ads; not set: assumed", "fraction", 0, 1
    )
    capital_rate: float = _help(0.10, "cost of capital per year", "fraction", 0, 1)
    act_threshold: float = _help(
        0.03, "smallest gain that advice must bring, as a share of the stock value", "fraction", 0, 1
    )
    change_limit: float = _help(
        0.3, "largest change of a bid or daily budget by 'wockit apply' in one week", "fraction", 0.01, 1
    )
    rise_limit: float = _help(
        0.2, "largest increase in ad spend by all changes of 'wockit apply' together", "fraction", 0, 10
    )
    clear_days: int = _help(30, "days to clear the excess", "day", 1, 730)
    review_days: int = _help(7, "days between two restock reviews", "day", 0, 90)
    service_level: float = _help(
        0.9, "probability that stock lasts through the lead time, if costs.csv gives one", "fraction", 0.5, 0.999
    )
    certainty: float = _help(
        0.8,
        "below this probability, a place in the matrix is uncertain; it also sets the ranges of ROAS and budget",
        "fraction",
        0.5,
        0.999,
    )

    def __post_init__(self) -> None:
        problems = [p for f in fields(self) if (p := _problem(f.name, f.type, getattr(self, f.name), f.metadata))]
        if not problems:
            problems = list(_contradictions(self))
        if problems:
            raise SettingsError(problems)

    def change(self, /, **changes: Any) -> "Settings":
        """These settings with some changed: first the cut-offs of a new preset, then what is named beside it.

        Raises
        ------
        SettingsError
            Naming every setting that is unknown (with the nearest known one), mistyped or out of range.
        """
        names = [f.name for f in fields(Settings)]
        unknown = [
            Problem(Text("setting {0}", quoted(key)), "unknown setting.", nearest(key, names))
            for key in changes
            if key not in names
        ]
        if unknown:
            raise SettingsError(unknown)
        preset = changes.get("preset")
        cuts = dict(PRESETS.get(preset, {})) if isinstance(preset, str) else {}
        return replace(self, **{**cuts, **changes})


def unused(settings: Settings) -> list[Note]:
    """Settings that have no effect beside the others.

    Examples
    --------
    >>> [note.text for note in unused(Settings(target_roas=3.0))]
    ['target_roas is not used, because roas_cut is \\'account_benchmark\\'. To use it, write roas_cut = "target".']
    """
    if settings.target_roas is None or settings.roas_cut == "target":
        return []
    text = Text(
        'target_roas is not used, because roas_cut is {0}. To use it, write roas_cut = "target".',
        repr(settings.roas_cut),
    )
    return [Note("warning", "account.toml", text)]


def _problem(name: str, kind: Any, value: Any, meta: Any) -> Problem | None:
    wanted = _wanted(kind)
    if value is None and type(None) in wanted:
        return None
    numbers = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = (isinstance(value, wanted) and not isinstance(value, bool)) or (float in wanted and numbers)
    unit = Text(" [{0}]", Text(meta["unit"])) if meta["unit"] else ""
    if not fits:
        names = listed((Text(_KINDS[t]) for t in wanted if t is not type(None)), " / ")
        message = Text("expected {0}{1}, found {2}.", names, unit, quoted(value))
        return Problem(Text("setting {0}", repr(name)), message, say(meta["help"]) + say("."))
    low, high = meta["low"], meta["high"]
    if not numbers or low is None:
        return None
    return out_of_range(Text("setting {0}", repr(name)), value, low, high, meta["unit"])


def _wanted(kind: Any) -> tuple[type, ...]:
    return getattr(kind, "__args__", None) or (kind,)


def _contradictions(settings: Settings) -> Any:
    values = [getattr(settings, name) for name in CUT_OFFS]
    if values != sorted(values):
        pairs = ", ".join(f"{name} = {value:g}" for name, value in zip(CUT_OFFS, values, strict=True))
        yield Problem("settings", Text("the cut-offs must be in ascending order; found {0}.", pairs), "Sort them.")
    for name, value, allowed in (
        ("preset", settings.preset, tuple(PRESETS)),
        ("roas_cut", settings.roas_cut, ROAS_CUTS),
        ("language", settings.language, LANGUAGES),
    ):
        if value not in allowed:
            message = Text("expected one of {0}, found {1}.", allowed, quoted(value))
            yield Problem(Text("setting {0}", repr(name)), message, nearest(value, allowed))
    if settings.roas_cut == "target" and settings.target_roas is None:
        yield Problem("setting 'target_roas'", "roas_cut is 'target', but target_roas is not set.", "Set target_roas.")

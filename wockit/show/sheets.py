"""Layout of each sheet of the workbook: first columns, print, bars, links, widths.

What the cells say is in `workbook`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LISTED, LISTED_SEVEN_TIMES, ACTED_ON = 2_000, 500, 5_000
"""ASINs of a sheet that explains, of one with seven rows for each, and of the one that is acted on."""


@dataclass(frozen=True)
class Layout:
    """Layout of one sheet.

    Attributes
    ----------
    first
        The columns that stand first, in this order; only these are printed. None: all, as they are.
    bars
        Columns of numbers with bars behind them, and the number at which a bar is full; None: the largest.
    links
        Where the ASIN and the title lead: the page, or another sheet.
    rest
        The file that holds every row where this sheet lists only a part.
    most
        ASINs that are listed; nobody reads more in a spreadsheet.
    """

    first: tuple[str, ...] = ()
    bars: tuple[tuple[str, float | None], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    most: int = LISTED


PAGE_FILE, ANCHOR = "report.html", "{}"
"""Where a link leads that leads to no sheet: to the place of the ASIN on the page beside the workbook."""


_COVER = (("weeks_of_coverage", 52.0), ("forward_cover", 52.0), ("weeks_of_supply", 52.0))
"""A bar of cover is full at a year."""


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "Actions": Layout(
            first=(
                *("rank", "asin", "title", "first", "decision", "act_by"),
                *("gain_a_week", "gain", "gain_low", "gain_high", "why"),
            ),
            bars=(("gain_a_week", None),),
            links=(("asin", PAGE_FILE), ("title", "Positions")),
            rest="advice.csv",
            most=ACTED_ON,
        ),
        "Positions": Layout(
            first=(
                *("asin", "title", "gate", "segment", "probability", "urgency", "units_available", "units_inbound"),
                *("units_sold", "weeks_of_coverage", "forward_cover", "forward_cover_low", "forward_cover_high"),
                *("excess_units", "stock_value", "excess_value", "ad_spend", "roas", "roas_cut", "order_by"),
            ),
            bars=_COVER,
            links=(("asin", PAGE_FILE), ("title", "Actions")),
            rest="positions.csv",
        ),
        "Budgets": Layout(
            first=(
                *("asin", "title", "plan", "excess_units", "clear_by", "clear_days", "conversion_rate"),
                *("cost_per_click", "ad_share", "clicks", "budget_lower", "budget_upper", "budget_corrected"),
                *("budget_low", "budget_high", "budget_extra", "order_gain", "click_pays", "next_fee_date", "next_fee"),
            ),
            links=(("asin", PAGE_FILE), ("title", "Positions")),
            rest="budgets.csv",
        ),
        "Ways out": Layout(
            links=(("asin", PAGE_FILE), ("title", "Budgets")), rest="ways_out.csv", most=LISTED_SEVEN_TIMES
        ),
        "Movement": Layout(links=(("asin", PAGE_FILE), ("title", "Positions")), rest="movement.csv"),
        "Advice results": Layout(
            bars=(("gain_a_week", None),),
            links=(("asin", PAGE_FILE), ("title", "Positions")),
            rest="advice_results.csv",
        ),
    }
)
"""By the English name of the sheet."""


def layout(sheet: str) -> Layout:
    """Layout of a sheet; one without a layout of its own is printed as it is.

    Examples
    --------
    >>> layout("Notes").first, layout("Actions").first[4]
    ((), 'decision')
    """
    return LAYOUTS.get(sheet, Layout())


RANK_WIDTH = 5
"""How wide the rank is, in characters."""


WRAPPED: Mapping[str, int] = MappingProxyType(
    {
        **{"title": 34, "first": 40, "decision": 16, "why": 64, "wrong_if": 28, "cautions": 32, "reasons": 32},
        **{"own_band": 26, "alert": 26, "skus": 24, "why_not": 44, "did": 28, "where": 30, "text": 90},
    }
)
"""Columns of words that are wrapped, and how wide they are, in characters."""


OWN_WIDTH = 24
"""How wide a column is that somebody added."""


LETTER = frozenset({"US", "CA", "MX"})
"""Marketplaces whose sellers print on Letter; all others print on A4."""

"""What every column is called, its unit and its format, and one value as people read it, in the language spoken.

Tables, figures, the workbook and the panel all take their words for numbers from here.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.clearance import REASONS, WAYS
from wockit.language import say
from wockit.matrix import Plan, playbook

FORMATS = MappingProxyType(
    {
        "text": "{}",
        "words": "{}",
        "units": "{:,.0f}",
        "money": "{:,.2f}",
        "whole_money": "{:,.0f}",
        "ratio": "{:.2f}",
        "weeks": "{:,.1f}",
        "percent": "{:.1%}",
        "date": "{:%Y-%m-%d}",
    }
)


@dataclass(frozen=True)
class Label:
    """How a column is shown: its heading, its kind of format (a key of `FORMATS`), its unit."""

    heading: str
    kind: str = "text"
    unit: str = ""


_UNITS, _MONEY, _WEEKS = ("units", "unit"), ("money", "money"), ("weeks", "week")
LABELS = MappingProxyType(
    {
        "rank": Label("#", "units"),
        "asin": Label("ASIN"),
        "title": Label("Product"),
        "skus": Label("SKUs"),
        "place": Label("Place"),
        "gate": Label("Gate"),
        "segment": Label("Segment"),
        "plan": Label("Plan"),
        "urgency": Label("Urgency", "words"),
        "uncertain": Label("Uncertain"),
        "cautions": Label("Cautions", "words"),
        "why": Label("Why"),
        "first": Label("Do first"),
        "stake_a_week": Label("At stake a week", "whole_money", "money"),
        "snapshot": Label("Snapshot", "date"),
        "place_before": Label("Place before"),
        "moved_by": Label("Moved by", "words"),
        "weeks_of_coverage_before": Label("WOC before", *_WEEKS),
        "roas_before": Label("ROAS before", "ratio"),
        "stock_out_days": Label("Days without stock, next 4 weeks", "units", "day"),
        "advised": Label("Advised", "words"),
        "did": Label("What the account did", "words"),
        "followed": Label("Followed"),
        "eased": Label("At stake became less"),
        "stake_before": Label("At stake before", "whole_money", "money"),
        "stake_now": Label("At stake now", "whole_money", "money"),
        "followed_eased": Label("of these, at stake became less", "units"),
        "left": Label("Not followed", "units"),
        "left_eased": Label("of those, at stake became less", "units"),
        "units_expected": Label("Expected to sell", *_UNITS),
        "units_by_last_month": Label("By last month's pace", *_UNITS),
        "within_half": Label("Sold within half of what was expected", "percent"),
        "do_by": Label("Do by", "date"),
        "best_mix": Label("Best mix"),
        "decision": Label("Decision"),
        "money_at_stake": Label("Money at stake", "whole_money", "money"),
        "stake": Label("What is at stake"),
        "low_stock": Label("Stock too low"),
        "sales_at_risk": Label("Sales at risk", "whole_money", "money"),
        "units_available": Label("Available", *_UNITS),
        "units_inbound": Label("Inbound", *_UNITS),
        "units_reserved": Label("Reserved", *_UNITS),
        "units_sold": Label("Sold", *_UNITS),
        "units_source": Label("Sold, counted as", "words"),
        "sales_days": Label("Sales period", "units", "day"),
        "weeks_of_coverage": Label("WOC", *_WEEKS),
        "forward_cover": Label("Forward cover", *_WEEKS),
        "forward_cover_low": Label("low", *_WEEKS),
        "forward_cover_high": Label("high", *_WEEKS),
        "forward_range": Label("80 % range"),
        "reasons": Label("Why it differs", "words"),
        "weekly_demand": Label("Expected demand", "weeks", "unit/week"),
        "demand_source": Label("Sales by week from", "words"),
        "low_weeks": Label("Low cut-off", *_WEEKS),
        "healthy_weeks": Label("Healthy to", *_WEEKS),
        "exit_weeks": Label("Exit from", *_WEEKS),
        "aged_out": Label("Aged out"),
        "own_band": Label("Own band", "words"),
        "probability": Label("Sure", "percent"),
        "key": Label("What", "words"),
        "by_exact_days": Label("WOC, exact days"),
        "by_90_days": Label("WOC, 90 days"),
        "by_inbound": Label("WOC with inbound"),
        "by_amazon": Label("Amazon's weeks of cover"),
        "by_forward_cover": Label("Forward cover"),
        "by_account_roas": Label("Account ROAS as cut"),
        "by_break_even": Label("Break-even as cut"),
        "by_all_days": Label("Unsettled days too"),
        "weeks_of_coverage_exact": Label("WOC, exact days", *_WEEKS),
        "amazon_weeks_of_cover_t30": Label("Amazon's weeks of cover, 30 days", *_WEEKS),
        "amazon_weeks_of_cover_t90": Label("Amazon's weeks of cover, 90 days", *_WEEKS),
        "amazon_days_of_supply": Label("Amazon's days of supply", "units", "day"),
        "units_aged_over_180": Label("Aged over 180 days", *_UNITS),
        "units_aged_over_365": Label("Aged over 365 days", *_UNITS),
        "excess_units": Label("Excess", *_UNITS),
        "stock_value": Label("Stock value", "whole_money", "money"),
        "excess_value": Label("Excess value", "whole_money", "money"),
        "ad_spend": Label("Ad spend", *_MONEY),
        "ad_overspend": Label("Ad spend beyond the cut", *_MONEY),
        "ad_headroom": Label("Room for ad spend", *_MONEY),
        "ad_days": Label("Days of advertising", "units", "day"),
        "ad_sales": Label("Ad sales", *_MONEY),
        "ad_clicks": Label("Clicks", "units", "click"),
        "ad_orders": Label("Ad orders", "units", "order"),
        "ad_units": Label("Ad units", *_UNITS),
        "roas": Label("ROAS", "ratio"),
        "account_roas": Label("Account ROAS", "ratio"),
        "asins_uncertain": Label("Uncertain", "units"),
        "budget_that_pays": Label("Extra ads that pay", "whole_money", "money"),
        "roas_low": Label("ROAS, low", "ratio"),
        "roas_high": Label("ROAS, high", "ratio"),
        "roas_all_days": Label("ROAS, unsettled days too", "ratio"),
        "halo_share": Label("Ad sales of other products", "percent"),
        "roas_cut": Label("ROAS cut", "ratio"),
        "acos": Label("ACOS", "percent"),
        "tacos": Label("TACOS", "percent"),
        "conversion_rate": Label("CVR", "percent"),
        "cost_per_click": Label("CPC", *_MONEY),
        "ad_share": Label("Ad share", "percent"),
        "price": Label("Price", *_MONEY),
        "landed_cost": Label("Landed cost", *_MONEY),
        "referral_rate": Label("Referral rate", "percent"),
        "fulfilment_fee": Label("Fulfilment fee", *_MONEY),
        "unit_proceeds": Label("A unit brings", *_MONEY),
        "break_even_roas": Label("Break-even ROAS", "ratio"),
        "clearing_break_even_roas": Label("Clearing break-even ROAS", "ratio"),
        "lead_time_days": Label("Lead time", "units", "day"),
        "alert": Label("Amazon's alert"),
        "clear_by": Label("Clear by", "date"),
        "clear_days": Label("Days to clear", "units", "day"),
        "clicks": Label("Clicks needed", "units", "click"),
        "clicks_a_day": Label("Clicks a day", "units"),
        "clicks_a_day_now": Label("Clicks a day now", "units", "click"),
        "budget_upper": Label("Upper bound", "whole_money", "money"),
        "budget_lower": Label("Lower bound", "whole_money", "money"),
        "ad_units_needed": Label("Units by ads", *_UNITS),
        "budget_corrected": Label("Corrected budget", "whole_money", "money"),
        "way": Label("Way out", "words"),
        "unit_value": Label("A unit is worth", *_MONEY),
        "unit_limit": Label("Takes at most", *_UNITS),
        "mix_units": Label("Best mix", *_UNITS),
        "mix_spend": Label("Spends on ads", "whole_money", "money"),
        "mix_value": Label("Brings", "whole_money", "money"),
        "last_day": Label("Start by", "date"),
        "why_not": Label("Why not"),
        "best_alone": Label("Best alone"),
        "highest_cost_per_order": Label("An order may cost", *_MONEY),
        "carry_per_unit": Label("A year's storage of a unit", *_MONEY),
        "next_fee_date": Label("Next aged fee", "date"),
        "next_fee": Label("It costs", "whole_money", "money"),
        "faster_sale_saves": Label("Selling in time saves", "whole_money", "money"),
        "ad_budget": Label("Budget cap", "whole_money", "money"),
        "spend": Label("Advertising spends", "whole_money", "money"),
        "budget_price": Label("One more of budget brings", "ratio"),
        "alone": Label("Best single ways bring", "whole_money", "money"),
        "unplaced": Label("Units without a way", *_UNITS),
        **{way.key: Label(way.label, *_UNITS) for way in WAYS},
        "budget_low": Label("Budget, low", "whole_money", "money"),
        "budget_high": Label("Budget, high", "whole_money", "money"),
        "own_share": Label("Ad units of its own", "percent"),
        "own_conversion_rate": Label("CVR, own orders", "percent"),
        "clicks_a_day_best": Label("Clicks a day, best week", "units"),
        "verdict_clicks": Label("Clicks for a verdict", "units", "click"),
        "withheld": Label("Withheld: too few clicks"),
        "budget_extra": Label("Extra spend", "whole_money", "money"),
        "cost_per_order": Label("Cost per order", *_MONEY),
        "order_gain": Label("An ad order leaves", *_MONEY),
        "click_pays": Label("Click pays?", "words"),
        "asins": Label("ASINs", "units"),
        "label": Label("Place"),
        "objective": Label("Advertising objective"),
        "file": Label("File"),
        "report": Label("Report", "words"),
        "rows": Label("Rows", "units"),
        "dropped": Label("Left out", "words"),
        "from": Label("From", "date"),
        "to": Label("To", "date"),
        "level": Label("Level"),
        "code": Label("Finding"),
        "language": Label("Language"),
        "where": Label("Where"),
        "text": Label("Note"),
        "step": Label("Step"),
        "reasoning": Label("Reasoning"),
        "value": Label("Value"),
        "action": Label("Action"),
        "source": Label("Source"),
        "metrics": Label("Measure it by"),
    }
)
STAKES = MappingProxyType(
    {
        "excess_value": "value of stock above healthy cover",
        "stock_value": "value of stock that does not sell",
        "sales_at_risk": "sales short of the low cut-off; inbound not counted",
        "ad_overspend": "ad spend beyond the ROAS cut",
        "ad_headroom": "room for more ad spend",
        "": "",
    }
)
_SENTENCES = MappingProxyType({"stake": STAKES, "why_not": REASONS})
"""What stands for the keys of a column."""


def shown(name: str, value: Any) -> str:
    """One value as it is read: formatted by its column, a dash where it is missing.

    Examples
    --------
    >>> shown("weeks_of_coverage", 8.0), shown("roas", float("nan")), shown("conversion_rate", 0.05)
    ('8.0', '–', '5.0%')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return "–"
    if isinstance(value, (float, np.floating)) and np.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, (bool, np.bool_)):
        return say("yes" if value else "no")
    if plan := _plan(name, value):
        return say(plan.label)
    kind = LABELS[name].kind
    if kind != "words":
        return FORMATS[kind].format(say(_SENTENCES[name][value]) if name in _SENTENCES else value)
    return ", ".join(_words(name, value))


def _words(name: str, value: Any) -> list[str]:
    """What a column of words says, one by one: its keys, or how many rows of a file were left out and why."""
    if name == "dropped":
        parts = [part.partition(" ") for part in value.split(", ")]
        return [f"{rows} {say(reason)}" for rows, _, reason in parts]
    return [say(key.replace("_", " ")) for key in str(value).split("; ")]


def _plan(name: str, value: Any) -> Plan | None:
    """The plan of the playbook that a key stands for, in the columns that hold such keys."""
    book = playbook()
    named = name in ("segment", "gate", "plan", "place", "place_before") or name.startswith("by_")
    return (book.segments.get(value) or book.gates.get(value)) if named else None


def heading(name: str, currency: str = "") -> str:
    """A column's heading with its unit.

    Examples
    --------
    >>> heading("ad_spend", "USD"), heading("weeks_of_coverage")
    ('Ad spend [USD]', 'WOC [week]')
    """
    label = LABELS[name]
    unit = currency if label.unit == "money" else say(label.unit)
    return f"{say(label.heading)} [{unit}]" if unit else say(label.heading)


def short(text: Any, length: int = 48) -> Any:
    """A title cut to a length that fits a table; what is missing stays missing.

    Examples
    --------
    >>> short("A very long title", 8)
    'A very …'
    """
    return text if not isinstance(text, str) or len(text) <= length else text[: length - 1].rstrip() + " …"

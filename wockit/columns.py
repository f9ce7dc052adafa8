"""What every column is called, its unit and its format, and which tables have it.

Imports nothing of wockit."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

Columns = Mapping[str, str]
"""Names of columns and their types."""


TEXTS = ["title", "condition", "alert", "recommended_action", "skus"]


AMAZON = ["amazon_weeks_of_cover_t30", "amazon_weeks_of_cover_t90", "amazon_days_of_supply"]


SUMS = [
    "units_available", "units_inbound", "units_reserved", "units_unfulfillable", "units_shipped_7_days",
    "units_shipped_30_days", "units_shipped_60_days", "units_shipped_90_days", "units_aged_0_to_90",
    "units_aged_91_to_180", "units_aged_181_to_270", "units_aged_271_to_365", "units_aged_over_365",
    "units_aged_366_to_455", "units_aged_over_455", "amazon_excess_units", "amazon_storage_cost_next_month",
]  # fmt: skip


AD_SUMS = [
    "impressions", "ad_clicks", "ad_spend", "ad_sales", "ad_orders", "ad_units", "ad_units_same_sku",
    "ad_sales_other_sku",
]  # fmt: skip


SALES_SUMS = ["units_ordered", "sales", "orders"]


VISITS = ["sessions", "page_views"]


STOCK: Columns = dict.fromkeys([*SUMS, *AMAZON, "item_volume", "seasonal", "price"], "float64") | dict.fromkeys(
    TEXTS, "str"
)


SALES: Columns = {"title": "str", **dict.fromkeys([*VISITS, *SALES_SUMS, "featured_offer_share"], "float64")}


ADS: Columns = {
    "asin": "str", "date": "datetime64[s]", "first_day": "datetime64[s]", **dict.fromkeys(AD_SUMS, "float64")
}  # fmt: skip


COSTS: Columns = {
    "landed_cost": "float64", "price": "float64", "referral_rate": "float64", "fulfilment_fee": "float64",
    "size_tier": "str", "unit_volume": "float64", "unit_weight": "float64",
    "lead_time_days": "float64", "bought_again": "float64", "clear_by": "datetime64[s]",
    "inbound_arrives": "datetime64[s]",
}  # fmt: skip


def nothing(columns: Columns) -> pd.DataFrame:
    """The table of a report that is not there: its columns, typed, no row, indexed by ASIN unless that is a column."""
    table = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})
    return table if "asin" in columns else table.set_index(pd.Index([], name="asin", dtype="str"))


POSITIONS = [
    "title", "skus", "gate", "segment", "probability", "plan", "urgency", "uncertain", "cautions", "stake_a_week",
    "money_at_stake", "stake", "low_stock", "units_available", "units_inbound", "units_reserved", "units_sold",
    "units_source", "sales_days", "weeks_of_coverage", "forward_cover", "forward_cover_low", "forward_cover_high",
    "reasons", "weekly_demand", "demand_source", "low_weeks", "healthy_weeks", "exit_weeks", "aged_out", "own_band",
    "weeks_of_coverage_exact", "amazon_weeks_of_cover_t30", "amazon_weeks_of_cover_t90", "amazon_days_of_supply",
    "units_aged_over_180", "units_aged_over_365", "excess_units", "stock_value",
    "excess_value", "sales_at_risk", "ad_spend", "ad_sales", "ad_clicks", "ad_orders", "ad_units", "halo_share", "roas",
    "roas_low", "roas_high", "roas_all_days", "roas_cut", "acos", "tacos", "conversion_rate", "cost_per_click",
    "ad_share", "price", "landed_cost", "referral_rate", "fulfilment_fee", "unit_proceeds", "break_even_roas",
    "clearing_break_even_roas", "lead_time_days", "clear_days", "ad_days",
    "ad_overspend", "ad_headroom", "alert",
]  # fmt: skip


FORWARD = ["forward_cover", "forward_cover_low", "forward_cover_high"]


ON_HAND = ["cover_on_hand", "cover_on_hand_low", "cover_on_hand_high"]
"""The same without the units that are still to arrive."""


CLEARANCE = [
    "title", "way", "unit_value", "unit_limit", "mix_units", "mix_spend", "mix_value", "last_day", "why_not",
    "best_alone",
]  # fmt: skip


BUDGETS = [
    "title", "plan", "cautions", "excess_units", "clear_by", "clear_days", "conversion_rate", "cost_per_click",
    "own_share", "own_conversion_rate", "ad_share", "units_sold", "sales_days", "clicks", "clicks_a_day",
    "clicks_a_day_now", "clicks_a_day_best", "budget_upper", "budget_lower", "ad_units_needed", "budget_corrected",
    "budget_low", "budget_high", "budget_extra", "price", "cost_per_order", "unit_proceeds", "order_gain", "click_pays",
    "highest_cost_per_order", "clearing_break_even_roas", "carry_per_unit", "next_fee_date", "next_fee",
    "faster_sale_saves", "verdict_clicks", "withheld",
]  # fmt: skip


AGES = [
    "units_aged_0_to_90", "units_aged_91_to_180", "units_aged_181_to_270", "units_aged_271_to_365",
    "units_aged_366_to_455", "units_aged_over_455",
]  # fmt: skip


WITHHELD = ["clicks", "clicks_a_day", "budget_upper", "budget_lower", "ad_units_needed", "budget_corrected",
            "budget_low", "budget_high", "budget_extra", "cost_per_order"]  # fmt: skip
"""What rests on the conversion rate, and is not told where there are too few clicks to know it."""


ADVICE = [
    "title", "do", "says", "ads_level", "clicks_a_day", "ad_spend_a_day", "highest_cpc", "price_cut",
    "units_liquidated", "units_removed", "units_outlet", "units_disposed", "until", "ads_after", "gain", "gain_low",
    "gain_high", "gain_a_week", "act_by", "wrong_if", "place_article", "place_probable", "probability", "units_left",
    "order_units", "order_by",
]  # fmt: skip
"""What to do with each ASIN, and what that is worth next to carrying on as today."""


MOVES = [
    "title", "place_before", "place", "moved_by", "weeks_of_coverage_before", "weeks_of_coverage", "roas_before",
    "roas", "stock_value",
]  # fmt: skip


SCORES = [
    "snapshot", "advised", "followed", "followed_eased", "left", "left_eased", "units_expected", "units_by_last_month",
    "units_sold", "within_half",
]  # fmt: skip


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
        "act_by": Label("Do by", "date"),
        "do": Label("Advice", "words"),
        "says": Label("Do first"),
        "ads_level": Label("Clicks over now", "ratio"),
        "ad_spend_a_day": Label("Ad spend a day", *_MONEY),
        "highest_cpc": Label("A click pays up to", *_MONEY),
        "price_cut": Label("Price cut", "percent"),
        "units_liquidated": Label("To liquidate", *_UNITS),
        "units_removed": Label("To remove", *_UNITS),
        "units_outlet": Label("To Outlet", *_UNITS),
        "units_disposed": Label("To dispose of", *_UNITS),
        "until": Label("Until", "date"),
        "ads_after": Label("Clicks after that, over now", "ratio"),
        "gain": Label("Gain over carrying on", "whole_money", "money"),
        "gain_low": Label("Gain, low", "whole_money", "money"),
        "gain_high": Label("Gain, high", "whole_money", "money"),
        "gain_a_week": Label("Gain a week", "whole_money", "money"),
        "wrong_if": Label("Wrong if", "words"),
        "place_article": Label("Place"),
        "place_probable": Label("Most probable place"),
        "units_left": Label("Expected to be left", *_UNITS),
        "order_units": Label("To order", *_UNITS),
        "order_by": Label("Order by", "date"),
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
        "hold": Label("Hold", *_UNITS),
        "advertise": Label("Advertise", *_UNITS),
        "markdown": Label("Mark down", *_UNITS),
        "outlet": Label("Outlet deal", *_UNITS),
        "liquidate": Label("Liquidate", *_UNITS),
        "remove": Label("Remove", *_UNITS),
        "dispose": Label("Dispose", *_UNITS),
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

"""Every column in one record: heading, unit, format, meaning, and the tables that have it.

Labels, the layout of tables, the comments on the workbook's headers, the types of kept weeks and the glossary follow
from these records. A new column is one record here and the line that calculates it. Imports nothing of wockit.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

FORMATS = MappingProxyType(
    {
        "text": "{}",
        "words": "{}",
        "truth": "{}",
        "units": "{:,.0f}",
        "money": "{:,.2f}",
        "whole_money": "{:,.0f}",
        "ratio": "{:.2f}",
        "one_decimal": "{:,.1f}",
        "percent": "{:.1%}",
        "chance": "{:.0%}",
        "date": "{:%Y-%m-%d}",
    }
)
"""How a value is written. `words` are keys of ours, `truth` is yes or no; a `chance` is written by `chance`."""
SUREST = 0.99
"""What is more probable is only said to be so."""


def chance(value: float) -> str:
    """A probability as text; never surer than 1 in 100.

    Examples
    --------
    >>> chance(0.674), chance(0.999), chance(0.001)
    ('67%', '>99%', '<1%')
    """
    sign = ">" if value > SUREST else "<" if value < 1 - SUREST else ""
    return f"{sign}{min(max(value, 1 - SUREST), SUREST):.0%}"


_TYPES = MappingProxyType({"text": "str", "words": "str", "truth": "bool", "date": "datetime64[s]"})
"""What is no number, and its type in a table."""
_UNITS = MappingProxyType({"percent": "fraction", "chance": "fraction", "ratio": "ratio"})
"""The unit of a column whose format says it."""
Columns = Mapping[str, str]
"""Names of columns and their types."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        The name in every table, argument and file.
    heading
        What people read above it; empty for a column that people do not see.
    format
        A key of `FORMATS`.
    unit
        In words; `money` stands for the account's currency.
    meaning
        One sentence: a comment in the workbook, a line of the glossary.
    function
        Where it is calculated, if one formula gives it.
    formula
        The same over columns and settings where that is plain arithmetic; a test compares both.
    places
        The tables that have it, and where in each: columns stand in the order of these numbers.
    """

    name: str
    heading: str
    format: str
    unit: str
    meaning: str
    function: str
    formula: str
    places: Mapping[str, int]

    @property
    def dtype(self) -> str:
        """Its type in a table."""
        return _TYPES.get(self.format, "float64")

    @property
    def is_number(self) -> bool:
        """Does it stand at the right and add up?"""
        return self.format not in _TYPES


def _column(
    name: str,
    heading: str = "",
    format: str = "text",
    unit: str = "",
    *,
    meaning: str = "",
    function: str = "",
    formula: str = "",
    **places: int,
) -> Column:
    return Column(name, heading, format, unit, meaning, function, formula, MappingProxyType(places))


# fmt: off
_RECORDS = (
    _column("rank", "#", "units",
            meaning="Rank by gain per week."),
    _column("asin", "ASIN", ads=10, bulk=190, todo=10,
            meaning="Amazon's product ID."),
    _column("title", "Product", positions=10, budgets=10, advice=10, ways_out=10, moves=10, stock=240, sales=10,
            meaning="Product name in the reports."),
    _column("skus", "SKUs", positions=20, stock=280,
            meaning="The SKUs that add up to this ASIN."),
    _column("place", "Place", moves=30, supply=20, other_stock=10,
            meaning="Segment of the matrix, or the gate that keeps the ASIN out of it."),
    _column("gate", "Gate", positions=30,
            meaning="Why the ASIN has no place in the matrix.",
            function="formulas.matrix.gate"),
    _column("segment", "Segment", positions=40,
            meaning="Place in the matrix: protect, scale, refine, push traffic, lift conversion or exit.",
            function="formulas.matrix.segment"),
    _column("plan", "Plan", positions=60, budgets=20, page=10,
            meaning="Key of the plan in the playbook.",
            function="formulas.matrix.plan"),
    _column("urgency", "Urgency", "words", positions=70,
            meaning="Watch, act or urgent: how far cover is above the ASIN's own healthy band.",
            function="formulas.matrix.urgency"),
    _column("uncertain", "Uncertain", "truth", positions=80,
            meaning="Is the probability of the segment below the setting 'certainty'?"),
    _column("cautions", "Cautions", "words", positions=90, budgets=30, page=100,
            meaning="What to check before acting."),
    _column("why", "Why",
            meaning="The numbers behind the place."),
    _column("first", "Do first",
            meaning="What to do, how much, and until when, in one sentence."),
    _column("stake_a_week", "At stake per week", "whole_money", "money", positions=100,
            meaning="Money at stake per week: divided by the low cut-off, the ad days or the days to clear.",
            function="formulas.matrix.stake_a_week"),
    _column("snapshot", "Snapshot", "date", scores=10,
            meaning="Day of the downloads."),
    _column("place_before", "Place before", moves=20,
            meaning="Place in the previous snapshot."),
    _column("moved_by", "Moved by", "words", moves=40,
            meaning="Why the place changed: stock, demand, ROAS or a cut-off.",
            function="analysis.movement.moves"),
    _column("weeks_of_coverage_before", "WOC before", "one_decimal", "week", moves=50,
            meaning="WOC in the previous snapshot."),
    _column("own_roas_before", "ROAS before, own sales", "ratio", moves=70,
            meaning="ROAS from sales of the ASIN itself in the previous snapshot."),
    _column("stock_out_days", "Days without stock, next 4 weeks", "units", "day",
            meaning="Days without stock in the next four weeks, over all ASINs.",
            function="analysis.movement.totals"),
    _column("advised", "Advised", "words", scores=20,
            meaning="What was advised."),
    _column("did", "Action taken", "words",
            meaning="What changed by 5% (spend, stock) or 2% (price) since then."),
    _column("followed", "Followed", "truth", scores=30,
            meaning="Was the advice followed, at least in part?"),
    _column("cash", "Cash per week over carrying on", "whole_money", "money",
            meaning="Cash per week since then over the cash expected from carrying on."),
    _column("cash_followed", "Followed: cash over carrying on", "whole_money", "money", scores=40,
            meaning="Cash per week over carrying on, of ASINs that followed."),
    _column("left", "Not followed", "units", scores=50,
            meaning="ASINs that did not follow."),
    _column("cash_left", "Not followed: cash over carrying on", "whole_money", "money", scores=60,
            meaning="Cash per week over carrying on, of ASINs that did not follow."),
    _column("units_expected", "Expected sales", "units", "unit", scores=70,
            meaning="Expected sales in these days."),
    _column("units_by_last_month", "Sales at last month's pace", "units", "unit", scores=80,
            meaning="Sales in these days at last month's pace."),
    _column("within_half", "Sales within 50% of expected", "percent", scores=100,
            meaning="Share of ASINs that sold half to one and a half times what was expected."),
    _column("do", "Advice", "words", advice=20, page=15, kept=10,
            meaning="What to do, as a key."),
    _column("says", "What to do", advice=30,
            meaning="What to do, how much, and until when, in one sentence."),
    _column("reason", "Reason", advice=35,
            meaning="Where the ASIN stands by the article and most likely, and why the advice gains."),
    _column("ads_level", "Clicks / clicks now", "ratio", advice=40,
            meaning="Clicks under the advice / today's clicks."),
    _column("ad_spend_a_day", "Ad spend per day", "money", "money", advice=60,
            meaning="Ad spend per day under the advice."),
    _column("highest_cpc", "Max CPC that pays", "money", "money", advice=70, budgets=292,
            meaning="Max CPC that pays: incremental share x CVR x (net per unit - value without the click)."),
    _column("price_cut", "Price cut", "percent", advice=80,
            meaning="Price cut of the advice; below 0 it is a price rise."),
    _column("units_liquidated", "Units to liquidate", "units", "unit", advice=90,
            meaning="Units to sell to liquidators."),
    _column("units_removed", "Units to remove", "units", "unit", advice=100,
            meaning="Units to remove: they bring more outside Amazon (value_elsewhere in costs.csv)."),
    _column("units_outlet", "Units to Outlet", "units", "unit", advice=110,
            meaning="Units that the first two weeks of the price cut sell: an Outlet deal, if Amazon offers one."),
    _column("units_disposed", "Units to dispose of", "units", "unit", advice=120,
            meaning="Units to dispose of."),
    _column("until", "Until", "date", advice=130,
            meaning="Last day of the advice; empty if nothing changes."),
    _column("ads_after", "Clicks after that / clicks now", "ratio", advice=140,
            meaning="Clicks after that day / today's clicks."),
    _column("gain", "Gain over carrying on", "whole_money", "money", advice=150,
            meaning="Cautious gain: extra cash in one year over carrying on, less a quarter of the spread.",
            function="formulas.choice.cautious"),
    _column("gain_low", "Gain, low", "whole_money", "money", advice=160,
            meaning="Low end of the 80% range of the gain.",
            function="analysis.advice.ends"),
    _column("gain_high", "Gain, high", "whole_money", "money", advice=170,
            meaning="High end of the 80% range of the gain.",
            function="analysis.advice.ends"),
    _column("gain_a_week", "Gain per week", "whole_money", "money", advice=180, page=20, kept=30,
            meaning="Gain / weeks of the advice; ASINs are ranked by it."),
    _column("act_by", "Act by", "date", advice=190, todo=30,
            meaning="Last day to act without loss."),
    _column("wrong_if", "Wrong if", "words", advice=200,
            meaning="When carrying on would be better."),
    _column("reordered", "Bought again", "truth", advice=205, kept=20,
            meaning="Is the ASIN taken as one that will be bought again? costs.csv can say so (bought_again)."),
    _column("place_article", "Place by the article", advice=210,
            meaning="Place by WOC and ROAS, as in the article."),
    _column("place_probable", "Most likely place", advice=220,
            meaning="Most likely place by forward cover and same-SKU ROAS.",
            function="analysis.places.chances_of"),
    _column("units_left", "Expected units left", "units", "unit", advice=240,
            meaning="Units left on the clear-by date or after a year, at the expected demand."),
    _column("order_units", "Units to order", "units", "unit", advice=250,
            meaning="Units to order now, in whole cartons and at least the supplier's minimum."),
    _column("recommended_replenishment_units", "Amazon's quantity", "units", "unit", advice=251, stock=276,
            meaning="Units that Amazon recommends to send in, from the inventory or the restock report."),
    _column("order_cash", "Cash for the order", "whole_money", "money", advice=252,
            meaning="Units to order x landed cost."),
    _column("waiting_costs", "Cost of waiting", "whole_money", "money", advice=254,
            meaning="Profit lost if the order waits until the next review."),
    _column("decision", "Decision",
            meaning="For you: yes, no, later, or your own words. It appears in the next report, with columns you add."),
    _column("money_at_stake", "Money at stake", "whole_money", "money", positions=110,
            meaning="The amount that the plan is about.",
            function="formulas.matrix.money_at_stake"),
    _column("stake", "What is at stake", positions=120,
            meaning="What the money at stake is."),
    _column("low_stock", "Stock too low", "truth", positions=130,
            meaning="Is cover below the low cut-off?"),
    _column("sales_at_risk", "Sales at risk", "whole_money", "money", positions=410,
            meaning="Sales that may be lost before restock: what stock and arrivals in time cannot serve.",
            function="formulas.matrix.sales_at_risk"),
    _column("units_available", "Available", "units", "unit", positions=140, stock=10, page=40,
            meaning="Units that FBA can sell now; not inbound, reserved or unsellable."),
    _column("units_inbound", "Inbound", "units", "unit", positions=150, stock=20,
            meaning="Units on their way to FBA."),
    _column("units_reserved", "Reserved", "units", "unit", positions=160, stock=30,
            meaning="Units that FBA holds for orders, transfers or checks."),
    _column("units_sold", "Sold", "units", "unit", positions=170, budgets=120, scores=90,
            meaning="Units that left FBA's stock in the sales period: shipped, or ordered where that is not known.",
            function="reading.sales.sales_in_period"),
    _column("units_source", "Sales source", "words", positions=180,
            meaning="Report column that the units sold come from."),
    _column("sales_days", "Sales period", "units", "day", positions=190, budgets=130,
            meaning="Length of the sales period."),
    _column("days_on_sale", "Days on sale", "units", "day", positions=195,
            meaning="Days since the first sale or ad of a launch."),
    _column("weeks_of_coverage", "WOC", "one_decimal", "week", positions=200, moves=60, page=50,
            meaning="WOC: stock / units sold in the period x weeks in the period; a month counts as 4.",
            function="formulas.cover.weeks_of_coverage", formula="units_available / units_sold * weeks"),
    _column("forward_cover", "Forward cover", "one_decimal", "week", positions=210, page=60, forward=10,
            meaning="Weeks until the stock is gone at the expected demand, with inbound units that have a date.",
            function="formulas.cover.forward_cover"),
    _column("forward_cover_low", "low", "one_decimal", "week", positions=220, forward=20,
            meaning="Low end of the 80% range of forward cover.",
            function="formulas.cover.forward_cover"),
    _column("forward_cover_high", "high", "one_decimal", "week", positions=230, forward=30,
            meaning="High end of the 80% range of forward cover.",
            function="formulas.cover.forward_cover"),
    _column("forward_range", "80% range", page=70,
            meaning="80% range of forward cover."),
    _column("reasons", "Why it differs", "words", positions=240,
            meaning="Why forward cover differs from WOC."),
    _column("weekly_demand", "Expected demand", "one_decimal", "unit/week", positions=250,
            meaning="Expected sales per week, mean of the next four weeks."),
    _column("demand_source", "Weekly sales source", "words", positions=260,
            meaning="Reports that the weekly sales come from."),
    _column("low_weeks", "Low cut-off", "one_decimal", "week", positions=270,
            meaning="Below this, stock is too low; a lead time raises it.",
            function="formulas.cover.low_cut"),
    _column("healthy_weeks", "Healthy up to", "one_decimal", "week", positions=280,
            meaning="Upper end of the ASIN's healthy band."),
    _column("exit_weeks", "Exit from", "one_decimal", "week", positions=290,
            meaning="From this value, the ASIN is in the exit lane."),
    _column("aged_out", "Aged out", "truth", positions=300,
            meaning="Do old units put the ASIN into the exit lane?"),
    _column("own_band", "Own healthy band", "words", positions=310,
            meaning="Why the ASIN has its own healthy band."),
    _column("probability", "Place: how sure", "chance", advice=230, positions=50, page=30,
            meaning="Probability that the ASIN belongs in its segment.",
            function="formulas.chances.segment_probability"),
    _column("key", "What", "words",
            meaning="What the row is about."),
    _column("by_exact_days", "By WOC, exact days",
            meaning="Segment by WOC over the exact days."),
    _column("by_90_days", "By WOC, 90 days",
            meaning="Segment by WOC over 90 days."),
    _column("by_available", "By WOC, available units only",
            meaning="Segment by WOC of the available units alone."),
    _column("by_all_sales", "With sales of other products",
            meaning="Segment by ROAS with sales of other products."),
    _column("by_amazon", "Amazon's weeks of cover",
            meaning="Segment by Amazon's weeks of cover."),
    _column("by_forward_cover", "By forward cover",
            meaning="Segment by forward cover."),
    _column("by_account_roas", "Account ROAS as cut",
            meaning="Segment with the account's ROAS as cut."),
    _column("by_break_even", "Break-even as cut",
            meaning="Segment with break-even ROAS as cut."),
    _column("by_all_days", "With unsettled days",
            meaning="Segment with unsettled days counted."),
    _column("weeks_of_coverage_exact", "WOC, exact days", "one_decimal", "week", positions=320,
            meaning="The same over the exact days: stock / units sold x days / 7.",
            function="formulas.cover.weeks_of_coverage", formula="units_available / units_sold * sales_days / 7"),
    _column("amazon_weeks_of_cover_t30", "Amazon's weeks of cover, 30 days", "one_decimal", "week", positions=330,
            stock=180, meaning="Amazon's own weeks of cover, from the average stock of the last 30 days."),
    _column("amazon_weeks_of_cover_t90", "Amazon's weeks of cover, 90 days", "one_decimal", "week", positions=340,
            stock=190, meaning="Amazon's own weeks of cover, from the average stock of the last 90 days."),
    _column("amazon_days_of_supply", "Amazon's days of supply", "units", "day", positions=350, stock=200,
            meaning="Amazon's own forecast of how long the stock lasts."),
    _column("amazon_days_of_supply_30", "Amazon's historical days of supply, 30 days", "units", "day",
            positions=352, stock=202,
            meaning="Amazon's figure: average stock / average units shipped per day, last 30 days."),
    _column("amazon_days_of_supply_90", "Amazon's historical days of supply, 90 days", "units", "day",
            positions=354, stock=204,
            meaning="Amazon's figure: average stock / average units shipped per day, last 90 days."),
    _column("units_aged_over_180", "Aged over 180 days", "units", "unit", positions=360,
            meaning="Units older than 180 days at FBA."),
    _column("units_aged_over_365", "Aged over 365 days", "units", "unit", positions=370, stock=130,
            meaning="Units older than 365 days at FBA."),
    _column("excess_units", "Excess", "units", "unit", positions=380, budgets=40, page=90, page_budgets=18,
            meaning="Supply above the healthy band, or unsold by the clear-by date; in budgets: units to clear at FBA.",
            function="formulas.cover.excess_units"),
    _column("stock_value", "Stock value", "whole_money", "money", positions=390, moves=90,
            meaning="Supply at landed cost, or at the price where no cost is known."),
    _column("excess_value", "Excess value", "whole_money", "money", positions=400,
            meaning="Excess units at the same value."),
    _column("ad_spend", "Ad spend", "money", "money", positions=420, ads=60, bulk=320,
            meaning="Ad spend on settled days."),
    _column("ad_overspend", "Excess ad spend", "money", "money", positions=680,
            meaning="Ad spend above what the ROAS cut allows.",
            function="formulas.matrix.ad_overspend"),
    _column("ad_headroom", "Room for ad spend", "money", "money", positions=690,
            meaning="Further ad spend that the ROAS cut would allow.",
            function="formulas.matrix.ad_headroom"),
    _column("ad_days", "Ad days", "units", "day", positions=670,
            meaning="Settled days of advertising."),
    _column("ad_sales", "Ad sales", "money", "money", positions=430, ads=70, bulk=330,
            meaning="Sales from ads on settled days."),
    _column("ad_clicks", "Clicks", "units", "click", positions=440, ads=50, bulk=310,
            meaning="Ad clicks on settled days."),
    _column("ad_orders", "Ad orders", "units", "order", positions=450, ads=80, bulk=340,
            meaning="Orders from ads on settled days."),
    _column("ad_units", "Ad units", "units", "unit", positions=460, ads=90,
            meaning="Units from ads on settled days."),
    _column("roas", "ROAS", "ratio", positions=480,
            meaning="Ad sales / ad spend on settled days.",
            function="formulas.advertising.roas", formula="ad_sales / ad_spend"),
    _column("account_roas", "Account ROAS, own sales", "ratio",
            meaning="Ad sales of the advertised ASINs themselves / ad spend, all ASINs: the default ROAS cut.",
            function="formulas.matrix.account_roas"),
    _column("asins_uncertain", "Uncertain ASINs", "units",
            meaning="ASINs whose segment is uncertain."),
    _column("roas_low", "ROAS, low", "ratio", positions=490,
            meaning="Low end of the ROAS range, from the noise in conversion.",
            function="formulas.evidence.roas_interval"),
    _column("roas_high", "ROAS, high", "ratio", positions=500,
            meaning="High end of the ROAS range, from the noise in conversion.",
            function="formulas.evidence.roas_interval"),
    _column("roas_all_days", "ROAS with unsettled days", "ratio", positions=510,
            meaning="ROAS with days that Amazon is still attributing sales to."),
    _column("halo_share", "Ad sales of other products", "percent", positions=470,
            meaning="Share of ad sales that went to other products."),
    _column("sells_siblings", "Sells through its ads", positions=472,
            meaning="ASINs of its parent that its ads sell: half or more of its ad sales are of other products."),
    _column("sold_by_siblings", "Sold through ads of", positions=474,
            meaning="ASINs of its parent whose ads sell it too."),
    _column("parent_asin", "Parent", sales=15, positions=476,
            meaning="Parent ASIN in the business report."),
    _column("roas_cut", "ROAS cut", "ratio", positions=520,
            meaning="ROAS at or above this counts as high."),
    _column("acos", "ACOS", "percent", positions=530,
            meaning="Ad spend / ad sales.",
            function="formulas.advertising.acos", formula="ad_spend / ad_sales"),
    _column("tacos", "TACOS", "percent", positions=540,
            meaning="Ad spend per day / all sales per day.",
            function="formulas.advertising.tacos", formula="(ad_spend / ad_days) / (sales / sales_days)"),
    _column("conversion_rate", "CVR", "percent", positions=550, budgets=70,
            meaning="CVR: ad orders / ad clicks.",
            function="formulas.advertising.conversion_rate", formula="ad_orders / ad_clicks"),
    _column("cost_per_click", "CPC", "money", "money", positions=560, budgets=80,
            meaning="CPC: ad spend / ad clicks.",
            function="formulas.advertising.cost_per_click", formula="ad_spend / ad_clicks"),
    _column("ad_share", "Ad share", "percent", positions=570, budgets=110,
            meaning="Share of the ASIN's sales from its own ads, at most 1, over the same days if these are known.",
            function="formulas.advertising.ad_share"),
    _column("price", "Price", "money", "money", positions=580, budgets=250, stock=230, costs=20,
            meaning="Selling price."),
    _column("landed_cost", "Landed cost", "money", "money", positions=590, costs=10,
            meaning="Cost of a unit delivered to Amazon, from costs.csv."),
    _column("referral_rate", "Referral rate", "percent", positions=600, costs=30,
            meaning="Amazon's share of the price."),
    _column("fulfilment_fee", "Fulfilment fee", "money", "money", positions=610, costs=40,
            meaning="FBA fee for a unit. The advice adds fuel to a fee in costs.csv."),
    _column("low_inventory_fee", "Low-inventory fee per unit", "money", "money", positions=615,
            meaning="What Amazon adds to each unit shipped while stock is below 28 days; 0 if none is due.",
            function="formulas.fees.low_inventory_fee"),
    _column("unit_proceeds", "Net per unit", "money", "money", positions=620, budgets=270,
            meaning="Price less referral and fulfilment fees; landed cost is sunk.",
            function="formulas.advertising.unit_proceeds", formula="price * (1 - referral_rate) - fulfilment_fee"),
    _column("break_even_roas", "Break-even ROAS", "ratio", positions=630,
            meaning="ROAS at which a unit earns nothing: price / (net per unit - low-inventory fee - landed cost).",
            function="formulas.advertising.break_even_roas",
            formula="price / maximum(unit_proceeds - low_inventory_fee.fillna(0) - landed_cost, 0)"),
    _column("clearing_break_even_roas", "Clearing break-even ROAS", "ratio", positions=640, budgets=310,
            meaning="The same with landed cost sunk, compared with the best other way out if there is one.",
            function="formulas.ways_out.clearing_break_even_roas"),
    _column("lead_time_days", "Lead time", "units", "day", positions=650, costs=80,
            meaning="Days from order to arrival."),
    _column("alert", "Amazon's alert", positions=700, stock=260,
            meaning="Amazon's alert in the inventory report."),
    _column("clear_by", "Clear-by date", "date", budgets=50, costs=90,
            meaning="Day by which the stock must be gone, from costs.csv."),
    _column("clear_days", "Days to clear", "units", "day", positions=660, budgets=60,
            meaning="Days to clear the excess."),
    _column("clicks", "Clicks needed", "units", "click", budgets=140, withheld=10,
            meaning="Clicks to sell the excess: excess / units per order / CVR.",
            function="formulas.budget.clicks_needed", formula="excess_units / units_per_order / conversion_rate"),
    _column("clicks_a_day", "Clicks per day", "units", advice=50, budgets=150, page_budgets=100, withheld=20,
            meaning="Clicks per day needed to sell the units in time."),
    _column("clicks_a_day_now", "Clicks per day now", "units", "click", budgets=160,
            meaning="Ad clicks per day in the last four weeks on sale.",
            function="analysis.circumstances.clicks_now"),
    _column("budget_upper", "Upper bound", "whole_money", "money", budgets=180, page_budgets=40, withheld=30,
            meaning="The article's upper bound: clicks x CPC.",
            function="formulas.budget.budget_upper", formula="clicks * cost_per_click"),
    _column("budget_lower", "Lower bound", "whole_money", "money", budgets=190, page_budgets=30, withheld=40,
            meaning="The article's lower bound: upper bound x ad share.",
            function="formulas.budget.budget_lower", formula="budget_upper * ad_share"),
    _column("ad_units_needed", "Units to sell by ads", "units", "unit", budgets=200, withheld=50,
            meaning="Units that ads must sell: excess units less organic sales at today's pace.",
            function="formulas.budget.ad_units_needed"),
    _column("budget_corrected", "Corrected budget", "whole_money", "money", budgets=210, page_budgets=50, withheld=60,
            meaning="Ad spend to sell these units at the expected CVR.",
            function="formulas.budget.clearance_budget"),
    _column("way", "Way out", "words", ways_out=20,
            meaning="One of the ways to clear a unit."),
    _column("unit_value", "Value per unit", "money", "money", ways_out=30,
            meaning="Value per unit of this way out, in cash from today on.",
            function="formulas.ways_out.ways_out"),
    _column("unit_limit", "Max units", "units", "unit", ways_out=40,
            meaning="Max units that this way can take."),
    _column("last_day", "Start by", "date", ways_out=80,
            meaning="Last day to start this way."),
    _column("why_not", "Why closed", ways_out=90,
            meaning="Why this way is closed."),
    _column("highest_cost_per_order", "Max cost per order", "money", "money", budgets=300,
            meaning="Max cost per order: above it another way out is better.",
            function="formulas.ways_out.highest_cost_per_order"),
    _column("carry_per_unit", "Storage per unit and year", "money", "money", budgets=320,
            meaning="Storage and aged fees of the coming year for a unit held today.",
            function="formulas.fees.carrying_cost"),
    _column("next_fee_date", "Next fee date", "date", budgets=330,
            meaning="Day of the next aged fee."),
    _column("next_fee", "Next fee", "whole_money", "money", budgets=340,
            meaning="Amount of the next aged fee."),
    _column("faster_sale_saves", "Savings if sold in time", "whole_money", "money", budgets=350,
            meaning="Storage and fees saved by selling the excess in time."),
    _column("ad_budget", "Budget cap", "whole_money", "money",
            meaning="Most that the ads of all ASINs may cost in the next four weeks."),
    _column("spend", "Ad spend, next 4 weeks", "whole_money", "money",
            meaning="Ad spend of all ASINs in the next four weeks under the advice."),
    _column("budget_price", "Gain from 1 more of ad budget", "ratio",
            meaning="Extra cash in one year if the ad budget were 1 higher."),
    _column("budget_low", "Budget, low", "whole_money", "money", budgets=220, page_budgets=60, withheld=70,
            meaning="Budget that is enough in 20% of cases.",
            function="formulas.budget.with_dearer_clicks"),
    _column("budget_high", "Budget, high", "whole_money", "money", budgets=230, page_budgets=70, withheld=80,
            meaning="Budget that is enough in 80% of cases.",
            function="formulas.budget.with_dearer_clicks"),
    _column("own_share", "Own share of ad units", "percent", budgets=90,
            meaning="Share of ad units that are the ASIN itself."),
    _column("own_conversion_rate", "CVR, own orders", "percent", budgets=100,
            meaning="CVR of orders for the ASIN itself.",
            formula="conversion_rate * own_share"),
    _column("expected_conversion_rate", "CVR, expected", "percent", budgets=105,
            meaning="CVR of own orders, drawn toward the account's if clicks are few; budget and advice use it."),
    _column("clicks_a_day_best", "Clicks per day, best week", "units", budgets=170, page_budgets=110,
            meaning="Ad clicks per day in the best week."),
    _column("clicks_over_best", "Clicks needed / best week", "ratio", budgets=215, withheld=65,
            meaning="Clicks per day that the corrected budget buys / clicks per day in the best week."),
    _column("traffic", "Traffic", page_budgets=20,
            meaning="Why there is no budget: more clicks than the best week had are not to be had."),
    _column("verdict_clicks", "Clicks for a verdict", "units", "click", budgets=360,
            meaning="Clicks needed to know whether ads pay; with fewer the budget is withheld.",
            function="formulas.evidence.clicks_for_a_verdict"),
    _column("withheld", "Withheld", "truth", budgets=370,
            meaning="Are there too few clicks for a budget, or are they at another price than today's?"),
    _column("budget_extra", "Extra spend", "whole_money", "money", budgets=240, page_budgets=80, withheld=90,
            meaning="Corrected budget less what today's ads would spend anyway.",
            function="formulas.budget.clearance_budget"),
    _column("cost_per_order", "Cost per order", "money", "money", budgets=260, page_budgets=90, withheld=100,
            meaning="Ad cost per order of the ASIN itself: CPC / expected CVR, extra clicks at their higher price.",
            function="formulas.budget.clearance_budget",
            formula="cost_per_click / expected_conversion_rate * dearer_clicks"),
    _column("order_gain", "Profit per ad order", "money", "money", budgets=280,
            meaning="Profit per ad order: net per unit x units per order - cost per order.",
            function="formulas.budget.order_gain",
            formula="unit_proceeds * units_per_order - cost_per_order"),
    _column("click_pays", "Click pays?", "words", budgets=290, page_budgets=10,
            meaning="Is a click worth more than it costs: is CPC below the max CPC that pays?"),
    _column("pays_probability", "Click pays: how sure", "chance", budgets=295, page_budgets=15,
            meaning="Probability that a click is worth more than it costs, from the evidence for the expected CVR.",
            function="formulas.evidence.pays_probability"),
    _column("asins", "ASINs", "units",
            meaning="How many ASINs."),
    _column("label", "Segment or gate",
            meaning="Name of the segment or gate."),
    _column("objective", "Advertising objective",
            meaning="Purpose of advertising in this segment."),
    _column("file", "File",
            meaning="File in the account."),
    _column("report", "Report", "words",
            meaning="Which report it is."),
    _column("rows", "Rows", "units",
            meaning="Rows that were read."),
    _column("dropped", "Left out", "words",
            meaning="Rows that were left out, and why."),
    _column("from", "From", "date",
            meaning="First day in the file."),
    _column("to", "To", "date",
            meaning="Last day in the file."),
    _column("level", "Level",
            meaning="How serious it is."),
    _column("code", "Finding",
            meaning="Code of the finding, for --accept."),
    _column("language", "Language",
            meaning="Language of the header."),
    _column("where", "Where",
            meaning="File or table that it is about."),
    _column("text", "Note",
            meaning="What to know."),
    _column("step", "Step",
            meaning="Step of the calculation."),
    _column("reasoning", "Reasoning",
            meaning="How the step is calculated."),
    _column("value", "Value",
            meaning="Result of the step."),
    _column("action", "Action",
            meaning="What to do."),
    _column("source", "Source",
            meaning="Where the advice comes from."),
    _column("metrics", "Metrics",
            meaning="Numbers that show whether it works."),
    _column("units_unfulfillable", "", "units", stock=40),
    _column("units_shipped_7_days", "", "units", stock=50),
    _column("units_shipped_30_days", "", "units", stock=60),
    _column("units_shipped_60_days", "", "units", stock=70),
    _column("units_shipped_90_days", "", "units", stock=80),
    _column("units_aged_0_to_90", "", "units", stock=90, ages=10),
    _column("units_aged_91_to_180", "", "units", stock=100, ages=20),
    _column("units_aged_181_to_270", "", "units", stock=110, ages=30),
    _column("units_aged_271_to_365", "", "units", stock=120, ages=40),
    _column("units_aged_366_to_455", "", "units", stock=140, ages=50),
    _column("units_aged_over_455", "", "units", stock=150, ages=60),
    _column("amazon_excess_units", "", "units", stock=160),
    _column("amazon_storage_cost_next_month", "", "money", stock=170),
    _column("item_volume", "", "ratio", stock=210),
    _column("seasonal", "", "units", stock=220),
    _column("season_end", format="date", stock=222),
    _column("condition", "", stock=250),
    _column("recommended_action", "", stock=270),
    _column("low_inventory_exempt", stock=272),
    _column("low_inventory_charged", stock=274),
    _column("sessions", "", "units", sales=20),
    _column("page_views", "", "units", sales=30),
    _column("units_ordered", "", "units", sales=40),
    _column("sales", "", "money", sales=50),
    _column("orders", "", "units", sales=60),
    _column("featured_offer_share", "", "percent", sales=70),
    _column("date", "", "date", ads=20),
    _column("first_day", "", "date", ads=30),
    _column("impressions", "", "units", ads=40, bulk=300),
    _column("ad_units_same_sku", "", "units", ads=100),
    _column("ad_sales_other_sku", "", "money", ads=110),
    _column("size_tier", "", costs=50),
    _column("unit_volume", "", "ratio", costs=60),
    _column("unit_weight", "", "ratio", costs=70),
    _column("inbound_arrives", "", "date", costs=100),
    _column("bought_again", format="ratio", costs=105),
    _column("minimum_order", format="units", costs=106),
    _column("case_pack", format="units", costs=107),
    _column("value_elsewhere", format="money", costs=108),
    _column("units_in_transfer", "In FC transfer", "units", "unit", positions=145,
            meaning="Units in transfer between fulfillment centers; they count as supply."),
    _column("units_other", "Stock elsewhere, with date", "units", "unit", positions=152,
            meaning="Units of stock.csv and AWD with an arrival date."),
    _column("units_supply", "Supply", "units", "unit", positions=155,
            meaning="All units available, in transfer, inbound or elsewhere."),
    _column("units_used", "Used", "units", "unit", positions=165, stock=177,
            meaning="Used and graded units; they do not count as stock."),
    _column("weeks_of_supply", "Weeks of supply", "one_decimal", "week", positions=235,
            meaning="WOC of the whole supply; it decides what is excess or too low."),
    _column("order_by", "Order by", "date", positions=285, advice=260,
            meaning="Last day to order for new stock to arrive in time."),
    _column("own_roas", "ROAS, own sales", "ratio", positions=515, moves=80, page=80,
            meaning="ROAS from sales of the ASIN itself; it decides the place in the matrix."),
    _column("supply_said", "Where it is",
            meaning="The parts of the supply, where they are and when they arrive."),
    _column("pace_said", "Which sales count",
            meaning="Which sales count toward cover, and why."),
    _column("units_fc_transfer", format="units", stock=171),
    _column("units_fc_processing", format="units", stock=172),
    _column("units_customer_order", format="units", stock=173),
    _column("units_inbound_working", format="units", stock=174),
    _column("units_inbound_shipped", format="units", stock=175),
    _column("units_inbound_receiving", format="units", stock=176),
    _column("amazon_aged_surcharge", format="money", stock=178),
    _column("product_group", stock=255, costs=110),
    _column("dangerous_goods", costs=120),
    _column("storage_a_unit", format="money", costs=130),
    _column("storage_month", format="date", costs=140),
    _column("utilisation_weeks", format="one_decimal", costs=150),
    _column("aged_charge", format="money", costs=160),
    _column("previewed_fee", format="money", costs=165),
    _column("part", supply=10),
    _column("units", format="units", supply=30, other_stock=20),
    _column("arrives", format="date", supply=40, other_stock=30),
    _column("product", "Ad product", bulk=10,
            meaning="Sponsored Products, Brands or Display."),
    _column("entity", "Object", "words", bulk=20, changes=20,
            meaning="What is changed: a campaign, an ad group, an ad or a target."),
    _column("operation", bulk=25),
    _column("row", format="units", bulk=30, changes=130),
    _column("campaign_id", bulk=40, changes=140),
    _column("ad_group_id", bulk=50, changes=150),
    _column("object_id", changes=160),
    _column("advised_asins", "Advised ASINs", changes=10,
            meaning="ASINs whose approved advice asks for the change."),
    _column("target", "Target", changes=50,
            meaning="Keyword or product that the ad group bids on."),
    _column("field", "Changes", "words", changes=60,
            meaning="What is changed: state, daily budget, default bid or bid."),
    _column("old", "Now", changes=70,
            meaning="Value in the bulk download."),
    _column("new", "New", changes=80,
            meaning="Value in the upload."),
    _column("held", "Held back by", "words", changes=90,
            meaning="What keeps the change smaller than advised: the limit of a week, or Amazon's."),
    _column("clicks_change", "Change of clicks per day", "one_decimal", "click", changes=100,
            meaning="Expected change of clicks per day."),
    _column("spend_change", "Change of ad spend per day", "money", "money", changes=110,
            meaning="Expected change of ad spend per day."),
    _column("because", "Because", changes=120,
            meaning="Why it is changed."),
    _column("todo", "To do by hand", todo=20,
            meaning="What no file can do."),
    _column("place_to_go", "Where to do it", todo=40,
            meaning="Place in Seller Central or the advertising console."),
    _column("portfolio_id", bulk=60),
    _column("ad_id", bulk=70),
    _column("keyword_id", bulk=80),
    _column("target_id", bulk=90),
    _column("campaign", "Campaign", bulk=100, changes=30,
            meaning="Campaign in the bulk download."),
    _column("ad_group", "Ad group", bulk=110, changes=40,
            meaning="Ad group in the bulk download."),
    _column("campaign_shown", bulk=120),
    _column("ad_group_shown", bulk=130),
    _column("ends", bulk=140),
    _column("state", bulk=150),
    _column("daily_budget", format="money", bulk=160),
    _column("currency", bulk=170),
    _column("sku", bulk=180),
    _column("creative_asins", bulk=200),
    _column("default_bid", format="money", bulk=210),
    _column("bid", format="money", bulk=220),
    _column("keyword", bulk=230),
    _column("match_type", bulk=240),
    _column("expression", bulk=250),
    _column("placement", bulk=260),
    _column("percentage", bulk=270),
)
# fmt: on
COLUMNS = MappingProxyType({column.name: column for column in _RECORDS})
LABELS = MappingProxyType({name: column for name, column in COLUMNS.items() if column.heading})
"""The columns that people see."""


def names_of(table: str) -> list[str]:
    """The columns of a table, in their order.

    Examples
    --------
    >>> names_of("moves")[:3]
    ['title', 'place_before', 'place']
    """
    having = {name: column.places[table] for name, column in COLUMNS.items() if table in column.places}
    return sorted(having, key=having.__getitem__)


def types_of(table: str) -> Columns:
    """The columns of a table and their types, in their order."""
    return {name: COLUMNS[name].dtype for name in names_of(table)}


POSITIONS, BUDGETS, WAYS_OUT, MOVES, SCORES = map(names_of, ("positions", "budgets", "ways_out", "moves", "scores"))
ADVICE, KEPT = names_of("advice"), names_of("kept")
"""Advice on each ASIN and its gain over carrying on, and the columns of it that are kept each week."""
CHANGES, TODO = types_of("changes"), names_of("todo")
"""Changes that an upload makes, and tasks by hand."""
STOCK, SALES, ADS, COSTS = map(types_of, ("stock", "sales", "ads", "costs"))
SUPPLY, OTHER_STOCK, BULK = map(types_of, ("supply", "other_stock", "bulk"))
PAGE, PAGE_BUDGETS = names_of("page"), names_of("page_budgets")
AGES, FORWARD = names_of("ages"), names_of("forward")
WITHHELD = names_of("withheld")
"""What rests on the conversion rate, and is withheld where there are too few clicks to know it."""
ON_HAND = [name.replace("forward_cover", "cover_on_hand") for name in FORWARD]
"""Forward cover without the units that are still to arrive."""
STOCK_TEXTS = [name for name, dtype in STOCK.items() if dtype == "str"]
AMAZON = [name for name in STOCK if name in POSITIONS and name.startswith("amazon_")]
"""What Amazon says itself of an ASIN; it does not add up over SKUs."""
STOCK_FIRST = [*STOCK_TEXTS[:-1], "item_volume", "seasonal", "season_end", "price"]
"""What the first SKU of an ASIN that tells it tells for all of them."""
STOCK_SUMS = [name for name in STOCK if name not in (*STOCK_TEXTS, *AMAZON, *STOCK_FIRST)]
AD_SUMS = [name for name, dtype in ADS.items() if dtype == "float64"]
VISITS = ["sessions", "page_views"]
SALES_SUMS = ["units_ordered", "sales", "orders"]


def nothing(columns: Columns) -> pd.DataFrame:
    """The table of a report that is not there: its columns, typed, no row, indexed by ASIN unless that is a column."""
    return _nothing(tuple(columns.items())).copy()


@cache
def _nothing(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    table = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns})
    return table if "asin" in table else table.set_index(pd.Index([], name="asin", dtype="str"))


_ROWS_AT_ONCE = 10_000
"""Rows that are laid out together: those of a large account take a gigabyte."""


def rows_of(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a table by the names of its columns, one after another, in a fraction of the time of `to_dict`.

    Examples
    --------
    >>> [*rows_of(pd.DataFrame({"asin": ["A", "B"], "units": [1.0, 2.0]}))]
    [{'asin': 'A', 'units': 1.0}, {'asin': 'B', 'units': 2.0}]
    """
    names = list(table)
    for first in range(0, len(table), _ROWS_AT_ONCE):
        part = table.iloc[first : first + _ROWS_AT_ONCE]
        columns = [(each.astype(object) if each.dtype == "str" else each).tolist() for _, each in part.items()]
        yield from (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def among(texts: pd.Series | pd.Index, others: Iterable[str]) -> NDArray[np.bool_]:
    """Which texts stand among others: `isin`, which takes each of the others through Python.

    Examples
    --------
    >>> among(pd.Index(["A", "B"]), {"B", "C"}).tolist()
    [False, True]
    """
    many = pa.array(list(others) if isinstance(others, Set) else others, pa.large_string(), from_pandas=True)
    return np.asarray(pc.is_in(pa.array(texts, pa.large_string(), from_pandas=True), value_set=many))


def joined_by(texts: pd.Series, group: pd.Series) -> pd.Series:
    """The texts of each group in a line, in their order; a group of one, as most are, is that text.

    Examples
    --------
    >>> joined_by(pd.Series(["x", "y", "z"]), pd.Series(["A", "B", "A"])).to_dict()
    {'A': 'x, z', 'B': 'y'}
    """
    several = group.duplicated(keep=False) & group.notna()
    lines = texts[several].groupby(group[several]).agg(", ".join)
    alone = ~several & group.notna()
    return pd.concat([lines, texts[alone].set_axis(group[alone])]).sort_index()


def glossary() -> str:
    """The table of `wockit/README.md`: every column that one function gives, in the order of the records.

    Examples
    --------
    >>> glossary().splitlines()[0]
    '| word | meaning | unit | formula | function |'
    """
    heads = ("word", "meaning", "unit", "formula", "function")
    rows = [f"| {' | '.join(heads)} |", "|---|---|---|---|---|"]
    for column in filter(lambda column: column.function, LABELS.values()):
        unit = column.unit or _UNITS.get(column.format, "")
        formula = f"`{column.formula}`" if column.formula else ""
        rows.append(f"| `{column.name}` | {column.meaning} | {unit} | {formula} | `{column.function}` |")
    return "\n".join(rows)

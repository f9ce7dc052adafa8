"""What to do this week: one row per ASIN that should not just carry on, with the reason, the gain and the dates.

Everything in it is taken from an analysis, what to do from its advice; the words are in the language spoken.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.columns import FORWARD
from wockit.language import Text, say
from wockit.show.labels import short, shown

_OF_BUDGETS = ["click_pays", "budget_low", "budget_high", "next_fee_date", "next_fee"]
_OF_ADVICE = ["do", "place_probable", "gain_a_week", "gain", "gain_low", "gain_high", "wrong_if"]

SELLS = "{0} of its ad sales are other products: its clicks sell other ASINs of parent {1} ({2})"
SOLD = "advertised through {0}, of the same parent {1}: more clicks there use up this stock"


def actions(analysis: Analysis) -> pd.DataFrame:
    """What to do, ranked by what it gains a week over carrying on: one row per ASIN.

    `do_by` is the last day on which acting late costs nothing, missing where every day costs. The budget, of clearing
    by advertising alone, is left out where a click does not pay.
    """
    told = analysis.advice[analysis.advice["do"].ne("carry_on")]
    found = analysis.positions.reindex(told.index)
    budgets = analysis.budgets[_OF_BUDGETS].reindex(told.index)
    pays = budgets["click_pays"].eq("yes")
    rows = found.join(told[["ads_level", "highest_cpc", "place_probable"]])
    rows["place_probability"] = told["probability"]
    return pd.DataFrame(
        {
            "rank": range(1, len(found) + 1),
            "title": [short(title) for title in found["title"]],
            "place": found["segment"].fillna(found["gate"]),
            "first": [say(sentence) for sentence in told["says"]],
            "why": [_why(row) for row in rows.to_dict("records")],
            **{name: told[name] for name in _OF_ADVICE},
            "do_by": told["act_by"],
            "budget_low": budgets["budget_low"].where(pays),
            "budget_high": budgets["budget_high"].where(pays),
            "next_fee_date": budgets["next_fee_date"],
            "next_fee": budgets["next_fee"],
            "uncertain": found["uncertain"],
        },
        index=found.index,
    )


def _why(row: dict[str, Any]) -> str:
    parts = [f"WOC {shown('weeks_of_coverage', row['weeks_of_coverage'])}"]
    if row["segment"] is not None and not pd.isna(row["segment"]) and row["place_probable"] != row["segment"]:
        sure = shown("probability", row["place_probability"])
        parts.append(Text("most likely place: {0} ({1})", shown("place_probable", row["place_probable"]), sure))
    if row["ads_level"] != 1 and row["highest_cpc"] >= 0:
        now, most = (shown("cost_per_click", row[name]) for name in ("cost_per_click", "highest_cpc"))
        parts.append(Text("CPC {0}; a click pays up to {1}", now, most))
    if "slow_to_make" in row["own_band"]:
        parts.append(Text("lead time: must last {0} weeks", shown("low_weeks", row["low_weeks"])))
    if row["reasons"]:
        middle, low, high = (shown(name, row[name]) for name in FORWARD)
        parts.append(Text("forward cover {0} ({1} to {2})", middle, low, high))
    if not pd.isna(row["roas"]):
        side = "≥" if row["roas"] >= row["roas_cut"] else "<"
        parts.append(f"ROAS {row['roas']:.2f} {side} {row['roas_cut']:.2f}")
    if row["excess_units"] > 0:
        parts.append(Text("{0} excess units", f"{row['excess_units']:,.0f}"))
    if row["units_aged_over_365"] > 0:
        parts.append(Text("{0} units over a year old", f"{row['units_aged_over_365']:,.0f}"))
    if row["gate"] == "not_sellable":
        parts.append("no featured offer")
    if row["units_inbound"] > 0:
        parts.append(Text("{0} units inbound", f"{row['units_inbound']:,.0f}"))
    parts += _family(row)
    if row["cautions"]:
        parts.append(Text("caution: {0}", shown("cautions", row["cautions"])))
    return ", ".join(map(say, parts))


def _family(row: dict[str, Any]) -> Iterator[Text]:
    """Which products of its parent share its clicks, what running short costs, and how long a launch is on sale."""
    if row["sells_siblings"]:
        yield Text(SELLS, shown("halo_share", row["halo_share"]), row["parent_asin"], row["sells_siblings"])
    elif "halo" in row["cautions"].split("; "):
        yield Text("{0} of its ad sales are other products", shown("halo_share", row["halo_share"]))
    if row["sold_by_siblings"]:
        yield Text(SOLD, row["sold_by_siblings"], row["parent_asin"])
    if row["low_inventory_fee"] > 0:
        yield Text("low-inventory fee {0} per unit", shown("low_inventory_fee", row["low_inventory_fee"]))
    if row["days_on_sale"] > 0:
        yield Text("{0} days on sale", shown("days_on_sale", row["days_on_sale"]))

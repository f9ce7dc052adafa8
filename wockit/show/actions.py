"""What to do this week: one row an ASIN with money at stake, ranked, with the reason, the budget and the dates.

Everything in it is taken from an analysis; the words are in the language spoken.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.columns import FORWARD
from wockit.formulas.playbook import playbook
from wockit.language import Text, say
from wockit.show.labels import short, shown

TO_CLEAR = ("excess_value", "stock_value")


_OF_BUDGETS = ["click_pays", "withheld", "budget_low", "budget_high", "next_fee_date", "next_fee"]


def actions(analysis: Analysis) -> pd.DataFrame:
    """What to do, ranked by the money at stake a week: one row an ASIN.

    `do_by` is the day from which it is too late: what is to be cleared has `clear_days`, or less where a way of the
    best mix has to begin earlier; where stock is too low it is the day on which an order would have to be placed to
    arrive before it is gone. `best_mix` is how the best mix clears it; the budget, of clearing by advertising alone, is
    left out where a click does not pay.
    """
    book = playbook()
    found = analysis.positions[analysis.positions["stake_a_week"].gt(0)]
    plans = [book.plan(key) for key in found["plan"]]
    budgets = analysis.budgets[_OF_BUDGETS].reindex(found.index)
    pays = budgets["click_pays"].eq("yes")
    return pd.DataFrame(
        {
            "rank": range(1, len(found) + 1),
            "title": [short(title) for title in found["title"]],
            "place": found["segment"].fillna(found["gate"]),
            "why": [_why(row) for row in found.to_dict("records")],
            "first": [
                say((book.low_stock if low else plan.actions[0]).do)
                for plan, low in zip(plans, found["low_stock"], strict=True)
            ],
            "stake_a_week": found["stake_a_week"],
            "money_at_stake": found["money_at_stake"],
            "stake": found["stake"],
            "do_by": _do_by(analysis, found),
            "best_mix": _best_mix(analysis).reindex(found.index, fill_value=""),
            "budget_low": budgets["budget_low"].where(pays),
            "budget_high": budgets["budget_high"].where(pays),
            "next_fee_date": budgets["next_fee_date"],
            "next_fee": budgets["next_fee"],
            "uncertain": found["uncertain"],
        },
        index=found.index,
    )


def _do_by(analysis: Analysis, found: pd.DataFrame) -> pd.Series:
    """The day from which it is too late, never before today; missing where spend alone is at stake."""
    today = pd.Timestamp(analysis.account.snapshot)
    used = analysis.clearance[analysis.clearance["mix_units"].gt(0)]
    last = used.groupby(level="asin")["last_day"].min().reindex(found.index)
    clear = (today + pd.to_timedelta(found["clear_days"], unit="D")).where(found["stake"].isin(TO_CLEAR))
    last = last.where(last < clear, clear)
    short_stock = found["stake"].eq("sales_at_risk")
    ahead = found["forward_cover"].where(found["forward_cover"].lt(520)).mul(7) - found["lead_time_days"].fillna(0.0)
    order_by = today + pd.to_timedelta(np.floor(ahead.clip(lower=0.0)), unit="D")
    return last.mask(short_stock, order_by)


def _best_mix(analysis: Analysis) -> pd.Series:
    """Units and ad spend by each way out that the best mix uses, by ASIN."""
    used = analysis.clearance[analysis.clearance["mix_units"].gt(0)].copy()
    spends = [
        f" ({analysis.account.currency} {shown('mix_spend', spend)})" if spend else "" for spend in used["mix_spend"]
    ]
    used["text"] = [
        f"{shown('way', way)} {shown('mix_units', units)}{spend}"
        for way, units, spend in zip(used["way"], used["mix_units"], spends, strict=True)
    ]
    return used.groupby(level="asin")["text"].agg(", ".join)


def _why(row: dict[str, Any]) -> str:
    parts = [f"WOC {shown('weeks_of_coverage', row['weeks_of_coverage'])}"]
    if "slow_to_make" in row["own_band"]:
        parts.append(Text("must last {0} weeks until a new order arrives", shown("low_weeks", row["low_weeks"])))
    if row["reasons"]:
        middle, low, high = (shown(name, row[name]) for name in FORWARD)
        parts.append(Text("forward cover {0} ({1} to {2})", middle, low, high))
    if not pd.isna(row["roas"]):
        side = "≥" if row["roas"] >= row["roas_cut"] else "<"
        parts.append(f"ROAS {row['roas']:.2f} {side} {row['roas_cut']:.2f}")
    if row["excess_units"] > 0:
        parts.append(Text("{0} units excess", f"{row['excess_units']:,.0f}"))
    if row["units_aged_over_365"] > 0:
        parts.append(Text("{0} over a year old", f"{row['units_aged_over_365']:,.0f}"))
    if row["gate"] == "not_sellable":
        parts.append("no featured offer")
    if row["stake"] == "sales_at_risk" and row["units_inbound"] > 0:
        parts.append(Text("{0} units inbound", f"{row['units_inbound']:,.0f}"))
    if row["cautions"]:
        parts.append(Text("beware: {0}", shown("cautions", row["cautions"])))
    return ", ".join(map(say, parts))

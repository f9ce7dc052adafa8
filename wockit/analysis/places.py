"""Probability of the place of each ASIN, and its most probable place and cover.

Where it stands by the article is in `positions`; the probabilities are worked out in `formulas.chances`.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.columns import FORWARD, ON_HAND
from wockit.formulas import chances, evidence
from wockit.settings import Settings


def chances_of(
    table: pd.DataFrame, weeks: pd.Series, places: pd.DataFrame, settings: Settings, scatter: float, drift: float
) -> dict[str, Any]:
    """Probability of the place by the article, the most probable place, and the most probable side of the band.

    The first is judged by stock on hand and all ad orders; the most probable by forward cover, inbound units included,
    and orders of the ASIN itself. Inbound units without a day count unless stock is short, and none of them sends an
    ASIN into the exit lane. Where nothing is known of single weeks, the noise is that of counting last month. An ASIN
    without a place keeps the gate that holds it back. Of one that must be gone by a day, what lasts longer is too much.
    `scatter` is how far the values of single orders differ, `drift` how far a conversion rate moves in a month [ratio].
    """
    counted, weeks_sold = table["weeks"] * 7 / table["sales_days"], table["weeks_of_coverage"]
    undated = (table["units_supply"] / (table["units_supply"] - table["units_undated"])).replace(np.inf, np.nan)
    undated = undated.where(weeks.ge(table["low_weeks"])).fillna(1.0)
    on_its_way = (weeks / table["weeks_of_at_amazon"]).where(table["units_at_amazon"].gt(0)).fillna(1.0)
    noise = np.exp(1.28 / np.sqrt(table["units_sold"].where(table["units_sold"].gt(0))))
    by_article, ahead, on_hand = (
        tuple(
            (table[name] * unit).fillna(other)
            for name, other in zip(names, (middle, middle / noise, middle * noise), strict=True)
        )
        for names, unit, middle in (
            (ON_HAND, counted * on_its_way, weeks),
            (FORWARD, counted * undated, weeks_sold),
            (ON_HAND, counted, weeks_sold),
        )
    )
    all_orders, own_orders = (
        evidence.high_roas_probability(
            table[orders],
            table["ad_clicks"],
            table["order_value"],
            table["cost_per_click"],
            table["roas_cut"],
            order_value_scatter=scatter,
            drift=drift,
        )
        for orders in ("ad_orders", "own_orders")
    )
    band = {name: table[name].to_numpy() for name in ("low_weeks", "healthy_weeks")}
    own: dict[str, Any] = {"settings": settings, **band}
    old, placed = places["aged_out"].to_numpy(dtype=bool), places["segment"].notna().to_numpy()
    until = {name: np.fmin(weeks, table["weeks_to_date"].to_numpy()) for name, weeks in band.items()}
    dated: dict[str, Any] = {"settings": settings, **until}
    probable = chances.segment_probabilities(cover=ahead, roas_high=own_orders, **dated)
    stays = chances.segment_probabilities(cover=on_hand, roas_high=own_orders, **dated)["exit"]
    for key, share in (("push_traffic", own_orders), ("lift_conversion", 1.0 - own_orders)):
        probable[key] = probable[key] + share * np.maximum(probable["exit"] - stays, 0.0)
    probable["exit"] = np.minimum(probable["exit"], stays)
    keys, values = np.array([*probable], dtype=object), np.where(placed, np.stack([*probable.values()]), np.nan)
    values[:, old] = np.where((keys == "exit")[:, None] & placed[old], 1.0, np.nan)
    best, side = np.nan_to_num(values, nan=-1.0).argmax(axis=0), chances.cover_chances(ahead, **until)
    shares = np.nan_to_num(np.stack([*side.values()]))
    return {
        "probability": chances.segment_probability(
            places["segment"], cover=by_article, roas_high=all_orders, aged_out=old, **own
        ),
        "place_probable": np.where(placed, keys[best], places["gate"]),
        "place_probability": values[best, np.arange(len(table))],
        "cover_probable": np.array([*side], dtype=object)[shares.argmax(axis=0)],
        "cover_probability": shares.max(axis=0),
    }

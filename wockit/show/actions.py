"""Actions of this week: one row per ASIN that should not just carry on, or has a date, with reason, gain and dates.

Everything in it is taken from an analysis, what to do from its advice; the words are in the language spoken.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.campaigns import Main, main_campaigns
from wockit.analysis.changes import RETURNS, returning, to_split
from wockit.columns import FORWARD, rows_of
from wockit.language import Text, listed, say
from wockit.show.labels import short, shown

_OF_BUDGETS = ["next_fee_date", "next_fee"]
_OF_ADVICE = [
    *("do", "place_probable", "gain_a_week", "gain", "gain_low", "gain_high"),
    *("wrong_if", "order_cash", "waiting_costs"),
]

SELLS = "{0} of its ad sales are other products: its clicks sell other ASINs of parent {1} ({2})"
SOLD = "advertised through {0}, of the same parent {1}: more clicks there use up this stock"


def acting(analysis: Analysis) -> pd.DataFrame:
    """The advice on all ASINs that should not just carry on, have a date, or have ads to enable again."""
    acts = analysis.advice["do"].ne("carry_on") | analysis.advice["act_by"].notna()
    return analysis.advice[acts | analysis.advice.index.isin(_back(analysis))]


def _back(analysis: Analysis) -> dict[str, float]:
    """ASINs whose ads are to be enabled, and how long their stock lasts again [day]."""
    return {asin: days for asin, days in returning(analysis).items() if days >= min(RETURNS)}


def actions(analysis: Analysis, asins: Iterable[str] | None = None) -> pd.DataFrame:
    """Actions, ranked by gain per week over carrying on: one row per ASIN, all that are `acting` if left out.

    `act_by` is the last day to act without loss, missing where every day costs.
    """
    back, advice = _back(analysis), acting(analysis)
    if asins is not None:
        advice = advice.loc[list(asins)]
    positions = analysis.positions.reindex(advice.index)
    budgets = analysis.budgets[_OF_BUDGETS].reindex(advice.index)
    campaigns = campaign_texts(analysis)
    of_place = zip(positions.index, map(numbers_of, rows_of(positions)), strict=True)
    numbers = [listed(filter(None, [text, campaigns.get(asin)])) for asin, text in of_place]
    return pd.DataFrame(
        {
            "rank": range(1, len(positions) + 1),
            "title": [short(title) for title in positions["title"]],
            "place": positions["segment"].fillna(positions["gate"]),
            "first": [_first(sentence, back.get(asin)) for asin, sentence in advice["says"].items()],
            "why": [say(listed(both, " ")) for both in zip(advice["reason"], numbers, strict=True)],
            **{name: advice[name] for name in _OF_ADVICE},
            "act_by": advice["act_by"],
            "next_fee_date": budgets["next_fee_date"],
            "next_fee": budgets["next_fee"],
            "uncertain": positions["uncertain"],
        },
        index=positions.index,
    )


def _first(sentence: str, days: float | None) -> str:
    """Sentence of the advice, with the ads that come back because their product is in stock again."""
    if days is None:
        return say(sentence)
    return f"{say(sentence)} {say(Text('Enable its paused ads: the stock lasts {0} days again.', f'{days:.0f}'))}"


def campaign_texts(analysis: Analysis) -> dict[str, Text]:
    """Campaigns of each ASIN and those to split, by ASIN; empty without a bulk download."""
    main, split = main_campaigns(analysis.account), to_split(analysis)
    texts = {}
    for asin in {**main, **split}:
        parts = [_advertised(main[asin])] if asin in main else []
        if asin in split:
            names = ", ".join(map(short, split[asin]))
            parts.append(Text("split {0}: its ads have different advice", names))
        texts[asin] = listed(parts)
    return texts


def _advertised(main: Main) -> Text:
    if main.campaigns == 1:
        return Text("advertised in {0}", short(main.campaign))
    if pd.isna(main.share):
        return Text("{0} campaigns", main.campaigns)
    return Text(
        "{0} campaigns, {1} of its spend in {2}", main.campaigns, f"{100 * main.share:.0f}%", short(main.campaign)
    )


def numbers_of(row: dict[str, Any]) -> Text:
    """The numbers behind its place."""
    parts = [f"WOC {shown('weeks_of_coverage', row['weeks_of_coverage'])}"]
    if "slow_to_make" in row["own_band"]:
        parts.append(Text("lead time: must last {0} weeks", shown("low_weeks", row["low_weeks"])))
    if row["reasons"]:
        middle, low, high = (shown(name, row[name]) for name in FORWARD)
        parts.append(Text("forward cover {0} ({1} to {2})", middle, low, high))
    if not pd.isna(row["own_roas"]) and not pd.isna(row["roas_cut"]):
        side = "≥" if row["own_roas"] >= row["roas_cut"] else "<"
        parts.append(f"ROAS {row['own_roas']:.2f} {side} {row['roas_cut']:.2f}")
    if row["excess_units"] > 0:
        parts.append(Text("{0} excess units", f"{row['excess_units']:,.0f}"))
    if row["units_aged_over_365"] > 0:
        parts.append(Text("{0} units over a year old", f"{row['units_aged_over_365']:,.0f}"))
    if row["gate"] == "not_sellable":
        parts.append(Text("no featured offer"))
    if row["units_in_transfer"] > 0:
        parts.append(Text("{0} units in transfer", f"{row['units_in_transfer']:,.0f}"))
    if row["units_inbound"] > 0:
        parts.append(Text("{0} units inbound", f"{row['units_inbound']:,.0f}"))
    parts += _family(row)
    if row["cautions"]:
        parts.append(Text("caution: {0}", shown("cautions", row["cautions"])))
    return listed(parts)


def _family(row: dict[str, Any]) -> Iterator[Text]:
    """Products of its parent that share its clicks, the fee for running short, and the age of a launch."""
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

"""Captions of the parts of the page: a sentence or two from the numbers, in the language spoken."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.history import History
from wockit.formulas.rates import rates
from wockit.language import Text, listed, say
from wockit.show.drawing import MOST_MARKS
from wockit.show.html import Html, paragraph
from wockit.show.labels import shown, signed


def half_of(values: pd.Series) -> int:
    """Number of the largest values that hold half of the sum.

    Examples
    --------
    >>> half_of(pd.Series([1.0, 6.0, 3.0])), half_of(pd.Series([0.0]))
    (1, 0)
    """
    falling = values.fillna(0.0).sort_values(ascending=False).cumsum()
    total = falling.iloc[-1] if len(falling) else 0.0
    return int(falling.lt(total / 2).sum()) + 1 if total > 0 else 0


def week(analysis: Analysis) -> str:
    """Summary of the week: excess stock, the ASINs that hold it, and the worth of the advice."""
    summary, currency = analysis.summary(), analysis.account.currency
    parts = []
    if summary["stock_value"] and summary["excess_value"] is not None:
        parts += list(_excess(analysis, summary["excess_value"] / summary["stock_value"]))
    if summary["sales_at_risk"]:
        risk = shown("sales_at_risk", summary["sales_at_risk"])
        parts.append(Text("Sales of {0} {1} may be lost before restock.", currency, risk))
    if summary["gain"]:
        parts.append(Text("The advice is worth {0} {1} over the year.", currency, shown("gain", summary["gain"])))
    return say(listed(parts, " "))


def _excess(analysis: Analysis, share: float) -> Sequence[Text]:
    count = half_of(analysis.positions["excess_value"])
    if not count:
        return [Text("No stock is above its healthy cover.")]
    return [Text("{0} of the stock value is too much.", f"{share:.0%}"), Text("{0} ASINs hold half of it.", count)]


def matrix(analysis: Analysis) -> Html:
    """Summary of the matrix, and the meaning of its bubbles."""
    placed = analysis.positions[analysis.positions["segment"].notna()]
    if placed.empty:
        return paragraph("No ASIN has a place in the matrix.")
    side, ads = placed["segment"], placed["own_roas"]
    parts = [
        Text(
            "Too much stock: {0} of {1}. Too little: {2}. ROAS below the cut: {3}.",
            int(side.isin(["push_traffic", "lift_conversion", "exit"]).sum()),
            _asins(len(placed)),
            int(placed["low_stock"].sum()),
            int(ads.lt(placed["roas_cut"]).sum()),
        ),
        Text("Each bubble is an ASIN, as large as its stock value. A faint line leads from its place the week before."),
        *_cut_to_most(len(placed)),
    ]
    return paragraph(listed(parts, " "))


def _cut_to_most(count: int) -> list[Text]:
    text = "Only the {0} largest stocks are drawn, of {1}."
    return [Text(text, f"{MOST_MARKS:,}", f"{count:,}")] if count > MOST_MARKS else []


def cover(analysis: Analysis, top: int = 20) -> Html:
    """Cover of the largest stocks at the expected demand, and the meaning of bar, dot and mark."""
    account, settings = analysis.account, analysis.settings
    rows = analysis.positions[np.isfinite(analysis.positions["weeks_of_coverage"])]
    rows = rows[rows["units_available"].gt(0)].nlargest(top, "stock_value")
    if rows.empty:
        return paragraph("No ASIN has both stock and sales.")
    low, high = rows["forward_cover"].lt(settings.low_weeks), rows["forward_cover"].gt(settings.act_weeks)
    parts = [
        Text(
            "Stocks that last longer than {0} weeks at the expected demand: {1} of {2}. Shorter than {3} weeks: {4}.",
            f"{settings.act_weeks:g}",
            int(high.sum()),
            len(rows),
            f"{settings.low_weeks:g}",
            int(low.sum()),
        )
    ]
    aged = rates(account.fees, account.marketplace, "aged_surcharge", account.snapshot)
    if len(charged := aged[aged["rate"].gt(0)]):
        reached = int(rows["forward_cover"].ge(charged["tier_from"].min() / 7).sum())
        parts.append(Text("The aged-inventory surcharge is ahead for {0} of them.", reached))
    parts.append(
        Text("Bar: 80% range of forward cover. Dot: WOC, in the colour of its place. Red line: Amazon's own figure.")
    )
    return paragraph(listed(parts, " "))


def moved(history: History, currency: str) -> Html:
    """Number of ASINs that changed place and why, and the change of the stock value."""
    if history.moves.empty:
        return paragraph("No ASIN changed place, or there is no earlier snapshot.")
    causes = history.moves["moved_by"].str.split("; ").explode().value_counts()
    named = listed([Text("{0} by {1}", count, say(cause)) for cause, count in causes.items()])
    values = [shown("stock_value", value) for value in history.totals["stock_value"].iloc[[-2, -1]]]
    text = "{0} ASINs changed place: {1}. The stock value went from {2} {3} to {4}."
    return paragraph(Text(text, len(history.moves), named, currency, *values))


def became(history: History, currency: str) -> Html:
    """Share of the last advice that was followed, and the cash since, followed or not."""
    if history.scores.empty or not history.scores["advised"].iloc[-1] > 0:
        return paragraph("There is no earlier snapshot to compare with.")
    last = history.scores.iloc[-1]
    parts = [Text("The last advice was followed for {0} of {1}.", f"{last['followed']:,.0f}", _asins(last["advised"]))]
    if last["followed"] > 0:
        text = "Where it was followed, cash since then is {0} {1} per week over carrying on."
        parts.append(Text(text, currency, signed("cash", last["cash_followed"])))
    if last["left"] > 0:
        text = "Where it was not followed, cash since then is {0} {1} per week over carrying on."
        parts.append(Text(text, currency, signed("cash", last["cash_left"])))
    return paragraph(listed(parts, " "))


def _asins(count: float) -> Text:
    return Text("{0} ASINs", f"{count:,.0f}")

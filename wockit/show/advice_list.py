"""List of this week's advice: one line per ASIN, which opens to its reason.

Everything in a row is taken from an analysis and its history; nothing is decided here.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.courses import OTHERS, against_today
from wockit.analysis.history import History
from wockit.columns import FORWARD, chance, rows_of
from wockit.language import Text, listed, say
from wockit.show.actions import campaign_texts, numbers_of
from wockit.show.canvas import canvas
from wockit.show.drawing import Mark, drawing
from wockit.show.html import LONGEST_TITLE, MOST_ROWS, Html, render
from wockit.show.labels import short, shown
from wockit.show.plots import plot_run_down

ROWS_IN_SIGHT = 8
"""Rows that are always in sight."""
MOST_LINES = 5_000
"""ASINs that are listed, those with the most to gain: more than anybody reads, and a page that still opens."""
PICTURES = 20
"""Rows with a picture of how the stock runs down, which take time and room; notebook 02 draws it for any ASIN."""
RUN_DOWN = "Grey: units sold per week. Blue: expected stock with its 80% range. Dotted: stock at last month's pace."
BY_STAKE = "In the order of money at stake per week, because no gain is known."


def advice_list(analysis: Analysis, history: History | None = None) -> Html:
    """The advice on each ASIN, those with the most to gain a week first; the first rows in sight, the others folded.

    Rows open to their reason; of very many the later ones are a line only, and of more still only the first are there.
    """
    rows = _rows(analysis, history)
    items = [_item(row, analysis) for row in rows_of(rows.reset_index())]
    for item in items[:PICTURES]:
        item["picture"] = run_down(analysis, item["asin"], f"run{item['rank']}")
    order = say(BY_STAKE) if rows["gain_a_week"].isna().all() and items else ""
    words = {
        "order": order,
        "search": say("Search"),
        "places": say("All places"),
        "kinds": say("All advice"),
        "count": say("ASINs shown: {0} of {1}"),
        "most": say("The first {0} are shown."),
        "more": say(Text("{0} more ASINs", f"{max(len(items) - ROWS_IN_SIGHT, 0):,}")),
        "back": say("Show in the matrix"),
        "key": say(RUN_DOWN),
    }
    below = say(listed([*_spent(analysis), *_explained(len(analysis.advice))], " "))
    first, rest = items[:ROWS_IN_SIGHT], items[ROWS_IN_SIGHT:]
    html = render("advice_list", below=below, first=first, rest=rest, start=ROWS_IN_SIGHT + 1, **words)
    return Html(html, "\n".join(filter(None, [order, *map(_line, first), below])))


def _explained(count: int) -> Iterator[Text]:
    """Notes on the words of a row, and on the rows with a picture."""
    yield Text(
        "Sure: the probability that the advice gains. If the advice is to carry on: that the stock is judged correctly."
    )
    if count > MOST_LINES:
        yield Text("Only the {0} ASINs with the most to gain are listed. All are in advice.csv.", f"{MOST_LINES:,}")
    if count > PICTURES:
        yield Text("The first {0} rows show how the stock runs down; notebook 02 draws it for any ASIN.", PICTURES)


def _spent(analysis: Analysis) -> Iterator[Text]:
    """Ad spend under the advice, and the gain that a budget cap prevents."""
    sums, currency = analysis.sums, analysis.account.currency
    yield Text("Ads cost {0} {1} in the next four weeks under the advice.", currency, shown("spend", sums["spend"]))
    if np.isfinite(sums["ad_budget"]):
        budget, price = shown("ad_budget", sums["ad_budget"]), shown("budget_price", sums["budget_price"])
        yield Text("The budget cap is {0} {1}; 1 more of it would gain {2}.", currency, budget, price)


def run_down(analysis: Analysis, asin: str, key: str) -> Html | str:
    """A small picture of how the stock of an ASIN runs down; nothing where it has none."""
    row = analysis.positions.loc[asin]
    if asin not in analysis.account.past.weeks.index or not row["units_available"] > 0:
        return ""
    ax = plot_run_down(analysis, asin, canvas(5.2, 1.9, layout=None))
    legend: Any = ax.get_legend()
    legend.remove()
    ax.locator_params(nbins=4)
    ax.figure.subplots_adjust(left=0.13, bottom=0.26, right=0.98, top=0.95)
    return drawing(ax, "How the stock runs down", key, {asin: Mark(say(_cover(row)))})


def _line(item: dict[str, Any]) -> str:
    """A row as text."""
    parts = (item[name] for name in ("first", "asin", "amount", "by", "gain", "range", "sure"))
    return f"{item['rank']}. {' | '.join(filter(None, parts))}"


def _rows(analysis: Analysis, history: History | None) -> pd.DataFrame:
    """All that rows tell, one per ASIN, in the order of the advice."""
    advice, positions = analysis.advice.head(MOST_LINES), analysis.positions
    foldable = list(advice.index[:MOST_ROWS])
    parts = [
        positions[[name for name in positions if name not in advice]],
        analysis.budgets[["next_fee_date", "next_fee", "carry_per_unit"]],
        analysis.details[["cover_probability", "clear_by"]],
        against_today(analysis, foldable),
    ]
    if history is not None:
        parts.append(history.ledger[["advised", "did", "followed", "decision"]])
    rows = advice.join(parts)
    campaigns = campaign_texts(analysis)
    rows = rows.assign(campaigns=pd.Series([campaigns.get(asin, "") for asin in rows.index], rows.index, dtype=object))
    return rows.assign(rank=range(1, len(advice) + 1), foldable=advice.index.isin(foldable), ledger=history is not None)


def _item(row: dict[str, Any], analysis: Analysis) -> dict[str, Any]:
    """Texts of a row, by the names in its template."""
    currency = analysis.account.currency
    sure = (row["cover_probability"] or np.nan) if pd.isna(row["sure"]) else row["sure"]
    a_week = shown("gain_a_week", row["gain_a_week"])
    return {
        "rank": row["rank"],
        "asin": row["asin"],
        "first": say(row["says"]),
        "title": shown("title", short(row["title"])),
        "whole": " ".join(short(each, LONGEST_TITLE) for each in (row["title"], row["skus"]) if isinstance(each, str)),
        "place": shown("place", row["place_article"]),
        "kind": shown("do", row["do"]),
        "amount": say(Text("{0} {1} per week", currency, a_week)) if row["gain_a_week"] > 0 else "",
        "by": "" if pd.isna(row["act_by"]) else say(Text("act by {0}", shown("act_by", row["act_by"]))),
        **_gain(row, currency),
        "sure": "" if pd.isna(sure) else say(Text("{0} sure", chance(sure))),
        "facts": [(say(name), say(text)) for name, text in _facts(row, currency)] if row["foldable"] else [],
        "picture": "",
    }


def _gain(row: dict[str, Any], currency: str) -> dict[str, str]:
    """Gain in a year with its range; for an order, first the cost of waiting."""
    a_year, spread = "", ""
    if row["gain"] > 0:
        gain, low, high = (shown(name, row[name]) for name in ("gain", "gain_low", "gain_high"))
        a_year, spread = say(Text("{0} {1} in a year", currency, gain)), say(Text("({0} to {1})", low, high))
    if row["do"] == "refill" and row["waiting_costs"] > 0:
        waiting = say(Text("waiting loses {0} {1}", currency, shown("waiting_costs", row["waiting_costs"])))
        return {"gain": waiting, "range": f"{a_year} {spread}".strip()}
    return {"gain": a_year, "range": spread}


def _facts(row: dict[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    """Facts of an opened row, each with its name."""
    yield "Why", listed([row["reason"], numbers_of(row)], " ")
    yield "Place", _place(row)
    yield "Cover", _cover(row)
    if otherwise := list(_otherwise(row, currency)):
        yield "If you carry on", listed(otherwise, " ")
    other_gains = [Text("{0} {1}", say(name), f"{row[name]:+,.0f}") for name in OTHERS if not pd.isna(row.get(name))]
    if other_gains:
        yield "Other choices against carrying on", Text("{0}, in {1}", listed(other_gains, "; "), currency)
    if row["wrong_if"]:
        yield "Wrong if", shown("wrong_if", row["wrong_if"])
    if row["do"] == "refill" and row["order_cash"] > 0:
        cash, lost = (shown(name, row[name]) for name in ("order_cash", "waiting_costs"))
        text = "The order takes {0} {1}; waiting until the next review loses {2} {3}."
        yield "Order", Text(text, currency, cash, currency, lost)
    if row["campaigns"]:
        yield "Campaigns", row["campaigns"]
    if row["ledger"] and isinstance(row["advised"], str):
        yield "Last week", _last_week(row)


def _place(row: dict[str, Any]) -> Text:
    """Its place by the article, and the most probable one where there is a matrix to place it in."""
    article, probable = (shown("place", row[name]) for name in ("place_article", "place_probable"))
    if pd.isna(row["probability"]):
        return Text("by the article {0}", article)
    return Text(
        "by the article {0}; most likely {1} ({2})", article, probable, shown("probability", row["probability"])
    )


def _cover(row: Any) -> Text:
    """Cover of the stock: WOC, and at the expected demand with its range."""
    simple, *forward = (shown(name, row[name]) for name in ("weeks_of_coverage", *FORWARD))
    return Text("WOC {0}; at the expected demand {1} weeks ({2} to {3})", simple, *forward)


def _otherwise(row: dict[str, Any], currency: str) -> Iterator[Text]:
    """Results of carrying on: the gain that is lost, fees ahead, and units left."""
    if row["gain"] > 0:
        yield Text("You earn {0} {1} less within a year.", currency, shown("gain", row["gain"]))
    if row["next_fee"] > 0:
        fee, day = shown("next_fee", row["next_fee"]), shown("next_fee_date", row["next_fee_date"])
        yield Text("The next aged fee is {0} {1} on {2}.", currency, fee, day)
    if row["carry_per_unit"] > 0:
        yield Text("Holding a unit for a year costs {0} {1}.", currency, shown("carry_per_unit", row["carry_per_unit"]))
    if row["left"] >= 1:
        left = shown("units_left", row["left"])
        if pd.isna(row["clear_by"]):
            yield Text("{0} units are left after a year.", left)
        else:
            yield Text("{0} units are left on {1}.", left, shown("clear_by", row["clear_by"]))
    if row["sales_at_risk"] > 0:
        risk = shown("sales_at_risk", row["sales_at_risk"])
        yield Text("Sales of {0} {1} may be lost before restock.", currency, risk)


def _last_week(row: dict[str, Any]) -> Text:
    """Last advice, decision and action."""
    parts = [Text("advised: {0}", shown("advised", row["advised"]))]
    if row["decision"]:
        parts.append(Text("decided: {0}", row["decision"]))
    parts.append(Text("done: {0}", shown("did", row["did"])))
    return listed(parts, "; ")

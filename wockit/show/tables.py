"""Tables and pieces of the page, made of an analysis: HTML that no text can break, in the language spoken.

Nothing is computed here; what a column is called is in `labels`, and the markup in `templates/`.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.clearing import Clearing
from wockit.columns import PAGE, PAGE_BUDGETS
from wockit.formulas.playbook import playbook
from wockit.language import Text, say
from wockit.notes import Note, some
from wockit.show.html import (
    MOST_NAMES,
    MOST_ROWS,
    Html,
    more_rows,
    paragraph,
    render,
    table,
    together,
)
from wockit.show.labels import heading, shown

SPENT = ["budget_corrected", "budget_low", "budget_high", "budget_extra"]
"""Budgets that mean nothing where the clicks for them are not to be had."""


def plan_card(key: str) -> Html:
    """One plan of the playbook: objective, measures and actions, each with where it comes from."""
    plan = playbook().plan(key)
    label, place = say(plan.label), say(plan.place)
    lines = [
        (say("Goal"), say(plan.goal)),
        (say("Advertising objective"), say(plan.objective)),
        (say("Metrics"), ", ".join(map(say, plan.metrics))),
    ]
    facts = [(name, text) for name, text in lines if text]
    steps = [(say(action.do), _sources(action.source)) for action in plan.actions]
    html = render("plan_card", label=label, place=place[0].upper() + place[1:], facts=facts, actions=steps)
    texts = [label, *(f"{name}: {text}" for name, text in facts), *(f"- {do} ({sources})" for do, sources in steps)]
    return Html(html, "\n".join(texts))


def _sources(text: str) -> str:
    return ", ".join(map(say, text.split(", ")))


def plan_cards(analysis: Analysis) -> Html:
    """The plans of every segment and gate that occurs in an analysis."""
    return together([plan_card(key) for key in analysis.segments.index])


def positions_table(analysis: Analysis) -> Html:
    """Every ASIN with its advice, its place and the numbers behind it, as far as a page can hold them.

    Those with the most to gain a week first; all are in the workbook.
    """
    positions = analysis.positions.reindex(analysis.advice.index).join(analysis.advice[["do", "gain_a_week"]])
    rows = positions.head(MOST_ROWS)
    ends = (rows[name] for name in ("forward_cover_low", "forward_cover_high"))
    pairs = [[shown("forward_cover", end) for end in pair] for pair in zip(*ends, strict=True)]
    ranges = ["" if low == high else say(Text("{0} to {1}", low, high)) for low, high in pairs]
    ranged = positions.assign(forward_range=pd.Series(ranges, index=rows.index))
    listed = _view(analysis, ranged, PAGE)
    words = {"search": say("Search"), "places": say("All places"), "count": say("ASINs shown: {0} of {1}")}
    return Html(render("sortable", table=listed, **words), listed.text)


def budgets_table(analysis: Analysis) -> Html:
    """Every ASIN with excess units, and what clearing them by advertising would cost.

    Where that takes more clicks than the best week had, nobody can spend the budget, and a sentence stands instead.
    """
    over, text = analysis.budgets["clicks_over_best"], "Not to be had: {0} times the clicks of its best week."
    said = [say(Text(text, f"{times:,.1f}")) if times > 1 else "" for times in over]
    budgets = analysis.budgets.assign(traffic=said)
    budgets[SPENT] = budgets[SPENT].mask(over.gt(1))
    return _view(analysis, budgets, PAGE_BUDGETS)


def segments_table(analysis: Analysis) -> Html:
    """One row per segment or gate: what lies there, and what advertising is there for."""
    segments = analysis.segments.drop(columns="label")
    return table(segments.assign(objective=segments["objective"].map(say)), currency=analysis.account.currency)


def advice_view(analysis: Analysis) -> Html:
    """Advice on every ASIN that should not just carry on, and its totals."""
    return advice_table(analysis.advice, analysis.sums, analysis.account.currency)


def advice_table(advice: pd.DataFrame, sums: Mapping[str, float], currency: str = "") -> Html:
    """One row per ASIN with something to do: ads, price, units that leave, until when, and the gain with its range."""
    acting = advice[advice["do"].ne("carry_on")]
    columns = ["do", "clicks_a_day", "ad_spend_a_day", "price_cut", "units_liquidated", "order_units",
               "until", "gain", "gain_low", "gain_high"]  # fmt: skip
    totals = pd.DataFrame([(heading(name, currency), shown(name, value)) for name, value in sums.items()])
    totals.columns = ["step", "value"]
    return together([table(acting, "title", *columns, currency=currency), table(totals)])


def ladder(clearing: Clearing, asin: str, currency: str = "") -> Html:
    """The budget of one ASIN and what a unit of it is worth by every way out, with limits and last days."""
    names = ["excess_units", "clear_days", "budget_lower", "budget_upper", "budget_corrected", "budget_low",
             "budget_high", "budget_extra", "cost_per_order", "highest_cost_per_order", "unit_proceeds",
             "order_gain", "highest_cpc", "pays_probability"]  # fmt: skip
    if clearing.budgets.empty:
        return paragraph("No ASIN has excess units.")
    row = clearing.budgets.loc[asin]
    steps = pd.DataFrame(
        [(heading(name, currency), shown(name, row[name])) for name in names], columns=["step", "value"]
    )
    ways = clearing.ways.loc[[asin]].reset_index(drop=True)
    columns = ["way", "unit_value", "unit_limit", "last_day", "why_not"]
    return together([table(steps, caption=asin), table(ways[columns], currency=currency)])


def _view(analysis: Analysis, frame: pd.DataFrame, columns: list[str]) -> Html:
    return table(frame, "title", *columns, currency=analysis.account.currency)


def notes_table(notes: Sequence[Note]) -> Html:
    """Notes to read before trusting a number."""
    rows = [(say(note.level), note.code, say(note.where), say(note.text)) for note in notes]
    return table(pd.DataFrame(rows, columns=["level", "code", "where", "text"]))


def cautions(analysis: Analysis) -> Html:
    """Cases where the simple number misleads: each caution, its meaning, and its ASINs."""
    return _explained(analysis.positions["cautions"], playbook().cautions)


def reasons(analysis: Analysis) -> Html:
    """Reasons why forward cover differs from WOC: each reason, its meaning, and its ASINs."""
    return _explained(analysis.positions["reasons"], playbook().reasons)


def own_bands(analysis: Analysis) -> Html:
    """ASINs with a healthy band of their own, and why."""
    return _explained(analysis.positions["own_band"], playbook().own_band)


def _explained(keys: pd.Series, book: Mapping[str, str]) -> Html:
    occurrences = keys.str.split("; ").explode()
    rows = [
        (shown("key", name), say(text), say(some(sorted(occurrences.index[occurrences == name]), most=MOST_NAMES)))
        for name, text in book.items()
        if (occurrences == name).any()
    ]
    return table(pd.DataFrame(rows, columns=["key", "text", "asin"]))


def moves_table(moves: pd.DataFrame, currency: str = "", top: int = 12) -> Html:
    """The ASINs that changed their place since the snapshot before, and what moved them; the largest stocks first."""
    if moves.empty:
        return paragraph("No ASIN changed place, or there is no earlier snapshot.")
    shown_rows = table(moves.head(top), currency=currency)
    return Html(shown_rows.html + more_rows(max(len(moves) - top, 0)), shown_rows.text)


def ledger_table(ledger: pd.DataFrame, currency: str = "", top: int = 15) -> Html:
    """Advice at the snapshot before, the account's actions and the cash that followed; largest gains first."""
    if ledger.empty:
        return paragraph("There is no earlier snapshot to compare with.")
    listed = ledger.sort_values("gain_a_week", ascending=False, kind="stable").head(top)
    shown_rows = table(listed, currency=currency)
    return Html(shown_rows.html + more_rows(len(ledger) - len(listed)), shown_rows.text)


def scores_table(scores: pd.DataFrame) -> Html:
    """Results of the advice and of the expected demand, week by week."""
    return table(scores) if len(scores) else paragraph("There is no earlier snapshot to compare with.")


def totals_table(totals: pd.DataFrame, currency: str = "") -> Html:
    """The sums of each snapshot, the newest last."""
    return table(totals, currency=currency)


def doubts_table(analysis: Analysis) -> Html:
    """The ASINs whose segment would be another by another count of cover or of ROAS, and which one."""
    return _view(analysis, analysis.doubts, [name for name in analysis.doubts if name != "title"])


def budget_steps(analysis: Analysis, asin: str) -> Html:
    """The clearance budget of one ASIN, step by step.

    Raises
    ------
    KeyError
        If the ASIN has no excess units; the message names those that have.
    """
    if analysis.budgets.empty:
        return paragraph("No ASIN has excess units.")
    if asin not in analysis.budgets.index:
        with_excess = ", ".join(analysis.budgets.index[:10])
        raise KeyError(f"{asin!r} has no excess units; ASINs that have: {with_excess}")
    row = analysis.budgets.loc[asin]
    steps = [
        ("excess_units", "units above the healthy cover: the units to clear"),
        ("clicks", "units / units per order / conversion rate"),
        ("clicks_a_day", "clicks needed / days to clear"),
        (
            "clicks_a_day_now",
            "today's ad clicks. If you need more than its best week had, you will not get that traffic",
        ),
        ("budget_upper", "clicks x CPC, if advertising sells every unit"),
        ("budget_lower", "upper bound x ad share, if advertising sells its past share"),
        ("ad_units_needed", "excess units less organic sales at today's pace"),
        ("budget_corrected", "clicks for these units x CPC"),
        ("budget_extra", "corrected budget less today's ad spend over the same days"),
        (
            "expected_conversion_rate",
            "ad orders of the ASIN itself / clicks, drawn toward the account's if clicks are few",
        ),
        ("cost_per_order", "CPC / expected conversion rate"),
        ("unit_proceeds", "price less referral and fulfilment fees; the landed cost is sunk"),
        ("order_gain", "net per unit less cost per order: below 0 every click loses money"),
        (
            "highest_cpc",
            "what a click is worth: part of its orders would come anyway, and an unsold unit keeps a value",
        ),
        ("pays_probability", "how sure it is that a click is worth more than it costs"),
    ]
    currency = analysis.account.currency
    frame = pd.DataFrame(
        [(heading(name, currency), shown(name, row[name]), say(why)) for name, why in steps],
        columns=["step", "value", "reasoning"],
    )
    return table(frame)

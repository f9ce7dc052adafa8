"""Numbers as people read them: the label, unit and format of every column, and HTML tables that no text can break.

Nothing is computed here. All text from reports is escaped; no table holds markup that it was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis import Analysis
from wockit.clearance import KEYS, REASONS, WAYS
from wockit.clearing import Clearing
from wockit.matrix import playbook
from wockit.notes import Note

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
        "urgency": Label("Urgency"),
        "uncertain": Label("Uncertain"),
        "cautions": Label("Cautions", "words"),
        "why": Label("Why"),
        "first": Label("Do first"),
        "money_at_stake": Label("Money at stake", "whole_money", "money"),
        "stake": Label("What is at stake"),
        "low_stock": Label("Stock too low"),
        "sales_at_risk": Label("Sales at risk", "whole_money", "money"),
        "units_available": Label("Available", *_UNITS),
        "units_inbound": Label("Inbound", *_UNITS),
        "units_reserved": Label("Reserved", *_UNITS),
        "units_sold": Label("Sold", *_UNITS),
        "units_source": Label("Sold, counted as"),
        "sales_days": Label("Sales period", "units", "day"),
        "weeks_of_coverage": Label("WOC", *_WEEKS),
        "forward_cover": Label("Forward cover", *_WEEKS),
        "forward_cover_low": Label("low", *_WEEKS),
        "forward_cover_high": Label("high", *_WEEKS),
        "forward_range": Label("80 % range"),
        "reasons": Label("Why it differs", "words"),
        "weekly_demand": Label("Expected demand", "weeks", "unit/week"),
        "demand_source": Label("Sales by week from"),
        "low_weeks": Label("Low cut-off", *_WEEKS),
        "healthy_weeks": Label("Healthy to", *_WEEKS),
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
        "ad_sales": Label("Ad sales", *_MONEY),
        "ad_clicks": Label("Clicks", "units", "click"),
        "ad_orders": Label("Ad orders", "units", "order"),
        "ad_units": Label("Ad units", *_UNITS),
        "roas": Label("ROAS", "ratio"),
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
        "mix_value": Label("Brings", "whole_money", "money"),
        "last_day": Label("Start by", "date"),
        "why_not": Label("Why not", "words"),
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
        "clicks_a_day_best": Label("Best week", "units"),
        "verdict_clicks": Label("Clicks for a verdict", "units", "click"),
        "withheld": Label("Withheld: too few clicks"),
        "budget_extra": Label("Extra spend", "whole_money", "money"),
        "cost_per_order": Label("Cost per order", *_MONEY),
        "order_gain": Label("An ad order leaves", *_MONEY),
        "click_pays": Label("Click pays?"),
        "asins": Label("ASINs", "units"),
        "label": Label("Place"),
        "objective": Label("Advertising objective"),
        "file": Label("File"),
        "report": Label("Report"),
        "rows": Label("Rows", "units"),
        "dropped": Label("Left out"),
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
        "source": Label("From"),
        "metrics": Label("Measure it by"),
    }
)
_NUMBER, _TEXT = ' class="n"', ' style="text-align:left"'
_WIDE_TEXT = ' class="w"' + _TEXT
_WIDE = frozenset({"cautions", "reasons", "why", "first", "objective", "text", "reasoning", "action"})
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


@dataclass(frozen=True)
class Html:
    """A piece of a page, shown by Jupyter as HTML and elsewhere as text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


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
        return "yes" if value else "no"
    book = playbook()
    if (name in ("segment", "gate", "plan", "place") or name.startswith("by_")) and (
        plan := book.segments.get(value) or book.gates.get(value)
    ):
        return plan.label
    if name == "stake":
        return STAKES[value]
    kind = LABELS[name].kind
    return FORMATS[kind].format(value.replace("_", " ").replace(";", ",") if kind == "words" else value)


def heading(name: str, currency: str = "") -> str:
    """A column's heading with its unit.

    Examples
    --------
    >>> heading("ad_spend", "USD"), heading("weeks_of_coverage")
    ('Ad spend [USD]', 'WOC [week]')
    """
    label = LABELS[name]
    unit = currency if label.unit == "money" else label.unit
    return f"{label.heading} [{unit}]" if unit else label.heading


def table(frame: pd.DataFrame, *columns: str, currency: str = "", caption: str = "") -> Html:
    """Some columns of a frame as a table to read, its index first where that has a name.

    Text is escaped, numbers stand at the right, and what is missing is a dash.
    """
    flat = frame.reset_index() if frame.index.name else frame
    first = [frame.index.name] if frame.index.name and frame.index.name not in columns else []
    names = [*first, *(columns or frame.columns)]
    numeric = {name for name in names if LABELS[name].kind not in ("text", "words", "date")}
    rows = [[shown(name, value) for name, value in zip(names, row, strict=True)] for row in _rows(flat[names])]
    heads = [heading(name, currency) for name in names]
    classes = [_NUMBER if name in numeric else _WIDE_TEXT if name in _WIDE else _TEXT for name in names]
    body = "\n".join(
        "<tr>" + "".join(f"<td{c}>{escape(cell)}</td>" for c, cell in zip(classes, row, strict=True)) + "</tr>"
        for row in rows
    )
    head = "".join(f'<th scope="col"{c}>{escape(text)}</th>' for c, text in zip(classes, heads, strict=True))
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    html = f'<div class="wockit"><table>{title}<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'
    return Html(html, pd.DataFrame(rows, columns=heads).to_string(index=False, max_rows=12))


def _plain(frame: pd.DataFrame) -> Html:
    """A frame of texts, each column under its own name."""
    head = "".join(f'<th scope="col"{_TEXT}>{escape(name)}</th>' for name in frame)
    body = "".join(
        "<tr>" + "".join(f"<td{_TEXT}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(frame)
    )
    html = f'<div class="wockit"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return Html(html, frame.to_string(index=False))


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.astype(object).itertuples(index=False, name=None))


def short(text: Any, length: int = 48) -> Any:
    """A title cut to a length that fits a table; what is missing stays missing.

    Examples
    --------
    >>> short("A very long title", 8)
    'A very …'
    """
    return text if not isinstance(text, str) or len(text) <= length else text[: length - 1].rstrip() + " …"


def masthead(analysis: Analysis) -> Html:
    """Whose report it is, of which day, under which cut-offs."""
    account, settings = analysis.account, analysis.settings
    line = (
        f"{account.snapshot:%d %B %Y} · {account.marketplace} · amounts in {account.currency} · "
        f"healthy cover {settings.low_weeks:g} to {settings.healthy_weeks:g} weeks ({settings.preset})"
    )
    accepted = [
        f"Accepted all the same: {note.text} ({note.where}, {note.code})"
        for note in analysis.notes
        if note.level == "error"
    ]
    warned = "".join(f'<p class="accepted">{escape(text)}</p>' for text in accepted)
    html = f"<h1>{escape(account.name)}: stock and advertising</h1><p>{escape(line)}</p>{warned}"
    return Html(html, "\n".join([f"{account.name}: stock and advertising", line, *accepted]))


def headline(analysis: Analysis) -> Html:
    """The six numbers of the week, as cards."""
    found, currency = analysis.summary(), analysis.account.currency
    cards = [
        ("Stock value", shown("stock_value", found["stock_value"]), f"{currency}, {found['asins']} ASINs"),
        ("Excess value", shown("excess_value", found["excess_value"]), f"{currency} above healthy cover"),
        ("Sales at risk", shown("excess_value", found["sales_at_risk"]), f"{currency}, stock too low"),
        ("Account ROAS", shown("roas", found["account_roas"]), "settled days"),
        ("Extra ads that pay", shown("excess_value", found["budget_that_pays"]), f"{currency}, to clear the excess"),
        ("Uncertain", f"{found['asins_uncertain']} of {found['asins_placed']}", "placed ASINs"),
    ]
    html = "".join(
        f'<div class="card"><span>{escape(name)}</span><b>{escape(value)}</b><span>{escape(unit)}</span></div>'
        for name, value, unit in cards
    )
    return Html(f'<div class="cards">{html}</div>', "\n".join(f"{n}: {v} ({u})" for n, v, u in cards))


def actions(analysis: Analysis) -> pd.DataFrame:
    """What to do, ranked by the money at stake: one row an ASIN, with the reason and the first thing to do."""
    book = playbook()
    found = analysis.positions[analysis.positions["money_at_stake"].gt(0)]
    plans = [book.plan(key) for key in found["plan"]]
    return pd.DataFrame(
        {
            "rank": range(1, len(found) + 1),
            "title": [short(title) for title in found["title"]],
            "place": found["segment"].fillna(found["gate"]),
            "why": [_why(row) for row in found.to_dict("records")],
            "first": [
                (book.low_stock if low else plan.actions[0]).do
                for plan, low in zip(plans, found["low_stock"], strict=True)
            ],
            "money_at_stake": found["money_at_stake"],
            "stake": found["stake"],
            "uncertain": found["uncertain"],
        },
        index=found.index,
    )


def action_list(analysis: Analysis, top: int = 8) -> Html:
    """The first actions as a list to work through: how much is at stake, which product, why, and what to do first."""
    currency = analysis.account.currency
    found = actions(analysis).head(top).reset_index()
    items = [
        (
            f"{currency} {shown('money_at_stake', row['money_at_stake'])}",
            STAKES[row["stake"]],
            f"{shown('place', row['place'])}{' (uncertain)' if row['uncertain'] else ''}",
            f"{shown('title', row['title'])} · {row['asin']}",
            row["why"],
            row["first"],
        )
        for row in found.to_dict("records")
    ]
    html = "".join(
        f"<li><div><b>{escape(money)}</b><span>{escape(stake)}</span></div>"
        f"<div><b>{escape(place)}: {escape(product)}</b><span>{escape(why)}</span><span>{escape(do)}</span></div></li>"
        for money, stake, place, product, why, do in items
    )
    rest = len(analysis.positions[analysis.positions["money_at_stake"].gt(0)]) - len(items)
    more = f"<p>{rest} more in the table of all ASINs and in the workbook.</p>" if rest > 0 else ""
    text = "\n".join(f"{k}. {' | '.join(item)}" for k, item in enumerate(items, 1))
    return Html(f'<ol class="actions">{html}</ol>{more}', text)


def _why(row: dict[str, Any]) -> str:
    parts = [f"WOC {shown('weeks_of_coverage', row['weeks_of_coverage'])}"]
    if "slow_to_make" in row["own_band"]:
        parts.append(f"must last {shown('low_weeks', row['low_weeks'])} weeks until a new order arrives")
    if row["reasons"]:
        low, high = (shown("forward_cover", row[name]) for name in ("forward_cover_low", "forward_cover_high"))
        parts.append(f"forward cover {shown('forward_cover', row['forward_cover'])} ({low} to {high})")
    if not pd.isna(row["roas"]):
        side = "≥" if row["roas"] >= row["roas_cut"] else "<"
        parts.append(f"ROAS {row['roas']:.2f} {side} {row['roas_cut']:.2f}")
    if row["excess_units"] > 0:
        parts.append(f"{row['excess_units']:,.0f} units excess")
    if row["units_aged_over_365"] > 0:
        parts.append(f"{row['units_aged_over_365']:,.0f} over a year old")
    if row["gate"] == "not_sellable":
        parts.append("no featured offer")
    if row["stake"] == "sales_at_risk" and row["units_inbound"] > 0:
        parts.append(f"{row['units_inbound']:,.0f} units inbound")
    if row["cautions"]:
        parts.append("beware: " + shown("cautions", row["cautions"]))
    return ", ".join(parts)


def plan_card(key: str) -> Html:
    """One plan of the playbook: objective, measures and actions, each with where it comes from."""
    plan = playbook().plan(key)
    items = "".join(f"<li>{escape(a.do)} <i>({escape(a.source)})</i></li>" for a in plan.actions)
    metrics = f" <b>Measure it by</b> {escape(', '.join(plan.metrics))}." if plan.metrics else ""
    html = (
        f'<div class="wockit plan"><h4>{escape(plan.label)}</h4>'
        f"<p>{escape(plan.place[0].upper() + plan.place[1:])}.</p>"
        f"<p><b>Goal.</b> {escape(plan.goal)} <b>Advertising objective.</b> {escape(plan.objective)}"
        f"{metrics}</p><ul>{items}</ul></div>"
    )
    lines = [plan.label, f"{plan.goal} {plan.objective}", *(f"- {a.do} ({a.source})" for a in plan.actions)]
    return Html(html, "\n".join(lines))


def plan_cards(analysis: Analysis) -> Html:
    """The plans of every segment and gate that occurs in an analysis."""
    cards = [plan_card(key) for key in analysis.segments.index]
    return Html("".join(card.html for card in cards), "\n\n".join(card.text for card in cards))


def positions_table(analysis: Analysis) -> Html:
    """Every ASIN with its place and the numbers behind it."""
    columns = [
        "plan", "probability", "units_available", "weeks_of_coverage", "forward_cover", "forward_range", "roas",
        "excess_units", "money_at_stake", "cautions",
    ]  # fmt: skip
    ends = (analysis.positions[name] for name in ("forward_cover_low", "forward_cover_high"))
    pairs = [[shown("forward_cover", end) for end in each] for each in zip(*ends, strict=True)]
    ranges = ["" if low == high else f"{low} to {high}" for low, high in pairs]
    return _view(analysis, analysis.positions.assign(forward_range=ranges), columns)


def budgets_table(analysis: Analysis) -> Html:
    """Every ASIN with excess units, and what clearing them by advertising would cost."""
    columns = [
        "click_pays", "excess_units", "budget_lower", "budget_upper", "budget_corrected", "budget_low", "budget_high",
        "budget_extra", "cost_per_order", "clicks_a_day", "clicks_a_day_best",
    ]  # fmt: skip
    return _view(analysis, analysis.budgets, columns)


def segments_table(analysis: Analysis) -> Html:
    """One row a segment or gate: what lies there, and what advertising is there for."""
    return table(analysis.segments.drop(columns="label"), currency=analysis.account.currency)


def mix_view(analysis: Analysis) -> Html:
    """The best mix of an analysis."""
    return mix_table(analysis.clearing, analysis.account.currency)


def ladder(found: Clearing, asin: str, currency: str = "") -> Html:
    """The budget of one ASIN and every way out for its units: worth, limits, last day and share of the best mix."""
    names = ["excess_units", "clear_days", "budget_lower", "budget_upper", "budget_corrected", "budget_low",
             "budget_high", "budget_extra", "cost_per_order", "highest_cost_per_order", "unit_proceeds",
             "order_gain"]  # fmt: skip
    row = found.budgets.loc[asin]
    steps = pd.DataFrame(
        [(heading(name, currency), shown(name, row[name])) for name in names], columns=["step", "value"]
    )
    ways = found.ways.loc[[asin]].reset_index(drop=True)
    ways["why_not"] = ways["why_not"].map(lambda key: REASONS.get(key, ""))
    columns = ["way", "unit_value", "unit_limit", "mix_units", "mix_value", "last_day", "why_not"]
    parts = [table(steps, caption=asin), table(ways[columns], currency=currency)]
    return Html("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))


def mix_table(found: Clearing, currency: str = "") -> Html:
    """The best mix: units of each ASIN to each way out, and what all of them bring together."""
    cells = (found.ways[name].to_numpy().reshape(-1, len(WAYS)) for name in ("mix_units", "mix_value"))
    units, value = (pd.DataFrame(each, index=found.budgets.index, columns=list(KEYS)) for each in cells)
    ways = [key for key in KEYS if units[key].gt(0).any()]
    split = units[ways].assign(excess_units=found.budgets["excess_units"], mix_value=value.sum(axis=1, min_count=1))
    parts = [table(split, "excess_units", *ways, "mix_value", currency=currency), mix_totals(found.mix, currency)]
    return Html("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))


def mix_totals(mix: Mapping[str, float], currency: str = "") -> Html:
    """What the best mix spends and brings, beside the best single way of each ASIN, and the worth of more budget."""
    rows = [(heading(name, currency), shown(name, value)) for name, value in mix.items()]
    return table(pd.DataFrame(rows, columns=["step", "value"]))


def compared(scenarios: Mapping[str, Clearing], currency: str = "") -> Html:
    """Scenarios side by side: their budgets in all, and what their best mixes spend and bring."""
    rows = {}
    for name, found in scenarios.items():
        sums = found.budgets[["excess_units", "budget_upper", "budget_corrected", "budget_high"]].sum()
        rows[name] = {**sums, **found.mix}
    measures = next(iter(rows.values()))
    frame = pd.DataFrame([{"step": heading(name, currency), **{scenario: shown(name, row[name])
                          for scenario, row in rows.items()}} for name in measures])  # fmt: skip
    return _plain(frame)


def _view(analysis: Analysis, frame: pd.DataFrame, columns: list[str]) -> Html:
    titled = frame.assign(title=frame["title"].map(short))
    return table(titled, "title", *columns, currency=analysis.account.currency)


def notes_table(notes: Sequence[Note]) -> Html:
    """What to know before trusting a number."""
    rows = [(note.level, note.code, note.where, note.text) for note in notes]
    return table(pd.DataFrame(rows, columns=["level", "code", "where", "text"]))


def cautions(analysis: Analysis) -> Html:
    """Where the simple number misleads: each caution, what it means, and the ASINs that it holds for."""
    return _explained(analysis.positions["cautions"], playbook().cautions)


def reasons(analysis: Analysis) -> Html:
    """Why forward cover is another than the simple one: each reason, what it means, and the ASINs that it holds for."""
    return _explained(analysis.positions["reasons"], playbook().reasons)


def own_bands(analysis: Analysis) -> Html:
    """Which ASINs have a healthy band of their own, and why."""
    return _explained(analysis.positions["own_band"], playbook().own_band)


def _explained(keys: pd.Series, book: Mapping[str, str]) -> Html:
    found = keys.str.split("; ").explode()
    rows = [
        (shown("key", name), text, ", ".join(sorted(found.index[found == name])))
        for name, text in book.items()
        if (found == name).any()
    ]
    return table(pd.DataFrame(rows, columns=["key", "text", "asin"]))


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
    if asin not in analysis.budgets.index:
        known = ", ".join(analysis.budgets.index[:10])
        raise KeyError(f"{asin!r} has no excess units; ASINs that have: {known}")
    row = analysis.budgets.loc[asin]
    steps = [
        ("excess_units", "units above the healthy cover: what is to be cleared"),
        ("clicks", "units / units per order / conversion rate"),
        ("clicks_a_day", "over the days to clear"),
        ("clicks_a_day_now", "what its advertising brings today: is there so much traffic?"),
        ("budget_upper", "clicks x cost per click: advertising sells every unit"),
        ("budget_lower", "x ad share: advertising sells its past share"),
        ("ad_units_needed", "what organic sales at today's pace leave to advertising"),
        ("budget_corrected", "their clicks x cost per click"),
        ("budget_extra", "less what today's advertising spends in these days anyway"),
        ("cost_per_order", "cost per click / conversion rate"),
        ("unit_proceeds", "price less referral and fulfilment fees; landed cost is sunk"),
        ("order_gain", "below 0 every click loses money"),
    ]
    currency = analysis.account.currency
    frame = pd.DataFrame(
        [(heading(name, currency), shown(name, row[name]), why) for name, why in steps],
        columns=["step", "value", "reasoning"],
    )
    return table(frame)

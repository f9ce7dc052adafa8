"""Results of a what-if: four figures against the report and against carrying on, a curve, tables.

The numbers come from `analysis.trial`; nothing is computed here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.trial import ScenarioForecast
from wockit.formulas.paths import YEAR
from wockit.language import Text, say
from wockit.show.html import Html, paragraph, plain_table, render, table, together
from wockit.show.labels import shown

FIGURES: Mapping[str, str] = {
    "spend": "Ad spend, 4 weeks",
    "gain": "Gain in a year",
    "units_left": "Units left",
    "sold_out": "Sold out by",
}
SIDES: Mapping[str, str] = {"now": "tried out", "report": "report", "carry_on": "carrying on"}
COLOURS: Mapping[str, str] = {"carry_on": "#8a8a8a", "report": "#c9861a", "now": "#1b6ca8"}
"""The lines of the curve, what is tried out in front."""
MOST_ASINS = 30
"""So many of the chosen ASINs are listed one by one."""
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 220, 70, 34, 8


def figures(forecast: ScenarioForecast) -> Html:
    """Spend, gain, units left and by when, of the chosen ASINs together, against the report and carrying on."""
    sides, account = forecast.outcomes, forecast.trial.account
    cards = []
    for name, label in FIGURES.items():
        now, *baselines = (getattr(sides[side], name) for side in SIDES)
        lines = [
            f"{say(SIDES[side])}: {_value(name, other, account.snapshot)}{_apart(name, now, other)}"
            for side, other in zip(("report", "carry_on"), baselines, strict=True)
        ]
        unit = f" [{account.currency}]" if name in ("spend", "gain") else ""
        cards.append((say(label) + unit, _value(name, now, account.snapshot), lines))
    text = "\n".join(f"{label}: {value} ({'; '.join(lines)})" for label, value, lines in cards)
    return Html(render("figures", cards=cards), text)


def _value(name: str, value: float, today: date) -> str:
    if name != "sold_out":
        return shown(name, value)
    if not value:
        return "–"
    return f"{today + timedelta(weeks=value):%Y-%m-%d}" if np.isfinite(value) else say("after a year")


def _apart(name: str, now: float, other: float) -> str:
    """Difference between the what-if and another."""
    apart = now - other if np.isfinite(now) and np.isfinite(other) else 0.0
    if name == "sold_out":
        return say(Text(" ({0} days)", f"{7 * apart:+.0f}")) if apart else ""
    return f" ({apart:+,.0f})" if round(apart) else ""


def curve(forecast: ScenarioForecast) -> Html:
    """The cash of the chosen ASINs until each week of the year, as a picture to point at."""
    sides, account = forecast.outcomes, forecast.trial.account
    weeks = sides["now"].cash.index.to_numpy(dtype=float)
    money = {side: sides[side].cash.to_numpy() for side in COLOURS}
    low, high = (float(end([0.0, *(end(line) for line in money.values())])) for end in (min, max))
    high += (high == low) * 1.0
    x = _LEFT + weeks / weeks[-1] * (_WIDTH - _LEFT - 10)

    def y(value: Any) -> Any:
        return _TOP + (high - value) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    lines = []
    for side, line in money.items():
        points = [
            (f"{left:.1f}", f"{up:.1f}", _point_text(side, week, value, account.currency))
            for left, up, week, value in zip(x, y(line), weeks, line, strict=True)
        ]
        path = " ".join(f"{left},{up}" for left, up, _ in points)
        lines.append((say(SIDES[side]), f"{line[-1]:,.0f}", COLOURS[side], path, points))
    ticks = [(f"{y(value):.1f}", f"{value:,.0f}") for value in _round_steps(low, high)]
    months = [(f"{_LEFT + week / YEAR * (_WIDTH - _LEFT - 10):.1f}", week) for week in range(0, YEAR + 1, 13)]
    words = say(Text("Cash of the coming year [{0}], by weeks from now", account.currency))
    frame = {"width": _WIDTH, "height": _HEIGHT, "left": _LEFT, "bottom": _HEIGHT - _BOTTOM}
    html = render("curve", words=words, lines=lines, ticks=ticks, weeks=months, **frame)
    return Html(html, "\n".join([words, *(f"{name}: {end}" for name, end, *_ in lines)]))


def _point_text(side: str, week: float, money: float, currency: str) -> str:
    text = Text("{0}, week {1}: {2} {3}", Text(SIDES[side]), f"{week:.0f}", currency, f"{money:,.0f}")
    return say(text)


def _round_steps(low: float, high: float) -> list[float]:
    """Four or so round amounts between two."""
    step = 10.0 ** np.floor(np.log10((high - low) / 2))
    step *= next(times for times in (1, 2, 5, 10) if (high - low) / (step * times) <= 5)
    return [float(value) for value in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]


def chosen_asins(forecast: ScenarioForecast) -> Html:
    """Advice on each chosen ASIN, and its gain."""
    columns = ["says", "ad_spend_a_day", "units_left", "act_by", "gain"]
    rows = forecast.advised.table
    listed = table(rows.head(MOST_ASINS), "title", *columns, currency=forecast.trial.account.currency)
    text = Text("{0} more are counted above and not listed.", len(rows) - MOST_ASINS)
    return together([listed, paragraph(text)]) if len(rows) > MOST_ASINS else listed


def compared(forecast: ScenarioForecast, saved: ScenarioForecast, name: str) -> Html:
    """The figures of the report, of now and of a saved scenario, and how far now and the saved one lie apart."""
    today, currency = forecast.trial.account.snapshot, forecast.trial.account.currency
    sides = {
        say("report"): forecast.outcomes["report"],
        say("now"): forecast.outcomes["now"],
        name: saved.outcomes["now"],
    }
    rows = []
    for figure, label in FIGURES.items():
        values = {side: _value(figure, getattr(outcome, figure), today) for side, outcome in sides.items()}
        apart = _apart(figure, *(getattr(side.outcomes["now"], figure) for side in (forecast, saved)))
        unit = f" [{currency}]" if figure in ("spend", "gain") else ""
        rows.append({say("figure"): say(label) + unit, **values, say("difference"): apart.strip(" ()") or "–"})
    return plain_table(pd.DataFrame(rows))


def plot_outcomes(forecast: ScenarioForecast, ax: Any) -> Any:
    """The same curve as a figure, for a page without widgets."""
    for side, colour in COLOURS.items():
        cash = forecast.outcomes[side].cash
        label = f"{say(SIDES[side])}: {cash.iloc[-1]:,.0f}"
        ax.plot(cash.index, cash, color=colour, lw=2.5 if side == "now" else 1.5, label=label)
    ax.set(xlabel=say("Weeks from now"), ylabel=say(Text("Cash [{0}]", forecast.trial.account.currency)))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax

"""Figures: each `plot_*` takes an `Axes` and gives it back; `canvas` makes one, `picture` shows what is on it.

Products are named by their ASIN, so that no title can break a figure. `pyplot` and its state are not needed.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from wockit.analysis.analyse import Analysis
from wockit.formulas import budget, evidence
from wockit.formulas.cover import stock_ahead
from wockit.formulas.playbook import playbook
from wockit.formulas.rates import rates
from wockit.formulas.ways_out import WAYS
from wockit.language import Text, say
from wockit.show.canvas import FAINT, INK, OUTLINE, label_bubbles, two_spines
from wockit.show.drawing import MOST_MARKS, link
from wockit.show.labels import shown

_TICKS = (0.5, 1, 2, 3, 4, 6, 8, 13, 26, 52, 104)
NARROW_FIGURE = 5.0
"""Figures below such a width are for a phone [inch]."""


def plot_matrix(analysis: Analysis, ax: Axes, labels: int = 14, before: pd.DataFrame | None = None) -> Axes:
    """Every placed ASIN by weeks of coverage (log axis) and ROAS; the bubble's area is its stock value.

    Cut-offs are drawn and named; each segment has its own colour and its own marker, so that it reads in grey. With a
    cut of each ASIN's own (`roas_cut = "break_even"`) the axis is ROAS over that cut.

    Parameters
    ----------
    analysis
        From `analyse`.
    ax
        Where to draw.
    labels
        How many of the largest bubbles to name, as far as names find room.
    before
        The positions of the snapshot before, whose places are drawn as a faint trail.
    """
    positions = analysis.positions
    own_cut = analysis.settings.roas_cut == "break_even"
    height = positions["own_roas"] / positions["roas_cut"] if own_cut else positions["own_roas"]
    bubbles = positions[positions["segment"].notna() & height.notna()].nlargest(MOST_MARKS, "stock_value")
    height = height[bubbles.index]
    cut = 1.0 if own_cut else float(positions["roas_cut"].max())
    weeks = bubbles["weeks_of_coverage"].clip(0.5, 120)
    value = bubbles["stock_value"].fillna(0)
    area = 30 + 900 * value / max(value.max(), 1)
    top = float(np.nanmax([0.0, 1.6 * cut, *(1.12 * height)])) or 1.0
    _draw_cells(analysis, ax, cut, top)
    own_band = bubbles["own_band"].ne("")
    edges = own_band.map({True: INK, False: "white"})
    for key, plan in playbook().segments.items():
        here = bubbles["segment"].eq(key)
        ax.scatter(
            weeks[here], height[here], s=area[here], c=plan.colour, marker=plan.marker, alpha=0.75,
            edgecolors=edges[here], linewidths=0.9, label=say(plan.label) + f" ({int(here.sum())})", zorder=3,
            urls=[link(asin) for asin in bubbles.index[here]],
        )  # fmt: skip
    if before is not None and len(before):
        _draw_trail(before.reindex(bubbles.index), weeks, height, own_cut, ax)
    if own_band.any():
        ax.annotate(
            say("outline: own healthy band"), (1, 0), xycoords="axes fraction", xytext=(-4, 4), ha="right",
            textcoords="offset points", fontsize="x-small", color=INK, gid="cut",
        )  # fmt: skip
    ax.set(xlabel=say("Weeks of coverage (log scale)"), ylabel=say("ROAS / break-even ROAS") if own_cut else "ROAS")
    largest = [int(k) for k in np.argsort(-area.to_numpy(), kind="stable")[:labels]]
    names = {k: str(bubbles.index[k]) for k in largest}
    legend = ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3, frameon=False)
    handles: Any = legend.legend_handles
    for handle in handles[: len(playbook().segments)]:
        handle.set(sizes=[45], edgecolor="white")
    label_bubbles(ax, names, np.column_stack([weeks, height, np.sqrt(area) / 2]), ax.lines[-1:])
    return ax


def _draw_trail(before: pd.DataFrame, weeks: pd.Series, height: pd.Series, own_cut: bool, ax: Axes) -> None:
    """A faint line from where each ASIN was to where it is."""
    was = before["weeks_of_coverage"].clip(0.5, 120)
    roas = before["own_roas"] / before["roas_cut"] if own_cut else before["own_roas"]
    ends = np.stack([np.column_stack([was, roas]), np.column_stack([weeks, height])], axis=1)
    trails = ends[np.isfinite(ends).all(axis=(1, 2))]
    ax.add_collection(LineCollection(list(trails), colors=INK, linewidths=1.2, alpha=0.3, zorder=2), autolim=False)
    ax.scatter(
        trails[:, 0, 0], trails[:, 0, 1], s=9, color=INK, alpha=0.35, lw=0, zorder=2, label=say("previous place")
    )


def _draw_cells(analysis: Analysis, ax: Axes, cut: float, top: float) -> None:
    settings = analysis.settings
    has_cut = not np.isnan(cut)
    level = cut if has_cut else top / 2
    floor = -0.1 * top  # room for names below a ROAS of 0
    ax.set_xscale("log")
    ax.set_xlim(0.45, 135)
    ax.set_ylim(floor, top)
    ax.xaxis.set_major_locator(FixedLocator(_TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ends = {"nothing": 0.45, "for_ever": 135.0}
    for plan in playbook().segments.values():
        low, high = (ends[name] if name in ends else getattr(settings, name) for name in plan.cover)
        bottom, upper = {"high": (level, top), "low": (0.0, level), "any": (0.0, top)}[plan.roas]
        ax.fill_between([low, high], bottom or floor, upper, color=plan.colour, alpha=0.07, lw=0, zorder=0)
        under = plan.roas == "low"
        edge = floor + top * 0.01 if under else upper - top * 0.015
        ax.text(
            np.sqrt(low * high), edge, say(plan.label), ha="center", va="bottom" if under else "top", color=plan.colour,
            fontsize="medium", fontweight="bold", zorder=4, path_effects=[OUTLINE],
        )  # fmt: skip
    cuts = {
        "low_weeks": (Text("low {0}", f"{settings.low_weeks:g}"), "right"),
        "healthy_weeks": (Text("healthy to {0}", f"{settings.healthy_weeks:g}"), "right"),
        "act_weeks": (Text("act from {0}", f"{settings.act_weeks:g}"), "left"),
        "exit_weeks": (Text("exit {0}", f"{settings.exit_weeks:g}"), "center"),
    }
    for name, (text, side) in cuts.items():
        week = getattr(settings, name)
        ax.axvline(week, color=FAINT, lw=0.9, ls=":" if name == "act_weeks" else "--", zorder=1)
        ax.annotate(
            say(text), (week, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), ha=side,
            textcoords="offset points", fontsize="small", color=INK, gid="cut",
        )  # fmt: skip
    if has_cut:
        ax.axhline(cut, color=INK, lw=1.0, zorder=1)
    name = {"account_benchmark": "account ROAS, own sales", "target": "target ROAS", "break_even": "break-even"}[
        settings.roas_cut
    ]
    level_text = f"{say(name)} {cut:.2f}" if has_cut else f"{say(name)} {say('unknown')}"
    ax.annotate(level_text, (0.47, level), xytext=(2, 3), textcoords="offset points", fontsize="small")


def plot_cover(analysis: Analysis, ax: Axes, top: int = 20) -> Axes:
    """Weeks of coverage of the ASINs with the most stock value, on one axis with what too little and too much cost.

    At the left the zone of the low-inventory-level fee, then the healthy band, at the right the zone in which the last
    unit grows so old that it pays an aged fee, each where the account's rates know the fee. The bar is the 80% range
    of forward cover, the mark Amazon's own figure.
    """
    settings = analysis.settings
    rows = analysis.positions[np.isfinite(analysis.positions["weeks_of_coverage"])]
    rows = rows[rows["units_available"].gt(0)].nlargest(top, "stock_value").iloc[::-1]
    places = np.arange(len(rows))
    low, high = settings.low_weeks, settings.healthy_weeks
    ends = (0.45, 135)
    few, aged = (
        rates(analysis.account.fees, analysis.account.marketplace, fee, analysis.account.snapshot)
        for fee in ("low_inventory", "aged_surcharge")
    )
    if len(few):
        week = few["tier_to"].max() / 7
        ax.axvspan(
            ends[0],
            week,
            color="#c9a227",
            alpha=0.16,
            lw=0,
            label=say(Text("low-inventory-level fee, below {0} weeks", f"{week:g}")),
        )
    ax.axvspan(
        low,
        high,
        color="#2a9d57",
        alpha=0.18,
        lw=0,
        label=say(Text("healthy, {0} to {1} weeks", f"{low:g}", f"{high:g}")),
    )
    if len(charged := aged[aged["rate"].gt(0)]):
        week = charged["tier_from"].min() / 7
        ax.axvspan(
            week,
            ends[1],
            color="#7d3c98",
            alpha=0.12,
            lw=0,
            label=say(Text("aged-inventory surcharge, from {0} weeks", f"{week:.0f}")),
        )
    ax.axvline(
        settings.act_weeks, color=FAINT, ls=":", lw=1, label=say(Text("act, {0} weeks", f"{settings.act_weeks:g}"))
    )
    low_ends, high_ends = (rows[name].clip(*ends) for name in ("forward_cover_low", "forward_cover_high"))
    gap = np.full(len(rows), np.nan)  # one line with gaps, not one for each
    bars = np.column_stack([low_ends, high_ends, gap]).ravel(), np.repeat(places, 3)
    label = say("forward cover, 80% range")
    ax.plot(*bars, color="#1b6ca8", lw=5, alpha=0.3, zorder=1, solid_capstyle="butt", label=label)
    colours = rows["segment"].map({key: plan.colour for key, plan in playbook().segments.items()}).fillna(INK)
    urls = list(map(link, rows.index))
    ax.scatter(rows["weeks_of_coverage"], places, c=list(colours), s=28, zorder=3, urls=urls)
    ax.scatter([], [], color=INK, s=28, label=say("WOC: stock / last month x 4"))
    ax.scatter(
        rows["amazon_weeks_of_cover_t30"], places, marker="|", s=90, color="#c0562f", zorder=2,
        label=say("Amazon's weeks of cover, 30 days"),
    )  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(_TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set(xlim=ends, yticks=places, xlabel=say("Weeks of coverage (log scale)"), ylabel="")
    ax.set_yticklabels(rows.index)
    if _is_narrow(ax):
        ax.legend(loc="upper right", bbox_to_anchor=(1, -0.12), frameon=False)
    else:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False)
    return ax


def _is_narrow(ax: Axes) -> bool:
    """True for a figure on a phone."""
    figure: Any = ax.figure
    return bool(figure.get_figwidth() < NARROW_FIGURE)


def plot_weeks(totals: pd.DataFrame, currency: str, ax: Axes) -> Axes:
    """Stock and excess value of each snapshot as columns, weeks of coverage of the whole account as a line above."""
    places = np.arange(len(totals))
    columns = [
        *ax.bar(places, totals["stock_value"], width=0.6, color="#c9d3dc", label=say("stock")),
        *ax.bar(places, totals["excess_value"], width=0.36, color="#c0562f", label=say("above healthy cover")),
    ]
    for column, day in zip(columns, [*totals.index, *totals.index], strict=True):
        column.set_url(link(f"{day:%Y-%m-%d}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:z,.0f}"))
    ax.set(xticks=places, ylabel=say(Text("Value [{0}]", currency)), xlim=(-0.6, max(len(totals) - 0.4, 0.6)))
    ax.set_xticklabels(
        [f"{day:%Y-%m-%d}" for day in totals.index], rotation=30 if len(totals) > (3 if _is_narrow(ax) else 6) else 0
    )
    ax.margins(y=0.25)
    height = totals["stock_value"].fillna(0.0)
    for place, (value, weeks) in enumerate(zip(height, totals["weeks_of_coverage"], strict=True)):
        ax.annotate(
            f"WOC {shown('weeks_of_coverage', weeks)}", (place, value), xytext=(0, 4), ha="center",
            textcoords="offset points", fontsize="small",
        )  # fmt: skip
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)
    two_spines(ax)
    return ax


def plot_run_down(analysis: Analysis, asin: str, ax: Axes) -> Axes:
    """Weekly sales of one ASIN, and its stock as it runs down at the expected demand, with the 80% range.

    Raises
    ------
    KeyError
        If the ASIN is in no inventory and no sales report.
    """
    past, demand = analysis.account.past.weeks, analysis.account.demand
    if asin not in past.index:
        raise KeyError(f"{asin!r} is in no inventory and no sales report")
    row = analysis.positions.loc[asin]
    place = past.index.get_loc(asin)
    stock = row["units_available"]
    ends = [stock_ahead(stock, pace[place]) for pace in (demand.expected, demand.fast, demand.slow)]
    last = int(np.clip(np.argmax(ends[2] <= 0) or len(ends[2]) - 1, 8, len(ends[2]) - 1))
    weeks = np.arange(last + 1)
    sold = past.loc[asin].to_numpy()[-26:]
    before = np.arange(-len(sold), 0) + 0.5
    ax.stairs(sold, np.arange(-len(sold), 1), fill=True, color="#c9d3dc", label=say("units sold per week"))
    if (unknown := np.isnan(sold)).any():
        none = np.zeros(unknown.sum())
        ax.scatter(before[unknown], none, marker="x", color="#c0562f", s=24, label=say("left out"), zorder=3)
    ax.fill_between(weeks, ends[1][: last + 1], ends[2][: last + 1], color="#1b6ca8", alpha=0.15, lw=0, label="80%")
    ax.plot(weeks, ends[0][: last + 1], color="#1b6ca8", lw=2, label=say("expected stock"), url=link(asin))
    simple = row["weeks_of_coverage"]
    if np.isfinite(simple):
        ax.plot([0, simple], [stock, 0], color=INK, ls=":", lw=1.5, label=say("stock at last month's pace"))
        ax.annotate(f"WOC {simple:.1f}", (simple, 0), xytext=(0, 6), textcoords="offset points", fontsize="small")
    ax.axvline(0, color=INK, lw=0.8)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:z,.0f}"))
    ax.set(
        xlabel=say("Weeks from now"),
        ylabel=say("Units"),
        ylim=(0, None),
        xlim=(before[0] - 0.5 if len(before) else 0, last),
    )
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, frameon=False)
    two_spines(ax)
    return ax


def plot_forward(analysis: Analysis, ax: Axes) -> Axes:
    """Simple against forward cover of every ASIN with both, with the 80% range; named where they disagree."""
    rows = analysis.positions[analysis.positions["forward_cover"].gt(0)]
    rows = rows[np.isfinite(rows["weeks_of_coverage"]) & np.isfinite(rows["forward_cover"])]
    weeks = rows["weeks_of_coverage"].clip(0.5, 120)
    middle, low, high = (
        rows[name].clip(0.5, 120) for name in ("forward_cover", "forward_cover_low", "forward_cover_high")
    )
    apart = rows["reasons"].ne("")
    ax.plot([0.5, 120], [0.5, 120], color=FAINT, lw=1, ls="--", zorder=0)
    ax.vlines(weeks, low, high, color=np.where(apart, "#c0562f", "#c9d3dc"), lw=1.2, zorder=1)
    for chosen, colour, name in ((~apart, INK, "same"), (apart, "#c0562f", "differ by 1/7 or more")):
        ax.scatter(
            weeks[chosen], middle[chosen], color=colour, s=26, zorder=3, label=f"{say(name)} ({int(chosen.sum())})",
            marker="o" if colour == INK else "D", urls=[link(asin) for asin in rows.index[chosen]],
        )  # fmt: skip
    ax.set(xscale="log", yscale="log", xlim=(0.45, 135), ylim=(0.45, 135))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator(_TICKS))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set(xlabel=say("WOC: stock / last month x 4 [week]"), ylabel=say("Forward cover [week]"))
    names = {int(k): str(rows.index[k]) for k in np.flatnonzero(apart)}
    ax.legend(loc="upper left", frameon=False)
    label_bubbles(ax, names, np.column_stack([weeks, middle, np.full(len(weeks), 4.0)]))
    return ax


def plot_segments(analysis: Analysis, ax: Axes) -> Axes:
    """Stock value by place, with the part above healthy cover."""
    import seaborn as sns  # here, because it takes a second to import, and the weekly report does without

    segments = analysis.segments[analysis.segments["stock_value"].gt(0)]
    sns.barplot(x=segments["stock_value"], y=segments["label"].map(say), color="#c9d3dc", ax=ax, label=say("stock"))
    sns.barplot(
        x=segments["excess_value"],
        y=segments["label"].map(say),
        color="#c0562f",
        ax=ax,
        label=say("above healthy cover"),
        width=0.45,
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:z,.0f}"))
    ax.set(xlabel=say(Text("Value [{0}]", analysis.account.currency)), ylabel="")
    if not segments.empty:
        ax.legend(loc="lower right", frameon=False)
    two_spines(ax)
    return ax


def plot_budget(upper: float, ad_share: float, ax: Axes) -> Axes:
    """The corrected budget of one month against the cover of the units to clear, between the article's two bounds."""
    weeks = np.linspace(4, 52, 200)
    ax.fill_between(weeks, upper * ad_share, upper, color="#1b6ca8", alpha=0.08, lw=0)
    ax.plot(weeks, budget.budget_by_cover(weeks, ad_share, upper), color="#1b6ca8", lw=2)
    marks = pd.Series([4, 6, 8, 13, 26])
    ax.scatter(marks, budget.budget_by_cover(marks, ad_share, upper), color=INK, zorder=3)
    for week in marks:
        value = float(budget.budget_by_cover(week, ad_share, upper))
        ax.annotate(f"{value:,.0f}", (week, value), xytext=(6, -12), textcoords="offset points", fontsize="small")
    for value, name in ((upper, "upper bound"), (upper * ad_share, "lower bound")):
        ax.axhline(value, color=FAINT, ls="--", lw=1)
        ax.annotate(f"{say(name)} {value:,.0f}", (52, value), xytext=(0, 4), textcoords="offset points", ha="right")
    ax.set(
        xlabel=say("Weeks of coverage of the units to clear"),
        ylabel=say("Budget"),
        ylim=(0, upper * 1.12),
        xlim=(2, 53),
    )
    two_spines(ax)
    return ax


def plot_evidence(units: float, conversion_rate: float, cost_per_click: float, ax: Axes) -> Axes:
    """The budget that suffices in 20 and in 80% of cases, by the clicks that the conversion rate rests on."""
    clicks = np.geomspace(50, 20_000, 60)
    hits, misses = clicks * conversion_rate + 0.5, clicks * (1 - conversion_rate) + 0.5
    low, high = (evidence.clicks_at(units, 1.0, hits, misses, chance) * cost_per_click for chance in (0.2, 0.8))
    ax.fill_between(clicks, low, high, color="#1b6ca8", alpha=0.15, lw=0)
    for spend, name in ((high, "enough in 8 of 10 cases"), (low, "enough in 2 of 10 cases")):
        ax.plot(clicks, spend, color="#1b6ca8", lw=1.5, label=say(name))
        ax.annotate(say(name), (clicks[-1], spend[-1]), xytext=(0, 6 if spend is high else -14), ha="right",
                    textcoords="offset points", fontsize="small")  # fmt: skip
    ax.axhline(units / conversion_rate * cost_per_click, color=FAINT, ls="--", lw=1)
    ax.set(xscale="log", xlabel=say("Clicks behind the rate"), ylabel=say("Budget"), ylim=(0, None))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:z,.0f}"))
    two_spines(ax)
    return ax


def plot_ladder(analysis: Analysis, asin: str, ax: Axes) -> Axes:
    """Value of a unit of one ASIN by each way out; a closed way has no bar, the best one is dark.

    Nothing is drawn where no ASIN has excess units.
    """
    ways = (analysis.clearance.loc[asin] if len(analysis.clearance) else analysis.clearance).iloc[::-1]
    names = [say(next(way.label for way in WAYS if way.key == key)) for key in ways["way"]]
    colours = np.where(ways["unit_value"].eq(ways["unit_value"].max()), "#1b6ca8", "#c9d3dc")
    ax.barh(names, ways["unit_value"].fillna(0.0), color=colours)
    for place, (value, units) in enumerate(zip(ways["unit_value"], ways["unit_limit"], strict=True)):
        taken = f" ({units:,.0f} {say('units')})" if 0 < units < np.inf else ""
        text = say("closed") if pd.isna(value) else f"{value:,.2f}{taken}"
        ax.annotate(text, (max(np.nan_to_num(value), 0.0), place), xytext=(4, 0), va="center",
                    textcoords="offset points", fontsize="small")  # fmt: skip
    ax.axvline(0, color=INK, lw=0.8)
    ax.margins(x=0.18)
    ax.set(xlabel=say(Text("Value per unit [{0}]", analysis.account.currency)), ylabel="")
    two_spines(ax)
    return ax


def plot_order(price: float, fees: float, cost_per_order: float, ax: Axes) -> Axes:
    """Parts of the price of one advertised unit: fees, clicks, and the rest or the loss."""
    left = price - fees - cost_per_order
    names = ["price", "fees", "ad clicks for one order", "left" if left >= 0 else "lost"]
    bottoms = [0, price - fees, left, min(left, 0)]
    heights = [price, fees, cost_per_order, abs(left)]
    colours = ["#c9d3dc", FAINT, "#1b6ca8", "#2a9d57" if left >= 0 else "#c0392b"]
    ax.bar(list(map(say, names)), heights, bottom=bottoms, color=colours)
    for place, value in enumerate((price, -fees, -cost_per_order, left)):
        top = bottoms[place] + heights[place]
        ax.annotate(f"{value:,.2f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.axhline(0, color=INK, lw=0.8)
    ax.set(ylabel=say("Amount per order"))
    ax.margins(y=0.15)
    two_spines(ax)
    return ax

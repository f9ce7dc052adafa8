"""The figures of one advice: the cash of its paths over the year, and its gain in each case."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from wockit.analysis.analyse import Analysis
from wockit.analysis.courses import cash_courses, gains_by_case
from wockit.language import Text, say
from wockit.show.canvas import FAINT, INK, two_spines

_COURSES = ("slow sales", "expected sales", "fast sales")
_ANSWERS = ("few orders per click", "expected orders per click", "many orders per click")
_STYLES = ("-", "--", "-.", ":")


def plot_paths(analysis: Analysis, asin: str, ax: Axes) -> Axes:
    """Cash of some paths of one ASIN over the year, the advised one in front.

    At the end stands what is left then, at what it is worth.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    courses = cash_courses(analysis, asin)
    *other_paths, advised = courses.columns
    for name, style in zip(other_paths, _STYLES, strict=False):
        ax.plot(courses.index, courses[name], color=FAINT, lw=1.5, ls=style, label=_named(name, courses[name]))
    ax.plot(courses.index, courses[advised], color="#1b6ca8", lw=2.5, zorder=3, label=_named(advised, courses[advised]))
    ax.axhline(0, color=INK, lw=0.8)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.set(xlabel=say("Weeks from now"), ylabel=say(Text("Cash [{0}]", analysis.account.currency)), xlim=(0, None))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, frameon=False)
    two_spines(ax)
    return ax


def _named(name: str, money: object) -> str:
    return f"{say(name)}: {np.asarray(money)[-1]:,.0f}"


def plot_gains(analysis: Analysis, asin: str, ax: Axes) -> Axes:
    """Gain of the advice on one ASIN in each case, the worst at the bottom, and the stated gain with its range.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    every, row = gains_by_case(analysis, asin), analysis.advice.loc[asin]
    answers = [cases.reset_index(drop=True) for _, cases in every.groupby("again", sort=False)]
    order = answers[0].sort_values("gain", kind="stable").index
    cases = answers[0].loc[order]
    names = [
        say(
            Text(
                "{0}, {1}, {2} need ads, elasticity {3}",
                Text(_COURSES[case.course]),
                Text(_ANSWERS[case.answer]),
                f"{case.incremental_share:.0%}",
                f"{case.elasticity:g}",
            )
        )
        for case in cases.itertuples()
    ]
    places = np.arange(len(cases))
    ax.axvspan(row["gain_low"], row["gain_high"], color="#1b6ca8", alpha=0.1, lw=0, label=say("80% range"))
    ax.axvline(row["gain"], color="#1b6ca8", lw=1.5, label=say(Text("stated gain: {0}", f"{row['gain']:,.0f}")))
    for step, (half, alpha) in enumerate(zip(answers, (1.0, 0.45), strict=False)):
        gain, thin = half.loc[order, "gain"], 0.6 / len(answers)
        again = "bought again: {0}" if half["again"].iloc[0] else "not bought again: {0}"
        ax.barh(
            places + 0.3 - thin * (step + 0.5),
            gain,
            color=np.where(gain < 0, "#c0392b", "#2a9d57"),
            alpha=alpha,
            height=thin,
            label=say(Text(again, f"{half['weight'].sum():.0%}")) if len(answers) > 1 else None,
        )
    ax.axvline(0, color=INK, lw=0.8)
    ax.set(yticks=places, xlabel=say(Text("Gain over carrying on [{0}]", analysis.account.currency)))
    ax.set_yticklabels(names, fontsize="small")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, frameon=False)
    two_spines(ax)
    return ax

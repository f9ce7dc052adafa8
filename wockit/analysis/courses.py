"""The advice looked at closely: how the cash of its paths adds up over the year, its gain in each case, its rivals.

The same cash as in `advice`; nothing is decided here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.prospects import Prospects, cases_of, prospects_of
from wockit.analysis.scenario import tried_out
from wockit.formulas.cash import cash, cash_by_week
from wockit.formulas.choice import cautious
from wockit.formulas.paths import AS_TODAY, NOW, OFF, YEAR, Cases, Paths, paths_of

OTHERS = {
    "carry on as today": AS_TODAY,
    "no ads": (OFF, 0.0, 0.0, float(YEAR), OFF),
    "20% off for ten weeks": (NOW, 0.2, 0.0, 10.0, NOW),
    "liquidate all now": (OFF, 0.0, 1.0, float(YEAR), OFF),
}
"""The paths that an advice is held against."""


def cash_courses(analysis: Analysis, asin: str) -> pd.DataFrame:
    """The cash of paths of one ASIN until each week, on the mean of the cases: one column a path, the advised one last.

    Until the year ends, or the ASIN's clear-by date.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    prospects, cases, rate = _prospects(analysis, [asin])
    paths = paths_of(*OTHERS.values()).beside(_advised(analysis, [asin]))
    weeks, money, _ = cash_by_week(prospects.items, paths, cases, rate)
    course = (money * prospects.items.weights(cases)[:, None, :, None]).sum(axis=2)[0]
    courses = pd.DataFrame(course.T, index=weeks, columns=[*OTHERS, "advice"])
    courses = courses[courses.index <= np.append(weeks[weeks >= prospects.items.last_week[0]], YEAR)[0]]
    possible = {"no ads": prospects.clicks[0] > 0, "liquidate all now": bool(prospects.may_leave[0])}
    return courses[[name for name in courses if possible.get(name, True)]].rename_axis("week")


def gains_by_case(analysis: Analysis, asin: str) -> pd.DataFrame:
    """Gain of the advice on one ASIN in each case: a column for each of `Cases`, its weight, and the gain.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    prospects, cases, rate = _prospects(analysis, [asin])
    advised, today = (
        cash(prospects.items, paths, cases, rate).money[0, 0]
        for paths in (_advised(analysis, [asin]), paths_of(AS_TODAY))
    )
    weight = prospects.items.weights(cases)[0]
    return pd.DataFrame({**vars(cases), "weight": weight, "gain": advised - today})[weight > 0].reset_index(drop=True)


def against_today(analysis: Analysis, asins: Sequence[str]) -> pd.DataFrame:
    """Results of carrying on and of other paths beside the advice, one row per ASIN.

    `sure`, the probability of the cases in which the advice gains over carrying on, missing where it changes nothing
    of the path [fraction]; `left`, the units that carrying on leaves after a year or on the clear-by date [unit]; and
    for each other path of `OTHERS` what it gains, counted as for the advice [money], missing where it cannot be.
    """
    prospects, cases, rate = _prospects(analysis, asins)
    paths = paths_of(*OTHERS.values()).beside(_advised(analysis, asins))
    played = cash(prospects.items, paths, cases, rate)
    gains = played.money - played.money[:, :1]
    advised, weights = gains[:, -1], prospects.items.weights(cases)
    possible = {"no ads": prospects.clicks > 0, "liquidate all now": prospects.may_leave}
    other_gains = {
        name: np.where(possible.get(name, True), cautious(gains[:, place], weights), np.nan)
        for place, name in enumerate(OTHERS)
        if OTHERS[name] != AS_TODAY
    }
    differs = np.abs(advised).max(axis=1, initial=0.0) > 0
    sure = np.where(differs, ((advised > 0) * weights).sum(axis=1), np.nan)
    left = (played.left[:, 0] * weights).sum(axis=1)
    return pd.DataFrame({"sure": sure, "left": left, **other_gains}, index=pd.Index(asins))


def _prospects(analysis: Analysis, asins: Sequence[str]) -> tuple[Prospects, Cases, float]:
    settings, account = analysis.settings, analysis.account
    details = tried_out(analysis.details.loc[list(asins)], analysis.scenario, account.snapshot)
    return prospects_of(details, settings, account), cases_of(settings, account.lessons), settings.capital_rate


def _advised(analysis: Analysis, asins: Sequence[str]) -> Paths:
    return Paths.of_table(analysis.paths.loc[list(asins)])

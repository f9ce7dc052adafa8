"""The advice on one ASIN looked at closely: how the cash of its paths adds up over the year, and its gain in each case.

The same cash as in `advice`; nothing is decided here.
"""

from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.prospects import Prospects, cases_of, prospects_of
from wockit.columns import ADVICE
from wockit.formulas.paths import AS_TODAY, NOW, OFF, YEAR, Cases, Paths, cash, cash_by_week, paths_of

OTHERS = {
    "carry on as today": AS_TODAY,
    "no ads": (OFF, 0.0, 0.0, float(YEAR), OFF),
    "20 % off for ten weeks": (NOW, 0.2, 0.0, 10.0, NOW),
    "liquidate all now": (OFF, 0.0, 1.0, float(YEAR), OFF),
}
"""The paths that an advice is held against."""
LEAVING = [name for name in ADVICE if name.startswith("units_") and name != "units_left"]


def cash_courses(analysis: Analysis, asin: str) -> pd.DataFrame:
    """The cash of paths of one ASIN until each week, on the mean of the cases: one column a path, the advised one last.

    Until the year ends, or the ASIN's own date.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    known, cases, rate = _known(analysis, asin)
    paths = paths_of(*OTHERS.values()).beside(_advised(analysis, asin, known))
    weeks, money = cash_by_week(known.items, paths, cases, rate)
    courses = pd.DataFrame((money[0] * cases.weight[:, None]).sum(axis=1).T, index=weeks, columns=[*OTHERS, "advice"])
    courses = courses[courses.index <= np.append(weeks[weeks >= known.items.last_week[0]], YEAR)[0]]
    possible = {"no ads": known.clicks[0] > 0, "liquidate all now": bool(known.may_leave[0])}
    return courses[[name for name in courses if possible.get(name, True)]].rename_axis("week")


def gains_by_case(analysis: Analysis, asin: str) -> pd.DataFrame:
    """What the advice on one ASIN gains in each case: the case as a column each of `Cases`, its weight, and the gain.

    Raises
    ------
    KeyError
        If the account has no such ASIN.
    """
    known, cases, rate = _known(analysis, asin)
    its, today = (
        cash(known.items, paths, cases, rate).money[0, 0]
        for paths in (_advised(analysis, asin, known), paths_of(AS_TODAY))
    )
    return pd.DataFrame({**vars(cases), "gain": its - today})


def _known(analysis: Analysis, asin: str) -> tuple[Prospects, Cases, float]:
    settings = analysis.settings
    known = prospects_of(analysis.details.loc[[asin]], settings, analysis.account)
    return known, cases_of(settings), settings.capital_rate


def _advised(analysis: Analysis, asin: str, known: Prospects) -> Paths:
    """The path that the columns of an advice describe."""
    row: Any = analysis.advice.loc[asin]
    units, today = known.items.units[0].sum(), pd.Timestamp(analysis.account.snapshot)
    until = float(YEAR) if pd.isna(row["until"]) else min((row["until"] - today).days / 7, float(YEAR))
    leaves = row[LEAVING].sum() / units if units > 0 else 0.0
    after = row["ads_after"] if row["ads_level"] != NOW or row["price_cut"] > 0 else NOW
    return paths_of((row["ads_level"], row["price_cut"], leaves, until, after))

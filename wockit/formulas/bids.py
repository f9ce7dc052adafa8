"""Bids and budgets: what a number of clicks takes, and what is the most that may be changed at once.

What Amazon takes at all is data in `ad_limits.csv`.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SLACK = 1e-9
"""How far a number may lie from a whole step and still be one."""


@dataclass(frozen=True)
class Limits:
    """Amazon's limits of a bid or a daily budget: from `lowest` to `highest`, in `step`s [money].

    `grade` says how sure that is: H documented, M likely.
    """

    lowest: float
    highest: float
    step: float
    grade: str


@cache
def limits() -> dict[tuple[str, str], Limits]:
    """Amazon's limits, by currency and `"bid"` or `"budget"`.

    Examples
    --------
    >>> limits()["JPY", "bid"].lowest, ("SEK", "bid") in limits()
    (2.0, False)
    """
    lines = (Path(__file__).parent / "ad_limits.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {
        (row["currency"], row["what"]): Limits(
            float(row["lowest"]), float(row["highest"] or math.inf), float(row["step"]), row["grade"]
        )
        for row in rows
    }


def bid_for(bid: float, level: float, dearer: float) -> float:
    """Bid for a multiple of today's clicks [money].

    Parameters
    ----------
    bid
        Today's [money].
    level
        Clicks that are wanted over those of today [ratio].
    dearer
        By how many per cent a click gets dearer for each per cent of clicks more [ratio].

    Examples
    --------
    >>> bid_for(1.0, 0.25, 0.5)
    0.5
    """
    return float(bid * level**dearer)


def clicks_at_bid(bid: float, before: float, dearer: float) -> float:
    """Clicks at a bid over those at the bid before [ratio]; as `bid_for` the other way round.

    Examples
    --------
    >>> clicks_at_bid(0.5, 1.0, 0.5)
    0.25
    """
    return float((bid / before) ** (1.0 / dearer))


def written(amount: float) -> str:
    """An amount as an upload has it [money]: a point, no thousands.

    Examples
    --------
    >>> written(1250.0), written(0.7)
    ('1250', '0.7')
    """
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def bounded(old: float, wanted: float, base: float, most: float, limit: Limits) -> tuple[float, str]:
    """The nearest amount to the one wanted that may be set now [money], and what held it back.

    Nothing is turned past `old`: where no step is left, it stays.

    Parameters
    ----------
    old, wanted
        The amount today and the one wanted [money].
    base
        The amount a week ago, which the change of a week counts from [money].
    most
        By how much it may change in a week [fraction].
    limit
        What Amazon takes.

    Returns
    -------
    tuple
        The amount, and `"week"`, `"amazon"` or nothing.

    Examples
    --------
    >>> usd = Limits(0.02, 1000.0, 0.01, "H")
    >>> bounded(1.00, 0.40, 1.00, 0.30, usd), bounded(0.03, 0.001, 0.03, 0.90, usd), bounded(1.0, 1.104, 1.0, 0.3, usd)
    ((0.7, 'week'), (0.02, 'amazon'), (1.1, ''))
    """
    low, high = base * (1 - most), base * (1 + most)
    low, high, held = max(low, limit.lowest), min(high, limit.highest), ""
    if wanted < low or wanted > high:
        held = (
            "amazon" if (low == limit.lowest and wanted < low) or (high == limit.highest and wanted > high) else "week"
        )
    amount = min(max(wanted, low), high)
    rounded = math.ceil if wanted < old else math.floor
    steps = amount / limit.step
    amount = round(rounded(steps - SLACK if rounded is math.ceil else steps + SLACK) * limit.step, 6)
    if (amount - old) * (wanted - old) <= 0:
        return old, held
    return amount, held

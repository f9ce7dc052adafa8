"""Probability of a place in the matrix, from the range of cover and the chance of a high ROAS.

Which place an ASIN has is settled in `matrix`.
"""

from typing import Any

import numpy as np
from scipy.special import ndtr

from wockit.formulas.matrix import segment_ends
from wockit.formulas.playbook import playbook
from wockit.formulas.quantity import Quantity
from wockit.settings import Settings

_END = 1.2815515655446004
"""Where the standard normal distribution has 90 % below it."""


def segment_probability(
    segment: Quantity,
    *,
    cover: tuple[Quantity, Quantity, Quantity],
    roas_high: Quantity,
    aged_out: Quantity,
    settings: Settings,
    low_weeks: Quantity | None = None,
    healthy_weeks: Quantity | None = None,
) -> Any:
    """Probability that an ASIN belongs to the segment it was given.

    The logarithm of the true cover is normal around the expected cover, with one spread below it and one above, each
    read off an end of its 80 % range; whether its ROAS is truly at or above the cut has the probability `roas_high`.
    The two are taken as independent, and the cut as known. Units that are too old leave no doubt of the exit lane.

    Parameters
    ----------
    segment
        Keys of `playbook().segments`, or None.
    cover
        The expected cover and the ends of its 80 % range, counted as the cut-offs are [week].
    roas_high
        From `evidence.high_roas_probability` [fraction].
    aged_out, settings, low_weeks, healthy_weeks
        As for `matrix.segment`.

    Returns
    -------
    numpy.ndarray
        [fraction]. Missing where there is no segment, no cover or no ROAS.

    Examples
    --------
    >>> segment_probability(["scale"], cover=([4.5], [4.0], [5.0]), roas_high=[0.9], aged_out=[False],
    ...                     settings=Settings()).round(2).tolist()
    [0.9]
    """
    keys = np.asarray(segment, dtype=object)
    probability = np.full(keys.shape, np.nan)
    chances = segment_probabilities(
        cover=cover, roas_high=roas_high, settings=settings, low_weeks=low_weeks, healthy_weeks=healthy_weeks
    )
    for key, chance in chances.items():
        probability = np.where(keys == key, chance, probability)
    return np.where(np.asarray(aged_out, dtype=bool) & (keys == "exit"), 1.0, probability)


def segment_probabilities(
    *,
    cover: tuple[Quantity, Quantity, Quantity],
    roas_high: Quantity,
    settings: Settings,
    low_weeks: Quantity | None = None,
    healthy_weeks: Quantity | None = None,
) -> dict[str, Any]:
    """Probability of each segment for each ASIN, whatever segment it was given; as for `segment_probability`.

    Examples
    --------
    >>> chances = segment_probabilities(cover=([4.5], [4.0], [5.0]), roas_high=[0.9], settings=Settings())
    >>> round(sum(float(chance[0]) for chance in chances.values()), 6)
    1.0
    """
    middle, low, high, likely = (np.asarray(each, dtype=float) for each in (*cover, roas_high))
    sides = {"high": likely, "low": 1.0 - likely, "any": 1.0}
    probabilities = {}
    for key, (begins, ends) in segment_ends(settings, low_weeks, healthy_weeks).items():
        inside = _below(np.asarray(ends), middle, low, high) - _below(np.asarray(begins), middle, low, high)
        probabilities[key] = inside * sides[playbook().segments[key].roas]
    return probabilities


def cover_chances(
    cover: tuple[Quantity, Quantity, Quantity], low_weeks: Quantity, healthy_weeks: Quantity
) -> dict[str, Any]:
    """Probabilities of cover below, in and above the healthy band; `cover` as for `segment_probability`.

    Examples
    --------
    >>> chances = cover_chances(([6.0], [5.0], [7.2]), 3, 6)
    >>> {side: float(chance[0].round(2)) for side, chance in chances.items()}
    {'too_little': 0.0, 'healthy': 0.5, 'too_much': 0.5}

    What has run out covers nothing.

    >>> float(cover_chances(([0.0], [0.0], [0.0]), 3, 6)["too_little"][0])
    1.0
    """
    middle, low, high = (np.asarray(weeks, dtype=float) for weeks in cover)
    few, enough = (_below(np.asarray(weeks), middle, low, high) for weeks in (low_weeks, healthy_weeks))
    return {"too_little": few, "healthy": enough - few, "too_much": 1.0 - enough}


def _below(weeks: Quantity, middle: Quantity, low: Quantity, high: Quantity) -> Any:
    """Probability that the true cover is below a number of weeks."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.log(np.true_divide(weeks, middle))
        spread: Any = np.where(away < 0, np.log(np.true_divide(middle, low)), np.log(np.true_divide(high, middle)))
        normal = ndtr(away / np.maximum(spread / _END, 1e-9))
    never = np.isinf(middle) & ~np.isinf(weeks)
    return np.where(np.isinf(weeks) | (middle <= 0), 1.0, np.where(never, 0.0, normal))

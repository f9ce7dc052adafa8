"""Units of measure: volumes in cubic feet, weights in lb or kg, from the words by which reports name their units."""

import tomllib
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

CUBIC_FOOT = 0.028316846592
"""[cubic metre]"""


POUND = 0.45359237
"""[kg]"""


_UNITS = tomllib.loads((Path(__file__).parent / "units.toml").read_text(encoding="utf-8"))


VOLUMES, WEIGHTS, LENGTHS = (MappingProxyType(_UNITS[name]) for name in ("volumes", "weights", "lengths"))
"""[cubic metre], [kg], [metre] by what reports call them."""


IN_FEET = ("US", "UK")
"""Where a report that names no unit means cubic feet."""


IN_POUNDS = ("US",)
"""Where Amazon's rates count weights in lb."""


def cubic_feet(volumes: pd.Series, units: pd.Series, marketplace: str) -> pd.Series:
    """Volumes in cubic feet; missing where the unit is not known.

    Examples
    --------
    >>> volumes = pd.Series([0.0283168, 1.0, 1.0])
    >>> cubic_feet(volumes, pd.Series(["cubic meters", None, "barrel"]), "US").round(3).tolist()
    [1.0, 1.0, nan]
    """
    usual = CUBIC_FOOT if marketplace in IN_FEET else np.nan
    return volumes * _factors(units, VOLUMES, usual) / CUBIC_FOOT


def weights(amounts: pd.Series, units: pd.Series, marketplace: str) -> pd.Series:
    """Weights as the marketplace's rates count them, in lb or kg; missing where the unit is not known.

    Examples
    --------
    >>> weights(pd.Series([8.0, 1.0]), pd.Series(["ounces", "stone"]), "US").tolist()
    [0.5, nan]
    """
    return amounts * _factors(units, WEIGHTS, np.nan) / (POUND if marketplace in IN_POUNDS else 1.0)


def volume_of_sides(sides: pd.DataFrame, units: pd.Series) -> pd.Series:
    """Volumes from three sides in cubic feet; missing where the unit is not known.

    Examples
    --------
    >>> sides = pd.DataFrame([[12.0, 12.0, 6.0], [1.0, 1.0, 1.0]])
    >>> volume_of_sides(sides, pd.Series(["inches", None])).round(3).tolist()
    [0.5, nan]
    """
    return sides.prod(axis=1, skipna=False) * _factors(units, LENGTHS, np.nan) ** 3 / CUBIC_FOOT


def _factors(units: pd.Series, factors: MappingProxyType[str, float], usual: float) -> pd.Series:
    words = (
        units.astype("str").str.casefold().str.replace("[-_]", " ", regex=True).str.replace("³", "3").str.strip(" .")
    )
    return words.map(factors).astype(float).where(units.notna(), usual)

"""Amazon's marketplaces: currency, clock and names of each, and the day of a moment there."""

import tomllib
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import pandas as pd


def local_days(moments: pd.Series, zone: str) -> pd.Series:
    """The day of each moment (UTC) by a marketplace's clock."""
    return moments.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()


def local_day(moment: datetime | None, zone: str) -> pd.Timestamp:
    """The day of one moment (UTC) by a marketplace's clock; missing where there is none."""
    return local_days(pd.Series([moment], dtype="datetime64[s]"), zone).min()


_MARKETPLACES = tomllib.loads((Path(__file__).parent / "marketplaces.toml").read_text(encoding="utf-8"))


CURRENCIES = MappingProxyType({code: entry["currency"] for code, entry in _MARKETPLACES.items()})


ZONES = MappingProxyType({code: entry["zone"] for code, entry in _MARKETPLACES.items()})


SITES = MappingProxyType({name: code for code, entry in _MARKETPLACES.items() for name in entry["names"]})
"""How reports name a marketplace, in lower case, and its code."""

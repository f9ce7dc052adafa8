"""Period and marketplaces that a document of the API was asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from wockit.reading.days import dates
from wockit.reading.values import marketplace

Days = tuple[date, date] | tuple[None, None]
"""First and last day of a period, or nothing."""


def _asked(about: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Parameters of a sales-and-traffic document."""
    asked = (about or {}).get("reportSpecification")
    return asked if isinstance(asked, dict) else {}


def stated_days(about: Mapping[str, Any] | None) -> Days:
    """First and last day of the period that a document covers, from what was asked for."""
    asked = _asked(about)
    try:
        first, last = dates([asked.get("dataStartTime"), asked.get("dataEndTime")])
    except (ValueError, TypeError):
        return None, None
    if not (first and last and last >= first):
        return None, None
    options = asked.get("reportOptions")
    return _widened(first, last, options.get("dateGranularity") if isinstance(options, dict) else None)


def _widened(first: date, last: date, granularity: Any) -> tuple[date, date]:
    """The days that Amazon answers for: by WEEK whole weeks from Sunday on, by MONTH whole months.

    Examples
    --------
    >>> [day.isoformat() for day in _widened(date(2021, 6, 11), date(2021, 6, 14), "WEEK")]
    ['2021-06-06', '2021-06-19']
    """
    if granularity == "WEEK":
        return first - timedelta(days=first.isoweekday() % 7), last + timedelta(days=6 - last.isoweekday() % 7)
    if granularity == "MONTH":
        return first.replace(day=1), (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, last


def covered_days(table: pd.DataFrame) -> Days:
    """First and last day of the periods that the records themselves name."""
    first, last = table["start_date"].min(), table["end_date"].max()
    return (None, None) if pd.isna(first) or pd.isna(last) or last < first else (first.date(), last.date())


def stated_marketplaces(about: Mapping[str, Any] | None) -> list[str]:
    """The marketplaces that were asked for, by code; an id that is not known stays as it is."""
    ids = _asked(about).get("marketplaceIds")
    codes = [marketplace(each) for each in ids if isinstance(each, str)] if isinstance(ids, list) else []
    return sorted({code for code in codes if code})

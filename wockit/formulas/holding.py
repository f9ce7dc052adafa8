"""Cost of holding one unit, by week of the coming year and by its age today.

The rates are those of `rates`. What holding a whole stock costs that sells as expected is worked out in `fees`; the
paths need it for a unit, because each of them sells at its own pace.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.quantity import Quantity
from wockit.formulas.rates import alike, groups, price_at, tiers_in

YEAR_WEEKS, FEE_MONTHS, MONTH_WEEKS = 52, 13, 365.25 / 12 / 7


def holding_rates(
    ages: Quantity,
    *,
    table: pd.DataFrame,
    marketplace: str,
    start: date,
    unit_volume: Quantity,
    size: Quantity,
) -> tuple[Any, Any]:
    """Storage of a unit by week, and the aged surcharge of a unit by its age today and the week of the snapshot.

    Parameters
    ----------
    ages
        Ages that the stock may have today [day].
    table, marketplace, start
        From `rates.fee_table`, and the day of today.
    unit_volume, size
        Of each item [cubic foot] and its size tier.

    Returns
    -------
    tuple of numpy.ndarray
        Items x weeks and items x ages x weeks [money/unit]. Missing where the rate or the volume is.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> storage, aged = holding_rates([360.0], table=fee_table(), marketplace="US", start=date(2026, 1, 12),
    ...                               unit_volume=[1.0], size=["standard"])
    >>> storage[0, 0].round(3), aged[0, 0, :6].round(2).tolist()
    (np.float64(0.179), [5.9, 0.0, 0.0, 0.0, 6.9, 0.0])
    """
    volume, old = np.asarray(unit_volume, dtype=float), np.asarray(ages, dtype=float)
    today = np.datetime64(start, "D")
    middles = today + 7 * np.arange(YEAR_WEEKS) + 3
    fifteenths = (np.datetime64(start, "M") + np.arange(FEE_MONTHS + 1)).astype("M8[D]") + 14
    in_days = (fifteenths - today).astype(int)
    in_days = in_days[(in_days >= 0) & (in_days < 7 * YEAR_WEEKS)]
    storage = np.full((len(volume), YEAR_WEEKS), np.nan)
    aged = np.zeros((len(volume), len(old), YEAR_WEEKS))
    look, table = tiers_in(table, marketplace), table[table["marketplace"] == marketplace]
    weeks, days = alike(table, middles), alike(table, today + in_days)
    for here, name, kind in groups(size, "all", volume.shape):
        for week, day in enumerate(weeks):
            storage[here, week] = volume[here] * price_at(look("storage", day, name, kind), 0.0)[0] / MONTH_WEEKS
        for after, day in zip(in_days, days, strict=True):
            rate, least = price_at(look("aged_surcharge", day, name, kind), old + after)
            aged[here, :, after // 7] = np.maximum(volume[here, None] * rate, least)
    return storage, aged

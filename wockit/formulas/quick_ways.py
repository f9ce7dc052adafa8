"""The quick ways out: units leave at once, by an order. What a unit brings by each, in money from today on.

Ladder and advice both take them from here. A missing rate gives a missing value; it never counts as 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wockit.formulas.fees import liquidation_value, removal_fee
from wockit.formulas.quantity import Quantity


@dataclass(frozen=True)
class Goods:
    """The units of each item as the quick ways see them.

    `price` and `value_elsewhere` [money/unit], `size` tier and `weight` as for `fees.removal_fee`; and `rates`: the
    fee table, the marketplace and the day.
    """

    price: Quantity
    value_elsewhere: Quantity
    size: Quantity
    weight: Quantity
    rates: tuple[pd.DataFrame, str, date]

    @cached_property
    def removal_fee(self) -> Any:
        """Amazon's fee to send back or dispose of a unit [money/unit]."""
        return np.asarray(removal_fee(*self.rates, self.size, self.weight), dtype=float)


def _liquidated(goods: Goods) -> Any:
    return liquidation_value(*goods.rates, goods.price, goods.size, goods.weight)


def _removed(goods: Goods) -> Any:
    return np.nan_to_num(goods.value_elsewhere) - goods.removal_fee


def _disposed(goods: Goods) -> Any:
    return -goods.removal_fee


@dataclass(frozen=True)
class QuickWay:
    """One of them: `left` is what units are called that left by it; `value`, what a unit brings [money/unit]."""

    key: str
    label: str
    left: str
    value: Callable[[Goods], Any]


QUICK = (
    QuickWay("liquidate", "Liquidate", "liquidated", _liquidated),
    QuickWay("remove", "Remove", "removed", _removed),
    QuickWay("dispose", "Dispose", "disposed", _disposed),
)
"""Of two that bring the same, the later one is taken: units that bring nothing elsewhere are not sent there."""


def quick_values(goods: Goods) -> dict[str, Any]:
    """Value of a unit of each item by each quick way, by the key of the way [money/unit]; below 0 for a cost.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> goods = Goods([20.0], [5.0], "small_standard", 0.4, (fee_table(), "US", date(2026, 11, 23)))
    >>> {key: value.round(2).tolist() for key, value in quick_values(goods).items()}
    {'liquidate': [1.02], 'remove': [4.16], 'dispose': [-0.84]}
    """
    return {way.key: np.broadcast_to(np.asarray(way.value(goods), dtype=float), np.shape(goods.price)) for way in QUICK}


def best_quick(goods: Goods) -> tuple[Any, Any]:
    """Value of the best quick way [money/unit], missing where none is known; and the name of units that leave by it.

    Examples
    --------
    >>> from wockit.formulas.rates import fee_table
    >>> rates = (fee_table(), "US", date(2026, 11, 23))
    >>> value, left = best_quick(Goods([20.0, 20.0], [5.0, 0.0], "small_standard", 0.4, rates))
    >>> value.round(2).tolist(), left.tolist()
    ([4.16, 1.02], ['removed', 'liquidated'])
    """
    values = np.stack([*quick_values(goods).values()], axis=1)
    later_first = np.where(np.isnan(values), -np.inf, values)[:, ::-1]
    left = np.array([way.left for way in QUICK[::-1]])
    return np.fmax.reduce(values, axis=1), left[later_first.argmax(axis=1)]

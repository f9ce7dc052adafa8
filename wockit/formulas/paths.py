"""Paths, cases and items: ways of acting on an item's whole stock, what is not known, and what is.

A path is an advertising level, a price cut and a share of the stock that leaves at once, until a week; afterwards the
price is as today and advertising as said. A case is one set of what is not known: demand, elasticity, and the share of
advertised orders that would not have come otherwise. What a path of an item brings in a case is worked out in `cash`.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]

YEAR = 52
NOW, OFF = 1.0, 0.0
TINY = 1e-12


@dataclass(frozen=True)
class Cases:
    """Values of the unknowns; one entry per case.

    `again` says whether the item is bought again. The `weight` of the cases in which it is adds up to 1, and so does
    that of the cases in which it is not: how likely it is belongs to the item (`Items.weights`). `course` is the column
    of the demand (slow, expected, fast); `elasticity` [ratio]; `incremental_share` [fraction]; `answer` is the column
    of what a click brings (little, expected, much); `dearer`, by how many per cent the cost of a click rises if there
    are one per cent more of them [ratio].
    """

    again: Array
    course: Array
    elasticity: Array
    incremental_share: Array
    answer: Array
    dearer: Array
    weight: Array

    def half(self, again: bool) -> "Cases":
        """The cases in which the item is bought again, or those in which it is not."""
        return Cases(*(getattr(self, field.name)[self.again == again] for field in fields(Cases)))


THIRDS = np.array([0.3, 0.4, 0.3])
"""Weights of the 10 %, 50 % and 90 % quantiles that keep mean and variance (Swanson's rule)."""


Three = tuple[float, float, float]


def crossed_cases(elasticity: Three, incremental_share: Three, dearer: Three) -> Cases:
    """Three courses of demand, elasticities, incremental shares and answers to a click, in nine cases, twice.

    An orthogonal array (Taguchi's L9): every pair of values of two unknowns meets once, so that nine cases do for 81.
    Where a click brings little, more of them get dearer the fastest. First the nine in which the item is bought again,
    then the same nine in which it is not.

    Examples
    --------
    >>> cases = crossed_cases((1, 1.5, 2), (0.5, 0.7, 0.9), (0.4, 0.25, 0.1)).half(again=True)
    >>> len(cases.weight), round(float(cases.weight.sum()), 9), round(float(cases.weight @ cases.elasticity), 9)
    (9, 1.0, 1.5)
    """
    course, price = (grid.ravel() for grid in np.meshgrid(np.arange(3), np.arange(3), indexing="ij"))
    answer = (course + price + 1) % 3
    nine = (
        course,
        np.array(elasticity, dtype=float)[price],
        np.array(incremental_share, dtype=float)[(course + 2 * price + 1) % 3],
        answer,
        np.array(dearer, dtype=float)[answer],
        THIRDS[course] * THIRDS[price],
    )
    return Cases(np.repeat([True, False], len(course)), *(np.tile(column, 2) for column in nine))


@dataclass(frozen=True)
class Items:
    """Facts about each item (row). Weeks count from today; a missing value makes all money of its item missing.

    Attributes
    ----------
    units : NDArray
        Stock by age, the youngest first (items x ages) [unit].
    arriving : NDArray
        Units on their way, by the week in which they arrive (items x weeks) [unit].
    demand : NDArray
        With advertising and price as today: slow, expected, fast (items x 3 x weeks) [unit/week].
    ad_units, ad_spend : NDArray
        What advertising as today sells and costs (items x weeks) [unit/week], [money/week].
    answers : NDArray
        What a click brings over what is expected: little, expected, much (items x 3) [ratio].
    price, referral_rate, fulfilment_fee : NDArray
        [money], [fraction], [money/unit]
    again : NDArray
        How likely it is that the item is bought again [fraction].
    replacement : NDArray
        What it then costs to buy a unit again [money/unit].
    refill_week : NDArray
        From when on the stock is then replenished as it sells [week].
    storage : NDArray
        What holding a unit costs (items x weeks) [money/unit].
    aged_fee : NDArray
        What holding a unit costs besides, by its age today and week (items x ages x weeks) [money/unit].
    exit_value : NDArray
        What a unit brings that leaves at once, when it is paid [money/unit].
    last_week : NDArray
        The item's clear-by date [week], after which nothing sells and what is left leaves; at most a year.
    short_fee : NDArray
        What Amazon adds to each unit sold while stock is low (items x weeks) [money/unit].
    """

    units: Array
    arriving: Array
    demand: Array
    ad_units: Array
    ad_spend: Array
    answers: Array
    price: Array
    referral_rate: Array
    fulfilment_fee: Array
    again: Array
    replacement: Array
    refill_week: Array
    storage: Array
    aged_fee: Array
    exit_value: Array
    last_week: Array
    short_fee: Array

    def some(self, rows: Any) -> "Items":
        """Some of the items."""
        return Items(**{field.name: getattr(self, field.name)[rows] for field in fields(Items)})

    def complete(self) -> Array:
        """True if everything is known that the money of an item needs."""
        numbers = (getattr(self, field.name) for field in fields(Items))
        return np.asarray(
            ~np.stack([np.isnan(column).reshape(len(column), -1).any(axis=1) for column in numbers]).any(axis=0)
        )

    def once(self) -> "Items":
        """The same items, not bought again."""
        return replace(self, replacement=np.zeros_like(self.replacement), refill_week=np.full(len(self.price), np.inf))

    def weights(self, cases: Cases) -> Array:
        """Weight of each case for each item (items x cases); a row adds up to 1 [fraction]."""
        return np.where(cases.again, self.again[:, None], 1.0 - self.again[:, None]) * cases.weight


@dataclass(frozen=True)
class Paths:
    """Ways of acting on an item's whole stock: items (rows) or one row for all, and paths (columns).

    `ads` is the clicks over those of today [ratio], `cut` the price cut [fraction], `leaves` the share of the stock
    that leaves at once [fraction], all until week `until` [week]; `after` is advertising then [ratio].
    """

    ads: Array
    cut: Array
    leaves: Array
    until: Array
    after: Array

    def rows(self, rows: Any) -> "Paths":
        """The paths of some items."""
        return Paths(*(column if len(column) == 1 else column[rows] for column in self.columns()))

    def columns(self) -> tuple[Array, ...]:
        """The five numbers of a path, one array each."""
        return tuple(getattr(self, field.name) for field in fields(Paths))

    def take(self, chosen: Any) -> "Paths":
        """One path an item, by its column: arrays of one column."""
        items = np.arange(len(chosen))
        return Paths(*(np.broadcast_to(e, (len(chosen), e.shape[1]))[items, chosen][:, None] for e in self.columns()))

    def as_table(self, index: pd.Index) -> pd.DataFrame:
        """One path an item (the first column) as a table."""
        return pd.DataFrame({field.name: getattr(self, field.name)[:, 0] for field in fields(Paths)}, index=index)

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> "Paths":
        """One path an item, from such a table."""
        return cls(*(table[field.name].to_numpy()[:, None] for field in fields(cls)))

    def beside(self, *others: "Paths") -> "Paths":
        """These paths and others, side by side."""
        all_ = (self, *others)
        items = max(len(paths.ads) for paths in all_)
        parts = zip(*(paths.columns() for paths in all_), strict=True)
        return Paths(*(np.hstack([np.broadcast_to(e, (items, e.shape[1])) for e in part]) for part in parts))


def paths_of(*rows: tuple[float, float, float, float, float]) -> Paths:
    """The same paths for all items, from rows of ads, cut, leaves, until and after.

    Examples
    --------
    >>> paths_of(AS_TODAY).ads.tolist()
    [[1.0]]
    """
    return Paths(*(np.array([column], dtype=float) for column in zip(*rows, strict=True)))


AS_TODAY = (NOW, 0.0, 0.0, float(YEAR), NOW)

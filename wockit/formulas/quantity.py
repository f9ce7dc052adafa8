"""Types that formulas take and give: numbers, arrays or Series, and one check for impossible values."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import pandas as pd

from wockit.language import Text
from wockit.notes import SettingsError, out_of_range

Quantity = Any
"""A number, a NumPy array or a pandas Series."""


ARTICLE_MONTH_WEEKS = 4.0


_Arguments = ParamSpec("_Arguments")


def formula(function: Callable[_Arguments, Quantity]) -> Callable[_Arguments, Quantity]:
    """A formula over quantities: numbers in give a plain number out, arrays and Series give arrays and Series."""

    @wraps(function)
    def plain(*given: _Arguments.args, **named: _Arguments.kwargs) -> Quantity:
        args: Any = given
        kwargs: Any = named
        series = [value for value in (*args, *kwargs.values()) if isinstance(value, pd.Series)]
        if series and all(column.index.is_(series[0].index) for column in series):
            args, kwargs = [*map(_array, args)], {name: _array(value) for name, value in kwargs.items()}
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = function(*args, **kwargs)
        if np.ndim(result) == 0:
            return np.asarray(result).item()
        return pd.Series(result, index=series[0].index) if series and isinstance(result, np.ndarray) else result

    return plain


def _array(value: Any) -> Any:
    """A Series of numbers as an array, which is many times faster while it is short."""
    return value.to_numpy() if isinstance(value, pd.Series) and value.dtype.kind in "fiub" else value


def check_ranges(*rules: tuple[str, Quantity, float, float]) -> None:
    """Refuse values that cannot be what they are called; a missing value stays missing.

    Parameters
    ----------
    rules
        A name, its values, and the lowest and highest they may be.

    Raises
    ------
    SettingsError
        Naming every quantity that is out of range, with its first such value and the row of that.
    """
    problems = []
    for name, given, low, high in rules:
        values = np.ravel(np.asarray([] if given is None else given, dtype=float))
        wrong = np.flatnonzero((values < low) | (values > high))
        if wrong.size:
            where = Text("{0}, row {1}", name, wrong[0]) if values.size > 1 else name
            problems.append(out_of_range(where, values[wrong[0]].item(), low, high))
    if problems:
        raise SettingsError(filter(None, problems))

"""What the formulas take and give: numbers, arrays or Series, and one check of what cannot be."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import pandas as pd

Quantity = Any
"""A number, a NumPy array or a pandas Series."""


ARTICLE_MONTH_WEEKS = 4.0


_Arguments = ParamSpec("_Arguments")


def formula(function: Callable[_Arguments, Quantity]) -> Callable[_Arguments, Quantity]:
    """A formula over quantities: numbers in give a plain number out, arrays and Series give arrays and Series."""

    @wraps(function)
    def plain(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Quantity:
        result = function(*args, **kwargs)
        if np.ndim(result) == 0:
            return np.asarray(result).item()
        series = [value for value in (*args, *kwargs.values()) if isinstance(value, pd.Series)]
        return pd.Series(result, index=series[0].index) if series and isinstance(result, np.ndarray) else result

    return plain

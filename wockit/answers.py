"""Answers kept within a process that makes one report: what was loaded and analysed once is not done again.

Nothing is kept outside `answers_kept`: in a notebook that a person steps through, every call reads the files again.
"""

import inspect
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")


R = TypeVar("R")


_answers: dict[Any, Any] = {}


_keeping: list[bool] = []


@contextmanager
def answers_kept() -> Iterator[None]:
    """Keep the answers of every `kept` function in here, in this process and in those forked from it."""
    _keeping.append(True)
    try:
        yield
    finally:
        _keeping.pop()
        if not _keeping:
            _answers.clear()


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """Make a pure function's answer one that can be kept.

    Two calls are the same if their arguments are, bit by bit; a kept answer that is an argument is known as such.

    Examples
    --------
    >>> @kept
    ... def twice(text):
    ...     return 2 * text
    >>> twice("ab")
    'abab'
    """
    signature = inspect.signature(function)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _keeping:
            return function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        key = (function.__qualname__, *map(_key, bound.arguments.values()))
        if key not in _answers:
            _answers[key] = function(*args, **kwargs)
        result: R = _answers[key]
        return result

    return answer


def _key(argument: Any) -> Any:
    stored_key = next((key for key, answer in _answers.items() if answer is argument), None)
    return stored_key or pickle.dumps(str(argument) if isinstance(argument, Path) else argument)

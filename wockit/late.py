"""What is made only when it is first asked for.

jsonschema, which every reader of notebooks imports, has the package `rfc3987_syntax` build a grammar of web addresses
at each start. That takes longer than a report of a small account, and no notebook asks for it.
"""

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_GRAMMAR = "rfc3987_syntax"


class _Late(ModuleType):
    """Stands in the place of the grammar until it is asked."""

    def is_valid_syntax(self, term: str, value: str) -> bool:
        """Whether a text is an address of this kind."""
        return bool(_grammar().is_valid_syntax(term, value))

    def __getattr__(self, name: str) -> Any:
        return getattr(_grammar(), name)


def _grammar() -> Any:
    """The package itself, which takes its place back."""
    if isinstance(sys.modules.get(_GRAMMAR), _Late):
        del sys.modules[_GRAMMAR]
    return importlib.import_module(_GRAMMAR)


if _GRAMMAR not in sys.modules and (_found := find_spec(_GRAMMAR)):
    sys.modules[_GRAMMAR] = _Late(_GRAMMAR)
    sys.modules[_GRAMMAR].__path__ = _found.submodule_search_locations or []  # `from` looks for it and asks no more

"""What a person decided about an advice: yes, no, later, a value of his own, or a sentence.

How the workbook is read is in `history`; what a decision changes in the advertising, in `changes`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wockit.reading.values import money

WORDS = MappingProxyType({"yes": ("yes", "是"), "no": ("no", "否"), "later": ("later", "以后")})
"""How a decision is written, in every language."""


@dataclass(frozen=True)
class Decision:
    """A decision: `"yes"`, `"no"`, `"later"`, `"value"` or `"text"`; with a value, the ad spend per day [money]."""

    kind: str
    value: float = math.nan

    @property
    def approves(self) -> bool:
        """Whether it lets something be changed."""
        return self.kind in ("yes", "value")


def decision_of(text: str) -> Decision:
    """What the cell of a decision says. Only a whole word or a plain amount decides; any other text is a sentence.

    Examples
    --------
    >>> decision_of(" Yes ").kind, decision_of("以后").kind, decision_of("12.50"), decision_of("yes, but slowly").kind
    ('yes', 'later', Decision(kind='value', value=12.5), 'text')
    """
    word = text.strip().casefold()
    for kind, words in WORDS.items():
        if word in words:
            return Decision(kind)
    if not word.replace(".", "", 1).replace(",", "", 1).isdecimal():
        return Decision("text")
    try:
        return Decision("value", money(word) or 0.0)
    except ValueError:
        return Decision("text")


def decisions_of(texts: Mapping[str, str]) -> dict[str, Decision]:
    """The decision of each ASIN."""
    return {asin: decision_of(text) for asin, text in texts.items()}

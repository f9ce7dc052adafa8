"""Decisions of a person about an advice: yes, no, later, a value, or a sentence.

How the workbook is read is in `plans`; what a decision changes in the advertising, in `changes`.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wockit.reading.values import SIGNS, is_exponent, money, sign

WORDS = MappingProxyType({"yes": ("yes", "是"), "no": ("no", "否"), "later": ("later", "以后", "以後")})
"""How a decision is written, in every language."""
_PLAIN = re.compile(r"\d[\d.,]*")
_EITHER = re.compile(r"\D*[1-9]\d{0,2}\.\d{3}\D*")
"""An amount whose dot may be one of decimals or of thousands."""
_PERCENT = re.compile(r"([+-]?)\s*(\d{1,3}(?:[.,]\d+)?)\s*%")


@dataclass(frozen=True)
class Decision:
    """A decision: `"yes"`, `"no"`, `"later"`, `"value"`, `"share"` or `"text"`.

    With a value, it is the ad spend per day [money]; with a share, the ad spend over that of today [ratio].
    """

    kind: str
    value: float = math.nan

    @property
    def own(self) -> bool:
        """True if a person wrote how much."""
        return self.kind in ("value", "share")

    @property
    def approves(self) -> bool:
        """True if something may be changed."""
        return self.kind == "yes" or self.own


def decision_of(text: str, currency: str = "") -> Decision:
    """Decision in a cell. Only a whole word or an amount decides; any other text is a sentence.

    Parameters
    ----------
    text
        The cell.
    currency
        Of the account: an amount with the sign of another is a sentence. Empty if that is not known.

    Examples
    --------
    >>> decision_of(" Yes ").kind, decision_of("以后").kind, decision_of("yes, but slowly").kind
    ('yes', 'later', 'text')
    >>> decision_of("$12.50", "USD"), decision_of("-20 %"), decision_of("€24", "USD").kind, decision_of("45c").kind
    (Decision(kind='value', value=12.5), Decision(kind='share', value=0.8), 'text', 'text')
    """
    word = unicodedata.normalize("NFKC", text).strip().casefold().rstrip(".!。")
    for kind, words in WORDS.items():
        if word in words:
            return Decision(kind)
    if percent := _PERCENT.fullmatch(word.replace("−", "-")):
        part = float(percent[2].replace(",", ".")) / 100
        share = part if not percent[1] else 1 + part if percent[1] == "+" else 1 - part
        return Decision("share", share) if share >= 0 else Decision("text")
    if _EITHER.fullmatch(word) or any(map(is_exponent, text)):
        return Decision("text")
    mark = sign(word)
    if not _PLAIN.fullmatch(word) and (not mark or (currency and currency not in SIGNS[mark])):
        return Decision("text")
    try:
        amount = money(word)
    except ValueError:
        return Decision("text")
    return Decision("value", amount) if amount is not None and amount >= 0 else Decision("text")


def decisions_of(texts: Mapping[str, str], currency: str = "") -> dict[str, Decision]:
    """The decision of each ASIN."""
    return {asin: decision_of(text, currency) for asin, text in texts.items()}

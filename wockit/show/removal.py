"""Removal orders as the flat file that Seller Central and the Feeds API take, one order a file.

How many units leave is decided in the advice. The layout (lines of name and value, an empty line, a table of SKUs) is
that of programs that send such orders (POST_FLAT_FILE_FBA_CREATE_REMOVAL); the names are those of Amazon's
documentation. Return and Disposal are documented, Liquidations stands in one program.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from wockit.reading.own_files import inert_text

REMOVAL_FILES = MappingProxyType({
    "units_liquidated": ("removal_liquidations.txt", "Liquidations"),
    "units_removed": ("removal_return.txt", "Return"),
    "units_disposed": ("removal_disposal.txt", "Disposal"),
})  # fmt: skip
"""The column of the advice, the file, and Amazon's word for it."""
ADDRESS = (
    *("AddressName", "AddressFieldOne", "AddressFieldTwo", "AddressFieldThree", "AddressCity", "AddressCountryCode"),
    *("AddressStateOrRegion", "AddressPostalCode", "ContactPhoneNumber"),
)
"""Where units go that come back; the seller fills it in."""


def removal_files(advice: pd.DataFrame, skus: Mapping[str, str], day: date) -> dict[str, str]:
    """The text of each removal order, by the name of its file; only of ASINs with one SKU.

    Parameters
    ----------
    advice
        The approved rows of `Analysis.advice`.
    skus
        The SKUs of each ASIN, parted by commas.
    day
        Of the data; it names the orders.

    Examples
    --------
    >>> advice = pd.DataFrame({"units_liquidated": 350.0, "units_removed": 0.0, "units_disposed": 0.0}, index=["B01"])
    >>> removal_files(advice, {"B01": "CUP"}, date(2026, 11, 23))["removal_liquidations.txt"].splitlines()[-1]
    'CUP\\t350\\t0'
    """
    single = {asin: text for asin, text in skus.items() if isinstance(text, str) and _plain(text)}
    files = {}
    for column, (file, disposition) in REMOVAL_FILES.items():
        units = advice.loc[advice.index.isin(single) & advice[column].ge(1), column]
        if len(units):
            lines = [f"MerchantRemovalOrderID\twockit-{day:%Y%m%d}-{disposition.lower()}"]
            lines.append(f"RemovalDisposition\t{disposition}")
            lines += [f"{name}\t" for name in ADDRESS if disposition == "Return"]
            lines += ["", "MerchantSKU\tSellableQuantity\tUnsellableQuantity"]
            lines += [f"{single[str(asin)]}\t{number:.0f}\t0" for asin, number in units.items()]
            files[file] = "\r\n".join([*lines, ""])
    return files


def _plain(sku: str) -> bool:
    """True for one SKU that a tab-separated file can hold, and that no spreadsheet takes for a formula."""
    return ", " not in sku and sku.isprintable() and inert_text(sku) == sku

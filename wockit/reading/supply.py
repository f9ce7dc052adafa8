"""Units that can be sold or are on their way: the parts of each ASIN's supply, and the day they arrive.

How several inventory reports become one row per ASIN is settled in `stock`; which part counts for what, here.
"""

from types import MappingProxyType

import pandas as pd

from wockit.columns import SUPPLY, nothing

PARTS = MappingProxyType(
    {
        "available": "units_available",
        "fc_transfer": "units_fc_transfer",
        "fc_processing": "units_fc_processing",
        "inbound_working": "units_inbound_working",
        "inbound_shipped": "units_inbound_shipped",
        "inbound_receiving": "units_inbound_receiving",
        "inbound": "units_inbound",
        "customer_orders": "units_customer_order",
        "unsellable": "units_unfulfillable",
        "used": "units_used",
    }
)
"""The parts that inventory reports tell, and their columns; `inbound` is what the three parts of it leave."""


AT_AMAZON = ("available", "fc_transfer", "fc_processing")
"""Parts that can be bought now: Amazon sells units in transfer, and ships them later."""


INBOUND = ("inbound_working", "inbound_shipped", "inbound_receiving", "inbound")
"""Parts on their way to Amazon."""


OTHER = "other"
"""Stock elsewhere: it counts by its date, and never as stock at Amazon."""


def supply_of(stock: pd.DataFrame, costs: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The parts of each ASIN's supply that hold units, one row a part: `part`, `place`, `units` [unit], `arrives`.

    Parameters
    ----------
    stock, costs
        An account's tables by ASIN; `inbound_arrives` of `costs` is the day of all that is inbound.
    other
        Stock elsewhere by ASIN: `place`, `units` [unit], `arrives`.
    """
    parts = stock.reindex(columns=PARTS.values()).rename(columns={name: part for part, name in PARTS.items()})
    split = parts[[*INBOUND[:3]]].sum(axis=1)
    parts["inbound"] = (parts["inbound"] - split).clip(lower=0.0)
    units = parts.stack().rename("units")
    rows = units[units > 0].rename_axis(["asin", "part"]).reset_index("part")
    days = costs["inbound_arrives"].reindex(rows.index).where(rows["part"].isin(INBOUND))
    rows = rows.assign(place="FBA", arrives=days)
    table = pd.concat([rows, other.assign(part=OTHER)]) if len(other) else rows
    order = {part: number for number, part in enumerate((*PARTS, OTHER))}
    table = table.assign(number=table["part"].map(order)).sort_values(["number", "arrives"], kind="stable")
    return table.sort_index(kind="stable")[[*SUPPLY]].astype(SUPPLY) if len(table) else nothing(SUPPLY)

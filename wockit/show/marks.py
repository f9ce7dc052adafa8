"""Texts of the marks in the page's figures: product, place, numbers and advice, in the language spoken."""

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.columns import rows_of
from wockit.language import Text, say
from wockit.show.drawing import MOST_MARKS, Mark
from wockit.show.labels import short, shown


def product_marks(analysis: Analysis) -> dict[str, Mark]:
    """Mark of each ASIN that a figure can show, by ASIN; its group is its place."""
    rows = analysis.positions.nlargest(MOST_MARKS, "stock_value")
    says, currency = analysis.advice["says"], analysis.account.currency
    marks = {}
    for row in rows_of(rows.reset_index()):
        place = shown("place", row["gate"] if pd.isna(row["segment"]) else row["segment"])
        numbers = Text(
            "WOC {0} · ROAS {1} · stock value {2} {3}",
            shown("weeks_of_coverage", row["weeks_of_coverage"]),
            shown("roas", row["own_roas"]),
            currency,
            shown("stock_value", row["stock_value"]),
        )
        lines = [shown("title", short(row["title"])), f"{row['asin']} · {place}", say(numbers), say(says[row["asin"]])]
        marks[row["asin"]] = Mark("\n".join(lines), place)
    return marks


def week_marks(totals: pd.DataFrame, currency: str) -> dict[str, Mark]:
    """Mark of each snapshot's column, by its day."""
    names = ("stock_value", "excess_value", "weeks_of_coverage")
    text = "Stock {0} {1} · above healthy cover {2} · WOC {3}"
    return {
        f"{day:%Y-%m-%d}": Mark(
            "\n".join([f"{day:%Y-%m-%d}", say(Text(text, currency, *(shown(name, row[name]) for name in names)))])
        )
        for day, row in totals.iterrows()
    }

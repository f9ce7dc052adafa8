"""What people do themselves: prices up and down, and back again on the last day of the advice."""

from dataclasses import replace

import pandas as pd

from wockit.analysis.changes import Changes
from wockit.analysis.checklist import checklist

ASIN = "B0P2X4GCYK"
NOTHING = Changes((), (), {}, 0.0)


def listed(week, **advice):
    """What is to be done for one ASIN of the sample whose advice is nothing but this."""
    usual = {
        "do": "price_down",
        "price_cut": 0.0,
        "ads_level": 1.0,
        "units_liquidated": 0.0,
        "order_units": float("nan"),
    }
    table = week.advice.copy()
    table.loc[ASIN, [*(usual | advice)]] = [*(usual | advice).values()]
    found = checklist(replace(week, advice=table), [ASIN], NOTHING)
    return [(str(text), day) for text, day in zip(found["todo"], found["act_by"], strict=True)]


def test_a_price_that_changes_for_a_while_is_set_back_on_the_last_day(week):
    end = pd.Timestamp("2027-01-04")
    back = ("Set its price back as it was, or as the advice then says", end)
    for cut, text in ((0.2, "Cut the price by 20%"), (-0.1, "Raise the price by 10%")):
        to_do = dict(listed(week, price_cut=cut, until=end))
        assert [*to_do] == [text, back[0]] or [*to_do] == [back[0], text]
        assert to_do[back[0]] == end


def test_a_price_for_a_whole_year_is_not_set_back(week):
    assert [text for text, _ in listed(week, price_cut=0.2, until=pd.Timestamp("2027-11-22"))] == [
        "Cut the price by 20%"
    ]

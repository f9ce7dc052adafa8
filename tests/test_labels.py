"""How single values and headings are read, in every language."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wockit.columns import FORMATS, LABELS
from wockit.language import catalogue, speak
from wockit.show.labels import STAKES, heading, short, shown

CHINESE = catalogue("zh-CN")


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en")


@pytest.mark.parametrize(
    ("name", "value", "said", "chinese"),
    [
        ("weeks_of_coverage", 8.0, "8.0", "8.0"),
        ("weeks_of_coverage", np.inf, "∞", "∞"),
        ("weeks_of_coverage", -np.inf, "-∞", "-∞"),
        ("weeks_of_coverage", np.nan, "–", "–"),
        ("units_available", 1234.0, "1,234", "1,234"),
        ("ad_spend", 1234.5, "1,234.50", "1,234.50"),
        ("stake_a_week", 1234.5, "1,234", "1,234"),
        ("conversion_rate", 0.05, "5.0%", "5.0%"),
        ("act_by", pd.Timestamp(2026, 12, 1), "2026-12-01", "2026-12-01"),
        ("act_by", date(2026, 12, 1), "2026-12-01", "2026-12-01"),
        ("act_by", pd.NaT, "–", "–"),
        ("followed", True, "yes", "是"),
        ("followed", np.False_, "no", "否"),
        ("followed", None, "–", "–"),
        ("moved_by", "stock; ROAS", "stock, ROAS", "库存, ROAS"),
        ("moved_by", "gone", "gone", "已消失"),
        ("did", "spend_up; price_down", "spend up, price down", "加广告花费, 降价"),
        ("did", "", "–", "–"),
        ("place", "out_of_stock", "Out of stock", CHINESE["Out of stock"]),
        ("place_before", "exit", "Exit lane", CHINESE["Exit lane"]),
        ("by_amazon", "scale", "Scale", CHINESE["Scale"]),
        ("stake", "excess_value", STAKES["excess_value"], None),
        ("decision", "exit", "exit", "exit"),
        ("title", "Stock value", "Stock value", "Stock value"),
        ("title", "库存", "库存", "库存"),
        ("decision", "{}", "{}", "{}"),
    ],
)
def test_a_value_is_read_by_its_column(name, value, said, chinese):
    assert shown(name, value) == said
    speak("zh-CN")
    assert shown(name, value) == chinese or (chinese is None and not shown(name, value).isascii())


@pytest.mark.parametrize(
    ("name", "currency", "said", "chinese"),
    [
        ("ad_spend", "USD", "Ad spend [USD]", "广告花费 [USD]"),
        ("ad_spend", "", "Ad spend", "广告花费"),
        ("decision", "USD", "Decision", "决定"),
        ("asin", "USD", "ASIN", "ASIN"),
        ("moved_by", "", "Moved by", None),
        ("stock_out_days", "", "Days without stock, next 4 weeks [day]", None),
        ("weeks_of_coverage_before", "EUR", "WOC before [week]", None),
    ],
)
def test_a_heading_has_its_unit(name, currency, said, chinese):
    assert heading(name, currency) == said
    speak("zh-CN")
    assert heading(name, currency) == chinese or (chinese is None and not heading(name, currency).isascii())


def test_every_column_can_be_missing_and_has_a_format():
    for name, label in LABELS.items():
        assert label.format in FORMATS, name
        assert {shown(name, value) for value in (None, np.nan, pd.NaT, "")} == {"–"}, name


@pytest.mark.parametrize(
    ("text", "cut"), [("A very long title", "A very …"), ("Short", "Short"), ("12345678", "12345678"), (None, None)]
)
def test_a_title_is_cut_to_its_length_and_a_missing_one_stays_missing(text, cut):
    assert short(text, 8) == cut

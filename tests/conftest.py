"""The sample account, accounts made by hand, and figures that leave nothing behind."""

from dataclasses import replace
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from wockit.account import load_account
from wockit.analysis import analyse
from wockit.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def sample():
    return load_account(ROOT / "data" / "sample")


@pytest.fixture(scope="session")
def week(sample):
    return analyse(sample)


@pytest.fixture(scope="session")
def build(sample):
    """An account of one day (2026-11-23, 30 days of sales) from rows by ASIN; whatever is not given is missing."""

    def rows(like, given):
        table = pd.DataFrame(list(given.values()), index=pd.Index(list(given), name="asin", dtype="str"))
        return table.reindex(columns=like.columns).astype(like.dtypes)

    def account(stock, sales=None, ads=(), costs=None, **changes):
        days = pd.DataFrame([{"date": "2026-11-01", **row} for row in ads])
        return replace(
            sample,
            settings=Settings(sales_days=30),
            stock=rows(sample.stock, stock),
            sales=rows(sample.sales, sales or {}),
            ads=days.reindex(columns=sample.ads.columns).astype(sample.ads.dtypes),
            costs=rows(sample.costs, costs or {}),
            notes=(),
            **changes,
        )

    return account

"""The sample account, and accounts made by hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wockit.analysis.analyse import analyse
from wockit.formulas.demand import Demand
from wockit.reading.account import load_account
from wockit.reading.sales_record import Past
from wockit.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config):
    """Begin without what an older wockit expected to sell: the notebooks show what this one expects."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(ROOT / "data" / "sample" / "history", ignore_errors=True)


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


@pytest.fixture(scope="session")
def outlook():
    """What an account sold and is expected to sell, for `build`: one pace of each ASIN [unit/week], before and ahead.

    The range of demand is a fifth below and a quarter above it. Whatever is given beside it holds for every ASIN.
    """

    def made(paces, sold=None, stock_outs=0.0, events=False, **changes):
        asins = pd.Index(list(paces), name="asin", dtype="str")
        pace = np.repeat(np.array(list(paces.values()), dtype=float)[:, None], 52, axis=1)
        before = pace[:, :13] if sold is None else np.broadcast_to(np.array(sold, dtype=float), (len(asins), len(sold)))
        weeks = pd.date_range(end="2026-11-22", periods=before.shape[1], freq="7D")
        past = Past(
            weeks=pd.DataFrame(before, index=asins, columns=weeks),
            source=pd.Series("orders", index=asins),
            events=pd.Series(events, index=asins),
            stock_outs=pd.Series(stock_outs, index=asins),
        )
        single = {"recent": pace[:, 0], "level": pace[:, 0], "season": np.ones(len(asins)), "jump": np.ones(len(asins))}
        single |= {name: np.full(len(asins), value) for name, value in changes.items()}
        return {"past": past, "demand": Demand(expected=pace, slow=pace * 0.8, fast=pace * 1.25, **single)}

    return made

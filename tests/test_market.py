"""A small market of made-up sellers: what the advice gains, that it never contradicts itself, that its books add up."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wockit import analyse, load_account

spec = importlib.util.spec_from_file_location("market", Path(__file__).parent / "benchmarks" / "market.py")
market = importlib.util.module_from_spec(spec)
sys.modules["market"] = market
spec.loader.exec_module(market)
SEEDS = (1001, 1004, 1009)


@pytest.fixture(scope="module")
def sellers(tmp_path_factory):
    """Three sellers, and what is analysed of their reports."""
    folder = tmp_path_factory.mktemp("market")
    found = [market.made(seed, items=15) for seed in SEEDS]
    written = [market.written(one, folder / str(seed), seed) for one, seed in zip(found, SEEDS, strict=True)]
    return [(one, analyse(load_account(at))) for one, at in zip(found, written, strict=True)]


def gained(seller, done, quiet=False):
    return (market.played(seller, done, quiet) - market.played(seller, market.acts(len(seller.asin)), quiet))[:, 0]


def test_the_advice_gains_in_every_account_and_the_clairvoyant_more(sellers):
    for seller, analysis in sellers:
        advised = gained(seller, market.of_advice(seller, analysis.advice)).sum()
        assert 0 < advised < gained(seller, market.clairvoyant(seller)).sum()


def test_the_advice_gains_more_than_the_segment_plans_and_the_articles_budget(sellers):
    sums = pd.DataFrame(
        [
            {name: gained(seller, done).sum() for name, done in market.policies(seller, analysis).items()}
            for seller, analysis in sellers
        ]
    ).sum()
    assert sums["as today"] == 0
    assert sums["advice"] > sums.drop("advice").max()


def test_where_nothing_is_unknown_the_advice_is_as_good_as_the_clairvoyant(tmp_path):
    seller = market.made(1002, market.SANE, items=15)
    analysis = analyse(load_account(market.written(seller, tmp_path / "sane", 1002, quiet=True)))
    advised, best = (
        gained(seller, done, quiet=True).sum()
        for done in (market.of_advice(seller, analysis.advice), market.clairvoyant(seller))
    )
    assert advised >= 0.95 * best


def test_the_same_seller_plays_the_same_future_for_every_policy():
    seller = market.made(7, items=3)
    twice = [market.played(seller, market.acts(3, ads=0.5)) for _ in range(2)]
    assert np.array_equal(*twice)

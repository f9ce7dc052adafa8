"""How often the 80 % range of cover holds, on the kinds of demand where a range is hardest to tell.

    python tests/benchmarks/cover_of_kinds.py [--seeds N]

Strong seasons, with and without a year of record, and launches of 4 to 10 weeks. Each record ends at another week of
the year, so that no kind is judged by one part of its season. Stocks are set as in `cover_backtest.py`.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import cover_backtest as backtest
import made_histories as made

ENDS = 13
"""Weeks of the year at which a record ends, four weeks apart."""
LEAST_WEEKS, LEAST_UNITS = 13, 4


def seasons(random: made.Random, weeks: int, end: int) -> np.ndarray:
    """Weekly means of seasonal items: so many weeks, cut at another week of the year, and a year after them."""
    return made.season(random, 120, weeks + 2 * backtest.LONGEST)[:, end : end + weeks + backtest.LONGEST]


def launches(random: made.Random, weeks: int, end: int) -> np.ndarray:
    """Weekly means of an account that launches one ASIN after the other, and a year after them."""
    return made.launches(random, 250 + end, weeks + backtest.LONGEST)


KINDS: dict[str, tuple[Callable[[made.Random, int, int], np.ndarray], tuple[int, ...], tuple[int, int]]] = {
    "strong seasons": (seasons, (65, 80, 100), (LEAST_WEEKS, 1000)),
    "seasons, less than 60 weeks": (seasons, (26, 34, 42, 50, 58), (LEAST_WEEKS, 1000)),
    "seasons, 26 and 34 weeks": (seasons, (26, 34), (LEAST_WEEKS, 1000)),
    "4 to 10 weeks old": (launches, (20, 30, 40), (4, 10)),
}
"""What makes it, the weeks of record, and the age of the ASINs that count [week]."""


def points(kind: str, seeds: int) -> Iterator[pd.DataFrame]:
    """Stocks of a kind with how long they lasted and what was told."""
    make, records, (youngest, oldest) = KINDS[kind]
    for seed in range(seeds):
        for weeks in records:
            for end in range(0, 4 * ENDS, 4):
                random = np.random.default_rng([seed, weeks, end, *kind.encode()])
                mean = make(random, weeks, end)
                units = random.poisson(mean * random.gamma(8, 1 / 8, mean.shape)).astype(float)
                age = weeks - (units > 0).argmax(axis=1)
                sold = units[:, max(weeks - 13, 0) : weeks].sum(axis=1)
                counts = (age >= youngest) & (age <= oldest) & (sold >= LEAST_UNITS)
                point = backtest.stocks(units, weeks, np.flatnonzero(counts), random)
                yield backtest.replay(backtest.Sales(units, None), [point], backtest.ours)[0]


def coverage(kind: str, seeds: int) -> dict[str, dict[str, float]]:
    """Scores of a kind, by the way its stocks are set."""
    table = pd.concat(points(kind, seeds), ignore_index=True)
    return {way: backtest.scores(rows) for way, rows in table.groupby("way")}


def main() -> None:
    """Print the scores of all kinds; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    found = {kind: coverage(kind, arguments.seeds) for kind in KINDS}
    rows = {(kind, way): scores for kind, ways in found.items() for way, scores in ways.items()}
    print(pd.DataFrame(rows).T[["coverage", "width", "pinball", "median", "bias"]].round(3).to_string())
    held = {kind: {way: round(each["coverage"], 4) for way, each in ways.items()} for kind, ways in found.items()}
    print(json.dumps(held))


if __name__ == "__main__":
    main()

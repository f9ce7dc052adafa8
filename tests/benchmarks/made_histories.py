"""Made-up demand histories of known kinds, as tidy item, date, units, for `cover_backtest.py`.

python tests/benchmarks/made_histories.py FOLDER
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

Random = np.random.Generator
YEAR = 52.18


def spread(random: Random, items: int, low: float, high: float) -> np.ndarray:
    """Levels spread evenly over their logarithm."""
    return np.exp(random.uniform(np.log(low), np.log(high), (items, 1)))


def drift(random: Random, items: int, weeks: int, step: float) -> np.ndarray:
    """A random walk of the level."""
    return np.exp(np.cumsum(random.normal(0, step, (items, weeks)), axis=1))


def promotions(random: Random, items: int, weeks: int, chance: float) -> np.ndarray:
    """Spikes of one or two weeks, three to four times the level, with a small dip after them."""
    factor = np.ones((items, weeks + 3))
    for item, week in zip(*np.nonzero(random.random((items, weeks)) < chance), strict=True):
        length = random.integers(1, 3)
        factor[item, week : week + length] = np.exp(random.normal(1.2, 0.4))
        factor[item, week + length] = 0.8
    return factor[:, :weeks]


def season(random: Random, items: int = 250, weeks: int = 130) -> np.ndarray:
    """Strong yearly season, its top some weeks apart between items."""
    top, height = random.normal(30, 5, (items, 1)), random.uniform(0.3, 1.2, (items, 1))
    shape = np.exp(height * np.cos(2 * np.pi * (np.arange(weeks) - top) / YEAR))
    return spread(random, items, 2, 60) * shape * drift(random, items, weeks, 0.03)


def promotion(random: Random, items: int = 250, weeks: int = 104) -> np.ndarray:
    """Heavy promotions."""
    level = spread(random, items, 2, 60) * drift(random, items, weeks, 0.03)
    return level * promotions(random, items, weeks, 0.07)


def growth(random: Random, items: int = 250, weeks: int = 104) -> np.ndarray:
    """Lasting growth: trends, steps up and S-curves, a third each."""
    week, third = np.arange(weeks), items // 3
    trend = np.exp(random.uniform(0.005, 0.03, (third, 1)) * week)
    jumps = (random.random((third, weeks)) < 0.025) * random.uniform(0.3, 0.9, (third, weeks))
    steps = np.exp(np.cumsum(jumps, axis=1))
    rise = random.uniform(0, weeks, (items - 2 * third, 1))
    curves = 1 + random.uniform(1, 6, rise.shape) / (1 + np.exp(-(week - rise) / random.uniform(2, 8, rise.shape)))
    return spread(random, items, 1, 20) * np.concatenate([trend, steps, curves]) * drift(random, items, weeks, 0.03)


def growth_short(random: Random, items: int = 150, weeks: int = 40) -> np.ndarray:
    """All lines grow, and the record has 40 weeks."""
    return spread(random, items, 3, 30) * np.exp(random.uniform(0, 0.05, (items, 1)) * np.arange(weeks))


def growth_steady(random: Random, items: int = 200, weeks: int = 60) -> np.ndarray:
    """All lines grow by 0.5 to 3.5 % a week."""
    return spread(random, items, 3, 30) * np.exp(random.uniform(0.005, 0.035, (items, 1)) * np.arange(weeks))


def launches(random: Random, items: int = 250, weeks: int = 60) -> np.ndarray:
    """A young account: one launch after the other, each with a ramp-up."""
    age = np.arange(weeks) - random.integers(0, 45, (items, 1))
    ramp = 1 - np.exp(-(age + 1) / random.uniform(3, 25, (items, 1)))
    return spread(random, items, 3, 80) * np.where(age < 0, 0, ramp) * drift(random, items, weeks, 0.05)


def short(random: Random, items: int = 200, weeks: int = 42) -> np.ndarray:
    """Short record with promotions."""
    level = spread(random, items, 2, 60) * drift(random, items, weeks, 0.05)
    return level * promotions(random, items, weeks, 0.03)


def decline(random: Random, items: int = 200, weeks: int = 90) -> np.ndarray:
    """Lines that are phased out."""
    fall = np.maximum(np.arange(weeks) - random.integers(0, 60, (items, 1)), 0)
    return spread(random, items, 5, 120) * np.exp(-random.uniform(0, 0.05, (items, 1)) * fall)


def intermittent(random: Random, items: int = 400, weeks: int = 104) -> np.ndarray:
    """Few sales, several units at a time."""
    return spread(random, items, 0.05, 1.0) * drift(random, items, weeks, 0.04)


def fba(random: Random, items: int = 300, weeks: int = 110) -> np.ndarray:
    """An FBA account: Prime Day, October deals, fourth quarter at up to three times the level, launches, deals."""
    calendar = (np.arange(weeks) - weeks + 40) % 52
    quarter, deals = np.exp(-0.5 * ((calendar - 48) / 2.2) ** 2), (calendar == 28) + 0.6 * (calendar == 40)
    events = random.uniform(0.5, 1.4, (items, 1)) * quarter + random.uniform(0, 1.4, (items, 1)) * deals
    age = np.arange(weeks) - random.integers(-60, 70, (items, 1))
    level = spread(random, items, 1.5, 60) * drift(random, items, weeks, 0.045) * np.exp(events)
    return level * np.where(age < 0, 0, 1 - 0.8 * np.exp(-age / 6)) * promotions(random, items, weeks, 0.02)


def fba_short(random: Random) -> np.ndarray:
    """The same with 45 weeks."""
    return fba(random, 200, 45)


def small(random: Random) -> np.ndarray:
    """The same with 26 items."""
    return fba(random, 26, 90)


KINDS: dict[str, Callable[[Random], np.ndarray]] = {
    make.__name__: make
    for make in (season, promotion, growth, growth_short, growth_steady, launches, short, decline, intermittent, fba)
} | {"fba_short": fba_short, "small": small}


def history(kind: str, seed: int = 1) -> pd.DataFrame:
    """Daily units with noise, weekday and, for intermittent items, several units to a sale."""
    random = np.random.default_rng([seed, *kind.encode()])
    weekly = KINDS[kind](random)
    noisy = np.repeat(weekly * random.gamma(8, 1 / 8, weekly.shape), 7, axis=1) / 7
    daily = random.poisson(noisy)
    if kind == "intermittent":
        daily = daily * (1 + random.geometric(0.6, daily.shape))
    item, day = np.nonzero(daily)
    date = pd.Timestamp("2026-11-21") - pd.to_timedelta(daily.shape[1] - 1 - day, unit="D")
    return pd.DataFrame({"item": [f"A{number:04d}" for number in item], "date": date, "units": daily[item, day]})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        history(kind).to_parquet(folder / f"{kind}.parquet")

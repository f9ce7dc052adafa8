"""Replay a demand history and score how well each method tells how long a stock lasts.

    python tests/benchmarks/cover_backtest.py DATA.parquet [--column orders] [--items N] [--library-sample N]

DATA is tidy: item, date, units. Weeks end at the last date; a day without a row is a day without a sale. Every third
week from week 26 on is an origin, as long as 8 weeks are left; an item counts with 13 weeks since its first sale and 4
units in the last 13. Truth is the interpolated week in which real sales use up the stock; truth and estimates are cut
at C = min(52, weeks left). The stock is set in two ways. A: read off the future, so that the true cover is log-uniform
in 1..C. B: k trailing means (of 4, 8, 13 or 26 weeks), k log-uniform in 1..52, which is what a seller faces. After a
peak: the last 4 weeks sold at least 1.5 times the pace of the 13 before.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wockit.formulas.cover import forward_cover
from wockit.formulas.demand import Demand, weekly_demand

FIRST_ORIGIN, ORIGIN_STEP, WEEKS_LEFT, LONGEST = 26, 3, 8, 52
TRAILING_WEEKS = (4, 8, 13, 26)
BAND_EDGES = (3, 6, 8, 52)
LIBRARY = "AutoETS (statsforecast)"
Range = tuple[np.ndarray, np.ndarray | None, np.ndarray | None]


@dataclass(frozen=True)
class Sales:
    """Units by item and week, and by item and day where the record has days."""

    weekly: np.ndarray
    daily: np.ndarray | None

    def in_last(self, days: int, origin: int) -> np.ndarray:
        """Units in the last days before an origin; weekly records share a week out evenly."""
        if self.daily is not None:
            return self.daily[:, 7 * origin - days : 7 * origin].sum(axis=1)
        weeks, rest = divmod(days, 7)
        return self.weekly[:, origin - weeks : origin].sum(axis=1) + self.weekly[:, origin - weeks - 1] * rest / 7


@dataclass(frozen=True)
class Origin:
    """One point of the past: which items count, their stocks, and how long those really lasted."""

    week: int
    limit: int
    item: np.ndarray
    units: np.ndarray
    way: np.ndarray
    truth: np.ndarray
    peak: np.ndarray


def read_sales(path: Path, column: str, items: int | None) -> Sales:
    """Weekly and, where the record is not weekly already, daily units."""
    rows = pd.read_parquet(path, columns=["item", "date", column])
    rows["date"] = pd.to_datetime(rows["date"])
    first, last = rows["date"].min(), rows["date"].max()
    step = int(np.diff(np.sort(rows["date"].dt.normalize().unique())).min() / np.timedelta64(1, "D"))
    rows = rows[rows[column] > 0]
    code, names = pd.factorize(rows["item"], sort=True)
    if step >= 7:
        weekly = np.zeros((len(names), (last - first).days // 7 + 1))
        np.add.at(weekly, (code, ((rows["date"] - first).dt.days // 7).to_numpy()), rows[column].to_numpy(float))
        daily = None
    else:
        days = ((last - first).days + 1) // 7 * 7
        position = days - 1 - (last - rows["date"]).dt.days.to_numpy()
        kept = position >= 0
        daily = np.zeros((len(names), days))
        np.add.at(daily, (code[kept], position[kept]), rows[column].to_numpy(float)[kept])
        weekly = daily.reshape(len(names), -1, 7).sum(axis=2)
    chosen = np.arange(len(names))
    if items is not None and items < len(names):
        chosen = np.sort(np.random.default_rng(3).permutation(len(names))[:items])
    return Sales(weekly[chosen], None if daily is None else daily[chosen])


def run_out(units: np.ndarray, weekly: np.ndarray) -> np.ndarray:
    """Interpolated week in which the weekly units use up the stock; infinite where they do not."""
    sold = np.cumsum(weekly, axis=1)
    reached = sold >= units[:, None] * (1 - 1e-12)
    week = reached.argmax(axis=1)
    row = np.arange(len(units))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = week + 1 - (sold[row, week] - units) / weekly[row, week]
    return np.where(reached.any(axis=1), inside, np.inf)


def origins(sales: Sales, draws: int, seed: int) -> Iterator[Origin]:
    """The points of the past to score, with stocks set in both ways."""
    generator = np.random.default_rng(seed)
    weekly = sales.weekly
    launch = (weekly > 0).argmax(axis=1)
    for week in range(FIRST_ORIGIN, weekly.shape[1] - WEEKS_LEFT + 1, ORIGIN_STEP):
        counts = (launch <= week - 13) & (weekly[:, week - 13 : week].sum(axis=1) >= 4)
        if counts.any():
            yield stocks(weekly, week, np.tile(np.flatnonzero(counts), draws), generator)


def stocks(weekly: np.ndarray, week: int, item: np.ndarray, generator: np.random.Generator) -> Origin:
    """One point of the past with a stock of each item, set in both ways."""
    limit = min(LONGEST, weekly.shape[1] - week)
    future = weekly[item, week : week + limit]
    sold = np.concatenate([np.zeros((len(item), 1)), np.cumsum(future, axis=1)], axis=1)
    cover = np.exp(generator.uniform(0, np.log(limit), len(item)))
    whole, row = np.floor(cover).astype(int), np.arange(len(item))
    units_a = sold[row, whole] + (cover - whole) * (sold[row, np.minimum(whole + 1, limit)] - sold[row, whole])
    means = np.stack([weekly[:, max(week - size, 0) : week].mean(axis=1) for size in TRAILING_WEEKS])
    times = np.exp(generator.uniform(0, np.log(LONGEST), len(item)))
    units_b = times * means[generator.integers(0, len(TRAILING_WEEKS), len(item)), item]
    item, units = np.tile(item, 2), np.concatenate([units_a, units_b])
    kept = units > 0
    truth = np.clip(run_out(units, np.tile(future, (2, 1))), 1e-3, limit)
    before = weekly[:, max(week - 17, 0) : week - 4].mean(axis=1)
    peak = weekly[:, week - 4 : week].mean(axis=1) >= 1.5 * before
    way = np.repeat(["A", "B"], len(row))
    return Origin(week, limit, item[kept], units[kept], way[kept], truth[kept], peak[item[kept]])


def pace(weekly_rate: Callable[[Sales, int], np.ndarray]) -> Callable[[Sales, Origin], Range]:
    """A method that divides the stock by one weekly pace."""

    def estimate(sales: Sales, origin: Origin) -> Range:
        with np.errstate(divide="ignore", invalid="ignore"):
            return origin.units / weekly_rate(sales, origin.week)[origin.item], None, None

    return estimate


def exponential(sales: Sales, week: int) -> np.ndarray:
    """Exponential mean since the first sale, alpha 0.1."""
    weights = 0.9 ** np.arange(week)[::-1]
    history = sales.weekly[:, :week]
    started = np.cumsum(history, axis=1) > 0
    return (history * weights).sum(axis=1) / np.maximum((started * weights).sum(axis=1), 1e-12)


def ours(sales: Sales, origin: Origin) -> Range:
    """Forward cover of the package: every item is forecast, the items that count are scored."""
    demand = weekly_demand(sales.weekly[:, : origin.week])
    chosen = Demand(**{name: values[origin.item] for name, values in vars(demand).items()})
    return forward_cover(origin.units, chosen)


def library(sales: Sales, origin: Origin) -> Range:
    """AutoETS of statsforecast: one model per item, its mean forecast run down."""
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS

    wanted = np.unique(origin.item)
    frames = [
        pd.DataFrame({"unique_id": item, "ds": np.arange(origin.week), "y": sales.weekly[item, : origin.week]})
        for item in wanted
    ]
    model = StatsForecast(models=[AutoETS(season_length=1)], freq=1, n_jobs=1)
    forecast = model.forecast(df=pd.concat(frames), h=LONGEST)["AutoETS"].to_numpy().reshape(len(wanted), LONGEST)
    row = np.searchsorted(wanted, origin.item)
    return run_out(origin.units, np.maximum(forecast, 0.0)[row]), None, None


METHODS: dict[str, Callable[[Sales, Origin], Range]] = {
    "article (S / last 4 weeks)": pace(lambda sales, week: sales.in_last(30, week) / 4),
    "exact 30 days": pace(lambda sales, week: sales.in_last(30, week) * 7 / 30),
    "exact 90 days": pace(lambda sales, week: sales.in_last(90, week) * 7 / 90),
    "26-week mean": pace(lambda sales, week: sales.weekly[:, week - 26 : week].mean(axis=1)),
    "exponential mean": pace(exponential),
    "forward cover": ours,
}


def replay(sales: Sales, points: list[Origin], method: Callable[[Sales, Origin], Range]) -> tuple[pd.DataFrame, float]:
    """One row per stock with truth and estimates, and the seconds for 10,000 items."""
    tables, seconds, items = [], 0.0, 0
    for point in points:
        start = time.perf_counter()
        estimate, low, high = method(sales, point)
        seconds += time.perf_counter() - start
        items += len(sales.weekly) if method is ours else len(np.unique(point.item))
        table = pd.DataFrame({"week": point.week, "way": point.way, "peak": point.peak, "truth": point.truth})
        for name, values in (("estimate", estimate), ("low", low), ("high", high)):
            if values is not None:
                table[name] = np.clip(np.nan_to_num(values, nan=point.limit, posinf=point.limit), 1e-3, point.limit)
        table["limit"] = point.limit
        tables.append(table)
    return pd.concat(tables, ignore_index=True), seconds / items * 10_000


def scores(table: pd.DataFrame) -> dict[str, float]:
    """Error, bands, and where there is a range its coverage, width and pinball loss."""
    error = np.log(table["estimate"] / table["truth"])
    size = error.abs()
    band = np.digitize(table["estimate"], BAND_EDGES) == np.digitize(table["truth"], BAND_EDGES)
    result = {
        "median": size.median(),
        "mean": size.mean(),
        "within_25_percent": (size <= np.log(1.25)).mean(),
        "off_by_2": (size > np.log(2)).mean(),
        "bands": band.mean(),
        "bias": error.median(),
    }
    if "low" in table:
        truth, low, high = (np.log(table[name]) for name in ("truth", "low", "high"))
        inside = (truth >= low - 1e-9) & (truth <= high + 1e-9)
        open_ended = table["low"] < table["limit"]
        loss = np.maximum(0.1 * (truth - low), 0.9 * (low - truth))
        loss += np.maximum(0.9 * (truth - high), 0.1 * (high - truth))
        result |= {
            "coverage": inside.mean(),
            "coverage_below_limit": inside[open_ended].mean(),
            "width": np.exp((high - low).median()),
            "pinball": loss.mean() / 2,
        }
    return {name: float(value) for name, value in result.items()}


def main() -> None:
    """Print the table of all methods; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--column", default="units")
    parser.add_argument("--items", type=int, help="score a random part of the items")
    parser.add_argument("--library-sample", type=int, default=60, help="items for the library model; 0 leaves it out")
    parser.add_argument("--draws", type=int, default=4, help="stocks per item, origin and way")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sales = read_sales(arguments.data, arguments.column, arguments.items)
    points = list(origins(sales, arguments.draws, arguments.seed))
    items, weeks = sales.weekly.shape
    stocks = sum(len(point.item) for point in points)
    print(f"{arguments.data.name}, {arguments.column}: {items} items x {weeks} weeks", end=", ")
    print(f"{len(points)} origins, {stocks} stocks")
    results: dict[str, dict[str, dict[str, float]]] = {}
    seconds: dict[str, float] = {}

    def score(name: str, rows: pd.DataFrame) -> None:
        results[name] = {}
        for way in ("A", "B"):
            for peak in (False, True):
                part = rows[(rows["way"] == way) & (rows["peak"] | (not peak))]
                if len(part):
                    results[name][way + (" after a peak" if peak else "")] = scores(part)

    for name, method in METHODS.items():
        rows, seconds[name] = replay(sales, points, method)
        score(name, rows)
    if arguments.library_sample and points:
        few = [sampled(point, arguments.library_sample) for point in points[:: max(len(points) // 4, 1)]]
        rows, seconds[LIBRARY] = replay(sales, few, library)
        score(LIBRARY, rows)
        score("forward cover, same sample", replay(sales, few, ours)[0])
        score("article, same sample", replay(sales, few, METHODS["article (S / last 4 weeks)"])[0])
    report(results, seconds)
    article, own = results["article (S / last 4 weeks)"], results["forward cover"]
    ratio = {part: round(own[part]["median"] / article[part]["median"], 4) for part in own}
    print(json.dumps({"forward_cover": rounded(own), "article": rounded(article), "ratio": ratio, "seconds": seconds}))


def sampled(point: Origin, items: int) -> Origin:
    """The same origin with a random part of its items."""
    unique = np.unique(point.item)
    kept = np.isin(point.item, np.random.default_rng(point.week).permutation(unique)[:items])
    arrays = (point.item, point.units, point.way, point.truth, point.peak)
    return Origin(point.week, point.limit, *(values[kept] for values in arrays))


def rounded(result: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Four digits are enough."""
    return {part: {name: round(value, 4) for name, value in numbers.items()} for part, numbers in result.items()}


def report(results: dict[str, dict[str, dict[str, float]]], seconds: dict[str, float]) -> None:
    """One table per way of setting the stock."""
    for part in ("A", "B", "A after a peak", "B after a peak"):
        table = pd.DataFrame({name: result[part] for name, result in results.items() if part in result}).T
        table["s / 10,000"] = pd.Series(seconds)
        print(f"\n{part}\n{table.round(3).to_string(na_rep='')}")
    print()


if __name__ == "__main__":
    main()

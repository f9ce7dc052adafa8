"""How fast the best mix of ways out is found, and how fast the ladder it starts from.

    taskset -c 0 python tests/benchmarks/clearance.py
    python tests/benchmarks/clearance.py --items 100 2000 --runs 3

Made-up excess stock with every way open to some items, three budgets: none, one that pays for a third of the clicks
that could be had, and no cap. The last line of the output is one JSON object.
"""

import argparse
import json
import time
from statistics import median
from typing import Any

import numpy as np

from wockit.formulas.mix import best_mix
from wockit.formulas.ways_out import WaysOut, ways_out


def made_up(items: int, seed: int) -> dict[str, Any]:
    """Excess stock, prices, fees and traffic of so many items."""
    rng = np.random.default_rng(seed)
    volume = rng.gamma(2, 0.1, items)
    price = rng.uniform(8, 80, items).round(2)
    ramp = np.array([0.8, 0.8, 2.4, 2.4, 2.4, 0.8, 1.3, 1.8, 2.3, 3.8, 5.4, 6.2])
    return {
        "excess_units": rng.integers(5, 2000, items),
        "price": price,
        "referral_rate": 0.15,
        "fulfilment_fee": (3 + 4 * volume).round(2),
        "organic_weekly_demand": rng.gamma(0.7, 12, items).round(1),
        "monthly_carry": (volume[:, None] * ramp).round(4),
        "clicks_a_day": rng.gamma(0.8, 30, items).round(),
        "conversion_rate": rng.beta(3, 40, items).round(3),
        "cost_per_click": rng.uniform(0.4, 2.5, items).round(2),
        "outlet_eligible": rng.choice([0.0, 1.0, np.nan], items),
        "liquidation_value": (0.06375 * price - 0.3).round(3),
        "removal_value": np.where(rng.random(items) < 0.3, price * 0.2 - 2, -1.5).round(2),
        "disposal_value": -1.0,
        "clear_days": rng.choice([30.0, 60.0, 120.0, np.nan], items),
    }


def budgets(ways: WaysOut, units: Any) -> dict[str, float]:
    """No budget, a third of what all clicks cost, and no cap."""
    most = np.nansum(ways.spend * np.minimum(ways.limit[:, 1], units))
    return {"none": 0.0, "a third": float(most) / 3, "no cap": np.inf}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, nargs="*", default=[100, 500, 2000])
    parser.add_argument("--runs", type=int, default=3, help="accounts of each size; the median and the worst are shown")
    asked = parser.parse_args()
    found = []
    print(f"{'items':>6} {'budget':8} {'ladder s':>9} {'mix s':>8} {'worst':>8}")
    for items in asked.items:
        seconds: dict[str, list[tuple[float, float]]] = {}
        for seed in range(asked.runs):
            given = made_up(items, seed)
            start = time.perf_counter()
            ways = ways_out(**given)
            ladder = time.perf_counter() - start
            for name, budget in budgets(ways, given["excess_units"]).items():
                start = time.perf_counter()
                best_mix(ways, given["excess_units"], budget)
                seconds.setdefault(name, []).append((ladder, time.perf_counter() - start))
        for name, pairs in seconds.items():
            ladder, mix, worst = median(a for a, _ in pairs), median(b for _, b in pairs), max(b for _, b in pairs)
            print(f"{items:6,} {name:8} {ladder:9.4f} {mix:8.3f} {worst:8.3f}", flush=True)
            found.append({"items": items, "budget": name, "ladder": ladder, "mix": mix, "worst": worst})
    print(
        json.dumps(
            {"clearance": [{k: round(v, 4) if isinstance(v, float) else v for k, v in f.items()} for f in found]}
        )
    )


if __name__ == "__main__":
    main()

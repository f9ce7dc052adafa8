"""How long the cockpit takes from a slider to its result, with so many ASINs loaded.

    python tests/benchmarks/panel.py [ASINS]

The sample account is repeated under new ASINs. The last line is one JSON object, in milliseconds.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from wockit.analysis.analyse import analyse
from wockit.formulas.demand import Demand
from wockit.reading.account import Account, load_account
from wockit.show.cockpit import Cockpit

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"


def repeated(account: Account, times: int) -> Account:
    """The same account with each ASIN so many times."""

    def more(frame: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
        copies = [frame.set_axis([f"{asin[:6]}{copy:04d}" for asin in frame.index]) for copy in range(times)]
        return pd.concat(copies).rename_axis("asin")

    ads = pd.concat([account.ads.assign(asin=account.ads["asin"].str[:6] + f"{copy:04d}") for copy in range(times)])
    demand = {
        name: np.tile(part, (times, 1) if part.ndim == 2 else times) for name, part in vars(account.demand).items()
    }
    past = replace(account.past, **{name: more(part) for name, part in vars(account.past).items()})
    tables = {name: more(getattr(account, name)) for name in ("stock", "sales", "costs")}
    return replace(account, ads=ads, past=past, demand=Demand(**demand), **tables)


MOVES = {
    "ads_level": [step / 20 for step in range(1, 21)],
    "elasticity": [round(0.2 * step, 1) for step in range(1, 21)],
}
"""A lever of the chosen ASINs' paths, and one that asks for their best paths anew."""


def main() -> None:
    """Move sliders, measure, print."""
    account = load_account(SAMPLE)
    times = max(int(sys.argv[1]) // len(account.stock) if len(sys.argv) > 1 else 90, 1)
    analysis = analyse(repeated(account, times))
    figures = {}
    for chosen in (1, 5, 20):
        panel = Cockpit(analysis, tempfile.mkdtemp())
        panel.picker.chosen = list(analysis.budgets.index[:chosen])
        for name, values in MOVES.items():
            elapsed, worked = [], []
            for value in values:
                start, begun = time.perf_counter(), time.process_time()
                panel.controls[name].value = value
                elapsed.append((time.perf_counter() - start) * 1000)
                worked.append((time.process_time() - begun) * 1000)
            middle, most, work = round(median(elapsed)), round(max(elapsed)), round(median(worked))
            figures[f"{chosen} {name}"] = {"median": middle, "slowest": most, "processor": work}
            print(f"{chosen:3} chosen, {name:10}: median {middle} ms, slowest {most} ms, processor {work} ms")
            panel.controls["reset"].click()
    print(json.dumps({"panel": {"asins": len(analysis.positions), "ms": figures}}))


if __name__ == "__main__":
    main()

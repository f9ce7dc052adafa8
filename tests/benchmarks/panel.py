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


def main() -> None:
    """Move a slider, measure, print."""
    account = load_account(SAMPLE)
    times = max(int(sys.argv[1]) // len(account.stock) if len(sys.argv) > 1 else 90, 1)
    analysis = analyse(repeated(account, times))
    found = {}
    for chosen in (1, 5, 20):
        panel = Cockpit(analysis, tempfile.mkdtemp())
        panel.controls["asins"].value = tuple(analysis.budgets.index[:chosen])
        taken = []
        for step in range(20):
            start = time.perf_counter()
            panel.controls["cost_per_click"].value = 1 + step / 20
            taken.append((time.perf_counter() - start) * 1000)
        found[chosen] = round(median(taken))
        print(f"{chosen:3} chosen: median {median(taken):.0f} ms, slowest {max(taken):.0f} ms")
    print(json.dumps({"panel": {"asins": len(analysis.positions), "ms": found}}))


if __name__ == "__main__":
    main()

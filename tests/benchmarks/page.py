"""The page of a large made-up account beside that of the sample: bytes, first paint and search, in Chromium.

    python tests/benchmarks/page.py [--asins 5000] [--runs 3]

A search is timed from the letter typed until the page is laid out again. The last line is one JSON object.
"""

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from conftest import write_account  # noqa: E402

from wockit.weekly.run import run_weekly  # noqa: E402

WORDS = [
    "foldable",
    "storage",
    "cube",
    "heavy",
    "duty",
    "fabric",
    "bin",
    "garden",
    "kneeler",
    "seat",
    "ceramic",
    "knife",
    "block",
    "bluetooth",
    "tripod",
    "pad",
]
SEARCHES = ("g", "ga", "garden", "", "ceramic knife", "b0")
SEARCH = """async searches => {
  const input = document.querySelector(".listed input"), times = [];
  input.focus();
  for (const text of searches) {
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const began = performance.now();
    input.value = text;
    input.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    times.push(performance.now() - began);
  }
  return Math.max(...times);
}"""


def large(folder: Path, asins: int) -> Path:
    """An account of two weeks; the same numbers each time."""
    chance = random.Random(3)
    inventory, business, ads, costs = [], [], [], []
    for place in range(asins):
        asin, sold = f"B0{place:08d}", int(chance.lognormvariate(3.5, 1.2))
        stock, price, clicks = int(sold / 4.3 * chance.lognormvariate(2.1, 0.9)), chance.randint(8, 60), 300
        orders = chance.randint(5, 45)
        title = " ".join(chance.choices(WORDS, k=16))
        inventory.append(
            {"asin": asin, "sku": f"S{place}", "available": stock, "units-shipped-t30": sold, "your-price": price,
             "units-shipped-t60": 2 * sold, "units-shipped-t90": 3 * sold}
        )  # fmt: skip
        business.append({"(Child) ASIN": asin, "Title": title, "Units Ordered": sold, "Total Order Items": sold,
                         "Ordered Product Sales": f"${sold * price:,.2f}"})  # fmt: skip
        ads.append({"Advertised ASIN": asin, "Advertised SKU": f"S{place}", "Clicks": clicks, "Spend": 0.8 * clicks,
                    "7 Day Total Sales ": orders * price, "7 Day Total Orders (#)": orders,
                    "7 Day Total Units (#)": orders, "7 Day Advertised SKU Units (#)": orders,
                    "7 Day Advertised SKU Sales ": orders * price, "7 Day Other SKU Sales ": 0})  # fmt: skip
        costs.append({"asin": asin, "landed_cost": 0.3 * price, "fulfilment_fee": 3.5, "referral_rate": 0.15})
    for day in ("2026-11-16", "2026-11-23"):
        dated = [{**row, "snapshot-date": day} for row in inventory]
        write_account(folder, day=day, inventory=dated, business=business, ads=ads, costs=costs)
    return folder


def measured(browser, path: Path, runs: int) -> dict[str, float]:
    """Bytes, and the medians of first paint and of the slowest search [ms]."""
    paints, searches = [], []
    for _ in range(runs):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_timeout(500)
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        searches.append(page.evaluate(SEARCH, SEARCHES))
        page.close()
    return {
        "bytes": path.stat().st_size,
        "paint": statistics.median(paints),
        "search": statistics.median(searches),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--asins", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        sample = shutil.copytree(ROOT / "data" / "sample", home / "sample", ignore=shutil.ignore_patterns("kinds"))
        accounts = {"sample": sample, "large": large(home / "large", asked.asins)}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = {
            name: measured(browser, run_weekly(account, home / "out", progress=False) / "report.html", asked.runs)
            for name, account in accounts.items()
        }
        browser.close()
    found["ratio"] = {name: found["large"][name] / value for name, value in found["sample"].items()}
    for name, values in found.items():
        print(f"{name:8}", *(f"{key} {value:,.1f}" for key, value in values.items()))
    print(json.dumps(found))


if __name__ == "__main__":
    main()

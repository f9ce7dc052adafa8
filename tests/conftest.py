"""The sample account, and accounts made by hand."""

import csv
import gc
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import ipykernel.kernelapp  # noqa: F401 - what a forked kernel needs is imported once, here
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from wockit.analysis.analyse import analyse
from wockit.formulas.demand import Demand
from wockit.language import speak
from wockit.reading.account import load_account
from wockit.reading.sales_record import Past
from wockit.settings import Settings
from wockit.show import plots, tables, workbook  # noqa: F401 - the same
from wockit.weekly.kernels import SELDOM, forking
from wockit.weekly.run import run_weekly

gc.set_threshold(*SELDOM)
os.environ["LC_ALL"] = "C.UTF-8"  # the command line speaks the system's language
ROOT = Path(__file__).resolve().parents[1]

# No example is timed: a machine may be busy. CI tries the same ones each time, so that a red run tells of the change;
# elsewhere each run tries others, and one that fails is kept in .hypothesis and tried again.
# A folder that examples share is no fault: each writes its files anew.
settings.register_profile(
    "wockit",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("wockit")


LONGEST = (
    *("test_fleet.py", "test_page.py", "test_report.py", "test_notebooks.py", "test_setup.py", "test_lab.py"),
    *("test_apply.py", "test_plots.py", "test_history.py", "test_analysis.py", "test_widgets.py", "test_account.py"),
)
"""The files that take longest, the longest first: one that is begun last keeps the other workers waiting."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))
    for item in items:
        if item.path.suffix == ".ipynb" or item.path.parent.name == "browser":
            item.add_marker("end_to_end")


def pytest_configure(config):
    """Begin without what an older wockit expected to sell: the notebooks show what this one expects."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(ROOT / "data" / "sample" / "history", ignore_errors=True)


@pytest.fixture(autouse=True)
def _english():
    """Whatever a test spoke, the next one begins in English."""
    yield
    speak("en")


@pytest.fixture
def forked():
    """Runs in here fork their kernels, as those of the command line do: a plain one takes seconds to start."""
    with forking():
        yield


@pytest.fixture(scope="session")
def sample():
    return load_account(ROOT / "data" / "sample")


@pytest.fixture(scope="session")
def week(sample):
    return analyse(sample)


def made_once(tmp_path_factory, name, make):
    """A folder that one process of the tests makes, while the others that ask for it wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done = folder.with_name(f"{name}.done")
    while not done.exists():
        try:
            folder.mkdir()
        except FileExistsError:
            time.sleep(0.1)
            continue
        try:
            make(folder)
        except BaseException:
            shutil.rmtree(folder)
            raise
        done.touch()
    return folder


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The folder of the sample's weekly report by its language: made when first asked for, then shared, never changed.

    It is made as on a server that has a secret and draws no windows.
    """

    def made(language="en"):
        home = made_once(tmp_path_factory, f"report-{language}", lambda folder: make(language, folder))
        return home / "out" / "sample" / "2026-11-23"

    def make(language, home):
        left_out = shutil.ignore_patterns("history", "kinds", "*.py", "*.png")
        account = shutil.copytree(ROOT / "data" / "sample", home / "sample", ignore=left_out)
        about = (account / "account.toml").read_text(encoding="utf-8")
        (account / "account.toml").write_text(f'language = "{language}"\n{about}', encoding="utf-8")
        with pytest.MonkeyPatch.context() as server:
            server.setenv("MPLBACKEND", "Agg")
            server.setenv("ADS_API_TOKEN", "s3cr3t-0f-th3-cl13nt")
            try:
                with forking():
                    run_weekly(account, home / "out", progress=False)
            finally:
                speak("en")

    return made


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
            prices=pd.DataFrame(np.nan, index=asins, columns=weeks),
        )
        single = {"recent": pace[:, 0], "level": pace[:, 0], "season": np.ones(len(asins)), "jump": np.ones(len(asins))}
        single |= {name: np.full(len(asins), value) for name, value in changes.items()}
        return {"past": past, "demand": Demand(expected=pace, slow=pace * 0.8, fast=pace * 1.25, **single)}

    return made


FILES = {
    "inventory": {
        "snapshot-date": "2026-11-23", "sku": "", "fnsku": "", "asin": "", "condition": "New",
        "available": 0, "inv-age-0-to-90-days": "", "units-shipped-t7": "", "units-shipped-t30": "",
        "units-shipped-t60": "", "units-shipped-t90": "", "your-price": "20.00", "currency": "USD",
    },
    "manage": {
        "sku": "", "fnsku": "", "asin": "", "product-name": "Made up", "condition": "New", "your-price": "20.00",
        "afn-listing-exists": "Yes", "afn-warehouse-quantity": 0, "afn-fulfillable-quantity": 0,
        "afn-reserved-quantity": 0, "afn-inbound-shipped-quantity": 0,
    },
    "business": {
        "(Parent) ASIN": "", "(Child) ASIN": "", "Title": "Made up", "Sessions - Total": 100, "Page Views - Total": 150,
        "Units Ordered": 0, "Ordered Product Sales": "$0.00", "Total Order Items": 0,
    },
    "ads": {
        "Date": "2026-11-01", "Currency": "USD", "Campaign Name": "C", "Advertised SKU": "", "Advertised ASIN": "",
        "Clicks": 100, "Spend": 50, "7 Day Total Sales ": 200, "7 Day Total Orders (#)": 10,
        "7 Day Total Units (#)": 10, "7 Day Advertised SKU Units (#)": 10, "7 Day Advertised SKU Sales ": 200,
        "7 Day Other SKU Sales ": 0,
    },
    "orders": {
        "amazon-order-id": "", "purchase-date": "", "order-status": "Shipped", "fulfillment-channel": "Amazon",
        "sales-channel": "Amazon.com", "sku": "", "asin": "", "item-status": "Shipped", "quantity": 1,
        "currency": "USD", "item-price": "20.00",
    },
}  # fmt: skip
"""Cells of a row of each download that a test does not give."""


def write_account(folder, about="sales_days = 30", marketplace="US", day="2026-11-23", **files):
    """An account of downloads made by a test: each a list of rows, by its header; other files as they stand."""
    (folder / day).mkdir(parents=True, exist_ok=True)
    (folder / "account.toml").write_text(f'marketplace = "{marketplace}"\n{about}\n', encoding="utf-8")
    for name, rows in files.items():
        own = name in ("costs", "stock")
        path = (folder if own else folder / day) / f"{name}.csv"
        usual = FILES.get(name.split("_")[0], {})
        header = dict.fromkeys([*usual, *(column for row in rows for column in row)])
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, header)
            writer.writeheader()
            writer.writerows({**usual, **row} for row in rows)
    return folder


@pytest.fixture(scope="session")
def writer():
    """`write_account`, for tests that write several accounts."""
    return write_account


@pytest.fixture
def written(tmp_path):
    """Read an account of downloads made by a test, as `write_account` takes them."""
    return lambda *about, **files: load_account(write_account(tmp_path / "account", *about, **files))


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """An account of one ASIN and two days, named like the sample: for runs whose numbers do not matter."""
    folder = tmp_path_factory.mktemp("small") / "sample"
    stock = {"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 30}
    for day in ("2026-11-16", "2026-11-23"):
        write_account(folder, day=day, inventory=[{**stock, "snapshot-date": day}])
    return folder

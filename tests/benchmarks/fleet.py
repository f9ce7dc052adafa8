"""What a fleet costs, next to a shell loop and next to one plain process that does the same work.

    pip install -e '.[bench,test]'
    python tests/benchmarks/fleet.py                          # 100 accounts; takes about twenty minutes on two cores
    python tests/benchmarks/fleet.py --accounts 10 --grow 20  # a first look
    python tests/benchmarks/fleet.py --large 5000000 200000   # one account of so many advertising rows and ASINs

The sample account is copied. Each way makes the same reports: the shell loop starts `papermill` and `jupyter nbconvert`
for a few of them, the plain process runs the notebook's cells and makes the page one account after another, the fleet
is `wockit fleet`. CPU seconds are those of a process with all that it started. The last line is one JSON object.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "data" / "sample"
FILES = ("positions.csv", "summary.json")


@dataclass(frozen=True)
class Cost:
    """What so many accounts took by one way [s], and the peak of the first process and of the largest one [MiB]."""

    way: str
    accounts: int
    seconds: float
    cpu: float
    first_mib: float
    largest_mib: float

    def __str__(self) -> str:
        each = f"{self.seconds / self.accounts:6.2f} s and {self.cpu / self.accounts:6.2f} CPU s each"
        memory = f"{self.first_mib:5.0f} MiB first, {self.largest_mib:5.0f} MiB largest process"
        return f"{self.way:14} {self.accounts:4} accounts {self.seconds:8.1f} s {self.cpu:8.1f} CPU s, {each}; {memory}"


def measured(way: str, accounts: int, command: Sequence[str], **how: Any) -> Cost:
    """Run a command and watch it and everything below it."""
    began = time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    first = psutil.Process(running.pid)
    cpu = mine = most = 0.0
    while running.poll() is None:
        used = 0.0
        for process in (first, *_below(first)):
            try:
                times, memory = process.cpu_times(), process.memory_info().rss / 2**20
            except psutil.Error:
                continue
            used += sum(times[:4])
            most = max(most, memory)
            mine = max(mine, memory) if process == first else mine
        cpu = max(cpu, used)
        time.sleep(1)  # looking takes time from what is looked at
    if running.returncode:
        raise SystemExit(f"{way} ended with {running.returncode}: {command}")
    return Cost(way, accounts, time.perf_counter() - began, cpu, mine, most)


def _below(first: psutil.Process) -> list[psutil.Process]:
    try:
        return first.children(recursive=True)
    except psutil.Error:
        return []


def make_accounts(folder: Path, number: int) -> Path:
    """So many copies of the sample account."""
    folder.mkdir()
    for place in range(number):
        shutil.copytree(SAMPLE, folder / f"a{place:04d}", ignore=shutil.ignore_patterns("kinds", "*.py", "*.png"))
    return folder


def shell_loop(accounts: Path, number: int, out: Path) -> Cost:
    """What one writes in a shell; the account goes in as a parameter, the page comes out of nbconvert."""
    notebook = ROOT / "notebooks" / "weekly_report.ipynb"
    script = f"""set -e
for account in $(ls -d {accounts}/* | head -n {number}); do
  out={out}/$(basename $account); mkdir -p $out
  papermill {notebook} $out/weekly_report.ipynb -p account $account -p out $out --no-progress-bar
  jupyter nbconvert --to html --no-input $out/weekly_report.ipynb
done"""
    return measured("shell loop", number, ["bash", "-c", script])


def one_process(accounts: Path, out: Path) -> None:
    """The notebook's cells and the page, account after account, in this process: no kernel, no dask."""
    import matplotlib
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    matplotlib.use("module://matplotlib_inline.backend_inline")
    from matplotlib_inline.backend_inline import configure_inline_support, flush_figures

    from wockit.show.page import page
    from wockit.weekly.run import shipped

    shell = InteractiveShell.instance()
    configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    source = nbformat.read(shipped("notebooks") / "weekly_report.ipynb", as_version=4)
    for account in sorted(accounts.iterdir()):
        folder = out / account.name
        folder.mkdir(parents=True)
        shell.reset(new_session=False)
        for cell in (cell for cell in source.cells if cell.cell_type == "code"):
            with capture_output() as shown:
                result = shell.run_cell(cell.source)
                flush_figures()
            result.raise_error()
            cell.outputs = [nbformat.v4.new_output("display_data", one.data) for one in shown.outputs]
            if "parameters" in cell.metadata.get("tags", ()):
                shell.push({"account": str(account), "out": str(folder), "reports": str(out)})
        (folder / "report.html").write_text(page(source, account.name), encoding="utf-8")
        nbformat.write(source, folder / "weekly_report.ipynb")


def fleet(accounts: Path, number: int, out: Path, workers: int) -> Cost:
    """`wockit fleet`."""
    command = [sys.executable, "-m", "wockit.cli", "fleet", str(accounts), "--out", str(out), "--workers", str(workers)]
    return measured(f"fleet, {workers}", number, command)


def same(plain: Path, made: Path) -> bool:
    """Whether two ways left the same data files, byte for byte."""
    found = [path for name in FILES for path in plain.glob(f"*/{name}")]
    pairs = [(path, next((made / path.parent.name).glob(f"*/{path.name}"))) for path in found]
    return all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def make_large(folder: Path, rows: int, asins: int) -> Path:
    """An account of so many advertising rows over 90 days and so many ASINs, in the shape of the sample's files."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(rows)
    day = folder / "large" / "2026-11-23"
    day.mkdir(parents=True)
    shutil.copy(SAMPLE / "account.toml", folder / "large")
    codes = pl.format("B0L{}", pl.int_range(asins).cast(pl.String).str.zfill(7))
    sample = SAMPLE / "2026-11-23"
    for path in sample.glob("*.csv"):
        separator = "\t" if b"\t" in path.read_bytes()[:500] else ","
        given = pl.read_csv(path, separator=separator, infer_schema=False, encoding="utf8-lossy")
        key = next(name for name in given.columns if name.lower() in ("asin", "(child) asin"))
        many = given[rng.integers(0, len(given), asins)]
        made = many.with_columns(pl.select(codes).to_series().alias(key))
        if "sku" in made.columns:
            made = made.with_columns(made[key].alias("sku"))
        made.write_csv(day / path.name, separator=separator)
    from load import frame

    ads = frame(rows)
    each = np.arange(rows) // 90 % asins
    names = pl.Series("asin", each)
    ads = ads.with_columns(pl.format("B0L{}", names.cast(pl.String).str.zfill(7)).alias("Advertised ASIN"))
    ads.write_csv(day / "Sponsored Products Advertised product report.csv")
    return folder / "large"


def large(rows: int, asins: int, folder: Path) -> Cost:
    """One weekly report of a large account."""
    account = make_large(folder, rows, asins)
    command = [sys.executable, "-m", "wockit.cli", "fleet", str(account.parent), "--out", str(folder / "out")]
    return measured(f"{rows}x{asins}", 1, [*command, "--workers", "1", "--force", "--time-limit", "3600"])


def compared(number: int, grow: int, loop: int, runs: int, folder: Path) -> list[Cost]:
    """Every way on the same accounts, in turns so that a busy minute of the machine meets every way."""
    accounts = make_accounts(folder / "accounts", number)
    turns = []
    for turn in range(runs):
        out = folder / str(turn)
        plain = [sys.executable, __file__, "--plain", str(accounts), str(out / "plain")]
        found = [shell_loop(accounts, loop, out / "loop"), measured("one process", number, plain)]
        found += [fleet(accounts, number, out / f"fleet{workers}", workers) for workers in (1, 2)]
        if not same(out / "plain", out / "fleet2"):
            raise SystemExit("the fleet's data files differ from those of the plain process")
        shutil.rmtree(out)
        print(*found, sep="\n", flush=True)
        turns.append(found)
    costs = [_median(each) for each in zip(*turns, strict=True)]
    if grow:
        costs.append(fleet(make_accounts(folder / "more", grow), grow, folder / "grown", 2))
    return costs


def _median(costs: Sequence[Cost]) -> Cost:
    numbers = ("seconds", "cpu", "first_mib", "largest_mib")
    return replace(costs[0], **{name: median(getattr(cost, name) for cost in costs) for name in numbers})


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--grow", type=int, default=500, help="a larger fleet, to see how time grows; 0: none")
    parser.add_argument("--loop", type=int, default=5, help="accounts of the shell loop")
    parser.add_argument("--runs", type=int, default=1, help="of each way but the larger fleet; the median counts")
    parser.add_argument("--large", type=int, nargs=2, metavar=("ROWS", "ASINS"))
    parser.add_argument("--plain", type=Path, nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.plain:
        one_process(*asked.plain)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")  # as an installed package has it
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        fleet(SAMPLE.parent, 1, Path(folder) / "first", 1)
        if asked.large:
            found = [large(*asked.large, Path(folder))]
        else:
            found = compared(asked.accounts, asked.grow, asked.loop, asked.runs, Path(folder))
    print(*found, f"load of the machine: {os.getloadavg()}", sep="\n")
    print(json.dumps({"fleet": [asdict(cost) for cost in found]}))


if __name__ == "__main__":
    main()

"""How fast wockit reads advertising reports, and in how much memory, next to other ways of reading the same file.

    pip install -e '.[bench,test]'
    python tests/benchmarks/load.py                                 # every size; takes minutes and about 1 GB of disk
    python tests/benchmarks/load.py --csv 10000 100000 --xlsx 10000

Made-up Sponsored Products advertised-product reports are written to a temporary folder. Each way reads each of them in
a process of its own and adds up the advertising columns by ASIN and day, except the bare parse, which only lays the
cells out. Seconds are those of the work without imports, MiB the peak of the whole process. The last line of the
output is one JSON object.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

CSV = [10_000, 100_000, 1_000_000, 5_000_000]
XLSX = [10_000, 50_000, 200_000]
KEYS = ["Advertised ASIN", "Date"]
SUMS = ["Impressions", "Clicks", "Spend", "7 Day Total Sales ", "7 Day Total Orders (#)", "7 Day Total Units (#)"]


def frame(rows: int) -> Any:
    """A report of so many rows: some hundred to some thousand ASINs, each in a few campaigns, day by day."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(rows)
    number = np.arange(rows)
    line, day = number // 90, number % 90
    asin = line % min(5000, max(300, rows // 400))
    clicks = rng.poisson(6, rows)
    impressions = clicks * 300 + rng.integers(0, 300, rows)
    units = rng.binomial(clicks, 0.1)
    same = rng.binomial(units, 0.7)
    price = 5 + asin % 40 + 0.99
    spend = (clicks * rng.integers(40, 160, rows) / 100).round(2)
    sales = (units * price).round(2)
    words = np.array(["Bowl", "Mat", "Kettle", "Lamp", "Towel", "Brush", "Holder", "Rack"])

    def share(part: Any, whole: Any, digits: int = 4) -> Any:
        return np.divide(part, whole, out=np.zeros(rows), where=whole > 0).round(digits)

    made = pl.DataFrame({
        "Date": day, "Portfolio name": np.array(["Kitchen", "Home", "Pets"])[asin % 3], "Currency": "USD",
        "Campaign Name": line % 40, "Ad Group Name": words[asin % 8], "Advertised SKU": asin, "Advertised ASIN": asin,
        "Impressions": impressions, "Clicks": clicks, "Click-Thru Rate (CTR)": share(clicks, impressions, 6),
        "Cost Per Click (CPC)": share(spend, clicks), "Spend": spend, "7 Day Total Sales ": sales,
        "Total Advertising Cost of Sales (ACoS) ": share(spend, sales),
        "Total Return on Advertising Spend (RoAS)": share(sales, spend),
        "7 Day Total Orders (#)": units, "7 Day Total Units (#)": units, "7 Day Conversion Rate": share(units, clicks),
        "7 Day Advertised SKU Units (#)": same, "7 Day Other SKU Units (#)": units - same,
        "7 Day Advertised SKU Sales ": (same * price).round(2),
        "7 Day Other SKU Sales ": ((units - same) * price).round(2),
    })  # fmt: skip
    return made.with_columns(
        (pl.date(2026, 8, 1) + pl.duration(days="Date")).alias("Date"),
        pl.format("Auto {} campaign {}", pl.col("Portfolio name"), "Campaign Name").alias("Campaign Name"),
        pl.format("{} ad group", "Ad Group Name").alias("Ad Group Name"),
        pl.format("WK-K-{}", pl.col("Advertised SKU").cast(pl.String).str.zfill(6)).alias("Advertised SKU"),
        pl.format("B0K{}", pl.col("Advertised ASIN").cast(pl.String).str.zfill(7)).alias("Advertised ASIN"),
    )


def write_workbook(made: Any, path: Path) -> None:
    """The report as Amazon writes it: texts shared, dates as numbers with a format, the dimension left at A1."""
    import polars as pl

    shared = made.columns.copy()
    cells = [pl.format('<row r="{}">', pl.int_range(2, pl.len() + 2))]
    for place, name in enumerate(made.columns):
        at = pl.format(f'<c r="{chr(65 + place)}{{}}" ', pl.int_range(2, pl.len() + 2))
        if made[name].dtype == pl.String:
            texts = made[name].unique(maintain_order=True)
            numbers = pl.col(name).replace_strict(texts, range(len(shared), len(shared) + len(texts)))
            shared += texts.to_list()
            cells += [at, pl.format('t="s"><v>{}</v></c>', numbers)]
        elif made[name].dtype == pl.Date:
            cells += [at, pl.format('s="1"><v>{}</v></c>', pl.col(name).to_physical() + 25569)]
        else:
            cells += [at, pl.format('s="0"><v>{}</v></c>', name)]
    rows = made.select(pl.concat_str(*cells, pl.lit("</row>")))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    links = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
    related = [f'<Relationship Id="{n}" Type="{office}/{n}" Target="{target}"/>' for n, target in links.items()]
    first = "".join(f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(len(made.columns)))
    parts: dict[str, list[str]] = {
        "[Content_Types].xml": [
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
            *(
                f'<Override PartName="/xl/{part}" '
                f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
                for kind, part in {"sheet.main": "workbook.xml", **links}.items()
            ),
            "</Types>",
        ],
        "_rels/.rels": [
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ],
        "xl/workbook.xml": [
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Report" sheetId="1" r:id="worksheet"/></sheets></workbook>'
        ],
        "xl/_rels/workbook.xml.rels": [
            f'<Relationships xmlns="{package}/relationships">', *related, "</Relationships>"
        ],
        "xl/styles.xml": [
            f'<styleSheet xmlns="{main}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
            "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
        ],
        "xl/sharedStrings.xml": [f'<sst xmlns="{main}">', *(f"<si><t>{text}</t></si>" for text in shared), "</sst>"],
        "xl/worksheets/sheet1.xml": [
            f'<worksheet xmlns="{main}"><dimension ref="A1"/><sheetData><row r="1">{first}</row>',
            *rows.to_series(), "</sheetData></worksheet>",
        ],
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + "".join(content))


def wockit(path: Path) -> Callable[[], Any]:
    """Recognised, checked, tidied and added up by wockit, as an account's advertising is."""
    from wockit.reading.ads import ads_by_day
    from wockit.reading.reports import read_report

    def work() -> Any:
        report = read_report(path)
        return ads_by_day([(report, report.table)])

    return work


def plain(path: Path) -> Callable[[], Any]:
    """As one would write it in a notebook."""
    import pandas as pd

    def work() -> Any:
        read = pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path, engine="openpyxl")
        return read.groupby(KEYS)[SUMS].sum()

    return work


def polars(path: Path) -> Callable[[], Any]:
    """Polars, lazily."""
    import polars as pl

    def work() -> Any:
        return pl.scan_csv(path).group_by(KEYS).agg(pl.col(SUMS).sum()).collect()

    return work


def bare(path: Path) -> Callable[[], Any]:
    """The cells laid out and no more."""
    if path.suffix == ".csv":
        import pyarrow as pa
        import pyarrow.csv

        wanted = [*KEYS, *SUMS]
        options = pa.csv.ConvertOptions(include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()))
        return lambda: pa.csv.read_csv(path, convert_options=options)
    from python_calamine import CalamineWorkbook

    return lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


WAYS = {way.__name__: way for way in (wockit, plain, polars, bare)}


def measured(way: str, path: Path) -> tuple[float, float]:
    """Seconds and MiB of one way in a process of its own."""
    command = [sys.executable, __file__, "--way", way, str(path)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(found[0]), float(found[1])


def _make(rows: int, path: Path) -> None:
    """Write a file; in a process of its own, because on Linux a child's peak memory begins at its parent's."""
    if path.suffix == ".csv":
        frame(rows).write_csv(path)
    else:
        write_workbook(frame(rows), path)


def _one(way: str, path: Path) -> None:
    work = WAYS[way](path)
    start = time.perf_counter()
    kept = work()
    seconds = time.perf_counter() - start
    unit = 1024**2 if sys.platform == "darwin" else 1024
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    del kept


def compare(suffix: str, sizes: Sequence[int], folder: Path, runs: int) -> list[dict[str, Any]]:
    """Every way on a file of each size."""
    found: list[dict[str, Any]] = []
    for rows in sizes:
        path = folder / f"{rows}{suffix}"
        subprocess.run([sys.executable, __file__, "--make", str(rows), str(path)], check=True)
        size = path.stat().st_size / 1024**2
        ways = [way for way in WAYS if suffix == ".csv" or way != "polars"]
        results: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for turn in range(runs):  # in turns, so that a busy minute of the machine meets every way
            for way in ways:
                if turn == 0 or (way, suffix) != ("plain", ".xlsx"):
                    results[way].append(measured(way, path))
        for way, pairs in results.items():
            seconds, mib = median(s for s, _ in pairs), median(m for _, m in pairs)
            found.append({"file": suffix, "rows": rows, "size": size, "way": way, "s": seconds, "MiB": mib})
        os.remove(path)
    return found


def table(found: Sequence[dict[str, Any]]) -> list[str]:
    """Lines of text: times and memory, each against wockit's and against the size before."""
    lines = [
        f"{'file':5} {'rows':>9} {'MiB':>6} {'way':7} {'s':>7} {'MiB':>6} "
        f"{'wockit/it':>9} {'MiB/file':>8} {'time~n^':>7} {'MiB~n^':>7}"
    ]
    for one in found:
        ours = next(o for o in found if o["way"] == "wockit" and (o["file"], o["rows"]) == (one["file"], one["rows"]))
        smaller = [o for o in found if (o["file"], o["way"]) == (one["file"], one["way"]) and o["rows"] < one["rows"]]
        growth = [
            f"{math.log(one[key] / smaller[-1][key]) / math.log(one['rows'] / smaller[-1]['rows']):.2f}"
            if smaller else "" for key in ("s", "MiB")
        ]  # fmt: skip
        lines.append(
            f"{one['file']:5} {one['rows']:9,} {one['size']:6.0f} {one['way']:7} {one['s']:7.2f} {one['MiB']:6.0f} "
            f"{ours['s'] / one['s']:9.2f} {one['MiB'] / one['size']:8.2f} {growth[0]:>7} {growth[1]:>7}"
        )
    return lines


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--csv", type=int, nargs="*", default=CSV, metavar="ROWS")
    parser.add_argument("--xlsx", type=int, nargs="*", default=XLSX, metavar="ROWS")
    parser.add_argument("--runs", type=int, default=3, help="of each way; the median counts")
    parser.add_argument("--way", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs=2, metavar=("ROWS", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        _make(int(asked.make[0]), Path(asked.make[1]))
        return
    if asked.way:
        _one(asked.way[0], Path(asked.way[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = compare(".csv", asked.csv, Path(folder), asked.runs)
        found += compare(".xlsx", asked.xlsx, Path(folder), asked.runs)
    print(*table(found), sep="\n")
    print(json.dumps({"load": [{**one, **{key: round(one[key], 3) for key in ("s", "MiB", "size")}} for one in found]}))


if __name__ == "__main__":
    main()

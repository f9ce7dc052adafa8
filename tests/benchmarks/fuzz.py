"""Reading of broken files: any bytes at all give a table or a `ReportError`, in bounded time and memory.

Run `python tests/benchmarks/fuzz.py --minutes 10`. Every file of `data/sample` is cut, spliced, repeated and altered at
random places; each result is read. With `--doors` whole accounts are broken instead: hostile settings, rates, costs,
stock elsewhere, scenarios, kept weeks, the journal, last week's plan, workbooks, archives, JSON documents, days and
links, each loaded as `wockit weekly` loads it, and its plan written. Ends with 1 at the first other exception, whose
input is then kept, or at more than 1 GB. The last line is one JSON object: files read, refused and taken, the slowest
in seconds, and the peak memory in MB.
"""

import argparse
import io
import json
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wockit.analysis.analyse import analyse
from wockit.analysis.history import history_of
from wockit.analysis.journal import JOURNAL_SCHEMA
from wockit.analysis.scenario import read_scenario
from wockit.notes import ReportError, WockitError
from wockit.reading.account import load_account
from wockit.reading.reports import read_report
from wockit.show.workbook import write_workbook

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
SUFFIXES = (".csv", ".txt", ".xlsx", ".json", ".gz", ".zip")
TOKENS = [
    b'"',
    b",",
    b"\t",
    b";",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"[",
    b"{",
    b"PK\x03\x04",
    b"\x1f\x8b",
]


def broken(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A file with one to four faults."""
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.choice([1, 2, 8, 64, 1024])
        fault = chance.randrange(7)
        if fault == 0:
            data = data[:place]
        elif fault == 1:
            data = data[:place] + chance.randbytes(length) + data[place + length :]
        elif fault == 2:
            data = data[:place] + chance.choice(TOKENS) + data[place:]
        elif fault == 3:
            data = data[:place] + data[place + length :]
        elif fault == 4:
            data = data[:place] + data[max(place - length, 0) : place] * chance.choice([2, 50]) + data[place:]
        elif fault == 5:
            data = data[:place] + other[chance.randrange(len(other)) :][:length] + data[place:]
        else:
            data = data.replace(chance.choice(TOKENS[:6]), chance.choice(TOKENS), chance.choice([1, 5, -1]))
    return data


DEEP, LONG = 20_000, 20_000
"""Levels of a nested document, and characters of a text without end."""


def _toml(chance: random.Random) -> str:
    values = [
        "[" * DEEP,
        "0x" + "f" * DEEP,
        "9" * 4000,
        "nan",
        "inf",
        "-1",
        '"' + "x" * LONG + '"',
        "1979-05-27",
        "{}",
        "[{}]",
    ]
    names = ["low_weeks", "ad_budget", "name", "columns", "events", "language", "preset", "x" * 500]
    keys = "\n".join(f"{chance.choice(names)} = {chance.choice(values)}" for _ in range(chance.randint(1, 3)))
    return f'marketplace = "US"\nsales_days = 30\n{keys}\n'


def _document(chance: random.Random) -> str:
    cell = chance.choice(['"\\ud800"', "1e999", "9" * 5000, "null", "[" * DEEP, '{"a":' * DEEP, '"' + "x" * LONG + '"'])
    if chance.random() < 0.2:  # names that grow with each level
        deep, key = chance.choice([10, 300, 900]), "k" * chance.choice([5, 1000, LONG])
        return "[" + f'{{"{key}":' * deep + "1" + "}" * deep + "]"
    record = "{" + ",".join(f'"k{chance.randrange(10**6)}":{cell}' for _ in range(chance.choice([1, 20]))) + "}"
    return "[" + ",".join([record] * chance.choice([1, 50])) + "]"


def _rates(chance: random.Random) -> str:
    header = "marketplace,fee,size,category,tier_from,tier_to,tier_unit,season,basis,rate,extra_rate,extra_unit,"
    header += "least_per_unit,currency,from,to,certainty,source,note"
    day = chance.choice(["9999-01-01", "2026-01-01", "1600-01-01", ""])
    rate = chance.choice(["1e308", "-1", "0.9", "nan", "x" * LONG])
    row = f"US,storage,standard,all,,,,jan-sep,per_cubic_foot_month,{rate},,,,USD,{day},{day},H,x,"
    return "\n".join([header, *[row] * chance.choice([1, 3000])])


def _table(chance: random.Random) -> str:
    number = chance.choice(["1e308", "-5", "4006381333931", "", "#REF!", " " * LONG + "x", "1" * LONG, "＝1", "5.125"])
    number = chance.choice([number, '"1,234"', '"0,512"', '"1,234.500"', "٣", "1'234"])
    day = chance.choice(
        ["2099-01-01", "2026-11-01", "1/2/26", "", "x" * LONG, "9999-12-31", "0001-01-01", "2027-11-01"]
    )
    header = "Date,Campaign Name,Advertised ASIN,Impressions,Clicks,Spend,7 Day Total Sales,7 Day Total Orders (#)"
    row = f"{day},C,B000000001,9,{chance.choice([number, '2'])},{chance.choice([number, '5'])},20,1"
    return "\n".join([header, *[row] * chance.choice([1, 6, 2000])])


def _own(chance: random.Random) -> str:
    number = chance.choice(["1e12", "-1", "1.234", '"12,50"', "", "nan", "9" * LONG])
    day = chance.choice(["9999-12-31", "2199-12-31", "1990-01-01", "2026-13-45", ""])
    header = chance.choice(["asin,landed_cost,clear_by,lead_time_days", "asin,where,units,arrives"])
    cells = [number, day, number] if "cost" in header else ["3PL", number, day]
    return "\n".join([header, *[",".join(["B000000001", *cells])] * chance.choice([1, 3000])])


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def _book(chance: random.Random) -> bytes:
    cell = chance.choice([
        "<c><v>1</v></c>", '<c t="s"><v>0</v></c>', '<c r="A{n}" t="s"><v>0</v></c>', "<c/>",
        '<c r="A{n}" t="e"><v>#REF!</v></c>', "<c r='A{n}' t='e'><v>x</v></c>", '<c r="A{n}"><f>1</f></c>',
        '<c r="A{n}" t="b"><v>x</v></c>', '<c r="A{n}" s="9"><v>0.5</v></c>',
    ])  # fmt: skip
    rows = chance.choice([2, 2000])
    first = chance.choice([1, 99_999, 1_048_576])
    cells = "".join(
        f'<row r="{first + n}">{cell.format(n=first + n) * chance.choice([1, 30])}</row>' for n in range(rows)
    )
    return _packed_book(chance, cells)


def _plan(chance: random.Random) -> bytes:
    """Last week's plan, with decisions as programs and people may leave them."""
    decision = chance.choice(
        ['<c r="B{n}"><v>0.5</v></c>', '<c r="B{n}" s="1"><v>-0.2</v></c>', '<c r="B{n}"><f>1</f></c>']
    )
    head = "".join(
        f'<c r="{at}1" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in (("A", "ASIN"), ("B", "Decision"))
    )
    asin = '<c r="A{n}" t="inlineStr"><is><t>B000000001</t></is></c>'
    rows = [f'<row r="{n}">{(asin + decision).format(n=n)}</row>' for n in range(2, chance.choice([3, 3000]))]
    return chance.choice(
        [_packed_book(chance, f'<row r="1">{head}</row>{"".join(rows)}'), b"ASIN,Decision\nB000000001,yes\n"]
    )


def _packed_book(chance: random.Random, cells: str) -> bytes:
    """A workbook of one sheet, or of very many names for it, whose other parts are not always sound."""
    out = io.BytesIO()
    number = chance.choice([1, 1, 1, 2, 5000])
    sheets = "".join(f'<sheet name="s{each}" sheetId="{each}" r:id="r1"/>' for each in range(1, number + 1))
    odd = chance.choice(["", "", "", "<q:x/>", "&x;", "<definedNames/>", " " * 6_000_000])
    method = chance.choice([zipfile.ZIP_DEFLATED] * 5 + [zipfile.ZIP_LZMA])
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships {PACKAGE}><Relationship Id="r1" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{KIND}"><sheets>{sheets}</sheets>{odd}</workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships {PACKAGE}><Relationship Id="r1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>")
        text = "A" * chance.choice([5, 1_000_000])
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}><si><t>{text}</t></si></sst>")
        form = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{chance.choice(["9", "10", "x"])}"/></cellXfs>'
        archive.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{form}</styleSheet>")
    return out.getvalue()


def _archive(chance: random.Random) -> bytes:
    """A table in an archive: too long, of an odd compression, or with a dictionary that would take any memory."""
    out, method = io.BytesIO(), chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("ads.csv", _table(chance) if chance.random() < 0.8 else "x" * 20_000_000)
    content = out.getvalue()
    return content.replace(b"]\x00\x00\x80\x00", b"]\xff\xff\xff\xff", 1)


def _titles(chance: random.Random) -> str:
    """An inventory whose texts nothing written may take for anything else."""
    sign = chance.choice(["\x0b", "\x0c", "\x1b", "\ufffe", "\u2028", "\t" * LONG, "; " * LONG, "=", "&x;", "</t>"])
    header, row = STOCK.splitlines()
    cells = row.split(",")
    cells[1] = json.dumps(f"a{sign}")
    return "\n".join([f"{header},product-name", *[",".join([*cells, f'"a{sign}b"'])] * 2]) + "\n"


def _journal(chance: random.Random) -> bytes:
    rows = chance.choice([1, 190_000])
    out = io.BytesIO()
    same = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array([chance.choice(["", "2026-11-16"])])
    )
    zeros = pa.array(np.zeros(rows))
    pq.write_table(pa.table({f.name: same if f.type == pa.string() else zeros for f in JOURNAL_SCHEMA}), out)
    return out.getvalue()


def _week(chance: random.Random) -> bytes:
    rows = chance.choice([1, 3_000_000])
    text = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array(["x" * chance.choice([1, 10**6])])
    )
    name = chance.choice(["asin", "title", "plan", "unknown"])
    columns = {"snapshot": pa.nulls(rows, pa.timestamp("ns")), "asin": text, name: text}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


DOORS = {
    "account.toml": _toml, "fees.csv": _rates, "costs.csv": _own, "stock.csv": _own, "scenarios/x.json": _document,
    "2026-11-23/ads.json": _document, "2026-11-23/more.csv": _table, "2026-11-23/book.xlsx": _book,
    "2026-11-23/ads.zip": _archive, "2026-11-23/inventory.csv": _titles, "2026-11-16/book.xlsx": _book,
    "9999-12-31/more.csv": _table, "history/2026-11-16.parquet": _week, "actions/2026-11-16-1.parquet": _journal,
    "actions/2026-11-16-2.parquet": _journal, "reports/2026-11-16/plan.xlsx": _plan,
}  # fmt: skip
"""The files by which an account reaches wockit, and what makes a hostile one."""
STOCK = "snapshot-date,sku,fnsku,asin,available,inv-age-0-to-90-days,units-shipped-t30,your-price\n"
STOCK += "2026-11-23,A,X1,B000000001,100,100,40,20\n"


def opened(folder: Path, chance: random.Random) -> bool:
    """Whether an account with one or two hostile files is taken."""
    (folder / "2026-11-23").mkdir(parents=True)
    (folder / "account.toml").write_text('marketplace = "US"\nsales_days = 30\n', encoding="utf-8")
    (folder / "2026-11-23" / "inventory.csv").write_text(STOCK, encoding="utf-8")
    for name in chance.sample(sorted(DOORS), chance.randint(1, 2)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        content = DOORS[name](chance)
        if chance.random() < 0.1:
            path.symlink_to(chance.choice(["/dev/zero", "/etc/passwd", "/proc/kmsg", path.name]))
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        account = load_account(folder)
        read_scenario(folder, "x" if (folder / "scenarios").is_dir() else "", account.name)
        analysis = analyse(account)
        history = history_of(analysis, folder, folder / "reports")
        write_workbook(analysis, folder / "plan.xlsx", history)
    except WockitError:
        return False
    with zipfile.ZipFile(folder / "plan.xlsx") as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    return True


def doors(minutes: float, seed: int) -> int:
    """Open hostile accounts until the time is over."""
    chance, taken, refused, slowest = random.Random(seed), 0, 0, 0.0
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        folder = Path(tempfile.mkdtemp(prefix="fuzz-")) / "shop"
        start = time.monotonic()
        try:
            good = opened(folder, chance)
        except BaseException:
            print(f"the account is kept as {folder}", file=sys.stderr)
            raise
        taken, refused, slowest = taken + good, refused + (not good), max(slowest, time.monotonic() - start)
        shutil.rmtree(folder.parent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"accounts": taken + refused, "taken": taken, "refused": refused, "peak_megabytes": round(peak)}
    print(json.dumps({**figures, "slowest_seconds": round(slowest, 2)}))
    return int(peak > 1000)


def main() -> int:
    """Break and read files until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--doors", action="store_true", help="break whole accounts")
    found = parser.parse_args()
    if found.doors:
        return doors(found.minutes, found.seed)
    chance = random.Random(found.seed)
    sources = sorted(path for path in SAMPLE.rglob("*") if path.suffix in SUFFIXES)
    contents = [(path, path.read_bytes()) for path in sources]
    taken = refused = 0
    slowest = (0.0, "")
    end = time.monotonic() + 60 * found.minutes
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            source, data = chance.choice(contents)
            path = Path(folder) / f"broken{source.suffix}"
            path.write_bytes(broken(data, chance.choice(contents)[1], chance))
            start = time.monotonic()
            try:
                read_report(path)
                taken += 1
            except ReportError:
                refused += 1
            except BaseException:
                kept = Path(tempfile.gettempdir()) / f"fuzz-{found.seed}-{taken + refused}{source.suffix}"
                kept.write_bytes(path.read_bytes())
                print(f"{source.name}: the input is kept as {kept}", file=sys.stderr)
                raise
            slowest = max(slowest, (time.monotonic() - start, source.name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"files": taken + refused, "taken": taken, "refused": refused, "peak_megabytes": round(peak)}
    print(json.dumps({**figures, "slowest_seconds": round(slowest[0], 2), "slowest_file": slowest[1]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Reading of broken files: any bytes at all give a table or a `ReportError`, in bounded time and memory.

Run `python tests/benchmarks/fuzz.py --minutes 10`. Every file of `data/sample` is cut, spliced, repeated and altered at
random places; each result is read. Ends with 1 at the first other exception, whose input is then kept. The last line is
one JSON object: files read, refused and taken, the slowest in seconds, and the peak memory in MB.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from wockit.notes import ReportError
from wockit.reading.reports import read_report

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


def main() -> int:
    """Break and read files until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args()
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

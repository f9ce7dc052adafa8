"""From the command to the report of the sample account, step by step, beside the same steps in one plain process.

    python tests/benchmarks/weekly.py [--runs 3]

The plain process executes the cells of the same notebook one after another, without papermill and without a kernel, and
makes the same page. The last line is one JSON object.
"""

import argparse
import ast
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
STEPS = {"imports": "from wockit", "load": "load_account", "analysis": "analyse(", "history": "history_of",
         "head": "opening.", "captions": "captions.", "figures": "drawing(", "rows": "advice_list(",
         "tables": "tables.", "files": "write_results"}  # fmt: skip


def step_of(source: str) -> str | None:
    return next((step for step, sign in STEPS.items() if sign in source), None)


def weekly(account: Path, out: Path) -> dict[str, float]:
    """Seconds of each step of `wockit weekly`, from what papermill notes down of each cell."""
    began = time.time()
    subprocess.run(
        [sys.executable, "-m", "wockit.cli", "weekly", account, "--out", out], check=True, capture_output=True
    )
    found = dict.fromkeys(["command and checks", "kernel start", *STEPS, "between cells", "page and end"], 0.0)
    total = time.time() - began
    notebook = nbformat.read(next(out.rglob("weekly_report.ipynb")), as_version=4)
    about = notebook.metadata.papermill
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        if step := step_of(cell.source):
            found[step] += cell.metadata.papermill.duration
    start, end = (datetime.fromisoformat(about[name]).timestamp() for name in ("start_time", "end_time"))
    first = datetime.fromisoformat(cells[0].metadata.papermill.start_time).timestamp()
    found["command and checks"] = start - began
    found["kernel start"] = first - start
    found["page and end"] = began + total - end
    found["between cells"] = total - sum(found.values())
    return found | {"total": total}


def plain(account: Path, out: Path) -> dict[str, float]:
    """The same in a process of its own that is no kernel."""
    began = time.time()
    run = [sys.executable, __file__, "--plain", str(account), str(out)]
    found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    return found | {"total": time.time() - began}


def run_plain(account: str, out: str) -> dict[str, float]:
    """Execute the cells here, and make the page."""
    from wockit.show.page import page

    Path(out).mkdir(parents=True)
    notebook = nbformat.read(ROOT / "notebooks" / "weekly_report.ipynb", as_version=4)
    names = {"account": account, "snapshot": "", "changes": {}, "scenario": "", "out": out, "reports": out}
    found = dict.fromkeys([*STEPS, "page and end"], 0.0)
    for cell in notebook.cells:
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", ()):
            continue
        began = time.time()
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        cell.outputs = [] if shown is None else [output(shown)]
        found[step_of(cell.source)] += time.time() - began
    began = time.time()
    (Path(out) / "report.html").write_text(page(notebook, "the same"), encoding="utf-8")
    found["page and end"] = time.time() - began
    return found


def output(shown):
    if hasattr(shown, "_repr_mimebundle_"):
        from base64 import b64encode

        data, metadata = shown._repr_mimebundle_()
        data["image/png"] = b64encode(data["image/png"]).decode()
        return nbformat.v4.new_output("display_data", data, metadata=metadata)
    return nbformat.v4.new_output("display_data", {"text/html": shown._repr_html_(), "text/plain": repr(shown)})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plain", nargs=2)
    found = parser.parse_args()
    if found.plain:
        print(json.dumps(run_plain(*found.plain)))
        return
    with tempfile.TemporaryDirectory() as folder:
        account = Path(folder) / "shop"
        shutil.copytree(ROOT / "data" / "sample", account, ignore=shutil.ignore_patterns("kinds", "history"))
        weekly(account, Path(folder) / "first")  # makes the history of the earlier snapshots
        pairs = [
            (weekly(account, Path(folder) / f"weekly{k}"), plain(account, Path(folder) / f"plain{k}"))
            for k in range(found.runs)
        ]
    both = zip(*pairs, strict=True)
    one, other = ({name: statistics.median(run[name] for run in runs) for name in runs[0]} for runs in both)
    print(f"{'step':20} {'weekly':>8} {'plain':>8}  [s]")
    for name, seconds in one.items():
        print(f"{name:20} {seconds:8.2f} {other.get(name, 0.0):8.2f}")
    print(json.dumps({"weekly": one, "plain": other, "ratio": one["total"] / other["total"]}))


if __name__ == "__main__":
    main()

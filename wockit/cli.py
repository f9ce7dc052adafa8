"""The command line: `wockit new | check | weekly | fleet | lab`. It only reads arguments, calls, and prints.

Exit codes: 0 done; 1 a run failed, what it left is kept; 2 refused before it began.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from wockit import __version__
from wockit.analysis.analyse import analyse
from wockit.language import Text, say, speak
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note, Problem, RunError, SettingsError, WockitError, nearest, quoted
from wockit.reading.account import load_account
from wockit.reading.account_file import account_file_text, language_of
from wockit.reading.own_files import write_costs
from wockit.reading.referee import order_of_harm
from wockit.settings import Settings
from wockit.show.labels import heading, shown
from wockit.weekly.outputs import FILES
from wockit.weekly.run import check_findings, run_weekly, shipped

_NO_OPTIONS = ("account", "folder", "run")
"""What the parser finds that is written without a name, or not at all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned."""
    parser = _parser()
    found = _understood(parser, arguments)
    account = getattr(found, "account", None)
    speak(language_of(account) if account else "en")
    try:
        found.run(found)
        sys.stdout.flush()
    except RunError as error:
        print(error, file=sys.stderr)
        return 1
    except WockitError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(say("Stopped."), file=sys.stderr)
        return 1
    return 0


def _understood(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; of an option that there is not, the nearest one is named."""
    found, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = [f"--{name.replace('_', '-')}" for name in vars(found) if name not in _NO_OPTIONS]
        parser.error(Text("there is no {0}. {1}", quoted(unknown[0]), nearest(unknown[0], known)).rstrip())
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wockit", description="Weeks of coverage x ROAS for Amazon FBA sellers.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make an account folder to drop reports into")
    new.add_argument("folder", type=Path)
    new.add_argument("--marketplace", required=True, choices=sorted(CURRENCIES), help="e.g. US")
    new.set_defaults(run=_new)

    check = commands.add_parser("check", help="say what each file is, what was read, what is wrong")
    check.add_argument("account", type=Path, nargs="?", help="the account's folder; the sample account if left out")
    check.add_argument("--snapshot", default="", help="its date; the newest if left out")
    check.set_defaults(run=_check)

    weekly = commands.add_parser("weekly", help="make the weekly report")
    weekly.add_argument("account", type=Path, nargs="?", help="the account's folder; the sample account if left out")
    weekly.add_argument("--snapshot", default="", help="its date; the newest if left out")
    weekly.add_argument("--out", type=Path, default=Path("reports"), help="where reports go (default: reports)")
    weekly.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="changes", help="a setting, e.g. low_weeks=4"
    )
    weekly.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="CODE",
        help="let a finding of 'wockit check' pass, e.g. fewer_rows",
    )
    weekly.add_argument("--scenario", default="", metavar="NAME", help="try out what was saved on the what-if panel")
    weekly.set_defaults(run=_weekly)

    fleet = commands.add_parser("fleet", help="make the weekly report of every account below a folder, and an overview")
    fleet.add_argument("folder", metavar="DIR", help="a folder, or an address that fsspec knows")
    fleet.add_argument("--out", type=Path, default=Path("reports"), help="where reports go (default: reports)")
    fleet.add_argument("--workers", type=int, default=0, help="processes (default: one a core)")
    fleet.add_argument("--scheduler", default="", metavar="ADDRESS", help="a dask cluster that runs already")
    fleet.add_argument("--force", action="store_true", help="make reports again that are there, of the same inputs")
    fleet.add_argument("--time-limit", type=float, default=900.0, metavar="SECONDS", help="for one run (default: 900)")
    fleet.add_argument("--memory-limit", default="", metavar="BYTES", help="for one run, e.g. 4GB (default: its share)")
    fleet.set_defaults(run=_fleet)

    lab = commands.add_parser("lab", help="open JupyterLab on the walk-through notebooks")
    lab.add_argument("account", type=Path, nargs="?", help="the account's folder; the sample account if left out")
    lab.set_defaults(run=_lab)
    return parser


def _new(found: argparse.Namespace) -> None:
    path = found.folder / "account.toml"
    if path.exists():
        raise WockitError([Problem(quoted(str(path)), "there is an account already.", "Choose another folder.")])
    today = found.folder / datetime.date.today().isoformat()
    try:
        today.mkdir(parents=True, exist_ok=True)
        path.write_text(account_file_text(found.folder.resolve().name, found.marketplace), encoding="utf-8")
    except OSError as error:
        raise WockitError([Problem(quoted(str(path)), Text("cannot be written: {0}.", error.strerror))]) from None
    print(say(Text("Made {0}. Drop today's downloads into {1}, then run: wockit check {2}", path, today, found.folder)))


def _check(found: argparse.Namespace) -> None:
    """Show what was read, then refuse what `weekly` would refuse."""
    try:
        account = load_account(found.account or shipped("sample"), found.snapshot)
    except AccountError as error:
        _show(error.files, error.notes)
        raise
    print(f"{quoted(account.name)[1:-1]}, {account.marketplace}, {say(Text('snapshot {0}', account.snapshot))}\n")
    _show(account.files, [note for note in account.notes if note.level != "error"])
    if found.account and (path := write_costs(account, found.account)):
        print("\n" + say(Text("Made {0}: write the landed cost of each ASIN into it, then check again.", path)))
    check_findings(account.notes, ())
    analyse(account)


def _show(files: Any, notes: Sequence[Note]) -> None:
    if len(files):
        table = files.fillna("")
        for name in ("report", "dropped"):
            table[name] = [text and shown(name, text) for text in table[name]]
        print(table.rename(columns=heading).to_string(index=False), "\n")
    for note in order_of_harm(notes):
        print(note)


def _weekly(found: argparse.Namespace) -> None:
    folder = run_weekly(
        found.account or shipped("sample"),
        found.out,
        _changes(found.changes),
        found.snapshot,
        progress=sys.stderr.isatty(),
        accept=found.accept,
        scenario=found.scenario,
    )
    print()
    print(say(Text("The report is in {0}:", folder)))
    for name in FILES:
        print(f"  {name}")
    week = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    stake, moved, warnings = round(week["stake_a_week"] or 0), week["moved"], week["warnings"]
    who = f"{quoted(week['account'])[1:-1]} {week['snapshot']}"
    told = say(
        Text("{0} {1} at stake a week, {2} ASINs moved, {3} warnings.", f"{stake:,}", week["currency"], moved, warnings)
    )
    print(f"{who}: {told} {folder / 'report.html'}")


def _fleet(found: argparse.Namespace) -> None:
    from wockit.fleet.fleet import run_fleet

    outcomes = run_fleet(
        found.folder,
        found.out,
        found.workers,
        found.scheduler,
        found.force,
        found.time_limit,
        found.memory_limit,
    )
    bad = [outcome for outcome in outcomes if not outcome.good]
    there = sum(outcome.state == "there" for outcome in outcomes)
    print(
        say("{0} reports made, {1} were there already, {2} accounts without one.").format(
            len(outcomes) - len(bad) - there, there, len(bad)
        )
    )
    print(say("The overview is {0}.").format(found.out / "overview.html"))
    if bad:
        raise RunError([Problem(outcome.name, outcome.text) for outcome in bad])


def _changes(pairs: Sequence[str]) -> dict[str, Any]:
    """`low_weeks=4` as a setting of the right type; what cannot be read is left for Settings to refuse."""
    kinds = {field.name: field.type for field in fields(Settings)}
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, given, value = pair.partition("=")
        if name not in kinds or not given:
            found = "expected KEY=VALUE with a known setting."
            raise SettingsError([Problem(Text("--set {0}", quoted(pair)), found, nearest(name, kinds))])
        changes[name] = _typed(value, kinds[name])
    return changes


def _typed(value: str, kind: Any) -> Any:
    for number in (int, float):
        if number in getattr(kind, "__args__", (kind,)):
            try:
                return number(value)
            except ValueError:
                continue
    return value


def _lab(found: argparse.Namespace) -> None:
    folder = shipped("notebooks")
    if found.account:
        load_account(found.account)
        folder = copy_notebooks(found.account)
    jupyter = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(folder.resolve())]
    if subprocess.call(jupyter):
        raise RunError([Problem("wockit lab", "JupyterLab ended with an error.", "Its own messages stand above.")])


def copy_notebooks(account: Path) -> Path:
    """Copy the notebooks into `<account>/notebooks/`, set to that account and without the sample's outputs.

    A copy that is there already is kept.

    Returns
    -------
    pathlib.Path
        That folder.
    """
    import nbformat

    target = account / "notebooks"
    target.mkdir(exist_ok=True)
    for source in sorted(shipped("notebooks").glob("*.ipynb")):
        copy = target / source.name
        if not copy.exists():
            notebook = nbformat.read(source, as_version=4)
            for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
                cell.source = cell.source.replace('"../data/sample"', '".."')
                cell.outputs, cell.execution_count = [], None
            nbformat.write(notebook, copy)
    return target


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `wockit new | check | weekly | apply | fleet | lab`. It only reads arguments, calls, and prints.

Exit codes: 0 done; 1 a run failed and its files are kept; 2 refused before it began.
"""

import argparse
import contextlib
import datetime
import io
import json
import locale
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from wockit import __version__
from wockit.analysis.analyse import analyse
from wockit.analysis.decisions import decision_of
from wockit.language import LANGUAGES, Text, listed, say, speak, spoken
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note, Problem, RunError, SettingsError, WockitError, nearest, quoted
from wockit.reading.account import load_account
from wockit.reading.account_file import account_file_text, language_of
from wockit.reading.own_files import write_costs
from wockit.reading.referee import order_of_harm
from wockit.settings import Settings
from wockit.show.labels import heading, shown
from wockit.weekly.copies import copy_notebooks
from wockit.weekly.keep import FILES, PDF
from wockit.weekly.place import WHAT_IF
from wockit.weekly.run import check_findings, run_weekly, shipped

FIRST = "01_load_reports.ipynb"
"""The notebook that `wockit lab` opens."""


_NO_OPTIONS = ("account", "folder", "run")
"""Parsed values that are no options."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned."""
    _forget_where_we_are()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal or a mail cannot show is escaped
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    speak(_language(given))
    parser = _parser()
    own, jupyter = _apart(given)
    options = _understood(parser, own)
    options.jupyter = jupyter
    if account := getattr(options, "account", None):
        speak(language_of(account))
    try:
        options.run(options)
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


def _forget_where_we_are() -> None:
    """Import nothing from the working directory, which may be a client's folder, unless wockit itself is there."""
    own, here = Path(__file__).resolve().parents[1], Path.cwd().resolve()
    sys.path[:] = [each for each in sys.path if Path(each).resolve() != here or here == own]


def _language(arguments: Sequence[str]) -> str:
    """The language asked for by `--language`, or else the system's, or else English."""
    asked = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    asked.add_argument("--language", choices=LANGUAGES)
    with contextlib.suppress(argparse.ArgumentError):  # the whole parser says what is wrong with it
        if language := asked.parse_known_args(arguments)[0].language:
            return str(language)
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    return "zh-CN" if (system or locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else "en"


_HEADINGS = ("positional arguments", "options")
"""What argparse calls the groups of arguments."""


class _Help(argparse.HelpFormatter):
    """Help in the language spoken."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line of usage, with its own word before it."""
        super().add_usage(usage, actions, groups, say("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """A group of arguments under its heading."""
        super().start_section(say(heading) if heading in _HEADINGS else heading)


def _apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is wockit's, and the options that `wockit lab` passes on to JupyterLab as they stand.

    Examples
    --------
    >>> _apart(["lab", "my-shop", "--no-browser", "--port", "9999", "--language", "zh-CN"])
    (['lab', 'my-shop', '--language', 'zh-CN'], ['--no-browser', '--port', '9999'])
    """
    if arguments[:1] != ["lab"]:
        return list(arguments), []
    first = next((place for place, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    ours = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    ours.add_argument("--language")
    ours.add_argument("-h", "--help", action="store_true")
    ours.add_argument("--no-browser", action="store_true")
    known, theirs = ours.parse_known_args(arguments[first:])
    account = [theirs.pop(0)] if first == 1 and theirs and not theirs[0].startswith("-") else []
    own = [*arguments[:first], *account, *(["--language", known.language] if known.language else [])]
    return [*own, *["--help"] * known.help], [*["--no-browser"] * known.no_browser, *theirs]


def _understood(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments; for an unknown option the nearest known one is suggested."""
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = [f"--{name.replace('_', '-')}" for name in vars(options) if name not in _NO_OPTIONS]
        parser.error(Text("there is no {0}. {1}", quoted(unknown[0]), nearest(unknown[0], known)).rstrip())
    return options


def _parser() -> argparse.ArgumentParser:
    about = say("Weeks of coverage x ROAS for Amazon FBA sellers.")
    parser = argparse.ArgumentParser(prog="wockit", description=about, formatter_class=_Help, add_help=False)
    parser.add_argument("--version", action="version", version=__version__, help=say("show the version and exit"))
    commands = parser.add_subparsers(required=True, metavar=say("COMMAND"), title=say("commands"))

    new = commands.add_parser(
        "new", formatter_class=_Help, add_help=False, help=say("create an account folder for your reports")
    )
    new.add_argument("folder", type=Path)
    new.add_argument("--marketplace", required=True, choices=sorted(CURRENCIES), help=say("e.g. US"))
    new.set_defaults(run=_new)

    check = commands.add_parser(
        "check",
        formatter_class=_Help,
        add_help=False,
        help=say("show what each file is, what was read, and what is wrong"),
    )
    check.add_argument("account", type=Path, nargs="?", help=say("the account's folder (default: the sample account)"))
    check.add_argument("--snapshot", default="", help=say("date of the snapshot (default: the newest)"))
    check.set_defaults(run=_check)

    weekly = commands.add_parser("weekly", formatter_class=_Help, add_help=False, help=say("make the weekly report"))
    weekly.add_argument("account", type=Path, nargs="?", help=say("the account's folder (default: the sample account)"))
    weekly.add_argument("--snapshot", default="", help=say("date of the snapshot (default: the newest)"))
    weekly.add_argument("--out", type=Path, default=Path("reports"), help=say("where reports go (default: reports)"))
    weekly.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="changes",
        help=say("a setting, e.g. low_weeks=4"),
    )
    weekly.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="CODE",
        help=say("accept a finding of 'wockit check', e.g. fewer_rows"),
    )
    weekly.add_argument("--scenario", default="", metavar="NAME", help=say("use a scenario saved on the what-if panel"))
    pdf = "also make report.pdf for a client (needs Chromium, Chrome or Edge)"
    weekly.add_argument("--pdf", action="store_true", help=say(pdf))
    weekly.set_defaults(run=_weekly)

    apply = commands.add_parser(
        "apply",
        formatter_class=_Help,
        add_help=False,
        help=say("write the bulk upload of what was approved in the plan, and the file that takes it back"),
    )
    apply.add_argument("account", type=Path, help=say("the account's folder"))
    apply.add_argument("--out", type=Path, default=Path("reports"), help=say("where reports are (default: reports)"))
    apply.add_argument("--scenario", default="", metavar="NAME", help=say("apply the plan of this what-if"))
    apply.add_argument("--yes", action="store_true", help=say("write the files without asking"))
    apply.set_defaults(run=_apply)

    fleet = commands.add_parser(
        "fleet",
        formatter_class=_Help,
        add_help=False,
        help=say("make the weekly report of every account below a folder, and an overview"),
    )
    fleet.add_argument("folder", metavar="DIR", help=say("a folder, or an address that fsspec can open"))
    fleet.add_argument("--out", type=Path, default=Path("reports"), help=say("where reports go (default: reports)"))
    fleet.add_argument("--workers", type=int, default=0, help=say("processes (default: one per core)"))
    fleet.add_argument("--scheduler", default="", metavar="ADDRESS", help=say("a Dask cluster that is already running"))
    fleet.add_argument("--force", action="store_true", help=say("rebuild reports even if nothing changed"))
    fleet.add_argument(
        "--time-limit", type=float, default=900.0, metavar="SECONDS", help=say("limit per account (default: 900)")
    )
    fleet.add_argument(
        "--memory-limit", default="", metavar="BYTES", help=say("limit per account, e.g. 4GB (default: an equal share)")
    )
    fleet.add_argument(
        "--apply", action="store_true", help=say("write the bulk uploads of accounts whose plan was approved")
    )
    fleet.add_argument("--pdf", action="store_true", help=say(pdf))
    fleet.set_defaults(run=_fleet)

    lab = commands.add_parser(
        "lab", formatter_class=_Help, add_help=False, help=say("open JupyterLab on the walk-through notebooks")
    )
    lab.add_argument("account", type=Path, nargs="?", help=say("the account's folder (default: the sample account)"))
    lab.add_argument("--no-browser", action="store_true", help=say("only start the server"))
    lab.epilog = say("Other options go to JupyterLab, e.g. --port 9999.")
    lab.set_defaults(run=_lab)

    for each in (parser, *commands.choices.values()):
        each.add_argument("-h", "--help", action="help", help=say("show this help and exit"))
        each.add_argument("--language", choices=LANGUAGES, help=say("language of this command (default: the system's)"))
    return parser


def _new(options: argparse.Namespace) -> None:
    path = options.folder / "account.toml"
    if path.exists():
        raise WockitError([Problem(quoted(str(path)), "an account already exists there.", "Choose another folder.")])
    today = options.folder / datetime.date.today().isoformat()
    try:
        today.mkdir(parents=True, exist_ok=True)
        path.write_text(
            account_file_text(options.folder.resolve().name, options.marketplace, spoken()), encoding="utf-8"
        )
    except OSError as error:
        raise WockitError([Problem(quoted(str(path)), Text("cannot be written: {0}.", error.strerror))]) from None
    print(
        say(
            Text("Created {0}. Put today's downloads into {1}, then run: wockit check {2}", path, today, options.folder)
        )
    )


def _check(options: argparse.Namespace) -> None:
    """Show what was read, then refuse what `weekly` would refuse."""
    try:
        account = load_account(options.account or shipped("sample"), options.snapshot)
    except AccountError as error:
        _show(error.files, error.notes)
        raise
    print(f"{quoted(account.name)[1:-1]}, {account.marketplace}, {say(Text('snapshot {0}', account.snapshot))}\n")
    _show(account.files, account.notes)
    if options.account and (path := write_costs(account, options.account)):
        print("\n" + say(Text("Created {0}. Write the landed cost of each ASIN into it, then run check again.", path)))
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


def _weekly(options: argparse.Namespace) -> None:
    from wockit.weekly.kernels import forking

    with forking():
        folder = run_weekly(
            options.account or shipped("sample"),
            options.out,
            _changes(options.changes),
            options.snapshot,
            progress=sys.stderr.isatty(),
            accept=options.accept,
            scenario=options.scenario,
            pdf=options.pdf,
        )
    print()
    print(say(Text("The report is in {0}:", folder)))
    for name in [*FILES, *[PDF] * options.pdf]:
        print(f"  {name}")
    week = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    who = f"{quoted(week['account'])[1:-1]} {week['snapshot']}"
    if tried := folder.name.partition(f" {WHAT_IF} ")[2]:
        who = " ".join([who, say(WHAT_IF), tried])
    gain = week["gain_a_week"]
    parts = [] if gain is None else [Text("{0} {1} to gain per week", week["currency"], f"{gain:,.0f}")]
    parts += [Text("{0} ASINs moved", week["moved"]), Text("{0} warnings", week["warnings"])]
    print(f"{who}: {say(Text('{0}.', listed(parts)))} {folder / 'report.html'}")
    if spoken() != "en":
        from wockit.show.canvas import font_problem

        if problem := font_problem(spoken()):
            print(problem, file=sys.stderr)


_USES = {
    "bulk_upload.xlsx": "upload it: Advertising console > Bulk operations",
    "restore.xlsx": "uploading it brings the old values back",
    "removal_liquidations.txt": "upload it: Seller Central > Inventory > FBA Inventory > Create removal order",
    "removal_disposal.txt": "upload it: Seller Central > Inventory > FBA Inventory > Create removal order",
    "removal_return.txt": "fill in the address, then upload it: Seller Central > Create removal order",
}
"""What to do with each file that `apply` writes."""


def _apply(options: argparse.Namespace) -> None:
    """Show what would change, ask, and write it."""
    from wockit.show.approval import approval_text, unread_text
    from wockit.weekly import guards
    from wockit.weekly.apply import Approved, run_apply, unread_decisions

    shown_at_all, today = False, guards.today()

    def ask(approved: Approved) -> bool:
        nonlocal shown_at_all
        shown_at_all = True
        account = approved.analysis.account
        print(
            approval_text(
                *(account, approved.changes, approved.todo, approved.dead, approved.unread, approved.warnings)
            )
        )
        age = (today - (approved.bulk.day or account.snapshot)).days
        if age > guards.FRESH and approved.changes.changes:
            print(say(Text("The bulk download is {0} days old. If campaigns were changed since, start anew.", age)))
        if options.yes or approved.empty:
            return True
        question = Text("Write these {0} changes into a bulk upload? yes or no: ", len(approved.changes.changes))
        if not approved.changes.changes:
            question = Text("Write {0} removal orders? yes or no: ", len(approved.removals))
        try:
            return decision_of(input(say(question))).kind == "yes"
        except EOFError:
            return False

    folder = run_apply(options.account, options.out, options.scenario, ask=ask, now=today if options.yes else None)
    if folder:
        print(say(Text("Written to {0}:", folder)))
        for file in sorted(path.name for path in folder.iterdir()):
            print(f"  {file}  {say(_USES.get(file, ''))}")
    elif shown_at_all:
        print(say("Nothing is written."))
    else:
        print(say("Nothing is approved in the plan, so nothing is written. Write yes beside an advice."))
        if unread := unread_decisions(options.account, options.out, options.scenario):
            print(unread_text(unread))


def _fleet(options: argparse.Namespace) -> None:
    from wockit.fleet.fleet import run_fleet

    outcomes = run_fleet(
        options.folder,
        options.out,
        options.workers,
        options.scheduler,
        options.force,
        options.time_limit,
        options.memory_limit,
        options.apply,
        options.pdf,
    )
    bad = [outcome for outcome in outcomes if not outcome.good]
    there = sum(outcome.state == "there" for outcome in outcomes)
    print(
        say(
            Text(
                "{0}.",
                listed(
                    [
                        Text("{0} reports made", len(outcomes) - len(bad) - there),
                        Text("{0} already there", there),
                        Text("{0} accounts without a report", len(bad)),
                    ]
                ),
            )
        )
    )
    print(say("The overview is {0}.").format(options.out / "overview.html"))
    for outcome in (each for each in outcomes if each.upload or each.not_applied):
        print(f"{outcome.name}: {outcome.upload or outcome.not_applied}")
    if bad:
        raise RunError([Problem(outcome.name, outcome.text) for outcome in bad])


def _changes(pairs: Sequence[str]) -> dict[str, Any]:
    """`low_weeks=4` as a setting of the right type; what cannot be read is left for Settings to refuse."""
    kinds = {field.name: field.type for field in fields(Settings)}
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, given, value = pair.partition("=")
        if name not in kinds or not given:
            found = "expected KEY=VALUE, with KEY a known setting."
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


def _lab(options: argparse.Namespace) -> None:
    folder = shipped("notebooks")
    if options.account:
        load_account(options.account)
        folder, notes = copy_notebooks(options.account)
        for note in notes:
            print(note, file=sys.stderr)
    where = ["--ServerApp.root_dir", str(folder.resolve()), "--LabApp.default_url", f"/lab/tree/{FIRST}"]
    jupyter = [sys.executable, "-P", "-m", "jupyterlab", *where, *options.jupyter]
    if subprocess.call(jupyter, cwd=folder, env=os.environ | {"PYTHONSAFEPATH": "1"}):  # no code from where we are
        raise RunError([Problem("wockit lab", "JupyterLab ended with an error.", "See its messages above.")])


if __name__ == "__main__":
    sys.exit(main())

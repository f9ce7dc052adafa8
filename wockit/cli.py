"""The command line: `wockit new | check | weekly | apply | fleet | lab`. It only calls and prints. What may be written
on it is in `arguments`.

Exit codes: 0 done; 1 a run failed and its files are kept; 2 refused before it began.
"""

import argparse
import contextlib
import datetime
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from wockit.analysis.analyse import analyse
from wockit.analysis.decisions import decision_of
from wockit.arguments import apart, language_asked, parser_of_wockit, understood
from wockit.language import Text, listed, say, speak, spoken
from wockit.notes import AccountError, Note, Problem, RunError, SettingsError, WockitError, nearest, quoted
from wockit.reading.account import Account, load_account
from wockit.reading.account_file import account_file_text, language_of
from wockit.reading.own_files import write_costs
from wockit.reading.referee import order_of_harm
from wockit.settings import Settings
from wockit.show.labels import heading, shown
from wockit.weekly.copies import copy_notebooks
from wockit.weekly.keep import FILES, PDF
from wockit.weekly.place import WHAT_IF
from wockit.weekly.run import check_findings, run_weekly, shipped

FIRST_NOTEBOOK = "01_load_reports.ipynb"
"""The notebook that `wockit lab` opens."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned."""
    _forget_where_we_are()
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal or a mail cannot show is escaped
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    speak(language_asked(given))
    parser = parser_of_wockit()
    own, jupyter = apart(given)
    options = understood(parser, own)
    options.jupyter = jupyter
    if account := getattr(options, "account", None):
        speak(language_of(account))
    try:
        _COMMANDS[options.command](options)
        print(end="", flush=True)
    except (WockitError, OSError, MemoryError, KeyboardInterrupt) as error:
        return _report_error(error)
    except RuntimeError as error:
        if not {"start", "new", "thread"} <= {*str(error).split()}:  # no memory for the stack of one more
            raise
        return _report_error(MemoryError())
    return 0


def _report_error(error: BaseException) -> int:
    """Say why a command ended before its end; the exit code is returned."""
    sentence: object = error
    if isinstance(error, OSError):
        if (
            error.filename is None
        ):  # the reader of a pipe, such as head, has gone, or the disk behind the screen is full
            _write_no_more()
        where = quoted(str(error.filename or "wockit"), 400)
        sentence = Problem(where, Text("the system refused: {0}.", error.strerror or error))
    elif isinstance(error, MemoryError):
        do = "Use a machine with more memory, or reports of fewer days."
        sentence = Problem("wockit", "there is not enough memory for this account.", do)
    elif isinstance(error, KeyboardInterrupt):
        sentence = say("Stopped.")
    if not isinstance(error, BrokenPipeError):
        print(sentence, file=sys.stderr)
    return 2 if isinstance(error, WockitError) and not isinstance(error, RunError) else 1


def _open_what_is_closed() -> None:
    """Lead a standard stream that is closed to nowhere: its number would go to the next file that is opened."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r", encoding="utf-8"))


def _write_no_more() -> None:
    """Lead what is still to be printed to nowhere, or the interpreter would complain at its end."""
    with contextlib.suppress(io.UnsupportedOperation):  # nothing but memory
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _forget_where_we_are() -> None:
    """Import nothing from the working directory, which may be a client's folder, unless wockit itself is there."""
    try:
        own, here = Path(__file__).resolve().parents[1], Path.cwd().resolve()
    except FileNotFoundError:  # it was deleted
        return
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != here or here == own]


def _new(options: argparse.Namespace) -> None:
    path = options.folder / "account.toml"
    if not str(path.absolute()).isprintable():
        message = "the path contains characters that cannot be written to a text file."
        raise WockitError([Problem(quoted(str(path)), message, "Choose another folder.")])
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
    if options.account:
        _offer_costs(account, options.account)
    check_findings(account.notes, ())
    analyse(account)


def _offer_costs(account: Account, folder: Path) -> None:
    """Write a costs.csv to fill in; an account that may only be read is checked all the same."""
    try:
        path = write_costs(account, folder)
    except AccountError as error:
        for problem in error.problems:
            print(Note("warning", problem.where, problem.found))
        return
    if path:
        print("\n" + say(Text("Created {0}. Write the landed cost of each ASIN into it, then run check again.", path)))


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

    account, out = (options.account or shipped("sample")).resolve(), options.out.absolute()
    with forking(), contextlib.chdir(Path(__file__).parent):  # libraries look for settings where they are
        folder = run_weekly(
            account,
            out,
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
    if what_if := folder.name.partition(f" {WHAT_IF} ")[2]:
        who = " ".join([who, say(WHAT_IF), what_if])
    gain = week["gain_a_week"]
    parts = [] if gain is None else [Text("{0} {1} to gain per week", week["currency"], f"{gain:,.0f}")]
    parts += [Text("{0} ASINs moved", week["moved"]), Text("{0} warnings", week["warnings"])]
    print(f"{who}: {say(Text('{0}.', listed(parts)))} {folder / 'report.html'}")
    if spoken() != "en":
        with contextlib.chdir(Path(__file__).parent):
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
            print(
                say(
                    Text(
                        "The bulk download is {0} days old. If campaigns changed since then, download again and rerun.",
                        age,
                    )
                )
            )
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
        print(say("Nothing is approved in the plan, so nothing is written. Write yes in the Decision column."))
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
                        Text("{0} unchanged, not rebuilt", there),
                        Text("{0} accounts without a report", len(bad)),
                    ]
                ),
            )
        )
    )
    print(say(Text("The overview is {0}.", options.out / "overview.html")))
    for outcome in outcomes:
        if outcome.upload or outcome.not_applied:
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
            message = "expected KEY=VALUE, with KEY a known setting."
            raise SettingsError([Problem(Text("--set {0}", quoted(pair)), message, nearest(name, kinds))])
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
    where = ["--ServerApp.root_dir", str(folder.resolve()), "--LabApp.default_url", f"/lab/tree/{FIRST_NOTEBOOK}"]
    jupyter = [sys.executable, "-P", "-m", "jupyterlab", *where, *options.jupyter]
    if subprocess.call(jupyter, cwd=folder, env=os.environ | {"PYTHONSAFEPATH": "1"}):  # no code from where we are
        raise RunError([Problem("wockit lab", "JupyterLab ended with an error.", "See its messages above.")])


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "new": _new,
    "check": _check,
    "weekly": _weekly,
    "apply": _apply,
    "fleet": _fleet,
    "lab": _lab,
}
"""What each command of `arguments` does."""


if __name__ == "__main__":
    sys.exit(main())

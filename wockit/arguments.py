"""The command line: commands, their options and their help, in the language spoken.

What a command does is in `cli`.
"""

import argparse
import contextlib
import locale
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from wockit import __version__
from wockit.language import LANGUAGES, Text, say
from wockit.marketplaces import CURRENCIES
from wockit.notes import nearest, quoted

_NO_OPTIONS = ("account", "folder", "command")
"""Parsed values that are no options."""
_PDF = "also make report.pdf for a client (needs Chromium, Chrome or Edge)"


def language_asked(arguments: Sequence[str]) -> str:
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

    def format_help(self) -> str:
        """The whole help, with the colon of the language behind its headings."""
        return re.sub("^([^ ].*):$", lambda line: say(Text("{0}:", line[1])), super().format_help(), flags=re.MULTILINE)


_ERRORS = (
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", "{0}: expected one of {2}, found {1}."),
    (r"argument (.+): invalid int value: (.+)", "{0}: expected a whole number, found {1}."),
    (r"argument (.+): invalid float value: (.+)", "{0}: expected a number, found {1}."),
    (r"argument (.+): expected one argument", "{0}: the value is missing."),
    (r"argument (.+): ignored explicit argument .+", "{0}: this option has no value."),
    (r"ambiguous option: (.+) could match (.+)", "{0} may be {1}."),
    (r"the following arguments are required: (.+)", "missing: {0}."),
)
"""What argparse says of arguments that it cannot read, and how wockit says it."""


class _Parser(argparse.ArgumentParser):
    """A parser that says in the language spoken what is wrong with arguments."""

    def error(self, message: str) -> NoReturn:
        """Show the usage and what is wrong, and end."""
        for pattern, template in _ERRORS:
            if found := re.fullmatch(pattern, message):
                message = Text(template, *found.groups())
        self.print_usage(sys.stderr)
        self.exit(2, say(Text("{0}: {1}", self.prog, Text("{0}: {1}", Text("error"), message))) + "\n")


def apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Arguments of wockit, and the options that `wockit lab` passes on to JupyterLab as they are.

    Examples
    --------
    >>> apart(["lab", "my-shop", "--no-browser", "--port", "9999", "--language", "zh-CN"])
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


def understood(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments; for an unknown option the nearest known one is suggested."""
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = [f"--{name.replace('_', '-')}" for name in vars(options) if name not in _NO_OPTIONS]
        option, near = quoted(unknown[0]), nearest(unknown[0], known)
        parser.error(Text("there is no {0}. {1}", option, near) if near else Text("there is no {0}.", option))
    return options


def parser_of_wockit() -> argparse.ArgumentParser:
    """All commands with their options."""
    about = say("Weeks of coverage x ROAS for Amazon FBA sellers.")
    parser = _Parser(prog="wockit", description=about, formatter_class=_Help, add_help=False)
    parser.add_argument("--version", action="version", version=__version__, help=say("show the version and exit"))
    commands = parser.add_subparsers(dest="command", required=True, metavar=say("COMMAND"), title=say("commands"))

    new = commands.add_parser(
        "new", formatter_class=_Help, add_help=False, help=say("create an account folder for your reports")
    )
    new.add_argument("folder", type=Path)
    new.add_argument("--marketplace", required=True, choices=sorted(CURRENCIES), help=say("e.g. US"))

    check = commands.add_parser(
        "check",
        formatter_class=_Help,
        add_help=False,
        help=say("show what each file is, what was read, and what is wrong"),
    )
    check.add_argument("account", type=Path, nargs="?", help=say("the account's folder (default: the sample account)"))
    check.add_argument("--snapshot", default="", help=say("date of the snapshot (default: the newest)"))

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
    weekly.add_argument("--scenario", default="", metavar="NAME", help=say("use a scenario saved in the cockpit"))
    weekly.add_argument("--pdf", action="store_true", help=say(_PDF))

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
    fleet.add_argument("--pdf", action="store_true", help=say(_PDF))

    lab = commands.add_parser(
        "lab", formatter_class=_Help, add_help=False, help=say("open JupyterLab on the walk-through notebooks")
    )
    lab.add_argument("account", type=Path, nargs="?", help=say("the account's folder (default: the sample account)"))
    lab.add_argument("--no-browser", action="store_true", help=say("only start the server"))
    lab.epilog = say("Other options go to JupyterLab, e.g. --port 9999.")

    for each in (parser, *commands.choices.values()):
        each.add_argument("-h", "--help", action="help", help=say("show this help and exit"))
        each.add_argument("--language", choices=LANGUAGES, help=say("language of this command (default: the system's)"))
    return parser

"""Every text that people see is in every catalogue, filled in rightly, and what a report says stays as it is."""

import ast
import json
import re
from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from wockit.clearance import REASONS, WAYS
from wockit.labels import LABELS, STAKES
from wockit.language import LANGUAGES, speak
from wockit.matrix import playbook
from wockit.notes import LEVELS
from wockit.past import SOURCES
from wockit.reports import schemas
from wockit.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
OTHERS = [language for language in LANGUAGES if language != "en"]
GAP = re.compile(r"\{\d\}")
SAYING = {"say", "Note", "Problem"}
PLACING = {"flex_flow", "loc", "restkey", "restval", "textcoords", "xycoords"}
"""Arguments whose words are for a library."""
NO_TEXTS = re.compile(r"<|-src |_standard |_bulky |Sans|^(grand total|yours -|name = \{0\}|marketplace = \{0\})$")
"""Markup, policies, lists of keys, fonts, spellings in reports, lines of TOML."""
WORDS = re.compile(r"[A-Za-z]{2}.* | .*[A-Za-z]{2}", re.DOTALL)
KNOWN = re.compile(r"Sponsored (Products|Brands|Display)|Seller Central|Advertised product|FBA Inventory")


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en")


class _Texts(ast.NodeVisitor):
    """Constants and f-strings that hold words or are said; an f-string as the template that a catalogue has."""

    def __init__(self):
        self.found = set()

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node):
        if not (isinstance(node.exc, ast.Call) and ast.unparse(node.exc.func) == "KeyError"):  # a slip in code
            self.generic_visit(node)

    def visit_keyword(self, node):
        if node.arg not in PLACING:
            self.generic_visit(node)

    def visit_Call(self, node):
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in SAYING:
            said = chain.from_iterable([a.body, a.orelse] if isinstance(a, ast.IfExp) else [a] for a in node.args)
            self.found |= {text.value for text in said if isinstance(text, ast.Constant) and text.value}
        for part in node.args + node.keywords if name == "join" else ast.iter_child_nodes(node):  # " or ".join(...)
            self.visit(part)

    def visit_JoinedStr(self, node):
        gaps = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        self._add("".join(f"{{{gaps.index(part)}}}" if part in gaps else part.value for part in node.values))
        for part in gaps:
            self.visit(part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._add(node.value)

    def _add(self, text):
        if WORDS.search(GAP.sub("", text)) and not NO_TEXTS.search(text) and not re.search("[{}]", GAP.sub("", text)):
            self.found.add(text)


@cache
def in_code():
    texts = _Texts()
    for path in (ROOT / "wockit").glob("*.py"):
        texts.visit(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(texts.found)


def in_data():
    book = playbook()
    for label in LABELS.values():
        yield from (label.heading, label.unit.replace("money", ""))
    for plan in [*book.segments.values(), *book.gates.values()]:
        yield from (plan.label, plan.place, plan.goal, plan.objective, *plan.metrics)
        yield from chain.from_iterable((action.do, *action.source.split(", ")) for action in plan.actions)
    yield from (book.low_stock.do, *book.low_stock.source.split(", "))
    for texts in (book.cautions, book.reasons, book.own_band, book.urgency):
        yield from chain.from_iterable((key.replace("_", " "), text) for key, text in texts.items())
    yield from chain.from_iterable((way.key, way.label) for way in WAYS)
    yield from (*STAKES.values(), *REASONS.values(), *LEVELS, *SOURCES)
    yield from (each.metadata["help"] for each in fields(Settings))
    yield from chain.from_iterable((schema.download, schema.instead) for schema in schemas().values())
    notebook = json.loads((ROOT / "notebooks" / "weekly_report.ipynb").read_text(encoding="utf-8"))
    yield from ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    yield "%d %B %Y"


def texts():
    return in_code() | set(filter(None, in_data()))

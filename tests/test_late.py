import subprocess
import sys

ASKED = """
import sys, wockit
made = lambda: "rfc3987_syntax.syntax_helpers" in sys.modules
import nbformat
from jsonschema import Draft7Validator, FormatChecker
print(made())
checker = Draft7Validator({"format": "iri"}, format_checker=FormatChecker())
print(checker.is_valid("https://example.com/é"), checker.is_valid("no address"), made())
import rfc3987_syntax.utils
print(rfc3987_syntax.parse.__name__, rfc3987_syntax.__file__ is not None)
"""


def test_a_notebook_is_read_without_the_grammar_of_addresses_which_answers_as_before_when_asked():
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "True False True", "parse True"]


def test_names_of_it_that_are_not_stood_in_for_are_its_own():
    code = "import wockit, rfc3987_syntax; print(rfc3987_syntax.parse.__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "rfc3987_syntax.syntax_helpers"

import pytest

from wockit.notes import (
    LEVELS,
    AccountError,
    Note,
    Problem,
    ReportError,
    SettingsError,
    WockitError,
    nearest,
    quoted,
    some,
)


def test_plain_text_is_quoted_as_it_stands():
    assert quoted("不锈钢") == "'不锈钢'"


@pytest.mark.parametrize("hostile", ["a\nb", "a\x1b[31mb", "a\x00b", "a\u202eb", "a\u2028b", "a\rb"])
def test_what_a_terminal_would_obey_is_escaped(hostile):
    assert quoted(hostile).isprintable()


def test_an_escape_is_spelled_out():
    assert quoted("a\x1b[31m") == "'a\\x1b[31m'"


def test_long_text_is_cut_and_still_closed():
    cut = quoted("x" * 100, limit=20)
    assert cut == "'" + "x" * 15 + "...'"
    assert len(cut) == 20


def test_text_at_the_limit_is_whole():
    assert quoted("x" * 78) == "'" + "x" * 78 + "'"


@pytest.mark.parametrize(("value", "expected"), [(3, "3"), (0.5, "0.5"), (None, "None"), (["US"], "['US']")])
def test_other_values_are_shown_as_python_writes_them(value, expected):
    assert quoted(value) == expected


def test_nearest_known_word_is_offered():
    assert nearest("low_week", ["preset", "low_weeks"]) == "Did you mean 'low_weeks'?"


def test_nothing_is_offered_when_nothing_is_near():
    assert nearest("zzz", ["preset", "low_weeks"]) == ""


def test_nearest_takes_any_iterable():
    assert nearest("low_week", iter(["low_weeks"])) == "Did you mean 'low_weeks'?"


def test_a_problem_says_where_what_and_what_to_do():
    assert str(Problem("a.csv, row 2", "found 'x'.", "Mend it.")) == "a.csv, row 2: found 'x'. Mend it."


def test_a_problem_without_advice_ends_after_what_was_found():
    assert str(Problem("a.csv", "found 'x'.")) == "a.csv: found 'x'."


@pytest.mark.parametrize("kind", [SettingsError, ReportError, AccountError])
def test_an_error_carries_every_problem_one_a_line(kind):
    problems = [Problem("a.csv", "first."), Problem("b.csv", "second.")]
    error = kind(iter(problems))
    assert isinstance(error, WockitError)
    assert error.problems == tuple(problems)
    assert str(error) == "a.csv: first.\nb.csv: second."


def test_a_note_reads_as_one_line():
    assert str(Note("warning", "costs.csv", "there is none.")) == "warning: costs.csv: there is none."


def test_notes_sort_with_errors_first():
    notes = [Note(level, "a", "b") for level in reversed(LEVELS)]
    assert [note.level for note in sorted(notes)] == ["error", "info", "warning"]


def test_names_in_a_message_are_cut_and_escaped():
    assert some(["a\x1b[31m", *"bcdefg"]) == "a\\x1b[31m, b, c, d, e and 2 more"


def test_words_of_a_report_stand_in_quotes_in_a_message():
    assert some(["New", "Price"], words=True) == "'New', 'Price'"

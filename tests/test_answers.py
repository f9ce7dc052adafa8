"""Answers that are kept: only where asked for, and never the answer to another question."""

from pathlib import Path

import pytest

from wockit import analyse, load_account
from wockit.answers import answers_kept, kept

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture
def keeping():
    with answers_kept():
        yield


def test_every_call_reads_the_files_anew_unless_asked():
    assert load_account(str(SAMPLE)) is not load_account(str(SAMPLE))


def test_the_notebook_finds_what_the_runner_loaded_and_analysed(keeping):
    account = load_account(SAMPLE, "")
    assert load_account(str(SAMPLE)) is account
    analysis = analyse(account, account.settings.change(low_weeks=2.0))
    assert analyse(account, account.settings.change(low_weeks=2.0)) is analysis
    assert analyse(account, account.settings) is not analysis
    assert load_account(str(SAMPLE), "2026-11-16") is not account


def test_an_argument_that_was_changed_is_another_question(keeping):
    seen = []

    @kept
    def total(numbers):
        seen.append(list(numbers))
        return sum(numbers)

    numbers = [1, 2]
    assert total(numbers) == 3
    numbers.append(3)
    assert total(numbers) == 6
    assert seen == [[1, 2], [1, 2, 3]]


def test_nothing_is_kept_afterwards():
    with answers_kept(), answers_kept():
        inside = load_account(SAMPLE)
    with answers_kept():
        assert load_account(SAMPLE) is not inside

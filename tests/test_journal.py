"""The journal's files, whatever lies there: each is read within bounds, or said to be of no use."""

import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import wockit.analysis.journal
from wockit.analysis.journal import JOURNAL_SCHEMA, read_journal


def write(folder, run, rows, text=""):
    (folder / "actions").mkdir(exist_ok=True)
    columns = {each.name: [text] * rows if each.type == pa.string() else [0.0] * rows for each in JOURNAL_SCHEMA}
    pq.write_table(
        pa.Table.from_pandas(pd.DataFrame(columns), schema=JOURNAL_SCHEMA), folder / "actions" / f"{run}.parquet"
    )


@pytest.mark.parametrize("bound", ["_MOST_ROWS", "_LARGEST"])
def test_the_newest_runs_are_read_up_to_the_bound_and_the_rest_is_said(tmp_path, monkeypatch, bound):
    write(tmp_path, "2026-11-23-1", 2, "x" * 5000)
    one = read_journal(tmp_path)[0]
    for run in ("2026-11-09-1", "2026-11-16-1"):
        write(tmp_path, run, 2, "x" * 5000)
    most = {"_MOST_ROWS": 2 * len(one), "_LARGEST": int(2.5 * one.memory_usage(deep=True).sum())}
    monkeypatch.setattr(wockit.analysis.journal, bound, most[bound])
    whole, notes = read_journal(tmp_path)
    assert whole["run"].unique().tolist() == ["2026-11-16-1", "2026-11-23-1"]
    assert [str(note) for note in notes] == [
        "warning: actions/2026-11-09-1.parquet: ignored, with all before it: together they are too large."
    ]


@pytest.mark.skipif(os.name == "nt", reason="pipes are those of Unix")
def test_what_is_no_file_or_no_journal_is_said_and_the_others_are_read(tmp_path):
    write(tmp_path, "2026-11-23-1", 2)
    os.mkfifo(tmp_path / "actions" / "2026-11-16-1.parquet")
    (tmp_path / "actions" / "2026-11-09-1.parquet").write_bytes(b"PAR1" + b"x" * 50)
    whole, notes = read_journal(tmp_path)
    assert len(whole) == 2
    assert [note.text for note in notes] == ["ignored: the file is damaged."] * 2

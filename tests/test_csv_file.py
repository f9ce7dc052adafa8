"""A table as a CSV file: byte by byte as pandas writes it."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.weekly import csv_file
from wockit.weekly.csv_file import write_csv


def of_pandas(table, path):
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ([1.0, 0.5, np.nan, -2.0], ["1.0", "0.5", "", "-2.0"]),
        ([1e-05, 123456789.25, 1e16, np.inf], ["1e-05", "123456789.25", "1e+16", "inf"]),
        ([3, -4], ["3", "-4"]),
        ([True, False], ["True", "False"]),
        (["Cup", None, "", "a, b", 'a "b"', "a\nb"], ["Cup", "", "", '"a, b"', '"a ""b"""', '"a\nb"']),
        (pd.to_datetime(["2026-11-23", None]), ["2026-11-23", ""]),
        (pd.Series([None, "x", 2.5], dtype=object), ["", "x", "2.5"]),
    ],
)
def test_how_cells_are_written(column, cells, tmp_path):
    table = pd.DataFrame({"asin": "B1", "column": column})
    write_csv(table, tmp_path / "table.csv")
    written = (tmp_path / "table.csv").read_text(encoding="utf-8")
    assert written == "\ufeffasin,column\n" + "".join(f"B1,{cell}\n" for cell in cells)
    assert (tmp_path / "table.csv").read_bytes() == of_pandas(table, tmp_path / "pandas.csv")


@given(
    numbers=st.lists(st.floats() | st.integers(-(10**12), 10**12).map(lambda units: units / 1e6), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
)
def test_any_number_and_any_text(numbers, text, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    table = pd.DataFrame({"number": numbers, "rounded": np.round(numbers, 6), "text": text})
    write_csv(table, folder / "table.csv")
    assert (folder / "table.csv").read_bytes() == of_pandas(table, folder / "pandas.csv")


def test_a_table_longer_than_what_is_laid_out_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "ROWS", 2)
    table = pd.DataFrame({"units": range(5)})
    write_csv(table, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig").split() == ["units", *"01234"]
    write_csv(table[:0], tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig").split() == ["units"]

"""Every column is one record: its names, its formula on the sample account, and where a new one turns up."""

import inspect
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wockit
from wockit.columns import _UNITS, COLUMNS, FORMATS, LABELS, POSITIONS, names_of
from wockit.language import LANGUAGES, catalogue

PACKAGE = Path(wockit.__file__).parent
SAMPLE = PACKAGE.parent / "data" / "sample"
CALCULATED = [name for name, column in COLUMNS.items() if column.formula]


def unit_given(function):
    """The unit of what a function gives, by its docstring up to the parameters or where it says what it returns.

    What is counted per another thing has the unit of the count, but for a pace.
    """
    parts = re.split(r"\n\n(?=\w+\n-)", inspect.getdoc(function))
    said = " ".join([parts[0], *(part for part in parts if part.startswith("Returns"))])
    units = re.findall(r"\[([a-z]+)(/week)?[a-z /]*\]", said)
    return "".join(units[0] if units[0][0] == "unit" else units[0][:1]) if units else None


def test_every_record_is_whole():
    for column in COLUMNS.values():
        assert column.format in FORMATS, column.name
        assert bool(column.heading) == bool(column.meaning), column.name
        assert column.meaning[-1:] in ("", ".", "?"), column.name
        if column.function:
            module, _, name = f"wockit.{column.function}".rpartition(".")
            unit = column.unit or _UNITS.get(column.format, "")
            assert not unit or unit_given(getattr(import_module(module), name)) in (None, unit), column.name


def test_no_name_and_no_place_in_a_table_is_given_twice():
    assert len(COLUMNS) == len(import_module("wockit.columns")._RECORDS)
    places = Counter(place for column in COLUMNS.values() for place in column.places.items())
    assert max(places.values()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_have_the_same_heading(language):
    headings = Counter(catalogue(language).get(label.heading, label.heading) for label in LABELS.values())
    assert [each for each, count in headings.items() if count > 1] == []


def test_columns_stand_in_the_order_of_their_places():
    assert names_of("moves")[:4] == ["title", "place_before", "place", "moved_by"]


@pytest.mark.parametrize("name", CALCULATED)
def test_a_formula_of_the_glossary_gives_its_column(week, name):
    frame = week.details
    if name not in POSITIONS:
        frame = frame.loc[week.budgets.index].drop(columns=week.budgets.columns, errors="ignore").join(week.budgets)
    known = {**asdict(week.settings), "maximum": np.maximum}
    with np.errstate(divide="ignore", invalid="ignore"):
        calculated = eval(COLUMNS[name].formula, {}, {**known, **{each: frame[each] for each in frame}})
    shown = frame[name].notna()
    assert shown.sum() > 5
    pd.testing.assert_series_equal(calculated[shown], frame[name][shown], check_names=False)


ADDED = """
    _column("units_twice", "Twice the stock", "units", "unit", positions=205, page=45, meaning="Available units x 2."),
)
# fmt: on
"""
MADE = """

_without_it = positions_of


def positions_of(account, settings, notes):
    table = _without_it(account, settings, notes)
    return table.assign(units_twice=table["units_available"] * 2)
"""
SHOWS = """
import json, sys
from pathlib import Path
import openpyxl, pyarrow.parquet as parquet
from wockit import analyse, load_account
from wockit.analysis.history import history_of, keep
from wockit.columns import LABELS
from wockit.language import catalogue
from wockit.show.tables import positions_table
from wockit.weekly.outputs import write_results

shop, out = map(Path, sys.argv[1:])
week = analyse(load_account(shop))
write_results(week, history_of(week, shop), out)
keep(week, shop)
kept = parquet.ParquetFile(shop / "history" / "2026-11-23.parquet").schema_arrow.field("units_twice")
older = shop / "history" / "2026-11-16.parquet"
parquet.write_table(parquet.ParquetFile(older).read().drop_columns(["units_twice"]), older)
before = history_of(week, shop).before
sheet = openpyxl.load_workbook(out / "plan.xlsx")["Positions"]
print(json.dumps({
    "page": "Twice the stock [unit]" in positions_table(week).html,
    "workbook": [(cell.value, cell.comment.text) for cell in sheet[1] if "Twice" in cell.value],
    "csv": "units_twice" in (out / "positions.csv").read_text(encoding="utf-8-sig").splitlines()[0],
    "kept": str(kept.type),
    "older": [len(before) > 0, bool(before["units_twice"].isna().all()), bool(before["units_sold"].notna().any())],
    "unsaid": [text for text in (LABELS["units_twice"].heading, LABELS["units_twice"].meaning)
               if text not in catalogue("zh-CN")],
}))
"""


def test_a_new_column_is_one_record_and_the_line_that_makes_it(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "wockit")  # with what is compiled
    shop = shutil.copytree(SAMPLE, tmp_path / "shop", ignore=shutil.ignore_patterns("history", "kinds"))
    columns, positions = tmp_path / "wockit" / "columns.py", tmp_path / "wockit" / "analysis" / "positions.py"
    columns.write_text(columns.read_text(encoding="utf-8").replace("\n)\n# fmt: on\n", ADDED), encoding="utf-8")
    positions.write_text(positions.read_text(encoding="utf-8") + MADE, encoding="utf-8")
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-c", SHOWS, str(shop), str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "page": True,
        "workbook": [["Twice the stock [unit]", "Available units x 2."]],
        "csv": True,
        "kept": "double",
        "older": [True, True, True],
        "unsaid": ["Twice the stock", "Available units x 2."],
    }

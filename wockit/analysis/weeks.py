"""A kept week: the file of one snapshot under `history/` as a table of positions, or why it is of no use.

It is looked at before it is read: a small file may say that it holds any amount. When files are written and made again
is decided in `history`.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wockit.columns import types_of
from wockit.formulas.playbook import playbook
from wockit.language import Text
from wockit.notes import Note
from wockit.reading.door import fault

MOST_WEEK_ROWS, LARGEST_WEEK = 2_000_000, 1_000_000_000
"""Rows of a kept week, and bytes that it may take."""


LARGEST_NUMBER = 1e15
"""What no number of a week is above: its square is still a number."""


_ARROW = {"str": pa.string(), "bool": pa.bool_(), "float64": pa.float64(), "datetime64[s]": pa.timestamp("s")}
SCHEMA = pa.schema(
    [
        ("snapshot", pa.timestamp("ns")),
        ("asin", pa.string()),
        *((name, _ARROW[dtype]) for name, dtype in {**types_of("positions"), **types_of("kept")}.items()),
    ]
)
_NEEDED = ("snapshot", "asin")


ANOTHER_VERSION = Text("ignored: another version of wockit wrote the file.")
"""What is said of a week that this version cannot read and must not replace: a newer one can read it."""


class _OfNoUse(ValueError):
    """A file that is left out, and why."""


def read_week(path: Path, folder: Path) -> tuple[pd.DataFrame | None, tuple[Note, ...]]:
    """A kept week by the names of its columns; nothing where there is no file, or none that can be read.

    What an older version did not keep is missing, what this version does not know is ignored, and what is of another
    type is missing and named.

    Parameters
    ----------
    path
        The file.
    folder
        The account's folder, in which it has to lie.
    """
    where = f"history/{path.name}"
    if not os.path.lexists(path):
        return None, ()
    try:
        if problem := fault(path, folder, where, LARGEST_WEEK):
            raise _OfNoUse(Text("ignored: {0}", problem.found))
        week, of_another_type = _week(_table(path))
        if week.index.isna().any() or week.index.duplicated().any():  # its sums would be wrong
            raise _OfNoUse(Text("ignored: it does not have each ASIN once."))
        week["snapshot"] = pd.Timestamp(path.stem)  # the file's name is what weeks are ordered by
        beyond = _without_the_impossible(week)
    except _OfNoUse as error:
        return None, (Note("warning", where, error.args[0]),)
    except (OSError, ValueError, pa.ArrowException):
        return None, (Note("warning", where, "ignored: the file is damaged."),)
    texts = {
        "columns of a different type count as missing: {0}.": of_another_type,
        "impossible numbers count as missing, in: {0}.": beyond,
    }
    return week, tuple(Note("warning", where, Text(text, ", ".join(names))) for text, names in texts.items() if names)


def _without_the_impossible(week: pd.DataFrame) -> list[str]:
    """Leave numbers out of a week that cannot be; a cover without end can. The columns that had some."""
    numbers = week.select_dtypes("float64")
    beyond = (numbers.abs().gt(LARGEST_NUMBER) & np.isfinite(numbers)) | numbers.eq(-np.inf)
    names = [str(name) for name in numbers.columns[beyond.any()]]
    week[names] = numbers[names].mask(beyond[names])
    return names


def _table(path: Path) -> Any:
    """The columns of a file that this version knows, unless it says that they take too much memory."""
    stored = pq.read_metadata(path).schema
    plain = {stored.column(number).path for number in range(len(stored))}  # no lists, no records
    texts = {field.name for field in SCHEMA if field.type == pa.string()} & plain
    with pq.ParquetFile(path, read_dictionary=[*texts]) as file:
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        names = [name for name in file.schema_arrow.names if name in SCHEMA.names]
        if len({*names}) < len(names):
            raise ValueError(names)
        if missing := [name for name in _NEEDED if name not in names]:
            raise _OfNoUse(Text("ignored: the file has no column {0}.", ", ".join(missing)))
        if file.metadata.num_rows <= MOST_WEEK_ROWS and size <= LARGEST_WEEK:
            table = file.read(names)
            if sum(map(length_of_texts, table.columns)) <= LARGEST_WEEK:
                return table
    raise _OfNoUse(Text("ignored: the file is too large for one week."))


def length_of_texts(column: Any) -> int:
    """Bytes that the texts of a column take when each stands in every row that has it."""
    if not pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type.value_type):
        return 0
    parts = [pc.take(pc.binary_length(chunk.dictionary), chunk.indices) for chunk in column.chunks]
    return sum(pc.sum(part.cast(pa.int64())).as_py() or 0 for part in parts)


def _week(table: Any) -> tuple[pd.DataFrame, list[str]]:
    """Positions by ASIN, and the columns that are of another type than here."""
    columns, of_another_type = [], []
    for field in SCHEMA:
        column = pa.nulls(len(table), field.type)
        if field.name in table.column_names:
            try:
                column = table[field.name].cast(field.type)
            except pa.ArrowException:
                of_another_type.append(field.name)
        columns.append(column)
    if {*of_another_type} & {*_NEEDED}:
        raise ValueError(of_another_type)
    whole = pa.table(columns, schema=SCHEMA)
    whole.validate(full=True)  # a text may be no UTF-8
    keys = {key for name in ("gate", "segment", "plan") for key in whole[name].unique().to_pylist() if key}
    if not keys <= {*playbook().segments, *playbook().gates}:
        raise _OfNoUse(ANOTHER_VERSION)
    return whole.to_pandas().set_index("asin"), of_another_type

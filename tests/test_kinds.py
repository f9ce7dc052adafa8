"""Every kind and language of report: file in, tidy table out, side by side with what it must give."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wockit.notes import ReportError
from wockit.reading.reports import read_report
from wockit.reading.schemas import schemas

ROOT = Path(__file__).parent.parent
KINDS = ROOT / "data" / "sample" / "kinds"
EXPECTED = sorted((ROOT / "tests" / "data").glob("*/*.expected.csv"))
REFUSED = sorted(
    path for key, schema in schemas().items() if schema.role == "refused" for path in (KINDS / key).iterdir()
)


def file_of(expected):
    variant = expected.name.removesuffix(".expected.csv")
    (found,) = (path for path in (KINDS / expected.parent.name).iterdir() if path.name.split(".")[0] == variant)
    return found


def name_of(path):
    return f"{path.parent.name}-{path.name.split('.')[0]}"


def test_there_is_a_file_of_every_kind():
    assert {path.name for path in KINDS.iterdir()} == set(schemas()) - {"costs", "own_stock"}  # which a person writes


def test_every_file_of_a_kind_that_is_read_has_its_table():
    files = {path for path in KINDS.rglob("*.*") if schemas()[path.parent.name].role != "refused"}
    assert {file_of(expected) for expected in EXPECTED} == files


@pytest.mark.parametrize("expected", EXPECTED, ids=name_of)
def test_file_in_tidy_table_out(expected):
    report = read_report(file_of(expected))
    assert report.schema.key == expected.parent.name
    wanted = pd.read_csv(expected, dtype=str, keep_default_na=False)
    assert len(report.table) == len(wanted)
    for name in [name for name in wanted if report.schema.columns[name].read]:
        found, column = report.table[name], wanted[name]
        if pd.api.types.is_datetime64_any_dtype(found):
            assert found.dt.strftime("%Y-%m-%d").fillna("").tolist() == column.tolist(), name
        elif pd.api.types.is_float_dtype(found):
            np.testing.assert_allclose(found, [float(cell or "nan") for cell in column], err_msg=name)
        else:
            assert found.fillna("").tolist() == column.tolist(), name


@pytest.mark.parametrize("path", REFUSED, ids=name_of)
def test_a_report_that_cannot_serve_is_refused_by_name_with_what_to_download_instead(path):
    schema = schemas()[path.parent.name]
    with pytest.raises(ReportError) as caught:
        read_report(path)
    (problem,) = caught.value.problems
    assert problem.found == f"it is the {schema.title} report, which cannot be used here."
    assert problem.do == schema.instead
    assert len(problem.do) > 20

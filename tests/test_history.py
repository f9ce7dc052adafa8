"""Past weeks: what is kept of a snapshot, how it is read back or made again, and what history says of an account."""

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from wockit.analysis import history, weeks
from wockit.analysis.analyse import analyse
from wockit.analysis.history import WEEKS, history_of, keep
from wockit.analysis.plans import PLAN
from wockit.analysis.scenario import Scenario
from wockit.columns import KEPT, LABELS, POSITIONS
from wockit.notes import Note
from wockit.reading.account import load_account
from wockit.show.workbook import write_workbook

DAYS = ("2026-11-09", "2026-11-16", "2026-11-23")
A, B = "B0PASTWK0A", "B0PASTWK0B"
STOCK = {A: (400, 400), B: (400, 400)}
"""Units available and shipped in 30 days: four weeks of each."""
ADS = {A: (100, 400), B: (100, 400)}
"""Spend and sales: ROAS 4."""
TOML = 'name = "Shop"\nmarketplace = "US"\nroas_cut = "target"\ntarget_roas = 3.0\n'
HOSTILE = '=HYPERLINK("x"),\t"q";\n<script>alert(1)</script> 不锈钢保温杯 🙂 \u202e' + "x" * 5000


def write(path, head, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def put(folder, day, stock=None, ads=None):
    """The reports of one snapshot: the inventory, and advertising of a single day that is settled."""
    rows = [(day, f"S-{asin}", "X1", asin, f"Cup {asin}", *units, 500, 10) for asin, units in (stock or STOCK).items()]
    head = ["snapshot-date", "sku", "fnsku", "asin", "product-name", "available", "units-shipped-t30",
            "inv-age-0-to-90-days", "your-price"]  # fmt: skip
    write(folder / day / "inventory.csv", head, rows)
    clicked = date.fromisoformat(day) - timedelta(days=20)
    rows = [(clicked, "Campaign", asin, 900, spend, sales, 40) for asin, (spend, sales) in (ads or ADS).items()]
    head = [
        "Date",
        "Campaign Name",
        "Advertised ASIN",
        "Clicks",
        "Spend",
        "7 Day Total Sales",
        "7 Day Total Orders (#)",
    ]
    write(folder / day / "ads.csv", head, rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An account of three snapshots: A's stock doubled in the last week, B's ROAS fell in the week before."""
    folder = tmp_path_factory.mktemp("made") / "shop"
    folder.mkdir()
    (folder / "account.toml").write_text(TOML)
    put(folder, DAYS[0])
    put(folder, DAYS[1], ads={A: (100, 400), B: (100, 200)})
    put(folder, DAYS[2], stock={A: (800, 400), B: (400, 400)}, ads={A: (100, 400), B: (100, 200)})
    return folder, told(folder)


@pytest.fixture
def shop(made, tmp_path):
    """The account, with the two older snapshots kept."""
    return shutil.copytree(made[0], tmp_path / "shop")


@pytest.fixture
def bare(shop):
    """The account with nothing kept yet."""
    shutil.rmtree(shop / "history")
    return shop


@pytest.fixture(scope="module")
def first(made):
    """What history says of the account."""
    return made[1]


_ANALYSED = {}


def analysed(folder, day=DAYS[2]):
    """The analysis of a snapshot; that of the same files, which most tests leave as they are, is made once."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "history" not in path.parts]
    key = (day, *((path.relative_to(folder), path.read_bytes()) for path in paths))
    if key not in _ANALYSED:
        _ANALYSED[key] = analyse(load_account(folder, day))
    return _ANALYSED[key]


def told(folder, day=DAYS[2], reports=""):
    return history_of(analysed(folder, day), folder, reports)


def kept(folder):
    return sorted(path.name for path in (folder / "history").iterdir())


def files(*days):
    return [f"{day}.parquet" for day in days]


def about(found):
    return [(note.level, note.where) for note in found.notes]


def same(one, other):
    for name in ("before", "totals", "moves", "ledger", "scores"):
        first, second = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(
            first.sort_index(), second.sort_index(), check_dtype=False, check_exact=True, check_column_type=False
        )


def test_the_last_move_of_each_asin_is_found(shop, first):
    found = first.moves
    assert found.index.tolist() == [A]
    assert found.loc[A, ["place_before", "place", "moved_by"]].tolist() == ["scale", "push_traffic", "stock"]
    week_before = told(shop, DAYS[1]).moves
    assert week_before.index.tolist() == [B]
    assert week_before.loc[B, ["place_before", "place", "moved_by"]].tolist() == ["scale", "refine", "ROAS"]


def test_the_totals_have_a_row_for_each_snapshot_the_last_one_last(first):
    found = first.totals
    assert [f"{day:%Y-%m-%d}" for day in found.index] == [*DAYS]
    assert found["stock_value"].tolist() == [8000, 8000, 12000]
    assert found["weeks_of_coverage"].tolist() == [4, 4, 6]


def test_the_ledger_is_of_the_snapshot_before(first):
    found = first.ledger
    told = ["place", "advised", "did", "followed"]
    assert found.loc[A, told].tolist() == ["scale", "supply_costs", "stock_up", False]
    assert found.loc[B, told].tolist() == ["refine", "supply_costs", "", False]
    assert found["decision"].tolist() == [""] * 2


def test_the_scores_have_a_row_for_each_week_since_a_snapshot(first):
    found = first.scores
    assert [f"{day:%Y-%m-%d}" for day in found.index] == [*DAYS[1:]]
    assert found["advised"].tolist() == [2, 2]
    assert found["followed"].tolist() == [0, 0]
    assert (found["followed"] + found["left"]).tolist() == found["advised"].tolist()


def test_the_week_that_sold_stands_beside_what_was_expected_of_it(build, outlook, tmp_path):
    """Ten a week were expected and twelve sold; 30 units in 30 days are seven a week."""
    stock = {A: {"units_available": 400.0, "units_shipped_30_days": 30.0, "price": 10.0}}
    ahead = outlook({A: 10.0}, sold=[10.0, 12.0])
    keep(analyse(build(stock, **ahead, snapshot=date(2026, 11, 16))), tmp_path)
    found = history_of(analyse(build(stock, **ahead)), tmp_path).scores.loc["2026-11-23"]
    assert found[["units_expected", "units_by_last_month", "units_sold", "within_half"]].tolist() == [10, 7, 12, 1]


def test_an_account_with_one_snapshot_has_no_moves_an_empty_ledger_and_no_scores(bare):
    for day in DAYS[:2]:
        shutil.rmtree(bare / day)
    found = told(bare)
    assert found.moves.empty and found.ledger.empty and found.scores.empty and found.before.empty
    assert len(found.totals) == 1
    assert found.notes == ()
    assert {*found.before.columns, *found.moves.columns, *found.ledger.columns, *found.totals.columns,
            *found.scores.columns} <= set(LABELS)  # fmt: skip


def test_a_folder_without_dates_has_a_past_once_it_was_kept(shop, tmp_path):
    flat = tmp_path / "flat"
    for day in DAYS[1:]:
        shutil.copytree(shop / day, flat, dirs_exist_ok=True)
        shutil.copy(shop / "account.toml", flat)
        found = history_of(analyse(load_account(flat)), flat, tmp_path / "reports")
    assert found.moves.index.tolist() == [A]
    assert kept(flat) == files(*DAYS[1:])


def test_the_order_of_rows_and_the_names_of_files_move_nothing(bare, first):
    for day in DAYS:
        for name in ("inventory.csv", "ads.csv"):
            head, *rows = (bare / day / name).read_text(encoding="utf-8").splitlines(keepends=True)
            (bare / day / name).write_text("".join([head, *reversed(rows)]), encoding="utf-8")
        (bare / day / "ads.csv").rename(bare / day / "0.csv")
    same(first, told(bare))


def test_the_same_snapshot_again_is_no_move(shop):
    shutil.rmtree(shop / DAYS[2])
    put(shop, DAYS[2], ads={A: (100, 400), B: (100, 200)})
    found = told(shop)
    assert found.moves.empty
    assert found.ledger["did"].tolist() == [""] * 2


def test_the_snapshots_before_are_kept_and_this_one_with_a_report(bare, tmp_path):
    told(bare)
    assert kept(bare) == files(*DAYS[:2])
    told(bare, reports=tmp_path / "reports")
    assert kept(bare) == files(*DAYS)


def test_the_same_analysis_is_the_same_bytes(shop, tmp_path):
    analysis = analysed(shop)
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        assert keep(analysis, tmp_path / folder) == ()
        assert keep(analysis, tmp_path / folder) == ()
    (tmp_path / "third").mkdir()
    shuffled = replace(analysis, positions=analysis.positions.iloc[::-1])
    keep(shuffled, tmp_path / "third")
    written = {(tmp_path / each / "history" / files(DAYS[2])[0]).read_bytes() for each in ("first", "second", "third")}
    assert len(written) == 1


def test_the_kept_files_are_one_table_to_pandas_and_to_a_dataset(shop, tmp_path):
    told(shop, reports=tmp_path / "reports")
    by_pandas = pd.read_parquet(shop / "history")
    by_arrow = pyarrow.dataset.dataset(shop / "history").to_table()
    assert by_pandas.columns.tolist() == by_arrow.column_names == ["snapshot", "asin", *POSITIONS, *KEPT]
    assert len(by_pandas) == by_arrow.num_rows == 6
    found = by_pandas.set_index(["snapshot", "asin"])["units_available"]
    assert found.to_dict() == {
        **{(pd.Timestamp(day), asin): 400 for day in DAYS for asin in (A, B)},
        (pd.Timestamp(DAYS[2]), A): 800,
    }


def test_what_is_kept_is_what_was_told(week, tmp_path):
    keep(week, tmp_path)
    found = pd.read_parquet(tmp_path / "history" / "2026-11-23.parquet").set_index("asin")
    assert found.pop("snapshot").eq(pd.Timestamp(2026, 11, 23)).all()
    expected = week.positions.sort_index()
    for name in POSITIONS:
        for value, was in zip(found[name], expected[name], strict=True):
            assert (pd.isna(value) and pd.isna(was)) or value == was


def test_hostile_titles_are_read_back_as_they_were(build, tmp_path):
    stock = {asin: {"units_available": 400.0, "units_shipped_30_days": 400.0, "price": 10.0, "title": title}
             for asin, title in {"A": HOSTILE, "B": "", "C": "\x00"}.items()}  # fmt: skip
    then = analyse(build(stock, snapshot=date(2026, 11, 16)))
    keep(then, tmp_path)
    found = history_of(analyse(build(stock)), tmp_path)
    assert found.before["title"].tolist() == then.positions.sort_index()["title"].tolist() == [HOSTILE, "", "\x00"]
    assert found.moves.empty


def damaged(content):
    return lambda path: path.write_bytes(content(path.read_bytes()))


DAMAGE = {
    "deleted": Path.unlink,
    "empty": damaged(lambda _: b""),
    "truncated": damaged(lambda content: content[: len(content) // 2]),
    "without its end": damaged(lambda content: content[:-10]),
    "garbage": damaged(lambda _: b"PAR1 no table PAR1"),
    "text": damaged(lambda _: b"snapshot,asin\n2026-11-16,A\n"),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_a_file_that_is_missing_or_no_use_is_made_again(shop, first, change):
    path = shop / "history" / files(DAYS[1])[0]
    whole = path.read_bytes()
    change(path)
    again = told(shop)
    same(first, again)
    assert again.notes == ()
    assert path.read_bytes() == whole
    assert kept(shop) == files(*DAYS[:2])


def test_a_damaged_file_of_a_snapshot_that_is_no_more_is_left_out(shop):
    (shop / "history" / files(DAYS[0])[0]).write_bytes(b"no table")
    shutil.rmtree(shop / DAYS[0])
    found = told(shop)
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == [*DAYS[1:]]


def rewritten(path, change):
    table = pq.read_table(path)
    pq.write_table(change(table), path)


def test_a_column_that_an_older_version_did_not_keep_is_missing_and_the_week_stays(shop):
    path = shop / "history" / files(DAYS[1])[0]
    rewritten(path, lambda table: table.drop_columns(["tacos"]))
    written = path.read_bytes()
    found = told(shop)
    assert found.before["tacos"].isna().all()
    assert found.before["weeks_of_coverage"].notna().any()
    assert found.notes == ()
    assert path.read_bytes() == written


def test_a_column_that_a_newer_version_keeps_is_ignored(shop, first):
    path = shop / "history" / files(DAYS[1])[0]
    rewritten(path, lambda table: table.append_column("units_on_the_moon", pa.array([1.0] * len(table))))
    same(first, told(shop))


def test_a_number_that_cannot_be_is_missing_and_named(shop):
    history_of(analyse(load_account(shop)), shop)
    path = shop / "history" / "2026-11-16.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("stake_a_week")
    pq.write_table(table.set_column(place, "stake_a_week", pa.array([1e308] * len(table))), path)
    week, (note,) = weeks.read_week(path, shop)
    assert week["stake_a_week"].isna().all()
    assert note.text == "impossible numbers count as missing, in: stake_a_week."


def test_a_column_of_another_type_is_missing_and_named(shop):
    path = shop / "history" / files(DAYS[1])[0]
    place = pq.read_table(path).column_names.index("roas")
    rewritten(path, lambda table: table.set_column(place, "roas", pa.array(["high"] * len(table))))
    found = told(shop)
    assert found.before["roas"].isna().all()
    assert [str(note) for note in found.notes] == [
        f"warning: history/{path.name}: columns of a different type count as missing: roas."
    ]


@pytest.mark.parametrize("value", [["a"], {"a": "b"}], ids=["lists", "records"])
def test_a_column_of_lists_or_records_is_missing_and_named(shop, value):
    path = shop / "history" / files(DAYS[1])[0]
    place = pq.read_table(path).column_names.index("title")
    rewritten(path, lambda table: table.set_column(place, "title", pa.array([value] * len(table))))
    found = told(shop)
    assert found.before["title"].isna().all()
    assert [note.text for note in found.notes] == ["columns of a different type count as missing: title."]


def test_a_kept_file_without_asins_is_named_and_left_out_where_its_snapshot_is_gone(shop):
    path = shop / "history" / files(DAYS[0])[0]
    rewritten(path, lambda table: table.drop_columns(["asin"]))
    shutil.rmtree(shop / DAYS[0])
    found = told(shop)
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == [*DAYS[1:]]
    assert [note.text for note in found.notes] == ["ignored: the file has no column asin."]


def column(table, name, values):
    return table.set_column(table.column_names.index(name), name, values)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: pa.concat_tables([table, table]), "it does not have each ASIN once."),
        (lambda table: column(table, "asin", pa.nulls(len(table), pa.string())), "it does not have each ASIN once."),
        (lambda table: table.append_column("asin", table["asin"]), "the file is damaged."),
    ],
    ids=["rows twice", "no asin", "column twice"],
)
def test_a_kept_file_that_cannot_be_a_week_is_named_and_its_sums_are_not_taken(shop, change, said):
    rewritten(shop / "history" / files(DAYS[0])[0], change)
    shutil.rmtree(shop / DAYS[0])
    found = told(shop)
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == [*DAYS[1:]]
    assert [note.text.startswith(f"ignored: {said}") for note in found.notes] == [True]


def test_a_week_is_of_the_day_in_its_name(shop, first):
    day = pa.array([pd.Timestamp("1700-01-01")] * 200)
    rewritten(shop / "history" / files(DAYS[1])[0], lambda table: column(table, "snapshot", day[: len(table)]))
    pd.testing.assert_frame_equal(told(shop).ledger, first.ledger)


def test_a_kept_file_is_enough_without_its_snapshot(shop, first):
    for day in DAYS[:2]:
        shutil.rmtree(shop / day)
    found = told(shop)
    pd.testing.assert_frame_equal(found.moves, first.moves)
    pd.testing.assert_frame_equal(found.totals, first.totals)


def test_a_kept_file_is_not_made_again_by_other_settings_of_today(shop):
    path = shop / "history" / files(DAYS[1])[0]
    then = path.read_bytes()
    (shop / "account.toml").write_text(TOML + "low_weeks = 5.0\n")
    found = told(shop)
    assert path.read_bytes() == then
    assert found.before["low_weeks"].eq(3).all()


def test_a_snapshot_that_cannot_be_read_is_a_note_and_does_not_stop(bare):
    (bare / DAYS[1] / "inventory.csv").write_bytes(b"")
    found = told(bare)
    assert about(found) == [("warning", DAYS[1])]
    assert "this snapshot cannot be compared: " in found.notes[0].text
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == [DAYS[0], DAYS[2]]
    assert set(found.moves.index) == {A, B}
    assert kept(bare) == files(DAYS[0])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
def test_an_interrupted_write_leaves_the_older_file_whole(shop, monkeypatch, error):
    older = {path.name: path.read_bytes() for path in (shop / "history").iterdir()}
    put(shop, DAYS[1], stock={A: (100, 400), B: (400, 400)})

    def stopped(table, where, **options):
        where.write(b"PAR1 half of it")
        raise error

    monkeypatch.setattr(history.pq, "write_table", stopped)
    analysis = analysed(shop, DAYS[1])
    if isinstance(error, OSError):
        (note,) = keep(analysis, shop)
        assert (note.level, note.where) == ("warning", "history")
        assert "No space left on device" in note.text
    else:
        with pytest.raises(type(error)):
            keep(analysis, shop)
    assert {path.name: path.read_bytes() for path in (shop / "history").iterdir()} == older


def test_a_place_that_cannot_be_written_is_a_note(bare, tmp_path):
    (bare / "history").write_text("a file")
    found = told(bare, reports=tmp_path / "reports")
    assert about(found) == [("warning", "history")] * 3
    assert {note.text for note in found.notes} == {"this week could not be saved to history: File exists."}
    assert found.moves.index.tolist() == [A]
    assert (bare / "history").read_text() == "a file"


def test_a_folder_in_the_place_of_a_file_is_a_note(bare):
    (bare / "history" / files(DAYS[1])[0]).mkdir(parents=True)
    found = told(bare)
    assert about(found) == [("warning", "history")]
    assert found.moves.index.tolist() == [A]
    assert kept(bare) == files(*DAYS[:2])


def test_a_file_whose_name_is_no_day_is_left_alone(shop, first):
    shutil.copy(shop / "history" / files(DAYS[0])[0], shop / "history" / "2026-00-00.parquet")
    (shop / "history" / "notes.txt").write_text("mine")
    same(first, told(shop))


def test_a_kept_file_can_be_read_by_whom_other_files_can(bare):
    told(bare)
    other = bare / "other"
    other.touch()
    assert {oct(path.stat().st_mode) for path in (bare / "history").iterdir()} == {oct(other.stat().st_mode)}


@pytest.mark.parametrize(
    ("settings", "scenario"),
    [({"low_weeks": 2.0}, Scenario()), ({}, Scenario("less", "Shop", {"clear_days": 60})),
     ({}, Scenario("bid", "Shop", {}, {A: {"price": 9.0}}))],
    ids=["settings", "scenario", "scenario of an ASIN"],
)  # fmt: skip
def test_what_is_tried_out_is_not_kept(shop, tmp_path, settings, scenario):
    keep(analysed(shop), shop)
    path = shop / "history" / files(DAYS[2])[0]
    whole = path.read_bytes()
    account = analysed(shop).account
    tried = analyse(account, account.settings.change(**settings), scenario)
    found = history_of(tried, shop, tmp_path / "reports")
    assert found.notes == (
        Note(
            "info", "history", "this run is not saved to history, because settings or a scenario are being tried out."
        ),
    )
    assert path.read_bytes() == whole
    path.unlink()
    history_of(tried, shop, tmp_path / "reports")
    assert kept(shop) == files(*DAYS[:2])


def test_what_is_tried_out_is_compared_with_the_weeks_as_they_were(shop):
    account = analysed(shop).account
    found = history_of(analyse(account, account.settings.change(target_roas=5.0)), shop)
    assert found.before["roas_cut"].eq(3).all()
    assert found.moves.loc[A, "moved_by"] == "stock; cut"


def test_the_snapshot_looked_at_is_never_read_from_its_own_file(shop, first):
    path = shop / "history" / files(DAYS[2])[0]
    shutil.copy(shop / "history" / files(DAYS[0])[0], path)
    same(first, told(shop))
    path.write_bytes(b"no table")
    found = told(shop)
    same(first, found)
    assert found.notes == ()


def test_later_snapshots_are_not_looked_at(shop):
    keep(analysed(shop), shop)
    found = told(shop, DAYS[1])
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == [*DAYS[:2]]


def test_only_so_many_snapshots_are_looked_back_at(shop):
    source = shop / "history" / files(DAYS[0])[0]
    days = [(date(2026, 11, 9) - timedelta(days=7 * back)).isoformat() for back in range(1, 30)]
    for day in days:
        shutil.copy(source, shop / "history" / f"{day}.parquet")
    found = told(shop)
    assert len(found.totals) == WEEKS + 1 == 27
    assert [f"{day:%Y-%m-%d}" for day in found.totals.index] == sorted([*days, *DAYS])[-27:]
    assert len(found.scores) == WEEKS


def plan_of(folder, day):
    """Where the workbook of a report lies."""
    path = folder / day / PLAN
    path.parent.mkdir(parents=True)
    return path


def test_decisions_of_the_last_report_stand_in_the_ledger(shop, tmp_path):
    reports = tmp_path / "reports"
    for day, text in ((DAYS[0], "older"), (DAYS[1], "=1+1, wait"), (DAYS[2], "today's")):
        write_workbook(analysed(shop, day), plan_of(reports, day), decisions={B: text})
    assert told(shop, reports=reports).ledger["decision"].to_dict() == {A: "", B: "=1+1, wait"}
    assert told(shop).ledger["decision"].to_dict() == {A: "", B: ""}


def test_what_a_colleague_wrote_with_another_programme_is_read(shop, tmp_path):
    path = plan_of(tmp_path / "reports", DAYS[1])
    write_workbook(analysed(shop, DAYS[1]), path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[head.index("Decision")].value = f"for {row[head.index('ASIN')].value}"
    book.save(path)
    assert told(shop, reports=tmp_path / "reports").ledger["decision"].to_dict() == {A: f"for {A}", B: f"for {B}"}


def test_a_damaged_workbook_is_a_note(shop, tmp_path):
    path = plan_of(tmp_path / "reports", DAYS[1])
    path.write_bytes(b"no workbook")
    found = told(shop, reports=tmp_path / "reports")
    assert about(found) == [("warning", "history")]
    assert found.notes[0].text.startswith("the decisions of the last report could not be read: it is named .xlsx")
    assert found.ledger["decision"].tolist() == [""] * 2


def test_a_workbook_that_may_not_be_opened_is_a_note(shop, tmp_path, monkeypatch):
    path = plan_of(tmp_path / "reports", DAYS[1])
    write_workbook(analysed(shop, DAYS[1]), path)
    opened = Path.open

    def refused(self, *given, **options):
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(self, *given, **options)

    monkeypatch.setattr(Path, "open", refused)
    found = told(shop, reports=tmp_path / "reports")
    assert about(found) == [("warning", "history")]
    assert found.ledger["decision"].tolist() == [""] * 2


def test_reports_that_are_not_there_yet_hold_no_decisions(shop, tmp_path):
    found = told(shop, reports=tmp_path / "none")
    assert about(found) == [("warning", "plan.xlsx")]
    assert found.ledger["decision"].tolist() == [""] * 2


def test_a_file_that_says_it_holds_more_than_a_week_is_left_out_before_it_is_read(shop, monkeypatch):
    path = shop / "history" / f"{DAYS[1]}.parquet"
    whole = pq.read_table(path)
    titles = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), pa.array(["x" * 10_000]))
    pq.write_table(
        pa.table({"snapshot": [whole["snapshot"][0].as_py()] * 1000, "asin": ["A"] * 1000, "title": titles}), path
    )
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(weeks, "LARGEST_WEEK", 5_000_000)
    assert weeks.read_week(path, shop)[1][0].text == "ignored: the file is too large for one week."
    monkeypatch.setattr(weeks, "MOST_WEEK_ROWS", 10)
    monkeypatch.setattr(pq.ParquetFile, "read", None)
    assert weeks.read_week(path, shop)[1][0].text == "ignored: the file is too large for one week."


def test_a_column_that_is_not_known_is_never_read(shop):
    path = shop / "history" / f"{DAYS[1]}.parquet"
    rewritten(path, lambda table: table.append_column("blob", pa.array(["x"] * len(table))))
    assert "blob" not in weeks.read_week(path, shop)[0]


@pytest.mark.parametrize("name", ["plan", "segment", "gate"])
def test_a_week_of_another_version_stays_and_is_said_and_what_it_held_is_calculated_again(shop, first, name):
    path = shop / "history" / f"{DAYS[1]}.parquet"
    place = pq.read_table(path).column_names.index(name)
    rewritten(path, lambda table: table.set_column(place, name, pa.array(["older_plan"] * len(table))))
    shutil.copy(path, shop / "history" / "2026-11-02.parquet")
    written = path.read_bytes()
    found = told(shop)
    same(found, first)
    text = "ignored: another version of wockit wrote the file."
    assert found.notes == tuple(Note("warning", f"history/{day}.parquet", text) for day in ("2026-11-02", DAYS[1]))
    assert path.read_bytes() == written


def test_where_earlier_reports_are_in_another_place_this_is_said(shop, tmp_path):
    """The account was renamed: its kept weeks came along, its reports with what people wrote did not."""
    (home := tmp_path / "new name").mkdir()
    text = "no earlier report lies beside this one"
    assert [note.where for note in told(shop, reports=home).notes if text in note.text] == ["plan.xlsx"]
    (home / DAYS[2]).mkdir()
    assert not [note for note in told(shop, reports=home).notes if text in note.text]


def test_a_first_report_has_none_before_it_however_many_snapshots_there_are(shop, tmp_path):
    shutil.rmtree(shop / "history")
    assert told(shop, reports=tmp_path).notes == ()


def test_a_text_that_is_no_utf_8_is_a_damaged_file(shop):
    path = shop / "history" / f"{DAYS[1]}.parquet"
    place = pq.read_table(path).column_names.index("title")
    bad = pa.array([b"\xff\xfe"] * len(pq.read_table(path)), pa.binary()).view(pa.string())
    rewritten(path, lambda table: table.set_column(place, "title", bad))
    assert weeks.read_week(path, shop) == (
        None,
        (Note("warning", f"history/{DAYS[1]}.parquet", "ignored: the file is damaged."),),
    )


def test_a_link_out_of_the_account_is_not_read_as_a_week_and_nothing_is_written_through_one(shop, tmp_path):
    path = shop / "history" / f"{DAYS[1]}.parquet"
    path.rename(tmp_path / "elsewhere.parquet")
    path.symlink_to(tmp_path / "elsewhere.parquet")
    assert weeks.read_week(path, shop)[0] is None
    shutil.rmtree(shop / "history")
    (tmp_path / "outside").mkdir()
    (shop / "history").symlink_to(tmp_path / "outside")
    notes = keep(analysed(shop), shop)
    assert "link" in notes[0].text
    assert list((tmp_path / "outside").iterdir()) == []

"""The referee: each finding on an account in which one thing is broken, and what stops the weekly run."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from wockit.cli import main
from wockit.notes import AccountError, Note, SettingsError
from wockit.reading.account import load_account
from wockit.reading.referee import CODES, order_of_harm

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
BEFORE, NEWEST = "2026-11-16", "2026-11-23"
ADS = "Sponsored_Products_Advertised_product_report.xlsx"
ENCODINGS = {"30": "cp1252", "Bu": "utf-8-sig", "co": "utf-8"}


LEFT_OUT = ("2026-11-09", "kinds", "*.py", "bulk-*", "FeePreview.txt", "history")
"""What of the sample no finding here is about."""


@pytest.fixture
def account(tmp_path):
    """The sample with its two newest snapshots."""
    return shutil.copytree(SAMPLE, tmp_path / "shop", ignore=shutil.ignore_patterns(*LEFT_OUT))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The same account, read as it is."""
    folder = tmp_path_factory.mktemp("whole") / "shop"
    return load_account(shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*LEFT_OUT)))


def inventory(account, day=NEWEST):
    return next((account / day).glob("30*.csv"))


def business(account, day=NEWEST):
    return next((account / day).glob("Bus*.csv"))


def edit(path, change=lambda row: True, names=None):
    """Rewrite a report: `change` alters a row in place, or gives False to drop it; `names` are new names of columns."""
    encoding = ENCODINGS[path.name[:2]]
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding))))
    kept = [row for row in rows if change(row) is not False]
    with path.open("w", encoding=encoding, newline="") as target:
        writer = csv.writer(target)
        writer.writerow([(names or {}).get(name, name) for name in rows[0]])
        writer.writerows(row.values() for row in kept)


def keep_of(path, share):
    """Keep a share of the rows of a report, the first ones."""
    left = iter(range(round(share * sum(1 for _ in csv.reader(io.StringIO(path.read_bytes().decode("latin-1"))))) - 1))
    edit(path, lambda row: next(left, None) is not None)


def write_settings(account, text):
    (account / "account.toml").write_text(f'marketplace = "US"\n{text}\n', encoding="utf-8")


def found(account, code, snapshot=""):
    return [note for note in load_account(account, snapshot).notes if note.code == code]


def levels(account, code):
    return [note.level for note in found(account, code)]


# Each finding


@pytest.mark.parametrize("day", ["2026-11-09", BEFORE, NEWEST])
def test_nothing_in_the_sample_stops_a_run(day):
    notes = load_account(SAMPLE, day).notes
    assert [note for note in notes if note.level == "error"] == []
    assert {note.code for note in notes} <= {"", "advertised_without_stock", "advertised_without_sales"}


def test_a_business_report_of_unknown_length(account):
    write_settings(account, "")
    (note,) = found(account, "period_unknown")
    assert (note.level, note.where) == ("warning", f"{NEWEST}/{business(account).name}")
    assert "Write the days that the report covers into account.toml." in note.text


def test_the_length_is_known_where_it_is_given(account):
    assert found(account, "period_unknown") == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", []),
        ("2026-11-20", []),
        ("2026-11-19", ["warning"]),
        ("2026-11-27", ["warning"]),
        ("2026-11-09", ["warning"]),
        ("2026-11-08", ["error"]),
        ("2026-10-23", ["error"]),
        ("2026-12-23", ["error"]),
    ],
)
def test_an_inventory_of_another_day(account, day, expected):
    edit(inventory(account), lambda row: row.update({"snapshot-date": day}))
    notes = found(account, "different_days")
    assert [note.level for note in notes] == expected
    assert all(f"is dated {day}, the snapshot {NEWEST}" in note.text for note in notes)


def test_advertising_that_ended_long_before_the_snapshot(account):
    (account / "2026-12-08").mkdir()
    for path in (account / NEWEST).iterdir():
        shutil.copy(path, account / "2026-12-08")
    edit(inventory(account, "2026-12-08"), lambda row: row.update({"snapshot-date": "2026-12-08"}))
    (note,) = found(account, "different_days")
    assert (note.level, note.where) == ("warning", f"2026-12-08/{ADS}")
    assert note.text == "its last day is 2026-11-23, the snapshot's day is 2026-12-08."


@pytest.mark.parametrize(("last", "expected"), [("2026-11-20", []), ("2026-11-17", ["warning"])])
def test_orders_that_end_before_the_snapshot(account, last, expected):
    business(account).unlink()
    write_settings(account, "")
    header = "purchase-date\torder-status\tasin\tquantity\titem-price"
    orders = f"{header}\n2026-10-01\tShipped\tB0WOC8CASE\t1\t30\n{last}\tShipped\tB0WOC8CASE\t1\t30\n"
    (account / NEWEST / "orders.txt").write_text(orders)
    assert levels(account, "different_days") == expected


@pytest.mark.parametrize(("last", "expected"), [("2026-11-19", []), ("2026-11-18", ["warning"])])
def test_a_document_of_sales_says_itself_when_its_period_ends(account, last, expected):
    business(account).unlink()
    sold = {"unitsOrdered": 30, "orderedProductSales": {"amount": 300.0, "currencyCode": "USD"}}
    each = {
        "parentAsin": "B0WK000001",
        "childAsin": "B0WK000001",
        "salesByAsin": sold,
        "trafficByAsin": {"sessions": 9},
    }
    asked = {"dataStartTime": "2026-10-20", "dataEndTime": last, "reportOptions": {"asinGranularity": "CHILD"}}
    document = {"reportSpecification": asked, "salesAndTrafficByAsin": [each]}
    (account / NEWEST / "sales.json").write_text(json.dumps(document), encoding="utf-8")
    assert levels(account, "different_days") == expected


def test_a_file_of_several_marketplaces(account):
    edit(inventory(account), lambda row: row.update(marketplace="CA") if row["asin"] == "B0WOC8CASE" else None)
    (note,) = found(account, "marketplaces_mixed")
    assert (note.level, note.text) == ("warning", "1 row of other marketplaces (CA) was left out.")


@pytest.mark.parametrize(("share", "expected"), [(0.9, []), (0.7, ["warning"]), (0.3, ["error"])])
@pytest.mark.parametrize("report", [inventory, business])
def test_a_report_with_far_fewer_rows_than_the_week_before(account, report, share, expected):
    keep_of(report(account), share)
    notes = found(account, "fewer_rows")
    assert [note.level for note in notes] == expected
    assert [note.where for note in notes] == [f"{NEWEST}/{report(account).name}"] * len(expected)


def test_without_a_week_before_nothing_is_compared(account):
    shutil.rmtree(account / BEFORE)
    keep_of(inventory(account), 0.9)
    assert found(account, "fewer_rows") + found(account, "column_gone") == []


def test_a_week_before_that_cannot_be_read_is_no_reason_to_stop(account):
    inventory(account, BEFORE).write_bytes(b"\x00\xff" * 100)
    business(account, BEFORE).write_text("colour,size\nred,1\n")
    assert found(account, "fewer_rows") == []


def test_a_best_seller_that_is_missing_from_the_inventory(account, whole):
    best = whole.sales["units_ordered"].nlargest(10).index
    edit(inventory(account), lambda row: row["asin"] != best[3])
    (note,) = found(account, "best_sellers_missing")
    assert note.level == "error"
    assert note.text == f"1 of the best sellers has no row, so its stock is unknown: {best[3]}."


def test_a_product_that_sells_little_may_be_missing_from_the_inventory(account, whole):
    least = whole.sales["units_ordered"].idxmin()
    edit(inventory(account), lambda row: row["asin"] != least)
    assert found(account, "best_sellers_missing") == []


@pytest.mark.parametrize(("days", "expected"), [(30, []), (7, ["warning"]), (180, ["error"])])
def test_our_cover_far_from_amazons(account, days, expected):
    write_settings(account, f"sales_days = {days}")
    notes = found(account, "cover_far_from_amazon")
    assert [note.level for note in notes] == expected
    assert all(note.text.endswith(f"Was the report really downloaded for {days} days?") for note in notes)


def test_a_column_that_is_gone_or_renamed(account):
    edit(inventory(account), names={"inbound-quantity": "inbound units"})
    (note,) = found(account, "column_gone")
    assert note.level == "warning"
    assert note.text == "columns of the week before are missing or renamed: 'inbound-quantity'."


def test_advertised_products_without_stock_or_sales(account):
    edit(inventory(account), lambda row: row["asin"] != "B0WOC8CASE")
    edit(business(account), lambda row: row["(Child) ASIN"] != "B0CLEAR100")
    (stock,), (sales,) = found(account, "advertised_without_stock"), found(account, "advertised_without_sales")
    assert (stock.level, sales.level) == ("warning", "warning")
    assert stock.where.endswith(inventory(account).name)
    assert "B0WOC8CASE" in stock.text
    assert sales.where.endswith(business(account).name)
    assert "B0CLEAR100" in sales.text


def test_a_file_of_no_use_is_left_out(account):
    (inventory(account).parent / "returns.csv").write_text("return-date,order-id,sku\n2026-11-01,1,A\n")
    (note,) = found(account, "file_left_out")
    assert (note.level, note.where) == ("warning", f"{NEWEST}/returns.csv")


def test_a_landed_cost_above_the_price(account):
    (account / "costs.csv").write_text("asin,landed_cost\nB0WOC8CASE,9999\n", encoding="utf-8")
    (note,) = found(account, "cost_above_price")
    assert note.level == "warning"


def test_a_fulfilment_fee_above_the_price(account):
    (account / "costs.csv").write_text("asin,landed_cost,fulfilment_fee\nB0WOC8CASE,4,9999\n", encoding="utf-8")
    notes = [note.text for note in load_account(account).notes if "fulfilment fee" in note.text]
    assert notes == ["the fulfilment fee of 1 ASIN is above its price: B0WOC8CASE. Is it the fee for one unit?"]


def test_a_value_elsewhere_above_the_price(account):
    (account / "costs.csv").write_text("asin,landed_cost,value_elsewhere\nB0WOC8CASE,4,9999\n", encoding="utf-8")
    notes = [note for note in load_account(account).notes if "value_elsewhere" in note.text]
    assert [note.text for note in notes] == [
        "value_elsewhere of 1 ASIN is above its price: B0WOC8CASE. Is it the value of one unit?"
    ]


def test_every_code_has_a_test_and_a_meaning():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CODES if f'"{code}"' not in text] == []
    assert all(CODES.values())


# Their order


def test_findings_stand_in_the_order_of_harm():
    notes = [Note(level, "x", "y", code) for code in [*reversed(CODES), ""] for level in ("info", "error", "warning")]
    ordered = order_of_harm(notes)
    expected = [(level, code) for level in ("error", "warning", "info") for code in [*CODES, ""]]
    assert [(note.level, note.code) for note in ordered] == expected


def test_check_shows_every_file_and_the_findings_most_harmful_first(account, capsys):
    keep_of(inventory(account), 0.3)
    write_settings(account, "")
    assert main(["check", str(account)]) == 2
    shown, refusal = capsys.readouterr()
    assert all(path.name in shown for path in (account / NEWEST).iterdir())
    order = [match[0] for match in re.finditer(r"^(?:error|warning|info)(?=:)", shown, re.MULTILINE)]
    assert order == sorted(order, key=["error", "warning", "info"].index)
    codes = re.findall(r"^error: .*\((\w+)\)$", shown, re.MULTILINE)
    assert codes == ["fewer_rows", "best_sellers_missing"]
    assert [f"--accept {code}." in refusal for code in codes] == [True, True]


# The weekly run


def test_a_weekly_run_stops_on_an_error_and_names_its_code(account, tmp_path, capsys):
    keep_of(business(account), 0.3)
    assert main(["weekly", str(account), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "Products may be missing. Fix it, or accept it with --accept fewer_rows." in said
    assert not (tmp_path / "out").exists()


def test_accepting_one_finding_does_not_accept_another(account, tmp_path, capsys):
    keep_of(inventory(account), 0.3)
    assert main(["weekly", str(account), "--out", str(tmp_path / "out"), "--accept", "fewer_rows"]) == 2
    said = capsys.readouterr().err
    assert "--accept best_sellers_missing" in said
    assert "--accept fewer_rows" not in said


@pytest.mark.parametrize(("word", "hint"), [("fewer_row", " Did you mean 'fewer_rows'?"), ("nonsense", "")])
def test_an_unknown_code_is_refused(tmp_path, capsys, word, hint):
    assert main(["weekly", "--out", str(tmp_path / "out"), "--accept", word]) == 2
    assert capsys.readouterr().err == f"--accept '{word}': unknown finding.{hint}\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.end_to_end
def test_an_accepted_finding_lets_the_run_pass_and_stands_above_the_headline(account, tmp_path):
    keep_of(business(account), 0.3)
    out = tmp_path / "out"
    assert main(["weekly", str(account), "--out", str(out), "--accept", "fewer_rows"]) == 0
    page = (out / "shop" / NEWEST / "report.html").read_text(encoding="utf-8")
    warned = re.search(r"Accepted findings: it has .* Products may be missing\. \(.*, fewer_rows\)", page)
    assert warned
    assert page.index("Sample account") < warned.start() < page.index("Excess value")


# Column maps


def refused(account):
    with pytest.raises(AccountError) as caught:
        load_account(account)
    return str(caught.value)


def pasted(account, message):
    """What the message offers, put into `account.toml` as it stands."""
    (line,) = re.findall(r"columns\.\w+ = \{.*\}", message)
    with (account / "account.toml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def test_a_column_map_lets_a_renamed_report_load(account, whole):
    edit(inventory(account), names={"available": "auf Lager", "snapshot-date": "Tag"})
    write_settings(
        account, 'sales_days = 30\n[columns.fba_inventory]\nunits_available = "auf Lager"\nsnapshot_date = "TAG "'
    )
    assert load_account(account).stock.equals(whole.stock)


def test_a_column_map_holds_for_files_of_both_spellings(account):
    write_settings(account, 'sales_days = 30\n[columns.fba_inventory]\nunits_available = "auf Lager"')
    assert len(load_account(account).stock) == 57


@pytest.mark.parametrize(
    ("report", "column", "name"),
    [
        (inventory, "available", "avail"),
        (inventory, "snapshot-date", "snapshot day"),
        (inventory, "inv-age-0-to-90-days", "inv age up to 90 days"),
        (inventory, "sku", "sku's"),
        (business, "Units ordered", 'Units "ordered"'),
        (business, "Units ordered", "Units\\ordered"),
        (business, "Ordered Product Sales", "Sales of product's ordered, d'août"),
    ],
)
def test_the_line_that_a_refusal_offers_makes_the_file_load(account, whole, report, column, name):
    edit(report(account), names={column: name})
    pasted(account, refused(account))
    again = load_account(account)
    assert again.stock.equals(whole.stock)
    assert again.sales.equals(whole.sales)


def test_no_line_is_offered_for_a_cell_that_has_its_column_nor_for_one_for_businesses_alone(account):
    edit(business(account), names={"Units ordered": "x"})
    assert "no column for 'units_ordered'" in refused(account)
    assert "to account.toml" not in refused(account)


def test_a_business_report_whose_child_column_is_unknown_gets_the_line_to_paste(account, whole):
    edit(business(account), names={"(Child) ASIN": "(Kind) ASIN"})
    assert 'columns.business_report_child = { asin = "(Kind) ASIN" }' in refused(account)
    pasted(account, refused(account))
    assert load_account(account).sales.equals(whole.sales)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns.fba_inventry]", r"\[columns\.fba_inventry\]: there is no 'fba_inventry'\. Did you mean 'fba_inv"),
        (
            '[columns.fba_inventory]\nunit_available = "x"',
            r"\[columns\.fba_inventory\]: there is no 'unit_available'\. Did you mean 'units_available'\?",
        ),
    ],
)
def test_a_column_map_that_names_nothing_known_is_refused(account, text, message):
    write_settings(account, "sales_days = 30\n" + text)
    with pytest.raises(AccountError, match=message):
        load_account(account)


@pytest.mark.parametrize("text", ["columns = 1", "columns.fba_inventory = 1", "columns.fba_inventory.sku = 1"])
def test_a_column_map_of_another_form_is_refused(account, text):
    write_settings(account, text)
    with pytest.raises(SettingsError, match=r"'columns': expected tables of the form column = \"header cell\"; found "):
        load_account(account)

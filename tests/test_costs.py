"""Costs without typing: what fee reports state, the file to fill in, and stock that lies elsewhere."""

import csv

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from wockit.analysis.analyse import analyse
from wockit.analysis.positions import positions_of
from wockit.analysis.prospects import prospects_of
from wockit.cli import main
from wockit.notes import AccountError
from wockit.reading.account import load_account

A, B = "B0MADEUP01", "B0MADEUP02"
AGES = ("0-to-90", "91-to-180", "181-to-270", "271-to-365", "366-to-455", "456-plus")
ROW = {
    "sku": "S", "fnsku": "X1", "asin": A, "available": 300, "units-shipped-t7": 2, "units-shipped-t30": 8,
    "units-shipped-t60": 16, "units-shipped-t90": 24, "product-name": "=Cup",
    **{f"inv-age-{age}-days": 0 for age in AGES}, "inv-age-0-to-90-days": 300,
}  # fmt: skip
OF_ONE_FOOT = {**ROW, "item-volume": 1, "volume-unit-measurement": "cubic feet"}
IN_JAPAN = {**ROW, "currency": "JPY", "your-price": "2000"}
PREVIEW = {
    "sku": "S", "asin": A, "amazon-store": "US", "fulfilled-by": "Amazon", "your-price": 20, "sales-price": "--",
    "longest-side": 12, "median-side": 12, "shortest-side": 12, "unit-of-dimension": "inches",
    "item-package-weight": 8, "unit-of-weight": "ounces", "product-size-tier": "Small standard-size",
    "currency": "USD", "estimated-referral-fee-per-unit": 1.6, "expected-fulfillment-fee-per-unit": 3.5,
}  # fmt: skip
STORAGE = {
    "asin": A, "fulfillment-center": "ABE2", "country-code": "US", "month-of-charge": "2026-10",
    "average-quantity-on-hand": 100, "item-volume": 1.0, "volume-units": "cubic feet",
    "product-size-tier": "Small standard-size", "storage-utilization-ratio": "25.5 weeks", "currency": "USD",
    "estimated-monthly-storage-fee": 360.0,
}  # the base and the surcharge are told apart in some files only  # fmt: skip


@pytest.fixture
def costs(written):
    """The costs of A with some files beside its stock."""
    return lambda **files: written(about="", inventory=[ROW], **files).costs.loc[A]


def test_a_fee_preview_gives_all_but_the_landed_cost(costs):
    found = costs(preview=[PREVIEW])
    names = ["referral_rate", "fulfilment_fee", "size_tier", "unit_weight", "unit_volume"]
    assert found[names].tolist() == [0.08, 3.5, "Small standard-size", 0.5, pytest.approx(1.0)]
    assert np.isnan(found["landed_cost"])


def test_what_the_seller_writes_goes_before_what_a_report_states(costs):
    found = costs(preview=[PREVIEW], costs=[{"asin": A, "landed_cost": 5, "referral_rate": 0.12}])
    assert found[["landed_cost", "referral_rate", "fulfilment_fee"]].tolist() == [5, 0.12, 3.5]


def test_a_fee_preview_of_all_stores_tells_of_this_one(costs):
    uk = {**PREVIEW, "amazon-store": "UK", "currency": "GBP", "expected-fulfillment-fee-per-unit": 2.9}
    assert costs(preview=[uk, PREVIEW])["fulfilment_fee"] == 3.5


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ({"lead_time_days": 36500}, "at most 1,000"),
        ({"clear_by": "2099-01-01"}, "2099-01-01 lies far ahead of the snapshot"),
    ],
)
def test_what_a_seller_writes_that_cannot_be_is_missing_and_said(written, cell, found):
    account = written(about="", inventory=[ROW], costs=[{"asin": A, "landed_cost": 5, **cell}])
    assert account.costs.loc[A, [*cell]].isna().all()
    assert any(found in note.text and note.where == "costs.csv" for note in account.notes)


def test_a_price_of_0_is_no_price(written):
    """Neither is the fee above it, nor is the unit given away: the price is asked for."""
    account = written(
        about="", inventory=[{**ROW, "your-price": "0.00"}],
        costs=[{"asin": A, "landed_cost": 5, "fulfilment_fee": 4, "price": 0}],
    )  # fmt: skip
    (note,) = (note for note in account.notes if "price" in note.text and note.where == "costs.csv")
    assert note.text == f"the price of 1 ASIN is 0 and counts as missing: {A}."
    assert analyse(account).advice.loc[A, "says"] == "Add price to costs.csv to compare the choices."


@pytest.mark.parametrize(("reported", "own", "price"), [("0.00", 9, 9), ("8.00", 0, 8)])
def test_a_price_of_0_gives_way_to_one_that_is_there(written, reported, own, price):
    account = written(
        about="", inventory=[{**ROW, "your-price": reported}], costs=[{"asin": A, "landed_cost": 5, "price": own}]
    )
    assert analyse(account).positions.loc[A, "price"] == price


def test_the_fee_of_a_preview_holds_its_surcharges_and_none_are_added(written):
    """3.50 in the preview are 3.50 in every sum, though fuel adds 3.5% to the rates of the table."""
    week = analyse(written(about="", inventory=[ROW], preview=[PREVIEW], costs=[{"asin": A, "landed_cost": 5}]))
    items = prospects_of(week.details, week.settings, week.account).items
    assert items.fulfilment_fee.tolist() == week.details["fulfilment_fee"].tolist() == [3.5]


def test_fuel_comes_on_top_of_a_fee_in_costs_csv(written):
    """4.00 of the rate card and 3.5% for fuel are 4.14 in each path."""
    costs = [{"asin": A, "landed_cost": 5, "fulfilment_fee": 4}]
    week = analyse(written(about="", inventory=[ROW], costs=costs))
    assert prospects_of(week.details, week.settings, week.account).items.fulfilment_fee.tolist() == [4.14]


@pytest.mark.parametrize(("unit", "side"), [("Zentimeter", 30.48), ("センチメートル", 30.48), ("mm", 304.8), ("ft", 1)])
def test_sides_in_any_unit_of_length_give_the_volume(costs, unit, side):
    sides = dict.fromkeys(("longest-side", "median-side", "shortest-side"), side)
    assert costs(preview=[{**PREVIEW, **sides, "unit-of-dimension": unit}])["unit_volume"] == pytest.approx(1)


@pytest.mark.parametrize(("older", "newer"), [
    ("Sep-26", "Oct-26"), ("9/2026", "10/2026"), ("2026-09-01", "2026-10-01"), ("September 2026", "October 2026"),
])  # fmt: skip
def test_the_month_of_storage_fees_in_any_spelling(costs, older, newer):
    rows = [
        {**STORAGE, "month-of-charge": month, "estimated-monthly-storage-fee": fee}
        for month, fee in ((older, 100), (newer, 360))
    ]
    found = costs(storage=rows)
    assert (found["storage_a_unit"], found["storage_month"]) == (3.6, pd.Timestamp("2026-10-01"))


def test_storage_fees_of_unknown_months_are_those_of_all(costs):
    rows = [
        {**STORAGE, "month-of-charge": month, "estimated-monthly-storage-fee": fee}
        for month, fee in (("", 300), ("?", 400))
    ]
    assert costs(storage=rows)["storage_a_unit"] == 3.5


def test_several_months_of_storage_fees_give_the_latest(costs):
    older = {**STORAGE, "month-of-charge": "2026-09", "estimated-monthly-storage-fee": 100.0}
    other_centre = {**STORAGE, "fulfillment-center": "X", "estimated-monthly-storage-fee": 120.0}
    found = costs(storage=[older], storage_2=[STORAGE, other_centre])
    assert found["storage_a_unit"] == pytest.approx(2.4)  # 480 for 200 units
    assert np.isnan(found["utilisation_weeks"])  # the surcharge is in the whole


def test_the_surcharge_for_utilisation_follows_the_weeks_that_a_report_states(written):
    apart = {**STORAGE, "estimated-base-monthly-storage-fee": 240.0, "estimated-storage-utilization-surcharge": 120.0}
    account = written(
        about="", inventory=[{**OF_ONE_FOOT, "inv-age-0-to-90-days": 0, "inv-age-91-to-180-days": 300}], storage=[apart]
    )
    assert account.costs.loc[A, ["storage_a_unit", "utilisation_weeks"]].tolist() == [2.4, 25.5]
    held = analyse(account).clearing.holding
    assert held.utilisation_surcharge[0, 0] == pytest.approx(0.44 * 300, rel=0.05)  # 22 to 28 weeks


def test_storage_follows_what_was_charged(written):
    # by the table a cubic foot costs 2.40 in October; 3.60 was charged: every month costs half as much again
    plain = analyse(written(about="", inventory=[OF_ONE_FOOT], preview=[PREVIEW])).clearing.holding
    charged = analyse(written(about="", storage=[STORAGE])).clearing.holding
    assert charged.storage == pytest.approx(1.5 * plain.storage)


def test_storage_is_known_where_no_table_knows_it(written):
    storage = [{**STORAGE, "country-code": "JP", "currency": "JPY", "estimated-monthly-storage-fee": 5000}]
    account = written(about="", marketplace="JP", inventory=[IN_JAPAN], storage=storage)
    assert analyse(account).clearing.holding.storage[0, 0] == pytest.approx(300 * 50, rel=0.05)


def test_the_next_surcharge_is_the_one_that_the_inventory_report_states(written):
    row = {**ROW, "inv-age-271-to-365-days": 50, "estimated-ais-271-300-days": 12.5, "estimated-ais-301-330-days": 7.5}
    assert analyse(written(about="", inventory=[row])).budgets.loc[A, "next_fee"] == 20


def test_the_surcharge_of_last_month_stands_where_no_rate_is_known(written):
    aged = [{"snapshot-date": "2026-11-15", "asin": A, "currency": "JPY", "amount-charged": 700}]
    account = written(about="", marketplace="JP", inventory=[IN_JAPAN], aged=aged)
    assert analyse(account).budgets.loc[A, "next_fee"] == 700


def test_check_writes_the_costs_to_fill_in_once(written, tmp_path, capsys):
    folder = tmp_path / "account"
    written(about="", inventory=[ROW], preview=[PREVIEW])
    assert main(["check", str(folder)]) == 0
    assert "costs.csv. Write the landed cost" in capsys.readouterr().out
    with (folder / "costs.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["asin"], line["title"], line["price_reported"], line["landed_cost"]) == (A, "'=Cup", "20", "")
    assert line["referral_rate_reported"] == "0.08"
    (folder / "costs.csv").write_text(f"asin,landed_cost\n{A},7\n", encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    assert load_account(folder).costs.loc[A, "landed_cost"] == 7


def test_costs_in_a_form_that_is_not_read_are_named(tmp_path, writer):
    row = {"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 30}
    folder = writer(tmp_path / "shop", inventory=[row])
    for name in ("costs.ods", "Costs.xlsx", "costs.csv.csv", "costs (1).csv", "stock.numbers", "stock photo.jpg"):
        (folder / name).touch()
    told = {note.where: note.text for note in load_account(folder).notes}
    assert "stock photo.jpg" not in told
    assert told["costs.csv.csv"] == told["costs (1).csv"] == told["Costs.xlsx"]
    assert told["costs.ods"] == told["Costs.xlsx"] == "ignored: save it as costs.csv / costs.xlsx."
    assert told["stock.numbers"].startswith("ignored: save it as stock.csv")


def test_a_mark_of_order_that_became_letters_hides_no_column(written):
    row = {"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 30}
    costs = [{"ï»¿asin": "B0MADEUP01", "landed_cost": 4.5}]
    assert written(inventory=[row], costs=costs).costs["landed_cost"].tolist() == [4.5]


def test_a_day_to_clear_by_that_is_past_is_said(written):
    stock = [{"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 30}]
    costs = [{"asin": "B0MADEUP01", "landed_cost": 4, "clear_by": "2026-10-31"}]
    notes = [note.text for note in written(inventory=stock, costs=costs).notes]
    assert "the clear_by date of 1 ASIN has passed, so clear_days is used instead: B0MADEUP01." in notes


def test_costs_are_read_from_a_workbook(written, tmp_path):
    written(about="", inventory=[ROW])
    with xlsxwriter.Workbook(tmp_path / "account" / "costs.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["asin", "landed_cost"])
        sheet.write_row(1, 0, [A, 6.5])
    assert load_account(tmp_path / "account").costs.loc[A, "landed_cost"] == 6.5


def test_stock_elsewhere_counts_by_its_day(written):
    lines = [
        {"asin": A, "sku": "", "where": "AWD", "units": 40, "arrives": "2026-12-01"},
        {"asin": "", "sku": "S", "where": "order 7", "units": 60, "arrives": "2027-01-10"},
        {"asin": A, "sku": "", "where": "Ningbo", "units": 500, "arrives": ""},
    ]
    account = written(about="", inventory=[ROW], stock=lines)
    found = positions_of(account, account.settings, []).loc[A]
    assert (found["units_available"], found["units_other"], found["units_supply"]) == (300, 100, 400)
    assert found["weeks_of_coverage"] == 150
    assert account.supply.loc[[A], "place"].tolist() == ["FBA", "AWD", "order 7", "Ningbo"]


def test_too_much_elsewhere_is_held_back_and_not_called_inbound(written):
    # 60 a month: half a year needs some 400; 300 are there and 500 come
    line = {"asin": A, "sku": "", "where": "Hamburg", "units": 500, "arrives": "2026-12-01"}
    row = ROW | {"units-shipped-t7": 14, "units-shipped-t30": 60, "units-shipped-t60": 120, "units-shipped-t90": 180}
    found = analyse(written(about="", inventory=[row], stock=[line])).advice.loc[A]
    assert found["do"] == "stop_refill"
    assert found["says"].startswith("Hold back ")


def test_awd_inventory_is_stock_elsewhere_without_a_day(written):
    awd = [{"Product Name": "Cup", "SKU": "S", "ASIN": A, "Available in AWD (units)": 70, "Inbound to AWD (units)": 30}]
    account = written(about="", inventory=[ROW], awd=awd)
    assert account.other_stock.loc[A, ["place", "units"]].tolist() == ["AWD", 100]
    assert positions_of(account, account.settings, []).loc[A, "units_supply"] == 300


@pytest.mark.parametrize(("line", "text"), [
    ({"where": "AWD", "units": 4}, "1 line has neither an ASIN nor a SKU"),
    ({"sku": "nobody", "where": "AWD", "units": 4}, "SKUs without an inventory row: 'nobody'"),
    ({"asin": A, "where": "AWD", "units": 4, "arrives": "2026-11-01"}, "1 arrival date has passed"),
    ({"asin": A, "where": "AWD", "units": 4}, "without an arrival date"),
])  # fmt: skip
def test_lines_of_stock_that_count_for_nothing_are_named(written, line, text):
    account = written(about="", inventory=[ROW], stock=[{"asin": "", "sku": "", "arrives": "", **line}])
    assert any(text in note.text for note in account.notes)


def test_a_stock_file_without_its_columns_is_refused_with_those_it_may_have(written):
    message = r"^stock\.csv: it has no column where, units\. .* asin, sku, where, units, arrives"
    with pytest.raises(AccountError, match=message):
        written(about="", inventory=[ROW], stock=[{"ean": "1", "pieces": 4}])


def test_a_sku_that_a_spreadsheet_made_a_number_leads_to_its_only_product(written):
    rows = [ROW | {"sku": "00123"}, ROW | {"sku": "007", "asin": B, "fnsku": "X2"}]
    twins = [ROW | {"sku": sku, "asin": asin, "fnsku": asin} for sku, asin in (("0045", A), ("45", B), ("045", A))]
    costs = [{"sku": "123", "landed_cost": 5}, {"sku": "7", "landed_cost": 6}]
    assert written(about="", inventory=rows, costs=costs).costs["landed_cost"].tolist() == [5, 6]
    account = written(about="", inventory=twins, costs=[{"sku": "00045", "landed_cost": 5}])
    assert account.costs.empty
    assert any("SKUs without an inventory row" in note.text for note in account.notes)


def test_a_column_of_costs_is_read_with_spaces_and_a_slip_of_the_pen_is_said(written):
    cost = {"ASIN": A, "Landed cost": 5, "Bought again": "ja", "Lead time (days)": 60, "Note": "by sea", "title": "Cup"}
    account = written(about="", inventory=[ROW], costs=[cost])
    assert account.costs.loc[A, ["landed_cost", "bought_again"]].tolist() == [5, 1]
    said = [note.text for note in account.notes if "not known" in note.text]
    assert said == ["column 'Lead time (days)' is not known and was ignored. Did you mean 'lead_time_days'?"]


def test_a_day_that_can_be_read_is_read_beside_days_that_may_be_two(written):
    stock = [
        {"asin": A, "where": "3PL", "units": units, "arrives": day}
        for units, day in ((5, "2026-12-05"), (7, "12/24/2026"), (9, "24/12/2026"))
    ]
    found = written(about="", inventory=[ROW], stock=stock).other_stock
    assert dict(zip(found["units"], found["arrives"].dt.month, strict=True))[5] == 12
    assert found["arrives"].notna().sum() == 1

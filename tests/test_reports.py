import io
import re
import tomllib
from collections import Counter
from datetime import datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wockit.notes import Note, ReportError
from wockit.reading.reports import Report, read_report
from wockit.reading.schemas import matched_cells, normalised, schemas
from wockit.reading.values import PARSERS

ADVERTISING = {
    "Date": "2026-11-01",
    "Campaign Name": "Auto",
    "Advertised ASIN": "B000000001",
    "Impressions": "100",
    "Clicks": "2",
    "Spend": "$1.50",
    "7 Day Total Sales": "$30.00",
    "7 Day Total Orders (#)": "1",
    "7 Day Total Units (#)": "1",
}
INVENTORY = {
    "snapshot-date": "2026-11-23",
    "sku": "A-1",
    "fnsku": "X1",
    "asin": "B000000001",
    "available": "7",
    "inv-age-0-to-90-days": "7",
}
BUSINESS = {
    "(Parent) ASIN": "B000000001",
    "(Child) ASIN": "B000000001",
    "Page Views": "30",
    "Units Ordered": "3",
    "Ordered Product Sales": "$60.00",
}
COSTS = {"asin": "B000000001", "landed_cost": "5.00"}
KINDS = {
    "sp_advertised_product": ADVERTISING,
    "fba_inventory": INVENTORY,
    "business_report_child": BUSINESS,
    "costs": COSTS,
}


def saved(tmp_path, *rows, name="report.csv"):
    """Rows as dictionaries; a `None` for a cell leaves its column out."""
    header = [key for key in rows[0] if rows[0][key] is not None]
    lines = [header, *([row[key] for key in header] for row in rows)]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def renamed(row, names):
    return {names.get(key, key): cell for key, cell in row.items()}


def workbook(tmp_path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "report.xlsx"
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["x.csv", "BusinessReport-2-16-25.csv", "costs.csv", "订单.txt"])
def test_a_report_is_recognised_by_its_header_whatever_its_name(tmp_path, kind, name):
    assert read_report(saved(tmp_path, KINDS[kind], name=name)).schema.key == kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_columns_does_not_matter(tmp_path, kind):
    backwards = dict(reversed(KINDS[kind].items()))
    one, other = (read_report(saved(tmp_path, row)) for row in (KINDS[kind], backwards))
    assert one.table.equals(other.table)


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, "  {} ".format, "\ufeff{}".format])
@pytest.mark.parametrize("kind", KINDS)
def test_case_and_spaces_of_a_header_do_not_matter(tmp_path, kind, change):
    row = {change(key): cell for key, cell in KINDS[kind].items()}
    assert read_report(saved(tmp_path, row)).schema.key == kind


def test_dashes_of_a_header_do_not_matter(tmp_path):
    row = renamed(BUSINESS, {"Page Views": "Page views – Total"})
    assert read_report(saved(tmp_path, row)).table["page_views"].tolist() == [30]


def test_underscores_stand_for_hyphens(tmp_path):
    row = {key.replace("-", "_"): cell for key, cell in INVENTORY.items()}
    assert read_report(saved(tmp_path, row)).table["units_available"].tolist() == [7]


@pytest.mark.parametrize("suffix", [" (₹)", " (£)", "(€)", " ($)", " (USD)", " (eur) ", " (￥)"])
def test_a_currency_after_a_header_does_not_matter(tmp_path, suffix):
    row = renamed(ADVERTISING, {"Spend": "Spend" + suffix, "7 Day Total Sales": "7 Day Total Sales" + suffix})
    assert read_report(saved(tmp_path, row)).table["ad_spend"].tolist() == [1.5]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Sessions – Total – B2B", "sessions-total-b2b"),
        ("7 Day Total Sales ", "7 day total sales"),
        ("7\u00a0Day  Total Sales", "7 day total sales"),
        ("7 Day Total Orders (#)", "7 day total orders"),
        ("（子） ASIN", "(子)asin"),
        ("宣伝 ASIN", "宣伝asin"),
        ("inv_age_0_to_90_days", "inv-age-0-to-90-days"),
        ("(Child) ASIN", "(child) asin"),
        ("Featured Offer (Buy Box) percentage", "featured offer (buy box) percentage"),
        ("", ""),
    ],
)
def test_a_header_in_the_form_it_is_compared_in(header, expected):
    assert normalised(header) == expected


@given(header=st.text())
def test_a_normalised_header_does_not_change_again_by_its_spaces(header):
    assert normalised(f" {header} ") == normalised(header)


def test_columns_for_businesses_alone_are_not_taken_for_the_total(tmp_path):
    row = BUSINESS | {"Units ordered – B2B": "1", "Ordered product sales – B2B": "$20.00"}
    table = read_report(saved(tmp_path, row)).table
    assert (table["units_ordered"].tolist(), table["sales"].tolist()) == ([3], [60])


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_no_spelling_means_two_columns_of_one_report(schema):
    spelled = Counter(
        spelling
        for column in schema.columns.values()
        for spelling in {normalised(spelling) for spelling in column.spellings}
    )
    assert {spelling: times for spelling, times in spelled.items() if times > 1} == {}


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_every_kind_of_column_can_be_parsed(schema):
    assert {column.kind for column in schema.columns.values()} <= {*PARSERS, "date", "days"}


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_a_report_is_recognised_by_columns_it_has(schema):
    assert schema.recognised_by
    assert set(schema.recognised_by) <= set(schema.columns)


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_every_spelling_has_a_language_and_a_grade(schema):
    grades = [grade for column in schema.columns.values() for grade in column.spellings.values()]
    assert [grade for grade in grades if not re.fullmatch("(?:[a-z]{2}|api) [ABC]", grade)] == []


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_every_column_has_a_spelling_and_every_report_its_texts(schema):
    halves = {"start_date", "end_date"} if "date_range" in schema.columns else set()
    assert all(column.spellings or column.name in halves for column in schema.columns.values())
    assert all([schema.title, schema.role, schema.download])


def test_every_role_has_reports_and_the_ranks_of_its_sources_are_known():
    roles = Counter(schema.role for schema in schemas().values())
    read = {"stock": 7, "sales": 3, "ads": 7, "fees": 3, "other_stock": 2, "costs": 1, "bulk": 1}
    assert roles == {**read, "refused": 53}
    for role in ("stock", "sales"):
        ranks = sorted(schema.rank for schema in schemas().values() if schema.role == role)
        assert ranks == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize("schema", [s for s in schemas().values() if s.role == "refused"], ids=lambda s: s.key)
def test_a_report_of_no_use_says_what_to_download_instead(schema):
    assert re.search(r"\bdownload\b", schema.instead)
    assert schema.instead.endswith(".")


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_what_rows_are_chosen_by_is_a_column_and_in_lower_case(schema):
    assert {*schema.keep, *schema.drop, *schema.recognised_without} <= set(schema.columns)
    words = [*schema.keep.values(), *(word for words in schema.drop.values() for word in words)]
    assert words == [word.casefold() for word in words]


@pytest.mark.parametrize("schema", schemas().values(), ids=schemas())
def test_every_spelling_stands_for_its_column_and_no_other(schema):
    spellings = [(name, spelling) for name, column in schema.columns.items() for spelling in column.spellings]
    wrong = [each for each in spellings if list(matched_cells([each[1]], schema)) != [(each[0], 0)]]
    assert wrong == []


def test_a_missing_column_names_what_was_tried_what_was_found_and_the_nearest(tmp_path):
    row = renamed(ADVERTISING, {"7 Day Total Sales": "7 Day Total Salez"})
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row))
    message = str(caught.value)
    assert message.startswith(
        "report.csv, header: no column for 'ad_sales' in this Sponsored Products Advertised product"
    )
    assert (
        "(tried '7 Day Total Sales', '14 Day Total Sales', '7 Day Total Sales - not converted', '7天总销售额'"
        in message
    )
    assert "Columns found: 'Date', 'Campaign Name', 'Advertised ASIN'" in message
    assert "Did you mean '7 Day Total Salez'?" in message
    assert "Download it again: Advertising console > Reports" in message
    assert message.endswith(
        "if the columns have other names, add them to account.toml: columns.sp_advertised_product = { ad_sales = "
        '"7 Day Total Salez" }'
    )


def test_every_missing_column_is_named_at_once(tmp_path):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, ADVERTISING | {"Date": None, "Spend": None, "Clicks": None}))
    missing = [re.search("column for '([a-z_]+)'", problem.found)[1] for problem in caught.value.problems]
    assert missing == ["ad_clicks", "ad_spend", "date"]


def test_a_line_to_paste_names_every_missing_column(tmp_path):
    row = renamed(ADVERTISING, {"Clicks": "All clicks", "Spend": "Spent"})
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row))
    offered = 'columns.sp_advertised_product = { ad_clicks = "All clicks", ad_spend = "Spent" }'
    assert caught.value.problems[-1].found.endswith(offered)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Sales rank": "12"}, "a rank is no amount, however like it is to 'sales'"),
        ({"Total sales": "Unit returned to inventory"}, "its cells are no amounts"),
        ({}, "there is none"),
    ],
)
def test_no_line_to_paste_where_a_column_has_no_likely_cell(tmp_path, cells, why):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, ADVERTISING | {"7 Day Total Sales": None} | cells))
    assert "to account.toml" not in str(caught.value), why


def test_a_line_to_paste_never_takes_a_column_twice(tmp_path):
    row = renamed(BUSINESS, {"Units Ordered": "Units"}) | {"Ordered Product Sales": None}
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row))
    assert '= "Units", ' not in str(caught.value)


def test_two_of_our_columns_on_one_of_a_file_are_refused(tmp_path):
    mapped = {"sp_advertised_product": {"ad_sales": "Clicks"}}
    with pytest.raises(ReportError, match=r"column 'Clicks' is used as 'ad_clicks', 'ad_sales'\. Correct"):
        read_report(saved(tmp_path, ADVERTISING), columns=mapped)


def test_a_child_report_with_an_unknown_child_column_gets_a_line_to_paste(tmp_path):
    row = {"ASIN (parent)": "B000000001", "ASIN (enfant)": "B000000002", "Sessions": "9"}
    row |= {"Unités commandées": "3", "Ventes de produits commandés": "60,00 €"}
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row))
    (line,) = re.findall(r"columns\.business_report_child = (\{.*\})", str(caught.value))
    assert line == (
        '{ asin = "ASIN (enfant)", units_ordered = "Unités commandées", sales = "Ventes de produits commandés" }'
    )
    mapped = tomllib.loads(f"columns.business_report_child = {line}")["columns"]
    assert read_report(saved(tmp_path, row), columns=mapped).table["units_ordered"].tolist() == [3]


def test_a_column_found_twice_is_refused(tmp_path):
    with pytest.raises(
        ReportError,
        match=r"^report\.csv, header: columns 'Clicks' and 'CLICKS' both mean 'ad_clicks'\. Keep one of them\.$",
    ):
        read_report(saved(tmp_path, ADVERTISING | {"CLICKS": "2"}))


def test_the_first_spelling_wins_where_both_are_known_to_occur(tmp_path):
    row = INVENTORY | {"reserved-quantity": "1", "Total Reserved Quantity": "5"}
    assert read_report(saved(tmp_path, row)).table["units_reserved"].tolist() == [5]


def test_an_unknown_header_is_shown_with_the_reports_that_are_needed(tmp_path):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, {"colour": "1", "buyer": "x"}))
    assert str(caught.value) == (
        "report.csv: its header matches no known report. Columns found: 2 that are not shown, because they may be "
        "data. wockit needs: Detail Page Sales and Traffic by Child Item, FBA Inventory, Sponsored Products Advertised "
        "product. data/sample/README.md lists what else it reads. Move other files out of the folder. "
        "Download in English if you can."
    )


def test_an_unknown_header_that_looks_like_a_report_is_offered_a_column_map(tmp_path):
    row = renamed(INVENTORY, {"available": "available now", "inv-age-0-to-90-days": "inv age 0 to 90 day"})
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row))
    assert re.search(
        r"If it is the FBA Inventory report with other column names, add them to account\.toml: "
        r"columns\.fba_inventory = \{ .*units_aged_0_to_90 = \"inv age 0 to 90 day\".* \}$",
        str(caught.value),
    )


def test_a_long_unknown_header_is_cut(tmp_path):
    with pytest.raises(ReportError, match=r"'sku', 'asin', 'c0', .*, 'c9' and 10 more\. wockit needs"):
        read_report(saved(tmp_path, {"sku": "", "asin": "", **{f"c{number}": "" for number in range(20)}}))


def test_a_business_report_by_parent_is_refused(tmp_path):
    with pytest.raises(
        ReportError, match="it is the Detail Page Sales and Traffic by Parent Item report, which cannot"
    ):
        read_report(saved(tmp_path, BUSINESS | {"(Child) ASIN": None, "Sessions": "9"}))


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Clicks", "12abc", "row 2, column 'ad_clicks': expected a number, found '12abc'."),
        ("Clicks", "1.5", "row 2, column 'ad_clicks': expected a whole number, found '1.5'."),
        ("Spend", "5%", "row 2, column 'ad_spend': expected an amount, found '5%'."),
        ("Advertised ASIN", "B1", "row 2, column 'asin': expected an ASIN (ten letters or digits), found 'B1'."),
        ("Date", "soon", "row 2, column 'date': 'soon' is not a date."),
        ("Date", "04/07/2026", "row 2, column 'date': '04/07/2026' may be day/month or month/day; the other dates"),
        ("Spend", "\x1b[31m", "row 2, column 'ad_spend': expected an amount, found '\\x1b[31m'."),
    ],
)
def test_a_bad_cell_of_a_needed_column_is_refused(tmp_path, column, cell, message):
    with pytest.raises(ReportError, match="^" + re.escape(f"report.csv, {message}")):
        read_report(saved(tmp_path, ADVERTISING | {column: cell}))


def test_bad_cells_of_several_columns_are_named_at_once(tmp_path):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, ADVERTISING | {"Clicks": "x", "Spend": "y"}))
    assert [problem.where for problem in caught.value.problems] == [
        "report.csv, row 2, column 'ad_clicks'",
        "report.csv, row 2, column 'ad_spend'",
    ]


def test_one_bad_cell_of_a_needed_column_among_good_ones_costs_its_row_which_is_named_with_its_asin(tmp_path):
    rows = [ADVERTISING, ADVERTISING | {"Spend": "y", "Advertised ASIN": "B000000002"}]
    report = read_report(saved(tmp_path, *rows))
    assert len(report.table) == 1
    text = (
        "1 row was left out, because 'ad_spend' cannot be read, row 3: expected an amount, found 'y'. ASIN: B000000002."
    )
    assert report.notes == (Note("warning", "report.csv", text),)


@pytest.mark.parametrize(
    ("column", "cell", "found"),
    [
        ("Advertised ASIN", "UNKNOW", "'asin' cannot be read, row 3: expected an ASIN"),
        ("Date", "soon", "'date' cannot be read, row 3: 'soon' is not a date."),
    ],
)
def test_a_row_without_readable_asin_or_day_is_left_out_and_counted(tmp_path, column, cell, found):
    report = read_report(saved(tmp_path, ADVERTISING, ADVERTISING | {column: cell}, ADVERTISING))
    assert len(report.table) == 2
    assert report.dropped == {f"rows whose {found.split()[0][1:-1]} cannot be read": 1}
    (note,) = report.notes
    assert note.text.startswith(f"1 row was left out, because {found}")


@pytest.mark.parametrize(
    ("cell", "found"),
    [("-2", "expected 0 or more, found '-2'."), ("40123455", "expected at most 9,999,999, found '40123455'.")],
)
def test_stock_below_none_or_beyond_all_measure_is_missing(tmp_path, cell, found):
    rows = [INVENTORY, INVENTORY | {"available": cell, "asin": "B000000002"}]
    report = read_report(saved(tmp_path, *rows))
    assert report.table["units_available"].isna().tolist() == [False, True]
    assert found in report.notes[0].text
    assert report.notes[0].text.endswith("ASIN: B000000002.")


def test_returns_may_outweigh_sales(tmp_path):
    assert read_report(saved(tmp_path, BUSINESS | {"Units Ordered": "-2"})).table["units_ordered"].tolist() == [-2]


def test_three_bad_cells_are_shown_and_the_rest_counted(tmp_path):
    rows = [ADVERTISING | {"Clicks": f"x{number}"} for number in range(5)]
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, *rows))
    assert [problem.where for problem in caught.value.problems] == [
        "report.csv, row 2, column 'ad_clicks'",
        "report.csv, row 3, column 'ad_clicks'",
        "report.csv, row 4, column 'ad_clicks'",
        "report.csv, column 'ad_clicks'",
    ]
    assert caught.value.problems[3].found == "and 2 more rows like these."


def test_a_bad_cell_of_another_column_is_missing_and_noted(tmp_path):
    rows = [INVENTORY | {"item-volume": cell} for cell in ("0.5", "x", "y")]
    report = read_report(saved(tmp_path, *rows))
    assert report.table["item_volume"].isna().tolist() == [False, True, True]
    text = "2 cells of 'item_volume' could not be read and count as missing, e.g. row 3: expected a number, found 'x'."
    assert report.notes == (Note("warning", "report.csv", f"{text} ASIN: {INVENTORY['asin']}."),)


@pytest.mark.parametrize("cell", [time(5), timedelta(days=3), True, datetime(2026, 1, 1)])
def test_a_workbook_cell_of_the_wrong_type_is_a_bad_cell(tmp_path, cell):
    odd = [cell if header == "Clicks" else value for header, value in ADVERTISING.items()]
    with pytest.raises(ReportError, match=r"^report\.xlsx, row 2, column 'ad_clicks': expected a number, found "):
        read_report(workbook(tmp_path, list(ADVERTISING), odd))


@pytest.mark.parametrize("sku", ["0012", "1E5", "NA", "null", "1,234", "00000000001234567890"])
def test_a_sku_stays_as_it_stands(tmp_path, sku):
    assert read_report(saved(tmp_path, INVENTORY | {"sku": sku})).table["sku"].tolist() == [sku]


def test_a_wrapped_id_is_unwrapped(tmp_path):
    assert read_report(saved(tmp_path, INVENTORY | {"sku": '="0123"'})).table["sku"].tolist() == ["0123"]


def test_the_isbn_of_a_book_is_an_asin(tmp_path):
    table = read_report(saved(tmp_path, INVENTORY | {"asin": "9788015328"})).table
    assert table["asin"].tolist() == ["9788015328"]


@pytest.mark.parametrize("cell", ["", "--", "—", "N/A"])
def test_blank_is_missing_and_not_zero(tmp_path, cell):
    table = read_report(saved(tmp_path, INVENTORY | {"available": cell, "item-volume": cell})).table
    assert table[["units_available", "item_volume"]].isna().all(axis=None)


def test_zero_is_zero(tmp_path):
    assert read_report(saved(tmp_path, INVENTORY | {"available": "0"})).table["units_available"].tolist() == [0]


def test_a_column_the_file_leaves_out_is_there_and_missing(tmp_path):
    table = read_report(saved(tmp_path, INVENTORY)).table
    assert list(table.columns) == list(schemas()["fba_inventory"].columns)
    assert table[["title", "price", "seasonal"]].isna().all(axis=None)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_have_the_same_types_with_and_without_values(tmp_path, kind):
    full = read_report(saved(tmp_path, KINDS[kind])).table
    path = tmp_path / "header.csv"
    path.write_text(",".join(KINDS[kind]), encoding="utf-8")
    assert read_report(path).table.dtypes.map(str).equals(full.dtypes.map(str))


def test_a_text_of_an_advertising_report_is_held_once_however_many_rows_it_stands_in(tmp_path):
    cells = ["b000000002", "B000000001", ' ="B000000002" ']
    rows = [ADVERTISING | {"Advertised ASIN": cell} for cell in cells]
    found = read_report(saved(tmp_path, *rows, ADVERTISING | {"Clicks": "4"})).table["asin"]
    assert found.cat.categories.tolist() == ["B000000001", "B000000002"]
    assert found.tolist()[:3] == ["B000000002", "B000000001", "B000000002"]


@pytest.mark.parametrize("cell", ["", "--", "n/a"])
def test_rows_without_an_asin_are_dropped_and_counted(tmp_path, cell):
    report = read_report(saved(tmp_path, INVENTORY, INVENTORY | {"asin": cell}))
    assert (len(report.table), report.rows, dict(report.dropped)) == (1, 2, {"rows without an ASIN": 1})


def test_a_cost_line_needs_no_asin(tmp_path):
    report = read_report(saved(tmp_path, {"asin": "", "sku": "0012", "landed_cost": "5"}))
    assert report.table["sku"].tolist() == ["0012"]


@pytest.mark.parametrize("days", [7, 14])
def test_the_attribution_window_is_read_off_the_header(tmp_path, days):
    row = {key.replace("7 Day", f"{days} Day"): cell for key, cell in ADVERTISING.items()}
    assert read_report(saved(tmp_path, row)).attribution_days == days


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31mb.csv", "a\rb.csv", "a\u202eb.csv"])
@pytest.mark.parametrize("row", [{"order-id": "1"}, ADVERTISING | {"Clicks": "x"}, ADVERTISING | {"Date": None}])
def test_a_hostile_file_name_never_reaches_a_message_raw(tmp_path, name, row):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, row, name=name))
    assert all(str(problem).isprintable() for problem in caught.value.problems)


def test_a_hostile_file_name_never_reaches_a_note_raw(tmp_path):
    report = read_report(saved(tmp_path, INVENTORY | {"item-volume": "x"}, name="a\x1b[31m\nb.csv"))
    assert report.file == "a\\x1b[31m\\nb.csv"
    assert [note.where for note in report.notes] == [report.file]


def test_a_hostile_header_never_reaches_a_message_raw(tmp_path):
    with pytest.raises(ReportError) as caught:
        read_report(saved(tmp_path, {"\x1b[31morder": "1", "id\u202e": "2"}))
    assert str(caught.value).isprintable()


def test_another_name_can_be_given(tmp_path):
    assert read_report(saved(tmp_path, COSTS), "2026-11-23/costs.csv").file == "2026-11-23/costs.csv"


HEADERS = [",".join(row).encode() + b"\n" for row in KINDS.values()]


@given(content=st.binary(max_size=300) | st.tuples(st.sampled_from(HEADERS), st.binary(max_size=120)).map(b"".join))
@example(content=b"PK\x03\x04")
@example(content=b"\xff\xfe\x00")
@example(content=HEADERS[0].strip())
@pytest.mark.parametrize("name", ["any.csv", "any.xlsx"])
@settings(max_examples=100)
def test_any_bytes_give_a_report_or_a_report_error(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    try:
        found = read_report(path)
    except ReportError as error:
        assert error.problems
        assert all(str(problem).isprintable() for problem in error.problems)
    else:
        assert isinstance(found, Report)
        assert len(found.table) + sum(found.dropped.values()) == found.rows


@given(cells=st.lists(st.text(st.characters(codec="utf-8")), min_size=9, max_size=9))
@settings(max_examples=100)
def test_any_cells_give_a_report_or_a_report_error(tmp_path, cells):
    path = saved(tmp_path, dict(zip(ADVERTISING, cells, strict=True)))
    try:
        found = read_report(path)
    except ReportError as error:
        assert all(str(problem).isprintable() for problem in error.problems)
    else:
        assert found.rows == 1

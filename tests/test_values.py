import math
from datetime import date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.reading import values
from wockit.reading.days import dates
from wockit.reading.values import PARSERS, asin, count, flag, money, percent, rate, text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,234.56", 1234.56),
        ("5,824", 5824),
        ("$293.34", 293.34),
        ("$293.34 ", 293.34),
        ("£12,897.84", 12897.84),
        ("£1,234", 1234),
        ("AED\u00a04,426.00", 4426),
        ("Rs.1000.0", 1000),
        ("Rs.15.5138462", 15.5138462),
        ("Rs. 1,23,456.00", 123456),
        ("-Rs.5.00", -5),
        ("(Rs.5.00)", -5),
        ("kr.12,50", 12.5),
        ("368,14\u00a0€", 368.14),
        ("127.156,00\u00a0€", 127156),
        ("€1.234,56", 1234.56),
        ("1.234.567,89 €", 1234567.89),
        ("￥1,234", 1234),
        ("¥1,234", 1234),
        ("￥１，２３４", 1234),
        ("1,234円", 1234),
        ("R$ 12,50", 12.5),
        ("US$5.00", 5),
        ("12,50 zł", 12.5),
        ("1\u00a0234,50", 1234.5),
        ("1\u202f234,50 €", 1234.5),
        ("1 234 567,00 kr", 1234567),
        ("1'234.50", 1234.5),
        ("1’234.50", 1234.5),
        ("₹1,23,456.00", 123456),
        ("1,23,456.00", 123456),
        ("(12.00)", -12),
        ("(1.23)", -1.23),
        ("($5.00)", -5),
        ("$(5.00)", -5),
        ("(5.00) €", -5),
        ("-$5.00", -5),
        ("$-5.00", -5),
        ("5.00-", -5),
        ("−5.00", -5),
        ("+5.00", 5),
        ("15.5138462", 15.5138462),
        ("1.23E+17", 1.23e17),
        ("1e-3", 0.001),
        ("$.50", 0.5),
        ("0,123", 0.123),
        (293.34, 293.34),
        (5, 5),
    ],
)
def test_an_amount_reads_the_same_in_every_marketplace(cell, expected):
    assert money(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "12abc",
        "abc",
        "5%",
        "12 units",
        "$",
        "..",
        "½",
        "9²",
        "⑨",
        "(5",
        "5)",
        "((5))",
        "-5-",
        "(-5)",
        "--5",
        "nan",
        "inf",
        "USDT 5",
    ],
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValueError, match=r"^an? (amount|number)$"):
        money(cell)


@pytest.mark.parametrize(
    "cell", ["1.2.3", "1,2,3", "1,234,56", "1,234.567,89", "12:30", "1_000", "1e999", "12 3", "1'2", "1,234.5e1"]
)
def test_marks_that_do_not_fit_are_refused(cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        money(cell)


@pytest.mark.parametrize("cell", ["", "-", "--", "–", "—", " -- ", "None", "N/A", "<5%", "\u00a0", None])
@pytest.mark.parametrize("parser", [count, money, rate, percent, flag])
def test_a_missing_value_is_missing_and_never_zero(parser, cell):
    assert parser(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3,200", 3200),
        ("3.200", 3200),
        ("3\u00a0200", 3200),
        ("5,824", 5824),
        ("1.234.567", 1234567),
        ("1,23,456", 123456),
        ("-3", -3),
        ("1.0", 1),
        ("1,000.0", 1000),
        ("1e3", 1000),
        ("0", 0),
        (3.0, 3),
    ],
)
def test_a_count_groups_thousands(cell, expected):
    assert count(cell) == expected


@pytest.mark.parametrize("cell", ["12.5", "0,5", 3.5, "1e-1"])
def test_a_count_is_whole(cell):
    with pytest.raises(ValueError, match=r"^a whole number$"):
        count(cell)


@pytest.mark.parametrize("cell", ["$5", "Rs.5", "5 €", "12abc", "12%", "4,5,6"])
def test_a_count_has_no_unit(cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        count(cell)


@pytest.mark.parametrize(
    "cell", [True, False, date(2026, 1, 1), datetime(2026, 1, 1), time(5), timedelta(days=3), math.nan, math.inf]
)
@pytest.mark.parametrize("parser", [count, money, rate, percent])
def test_what_a_workbook_holds_beside_numbers_is_no_number(parser, cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        parser(cell)


def test_each_cell_of_one_file_decides_its_own_decimal_mark():
    cells = (money("127.156,00\u00a0€"), count("3,200"), percent("97.80%"), percent("16,40%"))
    assert cells == pytest.approx((127156, 3200, 0.978, 0.164))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4,286", 4.286),
        ("4.286", 4.286),
        ("15.5138462", 15.5138462),
        ("1.23E-5", 1.23e-5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("Infinite", math.inf),
        (" infinity ", math.inf),
        ("∞", math.inf),
        (0.0353, 0.0353),
    ],
)
def test_a_rate_is_never_grouped_by_a_single_mark(cell, expected):
    assert rate(cell) == expected


@pytest.mark.parametrize("cell", ["x", "$5", "12%"])
def test_a_rate_has_no_unit(cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        rate(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("97.80%", 0.978),
        ("16,40%", 0.164),
        ("2,0000%", 0.02),
        ("1.66%", 0.0166),
        ("86%", 0.86),
        ("12,5 %", 0.125),
        ("12％", 0.12),
        ("600%", 6),
        ("-5%", -0.05),
        ("0.0166", 0.0166),
        (0.0166, 0.0166),
    ],
)
def test_a_share_is_a_fraction(cell, expected):
    assert percent(cell) == pytest.approx(expected)


@pytest.mark.parametrize("cell", ["x%", "5%%", "$5", "12abc"])
def test_what_is_no_share_is_refused(cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        percent(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Yes", 1), ("NO", 0), ("true", 1), ("False", 0), ("y", 1), ("n", 0), (1, 1), (0.0, 0), (True, 1), (False, 0)],
)
def test_yes_and_no(cell, expected):
    assert flag(cell) == expected


@pytest.mark.parametrize("cell", ["maybe", "2", 2.5])
def test_neither_yes_nor_no_is_refused(cell):
    with pytest.raises(ValueError, match=r"^Yes or No$"):
        flag(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0012", "0012"),
        ("1E5", "1E5"),
        ("NA", "NA"),
        ("--", "--"),
        ('="123"', "123"),
        ('="0012"', "0012"),
        ('=""', None),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ("  a b  ", "a b"),
        ("  ", None),
        (None, None),
        (12.0, "12"),
        (12.5, "12.5"),
        (12, "12"),
        (math.inf, "inf"),
    ],
)
def test_text_stays_as_it_stands(cell, expected):
    assert text(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("B000000001", "B000000001"),
        (" b000000001 ", "B000000001"),
        ("9788015328", "9788015328"),
        (9788015328.0, "9788015328"),
        ('="9788015328"', "9788015328"),
        ("--", None),
        ("", None),
        (None, None),
    ],
)
def test_an_asin(cell, expected):
    assert asin(cell) == expected


@pytest.mark.parametrize("cell", ["B00", "B0000000 1", "B00000000é", "１２３４５６７８９０", "Total", "B0000000011"])
def test_what_is_no_asin_is_refused(cell):
    with pytest.raises(ValueError, match=r"^an ASIN \(ten letters or digits\)$"):
        asin(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019-12-18", date(2019, 12, 18)),
        ("2019-12-11T08:00:00+00:00", date(2019, 12, 11)),
        ("2026-11-23 08:00", date(2026, 11, 23)),
        ("2026/01/02", date(2026, 1, 2)),
        ("Feb 1, 2020", date(2020, 2, 1)),
        ("jul 14, 2026", date(2026, 7, 14)),
        ("Sept. 3, 2020", date(2020, 9, 3)),
        ("February 1, 2020", date(2020, 2, 1)),
        ("9/21/24", date(2024, 9, 21)),
        ("12/22/2022", date(2022, 12, 22)),
        ("24/09/2022", date(2022, 9, 24)),
        ('="24/09/2022"', date(2022, 9, 24)),
        ("24.07.2026", date(2026, 7, 24)),
        ("01.02.26", date(2026, 2, 1)),
        (datetime(2020, 2, 1, 23, 59), date(2020, 2, 1)),
        (date(2020, 2, 1), date(2020, 2, 1)),
        ("3-Nov-26", date(2026, 11, 3)),
        ("03-Nov-2026 00:00:00", date(2026, 11, 3)),
        ("3-Mrz-26", date(2026, 3, 3)),
        ("03.11.2026 14:30", date(2026, 11, 3)),
        ("1er novembre 2026", date(2026, 11, 1)),
        ("mar. 3 nov. 2026", date(2026, 11, 3)),
        ("martes, 3 de noviembre de 2026", date(2026, 11, 3)),
        ("03-Nov-2026", date(2026, 11, 3)),
        ("3 nov. 2026", date(2026, 11, 3)),
        ("3 févr. 2026", date(2026, 2, 3)),
        ("1 juil. 2026", date(2026, 7, 1)),
        ("1 juin 2026", date(2026, 6, 1)),
        ("3. März 2026", date(2026, 3, 3)),
        ("24-09-2022", date(2022, 9, 24)),
        ("9-24-22", date(2022, 9, 24)),
        ("24/09/2022 10:15", date(2022, 9, 24)),
        ("08/08/2026", date(2026, 8, 8)),
        ("46329", date(2026, 11, 3)),
        (46329, date(2026, 11, 3)),
        (46329.0, date(2026, 11, 3)),
        ("--", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date(cell, expected):
    assert dates([cell]) == [expected]


def test_a_day_over_twelve_tells_the_order_of_the_whole_column():
    assert dates(["04/07/2026", "24/07/2026"])[0] == date(2026, 7, 4)
    assert dates(["04/07/2026", "07/24/2026"])[0] == date(2026, 4, 7)


@pytest.mark.parametrize(
    "column",
    [["04/07/2026"], [" 04/07/2026 "], ['="04/07/2026"'], ["04/07/2026", "2026-07-24"], ["04/07/2026 10:00"]],
)
def test_slash_dates_are_never_guessed(column):
    message = "^'04/07/2026' may be day/month or month/day; the other dates do not show which.$"
    with pytest.raises(ValueError, match=message):
        dates(column)


@pytest.mark.parametrize(
    ("column", "day", "first"),
    [
        (["04/07/2026"], date(2026, 7, 5), date(2026, 7, 4)),  # seven days old, not three months
        (["04/07/2026"], date(2026, 4, 7), date(2026, 4, 7)),  # not ahead of its download
        (["11-05-2026", "12-05-2026"], date(2026, 11, 6), date(2026, 5, 11)),  # 5 December is ahead
        (["01/06/2026", "02/06/2026", "03/06/2026"], None, date(2026, 6, 1)),  # three days in a row, not three months
        (["06/01/2026", "06/02/2026", "06/03/2026"], None, date(2026, 6, 1)),
    ],
)
def test_the_order_of_day_and_month_follows_from_the_download_and_from_days_in_a_row(column, day, first):
    assert dates(column, day)[0] == first


@pytest.mark.parametrize(
    ("column", "day"),
    [
        (["04/07/2026"], date(2026, 9, 20)),  # 4 July or 7 April: both long ago
        (["04/07/2026"], date(2026, 4, 1)),  # both ahead
        (["04/07/2026", "05/07/2026"], None),  # two dates make no row
    ],
)
def test_an_order_that_nothing_settles_stays_refused(column, day):
    with pytest.raises(ValueError, match="may be day/month or month/day"):
        dates(column, day)


@pytest.mark.parametrize(
    ("cell", "book"),
    [
        ("306406152", "0306406152"),
        (306406152.0, "0306406152"),
        ("80442957X", "080442957X"),
        ("B000000001", "B000000001"),
    ],
)
def test_an_isbn_gets_back_the_zeros_that_a_spreadsheet_took(cell, book):
    assert asin(cell) == book


@pytest.mark.parametrize("cell", ["306406153", "123456788", "12345"])
def test_digits_that_are_no_isbn_get_no_zeros(cell):
    with pytest.raises(ValueError, match="^an ASIN"):
        asin(cell)


def test_slash_dates_of_both_orders_are_refused():
    with pytest.raises(ValueError, match="^'24/07/2026' may be day/month or month/day"):
        dates(["24/07/2026", "07/24/2026"])


@pytest.mark.parametrize(
    "cell",
    [
        "2026-13-01",
        "2026-02-30",
        "0000-01-01",
        "Foo 1, 2020",
        "13/13",
        "24/09/2022x",
        "1",
        "99999",
        "3-Foo-26",
        "24/07/026",
    ],
)
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValueError, match=f"^'{cell}' (is not a date|may be)"):
        dates([cell])


@pytest.mark.parametrize("cell", [450, 45000.5, time(5), timedelta(days=3), True])
def test_a_cell_that_is_no_date_is_refused(cell):
    with pytest.raises(ValueError, match="is not a date.$"):
        dates([cell])


NUMBER_LIKE = st.text(alphabet="0123456789.,-+()%$€£¥₹ \u00a0'eERs/=\"") | st.text()


@given(cell=NUMBER_LIKE | st.floats() | st.booleans() | st.none() | st.datetimes() | st.times() | st.timedeltas())
@pytest.mark.parametrize("kind", PARSERS)
def test_any_cell_gives_a_value_or_a_value_error(kind, cell):
    try:
        value = PARSERS[kind](cell)
    except ValueError as error:
        assert str(error).isprintable()
        assert str(error)
    else:
        assert value is None or isinstance(
            value, {"instant": datetime}.get(kind, str if kind in ("text", "asin", "marketplace") else float)
        )
        assert not isinstance(value, float) or not math.isnan(value)


@given(cells=st.lists(st.text(alphabet="0123456789/-. ,JanFeb") | st.text() | st.floats() | st.datetimes(), max_size=4))
def test_any_column_gives_dates_or_a_value_error(cells):
    try:
        found = dates(cells)
    except ValueError as error:
        assert "is not a date" in str(error) or "may be day/month" in str(error)
    else:
        assert len(found) == len(cells)
        assert all(value is None or type(value) is date for value in found)


@pytest.mark.parametrize(
    ("grouping", "decimal", "frame"),
    [
        (",", ".", "${}"),
        (".", ",", "{}\u00a0€"),
        ("'", ".", "{}"),
        ("’", ".", "{}"),
        ("\u00a0", ",", "{} €"),
        ("\u202f", ",", "{}"),
        ("", ".", "{}"),
        ("", ",", "{}"),
    ],
)
@given(cents=st.integers(min_value=-(10**12), max_value=10**12))
def test_an_amount_reads_back_equal(grouping, decimal, frame, cents):
    written = f"{cents / 100:,.2f}".translate({ord(","): grouping, ord("."): decimal})
    assert money(frame.format(written)) == cents / 100


@pytest.mark.parametrize("grouping", [",", ".", "'", "\u00a0", "\u202f", ""])
@given(units=st.integers(min_value=-(10**9), max_value=10**9))
def test_a_count_reads_back_equal(grouping, units):
    assert count(f"{units:,}".replace(",", grouping)) == units


@pytest.mark.parametrize("cell", [" " * 300_000 + "x", "1" * 300_000, "(" * 300_000, "x1" * 150_000, "1.1" * 100_000])
def test_a_cell_without_end_is_no_number_and_takes_no_time(cell):
    began = process_time()
    for read in (values.money, values.count, values.rate, values.percent, values.cost):
        with pytest.raises(ValueError, match="a number|an amount|a whole"):
            read(cell)
    assert values.sign(cell) == ""
    assert values.decimal_mark([cell]) == ""
    with pytest.raises(ValueError, match="is not a date"):
        dates([cell])
    assert process_time() - began < 5

"""What sold in each week, read off reports made by hand; the snapshot's day is a Monday, so weeks end on Sundays."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.formulas.learning import elasticity_from_prices
from wockit.reading.account_file import Event
from wockit.reading.price_record import price_record
from wockit.reading.reports import Report
from wockit.reading.sales_record import LONGEST_RECORD, sales_record
from wockit.reading.schemas import schemas

TODAY = date(2026, 11, 23)
WEEK_AGO, MONTH_AGO = TODAY - timedelta(days=7), TODAY - timedelta(days=28)
STEADY = [(day, 1) for day in pd.date_range("2026-11-09", "2026-11-22").strftime("%Y-%m-%d")]


def report(kind, rows, sales_days=None):
    return Report(
        schema=schemas()[kind],
        file=f"{kind}.csv",
        table=pd.DataFrame(rows),
        rows=len(rows),
        dropped={},
        notes=(),
        language="en",
        header={},
        attribution_days=7,
        sales_days=sales_days,
    )


def inventory(asin="A", stock=10.0, **shipped):
    """An inventory report of one ASIN: units shipped in the last `t7`, `t30`, `t60` and `t90` days."""
    units = {f"units_shipped_{name[1:]}_days": float(number) for name, number in shipped.items()}
    return report("fba_inventory", [{"asin": asin, "units_available": stock, **units}])


def orders(*lines, asin="A"):
    """Orders of one ASIN: moments in UTC and units."""
    rows = [
        {"asin": asin, "purchase_date": pd.Timestamp(moment), "units_ordered": float(units)} for moment, units in lines
    ]
    return report("all_orders", rows)


def business(units, sales_days=None, asin="A"):
    return report("business_report_child", [{"asin": asin, "units_ordered": float(units)}], sales_days)


def ledger(*lines):
    """A daily ledger of A: days, units shipped to customers, units left in the evening."""
    rows = [
        {"asin": "A", "snapshot_date": pd.Timestamp(day), "customer_shipments": float(-units), "units_available": left}
        for day, units, left in lines
    ]
    return report("inventory_ledger", rows)


def record(*kept, asins=("A",), sales_days=None, zone="UTC", events=()):
    """The sales record of some snapshots: their days with their reports."""
    tables = [(day, reports, [each.table for each in reports]) for day, *reports in kept]
    return sales_record(tables, asins=pd.Index(asins), sales_days=sales_days, zone=zone, events=events)


def weeks(*kept, **options):
    """Units of A, week by week, oldest first."""
    return record(*kept, **options)[0].weeks.loc["A"].tolist()


def texts(*kept, **options):
    return [note.text for note in record(*kept, **options)[1]]


def test_orders_add_up_to_weeks():
    assert weeks((TODAY, orders(("2026-11-09", 2), ("2026-11-15", 3), ("2026-11-16", 4), ("2026-11-22", 5)))) == [5, 9]


def test_days_before_the_first_order_of_the_marketplace_are_none_sold():
    found = replace(orders(("2026-11-22", 5)), since=datetime(2026, 11, 9))
    assert weeks((date(2026, 11, 23), found)) == [0, 5]


def test_a_business_report_that_states_its_days_is_laid_into_them():
    found = replace(business(70, sales_days=14), sales_last=date(2026, 11, 15))
    assert weeks((date(2026, 11, 23), found))[:2] == [35, 35]
    assert np.isnan(weeks((date(2026, 11, 23), found))[2])


def test_orders_of_the_same_day_add_up():
    assert weeks((TODAY, orders(("2026-11-16 08:00", 2), ("2026-11-16 09:00", 3), ("2026-11-22", 0)))) == [5]


def test_a_week_is_named_by_its_last_day():
    found, _ = record((TODAY, orders(*STEADY)))
    assert found.weeks.columns.tolist() == [pd.Timestamp("2026-11-15"), pd.Timestamp("2026-11-22")]


@pytest.mark.parametrize(
    ("zone", "found"),
    [("America/Los_Angeles", [6, 1]), ("UTC", [1, 6]), ("Asia/Tokyo", [1, 6])],
)
def test_an_order_at_two_in_the_morning_belongs_to_the_day_before_in_the_us(zone, found):
    file = orders(("2026-11-09 12:00", 1), ("2026-11-16 02:00", 5), ("2026-11-22 12:00", 1))
    assert weeks((TODAY, file), zone=zone) == found


def test_no_order_of_an_asin_is_none_sold_on_a_day_that_the_file_covers():
    both = report(
        "all_orders", [*orders(*STEADY).table.to_dict("records"), *orders(STEADY[0], asin="B").table.to_dict("records")]
    )
    assert record((TODAY, both), asins=["A", "B"])[0].weeks.loc["B"].tolist() == [1, 0]


def test_four_steps_of_one_report_are_spread_evenly_over_their_days():
    """14 in the last 7 days, then 1 a day, then 2, then 3."""
    found = weeks((TODAY, inventory(t7=14, t30=37, t60=97, t90=187)))
    assert found == pytest.approx([21, 21, 21, 21, 17, 14, 14, 14, 12, 7, 7, 7, 14])


@pytest.mark.parametrize(("t7", "t30"), [(40, 80), (63, 112), (1, 3), (7, 101)])
def test_weeks_before_a_launch_sold_nothing_at_all(t7, t30):
    """Thirds and sevenths of a unit that are summed up leave no trace of a sale before the first one."""
    found = weeks((TODAY, inventory(t7=t7, t30=t30, t60=t30, t90=t30)))
    assert found[:8] == [0] * 8
    assert sum(found) == pytest.approx(t30)


@settings(max_examples=30)
@given(steps=st.lists(st.integers(0, 10_000), min_size=4, max_size=4))
def test_the_weeks_add_up_to_the_ninety_days(steps):
    shipped = dict(zip(("t7", "t30", "t60", "t90"), np.cumsum(steps), strict=True))
    found = weeks((TODAY, inventory(**shipped)))
    assert sum(found[1:]) + found[0] * 6 / 7 == pytest.approx(sum(steps))


def test_a_step_that_the_report_leaves_out_is_no_zero():
    assert weeks((TODAY, inventory(t30=30))) == pytest.approx([np.nan, 7, 7, 7, 7], nan_ok=True)


def test_a_step_without_a_number_for_any_asin_is_passed_over():
    assert weeks((TODAY, inventory(t7=np.nan, t30=30))) == pytest.approx([np.nan, 7, 7, 7, 7], nan_ok=True)


def test_an_older_snapshot_tells_its_week_apart_and_the_longer_span_keeps_its_total():
    """7 + 46 units in 30 days; 30 of the 46 fell into the week of the older snapshot, 16 days are left with 1 a day."""
    now, before = inventory(t7=7, t30=53), inventory(t7=30)
    assert weeks((TODAY, now))[1:] == pytest.approx([14, 14, 14, 7])
    assert weeks((WEEK_AGO, before), (TODAY, now))[1:] == pytest.approx([7, 7, 30, 7])


def test_what_an_older_week_tells_beyond_the_longer_span_leaves_none_for_the_other_days():
    found = weeks((WEEK_AGO, inventory(t7=60)), (TODAY, inventory(t7=7, t30=53)))
    assert found[1:] == pytest.approx([0, 0, 60, 7])


def test_weekly_business_reports_are_the_weeks_themselves():
    assert weeks((WEEK_AGO, business(10)), (TODAY, business(20)), sales_days=7) == [10, 20]


def test_several_lines_of_an_asin_add_up():
    lines = [{"asin": "A", "units_ordered": 3.0}, {"asin": "A", "units_ordered": 4.0}]
    assert weeks((TODAY, report("business_report_child", lines)), sales_days=7) == [7]


@pytest.mark.parametrize(("days", "found"), [(28, [31] * 4), (31, [28] * 4), (32, []), (90, [])])
def test_a_business_report_of_a_month_is_spread_and_a_longer_one_not_used(days, found):
    assert [number for number in weeks((TODAY, business(124)), sales_days=days) if number >= 0] == pytest.approx(found)


def test_a_business_report_of_unknown_length_is_not_used():
    assert weeks((TODAY, business(20))) == []


def test_the_period_that_a_report_states_itself_comes_before_the_setting():
    assert weeks((TODAY, business(20, sales_days=7)), sales_days=90) == [20]


def test_shipments_of_a_ledger_are_negative_and_count_as_sold():
    assert weeks((TODAY, ledger(*[(day, 2, 50) for day, _ in STEADY]))) == [14, 14]


@pytest.mark.parametrize(("empty", "first"), [(3, 7), (4, np.nan)])
def test_days_that_a_ledger_ends_without_stock_are_unknown(empty, first):
    days = [(day, 0, 0) if number < empty else (day, 1, 50) for number, (day, _) in enumerate(STEADY)]
    assert weeks((TODAY, ledger(*days))) == pytest.approx([first, 7], nan_ok=True)


def test_a_month_without_stock_does_not_halve_the_pace():
    days = pd.date_range("2026-09-28", "2026-11-22")
    lines = [(day, 0, 0) if 14 <= number < 42 else (day, 1, 50) for number, day in enumerate(days)]
    found = weeks((TODAY, ledger(*lines)))
    assert found == pytest.approx([7, 7, *[np.nan] * 4, 7, 7], nan_ok=True)


def test_a_snapshot_without_stock_leaves_out_the_week_before_it():
    kept = (WEEK_AGO, inventory(stock=0.0, t7=0)), (TODAY, inventory(t7=7, t30=30))
    assert weeks(*kept)[1:] == pytest.approx([23 / 16 * 7, 23 / 16 * 7, np.nan, 7], nan_ok=True)


def test_stock_that_is_unknown_is_no_stock_out():
    assert weeks((TODAY, inventory(stock=np.nan, t7=7))) == [7]


def test_stock_of_one_sku_is_stock_of_the_asin():
    rows = [{"asin": "A", "units_available": stock, "units_shipped_7_days": 5.0} for stock in (0.0, 1.0)]
    assert weeks((TODAY, report("fba_inventory", rows))) == [10]


def test_weeks_without_stock_are_counted():
    kept = (MONTH_AGO, inventory(stock=0.0, t7=0)), (TODAY, inventory(stock=0.0, t7=0, t30=30))
    assert record(*kept)[0].stock_outs["A"] == pytest.approx(2)


def test_a_stock_out_of_more_than_a_quarter_ago_is_not_counted():
    kept = (TODAY - timedelta(weeks=13), inventory(stock=0.0, t7=0)), (TODAY, inventory(t7=0))
    assert record(*kept)[0].stock_outs["A"] == 0


DEAL = Event("Deal", date(2026, 11, 16), date(2026, 11, 18))
PEAK = [(day, 100 if "2026-11-16" <= day <= "2026-11-18" else 1) for day, _ in STEADY]


def test_a_deal_swells_its_week_unless_it_is_named():
    assert weeks((TODAY, orders(*PEAK))) == [7, 304]
    assert weeks((TODAY, orders(*PEAK)), events=[DEAL]) == pytest.approx([7, 7])


def test_an_event_that_leaves_three_days_leaves_out_the_week():
    event = Event("Launch", date(2026, 11, 16), date(2026, 11, 19))
    assert weeks((TODAY, orders(*PEAK)), events=[event]) == pytest.approx([7, np.nan], nan_ok=True)


def test_an_event_of_some_asins_leaves_the_others_alone():
    event = Event("Deal", DEAL.first, DEAL.last, asins=("B", "UNKNOWN"))
    rows = [*orders(*PEAK).table.to_dict("records"), *orders(*PEAK, asin="B").table.to_dict("records")]
    found, _ = record((TODAY, report("all_orders", rows)), asins=["A", "B"], events=[event])
    assert found.weeks.loc["A"].tolist() == [7, 304]
    assert found.weeks.loc["B"].tolist() == pytest.approx([7, 7])
    assert found.events.to_dict() == {"A": False, "B": True}


def test_an_event_before_the_record_or_after_it_changes_nothing():
    outside = [Event("Old", date(2025, 7, 8), date(2025, 7, 11)), Event("Next", TODAY, date(2026, 12, 1))]
    found, _ = record((TODAY, orders(*PEAK)), events=outside)
    assert found.weeks.loc["A"].tolist() == [7, 304]
    assert not found.events["A"]


@pytest.mark.parametrize(("first_day", "first_week"), [("2026-11-12", 7), ("2026-11-13", np.nan)])
def test_a_week_of_fewer_than_four_known_days_is_missing(first_day, first_week):
    file = orders(*[line for line in STEADY if line[0] >= first_day])
    assert weeks((TODAY, file)) == pytest.approx([first_week, 7], nan_ok=True)


SOURCES = {
    "inventory ledger": ledger(*[(day, 1, 50) for day, _ in STEADY[7:]]),
    "orders": orders(*[(day, 2) for day, _ in STEADY[7:]]),
    "units shipped": inventory(t7=21),
    "business reports": business(28, sales_days=7),
}


@pytest.mark.parametrize(("name", "units"), [(name, 7 * number) for number, name in enumerate(SOURCES, 1)])
def test_the_source_of_the_weeks_is_named(name, units):
    found, _ = record((TODAY, SOURCES[name]))
    assert found.source["A"] == name
    assert found.weeks.loc["A"].tolist() == [units]


def test_orders_that_are_not_what_left_the_stock_count_for_nothing():
    found, _ = record((TODAY, SOURCES["orders"], SOURCES["units shipped"]))
    assert (found.source["A"], found.weeks.loc["A"].tolist()) == ("units shipped", [21])


@pytest.mark.parametrize("first", [0, 2])
def test_of_two_that_tell_the_same_week_the_better_counts_whatever_their_order(first):
    better, weaker = list(SOURCES)[first : first + 2]
    for kept in ([better, weaker], [weaker, better]):
        found, _ = record((TODAY, *[SOURCES[name] for name in kept]))
        assert found.source["A"] == better
        assert found.weeks.loc["A"].tolist() == [7 * (first + 1)]


def test_the_source_is_the_one_of_the_most_days():
    assert record((TODAY, SOURCES["orders"], inventory(t7=7, t30=30)))[0].source["A"] == "units shipped"


def test_the_source_of_an_asin_whose_days_are_mostly_unknown_is_still_named():
    found, _ = record((MONTH_AGO, inventory("B", t7=5)), (TODAY, inventory(t7=7)), asins=["A", "B"])
    assert found.source.to_dict() == {"A": "units shipped", "B": "units shipped"}


def test_an_asin_that_no_report_tells_of_has_no_source_and_no_weeks():
    found, _ = record((TODAY, inventory(t7=7, t30=30)), asins=["A", "B"])
    assert found.source["B"] == ""
    assert found.weeks.loc["B"].isna().all()


def test_at_most_three_years_are_looked_back_at():
    days = pd.date_range(TODAY - timedelta(weeks=LONGEST_RECORD + 10), TODAY - timedelta(days=1))
    assert weeks((TODAY, orders(*[(day, 1) for day in days]))) == [7] * 156


def test_weeks_between_snapshots_are_missing_and_not_zero():
    found = weeks((MONTH_AGO, inventory(t7=5)), (TODAY, inventory(t7=7)))
    assert found == pytest.approx([5, np.nan, np.nan, np.nan, 7], nan_ok=True)


def test_orders_that_two_snapshots_hold_count_once_and_the_newer_is_right():
    cancelled_later = orders(*[(day, 3) for day, _ in STEADY[:7]])
    assert weeks((WEEK_AGO, cancelled_later), (TODAY, orders(*STEADY))) == [7, 7]


def test_orders_of_two_snapshots_that_join_up_make_one_record():
    assert weeks((WEEK_AGO, orders(*STEADY[:7])), (TODAY, orders(*STEADY[7:]))) == [7, 7]


def test_returns_count_as_none_sold_and_are_noted():
    kept = (TODAY, inventory(t7=-2, t30=0))
    assert weeks(kept)[1:] == [0, 0, 0, 0]
    text = "1 unit total is negative (returns or corrections by Amazon) and counts as 0 sold."
    assert text in texts(kept)


def test_a_month_that_sold_less_than_its_last_week_keeps_the_week():
    assert weeks((TODAY, inventory(t7=10, t30=8)))[1:] == [0, 0, 0, 10]


def test_a_single_asin_without_its_last_week_keeps_its_month():
    assert weeks((TODAY, inventory(t7=float("nan"), t30=30)))[1:] == [7, 7, 7, 7]


def test_a_day_of_more_returns_than_sales_in_a_ledger_sold_nothing():
    lines = [(day, -30 if number == 8 else 1, 50) for number, (day, _) in enumerate(STEADY)]
    assert weeks((TODAY, ledger(*lines))) == [7, 6]


def test_orders_of_the_snapshot_s_day_or_later_are_left_out_and_noted():
    kept = (TODAY, orders(*STEADY, ("2026-11-23 01:00", 4), ("2027-01-01", 1)))
    assert weeks(kept) == [7, 7]
    assert "5 units sold on the snapshot's day or later were left out." in texts(kept)


def test_no_note_speaks_of_what_is_not_there():
    days = pd.date_range(TODAY - timedelta(weeks=8), TODAY - timedelta(days=1))
    assert texts((TODAY, orders(*[(day, 1) for day in days]))) == []


def test_an_asin_of_the_past_alone_is_noted_and_gets_no_row():
    kept = (WEEK_AGO, inventory("GONE", t7=5)), (TODAY, inventory(t7=7, t30=30))
    found, notes = record(*kept)
    text = "1 ASIN that sold before is now in neither the inventory nor the sales report: GONE."
    assert ("info", text) in [(note.level, note.text) for note in notes]
    assert found.weeks.index.tolist() == ["A"]


def test_an_asin_of_the_past_that_never_sold_is_not_worth_a_note():
    kept = (WEEK_AGO, inventory("GONE", t7=0)), (TODAY, inventory(t7=7, t30=30))
    assert not any("GONE" in text for text in texts(*kept))


@pytest.mark.parametrize(("known", "told"), [(2, True), (7, True), (8, False)])
def test_a_young_account_is_told_that_it_has_little_history(known, told):
    days = pd.date_range(TODAY - timedelta(weeks=known), TODAY - timedelta(days=1))
    _, notes = record((TODAY, orders(*[(day, 1) for day in days])))
    assert ([note.code for note in notes if note.level == "warning"] == ["little_history"]) == told
    if told:
        assert notes[0].text.startswith(f"it begins only {known} weeks before the snapshot")


def test_without_any_history_there_is_no_week_and_a_warning():
    found, (note,) = record((TODAY, inventory(), business(20)))
    assert found.weeks.shape == (1, 0)
    assert (note.level, note.where) == ("warning", "sales record")
    assert note.text == "no report shows weekly sales, so there is no forward cover."


def test_no_asin_at_all_is_no_error():
    assert record((TODAY, orders(*STEADY)), asins=[])[0].weeks.shape == (0, 2)


LINES = [("A", "2026-11-09", 1.0), ("A", "2026-11-17", 2.0), ("B", "2026-11-10", 4.0), ("B", "2026-11-22", 8.0),
         ("A", "2026-11-09", 16.0)]  # fmt: skip


@settings(max_examples=25)
@given(lines=st.permutations(LINES), asins=st.permutations(["A", "B", "C"]))
def test_neither_the_order_of_rows_nor_of_asins_matters(lines, asins):
    rows = [{"asin": asin, "purchase_date": pd.Timestamp(day), "units_ordered": n} for asin, day, n in lines]
    stock = [inventory(asin, stock=5.0 + number).table for number, asin in enumerate(asins)]
    found, _ = record((TODAY, report("all_orders", rows), report("fba_inventory", pd.concat(stock))), asins=asins)
    assert found.weeks.loc["A"].tolist()[-2:] == [17, 2]
    assert found.weeks.loc["B"].tolist()[-2:] == [4, 8]
    assert found.weeks.index.tolist() == asins


def test_prices_are_those_paid_else_those_listed():
    ends = pd.DatetimeIndex(["2026-11-08", "2026-11-15", "2026-11-22"])
    weeks = pd.DataFrame(0.0, index=pd.Index(["A", "B"], name="asin"), columns=ends)
    lines = [("2026-11-05", 2, 40.0), ("2026-11-19", 3, 54.0), ("2026-11-19", 1, 0.0)]
    paid = [
        {"asin": "A", "purchase_date": pd.Timestamp(day), "units_ordered": units, "sales": sales}
        for day, units, sales in lines
    ]
    orders = report("all_orders", paid)
    older, newer = (
        report("fba_inventory", [{"asin": "A", "price": 25.0}, {"asin": "B", "price": price}]) for price in (9.0, 8.0)
    )
    kept = [(WEEK_AGO, [older], [older.table]), (TODAY, [newer, orders], [newer.table, orders.table])]
    prices = price_record(kept, weeks, "America/Los_Angeles")
    assert prices.loc["A"].tolist() == [20.0, 20.0, 18.0]  # a week without orders keeps the price
    assert prices.loc["B"].tolist()[1:] == [9.0, 8.0]


def test_what_a_promotion_gives_away_has_no_price():
    weeks = pd.DataFrame(
        0.0, index=pd.Index(["A"], name="asin"), columns=pd.DatetimeIndex(["2026-11-15", "2026-11-22"])
    )
    lines = [("2026-11-12", 20.0, 0.0), ("2026-11-19", 20.0, 20.0)]
    rows = [
        {"asin": "A", "purchase_date": pd.Timestamp(day), "units_ordered": 1, "sales": sales, "promotion_discount": off}
        for day, sales, off in lines
    ]
    orders = report("all_orders", rows)
    assert price_record([(TODAY, [orders], [orders.table])], weeks, "UTC").loc["A"].tolist() == [20.0, 20.0]


def test_a_coupon_of_two_weeks_teaches_how_sales_answer_the_price():
    """10 a week at 20.00; in two weeks with 10 % off 12 are sold: 18 % more for 10.5 % less (logarithms), so 1.73."""
    ends = pd.date_range("2026-10-11", "2026-11-22", freq="7D")
    weekly = [(day, 12.0, 24.0) if 3 <= place < 5 else (day, 10.0, 0.0) for place, day in enumerate(ends)]
    rows = [
        {"asin": "A", "purchase_date": day, "units_ordered": units, "sales": 20.0 * units, "promotion_discount": off}
        for day, units, off in weekly
    ]
    past, _ = record((TODAY, report("all_orders", rows)))
    assert past.prices.loc["A"].round(9).tolist()[-6:] == [20, 20, 18, 18, 20, 20]
    lesson = elasticity_from_prices(past.weeks.to_numpy(), past.prices.to_numpy())
    assert (lesson.count, round(lesson.value, 2)) == (2, 1.73)

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wockit.formulas
from wockit.formulas.fees import (
    AGE_STEPS,
    AgedStock,
    age_ahead,
    aged_stock,
    carrying_cost,
    fuel_surcharge,
    fulfilment_fee,
    liquidation_value,
    low_inventory_fee,
    removal_fee,
    saved_by_selling,
)
from wockit.formulas.rates import NEEDED_FEES, SEASONS, SIZES, category, fee_notes, fee_table, overlapping, rates
from wockit.marketplaces import CURRENCIES
from wockit.notes import AccountError, Note

TABLE = fee_table()
TODAY = date(2026, 11, 23)
JANUARY, JULY = date(2026, 1, 15), date(2026, 7, 15)
NOTHING_SELLS = np.zeros((1, 52))
TERMS = {"table": TABLE, "marketplace": "US", "start": JANUARY, "unit_volume": 1.0, "size": "standard"}
COLUMNS = [
    *("marketplace", "fee", "size", "category", "tier_from", "tier_to", "tier_unit", "season", "basis", "rate"),
    *("extra_rate", "extra_unit", "least_per_unit", "currency", "from", "to", "certainty", "source", "note"),
]


def held(age, units=1.0):
    return AgedStock(np.array([[float(units)]]), np.array([float(age)]))


def found(marketplace, fee, day=TODAY, size="", category="all"):
    return rates(TABLE, marketplace, fee, day, size, category)["rate"].tolist()


@pytest.fixture
def overlay(tmp_path):
    """Writes a user's file of one row or more, from what differs from a good row."""

    def write(*rows):
        good = {"marketplace": "JP", "fee": "storage", "size": "standard", "basis": "per_litre_month", "rate": "5"}
        good |= {"currency": "JPY", "from": "2026-01-01", "certainty": "M"}
        table = pd.DataFrame([good | row for row in rows])
        path = tmp_path / "fees.csv"
        table.reindex(columns=[*COLUMNS, *table.columns.difference(COLUMNS)]).to_csv(path, index=False)
        return path

    return write


def told(path):
    with pytest.raises(AccountError) as error:
        fee_table(path)
    return [str(problem) for problem in error.value.problems]


# The shipped table


def test_the_columns_of_the_table():
    assert list(TABLE) == COLUMNS


def test_every_shipped_row_is_well_formed():
    assert set(TABLE["marketplace"]) == {"US", "UK", "DE", "CA", "FR", "IT", "ES", "NL", "PL", "SE", "BE", "IE"}
    assert TABLE["currency"].tolist() == TABLE["marketplace"].map(CURRENCIES).tolist()
    assert set(TABLE["season"]) <= set(SEASONS)
    assert set(TABLE["size"]) <= set(SIZES)
    assert set(TABLE["certainty"]) <= set("HML")
    assert TABLE["rate"].ge(0).all()
    assert not (TABLE["from"] > TABLE["to"]).any()
    assert not (TABLE["tier_from"] > TABLE["tier_to"]).any()
    assert (TABLE["source"] != "").all()
    assert TABLE["fee"].isin(NEEDED_FEES).sum() > 200
    assert set(NEEDED_FEES) <= set(TABLE["fee"])


def test_no_rate_is_given_twice_for_one_day():
    assert overlapping(TABLE) == []
    assert overlapping(pd.concat([TABLE, TABLE.tail(1)])) != []


def test_a_user_s_file_that_repeats_the_shipped_table_is_accepted_and_changes_nothing(tmp_path):
    text = TABLE.assign(**{name: TABLE[name].dt.strftime("%Y-%m-%d") for name in ("from", "to")})
    text.to_csv(tmp_path / "mine.csv", index=False)
    pd.testing.assert_frame_equal(fee_table(tmp_path / "mine.csv"), TABLE)


def test_the_tiers_of_a_fee_touch_and_do_not_overlap():
    key = ["marketplace", "fee", "size", "category", "season", "from"]
    for _, rows in TABLE.dropna(subset="tier_from").groupby(key, dropna=False):
        for (_, this), (_, following) in pairwise(rows.sort_values("tier_from").iterrows()):
            assert following["tier_from"] - this["tier_to"] == (this["tier_unit"] == "day")


def test_sources_are_public_and_say_nothing_of_how_they_were_read():
    words = re.compile(r"\bidx\b|#\d|/work|/tmp|\brepos?\b|\bsession\b", re.IGNORECASE)
    assert [text for text in TABLE["source"] + " " + TABLE["note"] if words.search(text)] == []


def test_a_table_can_be_changed_without_changing_the_next():
    table = fee_table()
    table["rate"] = 0.0
    assert fee_table()["rate"].max() == 330


@pytest.mark.parametrize(
    ("marketplace", "size", "day", "rate"),
    [
        ("US", "standard", date(2024, 3, 31), 0.87),
        ("US", "standard", date(2024, 4, 1), 0.78),
        ("US", "standard", date(2025, 12, 31), 2.40),
        ("US", "small_standard", date(2026, 9, 30), 0.78),
        ("US", "large_bulky", date(2026, 9, 30), 0.56),
        ("US", "large_bulky", date(2026, 10, 1), 1.40),
        ("UK", "standard", date(2026, 7, 1), 0.76),
        ("UK", "standard", TODAY, 1.51),
        ("UK", "large", date(2026, 7, 1), 0.55),
        ("UK", "large", TODAY, 0.87),
        ("DE", "standard", date(2026, 7, 1), 27.54),
        ("DE", "standard", TODAY, 52.20),
        ("DE", "large", date(2026, 7, 1), 21.78),
        ("DE", "large", TODAY, 34.49),
        ("CA", "standard", date(2026, 7, 1), 40),
        ("CA", "standard", TODAY, 77),
        ("CA", "large", date(2026, 7, 1), 28),
        ("CA", "large", TODAY, 49),
    ],
)
def test_storage(marketplace, size, day, rate):
    assert found(marketplace, "storage", day, size) == [rate]


def test_storage_of_some_categories():
    assert found("US", "storage", TODAY, "standard", "dangerous_goods") == [3.63]
    assert found("US", "storage", date(2023, 5, 1), "large", "dangerous_goods") == [0.78]
    assert found("UK", "storage", TODAY, "standard", "apparel") == [0.82]
    assert found("UK", "storage", TODAY, "large", "apparel") == [0.87]


@pytest.mark.parametrize(
    ("marketplace", "day", "rate"),
    [
        ("US", date(2023, 6, 1), [0.5, 1.0, 1.5, 3.8, 4.0, 4.2, 6.9]),
        ("US", date(2025, 6, 1), [0.5, 1.0, 1.5, 5.45, 5.7, 5.9, 6.9]),
        ("US", TODAY, [0.5, 1.0, 1.5, 5.45, 5.7, 5.9, 6.9, 7.9]),
        ("UK", TODAY, [1.18, 3.14, 3.26, 3.41, 5.71, 6.14]),
        ("DE", TODAY, [47.99, 125.16, 129.92, 135.98, 227.63, 261.97]),
        ("CA", TODAY, [24, 48, 72, 156, 172, 189, 330]),
        ("JP", TODAY, []),
    ],
)
def test_aged_surcharge(marketplace, day, rate):
    assert found(marketplace, "aged_surcharge", day) == rate


@pytest.mark.parametrize("marketplace", ["DE", "FR", "IT", "ES"])
def test_storage_and_low_inventory_of_the_euro_countries(marketplace):
    assert found(marketplace, "storage", TODAY, "standard_parcel") == [52.20]
    assert found(marketplace, "storage", TODAY, "standard", "apparel") == [29.23]
    assert found(marketplace, "storage", TODAY, "large", "dangerous_goods") == [43.89]
    assert found(marketplace, "low_inventory", TODAY, "small_parcel") == [0.46, 0.27, 0.18]
    assert found(marketplace, "low_inventory", TODAY, "standard_parcel") == [0.67, 0.35, 0.21]
    assert found(marketplace, "low_inventory", TODAY, "large_oversize") == [0, 0, 0]


def test_what_is_added_from_october_to_january():
    assert found("US", "peak_fulfilment", TODAY, "small_standard") == [0.19, 0.19, 0.2, 0.2, 0.21, 0.21, 0.22, 0.22]
    assert [found("US", "peak_fulfilment", day, "large_bulky") for day in (date(2026, 10, 14), date(2027, 1, 15))] == [
        [],
        [],
    ]
    assert found("UK", "peak_fulfilment", TODAY, "large_envelope") == [0.07]


def test_fulfilment_in_europe():
    assert found("UK", "fulfilment", TODAY, "standard_envelope") == [2.10, 2.16]
    assert found("SE", "fulfilment", TODAY, "small_parcel")[-1] == 64.10
    assert found("DE", "fulfilment", TODAY, "small_oversize") == [4.56, 4.56]
    assert found("FR", "fuel_surcharge") == [0.015]
    assert found("CA", "fuel_surcharge") == [0.035]


def test_the_aged_surcharge_a_unit_was_raised_in_2026():
    def least(day):
        return rates(TABLE, "US", "aged_surcharge", day)["least_per_unit"].dropna().tolist()

    assert (least(date(2026, 1, 14)), least(date(2026, 1, 15))) == ([0.15], [0.30, 0.35])


def test_utilisation_surcharge_and_low_inventory_rates():
    assert found("US", "utilisation_surcharge", TODAY, "standard") == [0.44, 0.76, 1.16, 1.58, 1.88]
    assert found("US", "utilisation_surcharge", TODAY, "large") == [0.23, 0.46, 0.63, 0.76, 1.26]
    assert found("US", "low_inventory", TODAY, "small_bulky") == [1.85, 1.02, 0.51]
    assert found("US", "low_inventory", date(2026, 1, 14), "small_bulky") == []


@pytest.mark.parametrize("fee", sorted(TABLE["fee"].unique()))
def test_every_fee_of_the_table_reaches_a_number(fee):
    code = "".join(path.read_text(encoding="utf-8") for path in Path(wockit.formulas.__file__).parent.glob("*.py"))
    assert code.count(f'"{fee}"') > (fee in NEEDED_FEES)  # asked for, and not only listed


def numbers_of(table, row, day):
    """What the formulas make of one row of the table, at an amount within its tier."""
    names = {"all": "small_standard", "standard": "small_standard", "large": "large_bulky"}
    size, end = row["size"], np.nan_to_num(row["tier_to"], nan=row["tier_from"] + 2)
    amount = 1.0 if np.isnan(row["tier_from"]) else (row["tier_from"] + end) / 2
    where = (table, row["marketplace"], day)
    if row["fee"] in ("storage", "aged_surcharge", "utilisation_surcharge"):
        terms = {"unit_volume": 10.0, "size": names.get(size, size), "category": row["category"], "months": 1}
        age = amount if row["fee"] == "aged_surcharge" else 100.0
        terms |= dict(zip(("table", "marketplace", "start"), where, strict=True), utilisation_weeks=amount)
        return getattr(carrying_cost(held(age), NOTHING_SELLS, **terms), row["fee"])[0, 0]
    if row["fee"] == "low_inventory":
        plain, weight = re.sub("_(to|over)_3_lb", "", size), 4.0 if "over" in size else 1.0
        return low_inventory_fee(*where, plain, amount, amount, units_7_days=50, weight=weight)
    if row["fee"].startswith("liquidation"):
        processed = table[table["fee"] == "liquidation_processing"].iloc[0]
        size = processed["size"] if row["fee"] == "liquidation_referral" else size
        return liquidation_value(*where, 100.0, names.get(size, size), amount)
    if row["fee"] == "removal":
        return removal_fee(*where, names.get(size, size), amount)
    if row["fee"] == "fuel_surcharge":
        return fulfilment_fee(*where, "standard_envelope", 0.05)
    return fulfilment_fee(*where, size, amount)


@pytest.mark.parametrize(("group", "kind"), [
    ("gl_apparel", "apparel"), ("gl_shoes", "apparel"), ("gl_luggage", "apparel"), ("gl_kitchen", "all"), (None, "all"),
])  # fmt: skip
def test_shoes_and_bags_have_the_rates_of_clothing(group, kind):
    assert category(group, None) == kind


@pytest.mark.parametrize("marketplace", sorted(TABLE["marketplace"].unique()))
def test_every_row_of_the_table_reaches_a_number(marketplace):
    here = TABLE[TABLE["marketplace"] == marketplace]
    # where the table has no fulfilment fee of a size, one that the user adds carries the surcharges
    sizes = {*here.loc[here["fee"] == "peak_fulfilment", "size"], "standard_envelope"}
    sizes -= {*here.loc[here["fee"] == "fulfilment", "size"]}
    own = pd.DataFrame([{"marketplace": marketplace, "fee": "fulfilment", "size": size, "rate": 5.0} for size in sizes])
    whole = pd.concat([here, own.assign(category="all", season="")]) if sizes else here
    silent = []
    for fee in here["fee"].unique():
        family = next((words for words in ("liquidation", "fulfilment|fuel") if re.search(words, fee)), fee)
        kin = whole[whole["fee"].str.contains(family)].reset_index(drop=True)
        for number in kin.index[kin["fee"] == fee]:
            row = kin.loc[number]
            last = row["to"] if pd.notna(row["to"]) else pd.Timestamp(2027, 6, 30)
            year = pd.date_range(last - pd.DateOffset(months=11), last)
            days = [day.date() for day in year if day.month in SEASONS[row["season"]] and not day < row["from"]]
            day = days[len(days) // 2]
            dearer = kin.copy()
            dearer.loc[number, ["rate", "least_per_unit"]] += 3
            before, after = (numbers_of(table, row, day) for table in (kin, dearer))
            if not (np.isfinite(before) and np.isfinite(after) and before != after):
                silent.append(f"{fee} {row['size']} {row['category']} {row['tier_from']} {day}")
    assert not silent


# A user's file


def test_a_user_s_rates_fill_what_is_missing(overlay):
    table = fee_table(overlay({"season": "jan-sep"}, {"season": "oct-dec", "rate": "9"}))
    assert rates(table, "JP", "storage", TODAY, "standard")["rate"].tolist() == [9]
    cost = carrying_cost(held(0), NOTHING_SELLS, **TERMS | {"table": table, "marketplace": "JP"}, months=1)
    assert cost.storage[0, 0] == pytest.approx(5 * 28.316846592)
    assert np.isnan(cost.total[0, 0])


def test_a_user_s_row_takes_the_place_of_a_shipped_one_on_its_own_days(overlay):
    row = {"marketplace": "US", "season": "oct-dec", "basis": "per_cubic_foot_month", "currency": "USD", "rate": "3"}
    table = fee_table(overlay({**row, "from": "2026-10-01", "to": "2026-10-31"}))
    days = (date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1), date(2025, 12, 1))
    assert [rates(table, "US", "storage", day, "standard")["rate"].tolist() for day in days] == [[3], [3], [2.4], [2.4]]
    assert rates(table, "US", "storage", date(2026, 9, 30), "standard")["rate"].tolist() == [0.78]
    assert overlapping(table) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": "-1"}, "fees.csv, row 2, 'rate': expected a number of 0 or more, found '-1'."),
        ({"rate": "4,5"}, "fees.csv, row 2, 'rate': expected a number of 0 or more, found '4,5'."),
        ({"rate": ""}, "fees.csv, row 2, 'rate': expected a number of 0 or more, found ''."),
        ({"tier_to": "nan"}, "fees.csv, row 2, 'tier_to': expected a number of 0 or more, found 'nan'."),
        ({"from": "1.2.26"}, "fees.csv, row 2, 'from': expected a day such as 2026-01-15, found '1.2.26'."),
        ({"to": "2025-12-31"}, "fees.csv, row 2, 'from': must not be greater than 'to' (2025-12-31); found "),
        ({"tier_from": "9", "tier_to": "8"}, "fees.csv, row 2, 'tier_from': must not be greater than 'tier_to' "),
        ({"fee": "storrage"}, "Did you mean 'storage'?"),
        ({"basis": "per_cubic_meter_month"}, "Did you mean 'per_cubic_metre_month'?"),
        ({"fee": "removal"}, "fees.csv, row 2, 'basis': expected per_unit, found 'per_litre_month'."),
        ({"marketplace": "USA", "currency": "USD"}, "found 'USA'. Did you mean 'US'?"),
        ({"currency": "USD"}, "fees.csv, row 2, 'currency': expected JPY, found 'USD'."),
        ({"size": "standart"}, "Did you mean 'standard'?"),
        ({"season": "oct-nov"}, "fees.csv, row 2, 'season': expected jan-sep / oct-dec, found 'oct-nov'."),
        ({"certainty": "high"}, "fees.csv, row 2, 'certainty': expected H / M / L, found 'high'."),
        ({"tier_unit": "days"}, "Did you mean 'day'?"),
        ({"rates": "1"}, "fees.csv: unknown column 'rates'. Did you mean 'rate'?"),
    ],
)
def test_what_is_wrong_in_a_user_s_file_is_named(overlay, change, message):
    problems = told(overlay(change))
    assert len(problems) == 1
    assert message in problems[0]


def test_every_problem_of_a_user_s_file_is_told_at_once(overlay):
    problems = told(overlay({"rate": "x", "from": "soon"}, {}, {"fee": "storag"}))
    assert [problem.split(":")[0] for problem in problems] == [
        "fees.csv, row 2, 'rate'",
        "fees.csv, row 2, 'from'",
        "fees.csv, row 4, 'fee'",
    ]


def test_a_rate_given_twice_is_refused(overlay):
    assert told(overlay({}, {"from": "2026-05-01"})) == [
        "fees.csv, row 3: two rates apply to the same days. End one row before the next begins."
    ]


def test_a_file_that_is_no_table_of_rates(tmp_path):
    path = tmp_path / "fees.csv"
    path.write_text("marketplace;rate\nUS;1\n")
    assert told(path)[0].startswith("fees.csv: missing columns 'marketplace', 'fee', ")
    path.write_bytes(b"marketplace\n\xff\xfe\n")
    assert told(path)[0].startswith("fees.csv: cannot be read as CSV: ")
    assert told(tmp_path / "none.csv")[0].endswith("Save it as CSV in UTF-8.")


# Notes


def test_japan_has_no_rates_and_is_told_so():
    (note,) = fee_notes(TABLE, "JP", TODAY)
    assert note == Note(
        "warning",
        "fees.csv",
        f"no {', '.join(NEEDED_FEES)} rates are known for JP: add them in fees.csv",
        "fees_missing",
    )
    cost = carrying_cost(held(400), NOTHING_SELLS, **TERMS | {"marketplace": "JP"})
    assert np.isnan(cost.total).all()
    assert np.isnan(cost.next_amount).all()
    assert np.isnat(cost.next_date).all()


def test_the_next_fee_counts_units_as_old_as_they_are_on_the_fifteenth():
    # in Germany a unit of 0.1 cubic feet costs 0.37 on the 330th day and 0.645 from the 366th on
    terms = TERMS | {"marketplace": "DE", "start": date(2026, 11, 23), "unit_volume": 0.1}
    fee = [carrying_cost(held(age, 100), NOTHING_SELLS, **terms).next_amount[0] for age in (300, 350)]
    assert fee == pytest.approx([100 * 0.1 * 129.92 * 0.0283168, 100 * 0.1 * 227.63 * 0.0283168], rel=1e-4)


def test_old_and_uncertain_rates_are_noted():
    stale = {note.code: note.text for note in fee_notes(TABLE, "CA", date(2026, 6, 1))}["fees_stale"]
    assert "storage, aged_surcharge" in stale
    assert "fees_stale" not in {note.code for note in fee_notes(TABLE.query("fee == 'storage'"), "US", TODAY)}
    late = fee_notes(TABLE.query("fee == 'storage'"), "US", date(2027, 7, 15))
    assert [note.text for note in late if note.code == "fees_stale"] == [
        "some storage rates for US are old or uncertain"
    ]


def test_unknown_weights_are_counted():
    (note,) = [note for note in fee_notes(TABLE, "US", TODAY, [1.0, np.nan]) if note.code == "weight_missing"]
    assert note.text.startswith("1 weight is unknown")


# Ageing


def test_the_oldest_units_are_sold_first():
    stock = AgedStock(np.array([[10.0, 20.0, 30.0]]), np.array([0.0, 91.0, 181.0]))
    left = age_ahead(stock, np.full((1, 52), 7.0), months=2)
    assert left[0].round(6).tolist() == [[10, 20, 30], [10, 20, 0], [0, 0, 0]]


def test_a_domain_s_rule_of_age_at_sale():
    """A unit with 70 units ahead of it at 1 a day leaves after 70 days."""
    stock = AgedStock(np.array([[1.0, 70.0]]), np.array([0.0, 30.0]))
    left = age_ahead(stock, np.full((1, 52), 7.0), months=3)[0, :, 0]
    assert left.tolist() == [1, 1, 1, 0]


def test_age_steps_are_spread_evenly():
    stock = aged_stock([[90, 90, 90, 90, 90, 90], [0, 0, 0, 0, 0, np.nan]])
    assert stock.units[0].tolist() == [30.0] * 15 + [90.0]
    assert np.isnan(stock.units[1]).all()
    assert stock.ages[-1] == 456
    assert (np.diff(stock.ages) > 0).all()
    assert len(aged_stock([[1, 2, 3, 4, 5]], starts=(0, 91, 181, 271, 366)).ages) == 13


STEPS = st.lists(st.integers(0, 1000), min_size=6, max_size=6)
ITEMS = st.lists(st.tuples(STEPS, st.floats(0, 200)), min_size=1, max_size=6)


@given(ITEMS, st.integers(1, 15))
def test_units_are_sold_or_left(items, months):
    units, pace = (np.array(each, dtype=float) for each in zip(*items, strict=True))
    stock = aged_stock(units)
    left = age_ahead(stock, np.repeat(pace[:, None], 52, axis=1), months)
    sold = np.minimum(pace[:, None] * 30 * np.arange(months + 1) / 7, units.sum(axis=1)[:, None])
    assert stock.units.sum(axis=1) == pytest.approx(units.sum(axis=1))
    assert left.sum(axis=2) + sold == pytest.approx(np.broadcast_to(units.sum(axis=1)[:, None], sold.shape))
    assert (np.diff(left, axis=1) <= 1e-9).all()
    touched = (left < stock.units[:, None] - 1e-9)[:, :, :-1]
    assert not (touched & (left[:, :, 1:] > 1e-6)).any()


@settings(max_examples=30)
@given(ITEMS, st.randoms())
def test_the_order_of_the_items_does_not_matter(items, random):
    units, pace = (np.array(each, dtype=float) for each in zip(*items, strict=True))
    order = list(range(len(items)))
    random.shuffle(order)
    sizes = np.array(["small_standard", "large_bulky", "large_standard"] * 2)[: len(items)]
    weekly = np.repeat(pace[:, None], 52, axis=1)
    volume = 0.1 + np.arange(len(items))
    terms = {"table": TABLE, "marketplace": "US", "start": TODAY}
    one = carrying_cost(aged_stock(units), weekly, unit_volume=volume, size=sizes, **terms)
    other = carrying_cost(
        aged_stock(units[order]), weekly[order], unit_volume=volume[order], size=sizes[order], **terms
    )
    for name in ("total", "next_amount", "per_unit"):
        assert np.allclose(getattr(one, name)[order], getattr(other, name), equal_nan=True)


# Carrying cost


@pytest.mark.parametrize(
    ("age", "from_january", "from_july", "a_year"),
    [
        (0, 0.47, 0.95, 2.84),
        (91, 0.77, 1.25, 5.40),
        (181, 2.47, 2.96, 7.67),
        (271, 4.14, 4.63, 9.74),
        (366, 4.91, 5.39, 10.60),
    ],
)
def test_the_published_table_of_what_a_unit_costs_to_hold(age, from_january, from_july, a_year):
    """Units of 0.1 cubic foot, held throughout, in months of 30 days with the first count on the first day."""
    cases = ((JANUARY, 6), (JULY, 6), (JANUARY, 12))
    terms = {**TERMS, "unit_volume": 0.1}
    costs = [carrying_cost(held(age), NOTHING_SELLS, **terms | {"start": day}, months=n) for day, n in cases]
    assert [round(float(cost.per_unit[0]), 2) for cost in costs] == [from_january, from_july, a_year]


def test_storage_is_dearer_from_october_to_december():
    cost = carrying_cost(held(0, 10), NOTHING_SELLS, **TERMS | {"start": date(2026, 8, 20)}, months=6)
    assert cost.storage[0].round(2).tolist() == [7.8, 24.0, 24.0, 24.0, 7.8, 7.8]


def test_storage_falls_as_stock_sells():
    cost = carrying_cost(held(0, 60), np.full((1, 52), 7.0), **TERMS, months=3)
    assert cost.storage[0] / 0.78 == pytest.approx([45, 15, 0])


def test_the_aged_surcharge_is_the_greater_of_volume_and_unit():
    small, big = (
        carrying_cost(held(400), NOTHING_SELLS, **{**TERMS, "unit_volume": v}, months=1).aged_surcharge[0, 0]
        for v in (0.01, 1.0)
    )
    assert (small, big) == (0.30, 6.90)


def test_a_cubic_metre_is_turned_into_cubic_feet():
    cost = carrying_cost(held(0), NOTHING_SELLS, **TERMS | {"marketplace": "DE", "start": JULY}, months=1)
    assert cost.storage[0, 0] == pytest.approx(27.54 / 35.3147, rel=1e-5)


def test_the_next_aged_surcharge_is_counted_on_the_fifteenth():
    """A unit of 170 days on 23 November is 192 days old on 15 December; nothing is charged where it sells first."""
    stock = AgedStock(np.array([[10.0], [10.0]]), np.array([170.0]))
    cost = carrying_cost(stock, np.array([[0.0] * 52, [7.0] * 52]), **TERMS | {"start": TODAY})
    assert cost.next_date[0] == np.datetime64("2026-12-15")
    assert cost.next_amount.tolist() == [5.0, 0.0]
    assert np.isnat(cost.next_date[1])
    assert cost.total[0] == pytest.approx((cost.storage + cost.aged_surcharge)[0])


def test_apparel_pays_no_aged_surcharge_before_271_days():
    ages = [
        carrying_cost(held(age), NOTHING_SELLS, **TERMS, category="apparel", months=1).aged_surcharge[0, 0]
        for age in (181, 270, 271)
    ]
    assert ages == [0, 0, 5.45]


@pytest.mark.parametrize(("weeks", "surcharge"), [(None, 0), (21.9, 0), (22, 0.44), (30, 0.76), (60, 1.88)])
def test_the_utilisation_surcharge_of_an_account(weeks, surcharge):
    cost = carrying_cost(held(31), NOTHING_SELLS, **TERMS, utilisation_weeks=weeks, months=1)
    assert cost.utilisation_surcharge[0, 0] == surcharge


def test_units_of_30_days_or_less_pay_no_utilisation_surcharge():
    cost = carrying_cost(held(0), NOTHING_SELLS, **TERMS, utilisation_weeks=60, months=3)
    assert cost.utilisation_surcharge[0].tolist() == [0.0, 0.94, 1.88]


def test_what_is_not_known_is_missing_and_not_0():
    assert np.isnan(carrying_cost(held(0), NOTHING_SELLS, **{**TERMS, "unit_volume": np.nan}).total).all()
    assert np.isnan(carrying_cost(held(0), NOTHING_SELLS, **{**TERMS, "size": np.nan}).storage).all()
    assert np.isnan(carrying_cost(held(0), np.full((1, 52), np.nan), **TERMS).total).any()
    assert np.isnan(
        carrying_cost(held(31), NOTHING_SELLS, **TERMS | {"marketplace": "UK"}, utilisation_weeks=30).total
    ).all()
    assert np.isnan(carrying_cost(held(0, 0), NOTHING_SELLS, **TERMS).per_unit).all()


def test_a_faster_sale_saves_what_holding_would_have_cost():
    """100 units of 1 cubic foot: half of a month's storage is left when they go evenly in 30 days."""
    saved = saved_by_selling(held(0, 100), NOTHING_SELLS, 100, 30, **TERMS, months=2)
    assert saved.round(6).tolist() == [117.0]
    assert saved_by_selling(held(0, 100), np.full((1, 52), 70.0), 100, 30, **TERMS).tolist() == [0.0]


def test_days_without_end_take_no_room():
    stock, weekly = aged_stock([[100, 0, 0, 0, 0, 0]]), np.full((1, 52), 0.07)
    assert saved_by_selling(stock, weekly, 100, 10**9, **TERMS).tolist() == [0.0]


def test_each_item_has_days_of_its_own():
    stock, weekly = aged_stock([[100, 0, 0, 0, 0, 0]] * 2), np.full((2, 52), 1.0)
    both = saved_by_selling(stock, weekly, [100, 60], [30, 90], **TERMS).tolist()
    alone = [
        saved_by_selling(aged_stock([[100, 0, 0, 0, 0, 0]]), weekly[:1], units, days, **TERMS)[0]
        for units, days in ((100, 30), (60, 90))
    ]
    assert both == alone and both[0] > both[1] > 0


@settings(max_examples=30)
@given(ITEMS, st.integers(0, 3000), st.integers(1, 180))
def test_a_faster_sale_never_costs_more(items, units, days):
    steps, pace = (np.array(each, dtype=float) for each in zip(*items, strict=True))
    weekly = np.repeat(pace[:, None], 52, axis=1)
    saved = saved_by_selling(aged_stock(steps), weekly, units, days, **TERMS | {"start": TODAY})
    assert (saved >= -1e-6).all()


# Fees of a unit


@pytest.mark.parametrize(
    ("size", "weight", "supply", "fee"),
    [
        ("small_standard", np.nan, (10, 5), 0.89),
        ("small_standard", np.nan, (5, 14), 0.63),
        ("Small standard-size", np.nan, (21, 21), 0.32),
        ("small_standard", np.nan, (10, 28), 0.0),
        ("small_standard", np.nan, (np.nan, 40), 0.0),
        ("small_standard", np.nan, (np.nan, 10), np.nan),
        ("large_standard", 3.0, (0, 0), 0.97),
        ("large_standard", 3.1, (20, 20), 0.87),
        ("large_standard", np.nan, (20, 20), np.nan),
        ("large_bulky", 30.0, (27, 3), 0.57),
        ("no size", 1.0, (20, 20), np.nan),
    ],
)
def test_the_low_inventory_fee(size, weight, supply, fee):
    assert low_inventory_fee(TABLE, "US", TODAY, size, *supply, 20, weight) == pytest.approx(fee, nan_ok=True)


def test_who_sells_fewer_than_20_in_a_week_is_exempt():
    fees = low_inventory_fee(TABLE, "US", TODAY, "small_standard", 1, 1, np.array([19, 20, np.nan]))
    assert fees.tolist()[:2] == [0.0, 0.89]
    assert np.isnan(fees[2])
    assert np.isnan(low_inventory_fee(TABLE, "JP", TODAY, "small_standard", 1, 1, 5))


@pytest.mark.parametrize(
    ("marketplace", "size", "weight", "fee"),
    [
        ("US", "small_standard", 0.5, 0.84),
        ("US", "large_standard", 0.51, 1.53),
        ("US", "large_standard", 2.0, 2.27),
        ("US", "large_standard", 2.1, 2.89 + 1.06),
        ("US", "large_standard", 4.0, 2.89 + 2 * 1.06),
        ("US", "large_bulky", 10, 10.04),
        ("US", "large_bulky", 12, 14.32 + 2 * 1.06),
        ("UK", "standard", 0.2, 0.49),
        ("UK", "standard", 3.0, 2.03 + 2 * 0.80),
        ("DE", "standard", 1.0, 1.80),
        ("CA", "standard", 0.4, 0.82),
        ("CA", "large", 0.4, 1.21),
        ("CA", "large", 6.5, 5.70 + 2 * 0.97),
        ("FR", "standard", 1.0, np.nan),
        ("US", "standard", np.nan, np.nan),
        ("US", "standard", 0.0, np.nan),
        ("JP", "standard", 1.0, np.nan),
    ],
)
def test_the_removal_fee(marketplace, size, weight, fee):
    assert removal_fee(TABLE, marketplace, TODAY, size, weight) == pytest.approx(fee, nan_ok=True)


def test_the_removal_fee_of_other_years():
    days = (date(2022, 6, 1), date(2023, 6, 1), date(2025, 6, 1))
    fees = [removal_fee(TABLE, "US", day, "standard", 0.4) for day in days]
    assert fees == pytest.approx([0.52, np.nan, 1.04], nan_ok=True)


def test_quantities_come_back_as_they_went_in():
    weights = pd.Series([0.4, np.nan], index=["a", "b"])
    fees = removal_fee(TABLE, "US", TODAY, pd.Series("small_standard", index=["a", "b"]), weights)
    assert fees["a"] == 0.84
    assert np.isnan(fees["b"])


def test_what_a_liquidated_unit_brings():
    assert liquidation_value(TABLE, "US", TODAY, 20, "standard", 0.5) == pytest.approx(1.025)
    assert liquidation_value(TABLE, "US", TODAY, 20, "standard", 0.5, recovery=0.05) == pytest.approx(0.60)
    assert liquidation_value(TABLE, "US", TODAY, 20, "standard", 0.5, recovery=0.10) == pytest.approx(1.45)
    assert liquidation_value(TABLE, "US", TODAY, 3.9, "standard", 0.5) < 0
    assert liquidation_value(TABLE, "UK", TODAY, 20, "standard", 0.2) == pytest.approx(1.275 - 0.37)
    assert np.isnan(liquidation_value(TABLE, "US", TODAY, 20, "standard", np.nan))
    assert np.isnan(liquidation_value(TABLE, "JP", TODAY, 2000, "standard", 0.5))


def test_the_fuel_surcharge():
    assert [fuel_surcharge(TABLE, each, TODAY) for each in ("US", "UK", "DE")] == [0.035, 0.015, 0.015]
    assert np.isnan(fuel_surcharge(TABLE, "US", date(2026, 4, 16)))
    assert np.isnan(fuel_surcharge(TABLE, "JP", TODAY))


def test_the_age_steps_are_those_of_the_report():
    assert AGE_STEPS == (0, 91, 181, 271, 366, 456)


def test_a_file_that_is_none_of_rates_is_not_shown(tmp_path):
    path = tmp_path / "fees.csv"
    path.write_text("root:x:0:0:root:/root:/bin/bash\ndaemon:x:1\n", encoding="utf-8")
    with pytest.raises(AccountError, match="found none of them") as caught:
        fee_table(path)
    assert "root" not in str(caught.value)


def test_thousands_of_own_rates_are_laid_over_the_table_at_once(tmp_path):
    header = ",".join(fee_table().columns)
    days = pd.date_range("2020-01-01", periods=4000)
    rows = [
        f"US,storage,standard,all,,,,jan-sep,per_cubic_foot_month,0.5,,,,USD,{day:%Y-%m-%d},{day:%Y-%m-%d},H,x,"
        for day in days
    ]
    path = tmp_path / "fees.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    began = process_time()
    table = fee_table(path)
    assert process_time() - began < 20
    assert table["rate"].eq(0.5).sum() >= 4000


@pytest.mark.parametrize(("name", "value"), [("from", "9999-01-01"), ("to", "1066-10-14"), ("rate", "1e308")])
def test_a_day_or_a_rate_that_cannot_be_is_refused(tmp_path, name, value):
    row = dict.fromkeys(fee_table().columns, "") | {
        "marketplace": "US", "fee": "storage", "size": "standard", "basis": "per_cubic_foot_month", "rate": "0.5",
        "currency": "USD", "certainty": "H", "season": "jan-sep", name: value,
    }  # fmt: skip
    path = tmp_path / "fees.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    with pytest.raises(AccountError, match=rf"row 2, '{name}': expected .*, found '{value}'"):
        fee_table(path)

"""What moved between two snapshots and why, what became of the advice, and how advice and expected demand did."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wockit.analysis.movement import DONE_BY, advice_score, demand_score, ledger, moves, spent_between, totals
from wockit.analysis.positions import positions_of
from wockit.columns import KEPT as KEPT_ADVICE
from wockit.columns import MOVES, POSITIONS, SCORES

KEPT = "KEPT"
"""An ASIN that is the same in every snapshot."""
STOCK = {"units_available": 400.0, "units_shipped_30_days": 400.0, "price": 10.0, "units_inbound": 0.0}
"""Four weeks of cover."""
AD = {"ad_clicks": 1000.0, "ad_spend": 100.0, "ad_sales": 400.0, "ad_orders": 40.0, "ad_units": 40.0}
"""ROAS 4, against a cut of 3: with the stock above the ASIN is to be scaled."""
YOUNG = {"units_aged_91_to_180": 0.0, "units_aged_181_to_270": 0.0, "units_aged_271_to_365": 0.0,
         "units_aged_over_365": 0.0, "units_shipped_60_days": 700.0, "units_shipped_90_days": 700.0}  # fmt: skip
UNSEEN = {"units_ordered": 0.0, "page_views": 50.0, "featured_offer_share": 0.0}
THEN = pd.Timestamp(2026, 11, 16)


@pytest.fixture(scope="module")
def told(build):
    """The positions of a snapshot in which `KEPT` and one ASIN "A" have the same numbers, save what is changed of "A".

    With `stock` or `ad` None "A" has no such row; with `report` False there is no advertising report.
    """

    known = {}

    def positions(**changes):
        if not known:
            known.update(side_by_side(build))
        if repr(changes) not in known:
            known[repr(changes)] = made(**changes)
        return known[repr(changes)]

    def made(stock=(), ad=(), settings=(), sales=None, costs=None, report=True, ad_days=15):
        shelf = {KEPT: STOCK} if stock is None else {KEPT: STOCK, "A": {**STOCK, **dict(stock)}}
        rows = [{"asin": KEPT, **AD}, *([] if ad is None else [{"asin": "A", **AD, **dict(ad)}])]
        rows = [{**row, "date": pd.Timestamp(2026, 11, 16) - pd.Timedelta(days=ad_days)} for row in rows]
        account = build(shelf, sales=sales, costs=costs, ads=rows if report else ())
        return placed(account, **dict(settings))

    return positions


def placed(account, **settings):
    chosen = account.settings.change(**{"roas_cut": "target", "target_roas": 3.0, **settings})
    return positions_of(account, chosen, [])[POSITIONS].assign(snapshot=pd.Timestamp(account.snapshot))


def side_by_side(build):
    """What `told` gives for every row of the tables below that changes only stock and ads: each an ASIN of one account.

    The cut is a target, so that no ASIN moves another.
    """
    pairs = [changes for then, now, *_ in {**MOVED, **LATER_GATE, **EXITS}.values() for changes in (then, now)]
    pairs += [now for now, _ in DID] + [now for _, now, _ in FOLLOWED]
    cases = {repr(changes): changes for changes in [{}, *pairs] if {*changes} <= {"stock", "ad"}}
    parts = {
        name: {
            key: {**usual, **(changes.get(name) or {})}
            for key, changes in cases.items()
            if changes.get(name, ()) is not None
        }
        for name, usual in (("stock", STOCK), ("ad", AD))
    }
    ads = [{"asin": key, **row, "date": pd.Timestamp(2026, 11, 1)} for key, row in {KEPT: AD, **parts["ad"]}.items()]
    table = placed(build({KEPT: STOCK, **parts["stock"]}, ads=ads))
    return {key: table[table.index.isin([KEPT, key])].rename(index={key: "A"}) for key in cases}


def told_moves(before, now):
    """Each move as (place before, place, reason), by ASIN."""
    found = moves(before, now)[["place_before", "place", "moved_by"]]
    return {asin: tuple(None if pd.isna(part) else part for part in row) for asin, row in found.T.items()}


NOTHING = pd.Series(dtype=float)


def entry(then, now, asin="A", do="ads_down", sold=None, spent=None, reordered=False):
    """What the ledger says of an ASIN to which that was advised, a week before `now`."""
    then = then.assign(do=do, reordered=reordered, gain_a_week=7.0, snapshot=THEN)
    series = [NOTHING if each is None else pd.Series({asin: float(each)}) for each in (sold, spent)]
    return ledger(then, now, *series).loc[asin]


MOVED = {
    "stock doubled": ({}, {"stock": {"units_available": 800}}, "scale", "push_traffic", "stock"),
    "stock halved": ({}, {"stock": {"units_available": 200}}, "scale", "protect", "stock"),
    "demand halved": ({}, {"stock": {"units_shipped_30_days": 200}}, "scale", "push_traffic", "demand"),
    "demand doubled": ({}, {"stock": {"units_shipped_30_days": 800}}, "scale", "protect", "demand"),
    "stock more than demand": (
        {},
        {"stock": {"units_available": 1200, "units_shipped_30_days": 600}},
        "scale",
        "push_traffic",
        "stock",
    ),
    "demand more than stock": (
        {},
        {"stock": {"units_available": 300, "units_shipped_30_days": 150}},
        "scale",
        "push_traffic",
        "demand",
    ),
    "below the cut": ({}, {"ad": {"ad_sales": 200}}, "scale", "refine", "ROAS"),
    "over the cut": ({"ad": {"ad_sales": 200}}, {}, "refine", "scale", "ROAS"),
    "dearer ads": ({}, {"ad": {"ad_spend": 200}}, "scale", "refine", "ROAS"),
    "the cut rose": ({}, {"settings": {"target_roas": 5.0}}, "scale", "refine", "cut"),
    "the cut fell": ({"settings": {"target_roas": 5.0}}, {}, "refine", "scale", "cut"),
    "the cut more than ROAS": (
        {"settings": {"target_roas": 8.0}},
        {"ad": {"ad_sales": 440}},
        "refine",
        "scale",
        "cut",
    ),
    "healthy to less": ({}, {"settings": {"healthy_weeks": 3.5}}, "scale", "push_traffic", "settings"),
    "low from more": ({}, {"settings": {"low_weeks": 5.0}}, "scale", "protect", "settings"),
    "stock and ROAS": (
        {},
        {"stock": {"units_available": 800}, "ad": {"ad_sales": 200}},
        "scale",
        "lift_conversion",
        "stock; ROAS",
    ),
    "demand and cut": (
        {},
        {"stock": {"units_shipped_30_days": 200}, "settings": {"target_roas": 5.0}},
        "scale",
        "lift_conversion",
        "demand; cut",
    ),
    "sold out": ({}, {"stock": {"units_available": 0}}, "scale", "out_of_stock", "stock"),
    "came back": ({"stock": {"units_available": 0}}, {}, "out_of_stock", "scale", "stock"),
    "stopped selling": ({}, {"stock": {"units_shipped_30_days": 0}}, "scale", "no_sales", "demand"),
    "began to sell": ({"stock": {"units_shipped_30_days": 0}}, {}, "no_sales", "scale", "demand"),
    "first ads": ({"ad": None}, {}, "no_ads", "scale", "advertising"),
    "ads stopped": ({}, {"ad": {"ad_spend": 0}}, "scale", "no_ads", "advertising"),
    "no longer new": ({"stock": YOUNG}, {"stock": {**YOUNG, "units_shipped_90_days": 900}}, "new", "scale", "age"),
    "lost the offer": (
        {"sales": {"A": {**UNSEEN, "units_ordered": 400}}},
        {"sales": {"A": UNSEEN}, "stock": {"units_shipped_30_days": 0}},
        "scale",
        "not_sellable",
        "offer",
    ),
    "stock unknown": ({}, {"stock": {"units_available": np.nan}}, "scale", "missing_data", "data"),
    "aged out": ({}, {"stock": {"units_aged_over_365": 400}}, "scale", "exit", "age"),
    "old stock gone": ({"stock": {"units_aged_over_365": 400}}, {}, "exit", "scale", "age"),
    "a year and a half of stock": ({}, {"stock": {"units_available": 8000}}, "scale", "exit", "stock"),
    "hardly sells": ({}, {"stock": {"units_shipped_30_days": 20}}, "scale", "exit", "demand"),
    "sells again": ({"stock": {"units_shipped_30_days": 20}}, {}, "exit", "scale", "demand"),
    "appeared": ({"stock": None, "ad": None}, {}, None, "scale", "appeared"),
    "gone": ({}, {"stock": None, "ad": None}, "scale", None, "gone"),
}
LATER_GATE = {
    "came back without ads": (
        {"stock": {"units_available": 0}},
        {"ad": None},
        "out_of_stock",
        "no_ads",
        "stock",
    ),
    "no longer new, no ads": (
        {"stock": YOUNG, "ad": None},
        {"stock": {**YOUNG, "units_shipped_90_days": 900}, "ad": None},
        "new",
        "no_ads",
        "age",
    ),
    "known again, no ads": (
        {"stock": {"units_available": np.nan}, "ad": None},
        {"ad": None},
        "missing_data",
        "no_ads",
        "data",
    ),
    "sells again, no ads": (
        {"stock": {"units_shipped_30_days": 20}, "ad": None},
        {"ad": None},
        "exit",
        "no_ads",
        "demand",
    ),
}
EXITS = {
    "aged out and fewer": (
        {"stock": {"units_available": 800}},
        {"stock": {"units_available": 780, "units_aged_over_365": 400}},
        "push_traffic",
        "exit",
        "age",
    ),
    "aged out and more": (
        {"stock": {"units_available": 800}},
        {"stock": {"units_available": 820, "units_aged_over_365": 400}},
        "push_traffic",
        "exit",
        "age",
    ),
    "exit from less": (
        {"stock": {"units_available": 2000}},
        {"stock": {"units_available": 2000}, "settings": {"exit_weeks": 18.0}},
        "push_traffic",
        "exit",
        "settings",
    ),
    "exit from less, fewer": (
        {"stock": {"units_available": 2000}},
        {"stock": {"units_available": 1980}, "settings": {"exit_weeks": 18.0}},
        "push_traffic",
        "exit",
        "settings",
    ),
}


@pytest.mark.parametrize(("then", "now", "was", "place", "reason"), MOVED.values(), ids=MOVED)
def test_a_move_is_found_with_what_moved_it_and_no_other(told, then, now, was, place, reason):
    found = told_moves(told(**then), told(**now))
    assert found.pop("A") == (was, place, reason)
    of_settings = {part for part in reason.split("; ") if part in ("settings", "cut")}
    assert {each[2] for each in found.values()} == of_settings  # settings hold for `KEPT` too


@pytest.mark.parametrize(("then", "now", "was", "place", "reason"), LATER_GATE.values(), ids=LATER_GATE)
def test_of_two_gates_the_one_that_counts_first_is_what_changed(told, then, now, was, place, reason):
    """A gate hides the later ones: it began or ended; the later one may have held all the time."""
    assert told_moves(told(**then), told(**now)) == {"A": (was, place, reason)}


@pytest.mark.parametrize(("then", "now", "was", "place", "reason"), EXITS.values(), ids=EXITS)
def test_the_exit_lane_is_entered_by_what_crossed_its_own_cut_off(told, then, now, was, place, reason):
    assert told_moves(told(**then), told(**now))["A"] == (was, place, reason)


def test_a_sales_period_of_another_length_is_no_change_of_demand(told):
    """400 units in 30 days and 800 in 60 are one pace; the stock grew by half more."""
    ordered = ({"A": {"units_ordered": units}, KEPT: {"units_ordered": units}} for units in (400, 800))
    first, second = ordered
    then = told(sales=first)
    now = told(sales=second, stock={"units_available": 600}, settings={"sales_days": 60})
    assert told_moves(then, now)["A"] == ("scale", "push_traffic", "stock")


def test_a_move_tells_cover_and_roas_of_both_snapshots_and_the_value_of_the_stock(told):
    found = moves(told(), told(stock={"units_available": 800}, ad={"ad_sales": 500})).loc["A"]
    assert found[["weeks_of_coverage_before", "weeks_of_coverage", "own_roas_before", "own_roas"]].tolist() == [
        4,
        8,
        4,
        5,
    ]
    assert found["stock_value"] == 8000


def test_a_move_by_sales_of_other_products_is_one_by_roas(told):
    """ROAS stays 4; of the 400 of ad sales 200 are now of other products, so the ASIN's own ROAS falls from 4 to 2."""
    now = told(ad={"ad_sales_other_sku": 200.0})
    assert told_moves(told(), now)["A"] == ("scale", "refine", "ROAS")
    assert moves(told(), now).loc["A", ["own_roas_before", "own_roas"]].tolist() == [4, 2]


def test_what_is_gone_keeps_the_title_and_the_value_that_it_had(told):
    found = moves(told(stock={"title": "Cup"}), told(stock=None, ad=None)).loc["A"]
    assert (found["title"], found["stock_value"]) == ("Cup", 4000)
    assert pd.isna(found["place"])


def of(account, **settings):
    """The positions of an account, without what clearing takes."""
    return positions_of(account, account.settings.change(**settings), [])[POSITIONS]


def test_the_moves_with_the_most_stock_value_come_first(build):
    then, out, unsold = (
        of(build(dict(zip("ABC", ({**STOCK, **now, "price": price} for price in (1.0, 3.0, 2.0)), strict=True))))
        for now in ({}, {"units_available": 0.0}, {"units_shipped_30_days": 0.0})
    )
    assert moves(then, unsold).index.tolist() == ["B", "C", "A"]
    assert moves(then, out).index.tolist() == ["A", "B", "C"]


def test_the_same_numbers_are_no_move(told, week):
    for same in (told(), week.positions):
        found = moves(same, same)
        assert found.empty
        assert found.columns.tolist() == MOVES


def test_the_order_of_the_rows_moves_nothing(week):
    shuffled = week.positions.sample(frac=1, random_state=3)
    assert moves(week.positions, shuffled).empty
    assert moves(shuffled, week.positions).empty


def test_the_order_of_the_rows_changes_no_move(told):
    then, now = told(), told(stock={"units_available": 800})
    pd.testing.assert_frame_equal(moves(then.iloc[::-1], now), moves(then, now.iloc[::-1]))


def test_without_a_snapshot_before_there_are_no_moves(week):
    found = moves(week.positions.iloc[:0], week.positions)
    assert found.empty
    assert found.columns.tolist() == MOVES


STATES = [
    *product([0.0, 150.0, 400.0, 1000.0, 30000.0], [0.0, 100.0, 400.0], [(0.0, 0.0), (100.0, 350.0), (100.0, 200.0)])
]
CAUSES = {"stock": "units_available", "demand": "units_sold", "ROAS": "own_roas", "cut": "roas_cut",
          "advertising": "ad_spend"}  # fmt: skip


@pytest.mark.parametrize("cut", [3.0, 4.0])
def test_from_every_state_to_every_other_only_what_differs_moves_and_by_what_differs(build, cut):
    """Each pair of stock, sales and advertising is an ASIN, in one of two accounts."""
    pairs = {f"A{place}": pair for place, pair in enumerate(product(STATES, STATES))}
    tables = []
    for when, target in enumerate((3.0, cut)):
        states = {asin: pair[when] for asin, pair in pairs.items()}
        stock = {
            asin: {"units_available": units, "units_shipped_30_days": sold, "price": 10.0}
            for asin, (units, sold, _) in states.items()
        }
        ads = [
            {"asin": asin, **AD, "ad_spend": spend, "ad_sales": sales} for asin, (*_, (spend, sales)) in states.items()
        ]
        tables.append(of(build(stock, ads=ads), roas_cut="target", target_roas=target).sort_index())
    then, now = tables
    places = [table["segment"].fillna(table["gate"]) for table in tables]
    found = moves(then, now)
    assert sorted(found.index) == places[0].index[places[0].ne(places[1])].tolist()
    reasons = found["moved_by"].str.split("; ").explode()
    assert set(reasons) == {*CAUSES} - ({"cut"} if cut == 3 else set())
    for reason, column in CAUSES.items():
        named = reasons.index[reasons.eq(reason)]
        same = then[column].eq(now[column]) | (then[column].isna() & now[column].isna())
        assert same.index[same].intersection(named).tolist() == []


def test_the_ledger_has_those_with_something_to_do(told):
    then = told().assign(do=["carry_on", "ads_down"], reordered=False, gain_a_week=[0.0, 5.0])
    found = ledger(then, then, NOTHING, NOTHING)
    assert found.index.tolist() == then.index[1:].tolist()
    assert found[["advised", "gain_a_week"]].to_numpy().tolist() == [["ads_down", 5.0]]


DID = [
    ({"ad": {"ad_spend": 104}}, ""),
    ({"ad": {"ad_spend": 106}}, "spend_up"),
    ({"ad": {"ad_spend": 96}}, ""),
    ({"ad": {"ad_spend": 94}}, "spend_down"),
    ({"ad": {"ad_spend": 0}}, "spend_down"),
    ({"stock": {"price": 10.1}}, ""),
    ({"stock": {"price": 10.3}}, "price_up"),
    ({"stock": {"price": 9.9}}, ""),
    ({"stock": {"price": 9.7}}, "price_down"),
    ({"stock": {"units_available": 401}}, "stock_up"),
    ({"stock": {"units_available": 399}}, ""),
    ({"stock": {"units_available": 380, "units_inbound": 50}}, "stock_up"),
    ({"stock": {"units_available": 380, "units_inbound": 20}}, ""),
    ({"stock": {"units_available": 800, "price": 9}, "ad": {"ad_spend": 200}}, "spend_up; price_down; stock_up"),
]


@pytest.mark.parametrize(("now", "did"), DID)
def test_what_the_account_did_is_a_change_of_spend_price_or_stock(told, now, did):
    assert entry(told(), told(**now))["did"] == did


def test_spend_is_compared_by_the_day(told):
    """150 in 15 days and 50 in 5 are 10 a day, 100 in 5 days are 20."""
    then = told(ad={"ad_spend": 150})
    assert entry(then, told(ad={"ad_spend": 50}, ad_days=5))["did"] == ""
    assert entry(then, told(ad={"ad_spend": 100}, ad_days=5))["did"] == "spend_up"


def test_inbound_units_that_arrived_are_more_stock(told):
    assert entry(told(stock={"units_inbound": 90}), told(stock={"units_available": 490}))["did"] == "stock_up"


def test_first_ads_are_more_spend(told):
    assert (
        entry(told(ad=None, stock={"units_available": 800}), told(stock={"units_available": 800}))["did"] == "spend_up"
    )


def test_ads_that_are_in_the_report_no_more_are_less_spend(told):
    """The report still has the other ASIN, so that this one's spend is known: there was none."""
    found = entry(told(ad={"ad_sales": 200}), told(ad=None))
    assert (found["did"], found["followed"]) == ("spend_down", True)


def test_a_first_advertising_report_is_no_more_spend(told):
    """Without a report nobody knows what was spent before."""
    then = told(stock={"units_available": 800}, report=False)
    assert then.loc["A", "gate"] == "no_ad_report"
    assert entry(then, told(stock={"units_available": 800}))["did"] == ""


FOLLOWED = [
    ("ads_off", {"ad": {"ad_spend": 50}}, True),
    ("ads_down", {"ad": {"ad_spend": 104}}, False),
    ("ads_up", {"ad": {"ad_spend": 120}}, True),
    ("ads_up", {"ad": {"ad_spend": 80}}, False),
    ("price_down", {"stock": {"price": 9}}, True),
    ("refill", {"stock": {"units_available": 500}}, True),
    ("refill", {"stock": {"units_available": 300}}, False),
    ("test", {"stock": {"price": 9}}, True),
    ("test", {}, False),
]


@pytest.mark.parametrize(("do", "now", "followed"), FOLLOWED)
def test_advice_is_followed_by_any_one_of_the_changes_that_it_asks_for(told, do, now, followed):
    found = entry(told(), told(**now), do=do)
    assert (found["advised"], found["followed"]) == (do, followed)


@pytest.mark.parametrize(("left", "followed"), [(300, False), (281, False), (270, True)])
def test_units_that_left_otherwise_than_by_sales_follow_an_advice_to_liquidate(told, left, followed):
    """Of 400 units 100 sold: what goes beyond that by a twentieth of the stock was not sold."""
    found = entry(told(), told(stock={"units_available": left}), do="liquidate", sold=100)
    assert found["followed"] == followed


def test_the_cash_is_what_sold_less_ads_above_what_carrying_on_would_bring(told):
    """Of 90 units expected at 8.50 each 100 sell; ads cost 10, where 100 in 15 days went before. 2 to buy one again."""
    now = told(costs={"A": {"fulfilment_fee": 0.0, "landed_cost": 2.0}})
    then = now.assign(weekly_demand=90.0)
    assert entry(then, now, sold=100, spent=10)["cash"] == pytest.approx(10 * 8.5 - 10 + 7 * 100 / 15)
    again = entry(then, now, sold=100, spent=10, reordered=True)
    assert again["cash"] == pytest.approx(10 * 6.5 - 10 + 7 * 100 / 15)


def test_without_a_sales_record_or_daily_ads_the_cash_is_unknown(told):
    assert pd.isna(entry(told(), told(), spent=10)["cash"])
    assert pd.isna(entry(told(), told(), sold=10)["cash"])


def test_an_asin_that_is_gone_is_missing_and_not_no(told):
    found = entry(told(ad={"ad_sales": 200}), told(stock=None, ad=None))
    assert (found["did"], found["advised"]) == ("", "ads_down")
    assert found[["followed", "cash"]].isna().all()


def test_spend_between_two_days_is_known_only_where_a_daily_report_covers_them():
    ads = pd.DataFrame({"asin": ["A", "A", "B", "A"], "ad_spend": [1.0, 2.0, 4.0, 8.0], "first_day": pd.NaT,
                        "date": pd.to_datetime(["2026-11-15", "2026-11-16", "2026-11-20", "2026-11-22"])})  # fmt: skip
    days = (THEN, pd.Timestamp(2026, 11, 23))
    assert spent_between(ads, *days).to_dict() == {"A": 10, "B": 4}
    assert spent_between(ads[1:].assign(date=pd.Timestamp(2026, 11, 20)), *days).empty
    assert spent_between(ads.assign(first_day=pd.Timestamp(2026, 11, 1)), *days).empty


def test_the_ledger_of_nothing_is_empty(week):
    none = week.positions.iloc[:0].join(week.advice[KEPT_ADVICE]).assign(snapshot=pd.NaT)
    assert ledger(none, none, NOTHING, NOTHING).empty


def test_every_advice_that_can_be_followed_has_a_change_by_which_it_is(week):
    told = {"spend_up", "spend_down", "price_up", "price_down", "stock_up", "stock_down", "sells_again", "costs_added"}
    assert {name for names in DONE_BY.values() for name in names} <= told
    assert set(week.advice["do"]) - set(DONE_BY) == {"carry_on"}


VERDICT = st.sampled_from([True, False, None])


@given(verdicts=st.lists(st.tuples(VERDICT, st.integers(-9, 9))))
def test_followed_and_left_are_all_that_were_judged(verdicts):
    table = pd.DataFrame(verdicts, columns=["followed", "cash"]).astype({"followed": object, "cash": float})
    found = advice_score(table)
    assert found["followed"] + found["left"] == found["advised"] == sum(each is not None for each, _ in verdicts)
    for name, did in (("cash_followed", True), ("cash_left", False)):
        assert np.nan_to_num(found[name]) == sum(cash for each, cash in verdicts if each is did)


def test_advice_can_look_bad():
    """All that followed lost, the one that did not gained: the score says just that."""
    table = pd.DataFrame({"followed": [True, True, False], "cash": [-5.0, -2.0, 3.0]})
    assert advice_score(table) == {"advised": 3, "followed": 2, "cash_followed": -7, "left": 1, "cash_left": 3}


def record(*weeks, asins="AB"):
    """What the ASINs sold in the weeks before 2026-11-23."""
    ends = pd.date_range(end="2026-11-22", periods=len(weeks), freq="7D")
    return pd.DataFrame(dict(zip(ends, weeks, strict=True)), index=list(asins), dtype=float)


def scored(sold, demand=(10, 20), month=(30, 60), day="2026-11-16", after="2026-11-23"):
    then = pd.DataFrame({"weekly_demand": demand, "units_sold": month, "sales_days": 30}, index=list("AB"))
    return demand_score(then, sold, *map(pd.Timestamp, (day, after, "2026-11-23")))


def test_what_was_expected_stands_beside_last_month_s_pace_and_what_sold():
    """30 and 60 units in 30 days are 7 and 14 a week; 5 of 10 are half, 31 of 20 are more than half too many."""
    found = scored(record([99, 99], [5, 31]))
    assert found == {"units_expected": 30, "units_by_last_month": 21, "units_sold": 36, "within_half": 0.5}


def test_demand_of_two_weeks_is_twice_that_of_one():
    found = scored(record([8, 16], [12, 24]), day="2026-11-09")
    assert found == {"units_expected": 60, "units_by_last_month": 42, "units_sold": 60, "within_half": 1}


def test_the_week_that_is_scored_is_the_one_between_the_two_snapshots():
    assert scored(record([5, 6], [70, 80]), day="2026-11-09", after="2026-11-16")["units_sold"] == 11


def test_expected_demand_can_look_bad():
    """Nothing sold of 100, where last month's pace was right."""
    found = scored(record([0, 0]), demand=(40, 60), month=(0, 0))
    assert found == {"units_expected": 100, "units_by_last_month": 0, "units_sold": 0, "within_half": 0}


def test_an_asin_that_is_known_in_part_counts_nowhere():
    found = scored(record([8, 16], [12, np.nan]), day="2026-11-09")
    assert found == {"units_expected": 20, "units_by_last_month": 14, "units_sold": 20, "within_half": 1}


def test_the_share_within_half_leaves_out_those_with_few_expected():
    found = scored(record([30, 20]), demand=(3.9, 20))
    assert found["within_half"] == 1
    assert np.isnan(scored(record([30, 20]), demand=(3, 3))["within_half"])


@pytest.mark.parametrize(
    ("sold", "day", "after"),
    [
        (record([5, 6], [7, 8]), "2026-10-12", "2026-10-19"),
        (record([5, 6], [7, 8]), "2026-11-02", "2026-11-23"),
        (record([5, 6], [7, 8], [1, 2], [3, 4], [5, 5], [6, 6]), "2026-09-28", "2026-10-05"),
        (record([np.nan, np.nan]), "2026-11-16", "2026-11-23"),
        (record([5, 6], asins="CD"), "2026-11-16", "2026-11-23"),
        (record(), "2026-11-16", "2026-11-23"),
        (record([5, 6]), "2026-11-22", "2026-11-23"),
    ],
    ids=["long before it", "begins later", "shortly before it", "unknown", "other ASINs", "empty", "a single day"],
)
def test_weeks_that_the_sales_record_does_not_know_have_no_score(sold, day, after):
    assert np.isnan(list(scored(sold, day=day, after=after).values())).all()


def test_the_scores_have_the_columns_that_are_declared():
    assert ["snapshot", *advice_score(pd.DataFrame({"followed": [], "cash": []})), *scored(record([1, 1]))] == SCORES


@pytest.fixture
def two(build, outlook):
    """Two ASINs at 7 and 14 units a week; 7 and 49 units last 1 and 3.5 weeks."""
    row = {"units_shipped_30_days": 60.0, "price": 10.0}

    def made(first=7.0, second=49.0, paces=(7.0, 14.0), **changes):
        stock = {"A": {**row, "units_available": first, **changes}, "B": {**row, "units_available": second, **changes}}
        ahead = outlook(dict(zip("AB", paces, strict=True)))
        ads = [{"asin": "A", **AD}, {"asin": "B", **AD, "ad_sales": 200.0}]
        return of(build(stock, ads=ads, **ahead))

    return made


def test_days_without_stock_are_those_of_the_next_four_weeks_over_all_asins(two):
    """28 - 7 and 28 - 24.5; what lasts four weeks or longer has none."""
    assert totals(two())["stock_out_days"] == pytest.approx(21 + 3.5)
    assert totals(two(second=56.0))["stock_out_days"] == pytest.approx(21)
    assert totals(two(first=0.0, second=5000.0))["stock_out_days"] == 28
    assert totals(two(paces=(0.0, 0.0)))["stock_out_days"] == 0


def test_the_totals_are_sums_and_ratios_of_sums(two):
    """56 units, 120 sold in a month; 600 of ad sales for 200; 4000 - 90 and 1000 - 90 above six weeks at 10 each."""
    found = totals(two())
    assert found["stock_value"] == 560
    assert found["weeks_of_coverage"] == pytest.approx(56 / 120 * 4)
    assert (found["ad_spend"], found["account_roas"]) == (200, 3)
    assert totals(two(4000.0, 1000.0))["excess_value"] == 10 * (3910 + 910)


def test_what_every_asin_lacks_is_missing_in_the_totals_and_what_one_lacks_is_left_out(two):
    found = two(units_aged_over_365=np.nan)
    assert np.isnan(totals(found)["units_aged_over_365"])
    assert totals(found.assign(units_aged_over_365=[5.0, np.nan]))["units_aged_over_365"] == 5
    assert np.isnan(totals(found.assign(forward_cover=np.nan))["stock_out_days"])


def test_the_totals_of_no_asin_are_missing_and_not_zero(week):
    found = totals(week.positions.iloc[:0])
    assert np.isnan(list(found.values())).all()


def test_the_totals_of_the_sample_are_those_of_its_summary(week):
    found, summary = totals(week.positions), week.summary()
    for name in ("stock_value", "excess_value", "sales_at_risk", "ad_spend"):
        assert found[name] == pytest.approx(summary[name], abs=0.005)
    assert found["account_roas"] == pytest.approx(summary["account_roas"], abs=1e-4)


def test_the_places_of_the_ledger_are_those_of_the_positions(week):
    then = week.positions.join(week.advice[KEPT_ADVICE]).assign(snapshot=THEN)
    found = ledger(then, then.assign(snapshot=THEN + pd.Timedelta(days=7)), NOTHING, NOTHING)
    assert set(found.index) == set(week.advice.index[week.advice["do"].isin([*DONE_BY])])
    assert found["did"].eq("").all()
    assert found["cash"].isna().all()
    assert set(POSITIONS) <= set(then.columns)

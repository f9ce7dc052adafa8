import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wockit.formulas.playbook as playbook_module
from wockit.analysis import analyse
from wockit.formulas.chances import segment_probability
from wockit.formulas.cover import weeks_of_coverage
from wockit.formulas.matrix import (
    account_roas,
    ad_headroom,
    ad_overspend,
    gate,
    is_aged_out,
    is_new,
    money_at_stake,
    plan,
    sales_at_risk,
    segment,
    stake,
    stake_a_week,
    urgency,
)
from wockit.formulas.playbook import playbook, read_playbook
from wockit.notes import WockitError
from wockit.settings import PRESETS, Settings
from wockit.show.labels import STAKES

SOURCES = {"article", "retold", "Amazon", "trade", "our reading"}
PLANS = {**playbook().segments, **playbook().gates}


def judged(**changes):
    """The gate of one ASIN that has a place unless something is changed."""
    values = {
        "units_available": 100.0,
        "units_sold": 50.0,
        "ad_spend": 10.0,
        "roas_cut": 3.0,
        "sellable": True,
        "new": False,
        "exits": False,
    }
    return gate(**{name: [value] for name, value in {**values, **changes}.items()})[0]


@pytest.mark.parametrize(
    ("stock", "sold", "ratio", "weeks", "place"),
    [
        (300, 600, 5.1, 2.0, "protect"),
        (900, 800, 4.2, 4.5, "scale"),
        (500, 400, 1.9, 5.0, "refine"),
        (200, 400, 1.5, 2.0, "refine"),
        (2000, 1000, 3.8, 8.0, "push_traffic"),
        (1500, 300, 1.2, 20.0, "lift_conversion"),
        (650, 40, 2.4, 65.0, "exit"),
    ],
    ids=list("ABCDEFG"),
)
def test_the_example_table_against_a_benchmark_of_three(stock, sold, ratio, weeks, place):
    cover = weeks_of_coverage(stock, sold)
    assert cover == weeks
    assert segment([cover], [ratio], 3.0, False, Settings()).tolist() == [place]


@pytest.mark.parametrize(
    ("stock", "sold", "spend", "place"), [(120, 0, 10, "no_sales"), (700, 350, 0, "no_ads")], ids=list("HJ")
)
def test_the_gates_of_the_example_table(stock, sold, spend, place):
    assert judged(units_available=stock, units_sold=sold, ad_spend=spend) == place


HIGH, LOW = 3.0, 2.999
ARTICLE = [
    (0, HIGH, "protect"),
    (2.999, HIGH, "protect"),
    (3, HIGH, "scale"),
    (5.999, HIGH, "scale"),
    (6, HIGH, "push_traffic"),
    (51.999, HIGH, "push_traffic"),
    (52, HIGH, "exit"),
    (0, LOW, "refine"),
    (3, LOW, "refine"),
    (5.999, LOW, "refine"),
    (6, LOW, "lift_conversion"),
    (51.999, LOW, "lift_conversion"),
    (52, LOW, "exit"),
    (np.inf, HIGH, "exit"),
    (np.inf, LOW, "exit"),
]
FEE_AWARE = [
    (3, HIGH, "protect"),
    (3.999, HIGH, "protect"),
    (4, HIGH, "scale"),
    (7.999, HIGH, "scale"),
    (8, HIGH, "push_traffic"),
    (52, HIGH, "exit"),
    (7.999, LOW, "refine"),
    (8, LOW, "lift_conversion"),
    (52, LOW, "exit"),
]


@pytest.mark.parametrize(
    ("preset", "weeks", "ratio", "place"),
    [("article_2023", *row) for row in ARTICLE] + [("us_fee_aware_2026", *row) for row in FEE_AWARE],
)
def test_a_cut_off_belongs_to_the_upper_side(preset, weeks, ratio, place):
    settings = Settings().change(preset=preset)
    assert segment([weeks], [ratio], 3.0, False, settings).tolist() == [place]


@pytest.mark.parametrize("weeks", [1, 4, 20, 60])
def test_aged_units_go_to_the_exit_lane_whatever_the_cover(weeks):
    assert segment([weeks], [5.0], 3.0, True, Settings()).tolist() == ["exit"]


@pytest.mark.parametrize(("weeks", "ratio"), [(np.nan, 5.0), (4, np.nan)])
def test_there_is_no_segment_without_cover_or_roas(weeks, ratio):
    assert segment([weeks], [ratio], 3.0, False, Settings()).tolist() == [None]


def test_the_exit_lane_asks_for_no_roas():
    assert segment([60], [np.nan], 3.0, False, Settings()).tolist() == ["exit"]


def test_each_asin_can_have_a_cut_of_its_own():
    assert segment([4, 4], [2.0, 2.0], [1.5, 2.5], False, Settings()).tolist() == ["scale", "refine"]


def test_an_asin_without_a_reason_against_it_has_a_place():
    assert judged() is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"units_available": np.nan}, "missing_data"),
        ({"units_sold": np.nan}, "missing_data"),
        ({"units_available": 0.0}, "out_of_stock"),
        ({"sellable": False}, "not_sellable"),
        ({"new": True}, "new"),
        ({"units_sold": 0.0}, "no_sales"),
        ({"ad_spend": 0.0}, "no_ads"),
        ({"ad_spend": np.nan}, "no_ad_report"),
        ({"roas_cut": np.nan}, "missing_data"),
    ],
)
def test_each_gate_by_itself(changes, name):
    assert judged(**changes) == name


WORST = {
    "units_sold": 0.0,
    "units_available": 0.0,
    "sellable": False,
    "new": True,
    "ad_spend": 0.0,
    "roas_cut": np.nan,
}


@pytest.mark.parametrize(
    ("mended", "name"),
    [
        ({"units_sold": np.nan}, "missing_data"),
        ({}, "out_of_stock"),
        ({"units_available": 9.0}, "not_sellable"),
        ({"units_available": 9.0, "sellable": True}, "new"),
        ({"units_available": 9.0, "sellable": True, "new": False}, "no_sales"),
        ({"units_available": 9.0, "sellable": True, "new": False, "units_sold": 9.0}, "no_ads"),
        ({"units_available": 9.0, "sellable": True, "new": False, "units_sold": 9.0, "ad_spend": 9.0}, "missing_data"),
    ],
)
def test_the_first_gate_that_holds_counts(mended, name):
    assert judged(**{**WORST, **mended}) == name


@pytest.mark.parametrize("changes", [{"ad_spend": 0.0}, {"roas_cut": np.nan}])
def test_the_exit_lane_asks_for_no_advertising(changes):
    assert judged(exits=True, **changes) is None


@pytest.mark.parametrize(
    ("changes", "name"), [({"units_available": 0.0}, "out_of_stock"), ({"units_sold": 0.0}, "no_sales")]
)
def test_gates_of_stock_and_sales_come_before_the_exit_lane(changes, name):
    assert judged(exits=True, **changes) == name


@pytest.mark.parametrize(("aged", "key"), [(0, "lift_conversion"), (1, "exit"), (np.nan, "lift_conversion")])
def test_stock_that_does_not_sell_is_planned_by_its_age(aged, key):
    assert plan([None], ["no_sales"], [aged]).tolist() == [key]


def test_age_alone_changes_no_other_plan():
    assert plan(["scale", None], [None, "new"], [10, 10]).tolist() == ["scale", "new"]


@pytest.mark.parametrize(
    ("weeks", "name"),
    [
        (5.999, None),
        (6, "watch"),
        (7.999, "watch"),
        (8, "act"),
        (12.999, "act"),
        (13, "urgent"),
        (np.inf, "urgent"),
        (np.nan, None),
    ],
)
def test_urgency_rises_in_steps_that_belong_to_the_upper_side(weeks, name):
    assert urgency([weeks], Settings()).tolist() == [name]


def test_the_account_s_roas_is_sum_over_sum():
    assert account_roas([100, 200], [10, 90]) == 3.0


def test_the_account_s_roas_leaves_out_what_is_missing():
    assert account_roas([300, np.nan], [100, np.nan]) == 3.0


def test_the_account_s_roas_without_spend_is_missing():
    assert np.isnan(account_roas([0.0], [0.0]))


@pytest.mark.parametrize(
    ("aged", "last_60", "last_90", "new"),
    [
        (0, 40, 40, True),
        (0, 0, 0, True),
        (1, 40, 40, False),
        (0, 40, 41, False),
        (np.nan, 40, 40, False),
        (0, np.nan, np.nan, False),
    ],
)
def test_new_is_without_old_units_and_without_old_sales(aged, last_60, last_90, new):
    assert is_new(aged, last_60, last_90) is new


@pytest.mark.parametrize(("weeks", "money"), [(2, 2000), (0, 6000), (3, 0), (10, 0), (np.inf, 0)])
def test_sales_at_risk_are_those_until_the_low_cut_off(weeks, money):
    assert sales_at_risk(weeks, 3, units_sold=400, weeks=4, price=20) == money


@pytest.mark.parametrize(
    ("measure", "spend", "sales", "money"),
    [
        (ad_overspend, 200, 300, 100),
        (ad_overspend, 100, 600, 0),
        (ad_headroom, 100, 600, 100),
        (ad_headroom, 200, 300, 0),
    ],
)
def test_spend_is_held_against_what_the_cut_allows(measure, spend, sales, money):
    assert measure(spend, sales, 3) == money


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("protect", "sales_at_risk"),
        ("scale", "ad_headroom"),
        ("refine", "ad_overspend"),
        ("push_traffic", "excess_value"),
        ("lift_conversion", "excess_value"),
        ("exit", "excess_value"),
        ("out_of_stock", "sales_at_risk"),
        ("not_sellable", "stock_value"),
    ],
)
def test_the_money_at_stake_is_the_column_that_the_playbook_names(key, column):
    stakes = pd.DataFrame({name: [number] for number, name in enumerate(filter(None, STAKES), 1)}, index=["A"])
    found = money_at_stake(pd.Series(stake([key], [False]), index=["A"]), stakes)
    assert found["A"] == stakes.loc["A", column]


def test_no_money_is_at_stake_where_the_plan_names_none():
    stakes = pd.DataFrame({name: [1.0] for name in filter(None, STAKES)}, index=["A"])
    assert money_at_stake(pd.Series(stake(["missing_data"], [True]), index=["A"]), stakes).isna().all()


@pytest.mark.parametrize("key", ["protect", "refine", "no_ads", "no_ad_report"])
def test_where_stock_is_too_low_the_sales_at_risk_are_at_stake(key):
    assert stake([key], [True]).tolist() == ["sales_at_risk"]


@pytest.mark.parametrize(("units", "aged_out"), [(840, False), (841, True), (np.nan, False)])
def test_units_that_four_weeks_sell_are_not_aged_out(units, aged_out):
    assert is_aged_out(units, 900, 30) == aged_out


@pytest.mark.parametrize("preset", PRESETS)
def test_the_segments_cover_the_plane_exactly_once(preset):
    settings = Settings().change(preset=preset)
    ends = {"nothing": 0.0, "for_ever": np.inf}
    points = itertools.product([*np.arange(0, 110, 0.25), 1e6], [0, 1, 2.9999, 3, 3.0001, 50])
    for weeks, ratio in points:
        inside = [
            key
            for key, each in playbook().segments.items()
            if (low := ends.get(each.cover[0], getattr(settings, each.cover[0], None))) is not None
            and (high := ends.get(each.cover[1], getattr(settings, each.cover[1], None))) is not None
            and low <= weeks < high
            and {"high": ratio >= 3, "low": ratio < 3, "any": True}[each.roas]
        ]
        assert segment([weeks], [ratio], 3.0, False, settings).tolist() == inside


SHIPPED = (Path(playbook_module.__file__).parent / "playbook.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            '["nothing", "low_weeks"]',
            '["nothing", "lead_weeks"]',
            r"protect\.cover: expected .*found 'lead_weeks'.*'low",
        ),
        ('["nothing", "low_weeks"]', '["nothing"]', r"protect\.cover: expected 2 names.*found 1"),
        ('roas = "high"', 'roas = "hihg"', r"protect\.roas: expected .*found 'hihg'.* Did you mean 'high'"),
    ],
)
def test_a_cut_off_that_the_settings_lack_is_named_with_its_segment(before, after, message):
    assert SHIPPED.count(before)
    with pytest.raises(WockitError, match=message):
        read_playbook(SHIPPED.replace(before, after, 1))


def test_any_cut_off_of_the_settings_may_bound_a_segment(monkeypatch):
    moved = SHIPPED.replace('["healthy_weeks", "exit_weeks"]', '["act_weeks", "exit_weeks"]')
    monkeypatch.setattr("wockit.formulas.matrix.playbook", lambda: read_playbook(moved))
    assert segment([7, 8], [4, 4], 3.0, False, Settings()).tolist() == [None, "push_traffic"]


def test_there_are_five_segments_and_an_exit():
    assert list(playbook().segments) == ["protect", "scale", "refine", "push_traffic", "lift_conversion", "exit"]


@pytest.mark.parametrize("key", PLANS)
def test_every_stake_has_a_name(key):
    assert PLANS[key].stake in STAKES


@pytest.mark.parametrize("key", PLANS)
def test_every_action_says_where_it_comes_from(key):
    assert PLANS[key].actions
    assert {source for action in PLANS[key].actions for source in action.source.split(", ")} <= SOURCES


@pytest.mark.parametrize("trait", ["label", "colour", "marker", "objective"])
def test_no_two_segments_look_or_read_the_same(trait):
    found = [getattr(each, trait) for each in playbook().segments.values()]
    assert len(set(found)) == len(found)


def test_a_plan_is_found_for_segments_and_gates_alike():
    assert [playbook().plan(key).key for key in PLANS] == list(PLANS)


def test_an_unknown_plan_is_refused():
    with pytest.raises(KeyError, match="liquidate"):
        playbook().plan("liquidate")


@pytest.mark.parametrize(
    ("weeks", "ratio", "key"),
    [
        (6.9, 5, "protect"),
        (7, 5, "scale"),
        (9.9, 5, "scale"),
        (10, 5, "push_traffic"),
        (9.9, 1, "refine"),
        (10, 1, "lift_conversion"),
        (52, 5, "exit"),
    ],
)
def test_an_asin_with_cut_offs_of_its_own_is_placed_by_them(weeks, ratio, key):
    assert segment([weeks], [ratio], 3.0, False, Settings(), low_weeks=[7], healthy_weeks=[10]).tolist() == [key]


def test_each_asin_has_its_own_cut_offs():
    assert segment([5, 5], [5, 5], 3.0, False, Settings(), [7, 3], [10, 4]).tolist() == ["protect", "push_traffic"]


@pytest.mark.parametrize(("weeks", "key"), [(51, "protect"), (52, "exit"), (65, "exit")])
def test_own_cut_offs_never_go_beyond_the_exit(weeks, key):
    assert segment([weeks], [5], 3.0, False, Settings(), low_weeks=[60], healthy_weeks=[70]).tolist() == [key]


def probability(key, cover=(4.5, 4.0, 5.0), roas_high=0.9, aged_out=False, **own):
    """How probable one segment is for one ASIN."""
    found = segment_probability(
        [key],
        cover=tuple([end] for end in cover),
        roas_high=[roas_high],
        aged_out=[aged_out],
        settings=Settings(),
        **own,
    )
    return float(found[0])


SPREADS = st.floats(1.001, 20)


@given(
    middle=st.floats(0.01, 1000),
    below=SPREADS,
    above=SPREADS,
    roas_high=st.floats(0, 1),
    own=st.tuples(st.floats(0.1, 60), st.floats(0, 30)),
)
def test_the_probabilities_of_all_segments_add_up_to_one(middle, below, above, roas_high, own):
    cuts = {"low_weeks": [own[0]], "healthy_weeks": [own[0] + own[1]]}
    cover = (middle, middle / below, middle * above)
    found = [probability(key, cover, roas_high, **cuts) for key in playbook().segments]
    assert min(found) >= -1e-12
    assert sum(found) == pytest.approx(1)


@pytest.mark.parametrize(
    ("cover", "key", "found"),
    [
        ((6, 5, 9), "scale", 0.9 * 0.5),
        ((6, 5, 9), "push_traffic", 0.9 * 0.5),
        ((6, 5, 9), "refine", 0.1 * 0.5),
        ((6, 3, 9), "protect", 0.9 * 0.1),
        ((6, 3, 9), "scale", 0.9 * 0.4),
        ((30, 20, 52), "exit", 0.1),
        ((30, 20, 52), "lift_conversion", 0.1 * 0.9),
        ((80, 52, 90), "exit", 0.9),
    ],
)
def test_half_lies_on_each_side_of_the_middle_and_a_tenth_beyond_each_end(cover, key, found):
    assert probability(key, cover) == pytest.approx(found, abs=1e-4)


def test_cover_that_is_known_exactly_leaves_only_the_doubt_of_roas():
    assert probability("scale", (4.5, 4.5, 4.5)) == pytest.approx(0.9)


def test_cover_without_end_is_in_the_exit_lane_for_sure():
    found = {key: probability(key, (np.inf, np.inf, np.inf)) for key in playbook().segments}
    assert found == {**dict.fromkeys(playbook().segments, 0.0), "exit": 1.0}


def test_a_range_without_a_high_end_leaves_half_to_the_exit_lane():
    assert probability("exit", (6, 4, np.inf)) == pytest.approx(0.5)


def test_units_that_are_too_old_leave_no_doubt_of_the_exit_lane():
    assert probability("exit", (4.5, 4.0, 5.0), roas_high=np.nan, aged_out=True) == 1


def test_own_cut_offs_move_the_probabilities_with_them():
    assert probability("scale", (8, 7, 9)) == pytest.approx(0, abs=5e-3)
    assert probability("scale", (8, 7, 9), low_weeks=[5], healthy_weeks=[12]) == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize(
    ("key", "cover", "roas_high"),
    [(None, (4.5, 4.0, 5.0), 0.9), ("scale", (np.nan, np.nan, np.nan), 0.9), ("scale", (4.5, 4.0, 5.0), np.nan)],
    ids=["no segment", "no cover", "no ROAS"],
)
def test_the_probability_of_what_is_unknown_is_missing(key, cover, roas_high):
    assert np.isnan(probability(key, cover, roas_high))


@pytest.mark.parametrize(
    ("about", "money", "low_weeks", "clear_days", "ad_days", "a_week"),
    [
        ("sales_at_risk", 300, 3, 63, 42, 100),
        ("ad_overspend", 60, 3, 63, 42, 10),
        ("ad_headroom", 60, 3, 63, 42, 10),
        ("excess_value", 900, 3, 63, 42, 100),
        ("stock_value", 900, 3, 63, 42, 100),
        ("ad_overspend", 60, 3, 63, 0, np.nan),
        ("ad_overspend", np.nan, 3, 63, 42, np.nan),
        ("excess_value", np.nan, 3, 63, 42, np.nan),
        ("excess_value", 0, 3, 63, 42, 0),
        ("", np.nan, 3, 63, 42, np.nan),
    ],
)
def test_money_at_stake_is_spread_over_its_own_weeks(about, money, low_weeks, clear_days, ad_days, a_week):
    assert stake_a_week([about], [money], low_weeks, clear_days, ad_days).tolist() == pytest.approx(
        [a_week], nan_ok=True
    )


def test_each_asin_is_spread_over_its_own_weeks():
    found = stake_a_week(
        pd.Series(["sales_at_risk", "sales_at_risk", "excess_value"]),
        pd.Series([100.0, 100.0, 100.0]),
        pd.Series([2.0, 4.0, 1.0]),
        pd.Series([7.0, 7.0, 70.0]),
        30,
    )
    assert found.tolist() == [50, 25, 10]


def test_stock_within_an_asins_own_band_is_not_pressing():
    settings = Settings()
    assert urgency([7, 9, 14, 30], settings, healthy_weeks=[10, 8, 10, 10]).tolist() == [
        None,
        "act",
        "urgent",
        "urgent",
    ]
    assert urgency([7], settings, healthy_weeks=[6]).tolist() == ["watch"]


def test_certainty_moves_what_its_text_says(sample):
    wide, narrow = (analyse(sample, sample.settings.change(certainty=share)) for share in (0.9, 0.6))
    for frame, low, high in (("positions", "roas_low", "roas_high"), ("budgets", "budget_low", "budget_high")):
        width = [getattr(week, frame)[high] - getattr(week, frame)[low] for week in (wide, narrow)]
        both = width[0].notna() & width[1].notna() & width[1].gt(0)
        assert both.any()
        assert width[0][both].gt(width[1][both]).all()
    assert wide.positions["uncertain"].sum() > narrow.positions["uncertain"].sum()

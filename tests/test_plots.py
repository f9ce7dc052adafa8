import itertools
import sys
import warnings
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection

import wockit.show.canvas
from wockit.analysis.analyse import analyse
from wockit.formulas.playbook import playbook
from wockit.language import LANGUAGES, speak
from wockit.show.canvas import canvas, picture
from wockit.show.plots import (
    plot_budget,
    plot_cover,
    plot_forward,
    plot_matrix,
    plot_order,
    plot_run_down,
    plot_segments,
    plot_weeks,
)

AD = {"asin": "A", "ad_clicks": 100.0, "ad_spend": 100.0, "ad_sales": 300.0, "ad_orders": 10.0, "ad_units": 10.0}
STOCK = {"units_available": 200.0, "units_shipped_30_days": 100.0, "price": 10.0}
PLOTS = {
    "matrix": plot_matrix,
    "cover": plot_cover,
    "segments": plot_segments,
    "budget": lambda analysis, ax: plot_budget(4000, 0.4, ax),
    "order": lambda analysis, ax: plot_order(50, 13.5, 40, ax),
    "forward": plot_forward,
    "run_down": lambda analysis, ax: plot_run_down(analysis, "B0WOC8CASE", ax),
}
OF_AN_ANALYSIS = ["matrix", "cover", "segments", "forward"]


@pytest.fixture
def ax():
    return canvas()


@pytest.fixture
def single(build):
    """The analysis of one ASIN, placed unless something is changed."""

    def analysis(settings=None, ads=(AD,), costs=None, **stock):
        account = build({"A": {**STOCK, **stock}}, ads=ads, costs=costs)
        return analyse(account, account.settings.change(sales_days=None, **(settings or {})))

    return analysis


@pytest.fixture(scope="module")
def empty(week):
    return replace(week, positions=week.positions.iloc[:0], segments=week.segments.iloc[:0])


def dots(ax):
    found = [each.get_offsets() for each in ax.collections if isinstance(each, PathCollection)]
    return np.ma.filled(np.vstack(found).astype(float), np.nan)


def words(ax):
    return [text.get_text() for text in ax.texts]


def vertical(ax):
    return {line.get_xdata()[0] for line in ax.lines if line.get_xdata()[0] == line.get_xdata()[-1]}


def horizontal(ax):
    return {line.get_ydata()[0] for line in ax.lines if line.get_ydata()[0] == line.get_ydata()[-1]}


@pytest.mark.parametrize("name", PLOTS)
def test_the_axes_that_are_given_come_back_named_and_no_figure_is_left_in_the_state_of_pyplot(week, ax, name):
    assert PLOTS[name](week, ax) is ax
    assert ax.get_xlabel() or ax.get_ylabel()
    picture(ax, "")
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", OF_AN_ANALYSIS)
def test_an_analysis_without_asins_can_be_drawn(empty, ax, name):
    PLOTS[name](empty, ax).figure.canvas.draw()
    assert ax.get_xlabel()


def test_an_account_of_one_asin_can_be_drawn(single):
    one = single()
    for name in OF_AN_ANALYSIS:
        ax = PLOTS[name](one, canvas())
        ax.figure.canvas.draw()
        assert ax.has_data(), name


def test_the_matrix_draws_each_placed_asin_with_a_roas_once(week, ax):
    found = week.positions[week.positions["segment"].notna() & week.positions["own_roas"].notna()]
    drawn = dots(plot_matrix(week, ax))
    expected = np.column_stack([found["weeks_of_coverage"].clip(0.5, 120), found["own_roas"]])
    assert np.array(sorted(drawn.tolist())) == pytest.approx(np.array(sorted(expected.tolist())))


def test_the_matrix_gives_each_segment_its_own_colour_and_marker(week, ax):
    found = [each for each in plot_matrix(week, ax).collections if isinstance(each, PathCollection)]
    assert len({tuple(each.get_facecolor()[0]) for each in found}) == len(playbook().segments)
    assert len({each.get_paths()[0].vertices.tobytes() for each in found}) == len(playbook().segments)


def test_the_matrix_names_and_counts_each_segment(week, ax):
    legend = [text.get_text() for text in plot_matrix(week, ax).get_legend().get_texts()]
    assert legend == ["Protect (6)", "Scale (7)", "Refine (7)", "Push traffic (9)", "Lift conversion (10)",
                      "Exit lane (5)"]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "lines", "names"),
    [
        ({}, {3, 6, 8, 52}, {"low 3", "healthy to 6", "act from 8", "exit 52"}),
        ({"low_weeks": 2.5, "exit_weeks": 40.0}, {2.5, 6, 8, 40}, {"low 2.5", "exit 40"}),
    ],
)
def test_the_matrix_draws_and_names_the_cut_offs_of_the_settings(sample, ax, changes, lines, names):
    plot_matrix(analyse(sample, sample.settings.change(**changes)), ax)
    assert vertical(ax) == lines
    assert names <= set(words(ax))


def test_the_matrix_draws_and_names_the_account_s_roas(week, ax):
    plot_matrix(week, ax)
    (cut,) = week.positions["roas_cut"].dropna().unique()
    assert sorted(horizontal(ax)) == pytest.approx([cut], abs=5e-5)
    assert f"account ROAS, own sales {cut:.2f}" in words(ax)


def test_the_matrix_draws_and_names_a_target(sample, ax):
    plot_matrix(analyse(sample, sample.settings.change(roas_cut="target", target_roas=4.0)), ax)
    assert horizontal(ax) == {4.0}
    assert "target ROAS 4.00" in words(ax)


def test_with_a_cut_of_each_asin_s_own_the_axis_is_roas_over_it(sample, ax):
    found = analyse(sample, sample.settings.change(roas_cut="break_even"))
    plot_matrix(found, ax)
    assert ax.get_ylabel() == "ROAS / break-even ROAS"
    assert horizontal(ax) == {1.0}


def test_with_a_cut_of_each_asin_s_own_a_point_is_its_roas_over_it(single, ax):
    costs = {"A": {"price": 100.0, "referral_rate": 0.1, "fulfilment_fee": 10.0, "landed_cost": 40.0}}
    drawn = dots(plot_matrix(single({"roas_cut": "break_even"}, costs=costs), ax))
    assert drawn.tolist() == [[8.0, pytest.approx(3 / 2.5)]]


def test_without_placed_asins_the_target_is_still_drawn(single, ax):
    plot_matrix(single({"roas_cut": "target", "target_roas": 4.0}, units_available=0.0), ax)
    assert horizontal(ax) == {4.0}


def test_without_advertising_no_account_roas_is_made_up(single, ax):
    plot_matrix(single(ads=()), ax)
    assert "account ROAS, own sales unknown" in words(ax)


def test_advertising_that_sold_nothing_can_be_drawn(single, ax):
    plot_matrix(single({"roas_cut": "target", "target_roas": 4.0}, ads=[{**AD, "ad_sales": 0.0}]), ax)
    assert dots(ax).tolist() == [[8.0, 0.0]]


def test_an_asin_of_unknown_value_is_drawn(single, ax):
    plot_matrix(single(price=np.nan), ax)
    sizes = np.concatenate([each.get_sizes() for each in ax.collections if isinstance(each, PathCollection)])
    assert np.isfinite(sizes).all()
    assert dots(ax).tolist() == [[8.0, 3.0]]


def test_an_asin_of_unknown_break_even_in_the_exit_lane_is_no_point(single, ax):
    found = plot_matrix(single({"roas_cut": "break_even"}, units_available=9000.0), ax)
    assert np.isfinite(dots(found)).all()


def test_cover_beyond_the_axis_is_drawn_at_its_edge(single, ax):
    assert dots(plot_matrix(single(units_available=1e6), ax)).tolist() == [[120.0, 3.0]]


@pytest.mark.parametrize(
    ("preset", "cut", "size"),
    [("article_2023", "account_benchmark", (9.0, 5.2)), ("us_fee_aware_2026", "break_even", (6.0, 4.0))],
)
def test_no_name_of_an_asin_covers_another_text(sample, size, preset, cut):
    ax = plot_matrix(analyse(sample, sample.settings.change(preset=preset, roas_cut=cut)), canvas(*size), labels=30)
    ax.figure.canvas.draw()
    boxes = {text: text.get_window_extent() for text in ax.texts}
    pairs = [
        (one.get_text(), other.get_text())
        for one, other in itertools.combinations(boxes, 2)
        if {one.get_text(), other.get_text()} & set(sample.stock.index) and boxes[one].overlaps(boxes[other])
    ]
    assert pairs == []


def test_the_names_of_the_cut_offs_do_not_cover_each_other(week, ax):
    plot_matrix(week, ax).figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() not in week.positions.index]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_the_largest_bubbles_are_named_and_no_more_than_asked_for(week, ax):
    named = set(words(plot_matrix(week, ax, labels=3))) & set(week.positions.index)
    placed = week.positions[week.positions["segment"].notna() & week.positions["roas"].notna()]
    assert named
    assert named <= set(placed.nlargest(3, "stock_value").index)


def test_cover_is_drawn_of_the_asins_with_the_most_stock_value(week, ax):
    plot_cover(week, ax, top=5)
    found = week.positions[np.isfinite(week.positions["weeks_of_coverage"])].nlargest(5, "stock_value")
    assert [label.get_text() for label in ax.get_yticklabels()] == found.index[::-1].tolist()


def test_cover_is_drawn_beside_amazon_s_own(week, ax):
    plot_cover(week, ax, top=5)
    found = week.positions[np.isfinite(week.positions["weeks_of_coverage"])].nlargest(5, "stock_value").iloc[::-1]
    expected = np.concatenate([found["weeks_of_coverage"], found["amazon_weeks_of_cover_t30"]])
    assert dots(ax)[:, 0] == pytest.approx(expected, nan_ok=True)


def test_cover_without_end_is_no_point_of_the_cover_plot(single, ax):
    found = single(units_shipped_30_days=0.0)
    assert np.isinf(found.positions.loc["A", "weeks_of_coverage"])
    assert len(dots(plot_cover(found, ax))) == 0


def test_the_healthy_band_is_named_with_the_weeks_of_the_settings(sample, ax):
    plot_cover(analyse(sample, sample.settings.change(preset="us_fee_aware_2026")), ax)
    assert "healthy, 4 to 8 weeks" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_bars_are_stock_and_excess_of_each_place(week, ax):
    plot_segments(week, ax)
    found = week.segments[week.segments["stock_value"] > 0]
    widths = [bar.get_width() for bar in ax.patches if bar.get_height()]
    assert widths == pytest.approx([*found["stock_value"], *found["excess_value"]])


def test_the_bars_are_in_the_account_s_currency(week, ax):
    assert plot_segments(week, ax).get_xlabel() == "Value [USD]"


def test_the_budget_runs_from_the_lower_bound_towards_the_upper(ax):
    line = plot_budget(4000, 0.4, ax).lines[0]
    assert line.get_ydata()[0] == pytest.approx(1600)
    assert 1600 < line.get_ydata()[-1] < 4000


def test_both_bounds_of_the_budget_are_drawn_and_named(ax):
    plot_budget(4000, 0.4, ax)
    assert {"upper bound 4,000", "lower bound 1,600"} <= set(words(ax))
    assert {4000, 1600} <= horizontal(ax)


@pytest.mark.parametrize(("cost", "last", "top"), [(40, "lost", "-3.50"), (30, "left", "6.50")])
def test_what_an_order_leaves_is_named_left_or_lost(ax, cost, last, top):
    plot_order(50, 13.5, cost, ax).figure.canvas.draw()
    assert ax.get_xticklabels()[-1].get_text() == last
    assert words(ax) == ["50.00", "-13.50", f"-{cost}.00", top]


@pytest.fixture
def running(build, outlook):
    """The analysis of ASINs of 70 units that sold 7 a week, by what each is expected to sell a week from now on."""

    def analysis(paces, changes=None, **ahead):
        stock = {asin: {"units_available": 70.0, "units_shipped_30_days": 30.0, **(changes or {})} for asin in paces}
        return analyse(build(stock, **outlook(paces, **ahead)))

    return analysis


def curve(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line


def fan(ax):
    """The corners of the one filled area."""
    (area,) = [each for each in ax.collections if each.get_label() == "80%"]
    return {tuple(corner) for corner in area.get_paths()[0].vertices.tolist()}


def crosses(ax):
    (found,) = [each for each in ax.collections if each.get_label() == "left out"]
    return found.get_offsets()[:, 0].tolist()


def test_the_stock_runs_down_from_what_is_there_to_none(running, ax):
    line = curve(plot_run_down(running({"A": 7.0}), "A", ax), "expected stock")
    assert line.get_xdata().tolist()[:11] == list(range(11))
    assert line.get_ydata().tolist()[:11] == pytest.approx([70, 63, 56, 49, 42, 35, 28, 21, 14, 7, 0])
    assert line.get_ydata().min() == pytest.approx(0)


def test_the_stock_runs_down_along_the_demand_of_its_own_asin(running, ax):
    line = curve(plot_run_down(running({"A": 7.0, "B": 35.0}), "B", ax), "expected stock")
    assert line.get_ydata().tolist()[:3] == [70, 35, 0]


def test_the_fan_lies_between_the_fast_and_the_slow_demand(running, ax):
    """8.75 and 5.6 units a week: 35 and 47.6 are left after four weeks, none after 8 and after 12.5."""
    corners = fan(plot_run_down(running({"A": 7.0}), "A", ax))
    assert {(0, 70), (4, 35), (8, 0)} <= corners
    assert min(high for week, high in corners if week == 4 and high > 35) == pytest.approx(47.6)
    assert max(week for week, _ in corners) == 13


def test_last_month_s_pace_is_drawn_to_weeks_of_coverage_and_named(running, ax):
    line = curve(plot_run_down(running({"A": 14.0}), "A", ax), "stock at last month's pace")
    assert np.column_stack(line.get_data()).tolist() == [[0, 70], [pytest.approx(28 / 3), 0]]
    assert "WOC 9.3" in words(ax)


def test_cover_without_end_has_no_line_of_last_month_s_pace(running, ax):
    plot_run_down(running({"A": 0.0}, {"units_shipped_30_days": 0.0}), "A", ax).figure.canvas.draw()
    assert "stock at last month's pace" not in [line.get_label() for line in ax.lines]
    assert set(curve(ax, "expected stock").get_ydata()) == {70}


def test_the_weeks_sold_stand_left_of_now_and_those_left_out_are_crossed(running, ax):
    plot_run_down(running({"A": 7.0}, sold=[1, 2, np.nan, 4]), "A", ax)
    (sold,) = ax.patches
    assert sold.get_data().values == pytest.approx([1, 2, np.nan, 4], nan_ok=True)
    assert sold.get_data().edges.tolist() == [-4, -3, -2, -1, 0]
    assert crosses(ax) == [-1.5]


def test_half_a_year_of_the_past_is_drawn(running, ax):
    plot_run_down(running({"A": 7.0}, sold=[7.0] * 104), "A", ax)
    assert ax.patches[0].get_data().edges.tolist() == list(range(-26, 1))


def test_at_least_eight_weeks_ahead_are_drawn(running, ax):
    assert plot_run_down(running({"A": 70.0}), "A", ax).get_xlim()[1] == 8


def test_an_asin_that_is_not_there_has_no_run_down(running, ax):
    with pytest.raises(KeyError, match="'B0UNKNOWN' is in no inventory and no sales report"):
        plot_run_down(running({"A": 7.0}), "B0UNKNOWN", ax)


@pytest.mark.parametrize(
    ("changes", "ahead"),
    [
        ({}, {"sold": []}),
        ({"units_available": np.nan}, {}),
        ({"units_available": 0.0}, {}),
        ({}, {"sold": [np.nan] * 9}),
    ],
    ids=["no past", "unknown stock", "no stock", "no known week"],
)
def test_an_asin_of_which_little_is_known_can_be_drawn(running, ax, changes, ahead):
    plot_run_down(running({"A": 7.0}, changes, **ahead), "A", ax).figure.canvas.draw()
    assert ax.get_xlabel() == "Weeks from now"


def test_every_asin_of_the_sample_can_be_drawn_running_down(sample, week):
    for asin in ("B0WOC8CASE", *week.positions.index[week.positions["weeks_of_coverage"].isin([0, np.inf])]):
        assert plot_run_down(week, asin, canvas()).get_xlim()[1] >= 8


def test_simple_and_forward_cover_are_drawn_against_each_other(running, ax):
    drawn = dots(plot_forward(running({"A": 7.0, "B": 14.0}), ax))
    assert sorted(drawn.tolist()) == [[pytest.approx(28 / 3), 5], [pytest.approx(28 / 3), 10]]


def test_the_range_of_forward_cover_is_a_line_from_its_low_to_its_high(running, ax):
    plot_forward(running({"A": 7.0}), ax)
    (lines,) = [each for each in ax.collections if not isinstance(each, PathCollection)]
    assert lines.get_segments()[0][:, 1].tolist() == [8, 12.5]


def test_where_simple_and_forward_cover_differ_the_asin_is_named(running, ax):
    analysis = running({"AGREES": 7.0, "DIFFERS": 14.0})
    plot_forward(analysis, ax)
    assert words(ax) == ["DIFFERS"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "same (1)",
        "differ by 1/7 or more (1)",
    ]


def test_no_asin_of_the_sample_is_named_that_agrees(week, ax):
    named = set(words(plot_forward(week, ax)))
    assert named
    assert named <= set(week.positions.index[week.positions["reasons"].ne("")])


def test_cover_that_has_no_end_or_is_none_is_no_point(running, ax):
    assert len(dots(plot_forward(running({"A": 0.0, "B": 7.0}), ax))) == 1


def test_forward_cover_beyond_the_axis_is_drawn_at_its_edge(running, ax):
    assert dots(plot_forward(running({"A": 0.1}), ax)).tolist() == [[pytest.approx(28 / 3), 120]]


def test_the_names_beside_forward_cover_do_not_cover_each_other(week, ax):
    plot_forward(week, ax).figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_an_asin_with_a_band_of_its_own_is_told_by_a_dark_edge(single, running, ax):
    plot_matrix(single(), ax)
    assert not any("own healthy band" in text for text in words(ax))
    assert "outline: own healthy band" in words(plot_matrix(single(seasonal=1.0), canvas()))


def test_a_picture_is_small_and_says_what_it_shows(week):
    data, seen = picture(plot_matrix(week, canvas(8, 4.8)), "the matrix")._repr_mimebundle_()
    assert len(data["image/png"]) < 60_000
    assert data["text/plain"] == seen["image/png"]["alt"] == "the matrix"
    assert seen["image/png"]["width"] == 800


def test_axes_of_ones_own_make_a_picture_of_their_size():
    assert picture(plt.figure(figsize=(4, 3)).subplots(), "").width == 400


def test_what_is_added_to_a_finished_figure_finds_room(week):
    ax = plot_matrix(week, canvas(8, 4.8))
    title = ax.set_title("Mine")
    picture(ax, "")
    assert title.get_window_extent().y1 < ax.figure.bbox.y1


def weekly(**changes):
    """Two snapshots of an account, a week apart."""
    columns = {"stock_value": [1000.0, 800.0], "excess_value": [400.0, 100.0], "weeks_of_coverage": [8.0, 5.25]}
    return pd.DataFrame({**columns, **changes}, index=pd.DatetimeIndex(["2026-11-16", "2026-11-23"], name="snapshot"))


def test_the_weeks_are_columns_of_stock_with_its_excess_and_their_cover(ax):
    plot_weeks(weekly(), "EUR", ax)
    assert [bar.get_height() for bar in ax.patches] == [1000, 800, 400, 100]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2026-11-16", "2026-11-23"]
    assert words(ax) == ["WOC 8.0", "WOC 5.2"]
    assert ax.get_ylabel() == "Value [EUR]"


def test_a_first_week_stands_alone(ax):
    plot_weeks(weekly().iloc[:1], "USD", ax).figure.canvas.draw()
    assert [bar.get_height() for bar in ax.patches] == [1000, 400]
    assert ax.get_xlim() == (-0.6, 0.6)


def test_half_a_year_of_weeks_can_be_drawn(ax):
    days = pd.date_range("2026-06-01", periods=27, freq="7D", name="snapshot")
    plot_weeks(pd.DataFrame(dict.fromkeys(weekly().columns, 5.0), index=days), "USD", ax).figure.canvas.draw()
    assert len(ax.patches) == 54
    assert {tick.get_rotation() for tick in ax.get_xticklabels()} == {30}


@pytest.mark.parametrize(("cover", "said"), [(np.nan, "WOC –"), (np.inf, "WOC ∞")])
def test_cover_of_a_week_that_is_missing_or_has_no_end_is_said_as_in_the_tables(ax, cover, said):
    plot_weeks(weekly(stock_value=[np.nan, 800.0], weeks_of_coverage=[cover, 5.0]), "USD", ax).figure.canvas.draw()
    assert words(ax) == [said, "WOC 5.0"]


def zones(account, ax):
    """What the cover plot shades, each as its words and its ends."""
    plot_cover(analyse(account), ax)
    found = {each.get_label(): each.get_extents().transformed(ax.transData.inverted()) for each in ax.patches}
    return {name: (pytest.approx(box.x0), pytest.approx(box.x1)) for name, box in found.items()}


def test_too_little_and_too_much_are_shaded_where_their_fees_are_known(sample, ax):
    """In the US 28 days of supply and 181 days of age, in Germany 28 and 241 days, in Japan neither is known."""
    found = zones(sample, ax)
    assert found == {
        "low-inventory-level fee, below 4 weeks": (0.45, 4),
        "healthy, 3 to 6 weeks": (3, 6),
        "aged-inventory surcharge, from 26 weeks": (181 / 7, 135),
    }


GERMAN = {
    "low-inventory-level fee, below 4 weeks": (0.45, 4),
    "aged-inventory surcharge, from 34 weeks": (241 / 7, 135),
}


@pytest.mark.parametrize(("marketplace", "more"), [("DE", GERMAN), ("JP", {})])
def test_a_fee_that_is_not_known_has_no_zone(sample, ax, marketplace, more):
    assert zones(replace(sample, marketplace=marketplace), ax) == {"healthy, 3 to 6 weeks": (3, 6), **more}


def trail(ax):
    found = [each.get_segments() for each in ax.collections if isinstance(each, LineCollection)]
    return sorted(np.round(line, 6).tolist() for lines in found for line in lines)


def test_the_trail_runs_from_where_an_asin_was_to_where_it_is(single, ax):
    then, now = single(units_available=100.0), single(ads=({**AD, "ad_sales": 400.0},))
    plot_matrix(now, ax, before=then.positions)
    assert trail(ax) == [[[4, 3], [8, 4]]]
    assert "previous place" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_cover_before_that_is_beyond_the_axis_begins_at_its_edge(single, ax):
    plot_matrix(single(), ax, before=single(units_available=90_000.0).positions)
    assert trail(ax) == [[[120, 3], [8, 3]]]


def test_with_a_cut_of_each_asin_s_own_the_trail_is_roas_over_it(single, ax):
    """A unit at 10 leaves 10 - 1.5 - 2 - 4 = 2.5, so that it breaks even at a ROAS of 4."""
    costs = {"A": {"landed_cost": 4.0, "referral_rate": 0.15, "fulfilment_fee": 2.0}}
    own = {"settings": {"roas_cut": "break_even"}, "costs": costs}
    plot_matrix(single(**own), ax, before=single(**own, units_available=100.0).positions)
    assert trail(ax) == [[[4, 0.75], [8, 0.75]]]


def test_what_had_no_place_or_was_not_there_has_no_trail(single, week, ax):
    plot_matrix(single(), ax, before=week.positions)
    assert trail(ax) == []


def test_a_first_snapshot_has_no_trail_and_no_word_of_it(single, ax):
    now = single()
    plot_matrix(now, ax, before=now.positions.iloc[:0]).figure.canvas.draw()
    assert trail(ax) == []
    assert "previous place" not in [text.get_text() for text in ax.get_legend().get_texts()]


def test_every_language_says_which_font_it_needs():
    assert set(wockit.show.canvas.FONTS) == set(LANGUAGES)


def test_a_language_that_needs_no_font_of_its_own_asks_for_none(monkeypatch):
    monkeypatch.setattr("wockit.language.LANGUAGES", (*LANGUAGES, "de"))
    monkeypatch.setattr(wockit.show.canvas, "FONTS", {**wockit.show.canvas.FONTS, "de": None})
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    speak("de")
    try:
        assert canvas().figure.axes
    finally:
        speak("en")


@pytest.fixture
def no_font(monkeypatch):
    """A machine without the font for Chinese."""
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    wockit.show.canvas._fonts.cache_clear()
    speak("zh-CN")
    yield monkeypatch
    speak("en")
    wockit.show.canvas._fonts.cache_clear()


def test_a_font_that_is_missing_stops_no_figure_and_is_said(no_font):
    no_font.setattr(wockit.show.canvas.fontManager, "ttflist", [])
    assert canvas().figure.axes
    said = str(wockit.show.canvas.font_problem("zh-CN"))
    assert "zh-CN" in said
    assert said.endswith("python -m pip install noto-cjk-sans-otc")


def test_a_font_of_the_system_stands_in(no_font):
    latin = wockit.show.canvas.fontManager.ttflist[0]
    no_font.setattr(wockit.show.canvas.fontManager, "ttflist", [replace(latin, name="SimHei")])
    assert wockit.show.canvas._fonts("zh-CN")[1:] == ["SimHei"]
    assert wockit.show.canvas.font_problem("zh-CN") is None


@pytest.mark.parametrize("name", PLOTS)
def test_every_figure_has_a_glyph_for_each_chinese_character(week, name):
    speak("zh-CN")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert picture(PLOTS[name](week, canvas()), "Stock value").alt == "库存价值"
    finally:
        speak("en")

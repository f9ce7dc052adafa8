"""One advice looked at closely: the cash of its paths over the year, and its gain case by case."""

import pytest

from wockit.analysis.courses import cash_courses, gains_by_case
from wockit.formulas.choice import cautious
from wockit.language import speak
from wockit.show.advice_plots import plot_gains, plot_paths
from wockit.show.canvas import canvas

CLEAR, LIQUIDATED, DATED = "B0CLEAR100", "B0P2X4GCYK", "B0H6D1TZKS"


@pytest.mark.parametrize("asin", [CLEAR, LIQUIDATED])
def test_the_advised_path_ends_its_gain_above_carrying_on(week, asin):
    courses, cases = cash_courses(week, asin), gains_by_case(week, asin)
    gain = courses["advice"].iloc[-1] - courses["carry on as today"].iloc[-1]
    assert gain == pytest.approx(cases["gain"] @ cases["weight"])
    assert courses.columns[-1] == "advice"
    assert courses.index[0] == 0 and courses.index[-1] == 52


def test_units_that_leave_at_once_bring_cash_at_once(week):
    assert cash_courses(week, LIQUIDATED)["advice"].iloc[0] > 0
    assert cash_courses(week, CLEAR)["carry on as today"].iloc[0] == 0


def test_an_asin_with_a_date_ends_with_it(week):
    assert cash_courses(week, DATED).index[-1] <= 8


def test_without_ads_there_is_no_path_without_them(week):
    assert "no ads" not in cash_courses(week, "B0G6L2HNCB")


def test_the_stated_gain_is_that_of_the_cases_held_back_for_having_picked_the_best(week):
    cases = gains_by_case(week, CLEAR)
    assert len(cases) == 18
    assert cases["weight"].sum() == pytest.approx(1.0)
    stated = cautious(*(cases[[name]].to_numpy().T for name in ("gain", "weight")))
    assert stated == pytest.approx(week.advice.loc[CLEAR, "gain"], rel=0.01)
    assert stated < cases["gain"] @ cases["weight"]


def test_an_asin_that_is_not_there_is_refused(week):
    with pytest.raises(KeyError, match="B0NONE"):
        cash_courses(week, "B0NONE")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_figures_name_every_path_and_every_case(week, language):
    speak(language)
    paths = plot_paths(week, CLEAR, canvas())
    assert len(paths.get_legend().get_texts()) == 5
    assert paths.lines[4].get_linewidth() > paths.lines[0].get_linewidth()
    gains = plot_gains(week, CLEAR, canvas())
    assert len(gains.get_yticklabels()) == 9
    assert sum(patch.get_width() < 0 for patch in gains.patches) == (gains_by_case(week, CLEAR)["gain"] < 0).sum()

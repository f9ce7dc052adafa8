import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from jinja2 import UndefinedError

from wockit.analysis.analyse import analyse
from wockit.formulas.playbook import playbook
from wockit.notes import Note
from wockit.show import captions, html, opening, tables
from wockit.show.actions import actions
from wockit.show.advice_list import advice_list
from wockit.show.canvas import canvas
from wockit.show.html import Html, table
from wockit.show.labels import STAKES, heading, short, shown
from wockit.show.plots import plot_ladder

HOSTILE = "<script>alert(\"x\")</script> 'q' & =1+1"
AD = {"asin": "A", "ad_clicks": 100.0, "ad_spend": 100.0, "ad_sales": 300.0, "ad_orders": 10.0, "ad_units": 10.0}
PAGES = {
    "masthead": opening.masthead,
    "headline": opening.headline,
    "advice_list": advice_list,
    "matrix": captions.matrix,
    "cover": captions.cover,
    "plan_cards": tables.plan_cards,
    "positions_table": tables.positions_table,
    "budgets_table": tables.budgets_table,
    "segments_table": tables.segments_table,
    "cautions": tables.cautions,
    "reasons": tables.reasons,
    "own_bands": tables.own_bands,
    "doubts_table": tables.doubts_table,
    "notes_table": lambda analysis: tables.notes_table(analysis.notes),
    "budget_steps": lambda analysis: tables.budget_steps(analysis, analysis.budgets.index[0]),
    "table": lambda analysis: table(analysis.positions[["title", "alert", "skus"]], caption=HOSTILE),
}


class Page(HTMLParser):
    """The tags and the text that a browser would see."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def hostile(build, outlook):
    row = {"title": HOSTILE, "alert": HOSTILE, "skus": HOSTILE, "units_available": 900.0, "price": 10.0,
           "units_shipped_30_days": 90.0, "units_inbound": 900.0, "seasonal": 1.0}  # fmt: skip
    asin = "<b>A</b>"
    account = build({asin: row}, ads=[{**AD, "asin": asin}], **outlook({asin: 200.0}))
    return analyse(replace(account, name=HOSTILE, currency="<i>", notes=(Note("warning", HOSTILE, HOSTILE),)))


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_a_report_becomes_a_tag(hostile, name):
    assert not {"script", "i" if name != "plan_cards" else "script"} & Page(PAGES[name](hostile).html).tags


@pytest.mark.parametrize("name", ["masthead", "notes_table", "table"])
def test_hostile_text_is_read_as_it_was_written(hostile, name):
    assert any(HOSTILE in text for text in Page(PAGES[name](hostile).html).words)


ALL_OF_AN_ASIN = ["advice_list", "positions_table", "budgets_table", "cautions", "reasons", "own_bands", "doubts_table"]


@pytest.mark.parametrize("name", ALL_OF_AN_ASIN)
def test_a_hostile_asin_is_read_as_it_was_written(hostile, name):
    assert "<b>A</b>" in "".join(Page(PAGES[name](hostile).html).words)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_words_beside_its_html(week, name):
    assert PAGES[name](week).text.strip()


def test_a_value_that_a_template_lacks_is_an_error_and_no_gap():
    with pytest.raises(UndefinedError, match="'.*' is undefined"):
        html.render("masthead", logo="", title="Shop")


def test_only_the_page_takes_markup_that_is_not_its_own():
    templates = Path(html.__file__).parent / "templates"
    assert [path.name for path in sorted(templates.iterdir()) if "safe" in path.read_text(encoding="utf-8")] == [
        "document.html.j2"
    ]


def test_an_alarm_is_a_red_sentence_that_no_text_breaks():
    assert html.paragraph("<b> & 'c'", alarm=True).html == (
        '<p style="color:#c0392b">&lt;b&gt; &amp; &#x27;c&#x27;</p>'
    )


def test_a_long_title_is_cut_and_can_be_pointed_at():
    rows = pd.DataFrame({"title": ["Cup", 'Cup "' + "x" * 60, "y" * 1000]})
    html = table(rows).html
    assert f'<td style="text-align:left" title="Cup &quot;{"x" * 60}">Cup &quot;{"x" * 42} …</td>' in html
    assert '<td style="text-align:left">Cup</td>' in html
    assert "y" * 249 + " …" in html
    assert "y" * 250 not in html


def test_where_no_asin_has_excess_units_the_views_of_one_say_so(week):
    clearing = replace(week.clearing, budgets=week.budgets.iloc[:0], ways=week.clearance.iloc[:0])
    sold_out = replace(week, clearing=clearing)
    assert tables.budget_steps(sold_out, "").text == "No ASIN has excess units."
    assert tables.ladder(clearing, "").text == "No ASIN has excess units."
    assert not plot_ladder(sold_out, "", canvas()).patches


def test_a_ledger_that_is_cut_says_how_much(week):
    rows = pd.DataFrame({"gain_a_week": np.arange(20.0)}, index=pd.Index([f"A{k}" for k in range(20)], name="asin"))
    html = tables.ledger_table(rows).html
    assert html.count("<tr>") == 1 + 15
    assert "5 more rows are in the workbook." in html


@pytest.mark.parametrize("value", [None, np.nan, pd.NaT, ""])
@pytest.mark.parametrize("name", ["roas", "title", "clear_by", "units_available", "segment", "stake"])
def test_what_is_missing_is_a_dash(name, value):
    assert shown(name, value) == "–"


@pytest.mark.parametrize("name", ["weeks_of_coverage", "clicks", "cost_per_order"])
def test_what_has_no_end_is_the_sign_of_infinity(name):
    assert shown(name, np.inf) == "∞"


def test_a_loss_without_end_keeps_its_sign():
    assert shown("order_gain", -np.inf) == "-∞"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("units_sold", 1234.0, "1,234"),
        ("ad_spend", 1234.5, "1,234.50"),
        ("stock_value", 1234.5, "1,234"),
        ("roas", 3.0, "3.00"),
        ("weeks_of_coverage", 8.0, "8.0"),
        ("conversion_rate", 0.05, "5.0%"),
        ("clear_by", pd.Timestamp("2026-12-31"), "2026-12-31"),
        ("segment", "push_traffic", "Push traffic"),
        ("gate", "no_ads", "No ads"),
        ("stake", "ad_headroom", "room for more ad spend"),
        ("uncertain", True, "yes"),
        ("uncertain", np.False_, "no"),
        ("title", "Lamp", "Lamp"),
    ],
)
def test_a_value_is_read_by_the_kind_of_its_column(name, value, text):
    assert shown(name, value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weeks_of_coverage", "WOC [week]"),
        ("units_sold", "Sold [unit]"),
        ("ad_spend", "Ad spend [EUR]"),
        ("roas", "ROAS"),
        ("title", "Product"),
    ],
)
def test_a_heading_has_its_unit(name, text):
    assert heading(name, "EUR") == text


@pytest.mark.parametrize("figure", ["positions", "budgets", "segments"])
def test_every_column_can_be_shown(week, figure):
    frame = getattr(week, figure)
    drop = ["label"] if figure == "segments" else []
    html = table(frame.drop(columns=drop), currency="USD").html
    assert html.count("<th ") == len(frame.columns) + 1 - len(drop)
    assert html.count("<td") == len(frame) * html.count("<th ")


def test_the_columns_that_are_named_are_shown_in_their_order():
    frame = pd.DataFrame({"title": ["Lamp"], "roas": [3.0], "units_sold": [9.0]}, index=pd.Index(["A"], name="asin"))
    words = [word for word in Page(table(frame, "units_sold", "title").html).words if word.strip()]
    assert words == ["ASIN", "Sold [unit]", "Product", "A", "9", "Lamp"]


@pytest.mark.parametrize(("text", "result"), [("Lamp", "Lamp"), ("A very long title", "A very …"), (None, None)])
def test_a_title_is_cut_to_its_length(text, result):
    assert short(text, 8) == result


def test_html_is_shown_as_html_by_a_notebook():
    assert Html("<p>x</p>", "x")._repr_html_() == "<p>x</p>"


def test_html_is_shown_as_text_elsewhere():
    assert repr(Html("<p>x</p>", "x")) == "x"


def test_actions_are_ranked_by_what_they_gain_a_week(week):
    found = actions(week)
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["gain_a_week"].dropna().is_monotonic_decreasing


def test_actions_are_of_all_asins_that_should_not_carry_on(week):
    acting = week.advice["do"].ne("carry_on") | week.advice["act_by"].notna()
    assert set(actions(week).index) == set(week.advice.index[acting])


def test_the_action_is_the_sentence_of_the_advice(week):
    assert actions(week).loc["B0CLEAR100", "first"] == week.advice.loc["B0CLEAR100", "says"]


def test_the_reason_is_that_of_the_advice_with_cover_and_roas_against_the_cut(week):
    why = actions(week).loc["B0CLEAR100", "why"]
    cut = week.positions.loc["B0CLEAR100", "roas_cut"]
    numbers = f"WOC 14.0, ROAS 1.25 < {cut:.2f}, 100 excess units"
    assert why.startswith(f"{week.advice.loc['B0CLEAR100', 'reason']} {numbers}")


def test_an_action_for_stock_that_does_not_sell_says_that_its_cover_has_no_end(week):
    assert "WOC ∞, 140 excess units" in actions(week).loc["B0O1W4KYVT", "why"]


def test_the_table_of_the_advice_has_what_acts_and_its_sums(week):
    text = tables.advice_view(week).html
    acting = week.advice["do"].ne("carry_on")
    assert all((asin in text) == acts for asin, acts in acting.items())
    assert f"{week.sums['spend']:,.0f}" in text


def test_an_asin_can_be_searched_by_its_skus(week):
    assert 'title="B0P8S4XMGH FLT-8, FLT-8-NEW">B0P8S4XMGH</td>' in tables.positions_table(week).html


def test_the_steps_of_a_budget_are_those_of_the_article(week):
    text = tables.budget_steps(week, "B0CLEAR100").html
    values = re.findall(r"<td[^>]*>([^<]*)</td>", text)[1::3]
    assert values[:3] == ["100", "2,000", "67"]
    assert values[4:7] == ["4,000", "1,600", "70"]
    corrected = 70 / week.budgets.loc["B0CLEAR100", "expected_conversion_rate"] * 2
    assert values[7] == f"{corrected:,.0f}"


def test_the_steps_of_a_budget_have_the_account_s_currency(week):
    assert "Corrected budget [USD]" in tables.budget_steps(week, "B0CLEAR100").html


def test_an_asin_without_excess_has_no_steps_but_a_list_of_those_that_have(week):
    with pytest.raises(KeyError, match=r"'B0NONE' has no excess units; ASINs that have: B0X9L4RCZP, "):
        tables.budget_steps(week, "B0NONE")


def test_each_caution_lists_its_asins(week):
    text = tables.cautions(week).html
    for asin, names in week.positions["cautions"].items():
        assert (asin in text) == bool(names)


@pytest.mark.parametrize("key", [*playbook().segments, *playbook().gates])
def test_a_plan_card_names_every_action_with_its_source(key):
    text = tables.plan_card(key).text
    assert all(f"- {action.do} ({action.source})" in text for action in playbook().plan(key).actions)


def test_there_is_a_card_for_every_place_that_occurs(week):
    assert tables.plan_cards(week).html.count("<h3>") == len(week.segments)


def test_notes_are_listed_in_their_order():
    text = tables.notes_table([Note("warning", "a.csv", "One."), Note("info", "b.csv", "Two.")]).html
    assert text.index("One.") < text.index("Two.")


def test_no_note_is_an_empty_table():
    assert "<td" not in tables.notes_table(()).html


def test_every_stake_can_be_shown():
    assert [shown("stake", stake) for stake in STAKES if stake] == [text for text in STAKES.values() if text]


@pytest.fixture(scope="module")
def ahead(build, outlook):
    """Three ASINs that sold 7 a week: B is expected to sell twice that, C arrives slowly and swings with the season."""
    stock = {"units_available": 70.0, "units_shipped_30_days": 30.0, "price": 10.0}
    account = build(
        {"A": stock, "B": {**stock, "title": "Twice"}, "C": {**stock, "seasonal": 1.0}},
        ads=[{**AD, "asin": asin} for asin in "ABC"],
        costs={"C": {"lead_time_days": 56.0}},
        **outlook({"A": 7.0, "B": 14.0, "C": 7.0}, recent=7.0),
    )
    return analyse(account)


def lines(page):
    """The rows of a table as cells, the header left out."""
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", page.html)[1:]]


def test_each_reason_is_explained_once_with_the_asins_that_it_holds_for(ahead):
    assert lines(tables.reasons(ahead)) == [["passing slump", playbook().reasons["passing_slump"], "B"]]


def test_each_reason_for_an_own_band_is_explained_with_its_asins(ahead):
    book = playbook().own_band
    assert lines(tables.own_bands(ahead)) == [
        ["slow to make", book["slow_to_make"], "C"],
        ["seasonal", book["seasonal"], "C"],
    ]


def test_a_doubt_names_the_product_its_segment_and_the_other_one(ahead):
    """B covers 9.3 weeks and 5 by what lies ahead; C, between 9 and 14, keeps its segment by every count."""
    html = tables.doubts_table(ahead)
    found = {row[0]: row for row in lines(html)}
    assert set(found) == {"B"}
    assert found["B"][1:3] == ["Twice", "Push traffic"]
    assert found["B"].count("Scale") == 1
    assert "<th" in html.html
    assert "By forward cover" in Page(html.html).words


@pytest.mark.parametrize("name", ["reasons", "own_bands", "doubts_table"])
def test_where_nothing_is_to_tell_the_table_has_no_row(build, name):
    found = analyse(build({"A": {"units_available": 900.0, "units_shipped_30_days": 90.0}}))
    assert lines(PAGES[name](found)) == []


@pytest.mark.parametrize(
    ("name", "column"), [("reasons", "reasons"), ("own_bands", "own_band"), ("cautions", "cautions")]
)
def test_every_reason_of_the_sample_is_listed_with_all_its_asins(week, name, column):
    found = week.positions[column].str.split("; ").explode()
    expected = {key.replace("_", " "): ", ".join(sorted(found.index[found == key])) for key in found.unique() if key}
    assert {row[0]: row[2] for row in lines(PAGES[name](week))} == expected


@pytest.mark.parametrize("group", ["reasons", "own_band", "cautions"])
def test_every_key_of_the_sample_has_its_sentence_in_the_playbook(week, group):
    found = week.positions[group].str.split("; ").explode()
    assert set(found[found.ne("")]) <= set(getattr(playbook(), group))


def test_the_action_list_tells_forward_cover_with_its_range_where_it_differs(ahead):
    assert "forward cover 5.0 (4.0 to 6.2)" in actions(ahead).loc["B", "why"]
    assert "forward cover" not in actions(ahead).loc["A", "why"]


def test_the_table_of_positions_shows_forward_cover_right_after_weeks_of_coverage(week):
    heads = re.findall(r"<th[^>]*>(.*?)</th>", tables.positions_table(week).html)
    place = heads.index("WOC [week]")
    assert heads[place + 1 : place + 3] == ["Forward cover [week]", "80% range"]


def test_a_product_that_is_slow_to_make_says_how_long_its_stock_must_last(week):
    why = actions(week).loc["B0G5H9WKTP", "why"]
    assert f"lead time: must last {week.positions.loc['B0G5H9WKTP', 'low_weeks']:.1f} weeks" in why


def test_of_very_many_rows_the_first_are_shown_and_the_rest_counted(monkeypatch):
    monkeypatch.setattr(html, "MOST_ROWS", 3)
    many = pd.DataFrame({"asin": [f"B0MANY{k}" for k in range(5)]})
    assert re.findall(r"B0MANY\d", table(many).html) == ["B0MANY0", "B0MANY1", "B0MANY2"]
    assert "<p>2 more rows are in the workbook.</p>" in table(many).html
    assert "more rows" not in table(many.head(3)).html


def test_of_very_many_asins_the_first_are_named_and_the_rest_counted(week, monkeypatch):
    monkeypatch.setattr(tables, "MOST_NAMES", 2)
    keys = pd.Series("aged", index=pd.Index(["B3", "B1", "B2"], name="asin"))
    everywhere = replace(week, positions=week.positions.head(3).set_axis(keys.index).assign(cautions=keys))
    shown_texts = tables.cautions(everywhere).html
    assert "B1, B2 and 1 more" in shown_texts


def test_a_first_run_without_costs_says_what_is_not_known_and_what_to_add(build, outlook):
    stock = {
        "A": {"units_available": 400.0, "units_shipped_30_days": 40.0, "price": 20.0},
        "B": {"units_available": 90.0, "units_shipped_30_days": 30.0, "price": 20.0},
    }
    ads = [{"asin": asin, "date": "2026-11-01", "ad_clicks": 100.0, "ad_spend": 50.0, "ad_sales": 200.0,
            "ad_orders": 10.0, "ad_units": 10.0} for asin in stock]  # fmt: skip
    unknown, fees, whole = (
        analyse(build(stock, ads=ads, costs=costs, **outlook({"A": 10, "B": 7})))
        for costs in (
            {},
            {asin: {"fulfilment_fee": 4.0} for asin in stock},
            {asin: {"fulfilment_fee": 4.0, "landed_cost": 5.0} for asin in stock},
        )
    )
    assert "because no costs are known. Write landed_cost and fulfilment_fee" in opening.masthead(unknown).text
    assert "<b>Stock is valued at selling prices. Write the landed_cost" in opening.masthead(fees).html
    assert "selling prices" not in opening.masthead(whole).text
    assert advice_list(unknown).text.startswith("In the order of money at stake per week, because no gain is known.")
    assert "In the order of" not in advice_list(whole).text
    assert unknown.summary()["gain"] is None  # unknown, not 0
    assert whole.summary()["gain"] is not None


def test_where_clicks_are_not_to_be_had_a_sentence_stands_instead_of_a_budget(week):
    """The article's example has a corrected budget: for nine times the clicks of its best week, or for as many."""
    said = "Not to be had: 9.0 times the clicks of its best week."
    for times, too_many in ((9.0, True), (1.0, False)):
        budgets = week.budgets.loc[["B0CLEAR100"]].assign(clicks_over_best=times)
        shown = tables.budgets_table(SimpleNamespace(budgets=budgets, account=week.account))
        assert ("Not to be had" in shown.text) is (said in shown.text) is too_many
        assert (
            f'<td class="w" style="text-align:left;min-width:11rem">{said}' in shown.html
        ) is too_many  # wide enough to read
        assert (f"{budgets['budget_corrected'].item():,.0f}" in shown.text) is not too_many
        assert "1,600" in shown.text  # the article's lower bound stays

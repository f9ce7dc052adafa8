"""Every text that people see is in every catalogue, filled in rightly, and what a report says stays as it is."""

import ast
import copy
import json
import pickle
import re
from dataclasses import fields
from functools import cache
from html import unescape
from itertools import chain
from pathlib import Path

import pytest

from wockit import language
from wockit.columns import LABELS
from wockit.fleet.accounts import find_accounts
from wockit.formulas.playbook import playbook
from wockit.formulas.ways_out import REASONS, WAYS
from wockit.language import LANGUAGES, Text, catalogue, listed, say, singular, speak, spoken
from wockit.notes import LEVELS, Problem, SettingsError, WockitError, quoted, some
from wockit.reading.sales_record import SOURCES
from wockit.reading.schemas import schemas
from wockit.settings import Settings
from wockit.show.canvas import canvas
from wockit.show.cockpit import Cockpit
from wockit.show.labels import STAKES, heading, shown
from wockit.show.plots import (
    plot_evidence,
    plot_forward,
    plot_ladder,
    plot_matrix,
    plot_order,
    plot_run_down,
    plot_segments,
)
from wockit.show.what_if import what_if
from wockit.show.workbook import write_workbook

ROOT = Path(__file__).resolve().parents[1]
OTHERS = [each for each in LANGUAGES if each != "en"]
GAP = re.compile(r"\{\d\}")
WORDS = re.compile(r"[a-z]{2}.* | .*[a-z]{2}", re.DOTALL)
SAYING = {"say", "Text", "Note", "Problem", "paragraph"}
PLACING = {"flex", "flex_flow", "formula", "function", "loc", "restkey", "restval", "textcoords", "xycoords"}
"""Arguments whose words are for a library."""
NO_TEXT = re.compile(
    r'<|[\w}]="|-src |_standard |_bulky |Sans|YaHei|PingFang|WenQuanYi|Unicode MS|buyer\|'
    r"|^rotate\(|^translate\(|\(\?:|\(\.\+\)"
    r"|^grand total$|^yours -$|^/Applications/|^--host|^(name|marketplace|language) = "
)
"""Markup, patterns, a policy, lists of keys, fonts, spellings in reports, programs and their options, lines of TOML."""
NAMES = re.compile(r"^[\w.]*[._][\w.]*$")
"""Settings, codes and files."""
CONDITION = Text("rows whose {0} is not {1}", "condition", "'New'")
LEFT_OUT = listed([Text("{0}: {1}", Text("blank rows"), 1), Text("{0}: {1}", CONDITION, 3)])
PROPER = "Sponsored Products|Sponsored Brands|Sponsored Display|Seller Central|Advertised product|FBA Inventory"


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en")


class _Texts(ast.NodeVisitor):
    """Constants, and f-strings as templates: `likely` hold words or are said, `every` is all that could be said."""

    def __init__(self):
        self.likely, self.every = set(), set()

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node):
        if not (isinstance(node.exc, ast.Call) and ast.unparse(node.exc.func) == "KeyError"):  # a slip in code
            self.generic_visit(node)

    def visit_keyword(self, node):
        if node.arg not in PLACING:
            self.generic_visit(node)

    def visit_Call(self, node):
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in SAYING:
            said = chain.from_iterable([a.body, a.orelse] if isinstance(a, ast.IfExp) else [a] for a in node.args[:3])
            self.likely |= {text.value for text in said if isinstance(text, ast.Constant)}
        for part in node.args + node.keywords if name == "join" else ast.iter_child_nodes(node):  # " or ".join(...)
            self.visit(part)

    def visit_JoinedStr(self, node):
        gaps = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        self._add("".join(f"{{{gaps.index(part)}}}" if part in gaps else part.value for part in node.values))
        for part in gaps:
            self.visit(part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._add(node.value)

    def _add(self, text):
        own = GAP.sub("", text)
        self.every |= {text, text.strip(), text.replace("_", " ")}
        if WORDS.search(own) and not NO_TEXT.search(text) and "{" not in own:
            self.likely.add(text)


@cache
def in_code():
    texts = _Texts()
    for path in (ROOT / "wockit").rglob("*.py"):
        texts.visit(ast.parse(path.read_text(encoding="utf-8")))
    for source in cells("code"):
        texts.visit(ast.parse(source))
    return texts


@cache
def cells(kind):
    notebook = json.loads((ROOT / "notebooks" / "weekly_report.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def in_data():
    book = playbook()
    yield from chain.from_iterable((label.heading, label.unit) for label in LABELS.values() if label.unit != "money")
    yield from (label.meaning for label in LABELS.values())
    for plan in [*book.segments.values(), *book.gates.values()]:
        yield from (plan.label, plan.place, plan.goal, plan.objective, *plan.metrics)
        yield from chain.from_iterable((action.do, *action.source.split(", ")) for action in plan.actions)
    for texts in (book.cautions, book.reasons, book.own_band, book.urgency):
        yield from chain.from_iterable(texts.items())
    yield from chain.from_iterable((way.key, way.label) for way in WAYS)
    yield from (
        *STAKES.values(),
        *REASONS.values(),
        *LEVELS,
        *SOURCES,
        *cells("markdown"),
        "%d %B %Y",
    )
    yield from (each.metadata["help"] for each in fields(Settings))
    yield from chain.from_iterable((schema.title, schema.download, schema.instead) for schema in schemas().values())


def texts():
    """What people may see, and is not the same in every language."""
    data = {text.replace("_", " ") if NAMES.match(text) else text for text in in_data()}
    found = data | in_code().likely
    return {text for text in found if re.search("[a-z]{2}", GAP.sub("", text)) and not NAMES.match(text)}


def alike(text):
    return GAP.sub("{}", text)


@pytest.mark.parametrize("other", OTHERS)
def test_every_text_that_people_see_is_in_the_catalogue(other):
    whole = [alike(text) for text in (each.metadata["help"] for each in fields(Settings))]
    parts = {text for text in texts() if any(text != each and alike(text) in each for each in whole)}
    missing = sorted(texts() - parts - set(catalogue(other)))
    assert not missing, "\n".join(["these texts have no translation:", *missing])


@pytest.mark.parametrize("other", OTHERS)
def test_nothing_is_in_the_catalogue_that_is_no_longer_said(other):
    said = in_code().every | texts() | {"%d %B %Y"}
    assert sorted(set(catalogue(other)) - said) == []


@pytest.mark.parametrize("other", OTHERS)
def test_a_translation_has_the_gaps_of_its_english_and_no_other_brace(other):
    for text, translation in catalogue(other).items():
        assert set(GAP.findall(text)) == set(GAP.findall(translation)) == {f"{{{k}}}" for k in range(text.count("{"))}
        assert not re.search("[{}]", GAP.sub("", translation)), text


@pytest.mark.parametrize("other", OTHERS)
def test_a_text_is_recognised_whatever_fills_it_in(other):
    speak(other)
    for text, translation in catalogue(other).items():
        filling = "<b>{}{{0}}%s\\1" if len(re.findall("[a-z]", text)) > 3 else "{}.5"
        values = [filling.format(k) for k in range(len(GAP.findall(text)))]
        assert say(Text(text, *values)) == translation.format(*values)


def test_english_that_counts_one_says_one():
    """Each is a text that is said, with the same values; nothing else changes."""
    for many, one in singular().items():
        assert many in catalogue("zh-CN"), many
        assert set(GAP.findall(one)) <= set(GAP.findall(many)), one
    said = [Text("{0} ASINs hold half of it.", count) for count in (1, "1", 2, "1,000", 0)]
    assert said[0] == said[1] == say(said[0]) == "1 ASIN holds half of it."
    assert said[2:] == [f"{count} ASINs hold half of it." for count in ("2", "1,000", "0")]
    speak("zh-CN")
    assert say(said[0]) == "其中一半集中在 1 个 ASIN。"


def test_values_stand_where_the_language_wants_them():
    speak("zh-CN")
    assert say(Text("forward cover {0} ({1} to {2})", "18.5", "7.1", "43.8")) == "预计可售周数 18.5（7.1 至 43.8）"
    best = Text("{0} of the best sellers have no row, so their stock is unknown: {1}.", 3, some(["B0A"]))
    assert say(best) == ("最畅销商品中有 3 个没有对应行，库存未知：B0A。")
    assert say(Text("rows whose {0} is not {1}", "condition", "'New'")) == "condition 不是 'New' 的行"
    assert say(Text("no {0} rates are known for {1}: add them in fees.csv", "removal, storage", "DE")) == (
        "DE 站点没有以下费率：removal, storage；请在 fees.csv 中补上"
    )


def test_a_text_within_a_text_is_said_too():
    speak("zh-CN")
    where = Text("{0}, row {1}, column {2}", "costs.csv", 3, "'price'")
    problem = Problem(where, Text("expected {0}, found {1}.", Text("an amount"), "'x'"), "Download it again.")
    assert str(problem) == "costs.csv，第 3 行，'price' 列：应为 金额，实为 'x'。 请重新下载。"
    with pytest.raises(SettingsError) as refused:
        Settings(referral_rate=15)
    assert str(refused.value).endswith("实为 15。15% 请写作 0.15。")


@pytest.mark.parametrize("title", ["{0}", "{", "<b>", "%s \\1", "x" * 10_000, "a and b " * 1_000])
def test_what_a_report_says_stays_as_it_is(title):
    speak("zh-CN")
    assert say(title) == title
    cells = Text("{0} cells of {1} could not be read and count as missing, e.g. row {2}: {3}", 3, title, 5, title)
    assert say(cells) == (f"{title} 列有 3 个单元格无法读取，按缺失处理，首个在第 5 行：{title}")


@pytest.mark.parametrize("word", ["New", "Price", "x, row 1", "x and 3 more", "by 3"])
def test_what_a_report_says_stays_as_it_is_where_it_looks_like_one_of_our_texts(word):
    speak("zh-CN")
    skus = Text("SKUs without an inventory row: {0}.", some([word], words=True))
    assert say(skus) == f"库存报告里没有这些 SKU：'{word}'。"
    assert say(Text("cannot be read as TOML: {0}.", quoted(word))) == f"无法按 TOML 读取：'{word}'。"
    assert say(quoted(word)) == f"'{word}'"
    assert say(Text("cannot be read as TOML: {0}.", word)) == f"无法按 TOML 读取：{word}。"


def test_how_many_more_there_are_is_said_after_what_a_report_says():
    speak("zh-CN")
    names = some(["New", "Price", "c", "d", "e", "f"], words=True)
    assert say(Text("columns of the week before are missing or renamed: {0}.", names)).endswith(
        "：'New', 'Price', 'c', 'd', 'e' 及另外 1 个。"
    )


@pytest.mark.parametrize("hostile", [", row 1, " * 5_000, "the columns " + " and " * 5_000 + " both mean " * 900])
def test_text_made_to_confuse_is_said_all_the_same(hostile):
    speak("zh-CN")
    header = Text("its header matches no known report. Columns found: {0}.", hostile)
    assert say(header).startswith("表头不属于")
    assert hostile in say(header)


@pytest.mark.parametrize("file", ["low stock.csv", "Sales of May.csv", "2026-11-01 to 2026-11-30.csv", "by sku.csv"])
def test_the_name_of_a_file_is_no_text(file):
    speak("zh-CN")
    assert say(file) == file


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("click_pays", "yes", "是"),
        ("click_pays", "unknown", "未知"),
        ("units_source", "units shipped", "发货量"),
        ("demand_source", "inventory ledger", "库存分类账"),
        ("urgency", "urgent", "紧急"),
        ("why_not", "too_late", "清货截止日前做不完"),
        ("report", "FBA Inventory", "亚马逊物流库存 (FBA Inventory)"),
        ("dropped", LEFT_OUT, "空行：1，condition 不是 'New' 的行：3"),
    ],
)
def test_a_value_that_is_ours_is_said(name, value, text):
    speak("zh-CN")
    assert shown(name, value) == text


def test_low_is_a_line_in_the_matrix_and_an_end_of_a_range_in_a_table():
    speak("zh-CN")
    assert (say(Text("low {0}", 3)), heading("forward_cover_low")) == ("低于 3", "低位 [周]")


def test_where_advice_comes_from_is_not_the_first_day_of_a_file():
    speak("zh-CN")
    assert (heading("from"), heading("source")) == ("起始", "来源")


def test_no_template_is_filled_in_after_it_was_said():
    """It would not count one, and its parts would not be said."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "wockit").rglob("*.py")}
    assert [name for name, source in sources.items() if re.search(r"\bsay\([^()]*\)\.format\(", source)] == []


def test_an_error_is_said_in_the_language_spoken_when_it_is_shown(tmp_path):
    with pytest.raises(WockitError) as refused:
        find_accounts(str(tmp_path))
    speak("zh-CN")
    assert str(refused.value).endswith(
        "其下没有账户：没有任何文件夹含 account.toml。 可这样新建：wockit new DIR --marketplace US"
    )


def test_only_a_known_language_is_spoken():
    with pytest.raises(ValueError, match="expected one of .*'en'.*found 'tlh'"):
        speak("tlh")
    assert spoken() == "en"


@pytest.fixture
def unsaid(monkeypatch):
    """The texts that were said and are in no catalogue, as far as they are English."""
    found = set()

    class Listening(dict):
        def get(self, text, otherwise):
            if text not in self and re.search(r"(?<![\w./'-])[a-z]{3,}(?![\w./'-])", text):
                found.add(text)
            return super().get(text, otherwise)

    monkeypatch.setattr(language, "catalogue", cache(lambda other: Listening(catalogue(other))))
    return found


def run_notebook(**parameters):
    """What the cells of the weekly notebook show."""
    names = {}
    for number, source in enumerate(cells("code")):
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "weekly", "exec"), names)
        if number == 0:
            names |= parameters
        if last and (shown := eval(compile(ast.Expression(last.value), "weekly", "eval"), names)):
            yield getattr(shown, "html", None) or shown.alt


def test_the_page_of_the_sample_account_has_no_english_left(week, unsaid):
    page = " | ".join(run_notebook(account=str(ROOT / "data" / "sample"), changes={"language": "zh-CN"}))
    seen = unescape(re.sub("<[^>]+>", " | ", page))
    names = [*week.positions["title"].dropna(), *week.account.bulk.rows["campaign"].dropna()]
    for title in sorted(names, key=len, reverse=True):
        seen = seen.replace(title, "").replace(title[:47].rstrip(), "")
    assert re.findall(r"[A-Za-z][a-z'-]*(?: [A-Za-z][a-z'-]*){2,}", re.sub(PROPER, "", seen)) == []
    assert unsaid == set()


def test_figures_panel_and_workbook_have_no_english_left(week, unsaid, tmp_path):
    speak("zh-CN")
    asin = week.budgets.index[0]
    for plot in (plot_forward, plot_matrix, plot_segments):
        plot(week, canvas())
    plot_run_down(week, asin, canvas())
    plot_ladder(week, asin, canvas())
    plot_evidence(100, 0.05, 2.0, canvas())
    plot_order(50.0, 13.5, 40.0, canvas())
    Cockpit(week, tmp_path)
    what_if()
    write_workbook(week, tmp_path / "plan.xlsx")
    assert unsaid == set()


def test_a_text_with_values_is_the_same_in_another_process():
    speak("zh-CN")
    cells = Text("{0} ASINs moved", Text("{0} of {1}", 2, 60))
    again = pickle.loads(pickle.dumps(cells))
    assert (again, say(again), say(copy.deepcopy(cells))) == (str(cells), say(cells), say(cells))

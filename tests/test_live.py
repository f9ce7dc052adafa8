"""Tables of a notebook that sort and search, figures to point at: one script for all, in the language spoken."""

import json
import re
from xml.etree import ElementTree

from wockit.language import speak
from wockit.show.canvas import canvas
from wockit.show.drawing import Mark
from wockit.show.live import live_figure, live_outputs
from wockit.show.plots import plot_matrix


def test_one_small_script_holds_everything_it_needs():
    html = live_outputs().html
    assert len(html) < 5000
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 1
    assert not re.search(r"https?:|\bsrc=|import\b|fetch\(|\{\{", html)


def test_it_speaks_the_language_that_is_spoken():
    speak("zh-CN")
    assert f"search: {json.dumps('搜索')}" in live_outputs().html
    assert live_outputs().text == "点击表头即可排序，长表格可以搜索。指向图中的标记可查看说明。"


def test_a_figure_is_a_picture_until_the_script_runs(week):
    marks = {"B0WOC8CASE": Mark("</script><b> & 'cube'")}
    html = live_figure(plot_matrix(week, canvas()), "The matrix", "matrix", marks).html
    form = r'<div class="wockit-figure">(<img [^>]*>)<script [^>]*>(.*)</script></div>\s*'
    picture, drawn = re.fullmatch(form, html, re.DOTALL).groups()
    assert 'src="data:image/png;base64,' in picture and 'alt="The matrix"' in picture
    assert "</script" not in drawn
    titles = [each.text for each in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["</script><b> & 'cube'"]


def test_whoever_cannot_run_it_reads_a_sentence():
    assert repr(live_outputs()) == (
        "Click a heading to sort a table. Long tables can be searched. Point at a mark of a figure to read it."
    )

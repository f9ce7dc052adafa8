"""Tables of a notebook that sort and search: one script for all of them, inline, in the language spoken."""

import json
import re

from wockit.language import speak
from wockit.show.sorting import sortable_tables


def test_one_small_script_holds_everything_it_needs():
    html = sortable_tables().html
    assert len(html) < 5000
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 1
    assert not re.search(r"https?:|\bsrc=|import\b|fetch\(|\{\{", html)


def test_it_speaks_the_language_that_is_spoken():
    speak("zh-CN")
    assert f"search: {json.dumps('搜索')}" in sortable_tables().html
    assert sortable_tables().text == "点击表头即可排序，长表格可以搜索。"


def test_whoever_cannot_run_it_reads_a_sentence():
    assert repr(sortable_tables()) == "Click a heading to sort a table. Long tables can be searched."

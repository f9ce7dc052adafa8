"""The two pages for a client, and the browser that prints them."""

import os
import shutil
import stat
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import wockit.fleet.orders
import wockit.weekly.pdf
import wockit.weekly.run
from wockit.analysis.analyse import analyse
from wockit.analysis.history import history_of, keep
from wockit.fleet.fleet import run_fleet
from wockit.fleet.orders import Order, make_report
from wockit.language import speak
from wockit.notes import RunError, WockitError
from wockit.show.client import MOST_ACTIONS, client_pages, with_client_pages
from wockit.show.html import Html
from wockit.weekly.pdf import NAMES, find_browser, print_page
from wockit.weekly.run import run_weekly

POSIX = pytest.mark.skipif(os.name == "nt", reason="the stand-in for a browser is a script of the shell")


@pytest.fixture(scope="module")
def weeks(build, tmp_path_factory):
    """An account with a week before: A sold 100 of 400 units and was given up, B and C stayed."""
    folder = tmp_path_factory.mktemp("weeks")
    row = {"units_available": 400.0, "units_shipped_30_days": 20.0, "price": 10.0, "title": "<i>Cup"}
    before = dict.fromkeys(("A", "B", "C"), row)
    keep(analyse(build(before, snapshot=date(2026, 11, 16))), folder)
    analysis = analyse(build({**before, "A": {**row, "units_available": 300.0}}))
    return analysis, history_of(analysis, folder)


def test_the_pages_say_what_changed_what_we_did_and_what_next_in_this_order(weeks):
    html = client_pages(*weeks).html
    places = [html.index(f"<h2>{words}</h2>") for words in ("What changed", "What we did", "What next")]
    assert places == sorted(places)
    assert html.index('class="client"') < places[0]
    assert html.index("Appendix</h1>") > places[-1]
    assert html.count('class="client"') == 2


def test_they_say_the_numbers_of_both_weeks(weeks):
    text = client_pages(*weeks).text
    (line,) = [line for line in text.splitlines() if line.lstrip().startswith("Stock value")]
    assert line.split()[-3:] == ["12,000", "11,000", "-1,000"]


def test_what_we_did_counts_what_followed(weeks):
    analysis, history = weeks
    ledger = history.ledger.assign(followed=[True, False, False], cash=[45.0, 1.0, 1.0], did=["spend_down", "", ""])
    text = client_pages(analysis, replace(history, ledger=ledger)).text
    assert "The last advice was followed for 1 of 3 ASINs. Their cash since then is USD +45 per week" in text
    nobody = history.ledger.assign(followed=False)
    assert "followed for none of 3 ASINs." in client_pages(analysis, replace(history, ledger=nobody)).text


def test_the_first_report_says_that_there_is_none_before(weeks, tmp_path):
    html = client_pages(weeks[0], history_of(weeks[0], tmp_path)).html
    assert "This is the first report." in html
    assert "There is no earlier advice." in html


def test_titles_are_text_and_the_list_is_short(week, weeks, tmp_path):
    assert "<i>" not in client_pages(*weeks).html
    assert client_pages(week, history_of(week, tmp_path)).html.count("<li>") == MOST_ACTIONS


def test_they_speak_the_language_of_the_account(weeks):
    speak("zh-CN")
    html = client_pages(*weeks).html
    assert [words for words in ("有何变化", "做了什么", "下一步", "附录") if words not in html] == []


def test_no_part_of_the_report_behind_them_is_folded():
    page = "<main><h1>R</h1><details class='part'>x<details>why</details></details></main>"
    both = with_client_pages(page, Html("<p>two</p>", ""))
    assert both == "<main><p>two</p><h1>R</h1><details open class='part'>x<details>why</details></details></main>"


def stand_in(folder, does, name="chromium"):
    """A browser that does what a line of the shell says; `$pdf` is where it is to print."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    find = 'for each in "$@"; do case "$each" in --print-to-pdf=*) pdf="${each#*=}";; esac; done'
    path.write_text(f"#!/bin/sh\n{find}\n{does}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@POSIX
def test_the_first_browser_that_is_installed_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    path = stand_in(tmp_path / "bin", "true", NAMES[-1])
    assert find_browser() == path
    assert find_browser() == path
    assert stand_in(tmp_path / "bin", "true", NAMES[2]) == find_browser()


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_without_a_browser_a_sentence_says_what_to_do_before_any_work(small, tmp_path, monkeypatch, system):
    monkeypatch.setattr(wockit.weekly.pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "platform", system)
    message = "no Chromium, Chrome or Edge was found on this machine. Install one, or open report.html"
    with pytest.raises(WockitError, match=message) as caught:
        run_weekly(small, tmp_path / "out", progress=False, pdf=True)
    assert not isinstance(caught.value, RunError)
    assert not (tmp_path / "out").exists()


@POSIX
def test_a_browser_in_the_working_directory_is_not_run(tmp_path, monkeypatch):
    path = stand_in(tmp_path, "true")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(wockit.weekly.pdf.shutil, "which", lambda name: str(path))
    with pytest.raises(WockitError, match="no Chromium"):
        find_browser()


@POSIX
def test_a_page_is_printed_without_a_network(tmp_path):
    browser = stand_in(tmp_path, 'printf "%%PDF-1.4 " > "$pdf"; echo "$*" >> "$pdf"; printf "%%%%EOF" >> "$pdf"')
    print_page(browser, tmp_path / "a page.html", tmp_path / "report.pdf")
    said = (tmp_path / "report.pdf").read_text()
    assert "MAP * ~NOTFOUND" in said
    assert said.endswith("a%20page.html\n%%EOF")


@POSIX
@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("echo no display >&2; exit 1", "no display"),
        ("echo x > $pdf", "could not print"),
        ('printf "%%PDF-1.7 as far as the disk went" > "$pdf"', "could not print"),
        ("sleep 60", "0.5 s"),
    ],
)
def test_a_browser_that_fails_is_a_sentence(tmp_path, monkeypatch, does, said):
    monkeypatch.setattr(wockit.weekly.pdf, "PRINT_SECONDS", 0.5)
    with pytest.raises(RunError, match=f"chromium could not print the page: .*{said}|{said}"):
        print_page(stand_in(tmp_path, does), tmp_path / "page.html", tmp_path / "report.pdf")


@POSIX
def test_the_pdf_lies_beside_the_report_and_no_page_of_the_clients(small, tmp_path, monkeypatch):
    import nbformat

    def execute(source, work, parameters, progress):
        (work / "summary.json").write_text("{}", encoding="utf-8")
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("The report")])

    monkeypatch.setattr(wockit.weekly.run, "execute", execute)
    prints = 'for page; do :; done; (printf "%%PDF"; cat "${page#file://}"; printf "%%%%EOF") > "$pdf"'
    browser = stand_in(tmp_path / "bin", prints)
    monkeypatch.setattr(wockit.weekly.run, "find_browser", lambda: browser)
    final = run_weekly(small, tmp_path / "out", progress=False, pdf=True)
    printed = (final / "report.pdf").read_text(encoding="utf-8")
    assert printed.index("What next") < printed.index("The report")
    assert "What next" not in (final / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in final.iterdir()) == ["report.html", "report.pdf", "run.json", "summary.json"]
    assert Path(browser).is_file()


@pytest.mark.end_to_end
def test_a_fleet_prints_what_is_not_printed_yet(small, tmp_path, monkeypatch, forked):
    """A report that is there counts only with its PDF, where one is asked for."""
    account = shutil.copytree(small, tmp_path / "clients" / "shop")
    order = Order(str(account), str(tmp_path / "out"), "shop", False, 900, 0)
    made = make_report(order, tmp_path)
    assert (made.state, make_report(order, tmp_path).state) == ("done", "there")
    asked = []
    monkeypatch.setattr(wockit.fleet.orders, "run_weekly", lambda *_, pdf, **__: asked.append(pdf))
    assert make_report(replace(order, pdf=True), tmp_path).state == "done"
    assert asked == [True]
    (Path(made.folder) / "report.pdf").write_text("%PDF", encoding="utf-8")
    assert make_report(replace(order, pdf=True), tmp_path).state == "there"


def test_a_fleet_without_a_browser_makes_nothing(small, tmp_path, monkeypatch):
    monkeypatch.setattr(wockit.weekly.pdf.shutil, "which", lambda name: None)
    with pytest.raises(WockitError, match="no Chromium"):
        run_fleet(str(small.parent), tmp_path / "out", pdf=True)
    assert not (tmp_path / "out").exists()

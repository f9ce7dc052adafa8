"""The weekly page in a real browser: it fits the window, asks for nothing, and no text of a report comes alive."""

import pytest

from wockit.report import run_weekly, shipped


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return run_weekly(shipped("sample"), tmp_path_factory.mktemp("reports"), progress=False) / "report.html"


@pytest.fixture(params=[1280, 390])
def opened(request, browser, report):
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.requests, page.troubles = [], []
    page.on("request", lambda found: page.requests.append(found.url))
    page.on("console", lambda found: page.troubles.append(found.text))
    page.on("pageerror", lambda found: page.troubles.append(str(found)))
    page.on("dialog", lambda found: page.troubles.append(found.message))
    page.goto(report.as_uri(), wait_until="load")
    yield page
    page.close()


def test_nothing_is_asked_for_and_nothing_goes_wrong(opened, report):
    assert opened.requests[0] == report.as_uri()
    assert all(url.startswith("data:") for url in opened.requests[1:])
    assert opened.troubles == []


def test_the_page_fits_the_window_and_only_tables_and_figures_scroll(opened):
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_to_do_stands_on_the_first_screen(opened):
    box = opened.get_by_text("What to do this week").bounding_box()
    assert box["y"] < 900


def test_a_title_with_markup_is_shown_as_it_stands(opened):
    assert opened.get_by_text("=HYPERLINK(", exact=False).first.is_visible()
    assert opened.evaluate("document.scripts.length") == 0


def test_pictures_are_drawn(opened):
    sizes = opened.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(sizes) == 2
    assert min(sizes) > 500


def test_chinese_titles_are_there(opened):
    assert "儿童画板套装" in opened.inner_text("body")

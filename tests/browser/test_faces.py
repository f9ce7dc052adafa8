"""What a reader sees of the page at once: five answers, the first screen of a phone, pictures to be looked at."""

import os
import re
from pathlib import Path

import pytest
from PIL import Image

from wockit.language import say, speak
from wockit.show.labels import shown

LANGUAGES = ["en", "zh-CN"]
PHONE = {"width": 390, "height": 844}
SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Where pictures are kept: the folder that WOCKIT_PICTURES names, as in continuous integration."""
    folder = Path(os.environ.get("WOCKIT_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def opened(browser, report):
    """Open the page of a language."""
    pages = []

    def opened(language, viewport=None, **options):
        page = browser.new_page(viewport=viewport or {"width": 1280, "height": 900}, **options)
        pages.append(page)
        page.goto((report(language) / "report.html").as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_row_answers_five_questions(opened, week, language):
    """What first: its sentence. By when: the day beside it. Worth: a week and a year, with the range. How sure: the
    last column. What otherwise: the line "If you carry on" behind the row.
    """
    page = opened(language)
    speak(language)
    advice = week.advice.iloc[0]
    row = page.locator(".actions li").first
    texts = {name: row.locator(f".{name}").inner_text() for name in ("amount", "by", "gain", "sure")}
    gain, low, high, day = (shown(name, advice[name]) for name in ("gain", "gain_low", "gain_high", "act_by"))
    first, sure = say(advice["says"]), say("{0} sure").replace("{0}", r"[<>]?\d+%")
    speak("en")
    assert row.locator("b").inner_text() == first
    assert day in texts["by"]
    assert f"USD {advice['gain_a_week']:,.0f}" in texts["amount"]
    assert all(number in texts["gain"] for number in (gain, low, high))
    assert re.fullmatch(sure, texts["sure"])
    row.locator("summary").click()
    name = {"en": "If you carry on", "zh-CN": "若维持现状"}[language]
    otherwise = row.locator("dt", has_text=name).locator("+ dd").inner_text()
    assert f"USD {gain}" in otherwise


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_of_a_phone_holds_the_first_row(opened, language):
    box = opened(language, PHONE).locator(".actions li").first.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]


def test_the_charts_fit_a_phone_and_their_marks_say_the_same(opened):
    page = opened("en", PHONE)
    for part in ("cover", "moved"):
        (box,) = [box for box in (each.bounding_box() for each in page.locator(f"#{part} .drawing svg").all()) if box]
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    names = "marks => marks.map(mark => mark.getAttribute('aria-label'))"
    wide, narrow = (page.locator(f"#cover .{size} .mark").evaluate_all(names) for size in ("wide", "narrow"))
    assert wide == narrow
    assert len(narrow) == 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_page_is_pictured(opened, pictures, language, width, scheme):
    page = opened(language, {"width": width, "height": 900}, color_scheme=scheme)
    page.locator(".actions summary").first.click()
    path = pictures / f"page {language} {width} {scheme}.png"
    page.screenshot(path=path, full_page=True)
    with Image.open(path) as picture:
        assert picture.width == width
        assert picture.convert("L").getextrema()[1] - picture.convert("L").getextrema()[0] > 128


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", ["A4", "Letter"])
def test_the_paper_is_pictured(opened, pictures, language, sheet):
    path = pictures / f"page {language} {sheet}.pdf"
    opened(language).pdf(path=path, format=sheet)
    assert path.read_bytes().startswith(b"%PDF")

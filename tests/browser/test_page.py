"""The weekly page in a real browser: it fits, sorts, searches, prints, can be read by all, and no report's text is run.

It is made once a language, and once more of an account whose titles and name are out to break it.
"""

import csv
import json
import re
import shutil
import unicodedata
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from wockit.weekly.run import run_weekly, shipped

LANGUAGES = ["en", "zh-CN"]
WIDTHS = [1280, 390]
SHEETS = {"A4": 703, "Letter": 725}  # CSS pixels between the margins of page.css
HOSTILE = {
    "B0E9V3HCJQ": "<script>window.hit=1</script>",
    "B0X9L4RCZP": "<img src=x onerror=window.hit=1>",
    "B0K7M2QXRA": "w" * 10_000,
    "B0WOC8CASE": "\u202etxt.exe",
    "B0P2X4GCYK": "\x1b[31mred\x1b[0m",
    "B0G3Y5ZTJN": "$x$ $$\\frac{1}{2}$$",
    "B0E8G5NKZM": "[a](http://example.invalid) ![a](http://b.invalid)",
    "B0G1S8XVLY": "\"'><svg onload=window.hit=1> {{7*7}} &lt;b&gt;",
}


def made(folder, name, titles):
    """The page of a copy of the sample, with other texts in it."""
    account = folder / "shop"
    shutil.copytree(shipped("sample"), account, ignore=shutil.ignore_patterns("kinds", "*.py", "*.png"))
    about = (account / "account.toml").read_text(encoding="utf-8").replace('"Sample account"', json.dumps(name))
    (account / "account.toml").write_text(about, encoding="utf-8")
    retitle(account / "2026-11-23" / "BusinessReport-11-23-26.csv", titles)
    return run_weekly(account, folder / "reports", progress=False) / "report.html"


def retitle(path, titles):
    with path.open(encoding="utf-8-sig", newline="") as opened:
        first, *rows = csv.reader(opened)
    asin, title = first.index("(Child) ASIN"), first.index("Title")
    for row in rows:
        row[title] = titles.get(row[asin], row[title])
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([first, *rows])


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def english(report):
    return report("en") / "report.html"


@pytest.fixture(scope="module")
def shown(report, language):
    return report(language) / "report.html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    name = (
        "</title><script>window.hit=1</script><img src=x onerror=window.hit=1>\u202e\x1b[1m $x$ [a](http://b.invalid)"
    )
    return made(tmp_path_factory.mktemp("hostile"), name + "n" * 10_000, HOSTILE)


@pytest.fixture
def visit(browser):
    """Open a page; what it asks for and what goes wrong is kept."""
    opened = []

    def visit(path, width=1280, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        opened.append(page)
        page.requests, page.troubles = [], []
        page.on("request", lambda found: page.requests.append(found.url))
        page.on("console", lambda found: page.troubles.append(found.text))
        page.on("pageerror", lambda found: page.troubles.append(str(found)))
        page.on("dialog", lambda found: page.troubles.append(found.message))
        page.goto(Path(path).as_uri(), wait_until="load")
        return page

    yield visit
    for page in opened:
        page.close()


@pytest.fixture
def listed(visit, english):
    """The English page at its table of all ASINs."""
    return at_the_table(visit(english))


def at_the_table(page):
    page.locator("#all-asins > summary").click()
    return page


def is_quiet(page):
    return page.troubles == [] and all(url.startswith(("file:", "data:")) for url in page.requests)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_asked_for_and_nothing_goes_wrong(visit, shown, width):
    page = visit(shown, width)
    assert page.requests[0] == shown.as_uri()
    assert all(url.startswith("data:") for url in page.requests[1:])
    assert page.troubles == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_the_window(visit, shown, width):
    assert fits(visit(shown, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_opens_with_what_to_read_first_the_tiles_and_what_to_do(visit, shown, width):
    page = visit(shown, width)
    tops = [page.locator(name).first.bounding_box()["y"] for name in ("h1", ".first", ".cards", ".about", ".actions")]
    assert tops == sorted(tops)
    assert tops[-1] < 960


def test_the_first_five_actions_stand_on_the_first_screen(visit, shown):
    box = visit(shown).locator(".actions li").nth(4).bounding_box()
    assert box["y"] + box["height"] <= 1000


def test_the_page_is_short_before_its_folded_parts(visit, shown):
    page = visit(shown)
    assert page.locator("#appendix").bounding_box()["y"] <= 5500
    assert page.locator("details.part[open]").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_line_of_contents_stays_in_sight_and_leads_to_every_part(visit, shown, width):
    page = visit(shown, width)
    links = page.locator("nav a")
    assert links.count() == 6
    for link in links.all():
        link.click()
        target = page.locator(link.get_attribute("href"))
        assert target.bounding_box()["y"] < 900
        assert links.first.bounding_box()["y"] >= 0


def test_the_page_says_its_language_and_describes_its_pictures(visit, shown, language):
    page = visit(shown)
    assert page.locator("html").get_attribute("lang") == language
    pictures = page.locator("section > div .drawing > svg").all()
    assert len(pictures) >= 3
    assert all(picture.get_attribute("aria-label").strip() for picture in pictures)


def test_headings_begin_with_the_only_h1_and_skip_no_level(visit, shown):
    levels = visit(shown).evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_without_javascript_the_table_is_whole(visit, shown):
    page = visit(shown, java_script_enabled=False)
    assert page.locator(".bar").count() == 0
    page.locator("#all-asins > summary").click()
    assert all(row.is_visible() for row in page.locator(".sortable tbody tr").all())
    assert page.locator(".sortable tbody tr").count() == 60
    assert page.locator(".sortable thead th").first.inner_text() == "ASIN"
    assert page.locator("#matrix .mark title").count() > 30


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_everybody_can_read_it(visit, shown, width, scheme):
    page = visit(shown, width, color_scheme=scheme)
    # the rows of a table are alike: two of them say as much as all, in a fraction of the time
    alike = "tbody tr:nth-child(n + 3), ol li:nth-child(n + 4)"
    page.evaluate("alike => document.querySelectorAll(alike).forEach(row => row.remove())", alike)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    colours_alone = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **colours_alone}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


def colours(page):
    style = "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))"
    return [tuple(map(int, re.findall(r"\d+", text)[:3])) for text in page.evaluate(style)]


def contrast(one, other):
    def luminance(colour):
        parts = [part / 255 for part in colour]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_dark_is_dark_and_can_be_read(visit, english):
    light, dark = (colours(visit(english, color_scheme=scheme)) for scheme in ("light", "dark"))
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    assert sum(dark[1]) < sum(light[1])
    assert contrast(*light) >= 4.5
    assert contrast(*dark) >= 4.5


# --- sorting and searching ---


def head(page, name):
    return page.locator(f'.sortable th[data-name="{name}"]')


def column(page, name):
    """What stands in a column of the table of all ASINs, from top to bottom, where the row is shown."""
    return page.evaluate(
        """name => {
          const place = document.querySelector(`.sortable th[data-name="${name}"]`).cellIndex;
          const rows = [...document.querySelectorAll(".sortable tbody tr")].filter(row => row.offsetParent !== null);
          return rows.map(row => row.cells[place].textContent);
        }""",
        name,
    )


def value(text):
    return float("inf") if text == "∞" else float(text.replace(",", "").lstrip("<>").rstrip("%"))


def known(page, name):
    """A column without what is missing, which must come last."""
    found = column(page, name)
    missing = found.count("–")
    assert found[len(found) - missing :] == ["–"] * missing
    return found[: len(found) - missing]


def sorted_columns(page):
    return page.locator(".sortable th[aria-sort]").evaluate_all(
        "heads => heads.map(head => [head.dataset.name, head.getAttribute('aria-sort')])"
    )


@pytest.mark.parametrize("name", ["gain_a_week", "units_available", "probability", "weeks_of_coverage", "own_roas"])
def test_a_click_on_a_number_sorts_from_the_largest_and_the_next_turns_it_round(listed, name):
    page = listed
    before = sorted(column(page, "asin"))
    head(page, name).get_by_role("button").click()
    down = [value(text) for text in known(page, name)]
    assert down == sorted(down, reverse=True)
    assert sorted_columns(page) == [[name, "descending"]]
    head(page, name).get_by_role("button").click()
    up = [value(text) for text in known(page, name)]
    assert up == sorted(down)
    assert sorted_columns(page) == [[name, "ascending"]]
    assert sorted(column(page, "asin")) == before


@pytest.mark.parametrize("name", ["asin", "plan"])
def test_a_click_on_a_text_sorts_it_and_the_next_turns_it_round(listed, name):
    head(listed, name).get_by_role("button").click()
    assert known(listed, name) == sorted(known(listed, name), reverse=True)
    head(listed, name).get_by_role("button").click()
    assert known(listed, name) == sorted(known(listed, name))


def test_a_product_without_a_title_comes_last_both_ways(listed):
    for _ in range(2):
        head(listed, "title").get_by_role("button").click()
        assert column(listed, "title").index("–") == 59


def test_infinite_cover_is_more_than_any_other(listed):
    head(listed, "weeks_of_coverage").get_by_role("button").click()
    assert column(listed, "weeks_of_coverage")[0] == "∞"
    assert column(listed, "weeks_of_coverage")[-1] == "–"


def test_ranges_are_sorted_by_their_numbers(listed):
    head(listed, "forward_range").get_by_role("button").click()
    lows = [value(text.split()[0]) for text in known(listed, "forward_range")]
    assert lows == sorted(lows, reverse=True)


def test_only_the_last_sorted_column_says_so(listed):
    for name in ("own_roas", "asin"):
        head(listed, name).get_by_role("button").click()
    assert sorted_columns(listed) == [["asin", "descending"]]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_sorts_too(listed, key):
    listed.locator(".sortable .bar input").focus()
    for _ in range(10):
        listed.keyboard.press("Tab")
        if listed.evaluate("document.activeElement.closest('th')?.dataset.name") == "plan":
            break
    listed.keyboard.press(key)
    assert sorted_columns(listed) == [["plan", "descending"]]
    assert listed.evaluate("document.activeElement.closest('th').dataset.name") == "plan"
    listed.keyboard.press(key)
    assert sorted_columns(listed) == [["plan", "ascending"]]


def search(page, text):
    page.locator(".sortable .bar input").fill(text)
    return column(page, "asin")


def count(page):
    """The numbers of the count that is read out: how many rows are shown, of how many."""
    return [int(number) for number in re.findall(r"\d+", page.locator(".sortable .bar [role=status]").inner_text())]


def test_search_finds_an_asin_and_a_chinese_title(visit, shown):
    page = at_the_table(visit(shown))
    for text in ("B0T7C5MLSN", "b0t7c5mlsn", " 儿童画板 ", "儿童画板套装"):
        assert search(page, text) == ["B0T7C5MLSN"]
        assert sorted(count(page)) == [1, 60]


def test_search_finds_the_end_of_a_title_that_is_cut(visit, shown):
    page = at_the_table(visit(shown))
    assert "Handles" not in page.locator(".sortable tbody").inner_text()
    assert search(page, "two handles, 13 x") == ["B0WOC8CASE"]


def test_search_finds_an_asin_by_one_of_its_skus(visit, shown):
    assert search(at_the_table(visit(shown)), "flt-8-new") == ["B0P8S4XMGH"]


def test_search_for_nothing_shows_all_again(listed):
    everything = column(listed, "asin")
    search(listed, "儿童画板")
    assert search(listed, "") == everything
    assert search(listed, "   ") == everything
    assert count(listed) == [60, 60]


def test_what_is_searched_for_is_text(listed):
    for text in (".*", "B0.", "[A-Z]", "^B", "(?i)b0", "\\", "<style>", "no such thing"):
        assert search(listed, text) == []
        assert count(listed) == [0, 60]
    assert is_quiet(listed)


def test_markup_is_found_as_the_text_that_it_is(listed):
    assert search(listed, '=hyperlink("http') == ["B0O7P9VMRX"]


def test_search_does_not_run_over_the_edge_of_a_cell(listed):
    assert search(listed, "E9V3HCJQUSB-C") == []


def test_places_are_filtered_and_search_narrows_them(visit, shown):
    page = at_the_table(visit(shown))
    rows = list(zip(*(column(page, name) for name in ("asin", "title", "plan")), strict=True))
    place = rows[0][2]
    page.locator(".sortable .bar select").select_option(place)
    assert column(page, "asin") == [asin for asin, _, plan in rows if plan == place]
    assert 1 < len(column(page, "asin")) < 60
    assert sorted(count(page)) == [len(column(page, "asin")), 60]
    assert search(page, "usb-c") == ["B0E9V3HCJQ"]
    page.locator(".sortable .bar select").select_option("")
    assert search(page, "") == [asin for asin, _, _ in rows]


def test_the_filter_names_every_place_once(visit, shown):
    page = at_the_table(visit(shown))
    options = page.locator(".sortable .bar option").all_inner_texts()
    assert sorted(options[1:]) == sorted(set(column(page, "plan")))


def test_what_is_sorted_stays_filtered(listed):
    found = search(listed, "Protect")
    head(listed, "own_roas").get_by_role("button").click()
    assert sorted(column(listed, "asin")) == sorted(found)
    assert len(found) < 60


# --- rows of the advice: search, filters, anchors ---


def rows(page):
    seen = "rows => rows.filter(row => row.checkVisibility()).map(row => row.id)"
    return page.locator(".actions li").evaluate_all(seen)


def find(page, text):
    page.locator(".listed .bar input").fill(text)
    return rows(page)


def test_search_and_filters_of_the_advice_combine_over_all_rows(visit, shown):
    page = visit(shown)
    first = rows(page)
    assert len(first) == 8
    assert find(page, "儿童画板") == ["B0T7C5MLSN"]
    assert find(page, "flt-8-new") == ["B0P8S4XMGH"]
    assert find(page, "") == first
    place, kind = page.locator(".listed .bar select").all()
    for select, name in ((place, "place"), (kind, "kind")):
        select.select_option(page.locator("#B0CLEAR100").get_attribute(f"data-{name}"))
    both = rows(page)
    assert "B0CLEAR100" in both
    assert 1 < len(both) < 8
    assert find(page, "knife") == ["B0CLEAR100"]
    assert re.findall(r"\d+", page.locator(".listed [role=status]").inner_text()) in (["1", "60"], ["60", "1"])
    assert is_quiet(page)


@pytest.mark.parametrize("asin", ["B0WOC8CASE", "B0O9L5ZVJR"])
def test_every_asin_can_be_linked_to_and_opens(visit, english, asin):
    page = visit(english)
    page.goto(f"{english.as_uri()}#{asin}")
    row = page.locator(f"#{asin}")
    assert row.locator("dl").is_visible()
    assert 0 <= row.bounding_box()["y"] < 900


# --- figures: hover, focus, tap ---


def tip(page):
    return page.locator(".tip").inner_text() if page.locator(".tip").is_visible() else ""


def bubble(page, asin="B0X9L4RCZP", part="#matrix"):
    return page.locator(f'{part} .mark[href="#{asin}"]')


@pytest.mark.parametrize("width", WIDTHS)
def test_hover_and_focus_name_every_mark(visit, shown, width):
    page = visit(shown, width)
    names = page.evaluate(
        """[...document.querySelectorAll("#matrix .mark, #cover .mark, #moved .mark")].filter(mark =>
             mark.checkVisibility()
           ).map(mark => {
             mark.focus();
             return [mark.getAttribute("href"), document.querySelector(".tip").textContent];
           })"""
    )
    assert len(names) > 60
    for link, text in names:
        assert link[1:] in text
        assert len(text.split("\n")) == (4 if link.startswith("#B") or link[1:].isdigit() else 2)
    page.locator("h1").click()
    bubble(page).hover()
    assert "B0X9L4RCZP" in tip(page)
    page.locator("#matrix h2").hover()
    assert tip(page) == ""


def test_a_click_on_a_bubble_opens_its_row_and_leads_back(visit, shown):
    page = visit(shown)
    bubble(page, "B0G3Y5ZTJN").click()
    row = page.locator("#B0G3Y5ZTJN")
    row.locator("dl").wait_for()
    assert 0 < row.bounding_box()["y"] < 900
    row.locator(".back").click()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#B0G3Y5ZTJN"
    assert 0 < bubble(page, "B0G3Y5ZTJN").bounding_box()["y"] < 900


def test_a_click_on_a_bubble_finds_its_row_behind_a_filter(visit, english):
    page = visit(english)
    find(page, "knife")
    bubble(page).click()
    assert page.locator("#B0X9L4RCZP dl").is_visible()


def test_the_first_tap_names_a_mark_and_the_second_follows_it(visit, english):
    page = visit(english, 390, has_touch=True)
    mark = bubble(page)
    mark.scroll_into_view_if_needed()
    mark.tap()
    assert "B0X9L4RCZP" in tip(page)
    assert not page.locator("#B0X9L4RCZP dl").is_visible()
    mark.tap()
    assert page.locator("#B0X9L4RCZP dl").is_visible()


def test_the_keyboard_goes_from_mark_to_mark_and_follows_one(visit, english):
    page = visit(english)
    assert page.locator('#matrix .mark[tabindex="0"]').count() == 1
    page.locator('#matrix .mark[tabindex="0"]').focus()
    seen = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(tip(page))
    assert len(set(seen)) == 3
    page.keyboard.press("Enter")
    asin = seen[-1].split("\n")[1].split(" ")[0]
    assert page.locator(f"#{asin} dl").is_visible()


def test_places_filter_the_marks(visit, english):
    page = visit(english)
    everything = page.locator("#matrix .mark").count()
    for name in ("Protect", "Scale"):
        page.locator("#matrix .bar").get_by_role("button", name=name).click()
    left = page.locator("#matrix .mark:not(.off)").evaluate_all("marks => marks.map(mark => mark.dataset.group)")
    assert set(left) == {"Protect", "Scale"}
    assert len(left) < everything
    page.locator("#matrix .bar").get_by_role("button", name="Protect").click()
    page.locator("#matrix .bar").get_by_role("button", name="Scale").click()
    assert page.locator("#matrix .mark:not(.off)").count() == everything


def test_the_matrix_fits_a_phone(visit, shown):
    page = visit(shown, 390)
    box = page.locator("#matrix svg").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    heights = "texts => texts.map(text => text.getBoundingClientRect().height)"
    assert min(page.locator("#matrix svg text:visible").evaluate_all(heights)) >= 10


# --- paper ---


def joined(text):
    """A text without the spaces and ligatures of its setting."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def sheets(pdf):
    """The text of every page of a PDF of Chromium's, as `joined`."""
    things = {int(number): body for number, body in re.findall(rb"(?s)(?<=\n)(\d+) 0 obj\n(.*?)\nendobj", pdf)}

    def stream(number):
        return zlib.decompress(things[int(number)].partition(b"stream\n")[2].rpartition(b"\nendstream")[0])

    def letters(number):
        found, table = {}, stream(re.search(rb"/ToUnicode (\d+) ", things[int(number)])[1])
        for block in re.findall(rb"(?s)beginbfchar\n(.*?)endbfchar", table):
            for code, text in re.findall(rb"<(\w+)> <(\w+)>", block):
                found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
        for block in re.findall(rb"(?s)beginbfrange\n(.*?)endbfrange", table):
            for first, last, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
                for place in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + place] = chr(int(text, 16) + place)
        return found

    fonts, pages = {}, []
    for body in things.values():
        if body.startswith(b"<</Type /Page\n"):
            named = dict(re.findall(rb"/(F\d+) (\d+) 0 R", body))
            font, text = b"", ""
            for name, code in re.findall(
                rb"/(F\d+) [\d.]+ Tf|<(\w+)> Tj", stream(re.search(rb"/Contents (\d+)", body)[1])
            ):
                font = named[name] if name else font
                if font not in fonts:
                    fonts[font] = letters(font)
                text += fonts[font].get(int(code, 16), "") if code else ""
            pages.append(joined(text))
    return pages


@pytest.fixture(scope="module", params=SHEETS)
def printed(request, browser, shown):
    page = browser.new_page()
    page.goto(shown.as_uri())
    yield sheets(page.pdf(format=request.param))
    page.close()


def test_it_prints_on_few_sheets_and_none_is_blank(printed):
    assert 1 < len(printed) <= 20
    assert min(map(len, printed)) > 20


def test_no_heading_stands_alone_at_the_foot_of_a_sheet(printed, visit, shown):
    titles = [joined(text) for text in visit(shown).locator("h2").all_inner_texts()]
    assert len(titles) > 5
    assert [text[-40:] for text in printed if text.endswith(tuple(titles))] == []


def test_the_first_sheet_holds_the_actions(printed, visit, shown):
    page = visit(shown)
    products = page.locator(".actions").first.locator("b").all_inner_texts()
    assert [text for text in products if joined(text) not in printed[0]] == []


def test_the_headings_of_the_long_table_stand_on_each_of_its_sheets(printed, visit, shown):
    page = at_the_table(visit(shown))
    heading = joined(head(page, "units_available").inner_text())
    titles = [joined(page.locator(f"#{part} h2").inner_text()) for part in ("all-asins", "past-weeks")]
    first, last = (next(place for place, text in enumerate(printed) if title in text) for title in titles)
    below = [printed[first].partition(titles[0])[2], *printed[first + 1 : last]]
    asins = column(page, "asin")
    long = [text for text in below if sum(asin in text for asin in asins) > 5]
    assert len(long) > 1
    assert [heading in text for text in long] == [True] * len(long)


@pytest.fixture
def paper(visit):
    """Open a page as it is laid out between the margins of a sheet."""

    def paper(path, sheet="A4"):
        page = visit(path, SHEETS[sheet])
        page.emulate_media(media="print")
        return page

    return paper


def too_wide(page):
    """What stands out of the sheet, by its first words: Chromium would print all pages smaller for its sake."""
    return page.evaluate(
        """[...document.querySelectorAll("h1, h2, p, li, svg, table")]
             .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
             .map(each => `${each.tagName} ${each.textContent.slice(0, 40)}`)"""
    )


def test_paper_shows_no_controls(paper, shown):
    page = paper(shown)
    assert not any(each.is_visible() for each in page.locator(".bar, nav, .others").all())


@pytest.mark.parametrize("sheet", SHEETS)
def test_nothing_is_wider_than_the_paper(paper, shown, sheet):
    assert too_wide(paper(shown, sheet)) == []


def test_no_word_is_set_letter_below_letter_on_paper(paper, shown):
    broken = paper(shown).evaluate(
        """[...document.querySelectorAll(".wockit th, .wockit td")].filter(cell => {
             const range = document.createRange();
             range.selectNodeContents(cell);
             const tops = [...range.getClientRects()].map(box => box.top).sort((one, other) => one - other);
             const lines = tops.filter((top, place) => place === 0 || top > tops[place - 1] + 4).length;
             return lines > Math.max(2, cell.textContent.length / 2);
           }).map(cell => cell.textContent)"""
    )
    assert broken == []


def test_dark_is_not_printed(visit, english):
    page = visit(english, color_scheme="dark")
    page.emulate_media(media="print")
    assert colours(page)[1] == (255, 255, 255)


# --- titles that are out to break the page ---


def hit(page):
    return page.evaluate("typeof window.hit")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_title_comes_alive(visit, hostile, width):
    page = visit(hostile, width)
    assert hit(page) == "undefined"
    assert is_quiet(page)
    assert page.locator("script").count() == 1
    assert page.locator("a").count() == page.locator("nav a, svg a.mark").count()
    assert page.locator("svg [onload], svg script, img").count() == 0


def test_no_title_comes_alive_when_it_is_sorted_and_searched(visit, hostile):
    page = at_the_table(visit(hostile))
    for button in page.locator(".sortable th button").all():
        button.click()
    for text, found in (("<img", 1), ("<script>", 2), ("onerror", 1)):
        assert len(search(page, text)) == found
    assert hit(page) == "undefined"
    assert is_quiet(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_title_and_no_name_widens_the_page(visit, hostile, width):
    assert fits(visit(hostile, width))


def test_no_title_widens_the_paper(paper, hostile):
    assert too_wide(paper(hostile)) == []


def test_a_title_is_shown_as_it_stands(visit, hostile):
    page = at_the_table(visit(hostile))
    for asin in ("B0E9V3HCJQ", "B0X9L4RCZP", "B0G3Y5ZTJN", "B0P2X4GCYK"):
        search(page, asin)
        assert page.locator(".sortable tbody tr:visible td").nth(1).text_content() == HOSTILE[asin]
        assert page.locator(f"#{asin} bdi").text_content() == HOSTILE[asin]
    page.locator('#matrix .mark[href="#B0X9L4RCZP"]').focus()
    assert page.locator(".tip").text_content().split("\n")[0] == HOSTILE["B0X9L4RCZP"]


def test_a_title_turns_nothing_round_but_itself(visit, hostile):
    """The ASIN beside a title that turns text round is still read from left to right."""
    left = visit(hostile).evaluate(
        """asin => {
             const text = document.getElementById(asin).querySelector(".of").lastChild;
             const start = text.data.indexOf(asin), range = document.createRange();
             return [start, start + asin.length - 1].map(place => {
               range.setStart(text, place);
               range.setEnd(text, place + 1);
               return range.getBoundingClientRect().left;
             });
           }""",
        "B0WOC8CASE",
    )
    assert left[0] < left[1]


def test_the_name_is_shown_as_it_stands(visit, hostile):
    page = visit(hostile)
    assert "</title><script>window.hit=1</script><img src=x onerror=window.hit=1>" in page.locator("h1").text_content()
    assert "</title><script>" in page.title()

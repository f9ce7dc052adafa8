"""Notebook 04 in JupyterLab, as an analyst uses it: cells run, sliders move, numbers follow."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from nbconvert import HTMLExporter

from wockit.analysis.scenario import Scenario, read_scenario
from wockit.formulas.budget import clearance_budget
from wockit.show.live import live_outputs

PATIENCE = 300
"""How long a busy machine may take for anything [s]; only what hangs is waited for so long."""
ROOT = Path(__file__).parent.parent.parent
FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of notebooks and sample, with settings of its own; its address and its folder."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(ROOT / "data" / "sample", home / "data" / "sample")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    news = home / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    options = ["--ServerApp.port_retries=0", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    server = subprocess.Popen(
        [*command, *options, "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={home}"],
        env={**os.environ, **{name: str(home / name) for name in FOLDERS}},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(f"{address}/api/status", server)
        yield address, home
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_until_up(address, server):
    while True:
        assert server.poll() is None
        try:
            urlopen(address, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def notebook(browser, lab):
    lab, home = lab
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.home, page.outside = home, []
    page.on("request", lambda found: page.outside.append(found.url) if _is_outside(found.url, lab) else None)
    page.goto(f"{lab}/lab/tree/notebooks/04_clearance_budget.ipynb?reset")
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("window.jupyterapp.restored")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".widget-slider .noUi-handle")
    page.wait_for_selector(".wockit-picker label", state="attached")
    yield page
    page.close()


def _is_outside(url, lab):
    return not url.startswith((lab, lab.replace("http", "ws"), "data:", "blob:", "about:"))


def until(page, true):
    """Wait for what becomes true in a page."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def bound(page, heading):
    """The number that stands beside a heading in the first panel."""
    cell = page.locator(".widget-html-content tr", has_text=re.compile(f"^{heading}")).first.locator("td").nth(1)
    return float((cell.text_content() or "nan").replace(",", ""))


def eventually(page, heading, expected):
    until(page, lambda: bound(page, heading) == expected)


def panel(page, description):
    return page.locator(".widget-slider", has=page.get_by_text(description, exact=True)).first


def test_the_panel_opens_at_the_example_of_the_article(notebook):
    eventually(notebook, "Upper bound", 4000)
    assert bound(notebook, "Lower bound") == 1600
    assert bound(notebook, "Corrected budget") == 2800


def test_arrow_keys_on_a_slider_move_the_numbers(notebook):
    panel(notebook, "Units to clear").locator(".noUi-handle").focus()
    notebook.keyboard.press("ArrowRight")
    found = clearance_budget(units=110, conversion_rate=0.05, cost_per_click=2, ad_share=0.4, units_sold=50)
    eventually(notebook, "Upper bound", found.upper)
    assert bound(notebook, "Corrected budget") == found.corrected


def test_a_number_typed_beside_a_slider_counts(notebook):
    readout = panel(notebook, "Cost per click").locator(".widget-readout")
    readout.click()
    notebook.keyboard.press("Control+A")
    notebook.keyboard.type("1")
    notebook.keyboard.press("Enter")
    found = clearance_budget(units=110, conversion_rate=0.05, cost_per_click=1, ad_share=0.4, units_sold=50)
    eventually(notebook, "Upper bound", found.upper)


def cockpit(page, description):
    """A control of the cockpit by its name, with or without the mark of what was changed."""
    name = page.get_by_text(re.compile(f"^(● )?{re.escape(description)}$"))
    return page.locator(".wockit-cockpit .widget-inline-hbox", has=name).first


def cards(page):
    """What the four figures of the cockpit say."""
    return [text.strip() for text in page.locator(".wockit-cockpit .wockit-figures b").all_text_contents()]


def said(outcome, today):
    """An outcome as the four figures say it."""
    gone = f"{today + timedelta(weeks=outcome.sold_out):%Y-%m-%d}" if outcome.sold_out <= 52 else "after a year"
    return [*(f"{getattr(outcome, name):,.0f}" for name in ("spend", "gain", "units_left")), gone]


def says(page, tried):
    until(page, lambda: cards(page) == said(tried.outcomes["now"], tried.trial.account.snapshot))


def path_by_hand(week, asins, **changes):
    """Each ASIN's path as advised, but for what a lever moved."""
    names = {"ads_level": "ads", "price_cut": "cut", "until_days": "until", "ads_after": "after"}
    by_asin = {}
    for asin in asins:
        path, units = week.paths.loc[asin], week.details.loc[asin, "units_at_amazon"]
        own = {name: float(path[short]) * (7 if short == "until" else 1) for name, short in names.items()}
        by_asin[asin] = {**own, "units_leaving": float(path["leaves"] * units), **changes}
    return Scenario(asins=by_asin)


@pytest.fixture(scope="module")
def five(notebook, week):
    """Five ASINs with clicks, chosen in the list one after another."""
    chosen = [asin for asin in week.advice.index if week.details.loc[asin, "ad_clicks"] > 0][:5]
    notebook.get_by_role("button", name="Choose none").scroll_into_view_if_needed()
    notebook.get_by_role("button", name="Choose none").click()
    notebook.get_by_text("Choose ASINs in the matrix or in the list.").last.wait_for()
    for asin in chosen:
        notebook.get_by_role("searchbox", name="Search").last.fill(asin)
        notebook.locator(f".wockit-picker input[value={asin}]").click()
    notebook.get_by_role("searchbox", name="Search").last.fill("")
    says(notebook, week.try_out(Scenario(), chosen))
    return chosen


def test_figures_of_five_chosen_asins_are_those_of_the_report(notebook, week, five):
    assert notebook.locator(".wockit-picker .side [role=status]").text_content() == "ASINs chosen: 5 of 60."
    assert cards(notebook)[1] == f"{week.advice.loc[five, 'gain'].sum():,.0f}"
    rows = notebook.locator(".wockit-cockpit .wockit tbody tr")
    assert [row.split()[0] for row in rows.all_inner_texts()] == list(
        week.try_out(Scenario(), five).advised.table.index
    )


def test_a_lever_follows_the_keyboard_and_the_mouse(notebook, week, five):
    slider = cockpit(notebook, "Ads (now: 100%)")
    handle = slider.locator(".noUi-handle")
    handle.focus()
    level = week.paths.loc[five[0], "ads"]
    notebook.keyboard.press("ArrowRight")
    says(notebook, week.try_out(path_by_hand(week, five, ads_level=level + 0.05), five))
    box = handle.bounding_box()
    notebook.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    notebook.mouse.down()
    notebook.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=4)
    notebook.mouse.up()
    readout = slider.locator(".widget-readout")
    until(notebook, lambda: int(readout.text_content().rstrip("%")) > 100 * level + 10)
    until(notebook, lambda: slider.locator("label").first.text_content() == "● Ads (now: 100%)")
    moved = int(readout.text_content().rstrip("%")) / 100
    says(notebook, week.try_out(path_by_hand(week, five, ads_level=moved), five))


def test_a_scenario_is_saved_compared_and_loaded(notebook, week, five):
    tried = cards(notebook)
    name = cockpit(notebook, "Scenario").locator("input")
    name.fill("more ads")
    name.press("Enter")
    notebook.get_by_role("button", name="Save", exact=True).last.click()
    notebook.get_by_text("Saved. To make the weekly report with it").wait_for()
    notebook.get_by_role("button", name="Reset to the report").last.click()
    report = week.try_out(Scenario(), five)
    says(notebook, report)
    cockpit(notebook, "Compare with").locator("select").select_option("more ads")
    row = notebook.locator(".wockit-cockpit .wockit tr", has_text=re.compile("^Ad spend, 4 weeks")).locator("td")
    until(notebook, lambda: row.count() == 5)
    spend = report.outcomes["now"].spend
    assert row.all_text_contents()[1:4] == [f"{spend:,.0f}", f"{spend:,.0f}", tried[0]]
    kept = read_scenario(notebook.home / "data" / "sample", "more ads", week.account.name)
    assert sorted(kept.asins) == sorted(five)
    assert said(week.try_out(kept, five).outcomes["now"], week.account.snapshot) == tried
    notebook.get_by_role("button", name="Load", exact=True).last.click()
    until(notebook, lambda: cards(notebook) == tried)


def test_asins_are_chosen_by_drawing_around_them(notebook, week, tmp_path):
    canvas = notebook.locator(".wockit-picker canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    corners = [(0.55, 0.1), (0.99, 0.1), (0.99, 0.85), (0.55, 0.85), (0.55, 0.12)]
    places = [(frame["x"] + across * frame["width"], frame["y"] + down * frame["height"]) for across, down in corners]
    notebook.mouse.move(*places[0])
    notebook.mouse.down()
    for place in places[1:]:
        notebook.mouse.move(*place, steps=4)
    notebook.mouse.up()
    ticked = notebook.locator(".wockit-picker input:checked")
    until(notebook, lambda: ticked.count() > 5)
    weeks = week.positions["weeks_of_coverage"]
    asins = [each.get_attribute("value") for each in ticked.all()]
    assert all(weeks[asin] > 8 for asin in asins)
    assert set(weeks.index[weeks.gt(20) & weeks.lt(100) & week.positions["segment"].notna()]) <= set(asins)
    notebook.mouse.move(frame["x"] + 5, frame["y"] + 5)
    notebook.screenshot(path=tmp_path / "cockpit.png")
    assert (tmp_path / "cockpit.png").stat().st_size > 20_000


def test_a_table_is_sorted_and_searched(notebook):
    table = notebook.locator(".jp-RenderedHTML .wockit table", has=notebook.locator("th[data-name=budget_upper]")).first
    table.scroll_into_view_if_needed()
    head = table.locator("th[data-name=budget_upper]")
    place = table.locator("th").evaluate_all("heads => heads.findIndex((head) => head.dataset.name === 'budget_upper')")
    head.locator("button").click()
    texts = [row.split("\t")[place] for row in table.locator("tbody tr").all_inner_texts()]
    numbers = [float(text.replace(",", "").replace("∞", "inf")) for text in texts if text != "–"]
    assert numbers == sorted(numbers, reverse=True)
    assert texts[len(numbers) :] == ["–"] * (len(texts) - len(numbers))
    table.locator("xpath=..").get_by_role("searchbox").fill("b0clear100")
    assert table.locator("tbody tr:visible").count() == 1


def test_a_stored_notebook_is_live_in_its_html(browser, week, tmp_path):
    body, _ = HTMLExporter().from_filename(ROOT / "notebooks" / "02_weeks_of_coverage.ipynb")
    (tmp_path / "notebook.html").write_text(body, encoding="utf-8")
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto(f"file://{tmp_path}/notebook.html")
    table = page.locator(".wockit table", has=page.locator("th[data-name=units_sold]")).first
    table.locator("th[data-name=units_sold] button").focus()
    for falling in (True, False):
        page.keyboard.press("Enter")
        place = page.evaluate("document.activeElement.closest('th').cellIndex")
        rows = [text.split("\t") for text in table.locator("tbody tr").all_inner_texts()]
        numbers = [int(row[place].replace(",", "")) for row in rows]
        assert numbers == sorted(numbers, reverse=falling)
    titles = page.locator(".wockit-figure svg a.mark title").all_text_contents()
    assert all(titles)
    assert sum(any(asin in title for asin in week.positions.index) for title in titles) > 20
    assert page.locator(".wockit-figure img").count() == 0
    page.close()


def test_a_table_that_arrives_in_parts_is_live_too(browser):
    start = (
        f"<body><div class='jp-RenderedHTML'>{live_outputs().html}<table><thead><tr><th>Units</th></tr></thead><tbody>"
    )
    parts = [start, *("<tr><td>1</td></tr>" for _ in range(3)), "</tbody></table></div></body>"]

    class InParts(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for part in parts:
                self.wfile.write(part.encode())
                self.wfile.flush()
                time.sleep(0.3)  # the page looks at what is there so far

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), InParts)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    assert page.locator("th button").all_inner_texts() == ["Units"]
    page.close()
    server.shutdown()


def test_nothing_left_the_machine(notebook):
    assert notebook.outside == []

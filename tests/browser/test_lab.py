"""Notebook 04 in JupyterLab, as an analyst uses it: cells run, sliders move, numbers follow."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from wockit.analysis.scenario import Scenario
from wockit.formulas.budget import clearance_budget

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
    """JupyterLab on a copy of notebooks and sample, with settings of its own; its address."""
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
        yield address
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
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE * 1000)
    page.outside = []
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
    """A control of the cockpit, the last panel of the notebook."""
    return page.locator(".jupyter-widgets", has=page.get_by_text(description, exact=True)).last


def shown(page, heading):
    cell = page.locator(".widget-html-content tr", has_text=re.compile(f"^{heading}")).last.locator("td").nth(1)
    return cell.text_content()


def shows(page, heading, expected):
    until(page, lambda: shown(page, heading) == expected)


def test_the_cockpit_follows_the_mouse_and_keeps_a_scenario(notebook, week, tmp_path):
    first = next(asin for asin in week.advice.index if asin in week.budgets.index)
    notebook.get_by_text("Reset to the report").last.wait_for(state="attached")
    notebook.get_by_text("Reset to the report").last.scroll_into_view_if_needed()
    shows(notebook, "Excess", f"{week.budgets.loc[first, 'excess_units']:,.0f}")
    slider = cockpit(notebook, "Cost per click")
    slider.scroll_into_view_if_needed()
    handle = slider.locator(".noUi-handle").bounding_box()
    notebook.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    notebook.mouse.down()
    notebook.mouse.move(handle["x"] + 60, handle["y"] + handle["height"] / 2, steps=5)
    notebook.mouse.up()
    before = f"{week.budgets.loc[first, 'budget_upper']:,.0f}"
    readout = slider.locator(".widget-readout")
    until(notebook, lambda: float(readout.text_content()) != week.budgets.loc[first, "cost_per_click"])
    until(notebook, lambda: shown(notebook, "Upper bound") != before)
    price = float(readout.text_content())
    changed = week.try_out(Scenario(asins={first: {"cost_per_click": price}}), [first]).clearing.budgets.loc[first]
    shows(notebook, "Upper bound", f"{changed['budget_upper']:,.0f}")
    assert shown(notebook, "Corrected budget") == f"{changed['budget_corrected']:,.0f}"
    name = cockpit(notebook, "Scenario").locator("input")
    name.fill("dearer")
    name.press("Enter")
    notebook.get_by_role("button", name="Save", exact=True).last.click()
    notebook.get_by_role("button", name="Reset to the report").last.click()
    shows(notebook, "Upper bound", before)
    cockpit(notebook, "Saved").locator("select").select_option("dearer")
    notebook.get_by_role("button", name="Load", exact=True).last.click()
    shows(notebook, "Upper bound", f"{changed['budget_upper']:,.0f}")
    picture = tmp_path / "cockpit.png"
    notebook.screenshot(path=picture)
    assert picture.stat().st_size > 20_000


def test_nothing_left_the_machine(notebook):
    assert notebook.outside == []

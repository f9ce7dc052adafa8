"""A headless Chromium for the tests of this folder."""

import os
import shutil
from importlib.resources import files

import pytest
from playwright.sync_api import sync_playwright

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


FONTS = """<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{}</dir>
</fontconfig>"""


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    """The machine's fonts and, as not every machine has a Chinese one, the one that figures are drawn with."""
    path = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    path.write_text(FONTS.format(files("noto_cjk_sans_otc")), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="session")
def browser(fonts):
    """Chromium; where there is none the tests are left out, except in continuous integration, which must have it."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium found on this machine: install it (for example: apt-get install chromium)")
    with sync_playwright() as playwright:
        environment = os.environ | {"FONTCONFIG_FILE": fonts}
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS, env=environment)
        yield Patient(browser)
        browser.close()


class Patient:
    """A browser whose pages wait as long as a busy machine may take; only what hangs is waited for so long."""

    def __init__(self, browser):
        self.browser = browser

    def new_page(self, **options):
        page = self.browser.new_page(**options)
        page.set_default_timeout(300_000)  # ms
        return page

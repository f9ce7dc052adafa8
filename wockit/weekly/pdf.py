"""Printing a page with a browser that is on the machine: Chromium, Chrome or Edge. It reaches no network."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wockit.language import Text
from wockit.notes import Problem, RunError, WockitError, quoted

PRINT_SECONDS = 120
"""What printing may take [s]."""


NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
"""What the browsers are called where they can be called by name."""


PLACES = {
    "win32": (
        *(rf"%{root}%\Google\Chrome\Application\chrome.exe" for root in ("ProgramFiles", "ProgramFiles(x86)")),
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        *(rf"%{root}%\Microsoft\Edge\Application\msedge.exe" for root in ("ProgramFiles(x86)", "ProgramFiles")),
    ),
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
}
"""Where they usually are, by system."""


_END = 1024
"""Bytes at the end of a PDF in which its last mark stands."""


_OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--disable-extensions"),
    *("--disable-background-networking", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"),
)


def find_browser() -> Path:
    """A browser that can print.

    Raises
    ------
    WockitError
        If none is installed.
    """
    for path in _candidates():
        if path.is_file() and path.parent != Path.cwd():  # Windows looks there first, and it may be a client's folder
            return path
    message = "no Chromium, Chrome or Edge was found on this machine."
    raise WockitError([Problem("--pdf", message, "Install one, or open report.html in your browser and print it.")])


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path).absolute()
    yield from (Path(os.path.expandvars(place)) for place in PLACES.get(sys.platform, ()))


def print_page(browser: Path, page: Path, pdf: Path) -> None:
    """Print a page to a PDF.

    Raises
    ------
    RunError
        If the browser does not make one in time.
    """
    with tempfile.TemporaryDirectory(prefix="wockit-", ignore_cleanup_errors=True) as profile:
        own = [f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.absolute().as_uri()]
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # as in a container
        command = [str(browser), *_OPTIONS, *root, *own]
        try:
            run = subprocess.run(
                command, capture_output=True, timeout=PRINT_SECONDS, check=False, stdin=subprocess.DEVNULL
            )
            complaint = run.stderr.decode(errors="replace").strip()[-200:]
        except subprocess.TimeoutExpired:
            complaint = f"{PRINT_SECONDS} s"
        except OSError as error:
            complaint = str(error.strerror)
    if not _is_whole(pdf):
        message = Text("{0} could not print the page: {1}.", browser.name, quoted(complaint, 240))
        raise RunError([Problem("--pdf", message, "Open report.html in your browser and print it.")])


def _is_whole(pdf: Path) -> bool:
    """True for a PDF with its end: a browser whose disk is full stops in the middle and says nothing."""
    if not pdf.is_file():
        return False
    content = pdf.read_bytes()
    return content.startswith(b"%PDF") and b"%%EOF" in content[-_END:]

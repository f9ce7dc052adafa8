"""Text from reports that would be something else stays text: on the page, in workbook, table and terminal."""

import csv
import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from wockit.reading.own_files import inert_text
from wockit.weekly import outputs

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
DAY = "2026-11-23"
HOSTILE = [
    '=HYPERLINK("http://example.invalid","win")',
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "</td></table><h1>mine</h1>",
    "[a link](http://example.invalid) **bold**",
    r"$\int_0^1 x\,dx$ \newpage",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "{0} {1} {{asin}} %s %(name)s",
    "儿童画板套装 بالعربية ไทย 😀",
    "A" * 10_000,
]
NAME = "=cmd|' /C calc'!A0 \x1b[31m<b>shop</b>"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What a weekly run leaves and prints of an account whose titles, SKUs and campaigns are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    account = folder / "shop"
    shutil.copytree(SAMPLE, account, ignore=shutil.ignore_patterns("kinds", "history"))
    text = (account / "account.toml").read_text(encoding="utf-8")
    (account / "account.toml").write_text(text.replace('"Sample account"', json.dumps(NAME)), encoding="utf-8")
    for path, columns in (
        (account / DAY / "302451020781.csv", ["sku", "product-name"]),
        (account / DAY / "BusinessReport-11-23-26.csv", ["Title"]),
    ):
        encoding = "cp1252" if path.name.startswith("3") else "utf-8-sig"
        table = pd.read_csv(path, dtype=str, encoding=encoding, keep_default_na=False)
        for name in columns:
            table.loc[: len(HOSTILE) - 1, name] = HOSTILE
        table.to_csv(path, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_ALL)
    book = openpyxl.load_workbook(account / DAY / "Sponsored_Products_Advertised_product_report.xlsx")
    sheet = book.active
    place = [cell.value for cell in sheet[1]].index("Campaign Name") + 1
    for row, text in enumerate([each for each in HOSTILE if "\x1b" not in each], start=2):
        sheet.cell(row, place).value = text
        sheet.cell(row, place).data_type = "s"
    book.save(account / DAY / "Sponsored_Products_Advertised_product_report.xlsx")
    commands = (["check", str(account)], ["weekly", str(account), "--out", str(folder / "out")])
    code = f"import sys; from wockit.cli import main; sys.exit(max(map(main, {commands!r})))"
    end = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    return next((folder / "out" / "shop").glob("2026-*")), end.stdout + end.stderr


class Page(HTMLParser):
    """Tags that would do something, and all text."""

    def __init__(self):
        super().__init__()
        self.acting, self.text, self.headings = [], "", []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        outside = tag == "a" and not names.get("href", "").startswith("#")  # the page links to its own rows and figures
        if outside or tag in ("iframe", "object", "form", "link", "script") or any(n.startswith("on") for n in names):
            self.acting.append((tag, names))
        if tag == "img" and not names["src"].startswith("data:"):
            self.acting.append((tag, names))
        if tag == "h1":
            self.headings.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.mark.end_to_end
def test_the_page_shows_it_and_does_nothing(run):
    page = Page()
    page.feed((run[0] / "report.html").read_text(encoding="utf-8"))
    assert [tag for tag, _ in page.acting] == ["script"]  # page.js, the only one that the page's policy lets run
    assert len(page.headings) == 1
    for text in HOSTILE:
        assert text[:40].strip() in page.text


@pytest.mark.end_to_end
def test_a_spreadsheet_takes_no_cell_of_the_table_for_a_formula(run):
    with (run[0] / "positions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    texts = [cell for row in rows for cell in row if not cell.lstrip("-").replace(".", "").replace("inf", "").isdigit()]
    assert not [cell for cell in texts if cell[:1] in "=+-@\t\r\n" and cell not in ("", "-inf")]
    assert "'=1+1" in texts


@pytest.mark.end_to_end
@pytest.mark.skipif(not (shutil.which("soffice") or os.environ.get("CI")), reason="needs LibreOffice")
def test_the_workbook_keeps_it_as_text_when_it_is_opened_and_recalculated(run, tmp_path):
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path, run[0] / "plan.xlsx"], check=True, capture_output=True)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"Budgets"}
    assert not [cell for cell in formulas if "HYPERLINK" in cell.value or "1+1" in cell.value]
    assert {text.strip() for text in HOSTILE if "\x1b" not in text and len(text) < 1000} <= texts
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert all(link.target in (None, "report.html") or link.target.endswith("/report.html") for link in links)


@pytest.mark.end_to_end
def test_the_terminal_gets_no_escape_and_no_change_of_direction(run):
    assert not [sign for sign in run[1] if not sign.isprintable() and sign not in "\n\r"]
    assert r"\x1b[31m" in run[1]


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("Cup;=1+1", "Cup;'=1+1"),
        ("Cup; @x", "Cup; '@x"),
        ("Cup\t+1", "Cup\t'+1"),
        ("＝1+1", "'＝1+1"),
        ("a;＝1", "a;'＝1"),
        ("a\n=1", "a\n'=1"),
        ("\t=1", "'\t'=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("  \u00a0=1", "'  \u00a0=1"),
        ("Cup;  \u200b=1", "Cup;  \u200b'=1"),
        ("Cup, -20 %; 2-pack", "Cup, -20 %; 2-pack"),
        ("", ""),
    ],
)
def test_a_spreadsheet_that_splits_elsewhere_finds_no_formula_either(text, inert):
    assert inert_text(text) == inert
    assert outputs.inert(pd.DataFrame({"title": [text, "Cup"]}))["title"].tolist() == [inert, "Cup"]

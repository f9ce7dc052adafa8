"""One HTML page, of an executed notebook or of other content. It loads nothing and runs only `page.js`.

The only module that imports nbconvert. Its style is `page.css`; what stands on it is made elsewhere.
"""

import hashlib
import importlib.metadata
import re
from base64 import b64encode
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wockit.language import Text, say, spoken
from wockit.show.html import Html, render

_SCRIPT = Path(__file__).with_name("page.js")


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'"


@dataclass(frozen=True)
class Part:
    """A part of a page: where links find it, its heading, what is in it, and whether it is folded at first."""

    anchor: str
    heading: str
    body: Html
    folded: bool


def page(notebook: Any, title: str) -> str:
    """One self-contained page of an executed notebook: no code, no script of any output's.

    A heading of the second level begins a part, which links find by the id of its cell; a cell that is tagged "folded"
    begins one that is folded at first. Folded parts come last.
    """
    parts = [_part(cells, notebook.metadata) for cells in _split(notebook.cells)]
    words = {"contents": say("Contents"), "appendix": say("Appendix")}
    return document(render("sections", parts=parts, **words), title)


def _split(cells: list[Any]) -> list[list[Any]]:
    """The cells of each part."""
    parts: list[list[Any]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            parts.append([])
        parts[-1].append(cell)
    return [part for part in parts if part]


def _part(cells: list[Any], metadata: Any) -> Part:
    """A part of the page from its cells; the heading stands apart from what is below it."""
    from nbconvert import TemplateExporter
    from nbformat.v4 import new_notebook

    first, heading = cells[0], ""
    if first.cell_type == "markdown":
        heading, _, rest = first.source.removeprefix("## ").partition("\n")
        cells = [copy(first), *cells[1:]]
        cells[0].source = rest
    notebook = new_notebook(cells=cells, metadata=metadata)
    body, _ = TemplateExporter.from_notebook_node(_exporter(), notebook)  # HTMLExporter would read all of it again
    body = body.replace('<div class="output_png', '<div tabindex="0" class="output_png')
    body = re.sub(r"<script\b.*?</script[^>]*>", "", body, flags=re.DOTALL | re.IGNORECASE)
    body = re.sub(r"<(?=script)", "&lt;", body, flags=re.IGNORECASE)
    anchor = first.id if heading else "top"
    return Part(anchor, heading, Html(body, heading), "folded" in first.metadata.get("tags", ()))


def document(body: str, title: str, script_of: Path = _SCRIPT) -> str:
    """A page around a body, in the language spoken, under the rule that nothing is loaded and no other script runs."""
    style, script = (path.read_text(encoding="utf-8") for path in (_SCRIPT.with_suffix(".css"), script_of))
    policy = _POLICY.format(b64encode(hashlib.sha256(script.encode()).digest()).decode())
    maker = say(Text("Made by wockit {0}.", importlib.metadata.version("wockit")))
    parts = {"language": spoken(), "policy": policy, "style": style, "script": script, "made": maker}
    return render("document", title=title, body=body, **parts) + "\n"


def prepare() -> None:
    """Do what the first page of a process takes besides, half a second of imports, while the notebook is executed.

    What fails here, where memory is short, fails again where the page is made, and is said there.
    """
    with suppress(MemoryError, ImportError, OSError, RuntimeError):
        _exporter()


@cache
def _exporter() -> Any:
    """One for all pages of a process: its templates are compiled once."""
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        filters={"highlight_code": "html.escape"},  # no code is shown
    )

"""One HTML page, of an executed notebook or of other content. It loads nothing and runs only `page.js`.

The only module that imports nbconvert. Its style is `page.css`; what stands on it is made elsewhere.
"""

import hashlib
import importlib.metadata
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from wockit.language import say, spoken
from wockit.show.html import render

_SCRIPT = Path(__file__).with_name("page.js")


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'"


def page(notebook: Any, title: str) -> str:
    """One self-contained page of an executed notebook: no code, no script of any output's."""
    from nbconvert import TemplateExporter

    body, _ = TemplateExporter.from_notebook_node(_exporter(), notebook)  # HTMLExporter would read all of it again
    body = body.replace('<div class="output_png', '<div tabindex="0" class="output_png')
    body = re.sub(r"<script\b.*?</script[^>]*>", "", body, flags=re.DOTALL | re.IGNORECASE)
    return document(re.sub(r"<(?=script)", "&lt;", body, flags=re.IGNORECASE), title)


def document(body: str, title: str, script_of: Path = _SCRIPT) -> str:
    """A page around a body, in the language spoken, under the rule that nothing is loaded and no other script runs."""
    style, script = (path.read_text(encoding="utf-8") for path in (_SCRIPT.with_suffix(".css"), script_of))
    policy = _POLICY.format(b64encode(hashlib.sha256(script.encode()).digest()).decode())
    made = say("Made by wockit {0}.").format(importlib.metadata.version("wockit"))
    parts = {"language": spoken(), "policy": policy, "style": style, "script": script, "made": made}
    return render("document", title=title, body=body, **parts) + "\n"


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

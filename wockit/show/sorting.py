"""Sorting and searching in the tables of a notebook: one small script for all of them, in one cell.

The tables stay plain HTML, so a notebook that is not trusted, mail and print show them whole. The page has its own
script (`page.js`), because its policy lets no other run.
"""

import json
from pathlib import Path

from wockit.language import say
from wockit.show.html import Html, paragraph

_WORDS = {"search": "Search", "count": "{0} of {1} rows"}


def sortable_tables() -> Html:
    """Make every table of this notebook one to sort and, if it is long, to search."""
    script = (Path(__file__).parent / "sorting.js").read_text(encoding="utf-8")
    for name, word in _WORDS.items():
        script = script.replace(f'"{{{{{name}}}}}"', json.dumps(say(word)))
    said = paragraph("Click a heading to sort a table. Long tables can be searched.")
    return Html(f"{said.html}<script>{script}</script>", said.text)

"""Notebooks to touch: tables that sort and search, figures to point at. One small script in one cell serves them all.

Tables stay plain HTML and figures pictures, so a notebook that is not trusted, mail and print show them whole. The page
has its own script (`page.js`), because its policy lets no other run.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wockit.language import say
from wockit.show.canvas import picture
from wockit.show.drawing import Mark, drawing, own_marks
from wockit.show.html import Html, paragraph, render

_HINT = "Click a heading to sort a table. Long tables can be searched. Point at a mark of a figure to read it."
_WORDS = {"search": "Search", "count": "Rows shown: {0} of {1}"}


def live_outputs() -> Html:
    """Make the tables of this notebook sort and, if they are long, search; and its figures say what they show."""
    script = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
    for name, word in _WORDS.items():
        script = script.replace(f'"{{{{{name}}}}}"', json.dumps(say(word)))
    hint = paragraph(_HINT)
    return Html(render("live", said=hint, script=Html(script, "")), hint.text)


def live_figure(ax: Any, alt: str, key: str, marks: Mapping[str, Mark] | None = None) -> Html:
    """A figure as a picture, which `live_outputs` turns into one to point at.

    Parameters are those of `drawing`; without marks, bars, points and lines say their own names and values.
    """
    seen = picture(ax, alt)
    drawn = drawing(ax, alt, key, own_marks(ax) if marks is None else marks).html
    svg = drawn[drawn.index("<svg") : drawn.rindex("</svg>") + len("</svg>")]
    data = b64encode(seen.png).decode()
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    html = render("figure", png=data, alt=seen.alt, width=seen.width, height=seen.height, svg=Html(svg, ""))
    return Html(html, seen.alt)

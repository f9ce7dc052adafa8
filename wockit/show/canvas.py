"""Parts of every figure: axes, fonts, pictures, labels that do not overlap."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patheffects import withStroke
from matplotlib.rcsetup import cycler
from matplotlib.transforms import Bbox
from PIL import Image

from wockit.language import Text, say, spoken
from wockit.notes import Problem

INK, FAINT = "#222222", "#8a8a8a"


_SIDES = (
    *((1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top")),
    *((0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top")),
    *((-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top")),
)
"""Where a name may stand beside its bubble: to which side, and which side of the name is next to it."""


_SHARPNESS, _COLOURS = 1.25, 64


OUTLINE = withStroke(linewidth=2, foreground="white", alpha=0.8)


@dataclass(frozen=True)
class Font:
    """A font beside the Latin one that matplotlib brings, and the package that holds it."""

    family: str
    package: str
    file: str
    alike: tuple[str, ...] = ()


_CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB"),
    *("SimHei", "SimSun", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Arial Unicode MS"),
)
"""Fonts of systems that hold Chinese, the best first."""


FONTS: Mapping[str, Font | None] = {
    "en": None,
    "zh-CN": Font("Noto Sans CJK SC", "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", _CHINESE),
}
"""What each of `LANGUAGES` needs for its figures beside Latin."""


_LATIN = "DejaVu Sans"


_SERIES = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860", "#da8bc3", "#8c8c8c", "#ccb974", "#64b5cd")


_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True, "axes.linewidth": 1.25, "axes.prop_cycle": cycler(color=_SERIES),
    "patch.edgecolor": "w", "patch.force_edgecolor": True, "lines.solid_capstyle": "round",
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), "0.15"),
    **dict.fromkeys(("font.size", "axes.labelsize", "axes.titlesize", "legend.title_fontsize"), 10.2),
    **dict.fromkeys(("legend.fontsize", "xtick.labelsize", "ytick.labelsize"), 9.35),
    **{f"{axis}tick.{name}": size for axis in "xy" for name, size in (
        ("major.size", 6.0), ("major.width", 1.25), ("minor.size", 4.0), ("minor.width", 1.0),
    )},
}  # fmt: skip
"""The house style, as far as it is not matplotlib's [point]."""


def canvas(width: float = 9.0, height: float = 5.2, layout: Literal["constrained"] | None = "constrained") -> Axes:
    """New axes in the house style, for one figure [inch]; without a layout engine they are drawn faster."""
    rcParams.update({**_STYLE, "font.family": _fonts(spoken())})
    figure = Figure(figsize=(width, height), layout=layout, dpi=100 * _SHARPNESS)
    FigureCanvasAgg(figure)
    return figure.subplots()


def two_spines(ax: Axes) -> None:
    """Leave the left and the lower line of the frame."""
    ax.spines[["top", "right"]].set_visible(False)


@cache
def _fonts(language: str) -> list[str]:
    """The fonts that hold every character of a language, each glyph from the first that has it."""
    font = FONTS[language]
    if font is None:
        return [_LATIN]
    try:
        path = str(files(font.package) / font.file)
        fontManager.addfont(path)
    except (ModuleNotFoundError, OSError):  # the pages say the same in tables
        return [_LATIN, *_of_the_system(font)]
    regular = [entry for entry in fontManager.ttflist if entry.fname == path]
    fontManager.ttflist += [replace(entry, weight="bold") for entry in regular]  # its only weight, for bold text too
    return [_LATIN, font.family]


def _of_the_system(font: Font) -> list[str]:
    """Fonts of this machine that hold the same characters."""
    return [name for name in font.alike if name in {entry.name for entry in fontManager.ttflist}][:1]


def font_problem(language: str) -> Problem | None:
    """Problem of a language whose figures have no font: neither its own nor one like it is installed."""
    font = FONTS[language]
    if font is None or len(_fonts(language)) > 1:
        return None
    message = "the font for its figures is not installed, so they show empty squares."
    do = Text("Install it: python -m pip install {0}", font.package.replace("_", "-"))
    return Problem(Text("language {0}", repr(language)), message, do)


@dataclass(frozen=True)
class Picture:
    """A figure as Jupyter and the page show it: a small PNG, with words for whoever cannot see it."""

    png: bytes
    width: int
    height: int
    alt: str

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        seen = {"width": self.width, "height": self.height, "alt": self.alt}
        return {"image/png": self.png, "text/plain": self.alt}, {"image/png": seen}


def picture(ax: Axes, alt: str) -> Picture:
    """Show the figure of some axes, sharp on a fine screen too.

    Parameters
    ----------
    ax
        What a `plot_*` gave back.
    alt
        What it shows, in a sentence.

    Examples
    --------
    >>> picture(canvas(4, 3), "Nothing yet").width
    400
    """
    figure: Any = ax.figure
    figure.set_dpi(100 * _SHARPNESS)
    figure.canvas.draw()
    drawn = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB").quantize(_COLOURS)
    small = io.BytesIO()
    drawn.save(small, format="png", optimize=True)
    return Picture(small.getvalue(), round(drawn.width / _SHARPNESS), round(drawn.height / _SHARPNESS), say(alt))


def label_bubbles(ax: Axes, names: Mapping[int, str], bubbles: Any, lines: Any = ()) -> None:
    """Name bubbles (x, y, radius in points), the first names first.

    A name covers no other name, text, bubble or line, and no other bubble is nearer to it than its own; where there is
    no such room the bubble stays unnamed.
    """
    figure: Any = ax.figure
    if layout := figure.get_layout_engine():
        layout.execute(figure)
    renderer = figure.canvas.get_renderer()
    centres, reach = ax.transData.transform(bubbles[:, :2]), 0.8 * bubbles[:, 2] * figure.dpi / 72
    corners = np.hstack([centres - reach[:, None], centres + reach[:, None]])
    taken = [text.get_window_extent(renderer) for text in ax.texts] + [Bbox.from_extents(*corner) for corner in corners]
    taken += [line.get_window_extent(renderer).padded(1) for line in lines]
    frame = ax.get_window_extent(renderer)
    for place, name in names.items():
        for right, up, side, height in _SIDES:
            away = bubbles[place, 2] + 4
            text = ax.annotate(
                name,
                bubbles[place, :2],
                xytext=(right * away, up * away),
                textcoords="offset points",
                ha=side,
                va=height,
                fontsize="x-small",
                zorder=4,
                gid="name",
                path_effects=[OUTLINE],
            )
            box = text.get_window_extent(renderer)
            inside = frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1)
            beside = np.maximum(np.maximum(box.min - centres, centres - box.max), 0.0)
            nearest = int((np.hypot(*beside.T) - reach).argmin())
            if inside and nearest == place and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()

"""matplotlib's SVG as small markup: styles become attributes, numbers short, and groups that say nothing go."""

import re
from collections import Counter
from collections.abc import Mapping
from xml.etree import ElementTree

INK = "#262626"
"""The colour that a whole figure has, so that no part of it has to name it."""
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_CLASSES = ("name", "cut", "halo", "legend")
"""Groups that a page sets its own way: names of bubbles, names of cut-offs, texts with a light edge, the legend."""
_USUAL = frozenset({("stroke-linecap", "square"), ("stroke-linejoin", "miter"), ("stroke-linecap", "butt")})
_LENGTHS = frozenset({"d", "x", "y", "transform", "font-size", "stroke-width", "points", "width", "height"})
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def make_small(root: ElementTree.Element, key: str) -> None:
    """Take out what a browser does not need, in place; the ids that stay begin with the key."""
    _inlined(root, _bare(root, key))


def _bare(root: ElementTree.Element, key: str) -> dict[str, ElementTree.Element]:
    """Take out what a browser does not need, in place; the shapes that are defined once and used, by id."""
    used = set(re.findall(r"#([\w.-]+)", " ".join(value for each in root.iter() for value in each.attrib.values())))
    names = {name: f"{key}-{place}" for place, name in enumerate(sorted(used))}
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style") or not isinstance(child.tag, str):
                parent.remove(child)
    defined = {}
    for each in root.iter():
        each.tag = each.tag.removeprefix(_SVG)
        each.text = each.text if each.tag == "text" else None
        each.tail = None
        name = each.attrib.pop("id", "")
        if name in names:
            each.attrib["id"] = names[name]
            defined[names[name]] = each
        if each.tag == "g" and name in _CLASSES:
            each.attrib["class"] = name
        _attributes(each, names)
    _flat(root)
    return defined


def _attributes(each: ElementTree.Element, names: Mapping[str, str]) -> None:
    """Styles become attributes, which a style sheet may override; numbers get one decimal."""
    style = dict(part.split(": ", 1) for part in each.attrib.pop("style", "").split("; ") if ": " in part)
    style.pop("font-family", None)
    each.attrib.update({name: value for name, value in style.items() if (name, value) not in _USUAL})
    if each.attrib.get("fill") == INK:  # as the whole figure
        del each.attrib["fill"]
    if "font" in each.attrib:  # "600 9px 'Font'", which no attribute can hold
        weight, size = re.findall(r"^(?:(\w+) )?([\d.]+)px", each.attrib.pop("font"))[0]
        each.attrib |= {"font-size": size} | ({"font-weight": weight} if weight else {})
    if each.tag == "text" and each.attrib.get("transform", "").startswith("rotate(-0 "):
        del each.attrib["transform"]
    if target := each.attrib.pop(_LINK, ""):
        each.attrib["href"] = f"#{names[target[1:]]}" if target[1:] in names and each.tag == "use" else target
    for name in _LENGTHS & each.attrib.keys():
        each.attrib[name] = _NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), each.attrib[name])
    if "d" in each.attrib:
        each.attrib["d"] = re.sub(r"\s*([MLCQz])\s*", r"\1", each.attrib["d"]).strip()
    if "clip-path" in each.attrib:
        each.attrib["clip-path"] = f"url(#{names[each.attrib['clip-path'][5:-1]]})"


def _flat(root: ElementTree.Element) -> None:
    """Groups that say nothing give way to what is in them."""
    for each in list(root):
        _flat(each)
    children = []
    for each in root:
        children += list(each) if each.tag == "g" and not each.attrib else [each]
    root[:] = [each for each in children if each.tag not in ("g", "defs", "a") or len(each)]


def _inlined(root: ElementTree.Element, defined: Mapping[str, ElementTree.Element]) -> None:
    """A shape that is used once stands where it is used."""
    uses = Counter(each.attrib["href"][1:] for each in root.iter("use"))
    once = {name for name, count in uses.items() if count == 1}
    for each in root.iter("use"):
        name = each.attrib["href"][1:]
        if name in once:
            x, y = each.attrib.pop("x", "0"), each.attrib.pop("y", "0")
            del each.attrib["href"]
            each.tag = "path"
            each.attrib = {**defined[name].attrib, **each.attrib, "transform": f"translate({x} {y})"}
            each.attrib.pop("id")
        else:
            same = defined[name].attrib.items() & each.attrib.items()
            each.attrib = {
                attribute: value for attribute, value in each.attrib.items() if (attribute, value) not in same
            }
    for parent in list(root.iter("defs")):
        parent[:] = [each for each in parent if each.attrib.get("id") not in once]
    _flat(root)

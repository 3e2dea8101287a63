"""matplotlib figures as inline SVG that follows the page: colours by class, text as text, no styles, no clock."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

#: Colours a chart may use; the page gives each a value for light, dark and print through its class.
INK, MUTED, RULE, PAPER, ACCENT, ALERT, TINT = (f"#00000{number}" for number in range(1, 8))
COLOUR_CLASSES: Mapping[str, str] = {
    INK: "ink",
    MUTED: "muted",
    RULE: "rule",
    PAPER: "paper",
    ACCENT: "accent",
    ALERT: "alert",
    TINT: "tint",
}

#: Properties of a style that are kept, as attributes; the content security policy forbids style attributes.
KEPT_PROPERTIES = frozenset(
    ("fill", "fill-opacity", "opacity", "stroke", "stroke-dasharray", "stroke-opacity", "stroke-width", "text-anchor")
)
_FONT_SIZE = re.compile(r"(\d+(?:\.\d+)?)px")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")

#: matplotlib's font lacks many scripts; it only measures with it, the reader's browser has its own fonts.
_NO_GLYPH = "Glyph .* missing from"

POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Tip:
    """What a mark in a chart says when pointed at, and where it leads."""

    words: str
    target: str | None = None


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of ``width`` × ``height`` px with one drawing area that fills it, in px from the top left."""
    figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=POINTS_PER_INCH)
    FigureCanvasSVG(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return figure


def to_svg(figure: Figure, name: str, *, label: str, tips: Mapping[str, Tip]) -> str:
    """The figure as an ``<svg>`` element; artists whose gid is in ``tips`` get a tooltip and a link.

    ``name`` keeps ids apart from those of other charts on the page; ``label`` is the text alternative.
    """
    buffer = io.BytesIO()
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    with warnings.catch_warnings(), mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        warnings.filterwarnings("ignore", _NO_GLYPH)
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 - written by matplotlib just now
    _drop_extras(root)
    referenced = {element.get(XLINK_HREF, "")[1:] for element in root.iter()}
    for element in root.iter():
        _restyle(element)
        if element.get("id") not in referenced and element.get("id") not in tips:
            element.attrib.pop("id", None)
    _add_tips(root, tips)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "class": "chart",
        "role": "group" if any(tip.target for tip in tips.values()) else "img",
        "aria-label": label,
    }
    return _serialise(root)


def _drop_extras(root: ElementTree.Element) -> None:
    """Without metadata, style sheets, clip paths and the white page behind the drawing."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{SVG}metadata", f"{SVG}style", f"{SVG}clipPath"} or child.get("id") == "patch_1":
                parent.remove(child)
    for parent in list(root.iter()):
        parent.attrib.pop("clip-path", None)
        for child in list(parent):
            if child.tag == f"{SVG}defs" and not len(child):
                parent.remove(child)


def _restyle(element: ElementTree.Element) -> None:
    """Style as attributes, our colours as classes, numbers with two digits."""
    classes = []
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in {"font", "font-size"} and (size := _FONT_SIZE.search(value)):
            element.set("font-size", size[1])
        if name == "font-weight" or (name == "font" and "bold" in value):
            element.set("font-weight", "bold")
        if name in {"fill", "stroke"} and value in COLOUR_CLASSES:
            classes.append(f"{name}-{COLOUR_CLASSES[value]}")
        elif name in KEPT_PROPERTIES:
            element.set(name, value)
    if classes:
        element.set("class", " ".join(classes))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for name in ("d", "x", "y", "transform", "points"):
        if name in element.attrib:
            rounded = _LONG_NUMBER.sub(lambda match: f"{float(match[0]):.2f}", element.attrib[name])
            element.set(name, " ".join(rounded.split()))


def _add_tips(root: ElementTree.Element, tips: Mapping[str, Tip]) -> None:
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            tip = tips.get(child.attrib.get("id", ""))
            if tip is None:
                continue
            del child.attrib["id"]
            title = ElementTree.Element(f"{SVG}title")
            title.text = tip.words
            child.insert(0, title)
            if tip.target:
                link = ElementTree.Element(f"{SVG}a", {"href": f"#{tip.target}", "aria-label": tip.words})
                link.append(child)
                parent[place] = link


def _serialise(root: ElementTree.Element) -> str:
    """The element without namespaces, which HTML does not need."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if XLINK_HREF in element.attrib:
            element.set("href", element.attrib.pop(XLINK_HREF))
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return re.sub(r">\s+<", "><", text)

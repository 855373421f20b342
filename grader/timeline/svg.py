"""Makes of a matplotlib figure an SVG that can stand in a page: without ids, styles, scripts or dates."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from grader.timeline.canvas import DPI, FONT, INK, Bars
from grader.timeline.plot import quiet

_FONTS = f"'{FONT}',Verdana,'Segoe UI',sans-serif"  # from the widest: text is measured in the first
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "timeline", "path.simplify": False}
_FONT = re.compile(r"(?:(\w+) )?([\d.]+)px")
_LINK = "{http://www.w3.org/1999/xlink}href"
_NOT_OURS = {"font-family", "font-style", "font-stretch", "stroke-linecap", "clip-path"}  # or of the root


def inline(figure: Figure, label: str, ink: str) -> str:
    """Return the figure as an SVG for a page: equal figures give equal bytes.

    label: the text that screen readers say. ink: the colour of text and lines, "currentColor" for the page's.
    """
    tips: dict[str, list[str]] = {}
    drawn_bars = [bars for ax in figure.axes for bars in ax.collections if isinstance(bars, Bars)]
    for number, bars in enumerate(drawn_bars):
        bars.set_gid(f"bars-{number}")
        tips[f"bars-{number}"] = list(bars.tips)
    written = io.StringIO()
    with quiet(), matplotlib.rc_context(_SETTINGS):
        figure.savefig(written, format="svg", facecolor="none", metadata={"Date": None})
    drawn = ET.fromstring(written.getvalue())
    wide, high = (round(inches * DPI) for inches in figure.get_size_inches())
    picture = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "aria-label": label,
            "width": str(wide),
            "height": str(high),
            "viewBox": drawn.get("viewBox", ""),
            "style": "max-width:100%;height:auto",
            "font-family": _FONTS,
            "fill": "none",
            "stroke-linejoin": "round",
        },
    )
    picture.extend(_shapes(drawn, tips, {}, ink))
    picture.text = "\n"
    for shape in picture:
        shape.tail = "\n"
    return ET.tostring(picture, encoding="unicode")


def _shapes(
    parent: ET.Element, tips: dict[str, list[str]], markers: dict[str, str], ink: str
) -> Iterator[ET.Element]:
    """Yield what is painted, without the groups around it, and each use of a marker as a path of its own."""
    left = iter(tips.get(parent.get("id", ""), ()))
    for element in parent:
        kind = element.tag.rpartition("}")[2]
        if kind == "defs":
            markers |= {path.get("id", ""): path.get("d", "") for path in element if "d" in path.attrib}
        elif kind == "g":
            found = list(_shapes(element, tips, markers, ink))
            yield from found if not left else (_tipped(shape, next(left, "")) for shape in found)
        elif kind in ("path", "use", "text"):
            yield _tipped(_shape(element, kind, markers, ink), next(left, ""))


def _tipped(shape: ET.Element, tip: str) -> ET.Element:
    if tip:
        ET.SubElement(shape, "title").text = tip
    return shape


def _shape(element: ET.Element, kind: str, markers: dict[str, str], ink: str) -> ET.Element:
    look = _look(element.get("style", ""), ink)
    if kind == "text":
        place = {name: _short(element.get(name, "0")) for name in ("x", "y")}
        shape = ET.Element("text", place | {"fill": ink} | look)
        shape.text = element.text
        return shape
    if kind == "path":
        return ET.Element("path", {"d": _path(element.get("d", ""))} | look)
    x, y = (_short(element.get(name, "0")) for name in ("x", "y"))
    outline = _path(markers[element.get(_LINK, "")[1:]])
    if not outline.endswith("z"):  # an open marker, as a tick, is given a fill that nobody sees
        look = {name: value for name, value in look.items() if not name.startswith("fill")}
    return ET.Element("path", {"d": outline, "transform": f"translate({x} {y})"} | look)


def _look(style: str, ink: str) -> dict[str, str]:
    """Return a style as attributes: a page may forbid styles, and they are shorter."""
    look = dict(rule.strip().split(": ", 1) for rule in style.split(";") if rule.strip())
    if found := _FONT.search(look.pop("font", "")):  # up to matplotlib 3.10: "bold 12px 'DejaVu Sans'"
        look |= {"font-size": f"{found[2]}px"} | ({"font-weight": found[1]} if found[1] else {})
    if look.get("stroke", "none") == "none" and "fill-opacity" in look:
        look["opacity"] = look.pop("fill-opacity")
    return {
        name: ink if value == INK else value.removesuffix("px")
        for name, value in look.items()
        if name not in _NOT_OURS
    }


def _short(number: str) -> str:
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _path(outline: str) -> str:
    """Return the same path in fewer letters: two decimals, H and V for level and upright lines."""
    parts: list[str] = []
    before = ("", "")
    for command, *numbers in re.findall(r"([A-Za-z])((?: ?-?[\d.]+)*)", outline):
        values = [_short(number) for number in numbers[0].split()]
        end = (values[-2], values[-1]) if values else ("", "")
        if command == "L" and end[1] == before[1]:
            parts.append(f"H{end[0]}")
        elif command == "L" and end[0] == before[0]:
            parts.append(f"V{end[1]}")
        else:
            parts.append(command + " ".join(values))
        before = end
    return "".join(parts)

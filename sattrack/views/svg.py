"""Pages as SVG 1.1, which browsers, word processors and drawing programs open.

Colours stand in attributes, those for light paper; a style sheet inside puts dark ones in their
place where the reader prefers them. What does not know style sheets shows the light picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from sattrack.views.page import Disk, Fill, Item, Page, Stroke, Text, page_of
from sattrack.views.paints import DASHES_PX, PAINTS, PAPER
from sattrack.views.scene import Point, Scene

_FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans KR', 'Malgun Gothic', sans-serif"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """Return text fit for XML: marks replaced by entities, what XML 1.0 forbids by U+FFFD."""
    allowed = "".join(c if _is_allowed(ord(c)) else "\ufffd" for c in text)
    return allowed.translate(_ESCAPES)


def _is_allowed(code: int) -> bool:
    """Whether XML 1.0, section 2.2, allows a character, and it does not turn text around."""
    if code in range(0x202A, 0x202F) or code in range(0x2066, 0x206A):
        return False
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or (0x10000 <= code <= 0x10FFFF)
    )


def scene_svg(scene: Scene) -> str:
    """Return a scene as a document, with title and description for those who hear it."""
    return page_svg(page_of(scene))


def page_svg(page: Page) -> str:
    """Return a page as a document."""
    rules = "".join(f".sattrack {rule}" for rule in _dark_rules(_inks(page.items)))
    style = f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"
    drawing = _drawing(page, page.kind, style)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *drawing]) + "\n"


def inline_svg(scene: Scene, key: str) -> str:
    """Return a scene as an element of an HTML page, whose style sheet has `dark_rules`.

    Args:
        scene: what is drawn.
        key: tells its ids from those of other pictures of the page.
    """
    page = page_of(scene)
    return "\n".join(_drawing(page, f"{page.kind}-{key}", ""))


def dark_rules(root: str) -> str:
    """Return the rules for dark paper, of every ink, for what stands below the selector `root`."""
    return "".join(f"{root} .sattrack {rule}" for rule in _dark_rules(PAINTS))


def _drawing(page: Page, key: str, style: str) -> list[str]:
    width, height = _number(page.width), _number(page.height)
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" class="sattrack" role="img" '
        f'aria-labelledby="{key}-title {key}-description" font-family="{escaped(_FONT)}">',
        f'<title id="{key}-title">{escaped(page.title)}</title>',
        f'<desc id="{key}-description">{escaped(page.description)}</desc>',
        *([style] if style else []),
        f'<rect class="paper" width="{width}" height="{height}" fill="{PAPER.light}"/>',
        *_groups(page.items),
        "</svg>",
    ]


def _inks(items: Iterable[Item]) -> dict[str, None]:
    """Return the inks that items use, in order."""
    return dict.fromkeys(
        ink for item in items for ink in (item.ink, getattr(item, "edge", "")) if ink
    )


def _dark_rules(inks: Iterable[str]) -> Iterator[str]:
    """Yield the rules for dark paper; each begins with the class it is for."""
    yield f".paper{{fill:{PAPER.dark}}}"
    for ink in inks:
        paint = PAINTS[ink]
        cover = "" if paint.dark_cover is None else f";fill-opacity:{paint.dark_cover:g}"
        yield f".{ink}{{stroke:{paint.dark}}}"
        yield f".{ink}-fill{{fill:{paint.dark}{cover}}}"


def _groups(items: Iterable[Item]) -> Iterator[str]:
    """Write neighbours of one kind and ink in one group, which says once how they look."""
    for (_, attributes), members in groupby(items, key=lambda item: (type(item), _looks(item))):
        yield f"<g {attributes}>"
        for item in members:
            yield _written(item)
        yield "</g>"


def _looks(item: Item) -> str:
    paint, ink = PAINTS[item.ink], item.ink
    match item:
        case Stroke():
            lengths = " ".join(f"{length:g}" for length in DASHES_PX.get(item.dash, ()))
            dash = f' stroke-dasharray="{lengths}"' if lengths else ""
            return (
                f'class="{ink}" fill="none" stroke="{paint.light}" '
                f'stroke-width="{paint.width:g}" stroke-linejoin="round"{dash}'
            )
        case Fill():
            edge, classes = "", f"{ink}-fill"
            if item.edge:
                line = PAINTS[item.edge]
                edge = f' stroke="{line.light}" stroke-width="{line.width:g}"'
                classes += f" {item.edge}"
            return (
                f'class="{classes}" fill="{paint.light}" fill-rule="evenodd" '
                f'fill-opacity="{paint.cover:g}"{edge}'
            )
        case Disk():
            if item.hollow:
                return (
                    f'class="{ink} paper" fill="{PAPER.light}" stroke="{paint.light}" '
                    'stroke-width="1.2"'
                )
            return f'class="{ink}-fill" fill="{paint.light}"'
        case Text():
            strong = ' font-weight="600"' if item.strong else ""
            anchor = "" if item.anchor == "start" else f' text-anchor="{item.anchor}"'
            return (
                f'class="{ink}-fill" fill="{paint.light}" font-size="{item.size:g}"{strong}{anchor}'
            )


def _written(item: Item) -> str:
    match item:
        case Stroke():
            return _named("path", f'd="{_path(item.points)}"', item.name)
        case Fill():
            rings = "".join(f"{_path(ring)}z" for ring in item.rings)
            return _named("path", f'd="{rings}"', item.name)
        case Disk(centre=(x, y), radius=radius):
            place = f'cx="{_number(x)}" cy="{_number(y)}" r="{radius:g}"'
            return _named("circle", place, item.name)
        case Text(at=(x, y)):
            # Baselines: a third of the height below the middle, which every program understands.
            text = f'<text x="{_number(x)}" y="{_number(y + 0.35 * item.size)}">'
            under = "" if item.box is None else _under(item.box)
            return f"{under}{text}{escaped(item.text)}</text>"


def _under(box: tuple[float, float, float, float]) -> str:
    left, top, width, height = map(_number, box)
    return (
        f'<rect class="paper" x="{left}" y="{top}" width="{width}" height="{height}" '
        f'fill="{PAPER.light}" fill-opacity="0.7"/>'
    )


def _named(element: str, attributes: str, name: str) -> str:
    if not name:
        return f"<{element} {attributes}/>"
    return f"<{element} {attributes}><title>{escaped(name)}</title></{element}>"


def _path(points: Iterable[Point]) -> str:
    """Return a path: its first point, then steps from point to point, which are shorter to write.

    Points are rounded before they are subtracted, so that no error adds up.
    """
    tenths = [(round(10.0 * x), round(10.0 * y)) for x, y in points]
    (x0, y0) = tenths[0]
    steps = [
        f"{_number((x - x1) / 10.0)},{_number((y - y1) / 10.0)}"
        for (x1, y1), (x, y) in pairwise(tenths)
        if (x, y) != (x1, y1)
    ]
    start = f"M{_number(x0 / 10.0)},{_number(y0 / 10.0)}"
    return f"{start}l{' '.join(steps)}" if steps else start


def _number(value: float) -> str:
    """Return a number to a tenth of a pixel, never `-0`."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")

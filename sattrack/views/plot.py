"""Pages as PNG and PDF, by matplotlib: the extra `plot`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal, TypeAlias

from sattrack.errors import InvalidInputError
from sattrack.views.page import Disk, Fill, Page, Stroke, Text, page_of
from sattrack.views.paints import DASHES_PX, PAINTS, PAPER
from sattrack.views.scene import Point, Scene

Form: TypeAlias = Literal["png", "pdf"]
Ring: TypeAlias = tuple[Point, ...]

INSTALL = "python -m pip install 'sattrack-missions[plot]'"
_NO_GLYPH = "no font installed here has all the letters of this picture; --format svg needs none"
# Pixels of a page are those of CSS, 96 to the inch; pictures have twice as many.
_PAGE_DPI, _PICTURE_DPI = 96.0, 192.0
_POINTS_A_PIXEL = 72.0 / _PAGE_DPI
# Those that are installed serve, in this order; DejaVu comes with matplotlib and knows no Hangul.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "UnDotum",
)


def scene_file(scene: Scene, form: Form) -> tuple[bytes, str]:
    """Return a scene as a PNG or PDF file, the same bytes every time, and what it lacks, if any.

    Raises:
        InvalidInputError: the extra is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise InvalidInputError(
            f"{form.upper()} needs an extra; run: {INSTALL}; or take --format svg"
        ) from None
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    fonts = [font for font in _FONTS if font in installed]
    # Text in a PDF stays text, and is found by those who search for it.
    settings: dict[Any, Any] = {"font.family": fonts, "pdf.fonttype": 42}
    with matplotlib.rc_context(settings), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        content = _drawn(page_of(scene), form)
    lacking = any("missing from font" in str(warning.message) for warning in caught)
    return content, _NO_GLYPH if lacking else ""


def _drawn(page: Page, form: Form) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((page.width / _PAGE_DPI, page.height / _PAGE_DPI), facecolor=PAPER.light)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, page.width)
    axes.set_ylim(page.height, 0.0)
    axes.set_axis_off()
    for order, item in enumerate(page.items):
        _draw(axes, item, order)
    file = BytesIO()
    told: dict[str, Any] = {"Title": page.title}
    told |= {"Description": page.description} if form == "png" else {"Subject": page.description}
    if form == "pdf":
        told |= {"CreationDate": None}
    figure.savefig(file, format=form, dpi=_PICTURE_DPI, metadata=told)
    return file.getvalue()


def _turned(rings: Sequence[Ring]) -> list[Ring]:
    """Return rings so that those inside an odd number of others run the other way.

    Agg fills what is wound around, not even or odd as SVG does on demand.
    """
    from matplotlib.path import Path

    if len(rings) == 1:
        return list(rings)
    outlines = [Path([*ring, ring[0]]) for ring in rings]
    found = []
    for k, ring in enumerate(rings):
        around = sum(path.contains_point(ring[0]) for j, path in enumerate(outlines) if j != k)
        following = (*ring[1:], ring[0])
        area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, following, strict=True))
        found.append(ring[::-1] if (area > 0.0) == (around % 2 == 1) else ring)
    return found


def _draw(axes: Any, item: Stroke | Fill | Disk | Text, order: int) -> None:
    from matplotlib.patches import Circle, PathPatch, Rectangle
    from matplotlib.path import Path

    paint = PAINTS[item.ink]
    thick = paint.width * _POINTS_A_PIXEL
    match item:
        case Stroke():
            style: Any = "solid"
            if item.dash:
                style = (0.0, [length / paint.width for length in DASHES_PX[item.dash]])
            x, y = zip(*item.points, strict=True)
            axes.plot(x, y, color=paint.light, linewidth=thick, linestyle=style, zorder=order)
        case Fill():
            rings = _turned(item.rings)
            corners = [point for ring in rings for point in (*ring, ring[0])]
            moves = [
                code
                for ring in rings
                for code in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY)
            ]
            path = Path(corners, moves)
            inside = PathPatch(path, facecolor=paint.light, alpha=paint.cover, linewidth=0.0)
            inside.set_zorder(order)
            axes.add_patch(inside)
            if item.edge:
                line = PAINTS[item.edge]
                edge = PathPatch(path, fill=False, edgecolor=line.light)
                edge.set_linewidth(line.width * _POINTS_A_PIXEL)
                edge.set_zorder(order)
                axes.add_patch(edge)
        case Disk():
            inside_colour = PAPER.light if item.hollow else paint.light
            disk = Circle(item.centre, item.radius, facecolor=inside_colour, edgecolor=paint.light)
            disk.set_linewidth(1.2 * _POINTS_A_PIXEL)
            disk.set_zorder(order)
            axes.add_patch(disk)
        case Text():
            if item.box is not None:
                left, top, width, height = item.box
                under = Rectangle((left, top), width, height, facecolor=PAPER.light, alpha=0.7)
                under.set_linewidth(0.0)
                under.set_zorder(order)
                axes.add_patch(under)
            axes.text(
                *item.at,
                # Dollars would begin mathematics.
                item.text,
                parse_math=False,
                color=paint.light,
                fontsize=item.size * _POINTS_A_PIXEL * 0.95,
                fontweight="bold" if item.strong else "normal",
                ha={"start": "left", "middle": "center", "end": "right"}[item.anchor],
                va="center_baseline",
                zorder=order,
            )

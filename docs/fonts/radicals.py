"""Redraw the square roots of the maths font: python docs/fonts/radicals.py
stix-two-math.woff2 (fontTools, brotli).

Browsers reserve for a root the width of its widest size and hang its sign
from the bar. The sign of STIX Two Math is 1.19 em high at its smallest and
becomes half as wide again when it grows: over one letter it sinks below
the line, and a gap stands behind it. Here the same sign begins at 0.72 em,
and every size is as wide as the smallest.
"""

import math
import sys

from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]
from fontTools.ttLib.tables.otTables import MathGlyphVariantRecord  # type: ignore[import-not-found]

ROOT = 0x221A
# thousandths of an em, as all lengths here
HEIGHTS = (720, 880, 1040, 1200, 1500, 1855, 2371, 2892)
UPSTREAM_HEIGHT, ADVANCE, BAR, STROKE = 1188, 794, 68, 58
# the smallest stands in text as √; the others as upstream has them
BOTTOM = {720: -100, 880: -180}
Point = tuple[float, float]


def sign(height: int) -> list[Point]:
    """The outline of a root of this height, clockwise from the upper left
    of its bar; same widths at every height.
    """
    bottom = BOTTOM.get(height, -265)
    top = bottom + height
    # where the thick stroke begins, on its outer side
    hook = bottom + 584 * height / UPSTREAM_HEIGHT
    falls = (hook - bottom) / (371 - 138)
    rises = (top - BAR - bottom) / (713 - 413)
    # of the thin stroke, measured along the line
    width = STROKE * math.hypot(1, rises) / rises
    # The inner side of the thick stroke, from (197, hook + 98), meets that
    # of the thin one.
    valley = (hook + 98 + falls * 197 - bottom + rises * (413 - width)) / (
        rises + falls
    )
    inner = hook + 98 - falls * (valley - 197)
    return [
        (713 + BAR / rises - width, top),
        (829, top),
        (829, top - BAR),
        (713, top - BAR),
        (413, bottom),
        (371, bottom),
        (138, hook),
        (34, hook - 40),
        (18, hook - 12),
        (177, hook + 98),
        (197, hook + 98),
        (valley, inner),
    ]


def drawn(points: list[Point]) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((round(points[0][0]), round(points[0][1])))
    for x, y in points[1:]:
        pen.lineTo((round(x), round(y)))
    pen.closePath()
    return pen.glyph()


def narrowed(font: TTFont, name: str) -> object:
    """A part of the endless root: its upright stroke 150 further left,
    what is before it closer together.
    """
    glyph = font["glyf"][name]
    points = []
    for x, y in glyph.coordinates:
        before = x < 845
        squeezed = 18 + (x - 86) * (695 - 18) / (845 - 86) if before else x - 150
        points.append((min(squeezed, 829), y))
    return drawn(points)


def redraw(font: TTFont) -> None:
    variants = font["MATH"].table.MathVariants
    name = font.getBestCmap()[ROOT]
    construction = variants.VertGlyphConstruction[
        variants.VertGlyphCoverage.glyphs.index(name)
    ]
    names = [record.VariantGlyph for record in construction.MathGlyphVariantRecord]
    names += [f"radical.{number}" for number in range(len(HEIGHTS) - len(names))]
    font.setGlyphOrder(
        [*font.getGlyphOrder(), *names[len(construction.MathGlyphVariantRecord) :]]
    )
    construction.MathGlyphVariantRecord = []
    for each, height in zip(names, HEIGHTS, strict=True):
        font["glyf"][each] = drawn(sign(height))
        font["hmtx"][each] = (ADVANCE, 18)
        record = MathGlyphVariantRecord()
        record.VariantGlyph, record.AdvanceMeasurement = each, height
        construction.MathGlyphVariantRecord.append(record)
    construction.VariantCount = len(HEIGHTS)
    for part in construction.GlyphAssembly.PartRecords:
        font["glyf"][part.glyph] = narrowed(font, part.glyph)
        font["hmtx"][part.glyph] = (
            ADVANCE,
            min(x for x, _ in font["glyf"][part.glyph].coordinates),
        )


if __name__ == "__main__":
    (path,) = sys.argv[1:]
    font = TTFont(path)
    redraw(font)
    font.flavor = "woff2"
    font.save(path)

"""The stage: a picture that is painted back to front through masks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from adapters.providers.demo.dice import Dice
from adapters.providers.demo.palettes import Color, Palette

Point = tuple[float, float]
Line = list[Point]
Mask = Image.Image
"""A grey picture: white is painted, black is left."""

OVER = 2  # shapes are drawn this many times larger, so that their edges come out smooth
WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)
_RADIUS_GREY = 180  # what a radial gradient of Pillow has reached at the middle of its sides


def mix(one: Color, other: Color, part: float) -> Color:
    """`one`, with a part of `other` in it."""
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
        round(one[2] + (other[2] - one[2]) * part),
    )


def along(colors: Sequence[Color], part: float) -> Color:
    """The colour that lies `part` of the way through a row of colours."""
    at = min(max(part, 0.0), 1.0) * (len(colors) - 1)
    first = min(int(at), len(colors) - 2)
    return mix(colors[first], colors[first + 1], at - first)


def scaled(mask: Mask, factor: float) -> Mask:
    return mask.point([min(255, int(grey * factor)) for grey in range(256)])


def levels(mask: Mask, low: float, gain: float) -> Mask:
    """What is darker than `low` goes to black, the rest rises `gain` times as fast."""
    return mask.point([max(0, min(255, int((grey - low) * gain))) for grey in range(256)])


def soft(mask: Mask, radius: float) -> Mask:
    return mask.filter(ImageFilter.GaussianBlur(radius))


def shifted(mask: Mask, across: float, down: float) -> Mask:
    moved = mask.copy()
    moved.paste(mask, (int(across), int(down)))
    return moved


def both(one: Mask, other: Mask) -> Mask:
    return ImageChops.multiply(one, other)


def rim(mask: Mask, thickness: float, across: float = 0) -> Mask:
    """The upper edge of a shape."""
    return ImageChops.subtract(mask, shifted(mask, across, max(1, int(thickness))))


class Sheet:
    """A mask while it is drawn."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._large = Image.new("L", (size[0] * OVER, size[1] * OVER))
        self._draw = ImageDraw.Draw(self._large)

    def polygon(self, points: Sequence[Point], grey: int = 255) -> None:
        self._draw.polygon([(x * OVER, y * OVER) for x, y in points], fill=grey)

    def line(self, points: Sequence[Point], width: float, grey: int = 255) -> None:
        scaled_points = [(x * OVER, y * OVER) for x, y in points]
        self._draw.line(scaled_points, fill=grey, width=max(1, round(width * OVER)), joint="curve")

    def disc(self, x: float, y: float, radius: float, grey: int = 255) -> None:
        self.oval(x, y, radius, radius, grey)

    def oval(self, x: float, y: float, across: float, down: float, grey: int = 255) -> None:
        box = ((x - across) * OVER, (y - down) * OVER, (x + across) * OVER, (y + down) * OVER)
        self._draw.ellipse(box, fill=grey)

    def box(self, left: float, top: float, right: float, bottom: float, grey: int = 255) -> None:
        if right > left and bottom > top:
            self._draw.rectangle((left * OVER, top * OVER, right * OVER, bottom * OVER), fill=grey)

    def mask(self) -> Mask:
        return self._large.reduce(OVER)


class Stage:
    """The picture and what everybody paints it with; `unit` is a thousandth of its shorter side."""

    def __init__(self, size: tuple[int, int], palette: Palette, dice: Dice) -> None:
        self.size = size
        self.width, self.height = size
        self.unit = min(size) / 1000
        self.palette = palette
        self.dice = dice
        self.image = Image.new("RGB", size)

    def per_area(self, count: float) -> int:
        """So many things in a square picture, and as densely in any other."""
        return int(count * self.width * self.height / min(self.size) ** 2)

    def sheet(self) -> Sheet:
        return Sheet(self.size)

    def mask(self, *shapes: Sequence[Point]) -> Mask:
        sheet = self.sheet()
        for shape in shapes:
            sheet.polygon(shape)
        return sheet.mask()

    def noise(self, columns: int, rows: int, octaves: int = 5, gain: float = 0.6) -> Mask:
        """Clouds of grey: coarse noise, and ever finer and fainter noise over it."""
        sum_of_parts, clouds = 0.0, Image.new("L", self.size)
        for octave in range(octaves):
            grain = (columns << octave, rows << octave)
            layer = Image.frombytes("L", grain, self.dice.noise(grain[0] * grain[1]))
            sum_of_parts += gain**octave
            clouds = Image.blend(clouds, layer.resize(self.size, Image.Resampling.BICUBIC), gain**octave / sum_of_parts)
        return clouds

    def fade(self, top: float, bottom: float, start: int = 255, end: int = 0) -> Mask:
        """Grey `start` down to `top`, `end` from `bottom` on."""
        column = Image.new("L", (1, self.height))
        parts = (min(1.0, max(0.0, (y - top) / max(1.0, bottom - top))) for y in range(self.height))
        column.putdata([round(start + (end - start) * part * part * (3 - 2 * part)) for part in parts])
        return column.resize(self.size)

    def paint(self, color: Color, mask: Mask) -> None:
        self.image.paste(color, (0, 0), mask)

    def ramp(self, colors: Sequence[Color], top: float, bottom: float, mask: Mask | None = None) -> None:
        """Paint from one colour to the next downwards; below it the last one goes on."""
        start, length = int(top), max(2, int(bottom) - int(top))
        column = Image.new("RGB", (1, length))
        column.putdata([along(colors, y / (length - 1)) for y in range(length)])
        sheet = Image.new("RGB", self.size, colors[-1])
        sheet.paste(colors[0], (0, 0, self.width, max(0, start)))
        sheet.paste(column.resize((self.width, length)), (0, start))
        self.image.paste(sheet, (0, 0), mask)

    def light(self, color: Color, mask: Mask) -> None:
        """Add light, which brightens what is there."""
        sheet = Image.new("RGB", self.size)
        sheet.paste(color, (0, 0), mask)
        self.image = ImageChops.screen(self.image, sheet)

    def glow(self, x: float, y: float, radius: float, color: Color, *, strength: float, power: float = 2.0) -> None:
        """Light that fades with the distance from a point."""
        self.light(color, self.halo(x, y, radius, strength=strength, power=power))

    def halo(self, x: float, y: float, radius: float, *, strength: float = 1.0, power: float) -> Mask:
        side = max(2, int(2 * radius))
        ball = Image.radial_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
        ball = ball.point([round(255 * strength * max(0.0, 1 - grey / _RADIUS_GREY) ** power) for grey in range(256)])
        halo = Image.new("L", self.size)
        halo.paste(ball, (int(x - radius), int(y - radius)))
        return halo


def below(line: Line, bottom: float) -> Line:
    """The shape between a line and the bottom."""
    return [(line[0][0] - 2, bottom), *line, (line[-1][0] + 2, bottom)]


def crest(
    stage: Stage, base: float, rise: float, *, waves: float, octaves: int = 6, gain: float = 0.5, sharp: bool = False
) -> Line:
    """A skyline around `base`: mountains if `sharp`, else hills."""
    width, step = stage.width, 3
    heights, sum_of_parts = [0.0] * (width // step + 2), 0.0
    for octave in range(octaves):
        bumps = waves * 2**octave
        lattice = [stage.dice.between(-1, 1) for _ in range(int(bumps) + 5)]
        offset = stage.dice.between(0, 1)
        sum_of_parts += gain**octave
        for index in range(len(heights)):
            at = index * step / width * bumps + offset
            part = math.modf(at)[0]
            part = part if sharp else part * part * (3 - 2 * part)
            low, high = lattice[int(at)], lattice[int(at) + 1]
            heights[index] += gain**octave * (low + (high - low) * part)
    return [(index * step, base - rise * 1.6 * height / sum_of_parts) for index, height in enumerate(heights)]


def smooth(points: Sequence[Point], steps: int = 8) -> Line:
    """A closed curve through points (Catmull-Rom)."""
    ring = [points[-1], *points, points[0], points[1]]
    return [
        _between(*corners, step / steps)
        for corners in zip(ring, ring[1:], ring[2:], ring[3:], strict=False)
        for step in range(steps)
    ]


def _between(one: Point, two: Point, three: Point, four: Point, part: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        bend = 2 * a - 5 * b + 4 * c - d
        return b + 0.5 * part * (c - a + part * (bend + part * (3 * (b - c) + d - a)))

    return axis(one[0], two[0], three[0], four[0]), axis(one[1], two[1], three[1], four[1])

"""A lighthouse on its rock."""

from __future__ import annotations

import math

from adapters.providers.demo.palettes import Color, Finish
from adapters.providers.demo.stage import (
    BLACK,
    Line,
    Point,
    Stage,
    both,
    levels,
    mix,
    rim,
    scaled,
    soft,
)
from adapters.providers.demo.surfaces import figure, shadow, shine


def headland(stage: Stage, side: int, base: float, height: float, reach: float) -> Line:
    """The outline of a rocky point that comes from one side (-1: the left)."""
    outline = []
    for step in range(47):
        part = step / 46
        rise = (1 - part**2.6) * (0.86 + 0.14 * math.cos(5 * part))
        y = base - height * rise + stage.dice.between(-1, 1) * height * 0.035
        outline.append((part * reach if side < 0 else stage.width - part * reach, y))
    return outline


def rock(stage: Stage, outline: Line, side: int) -> None:
    """Solid, rough rock below an outline that begins at one side."""
    palette, unit = stage.palette, stage.unit
    edge = -10 if side < 0 else stage.width + 10
    bottom = stage.height + 5
    shape = stage.mask([(edge, bottom), (edge, outline[0][1]), *outline, (outline[-1][0], bottom)])
    color = mix(palette.dark, BLACK, 0.12)
    if palette.finish is Finish.CUT:
        shadow(stage, shape, lift=9, strength=0.35)
    stage.paint(color, shape)
    lit = mix(color, palette.glow if palette.finish is Finish.GLOW else palette.sky[-1], 0.35)
    if palette.finish is not Finish.CUT:
        grain = levels(stage.noise(9, 14, gain=0.75), 118, 4)
        low = max(y for _, y in outline)
        stage.paint(lit, scaled(both(both(shape, grain), stage.fade(outline[0][1], low, 255, 40)), 0.5))
    stage.paint(mix(color, palette.glow, 0.5), scaled(rim(shape, 3 * unit, 2 * unit * side), 0.6))
    if palette.finish is Finish.GLOW:
        shine(stage, palette.glow, rim(shape, 3 * unit), 8)


def lighthouse(stage: Stage, x: float, ground: float, height: float, toward: int, *, dark: bool) -> None:
    """A striped tower that sends its light to one side (-1: the left); brightly when it is dark."""
    lamp = ground - height * 0.86
    if stage.palette.finish is not Finish.WASH:
        for side, reach in ((toward, 1.0), (-toward, 0.75)):
            _beam(stage, (x, lamp), side, reach, 0.75 if dark else 0.32)
    _tower(stage, x, ground, height, toward, dark=dark)
    _lantern(stage, x, ground - height * 0.80, height)
    if stage.palette.luminous:
        stage.glow(x, lamp, height * 0.35, stage.palette.lamp, strength=0.55 if dark else 0.3, power=2.2)
        stage.glow(x, lamp, height * 0.085, (255, 250, 230), strength=0.9, power=1.5)


def _beam(stage: Stage, lamp: Point, side: int, reach: float, strength: float) -> None:
    x, y = lamp
    length = max(stage.size) * 1.1
    ends = [(x + side * length, y + length * slope) for slope in (-0.10, 0.01)]
    cone = soft(stage.mask([lamp, *ends]), 6 * stage.unit)
    light = scaled(both(cone, stage.halo(x, y, length * reach * 0.75, power=1.4)), strength)
    if stage.palette.luminous:
        stage.light(stage.palette.lamp, light)
    else:
        stage.paint(stage.palette.lamp, light)


def _tower(stage: Stage, x: float, ground: float, height: float, toward: int, *, dark: bool) -> None:
    palette, unit, tall = stage.palette, stage.unit, height * 0.80

    def ring(part: float) -> tuple[Point, Point]:
        half, y = height * 0.105 * (1 - 0.42 * part), ground - tall * part
        return (x - half, y), (x + half, y)

    def band(low: float, high: float) -> Line:
        (a, b), (c, d) = ring(low), ring(high)
        return [a, b, d, c]

    white, red = _coat(stage, dark=dark)
    shape = stage.mask(band(-0.02, 1))
    figure(stage, shape, white)
    stage.paint(red, stage.mask(band(-0.02, 0.2), band(0.4, 0.6), band(0.8, 1)))
    shade, far = stage.sheet(), x - toward * height
    shade.box(min(x, far), ground - height, max(x, far), ground + 9)
    stage.paint(palette.dark, scaled(both(soft(shade.mask(), 4 * unit), shape), 0.42))
    door, openings = height * 0.021, stage.sheet()
    openings.box(x - door, ground - height * 0.065, x + door, ground + 6 * unit)
    for part in (0.3, 0.62):
        openings.box(
            x - door / 2, ground - tall * part - height * 0.02, x + door / 2, ground - tall * part + height * 0.018
        )
    stage.paint(mix(palette.dark, palette.lamp, 0.25 if dark else 0), scaled(openings.mask(), 0.85))


def _coat(stage: Stage, *, dark: bool) -> tuple[Color, Color]:
    palette = stage.palette
    match palette.finish:
        case Finish.WASH:
            return mix(palette.sky[-1], palette.dark, 0.12), mix(palette.land[0], palette.dark, 0.8)
        case Finish.GLOW:
            return mix(palette.land[0], palette.dark, 0.2), mix(palette.glow, palette.dark, 0.45)
        case _:
            white = mix(mix(palette.sky[-1], (255, 250, 240), 0.6), palette.dark, 0.36 if dark else 0.10)
            return white, mix((196, 62, 48), palette.dark, 0.38 if dark else 0.15)


def _lantern(stage: Stage, x: float, top: float, height: float) -> None:
    palette, unit, half = stage.palette, stage.unit, height * 0.061
    roof = top - height * 0.115
    iron, glass, bars = stage.sheet(), stage.sheet(), stage.sheet()
    iron.box(x - half * 1.45, top - height * 0.008, x + half * 1.45, top + height * 0.012)
    iron.polygon(_trapezium(x, top, half * 1.3, top + height * 0.03, half))
    iron.line([(x - half * 1.4, top - height * 0.035), (x + half * 1.4, top - height * 0.035)], 1.8 * unit)
    for post in (-1.35, -0.45, 0.45, 1.35):
        iron.line([(x + half * post, top), (x + half * post, top - height * 0.035)], 1.6 * unit)
    iron.polygon(_trapezium(x, roof, half * 0.95, roof - height * 0.062, half * 0.3))
    iron.line([(x, roof - height * 0.05), (x, roof - height * 0.11)], 2 * unit)
    glass.box(x - half * 0.66, roof, x + half * 0.66, top)
    for bar in (-0.66, -0.2, 0.2, 0.66):
        bars.line([(x + half * bar, roof), (x + half * bar, top)], 1.5 * unit)
    stage.paint(palette.lamp, glass.mask())
    stage.paint(mix(palette.dark, BLACK, 0.25), bars.mask())
    stage.paint(mix(palette.dark, BLACK, 0.25), iron.mask())


def _trapezium(x: float, one: float, half_one: float, other: float, half_other: float) -> Line:
    """A symmetrical shape between two heights."""
    return [(x - half_one, one), (x + half_one, one), (x + half_other, other), (x - half_other, other)]

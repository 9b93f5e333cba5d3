"""What stands in the landscape: trees, a house, a boat, a fox."""

from __future__ import annotations

import math
from collections.abc import Iterable

from adapters.providers.demo.palettes import Finish
from adapters.providers.demo.stage import (
    BLACK,
    WHITE,
    Line,
    Mask,
    Point,
    Stage,
    both,
    mix,
    scaled,
    smooth,
    soft,
)
from adapters.providers.demo.surfaces import figure, tree_color

TIERS = 9


def firs(stage: Stage, line: Line, depth: float, height: float, gap: tuple[float, float] | None = None) -> None:
    """A row of firs along a skyline, but for a gap."""
    dice, step = stage.dice, line[1][0] - line[0][0]
    trees, x = [], -0.3 * height
    while x < stage.width + 0.3 * height:
        foot = line[min(len(line) - 1, max(0, int(x / step)))][1]
        tree = _fir(stage, x, foot, height * dice.between(0.55, 1.15))
        if gap is None or not gap[0] < x < gap[1]:
            trees.append(tree)
        x += height * dice.between(0.10, 0.34)
    figure(stage, stage.mask(*trees), tree_color(stage, depth), depth=depth)


def _fir(stage: Stage, x: float, foot: float, height: float) -> Line:
    dice, width = stage.dice, height * stage.dice.between(0.17, 0.24)
    left: Line = []
    right: Line = []
    for tier in range(1, TIERS + 1):
        y, reach = foot - height + height * 0.96 * tier / TIERS, width * tier / TIERS
        left += [(x - reach * dice.between(0.85, 1.1), y + height * 0.025), (x - reach * 0.5, y)]
        right += [(x + reach * dice.between(0.85, 1.1), y + height * 0.025), (x + reach * 0.5, y)]
    trunk = [(x + width * 0.08, foot + height * 0.1), (x - width * 0.08, foot + height * 0.1)]
    return [(x, foot - height), *right, *trunk, *reversed(left)]


def cabin(stage: Stage, x: float, y: float, size: float) -> None:
    """A small house in which somebody is at home."""
    palette = stage.palette
    wall = mix(palette.dark, palette.land[1], 0.35 if palette.finish is Finish.CUT else 0.18)
    roof = mix(WHITE, palette.land[0], 0.25) if palette.snow else mix(palette.dark, BLACK, 0.35)

    def box(sheet_box: tuple[float, float, float, float]) -> Line:
        left, top, right, bottom = (side * size for side in sheet_box)
        return [(x + left, y + top), (x + right, y + top), (x + right, y + bottom), (x + left, y + bottom)]

    gable = [(x - 0.66 * size, y - 0.40 * size), (x, y - 0.86 * size), (x + 0.66 * size, y - 0.40 * size)]
    figure(stage, stage.mask(box((-0.5, -0.42, 0.5, 0.12))), wall)
    stage.paint(roof, stage.mask(gable, box((0.22, -0.88, 0.36, -0.55))))
    stage.paint(palette.lamp, stage.mask(box((-0.30, -0.27, -0.06, -0.06)), box((0.10, -0.27, 0.32, 0.12))))
    stage.paint(wall, stage.mask(box((-0.19, -0.27, -0.17, -0.06)), box((-0.30, -0.175, -0.06, -0.155))))
    if palette.luminous:
        stage.glow(x, y - 0.1 * size, 1.3 * size, palette.lamp, strength=0.5, power=2.2)
        _smoke(stage, x + 0.29 * size, y - 0.92 * size, size)


def _smoke(stage: Stage, x: float, y: float, size: float) -> None:
    palette, sheet = stage.palette, stage.sheet()
    for puff in range(9):
        drift = 0.06 * puff * math.sin(0.8 * puff + 1)
        sheet.disc(x + drift * size, y - 0.17 * puff * size, (0.05 + 0.026 * puff) * size, 150 - 14 * puff)
    color = mix(palette.sky[-1], palette.land[0], 0.3) if palette.moon else mix(palette.sky[-1], WHITE, 0.3)
    stage.paint(color, scaled(soft(sheet.mask(), 0.07 * size), 0.55))


FOX_BODY = (
    (0.30, 0.98), (0.275, 0.84), (0.285, 0.68), (0.33, 0.54), (0.34, 0.46), (0.26, 0.425), (0.13, 0.435), (0.12, 0.395),
    (0.21, 0.32), (0.275, 0.26), (0.305, 0.11), (0.375, 0.21), (0.43, 0.225), (0.495, 0.11), (0.515, 0.27),
    (0.52, 0.40), (0.59, 0.52), (0.66, 0.65), (0.68, 0.80), (0.64, 0.92), (0.56, 0.98),
)  # fmt: skip
FOX_TAIL = (
    (0.56, 0.97), (0.66, 0.86), (0.78, 0.70), (0.90, 0.62), (0.99, 0.66), (0.97, 0.80), (0.86, 0.93), (0.70, 1.0),
)  # fmt: skip
FOX_TIP = ((0.88, 0.60), (0.95, 0.58), (1.02, 0.66), (0.99, 0.78), (0.93, 0.74), (0.91, 0.68))
FOX_FUR = (
    (0.10, 0.42), (0.20, 0.395), (0.30, 0.40), (0.37, 0.36), (0.40, 0.44), (0.395, 0.55), (0.36, 0.68), (0.305, 0.74),
    (0.25, 0.70), (0.26, 0.50), (0.12, 0.46),
)  # fmt: skip
FOX_PAW = ((0.27, 1.0), (0.265, 0.90), (0.30, 0.83), (0.355, 0.89), (0.37, 1.0))


def fox(stage: Stage, x: float, foot: float, size: float, facing: int) -> None:
    """A fox that sits and looks into the picture."""
    palette = stage.palette
    red, pale = mix((214, 92, 38), palette.dark, 0.12), mix(palette.sky[-1], WHITE, 0.6)
    if palette.moon:
        red, pale = mix(red, palette.dark, 0.35), mix(pale, palette.dark, 0.25)
    if palette.finish is Finish.WASH:
        red, pale = palette.orb, mix(palette.sky[-1], palette.land[0], 0.15)

    def part(outline: Iterable[Point]) -> Mask:
        placed = [(x - facing * (px - 0.5) * size, foot + (py - 0.98) * size) for px, py in outline]
        return stage.mask(smooth(placed))

    body, tail = part(FOX_BODY), part(FOX_TAIL)
    figure(stage, tail, mix(red, palette.dark, 0.15))
    stage.paint(pale, both(part(FOX_TIP), tail))
    figure(stage, body, red)
    stage.paint(pale, both(part(FOX_FUR), body))
    stage.paint(mix(palette.dark, BLACK, 0.3), both(part(FOX_PAW), body))
    sheet = stage.sheet()
    sheet.disc(x - facing * (0.262 - 0.5) * size, foot + (0.34 - 0.98) * size, 0.014 * size)
    sheet.disc(x - facing * (0.128 - 0.5) * size, foot + (0.405 - 0.98) * size, 0.019 * size)
    stage.paint(mix(palette.dark, BLACK, 0.5), sheet.mask())


def boat(stage: Stage, x: float, y: float, size: float) -> None:
    palette = stage.palette
    sail, hull = mix(palette.sky[-1], WHITE, 0.6), palette.dark
    if palette.moon or palette.finish is Finish.WASH:
        sail = mix(palette.sky[-1], palette.land[0], 0.35)
    big = [(0.03, -1.05), (0.03, -0.14), (0.5, -0.14)]
    small = [(-0.03, -0.92), (-0.03, -0.14), (-0.34, -0.14)]
    keel = [(-0.45, -0.12), (0.55, -0.12), (0.38, 0.06), (-0.32, 0.06)]
    mast = [(-0.015, -1.1), (0.015, -1.1), (0.015, 0.0), (-0.015, 0.0)]

    def placed(shape: list[Point]) -> Line:
        return [(x + across * size, y + down * size) for across, down in shape]

    figure(stage, stage.mask(placed(big), placed(small)), sail)
    figure(stage, stage.mask(placed(keel), placed(mast)), hull)

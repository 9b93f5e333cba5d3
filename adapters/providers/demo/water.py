"""Water: still, rippled or rough."""

from __future__ import annotations

import math

from PIL import Image, ImageFilter

from adapters.providers.demo.palettes import Color, Finish
from adapters.providers.demo.stage import WHITE, Line, Stage, along, below, both, mix, scaled, soft
from adapters.providers.demo.surfaces import shadow, shine

Heights = list[tuple[float, float]]
"""Places across the picture with how high a wave is there, 0..1."""


def still(stage: Stage, horizon: int, *, ripple: float = 1.0) -> None:
    """Water up to the horizon that mirrors what stands there, as far as the finish mirrors."""
    palette = stage.palette
    match palette.finish:
        case Finish.CUT:
            _below(stage, (mix(palette.sky[-1], palette.land[0], 0.55), along(palette.land, 0.45)), horizon)
        case Finish.WASH:
            _below(stage, (mix(palette.sky[-1], palette.land[0], 0.10), palette.sky[-1]), horizon)
        case _:
            _mirror(stage, horizon, ripple)


def _below(stage: Stage, colors: tuple[Color, Color], horizon: int) -> None:
    stage.ramp(colors, horizon, stage.height, stage.fade(horizon - 1, horizon, 0, 255))


def _mirror(stage: Stage, horizon: int, ripple: float) -> None:
    palette, unit, width = stage.palette, stage.unit, stage.width
    depth = stage.height - horizon
    above = stage.image.crop((0, max(0, horizon - int(depth * 1.15)), width, horizon))
    mirrored = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, depth))
    mirrored = mirrored.filter(ImageFilter.GaussianBlur(1.6 * unit))
    water, y, phase = mirrored.copy(), 0, stage.dice.between(0, 6)
    while y < depth:
        part = y / depth
        rows = max(1, int((1 + 5 * part) * unit))
        swing = math.sin(y * 0.11 / unit * (1 - 0.75 * part) + phase) + 0.6 * math.sin(y * 0.045 / unit + 2 * phase)
        strip = mirrored.crop((0, y, width, min(depth, y + rows)))
        water.paste(strip, (int((1.5 + 16 * part) * unit * ripple * swing), y))
        y += rows
    tint = Image.new("RGB", water.size, mix(palette.sky[0], palette.dark, 0.4))
    stage.image.paste(Image.blend(water, tint, 0.24), (0, horizon))


def glitter(stage: Stage, x: float, horizon: float) -> None:
    """The path of light that sun or moon lay on the water."""
    palette, unit, dice = stage.palette, stage.unit, stage.dice
    sheet, y = stage.sheet(), horizon + 2 * unit
    while y < stage.height:
        part = (y - horizon) / (stage.height - horizon)
        spread = 70 * unit * (0.22 + 1.1 * part)
        for _ in range(dice.whole(1, 3)):
            middle = x + dice.between(-1, 1) * spread * dice.between(0.1, 0.9)
            length = spread * dice.between(0.08, 0.4) * (0.5 + 0.8 * part)
            grey = int((235 - 110 * part) * dice.between(0.5, 1))
            sheet.oval(middle, y, length, (0.7 + 2.4 * part) * unit, grey)
        y += (2.2 + 9 * part) * unit * dice.between(0.7, 1.2)
    path = sheet.mask() if palette.luminous else scaled(sheet.mask(), 0.55)
    stage.light(mix(palette.orb, palette.glow, 0.25), path)
    stage.light(palette.glow, scaled(soft(path, 9 * unit), 0.9))


def ripples(stage: Stage, horizon: float) -> None:
    """Small flat waves, every one a light or a dark lens."""
    palette, unit, dice = stage.palette, stage.unit, stage.dice
    light, dark, y = stage.sheet(), stage.sheet(), horizon + 3 * unit
    while y < stage.height:
        part = (y - horizon) / (stage.height - horizon)
        for _ in range(dice.whole(2, 5)):
            x, length = dice.between(-0.05, 1.05) * stage.width, dice.between(14, 60) * (0.3 + 2.4 * part) * unit
            height, lean = (0.45 + 2.2 * part) * unit, dice.between(-0.3, 0.3) * length
            lens = [(x - length, y), (x + lean, y - height), (x + length, y), (x + lean / 2, y + height * 0.7)]
            (light if dice.chance(0.5) else dark).polygon(lens, dice.whole(70, 200))
        y += (2.4 + 15 * part) * unit * dice.between(0.7, 1.3)
    if palette.finish is Finish.WASH:
        stage.paint(palette.dark, scaled(dark.mask(), 0.5))
        return
    pale = mix(palette.sky[-1], palette.sky[-2], 0.3) if palette.moon else mix(palette.sky[-1], WHITE, 0.2)
    stage.paint(pale, scaled(light.mask(), 0.7 if palette.finish is Finish.CUT else 0.36))
    stage.paint(mix(palette.dark, palette.sky[0], 0.35), scaled(dark.mask(), 0.34))


def waves(stage: Stage, top: float, rows: int, rise: float) -> None:
    """Rows of waves that come nearer, each with its foam; `rise` is the height of the nearest."""
    palette, unit = stage.palette, stage.unit
    for row in range(1, rows + 1):
        part = row / rows
        base = top + (stage.height * 1.02 - top) * part**1.6
        height = (4 + rise * part**1.4) * unit
        heights = _surge(stage, (70 + 420 * part) * unit)
        line = [(x, base - height * up) for x, up in heights]
        deep = mix(
            mix(along(palette.land, 0.2), palette.sky[-2], 0.3), mix(palette.dark, palette.sky[0], 0.3), part**0.8
        )
        _wave(stage, line, (base - height, base), deep, part)
        _foam(stage, line, heights, deep, part=part, rise=rise)


def _wave(stage: Stage, line: Line, reach: tuple[float, float], deep: Color, part: float) -> None:
    palette, unit = stage.palette, stage.unit
    shape = stage.mask(below(line, stage.height + 2))
    high, low = mix(deep, palette.sky[-1], 0.34 * (1 - 0.4 * part)), mix(deep, palette.dark, 0.45)
    match palette.finish:
        case Finish.CUT:
            shadow(stage, shape, lift=7)
            stage.paint(mix(high, low, 0.2 + 0.6 * part), shape)
        case Finish.WASH:
            runs_out = stage.fade(reach[0] - 6 * unit, reach[1] + (20 + 90 * part) * unit, 225, 25)
            stage.paint(along(palette.land, 0.25 + 0.75 * part), both(shape, runs_out))
        case _:
            stage.ramp((high, deep, low), reach[0], reach[1] + (10 + 34 * part) * unit, scaled(shape, 0.94))


def _surge(stage: Stage, length: float) -> Heights:
    """Pointed waves in groups."""
    phases = [stage.dice.between(0, 7) for _ in range(4)]
    heights: Heights = []
    for x in range(0, stage.width + 8, 4):
        angle = x / length * math.tau
        point = 1 - abs(math.sin(angle / 2 + phases[0] + 0.5 * math.sin(0.21 * angle + phases[1])))
        group = 0.25 + 0.75 * (0.5 + 0.5 * math.sin(0.13 * angle + phases[2]))
        heights.append((x, max(0.0, point**2 * group + 0.06 * math.sin(1.3 * angle + phases[3]))))
    return heights


def _foam(stage: Stage, line: Line, heights: Heights, deep: Color, *, part: float, rise: float) -> None:
    palette, unit = stage.palette, stage.unit
    thickness = [max(0.0, up - 0.22) ** 1.25 * (3 + 11 * part) * (0.45 + rise / 110) * unit for _, up in heights]
    under = [(x, y + thick) for (x, y), thick in zip(line, thickness, strict=True)]
    crest = stage.mask([*line, *reversed(under)])
    white = mix(palette.sky[-1], WHITE, 0.1 if palette.moon else 0.45)
    match palette.finish:
        case Finish.CUT:
            stage.paint(mix(deep, white, 0.85), crest)
        case Finish.WASH:
            stage.paint(palette.dark, scaled(crest, 0.7))
        case Finish.GLOW:
            shine(stage, mix(palette.glow, palette.lamp, part), crest, 8)
        case Finish.SOFT:
            stage.paint(white, scaled(crest, 0.6 + 0.25 * part))
            _spray(stage, line, heights, white, part)


def _spray(stage: Stage, line: Line, heights: Heights, white: Color, part: float) -> None:
    """What the wind takes off high waves, and what runs down their faces."""
    unit, dice = stage.unit * part, stage.dice
    sheet = stage.sheet()
    for (x, y), (_, up) in zip(line[::3], heights[::3], strict=True):
        if not dice.chance(max(0.0, up - 0.35) * 1.4):
            continue
        run, start = dice.between(10, 60) * unit * up, x + dice.between(-6, 6) * unit
        sheet.line(
            [(start, y), (start - run * 0.7, y + run * 0.55)], dice.between(0.6, 1.8) * unit, dice.whole(40, 130)
        )
        for _ in range(3):
            drop = (x + dice.between(-30, 14) * unit, y - dice.between(0, 26) * unit * up)
            sheet.disc(*drop, dice.between(0.5, 2) * unit, dice.whole(60, 200))
    stage.paint(white, scaled(sheet.mask(), 0.75))

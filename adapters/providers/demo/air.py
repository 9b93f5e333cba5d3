"""Sky, light and weather."""

from __future__ import annotations

import math

from PIL import Image, ImageChops

from adapters.providers.demo.palettes import Finish, Mood
from adapters.providers.demo.stage import BLACK, WHITE, Mask, Stage, along, both, levels, mix, scaled, shifted, soft
from adapters.providers.demo.surfaces import brush, shadow


def sky(stage: Stage, horizon: float, mood: Mood) -> None:
    """Everything above the horizon but sun and moon."""
    stage.ramp(stage.palette.sky, 0, horizon)
    if stage.palette.stars:
        stars(stage, horizon)
    if stage.palette.moon and stage.palette.snow:
        aurora(stage, horizon)
    match stage.palette.finish:
        case Finish.CUT:
            _paper_clouds(stage, horizon)
        case Finish.SOFT | Finish.WASH if mood is Mood.STORM:
            _storm_clouds(stage, horizon)
        case Finish.SOFT:
            _fair_clouds(stage, horizon)
        case _:
            pass  # an empty sky is part of the look


def stars(stage: Stage, horizon: float, count: float = 420) -> None:
    unit, dice = stage.unit, stage.dice
    sheet = stage.sheet()
    for _ in range(stage.per_area(count)):
        brightness = dice.between(0, 1) ** 3
        x, y = dice.between(0, stage.width), dice.between(0, 1) ** 1.3 * horizon
        sheet.disc(x, y, (0.5 + 1.1 * brightness) * unit, int(90 + 165 * brightness))
    mask = both(sheet.mask(), stage.fade(horizon * 0.45, horizon))
    stage.light((255, 250, 235), mask)
    stage.light((170, 190, 255), scaled(soft(mask, 2.5 * unit), 2))


def aurora(stage: Stage, horizon: float) -> None:
    palette, dice, width = stage.palette, stage.dice, stage.width
    for color in (palette.glow, mix(palette.glow, (120, 90, 255), 0.55), palette.sky[-1]):
        phase, base, rise = dice.between(0, 7), horizon * dice.between(0.4, 0.7), horizon * dice.between(0.3, 0.5)
        rays = Image.frombytes("L", (40, 1), dice.noise(40)).resize((width, 1), Image.Resampling.BICUBIC).tobytes()
        curtain, step = Image.new("L", stage.size), max(2, int(3 * stage.unit))
        ray = Image.linear_gradient("L").point([int(grey * (1 - (grey / 255) ** 12) * 0.9) for grey in range(256)])
        for x in range(0, width, step):
            angle, strength = x / width * math.tau, rays[x] / 255
            foot = base + horizon * (0.10 * math.sin(1.1 * angle + phase) + 0.04 * math.sin(3.1 * angle + 2 * phase))
            strip = scaled(ray.resize((step, max(2, int(rise * (0.5 + 0.6 * strength))))), 0.35 + 0.65 * strength)
            curtain.paste(strip, (x, int(foot) - strip.height))
        stage.light(color, scaled(soft(curtain, 7 * stage.unit), 0.6))


def _fair_clouds(stage: Stage, horizon: float) -> None:
    palette, unit = stage.palette, stage.unit
    clouds = levels(stage.noise(2, 6, octaves=6, gain=0.62), 118, 4.2)
    high, low = stage.fade(horizon * 0.05, horizon * 0.35, 0, 255), stage.fade(horizon * 0.5, horizon, 255, 60)
    clouds = both(clouds, both(high, low))
    body = mix(palette.sky[1], palette.sky[2], 0.6) if palette.moon else along(palette.sky, 0.78)
    stage.paint(body, scaled(clouds, 0.55))
    if not palette.moon:
        lit = ImageChops.subtract(clouds, shifted(clouds, 0, 10 * unit))
        stage.paint(mix(palette.orb, palette.sky[-1], 0.4), scaled(lit, 0.9))


def _storm_clouds(stage: Stage, horizon: float) -> None:
    palette, unit = stage.palette, stage.unit
    for strength in (0.75, 0.5):
        clouds = levels(stage.noise(2, 6, octaves=6, gain=0.62), 106, 4.2)
        body = both(clouds, stage.fade(horizon * 0.35, horizon, 255, 30))
        stage.paint(mix(palette.sky[0], BLACK, 0.25), scaled(body, strength))
        lit = both(
            ImageChops.subtract(clouds, shifted(clouds, -6 * unit, -14 * unit)), stage.fade(0, horizon, 120, 200)
        )
        stage.paint(mix(palette.sky[-1], palette.sky[1], 0.35), scaled(lit, strength * 0.7))


def _paper_clouds(stage: Stage, horizon: float) -> None:
    palette, dice = stage.palette, stage.dice
    color = mix(palette.sky[-1], WHITE, 0.12 if palette.moon else 0.55)
    for _ in range(dice.whole(2, 4)):
        x, y, size = dice.between(0.05, 0.95), dice.between(0.12, 0.5) * horizon, dice.between(60, 120) * stage.unit
        sheet = stage.sheet()
        for puff in range(5):
            radius = size * (0.22 + 0.4 * math.sin(math.pi * (puff + 0.5) / 5)) * dice.between(0.85, 1.1)
            sheet.disc(x * stage.width + (puff - 2) * size * 0.62, y, radius)
        sheet.box(0, y, stage.width, stage.height, 0)
        cloud = sheet.mask()
        shadow(stage, shifted(cloud, 0, 14 * stage.unit), lift=7, strength=0.2)
        stage.paint(color, cloud)


def orb(stage: Stage, x: float, y: float, radius: float) -> None:
    """Sun or moon, with its light."""
    palette, unit = stage.palette, stage.unit
    disc = _disc(stage, x, y, radius)
    match palette.finish:
        case Finish.SOFT:
            stage.glow(x, y, radius * 6.4, palette.glow, strength=0.55, power=2.2)
            stage.glow(x, y, radius * 2.3, palette.orb, strength=0.55)
        case Finish.GLOW:
            stage.glow(x, y, radius * 2.8, palette.glow, strength=0.7)
            stage.ramp((palette.orb, mix(palette.orb, palette.glow, 0.6), palette.glow), y - radius, y + radius, disc)
            return
        case Finish.CUT:
            shadow(stage, shifted(disc, 0, 16 * unit), lift=8, strength=0.18)
        case Finish.WASH:
            disc = both(soft(disc, 1.2 * unit), brush(stage))
    stage.paint(palette.orb, disc)


def _disc(stage: Stage, x: float, y: float, radius: float) -> Mask:
    sheet = stage.sheet()
    sheet.disc(x, y, radius)
    if stage.palette.finish is Finish.GLOW:  # the sun of a neon sky is cut into stripes
        for stripe in range(6):
            top = y + radius * (0.05 + 0.17 * stripe)
            sheet.box(x - radius, top, x + radius, top + radius * (0.025 + 0.02 * stripe), 0)
    if stage.palette.moon and stage.dice.chance(0.5):
        sheet.disc(x + radius * 0.42, y - radius * 0.15, radius, 0)
    return sheet.mask()


def mist(stage: Stage, y: float, height: float, strength: float) -> None:
    """A bank of mist around a height; paper and neon have none."""
    palette = stage.palette
    if palette.finish in (Finish.CUT, Finish.GLOW):
        return
    color = mix(palette.sky[-1], palette.land[0], 0.5) if palette.moon else palette.sky[-1]
    band = both(stage.fade(y - height, y, 0, 255), stage.fade(y, y + height))
    stage.paint(color, scaled(both(levels(stage.noise(2, 5, octaves=4), 80, 2.2), band), strength))


def shafts(stage: Stage, x: float, y: float) -> None:
    """Light that falls between trees."""
    palette, dice, reach = stage.palette, stage.dice, stage.height * 1.3
    sheet = stage.sheet()
    for _ in range(6):
        angle, spread = dice.between(0.15, 0.85) * math.pi, dice.between(0.02, 0.06)
        ends = [(x + reach * math.cos(angle + a), y + reach * math.sin(angle + a)) for a in (-spread, spread)]
        sheet.polygon([(x, y), *ends], dice.whole(50, 130))
    beams = both(soft(sheet.mask(), 10 * stage.unit), stage.halo(x, y, stage.height * 0.8, power=1.2))
    stage.light(mix(palette.glow, palette.sky[1], 0.4) if palette.moon else palette.glow, scaled(beams, 0.55))


def birds(stage: Stage, x: float, y: float, count: int) -> None:
    palette, unit, dice = stage.palette, stage.unit, stage.dice
    sheet = stage.sheet()
    for _ in range(count):
        left, top = x + dice.between(-90, 90) * unit, y + dice.between(-40, 40) * unit
        size = dice.between(7, 13) * unit
        for side in (-size, size):
            wing = [(left + side * t, top - size * 0.55 * math.sin(math.pi * min(1, 1.1 * t))) for t in _SEVENTHS]
            sheet.line(wing, 1.7 * unit)
    stage.paint(mix(palette.dark, palette.land[0], 0.25), sheet.mask())


_SEVENTHS = tuple(step / 6 for step in range(7))


def weather(stage: Stage, mood: Mood) -> None:
    """Snow or rain, where there is some."""
    if stage.palette.snow:
        _snow(stage)
    elif mood is Mood.STORM:
        _rain(stage)


def _snow(stage: Stage) -> None:
    dice, unit = stage.dice, stage.unit
    far, near = stage.sheet(), stage.sheet()
    for _ in range(stage.per_area(260)):
        nearness = dice.between(0, 1) ** 2
        sheet = near if nearness > 0.55 else far  # noqa: PLR2004 - the nearer ones are out of focus
        x, y = dice.between(0, stage.width), dice.between(0, stage.height)
        sheet.disc(x, y, (1.0 + 3.0 * nearness) * unit, int(120 + 135 * nearness))
    stage.paint(WHITE, scaled(far.mask(), 0.85))
    stage.paint(WHITE, scaled(soft(near.mask(), 1.6 * unit), 0.75))


def _rain(stage: Stage) -> None:
    palette, dice, unit = stage.palette, stage.dice, stage.unit
    cut, wash = palette.finish is Finish.CUT, palette.finish is Finish.WASH
    sheet = stage.sheet()
    for _ in range(stage.per_area(105 if cut else 420)):
        x, y, length = (
            dice.between(-0.1, 1.2) * stage.width,
            dice.between(-0.05, 1) * stage.height,
            dice.between(16, 46),
        )
        drop = [(x, y), (x - length * 0.22 * unit, y + length * unit)]
        sheet.line(drop, 2 * unit if cut else dice.between(0.6, 1.2) * unit, dice.whole(50, 150))
    color = palette.dark if wash else mix(palette.sky[-1], WHITE, 0.4)
    stage.paint(color, scaled(sheet.mask(), 0.3 if wash else 0.5))


def fireflies(stage: Stage) -> None:
    palette, dice, unit = stage.palette, stage.dice, stage.unit
    sheet = stage.sheet()
    for _ in range(stage.per_area(26)):
        x, y = dice.between(0.05, 0.95) * stage.width, dice.between(0.62, 0.97) * stage.height
        sheet.disc(x, y, dice.between(1.2, 2.6) * unit)
    dots = sheet.mask()
    stage.light(palette.lamp, scaled(soft(dots, 5 * unit), 5))
    stage.light(palette.lamp, dots)

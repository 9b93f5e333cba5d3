"""The places that are drawn, each back to front."""

from __future__ import annotations

import math
from collections.abc import Callable

from adapters.providers.demo import air, figures, water
from adapters.providers.demo.lighthouse import headland, lighthouse, rock
from adapters.providers.demo.palettes import Finish, Mood
from adapters.providers.demo.planet import planet
from adapters.providers.demo.stage import (
    BLACK,
    Line,
    Stage,
    along,
    both,
    crest,
    levels,
    mix,
    scaled,
)
from adapters.providers.demo.surfaces import land, shadow
from adapters.providers.demo.town import ROWS, town

Motifs = frozenset[str]
LAKE = frozenset({"lake", "reflection", "mirror", "pond", "river"})
LIGHT = frozenset({"lighthouse", "light", "beacon", "storm", "coast", "harbor", "harbour", "cliff"})
HOUSE = frozenset({"cabin", "house", "hut", "cottage"})
MOTIFS = LAKE | LIGHT | HOUSE | {"fox"}
"""Words that a scene answers to."""


def mountains(stage: Stage, mood: Mood, motifs: Motifs) -> None:
    """Ranges behind ranges, a wood in front; at times a lake between them."""
    dice, unit, height = stage.dice, stage.unit, stage.height
    lake = bool(motifs & LAKE) or dice.chance(0.3)
    horizon = height * (0.60 if lake else 0.62)
    x = stage.width * (dice.pick((0.3, 0.36, 0.64, 0.7)) + dice.between(-0.04, 0.04))
    air.sky(stage, horizon, mood)
    air.orb(stage, x, horizon * dice.between(0.34, 0.74), dice.between(48, 74) * unit)
    for layer in range(4):
        part = layer / 5
        base = horizon * 0.80 + (height * 1.02 - horizon * 0.80) * (part * 0.45 if lake else part**1.25)
        rise = (150 * (1 - part) ** 0.8 + 55) * unit * (0.8 if lake else 1)
        sharp = layer < 3  # noqa: PLR2004 - the near ones are hills
        line = crest(stage, base, rise, waves=2.2 + 1.2 * part, octaves=7 if sharp else 5, gain=0.52, sharp=sharp)
        land(stage, line, part**1.1)
        air.mist(stage, base + height * 0.06, height * 0.09, 0.55 * (1 - 0.6 * part))
    if lake:
        shore = int(height * 0.70)
        water.still(stage, shore, ripple=0.6)
        water.ripples(stage, shore)
    for layer, base in ((4, 0.86 if not lake else 0.93), (5, 1.0)):
        line = crest(stage, height * base, 60 * unit, waves=3, octaves=5, gain=0.42)
        land(stage, line, (layer / 5) ** 1.1)
        figures.firs(stage, line, layer / 5, (34 + 52 * (layer - 3)) * unit)
    if "fox" in motifs:
        _visit(stage)
    air.weather(stage, mood)
    air.birds(stage, stage.width - x, horizon * 0.40, dice.whole(0, 6))


def _visit(stage: Stage) -> None:
    """A fox comes to the front, on a rise of its own."""
    unit, dice = stage.unit, stage.dice
    facing = dice.pick((-1, 1))
    x = stage.width * (0.5 - facing * dice.between(-0.2, -0.06))
    line = crest(stage, stage.height * 0.93, 26 * unit, waves=1.5, octaves=3, gain=0.3)
    land(stage, line, 1.0)
    foot = line[int(x / 3)][1]
    figures.fox(stage, x, foot + 8 * unit, 250 * unit, facing)


def forest(stage: Stage, mood: Mood, motifs: Motifs) -> None:
    """A clearing between rows of firs."""
    dice, unit, width, height = stage.dice, stage.unit, stage.width, stage.height
    palette, horizon = stage.palette, stage.height * 0.66
    x, y = width * dice.between(0.35, 0.65), horizon * dice.between(0.40, 0.58)
    middle = width / 2 + (x - width / 2) * 0.6
    air.sky(stage, horizon, mood)
    if mood is not Mood.STORM:
        air.orb(stage, x, y, dice.between(46, 64) * unit)
    for row in range(6):
        part = row / 5
        base = horizon * 0.93 + (height * 0.98 - horizon * 0.93) * part**1.3
        line = crest(stage, base, (46 - 14 * part) * unit, waves=1.6 + part, octaves=4, gain=0.4)
        land(stage, line, 0.06 + 0.94 * part, haze=0.7)
        open_ = width * (0.05 + 0.20 * part**1.5)
        gap = (middle - open_, middle + open_) if row > 1 else None
        figures.firs(stage, line, 0.06 + 0.94 * part, (70 + 250 * part**1.25) * unit, gap)
        air.mist(stage, base + height * 0.02, height * 0.10, 0.62 * (1 - part))
    if palette.finish is Finish.SOFT and mood is not Mood.STORM:
        air.shafts(stage, x, y)
    if "fox" in motifs:
        figures.fox(stage, middle, height * 0.95, 210 * unit, dice.pick((-1, 1)))
    elif motifs & HOUSE or dice.chance(0.5):
        figures.cabin(stage, middle + dice.between(-0.04, 0.04) * width, height * 0.905, 92 * unit)
    if palette.moon and not palette.snow and palette.luminous:
        air.fireflies(stage)
    air.weather(stage, mood)


def sea(stage: Stage, mood: Mood, motifs: Motifs) -> None:
    """Open water, and on most days a lighthouse on its rock."""
    dice, unit, width, height = stage.dice, stage.unit, stage.width, stage.height
    storm, palette, side = mood is Mood.STORM, stage.palette, stage.dice.pick((-1, 1))
    horizon = int(height * (0.56 if storm else 0.60))
    x = width * (0.5 - side * dice.between(0.04, 0.20))
    air.sky(stage, horizon, mood)
    if storm:
        stage.glow(x, horizon * 0.92, 270 * unit, palette.glow, strength=0.5)
        water.still(stage, horizon)
        water.waves(stage, horizon, 13, 96)
    else:
        coast = crest(stage, horizon - 2 * unit, 26 * unit, waves=2, octaves=5)
        land(stage, [(cx, min(horizon + 1, cy + 12 * unit)) for cx, cy in coast], 0.12)
        water.still(stage, horizon)
        high = (0.28, 0.45) if palette.moon else (0.50, 0.80)
        air.orb(stage, x, horizon * dice.between(*high), dice.between(44, 66) * unit)
        if palette.finish is not Finish.WASH:
            water.glitter(stage, x, horizon)
        water.ripples(stage, horizon)
        figures.boat(stage, width * (0.5 + 0.12 * side), horizon + (height - horizon) * 0.13, 70 * unit)
        air.birds(stage, x + dice.between(-150, 150) * unit, horizon * 0.3, dice.whole(3, 6))
    if motifs & LIGHT or dice.chance(0.6):
        _point(stage, side, dark=palette.moon or storm or palette.finish is Finish.GLOW)
        water.waves(stage, height * (0.93 if storm else 0.95), 3, 70 if storm else 22)
    air.weather(stage, mood)


def _point(stage: Stage, side: int, *, dark: bool) -> None:
    dice, width, height = stage.dice, stage.width, stage.height
    outline = headland(stage, side, height * 0.90, height * 0.27, width * dice.between(0.42, 0.52))
    x = width * (0.5 + side * 0.30)
    ground = min(outline, key=lambda point: abs(point[0] - x))[1]
    lighthouse(stage, x, ground + 8 * stage.unit, height * 0.40, -side, dark=dark)
    rock(stage, outline, side)


def city(stage: Stage, mood: Mood, _: Motifs) -> None:
    """A skyline at the waterside."""
    dice, unit, palette = stage.dice, stage.unit, stage.palette
    shore = int(stage.height * 0.80)
    x = stage.width * dice.pick((0.28, 0.34, 0.66, 0.72))
    air.sky(stage, shore, mood)
    if mood is not Mood.STORM:
        air.orb(stage, x, shore * dice.between(0.34, 0.60), dice.between(60, 92) * unit)
    for row in ROWS:
        town(stage, row, shore)
        if row is not ROWS[-1]:
            air.mist(stage, shore, stage.height * 0.16, 0.5)
    water.still(stage, shore, ripple=0.75)
    water.ripples(stage, shore)
    if not palette.evening:
        air.birds(stage, stage.width - x, shore * 0.25, 5)
    air.weather(stage, mood)


def cosmos(stage: Stage, _: Mood, __: Motifs) -> None:
    """A planet with its rings, and what else is about."""
    dice, unit, palette = stage.dice, stage.unit, stage.palette
    width, height = stage.size
    night = palette.luminous or palette.stars
    edge = mix(palette.dark, palette.sky[0], 0.5) if night else palette.sky[0]
    stage.ramp((edge, mix(palette.sky[0], palette.dark, 0.15) if night else palette.sky[-1], edge), 0, height)
    if palette.luminous:
        for color, strength in ((palette.glow, 0.5), (along(palette.sky, 0.5), 0.6), (palette.sky[-1], 0.28)):
            veil = both(levels(stage.noise(2, 2, octaves=6), 118, 3), levels(stage.noise(3, 3, octaves=4), 90, 2))
            stage.light(mix(color, BLACK, 0.35), scaled(veil, strength))
    if night:
        air.stars(stage, height * 1.6, 520)
    x, y, radius = width * dice.between(0.4, 0.6), height * dice.between(0.42, 0.58), dice.between(190, 250) * unit
    planet(stage, x, y, radius, rings=True)
    side = -1 if x > width / 2 else 1
    moon = (x + side * dice.between(260, 330) * unit, y - dice.between(190, 280) * unit)
    planet(stage, *moon, dice.between(34, 62) * unit, rings=False)


def strata(stage: Stage, mood: Mood, _: Motifs) -> None:
    """Flowing bands under a large sun: no place, only colour."""
    dice, unit, palette = stage.dice, stage.unit, stage.palette
    width, height = stage.size
    stage.ramp(palette.sky, 0, height * 0.8)
    if palette.stars:
        air.stars(stage, height * 0.7)
    air.orb(
        stage, width * dice.pick((0.32, 0.5, 0.68)), height * dice.between(0.24, 0.36), dice.between(110, 170) * unit
    )
    tilt = dice.between(-0.35, 0.35)
    for band in range(9):
        part = band / 8
        phase, length = dice.between(0, 7), width * dice.between(0.7, 1.3)
        slope = tilt * (1 - 0.5 * part)
        line: Line = []
        for x in range(0, width + 4, 4):
            angle = x / length * math.tau
            swing = (70 - 22 * part) * math.sin(angle + phase) + 24 * math.sin(2.2 * angle + 2 * phase)
            line.append((x, height * (0.42 + 0.62 * part) + (x - width / 2) * slope + swing * unit))
        color = mix(along(palette.land, part), palette.glow, 0.4 * (band % 2) * (1 - part))
        if palette.finish is Finish.SOFT:
            shape = stage.mask([(-2, height * 2), *line, (width + 6, height * 2)])
            shadow(stage, shape, lift=14, strength=0.22)
        land(stage, line, part, haze=0.15, color=color)
    if palette.snow:
        air.weather(stage, mood)


SCENES: dict[str, Callable[[Stage, Mood, Motifs], None]] = {
    "strata": strata,
    "sea": sea,
    "city": city,
    "cosmos": cosmos,
    "forest": forest,
    "mountains": mountains,
}

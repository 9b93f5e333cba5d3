"""A planet, with or without rings."""

from __future__ import annotations

import math

from adapters.providers.demo.palettes import Finish
from adapters.providers.demo.stage import (
    BLACK,
    WHITE,
    Line,
    Mask,
    Stage,
    below,
    both,
    crest,
    mix,
    rim,
    scaled,
    soft,
)
from adapters.providers.demo.surfaces import figure


def planet(stage: Stage, x: float, y: float, radius: float, *, rings: bool) -> None:
    palette, tilt = stage.palette, stage.dice.between(-0.5, 0.5)
    ring_color = mix(palette.orb, palette.land[0], 0.35)
    bands = ((1.28, 1.42, 0.55), (1.46, 1.78, 0.85), (1.82, 1.92, 0.45)) if rings else ()

    def ring(inner: float, outer: float, start: float) -> Mask:
        def arc(size: float) -> Line:
            angles = [start + math.pi * step / 90 for step in range(91)]
            flat = [(size * radius * math.cos(a), size * radius * 0.26 * math.sin(a)) for a in angles]
            return [
                (x + a * math.cos(tilt) - b * math.sin(tilt), y + a * math.sin(tilt) + b * math.cos(tilt))
                for a, b in flat
            ]

        return stage.mask([*arc(outer), *reversed(arc(inner))])

    for inner, outer, strength in bands:
        stage.paint(ring_color, scaled(ring(inner, outer, math.pi), strength * 0.7))
    _ball(stage, x, y, radius, tilt=tilt, belts=16 if rings else 8)
    for inner, outer, strength in bands:
        stage.paint(ring_color, scaled(ring(inner, outer, 0), strength))


def _ball(stage: Stage, x: float, y: float, radius: float, *, tilt: float, belts: int) -> None:
    palette, unit, dice = stage.palette, stage.unit, stage.dice
    sheet, lit = stage.sheet(), stage.sheet()
    sheet.disc(x, y, radius)
    lit.disc(x - 0.42 * radius, y - 0.36 * radius, 1.18 * radius)
    ball = sheet.mask()
    if palette.luminous:
        stage.glow(x, y, radius * 1.6, palette.glow, strength=0.5, power=2.4)
    figure(stage, ball, palette.land[0])
    colors = (palette.land[0], mix(palette.land[0], palette.glow, 0.45), mix(palette.land[0], palette.sky[-1], 0.45),
              mix(palette.land[0], palette.land[-1], 0.35), palette.glow)  # fmt: skip
    for belt in range(belts):
        line = crest(stage, y - radius * (1.25 - 2.7 * belt / belts), radius * 0.05, waves=3, octaves=3)
        slanted = [(px, py + (px - x) * math.tan(tilt)) for px, py in line]
        stage.paint(dice.pick(colors), both(stage.mask(below(slanted, stage.height * 3)), ball))
    cut = palette.finish is Finish.CUT
    night = both(ball, soft(lit.mask(), unit if cut else 0.16 * radius).point(list(range(255, -1, -1))))
    stage.paint(mix(palette.dark, BLACK, 0.55), scaled(night, 0.45 if cut else 0.86))
    if palette.luminous:
        edge = rim(ball, 3 * unit, 3 * unit)
        stage.light(mix(palette.glow, WHITE, 0.4), soft(both(edge, ball), 1.5 * unit))

"""How land and figures are laid on the stage, by the finish of the picture."""

from __future__ import annotations

from adapters.providers.demo.palettes import Color, Finish
from adapters.providers.demo.stage import (
    BLACK,
    WHITE,
    Line,
    Mask,
    Stage,
    along,
    below,
    both,
    mix,
    rim,
    scaled,
    shifted,
    soft,
)


def land(stage: Stage, line: Line, depth: float, *, haze: float = 0.55, color: Color | None = None) -> Mask:
    """A layer of land below a line; `depth` 0 is far, 1 is near. Returns its shape."""
    color = color or along(stage.palette.land, depth)
    shape = stage.mask(below(line, stage.height + 2))
    top = min(y for _, y in line)
    match stage.palette.finish:
        case Finish.CUT:
            _sheet(stage, shape, color)
        case Finish.WASH:
            _wash(stage, shape, color, top, depth)
        case Finish.GLOW:
            _neon(stage, shape, line, color, depth)
        case Finish.SOFT:
            misty = mix(color, _haze(stage), haze * (1 - depth))
            stage.ramp((color, misty), top, top + 0.42 * stage.height, shape)
    return shape


def _haze(stage: Stage) -> Color:
    horizon, far = stage.palette.sky[-1], stage.palette.land[0]
    return mix(horizon, far, 0.4) if stage.palette.moon else horizon


def shadow(stage: Stage, shape: Mask, *, lift: float = 8, strength: float = 0.3) -> None:
    """The shadow of a sheet of paper on what is behind it; `lift` is how far it stands off."""
    unit = stage.unit
    cast = shifted(soft(shape, lift * unit), 3 * unit, -lift * unit)
    stage.paint(mix(stage.palette.dark, BLACK, 0.35), scaled(cast, strength))


def _sheet(stage: Stage, shape: Mask, color: Color) -> None:
    shadow(stage, shape)
    stage.paint(color, shape)
    stage.paint(mix(color, WHITE, 0.45), scaled(rim(shape, 2 * stage.unit), 0.5))


def _wash(stage: Stage, shape: Mask, color: Color, top: float, depth: float) -> None:
    grain = brush(stage)
    stage.paint(stage.palette.sky[-1], both(shape, stage.fade(top, top + 0.25 * stage.height, 240, 120)))
    runs_out = stage.fade(top, top + (0.30 + 0.10 * depth) * stage.height, 235, 18)
    stage.paint(color, both(both(shape, runs_out), grain))
    edge = rim(shape, (2 + 2 * depth) * stage.unit)
    stage.paint(mix(color, BLACK, 0.3), scaled(both(edge, grain), 0.55))


def brush(stage: Stage) -> Mask:
    """The uneven ink of a brush."""
    clouds = stage.noise(5, 8, octaves=6, gain=0.7)
    return clouds.point([max(0, min(255, 200 + int((grey - 128) * 1.5))) for grey in range(256)])


def _neon(stage: Stage, shape: Mask, line: Line, color: Color, depth: float) -> None:
    palette, unit = stage.palette, stage.unit
    top = min(y for _, y in line)
    stage.ramp((mix(color, palette.glow, 0.10 + 0.25 * (1 - depth)), palette.land[-1]), top, stage.height, shape)
    sheet = stage.sheet()
    sheet.line(line, (1.2 + 2.2 * depth) * unit)
    shine(stage, mix(palette.glow, palette.lamp, depth), sheet.mask())


def shine(stage: Stage, color: Color, mask: Mask, spread: float = 10) -> None:
    """A lit tube: bright itself, and light around it."""
    stage.light(color, scaled(soft(mask, spread * stage.unit), 1.6))
    stage.light(color, mask)


def figure(stage: Stage, shape: Mask, color: Color, *, depth: float = 1.0) -> None:
    """Something that stands before the land: trees, houses, a boat."""
    palette, unit = stage.palette, stage.unit
    if palette.finish is Finish.CUT:
        shadow(stage, shape, lift=4, strength=0.25)
    stage.paint(color, shape)
    if palette.finish is Finish.GLOW:
        stage.light(mix(palette.glow, palette.lamp, depth), scaled(rim(shape, 1.5 * unit), 0.5))


def tree_color(stage: Stage, depth: float) -> Color:
    """Trees are darker than the land they stand on, and paler the farther they are."""
    return mix(along(stage.palette.land, depth * 0.6), stage.palette.dark, 0.25 + 0.75 * depth)

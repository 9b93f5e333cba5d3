"""Rows of buildings with their windows."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.providers.demo.palettes import Finish
from adapters.providers.demo.stage import (
    Mask,
    Sheet,
    Stage,
    along,
    both,
    mix,
    rim,
    scaled,
    soft,
)
from adapters.providers.demo.surfaces import brush, shadow, shine


@dataclass(frozen=True, slots=True)
class Building:
    """One front; `roof` is a kind from 0 to 5."""

    left: float
    top: float
    width: float
    roof: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of buildings: how near it is, their heights and width, and the room that a window takes."""

    depth: float
    low: float
    high: float
    wide: float
    window: tuple[float, float]


ROWS = (
    Row(depth=0.10, low=170, high=400, wide=64, window=(7, 9)),
    Row(depth=0.42, low=110, high=330, wide=84, window=(10, 13)),
    Row(depth=0.86, low=70, high=220, wide=112, window=(13, 17)),
)
FLAT = 4  # from this kind on, roofs are flat


def town(stage: Stage, row: Row, base: float) -> None:
    """A row of buildings with their windows, down to `base`."""
    buildings = _buildings(stage, row, base)
    shape = _outline(stage, buildings, base + 3)
    _facades(stage, shape, row.depth, base)
    _lamps(stage, both(_windows(stage, buildings, row, base), shape), row)


def _buildings(stage: Stage, row: Row, base: float) -> list[Building]:
    dice, unit = stage.dice, stage.unit
    x, buildings = -row.wide * unit * dice.between(0, 1), []
    while x < stage.width:
        width = row.wide * unit * dice.between(0.55, 1.25)
        height = dice.between(row.low, row.high) * unit * (1.0 if dice.chance(0.82) else 1.45)
        buildings.append(Building(x, base - height, width, dice.whole(0, 5)))
        x += width * dice.between(0.92, 1.12)
    return buildings


def _outline(stage: Stage, buildings: list[Building], base: float) -> Mask:
    sheet = stage.sheet()
    for building in buildings:
        sheet.box(building.left, building.top, building.left + building.width, base)
        if building.roof < FLAT:
            _roof(sheet, building, stage.unit)
    return sheet.mask()


def _roof(sheet: Sheet, building: Building, unit: float) -> None:
    left, top, width = building.left, building.top, building.width
    match building.roof:
        case 0:
            sheet.polygon([(left, top + 1), (left + width / 2, top - width * 0.55), (left + width, top + 1)])
        case 1:
            sheet.box(left + width * 0.2, top - 16 * unit, left + width * 0.8, top + 1)
            sheet.line([(left + width / 2, top - 70 * unit), (left + width / 2, top)], 2.2 * unit)
        case 2:
            sheet.box(left + width * 0.15, top - 26 * unit, left + width * 0.85, top + 1)
            sheet.box(left + width * 0.3, top - 46 * unit, left + width * 0.7, top + 1)
        case _:
            sheet.box(left + width * 0.12, top - 12 * unit, left + width * 0.35, top + 1)
            sheet.line([(left + width * 0.75, top - 34 * unit), (left + width * 0.75, top)], 1.6 * unit)


def _windows(stage: Stage, buildings: list[Building], row: Row, base: float) -> Mask:
    """The lit windows: more of them in the evening."""
    unit, dice, sheet = stage.unit, stage.dice, stage.sheet()
    across, down = row.window[0] * unit, row.window[1] * unit
    lit = 0.30 if stage.palette.evening else 0.16
    for building in buildings:
        for floor in range(int((base - building.top - 28 * unit) / down)):
            for place in range(int((building.width - 14 * unit) / across)):
                if dice.chance(lit):
                    left, top = building.left + 8 * unit + place * across, building.top + 14 * unit + floor * down
                    sheet.box(left, top, left + across * 0.55, top + down * 0.55, dice.whole(110, 255))
    return sheet.mask()


def _facades(stage: Stage, shape: Mask, depth: float, base: float) -> None:
    palette, unit = stage.palette, stage.unit
    color = along((*palette.land[:3], palette.dark), depth)
    match palette.finish:
        case Finish.CUT:
            shadow(stage, shape)
            stage.paint(color, shape)
        case Finish.WASH:
            runs_out = stage.fade(base * 0.3, base, 235, int(120 + 100 * depth))
            stage.paint(color, both(both(shape, brush(stage)), runs_out))
        case Finish.GLOW:
            stage.paint(color, shape)
            shine(stage, mix(palette.glow, palette.lamp, depth), scaled(rim(shape, 2 * unit), 0.7), 6)
        case Finish.SOFT:
            hazy = mix(color, mix(palette.sky[-1], palette.land[0], 0.3), 0.5 * (1 - depth))
            stage.ramp((color, color, hazy), base * 0.35, base, shape)


def _lamps(stage: Stage, lit: Mask, row: Row) -> None:
    palette, color = stage.palette, stage.palette.lamp
    if palette.finish is Finish.WASH:
        color = mix(palette.sky[-1], palette.lamp, 0.25)
    elif palette.finish is Finish.GLOW and row is ROWS[1]:
        color = mix(palette.lamp, palette.glow, 0.6)
    stage.paint(color, scaled(lit, (0.4 if palette.evening else 0.2) + 0.5 * row.depth))
    if palette.evening and palette.luminous:
        stage.light(color, scaled(soft(lit, 7 * stage.unit), 0.8))

"""Pure: width and height, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import GenerationRequest
from bot.parsing.values import choice, whole

SIDE_PX = (256, 2048)
SIDE_STEP_PX = 8
SHAPES = {"square": "1:1", "portrait": "3:4", "landscape": "4:3", "tall": "9:16", "wide": "16:9"}
SIZES = ("small", "medium", "large")
PIXELS = {
    ("small", "square"): (680, 680),
    ("small", "portrait"): (592, 784),
    ("small", "landscape"): (784, 592),
    ("small", "tall"): (512, 912),
    ("small", "wide"): (912, 512),
    ("medium", "square"): (1024, 1024),
    ("medium", "portrait"): (888, 1184),
    ("medium", "landscape"): (1184, 888),
    ("medium", "tall"): (768, 1368),
    ("medium", "wide"): (1368, 768),
    ("large", "square"): (1536, 1536),
    ("large", "portrait"): (1328, 1768),
    ("large", "landscape"): (1768, 1328),
    ("large", "tall"): (1152, 2048),
    ("large", "wide"): (2048, 1152),
}
"""Width and height by size and shape."""


def to_shape(value: str) -> str:
    """The shape that a person meant; raises `InvalidRequest`."""
    return choice({"shape": value}, "shape", SHAPES) or ""


def sides(options: Mapping[str, str]) -> tuple[int, int] | tuple[None, None]:
    """Width and height in pixels; both None where nothing was said. One side alone keeps the shape."""
    if not options.keys() & {"shape", "size", "width", "height"}:
        return None, None
    shape = choice(options, "shape", SHAPES) or "square"
    size = choice(options, "size", dict.fromkeys(SIZES, "")) or "medium"
    width, height = whole(options, "width", *SIDE_PX), whole(options, "height", *SIDE_PX)
    usual_width, usual_height = PIXELS[size, shape]
    if width is not None:
        return _rounded(width), _rounded(width * usual_height / usual_width if height is None else height)
    if height is not None:
        return _rounded(height * usual_width / usual_height), _rounded(height)
    return usual_width, usual_height


def _rounded(side_px: float) -> int:
    low, high = SIDE_PX
    return min(high, max(low, int(side_px / SIDE_STEP_PX + 0.5) * SIDE_STEP_PX))


def written_sides(request: GenerationRequest) -> dict[str, str | int | None]:
    for (size, shape), sides in PIXELS.items():
        if sides == (request.width, request.height):
            return {"shape": shape, "size": None if size == "medium" else size}
    return {"width": request.width, "height": request.height}

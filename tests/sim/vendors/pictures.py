"""Small real pictures that say what was asked for."""

from __future__ import annotations

import colorsys
import io
import textwrap
import zlib

from PIL import Image, ImageDraw, ImageFont

SIDE_PX = 512


def draw(prompt: str, style: str, number: int, *, kind: str = "PNG") -> bytes:
    """A PNG or JPEG of 512 x 512 pixels with the prompt, the style and the number on it."""
    hue = zlib.crc32(prompt.encode()) % 360 / 360
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), _colour(hue, 0.45))
    brush = ImageDraw.Draw(picture)
    brush.ellipse((250, 60, 630, 440), fill=_colour(hue + 0.08, 0.62))
    brush.rectangle((0, 360, SIDE_PX, SIDE_PX), fill=_colour(hue + 0.5, 0.25))
    brush.text((24, 20), f"simulated #{number}", font=ImageFont.load_default(22), fill="white")
    brush.text((24, 60), "\n".join(textwrap.wrap(prompt, 34)[:8]), font=ImageFont.load_default(26), fill="white")
    brush.text((24, 460), style or "no style", font=ImageFont.load_default(22), fill="white")
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def _colour(hue: float, lightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, 0.5)
    return round(red * 255), round(green * 255), round(blue * 255)

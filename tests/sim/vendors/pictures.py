"""Small real pictures that say what was asked for."""

from __future__ import annotations

import colorsys
import io
import textwrap
import zlib

from PIL import Image, ImageDraw, ImageFont

SIDE_PX = 512


def draw(words: str, style: str, number: int) -> bytes:
    """A PNG of 512 x 512 pixels with the words, the style and the number on it."""
    hue = zlib.crc32(words.encode()) % 360 / 360
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), _colour(hue, 0.45))
    brush = ImageDraw.Draw(picture)
    brush.ellipse((250, 60, 630, 440), fill=_colour(hue + 0.08, 0.62))
    brush.rectangle((0, 360, SIDE_PX, SIDE_PX), fill=_colour(hue + 0.5, 0.25))
    brush.text((24, 20), f"simulated #{number}", font=ImageFont.load_default(22), fill="white")
    brush.text((24, 60), "\n".join(textwrap.wrap(words, 34)[:8]), font=ImageFont.load_default(26), fill="white")
    brush.text((24, 460), style or "no style", font=ImageFont.load_default(22), fill="white")
    return _png(picture)


def plain(words: str, style: str, number: int) -> bytes:
    """A PNG of one pixel, another one for each number: for jobs by the thousand."""
    return _png(Image.new("RGB", (1, 1), (number >> 16 & 255, number >> 8 & 255, number & 255)))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _colour(hue: float, lightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, 0.5)
    return round(red * 255), round(green * 255), round(blue * 255)

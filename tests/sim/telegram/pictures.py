"""What becomes of a file that is sent: pictures are made smaller and get new ids, documents stay as they are."""

from __future__ import annotations

import io
import mimetypes

from PIL import Image
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import MIB, Media, Size, Upload
from sim.telegram.world import World

MOST_PHOTO_BYTES = 10 * MIB
MOST_PIXELS = 10_000  # width and height together
MOST_RATIO = 20
SIDES = (90, 320, 800, 1280)


def photo(world: World, sent: Upload | str) -> Media:
    """A picture in the sizes that Telegram shows, or the one that the bot names by an id."""
    if isinstance(sent, str):
        return _known(world, sent, "photo")
    if len(sent.data) > MOST_PHOTO_BYTES:
        told = (
            f"file of size {len(sent.data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO_BYTES} bytes"
        )
        raise Refusal(400, told)
    width, height = _dimensions(sent.data)
    if width + height > MOST_PIXELS or max(width, height) > MOST_RATIO * min(width, height):
        raise Refusal(400, "PHOTO_INVALID_DIMENSIONS")
    sizes = tuple(_sizes(world, width, height))
    media = Media("photo", sent.data, sizes[-1].file_id, sizes[-1].unique_id, sizes=sizes)
    world.files |= dict.fromkeys((size.file_id for size in sizes), media)
    return media


def document(world: World, sent: Upload | str) -> Media:
    if isinstance(sent, str):
        return _known(world, sent, "document")
    if not sent.data:
        raise Refusal(400, "file must be non-empty")
    guessed = mimetypes.guess_type(sent.name)[0] or "application/octet-stream"
    media = Media("document", sent.data, world.unique("doc"), world.unique("u"), sent.name, guessed)
    world.files[media.file_id] = media
    return media


def download(media: Media, file_id: str) -> bytes:
    """A document as it was sent; a photo as the JPEG of that size which Telegram made of it."""
    size = next((size for size in media.sizes if size.file_id == file_id), None)
    if size is None:
        return media.data
    with Image.open(io.BytesIO(media.data)) as picture, io.BytesIO() as written:
        picture.convert("RGB").resize((size.width, size.height)).save(written, "JPEG")
        return written.getvalue()


def _known(world: World, file_id: str, kind: str) -> Media:
    if "://" in file_id:
        raise Breach("failed to get HTTP URL content", "the simulator fetches no pictures from addresses")
    media = world.files.get(file_id)
    if media is None:
        raise Refusal(400, "wrong file identifier/HTTP URL specified")
    if media.kind != kind:
        raise Refusal(400, f"can't use file of type {media.kind.title()} as {kind.title()}")
    return media


def _dimensions(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError):  # whatever Pillow says of bytes that are no picture
        raise Refusal(400, "IMAGE_PROCESS_FAILED") from None


def _sizes(world: World, width: int, height: int) -> list[Size]:
    """Never larger than it is, each step larger than the one before."""
    scales = [min(1.0, side / max(width, height)) for side in SIDES]
    kept = [scale for number, scale in enumerate(scales) if number == 0 or scale > scales[number - 1]]
    return [Size(world.unique("photo"), world.unique("u"), *_scaled(width, height, scale)) for scale in kept]


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))

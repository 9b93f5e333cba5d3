"""What becomes of a file that is sent: pictures are made smaller and get new ids, others stay as they are."""

from __future__ import annotations

import io
import mimetypes

from PIL import Image
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON, MIB, Film, Media, Size, Upload
from sim.telegram.world import World

MOST_PHOTO_BYTES = 10 * MIB
MOST_PIXELS = 10_000  # width and height together
MOST_RATIO = 20
SIDES = (90, 320, 800, 1280)
MOST_POSTER_BYTES, MOST_POSTER_SIDE = 200_000, 320


def photo(world: World, sent: Upload | str) -> Media:
    """A picture in the sizes that Telegram shows, or the one that the bot names by an id."""
    if isinstance(sent, str):
        return _known(world, sent, "photo")
    if len(sent.data) > MOST_PHOTO_BYTES:
        told = (
            f"file of size {len(sent.data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO_BYTES} bytes"
        )
        raise Refusal(400, told)
    try:
        with Image.open(io.BytesIO(sent.data)) as picture:
            sizes = tuple(_sizes(world, picture))
    except (OSError, ValueError, SyntaxError):  # whatever Pillow says of bytes that are no picture
        raise Refusal(400, "IMAGE_PROCESS_FAILED") from None
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


def video(world: World, sent: Upload | str, said: JSON) -> Media:
    """A video with what the bot said of it; what is no MPEG-4 becomes a document."""
    if isinstance(sent, str):
        return _known(world, sent, "video")
    if sent.data[4:8] != b"ftyp":
        return document(world, sent)
    poster = _poster(world, said["thumbnail"]) if "thumbnail" in said else None
    width, height, duration_s = (said.get(name, 0) for name in ("width", "height", "duration"))
    film = Film(width, height, duration_s, streams=said.get("supports_streaming", False), poster=poster)
    media = Media("video", sent.data, world.unique("video"), world.unique("u"), sent.name, "video/mp4", film=film)
    world.files[media.file_id] = media
    return media


def download(media: Media, file_id: str) -> bytes:
    """A file as it was sent; a photo as the JPEG of that size which Telegram made of it."""
    return next((size.data for size in media.sizes if size.file_id == file_id), media.data)


def _poster(world: World, sent: Upload | str) -> Size:
    """The thumbnail of a video, which is uploaded with it."""
    if isinstance(sent, str):
        raise Breach("a thumbnail is not sent again by its id")
    with Image.open(io.BytesIO(sent.data)) as picture:
        if picture.format != "JPEG" or max(picture.size) > MOST_POSTER_SIDE or len(sent.data) > MOST_POSTER_BYTES:
            raise Breach(f"a thumbnail of {picture.size} pixels and {len(sent.data)} bytes, {picture.format}")
        return Size(world.unique("photo"), world.unique("u"), *picture.size, sent.data)


def _known(world: World, file_id: str, kind: str) -> Media:
    if "://" in file_id:
        raise Breach("failed to get HTTP URL content", "the simulator fetches no pictures from addresses")
    media = world.files.get(file_id)
    if media is None:
        raise Refusal(400, "wrong file identifier/HTTP URL specified")
    if media.kind != kind:
        raise Refusal(400, f"can't use file of type {media.kind.title()} as {kind.title()}")
    return media


def _sizes(world: World, picture: Image.Image) -> list[Size]:
    """Never larger than it is, each step larger than the one before."""
    width, height = picture.size
    if width + height > MOST_PIXELS or max(width, height) > MOST_RATIO * min(width, height):
        raise Refusal(400, "PHOTO_INVALID_DIMENSIONS")
    scales = [min(1.0, side / max(width, height)) for side in SIDES]
    kept = [scale for number, scale in enumerate(scales) if number == 0 or scale > scales[number - 1]]
    sides = [(max(1, round(width * scale)), max(1, round(height * scale))) for scale in kept]
    return [Size(world.unique("photo"), world.unique("u"), *size, _jpeg(picture, size)) for size in sides]


def _jpeg(picture: Image.Image, size: tuple[int, int]) -> bytes:
    with io.BytesIO() as written:
        picture.convert("RGB").resize(size).save(written, "JPEG")
        return written.getvalue()

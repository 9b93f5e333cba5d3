"""What can be made from pictures and characters: what is asked for, what a vendor is sent, and what comes of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from e2e.watched import PICTURE
from PIL import Image
from sim.vendors.eigenai import EDIT_MODEL, VIDEO_MODEL
from sim.vendors.eternalai_orders import MODEL as NEWER_MODEL

WORDS, CHARACTER = "<words>", "<character>"
EDITABLE = frozenset({"edit", "animate"})
NOTHING = frozenset[str]()
SECRET = b"52.5200 N, 13.4050 E"
UPRIGHT = (40, 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`options` beside the source; `path` and `body` are what the vendor is sent, `price` in credits.

    `effect`: its key stands where others have words of their own. `acts`: what the last card offers to make next.
    """

    name: str
    command: str
    path: str
    body: dict[str, Any]
    options: dict[str, str | int] = field(default_factory=dict)
    effect: str = ""
    price: int = 1
    film: bool = False
    acts: frozenset[str] = EDITABLE


def _said(**more: Any) -> dict[str, Any]:
    """What the legacy family of EternalAI is sent."""
    shown = {"type": "image_url", "image_url": {"url": PICTURE, "filename": "picture.jpg"}}
    content = [{"type": "text", "text": WORDS}, shown]
    return {"messages": [{"role": "user", "content": content}], **more}


def _film(**more: Any) -> dict[str, Any]:
    return {"price": 5, "film": True, "acts": NOTHING, **more}


OF_UPLOADS = (
    Row(
        name="an edit by the legacy family",
        command="edit",
        options={"model": "edit-legacy", "quality": "high"},
        path="/creative-ai/image",
        body=_said(type="edit", quality="high"),
        price=2,
    ),
    Row(
        name="an edit by V1",
        command="edit",
        options={"model": "edit"},
        path="/base/generate",
        body={"images": [PICTURE], "prompt": WORDS, "type": "image"},
    ),
    Row(
        name="an edit by Eigen AI",
        command="edit",
        options={"model": EDIT_MODEL, "negative": "snow"},
        path="/api/v1/generate",
        body={
            "model": EDIT_MODEL,
            "prompt": WORDS,
            "negative_prompt": "snow",
            "mode": "image-editing",
            "binary_response": "true",
            "image_file": PICTURE,
        },
    ),
    Row(
        name="a video by the legacy family",
        command="animate",
        options={"model": "video-legacy", "seconds": 2, "audio": False},
        path="/creative-ai/video",
        body=_said(duration=2, audio=False),
        **_film(),
    ),
    Row(
        name="a video by V1",
        command="animate",
        options={"model": "video", "seconds": 3},
        path="/base/generate",
        body={"images": [PICTURE], "prompt": WORDS, "type": "video", "duration": 3},
        **_film(),
    ),
    Row(
        name="a video by Eigen AI",
        command="animate",
        options={"model": VIDEO_MODEL, "seed": 7},
        path="/api/v1/generate",
        body={"model": VIDEO_MODEL, "prompt": WORDS, "seed": "7", "image": PICTURE},
        **_film(),
    ),
    Row(
        name="an effect that makes a picture",
        command="effect",
        effect="sketch",
        path="/generate",
        body={"images": [PICTURE], "effect_id": "sketch"},
    ),
    Row(
        name="an effect that makes a video",
        command="effect",
        effect="hug",
        options={"seconds": 4, "audio": True},
        path="/generate",
        body={"images": [PICTURE], "effect_id": "hug", "duration": 4, "audio": True},
        **_film(),
    ),
)

BY_THE_NEWER_API = Row(
    name="a video by the newer API",
    command="animate",
    options={"model": "video", "seconds": 4, "seed": 7, "resolution": "480p"},
    path="/api/image-to-video",
    body={
        "prompt": WORDS,
        "image_url": PICTURE,
        "model_id": NEWER_MODEL,
        "duration": "4",
        "seed": 7,
        "resolution": "480p",
    },
    **_film(),
)

OF_CHARACTERS = (
    Row(
        name="an edit of low quality",
        command="edit",
        options={"quality": "standard"},
        path="/v2/base/generate",
        body={"images": [CHARACTER], "prompt": WORDS, "type": "image", "quality": "low"},
    ),
    Row(
        name="an edit of high quality",
        command="edit",
        options={"quality": "high"},
        path="/v2/base/generate",
        body={"images": [CHARACTER], "prompt": WORDS, "type": "image", "quality": "high"},
        price=2,
    ),
    Row(
        name="a video with audio",
        command="animate",
        options={"audio": True, "seconds": 3},
        path="/v2/base/generate",
        body={"images": [CHARACTER], "prompt": WORDS, "type": "video", "duration": 3, "audio": True},
        **_film(),
    ),
    Row(
        name="a video without audio",
        command="animate",
        options={"audio": False},
        path="/v2/base/generate",
        body={"images": [CHARACTER], "prompt": WORDS, "type": "video", "audio": False},
        **_film(),
    ),
    Row(
        name="an effect that makes a picture",
        command="effect",
        effect="bouquet",
        path="/v2/generate",
        body={"images": [CHARACTER], "effect_id": "bouquet"},
    ),
    Row(
        name="an effect that makes a video",
        command="effect",
        effect="twirl",
        path="/v2/generate",
        body={"images": [CHARACTER], "effect_id": "twirl"},
        **_film(),
    ),
)


def colour(number: int) -> tuple[int, int, int]:
    """One of 27 that nobody takes for another."""
    return 32 + number % 3 * 96, 32 + number // 3 % 3 * 96, 32 + number // 9 % 3 * 96


def photo(number: int) -> bytes:
    """A JPEG of one colour that lies on its side, and says where and how it was made."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SECRET.decode(), 6  # its description, and how it lies
    out = io.BytesIO()
    Image.new("RGB", UPRIGHT[::-1], colour(number)).save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue()


def is_photo(data: bytes, number: int) -> bool:
    """Whether it has the pixels of that photo."""
    with Image.open(io.BytesIO(data)) as image:
        seen = image.convert("RGB").getpixel((20, 20))
    assert isinstance(seen, tuple)
    return all(abs(here - there) < 16 for here, there in zip(seen, colour(number), strict=True))


def told_beside_pixels(data: bytes) -> list[str]:
    """What a JPEG says beside its pixels and how they are told."""
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert image.size == UPRIGHT
        said = {*map(str, image.info)} - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        return [*said, *map(str, image.getexif()), *([SECRET.decode()] if SECRET in data else [])]

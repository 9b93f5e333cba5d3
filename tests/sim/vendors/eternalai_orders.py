"""What EternalAI's pages allow in a submit, for each family of its API; whatever else arrives is a breach."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sim.vendors.effects import VISUAL
from sim.vendors.fates import ETERNALAI
from sim.vendors.rules import BODY_TEXT, Breach, check, check_keys

MAX_BYTES = 5_000_000
MODEL = "wan-ai/wan2.2-i2v-a14b-lightning"
NO_CHARACTER = "only character IDs are supported"
_DATA_URI = re.compile(r"data:image/(jpeg|png|webp);base64,")
_BEGINS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "webp": b"RIFF"}
_TEXT_AND_PICTURE = 2


class Family(StrEnum):
    """Ids of one mean nothing to another."""

    LEGACY = "legacy"
    LEGACY_EDIT = "legacy edit"
    LEGACY_VIDEO = "legacy video"
    V1 = "v1"
    V2 = "v2"
    CHARACTERS = "characters"
    NEWER = "newer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What a submit asks for; where it has no words, the effect's id stands for them."""

    family: Family
    prompt: str
    video: bool = False
    high: bool = False
    loras: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None

    @property
    def price(self) -> float:
        return 5.0 if self.video else 2.0 if self.high else 1.0


Read = Callable[[Any], Order]


def read_image(body: Any) -> Order:
    """`/creative-ai/image`: pictures out of words, and edits."""
    kind = body.get("type") if isinstance(body, dict) else None
    check(kind in ("new", "edit"), "`type` is neither new nor edit")
    if kind == "new":
        check_keys(body, "the body", {"messages", "type"}, {"lora_config", "model_id"})
        prompt = _words(_content(body["messages"], 1)[0])
        return Order(family=Family.LEGACY, prompt=prompt, loras=_loras(body), model=_model(body))
    check_keys(body, "the body", {"messages", "type"}, {"quality"})
    return Order(family=Family.LEGACY_EDIT, prompt=_of_picture(body["messages"]), high=_quality(body))


def read_video(body: Any) -> Order:
    """`/creative-ai/video`."""
    check_keys(body, "the body", {"messages"}, {"is_magic_prompt", "duration", "audio", "video_config", "model_id"})
    _film(body)
    return Order(family=Family.LEGACY_VIDEO, prompt=_of_picture(body["messages"]), video=True, model=_model(body))


def of_effects(family: Family) -> Read:
    """`/generate` and `/v2/generate`."""

    def read(body: Any) -> Order:
        check_keys(body, "the body", {"images", "effect_id"}, {"duration", "audio"})
        _source(family, body["images"])
        effect = body["effect_id"]
        check(isinstance(effect, str) and ETERNALAI.words(effect) in VISUAL, "there is no such effect")
        video = VISUAL[ETERNALAI.words(effect)] == "video"
        _film(body) if video else check_keys(body, "an effect of a picture", {"images", "effect_id"})
        return Order(family=family, prompt=effect, video=video)

    return read


def of_words(family: Family) -> Read:
    """`/base/generate` and `/v2/base/generate`."""

    def read(body: Any) -> Order:
        needed = {"images", "prompt", "type"}
        check_keys(body, "the body", needed, {"duration", "audio", "quality"})
        _source(family, body["images"])
        check(body["type"] in ("image", "video"), "`type` is neither image nor video")
        video = body["type"] == "video"
        check_keys(body, f"a body of type {body['type']}", needed, {"duration", "audio"} if video else {"quality"})
        _film(body)
        return Order(family=family, prompt=_text(body["prompt"]), video=video, high=_quality(body))

    return read


def read_character(body: Any) -> Order:
    """`/v2/character/create`."""
    check_keys(body, "the body", {"prompt"})
    return Order(family=Family.CHARACTERS, prompt=_text(body["prompt"]))


def read_newer(body: Any) -> Order:
    """`/api/image-to-video`: a duration that is a number is no JSON to it."""
    optional = {"duration", "resolution", "end_image_url", "cfg_scale", "negative_prompt", "seed", "aspect_ratio"}
    check_keys(body, "the body", {"prompt", "image_url", "model_id"}, optional)
    check(body["model_id"] == MODEL, "there is no such model")
    check(body.get("duration", "5") in list("12345"), "`duration` is no text from 1 to 5")
    check(body.get("resolution", "720p") in ("480p", "580p", "720p"), "there is no such resolution")
    scale = body.get("cfg_scale", 0.5)
    check(type(scale) in (int, float) and 0 <= scale <= 1, "`cfg_scale` is not from 0 to 1")
    check(isinstance(body.get("negative_prompt", ""), str), "`negative_prompt` is no text")
    check(type(body.get("seed", 0)) is int, "`seed` is no whole number")
    _picture(body["image_url"])
    return Order(family=Family.NEWER, prompt=_text(body["prompt"]), video=True)


def _content(messages: Any, parts: int) -> list[Any]:
    check(isinstance(messages, list) and len(messages) == 1, "`messages` is no list of one")
    check_keys(messages[0], "a message", {"role", "content"})
    check(messages[0]["role"] == "user", "`role` is not user")
    content = messages[0]["content"]
    check(isinstance(content, list) and len(content) == parts, f"`content` is no list of {parts}")
    return list(content)


def _of_picture(messages: Any) -> str:
    words, picture = _content(messages, _TEXT_AND_PICTURE)
    check_keys(picture, "a part", {"type", "image_url"})
    check(picture["type"] == "image_url", "a part that is no picture")
    check_keys(picture["image_url"], "`image_url`", {"url", "filename"})
    _text(picture["image_url"]["filename"])
    _picture(picture["image_url"]["url"])
    return _words(words)


def _words(part: Any) -> str:
    check_keys(part, "a part", {"type", "text"})
    check(part["type"] == "text", "a part that is no text")
    return _text(part["text"])


def _text(value: Any) -> str:
    check(isinstance(value, str) and value.strip() != "", "a text that is empty or none")
    return str(value)


def _loras(body: Mapping[str, Any]) -> Mapping[str, float]:
    loras = body.get("lora_config", {})
    check(isinstance(loras, dict), "`lora_config` is no object")
    for name, weight in loras.items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool) and math.isfinite(weight)
        check(name != "" and number, "a weight in `lora_config` is no number")
    return dict(loras)


def _model(body: Mapping[str, Any]) -> str | None:
    return _text(body["model_id"]) if "model_id" in body else None


def _quality(body: Mapping[str, Any]) -> bool:
    quality = body.get("quality", "low")
    check(quality in ("low", "high"), "`quality` is neither low nor high")
    return bool(quality == "high")


def _film(body: Mapping[str, Any]) -> None:
    duration = body.get("duration", 5)
    check(type(duration) is int and duration in range(1, 6), "`duration` is no whole number from 1 to 5")
    check(isinstance(body.get("audio", True), bool), "`audio` is not true or false")


def _source(family: Family, images: Any) -> None:
    """The one item of `images`: the id of a character in V2, a picture in V1."""
    check(isinstance(images, list) and len(images) == 1, "`images` is no list of one")
    if family is Family.V1:
        _picture(images[0])
    elif not (isinstance(images[0], str) and images[0].isdecimal()):
        raise Breach(400, NO_CHARACTER, "`images` holds no id of a character")


def _picture(value: Any) -> None:
    """An address, or a picture of a known type and 5 MB at most."""
    check(isinstance(value, str), "a picture that is no text")
    if value.startswith(("http://", "https://")):
        return
    head = _DATA_URI.match(value)
    check(head is not None, "a picture that is neither an address nor a data URI of a known type")
    assert head is not None
    try:
        data = base64.b64decode(value[head.end() :], validate=True)
    except binascii.Error:
        raise Breach(400, BODY_TEXT, "a picture that is no base64") from None
    check(data.startswith(_BEGINS[head[1]]), "a picture of another type than it says")
    if len(data) > MAX_BYTES:
        raise Breach(400, "image is larger than 5MB", f"a picture of {len(data)} bytes")

"""What Eigen AI's pages allow in a submit, as JSON for pictures and as a form for edits and videos."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.vendors.rules import check, check_keys, read_object
from sim.vendors.wire import Request

from bot.testing.wire import Call, FormFile

MODEL, EDIT_MODEL, VIDEO_MODEL = "eigen-image", "qwen-image-edit-2511", "wan2p2-i2v-14b-turbo"
SIDE_PX = range(512, 2049)
STEPS = range(1, 21)
SOURCES = ("image_file", "image", "images")
_BEGINS = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Order:
    """What a submit asks for; `binary`: the picture itself is wanted as the answer."""

    model: str
    prompt: str
    binary: bool = False

    @property
    def edit(self) -> bool:
        return self.model == EDIT_MODEL

    @property
    def video(self) -> bool:
        return self.model == VIDEO_MODEL


def read(request: Request) -> Order:
    """Raises `Breach`."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _picture(read_object(request.headers, request.query, request.body))
    check(not request.query, "a submit with a query")
    form = Call(method="POST", target=request.path, headers=request.headers, body=request.body, connection=0).form()
    files = {name: value for name, value in form.items() if isinstance(value, FormFile)}
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    check(texts.get("model") in (EDIT_MODEL, VIDEO_MODEL), "there is no such model for forms")
    return (_video if texts["model"] == VIDEO_MODEL else _edit)(texts, files)


def _picture(fields: Any) -> Order:
    optional = {"width", "height", "seed", "guidance_scale", "real_time", "mode"}
    check_keys(fields, "the body", {"model", "prompt"}, optional)
    for name in ("model", "prompt"):
        check(isinstance(fields[name], str) and fields[name].strip() != "", f"`{name}` is no text")
    for name in ("width", "height"):
        check(type(fields.get(name, 512)) is int and fields.get(name, 512) in SIDE_PX, f"`{name}` is out of range")
    check(type(fields.get("seed", 0)) is int, "`seed` is no whole number")
    check(type(fields.get("guidance_scale", 1.0)) in (int, float), "`guidance_scale` is no number")
    check(isinstance(fields.get("real_time", False), bool), "`real_time` is neither true nor false")
    check(fields.get("mode", "text-to-image") == "text-to-image", "`mode` is not that of words")
    return Order(fields["model"], fields["prompt"])


def _edit(texts: Mapping[str, str], files: Mapping[str, FormFile]) -> Order:
    check_keys(texts, "the form", {"model", "prompt"}, {*_EDIT, "mode", "binary_response"})
    check(texts.get("mode", "image-editing") == "image-editing", "`mode` is not that of edits")
    check(texts.get("binary_response", "false") in ("true", "false"), "`binary_response` is neither true nor false")
    for name, fine in _EDIT.items():
        check(name not in texts or fine(texts[name]), f"`{name}` is none")
    _check_source(files, SOURCES)
    return Order(texts["model"], _words(texts), texts.get("binary_response") == "true")


def _video(texts: Mapping[str, str], files: Mapping[str, FormFile]) -> Order:
    check_keys(texts, "the form", {"model", "prompt"}, {"infer_steps", "seed"})
    steps = texts.get("infer_steps", "5")
    check(steps.isdecimal() and int(steps) in STEPS, "`infer_steps` is not from 1 to 20")
    check(texts.get("seed", "0").isdecimal(), "`seed` is no whole number")
    _check_source(files, ("image",))
    return Order(texts["model"], _words(texts))


def _words(texts: Mapping[str, str]) -> str:
    check(texts["prompt"].strip() != "", "an empty prompt")
    return texts["prompt"]


def _check_source(files: Mapping[str, FormFile], names: tuple[str, ...]) -> None:
    check(len(files) == 1 and set(files) <= set(names), "there is no one picture where the page has it")
    (file,) = files.values()
    check(file.media_type in _BEGINS, "a picture of no known type")
    check(file.data.startswith(_BEGINS[file.media_type]), "a picture of another type than it says")


def _number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


def _one_of(*choices: str) -> Check:
    return lambda text: text in choices


_EDIT: dict[str, Check] = {
    **dict.fromkeys(
        (
            "num_inference_steps", "downsizing_mp", "lora_strength", "rank", "true_cfg_scale", "sample_steps",
            "sample_guide_scale",
        ),
        _number,
    ),
    "output_format": _one_of("jpg", "png"),
    "weight": _one_of("lightning", "vanilla"),
    "negative_prompt": lambda text: text.strip() != "",
}  # fmt: skip

"""What commands and options are called, and what they stand for."""

from __future__ import annotations

from bot.model import Capability

OPTIONS = (
    "style", "style-strength", "shape", "size", "width", "height", "count", "seed", "negative", "guidance", "model",
)  # fmt: skip
"""The options of /imagine that Limner knows by itself, in the order in which they are listed."""

SOURCES = ("character", "result", "link")
"""The options that name what a picture or a video is made from, one at most."""

ALL = (*SOURCES, "name", "quality", "seconds", "audio", *OPTIONS)
"""Every option that Limner knows by itself, in the order in which they are listed."""

FIELDS = {
    "negative": "negative_prompt",
    "style": "style",
    "style-strength": "style_strength",
    "width": "width",
    "height": "height",
    "seed": "seed",
    "guidance": "guidance",
    "quality": "quality",
    "seconds": "duration_s",
    "audio": "audio",
}
"""The options that are one field of a request, which only some models take."""

FLAGS = {field: f"--{option}" for option, field in FIELDS.items()}
"""Those fields, and how people write them."""

SETTINGS = ("style", "model", "shape", "ping")
"""The options of /settings."""

MAKING = {
    Capability.TEXT_TO_IMAGE: "imagine",
    Capability.EDIT_IMAGE: "edit",
    Capability.IMAGE_TO_VIDEO: "animate",
    Capability.APPLY_EFFECT: "effect",
    Capability.CREATE_CHARACTER: "character new",
}
"""The command that asks for what a provider can do."""

GROUPS = {"character": ("new", "list", "browse", "show", "use", "rename", "delete")}
"""Commands of two words, by their first; the first alone means the second of these."""


def written(option: str) -> str:
    """How people write the name of an option that only some models know."""
    return option.replace("_", "-")

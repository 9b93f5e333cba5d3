"""What is asked for: a request, its options and what it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType

Value = str | int | float | bool
"""What an option of a model may be."""

_NO_OPTIONS: Mapping[str, Value] = MappingProxyType({})  # one for all: there are many requests


class Capability(StrEnum):
    """What a provider can do for a person."""

    TEXT_TO_IMAGE = "text_to_image"
    EDIT_IMAGE = "edit_image"
    IMAGE_TO_VIDEO = "image_to_video"
    APPLY_EFFECT = "apply_effect"
    CREATE_CHARACTER = "create_character"


class SourceKind(StrEnum):
    """What a picture or a video can be made from."""

    PICTURE = "picture"
    CHARACTER = "character"


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSource:
    """A stored file, checked and of a known type.

    `uploaded`: a person's own picture, or made from one; else it is wholly drawn. `job_id` is the job
    whose result it is, None for what a person brought.
    """

    file: str
    media_type: str
    size_bytes: int
    uploaded: bool = False
    job_id: str | None = None
    kind: SourceKind = field(default=SourceKind.PICTURE, init=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CharacterSource:
    """A character that lives at one provider, by its `reference` there; `name` is what its owner called it."""

    character_id: str
    provider: str
    reference: str = field(repr=False)
    name: str = ""
    kind: SourceKind = field(default=SourceKind.CHARACTER, init=False)


Source = PictureSource | CharacterSource


class Quality(StrEnum):
    """How good a picture is to be; high costs more."""

    STANDARD = "standard"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerationRequest:
    """What a person asked for; holds no object of a platform or a provider.

    `source` is what is edited, animated or changed, `effect` the key of an effect, `name` what its
    owner will call the character that is made.
    `width` and `height` are pixels, `seed` is 0..4294967295, `count` is 1..4,
    `style_strength` 0.1..2.0, `guidance` 0..20, `duration_s` whole seconds of video.
    `extra` are options that only some models know, by the name in their specs.
    None means: not asked for. `unserved` is what the person usually wants and nothing could
    serve together with the rest, by option; it is told, and changes nothing of what is asked for.
    """

    capability: Capability = Capability.TEXT_TO_IMAGE
    prompt: str
    negative_prompt: str | None = None
    style: str | None = None
    style_strength: float | None = None
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    guidance: float | None = None
    count: int = 1
    model: str | None = None
    source: Source | None = None
    effect: str | None = None
    name: str | None = None
    quality: Quality | None = None
    duration_s: int | None = None
    audio: bool | None = None
    extra: Mapping[str, Value] = field(default_factory=lambda: _NO_OPTIONS)
    unserved: Mapping[str, str] = field(default_factory=dict, compare=False)

    def value(self, option: str) -> Value | None:
        """What was asked for by the name of an `OptionSpec`."""
        return self.extra.get(option) if option not in _NAMED else getattr(self, option)


_NAMED = frozenset(field.name for field in fields(GenerationRequest)) - {"extra", "unserved"}

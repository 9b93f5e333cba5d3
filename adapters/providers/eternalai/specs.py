"""What the provider offers, as data: the vendor's models by the names that people type."""

from __future__ import annotations

from dataclasses import replace

from adapters.providers.eternalai.newer import RESOLUTIONS
from adapters.providers.eternalai.sources import MAX_BYTES
from bot.model import Capability, Quality, SourceKind
from bot.provider import CapabilitySpec, OptionKind, OptionSpec, ProgressKind

NAME = "eternalai"
TITLE = "EternalAI"
EDIT, VIDEO, EFFECT, EFFECT_VIDEO, CHARACTER = "edit", "video", "effect", "effect-video", "character"
LEGACY_EDIT, LEGACY_VIDEO = "edit-legacy", "video-legacy"
VIDEOS = frozenset({VIDEO, EFFECT_VIDEO, LEGACY_VIDEO})

USUAL_S = 50.0  # documented: 45 seconds to a minute
USUAL_VIDEO_S = 90.0  # the newer API documents 30 to 90
DEADLINE_S = 600.0
VIDEO_DEADLINE_S = 1800.0

_PICTURE = frozenset({SourceKind.PICTURE})
_EITHER = frozenset(SourceKind)
_QUALITY = OptionSpec(name="quality", choices=tuple(Quality))
_DURATION = OptionSpec(name="duration_s", kind=OptionKind.WHOLE, low=1, high=5)
_AUDIO = OptionSpec(name="audio", kind=OptionKind.FLAG)
_STYLE = (OptionSpec(name="style"), OptionSpec(name="style_strength", low=0.1, high=2.0))
_OF_NEWER = (
    OptionSpec(name="negative_prompt"),
    OptionSpec(name="seed"),
    OptionSpec(name="guidance", low=0, high=1),
    _DURATION,
    OptionSpec(name="resolution", hint="how sharp the video is", choices=RESOLUTIONS),
)


def specs_of(
    models: tuple[str, ...],
    deadline_s: float | None,
    *,
    effects: tuple[str, ...],
    video_effects: tuple[str, ...],
) -> tuple[CapabilitySpec, ...]:
    """`models` are the vendor's ids for pictures out of words; without any, it takes its own default.

    `effects` make a picture and `video_effects` a video; without any of a kind, there is no such model.
    """
    drawing = _spec(Capability.TEXT_TO_IMAGE, NAME, TITLE, _STYLE)
    edit = _spec(Capability.EDIT_IMAGE, EDIT, f"{TITLE} Edit", (_QUALITY,), _EITHER)
    video = _film(_spec(Capability.IMAGE_TO_VIDEO, VIDEO, f"{TITLE} Video", (_DURATION, _AUDIO), _EITHER))
    changing = _spec(Capability.APPLY_EFFECT, EFFECT, f"{TITLE} Effect", (_effect(effects),), _EITHER)
    options = (_effect(video_effects), *video.options)
    filming = _film(replace(changing, model=EFFECT_VIDEO, title=f"{TITLE} Video Effect", options=options))
    character = _spec(Capability.CREATE_CHARACTER, CHARACTER, f"{TITLE} Character")
    specs = (
        *(replace(drawing, model=model, title=model) for model in dict.fromkeys(models)),
        *(() if models else (drawing,)),
        edit,
        replace(edit, model=LEGACY_EDIT, title=f"{edit.title} (legacy)", sources=_PICTURE),
        video,
        replace(video, model=LEGACY_VIDEO, title=f"{video.title} (legacy)", sources=_PICTURE),
        *((changing,) if effects else ()),
        *((filming,) if video_effects else ()),
        replace(character, progress=ProgressKind.NONE, max_count=1),
    )
    return _limited(specs, deadline_s)


def newer_specs_of(deadline_s: float | None) -> tuple[CapabilitySpec, ...]:
    """What a key of the newer API is good for."""
    video = _spec(Capability.IMAGE_TO_VIDEO, VIDEO, f"{TITLE} Video", _OF_NEWER, _PICTURE)
    return _limited((_film(video),), deadline_s)


def _effect(keys: tuple[str, ...]) -> OptionSpec:
    return OptionSpec(name="effect", choices=keys)


def _spec(
    capability: Capability,
    model: str,
    title: str,
    options: tuple[OptionSpec, ...] = (),
    sources: frozenset[SourceKind] = frozenset(),
) -> CapabilitySpec:
    return CapabilitySpec(
        capability=capability,
        model=model,
        title=title,
        options=options,
        progress=ProgressKind.PERCENT,
        usual_s=USUAL_S,
        deadline_s=DEADLINE_S,
        sources=sources,
        max_source_bytes=MAX_BYTES,
    )


def _film(spec: CapabilitySpec) -> CapabilitySpec:
    return replace(spec, usual_s=USUAL_VIDEO_S, deadline_s=VIDEO_DEADLINE_S, max_count=1, video=True)


def _limited(specs: tuple[CapabilitySpec, ...], deadline_s: float | None) -> tuple[CapabilitySpec, ...]:
    return tuple(replace(spec, deadline_s=deadline_s or spec.deadline_s) for spec in specs)

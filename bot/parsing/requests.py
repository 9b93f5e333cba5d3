"""Pure: a command to a request, and a request back to its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from bot.errors import InvalidRequest
from bot.model import Capability, CharacterSource, GenerationRequest, PictureSource, Preferences, Quality, Source, Value
from bot.parsing.lines import PROMPT_CHARS, USUAL, Command, Offered, clean, unknown
from bot.parsing.names import ALL, FIELDS, MAKING, SETTINGS, SOURCES, written
from bot.parsing.shapes import sides, written_sides
from bot.parsing.values import NAME_CHARS, choice, number, switch, text, whole
from bot.provider import OptionKind, OptionSpec
from bot.spelling import DASHES
from bot.surface import Spelling

NEGATIVE_CHARS = 1000
SEED_MAX = 4_294_967_295
COUNT_MAX = 4
STYLE_STRENGTH = (0.1, 2.0)
GUIDANCE = (0.0, 20.0)
DURATION_S = (1, 60)
DESCRIPTION_CHARS = (3, 1000)
NICKNAME_CHARS = 40

NOTHING = "none"
"""What takes a setting back."""


def to_request(command: Command, offered: Offered = USUAL, source: Source | None = None) -> GenerationRequest:
    """What a command asks for that makes something of words or of `source`. Raises `InvalidRequest`."""
    options = command.options
    for key in options:
        if key not in offered.own and (key not in ALL or (key in SOURCES and not offered.sources)):
            raise unknown(key, offered)
    making = offered.capability is Capability.CREATE_CHARACTER
    if "name" in options and not making:
        raise unknown("name", offered)
    width, height = sides(options)
    quality = choice(options, "quality", dict.fromkeys(Quality, ""))
    return GenerationRequest(
        capability=offered.capability,
        prompt=to_description(command.words) if making else to_prompt(command.words),
        source=source,
        effect=command.words if offered.capability is Capability.APPLY_EFFECT else None,
        name=to_nickname(options["name"]) if "name" in options else None,
        negative_prompt=text(options, "negative", NEGATIVE_CHARS),
        style=text(options, "style", NAME_CHARS),
        style_strength=number(options, "style-strength", *STYLE_STRENGTH),
        width=width,
        height=height,
        seed=whole(options, "seed", 0, SEED_MAX),
        guidance=number(options, "guidance", *GUIDANCE),
        quality=Quality(quality) if quality else None,
        duration_s=whole(options, "seconds", *DURATION_S),
        audio=switch(options, "audio"),
        count=whole(options, "count", 1, COUNT_MAX) or 1,
        model=text(options, "model", NAME_CHARS),
        extra={
            spec.name: value for key, spec in offered.own.items() if (value := _own(options, key, spec)) is not None
        },
    )


def to_preferences(command: Command, known: Preferences) -> Preferences:
    """What a /settings command makes of preferences; "none" takes one back. Raises `InvalidRequest`."""

    def kept(key: str, old: str | None) -> str | None:
        value = text(options, key, NAME_CHARS)
        return old if value is None else None if value.casefold() == NOTHING else value

    options = command.options
    for key in options:
        if key not in SETTINGS:
            raise unknown(key, Offered(SETTINGS))
    ping = switch(options, "ping")
    return Preferences(
        style=kept("style", known.style),
        model=kept("model", known.model),
        shape=kept("shape", known.shape),
        character=known.character,
        ping=known.ping if ping is None else ping,
    )


def to_prompt(words: str) -> str:
    """What a picture is to show, as it can be kept; raises `InvalidRequest`."""
    prompt = clean(words)
    if not is_seen(prompt):
        raise InvalidRequest("err.no_words")
    if len(prompt) > PROMPT_CHARS:
        raise InvalidRequest("err.too_long", length=len(prompt), limit=PROMPT_CHARS)
    return prompt


def reworded(request: GenerationRequest, words: str) -> GenerationRequest:
    """The same request with other words; raises `InvalidRequest`."""
    if request.capability is Capability.CREATE_CHARACTER:
        return replace(request, prompt=to_description(words))
    prompt = to_prompt(words)
    return replace(request, prompt=prompt, effect=prompt if request.effect else None)


def to_description(words: str) -> str:
    """What a character is to be like; raises `InvalidRequest`."""
    least, most = DESCRIPTION_CHARS
    description = clean(words)
    if not is_seen(description) or len(description) < least:
        raise InvalidRequest("err.no_description")
    if len(description) > most:
        raise InvalidRequest("err.too_long", length=len(description), limit=most)
    return description


def to_nickname(words: str) -> str:
    """What somebody calls a character of theirs, in one line; raises `InvalidRequest`."""
    name = " ".join(clean(words).split())
    if not is_seen(name):
        raise InvalidRequest("err.no_name")
    if len(name) > NICKNAME_CHARS:
        raise InvalidRequest("err.name_too_long", length=len(name), limit=NICKNAME_CHARS)
    return name


def is_seen(words: str) -> bool:
    """Whether anything of it can be seen."""
    return any(unicodedata.category(char)[0] not in "CZ" for char in words)


def _own(options: Mapping[str, str], key: str, spec: OptionSpec) -> Value | None:
    low, high = spec.low or 0.0, spec.high or 0.0
    match spec.kind:
        case OptionKind.FLAG:
            return switch(options, key)
        case OptionKind.WHOLE:
            return whole(options, key, int(low), int(high))
        case OptionKind.NUMBER:
            return number(options, key, low, high)
        case OptionKind.TEXT if spec.choices:
            return choice(options, key, dict.fromkeys(spec.choices, ""))
    return text(options, key, NAME_CHARS)


def compose(request: GenerationRequest, spelling: Spelling = DASHES) -> str:
    """The line that asks for the same again, where it is `repeatable`."""
    asked: dict[str, Value | None] = {
        **_written_source(request.source),
        "name": request.name,
        **written_sides(request),
        "count": request.count if request.count > 1 else None,
        **{option: request.value(field) for option, field in FIELDS.items() if field not in ("width", "height")},
        "model": request.model,
    }
    ordered = {name: asked[name] for name in ALL if name in asked}
    own = {written(name): value for name, value in request.extra.items()}
    options = {name: value for name, value in (ordered | own).items() if value is not None}
    return spelling.line(MAKING[request.capability], request.prompt, options)


def repeatable(request: GenerationRequest) -> bool:
    """Whether a line asks for the same again: a picture that somebody brought has no name."""
    return not isinstance(request.source, PictureSource) or request.source.job_id is not None


def _written_source(source: Source | None) -> dict[str, str | None]:
    match source:
        case CharacterSource():
            return {"character": source.name or source.character_id}
        case PictureSource(job_id=str(job_id)):
            return {"result": job_id[-4:]}
    return {}

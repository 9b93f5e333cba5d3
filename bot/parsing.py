r"""Pure: a typed line to a command, a command to a request, and a request back to its line.

    /imagine a red fox --style anime --shape wide --seed 42 --count 2

An option starts a word with `--` or an em dash (phones write one for the other), may stand
anywhere behind the command and takes one value: a word, or text in quotes. A backslash makes
such a word plain text: `\--style` among the words means the text `--style`. An option that is
on or off may stand alone, and is on.
"""

from __future__ import annotations

import difflib
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import Flags, InvalidRequest
from bot.model import GenerationRequest, Preferences, Value
from bot.provider import OptionKind, OptionSpec
from bot.spelling import DASHES
from bot.surface import Spelling

LINE_CHARS = 16_000  # more than any line that can be served
PROMPT_CHARS = 2000
NEGATIVE_CHARS = 1000
NAME_CHARS = 100
SEED_MAX = 4_294_967_295
COUNT_MAX = 4
STYLE_STRENGTH = (0.1, 2.0)
GUIDANCE = (0.0, 20.0)
SIDE_PX = (256, 2048)
SIDE_STEP_PX = 8

SHAPES = {"square": "1:1", "portrait": "3:4", "landscape": "4:3", "tall": "9:16", "wide": "16:9"}
SIZES = ("small", "medium", "large")
PIXELS = {
    ("small", "square"): (680, 680),
    ("small", "portrait"): (592, 784),
    ("small", "landscape"): (784, 592),
    ("small", "tall"): (512, 912),
    ("small", "wide"): (912, 512),
    ("medium", "square"): (1024, 1024),
    ("medium", "portrait"): (888, 1184),
    ("medium", "landscape"): (1184, 888),
    ("medium", "tall"): (768, 1368),
    ("medium", "wide"): (1368, 768),
    ("large", "square"): (1536, 1536),
    ("large", "portrait"): (1328, 1768),
    ("large", "landscape"): (1768, 1328),
    ("large", "tall"): (1152, 2048),
    ("large", "wide"): (2048, 1152),
}
"""Width and height by size and shape."""

OPTIONS = (
    "style", "style-strength", "shape", "size", "width", "height", "count", "seed", "negative", "guidance", "model",
)  # fmt: skip
"""The options of /imagine that Limner knows by itself, in the order in which they are listed."""

SETTINGS = ("style", "model", "shape", "ping")
"""The options of /settings."""

NOTHING = "none"
"""What takes a setting back."""

ON, OFF = ("on", "true", "yes"), ("off", "false", "no")
"""How people say that something is, or is not, to be so; the first is how it is written back."""

_COMMAND = re.compile(r"/([^\s@]+)(?:@\S*)?(?:\s+|$)")
_OPTION = re.compile(r"(?<!\S)(?:--|—)([^\W\d_][^\s=]*)(?:\s*=\s*|\s*)")
_ESCAPED = re.compile(r"(?<!\S)\\(\\*(?:--|—)[^\W\d_])")
_CLOSING = {'"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«"}  # noqa: RUF001 - phones type these
_WORD = re.compile(r"\S+")
_KEPT = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),  # control characters go
    **dict.fromkeys((0x0A, 0x0D, 0x85, 0x2028, 0x2029), "\n"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # a half of a pair is no character
    0x09: " ",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What /imagine takes here: all `names` of options as people write them, which a refusal lists.

    `own` are those among them that only some models know, by these names.
    """

    names: Sequence[str] = OPTIONS
    own: Mapping[str, OptionSpec] = field(default_factory=dict)


USUAL = Offered()


@dataclass(frozen=True, slots=True)
class Command:
    """A typed line: its name without the slash ("" for plain text), the words, the options as written."""

    name: str
    words: str
    options: dict[str, str]


def written(option: str) -> str:
    """How people write the name of an option that only some models know."""
    return option.replace("_", "-")


def clean(text: str) -> str:
    """Text that can be kept and shown: whole characters, newlines but no other control characters."""
    return text.replace("\r\n", "\n").translate(_KEPT).strip()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant, or None."""
    names = {name.casefold(): name for name in known}
    typed = word[:NAME_CHARS].casefold()
    close = [name for name in names if typed and name.startswith(typed)] or difflib.get_close_matches(typed, names, n=1)
    return names[close[0]] if close else None


def parse(text: str, offered: Offered = USUAL) -> Command:
    """Take a line apart. Raises `InvalidRequest` for an option that has no value, or two."""
    if len(text) > LINE_CHARS:
        raise InvalidRequest("err.too_long", length=len(text), limit=PROMPT_CHARS)
    text = clean(text)
    command = _COMMAND.match(text)
    if command is None:
        return Command("", text, {})
    words, options = _take_options(text[command.end() :], offered)
    return Command(command[1].lower(), words, options)


def _take_options(text: str, offered: Offered) -> tuple[str, dict[str, str]]:
    words, options, at = "", dict[str, str](), 0
    while option := _OPTION.search(text, at):
        key = option[1].lower().replace("_", "-")
        words += text[at : option.start()].rstrip()
        try:
            value, at = _value(text, option.end(), key, alone=_alone(offered.own.get(key)))
            _add(options, key, value)
        except InvalidRequest:
            if key not in (*OPTIONS, *SETTINGS, *offered.own):  # nobody should mend the value of an option that is none
                raise _unknown(key, offered) from None
            raise
    return _ESCAPED.sub(r"\1", words + text[at:]).strip(), options


def _add(options: dict[str, str], key: str, value: str) -> None:
    if key in options:
        raise InvalidRequest("err.option_twice", option=_flag(key))
    options[key] = value


def _alone(own: OptionSpec | None) -> str:
    """What an option means that has no value after it."""
    return ON[0] if own is not None and own.kind is OptionKind.FLAG else ""


def _value(text: str, start: int, key: str, *, alone: str) -> tuple[str, int]:
    """The value that begins at `start`, and where it ends; `alone` where there is none."""
    closing = _CLOSING.get(text[start : start + 1])
    if closing is not None:
        quoted = re.compile(rf"((?:\\.|[^\\{closing}])*)[{closing}](?!\S)", re.DOTALL).match(text, start + 1)
        if quoted is None:
            raise InvalidRequest("err.open_quote", option=_flag(key))
        value, end = re.sub(rf"\\([\\{closing}])", r"\1", quoted[1]).strip(), quoted.end()
    else:
        word = None if _OPTION.match(text, start) else _WORD.match(text, start)
        value, end = (word[0], word.end()) if word else (alone, start)
    if not value:
        raise InvalidRequest("err.option_value", option=_flag(key))
    return value, end


def to_request(command: Command, offered: Offered = USUAL) -> GenerationRequest:
    """What an /imagine command asks for. Raises `InvalidRequest`, saying what is allowed."""
    options = command.options
    for key in options:
        if key not in OPTIONS and key not in offered.own:
            raise _unknown(key, offered)
    width, height = _sides(options)
    return GenerationRequest(
        prompt=to_prompt(command.words),
        negative_prompt=_text(options, "negative", NEGATIVE_CHARS),
        style=_text(options, "style", NAME_CHARS),
        style_strength=_number(options, "style-strength", *STYLE_STRENGTH),
        width=width,
        height=height,
        seed=_whole(options, "seed", 0, SEED_MAX),
        guidance=_number(options, "guidance", *GUIDANCE),
        count=_whole(options, "count", 1, COUNT_MAX) or 1,
        model=_text(options, "model", NAME_CHARS),
        extra={
            spec.name: value for key, spec in offered.own.items() if (value := _own(options, key, spec)) is not None
        },
    )


def to_preferences(command: Command, known: Preferences) -> Preferences:
    """What a /settings command makes of preferences; "none" takes one back. Raises `InvalidRequest`."""

    def text(key: str, old: str | None) -> str | None:
        value = _text(options, key, NAME_CHARS)
        return old if value is None else None if value.casefold() == NOTHING else value

    options = command.options
    for key in options:
        if key not in SETTINGS:
            raise _unknown(key, Offered(SETTINGS))
    ping = _switch(options, "ping")
    return Preferences(
        style=text("style", known.style),
        model=text("model", known.model),
        shape=text("shape", known.shape),
        ping=known.ping if ping is None else ping,
    )


def to_shape(value: str) -> str:
    """The shape that a person meant; raises `InvalidRequest`."""
    return _choice({"shape": value}, "shape", SHAPES) or ""


def to_prompt(words: str) -> str:
    """What a picture is to show, as it can be kept; raises `InvalidRequest`."""
    prompt = clean(words)
    if all(unicodedata.category(char)[0] in "CZ" for char in prompt):  # nothing that can be seen
        raise InvalidRequest("err.no_words")
    if len(prompt) > PROMPT_CHARS:
        raise InvalidRequest("err.too_long", length=len(prompt), limit=PROMPT_CHARS)
    return prompt


def _unknown(key: str, offered: Offered) -> InvalidRequest:
    known = Flags(", ".join(map(_flag, offered.names)))
    if close := nearest(key, offered.names):
        return InvalidRequest("err.unknown_option", option=_flag(key), nearest=_flag(close), known=known)
    return InvalidRequest("err.unknown_option_plain", option=_flag(key), known=known)


def _own(options: Mapping[str, str], key: str, spec: OptionSpec) -> Value | None:
    low, high = spec.low or 0.0, spec.high or 0.0
    match spec.kind:
        case OptionKind.FLAG:
            return _switch(options, key)
        case OptionKind.WHOLE:
            return _whole(options, key, int(low), int(high))
        case OptionKind.NUMBER:
            return _number(options, key, low, high)
        case OptionKind.TEXT if spec.choices:
            return _choice(options, key, dict.fromkeys(spec.choices, ""))
    return _text(options, key, NAME_CHARS)


def _text(options: Mapping[str, str], key: str, limit: int) -> str | None:
    value = options.get(key)
    if value is not None and len(value) > limit:
        raise InvalidRequest("err.option_too_long", option=_flag(key), length=len(value), limit=limit)
    return value


def _whole(options: Mapping[str, str], key: str, low: int, high: int) -> int | None:
    value = options.get(key)
    if value is None:
        return None
    if not re.fullmatch(r"-?\d{1,10}", value) or not low <= int(value) <= high:
        raise InvalidRequest("err.option_whole", option=_flag(key), value=_shown(value), low=low, high=high)
    return int(value)


def _number(options: Mapping[str, str], key: str, low: float, high: float) -> float | None:
    value = options.get(key)
    if value is None:
        return None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise InvalidRequest(
            "err.option_number", option=_flag(key), value=_shown(value), low=f"{low:g}", high=f"{high:g}"
        )
    return number


def _switch(options: Mapping[str, str], key: str) -> bool | None:
    value = options.get(key)
    if value is None:
        return None
    if value.casefold() not in ON + OFF:
        raise InvalidRequest("err.option_one_of", option=_flag(key), value=_shown(value), known="On, Off")
    return value.casefold() in ON


def _choice(options: Mapping[str, str], key: str, names: Mapping[str, str]) -> str | None:
    """The name that the value is, stands for (`names` maps the one to the other), or begins alone."""
    if key not in options:
        return None
    value = options[key].casefold()
    meant = {name for name, other in names.items() if value in (name.casefold(), other)}
    meant = meant or {name for name in names if name.casefold().startswith(value)}
    if len(meant) != 1:
        allowed = ", ".join(name[:1].upper() + name[1:] for name in names)
        raise InvalidRequest("err.option_one_of", option=_flag(key), value=_shown(options[key]), known=allowed)
    return meant.pop()


def _sides(options: Mapping[str, str]) -> tuple[int, int] | tuple[None, None]:
    """Width and height in pixels; both None where nothing was said. One side alone keeps the shape."""
    if not options.keys() & {"shape", "size", "width", "height"}:
        return None, None
    shape = _choice(options, "shape", SHAPES) or "square"
    size = _choice(options, "size", dict.fromkeys(SIZES, "")) or "medium"
    width, height = _whole(options, "width", *SIDE_PX), _whole(options, "height", *SIDE_PX)
    usual_width, usual_height = PIXELS[size, shape]
    if width is not None:
        return _rounded(width), _rounded(width * usual_height / usual_width if height is None else height)
    if height is not None:
        return _rounded(height * usual_width / usual_height), _rounded(height)
    return usual_width, usual_height


def _rounded(side_px: float) -> int:
    low, high = SIDE_PX
    return min(high, max(low, int(side_px / SIDE_STEP_PX + 0.5) * SIDE_STEP_PX))


def compose(request: GenerationRequest, spelling: Spelling = DASHES) -> str:
    """The line that asks for the same again: `to_request(parse(compose(request))) == request`."""
    asked: dict[str, Value | None] = {
        "style": request.style,
        "style-strength": request.style_strength,
        **_written_sides(request),
        "count": request.count if request.count > 1 else None,
        "seed": request.seed,
        "negative": request.negative_prompt,
        "guidance": request.guidance,
        "model": request.model,
        **{written(name): value for name, value in request.extra.items()},
    }
    options = {name: value for name, value in asked.items() if value is not None}
    return spelling.line("imagine", request.prompt, options)


def _written_sides(request: GenerationRequest) -> dict[str, str | int | None]:
    for (size, shape), sides in PIXELS.items():
        if sides == (request.width, request.height):
            return {"shape": shape, "size": None if size == "medium" else size}
    return {"width": request.width, "height": request.height}


def _flag(key: str) -> Flags:
    return Flags(f"--{_shown(key)}")


def _shown(value: str) -> str:
    """One line of at most 40 characters, cut between words only."""
    return textwrap.shorten(value, 40, placeholder="…")

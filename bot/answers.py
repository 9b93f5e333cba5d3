"""Pure: the cards of commands that are answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.messages import say, spoken
from bot.messages.cutting import one_line
from bot.messages.people import told, who
from bot.model import (
    ANSWER,
    Act,
    Button,
    Card,
    CardMedia,
    Character,
    CharacterSource,
    GenerationRequest,
    Job,
    JobState,
    Message,
    PictureSource,
    Preferences,
    Source,
    Tone,
)
from bot.parsing import compose, repeatable
from bot.provider import CharacterCard, Style
from bot.spelling import DASHES
from bot.surface import Spelling

LEAST_WAIT_S = 5.0  # in line, that is worth telling
PROMPT_CHARS = 60
EXAMPLE = "a lighthouse in a storm"
CHARACTER_EXAMPLE = "a young engineer who loves bridges and coffee"
LISTED_CHARACTERS = 10
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
_WORDS = {
    **dict.fromkeys(("imagine", "edit", "animate", "character new", "character browse"), "<words>"),
    **dict.fromkeys(("effect", "character show", "character use", "character rename", "character delete"), "<name>"),
    **dict.fromkeys(("show", "details"), "<tag>"),
}
_OPTIONS = {"character rename": {"name": "<new name>"}}
_EXAMPLES: dict[str, tuple[str, dict[str, str | float]]] = {"show": ("K7F3", {}), "settings": ("", {"ping": False})}
HISTORY_PICTURES = 9  # three rows of three; no chat takes more than ten in one message


def quota(left: int, daily: int, costs: Sequence[str], reset: str, locale: str) -> Card:
    """`costs`: what each kind of result takes, a line for each."""
    lines = [say("answer.quota_left", locale, n=left, daily=daily, reset=reset), *costs]
    return _card("answer.quota", lines, locale, emoji="🔋")


def running(jobs: Sequence[tuple[Job, int | None]], locale: str) -> Card:
    """`jobs`: the person's open jobs with what their bars show."""
    lines = tuple(f"#{job.id[-4:]} · {_short(job)} · {how_far(job, percent, locale)}" for job, percent in jobs)
    buttons = tuple(Button(Act.STOP, (job.id,), f"{say('act.cancel', locale)} #{job.id[-4:]}") for job, _ in jobs)
    return _card("answer.jobs", lines or (say("answer.jobs_none", locale),), locale, buttons=buttons)


def canceled(count: int, locale: str) -> Card:
    return _card("title.canceled", (say("answer.cancel_many", locale, n=count),), locale, emoji="✖️")


def styles(known: Sequence[Style], locale: str, spelling: Spelling) -> Card:
    if not known:
        return _card("answer.styles", (say("answer.styles_none", locale),), locale)
    example = spelling.line("imagine", "a red fox", {"style": known[0].key})
    use = say("answer.styles_use", locale, option=spelling.flags("--style"), example=example)
    return _card("answer.styles", (", ".join(style.title for style in known), use), locale)


def sentence(key: str, locale: str, **params: str) -> Card:
    """A card of one sentence."""
    return Card(state=ANSWER, title=say(key, locale, **params))


def character(one: Character, *, owned: bool, usual: bool, acts: Sequence[Act], locale: str) -> Card:
    """A character: `owned` by whoever looks, and `usual` where they name none; `acts`: what can be made from it."""
    whose = "character.yours" if owned else "character.ready_made"
    lines = list(told(one, whose, locale))
    if usual:
        lines.append(say("character.usual", locale))
    pressed = [*([] if usual else [Act.USE]), *(act for act in acts if act is not Act.EFFECT)]
    pressed += [Act.RENAME, Act.REMOVE] if owned else []
    return Card(
        state=ANSWER,
        title=one.name,
        lines=tuple(lines),
        media=_portrait(one.avatar, one.name),
        buttons=tuple(Button(act, (one.id,), say(f"act.{act}", locale)) for act in pressed),
        portrait=True,
    )


def _portrait(file: str | None, alt: str) -> tuple[CardMedia, ...]:
    media_type = _PICTURES.get((file or "").rpartition(".")[2])
    return (CardMedia(file, media_type, alt),) if file and media_type else ()


def characters(own: Sequence[Character], usual: str | None, locale: str, spelling: Spelling, *, browsing: bool) -> Card:
    """The person's characters, the newest first; `usual` is the id of the one that they use where they name none."""
    if not own:
        lines = [say("answer.characters_none", locale, line=spelling.line("character new", CHARACTER_EXAMPLE, {}))]
        lines += [say("answer.characters_browse", locale)] if browsing else []
        return _card("answer.characters", lines, locale)
    newest = own[::-1][:LISTED_CHARACTERS]
    lines = [
        " · ".join(
            [
                one.name,
                *who(one.age, one.gender, locale),
                *([say("character.in_use", locale)] if one.id == usual else []),
            ]
        )
        for one in newest
    ]
    if len(own) > len(newest):
        lines.append(say("answer.characters_more", locale, n=len(own) - len(newest)))
    return _card(
        "answer.characters", lines, locale, buttons=tuple(Button(Act.SHOW, (one.id,), one.name) for one in newest)
    )


def ready_made(
    page: Sequence[tuple[str, CharacterCard]], *, before: str | None, after: str | None, more: int, locale: str
) -> Card:
    """A page of characters that anybody may take, by their ids; `before` and `after` are ids on the pages there."""
    if not page:
        return _card("answer.ready_made", [say("answer.ready_made_none", locale)], locale)
    lines = [
        " · ".join([one.name, *who(one.age, one.gender, locale), one_line(one.description, PROMPT_CHARS)]).rstrip(" ·")
        for _, one in page
    ]
    if more > 0:
        lines.append(say("answer.ready_made_more", locale, n=more))
    buttons = [Button(Act.SHOW, (character_id,), one.name) for character_id, one in page]
    turning = [(before, "act.browse_back"), (after, "act.browse")]
    buttons += [Button(Act.BROWSE, (to,), say(label, locale)) for to, label in turning if to]
    return _card("answer.ready_made", lines, locale, buttons=tuple(buttons))


def brought(upload_id: str, acts: Sequence[Act], locale: str) -> Card:
    """A picture that came without words, and what can be made from it."""
    buttons = tuple(Button(act, (upload_id,), say(f"act.{act}", locale)) for act in acts)
    return replace(sentence("answer.brought", locale), buttons=buttons)


def models(lines: Sequence[str], locale: str) -> Card:
    return _card("answer.models", lines, locale)


def history(messages: Iterable[Message], example: str, locale: str) -> Card:
    """The newest pictures, and a line for those of each message; `example` is for whoever has none."""
    done = [job for message in messages for job in message.jobs if job.state is JobState.SUCCEEDED and job.file]
    done = done[:HISTORY_PICTURES]
    media = tuple(
        CardMedia(job.file, job.media_type, job.request.prompt) for job in done if job.file and job.media_type
    )
    together = [list(jobs) for _, jobs in groupby(done, key=lambda job: job.message_id)]
    lines = tuple(f"{' '.join(f'#{job.id[-4:]}' for job in jobs)} · {_short(jobs[0])}" for jobs in together)
    none = say("answer.history_none", locale, example=example)
    return _card("answer.history", lines or (none,), locale, media=media)


def help_(commands: Iterable[str], options: Sequence[str], locale: str, spelling: Spelling) -> Card:
    """`options`: those of /imagine, as `--style`."""
    lines = [summary(name, locale, spelling) for name in commands]
    if options:
        lines.insert(1, say("help.imagine_options", locale, options=spelling.flags(", ".join(options))))
    return _card("answer.help", lines, locale)


def summary(command: str, locale: str, spelling: Spelling = DASHES) -> str:
    """What a command does, in a line."""
    line = spelling.line(command, _WORDS.get(command, ""), _OPTIONS.get(command, {}))
    return say(f"help.{command}", locale, line=line, example=spelling.line(command, *_EXAMPLES.get(command, ("", {}))))


def privacy(providers: Sequence[str], keep_days: int, locale: str) -> Card:
    lines = (
        say("privacy.stored", locale),
        say("privacy.kept", locale, n=keep_days),
        say("privacy.sent", locale, providers=", ".join(providers)),
        say("privacy.brought", locale),
        say("privacy.delete", locale),
        say("privacy.session", locale),
    )
    return _card("answer.privacy", lines, locale)


def settings(preferences: Preferences, character: str | None, locale: str) -> Card:
    """`character` is the name of the one that they use where they name none."""
    kept = {"style": preferences.style, "model": preferences.model, "shape": preferences.shape}
    lines = [
        say(f"settings.{name}", locale, value=value or say("settings.none", locale)) for name, value in kept.items()
    ]
    lines += [say("settings.character", locale, value=character)] if character else []
    lines.append(say("settings.ping" if preferences.ping else "settings.no_ping", locale))
    return _card("answer.settings", lines, locale)


def details(
    job: Job, *, credits_: int, model: str, provider: str, buttons: tuple[Button, ...], locale: str, spelling: Spelling
) -> Card:
    """How a job was made: `credits_` are those of its whole message, `model` and `provider` as people call them."""
    lines = [
        model if model == provider else say("details.model", locale, model=model, provider=provider),
        *_choices(job.request, locale),
        *_times(job, locale),
        say("line.credits", locale, n=credits_),
    ]
    return replace(
        _card("answer.details", lines, locale, buttons=buttons),
        message_id=job.message_id,
        job_id=job.id,
        tag=job.id[-4:],
        command=compose(job.request, spelling) if repeatable(job.request) else None,
    )


def _choices(request: GenerationRequest, locale: str) -> Iterator[str]:
    yield from _made_from(request.source, locale)
    if request.quality is not None:
        yield say("details.quality", locale, quality=request.quality)
    if request.duration_s is not None:
        yield say("details.seconds", locale, n=request.duration_s)
    if request.audio is not None:
        yield say("details.sound" if request.audio else "details.no_sound", locale)
    if request.style is not None:
        yield say("details.style", locale, style=request.style)
    if request.style_strength is not None:
        yield say("details.strength", locale, strength=f"{request.style_strength:g}")
    if request.width and request.height:
        yield say("details.size", locale, width=request.width, height=request.height)
    if request.seed is not None:
        yield say("details.seed", locale, seed=request.seed)
    if request.unserved:
        wishes = (f"{option} {value}" for option, value in request.unserved.items())
        yield say("details.unserved", locale, options=", ".join(wishes))


def _made_from(source: Source | None, locale: str) -> Iterator[str]:
    match source:
        case CharacterSource():
            yield say("details.character", locale, character=source.name)
        case PictureSource(job_id=str(job_id)):
            yield say("details.result", locale, tag=job_id[-4:])
        case PictureSource():
            yield say("details.brought", locale)


def _times(job: Job, locale: str) -> Iterator[str]:
    if job.submitted_at is not None and job.submitted_at - job.created_at >= LEAST_WAIT_S:
        yield say("details.queued", locale, time=spoken(job.submitted_at - job.created_at, locale))
    if job.submitted_at is not None and job.ended_at is not None:
        yield say("details.drawn", locale, time=spoken(job.ended_at - job.submitted_at, locale))
    if job.ended_at is not None:
        yield say("details.all", locale, time=spoken(job.ended_at - job.created_at, locale))


def _card(
    title: str,
    lines: Sequence[str],
    locale: str,
    *,
    emoji: str = "",
    media: tuple[CardMedia, ...] = (),
    buttons: tuple[Button, ...] = (),
) -> Card:
    return Card(
        state=ANSWER,
        title=say(title, locale),
        emoji=emoji,
        tone=Tone.NEUTRAL,
        lines=tuple(lines),
        media=media,
        buttons=buttons,
    )


def _short(job: Job) -> str:
    return one_line(job.request.prompt, PROMPT_CHARS)


def how_far(job: Job, percent: int | None, locale: str) -> str:
    """How far an open job is, in a word; `percent` is what its bar shows."""
    if job.state in (JobState.QUEUED, JobState.SUBMITTING):
        return say("title.queued", locale)
    return say("title.running", locale) if percent is None else f"{percent} %"

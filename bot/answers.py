"""Pure: the cards of commands that are answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.messages import say
from bot.messages.cutting import one_line
from bot.model import Act, Button, Card, CardMedia, Job, JobState, Message, Tone
from bot.provider import CapabilitySpec, Style

STATE = "answer"
PROMPT_CHARS = 60


def quota(left: int, daily: int, price_image: int, reset: str, locale: str) -> Card:
    lines = (
        say("answer.quota_left", locale, n=left, daily=daily, reset=reset),
        say("answer.quota_price", locale, n=price_image),
    )
    return _card("answer.quota", lines, locale, emoji="🔋")


def running(jobs: Sequence[tuple[Job, int | None]], locale: str) -> Card:
    """`jobs`: the person's open jobs with what their bars show."""
    lines = tuple(f"#{job.id[-4:]} · {_short(job)} · {_how_far(job, percent, locale)}" for job, percent in jobs)
    buttons = tuple(Button(Act.CANCEL, (job.id,), f"{say('act.cancel', locale)} #{job.id[-4:]}") for job, _ in jobs)
    return _card("answer.jobs", lines or (say("answer.jobs_none", locale),), locale, buttons=buttons)


def canceled(count: int, locale: str) -> Card:
    return _card("title.canceled", (say("answer.cancel_many", locale, n=count),), locale, emoji="✖️")


def styles(known: Sequence[Style], locale: str) -> Card:
    if not known:
        return _card("answer.styles", (say("answer.styles_none", locale),), locale)
    lines = (", ".join(style.title for style in known), say("answer.styles_use", locale, style=known[0].key))
    return _card("answer.styles", lines, locale)


def models(specs: Sequence[tuple[CapabilitySpec, Sequence[str]]], locale: str) -> Card:
    """`specs`: each model with the options that it takes, as people write them."""
    lines = [
        say("answer.model", locale, title=spec.title, model=spec.model, options=", ".join(flags))
        if flags
        else say("answer.model_plain", locale, title=spec.title, model=spec.model)
        for spec, flags in specs
    ]
    return _card("answer.models", lines, locale)


def history(messages: Iterable[Message], locale: str) -> Card:
    done = [
        job for message in messages for job in message.jobs if job.state is JobState.SUCCEEDED and job.file is not None
    ]
    media = tuple(
        CardMedia(job.file, job.media_type, job.request.prompt) for job in done if job.file and job.media_type
    )
    lines = tuple(f"#{job.id[-4:]} · {_short(job)}" for job in done)
    return _card("answer.history", lines or (say("answer.history_none", locale),), locale, media=media)


def help_(commands: Iterable[str], options: Sequence[str], locale: str) -> Card:
    lines = [say(f"help.{name}", locale) for name in commands]
    lines.insert(1, say("help.imagine_options", locale, options=", ".join(options)))
    return _card("answer.help", lines, locale)


def privacy(providers: Sequence[str], keep_days: int, locale: str) -> Card:
    lines = (
        say("privacy.stored", locale),
        say("privacy.kept", locale, n=keep_days),
        say("privacy.sent", locale, providers=", ".join(providers)),
        say("privacy.delete", locale),
        say("privacy.session", locale),
    )
    return _card("answer.privacy", lines, locale)


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
        state=STATE,
        title=say(title, locale),
        emoji=emoji,
        tone=Tone.NEUTRAL,
        lines=tuple(lines),
        media=media,
        buttons=buttons,
    )


def _short(job: Job) -> str:
    return one_line(job.request.prompt, PROMPT_CHARS)


def _how_far(job: Job, percent: int | None, locale: str) -> str:
    if job.state in (JobState.QUEUED, JobState.SUBMITTING):
        return say("title.queued", locale)
    return say("title.running", locale) if percent is None else f"{percent} %"

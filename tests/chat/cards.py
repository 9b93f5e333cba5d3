"""Cards as the core makes them, for tests that draw them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.messages import say
from bot.model import Act, Bar, Button, Card, CardMedia, JobState, Tone

JOB = "01J9ZQ8F6V3M5T7W2X4Y6ZK7F3"
OTHERS = tuple(f"01J9ZQ8F6V3M5T7W2X4Y6Z000{number}" for number in range(3))


def button(act: Act, *jobs: str, label: str | None = None) -> Button:
    return Button(act, jobs or (JOB,), label or say(f"act.{act}"))


def running(percent: int | None = 42, **more: Any) -> Card:
    card = Card(
        state=JobState.RUNNING,
        title="Drawing",
        emoji="🎨",
        tone=Tone.ACTIVE,
        message_id="M",
        job_id=JOB,
        tag="K7F3",
        prompt="a red fox",
        chips=("FLUX.1", "anime"),
        bar=Bar(percent),
        buttons=(button(Act.CANCEL),),
    )
    return replace(card, **more)


def queued(**more: Any) -> Card:
    return running(
        state=JobState.QUEUED, title="Queued", emoji="⏳", tone=Tone.NEUTRAL, bar=None, lines=("You're next",), **more
    )


def done(*files: str, **more: Any) -> Card:
    jobs = (JOB, *OTHERS)[: max(1, len(files))]
    card = running(
        state=JobState.SUCCEEDED,
        title="a red fox",
        emoji="✅",
        tone=Tone.GOOD,
        bar=None,
        media=tuple(CardMedia(file, "image/png", "a red fox") for file in files),
        buttons=(button(Act.AGAIN), button(Act.WORDS), button(Act.ORIGINAL, *jobs), button(Act.DELETE)),
        footer="AI-generated · 1 credit",
    )
    return replace(card, **more)


def failed(**more: Any) -> Card:
    card = running(
        state=JobState.FAILED,
        title="That didn't work",
        emoji="⚠️",
        tone=Tone.BAD,
        bar=None,
        lines=("Demo isn't answering. Try again in a minute.", "Your credit is back."),
        buttons=(button(Act.RETRY), button(Act.WORDS), button(Act.DELETE)),
    )
    return replace(card, **more)


def answer(*lines: str, **more: Any) -> Card:
    return replace(Card(state="answer", title="What I can do", lines=lines), **more)

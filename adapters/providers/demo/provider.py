"""The provider: handles that any process can go on with, and three words that stand for fates.

A handle holds all that its picture needs, but none of the words that were asked with, and
progress comes from the clock alone. In a prompt `slow` takes four times as long, `fail`
fails on the way, `stuck` never ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections import deque
from dataclasses import asdict, dataclass

from adapters.providers.demo.palettes import STYLES
from adapters.providers.demo.picture import SIDE_PX, Brief, draw, plan, words_of
from bot.clock import Clock
from bot.config import DemoSettings
from bot.errors import GenerationFailed, InvalidRequest, ProtocolError
from bot.model import Artifact, Capability, GenerationRequest, Progress
from bot.provider import (
    CapabilitySpec,
    Finished,
    OptionSpec,
    Pending,
    ProgressKind,
    ProviderContext,
    Style,
)

NAME = "demo"
USUAL_SIDE_PX = 1024
SEEDS = 2**32
SLOWER = 4
FAILS_AT = 0.6
STUCK_AT = 0.4
LOOKS = 16
LOOK_EVERY_S = (0.2, 1.0)
CANCELED_KEPT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ticket:
    """What a handle says; `started_at` is UTC epoch seconds."""

    job: str
    started_at: float
    duration_s: float
    fails: bool
    stuck: bool
    brief: Brief

    def write(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, handle: str) -> _Ticket:
        try:
            said = json.loads(handle)
            return cls(
                job=str(said["job"]),
                started_at=_finite(said["started_at"]),
                duration_s=_finite(said["duration_s"]),
                fails=bool(said["fails"]),
                stuck=bool(said["stuck"]),
                brief=Brief(**said["brief"] | {"motifs": tuple(said["brief"]["motifs"])}),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ProtocolError("this handle cannot be read") from error


def _finite(value: str | float) -> float:
    if not math.isfinite(number := float(value)):
        raise ValueError("not a finite number")
    return number


class DemoProvider:
    """Pretends to be a service. What it lacks, it lacks on purpose: refusals can be tried out."""

    name = NAME
    title = "Demo"

    def __init__(self, *, clock: Clock, duration_s: float = 8.0, slots: int = 4, deadline_s: float = 120.0) -> None:
        self.slots = slots
        self.specs: tuple[CapabilitySpec, ...] = (
            CapabilitySpec(
                capability=Capability.TEXT_TO_IMAGE,
                model=NAME,
                title="Demo",
                options=(
                    OptionSpec(name="style", choices=tuple(STYLES)),
                    OptionSpec(name="width", low=SIDE_PX[0], high=SIDE_PX[1]),
                    OptionSpec(name="height", low=SIDE_PX[0], high=SIDE_PX[1]),
                    OptionSpec(name="seed", low=0, high=SEEDS - 1),
                ),
                progress=ProgressKind.PERCENT,
                cancel=True,
                usual_s=max(duration_s, LOOK_EVERY_S[0]),
                deadline_s=deadline_s,
            ),
        )
        self._clock = clock
        self._duration_s = duration_s
        # In memory is enough: a canceled job is never looked at again, not even after a restart.
        self._canceled: deque[str] = deque(maxlen=CANCELED_KEPT)

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending:  # noqa: ARG002 - one model
        words = words_of(request.prompt)
        ticket = _Ticket(
            job=key,
            started_at=self._clock.now(),
            duration_s=self._duration_s * (SLOWER if "slow" in words else 1),
            fails="fail" in words,
            stuck="stuck" in words,
            brief=_brief(request, key),
        )
        return self._pending(ticket, 0.0)

    async def poll(self, handle: str) -> Pending | Finished:
        ticket = _Ticket.read(handle)
        if handle in self._canceled:
            raise GenerationFailed("it was canceled")
        spent_s = max(0.0, self._clock.now() - ticket.started_at)
        part = min(1.0, spent_s / ticket.duration_s) if ticket.duration_s > 0 else 1.0
        if ticket.stuck:
            part = min(part, STUCK_AT)
        if ticket.fails and part >= FAILS_AT:
            raise GenerationFailed("the prompt asked for a failure")
        if part < 1:
            return self._pending(ticket, part)
        return Finished(Artifact(await asyncio.to_thread(draw, ticket.brief), "image/png"))

    def _pending(self, ticket: _Ticket, part: float) -> Pending:
        low, high = LOOK_EVERY_S
        eta_s = None if ticket.stuck else ticket.duration_s * (1 - part)
        poll_after_s = min(high, max(low, self._duration_s / LOOKS))
        return Pending(ticket.write(), Progress(fraction=part, eta_s=eta_s), poll_after_s)

    async def cancel(self, handle: str) -> None:
        _Ticket.read(handle)
        self._canceled.append(handle)

    async def styles(self) -> tuple[Style, ...]:
        return tuple(Style(key, key.capitalize()) for key in STYLES)

    async def close(self) -> None:
        """Nothing is held open."""


def _brief(request: GenerationRequest, key: str) -> Brief:
    """What is to be drawn; without a seed the job's id makes one, so that Again looks different."""
    style = request.style.casefold() if request.style else None
    if style is not None and style not in STYLES:
        raise InvalidRequest("err.style", value=style, known=", ".join(STYLES))
    seed = request.seed
    if seed is None:
        seed = int.from_bytes(hashlib.sha256(key.encode()).digest()) % SEEDS
    return plan(
        request.prompt,
        style=style,
        width=request.width or USUAL_SIDE_PX,
        height=request.height or USUAL_SIDE_PX,
        seed=seed,
    )


def create(context: ProviderContext) -> DemoProvider | None:
    """The entry point; None where the settings switch it off."""
    settings = context.settings
    assert isinstance(settings, DemoSettings)
    if settings.enabled is False:
        return None
    return DemoProvider(
        clock=context.clock,
        duration_s=settings.duration_s,
        slots=settings.max_in_flight or 4,
        deadline_s=settings.deadline_s or max(120.0, 2 * SLOWER * settings.duration_s),
    )

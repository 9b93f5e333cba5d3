"""A provider that draws nothing, takes as long as it is told, and counts what it was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import ProtocolError
from bot.model import Artifact, Capability, GenerationRequest, Progress
from bot.provider import CapabilitySpec, Finished, OptionSpec, Pending, ProgressKind

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)

SPEC = CapabilitySpec(
    capability=Capability.TEXT_TO_IMAGE,
    model="fake-1",
    title="Fake One",
    options=(
        OptionSpec(name="seed"),
        OptionSpec(name="width", low=256, high=2048),
        OptionSpec(name="height", low=256, high=2048),
    ),
    progress=ProgressKind.PERCENT,
    cancel=True,
    usual_s=30.0,
    deadline_s=600.0,
)

Answer = Pending | Finished | Exception | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the provider saw it; `at` is the clock's monotonic time when it came."""

    at: float
    verb: str
    key: str


class FakeProvider:
    """Answers a submit after `submit_s`, a look after `poll_s`, and finishes `duration_s` later.

    A hook (`on_submit`, `on_poll`) returns an answer, an exception to raise, or None for the usual behaviour. State
    is in the handle, so that a second instance goes on where the first was killed. `asked` keeps every request.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        name: str = "fake",
        spec: CapabilitySpec = SPEC,
        slots: int = 4,
        duration_s: float = 30.0,
        submit_s: float = 0.0,
        poll_s: float = 0.0,
        on_submit: Callable[[str], Answer] = lambda _: None,
        on_poll: Callable[[str], Answer] = lambda _: None,
    ) -> None:
        self.name = name
        self.title = name.title()
        self.slots = slots
        self.specs: tuple[CapabilitySpec, ...] = (spec,)
        self.duration_s = duration_s
        self.submit_s = submit_s
        self.poll_s = poll_s
        self.on_submit = on_submit
        self.on_poll = on_poll
        self.submits: Counter[str] = Counter()
        self.polls: Counter[str] = Counter()
        self.cancels: Counter[str] = Counter()
        self.asked: list[Asked] = []
        self._clock = clock

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        self.submits[key] += 1
        self.asked.append(Asked(self._clock.monotonic(), "submit", key))
        if self.submit_s:
            await self._clock.sleep(self.submit_s)
        answer = _settled(self.on_submit(key))
        return answer or Pending(f"{key} {self._clock.now()!r}")

    async def poll(self, handle: str) -> Pending | Finished:
        key, submitted_at = _read(handle)
        self.polls[key] += 1
        self.asked.append(Asked(self._clock.monotonic(), "poll", key))
        if self.poll_s:
            await self._clock.sleep(self.poll_s)
        answer = _settled(self.on_poll(key))
        if answer is not None:
            return answer
        elapsed_s = self._clock.now() - submitted_at
        if elapsed_s >= self.duration_s:
            return Finished(Artifact(PNG, "image/png"))
        reports = self.specs[0].progress is ProgressKind.PERCENT
        return Pending(handle, Progress(fraction=max(0.0, elapsed_s / self.duration_s)) if reports else None)

    async def cancel(self, handle: str) -> None:
        self.cancels[_read(handle)[0]] += 1

    async def close(self) -> None:
        """Nothing is held open."""


def _read(handle: str) -> tuple[str, float]:
    key, _, submitted_at = handle.partition(" ")
    try:
        return key, float(submitted_at)
    except ValueError as error:
        raise ProtocolError("a handle that is none of ours") from error


def _settled(answer: Answer) -> Pending | Finished | None:
    if isinstance(answer, Exception):
        raise answer
    return answer

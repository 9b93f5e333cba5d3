"""One adapter before a scripted service, watched: what it sends, answers, raises, logs and leaves open."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bot.config import ProvidersSettings
from bot.errors import InvalidRequest
from bot.model import GenerationRequest, PictureSource
from bot.provider import Cancels, Characters, Effects, Pending, Provider, ProviderContext, Styled
from bot.testing.clock import FakeClock
from bot.testing.contract_rules import LISTED, check_outcome
from bot.testing.contract_secrets import KEY, Logs, Secrets, texts
from bot.testing.contract_table import Create, On, ProviderContract, matches, spoken
from bot.testing.wire import Answer, Call, Raw, Wire, reply

JOB = "01JCONTRACT0000000000000AB"
PATIENCE_S = 5.0
SHOWN_CHARS = 400  # of what came of a call

Answers = tuple[Answer | Callable[[Call], Answer], ...]

Variants = Iterator[tuple[str, Answers, object]]
"""What is different, the answers then, and what they mean."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one call: the value or the exception, and the requests that it took."""

    outcome: object
    calls: tuple[Call, ...]


class Rig:
    """An asynchronous context manager; each `act` is one call of the adapter, held to the rules of the port.

    `elsewhere` is a second service, which no adapter has any business with.
    """

    def __init__(self, contract: ProviderContract, create: Create | None = None) -> None:
        self.contract = contract
        self.wire = Wire(self._answer)
        self.elsewhere = Wire()
        self.origin = ""
        self._create = create or contract.create
        self._answers: deque[Answer | Callable[[Call], Answer]] = deque([reply()])
        self._secrets = Secrets(contract)
        self._logs = Logs()
        self._answered: set[tuple[str, str]] = set()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._logs.begin()
        self._tasks = asyncio.all_tasks()
        for service in (self.wire, self.elsewhere):
            await self._open.enter_async_context(service)
        self.origin = self.wire.origin
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._open.__aexit__(kind, error, trace)
        finally:
            self._logs.end()
        if error is None:
            assert not self.elsewhere.calls, f"it called another address: {self.elsewhere.calls}"
            assert asyncio.all_tasks() <= self._tasks, "it left a task behind"
            self._secrets.keep("a log record", self._logs.lines)

    def context(self, **settings: Any) -> ProviderContext:
        """What the factory is given, with the settings as an operator would write them."""
        written = {"key": KEY, "base_url": self.origin, **self.contract.settings, **settings}
        sections = ProvidersSettings.model_validate({self.contract.name.replace("-", "_"): written})
        clock = FakeClock(time.time())  # a date in an answer may be read by either clock
        own = sections.named(self.contract.name)
        return ProviderContext(name=self.contract.name, settings=own, clock=clock, pictures=self._picture)

    def provider(self, **settings: Any) -> Provider:
        """A new instance, closed with the rig."""
        provider = self._create(self.context(**settings))
        assert provider is not None, "it is switched off, with a key"
        self._open.push_async_callback(provider.close)
        return provider

    async def handle(self, provider: Provider) -> str | None:
        """The handle of a job that the service has accepted; None where the contract documents none."""
        accepted = self.contract.first(On.SUBMIT, Pending)
        if accepted is None and self.contract.answers:
            return None
        seen = await self.act(provider, On.SUBMIT, accepted.answers if accepted else (reply(),))
        return seen.outcome.handle if isinstance(seen.outcome, Pending) else None

    async def act(
        self,
        provider: Provider,
        on: On,
        answers: Answers,
        *,
        handle: str | None = None,
        request: GenerationRequest | None = None,
    ) -> Seen:
        """Call the adapter once, in front of these answers."""
        if handle is None and on in (On.POLL, On.CANCEL):
            handle = await self.handle(provider)
            assert handle is not None, f"there is no job to {on}"
        self._answers = deque(answers)
        self.wire.calls.clear()
        self._answered.clear()
        limit = asyncio.timeout(PATIENCE_S)
        try:
            async with limit:
                outcome: object = await self._call(provider, on, handle or "", request or self.contract.request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at below
            outcome = error
        seen = Seen(outcome, tuple(self.wire.calls))
        assert not limit.expired(), f"it was still waiting after {PATIENCE_S} s"
        self._check(on, seen)
        return seen

    async def expect(
        self, provider: Provider, on: On, answers: Answers, meaning: object, *, handle: str | None = None
    ) -> Seen:
        """Call the adapter once; what comes of it must be what is meant."""
        seen = await self.act(provider, on, answers, handle=handle)
        came = repr(seen.outcome)[:SHOWN_CHARS]
        assert matches(meaning, seen.outcome), f"it should mean {spoken(meaning)}, and was {came}"
        return seen

    def start(self, provider: Provider, on: On, answers: Answers, handle: str) -> asyncio.Task[object]:
        """Call the adapter without waiting for it."""
        self._answers = deque(answers)
        self.wire.calls.clear()
        return asyncio.create_task(self._call(provider, on, handle, self.contract.request))

    async def _call(self, provider: Provider, on: On, handle: str, request: GenerationRequest) -> object:
        match on:
            case On.SUBMIT:
                return await provider.submit(request, model=request.model or provider.specs[0].model, key=JOB)
            case On.POLL:
                return await provider.poll(handle)
            case On.CANCEL:
                assert isinstance(provider, Cancels)
                await provider.cancel(handle)
                return None
            case On.STYLES:
                assert isinstance(provider, Styled)
                return await provider.styles()
            case On.EFFECTS:
                assert isinstance(provider, Effects)
                return await provider.effects()
            case On.CHARACTERS:
                assert isinstance(provider, Characters)
                return await provider.characters()

    async def _picture(self, source: PictureSource) -> bytes:
        if source.file not in self.contract.pictures:
            raise InvalidRequest("err.source_gone")
        return self.contract.pictures[source.file]

    def _answer(self, call: Call) -> Answer:
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        answer = answer(call) if callable(answer) else answer
        if isinstance(answer, Raw) and answer.keep:
            self._answered.add((call.method, call.target))
        return answer

    def _check(self, on: On, seen: Seen) -> None:
        check_outcome(on, seen.outcome)
        posts = [call for call in seen.calls if call.method not in ("GET", "DELETE")]
        assert len(posts) <= 1, f"a {on} was sent {len(posts)} times"
        # A client may send these two once more over a new connection when the kept one turns out to be lost.
        for (method, target), times in Counter((call.method, call.target) for call in seen.calls).items():
            most = 1 if (method, target) in self._answered else 2
            assert times <= most, f"it asked {times} times for {method} {target:.100}"
        assert not any(KEY in call.target for call in seen.calls), "the key is in an address"
        if isinstance(seen.outcome, Exception):
            self._secrets.keep("the error", texts(seen.outcome))
        if isinstance(seen.outcome, Pending):
            self._secrets.keep_from_handle("a handle", seen.outcome.handle)


async def each(
    contract: ProviderContract, on: On, variants: Callable[[Rig], Variants], create: Create | None = None
) -> None:
    """Make the same call in front of each variant, and tell of every one that comes to something else."""
    wrong = []
    async with Rig(contract, create) as rig:
        provider = rig.provider()
        handle = await rig.handle(provider) if on in (On.POLL, On.CANCEL) else None
        for name, answers, meaning in variants(rig):
            provider = rig.provider() if on in LISTED else provider  # these may be remembered
            try:
                await rig.expect(provider, on, answers, meaning, handle=handle)
            except AssertionError as error:
                wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)

"""Jobs from outside: accept, announce, cancel, look again, delete; resume and stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.cards import can_cancel, can_look
from bot.clock import Clock
from bot.errors import NotFound, ProviderError, Unavailable, UserError, WrongState
from bot.jobs.balances import Balances
from bot.jobs.closing import Closing
from bot.jobs.endings import Ending
from bot.jobs.handover import HandOver
from bot.jobs.health import Health
from bot.jobs.intake import Intake
from bot.jobs.live import LiveMessages
from bot.jobs.looks import Looks
from bot.jobs.made import kept
from bot.jobs.pacing import Pace
from bot.jobs.pings import Pings
from bot.jobs.presenter import Presenter
from bot.jobs.records import Overtaken, Records
from bot.jobs.recovery import Recovery
from bot.jobs.runner import Runner
from bot.jobs.slots import FairSlots
from bot.jobs.states import moved
from bot.jobs.tidying import Tidying
from bot.jobs.usual import Durations
from bot.jobs.view import View
from bot.media import Media
from bot.model import Card, GenerationRequest, Job, JobState, Message, MessageRef, Origin
from bot.policy import Closed, Rules, offers_of
from bot.provider import Cancels, Finished, Provider
from bot.spelling import spelling_of
from bot.store import Accepted, Store
from bot.surface import Surface

log = logging.getLogger(__name__)

SUBMITS_END_S = 30.0
REST_ENDS_S = 10.0
TIDY_AFTER_S = 10.0
ASK_LIMIT_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """Everything that the manager needs from outside; `random` is 0..1, `new_id` makes ULIDs."""

    store: Store
    media: Media
    providers: Mapping[str, Provider]
    surfaces: Mapping[str, Surface]
    clock: Clock
    random: Callable[[], float]
    new_id: Callable[[], str]


class JobManager:
    """Takes requests, runs one task per job, and shows every message its final card."""

    def __init__(self, outside: Outside, rules: Rules, locale: str = "en", pace: Pace = Pace()) -> None:  # noqa: B008 - frozen
        self._out = outside
        self._rules = rules
        self._locale = locale
        self.offers = offers_of(outside.providers, rules)
        self._lives = LiveMessages()
        self._balances = Balances(outside.clock)
        self._durations = Durations(self.offers)
        self._slots = {name: FairSlots(provider.slots, self._moved) for name, provider in outside.providers.items()}
        self._health = {
            name: Health(name, outside.clock, outside.random, slots.turn_away) for name, slots in self._slots.items()
        }
        self.view = View(
            offers=self.offers,
            slots=self._slots,
            health=self._health,
            durations=self._durations,
            lives=self._lives,
            clock=outside.clock,
            locale=locale,
            keep_days=rules.keep_days,
            spelling=partial(spelling_of, outside.surfaces),
            balances=self._balances,
        )
        self._presenter = Presenter(outside.surfaces, outside.clock, self.view, self.moved)
        self._records = Records(outside.store, outside.clock, self._lives, self._presenter, self._balances)
        self._closing = self._new_closing()
        self._handover = HandOver(
            slots=self._slots,
            health=self._health,
            media=outside.media,
            clock=outside.clock,
            random=outside.random,
            presenter=self._presenter,
            records=self._records,
            closing=self._closing,
            pace=pace,
        )
        self._runner = self._new_runner(pace)
        self._intake = self._new_intake()
        self._recovery = Recovery(
            store=outside.store,
            records=self._records,
            clock=outside.clock,
            lives=self._lives,
            slots=self._slots,
            presenter=self._presenter,
            closing=self._closing,
            announced=self.announced,
            spawn=self.spawn,
        )
        self._files = Tidying(outside.store, outside.media, self._lives, outside.clock)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._tidying = False

    async def prepare(self) -> None:
        """Read what an earlier process left, before the first new command can come."""
        await self._durations.load(self._out.store)
        await self._recovery.prepare()

    async def resume(self) -> None:
        """Continue what was left; the platforms are connected by now."""
        for chore in self._recovery.chores():
            self._do(chore)
        self._do(self._files.tidy())

    async def accept(
        self, origin: Origin, request: GenerationRequest, *, press: str | None = None, repeat_s: float | None = None
    ) -> Accepted:
        """Check, price and commit a request with its jobs and reserves; raises `UserError`.

        What repeats an update or a `press` is as `bot.store.Draft` says.

        The caller shows the first card and then calls `announced`; no job runs before that.
        """
        if self._stopping:
            raise Unavailable("err.stopping")
        accepted = await self._intake.accept(origin, request, press=press, repeat_s=repeat_s)
        self._balances.note(accepted.message.person_id, accepted.balance)
        if not accepted.repeated:
            self._lives.add(accepted.message)
        return accepted

    async def accepted_before(self, origin: Origin, refusal: UserError) -> Accepted:
        """What was made of the same update when it came first; raises the refusal where that made nothing."""
        return await self._intake.accepted_before(origin, refusal)

    async def check(self, origin: Origin, request: GenerationRequest) -> None:
        """Raise what `accept` would refuse before it looks at credits."""
        await self._intake.check(origin, request)

    def first_card(self, message: Message) -> Card:
        """What is about to be shown of an accepted message, where its place is known only once it is shown."""
        live = self._lives.get(message.id)
        if live is not None:
            self._presenter.shown(live)
        return self.view.card_of(message)

    async def announced(self, message_id: str, ref: MessageRef) -> Card:
        """The first card is shown at `ref`: keep that, start the jobs, and answer with the card."""
        await self._records.announced(message_id, ref)
        live = self._lives.get(message_id)
        if live is None:
            return self.view.card_of(await self._message(message_id))
        live.message = replace(live.message, ref=ref)
        if not live.given_up:
            for job in live.message.jobs:
                self.spawn(job)
        if live.ended:  # canceled before it was shown
            self._do(self._closing.conclude(live))
        await asyncio.sleep(0)  # the jobs join the line, so that the card knows their places
        if live.shown is None:
            self._presenter.shown(live)
        else:  # a first card that knew no place yet
            self._presenter.touch(live)
        return self.view.card(live)

    async def moved(self, message_id: str, ref: MessageRef) -> None:
        """The message is shown at `ref` from now on; committed when this returns."""
        live = self._lives.get(message_id)
        if live is not None:
            live.message = replace(live.message, ref=ref)
        await self._records.announced(message_id, ref)

    async def not_shown(self, message_id: str) -> None:
        """The first card could not be shown: cancel the jobs, unless it was announced meanwhile."""
        live = self._lives.get(message_id)
        if live is not None and live.message.ref is None:
            await self._closing.give_up(live)

    async def cancel(self, job_id: str) -> None:
        """Stop a job that nobody has to pay for any more; raises `NotFound`, `WrongState`."""
        job = (await self.found(job_id))[1]
        if not can_cancel(job, self.view.stoppable):
            raise WrongState("err.not_cancelable")
        if job.state is JobState.SUBMITTING and self._handover.wish_cancel(job.id):
            return
        if job.state is JobState.RUNNING:
            await self._stop_at_provider(job)
        try:
            live = await self._closing.commit_end(job, Ending(JobState.CANCELED, None))
        except Overtaken:
            await self.cancel(job_id)  # the job moved meanwhile; the table of states ends this
            return
        if job.id in self._tasks:
            self._tasks[job.id].cancel()
        if live is not None:  # the card may have to wait for its surface; who pressed does not
            self._do(self._closing.conclude(live))

    async def look(self, job_id: str) -> None:
        """Look once more for a job that was given up at its deadline; what is found is free."""
        message, job = await self.found(job_id)
        provider = self._out.providers.get(job.provider)
        if not can_look(job) or provider is None or job.handle is None:
            raise WrongState("err.not_lookable")
        leave = self._health[job.provider].request()
        if leave is None:
            raise Unavailable("err.provider_asleep", provider=provider.title)
        try:
            with leave:
                async with asyncio.timeout(ASK_LIMIT_S):
                    answer = await provider.poll(job.handle)
            if not isinstance(answer, Finished):
                raise WrongState("err.not_yet")
            changes = await kept(self._out.media, job, answer, at=self._out.clock.now())
        except (ProviderError, TimeoutError) as error:
            log.warning("looking again failed: %s", error, extra={"job": job.id})
            raise WrongState("err.not_yet") from error
        if isinstance(changes, Ending):
            raise WrongState("err.not_lookable")
        found = moved(job, JobState.DELIVERING, price=0, failure=None, **changes)
        if not await self._out.store.advance(job.state, found):
            if (await self._message(message.id)).deleted:
                await self._out.media.remove(changes["file"])
            raise WrongState("err.not_lookable")
        if job.id in self._tasks:  # it may still be showing that it gave up
            await asyncio.wait({self._tasks[job.id]})
        self._lives.add(await self._message(message.id)).put(found)
        self.spawn(found)

    async def delete(self, job_id: str) -> None:
        """Remove an ended message with its pictures and words for good; may be repeated until it succeeds."""
        message, _ = await self.found(job_id)
        if any(not job.state.terminal for job in message.jobs):
            raise WrongState("err.not_deletable")
        live = self._lives.get(message.id)
        if live is not None:
            live.gone = True
        for job in message.jobs:
            if job.file:
                await self._out.media.remove(job.file)
        for file in await self._out.store.delete(message.id):
            await self._out.media.remove(file)
        surface = self._out.surfaces.get(message.platform)
        if surface is not None and message.ref is not None:
            await surface.remove(message.ref, message.id)

    async def closed(self) -> Closed:
        """Which providers are to get no new jobs now."""
        down = [name for name, health in self._health.items() if health.down or health.refusing]
        return Closed(resting=await self._out.store.rests(), down=down)

    async def found(self, job_id: str) -> tuple[Message, Job]:
        """A job and its message; raises `NotFound`. Whether somebody may see it is not decided here."""
        job = await self._out.store.job(job_id)
        if job is None:
            raise NotFound("err.not_found")
        message = await self._message(job.message_id)
        if message.deleted:
            raise NotFound("err.not_found")
        return message, job

    def spawn(self, job: Job) -> None:
        """Run a job in a task of its own; one that runs already is left alone."""
        if job.id in self._tasks or self._stopping:
            return
        task = self._tasks[job.id] = asyncio.get_running_loop().create_task(self._runner.run(job), name=job.id)
        task.add_done_callback(self._forget)

    async def stop(self) -> None:
        """Take nothing new, let open submits end (30 s at most), leave the rest to the next start."""
        self._stopping = True
        open_tasks = [*self._tasks.values(), *self._chores]
        for task in open_tasks:
            task.cancel()
        if open_tasks:
            await asyncio.wait(open_tasks, timeout=REST_ENDS_S)
        if self._handover.open:
            await asyncio.wait(set(self._handover.open), timeout=SUBMITS_END_S)
        await self._presenter.close()

    def _new_closing(self) -> Closing:
        pings = Pings(self._out.store, self._presenter, self._do)
        return Closing(
            clock=self._out.clock,
            lives=self._lives,
            presenter=self._presenter,
            records=self._records,
            concluded=pings.concluded,
        )

    def _new_intake(self) -> Intake:
        return Intake(
            store=self._out.store,
            media=self._out.media,
            providers=self._out.providers,
            offers=self.offers,
            closed=self.closed,
            rules=self._rules,
            clock=self._out.clock,
            new_id=self._out.new_id,
            locale=self._locale,
        )

    def _new_runner(self, pace: Pace) -> Runner:
        return Runner(
            providers=self._out.providers,
            slots=self._slots,
            health=self._health,
            durations=self._durations,
            clock=self._out.clock,
            handover=self._handover,
            looks=Looks(
                health=self._health,
                durations=self._durations,
                media=self._out.media,
                clock=self._out.clock,
                random=self._out.random,
                presenter=self._presenter,
                records=self._records,
                locale=self._locale,
                pace=pace,
            ),
            records=self._records,
            closing=self._closing,
            rests=self._out.store.rests,
        )

    async def _stop_at_provider(self, job: Job) -> None:
        provider = self._out.providers.get(job.provider)
        if not isinstance(provider, Cancels) or job.handle is None:
            raise WrongState("err.not_cancelable")
        try:
            async with asyncio.timeout(ASK_LIMIT_S):
                await provider.cancel(job.handle)
        except (ProviderError, UserError, TimeoutError) as error:
            log.warning("cancel failed: %s", error, extra={"job": job.id})
            raise WrongState("err.not_cancelable") from error

    async def _message(self, message_id: str) -> Message:
        message = await self._out.store.message(message_id)
        if message is None:
            raise NotFound("err.not_found")
        return message

    def _forget(self, task: asyncio.Task[None]) -> None:
        """A job's task ended, perhaps with a new file: tidy up soon, once for many."""
        self._tasks.pop(task.get_name(), None)
        if not self._tidying and not self._stopping:
            self._tidying = True
            self._do(self._tidy_soon())

    async def _tidy_soon(self) -> None:
        await self._out.clock.sleep(TIDY_AFTER_S)
        self._tidying = False
        await self._files.tidy()

    def _do(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chore_ended)

    def _chore_ended(self, task: asyncio.Task[None]) -> None:
        self._chores.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a chore broke", exc_info=task.exception())

    def _moved(self, job_ids: tuple[str, ...]) -> None:
        if self._stopping:  # the line dissolves, but nobody's place has changed
            return
        for live in self._lives.of_jobs(job_ids):
            self._presenter.touch(live)

"""The end of a job and the last card of its message: what is committed and shown in which order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace

from bot.clock import Clock
from bot.jobs.endings import Ending, Ends
from bot.jobs.live import LiveMessage, LiveMessages
from bot.jobs.presenter import Presenter
from bot.jobs.records import Overtaken, Records
from bot.model import Failure, Job, JobState
from bot.surface import Delivered, Paused

log = logging.getLogger(__name__)

HOLD_S = 1.0


class Closing:
    """A success is shown and then committed, every other end is committed and then shown."""

    def __init__(
        self,
        *,
        clock: Clock,
        lives: LiveMessages,
        presenter: Presenter,
        records: Records,
        concluded: Callable[[LiveMessage], None],
    ) -> None:
        self._clock = clock
        self._lives = lives
        self._presenter = presenter
        self._records = records
        self._concluded = concluded

    async def end(self, job: Job, ending: Ending) -> None:
        """Commit an end without a result, then show it; raises `Overtaken`."""
        live = await self.commit_end(job, ending)
        if live is not None:
            await self.conclude(live)

    async def commit_end(self, job: Job, ending: Ending) -> LiveMessage | None:
        """Commit an end without a result; not while another picture of the message is being shown.

        That card does not know of this end, and its own commit says that all is shown.
        """
        live = self._lives.of_job(job.id)
        if live is not None:
            live.hurry()
        async with live.final_order if live else nullcontext():
            ended = await self._records.end(job, ending.state, ending.failure, at=self._clock.now())
        if live is not None:
            self._presenter.touch(live)
        _log(ended, logging.WARNING if ending.perhaps_paid else logging.INFO)
        return live

    async def deliver(self, job: Job) -> None:
        """Show the result, then settle; a kill in between shows it again, which is harmless.

        Pictures of one message that come together are shown together. Nobody pays for a
        result that the chat cannot show: that raises `Ends`. Where a platform shows nothing for
        long, it is settled before, so that people find it elsewhere, and shown by whoever can.
        """
        live = self._lives.of_job(job.id)
        assert live is not None
        at = job.ended_at or self._clock.now()
        live.put(replace(job, state=JobState.SUCCEEDED, ended_at=at, failure=None))
        live.unsettled |= {job.id}
        if live.ended:
            live.hurry()
        async with live.final_order:
            shown = job.id in live.seen or await self._show(live)
            if job.file in live.withheld:
                live.put(job)
                live.unsettled -= {job.id}
                raise Ends(job, Ending(JobState.FAILED, Failure("fail.too_large")))
            ended = await self._records.end(job, JobState.SUCCEEDED, at=at, shown=shown)
            live.unsettled -= {job.id}
            concluded = live.ended and not live.unsettled
            if concluded and shown:
                self._lives.drop(live)
                self._concluded(live)
        self._presenter.touch(live)
        _log(ended, logging.INFO)
        if concluded and not shown:
            await self.conclude(live)

    async def _show(self, live: LiveMessage) -> bool:
        """Show all results that are there, after a moment for others to join; the last one waits for nothing.

        False: nothing is shown for long.
        """
        if not live.ended:
            await live.hold(self._clock.sleep(HOLD_S))
        seen = {job.id for job in live.message.jobs if job.state is JobState.SUCCEEDED}
        shown = await self._presenter.final(live, patient=False)
        if isinstance(shown, Paused):
            return False
        live.seen |= seen
        if isinstance(shown, Delivered):
            live.withheld |= shown.withheld
        return True

    async def conclude(self, live: LiveMessage) -> None:
        """Show the last card of a message whose jobs have all ended, once, and remember that it is shown."""
        async with live.final_order:
            if not live.ended or live.message.ref is None or self._lives.get(live.message.id) is not live:
                return  # the first card is still to come, or somebody else has shown the last one
            await self._presenter.final(live)
            await self._records.final_shown(live.message.id)
            self._lives.drop(live)
            self._concluded(live)

    async def give_up(self, live: LiveMessage) -> None:
        """Cancel what nobody was shown; a message that is announced meanwhile shows that it was canceled."""
        live.given_up = True
        for job in live.message.jobs:
            if not job.state.terminal:
                with suppress(Overtaken):
                    await self.commit_end(job, Ending(JobState.CANCELED, Failure("fail.not_shown")))
        if live.message.ref is not None:
            await self.conclude(live)
            return
        log.warning("message %s was never shown; it is given up", live.message.id)
        await self._records.final_shown(live.message.id)
        self._lives.drop(live)


def _log(job: Job, level: int) -> None:
    reason = {"reason": job.failure.key} if job.failure else {}
    log.log(level, "job ended", extra={"job": job.id, "state": job.state, "provider": job.provider, **reason})

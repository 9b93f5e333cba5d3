"""What an option may be completed to while somebody types it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answers import how_far
from bot.cards import can_cancel, tag
from bot.clock import Clock
from bot.commands.lookup import Lookup, is_picture
from bot.commands.menu import capability_of
from bot.commands.models import labels
from bot.errors import ProviderError
from bot.jobs.manager import JobManager
from bot.messages import ago, say
from bot.messages.cutting import one_line
from bot.model import Character, Job, JobState, Origin
from bot.policy import doing
from bot.provider import Effect, Style

log = logging.getLogger(__name__)

MOST = 25
LISTS_LIMIT_S = 0.5
PROMPT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an option may be completed to: `label` is for reading, `value` for the option."""

    label: str
    value: str


class Suggestions:
    """Answers at once: from what is known, where a service is slow to list its own."""

    def __init__(self, manager: JobManager, clock: Clock, lookup: Lookup, locale: str) -> None:
        self._manager = manager
        self._view = manager.view
        self._clock = clock
        self._lookup = lookup
        self._locale = locale
        self._listed = dict[str, tuple[Suggestion, ...]]()

    async def to(self, origin: Origin, command: str, option: str, typed: str) -> tuple[Suggestion, ...]:
        """At most 25 for an option, those first that begin as typed.

        A job to cancel is one that still can be; every other command wants one with a result, and a
        source is a picture.
        """
        match option:
            case "model":
                capability = capability_of(command)
                offers = doing(self._manager.offers, capability) if capability else self._manager.offers
                known = labels(offers, await self._manager.closed(), self._locale)
                return _matching(typed, (Suggestion(label, model) for model, label in known.items()))
            case "style" | "effect":
                return _matching(typed, await self._known(option))
            case "character":
                own = await self._lookup.characters(origin)
                return _matching(typed, (self._character(one) for one in reversed(own)))
            case "job" | "result":
                jobs = [job for message in await self._lookup.own(origin) for job in message.jobs]
                if command == "cancel":
                    found = [self._open(job) for job in jobs if can_cancel(job, self._view.stoppable)]
                else:
                    done = [job for job in jobs if job.state is JobState.SUCCEEDED and job.file]
                    found = [self._result(job) for job in done if option == "job" or is_picture(job)]
                return _matching(typed.lstrip("#"), found)
        return ()

    def _character(self, one: Character) -> Suggestion:
        who = [one.name, *([] if one.age is None else [str(one.age)]), say("character.yours", self._locale)]
        return Suggestion(" · ".join(who), one.id)

    async def _known(self, option: str) -> tuple[Suggestion, ...]:
        """All values of an option that services list, as they said last."""
        try:
            async with asyncio.timeout(LISTS_LIMIT_S):
                self._listed[option] = await listed(self._lookup, option)
        except (ProviderError, TimeoutError) as error:
            log.info("the list for %s cannot be read now: %s", option, error)
        return self._listed.get(option, ())

    def _result(self, job: Job) -> Suggestion:
        return _suggestion(job, ago(self._clock.now() - (job.ended_at or job.created_at), self._locale))

    def _open(self, job: Job) -> Suggestion:
        return _suggestion(job, how_far(job, self._view.percent(job), self._locale))


async def listed(lookup: Lookup, option: str) -> tuple[Suggestion, ...]:
    """All that services list for "style" or "effect"; raises `ProviderError`."""
    found: tuple[Style | Effect, ...] = await lookup.styles() if option == "style" else await lookup.effects()
    return tuple(Suggestion(one.title, one.key) for one in found)


def _suggestion(job: Job, last: str) -> Suggestion:
    return Suggestion(f"#{tag(job.id)} · {one_line(job.request.prompt, PROMPT_CHARS)} · {last}", job.id)


def _matching(typed: str, all_: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    wanted = typed.casefold().strip()

    def begins(one: Suggestion) -> bool:
        return one.label.casefold().lstrip("#").startswith(wanted) or one.value.casefold().startswith(wanted)

    found = [one for one in all_ if wanted in one.label.casefold() or wanted in one.value.casefold()]
    return tuple(sorted(found, key=lambda one: not begins(one))[:MOST])

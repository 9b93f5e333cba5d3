"""Finds people, messages, jobs and styles. What somebody may not see is not found, as if it were not there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot import safety
from bot.cards import tag
from bot.commands.menu import example
from bot.errors import InvalidRequest, NotFound
from bot.jobs.manager import JobManager, Outside
from bot.model import Act, Character, Job, Message, Origin
from bot.policy import Rules, few, match, next_reset, reset_text, utc_day
from bot.provider import Effect, Effects, Style, Styled
from bot.rights import may

RECENT = 50


@dataclass(frozen=True, slots=True)
class Purse:
    """Credits left today, credits of a day, and when the next come (UTC epoch seconds)."""

    left: int
    daily: int
    resets_at: float


class Lookup:
    """Reads for whoever asks."""

    def __init__(self, manager: JobManager, outside: Outside, rules: Rules, locale: str) -> None:
        self._manager = manager
        self._rules = rules
        self._locale = locale
        self._clock = outside.clock
        self._store = outside.store
        self._providers = tuple(outside.providers.values())

    async def pressed(self, act: Act, origin: Origin, job_id: str) -> tuple[Message, Job]:
        """What somebody pressed, if they may; raises `NotFound`."""
        message, job = await self._manager.found(job_id)
        if not may(act, origin, message, owner=await self.owns(origin, message)):
            raise NotFound("err.not_found")
        return message, job

    async def owns(self, origin: Origin, message: Message) -> bool:
        """Whether the message is that person's own, said from whichever of their accounts."""
        return await self._store.person(origin.platform, origin.account) == message.person_id

    async def owned(self, origin: Origin, job_id: str) -> tuple[Message, Job]:
        """The person's own message and job; raises `NotFound`."""
        message, job = await self._manager.found(job_id)
        if not await self.owns(origin, message):
            raise NotFound("err.not_found")
        return message, job

    async def own(self, origin: Origin, limit: int = RECENT) -> tuple[Message, ...]:
        """The person's messages, newest first."""
        person_id = await self._store.person(origin.platform, origin.account)
        return await self._store.messages(person_id, limit=limit) if person_id else ()

    async def own_open_jobs(self, origin: Origin) -> list[Job]:
        return [job for message in await self.own(origin) for job in message.jobs if not job.state.terminal]

    async def meant(self, origin: Origin, words: str) -> tuple[Message, Job]:
        """The person's own job that a tag or an id names; without one the newest."""
        wanted = words.strip().lstrip("#").upper()
        messages = await self.own(origin)
        if not messages and not wanted:
            spelling = self._manager.view.spelling(origin.platform)
            raise InvalidRequest("err.nothing_yet", example=example(self._manager.offers, spelling))
        for message in messages:
            for job in message.jobs:
                if not wanted or wanted in (tag(job.id), job.id):
                    return message, job
        raise NotFound("err.not_found")

    async def purse(self, origin: Origin) -> Purse:
        now, daily = self._clock.now(), self._rules.daily_credits
        person_id = await self._store.person(origin.platform, origin.account)
        left = await self._store.balance(person_id or "", today=utc_day(now), allowance=daily)
        return Purse(left, daily, next_reset(now))

    def reset_text(self) -> str:
        """When the next credits come, as people say it."""
        return reset_text(self._clock.now(), self._locale)

    async def characters(self, origin: Origin) -> tuple[Character, ...]:
        """The person's own, oldest first."""
        person_id = await self._store.person(origin.platform, origin.account)
        return await self._store.characters(person_id) if person_id else ()

    async def character(self, origin: Origin, words: str) -> Character:
        """The person's own character that a name, a part of one, a tag or an id names."""
        own = await self.characters(origin)
        wanted = words.strip()
        if not own:
            raise InvalidRequest("err.no_characters")
        called = Counter(one.name.casefold() for one in own)
        labels = {one.id: f"{one.name} #{tag(one.id)}" if called[one.name.casefold()] > 1 else one.name for one in own}
        if not wanted:
            raise InvalidRequest("err.which_character", known=few([*labels.values()]))
        tagged = [one for one in own if wanted.lstrip("#").upper() in (tag(one.id), one.id)]
        if len(tagged) == 1 and wanted.casefold() not in called:
            return tagged[0]
        found = match("character", wanted, {one.id: (labels[one.id], one.name) for one in own})
        return next(one for one in own if one.id == found)

    async def find_own_character(self, origin: Origin, character_id: str) -> Character | None:
        """The character, if it is the person's own."""
        character = await self._store.character(character_id)
        person_id = await self._store.person(origin.platform, origin.account)
        return character if character is not None and character.person_id == person_id else None

    async def own_character(self, origin: Origin, character_id: str) -> Character:
        """The character; raises `NotFound` where it is not the person's own."""
        character = await self.find_own_character(origin, character_id)
        if character is None:
            raise NotFound("err.not_found")
        return character

    async def effects(self) -> tuple[Effect, ...]:
        """Every effect of every provider that may be shown; raises `ProviderError`."""
        found = dict[str, Effect]()
        for provider in self._providers:
            if isinstance(provider, Effects):
                found |= {one.key: one for one in await provider.effects()}
        return tuple(one for one in found.values() if safety.fits_anybody(one.key, one.title))

    async def styles(self) -> tuple[Style, ...]:
        """Every style of every provider; raises `ProviderError`."""
        found: list[Style] = []
        for provider in self._providers:
            if isinstance(provider, Styled):
                found += await provider.styles()
        return tuple(dict.fromkeys(found))


def is_picture(job: Job) -> bool:
    """Whether the job has a picture that something can be made from; that of a character is its owner's alone."""
    return job.has_picture and job.character is None

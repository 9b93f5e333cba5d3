"""The store's verbs on SQLite: each hands one function of this package to the unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from bot.model import (
    Capability,
    Character,
    Job,
    JobState,
    Message,
    MessageRef,
    Origin,
    Preferences,
    Rest,
    StoredFile,
)
from bot.store import Accepted, Decide, Draft, OwnedFile, Received
from storage.sqlite import accepting, characters, inbox, jobs, ledger, people, questions, reading, rests, sources
from storage.sqlite.unit import Unit


class SqliteStore:
    """`bot.store.Store` on one SQLite file."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def accept(self, draft: Draft, decide: Decide) -> Accepted:
        return await self._unit.write(partial(accepting.accept, draft=draft, decide=decide))

    async def announced(self, message_id: str, ref: MessageRef) -> None:
        await self._unit.write(partial(jobs.announced, message_id=message_id, ref=ref))

    async def advance(self, was: JobState, job: Job) -> bool:
        return await self._unit.write(partial(jobs.advance, was=was, job=job))

    async def finish(self, was: JobState, job: Job, *, today: str, shown: bool) -> int | None:
        return await self._unit.write(partial(jobs.finish, was=was, job=job, today=today, shown=shown))

    async def final_shown(self, message_id: str) -> None:
        await self._unit.write(partial(jobs.final_shown, message_id=message_id, shown=True))

    async def delete(self, message_id: str) -> tuple[str, ...]:
        return await self._unit.write(partial(jobs.delete, message_id=message_id))

    async def unstore(self, files: tuple[str, ...]) -> tuple[str, ...]:
        return await self._unit.write(partial(jobs.unstore, files=files))

    async def person(self, platform: str, account: str) -> str | None:
        return await self._unit.read(partial(people.person, platform=platform, account=account))

    async def link(self, person_id: str, platform: str, account: str) -> None:
        await self._unit.write(partial(people.link, person_id=person_id, platform=platform, account=account))

    async def balance(self, person_id: str, *, today: str, allowance: int) -> int:
        return await self._unit.read(partial(ledger.balance, person_id=person_id, today=today, allowance=allowance))

    async def preferences(self, platform: str, account: str) -> Preferences:
        return await self._unit.read(partial(people.preferences, platform=platform, account=account))

    async def prefer(self, platform: str, account: str, preferences: Preferences, *, new_person_id: str) -> None:
        write = partial(people.prefer, platform=platform, account=account, new=preferences, new_person_id=new_person_id)
        await self._unit.write(write)

    async def job(self, job_id: str) -> Job | None:
        return await self._unit.read(partial(reading.job, job_id=job_id))

    async def message(self, message_id: str) -> Message | None:
        return await self._unit.read(partial(reading.message, message_id=message_id))

    async def messages(self, person_id: str, *, limit: int) -> tuple[Message, ...]:
        return await self._unit.read(partial(reading.messages, person_id=person_id, limit=limit))

    async def unfinished(self) -> tuple[Message, ...]:
        return await self._unit.read(reading.unfinished)

    async def durations(self, provider: str, model: str, capability: Capability, *, limit: int) -> tuple[float, ...]:
        question = partial(reading.durations, provider=provider, model=model, capability=capability, limit=limit)
        return await self._unit.read(question)

    async def adopt(self, origin: Origin, character: Character, *, new_person_id: str) -> Character:
        adopt = partial(characters.adopt, origin=origin, new=character, new_person_id=new_person_id)
        return await self._unit.write(adopt)

    async def character(self, character_id: str) -> Character | None:
        return await self._unit.read(partial(characters.character, character_id=character_id))

    async def characters(self, person_id: str) -> tuple[Character, ...]:
        return await self._unit.read(partial(characters.of_person, person_id=person_id))

    async def made_characters(self, provider: str) -> frozenset[str]:
        return await self._unit.read(partial(characters.made, provider=provider))

    async def rename_character(self, character_id: str, name: str) -> None:
        await self._unit.write(partial(characters.rename, character_id=character_id, name=name))

    async def remove_character(self, character_id: str) -> None:
        await self._unit.write(partial(characters.remove, character_id=character_id))

    async def add_upload(self, origin: Origin, file: StoredFile, *, now: float, new_person_id: str) -> tuple[str, ...]:
        write = partial(sources.add_upload, origin=origin, file=file, now=now, new_person_id=new_person_id)
        return await self._unit.write(write)

    async def upload(self, upload_id: str) -> OwnedFile | None:
        return await self._unit.read(partial(sources.upload, upload_id=upload_id))

    async def drop_upload(self, upload_id: str) -> None:
        await self._unit.write(partial(sources.drop_upload, upload_id=upload_id))

    async def stale_uploads(self, *, before: float) -> tuple[str, ...]:
        return await self._unit.write(partial(sources.forget_stale_uploads, before=before))

    async def unknown_files(self, files: tuple[str, ...]) -> tuple[str, ...]:
        return await self._unit.read(partial(sources.unknown_files, files=files))

    async def choose_source(
        self, origin: Origin, source_id: str, *, now: float, expires_at: float, new_person_id: str
    ) -> None:
        choose = partial(sources.choose, origin=origin, source_id=source_id, new_person_id=new_person_id)
        await self._unit.write(partial(choose, now=now, expires_at=expires_at))

    async def chosen_source(self, origin: Origin, *, now: float) -> str | None:
        return await self._unit.read(partial(sources.chosen, origin=origin, now=now))

    async def forget_source(self, origin: Origin) -> None:
        await self._unit.write(partial(sources.forget, origin=origin))

    async def receive(self, platform: str, updates: Sequence[Received], *, now: float) -> tuple[Received, ...]:
        return await self._unit.write(partial(inbox.receive, platform=platform, updates=updates, now=now))

    async def handled(self, platform: str, update_id: str) -> None:
        await self._unit.write(partial(inbox.handled, platform=platform, update_id=update_id))

    async def unhandled(self, platform: str) -> tuple[Received, ...]:
        return await self._unit.read(partial(inbox.unhandled, platform=platform))

    async def ask(self, origin: Origin, body: str, *, now: float, expires_at: float) -> None:
        await self._unit.write(partial(questions.ask, origin=origin, body=body, now=now, expires_at=expires_at))

    async def asked(self, origin: Origin, *, now: float) -> str | None:
        return await self._unit.read(partial(questions.asked, origin=origin, now=now))

    async def answered(self, origin: Origin) -> None:
        await self._unit.write(partial(questions.answered, origin=origin))

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        await self._unit.write(partial(jobs.move_chat, platform=platform, old=old, new=new))

    async def rests(self) -> Mapping[str, Rest]:
        return await self._unit.read(rests.rests)

    async def rest(self, provider: str, how: Rest | None) -> None:
        await self._unit.write(partial(rests.rest, provider=provider, how=how))

    async def close(self) -> None:
        await self._unit.close()

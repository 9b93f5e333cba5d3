"""What a picture or a video is made from: what somebody names, brings, points at, chose before, or last made."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.commands.attached import Attached, Reader, Shown, Upload
from bot.commands.lookup import Lookup, is_picture
from bot.errors import Flags, InvalidRequest, NotFound, UserError
from bot.jobs.manager import JobManager, Outside
from bot.media import MAX_SOURCE_BYTES, MAX_UPLOAD_BYTES, picture_large
from bot.model import (
    Act,
    Artifact,
    Capability,
    Character,
    CharacterSource,
    Job,
    Origin,
    PictureSource,
    RemoteArtifact,
    Source,
    StoredFile,
    named_after,
)
from bot.parsing import SOURCES, Command
from bot.policy import doing, takes

CHOSEN_S = 600.0
AT_ONCE = 2  # pictures that are read at a time: each may take tens of megabytes
TO_COME = PictureSource(file="", media_type="image/jpeg", size_bytes=0, uploaded=True)
"""Stands for a picture that somebody brings until it is read."""
_TAKEN_AS_IT_IS = frozenset({"image/png", "image/jpeg", "image/webp"})


@dataclass(frozen=True, slots=True)
class Meant:
    """The source that was meant; `brought` and not read yet, `chosen` before this command."""

    source: Source
    brought: Upload | None = None
    chosen: bool = False

    @property
    def as_it_is(self) -> bool:
        """Whether any provider takes it: it is stored, and no result that is too large or of an odd type."""
        source = self.source
        if not isinstance(source, PictureSource) or source.job_id is None:
            return self.brought is None
        return source.media_type in _TAKEN_AS_IT_IS and source.size_bytes < MAX_SOURCE_BYTES


class Sources:
    """Finds sources, and keeps what people bring. Everything raises `UserError`."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup) -> None:
        self._manager = manager
        self._store = outside.store
        self._media = outside.media
        self._clock = outside.clock
        self._new_id = outside.new_id
        self._lookup = lookup
        self._room = asyncio.Semaphore(AT_ONCE)
        self._turns = WeakValueDictionary[tuple[str, str], asyncio.Lock]()

    async def meant(
        self, origin: Origin, command: Command, attached: Sequence[Attached], capability: Capability
    ) -> Meant:
        """The source of a command: named, attached, chosen, the usual character, or the newest picture."""
        named = [option for option in SOURCES if option in command.options]
        if len(named) > 1:
            raise InvalidRequest("err.sources_two", option=Flags(", ".join(f"--{option}" for option in named)))
        if named:
            return await self._named(origin, named[0], command.options[named[0]])
        if attached:
            return await self.pointed_at(origin, attached[0])
        chosen = await self._chosen(origin)
        if chosen is not None:
            return chosen
        for find in (self._usual, self._last):
            found = await find(origin)
            if found is not None and self._is_taken(found.source, capability):
                return found
        raise InvalidRequest("err.need_source")

    async def pointed_at(self, origin: Origin, attached: Attached) -> Meant:
        """What somebody brought, or one of ours."""
        if isinstance(attached, Shown):
            return Meant(await self.of_id(origin, attached.id))
        if attached.size_bytes is not None and attached.size_bytes > MAX_UPLOAD_BYTES:
            raise picture_large()
        return Meant(TO_COME, attached)

    async def of_id(self, origin: Origin, source_id: str) -> Source:
        """A character or an upload of the person's own, or a result that they see; raises `NotFound` for all others."""
        person_id = await self._store.person(origin.platform, origin.account)
        character = await self._store.character(source_id)
        if character is not None:
            if character.person_id != person_id:
                raise NotFound("err.not_found")
            return source_of(character)
        upload = await self._store.upload(source_id)
        if upload is not None:
            if upload.person_id != person_id:
                raise NotFound("err.not_found")
            return uploaded(upload.file)
        _, job = await self._lookup.pressed(Act.EDIT, origin, source_id)
        return await self._of_job(job)

    async def keep(self, origin: Origin, upload: Upload, upload_id: str | None = None) -> PictureSource:
        """Read, check and store what somebody brings."""
        return uploaded(await self._kept(origin, upload.read, upload_id))

    async def stored(self, origin: Origin, meant: Meant) -> Source:
        """The source as any provider takes it; what is stored for that is to be dropped where nothing is made of it."""
        if meant.as_it_is:
            return meant.source
        if meant.brought is not None:
            return await self.keep(origin, meant.brought)
        assert isinstance(meant.source, PictureSource)
        return await self._smaller(origin, meant.source)

    async def drop(self, meant: Meant, source: Source | None) -> None:
        """Nothing is made of a source that was stored for it: forget it."""
        if not meant.as_it_is and isinstance(source, PictureSource):
            await self._media.remove(source.file)
            await self._store.drop_upload(named_after(source.file))

    async def choose(self, origin: Origin, source_id: str) -> None:
        """Keep a source for the person's next command, for ten minutes."""
        now = self._clock.now()
        await self._store.choose_source(
            origin, source_id, now=now, expires_at=now + CHOSEN_S, new_person_id=self._new_id()
        )

    async def used(self, origin: Origin, meant: Meant) -> None:
        """What was chosen has been used."""
        if meant.chosen:
            await self._store.forget_source(origin)

    async def _named(self, origin: Origin, option: str, value: str) -> Meant:
        match option:
            case "character":
                return Meant(source_of(await self._lookup.character(origin, value)))
            case "result":
                _, job = await self._lookup.meant(origin, value)
                return Meant(await self.of_id(origin, job.id))
        return Meant(TO_COME, Upload(_at(value)))

    async def _chosen(self, origin: Origin) -> Meant | None:
        source_id = await self._store.chosen_source(origin, now=self._clock.now())
        try:
            return Meant(await self.of_id(origin, source_id), chosen=True) if source_id else None
        except UserError:  # nobody pointed at it just now, but they would pay for something else
            await self._store.forget_source(origin)
            raise InvalidRequest("err.chosen_gone") from None

    async def _usual(self, origin: Origin) -> Meant | None:
        character_id = (await self._store.preferences(origin.platform, origin.account)).character
        character = await self._store.character(character_id) if character_id else None
        return Meant(source_of(character)) if character and character.usable else None

    async def _last(self, origin: Origin) -> Meant | None:
        """The person's newest picture in this chat: one of another chat may be nobody's business here."""
        here = [
            one
            for one in await self._lookup.own(origin)
            if one.platform == origin.platform and one.chat in (origin.chat, origin.place)
        ]
        found = next((job for message in here for job in message.jobs if is_picture(job)), None)
        return Meant(await self._of_job(found)) if found else None

    def _is_taken(self, source: Source, capability: Capability) -> bool:
        return any(takes(offer, source) for offer in doing(self._manager.offers, capability))

    async def _of_job(self, job: Job) -> Source:
        if job.character is not None:  # only its owner may use it, and they have removed it
            raise NotFound("err.character_gone")
        if not job.state.terminal and job.file is None:
            raise InvalidRequest("err.not_repeatable")
        if not is_picture(job):
            video = job.media_type is not None and job.file is not None
            raise InvalidRequest("err.source_video" if video else "err.source_gone")
        assert job.file is not None
        assert job.media_type is not None
        try:
            size_bytes = await asyncio.to_thread(lambda: self._media.path(job.file or "").stat().st_size)
        except (NotFound, FileNotFoundError):
            raise InvalidRequest("err.source_gone") from None
        return PictureSource(
            file=job.file,
            media_type=job.media_type,
            size_bytes=min(size_bytes, MAX_SOURCE_BYTES),
            uploaded=job.from_upload,
            job_id=job.id,
        )

    async def _smaller(self, origin: Origin, source: PictureSource) -> PictureSource:
        """A copy that any provider takes of a result that is too large, or of an odd type."""

        async def read() -> Artifact:
            try:
                return Artifact(await asyncio.to_thread(self._media.path(source.file).read_bytes))
            except (NotFound, FileNotFoundError):
                raise InvalidRequest("err.source_gone") from None

        file = await self._kept(origin, read)
        return replace(source, file=file.name, media_type=file.media_type, size_bytes=file.size_bytes)

    async def _kept(self, origin: Origin, read: Reader, upload_id: str | None = None) -> StoredFile:
        async with self._turn(origin), self._room:
            file = await self._media.take(upload_id or self._new_id(), await read())
        await self._note(origin, file)
        return file

    def _turn(self, origin: Origin) -> asyncio.Lock:
        """One picture of a person at a time, lest everybody waits for all of theirs."""
        return self._turns.setdefault((origin.platform, origin.account), asyncio.Lock())

    async def _note(self, origin: Origin, file: StoredFile) -> None:
        try:
            spare = await self._store.add_upload(origin, file, now=self._clock.now(), new_person_id=self._new_id())
        except BaseException:
            await self._media.remove(file.name)
            raise
        for one in spare:
            await self._media.remove(one)


def id_of(source: Source) -> str:
    """The id by which a source is found again."""
    if isinstance(source, CharacterSource):
        return source.character_id
    return source.job_id or named_after(source.file)


def source_of(character: Character) -> CharacterSource:
    """A character to make something from; raises `InvalidRequest` for one that is not known to be of age."""
    if not character.usable:
        raise InvalidRequest("err.character_age", character=character.name)
    return CharacterSource(
        character_id=character.id, provider=character.provider, reference=character.reference, name=character.name
    )


def uploaded(file: StoredFile) -> PictureSource:
    """A stored picture that somebody brought."""
    return PictureSource(file=file.name, media_type=file.media_type, size_bytes=file.size_bytes, uploaded=True)


def _at(address: str) -> Reader:
    async def read() -> RemoteArtifact:
        return RemoteArtifact(address.strip())

    return read

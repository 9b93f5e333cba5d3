"""What people do with characters: theirs, and the ready-made ones that anybody may take."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import answers, safety
from bot.commands.lookup import Lookup
from bot.commands.sources import source_of
from bot.errors import ContentRefused, InvalidRequest, NotFound, ProviderError, Unavailable
from bot.jobs.manager import JobManager, Outside
from bot.model import Act, Card, Character, Origin
from bot.parsing import Command, to_nickname
from bot.policy import able
from bot.provider import CharacterCard, Characters

log = logging.getLogger(__name__)

PAGE = 6
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A character of a provider that anybody may take; `id` is the same wherever and whenever it is listed."""

    id: str
    provider: str
    card: CharacterCard


class CharacterCommands:
    """Answers with cards. Everything raises `UserError` or `ProviderError`."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup, locale: str) -> None:
        self._manager = manager
        self._store = outside.store
        self._media = outside.media
        self._clock = outside.clock
        self._new_id = outside.new_id
        self._providers = {
            name: provider for name, provider in outside.providers.items() if isinstance(provider, Characters)
        }
        self._lookup = lookup
        self._locale = locale

    @property
    def browsing(self) -> bool:
        """Whether a provider has ready-made ones."""
        return bool(self._providers)

    async def do(self, origin: Origin, command: Command) -> Card:
        """Answer a command of the group."""
        words = command.words.strip()
        match command.name.removeprefix("character "):
            case "list":
                return await self._list(origin)
            case "browse":
                return await self._browse(words)
            case "show":
                return await self._show(origin, words)
            case "use":
                return await self._use(origin, words)
            case "rename":
                return await self._rename(origin, words, command.options.get("name", ""))
        return await self._remove(origin, (await self._lookup.character(origin, words)).id)

    async def press(self, origin: Origin, act: Act, character_id: str) -> Card:
        """Answer a button under a character, or in a list of them."""
        match act:
            case Act.SHOW:
                return await self._shown(origin, character_id)
            case Act.BROWSE:
                return await self._browse("", from_id=character_id)
            case Act.USE:
                return await self._used(origin, character_id)
        return await self._remove(origin, character_id)

    async def rename(self, origin: Origin, character_id: str, name: str) -> Card:
        """Give a character of the person's own another name."""
        character = await self._lookup.own_character(origin, character_id)
        name = to_nickname(name)
        if not safety.fits_anybody(name):
            raise ContentRefused("err.refused_content")
        await self._store.rename_character(character.id, name)
        return await self._card(origin, replace(character, name=name))

    async def name(self, origin: Origin, character_id: str) -> str:
        """What a character of the person's own is called."""
        return (await self._lookup.own_character(origin, character_id)).name

    async def _list(self, origin: Origin) -> Card:
        own = await self._lookup.characters(origin)
        usual = (await self._store.preferences(origin.platform, origin.account)).character
        spelling = self._manager.view.spelling(origin.platform)
        return answers.characters(own, usual, self._locale, spelling, browsing=self.browsing)

    async def _browse(self, words: str, *, from_id: str | None = None) -> Card:
        found = [one for one in await self._ready_made() if _is_meant(one.card, words)]
        start = next((place for place, one in enumerate(found) if one.id == from_id), 0) // PAGE * PAGE
        page, before, after = found[start : start + PAGE], found[max(0, start - PAGE) :][:1], found[start + PAGE :][:1]
        return answers.ready_made(
            [(one.id, one.card) for one in page],
            before=before[0].id if start and not words else None,
            after=after[0].id if after and not words else None,
            more=len(found) - PAGE if words else 0,
            locale=self._locale,
        )

    async def _show(self, origin: Origin, words: str) -> Card:
        try:
            return await self._card(origin, await self._lookup.character(origin, words))
        except InvalidRequest:
            called = await self._ready_called(words)
            if not called:
                raise
            return await self._shown(origin, called[0])

    async def _shown(self, origin: Origin, character_id: str) -> Card:
        own = await self._lookup.find_own_character(origin, character_id)
        if own is not None:
            return await self._card(origin, own)
        ready = await self._ready(character_id)
        return answers.character(
            _as_character(ready, avatar=await self._avatar(ready)),
            owned=False,
            usual=False,
            acts=(),
            locale=self._locale,
        )

    async def _use(self, origin: Origin, words: str) -> Card:
        if not words:
            await self._prefer(origin, None)
            return answers.sentence("answer.no_usual", self._locale)
        try:
            character = await self._lookup.character(origin, words)
        except InvalidRequest:
            called = await self._ready_called(words)
            if len(called) != 1:
                raise
            return await self._used(origin, called[0])
        return await self._used(origin, character.id)

    async def _used(self, origin: Origin, character_id: str) -> Card:
        """Make a character the usual one; a ready-made one becomes the person's own first."""
        character = await self._lookup.find_own_character(origin, character_id)
        if character is None:
            ready = await self._ready(character_id)
            new = _as_character(ready, avatar=await self._avatar(ready))
            new = replace(new, id=self._new_id(), created_at=self._clock.now())
            character = await self._store.adopt(origin, new, new_person_id=self._new_id())
        source_of(character)  # of age
        await self._prefer(origin, character.id)
        return await self._card(origin, character)

    async def _prefer(self, origin: Origin, character_id: str | None) -> None:
        preferences = await self._store.preferences(origin.platform, origin.account)
        preferences = replace(preferences, character=character_id)
        await self._store.prefer(origin.platform, origin.account, preferences, new_person_id=self._new_id())

    async def _rename(self, origin: Origin, words: str, name: str) -> Card:
        if not name:
            raise InvalidRequest("err.no_name")
        return await self.rename(origin, (await self._lookup.character(origin, words)).id, name)

    async def _remove(self, origin: Origin, character_id: str) -> Card:
        character = await self._lookup.own_character(origin, character_id)
        await self._store.remove_character(character.id)
        key = "answer.removed_made" if character.made else "answer.removed"
        provider = self._manager.view.provider_title(character.provider)
        return answers.sentence(key, self._locale, character=character.name, provider=provider)

    async def _card(self, origin: Origin, character: Character) -> Card:
        usual = (await self._store.preferences(origin.platform, origin.account)).character
        acts = able(self._manager.offers, source_of(character)) if character.usable else ()
        return answers.character(character, owned=True, usual=usual == character.id, acts=acts, locale=self._locale)

    async def _ready(self, character_id: str) -> ReadyMade:
        for one in await self._ready_made():
            if one.id == character_id:
                return one
        raise NotFound("err.not_found")

    async def _ready_called(self, name: str) -> list[str]:
        """The ids of the ready-made ones with exactly this name."""
        return [one.id for one in await self._ready_made() if name and one.card.name.casefold() == name.casefold()]

    async def _ready_made(self) -> Sequence[ReadyMade]:
        """Those of age, in the order of their providers, and none that somebody here had made."""
        found = list[ReadyMade]()
        for name, provider in self._providers.items():
            try:
                cards = await provider.characters()
            except ProviderError as error:
                title = self._manager.view.provider_title(name)
                raise Unavailable("err.provider_asleep", provider=title) from error
            made = await self._store.made_characters(name)
            ready = [ReadyMade(_id_of(name, card.reference), name, card) for card in cards]
            found += [one for one in ready if _as_character(one).usable and one.card.reference not in made]
        return found

    async def _avatar(self, ready: ReadyMade) -> str | None:
        """The stored picture of a ready-made character; None when there is none to be had."""
        if ready.card.avatar is None:
            return None
        try:
            return (await self._media.keep(ready.id, ready.card.avatar)).name
        except (ProviderError, Unavailable) as error:
            log.info("the picture of a ready-made character cannot be fetched: %s", type(error).__name__)
            return None


def _as_character(ready: ReadyMade, *, avatar: str | None = None) -> Character:
    card = ready.card
    return Character(
        id=ready.id,
        person_id="",
        provider=ready.provider,
        reference=card.reference,
        name=card.name,
        description=card.description,
        gender=card.gender,
        age=card.age,
        avatar=avatar,
        made=False,
    )


def _id_of(provider: str, reference: str) -> str:
    """26 digits out of a name, as an id of ours is written."""
    number = int.from_bytes(hashlib.sha256(f"{provider}\n{reference}".encode()).digest()[:16])
    return "".join(_DIGITS[number >> place & 31] for place in range(125, -1, -5))


def _is_meant(card: CharacterCard, words: str) -> bool:
    text = f"{card.name} {card.description} {card.gender}".casefold()
    return all(word in text for word in words.casefold().split())

"""What people are asked where a platform has no form, and what they may choose from."""

from __future__ import annotations

from bot.commands.lookup import Lookup
from bot.commands.menu import options_of_all
from bot.commands.suggesting import Suggestion, listed
from bot.jobs.manager import JobManager, Outside
from bot.model import Capability, Origin
from bot.parsing import SHAPES
from bot.policy import doing

ANSWER_S = 600.0


class Asking:
    """One question per person and chat, which waits ten minutes for its answer, a restart included."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup, locale: str) -> None:
        self._offers = manager.offers
        self._options = {option.name for option in options_of_all(manager.offers, Capability.TEXT_TO_IMAGE, locale)}
        self._store = outside.store
        self._clock = outside.clock
        self._lookup = lookup

    async def ask(self, origin: Origin, body: str) -> None:
        now = self._clock.now()
        await self._store.ask(origin, body, now=now, expires_at=now + ANSWER_S)

    async def question(self, origin: Origin) -> str | None:
        return await self._store.asked(origin, now=self._clock.now())

    async def answered(self, origin: Origin) -> None:
        await self._store.answered(origin)

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        await self._store.move_chat(platform, old, new)

    async def choices(self, origin: Origin, option: str) -> tuple[Suggestion, ...]:
        """In the order in which they are offered; raises `ProviderError`."""
        match option:
            case "style" | "effect":
                return await listed(self._lookup, option)
            case "shape" if option in self._options:
                return tuple(Suggestion(f"{shape.capitalize()} {ratio}", shape) for shape, ratio in SHAPES.items())
            case "model":
                models = {offer.spec.model: offer.spec.title for offer in doing(self._offers, Capability.TEXT_TO_IMAGE)}
                return tuple(Suggestion(title, model) for model, title in models.items())
            case "character":
                return tuple(Suggestion(one.name, one.id) for one in await self._lookup.characters(origin))
        return ()

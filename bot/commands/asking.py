"""What people are asked where a platform has no form, and what they may choose from."""

from __future__ import annotations

from bot.commands.lookup import Lookup
from bot.commands.menu import options_of_all
from bot.commands.models import drawing
from bot.commands.suggesting import Suggestion
from bot.jobs.manager import JobManager, Outside
from bot.model import Origin
from bot.parsing import SHAPES

ANSWER_S = 600.0


class Asking:
    """One question per person and chat, which waits ten minutes for its answer, a restart included."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup) -> None:
        self._offers = manager.offers
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

    async def choices(self, option: str) -> tuple[Suggestion, ...]:
        """In the order in which they are offered; raises `ProviderError`."""
        match option:
            case "style":
                return tuple(Suggestion(style.title, style.key) for style in await self._lookup.styles())
            case "shape" if any(known.name == option for known in options_of_all(self._offers)):
                return tuple(Suggestion(f"{shape.capitalize()} {ratio}", shape) for shape, ratio in SHAPES.items())
            case "model":
                models = {offer.spec.model: offer.spec.title for offer in drawing(self._offers)}
                return tuple(Suggestion(title, model) for model, title in models.items())
        return ()

"""What a person has set once, and what becomes of it in a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from bot.commands.lookup import Lookup
from bot.errors import InvalidRequest, ProviderError, Unavailable
from bot.jobs.manager import JobManager, Outside
from bot.model import GenerationRequest, Origin, Preferences, Rest
from bot.parsing import USUAL, Command, Offered, to_request, to_shape
from bot.policy import OPEN, Closed, Offer, choose, match_style, named
from bot.provider import Styled


class Defaults:
    """The preferences of people, held to what there is: when they are set and when they are used."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup, offered: Offered) -> None:
        """`offered` is what /imagine takes."""
        self._offers = manager.offers
        self._offered = offered
        self._closed = manager.closed
        self._providers = outside.providers
        self._store = outside.store
        self._new_id = outside.new_id
        self._lookup = lookup

    async def of(self, origin: Origin) -> Preferences:
        return await self._store.preferences(origin.platform, origin.account)

    async def set(self, origin: Origin, new: Preferences) -> Preferences:
        """Keep them, and answer with how they are kept; raises `InvalidRequest` for a new one that is not known."""
        old = await self.of(origin)
        if new.model and new.model != old.model:
            new = replace(new, model=named(new.model, self._offers).spec.model)
        if new.shape and new.shape != old.shape:
            new = replace(new, shape=to_shape(new.shape))
        if new.style and new.style != old.style:
            styles = await self._lookup.styles()
            if not styles:
                raise InvalidRequest("err.no_styles")
            new = replace(new, style=match_style(new.style, styles))
        await self._store.prefer(origin.platform, origin.account, new, new_person_id=self._new_id())
        return new

    async def used_in(self, origin: Origin, command: Command) -> GenerationRequest:
        """What a command asks for, with what the person prefers where nothing is written; raises `InvalidRequest`."""
        preferred = await self.of(origin)
        closed = await self._closed()
        full = filled(command, preferred, self._offers, closed, self._offered)
        if "style" in full.options and "style" not in command.options and not await self._has_style(full, closed):
            full = filled(command, replace(preferred, style=None), self._offers, closed, self._offered)
        unserved = {name: wish for name, wish in wishes(preferred).items() if name not in full.options}
        return replace(to_request(full, self._offered), unserved=unserved)

    async def _has_style(self, command: Command, closed: Closed) -> bool:
        provider = self._providers[choose(to_request(command, self._offered), self._offers, closed).provider]
        try:
            known = await provider.styles() if isinstance(provider, Styled) else None
        except ProviderError:  # whoever needs the list next finds that out too, and says so
            return True
        return known is None or any(style.key == command.options["style"] for style in known)


def wishes(preferred: Preferences) -> dict[str, str]:
    """What is preferred, by option, the most wanted first."""
    kept = {"model": preferred.model, "style": preferred.style, "shape": preferred.shape}
    return {name: wish for name, wish in kept.items() if wish}


def filled(
    command: Command,
    preferred: Preferences,
    offers: Sequence[Offer],
    closed: Closed = OPEN,
    known: Offered = USUAL,
) -> Command:
    """Pure: the command with as much of what is preferred as one model serves, first the model, last the shape.

    What is down serves no wish, unless nothing else serves what is written.
    """
    unsaid = [wish for wish in wishes(preferred).items() if wish[0] not in command.options]
    down = {name: Rest(reason="", since=0) for name in closed.down}
    for shut in (Closed(resting={**closed.resting, **down}), closed):
        for taken in product((True, False), repeat=len(unsaid)):
            added = dict(wish for wish, is_taken in zip(unsaid, taken, strict=True) if is_taken)
            full = replace(command, options={**command.options, **added})
            if _is_served(full, known, offers, shut):
                return full
    return command


def _is_served(command: Command, known: Offered, offers: Sequence[Offer], closed: Closed) -> bool:
    try:
        choose(to_request(command, known), offers, closed)
    except (InvalidRequest, Unavailable):
        return False
    return True

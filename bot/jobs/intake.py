"""From a request to an accepted message, or a refusal in words."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot import safety
from bot.clock import Clock
from bot.errors import ProviderError, StoreUnavailable, Unavailable, UserError
from bot.jobs.drafting import new_draft
from bot.media import Media
from bot.model import GenerationRequest, Origin
from bot.policy import Closed, Offer, Rules, admit, choose, match_style, reset_text
from bot.provider import Provider, Styled
from bot.store import Accepted, Draft, Standing, Store

log = logging.getLogger(__name__)


class Intake:
    """Checks, prices and commits; starts nothing."""

    def __init__(
        self,
        *,
        store: Store,
        media: Media,
        providers: Mapping[str, Provider],
        offers: Sequence[Offer],
        closed: Callable[[], Awaitable[Closed]],
        rules: Rules,
        clock: Clock,
        new_id: Callable[[], str],
        locale: str,
    ) -> None:
        self._store = store
        self._media = media
        self._providers = providers
        self._offers = offers
        self._closed = closed
        self._rules = rules
        self._clock = clock
        self._new_id = new_id
        self._locale = locale

    async def accept(
        self, origin: Origin, request: GenerationRequest, *, press: str | None, repeat_s: float | None
    ) -> Accepted:
        """Commit a request with its jobs and reserves; raises `UserError`."""
        now = self._clock.now()
        drafted = partial(
            new_draft, origin, rules=self._rules, now=now, new_id=self._new_id, press=press, repeat_s=repeat_s
        )
        try:
            request, offer = await self._served(request)
        except UserError as refusal:
            return await self._accepted_before(drafted(request, self._offers[0]), refusal)
        draft = drafted(request, offer)
        decide = partial(
            admit,
            rules=self._rules,
            jobs=request.count,
            credits_needed=sum(job.price for job in draft.message.jobs),
            reset=reset_text(now, self._locale),
        )
        try:
            return await self._store.accept(draft, decide)
        except StoreUnavailable as error:
            log.exception("the store takes no new work")
            raise Unavailable("err.store") from error

    async def _served(self, request: GenerationRequest) -> tuple[GenerationRequest, Offer]:
        safety.check(request)
        offer = choose(request, self._offers, await self._closed())
        request = await self._with_style(request, offer)
        if not self._media.has_room():
            raise Unavailable("err.disk_full")
        return request, offer

    async def _accepted_before(self, draft: Draft, refusal: UserError) -> Accepted:
        """What is refused may be a repeat of what was accepted before, when the provider did not rest yet."""

        def refuse(_: Standing) -> None:
            raise refusal

        try:
            return await self._store.accept(draft, refuse)
        except StoreUnavailable:
            raise refusal from None

    async def _with_style(self, request: GenerationRequest, offer: Offer) -> GenerationRequest:
        """The request with the provider's own key for the style that the person named."""
        provider = self._providers[offer.provider]
        if request.style is None or not isinstance(provider, Styled):
            return request
        try:
            return replace(request, style=match_style(request.style, await provider.styles()))
        except ProviderError as error:
            log.warning("the styles cannot be read: %s", error, extra={"provider": offer.provider})
            raise Unavailable("err.provider_asleep", provider=offer.provider_title) from error

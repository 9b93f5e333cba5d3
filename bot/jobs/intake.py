"""From a request to an accepted message, or a refusal in words."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot import safety
from bot.clock import Clock
from bot.errors import InvalidRequest, NotFound, ProviderError, StoreUnavailable, Unavailable, UserError
from bot.jobs.drafting import new_draft
from bot.media import Media
from bot.model import Act, Capability, CharacterSource, GenerationRequest, Origin, PictureSource, Source, named_after
from bot.policy import Closed, Offer, Rules, admit, choose, match, match_style, reset_text
from bot.provider import Effect, Effects, Provider, Styled
from bot.rights import may
from bot.store import Accepted, Standing, Store

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
        try:
            request, offer = await self._served(origin, request)
        except UserError as refusal:
            return await self.accepted_before(origin, refusal, press=press, repeat_s=repeat_s)
        draft = new_draft(
            origin, request, offer, rules=self._rules, now=now, new_id=self._new_id, press=press, repeat_s=repeat_s
        )
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

    async def accepted_before(
        self, origin: Origin, refusal: UserError, *, press: str | None = None, repeat_s: float | None = None
    ) -> Accepted:
        """What was made of the same update when it came first, and nothing refused it yet; else raises the refusal."""
        draft = new_draft(
            origin,
            GenerationRequest(prompt=""),
            self._offers[0],
            rules=self._rules,
            now=self._clock.now(),
            new_id=self._new_id,
            press=press,
            repeat_s=repeat_s,
        )

        def refuse(_: Standing) -> None:
            raise refusal

        try:
            return await self._store.accept(draft, refuse)
        except StoreUnavailable:
            raise refusal from None

    async def check(self, origin: Origin, request: GenerationRequest) -> None:
        """Raise what `accept` would refuse before it looks at credits; `request` may have a source that is to come."""
        await self._fit(origin, request)

    async def _fit(self, origin: Origin, request: GenerationRequest) -> tuple[GenerationRequest, Offer]:
        safety.check(request)
        await self._check_source(origin, request.source)
        request, offers = await self._with_effect(request)
        return request, choose(request, offers, await self._closed())

    async def _check_source(self, origin: Origin, source: Source | None) -> None:
        """A character is its owner's alone, and so is what somebody brought or sees elsewhere; raises `UserError`."""
        match source:
            case CharacterSource():
                character = await self._store.character(source.character_id)
                person_id = await self._store.person(origin.platform, origin.account)
                if character is None or character.person_id != person_id:
                    raise NotFound("err.character_gone")
                if not character.usable:
                    raise InvalidRequest("err.character_age", character=character.name)
            case PictureSource(job_id=None, file=file) if file:
                upload = await self._store.upload(named_after(file))
                if upload is None:
                    raise InvalidRequest("err.source_gone")
                if upload.person_id != await self._store.person(origin.platform, origin.account):
                    raise NotFound("err.source_theirs")
            case PictureSource(job_id=str(job_id)):
                job = await self._store.job(job_id)
                message = await self._store.message(job.message_id) if job and job.file else None
                if message is None or message.deleted:
                    raise InvalidRequest("err.source_gone")
                owner = message.person_id == await self._store.person(origin.platform, origin.account)
                if not may(Act.EDIT, origin, message, owner=owner):
                    raise NotFound("err.source_theirs")

    async def _with_effect(self, request: GenerationRequest) -> tuple[GenerationRequest, Sequence[Offer]]:
        """The request with the key of the effect that the person named, and the models that can do it."""
        if request.capability is not Capability.APPLY_EFFECT:
            return request, self._offers
        known = dict[str, tuple[str, Effect]]()
        for name, provider in self._providers.items():
            if isinstance(provider, Effects):
                known |= {effect.key: (name, effect) for effect in await self._effects(name, provider)}
        if not known:
            raise InvalidRequest("err.no_effects")
        key = match("effect", request.effect or "", {key: (one.title, key) for key, (_, one) in known.items()})
        name, effect = known[key]
        offers = [offer for offer in self._offers if offer.provider == name and offer.spec.video == effect.video]
        return replace(request, effect=key, prompt=effect.title), offers

    async def _effects(self, name: str, provider: Effects) -> list[Effect]:
        try:
            found = await provider.effects()
        except ProviderError as error:
            log.warning("the effects cannot be read: %s", error, extra={"provider": name})
            raise Unavailable("err.provider_asleep", provider=self._providers[name].title) from error
        return [effect for effect in found if safety.fits_anybody(effect.key, effect.title)]

    async def _served(self, origin: Origin, request: GenerationRequest) -> tuple[GenerationRequest, Offer]:
        request, offer = await self._fit(origin, request)
        request = await self._with_style(request, offer)
        if not self._media.has_room():
            raise Unavailable("err.disk_full")
        return request, offer

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

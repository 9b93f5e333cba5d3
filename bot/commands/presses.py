"""What buttons do."""

from __future__ import annotations

from dataclasses import replace

from bot import answers
from bot.cards import can_retry
from bot.commands.lookup import Lookup
from bot.errors import WrongState
from bot.jobs.manager import JobManager, Outside
from bot.jobs.rate import CommandRate
from bot.model import Act, Card, CardMedia, GenerationRequest, Origin
from bot.parsing import reworded
from bot.rights import may
from bot.store import Accepted

PRESS_S = 3.0


class Presses:
    """Each looks first whether the one who presses may."""

    def __init__(self, manager: JobManager, outside: Outside, lookup: Lookup, rate: CommandRate, locale: str) -> None:
        self._manager = manager
        self._titles = {name: provider.title for name, provider in outside.providers.items()}
        self._lookup = lookup
        self._rate = rate
        self._locale = locale

    async def again(self, origin: Origin, job_id: str) -> Accepted:
        _, job = await self._lookup.pressed(Act.AGAIN, origin, job_id)
        self._rate.count(origin)
        return await self._manager.accept(
            origin, anew(job.request), press=_press(origin, Act.AGAIN, job.id), repeat_s=PRESS_S
        )

    async def retry(self, origin: Origin, job_id: str) -> Accepted:
        _, job = await self._lookup.pressed(Act.RETRY, origin, job_id)
        if not can_retry(job):
            raise WrongState("err.not_retryable" if job.state.terminal else "err.not_repeatable")
        self._rate.count(origin)
        return await self._manager.accept(
            origin, replace(job.request, count=1), press=_press(origin, Act.RETRY, job.id)
        )

    async def words(self, origin: Origin, job_id: str, prompt: str) -> Accepted:
        _, job = await self._lookup.pressed(Act.WORDS, origin, job_id)
        self._rate.count(origin)
        return await self._manager.accept(origin, reworded(job.request, prompt))

    async def prompt(self, origin: Origin, job_id: str) -> str:
        _, job = await self._lookup.pressed(Act.WORDS, origin, job_id)
        return job.request.prompt

    async def together(self, act: Act, job_id: str) -> tuple[str, ...]:
        message, _ = await self._manager.found(job_id)
        buttons = [button for button in self._manager.view.card_of(message).buttons if button.act is act]
        return next((button.jobs for button in buttons), (job_id,))

    async def cancel(self, origin: Origin, job_id: str) -> None:
        _, job = await self._lookup.pressed(Act.CANCEL, origin, job_id)
        await self._manager.cancel(job.id)

    async def stop(self, origin: Origin, job_id: str) -> None:
        _, job = await self._lookup.pressed(Act.STOP, origin, job_id)
        await self._manager.cancel(job.id)

    async def look(self, origin: Origin, job_id: str) -> None:
        _, job = await self._lookup.pressed(Act.LOOK, origin, job_id)
        await self._manager.look(job.id)

    async def delete(self, origin: Origin, job_id: str) -> None:
        _, job = await self._lookup.pressed(Act.DELETE, origin, job_id)
        await self._manager.delete(job.id)

    async def original(self, origin: Origin, job_id: str) -> tuple[CardMedia, ...]:
        message, _ = await self._lookup.pressed(Act.ORIGINAL, origin, job_id)
        media = self._manager.view.card_of(message).media
        if not media:
            raise WrongState("err.no_original")
        return media

    async def pick(self, origin: Origin, job_id: str) -> Card:
        message, job = await self._lookup.pressed(Act.PICK, origin, job_id)
        alone = replace(job, request=replace(job.request, count=1))
        card = self._manager.view.card_of(replace(message, jobs=(alone,)))
        if not card.media:
            raise WrongState("err.no_original")
        return replace(card, buttons=tuple(button for button in card.buttons if button.act is not Act.DELETE))

    async def details(self, origin: Origin, job_id: str) -> Card:
        message, job = await self._lookup.pressed(Act.DETAILS, origin, job_id)
        card = self._manager.view.card_of(message)
        owner = await self._lookup.owns(origin, message)
        buttons = tuple(
            button
            for button in card.buttons
            if button.act in (Act.ORIGINAL, Act.DELETE) and may(button.act, origin, message, owner=owner)
        )
        return answers.details(
            job,
            credits_=sum(one.credits for one in message.jobs),
            model=self._manager.view.title(job),
            provider=self._titles.get(job.provider, job.provider),
            buttons=buttons,
            locale=self._locale,
            spelling=self._manager.view.spelling(origin.platform),
        )


def anew(request: GenerationRequest) -> GenerationRequest:
    """The same once more, for another picture: without the seed, which would bring the one that is there."""
    return replace(request, seed=None)


def _press(origin: Origin, act: Act, job_id: str) -> str:
    """Two presses are the same where the same person pressed the same, whatever ids the platform gives them."""
    return f"{origin.account}:{act}:{job_id}"

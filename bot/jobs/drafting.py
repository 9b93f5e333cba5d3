"""A request as the message and jobs that are to be accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.model import GenerationRequest, Job, JobState, Message, Origin
from bot.policy import Offer, Rules, price, utc_day
from bot.store import Draft


def new_draft(
    origin: Origin,
    request: GenerationRequest,
    offer: Offer,
    *,
    rules: Rules,
    now: float,
    new_id: Callable[[], str],
    press: str | None,
    repeat_s: float | None,
) -> Draft:
    """One message with a queued job per picture; `now` is UTC epoch seconds."""
    message_id = new_id()
    jobs = tuple(
        Job(
            id=new_id(),
            message_id=message_id,
            person_id="",
            position=position,
            state=JobState.QUEUED,
            request=_nth(request, position),
            provider=offer.provider,
            model=offer.spec.model,
            price=price(request, offer),
            created_at=now,
        )
        for position in range(request.count)
    )
    return Draft(
        origin=origin,
        message=Message(
            id=message_id,
            person_id="",
            platform=origin.platform,
            account=origin.account,
            chat=origin.place,
            created_at=now,
            jobs=jobs,
            provisional=origin.provisional,
        ),
        new_person_id=new_id(),
        today=utc_day(now),
        allowance=rules.daily_credits,
        press=press,
        repeat_s=repeat_s,
    )


def _nth(request: GenerationRequest, position: int) -> GenerationRequest:
    """The request of the nth picture: a given seed counts up, so that the pictures differ."""
    if request.seed is None or position == 0:
        return request
    return replace(request, seed=(request.seed + position) % 2**32)

"""Drafts for tests of the store: one command of one account, with sensible figures."""

from __future__ import annotations

from bot.model import GenerationRequest, Job, JobState, Message, Origin
from bot.store import Draft, Standing
from bot.testing.clock import START

TODAY = "2026-09-21"
TOMORROW = "2026-09-22"
DAY_S = 86_400.0


def a_draft(
    name: str = "one",
    *,
    account: str = "ada",
    chat: str = "hall",
    count: int = 1,
    price: int = 1,
    at: float = START,
    today: str = TODAY,
    allowance: int = 20,
    update_id: str | None = None,
    press: str | None = None,
    repeat_s: float | None = None,
    request: GenerationRequest | None = None,
) -> Draft:
    """Message `m-<name>` with jobs `j-<name>-<position>`, for a person `p-<account>` if the account is new."""
    jobs = tuple(
        Job(
            id=f"j-{name}-{position}",
            message_id=f"m-{name}",
            person_id="",
            position=position,
            state=JobState.QUEUED,
            request=request or GenerationRequest(prompt=f"a lighthouse {name}", count=count),
            provider="demo",
            model="demo-1",
            price=price,
            created_at=at,
        )
        for position in range(count)
    )
    return Draft(
        origin=Origin(platform="web", update_id=update_id or f"u-{name}", account=account, chat=chat),
        message=Message(
            id=f"m-{name}", person_id="", platform="web", account=account, chat=chat, created_at=at, jobs=jobs
        ),
        new_person_id=f"p-{account}",
        today=today,
        allowance=allowance,
        press=press,
        repeat_s=repeat_s,
    )


def admit(_: Standing) -> None:
    """Refuses nothing."""

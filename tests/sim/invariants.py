"""What must always hold once faults have stopped; an empty list says that it does."""

from __future__ import annotations

from sim.house import House

from bot.model import JobState


async def broken_promises(house: House) -> list[str]:
    """Every broken promise about messages, submits, cards and credits, in words."""
    broken = [f"message {message.id} has no end" for message in await house.store.unfinished()]
    person_id = await house.store.person(house.surface.platform, "ann")
    messages = await house.store.messages(person_id or "", limit=1000)
    spent = 0
    for message in messages:
        for job in message.jobs:
            spent += job.price if job.state is JobState.SUCCEEDED else 0
            if not job.state.terminal:
                broken.append(f"job {job.id} is still {job.state}")
            if house.provider.submits[job.id] > 1:
                broken.append(f"job {job.id} was submitted {house.provider.submits[job.id]} times")
            if job.state is JobState.SUCCEEDED and job.file not in house.media.files:
                broken.append(f"job {job.id} succeeded without its file")
        if not message.final_shown:
            broken.append(f"message {message.id} has no final card")
        cards = house.surface.cards(message.id)
        if cards and cards[-1].state != message.jobs[0].state:
            broken.append(f"message {message.id} shows {cards[-1].state}, its job is {message.jobs[0].state}")
    if await house.left() != house.rules.daily_credits - spent:
        broken.append(f"{await house.left()} credits left after spending {spent}")
    return broken

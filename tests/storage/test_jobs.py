"""Contract: jobs move by compare-and-set, messages end once, and what is deleted is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.drafts import TODAY, a_draft, admit

from bot.model import (
    Capability,
    Character,
    CharacterSource,
    Failure,
    GenerationRequest,
    Job,
    JobState,
    Message,
    MessageRef,
    PictureSource,
    Quality,
    Source,
)
from bot.store import Store
from bot.testing.clock import START

QUEUED, RUNNING, SUCCEEDED, FAILED = JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED, JobState.FAILED


async def accepted(store: Store, name: str = "one", *, count: int = 1) -> Message:
    return (await store.accept(a_draft(name, count=count), admit)).message


def ended(job: Job, state: JobState = SUCCEEDED, at: float = START + 9) -> Job:
    failure = None if state is SUCCEEDED else Failure("fail.deadline", {"time": "10 min", "n": 3})
    return replace(job, state=state, ended_at=at, failure=failure)


async def end(store: Store, job: Job, state: JobState = SUCCEEDED, *, shown: bool = True) -> int | None:
    return await store.finish(job.state, ended(job, state), today=TODAY, shown=shown)


async def test_a_move_writes_all_that_can_change(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    moved = replace(
        job,
        state=RUNNING,
        request=GenerationRequest(prompt="another", seed=7),
        provider="eternalai",
        model="flux",
        submitted_at=START + 1,
        deadline_at=START + 600,
        handle='{"id": 1}',
        file="F.png",
        media_type="image/png",
        character=Character(id="j-one-0", person_id="p-ada", provider="demo", reference="6870", name="Mina", age=30),
        failure=Failure("fail.lost"),
    )
    assert await store.advance(QUEUED, moved)
    assert await store.job(job.id) == moved
    back = replace(job, state=QUEUED)
    assert await store.advance(RUNNING, back)
    assert await store.job(job.id) == back


async def test_a_move_from_another_state_changes_nothing(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    assert not await store.advance(RUNNING, replace(job, state=JobState.DELIVERING))
    assert await store.finish(RUNNING, ended(job), today=TODAY, shown=True) is None
    assert await store.job(job.id) == job
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 19


async def test_a_move_of_an_unknown_job_changes_nothing(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    assert not await store.advance(QUEUED, replace(job, id="j-none", state=RUNNING))
    assert await store.finish(QUEUED, replace(ended(job), id="j-none"), today=TODAY, shown=True) is None


async def test_only_finish_ends_a_job_and_it_does_nothing_else(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    with pytest.raises(ValueError, match="finish"):
        await store.advance(QUEUED, ended(job))
    with pytest.raises(ValueError, match="finish"):
        await store.finish(QUEUED, replace(job, state=RUNNING), today=TODAY, shown=True)
    assert await store.job(job.id) == job


@pytest.mark.parametrize("state", [state for state in JobState if state.terminal])
async def test_an_ended_job_reads_back(store: Store, state: JobState) -> None:
    [job] = (await accepted(store)).jobs
    assert await end(store, job, state) == (19 if state is SUCCEEDED else 20)
    assert await store.job(job.id) == ended(job, state)


@pytest.mark.parametrize(
    "source",
    [
        PictureSource(file="U.png", media_type="image/png", size_bytes=1000, uploaded=True),
        PictureSource(file="J.png", media_type="image/png", size_bytes=1000, job_id="J"),
        CharacterSource(character_id="C", provider="demo", reference="6870", name="Mina"),
    ],
)
async def test_all_that_was_asked_for_reads_back(store: Store, source: Source) -> None:
    request = GenerationRequest(
        capability=Capability.IMAGE_TO_VIDEO,
        prompt="she waves",
        source=source,
        effect="rain",
        quality=Quality.HIGH,
        duration_s=4,
        audio=False,
        extra={"steps": 30, "offload": False, "format": "png", "true_cfg": 1.5},
    )
    [job] = (await store.accept(a_draft(request=request), admit)).message.jobs
    assert await store.job(job.id) == job
    assert job.request == request


async def test_the_place_of_a_message_is_kept(store: Store) -> None:
    await accepted(store)
    await store.announced("m-one", MessageRef("web", "token-1"))
    await store.announced("m-one", MessageRef("web", "token-2"))
    message = await store.message("m-one")
    assert message is not None
    assert message.ref == MessageRef("web", "token-2")


async def is_final(store: Store, message_id: str = "m-one") -> bool:
    message = await store.message(message_id)
    assert message is not None
    return message.final_shown


async def test_a_message_is_final_with_the_shown_end_of_its_last_job(store: Store) -> None:
    first, second = (await accepted(store, count=2)).jobs
    await end(store, first)
    assert not await is_final(store)
    await end(store, second)
    assert await is_final(store)


async def test_an_end_that_is_not_shown_yet_waits_for_its_card(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    await end(store, job, FAILED, shown=False)
    assert not await is_final(store)
    await store.final_shown("m-one")
    assert await is_final(store)


async def test_a_message_with_an_open_job_is_not_final_whatever_is_shown(store: Store) -> None:
    first, _ = (await accepted(store, count=2)).jobs
    await end(store, first)
    await store.final_shown("m-one")
    assert not await is_final(store)


async def test_an_ended_job_that_opens_again_needs_its_final_card_again(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    await end(store, job, FAILED)
    delivering = replace(ended(job, FAILED), state=JobState.DELIVERING, file="F.png")
    assert await store.advance(FAILED, delivering)
    assert [message.id for message in await store.unfinished()] == ["m-one"]
    await end(store, delivering, SUCCEEDED, shown=False)
    assert [message.id for message in await store.unfinished()] == ["m-one"]


async def test_unfinished_messages_are_those_without_end_or_final_card_oldest_first(store: Store) -> None:
    messages = [await accepted(store, name, count=2) for name in ("one", "two", "three", "four")]
    for message, shown in zip(messages, (True, False, True, True), strict=True):
        await end(store, message.jobs[0], shown=shown)
    for message, shown in zip(messages[:3], (True, False, True), strict=True):
        await end(store, message.jobs[1], shown=shown)
    unfinished = await store.unfinished()
    assert [message.id for message in unfinished] == ["m-two", "m-four"]
    assert [job.state for job in unfinished[1].jobs] == [SUCCEEDED, QUEUED]


async def test_history_is_newest_first_without_the_deleted_and_without_others(store: Store) -> None:
    for name in ("one", "two", "three", "four"):
        [job] = (await accepted(store, name)).jobs
        await end(store, job)
    await store.accept(a_draft("else", account="eve"), admit)
    await store.delete("m-three")
    assert [message.id for message in await store.messages("p-ada", limit=2)] == ["m-four", "m-two"]
    assert [message.id for message in await store.messages("p-ada", limit=9)] == ["m-four", "m-two", "m-one"]


async def test_history_keeps_its_order_where_the_clock_went_back(store: Store) -> None:
    await store.accept(a_draft("one"), admit)
    await store.accept(a_draft("two", at=START - 3600), admit)
    assert [message.id for message in await store.messages("p-ada", limit=9)] == ["m-two", "m-one"]


async def test_a_deleted_message_keeps_no_words(store: Store) -> None:
    words = GenerationRequest(
        prompt="my secret", negative_prompt="her name", name="Bo", seed=7, extra={"trigger": "my secret"}
    )
    draft = a_draft(request=words)
    [job] = (await store.accept(draft, admit)).message.jobs
    running = replace(job, state=RUNNING, handle="my secret", submitted_at=START)
    await store.advance(QUEUED, running)
    await end(store, running)
    await store.delete("m-one")
    left = replace(ended(running), request=GenerationRequest(prompt="", seed=7), handle=None)
    assert await store.job(job.id) == left
    message = await store.message("m-one")
    assert message is not None
    assert (message.deleted, await store.unfinished()) == (True, ())
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 19


PLACE, TO_BE = MessageRef("web", "there"), MessageRef("web", "a secret that ends soon")


async def to_be_shown(store: Store) -> Message:
    draft = a_draft()
    return (await store.accept(replace(draft, message=replace(draft.message, provisional=TO_BE)), admit)).message


async def places(store: Store) -> tuple[MessageRef | None, MessageRef | None]:
    message = await store.message("m-one")
    assert message is not None
    return message.ref, message.provisional


async def test_where_a_message_is_about_to_be_shown_is_known_until_it_is_shown(store: Store) -> None:
    message = await to_be_shown(store)
    assert (await store.unfinished(), await places(store)) == ((message,), (None, TO_BE))
    await store.announced("m-one", PLACE)
    assert await places(store) == (PLACE, None)


async def test_what_never_was_shown_keeps_no_place(store: Store) -> None:
    [job] = (await to_be_shown(store)).jobs
    await end(store, job, FAILED, shown=False)
    await store.final_shown("m-one")
    assert await places(store) == (None, None)


async def test_a_deleted_message_keeps_no_place(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    await store.announced("m-one", PLACE)
    await end(store, job)
    await store.delete("m-one")
    assert await places(store) == (None, None)


async def test_deleting_a_failed_message_leaves_no_card_to_show(store: Store) -> None:
    [job] = (await accepted(store)).jobs
    await end(store, job, FAILED, shown=False)
    await store.delete("m-one")
    assert await store.unfinished() == ()


async def test_a_message_with_an_open_job_is_not_deleted(store: Store) -> None:
    message = await accepted(store)
    await store.delete("m-one")
    assert await store.message("m-one") == message


async def test_files_that_go_are_forgotten_and_their_messages_named_once(store: Store) -> None:
    for name in ("one", "two", "three"):
        for job in (await accepted(store, name, count=2)).jobs:
            kept = replace(job, file=f"{job.id}.png", media_type="image/png")
            await store.finish(QUEUED, ended(kept), today=TODAY, shown=True)
    await store.delete("m-three")
    gone = ("j-one-0.png", "j-one-1.png", "j-two-1.png", "j-three-0.png", "none.png")
    assert sorted(await store.unstore(gone)) == ["m-one", "m-two"]
    messages = [await store.message(f"m-{name}") for name in ("one", "two", "three")]
    files = [[job.file for job in message.jobs] for message in messages if message]
    assert files == [[None, None], ["j-two-0.png", None], [None, "j-three-1.png"]]
    assert await store.unstore(gone) == ()


async def test_durations_are_of_the_last_successes_of_one_model(store: Store) -> None:
    async def done(
        name: str, seconds: float, state: JobState = SUCCEEDED, *, provider: str = "demo", model: str = "demo-1"
    ) -> None:
        [job] = (await accepted(store, name)).jobs
        submitted = replace(job, submitted_at=START, provider=provider, model=model)
        await store.finish(QUEUED, ended(submitted, state, START + seconds), today=TODAY, shown=True)

    for name, seconds in (("a", 5.0), ("b", 7.0), ("c", 6.0)):
        await done(name, seconds)
    await done("failed", 600.0, FAILED)
    await done("model", 1.0, model="other")
    await done("provider", 1.0, provider="other")
    [never] = (await accepted(store, "never-submitted")).jobs
    await end(store, never)
    kind = Capability.TEXT_TO_IMAGE
    assert await store.durations("demo", "demo-1", kind, limit=9) == (7.0, 6.0, 5.0)
    assert await store.durations("demo", "demo-1", kind, limit=2) == (7.0, 6.0)
    assert await store.durations("demo", "none", kind, limit=2) == ()

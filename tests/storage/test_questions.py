"""Contract: what people were asked waits for them, and what is unfinished in a chat moves with it."""

from __future__ import annotations

from dataclasses import replace

from sim.drafts import TODAY, a_draft, admit

from bot.model import JobState, MessageRef, Origin
from bot.store import Standing, Store
from bot.testing.clock import START


def of(account: str = "ada", chat: str = "meadow", platform: str = "test") -> Origin:
    return Origin(platform=platform, update_id="", account=account, chat=chat)


async def test_the_last_question_waits_until_it_expires(store: Store) -> None:
    assert await store.asked(of(), now=1) is None
    await store.ask(of(), "one?", now=1, expires_at=11)
    await store.ask(of(), "two?", now=2, expires_at=12)
    assert await store.asked(of(), now=11) == "two?"
    assert await store.asked(of(), now=12) is None


async def test_a_question_is_for_one_person_in_one_chat(store: Store) -> None:
    await store.ask(of(), "ada in the meadow?", now=1, expires_at=11)
    await store.ask(of("bob"), "bob in the meadow?", now=1, expires_at=11)
    await store.ask(of(chat="wood"), "ada in the wood?", now=1, expires_at=11)
    assert await store.asked(of(), now=1) == "ada in the meadow?"
    assert await store.asked(of(platform="other"), now=1) is None


async def test_an_answered_question_is_asked_no_more(store: Store) -> None:
    await store.ask(of(), "one?", now=1, expires_at=11)
    await store.ask(of("bob"), "bob?", now=1, expires_at=11)
    await store.answered(of())
    await store.answered(of())
    assert await store.asked(of(), now=1) is None
    assert await store.asked(of("bob"), now=1) == "bob?"


async def test_asking_forgets_what_has_expired(store: Store) -> None:
    await store.ask(of(), "old?", now=1, expires_at=11)
    await store.ask(of("bob"), "new?", now=11, expires_at=21)
    assert await store.asked(of(), now=1) is None


async def test_what_is_unfinished_in_a_chat_moves_with_it_once(store: Store) -> None:
    draft = a_draft("one")
    origin, message = draft.origin, draft.message
    await store.accept(draft, admit)
    await store.announced(message.id, MessageRef(origin.platform, "here"))
    for _ in range(2):
        await store.move_chat(origin.platform, origin.chat, "super")
    (open_,) = await store.unfinished()
    assert (open_.chat, open_.ref) == ("super", MessageRef(origin.platform, "here"))
    standing = list[Standing]()
    await store.accept(a_draft("two", chat="super"), standing.append)
    assert standing[0].open_by_chat == 1


async def test_what_has_ended_stays_where_it_was_and_so_do_other_chats(store: Store) -> None:
    draft = a_draft("one")
    await store.accept(draft, admit)
    (job,) = draft.message.jobs
    ended = replace(job, person_id="p-ada", state=JobState.CANCELED, ended_at=START)
    await store.finish(JobState.QUEUED, ended, today=TODAY, shown=True)
    await store.accept(a_draft("two", chat="wood"), admit)
    await store.move_chat("web", "hall", "super")
    await store.move_chat("other", "wood", "super")
    assert [message.chat for message in await store.messages("p-ada", limit=9)] == ["wood", "hall"]

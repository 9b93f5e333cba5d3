"""Contract: what a person prefers belongs to the person, whichever account says it."""

from __future__ import annotations

from sim.drafts import TODAY, a_draft, admit

from bot.model import Preferences
from bot.store import Store

INK = Preferences(style="ink", model="demo-1", shape="wide", ping=False)


async def test_nobody_prefers_anything_until_they_say_so(store: Store) -> None:
    assert await store.preferences("web", "ada") == Preferences(style=None, model=None, shape=None, ping=True)


async def test_the_last_word_counts(store: Store) -> None:
    await store.prefer("web", "ada", INK, new_person_id="p-ada")
    assert await store.preferences("web", "ada") == INK
    await store.prefer("web", "ada", Preferences(shape="tall"), new_person_id="p-other")
    assert await store.preferences("web", "ada") == Preferences(shape="tall")


async def test_somebody_unknown_becomes_a_person_with_all_their_credits(store: Store) -> None:
    await store.prefer("web", "ada", INK, new_person_id="p-ada")
    assert await store.person("web", "ada") == "p-ada"
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20
    assert (await store.accept(a_draft("one"), admit)).balance == 19


async def test_a_known_person_stays_who_they_are(store: Store) -> None:
    await store.accept(a_draft("one"), admit)
    await store.prefer("web", "ada", INK, new_person_id="p-other")
    assert await store.person("web", "ada") == "p-ada"


async def test_all_accounts_of_a_person_prefer_the_same_and_no_other_person_does(store: Store) -> None:
    await store.prefer("web", "ada", INK, new_person_id="p-ada")
    await store.link("p-ada", "discord", "7")
    await store.link("p-bob", "discord", "8")
    assert await store.preferences("discord", "7") == INK
    assert await store.preferences("discord", "8") == Preferences()
    assert await store.preferences("telegram", "7") == Preferences()

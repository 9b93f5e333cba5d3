"""Contract: a character is one person's, whoever else knows its name at the provider."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.drafts import TODAY, a_draft, admit

from bot.model import Capability, Character, GenerationRequest, Job, JobState, Origin, Preferences
from bot.store import Store
from bot.testing.clock import START

ADA = Origin(platform="web", update_id="", account="ada", chat="hall")
BOB = replace(ADA, account="bob")
MINA = Character(
    id="c-mina",
    person_id="",
    provider="demo",
    reference="6870",
    name="Mina",
    description="ein 'Seebär' 🐻",
    gender="female",
    age=30,
    avatar="c-mina.png",
    made=False,
    created_at=START,
)
OTTO = Character(id="c-otto", person_id="", provider="demo", reference="6871", name="Otto", made=False)


async def adopt(store: Store, character: Character, origin: Origin = ADA) -> Character:
    return await store.adopt(origin, character, new_person_id=f"p-{origin.account}")


async def making(store: Store, name: str = "one") -> Job:
    """A job that has made somebody and shows it."""
    request = GenerationRequest(capability=Capability.CREATE_CHARACTER, prompt="a brilliant student")
    [job] = (await store.accept(a_draft(name, request=request), admit)).message.jobs
    made = replace(
        MINA, id=job.id, person_id=job.person_id, reference=f"made-{name}", avatar=f"{job.id}.png", made=True
    )
    shown = replace(job, state=JobState.DELIVERING, file=f"{job.id}.png", media_type="image/png", character=made)
    assert await store.advance(JobState.QUEUED, shown)
    return shown


async def end(store: Store, job: Job, state: JobState = JobState.SUCCEEDED) -> None:
    ended = replace(job, state=state, ended_at=START + 9)
    assert await store.finish(job.state, ended, today=TODAY, shown=True) is not None


async def test_an_adopted_character_reads_back_as_its_new_owners(store: Store) -> None:
    mina = await adopt(store, MINA)
    assert mina == replace(MINA, person_id="p-ada")
    assert await store.character("c-mina") == mina
    assert await store.person("web", "ada") == "p-ada"


async def test_what_is_unknown_of_a_character_stays_unknown(store: Store) -> None:
    assert await adopt(store, OTTO) == replace(OTTO, person_id="p-ada")
    assert not (await adopt(store, OTTO)).usable


async def test_one_that_a_person_has_already_is_left_as_it_is(store: Store) -> None:
    mina = await adopt(store, MINA)
    await store.rename_character("c-mina", "Mia")
    again = await adopt(store, replace(MINA, id="c-again", age=17))
    assert again == replace(mina, name="Mia")
    assert await store.characters("p-ada") == (again,)


async def test_several_people_may_have_the_same_ready_made_one_each_their_own(store: Store) -> None:
    hers = await adopt(store, MINA)
    his = await adopt(store, replace(MINA, id="c-his"), BOB)
    await store.rename_character("c-his", "Wilhelmina")
    await store.remove_character("c-mina")
    assert (hers.person_id, his.person_id) == ("p-ada", "p-bob")
    assert await store.characters("p-ada") == ()
    assert await store.characters("p-bob") == (replace(his, name="Wilhelmina"),)


async def test_characters_are_listed_oldest_first_also_where_the_clock_went_back(store: Store) -> None:
    mina, otto = await adopt(store, MINA), await adopt(store, replace(OTTO, created_at=START - 9))
    assert await store.characters("p-ada") == (mina, otto)


async def test_a_removed_character_is_nobodys_and_can_be_adopted_anew(store: Store) -> None:
    await adopt(store, MINA)
    await store.remove_character("c-mina")
    await store.remove_character("c-mina")
    assert await store.character("c-mina") is None
    anew = await adopt(store, replace(MINA, id="c-anew"))
    assert (anew.id, await store.character("c-mina")) == ("c-anew", None)


async def test_a_character_that_was_made_belongs_to_whoever_had_it_made(store: Store) -> None:
    job = await making(store)
    assert await store.characters("p-ada") == ()
    await end(store, job)
    assert await store.characters("p-ada") == (job.character,)
    assert await store.character(job.id) == job.character
    ended = await store.job(job.id)
    assert ended is not None
    assert ended.character == job.character


async def test_a_character_found_by_looking_again_is_given_as_well(store: Store) -> None:
    job = await making(store)
    await end(store, job, JobState.FAILED)
    assert await store.characters("p-ada") == ()
    assert await store.advance(JobState.FAILED, job)
    await end(store, job)
    assert await store.characters("p-ada") == (job.character,)


async def test_the_same_one_made_twice_is_one_character(store: Store) -> None:
    first, second = await making(store, "one"), await making(store, "two")
    assert first.character is not None
    await end(store, first)
    await end(store, replace(second, character=first.character))
    assert await store.characters("p-ada") == (first.character,)


@pytest.mark.parametrize("state", [state for state in JobState if state.terminal and state is not JobState.SUCCEEDED])
async def test_a_job_that_failed_gives_nobody_anything(store: Store, state: JobState) -> None:
    await end(store, await making(store), state)
    assert await store.characters("p-ada") == ()


async def test_what_people_had_made_is_known_whatever_became_of_it(store: Store) -> None:
    assert await store.made_characters("demo") == frozenset()
    await making(store, "open")
    await end(store, await making(store, "failed"), JobState.FAILED)
    removed = await making(store, "removed")
    await end(store, removed)
    await store.remove_character(removed.id)
    await end(store, await making(store, "deleted"))
    await store.delete("m-deleted")
    await adopt(store, OTTO)
    known = {"made-open", "made-failed", "made-removed", "made-deleted"}
    assert await store.made_characters("demo") == known
    assert await store.made_characters("other") == frozenset()


async def prefer(store: Store, character: str | None) -> Preferences:
    await store.prefer("web", "ada", Preferences(style="ink", character=character), new_person_id="p-ada")
    return await store.preferences("web", "ada")


async def test_a_removed_character_is_no_longer_what_its_owner_usually_wants(store: Store) -> None:
    await adopt(store, MINA)
    assert (await prefer(store, "c-mina")).character == "c-mina"
    await store.remove_character("c-mina")
    assert await store.preferences("web", "ada") == Preferences(style="ink")


async def test_nobody_usually_wants_what_is_not_theirs(store: Store) -> None:
    await adopt(store, MINA, BOB)
    assert (await prefer(store, "c-mina")).character is None
    assert (await prefer(store, "c-none")).character is None


async def test_a_deleted_message_takes_the_picture_of_its_character_and_leaves_the_character(store: Store) -> None:
    job, other = await making(store, "one"), await making(store, "two")
    assert job.character is not None
    for made in (job, other):
        await end(store, made)
    await store.delete("m-one")
    assert await store.characters("p-ada") == (replace(job.character, avatar=None), other.character)
    left = await store.job(job.id)
    assert left is not None
    assert (left.character, left.request.prompt) == (None, "")


async def test_a_picture_that_is_removed_is_no_characters_any_more(store: Store) -> None:
    job = await making(store)
    assert job.character is not None
    await end(store, job)
    mina, otto = await adopt(store, MINA), await adopt(store, replace(OTTO, avatar="c-otto.png"))
    assert await store.unstore((f"{job.id}.png", "c-mina.png")) == ("m-one",)
    faceless = replace(job.character, avatar=None)
    assert await store.characters("p-ada") == (faceless, replace(mina, avatar=None), otto)
    left = await store.job(job.id)
    assert left is not None
    assert (left.file, left.character) == (None, faceless)

"""Contract: what people bring is known until nothing is made from it, and what they chose waits for its command."""

from __future__ import annotations

from dataclasses import replace

from sim.drafts import TODAY, a_draft, admit

from bot.model import Character, CharacterSource, GenerationRequest, JobState, Origin, PictureSource, Source, StoredFile
from bot.store import MOST_IN_VAIN, OwnedFile, Store
from bot.testing.clock import START

ADA = Origin(platform="web", update_id="", account="ada", chat="hall")
BOB = replace(ADA, account="bob")
CAT, DOG = StoredFile("CAT.jpg", "image/jpeg", 4_999_999), StoredFile("DOG.webp", "image/webp", 12)


async def bring(store: Store, *files: StoredFile, origin: Origin = ADA) -> None:
    for file in files:
        await store.add_upload(origin, file, now=START, new_person_id=f"p-{origin.account}")


def of(file: StoredFile) -> PictureSource:
    return PictureSource(file=file.name, media_type=file.media_type, size_bytes=file.size_bytes, uploaded=True)


async def made_from(store: Store, name: str, source: Source, *, account: str = "ada", count: int = 1) -> None:
    """An ended message of `count` pictures."""
    request = GenerationRequest(prompt="a hat", source=source)
    draft = a_draft(name, account=account, request=request, count=count)
    for job in (await store.accept(draft, admit)).message.jobs:
        done = replace(job, state=JobState.SUCCEEDED, ended_at=START, file=f"{job.id}.png")
        await store.finish(JobState.QUEUED, done, today=TODAY, shown=True)


async def test_a_brought_picture_is_known_by_its_name_and_whose_it_is(store: Store) -> None:
    await bring(store, CAT)
    await bring(store, DOG, origin=BOB)
    assert await store.upload("CAT") == OwnedFile("p-ada", CAT)
    assert await store.upload("DOG") == OwnedFile("p-bob", DOG)
    assert await store.upload("COW") is None
    assert await store.person("web", "bob") == "p-bob"


async def test_a_picture_stays_with_whoever_brought_it_first(store: Store) -> None:
    await bring(store, CAT)
    await bring(store, CAT, origin=BOB)
    assert await store.upload("CAT") == OwnedFile("p-ada", CAT)


async def test_of_pictures_that_nothing_is_made_from_a_person_keeps_the_newest(store: Store) -> None:
    await bring(store, CAT)
    await made_from(store, "one", of(CAT))
    await bring(store, DOG, origin=BOB)
    many = [StoredFile(f"{number:02}.jpg", "image/jpeg", 1) for number in range(MOST_IN_VAIN + 2)]
    spare = [
        await store.add_upload(ADA, file, now=START + number, new_person_id="") for number, file in enumerate(many)
    ]
    assert spare == [()] * MOST_IN_VAIN + [("00.jpg",), ("01.jpg",)]
    assert [await store.upload(id_) is not None for id_ in ("CAT", "DOG", "00", "01", "02")] == [
        True, True, False, False, True,
    ]  # fmt: skip


async def test_a_dropped_picture_is_forgotten_and_no_other(store: Store) -> None:
    await bring(store, CAT, DOG)
    await store.drop_upload("CAT")
    await store.drop_upload("CAT")
    assert (await store.upload("CAT"), await store.upload("DOG")) == (None, OwnedFile("p-ada", DOG))


async def test_a_deleted_message_takes_what_was_brought_for_it_along_once(store: Store) -> None:
    await bring(store, CAT, DOG)
    await made_from(store, "one", of(CAT), count=2)
    assert await store.delete("m-one") == ("CAT.jpg",)
    assert (await store.upload("CAT"), await store.upload("DOG")) == (None, OwnedFile("p-ada", DOG))
    assert await store.delete("m-one") == ()


async def test_a_deleted_message_does_not_say_what_it_was_made_from(store: Store) -> None:
    await bring(store, CAT)
    await made_from(store, "one", of(CAT), count=2)
    await store.delete("m-one")
    message = await store.message("m-one")
    assert message is not None
    assert [job.request.source for job in message.jobs] == [None, None]


async def test_a_picture_stays_while_another_message_is_made_from_it_whoever_asked_for_that(store: Store) -> None:
    await bring(store, CAT)
    await made_from(store, "one", of(CAT))
    await made_from(store, "two", of(CAT), account="bob")
    await store.accept(a_draft("open", request=GenerationRequest(prompt="", source=of(CAT))), admit)
    assert await store.delete("m-one") == ()
    assert await store.delete("m-two") == ()
    assert await store.delete("m-open") == ()  # it has not ended
    job = await store.job("j-open-0")
    assert job is not None
    ended = replace(job, state=JobState.FAILED, ended_at=START)
    await store.finish(JobState.QUEUED, ended, today=TODAY, shown=True)
    assert await store.delete("m-open") == ("CAT.jpg",)


async def test_what_was_not_brought_is_not_taken_along(store: Store) -> None:
    await bring(store, CAT)
    await made_from(store, "first", of(CAT))
    result = PictureSource(file="j-first-0.png", media_type="image/png", size_bytes=9, job_id="j-first-0")
    await made_from(store, "second", result)
    await made_from(store, "third", CharacterSource(character_id="c", provider="demo", reference="6870", name="Mina"))
    assert await store.delete("m-second") == ()
    assert await store.delete("m-third") == ()
    job = await store.job("j-first-0")
    assert job is not None
    assert job.file == "j-first-0.png"


async def test_a_picture_that_is_removed_is_nobodys_upload_any_more(store: Store) -> None:
    await bring(store, CAT, DOG)
    await made_from(store, "one", of(CAT))
    assert await store.unstore(("CAT.jpg", "none.png")) == ()
    assert (await store.upload("CAT"), await store.upload("DOG")) == (None, OwnedFile("p-ada", DOG))
    assert await store.delete("m-one") == ()


async def test_a_file_is_known_to_jobs_uploads_and_characters(store: Store) -> None:
    await bring(store, CAT, DOG)
    await made_from(store, "one", of(CAT))
    mina = Character(id="c", person_id="", provider="demo", reference="r", name="Mina", avatar="MINA.png")
    await store.adopt(ADA, mina, new_person_id="p-ada")
    files = ("none.png", "CAT.jpg", "DOG.webp", "j-one-0.png", "MINA.png", "nor.jpg")
    assert await store.unknown_files(files) == ("none.png", "nor.jpg")
    assert await store.unknown_files(()) == ()
    await store.drop_upload("DOG")
    await store.remove_character("c")
    assert await store.unknown_files(files) == ("none.png", "DOG.webp", "MINA.png", "nor.jpg")


async def choose(store: Store, source_id: str, origin: Origin = ADA, *, now: float = 1) -> None:
    await store.choose_source(origin, source_id, now=now, expires_at=now + 10, new_person_id=f"p-{origin.account}")


async def test_the_last_choice_waits_until_it_expires(store: Store) -> None:
    assert await store.chosen_source(ADA, now=1) is None
    await choose(store, "CAT")
    await choose(store, "DOG", now=2)
    assert await store.chosen_source(ADA, now=11) == "DOG"
    assert await store.chosen_source(ADA, now=12) is None


async def test_a_choice_is_a_persons_wherever_they_write_and_nobody_elses(store: Store) -> None:
    await choose(store, "CAT")
    await store.link("p-ada", "telegram", "7")
    elsewhere = replace(ADA, platform="telegram", account="7", chat="wood")
    assert await store.chosen_source(elsewhere, now=2) == "CAT"
    assert await store.chosen_source(BOB, now=2) is None
    assert await store.chosen_source(replace(ADA, platform="telegram"), now=2) is None


async def test_a_used_choice_is_forgotten_and_no_other(store: Store) -> None:
    await choose(store, "CAT")
    await choose(store, "DOG", BOB)
    await store.forget_source(ADA)
    await store.forget_source(replace(ADA, account="nobody"))
    assert (await store.chosen_source(ADA, now=2), await store.chosen_source(BOB, now=2)) == (None, "DOG")


async def test_choosing_forgets_what_has_expired(store: Store) -> None:
    await choose(store, "CAT")
    await choose(store, "DOG", BOB, now=11)
    assert await store.chosen_source(ADA, now=1) is None

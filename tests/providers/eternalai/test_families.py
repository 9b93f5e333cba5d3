"""Every family of EternalAI's API, from a request to what it made, before the simulated vendor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from providers.eternalai.scene import ASTRID, EDIT, HUG, PICTURE, VIDEO, before_the_vendor
from sim.vendors.fates import ETERNALAI, Where
from sim.vendors.films import film
from sim.vendors.wire import Door, Request

from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.specs import VIDEOS
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProviderError,
    UnknownHandle,
    UserError,
)
from bot.messages import explain
from bot.model import Artifact, Capability, GenerationRequest, Quality, RemoteArtifact
from bot.provider import CharacterCard, Finished, Funded, Pending
from bot.testing.provider import PNG

REQUESTS = {
    "a picture": GenerationRequest(prompt="a hat"),
    "a legacy edit": replace(EDIT, model="edit-legacy", quality=Quality.HIGH),
    "a legacy video": replace(VIDEO, model="video-legacy", audio=True),
    "an edit": replace(EDIT, quality=Quality.HIGH),
    "a video": VIDEO,
    "an effect": replace(HUG, model="effect", effect="sketch", duration_s=None, audio=None),
    "a video effect": HUG,
    "an edit of a character": replace(EDIT, source=ASTRID),
    "a video of a character": replace(VIDEO, source=ASTRID),
    "an effect on a character": replace(HUG, source=ASTRID),
    "a character": GenerationRequest(
        capability=Capability.CREATE_CHARACTER, prompt="a Norwegian student", model="character"
    ),
    "a newer video": VIDEO,
}
NEWER = "a newer video"
FAMILIES = {"a picture", "a legacy edit", "a legacy video", "a video", "a video of a character", "a character", NEWER}
MODULES = FAMILIES - {"a legacy edit", "a video"}  # one request for each module


@pytest.mark.parametrize("what", REQUESTS)
async def test_each_request_ends_in_what_was_asked_for_and_the_page_allows_it(what: str) -> None:
    async with before_the_vendor(newer=what == NEWER, effects=("hug", "sketch")) as scene:
        request = REQUESTS[what]
        made = await scene.made(request)
        assert isinstance(made.artifact, RemoteArtifact)
        path = made.artifact.url.removeprefix(scene.vendor.files)
        file = scene.vendor.answer(Request(method="GET", path=path, door=Door.FILES))
        assert file.body == (film(PNG) if request.model in VIDEOS else PNG)
        count = scene.vendor.count()
        assert (count.submissions, count.charges, count.polls_by_path + count.polls_by_query) == (1, 1, 2)


def _before(what: str) -> dict[str, Any]:
    return {"newer": what == NEWER}


PASSING = (
    *(
        f"[{fate.name}]"
        for fate in ETERNALAI.fates
        if fate.where is Where.POLL and fate.times == 1 and "" in fate.examples
    ),
    "[poll-404 x3]",
    "[poll-429=5]",
    "[progress=60,20]",
    "[progress=null]",
    "[progress=absent]",
    '[progress="40"]',
    "[meanwhile=sketching]",
    "[word=completed]",
    "[word=Ready]",
    "[suffix-id]",
    "[wrapped]",
)
MARKS = [mark for fate in ETERNALAI.fates if fate.where is not Where.FILE for mark in fate.marks]


@pytest.mark.parametrize("what", sorted(MODULES))
async def test_whatever_happens_a_submit_is_charged_once_and_ends_in_one_of_our_errors(what: str) -> None:
    for mark in MARKS:
        async with before_the_vendor(**_before(what)) as scene:
            request = replace(REQUESTS[what], prompt=f"a hat {mark}")
            try:
                made = await scene.made(request)
            except OutcomeUnknown:
                assert scene.vendor.count().charges <= 1, mark
            except (ProviderError, UserError, TimeoutError):
                pass
            else:
                assert isinstance(made.artifact, Artifact | RemoteArtifact), mark
            assert scene.vendor.count().submissions == 1, mark


@pytest.mark.parametrize("what", sorted(MODULES))
async def test_what_goes_wrong_for_once_does_not_keep_a_result_away(what: str) -> None:
    for mark in PASSING:
        async with before_the_vendor(**_before(what)) as scene:
            made = await scene.made(replace(REQUESTS[what], prompt=f"a hat {mark}"))
            assert isinstance(made, Finished), mark


@pytest.mark.parametrize("what", sorted(FAMILIES))
async def test_a_final_word_of_the_service_ends_each_job(what: str) -> None:
    for word, error in (("failed", GenerationFailed), ("error", GenerationFailed), ("moderated", ContentRefused)):
        async with before_the_vendor(**_before(what)) as scene:
            with pytest.raises(error):
                await scene.made(replace(REQUESTS[what], prompt=f"a hat [word={word}]"))


@pytest.mark.parametrize("what", sorted(FAMILIES - {"a character"}))
async def test_what_is_done_but_cannot_be_used_is_no_result(what: str) -> None:
    for mark in ("[no-url]", "[encrypted]", "[url=nonsense]"):
        async with before_the_vendor(**_before(what)) as scene:
            with pytest.raises(BadResult):
                await scene.made(replace(REQUESTS[what], prompt=f"a hat {mark}"))


@pytest.mark.parametrize("what", sorted(FAMILIES))
async def test_an_id_of_one_family_is_unknown_to_the_others(what: str) -> None:
    async with before_the_vendor(**_before(what)) as scene:
        said = await scene.submitted(REQUESTS[what])
        assert isinstance(said, Pending)
        job = Handle.read(said.handle)
        kin = [family for family in Family if family.startswith("legacy") == job.family.startswith("legacy")]
        for family in Family:
            other = replace(job, family=family).write()
            if family in kin and (family is job.family or job.family.startswith("legacy")):
                assert isinstance(await scene.provider.poll(other), Pending)
            else:
                with pytest.raises(UnknownHandle):
                    await scene.provider.poll(other)


@pytest.mark.parametrize(("mark", "asked"), [("", [(1, 0), (2, 0)]), ("[only-query]", [(1, 1), (1, 2)])])
@pytest.mark.parametrize("what", ["a legacy edit", "a legacy video"])
async def test_legacy_jobs_with_a_source_are_looked_for_by_path_first_and_then_where_they_were_found(
    what: str, mark: str, asked: list[tuple[int, int]]
) -> None:
    async with before_the_vendor() as scene:
        said, seen = await scene.submitted(replace(REQUESTS[what], prompt=f"a hat {mark}")), []
        for _ in asked:
            assert isinstance(said, Pending)
            said = await scene.provider.poll(said.handle)
            seen.append((scene.vendor.count().polls_by_path, scene.vendor.count().polls_by_query))
        assert seen == asked


async def test_a_character_comes_with_all_that_is_told_of_it_and_is_on_nobodys_list() -> None:
    async with before_the_vendor() as scene:
        made = await scene.made(REQUESTS["a character"])
        assert made.character == CharacterCard(
            reference="921865",
            name="Astrid 921865",
            description="a Norwegian student",
            gender="female",
            age=20,
            avatar=made.artifact if isinstance(made.artifact, RemoteArtifact) else None,
        )
        assert "Astrid 921865" not in {card.name for card in await scene.provider.characters()}


async def test_what_is_left_of_the_credits_is_kept_as_the_service_tells_it() -> None:
    async with before_the_vendor() as scene:
        assert isinstance(scene.provider, Funded)
        await scene.submitted(REQUESTS["a video"])
        assert scene.provider.balance is None
        await scene.submitted(REQUESTS["an edit of a character"])
        assert scene.provider.balance == 994.0
        await scene.submitted(REQUESTS["a video of a character"])
        assert scene.provider.balance == 989.0


async def test_what_failed_is_paid_back_where_the_vendor_does_so() -> None:
    async with before_the_vendor() as scene:
        scene.vendor.weather.refunds = True
        with pytest.raises(GenerationFailed):
            await scene.made(replace(REQUESTS["a video"], prompt="a hat [word=failed]"))
        assert scene.vendor.credits_left == 1000.0


async def test_a_picture_of_a_kind_that_the_service_does_not_take_is_told_before_anything_is_sent() -> None:
    async with before_the_vendor() as scene:
        with pytest.raises(InvalidRequest) as refused:
            await scene.submitted(replace(EDIT, source=replace(PICTURE, media_type="image/gif")))
        assert explain(refused.value) == "EternalAI takes only JPG, PNG, WEBP. Pick another picture."
        assert scene.vendor.count().submissions == 0


async def test_the_largest_picture_arrives_whole() -> None:
    largest = PNG + bytes(5_000_000 - len(PNG))
    async with before_the_vendor(pictures=largest) as scene:
        assert isinstance(await scene.submitted(EDIT), Pending)


async def test_videos_have_more_time_and_come_one_at_a_time() -> None:
    async with before_the_vendor(effects=("hug",)) as scene:
        for spec in scene.provider.specs:
            assert (spec.deadline_s, spec.video, spec.model in VIDEOS) in ((1800, True, True), (600, False, False))
            assert spec.max_count == 1 or not spec.video

"""Whatever Eigen AI does: how the job ends, the sentence, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from providers.stage import SUCCEEDED, End, end_of, meeting, unpaid
from sim.vendors.eigenai import EDIT_MODEL, EIGENAI, MODEL, VIDEO_MODEL, EigenAI
from sim.vendors.transport import SimTransport

from adapters.providers._http import Api
from adapters.providers.eigenai import EigenAIProvider
from adapters.providers.eigenai.provider import DEADLINE_S, MAX_BODY_BYTES
from bot.config import EigenAISettings
from bot.model import Capability, GenerationRequest, JobState, PictureSource, Value
from bot.testing.provider import PNG

LOST = unpaid(JobState.LOST, "fail.lost", charges=1)
INVALID = unpaid(JobState.FAILED, "fail.provider_invalid")
NO_KEY = unpaid(JobState.FAILED, "fail.provider_auth")
AT_THE_SECOND_TRY = End(JobState.SUCCEEDED, None, 1, 2, 1)
NO_PICTURE = unpaid(JobState.FAILED, "fail.bad_result", charges=1)

ENDS: dict[str, End] = meeting(
    (
        LOST,
        "[submit-drop]", "[submit-reset]", "[submit-hang]", "[submit-cut]", "[submit-500]",
        "[submit-502]", "[submit-html]", "[submit-empty]", "[submit-error]", "[takes=100000]", "[submit-slow=999]",
        "[path-only]", "[said=processing]", "[answer-huge=70]", "[address] [file-here] [file-503]",
        "[address] [url=nonsense]",
    ),
    (unpaid(JobState.LOST, "fail.lost"), "[submit-503]"),
    (
        AT_THE_SECOND_TRY,
        "[submit-429]", "[submit-429=30]", "[submit-429=date]", "[submit-429=-5]", "[submit-429=1000000000]",
        "[submit-429=soon]",
    ),
    (NO_KEY, "[submit-401]", "[submit-402]", "[submit-403]"),
    (INVALID, "[submit-400]", "[submit-422]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused"), "[submit-refused]"),
    (unpaid(JobState.FAILED, "fail.generation", charges=1), "[said=failed]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused", charges=1), "[said=moderated]"),
    (
        NO_PICTURE,
        "[no-picture]", "[base64-broken]", "[base64-cut]", "[address] [url=http://169.254.169.254/a.png]",
        "[address] [file-404 x9]", "[address] [file-here] [file-404]", "[address] [file-gone=0]",
    ),
    (
        SUCCEEDED,
        "[takes=0]", "[takes=299]", "[submit-drip]", "[submit-slow=3]", "[inline-in=edited_image_base64]",
        "[inline-in=image_base64]",
        "[inline-in=b64_json] [in-data]", "[data-uri]", "[bytes]", "[bytes-as-json]", "[json-as-png]", "[address]",
        "[address] [in-data]", "[address] [file-here]", "[address] [signed]", "[address] [file-expires=60]",
        "[address] [file-404]", "[address] [file-429=5]", "[address] [file-503]", "[address] [file-moved]",
        "[address] [file-html]", "[address] [file-empty]", "[address] [file-half]", "[address] [file-cut]",
        "[address] [file-endless]", "[address] [file-bomb]", "[address] [file-drip]", "[address] [file-hang]",
        "[address] [file-drop]", "[address] [file-reset]",
    ),
)  # fmt: skip


EDIT_ENDS: dict[str, End] = meeting(
    (LOST, "[submit-drop]", "[submit-500]", "[submit-html]", "[submit-empty]", "[takes=100000]", "[path-only]"),
    (AT_THE_SECOND_TRY, "[submit-429=30]"),
    (INVALID, "[submit-400]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused"), "[submit-refused]"),
    (NO_PICTURE, "[no-picture]", "[json-anyway] [base64-cut]", "[address] [file-404 x9]"),
    (
        SUCCEEDED,
        "[takes=299]", "[json-anyway]", "[json-as-png]", "[inline-in=image_base64]", "[data-uri]", "[bytes-as-json]",
        "[address]", "[address] [file-503]",
    ),
)  # fmt: skip

DELIVERED = End(JobState.SUCCEEDED, None, 5, 1, 1)
VIDEO_ENDS: dict[str, End] = meeting(
    (
        LOST,
        "[submit-drop]", "[submit-reset]", "[submit-hang]", "[submit-cut]", "[submit-500]", "[submit-502]",
        "[submit-html]", "[submit-empty]", "[submit-no-id]", "[submit-error]", "[submit-drip]",
    ),
    (unpaid(JobState.LOST, "fail.lost"), "[submit-503]"),
    (End(JobState.SUCCEEDED, None, 5, 2, 1), "[submit-429]", "[submit-429=30]"),
    (NO_KEY, "[submit-401]", "[submit-402]"),
    (INVALID, "[submit-400]", "[submit-422]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused"), "[submit-refused]"),
    (unpaid(JobState.FAILED, "fail.generation", charges=1), "[word=failed]", "[word=error]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused", charges=1), "[word=moderated]"),
    (unpaid(JobState.FAILED, "fail.deadline", charges=1), "[takes=100000]", "[word=expired]"),
    (unpaid(JobState.LOST, "fail.unknown_handle", charges=1), "[poll-lost]"),
    (NO_PICTURE, "[file-404 x9]", "[file-gone=0]", "[file-html x9]", "[address] [url=nonsense]"),
    (
        DELIVERED,
        "", "[takes=5]", "[takes=1500]", "[submit-slow=3]", "[meanwhile=sketching]", "[word=Ready]",
        "[poll-404]", "[poll-429]", "[poll-429=30]", "[poll-500]", "[poll-500 x9]", "[poll-502]", "[poll-503]",
        "[poll-html]", "[poll-empty]", "[poll-type]", "[poll-list]", "[poll-slow=3]", "[poll-drip]", "[poll-hang]",
        "[poll-drop]", "[poll-reset]", "[file-404]", "[file-404 x2]", "[file-429=5]", "[file-503]", "[file-503 x9]",
        "[file-moved]", "[file-html]", "[file-empty]", "[file-half]", "[file-cut]", "[file-endless]", "[file-bomb]",
        "[file-drip]", "[file-hang]", "[file-drop]", "[file-reset]", "[file-type]", "[address]",
        "[address] [file-here]", "[base64-broken]",
    ),
)  # fmt: skip


async def _pictures(_: PictureSource) -> bytes:
    return PNG


def bring(transport: SimTransport, origin: str, key: str) -> EigenAIProvider:
    headers = {"Authorization": f"Bearer {key}"}
    api = Api(origin, title="Eigen AI", headers=headers, max_body_bytes=MAX_BODY_BYTES, transport=transport)
    known = EigenAISettings(models=(MODEL,), edit_models=(EDIT_MODEL,), video_models=(VIDEO_MODEL,))
    return EigenAIProvider(api, known, _pictures)


END_OF = partial(end_of, vendor=EigenAI, bring=bring, patience_s=DEADLINE_S)
SOURCE = PictureSource(file="01K.png", media_type="image/png", size_bytes=len(PNG))
EDIT = GenerationRequest(capability=Capability.EDIT_IMAGE, prompt="", source=SOURCE)
VIDEO = GenerationRequest(capability=Capability.IMAGE_TO_VIDEO, prompt="", source=SOURCE)


@pytest.mark.parametrize("marks", ENDS)
async def test_every_fault_ends_as_it_must(marks: str) -> None:
    assert await END_OF(f"a fox {marks}") == ENDS[marks]


@pytest.mark.parametrize("marks", EDIT_ENDS)
async def test_every_fault_of_an_edit_ends_as_it_must(marks: str) -> None:
    assert await END_OF(f"a fox {marks}", request=EDIT) == EDIT_ENDS[marks]


@pytest.mark.parametrize("marks", VIDEO_ENDS)
async def test_every_fault_of_a_video_ends_as_it_must(marks: str) -> None:
    assert await END_OF(f"a fox {marks}", request=VIDEO, patience_s=30) == VIDEO_ENDS[marks]


async def test_a_service_that_is_away_costs_nothing() -> None:
    assert await END_OF("a fox", down=True) == unpaid(JobState.FAILED, "fail.provider_down", 0)


async def test_every_option_is_one_that_the_page_has() -> None:
    assert await END_OF("an apple --seed 42 --width 512 --height 2048 --guidance 3.5 --realtime") == SUCCEEDED
    numbers = {"steps": 15, "cfg": 4.5, "rank": 64, "lora_strength": 0.8, "sample_steps": 20, "sample_guidance": 2.5}
    extra: dict[str, Value] = {**numbers, "downsize_mp": 1.5, "profile": "fast", "format": "png"}
    assert await END_OF("a hat", request=replace(EDIT, negative_prompt="blurry", extra=extra)) == SUCCEEDED
    assert await END_OF("it sails", request=replace(VIDEO, seed=42, extra={"steps": 20}), patience_s=30) == DELIVERED


def test_every_fate_has_been_met() -> None:
    met = {mark.fate.name for marks in (*ENDS, *EDIT_ENDS, *VIDEO_ENDS) for mark in EIGENAI.marks(marks)}
    like_others = {"file-jpeg", "file-moved-to"}  # of the store's own tests
    assert met == EIGENAI.by_name.keys() - like_others

"""Whatever Eigen AI does: how the job ends, the sentence, and what it costs."""

from __future__ import annotations

from functools import partial

import pytest
from providers.stage import SUCCEEDED, End, end_of, meeting, unpaid
from sim.vendors.eigenai import EIGENAI, MODEL, EigenAI
from sim.vendors.transport import SimTransport

from adapters.providers._http import Api
from adapters.providers.eigenai import EigenAIProvider
from adapters.providers.eigenai.provider import DEADLINE_S, MAX_BODY_BYTES
from bot.config import EigenAISettings
from bot.model import JobState
from bot.provider import no_pictures

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
        "[path-only]", "[said=processing]", "[answer-huge=60]", "[address] [file-here] [file-503]",
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


def bring(transport: SimTransport, origin: str, key: str) -> EigenAIProvider:
    headers = {"Authorization": f"Bearer {key}"}
    api = Api(origin, title="Eigen AI", headers=headers, max_body_bytes=MAX_BODY_BYTES, transport=transport)
    return EigenAIProvider(api, EigenAISettings(models=(MODEL,)), no_pictures)


END_OF = partial(end_of, vendor=EigenAI, bring=bring, patience_s=DEADLINE_S)


@pytest.mark.parametrize("marks", ENDS)
async def test_every_fault_ends_as_it_must(marks: str) -> None:
    assert await END_OF(f"a fox {marks}") == ENDS[marks]


async def test_a_service_that_is_away_costs_nothing() -> None:
    assert await END_OF("a fox", down=True) == unpaid(JobState.FAILED, "fail.provider_down", 0)


async def test_every_option_is_one_that_the_page_has() -> None:
    assert await END_OF("an apple --seed 42 --width 512 --height 2048 --guidance 3.5") == SUCCEEDED


def test_every_fate_has_been_met() -> None:
    met = {mark.fate.name for marks in ENDS for mark in EIGENAI.marks(marks)}
    like_others = {"file-jpeg", "file-type", "file-moved-to"}  # of the store's own tests
    assert met == EIGENAI.by_name.keys() - like_others

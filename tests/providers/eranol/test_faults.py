"""Whatever Eranol does: how the job ends, the sentence, and what it costs."""

from __future__ import annotations

import pytest
from providers.stage import SUCCEEDED, End, end_of, meeting, unpaid
from sim.vendors.eranol import ERANOL, Eranol
from sim.vendors.transport import SimTransport

from adapters.providers._http import Api
from adapters.providers.eranol import EranolProvider
from adapters.providers.eranol.reading import judge
from bot.model import JobState

LOST = unpaid(JobState.LOST, "fail.lost", charges=1)
INVALID = unpaid(JobState.FAILED, "fail.provider_invalid")
NO_KEY = unpaid(JobState.FAILED, "fail.provider_auth")
AT_THE_SECOND_TRY = End(JobState.SUCCEEDED, None, 1, 2, 1)
FAILED = unpaid(JobState.FAILED, "fail.generation", charges=1)
TOO_LATE = unpaid(JobState.FAILED, "fail.deadline", charges=1)
NO_PICTURE = unpaid(JobState.FAILED, "fail.bad_result", charges=1)

ENDS: dict[str, End] = meeting(
    (
        LOST,
        "[submit-drop]", "[submit-reset]", "[submit-hang]", "[submit-cut]", "[submit-drip]", "[submit-500]",
        "[submit-502]", "[submit-html]", "[submit-empty]", "[submit-no-id]", "[submit-error]",
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
    (FAILED, "[word=failed]", "[word=error]", "[failed-400]", "[wordless-400]"),
    (unpaid(JobState.REFUSED, "fail.provider_refused", charges=1), "[word=moderated]"),
    (TOO_LATE, "[takes=100000]", "[word=expired]"),  # a word that nobody knows ends nothing
    (unpaid(JobState.LOST, "fail.unknown_handle", charges=1), "[poll-lost]"),
    (
        NO_PICTURE,
        "[no-url]", "[url=http://169.254.169.254/a.png]", "[url=ftp://example.org/a.png]", "[url=nonsense]",
        "[file-gone=0]", "[file-404 x9]",
    ),
    (
        SUCCEEDED,
        "[submit-slow=3]", "[takes=5]", "[as-list]", "[working-202]", "[meanwhile=sketching]", "[word=Ready]",
        "[progress=0,35,70,99]", "[progress=60,20]", "[progress=null]", "[progress=140]", "[no-url x2]",
        "[url-in=result_url]", "[url-in=url]", "[only-image]", "[only-ffmpeg]", "[poll-404]", "[poll-405]",
        "[poll-202]", "[poll-429=30]", "[poll-500]", "[poll-500 x9]", "[poll-502]", "[poll-503]", "[poll-html]",
        "[poll-empty]", "[poll-type]", "[poll-list]", "[poll-slow=3]", "[poll-drip]", "[poll-hang]", "[poll-drop]",
        "[poll-reset]", "[file-here]", "[file-here] [signed]", "[file-here] [file-404]", "[file-here] [file-503]",
        "[file-here] [file-bomb]", "[signed]", "[file-moved]", "[file-expires=5]", "[file-404]", "[file-429=5]",
        "[file-503]", "[file-html]", "[file-empty]", "[file-half]", "[file-cut]", "[file-endless]", "[file-bomb]",
        "[file-drip]", "[file-hang]", "[file-drop]", "[file-reset]",
    ),
)  # fmt: skip


CANCELED = End(JobState.CANCELED, None, 0, 1, 1)
CANCELS: dict[str, End] = meeting(
    (CANCELED, "", "[cancel-404]", "[cancel-empty]", "[file-here]"),
    (
        SUCCEEDED,
        "[cancel-405]", "[cancel-400]", "[cancel-401]", "[cancel-500]", "[cancel-error]", "[cancel-html]",
    ),
    (unpaid(JobState.LOST, "fail.unknown_handle", charges=1), "[cancel-hang]", "[cancel-drop]"),
)  # fmt: skip


def bring(transport: SimTransport, origin: str, key: str) -> EranolProvider:
    headers = {"x-api-key": key}
    return EranolProvider(Api(origin, title="Eranol", headers=headers, judge=judge, transport=transport))


@pytest.mark.parametrize("marks", ENDS)
async def test_every_fault_ends_as_it_must(marks: str) -> None:
    assert await end_of(f"a fox {marks}", Eranol, bring) == ENDS[marks]


@pytest.mark.parametrize("marks", CANCELS)
async def test_a_running_job_is_canceled_unless_the_service_refuses(marks: str) -> None:
    words = f"a fox [takes=100] {marks}"
    assert await end_of(words, Eranol, bring, cancel_after_s=20) == CANCELS[marks]


async def test_a_cancel_while_the_submit_is_open_waits_for_its_answer() -> None:
    assert await end_of("a fox [submit-slow=20]", Eranol, bring, cancel_after_s=5) == CANCELED


async def test_a_service_that_is_away_costs_nothing() -> None:
    assert await end_of("a fox", Eranol, bring, down=True) == unpaid(JobState.FAILED, "fail.provider_down", 0)


async def test_every_option_is_one_that_the_page_has() -> None:
    words = "a red apple --negative blurry --seed 42 --width 512 --height 768"
    assert await end_of(words, Eranol, bring) == SUCCEEDED


def test_every_fate_has_been_met() -> None:
    met = {mark.fate.name for marks in (*ENDS, *CANCELS) for mark in ERANOL.marks(marks)}
    like_others = {"file-jpeg", "file-type", "file-moved-to"}  # of the store's own tests
    assert met == ERANOL.by_name.keys() - like_others

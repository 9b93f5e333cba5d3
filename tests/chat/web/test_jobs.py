"""GET /api/jobs/{id}, the presses, and the pictures."""

from __future__ import annotations

import pytest
from chat.web.scripted import PROMPT, House, card_of, job_of, message_of

from bot.commands import JobView
from bot.errors import WrongState
from bot.model import Failure, GenerationRequest, JobState
from bot.store import Accepted


async def test_a_running_job_tells_its_percent(house: House) -> None:
    visitor = await house.visitor()
    view = JobView(job_of(state=JobState.RUNNING), 42, None)
    house.own(visitor, view)
    answer = await visitor.get(f"/api/jobs/{view.job.id}")
    assert (answer.status, answer.json) == (
        200,
        {
            "id": view.job.id,
            "state": "running",
            "prompt": PROMPT,
            "progress": 42,
            "media": [],
            "credits": 1,
            "error": None,
        },
    )


async def test_a_finished_job_names_its_file(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.own(visitor, JobView(job, 100, None))
    answer = await visitor.get(f"/api/jobs/{job.id}")
    assert answer.json["media"] == [{"url": f"/media/{job.id}.png", "type": "image/png"}]
    assert answer.json["progress"] == 100


async def test_a_failed_job_says_why(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.FAILED, failure=Failure("fail.deadline"))
    house.own(visitor, JobView(job, None, "This took too long."))
    answer = await visitor.get(f"/api/jobs/{job.id}")
    assert answer.json["error"] == {"code": "deadline", "message": "This took too long."}


@pytest.mark.parametrize("known", [True, False])
async def test_another_person_s_job_looks_like_one_that_never_was(house: House, *, known: bool) -> None:
    owner = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.shelf.add(f"{job.id}.png")
    if known:
        house.own(owner, JobView(job, 100, None))
    for other in (await house.visitor(), house.stranger()):
        for path in (f"/api/jobs/{job.id}", f"/media/{job.id}.png", f"/media/{job.id}.png?download"):
            answer = await other.get(path)
            assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("act", ["cancel", "delete", "look", "again", "retry"])
async def test_a_press_reaches_the_command_of_its_name(house: House, act: str) -> None:
    child = job_of(7)
    house.commands.outcome = lambda origin: Accepted(message=message_of(origin.account, child), balance=19)
    answer = await (await house.visitor()).post(f"/api/jobs/{job_of().id}/{act}")
    made = act in {"again", "retry"}
    assert (answer.status, answer.json) == (200, {"job": child.id if made else job_of().id})
    assert [(asked, job_id) for asked, _, job_id in house.commands.asked] == [(act, job_of().id)]
    assert len(house.commands.kept) == made


async def test_a_job_that_is_stopped_on_a_list_answers_with_the_list(house: House) -> None:
    answer = await (await house.visitor()).post(f"/api/jobs/{job_of().id}/stop")
    assert (answer.status, answer.json["card"]["job"]) == (200, card_of().job_id)


async def test_a_press_that_the_state_forbids_is_409(house: House) -> None:
    house.commands.outcome = lambda _: WrongState("err.not_cancelable")
    answer = await (await house.visitor()).post(f"/api/jobs/{job_of().id}/cancel")
    assert (answer.status, answer.json["error"]["code"]) == (409, "wrong_state")


async def test_an_act_that_nobody_knows_is_404(house: House) -> None:
    answer = await (await house.visitor()).post(f"/api/jobs/{job_of().id}/explode")
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")


async def test_a_picture_is_shown_and_its_download_has_a_name(house: House) -> None:
    visitor = await house.visitor()
    request = GenerationRequest(prompt='Füchse / "im" Schnee\r\n')
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png", request=request)
    house.own(visitor, JobView(job, 100, None))
    house.shelf.add(f"{job.id}.png")
    shown = await visitor.get(f"/media/{job.id}.png")
    saved = await visitor.get(f"/media/{job.id}.png?download")
    assert shown.status == saved.status == 200
    assert shown.body == saved.body == (house.shelf.folder / f"{job.id}.png").read_bytes()
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Cache-Control"] == "private, no-cache"
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"] == (
        "attachment; filename=\"fchse-im-schnee-B000.png\"; filename*=UTF-8''f%C3%BCchse-im-schnee-B000.png"
    )


async def test_a_picture_that_was_seen_before_is_not_sent_again(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.own(visitor, JobView(job, 100, None))
    house.shelf.add(f"{job.id}.png")
    first = await visitor.get(f"/media/{job.id}.png")
    again = await visitor.get(f"/media/{job.id}.png", **{"If-None-Match": first.headers["ETag"]})
    part = await visitor.get(f"/media/{job.id}.png", Range="bytes=0-3")
    assert (again.status, again.body) == (304, b"")
    assert (part.status, part.body) == (206, b"\x89PNG")


async def test_a_type_that_browsers_might_run_is_only_ever_a_download(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.svg", media_type="image/svg+xml")
    house.own(visitor, JobView(job, 100, None))
    (house.shelf.folder / f"{job.id}.svg").write_text("<svg/>")
    answer = await visitor.get(f"/media/{job.id}.svg")
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "file", ["{id}.jpg", "{id}.png.gz", "{id}", "..%2f{id}.png", "%2e%2e%2fsecret.png", "{id}.png%00", "{id}.png/x"]
)
async def test_only_the_job_s_own_file_name_opens_it(house: House, file: str) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.own(visitor, JobView(job, 100, None))
    house.shelf.add(f"{job.id}.png")
    house.shelf.add(f"{job.id}.jpg")
    answer = await visitor.get(f"/media/{file.format(id=job.id)}")
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")


async def test_a_file_that_is_no_longer_there_is_404(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.own(visitor, JobView(job, 100, None))
    answer = await visitor.get(f"/media/{job.id}.png")
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")

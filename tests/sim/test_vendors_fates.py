"""Each fate of a submit, a job and a poll does what its line in the table says."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sim.vendors import pictures
from sim.vendors.customer import Likeness, Scene, is_like
from sim.vendors.fates import BY_NAME, FATES, Where
from sim.vendors.wire import Conduct

LONGEST_S = 60.0
JOB = "921865"
PICTURE = pictures.draw("a fox", "", 921865)


REFUSED = {
    "submit-429": 429, "submit-503": 503, "submit-400": 400, "submit-401": 401, "submit-402": 402,
    "submit-403": 403, "submit-422": 422, "submit-refused": 400,
}  # fmt: skip
LOST: dict[str, Likeness] = {
    "submit-drop": (200, Conduct.DROP, None),
    "submit-reset": (200, Conduct.RESET, None),
    "submit-hang": (200, Conduct.HANG, None),
    "submit-cut": (200, Conduct.CUT, None),
    "submit-drip": (200, Conduct.DRIP, None),
    "submit-500": (500, Conduct.ANSWER, b"internal error"),
    "submit-502": (502, Conduct.ANSWER, b"<html>"),
    "submit-html": (200, Conduct.ANSWER, b"<html>"),
    "submit-empty": (200, Conduct.ANSWER, b""),
    "submit-no-id": (200, Conduct.ANSWER, b'"pending"'),
    "submit-error": (200, Conduct.ANSWER, b"something went wrong"),
}
ACCEPTED: dict[str, Any] = {
    "submit-slow": {"request_id": JOB, "status": "pending", "result": "", "progress": 0},
    "wrapped": {
        "status": 1,
        "data": {"request_id": JOB, "status": "pending", "result": "", "progress": 0},
        "request_id": JOB,
    },
    "uuid": {"request_id": "e3e70682-c209-4cac-a29f-6fbed82c07cd", "status": "pending", "result": "", "progress": 0},
    "number-id": {"request_id": 921865, "status": "pending", "result": "", "progress": 0},
    "suffix-id": {"request_id": f"{JOB}_1790000000", "status": "pending", "result": "", "progress": 0},
    "no-result-key": {"request_id": JOB, "status": "pending", "progress": 0},
}
POLL: dict[str, Likeness] = {
    "poll-404": (404, Conduct.ANSWER, b"not found"),
    "poll-lost": (404, Conduct.ANSWER, b"not found"),
    "poll-202": (202, Conduct.ANSWER, b'"pending"'),
    "poll-429": (429, Conduct.ANSWER, None),
    "poll-500": (500, Conduct.ANSWER, None),
    "poll-502": (502, Conduct.ANSWER, b"<html>"),
    "poll-503": (503, Conduct.ANSWER, None),
    "poll-html": (200, Conduct.ANSWER, b"<html>"),
    "poll-empty": (200, Conduct.ANSWER, b""),
    "poll-type": (200, Conduct.ANSWER, b"pending"),
    "poll-list": (200, Conduct.ANSWER, b'[{"request_id": "921865"'),
    "poll-huge": (200, Conduct.ANSWER, b"A" * 8_000_000),
    "poll-slow": (200, Conduct.ANSWER, b"pending"),
    "poll-drip": (200, Conduct.DRIP, b"pending"),
    "poll-hang": (200, Conduct.HANG, None),
    "poll-drop": (200, Conduct.DROP, None),
    "poll-reset": (200, Conduct.RESET, None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_submit_that_is_not_accepted_charges_nothing(name: str) -> None:
    scene = Scene(BY_NAME[name].marks[-1])
    assert scene.submit().status == REFUSED[name]
    assert scene.vendor.count().charges == 0
    again = scene.submit().status
    assert again == (200 if BY_NAME[name].times == 1 else REFUSED[name])
    assert (scene.vendor.count().submissions, scene.vendor.count().charges) == (2, int(again == 200))
    assert scene.submit().status == REFUSED[name]  # and from the start again


def test_a_submit_is_refused_as_often_as_the_mark_says() -> None:
    scene = Scene("[submit-429=5 x2] [submit-503]")
    assert [scene.submit().status for _ in range(5)] == [429, 429, 503, 200, 429]


@pytest.mark.parametrize(
    ("value", "header"),
    [("", None), ("5", "5"), ("date", "Mon, 21 Sep 2026 14:13:25 GMT"), ("-5", "-5"), ("1000000000", "1000000000")],
)
@pytest.mark.parametrize("where", ["submit", "poll", "file"])
async def test_429_carries_the_hint_that_was_asked_for(where: str, value: str, header: str | None) -> None:
    scene = Scene(f"[{where}-429={value}]" if value else f"[{where}-429]")
    reply = scene.submit()
    if where == "poll":
        reply = scene.poll()
    if where == "file":
        scene.vendor.weather.duration_s = (0, 0)
        scene.submit()
        reply = scene.customer.fetch(scene.customer.poll(921866).json()["result_url"])
    assert (reply.status, reply.headers.get("Retry-After")) == (429, header)


@pytest.mark.parametrize("name", LOST)
async def test_a_submit_whose_answer_is_lost_is_charged_and_made(name: str) -> None:
    scene = Scene(BY_NAME[name].marks[-1])
    assert is_like(scene.submit(), LOST[name])
    assert scene.vendor.count().charges == 1
    await scene.clock.advance(LONGEST_S)
    assert scene.poll().json()["status"] == "success"


def test_an_answer_without_an_id_has_none_in_its_wrapping_either() -> None:
    assert JOB.encode() not in Scene("[submit-no-id] [wrapped]").submit().body


@pytest.mark.parametrize("name", ACCEPTED)
async def test_an_answer_of_another_form_names_a_job_that_can_be_polled(name: str) -> None:
    scene = Scene(BY_NAME[name].marks[-1])
    reply = scene.submit()
    assert reply.json() == ACCEPTED[name]
    assert reply.delay_s == (3 if name == "submit-slow" else 0)
    for form in ("query", "path"):
        assert scene.customer.poll(reply.json()["request_id"], form).json()["status"] == "pending"


async def test_takes() -> None:
    assert await Scene("[takes=12.5]").over_time(lambda body: body["status"]) == ["pending"] * 3 + ["success"] * 6


@pytest.mark.parametrize(
    ("script", "seen"),
    [
        ("0,0", [0] * 9),
        ("0,35,70,99", [0, 0, 35, 35, 70, 70, 99, 99, 99]),
        ("60,20", [60] * 4 + [20] * 5),
        ("null", [None] * 9),
        ("140", [140] * 9),
        ('"40"', ["40"] * 9),
        ("absent", ["-"] * 9),
        ("5,absent", [5] * 4 + ["-"] * 5),
    ],
)
async def test_progress(script: str, seen: list[Any]) -> None:
    assert await Scene(f"[progress={script}]").over_time(lambda body: body.get("progress", "-")) == seen


async def test_queue_is_a_line_first_and_progress_then() -> None:
    seen = await Scene("[queue=3]").over_time(lambda body: (body["queue_info"]["queue_position"], body["progress"]))
    nobody = [(None, 0), (None, 25), (None, 50), (None, 75), (None, 0)]
    assert seen == [(3, 0), (2, 0), (1, 0), (0, 0), *nobody]


async def test_wait_and_text_places() -> None:
    infos = await Scene("[queue=1] [wait=40 s] [text-places]").over_time(lambda body: body["queue_info"])
    assert infos[0] == {"queue_position": "1", "total_queue_size": 2, "estimated_wait_time": "40 s"}
    [info] = {body["estimated_wait_time"] for body in await Scene("[wait=40]").over_time(lambda b: b["queue_info"])}
    assert info == 40


async def test_meanwhile() -> None:
    seen = await Scene("[meanwhile=sketching]").over_time(lambda body: body["status"])
    assert seen == ["sketching"] * 8 + ["success"]


@pytest.mark.parametrize("word", ["completed", "Ready", "failed", "error", "moderated", "expired"])
async def test_word(word: str) -> None:
    body = await Scene(f"[word={word}]").ended()
    assert body["status"] == word
    assert bool(body["result_url"]) is (word in ("completed", "Ready"))
    assert bool(body["log"]) is not bool(body["result_url"])


async def test_no_url() -> None:
    scene = Scene("[no-url x2]")
    seen = [await scene.ended(), *(scene.poll().json() for _ in range(2))]
    assert [(body["status"], bool(body["result_url"])) for body in seen] == [
        ("success", False), ("success", False), ("success", True),
    ]  # fmt: skip
    for_ever = Scene("[no-url]")
    assert not (await for_ever.ended())["result_url"]
    assert not any(for_ever.poll().json()["result_url"] for _ in range(9))


@pytest.mark.parametrize("key", ["result_url", "result_image_url", "url"])
async def test_url_in(key: str) -> None:
    body = await Scene(f"[url-in={key}]").ended()
    assert [name for name, value in body.items() if str(value).startswith("https:")] == [key]


async def test_url() -> None:
    assert await Scene("[url=ftp://example.org/a.png]").address() == "ftp://example.org/a.png"


async def test_result_object() -> None:
    body = await Scene("[result-object]").ended()
    assert body["result"]["result_url"].startswith("https://cdn.eternalai.test/feed/")
    assert body["result_url"] == ""


async def test_wrapped_poll() -> None:
    body = await Scene("[wrapped-poll]").ended()
    assert (body["status"], body["data"]["status"], body["request_id"]) == (1, "success", JOB)


async def test_inline() -> None:
    body = await Scene("[inline]").ended()
    assert base64.b64decode(body["result_image"]) == PICTURE
    assert (body["result_url"], body["result_image_url"]) == ("", "")


async def test_encrypted() -> None:
    assert (await Scene("[encrypted]").ended())["encrypted_aes_key"] != ""


@pytest.mark.parametrize("name", POLL)
def test_a_poll_goes_wrong_as_often_as_the_table_says(name: str) -> None:
    scene = Scene(BY_NAME[name].marks[-1])
    scene.submit()
    replies = [scene.poll() for _ in range(3)]
    wrong = [is_like(reply, POLL[name]) and reply != replies[-1] for reply in replies]
    if BY_NAME[name].times is None:
        assert [is_like(reply, POLL[name]) for reply in replies] == [True] * 3
    else:
        assert wrong == [True, False, False]
        assert replies[-1].json()["status"] == "pending"


def test_polls_go_wrong_in_the_order_of_the_marks() -> None:
    scene = Scene("[poll-500 x2] [poll-404] [poll-503]")
    scene.submit()
    assert [scene.poll().status for _ in range(5)] == [500, 500, 404, 503, 200]


def test_what_strikes_always_strikes_last() -> None:
    scene = Scene("[poll-lost] [poll-500]")
    scene.submit()
    assert [scene.poll().status for _ in range(3)] == [500, 404, 404]


def test_a_slow_poll_and_a_wrong_type_are_right_otherwise() -> None:
    scene = Scene("[poll-slow=7] [poll-type]")
    scene.submit()
    slow, typed = scene.poll(), scene.poll()
    assert (slow.delay_s, slow.body, typed.headers["Content-Type"]) == (7, typed.body, "text/plain")


def test_404_on_both_forms_one_after_the_other_counts_once() -> None:
    scene = Scene("[poll-404 x2]")
    scene.submit()
    statuses = [scene.poll(form).status for form in ("query", "path", "query", "path", "query", "path")]
    assert statuses == [404, 404, 404, 404, 200, 200]


@pytest.mark.parametrize(("name", "known"), [("only-path", "path"), ("only-query", "query")])
def test_only_one_form_knows_the_job(name: str, known: str) -> None:
    scene = Scene(f"[{name}]")
    scene.submit()
    assert {form: scene.poll(form).status for form in ("query", "path")} == {
        form: 200 if form == known else 404 for form in ("query", "path")
    }


def test_every_fate_has_its_test() -> None:
    names = {where: {fate.name for fate in FATES if fate.where is where} for where in Where}
    assert names[Where.REFUSED] == REFUSED.keys()
    assert names[Where.LOST] == LOST.keys()
    assert names[Where.ACCEPTED] == ACCEPTED.keys()
    assert names[Where.WORKING] == {"takes", "progress", "queue", "wait", "text-places", "meanwhile"}
    assert names[Where.ENDING] == {
        "word", "no-url", "url-in", "url", "result-object", "wrapped-poll", "inline", "encrypted"
    }  # fmt: skip
    assert names[Where.POLL] == {"only-path", "only-query"} | POLL.keys()

"""POST /api/messages: what people type, and what comes back."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import replace

import aiohttp
import pytest
from chat.web.scripted import House, card_of, job_of, message_of, until

from bot import errors
from bot.errors import UserError
from bot.model import Card, MessageRef, Origin
from bot.store import Accepted


async def test_a_command_that_makes_a_job_answers_202_with_its_id(house: House) -> None:
    visitor = await house.visitor()
    answer = await visitor.say("/imagine a red fox")
    assert (answer.status, answer.json) == (202, {"job": job_of().id, "jobs": [job_of().id]})


async def test_several_pictures_answer_with_every_id_in_order(house: House) -> None:
    jobs = (job_of(0), job_of(1), job_of(2))
    house.commands.outcome = lambda origin: Accepted(message=message_of(origin.account, *jobs), balance=17)
    answer = await (await house.visitor()).say("/imagine a red fox --count 3")
    assert answer.json == {"job": jobs[0].id, "jobs": [job.id for job in jobs]}


async def test_a_command_that_is_answered_at_once_comes_back_as_a_card(house: House) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do", lines=("one", "two"))
    answer = await (await house.visitor()).say("/help")
    assert answer.status == 200
    assert answer.json == {
        "card": {
            "state": "answer",
            "title": "What I can do",
            "tone": "neutral",
            "message": None,
            "job": None,
            "tag": None,
            "prompt": None,
            "command": None,
            "chips": [],
            "lines": ["one", "two"],
            "bar": None,
            "portrait": False,
            "media": [],
            "buttons": [],
            "footer": None,
        }
    }
    assert house.commands.kept == []


async def test_the_reference_is_kept_before_the_answer_is_given(house: House) -> None:
    visitor = await house.visitor()
    await visitor.say("/imagine a red fox")
    account = hashlib.sha256(visitor.session.encode()).hexdigest()
    message_id = job_of().message_id
    assert house.commands.kept == [(message_id, MessageRef("web", f"{account}:{message_id}"))]


async def test_the_person_is_the_hash_of_the_cookie_and_never_the_cookie(house: House) -> None:
    visitor = await house.visitor()
    await visitor.say("/imagine a red fox", key="k1")
    account = hashlib.sha256(visitor.session.encode()).hexdigest()
    wanted = Origin(platform="web", update_id=f"{account}:k1", account=account, chat=account)
    assert house.commands.asked == [("say", wanted, "/imagine a red fox")]


async def test_without_a_key_every_message_is_a_new_one(house: House) -> None:
    visitor = await house.visitor()
    await visitor.say("/imagine a red fox")
    await visitor.say("/imagine a red fox")
    assert len({origin.update_id for _, origin, _ in house.commands.asked}) == 2


async def test_a_repeated_message_answers_with_the_first_jobs_and_is_not_announced_again(house: House) -> None:
    shown = replace(message_of("somebody", job_of()), ref=MessageRef("web", "somewhere"))
    house.commands.outcome = lambda _: Accepted(message=shown, balance=19, repeated=True)
    answer = await (await house.visitor()).say("/imagine a red fox", key="k1")
    assert (answer.status, answer.json) == (202, {"job": job_of().id, "jobs": [job_of().id]})
    assert house.commands.kept == []


async def test_a_repeat_of_a_message_that_was_never_shown_announces_it(house: House) -> None:
    house.commands.outcome = lambda origin: Accepted(
        message=message_of(origin.account, job_of()), balance=19, repeated=True
    )
    await (await house.visitor()).say("/imagine a red fox", key="k1")
    assert len(house.commands.kept) == 1


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.QuotaExceeded("err.quota"), 402, "credits"),
        (errors.NotFound("err.not_found"), 404, "not_found"),
        (errors.WrongState("err.not_cancelable"), 409, "wrong_state"),
        (errors.InvalidRequest("err.option"), 422, "invalid"),
        (errors.ContentRefused("err.refused_content"), 422, "refused"),
        (errors.TooManyJobs("err.too_fast"), 429, "too_many"),
        (errors.Unavailable("err.disk_full"), 503, "unavailable"),
    ],
)
async def test_a_refusal_has_its_status_and_the_core_s_sentence(
    house: House, error: UserError, status: int, code: str
) -> None:
    house.commands.outcome = lambda _: error
    answer = await (await house.visitor()).say("/imagine a red fox")
    assert answer.status == status
    assert answer.json == {"error": {"code": code, "message": f"sentence for {error.key}"}}


async def test_a_bug_answers_500_without_a_traceback_and_is_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.commands.outcome = lambda _: ZeroDivisionError("the secret inside")
    answer = await (await house.visitor()).say("/imagine a red fox")
    assert answer.status == 500
    assert answer.json["error"]["code"] == "E-INTERNAL"
    assert b"secret" not in answer.body
    assert "ZeroDivisionError" in caplog.text


def multipart(*fields: tuple[str, str], file: tuple[str, str, bytes] | None = None) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields:
        form.add_field(name, value)
    if file is not None:
        form.add_field(file[0], io.BytesIO(file[2]), filename=file[1], content_type="image/png")
    return form


async def test_an_empty_file_input_of_a_form_is_no_file(house: House) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n/help\r\n'
        b'--b\r\nContent-Disposition: form-data; name="files[]"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await (await house.visitor()).post("/api/messages", data=body, headers=headers)
    assert answer.status == 202


async def test_a_plain_form_is_read_too(house: House) -> None:
    visitor = await house.visitor()
    answer = await visitor.post("/api/messages", data={"text": "/imagine ein Fuchs im Schnee ❄"})
    assert answer.status == 202
    assert house.commands.asked[0][2] == "/imagine ein Fuchs im Schnee ❄"


MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "/imagine a red fox"}'),
        ("text/plain", b"/imagine a red fox"),
        ("multipart/form-data", b"no boundary"),
        (MULTIPART, b"no part at all"),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nno end'),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n'),
        (MULTIPART, b"--b\r\nContent-Type: text/plain\r\n\r\nno name\r\n--b--\r\n"),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nno text\r\n--b--\r\n'),
        (MULTIPART, b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n' * 20 + b"--b--\r\n"),
        ("application/x-www-form-urlencoded", b"key=only"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"text=x"),
    ],
)
async def test_what_cannot_be_read_is_422(house: House, content_type: str, body: bytes) -> None:
    answer = await (await house.visitor()).post("/api/messages", data=body, headers={"Content-Type": content_type})
    assert (answer.status, answer.json["error"]["code"]) == (422, "invalid")
    assert house.commands.asked == []


@pytest.mark.parametrize("key", ["", "k" * 129, "line\nbreak"])
async def test_a_key_that_cannot_be_kept_is_422(house: House, key: str) -> None:
    answer = await (await house.visitor()).say("/imagine a red fox", key=key)
    assert answer.status == 422
    assert "key" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "form",
    [
        multipart(("text", "x" * 70_000)),
        multipart(("text", "x"), file=("files[]", "big.png", b"x" * (21 * 2**20))),
        aiohttp.FormData({"text": "x" * 70_000}),
    ],
    ids=["text", "file", "plain form"],
)
async def test_a_body_over_the_limit_is_413_with_the_figure(house: House, form: aiohttp.FormData) -> None:
    answer = await (await house.visitor()).post("/api/messages", data=form)
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")
    assert "MB" in answer.json["error"]["message"]


async def test_a_client_that_leaves_in_the_middle_leaves_no_message_unannounced(house: House) -> None:
    house.commands.gate = asyncio.Event()
    visitor = await house.visitor()
    post = asyncio.ensure_future(visitor.say("/imagine a red fox"))
    await until(lambda: bool(house.commands.asked))
    post.cancel()
    await asyncio.gather(post, return_exceptions=True)
    await until(lambda: not house.connections())
    house.commands.gate.set()
    await house.chat.stop_intake()
    assert [message_id for message_id, _ in house.commands.kept] == [job_of().message_id]


async def test_a_stopping_bot_takes_no_message_and_no_press(house: House) -> None:
    visitor = await house.visitor()
    await house.chat.stop_intake()
    said = await visitor.say("/imagine a red fox")
    pressed = await visitor.post(f"/api/jobs/{job_of().id}/cancel")
    unavailable = {"error": {"code": "unavailable", "message": "sentence for err.stopping"}}
    assert (said.status, said.json) == (pressed.status, pressed.json) == (503, unavailable)
    assert house.commands.asked == []


async def test_the_last_cards_come_oldest_first(house: House) -> None:
    house.commands.shown = [card_of(number) for number in range(60)]
    answer = await (await house.visitor()).get("/api/cards")
    assert [card["message"] for card in answer.json["cards"]] == [
        card_of(number).message_id for number in range(10, 60)
    ]


async def test_credits_and_menu_are_as_the_core_says(house: House) -> None:
    visitor = await house.visitor()
    assert (await visitor.get("/api/me")).json == {"left": 19, "daily": 20, "resets_at": 1_790_035_200.0}
    assert (await visitor.get("/api/menu")).json == {
        "commands": [
            {
                "name": "imagine",
                "summary": "/imagine <words> draws a picture",
                "options": [{"flag": "--style", "hint": "", "choices": ["anime", "ink"]}],
                "cost": "1 credit",
                "sources": [],
            },
            {"name": "help", "summary": "/help shows this", "options": [], "cost": "", "sources": []},
        ]
    }

"""What an answer of EternalAI says: every documented one, every contradiction between them, and any JSON at all."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.providers._http.said import Word
from adapters.providers.eternalai.handles import Family, Handle, Place
from adapters.providers.eternalai.reading import Answer, read
from bot.errors import ProtocolError
from bot.model import Progress
from bot.testing.provider import PNG

URL = "https://cdn.eternalai.org/feed/2026/01/14/5bf6581e.png"
OTHER = "https://cdn.eternalai.org/agent_data/img.jpg"
ID = "4860079c-90c2-4a96-b715-d521712ce21d"
BASE64 = base64.b64encode(PNG).decode()

PENDING = {"request_id": "921864", "status": "pending", "result": "", "progress": 0}
SUCCESS = {
    "request_id": "1829499",
    "status": "success",
    "progress": 0,
    "created_at": "2026-01-14T07:43:15Z",
    "updated_at": "2026-01-14T07:44:04Z",
    "image_request_type": "generation",
    "file_name": "5bf6581e.png",
    "prompt": "A beautiful young woman sits on the bed.",
    "magic_prompt": "A beautiful young woman sits on the bed.",
    "model": "black-forest-labs/FLUX.1-dev",
    "result_image": "",
    "result_image_url": URL,
    "result_url": URL,
    "queue_info": {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None},
    "post_feed": False,
    "log": "",
}


def said(
    word: Word,
    status: str,
    *,
    id: str | None = None,  # noqa: A002 - the field's name
    url: str | None = None,
    inline: str | None = None,
    encrypted: bool = False,
    progress: Progress | None = None,
    poll_after_s: float | None = None,
    credits_left: float | None = None,
) -> Answer:
    return Answer(
        word=word,
        status=status,
        id=id,
        url=url,
        inline=inline,
        encrypted=encrypted,
        progress=progress,
        poll_after_s=poll_after_s,
        credits_left=credits_left,
    )


DOCUMENTED: dict[str, tuple[Any, Answer]] = {
    "a submit of a picture": (PENDING, said(Word.WORKING, "pending", id="921864")),
    "a submit of an edit, without a result": (
        {"request_id": ID, "status": "pending", "progress": 0},
        said(Word.WORKING, "pending", id=ID),
    ),
    "a wrapped submit, with a number for a status": (
        {"status": 1, "data": {"request_id": ID, "status": "pending", "result": "", "progress": 0}, "request_id": "x"},
        said(Word.WORKING, "pending", id=ID),
    ),
    "a submit that tells the credits": (
        PENDING | {"credits_remaining": 629.32},
        said(Word.WORKING, "pending", id="921864", credits_left=629.32),
    ),
    "a success at 0 percent": (SUCCESS, said(Word.DONE, "success", id="1829499", url=URL)),
    "a success at 99 percent": (
        {
            "request_id": ID,
            "status": "success",
            "progress": 99,
            "result_url": OTHER,
            "effect_type": "image",
            "encrypted_aes_key": "",
        },
        said(Word.DONE, "success", id=ID, url=OTHER, progress=Progress(0.99)),
    ),
    "a success at 100 percent, with the picture in it and talk that is nobody's business": (
        {"status": "success", "progress": 100, "result_image": BASE64, "wallet_address": "0x0", "log": "node 7"},
        said(Word.DONE, "success", inline=BASE64, progress=Progress(1.0)),
    ),
    "a success in a true or false envelope": (
        {"status": True, "error": None, "result": {"request_id": ID, "status": "completed", "video_url": URL}},
        said(Word.DONE, "completed", id=ID, url=URL),
    ),
    "an end in the other envelope": (
        {"status": True, "error": None, "result": {"status": "failed", "error": "no"}},
        said(Word.FAILED, "failed"),
    ),
}


@pytest.mark.parametrize(("body", "answer"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_every_documented_answer_is_read_as_meant(body: Any, answer: Answer) -> None:
    assert read(body) == answer


MEANT = {
    "success": Word.DONE,
    "Succeeded": Word.DONE,
    "COMPLETED": Word.DONE,
    "complete": Word.DONE,
    "done": Word.DONE,
    "finished": Word.DONE,
    " Ready ": Word.DONE,
    "failed": Word.FAILED,
    "error": Word.FAILED,
    "Failure": Word.FAILED,
    "cancelled": Word.FAILED,
    "moderated": Word.REFUSED,
    "Request Moderated": Word.REFUSED,
    "refused": Word.REFUSED,
    "pending": Word.WORKING,
    "IN_PROGRESS": Word.WORKING,
    "in progress": Word.WORKING,
    "in-queue": Word.WORKING,
    "warming up": Word.UNKNOWN,
    "not success": Word.UNKNOWN,
    "1": Word.UNKNOWN,
}


@pytest.mark.parametrize(("status", "word"), MEANT.items())
def test_a_status_is_a_word_however_it_is_written(status: str, word: Word) -> None:
    assert read({"status": status}).word is word


@pytest.mark.parametrize(
    "body", [{}, {"status": 1}, {"status": True}, {"status": None}, {"status": "", "progress": 100}]
)
def test_an_answer_without_a_status_word_ends_nothing(body: Any) -> None:
    assert read(body).word is Word.WORKING


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"status": "success", "data": {"status": "processing"}}, Word.WORKING),
        ({"status": "success", "result": {"status": "failed"}}, Word.FAILED),
        ({"status": "success", "data": {"status": 0}}, Word.DONE),
        ({"status": "success", "data": {"status": "warming up"}}, Word.UNKNOWN),
        ([{"status": "success"}, {"status": "failed"}], Word.DONE),
        ({"status": "pending", "data": [{"result": {"status": "success"}}]}, Word.DONE),
    ],
)
def test_the_innermost_word_is_the_status(body: Any, word: Word) -> None:
    assert read(body).word is word


@pytest.mark.parametrize("body", [None, True, 0, 1.5, "success", [], ["success", 1], [[{"status": "success"}]]])
def test_an_answer_without_an_object_cannot_be_read(body: Any) -> None:
    with pytest.raises(ProtocolError):
        read(body)


@pytest.mark.parametrize(
    ("body", "job_id"),
    [
        ({"request_id": 921864}, "921864"),
        ({"id": "a"}, "a"),
        ({"job_id": "6b1d93ee-e2"}, "6b1d93ee-e2"),
        ({"request_id": "outer", "data": {"request_id": "inner"}}, "inner"),
        ({"request_id": "job", "result": {"id": "picture"}}, "job"),
        ({"request_id": "", "data": {"id": 7}}, "7"),
        ({"request_id": True}, None),
        ({"request_id": 0}, None),
        ({"request_id": 1.5}, None),
        ({"request_id": "  "}, None),
        ({"request_id": ".."}, None),
        ({"request_id": "a b"}, None),
        ({"request_id": "a\nb"}, None),
        ({"request_id": "ü"}, None),
        ({"request_id": "9" * 201}, None),
        ({"request_id": ["a"]}, None),
    ],
)
def test_an_id_is_a_number_or_a_word(body: Any, job_id: str | None) -> None:
    assert read(body).id == job_id


@pytest.mark.parametrize(
    ("body", "url", "inline"),
    [
        ({"url": OTHER, "result_image_url": OTHER, "result_url": URL}, URL, None),
        ({"image_url": OTHER, "data": {"cdn_url": URL}}, URL, None),
        ({"result_url": "", "result_image_url": URL, "result_image": BASE64}, URL, BASE64),
        ({"result_url": None, "result_image": BASE64}, None, BASE64),
        ({"result_image": URL}, URL, None),
        ({"result": URL}, URL, None),
        ({"result": [URL, OTHER]}, URL, None),
        ({"result": {"result_url": URL}}, URL, None),
        ({"outputs": [{"url": URL}]}, URL, None),
        ({"result_url": f"data:image/png;base64,{BASE64}"}, None, f"data:image/png;base64,{BASE64}"),
        ({"result": "all is well, and here is a message that is longer than sixty-four letters"}, None, None),
        ({"result_url": "/files/1.png"}, None, None),
        ({"result_url": BASE64}, None, None),
        ({"result_url": "ftp://cdn.eternalai.org/1.png"}, None, None),
        ({"result_url": f"{URL} and more"}, None, None),
        ({"result": {}, "result_url": 7}, None, None),
    ],
)
def test_the_result_is_the_first_address_or_picture_by_the_order_of_the_names(
    body: Any, url: str | None, inline: str | None
) -> None:
    answer = read(body)
    assert (answer.url, answer.inline) == (url, inline)


@pytest.mark.parametrize(
    ("progress", "fraction"),
    [
        (40, 0.4),
        (0.4, 0.004),
        ("40", 0.4),
        (" 40% ", 0.4),
        (150, 1.0),
        (10**400, None),
        (0, None),
        (-5, None),
        (None, None),
        (True, None),
        ("", None),
        ("half", None),
        ("nan", None),
        ("inf", None),
        ([40], None),
    ],
)
def test_progress_is_percent_and_zero_is_no_news(progress: Any, fraction: float | None) -> None:
    read_as = read({"status": "pending", "progress": progress}).progress
    assert (read_as and read_as.fraction) == fraction


@pytest.mark.parametrize(
    ("queue_info", "progress"),
    [
        ({"queue_position": 3, "total_queue_size": 9, "estimated_wait_time": 45}, Progress(None, 2, 45.0)),
        ({"queue_position": "1", "estimated_wait_time": "7.5"}, Progress(None, 0, 7.5)),
        ({"queue_position": 0, "estimated_wait_time": 0}, None),
        ({"queue_position": 2, "estimated_wait_time": 45_000}, Progress(None, 1, None)),
        ({"queue_position": True, "estimated_wait_time": "soon"}, None),
        ({"queue_position": None, "total_queue_size": None, "estimated_wait_time": None}, None),
        (None, None),
        ([3], None),
        ("3", None),
    ],
)
def test_the_place_in_line_counts_the_jobs_ahead(queue_info: Any, progress: Progress | None) -> None:
    assert read({"status": "pending", "progress": 0, "queue_info": queue_info}).progress == progress


@pytest.mark.parametrize(
    ("body", "header", "poll_after_s"),
    [
        ({"poll_after": 5}, None, 5.0),
        ({"retry_after": "7"}, "9", 7.0),
        ({}, "9", 9.0),
        ({}, "100000", 60.0),
        ({}, "0.01", 0.5),
        ({}, "-1", None),
        ({}, "Wed, 21 Oct 2026 07:28:00 GMT", None),
        ({"poll_after": None}, None, None),
    ],
)
def test_a_hint_is_kept_within_reason(body: Any, header: str | None, poll_after_s: float | None) -> None:
    assert read(body, header).poll_after_s == poll_after_s


def test_an_encrypted_result_is_known_by_its_key() -> None:
    assert read({"status": "success", "data": {"encrypted_aes_key": "k", "result_url": URL}}).encrypted


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["success", "failed", "pending", URL, BASE64, "data:image/png;base64,", "1829499", "40"]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["status", "data", "result", "outputs", "request_id", "progress", "queue_info", "result_url"]
            )
            | st.text(),
            inner,
        )
    ),
)


@given(VALUES, st.none() | st.text())
@example({"progress": float("inf"), "queue_info": {"queue_position": float("nan")}}, None)
def test_any_json_is_an_answer_or_a_protocol_error(body: Any, retry_after: str | None) -> None:
    try:
        answer = read(body, retry_after)
    except ProtocolError:
        return
    assert answer.id is None or 0 < len(answer.id) <= 200
    assert answer.progress is None or answer.progress.fraction is None or 0 < answer.progress.fraction <= 1


@pytest.mark.parametrize("place", [None, *Place])
def test_a_handle_survives_being_written(place: Place | None) -> None:
    handle = Handle(Family.LEGACY, "921864", place)
    assert Handle.read(handle.write()) == handle


def test_a_handle_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    text = json.dumps({"family": "legacy", "id": "a", "place": "header", "model": "m", "version": 7})
    assert Handle.read(text) == Handle(Family.LEGACY, "a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "921864",
        "null",
        "[1]",
        "{}",
        '{"family": "legacy"}',
        '{"family": "v9", "id": "a"}',
        '{"family": ["legacy"], "id": "a"}',
        '{"family": "legacy", "id": 7}',
        '{"family": "legacy", "id": ""}',
    ],
)
def test_an_unreadable_handle_is_a_protocol_error(text: str) -> None:
    with pytest.raises(ProtocolError):
        Handle.read(text)


def test_neither_handles_nor_answers_show_what_is_secret() -> None:
    assert "1829499" not in repr(Handle(Family.LEGACY, "1829499"))
    assert not any(secret in repr(read(SUCCESS)) for secret in ("1829499", URL, "success"))

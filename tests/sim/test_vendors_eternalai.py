"""The simulated EternalAI speaks as the vendor's page does, counts everything, and finds every breach."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sim.vendors import guide, pictures
from sim.vendors.customer import Customer, order
from sim.vendors.effects import SHAPES, STYLES
from sim.vendors.eternalai import EternalAI
from sim.vendors.fates import BY_NAME, ETERNALAI, FATES, Where
from sim.vendors.line import Line
from sim.vendors.plan import Plan
from sim.vendors.wire import Conduct, Door, as_json

from bot.testing.clock import FakeClock

FOX = "a red fox"
LONGEST_S = 60.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def vendor(clock: FakeClock) -> EternalAI:
    return EternalAI(clock)


@pytest.fixture
def customer(vendor: EternalAI) -> Customer:
    return Customer(vendor)


def test_a_submit_is_answered_as_the_page_shows(customer: Customer) -> None:
    assert customer.submit(FOX) == as_json({"request_id": "921865", "status": "pending", "result": "", "progress": 0})


async def test_a_success_is_answered_as_the_page_shows(customer: Customer, clock: FakeClock) -> None:
    customer.submit(FOX)
    await clock.advance(LONGEST_S)
    body = customer.poll(921865).json()
    address = body["result_url"]
    assert body == {
        "request_id": "921865",
        "status": "success",
        "progress": 0,
        "created_at": "2026-09-21T14:13:20Z",
        "updated_at": "2026-09-21T14:14:20Z",
        "image_request_type": "generation",
        "file_name": address.rpartition("/")[2],
        "prompt": FOX,
        "magic_prompt": FOX,
        "model": "black-forest-labs/FLUX.1-dev",
        "result_image": "",
        "result_image_url": address,
        "result_url": address,
        "queue_info": {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None},
        "post_feed": False,
        "log": "",
    }
    assert address.startswith("https://cdn.eternalai.test/feed/2026/09/21/")


async def test_both_forms_of_a_poll_know_a_job_until_it_ends(customer: Customer, clock: FakeClock) -> None:
    customer.submit(FOX)
    await clock.advance(44)
    for form in ("query", "path"):
        body = customer.poll(921865, form).json()
        assert (body["status"], body["result_url"]) == ("pending", "")
        assert 70 < body["progress"] < 100
    assert customer.poll(921866).status == 404


async def test_the_file_is_the_picture_of_this_prompt_and_style(customer: Customer, clock: FakeClock) -> None:
    customer.submit(f"{FOX} [signed]", lora_config={"psycho_art": 1})
    await clock.advance(LONGEST_S)
    reply = customer.fetch(customer.poll(921865).json()["result_url"])
    assert reply.headers["Content-Type"] == "image/png"
    assert reply.body == pictures.draw(FOX, "Anime Art-Style", 921865)


def test_every_accepted_submit_is_charged_duplicates_too(customer: Customer, vendor: EternalAI) -> None:
    ids = {customer.submit(FOX).json()["request_id"] for _ in range(3)}
    assert len(ids) == 3
    assert (vendor.count(FOX).submissions, vendor.count(FOX).charges) == (3, 3)


async def test_everything_is_counted_by_prompt_and_in_all(
    customer: Customer, vendor: EternalAI, clock: FakeClock
) -> None:
    customer.submit(FOX)
    customer.submit("a blue hare [submit-401]")
    await clock.advance(LONGEST_S)
    customer.poll(921865, "path")
    customer.fetch(customer.poll(921865).json()["result_url"])
    customer.poll(1)
    customer.effects()
    fox = {"submissions": 1, "charges": 1, "polls_by_query": 1, "polls_by_path": 1, "fetches": 1, "cancels": 0}
    hare = {"submissions": 1, "charges": 0, "polls_by_query": 0, "polls_by_path": 0, "fetches": 0, "cancels": 0}
    state = json.loads(json.dumps(vendor.state()))
    assert state["prompts"][FOX] == fox
    assert state["prompts"]["a blue hare [submit-401]"] == hare
    assert state["total"] == {**fox, "submissions": 2, "polls_by_query": 2}
    assert (state["effects_lists"], state["jobs"], state["violations"]) == (1, 1, [])
    assert (vendor.count("hare").charges, vendor.count().polls) == (0, 3)


FINE = order(FOX)
FILM = {
    "prompt": FOX,
    "image_url": "https://pictures.test/fox.png",
    "model_id": "wan-ai/wan2.2-i2v-a14b-lightning",
}
PART = {"type": "text", "text": FOX}


def _message(**changes: Any) -> dict[str, Any]:
    return {**FINE, "messages": [{"role": "user", "content": [PART], **changes}]}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"messages": FINE["messages"]},
        {"type": "new"},
        {**FINE, "type": "edit"},
        {**FINE, "prompt": FOX},
        {**FINE, "width": 512},
        {**FINE, "messages": []},
        {**FINE, "messages": FINE["messages"] * 2},
        {**FINE, "lora_config": ["psycho_art"]},
        {**FINE, "lora_config": {"psycho_art": "1"}},
        {**FINE, "lora_config": {"psycho_art": True}},
        {**FINE, "lora_config": None},
        {**FINE, "model_id": None},
        {**FINE, "model_id": 7},
        _message(role="system"),
        _message(name="ann"),
        _message(content=FOX),
        _message(content=[]),
        _message(content=[{"type": "image_url", "image_url": {}}]),
        _message(content=[{**PART, "text": " \n"}]),
        _message(content=[{**PART, "detail": "high"}]),
    ],
    ids=str,
)
def test_a_body_that_the_page_does_not_allow_is_a_violation(customer: Customer, vendor: EternalAI, body: Any) -> None:
    reply = customer.post(json.dumps(body).encode())
    assert (reply.status, reply.json()["error"]) == (400, "invalid JSON body")
    assert len(vendor.violations) == 1
    assert vendor.count().charges == 0


def test_a_body_with_everything_that_the_page_allows_is_none(customer: Customer, vendor: EternalAI) -> None:
    assert customer.submit(FOX, lora_config={"psycho_art": 1, "other": 0.5}, model_id="m").status == 200
    assert vendor.violations == []


KEYED = {"x-api-key": "simulated"}


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (401, lambda customer: customer.post(b"{}", headers={})),
        (401, lambda customer: customer.post(b"{}", headers={"x-api-key": "other"})),
        (401, lambda customer: customer.post(b"{}", headers={"authorization": "Bearer simulated"})),
        (401, lambda customer: customer.post(b"{}", headers={**KEYED, "authorization": "Bearer simulated"})),
        (400, lambda customer: customer.post(b"{}", headers={**KEYED, "content-type": "text/plain"})),
        (400, lambda customer: customer.post(b"{", headers=customer.headers)),
        (400, lambda customer: customer.post(json.dumps(FINE).encode(), query="a=b")),
        (400, lambda customer: customer.get("/creative-ai/result/image")),
        (400, lambda customer: customer.get("/creative-ai/result/image", query="request_id=")),
        (400, lambda customer: customer.get("/creative-ai/result/image", query="request_id=1&x=2")),
        (401, lambda customer: customer.get("/creative-ai/poll-result/1", headers={"x-api-key": "other"})),
        (400, lambda customer: customer.get("/creative-ai/poll-result/1", headers={"cookie": "a=b"})),
        (400, lambda customer: customer.get("/creative-ai/poll-result/1", headers={"referer": "http://a"})),
        (400, lambda customer: customer.get("/feed/a.png", door=Door.FILES, headers=KEYED)),
        (404, lambda customer: customer.get("/creative-ai/poll-result/1", door=Door.FILES, headers={})),
        (404, lambda customer: customer.get("/creative-ai/image")),
        (404, lambda customer: customer.get("/")),
    ],
)
def test_a_call_that_the_page_does_not_allow_is_a_violation(
    customer: Customer, vendor: EternalAI, status: int, ask: Callable[[Customer], Any]
) -> None:
    assert ask(customer).status == status
    assert len(vendor.violations) == 1


def test_a_key_of_the_newer_kind_is_refused_where_the_older_one_goes(clock: FakeClock) -> None:
    vendor = EternalAI(clock, key="sk_simulated")
    customer = Customer(vendor)
    reply = customer.submit(FOX)
    wanted = "missing or invalid API key (expected Authorization: Bearer sk_... or api-key header)"
    assert (reply.status, reply.json()["error"]) == (401, wanted)
    assert len(vendor.violations) == 1
    for key in ({"authorization": "Bearer sk_simulated"}, {"api-key": "sk_simulated"}):
        headers = {"content-type": "application/json", **key}
        assert customer.post(json.dumps(FILM).encode(), path="/api/image-to-video", headers=headers).status == 200
        assert customer.post(json.dumps(FINE).encode(), headers=headers).status == 401
    assert len(vendor.violations) == 3


def test_a_poll_needs_no_key_unless_a_switch_says_so(customer: Customer, vendor: EternalAI) -> None:
    customer.submit(FOX)
    assert customer.get("/creative-ai/poll-result/921865", headers={}).status == 200
    vendor.weather.polls_need_key = True
    assert customer.get("/creative-ai/poll-result/921865", headers={}).status == 401


async def test_a_short_line_is_served_in_order_and_tells_true_places(
    customer: Customer, vendor: EternalAI, clock: FakeClock
) -> None:
    vendor.weather.change({"concurrency": 1, "duration_s": (10, 10)})
    for _ in range(3):
        customer.submit(FOX)

    def places() -> list[Any]:
        infos = [customer.poll(921865 + number).json()["queue_info"] for number in range(3)]
        return [(info["queue_position"], info["total_queue_size"], info["estimated_wait_time"]) for info in infos]

    assert places() == [(None, None, None), (1, 2, 10), (2, 2, 20)]
    await clock.advance(10)
    assert places() == [(None, None, None), (None, None, None), (1, 1, 10)]
    await clock.advance(19)
    assert [customer.poll(921865 + number).json()["status"] for number in range(3)] == ["success", "success", "pending"]
    await clock.advance(1)
    assert customer.poll(921867).json()["status"] == "success"


def test_a_line_starts_who_waited_at_the_moment_when_there_was_room() -> None:
    line = Line(1)
    first, second, third = (line.enter(10, 0) for _ in range(3))
    line.move(25)
    assert (first.ends_at, second.ends_at, third.ends_at) == (10, 20, 30)
    assert third.done(25) == 0.5


def test_more_room_serves_who_waits_at_once() -> None:
    line = Line(1)
    tickets = [line.enter(10, 0) for _ in range(3)]
    line.capacity = None
    line.move(4)
    assert [ticket.ends_at for ticket in tickets] == [10, 14, 14]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in ("nothing", "null", "html", "failing")])
def test_a_list_of_styles_holds_the_names_of_the_page_in_any_form(
    customer: Customer, vendor: EternalAI, shape: str
) -> None:
    vendor.weather.effects = shape
    text = customer.effects().body.decode()
    assert all(f'"{name}"' in text for name in STYLES)


async def test_the_weather_is_the_same_for_everybody(customer: Customer, vendor: EternalAI, clock: FakeClock) -> None:
    customer.submit(FOX)
    asked = [lambda: customer.submit(FOX), lambda: customer.poll(921865), customer.effects]
    vendor.weather.unavailable = True
    assert [ask().status for ask in asked] == [503] * 3
    vendor.weather.unavailable = False
    vendor.weather.key_refused = True
    assert [ask().status for ask in asked] == [401] * 3
    vendor.weather.key_refused = False
    vendor.limit(20)
    await clock.advance(5.5)
    assert [(ask().status, ask().headers["Retry-After"]) for ask in asked] == [(429, "15")] * 3
    vendor.limit(20, "soon")
    assert customer.effects().headers["Retry-After"] == "soon"
    vendor.limit(20, "")
    assert "Retry-After" not in customer.effects().headers
    await clock.advance(20)
    vendor.weather.latency_s = (2, 2)
    replies = [ask() for ask in asked]
    assert [(reply.status, reply.delay_s) for reply in replies] == [(200, 2)] * 3
    vendor.weather.down = True
    assert [ask().conduct for ask in asked] == [Conduct.REFUSE] * 3
    assert (vendor.count().charges, vendor.violations) == (2, [])


@pytest.mark.parametrize(
    "wanted", [{"effects": "none"}, {"duration_s": [3, 1]}, {"concurrency": 0}, {"latency_s": -1}, {"no": 1}]
)
def test_weather_that_cannot_be_changes_nothing(vendor: EternalAI, wanted: dict[str, Any]) -> None:
    before = vendor.weather.model_dump()
    with pytest.raises(ValueError, match="validation error"):
        vendor.weather.change({"unavailable": True, **wanted})
    assert vendor.weather.model_dump() == before


def test_a_plan_can_be_had_again_and_chooses_among_the_named_fates() -> None:
    names = [fate.name for fate in FATES if fate.where in (Where.POLL, Where.FILE)]
    prompts = [f"fox {number}" for number in range(200)]
    first, again, other = (Plan(seed, names) for seed in (7, 7, 8))
    chosen = [first.marks(prompt) for prompt in prompts]
    assert chosen == [again.marks(prompt) for prompt in reversed(prompts)][::-1]
    assert chosen != [other.marks(prompt) for prompt in prompts]
    assert {len(marks) for marks in chosen} == {1, 2, 3, 4, 5, 6}
    assert {mark.fate.name for marks in chosen for mark in marks} == set(names)
    assert repr(first) == "Plan(seed=7, low=1, high=6, 40 fates)"


def test_a_plan_holds_for_prompts_that_name_no_fate(clock: FakeClock) -> None:
    vendor = EternalAI(clock, plan=Plan(1, ["submit-402"]))
    customer = Customer(vendor)
    assert customer.submit(FOX).status == 402
    assert customer.submit(f"{FOX} [submit-403]").status == 403


def test_every_example_is_a_mark_and_leaves_the_words_alone() -> None:
    for fate in FATES:
        for typed, value in zip(fate.marks, fate.examples, strict=True):
            [mark] = ETERNALAI.marks(f"a [red] {typed} fox")
            assert (mark.fate, mark.value, mark.times) == (fate, value, fate.times)
            assert ETERNALAI.words(f"a [red] {typed} fox") == "a [red] fox"


@pytest.mark.parametrize("typed", ["[poll-500 x3]", "[poll-429=40 x3]"])
def test_a_mark_says_how_often_it_strikes(typed: str) -> None:
    assert [mark.times for mark in ETERNALAI.marks(typed)] == [3]


@pytest.mark.parametrize("typed", ["[poll-501]", "[poll-500=3]", "[takes=long]", "[takes]", "[ poll-500]", "[]"])
def test_brackets_that_hold_no_fate_are_words(typed: str) -> None:
    assert ETERNALAI.marks(typed) == ()
    assert ETERNALAI.words(typed) == typed


def test_the_names_of_the_fates_are_their_own() -> None:
    assert len(BY_NAME) == len(FATES)


def test_the_guide_is_what_the_tables_say() -> None:
    assert guide.PAGE.read_text(encoding="utf-8") == guide.page(), (
        "`PYTHONPATH=tests .venv/bin/python -m sim.vendors.guide`"
    )

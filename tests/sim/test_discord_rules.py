"""What the simulated Discord refuses and writes down: by Discord's document, and beyond it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sim.discord import schema
from sim.discord.deviations import DEVIATIONS
from sim.discord.raw import NOBODY, raw
from sim.discord.simulation import simulated
from sim.discord.sketch import somewhere

from bot.testing.clock import FakeClock

JSON = dict[str, Any]
V2 = 1 << 15
EPHEMERAL = 1 << 6
POST = "POST /channels/{channel_id}/messages"
LINK: JSON = {"type": 2, "style": 5, "label": "Original", "url": "https://example.org/fox"}
SELECT: JSON = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}


def text(words: str = "a fox") -> JSON:
    return {"type": 10, "content": words}


def row(*children: JSON) -> JSON:
    return {"type": 1, "components": list(children)}


def button(custom_id: str = "b", **more: Any) -> JSON:
    return {"type": 2, "style": 1, "label": "Again", "custom_id": custom_id, **more}


def box(*children: JSON, **more: Any) -> JSON:
    return {"type": 17, "components": list(children), **more}


def gallery(url: str) -> JSON:
    return {"type": 12, "items": [{"media": {"url": url}}]}


def v2(*components: JSON, **more: Any) -> JSON:
    return {**NOBODY, "flags": V2, "components": list(components), **more}


FULL_ROW = row(*(button(str(number)) for number in range(5)))

ACCEPTED = {
    "text": {**NOBODY, "content": "a fox"},
    "one person may be rung": {"content": "<@1>", "allowed_mentions": {"parse": [], "users": ["1"]}},
    "a card": v2(box(text(), row(button(), LINK), gallery("https://example.org/fox.png"), accent_color=1)),
    "a section": v2({"type": 9, "components": [text()], "accessory": button()}),
    "as much text as fits": v2(text("x" * 2000), box(text("x" * 2000))),
    "as many components as fit": v2(*(text() for _ in range(40))),
    "a full row": v2(FULL_ROW),
    "a select": v2(row(SELECT)),
    "a line between": v2(text(), {"type": 14}, text()),
    "buttons below text": {**NOBODY, "content": "a fox", "components": [row(button())]},
    "an empty mention of everything else": {**NOBODY, "content": "a fox", "embeds": [], "nonce": 5, "tts": False},
}

REFUSED: dict[str, tuple[JSON, str]] = {
    "mentions left open": ({"content": "a fox"}, "allowed_mentions is missing"),
    "mentions parsed": ({"content": "a", "allowed_mentions": {"parse": ["users"]}}, "parse is not []"),
    "mentions unsaid": ({"content": "a", "allowed_mentions": {"users": []}}, "parse is not []"),
    "an unknown key": ({**NOBODY, "content": "a", "contents": "b"}, "unknown key 'contents'"),
    "an unknown key deep inside": (v2(box(row(button(lable="x")))), "unknown key 'lable'"),
    "a wrong type": ({**NOBODY, "content": 5}, "is not of type 'string'"),
    "content beside components": (v2(text(), content="a fox"), "content beside"),
    "embeds beside components": (v2(text(), embeds=[{"title": "a"}]), "embeds beside"),
    "text without the flag": ({**NOBODY, "components": [text()]}, "only action rows"),
    "too much text": (v2(text("x" * 2001), box(text("x" * 2000))), "4001 characters"),
    "too much text at once": (v2(text("x" * 4001)), "too long"),
    "too many components": (v2(*(box(text()) for _ in range(21))), "42 components"),
    "a custom id twice": (v2(row(button("x")), row(button("x"))), "custom_id 'x' stands 2 times"),
    "a component id twice": (v2(text() | {"id": 7}, text() | {"id": 7}), "id 7 stands 2 times"),
    "a custom id too long": (v2(row(button("x" * 101))), "too long"),
    "six buttons": (v2(row(*(button(str(number)) for number in range(6)))), "too long"),
    "six rows": ({**NOBODY, "content": "a", "components": [row(button(str(n))) for n in range(6)]}, "6 rows"),
    "a select with a button": (v2(row(SELECT, button())), "a select shares its row"),
    "a button to nowhere": (v2(row({"type": 2, "style": 1, "label": "x"})), "either a custom_id or"),
    "a link with an id": (v2(row(LINK | {"custom_id": "x"})), "either a custom_id or"),
    "a blank button": (v2(row({"type": 2, "style": 1, "custom_id": "x"})), "neither label nor emoji"),
    "a file by its address": (v2({"type": 13, "file": {"url": "https://example.org/fox"}}), "shown by attachment://"),
    "an empty text": (v2(text("")), "non-empty"),
    "an empty row": (v2(row()), "non-empty"),
    "a component that is none": (v2({"type": 99}), "none of what may stand here"),
    "a picture that is not attached": (v2(gallery("attachment://fox.png")), "names no attached file"),
    "a picture by no address": (v2(gallery("fox.png")), "is not a 'uri'"),
    "a file that was not sent": ({**NOBODY, "attachments": [{"id": 0}]}, "neither sent nor"),
    "hidden for nobody": ({**NOBODY, "content": "a", "flags": EPHEMERAL}, "only for answers"),
    "a flag of Discord's own": ({**NOBODY, "content": "a", "flags": 1}, "cannot be set"),
    "a color out of range": (v2(box(text(), accent_color=0x1000000)), "greater than the maximum"),
}


@pytest.mark.parametrize("name", ACCEPTED)
async def test_what_discord_takes_is_taken(name: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        assert (await rest.post(art, ACCEPTED[name])).status == 200


@pytest.mark.parametrize("name", REFUSED)
async def test_what_discord_refuses_is_refused_and_written_down(name: str) -> None:
    body, problem = REFUSED[name]
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        said = await rest.post(art, body)
        assert (said.status, said.code, sim.messages(art)) == (400, 50035, [])
        assert [violation.body for violation in sim.violations][:1] == [body]
        assert any(problem in found for found in sim.take_violations())


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"flags": 0}, "cannot be removed"), ({"content": "a hare"}, "content beside"), ({"components": None}, None)],
)
async def test_a_message_of_components_stays_one(change: JSON, problem: str | None) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        message = (await rest.post(art, v2(text()))).body["id"]
        said = await rest("PATCH", f"/channels/{art.id}/messages/{message}", {**NOBODY, **change})
        assert said.code == (50035 if problem else 50006)
        assert [problem in found for found in sim.take_violations() if problem] == ([True] if problem else [])


async def test_an_empty_message_is_refused() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        assert (await rest.post(art, dict(NOBODY))).code == 50006


@pytest.mark.parametrize(
    ("method", "path", "problem"),
    [
        ("POST", "/users/@me/channels", "a body is missing"),
        ("GET", "/users/@me?verbose=1", "unknown 'verbose'"),
        ("GET", "/voice/regions", "does not serve this"),
        ("GET", "/no/such/thing", "does not serve this"),
    ],
)
async def test_requests_that_the_document_does_not_know_are_violations(method: str, path: str, problem: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        assert (await rest(method, path)).status in {400, 404}
        assert [problem in found for found in sim.take_violations()] == [True]


@pytest.mark.parametrize(
    ("content_type", "data", "problem"),
    [
        ("application/json", b"{no json", "no JSON"),
        ("text/plain", b"a fox", "Content-Type text/plain"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--",
            "part 'a'",
        ),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_violation(content_type: str, data: bytes, problem: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        path, headers = f"/channels/{art.id}/messages", {"Content-Type": content_type}
        assert (await rest("POST", path, data=data, headers=headers)).code == 50035
        assert [problem in found for found in sim.take_violations()] == [True]


async def test_a_violation_that_nobody_took_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="allowed_mentions is missing"):
        async with simulated(FakeClock()) as sim, raw(sim) as rest:
            await rest.post(somewhere(sim)[1], {"content": "a fox"})


async def test_waiting_in_vain_ends_with_what_was_seen() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        await rest("GET", "/users/@me")
        with pytest.raises(AssertionError, match="GET /users/@me 200"):
            await sim.until(lambda: False, within_s=0.01)
        waiting = asyncio.create_task(sim.until(lambda: sim.count("GET *") == 2))
        await rest("GET", "/users/@me")
        await waiting


async def test_the_simulators_own_answers_are_held_to_the_document_too() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        sim.gateway.starts_a_day = "many"  # type: ignore[assignment]  # the fault that is to be found
        await rest("GET", "/gateway/bot")
        assert [found[:20] for found in sim.take_violations()] == ["the simulator broke:"]
        sim.gateway.url = ""
        sim.gateway.starts_a_day = 1000
        await rest("GET", "/gateway/bot")
        assert sim.take_violations() == ["url: '' is not a 'uri'"]


def test_each_deviation_is_needed_and_there_are_few() -> None:
    assert len(DEVIATIONS) <= 5
    for deviation in DEVIATIONS:
        for operation, body in deviation.captured.items():
            assert schema.request_problems(operation, body, corrected=False), deviation.reason
            assert schema.request_problems(operation, body) == [], deviation.reason


def test_integers_may_be_written_as_strings() -> None:
    assert schema.request_problems(POST, {"flags": "4", "content": "a"}) == []
    assert schema.request_problems(POST, {"flags": "four", "content": "a"}) != []

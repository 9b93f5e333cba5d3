"""Starting, stopping and health."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from chat.web.scripted import House, ScriptedCommands, Shelf, open_house
from pydantic import SecretStr
from sim.inline_store import inline_store

from adapters.chat.web import create
from adapters.chat.web.chat import WebChat
from adapters.chat.web.password import hash_password
from bot.chat import ChatContext
from bot.config import Settings, WebSettings
from bot.errors import StartError
from bot.testing.clock import FakeClock


async def refusal(folder: Path, **settings: object) -> str:
    with pytest.raises(StartError) as caught:
        async with open_house(folder, **settings):
            pass
    return str(caught.value)


async def test_a_busy_port_is_a_sentence_with_the_setting(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = await refusal(tmp_path, port=port)
    assert sentence == (
        f"Port {port} on 127.0.0.1 is in use: stop the program that has it, or choose another with BOT_WEB__PORT."
    )
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "studio"])
async def test_an_open_page_without_a_password_does_not_start(tmp_path: Path, host: str) -> None:
    sentence = await refusal(tmp_path, host=host)
    assert host in sentence
    assert "BOT_WEB__PASSWORD_HASH" in sentence


async def test_a_password_in_plain_is_no_hash(tmp_path: Path) -> None:
    sentence = await refusal(tmp_path, password_hash="hunter2")
    assert "BOT_WEB__PASSWORD_HASH" in sentence
    assert "hunter2" not in sentence


async def test_an_address_that_is_not_this_machine_s_is_a_sentence(tmp_path: Path) -> None:
    sentence = await refusal(tmp_path, host="192.0.2.1", password_hash=hash_password("x"))
    assert "BOT_WEB__HOST" in sentence


async def test_the_bot_is_alive_while_it_answers_and_ready_when_every_part_is(house: House) -> None:
    visitor = house.stranger()
    alive = await visitor.get("/healthz")
    assert (alive.status, alive.json) == (200, {"alive": True})
    ready = await visitor.get("/readyz")
    assert (ready.status, ready.json) == (200, {"ready": True, "parts": {"web": True}})
    house.health["discord"] = False
    waiting = await visitor.get("/readyz")
    assert (waiting.status, waiting.json) == (503, {"ready": False, "parts": {"web": True, "discord": False}})


async def test_a_page_that_could_not_start_is_not_ready(tmp_path: Path) -> None:
    async with open_house(tmp_path) as first:
        port = int(first.base.rpartition(":")[2])
        chat = WebChat(
            commands=first.commands,
            media=first.shelf,
            clock=first.clock,
            health=dict,
            host="127.0.0.1",
            port=port,
        )
        with pytest.raises(StartError):
            await chat.start()
    assert not chat.ready()


async def test_a_page_is_ready_between_start_and_close(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert house.chat.ready()
    assert not house.chat.ready()
    await house.chat.close()


async def test_the_same_port_serves_again_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        port = int(house.base.rpartition(":")[2])
        await house.visitor()
    async with open_house(tmp_path, port=port) as house:
        await house.visitor()


async def test_the_factory_reads_the_settings(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(web=WebSettings(port=port, password_hash=SecretStr(hash_password("x"))))
    chat = create(
        ChatContext(
            settings=settings,
            commands=ScriptedCommands(),
            media=Shelf(tmp_path),
            inbox=inline_store(),
            clock=FakeClock(),
            health=dict,
        )
    )
    assert isinstance(chat, WebChat)
    await chat.start()
    try:
        assert chat.surface.platform == "web"
        assert chat.address == f"http://127.0.0.1:{port}/"
    finally:
        await chat.close()


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:81/"), ("::1", "http://[::1]:81/"), ("studio", "http://studio:81/")],
)
def test_the_address_is_one_that_a_browser_can_open(tmp_path: Path, host: str, address: str) -> None:
    chat = WebChat(
        commands=ScriptedCommands(), media=Shelf(tmp_path), clock=FakeClock(), health=dict, host=host, port=81
    )
    assert chat.address == address

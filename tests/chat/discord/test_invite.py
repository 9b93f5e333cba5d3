"""`python -m bot invite` and what `doctor` says of Discord."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from chat.discord.stage import Stage
from pydantic import SecretStr
from sim.discord.raw import raw
from sim.discord.state import Permission

from adapters.chat.discord.commands import payload
from bot import wiring
from bot.clock import SystemClock
from bot.commands.menu import entries
from bot.config import DiscordSettings, Settings
from bot.errors import StartError
from bot.plugins import load_providers
from bot.policy import Rules, offers_of
from bot.setup import Status

NEEDED = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
    | Permission.READ_MESSAGE_HISTORY
)
MESSAGE_CONTENT = 1 << 19


async def bot(stage: Stage, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """A command of the real command line: its exit code and what it said."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={**inherited, "BOT_DISCORD__TOKEN": stage.token, "BOT_DISCORD__API_BASE": stage.sim.api_base},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def settings_of(stage: Stage) -> Settings:
    return Settings(discord=DiscordSettings(token=SecretStr(stage.token), api_base=stage.sim.api_base))


async def doctor(stage: Stage, folder: Path) -> dict[str, tuple[str, str]]:
    _, out, _ = await bot(stage, folder, "doctor", "--json")
    return {one["name"]: (one["status"], one["detail"]) for one in json.loads(out) if "discord" in one["name"]}


async def test_invite_prints_a_link_for_servers_and_one_for_people(empty_stage: Stage, tmp_path: Path) -> None:
    code, out, err = await bot(empty_stage, tmp_path, "invite")
    assert (code, err) == (0, "")
    to_server, to_person = (parse_qs(urlsplit(line.strip()).query) for line in out.splitlines()[1::2])
    application = [str(empty_stage.sim.bot.id)]
    assert to_server == {
        "client_id": application,
        "integration_type": ["0"],
        "scope": ["bot applications.commands"],
        "permissions": [str(int(NEEDED))],
    }
    assert to_person == {"client_id": application, "integration_type": ["1"], "scope": ["applications.commands"]}


async def test_invite_without_a_token_is_a_sentence(empty_stage: Stage, tmp_path: Path) -> None:
    empty_stage.token = ""
    code, out, err = await bot(empty_stage, tmp_path, "invite")
    assert (code, out) == (2, "")
    assert err == "No chat platform is switched on besides the page; README.md says how to switch one on.\n"


async def test_a_token_that_is_refused_is_a_sentence(empty_stage: Stage) -> None:
    empty_stage.token = "another"
    with pytest.raises(StartError, match="does not take the token") as refused:
        await wiring.links(settings_of(empty_stage))
    assert refused.value.exit_code == 2
    [check] = await wiring.inspect_chats(settings_of(empty_stage))
    assert (check.name, check.status, check.detail) == ("discord", Status.FAILED, str(refused.value))
    assert "Reset Token" in check.fix


async def test_a_discord_that_is_down_is_a_sentence(empty_stage: Stage) -> None:
    empty_stage.sim.faults.outage()
    with pytest.raises(StartError, match="Discord cannot be asked") as refused:
        await wiring.links(settings_of(empty_stage))
    assert refused.value.exit_code == 69


async def test_a_bot_that_has_what_it_needs_is_found_well(empty_stage: Stage) -> None:
    providers = load_providers(Settings(), SystemClock())
    menu = entries(offers_of({one.name: one for one in providers}, Rules()), "en", browsing=False)
    async with raw(empty_stage.sim) as rest:
        await rest("PUT", f"/applications/{empty_stage.sim.bot.id}/commands", payload(menu, "en"))
    found = [(check.name, check.status) for check in await wiring.inspect_chats(settings_of(empty_stage))]
    assert found == [("discord", Status.OK), ("discord commands", Status.OK)]


async def test_doctor_names_what_is_amiss(empty_stage: Stage, tmp_path: Path) -> None:
    stage = empty_stage
    stage.sim.application_flags = MESSAGE_CONTENT
    stage.meadow.allowed &= ~Permission.ATTACH_FILES
    found = await doctor(stage, tmp_path)
    assert found == {
        "discord": ("ok", "the token is that of limner"),
        "discord commands": ("warning", "Discord has others"),
        "discord intents": ("warning", "Message Content: on, and needed for nothing"),
        "discord permissions": ("warning", "Meadow withholds Attach Files"),
    }

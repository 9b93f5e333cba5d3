"""What stands in the database of where a message is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from adapters.chat.discord.refs import Ref
from bot.model import MessageRef

REF = Ref(
    application=1551597200998400001,
    channel=1551597200998400002,
    message=1551597200998400003,
    account=1551597200998400004,
    by_channel=True,
    ephemeral=True,
    max_file_bytes=52_428_800,
    token="aW50ZXJhY3Rpb24",
    expires_at=1_790_000_900.5,
)


@pytest.mark.parametrize("ref", [REF, REF.expired(), replace(REF, message=None)])
def test_what_was_written_is_read(ref: Ref) -> None:
    assert Ref.read(ref.write()) == ref
    assert ref.write().platform == "discord"


def test_what_a_newer_version_adds_is_left_alone() -> None:
    written = json.loads(REF.write().token) | {"mood": "good"}
    assert Ref.read(MessageRef("discord", json.dumps(written))) == REF


@pytest.mark.parametrize("token", ["", "ada:1", "{}", "[]", "null", '{"application": "x"}', '{"channel": 1}', "\ud800"])
def test_what_nobody_wrote_is_not_read(token: str) -> None:
    assert Ref.read(MessageRef("discord", token)) is None


def test_the_token_is_told_to_nobody() -> None:
    assert REF.token is not None
    assert REF.token not in repr(REF)
    assert REF.token not in repr(REF.write())


@pytest.mark.parametrize(("ref", "spare_s"), [(REF, 60), (replace(REF, by_channel=False), 0)])
def test_a_token_is_relied_upon_in_its_last_minute_only_where_there_is_no_other_way(ref: Ref, spare_s: float) -> None:
    assert ref.living_token(ref.expires_at - spare_s - 1) == REF.token
    assert ref.living_token(ref.expires_at - spare_s) is None


def test_an_expired_reference_holds_no_token() -> None:
    assert "token" not in REF.expired().write().token
    assert REF.expired().living_token(0) is None

"""Calls of other platforms come through the page's server, without the page's doors and with its limits."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from chat.web.scripted import open_house

from adapters.chat.web.password import hash_password


class Doorman:
    """A hook that remembers who called."""

    def __init__(self) -> None:
        self.calls = list[tuple[bytes, str | None]]()

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        self.calls.append((body, headers.get("x-secret")))
        return 503


async def test_a_call_reaches_its_hook_without_a_session_and_is_answered_by_it(tmp_path: Path) -> None:
    doorman = Doorman()
    async with open_house(tmp_path, hooks={"telegram": doorman}, password_hash=hash_password("x")) as house:
        stranger = house.stranger()
        assert (await stranger.post("/hooks/telegram", data=b"{}", headers={"X-Secret": "7"})).status == 503
        assert (await stranger.post("/hooks/telegram", data=BytesIO(bytes(2_000_000)))).status == 413
        assert (await stranger.post("/hooks/telegram", headers={"Host": "evil.example"})).status == 403
        assert (await stranger.post("/hooks/other")).status == 401
        assert (await stranger.get("/hooks/telegram")).status == 401
    assert doorman.calls == [(b"{}", "7")]

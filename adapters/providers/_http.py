"""The one client of every provider, and the one place that turns failures into our errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import BotError
from bot.model import Artifact, RemoteArtifact


class Phase(StrEnum):
    """What a call is for: a failure of a submit means something else than one of a look."""

    SUBMIT = "submit"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP, whole: status, headers by lower-case name, and the raw body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    async def json(self) -> Any:
        """The body as JSON, parsed in a thread when it is large; raises `ProtocolError`."""
        raise NotImplementedError


Judge = Callable[[Phase, Reply], BotError | None]
"""What a status or a body means at one provider, asked before the common rules; None: the common rules decide."""


class Api:
    """One provider's API: its origin alone, its key, no redirects, no cookies, no retries.

    `headers` carry the key. `submit_s` and `ask_s` bound a whole call, in seconds,
    `max_body_bytes` the raw body of an answer.
    """

    def __init__(
        self,
        origin: str,
        *,
        title: str,
        headers: Mapping[str, str],
        judge: Judge = lambda _phase, _reply: None,
        submit_s: float = 60.0,
        ask_s: float = 30.0,
        max_body_bytes: int = 96_000_000,
    ) -> None:
        raise NotImplementedError

    async def submit(self, path: str, *, json: Any) -> Reply:
        """POST once, over a connection of its own; the answer is 2xx.

        Raises `ProviderUnavailable(not_sent=True)`, `RateLimited`, `ProviderRefused`,
        `InvalidRequest`, `ContentRefused` where nothing was accepted, `OutcomeUnknown` otherwise.
        """
        raise NotImplementedError

    async def ask(self, path: str, *, params: Mapping[str, str] | None = None) -> Reply:
        """GET over a kept connection; the answer is 2xx.

        Raises `UnknownHandle` (404), `RateLimited`, `ProviderRefused`, `InvalidRequest`,
        `ContentRefused`, `ProtocolError` or `ProviderUnavailable`.
        """
        raise NotImplementedError

    async def artifact(self, url: str) -> Artifact | RemoteArtifact:
        """A result's address as an artifact: fetched here and with the key if it lies at this origin."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close every connection."""
        raise NotImplementedError

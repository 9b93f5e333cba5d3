"""How Telegram says no."""

from __future__ import annotations

from typing import Any

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Refusal(Exception):
    """An answer that is no success; `reason` stands behind the name of its code."""

    def __init__(self, code: int, reason: str = "", **parameters: Any) -> None:
        self.code, self.parameters = code, parameters
        self.description = f"{NAMES[code]}: {reason}" if reason else NAMES[code]
        super().__init__(self.description)


class Breach(Refusal):
    """A request that no bot should make; it is recorded and fails the test."""

    def __init__(self, reason: str, *problems: str) -> None:
        super().__init__(400, reason)
        self.problems = problems or (reason,)

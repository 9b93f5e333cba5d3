"""How Discord says no."""

from __future__ import annotations

from typing import Any

KNOWN = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20009: (403, "Explicit content cannot be sent to the desired recipient(s)"),
    20016: (429, "This action cannot be performed due to slowmode rate limit"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has hit the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    200000: (400, "Message was blocked by automatic moderation"),
    240000: (400, "Message blocked by harmful links filter"),
}


class Refusal(Exception):
    """An answer that is no success, by Discord's own number."""

    def __init__(self, code: int, **more: Any) -> None:
        self.code = code
        self.status, message = KNOWN[code]
        super().__init__(message)
        self.body: dict[str, Any] = {"message": message, "code": code, **more}


class Breach(Refusal):
    """A request that no bot should make; it is recorded and fails the test."""

    def __init__(self, *problems: str) -> None:
        found = [{"code": "SIMULATOR", "message": problem} for problem in problems]
        super().__init__(50035, errors={"_errors": found})
        self.problems = problems

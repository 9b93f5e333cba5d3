"""Where Discord's documentation, or the real discord.py, is right and the OpenAPI document is not.

Each entry was captured from discord.py 2.7.1. Five is the most that may stand here: more would
mean that the document is no measure any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """`change` is merged into the schemas named in `schemas`; `captured` are bodies by their operation."""

    reason: str
    schemas: tuple[str, ...]
    change: JSON
    captured: dict[str, Any]


DEVIATIONS = (
    Deviation(
        reason="discord.py sends ids as numbers; the documentation allows that in words only for attachments",
        schemas=("SnowflakeType",),
        change={"type": ["string", "integer"]},
        captured={
            "POST /users/@me/channels": {"recipient_id": 1551597200998400012},
            "POST /channels/{channel_id}/messages": {
                "tts": False,
                "allowed_mentions": {"parse": []},
                "attachments": [{"id": 0, "filename": "fox.png", "description": "a fox"}],
            },
        },
    ),
    Deviation(
        reason="discord.py sends `tts` with every edit; Discord ignores it there",
        schemas=(
            "MessageEditRequestPartial",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        ),
        change={"properties": {"tts": {"type": "boolean"}}},
        captured={
            "PATCH /channels/{channel_id}/messages/{message_id}": {"tts": False, "content": "a fox"},
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original": {"tts": False, "content": "a fox"},
            "POST /interactions/{interaction_id}/{interaction_token}/callback": {"type": 7, "data": {"tts": False}},
        },
    ),
    Deviation(
        reason="the documentation has `nsfw` in a command; the document has it only in the answer",
        schemas=("ApplicationCommandUpdateRequest",),
        change={"properties": {"nsfw": {"type": "boolean"}}},
        captured={
            "PUT /applications/{application_id}/commands": [
                {"name": "imagine", "description": "Draw", "type": 1, "options": [], "nsfw": False}
            ]
        },
    ),
)

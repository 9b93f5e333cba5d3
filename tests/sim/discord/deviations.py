"""Where Discord's documentation, or the real discord.py, is right and the OpenAPI document is not.

Each entry was captured from discord.py 2.7.1. Five is the most that may stand here: more would
mean that the document is no measure any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
BUTTON_STYLE = 1


@dataclass(frozen=True)
class Deviation:
    """`properties` are added to the object schemas named in `schemas`, or replace theirs."""

    reason: str
    schemas: tuple[str, ...]
    properties: JSON
    operation: str
    captured: Any


DEVIATIONS = (
    Deviation(
        reason="Discord's documentation: an attachment's id is a 'snowflake or number'; discord.py sends numbers.",
        schemas=("MessageAttachmentRequest",),
        properties={"id": {"type": "integer", "minimum": 0}},  # as every integer, also as a string
        operation="POST /channels/{channel_id}/messages",
        captured={
            "tts": False,
            "allowed_mentions": {"parse": []},
            "attachments": [{"id": 0, "filename": "fox.png", "description": "a fox"}],
        },
    ),
    Deviation(
        reason="discord.py sends `tts` with every edit; Discord ignores it there.",
        schemas=(
            "MessageEditRequestPartial",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        ),
        properties={"tts": {"type": "boolean"}},
        operation="PATCH /channels/{channel_id}/messages/{message_id}",
        captured={"tts": False, "content": "a fox", "allowed_mentions": {"parse": []}},
    ),
    Deviation(
        reason="Discord's documentation has `nsfw` in a command; the document has it only in the answer.",
        schemas=("ApplicationCommandUpdateRequest",),
        properties={"nsfw": {"type": "boolean"}},
        operation="PUT /applications/{application_id}/commands",
        captured=[{"name": "imagine", "description": "Draw", "type": 1, "options": [], "nsfw": False}],
    ),
)

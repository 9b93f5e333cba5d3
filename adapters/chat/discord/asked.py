"""What an interaction says of who asked, where, and what the bot may do there."""

from __future__ import annotations

from typing import Any

import discord

from adapters.chat.discord.refs import PLATFORM, Ref
from bot.model import MessageRef, Origin

Interaction = discord.Interaction[Any]

LEAST_PATIENCE_S = 0.2

PERMISSIONS = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
"""What the bot asks for, and what servers call it."""


def patience_s(asked: Interaction, now: float, most_s: float) -> float:
    """What is left of `most_s` seconds since somebody asked; some, where the two clocks disagree."""
    age_s = now - asked.created_at.timestamp()
    return min(most_s, max(LEAST_PATIENCE_S, most_s - age_s))


def origin_of(asked: Interaction, *, hidden: bool = False) -> Origin:
    """Who asked, and where; `hidden`: only they are to see the answer.

    The permission to moderate is the member's own, in that channel and at this moment.
    """
    may = asked.permissions
    return Origin(
        platform=PLATFORM,
        update_id=str(asked.id),
        account=str(asked.user.id),
        chat=str(asked.channel_id),
        moderator=may.manage_messages or may.administrator,
        hidden=hidden or is_hidden(asked),
        provisional=_ref(asked, None, hidden=hidden or is_hidden(asked)),
    )


def is_hidden(asked: Interaction) -> bool:
    """Whether it came from a message that only this person sees."""
    return asked.message is not None and asked.message.flags.ephemeral


def reachable(asked: Interaction) -> bool:
    """Whether the bot's own token reaches the message that was pressed on, and not this press alone."""
    return not is_hidden(asked) and (asked.is_guild_integration() or asked.context.dm_channel)


def lacking(asked: Interaction) -> tuple[str, ...]:
    """The permissions without which a message of the bot could not be edited here up to the picture."""
    if not asked.is_guild_integration():
        return ()
    send = "send_messages_in_threads" if isinstance(asked.channel, discord.Thread) else "send_messages"
    needed = ("view_channel", send, "attach_files")
    return tuple(PERMISSIONS[name] for name in needed if not getattr(asked.app_permissions, name))


def ref_of(asked: Interaction, message: discord.Message) -> MessageRef:
    """Where the answer to `asked` is shown."""
    return _ref(asked, message.id, hidden=message.flags.ephemeral)


def _ref(asked: Interaction, message: int | None, *, hidden: bool) -> MessageRef:
    here = asked.is_guild_integration() or asked.context.dm_channel
    return Ref(
        application=asked.application_id,
        channel=asked.channel_id or 0,
        message=message,
        account=asked.user.id,
        by_channel=here and not hidden,
        ephemeral=hidden,
        max_file_bytes=asked.filesize_limit,
        token=asked.token,
        expires_at=asked.expires_at.timestamp(),
    ).write()

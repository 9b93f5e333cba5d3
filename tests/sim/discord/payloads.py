"""The JSON in which Discord tells of its nouns."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from sim.discord import components as parts
from sim.discord.state import (
    NOTHING,
    Asked,
    Attachment,
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    Message,
    Permission,
    Person,
)
from sim.discord.world import World

JSON = dict[str, Any]
CHAT_INPUT, CONTEXT_MENU = 20, 23
LONG_AGO = "2024-01-01T00:00:00+00:00"
IN_PRIVATE = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
UNSET_OF_A_GUILD = """
    icon description home_header splash discovery_splash banner afk_channel_id system_channel_id widget_channel_id
    vanity_url_code rules_channel_id safety_alerts_channel_id public_updates_channel_id incidents_data
    application_id max_presences
"""
ZERO_OF_A_GUILD = """
    system_channel_flags verification_level default_message_notifications mfa_level explicit_content_filter
    premium_tier premium_subscription_count nsfw_level
"""


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def user(person: Person) -> JSON:
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": person.name.title(),
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "bot": person.bot,
    }


def member(person: Person) -> JSON:
    return {
        "user": user(person),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": LONG_AGO,
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
    }


def channel(place: Channel, bot: Person) -> JSON:
    base: JSON = {"id": str(place.id), "type": int(place.kind), "flags": 0, "last_message_id": None}
    if place.guild is None:
        base["recipients"] = [user(person) for person in place.recipients]
        group = {"name": place.name, "icon": None, "owner_id": str(place.recipients[0].id)}
        return base | (group if place.kind is ChannelKind.GROUP_DM else {})
    base |= {
        "guild_id": str(place.guild.id),
        "name": place.name,
        "parent_id": str(place.parent.id) if place.parent else None,
        "rate_limit_per_user": 0,
    }
    if place.kind is not ChannelKind.THREAD:
        return base | {"position": 0, "permission_overwrites": [], "nsfw": False, "topic": None}
    state: JSON = {"archived": place.archived, "locked": place.locked, "auto_archive_duration": 1440}
    state |= {"archive_timestamp": LONG_AGO, "create_timestamp": LONG_AGO}
    counts = dict.fromkeys(("message_count", "member_count", "total_message_sent"), 1)
    return base | counts | {"owner_id": str(bot.id), "thread_metadata": state}


def guild(place: Guild, owner: Person) -> JSON:
    everyone = {
        "id": str(place.id),
        "name": "@everyone",
        "permissions": str(int(Permission.VIEW_CHANNEL)),
        "position": 0,
    }
    colors = {"color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
    none: JSON = {"icon": None, "unicode_emoji": None, "flags": 0, "tags": {}}
    return {
        **dict.fromkeys(UNSET_OF_A_GUILD.split()),
        **dict.fromkeys(ZERO_OF_A_GUILD.split(), 0),
        "id": str(place.id),
        "name": place.name,
        "owner_id": str(owner.id),
        "preferred_locale": place.locale,
        "region": "deprecated",
        "features": [],
        "roles": [everyone | colors | none | dict.fromkeys(("hoist", "managed", "mentionable"), False)],
        "emojis": [],
        "stickers": [],
        "afk_timeout": 300,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "widget_enabled": False,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
    }


def attachment(file: Attachment, world: World) -> JSON:
    url = world.cdn.url(file)
    told = {
        "id": str(file.id),
        "filename": file.filename,
        "size": len(file.data) if file.told_bytes is None else file.told_bytes,
        "url": url,
        "proxy_url": url,
        "content_type": file.media_type,
    }
    return told | ({"description": file.description} if file.description else {})


def embed(file: Attachment, world: World, url: str) -> JSON:
    """What a link to a picture outside becomes: `file` is the copy of it that Discord shows."""
    shown = {"url": url, "proxy_url": world.cdn.url(file), "width": 1, "height": 1}
    return {"type": "image", "url": url, "thumbnail": shown}


def message(told: Message, world: World) -> JSON:
    now = told.now
    shown = deepcopy(list(now.components))
    urls = {str(file.id): world.cdn.url(file) for file in now.attachments}
    for media in parts.media(shown):
        media["url"] = media["proxy_url"] = urls.get(media.get("attachment_id", ""), media["url"])
    payload = {
        "id": str(told.id),
        "channel_id": str(told.channel.id),
        "type": 0,
        "author": user(told.author),
        "content": now.content,
        "embeds": list(now.embeds),
        "components": shown,
        "attachments": [attachment(file, world) for file in now.attachments],
        "flags": int(now.flags),
        "timestamp": iso(told.history[0].at),
        "edited_timestamp": iso(now.at) if len(told.history) > 1 else None,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
    }
    return payload | ({"nonce": told.nonce} if told.nonce else {}) | _caused(told, world)


def _caused(told: Message, world: World) -> JSON:
    interaction = told.interaction
    if interaction is None:
        return {}
    application = str(world.bot.id)
    kind = {Asked.COMMAND: CHAT_INPUT if interaction.data.get("type") == 1 else CONTEXT_MENU}.get(interaction.kind, 0)
    return {
        "type": kind,
        "application_id": application,
        "webhook_id": application,
        "interaction_metadata": _metadata(interaction),
    }


def _metadata(interaction: Interaction) -> JSON:
    told: JSON = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": user(interaction.person),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.kind is Asked.COMPONENT and interaction.source:
        told["interacted_message_id"] = str(interaction.source.id)
    if interaction.cause:
        told["triggering_interaction_metadata"] = _metadata(interaction.cause)
    return told


def interaction(asked: Interaction, world: World) -> JSON:
    """What INTERACTION_CREATE carries."""
    place, person = asked.channel, asked.person
    told: JSON = {
        "id": str(asked.id),
        "application_id": str(world.bot.id),
        "type": int(asked.kind),
        "data": asked.data,
        "channel_id": str(place.id),
        "channel": channel(place, world.bot) | {"permissions": str(int(place.allowed))},
        "token": asked.token,
        "version": 1,
        "app_permissions": str(int(app_permissions(place))),
        "locale": person.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": asked.owners,
        "context": context(place),
        "attachment_size_limit": asked.max_upload_bytes,
    }
    if asked.source:
        told["message"] = message(asked.source, world)
    if place.guild is None:
        return told | {"user": user(person)}
    theirs = member(person) | {"permissions": str(int(place.guild.members[person]))}
    at = {"id": str(place.guild.id), "locale": place.guild.locale, "features": []}
    return told | {"member": theirs, "guild": at, "guild_id": at["id"], "guild_locale": place.guild.locale}


def context(place: Channel) -> int:
    """0: a server, 1: the conversation with the bot, 2: other conversations."""
    return {ChannelKind.DM: 1, ChannelKind.GROUP_DM: 2}.get(place.kind, 0)


def app_permissions(place: Channel) -> Permission:
    if place.guild is not None:
        return place.allowed if place.guild.bot_present else IN_PRIVATE
    return IN_PRIVATE | (Permission.USE_EXTERNAL_EMOJIS if place.kind is ChannelKind.DM else NOTHING)


def ready(world: World, session_id: str, resume_url: str, shard: list[int], guilds: list[Guild]) -> JSON:
    return {
        "v": 10,
        "user": user(world.bot) | {"email": None, "mfa_enabled": True, "verified": True},
        "guilds": [{"id": str(place.id), "unavailable": True} for place in guilds],
        "session_id": session_id,
        "resume_gateway_url": resume_url,
        "shard": shard,
        "application": {"id": str(world.bot.id), "flags": 0},
    }

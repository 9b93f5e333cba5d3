"""The requests that make, change, find and take away messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import discord
from discord.http import Route

from adapters.chat.discord.admission import Admission
from adapters.chat.discord.refs import Ref
from adapters.chat.discord.rest import JSON, Answer, Away, Files, Rest
from bot.model import Card, Message

SEARCHED, SEARCHED_S = 100, 60.0


class Messages:
    """Each is one request and its answer, whatever it says; see `Rest`."""

    def __init__(self, client: discord.Client, admission: Admission) -> None:
        self._client = client
        self._rest = Rest(client, admission)

    @property
    def application(self) -> int:
        """The bot's own id; 0 before it has logged in."""
        return self._client.application_id or 0

    async def edit_by_token(self, ref: Ref, token: str, body: JSON, files: Files) -> Answer:
        return await self._rest.by_token(_by_token("PATCH", ref, token), body, files)

    async def edit_by_channel(self, ref: Ref, body: JSON, files: Files) -> Answer:
        return await self._rest.as_bot(_by_channel("PATCH", ref), body, files)

    async def remove_by_token(self, ref: Ref, token: str) -> Answer:
        return await self._rest.by_token(_by_token("DELETE", ref, token))

    async def remove_by_channel(self, ref: Ref) -> Answer:
        return await self._rest.as_bot(_by_channel("DELETE", ref))

    async def create(self, channel: int, body: JSON, files: Files) -> Answer:
        return await self._rest.as_bot(_channel("POST", channel), body, files)

    async def open_dm(self, account: int) -> Answer:
        """The conversation with a person, as a channel."""
        return await self._rest.as_bot(Route("POST", "/users/@me/channels"), {"recipient_id": str(account)})

    async def list_until(self, channel: int, before: int) -> Answer:
        """The last messages of a channel whose ids are below `before`."""
        return await self._rest.as_bot(_channel("GET", channel, f"?before={before}&limit={SEARCHED}"))


def _by_token(method: str, ref: Ref, token: str) -> Route:
    which = "@original" if ref.message is None else str(ref.message)
    path = f"/webhooks/{{webhook_id}}/{{webhook_token}}/messages/{which}"
    return Route(method, path, webhook_id=ref.application, webhook_token=token)


def _by_channel(method: str, ref: Ref) -> Route:
    return _channel(method, ref.channel, f"/{ref.message}")


def _channel(method: str, channel: int, rest: str = "") -> Route:
    return Route(method, f"/channels/{{channel_id}}/messages{rest}", channel_id=channel)


def reply_to(ref: Ref) -> JSON:
    """The part of a new message that makes it a reply."""
    return {"message_reference": {"message_id": str(ref.message), "fail_if_not_exists": False}}


async def find(messages: Messages, message: Message, card: Card) -> Ref | None:
    """A message whose first card was shown and whose place was never written down, by its buttons.

    What only one person sees, or stands where the bot is not, is not found. Raises as `Rest` does.
    """
    if not (message.chat.isdecimal() and message.account.isdecimal()):
        return None
    soon_after = dt.datetime.fromtimestamp(message.created_at + SEARCHED_S, dt.UTC)
    answer = await messages.list_until(int(message.chat), discord.utils.time_snowflake(soon_after))
    if answer.busy:
        raise Away(f"Discord asks to wait {answer.retry_after_s:.0f} s")
    wanted = {button.id for button in card.buttons}
    for told in answer.body if answer.ok else ():
        if told.get("application_id") == str(messages.application) and wanted.intersection(_ids(told["components"])):
            return Ref(
                application=messages.application,
                channel=int(message.chat),
                message=int(told["id"]),
                account=int(message.account),
                by_channel=True,
            )
    return None


def _ids(components: Iterable[JSON]) -> Iterator[str]:
    """The ids of all buttons in a message."""
    for component in components:
        yield from _ids(component.get("components", ()))
        yield component.get("custom_id", "")

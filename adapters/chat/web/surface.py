"""The page as a surface: an edit is a card sent to the person's open pages."""

from __future__ import annotations

from adapters.chat.web.hub import Hub
from adapters.chat.web.render import card_json
from adapters.chat.web.sessions import PLATFORM
from bot.media import Media
from bot.model import Card, Message, MessageRef
from bot.surface import Delivered, SurfaceLimits, Undeliverable


def ref_of(account: str, message_id: str) -> MessageRef:
    """Where a message of the page is shown."""
    return MessageRef(PLATFORM, f"{account}:{message_id}")


class WebSurface:
    """Shows cards on the page. A page that is not open shows them when it is."""

    platform = PLATFORM
    limits = SurfaceLimits(gaps_s=(0.25,), step_points=1, burst=None)

    def __init__(self, hub: Hub, media: Media) -> None:
        self._hub = hub
        self._media = media

    def bucket(self, ref: MessageRef) -> str:
        return ref.token.partition(":")[0]

    async def edit(self, ref: MessageRef, card: Card) -> Delivered | Undeliverable:
        account, _, message_id = ref.token.partition(":")
        self._hub.publish(account, message_id, "card", await card_json(card, self._media))
        return Delivered()

    async def announce(self, message: Message, card: Card) -> MessageRef:
        ref = ref_of(message.account, message.id)
        await self.edit(ref, card)
        return ref

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        self._hub.publish(self.bucket(ref), message_id, "gone", {"message": message_id})

"""Updates brought to the bot's own address, again and again until it takes them."""

from __future__ import annotations

import asyncio
import json
import math
import re
from urllib.parse import urlsplit

import aiohttp
from sim.telegram.calls import Call
from sim.telegram.refusals import Refusal
from sim.telegram.state import JSON
from sim.telegram.updates import KEPT_S, Update, Updates
from sim.telegram.world import described

SECRET = "X-Telegram-Bot-Api-Secret-Token"
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{0,256}")
ENDED = "terminated by setWebhook request"
SET_GAP_S = 1.0
FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 60.0
DEFAULT_CONNECTIONS = 40
LOOPBACK = "127.0.0.1"


class Webhooks:
    """Updates of one chat come in their order, those of several chats at the same time."""

    def __init__(self, updates: Updates) -> None:
        self.secret = ""
        self.last_error = ""
        self.deliveries: list[tuple[int, int]] = []
        self._updates = updates
        self._next_set_at = -math.inf
        self._lines: dict[int, asyncio.Task[None]] = {}
        updates.listener = self.wake

    def set(self, call: Call) -> bool:
        url, secret = call.args["url"], call.args.get("secret_token", "")
        if not SECRET_TOKEN.fullmatch(secret):
            raise Refusal(400, "secret token contains unallowed characters")
        address = urlsplit(url)
        if url and address.scheme != "https" and address.hostname != LOOPBACK:
            raise Refusal(400, "bad webhook: An HTTPS URL must be provided for webhook")
        if url:
            self._not_too_often()
        self._updates.want(call.args.get("allowed_updates"))
        self._drop(call)
        self._updates.webhook, self.secret = url, secret
        if url:
            self._updates.hand_over(Refusal(409, ENDED))
        self.wake()
        return True

    def delete(self, call: Call) -> bool:
        self._drop(call)
        self._updates.webhook = ""
        return True

    def info(self) -> JSON:
        url = self._updates.webhook
        told: JSON = {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._updates.pending)}
        more = {"last_error_message": self.last_error, "allowed_updates": self._updates.allowed}
        return told | described(more | {"max_connections": DEFAULT_CONNECTIONS if url else None})

    def wake(self) -> None:
        """Begin to bring whatever waits."""
        if self._updates.webhook:
            for line in {update.line for update in self._updates.pending} - set(self._lines):
                self._lines[line] = asyncio.create_task(self._bring_line(line))

    async def close(self) -> None:
        lines = list(self._lines.values())
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    def _not_too_often(self) -> None:
        now = self._updates.world.clock.monotonic()
        if now < self._next_set_at:
            raise Refusal(429, "retry after 1", retry_after=1)
        self._next_set_at = now + SET_GAP_S

    async def _bring_line(self, line: int) -> None:
        try:
            async with aiohttp.ClientSession() as session:
                while self._updates.webhook and (update := self._updates.first(line)):
                    await self._bring(session, update)
        finally:
            del self._lines[line]

    async def _bring(self, session: aiohttp.ClientSession, update: Update) -> None:
        delay_s, clock = FIRST_DELAY_S, self._updates.world.clock
        while not await self._taken(session, update):
            await clock.sleep(delay_s)
            delay_s = min(2 * delay_s, LONGEST_DELAY_S)
            if not self._updates.webhook or clock.now() - update.at > KEPT_S:
                return
        self._updates.confirm(update)

    async def _taken(self, session: aiohttp.ClientSession, update: Update) -> bool:
        headers = {"Content-Type": "application/json"} | described({SECRET: self.secret})
        try:
            posted = session.post(self._updates.webhook, data=json.dumps(update.body), headers=headers)
            async with posted as response:
                status = response.status
        except aiohttp.ClientError:
            status, self.last_error = 0, "Connection refused"
        self.deliveries.append((update.id, status))
        self._updates.world.journal.tell()
        if status in range(200, 300):
            return True
        self.last_error = f"Wrong response from the webhook: {status}" if status else self.last_error
        return False

    def _drop(self, call: Call) -> None:
        if call.args.get("drop_pending_updates"):
            self._updates.pending.clear()

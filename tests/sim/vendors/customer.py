"""For tests of the simulator itself: somebody who asks a vendor as its page says, without any door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sim.vendors.eternalai import EFFECTS, FIRST_ID, POLL_BY_PATH, POLL_BY_QUERY, SUBMIT, EternalAI
from sim.vendors.wire import Conduct, Door, Reply, Request

from bot.testing.clock import FakeClock


def order(prompt: str, **fields: Any) -> dict[str, Any]:
    """The body of a submit."""
    message = {"role": "user", "content": [{"type": "text", "text": prompt}]}
    return {"messages": [message], "type": "new", **fields}


class Customer:
    """Holds the vendor's key."""

    def __init__(self, vendor: EternalAI) -> None:
        self.vendor = vendor
        self.headers = {"content-type": "application/json", "x-api-key": vendor.key}

    def submit(self, prompt: str, **fields: Any) -> Reply:
        return self.post(json.dumps(order(prompt, **fields)).encode())

    def post(self, body: bytes, **changes: Any) -> Reply:
        return self.vendor.answer(
            Request(**{"method": "POST", "path": SUBMIT, "headers": self.headers, "body": body, **changes})
        )

    def get(self, path: str, **changes: Any) -> Reply:
        headers = {"x-api-key": self.vendor.key}
        return self.vendor.answer(Request(**{"method": "GET", "path": path, "headers": headers, **changes}))

    def poll(self, request_id: str | int, form: str = "query") -> Reply:
        if form == "path":
            return self.get(f"{POLL_BY_PATH}{request_id}")
        return self.get(POLL_BY_QUERY, query=f"request_id={request_id}")

    def fetch(self, url: str) -> Reply:
        """A file by its address, with the key only where the API itself has it."""
        here = url.startswith(self.vendor.origin)
        path, _, query = url.removeprefix(self.vendor.origin if here else self.vendor.files).partition("?")
        return self.get(path, query=query) if here else self.get(path, query=query, door=Door.FILES, headers={})

    def effects(self) -> Reply:
        return self.get(EFFECTS)


class Scene:
    """A vendor, a customer and one job for "a fox" and the marks."""

    def __init__(self, marks: str) -> None:
        self.clock = FakeClock()
        self.vendor = EternalAI(self.clock)
        self.vendor.weather.duration_s = (40, 40)
        self.customer = Customer(self.vendor)
        self.prompt = f"a fox {marks}"

    def submit(self) -> Reply:
        return self.customer.submit(self.prompt)

    def poll(self, form: str = "query") -> Reply:
        return self.customer.poll(FIRST_ID, form)

    async def ended(self) -> dict[str, Any]:
        """The answer to a poll at the end."""
        self.submit()
        await self.clock.advance(60)
        body: dict[str, Any] = self.poll().json()
        return body

    async def address(self) -> str:
        return str((await self.ended())["result_url"])

    async def over_time(self, read: Callable[[dict[str, Any]], Any]) -> list[Any]:
        """What a poll every 5 s shows of a job that takes 40."""
        self.submit()
        seen = []
        for _ in range(9):
            seen.append(read(self.poll().json()))
            await self.clock.advance(5)
        return seen


Likeness = tuple[int, Conduct, bytes | None]
"""Status, conduct and a part of the body (empty: it is empty; None: any)."""


def is_like(reply: Reply, wanted: Likeness) -> bool:
    status, conduct, part = wanted
    fits = part is None or (part in reply.body if part else reply.body == b"")
    return (reply.status, reply.conduct) == (status, conduct) and fits

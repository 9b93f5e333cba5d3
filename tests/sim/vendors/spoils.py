"""How a right reply goes wrong: each a pure function of the reply, the mark's value and the time."""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from functools import cache

from PIL import Image, UnidentifiedImageError
from sim.vendors.wire import Conduct, Reply, as_json, refusal

Spoil = Callable[[Reply, str, float], Reply]
"""From the right reply, the mark's value and the time (UTC, epoch seconds) to the reply that is given."""

BOMB_MB = 300
IDS = frozenset({"request_id", "job_id", "task_id"})


def instead(reply: Reply) -> Spoil:
    return lambda _right, _value, _now: reply


def conduct(conduct: Conduct) -> Spoil:
    return lambda right, _value, _now: replace(right, conduct=conduct)


def typed(media_type: str) -> Spoil:
    return lambda right, _value, _now: replace(right, headers={**right.headers, "Content-Type": media_type})


def busy(_right: Reply, value: str, now: float) -> Reply:
    """429; the value is its Retry-After."""
    hint = formatdate(now + 5, usegmt=True) if value == "date" else value
    return refusal(429, "too many requests", **({"Retry_After": hint} if hint else {}))


def slow(right: Reply, value: str, _now: float) -> Reply:
    return replace(right, delay_s=right.delay_s + float(value))


def empty(right: Reply, _value: str, _now: float) -> Reply:
    return replace(right, body=b"")


def half(right: Reply, _value: str, _now: float) -> Reply:
    return replace(right, body=right.body[: len(right.body) // 2])


def without_id(right: Reply, _value: str, _now: float) -> Reply:
    """Unless it is a picture and no JSON."""
    if not right.body.startswith(b"{"):
        return right
    said = right.json().items()
    return as_json({key: value for key, value in said if key not in IDS and not isinstance(value, dict)})


def as_list(right: Reply, _value: str, _now: float) -> Reply:
    return as_json([right.json()])


def swollen(right: Reply, value: str, _now: float) -> Reply:
    """As many megabytes of base64 as the value says."""
    data = base64.b64encode(bytes(int(value) * 750_000)).decode()
    return replace(right, body=json.dumps({**right.json(), "result_image": data}).encode())


def moved(right: Reply, _value: str, _now: float) -> Reply:
    return Reply(status=302, headers={"Location": f"/moved{right.headers['Content-Location']}"})


def moved_to(_right: Reply, value: str, _now: float) -> Reply:
    return Reply(status=302, headers={"Location": f"http://{value}/"})


def as_jpeg(right: Reply, _value: str, _now: float) -> Reply:
    """JPEG under a name and a type that say PNG; a film stays one."""
    picture = io.BytesIO()
    with suppress(UnidentifiedImageError):
        Image.open(io.BytesIO(right.body)).convert("RGB").save(picture, "JPEG")
    return replace(right, body=picture.getvalue() or right.body)


def bomb(right: Reply, _value: str, _now: float) -> Reply:
    """Little on the wire that is much when it is unpacked."""
    return replace(right, headers={**right.headers, "Content-Encoding": "gzip"}, body=_bomb())


@cache
def _bomb() -> bytes:
    pack, million = zlib.compressobj(1, wbits=31), bytes(1_000_000)
    return b"".join([*(pack.compress(million) for _ in range(BOMB_MB)), pack.flush()])

"""The page's password: kept as a salted scrypt hash, guessed at slowly."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections import OrderedDict

from bot.clock import Clock

LOG2_COST = 15  # 32 MiB and about 0.1 s for each guess
BLOCK_SIZE = 8
SALT_BYTES = 16
HASH_BYTES = 32
MAX_MEMORY_BYTES = 256 * 2**20

FREE_ATTEMPTS = 5
LONGEST_WAIT_S = 300.0
REMEMBERED_ADDRESSES = 1000


def hash_password(password: str) -> str:
    """One line for the settings; holds no `$`, which compose files would expand."""
    salt = secrets.token_bytes(SALT_BYTES)
    parts = (
        "scrypt",
        str(LOG2_COST),
        str(BLOCK_SIZE),
        _text(salt),
        _text(_scrypt(password, salt, LOG2_COST, BLOCK_SIZE)),
    )
    return ":".join(parts)


def verify(password: str, stored: str) -> bool:
    """Whether `stored` was made from `password`. Takes about 0.1 s: call it in a thread.

    Raises `ValueError` when `stored` is not a line from `hash_password`.
    """
    log2_cost, block_size, salt, wanted = parse(stored)
    return hmac.compare_digest(_scrypt(password, salt, log2_cost, block_size), wanted)


def parse(stored: str) -> tuple[int, int, bytes, bytes]:
    """Cost, block size, salt and hash; raises `ValueError` for anything else."""
    kind, log2_cost, block_size, salt, wanted = stored.split(":")
    if kind != "scrypt" or not 1 <= int(log2_cost) <= 20 or not 1 <= int(block_size) <= 16:  # noqa: PLR2004 - bounds
        raise ValueError("not an scrypt line")
    return int(log2_cost), int(block_size), _raw(salt), _raw(wanted)


def _scrypt(password: str, salt: bytes, log2_cost: int, block_size: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=2**log2_cost, r=block_size, p=1, maxmem=MAX_MEMORY_BYTES, dklen=HASH_BYTES
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


class Attempts:
    """Failed sign-ins by address: some are free, then each one doubles the wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Seconds until `address` may guess again; 0 when it may now."""
        _, free_at = self._failed.get(address, (0, 0.0))
        return max(0.0, free_at - self._clock.monotonic())

    def count(self, address: str) -> None:
        """Note an attempt, before it is checked: guesses sent at once all count."""
        failures = self._failed.pop(address, (0, 0.0))[0] + 1
        over = min(failures - FREE_ATTEMPTS, 16)
        wait_s = min(2.0**over, LONGEST_WAIT_S) if over >= 0 else 0.0
        self._failed[address] = (failures, self._clock.monotonic() + wait_s)
        if len(self._failed) > REMEMBERED_ADDRESSES:
            self._failed.popitem(last=False)

    def forgive(self, address: str) -> None:
        """The right password was given."""
        self._failed.pop(address, None)

"""Links to stored originals: whoever has one can see that picture, for as long as it is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac

PATH = "/o/"


class Originals:
    """Makes links under the page's public address, and knows its own again.

    A token is a file's name and what only the holder of `key` can make of it. It has no date: a link
    in an old message works like the message's buttons, and ends with the file.
    """

    def __init__(self, public_url: str, key: bytes) -> None:
        self._public_url = public_url
        self._key = key

    def link_to(self, file: str) -> str:
        """The address under which anybody can fetch a stored file."""
        return f"{self._public_url}{PATH}{file}.{self._seal(file)}"

    def file_of(self, token: str) -> str | None:
        """The file that a token of ours leads to, stored or not; None: it is not ours."""
        file, _, seal = token.rpartition(".")
        ours = hmac.compare_digest(seal.encode(errors="replace"), self._seal(file).encode())
        return file if ours else None

    def _seal(self, file: str) -> str:
        digest = hmac.digest(self._key, file.encode(errors="replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

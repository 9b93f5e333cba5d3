"""Texts without the secrets that they hold."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Self
from urllib.parse import quote

from pydantic import BaseModel, SecretStr

from bot.config import Settings

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6  # what is shorter is part of too many words

# No pattern looks twice at the same run of characters, so that a line of a megabyte takes no second.
_NAMES = (
    r"authorization|cookie|(?<![\w-])x-key|(?<=__)key|(?:api|access|secret|private)[-_]?key"
    r"|(?:access|refresh|security|session|bot)[-_]?token|client[-_]?secret"
)
_WORDS = r"(?<![a-z])(?:token|secret|password|passwd|password_hash|signature|sig|credentials?)|(?<=[?&])key"
_SECRET_NAME = re.compile(rf"(?i)(?:{_NAMES}|{_WORDS})\Z")
_QUOTE = r"""\\?["']"""
_SCHEME = r"(?:bearer|basic|digest|key|token)"
_VALUE = (
    rf"(?P<quote>{_QUOTE})?(?(quote)(?:(?!(?P=quote)).){{{SHORTEST_SECRET},}}"
    rf"""|(?:{_SCHEME}\s)?(?!{_SCHEME}\b)[^\s"',;&<>()\[\]{{}}\\]{{{SHORTEST_SECRET},}})"""
)
_PATTERNS = tuple(
    (re.compile(pattern), harmless)
    for pattern, harmless in (
        (rf"(?i)((?:{_NAMES})(?:{_QUOTE}\s?,|(?:{_QUOTE})?\s?[:=])\s?b?){_VALUE}", rf"\1\g<quote>{HIDDEN}"),
        (rf"(?i)((?:{_WORDS})(?:{_QUOTE}\s?[,:]|=)\s?b?){_VALUE}", rf"\1\g<quote>{HIDDEN}"),
        (r"(?i)(?<![\w-])(bearer\s)[\w.~+/=-]{16,}", rf"\1{HIDDEN}"),
        (r"(?<![\w-])sk[-_][\w-]{8,}", HIDDEN),
        (r"(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*", HIDDEN),  # JWT
        (r"(?<![0-9A-Za-z])(bot)?\d{6,12}(?::|%3A)[\w-]{30,}", rf"\1{HIDDEN}"),  # Telegram
        (r"(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,}", HIDDEN),  # Discord
        (r"(/(?:webhooks|interactions)/\d{5,25}/)[\w-]{20,}", rf"\1{HIDDEN}"),  # Discord
        (r"(/o\\?/)[\w.-]{20,}", rf"\1{HIDDEN}"),  # links to originals
    )
)
_ADDRESS = re.compile(
    r"""(:(?:\\?/){2})([^\s"'<>/?#]*@)?([^\s"'<>?#]*)([?#][^\s"'<>\\]*(?:\\(?!["'])[^\s"'<>\\]*)*)?"""
)


class Redactor:
    """Takes secrets out of texts: those it knows by their value, others by how they look or what they are called.

    Of addresses it leaves neither the user nor the query. What it returned, it returns unchanged.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        self._forms = sorted((form for form in forms if form not in HIDDEN), key=len, reverse=True)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """One that knows every secret of the settings, the options of plug-ins among them."""
        return cls(_secrets(settings))

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        text = _ADDRESS.sub(_without_user_and_query, text)
        for pattern, harmless in _PATTERNS:
            text = pattern.sub(harmless, text)
        return text

    def field(self, name: str, value: object) -> object:
        """A value of that name as JSON knows values, hidden as a whole if the name is one of a secret."""
        return HIDDEN if _SECRET_NAME.search(name) else self.tree(value)

    def tree(self, value: object) -> object:
        """A value as JSON knows values, without the secrets inside."""
        match value:
            case None | bool() | int():
                return value
            case float() if math.isfinite(value):
                return value
            case Mapping():
                return {self(str(name)): self.field(str(name), inner) for name, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.tree(inner) for inner in value]
        return self(str(value))


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _secrets(inner)


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written."""
    yield secret
    yield quote(secret, safe="")
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def _without_user_and_query(address: re.Match[str]) -> str:
    start, user, path, query = address.groups("")
    return start + ("…@" if user else "") + path + (f"{query[0]}…" if query else "")

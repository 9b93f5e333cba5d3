"""Pure: what a status means, for all providers that do not say otherwise."""

from __future__ import annotations

import math
import re
from email.utils import mktime_tz, parsedate_tz
from http import HTTPStatus

from adapters.providers._http.reply import Phase, Reply
from bot.errors import (
    BotError,
    ContentRefused,
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)

_READ_BYTES = 65_536  # of an error's body, whose words stand at its beginning, and of both ends of a request
_MODERATION = re.compile(
    rb"moderation|content.{0,3}policy|safety|nsfw|prohibited.{0,3}content|(?<!case.)sensitive|censored", re.IGNORECASE
)
_CREDIT = re.compile(rb"credit|balance|insufficient.{0,3}funds|quota.{0,3}exceeded", re.IGNORECASE)
_WAIT = re.compile(
    r"(?:\bin|\bafter|\bwait(?: for)?)[\s~]{1,3}([0-9]+(?:\.[0-9]+)?)\s*(s|m|h)(?:ec|in|our|\b)"
    r"|retry.?after\W{1,5}([0-9]+(?:\.[0-9]+)?)",
    re.IGNORECASE,
)
_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def verdict(phase: Phase, reply: Reply, *, title: str, sent: bytes = b"") -> BotError | None:
    """The error that an answer means; None for a 2xx. `sent` is the body of the request.

    A refused submit is one of which nothing was accepted: the whole 4xx range by its own
    definition, apart from 408, 409 and a proxy's 499, and redirects that ask for the same request elsewhere.
    """
    if reply.status in range(200, 300):
        return None
    if reply.status in (400, 403, 422) and _says(_MODERATION, reply):
        return ContentRefused("fail.provider_refused", provider=title)
    text = f"{title} answered {reply.status} ({phase})"
    if reply.status in (401, 402, 403):
        return ProviderRefused(text)
    if reply.status in (425, 429):
        return RateLimited(text, retry_after_s(reply))
    if phase is Phase.SUBMIT:
        # Some quote the request in their errors: words of the person's own must not stop the provider for everybody.
        # Words stand before or after a picture, which would hold up the loop.
        words = sent[:_READ_BYTES] + sent[-_READ_BYTES:]
        unpaid = reply.status == HTTPStatus.BAD_REQUEST and _says(_CREDIT, reply) and not _CREDIT.search(words)
        return ProviderRefused(text) if unpaid else _of_submit(reply.status, text, title)
    return _of_ask(reply.status, text, title)


def _of_submit(status: int, text: str, title: str) -> BotError:
    if status in (301, 307, 308, 404, 405, 410):  # a wrong address or model: the operator's matter
        return ProviderRefused(text)
    if status in range(400, 500) and status not in (408, 409, 499):
        return InvalidRequest("fail.provider_invalid", provider=title)
    return OutcomeUnknown(text)


def _of_ask(status: int, text: str, title: str) -> BotError:
    if status in (404, 410):
        return UnknownHandle(text)
    if status in (400, 413, 415, 422):
        return InvalidRequest("fail.provider_invalid", provider=title)
    if status in (408, 409, 499, *range(500, 600)):
        return ProviderUnavailable(text)
    return ProtocolError(text)


def retry_after_s(reply: Reply) -> float | None:
    """The hint of a 429, in seconds: the header, a date against the answer's own, or words in the body."""
    value = reply.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return _finite(float(value))
    until, now = _epoch_s(value), _epoch_s(reply.headers.get("date", ""))
    if until is not None and now is not None:
        return max(0.0, until - now)
    words = _WAIT.search(reply.body[:_READ_BYTES].decode("utf-8", "replace"))
    if words is None:
        return None
    amount, unit, bare = words.groups()
    return _finite(float(bare) if bare else float(amount) * _UNIT_S[unit.lower()])


def _says(words: re.Pattern[bytes], reply: Reply) -> bool:
    """True when the error's body has such words; a web page is some proxy's, not the provider's."""
    body = reply.body[:_READ_BYTES].lstrip()
    return not body.startswith(b"<") and words.search(body) is not None


def _epoch_s(date: str) -> float | None:
    parts = parsedate_tz(date)
    try:
        return float(mktime_tz(parts)) if parts else None
    except (ValueError, OverflowError):
        return None


def _finite(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) else None

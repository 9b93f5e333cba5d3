"""What the port lets an adapter answer and raise, whatever a service does."""

from __future__ import annotations

import sys

from bot.errors import (
    ContentRefused,
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.model import Progress
from bot.provider import CharacterCard, Effect, Finished, Pending, Style
from bot.testing.contract_table import On

LARGEST = sys.float_info.max  # a whole number in JSON has no end, and beyond this no arithmetic
LISTED = {On.STYLES: Style, On.EFFECTS: Effect, On.CHARACTERS: CharacterCard}


def check_outcome(on: On, outcome: object) -> None:
    """Raise `AssertionError` for what the core could not use."""
    assert allowed(on, outcome), f"a {on} must not come to {outcome!r}"
    if isinstance(outcome, RateLimited):
        _check_wait(outcome.retry_after_s)
    if isinstance(outcome, Pending):
        _check_wait(outcome.poll_after_s)
        _check_progress(outcome)
        assert _is_text(outcome.handle), f"a handle must be text that can be stored: {outcome.handle!r:.100}"


def allowed(on: On, outcome: object) -> bool:
    """Whether the port lets a call come to this at all; `outcome` may be a class that stands for its instances."""
    kind = outcome if isinstance(outcome, type) else type(outcome)
    if on is On.CANCEL and outcome is None:
        return True
    if on in LISTED:
        listed = isinstance(outcome, tuple) and all(isinstance(item, LISTED[on]) for item in outcome)
        return listed or issubclass(kind, ProviderError | InvalidRequest | ContentRefused)
    if issubclass(kind, Pending | Finished):
        return on is not On.CANCEL
    if on is not On.SUBMIT:
        return issubclass(kind, ProviderError | InvalidRequest | ContentRefused) and kind is not OutcomeUnknown
    doubtful = kind in (UnknownHandle, ProtocolError) or (
        issubclass(kind, ProviderUnavailable) and not getattr(outcome, "not_sent", False)
    )
    return issubclass(kind, ProviderError | InvalidRequest | ContentRefused) and not doubtful


def _is_text(handle: object) -> bool:
    try:
        return isinstance(handle, str) and handle.encode() != b""
    except UnicodeEncodeError:
        return False


def _check_progress(pending: Pending) -> None:
    told = pending.progress or Progress()
    assert told.fraction is None or 0 <= told.fraction <= 1, f"progress {told.fraction} is not within 0..1"
    for name, number in (("queue_position", told.queue_position), ("eta_s", told.eta_s)):
        assert number is None or 0 <= number <= LARGEST, f"{name} {number!r:.40} is no such number"


def _check_wait(wait_s: float | None) -> None:
    assert wait_s is None or 0 <= wait_s <= LARGEST, f"{wait_s!r:.40} is no time to wait"

"""Every error that Limner raises on purpose.

BotError
├── UserError               fit to show: a message key and its parameters
│   ├── InvalidRequest      the request cannot be served as written
│   ├── QuotaExceeded       the person's credits do not reach
│   ├── TooManyJobs         a limit on open jobs or on commands per minute
│   ├── ContentRefused      what is never drawn
│   ├── NotFound            unknown, or somebody else's
│   ├── WrongState          the job's state forbids it
│   └── Unavailable         the bot cannot take work now (stopping, disk full)
├── ProviderError           text for logs: never a key, a prompt or a URL query
│   ├── ProviderRefused     key or balance of the operator; nothing was accepted
│   ├── RateLimited         not accepted; come back after `retry_after_s`
│   ├── ProviderUnavailable passing; `not_sent` says that nothing was accepted
│   ├── OutcomeUnknown      the submit may or may not have been accepted
│   ├── UnknownHandle       the provider does not know this job, or not yet
│   ├── GenerationFailed    the provider's own final word: failed
│   ├── BadResult           finished, but without a usable file
│   └── ProtocolError       an answer that cannot be read
├── StoreError
│   ├── StoreUnavailable    passing: disk full, locked
│   └── StoreUnusable       newer schema, corrupted file
└── StartError              a sentence for the operator; the process exits
"""

from __future__ import annotations


class BotError(Exception):
    """The root of everything that Limner raises on purpose."""


class Flags(str):
    """Options among the parameters of an error (`--style, --seed`): each platform spells them in its own way."""

    __slots__ = ()


class UserError(BotError):
    """An error fit to show; `key` names its text in `bot.messages`, `params` fill it in."""

    code = "invalid"

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class InvalidRequest(UserError):
    """The request cannot be served as written."""


class QuotaExceeded(UserError):
    """The person's credits do not reach for this request."""

    code = "credits"


class TooManyJobs(UserError):
    """A limit on open jobs or on commands per minute was reached."""

    code = "too_many"


class ContentRefused(UserError):
    """What is never drawn, by our own rules or by the provider's."""

    code = "refused"


class NotFound(UserError):
    """Unknown, or somebody else's: the two look the same from outside."""

    code = "not_found"


class WrongState(UserError):
    """The job's state forbids the act."""

    code = "wrong_state"


class Unavailable(UserError):
    """The bot cannot take new work at the moment."""

    code = "unavailable"


class ProviderError(BotError):
    """A failure on the provider's side; its text is for logs only."""


class ProviderRefused(ProviderError):
    """The operator's key or balance was refused; nothing was accepted."""


class RateLimited(ProviderError):
    """Too many requests; nothing was accepted. `retry_after_s` is the provider's own hint."""

    def __init__(self, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class ProviderUnavailable(ProviderError):
    """A passing failure; `not_sent` is true only on proof that nothing was accepted."""

    def __init__(self, text: str, *, not_sent: bool = False) -> None:
        super().__init__(text)
        self.not_sent = not_sent


class OutcomeUnknown(ProviderError):
    """The submit may have been accepted; it must never be repeated."""


class UnknownHandle(ProviderError):
    """The provider does not know the job of this handle: not yet, or no longer."""


class GenerationFailed(ProviderError):
    """The provider's own final word: the job failed there."""


class BadResult(ProviderError):
    """Finished, but there is no usable file."""


class ProtocolError(ProviderError):
    """An answer that cannot be read."""


class StoreError(BotError):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """A passing failure (disk full, locked); the transaction did not happen."""


class StoreUnusable(StoreError):
    """The stored data cannot be used by this program; its text is a sentence for the operator."""


class StartError(BotError):
    """The bot cannot start; the text is a sentence for the operator.

    `exit_code` is 69 (something it needs is unavailable) or 2 (the settings cannot be used).
    """

    def __init__(self, sentence: str, exit_code: int = 69) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code

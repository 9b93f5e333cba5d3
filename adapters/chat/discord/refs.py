"""What must be known of a message to show something in it, as the opaque token of its `MessageRef`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from bot.model import MessageRef

PLATFORM = "discord"
MIB = 1024 * 1024
USUAL_FILE_BYTES = 10 * MIB
SPARE_S = 60.0  # in the last minute of its 15 a token is relied upon only where there is nothing else


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """A message of the bot and the ways to it.

    `token` is that of the interaction which the message answers and works until `expires_at`
    (UTC epoch seconds); it is a secret, so `expired` takes it away once it is of no more use.
    `by_channel`: the bot's own token may edit the message, that is in a server where the bot is
    and in its conversations, and never what only one person sees (`ephemeral`). `message` None:
    the interaction's own answer, whose id is not known yet. `account` is whose message it is.
    `quiet`: the way was open, but a change was refused, so only the last card is tried there.
    `told`: it came as a new message, which rang by itself.
    """

    application: int
    channel: int
    message: int | None
    account: int
    by_channel: bool
    ephemeral: bool = False
    quiet: bool = False
    told: bool = False
    max_file_bytes: int = USUAL_FILE_BYTES
    token: str | None = field(default=None, repr=False)
    expires_at: float = 0.0

    @classmethod
    def read(cls, ref: MessageRef | None) -> Ref | None:
        """None for what this adapter did not write."""
        if ref is None or ref.platform != PLATFORM:
            return None
        try:
            return _JSON.validate_json(ref.token)
        except ValidationError:
            return None

    def write(self) -> MessageRef:
        return MessageRef(PLATFORM, _JSON.dump_json(self, exclude_defaults=True).decode())

    def living_token(self, now: float) -> str | None:
        return self.token if now < self.expires_at - (SPARE_S if self.by_channel else 0.0) else None

    def expired(self) -> Ref:
        """The same without its token."""
        return replace(self, token=None, expires_at=0.0)


_JSON = TypeAdapter(Ref)

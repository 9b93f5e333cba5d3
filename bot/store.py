"""Port: the database, as the domain's verbs; every verb is one transaction.

Writes raise `StoreUnavailable` when the transaction could not happen (disk full, locked).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.model import (
    Capability,
    Character,
    Job,
    JobState,
    Message,
    MessageRef,
    Origin,
    Preferences,
    Rest,
    StoredFile,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What `accept` knows of a person inside its transaction, today's allowance included."""

    balance: int
    open_by_person: int
    open_by_chat: int
    open_in_all: int


MOST_IN_VAIN = 20
"""How many pictures of a person are kept that nothing is made from."""

Decide = Callable[[Standing], None]
"""Raises a `UserError` to refuse; must not wait or do I/O: it runs inside the transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message that is to be accepted, its jobs `queued`.

    The store writes the person's id into message and jobs; `new_person_id` is used when
    the account is unknown. `today` is the UTC date (YYYY-MM-DD), `allowance` the credits
    of a day. The same update id again is a repeat, and so is the same `press` (who pressed what)
    within `repeat_s` seconds (None: ever).
    """

    origin: Origin
    message: Message
    new_person_id: str
    today: str
    allowance: int
    press: str | None = None
    repeat_s: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """An accepted message; `repeated` when the update had been accepted before."""

    message: Message
    balance: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What a platform sent, in its own words; `id` is unique there. `reason`: why it cannot be handled."""

    id: str
    body: str | None = field(repr=False)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """A stored file and whose it is."""

    person_id: str
    file: StoredFile


class Inbox(Protocol):
    """What platforms sent, kept before it is confirmed to them: nothing confirmed is lost with the process."""

    async def receive(self, platform: str, updates: Sequence[Received], *, now: float) -> tuple[Received, ...]:
        """Keep all of `updates` at once, and return those that never came before (within 48 hours).

        `now` is UTC, in seconds since the epoch.
        """
        ...

    async def handled(self, platform: str, update_id: str) -> None:
        """Empty an update whose effects and answers are safe; that it came stays known."""
        ...

    async def unhandled(self, platform: str) -> tuple[Received, ...]:
        """What was received, can be handled and was not, oldest first."""
        ...


class Store(Inbox, Protocol):
    """All that the bot must not forget."""

    async def accept(self, draft: Draft, decide: Decide) -> Accepted:
        """Update id, person, today's allowance, message, jobs and their reserves, at once.

        A repeat answers with the message of the first time and asks nothing of `decide`.
        The first accept of a day expires what is left of the last allowance and writes a
        new one; the date never goes back.
        """
        ...

    async def announced(self, message_id: str, ref: MessageRef) -> None:
        """Keep where the message is shown from now on; nothing provisional is left."""
        ...

    async def advance(self, was: JobState, job: Job) -> bool:
        """Write `job` if its row is still in `was`; False when it is not."""
        ...

    async def finish(self, was: JobState, job: Job, *, today: str, shown: bool) -> int | None:
        """End a job and its reserve: settle if it succeeded, else refund, exactly once.

        `shown` says that the card with this end is already shown; with the last open job
        of the message it becomes `final_shown`. Returns the person's balance, or None when
        the row is no longer in `was`. The refund of an earlier day's reserve expires what
        exceeds one allowance. A job that was refunded before is not settled. With a success its
        person gets the `character` that the job made.
        """
        ...

    async def final_shown(self, message_id: str) -> None:
        """The last card of an ended message is shown, or never will be; nothing provisional is left."""
        ...

    async def delete(self, message_id: str) -> tuple[str, ...]:
        """Hide an ended message, blank its prompts and sources and forget where it was shown; the ledger stays.

        Returns the files that people brought for it and that nothing else is made from: their rows are gone,
        and they are to be removed.
        """
        ...

    async def unstore(self, files: tuple[str, ...]) -> tuple[str, ...]:
        """Forget files that are to be removed, whatever they are; returns the ids of the messages that showed them."""
        ...

    async def person(self, platform: str, account: str) -> str | None:
        """The person who owns a platform account."""
        ...

    async def link(self, person_id: str, platform: str, account: str) -> None:
        """Give an account to a person; one person may own several."""
        ...

    async def balance(self, person_id: str, *, today: str, allowance: int) -> int:
        """Credits that an accept would find today; writes nothing."""
        ...

    async def preferences(self, platform: str, account: str) -> Preferences:
        """What the account's owner prefers; the defaults of somebody unknown."""
        ...

    async def prefer(self, platform: str, account: str, preferences: Preferences, *, new_person_id: str) -> None:
        """Keep what the account's owner prefers; `new_person_id` is used when the account is unknown."""
        ...

    async def job(self, job_id: str) -> Job | None: ...

    async def message(self, message_id: str) -> Message | None: ...

    async def messages(self, person_id: str, *, limit: int) -> tuple[Message, ...]:
        """A person's messages that are not deleted, newest first."""
        ...

    async def unfinished(self) -> tuple[Message, ...]:
        """Every message with an open job or without `final_shown`, oldest first."""
        ...

    async def durations(self, provider: str, model: str, capability: Capability, *, limit: int) -> tuple[float, ...]:
        """Seconds from submit to end of the last successes, newest first."""
        ...

    async def adopt(self, origin: Origin, character: Character, *, new_person_id: str) -> Character:
        """Give a ready-made character to whoever owns the account (`person_id` is written here).

        One that they have already is left as it is, and answered.
        """
        ...

    async def character(self, character_id: str) -> Character | None: ...

    async def characters(self, person_id: str) -> tuple[Character, ...]:
        """A person's characters, oldest first."""
        ...

    async def made_characters(self, provider: str) -> frozenset[str]:
        """The references of all characters that people had made there, whoever they are, removed ones included."""
        ...

    async def rename_character(self, character_id: str, name: str) -> None: ...

    async def remove_character(self, character_id: str) -> None:
        """Take a character from its owner, also as what they usually want; nobody can use it any more."""
        ...

    async def add_upload(self, origin: Origin, file: StoredFile, *, now: float, new_person_id: str) -> tuple[str, ...]:
        """Note whose a picture is that somebody brought; its id is its name without the extension.

        Of a person's that nothing is made from, the newest `MOST_IN_VAIN` stay. Returns the files of the others:
        their rows are gone, and they are to be removed.
        """
        ...

    async def upload(self, upload_id: str) -> OwnedFile | None:
        """A picture that somebody brought, while it is stored."""
        ...

    async def drop_upload(self, upload_id: str) -> None:
        """Forget a picture that nothing is made from."""
        ...

    async def stale_uploads(self, *, before: float) -> tuple[str, ...]:
        """Forget the pictures that came before then (UTC epoch seconds) and that nothing is made from.

        Returns their files, which are to be removed.
        """
        ...

    async def unknown_files(self, files: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the files that no job has made, nobody has brought and that show no character."""
        ...

    async def choose_source(
        self, origin: Origin, source_id: str, *, now: float, expires_at: float, new_person_id: str
    ) -> None:
        """Keep what the person chose as the source of their next command, wherever they write it."""
        ...

    async def chosen_source(self, origin: Origin, *, now: float) -> str | None:
        """What the person chose and has not used until it expired."""
        ...

    async def forget_source(self, origin: Origin) -> None:
        """What the person chose is used."""
        ...

    async def ask(self, origin: Origin, body: str, *, now: float, expires_at: float) -> None:
        """Keep what the person is asked in that chat, in place of what they were asked there before."""
        ...

    async def asked(self, origin: Origin, *, now: float) -> str | None:
        """What the person was asked in that chat, and has not answered until it expired."""
        ...

    async def answered(self, origin: Origin) -> None:
        """Forget what the person was asked in that chat."""
        ...

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """A chat goes on under another id: what is unfinished there goes with it. Harmless to repeat."""
        ...

    async def rests(self) -> Mapping[str, Rest]:
        """The providers that the operator lets rest."""
        ...

    async def rest(self, provider: str, how: Rest | None) -> None:
        """Let a provider rest, or (None) work again."""
        ...

    async def close(self) -> None: ...

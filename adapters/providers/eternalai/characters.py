"""Characters: made out of words, and looked at until they have a picture.

A family with a reader of its own: the `status` of a character tells whether it was approved, not whether it is done.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api, unreadable_is_unknown
from adapters.providers._http.said import id_in, is_address, meaning_of
from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.listing import one_line, text_in
from adapters.providers.eternalai.outcome import Outcomes
from bot.errors import OutcomeUnknown, ProtocolError
from bot.model import RemoteArtifact
from bot.provider import CharacterCard, Finished, Pending

CREATE = "/v2/character/create"
RESULT = "/v2/character/poll-result"
LONGEST_DESCRIPTION = 500
OLDEST = 150
NAMELESS = "Unnamed"


class CharacterCalls:
    """Creates; a handle is the id of the character itself."""

    def __init__(self, api: Api, outcomes: Outcomes) -> None:
        self._api = api
        self._outcomes = outcomes

    async def submit(self, prompt: str) -> Pending:
        """Ask for a character, once; the errors are those of the port."""
        reply = await self._api.submit(CREATE, json={"prompt": prompt})
        with unreadable_is_unknown():
            said = _object(await reply.json())
        reference = id_in([_character(said)], ("id",)) or id_in([said], ("request_id", "id"))
        if reference is None:
            raise OutcomeUnknown("the submit was answered without an id")
        return Pending(Handle(Family.CHARACTERS, reference).write())

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once: it is done when the answer says so and the character has a picture."""
        said = _object(await (await self._api.ask(f"{RESULT}/{quote(handle.id, safe='')}")).json())
        status = said.get("status")
        status = status if isinstance(status, str) else ""
        made = _character(said)
        if not self._outcomes.is_done(meaning_of(status), status) or not _address(made):
            return Pending(handle.write())
        return Finished(await self._api.artifact(_address(made)), card_of(made, handle.id))


def card_of(item: dict[str, Any], reference: str) -> CharacterCard:
    """A character as the service tells of it; its id is a secret, so it is no name."""
    description, avatar, age = item.get("description"), _address(item), item.get("age")
    return CharacterCard(
        reference=reference,
        name=text_in(item, ("display_name", "username")) or NAMELESS,
        description=one_line(description)[:LONGEST_DESCRIPTION] if isinstance(description, str) else "",
        gender=text_in(item, ("gender",)),
        age=age if type(age) is int and 0 < age <= OLDEST else None,  # what is no number proves nothing
        avatar=RemoteArtifact(avatar) if avatar else None,
    )


def _object(said: Any) -> dict[str, Any]:
    said = said[0] if isinstance(said, list) and said else said
    if not isinstance(said, dict):
        raise ProtocolError("the answer holds no object")
    return said


def _character(said: dict[str, Any]) -> dict[str, Any]:
    found = (said.get(name) for name in ("result", "data"))
    return next((made for made in found if isinstance(made, dict)), {})


def _address(item: dict[str, Any]) -> str:
    address = item.get("avatar_url")
    return address.strip() if isinstance(address, str) and is_address(address.strip()) else ""

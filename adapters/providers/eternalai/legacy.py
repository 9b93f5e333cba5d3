"""The family that the vendor calls legacy: pictures out of words, at `/creative-ai`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from adapters.providers._http.said import Word
from adapters.providers.eternalai.handles import Family, Handle, Place
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.reading import Answer, read
from bot.errors import (
    InvalidRequest,
    OutcomeUnknown,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.provider import Finished, Pending

SUBMIT = "/creative-ai/image"
RESULT = "/creative-ai/result/image"
RESULT_BY_PATH = "/creative-ai/poll-result"
USUAL_WEIGHT = 1


def encode(prompt: str, *, lora: str | None, weight: float | None, model_id: str | None) -> dict[str, Any]:
    """The body of a submit; only what was asked for is in it."""
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": prompt}]}],
        "type": "new",
    }
    if lora is not None:
        weight = USUAL_WEIGHT if weight is None else weight
        body["lora_config"] = {lora: int(weight) if weight == int(weight) else weight}
    if model_id is not None:
        body["model_id"] = model_id
    return body


class Legacy:
    """Submits, and looks at two places: the documentation has both, and not every id is known at both."""

    def __init__(self, api: Api, outcomes: Outcomes) -> None:
        self._api = api
        self._outcomes = outcomes
        self._last: Place | None = None  # where the last job was found

    async def submit(self, body: dict[str, Any]) -> Pending | Finished:
        """Hand a body of `encode` over, once; the errors are those of the port."""
        reply = await self._api.submit(SUBMIT, json=body)
        with unreadable_is_unknown():
            answer = await _answer(reply)
        # An address is left to the looks where there is an id: they may fetch it more than once.
        if answer.id is None or answer.word in (Word.FAILED, Word.REFUSED) or _in_hand(answer):
            return await self._final(answer)
        handle = Handle(Family.LEGACY, answer.id, self._last)
        hint_s = 0.0 if answer.word is Word.DONE else answer.poll_after_s
        return Pending(handle.write(), answer.progress, hint_s)

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once, at the place that works for this job."""
        place, reply = await self._ask(handle)
        answer = await _answer(reply)
        self._last = place
        result = await self._outcomes.result(answer)
        if result is not None:
            return Finished(result)
        return Pending(replace(handle, place=place).write(), answer.progress, answer.poll_after_s)

    async def _final(self, answer: Answer) -> Finished:
        """The end that a submit was answered with; without one, nobody can tell what became of it."""
        try:
            result = await self._outcomes.result(answer)
        except (ProviderUnavailable, RateLimited) as error:  # of the picture: the job itself was accepted
            raise OutcomeUnknown("the submit was answered with a picture that cannot be had now") from error
        if result is None:
            raise OutcomeUnknown("the submit was answered without an id")
        return Finished(result)

    async def _ask(self, handle: Handle) -> tuple[Place, Reply]:
        """The answer and where it was found; `UnknownHandle` when neither place knows the job.

        What one place makes of an id that only the other takes is not documented, so a
        refusal there says nothing about the job.
        """
        first = handle.place or self._last or Place.QUERY
        try:
            return first, await self._ask_at(first, handle.id)
        except (UnknownHandle, InvalidRequest):
            pass
        try:
            return first.other, await self._ask_at(first.other, handle.id)
        except (UnknownHandle, InvalidRequest, ProviderRefused) as error:
            raise UnknownHandle("neither place knows this job") from error

    async def _ask_at(self, place: Place, job_id: str) -> Reply:
        if place is Place.QUERY:
            return await self._api.ask(RESULT, params={"request_id": job_id})
        return await self._api.ask(f"{RESULT_BY_PATH}/{quote(job_id, safe='')}")


async def _answer(reply: Reply) -> Answer:
    return read(await reply.json(), reply.headers.get("retry-after"))


def _in_hand(answer: Answer) -> bool:
    return answer.word is Word.DONE and answer.url is None and answer.inline is not None

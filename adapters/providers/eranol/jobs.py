"""Jobs at the service: handed over once, looked at in two places, taken at their word."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from adapters.providers._http.said import Strange, Word
from adapters.providers.eranol.handles import Handle, Place
from adapters.providers.eranol.reading import Answer, confirms, read
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.model import Artifact, RemoteArtifact
from bot.provider import Finished, Pending

SUBMIT = "/api/v1/image"
JOBS = "/api/v1/ffmpeg/jobs"
STATUS = {Place.IMAGE: "/api/v1/image/status", Place.FFMPEG: "/api/v1/ffmpeg/status"}


class Jobs:
    """`title` is what people read."""

    def __init__(self, api: Api, title: str) -> None:
        self._api = api
        self._title = title
        self._strange = Strange(title)
        self._last: Place | None = None  # where the last job was found

    async def submit(self, body: dict[str, Any]) -> Pending | Finished:
        """Hand a picture over, once; the errors are those of the port."""
        reply = await self._api.submit(SUBMIT, json=body)
        with unreadable_is_unknown():
            answer = read(await reply.json())
        # An address is left to the looks where there is an id: they may fetch it more than once.
        if answer.id is None or answer.word in (Word.FAILED, Word.REFUSED):
            return await self._final(answer)
        hint_s = 0.0 if answer.word is Word.DONE else None
        return Pending(Handle(answer.id, self._last).write(), answer.progress, hint_s)

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once, at the place that works for this job."""
        place, reply = await self._ask(handle)
        handle = replace(handle, place=place)
        try:
            answer = read(await reply.json())
        except ProtocolError:
            if reply.status != HTTPStatus.ACCEPTED:  # which says all: it is still worked on
                raise
            return Pending(handle.write())
        self._last = place
        result = await self._result(answer)
        return Pending(handle.write(), answer.progress) if result is None else Finished(result)

    async def cancel(self, handle: Handle) -> None:
        """Delete a job and its file; one that is gone already is fine."""
        try:
            reply = await self._api.delete(f"{JOBS}/{quote(handle.id, safe='')}")
        except UnknownHandle:
            return
        if reply.body and not confirms(await reply.json()):
            raise ProtocolError("the answer does not say that the job is deleted")

    async def _final(self, answer: Answer) -> Finished:
        """The end that a submit was answered with; without one, nobody can tell what became of it."""
        try:
            result = await self._result(answer)
        except (ProviderUnavailable, RateLimited) as error:  # of the picture: the job itself was accepted
            raise OutcomeUnknown("the submit was answered with a picture that cannot be had now") from error
        if result is None:
            raise OutcomeUnknown("the submit was answered without an id")
        return Finished(result)

    async def _result(self, answer: Answer) -> Artifact | RemoteArtifact | None:
        match answer.word:
            case Word.DONE:
                if answer.url is None:
                    raise BadResult("it says that it is done, but names no result")
                return await self._api.artifact(answer.url)
            case Word.FAILED:
                raise GenerationFailed(f"{self._title} says that it failed")
            case Word.REFUSED:
                raise ContentRefused("fail.provider_refused", provider=self._title)
            case Word.UNKNOWN:
                self._strange.tell(answer.status)
        return None

    async def _ask(self, handle: Handle) -> tuple[Place, Reply]:
        """The answer and where it was found; `UnknownHandle` when neither place knows the job.

        What a place makes of a job that only the other tells of is not documented, so a
        refusal there says nothing about the job.
        """
        first = handle.place or self._last or Place.IMAGE
        try:
            return first, await self._ask_at(first, handle.id)
        except (UnknownHandle, InvalidRequest):
            pass
        try:
            return first.other, await self._ask_at(first.other, handle.id)
        except (UnknownHandle, InvalidRequest, ProviderRefused) as error:
            raise UnknownHandle("neither place knows this job") from error

    async def _ask_at(self, place: Place, job_id: str) -> Reply:
        return await self._api.ask(f"{STATUS[place]}/{quote(job_id, safe='')}")

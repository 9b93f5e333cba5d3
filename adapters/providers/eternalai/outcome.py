"""What an answer means for a job: a result, one of our errors, or nothing yet."""

from __future__ import annotations

from dataclasses import replace

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from adapters.providers._http.said import Strange, Word, decoded
from adapters.providers.eternalai.handles import Family, Handle, Place
from adapters.providers.eternalai.reading import Answer, read
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from bot.model import Artifact, RemoteArtifact
from bot.provider import Finished, Pending


class Outcomes:
    """Takes answers at their word, and tells the operator of each word that is not known, once.

    `balance` is what the last answer that told said is left of the operator's credits.
    """

    def __init__(self, api: Api, title: str) -> None:
        self.balance: float | None = None
        self._api = api
        self._title = title
        self._strange = Strange(title)

    async def of_submit(self, reply: Reply, family: Family, place: Place | None = None) -> Pending | Finished:
        """The job that a submit was answered with, or its end; the errors are those of the port."""
        with unreadable_is_unknown():
            answer = await self._answer(reply)
        # An address is left to the looks where there is an id: they may fetch it more than once.
        if answer.id is None or answer.word in (Word.FAILED, Word.REFUSED) or _in_hand(answer):
            return await self._final(answer)
        hint_s = 0.0 if answer.word is Word.DONE else answer.poll_after_s
        return Pending(Handle(family, answer.id, place).write(), answer.progress, hint_s)

    async def of_look(self, reply: Reply, handle: Handle, place: Place | None = None) -> Pending | Finished:
        """What a look found, at this place."""
        answer = await self._answer(reply)
        result = await self.result(answer)
        if result is not None:
            return Finished(result)
        return Pending(replace(handle, place=place).write(), answer.progress, answer.poll_after_s)

    async def result(self, answer: Answer) -> Artifact | RemoteArtifact | None:
        """The result; None while the service works on it.

        Raises `GenerationFailed`, `ContentRefused` or `BadResult` on its final word, and
        what `Api.artifact` raises.
        """
        return await self._artifact(answer) if self.is_done(answer.word, answer.status) else None

    def is_done(self, word: Word, status: str) -> bool:
        """Whether a status means success; raises `GenerationFailed` or `ContentRefused` where it means another end."""
        match word:
            case Word.FAILED:
                raise GenerationFailed(f"{self._title} says that it failed")
            case Word.REFUSED:
                raise ContentRefused("fail.provider_refused", provider=self._title)
            case Word.UNKNOWN:
                self._strange.tell(status)
        return word is Word.DONE

    async def _answer(self, reply: Reply) -> Answer:
        answer = read(await reply.json(), reply.headers.get("retry-after"))
        if answer.credits_left is not None:
            self.balance = answer.credits_left
        return answer

    async def _final(self, answer: Answer) -> Finished:
        """The end that a submit was answered with; without one, nobody can tell what became of it."""
        try:
            result = await self.result(answer)
        except (ProviderUnavailable, RateLimited) as error:  # of the picture: the job itself was accepted
            raise OutcomeUnknown("the submit was answered with a picture that cannot be had now") from error
        if result is None:
            raise OutcomeUnknown("the submit was answered without an id")
        return Finished(result)

    async def _artifact(self, answer: Answer) -> Artifact | RemoteArtifact:
        if answer.encrypted:
            raise BadResult("the result is encrypted")
        if answer.url is not None:
            return await self._api.artifact(answer.url)
        if answer.inline is not None:
            return await decoded(answer.inline)
        raise BadResult("it says that it is done, but names no result")


def _in_hand(answer: Answer) -> bool:
    return answer.word is Word.DONE and answer.url is None and answer.inline is not None

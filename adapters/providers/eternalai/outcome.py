"""What an answer means for a job: a result, one of our errors, or nothing yet."""

from __future__ import annotations

from adapters.providers._http import Api
from adapters.providers._http.said import Strange, Word, decoded
from adapters.providers.eternalai.reading import Answer
from bot.errors import BadResult, ContentRefused, GenerationFailed
from bot.model import Artifact, RemoteArtifact


class Outcomes:
    """Takes answers at their word, and tells the operator of each word that is not known, once."""

    def __init__(self, api: Api, title: str) -> None:
        self._api = api
        self._title = title
        self._strange = Strange(title)

    async def result(self, answer: Answer) -> Artifact | RemoteArtifact | None:
        """The result; None while the service works on it.

        Raises `GenerationFailed`, `ContentRefused` or `BadResult` on its final word, and
        what `Api.artifact` raises.
        """
        match answer.word:
            case Word.DONE:
                return await self._artifact(answer)
            case Word.FAILED:
                raise GenerationFailed(f"{self._title} says that it failed")
            case Word.REFUSED:
                raise ContentRefused("fail.provider_refused", provider=self._title)
            case Word.UNKNOWN:
                self._strange.tell(answer.status)
        return None

    async def _artifact(self, answer: Answer) -> Artifact | RemoteArtifact:
        if answer.encrypted:
            raise BadResult("the result is encrypted")
        if answer.url is not None:
            return await self._api.artifact(answer.url)
        if answer.inline is not None:
            return await decoded(answer.inline)
        raise BadResult("it says that it is done, but names no result")

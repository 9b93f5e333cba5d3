"""Videos out of pictures: handed over in one call, looked at in a second, fetched in a third."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from adapters.providers._http.said import Strange, Word, id_in, layers_of, meaning_of, status_of
from adapters.providers.eigenai.images import GENERATE, drawn
from adapters.providers.eigenai.reading import WRAPPERS, is_media, result
from adapters.providers.eigenai.sources import part
from bot.errors import BadResult, ContentRefused, GenerationFailed, ProtocolError
from bot.model import Artifact, GenerationRequest, RemoteArtifact
from bot.provider import Finished, OptionKind, OptionSpec, Pending, Pictures

STATUS = "/api/v1/generate/status"
RESULT = "/api/v1/generate/result"
OPTIONS = (
    OptionSpec(name="steps", kind=OptionKind.WHOLE, hint="steps of drawing", low=1, high=20),
    OptionSpec(name="seed"),
)
_IDS = ("task_id", "job_id", "jobId", "id")
_HANDLE = re.compile(r"video ([!-~]{1,200}) (\S[^\r\n]{0,199})")


@dataclass(frozen=True, slots=True)
class Task:
    """A video at the service, which asks for its model again whenever it is asked about."""

    id: str = field(repr=False)
    model: str

    def write(self) -> str:
        return f"video {self.id} {self.model}"

    @classmethod
    def read(cls, handle: str) -> Task:
        """Raises `ProtocolError` for what was not written here."""
        form = _HANDLE.fullmatch(handle)
        if form is None:
            raise ProtocolError("this handle was not written here")
        return cls(*form.groups())

    @property
    def query(self) -> dict[str, str]:
        return {"jobId": self.id, "model": self.model}


class Videos:
    """`title` is what people read."""

    def __init__(self, api: Api, pictures: Pictures, title: str) -> None:
        self._api = api
        self._pictures = pictures
        self._title = title
        self._strange = Strange(title)

    async def submit(self, request: GenerationRequest, *, model: str) -> Pending | Finished:
        """Hand a request with its source over, once; raises `InvalidRequest` where the source is gone."""
        source = await part(self._pictures, request, "image")
        asked = {"infer_steps": request.value("steps"), "seed": request.seed}
        fields = {name: str(value) for name, value in asked.items() if value is not None}
        reply = await self._api.upload(
            GENERATE, fields={"model": model, "prompt": request.prompt, **fields}, files=(source,)
        )
        with unreadable_is_unknown():
            task_id = None if is_media(reply.body) else id_in(layers_of(await reply.json(), WRAPPERS), _IDS)
        if task_id is None:  # then its result may be in the answer
            return await drawn(self._api, reply, title=self._title)
        return Pending(Task(task_id, model).write())

    async def poll(self, handle: str) -> Pending | Finished:
        """Look once, and fetch the video when the service says that it is done."""
        task = Task.read(handle)
        layers = layers_of(await (await self._api.ask(STATUS, params=task.query)).json(), WRAPPERS)
        if not layers:
            raise ProtocolError("the answer holds no object")
        status = status_of(layers)
        match meaning_of(status):
            case Word.DONE:
                return Finished(await self._video(task))
            case Word.FAILED:
                raise GenerationFailed(f"{self._title} says that it failed")
            case Word.REFUSED:
                raise ContentRefused("fail.provider_refused", provider=self._title)
            case Word.UNKNOWN:
                self._strange.tell(status)
        return Pending(handle)

    async def _video(self, task: Task) -> Artifact | RemoteArtifact:
        """The result itself; raises `BadResult` while it does not lie there yet."""
        found = await self._api.artifact(f"{RESULT}?{urlencode(task.query)}")
        assert isinstance(found, Artifact)
        try:
            return await result(self._api, Reply(200, {}, found.data), title=self._title)
        except ProtocolError as error:
            raise BadResult("its result is neither a video nor names one") from error

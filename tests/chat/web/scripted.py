"""A web page on loopback in front of commands that answer as a test tells them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from adapters.chat.web.chat import WebChat
from adapters.chat.web.sessions import Session
from bot.commands import (
    Attached,
    Commands,
    Form,
    JobView,
    MenuEntry,
    MenuOption,
    Purse,
    Shown,
    Suggestion,
    Upload,
)
from bot.errors import NotFound, UserError
from bot.media import Film
from bot.model import (
    Act,
    Artifact,
    Button,
    Card,
    GenerationRequest,
    Job,
    JobState,
    Message,
    MessageRef,
    Origin,
    RemoteArtifact,
    StoredFile,
    Tone,
)
from bot.spelling import DASHES
from bot.store import Accepted
from bot.surface import Spelling
from bot.testing.clock import FakeClock

PROMPT = "a red fox in the snow"
WAIT_S = 10
ANYBODY = "anybody"
PURSE = Purse(left=19, daily=20, resets_at=1_790_035_200.0)

MENU = (
    MenuEntry(
        name="imagine",
        summary="/imagine <words> draws a picture",
        options=(MenuOption("--style", "", ("anime", "ink")),),
        cost="1 credit",
    ),
    MenuEntry(name="help", summary="/help shows this"),
)


def job_of(number: int = 0, **changes: Any) -> Job:
    job = Job(
        id=f"01JD00000000000000000JB{number:03d}",
        message_id="01JD00000000000000000MS000",
        person_id="person",
        position=number,
        state=JobState.QUEUED,
        request=GenerationRequest(prompt=PROMPT),
        provider="demo",
        model="demo",
        price=1,
        created_at=1_790_000_000.0,
    )
    return replace(job, **changes)


def message_of(account: str, *jobs: Job) -> Message:
    return Message(
        id=jobs[0].message_id,
        person_id="person",
        platform="web",
        account=account,
        chat=account,
        created_at=1_790_000_000.0,
        jobs=jobs,
    )


def card_of(number: int = 0, **changes: Any) -> Card:
    job_id = f"01JD00000000000000000JB{number:03d}"
    card = Card(
        state=JobState.QUEUED,
        title="Queued",
        tone=Tone.NEUTRAL,
        message_id=f"01JD00000000000000000MS{number:03d}",
        job_id=job_id,
        tag=job_id[-4:],
        prompt=PROMPT,
        command=f"/imagine {PROMPT}",
        chips=("Demo",),
        lines=("You're next",),
        buttons=(Button(Act.CANCEL, (job_id,), "Cancel"),),
    )
    return replace(card, **changes)


async def brought(attached: Attached) -> str | bytes:
    """The id of what is pointed at, or the bytes of what is brought."""
    if isinstance(attached, Shown):
        return attached.id
    artifact = await attached.read()
    assert isinstance(artifact, Artifact)
    assert attached.size_bytes == len(artifact.data)
    return artifact.data


class ScriptedCommands(Commands):
    """Answers with what a test put into `outcome`, and remembers what it was asked."""

    def __init__(self) -> None:  # on purpose without the real one's: there is no bot behind it
        self.asked: list[tuple[str, Origin, str]] = []
        self.kept: list[tuple[str, MessageRef]] = []
        self.outcome: Callable[[Origin], Accepted | Card | Exception] = lambda origin: Accepted(
            message=message_of(origin.account, job_of()), balance=19
        )
        self.shown: list[Card] = []
        self.attached: list[list[str | bytes]] = []
        self.forms: dict[Act, Form] = {}
        self.options: list[dict[str, str]] = []
        self.suggestions: dict[str, tuple[Suggestion, ...]] = {}
        self.typed: list[tuple[str, str, str]] = []
        self.entries: tuple[MenuEntry, ...] = MENU
        self.jobs: dict[tuple[str, str], JobView] = {}
        self.gate: asyncio.Event | None = None

    async def say(
        self,
        origin: Origin,
        text: str,
        picked: Mapping[str, str] | None = None,
        attached: Sequence[Attached] = (),
    ) -> Accepted | Card:
        self.attached.append([await brought(one) for one in attached])
        return await self._answer("say", origin, text)

    async def bring(self, origin: Origin, upload: Upload, upload_id: str | None = None) -> Card:
        self.attached.append([await brought(upload)])
        answer = await self._answer("bring", origin, "")
        assert isinstance(answer, Card)
        return answer

    async def press(self, origin: Origin, act: Act, wanted_id: str) -> Card:
        answer = await self._answer(act, origin, wanted_id)
        assert isinstance(answer, Card)
        return answer

    async def pick(self, origin: Origin, job_id: str) -> Card:
        answer = await self._answer("pick", origin, job_id)
        assert isinstance(answer, Card)
        return answer

    async def form(self, origin: Origin, act: Act, wanted_id: str) -> Form:
        form = self.forms.get(act)
        if form is None:
            raise NotFound("err.not_found")
        return form

    async def fill(
        self, origin: Origin, act: Act, wanted_id: str, words: str, options: Mapping[str, str] | None = None
    ) -> Accepted | Card:
        self.options.append(dict(options or {}))
        return await self._answer(f"fill {act}", origin, words)

    async def suggest(self, origin: Origin, command: str, option: str, typed: str) -> tuple[Suggestion, ...]:
        self.typed.append((command, option, typed))
        return self.suggestions.get(option, ())

    async def again(self, origin: Origin, job_id: str) -> Accepted:
        return await self._accept("again", origin, job_id)

    async def retry(self, origin: Origin, job_id: str) -> Accepted:
        return await self._accept("retry", origin, job_id)

    async def cancel(self, origin: Origin, job_id: str) -> None:
        await self._answer("cancel", origin, job_id)

    async def stop(self, origin: Origin, job_id: str) -> Card:
        await self._answer("stop", origin, job_id)
        return card_of()

    async def delete(self, origin: Origin, job_id: str) -> None:
        await self._answer("delete", origin, job_id)

    async def look(self, origin: Origin, job_id: str) -> None:
        await self._answer("look", origin, job_id)

    async def announced(self, message_id: str, ref: MessageRef) -> Card:
        self.kept.append((message_id, ref))
        return card_of()

    async def cards(self, origin: Origin, limit: int) -> tuple[Card, ...]:
        return tuple(self.shown[-limit:])

    async def view(self, origin: Origin, job_id: str) -> JobView:
        view = self.jobs.get((origin.account, job_id)) or self.jobs.get((ANYBODY, job_id))
        if view is None:
            raise NotFound("err.not_found")
        return view

    async def purse(self, origin: Origin) -> Purse:
        return PURSE

    def menu(self) -> tuple[MenuEntry, ...]:
        return self.entries

    def explain(self, error: UserError, spelling: Spelling = DASHES) -> str:
        return f"sentence for {error.key}"

    async def _accept(self, act: str, origin: Origin, text: str) -> Accepted:
        answer = await self._answer(act, origin, text)
        assert isinstance(answer, Accepted)
        return answer

    async def _answer(self, act: str, origin: Origin, text: str) -> Accepted | Card:
        self.asked.append((act, origin, text))
        if self.gate is not None:
            await self.gate.wait()
        outcome = self.outcome(origin)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Shelf:
    """Media of a test: files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = Film()

    def add(self, name: str) -> None:
        Image.new("RGB", (8, 8), "#d09a2c").save(self.folder / name)

    def path(self, file: str) -> Path:
        return self.folder / file

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        raise NotImplementedError

    async def take(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        raise NotImplementedError

    async def film(self, file: str) -> Film:
        return self.told

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        raise NotImplementedError

    async def remove(self, file: str) -> None:
        raise NotImplementedError

    async def surplus(self) -> tuple[str, ...]:
        raise NotImplementedError

    async def older(self, *, before: float) -> tuple[str, ...]:
        raise NotImplementedError

    def has_room(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes
    json: Any


class Visitor:
    """A browser without a screen: cookies, and the token from the page's head."""

    def __init__(self, base: str, http: aiohttp.ClientSession) -> None:
        self.base = base
        self.http = http
        self.token = ""

    @property
    def session(self) -> str:
        return next(cookie.value for cookie in self.http.cookie_jar if cookie.key == "session")

    async def arrive(self) -> Visitor:
        page = await self.get("/")
        found = re.search(r'name="csrf-token" content="([0-9a-f]{64})"', page.body.decode())
        assert found is not None
        self.token = found[1]
        return self

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.request("GET", path, headers=headers)

    async def say(self, text: str, *, key: str | None = None) -> Answer:
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("text", text)
        if key is not None:
            form.add_field("key", key)
        return await self.post("/api/messages", data=form)

    async def post(self, path: str, **more: Any) -> Answer:
        headers = {"X-CSRF-Token": self.token, **more.pop("headers", {})}
        return await self.request("POST", path, headers=headers, **more)

    async def request(self, method: str, path: str, **more: Any) -> Answer:
        async with self.http.request(method, self.base + path, allow_redirects=False, **more) as response:
            body = await response.read()
            parsed = await response.json() if response.content_type == "application/json" else None
            return Answer(response.status, response.headers.copy(), body, parsed)


@dataclass(slots=True)
class House:
    """The served page and everything that a test may turn."""

    chat: WebChat
    commands: ScriptedCommands
    shelf: Shelf
    clock: FakeClock
    health: dict[str, bool]
    visitors: list[aiohttp.ClientSession]

    @property
    def base(self) -> str:
        return self.chat.local_address.rstrip("/")

    def stranger(self) -> Visitor:
        http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.visitors.append(http)
        return Visitor(self.base, http)

    async def visitor(self) -> Visitor:
        return await self.stranger().arrive()

    def connections(self) -> list[Any]:
        """Those that the server has not yet seen the end of."""
        runner = self.chat._runner
        assert runner is not None
        assert runner.server is not None
        return runner.server.connections

    def own(self, visitor: Visitor, view: JobView) -> None:
        """Make a job the visitor's own."""
        self.commands.jobs[(Session(visitor.session).account, view.job.id)] = view


@asynccontextmanager
async def open_house(folder: Path, **settings: Any) -> AsyncIterator[House]:
    commands, shelf, clock, health = ScriptedCommands(), Shelf(folder), FakeClock(), {"web": True}
    chat = WebChat(
        commands=commands,
        media=shelf,
        clock=clock,
        health=lambda: health,
        **{"host": "127.0.0.1", "port": 0, **settings},
    )
    await chat.start()
    house = House(chat, commands, shelf, clock, health, [])
    try:
        yield house
    finally:
        for http in house.visitors:
            await http.close()
        await chat.close()


async def until(happened: Callable[[], bool]) -> None:
    """Wait for real I/O, bounded."""
    async with asyncio.timeout(WAIT_S):
        while not happened():  # noqa: ASYNC110 - a socket tells nobody when the other side has noticed
            await asyncio.sleep(0.01)


def events_of(text: str) -> Sequence[tuple[str, str]]:
    """Event names and data of a stream's text."""
    return re.findall(r"^event: (.*)\ndata: (.*)$", text, re.MULTILINE)

"""Somebody who asks for the same things on each platform, as that platform has it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from chat.web.scripted import Answer, Visitor
from chat.web.test_pictures import form
from e2e.town import Town
from sim.discord.forms import Picture
from sim.discord.state import Interaction
from sim.discord.state import Message as DiscordMessage
from sim.telegram.state import Message as TelegramMessage

from adapters.chat.web.sessions import Session
from bot.model import parse_button_id

Options = Mapping[str, str | int]

NONE: Options = {}
PATIENCE_S = 40.0
PLATFORMS = ("web", "discord", "telegram")
_OK = 200
_FIELDS = {"edit": "prompt", "animate": "prompt", "imagine": "prompt", "effect": "effect"}
_FIELDS |= {"character new": "description", "character browse": "search"}
"""Where Discord wants the words; of all others it is `character`."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody brings, which need not be what its name says."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What somebody reads and sees in the end; what a platform does not tell of a film is None."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    file: bytes | None = None
    size: tuple[int, int] | None = None
    duration_s: float | None = None
    poster: bool = False
    place: Any = None

    @property
    def acts(self) -> frozenset[str]:
        return frozenset(act for act, _ in self.buttons)

    def id_of(self, act: str) -> str:
        """What the first button that does this is about."""
        return next(id_ for one, id_ in self.buttons if one == act)


class Somebody(ABC):
    """An account of its own on a platform."""

    platform: str

    def __init__(self, town: Town, account: str) -> None:
        self.town = town
        self.account = account

    @abstractmethod
    async def ask(self, command: str, words: str = "", options: Options = NONE, *, file: File | None = None) -> Told:
        """Write a command; answers when nothing changes any more."""

    @abstractmethod
    async def press(self, told: Told, act: str) -> Told:
        """Press the first button that does this."""

    @abstractmethod
    async def push(self, told: Told, act: str) -> object:
        """The same, without waiting for what comes of it."""

    @abstractmethod
    async def fill(self, told: Told, act: str, words: str, options: Options = NONE) -> Told:
        """Press the first button that does this, and fill in the form that it asks."""

    async def delete(self, told: Told) -> None:
        """Delete a result, where that may stand behind another button."""
        if "delete" not in told.acts:
            told = await self.press(told, "more")
        await self.push(told, "delete")
        await until(lambda: self.town.is_deleted(told.id_of("delete")))

    @property
    def moves(self) -> list[tuple[str, int]]:
        return self.town.moves(self.platform, self.account)

    @property
    def reference(self) -> str:
        return self.town.reference(self.platform, self.account)

    async def ended(self) -> None:
        await until(lambda: not self.town.waits(self.platform, self.account))


class Visiting(Somebody):
    """At the page."""

    platform = "web"

    def __init__(self, town: Town, visitor: Visitor) -> None:
        super().__init__(town, Session(visitor.session).account)
        self._visitor = visitor

    async def ask(self, command: str, words: str = "", options: Options = NONE, *, file: File | None = None) -> Told:
        data = form(*([file.data] if file else []), text=line(command, words, options))
        return await self._told(await self._visitor.post("/api/messages", data=data))

    async def press(self, told: Told, act: str) -> Told:
        return await self._told(await self.push(told, act))

    async def push(self, told: Told, act: str) -> Answer:
        return await self._visitor.post(f"/api/jobs/{told.id_of(act)}/{act}")

    async def fill(self, told: Told, act: str, words: str, options: Options = NONE) -> Told:
        place = f"/api/forms/{act}/{told.id_of(act)}"
        offered = [one["flag"] for one in (await self._visitor.get(place)).json["options"]]
        chosen = {flag: str(options[flag[2:]]) for flag in offered if flag[2:] in options}
        return await self._told(await self._visitor.post(place, data={"words": words, **chosen}))

    async def _told(self, answer: Answer) -> Told:
        if "job" in answer.json:
            await self.ended()
            cards = (await self._visitor.get("/api/cards")).json["cards"]
            return await self._shown(next(card for card in cards if card["job"] == answer.json["job"]))
        if "card" in answer.json:
            return await self._shown(answer.json["card"])
        return Told(text=answer.json["error"]["message"])

    async def _shown(self, card: dict[str, Any]) -> Told:
        said = [card["title"], *card["chips"], *card["lines"], card["footer"] or ""]
        media = card["media"][0] if card["media"] else {}
        return Told(
            text="\n".join(said),
            buttons=tuple((button["act"], button["jobs"][0]) for button in card["buttons"]),
            file=(await self._visitor.get(media["url"])).body if media else None,
            size=(media["width"], media["height"]) if media.get("width") else None,
            poster=bool(media.get("poster")) and (await self._visitor.get(media["poster"])).status == _OK,
        )


class OnDiscord(Somebody):
    """In the one channel."""

    platform = "discord"

    def __init__(self, town: Town, name: str) -> None:
        self._person = town.discord.person(name)
        super().__init__(town, str(self._person.id))

    async def ask(self, command: str, words: str = "", options: Options = NONE, *, file: File | None = None) -> Told:
        fields: dict[str, Any] = dict(options)
        if words:
            fields[_FIELDS.get(command, "character")] = words
        if file:
            fields["image"] = Picture(file.name, file.data)
        return await self._told(await self.town.discord.command(self._person, self.town.art, command, **fields))

    async def press(self, told: Told, act: str) -> Told:
        changes, pressed = len(told.place.history), await self.push(told, act)
        await until(lambda: pressed.original)
        await until(lambda: len(told.place.history) > changes or pressed.original is not told.place)
        return await self._told(pressed)

    async def push(self, told: Told, act: str) -> Interaction:
        return await self.town.discord.press(self._person, told.place, f"j1:{act}:{told.id_of(act)}")

    async def fill(self, told: Told, act: str, words: str, options: Options = NONE) -> Told:
        opened = await self.push(told, act)
        await until(lambda: opened.answer)
        fields = {name: str(value) for name, value in options.items()}
        return await self._told(await self.town.discord.submit(opened, words=words, **fields))

    async def _told(self, asked: Interaction) -> Told:
        await until(lambda: asked.answer and asked.original and not asked.original.loading)
        await self.ended()
        message: DiscordMessage | None = asked.original
        assert message is not None
        files = message.pictures
        return Told(
            text=message.text,
            buttons=_buttons(message.buttons),
            file=files[0].data if files else None,
            place=message,
        )


class OnTelegram(Somebody):
    """Alone with the bot."""

    platform = "telegram"

    def __init__(self, town: Town, name: str) -> None:
        self._person = town.telegram.person(name)
        self._chat = town.telegram.private(self._person)
        super().__init__(town, str(self._person.id))

    async def ask(self, command: str, words: str = "", options: Options = NONE, *, file: File | None = None) -> Told:
        text = line(command, words, options)
        if file is None:
            return await self._answer(lambda: self.town.telegram.says(self._person, self._chat, text))
        return await self._answer(
            lambda: self.town.telegram.sends_document(self._person, self._chat, file.name, file.data, text)
        )

    async def press(self, told: Told, act: str) -> Told:
        before, changes = self._of_bot(), len(told.place.history)
        await self.push(told, act)
        await until(lambda: self._of_bot() - before or len(told.place.history) > changes)
        return await self._told(next(iter(self._of_bot() - before), told.place))

    async def push(self, told: Told, act: str) -> object:
        return self.town.telegram.press(self._person, told.place, f"j1:{act}:{told.id_of(act)}")

    async def fill(self, told: Told, act: str, words: str, options: Options = NONE) -> Told:
        await self.press(told, act)
        said = " ".join((words, *flags(options)))
        return await self._answer(lambda: self.town.telegram.says(self._person, self._chat, said))

    async def _answer(self, act: Callable[[], object]) -> Told:
        before = self._of_bot()
        act()
        await until(lambda: self._of_bot() - before)
        return await self._told(next(iter(self._of_bot() - before)))

    async def _told(self, message: TelegramMessage) -> Told:
        await self.ended()
        shown = message.now.media
        film = shown.film if shown else None
        return Told(
            text=message.text,
            buttons=_buttons(message.buttons),
            file=shown.data if shown else None,
            size=(film.width, film.height) if film else None,
            duration_s=film.duration_s if film else None,
            poster=film is not None and film.poster is not None,
            place=message,
        )

    def _of_bot(self) -> set[TelegramMessage]:
        telegram = self.town.telegram
        return {message for message in telegram.messages(self._chat) if message.author is telegram.bot}


async def newcomer(town: Town, platform: str, name: str = "ada") -> Somebody:
    """Somebody who was never there before."""
    match platform:
        case "discord":
            return OnDiscord(town, name)
        case "telegram":
            return OnTelegram(town, name)
    http = await town.visits.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
    return Visiting(town, await Visitor(f"http://127.0.0.1:{town.settings.web.port}", http).arrive())


def line(command: str, words: str, options: Options) -> str:
    """A command as it is typed."""
    return " ".join(filter(None, (f"/{command}", words, *flags(options))))


def flags(options: Options) -> list[str]:
    """Options as they are typed."""
    on_or_off = {True: "on", False: "off"}
    values = {name: on_or_off[value] if isinstance(value, bool) else value for name, value in options.items()}
    return [f"--{name} {_quoted(value)}" for name, value in values.items()]


def _quoted(value: str | int) -> str:
    return f'"{value}"' if " " in str(value) else str(value)


async def until(happened: Callable[[], Any]) -> None:
    """Wait, by the machine's clock."""
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110 - a database tells nobody that it changed
            await asyncio.sleep(0.05)


def _buttons(ids: Any) -> tuple[tuple[str, str], ...]:
    known = [parse_button_id(one) for one in ids]
    return tuple((str(found[0]), found[1]) for found in known if found)

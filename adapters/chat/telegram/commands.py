"""Messages from people: commands, answers to questions, pictures, and everything that is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from telegram import Message, Update

from adapters.chat.telegram.asked import Asked, Line, read, said
from adapters.chat.telegram.brought import Albums, Brought, is_picture
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.greeting import Greeting
from adapters.chat.telegram.presses import Presses
from adapters.chat.telegram.questions import Questions
from adapters.chat.telegram.receiving import Answers
from adapters.chat.telegram.refs import PLATFORM
from adapters.chat.telegram.sending import Sending
from adapters.chat.telegram.surface import TelegramSurface
from bot.clock import Clock
from bot.commands import Attached, Commands, MenuEntry
from bot.errors import InvalidRequest, UserError
from bot.messages import say
from bot.messages.cutting import one_line
from bot.model import SourceKind
from bot.parsing import Command
from bot.store import Accepted

STAYING = frozenset({"help", "privacy", "styles", "models", "show", "character show", "character browse"})
"""The commands whose answers stay in groups."""
PERSONAL = frozenset({"history", "jobs"})
"""The commands that tell of all that somebody asked for, also of what is hidden from the group."""

HINT_CHARS = 60
_HIDDEN = re.compile(r"(?<!\S)(?:--|\u2014)hidden(?!\S)\s*", re.IGNORECASE)
_LINK = re.compile(r"j_([0-9A-HJKMNP-TV-Z]{26})")


class Handler:
    """Does what updates ask for, and owns what is still being answered."""

    def __init__(
        self,
        sending: Sending,
        surface: TelegramSurface,
        commands: Commands,
        brought: Brought,
        *,
        clock: Clock,
        locale: str,
    ) -> None:
        self._bot = sending.bot
        self._desk = Desk(sending=sending, surface=surface, commands=commands, clock=clock, locale=locale)
        self._commands = commands
        self._brought = brought
        self._albums = Albums()
        self._questions = Questions(self._desk, commands, locale)
        self._presses = Presses(self._desk, commands, self._questions, clock=clock, locale=locale)
        self._takes_pictures = any(SourceKind.PICTURE in entry.sources for entry in commands.menu())
        self._greeting = Greeting(self._desk, locale, pictures=self._takes_pictures)
        self._locale = locale

    async def settle(self) -> None:
        """Return when everything that was taken is answered, or after 5 s."""
        await self._desk.settle()

    async def close(self) -> None:
        await self._desk.close()

    async def take(self, update: Update) -> Answers:
        """Handle one update; returns, when what it does is stored, the answers that are being given."""
        try:
            await self._take(update)
        finally:
            answers = self._desk.owed(str(update.update_id))
        return answers

    async def _take(self, update: Update) -> None:
        if update.callback_query:
            await self._presses.press(update, update.callback_query)
        elif update.message:
            await self._message(update, update.message)
        elif update.edited_message:
            self._edited(update, update.edited_message)

    async def _message(self, update: Update, message: Message) -> None:
        if message.migrate_to_chat_id:
            await self._commands.move_chat(PLATFORM, str(message.chat_id), str(message.migrate_to_chat_id))
            return
        if _is_nobodys(message):
            if message.sender_chat and not message.is_automatic_forward and self._line(message):
                self._hint(said(update, message), "telegram.nobody")
            return
        asked = said(update, message)
        try:
            await self._said(asked, message)
        except UserError as error:
            self._desk.tell(asked, self._commands.explain(error))
        except Exception:
            self._desk.tell(asked, say("chat.internal", self._locale))
            raise

    async def _said(self, asked: Asked, message: Message) -> None:
        line, begins = self._line(message), self._albums.begins(message)
        if line and message.forward_origin:
            self._hint(asked, "telegram.forwarded", alone=True)
        elif line:
            await self._command(asked, line, message)
        elif message.text and not message.forward_origin and await self._questions.answer(asked, message):
            return
        elif begins and self._takes_pictures and is_picture(message):
            await self._bring(asked, message)
        elif begins and (message.text or message.effective_attachment):
            words = one_line(message.text or message.caption or "", HINT_CHARS) or "a lighthouse in a storm"
            self._hint(asked, "telegram.hint", alone=True, words=words)

    async def _command(self, asked: Asked, line: Line, message: Message) -> None:
        entry = self._entry(line)
        takes_source = entry is not None and bool(entry.sources)
        if message.effective_attachment and not takes_source:
            self._hint(asked, "telegram.words_alone", command=f"/{line.name}")
        elif line.name == "start":
            await self._start(asked, line.rest.strip())
        elif entry and entry.makes:
            await self._make(asked, line, entry, self._brought.to(message) if takes_source else ())
        else:
            await self._tell(asked, line, entry)

    async def _tell(self, asked: Asked, line: Line, entry: MenuEntry | None) -> None:
        card = await self._commands.say(asked.origin, line.text)
        assert not isinstance(card, Accepted)  # the commands that make something are known
        if line.name == "help":
            card = replace(card, lines=(*card.lines, *self._help()))
        if asked.in_group and line.name in PERSONAL:
            self._desk.show_alone(asked, card)
        else:
            self._desk.show(asked, card, stays=entry is not None and entry.name in STAYING)

    async def _make(self, asked: Asked, line: Line, entry: MenuEntry, attached: Sequence[Attached]) -> None:
        text, hidden = _HIDDEN.subn("", line.text)
        command, hidden = self._parsed(text), hidden and asked.in_group
        if command and entry.words and not command.words and not hidden:  # or all would read the answer
            await self._questions.ask(asked, entry.name, command.options, attached)
            return
        where = asked.privately() if hidden else asked
        made = await self._commands.say(where.origin, text, attached=attached)
        assert isinstance(made, Accepted)
        self._desk.make(where, made, hidden_from=asked if where is not asked else None)

    async def _bring(self, asked: Asked, message: Message) -> None:
        """Keep a picture that comes without a command, and offer what can be done with it."""
        upload = self._brought.upload(message)
        if asked.in_group or upload is None:
            return
        card = replace(await self._commands.bring(asked.origin, upload), media=())  # which stands there already
        if message.media_group_id:
            card = replace(card, lines=(*card.lines, say("telegram.album", self._locale)))
        self._desk.show(replace(asked, place=replace(asked.place, reply_to=message.message_id)), card)

    async def _start(self, asked: Asked, payload: str) -> None:
        linked = _LINK.fullmatch(payload)
        if linked:
            card = await self._commands.say(asked.origin, f"/show {linked[1]}")
            assert not isinstance(card, Accepted)
            self._desk.show(asked, card)
        elif payload == "open":
            self._desk.tell(asked, say("telegram.open", self._locale))
        else:
            self._greeting.greet(asked)

    def _edited(self, update: Update, message: Message) -> None:
        if not _is_nobodys(message) and self._line(message):
            self._hint(said(update, message), "telegram.edited", alone=True)

    def _line(self, message: Message) -> Line | None:
        """The command of a message that is for this bot."""
        line = read(message.text or message.caption or "")
        if line is None or line.bot not in {"", self._bot.username.lower()}:
            return None
        known = {"start", *(name.partition(" ")[0] for name in self._commands.names)}
        return line if line.name in known or line.bot or message.chat_id > 0 else None

    def _entry(self, line: Line) -> MenuEntry | None:
        """What the menu says of a command, or of the one of its group."""
        entries = {entry.name: entry for entry in self._commands.menu()}
        return entries.get(" ".join((line.name, *line.rest.lower().split()[:1]))) or entries.get(line.name)

    def _help(self) -> Iterator[str]:
        """What is so on Telegram alone."""
        if self._takes_pictures:
            yield say("telegram.picture_help", self._locale)
        yield say("telegram.hidden_help", self._locale)

    def _parsed(self, text: str) -> Command | None:
        """A line taken apart; None: something is wrong with it, as will be said where it is carried out."""
        try:
            return self._commands.read(text)
        except InvalidRequest:
            return None

    def _hint(self, asked: Asked, key: str, *, alone: bool = False, **params: str) -> None:
        """Say a sentence; `alone`: only where nobody else reads it."""
        if not (alone and asked.in_group):
            self._desk.tell(asked, say(key, self._locale, **params))


def _is_nobodys(message: Message) -> bool:
    """Whether no person can be told to have said it: a bot, a channel, a group, or Telegram itself."""
    return message.from_user is None or message.from_user.is_bot or message.sender_chat is not None

"""Questions that wait for an answer, as rows that outlive a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import CallbackQuery, ForceReply, InlineKeyboardMarkup, Message

from adapters.chat.telegram import pickers
from adapters.chat.telegram.asked import Asked
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.limiter import Lane
from adapters.chat.telegram.markup import Text, copied, joined, literal, sentence, tagged
from adapters.chat.telegram.render import MESSAGE
from adapters.chat.telegram.sending import HTML, NO_PREVIEW, to
from adapters.chat.telegram.sheets import Question, Sheet, Sheets
from bot.commands import Attached, Commands, Shown
from bot.errors import NotFound
from bot.messages import say
from bot.model import Act, Card
from bot.parsing import SOURCES
from bot.store import Accepted

ABOUT = frozenset({Act.EDIT, Act.ANIMATE, Act.EFFECT})
"""The commands that are about something, and are acts on it as well."""

Markup = InlineKeyboardMarkup | ForceReply | None


class Questions:
    """One per person and chat, the last."""

    def __init__(self, desk: Desk, commands: Commands, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._sheets = Sheets(commands, locale)
        self._locale = locale

    async def ask(self, asked: Asked, command: str, picked: dict[str, str], attached: Sequence[Attached]) -> None:
        """Ask for the words of a command that stands alone; raises `UserError`."""
        if attached and command in ABOUT and not any(option in picked for option in SOURCES):
            await self.ask_about(asked, Act(command), await self._kept(asked, attached[0]), picked)
        else:
            await self._ask(asked, Question(command=command, picked=picked))

    async def ask_about(self, asked: Asked, act: Act, of: str, picked: dict[str, str] | None = None) -> None:
        """Ask for what an act needs to be done to a job, a picture or a character; raises `UserError`."""
        await self._ask(asked, Question(act=act, of=of, picked=picked or {}))

    async def answer(self, asked: Asked, message: Message) -> bool:
        """Take a text as the answer to what its person was asked, if it can be one; raises `UserError`."""
        question = Question.read(await self._commands.question(asked.origin))
        if question is None or not _answers(message, question, asked):
            return False
        await self._take(asked, question, message.text or "")
        return True

    async def press(self, asked: Asked, query: CallbackQuery) -> None:
        """Turn a page, pick, answer, or forget the question; raises `UserError`."""
        question = Question.read(await self._commands.question(asked.origin))
        shown = query.message.message_id if query.message else None
        if question is None or question.message not in {None, shown}:
            raise NotFound("telegram.not_asked")
        question = replace(question, message=shown)
        _, what, option, value = (*str(query.data).split(":", 3), "", "", "")[:4]
        if what == "no":
            await self._commands.answered(asked.origin)
            self._forget(asked, question)
            return
        sheet = await self._sheets.of(asked.origin, question)
        chosen = pickers.chosen(sheet.choices, value) if (what, option) == ("set", pickers.ANSWER) else None
        if chosen is not None:
            await self._take(replace(asked, place=replace(asked.place, reply_to=None)), question, chosen)
            return
        if what == "set":
            question = await self._pick(asked, question, sheet, option, value)
        page = int(value) if what == "list" and value.isdecimal() else 0
        if what == "list" and option in sheet.options:
            markup = pickers.page(option, sheet.options[option], page, self._locale)
        else:
            markup = self._keyboard(sheet, question, page)
        self._desk.start(self._redraw(asked, question, markup))

    async def _kept(self, asked: Asked, attached: Attached) -> str:
        """The id of what a command is about, which is kept until it is answered."""
        if isinstance(attached, Shown):
            return attached.id
        upload_id = self._commands.new_id()
        await self._commands.bring(asked.origin, attached, upload_id=upload_id)
        return upload_id

    async def _ask(self, asked: Asked, question: Question) -> None:
        """Ask, and keep the question in place of the one before, which goes away."""
        sheet = await self._sheets.of(asked.origin, question)
        before = Question.read(await self._commands.question(asked.origin))
        await self._commands.ask(asked.origin, question.write())
        if before is not None:
            self._forget(asked, before)
        markup: Markup = self._keyboard(sheet, question, 0)
        if not (sheet.options or sheet.choices):
            hint = say("telegram.words_field", self._locale)
            markup = ForceReply(selective=True, input_field_placeholder=hint)
        text = self._text(asked, sheet, named=isinstance(markup, ForceReply)).html
        self._desk.owe(asked, lambda: self._send(asked, question, text, markup))

    async def _take(self, asked: Asked, question: Question, words: str) -> None:
        """Do what was asked about; raises `UserError`, and waits on."""
        made = await self._done(asked, question, words)
        await self._commands.answered(asked.origin)
        if isinstance(made, Accepted):
            self._desk.make(asked, made)
        else:
            self._desk.show(asked, made, stays=False)
        self._forget(asked, question)

    async def _done(self, asked: Asked, question: Question, words: str) -> Accepted | Card:
        if question.of is None:
            return await self._commands.say(asked.origin, f"/{question.command} {words}", question.picked)
        picked = question.picked
        if question.act in {Act.EDIT, Act.ANIMATE}:  # where options may stand among the words
            typed = self._commands.read(f"/{question.act} {words}")
            words, picked = typed.words, picked | typed.options
        return await self._commands.fill(asked.origin, question.act, question.of, words, picked)

    async def _pick(self, asked: Asked, question: Question, sheet: Sheet, option: str, value: str) -> Question:
        """The question with one option picked, or taken back."""
        picked = {name: kept for name, kept in question.picked.items() if name != option}
        if (chosen := pickers.chosen(sheet.options.get(option, ()), value)) is not None:
            picked[option] = chosen
        question = replace(question, picked=picked)
        await self._commands.ask(asked.origin, question.write())
        return question

    def _keyboard(self, sheet: Sheet, question: Question, page: int) -> InlineKeyboardMarkup | None:
        if sheet.choices:
            return pickers.page(pickers.ANSWER, sheet.choices, page, self._locale)
        return pickers.overview(sheet.options, question.picked, self._locale)

    def _text(self, asked: Asked, sheet: Sheet, *, named: bool) -> Text:
        """The question; `named`: it opens the field of whoever is named in a group, and nobody else's."""
        title = tagged("b", sentence(sheet.title, MESSAGE.title))
        if named and asked.in_group:
            who = f'<a href="tg://user?id={asked.origin.account}">{literal(asked.name, MESSAGE.title).html}</a>'
            title = Text(f"{who}: {title.html}", title.units)
        how = say(f"telegram.{sheet.asks}_{'reply' if asked.in_group else 'here'}", self._locale)
        copy = say("telegram.copy", self._locale) if sheet.old else ""
        told = " ".join(filter(None, (sheet.label, "" if sheet.choices else how, copy)))
        note, old = sentence(sheet.note, MESSAGE.chips), copied(sheet.old, MESSAGE.lines)
        return joined("\n", [title, sentence(told, MESSAGE.lines), tagged("i", note), tagged("code", old)])

    async def _send(self, asked: Asked, question: Question, text: str, markup: Markup) -> None:
        sent = await self._desk.sending.bot.send_message(
            text=text, parse_mode=HTML, link_preview_options=NO_PREVIEW, reply_markup=markup, **to(asked.place)
        )
        if Question.read(await self._commands.question(asked.origin)) == question:  # it may be answered by now
            await self._commands.ask(asked.origin, replace(question, message=sent.message_id).write())

    async def _redraw(self, asked: Asked, question: Question, markup: InlineKeyboardMarkup | None) -> None:
        await self._desk.sending.bot.edit_message_reply_markup(
            asked.place.chat, question.message, reply_markup=markup, rate_limit_args=Lane.REPLY
        )

    def _forget(self, asked: Asked, question: Question) -> None:
        if question.message is not None:
            self._desk.start(self._desk.take_away(asked.place.chat, question.message))


def _answers(message: Message, question: Question, asked: Asked) -> bool:
    """Whether a text answers: in a private chat any does, in a group only a reply to the question."""
    if not asked.in_group:
        return True
    replied = message.reply_to_message
    return replied is not None and question.message in {None, replied.message_id}

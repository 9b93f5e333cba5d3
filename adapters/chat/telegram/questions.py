"""Questions that wait for an answer in words, as rows that outlive a restart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError
from telegram import CallbackQuery, ForceReply, InlineKeyboardMarkup, Message

from adapters.chat.telegram import pickers
from adapters.chat.telegram.asked import Asked
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.limiter import Lane
from adapters.chat.telegram.markup import Text, copied, joined, literal, sentence, tagged
from adapters.chat.telegram.render import MESSAGE
from adapters.chat.telegram.sending import HTML, NO_PREVIEW, to
from bot.commands import Commands
from bot.errors import NotFound
from bot.messages import say
from bot.store import Accepted


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What was asked: new words for a job, or what a picture should show (`job` None) and the options picked so far.

    `message` is the bot's message that asks, None while it is on its way.
    """

    job: str | None = None
    picked: dict[str, str] = field(default_factory=dict)
    message: int | None = None

    @classmethod
    def read(cls, body: str | None) -> Question | None:
        """None for what this adapter did not write."""
        try:
            return None if body is None else _JSON.validate_json(body)
        except ValidationError:
            return None

    def write(self) -> str:
        return _JSON.dump_json(self, exclude_defaults=True).decode()


_JSON = TypeAdapter(Question)


class Questions:
    """One per person and chat, the last."""

    def __init__(self, desk: Desk, commands: Commands, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._locale = locale

    async def ask_prompt(self, asked: Asked, picked: dict[str, str]) -> None:
        """Ask what a picture should show; raises `UserError`."""
        question = Question(picked=picked)
        await self._ask(asked, question)
        markup = await self._overview(question)
        self._desk.owe(asked, lambda: self._send(asked, question, self._prompt(asked).html, markup))

    async def ask_words(self, asked: Asked, job_id: str) -> None:
        """Ask for other words for a job; raises `UserError`."""
        prompt = await self._commands.prompt(asked.origin, job_id)
        question = Question(job=job_id)
        await self._ask(asked, question)
        words = sentence(say("telegram.words", self._locale), MESSAGE.lines)
        if asked.in_group:  # who is named is asked: nobody else's field opens
            who = f'<a href="tg://user?id={asked.origin.account}">{literal(asked.name, MESSAGE.title).html}</a>'
            words = Text(f"{who}: {words.html}", words.units)
        old = tagged("code", copied(prompt, MESSAGE.lines))
        field = ForceReply(selective=True, input_field_placeholder=say("telegram.words_field", self._locale))
        self._desk.owe(asked, lambda: self._send(asked, question, joined("\n", [words, old]).html, field))

    async def answer(self, asked: Asked, message: Message) -> bool:
        """Take a text as the answer to what its person was asked, if it can be one; raises `UserError`."""
        question = Question.read(await self._commands.question(asked.origin))
        if question is None or not _answers(message, question, asked):
            return False
        words = message.text or ""
        if question.job is None:
            made = await self._commands.say(asked.origin, f"/imagine {words}", question.picked)
        else:
            made = await self._commands.words(asked.origin, question.job, words)
        if isinstance(made, Accepted):
            await self._commands.answered(asked.origin)
            self._desk.make(asked, made)
            self._forget(asked, question)
        return True

    async def press(self, asked: Asked, query: CallbackQuery) -> None:
        """Turn a page, pick, or forget the question; raises `UserError`."""
        question = Question.read(await self._commands.question(asked.origin))
        shown = query.message.message_id if query.message else None
        if question is None or question.job is not None or question.message not in {None, shown}:
            raise NotFound("telegram.not_asked")
        question = replace(question, message=shown)
        _, what, option, value = (*str(query.data).split(":", 3), "", "", "")[:4]
        if what == "no":
            await self._commands.answered(asked.origin)
            self._forget(asked, question)
            return
        if what == "set":
            question = await self._pick(asked, question, option, value)
        if what == "list" and option in pickers.PICKED:
            choices = await self._commands.choices(option)
            markup = pickers.page(option, choices, int(value) if value.isdecimal() else 0, self._locale)
        else:
            markup = await self._overview(question)
        self._desk.start(self._redraw(asked, question, markup))

    async def _ask(self, asked: Asked, question: Question) -> None:
        """Keep a question in place of the one before, which goes away."""
        before = Question.read(await self._commands.question(asked.origin))
        await self._commands.ask(asked.origin, question.write())
        if before is not None:
            self._forget(asked, before)

    async def _pick(self, asked: Asked, question: Question, option: str, value: str) -> Question:
        """The question with one option picked, or taken back."""
        picked = {name: kept for name, kept in question.picked.items() if name != option}
        if option in pickers.PICKED:
            chosen = [one.value for one in await self._commands.choices(option) if pickers.mark(one.value) == value]
            if chosen:
                picked[option] = chosen[0]
        question = replace(question, picked=picked)
        await self._commands.ask(asked.origin, question.write())
        return question

    async def _overview(self, question: Question) -> InlineKeyboardMarkup | None:
        served = {option.name for entry in self._commands.menu() if entry.name == "imagine" for option in entry.options}
        if len(await self._commands.choices("model")) < 2:  # noqa: PLR2004 - nothing to choose from
            served.discard("model")
        offered = [option for option in pickers.PICKED if option in served]
        return pickers.overview(offered, question.picked, self._locale)

    def _prompt(self, asked: Asked) -> Text:
        how = "telegram.ask_reply" if asked.in_group else "telegram.ask_here"
        question = tagged("b", sentence(say("telegram.ask", self._locale), MESSAGE.title))
        return joined("\n", [question, sentence(say(how, self._locale), MESSAGE.title)])

    async def _send(
        self, asked: Asked, question: Question, text: str, markup: InlineKeyboardMarkup | ForceReply | None
    ) -> None:
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

"""Buttons, on however old a message: an id says the act and what it is done to, and everything else is looked up."""

from __future__ import annotations

from dataclasses import replace

from telegram import CallbackQuery, ChatMemberAdministrator, ChatMemberOwner, Message, Update
from telegram.error import TelegramError

from adapters.chat.telegram import pickers
from adapters.chat.telegram.asked import Asked, pressed
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.limiter import Lane
from adapters.chat.telegram.questions import Questions
from adapters.chat.telegram.refs import Ref
from adapters.chat.telegram.render import turned
from bot.clock import Clock
from bot.commands import FORM_ACTS, PRESS_ACTS, Commands
from bot.errors import NotFound, UserError
from bot.messages import say
from bot.messages.cutting import cut
from bot.messages.plain import plain
from bot.model import Act, Card, CardMedia, Origin, parse_button_id

MODERATED = frozenset({Act.CANCEL, Act.DELETE, Act.ORIGINAL})
ALERT_UNITS = 200
KNOWN_S = 5.0


class Presses:
    """Turns presses into what the commands know, and answers each. Who may do what is decided there."""

    def __init__(self, desk: Desk, commands: Commands, questions: Questions, *, clock: Clock, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._questions = questions
        self._clock = clock
        self._locale = locale
        self._moderators = dict[tuple[str, str], tuple[float, bool]]()

    async def press(self, update: Update, query: CallbackQuery) -> None:
        """Do what a button says; returns when it is done and, or why not, is being told."""
        words = None
        try:
            await self._press(update, query)
        except UserError as error:
            words = self._commands.explain(error)
        except Exception:
            words = say("chat.internal", self._locale)
            raise
        finally:
            self._desk.start(self._answer(query, words))

    async def _press(self, update: Update, query: CallbackQuery) -> None:
        asked, data = pressed(update, query), query.data or ""
        if asked is None:
            raise NotFound("err.not_found")
        if data.startswith(f"{pickers.PREFIX}:"):
            await self._questions.press(asked, query)
            return
        known = parse_button_id(data)
        if known is None:
            raise NotFound("err.not_found")
        await self._do(asked, query, *known)

    async def _do(self, asked: Asked, query: CallbackQuery, act: Act, of: str) -> None:
        if act in FORM_ACTS:
            await self._questions.ask_about(asked, act, of)
        elif act in MODERATED:
            await self._do_as_moderator(asked, query, act, of)
        elif act in PRESS_ACTS:
            self._tell(asked, query, act, await self._commands.press(asked.origin, act, of))
        else:
            await self._do_with_job(asked, query, act, of)

    async def _do_with_job(self, asked: Asked, query: CallbackQuery, act: Act, job_id: str) -> None:
        desk, commands = self._desk, self._commands
        match act:
            case Act.AGAIN:
                desk.make(asked, await commands.again(asked.origin, job_id))
            case Act.RETRY:
                await commands.each(act, job_id, lambda one: self._retry(asked, one))
            case Act.STOP:
                desk.start(self._redraw(query, await commands.stop(asked.origin, job_id)))
            case Act.LOOK:
                await commands.each(act, job_id, lambda one: commands.look(asked.origin, one))
            case Act.DETAILS:
                desk.show(asked, await commands.details(asked.origin, job_id), stays=False)
            case Act.PICK:
                desk.show(asked, await commands.pick(asked.origin, job_id))
            case Act.MORE:
                desk.start(self._more(query))

    def _tell(self, asked: Asked, query: CallbackQuery, act: Act, card: Card) -> None:
        """Show what came of a press; another page in place of the one that was pressed on, where both are words."""
        has_file = isinstance(query.message, Message) and query.message.effective_attachment
        if act is Act.BROWSE and not (card.media or has_file):
            self._desk.start(self._redraw(query, card))
        else:
            self._desk.show(asked, card, stays=act in {Act.SHOW, Act.BROWSE})

    async def _redraw(self, query: CallbackQuery, card: Card) -> None:
        """Show a card in place of the one that was pressed on."""
        message = query.message
        if isinstance(message, Message):
            place = Ref(chat=message.chat_id, message=message.message_id)
            await self._desk.sending.edit_text(place, card, Lane.REPLY)

    async def _retry(self, asked: Asked, job_id: str) -> None:
        origin = replace(asked.origin, update_id=f"{asked.origin.update_id}:{job_id}")  # one press, many jobs
        self._desk.make(asked, await self._commands.retry(origin, job_id))

    async def _do_as_moderator(self, asked: Asked, query: CallbackQuery, act: Act, job_id: str) -> None:
        """What owners may, and those who may remove others' messages at this very moment."""
        try:
            await self._do_as_owner(asked, query, act, job_id)
        except NotFound:
            if not (asked.in_group and await self._moderates(asked.origin)):
                raise
            origin = replace(asked.origin, moderator=True)
            await self._do_as_owner(replace(asked, origin=origin), query, act, job_id)

    async def _do_as_owner(self, asked: Asked, query: CallbackQuery, act: Act, job_id: str) -> None:
        match act:
            case Act.CANCEL:
                await self._commands.each(act, job_id, lambda one: self._commands.cancel(asked.origin, one))
            case Act.DELETE:
                await self._commands.delete(asked.origin, job_id)
                if query.message is not None:  # which may be another one that tells of it
                    self._desk.start(self._desk.take_away(asked.place.chat, query.message.message_id))
            case _:
                media = await self._commands.original(asked.origin, job_id)
                self._desk.originals(asked, job_id, _meant(query, media, job_id))

    async def _moderates(self, origin: Origin) -> bool:
        who, now = (origin.chat, origin.account), self._clock.monotonic()
        until, known = self._moderators.get(who, (now, False))
        if now < until:
            return known
        try:
            member = await self._desk.sending.bot.get_chat_member(int(origin.chat), int(origin.account))
        except TelegramError:
            return False
        may = isinstance(member, ChatMemberOwner) or (
            isinstance(member, ChatMemberAdministrator) and member.can_delete_messages
        )
        self._moderators = {one: kept for one, kept in self._moderators.items() if kept[0] > now}
        self._moderators[who] = (now + KNOWN_S, may)
        return may

    async def _more(self, query: CallbackQuery) -> None:
        """Open or close what stands behind More…, for everybody who sees the message."""
        message = query.message
        if isinstance(message, Message) and message.reply_markup:
            more = turned(message.reply_markup, has_picture=_has_picture(message), locale=self._locale)
            if more is not None:
                await self._desk.sending.bot.edit_message_reply_markup(
                    message.chat_id, message.message_id, reply_markup=more, rate_limit_args=Lane.REPLY
                )

    async def _answer(self, query: CallbackQuery, words: str | None) -> None:
        """End the wait at the button, with words where something was refused."""
        text = cut(plain(words), ALERT_UNITS) if words else None
        await self._desk.sending.bot.answer_callback_query(
            query.id, text=text, show_alert=bool(words), rate_limit_args=Lane.CALLBACK
        )


def _has_picture(message: Message) -> bool:
    """Whether a message is of a job with pictures: it shows one, or has a number for each."""
    numbers = f"j1:{Act.PICK}:"
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    numbered = any(str(button.callback_data).startswith(numbers) for row in rows for button in row)
    return bool(message.photo or message.video or message.document) or numbered


def _meant(query: CallbackQuery, media: tuple[CardMedia, ...], job_id: str) -> tuple[CardMedia, ...]:
    """The one picture that the pressed message shows, or all of its job's message."""
    message = query.message
    if isinstance(message, Message) and (message.photo or message.video or message.document):
        return tuple(one for one in media if one.file.startswith(job_id)) or media
    return media

"""What a command is about: pictures that people send, and results of ours that they reply to."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial

import httpx
from telegram import Document, InlineKeyboardMarkup, Message, PhotoSize
from telegram.error import BadRequest, TelegramError

from adapters.chat.telegram.client import Client, TooLong
from adapters.errands import ends_within
from bot.clock import Clock
from bot.commands import Attached, Shown, Upload
from bot.errors import InvalidRequest, Unavailable
from bot.media import MAX_UPLOAD_BYTES, picture_large
from bot.model import Act, Artifact, parse_button_id

log = logging.getLogger(__name__)

LIMIT_S = 30.0
MOST_ALBUMS = 100
_OF_MANY = frozenset({Act.PICK, Act.STOP, Act.SHOW, Act.BROWSE})
_FIRST = (Act.EDIT, Act.ANIMATE, Act.EFFECT, Act.MORE)
"""The buttons whose id is what a message shows, where others may name something else."""


class Brought:
    """Finds what messages bring, and fetches it from Telegram when it is needed."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def to(self, message: Message) -> tuple[Attached, ...]:
        """What stands over the words of a message, else what it replies to."""
        own = self.upload(message)
        replied = message.reply_to_message
        if own is not None or replied is None:
            return (own,) if own else ()
        is_ours = replied.from_user is not None and replied.from_user.id == self._client.id
        if is_ours and (shown := shown_in(replied.reply_markup)):
            return (Shown(shown),)
        theirs = self.upload(replied)
        return (theirs,) if theirs else ()

    def upload(self, message: Message) -> Upload | None:
        """The file of a message, whatever it is; None: it has none."""
        picture = picture_of(message)
        if picture is not None:
            return Upload(partial(self._read, picture), picture.file_size)
        return Upload(_no_picture) if message.effective_attachment else None

    async def _read(self, picture: PhotoSize | Document) -> Artifact:
        """Raises `UserError`."""
        if (picture.file_size or 0) > MAX_UPLOAD_BYTES:
            raise picture_large()
        reading = asyncio.create_task(self._client.read(picture.file_id, max_bytes=MAX_UPLOAD_BYTES))
        try:
            if await ends_within(self._clock, LIMIT_S, reading):
                return Artifact(await reading)
            log.info("a picture did not come within %s s", LIMIT_S)
        except TooLong:
            raise picture_large() from None
        except BadRequest as error:
            if "too big" in error.message:
                raise picture_large() from None
            raise InvalidRequest("telegram.err.file") from None
        except (TelegramError, httpx.HTTPError) as error:
            log.info("a picture did not come: %s", type(error).__name__)
        finally:
            reading.cancel()
            await asyncio.wait({reading})
        raise Unavailable("telegram.err.file_later")


class Albums:
    """Albums come as a message for each of their pictures; the first that comes is the one that counts."""

    def __init__(self) -> None:
        self._begun = deque[str](maxlen=MOST_ALBUMS)

    def begins(self, message: Message) -> bool:
        """Whether nothing of the album of a message came before; so does whatever stands alone."""
        album = message.media_group_id
        if album in self._begun:
            return False
        if album is not None:
            self._begun.append(album)
        return True


def is_picture(message: Message) -> bool:
    """Whether a message is a photo, or a file that is said to be a picture."""
    document = message.document
    return bool(message.photo) or (document is not None and (document.mime_type or "").startswith("image/"))


def picture_of(message: Message) -> PhotoSize | Document | None:
    """The photo at its largest, or the file, which may be of any type."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height)
    return None if message.animation else message.document


def shown_in(markup: InlineKeyboardMarkup | None) -> str | None:
    """What a message of ours is about, by its buttons; None: nothing, or several things."""
    rows = markup.inline_keyboard if markup else ()
    known = [found for row in rows for one in row if (found := parse_button_id(str(one.callback_data)))]
    ids = {act: id_ for act, id_ in known if act not in _OF_MANY}
    first = next((ids[act] for act in _FIRST if act in ids), None)
    return first or (next(iter(ids.values())) if len(set(ids.values())) == 1 else None)


async def _no_picture() -> Artifact:
    raise InvalidRequest("err.not_picture")

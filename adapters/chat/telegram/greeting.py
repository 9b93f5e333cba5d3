"""What /start says: a greeting with a picture and examples to copy, or what a link leads to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from telegram import InputFile

from adapters.chat.telegram.asked import Asked
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.markup import Text, copied, joined, sentence, tagged
from adapters.chat.telegram.render import CAPTION
from adapters.chat.telegram.sending import HTML, to
from bot.messages import say

PICTURE = Path(__file__).parent / "greeting.jpg"
EXAMPLES = ("telegram.example_1", "telegram.example_2", "telegram.example_3")


class Greeting:
    """Uploads its picture once; afterwards Telegram has it. `pictures`: something can be done with people's own."""

    def __init__(self, desk: Desk, locale: str, *, pictures: bool) -> None:
        self._desk = desk
        self._pictures = pictures
        self._locale = locale
        self._file_id: str | None = None

    def greet(self, asked: Asked) -> None:
        if asked.in_group:
            self._desk.tell(asked, say("telegram.hello_group", self._locale))
        else:
            self._desk.owe(asked, lambda: self._greet(asked))

    async def _greet(self, asked: Asked) -> None:
        picture = self._file_id or InputFile(await asyncio.to_thread(PICTURE.read_bytes), filename=PICTURE.name)
        caption = self._words().html
        sent = await self._desk.sending.bot.send_photo(
            photo=picture, caption=caption, parse_mode=HTML, **to(asked.place)
        )
        self._file_id = sent.photo[-1].file_id if sent.photo else None

    def _words(self) -> Text:
        examples = [tagged("code", copied(say(example, self._locale), CAPTION.prompt)) for example in EXAMPLES]
        hello, *more = (
            sentence(say(key, self._locale), CAPTION.lines)
            for key in ("telegram.hello", "telegram.hello_more", *["telegram.hello_picture"] * self._pictures)
        )
        return joined("\n\n", [hello, *examples, *more])

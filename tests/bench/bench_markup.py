"""Prompts of all kinds on cards of Telegram: what its parser refuses, what is cut inside a character or too long."""

from __future__ import annotations

from collections import Counter

from chat.cards import done, queued
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim.telegram import html
from sim.telegram.entities import units

from adapters.chat.telegram.render import CAPTION, MESSAGE, draw
from bot.cards import PROMPT_CHARS
from bot.messages.cutting import one_line
from bot.testing.clock import START

STRINGS = 10_000
MARKUP = st.lists(st.sampled_from(["<", ">", "&", "</b>", "<b>", "&lt;", "&#x", "@ada", "👩\u200d👧", "🇩🇪", "x", " "]))


async def main() -> dict[str, float]:
    seen = Counter[str]()

    @settings(max_examples=STRINGS, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(min_size=1, max_size=2000) | MARKUP.map("".join))
    def show(text: str) -> None:
        seen["strings"] += 1
        prompt = one_line(text, PROMPT_CHARS)
        for card, room in ((queued(prompt=prompt), MESSAGE), (done("a.png", title=prompt, prompt=prompt), CAPTION)):
            try:
                shown, _ = html.parse(draw(card, room, now=START))
                seen["too long"] += units(shown) > room.all
                shown.encode("utf-16-le")
            except html.Unparsable:
                seen["refused by the parser"] += 1
            except UnicodeEncodeError:
                seen["cut inside a character"] += 1

    show()
    figures = ("strings", "refused by the parser", "cut inside a character", "too long")
    return {figure: float(seen[figure]) for figure in figures}

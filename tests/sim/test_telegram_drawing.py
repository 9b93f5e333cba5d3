"""The drawing of the simulated Telegram: what is drawn how, and that nothing is left out."""

from __future__ import annotations

from typing import Any

import pytest
from sim.telegram import drawing
from sim.telegram import html as telegram_html
from sim.telegram.entities import settle
from sim.telegram.state import Message, Version
from sim.telegram.world import World

from bot.testing.clock import START, FakeClock


def drawn(source: str) -> str:
    return drawing.html(*settle(*telegram_html.parse(source)), now=START)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("<b>a <i>b</i></b> c", "<b>a <i>b</i></b> c"),
        ("👍 <b>👍</b> x", "👍 <b>👍</b> x"),
        ("a\n<blockquote>b</blockquote>\nc", "a<br><blockquote>b</blockquote><br>c"),
        ("<code>/imagine a</code> /help", "<code>/imagine a</code> <a>/help</a>"),
        (f'in <tg-time unix="{START + 30:.0f}" format="r">x</tg-time>', "in <u class=time>in 30 seconds</u>"),
        (f'<tg-time unix="{START - 120:.0f}" format="r">x</tg-time>', "<u class=time>2 minutes ago</u>"),
    ],
)
def test_entities_are_drawn_as_they_nest(source: str, shown: str) -> None:
    assert drawn(source) == shown


def test_an_entity_that_is_not_known_is_not_left_out() -> None:
    with pytest.raises(ValueError, match="spoiler"):
        drawn("<tg-spoiler>a</tg-spoiler>")


def in_world(**version: Any) -> tuple[World, Message]:
    world = World(FakeClock())
    ada = world.person("ada")
    mine = world.add(world.private(ada), ada, Version(START, "/imagine <fox>"))
    message = world.add(world.private(ada), world.bot, Version(START, **version), reply_to=mine)
    return world, message


def test_a_message_is_drawn_with_what_it_answers_and_its_buttons() -> None:
    keyboard = (({"text": "A & b", "callback_data": "x", "style": "danger"}, {"text": "open", "url": "https://x.y"}),)
    world, message = in_world(text="Queued", keyboard=keyboard)
    shown = drawing.message(message, world)
    assert "/imagine &lt;fox&gt;" in shown
    assert "<span class='button danger'>A &amp; b</span>" in shown
    assert "open<em>↗</em>" in shown


def test_what_is_gone_and_what_asks_for_an_answer_say_so() -> None:
    world, message = in_world(text="Which words?")
    message.asks_reply = {"force_reply": True, "input_field_placeholder": "The new words"}
    assert "The new words" in drawing.message(message, world)
    message.deleted = True
    assert "was deleted" in drawing.message(message, world)

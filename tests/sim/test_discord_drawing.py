"""The drawing of what Discord shows: its markdown, every kind of part that we use, and none left out."""

from __future__ import annotations

from typing import Any

import pytest
from sim.discord import drawing, markdown
from sim.discord.components import complete
from sim.discord.markdown import Names
from sim.discord.state import Asked, Channel, Flag, Interaction, Message, Version
from sim.discord.world import World
from sim.looks.discord_sources import perform

from bot.testing.clock import START, FakeClock

NAMES = Names(now=START, people={"1": "Ada"}, channels={"2": "art"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** *i* _i_ __u__ ~~s~~ ||x||",
         "<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s> <span class=spoiler>x</span>"),
        ("***both***", "<strong><em>both</em></strong>"),
        ("**a \\** b**", "<strong>a ** b</strong>"),
        ("a_b_c and 2*3", "a_b_c and 2*3"),
        (r"\*a\* \_b\_ \# \<@1\>", "*a* _b_ # &lt;@1&gt;"),
        (r"a\b", r"a\b"),
        ("# one\ntwo", "<h1>one</h1>two"),
        ("### three", "<h3>three</h3>"),
        ("#### four", "#### four"),
        (r"\# none", "# none"),
        ("a # b", "a # b"),
        ("-# small\nnot", "<small>small</small>not"),
        ("> a\n> b\nc", "<blockquote>a\nb</blockquote>c"),
        (">>> a\nb", "<blockquote>a\nb</blockquote>"),
        (">a", "&gt;a"),
        ("- a\n- b", '<ul><li style="margin-left:0px">a</li><li style="margin-left:0px">b</li></ul>'),
        ("7. a", '<ol start="7"><li style="margin-left:0px">a</li></ol>'),
        (r"7\. a", "7. a"),
        ("`a *b*` ``c`d``", "<code>a *b*</code> <code>c`d</code>"),
        ("```py\n**a**\n```", "<pre>**a**</pre>"),
        ("https://a.example/b. <https://c.example>", "<a>https://a.example/b</a>. <a>https://c.example</a>"),
        ("HTTPS://a.example steam://run/1", "<a>HTTPS://a.example</a> <a>steam://run/1</a>"),
        ("[x](https://a.example)", '<a title="https://a.example">x</a>'),
        ("[x](a)", "[x](a)"),
        (r"\[x\](https\://a.example)", "[x](https://a.example)"),
        ("<@1> <@!1> <@9>",
         "<span class=mention>@Ada</span> <span class=mention>@Ada</span> <span class=mention>@unknown-user</span>"),
        ("<#2> <@&34567> </show:9>",
         "<span class=mention>#art</span> <span class=mention>@role-4567</span> <span class=mention>/show</span>"),
        ("@everyone", "<span class=mention>@everyone</span>"),
        ("<:fox:1> :fox:", "<span class=emoji>fox</span> <span class=emoji>fox</span>"),
        (f"<t:{START + 28:.0f}:R>", "<span class=time>in 28 seconds</span>"),
        ("<b>&", "&lt;b&gt;&amp;"),
    ],
)  # fmt: skip
def test_markdown_is_read_as_discord_reads_it(text: str, html: str) -> None:
    assert markdown.html(text, NAMES) == html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in a second"), (59, "in 59 seconds"), (60, "in a minute"), (150, "in 2 minutes"), (-7200, "2 hours ago")],
)
def test_times_are_worded_as_the_client_words_them(seconds: float, words: str) -> None:
    assert markdown.relative(seconds) == words


class Wall:
    """A channel on which messages of the bot can be put up."""

    def __init__(self) -> None:
        self.world = World(FakeClock())
        self.ada = self.world.person("ada")
        self.art: Channel = self.world.channel(self.world.guild("Meadow"), "art")

    def put(self, *components: dict[str, Any], flags: Flag = Flag.COMPONENTS_V2, **more: Any) -> Message:
        parts = list(components)
        complete(parts)
        told = {"content": more.pop("content", ""), "attachments": tuple(more.pop("attachments", ()))}
        version = Version(self.world.clock.now(), components=tuple(parts), flags=flags, **told)
        return self.world.add(self.art, self.world.bot, version, **more)

    def draw(self, message: Message) -> str:
        return drawing.message(message, self.world)


def test_every_kind_of_part_that_a_card_has_is_drawn() -> None:
    wall = Wall()
    picture = wall.world.attachment(wall.art, "a.png", b"bytes")
    media = {"url": "attachment://a.png", "attachment_id": str(picture.id)}
    button = {"type": 2, "style": 4, "label": "Delete", "custom_id": "x", "emoji": {"name": "🗑"}}
    shown = wall.draw(
        wall.put(
            {
                "type": 17,
                "accent_color": 0x23A55A,
                "components": [
                    {"type": 10, "content": "# Title\n<b>"},
                    {"type": 14},
                    {"type": 12, "items": [{"media": media, "description": "a <fox>"}]},
                    {"type": 1, "components": [button]},
                ],
            },
            attachments=[picture],
        )
    )
    for part in (
        'class=container style="border-left-color:#23a55a"',
        "<h1>Title</h1>&lt;b&gt;",
        "class=separator",
        'src="data:image/png;base64,Ynl0ZXM=" alt="a &lt;fox&gt;"',
        '<span class="button danger"><span>🗑</span>Delete</span>',
    ):
        assert part in shown


def test_a_kind_that_is_not_known_raises() -> None:
    wall = Wall()
    with pytest.raises(ValueError, match="kind 13"):
        wall.draw(wall.put({"type": 13, "file": {"url": "attachment://a"}}))


def test_it_is_told_who_sees_a_message_and_what_it_answers() -> None:
    wall = Wall()
    asked = Interaction(1, "t", Asked.COMMAND, wall.ada, wall.art, {"type": 1, "name": "imagine"}, START, {}, 0)
    private = wall.put(content="No.", flags=Flag.EPHEMERAL, only_for=wall.ada, interaction=asked)
    assert all(part in wall.draw(private) for part in ("Only you can see this", "Ada</b> used <a>/imagine</a>", "No."))
    reply = wall.draw(wall.put(content="Ready.", flags=Flag(0), reply_to=private))
    assert "<b>Limner</b> No." in reply
    assert "Only you" not in reply


def test_what_is_not_there_yet_or_no_more_is_said() -> None:
    wall = Wall()
    waiting = wall.put(flags=Flag.LOADING)
    assert "Limner is thinking…" in wall.draw(waiting)
    waiting.deleted = True
    assert "was deleted" in wall.draw(waiting)


def test_a_form_shows_its_fields_with_what_stands_in_them() -> None:
    field = {"type": 4, "style": 2, "custom_id": "w", "value": "a <fox>"}
    shown = drawing.modal({"title": "Change", "components": [{"type": 18, "label": "Words", "component": field}]})
    assert "<label>Words<i> *</i></label>" in shown
    assert '<div class="field tall">a &lt;fox&gt;</div>' in shown


async def test_a_scene_of_the_real_bot_can_be_looked_at() -> None:
    looks = {look.name: look.html for look in await perform("too-fast")}
    assert list(looks) == ["too-fast"]
    assert "Try again in 60 seconds." in looks["too-fast"]

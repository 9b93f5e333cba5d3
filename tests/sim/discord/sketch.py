"""A small bot on the real discord.py, with which the simulation is tried."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from sim.discord.library import discord, speaking_to
from sim.discord.simulation import Simulation
from sim.discord.state import Channel, Person
from sim.discord.world import TOKEN

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
app_commands = discord.app_commands
Interaction = discord.Interaction[Any]
Handler = Callable[[Interaction], Awaitable[Any]]


def somewhere(simulation: Simulation) -> tuple[Person, Channel]:
    """A person and a channel of a server."""
    return simulation.person("ada"), simulation.channel(simulation.guild("Meadow"), "art")


def picture(name: str = "fox.png", data: bytes = PNG) -> discord.File:
    return discord.File(io.BytesIO(data), filename=name, description="a fox")


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"j1:(?P<act>[a-z]+):(?P<job>[0-9A-Z]+)"):
    """Known again after a restart by its id alone."""

    def __init__(self, act: str, job: str = "K7F3") -> None:
        super().__init__(discord.ui.Button(label=act.title(), custom_id=f"j1:{act}:{job}"))
        self.act, self.job = act, job

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> JobButton:
        return cls(match["act"], match["job"])

    async def callback(self, interaction: Interaction) -> None:
        interaction.client.pressed.append((self.act, self.job))
        await interaction.client.on_press(interaction)


class Card(discord.ui.LayoutView):
    """Text, perhaps a picture, and one button."""

    def __init__(self, text: str, *, act: str = "cancel", shows: str | None = None) -> None:
        super().__init__(timeout=None)
        box: discord.ui.Container[Any] = discord.ui.Container(discord.ui.TextDisplay(text))
        if shows:
            box.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{shows}", description=text)))
        box.add_item(discord.ui.ActionRow(JobButton(act)))
        self.add_item(box)


class Words(discord.ui.Modal, title="Change words"):
    words: Any = discord.ui.Label(
        text="Words", component=discord.ui.TextInput(custom_id="words", style=discord.TextStyle.paragraph)
    )
    hidden: Any = discord.ui.Label(text="Only I see it", component=discord.ui.Checkbox(custom_id="hidden"))
    quality: Any = discord.ui.Label(
        text="Quality",
        component=discord.ui.RadioGroup(
            custom_id="quality",
            options=[discord.RadioGroupOption(label=one, value=one, default=one == "high") for one in ("low", "high")],
        ),
    )
    source: Any = discord.ui.Label(text="File", component=discord.ui.FileUpload(custom_id="source", required=False))

    async def on_submit(self, interaction: Interaction) -> None:
        sent = [file.filename for file in self.source.component.values]
        said = (self.words.component.value, self.hidden.component.value, self.quality.component.value, sent)
        await interaction.response.send_message(view=Card(repr(said)))


class Sketch(discord.AutoShardedClient):
    """`on_command`, `on_press` and `on_choice` are set by tests; `errors` holds what went wrong in them."""

    def __init__(self, simulation: Simulation, **options: Any) -> None:
        defaults = {"intents": discord.Intents(guilds=True), "allowed_mentions": discord.AllowedMentions.none()}
        super().__init__(**{**defaults, **options})
        self.simulation = simulation
        self.tree = app_commands.CommandTree(self)
        self.tree.error(self._failed)
        self.on_command: Handler = self._show_queued
        self.on_press: Handler = self._open_modal
        self.on_choice: Callable[[list[str]], None] = list.clear
        self.pressed: list[tuple[str, str]] = []
        self.errors: list[BaseException] = []
        self.ended: BaseException | None = None
        self.resumed = 0

    async def setup_hook(self) -> None:
        self.add_dynamic_items(JobButton)
        for command in commands():
            self.tree.add_command(command)
        await self.tree.sync()

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Do not wait 5 s, as discord.py would; the simulation says itself when it was too early."""

    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            self.on_choice(cast("Any", interaction.data).get("values", []))

    async def on_shard_resumed(self, _: int) -> None:
        self.resumed += 1
        self.simulation.journal.tell()

    def note_end(self, running: asyncio.Task[None]) -> None:
        self.ended = None if running.cancelled() else running.exception()
        self.simulation.journal.tell()

    async def _failed(self, _: Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(error.__cause__ or error)
        self.simulation.journal.tell()

    async def _show_queued(self, interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Queued"))

    async def _open_modal(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(Words())


async def styles(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=style.title(), value=style) for style in ("anime", "oil") if typed in style]


@app_commands.autocomplete(style=styles)
@app_commands.choices(shape=[app_commands.Choice(name="Square", value="1:1")])
async def imagine(
    interaction: Interaction,
    *,
    prompt: app_commands.Range[str, 1, 2000],
    style: str = "",
    shape: str = "1:1",
    image: discord.Attachment | None = None,
    count: app_commands.Range[int, 1, 4] = 1,
) -> None:
    interaction.extras.update(prompt=prompt, style=style, shape=shape, image=image, count=count)
    await interaction.client.on_command(interaction)


async def edit_this(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(view=Card(message.attachments[0].filename), ephemeral=True)


async def about(interaction: Interaction, person: discord.User) -> None:
    await interaction.response.send_message(person.name)


async def limits(interaction: Interaction) -> None:
    await interaction.response.send_message("none")


EVERYWHERE: Any = {
    "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
}


def commands() -> list[Any]:
    manager = discord.Permissions(manage_guild=True)
    server = app_commands.Group(name="server", description="Here", default_permissions=manager, guild_only=True)
    server.add_command(app_commands.Command(name="limits", description="Limits", callback=limits))
    return [
        app_commands.Command(name="imagine", description="Draw a picture", callback=imagine, **EVERYWHERE),
        app_commands.ContextMenu(name="Edit this picture", callback=edit_this, **EVERYWHERE),
        app_commands.ContextMenu(name="About", callback=about, **EVERYWHERE),
        server,
    ]


@asynccontextmanager
async def sketch_bot(simulation: Simulation, *, token: str = TOKEN, **options: Any) -> AsyncIterator[Sketch]:
    """A bot that has connected, or has ended: then `ended` holds the reason."""
    bot = Sketch(simulation, **options)
    with speaking_to(simulation):
        running = asyncio.create_task(bot.start(token))
        running.add_done_callback(bot.note_end)
        before = len(simulation.gateway.connected)
        try:
            await simulation.until(lambda: bot.ended or len(simulation.gateway.connected) > before)
            yield bot
        finally:
            await bot.close()
            await asyncio.wait([running])

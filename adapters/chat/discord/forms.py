"""Forms as Discord's modals, and what comes back of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from adapters.chat.discord.brought import Brought, attached
from adapters.chat.discord.commands import choices
from adapters.chat.discord.components import walk
from bot.commands import Form, MenuOption, Suggestion
from bot.messages import say
from bot.messages.cutting import whole
from bot.model import Act
from bot.parsing import NAME_CHARS, NICKNAME_CHARS, PROMPT_CHARS

WORDS, IMAGE, WHICH = "words", "image", "which"
ASKED = frozenset({"quality", "seconds", "audio", "model"})
"""The options that a form asks for; commands take all."""
MOST_FIELDS, MOST_CHOICES = 5, 25
TITLE_CHARS, LABEL_CHARS, TEXT_CHARS = 45, 45, 100

Field = ui.Item[Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as somebody sent it; `file` is what they attached, `which` the value of the picture that they chose."""

    words: str
    options: dict[str, str]
    file: Brought | None
    which: str


def modal(
    form: Form,
    custom_id: str,
    locale: str,
    *,
    titles: Mapping[str, str],
    pictures: Sequence[Suggestion] = (),
    attach: bool = False,
) -> ui.Modal:
    """Its words, which of several `pictures`, a file where one can be attached, and what is chosen most.

    `titles` are what people call the models.
    """
    drawn = ui.Modal(title=whole(form.title, TITLE_CHARS), custom_id=custom_id)
    for label in [*_main(form, locale, pictures, attach=attach), *_options(form, titles)][:MOST_FIELDS]:
        drawn.add_item(label)
    drawn.stop()  # discord.py keeps every form that is not; what is sent is known by its id alone
    return drawn


def read(data: Mapping[str, Any]) -> Filled:
    """What was filled in, by the data of an interaction."""
    values = dict(_values(data["components"]))
    words, file, which = (values.pop(name, "") for name in (WORDS, IMAGE, WHICH))
    options = {name: value for name, value in values.items() if value}
    return Filled(words, options, attached(data, file) if file else None, which)


def _main(form: Form, locale: str, pictures: Sequence[Suggestion], *, attach: bool) -> Iterator[ui.Label[Any]]:
    words = _select(WORDS, form.choices, required=True) if form.choices else _text(form)
    yield ui.Label(text=whole(form.label, LABEL_CHARS), component=words)
    if len(pictures) > 1:
        yield ui.Label(text=say("discord.form.which", locale), component=_select(WHICH, pictures, required=True))
    if attach:
        upload = ui.FileUpload[Any](custom_id=IMAGE, required=False)
        otherwise = say("discord.form.image_or", locale)
        yield ui.Label(text=say("discord.form.image", locale), description=otherwise, component=upload)


def _text(form: Form) -> Field:
    """The words as they are, to be changed."""
    style, most = discord.TextStyle.paragraph, PROMPT_CHARS
    if form.act is Act.RENAME:
        style, most = discord.TextStyle.short, NICKNAME_CHARS
    return ui.TextInput(style=style, custom_id=WORDS, default=form.words[:most], max_length=most)


def _options(form: Form, titles: Mapping[str, str]) -> Iterator[ui.Label[Any]]:
    for option in form.options:
        if option.name in ASKED and len(option.choices) != 1:
            hint = None if option.choices else option.hint
            yield ui.Label(text=option.name.capitalize(), description=hint, component=_option(option, titles))


def _option(option: MenuOption, titles: Mapping[str, str]) -> Field:
    offered = [replace(one, label=titles.get(one.value, one.label)) for one in choices(option)]
    if not offered:
        return ui.TextInput(custom_id=option.name, required=False, max_length=NAME_CHARS)
    if option.name == "model":
        return _select(option.name, offered, required=False)
    radios = [discord.RadioGroupOption(label=one.label, value=one.value) for one in offered]
    return ui.RadioGroup(custom_id=option.name, required=False, options=radios)


def _select(name: str, offered: Sequence[Suggestion], *, required: bool) -> Field:
    chosen = [
        discord.SelectOption(label=whole(one.label, TEXT_CHARS), value=one.value) for one in offered[:MOST_CHOICES]
    ]
    return ui.Select(custom_id=name, required=required, min_values=int(required), options=chosen)


def _values(components: object) -> Iterator[tuple[str, str]]:
    """Every field by its name, with what stands in it."""
    for part in walk(components):
        if name := part.get("custom_id"):
            value = part.get("value") or next(iter(part.get("values", ())), "")
            yield name, str(value)

"""Commands that make something: from words alone, or from words and a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import answers
from bot.commands.attached import Attached, Shown
from bot.commands.defaults import Defaults
from bot.commands.lookup import Lookup
from bot.commands.menu import MenuOption, capability_of, options_of_all
from bot.commands.sources import TO_COME, Meant, Sources, id_of
from bot.commands.suggesting import Suggestion
from bot.errors import InvalidRequest, ProviderError, Unavailable, UserError
from bot.jobs.manager import JobManager
from bot.messages import say
from bot.model import Act, Capability, Card, GenerationRequest, Origin, Source
from bot.parsing import SOURCES, Command, Offered, to_request
from bot.policy import able, doing, few, named, takes
from bot.provider import Effect
from bot.store import Accepted


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What is to be asked before an act is done: words, and options as far as they fit.

    `title` has at most 45 characters, `label` names the words, and `words` stand there already.
    `choices`: the words are one of these, where there are any.
    """

    act: Act
    title: str
    label: str
    words: str = ""
    options: tuple[MenuOption, ...] = ()
    choices: tuple[Suggestion, ...] = ()


class Making:
    """Requests out of commands. Everything raises `UserError`."""

    def __init__(
        self,
        manager: JobManager,
        offered: Mapping[str, Offered],
        locale: str,
        *,
        lookup: Lookup,
        defaults: Defaults,
        sources: Sources,
    ) -> None:
        self._manager = manager
        self._offered = offered
        self._locale = locale
        self._lookup = lookup
        self._defaults = defaults
        self._sources = sources

    async def make(self, origin: Origin, command: Command, attached: Sequence[Attached] = ()) -> Accepted:
        """Do what a command asks for, with what came beside it."""
        capability = capability_of(command.name)
        assert capability is not None
        if capability is Capability.TEXT_TO_IMAGE:
            return await self._manager.accept(origin, await self._defaults.used_in(origin, command))
        if capability is Capability.APPLY_EFFECT and not command.words:
            raise InvalidRequest("err.which_effect", known=few([one.title for one in await self._known_effects()]))
        offered = self._offered[command.name]
        if not offered.sources:
            return await self._manager.accept(origin, to_request(command, offered))
        to_request(command, offered)  # whatever is wrong with it, before anything is fetched
        try:
            meant = await self._sources.meant(origin, command, attached, capability)
            request = await self._requested(origin, command, meant)
        except UserError as refusal:
            return await self._manager.accepted_before(origin, refusal)
        try:
            accepted = await self._manager.accept(origin, request)
        except UserError:
            await self._sources.drop(meant, request.source)
            raise
        if accepted.repeated:  # with the picture of the first time
            await self._sources.drop(meant, request.source)
        await self._sources.used(origin, meant)
        return accepted

    async def _requested(self, origin: Origin, command: Command, meant: Meant) -> GenerationRequest:
        """What a command asks for, with its source, which is stored by now."""
        rest = replace(command, options={key: value for key, value in command.options.items() if key not in SOURCES})
        request = to_request(rest, self._offered[command.name], meant.source)
        request = await self._with_usual_model(origin, request)
        if not meant.as_it_is:
            await self._manager.check(origin, request)
        return replace(request, source=await self._sources.stored(origin, meant))

    async def _with_usual_model(self, origin: Origin, request: GenerationRequest) -> GenerationRequest:
        """The request with the model that the person prefers, if that serves all of it."""
        usual = (await self._defaults.of(origin)).model
        if request.model or not usual:
            return request
        preferred = replace(request, model=usual)
        try:
            named(usual, [offer for offer in self._manager.offers if takes(offer, request.source)])
            await self._manager.check(origin, preferred)
        except UserError:
            return request
        return preferred

    async def form(self, origin: Origin, act: Act, source_id: str) -> Form:
        """What to ask before something of ours is edited, animated or changed."""
        source = await self._sources.of_id(origin, source_id)
        form = self._form(act, source)
        if act is not Act.EFFECT:
            return form
        return replace(form, choices=tuple(Suggestion(one.title, one.key) for one in await self._known_effects()))

    async def _known_effects(self) -> tuple[Effect, ...]:
        try:
            effects = await self._lookup.effects()
        except ProviderError as error:
            raise Unavailable("err.asleep") from error
        if not effects:
            raise InvalidRequest("err.no_effects")
        return effects

    def check_uploads(self) -> None:
        """Raises `InvalidRequest` where nothing can be made from what people bring."""
        if not able(self._manager.offers, TO_COME):
            raise InvalidRequest("err.no_uploads")

    async def choose(self, origin: Origin, attached: Attached) -> Card:
        """Keep a source for the person's next command."""
        meant = await self._sources.pointed_at(origin, attached)
        source = meant.source
        if meant.brought is not None:
            self.check_uploads()
            source = await self._sources.keep(origin, meant.brought)
        if not able(self._manager.offers, source):
            raise InvalidRequest("err.not_for_this")
        await self._sources.choose(origin, id_of(source))
        return answers.sentence("answer.chosen", self._locale)

    def blank(self, act: Act) -> Form:
        """The same before its source is known; raises `InvalidRequest` where nothing can do it."""
        return self._form(act, None)

    def _form(self, act: Act, source: Source | None) -> Form:
        capability = capability_of(act)  # such a button is called as its command
        assert capability is not None
        can = doing(self._manager.offers, capability)
        fit = [offer for offer in can if source is None or takes(offer, source)]
        if not fit:
            raise InvalidRequest("err.not_for_this")
        options = options_of_all(fit, capability, self._locale)
        return Form(
            act=act,
            title=say(f"form.{act}", self._locale),
            label=say(f"form.{act}.words", self._locale),
            options=tuple(option for option in options if option.name not in SOURCES),
        )

    async def fill(self, origin: Origin, act: Act, source_id: str, words: str, options: Mapping[str, str]) -> Accepted:
        """Do what a form asked about."""
        return await self.make(origin, Command(act, words, dict(options)), (Shown(source_id),))

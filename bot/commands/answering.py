"""What commands do that people type or choose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot import answers
from bot.cards import can_cancel
from bot.commands import models
from bot.commands.attached import Attached
from bot.commands.characters import CharacterCommands
from bot.commands.defaults import Defaults
from bot.commands.lookup import Lookup
from bot.commands.making import Making
from bot.commands.menu import capability_of, example, names, options_of_all, unknown
from bot.commands.presses import Presses, anew
from bot.errors import Flags, InvalidRequest, WrongState
from bot.jobs.manager import JobManager
from bot.model import Capability, Card, Origin
from bot.parsing import GROUPS, Command, to_preferences
from bot.policy import Rules
from bot.store import Accepted
from bot.surface import Spelling

LISTED = 12
TAKEN = {"character rename": {"name"}}
"""The options of commands that make nothing."""


class Answering:
    """Answers every command of the menu with an accepted message or with a card."""

    def __init__(
        self,
        manager: JobManager,
        rules: Rules,
        locale: str,
        *,
        lookup: Lookup,
        presses: Presses,
        defaults: Defaults,
        making: Making,
        characters: CharacterCommands,
    ) -> None:
        self._manager = manager
        self._rules = rules
        self._locale = locale
        self._lookup = lookup
        self._presses = presses
        self._defaults = defaults
        self._making = making
        self._characters = characters
        self.names = names(manager.offers, browsing=characters.browsing)
        self._plain: dict[str, Callable[[Origin, str], Awaitable[Accepted | Card]]] = {
            "again": self._again,
            "show": self._show,
            "details": self._details,
            "jobs": lambda origin, _: self.jobs(origin),
            "cancel": self._cancel,
            "quota": self._quota,
            "styles": self._styles,
            "models": self._models,
            "history": self._history,
            "help": self._help,
            "privacy": self._privacy,
        }

    async def to(self, origin: Origin, command: Command, attached: Sequence[Attached]) -> Accepted | Card:
        if command.name not in self.names:
            words = command.words.split()[:1] if command.name in GROUPS else []
            raise unknown(" ".join([command.name, *words]), self.names)
        if capability_of(command.name) is not None:
            return await self._making.make(origin, command, attached)
        if command.name == "settings":
            return await self._settings(origin, command)
        if command.options.keys() - TAKEN.get(command.name, set()):
            raise InvalidRequest(
                "err.no_options", command=f"/{command.name}", option=Flags(f"--{next(iter(command.options))}")
            )
        if command.name in self._plain:
            return await self._plain[command.name](origin, command.words)
        return await self._characters.do(origin, command)

    async def _settings(self, origin: Origin, command: Command) -> Accepted | Card:
        preferences = await self._defaults.of(origin)
        if command.options:
            preferences = await self._defaults.set(origin, to_preferences(command, preferences))
        usual = await self._lookup.find_own_character(origin, preferences.character) if preferences.character else None
        return answers.settings(preferences, usual.name if usual else None, self._locale)

    async def _again(self, origin: Origin, words: str) -> Accepted:
        _, job = await self._lookup.meant(origin, words)
        return await self._manager.accept(origin, anew(job.request))

    async def _show(self, origin: Origin, words: str) -> Card:
        message, _ = await self._lookup.meant(origin, words)
        return self._manager.view.card_of(message, platform=origin.platform)

    async def _details(self, origin: Origin, words: str) -> Card:
        _, job = await self._lookup.meant(origin, words)
        return await self._presses.details(origin, job.id)

    async def jobs(self, origin: Origin) -> Card:
        """What the person has running."""
        jobs = await self._lookup.own_open_jobs(origin)
        return answers.running([(job, self._manager.view.percent(job)) for job in jobs], self._locale)

    async def _cancel(self, origin: Origin, words: str) -> Card:
        everything = words.casefold() in ("", "all", "everything")
        if everything:
            jobs = await self._lookup.own_open_jobs(origin)
        else:
            jobs = [(await self._lookup.meant(origin, words))[1]]
        if not jobs:
            raise InvalidRequest("err.nothing_running")
        stoppable = [job for job in jobs if can_cancel(job, self._manager.view.stoppable)]
        if not stoppable:
            raise WrongState("err.not_cancelable")
        for job in stoppable:
            await self._manager.cancel(job.id)
        return answers.canceled(len(stoppable), self._locale)

    async def _quota(self, origin: Origin, _: str) -> Card:
        purse = await self._lookup.purse(origin)
        costs = models.costs(self._manager.offers, self._locale)
        return answers.quota(purse.left, purse.daily, costs, self._lookup.reset_text(), self._locale)

    async def _styles(self, origin: Origin, _: str) -> Card:
        return answers.styles(await self._lookup.styles(), self._locale, self._spelling(origin))

    async def _models(self, origin: Origin, _: str) -> Card:
        closed = await self._manager.closed()
        lines = models.lines(self._manager.offers, closed, self._spelling(origin), self._locale)
        return answers.models(lines, self._locale)

    async def _history(self, origin: Origin, _: str) -> Card:
        own = await self._lookup.own(origin, LISTED)
        return answers.history(own, example(self._manager.offers, self._spelling(origin)), self._locale)

    async def _help(self, origin: Origin, _: str) -> Card:
        options = [
            option.flag for option in options_of_all(self._manager.offers, Capability.TEXT_TO_IMAGE, self._locale)
        ]
        return answers.help_(self.names, options, self._locale, self._spelling(origin))

    async def _privacy(self, _: Origin, __: str) -> Card:
        titles = dict.fromkeys(offer.provider_title for offer in self._manager.offers)
        return answers.privacy(tuple(titles), self._rules.keep_days, self._locale)

    def _spelling(self, origin: Origin) -> Spelling:
        return self._manager.view.spelling(origin.platform)

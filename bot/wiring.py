"""Settings in, running objects out: the only module that knows every adapter and the store."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from ulid import ULID

from adapters.chat.web.password import hash_password
from adapters.media import Fetcher, FileMedia
from bot.chat import ChatContext
from bot.clock import Clock, SystemClock
from bot.commands import Commands
from bot.commands.menu import entries
from bot.config import ProviderSettings, Settings
from bot.errors import InvalidRequest, NotFound, ProviderError, StartError
from bot.jobs.manager import JobManager, Outside
from bot.media import Media
from bot.model import PictureSource, Rest
from bot.originals import Originals
from bot.plugins import load_chats, load_providers, load_setups, provider_names
from bot.policy import Prices, Rules, Terms, offers_of
from bot.provider import Characters, Effects, Pictures, Provider
from bot.setup import Check, Link
from bot.surface import Chat, Surface
from storage.sqlite import folder_key, lock_folder, open_store
from storage.sqlite.inspection import StoreReport, inspect
from storage.sqlite.store import SqliteStore

__all__ = [
    "StoreReport", "hash_password", "inspect_chats", "inspect_store", "let_rest", "let_work", "links",
    "list_providers", "serve",
]  # fmt: skip

log = logging.getLogger(__name__)

GB = 10**9
LINK_LIMIT_S = 20.0  # somebody waits for the answer
DATABASE = "limner.db"
EFFECTS_LIMIT_S = 5.0

Wrap = Callable[[str, Any], Any]


async def serve(settings: Settings, *, on_ready: Callable[[str, Sequence[str]], None]) -> None:
    """Run until SIGTERM or SIGINT, then stop cleanly; raises `StartError` or `StoreUnusable`.

    `on_ready` is told the addresses of the chats and the names of the providers.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings) as (chats, providers):
        on_ready(", ".join(chat.address for chat in chats if chat.address), [provider.name for provider in providers])
        await stop.wait()
        log.info("stopping")


async def links(settings: Settings) -> list[Link]:
    """The links that add the bot to the chat platforms that are switched on; raises `StartError`."""
    return [link for setup in load_setups(settings) for link in await setup.links()]


async def inspect_chats(settings: Settings) -> list[Check]:
    """What the chat platforms say of the bot; changes nothing. Raises `StartError`."""
    setups = load_setups(settings)
    if not setups:
        return []
    providers = load_providers(settings, SystemClock())
    offers = offers_of({provider.name: provider for provider in providers}, rules_of(settings))
    menu = entries(offers, settings.locale, browsing=any(isinstance(provider, Characters) for provider in providers))
    for provider in providers:
        await provider.close()
    return [check for setup in setups for check in await setup.checks(menu)]


async def list_providers(settings: Settings) -> list[str]:
    """A line for each provider that is set up: what it makes and whether it takes jobs. Changes nothing."""
    providers = load_providers(settings, SystemClock())
    async with _store(settings) as store:
        rests = await store.rests()
    for provider in providers:
        await provider.close()
    return [_line(provider, rests.get(provider.name)) for provider in providers]


async def let_rest(settings: Settings, provider: str, reason: str, *, off: bool) -> None:
    """Give a provider no new jobs, also of a bot that is running; `off`: none that wait either."""
    async with _store(settings) as store:
        await store.rest(provider, Rest(reason=reason, since=SystemClock().now(), off=off))


async def let_work(settings: Settings, provider: str) -> None:
    """Take the rest of a provider back."""
    async with _store(settings) as store:
        await store.rest(provider, None)


def _line(provider: Provider, rest: Rest | None) -> str:
    state = "on"
    if rest is not None:
        since = datetime.fromtimestamp(rest.since, UTC)
        state = f"{'off' if rest.off else 'draining'} since {since:%Y-%m-%d %H:%M} UTC: {rest.reason}"
    models = dict.fromkeys(spec.model for spec in provider.specs)
    return f"{provider.name} ({provider.title}): {state}\n  " + ", ".join(models)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[SqliteStore]:
    """The store, beside a running bot or without one; raises `StartError` where that bot is of another version."""
    async with AsyncExitStack() as stack:
        report = await inspect_store(settings)
        if not report.held:
            stack.enter_context(lock_folder(settings.data_dir))
        elif report.schema != report.newest_schema:
            raise StartError("The bot that is running is of another version: restart it first.")
        store = await open_store(settings.data_dir / DATABASE)
        stack.push_async_callback(store.close)
        yield store


async def inspect_store(settings: Settings) -> StoreReport:
    """What is in the data folder; changes nothing."""
    return await asyncio.to_thread(inspect, settings.data_dir / DATABASE)


@asynccontextmanager
async def running(
    settings: Settings, wrap: Wrap = lambda _, port: port
) -> AsyncIterator[tuple[list[Chat], list[Provider]]]:
    """The whole bot, started; stopped in the reverse order at the end, even after a failed start.

    `wrap` may put something between the core and a port; tests put a tripwire there.
    """
    clock, rules = SystemClock(), rules_of(settings)
    surfaces, chats = dict[str, Surface](), list[Chat]()
    async with AsyncExitStack() as stack:
        stack.enter_context(lock_folder(settings.data_dir))
        store = await open_store(settings.data_dir / DATABASE)
        stack.push_async_callback(store.close)
        media = _media(settings, clock)
        stack.push_async_callback(media.close)
        providers = load_providers(settings, clock, _pictures(media))
        for provider in providers:
            stack.push_async_callback(provider.close)
        await asyncio.gather(*map(_learn_effects, providers))
        outside = Outside(
            store=wrap("store", store),
            media=wrap("media", media),
            providers={provider.name: wrap("provider", provider) for provider in providers},
            surfaces=surfaces,
            clock=clock,
            random=secrets.SystemRandom().random,
            new_id=lambda: str(ULID()),
        )
        manager = JobManager(outside, rules, settings.locale)
        commands = Commands(manager, outside, rules, settings.locale)
        await manager.prepare()
        chats += load_chats(
            ChatContext(
                settings=settings,
                commands=commands,
                media=media,
                inbox=outside.store,
                clock=clock,
                health=lambda: {chat.surface.platform: chat.ready() for chat in chats},
                originals=_originals(settings),
            )
        )
        surfaces.update((chat.surface.platform, wrap("surface", chat.surface)) for chat in chats)
        for chat in chats:
            stack.push_async_callback(chat.close)
        stack.push_async_callback(manager.stop)
        for chat in chats:
            stack.push_async_callback(chat.stop_intake)
            await chat.start()
        await manager.resume()
        yield chats, providers


def _media(settings: Settings, clock: Clock) -> FileMedia:
    return FileMedia(
        settings.data_dir / "media",
        clock=clock,
        fetcher=Fetcher(allowed=settings.media.allow_private_hosts),
        links=Fetcher(limit_s=LINK_LIMIT_S),
        keep_days=settings.media.keep_days,
        max_bytes=int(settings.media.max_gb * GB),
    )


async def _learn_effects(provider: Provider) -> None:
    """Ask for the effects once: a provider offers what it knows of, and what it offers is read next."""
    if isinstance(provider, Effects):
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(EFFECTS_LIMIT_S):
                await provider.effects()


def rules_of(settings: Settings) -> Rules:
    """The operator's figures as the policy reads them."""
    return Rules(
        daily_credits=settings.quota.daily_credits,
        prices=Prices(
            image=settings.prices.image,
            high_quality=settings.prices.high_quality,
            video=settings.prices.video,
            character=settings.prices.character,
        ),
        open_jobs_per_user=settings.limits.open_jobs_per_user,
        open_jobs_per_chat=settings.limits.open_jobs_per_chat,
        open_jobs=settings.limits.open_jobs,
        commands_per_minute=settings.limits.commands_per_minute,
        keep_days=settings.media.keep_days,
        terms={name: _terms(settings.providers.named(name)) for name in provider_names()},
    )


def _terms(provider: ProviderSettings) -> Terms:
    return Terms(uploads=provider.uploads, price_factor=provider.price_factor)


def _originals(settings: Settings) -> Originals | None:
    public_url = settings.web.public_url
    return Originals(public_url, folder_key(settings.data_dir)) if public_url else None


def _pictures(media: Media) -> Pictures:
    async def read(source: PictureSource) -> bytes:
        try:
            return await asyncio.to_thread(media.path(source.file).read_bytes)
        except (NotFound, FileNotFoundError):
            raise InvalidRequest("err.source_gone") from None

    return read

"""`python -m bot doctor`: looks at an installation, changes nothing, and says how to mend it."""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config, logs, plugins
from bot.clock import SystemClock
from bot.config import Settings, WebSettings
from bot.errors import StartError
from bot.logs import Redactor
from bot.setup import Check, Status

if TYPE_CHECKING:
    from bot.wiring import StoreReport

PYTHONS = "3.11, 3.12 or 3.13"
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
FULL_DISK_BYTES, LITTLE_DISK_BYTES = 500 * 10**6, 2 * 10**9
ANSWER_S = 3.0


def examine() -> list[Check]:
    """Every check, in the order in which a start would stumble."""
    checks = [_python(), *_env_file(config.ENV_FILE)]
    try:
        settings, strangers = config.load(providers=plugins.provider_names())
    except StartError as error:
        return [*checks, Check("settings", Status.FAILED, str(error), "correct the variables named here")]
    redact = logs.configure(settings, sys.stderr)  # plug-ins may say anything
    checks += [Check("settings", Status.WARNING, sentence, "correct or remove it") for sentence in strangers]
    checks += [] if strangers else [Check("settings", Status.OK, "every variable is known and can be used")]
    folder = _folder(settings.data_dir)
    providers = _providers(settings, redact)
    checks += [providers, folder, _disk(settings.data_dir)]
    report = None if folder.status is Status.FAILED else _report(settings)
    checks += [] if report is None else [_running(report), _database(report)]
    checks += [_port(settings.web, running=report is not None and report.held), _reach(settings.web)]
    return checks if providers.status is Status.FAILED else [*checks, *_chats(settings, redact)]


def exit_code(checks: Sequence[Check]) -> int:
    """0 when all is well, 1 with warnings, 2 with failures."""
    found = {check.status for check in checks}
    return 2 if Status.FAILED in found else 1 if Status.WARNING in found else 0


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        return Check("python", Status.OK, version)
    return Check("python", Status.FAILED, version, f"install Python {PYTHONS}, then `make clean setup`")


def _env_file(path: Path) -> Iterator[Check]:
    if not path.exists():
        return
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Check("env file", Status.WARNING, f"other users can read {path}", f"chmod 600 {path}")
    else:
        yield Check("env file", Status.OK, f"only you can read {path}")


def _providers(settings: Settings, redact: Redactor) -> Check:
    async def names() -> list[str]:
        loaded = plugins.load_providers(settings, SystemClock())
        for provider in loaded:
            await provider.close()
        return [provider.name for provider in loaded]

    try:
        return Check("providers", Status.OK, ", ".join(asyncio.run(names())))
    except StartError as error:
        return Check("providers", Status.FAILED, redact(str(error)), "mend or uninstall it, or correct its settings")


def _folder(folder: Path) -> Check:
    place = _existing(folder)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        fix = f"make {place} a folder that this user can write, or set BOT_DATA_DIR"
        return Check("data folder", Status.FAILED, f"{folder} cannot be written", fix)
    return Check("data folder", Status.OK, str(folder) if folder.exists() else f"{folder} will be made at the start")


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(_existing(folder)).free
    detail, fix = f"{free / 10**9:.1f} GB free", "free some space, or lower BOT_MEDIA__MAX_GB"
    if free < FULL_DISK_BYTES:
        return Check("disk", Status.FAILED, f"{detail}, so new commands are refused", fix)
    if free < LITTLE_DISK_BYTES:
        return Check("disk", Status.WARNING, detail, fix)
    return Check("disk", Status.OK, detail)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there for this user."""
    for place in (path.absolute(), *path.absolute().parents):
        with suppress(OSError):
            if place.exists():
                return place
    return Path("/")


def _report(settings: Settings) -> StoreReport:
    from bot import wiring

    return asyncio.run(wiring.inspect_store(settings))


def _running(report: StoreReport) -> Check:
    return Check("running", Status.OK, "yes, on this data folder" if report.held else "no")


def _database(report: StoreReport) -> Check:
    backup = "put the newest backup in its place (docs/operating.md)"
    if report.trouble is not None:
        return Check("database", Status.FAILED, f"{report.database}: {report.trouble}", backup)
    if report.schema is None:
        return Check("database", Status.OK, "will be made at the start")
    if report.schema > report.newest_schema:
        detail = f"{report.database} is of a newer Limner (schema {report.schema}, not {report.newest_schema})"
        return Check("database", Status.FAILED, detail, f"start that version, or {backup}")
    return Check("database", Status.OK, f"whole, schema {report.schema} of {report.newest_schema}")


def _port(web: WebSettings, *, running: bool) -> Check:
    where = f"{web.host} port {web.port}"
    if running and _answers(web):
        return Check("port", Status.OK, f"{where} is answered by the running bot")
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    try:
        socket.create_server((web.host, web.port), family=family).close()
    except OSError as error:
        why = str(error.strerror or error).partition(" (while attempting")[0]
        detail = f"{where} cannot be used ({why})"
        fix = "set BOT_WEB__PORT to a free port above 1023, or stop the program that has this one"
        return Check("port", Status.FAILED, detail, fix)
    return Check("port", Status.OK, f"{where} is free")


def _answers(web: WebSettings) -> bool:
    connection = http.client.HTTPConnection(web.host, web.port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reach(web: WebSettings) -> Check:
    if web.loopback and web.public_url is None:
        return Check("reach", Status.OK, "only this machine reaches the page")
    if web.password_hash is None:
        return Check("reach", Status.WARNING, "the page is public and asks for no password", "python -m bot password")
    if web.public_url is None or web.public_url.startswith("http://"):
        fix = "put it behind a proxy with TLS, and set BOT_WEB__PUBLIC_URL to its https address"
        return Check("reach", Status.WARNING, "the password and the pictures travel unencrypted", fix)
    return Check("reach", Status.OK, f"{web.public_url} asks for a password")


def _chats(settings: Settings, redact: Redactor) -> list[Check]:
    from bot import wiring

    try:
        checks = asyncio.run(wiring.inspect_chats(settings))
    except StartError as error:
        return [Check("chats", Status.FAILED, redact(str(error)), "mend or uninstall it, or correct its settings")]
    return [replace(check, detail=redact(check.detail)) for check in checks]

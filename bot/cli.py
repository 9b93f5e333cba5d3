"""The command line: `python -m bot run | demo | doctor | invite | providers | password | version`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import logging
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bot import config, doctor, logs, plugins
from bot.config import ProvidersSettings, Settings
from bot.errors import StartError, StoreError
from bot.logs import Redactor

EXIT_UNAVAILABLE = 69
EXIT_INTERRUPTED = 130
SHORTEST_PASSWORD = 8
STOP_NOTE = "Press Ctrl+C to stop."
DEMO_NOTE = f"""\
The demo provider draws the pictures, on this machine and without a model: they show how everything works
and are labelled "demo". For real ones, put the key of a service into .env, as docs/settings.md says, and start
again. {STOP_NOTE}"""
NOWHERE = "No chat platform is switched on besides the page; README.md says how to switch one on."

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every failed start is a sentence on stderr and an exit code."""
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except (StartError, StoreError) as error:
        return _stop(error, Redactor())
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Limner, a bot that draws pictures.")
    commands = parser.add_subparsers(required=True, metavar="command")
    checks = commands.add_parser("doctor", help="check this installation, and say how to mend it")
    checks.add_argument("--json", action="store_true", help="print the checks for a machine")
    checks.set_defaults(command=_doctor)
    served = commands.add_parser("providers", help="list the providers; let one rest, or work again")
    served.set_defaults(command=_providers)
    changes = served.add_subparsers(metavar="change", dest="change")
    for change, help_text in (
        ("drain", "no new jobs for a provider; those that wait for it are still served"),
        ("off", "no new jobs for a provider, and none of those that wait; what it works on is finished"),
        ("on", "let a provider work again"),
    ):
        changed = changes.add_parser(change, help=help_text)
        changed.add_argument("name")
        if change != "on":
            changed.add_argument("reason", nargs="?", default="maintenance", help="what people are told")
    for name, command, help_text in (
        ("run", _run, "start the bot"),
        ("demo", _demo, "start the page with the demo provider and keep nothing"),
        ("invite", _invite, "print the links that add the bot to chats"),
        ("password", _password, "make the setting that asks visitors for a password"),
        ("version", _version, "print the version"),
    ):
        commands.add_parser(name, help=help_text).set_defaults(command=command)
    return parser


def _run(_: argparse.Namespace) -> int:
    settings, warnings = config.load(providers=plugins.provider_names())
    return _serve(settings, warnings)


def _demo(_: argparse.Namespace) -> int:
    settings, warnings = config.load(providers=plugins.provider_names())
    with tempfile.TemporaryDirectory(prefix="limner-demo-") as folder:
        demo = settings.providers.demo.model_copy(update={"enabled": True})
        changes = {"data_dir": Path(folder), "providers": ProvidersSettings(demo=demo)}
        return _serve(settings.model_copy(update=changes), warnings)


def _serve(settings: Settings, warnings: tuple[str, ...]) -> int:
    from bot import wiring

    redact = logs.configure(settings, sys.stderr)
    for sentence in warnings:
        _log.warning(sentence)
    ready = False

    def say_where(address: str, providers: Sequence[str]) -> None:
        nonlocal ready
        ready = True
        note = DEMO_NOTE if list(providers) == [plugins.DEMO] else STOP_NOTE
        print(f"Limner is ready: {address}\n{note}", flush=True)

    try:
        asyncio.run(wiring.serve(settings, on_ready=say_where))
    except (StartError, StoreError) as error:
        return _stop(error, redact)
    except OSError as error:
        if ready:
            raise
        return _stop(StartError(f"Limner cannot start: {error}."), redact)
    return 0


def _doctor(chosen: argparse.Namespace) -> int:
    checks = doctor.examine()
    if chosen.json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        print("\n".join(check.text() for check in checks))
    return doctor.exit_code(checks)


def _invite(_: argparse.Namespace) -> int:
    from bot import wiring

    settings, _warnings = config.load(providers=plugins.provider_names())
    links = asyncio.run(wiring.links(settings))
    if not links:
        raise StartError(NOWHERE, config.EXIT_SETTINGS)
    print("\n".join(f"For {link.purpose}:\n  {link.url}" for link in links))
    return 0


def _providers(chosen: argparse.Namespace) -> int:
    """Rests are rows: a bot that runs heeds them with its next command."""
    from bot import wiring

    settings, _warnings = config.load(providers=plugins.provider_names())
    if chosen.change is None:
        print("\n".join(asyncio.run(wiring.list_providers(settings))))
    elif chosen.name not in plugins.provider_names():
        known = ", ".join(plugins.provider_names())
        raise StartError(f"There is no provider {chosen.name!r}, only {known}.", config.EXIT_SETTINGS)
    elif chosen.change == "on":
        asyncio.run(wiring.let_work(settings, chosen.name))
        print(f"{chosen.name} takes jobs.")
    else:
        asyncio.run(wiring.let_rest(settings, chosen.name, chosen.reason, off=chosen.change == "off"))
        print(f"{chosen.name} takes no new jobs: {chosen.reason}.")
    return 0


def _password(_: argparse.Namespace) -> int:
    from bot import wiring

    password = _ask_twice() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise StartError(f"A password needs at least {SHORTEST_PASSWORD} characters.", config.EXIT_SETTINGS)
    print(f"BOT_WEB__PASSWORD_HASH={wiring.hash_password(password)}")
    return 0


def _ask_twice() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise StartError("The two passwords differ.", config.EXIT_SETTINGS)
    return password


def _version(_: argparse.Namespace) -> int:
    print(f"limner {version('limner')} (Python {platform.python_version()})")
    return 0


def _stop(error: StartError | StoreError, redact: Redactor) -> int:
    print(redact(str(error)), file=sys.stderr, flush=True)
    return error.exit_code if isinstance(error, StartError) else EXIT_UNAVAILABLE

"""Settings as they are read, and a sentence for each that cannot be used."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.config.schema import ProvidersSettings, Settings
from bot.errors import StartError

PREFIX = "BOT_"
ENV_FILE = Path(".env")
SECRETS_DIR = Path("/run/secrets")
EXIT_SETTINGS = 2


class _Outside(BaseSettings, Settings):
    """`Settings` that look for themselves: environment, secret files, `.env`, defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        enable_decoding=False,
        secrets_dir_missing="ok",
        extra="ignore",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, NestedSecretsSettingsSource(file_secret_settings), dotenv_settings


def load(
    *, providers: Collection[str], env_file: Path = ENV_FILE, secrets_dir: Path = SECRETS_DIR
) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and a sentence for each `BOT_` variable that nobody knows.

    `providers` are the installed ones. Raises `StartError` with a sentence for each
    variable that cannot be used; no value is ever part of it.
    """

    class Here(_Outside):
        model_config = SettingsConfigDict(env_file=env_file, secrets_dir=secrets_dir)

    try:
        names = {*os.environ, *DotEnvSettingsSource(Here).env_vars, *_file_names(secrets_dir)}
        return Here(), _strangers(names, providers)
    except ValidationError as error:
        raise StartError(_explain(error), EXIT_SETTINGS) from None
    except (OSError, UnicodeDecodeError, SettingsError) as error:
        raise StartError(f"The settings cannot be read: {error}.", EXIT_SETTINGS) from None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One setting: its variable, where it lies in `Settings`, its default and what it is."""

    variable: str
    path: tuple[str, ...]
    default: object
    description: str


def leaves(section: type[BaseModel] = Settings, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every setting, in the order of the schema."""
    for name, field in section.model_fields.items():
        here = (*path, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, here)
        else:
            yield Leaf(_variable(here), here, field.default, field.description or "")


def _variable(path: tuple[str, ...]) -> str:
    return PREFIX + "__".join(path).upper()


def _file_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _strangers(names: Collection[str], providers: Collection[str]) -> tuple[str, ...]:
    known = [leaf.variable for leaf in leaves()]
    strange = [name.replace("-", "_") for name in providers if name not in ProvidersSettings.model_fields]
    plugged = tuple(_variable(("providers", name, "")) for name in strange)
    ours = {name.upper() for name in names if name.upper().startswith(PREFIX)}
    strangers = sorted(name for name in ours if name not in known and not name.startswith(plugged))
    return tuple(_stranger(name, known) for name in strangers)


def _stranger(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else " and is ignored.")


def _explain(error: ValidationError) -> str:
    return "\n".join(_sentence(detail["type"], detail["loc"], detail["msg"]) for detail in error.errors())


def _sentence(kind: str, loc: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ").replace("Input", "it", 1)
    if kind == "value_error" and message.startswith(PREFIX):  # a sentence already
        return message
    return f"{_variable(tuple(str(part) for part in loc))} cannot be used: {message}."

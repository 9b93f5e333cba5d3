"""What an operator may set: every section and field, with its default, its range and what it is."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

BOT_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
HASH = re.compile(r"scrypt:\d+:\d+:[\w-]+:[\w-]+", re.ASCII)


def _split(value: object) -> object:
    """A comma list as its parts, without blanks and empty ones."""
    return tuple(part for piece in value.split(",") if (part := piece.strip())) if isinstance(value, str) else value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _as_api_root(value: str) -> str:
    """A key must not travel unencrypted beyond this machine."""
    url = urlsplit(value.strip().rstrip("/"))
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname and _is_loopback(url.hostname))
    if not safe or not url.hostname or url.query or url.fragment or url.username or url.password:
        raise ValueError("it is not an address of the form https://api.example.org")
    return url._replace(netloc=url.netloc.lower()).geturl()


def _as_api_origin(value: str) -> str:
    root = _as_api_root(value)
    if urlsplit(root).path:
        raise ValueError("it is not an address of the form https://api.example.org")
    return root


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
ApiOrigin = Annotated[str, AfterValidator(_as_api_origin)]
ApiRoot = Annotated[str, AfterValidator(_as_api_root)]


class Section(BaseModel):
    """One group of settings; constructing it reads nothing from outside."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: object) -> object:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values


class ProviderSettings(Section):
    """What every provider takes; a plug-in's own options are in `model_extra`, kept as secrets."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SecretStr] = Field(init=False)

    max_in_flight: int | None = Field(
        default=None, ge=1, le=1000, description="Jobs it works on at a time; empty: its own number."
    )
    deadline_s: float | None = Field(
        default=None, ge=1, le=86_400, description="Seconds after which a job is given up; empty: its own number."
    )
    uploads: bool = Field(default=True, description="Whether people's own pictures may go to it.")
    price_factor: float = Field(
        default=1.0, ge=0, le=1000, description="What its work costs, as a multiple of the prices; the cheapest serves."
    )


class DemoSettings(ProviderSettings):
    """The provider that draws labelled pictures on this machine."""

    model_config = ConfigDict(extra="ignore")

    enabled: bool | None = Field(
        default=None, description="Whether it draws; empty: only while no other provider is set up."
    )
    duration_s: float = Field(default=8.0, ge=0, le=3600, description="Seconds that it pretends to need for a picture.")


class EigenAISettings(ProviderSettings):
    """Eigen AI: pictures, edits and videos by models that the operator names."""

    model_config = ConfigDict(extra="ignore")

    key: SecretStr | None = Field(default=None, description="API key of Eigen AI; empty: not used.")
    base_url: ApiOrigin = Field(
        default="https://api-web.eigenai.com", description="Address of the API; the key is sent nowhere else."
    )
    models: Names = Field(
        default=(),
        description="Ids of models that draw, with commas between, from the service's model library; empty: none.",
    )
    edit_models: Names = Field(default=(), description="Ids of models that edit pictures; empty: none.")
    edit_field: Literal["image_file", "image", "images"] = Field(
        default="image_file", description="Where in their forms those models look for the picture."
    )
    video_models: Names = Field(default=(), description="Ids of models that make a video of a picture; empty: none.")


class EranolSettings(ProviderSettings):
    """Eranol: pictures with negative words, seed and size."""

    model_config = ConfigDict(extra="ignore")

    key: SecretStr | None = Field(default=None, description="API key of Eranol; empty: not used.")
    base_url: ApiOrigin = Field(
        default="https://eranol.com", description="Address of the API; the key is sent nowhere else."
    )


class EternalAISettings(ProviderSettings):
    """EternalAI: pictures with LoRA styles, edits, videos, effects and characters."""

    model_config = ConfigDict(extra="ignore")

    key: SecretStr | None = Field(
        default=None,
        description="API key of EternalAI; empty: not used. One that begins with sk_ makes videos, any other all else.",
    )
    base_url: ApiOrigin = Field(
        default="https://open.eternalai.org", description="Address of the API; the key is sent nowhere else."
    )
    models: Names = Field(
        default=(), description="Ids of the models offered, with commas between; empty: the service's own default."
    )
    effects: Names = Field(
        default=(), description="Ids of the visual effects offered, with commas between; empty: none at all."
    )
    uploads: bool = Field(default=False, description="Whether people's own pictures may go to it.")


class ProvidersSettings(Section):
    """Every provider by its name; names that are not fields belong to plug-ins."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ProviderSettings] = Field(init=False)

    demo: DemoSettings = DemoSettings()
    eigenai: EigenAISettings = EigenAISettings()
    eranol: EranolSettings = EranolSettings()
    eternalai: EternalAISettings = EternalAISettings()

    def named(self, name: str) -> ProviderSettings:
        """The settings under `BOT_PROVIDERS__<NAME>__`, a dash in the name written `_`."""
        sections: dict[str, ProviderSettings] = dict(self)
        return sections.get(name.lower().replace("-", "_"), ProviderSettings())


class QuotaSettings(Section):
    daily_credits: int = Field(
        default=20, ge=0, le=1_000_000, description="Credits that a person has for each day (UTC)."
    )


class PricesSettings(Section):
    image: int = Field(default=1, ge=0, le=1000, description="Credits for one picture.")
    high_quality: int = Field(default=2, ge=0, le=1000, description="Credits for one picture in high quality.")
    video: int = Field(default=5, ge=0, le=1000, description="Credits for one video.")
    character: int = Field(default=2, ge=0, le=1000, description="Credits for one new character.")


class LimitsSettings(Section):
    open_jobs_per_user: int = Field(
        default=3,
        ge=1,
        le=100_000,
        description="Jobs that one person may have open; with none open, any --count may start.",
    )
    open_jobs_per_chat: int = Field(default=20, ge=1, le=100_000, description="Jobs that may be open in one chat.")
    open_jobs: int = Field(default=1000, ge=1, le=1_000_000, description="Jobs that may be open in all.")
    commands_per_minute: int = Field(
        default=20, ge=1, le=10_000, description="Commands that one person may send in a minute."
    )


class MediaSettings(Section):
    keep_days: int = Field(default=30, ge=1, le=36_500, description="Days for which pictures are kept.")
    max_gb: float = Field(
        default=10.0, ge=0.01, le=1_000_000, description="Gigabytes of pictures kept; the oldest go first."
    )
    allow_private_hosts: Names = Field(
        default=(),
        description="Hosts, or host:port, with commas between, whose results may lie on a private network.",
    )

    @field_validator("allow_private_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\])(:\d+)?", name) for name in value):
            raise ValueError("BOT_MEDIA__ALLOW_PRIVATE_HOSTS takes names as cdn.lan or cdn.lan:9000, without http://.")
        return value


class WebSettings(Section):
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the page listens on; any but loopback needs a password."
    )
    port: int = Field(default=8080, ge=1, le=65_535, description="Port the page listens on.")
    public_url: str | None = Field(
        default=None, description="Address under which people reach the page from outside, as https://draw.example.org."
    )
    password_hash: SecretStr | None = Field(
        default=None, description="Asks visitors for a password; the line comes from: python -m bot password."
    )

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach the page."""
        return _is_loopback(self.host)

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        url = urlsplit(value.rstrip("/"))
        if url.scheme not in {"http", "https"} or not url.hostname or url.path or url.query or url.username:
            raise ValueError("BOT_WEB__PUBLIC_URL is not an address of the form https://draw.example.org.")
        return url.geturl()

    @field_validator("password_hash")
    @classmethod
    def _is_a_hash(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not HASH.fullmatch(value.get_secret_value()):
            raise ValueError("BOT_WEB__PASSWORD_HASH is not what `python -m bot password` printed.")
        return value

    @model_validator(mode="after")
    def _only_loopback_is_open(self) -> WebSettings:
        if not self.loopback and self.password_hash is None:
            raise ValueError(
                "BOT_WEB__HOST lets other machines in, so BOT_WEB__PASSWORD_HASH must be set: "
                "run `python -m bot password` for the line."
            )
        return self


class DiscordSettings(Section):
    token: SecretStr | None = Field(default=None, description="Bot token of Discord; empty: not on Discord.")
    api_base: ApiRoot = Field(
        default="https://discord.com/api/v10",
        description="Root of Discord's REST API, for a proxy in front of it; the token is sent nowhere else.",
    )


class TelegramSettings(Section):
    token: SecretStr | None = Field(default=None, description="Bot token of Telegram; empty: not on Telegram.")
    base_url: ApiRoot = Field(
        default="https://api.telegram.org",
        description="Root of Telegram's Bot API, for a server of your own; the token is sent nowhere else.",
    )
    mode: Literal["polling", "webhook"] = Field(
        default="polling",
        description="How messages come in; webhook: Telegram sends them to BOT_WEB__PUBLIC_URL.",
    )

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not BOT_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("BOT_TELEGRAM__TOKEN is not a token as @BotFather gives it: digits, a colon, letters.")
        return value


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged, and all above it."
    )
    format: Literal["auto", "json", "text"] = Field(
        default="auto", description="Form of the log lines; auto: text on a terminal, else JSON."
    )


class Settings(Section):
    """Everything an operator may set; `load` reads it, constructing it reads nothing."""

    data_dir: Path = Field(default=Path("data"), description="Folder for the database and the pictures.")
    locale: Literal["en"] = Field(default="en", description="Language of all texts.")
    providers: ProvidersSettings = ProvidersSettings()
    quota: QuotaSettings = QuotaSettings()
    prices: PricesSettings = PricesSettings()
    limits: LimitsSettings = LimitsSettings()
    media: MediaSettings = MediaSettings()
    web: WebSettings = WebSettings()
    discord: DiscordSettings = DiscordSettings()
    telegram: TelegramSettings = TelegramSettings()
    log: LogSettings = LogSettings()

    @field_validator("data_dir")
    @classmethod
    def _home_is_home(cls, value: Path) -> Path:
        return value.expanduser()

    @model_validator(mode="after")
    def _webhooks_have_an_address(self) -> Settings:
        if self.telegram.token is not None and self.telegram.mode == "webhook" and self.web.public_url is None:
            raise ValueError("BOT_TELEGRAM__MODE=webhook needs BOT_WEB__PUBLIC_URL, where Telegram reaches the page.")
        return self

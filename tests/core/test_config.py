"""Settings: where they come from, what they refuse, and that each one is read by somebody."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from settings_reads import unread

from bot.config import DiscordSettings, Leaf, ProviderSettings, Settings, WebSettings, leaves, load
from bot.errors import StartError

HASH = "scrypt:15:8:geheim:geheim"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without our variables, in a folder without a `.env`."""
    for leaf in leaves():
        monkeypatch.delenv(leaf.variable, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


def read(secrets: Path, providers: tuple[str, ...] = ("demo",)) -> tuple[Settings, tuple[str, ...]]:
    return load(providers=providers, secrets_dir=secrets)


def sentences(secrets: Path) -> list[str]:
    with pytest.raises(StartError) as refused:
        read(secrets)
    assert refused.value.exit_code == 2
    return str(refused.value).splitlines()


def test_nothing_set_gives_the_documented_defaults(secrets: Path) -> None:
    settings, strangers = read(secrets)

    assert settings.model_dump() == Settings().model_dump()
    assert strangers == ()
    assert (settings.data_dir, settings.web.host, settings.web.port) == (Path("data"), "127.0.0.1", 8080)
    assert (settings.quota.daily_credits, settings.prices.image, settings.media.keep_days) == (20, 1, 30)
    assert settings.limits.model_dump() == {
        "open_jobs_per_user": 3,
        "open_jobs_per_chat": 20,
        "open_jobs": 1000,
        "commands_per_minute": 20,
    }


def test_the_environment_goes_before_secret_files_and_those_before_the_env_file(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("BOT_WEB__PORT=1001\nBOT_QUOTA__DAILY_CREDITS=1001\nBOT_PRICES__IMAGE=11\n")
    (secrets / "BOT_WEB__PORT").write_text("1002\n")
    (secrets / "bot_quota__daily_credits").write_text("1002\n")
    monkeypatch.setenv("BOT_WEB__PORT", "1003")

    settings, strangers = read(secrets)

    assert (settings.web.port, settings.quota.daily_credits, settings.prices.image) == (1003, 1002, 11)
    assert strangers == ()


def test_an_empty_value_is_not_set_wherever_it_stands(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BOT_WEB__PUBLIC_URL=\nBOT_WEB__PORT=1001\n")
    (secrets / "bot_web__password_hash").write_text("\n")
    monkeypatch.setenv("BOT_WEB__PORT", "")

    settings, _ = read(secrets)

    assert settings.web == WebSettings(port=1001)


def test_an_unknown_variable_is_named_with_the_nearest_one(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WEB__PROT", "1")
    Path(".env").write_text("BOT_SOMETHING_ELSE=1\nPATH_OF_ANOTHER_PROGRAM=1\n")
    (secrets / "bot_providers__demo__duration").write_text("1")

    assert read(secrets)[1] == (
        "BOT_PROVIDERS__DEMO__DURATION is not a setting; did you mean BOT_PROVIDERS__DEMO__DURATION_S?",
        "BOT_SOMETHING_ELSE is not a setting and is ignored.",
        "BOT_WEB__PROT is not a setting; did you mean BOT_WEB__PORT?",
    )


def test_an_installed_plug_in_takes_what_it_likes_and_another_name_is_unknown(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PROVIDERS__MY_HOUSE__KEY", "geheim")
    monkeypatch.setenv("BOT_PROVIDERS__MY_HOUSE__MAX_IN_FLIGHT", "4")
    monkeypatch.setenv("BOT_PROVIDERS__NOBODY__COLOUR", "geheim")

    settings, strangers = read(secrets, providers=("demo", "my-house"))

    named = settings.providers.named("my-house")
    assert (named.max_in_flight, named.model_extra) == (4, {"key": SecretStr("geheim")})
    assert strangers == ("BOT_PROVIDERS__NOBODY__COLOUR is not a setting and is ignored.",)
    assert settings.providers.named("not-set-up") == ProviderSettings()


def test_every_variable_that_cannot_be_used_gets_a_sentence(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WEB__PORT", "99999")
    monkeypatch.setenv("BOT_LOG__LEVEL", "loud")
    monkeypatch.setenv("BOT_PROVIDERS__MINE__DEADLINE_S", "0")

    assert sentences(secrets) == [
        "BOT_PROVIDERS__MINE__DEADLINE_S cannot be used: it should be greater than or equal to 1.",
        "BOT_WEB__PORT cannot be used: it should be less than or equal to 65535.",
        "BOT_LOG__LEVEL cannot be used: it should be 'debug', 'info', 'warning' or 'error'.",
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "draw.example.org"])
def test_a_host_that_lets_others_in_needs_a_password(secrets: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("BOT_WEB__HOST", host)

    (sentence,) = sentences(secrets)
    assert sentence.startswith("BOT_WEB__HOST lets other machines in, so BOT_WEB__PASSWORD_HASH must be set")

    monkeypatch.setenv("BOT_WEB__PASSWORD_HASH", HASH)
    assert read(secrets)[0].web.host == host


@pytest.mark.parametrize(
    ("root", "kept"),
    [
        ("https://Discord.example/api/V10/", "https://discord.example/api/V10"),
        ("http://127.0.0.1:8099/api", "http://127.0.0.1:8099/api"),
        (" https://discord.example ", "https://discord.example"),
    ],
)
def test_the_root_of_an_api_may_have_a_path(root: str, kept: str) -> None:
    assert DiscordSettings(api_base=root).api_base == kept


@pytest.mark.parametrize(
    "root",
    ["http://discord.example/api", "https://a.example/api?x=1", "https://u:p@a.example/api", "https:///api", "api/v10"],
)
def test_a_token_is_sent_to_no_address_that_others_may_read(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    monkeypatch.setenv("BOT_DISCORD__API_BASE", root)

    assert sentences(secrets) == [
        "BOT_DISCORD__API_BASE cannot be used: it is not an address of the form https://api.example.org."
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_no_password(host: str) -> None:
    assert WebSettings(host=host).loopback


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://draw.example.org/", "https://draw.example.org"), ("http://[::1]:8080", "http://[::1]:8080")],
)
def test_the_public_address_is_kept_without_its_last_slash(url: str, kept: str) -> None:
    assert WebSettings(public_url=url).public_url == kept


@pytest.mark.parametrize(
    "url", ["draw.example.org", "ftp://draw.example.org", "https://a.example/path", "https://u:p@a.example", "https://"]
)
def test_a_public_address_that_is_no_origin_is_refused(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("BOT_WEB__PUBLIC_URL", url)

    assert sentences(secrets) == ["BOT_WEB__PUBLIC_URL is not an address of the form https://draw.example.org."]


def test_no_secret_is_shown(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WEB__PASSWORD_HASH", HASH)
    monkeypatch.setenv("BOT_PROVIDERS__MINE__KEY", "geheim")
    assert "geheim" not in repr(read(secrets))

    monkeypatch.setenv("BOT_WEB__PASSWORD_HASH", "geheim")
    assert sentences(secrets) == ["BOT_WEB__PASSWORD_HASH is not what `python -m bot password` printed."]

    monkeypatch.setenv("BOT_WEB", "geheim")
    assert sentences(secrets) == ["BOT_WEB cannot be used: it should be a valid dictionary or instance of WebSettings."]


def test_an_env_file_that_cannot_be_read_is_a_sentence(secrets: Path) -> None:
    Path(".env").write_bytes(b"BOT_LOCALE=\xff\xfe")

    (sentence,) = sentences(secrets)
    assert sentence.startswith("The settings cannot be read: ")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().web.port = 1


def test_every_setting_has_a_sentence() -> None:
    assert [leaf.variable for leaf in leaves() if not leaf.description.endswith(".")] == []


def test_every_setting_is_read_somewhere() -> None:
    sources = [path for room in ("bot", "adapters", "storage") for path in (ROOT / room).rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.parent != ROOT / "bot" / "config"]

    assert unread(leaves(), texts) == []


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("use(settings.web.port)", []),
        ("web = settings.web\nuse(web.port)", []),
        ("def f(web: WebSettings): return web.port", []),
        ("class A:\n def __init__(self, w: WebSettings): self._w = w\n def f(self): return self._w.port", []),
        ("use(url.port)", ["BOT_WEB__PORT"]),
        ("use(settings.web.host, settings.port)", ["BOT_WEB__PORT"]),
        ("settings.web.port = 1", ["BOT_WEB__PORT"]),
        ("'settings.web.port'", ["BOT_WEB__PORT"]),
    ],
)
def test_only_a_read_of_the_section_counts(source: str, left: list[str]) -> None:
    assert unread([Leaf("BOT_WEB__PORT", ("web", "port"), 8080, "")], [source]) == left

"""Plug-ins come in by their entry points: the tests install small ones, as a third party would."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bot import wiring
from bot.config import Settings
from bot.errors import StartError
from bot.plugins import load_providers, provider_names
from bot.setup import Check, Link, Status
from bot.testing.clock import FakeClock

PROVIDER = """
from bot.errors import StartError
from bot.setup import Check, Link, Status


class Named:
    title, slots, specs = "Somebody's", 1, ()

    def __init__(self, context):
        self.name, self.context = context.name, context


def on(context):
    return Named(context)


def off(context):
    return None


def choosy(context):
    raise StartError("BOT_PROVIDERS__CHOOSY__KEY is needed.", 2)


def broken(context):
    raise RuntimeError("no")


class Elsewhere:
    def __init__(self, settings):
        self.settings = settings

    async def checks(self, menu):
        return [Check("elsewhere", Status.WARNING, f"it lacks /{menu[0].name}", "start the bot")]

    async def links(self):
        return [Link("Elsewhere", "https://elsewhere.example/")]
"""


class House:
    """A folder on the path, into which distributions are installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, distribution: str, *points: str, group: str = "limner.providers") -> None:
        module = distribution.replace("-", "_")
        (self._folder / f"{module}.py").write_text(PROVIDER)
        info = self._folder / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *points]))
        importlib.invalidate_caches()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.syspath_prepend(str(tmp_path))
    return House(tmp_path)


def loaded(**providers: object) -> list[str]:
    settings = Settings.model_validate({"providers": providers})
    return [provider.name for provider in load_providers(settings, FakeClock())]


def refusal(**providers: object) -> str:
    with pytest.raises(StartError) as refused:
        loaded(**providers)
    return str(refused.value)


def test_the_demo_draws_while_nothing_else_does(house: House) -> None:
    assert loaded() == ["demo"]

    house.install("limner-idle", "idle = limner_idle:off")
    assert set(provider_names()) == {"demo", "eigenai", "eranol", "eternalai", "idle"}
    assert loaded() == ["demo"]


def test_the_demo_steps_back_when_another_provider_is_on(house: House) -> None:
    house.install("limner-mine", "mine = limner_mine:on")

    assert loaded() == ["mine"]
    assert loaded(demo={"enabled": True}) == ["mine", "demo"]


def test_the_demo_can_be_switched_off() -> None:
    assert refusal(demo={"enabled": False}).startswith("No provider is switched on")


def test_a_plug_in_is_given_its_own_settings_and_the_clock(house: House) -> None:
    house.install("limner-own", "my-house = limner_own:on")
    settings = Settings.model_validate({"providers": {"my_house": {"max_in_flight": 2, "key": "geheim"}}})
    clock = FakeClock()

    (provider,) = load_providers(settings, clock)

    context = vars(provider)["context"]
    assert (context.name, context.clock) == ("my-house", clock)
    assert context.settings.max_in_flight == 2
    assert context.settings.model_extra["key"].get_secret_value() == "geheim"


@pytest.mark.parametrize(
    ("point", "why"),
    [
        ("limner_bad:broken", "RuntimeError: no."),
        ("limner_bad:missing", "AttributeError: module 'limner_bad' has no attribute 'missing'."),
        ("nowhere:on", "ModuleNotFoundError: No module named 'nowhere'."),
    ],
)
def test_a_plug_in_that_cannot_be_loaded_is_named(house: House, point: str, why: str) -> None:
    house.install("limner-bad", f"bad = {point}")

    assert refusal() == f"The plug-in {point} of limner-bad cannot be loaded: {why}"


def test_a_plug_in_may_refuse_in_its_own_words(house: House) -> None:
    house.install("limner-choosy", "choosy = limner_choosy:choosy")

    assert refusal() == "BOT_PROVIDERS__CHOOSY__KEY is needed."


def test_two_plug_ins_of_one_name_are_named(house: House) -> None:
    house.install("limner-a", "same = limner_a:on")
    house.install("limner-b", "same = limner_b:on")

    sentence = refusal()
    assert "limner_a:on of limner-a" in sentence
    assert "limner_b:on of limner-b" in sentence
    assert sentence.endswith("are both called 'same': remove one.")


async def test_a_chat_platform_that_is_switched_on_answers_its_operator(house: House) -> None:
    setups = ("here = limner_chat:Elsewhere", "there = limner_chat:off")
    house.install("limner-chat", *setups, group="limner.setups")

    assert await wiring.links(Settings()) == [Link("Elsewhere", "https://elsewhere.example/")]
    found = await wiring.inspect_chats(Settings())
    assert found == [Check("elsewhere", Status.WARNING, "it lacks /imagine", "start the bot")]

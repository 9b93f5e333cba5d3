"""All simulated vendors behind their real adapters, in one house, on a clock that is not real."""

from __future__ import annotations

from random import Random
from typing import Any

from sim.fetching import Fetching
from sim.house import GENEROUS, House
from sim.vendors.eigenai import MODEL, EigenAI
from sim.vendors.eranol import Eranol
from sim.vendors.eternalai import EternalAI
from sim.vendors.plan import Plan
from sim.vendors.transport import SimTransport
from sim.vendors.vendor import Vendor

from adapters.providers._http import Api
from adapters.providers.eigenai.provider import DEADLINE_S, MAX_BODY_BYTES, EigenAIProvider
from adapters.providers.eranol.provider import EranolProvider
from adapters.providers.eranol.reading import judge
from adapters.providers.eternalai.provider import EternalAIProvider
from bot.config import EigenAISettings
from bot.policy import Rules
from bot.provider import no_pictures
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG

VENDORS: tuple[type[Vendor[Any]], ...] = (EternalAI, Eranol, EigenAI)
MODELS = {"eternalai": "eternalai", "eranol": "eranol", "eigenai": MODEL}


class Market:
    """`vendors` by name; `house` is the bot that has a key of each.

    `faults`: every prompt meets one to six fates of its vendor, but for those that are named here.
    """

    def __init__(
        self,
        *,
        rules: Rules = GENEROUS,
        slots: int = 50,
        seed: int = 0,
        faults: bool = False,
        without: tuple[str, ...] = (),
    ) -> None:
        self.clock = FakeClock()
        self._slots = slots
        self.vendors: dict[str, Vendor[Any]] = {
            kind.name: kind(
                self.clock,
                seed=seed,
                draw=lambda *_: PNG,
                plan=Plan(seed, set(kind.catalogue.by_name) - {*without}, catalogue=kind.catalogue) if faults else None,
            )
            for kind in VENDORS
        }
        providers: dict[str, Any] = {name: self._provider(vendor) for name, vendor in self.vendors.items()}
        self.house = House(
            provider=providers["eternalai"],
            others=providers,
            clock=self.clock,
            rules=rules,
            wrap=lambda name, port: Fetching(port, *self.vendors.values()) if name == "media" else port,
            random=Random(seed).random,
        )

    @property
    def violations(self) -> list[str]:
        return [f"{name}: {wrong}" for name, vendor in self.vendors.items() for wrong in vendor.violations]

    def submissions(self, words: str = "") -> dict[str, int]:
        """How many submits with these words arrived at each vendor."""
        return {name: vendor.count(words).submissions for name, vendor in self.vendors.items()}

    async def close(self) -> None:
        for provider in self.house.providers.values():
            await provider.close()

    def _provider(self, vendor: Vendor[Any]) -> Any:
        def api(headers: dict[str, str], *, patience_s: float = 30.0, **more: Any) -> Api:
            transport = SimTransport(vendor, self.clock, patience_s=patience_s)
            return Api(vendor.origin, title=vendor.title, headers=headers, transport=transport, **more)

        by_key = {"x-api-key": vendor.key}
        match vendor.name:
            case "eternalai":
                return EternalAIProvider(api(by_key), clock=self.clock, slots=self._slots)
            case "eranol":
                return EranolProvider(api(by_key, judge=judge), slots=self._slots)
        bearer = {"Authorization": f"Bearer {vendor.key}"}
        patient = api(bearer, patience_s=DEADLINE_S, max_body_bytes=MAX_BODY_BYTES)
        return EigenAIProvider(patient, EigenAISettings(models=(MODEL,), max_in_flight=self._slots), no_pictures)

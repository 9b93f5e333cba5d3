"""A contract kit for providers: what a service may do to an adapter, and what the adapter then must do.

An author says what the service's own page says, and what it means; the kit answers in the place
of the service, on loopback, rightly and in every wrong way, and makes a case of each:

    CONTRACT = ProviderContract(name="mine", create=create, request=..., answers=(Documented(...), ...))

    @pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
    async def test_the_contract(case: ContractCase) -> None:
        await case.check()

docs/add-a-provider.md has a whole one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.testing.contract_fields import field_cases
from bot.testing.contract_hostile import hostile_cases
from bot.testing.contract_life import life_cases
from bot.testing.contract_rig import Rig
from bot.testing.contract_sense import sense_cases
from bot.testing.contract_table import (
    SAME,
    UNREAD,
    Case,
    ContractCase,
    Documented,
    Field,
    Kind,
    On,
    OneOf,
    ProviderContract,
    matches,
    spoken,
)
from bot.testing.contract_wire import wire_cases
from bot.testing.wire import Call

__all__ = [
    "SAME",
    "UNREAD",
    "Case",
    "ContractCase",
    "Documented",
    "Field",
    "Kind",
    "On",
    "OneOf",
    "ProviderContract",
    "cases",
]


def cases(contract: ProviderContract) -> tuple[ContractCase, ...]:
    """Every case of a contract; without documented answers those that need no service."""
    return tuple(_cases(contract))


def _cases(contract: ProviderContract) -> Iterator[ContractCase]:
    yield from life_cases(contract)
    if contract.answers:
        yield from sense_cases(contract)
        yield from field_cases(contract)
        yield from hostile_cases(contract)
        yield from wire_cases(contract)
    for case in contract.cases:
        yield ContractCase(f"{case.on}: {case.name}", partial(_check, contract, case))


async def _check(contract: ProviderContract, case: Case) -> None:
    async with Rig(contract) as rig:
        seen = await rig.act(rig.provider(), case.on, case.answers, request=case.request)
        assert matches(case.means, seen.outcome), f"it should mean {spoken(case.means)}, and was {seen.outcome!r}"
        if case.sends is not None:
            last = seen.calls[-1]
            sent = (f"{last.method} {last.target}", _body(last))
            assert sent == case.sends, f"it should send {case.sends!r}, and sent {sent!r}"


def _body(call: Call) -> Any:
    if not call.body:
        return None
    return call.form() if call.headers.get("content-type", "").startswith("multipart/") else call.json()

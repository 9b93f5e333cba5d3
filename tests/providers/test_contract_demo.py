"""The contract of the demo provider, which has no service behind it."""

from __future__ import annotations

import pytest

from adapters.providers.demo import create
from bot.model import GenerationRequest
from bot.testing.contract import ContractCase, ProviderContract, cases

CONTRACT = ProviderContract(
    name="demo",
    create=create,
    request=GenerationRequest(prompt="a red fox under a violet umbrella", width=256, height=256),
    off={"enabled": False},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()

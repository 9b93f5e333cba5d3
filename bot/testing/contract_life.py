"""An adapter as a guest in the process: how it starts, is configured, interrupted, restarted and closed."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import gc
import re
import warnings
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from bot.errors import InvalidRequest, ProtocolError, UnknownHandle
from bot.model import GenerationRequest, PictureSource
from bot.provider import (
    Cancels,
    CapabilitySpec,
    Characters,
    Effects,
    Finished,
    OptionKind,
    OptionSpec,
    Pending,
    Provider,
    Styled,
)
from bot.testing.contract_rig import PATIENCE_S, Rig
from bot.testing.contract_table import ContractCase, On, OneOf, ProviderContract
from bot.testing.wire import Answer, Call, Hang, reply

NO_OPTIONS = {"capability", "prompt", "count", "model", "source", "extra", "unserved"}
OPTIONS = {field.name for field in dataclasses.fields(GenerationRequest)} - NO_OPTIONS
OWN_OPTION = re.compile(r"[a-z]+(_[a-z]+)*")
MOST_COUNT = 4
PORTS = {On.CANCEL: Cancels, On.STYLES: Styled, On.EFFECTS: Effects, On.CHARACTERS: Characters}
SLOTS, DEADLINE_S = 3, 77.0
GARBAGE = ("", " ", "\x00", "\r\nX-Injected: 1", "..", "x" * 100_000)
LOOKALIKES = ("x", "{}", "[]", "null", "7", '"text"', '{"id": null}', '{"id": ["x"]}')


def life_cases(contract: ProviderContract) -> Iterator[ContractCase]:
    checks: dict[str, Callable[[ProviderContract], Awaitable[None]]] = {
        "it says truly what it is": _says_what_it_is,
        "it is off under the settings that switch it off": _is_off,
        "it honours the settings of slots and deadline": _honours_settings,
        "it can be made without a running loop, and closed unused": _is_made_anywhere,
        "it can be closed twice": _is_closed_twice,
        "a handle that is none is told": _no_handles,
    }
    if contract.answers:
        checks["what it can do is in the contract"] = _is_in_the_contract
    if isinstance(contract.request.source, PictureSource):
        checks["a source that is gone is told before anything is sent"] = _misses_its_source
        checks["a source arrives whole"] = _sends_its_source
    if contract.first(On.SUBMIT, Pending) or not contract.answers:
        checks["a handle outlives the adapter that wrote it"] = _handles_outlive
    for name, check in checks.items():
        yield ContractCase(name, partial(check, contract))
    waits = [On.SUBMIT] * bool(contract.answers) + [On.POLL] * bool(contract.first(On.SUBMIT, Pending))
    for on in waits:
        yield ContractCase(f"{on}: canceled while it waits", partial(_is_canceled, contract, on))


async def _says_what_it_is(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        provider = rig.provider()
        assert provider.name == contract.name, "its name is that of its entry point"
        assert provider.title.strip(), "it has no title"
        assert provider.slots >= 1, "it takes no job at all"
        assert provider.specs, "it can do nothing"
        kinds = [(spec.capability, spec.model) for spec in provider.specs]
        assert len(set(kinds)) == len(kinds), "two specs are of the same model"
        for spec in provider.specs:
            _check_spec(spec, provider)


def _check_spec(spec: CapabilitySpec, provider: Provider) -> None:
    assert spec.model, "a model has no name"
    assert spec.title.strip(), f"{spec.model} has no title"
    assert 0 < spec.usual_s < spec.deadline_s < float("inf"), f"{spec.model} usually takes longer than its deadline"
    assert 1 <= spec.max_count <= MOST_COUNT, f"{spec.model} cannot draw {spec.max_count} pictures at once"
    assert not spec.cancel or isinstance(provider, Cancels), f"{spec.model} can be canceled, but the adapter cannot"
    names = [option.name for option in spec.options]
    assert len(set(names)) == len(names), f"{spec.model} has an option twice"
    for option in spec.options:
        _check_option(option)


def _check_option(option: OptionSpec) -> None:
    if option.name not in OPTIONS:
        _check_own_option(option)
    if option.low is not None and option.high is not None:
        assert option.low <= option.high, f"{option.name} has no values"


def _check_own_option(option: OptionSpec) -> None:
    """One that only this model knows."""
    assert OWN_OPTION.fullmatch(option.name), f"{option.name} is no name of an option"
    assert option.hint.strip(), f"{option.name} does not say what it does"
    bounded = option.low is not None and option.high is not None
    assert bounded or option.kind not in (OptionKind.WHOLE, OptionKind.NUMBER), f"{option.name} has no bounds"


async def _is_off(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        assert contract.create(rig.context(**contract.off)) is None


async def _honours_settings(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        provider = rig.provider(max_in_flight=SLOTS, deadline_s=DEADLINE_S)
        assert provider.slots == SLOTS, "max_in_flight sets its slots"
        assert {spec.deadline_s for spec in provider.specs} == {DEADLINE_S}, "deadline_s sets the deadline of its specs"


async def _is_in_the_contract(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        provider = rig.provider()
        for on, port in PORTS.items():
            said, able = contract.serves(on), isinstance(provider, port)
            assert said >= able, f"it has {on}, but the contract documents no answer to it"
            assert able >= said, f"the contract documents answers to {on}, but it has none"


async def _misses_its_source(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        assert isinstance(contract.request.source, PictureSource)
        gone = dataclasses.replace(contract.request.source, file="gone")
        request = dataclasses.replace(contract.request, source=gone)
        seen = await rig.act(rig.provider(), On.SUBMIT, (reply(),), request=request)
        assert isinstance(seen.outcome, InvalidRequest), f"it came to {seen.outcome!r}"
        assert not seen.calls, "it called the service without the picture"


async def _sends_its_source(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        assert isinstance(contract.request.source, PictureSource)
        data = contract.pictures[contract.request.source.file]
        seen = await rig.act(rig.provider(), On.SUBMIT, (reply(),))
        sent = b"".join(call.body for call in seen.calls)
        assert data in sent or base64.b64encode(data) in sent, "the picture did not arrive, or not as it is"


async def _is_made_anywhere(contract: ProviderContract) -> None:
    async def closed_unused(rig: Rig) -> None:
        await (await asyncio.to_thread(rig.provider)).close()
        assert not rig.wire.calls, "it called the service before anybody asked for anything"

    await _tidily(contract, closed_unused)


async def _is_closed_twice(contract: ProviderContract) -> None:
    async def closed_twice(rig: Rig) -> None:
        provider = rig.provider()
        await rig.handle(provider)
        await provider.close()
        await provider.close()

    await _tidily(contract, closed_twice)


async def _is_canceled(contract: ProviderContract, on: On) -> None:
    async def canceled(rig: Rig) -> None:
        provider, asked = rig.provider(), asyncio.Event()
        handle = await rig.handle(provider) if on is On.POLL else None

        def hang(_call: Call) -> Answer:
            asked.set()
            return Hang()

        call = rig.start(provider, on, (hang,), handle or "")
        await asyncio.wait_for(asked.wait(), PATIENCE_S)
        call.cancel()
        await asyncio.wait({call}, timeout=PATIENCE_S)
        assert call.done(), "it goes on although it was canceled"
        assert call.cancelled(), f"a canceled call must end as one, and ended in {call.exception()!r}"
        for documented in contract.documented(on, OneOf((Pending, Finished))):
            await rig.expect(provider, on, documented.answers, documented.means, handle=handle)

    await _tidily(contract, canceled)


async def _tidily(contract: ProviderContract, use: Callable[[Rig], Awaitable[None]]) -> None:
    """Use an adapter, and see that nothing of it is left open."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        async with Rig(contract) as rig:
            await use(rig)
        gc.collect()
    left_open = [str(warning.message) for warning in caught if issubclass(warning.category, ResourceWarning)]
    assert not left_open, f"it leaves something open: {left_open}"


async def _handles_outlive(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        earlier = rig.provider()
        handle = await rig.handle(earlier)
        await earlier.close()
        for running in tuple(contract.documented(On.POLL, Pending)) or (None,):
            answers, means = (running.answers, running.means) if running else ((reply(),), Pending)
            await rig.expect(rig.provider(), On.POLL, answers, means, handle=handle)


async def _no_handles(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        provider = rig.provider()
        handle = await rig.handle(provider) or ""  # a service that answers at once gives none
        nowhere = (reply(404),)
        calls = [On.POLL] + [On.CANCEL] * isinstance(provider, Cancels)
        for on in calls:
            for text in GARBAGE:
                seen = await rig.expect(provider, on, nowhere, ProtocolError, handle=text)
                assert not seen.calls, f"it asked for the handle {text!r:.30}"
            known = OneOf((ProtocolError, UnknownHandle, None))  # a cancel may take what is gone for canceled
            for text in (*LOOKALIKES, handle[: len(handle) // 2]):
                await rig.expect(provider, on, nowhere, known, handle=text)

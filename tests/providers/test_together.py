"""Three simulated vendors behind their real adapters: who is asked, and who never is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from sim.market import MODELS, Market

from bot.errors import Unavailable, UserError
from bot.messages import explain
from bot.model import Card, Job, JobState, Rest

DRAINED = Rest(reason="new prices", since=0)
ORDER = list(MODELS)
"""All cost the same, so that this is the order in which they are asked."""


@pytest.fixture
async def open_market() -> AsyncIterator[Callable[..., Market]]:
    opened: list[Market] = []

    def open_one(slots: int = 50) -> Market:
        opened.append(Market(slots=slots))
        return opened[-1]

    yield open_one
    for market in opened:
        assert market.violations == []
        await market.close()


OpenMarket = Callable[..., Market]


async def ended(market: Market, *jobs: Job) -> list[JobState]:
    while await market.house.store.unfinished():
        await market.clock.advance(30)
    return [await market.house.state(job) for job in jobs]


@pytest.mark.parametrize("dead", ORDER)
@pytest.mark.parametrize("how", ["down", "unavailable"])
async def test_while_one_is_dead_the_others_serve_everybody(open_market: OpenMarket, dead: str, how: str) -> None:
    market = open_market()
    setattr(market.vendors[dead].weather, how, True)
    for number in range(30):
        await market.house.imagine(f"/imagine a hen --model {MODELS[dead]}", account=f"early {number}")
    await market.clock.advance(300)
    jobs = [await market.house.imagine("/imagine a fox", account=f"p{number}") for number in range(6)]
    others = [name for name in ORDER if name != dead]
    jobs += [await market.house.imagine(f"/imagine a fox --model {MODELS[name]}") for name in others]
    assert [job.provider for job in jobs] == [others[0]] * 6 + others
    assert await ended(market, *jobs) == [JobState.SUCCEEDED] * 8
    assert market.submissions("fox") == {dead: 0, others[0]: 7, others[1]: 1}
    card = await market.house.say("/models")
    assert isinstance(card, Card)
    drawing = [line for line in card.lines if "pictures from words" in line]
    assert [name for name, line in zip(ORDER, drawing, strict=True) if "isn't answering" in line] == [dead]


async def test_one_that_comes_back_is_asked_again(open_market: OpenMarket) -> None:
    market = open_market()
    market.vendors["eternalai"].weather.down = True
    early = [await market.house.imagine(account=f"p{number}") for number in range(30)]
    await market.clock.advance(120)
    market.vendors["eternalai"].weather.down = False
    assert set(await ended(market, *early)) == {JobState.SUCCEEDED}
    assert (await market.house.imagine()).provider == "eternalai"


@pytest.mark.parametrize("first", ORDER)
async def test_what_one_refuses_is_shown_to_no_other(open_market: OpenMarket, first: str) -> None:
    market = open_market()
    for name in ORDER[: ORDER.index(first)]:
        await market.house.store.rest(name, DRAINED)
    job = await market.house.imagine("/imagine a fox [submit-refused]")
    assert (job.provider, await ended(market, job)) == (first, [JobState.REFUSED])
    await market.clock.advance(3600)
    assert market.submissions() == {name: int(name == first) for name in ORDER}
    assert await market.house.left() == market.house.rules.daily_credits


@pytest.mark.parametrize("drained", ORDER)
async def test_one_that_is_drained_finishes_what_waits_for_it_while_another_takes_what_is_new(
    open_market: OpenMarket, drained: str
) -> None:
    market = open_market(slots=1)
    named = f"/imagine a fox --model {MODELS[drained]}"
    jobs = [await market.house.imagine(named, account=f"p{number}") for number in range(3)]
    await market.clock.advance(5)
    assert market.submissions() == {name: int(name == drained) for name in ORDER}
    await market.house.store.rest(drained, DRAINED)
    with pytest.raises(Unavailable):
        await market.house.say(named)
    new = await market.house.imagine("/imagine a hen")
    assert new.provider == next(name for name in ORDER if name != drained)
    assert await ended(market, *jobs, new) == [JobState.SUCCEEDED] * 4
    assert market.submissions("fox")[drained] == 3


async def test_one_that_is_switched_off_keeps_what_it_has_and_gives_back_what_waits(open_market: OpenMarket) -> None:
    market = open_market(slots=1)
    drawn, waiting = [await market.house.imagine("/imagine a fox --model eranol") for _ in range(2)]
    await market.clock.advance(5)
    await market.house.store.rest("eranol", Rest(reason="new prices", since=0, off=True))
    assert await ended(market, drawn, waiting) == [JobState.SUCCEEDED, JobState.FAILED]
    assert market.submissions() == {"eternalai": 0, "eranol": 1, "eigenai": 0}
    assert await market.house.left() == market.house.rules.daily_credits - 1


@pytest.mark.parametrize(
    ("options", "model", "sentence"),
    [
        ("--seed 3", "eternalai", "EternalAI doesn't support --seed. Remove it, or use Eranol or eigen-image."),
        ("--style bloom", "eranol", "Eranol doesn't support --style. Remove it, or use EternalAI."),
        ("--negative blur", "eigen-image", "eigen-image doesn't support --negative. Remove it, or use Eranol."),
        ("--guidance 3", "eranol", "Eranol doesn't support --guidance. Remove it, or use eigen-image."),
    ],
)
async def test_an_option_that_a_named_model_lacks_costs_nothing_and_names_those_that_have_it(
    open_market: OpenMarket, options: str, model: str, sentence: str
) -> None:
    market = open_market()
    with pytest.raises(UserError) as refused:
        await market.house.say(f"/imagine a fox {options} --model {model}")
    assert explain(refused.value) == sentence
    assert await market.house.left() == market.house.rules.daily_credits
    served = await market.house.imagine(f"/imagine a fox {options}")
    assert await ended(market, served) == [JobState.SUCCEEDED]

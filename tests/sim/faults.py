"""Many jobs at vendors that give each of them one to six random fates, on a clock that is not real."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from sim.house import GENEROUS
from sim.market import MODELS, Market

from bot.model import Job, JobState
from bot.store import Accepted
from bot.testing.clock import settle

PEOPLE = 100
STEP_S = 60.0
LIMIT_S = 6 * 3600.0
# A refused key rightly ends everybody's jobs and would leave little to see; 70 MB for one job only cost time.
WITHOUT = ("submit-401", "submit-402", "submit-403", "answer-huge")


@dataclass
class Outcome:
    """What became of all jobs; `broken` says in words which promises were."""

    states: Counter[JobState] = field(default_factory=Counter)
    providers: Counter[str] = field(default_factory=Counter)
    charges: int = 0
    took_s: float = 0.0
    broken: list[str] = field(default_factory=list)


async def misfortunes(jobs: int, seed: int) -> Outcome:
    """Let so many people's jobs meet their fates, and look at what is left of the promises."""
    rules = replace(GENEROUS, daily_credits=1000, open_jobs_per_chat=jobs, open_jobs=jobs)
    market = Market(rules=rules, seed=seed, faults=True, without=WITHOUT)
    accepted = [await _ask(market, number) for number in range(jobs)]
    while await market.house.store.unfinished() and market.clock.monotonic() < LIMIT_S:
        await market.clock.advance(STEP_S)
    await settle()
    outcome = await _judged(market, accepted)
    await market.close()
    return outcome


async def _ask(market: Market, number: int) -> Job:
    """Each model by its name in turn, and then whichever serves."""
    named = [*(f" --model {model}" for model in MODELS.values()), ""]
    line = f"/imagine fox {number:05}{named[number % len(named)]}"
    answer = await market.house.say(line, account=f"p{number % PEOPLE}")
    assert isinstance(answer, Accepted)
    return answer.message.jobs[0]


async def _judged(market: Market, accepted: list[Job]) -> Outcome:
    house = market.house
    outcome, delivered = Outcome(took_s=house.clock.monotonic()), Counter[str]()
    broken = outcome.broken = [f"a vendor was asked wrongly: {wrong}" for wrong in market.violations]
    for number, old in enumerate(accepted):
        job = await house.job(old)
        count = {name: vendor.books.prompts[job.request.prompt] for name, vendor in market.vendors.items()}
        charges = count[job.provider].charges
        outcome.states[job.state] += 1
        outcome.providers[job.provider] += 1
        outcome.charges += charges
        delivered[f"p{number % PEOPLE}"] += job.state is JobState.SUCCEEDED
        if not job.state.terminal or not (await house.message(job)).final_shown:
            broken.append(f"{job.request.prompt} never ends: {job.state}")
        if charges > 1:
            broken.append(f"{job.request.prompt} was submitted {charges} times")
        if strangers := [name for name in count if name != job.provider and count[name].submissions]:
            broken.append(f"{job.request.prompt} of {job.provider} was submitted to {strangers}")
        if job.state is JobState.SUCCEEDED and (charges != 1 or job.file not in house.media.files):
            broken.append(f"{job.request.prompt} succeeded with {charges} charges and the file {job.file}")
        if house.cards(job)[-1].state != job.state:
            broken.append(f"{job.request.prompt} is {job.state}, its card says {house.cards(job)[-1].state}")
    for account, pictures in delivered.items():
        left = await house.left(account)
        if left != house.rules.daily_credits - pictures:
            broken.append(f"{account} has {left} credits after {pictures} pictures")
    return outcome

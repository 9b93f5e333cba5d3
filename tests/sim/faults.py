"""Many jobs at a vendor that gives each of them one to six random fates, on a clock that is not real."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from sim.house import GENEROUS, House
from sim.vendors.eternalai import EternalAI
from sim.vendors.fates import BY_NAME
from sim.vendors.plan import Plan
from sim.vendors.transport import SimTransport
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Conduct, Door, Request

from adapters.providers._http import Api
from adapters.providers.eternalai.provider import EternalAIProvider
from bot.errors import BadResult, ProviderUnavailable
from bot.model import Artifact, Job, JobState, RemoteArtifact, StoredFile
from bot.store import Accepted
from bot.testing.clock import FakeClock, settle
from bot.testing.media import FakeMedia
from bot.testing.provider import PNG

PEOPLE = 100
SLOTS = 50
STEP_S = 60.0
LIMIT_S = 6 * 3600.0
# Not among them: a refused key, which rightly ends everybody's jobs and would leave little to see.
AMONG = [name for name in BY_NAME if name not in ("submit-401", "submit-402", "submit-403")]


@dataclass
class Outcome:
    """What became of all jobs; `broken` says in words which promises were."""

    states: Counter[JobState] = field(default_factory=Counter)
    charges: int = 0
    took_s: float = 0.0
    broken: list[str] = field(default_factory=list)


class Fetching:
    """Media whose outside is the simulated vendor."""

    def __init__(self, media: FakeMedia, vendor: Vendor[Any]) -> None:
        self._media = media
        self._vendor = vendor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._media, name)

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        if isinstance(artifact, RemoteArtifact):
            self._media.outside[artifact.url] = self._answer(artifact.url)
        elif artifact.data != PNG:
            raise BadResult("no whole picture")
        return await self._media.keep(name, artifact)

    def _answer(self, url: str) -> bytes | Exception:
        if not url.startswith(self._vendor.files):
            return BadResult("an address that must not be dialed")
        path, _, query = url.removeprefix(self._vendor.files).partition("?")
        reply = self._vendor.answer(Request(method="GET", path=path, query=query, door=Door.FILES))
        if reply.conduct is not Conduct.ANSWER or reply.status in (429, 503):
            return ProviderUnavailable("the file does not come")
        whole = reply.status == 200 and reply.body == PNG
        return reply.body if whole else BadResult("no picture")


async def misfortunes(jobs: int, seed: int) -> Outcome:
    """Let so many people's jobs meet their fates, and look at what is left of the promises."""
    clock = FakeClock()
    vendor = EternalAI(clock, seed=seed, plan=Plan(seed, AMONG), draw=lambda *_: PNG)
    api = Api(
        vendor.origin, title="EternalAI", headers={"x-api-key": vendor.key}, transport=SimTransport(vendor, clock)
    )
    provider: Any = EternalAIProvider(api, clock=clock, slots=SLOTS)
    house = House(
        provider=provider,
        clock=clock,
        rules=replace(GENEROUS, open_jobs_per_chat=jobs, open_jobs=jobs),
        wrap=lambda name, port: Fetching(port, vendor) if name == "media" else port,
        random=Random(seed).random,
    )
    accepted = [await _ask(house, number) for number in range(jobs)]
    while await house.store.unfinished() and clock.monotonic() < LIMIT_S:
        await clock.advance(STEP_S)
    await settle()
    outcome = await _judged(house, vendor, accepted)
    await provider.close()
    return outcome


async def _ask(house: House, number: int) -> Job:
    answer = await house.say(f"/imagine fox {number:05}", account=f"p{number % PEOPLE}")
    assert isinstance(answer, Accepted)
    return answer.message.jobs[0]


async def _judged(house: House, vendor: EternalAI, accepted: list[Job]) -> Outcome:
    outcome, delivered = Outcome(took_s=house.clock.monotonic()), Counter[str]()
    broken = outcome.broken = [f"the vendor was asked wrongly: {wrong}" for wrong in vendor.violations]
    for number, old in enumerate(accepted):
        job, count = await house.job(old), vendor.books.prompts[old.request.prompt]
        outcome.states[job.state] += 1
        outcome.charges += count.charges
        delivered[f"p{number % PEOPLE}"] += job.state is JobState.SUCCEEDED
        if not job.state.terminal or not (await house.message(job)).final_shown:
            broken.append(f"{job.request.prompt} never ends: {job.state}")
        if count.charges > 1:
            broken.append(f"{job.request.prompt} was submitted {count.charges} times")
        if job.state is JobState.SUCCEEDED and (count.charges != 1 or job.file not in house.media.files):
            broken.append(f"{job.request.prompt} succeeded with {count.charges} charges and the file {job.file}")
        if house.cards(job)[-1].state != job.state:
            broken.append(f"{job.request.prompt} is {job.state}, its card says {house.cards(job)[-1].state}")
    for account, pictures in delivered.items():
        left = await house.left(account)
        if left != house.rules.daily_credits - pictures:
            broken.append(f"{account} has {left} credits after {pictures} pictures")
    return outcome

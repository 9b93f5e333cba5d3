"""Any order of accepts, moves, ends, new days, jumps of the clock and restarts keeps the books straight."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sim.drafts import DAY_S, a_draft
from sim.inline_store import InlineUnit, at_once

from bot.errors import QuotaExceeded
from bot.model import Job, JobState
from bot.store import Standing
from bot.testing.clock import START
from storage.sqlite import SqliteStore

ACCOUNTS = ("ada", "eve")
OPEN = [state for state in JobState if not state.terminal]
ENDS = [state for state in JobState if state.terminal]


@dataclass
class Purse:
    """What a person must own, told without a ledger: credits in all, and of those the day's own."""

    credits: int = 0
    of_day: int = 0
    allowance: int = 0
    day: str = ""
    days: int = 0

    def begin(self, day: str, allowance: int) -> None:
        if day <= self.day:
            return
        expired = min(self.credits, max(0, self.of_day))
        self.credits += allowance - expired
        self.day = day
        if allowance:
            self.of_day = self.allowance = allowance
            self.days += 1
        else:
            self.of_day -= expired

    def give_back(self, price: int, reserved_in: int) -> None:
        self.credits += price
        self.of_day += price
        if reserved_in < self.days:
            expired = max(0, min(self.credits, self.of_day - self.allowance))
            self.credits -= expired
            self.of_day -= expired


@dataclass
class Ledgered:
    """A job as it should stand, and the day it was paid in."""

    job: Job
    account: str
    paid_in: int
    refunded: bool = False


@dataclass
class Books:
    purses: dict[str, Purse] = field(default_factory=lambda: {account: Purse() for account in ACCOUNTS})
    jobs: dict[str, Ledgered] = field(default_factory=dict)


class Ledger(RuleBasedStateMachine):
    """The real store against purses of plain arithmetic."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.db = self._open()
        self.store = SqliteStore(InlineUnit(self.db))
        self.books = Books()
        self.now = START
        self.names = 0

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(Path(self._folder.name) / "limner.db", isolation_level=None)
        db.execute("PRAGMA synchronous = OFF")  # a process that ends loses nothing; power cuts are not this test's
        return db

    @property
    def today(self) -> str:
        return dt.datetime.fromtimestamp(self.now, dt.UTC).date().isoformat()

    @initialize()
    def start(self) -> None:
        self.accept("ada", 1, 1, 20)

    @rule(
        account=st.sampled_from(ACCOUNTS),
        count=st.integers(1, 4),
        price=st.integers(0, 9),
        allowance=st.sampled_from((20, 20, 20, 5, 0)),
    )
    def accept(self, account: str, count: int, price: int, allowance: int) -> None:
        self.names += 1
        draft = a_draft(
            str(self.names),
            account=account,
            count=count,
            price=price,
            at=self.now,
            today=self.today,
            allowance=allowance,
        )
        purse = replace(self.books.purses[account])
        purse.begin(self.today, allowance)
        seen: list[Standing] = []

        def decide(standing: Standing) -> None:
            seen.append(standing)
            if standing.balance < count * price:
                raise QuotaExceeded("err.quota")

        assert at_once(self.store.balance(f"p-{account}", today=self.today, allowance=allowance)) == purse.credits
        try:
            accepted = at_once(self.store.accept(draft, decide))
        except QuotaExceeded:
            assert purse.credits < count * price
            return
        assert seen[0].balance == purse.credits
        assert seen[0].open_in_all == sum(not entry.job.state.terminal for entry in self.books.jobs.values())
        purse.credits -= count * price
        purse.of_day -= count * price
        assert accepted.balance == purse.credits
        self.books.purses[account] = purse
        self.books.jobs |= {job.id: Ledgered(job, account, purse.days) for job in accepted.message.jobs}

    @rule(data=st.data())
    def accept_the_same_again(self, data: st.DataObject) -> None:
        entry = self._pick(data, ENDS + OPEN)
        name = entry.job.message_id.removeprefix("m-") if entry else str(self.names)
        draft = a_draft(name, account="ada", at=self.now, today=self.today)
        if entry:
            assert at_once(self.store.accept(draft, self._refuse)).repeated

    @rule(data=st.data(), to=st.sampled_from(OPEN))
    def advance(self, data: st.DataObject, to: JobState) -> None:
        entry = self._pick(data, [*OPEN, JobState.FAILED])
        if entry:
            moved = replace(entry.job, state=to)
            assert at_once(self.store.advance(entry.job.state, moved))
            entry.job = moved

    @rule(data=st.data(), to=st.sampled_from(ENDS))
    def finish(self, data: st.DataObject, to: JobState) -> None:
        entry = self._pick(data, OPEN)
        if not entry:
            return
        ended, purse = replace(entry.job, state=to, ended_at=self.now), self.books.purses[entry.account]
        known = self._closed(entry.job.id)
        if to is not JobState.SUCCEEDED and not known and entry.job.price:
            purse.give_back(entry.job.price, entry.paid_in)
        assert at_once(self.store.finish(entry.job.state, ended, today=self.today, shown=True)) == purse.credits
        assert at_once(self.store.finish(entry.job.state, ended, today=self.today, shown=True)) is None
        entry.job = ended

    @rule(account=st.sampled_from(ACCOUNTS), amount=st.integers(1, 30))
    def grant(self, account: str, amount: int) -> None:
        if self.db.execute("SELECT 1 FROM people WHERE id = ?", (f"p-{account}",)).fetchone():
            self.db.execute(
                "INSERT INTO ledger (kind, person_id, amount, day, at) VALUES ('grant', ?, ?, ?, ?)",
                (f"p-{account}", amount, self.today, self.now),
            )
            self.books.purses[account].credits += amount

    @rule(days=st.sampled_from((-2, -1, 0.2, 1, 1, 2)))
    def jump(self, days: float) -> None:
        self.now += days * DAY_S

    @precondition(lambda self: self.names > 1)
    @rule()
    def restart(self) -> None:
        self.db.close()
        self.db = self._open()
        self.store = SqliteStore(InlineUnit(self.db))

    @invariant()
    def every_sum_is_the_balance_and_none_is_negative(self) -> None:
        sums = self.db.execute(
            "SELECT substr(id, 3), balance, (SELECT coalesce(sum(amount), 0) FROM ledger WHERE person_id = people.id) "
            "FROM people"
        ).fetchall()
        for account, balance, total in sums:
            assert balance == total == self.books.purses[account].credits >= 0

    @invariant()
    def a_job_is_settled_or_refunded_once_when_it_has_ended_and_not_before(self) -> None:
        for entry in self.books.jobs.values():
            kinds = self._kinds(entry.job.id)
            assert kinds.count("reserve") == (1 if entry.job.price else 0)
            closed = kinds.count("settle") + kinds.count("refund")
            assert closed <= 1
            if entry.job.price and entry.job.state.terminal:
                assert closed == 1

    @invariant()
    def the_store_holds_the_jobs_as_they_stand(self) -> None:
        for entry in self.books.jobs.values():
            assert at_once(self.store.job(entry.job.id)) == entry.job

    @invariant()
    def what_is_open_is_what_is_unfinished(self) -> None:
        expected = {entry.job.message_id for entry in self.books.jobs.values() if not entry.job.state.terminal}
        assert {message.id for message in at_once(self.store.unfinished())} == expected
        [(counted, kept)] = self.db.execute("SELECT (SELECT count(*) FROM jobs WHERE open), open_jobs FROM totals")
        assert counted == kept

    def teardown(self) -> None:
        assert self.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert self.db.execute("PRAGMA foreign_key_check").fetchall() == []
        self.db.close()
        self._folder.cleanup()

    def _pick(self, data: st.DataObject, states: list[JobState]) -> Ledgered | None:
        fitting = [entry for entry in self.books.jobs.values() if entry.job.state in states]
        return data.draw(st.sampled_from(fitting)) if fitting else None

    def _kinds(self, job_id: str) -> list[str]:
        return [kind for (kind,) in self.db.execute("SELECT kind FROM ledger WHERE job_id = ?", (job_id,))]

    def _closed(self, job_id: str) -> bool:
        return not {"settle", "refund"}.isdisjoint(self._kinds(job_id))

    @staticmethod
    def _refuse(_: Standing) -> None:
        raise QuotaExceeded("err.quota")


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

"""When a provider may be asked, as its own answers tell."""

from __future__ import annotations

import logging
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.errors import (
    BotError,
    GenerationFailed,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.jobs.health import Health, Request

MISSES = [ProviderUnavailable("502"), TimeoutError(), RateLimited("429"), OutcomeUnknown("reset")]
ANSWERS = [None, UnknownHandle("404"), ProtocolError("html"), GenerationFailed("no"), ProviderRefused("401")]
BUSY = RateLimited("429")


class HandClock(SystemClock):
    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


class Patient:
    """A provider's health, and a hand on the clock."""

    def __init__(self, jitter: float = 0.0) -> None:
        self.clock = HandClock()
        self.turned_away: list[float] = []
        self.health = Health("fake", self.clock, lambda: jitter, self.turned_away.append)

    def ask(self, *, submit: bool = False) -> Request:
        request = self.health.request(submit=submit)
        assert request is not None
        return request

    def hear(self, error: BaseException | None, *, submit: bool = False, request: Request | None = None) -> None:
        """One request that ends in `error`; None: an answer."""
        with suppress(Exception), request or self.ask(submit=submit):
            if error is not None:
                raise error

    def wait(self, *, submit: bool = False) -> float:
        """Let the time pass until it is worth asking; the seconds that it took."""
        wait_s = self.health.wait_s(submit=submit)
        self.clock.at += wait_s
        return wait_s


@pytest.mark.parametrize(("jitter", "least_s", "most_s"), [(0.0, 30.1, 31.0), (1.0, 37.5, 37.5)])
def test_a_sane_retry_after_is_waited_out_and_a_little_more(jitter: float, least_s: float, most_s: float) -> None:
    patient = Patient(jitter)
    patient.hear(RateLimited("429", retry_after_s=30))
    assert patient.health.request() is None
    assert least_s <= patient.wait() <= most_s
    patient.ask()


def test_pauses_without_a_sane_hint_double_up_to_a_minute() -> None:
    patient, pauses = Patient(), []
    for hint_s in (None, -1.0, 1e9, float("nan"), 0.0, None, None):
        patient.hear(RateLimited("429", retry_after_s=hint_s))
        pauses.append(patient.wait())
    assert [round(pause_s) for pause_s in pauses] == [2, 4, 8, 16, 33, 62, 62]


def test_after_a_pause_one_request_finds_out_for_all() -> None:
    patient = Patient()
    patient.hear(BUSY)
    patient.wait()
    probe = patient.ask()
    assert patient.health.request() is None
    assert patient.health.request(submit=True) is None
    patient.hear(None, request=probe)
    assert [patient.health.wait_s(), patient.health.wait_s(submit=True)] == [0, 0]
    patient.hear(BUSY)
    assert round(patient.wait()) == 2


def test_a_probe_that_is_canceled_leaves_its_turn_to_the_next() -> None:
    patient = Patient()
    patient.hear(BUSY)
    patient.wait()
    with suppress(KeyboardInterrupt):
        patient.hear(KeyboardInterrupt())
    probe = patient.ask()
    probe.drop()
    patient.ask()


def test_a_probe_that_stays_out_does_not_hold_up_the_others_for_ever() -> None:
    patient = Patient()
    patient.hear(BUSY)
    patient.wait(submit=True)
    stuck = patient.ask(submit=True)
    patient.clock.at += 66
    second = patient.ask()
    stuck.drop()
    assert patient.health.request() is None
    second.drop()
    patient.ask()


def test_what_was_asked_before_a_pause_neither_ends_nor_doubles_it() -> None:
    patient = Patient()
    first, late, later, last = (patient.ask() for _ in range(4))
    patient.hear(BUSY, request=first)
    patient.hear(BUSY, request=late)
    patient.hear(None, request=later)
    assert round(patient.health.wait_s()) == 2
    patient.hear(RateLimited("429", retry_after_s=20), request=last)
    assert patient.health.wait_s() == 20


@pytest.mark.parametrize("miss", MISSES, ids=lambda miss: type(miss).__name__)
def test_thirty_misses_in_a_row_leave_one_request_every_thirty_seconds(miss: Exception) -> None:
    patient = Patient()
    for _ in range(30):
        assert not patient.health.down
        patient.wait()
        patient.hear(miss)
    assert patient.health.down
    asked_at = []
    for _ in range(4):
        patient.wait()
        asked_at.append(patient.clock.at)
        patient.hear(miss)
    assert all(30 < later - earlier < 65 for earlier, later in pairwise(asked_at))
    patient.wait()
    patient.hear(None)
    assert (patient.health.down, patient.health.wait_s()) == (False, 0)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_any_answer_proves_that_the_provider_is_there(answer: BotError | None) -> None:
    patient = Patient()
    for _ in range(29):
        patient.hear(ProviderUnavailable("502"))
    patient.hear(answer)
    for _ in range(29):
        patient.hear(ProviderUnavailable("502"))
    assert patient.health.wait_s() == 0


def test_looks_go_first_to_find_out_because_they_cost_nothing() -> None:
    patient = Patient()
    patient.hear(BUSY)
    patient.wait()
    assert patient.health.request(submit=True) is None
    assert patient.wait(submit=True) == 2
    patient.ask(submit=True)


def test_submits_that_are_too_many_pause_submits_alone_once_looks_are_answered() -> None:
    patient, pauses = Patient(), []
    patient.hear(BUSY, submit=True)
    assert patient.health.request() is None
    for _ in range(6):
        patient.wait()
        patient.hear(None)
        patient.wait(submit=True)
        patient.hear(BUSY, submit=True)
        assert patient.health.wait_s() == 0
        pauses.append(round(patient.health.wait_s(submit=True)))
    assert pauses == [4, 8, 16, 33, 62, 62]
    patient.hear(None)
    patient.wait(submit=True)
    patient.hear(None, submit=True)
    assert patient.health.wait_s(submit=True) == 0


def test_a_refused_key_stops_submits_for_a_minute_and_never_looks() -> None:
    patient = Patient()
    for _ in range(2):
        patient.hear(ProviderRefused("402"), submit=True)
    assert patient.health.refusing
    patient.hear(None)
    assert patient.health.refusing
    assert patient.turned_away == [patient.clock.at]
    assert patient.wait(submit=True) == 60
    assert not patient.health.refusing
    probe = patient.ask(submit=True)
    assert patient.health.request(submit=True) is None
    patient.ask()
    patient.hear(None, submit=True, request=probe)
    patient.ask(submit=True)
    patient.ask(submit=True)


def test_looks_that_are_refused_stop_no_submits_which_may_have_a_newer_key() -> None:
    patient = Patient()
    for _ in range(40):
        patient.hear(ProviderRefused("401"))
    assert (patient.health.wait_s(), patient.health.wait_s(submit=True)) == (0, 0)


def test_a_submit_that_is_refused_is_an_answer_to_the_looks_and_not_to_the_submits() -> None:
    patient = Patient()
    patient.hear(BUSY)
    patient.wait(submit=True)
    patient.hear(ProviderRefused("401"), submit=True)
    assert patient.health.wait_s() == 0
    patient.hear(ProviderRefused("401"), submit=True)
    assert (patient.health.wait_s(), patient.health.wait_s(submit=True)) == (0, 60)


def test_a_refusal_of_one_job_alone_stops_nobody() -> None:
    patient = Patient()
    for _ in range(5):
        patient.hear(ProviderRefused("404 of its model"), submit=True)
        patient.hear(None, submit=True)
    assert not patient.health.refusing
    assert patient.turned_away == []


def test_a_loss_and_a_return_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    patient = Patient()
    for _ in range(40):
        patient.wait()
        patient.hear(ProviderUnavailable("502 of a proxy"))
    for _ in range(2):
        patient.wait()
        patient.hear(None)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert caplog.messages[0] == "fake is not to be had: 502 of a proxy"
    assert caplog.messages[1].startswith("fake is back after 3")


def test_few_jobs_that_find_nobody_for_long_are_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    patient = Patient()
    for error in (ProviderUnavailable("502"), None, *[ProviderUnavailable("502")] * 4, None):
        patient.hear(error)
        patient.clock.at += 15
    assert patient.health.wait_s() == 0
    assert caplog.messages == ["fake is not to be had: 502", "fake is back after 60 s"]


def test_looks_that_are_refused_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    patient = Patient()
    for _ in range(9):
        patient.hear(ProviderRefused("401"))
    assert caplog.messages == ["fake refuses the operator's key for jobs that it has: 401"]


def test_one_odd_job_that_is_refused_its_looks_is_not_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    patient = Patient()
    for _ in range(9):
        patient.hear(ProviderRefused("403"))
        patient.hear(None)
    assert caplog.messages == []


def test_one_short_pause_is_not_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    patient = Patient()
    for answer in (BUSY, None, BUSY, None):
        patient.wait()
        patient.hear(answer)
    assert caplog.messages == []


def test_a_refused_key_is_told_once_and_so_is_its_mending(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    patient = Patient()
    for error in (*[ProviderRefused("401")] * 4, None, None):
        patient.wait(submit=True)
        patient.hear(error, submit=True)
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_who_has_waited_for_ten_minutes_is_turned_away() -> None:
    patient = Patient()
    came_at = patient.clock.at
    while not patient.turned_away:
        assert patient.clock.at < came_at + 700
        patient.wait()
        patient.hear(BUSY)
    assert came_at <= patient.turned_away[0] <= came_at + 100
    assert patient.health.out_for_s(came_at) >= 600
    assert patient.health.out_for_s(patient.clock.at) == 0


_ends = st.sampled_from([*MISSES, *ANSWERS, KeyboardInterrupt()])
_steps = st.one_of(
    st.tuples(st.just("ask"), st.booleans()),
    st.tuples(st.just("pass"), st.floats(0, 90)),
    st.tuples(st.just("end"), _ends),
    st.tuples(st.just("drop"), st.none()),
)


@given(st.lists(_steps, max_size=60), st.floats(0, 1))
def test_one_probe_at_a_time_and_never_a_dead_end(steps: list[tuple[str, object]], jitter: float) -> None:
    patient = Patient(jitter)
    out: list[tuple[Request, float]] = []
    for step, value in steps:
        if step == "pass":
            patient.clock.at += float(str(value))
        elif step == "ask":
            request = patient.health.request(submit=bool(value))
            if request:
                since = patient.clock.at - 65
                same = [other for other, at in out if at > since and request.shut and other.shut is request.shut]
                assert same == []
                out.append((request, patient.clock.at))
        elif out:
            request, _ = out.pop(0)
            if step == "drop":
                request.drop()
                continue
            with suppress(KeyboardInterrupt):
                patient.hear(value if isinstance(value, BaseException) else None, request=request)
    for submit in (False, True):
        waited_s = 0.0
        while (request := patient.health.request(submit=submit)) is None:
            waited_s += patient.wait(submit=submit)
            assert waited_s < 600 * 1.25 + 65 + 2
        patient.hear(None, submit=submit, request=request)
        assert patient.health.wait_s(submit=submit) == 0

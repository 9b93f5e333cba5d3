"""When a job is looked at, and what its bar shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.pacing import Meter, Pace, PollBudget, Usual, estimate, next_look_s, slow_after_s
from bot.model import Capability, Progress
from bot.provider import CapabilitySpec, ProgressKind

PERCENT = CapabilitySpec(
    capability=Capability.TEXT_TO_IMAGE, model="m", title="M", progress=ProgressKind.PERCENT, usual_s=50
)
SILENT = CapabilitySpec(capability=Capability.TEXT_TO_IMAGE, model="m", title="M", usual_s=50)
LEARNED = Usual.of(50, tuple(float(s) for s in range(45, 61)))
UNLEARNED = Usual.of(50)
USUALS = [LEARNED, UNLEARNED]


def _looks(spec: CapabilitySpec, usual: Usual, until_s: float) -> list[float]:
    elapsed_s, looks = 0.0, []
    while elapsed_s < until_s:
        elapsed_s += next_look_s(elapsed_s, None, usual, spec, Pace())
        looks.append(round(elapsed_s, 2))
    return looks


def test_an_unlearned_job_is_looked_at_every_two_seconds() -> None:
    assert _looks(PERCENT, UNLEARNED, 8) == [2, 4, 6, 8]


def test_a_learned_silent_job_gets_one_early_look_and_then_none_before_it_can_be_done() -> None:
    assert _looks(SILENT, LEARNED, 49) == [3, 45, 47, 49]


@pytest.mark.parametrize("spec", [PERCENT, SILENT], ids=["percent", "silent"])
def test_no_job_is_left_alone_for_more_than_a_minute_whatever_was_learned(spec: CapabilitySpec) -> None:
    assert _looks(spec, Usual.of(50, (590.0,) * 10), 200) == [3, 63, 123, 183, 243]


def test_a_learned_job_with_percent_is_looked_at_sparsely_until_it_can_be_done() -> None:
    looks = _looks(PERCENT, LEARNED, 49)
    assert looks[0] == 3
    assert looks[-3:] == [45, 47, 49]
    assert len(looks) <= 10


def test_a_learned_job_in_the_providers_own_line_is_looked_at_as_sparsely_as_one_with_percent() -> None:
    queue = replace(PERCENT, progress=ProgressKind.QUEUE)
    assert _looks(queue, LEARNED, 49) == _looks(PERCENT, LEARNED, 49)


@pytest.mark.parametrize(
    ("hint_s", "wait_s"),
    [(0.5, 0.5), (0.0, 0.05), (1e9, 60), (float("inf"), 60), (-1.0, 2), (float("nan"), 2), (None, 2)],
)
def test_the_providers_own_hint_wins_where_it_makes_sense(hint_s: float | None, wait_s: float) -> None:
    assert next_look_s(0, hint_s, UNLEARNED, PERCENT, Pace()) == wait_s


def test_a_benchmark_may_look_without_any_pause() -> None:
    at_once = Pace(looks_per_s=float("inf"), shortest_s=0, early_s=0, every_s=0, sparse_share=0)
    waits = [
        next_look_s(s, hint_s, usual, PERCENT, at_once) for s in (0, 9) for hint_s in (None, 0) for usual in USUALS
    ]
    assert set(waits) == {0}
    budget = PollBudget(at_once.looks_per_s)
    budget.live = 10_000
    assert budget.stretch(0) == 0


def test_too_many_jobs_stretch_the_interval_instead_of_queueing() -> None:
    budget = PollBudget(per_s=500)
    budget.live = 10_000
    assert budget.stretch(2.0) == 20.0
    budget.live = 100
    assert budget.stretch(2.0) == 2.0


def test_only_the_newest_fifty_durations_count() -> None:
    usual = Usual.of(50, tuple([10.0] * 50 + [99.0] * 50))
    assert usual.median_s == 10
    for at in range(50):
        usual.add(20.0, (at + 1, "job"))
    assert (usual.median_s, len(usual.ordered)) == (20, 50)
    usual.add(90.0, (0, "an older job"))
    assert max(usual.ordered) == 20


def test_a_silent_provider_gets_an_honest_estimate() -> None:
    bar = Meter().read(None, elapsed_s=10, now=1000, usual=UNLEARNED, spec=SILENT)
    assert (bar.percent, bar.approximate, bar.eta_at) == (estimate(10, 50), True, 1040)


def test_a_provider_that_reports_is_believed_and_not_marked_as_a_guess() -> None:
    bar = Meter().read(Progress(fraction=0.42), elapsed_s=10, now=1000, usual=UNLEARNED, spec=PERCENT)
    assert (bar.percent, bar.approximate) == (42, False)


def test_a_provider_that_only_ever_says_zero_gets_an_estimate_after_five_seconds() -> None:
    meter, zero = Meter(), Progress(fraction=0.0)
    assert meter.read(zero, elapsed_s=4, now=1000, usual=UNLEARNED, spec=PERCENT).percent is None
    assert meter.read(zero, elapsed_s=6, now=1002, usual=UNLEARNED, spec=PERCENT).percent == estimate(6, 50)


def test_the_end_is_told_anew_only_when_it_is_off_by_a_fifth() -> None:
    meter = Meter()
    first = meter.read(Progress(eta_s=40), elapsed_s=0, now=1000, usual=UNLEARNED, spec=PERCENT).eta_at
    near = meter.read(Progress(eta_s=41), elapsed_s=2, now=1002, usual=UNLEARNED, spec=PERCENT).eta_at
    far = meter.read(Progress(eta_s=80), elapsed_s=4, now=1004, usual=UNLEARNED, spec=PERCENT).eta_at
    assert (first, near, far) == (1040, 1040, 1084)


@pytest.mark.parametrize("eta_s", [float("nan"), float("inf"), -1.0, 1e9])
def test_an_end_that_makes_no_sense_is_not_told(eta_s: float) -> None:
    meter = Meter()
    assert meter.read(Progress(eta_s=eta_s), elapsed_s=10, now=1000, usual=UNLEARNED, spec=SILENT).eta_at == 1040


def test_in_the_providers_own_line_only_what_it_says_is_told() -> None:
    meter = Meter()
    bar = meter.read(Progress(queue_position=3), elapsed_s=10, now=1000, usual=UNLEARNED, spec=SILENT)
    assert (meter.ahead, bar.percent, bar.eta_at) == (3, None, None)
    meter.drift(20, UNLEARNED)
    assert meter.bar.percent is None
    bar = meter.read(Progress(queue_position=1, eta_s=90), elapsed_s=30, now=1020, usual=UNLEARNED, spec=SILENT)
    assert (bar.percent, bar.eta_at) == (None, 1110)
    bar = meter.read(None, elapsed_s=40, now=1030, usual=UNLEARNED, spec=SILENT)
    assert (meter.ahead, bar.percent, bar.eta_at) == (0, estimate(10, 50), 1070)


def test_twice_the_usual_time_is_slow() -> None:
    assert slow_after_s(UNLEARNED) == 100


_fractions = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


@given(st.lists(st.tuples(_fractions, st.floats(0, 600)), max_size=40), st.sampled_from([PERCENT, SILENT]))
def test_the_bar_never_goes_back_and_never_says_100(
    reports: list[tuple[float | None, float]], spec: CapabilitySpec
) -> None:
    meter, shown, elapsed_s = Meter(), 0, 0.0
    for fraction, passed_s in reports:
        elapsed_s += passed_s
        bar = meter.read(Progress(fraction), elapsed_s=elapsed_s, now=1e9 + elapsed_s, usual=UNLEARNED, spec=spec)
        assert bar.percent is None or shown <= bar.percent <= 99
        shown = bar.percent or shown


def test_the_time_in_the_providers_own_line_moves_no_bar_and_reckons_no_end() -> None:
    meter = Meter()

    def read(elapsed_s: float, progress: Progress) -> tuple[int | None, float | None]:
        bar = meter.read(progress, elapsed_s=elapsed_s, now=elapsed_s, usual=UNLEARNED, spec=PERCENT)
        return bar.percent, bar.eta_at

    assert read(2, Progress(0.0, 1, eta_s=90)) == (None, 92)
    assert read(60, Progress(0.0, 0)) == (None, 92)
    meter.drift(80, UNLEARNED)
    assert read(90, Progress(0.0, 0)) == (None, 92)
    assert read(100, Progress(0.2)) == (20, 140)

"""Pure: what a message shows, from its jobs and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.messages import explain, say
from bot.messages.cutting import one_line
from bot.messages.people import told
from bot.model import (
    Act,
    Bar,
    Button,
    Capability,
    Card,
    CardLink,
    CardMedia,
    CharacterSource,
    GenerationRequest,
    Job,
    JobState,
    Message,
    PictureSource,
    Quality,
    Source,
    Tone,
)
from bot.parsing import compose, repeatable
from bot.spelling import DASHES
from bot.surface import Spelling

PROMPT_CHARS = 300
CELLS = 10
BEHIND_MORE = frozenset({Act.ORIGINAL, Act.DETAILS, Act.DELETE})
"""What is rarely pressed, where there is little room."""

_EMOJI = {
    JobState.QUEUED: "⏳",
    JobState.SUCCEEDED: "✅",
    JobState.FAILED: "⚠️",
    JobState.REFUSED: "🚫",
    JobState.CANCELED: "✖️",
    JobState.LOST: "⚠️",
}
_MAKING_EMOJI = {
    Capability.TEXT_TO_IMAGE: "🎨",
    Capability.EDIT_IMAGE: "✏️",
    Capability.IMAGE_TO_VIDEO: "🎬",
    Capability.APPLY_EFFECT: "✨",
    Capability.CREATE_CHARACTER: "🧑",
}
_TONES = {
    JobState.QUEUED: Tone.NEUTRAL,
    JobState.RUNNING: Tone.ACTIVE,
    JobState.SUCCEEDED: Tone.GOOD,
    JobState.FAILED: Tone.BAD,
    JobState.REFUSED: Tone.WARN,
    JobState.CANCELED: Tone.NEUTRAL,
    JobState.LOST: Tone.BAD,
}
_SHOWN_AS = {JobState.SUBMITTING: JobState.QUEUED, JobState.DELIVERING: JobState.RUNNING}
_WORST_FIRST = (JobState.FAILED, JobState.LOST, JobState.REFUSED, JobState.CANCELED)


Served = tuple[str, str]
"""A model: its provider and its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far one open job is: its place in line, its bar, and whether it runs long.

    The line is ours while the job is queued, and then the provider's own. `held`: why a queued job cannot be
    handed over for now, "busy" or "down", and the title of its provider.
    """

    ahead: int | None = None
    bar: Bar | None = None
    slow: bool = False
    held: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a card shows beyond the rows: titles of models, who can be canceled, the time, how people write.

    `left` is what its person has left now, None: not known, or no news.
    Models are known by provider and id: `titles` of all, `stoppable` those whose provider can cancel.
    `able`: what can be made from a source.
    """

    now: float
    locale: str = "en"
    keep_days: int = 30
    titles: Mapping[Served, str]
    stoppable: frozenset[Served] = frozenset()
    standings: Mapping[str, Standing]
    spelling: Spelling = DASHES
    able: Callable[[Source], Sequence[Act]] = lambda _: ()
    left: int | None = None


def still(card: Card, locale: str) -> Card:
    """The card of a message as it is shown where it will not change; an open one says where it goes on."""
    if card.final:
        return card
    return replace(card, bar=None, media=(), lines=(say("line.elsewhere", locale),), buttons=(), footer=None)


def folded(card: Card, most: int, rare: frozenset[Act] = BEHIND_MORE, locale: str = "en") -> list[Button]:
    """At most `most` buttons of a card, none twice; what is `rare` stands behind More… unless it stands alone."""
    front = [button for button in card.buttons if button.act not in rare]
    behind = [button for button in card.buttons if button.act in rare]
    if front and behind:
        behind = [Button(Act.MORE, behind[0].jobs, say("act.more", locale))]
    buttons = [*front[: most - len(behind)], *behind]
    return list({button.id: button for button in buttons}.values())[:most]


def gauge(bar: Bar, locale: str = "en") -> str:
    """How far a bar is, in cells and figures, for chats that show text alone; empty where nothing can be said."""
    if bar.percent is None:
        return ""
    full = min(CELLS, max(0, bar.percent * CELLS // 100))
    figures = say("chat.about", locale, percent=bar.percent) if bar.approximate else f"{bar.percent} %"
    return f"{'▰' * full}{'▱' * (CELLS - full)}  {figures}"


def state_of(jobs: Sequence[Job]) -> JobState:
    """The state of a message: open while any job is, a success as soon as one picture is there."""
    states = [_SHOWN_AS.get(job.state, job.state) for job in jobs]
    if JobState.RUNNING in states:
        return JobState.RUNNING
    if JobState.QUEUED in states:
        return JobState.RUNNING if JobState.SUCCEEDED in states else JobState.QUEUED
    if JobState.SUCCEEDED in states:
        return JobState.SUCCEEDED
    return next(state for state in _WORST_FIRST if state in states)


def tag(job_id: str) -> str:
    """The short name of a job that people see and type: its last four characters."""
    return job_id[-4:]


def original(url: str, number: int, of: int, locale: str = "en") -> CardLink:
    """The link to a picture that is not shown as it is: the `number`th `of` those on its card."""
    return CardLink(say("line.original", locale) if of == 1 else say("line.original_n", locale, n=number), url)


def draw(message: Message, facts: Facts) -> Card:
    """The card of a message as it is now."""
    jobs, first = message.jobs, message.jobs[0]
    state = state_of(jobs)
    character = first.character if state is JobState.SUCCEEDED else None
    gone = state is JobState.SUCCEEDED and character is None and not any(job.file for job in jobs)
    prompt = one_line(first.request.prompt, PROMPT_CHARS)
    return Card(
        state=state,
        title=character.name if character else _title(state, first.request.capability, prompt, facts.locale, gone=gone),
        emoji="🗂" if gone else _EMOJI.get(state, _MAKING_EMOJI[first.request.capability]),
        tone=Tone.NEUTRAL if gone else _TONES[state],
        message_id=message.id,
        job_id=first.id,
        tag=tag(first.id),
        created_at=message.created_at,
        prompt=None if character else prompt,
        command=compose(first.request, facts.spelling) if repeatable(first.request) else None,
        chips=_chips(first, jobs, facts),
        lines=told(character, "character.made", facts.locale) if character else _lines(state, jobs, facts, gone=gone),
        bar=_bar(state, jobs, facts),
        media=tuple(
            CardMedia(job.file, job.media_type, first.request.prompt)
            for job in jobs
            if job.state is JobState.SUCCEEDED and job.file and job.media_type
        ),
        buttons=_character_buttons(first, facts) if character else _buttons(state, jobs, facts, gone=gone),
        portrait=character is not None,
        footer=_footer(state, jobs, facts),
    )


def _title(state: JobState, capability: Capability, prompt: str, locale: str, *, gone: bool) -> str:
    if gone:
        return say("title.gone", locale)
    if state is JobState.RUNNING:
        return say(f"title.running.{capability}", locale)
    return prompt if state is JobState.SUCCEEDED else say(f"title.{state}", locale)


def _chips(first: Job, jobs: Sequence[Job], facts: Facts) -> tuple[str, ...]:
    request = first.request
    chips = [facts.titles.get((first.provider, first.model), first.model)]
    chips += _made_from(request.source, facts.locale)
    chips += [request.style] if request.style else []
    chips += [say("chip.high", facts.locale)] if request.quality is Quality.HIGH else []
    chips += [say("chip.long", facts.locale, n=request.duration_s)] if request.duration_s else []
    chips += [say("chip.silent", facts.locale)] if request.audio is False else []
    chips += [size(request)] if request.width and request.height else []
    chips += [f"seed {request.seed}"] if request.seed is not None else []
    chips += [say("line.pictures", facts.locale, n=request.count)] if request.count > 1 else []
    if all(job.state is JobState.SUCCEEDED for job in jobs):
        chips.append(_took(took_s(jobs), facts.locale))
    return tuple(chips)


def _made_from(source: Source | None, locale: str) -> list[str]:
    match source:
        case CharacterSource():
            return [source.name] if source.name else []
        case PictureSource(job_id=str(job_id)):
            return [say("chip.from", locale, tag=tag(job_id))]
        case PictureSource():
            return [say("chip.own", locale)]
    return []


def size(request: GenerationRequest) -> str:
    """Width and height as people read them."""
    return f"{request.width}×{request.height}"  # noqa: RUF001 - the sign that people write between pixels


def _took(seconds: float, locale: str) -> str:
    minutes = round(seconds / 60)
    return say("chip.minutes", locale, n=minutes) if minutes > 1 else say("chip.seconds", locale, n=round(seconds))


def elapsed_s(jobs: Sequence[Job], now: float) -> float:
    """Seconds since the first of the jobs was submitted; 0 before. `now` is UTC epoch seconds."""
    return max(0.0, now - min((job.submitted_at for job in jobs if job.submitted_at is not None), default=now))


def took_s(jobs: Sequence[Job]) -> float:
    """Seconds from the command to the last end."""
    return max((job.ended_at or 0) for job in jobs) - min(job.created_at for job in jobs)


def _lines(state: JobState, jobs: Sequence[Job], facts: Facts, *, gone: bool) -> tuple[str, ...]:
    locale = facts.locale
    if gone:
        return (say("line.kept", locale, n=facts.keep_days),)
    if state is JobState.QUEUED:
        return _waiting_lines(jobs, facts)
    if state is JobState.RUNNING:
        return _running_lines(jobs, facts)
    lines = [] if state is JobState.SUCCEEDED else _causes(jobs, locale)
    done = sum(job.state is JobState.SUCCEEDED for job in jobs)
    if state is JobState.SUCCEEDED and done < len(jobs):
        lines += [say("line.some", locale, done=done, n=len(jobs)), *_causes(jobs, locale)]
    back = sum(job.price - job.credits for job in jobs)
    if back:
        lines.append(say("line.refund_some" if done else "line.refund", locale, n=back))
    return tuple(lines)


def _causes(jobs: Sequence[Job], locale: str) -> list[str]:
    failures = [job.failure for job in jobs if job.failure and job.state is not JobState.SUCCEEDED]
    return list(dict.fromkeys(explain(failure, locale) for failure in failures))


def _waiting_lines(jobs: Sequence[Job], facts: Facts) -> tuple[str, ...]:
    standings = [facts.standings[job.id] for job in jobs if job.id in facts.standings]
    ahead = min((standing.ahead for standing in standings if standing.ahead is not None), default=None)
    lines = [say("line.ahead", facts.locale, n=ahead)] if ahead else []
    held = next((standing.held for standing in standings if standing.held), None)
    if held:
        return (*lines, say(f"line.{held[0]}", facts.locale, provider=held[1]))
    return tuple(lines) or (say("line.sending" if ahead is None else "line.next", facts.locale),)


def _running_lines(jobs: Sequence[Job], facts: Facts) -> tuple[str, ...]:
    locale, lines = facts.locale, []
    done = sum(job.state is JobState.SUCCEEDED for job in jobs)
    if done:
        lines.append(say("line.some", locale, done=done, n=len(jobs)))
    running = [facts.standings[job.id] for job in jobs if job.state is JobState.RUNNING and job.id in facts.standings]
    ahead = min((standing.ahead or 0 for standing in running), default=0)
    if ahead:
        lines.append(say("line.ahead_there", locale, n=ahead))
    minutes = int(elapsed_s(jobs, facts.now) // 60)
    if minutes:
        lines.append(say("line.elapsed", locale, time=say("time.minutes", locale, n=minutes)))
    if any(facts.standings[job.id].slow for job in jobs if job.id in facts.standings):
        lines.append(say("line.slow", locale))
    return tuple(lines)


def _bar(state: JobState, jobs: Sequence[Job], facts: Facts) -> Bar | None:
    """One bar for all jobs: their mean, the latest end, an estimate if one of them is."""
    if state is not JobState.RUNNING:
        return None
    bars = [_bar_of(job, facts) for job in jobs if not (job.state.terminal and job.state is not JobState.SUCCEEDED)]
    known = [bar.percent for bar in bars if bar.percent is not None]
    slow = any(standing.slow for standing in facts.standings.values())
    etas = [bar.eta_at for bar in bars if bar.eta_at is not None and not (slow and bar.eta_at <= facts.now)]
    return Bar(
        percent=min(99, sum(known) // len(bars)) if known else None,
        approximate=any(bar.approximate for bar in bars),
        eta_at=max(etas) if etas else None,
    )


def _bar_of(job: Job, facts: Facts) -> Bar:
    if job.state is JobState.SUCCEEDED:
        return Bar(100)
    standing = facts.standings.get(job.id)
    return standing.bar if standing and standing.bar else Bar(None)


def _buttons(state: JobState, jobs: Sequence[Job], facts: Facts, *, gone: bool) -> tuple[Button, ...]:
    def button(act: Act, chosen: Sequence[Job], label: str | None = None) -> Button:
        return Button(act, tuple(job.id for job in chosen), label or say(f"act.{act}", facts.locale))

    if state in (JobState.QUEUED, JobState.RUNNING):
        stoppable = [job for job in jobs if can_cancel(job, facts.stoppable)]
        return (button(Act.CANCEL, stoppable),) if stoppable else ()
    first = jobs[:1]
    buttons = []
    lookable = [job for job in jobs if can_look(job)]
    retryable = [job for job in jobs if can_retry(job)]
    if lookable:
        buttons.append(button(Act.LOOK, lookable))
    if retryable:
        missing = say("act.missing", facts.locale, n=len(retryable)) if state is JobState.SUCCEEDED else None
        buttons.append(button(Act.RETRY, retryable, missing))
    if state in (JobState.SUCCEEDED, JobState.CANCELED):
        buttons.append(button(Act.AGAIN, first))
    if first[0].request.capability is not Capability.APPLY_EFFECT:
        buttons.append(button(Act.WORDS, first))
    pictures = [job for job in jobs if job.has_picture]
    if len(pictures) == 1 == len(jobs):  # of several, each has its own once it stands alone
        buttons += [button(act, pictures) for act in facts.able(_as_source(pictures[0])) if act is not Act.EFFECT]
    if state is JobState.SUCCEEDED and not gone:
        buttons.append(button(Act.ORIGINAL, [job for job in jobs if job.file]))
    buttons.append(button(Act.DELETE, first))
    return tuple(buttons)


def _as_source(job: Job) -> PictureSource:
    return PictureSource(
        file=job.file or "", media_type=job.media_type or "", size_bytes=0, uploaded=job.from_upload, job_id=job.id
    )


def _character_buttons(job: Job, facts: Facts) -> tuple[Button, ...]:
    assert job.character is not None
    source = CharacterSource(
        character_id=job.id, provider=job.provider, reference=job.character.reference, name=job.character.name
    )
    acts = [Act.USE, *(act for act in facts.able(source) if act is not Act.EFFECT), Act.RENAME, Act.REMOVE]
    acts += [Act.ORIGINAL, Act.DELETE] if job.file else [Act.DELETE]
    return tuple(Button(act, (job.id,), say(f"act.{act}", facts.locale)) for act in acts)


def can_cancel(job: Job, stoppable: frozenset[Served]) -> bool:
    """Whether nobody has to pay for a cancel: not handed over yet, or the provider can stop it."""
    if job.state in (JobState.SUBMITTING, JobState.RUNNING):
        return (job.provider, job.model) in stoppable
    return job.state is JobState.QUEUED


def can_retry(job: Job) -> bool:
    """Whether the job ended in a way that a second try may mend."""
    too_large = job.failure is not None and job.failure.key == "fail.too_large"
    return job.state in (JobState.FAILED, JobState.LOST) and not too_large


def can_look(job: Job) -> bool:
    """Whether the provider may still finish what we stopped waiting for."""
    late = job.failure is not None and job.failure.key == "fail.deadline"
    return job.state is JobState.FAILED and late and bool(job.handle)


def _footer(state: JobState, jobs: Sequence[Job], facts: Facts) -> str | None:
    price = say("line.credits", facts.locale, n=sum(job.credits for job in jobs))
    if state is JobState.SUCCEEDED:
        left = [] if facts.left is None else [say("line.left", facts.locale, n=facts.left)]
        return " · ".join([say("line.made", facts.locale), price, *left])
    return price if state is JobState.QUEUED else None

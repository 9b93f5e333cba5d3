"""Cards and jobs as the JSON that the page and its API speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from adapters.chat.web.sessions import Session
from bot.cards import tag
from bot.commands import Form, JobView, MenuEntry, MenuOption, Purse, Suggestion
from bot.errors import NotFound
from bot.media import Film, Media
from bot.model import Bar, Button, Card, CardMedia, Job, named_after

FILE_NAME_CHARS = 48


async def card_json(card: Card, media: Media, session: Session | None = None) -> dict[str, Any]:
    """A card; every text is plain and the page shows it as text.

    `session`: whom it answers, who may then see its media even where they belong to no job.
    """
    session = session if card.message_id is None else None
    return {
        "state": card.state,
        "title": card.title,
        "tone": card.tone,
        "message": card.message_id,
        "job": card.job_id,
        "tag": card.tag,
        "prompt": card.prompt,
        "command": card.command,
        "chips": card.chips,
        "lines": card.lines,
        "bar": _bar_json(card.bar) if card.bar else None,
        "portrait": card.portrait,
        "media": [await _card_media_json(shown, media, session) for shown in card.media],
        "buttons": [_button_json(button) for button in card.buttons],
        "footer": card.footer,
    }


def job_json(view: JobView) -> dict[str, Any]:
    """A job as `GET /api/jobs/{id}` answers it; `credits` is what it holds or has taken."""
    job = view.job
    return {
        "id": job.id,
        "state": job.state,
        "prompt": job.request.prompt,
        "progress": view.percent,
        "media": [{"url": media_url(job.file), "type": job.media_type}] if job.file else [],
        "credits": job.credits,
        "error": _error_json(view),
    }


def purse_json(purse: Purse) -> dict[str, Any]:
    return {"left": purse.left, "daily": purse.daily, "resets_at": purse.resets_at}


def menu_json(menu: Sequence[MenuEntry]) -> dict[str, Any]:
    return {
        "commands": [
            {
                "name": entry.name,
                "summary": entry.summary,
                "options": [_option_json(option) for option in entry.options],
                "cost": entry.cost,
                "sources": sorted(entry.sources),
            }
            for entry in menu
        ]
    }


def form_json(form: Form) -> dict[str, Any]:
    return {
        "act": form.act,
        "title": form.title,
        "label": form.label,
        "words": form.words,
        "options": [_option_json(option) for option in form.options],
        "choices": suggestions_json(form.choices),
    }


def suggestions_json(suggestions: Sequence[Suggestion]) -> list[dict[str, str]]:
    return [{"label": suggestion.label, "value": suggestion.value} for suggestion in suggestions]


def completions_json(option: str, suggestions: Sequence[Suggestion]) -> list[dict[str, str]]:
    """Suggestions with values as people would type them."""
    return [{"label": suggestion.label, "value": _typed(option, suggestion)} for suggestion in suggestions]


def media_url(file: str, **query: str) -> str:
    return f"/media/{file}?{urlencode(query)}" if query else f"/media/{file}"


def file_name(job: Job) -> str:
    """What a downloaded picture is called: words of its prompt, then the end of its id."""
    words = "".join(char if char.isalnum() else " " for char in job.request.prompt.lower()).split()
    title = "-".join(words)[:FILE_NAME_CHARS].strip("-") or "picture"
    extension = (job.file or "").rpartition(".")[2]
    return f"{title}-{job.id[-4:]}.{extension}"


def _typed(option: str, suggestion: Suggestion) -> str:
    if option in ("job", "result"):
        return tag(suggestion.value)
    return suggestion.label.partition(" · ")[0] if option == "character" else suggestion.value


def _option_json(option: MenuOption) -> dict[str, Any]:
    return {"flag": option.flag, "hint": option.hint, "choices": option.choices}


def _bar_json(bar: Bar) -> dict[str, Any]:
    return {"percent": bar.percent, "approximate": bar.approximate, "eta_at": bar.eta_at}


async def _card_media_json(shown: CardMedia, media: Media, session: Session | None) -> dict[str, Any]:
    seal = {"seal": session.seal(shown.file)} if session else {}
    film = await _film(shown, media)
    return {
        "job": named_after(shown.file),
        "url": media_url(shown.file, **seal),
        "download": media_url(shown.file, **seal, download="1"),
        "poster": media_url(shown.file, **seal, poster="1") if film.poster else None,
        "type": shown.media_type,
        "alt": shown.alt,
        "width": film.width_px,
        "height": film.height_px,
    }


async def _film(shown: CardMedia, media: Media) -> Film:
    if not shown.is_video:
        return Film()
    try:
        return await media.film(shown.file)
    except NotFound:
        return Film()


def _button_json(button: Button) -> dict[str, Any]:
    return {"act": button.act, "jobs": button.jobs, "label": button.label}


def _error_json(view: JobView) -> dict[str, Any] | None:
    failure = view.job.failure
    if failure is None or view.message is None:
        return None
    return {"code": failure.key.rpartition(".")[2], "message": view.message}

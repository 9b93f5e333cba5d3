"""Cards and jobs as the JSON that the page and its API speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands import JobView, MenuEntry, Purse
from bot.model import Bar, Button, Card, CardMedia, Job

FILE_NAME_CHARS = 48


def card_json(card: Card) -> dict[str, Any]:
    """A card; every text is plain and the page shows it as text."""
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
        "media": [_card_media_json(media) for media in card.media],
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
                "options": [
                    {"flag": option.flag, "hint": option.hint, "choices": option.choices} for option in entry.options
                ],
            }
            for entry in menu
        ]
    }


def media_url(file: str) -> str:
    return f"/media/{file}"


def file_name(job: Job) -> str:
    """What a downloaded picture is called: words of its prompt, then the end of its id."""
    words = "".join(char if char.isalnum() else " " for char in job.request.prompt.lower()).split()
    title = "-".join(words)[:FILE_NAME_CHARS].strip("-") or "picture"
    extension = (job.file or "").rpartition(".")[2]
    return f"{title}-{job.id[-4:]}.{extension}"


def _bar_json(bar: Bar) -> dict[str, Any]:
    return {"percent": bar.percent, "approximate": bar.approximate, "eta_at": bar.eta_at}


def _card_media_json(media: CardMedia) -> dict[str, Any]:
    return {"url": media_url(media.file), "type": media.media_type, "alt": media.alt}


def _button_json(button: Button) -> dict[str, Any]:
    return {"act": button.act, "jobs": button.jobs, "label": button.label}


def _error_json(view: JobView) -> dict[str, Any] | None:
    failure = view.job.failure
    if failure is None or view.message is None:
        return None
    return {"code": failure.key.rpartition(".")[2], "message": view.message}

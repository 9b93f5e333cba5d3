"""EternalAI."""

from __future__ import annotations

from bot.provider import Provider, ProviderContext


def create(context: ProviderContext) -> Provider | None:  # noqa: ARG001
    return None

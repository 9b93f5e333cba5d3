"""EternalAI: pictures, edits, videos, effects and characters; one module for each family of its API."""

from __future__ import annotations

from adapters.providers.eternalai.provider import EternalAIProvider, create

__all__ = ["EternalAIProvider", "create"]

"""Eigen AI: pictures out of words, changed pictures, and videos out of pictures."""

from __future__ import annotations

from adapters.providers.eigenai.provider import EigenAIProvider, create

__all__ = ["EigenAIProvider", "create"]

"""Eigen AI: pictures out of words, drawn while one waits."""

from __future__ import annotations

from adapters.providers.eigenai.provider import EigenAIProvider, create

__all__ = ["EigenAIProvider", "create"]

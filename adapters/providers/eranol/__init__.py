"""Eranol: pictures out of words, with negative words, seed and size."""

from __future__ import annotations

from adapters.providers.eranol.provider import EranolProvider, create

__all__ = ["EranolProvider", "create"]

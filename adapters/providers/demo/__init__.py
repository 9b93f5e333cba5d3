"""The demo provider: draws labelled pictures on this machine, without a key, a model or a network."""

from __future__ import annotations

from adapters.providers.demo.provider import DemoProvider, create

__all__ = ["DemoProvider", "create"]

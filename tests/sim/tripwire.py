"""Any port with a wire across its door: something happens before or after each call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

Trip = Callable[[str], None]
"""Called with `before <port>.<verb>` and `after <port>.<verb>`; may raise, or end the process."""


class Tripwire:
    """Passes every call on to the real port, and tells before and after each awaited one."""

    def __init__(self, name: str, port: Any, trip: Trip) -> None:
        self._name = name
        self._port = port
        self._trip = trip

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._port, attribute)
        if not inspect.iscoroutinefunction(value):
            return value

        async def watched(*args: Any, **kwargs: Any) -> Any:
            self._trip(f"before {self._name}.{attribute}")
            result = await value(*args, **kwargs)
            self._trip(f"after {self._name}.{attribute}")
            return result

        return watched

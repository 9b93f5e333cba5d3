"""The one client of every provider, and the one place that turns failures into our errors."""

from adapters.providers._http.api import Api, FilePart
from adapters.providers._http.reply import Judge, Phase, Reply, unreadable_is_unknown

__all__ = ["Api", "FilePart", "Judge", "Phase", "Reply", "unreadable_is_unknown"]

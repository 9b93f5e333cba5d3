"""Files that we keep: on the local disk, and on their way from outside."""

from adapters.media.fetching import Fetcher
from adapters.media.files import FileMedia

__all__ = ["Fetcher", "FileMedia"]

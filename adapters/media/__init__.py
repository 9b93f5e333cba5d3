"""Files that we keep, on the local disk."""

from adapters.media.files import FileMedia

__all__ = ["FileMedia"]

"""The store in one SQLite file of the data folder."""

from storage.sqlite.folder import folder_key, lock_folder
from storage.sqlite.opening import open_store
from storage.sqlite.store import SqliteStore

__all__ = ["SqliteStore", "folder_key", "lock_folder", "open_store"]

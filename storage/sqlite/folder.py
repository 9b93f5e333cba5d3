"""The data folder: private, of one process at a time, with a key of its own."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StartError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
LOCK_FILE = "limner.lock"
KEY_FILE, KEY_BYTES = "limner.key", 32


@contextmanager
def lock_folder(path: Path) -> Iterator[None]:
    """Hold the data folder, made if it is missing; raises `StartError` while another process holds it.

    The kernel lets go of it whenever the process ends, so a killed bot starts again at once.
    """
    held = _open_lock(path)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartError(
                f"Another Limner is already running on the data folder {path}. "
                "Stop it first, or give this one its own folder with BOT_DATA_DIR."
            ) from error
        yield
    finally:
        os.close(held)


def folder_key(path: Path) -> bytes:
    """A secret of the locked data folder, made where there is none; raises `StartError`.

    Whoever loses it loses only what was made with it: it is made anew.
    """
    file, part = path / KEY_FILE, path / f".{KEY_FILE}.part"
    try:
        if file.exists() and len(key := file.read_bytes()) == KEY_BYTES:
            return key
        part.unlink(missing_ok=True)
        part.touch(PRIVATE_FILE)
        key = secrets.token_bytes(KEY_BYTES)
        part.write_bytes(key)
        part.replace(file)
    except OSError as error:
        raise StartError(
            f"The file {file} can neither be read nor made ({error.strerror}). "
            "Give it to this user, or remove it: only links in old messages need it."
        ) from error
    return key


def _open_lock(path: Path) -> int:
    try:
        path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        return os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    except OSError as error:
        raise StartError(
            f"The data folder {path} cannot be written ({error.strerror}). "
            "Make it writable for this user, or name another one with BOT_DATA_DIR."
        ) from error

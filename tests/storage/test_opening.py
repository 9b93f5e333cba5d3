"""A database opens private, checked and up to date, or one sentence says why not and the process exits."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest
from sim.drafts import TODAY, a_draft, admit

from bot.errors import StartError, StoreUnavailable, StoreUnusable
from bot.model import Character, Origin, PictureSource, Preferences, StoredFile
from storage.sqlite import folder_key, lock_folder, open_store
from storage.sqlite.opening import check, migrate, migrations


async def filled(path: Path, messages: int = 1) -> Path:
    store = await open_store(path)
    for n in range(messages):
        await store.accept(a_draft(str(n), account=str(n)), admit)
    await store.close()
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_new_database_is_made_in_a_private_folder(tmp_path: Path) -> None:
    path = tmp_path / "data" / "limner.db"
    store = await open_store(path)
    await store.accept(a_draft(), admit)
    files = [path, path.with_name("limner.db-wal"), path.with_name("limner.db-shm")]
    assert [mode(file) for file in [path.parent, *files]] == [0o700, 0o600, 0o600, 0o600]
    await store.close()
    assert list(path.parent.iterdir()) == [path]  # a clean end leaves one file


async def test_an_older_file_is_made_private(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db")
    path.chmod(0o644)
    await (await open_store(path)).close()
    assert mode(path) == 0o600


async def test_the_connections_are_as_safe_as_promised(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "limner.db")

    def pragmas(db: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout", "temp_store")
        return {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    writer, reader = await store._unit.write(pragmas), await store._unit.read(pragmas)
    await store.close()
    assert writer == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "query_only": 0,
        "busy_timeout": 5000,
        "temp_store": 2,
    }
    assert (reader["query_only"], reader["busy_timeout"]) == (1, 5000)


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db", 3)
    store = await open_store(path)
    assert [message.id for message in await store.unfinished()] == ["m-0", "m-1", "m-2"]
    assert (await store.accept(a_draft("1", account="1"), admit)).repeated
    assert await store.balance("p-1", today=TODAY, allowance=20) == 19
    await store.close()


def content(path: Path) -> bytes:
    return path.read_bytes()


def no_connection_lives() -> bool:
    """aiosqlite's threads are no daemons: one that stays would keep the process for ever."""
    threads = [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]
    for thread in threads:
        thread.join(timeout=10)
    return not any(thread.is_alive() for thread in threads)


async def refusal(path: Path) -> str:
    """The sentence with which a file is refused; nothing of it changes and no thread stays."""
    before = content(path)
    with pytest.raises(StoreUnusable) as refused:
        await open_store(path)
    assert content(path) == before
    assert no_connection_lives()
    return str(refused.value)


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    newest = len(migrations())
    assert await refusal(path) == (
        f"The database {path} is of a newer Limner (its schema is 99, this program knows up to {newest}). "
        "Start that version, or put the backup from before the update in its place."
    )


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    path.write_text("Dear diary, " * 1000)
    assert await refusal(path) == (
        f"The database {path} is damaged or none (file is not a database). Nothing was changed. "
        "Put the newest backup in its place, or move it away to start with an empty one."
    )


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title)")
    assert "is of another program" in await refusal(path)


@pytest.mark.parametrize("page", range(1, 12))
async def test_a_damaged_page_is_refused(tmp_path: Path, page: int) -> None:
    path = await filled(tmp_path / "limner.db", 40)
    data = bytearray(path.read_bytes())
    data[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(data)
    assert f"The database {path} is damaged" in await refusal(path)


async def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db", 40)
    path.write_bytes(path.read_bytes()[: 5 * 4096])
    assert f"The database {path} is damaged" in await refusal(path)


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        await open_store(tmp_path)
    assert mode(tmp_path) == 0o700


async def test_a_database_that_another_program_holds_is_said_in_words(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="another program uses it"):
            await open_store(path, busy_timeout_s=0.05)
    assert no_connection_lives()


async def test_looking_for_damage_ends_in_time_and_a_good_file_passes(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE numbers (n INTEGER)")
        db.execute(
            "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series LIMIT 300000) "
            "INSERT INTO numbers SELECT n FROM series"
        )
        db.commit()
    async with aiosqlite.connect(path) as db:
        await check(db, path, limit_s=0.0)
        await check(db, path, limit_s=30.0)


async def test_each_migration_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    path = await filled(tmp_path / "limner.db")
    steps = [*migrations(), "CREATE TABLE more (a); INSERT INTO people (id) VALUES ('x');", "CREATE TABLE more (b);"]
    async with aiosqlite.connect(path, isolation_level=None) as db:
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            await migrate(db, steps)
        assert list(await db.execute_fetchall("PRAGMA user_version")) == [(len(steps) - 1,)]
        with pytest.raises(sqlite3.IntegrityError):
            await migrate(db, [*steps[:-1], "CREATE TABLE other (a); INSERT INTO people (id) VALUES ('x');"])
        assert list(await db.execute_fetchall("PRAGMA user_version")) == [(len(steps) - 1,)]
        assert list(await db.execute_fetchall("SELECT name FROM sqlite_schema WHERE name = 'other'")) == []


async def test_messages_of_the_first_schema_learn_whose_account_they_are_of(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{migrations()[0]}; PRAGMA user_version = 1;")
        db.executescript(
            """
            INSERT INTO people (id) VALUES ('p-ada'), ('p-bob');
            INSERT INTO accounts VALUES ('web', 'ada', 'p-ada'), ('other', '7', 'p-ada'), ('web', 'bob', 'p-bob');
            INSERT INTO messages VALUES (1, 'm-web', 'p-ada', 'web', 'hall', 0, NULL, NULL, 0, 0);
            INSERT INTO messages VALUES (2, 'm-other', 'p-ada', 'other', 'hall', 0, NULL, NULL, 0, 0);
            INSERT INTO jobs (id, message_id, person_id, platform, chat, position, state, capability, request, provider,
                model, price, created_at)
            SELECT 'j-' || id, id, person_id, platform, chat, 0, 'queued', 'text_to_image', '{}', 'demo', 'demo-1', 1, 0
            FROM messages;
            """
        )
    store = await open_store(path)
    assert [(message.id, message.account) for message in await store.unfinished()] == [
        ("m-web", "ada"),
        ("m-other", "7"),
    ]
    await store.close()


async def test_a_database_from_before_characters_and_uploads_keeps_all_that_it_had(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    with closing(sqlite3.connect(path)) as db:
        for step in migrations()[:6]:
            db.executescript(step)
        db.executescript(
            """
            PRAGMA user_version = 6;
            INSERT INTO people (id) VALUES ('p-ada');
            INSERT INTO accounts VALUES ('web', 'ada', 'p-ada');
            INSERT INTO preferences (person_id, style, ping) VALUES ('p-ada', 'ink', 0);
            INSERT INTO characters (id, person_id, provider, reference, name, age, created_at)
            VALUES ('c', 'p-ada', 'demo', '6870', 'Mina', 30, 7);
            INSERT INTO messages (seq, id, person_id, platform, account, chat, created_at, final_shown, deleted)
            VALUES (1, 'm', 'p-ada', 'web', 'ada', 'hall', 0, 0, 0);
            INSERT INTO jobs (id, message_id, person_id, platform, chat, position, state, capability, request, provider,
                model, price, created_at, ended_at)
            VALUES ('j', 'm', 'p-ada', 'web', 'hall', 0, 'succeeded', 'edit_image',
                '{"prompt":"a hat","source":{"file":"CAT.png","media_type":"image/png","size_bytes":9,"uploaded":true,
                "kind":"picture"}}', 'demo', 'demo-1', 1, 0, 9);
            """
        )
    store = await open_store(path)
    cat = StoredFile("CAT.png", "image/png", 9)
    ada = Origin(platform="web", update_id="", account="ada", chat="hall")
    mina = Character(id="c", person_id="p-ada", provider="demo", reference="6870", name="Mina", age=30, created_at=7.0)
    own, made = await store.characters("p-ada"), await store.made_characters("demo")
    preferences = await store.preferences("web", "ada")
    job = await store.job("j")
    await store.add_upload(ada, cat, now=9, new_person_id="p-new")
    removed = await store.delete("m")
    await store.close()
    assert (own, made, preferences) == ((mina,), frozenset({"6870"}), Preferences(style="ink", ping=False))
    assert job is not None
    source = PictureSource(file="CAT.png", media_type="image/png", size_bytes=9, uploaded=True)
    assert (job.request.source, job.character) == (source, None)
    assert removed == ("CAT.png",)


def test_a_folder_has_one_process(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with lock_folder(folder):
        assert mode(folder) == 0o700
        with pytest.raises(StartError) as refused, lock_folder(folder):
            pass
        assert str(refused.value) == (
            f"Another Limner is already running on the data folder {folder}. "
            "Stop it first, or give this one its own folder with BOT_DATA_DIR."
        )
    with lock_folder(folder):
        pass


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StartError, match="cannot be written"), lock_folder(tmp_path / "data" / "inner"):
        pass


def test_a_folder_has_a_private_key_that_stays_the_same(tmp_path: Path) -> None:
    key = folder_key(tmp_path)
    assert (len(key), mode(tmp_path / "limner.key")) == (32, 0o600)
    assert folder_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["limner.key"]


@pytest.mark.parametrize("left", ["limner.key", ".limner.key.part"])
def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_bytes(b"half")
    (tmp_path / left).chmod(0o644)
    key = folder_key(tmp_path)
    assert (tmp_path / "limner.key").read_bytes() == key
    assert mode(tmp_path / "limner.key") == 0o600


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert folder_key(tmp_path / "one") != folder_key(tmp_path / "two")


def test_a_key_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "limner.key").mkdir()
    with pytest.raises(StartError, match=r"limner\.key can neither be read nor made"):
        folder_key(tmp_path)


START = """
import asyncio, sys
from pathlib import Path
from bot.errors import BotError
from storage.sqlite import lock_folder, open_store

async def main():
    with lock_folder(Path(sys.argv[1])):
        store = await open_store(Path(sys.argv[1]) / "limner.db")
        print("started", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await store.close()

try:
    asyncio.run(main())
except BotError as error:
    print(error)
"""


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_process_says_so_and_exits_and_a_killed_one_frees_the_folder(tmp_path: Path) -> None:
    with start(tmp_path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "started\n"
        with start(tmp_path) as second:
            said, complaints = second.communicate(timeout=30)
        assert (said.startswith(f"Another Limner is already running on the data folder {tmp_path}."), complaints) == (
            True,
            "",
        )
        first.kill()
    with start(tmp_path) as third:
        assert third.communicate(timeout=30) == ("started\n", "")


def test_a_process_that_cannot_use_its_database_says_so_and_exits(tmp_path: Path) -> None:
    (tmp_path / "limner.db").write_text("no database" * 1000)
    with start(tmp_path) as process:
        said, complaints = process.communicate(timeout=30)
    assert (said.startswith(f"The database {tmp_path / 'limner.db'} is damaged"), complaints) == (True, "")

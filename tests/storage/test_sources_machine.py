"""In any order of bringing, making, ending, deleting and tidying, a brought picture goes with what was made from it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sim.drafts import TODAY, a_draft, admit
from sim.inline_store import InlineUnit, at_once

from bot.model import GenerationRequest, Job, JobState, Origin, PictureSource, StoredFile
from bot.testing.clock import START
from storage.sqlite import SqliteStore

ACCOUNTS = st.sampled_from(("ada", "eve"))
FILES = st.sampled_from([StoredFile(f"{name}.png", "image/png", 9) for name in ("CAT", "DOG", "COW")])
ENDS = st.sampled_from([state for state in JobState if state.terminal])


@dataclass
class Made:
    """A message and the brought pictures that its jobs are made from."""

    open: list[Job]
    files: frozenset[str]


class Sources(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.store = SqliteStore(InlineUnit(self.db))
        self.made: dict[str, Made] = {}
        self.deleted: list[str] = []
        self.brought: dict[str, str] = {}
        self.count = 0

    @rule(file=FILES, account=ACCOUNTS)
    def bring(self, file: StoredFile, account: str) -> None:
        origin = Origin(platform="web", update_id="", account=account, chat="hall")
        at_once(self.store.add_upload(origin, file, now=START, new_person_id=f"p-{account}"))
        self.brought.setdefault(file.name, f"p-{account}")

    @rule(files=st.lists(st.none() | FILES, min_size=1, max_size=3), account=ACCOUNTS)
    def make(self, files: list[StoredFile | None], account: str) -> None:
        self.count += 1
        draft = a_draft(str(self.count), account=account, count=len(files), price=0)
        jobs = tuple(replace(job, request=of(file)) for job, file in zip(draft.message.jobs, files, strict=True))
        message = at_once(self.store.accept(replace(draft, message=replace(draft.message, jobs=jobs)), admit)).message
        self.made[message.id] = Made(list(message.jobs), frozenset(file.name for file in files if file))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), state=ENDS)
    def end(self, data: st.DataObject, state: JobState) -> None:
        open_ = self.made[data.draw(st.sampled_from(list(self.made)))].open
        while open_:
            ended = replace(open_.pop(), state=state, ended_at=START)
            at_once(self.store.finish(JobState.QUEUED, ended, today=TODAY, shown=True))

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        message_id = data.draw(st.sampled_from(list(self.made)))
        removed = at_once(self.store.delete(message_id))
        expected = frozenset[str]()
        if not self.made[message_id].open:
            files = self.made.pop(message_id).files
            used = {file for made in self.made.values() for file in made.files}
            expected = (files & self.brought.keys()) - used
            self.deleted.append(message_id)
        assert sorted(removed) == sorted(expected)
        for file in expected:
            del self.brought[file]

    @rule(files=st.lists(FILES, max_size=2))
    def tidy(self, files: list[StoredFile]) -> None:
        assert at_once(self.store.unstore(tuple(file.name for file in files))) == ()
        for file in files:
            self.brought.pop(file.name, None)

    @invariant()
    def what_was_brought_is_its_owners_until_nothing_is_made_from_it(self) -> None:
        owners = self.db.execute("SELECT file, person_id FROM uploads").fetchall()
        assert dict(owners) == self.brought

    @invariant()
    def a_deleted_message_names_no_file(self) -> None:
        for message_id in self.deleted:
            rows = self.db.execute("SELECT request, source_file FROM jobs WHERE message_id = ?", (message_id,))
            assert all(".png" not in request and file is None for request, file in rows)

    def teardown(self) -> None:
        at_once(self.store.close())


def of(file: StoredFile | None) -> GenerationRequest:
    if file is None:
        return GenerationRequest(prompt="a hat")
    source = PictureSource(file=file.name, media_type=file.media_type, size_bytes=file.size_bytes, uploaded=True)
    return GenerationRequest(prompt="a hat", source=source)


TestSources = Sources.TestCase
TestSources.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

"""The token is in every address that is called, and nowhere else: not at DEBUG, and not when everything goes wrong."""

from __future__ import annotations

import io
import logging
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from chat.telegram.stage import Stage
from sim.cast import Cast
from telegram.error import InvalidToken, TelegramError

from adapters.chat.telegram.client import connect
from adapters.chat.telegram.limiter import Limiter
from bot.logs import JsonFormatter, Redactor, TextFormatter
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG


class Logs:
    """All that is logged from DEBUG on: as the bot writes it, and `bare`."""

    def __init__(self, redact: Redactor) -> None:
        formatters = (TextFormatter(redact), JsonFormatter(redact), logging.Formatter())
        self._handlers = [logging.StreamHandler(io.StringIO()) for _ in formatters]
        for handler, formatter in zip(self._handlers, formatters, strict=True):
            handler.setFormatter(formatter)
            logging.getLogger().addHandler(handler)

    @property
    def written(self) -> str:
        return "".join(handler.stream.getvalue() for handler in self._handlers[:2])

    @property
    def bare(self) -> str:
        text: str = self._handlers[2].stream.getvalue()
        return text

    def close(self) -> None:
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)


@pytest.fixture
def logs(empty_stage: Stage, caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    logs = Logs(Redactor.of(empty_stage.settings))
    caplog.set_level(logging.DEBUG)
    yield logs
    logs.close()


def stored(stage: Stage) -> str:
    db: sqlite3.Connection = stage.store._unit.db
    return "\n".join(db.iterdump())


def shown(stage: Stage) -> str:
    """Everything that people ever saw, and all that Telegram was told."""
    versions = [str(version) for message in stage.sim.all_messages.values() for version in message.history]
    return "\n".join([*versions, *(str(request.body) for request in stage.sim.journal.requests)])


async def test_a_whole_life_with_troubles_tells_the_token_to_nobody(empty_stage: Stage, logs: Logs) -> None:
    stage, faults = empty_stage, empty_stage.sim.faults
    faults.outage("getMe", times=1)
    faults.drop("deleteWebhook")
    faults.outage("getMyCommands", status=200, times=1)
    async with stage.bot() as bot:
        await stage.passes(bot.chat.ready)
        for trouble in (
            lambda: faults.drop("editMessage*"),
            lambda: faults.drop("send*", after=True),
            lambda: faults.outage("*", status=500, times=3),
            lambda: faults.outage("getUpdates", status=200, times=2),
            lambda: faults.refuse("*", 409, "terminated by other getUpdates request", times=2),
            lambda: faults.refuse("editMessageMedia", 401, "Unauthorized"),
            lambda: faults.refuse("editMessage*", 400, "something new", times=2),
            lambda: stage.sim.limits.flood(stage.home.id, 7),
            lambda: stage.sim.updates.inject({"message": {"chat": stage.token}}),
        ):
            trouble()
            stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
            await stage.passes(lambda: not stage.sim.updates.pending)
            await stage.clock.advance(30)
            await stage.ended()
        stage.sim.updates.ever.clear()
    assert stage.token in logs.bare
    assert "imagine" in stored(stage) or "fox" in stored(stage)
    for place in (logs.written, stored(stage), shown(stage)):
        assert stage.token not in place
        assert stage.token.partition(":")[2] not in place


async def test_a_token_that_is_refused_is_not_repeated(empty_stage: Stage, logs: Logs) -> None:
    stage = empty_stage
    stage.token = "7000000001:of-another-life"
    logs.close()
    logs = Logs(Redactor.of(stage.settings))
    async with stage.bot() as bot:
        with pytest.raises(InvalidToken) as refused:
            await bot.chat._prepare()
        assert stage.token not in str(refused.value)
        assert refused.value.__suppress_context__
    logs.close()
    assert stage.token in logs.bare
    assert "of-another-life" not in logs.written


async def test_the_client_does_not_show_its_token(empty_stage: Stage) -> None:
    client = connect(empty_stage.token, base_url=empty_stage.sim.origin, limiter=Limiter(FakeClock()))
    assert "nobody" not in f"{client!r} {client}"


async def test_an_answer_that_cannot_be_read_is_not_repeated(empty_stage: Stage, logs: Logs) -> None:
    client = connect(empty_stage.token, base_url=empty_stage.sim.origin, limiter=Limiter(FakeClock()))
    with pytest.raises(TelegramError) as refused:
        client.request.parse_json_payload(b"{ words of people")
    assert "words" not in f"{refused.value} {logs.bare}"


async def test_fetching_pictures_tells_the_token_to_nobody(empty_stage: Stage, logs: Logs) -> None:
    stage, faults = empty_stage, empty_stage.sim.faults
    stage.provider = Cast(stage.clock)
    troubles: tuple[Callable[[], None], ...] = (
        lambda: faults.outage("FILE", times=1),
        lambda: faults.drop("FILE"),
        lambda: faults.drop("getFile"),
        lambda: faults.refuse("getFile", 401, "Unauthorized"),
        lambda: faults.refuse("getFile", 400, "file is too big"),
        faults.clear,
    )
    async with stage.bot():
        for trouble in troubles:
            trouble()
            await stage.done(lambda: stage.sim.sends_photo(stage.ada, stage.home, PNG, "/edit at night"))
        assert len(await stage.states(stage.ada)) == 1
        stage.sim.updates.ever.clear()
    assert f"/file/bot{stage.token}" in logs.bare
    for place in (logs.written, stored(stage), shown(stage)):
        assert stage.token.partition(":")[2] not in place

"""The scripted service itself, where no test of a client would notice."""

import asyncio

import pytest

from bot.testing.wire import Answer, Call, Wire, reply


async def request(wire: Wire) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(*wire.origin.removeprefix("http://").split(":"))
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    return reader, writer


async def test_what_an_answer_raises_comes_out_of_the_wire() -> None:
    def unexpected(_: Call) -> Answer:
        raise AssertionError("nobody should call")

    async def call() -> None:
        async with Wire(unexpected) as wire:
            reader, writer = await request(wire)
            assert await reader.read() == b""
            writer.close()

    with pytest.raises(AssertionError, match="nobody should call"):
        await call()


async def test_a_wire_closes_although_nobody_reads_its_answer() -> None:
    async with asyncio.timeout(5):
        async with Wire(lambda _: reply(body=b"x" * 50_000_000)) as wire:
            reader, writer = await request(wire)
            await reader.readuntil(b"\r\n\r\n")
        writer.close()

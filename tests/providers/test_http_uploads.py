"""Forms with files: they arrive as they are, and fail as submits do."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP

import pytest
from providers.test_http_failures import (
    KEY,
    NEVER_SENT,
    PERHAPS_SENT,
    PROMPT,
    Origin,
    an_api,
    keeps_secrets,
)

from adapters.providers._http import Api, FilePart
from bot.errors import InvalidRequest, OutcomeUnknown, ProviderUnavailable
from bot.testing.provider import PNG
from bot.testing.wire import Answer, Call, Wire, reply

PICTURE = FilePart(name="image_file", file_name="source.png", media_type="image/png", data=PNG)


async def uploaded(*files: FilePart, **fields: str) -> tuple[Call, list[EmailMessage]]:
    """The form as a service receives it, and its parts."""
    async with Wire() as wire, an_api(wire.origin, limit_s=10) as api:
        await api.upload("/edit", fields=fields, files=files)
    (call,) = wire.calls
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + call.body)
    return call, [part for part in form.iter_parts() if isinstance(part, EmailMessage)]


async def test_a_form_arrives_with_its_fields_its_files_and_the_key() -> None:
    call, (words, picture) = await uploaded(PICTURE, prompt="a pond \N{LOTUS}")
    assert (call.method, call.target, call.headers["x-api-key"]) == ("POST", "/edit", KEY)
    assert (words.get_param("name", header="content-disposition"), words.get_payload(decode=True)) == (
        "prompt",
        "a pond \N{LOTUS}".encode(),
    )
    assert (picture.get_param("name", header="content-disposition"), picture.get_filename()) == (
        "image_file",
        "source.png",
    )
    assert (picture.get_content_type(), picture.get_payload(decode=True)) == ("image/png", PNG)


async def test_several_files_may_share_a_field_and_be_large() -> None:
    large = FilePart(name="images", file_name="1.jpg", media_type="image/jpeg", data=bytes(range(256)) * 20_000)
    _, parts = await uploaded(large, large)
    assert [part.get_payload(decode=True) for part in parts] == [large.data] * 2


async def test_a_name_writes_no_header_and_no_part() -> None:
    hostile = 'a"\r\nX-Injected: 1\r\n\r\n'
    file = FilePart(name=hostile, file_name=hostile, media_type="image/png", data=b"\r\n--boundary--\r\n")
    _, parts = await uploaded(file, **{hostile: hostile})
    assert [part["X-Injected"] for part in parts] == [None, None]
    assert [part.get_payload(decode=True) for part in parts] == [hostile.encode(), file.data]


async def failure_of_upload(origin: str, file: FilePart = PICTURE) -> Exception:
    async with an_api(origin) as api:
        with pytest.raises((OutcomeUnknown, ProviderUnavailable)) as failure:
            await api.upload("/edit", fields={"prompt": PROMPT}, files=[file])
    return keeps_secrets(failure.value)


@pytest.mark.parametrize("origin", NEVER_SENT, ids=lambda origin: origin.__name__)
async def test_an_upload_that_never_left_is_known_not_to_be_sent(origin: Origin) -> None:
    async with origin() as address:
        failure = await failure_of_upload(address)
    assert isinstance(failure, ProviderUnavailable)
    assert failure.not_sent


@pytest.mark.parametrize("answer", PERHAPS_SENT.values(), ids=PERHAPS_SENT)
async def test_an_upload_that_may_have_arrived_is_of_unknown_outcome_and_sent_once(answer: Answer) -> None:
    async with Wire(lambda _: answer) as wire:
        assert isinstance(await failure_of_upload(wire.origin), OutcomeUnknown)
    assert len(wire.calls) == 1


@pytest.mark.parametrize("reads_bytes", [0, 100_000])
async def test_an_upload_that_is_cut_off_half_way_is_of_unknown_outcome(reads_bytes: int) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(reads_bytes)
        writer.close()

    large = FilePart(name="image", file_name="1.png", media_type="image/png", data=bytes(20_000_000))
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        assert isinstance(await failure_of_upload(f"http://{host}:{port}", large), OutcomeUnknown)


async def test_a_service_that_quotes_the_words_of_a_form_is_not_taken_for_one_without_credit() -> None:
    async with Wire(lambda _: reply(400, b"cannot read: no credit")) as wire, an_api(wire.origin) as api:
        with pytest.raises(InvalidRequest):
            await api.upload("/edit", fields={"prompt": "no credit"}, files=[PICTURE])


async def test_half_a_character_in_a_form_is_no_crash() -> None:
    _, (words, _) = await uploaded(PICTURE, prompt="\ud83d")
    assert words.get_payload(decode=True) == b"?"


def test_a_file_does_not_show_its_bytes() -> None:
    assert "PNG" not in repr(PICTURE)


async def test_an_upload_goes_to_the_one_origin_only() -> None:
    api = Api("https://api.example.org", title="Vendor", headers={})
    with pytest.raises(ValueError, match="slash"):
        await api.upload(".example.org/", fields={}, files=[])
    await api.close()

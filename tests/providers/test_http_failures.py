"""What a failed call says: whether the request was sent, and nothing that is secret."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.providers._http import Api
from bot.errors import OutcomeUnknown, ProviderUnavailable
from bot.testing.wire import Answer, Drip, Drop, Hang, Raw, Reset, Wire, reply

LIMIT_S = 0.4
KEY, PROMPT, ID = "hush-key", "hush-prompt", "hush-id"

Origin = Callable[[], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def an_api(origin: str, limit_s: float = LIMIT_S) -> AsyncIterator[Api]:
    api = Api(origin, title="Vendor", headers={"x-api-key": KEY}, submit_s=limit_s, ask_s=limit_s)
    try:
        yield api
    finally:
        await api.close()


async def failure_of_submit(origin: str) -> Exception:
    async with an_api(origin) as api:
        with pytest.raises((OutcomeUnknown, ProviderUnavailable)) as failure:
            await api.submit(f"/generate/{ID}", json={"prompt": PROMPT})
    return keeps_secrets(failure.value)


async def failure_of_ask(origin: str) -> Exception:
    async with an_api(origin) as api:
        with pytest.raises((OutcomeUnknown, ProviderUnavailable)) as failure:
            await api.ask(f"/poll/{ID}", params={"id": ID})
    return keeps_secrets(failure.value)


def keeps_secrets(failure: Exception) -> Exception:
    """A failure whose traceback, as logs hold it, names neither key, prompt nor id."""
    assert "hush" not in "".join(traceback.format_exception(failure))
    return failure


@asynccontextmanager
async def nobody_listens() -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"


@asynccontextmanager
async def the_name_has_no_address() -> AsyncIterator[str]:
    yield f"http://{'a.' * 150}invalid"  # longer than a name can be, so no resolver asks the network


@asynccontextmanager
async def nobody_accepts() -> AsyncIterator[str]:
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # fill the queue; the kernel then drops whoever knocks
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def no_tls_is_spoken() -> AsyncIterator[str]:
    async with served(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        yield f"https://127.0.0.1:{port}"


@asynccontextmanager
async def the_handshake_never_ends() -> AsyncIterator[str]:
    async with Wire() as wire:
        yield wire.origin.replace("http:", "https:")


@asynccontextmanager
async def served(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a service that says the same to whoever connects."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


NEVER_SENT: list[Origin] = [
    nobody_listens,
    the_name_has_no_address,
    nobody_accepts,
    no_tls_is_spoken,
    the_handshake_never_ends,
]
BODY = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
PERHAPS_SENT: dict[str, Answer] = {
    "dropped": Drop(),
    "reset": Reset(),
    "no answer": Hang(),
    "cut off in the head": Raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cut off in the body": reply(body=b"{", declared_bytes=2),
    "cut off between chunks": Raw(BODY),
    "a chunk without a size": Raw(BODY + b"x\r\n"),
    "no HTTP": Raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "a head without end": Raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
    "dripping": Drip(reply(body={}), 0.05),  # each byte comes sooner than any time-out between bytes
}


@pytest.mark.parametrize("origin", NEVER_SENT, ids=lambda origin: origin.__name__)
async def test_a_submit_that_never_left_is_known_not_to_be_sent(origin: Origin) -> None:
    async with origin() as address:
        failure = await failure_of_submit(address)
    assert isinstance(failure, ProviderUnavailable)
    assert failure.not_sent


@pytest.mark.parametrize("answer", PERHAPS_SENT.values(), ids=PERHAPS_SENT)
async def test_a_submit_that_may_have_arrived_is_of_unknown_outcome_and_sent_once(answer: Answer) -> None:
    async with Wire(lambda _: answer) as wire:
        failure = await failure_of_submit(wire.origin)
    assert isinstance(failure, OutcomeUnknown)
    assert len(wire.calls) == 1


@pytest.mark.parametrize("origin", NEVER_SENT, ids=lambda origin: origin.__name__)
async def test_a_look_that_never_left_passes(origin: Origin) -> None:
    async with origin() as address:
        assert isinstance(await failure_of_ask(address), ProviderUnavailable)


@pytest.mark.parametrize("answer", PERHAPS_SENT.values(), ids=PERHAPS_SENT)
async def test_a_look_that_got_no_answer_passes(answer: Answer) -> None:
    async with Wire(lambda _: answer) as wire:
        failure = await failure_of_ask(wire.origin)
    assert isinstance(failure, ProviderUnavailable)
    assert not failure.not_sent


async def test_a_provider_that_breaks_down_leaves_a_submit_unknown_and_a_look_unanswered() -> None:
    async with Wire(lambda _: reply(500, f"{KEY} {PROMPT} {ID}".encode())) as wire:
        assert isinstance(await failure_of_submit(wire.origin), OutcomeUnknown)
        assert isinstance(await failure_of_ask(wire.origin), ProviderUnavailable)


@pytest.fixture
def certified(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A service's side of TLS on 127.0.0.1, and the certificate that it signed itself."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=vendor"
    made += f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run(made.split(), check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context, certificate


async def test_a_certificate_that_nobody_vouches_for_gets_no_request(certified: tuple[ssl.SSLContext, Path]) -> None:
    async with served(reply(body={}).data, tls=certified[0]) as port:
        failure = await failure_of_submit(f"https://127.0.0.1:{port}")
    assert isinstance(failure, ProviderUnavailable)
    assert failure.not_sent


async def test_an_operator_may_vouch_for_a_certificate(
    certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[1]))
    server = served(reply(body={"fine": True}).data, tls=certified[0])
    async with server as port, an_api(f"https://127.0.0.1:{port}", limit_s=10) as api:
        assert await (await api.submit("/generate", json={})).json() == {"fine": True}
        assert await (await api.ask("/poll")).json() == {"fine": True}

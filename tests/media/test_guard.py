"""Addresses that nobody may make us dial, however they are written and however they are come by."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sim.outside import Outside

from adapters.media.guard import is_public
from bot.errors import BadResult, ProviderError, ProviderUnavailable
from bot.model import RemoteArtifact
from bot.testing.wire import Wire, reply

PUBLIC = ["1.1.1.1", "11.0.0.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "126.255.255.255", "172.15.0.1",
          "172.32.0.1", "192.0.1.1", "192.169.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2001:200::1",
          "2001:4860:4860::8888", "2003::1", "2a00:1450:4001::1"]  # fmt: skip
HOSTILE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
OTHERWISE_WRITTEN = [
    "http://localhost/", "http://LOCALHOST/", "http://127.0.0.1./", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.1/",
    "http://0/", "http://[0:0:0:0:0:0:0:1]/", "http://[fe80::1%25lo]/", "http://[::1%25lo]/",
    "http://[2606:4700::1111%25lo]/", "http://127%2e0.0.1/", "http://someone@127.0.0.1/",
    "http://example.org@127.0.0.1/", "http://example.org:80@127.0.0.1/", "http://@127.0.0.1/",
    "http://127.0.0.1\\@example.org/", "http://example.org\\@127.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/",
    "http://ⓛocalhost/", "https://localhost/", "HTTP://LOCALHOST/", "http://127.0.0.1:6379/", "http://localhost:0/",
]  # fmt: skip
NO_ADDRESS = [
    "", "/", "//127.0.0.1/", "http:", "http://", "http:///etc/passwd", "http:127.0.0.1", "http://:80/", "http://[::1/",
    "http://a..b/", f"http://{'a' * 64}.example/", "http://h:99999/", "http://h:port/", "http:// h/", "http://h/a b",
    "http://h/\r\nX-Api-Key: 1", "http://h/\0", "http://h/é", "file:///etc/passwd", "ftp://127.0.0.1/",
    "gopher://127.0.0.1/", "unix:///run/docker.sock", "data:image/png;base64,AAAA", "javascript:1", "httpx://h/",
]  # fmt: skip


def bracketed(address: str) -> str:
    return f"http://[{address}]/x.png" if ":" in address else f"http://{address}/x.png"


class Names(AbstractResolver):
    """A name server: each question gets the next answer, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_public_address_is_dialed(outside: Outside, address: str) -> None:
    with pytest.raises(ProviderUnavailable):
        await outside.media().keep("A", RemoteArtifact(bracketed(address)))
    assert outside.dialed == [address]


@pytest.mark.parametrize("url", [*map(bracketed, HOSTILE), *OTHERWISE_WRITTEN, *NO_ADDRESS])
async def test_an_address_that_is_not_public_is_refused_and_not_dialed(outside: Outside, url: str) -> None:
    with pytest.raises(BadResult):
        await outside.media().keep("A", RemoteArtifact(url))
    assert outside.dialed == []
    assert outside.left() == []


@pytest.mark.parametrize("url", [*map(bracketed, HOSTILE), *OTHERWISE_WRITTEN, "file:///etc/passwd", "\\"])
async def test_a_redirect_to_such_an_address_is_refused_and_not_dialed(outside: Outside, wire: Wire, url: str) -> None:
    wire.answer = lambda _: reply(302, headers={"Location": url.encode().decode("latin-1")})
    with pytest.raises(BadResult):
        await outside.media(wire.origin).keep("A", RemoteArtifact(f"{wire.origin}/x.png"))
    assert outside.dialed == ["127.0.0.1"]
    assert len(wire.calls) == 1


@pytest.mark.parametrize("address", HOSTILE)
async def test_a_name_that_leads_to_such_an_address_is_refused_and_not_dialed(outside: Outside, address: str) -> None:
    with pytest.raises(BadResult):
        await outside.media(resolver=Names([address])).keep("A", RemoteArtifact("http://cdn.example/x.png"))
    assert outside.dialed == []


async def test_a_name_that_leads_here_only_the_second_time_is_dialed_once(outside: Outside, wire: Wire) -> None:
    media = outside.media(resolver=Names(["93.184.216.34"], ["127.0.0.1"]))
    port = wire.origin.rpartition(":")[2]
    with pytest.raises(ProviderUnavailable):
        await media.keep("A", RemoteArtifact("http://rebinding.example/x.png"))
    with pytest.raises(BadResult):
        await media.keep("A", RemoteArtifact(f"http://rebinding.example:{port}/x.png"))
    assert outside.dialed == ["93.184.216.34"]
    assert wire.calls == []


async def test_of_a_name_with_several_addresses_only_the_public_ones_are_dialed(outside: Outside) -> None:
    media = outside.media(resolver=Names(["127.0.0.1", "1.1.1.1", "::1", "10.0.0.1"]))
    with pytest.raises(ProviderError):
        await media.keep("A", RemoteArtifact("http://cdn.example/x.png"))
    assert set(outside.dialed) == {"1.1.1.1"}


async def test_a_dot_behind_a_name_changes_nothing(outside: Outside) -> None:
    with pytest.raises(ProviderError):  # not every resolver knows this one
        await outside.media().keep("A", RemoteArtifact("http://localhost./x.png"))
    assert outside.dialed == []


@pytest.mark.parametrize("text", ["", "localhost", "1.1.1", "1.1.1.1/32", "01.1.1.1", "2606:4700::1111%lo"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)

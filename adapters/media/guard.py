"""Which addresses may be dialed: public ones, by a list of our own."""

from __future__ import annotations

import errno
import ipaddress
import socket
from ipaddress import IPv4Network, IPv6Network

from aiohttp import AddrInfoType, SocketFactoryType

# Not `is_global`: it answers differently from one Python to the next.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT; clouds put their metadata here
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host under an Azure machine
        "169.254.0.0/16",  # link-local; clouds put their metadata here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; clouds put their metadata here
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# All else is loopback, local, multicast, or hides an IPv4 address (mapped, compatible, NAT64).
_UNICAST_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo and benchmarks among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which hides an IPv4 address
        "3fff::/20",  # documentation
    )
)


class AddressRefused(OSError):
    """The address is not a public one, so it was not dialed."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "the address is not public")  # alike for all, so that aiohttp keeps the type


def open_socket(info: AddrInfoType) -> socket.socket:
    """A socket for any address."""
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


def guarded(opener: SocketFactoryType) -> SocketFactoryType:
    """`opener` for public addresses alone; every address that is about to be dialed comes by here."""

    def open_public(info: AddrInfoType) -> socket.socket:
        if not is_public(str(info[4][0])):
            raise AddressRefused
        return opener(info)

    return open_public


def is_public(address: str) -> bool:
    """True for a public unicast address, IPv4 or IPv6; any port of it is as good as another."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in _NOT_PUBLIC_V4)
    return ip.scope_id is None and ip in _UNICAST_V6 and not any(ip in net for net in _NOT_PUBLIC_V6)

"""Where hooks may be sent to: no address that is not the open internet's, unless the settings allow that.

A name is looked up when it is given and again each time something is sent, which then goes to the addresses that were
looked at and nowhere else: a name that is given another address meanwhile leads nobody inside.
"""

import ipaddress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from muster.errors import InvalidInput
from muster.protocols import Sender, Target

LONGEST: Final = 2_048
"""Characters of a URL."""

PORTS: Final = {"http": 80, "https": 443}

ALLOW: Final = "set `MUSTER_HOOKS_ALLOW_PRIVATE=true` if receivers inside of your own network are meant"

Address: TypeAlias = IPv4Address | IPv6Address

_CLOSED: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, and what clouds tell their machines
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
"""The IPv4 addresses that are not the open internet's (IANA's registry of special purposes)."""

_OPEN: Final = ipaddress.IPv6Network("2000::/3")
"""The only IPv6 addresses that are global unicast ones."""

_CLOSED_WITHIN: Final = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them: an IPv4 address is inside
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address is inside
            "3fff::/20",  # documentation
        ),
    )
)
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""NAT64: the last 32 bits are the IPv4 address that is reached."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the settings allow: addresses that are not the open internet's, with them any port and HTTP on this machine."""

    private: bool = False


def read(url: str, allowed: Allowed) -> Target:
    """Return where a URL leads, without looking its host up.

    Raises:
        InvalidInput: it is none that hooks may have.
    """
    parts, port = _split(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise InvalidInput("a receiver is at an `https` URL", hint="write `https://HOST/PATH`")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("the URL of a receiver has no user, password or fragment", hint="signatures say who sends")
    if not allowed.private and (parts.scheme != "https" or port not in PORTS.values()):
        raise InvalidInput("a receiver is at an `https` URL, at port 443 or 80", hint=ALLOW)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(parts.scheme == "https", parts.hostname, port, path)


def _split(url: str) -> tuple[SplitResult, int]:
    """Return the parts of a URL and its port; what readers of URLs do not agree about is refused.

    Raises:
        InvalidInput: it is none.
    """
    odd = not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}')
    if odd or len(url) > LONGEST:
        raise InvalidInput(
            f"that is not a URL of at most {LONGEST:,} characters of ASCII", hint="write other characters as `%XX`"
        )
    try:
        parts = urlsplit(url)
        return parts, PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        raise InvalidInput(f"that is not a URL: {error}", hint="write `https://HOST/PATH`") from error


def checked(target: Target, sender: Sender, allowed: Allowed) -> list[str]:
    """Look a host up, and return its addresses when all of them may be sent to.

    Raises:
        InvalidInput: it has none, or one that may not.
    """
    try:
        found = sender.addresses(target)
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"`{target.host}` has no address", hint="see that the name is right") from error
    for one in found:
        _refuse(target, one, allowed)
    return found


def _refuse(target: Target, address: str, allowed: Allowed) -> None:
    if not allowed.private and not is_open(address):
        raise InvalidInput(f"`{target.host}` is not on the open internet", hint=ALLOW)
    if not target.secure and not is_loopback(address):
        raise InvalidInput("only receivers on this machine are sent to without TLS", hint="write `https://HOST/PATH`")


def is_open(address: str) -> bool:
    """Whether an address is one of the open internet."""
    match _meant(address):
        case IPv4Address() as one:
            return not any(one in network for network in _CLOSED)
        case IPv6Address() as one:
            return one in _OPEN and not any(one in network for network in _CLOSED_WITHIN)
        case None:
            return False


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    found = _meant(address)
    return found is not None and found.is_loopback


def _meant(address: str) -> Address | None:
    """Return the address that is reached: of an IPv6 one that stands for one of IPv4, that. None where it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _TRANSLATED:
            return IPv4Address(int(found) & 0xFFFF_FFFF)
    return found

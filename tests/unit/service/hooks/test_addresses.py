"""Where hooks may lead: to the open internet, and with leave elsewhere."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.errors import InvalidInput
from muster.protocols import Answer, Target
from muster.service.hooks.addresses import Allowed, checked, is_open, read

OPEN = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:829::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
CLOSED = [
    "0.0.0.0",  # noqa: S104 - nothing listens here
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:0.0.0.0",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:808:808::",
    "3fff::1",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2606:4700::1111%eth0",
    "not an address",
    "",
]


class Names:
    """Knows the addresses of hosts, and sends nothing."""

    def __init__(self, **hosts: list[str]) -> None:
        self._hosts = hosts

    def addresses(self, target: Target) -> list[str]:
        """Return those of a host."""
        if target.host not in self._hosts:
            raise OSError
        return self._hosts[target.host]

    def post(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """Nobody is to come this far."""
        raise NotImplementedError

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet(address: str) -> None:
    """Addresses beside those that are kept for something are among it."""
    assert is_open(address)


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_the_open_internet(address: str) -> None:
    """However it is written, and whatever it is wrapped in."""
    assert not is_open(address)


@given(st.ip_addresses())
def test_nothing_is_open_that_python_knows_as_closed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Its own table of special purposes is no wider than this one."""
    closed = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if closed and getattr(address, "ipv4_mapped", None) is None and address not in ipaddress.ip_network("64:ff9b::/96"):
        assert not is_open(str(address))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/in", Target(True, "a.example", 443, "/in")),
        ("https://a.example", Target(True, "a.example", 443, "/")),
        ("https://A.Example:443/x?y=1&z=%20", Target(True, "a.example", 443, "/x?y=1&z=%20")),
        ("https://a.example:80/", Target(True, "a.example", 80, "/")),
        ("HTTPS://a.example/", Target(True, "a.example", 443, "/")),
        ("https://[2606:4700::1]/", Target(True, "2606:4700::1", 443, "/")),
        ("https://1.1.1.1/?q", Target(True, "1.1.1.1", 443, "/?q")),
    ],
)
def test_urls(url: str, target: Target) -> None:
    """A host, a port, a path with its query."""
    assert read(url, Allowed()) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "https://",
        "https:///path",
        "http://a.example/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "//a.example/",
        "https://user@a.example/",
        "https://user:secret@a.example/",
        "https://@a.example/",
        "https://a.example/#there",
        "https://a.example:8443/",
        "https://a.example:22/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://[::1/",
        "https://[zz]/",
        "https://a.example\\@b.example/",
        "https://a.example /",
        " https://a.example/",
        "https://a.example/\n",
        "https://a.example/\tx",
        "https://a.example/\0",
        "https://ä.example/",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_what_is_no_url_for_a_hook(url: str) -> None:
    """Other schemes, ports and users; what one reader of URLs takes for another host than the next."""
    with pytest.raises(InvalidInput):
        read(url, Allowed())


@pytest.mark.parametrize("url", ["https://a.internal:8443/", "http://localhost:9000/in", "https://10.0.0.1/"])
def test_with_leave_any_port_and_no_tls(url: str) -> None:
    """What is private may be anywhere."""
    assert read(url, Allowed(private=True)).port > 0


@pytest.mark.parametrize(
    ("url", "addresses", "allowed", "fine"),
    [
        ("https://h/", ["8.8.8.8"], Allowed(), True),
        ("https://h/", ["8.8.8.8", "2606:4700::1"], Allowed(), True),
        ("https://h/", ["10.0.0.1"], Allowed(), False),
        ("https://h/", ["8.8.8.8", "10.0.0.1"], Allowed(), False),
        ("https://h/", ["8.8.8.8", "::ffff:127.0.0.1"], Allowed(), False),
        ("https://h/", ["10.0.0.1"], Allowed(private=True), True),
        ("https://h:8443/", ["fd00::1"], Allowed(private=True), True),
        ("http://h:9000/", ["127.0.0.1"], Allowed(private=True), True),
        ("http://h:9000/", ["::1", "127.0.0.1"], Allowed(private=True), True),
        ("http://h:9000/", ["::ffff:127.0.0.1"], Allowed(private=True), True),
        ("http://h:9000/", ["10.0.0.1"], Allowed(private=True), False),
        ("http://h/", ["8.8.8.8"], Allowed(private=True), False),
        ("HTTP://h/", ["8.8.8.8"], Allowed(private=True), False),
        ("https://unknown/", [], Allowed(), False),
    ],
)
def test_every_address_of_a_host_counts(url: str, addresses: list[str], allowed: Allowed, fine: bool) -> None:  # noqa: FBT001 - of a table
    """One that is closed closes the host; without TLS nothing leaves this machine, and the error names no address."""
    names = Names(h=addresses)
    if fine:
        assert checked(read(url, allowed), names, allowed) == addresses
    else:
        with pytest.raises(InvalidInput) as caught:
            checked(read(url, allowed), names, allowed)
        assert not [one for one in addresses if one in caught.value.message]

"""Where a search server is and who asks it, read from one URL.

    opensearch://[user:password@]host[:port][,host[:port]…][/ALIAS][?tls=true&ca=FILE&verify=false&api_key=…]
    elasticsearch://…

What is wrong with a URL is said without repeating it: any part of it may be a piece of a password.
"""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv6Address
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import unquote

from muster.engines.opensearch.dialect import Product
from muster.errors import InvalidInput

VARIABLE = "MUSTER_ENGINE_URL"
ALIAS = "muster-assets"
PORT = 9200
SCHEMES: Mapping[str, Product] = MappingProxyType({product.lower(): product for product in Product})

_ALIAS = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})")
_PORT = re.compile(r"[0-9]{1,5}")
_TOKEN = re.compile(r"[\x21-\x39\x3b-\x7e]+")
_SWITCH: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})
_SHAPE = "write `opensearch://[user:password@]host[:9200][,host2…][/ALIAS][?tls=true&ca=FILE&verify=false&api_key=…]`"
_ENCODE = "write special characters of user and password as `%` and two hexadecimal digits, like `%40` for `@`"


@dataclass(frozen=True, slots=True)
class Host:
    """One node to ask."""

    name: str
    """A name or an address, IPv6 without brackets."""
    port: int = PORT

    def __str__(self) -> str:
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """A search server, its index, and who asks; neither `str()` nor `repr()` shows a secret."""

    product: Product
    hosts: tuple[Host, ...]
    alias: str = ALIAS
    tls: bool = False
    verify: bool = True
    """Whether the server's certificate must be good; False only over TLS."""
    ca: Path | None = None
    """A file with the certificates to trust, as PEM; None trusts the well-known authorities."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """The hosts as a person reads them."""
        return ", ".join(map(str, self.hosts))

    def __str__(self) -> str:
        return f"{self.product.lower()}://{','.join(map(str, self.hosts))}/{self.alias}"


def read_address(url: str) -> Address:
    """Return what a URL of a search server says.

    Raises:
        InvalidInput: it is no such URL; the message shows nothing of it that could be secret.
    """
    scheme, separator, rest = url.partition("://")
    product = SCHEMES.get(scheme.lower())
    if product is None or not separator:
        _refuse("names no engine", "begin it with `opensearch://`, `elasticsearch://` or `embedded:`")
    authority, path, query = _parts(rest)
    said, _, hosts = authority.rpartition("@")
    user, password = _credentials(said) if "@" in authority else (None, None)
    address = Address(
        product, tuple(dict.fromkeys(_hosts(hosts))), _alias(path), user=user, password=password, **_options(query)
    )
    _agrees(address)
    return address


def _parts(rest: str) -> tuple[str, str, str]:
    """Split into authority, path and query; an `@` behind the hosts is of a password that broke the URL in two."""
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    path, _, query = rest.removeprefix(authority).partition("?")
    if "@" in path + query:
        _refuse("has an `@` behind the hosts", _ENCODE)
    return authority, path, query


def _credentials(text: str) -> tuple[str, str]:
    user, _, password = text.partition(":")
    if not user or not password:
        _refuse("names a user without a password, or a password without a user", "write `user:password@host`")
    if ":" in (name := _decoded(user)):
        _refuse("names a user with a colon", "no server can take such a name: choose another user")
    return name, _decoded(password)


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        _refuse("has a percent-encoded part that is not UTF-8", _ENCODE)


def _hosts(text: str) -> Iterator[Host]:
    for number, one in enumerate(text.split(","), 1):
        name, port = _bracketed(one, number) if one.startswith("[") else _plain(one, number)
        yield Host(name, _port(port, number))


def _plain(text: str, number: int) -> tuple[str, str | None]:
    name, colon, port = text.partition(":")
    if ":" in port:
        _refuse(f"has too many colons in host {number}", "put an IPv6 address in brackets: `[::1]:9200`")
    if not _HOST.fullmatch(name):
        _refuse(f"has no usable name for host {number}", _SHAPE)
    return name.lower(), port if colon else None


def _bracketed(text: str, number: int) -> tuple[str, str | None]:
    name, closed, rest = text[1:].partition("]")
    try:
        IPv6Address(name if closed else "")
    except AddressValueError:
        _refuse(f"has no IPv6 address in the brackets of host {number}", "write it like `[::1]:9200`")
    if rest and not rest.startswith(":"):
        _refuse(f"has something else than a port behind host {number}", "write it like `[::1]:9200`")
    return name.lower(), rest[1:] if rest else None


def _port(text: str | None, number: int) -> int:
    if text is None:
        return PORT
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65_535:
        _refuse(f"has a port for host {number} that is no number from 1 to 65535", _SHAPE)
    return int(text)


def _alias(path: str) -> str:
    name = path.strip("/")
    if name and not _ALIAS.fullmatch(name):
        _refuse(
            "names an alias that no index can have",
            "use up to 200 lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or digit",
        )
    return name or ALIAS


def _options(query: str) -> dict[str, Any]:
    said: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name not in _READ or name in said:
            _refuse(
                "has a parameter that is not known, or one twice", f"it takes {', '.join(f'`{one}`' for one in _READ)}"
            )
        said[name] = _decoded(value)
    return {name: _READ[name](value) for name, value in said.items()}


def _agrees(address: Address) -> None:
    if address.api_key is not None and address.user is not None:
        _refuse("has both a user and an `api_key`", "keep the one that the server is to know you by")
    if not address.tls and (address.ca is not None or not address.verify):
        _refuse("has `ca` or `verify` without TLS", "add `tls=true`")
    if address.ca is not None and not address.verify:
        _refuse("has a `ca` that `verify=false` would ignore", "keep one of the two")


def _switch(value: str) -> bool:
    if value not in _SWITCH:
        _refuse("has a switch that is neither `true` nor `false`", "write `tls=true`, `verify=false`")
    return _SWITCH[value]


def _certificates(value: str) -> Path:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(value)
    except (OSError, ValueError):
        _refuse("names a `ca` without certificates to read", "name a readable file with certificates in PEM")
    return Path(value)


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        _refuse(
            "has an `api_key` that cannot be one", "give the encoded key, as the server returned it when it made it"
        )
    return value


_READ: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"tls": _switch, "ca": _certificates, "verify": _switch, "api_key": _token}
)


def _refuse(what: str, hint: str) -> NoReturn:
    raise InvalidInput(f"`{VARIABLE}` {what}", hint=hint)

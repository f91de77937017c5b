"""Who works on the data folder beside the service: known by a key that is in the folder while the service runs."""

import hmac
import ipaddress
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import unquote

from muster.catalog.token import Role, Token
from muster.errors import Unauthenticated
from muster.service.tokens import fingerprint

USER: Final = b"x-muster-user"
"""The header with the name that signs what a neighbour writes, in UTF-8 with what is no ASCII percent-encoded."""

LONGEST: Final = 200
"""Characters of such a name."""


class Neighbours:
    """Takes the key as an admin's token, from this machine only. Only a digest of it is kept; without a key there are none.

    The key is made at each start, so that it is worth nothing when the process has ended.
    """

    def __init__(self, key: str | None) -> None:
        self._digest = None if key is None else fingerprint(key)

    def token(self, digest: str, scope: MutableMapping[str, Any]) -> Token | None:
        """Return the token of who brings the key, in the name that the request gives; None for everybody else.

        Raises:
            Unauthenticated: the name is none.
        """
        if self._digest is None or not hmac.compare_digest(self._digest, digest) or not _is_near(scope):
            return None
        return Token(_user(scope), digest, Role.ADMIN, (), 0)


def _is_near(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request came from this machine, by the address that it has for itself alone."""
    try:
        address = ipaddress.ip_address((scope.get("client") or ("",))[0].partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _user(scope: MutableMapping[str, Any]) -> str:
    said = next((value for name, value in scope["headers"] if name == USER), b"")
    user = unquote(said.decode("latin-1"))
    if not user.strip() or len(user) > LONGEST or not user.isprintable():
        raise Unauthenticated("the key of the folder goes with the name of a user", hint="send `X-Muster-User: NAME`")
    return user

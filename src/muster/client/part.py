"""What every part of the client is made of: it asks one server, and goes from page to page."""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from muster.client.sending import Sender, name

Page = TypeVar("Page")

AT_ONCE: Final = 1_000
"""Things on a page where nobody says how many."""


class Part:
    """The methods of one kind of thing."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender


def product_path(ref: str, *more: str) -> str:
    """Return the path of what is served of a product.

    Example:
        >>> product_path("Gold tables", "members")
        '/dataProducts/Gold%20tables/members'
    """
    return "/".join(("/dataProducts", name(ref), *more))


def pages(ask: Callable[[Any], Page], following: Callable[[Page], Any]) -> Iterator[Page]:
    """Yield all pages: `ask` gets the place of one, None first, and `following` says where the next begins."""
    place: Any = None
    while True:
        page = ask(place)
        yield page
        place = following(page)
        if place is None:
            return

"""What takes long to make, made once for each place that tests ask for it at.

A fixture with parameters is made anew whenever the parameter's number changes, be the parameter the same; tests that
go by turns through places and questions would make all of it for each question.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)
Made = TypeVar("Made")


@contextmanager
def once(make: Callable[[Place], AbstractContextManager[Made]]) -> Iterator[Callable[[Place], Made]]:
    """Make what is asked for at a place when it is first asked for; all of it goes at the end of the block."""
    with ExitStack() as stack:
        yield functools.cache(lambda place: stack.enter_context(make(place)))

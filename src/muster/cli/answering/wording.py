"""Errors in the words of the command line: what is not there is told alike by every verb, with the verb that shows what is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from muster.errors import NotFound

PRODUCTS: Final = "`muster product list` shows them"
WORDS: Final = (
    (re.compile("dataProduct instance for (.+) not found"), r"there is no product `\1`", PRODUCTS),
    (re.compile("domain instance for (.+) not found"), r"there is no domain `\1`", f"{PRODUCTS} with their products"),
    (re.compile("(run .+ is none of .+)"), r"\1", "`muster product history` lists them"),
    (re.compile("(there is no webhook .+)"), r"\1", "`muster webhook list` shows them"),
)
"""What services and servers say is missing, how that is said here, and what to do next."""


@contextmanager
def in_words_of_verbs() -> Iterator[None]:
    """Let errors about what is not there be told as the command line tells them, whoever answered."""
    try:
        yield
    except NotFound as error:
        for said, here, hint in WORDS:
            if found := said.fullmatch(error.message):
                raise NotFound(found.expand(here), path=error.path, hint=hint) from None
        raise

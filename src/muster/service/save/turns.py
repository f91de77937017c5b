"""Those who write the same entities at once do so in turn: whoever comes too late does it anew, after a while by chance."""

from typing import Final

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from muster.errors import Conflict

TRIES: Final = 24
"""How often something is tried; waiting takes 3 s then, as a mean."""

WAIT: Final = wait_random_exponential(multiplier=0.01, max=0.3)
"""Seconds until it is tried again: up to 0.01, 0.02, 0.04 and so on."""


def in_turn(meanwhile: type[Conflict] = Conflict) -> Retrying:
    """Return the attempts at something; the error that says that others were faster is raised when all have failed."""
    return Retrying(retry=retry_if_exception_type(meanwhile), stop=stop_after_attempt(TRIES), wait=WAIT, reraise=True)

"""In which of two forms a request speaks, and the addresses that its answers name.

OpenMetadata's documentation and its released client describe different answers (contract, section 9, "Docs page vs SDK
vs server"): the same routes give both, the documented one below `/api/v1`, the released one below `/sdk/2.0/api/v1`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Request


class Form(StrEnum):
    """As the documentation shows it, or as the released client parses it."""

    DOCUMENTED = "documented"
    RELEASED = "released"


BASES: Final[Mapping[Form, str]] = {Form.DOCUMENTED: "/api/v1", Form.RELEASED: "/sdk/2.0/api/v1"}

COLLECTIONS: Final[Mapping[str, str]] = {
    "dataProduct": "dataProducts",
    "domain": "domains",
    "user": "users",
    "team": "teams",
}
"""By kind of entity, where it is found below a base; what is not here is found by its own resources only."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The form of an exchange, and the absolute address that everything is below."""

    form: Form
    base: str

    def href(self, kind: str, id_: str) -> str | None:
        """Return where an entity is found; None for kinds that have no place here."""
        return f"{self.base}/{COLLECTIONS[kind]}/{id_}" if kind in COLLECTIONS else None


async def _voice(request: Request) -> Voice:
    form = Form.RELEASED if request.url.path.startswith(BASES[Form.RELEASED]) else Form.DOCUMENTED
    return Voice(form, f"{str(request.base_url).rstrip('/')}{BASES[form]}")


Speaking = Annotated[Voice, Depends(_voice)]

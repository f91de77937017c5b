"""What every route of this surface is made of, beside what all surfaces have."""

from typing import Final

from pydantic import BaseModel

from muster.api.atlan.errors import NotNamed
from muster.api.atlan.shapes import Refusal
from muster.api.web import Described, answered, refusals
from muster.catalog.entity import Entity
from muster.errors import NotFound
from muster.service.entities import by_name
from muster.service.workspace import Workspace

REFUSALS: Final = refusals(Refusal)


def entity_named(work: Workspace, type_name: str, qualified_name: str) -> Entity:
    """Return the entity of a type and a qualified name, an archived one where none is active.

    Raises:
        NotNamed: there is none; in the words of Atlan's services, which scripts look for.
    """
    try:
        return by_name(work, type_name, qualified_name)
    except NotFound as error:
        raise NotNamed(
            f"Instance {type_name} with unique attribute qualifiedName `{qualified_name}` does not exist",
            hint=error.hint,
        ) from error


def answers(model: type[BaseModel] | None = None, description: str = "Done.") -> Described:
    """Return the description of a route's answers: one of success, and every refusal."""
    return answered(REFUSALS, model, description)

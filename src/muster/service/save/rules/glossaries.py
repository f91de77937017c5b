"""Glossaries, their terms and categories."""

from muster.errors import InvalidInput
from muster.service.save.naming import has_moved, parent_of
from muster.service.save.working import Desk, Working


def anchored(_: Desk, working: Working) -> Working:
    """See that a term or category is in a glossary, and stays there: what it is assigned to names it with that.

    Raises:
        InvalidInput: it is in none, or would be in another.
    """
    path = f"{working.path}/attributes/anchor"
    if parent_of(working) is None and not (working.stored and not has_moved(working)):
        raise InvalidInput(f"a {working.key.type_name} needs a glossary", path=path, hint="send it as `anchor`")
    if has_moved(working):
        raise InvalidInput(
            f"a {working.key.type_name} stays in its glossary", path=path, hint="create another one there"
        )
    return working

"""Domains: where each is, as its attributes tell."""

from muster.catalog.entity import Status
from muster.errors import InvalidInput
from muster.service.domains import DOMAIN
from muster.service.save.naming import has_moved, parent_of
from muster.service.save.working import Desk, Working

ABOVE = frozenset({"parentDomainQualifiedName", "superDomainQualifiedName"})
"""What says where a domain or product is; nobody needs to say so."""


def housed(desk: Desk, working: Working) -> Working:
    """See that a domain or product is in a domain that is in use.

    Raises:
        InvalidInput: its domain is archived.
    """
    key = parent_of(working)
    home = None if key is None else desk.at(key)
    arrives = working.stored is None or has_moved(working) or working.stored.status is not working.status
    if arrives and home is not None and home.status is not Status.ACTIVE:
        name = "parentDomain" if working.key.type_name == DOMAIN else "dataDomain"
        raise InvalidInput(
            f"the domain `{home.key.qualified_name}` is archived",
            path=f"{working.path}/attributes/{name}",
            hint="restore it first, or name another",
        )
    return working


def placed(working: Working) -> Working:
    """Return a copy whose attributes say where it is, when it is new or somewhere else than before."""
    if working.stored is not None and working.stored.key == working.key:
        return working
    key = parent_of(working)
    if key is None:
        return working.with_attributes(dict.fromkeys(ABOVE))
    above = "/".join(key.qualified_name.split("/")[:4])
    return working.with_attributes({"parentDomainQualifiedName": key.qualified_name, "superDomainQualifiedName": above})

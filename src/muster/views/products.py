"""Products and their selections as JSON."""

from collections.abc import Mapping
from typing import Any

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.query.english import english
from muster.query.nodes import Node
from muster.query.shorthand import print_shorthand
from muster.query.wire import write
from muster.service.define import Defined
from muster.service.history import Revision
from muster.service.overview import Listed, Shown
from muster.views.decided import standing
from muster.views.history import run
from muster.views.things import entity, time


def product(one: Product) -> dict[str, Any]:
    """Return a product with its selection in the forms that people and machines read."""
    return {
        **entity(one.entity),
        "description": one.entity.attributes.get("userDescription"),
        "owners": one.entity.attributes.get("ownerUsers", []),
        "domain": one.entity.attributes.get("parentDomainQualifiedName"),
        "createdAt": time(one.entity.created_at),
        "updatedAt": time(one.entity.updated_at),
        "selection": selection(one),
    }


def listed(one: Listed, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a product with the size of its stored membership, given the dotted names of products by guid."""
    return product(one.product) | {"dottedName": names[one.product.entity.guid], "members": one.members}


def shown(one: Shown) -> dict[str, Any]:
    """Return a product with what stands by hand, and its last run."""
    return product(one.product) | {
        "standings": [standing(decision, asset) for decision, asset in one.standings],
        "lastRun": None if one.last is None else run(one.last),
    }


def defined(one: Defined) -> dict[str, Any]:
    """Return a product as it was stored, and what there is to say of its selection."""
    return product(one.product) | {"complaints": [complaint.as_dict() for complaint in one.complaints]}


def selection(one: Product) -> dict[str, Any]:
    """Return a product's selection in the forms that people and machines read."""
    node = one.selection.node
    return {
        "text": one.selection.text,
        "face": one.selection.face.value,
        "revision": one.selection.revision,
        "digest": one.selection.digest,
        "english": english(node),
        "wire": write(node),
        "dataProductAssetsDSL": one.entity.attributes.get("dataProductAssetsDSL"),
    }


def current(one: Product, last: Revision) -> dict[str, Any]:
    """Return a product's selection with what its last revision says: who made it, and when."""
    return {
        **selection(one),
        "shorthand": _shorthand(one.selection.node),
        "by": last.by,
        "at": time(last.at),
    }


def _shorthand(node: Node) -> str | None:
    """Return shorthand where it can say a selection."""
    try:
        return print_shorthand(node)
    except InvalidInput:
        return None


def brief(product: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what a product is known by, given the dotted names of products by guid."""
    return {
        "guid": product.guid,
        "name": product.name,
        "qualifiedName": product.key.qualified_name,
        "dottedName": names[product.guid],
    }

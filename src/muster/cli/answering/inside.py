"""What answers in this process: a workspace, whose views are read as what a server tells."""

from collections.abc import Sequence
from typing import Any, TypeVar

from muster.catalog.product import Product
from muster.client.told import Told
from muster.query.sorting import Sort
from muster.service.dotted import called, remembered
from muster.service.resolve import PageRequest
from muster.service.workspace import Workspace
from muster.settings import Settings

Model = TypeVar("Model", bound=Told)


class OnWorkspace:
    """The answers about one kind of thing, by the services over a workspace."""

    def __init__(self, work: Workspace, chosen: Settings) -> None:
        self._work = work
        self._chosen = chosen

    def _guid(self, product: str) -> str:
        return called(self._work, product).entity.guid

    def _remembered(self, product: str) -> Product:
        """Return a product to ask what has been; one that was archived goes by its guid alone."""
        return remembered(self._work, product, called)


def read(model: type[Model], view: dict[str, Any]) -> Model:
    """Return a view as the model that a server's answer is read as."""
    return model.model_validate(view)


def request(limit: int, cursor: str | None, sort: Sequence[str]) -> PageRequest:
    """Return which page is asked for: so many assets after a cursor, in order (`-field` descends)."""
    keys = tuple(Sort(field.removeprefix("-"), field.startswith("-")) for field in sort)
    return PageRequest(limit, keys, cursor)

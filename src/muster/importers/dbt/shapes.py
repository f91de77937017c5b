"""The shape of what dbt writes, as far as an import leans on it; what is not named here may be anything."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, StrictInt, ValidationError

from muster.errors import InvalidInput

Object = dict[str, Any] | None


class _Config(BaseModel):
    meta: Object = None


class _Constraint(BaseModel):
    type: str
    columns: list[str] | None = None


class _Column(BaseModel):
    name: str | None = None
    meta: Object = None
    config: _Config | None = None
    constraints: list[_Constraint] | None = None


class _DependsOn(BaseModel):
    nodes: list[str] | None = None


class _Part(BaseModel):
    name: str
    meta: Object = None
    config: _Config | None = None
    type_params: Object = None


class _Where(BaseModel):
    where_sql_template: str


class _Filter(BaseModel):
    where_filters: list[_Where] | None = None


class _OldFilter(BaseModel):
    field: str
    operator: str
    value: str


class Resource(BaseModel):
    """A node, source, exposure, metric, semantic model, unit test or group of a manifest."""

    name: str
    resource_type: str | None = None
    package_name: str | None = None
    database: str | None = None
    place: str | None = Field(None, alias="schema")
    group: str | None = None
    column_name: str | None = None
    config: _Config | None = None
    meta: Object = None
    source_meta: Object = None
    columns: dict[str, _Column] | None = None
    constraints: list[_Constraint] | None = None
    depends_on: _DependsOn | None = None
    entities: list[_Part] | None = None
    dimensions: list[_Part | str] | None = None
    measures: list[_Part] | None = None
    type_params: Object = None
    filter: _Filter | None = None
    filters: list[_OldFilter] | None = None


class _Metadata(BaseModel):
    name: str
    place: str = Field(alias="schema")
    database: str | None = None


class _Found(BaseModel):
    index: StrictInt
    type: str | None = None


class Relation(BaseModel):
    """A relation of a catalog."""

    metadata: _Metadata
    columns: dict[str, _Found]
    stats: dict[str, dict[str, Any]] | None = None


class Result(BaseModel):
    """A result of a run."""

    unique_id: str
    status: str


def check(entries: Mapping[str, Any], shape: type[BaseModel], place: str, origin: str) -> None:
    """See to it that entries have a shape; `place` is the pointer to them in the file `origin`.

    Raises:
        InvalidInput: `path` points at the first that has not.
    """
    for key, entry in entries.items():
        try:
            shape.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            steps = [str(step).replace("~", "~0").replace("/", "~1") for step in (key, *first["loc"])]
            raise InvalidInput(
                f"`{origin}`: `{key}` is not as dbt writes it: {first['msg'].lower()}",
                path="/".join([place, *steps]),
                hint="write the file anew with dbt",
            ) from None

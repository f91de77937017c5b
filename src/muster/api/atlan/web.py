"""What every route of this surface is made of: who calls, the body as it came, answers, and how both are described."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, TypeAdapter

from muster.api.access import Caller, admin, editor, viewer
from muster.api.atlan.errors import NotNamed
from muster.api.atlan.shapes import Refusal
from muster.catalog.entity import Entity
from muster.errors import NotFound
from muster.service.entities import by_name
from muster.service.workspace import Workspace

Viewer = Annotated[Caller, Depends(viewer)]
Editor = Annotated[Caller, Depends(editor)]
Admin = Annotated[Caller, Depends(admin)]

REQUEST_ID = "X-Atlan-Request-Id"

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Refusal, "description": text}
    for status, text in {
        400: "The request cannot be read, or asks for what cannot be done; `causes` says where.",
        401: "No token came, or one that does not hold.",
        403: "The token's role, or the domains it is bound to, do not allow it.",
        404: "There is no such entity, definition or path.",
        405: "The path does not take this method.",
        409: "Someone else changed it in the meantime, or the name is taken.",
        413: "The body is larger than the service takes.",
        429: "Too many wrong tokens came from this address.",
        431: "The headers are larger than the service takes.",
        500: "A fault of the service's own.",
        501: "Atlan has this; this service does not.",
        503: "The record or the search engine does not answer; try again.",
        504: "It took too long; what was begun goes on.",
    }.items()
}
"""Every status but those of success, all in one shape."""


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""The body of a request as it came: it is read in the thread of the route, not in the loop that serves everyone."""


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


def told(content: Any, status: int = 200) -> Response:
    """Return content as JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def done() -> Response:
    """Return that it is done and there is nothing to say: clients refuse 200 here."""
    return Response(status_code=204)


def body_of(model: Any) -> dict[str, Any]:
    """Return the description of a route's body, which the route reads by itself."""
    schema = TypeAdapter(model).json_schema(by_alias=True)
    inline = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inline}}}}


def _inlined(schema: Any, models: Mapping[str, Any]) -> Any:
    """Return a schema with the models that it names in their places: nothing outside of it has them."""
    match schema:
        case {"$ref": name, **rest}:
            return {**_inlined(models[name.rsplit("/", 1)[-1]], models), **rest}
        case dict():
            return {key: _inlined(value, models) for key, value in schema.items()}
        case list():
            return [_inlined(one, models) for one in schema]
        case _:
            return schema


def answers(model: type[BaseModel] | None = None, description: str = "Done.") -> dict[int | str, dict[str, Any]]:
    """Return the description of a route's answers: one of success, and every refusal."""
    success: Mapping[int | str, dict[str, Any]] = (
        {204: {"description": description}} if model is None else {200: {"model": model, "description": description}}
    )
    return {**success, **REFUSALS}


def _request_name(
    request: Request,
    caller: Editor,
    body: Body,
    request_id: Annotated[
        str | None, Header(alias=REQUEST_ID, description="A request that comes again under its id is done once.")
    ] = None,
) -> str | None:
    """Return the name that only a repetition of a request has; None where the client gave it no id."""
    if not request_id:
        return None
    said = (caller.token.name, request_id, request.method, request.url.path, request.url.query)
    return sha256("\0".join(said).encode() + b"\0" + body).hexdigest()


RequestName = Annotated[str | None, Depends(_request_name)]
"""By what a repeated request is known: clients, and what is between them and here, send some twice."""

"""What the routes of every surface are made of: who calls, the body as it came, answers, and how both are described."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, TypeAdapter

from muster.api.access import Caller, admin, editor, viewer

Viewer = Annotated[Caller, Depends(viewer)]
Editor = Annotated[Caller, Depends(editor)]
Admin = Annotated[Caller, Depends(admin)]

Described = dict[int | str, dict[str, Any]]
"""The answers of a route by status, as FastAPI takes their description."""

REQUEST_ID: Final = "X-Atlan-Request-Id"

STATUSES: Final[Mapping[int, str]] = {
    400: "The request cannot be read, or asks for what cannot be done.",
    401: "No token came, or one that does not hold.",
    403: "The token's role, or the domains it is bound to, do not allow it.",
    404: "There is no such entity, definition or path.",
    405: "The path does not take this method.",
    409: "Someone else changed it in the meantime, or the name is taken.",
    412: "It is no longer at the version that the request was made from.",
    413: "The body is larger than the service takes.",
    429: "Too many wrong tokens came from this address.",
    431: "The headers are larger than the service takes.",
    500: "A fault of the service's own.",
    501: "This is known elsewhere; this service does not have it.",
    503: "The record or the search engine does not answer; try again.",
    504: "It took too long; what was begun goes on.",
}
"""Every status but those of success."""


def refusals(model: type[BaseModel]) -> Described:
    """Return the description of every refusal, all in one shape."""
    return {status: {"model": model, "description": text} for status, text in STATUSES.items()}


def answered(refused: Described, model: Any = None, description: str = "Done.", *, status: int = 200) -> Described:
    """Return the description of a route's answers: every refusal, and one of success, without a model 204."""
    if model is None:
        return {204: {"description": description}, **refused}
    return {status: {"model": model, "description": description}, **refused}


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""The body of a request as it came: it is read in the thread of the route, not in the loop that serves everyone."""


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

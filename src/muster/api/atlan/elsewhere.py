"""What Atlan has and this service does not: said so, so that clients neither guess nor ask again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NoReturn

from fastapi import APIRouter, Request
from starlette.routing import BaseRoute

from muster.api.atlan.errors import NotProvided
from muster.api.failures import methods_at
from muster.api.statuses import MethodNotAllowed
from muster.errors import NotFound

METHODS: Final = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

ATLAN: Final[Mapping[str, str]] = {
    "/api/meta": """
        PUT admin/purge
        POST entity
        POST entity/auditSearch
        GET entity/bulk
        POST entity/bulk/classification
        GET entity/bulk/headers
        POST entity/bulk/setClassifications
        GET entity/bulk/uniqueAttribute/type/{}
        POST entity/businessmetadata/import
        GET entity/businessmetadata/import/template
        DELETE,PUT entity/guid/{}
        DELETE entity/guid/{}/businessmetadata
        DELETE entity/guid/{}/businessmetadata/{}
        GET entity/guid/{}/classification/{}
        GET entity/guid/{}/classifications
        GET entity/guid/{}/header
        DELETE,POST,PUT entity/guid/{}/labels
        DELETE,POST entity/uniqueAttribute/type/{}
        GET entity/uniqueAttribute/type/{}/header
        DELETE,POST,PUT entity/uniqueAttribute/type/{}/labels
        GET entity/{}/audit
        GET glossary
        POST lineage/getlineage
        POST lineage/list
        POST search/searchlog
        GET types/typedef/guid/{}
        DELETE types/typedefs
        GET types/typedefs/headers
    """,
    "/api/service": """
        DELETE,POST apikeys
        GET,PUT approval-workflow-requests/{}
        PUT approval-workflow-requests/actions/bulk
        GET,POST credentials
        GET,POST credentials/{}
        POST credentials/{}/archive
        GET events/{}
        POST files/presignedUrl
        POST groups
        GET,POST groups/{}/{}
        POST groups/{}/members/remove
        GET,POST idp/{}/mappers
        GET,POST idp/{}/mappers/{}
        POST idp/{}/mappers/{}/delete
        POST images
        GET,POST oauth-clients
        DELETE,GET,PUT oauth-clients/{}
        GET,POST requests
        GET requests/{}
        POST requests/{}/action
        POST users
        POST users/{}
        GET,POST users/{}/{}
        POST users/{}/roles/update
        GET,POST v1/app
        DELETE,GET,PUT v1/app/{}
        DELETE,GET,POST,PUT v1/app/{}/{}
        DELETE,POST v1/app/{}/{}/{}
        GET v1/apps/{}
        GET v1/apps/{}/inputs
        GET,POST workflows
        GET,POST workflows/{}
    """,
    "/api/sql": """
        POST query/parse
        POST query/stream
    """,
    "/events": """
        POST openlineage/{}/api/v1/lineage
    """,
    "/auth": """
        GET admin/realms/default/clients/{}/client-secret
        GET admin/realms/default/users
        POST realms/default/protocol/openid-connect/token
    """,
}
"""Methods and paths below each prefix that Atlan's clients know and no route here serves; `{}` is any one part."""


def _known() -> Iterator[tuple[frozenset[str], re.Pattern[str]]]:
    for prefix, lines in ATLAN.items():
        for methods, path in (line.split() for line in lines.split("\n") if line.strip()):
            parts = map(re.escape, path.split("{}"))
            yield frozenset(methods.split(",")), re.compile(f"{prefix}/{'[^/]+'.join(parts)}")


KNOWN: Final = tuple(_known())


def refuse_the_rest(router: APIRouter, served: Sequence[BaseRoute]) -> None:
    """Have a router answer every path below the prefixes that is not served: not provided, not allowed, not there."""

    def refuse(request: Request) -> NoReturn:
        path, method = request.url.path.rstrip("/"), request.method
        if any(method in methods and pattern.fullmatch(path) for methods, pattern in KNOWN):
            raise NotProvided(f"Atlan's {method} `{path}` is not provided here")
        if allow := methods_at(served, {**request.scope, "path": path}):
            raise MethodNotAllowed(f"`{path}` does not take {method}", allow=", ".join(allow))
        raise NotFound(f"there is nothing at `{path}`")

    for prefix in ATLAN:
        router.add_api_route(
            prefix + "/{rest:path}", refuse, methods=METHODS, response_model=None, include_in_schema=False
        )

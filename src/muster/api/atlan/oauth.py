"""Tokens for clients that have a name and a secret: they get the secret back, and send it as anyone does."""

from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from muster.api.atlan.shapes import AccessToken, Credentials
from muster.api.atlan.web import answers
from muster.api.gate import gate_of
from muster.api.pointing import decode
from muster.api.web import Body, body_of, told
from muster.errors import InvalidInput, Unauthenticated
from muster.service.tokens import fingerprint

router = APIRouter(prefix="/api/service", tags=["people"])

PATH: Final = "/api/service/oauth-clients/token"
LASTS: Final = 600
"""Seconds after which clients ask again."""


@router.post(
    "/oauth-clients/token",
    responses=answers(AccessToken, "The token to send."),
    openapi_extra={**body_of(Credentials), "security": []},
)
def access_token(request: Request, body: Body) -> Response:
    """Exchange the name and the secret of a token for the token."""
    said = _credentials(body)
    token = gate_of(request.scope).find(fingerprint(said.client_secret), request.scope)
    if token.name != said.client_id:
        raise Unauthenticated("that client has another secret")
    return told({"accessToken": said.client_secret, "expiresIn": LASTS, "tokenType": "Bearer"})


def _credentials(body: bytes) -> Credentials:
    try:
        return Credentials.model_validate(decode(body))
    except ValidationError:  # which holds the secret
        raise InvalidInput("a client has a `clientId` and a `clientSecret`", path="") from None

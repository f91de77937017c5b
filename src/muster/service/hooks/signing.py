"""Signatures of what hooks are sent, in the scheme of Standard Webhooks 1.0: receivers may verify them by its libraries.

What is signed is `ID.TIMESTAMP.BODY`, by HMAC-SHA256 and the bytes that a secret `whsec_BASE64` stands for.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from secrets import token_bytes
from typing import Final

PREFIX: Final = "whsec_"
ENTROPY: Final = 32
VERSION: Final = "v1"


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return PREFIX + base64.b64encode(token_bytes(ENTROPY)).decode()


def signature(secret: str, message: str, at: int, body: bytes) -> str:
    """Return the signature of a body that is sent under an id at a time, in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{at}.".encode() + body
    return f"{VERSION},{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def headers(secrets: Sequence[str], message: str, at: int, body: bytes) -> dict[str, str]:
    """Return the headers that a receiver needs to see who sent a body, and when; `at` in ms since 1970.

    One signature by each secret: a receiver that knows any of them knows who it is.
    """
    seconds = at // 1000
    return {
        "Webhook-Id": message,
        "Webhook-Timestamp": str(seconds),
        "Webhook-Signature": " ".join(signature(secret, message, seconds, body) for secret in secrets),
    }

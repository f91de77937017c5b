"""A typed client of a Muster server.

    from muster.client import Muster

    with Muster("http://127.0.0.1:8585", "muster_…") as muster:
        for asset in muster.members("Verified tables"):
            print(asset.qualified_name)

Answers are objects with the keys of the reference of JSON output; refusals are the errors of `muster.errors`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muster.client.muster import Muster

__all__ = ["Muster"]


def __getattr__(name: str) -> Any:
    """Return the client when it is asked for: who only reads the models needs nothing that sends."""
    if name in __all__:
        from muster.client.muster import Muster  # noqa: PLC0415 - see above

        return Muster
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

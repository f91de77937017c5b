"""Names in paths."""

from typing import Any

import pytest
from starlette.routing import compile_path

from muster.api.paths import NAMES, REST


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/p/pins/a", {"ref": "p", "asset": "a"}),
        ("/a/b/pins/c/d", {"ref": "a/b", "asset": "c/d"}),
        ("/p/pins/db/pins/t", {"ref": "p", "asset": "db/pins/t"}),
        ("/new\nline/pins/\né", {"ref": "new\nline", "asset": "\né"}),
        ("//pins/a", None),
        ("/p/pins", None),
    ],
)
def test_a_name_ends_where_the_rest_can_begin(path: str, expected: dict[str, Any] | None) -> None:
    """So that an asset may be in a schema of any name, and a product may have slashes in its own."""
    regex, _, _ = compile_path(f"/{{ref:{NAMES}}}/pins/{{asset:{REST}}}")
    found = regex.match(path)
    assert (found and found.groupdict()) == expected

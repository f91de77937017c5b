"""What the surface says of itself."""

from __future__ import annotations

import re

from muster.api.atlan.surface import atlan
from muster.api.atlan.web import REFUSALS
from tests.acceptance.atlan.conftest import Catalog


def test_every_route_is_described(plain: Catalog) -> None:
    """With what it is for, its answer, and every refusal in the shape of errors."""
    paths = plain.ask("GET", "/openapi/atlan.json")["paths"]

    operations = [(path, method, one) for path, methods in paths.items() for method, one in methods.items()]
    assert len(operations) > 20
    for path, method, one in operations:
        assert one["description"], f"{method} {path}"
        said = {int(code) for code in one["responses"] if re.fullmatch(r"\d+", code)}
        assert said >= REFUSALS.keys(), f"{method} {path}"
        assert said & {200, 204}, f"{method} {path}"


def test_surface_answers_for_its_prefixes() -> None:
    """And for no path that begins alike."""
    surface = atlan()

    assert surface.covers("/api/meta/entity/bulk")
    assert surface.covers("/api/service/whoami")
    assert not surface.covers("/api/metadata")
    assert not surface.covers("/api/v1/dataProducts")

"""The reference of the OpenMetadata-style surface names what is served, and nothing else."""

import re
from pathlib import Path

from muster.api.openmetadata.errors import TYPES
from muster.api.openmetadata.surface import openmetadata
from muster.api.openmetadata.voice import BASES, Form

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "openmetadata.md"


def routes(form: Form) -> set[tuple[str, str]]:
    """Return method and path of every route of a form, below its base."""
    found = openmetadata(form, "2.0.7").router.routes
    return {
        (method, getattr(route, "path", "").removeprefix(BASES[form]))
        for route in found
        for method in getattr(route, "methods", ())
    }


def test_every_route_is_in_the_table() -> None:
    """By method and path; that names may have `name/` before them is told on the page once for all."""
    told = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`…]*)`", PAGE.read_text(encoding="utf-8"))
    paths = {(method, re.sub(r":\w+\}", "}", path)) for method, path in routes(Form.DOCUMENTED)}

    assert set(told) == {f"{method} {path.replace('/name/{ref}', '/{ref}')}" for method, path in paths}


def test_both_forms_have_the_same_routes() -> None:
    """Only what they answer differs."""
    assert routes(Form.DOCUMENTED) == routes(Form.RELEASED)


def test_every_word_for_an_error_is_there_that_this_surface_has() -> None:
    """Those of limits on addresses and bodies are on the page of the service."""
    text = PAGE.read_text(encoding="utf-8")

    here = {word for code, word in TYPES.items() if code in {400, 401, 403, 404, 409, 412, 503}}
    assert {word for word in here if f"`{word}`" in text} == here

"""What the surface says of itself can be relied on."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.openapi.utils import get_openapi

from muster.api.openmetadata.problem import REFUSALS
from muster.api.own.surface import own
from tests.unit.api.driven import Driven, driven

Json = dict[str, Any]
DESCRIPTION = get_openapi(title="", version="0", routes=own().router.routes)
OPERATIONS = {
    f"{method.upper()} {path}": one for path, methods in DESCRIPTION["paths"].items() for method, one in methods.items()
}

NEEDS_A_RECEIVER = {"POST /api/v1/webhooks"}
"""What looks up the address of the host that its example names."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """The resources over an empty catalog."""
    with driven(tmp_path_factory.mktemp("described"), own()) as made:
        yield made


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_route_is_described(label: str) -> None:
    """With what it is for, its answer, and every refusal."""
    one = OPERATIONS[label]

    assert one["summary"]
    assert one["description"]
    said = {int(code) for code in one["responses"] if re.fullmatch(r"\d+", code)}
    assert said >= REFUSALS.keys()
    assert said & {200, 201, 202, 204}


@pytest.mark.parametrize("label", sorted(OPERATIONS.keys() - NEEDS_A_RECEIVER))
def test_every_example_can_be_sent(label: str, service: Driven) -> None:
    """As it is: nothing is wrong with it, even where there is nothing of that name."""
    method, path = label.split(" ")
    one = OPERATIONS[label]
    said = {parameter["name"]: parameter for parameter in one.get("parameters", ())}
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", quote(str(example_of(said[name])), safe=""))

    shown = {name: example for name, one in said.items() if one["in"] == "query" and (example := example_of(one))}
    if "asOf" in shown:  # the past has no age
        shown.pop("maxAge", None)
    for body in bodies_of(one):
        answer = service.ask(method, path, params=shown, **body)
        assert answer.status_code in {200, 201, 204, 404}, f"{body}: {answer.text}"


def example_of(parameter: Json) -> Any:
    """Return an example of a parameter; None where there is none."""
    return (parameter.get("examples") or parameter["schema"].get("examples") or [None])[0]


def bodies_of(operation: Json) -> Iterator[Json]:
    """Yield bodies as they are shown, or as the examples of their parts make them; one without any where none is taken."""
    content = operation.get("requestBody", {}).get("content", {})
    for media, told in content.items():
        if media != "application/json":
            yield {"content": told["example"], "headers": {"content-type": media}}
        elif "examples" in told:
            yield from ({"json": example["value"]} for example in told["examples"].values())
        else:
            parts = told["schema"]["properties"].items()
            yield {"json": {name: part["examples"][0] for name, part in parts if part.get("examples")}}
    if not content:
        yield {}

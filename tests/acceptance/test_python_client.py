"""The Python client against a service: its examples, its page, and that its answers are whole."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster import client as package
from muster.client import Muster
from muster.client.told import Told
from tests.acceptance import shop
from tests.acceptance.command import run
from tests.acceptance.serving import Served, served
from tests.docs.examples import Command, Script, examples
from tests.integration.receiver import receiving

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "use-the-python-client.md"
ARTIFACTS = ROOT / "examples" / "shop" / "artifacts"
PARTS = (
    "products",
    "members",
    "exporting",
    "history",
    "decisions",
    "selections",
    "assets",
    "algebra",
    "reports",
    "policies",
    "judging",
    "events",
    "webhooks",
    "muster",
)
"""The modules with the methods of the client, in the order in which their examples follow each other."""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A catalog with two products, synced, and served."""
    folder = tmp_path_factory.mktemp("client")
    data = folder / "data"
    run(data, "import", "ndjson", str(shop.write(folder, 0)), "--scope", shop.ROOT)
    run(data, "product", "create", "Gold tables", "type:Table tag:Gold")
    run(data, "product", "create", "First tables", "type:Table name:table_000*")
    run(data, "sync")
    with served(data, {"MUSTER_SERVE_KEEPING": "false", "MUSTER_HOOKS_ALLOW_PRIVATE": "true"}) as made:
        yield made


def methods() -> set[str]:
    """Return the names of all that the client can do."""
    return {name for name, _ in inspect.getmembers(Muster, inspect.isfunction) if not name.startswith("_")}


def parts() -> Iterator[doctest.DocTest]:
    """Yield the examples of every method, in the order in which they stand."""
    for name in PARTS:
        module = importlib.import_module(f"{package.__name__}.{name}")
        found = doctest.DocTestFinder(exclude_empty=True).find(module)
        yield from sorted((test for test in found if test.examples), key=lambda test: test.lineno or 0)


def test_every_method_has_an_example() -> None:
    """But for the end of all."""
    shown = {test.name.rsplit(".", 1)[-1] for test in parts()}

    assert methods() - shown == {"close"}


def test_examples_hold_and_answers_are_whole(one: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example gives what it shows; what was told comes out as it came in, and there is a place for all of it."""
    answers: list[tuple[Told, Any]] = []
    read = Told.model_validate_json.__func__  # type: ignore[attr-defined]

    def kept(model: type[Told], body: bytes, **more: Any) -> Told:
        answer: Told = read(model, body, **more)
        answers.append((answer, json.loads(body)))
        return answer

    monkeypatch.setattr(Told, "model_validate_json", classmethod(kept))
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    with Muster(one.url, one.token) as muster, receiving() as receiver:
        names = {"muster": muster, "Muster": Muster, "url": one.url, "token": one.token, "receiver": receiver.url}
        for test in parts():
            test.globs = dict(names)
            doctest.DocTestRunner(verbose=False).run(test, out=said.append)

    assert "".join(said) == ""
    assert len({type(answer) for answer, _ in answers}) > 15
    for answer, body in answers:
        assert answer.as_json() == body
        assert list(unknown(answer)) == []


def unknown(told: Any) -> Iterator[str]:
    """Yield what was told without a place for it, at any depth."""
    match told:
        case Told():
            yield from (f"{type(told).__name__}.{name}" for name in told.model_extra or ())
            for name in type(told).model_fields:
                yield from unknown(getattr(told, name))
        case list():
            for each in told:
                yield from unknown(each)


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python, one block after the other, on the example project."""
    with served(tmp_path / "data") as one:
        run(one.data, "import", "dbt", str(ARTIFACTS / "manifest.json"), "--catalog", str(ARTIFACTS / "catalog.json"))
        monkeypatch.setenv("MUSTER_SERVER", one.url)
        monkeypatch.setenv("MUSTER_TOKEN", one.token)
        monkeypatch.chdir(tmp_path)
        names: dict[str, Any] = {}
        try:
            for example in examples(PAGE):
                match example:
                    case Script(source=source, line=line):
                        exec(compile("\n" * (line - 1) + source, str(PAGE), "exec"), names)  # noqa: S102 - our own page
                    case Command():
                        pytest.fail(f"line {example.line}: no test types commands of this page")
        finally:
            names["muster"].close()


@pytest.mark.parametrize("how", ["ndjson", "csv", "parquet"])
def test_all_members_go_into_a_file(one: Served, tmp_path: Path, how: Any) -> None:
    """By name or into one that is open, the same bytes; what is told of them is what they are."""
    with Muster(one.url, one.token) as muster:
        done = muster.export("Gold tables", how, to=tmp_path / "named", mode="stored", fields=["description"])
        with (tmp_path / "open").open("wb") as file:
            again = muster.export("Gold tables", how, to=file, mode="stored", fields=["description"])

    assert done == again
    assert (done.total, done.source, done.generation) == (len(shop.gold(0)), "stored", 1)
    assert (tmp_path / "named").read_bytes() == (tmp_path / "open").read_bytes()
    assert (tmp_path / "named").stat().st_size == done.size


def test_what_streams_is_every_member_once(one: Served) -> None:
    """Page by page, guid by guid: the same ones."""
    with Muster(one.url, one.token) as muster:
        paged = [asset.guid for asset in muster.members("Gold tables")]
        streamed = list(muster.member_ids("Gold tables"))

    assert sorted(paged) == sorted(streamed)
    assert len(set(paged)) == len(shop.gold(0))

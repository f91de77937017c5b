"""What people do through OpenMetadata's released client as it is, on both kinds of engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.command import answer, run
from tests.acceptance.forks import Ask, Forks, forking
from tests.acceptance.openmetadata import strange
from tests.acceptance.serving import Served, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
ARTIFACTS = Path(__file__).parents[3] / "examples" / "shop" / "artifacts"
BASE = "/sdk/2.0/api"
LOADED = ("metadata.sdk", "metadata.generated.schema.api.domains.createDataProduct")
PATIENCE = 300
"""Seconds that a script may take."""


@pytest.fixture(scope="module")
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Served]:
    """A service over the example project, and over what nobody would make by the client, on each kind of engine."""
    folder = tmp_path_factory.mktemp("openmetadata")
    with place(request.param, folder, engine_url) as there:
        url = with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else ""
        settings = {"MUSTER_ENGINE_URL": url} if url else {}
        with served(folder / "data", settings) as one:
            manifest, catalog = (str(ARTIFACTS / f"{name}.json") for name in ("manifest", "catalog"))
            run(one.data, "import", "dbt", manifest, "--catalog", catalog, settings=one.settings)
            with one.client() as http:
                strange.make(http)
            yield one


@pytest.fixture(scope="module")
def loaded(client: Path) -> Iterator[Forks]:
    """The released client, loaded."""
    with forking(client, *LOADED) as forks:
        yield forks


@pytest.fixture(scope="module")
def viewer(shop: Served) -> str:
    """The secret of a token that may only read."""
    secret: str = answer(shop.data, "token", "create", "--name", "reader", "--role", "viewer")["token"]
    return secret


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("shop", [EMBEDDED, "opensearch"], indirect=True)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs_to_its_end(shop: Served, viewer: str, loaded: Forks, script: Path) -> None:
    """Each script asserts what it does itself, and prints `done` when all of it held."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMETADATA_", "MUSTER_"))}
    own = {"OPENMETADATA_HOST": shop.url + BASE, "OPENMETADATA_JWT_TOKEN": shop.token, "TOKEN_OF_VIEWER": viewer}
    done = loaded.run(Ask(str(script), clean | own, PATIENCE))

    assert (done.code, done.out.strip().splitlines()[-1:]) == (0, ["done"]), (
        f"{done.out}\n{done.err}\n{shop.log.read_text()[-3000:]}"
    )

"""What people do every day through an unmodified `pyatlan` on both kinds of engine, and some of it through an older one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.command import run
from tests.acceptance.everyday.versions import VERSIONS
from tests.acceptance.forks import Ask, Forks, forking
from tests.acceptance.once import once
from tests.acceptance.serving import Served, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
ARTIFACTS = Path(__file__).parents[3] / "examples" / "shop" / "artifacts"
LOADED = ("pyatlan.client.atlan", "pyatlan.client.asset", "pyatlan.model.assets", "pyatlan.model.fluent_search")
PATIENCE = 300
"""Seconds that a script may take."""


OLDER = ("newcomer", "glossary")
"""The scripts that the older version runs as well, on the embedded engine; with `MUSTER_TEST_EVERYDAY=all` all, on both."""
ALL = [(engine, version, script) for engine in (EMBEDDED, "opensearch") for version in VERSIONS for script in SCRIPTS]
MOST = [
    (engine, version, script)
    for engine, version, script in ALL
    if version == "11.6" or (engine == EMBEDDED and script.stem in OLDER)
]


@pytest.fixture(scope="module")
def shop_on(tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf) -> Iterator[Callable[[str], Served]]:
    """A service over the example project, imported while it serves, on a kind of engine."""

    @contextmanager
    def make(engine: str) -> Iterator[Served]:
        folder = tmp_path_factory.mktemp("everyday")
        with place(engine, folder, engine_url) as there:
            url = with_alias(engine_url(engine), there.alias) if isinstance(there, OnServer) else ""
            settings = {"MUSTER_ENGINE_URL": url} if url else {}
            with served(folder / "data", settings) as one:
                _import(one)
                yield one

    with once(make) as on:
        yield on


@pytest.fixture
def shop(request: pytest.FixtureRequest, shop_on: Callable[[str], Served]) -> Served:
    """The service on the engine that the test names."""
    return shop_on(request.param)


@pytest.fixture(scope="module")
def client_of() -> Iterator[Callable[[str], Forks]]:
    """A version of the client, loaded."""
    with once(lambda version: forking(VERSIONS[version](), *LOADED)) as of:
        yield of


def _import(one: Served) -> None:
    manifest, catalog = (str(ARTIFACTS / f"{name}.json") for name in ("manifest", "catalog"))
    run(one.data, "import", "dbt", manifest, "--catalog", catalog, settings=one.settings)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("shop", "version", "script"),
    ALL if os.environ.get("MUSTER_TEST_EVERYDAY") == "all" else MOST,
    ids=lambda one: one.stem if isinstance(one, Path) else one,
    indirect=["shop"],
)
def test_a_script_runs_to_its_end(shop: Served, client_of: Callable[[str], Forks], version: str, script: Path) -> None:
    """Each script asserts what it does itself, and prints `done` when all of it held."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ATLAN_", "MUSTER_"))}
    environment = clean | {"ATLAN_BASE_URL": shop.url, "ATLAN_API_KEY": shop.token}
    done = client_of(version).run(Ask(str(script), environment, PATIENCE))

    assert (done.code, done.out.strip()) == (0, "done"), f"{done.out}\n{done.err}\n{shop.log.read_text()[-3000:]}"

"""Docker Compose itself takes the file, in every way that the documentation uses it."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docker.files import ROOT
from tests.servers import report

PAGE = ROOT / "docs" / "how-to" / "run-with-docker.md"
ALWAYS = {"muster", "opensearch", "postgres", "password"}
_KEPT = ("PATH", "HOME", "DOCKER_CONFIG")
"""What Compose is told of the environment; anything else could be one of the file's variables."""


@pytest.fixture(scope="module", autouse=True)
def docker_compose() -> None:
    """Skips where there is no Docker Compose; it needs no daemon."""
    asked = _asked()
    if asked is not None and asked.returncode == 0:
        report.say("docker compose", f"{asked.stdout.strip()} read docker-compose.yml")
        return
    why = "there is no `docker`" if asked is None else "`docker compose version` does not answer"
    report.missing("docker compose", why)
    pytest.skip(why)


def _asked() -> subprocess.CompletedProcess[str] | None:
    if shutil.which("docker") is None:
        return None
    return subprocess.run(["docker", "compose", "version", "--short"], capture_output=True, text=True, check=False)


def configured(*options: str, variables: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the services as Compose understands them."""
    done = subprocess.run(
        ["docker", "compose", "--env-file", os.devnull, *options, "config", "--format", "json"],
        cwd=ROOT,
        env={name: os.environ[name] for name in _KEPT if name in os.environ} | (variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr.lower()
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


def in_env(variable: str) -> str:
    """Return the page's block of variables that sets this one."""
    blocks = re.finditer(r"^```ini\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [block[1] for block in blocks if f"{variable}=" in block[1]]
    return found


def test_default() -> None:
    """Nothing set: OpenSearch, PostgreSQL and Muster, which knows where they are."""
    services = configured()
    assert set(services) == ALWAYS
    assert services["muster"]["environment"]["MUSTER_ENGINE_URL"] == "opensearch://opensearch:9200"


def test_elasticsearch_beside() -> None:
    """The profile adds Elasticsearch."""
    assert set(configured("--profile", "elasticsearch")) == {*ALWAYS, "elasticsearch"}


def test_elasticsearch_instead(tmp_path: Path) -> None:
    """With what the page says to put into `.env`, Elasticsearch serves and no OpenSearch is started."""
    file = tmp_path / "env"
    file.write_text(in_env("COMPOSE_PROFILES"), encoding="utf-8")
    services = configured("--env-file", str(file))
    assert set(services) == {*ALWAYS, "elasticsearch"}
    assert services["opensearch"]["deploy"]["replicas"] == 0
    assert services["muster"]["environment"]["MUSTER_ENGINE_URL"] == "elasticsearch://elasticsearch:9200"


def test_every_variable_has_an_effect() -> None:
    """The page lists the variables of the file, and each of them changes something."""
    both = ("--profile", "elasticsearch")
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    without = {name for name in named if configured(*both, variables={name: "2"}) == configured(*both)}
    assert named == set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert without == set()

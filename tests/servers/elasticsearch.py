"""Elasticsearch: the image, and a node from Maven Central with our test plugin in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers import container, maven, plugin
from tests.servers.kinds import Kind
from tests.servers.node import Launch, cluster, running

_VERSION_VARIABLE = "MUSTER_TEST_ELASTICSEARCH_VERSION"
_DEFAULT_VERSION = "9.5.3"
_HEAP = "-Xms1g -Xmx1g"
_CONTAINER = {"discovery.type": "single-node", "xpack.security.enabled": "false", "ES_JAVA_OPTS": _HEAP}
_NOBODY = 65534
"""The user and group who own nothing: the node refuses to run as root."""


def _container() -> AbstractContextManager[str]:
    return container.running(f"elasticsearch:{_version()}", _CONTAINER)


@contextlib.contextmanager
def _node(jdk: Path, folder: Path) -> Iterator[str]:
    user = _NOBODY if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="muster-elasticsearch-", ignore_cleanup_errors=True) as parent:
        home = _home(jdk, Path(parent))
        _give(Path(parent), user)
        launch = Launch(["bin/elasticsearch"], home, lambda: _url(home), _environment(jdk, home), user)
        with running(launch, folder / "elasticsearch.log") as url:
            yield url


ELASTICSEARCH = Kind("elasticsearch", "Elasticsearch", "MUSTER_TEST_ELASTICSEARCH_URL", _container, _node)


def _version() -> str:
    return os.environ.get(_VERSION_VARIABLE) or _DEFAULT_VERSION


def _home(jdk: Path, parent: Path) -> Path:
    """A copy of the distribution, for this node alone: it writes beside its programs."""
    kept = _distribution(jdk)
    home = Path(shutil.copytree(kept / f"elasticsearch-{_version()}", parent / "home"))
    shutil.copytree(plugin.built(jdk, home / "lib", _version()), home / "plugins" / plugin.NAME)
    (home / "config" / "elasticsearch.yml").write_text(_configuration(), encoding="utf-8")
    (home / "tmp").mkdir()
    return home


def _distribution(jdk: Path) -> Path:
    def unpack(folder: Path) -> None:
        version = f"-Delasticsearch.version={_version()}"
        maven.run(jdk, "elasticsearch", "dependency:unpack", version, f"-Dinto={folder}")
        for program in folder.glob("*/bin/*"):
            program.chmod(0o755)

    return maven.kept(f"elasticsearch-{_version()}", unpack)


def _configuration() -> str:
    settings = {
        "cluster.name": cluster(),
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": "0",
        "transport.port": "0",
        "node.portsfile": "true",
        "xpack.security.enabled": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    return "".join(f"{name}: {value}\n" for name, value in settings.items())


def _environment(jdk: Path, home: Path) -> Mapping[str, str]:
    own = str(home / "tmp")
    return {
        "HOME": own,
        "ES_TMPDIR": own,
        "ES_JAVA_HOME": str(jdk),
        "ES_JAVA_OPTS": f"{_HEAP} -XX:TieredStopAtLevel=1",
        "CLI_JAVA_OPTS": f"-Djava.io.tmpdir={own}",
    }


def _give(folder: Path, user: int | None) -> None:
    """Let `user` own the folder and everything in it."""
    if user is not None:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, user, user, follow_symlinks=False)


def _url(home: Path) -> str | None:
    """Where the node says that it listens."""
    said = home / "logs" / "http.ports"
    lines = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
    return next((f"http://{line}" for line in lines if line.startswith("127.0.0.1:")), None)

"""Builds the test plugin of the Elasticsearch node, once for each version of the node and of the plugin."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.servers import maven

NAME = "muster-tests"
_SOURCES = Path(__file__).with_name("plugin")
_JAVA_OF_MAJOR = {"8": "17", "9": "21"}
_DESCRIPTOR = """\
name={name}
description=GET / and the analysis that the index templates need
version={version}
elasticsearch.version={version}
java.version={java}
classname=muster.plugin.TestPlugin
"""


def built(jdk: Path, libraries: Path, version: str) -> Path:
    """The folder to copy into the plugins of a node of `version`, whose jars are in `libraries`."""
    major = version.partition(".")[0]
    sources = sorted(file for part in ("common", f"es{major}") for file in (_SOURCES / part).rglob("*.java"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]

    def build(folder: Path) -> None:
        classes = folder / "classes"
        java = _JAVA_OF_MAJOR[major]
        compiler = [str(jdk / "bin" / "javac"), "-proc:none", "-nowarn", "--release", java, "-cp", f"{libraries}/*"]
        maven.call([*compiler, "-d", str(classes), *map(str, sources)], jdk)
        plugin = folder / NAME
        plugin.mkdir()
        maven.call([str(jdk / "bin" / "jar"), "cf", str(plugin / f"{NAME}.jar"), "-C", str(classes), "."], jdk)
        descriptor = _DESCRIPTOR.format(name=NAME, version=version, java=java)
        (plugin / "plugin-descriptor.properties").write_text(descriptor, encoding="utf-8")

    return maven.kept(f"plugin-{version}-{digest}", build) / NAME

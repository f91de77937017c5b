"""The command line through a server: that of the folder it works on, or one that is named."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance import shop
from tests.acceptance.command import answer, environment, run
from tests.acceptance.serving import Served, free_port, served

FIRST, SECOND, FOURTH = (shop.qualified_name(number) for number in (0, 1, 3))
MADE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}"  # a guid
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z"  # a time
    r"|(?<=/)[A-Za-z0-9]{21}(?=[/\" ]|$)"  # a name that was made
    r"|(?<=\"age\": )[\d.]+|(?<=stored )\d+ \w+(?= ago)",
    re.MULTILINE,
)
"""What is another one each time."""

JSON = ("--json",)
Ended = tuple[int, str, str]
ONE_BY_ONE = """
import io, json, sys
from muster.cli.app import run

def typed(words):
    outputs = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    sys.argv, sys.stdout, sys.stderr, code = ["muster", *words], *outputs, 0
    try:
        run()
    except SystemExit as end:
        code = end.code or 0
    return code, *(one.buffer.getvalue().decode() for one in outputs)

commands, answers = json.load(sys.stdin), sys.stdout
json.dump([typed(words) for words in commands], answers)
answers.flush()
"""

MONTHLY = ("--schedule", "0 6 1 * *", "--time-zone", "Europe/Berlin")

VERBS: tuple[tuple[str, ...], ...] = (
    ("product", "list"),
    ("product", "list", "--name", "gold"),
    ("product", "show", "Gold tables"),
    ("product", "members", "Gold tables", "--limit", "3", "-a", "description", "--sort", "-name.keyword"),
    ("product", "members", "Gold tables", "--limit", "2", "--stored"),
    ("product", "members", "Gold tables", "--limit", "2", "--max-age", "1d"),
    ("product", "count", "Gold tables"),
    ("product", "count", "Gold tables", "--stored"),
    ("product", "explain", "Gold tables", FIRST),
    ("product", "explain", "Gold tables", SECOND),
    ("product", "history", "Gold tables"),
    ("product", "history", "Gold tables", "--run", "1", "--limit", "3"),
    ("product", "create", "New", "type:Table tag:Gold", "--owner", "ada", "--description", "d", "--domain", "Sales"),
    ("product", "create", "Later", "certificat:VERIFIED", "--allow-unknown-fields"),
    ("product", "update", "New", "type:Table name:tabel*", "--name", "Newer"),
    ("product", "pin", "Gold tables", SECOND, "--reason", "why", "--expires", "30d"),
    ("product", "exclude", "Gold tables", FIRST, FOURTH, "--reason", "why not"),
    ("product", "show", "Gold tables"),
    ("product", "explain", "Gold tables", FIRST),
    ("sync", "Gold tables"),
    ("product", "history", "Gold tables", "--run", "2"),
    ("product", "withdraw", "Gold tables", FIRST, SECOND, FOURTH),
    ("sync",),
    ("product", "delete", "Newer"),
    ("policy", "show"),
    ("policy", "set", "--percent", "25.5", "--least", "50", "--freshness", "1h"),
    ("policy", "show"),
    ("policy", "set", "--domain", "Default", "--schedule", "every 1h", "--may-empty"),
    ("policy", "set", "--product", "Gold tables", *MONTHLY, "--no-may-empty", "--keep", "5"),
    ("policy", "show", "--domain", "Default"),
    ("policy", "show", "--product", "Default.Gold tables"),
    ("policy", "effective", "Gold tables"),
    ("policy", "unset", "--product", "Gold tables"),
    ("policy", "unset", "--domain", "Default"),
    ("policy", "effective", "Default.Gold tables"),
    ("runs", "--held"),
    ("runs", "--trigger", "audit"),
    ("product", "update", "Gold tables", "type:Table name:nobody"),
    ("sync", "Gold tables"),
    ("runs", "--held"),
    ("runs", "--limit", "2"),
    ("runs", "--outcome", "applied", "--before", "4"),
    ("product", "reject", "Gold tables", "6", "--reason", "a slip"),
    ("product", "update", "Gold tables", "type:Table tag:Gold"),
    ("sync", "Gold tables"),
    ("product", "update", "Gold tables", "type:Table name:none"),
    ("sync", "Gold tables"),
    ("product", "approve", "Gold tables", "8"),
    ("runs", "--trigger", "approval"),
    ("product", "create", "First tables", "type:Table name:table_000* -tag:nobody"),
    ("sync",),
    ("product", "count", "Gold tables", "--as-of", "run:1"),
    ("product", "members", "Default.Gold tables", "--as-of", "generation:1", "--limit", "2", "-a", "description"),
    ("product", "explain", "Gold tables", FIRST, "--run", "1"),
    ("product", "explain", "Gold tables", FIRST, "--run", "2"),
    ("product", "difference", "Gold tables", "--from", "run:1"),
    ("product", "difference", "Gold tables", "--from", "run:1", "--to", "run:2", "--left", "--limit", "1"),
    ("product", "show", "Default.Gold tables"),
    ("sync", "Default.Gold tables"),
    ("report", "freshness"),
    ("report", "overlap"),
    ("report", "overlap", "--of", "First tables", "--limit", "1"),
    ("report", "unchanging"),
    ("report", "unchanging", "--for", "0s", "--limit", "1"),
    ("report", "dead-clauses"),
    ("report", "uncovered", "type:Table", "--limit", "2", "--sort", "-name.keyword"),
    ("what-if", "--tag", "Gold", "--dropped", "--limit", "2"),
    ("what-if", "--tag", "Gold", "--renamed-to", "Silver"),
    ("what-if", "--owner", "ada", "--dropped"),
    ("events",),
    ("events", "--product", "Default.Gold tables", "--type", "held", "--limit", "1"),
    ("events", "--domain", "Default", "--after", "2"),
    ("webhook", "list"),
    ("preview", "type:Table tag:Gold", "--limit", "2", "-a", "description"),
    ("preview", "type:Table tag:Gold", "--limit", "2", "--replaces", "Default.Gold tables"),
    ("preview", "type:Table certificat:VERIFIED"),
    ("check", "type:Tabel tag:Gold"),
)
"""Verbs in an order in which each has something to say."""

REFUSED: tuple[tuple[str, ...], ...] = (
    ("product", "show", "Nobody"),
    ("product", "members", "Nobody"),
    ("product", "members", "Gold tables", "--cursor", "x"),
    ("product", "members", "Gold tables", "--sort", "nofield"),
    ("product", "members", "Gold tables", "--max-age", "1x"),
    ("product", "explain", "Gold tables", "nobody"),
    ("product", "history", "Gold tables", "--run", "99"),
    ("product", "create", "X", "type:"),
    ("product", "create", " ", "type:Table"),
    ("product", "create", "Gold tables", "type:Table"),
    ("product", "create", "X", "certificat:VERIFIED"),
    ("product", "create", "X", "type:Table", "--domain", "default/domain/none"),
    ("product", "create", "X", '{"bool": {"filter": [{"term": {"a": 1, "b": 2}}]}}'),
    ("product", "update", "Gold tables", "type:"),
    ("product", "update", "Gold tables", "--name", " "),
    ("product", "delete", "Nobody"),
    ("product", "pin", "Gold tables", "nobody", "--reason", "x"),
    ("product", "pin", "Gold tables", FIRST, "--reason", "x", "--expires", "soon"),
    ("product", "withdraw", "Gold tables", FIRST),
    ("preview", '{"script": {}}'),
    ("preview", '{"bool": {"must_not": [{"script": {}}]}}'),
    ("preview", "type:Table", "--sort", "nofield"),
    ("preview", "type:Table", "--cursor", "x"),
    ("check", "type:"),
    ("policy", "show", "--product", "Nobody"),
    ("policy", "show", "--domain", "Nobody"),
    ("policy", "set", "--schedule", "hourly"),
    ("policy", "set", "--schedule", "every 1x"),
    ("policy", "set", "--schedule", "every 0s"),
    ("policy", "set", "--schedule", "0 6 * * *", "--time-zone", "Nowhere"),
    ("policy", "set", "--freshness", "x"),
    ("policy", "unset", "--product", "Nobody"),
    ("policy", "effective", "Nobody"),
    ("product", "approve", "Gold tables", "1"),
    ("product", "approve", "Gold tables", "99"),
    ("product", "reject", "Gold tables", "1"),
    ("product", "reject", "Nobody", "1"),
    ("product", "members", "Gold tables", "--as-of", "soon"),
    ("product", "members", "Gold tables", "--as-of", "2001-01-01", "--ids"),
    ("product", "members", "Gold tables", "--as-of", "run:1", "--sort", "name"),
    ("product", "count", "Gold tables", "--as-of", "run:99"),
    ("product", "explain", "Gold tables", FIRST, "--run", "99"),
    ("product", "difference", "Gold tables", "--from", "2999-01-01"),
    ("product", "difference", "Gold tables", "--from", "run:1", "--to", "generation:9"),
    ("product", "difference", "Gold tables", "--from", "run:1", "--cursor", "x"),
    ("report", "overlap", "--of", "Nobody"),
    ("report", "unchanging", "--for", "1x"),
    ("report", "uncovered", "type:"),
    ("report", "uncovered", "certificat:VERIFIED"),
    ("report", "uncovered", '{"bool": {"must_not": [{"script": {}}]}}'),
    ("report", "uncovered", "--sort", "nofield"),
    ("report", "uncovered", "--cursor", "x"),
    ("what-if", "--tag", "Nobody", "--dropped"),
    ("what-if", "--tag", "Gold", "--renamed-to", "Plain"),
    ("what-if", "--owner", "nobody", "--dropped"),
    ("what-if", "--owner", "ada", "--renamed-to", "a/b"),
    ("what-if", "--schema", "nobody", "--dropped"),
    ("events", "--after", "9999"),
    ("events", "--product", "Nobody"),
    ("preview", "type:Table", "--replaces", "Nobody"),
    ("webhook", "create", "ftp://example.org/in"),
    ("webhook", "create", "http://127.0.0.1:1/in"),
    ("webhook", "create", "https://example.org/in", "--domain", "Nobody"),
    ("webhook", "update", "nobody", "--pause"),
    ("webhook", "rotate", "nobody"),
    ("webhook", "ping", "nobody"),
    ("webhook", "deliveries", "nobody"),
    ("webhook", "redeliver", "nobody", "1"),
    ("webhook", "replay", "nobody"),
    ("webhook", "delete", "nobody"),
    ("sync", "Nobody"),
)
"""What cannot be done."""


TABLES: Mapping[tuple[str, ...], str] = {
    ("overlap",): "overlap",
    ("unchanging", "--for", "0s"): "unchanging?for=0s",
    ("dead-clauses",): "deadClauses",
    ("uncovered", "type:Table"): "uncovered?q=type:Table",
}
"""Reports as tables, and where they are over HTTP."""

ALIKE: tuple[tuple[str, ...], ...] = (
    ("product", "pin", "Gold tables", FIRST, "--reason", " "),
    ("product", "pin", "Gold tables", FIRST, "--reason", "x", "--expires", "2001-01-01"),
    ("product", "history", "Gold tables", "--run", "0"),
    ("product", "show", ""),
)
"""What cannot be done, for which a server has words of its own."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a catalog and a product, synced; tests work on copies."""
    made = tmp_path_factory.mktemp("through")
    run(made / "data", "import", "ndjson", str(shop.write(made, 0)), "--scope", shop.ROOT)
    run(made / "data", "product", "create", "Gold tables", "type:Table tag:Gold", "--owner", "ada")
    run(made / "data", "sync")
    return made / "data"


@pytest.fixture
def one(folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A copy of the folder that is served, by a service that syncs nothing by itself: nor does a folder."""
    settings = {"MUSTER_LOG_FORMAT": "json", "MUSTER_SERVE_KEEPING": "false"}
    with served(shutil.copytree(folder, tmp_path / "data"), settings) as made:
        yield made


def routes(one: Served) -> list[tuple[str, str]]:
    """Return what the service was asked, with whose token."""
    lines = [json.loads(line) for line in one.log.read_text().splitlines() if line.startswith("{")]
    asked = [(line["route"], line["token"]) for line in lines if line.get("event") == "request"]
    return [one for one in asked if one[0].startswith("/api/")]


def test_every_verb_says_the_same(one: Served, folder: Path, tmp_path: Path) -> None:
    """With a server that has the folder and without: what is printed, as text and as JSON, and how it ends."""
    commands = [(*words, *more) for words in VERBS for more in (((), JSON) if reads(words) else (JSON,))]
    here = typed(shutil.copytree(folder, tmp_path / "alone"), commands)
    there = typed(one.data, commands)

    for command, alone, through in zip(commands, here, there, strict=True):
        assert through == alone, command
    asked = routes(one)
    assert len(asked) > len(commands)
    assert {token for _, token in asked} == {"tester"}


def test_of_an_archived_product_what_has_been_is_told(one: Served, folder: Path, tmp_path: Path) -> None:
    """By its guid: runs, members then, causes; not what it would hold now. With a server and without."""
    alone = shutil.copytree(folder, tmp_path / "alone")
    guids = {answer(data, "product", "delete", "Gold tables")["guid"] for data in (alone, one.data)}
    (guid,) = guids
    told = [
        ("product", "history", guid),
        ("product", "history", guid, "--run", "1", "--limit", "2"),
        ("product", "members", guid, "--as-of", "run:1", "--limit", "2"),
        ("product", "count", guid, "--as-of", "generation:1"),
        ("product", "difference", guid, "--from", "run:1"),
        ("product", "explain", guid, FIRST, "--run", "1"),
    ]
    gone = [("product", "show", guid), ("product", "members", guid), ("product", "history", "Gold tables")]

    here, there = typed(alone, [*told, *gone]), typed(one.data, [*told, *gone])

    assert there == here
    assert [code for code, _, _ in here] == [0] * len(told) + [1] * len(gone)
    assert all(out for _, out, _ in here[: len(told)])
    assert all(err.startswith("not_found: there is no product") for _, _, err in here[len(told) :])


def test_every_refusal_says_the_same(one: Served, folder: Path, tmp_path: Path) -> None:
    """Code, place, message, hint and exit code, as text and as JSON."""
    commands = [(*words, *more) for words in REFUSED for more in ((), JSON)]
    here = typed(shutil.copytree(folder, tmp_path / "alone"), commands)
    there = typed(one.data, commands)

    assert {ended[:2] for ended in here} == {(1, "")}
    for command, alone, through in zip(commands, here, there, strict=True):
        assert through == alone, command


@pytest.mark.parametrize("words", ALIKE, ids=" ".join)
def test_what_a_server_refuses_by_itself_is_refused(one: Served, words: tuple[str, ...]) -> None:
    """As it is without: nothing is done, and the message says what is wrong."""
    said = run(one.data, *words, code=1)

    assert said.stdout == ""
    assert re.match(r"(invalid_input|not_found): \w+", said.stderr)


def test_every_table_is_the_same(one: Served, folder: Path, tmp_path: Path) -> None:
    """As the server tells it over HTTP, byte by byte."""
    commands = [("report", *words, "--csv") for words in TABLES]
    here = typed(shutil.copytree(folder, tmp_path / "alone"), commands)
    there = typed(one.data, commands)
    with one.client() as http:
        asked = [http.get(f"/api/v1/reports/{path}", headers={"Accept": "text/csv"}).text for path in TABLES.values()]

    assert here == there
    assert [(0, MADE.sub("_", text), "") for text in asked] == here


def reads(words: tuple[str, ...]) -> bool:
    """Whether a verb may be typed twice, and says the same each time."""
    return words[0] in {"preview", "check", "runs", "what-if", "events"} or words[1:2] in {
        ("list",),
        ("show",),
        ("members",),
        ("count",),
        ("explain",),
        ("difference",),
        ("effective",),
        ("overlap",),
        ("unchanging",),
        ("dead-clauses",),
        ("uncovered",),
    }


def typed(data: Path, commands: Sequence[tuple[str, ...]]) -> list[Ended]:
    """Type commands one after the other in one process, which saves the time to start one for each.

    Return of each its exit code and what it printed to both outputs, but what is another one each time.
    """
    ended = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        env=environment(data),
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return [(code, MADE.sub("_", out), MADE.sub("_", err)) for code, out, err in json.loads(ended.stdout)]


def test_a_server_that_is_named_answers_from_anywhere(one: Served, tmp_path: Path) -> None:
    """With a token, in a folder that has nothing; who reads may not write."""
    viewer = answer(one.data, "token", "create", "--name", "guest")["token"]
    named = {"MUSTER_SERVER": one.url, "MUSTER_TOKEN": viewer}
    away = tmp_path / "elsewhere"

    counted = ask(away, named, "product", "count", "Gold tables")
    listed = ask(away, {"MUSTER_TOKEN": viewer}, "product", "list", "--server", one.url)
    refused = run(away, "product", "delete", "Gold tables", code=1, settings=named).stderr

    assert counted["total"] == len(shop.gold(0))
    assert [found["name"] for found in listed] == ["Gold tables"]
    assert refused.startswith("forbidden: the role `viewer` may not do this")
    assert not away.exists()
    assert {token for _, token in routes(one)} == {"guest"}


def test_a_folder_that_is_named_is_asked_itself(one: Served, folder: Path, tmp_path: Path) -> None:
    """An option goes before the environment; both at once are wrong usage."""
    named = {"MUSTER_SERVER": "http://127.0.0.1:1", "MUSTER_TOKEN": "x"}
    alone = shutil.copytree(folder, tmp_path / "alone")

    assert ask(tmp_path, named, "product", "count", "Gold tables", "--data", str(alone))["total"] == len(shop.gold(0))
    said = run(one.data, "product", "list", "--data", str(alone), "--server", one.url, code=2).stderr
    assert "exclude each other" in said


@pytest.mark.parametrize(
    ("named", "code", "said"),
    [
        ({"MUSTER_TOKEN": "wrong"}, "unauthenticated", "that token does not hold"),
        ({"MUSTER_TOKEN": ""}, "unauthenticated", "there is no token"),
        ({"MUSTER_SERVER": "nonsense"}, "invalid_input", "no URL"),
        ({"MUSTER_SERVER": "http://127.0.0.1:{free}"}, "server_unavailable", "does not answer"),
    ],
)
def test_a_server_that_cannot_be_asked(
    one: Served, tmp_path: Path, named: Mapping[str, str], code: str, said: str
) -> None:
    """Is one clear message, in JSON too, and exit code 1: nothing else is asked in its place."""
    usual = {"MUSTER_SERVER": one.url, "MUSTER_TOKEN": "x"}
    settings = usual | {name: value.format(free=free_port()) for name, value in named.items()}
    done = run(tmp_path / "none", "product", "list", "--json", code=1, settings=settings)

    error = json.loads(done.stderr)["error"]
    assert (error["code"], done.stdout) == (code, "")
    assert said in error["message"]
    assert error["hint"]


def test_the_key_of_a_folder(one: Served) -> None:
    """Is in a file for its user alone; it signs as the user says, and holds until the process ends."""
    file = one.data / "server.json"
    left = json.loads(file.read_text())
    headers = {"Authorization": f"Bearer {left['key']}", "X-Muster-User": "gr%C3%B6%C3%9Fe"}
    who = httpx.get(f"{left['url']}/api/v1/whoami", headers=headers).json()
    nobody = httpx.get(f"{left['url']}/api/v1/whoami", headers={"Authorization": f"Bearer {left['key']}"})

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (who["name"], who["role"]) == ("größe", "admin")
    assert nobody.status_code == httpx.codes.UNAUTHORIZED
    assert left["key"] not in one.log.read_text()
    assert [found["name"] for found in answer(one.data, "token", "list")] == ["admin"]

    assert one.stop() == 0
    assert not file.exists()
    one.start()
    again = httpx.get(f"{one.url}/api/v1/whoami", headers=headers)
    assert again.status_code == httpx.codes.UNAUTHORIZED


def test_what_is_written_is_signed_by_who_typed_it(one: Served) -> None:
    """As it is without a server: `MUSTER_USER`, or the login name."""
    run(one.data, "product", "update", "Gold tables", "type:Table", settings={"MUSTER_USER": "Zoë the 1st"})

    assert answer(one.data, "product", "history", "Gold tables")["revisions"][0]["by"] == "Zoë the 1st"


def test_what_a_killed_process_left_is_in_nobodys_way(one: Served, tmp_path: Path) -> None:
    """Commands work on the folder themselves, also where another service answers at the address by now."""
    one.kill()
    left = (one.data / "server.json").read_text()
    assert answer(one.data, "product", "count", "Gold tables")["total"] == len(shop.gold(0))
    assert not (one.data / "server.json").exists()

    with served(tmp_path / "other", None, "--host", "127.0.0.1") as other:
        (one.data / "server.json").write_text(left.replace(str(one.port), str(other.port)))
        assert answer(one.data, "product", "count", "Gold tables")["total"] == len(shop.gold(0))


def test_other_settings_are_not_those_of_the_server(one: Served, tmp_path: Path) -> None:
    """Who names another record works on that, whatever the process that serves the folder has."""
    elsewhere = {"MUSTER_RECORD_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    done = run(one.data, "product", "list", settings=elsewhere)

    assert "no products yet" in done.stderr
    assert routes(one) == []


def test_many_products_are_listed_whole(one: Served) -> None:
    """However many pages it takes; those of a name that contains something too."""
    with one.client() as http:
        for number in range(3):
            made = {"name": f"P{number}", "selection": "type:Table"}
            assert http.post("/api/v1/products", json=made).status_code == httpx.codes.CREATED

    assert [found["name"] for found in answer(one.data, "product", "list", "--name", "p")] == ["P0", "P1", "P2"]
    assert len(answer(one.data, "product", "list")) == 4


def ask(data: Path, settings: Mapping[str, str], *words: str) -> Any:
    """Run a reading verb with `--json` and settings, and return what it printed."""
    return json.loads(run(data, *words, "--json", settings=settings).stdout)

"""The command line in processes of its own: the main job, its JSON, its refusals."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.settings import Settings
from tests.acceptance import shop
from tests.acceptance.command import answer, environment, run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the catalog of step 0 and a product of Gold tables, synced."""
    folder = tmp_path_factory.mktemp("cli")
    run(folder / "data", "import", "ndjson", str(shop.write(folder, 0)), "--scope", shop.ROOT)
    run(folder / "data", "product", "create", "Gold tables", "type:Table tag:Gold", "--owner", "ada")
    run(folder / "data", "sync")
    return folder / "data"


def test_members_page_by_page(data: Path) -> None:
    """Pages with cursors hold every member once, with exact totals and the attributes asked for."""
    found, cursor = [], []
    while True:
        page = answer(data, "product", "members", "Gold tables", "--limit", "150", "-a", "description", *cursor)
        assert (page["total"], page["source"]) == (len(shop.gold(0)), "live")
        found += page["members"]
        if page["next"] is None:
            break
        cursor = ["--cursor", page["next"]]

    assert {one["qualifiedName"] for one in found} == shop.gold(0)
    assert len(found) == len(shop.gold(0))
    assert found[0]["attributes"]["description"].startswith("table number")


def test_ids_stream(data: Path) -> None:
    """`--ids` prints one guid a line, live and stored alike."""
    live = run(data, "product", "members", "Gold tables", "--ids").stdout.split()
    stored = run(data, "product", "members", "Gold tables", "--ids", "--stored").stdout.split()

    assert len(set(live)) == len(live) == len(shop.gold(0))
    assert stored == live


def test_ids_into_a_closed_pipe(data: Path) -> None:
    """A reader that has seen enough ends the stream without a complaint."""
    command = f"{sys.executable} -m muster product members 'Gold tables' --ids | head -n 1"
    done = subprocess.run(command, shell=True, env=environment(data), capture_output=True, text=True, check=False)  # noqa: S602 - a pipe is the point

    assert len(done.stdout.split()) == 1
    assert "Traceback" not in done.stderr


def test_count_show_history_list(data: Path) -> None:
    """Each reading verb has its JSON."""
    assert answer(data, "product", "count", "Gold tables")["byType"] == {"Table": len(shop.gold(0))}
    shown = answer(data, "product", "show", "Gold tables")
    assert (shown["selection"]["text"], shown["owners"]) == ("type:Table tag:Gold", ["ada"])
    assert shown["lastRun"]["outcome"] == "applied"
    assert [one["joined"] for one in answer(data, "product", "history", "Gold tables")["runs"]] == [len(shop.gold(0))]
    assert [(one["name"], one["members"]) for one in answer(data, "product", "list")] == [
        ("Gold tables", len(shop.gold(0)))
    ]


def test_preview_check_convert(data: Path) -> None:
    """Selections that are not stored are run, checked and rewritten."""
    assert answer(data, "preview", "type:Table -tag:Gold")["total"] == shop.ASSETS - len(shop.gold(0))
    codes = [one["code"] for one in answer(data, "check", '{"term": {"certificateState": "x"}}', code=1)]
    assert codes[0] == "unknown_field"
    string = answer(data, "convert", "tag:Gold", "--to", "dsl")["text"]
    assert json.loads(string)["filterScrubbed"] is True
    assert run(data, "convert", "-", "--to", "english", stdin="type:Table tag:Gold").stdout.strip()


def test_export_reads_back(data: Path, tmp_path: Path) -> None:
    """What is exported imports into an empty folder, and gives the same entities."""
    exported = run(data, "export", "ndjson").stdout
    copy = tmp_path / "copy.ndjson"
    copy.write_text(exported, encoding="utf-8")
    run(tmp_path / "other", "import", "ndjson", str(copy))

    assert run(tmp_path / "other", "export", "ndjson").stdout == exported


def test_reindex_and_doctor(data: Path) -> None:
    """The index can be thrown away: it is rebuilt from the record, and the doctor finds nothing wrong."""
    before = answer(data, "product", "count", "Gold tables")["total"]
    run(data, "reindex")

    assert all(one["ok"] for one in answer(data, "doctor")["findings"])
    assert answer(data, "product", "count", "Gold tables")["total"] == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("product", "show", "Nobody"), 1, "not_found"),
        (("product", "create", "X", "type:"), 1, "invalid_selection"),
        (("product", "create", "Gold tables", "tag:Gold"), 1, "conflict"),
        (("preview", '{"script": {}}'), 1, "unsupported_clause"),
        (("preview", '{"bool":{"filter":' * 5_000), 1, "limit_exceeded"),
        (("product", "members", "Gold tables", "--cursor", "x"), 1, "invalid_input"),
        (("product", "members", "Gold tables", "--sort", "nofield"), 1, "unknown_field"),
        (("product", "pin", "Gold tables", "nobody", "--reason", "x"), 1, "not_found"),
        (("import", "dbt", "nowhere.json"), 1, "invalid_input"),
        (("import", "ndjson", "nowhere.ndjson"), 1, "invalid_input"),
        (("product", "members", "Gold tables", "--limit", "0"), 2, "limit"),
        (("convert", "tag:x", "--to", "latin"), 2, "latin"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_refusals(data: Path, words: tuple[str, ...], code: int, said: str) -> None:
    """What cannot be done is one clear message on standard error, with the code of its kind, and nothing printed."""
    done = run(data, *words, code=code)

    assert said in done.stderr
    assert done.stdout == ""


def test_a_refusal_in_json(data: Path) -> None:
    """With `--json` an error is JSON too."""
    error = json.loads(run(data, "product", "show", "Nobody", "--json", code=1).stderr)["error"]

    assert error["code"] == "not_found"


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (
            ("product", "approve", "U", "abc"),
            "'run': Input should be a valid integer",
            "`muster product approve --help` says what it takes",
        ),
        (("product", "approve", "U"), "missing argument", "`muster product approve --help` says what it takes"),
        (("policy", "set"), "say what is to hold", "`muster policy set --help` says what it takes"),
        (("product", "list", "--nope"), "--nope", "`muster product list --help` says what it takes"),
        (("frobnicate",), "frobnicate", "`muster --help` says what it takes"),
    ],
)
def test_wrong_usage_in_json(tmp_path: Path, words: tuple[str, ...], said: str, hint: str) -> None:
    """It is an error as others are, and the exit code is that of wrong usage."""
    done = run(tmp_path / "none", *words, "--json", code=2)
    error = json.loads(done.stderr)["error"]

    assert (error["code"], error["hint"], done.stdout) == ("invalid_input", hint, "")
    assert said in error["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("MUSTER_LIMIT_TEXT", "much"), ("MUSTER_LIMIT_NESTING", "1000"), ("MUSTER_ENGINE_MEMORY", "lots")],
)
def test_a_setting_that_cannot_be(data: Path, name: str, value: str) -> None:
    """A wrong setting is named, with its value."""
    done = subprocess.run(
        [sys.executable, "-m", "muster", "product", "list"],
        env=environment(data) | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"invalid_input: `{name}` is set to `{value}`: ")


def test_selections_from_files(data: Path, tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are no part of a selection; what is not UTF-8 is wrong usage."""
    written = tmp_path / "selection.json"
    written.write_bytes(b'\xef\xbb\xbf{"term":\r\n{"__typeName.keyword": "Table"}}\r\n')
    assert answer(data, "preview", f"@{written}")["total"] == shop.ASSETS

    written.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in run(data, "preview", f"@{written}", code=2).stderr
    piped = subprocess.run(
        [sys.executable, "-m", "muster", "preview", "-"],
        env=environment(data),
        input=b"\x80",
        capture_output=True,
        check=False,
    )
    assert (piped.returncode, b"is not UTF-8" in piped.stderr) == (2, True)


def test_two_processes_on_one_folder(data: Path) -> None:
    """A folder in use is refused with a message that names its owner."""
    with open_workspace(Settings(data=data)):
        done = run(data, "product", "list", code=1)

    assert "data_folder_busy" in done.stderr
    assert "process" in done.stderr


def test_a_run_that_would_empty_is_held(tmp_path: Path) -> None:
    """A sync that would empty a product says so, exits 1 and leaves the stored membership alone."""
    folder = tmp_path / "data"
    run(folder, "import", "ndjson", str(shop.write(tmp_path, 0)))
    run(folder, "product", "create", "One", f'qn:"{shop.qualified_name(0)}" tag:Gold')
    run(folder, "sync")
    run(folder, "import", "ndjson", str(shop.write(tmp_path, 1)))

    assert "would empty the product" in run(folder, "sync", code=1).stdout
    assert answer(folder, "product", "count", "One", "--stored")["total"] == 1
    assert "applied" in run(folder, "sync", "One", "--force").stdout


def test_tokens(data: Path) -> None:
    """A token is shown once, listed without its secret, and ended."""
    made = answer(data, "token", "create", "--name", "dashboard", "--role", "viewer")
    listed = run(data, "token", "list", "--json").stdout
    run(data, "token", "revoke", "dashboard")

    assert made["token"] not in listed
    assert [one["state"] for one in answer(data, "token", "list")] == ["revoked"]


def test_pipes_get_whole_lines(data: Path) -> None:
    """What is not read on a terminal has one line an asset, no colours, no bars; a narrow terminal may fold."""
    words = (sys.executable, "-m", "muster", "product", "members", "Gold tables", "--limit", "3")
    plain = {name: value for name, value in environment(data).items() if name not in {"COLUMNS", "NO_COLOR", "TERM"}}
    done = subprocess.run(words, env=plain, capture_output=True, text=True, check=True)

    assert [len(line.split()) for line in done.stdout.splitlines()[1:]] == [3, 3, 3]
    assert "\x1b" not in done.stdout + done.stderr


def test_a_preview_of_an_unknown_field_fails(data: Path) -> None:
    """A field that no asset can have is shown as an error, in JSON too, and ends with 1."""
    found = answer(data, "preview", "type:Table certificat:VERIFIED", code=1)

    complaint = found["complaints"][0]
    assert (complaint["code"], complaint["hint"]) == ("unknown_field", "did you mean `certificateStatus`?")


def test_nothing_there_says_what_to_do(tmp_path: Path) -> None:
    """An empty folder answers with the next step, on standard error where there is no result."""
    assert "muster product create" in run(tmp_path / "new", "sync").stderr
    assert "muster product create" in run(tmp_path / "new", "product", "list").stderr
    assert "muster import" in run(tmp_path / "new", "preview", "type:Table").stdout


def test_output_of_any_encoding(data: Path, tmp_path: Path) -> None:
    """Text that the encoding of the output lacks is escaped, JSON stays UTF-8."""
    named = environment(data) | {"PYTHONIOENCODING": "ascii", "MUSTER_DATA": str(tmp_path / "data")}
    words = [sys.executable, "-m", "muster", "product"]
    made = subprocess.run([*words, "create", "Ü", "type:Table"], env=named, capture_output=True, check=True)
    listed = subprocess.run([*words, "list", "--json"], env=named, capture_output=True, check=True)

    assert made.stdout.splitlines()[0] == b"created \\xdc (revision 1)"
    assert json.loads(listed.stdout.decode())[0]["name"] == "Ü"


def test_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    """Escape sequences and marks of direction in the catalog are shown, not obeyed."""
    catalog = tmp_path / "catalog.ndjson"
    name = "\x1b[31mred\x9b \u202etxt\nend"
    catalog.write_text(json.dumps({"typeName": "Table", "qualifiedName": "q", "attributes": {"name": name}}))
    run(tmp_path / "data", "import", "ndjson", str(catalog))

    assert "\u241b[31mred\ufffd \ufffdtxt\u2424end  q" in run(tmp_path / "data", "preview", "type:Table").stdout
    assert answer(tmp_path / "data", "preview", "type:Table")["members"][0]["name"] == name


def test_output_that_cannot_be_written(data: Path) -> None:
    """A full disk behind standard output is one message; without standard output a command works all the same."""
    full = f"{sys.executable} -m muster preview type:Table --limit 1000 > /dev/full"
    done = subprocess.run(full, shell=True, env=environment(data), capture_output=True, text=True, check=False)  # noqa: S602 - a redirection is the point
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "error: No space left on device")

    closed = f"{sys.executable} -m muster preview type:Table >&-"
    done = subprocess.run(closed, shell=True, env=environment(data), capture_output=True, text=True, check=False)  # noqa: S602 - a redirection is the point
    assert (done.returncode, done.stderr.split(" ")[0]) == (0, "more:")

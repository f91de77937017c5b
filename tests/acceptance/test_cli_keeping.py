"""What keeps memberships right, from the command line: policies, held runs and what is decided about them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.acceptance import shop
from tests.acceptance.command import answer, run

PRODUCT = "there is no product `Nobody`\nhint: `muster product list` shows them"
RUN = "run 999 is none of `Gold tables`\nhint: `muster product history` lists them"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with a product of 400 members, whose selection holds nobody any more."""
    data = tmp_path / "data"
    run(data, "import", "ndjson", str(shop.write(tmp_path, 0)), "--scope", shop.ROOT)
    run(data, "product", "create", "Gold tables", "type:Table tag:Gold", "--domain", "Sales")
    run(data, "sync")
    run(data, "product", "update", "Gold tables", "type:Table name:nobody")
    return data


def hinted(said: str) -> list[list[str]]:
    """Return the commands that a hint names."""
    return [shlex.split(one) for one in said.split("`")[1::2] if one.startswith("muster ")]


def test_a_held_run_names_what_to_do(folder: Path) -> None:
    """Each command of the hint is one: look, approve, reject; what was decided is not decided again."""
    held = run(folder, "sync", code=1)
    look, approve, reject = hinted(held.stderr)

    assert run(folder, *look[1:], "--limit", "1000").stdout.count("- Table") == 400
    assert answer(folder, "runs", "--held")["data"][0]["product"]["dottedName"] == "Sales.Gold tables"
    done = answer(folder, *approve[1:], "--reason", "as announced")
    assert (done["run"]["left"], done["run"]["trigger"]) == (400, "approval")
    assert (done["approved"]["decidedBy"], done["approved"]["decidedBecause"]) == ("tester", "as announced")
    assert json.loads(run(folder, *reject[1:], "--json", code=1).stderr)["error"]["code"] == "conflict"
    assert "nothing waits for a decision" in run(folder, "runs", "--held").stderr


def test_a_rejected_run_leaves_the_members(folder: Path) -> None:
    """It waits for nobody, and is not asked about again."""
    number = answer(folder, "sync", code=1)[0]["run"]

    assert "the stored members stay" in run(folder, "product", "reject", "Gold tables", str(number)).stdout
    assert answer(folder, "product", "count", "Gold tables", "--stored")["total"] == 400
    assert answer(folder, "runs", "--held") == {"data": [], "paging": {}}


def test_a_rejected_run_is_told_as_one(folder: Path) -> None:
    """Who syncs again, or approves it after all, hears who rejected it and what does it all the same; that does."""
    number = str(answer(folder, "sync", code=1)[0]["run"])
    run(folder, "product", "reject", "Gold tables", number)
    again, late = run(folder, "sync", code=1), run(folder, "product", "approve", "Gold tables", number, code=1)

    assert again.stdout.splitlines()[0].split()[-1] == "VERDICT"
    assert again.stdout.splitlines()[1].split()[-1] == "rejected"
    assert f"run {number} was rejected by tester" in again.stderr
    assert f"run {number} was rejected by tester" in late.stderr
    (forced,) = hinted(again.stderr)
    assert hinted(late.stderr) == [forced]
    assert "applied" in run(folder, *forced[1:]).stdout


def test_products_of_one_name_are_told_apart(folder: Path) -> None:
    """By their domains: in lists, in the table of a sync, in its JSON, and in what it says to type next."""
    run(folder, "product", "create", "Gold tables", "type:Table tag:Plain", "--domain", "Costs")
    synced = run(folder, "sync", code=1)
    told = {one["product"]["dottedName"]: one["outcome"] for one in answer(folder, "sync", code=1)}
    listed = run(folder, "product", "list").stdout

    assert told == {"Sales.Gold tables": "held", "Costs.Gold tables": "unchanged"}
    assert all(name in synced.stdout and name in listed for name in told)
    assert "not applied: Sales.Gold tables" in synced.stderr
    look, approve, _ = hinted(synced.stderr)
    assert run(folder, *look[1:], "--limit", "1").stdout.startswith("- Table")
    assert answer(folder, *approve[1:])["run"]["left"] == 400


def test_whom_a_run_moved_says_how_many(folder: Path) -> None:
    """In JSON as in text: some of them, and how many in all."""
    told = answer(folder, "product", "history", "Gold tables", "--run", "1", "--limit", "3")

    assert (told["total"], len(told["data"])) == (400, 3)
    assert {(one["joined"], one["cause"]) for one in told["data"]} == {(True, "first run")}


def test_a_worker_that_ends_says_what_it_did(folder: Path) -> None:
    """Which products it synced, that one is held, as a sync does, and that nothing is left to do."""
    run(folder, "product", "create", "Plain tables", "type:Table tag:Plain", "--domain", "Sales")
    done = run(folder, "worker", "--once", "--json", code=1)
    runs = [one for line in done.stdout.splitlines() for one in json.loads(line)["runs"]]
    again = run(folder, "worker", "--once", "--json")

    assert {(one["product"]["dottedName"], one["outcome"]) for one in runs} == {
        ("Sales.Gold tables", "held"),
        ("Sales.Plain tables", "applied"),
    }
    error = json.loads(done.stderr)["error"]
    assert (error["code"], error["message"].split(": ")[1]) == ("held", "Sales.Gold tables")
    assert len(hinted(error["hint"])) == 3
    assert json.loads(again.stdout) == {"changes": 0, "runs": [], "differences": []}
    assert "nothing was to be done" in run(folder, "worker", "--once").stdout


def test_what_a_run_may_do_is_said_by_policies(folder: Path) -> None:
    """The domain's holds for its product; taken back, the run is held again."""
    assert "nothing is said for everything" in run(folder, "policy", "show").stderr
    said = answer(folder, "policy", "set", "--domain", "Sales", "--may-empty", "--percent", "100")
    holds = answer(folder, "policy", "effective", "Gold tables")
    shown = run(folder, "policy", "effective", "Sales.Gold tables").stdout
    run(folder, "policy", "unset", "--domain", "Sales")

    assert said["policy"] == {"percent": 100.0, "mayEmpty": True}
    assert (said["by"], holds["from"]["mayEmpty"]["dottedName"], holds["from"]["keep"]) == ("tester", "Sales", None)
    assert [line.split() for line in shown.splitlines() if line.startswith("mayEmpty")] == [
        ["mayEmpty", "yes", "Sales"]
    ]
    assert answer(folder, "policy", "show", "--domain", "Sales")["policy"] == {}
    run(folder, "sync", code=1)


@pytest.mark.parametrize(
    ("words", "stored", "shown"),
    [
        (("on change",), "on change", "on change"),
        (("manual",), "manual", "manual"),
        (("every 15m",), {"every": 900_000}, "every 15m"),
        (("0 6 * * *",), {"cron": "0 6 * * *", "timeZone": "UTC"}, "At 06:00 every day, UTC"),
        (("0 6 * * *", "--time-zone", "Asia/Tokyo"), {"cron": "0 6 * * *", "timeZone": "Asia/Tokyo"}, None),
    ],
)
def test_schedules_are_said_in_words(tmp_path: Path, words: tuple[str, ...], stored: object, shown: str | None) -> None:
    """On change, by hand, every so long, or by a cron expression in a time zone."""
    said = answer(tmp_path / "data", "policy", "set", "--schedule", *words)

    assert said["policy"] == {"schedule": stored}
    assert shown in {None, said["text"]["schedule"]}


def test_the_past_is_told(folder: Path) -> None:
    """Who was a member, who has left since, and why one was in; nobody is told to sync the past."""
    run(folder, "sync", "--force")
    then = run(folder, "product", "members", "Gold tables", "--as-of", "run:1", "--limit", "1")
    since = run(folder, "product", "difference", "Gold tables", "--from", "generation:1", "--limit", "2")
    first = shop.qualified_name(0)

    assert "1 of 400 members (stored" in then.stderr
    assert "sync" not in then.stderr
    assert since.stdout.splitlines()[0].endswith(": +0 -400")
    assert since.stdout.splitlines()[1:] == ["- Table table_00000", "- Table table_00003"]
    assert "more: --cursor" in since.stderr
    assert (
        "as of run 1 was in Gold tables" in run(folder, "product", "explain", "Gold tables", first, "--run", "1").stdout
    )
    assert len(run(folder, "product", "members", "Gold tables", "--as-of", "run:1", "--ids").stdout.split()) == 400


def test_what_would_move(folder: Path) -> None:
    """If a tag were dropped: who would leave which product; nothing is changed."""
    run(folder, "product", "create", "Plain tables", "type:Table tag:Plain", "--domain", "Sales")
    said = run(folder, "what-if", "--tag", "Plain", "--dropped", "--limit", "1").stdout

    assert said.splitlines()[:2] == [
        "800 assets would be otherwise, 1 products would move",
        "Sales.Plain tables: +0 -800",
    ]
    assert said.splitlines()[2].startswith("  - Table table_0")
    assert answer(folder, "product", "count", "Plain tables")["total"] == 800


def test_what_another_selection_would_change(folder: Path) -> None:
    """Who would join and leave, and who else holds them; nothing is stored."""
    run(folder, "product", "create", "Plain tables", "type:Table tag:Plain", "--domain", "Sales")
    run(folder, "sync", "Plain tables")
    said = run(folder, "preview", "type:Table tag:Plain", "--replaces", "Sales.Gold tables", "--limit", "1").stdout
    told = answer(folder, "preview", "type:Table tag:Plain", "--replaces", "Gold tables")["replaces"]

    assert "Gold tables would be: +800 -0" in said
    assert said.splitlines()[-1].split() == ["Sales.Plain", "tables", "members", "800", "0"]
    assert (told["joins"]["total"], told["touches"]["products"]["total"]) == (800, 1)


def test_what_is_left_out_is_said(folder: Path) -> None:
    """Older runs of a product, and why there are none to list."""
    run(folder, "sync", code=1)

    assert (
        "the last 1 of its runs; see more with --limit"
        in run(folder, "product", "history", "Gold tables", "--limit", "1").stderr
    )
    assert "see more" not in run(folder, "product", "history", "Gold tables", "--limit", "2").stderr
    assert answer(folder, "product", "history", "Gold tables", "--limit", "1")["paging"] == {"before": 2}
    assert run(folder, "runs", "--before", "1").stderr == "no such runs before run 1\n"
    assert run(folder, "runs", "--trigger", "audit").stderr == "no such runs\n"


def test_nothing_there_is_said(tmp_path: Path) -> None:
    """Without products no report is good news, and there are no runs."""
    for report in ("dead-clauses", "overlap", "unchanging", "freshness"):
        assert "no products yet" in run(tmp_path / "new", "report", report).stderr
    assert run(tmp_path / "new", "runs").stderr == "no runs yet: `muster sync` makes them\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("events", "--product", "Nobody"), PRODUCT),
        (("webhook", "create", "https://example.org/in", "--product", "Nobody"), PRODUCT),
        (("preview", "type:Table", "--replaces", "Nobody"), PRODUCT),
        (("policy", "show", "--product", "Nobody"), PRODUCT),
        (("product", "show", "Nobody"), PRODUCT),
        (("events", "--domain", "Nobody"), "there is no domain `Nobody`"),
        (("product", "approve", "Gold tables", "999"), RUN),
        (("product", "reject", "Gold tables", "999"), RUN),
        (("product", "history", "Gold tables", "--run", "999"), RUN),
        (("product", "explain", "Gold tables", shop.qualified_name(0), "--run", "999"), RUN),
        (("webhook", "delete", "nobody"), "there is no webhook `nobody`\nhint: `muster webhook list` shows them"),
    ],
)
def test_what_is_not_there_is_said_alike(folder: Path, words: tuple[str, ...], said: str) -> None:
    """By every verb, with the one that shows what is."""
    assert said in run(folder, *words, code=1).stderr


def test_runs_page_by_page(folder: Path) -> None:
    """Newest first; the place of the next page is told."""
    run(folder, "sync", code=1)
    page = run(folder, "runs", "--limit", "1")

    assert page.stdout.splitlines()[1].split()[2:3] == ["2"]
    assert "more: --before 2" in page.stderr
    assert [one["run"] for one in answer(folder, "runs", "--before", "2")["data"]] == [1]


@pytest.mark.parametrize(
    "words",
    [
        ("policy", "set"),
        ("policy", "set", "--percent", "nan"),
        ("policy", "set", "--schedule", "manual", "--time-zone", "UTC"),
        ("policy", "set", "--time-zone", "UTC"),
        ("policy", "show", "--product", "P", "--domain", "D"),
        ("runs", "--held", "--outcome", "applied"),
        ("product", "approve", "P", "0"),
        ("product", "difference", "P"),
        ("product", "difference", "P", "--from", "7d", "--joined", "--left"),
        ("product", "members", "P", "--as-of", "7d", "--stored"),
        ("report", "overlap", "--csv", "--json"),
        ("what-if", "--dropped"),
        ("what-if", "--tag", "T", "--owner", "O", "--dropped"),
        ("what-if", "--tag", "T"),
        ("what-if", "--tag", "T", "--dropped", "--renamed-to", "U"),
    ],
    ids=" ".join,
)
def test_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Is said, and nothing is done."""
    run(tmp_path / "none", *words, code=2)

    assert not (tmp_path / "none").exists()

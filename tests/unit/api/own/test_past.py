"""Members of the past over HTTP: as of a time, a run, a generation; and what two memberships differ by."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
import pytest

from muster.catalog.product import Product
from muster.catalog.token import Role
from muster.membership import Run
from muster.service.save.commands import Removal
from muster.service.save.deleting import delete
from muster.views import time
from tests.unit.api.own.asking import Asking, Json, fresh

HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Story:
    """A product of a to d that lost a and b, confirmed that, won e, and then would lose all but c: an hour between each."""

    api: Asking
    product: Product
    runs: list[Run]

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/dataProducts/{self.product.entity.guid}"

    def names(self, when: str, **more: Any) -> list[str]:
        """Return who were members then."""
        page = self.api.get(f"{self.path}/members", params={"asOf": when, **more})
        return [one["name"] for one in page["members"]]


@pytest.fixture(scope="module")
def story(api: Asking) -> Iterator[Story]:
    """The story, of which the last run is held."""
    scope, began = fresh("default/story/"), api.clock.time
    product = api.product(f'type:Table state:ACTIVE qualifiedName:"{scope}/*"')
    runs = []
    for names in ("abcd", "cd", "cd", "cde"):
        api.tables(scope, names)
        runs.append(api.sync(product))
        api.clock.time += HOUR
    api.ask("PUT", f"/dataProducts/{product.entity.guid}/policy", {"percent": 10, "least": 0})
    api.tables(scope, "c")
    runs.append(api.sync(product))
    yield Story(api, product, runs)
    api.clock.time = began


def test_as_of_a_run_and_a_generation(story: Story) -> None:
    """What was stored after it; a run that moved nobody, or was held, leaves what was there."""
    found = [story.names(f"run:{run.number}") for run in story.runs]
    assert found == [list("abcd"), list("cd"), list("cd"), list("cde"), list("cde")]
    assert [story.names(f"generation:{number}") for number in (1, 2, 3)] == [list("abcd"), list("cd"), list("cde")]


def test_as_of_a_time(story: Story) -> None:
    """At the moment of a run it is there; before that, what was before; a span counts back from now."""
    second = story.runs[1].at
    assert story.names(time(second)) == list("cd")
    assert story.names(time(second - 1)) == list("abcd")
    assert story.names(time(story.runs[3].at)) == list("cde")
    assert story.names("2h") == list("cd")
    assert story.names("0s") == list("cde")
    zoned = time(second).replace("Z", "+00:00")
    assert story.names(zoned) == list("cd")


def test_the_answer_says_what_it_stands_on(story: Story) -> None:
    """Generation, run, and the age of that; pages go on, and belong to the generation they began with."""
    path, run = f"{story.path}/members", story.runs[2]
    first = story.api.get(path, params={"asOf": f"run:{run.number}", "limit": 1})
    told = {name: first[name] for name in ("source", "generation", "run", "age", "total", "staleRevision")}
    age = (story.api.clock.time - run.at) / 1000
    assert told == {
        "source": "stored",
        "generation": 2,
        "run": run.number,
        "age": age,
        "total": 2,
        "staleRevision": False,
    }
    second = story.api.get(path, params={"asOf": "generation:2", "limit": 1, "cursor": first["next"]})
    assert [one["name"] for page in (first, second) for one in page["members"]] == list("cd")
    other = {"asOf": "generation:1", "limit": 1, "cursor": first["next"]}
    assert story.api.get(path, params=other, code=400)["path"] == "/query/cursor"


def test_whole_memberships_are_streamed(story: Story) -> None:
    """In every format, with what they stand on in the headers."""
    when = {"asOf": f"run:{story.runs[0].number}"}
    path = f"{story.path}/members"
    lines = story.api.sent("GET", path, params={**when, "format": "ndjson"})
    assert [json.loads(line)["name"] for line in lines.text.splitlines()] == list("abcd")
    assert (lines.headers["X-Muster-Generation"], lines.headers["X-Muster-Total"]) == ("1", "4")
    text = story.api.sent("GET", path, params=when, headers={"Accept": "text/csv"}).text
    assert [line.split(",")[3] for line in text.splitlines()] == ["name", *"abcd"]
    table = pq.read_table(io.BytesIO(story.api.sent("GET", path, params={**when, "format": "parquet"}).content))
    assert table["name"].to_pylist() == list("abcd")
    count = story.api.get(f"{path}/count", params=when)
    assert (count["total"], count["byType"]) == (4, {"Table": 4})


def test_two_memberships_are_compared(story: Story) -> None:
    """Who is in one only, and how many; the second is the one stored last where it is left out."""
    path = f"{story.path}/difference"
    told = story.api.get(path, params={"from": f"run:{story.runs[0].number}"}, role=Role.VIEWER)
    assert (told["joined"], told["left"]) == (1, 2)
    assert [(one["asset"]["name"], one["joined"]) for one in told["data"]] == [("a", False), ("b", False), ("e", True)]
    assert [told[end]["generation"] for end in ("from", "to")] == [1, 3]
    assert [told[end]["total"] for end in ("from", "to")] == [4, 3]
    back = story.api.get(path, params={"from": "generation:3", "to": "generation:1", "joined": "false"})
    assert (back["joined"], back["left"], [one["asset"]["name"] for one in back["data"]]) == (2, 1, ["e"])
    same = story.api.get(path, params={"from": "generation:2", "to": f"run:{story.runs[2].number}"})
    assert (same["joined"], same["left"], same["data"]) == (0, 0, [])


def test_a_comparison_comes_page_by_page(story: Story) -> None:
    """Each asset once; a cursor belongs to the two memberships."""
    path, params = f"{story.path}/difference", {"from": "generation:1", "to": "generation:3", "limit": 1}
    seen, paging = [], dict[str, str]()
    for _ in range(3):
        page = story.api.get(path, params={**params, **({"cursor": paging["next"]} if paging else {})})
        seen += [one["asset"]["name"] for one in page["data"]]
        last, paging = paging, page["paging"]
    assert (seen, paging) == (["a", "b", "e"], {})
    wrong = {**params, "to": "generation:2", "cursor": last["next"]}
    assert story.api.get(path, params=wrong, code=400)["path"] == "/query/cursor"


def test_who_was_purged_has_last_words(api: Asking) -> None:
    """The past does not lose members because the catalog did."""
    scope = fresh("default/purged/")
    product = api.product(f'type:Table qualifiedName:"{scope}/*"')
    api.tables(scope, "ab")
    run = api.sync(product)
    gone = api.work.record.entity(f"{scope}/b")
    delete(api.work, [gone.guid], Removal.PURGE)
    api.sync(product)
    path = f"/dataProducts/{product.entity.guid}"
    page = api.get(f"{path}/members", params={"asOf": f"run:{run.number}"})
    assert [(one["name"], one["status"]) for one in page["members"]] == [("a", "ACTIVE"), ("b", "PURGED")]
    (left,) = api.get(f"{path}/difference", params={"from": f"run:{run.number}"})["data"]
    assert (left["asset"]["guid"], left["joined"]) == (gone.guid, False)


@pytest.mark.parametrize(
    ("params", "code", "path"),
    [
        ({"asOf": "yesterday"}, 400, "/query/asOf"),
        ({"asOf": "run:0"}, 400, "/query/asOf"),
        ({"asOf": "run:1\uff11"}, 400, "/query/asOf"),
        ({"asOf": "run:-1"}, 400, "/query/asOf"),
        ({"asOf": "generation:x"}, 400, "/query/asOf"),
        ({"asOf": "2199-01-01"}, 400, "/query/asOf"),
        ({"asOf": "99999999999999d"}, 400, "/query/asOf"),
        ({"asOf": "x" * 101}, 400, "/query/asOf"),
        ({"asOf": "run:1", "mode": "stored"}, 400, "/query/asOf"),
        ({"asOf": "run:1", "maxAge": "1h"}, 400, "/query/asOf"),
        ({"asOf": "generation:1", "sort": "name.keyword"}, 400, "/query/sort"),
        ({"asOf": "generation:1", "cursor": "none"}, 400, "/query/cursor"),
        ({"asOf": "run:999999999999999"}, 404, None),
        ({"asOf": "generation:999999999999999"}, 404, None),
        ({"asOf": "1971-01-01"}, 404, None),
    ],
)
def test_what_was_never_stored(story: Story, params: Json, code: int, path: str | None) -> None:
    """It is refused with the place in the request, or not found."""
    assert story.api.get(f"{story.path}/members", params=params, code=code).get("path") == path


def test_a_comparison_needs_two_that_were_stored(story: Story) -> None:
    """The error says which of the two is none."""
    path = f"{story.path}/difference"
    assert story.api.get(path, code=400)["path"] == "/query/from"
    assert story.api.get(path, params={"from": "never"}, code=400)["path"] == "/query/from"
    wrong = {"from": "run:1", "to": "2199-01-01T00:00:00Z"}
    assert story.api.get(path, params=wrong, code=400)["path"] == "/query/to"
    fresh_one = story.api.product()
    told = story.api.get(f"/dataProducts/{fresh_one.entity.guid}/difference", params={"from": "1h"}, code=404)
    assert "had no stored membership then" in told["message"]

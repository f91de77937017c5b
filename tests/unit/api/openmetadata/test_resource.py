"""How products and domains go, and come back (contract, section 6.3)."""

from __future__ import annotations

import pytest

from muster.catalog.token import Role
from tests.unit.api.openmetadata.speaking import Json, Speaking, fresh, ref


def read(either: Speaking, kind: str, one: Json, code: int = 200, **query: str) -> Json:
    """Read one."""
    return either.get(f"/{kind}/{one['id']}", code=code, **query)


def test_a_product_is_archived_and_comes_back(either: Speaking, home: Json) -> None:
    """Nobody sees it meanwhile but who asks for archived ones; its members, pins and versions are as before."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    either.ask("PUT", f"/dataProducts/{one['id']}/assets/add", {"assets": [ref(a)]})
    gone = either.answer("DELETE", f"/dataProducts/{one['id']}?hardDelete=false")

    assert (gone.json()["version"], gone.headers["x-openmetadata-change"]) == (0.3, "entitySoftDeleted")
    assert read(either, "dataProducts", one, 404)["code"] == 404
    assert read(either, "dataProducts", one, include="deleted")["version"] == 0.3
    assert either.ask("DELETE", f"/dataProducts/{one['id']}", code=404)
    back = either.answer("PUT", "/dataProducts/restore", {"id": one["id"]})
    assert (back.json()["version"], back.headers["x-openmetadata-change"]) == (0.4, "entityRestored")
    assert either.get(f"/dataProducts/{one['id']}/assets")["data"][0]["id"] == a.guid
    assert read(either, "dataProducts", one, 404, include="deleted")


def test_a_product_goes_for_good(either: Speaking, home: Json) -> None:
    """Whether or not it was archived before; its name is free, and nothing is left to restore."""
    for before in ((), ("DELETE",)):
        one = either.product(home)
        for method in before:
            either.ask(method, f"/dataProducts/{one['id']}")
        answer = either.answer("DELETE", f"/dataProducts/{one['id']}?hardDelete=true")

        assert answer.headers["x-openmetadata-change"] == "entityDeleted"
        assert read(either, "dataProducts", one, 404, include="all")
        assert either.ask("PUT", "/dataProducts/restore", {"id": one["id"]}, code=404)
        assert either.product(home, one["name"])["id"] != one["id"]


def test_by_name(either: Speaking, home: Json) -> None:
    """As by id."""
    one = either.product(home)

    assert either.get(f"/dataProducts/name/{one['fullyQualifiedName']}")["id"] == one["id"]
    assert either.ask("DELETE", f"/dataProducts/name/{one['fullyQualifiedName']}")["id"] == one["id"]
    assert either.get(f"/dataProducts/name/{one['fullyQualifiedName']}", include="deleted")["id"] == one["id"]


def test_a_domain_with_something_in_it_stays(either: Speaking) -> None:
    """Unless what is in it shall go too."""
    top = either.domain()
    below = either.domain(parent=top["fullyQualifiedName"])
    one = either.product(below)

    assert either.ask("DELETE", f"/domains/{top['id']}", code=409)["message"].startswith("the domain still has 1")
    assert either.ask("DELETE", f"/domains/{top['id']}?recursive=true")["id"] == top["id"]
    assert all(read(either, "domains", each, 404) for each in (top, below))
    assert read(either, "dataProducts", one, 404)


def test_a_domain_comes_back_with_what_went_with_it(either: Speaking) -> None:
    """And not with what was archived before by itself."""
    top = either.domain()
    below, before = either.domain(parent=top["fullyQualifiedName"]), either.product(top)
    one = either.product(below)
    either.ask("DELETE", f"/dataProducts/{before['id']}")
    either.ask("DELETE", f"/domains/{top['id']}?recursive=true")

    assert either.ask("PUT", "/dataProducts/restore", {"id": one["id"]}, code=400)["message"].startswith("the domain")
    assert either.ask("PUT", "/domains/restore", {"id": top["id"]})["id"] == top["id"]
    assert read(either, "domains", below)["id"] == below["id"]
    assert read(either, "dataProducts", one)["id"] == one["id"]
    assert read(either, "dataProducts", before, 404)


def test_a_domain_goes_for_good_with_all_that_was_ever_in_it(either: Speaking) -> None:
    """Archived ones among it; assets stay where they are."""
    top = either.domain()
    below, archived = either.domain(parent=top["fullyQualifiedName"]), either.product(top)
    either.ask("DELETE", f"/dataProducts/{archived['id']}")
    either.ask("DELETE", f"/domains/{top['id']}?recursive=true&hardDelete=true")

    assert read(either, "domains", below, 404, include="all")
    assert read(either, "dataProducts", archived, 404, include="all")


def test_what_clients_wait_for_elsewhere_is_done_at_once(either: Speaking, home: Json) -> None:
    """It is answered as a job, which is over."""
    one = either.product(home)

    assert set(either.ask("DELETE", f"/dataProducts/async/{one['id']}", code=202)) == {"jobId", "message"}
    assert read(either, "dataProducts", one, 404)
    assert set(either.ask("PUT", "/dataProducts/restore?async=true", {"id": one["id"]}, code=202)) == {
        "jobId",
        "message",
    }
    assert read(either, "dataProducts", one)["version"] == 0.3


def test_to_restore_what_is_there_changes_nothing(either: Speaking, home: Json) -> None:
    """It is answered as it is."""
    answer = either.answer("PUT", "/dataProducts/restore", {"id": either.product(home)["id"]})

    assert (answer.json()["version"], answer.headers["x-openmetadata-change"]) == (0.1, "entityNoChange")


def test_a_new_one_says_where_it_is(either: Speaking, home: Json) -> None:
    """By its address, in the form that was asked."""
    body = {"name": fresh("P"), "description": "d", "domains": [home["name"]]}
    answer = either.answer("PUT", "/dataProducts", body, code=201)

    assert answer.headers["location"] == answer.json()["href"]
    assert answer.headers["x-openmetadata-change"] == "entityCreated"
    assert (
        either.service.get(answer.headers["location"].removeprefix("http://muster")).json()["id"] == answer.json()["id"]
    )


@pytest.mark.parametrize("include", ["", "some", "ALL"])
def test_what_include_does_not_know(either: Speaking, home: Json, include: str) -> None:
    """`non-deleted`, `deleted` or `all`."""
    assert read(either, "dataProducts", either.product(home), 400, include=include)["path"] == "/query/include"


WRITES = [("POST", ""), ("PUT", ""), ("PATCH", "/x"), ("DELETE", "/x"), ("PUT", "/restore"), ("DELETE", "/async/x")]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("kind", ["dataProducts", "domains"])
def test_viewers_write_nothing(either: Speaking, kind: str, method: str, path: str) -> None:
    """They are told so before anything is looked at."""
    assert either.ask(method, f"/{kind}{path}", {}, role=Role.VIEWER, code=403)["code"] == 403
    assert either.ask(method, f"/{kind}{path}", {}, role=None, code=401)["code"] == 401

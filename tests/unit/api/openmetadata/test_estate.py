"""What domains hold (contract, section 2, rows 32 to 34)."""

from __future__ import annotations

from tests.unit.api.openmetadata.speaking import Json, Speaking, fresh, ref


def assign(either: Speaking, home: Json, way: str, *refs: Json, code: int = 200, **said: Json) -> Json:
    """Assign assets to a domain, or take them out."""
    return either.ask("PUT", f"/domains/{home['id']}/assets/{way}", {"assets": list(refs), **said}, code=code)


def held(either: Speaking, home: Json) -> list[str]:
    """Return the names of a domain's assets."""
    found = either.get(f"/domains/{home['id']}/assets", limit=1000)
    assert found["paging"]["total"] == len(found["data"])
    assert either.get(f"/domains/name/{home['fullyQualifiedName']}/assets", limit=1000) == found
    return [one["name"] for one in found["data"]]


def test_assets_are_in_one_domain(either: Speaking) -> None:
    """Whoever comes leaves the one before; what is taken out of another stays."""
    here, there, (a, b) = either.domain(), either.domain(), either.tables(fresh("a"), fresh("b"))
    assign(either, here, "add", ref(b), ref(a))
    assert held(either, here) == [a.name, b.name]

    assign(either, there, "add", ref(a))
    assert (held(either, here), held(either, there)) == ([b.name], [a.name])
    assign(either, here, "remove", ref(a), ref(b))
    assert (held(either, here), held(either, there)) == ([], [a.name])


def test_what_is_below_counts(told: Speaking) -> None:
    """In lists and in counts; assigned to a domain below, an asset is in all above."""
    top = told.domain()
    below, (a, b) = told.domain(parent=top["fullyQualifiedName"]), told.tables(fresh("a"), fresh("b"))
    assign(told, top, "add", ref(a))
    assign(told, below, "add", ref(b))

    assert (held(told, top), held(told, below)) == ([a.name, b.name], [b.name])
    counts = told.get("/domains/assets/counts")
    assert (counts[top["fullyQualifiedName"]], counts[below["fullyQualifiedName"]]) == (2, 1)


def test_both_forms_answer_what_became_of_each(told: Speaking, strict: Speaking) -> None:
    """Rows, and in the documented form the domain beside them; a dry run does nothing."""
    home, (a,) = told.domain(), told.tables(fresh("a"))
    dry = [assign(form, home, "add", ref(a), dryRun=True) for form in (told, strict)]

    assert held(told, home) == []
    assert [(each["status"], each["dryRun"], each["numberOfRowsPassed"]) for each in dry] == [("success", True, 1)] * 2
    assert (dry[0]["id"], "id" in dry[1]) == (home["id"], False)


def test_all_or_nothing(either: Speaking) -> None:
    """With one that is not there, none is assigned."""
    home, (a,) = either.domain(), either.tables(fresh("a"))
    nobody = {"id": "00000000-0000-4000-8000-000000000000", "type": "table"}

    assert assign(either, home, "add", ref(a), nobody, code=404)["path"] == "/assets/1/id"
    assert held(either, home) == []


def test_the_hierarchy(either: Speaking) -> None:
    """Domains that are in no other, each with those below it, however deep."""
    top = either.domain(fresh("Aaa"))
    below = either.domain(parent=top["fullyQualifiedName"])
    deep = either.domain(parent=below["fullyQualifiedName"])
    found = {one["id"]: one for one in either.get("/domains/hierarchy", limit=1000)["data"]}

    assert not found.keys() & {below["id"], deep["id"]}
    (child,) = found[top["id"]]["children"]
    assert (child["id"], child["childrenCount"], [one["id"] for one in child["children"]]) == (
        below["id"],
        1,
        [deep["id"]],
    )

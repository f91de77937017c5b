"""What would move if something were otherwise, over HTTP."""

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.token import Role
from muster.service.ingest import ingest
from tests.unit.api.own.asking import Asking, Json, fresh


def tagged(api: Asking, tag: str) -> str:
    """Write two tables, one of them with a tag and an owner of this name; return the schema that they are in."""
    schema = fresh("default/suppose/")
    drafts = [
        EntityDraft(Key("Schema", schema), {"name": schema.rpartition("/")[2]}),
        EntityDraft(Key("Table", f"{schema}/a"), {"name": "a", "ownerUsers": [tag]}, tags=(tag,)),
        EntityDraft(Key("Table", f"{schema}/b"), {"name": "b"}),
    ]
    ingest(api.work, drafts)
    return schema


@pytest.mark.parametrize("what", ["tag", "owner", "schema"])
@pytest.mark.parametrize("fate", [{"dropped": True}, {"renamedTo": "Another"}])
def test_who_would_move_is_told(api: Asking, what: str, fate: Json) -> None:
    """Product by product, with how many and whom; a viewer may ask, and nothing is changed."""
    name = fresh("Name")
    schema = tagged(api, name)
    selections = {
        "tag": f"tag:{name}",
        "owner": f"owner:{name}",
        "schema": f'type:Table state:ACTIVE qualifiedName:"{schema}/*"',
    }
    product, position = api.product(selections[what]), api.work.record.position()
    said = {what: schema if what == "schema" else name, **fate}
    told = api.ask("POST", "/whatIf", said, role=Role.VIEWER)
    mine = [one for one in told["data"] if one["product"]["guid"] == product.entity.guid]
    names = ["a", "b"] if what == "schema" else ["a"]
    stays = what == "tag" and fate != {"dropped": True}  # a tag goes by the name that it came with for good
    assert [[one["name"] for one in each["leaves"]["assets"]] for each in mine] == ([] if stays else [names])
    assert [each["joins"] for each in mine] == ([] if stays else [{"total": 0, "assets": []}])
    assert (told["affected"], told["failed"]) == (3 if what == "schema" else 1, 0)
    assert api.work.record.position() == position


def test_no_more_is_told_than_is_wanted(api: Asking) -> None:
    """Of many assets some, with how many there are."""
    schema = tagged(api, fresh("Name"))
    product = api.product(f'type:Table state:ACTIVE qualifiedName:"{schema}/*"')
    told = api.ask("POST", "/whatIf", {"schema": schema, "dropped": True, "limit": 1})
    (mine,) = [one for one in told["data"] if one["product"]["guid"] == product.entity.guid]
    assert (mine["leaves"]["total"], len(mine["leaves"]["assets"])) == (2, 1)


@pytest.mark.parametrize(
    ("said", "code", "path"),
    [
        ({}, 400, ""),
        ({"tag": "PII"}, 400, ""),
        ({"tag": "PII", "owner": "bob", "dropped": True}, 400, ""),
        ({"owner": "bob", "dropped": True, "renamedTo": "ada"}, 400, ""),
        ({"owner": "bob", "dropped": False}, 400, ""),
        ({"owner": "bob", "renamedTo": "a/b"}, 400, "/renamedTo"),
        ({"owner": "", "dropped": True}, 400, "/owner"),
        ({"owner": "bob", "dropped": "yes"}, 400, "/dropped"),
        ({"owner": "nobody at all", "dropped": True}, 404, "/owner"),
        ({"owner": "bob", "dropped": True, "limit": 1_001}, 400, "/limit"),
        ({"tag": "nobody's", "dropped": True}, 404, "/tag"),
        ({"schema": "nowhere", "dropped": True}, 404, "/schema"),
    ],
)
def test_what_cannot_be_supposed(api: Asking, said: Json, code: int, path: str) -> None:
    """With the place in the body."""
    assert api.ask("POST", "/whatIf", said, code=code)["path"] == path

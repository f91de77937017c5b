"""Pins and exclusions over HTTP: of what, and how it is answered."""

from __future__ import annotations

import pytest

from tests.unit.api.own.asking import Asking, fresh


@pytest.mark.parametrize("kind", ["itself", "another", "domain"])
def test_only_assets_are_pinned(api: Asking, kind: str) -> None:
    """Domains and products are none: not even the product itself. What a selection holds of them can be excluded."""
    product, another = api.product(), api.product()
    home = product.entity.attributes["parentDomainQualifiedName"]
    ref = {"itself": product.entity.guid, "another": another.entity.key.qualified_name, "domain": home}[kind]
    path, said = f"/dataProducts/{product.entity.guid}", {"assets": [ref], "reason": "mine"}
    refused = api.ask("POST", f"{path}/pins", said, code=400)
    assert (refused["reason"], refused["path"]) == ("invalid_input", "/assets")
    assert "is no asset" in refused["message"]
    assert api.get(f"{path}/pins")["data"] == []
    assert api.ask("POST", f"{path}/exclusions", said)["paging"] == {"total": 1}


@pytest.mark.parametrize("kind", ["pins", "exclusions"])
def test_an_asset_that_is_named_twice_is_answered_once(api: Asking, kind: str) -> None:
    """In whatever way it is named; taking it back counts it once as well."""
    scope, guid = f"default/decided/{fresh('s')}", api.product().entity.guid
    api.tables(scope, "ab")
    a, b = f"{scope}/a", f"{scope}/b"
    named = [b, a, api.work.record.entity(a).guid, b]
    path = f"/dataProducts/{guid}/{kind}"
    told = api.ask("POST", path, {"assets": named, "reason": "mine"})
    assert [one["asset"]["qualifiedName"] for one in told["data"]] == [b, a]
    assert told["paging"] == {"total": 2}
    assert api.ask("POST", f"/products/{guid}/withdraw", {"assets": named}) == {"withdrawn": 2}

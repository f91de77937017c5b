"""What OpenMetadata says of products and Atlan does not, and what both say in different words."""

from typing import Any

import pytest

from muster.api.openmetadata.facets import DEFAULTS, KEPT, TWINS, facets, kept, stated
from muster.catalog.entity import Entity, Key, Status


def entity(type_name: str = "DataProduct", **attributes: Any) -> Entity:
    """Return a product, or a domain, with these attributes."""
    key = Key(type_name, "default/domain/x/super")
    return Entity(1, "g", key, Status.ACTIVE, {"name": "n", **attributes}, (), (), {}, {}, 1, 1, 1, "a", "a")


WORDS = [(name, word) for name, twin in TWINS.items() for word in twin.to]


@pytest.mark.parametrize(("name", "word"), WORDS)
def test_a_word_comes_back_as_it_was_said(name: str, word: str) -> None:
    """Though Atlan has fewer: its own word is set beside it."""
    attributes = stated({name: word}, None)

    assert attributes[TWINS[name].attribute] == TWINS[name].to[word]
    assert facets(entity(**attributes))[name] == word


BACK = [(name, value, word) for name, twin in TWINS.items() for value, word in twin.back.items()]


@pytest.mark.parametrize(("name", "value", "word"), BACK)
def test_what_atlans_clients_say_counts_from_then_on(name: str, value: str, word: str) -> None:
    """The word that was kept is told only as long as it says the same as Atlan's attribute."""
    twin = TWINS[name]
    other = next(one for one, said in twin.to.items() if said != value)
    before = entity(**stated({name: other}, None))

    changed = entity(**{**before.attributes, twin.attribute: value})

    assert facets(changed)[name] == word
    assert value == twin.to[word] or name == "lifecycleStage"


@pytest.mark.parametrize("name", TWINS)
def test_what_nobody_said_is_not_told(name: str) -> None:
    """Nor is what was taken away."""
    attributes = stated({name: None}, entity(**stated({name: next(iter(TWINS[name].to))}, None)))

    assert attributes == {KEPT: None, TWINS[name].attribute: None}
    assert name not in facets(entity())


def test_a_product_is_in_development_until_somebody_says_otherwise() -> None:
    """As on OpenMetadata's server; to Atlan's clients a new product is Active."""
    assert facets(entity(daapStatus="Active"))["lifecycleStage"] == "DEVELOPMENT"


@pytest.mark.parametrize("type_name", DEFAULTS)
def test_defaults(type_name: str) -> None:
    """What the released client wants of each, whoever made it."""
    assert facets(entity(type_name)) == DEFAULTS[type_name]


def test_what_is_not_said_stays() -> None:
    """An empty value takes it away."""
    style = {"color": "#fff"}
    before = entity(**stated({"style": style, "experts": ["bob"], "extension": {"a": 1}}, None))
    after = entity(**stated({"experts": [], "dataProductType": "REPORTS"}, before))

    assert kept(after) == {"style": style, "extension": {"a": 1}, "dataProductType": "REPORTS"}
    assert facets(after) == {"style": style, "dataProductType": "REPORTS", "entityStatus": "Unprocessed"}


def test_one_saying_is_kept_as_one_text() -> None:
    """Whatever the order: nothing that was not changed makes a version."""
    one, other = (
        {"sla": {"tier": "GOLD"}, "style": {"color": "red"}},
        {"style": {"color": "red"}, "sla": {"tier": "GOLD"}},
    )

    assert stated(one, None) == stated(other, None)


JUNK = ["", "nope", "[]", "7", '{"style": 5, "experts": 7, "reviewers": [7], "extension": [1], "sla": "x"}', 7, None]


@pytest.mark.parametrize("junk", JUNK)
def test_what_others_put_there_breaks_nothing(junk: Any) -> None:
    """Importers may bring anything: what is not of the kind that is kept there is not there."""
    assert kept(entity(**{KEPT: junk})) == {}
    assert facets(entity(**{KEPT: junk})) == {"entityStatus": "Unprocessed"}

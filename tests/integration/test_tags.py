"""Tags by the names that people give them: brought, asked for, explained, renamed."""

import json
from collections.abc import Sequence

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.naming import TagNames
from muster.catalog.product import Face, Product
from muster.catalog.typedef import Category
from muster.predicate import Explanation
from muster.query.nodes import Bool, Node, Prefix, Term, Terms, Wildcard
from muster.query.wire import write
from muster.service import define, typedefs
from muster.service.check import check
from muster.service.explain import explain
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.tags import shown, tag_names
from muster.service.typedefs import Definition
from muster.service.workspace import Workspace

TAGS = "__traitNames"


def table(name: str, *tags: str) -> EntityDraft:
    """Return a table with tags as an importer brings them."""
    return EntityDraft(Key("Table", f"default/pg/1/{name}"), {"name": name}, tags=tags)


def tag(work: Workspace, display_name: str) -> str:
    """Define a tag and return its internal name."""
    said = {"name": display_name, "displayName": display_name, "options": {"color": "Green"}}
    return typedefs.create(work, [Definition(Category.CLASSIFICATION, said)])[0].name


def rename(work: Workspace, name: str, display_name: str) -> None:
    """Give a tag another display name."""
    typedefs.update(work, [Definition(Category.CLASSIFICATION, {"name": name, "displayName": display_name})])


def names(work: Workspace, query: Node) -> list[str]:
    """Return the names of the assets that match."""
    project(work)
    found = work.record.entities(list(work.engine.members(query, now=work.clock())))
    return sorted(one.name for one in found)


def product(work: Workspace, query: Node) -> Product:
    """Define a product."""
    written = define.Written(json.dumps(write(query)), Face.WIRE)
    return define.create(work, "P", written, define.Details(), domain_name="Home").product


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """A shop of which one tag was defined before the import and others came with it."""
    tag(work, "Marketing")
    ingest(work, [table("ads", "Marketing", "pii"), table("people", "pii"), table("plain")])
    project(work)
    return work


QUESTIONS: dict[str, tuple[Node, Sequence[str]]] = {
    "by display name": (Term(TAGS, "Marketing"), ["ads"]),
    "case aside": (Term(TAGS, "marketing", case_insensitive=True), ["ads"]),
    "one of several": (Terms(TAGS, ("Marketing", "pii")), ["ads", "people"]),
    "by its beginning": (Prefix(TAGS, "Mark"), ["ads"]),
    "by its shape": (Wildcard(TAGS, "*k?ting"), ["ads"]),
    "a tag nobody has": (Term(TAGS, "Finance"), []),
    "without a tag": (Bool(filter=(Term("__typeName.keyword", "TABLE"),), must_not=(Term(TAGS, "pii"),)), ["plain"]),
}


def test_asked_by_name(shop: Workspace) -> None:
    """People ask for tags by display name, and for types in any case."""
    for case, (query, expected) in QUESTIONS.items():
        assert names(shop, query) == list(expected), case
        assert shop.engine.count(query, now=shop.clock()) == len(expected), case


def test_asked_by_internal_name(shop: Workspace) -> None:
    """Clients that look a tag up ask by its internal name, which is never its display name."""
    internal = tag_names(shop.record).internal["Marketing"]
    assert internal != "Marketing"
    assert names(shop, Term(TAGS, internal)) == ["ads"]


def test_a_tag_that_nobody_defined(shop: Workspace) -> None:
    """A tag that an import brings is defined by that, and found by whoever defines tags."""
    assert tag_names(shop.record).internal["pii"] == "pii"
    assert typedefs.get(shop, "pii").category is Category.CLASSIFICATION


def test_brought_again(shop: Workspace) -> None:
    """The same import again changes nothing, neither assets nor tags."""
    before = shop.record.typedefs()
    done = ingest(shop, [table("ads", "Marketing", "pii"), table("people", "pii"), table("plain")])
    assert (done.unchanged, done.updated, done.created) == (3, 0, 0)
    assert shop.record.typedefs() == before


def test_renamed(shop: Workspace) -> None:
    """A renamed tag is asked for by its new name, shown by it, and still meant by what the import calls it."""
    rename(shop, "pii", "Personal data")
    assert names(shop, Term(TAGS, "Personal data")) == ["ads", "people"]
    ingest(shop, [table("more", "pii")])
    assert names(shop, Prefix(TAGS, "Personal")) == ["ads", "more", "people"]
    more = shop.record.entity("default/pg/1/more")
    assert shown(more, tag_names(shop.record)).tags == ("Personal data",)


def test_a_name_that_something_else_has(work: Workspace) -> None:
    """A tag whose name an enum has gets another internal name."""
    typedefs.create(work, [Definition(Category.ENUM, {"name": "Colour", "elementDefs": [{"value": "red"}]})])
    ingest(work, [table("a", "Colour")])
    assert tag_names(work.record).internal["Colour"] != "Colour"
    assert names(work, Term(TAGS, "Colour")) == ["a"]


def test_told_by_name(shop: Workspace) -> None:
    """Values and counts of the field are told as people read them."""
    assert sorted(shop.engine.terms(TAGS, limit=10)) == [("Marketing", 1), ("pii", 2)]
    everything = shop.engine.members(Bool(), now=shop.clock())
    assert sorted(shop.engine.tally(everything, TAGS, limit=10)) == [("Marketing", 1), ("pii", 2)]


def test_suggested_by_name(shop: Workspace) -> None:
    """What is suggested in place of a misspelt tag is what people call it."""
    complaints = check(shop, Term(TAGS, "Marketin"))
    assert any(one.code == "no_such_value" and "`Marketing`" in one.hint for one in complaints)


def test_explained_as_said(shop: Workspace) -> None:
    """An explanation says what the selection says, and what the asset has as people read it."""
    said = Bool(filter=(Prefix(TAGS, "Mark"), Term("__typeName.keyword", "TABLE")), must_not=(Term(TAGS, "Finance"),))
    made = product(shop, said)
    told = explain(shop, made.entity.name, "default/pg/1/ads").clauses
    assert told.matched
    tagged, typed, _ = _leaves(told)
    assert (tagged.clause, tagged.matched, tagged.seen) == ("prefix", True, ("Marketing", "pii"))
    assert "Mark" in tagged.english
    assert "TABLE" in typed.english
    assert not explain(shop, made.entity.name, "default/pg/1/people").member


def test_a_stored_selection_follows_a_rename(shop: Workspace) -> None:
    """A selection stays as it was written, and means the tag that has the name now."""
    made = product(shop, Term(TAGS, "Marketing"))
    internal = tag_names(shop.record).internal["Marketing"]
    rename(shop, internal, "Old marketing")
    tag(shop, "Marketing")
    assert names(shop, made.selection.node) == []
    assert names(shop, Term(TAGS, internal)) == ["ads"]
    assert TagNames.of(shop.record.typedefs().by_name.values()).shown_of(internal) == "Old marketing"


def _leaves(one: Explanation) -> list[Explanation]:
    return [leaf for part in one.parts for leaf in _leaves(part)] if one.parts else [one]

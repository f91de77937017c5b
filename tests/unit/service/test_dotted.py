"""Dotted names: made of any names, and taken apart again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muster.catalog.entity import Entity, Key, Status
from muster.errors import InvalidInput
from muster.service.dotted import Homes, parts, quoted

WRITTEN = [
    ("Marketing", "Marketing"),
    ("cust.v1", '"cust.v1"'),
    ('say "hi"', '"say ""hi"""'),
    ('"', '""""'),
    (".", '"."'),
    ("My Prod/1", "My Prod/1"),
    ("Übersicht 😀", "Übersicht 😀"),
    (" ", " "),
    ("a\nb", "a\nb"),
]


@pytest.mark.parametrize(("name", "written"), WRITTEN)
def test_a_name_in_a_dotted_one(name: str, written: str) -> None:
    """Only dots and quotation marks need quotation marks around; those within are doubled."""
    assert quoted(name) == written
    assert parts(written) == [name]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
@example(['"', '"'])
@example([".", '".', '."'])
@example(['a"b', "c"])
def test_any_names_come_back(names: list[str]) -> None:
    """However many, whatever is in them; different names never make the same dotted one."""
    assert parts(".".join(map(quoted, names))) == names


READ = [
    ("Marketing.Emea.CustomerInsights", ["Marketing", "Emea", "CustomerInsights"]),
    ('Marketing."cust.v1"', ["Marketing", "cust.v1"]),
    ('"Marketing"."plain"', ["Marketing", "plain"]),
    ('a"b.c', ['a"b', "c"]),
    ('"a.b""c".d', ['a.b"c', "d"]),
]


@pytest.mark.parametrize(("dotted", "names"), READ)
def test_quotation_marks_may_stand_where_none_are_needed(dotted: str, names: list[str]) -> None:
    """And within a name that does not begin with one they are part of it."""
    assert parts(dotted) == names


@pytest.mark.parametrize("dotted", ["", ".", "a.", ".a", "a..b", '"', '"a', '"a"b', '"a" .b', 'a."', '"a"".b'])
def test_what_is_no_dotted_name(dotted: str) -> None:
    """An empty part, or a quotation mark that is not closed where it should be; the error shows what was said."""
    with pytest.raises(InvalidInput, match="is no dotted name") as refused:
        parts(dotted)
    assert f"`{dotted}`" in refused.value.message


def entity(type_name: str, qualified_name: str, name: str) -> Entity:
    """Return an entity."""
    key = Key(type_name, qualified_name)
    return Entity(1, name, key, Status.ACTIVE, {"name": name}, (), (), {}, {}, 1, 1, 1, "a", "a")


TOP = entity("DataDomain", "default/domain/a/super", "Mar.keting")
BELOW = entity("DataDomain", "default/domain/a/super/domain/b", "Emea")
PRODUCT = entity("DataProduct", "default/domain/a/super/domain/b/product/c", "CI")
FLAT = entity("DataProduct", "default/domain/d/product/e", "Old")
ALONE = entity("DataProduct", "somewhere/else", "Alone")
TABLE = entity("Table", "default/domain/a/super/domain/b/product/c", "orders")
HOMES = Homes({one.key: one for one in (TOP, BELOW, entity("DataDomain", "default/domain/d", "D"))})

PLACES: list[tuple[Entity, str, Any]] = [
    (TOP, '"Mar.keting"', None),
    (BELOW, '"Mar.keting".Emea', TOP),
    (PRODUCT, '"Mar.keting".Emea.CI', BELOW),
    (FLAT, "D.Old", HOMES.known[Key("DataDomain", "default/domain/d")]),
    (ALONE, "Alone", None),
    (TABLE, "orders", None),
]


@pytest.mark.parametrize(("one", "name", "home"), PLACES)
def test_homes(one: Entity, name: str, home: Any) -> None:
    """A qualified name says which domains a domain or product is in, the outermost first; nothing else is in one."""
    assert (HOMES.name(one), HOMES.home(one)) == (name, home)


def test_domains_that_are_not_known_are_left_out() -> None:
    """One may be purged: the rest of the name is told."""
    assert Homes({BELOW.key: BELOW}).name(PRODUCT) == "Emea.CI"
    assert Homes({TOP.key: TOP}).home(PRODUCT) is TOP
    assert Homes({}).name(PRODUCT) == "CI"

"""Bodies: canonical text, equal for equal contents."""

from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.catalog.entity import EntityDraft, Key
from muster.errors import InvalidInput, LimitExceeded, MusterError
from muster.record.bodies import pack, pack_last, possible

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
DRAFT = EntityDraft(Key("Table", "t"), {"b": 1, "a": {"d": [1, 2], "c": None}})


def test_text_is_sorted_and_leaves_out_what_is_empty() -> None:
    """Keys in order on every level, no white space, nothing for empty parts; the digest is of that text."""
    body = pack(DRAFT)
    assert body.text == '{"attributes":{"a":{"c":null,"d":[1,2]},"b":1}}'
    assert body.digest == sha256(body.text.encode()).digest()
    assert pack(EntityDraft(Key("Table", "t"), {})).text == "{}"


def test_relationships_are_written_as_pairs() -> None:
    """Type and qualified name of each related entity."""
    draft = EntityDraft(Key("Table", "t"), {}, relationships={"columns": (Key("Column", "c"),)})
    assert pack(draft).text == '{"relationships":{"columns":[["Column","c"]]}}'


def test_any_mapping_will_do() -> None:
    """Read-only views are written like the dictionaries they show."""
    view = MappingProxyType({"a": MappingProxyType({"b": 1})})
    assert pack(EntityDraft(Key("Table", "t"), view)).text == '{"attributes":{"a":{"b":1}}}'


@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_order_of_attributes_does_not_count(attributes: dict[str, object]) -> None:
    """Equal attributes have equal digests, in whatever order they were put."""
    turned = dict(reversed(attributes.items()))
    assert pack(replace(DRAFT, attributes=attributes)).digest == pack(replace(DRAFT, attributes=turned)).digest


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, {1: "number as name"}, b"bytes", Key("a", "b")])
def test_other_values_are_refused(value: object) -> None:
    """The error names the entity."""
    with pytest.raises(InvalidInput, match="`t` cannot be written as JSON"):
        pack(replace(DRAFT, attributes={"x": value}))


def test_last_words_have_the_name() -> None:
    """The row of a PURGED entity has it no longer."""
    assert pack_last(DRAFT).text == pack(DRAFT).text[:-1] + ',"qualifiedName":"t"}'


@pytest.mark.parametrize(
    ("name", "error"), [("x" * 101, LimitExceeded), ("é" * 51, LimitExceeded), ("nul\0", InvalidInput)]
)
def test_relationships_of_long_names_are_refused(name: str, error: type[MusterError]) -> None:
    """The name is indexed, as keys are."""
    with pytest.raises(error) as caught:
        pack(replace(DRAFT, relationships={name: ()}))
    assert type(caught.value) is error
    assert pack(replace(DRAFT, relationships={"x" * 100: ()})).text


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("Table", "x" * 2595), True),
        (("Table", "x" * 2596), False),
        (("Table", "a\0"), False),
        (("Table", "purged:a"), False),
        (("Table", "not/purged:a"), True),
    ],
)
def test_possible_keys(key: tuple[str, str], expected: bool) -> None:  # noqa: FBT001 - a row of the table
    """Those that `pack` would take."""
    assert possible(*key) is expected
    try:
        pack(EntityDraft(Key(*key), {}))
    except MusterError:
        assert not expected
    else:
        assert expected

"""JSON Patch: the examples of RFC 6902, and where OpenMetadata's clients want more leniency (contract, section 6.2)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from muster.api.bodies import read, taken
from muster.api.openmetadata.patching import Patch, patched
from muster.errors import Conflict, InvalidInput, LimitExceeded

Json = Any

EXAMPLES: list[tuple[str, Json, Json, Json]] = [
    ("A.1", {"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    (
        "A.2",
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    ("A.3", {"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ("A.4", {"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    (
        "A.5",
        {"baz": "qux", "foo": "bar"},
        [{"op": "replace", "path": "/baz", "value": "boo"}],
        {"baz": "boo", "foo": "bar"},
    ),
    (
        "A.6",
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        "A.7",
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        "A.8",
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    (
        "A.10",
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    (
        "A.11",
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}],
        {"foo": "bar", "baz": "qux"},
    ),
    ("A.14", {"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    (
        "A.16",
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
    ("replaced", {"foo": ["a", "b"]}, [{"op": "replace", "path": "/foo/1", "value": "c"}], {"foo": ["a", "c"]}),
    ("copied", {"foo": "a"}, [{"op": "copy", "from": "/foo", "path": "/bar"}], {"foo": "a", "bar": "a"}),
    ("over another", {"foo": "a"}, [{"op": "add", "path": "/foo", "value": None}], {"foo": None}),
    ("without a name", {"": 1}, [{"op": "replace", "path": "/", "value": 2}], {"": 2}),
    ("nothing", {"foo": "a"}, [], {"foo": "a"}),
]


def made(document: Json, steps: Json) -> Json:
    """Return a document after a patch, and see that the document itself stays."""
    before = deepcopy(document)
    after = patched(document, taken(Patch, steps).root)
    assert document == before
    return after


@pytest.mark.parametrize(
    ("document", "steps", "expected"), [one[1:] for one in EXAMPLES], ids=[one[0] for one in EXAMPLES]
)
def test_examples_of_the_standard(document: Json, steps: Json, expected: Json) -> None:
    """Those of its appendix, by their numbers, and a few beside them."""
    assert made(document, steps) == expected


LENIENT: list[tuple[str, Json, Json, Json]] = [
    ("removed", {"a": 1}, {"op": "remove", "path": "/b"}, {"a": 1}),
    ("removed below", {"a": 1}, {"op": "remove", "path": "/b/0/href"}, {"a": 1}),
    ("removed past the end", {"a": [1]}, {"op": "remove", "path": "/a/1"}, {"a": [1]}),
    ("replaced", {"a": 1}, {"op": "replace", "path": "/b", "value": 2}, {"a": 1, "b": 2}),
    ("replaced at the end", {"a": [1]}, {"op": "replace", "path": "/a/1", "value": 2}, {"a": [1, 2]}),
    ("above", {}, {"op": "add", "path": "/extension/team", "value": "x"}, {"extension": {"team": "x"}}),
    ("above, null", {"a": None}, {"op": "add", "path": "/a/b/c", "value": 1}, {"a": {"b": {"c": 1}}}),
    ("tested, and null", {}, {"op": "test", "path": "/a", "value": None}, {}),
    ("moved", {}, {"op": "move", "from": "/a", "path": "/b"}, {"b": None}),
]
"""What is not there: steps on it that a strict server refuses."""


@pytest.mark.parametrize(
    ("document", "step", "expected"), [one[1:] for one in LENIENT], ids=[one[0] for one in LENIENT]
)
def test_what_is_not_there_hinders_nobody(document: Json, step: Json, expected: Json) -> None:
    """OpenMetadata's own pages remove it, its client replaces it; what is missing above is made."""
    assert made(document, [step]) == expected


REFUSED: list[tuple[str, Json, type[Exception], str]] = [
    ("the whole", {"op": "add", "path": "", "value": {}}, InvalidInput, "/0/path"),
    ("into a text", {"op": "add", "path": "/text/a", "value": 1}, InvalidInput, "/0/path"),
    ("no place", {"op": "add", "path": "/list/3", "value": 1}, InvalidInput, "/0/path"),
    ("no number", {"op": "add", "path": "/list/x", "value": 1}, InvalidInput, "/0/path"),
    ("below zero", {"op": "replace", "path": "/list/-1", "value": 1}, InvalidInput, "/0/path"),
    ("too far", {"op": "add", "path": f"/list/{'9' * 5000}", "value": 1}, InvalidInput, "/0/path"),
    ("too deep", {"op": "add", "path": "/a" * 1000, "value": 1}, LimitExceeded, "/0/path"),
    ("not from", {"op": "move", "path": "/a"}, InvalidInput, "/0/path"),
    ("into itself", {"op": "move", "from": "/list", "path": "/list/0"}, InvalidInput, "/0/path"),
    ("copied lists", {"op": "copy", "from": "/list", "path": "/a"}, InvalidInput, "/0/path"),
    ("no such step", {"op": "merge", "path": "/a"}, InvalidInput, "/0/op"),
    ("no pointer", {"op": "add", "path": "a", "value": 1}, InvalidInput, "/0/path"),
    ("no path", {"op": "remove"}, InvalidInput, "/0/path"),
]


@pytest.mark.parametrize(("step", "kind", "path"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_steps_that_cannot_be(step: Json, kind: type[Exception], path: str) -> None:
    """The error points at the step."""
    with pytest.raises(kind) as refused:
        made({"text": "x", "list": [1, 2]}, [step])
    assert getattr(refused.value, "path", None) == path


@pytest.mark.parametrize("value", ["1", True, None, [1], 1.5])
def test_a_test_that_does_not_hold(value: Json) -> None:
    """Is a conflict, and nothing of the patch is done; numbers, truth and texts are told apart."""
    with pytest.raises(Conflict, match="`/a` is not what the patch takes it for"):
        made({"a": 1}, [{"op": "add", "path": "/b", "value": 1}, {"op": "test", "path": "/a", "value": value}])


def test_a_patch_is_a_list_of_at_most_a_thousand_steps() -> None:
    """None of them is looked at where there are more."""
    with pytest.raises(LimitExceeded, match="at most 1,000"):
        taken(Patch, [{"op": "nonsense"}] * 1_001)
    with pytest.raises(InvalidInput):
        read(Patch, b"{}")

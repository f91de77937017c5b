"""JSON Patch: what strict patches do, lenient ones do too; what is not there hinders nobody, and no patch takes long."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.api.bodies import read
from muster.api.openmetadata.patching import MOST, Patch, patched, same
from muster.errors import Conflict, InvalidInput, LimitExceeded

Json = Any

LARGE = 4_194_304
"""Bytes of a large body."""
SOON = 5.0
"""Seconds that a hostile patch may take."""
LITTLE = 64 * 2**20
PER_BYTE = 24
"""Bytes of memory that a hostile patch may take, and as many more for each byte of its body: so much JSON itself takes."""

names = st.text("ab/~0é ", max_size=3)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text("ab", max_size=3))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
documents = st.dictionaries(names, values, max_size=5)
pointers = st.lists(names | st.integers(0, 4).map(str) | st.just("-"), min_size=1, max_size=4)

OPS = ("add", "remove", "replace", "move", "copy", "test")


def pointer(steps: Sequence[str | int]) -> str:
    """Return a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


places = pointers.map(pointer)
patches = st.lists(
    st.fixed_dictionaries({"op": st.sampled_from(OPS), "path": places, "from": places, "value": values}), max_size=6
)


def strict(before: Json, after: Json, at: tuple[str | int, ...], draw: st.DataObject) -> Iterator[Json]:
    """Yield the steps of a patch that makes one document of another, as strict libraries write them.

    A part that differs is replaced as a whole or mended inside; what is in the wrong place of a list is moved there.
    """
    whole = draw.draw(st.booleans()) if at else False
    match before, after:
        case _ if same(before, after):
            return
        case (dict(), dict()) if not whole:
            yield from ({"op": "remove", "path": pointer((*at, name))} for name in before if name not in after)
            for name, value in after.items():
                if name in before:
                    yield from strict(before[name], value, (*at, name), draw)
                else:
                    yield {"op": "add", "path": pointer((*at, name)), "value": value}
        case (list(), list()) if not whole:
            yield from in_list(list(before), after, at, draw)
        case _:
            yield {"op": "replace", "path": pointer(at), "value": after}


def in_list(some: list[Json], after: list[Json], at: tuple[str | int, ...], draw: st.DataObject) -> Iterator[Json]:
    """Yield the steps that make one list of another, place by place."""
    for place, value in enumerate(after):
        further = next((index for index in range(place, len(some)) if same(some[index], value)), None)
        if further is not None:
            if further != place:
                yield {"op": "move", "from": pointer((*at, further)), "path": pointer((*at, place))}
                some.insert(place, some.pop(further))
        elif place == len(some) or draw.draw(st.booleans()):
            last = place == len(some) and draw.draw(st.booleans())
            yield {"op": "add", "path": pointer((*at, "-" if last else place)), "value": value}
            some.insert(place, value)
        else:
            yield from strict(some[place], value, (*at, place), draw)
            some[place] = value
    yield from ({"op": "remove", "path": pointer((*at, len(after)))} for _ in some[len(after) :])


def understood(steps: Json) -> Patch:
    """Return a patch as it comes out of a body."""
    return read(Patch, orjson.dumps(steps))


def there(document: Json, steps: Sequence[str]) -> bool:
    """Whether a document has a place."""
    for step in steps:
        match document:
            case dict() if step in document:
                document = document[step]
            case list() if step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
            case _:
                return False
    return True


@given(before=documents, after=documents, draw=st.data())
def test_a_strict_patch_makes_of_one_document_the_other(before: Json, after: Json, draw: st.DataObject) -> None:
    """Whether it replaces, mends or moves; each step may be preceded by a test that holds."""
    steps = list(strict(before, after, (), draw))
    assert same(patched(before, understood(steps).root), after)


@given(before=documents, after=documents, draw=st.data())
def test_neither_document_nor_patch_is_changed(before: Json, after: Json, draw: st.DataObject) -> None:
    """What was put in by one step and changed by the next is still what the first step said."""
    steps = list(strict({}, after, (), draw)) + list(strict(after, before, (), draw))
    patch, kept, document = understood(steps), understood(steps), deepcopy(before)
    patched(before, patch.root)
    assert same(before, document)
    assert patch == kept


@given(document=documents, steps=pointers)
def test_removing_what_is_not_there_changes_nothing(document: Json, steps: list[str]) -> None:
    """However far from anything that is there; what is there goes."""
    after = patched(document, understood([{"op": "remove", "path": pointer(steps)}]).root)
    assert same(after, document) is not there(document, steps)


@given(document=documents, steps=pointers, value=values)
def test_replacing_what_is_not_there_adds_it(document: Json, steps: list[str], value: Json) -> None:
    """As adding does, wherever that can be; both say the same of a place that cannot be."""
    outcomes = []
    for op in ("add", "replace"):
        try:
            outcomes.append(patched(document, understood([{"op": op, "path": pointer(steps), "value": value}]).root))
        except InvalidInput:
            outcomes.append(None)
    assert there(document, steps) or same(*outcomes)


@given(document=documents, steps=patches)
def test_any_patch_is_applied_or_refused(document: Json, steps: Json) -> None:
    """And names the step that cannot be; what comes of the others is JSON."""
    try:
        after = patched(document, understood(steps).root)
    except Conflict:
        place = f"/{[one['op'] for one in steps].index('test')}"
    except InvalidInput as error:
        place = error.path or ""
    else:
        place = "/0"
        assert isinstance(orjson.loads(orjson.dumps(after)), dict)
    assert place == "/0" or int(place.split("/")[1]) < len(steps)


def nested(levels: int) -> Json:
    """Return objects within each other."""
    value: Json = {}
    for _ in range(levels):
        value = {"a": value}
    return value


HOSTILE: dict[str, Json] = {
    "many steps": [{"op": "remove", "path": "/a"}] * (LARGE // 28),
    "a place with many digits": [{"op": "add", "path": "/list/" + "9" * 9_000, "value": 1}],
    "a part with many digits": [{"op": "remove", "path": "/list/" + "9" * 9_000}],
    "a place that is no digit to all": [{"op": "replace", "path": "/list/²", "value": 1}],
    "deep places": [{"op": "add", "path": f"/{at}" + "/" * 9_990, "value": 1} for at in range(MOST)],
    "a deep way": [{"op": "remove", "path": "/a" * 4_999}] * MOST,
    "copies of a long text": [{"op": "copy", "from": "/long", "path": f"/{at}"} for at in range(MOST)],
    "copies of copies": [{"op": "copy", "from": "", "path": f"/{at}"} for at in range(MOST)],
    "deep values": [
        {"op": "add", "path": "/a", "value": nested(500)},
        {"op": "test", "path": "/a", "value": nested(500)},
    ],
    "deeper and deeper": [
        {"op": "move", "from": "/object", "path": "/a"},
        {"op": "add", "path": "/object", "value": nested(60)},
        {"op": "move", "from": "/a", "path": "/object" + "/a" * 60},
    ]
    * (MOST // 3),
    "into itself": [{"op": "move", "from": "/object", "path": "/object/a/b"}] * MOST,
    "a long list from its front": [{"op": "add", "path": "/list/0", "value": 1}] * MOST,
    "a long way to one list": [{"op": "move", "from": "/list/0", "path": "/list/-"}] * MOST,
    "many escapes": [{"op": "add", "path": "/" + "~1" * 4_990, "value": 1}] * MOST,
}


@pytest.mark.parametrize("steps", HOSTILE.values(), ids=HOSTILE)
def test_no_patch_takes_long_or_much(steps: Json) -> None:
    """Whatever it asks for of a document with a long text and a long list: it is done or refused."""
    body = json.dumps(steps).encode()
    document = {"long": "x" * 1_048_576, "list": list(range(10_000)), "object": {"a": {}}}
    tracemalloc.start()
    began = time.monotonic()
    with suppress(InvalidInput, Conflict):
        orjson.dumps(patched(document, read(Patch, body).root))
    took, (_, most) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < SOON
    assert most < LITTLE + PER_BYTE * len(body)


def test_too_many_steps_are_refused() -> None:
    """Before any of them is looked at."""
    with pytest.raises(LimitExceeded):
        understood([{"op": "none"}] * (MOST + 1))

"""Many selections asked of the assets at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pyroaring import BitMap

from muster.catalog.naming import TagNames
from muster.errors import InvalidInput
from muster.fields import asset_fields
from muster.indexing import IndexedAsset, Indexer
from muster.query.nodes import Fuzzy, Leaf
from muster.query.shorthand import parse
from muster.query.wire import canonical, read
from muster.service.holding import Answer, Apart, Meaning, apart, held

FIELDS = asset_fields()
NOW = 1_700_000_000_000
DAY = 86_400_000
ASSETS = {
    7: {
        "__typeName": "Table",
        "name": "orders",
        "description": "net orders",
        "__traitNames": ["t1"],
        "__timestamp": NOW - DAY,
    },
    9: {"__typeName": "View", "name": "bestellungen_größe", "__traitNames": ["t1", "t2"], "__timestamp": NOW - 9 * DAY},
}
TAGS = TagNames({"Marketing": "t1", "Pii": "t2"}, {"t1": "Marketing", "t2": "Pii"})
MALFORMED = {"bool": {"filter": [{"term": {"name.keyword": "orders"}}, {"range": {"__timestamp": {"gte": "rubbish"}}}]}}


def indexed() -> dict[int, IndexedAsset]:
    """Return the assets as they are indexed."""
    indexer = Indexer(FIELDS)
    return {ordinal: indexer.index(f"g{ordinal}", document) for ordinal, document in ASSETS.items()}


def nobody(leaves: Sequence[Leaf]) -> Sequence[Answer]:
    """Be asked nothing."""
    raise AssertionError(leaves)


def ask(*texts: str, now: int = NOW) -> list[Answer]:
    """Ask selections, in shorthand, of all assets."""
    selections = [apart(canonical(parse(text))) for text in texts]
    return held(selections, indexed(), Meaning(FIELDS, TAGS, now), nobody)


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        ("*", [7, 9]),
        ("type:Table", [7]),
        ("-type:Table", [9]),
        ("tag:Marketing", [7, 9]),
        ("tag:t2", [9]),
        ("tag:Marketing -tag:Pii", [7]),
        ("name:bestellungen_größe", [9]),
        ("type:Table OR tag:Pii", [7, 9]),
        ("SOME 2 (type:View tag:Pii name:orders)", [9]),
        ("created:>now-2d", [7]),
        ("nowhere:x", []),
    ],
)
def test_a_selection_holds_what_it_finds(text: str, ordinals: list[int]) -> None:
    """Of the assets at hand, by ordinal; tags go by the names that people give them."""
    assert [list(one) for one in ask(text) if not isinstance(one, InvalidInput)] == [ordinals]


def test_answers_come_in_the_order_of_the_selections() -> None:
    """One for each, the same selection twice among them."""
    assert [list(one) for one in ask("type:View", "*", "type:View") if not isinstance(one, InvalidInput)] == [
        [9],
        [7, 9],
        [9],
    ]


def test_now_is_the_time_that_is_said() -> None:
    """A selection that goes by the clock holds another asset later."""
    later = ask("created:>now-2d", now=NOW + 3 * DAY)
    assert [list(one) for one in later if not isinstance(one, InvalidInput)] == [[]]


def test_without_assets_nothing_is_held() -> None:
    """Not even by what holds everything."""
    (found,) = held([apart(canonical(parse("*")))], {}, Meaning(FIELDS, TAGS, NOW), nobody)
    assert not isinstance(found, InvalidInput)
    assert list(found) == []


def test_what_cannot_be_evaluated_is_told_with_its_place() -> None:
    """The others are evaluated all the same."""
    selections = [apart(canonical(read(MALFORMED))), apart(canonical(parse("type:Table")))]

    wrong, fine = held(selections, indexed(), Meaning(FIELDS, TAGS, NOW), nobody)

    assert isinstance(wrong, InvalidInput)
    assert (wrong.code, wrong.path) == ("invalid_selection", "/bool/filter/1/range/__timestamp")
    assert list(fine) == [7]  # type: ignore[arg-type]


def test_a_malformed_clause_counts_where_it_is_optional() -> None:
    """A search refuses the whole query, so the selection is refused here as well."""
    optional = {"bool": {"filter": [{"match_all": {}}], "should": MALFORMED["bool"]["filter"]}}
    (found,) = held([apart(canonical(read(optional)))], indexed(), Meaning(FIELDS, TAGS, NOW), nobody)

    assert isinstance(found, InvalidInput)
    assert found.path == "/bool/should/1/range/__timestamp"


def test_only_the_index_knows_what_terms_stand_for_others() -> None:
    """It is asked once for all such clauses, each distinct one once; what it cannot tell is told with the reason."""
    asked: list[Sequence[Leaf]] = []
    reason = InvalidInput("too many")

    def finds(leaves: Sequence[Leaf]) -> Sequence[Answer]:
        asked.append(leaves)
        return [
            reason if leaf == Fuzzy("name.keyword", "bestellungen_größ", fuzziness=1) else held_by_index
            for leaf in leaves
        ]

    held_by_index = ask("type:Table")[0]
    texts = ("name:ordersz~1", "type:View name:ordersz~1", "name:bestellungen_größ~1")
    found = held([apart(canonical(parse(text))) for text in texts], indexed(), Meaning(FIELDS, TAGS, NOW), finds)

    assert len(asked) == 1
    assert len(asked[0]) == 2
    assert [list(one) for one in found[:2]] == [[7], []]  # type: ignore[arg-type]
    assert found[2] is reason


@pytest.mark.parametrize(
    ("clause", "asked"),
    [
        ({"fuzzy": {"name.keyword": {"value": "orderz", "fuzziness": 1}}}, True),
        ({"fuzzy": {"name.keyword": {"value": "zzzzzz", "fuzziness": 2}}}, False),
        ({"fuzzy": {"nowhere": {"value": "orderz"}}}, False),
        ({"match_phrase_prefix": {"name": "ord"}}, True),
        ({"match_phrase_prefix": {"name": "größ"}}, False),
        ({"match_phrase_prefix": {"description": {"query": "net ord"}}}, True),
        ({"match_phrase_prefix": {"description": {"query": "net zzz"}}}, False),
        ({"simple_query_string": {"query": "zzzzz~1", "fields": ["name"]}}, False),
        ({"simple_query_string": {"query": "-zzzzz~1", "fields": ["name"]}}, True),
    ],
)
def test_the_index_is_asked_where_an_asset_has_something_alike(clause: dict[str, Any], asked: bool) -> None:  # noqa: FBT001 - a row of the table
    """Without it nothing can match, whatever else a term stands for; unless it is negated."""
    told: list[Leaf] = []

    def finds(leaves: Sequence[Leaf]) -> Sequence[Answer]:
        told.extend(leaves)
        return [BitMap([7]) for _ in leaves]

    (found,) = held([apart(canonical(read(clause)))], indexed(), Meaning(FIELDS, TAGS, NOW), finds)

    assert bool(told) is asked
    assert found == BitMap([7] if asked else [])


def test_equal_clauses_are_one_question() -> None:
    """Whatever selection they stand in, and however they are named or boosted."""
    one, two = (
        apart(canonical(parse("type:Table"))),
        apart('{"term":{"__typeName.keyword":{"value":"Table","boost":2}}}'),
    )

    assert isinstance(one, Apart)
    assert isinstance(two, Apart)
    assert one.questions == two.questions

"""Asked of the assets themselves, selections hold what an index of them finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.catalog.naming import TagNames
from muster.engines.embedded import EmbeddedEngine
from muster.errors import InvalidInput
from muster.fields import Fields
from muster.indexing import IndexedAsset, Indexer
from muster.protocols import Update
from muster.query.nodes import Leaf, Node
from muster.query.wire import canonical, read
from muster.service.holding import Answer, Meaning, apart, fields_asked, held, indexed
from tests.conformance import loading
from tests.properties import strategies

NOW = 1_709_300_000_000
AT_ONCE = 12
FIELDS = Fields.from_mapping(loading.MAPPING["settings"], loading.MAPPING["mappings"])

often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def in_an_index(corpus: loading.Corpus) -> Iterator[EmbeddedEngine]:
    """Open an engine that holds a corpus, by ordinals from 1."""
    with closing(EmbeddedEngine(":memory:", FIELDS, threads=1)) as engine:
        numbered = enumerate(corpus.items(), start=1)
        engine.apply([Update(ordinal, {**asset, "__guid": name}) for ordinal, (name, asset) in numbered], position=1)
        yield engine


def at_hand(corpus: loading.Corpus, fields: Fields) -> dict[int, IndexedAsset]:
    """Index the assets of a corpus without an engine."""
    indexer = Indexer(fields)
    return {
        ordinal: indexer.index(name, {**asset, "__guid": name})
        for ordinal, (name, asset) in enumerate(corpus.items(), start=1)
    }


def by_index(engine: EmbeddedEngine, node: Node) -> Answer:
    """Ask the index for the members of a selection."""
    try:
        return engine.members(node, now=NOW)
    except InvalidInput as error:
        return error


def said(answer: Answer) -> object:
    """Return an answer as it can be compared."""
    return (answer.code, answer.message, answer.path) if isinstance(answer, InvalidInput) else list(answer)


def nodes(wire: Sequence[loading.Json]) -> Iterator[Node]:
    """Yield the selections that can be read."""
    for one in wire:
        try:
            yield read(one)
        except InvalidInput:
            continue


@pytest.mark.timeout(0)  # as long as the examples take
@often
@given(corpus=strategies.corpora, wire=st.lists(strategies.selections, min_size=AT_ONCE, max_size=AT_ONCE))
def test_selections_hold_what_the_index_finds(corpus: loading.Corpus, wire: list[loading.Json]) -> None:
    """For every asset of random small corpora; what the index refuses is refused in its words, at the same place."""
    with in_an_index(corpus) as engine:

        def finds(leaves: Sequence[Leaf]) -> Sequence[Answer]:
            return [by_index(engine, leaf) for leaf in leaves]

        wanted, meaning = list(nodes(wire)), Meaning(engine.fields(), TagNames({}, {}), NOW)
        taken = [apart(canonical(node)) for node in wanted]
        documents = {at: {**one, "__guid": name} for at, (name, one) in enumerate(corpus.items(), start=1)}
        assets = indexed(documents, fields_asked(taken, meaning), meaning.fields)
        found = held(taken, assets, meaning, finds)

        assert [said(one) for one in found] == [said(by_index(engine, node)) for node in wanted]


@often
@given(corpus=strategies.corpora, wire=strategies.selections)
def test_assets_are_held_whatever_others_are_at_hand(corpus: loading.Corpus, wire: loading.Json) -> None:
    """One after the other or all together: nothing but the asset itself decides."""
    with in_an_index(corpus) as engine:

        def finds(leaves: Sequence[Leaf]) -> Sequence[Answer]:
            return [by_index(engine, leaf) for leaf in leaves]

        taken = [apart(canonical(node)) for node in nodes([wire])]
        assets, meaning = at_hand(corpus, engine.fields()), Meaning(engine.fields(), TagNames({}, {}), NOW)
        for together in held(taken, assets, meaning, finds):
            alone = [said(held(taken, {at: asset}, meaning, finds)[0]) for at, asset in assets.items()]
            if isinstance(together, InvalidInput):
                assert set(alone) == {said(together)}
            else:
                assert alone == [[at] if at in together else [] for at in assets]

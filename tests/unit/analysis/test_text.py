"""Text analysis against what OpenSearch answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.analysis.text import Analyzer, Tokens
from muster.analysis.text_settings import analyzers, normalizers
from muster.analysis.text_words import words
from muster.errors import InvalidInput
from tests.fixtures.analysis.record import SETTINGS, facts

ANALYZERS = analyzers(SETTINGS)


def test_every_recorded_text_has_the_recorded_tokens_and_positions() -> None:
    """Built-in and custom analyzers give the server's tokens at the server's positions."""
    rows = facts("texts")
    assert len(rows) > 400
    for row in rows:
        expected = Tokens(tuple(row["tokens"]), tuple(row["positions"]))
        assert ANALYZERS[row["analyzer"]].analyze(row["text"]) == expected, row


def test_values_of_a_field_are_a_gap_apart() -> None:
    """Each value but the first starts `gap` positions after the one before, an empty one too; stop words leave holes."""
    stop = ANALYZERS["stop"]
    assert ANALYZERS["standard"].tokens(["a b", "c"]) == Tokens(("a", "b", "c"), (0, 1, 102))
    assert ANALYZERS["standard"].tokens(["", "c"]) == Tokens(("c",), (100,))
    assert stop.tokens(["the x the", "y"], gap=5) == Tokens(("x", "y"), (1, 8))
    assert stop.tokens(["x", "the", "", "y"], gap=0) == Tokens(("x", "y"), (0, 2))


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_the_ascii_path_equals_the_general_one(text: str) -> None:
    """ASCII texts are cut the same with and without the shortcut: a trailing Han letter only adds its own token."""
    assert words(f"{text}\n漢") == [*words(text), "漢"]


@pytest.mark.parametrize(
    ("text", "term"),
    [("\u0130\u03a3", "i\u03c3"), ("ÀB c", "àb c"), ("  A ", "  a "), ("running", "running"), ("", "")],
)
def test_normalize_changes_characters_only(text: str, term: str) -> None:
    """A term that is not analysed is put in lower case, character by character, and neither cut nor stemmed."""
    assert ANALYZERS["english"].normalize(text) == term


def test_normalizers_chain_their_filters() -> None:
    """A custom normalizer applies its filters in order; `lowercase` is there without settings."""
    settings = {
        "analysis": {
            "filter": {"folding": {"type": "asciifolding"}},
            "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "folding", "trim"]}},
        }
    }
    made = normalizers(settings)
    assert made["folded"].normalize(" CAFÉ ß\u00a0") == "cafe ss\u00a0"
    assert made["lowercase"].normalize("ÉA") == "éa"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"analyzer": {"a": {"type": "french"}}}, "analyzer type `french` of `a` is not supported"),
        ({"analyzer": {"a": {"tokenizer": "ngram"}}}, "`ngram` is not supported in analysis"),
        ({"analyzer": {"a": {"tokenizer": "standard", "char_filter": ["x"]}}}, "option `char_filter` of `a`"),
        ({"analyzer": {"a": {"tokenizer": "standard", "filter": ["synonym"]}}}, "`synonym` is not supported"),
        (
            {"analyzer": {"a": {"tokenizer": "s"}}, "tokenizer": {"s": {"type": "standard", "max_token_length": 5}}},
            "option",
        ),
        ({"normalizer": {"n": {"filter": ["porter_stem"]}}}, "normalizer `n` may not use filter `porter_stem`"),
    ],
)
def test_what_cannot_be_reproduced_is_refused(part: dict[str, object], message: str) -> None:
    """A part that is not known exactly is an error when settings are read."""
    with pytest.raises(InvalidInput, match=message):
        (normalizers if "normalizer" in part else analyzers)({"analysis": part})


def test_settings_may_be_under_index() -> None:
    """`index.analysis` and `analysis` are the same settings."""
    made = analyzers({"index": SETTINGS})
    assert isinstance(made["delimited"], Analyzer)
    assert made["delimited"].analyze("order_items.v2").terms == ("order", "items", "v2")

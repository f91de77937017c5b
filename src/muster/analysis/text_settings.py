"""Analyzers and normalizers as index settings define them."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any, TypeAlias

from muster.analysis.text import Analyzer, Normalizer
from muster.analysis.text_parts import (
    CHARACTER_FILTERS,
    FILTER_OPTIONS,
    FILTERS,
    TOKENIZER_OPTIONS,
    TOKENIZERS,
    Filter,
    Tokenizer,
    whole,
)
from muster.errors import InvalidInput

Options: TypeAlias = Mapping[str, Any]

_VOCABULARY = 1 << 17
"""Words that an analyzer remembers; one that takes a text as a whole remembers none."""


def _chained(filters: Sequence[Filter], *, remembers: bool) -> Filter:
    def through(word: str) -> str | None:
        result: str | None = word
        for one in filters:
            if result is None:
                return None
            result = one(result)
        return result

    if not filters:
        return str
    return lru_cache(maxsize=_VOCABULARY)(through) if remembers else through


def _composed(functions: Sequence[Callable[[str], str]]) -> Callable[[str], str]:
    if len(functions) == 1:
        return functions[0]
    return lambda text: reduce(lambda value, function: function(value), functions, text)


def _analyzer(name: str, tokenizer: Tokenizer, filters: Sequence[tuple[str, Options]]) -> Analyzer:
    characters = [CHARACTER_FILTERS[kind] for kind, _ in filters if kind in CHARACTER_FILTERS]
    made = [FILTERS[kind](options) for kind, options in filters]
    return Analyzer(name, tokenizer, _chained(made, remembers=tokenizer is not whole), _composed(characters))


_POSSESSIVE = ("stemmer", {"language": "possessive_english"})
_LOWERCASE: tuple[str, Options] = ("lowercase", {})
_PORTER: tuple[str, Options] = ("porter_stem", {})

_BUILT_IN: Mapping[str, tuple[str, tuple[tuple[str, Options], ...], str]] = {
    "standard": ("standard", (_LOWERCASE,), "_none_"),
    "simple": ("letter", (_LOWERCASE,), ""),
    "whitespace": ("whitespace", (), ""),
    "keyword": ("keyword", (), ""),
    "stop": ("letter", (_LOWERCASE,), "_english_"),
    "english": ("standard", (_POSSESSIVE, _LOWERCASE), "_english_"),
}
"""Tokenizer, filters and default stop words ("" where the analyzer takes none); `english` stems behind them."""


def _built_in(name: str, kind: str, options: Options) -> Analyzer:
    tokenizer, filters, stop_words = _BUILT_IN[kind]
    _refuse_options(name, options, frozenset({"stopwords"}) if stop_words else frozenset())
    stop = [("stop", {"stopwords": options.get("stopwords", stop_words)})] if stop_words else []
    stems = [_PORTER] if kind == "english" else []
    return _analyzer(name, TOKENIZERS[tokenizer]({}), [*filters, *stop, *stems])


def analyzers(settings: Options) -> Mapping[str, Analyzer]:
    """Return the built-in analyzers and those that index settings define, by name.

    Raises:
        InvalidInput: a type, tokenizer, filter or option that is not supported.
    """
    analysis = _analysis(settings)
    made = {name: _built_in(name, name, {}) for name in _BUILT_IN}
    return made | {name: _defined(name, options, analysis) for name, options in analysis.get("analyzer", {}).items()}


def normalizers(settings: Options) -> Mapping[str, Normalizer]:
    """Return the built-in normalizer `lowercase` and those that index settings define, by name.

    Raises:
        InvalidInput: a filter or option that is not supported.
    """
    analysis = _analysis(settings)
    made = {"lowercase": Normalizer("lowercase", CHARACTER_FILTERS["lowercase"])}
    return made | {
        name: _normalizer(name, options, analysis) for name, options in analysis.get("normalizer", {}).items()
    }


def _analysis(settings: Options) -> Options:
    inner = settings.get("index", settings)
    return inner.get("analysis", settings.get("analysis", {}))  # type: ignore[no-any-return]  # JSON


def _defined(name: str, options: Options, analysis: Options) -> Analyzer:
    kind = options.get("type", "custom")
    if kind in _BUILT_IN:
        return _built_in(name, kind, options)
    if kind != "custom":
        raise InvalidInput(
            f"analyzer type `{kind}` of `{name}` is not supported", hint=f"use one of {', '.join(_BUILT_IN)}"
        )
    _refuse_options(name, options, frozenset({"tokenizer", "filter"}))
    tokenizer = _part(options.get("tokenizer", ""), analysis.get("tokenizer", {}), TOKENIZERS, TOKENIZER_OPTIONS)
    return _analyzer(name, TOKENIZERS[tokenizer[0]](tokenizer[1]), _filters(options, analysis))


def _normalizer(name: str, options: Options, analysis: Options) -> Normalizer:
    _refuse_options(name, options, frozenset({"filter"}))
    kinds = [kind for kind, _ in _filters(options, analysis)]
    for kind in kinds:
        if kind not in CHARACTER_FILTERS:
            raise InvalidInput(
                f"normalizer `{name}` may not use filter `{kind}`", hint=f"use {', '.join(CHARACTER_FILTERS)}"
            )
    return Normalizer(name, _composed([CHARACTER_FILTERS[kind] for kind in kinds]))


def _filters(options: Options, analysis: Options) -> list[tuple[str, Options]]:
    named = options.get("filter", [])
    names = [named] if isinstance(named, str) else named
    return [_part(name, analysis.get("filter", {}), FILTERS, FILTER_OPTIONS) for name in names]


def _part(name: str, defined: Options, known: Options, allowed: Mapping[str, frozenset[str]]) -> tuple[str, Options]:
    """Return type and options of a tokenizer or filter, given by its own name or by that of a type."""
    options = defined.get(name, {"type": name})
    kind = options.get("type")
    if kind not in known:
        raise InvalidInput(f"`{kind}` is not supported in analysis", hint=f"use one of {', '.join(known)}")
    _refuse_options(name, options, allowed.get(kind, frozenset()))
    return kind, options


def _refuse_options(name: str, options: Options, allowed: frozenset[str]) -> None:
    surplus = sorted(options.keys() - allowed - {"type"})
    if surplus:
        raise InvalidInput(f"option `{surplus[0]}` of `{name}` is not supported", hint="leave it out of the settings")

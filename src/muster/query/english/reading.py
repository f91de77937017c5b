"""Whole clauses in words: the noun, what holds, what must not."""

import re
from collections.abc import Sequence
from dataclasses import replace

from muster.query.english.leaves import listed, phrase
from muster.query.english.phrases import STATE, STATES, TYPE
from muster.query.limits import check_node
from muster.query.nodes import Bool, ConstantScore, DisMax, MatchAll, MatchNone, Minimum, Node, Term, Terms
from muster.query.shape import Choice, Conjunction, is_optional, shape


def english(node: Node) -> str:
    """Read a selection aloud, as one sentence without its full stop.

    Raises:
        LimitExceeded: deeper or larger than `muster.query.limits` allow.
    """
    check_node(node)
    match node:
        case MatchNone():
            return "No assets"
        case MatchAll():
            return "All assets"
        case _:
            sentence = _sentence(node)
            return sentence[0].upper() + sentence[1:]


def _sentence(node: Node) -> str:
    wanted, unwanted, optional = _parts(node)
    state, wanted = _pick_state(wanted)
    types, wanted = _pick_types(wanted)
    noun = f"{state} {types}".strip()
    said = [noun, *map(_phrase, wanted), *map(_optionally, optional)]
    if unwanted:
        said.append("but " + " and ".join(_not(part) for part in unwanted))
    return ", ".join(said) if len(said) > 1 else f"all {noun}" if noun == "assets" else noun


def _parts(node: Node) -> tuple[list[Node], list[Node], list[Bool]]:
    """Take a clause apart into what must hold, what must not, and what changes nothing."""
    if not isinstance(node, Bool):
        return [node], [], []
    if is_optional(node) and node.adjust_pure_negative is None:
        return [*node.must, *node.filter], [*node.must_not], [Bool(should=node.should)]
    match shape(_unscored(node)):
        case Conjunction(wanted, unwanted):
            return [*wanted], [*unwanted], []
        case _ if node == Bool(name=node.name, boost=node.boost):
            return [], [], []
        case _:
            return [node], [], []


def _unscored(node: Bool) -> Bool:
    """Leave out name and boost, which change no member."""
    return replace(node, name=None, boost=None)


def _pick_state(parts: Sequence[Node]) -> tuple[str, list[Node]]:
    """Make the first state that has an adjective into it: `active`."""
    for part in parts:
        if isinstance(part, Term) and part.field == STATE and part.value in STATES and not part.case_insensitive:
            return STATES[str(part.value)], [other for other in parts if other is not part]
    return "", list(parts)


def _pick_types(parts: Sequence[Node]) -> tuple[str, list[Node]]:
    """Make the first condition on the type into the noun, in the plural, where the names are such as types have."""
    for part in parts:
        match part:
            case Term(field=field, value=str(name), case_insensitive=None | False) if field == TYPE:
                names: list[str] = [name]
            case Terms(field=field, values=values) if field == TYPE and values:
                names = [str(value) for value in values]
            case _:
                continue
        if all(map(str.isidentifier, names)):
            return listed(map(plural, names), "and"), [other for other in parts if other is not part]
    return "assets", list(parts)


def plural(type_name: str) -> str:
    """Return the plural of a type name in words: `MaterialisedView` gives `materialised views`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", type_name).split(" ")
    spoken = [word if word[1:].upper() == word[1:] and len(word) > 1 else word.lower() for word in words]
    last = spoken[-1]
    if re.search(r"[^aeiou]y$", last):
        spoken[-1] = f"{last[:-1]}ies"
    else:
        spoken[-1] = f"{last}es" if last.endswith(("s", "x", "ch", "sh")) else f"{last}s"
    return " ".join(spoken)


def _phrase(node: Node) -> str:
    """Read a clause that follows the noun."""
    match node:
        case Bool():
            return _bool(node)
        case ConstantScore(filter=inner):
            return _phrase(inner)
        case DisMax(queries=queries):
            return _either(queries)
        case _:
            return phrase(node, _phrase)


def _bool(node: Bool) -> str:
    match shape(_unscored(node)):
        case Conjunction(wanted, unwanted):
            said = [*map(_inner, wanted), *map(_not, unwanted)]
            return " and ".join(said)
        case Choice(1, options):
            return _either(options)
        case Choice(minimum, options):
            return f"with {_at_least(minimum)} of these: {'; '.join(map(_phrase, options))}"
        case _:
            return _odd(node)


def _odd(node: Bool) -> str:
    """Read a `bool` that is no plain logic: the empty one, an optional `should`, a minimum of nothing."""
    wanted, unwanted, optional = node.must + node.filter, node.must_not, node.should
    said = [*map(_inner, wanted), *map(_not, unwanted)]
    if optional:
        said.append(
            _optionally(node) if is_optional(node) else f"{_at_least(node.minimum_should_match)} of {_either(optional)}"
        )
    elif node.minimum_should_match is not None:
        said.append(f"with {_at_least(node.minimum_should_match)} of no conditions")
    if node.adjust_pure_negative is False and not wanted and not optional:
        said.append("of no kind at all")
    return " and ".join(said) or "of any kind"


def _either(options: Sequence[Node]) -> str:
    return " or ".join(map(_inner, options)) if options else "of no kind at all"


def _inner(node: Node) -> str:
    """Read a clause among others: what has "and" or "or" in it goes into parentheses."""
    said = _phrase(node)
    return f"({said})" if " and " in said or " or " in said else said


def _not(node: Node) -> str:
    said = _inner(node)
    return f"without {said.removeprefix('with ')}" if said.startswith("with ") else f"not {said}"


def _optionally(node: Bool) -> str:
    return f"optionally {_either(node.should)} (changes nothing)"


def _at_least(minimum: Minimum | None) -> str:
    return f"at least {minimum}"

"""OpenSearch JSON to clauses, in every spelling that OpenSearch takes."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias, assert_never

from muster.errors import InvalidInput, InvalidSelection, UnsupportedClause
from muster.query.limits import DEFAULT, Limits, check_node, check_value, load_json
from muster.query.naming import Place, clause_name
from muster.query.nodes import Node, SpanNear, SpanNot, SpanOr, SpanTerm, SpanWithin
from muster.query.wire import refused
from muster.query.wire.kinds import NAME, Kind, Many, One, Scalar, shown, wrong
from muster.query.wire.table import ATTRIBUTES, COMMON, FORMS, Form

Json: TypeAlias = dict[str, Any]

REMEMBERED = 16_384
"""How many stored texts are kept read."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPAN = "span"
"""A wrapper that a client puts around span clauses."""


def parse(text: str | bytes, limits: Limits = DEFAULT) -> Node:
    """Read a clause from JSON text.

    Raises:
        InvalidSelection, LimitExceeded, UnsupportedClause: as `load_json` and `read` raise them.
    """
    return read(load_json(text, limits), limits=limits)


@lru_cache(maxsize=REMEMBERED)
def recall(text: str) -> Node:
    """Read back a canonical text that was stored; its limits were held to when it came, and may have changed since."""
    return _clause(json.loads(text), Place(""))


def read(value: Any, path: str = "", *, limits: Limits = DEFAULT) -> Node:
    """Read a clause from plain JSON objects; `path` is where it stands in something larger.

    Raises:
        InvalidSelection: it is not a clause, or OpenSearch would refuse it.
        UnsupportedClause: a clause or an option that OpenSearch has and selections do not.
        LimitExceeded: larger or deeper than the limits.
    """
    check_value(value, limits, path)
    node = _clause(value, Place(path))
    check_node(node, limits, path)
    return node


def _clause(value: Any, at: Place) -> Node:
    name, body = _only_entry(value, at)
    if name == _SPAN:
        return _span(body, at / name)
    form = FORMS.get(name)
    if form is None:
        raise _unknown_clause(name, at)
    within = at / name
    if not isinstance(body, dict):
        raise wrong(within, f"`{name}` needs an object, got {shown(body)}", f'write `{{"{name}": {{...}}}}`')
    match form.shape:
        case "plain":
            return _built(form, _options(form, body, within), within)
        case "field":
            return _of_field(form, body, within)
        case "terms":
            return _of_terms(form, body, within)
        case _:
            assert_never(form.shape)


def _only_entry(value: Any, at: Place) -> tuple[str, Any]:
    if not isinstance(value, dict):
        raise wrong(
            at, f"a clause is an object, got {shown(value)}", 'write one such as `{"term": {"field": "value"}}`'
        )
    if not value:
        raise wrong(at, "the clause is empty", "write a clause, or `match_all` for every asset")
    if len(value) > 1:
        names = " and ".join(f"`{name:.40}`" for name in list(value)[:2])
        raise wrong(at, f"a clause has one name, got {len(value)}: {names}", "wrap them in `bool.filter`")
    return next(iter(value.items()))


def _of_field(form: Form, body: Json, at: Place) -> Node:
    if len(body) != 1:
        raise _fields(form, [key for key in body if key in form.options], len(body), at)
    field, said = next(iter(body.items()))
    within = at / field
    NAME.read(field, within)
    if isinstance(said, dict):
        return _built(form, {"field": field, **_options(form, said, within)}, within)
    if form.short is None:
        raise wrong(within, f"`{form.name}` needs an object, got {shown(said)}", 'write one such as `{"gte": 1}`')
    return form.node(**{"field": field, form.short: _read(form.options[form.short], said, within)})


def _of_terms(form: Form, body: Json, at: Place) -> Node:
    """The field is what has a list; options stand beside it."""
    beside = {key: value for key, value in body.items() if _is_beside(form, key, value)}
    listed = [key for key in body if key not in beside]
    if len(listed) != 1:
        raise _fields(form, [], len(listed), at)
    field = NAME.read(listed[0], at / listed[0])
    if isinstance(body[field], dict):
        raise _refusal(f"a look-up in `{form.name}`", refused.TERMS_LOOK_UP, at / field)
    values = _read(form.options["values"], body[field], at / field)
    return _built(form, {"field": field, "values": values, **_options(form, beside, at)}, at)


def _is_beside(form: Form, key: str, value: Any) -> bool:
    return not isinstance(value, dict | list | tuple) and (key in COMMON or (form.name, key) in refused.OPTIONS)


def _options(form: Form, body: Json, at: Place) -> Json:
    """Read all options that were said; keys are attributes of the node."""
    found: Json = {}
    for key, value in (form.before(body, at) if form.before else body).items():
        option = form.aliases.get(key, key)
        if option in form.ignored or (value is None and option in form.null):
            continue
        kind = form.options.get(option)
        if kind is None:
            raise _unknown_option(form, key, at / key)
        if option in found:
            raise wrong(at / key, f"`{option}` is said twice", "keep one of them")
        found[option] = _read(kind, value, at / key)
    if form.check:
        form.check(found, at)
    return {ATTRIBUTES.get(option, option): value for option, value in found.items()}


def _built(form: Form, said: Json, at: Place) -> Node:
    missing = form.required.difference(said)
    if missing:
        raise wrong(at, f"`{form.name}` needs `{min(missing)}`", f"add `{min(missing)}`")
    return form.node(**{**dict.fromkeys(form.empty, ()), **said})


def _read(kind: Kind, value: Any, at: Place) -> Any:
    match kind:
        case Scalar(read=scalar):
            return scalar(value, at)
        case One(span=span):
            return _span(value, at) if span else _clause(value, at)
        case Many():
            return _many(kind, value, at)
        case _:
            assert_never(kind)


def _many(kind: Many, value: Any, at: Place) -> tuple[Node, ...]:
    one = _span if kind.span else _clause
    if kind.bare and isinstance(value, dict):
        return (one(value, at),)
    if not isinstance(value, list | tuple):
        raise wrong(at, f"needs a list of clauses, got {shown(value)}", "write a list")
    if kind.some and not value:
        raise wrong(at, "needs at least one clause", "write a clause, or `match_none` for no asset")
    return tuple(one(part, at / position) for position, part in enumerate(value))


def _span(value: Any, at: Place) -> Node:
    """Read a clause where only spans may stand; their boosts have no effect there and OpenSearch refuses them."""
    node = _clause(value, at)
    if not isinstance(node, SpanTerm | SpanNear | SpanOr | SpanWithin | SpanNot):
        raise wrong(at, f"only span clauses stand here, got `{clause_name(node)}`", "use `span_term` for a word")
    if node.boost not in (None, 1.0):
        raise wrong(at, "a span inside another clause has no boost", "leave `boost` out")
    return node


def _fields(form: Form, inside: list[str], count: int, at: Place) -> InvalidSelection:
    hint = "wrap them in `bool.filter`" if count else "name a field"
    if inside:
        hint = f"put `{inside[0]}` into the object of the field"
    return wrong(at, f"`{form.name}` needs exactly one field, got {count}", hint)


def _unknown_clause(name: str, at: Place) -> InvalidInput:
    refusal = refused.CLAUSES.get(name)
    if refusal:
        return _refusal(f"`{name}`", refusal, at / name)
    return wrong(at / name, f"there is no clause `{name:.40}`", _near(name, [*FORMS, *refused.CLAUSES]))


def _unknown_option(form: Form, key: str, at: Place) -> InvalidInput:
    refusal = refused.OPTIONS.get((form.name, key))
    if refusal:
        return _refusal(f"`{key}` of `{form.name}`", refusal, at)
    return wrong(at, f"`{form.name}` has no option `{key:.40}`", _near(key, form.options))


def _near(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name; camel case counts as near."""
    names = sorted(known)
    near = get_close_matches(_HUMP.sub("_", name[:40]).lower(), names, n=1, cutoff=0.7)
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(names)}"


def _refusal(what: str, refusal: refused.Refusal, at: Place) -> UnsupportedClause:
    return UnsupportedClause(f"{what} cannot be part of a selection: {refusal.reason}", path=str(at), hint=refusal.hint)

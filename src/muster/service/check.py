"""Every complaint about a selection at once, each with path, message and hint."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from muster.catalog.entity import Status
from muster.errors import InvalidInput, UnknownField
from muster.fields import Kind
from muster.query.formula import leaves
from muster.query.naming import walk
from muster.query.nodes import (
    Bool,
    Exists,
    Fuzzy,
    Leaf,
    Match,
    MatchAll,
    MatchPhrase,
    MatchPhrasePrefix,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    SpanTerm,
    Term,
    Terms,
    Wildcard,
)
from muster.service.typedefs import custom_attributes
from muster.service.workspace import Workspace

OneField = (
    Term
    | Terms
    | Exists
    | Prefix
    | Wildcard
    | Regexp
    | Fuzzy
    | Range
    | Match
    | MatchPhrase
    | MatchPhrasePrefix
    | SpanTerm
)
"""The clauses that ask one field."""

VALUES_LOOKED_AT = 20
SUGGESTIONS_FROM = 2000
ALIKE = 60
"""How alike two values must be, of 100 and case aside, for one to be suggested in place of the other."""


class Severity(StrEnum):
    """How bad a complaint is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to look at: `path` is a JSON pointer into the selection's wire form."""

    severity: Severity
    code: str
    message: str
    path: str
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the complaint as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a selection takes: its distinct leaf clauses, the assets of all of them, and how many read all of a field.

    Regular expressions, fuzzy terms and wildcards with nothing before them read every value of their field.
    """

    leaves: int
    postings: int
    dear: int


@dataclass(frozen=True, slots=True)
class Checked:
    """All complaints, errors first, and the cost; that is None where the selection cannot run."""

    complaints: tuple[Complaint, ...]
    cost: Cost | None

    @property
    def runs(self) -> bool:
        """Whether there is nothing that has to be mended."""
        return all(one.severity is not Severity.ERROR for one in self.complaints)


def check(work: Workspace, node: Node) -> list[Complaint]:
    """Return all complaints, errors first: what cannot run, what is likely not meant, and what it costs."""
    return list(examine(work, node).complaints)


def examine(work: Workspace, node: Node) -> Checked:
    """Return all complaints, and what the selection costs."""
    found = [
        complaint for path, clause in walk(node) for rule in CLAUSE_RULES for complaint in rule(work, path, clause)
    ]
    cost: Cost | None = None
    try:
        found += () if any(one.severity is Severity.ERROR for one in found) else _members(work, node)
        found += _values(work, node)
        cost = _cost(work, node)
        found.append(_of_cost(cost))
    except InvalidInput as error:
        found.append(Complaint(Severity.ERROR, error.code, error.message, error.path or "", error.hint or ""))
    return Checked(tuple(sorted(found, key=lambda one: list(Severity).index(one.severity))), cost)


def refuse_unknown(work: Workspace, node: Node) -> None:
    """Refuse a field that no asset can have, where nobody would read that nothing has it.

    Raises:
        UnknownField: with the clause's path; the hint suggests similar names.
    """
    for path, clause in walk(node):
        for one in _unknown_field(work, path, clause):
            raise UnknownField(one.message, path=one.path, hint=one.hint)


def _unknown_field(work: Workspace, path: str, clause: Node) -> Iterator[Complaint]:
    if isinstance(clause, OneField) and not _mapped(work, clause.field):
        try:
            work.fields.find(clause.field)
        except UnknownField as error:
            yield Complaint(Severity.ERROR, error.code, error.message, path, error.hint or "")


def _mapped(work: Workspace, name: str) -> bool:
    """Whether a field is there, or will be: one of custom metadata comes with the first value of its attribute."""
    known = work.fields.get(name) is not None or work.fields.is_object(name)
    return known or name in custom_attributes(work)


def _analysed_term(work: Workspace, path: str, clause: Node) -> Iterator[Complaint]:
    """`term` is not analysed: on a text field it finds only what equals one lower-cased token."""
    if not isinstance(clause, Term | Terms):
        return
    field = work.fields.get(clause.field)
    if field is not None and field.kind is Kind.TEXT:
        keyword = f"{clause.field}.keyword"
        instead = f"`{keyword}`, or `match`" if work.fields.get(keyword) else "`match`"
        yield Complaint(
            Severity.WARNING,
            "term_on_text",
            f"`{clause.field}` is analysed text: a term is compared with single lower-case words, not with the value",
            path,
            f"use {instead}",
        )


def _optional_should(_: Workspace, path: str, clause: Node) -> Iterator[Complaint]:
    """Beside `must` or `filter`, `should` is optional unless a minimum says otherwise (OpenSearch's default is 0)."""
    if (
        isinstance(clause, Bool)
        and clause.should
        and clause.minimum_should_match is None
        and (clause.must or clause.filter)
    ):
        yield Complaint(
            Severity.WARNING,
            "optional_should",
            "`should` beside `must` or `filter` is optional: it keeps nothing out",
            f"{path}/bool/should",
            "set `minimum_should_match` to 1 if one of them must hold, or take `should` away",
        )


Rule = Callable[[Workspace, str, Node], Iterator[Complaint]]
CLAUSE_RULES: tuple[Rule, ...] = (_unknown_field, _analysed_term, _optional_should)


def _members(work: Workspace, node: Node) -> Iterator[Complaint]:
    now = work.clock()
    total, universe = work.engine.count(node, now=now), work.engine.count(MatchAll(), now=now)
    if not universe:
        yield Complaint(
            Severity.WARNING, "empty_catalog", "there are no assets yet", "", "bring some in with `muster import`"
        )
    if universe and not total:
        yield Complaint(Severity.WARNING, "matches_nothing", "no asset matches today", "", "preview parts of it")
    if universe and total == universe:
        hint = "add a type or a tag" if universe > 1 else ""
        yield Complaint(Severity.WARNING, "matches_everything", f"all {total:,} assets match", "", hint)
    archived = work.engine.count(Bool(filter=(node, Term("__state", Status.DELETED))), now=work.clock())
    if archived:
        message = f"{archived:,} of the {total:,} assets are archived"
        yield Complaint(Severity.WARNING, "matches_archived", message, "", "add `__state` ACTIVE to leave them out")


def _values(work: Workspace, node: Node) -> Iterator[Complaint]:
    """Find values that no asset has; the engine is asked once for all of them, and once a field for others."""
    asked = list(_asked_values(work, node))
    found = work.engine.postings([term for _, term in asked], now=work.clock())
    if not found.universe:
        return
    known = cache(lambda field: [str(term) for term, _ in work.engine.terms(field, limit=SUGGESTIONS_FROM)])
    for (path, term), having in zip(asked, found.sets, strict=True):
        if not having:
            yield _no_such_value(path, term, known(term.field))


def _asked_values(work: Workspace, node: Node) -> Iterator[tuple[str, Term]]:
    """Yield each value of a mapped field with its path; inside `nested` a value cannot be asked by itself."""
    nested = [path for path, clause in walk(node) if isinstance(clause, Nested)]
    for path, clause in walk(node):
        if isinstance(clause, Term | Terms) and work.fields.get(clause.field) and not _inside(path, nested):
            blind = clause.case_insensitive if isinstance(clause, Term) else None
            values = (clause.value,) if isinstance(clause, Term) else clause.values[:VALUES_LOOKED_AT]
            yield from ((path, Term(clause.field, value, blind)) for value in values)


def _inside(path: str, above: list[str]) -> bool:
    return any(path.startswith(f"{one}/") for one in above)


def _no_such_value(path: str, term: Term, known: Sequence[str]) -> Complaint:
    near = process.extract(
        str(term.value), known, scorer=fuzz.ratio, processor=str.casefold, limit=3, score_cutoff=ALIKE
    )
    hint = f"did you mean {' or '.join(f'`{one}`' for one, _, _ in near)}?" if near else ""
    return Complaint(Severity.WARNING, "no_such_value", f"no asset has `{term.value}` in `{term.field}`", path, hint)


def _cost(work: Workspace, node: Node) -> Cost:
    asked = leaves(node)
    postings = work.engine.postings(asked, now=work.clock()).sets
    return Cost(len(asked), sum(map(len, postings)), sum(map(_is_dear, asked)))


def _of_cost(cost: Cost) -> Complaint:
    message = f"{cost.leaves:,} leaf clause{'' if cost.leaves == 1 else 's'}, {cost.postings:,} postings"
    if cost.dear:
        message += f", {cost.dear} of them read every value of their field (regexp, fuzzy, leading wildcard)"
    hint = "prefer `prefix` or `term` where they say the same" if cost.dear else ""
    return Complaint(Severity.NOTE, "cost", message, "", hint)


def _is_dear(clause: Leaf) -> bool:
    match clause:
        case Wildcard(value=value):
            return value.startswith(("*", "?"))
        case Regexp() | Fuzzy():
            return True
        case _:
            return False

"""What keeps memberships right, as a person reads it: runs of all products, policies, differences."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.text import Text

from muster.cli import show
from muster.cli.answering.keeping import Wanted
from muster.cli.terminal import err, out
from muster.client.models import Difference, Effective, Policy, RunOfProduct, Stated, Words
from muster.client.models.keeping import Membership, Scope

DECIDE: Final = (
    "`muster product history PRODUCT --run N` shows who would move; "
    "`muster product approve PRODUCT N` does it, `muster product reject PRODUCT N` leaves it undone"
)


def runs_of_all(found: Sequence[RunOfProduct], wanted: Wanted) -> None:
    """Print runs with their products, one a line; of those that wait for somebody, what to do about them."""
    waiting = wanted.decided is False
    if not found:
        err.print(_no_runs(wanted, waiting=waiting))
        return
    rows = ((one.product.dotted_name, *show.run_cells(one), one.trigger, one.verdict) for one in found)
    headings = ("PRODUCT", *show.RUN, "TRIGGER", "VERDICT")
    show.table(headings, rows, right=(1, 4, 5, 6, 7), whole=(2,), sparse=(8, 10))
    if waiting:
        err.print(DECIDE)


def _no_runs(wanted: Wanted, *, waiting: bool) -> str:
    before = "" if wanted.before is None else f" before run {wanted.before}"
    if waiting:
        return f"nothing{before} waits for a decision"
    chosen = before or wanted.outcome or wanted.trigger
    return f"no such runs{before}" if chosen else "no runs yet: `muster sync` makes them"


def policy(one: Policy) -> None:
    """Print what is said for a scope, by whom and when."""
    if one.at is None:
        err.print(f"nothing is said for {_scope(one.scope)}: what is said around it holds, or else the usual")
        return
    out.print(Text(f"for {_scope(one.scope)}, by {one.by} at {show.when(one.at)}"))
    show.table(("PART", "SAID"), _parts(one.policy, one.text))


def effective(one: Effective) -> None:
    """Print what holds for a product, where each part comes from, and when it is due."""
    origins = {name: "usual" if scope is None else _scope(scope) for name, scope in one.origins.items()}
    rows = ((part, said, origins.get(part, "usual")) for part, said in _parts(one.policy, one.text))
    show.table(("PART", "HOLDS", "SAID FOR"), rows)
    if one.last is not None:
        out.print(f"last synced at {show.when(one.last)}")
    if one.next is not None:
        out.print(f"due at {show.when(one.next)}")


def difference(one: Difference) -> None:
    """Print what two memberships differ by: how many, and who."""
    out.print(f"from {_membership(one.before)} to {_membership(one.after)}: +{one.joined:,} -{one.left:,}")
    for each in one.data:
        out.print(Text.assemble(show.sign(joined=each.joined), f" {each.asset.type_name} {each.asset.name}"))


def _membership(one: Membership) -> str:
    return f"{one.total:,} members of run {one.run} at {show.when(one.at)}"


def _scope(one: Scope) -> str:
    return one.dotted_name or one.kind


def _parts(said: Stated, text: Words) -> Iterator[tuple[str, str]]:
    """Yield what is said, part by part, in words where there are any."""
    words = text.as_json()
    for name, value in said.as_json().items():
        yield name, words.get(name) or _word(value)


def _word(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:,g}" if isinstance(value, float) else f"{value:,}"
        case _:
            return str(value)

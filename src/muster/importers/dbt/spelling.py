"""Names as the warehouse spells them, found by names that a project spells in another case or in quotes."""

from collections.abc import Iterable


class Spelling:
    """Known names, found by the same name or else by the only one that differs in case and quotes alone."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known = frozenset(names)
        self._folded: dict[str, str | None] = {}
        for name in self._known:
            folded = _fold(name)
            self._folded[folded] = None if folded in self._folded else name

    def find(self, name: str) -> str | None:
        """Return the known name that is meant, None when there is none or more than one."""
        return name if name in self._known else self._folded.get(_fold(name))


def _fold(name: str) -> str:
    return name.strip('"`[]').casefold()

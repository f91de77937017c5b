"""Which names of a document may become fields: those that every server takes, and that are not its own."""

LONGEST = 1024
"""How many UTF-8 bytes a path may have: every node of a cluster keeps all of them in memory."""

_DELETED = "__soft_deletes"
"""The field by which Lucene marks a document as deleted: one that brings a value for it would be gone at once."""


def may_become_field(path: str) -> bool:
    """Whether a document path is one that a server can map.

    It is none with an empty or blank part (`a..b`), when it is longer than `LONGEST`, when it is no Unicode text, or when
    its first part begins with a single underscore: such names are a server's own (`_id`, `_source`), more with each plugin.
    """
    return all(part.strip() for part in path.split(".")) and not _is_reserved(path) and _is_short(path)


def _is_reserved(path: str) -> bool:
    first = path.partition(".")[0]
    return first == _DELETED or (first.startswith("_") and not first.startswith("__"))


def _is_short(path: str) -> bool:
    try:
        return len(path.encode()) <= LONGEST
    except UnicodeEncodeError:
        return False

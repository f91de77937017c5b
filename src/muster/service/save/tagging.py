"""Tags: which an entity has, and how each is attached."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from muster.catalog.typedef import Category
from muster.errors import NotFound
from muster.protocols import Typedefs
from muster.service.save.commands import Attachment, Command
from muster.service.save.working import Working


def tagged(working: Working, command: Command, known: Typedefs) -> Working:
    """Return a copy with the tags that a command leaves it; `tags_when_new` count when it creates the entity.

    Raises:
        NotFound: a tag that no typedef has is put on it, or taken from it though it is not there.
    """
    change = command.tags
    before = {tag: dict(working.draft.attachments.get(tag, {})) for tag in working.draft.tags}
    new = command.tags_when_new if working.fresh else ()
    start = before if change.all_ is None else {}
    after = start | _attached((*new, *(change.all_ or ()), *change.put))
    _refuse_unknown({*after, *change.removed} - before.keys(), known, command.path)
    kept = {tag: settings for tag, settings in after.items() if tag not in change.removed}
    if kept == before:
        return working
    draft = replace(
        working.draft,
        tags=tuple(kept),
        attachments={tag: settings for tag, settings in kept.items() if settings},
    )
    return replace(working, draft=draft)


def _attached(attachments: Iterable[Attachment]) -> dict[str, dict[str, object]]:
    return {one.tag: dict(one.settings) for one in attachments}


def _refuse_unknown(tags: Collection[str], known: Typedefs, path: str) -> None:
    for tag in sorted(tags):
        found = known.by_name.get(tag)
        if found is None or found.category is not Category.CLASSIFICATION:
            raise NotFound(
                f"there is no tag `{tag}`", path=path, hint="define it as a typedef first, and send its internal name"
            )

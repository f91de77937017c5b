"""The service tells webhooks what happens, one process at a time."""

from collections.abc import Sequence
from functools import partial

import orjson
import structlog

from muster.api.steady import Steady
from muster.errors import RecordUnavailable
from muster.membership import Event
from muster.service.hooks.attempts import Message, Patience
from muster.service.hooks.delivering import Deliverer
from muster.service.hooks.loop import deliver
from muster.service.hooks.subscribing import Out
from muster.service.telling import tell
from muster.service.workspace import Workspace
from muster.settings import Settings
from muster.views import events as views

log = structlog.get_logger(__name__)


def delivering(work: Workspace, out: Out, settings: Settings) -> Steady[RecordUnavailable]:
    """Return who tells webhooks; told to stop it ends with what is being sent, and lets its lease go."""
    patience = Patience(settings.hooks_tries, round(settings.hooks_wait * 1000))
    deliverer = Deliverer(work, out, messages, patience)
    return Steady("hooks", partial(deliver, deliverer, settings.hooks_at_once), _tell, settings.serve_grace)


def messages(work: Workspace, events: Sequence[Event]) -> list[Message | None]:
    """Return events as webhooks are sent them."""
    told = {one.event.number: Message(one.id, orjson.dumps(views.event(one))) for one in tell(work, events)}
    return [told.get(event.number) for event in events]


def _tell(error: RecordUnavailable) -> None:
    log.warning("webhooks cannot be told", code=error.code, reason=error.message)

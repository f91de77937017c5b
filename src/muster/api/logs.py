"""The log of the service: one event a line, as JSON or for people, to standard error."""

import logging
import sys
from typing import Any, Final

import orjson
import structlog
from structlog.typing import EventDict, Processor

from muster.settings import Settings

TOLD_ALREADY: Final = ("opensearch", "elasticsearch", "elastic_transport", "urllib3")
"""Clients of search servers: what fails there is an error of ours, and said once."""


def write_logs(settings: Settings) -> None:
    """Write events, and what the libraries warn of, as the settings say.

    A traceback has lines of code and never the values of variables: a token could be among them.
    """
    as_json = settings.log_format == "json"
    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=_json) if as_json else _for_people(),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        logger_factory=(
            structlog.BytesLoggerFactory(sys.stderr.buffer) if as_json else structlog.PrintLoggerFactory(sys.stderr)
        ),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Through()], level=logging.WARNING, force=True)
    for name in TOLD_ALREADY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _for_people() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _json(event: EventDict, **_: Any) -> bytes:
    return orjson.dumps(event, default=str)


class _Through(logging.Handler):
    """Passes on what libraries say to the standard log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Make an event of it."""
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)

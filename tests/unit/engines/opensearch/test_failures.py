"""What a server answers, as the error that says it."""

from typing import Any

import pytest

from muster.engines.opensearch.connection.address import Address, Host
from muster.engines.opensearch.connection.failures import (
    Answered,
    Broken,
    Failure,
    Garbled,
    NoAnswer,
    NotReached,
    Untrusted,
    failure_of,
    passing,
    raised,
)
from muster.engines.opensearch.connection.verdicts import judged
from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable

HERE = Address(Product.OPENSEARCH, (Host("a"), Host("b", 1)), "shop")
DISK = "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"
READ_ONLY = "index [x] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)]"
NO_ROOM = "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)]"


def error(kind: str, reason: str, **more: Any) -> dict[str, Any]:
    """Return a server's answer with an error that is its own root cause."""
    return {"error": {"root_cause": [{"type": kind, "reason": reason}], "type": kind, "reason": reason, **more}}


def of_shards(kind: str, reason: str, **more: Any) -> dict[str, Any]:
    """Return a server's answer to a search that failed on its shards."""
    failed = [{"shard": 0, "index": "x", "reason": {"type": kind, "reason": reason, **more}}]
    return {"error": {"root_cause": [], "type": "search_phase_execution_exception", "failed_shards": failed}}


@pytest.mark.parametrize(
    ("status", "body", "what", "hint"),
    [
        (401, "Unauthorized", "does not know these credentials: Unauthorized", "mend user and password"),
        (401, error("security_exception", "no"), "does not know these credentials: no", "mend user and password"),
        (401, None, "does not know these credentials: status 401", "mend user and password"),
        (403, error("security_exception", "no permissions"), "does not allow it: no permissions", "`shop*`"),
        (
            403,
            error("cluster_block_exception", READ_ONLY),
            f"takes no changes, its disk is full: {READ_ONLY}",
            "/shop/",
        ),
        (429, error("cluster_block_exception", DISK), f"takes no changes, its disk is full: {DISK}", "/shop/"),
        (403, error("cluster_block_exception", NO_ROOM), f"takes no changes, its disk is full: {NO_ROOM}", "/shop/"),
        (403, error("cluster_block_exception", "FORBIDDEN/8/"), "is blocked: FORBIDDEN/8/", "when the block is lifted"),
        (503, error("cluster_block_exception", "/1/state not"), "is blocked: /1/state not", "when the block is lifted"),
        (429, error("circuit_breaking_exception", "too large"), "has not the memory for it now: too large", "heap"),
        (503, of_shards("circuit_breaking_exception", "too large"), "has not the memory for it now: too large", "heap"),
        (429, error("rejected_execution_exception", "full"), "is too busy: full", "later"),
        (429, "", "is too busy: status 429", "later"),
        (503, of_shards("no_shard_available_action_exception", ""), "misses some of its shards: status 503", "red"),
        (
            503,
            {"error": {"root_cause": [{"type": "no_shard_available_action_exception"}], "reason": "all shards failed"}},
            "misses some of its shards: all shards failed",
            "red",
        ),
        (503, error("search_phase_execution_exception", "all"), "misses some of its shards: all", "red"),
        (503, error("unavailable_shards_exception", "no primary"), "misses some of its shards: no primary", "red"),
        (503, error("cluster_manager_not_discovered_exception", ""), "is not available: status 503", "started"),
        (
            503,
            "OpenSearch Security not initialized.",
            "is not available: OpenSearch Security not initialized.",
            "started",
        ),
        (502, "<html>", "is not available: <html>", "started"),
        (504, None, "is not available: status 504", "started"),
        (404, "<html>nothing", "does not answer as a search server: status 404", "what listens"),
        (500, [1], "does not answer as a search server: status 500", "what listens"),
        (302, None, "does not answer as a search server: status 302", "what listens"),
    ],
)
def test_a_server_that_cannot_now(status: int, body: Any, what: str, hint: str) -> None:
    """It is unavailable, and the error says why in the server's words and what to do."""
    told = judged(status, body, HERE)
    assert isinstance(told, EngineUnavailable)
    assert told.message == f"OpenSearch at `a:9200, b:1` {what}"
    assert told.hint
    assert hint in told.hint


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (404, error("index_not_found_exception", "no such index"), "index_not_found_exception", "no such index"),
        (409, error("version_conflict_engine_exception", "newer"), "version_conflict_engine_exception", "newer"),
        (404, {"_index": "x", "_id": "1", "found": False}, "", ""),
        (404, None, "", ""),
        (413, "", "", ""),
        (400, {"error": "no handler found", "status": 400}, "", "no handler found"),
        (500, {"error": None}, "", ""),
        (500, {"error": {"type": None, "reason": None, "root_cause": None}}, "", ""),
        (400, of_shards("query_shard_exception", "failed"), "query_shard_exception", "failed"),
        (503, of_shards("too_many_buckets_exception", "too many"), "too_many_buckets_exception", "too many"),
        (
            400,
            error("mapper_parsing_exception", "field [n]", caused_by={"type": "illegal_argument_exception"}),
            "mapper_parsing_exception",
            "field [n]",
        ),
        (
            400,
            of_shards(
                "script_exception",
                "runtime error",
                caused_by={"type": "x", "reason": "error", "caused_by": {"type": "y", "reason": "/ by zero"}},
            ),
            "script_exception",
            "runtime error: / by zero",
        ),
        (400, error("x", "line one;\nline two"), "x", "line one"),
        (400, error("x", "y" * 400), "x", "y" * 300 + "…"),
    ],
)
def test_a_server_that_says_no(status: int, body: Any, kind: str, reason: str) -> None:
    """It refuses: the kind of its own innermost error, and the reasons from there inwards, each once."""
    told = judged(status, body, HERE)
    assert isinstance(told, Refused)
    assert (told.status, told.kind, told.reason) == (status, kind, reason)


@pytest.mark.parametrize(
    ("failure", "what"),
    [
        (NotReached("connection refused"), "cannot be reached: connection refused"),
        (Untrusted("self-signed certificate"), "and Muster do not agree on TLS: self-signed certificate"),
        (NoAnswer("timed out"), "did not answer within 2.5 s"),
        (Broken("connection reset by peer"), "ended the connection: connection reset by peer"),
        (Garbled("it sends no JSON"), "does not answer as a search server: it sends no JSON"),
    ],
)
def test_a_server_that_does_not_answer(failure: Failure, what: str) -> None:
    """It is unavailable, and the error says what happened on the way."""
    told = raised(failure, HERE, 2.5)
    assert isinstance(told, EngineUnavailable)
    assert told.message == f"OpenSearch at `a:9200, b:1` {what}"


@pytest.mark.parametrize(
    ("failure", "reads", "again"),
    [
        (NotReached(""), False, True),
        (NotReached(""), True, True),
        (Broken(""), False, False),
        (Broken(""), True, True),
        (Answered(429, None), False, False),
        (Answered(429, None), True, True),
        (Answered(502, None), True, True),
        (Answered(503, None), True, True),
        (Answered(504, None), True, False),
        (Answered(400, None), True, False),
        (NoAnswer(""), True, False),
        (Untrusted(""), True, False),
        (Garbled(""), True, False),
    ],
)
def test_what_is_tried_again(failure: Failure, *, reads: bool, again: bool) -> None:
    """What was never sent always, a read that broke or met a busy server as well, nothing else."""
    assert passing(failure, reads=reads) is again


def test_an_exception_without_a_known_cause_is_a_broken_connection() -> None:
    """Nothing that a client raises is without a meaning."""
    assert failure_of(RuntimeError("odd")) == Broken("odd")
    assert failure_of(RuntimeError()) == Broken("RuntimeError")

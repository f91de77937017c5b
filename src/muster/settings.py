"""Settings: every one is an environment variable `MUSTER_…`, and some an option of the command line."""

import getpass
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from muster.query.limits import DEFAULT, Limits

SERVER_FILE: Final = "server.json"
"""The file in the data folder in which a process that serves says how others on this machine reach its HTTP service."""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "muster"


class Settings(BaseSettings):
    """What can be set; `description` is what the documentation and `muster doctor` show."""

    model_config = SettingsConfigDict(env_prefix="MUSTER_", frozen=True)

    data: Path = Field(default=Path(".muster"), description="folder of the embedded default: record, index, lock")
    record_url: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="SQL store: sqlite:///PATH or postgresql://…; default: record.db in the data folder",
    )
    record_cache: int = Field(
        default=256, ge=0, le=1_048_576, description="MB of memory for assets read from the record; 0 keeps none"
    )
    user: str = Field(default_factory=_user, description="who signs what is written")
    server: str | None = Field(
        default=None, repr=False, description="a server that answers in place of the data folder: http://host:port"
    )
    token: SecretStr | None = Field(default=None, description="the token that such a server is shown")
    engine_url: str | None = Field(
        default=None,
        repr=False,  # as above
        description="search engine: opensearch://…, elasticsearch://… or embedded:PATH; default: in the data folder",
    )
    engine_timeout: float = Field(
        default=30.0, gt=0, le=86_400, description="seconds that one request to a search server may take"
    )
    engine_connections: int = Field(
        default=10, ge=1, le=10_000, description="requests to a search server that may be under way at once"
    )
    engine_shards: int = Field(default=1, ge=1, le=1024, description="shards of a new index on a search server")
    engine_memory: str = Field(
        default="1GB", pattern=r"(?i)^\d+(\.\d+)?\s*[kmgt]i?b$", description="memory the embedded engine may use"
    )
    engine_threads: int | None = Field(default=None, ge=1, description="threads of the embedded engine; default: cores")
    limit_text: int = Field(default=DEFAULT.text, ge=1, description="bytes of one selection")
    limit_nesting: int = Field(default=DEFAULT.nesting, ge=1, le=64, description="depth of one selection")
    limit_clauses: int = Field(default=DEFAULT.clauses, ge=1, description="clauses of one selection, after rewriting")
    limit_terms: int = Field(default=DEFAULT.terms, ge=1, description="values of one `terms` clause")
    limit_regexp: int = Field(default=DEFAULT.regexp, ge=1, description="characters of one regexp")

    serve_host: str = Field(default="127.0.0.1", description="address that `muster serve` listens on")
    serve_port: int = Field(default=8585, ge=0, le=65_535, description="port that it listens on; 0 takes a free one")
    serve_workers: int = Field(
        default=1, ge=1, le=256, description="processes that answer; more than one with an engine on a server"
    )
    serve_threads: int = Field(default=40, ge=1, le=1_000, description="requests that one process works on at once")
    serve_timeout: float = Field(
        default=300.0, gt=0, le=86_400, description="seconds after which a request is answered that it takes too long"
    )
    serve_grace: float = Field(
        default=30.0, gt=0, le=86_400, description="seconds that requests under way have when the service stops"
    )
    serve_body: int = Field(default=16_777_216, ge=1_024, description="bytes of one request's body")
    serve_headers: int = Field(default=65_536, ge=1_024, description="bytes of one request's address and headers")
    serve_attempts: int = Field(default=30, ge=1, description="wrong tokens that may come from one address in a minute")
    serve_proxies: str = Field(
        default="", description="addresses of proxies that are believed who sent a request, with commas between them"
    )
    serve_keeping: bool = Field(
        default=True, description="whether `muster serve` keeps stored memberships right by itself, as policies say"
    )
    keeping_audit: float = Field(
        default=24.0,
        ge=0,
        le=8_760,
        description="hours from one full sync of everything that follows changes to the next, which tells where that "
        "went wrong, and sets it right; 0: never",
    )
    serve_open_metrics: bool = Field(default=False, description="whether `/metrics` answers without a token")
    serve_waiters: int = Field(
        default=500,
        ge=0,
        le=100_000,
        description="requests of one process that may wait for events, streams among them",
    )
    hooks_allow_private: bool = Field(
        default=False,
        description="whether webhooks may lead to addresses that are not the open internet's, to any port, and on this "
        "machine without TLS",
    )
    hooks_timeout: float = Field(
        default=10.0, gt=0, le=300, description="seconds that a webhook's receiver has to answer"
    )
    hooks_tries: int = Field(
        default=12, ge=1, le=1_000, description="tries until what a receiver does not take is a dead letter"
    )
    hooks_wait: float = Field(
        default=5.0, gt=0, le=3_600, description="seconds from the first try to the second; twice as many each time"
    )
    hooks_at_once: int = Field(default=8, ge=1, le=100, description="webhooks that are told at once")
    openmetadata_version: str = Field(
        default="2.0.7",
        pattern=r"^\d+\.\d+\.\d+$",
        description="the release of OpenMetadata that clients are told; each asks for its own major and minor version",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="how `muster serve` and `muster worker` write their log"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what they write into it, and everything graver"
    )

    def audit_every(self) -> int:
        """Return `keeping_audit` in milliseconds."""
        return round(self.keeping_audit * 3_600_000)

    def limits(self) -> Limits:
        """Return the limits of one selection."""
        return Limits(
            text=self.limit_text,
            nesting=self.limit_nesting,
            clauses=self.limit_clauses,
            terms=self.limit_terms,
            regexp=self.limit_regexp,
        )

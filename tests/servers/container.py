"""A search server in Docker."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from docker.errors import DockerException  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

import docker  # type: ignore[import-untyped]
from tests.servers.node import NodeDied

_PORT = 9200
_START_SECONDS = 180


def daemon_answers() -> bool:
    """Whether Docker can be used here."""
    try:
        client = docker.from_env(timeout=5)
        return bool(client.ping())
    except DockerException:
        return False


@contextlib.contextmanager
def running(image: str, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a container that answers, which ends with the context.

    Raises:
        NodeDied: the image could not be had, or the container did not answer in time.
    """
    health = HttpWaitStrategy(_PORT, "/_cluster/health?wait_for_status=yellow&timeout=1s")
    container = DockerContainer(image).with_exposed_ports(_PORT).with_envs(**environment)
    container.waiting_for(health.for_status_code(200).with_startup_timeout(_START_SECONDS))
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(container)
        except (DockerException, TimeoutError) as died:
            container.stop()
            raise NodeDied(f"{image} in Docker: {died}") from died
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(_PORT)}"

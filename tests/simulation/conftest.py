"""The workspaces of the integration tests, for worlds that go on."""

from tests.integration.conftest import clock, engine_setting, work

__all__ = ["clock", "engine_setting", "work"]

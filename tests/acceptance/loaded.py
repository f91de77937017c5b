"""Loads all of Muster, for the processes that fork from the one that does."""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil

import muster
from tests.acceptance.command import PLAIN

ONLY_RUN = ("__main__", "migrations.env")
"""Modules that do something when they are loaded."""

os.environ.update(PLAIN)
os.environ.pop("COLUMNS", None)
for found in pkgutil.walk_packages(muster.__path__, "muster."):
    if not found.name.endswith(ONLY_RUN):
        importlib.import_module(found.name)
gc.freeze()

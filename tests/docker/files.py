"""The Dockerfile and docker-compose.yml, as far as tests look into them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
STAYING = ("muster", "opensearch", "elasticsearch", "postgres")
"""The services that run until they are stopped."""


@cache
def compose() -> dict[str, Any]:
    """Return docker-compose.yml, with its anchors filled in and its variables as they stand there."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return content


def services() -> dict[str, Any]:
    """Return every service by name."""
    found: dict[str, Any] = compose()["services"]
    return found


@cache
def instructions() -> tuple[tuple[str, str], ...]:
    """Return the Dockerfile's instructions in order: the word, and the rest on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return tuple((word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip()))


def all_of(word: str) -> list[str]:
    """Return what stands after each instruction of a kind."""
    return [rest for found, rest in instructions() if found == word]


def copied() -> list[str]:
    """Return the paths that the image takes from the checkout."""
    return [path for rest in all_of("COPY") if not rest.startswith("--from") for path in rest.split()[:-1]]


def health_check() -> list[str]:
    """Return the words of the image's health check."""
    (rest,) = all_of("HEALTHCHECK")
    words: list[str] = json.loads(rest.partition("CMD ")[2])
    return words

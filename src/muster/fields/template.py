"""The index template of assets: the one source of the searchable fields."""

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from muster.fields.lookup import Fields


def _folder() -> Traversable:
    """Return where the templates are: inside of an installed package, or beside the sources of a checkout."""
    shipped = files("muster").joinpath("index_templates")
    return shipped if shipped.is_dir() else Path(__file__).parents[3].joinpath("index-templates")


def asset_template() -> dict[str, Any]:
    """Return the composable index template of assets, as OpenSearch takes it."""
    template: dict[str, Any] = json.loads(_folder().joinpath("assets.json").read_text("utf-8"))
    return template


@cache
def asset_fields() -> Fields:
    """Return the fields of the shipped asset template, read once."""
    template = asset_template()["template"]
    return Fields.from_mapping(template["settings"], template["mappings"])

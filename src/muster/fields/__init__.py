"""The searchable fields, read from an index template."""

from muster.fields.field import Field, Kind
from muster.fields.lookup import Fields
from muster.fields.template import asset_fields, asset_template

__all__ = ["Field", "Fields", "Kind", "asset_fields", "asset_template"]
